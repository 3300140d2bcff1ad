#!/usr/bin/env python3
"""Statutory belts of the bundled atlas, computed by other means.

    python3 oracle.py ATLAS_DIR RULE_DIR      writes expected.json beside this file

Widths, distances and names are read from assets/rule/statute.toml; everything else is done here again: the network by a
plain Dijkstra over every vertex (lengths are geodesics on GRS 80, pyproj Geod), the belts by GEOS (shapely 2) in
EPSG:4549 (pyproj) round shapes whose edges, straight in longitude and latitude, are cut into pieces of at most 8 m, with
256 segments a quarter circle; areas are those of geodesic polygons. Points: 1,000 for each zone, half anywhere, half
within 300 m of its border; those nearer to it than 1 m are left out. Of the border itself, 200 points are held against
the geodesic distance to what the belt is round, so that the plane is no party of its own.
The script shares no code with the program. pyproj 3.7, shapely 2.
"""
import hashlib, heapq, json, random, sys, tomllib
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry import LineString, MultiLineString, Point, mapping, shape
from shapely.ops import nearest_points, unary_union

HERE = Path(__file__).parent
GEOD = Geod(ellps="GRS80")
TO_PLANE = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
PIECE = 8.0 / 111000.0
QUARTER = 256


def plane(geometry, inverse=False):
    def move(points):
        return np.column_stack(TO_PLANE.transform(points[:, 0], points[:, 1], direction="INVERSE" if inverse else "FORWARD"))
    return shapely.transform(geometry, move)


def dense_plane(geometry):
    return plane(shapely.segmentize(geometry, PIECE))


def polygons(geometry):
    if geometry.geom_type == "Polygon":
        return [geometry]
    return [part for child in getattr(geometry, "geoms", []) for part in polygons(child)]


def ellipsoid_area(in_plane):
    total = 0.0
    for part in polygons(plane(shapely.segmentize(in_plane, 200.0), inverse=True)):
        total += abs(GEOD.polygon_area_perimeter(*zip(*part.exterior.coords))[0])
        total -= sum(abs(GEOD.polygon_area_perimeter(*zip(*hole.coords))[0]) for hole in part.interiors)
    return total


def length(a, b):
    return GEOD.inv(a[0], a[1], b[0], b[1])[2]


class Layers:
    def __init__(self, folder):
        self.folder, self.known, self.sha256 = Path(folder), {}, {}

    def __getitem__(self, theme):
        if theme not in self.known:
            data = (self.folder / f"{theme}.geojson").read_bytes()
            self.sha256[theme] = hashlib.sha256(data).hexdigest()
            self.known[theme] = [(f["properties"], shape(f["geometry"])) for f in json.loads(data)["features"]]
        return self.known[theme]


def selected(features, wanted):
    return [(p, g) for p, g in features if all(str(p.get(field)) in words for field, words in wanted.items())]


def upstream(rivers, chosen, waters, part):
    """Length of each river within the two distances, and the stretches themselves."""
    up = part["upstream"]
    key = lambda at: (round(at[0] * 1e7), round(at[1] * 1e7))
    below = {}  # node -> [(node above, metres, river, where below, where above)]
    for properties, line in rivers:
        coords = list(line.coords)
        for above, under in zip(coords, coords[1:]):
            below.setdefault(key(under), []).append((key(above), length(above, under), properties["id"], under, above))
    names = {water["id"] for water, _ in waters}
    shores = [dense_plane(water) for _, water in waters]
    starts = set()
    for properties, line in chosen:
        end = line.coords[-1]
        near = min(shore.distance(plane(Point(end))) for shore in shores) <= up["mouth_m"]
        if properties.get("flows_to") in names or near:
            starts.add(key(end))
    reached, queue = {}, [(0.0, node) for node in starts]
    while queue:
        far, node = heapq.heappop(queue)
        if node in reached or far > up["to_m"]:
            continue
        reached[node] = far
        for above, metres, *_ in below.get(node, []):
            heapq.heappush(queue, (far + metres, above))
    lengths, lines = {}, {}
    for node, far in reached.items():
        for _, metres, river, under, above in below.get(node, []):
            low, high = max(0.0, up["from_m"] - far), min(metres, up["to_m"] - far)
            if high - low <= 0.0:
                continue
            lengths[river] = lengths.get(river, 0.0) + high - low
            at = lambda share: (under[0] + (above[0] - under[0]) * share, under[1] + (above[1] - under[1]) * share)
            lines.setdefault(river, []).append(LineString([at(low / metres), at(high / metres)]))
    return lengths, {river: MultiLineString(pieces) for river, pieces in lines.items()}


def main(atlas, rules):
    statutes = tomllib.loads((Path(rules) / "statute.toml").read_text())["statute"]
    layers, zones, rows = Layers(atlas), {}, []
    rng = random.Random(20261101)
    for statute in statutes:
        grown, lengths, sources = [], {}, []
        for part in statute["part"]:
            things = selected(layers[part["layer"]], part.get("select", {}))
            belt = part["belt"]
            if "upstream" in part:
                up = part["upstream"]
                waters = selected(layers[up["into"]], up["water"])
                found, lines = upstream(layers["rivers"], things, waters, part)
                for river, metres in found.items():
                    lengths[river] = lengths.get(river, 0.0) + metres
                known = {properties["id"]: properties for properties, _ in layers["rivers"]}
                things = [(known[river], line) for river, line in lines.items()]
            for properties, geometry in things:
                width = properties.get(belt.get("width_field", "")) or 0.0
                metres = belt["metres"] + width / 2.0
                base = dense_plane(geometry)
                grown.append(base.buffer(metres, quad_segs=QUARTER) if metres > 0 else base)
                sources.append((geometry, metres))
        zone = unary_union(grown)
        for other in statute.get("less", []):
            zone = zone.difference(zones[other])
        zones[statute["id"]] = zone
        if zone.is_empty:
            rows.append({"id": statute["id"], "area_m2": 0.0, "lengths_m": {}, "points": []})
            continue
        border = zone.boundary
        # the border against geodesics, where it is that of a belt and not that of a stricter zone
        held = 0
        for _ in range(200):
            at = border.interpolate(rng.random(), normalized=True)
            if any(zones[other].boundary.distance(at) < 1.0 for other in statute.get("less", [])) or not sources:
                continue
            lon, lat = TO_PLANE.transform(at.x, at.y, direction="INVERSE")
            if all(metres == 0.0 for _, metres in sources):
                continue
            local = Transformer.from_crs("EPSG:4490", f"+proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=GRS80", always_xy=True)
            move = lambda points: np.column_stack(local.transform(points[:, 0], points[:, 1]))
            near = [(g, m) for g, m in sources if g.distance(Point(lon, lat)) < 0.08]
            gap = min(abs(Point(0, 0).distance(shapely.transform(shapely.segmentize(g, PIECE * 20), move)) - m) for g, m in near)
            assert gap < 1.0, (statute["id"], lon, lat, gap)
            held += 1
        west, south, east, north = plane(zone.envelope.buffer(2000), inverse=True).bounds
        points = []
        while len(points) < 1000:
            if len(points) % 2:
                at = border.interpolate(rng.random(), normalized=True)
                at = Point(at.x + rng.uniform(-300, 300), at.y + rng.uniform(-300, 300))
            else:
                at = plane(Point(rng.uniform(west, east), rng.uniform(south, north)))
            if border.distance(at) < 1.0:
                continue
            lon, lat = TO_PLANE.transform(at.x, at.y, direction="INVERSE")
            points.append([round(lon, 8), round(lat, 8), int(zone.contains(at))])
        rows.append({
            "id": statute["id"],
            "area_m2": round(ellipsoid_area(zone), 1),
            "lengths_m": {river: round(metres, 2) for river, metres in sorted(lengths.items())},
            "points": points,
        })
        print(statute["id"], round(zone.area / 1e6, 3), "km²", len(lengths), "rivers,", held, "border points within 1 m of the geodesic")
    document = {"sha256": layers.sha256, "rows": rows}
    (HERE / "expected.json").write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
