"""Positions and definitions of reference systems after PROJ, for the tests: python3 tests/data/reference/oracle.py

Writes grid.csv (code, longitude, latitude, east, north; of the system's own datum) and definitions.json.
"""
import csv
import json
import pathlib

import pyproj
from pyproj import CRS, Transformer
from pyproj.enums import WktVersion

HERE = pathlib.Path(__file__).parent


def own(crs):
    """From longitude and latitude of the datum of a system to its plane."""
    return Transformer.from_crs(crs.geodetic_crs, crs, always_xy=True)


def grid():
    jiangsu = [(116.3 + 0.75 * column, 30.7 + 0.75 * row) for column in range(8) for row in range(7)]
    here = [4497, 4498, 4499, 4508, 4509, 4510, *range(4526, 4530), *range(4547, 4551), 2333, 2334, 2362, 2363, 2364,
            2365, 2383, 2384, 2385, 2386, 21419, 21420, 21459, 21460, 2414, 2415, 2416, 2435, 2436, 2437, 2438, 32650,
            32651, 3857]
    everywhere = [*range(4491, 4555), *range(2327, 2391), *range(21413, 21424), *range(21453, 21464),
                  *range(2401, 2443), *range(32601, 32661, 7), *range(32701, 32761, 7)]
    for code in sorted({*here, *everywhere}):
        crs = CRS.from_epsg(code)
        places = jiangsu if code in here else []
        if code != 3857:
            middle = crs.to_dict()["lon_0"] if "lon_0" in crs.to_dict() else crs.to_dict()["zone"] * 6 - 183
            south = -1 if 32701 <= code <= 32760 else 1
            places = [*places, (middle + 1.4, south * 22.2), (middle - 2.6, south * 47.7)]
        transformer = own(crs)
        for longitude, latitude in places:
            east, north = transformer.transform(longitude, latitude)
            yield [code, f"{longitude:.2f}", f"{latitude:.2f}", f"{east:.5f}", f"{north:.5f}"]


def definitions():
    place = (120.3, 31.57)
    codes = [4326, 4490, 4610, 4214, 3857, 4497, 4498, 4508, 4509, 4527, 4528, 4548, 4549, 4550, 2334, 2364, 2384,
             2385, 21420, 21460, 2416, 2437, 32650, 32651, 32751]
    forms = [WktVersion.WKT1_GDAL, WktVersion.WKT1_ESRI, WktVersion.WKT2_2015, WktVersion.WKT2_2019,
             WktVersion.WKT2_2019_SIMPLIFIED]
    for code in codes:
        crs = CRS.from_epsg(code)
        x, y = place if crs.is_geographic else own(crs).transform(*place)
        for form in forms:
            yield {"text": crs.to_wkt(form), "code": f"EPSG:{code}", "at": place, "point": [x, y]}
        # a string has no name that tells a plain zone of 6° from one of 3°
        known = None if code in (4508, 4509, 4510, 21460) else f"EPSG:{code}"
        yield {"text": crs.to_proj4(), "code": known, "at": place, "point": [x, y]}
    own_made = [
        "+proj=tmerc +lat_0=0 +lon_0=120.5 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs",
        "+proj=tmerc +lat_0=31 +lon_0=120.25 +k=1.0000125 +x_0=50000 +y_0=-30000 +ellps=GRS80 +units=m +no_defs",
        "+proj=aea +lat_0=0 +lon_0=105 +lat_1=25 +lat_2=47 +x_0=0 +y_0=0 +ellps=GRS80 +units=m +no_defs",
        "+proj=lcc +lat_0=0 +lon_0=110 +lat_1=25 +lat_2=47 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs",
        "+proj=laea +lat_0=31 +lon_0=120 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs",
        "+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500 +y_0=0 +ellps=GRS80 +units=km +no_defs",
    ]
    for text in own_made:
        crs = CRS.from_proj4(text)
        x, y = own(crs).transform(*place)
        yield {"text": text, "code": None, "at": place, "point": [x, y]}
        for form in forms[:2] + forms[3:4]:
            if "laea" in text and form == WktVersion.WKT1_GDAL or "km" in text:
                continue
            yield {"text": crs.to_wkt(form), "code": None, "at": place, "point": [x, y]}
    # with seven invented parameters, as text 1, text 2 and a string
    seven = "+proj=tmerc +lon_0=120 +x_0=500000 +ellps=krass +towgs84=15.8,-154.4,-82.3,0.5,-0.3,1.2,4.7 +units=m"
    crs = CRS.from_proj4(seven)
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(*place)
    for text in [seven, crs.to_wkt(WktVersion.WKT1_GDAL), crs.to_wkt(WktVersion.WKT2_2019)]:
        yield {"text": text, "code": None, "at": place, "point": [x, y]}


def main():
    with open(HERE / "grid.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "longitude", "latitude", "east", "north"])
        writer.writerows(grid())
    listed = {"by": f"pyproj {pyproj.__version__}, PROJ {pyproj.proj_version_str}", "definitions": list(definitions())}
    (HERE / "definitions.json").write_text(json.dumps(listed, ensure_ascii=False, indent=0) + "\n")


main()
