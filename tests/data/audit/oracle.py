#!/usr/bin/env python3
"""Amendments of zones with what they come to, computed by other means under the same rule.

    python3 oracle.py            writes cases.json beside this file: 30 amendments, compact
    python3 oracle.py N FOLDER   N amendments into a folder, for a long run (SEED of the environment changes the dice)

Rule: the edges of zones and sites are straight in longitude and latitude, so unions and differences are those of GEOS
(shapely 2) in a local affine frame of longitude and latitude (an affine image keeps straight edges straight). Areas:
edges cut into pieces of at most 8 m, each piece a geodesic of GRS 80, which has CGCS2000's figure (pyproj Geod).
A verdict flips when the stricter tier of the zones that a site shares ground with (a mean width 2A/P of a millimetre or
more) is another, or when it meets a zone in one version only. The script shares no code with the program. pyproj 3.7, shapely 2.
"""
import json, math, os, random, sys
from pathlib import Path

import numpy as np
import shapely
from pyproj import Geod
from shapely.geometry import MultiPolygon, Polygon, mapping, shape
from shapely.ops import unary_union

GEOD = Geod(ellps="GRS80")
M = 111000.0
ORIGIN = (120.3, 31.5)
SCALE = (94800.0, 110900.0)  # metres a degree, roughly: any affine frame will do


def local(geometry):
    return shapely.transform(geometry, lambda p: (p - np.array(ORIGIN)) * np.array(SCALE))


def geographic(geometry):
    return shapely.transform(geometry, lambda p: p / np.array(SCALE) + np.array(ORIGIN))


def polygons(geometry):
    if geometry.is_empty:
        return []
    if geometry.geom_type == "Polygon":
        return [geometry]
    return [part for child in getattr(geometry, "geoms", []) for part in polygons(child)]


def cut(ring):
    """Corners of a ring with its edges cut into pieces of at most 8 m; GEOS's own densifying was seen to drop whole parts
    of a multipolygon with slivers."""
    points = np.asarray(ring.coords)
    pieces = []
    for start, end in zip(points, points[1:]):
        count = max(1, math.ceil(math.hypot(*(end - start)) / 8.0))
        pieces.append(start + (end - start) * (np.arange(count) / count)[:, None])
    return np.vstack(pieces + [points[-1:]])


def area(geometry):
    """Square metres on the ellipsoid of a geometry of the local frame."""
    total = 0.0
    for polygon in polygons(geometry):
        for sign, ring in [(1, polygon.exterior)] + [(-1, hole) for hole in polygon.interiors]:
            points = cut(ring) / np.array(SCALE) + np.array(ORIGIN)
            total += sign * abs(GEOD.polygon_area_perimeter(points[:, 0], points[:, 1])[0])
    return total


def star(dice, corners, size, centre=None):
    x, y = centre or (dice.uniform(-9000, 9000), dice.uniform(-9000, 9000))
    turns = [2 * math.pi * n / corners for n in range(corners)]
    at = lambda t, reach: (x + reach * math.cos(t), y + reach * math.sin(t))
    ring = [at(t, size * dice.uniform(0.6, 1)) for t in turns]
    if dice.random() < 0.2:
        inner = [at(t, size * dice.uniform(0.2, 0.4)) for t in turns]
        made = Polygon(ring, [inner])
    else:
        made = Polygon(ring)
    return made if made.is_valid else Polygon(ring).buffer(0)


def settled(geometry):
    """As it stands in a file: nine decimals of a degree, valid."""
    geometry = shapely.set_precision(geographic(geometry), 1e-9)
    return MultiPolygon([p for p in polygons(geometry) if p.area > 1e-12])


def amendment(dice):
    """Zones before, zones after, and how they were amended."""
    count = dice.randint(2, 6)
    old, new = {}, {}
    for number in range(count):
        zone = star(dice, dice.choice([5, 9, 24, 60]), dice.uniform(300, 3000))
        key = f"Z-{number:02}"
        tier = dice.choice(["national", "control"])
        old[key] = (f"示例区 {number}", tier, zone)
        act = dice.choice(["keep", "keep", "bite", "grow", "remove", "move", "retype", "rename", "recode"])
        name, after = f"示例区 {number}", zone
        if act == "remove":
            continue
        if act == "bite":
            x, y = zone.representative_point().coords[0]
            after = zone.difference(star(dice, 7, dice.uniform(20, 600), (x, y)))
        elif act == "grow":
            after = zone.union(star(dice, 7, dice.uniform(50, 900), zone.exterior.coords[0] if zone.geom_type == "Polygon" else (0, 0)))
        elif act == "move":
            after = shapely.affinity.translate(zone, dice.uniform(-80, 80), dice.uniform(-80, 80))
        elif act == "retype":
            tier = "control" if tier == "national" else "national"
        elif act == "rename":
            name = f"示例新名 {number}"
        elif act == "recode":
            key = f"N-{number:02}"
        if not after.is_empty:
            new[key] = (name, tier, after)
    if dice.random() < 0.4:
        new["Z-90"] = ("示例新区", dice.choice(["national", "control"]), star(dice, 12, dice.uniform(200, 2000)))
    return old, new


def collection(zones):
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "id": key, "properties": {"name": name, "tier": tier}, "geometry": mapping(settled(zone))}
        for key, (name, tier, zone) in zones.items()]}


def tier(site, zones, collection):
    """The stricter tier of the zones that a site shares ground with; None when it meets none."""
    met = set()
    for zone, feature in zip(zones, collection["features"]):
        for part in polygons(site.intersection(zone)):
            if part.length > 0 and 2 * part.area / part.length >= 0.001:
                met.add(feature["properties"]["tier"])
    return "national" if "national" in met else "control" if met else None


def case(dice):
    old, new = amendment(dice)
    before, after = collection(old), collection(new)
    shapes = lambda collection: [local(shape(feature["geometry"])) for feature in collection["features"]]
    zones_old, zones_new = shapes(before), shapes(after)
    a, b = unary_union(zones_old), unary_union(zones_new)
    lost, gained = a.difference(b), b.difference(a)
    sites, flips = [], []
    changed = polygons(lost) + polygons(gained)
    for number in range(12):
        if changed and number % 2 == 0:
            part = dice.choice(changed)
            x, y = part.representative_point().coords[0]
        else:
            x, y = dice.uniform(-10000, 10000), dice.uniform(-10000, 10000)
        size = dice.choice([4, 20, 80, 250])
        site = settled(shapely.affinity.rotate(shapely.box(x - size, y - size * 0.6, x + size, y + size * 0.6), dice.uniform(0, 90)))
        sites.append({"type": "Feature", "id": f"P-{number}", "properties": {"name": f"示例项目 {number}"}, "geometry": mapping(site)})
        ground = local(site)
        if tier(ground, zones_old, before) != tier(ground, zones_new, after):
            flips.append(f"P-{number}")
    own = []
    for key in sorted(set(old) | set(new)):
        one = next((local(shape(f["geometry"])) for f in before["features"] if f["id"] == key), Polygon())
        two = next((local(shape(f["geometry"])) for f in after["features"] if f["id"] == key), Polygon())
        own.append([key, area(one.difference(two)), area(two.difference(one))])
    recoded = sorted({k for k in old if k not in new} | {k for k in new if k not in old})
    return {
        "old": before, "new": after, "sites": {"type": "FeatureCollection", "features": sites},
        "expected": {"old_m2": area(a), "new_m2": area(b), "unchanged_m2": area(a.intersection(b)),
                     "lost_m2": area(lost), "gained_m2": area(gained), "flips": flips,
                     "zones": [z for z in own if z[0] not in recoded], "edge_m": a.length + b.length},
    }


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent
    dice = random.Random(int(os.environ.get("SEED", "20261031")))
    cases = [case(dice) for _ in range(count)]
    (folder / "cases.json").write_text(json.dumps(cases, ensure_ascii=False, separators=(",", ":")) + "\n")
