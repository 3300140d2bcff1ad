"""Compares what the program reads with what GDAL reads: python3 tests/data/format/agree.py PROGRAM < list of files

Feature count, kinds of shapes, names of fields and extent (of the file's own coordinates) of each layer. What the two
call differently on purpose is levelled first: GDAL keeps ids of GeoJSON and the text of WKT columns as fields, leaves
closed lines of drawings lines, gathers the parts of a block, and gives KML and GPX fixed fields. A file that GDAL
cannot read is only run, to see that it is answered.
"""
import json
import subprocess
import sys
import warnings

import geopandas
import numpy
import pyogrio
import shapely

warnings.simplefilter("ignore")
LOOSE = {"kml", "kmz", "gpx", "dxf"}


def own(program, path):
    done = subprocess.run([program, "inspect", path, "--format", "json"], capture_output=True, text=True, timeout=120)
    if done.returncode not in (0, 1) or "panicked" in done.stderr:
        raise SystemExit(f"{path}: {done.returncode} {done.stderr}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def kinds(shapes, is_loose, is_drawing):
    found = set()
    for shape in shapes:
        kind = shape.geom_type
        if is_loose:
            parts = getattr(shape, "geoms", [shape])
            closed = {is_drawing and part.geom_type == "LineString" and part.is_closed and len(part.coords) > 3 for part in parts}
            kind = "Area" if closed == {True} or "Polygon" in kind else kind.replace("Multi", "")
        found.add("LineString" if kind == "LinearRing" else kind)
    return found


def layers_of_peer(path, ending):
    for name, kind in pyogrio.list_layers(path):
        frame = pyogrio.read_dataframe(path, layer=name)
        if ending == "gpx" and name not in ("waypoints", "routes", "tracks"):
            continue
        if ending in LOOSE and not len(frame):
            continue
        shapes = []
        if isinstance(frame, geopandas.GeoDataFrame):
            shapes = [shape for shape in frame.geometry if shape is not None and not shape.is_empty]
        fields = {name for name in frame.columns if name != "geometry"}
        yield len(frame), shapes, fields


def merged(layers):
    layers = list(layers)
    return [(sum(each[0] for each in layers), sum((each[1] for each in layers), []), set())]


def differences(path, program):
    ending = path.rsplit(".", 1)[1].lower()
    document = own(program, path)
    try:
        peer = list(layers_of_peer(path, ending))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.ShapelyError):
        return None
    if document is None:
        return [] if not any(layer[0] for layer in peer) else ["not read"]
    mine = [layer for layer in document["layers"] if layer["features"] or ending not in LOOSE]
    if ending in ("kml", "kmz"):
        peer = merged(peer)
        box = [layer["own_bbox"] for layer in mine if layer["own_bbox"]]
        box = [min(b[0] for b in box), min(b[1] for b in box), max(b[2] for b in box), max(b[3] for b in box)] if box else None
        mine = [{"features": sum(layer["features"] for layer in mine), "own_bbox": box, "fields": [],
                 "geometry_types": {kind for layer in mine for kind in layer["geometry_types"]}}]
    if len(peer) != len(mine):
        return [f"layers {len(peer)} {len(mine)}"]
    told = []
    for (count, shapes, fields), layer in zip(peer, mine):
        is_loose = ending in LOOSE
        if count != layer["features"] and ending != "dxf":
            told.append(f"count {count} {layer['features']}")
        expected = kinds(shapes, is_loose, ending == "dxf")
        found = {("Area" if "Polygon" in kind else kind.replace("Multi", "")) if is_loose else kind
                 for kind in layer["geometry_types"]}
        if is_loose:
            expected -= {"GeometryCollection"}
            found -= {"GeometryCollection"}
        if expected != found:
            told.append(f"kinds {sorted(expected)} {sorted(found)}")
        if shapes:
            box = numpy.array(shapely.total_bounds(shapes))
            size = max(numpy.abs(box).max(), 1.0)
            near = (1e-2 * max(box[2] - box[0], box[3] - box[1]) if ending == "dxf" else 1e-9 * size)
            if layer["own_bbox"] is None or numpy.abs(numpy.array(layer["own_bbox"]) - box).max() > near:
                told.append(f"extent {box} {layer['own_bbox']}")
        names = {field["name"] for field in layer["fields"]}
        extra = {"id"} if "json" in ending else {"WKT"} if ending == "csv" else set()
        if not is_loose and fields - extra != names - extra:
            told.append(f"fields {sorted(fields - names)} {sorted(names - fields)}")
    return told


def main(program):
    compared = agreed = 0
    for path in map(str.strip, sys.stdin):
        told = differences(path, program)
        if told is None:
            continue
        compared += 1
        agreed += not told
        if told:
            print(path, "; ".join(told))
    print(f"{agreed} of {compared} agree ({100 * agreed / max(compared, 1):.1f} %)")


main(sys.argv[1])
