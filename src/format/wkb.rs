//! Well-known binary (OGC 06-103r4, ISO 13249-3, and the flags of EWKB) to shapes and back.

use super::ProblemKind;
use super::bytes::Cursor;
use super::raw::Depth;
use geo::{
    Coord, CoordsIter, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

/// Deepest nesting of collections.
const DEEPEST: usize = 32;

/// Names of the kinds by their number.
const KINDS: [&str; 18] = [
    "Geometry",
    "Point",
    "LineString",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
    "CircularString",
    "CompoundCurve",
    "CurvePolygon",
    "MultiCurve",
    "MultiSurface",
    "Curve",
    "Surface",
    "PolyhedralSurface",
    "TIN",
    "Triangle",
];

/// The name of a kind, or its number where it has none.
pub(super) fn name(kind: u32) -> String {
    KINDS.get(kind as usize).map_or_else(|| kind.to_string(), |name| (*name).to_owned())
}

/// What comes out: a shape with its third numbers, or nothing where the shape is empty.
pub(super) type Shape = Option<(Geometry, Depth)>;

/// Reads one geometry; what was mended is told.
pub(super) fn read(bytes: &[u8], told: &mut Vec<ProblemKind>) -> Result<Shape, ProblemKind> {
    let mut reader = Reader { cursor: Cursor::new(bytes), depth: Depth::default(), count: 0 };
    let shape = reader.geometry(0)?;
    let mut depth = reader.depth;
    let count = reader.count;
    if shape.coords_count() > count && count > 0 {
        told.push(ProblemKind::RingClosed);
        depth = Depth::default();
    }
    // a collection may mix shapes with and without heights: then nothing says which vertex one belongs to
    if depth.heights.len() != count {
        depth.heights.clear();
    }
    if depth.measures.len() != count {
        depth.measures.clear();
    }
    depth.forget_absent();
    Ok(if count == 0 { None } else { Some((shape, depth)) })
}

/// Degrees of an arc that one edge stands for: within 4 mm at a radius of 100 m.
const ARC_STEP: f64 = 1.0;

/// Arcs through every second point as short edges; the points themselves stay.
fn stroked(points: &[Coord]) -> Vec<Coord> {
    // less than an arc, or half an arc left over
    if points.len() < 3 || points.len().is_multiple_of(2) {
        return points.to_vec();
    }
    let mut line: Vec<Coord> = points.first().copied().into_iter().collect();
    for arc in points.windows(3).step_by(2) {
        let [a, b, c] = *arc else { continue };
        let Some(centre) = centre(a, b, c) else {
            line.extend([b, c]);
            continue;
        };
        let turns_left = if a == c { true } else { cross(a, b, c) > 0.0 };
        for (from, to) in [(a, b), (b, c)] {
            let angle = |at: Coord| libm::atan2(at.y - centre.y, at.x - centre.x);
            let start = angle(from);
            let turn = (angle(to) - start).rem_euclid(std::f64::consts::TAU);
            let sweep = if turns_left { turn } else { turn - std::f64::consts::TAU };
            let radius = libm::hypot(from.x - centre.x, from.y - centre.y);
            let pieces = (sweep.to_degrees().abs() / ARC_STEP).ceil().clamp(1.0, 360.0) as u32;
            line.extend((1..pieces).map(|piece| {
                let angle = start + sweep * f64::from(piece) / f64::from(pieces);
                Coord { x: centre.x + radius * libm::cos(angle), y: centre.y + radius * libm::sin(angle) }
            }));
            line.push(to);
        }
    }
    line
}

fn cross(a: Coord, b: Coord, c: Coord) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// The centre of the circle through three points; that of a whole circle where the first is also the last.
fn centre(a: Coord, b: Coord, c: Coord) -> Option<Coord> {
    if a == c {
        let middle = Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) };
        return (a != b && middle.x.is_finite() && middle.y.is_finite()).then_some(middle);
    }
    // from the first point, so that nothing is lost far from the origin
    let (bx, by, cx, cy) = (b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y);
    let twice = 2.0 * (bx * cy - by * cx);
    let (b_square, c_square) = (bx * bx + by * by, cx * cx + cy * cy);
    let at =
        Coord { x: a.x + (cy * b_square - by * c_square) / twice, y: a.y + (bx * c_square - cx * b_square) / twice };
    // flat arcs are straight
    let is_sound = twice.abs() > 1e-12 * (b_square + c_square) && at.x.is_finite() && at.y.is_finite();
    is_sound.then_some(at)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    depth: Depth,
    count: usize,
}

/// Byte order, and which further numbers each position has.
#[derive(Clone, Copy)]
struct Layout {
    is_little: bool,
    has_height: bool,
    has_measure: bool,
}

impl Layout {
    fn size(self) -> usize {
        16 + 8 * (usize::from(self.has_height) + usize::from(self.has_measure))
    }
}

impl Reader<'_> {
    fn geometry(&mut self, level: usize) -> Result<Geometry, ProblemKind> {
        if level > DEEPEST {
            return Err(ProblemKind::TooDeep);
        }
        let (kind, layout) = self.head()?;
        Ok(match kind {
            1 => Geometry::Point(Point(self.position(layout)?)),
            2 => Geometry::LineString(self.line(layout)?),
            3 => Geometry::Polygon(self.polygon(layout)?),
            4 => {
                let points = self.parts(layout, |reader| match reader.geometry(level + 1)? {
                    Geometry::Point(point) => Ok(point),
                    _ => Err(ProblemKind::MalformedGeometry),
                })?;
                let is_there = |point: &Point| !point.x().is_nan() || !point.y().is_nan();
                Geometry::MultiPoint(MultiPoint::new(points.into_iter().filter(is_there).collect()))
            }
            5 => Geometry::MultiLineString(MultiLineString::new(self.parts(layout, |reader| {
                match reader.geometry(level + 1)? {
                    Geometry::LineString(line) => Ok(line),
                    _ => Err(ProblemKind::MalformedGeometry),
                }
            })?)),
            6 => Geometry::MultiPolygon(MultiPolygon::new(self.parts(layout, |reader| {
                match reader.geometry(level + 1)? {
                    Geometry::Polygon(polygon) => Ok(polygon),
                    _ => Err(ProblemKind::MalformedGeometry),
                }
            })?)),
            7 => Geometry::GeometryCollection(GeometryCollection::new_from(
                self.parts(layout, |reader| reader.geometry(level + 1))?,
            )),
            8 | 9 => Geometry::LineString(self.curve_of(kind, layout, level)?),
            10 => Geometry::Polygon(self.curve_polygon(layout, level)?),
            11 => {
                let lines = self.parts(layout, |reader| reader.curve(level + 1))?;
                Geometry::MultiLineString(MultiLineString::new(lines))
            }
            12 => Geometry::MultiPolygon(MultiPolygon::new(self.parts(layout, |reader| {
                match reader.geometry(level + 1)? {
                    Geometry::Polygon(polygon) => Ok(polygon),
                    _ => Err(ProblemKind::MalformedGeometry),
                }
            })?)),
            17 => Geometry::Polygon(self.polygon(layout)?),
            other => {
                return Err(ProblemKind::UnknownGeometry(name(other)));
            }
        })
    }

    /// A line, an arc or a chain of both, its arcs as short edges.
    fn curve(&mut self, level: usize) -> Result<LineString, ProblemKind> {
        if level > DEEPEST {
            return Err(ProblemKind::TooDeep);
        }
        let (kind, layout) = self.head()?;
        self.curve_of(kind, layout, level)
    }

    fn curve_of(&mut self, kind: u32, layout: Layout, level: usize) -> Result<LineString, ProblemKind> {
        match kind {
            2 => self.line(layout),
            8 => {
                let line = self.line(layout)?;
                let stroked = stroked(&line.0);
                self.count += stroked.len() - line.0.len();
                Ok(LineString::new(stroked))
            }
            9 => {
                let mut chain: Vec<Coord> = Vec::new();
                for part in self.parts(layout, |reader| reader.curve(level + 1))? {
                    let is_joined = chain.last().is_some() && chain.last() == part.0.first();
                    self.count -= usize::from(is_joined);
                    chain.extend(part.0.into_iter().skip(usize::from(is_joined)));
                }
                Ok(LineString::new(chain))
            }
            _ => Err(ProblemKind::MalformedGeometry),
        }
    }

    fn curve_polygon(&mut self, layout: Layout, level: usize) -> Result<Polygon, ProblemKind> {
        let mut rings = self.parts(layout, |reader| reader.curve(level + 1))?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn head(&mut self) -> Result<(u32, Layout), ProblemKind> {
        let short = || ProblemKind::MalformedGeometry;
        let is_little = match self.cursor.take(1) {
            Some([0]) => false,
            Some([1]) => true,
            _ => return Err(short()),
        };
        let code = self.cursor.u32(is_little).ok_or_else(short)?;
        if code & 0x2000_0000 != 0 {
            self.cursor.take(4).ok_or_else(short)?;
        }
        let plain = code & 0x0fff_ffff;
        let (thousands, kind) = (plain / 1000, plain % 1000);
        let has_height = code & 0x8000_0000 != 0 || matches!(thousands, 1 | 3);
        let has_measure = code & 0x4000_0000 != 0 || matches!(thousands, 2 | 3);
        Ok((kind, Layout { is_little, has_height, has_measure }))
    }

    fn position(&mut self, layout: Layout) -> Result<Coord, ProblemKind> {
        let short = || ProblemKind::MalformedGeometry;
        let mut number = || self.cursor.f64(layout.is_little).ok_or_else(short);
        let at = Coord { x: number()?, y: number()? };
        let height = if layout.has_height { Some(number()?) } else { None };
        let measure = if layout.has_measure { Some(number()?) } else { None };
        // a point that is no number twice is an empty one
        if !(at.x.is_nan() && at.y.is_nan()) {
            self.count += 1;
            self.depth.heights.extend(height);
            self.depth.measures.extend(measure);
        }
        Ok(at)
    }

    fn length(&mut self, layout: Layout, least: usize) -> Result<usize, ProblemKind> {
        let count = self.cursor.u32(layout.is_little).ok_or(ProblemKind::MalformedGeometry)? as usize;
        // a count is believed only when its parts can be there
        match count.checked_mul(least) {
            Some(size) if size <= self.cursor.rest() => Ok(count),
            _ => Err(ProblemKind::MalformedGeometry),
        }
    }

    fn line(&mut self, layout: Layout) -> Result<LineString, ProblemKind> {
        let count = self.length(layout, layout.size())?;
        if layout.is_little && !layout.has_height && !layout.has_measure {
            let bytes = self.cursor.take(count * 16).ok_or(ProblemKind::MalformedGeometry)?;
            self.count += count;
            return Ok(LineString::new(super::bytes::coords(bytes)));
        }
        let mut line = Vec::with_capacity(count);
        for _ in 0..count {
            line.push(self.position(layout)?);
        }
        Ok(LineString::new(line))
    }

    fn polygon(&mut self, layout: Layout) -> Result<Polygon, ProblemKind> {
        let count = self.length(layout, 4)?;
        let mut rings = Vec::with_capacity(count);
        for _ in 0..count {
            rings.push(self.line(layout)?);
        }
        let mut rings = rings.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    fn parts<T>(
        &mut self,
        layout: Layout,
        mut part: impl FnMut(&mut Self) -> Result<T, ProblemKind>,
    ) -> Result<Vec<T>, ProblemKind> {
        let count = self.length(layout, 9)?;
        let mut parts = Vec::with_capacity(count.min(65_536));
        for _ in 0..count {
            parts.push(part(self)?);
        }
        Ok(parts)
    }
}

/// Writes one geometry, lower byte first; heights and measures as far as there is one for each vertex.
pub(super) fn write(shape: &Geometry, heights: &[f64], measures: &[f64], out: &mut Vec<u8>) {
    let mut writer = Writer { heights, measures, next: 0, out };
    writer.geometry(shape);
}

struct Writer<'a> {
    heights: &'a [f64],
    measures: &'a [f64],
    next: usize,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    fn head(&mut self, kind: u32) {
        let code = kind + 1000 * u32::from(!self.heights.is_empty()) + 2000 * u32::from(!self.measures.is_empty());
        self.out.push(1);
        self.out.extend(code.to_le_bytes());
    }

    fn count(&mut self, count: usize) {
        self.out.extend(u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
    }

    fn position(&mut self, at: Coord) {
        self.out.extend(at.x.to_le_bytes());
        self.out.extend(at.y.to_le_bytes());
        for values in [self.heights, self.measures] {
            if !values.is_empty() {
                self.out.extend(values.get(self.next).copied().unwrap_or(f64::NAN).to_le_bytes());
            }
        }
        self.next += 1;
    }

    fn line(&mut self, line: &LineString) {
        self.count(line.0.len());
        line.0.iter().for_each(|at| self.position(*at));
    }

    fn polygon(&mut self, polygon: &Polygon) {
        self.count(1 + polygon.interiors().len());
        self.line(polygon.exterior());
        polygon.interiors().iter().for_each(|ring| self.line(ring));
    }

    fn geometry(&mut self, shape: &Geometry) {
        match shape {
            Geometry::Point(point) => {
                self.head(1);
                self.position(point.0);
            }
            Geometry::Line(edge) => self.geometry(&Geometry::LineString(LineString::new(vec![edge.start, edge.end]))),
            Geometry::LineString(line) => {
                self.head(2);
                self.line(line);
            }
            Geometry::Polygon(polygon) => {
                self.head(3);
                self.polygon(polygon);
            }
            Geometry::Rect(rect) => self.geometry(&Geometry::Polygon(rect.to_polygon())),
            Geometry::Triangle(triangle) => self.geometry(&Geometry::Polygon(triangle.to_polygon())),
            Geometry::MultiPoint(points) => {
                self.head(4);
                self.count(points.0.len());
                for point in points {
                    self.head(1);
                    self.position(point.0);
                }
            }
            Geometry::MultiLineString(lines) => {
                self.head(5);
                self.count(lines.0.len());
                for line in lines {
                    self.head(2);
                    self.line(line);
                }
            }
            Geometry::MultiPolygon(polygons) => {
                self.head(6);
                self.count(polygons.0.len());
                for polygon in polygons {
                    self.head(3);
                    self.polygon(polygon);
                }
            }
            Geometry::GeometryCollection(parts) => {
                self.head(7);
                self.count(parts.0.len());
                parts.iter().for_each(|part| self.geometry(part));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_with_heights_returns() {
        let line = LineString::from(vec![(1.0, 2.0), (3.0, 4.0)]);
        let shape = Geometry::GeometryCollection(GeometryCollection::new_from(vec![
            Geometry::Point(Point::new(5.0, 6.0)),
            Geometry::MultiLineString(MultiLineString::new(vec![line])),
        ]));
        let mut bytes = Vec::new();
        write(&shape, &[7.0, 8.0, 9.0], &[], &mut bytes);
        let (back, depth) = read(&bytes, &mut Vec::new()).unwrap().unwrap();
        assert_eq!((back, depth.heights, depth.measures.len()), (shape, vec![7.0, 8.0, 9.0], 0));
    }

    #[test]
    fn counts_that_lie_and_nesting_without_end_are_refused() {
        let mut lie = vec![1, 2, 0, 0, 0];
        lie.extend(u32::MAX.to_le_bytes());
        assert_eq!(read(&lie, &mut Vec::new()), Err(ProblemKind::MalformedGeometry));
        let nested: Vec<u8> = [1_u8, 7, 0, 0, 0, 1, 0, 0, 0].repeat(30_000);
        assert_eq!(read(&nested, &mut Vec::new()), Err(ProblemKind::TooDeep));
        assert_eq!(read(&[1, 16, 0, 0, 0], &mut Vec::new()), Err(ProblemKind::UnknownGeometry("TIN".into())));
        let curves: Vec<u8> = [1_u8, 9, 0, 0, 0, 1, 0, 0, 0].repeat(30_000);
        assert_eq!(read(&curves, &mut Vec::new()), Err(ProblemKind::TooDeep));
        // an empty point, as GEOS writes it
        let empty: Vec<u8> = [&[1_u8, 1, 0, 0, 0][..], &f64::NAN.to_le_bytes(), &f64::NAN.to_le_bytes()].concat();
        assert_eq!(read(&empty, &mut Vec::new()), Ok(None));
    }

    /// Arcs as ArcGIS and QGIS store them: a full circle, and an outline of an arc and a straight edge (pyogrio 0.13 reads
    /// areas of π · 0.01² and π · 0.01² / 2).
    #[test]
    fn arcs_become_short_edges() {
        let number = |value: f64| value.to_le_bytes();
        let points = |kind: u32, line: &[(f64, f64)]| {
            let mut out = vec![1];
            out.extend(kind.to_le_bytes());
            out.extend(u32::try_from(line.len()).unwrap().to_le_bytes());
            line.iter().for_each(|(x, y)| out.extend([number(*x), number(*y)].concat()));
            out
        };
        let several = |kind: u32, parts: &[Vec<u8>]| {
            let mut out = vec![1];
            out.extend(kind.to_le_bytes());
            out.extend(u32::try_from(parts.len()).unwrap().to_le_bytes());
            parts.iter().for_each(|part| out.extend(part));
            out
        };
        let circle = several(10, &[points(8, &[(120.01, 31.0), (119.99, 31.0), (120.01, 31.0)])]);
        let arc = points(8, &[(120.01, 31.0), (120.0, 31.01), (119.99, 31.0)]);
        let half = several(10, &[several(9, &[arc, points(2, &[(119.99, 31.0), (120.01, 31.0)])])]);
        let both = several(12, &[circle.clone(), half.clone()]);
        let whole = std::f64::consts::PI * 1e-4;
        let areas = [&circle, &half, &both].map(|bytes| {
            let (shape, _) = read(bytes, &mut Vec::new()).unwrap().unwrap();
            geo::Area::unsigned_area(&shape)
        });
        for (area, expected) in areas.iter().zip([whole, whole / 2.0, 1.5 * whole]) {
            assert!((area / expected - 1.0).abs() < 1e-4, "{area} {expected}");
        }
        for end in 0..both.len() {
            assert!(read(&both[..end], &mut Vec::new()).is_err());
        }
    }
}
