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
            17 => Geometry::Polygon(self.polygon(layout)?),
            other => {
                let name = KINDS.get(other as usize).map_or_else(|| other.to_string(), |name| (*name).to_owned());
                return Err(ProblemKind::UnknownGeometry(name));
            }
        })
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
        // CIRCULARSTRING
        assert_eq!(read(&[1, 8, 0, 0, 0], &mut Vec::new()), Err(ProblemKind::UnknownGeometry("CircularString".into())));
        // an empty point, as GEOS writes it
        let empty: Vec<u8> = [&[1_u8, 1, 0, 0, 0][..], &f64::NAN.to_le_bytes(), &f64::NAN.to_le_bytes()].concat();
        assert_eq!(read(&empty, &mut Vec::new()), Ok(None));
    }
}
