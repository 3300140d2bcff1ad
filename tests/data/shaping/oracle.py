#!/usr/bin/env python3
"""Figures that drawn outlines have to meet, computed by other means.

    python3 oracle.py        writes expected.json beside this file

Corridors: the line, straight in longitude and latitude, cut into pieces of at most 10 m, in an azimuthal equidistant
plane about the middle of its box (PROJ), grown by GEOS with 256 segments a quarter, measured as a geodesic polygon on
GRS 80 after cutting to 10 m. Circles: positions by Geod.fwd. Motions: shapely.affinity in the same kind of plane about
the pivot, then back; a move is the same local coordinates about another place. Probes: positions with their distance
from the line or the centre. pyproj 3.7, shapely 2; shares no code with the program.
"""
import json, random
from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon

HERE = Path(__file__).parent
GEOD = Geod(ellps="GRS80")


def plane(lon, lat):
    return Transformer.from_crs(
        CRS.from_proj4("+proj=longlat +ellps=GRS80"),
        CRS.from_proj4(f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +ellps=GRS80 +units=m"),
        always_xy=True,
    )


def moved(geometry, transformer, inverse=False):
    direction = "INVERSE" if inverse else "FORWARD"
    return shapely.transform(
        geometry, lambda p: np.column_stack(transformer.transform(p[:, 0], p[:, 1], direction=direction))
    )


def corridor(rng, line, width, ends):
    middle = LineString(line).envelope.centroid
    here = plane(middle.x, middle.y)
    axis = moved(shapely.segmentize(LineString(line), 10 / 111000), here)
    grown = axis.buffer(width / 2, quad_segs=256, cap_style="flat" if ends == "flat" else "round", join_style="round")
    outline = moved(shapely.segmentize(grown, 10), here, inverse=True)
    area, _ = GEOD.geometry_area_perimeter(shapely.geometry.polygon.orient(outline))
    probes = []
    for _ in range(60):
        at = axis.interpolate(rng.uniform(0, axis.length))
        spot = Point(at.x + rng.gauss(0, width), at.y + rng.gauss(0, width))
        lon, lat = here.transform(spot.x, spot.y, direction="INVERSE")
        inside = grown.contains(spot)
        if grown.exterior.distance(spot) > 0.06:
            probes.append([lon, lat, inside])
    return {"line": line, "width": width, "ends": ends, "area_m2": area, "holes": len(grown.interiors), "probes": probes}


def circle(rng, lon, lat, radius):
    probes = []
    for _ in range(40):
        azimuth, distance = rng.uniform(0, 360), radius * rng.uniform(0.2, 1.8)
        if abs(distance - radius) > 0.06:
            x, y, _ = GEOD.fwd(lon, lat, azimuth, distance)
            probes.append([x, y, distance < radius])
    ring = [GEOD.fwd(lon, lat, -360 * i / 7200, radius)[:2] for i in range(7200)]
    area, _ = GEOD.geometry_area_perimeter(Polygon(ring))
    return {"centre": [lon, lat], "radius": radius, "area_m2": area, "probes": probes}


def motion(ring, pivot, to, turn, stretch):
    here, there = plane(*pivot), plane(*to)
    local = moved(Polygon(ring), here)
    local = affinity.rotate(local, -turn, origin=(0, 0))
    local = affinity.scale(local, stretch, stretch, origin=(0, 0))
    after = moved(local, there, inverse=True)
    return {"ring": ring, "pivot": pivot, "to": to, "turn": turn, "stretch": stretch,
            "after": [list(p) for p in after.exterior.coords][:-1]}


def main():
    rng = random.Random(4)
    corridors = [
        corridor(rng, [[120.30, 31.57], [120.31, 31.57]], 20.0, "flat"),
        corridor(rng, [[120.30, 31.57], [120.31, 31.57]], 20.0, "round"),
        corridor(rng, [[120.10, 31.40], [120.14, 31.43], [120.12, 31.46], [120.20, 31.47]], 60.0, "flat"),
        corridor(rng, [[119.60, 31.30], [119.75, 31.28], [119.90, 31.45], [120.20, 31.50]], 200.0, "round"),
        corridor(rng, [[120.30, 31.50], [120.302, 31.50], [120.302, 31.502], [120.2995, 31.502], [120.2995, 31.4995]],
                 40.0, "flat"),
        corridor(rng, [[120.30, 31.50], [120.3001, 31.5001], [120.3002, 31.50], [120.3003, 31.5001]], 30.0, "round"),
    ]
    circles = [circle(rng, 120.3, 31.57, 15.0), circle(rng, 119.6, 31.2, 500.0), circle(rng, 120.5, 31.9, 5000.0)]
    star = [[120.30, 31.57], [120.306, 31.571], [120.309, 31.575], [120.304, 31.574], [120.301, 31.579]]
    motions = [
        motion(star, [120.304, 31.574], [120.304, 31.574], 37.5, 1.0),
        motion(star, [120.304, 31.574], [120.304, 31.574], 0.0, 2.5),
        motion(star, [120.304, 31.574], [119.70, 31.25], 0.0, 1.0),
        motion(star, [120.304, 31.574], [120.5, 31.9], -120.0, 0.4),
    ]
    for name, found in [("corridors", corridors), ("circles", circles), ("motions", motions)]:
        print(name, len(found), [round(case["area_m2"], 2) for case in found if "area_m2" in case])
    document = {"corridors": corridors, "circles": circles, "motions": motions}
    (HERE / "expected.json").write_text(json.dumps(document, indent=1) + "\n")


main()
