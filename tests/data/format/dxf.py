"""Draws the DXF files of the tests with ezdxf and tells what GDAL reads of them. Invented shapes and words.

python3 dxf.py writes the files beside itself, and dxf.json: kind, layer, length, area and box of every feature that
GDAL makes of them, curves cut finely.
"""
import json, os, pathlib
os.environ["OGR_ARC_STEPSIZE"] = "0.5"
os.environ["OGR_ARC_MAX_GAP"] = "0"
import ezdxf, pyogrio, shapely
from ezdxf.enums import TextEntityAlignment

HERE = pathlib.Path(__file__).parent
E0, N0 = 528400.0, 3494200.0  # EPSG:4549, Wuxi


def at(x, y, *z):
    return (E0 + x, N0 + y, *z)


def shapes(version):
    doc = ezdxf.new(version)
    doc.header["$INSUNITS"] = 6
    msp = doc.modelspace()
    layer = lambda name, **more: doc.layers.add(name, **more).dxf.name
    parcels, contours, notes = layer("地块红线", color=1), layer("等高线", color=3), layer("注记", color=7)
    msp.add_point(at(1, 2), dxfattribs={"layer": notes})
    msp.add_line(at(0, 0), at(30, 40), dxfattribs={"layer": parcels, "color": 5})
    new = version != "R12"
    if new:
        msp.add_lwpolyline([at(0, 0), at(100, 0), at(100, 50), at(0, 50)], close=True, dxfattribs={"layer": parcels})
        msp.add_lwpolyline([at(0, 0, 0), at(40, 0, 1), at(40, 30, -0.5), at(0, 30, 0.2)], format="xyb", close=True,
                           dxfattribs={"layer": parcels})
        msp.add_lwpolyline([at(0, 0, 0), at(40, 0, 1), at(80, 20, 0)], format="xyb",
                           dxfattribs={"layer": contours, "elevation": 12.5})
        msp.add_lwpolyline([at(0, 0), at(10, 0), at(10, 10), at(0, 0.005)], dxfattribs={"layer": parcels})
        msp.add_lwpolyline([at(5, 5, 1), at(15, 5, 1)], format="xyb", close=True, dxfattribs={"layer": parcels})
    msp.add_polyline2d([at(0, 0), at(60, 0), at(60, 60)], close=True, dxfattribs={"layer": parcels})
    msp.add_polyline2d([at(0, 0, 0.3), at(20, 0, 0), at(20, 20, 0)], format="xyb", dxfattribs={"layer": contours})
    msp.add_polyline3d([at(0, 0, 1), at(10, 0, 2), at(10, 10, 3)], dxfattribs={"layer": contours})
    msp.add_arc(at(0, 0), 20, 30, 200, dxfattribs={"layer": contours})
    msp.add_arc(at(0, 0), 1500, 350, 20, dxfattribs={"layer": contours})
    msp.add_circle(at(50, 50), 12.5, dxfattribs={"layer": parcels})
    msp.add_circle((-(E0 + 50), N0 + 50), 5, dxfattribs={"layer": parcels, "extrusion": (0, 0, -1)})
    msp.add_solid([at(0, 0), at(10, 0), at(0, 10), at(10, 10)], dxfattribs={"layer": parcels})
    msp.add_3dface([at(0, 0, 1), at(10, 0, 1), at(10, 10, 2), at(10, 10, 2)], dxfattribs={"layer": parcels})
    text = msp.add_text("南长街%%d 示例", height=2.5, dxfattribs={"layer": notes})
    text.set_placement(at(3, 4), align=TextEntityAlignment.MIDDLE_CENTER)
    if new:
        msp.add_mtext("{\\fSimSun|b0;太湖\\P示例}%%c", dxfattribs={"layer": notes, "insert": at(5, 6), "char_height": 3})
        msp.add_ellipse(at(0, 0), major_axis=(30, 10, 0), ratio=0.4, dxfattribs={"layer": parcels})
        msp.add_ellipse(at(0, 0), major_axis=(30, 10, 0), ratio=0.4, start_param=0.5, end_param=3,
                        dxfattribs={"layer": contours})
        msp.add_spline(dxfattribs={"layer": contours}).control_points = [at(0, 0, 0), at(10, 20, 0), at(30, -5, 0), at(50, 10, 0), at(60, 0, 0)]
        spline = msp.query("SPLINE")[0]
        spline.dxf.degree = 3
        spline.knots = [0, 0, 0, 0, 1, 2, 2, 2, 2]
        rational = msp.add_rational_spline([at(0, 0, 0), at(10, 10, 0), at(20, 0, 0)], [1, 2**-0.5, 1], degree=2,
                                           dxfattribs={"layer": contours})
        hatch = msp.add_hatch(dxfattribs={"layer": parcels})
        hatch.paths.add_polyline_path([at(0, 0, 0), at(100, 0, 0.3), at(100, 80, 0), at(0, 80, 0)], flags=1)
        hatch.paths.add_polyline_path([at(20, 20), at(20, 60), at(60, 60), at(60, 20)], flags=16)
        hatch = msp.add_hatch(dxfattribs={"layer": parcels})
        edges = hatch.paths.add_edge_path()
        edges.add_line(at(0, 0), at(50, 0))
        edges.add_arc(at(50, 20), 20, 270, 90, ccw=True)
        edges.add_line(at(50, 40), at(20, 40))
        edges.add_arc(at(0, 40), 20, 270, 360, ccw=False)
        edges.add_line(at(0, 20), at(0, 0))
        hatch = msp.add_hatch(dxfattribs={"layer": parcels})
        edges = hatch.paths.add_edge_path()
        edges.add_ellipse(at(0, 0), major_axis=(30, 0), ratio=0.5, start_angle=0, end_angle=180)
        edges.add_line(at(-30, 0), at(30, 0))
        hatch = msp.add_hatch(dxfattribs={"layer": parcels})
        edges = hatch.paths.add_edge_path()
        edges.add_spline(control_points=[at(0, 0), at(0, 40), at(40, 40), at(40, 0)], degree=3,
                         knot_values=[0, 0, 0, 0, 1, 1, 1, 1])
        edges.add_line(at(40, 0), at(0, 0))
    block = doc.blocks.new("界桩", base_point=(1, 1))
    block.add_circle((1, 1), 2)
    block.add_line((1, 1), (3, 1), dxfattribs={"layer": notes})
    block.add_attdef("编码", (1, 1))
    outer = doc.blocks.new("组")
    outer.add_blockref("界桩", (10, 0), dxfattribs={"xscale": 2, "yscale": 2, "rotation": 30})
    for place, more in [(at(5, 5), {}), (at(60, 5), {"xscale": 2, "yscale": 1, "rotation": 45})]:
        ref = msp.add_blockref("界桩", place, dxfattribs={"layer": parcels, **more})
        ref.add_attrib("编码", "WX-示例-%d" % place[0], place)
    msp.add_blockref("组", at(100, 100), dxfattribs={"layer": parcels, "rotation": 90})
    array = msp.add_blockref("界桩", at(0, 200), dxfattribs={"layer": parcels, "row_count": 2, "column_count": 3,
                                                        "row_spacing": 20, "column_spacing": 10, "rotation": 15})
    if new:
        doc.layout("Layout1").add_line((0, 0), (1, 1))
        doc.layout("Layout1").add_line((0, 0), (1, 2))
        msp.add_ray(at(0, 0), (1, 0))
        msp.add_ray(at(0, 1), (1, 0))
    return doc


def main():
    files = {}
    for name, version, page, binary in [("r12", "R12", "gbk", False), ("r2000_gbk", "R2000", "gbk", False),
                                        ("r2018", "R2018", "utf8", False), ("r2000_binary", "R2000", "gbk", True),
                                        ("r12_binary", "R12", "gbk", True)]:
        doc = shapes(version)
        if page == "gbk":
            doc.encoding = "gbk"
        path = HERE / f"{name}.dxf"
        doc.saveas(path, encoding=page, fmt="bin" if binary else "asc")
        if binary:
            continue
        # GDAL follows the code page also where the version says UTF-8
        pyogrio.set_gdal_config_options({"DXF_ENCODING": "UTF-8" if page == "utf8" else None})
        meta, _, geometry, columns = pyogrio.raw.read(path)
        fields = dict(zip(meta["fields"], columns))
        rows = []
        for number, wkb in enumerate(geometry):
            shape = shapely.from_wkb(wkb)
            rows.append({
                "layer": fields["Layer"][number], "text": fields["Text"][number],
                "parts": len(getattr(shape, "geoms", [0])), "length": round(shape.length, 4), "area": round(shape.area, 4),
                "box": None if shape.is_empty else [round(value, 3) for value in shape.bounds]})
        files[name] = rows
    rows = ",\n".join(
        json.dumps(name) + ": [\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]"
        for name, rows in files.items())
    (HERE / "dxf.json").write_text("{\n" + rows + "}\n")


main()
