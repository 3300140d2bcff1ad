//! Well-known text of shapes (OGC 06-103r4, and `SRID=n;` before it) to shapes and back.

use super::raw::Depth;
use super::{ProblemKind, wkb};
use geo::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use std::fmt::Write;

/// Deepest nesting of collections.
const DEEPEST: usize = 32;

/// Words that a shape begins with.
const WORDS: [&str; 7] =
    ["POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"];

/// Whether a text begins as a shape does.
pub(super) fn is_shape(text: &str) -> bool {
    let text = text.trim_start_matches(['\u{feff}', ' ', '"', '\t', '\r', '\n']);
    let text = match text.get(..5) {
        Some(start) if start.eq_ignore_ascii_case("SRID=") => text.split_once(';').map_or("", |(_, rest)| rest),
        _ => text,
    };
    let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_uppercase();
    let rest = text.get(word.len()..).unwrap_or_default().trim_start();
    let is_followed = rest.starts_with('(') || rest.get(..1).is_some_and(|next| "ZMEzme".contains(next));
    // POINTZ is written together too
    let is_known =
        WORDS.iter().any(|known| word.strip_prefix(known).is_some_and(|end| ["", "Z", "M", "ZM"].contains(&end)));
    is_known && is_followed
}

/// Reads one shape; `None` where it is empty. Also the number of its system where one is told.
pub(super) fn read(text: &str) -> Result<(wkb::Shape, Option<u32>), ProblemKind> {
    let text = text.trim();
    let (srid, text) = match text.get(..5) {
        Some(start) if start.eq_ignore_ascii_case("SRID=") => {
            let (number, rest) = text.get(5..).and_then(|rest| rest.split_once(';')).unwrap_or_default();
            (number.trim().parse().ok(), rest)
        }
        _ => (None, text),
    };
    let mut reader = Reader { rest: text, depth: Depth::default(), count: 0, mark: None };
    let shape = reader.geometry(0)?;
    if !reader.rest.trim().is_empty() {
        return Err(ProblemKind::MalformedGeometry);
    }
    let Reader { mut depth, count, .. } = reader;
    if depth.heights.len() != count {
        depth.heights.clear();
    }
    if depth.measures.len() != count {
        depth.measures.clear();
    }
    Ok((if count == 0 { None } else { Some((shape, depth)) }, srid))
}

struct Reader<'a> {
    rest: &'a str,
    depth: Depth,
    count: usize,
    /// Whether the word said that the third number is a measure.
    mark: Option<bool>,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn word(&mut self) -> String {
        self.skip();
        let length = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word.to_ascii_uppercase()
    }

    fn take(&mut self, mark: char) -> bool {
        self.skip();
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn geometry(&mut self, level: usize) -> Result<Geometry, ProblemKind> {
        if level > DEEPEST {
            return Err(ProblemKind::TooDeep);
        }
        let word = self.word();
        let Some((kind, end)) = WORDS.iter().find_map(|known| {
            let end = word.strip_prefix(known)?;
            ["", "Z", "M", "ZM"].contains(&end).then(|| (*known, end.to_owned()))
        }) else {
            let is_word = !word.is_empty() && word.len() < 24;
            return Err(if is_word { ProblemKind::UnknownGeometry(word) } else { ProblemKind::MalformedGeometry });
        };
        let mut mark = end;
        let next = self.rest.trim_start();
        if mark.is_empty() && next.starts_with(|letter: char| "ZMzm".contains(letter)) {
            mark = self.word();
        }
        self.mark = Some(mark == "M");
        let is_empty = {
            let before = self.rest;
            let empty = self.word() == "EMPTY";
            if !empty {
                self.rest = before;
            }
            empty
        };
        Ok(match kind {
            _ if is_empty => Geometry::GeometryCollection(GeometryCollection::new_from(Vec::new())),
            "POINT" => {
                let line = self.positions()?;
                Geometry::Point(Point(*line.first().ok_or(ProblemKind::MalformedGeometry)?))
            }
            "LINESTRING" => Geometry::LineString(LineString::new(self.positions()?)),
            "POLYGON" => Geometry::Polygon(self.polygon()?),
            "MULTIPOINT" => Geometry::MultiPoint(MultiPoint::new(self.points()?)),
            "MULTILINESTRING" => {
                let lines = self.list(|reader| reader.positions().map(LineString::new))?;
                Geometry::MultiLineString(MultiLineString::new(lines))
            }
            "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon::new(self.list(Self::polygon)?)),
            _ => {
                let parts = self.list(|reader| reader.geometry(level + 1))?;
                Geometry::GeometryCollection(GeometryCollection::new_from(parts))
            }
        })
    }

    fn list<T>(&mut self, mut part: impl FnMut(&mut Self) -> Result<T, ProblemKind>) -> Result<Vec<T>, ProblemKind> {
        if !self.take('(') {
            return Err(ProblemKind::MalformedGeometry);
        }
        let mut parts = vec![part(self)?];
        while self.take(',') {
            parts.push(part(self)?);
        }
        if self.take(')') { Ok(parts) } else { Err(ProblemKind::MalformedGeometry) }
    }

    fn polygon(&mut self) -> Result<Polygon, ProblemKind> {
        let mut rings = self.list(|reader| reader.positions().map(LineString::new))?.into_iter();
        let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Ok(Polygon::new(exterior, rings.collect()))
    }

    /// Points with or without brackets of their own.
    fn points(&mut self) -> Result<Vec<Point>, ProblemKind> {
        self.list(|reader| {
            if reader.rest.trim_start().starts_with('(') {
                let line = reader.positions()?;
                return line.first().map(|at| Point(*at)).ok_or(ProblemKind::MalformedGeometry);
            }
            reader.position().map(Point)
        })
    }

    fn positions(&mut self) -> Result<Vec<Coord>, ProblemKind> {
        self.list(Self::position)
    }

    fn position(&mut self) -> Result<Coord, ProblemKind> {
        let end = self.rest.find([',', ')', '(']).ok_or(ProblemKind::MalformedGeometry)?;
        let (numbers, rest) = self.rest.split_at(end);
        self.rest = rest;
        let numbers: Option<Vec<f64>> = numbers.split_whitespace().map(|word| word.parse().ok()).collect();
        let numbers = numbers.ok_or(ProblemKind::MalformedGeometry)?;
        self.count += 1;
        match numbers[..] {
            [x, y] => Ok(Coord { x, y }),
            [x, y, third] => {
                let is_measure = self.mark == Some(true);
                if is_measure {
                    self.depth.measures.push(third)
                } else {
                    self.depth.heights.push(third)
                }
                Ok(Coord { x, y })
            }
            [x, y, height, measure] => {
                self.depth.heights.push(height);
                self.depth.measures.push(measure);
                Ok(Coord { x, y })
            }
            _ => Err(ProblemKind::MalformedGeometry),
        }
    }
}

/// Writes one shape, with heights where there is one for each vertex.
pub(super) fn write(shape: &Geometry, heights: &[f64], decimals: Option<u8>) -> String {
    let mut writer = Writer { heights: heights.iter(), has_heights: !heights.is_empty(), decimals, out: String::new() };
    writer.geometry(shape);
    writer.out
}

struct Writer<'a> {
    heights: std::slice::Iter<'a, f64>,
    has_heights: bool,
    decimals: Option<u8>,
    out: String,
}

impl Writer<'_> {
    fn head(&mut self, word: &str) {
        self.out.push_str(word);
        self.out.push_str(if self.has_heights { " Z " } else { " " });
    }

    fn number(&mut self, value: f64) {
        let _ = match self.decimals {
            Some(decimals) => write!(self.out, "{value:.*}", usize::from(decimals)),
            None => write!(self.out, "{value}"),
        };
    }

    fn position(&mut self, at: Coord) {
        self.number(at.x);
        self.out.push(' ');
        self.number(at.y);
        if self.has_heights {
            let _ = write!(self.out, " {}", self.heights.next().copied().unwrap_or(0.0));
        }
    }

    fn list<T>(&mut self, parts: impl IntoIterator<Item = T>, mut part: impl FnMut(&mut Self, T)) {
        self.out.push('(');
        for (number, own) in parts.into_iter().enumerate() {
            if number > 0 {
                self.out.push(',');
            }
            part(self, own);
        }
        self.out.push(')');
    }

    fn line(&mut self, line: &LineString) {
        self.list(&line.0, |writer, at| writer.position(*at));
    }

    fn polygon(&mut self, polygon: &Polygon) {
        self.list(std::iter::once(polygon.exterior()).chain(polygon.interiors()), |writer, ring| writer.line(ring));
    }

    fn geometry(&mut self, shape: &Geometry) {
        match shape {
            Geometry::Point(point) => {
                self.head("POINT");
                self.list([point.0], Self::position);
            }
            Geometry::Line(edge) => self.geometry(&Geometry::LineString(LineString::new(vec![edge.start, edge.end]))),
            Geometry::LineString(line) => {
                self.head("LINESTRING");
                self.line(line);
            }
            Geometry::Polygon(polygon) => {
                self.head("POLYGON");
                self.polygon(polygon);
            }
            Geometry::Rect(rect) => self.geometry(&Geometry::Polygon(rect.to_polygon())),
            Geometry::Triangle(triangle) => self.geometry(&Geometry::Polygon(triangle.to_polygon())),
            Geometry::MultiPoint(points) => {
                self.head("MULTIPOINT");
                self.list(points, |writer, point| writer.list([point.0], Self::position));
            }
            Geometry::MultiLineString(lines) => {
                self.head("MULTILINESTRING");
                self.list(lines, |writer, line| writer.line(line));
            }
            Geometry::MultiPolygon(polygons) => {
                self.head("MULTIPOLYGON");
                self.list(polygons, |writer, polygon| writer.polygon(polygon));
            }
            Geometry::GeometryCollection(parts) => {
                self.head("GEOMETRYCOLLECTION");
                self.list(parts, |writer, part| writer.geometry(part));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_return_with_their_heights() {
        for text in [
            "POINT (1.5 2)",
            "LINESTRING Z (1 2 3,4 5 6)",
            "POLYGON ((0 0,1 0,1 1,0 0),(0.1 0.1,0.2 0.1,0.2 0.2,0.1 0.1))",
            "MULTIPOINT ((1 2),(3 4))",
            "MULTIPOLYGON Z (((0 0 1,1 0 1,1 1 1,0 0 1)))",
            "GEOMETRYCOLLECTION (POINT (1 2),LINESTRING (1 2,3 4))",
        ] {
            let (shape, srid) = read(text).unwrap();
            let (shape, depth) = shape.unwrap();
            assert_eq!((write(&shape, &depth.heights, None), srid), (text.to_owned(), None));
            assert!(is_shape(text) && is_shape(&text.to_lowercase()));
        }
        let (shape, srid) = read("SRID=4490;PointZM(1 2 3 4)").unwrap();
        assert_eq!((srid, shape.unwrap().1.measures), (Some(4490), vec![4.0]));
        assert_eq!(read("MULTIPOINT (1 2, 3 4)").unwrap().0.unwrap().1, Depth::default());
        assert_eq!(read("POLYGON EMPTY").unwrap().0, None);
    }

    #[test]
    fn what_is_no_shape_is_refused() {
        for text in ["POINT (1)", "POINT (a b)", "POLYGON ((0 0,1 1", "POINT (1 2) x", "", "LINESTRING 1 2"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read("CIRCULARSTRING (1 2,3 4,5 6)"), Err(ProblemKind::UnknownGeometry("CIRCULARSTRING".into())));
        assert_eq!(read(&"GEOMETRYCOLLECTION (".repeat(50_000)), Err(ProblemKind::TooDeep));
        assert!(!is_shape("Pointe,x,y") && !is_shape("point,name"));
    }
}
