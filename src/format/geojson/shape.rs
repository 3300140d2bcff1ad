//! Coordinates of GeoJSON to shapes (RFC 7946 § 3.1), with what is wrong told by its path.

use crate::format::ProblemKind;
use crate::format::json::{Fault, Scanner};
use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// Coordinates as nested as they came.
#[derive(Debug)]
pub(super) enum Nest {
    /// Longitude (east) and latitude (north), and how many numbers there were.
    Position(Coord, u8),
    List(Vec<Nest>),
    /// Something that is neither.
    Wrong,
}

/// A geometry object before its type is known to fit its coordinates.
#[derive(Debug, Default)]
pub(super) struct RawShape {
    pub(super) kind: Option<String>,
    pub(super) coordinates: Option<Nest>,
    pub(super) parts: Option<Vec<RawShape>>,
}

/// A problem and the path to it.
pub(super) type Trouble = (ProblemKind, String);

/// Reads a geometry object; `None` for null.
pub(super) fn read(scanner: &mut Scanner) -> Result<Option<RawShape>, Fault> {
    match scanner.peek() {
        Some(b'{') => {
            let mut shape = RawShape::default();
            scanner.object(|scanner, key| shape.member(scanner, &key))?;
            Ok(Some(shape))
        }
        Some(b'n') => scanner.skip().map(|()| None),
        _ => {
            scanner.skip()?;
            Ok(Some(RawShape::default()))
        }
    }
}

impl RawShape {
    /// Reads one member of a geometry object; passes over the ones it does not know.
    pub(super) fn member(&mut self, scanner: &mut Scanner, key: &str) -> Result<(), Fault> {
        match key {
            "type" if scanner.peek() == Some(b'"') => self.kind = Some(scanner.string()?),
            "coordinates" => self.coordinates = Some(nest(scanner)?),
            "geometries" if scanner.peek() == Some(b'[') => {
                let mut parts = Vec::new();
                scanner.array(|scanner| {
                    parts.push(read(scanner)?.unwrap_or_default());
                    Ok(())
                })?;
                self.parts = Some(parts);
            }
            _ => scanner.skip()?,
        }
        Ok(())
    }

    /// The shape; `None` when nothing usable is there. Troubles are added with their paths.
    pub(super) fn build(&self, path: &str, troubles: &mut Vec<Trouble>) -> Option<Geometry> {
        let kind = self.kind.as_deref().unwrap_or_default();
        if kind == "GeometryCollection" {
            let Some(parts) = &self.parts else {
                troubles.push((ProblemKind::MalformedGeometry, path.into()));
                return None;
            };
            let built: Vec<Geometry> = (0..)
                .zip(parts)
                .filter_map(|(number, part)| part.build(&format!("{path}.geometries[{number}]"), troubles))
                .collect();
            if parts.is_empty() {
                troubles.push((ProblemKind::EmptyGeometry, path.into()));
            }
            if built.is_empty() || built.len() < parts.len() {
                return None;
            }
            return Some(Geometry::GeometryCollection(geo::GeometryCollection::new_from(built)));
        }
        let known = ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"];
        if !known.contains(&kind) {
            troubles.push((ProblemKind::UnknownGeometry(kind.chars().take(60).collect()), path.into()));
            return None;
        }
        let path = format!("{path}.coordinates");
        let mut builder = Builder { troubles, lost: false };
        let built = match &self.coordinates {
            None => builder.trouble(ProblemKind::MalformedGeometry, &path),
            Some(Nest::List(list)) if list.is_empty() => builder.trouble(ProblemKind::EmptyGeometry, &path),
            Some(nest) => match kind {
                "Point" => builder.position(nest, &path).map(|at| Geometry::Point(Point(at))),
                "MultiPoint" => builder
                    .positions(nest, &path)
                    .map(|line| Geometry::MultiPoint(MultiPoint::new(line.0.into_iter().map(Point).collect()))),
                "LineString" => builder.line(nest, &path).map(Geometry::LineString),
                "MultiLineString" => builder
                    .many(nest, &path, Builder::line)
                    .map(|lines| Geometry::MultiLineString(MultiLineString::new(lines))),
                "Polygon" => builder.polygon(nest, &path).map(Geometry::Polygon),
                _ => builder
                    .many(nest, &path, Builder::polygon)
                    .map(|areas| Geometry::MultiPolygon(MultiPolygon::new(areas))),
            },
        };
        // a shape that lost a part would claim less than the file says
        built.filter(|_| !builder.lost)
    }

    /// How many positions carry more than two numbers.
    pub(super) fn heights(&self) -> usize {
        let parts = self.parts.iter().flatten().map(RawShape::heights).sum::<usize>();
        parts + self.coordinates.as_ref().map_or(0, Nest::heights)
    }
}

impl Nest {
    fn heights(&self) -> usize {
        match self {
            Nest::Position(_, numbers) => usize::from(*numbers > 2),
            Nest::List(list) => list.iter().map(Nest::heights).sum(),
            Nest::Wrong => 0,
        }
    }
}

fn nest(scanner: &mut Scanner) -> Result<Nest, Fault> {
    if scanner.peek() != Some(b'[') {
        scanner.skip()?;
        return Ok(Nest::Wrong);
    }
    let (mut numbers, mut list) = ([0.0; 2], Vec::new());
    let (mut count, mut is_wrong) = (0_usize, false);
    scanner.array(|scanner| {
        if scanner.number_next() {
            let number = scanner.number()?.as_f64();
            if let Some(place) = numbers.get_mut(count) {
                *place = number;
            }
            count += 1;
        } else if scanner.peek() == Some(b'[') {
            list.push(nest(scanner)?);
        } else {
            scanner.skip()?;
            is_wrong = true;
        }
        Ok(())
    })?;
    Ok(match (count, list.is_empty(), is_wrong) {
        (0, _, false) => Nest::List(list),
        (2.., true, false) => {
            let [x, y] = numbers;
            Nest::Position(Coord { x, y }, u8::try_from(count).unwrap_or(u8::MAX))
        }
        _ => Nest::Wrong,
    })
}

struct Builder<'a> {
    troubles: &'a mut Vec<Trouble>,
    lost: bool,
}

impl Builder<'_> {
    fn trouble<T>(&mut self, kind: ProblemKind, path: &str) -> Option<T> {
        self.troubles.push((kind, path.into()));
        self.lost = true;
        None
    }

    fn position(&mut self, nest: &Nest, path: &str) -> Option<Coord> {
        match nest {
            Nest::Position(at, _) if at.x.is_finite() && at.y.is_finite() => Some(*at),
            Nest::Position(..) => self.trouble(ProblemKind::NotFinite, path),
            _ => self.trouble(ProblemKind::MalformedGeometry, path),
        }
    }

    fn many<T>(
        &mut self,
        nest: &Nest,
        path: &str,
        mut build: impl FnMut(&mut Self, &Nest, &str) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Nest::List(list) = nest else {
            return self.trouble(ProblemKind::MalformedGeometry, path);
        };
        let mut parts = Vec::with_capacity(list.len());
        for (number, part) in (0..).zip(list) {
            let path = format!("{path}[{number}]");
            match part {
                // an empty part takes nothing from the others
                Nest::List(inner) if inner.is_empty() => self.troubles.push((ProblemKind::EmptyGeometry, path)),
                _ => parts.push(build(self, part, &path)?),
            }
        }
        Some(parts)
    }

    /// The positions of a list; a path is only written for the one that fails.
    fn positions(&mut self, nest: &Nest, path: &str) -> Option<LineString> {
        let Nest::List(list) = nest else {
            return self.trouble(ProblemKind::MalformedGeometry, path);
        };
        let mut line = Vec::with_capacity(list.len());
        for (number, part) in (0..).zip(list) {
            match part {
                Nest::Position(at, _) if at.x.is_finite() && at.y.is_finite() => line.push(*at),
                _ => line.push(self.position(part, &format!("{path}[{number}]"))?),
            }
        }
        Some(LineString::new(line))
    }

    fn line(&mut self, nest: &Nest, path: &str) -> Option<LineString> {
        let line = self.positions(nest, path)?;
        if line.0.len() < 2 { self.trouble(ProblemKind::TooFewPoints, path) } else { Some(line) }
    }

    fn polygon(&mut self, nest: &Nest, path: &str) -> Option<Polygon> {
        let mut rings = self.many(nest, path, Builder::ring)?.into_iter();
        match rings.next() {
            // a hole without area takes nothing away
            Some(outer) if outer.0.len() >= 4 => {
                Some(Polygon::new(outer, rings.filter(|ring| ring.0.len() >= 4).collect()))
            }
            Some(_) => self.trouble(ProblemKind::TooFewPoints, path),
            None => self.trouble(ProblemKind::EmptyGeometry, path),
        }
    }

    fn ring(&mut self, nest: &Nest, path: &str) -> Option<LineString> {
        let mut ring = self.positions(nest, path)?;
        if ring.0.len() >= 3 && !ring.is_closed() {
            self.troubles.push((ProblemKind::RingClosed, path.into()));
            ring.close();
        }
        if ring.0.len() < 4 {
            self.troubles.push((ProblemKind::TooFewPoints, path.into()));
        }
        Some(ring)
    }
}
