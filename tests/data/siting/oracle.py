#!/usr/bin/env python3
"""Figures that the siting check has to meet, computed by other means under the same rule.

    python3 oracle.py synthetic            writes zones.geojson, sites.geojson, expected.json beside this file
    python3 oracle.py atlas ATLAS_DIR      writes atlas_sites.geojson, atlas_expected.json for the layers of an atlas

Rule: the edges of site and zone are straight in longitude and latitude. Here they are cut into pieces of at most 8 m
(chord within 1 micrometre), moved to EPSG:4549 (pyproj), an origin is subtracted, intersected with GEOS (shapely 2), and
the pieces moved back; areas are those of geodesic polygons on GRS 80, which has CGCS2000's figure (pyproj Geod).
Distances: nearest points in an azimuthal equidistant plane about the middle of the pair, found again about the new
middle, then the geodesic between them. Relations: shared parts of a mean width (2A/P) below 1 mm are no shared ground;
`within` and `contains` when nothing thicker is left outside; `touches` up to 1 mm; else `near` up to REACH.
The script shares no code with the program. pyproj 3.7, shapely 2.
"""
import hashlib, json, math, random, sys
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import MultiPolygon, Point, Polygon, mapping, shape
from shapely.ops import nearest_points, transform

HERE = Path(__file__).parent
GEOD = Geod(ellps="GRS80")
TO_PLANE = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
ORIGIN = (528000.0, 3494000.0)
REACH = 2000.0
TOLERANCE = 0.001
PIECE = 8.0  # metres
M = 111000.0
KX = 94500.0  # metres a degree of longitude at 31.6 degrees, roughly: only for drawing sites


def densify(geometry, metres=PIECE):
    # a piece is straight in longitude and latitude; latitude degrees are the longer ones
    return shapely.segmentize(geometry, metres / M)


def to_plane(geometry):
    def move(points):
        east, north = TO_PLANE.transform(points[:, 0], points[:, 1])
        return np.column_stack([np.asarray(east) - ORIGIN[0], np.asarray(north) - ORIGIN[1]])
    return shapely.transform(geometry, move)


def from_plane(geometry):
    def move(points):
        lon, lat = TO_PLANE.transform(points[:, 0] + ORIGIN[0], points[:, 1] + ORIGIN[1], direction="INVERSE")
        return np.column_stack([lon, lat])
    return shapely.transform(geometry, move)


def polygons(geometry):
    if geometry.is_empty:
        return []
    if geometry.geom_type == "Polygon":
        return [geometry]
    return [part for child in getattr(geometry, "geoms", []) for part in polygons(child)]


def ellipsoid_area(geometry):
    total = 0.0
    for part in polygons(geometry):
        total += abs(GEOD.polygon_area_perimeter(*zip(*part.exterior.coords))[0])
        total -= sum(abs(GEOD.polygon_area_perimeter(*zip(*hole.coords))[0]) for hole in part.interiors)
    return total


def width(part):
    return 2 * part.area / part.length if part.length else 0.0


def geodesic_gap(a, b):
    centre = a.centroid
    for _ in range(4):
        there = Transformer.from_crs("EPSG:4490", f"+proj=aeqd +lat_0={centre.y} +lon_0={centre.x} +ellps=GRS80", always_xy=True)
        move = lambda points: np.column_stack(there.transform(points[:, 0], points[:, 1]))
        pa, pb = nearest_points(shapely.transform(a, move), shapely.transform(b, move))
        (ax, ay), (bx, by) = (there.transform(p.x, p.y, direction="INVERSE") for p in (pa, pb))
        centre = Point((ax + bx) / 2, (ay + by) / 2)
    return GEOD.inv(ax, ay, bx, by)[2]


def gap_bound(a, b):
    (w, s, e, n), (w2, s2, e2, n2) = a.bounds, b.bounds
    return math.hypot(max(w - e2, w2 - e, 0) * 93000, max(s - n2, s2 - n, 0) * 110000)


def near_part(zone, site):
    """The zone near the site, so that pieces of 8 m stay few; the cut lies 4 km outside of what matters."""
    w, s, e, n = site.bounds
    box = shapely.box(w - 0.05, s - 0.05, e + 0.05, n + 0.05)
    return zone if box.contains(zone.envelope) else zone.intersection(box)


def meet(site, zone):
    if gap_bound(site, zone) > REACH:
        return None
    whole, zone = zone, near_part(zone, site)
    if not polygons(zone):
        return None
    dense_site, dense_zone = densify(site), densify(zone)
    ps, pz = to_plane(dense_site), to_plane(dense_zone)
    shared = ps.intersection(pz)
    parts = polygons(shared)
    thick = [part for part in parts if width(part) >= TOLERANCE]
    result = {"overlap_m2": 0.0, "plane_m2": 0.0, "distance_m": 0.0}
    if thick:
        back = from_plane(MultiPolygon(parts))
        result["overlap_m2"] = ellipsoid_area(back)
        result["plane_m2"] = sum(part.area for part in parts)
        left = [part for part in polygons(ps.difference(pz)) if width(part) >= TOLERANCE]
        rest = [part for part in polygons(pz.difference(ps)) if width(part) >= TOLERANCE]
        if not left:
            result["relation"] = "within"
        elif not rest and zone is whole:
            result["relation"] = "contains"
        else:
            result["relation"] = "overlaps"
        return result
    distance = geodesic_gap(dense_site, dense_zone)
    if distance <= TOLERANCE:
        result["relation"] = "touches"
    elif distance <= REACH:
        result["relation"] = "near"
        result["distance_m"] = distance
    else:
        return None
    return result


def rounded(geometry, digits=9):
    return shapely.transform(geometry, lambda points: np.round(points, digits))


def feature(identity, geometry, **properties):
    return {"type": "Feature", "id": identity, "properties": {"id": identity, **properties}, "geometry": mapping(geometry)}


def write(name, features):
    lines = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    (HERE / name).write_text('{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n")


def blob(rng, x, y, metres, points, rough=0.3, hole=False):
    def ring(scale):
        phase = rng.random() * 6
        out = []
        for i in range(points):
            angle = math.tau * i / points
            reach = metres * scale * (1 + rough * math.sin(3 * angle + phase) + 0.3 * rough * math.cos(11 * angle))
            out.append((x + reach * math.cos(angle) / KX, y + reach * math.sin(angle) / M))
        return out
    return Polygon(ring(1.0), [ring(0.3)] if hole else [])


def rectangle(x, y, w, h, angle=0.0):
    c, s = math.cos(angle), math.sin(angle)
    corners = [(-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)]
    return Polygon([(x + (a * c - b * s) / KX, y + (a * s + b * c) / M) for a, b in corners])


def box(x, y, w, h):
    return Polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)])


def synthetic():
    rng = random.Random(20261031)
    zones = {
        "Z01": box(120.20, 31.40, 0.20, 0.05),               # 19 km along two parallels
        "Z02": box(120.40, 31.40, 0.10, 0.05),               # shares a meridian with Z01
        "Z03": blob(rng, 120.30, 31.60, 4000, 400, hole=True),
        "Z04": blob(rng, 120.10, 31.55, 2500, 3000, 0.25),
        "Z05": MultiPolygon([blob(rng, 120.50, 31.62, 900, 60), blob(rng, 120.535, 31.62, 700, 40)]),
        "Z06": Polygon([(119.60, 31.20), (119.95, 31.28), (119.70, 31.45)]),  # long slanting edges
        "Z07": blob(rng, 119.80, 31.75, 6000, 6000, 0.2),
        "Z08": Polygon([(120.05, 31.30), (120.15, 31.30), (120.15, 31.36), (120.13, 31.36), (120.13, 31.32),
                        (120.07, 31.32), (120.07, 31.36), (120.05, 31.36)]),   # a U
        "Z09": rectangle(120.58, 31.50, 30, 9000, 0.4),       # a long strip 30 m wide
        "Z10": box(119.97, 31.90, 0.06, 0.04),
    }
    zones = {k: rounded(v, 7) for k, v in zones.items()}
    sites = {}

    def add(what, geometry):
        sites[f"S{len(sites) + 1:03d}"] = (what, rounded(geometry))

    add("touches along a parallel, part of the edge", box(120.25, 31.45, 0.015, 0.003))
    add("touches along the whole parallel of 19 km", box(120.20, 31.45, 0.20, 0.004))
    add("touches along a meridian", box(120.50, 31.41, 0.01, 0.01))
    add("across two zones that share a border", box(120.395, 31.42, 0.01, 0.01))
    add("within, on the border of two zones", box(120.39, 31.42, 0.01, 0.01))
    add("touches at one corner", box(120.19, 31.45, 0.01, 0.01))
    add("fills the opening of the U", box(120.07, 31.32, 0.06, 0.04))
    add("across the arms of the U", box(120.06, 31.33, 0.08, 0.01))
    add("contains a whole part", rectangle(120.535, 31.62, 2500, 2500, 0.1))
    add("contains a whole zone", rectangle(120.518, 31.62, 9000, 6000))
    add("equal to a zone", zones["Z10"])
    add("in the hole", rectangle(120.30, 31.60, 400, 300, 0.3))
    add("over the hole", rectangle(120.30, 31.60, 4200, 3000, 0.7))
    add("a hole of its own round a zone's part", Polygon(rectangle(120.535, 31.62, 4000, 4000).exterior.coords,
                                                        [rectangle(120.535, 31.62, 2400, 2400).exterior.coords]))
    add("20 km²", rectangle(120.32, 31.57, 5000, 4000, 0.2))
    add("20 km² along parallels", box(120.28, 31.43, 0.0472, 0.04))
    add("1 m² within", rectangle(120.30, 31.42, 1, 1, 0.5))
    add("1 m² on a border", rectangle(120.30, 31.45, 1, 1, 0.5))
    add("1 m² apart by 10 m", rectangle(120.30, 31.45 + 10.5 / M, 1, 1))
    add("corridor of 12 km, 20 m wide", rectangle(120.30, 31.58, 12000, 20, 0.31))
    add("corridor of 30 km, 8 m wide", rectangle(120.35, 31.44, 30000, 8, 0.02))
    add("two parts, one inside", MultiPolygon([rectangle(120.31, 31.41, 300, 200, 0.2), rectangle(120.31, 31.46, 300, 200, 0.2)]))
    add("two parts in two zones", MultiPolygon([rectangle(120.31, 31.41, 300, 200, 1.2), rectangle(120.45, 31.41, 500, 200, 0.2)]))
    add("far from everything", rectangle(120.20, 31.85, 300, 200))
    add("a gap of 1 cm", box(120.26, 31.45 + 0.01 / 110880, 0.01, 0.002))
    add("an overlap of 1 cm", box(120.26, 31.45 - 0.01 / 110880, 0.01, 0.002))
    add("a triangle over the slanting edge", Polygon([(119.75, 31.22), (119.78, 31.25), (119.74, 31.26)]))
    add("a star over the border of 3,000 points", blob(rng, 120.125, 31.55, 800, 90, 0.5))
    add("across the strip", rectangle(120.58, 31.50, 900, 700, 0.8))
    add("inside the strip", rectangle(120.58, 31.50, 20, 50, 0.4))
    for number in range(12):
        add("random rectangle near the ring with a hole",
            rectangle(120.30 + rng.uniform(-.055, .055), 31.60 + rng.uniform(-.045, .045), rng.uniform(50, 900), rng.uniform(30, 600), rng.uniform(0, 3)))
    for number in range(12):
        add("random outline near 6,000 points",
            blob(rng, 119.80 + rng.uniform(-.07, .07), 31.75 + rng.uniform(-.06, .06), rng.uniform(60, 900), rng.randrange(5, 200), rng.uniform(0, .4), rng.random() < .3))
    for number in range(8):
        add("random rectangle near the slanting edges",
            rectangle(119.75 + rng.uniform(-.1, .1), 31.30 + rng.uniform(-.05, .05), rng.uniform(200, 3000), rng.uniform(100, 900), rng.uniform(0, 3)))
    for number in range(8):
        add("random rectangle near the pair of parts",
            rectangle(120.518 + rng.uniform(-.03, .03), 31.62 + rng.uniform(-.015, .015), rng.uniform(100, 1500), rng.uniform(80, 900), rng.uniform(0, 3)))
    write("zones.geojson", [feature(k, v, name=k) for k, v in zones.items()])
    write("sites.geojson", [feature(k, g, name=k, what=what) for k, (what, g) in sites.items()])
    answer({k: g for k, (_, g) in sites.items()}, {"zones": zones}, "expected.json")


def answer(sites, layers, name, prints=None):
    rows = []
    for key, site in sites.items():
        dense = densify(site)
        row = {"site": key, "area_m2": round(ellipsoid_area(dense), 5), "plane_m2": round(to_plane(dense).area, 5), "meets": []}
        for layer, zones in layers.items():
            for zone_key, zone in zones.items():
                found = meet(site, zone)
                if found:
                    row["meets"].append({"layer": layer, "zone": zone_key, "relation": found["relation"],
                                         "overlap_m2": round(found["overlap_m2"], 5), "plane_m2": round(found["plane_m2"], 5),
                                         "distance_m": round(found["distance_m"], 6)})
        rows.append(row)
    made = __doc__.strip().split("\n\n")[-1].replace("\n", " ")
    lines = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)
    (HERE / name).write_text('{"made":' + json.dumps(made, ensure_ascii=False) + f',"reach_m":{REACH},"sha256":{json.dumps(prints or {})},"rows":[\n' + lines + "\n]}\n")
    relations = {}
    for row in rows:
        for met in row["meets"]:
            relations[met["relation"]] = relations.get(met["relation"], 0) + 1
    print(name, len(rows), "sites", relations)


def atlas(folder):
    rng = random.Random(142)
    layers, prints = {}, {}
    for theme in ["redline_zones", "livestock_zones", "water_sources", "contaminated_plots", "lakes", "yangtze"]:
        text = (Path(folder) / f"{theme}.geojson").read_bytes()
        prints[theme] = hashlib.sha256(text).hexdigest()
        data = json.loads(text)
        zones = {f["id"]: shape(f["geometry"]) for f in data["features"] if "olygon" in f["geometry"]["type"]}
        layers[theme] = {k: v if v.is_valid else v.buffer(0) for k, v in zones.items()}
    sites = {}

    def add(what, geometry):
        sites[f"A{len(sites) + 1:03d}"] = (what, rounded(geometry))

    pool = [(t, k) for t in ["redline_zones", "contaminated_plots", "water_sources"] for k in layers[t]]
    rng.shuffle(pool)
    for theme, key in pool[:30]:
        zone = layers[theme][key]
        part = max(polygons(zone), key=lambda p: p.area)
        border = part.exterior.interpolate(rng.random(), normalized=True)
        add(f"over the border of {key}", rectangle(border.x, border.y, rng.uniform(40, 900), rng.uniform(30, 600), rng.uniform(0, 3)))
    for theme, key in pool[30:42]:
        inside = max(polygons(layers[theme][key]), key=lambda p: p.area).representative_point()
        add(f"about the middle of {key}", rectangle(inside.x, inside.y, rng.uniform(5, 120), rng.uniform(5, 80), rng.uniform(0, 3)))
    for theme, key in pool[42:50]:
        part = max(polygons(layers[theme][key]), key=lambda p: p.area)
        (x0, y0), (x1, y1) = list(part.exterior.coords)[:2]
        length = math.hypot((x1 - x0) * KX, (y1 - y0) * M)
        normal = ((y1 - y0) * M / length, -(x1 - x0) * KX / length)
        out = 60 if shapely.is_ccw(part.exterior) else -60
        add(f"shares an edge with {key}", Polygon([(x0, y0), (x0 + out * normal[0] / KX, y0 + out * normal[1] / M),
                                                   (x1 + out * normal[0] / KX, y1 + out * normal[1] / M), (x1, y1)]))
    taihu = max(layers["lakes"].values(), key=lambda z: z.area)
    shore = max(polygons(taihu), key=lambda p: p.area).exterior
    for number in range(5):
        at = shore.interpolate(rng.random(), normalized=True)
        add("on the shore of Lake Tai", rectangle(at.x, at.y, 700, 400, rng.uniform(0, 3)))
    for number in range(5):
        add("anywhere", rectangle(rng.uniform(119.7, 120.5), rng.uniform(31.3, 31.9), 400, 300, rng.uniform(0, 3)))
    for number in range(4):
        add("corridor", rectangle(rng.uniform(119.9, 120.4), rng.uniform(31.4, 31.8), 15000, 30, rng.uniform(0, 3)))
    for number in range(3):
        at = Point(rng.uniform(119.8, 120.4), rng.uniform(31.4, 31.8))
        outer, inner = rectangle(at.x, at.y, 5000, 4000, 0.3), rectangle(at.x, at.y, 2500, 2000, 0.3)
        add("20 km² with a hole", Polygon(outer.exterior.coords, [inner.exterior.coords]))
    write("atlas_sites.geojson", [feature(k, g, name=k, what=what) for k, (what, g) in sites.items()])
    answer({k: g for k, (_, g) in sites.items()}, layers, "atlas_expected.json", prints)


if __name__ == "__main__":
    if sys.argv[1:] == ["synthetic"]:
        synthetic()
    elif sys.argv[1:2] == ["atlas"] and len(sys.argv) == 3:
        atlas(sys.argv[2])
    else:
        sys.exit(__doc__)
