"""Makes overlay_cases.json: python3 overlay_cases.py FOLDER   (FOLDER: tests/xmltester/tests of the sources of GEOS)

Reads every pair of polygons of the XML tests, moves it to one kilometre about a place of the city, and asks shapely what
is shared and how the two lie, with a tolerance of a millimetre as the program has it.
"""
import glob, json, re, sys
import xml.etree.ElementTree as ET
import shapely
from shapely import wkt, wkb
def geom(text):
    text=" ".join((text or "").split())
    if not text: return None
    try:
        return wkb.loads(text, hex=True) if re.fullmatch(r"[0-9A-Fa-f]+", text) else wkt.loads(text)
    except Exception: return None
def areal(g): return g is not None and not g.is_empty and g.geom_type in ("Polygon","MultiPolygon")
seen=set(); cases=[]; invalid=[]
for path in sorted(glob.glob(sys.argv[1] + "/**/*.xml", recursive=True)):
    try: root=ET.parse(path).getroot()
    except Exception as e: continue
    for number, case in enumerate(root.iter("case")):
        a,b=geom(case.findtext("a")),geom(case.findtext("b"))
        if areal(a) and b is None and not a.is_valid: invalid.append((path,number,a))
        if not (areal(a) and areal(b)): continue
        key=(a.wkb,b.wkb)
        if key in seen: continue
        seen.add(key)
        if not (a.is_valid and b.is_valid): invalid.append((path,number,a)); invalid.append((path,number,b)); continue
        told=None
        for op in case.iter("op"):
            if op.get("name","").lower() in ("intersection","intersectionng","intersectionsr") and op.get("arg1","").upper()=="A" and not op.get("arg3"):
                told=geom(op.text)
        cases.append((path[len(sys.argv[1]) + 1:],number,a,b,told))
import warnings
import numpy, shapely
warnings.simplefilter("ignore")
M=1e5  # metres of a degree, near enough for widths
def mapped(gs):
    low=numpy.min([shapely.bounds(g)[:2] for g in gs],axis=0); high=numpy.max([shapely.bounds(g)[2:] for g in gs],axis=0)
    cx,cy=(low+high)/2; size=max(high-low)
    s=0.01/size
    f=lambda p: numpy.column_stack([120.3+(p[:,0]-cx)*s, 31.5+(p[:,1]-cy)*s])
    return [shapely.transform(g,f) for g in gs]
def rings(g):
    polys=getattr(g,"geoms",[g])
    return [[[[float(v) if numpy.isfinite(v) else None for v in c[:2]] for c in r.coords] for r in [p.exterior,*p.interiors]] for p in polys if not p.is_empty]
def parts(g): return [p for p in getattr(g,"geoms",[g]) if p.geom_type=="Polygon" and not p.is_empty]
def width(g): return max([2*p.area/p.length for p in parts(g)],default=0)*M
out=[]; skipped=0
for name,number,a,b,told in cases:
    a,b=shapely.force_2d(a),shapely.force_2d(b)
    try:
        A,B=mapped([a,b])
        if not (A.is_valid and B.is_valid): skipped+=1; continue
        I=shapely.intersection(A,B); w=width(I); da=width(shapely.difference(A,B)); db=width(shapely.difference(B,A)); d=A.distance(B)*M
    except Exception: skipped+=1; continue
    near=lambda v: 0.0003<v<0.003
    if near(w) or near(da) or near(db) or (I.area==0 and near(d)): skipped+=1; continue
    if w<0.001: rel="touches" if d<0.001 else "near"
    elif da<0.001: rel="within"
    elif db<0.001: rel="contains"
    else: rel="overlaps"
    area=sum(p.area for p in parts(I))
    out.append(dict(name=f"{name}#{number}", a=rings(a), b=rings(b), relation=rel, area=area*1e10))
n=lambda c: sum(len(r) for k in "ab" for p in c[k] for r in p)
keep=[]; i=0
for c in out:
    stmlf="stmlf" in c["name"]
    if stmlf: i+=1
    if n(c)<=150 and (not stmlf or i%15==0): keep.append(c)
inv=[dict(name=f"{n}#{i}",shape=rings(shapely.force_2d(g))) for n,i,g in invalid if g is not None and shapely.get_num_coordinates(g)<=300]
head="Valid pairs of polygons of the overlay tests of GEOS 3.11.1 and JTS (EPL 2.0 / EDL 1.0), moved to 1 km about 120.3 E, 31.5 N; expected by shapely %s (GEOS %s): area of what is shared in 1e-10 square degrees, relation with a millimetre of tolerance. Invalid ones: only to be survived."%(shapely.__version__,shapely.geos_version_string)
json.dump(dict(source=head,cases=keep,invalid=inv),open("overlay_cases.json","w"),separators=(",",":"))
