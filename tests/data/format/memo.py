"""Writes tables with long words (memo fields) and solid bodies: python3 tests/data/format/memo.py

`memo3` is dBASE III with a `.dbt`, `memofox` Visual FoxPro with an `.fpt`, both by the package dbf 0.99.11 in GBK;
their points and the MultiPatch of `patch` are by GDAL 3.12 through pyogrio.
"""
import pathlib

import dbf
import geopandas
import pyogrio
import shapely

here = pathlib.Path(__file__).parent
ROWS = [("甲", "示例说明：很长的文字。" * 60, 1), ("乙", "", 2), ("丙", "第二段\n有换行", 3)]

points = geopandas.GeoDataFrame({"x": [1, 2, 3]}, geometry=[shapely.Point(120.3 + i / 100, 31.5) for i in range(3)], crs=4490)
for kind, name in (("db3", "memo3"), ("vfp", "memofox")):
    pyogrio.write_dataframe(points, here / f"{name}.shp")
    for ending in ("dbf", "cpg"):
        (here / f"{name}.{ending}").unlink()
    table = dbf.Table(str(here / f"{name}.dbf"), "NAME C(20); NOTE M; CODE N(8,0)", dbf_type=kind, codepage="cp936")
    table.open(dbf.READ_WRITE)
    for row in ROWS:
        table.append(row)
    table.close()

roof = lambda east, north, height: [(east, north, height), (east + 50, north, height), (east + 50, north + 50, height + 3), (east, north + 50, height + 3)]
wall = [(520000, 3500000, 0), (520050, 3500000, 0), (520050, 3500000, 9), (520000, 3500000, 9)]
bodies = [
    shapely.MultiPolygon([shapely.Polygon(roof(520000, 3500000, 9)), shapely.Polygon(wall)]),
    shapely.MultiPolygon([shapely.Polygon(roof(520200, 3500000, 9), [[(520210, 3500010, 9), (520220, 3500020, 9), (520220, 3500010, 9)]])]),
]
frame = geopandas.GeoDataFrame({"name": ["甲", "乙"]}, geometry=bodies, crs=4549)
pyogrio.write_dataframe(frame, here / "patch.shp", SHPT="MULTIPATCH", encoding="UTF-8")
