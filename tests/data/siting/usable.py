#!/usr/bin/env python3
"""Ground left in a district for a housing project, by other means: GEOS on belts and zones.

    python3 usable.py ATLAS_DIR DISTRICT SETBACK...      prints hectares for each setback round red-line zones

Edges are straight in longitude and latitude: cut into pieces of at most 8 m, moved to EPSG:4549 (pyproj). Every thing
that the rules for housing prohibit or restrict on 2026-11-25 is buffered by its reach, times the plane's scale at its
middle, with 256 segments a quarter circle; what is left of the district is moved back and measured as geodesic polygons
on GRS 80. The rules are written down here again, by hand. Shares no code with the program. pyproj 3.7, shapely 2.
"""
import json, sys
from pathlib import Path

import shapely
from pyproj import Geod, Proj, Transformer
from shapely.geometry import shape
from shapely.ops import transform, unary_union

GEOD = Geod(ellps="GRS80")
TO = Transformer.from_crs("EPSG:4490", "EPSG:4549", always_xy=True)
BACK = Transformer.from_crs("EPSG:4549", "EPSG:4490", always_xy=True)
PLANE = Proj("EPSG:4549")


def plane(geometry):
    return transform(TO.transform, shapely.segmentize(geometry, 8.0 / 111000.0))


def read(folder, name):
    return json.loads((Path(folder) / f"{name}.geojson").read_text())["features"]


def area(geometry):
    back = transform(BACK.transform, shapely.segmentize(geometry, 50.0))
    total = 0.0
    for part in getattr(back, "geoms", [back]):
        if part.geom_type == "Polygon":
            total += abs(GEOD.polygon_area_perimeter(*part.exterior.xy)[0])
            total -= sum(abs(GEOD.polygon_area_perimeter(*hole.xy)[0]) for hole in part.interiors)
    return total


def main(folder, district, *setbacks):
    (where,) = [f for f in read(folder, "districts") if f["properties"]["name"] == district]
    where = plane(shape(where["geometry"]))
    near = where.buffer(5000)

    def belt(feature, reach):
        geometry = plane(shape(feature["geometry"]))
        if not geometry.intersects(near):
            return None
        at = BACK.transform(geometry.centroid.x, geometry.centroid.y)
        scale = PLANE.get_factors(*at).meridional_scale
        return geometry.buffer(reach * scale, quad_segs=256) if reach else geometry.buffer(0)

    for setback in map(float, setbacks):
        things = []
        for feature in read(folder, "redline_zones"):
            things.append(belt(feature, setback))
        for feature in read(folder, "rivers"):
            things.append(belt(feature, feature["properties"]["width_m"] / 2.0))
        for feature in read(folder, "lakes"):
            things.append(belt(feature, 0.0))
        for feature in read(folder, "water_sources"):
            if feature["properties"]["level"] in ("primary", "secondary"):
                things.append(belt(feature, 0.0))
        for feature in read(folder, "contaminated_plots"):
            # housing: removed from the list or in aftercare is to be noted only
            if feature["properties"]["status"] not in ("removed", "aftercare"):
                things.append(belt(feature, 0.0))
        left = where.difference(unary_union([thing for thing in things if thing is not None]))
        print(f"{setback:g} {area(left) / 1e4:.6f}")


main(*sys.argv[1:])
