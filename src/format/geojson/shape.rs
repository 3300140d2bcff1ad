//! Coordinates of GeoJSON to shapes (RFC 7946 § 3.1), with what is wrong told by its path.

use crate::format::ProblemKind;
use crate::format::json::{Fault, Scanner};
use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// Coordinates as nested as they came.
#[derive(Debug)]
pub(super) enum Nest {
    /// Longitude (east) and latitude (north), and a third number when there was one.
    Position(Coord, Option<f64>),
    /// Nothing but positions; heights for all of them or for none.
    Line(Line),
    List(Vec<Nest>),
    /// Something that is neither.
    Wrong,
}

/// Positions with their heights, which are empty when none has one.
#[derive(Debug, Default)]
pub(super) struct Line {
    at: Vec<Coord>,
    heights: Vec<f64>,
}

impl Line {
    fn push(&mut self, at: Coord, height: Option<f64>) {
        if let Some(height) = height {
            // those before it lie at none
            self.heights.resize(self.at.len(), 0.0);
            self.heights.push(height);
        } else if !self.heights.is_empty() {
            self.heights.push(0.0);
        }
        self.at.push(at);
    }
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

    /// The shape; `None` when nothing usable is there. Troubles are added with their paths, heights to `depth` when
    /// any vertex has one.
    pub(super) fn build(&self, path: &str, troubles: &mut Vec<Trouble>, heights: &mut Heights) -> Option<Geometry> {
        let kind = self.kind.as_deref().unwrap_or_default();
        if kind == "GeometryCollection" {
            let Some(parts) = &self.parts else {
                troubles.push((ProblemKind::MalformedGeometry, path.into()));
                return None;
            };
            let built: Vec<Geometry> = (0..)
                .zip(parts)
                .filter_map(|(number, part)| part.build(&format!("{path}.geometries[{number}]"), troubles, heights))
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
        let mut builder = Builder { troubles, heights, lost: false };
        let built = match &self.coordinates {
            None => builder.trouble(ProblemKind::MalformedGeometry, &path),
            Some(Nest::List(list)) if list.is_empty() => builder.trouble(ProblemKind::EmptyGeometry, &path),
            Some(nest) => match kind {
                "Point" => builder.point(nest, &path).map(|at| Geometry::Point(Point(at))),
                "MultiPoint" => builder
                    .points(nest, &path)
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
}

/// Heights of the vertices of a shape, as many as there are vertices once one has a height.
#[derive(Debug, Default)]
pub(super) struct Heights {
    /// In the order of the vertices; empty when there are none.
    pub(super) all: Vec<f64>,
    count: usize,
}

impl Heights {
    fn keep(&mut self, count: usize, heights: &[f64]) {
        if !heights.is_empty() && self.all.is_empty() {
            self.all.resize(self.count, 0.0);
        }
        self.count += count;
        if !heights.is_empty() || !self.all.is_empty() {
            self.all.extend_from_slice(heights);
            self.all.resize(self.count, 0.0);
        }
    }
}

fn nest(scanner: &mut Scanner) -> Result<Nest, Fault> {
    if scanner.peek() != Some(b'[') {
        scanner.skip()?;
        return Ok(Nest::Wrong);
    }
    let (mut numbers, mut line, mut list) = ([0.0; 3], Line::default(), Vec::new());
    let (mut count, mut is_wrong) = (0_usize, false);
    scanner.array(|scanner| {
        if scanner.number_next() {
            let number = scanner.number()?.as_f64();
            if let Some(place) = numbers.get_mut(count) {
                *place = number;
            }
            count += 1;
        } else if scanner.peek() == Some(b'[') {
            match nest(scanner)? {
                Nest::Position(at, height) if list.is_empty() => line.push(at, height),
                other => {
                    list.extend(std::mem::take(&mut line).positions());
                    list.push(other);
                }
            }
        } else {
            scanner.skip()?;
            is_wrong = true;
        }
        Ok(())
    })?;
    let is_bare = line.at.is_empty() && list.is_empty();
    Ok(match (count, is_bare, is_wrong) {
        (0, false, false) if list.is_empty() => Nest::Line(line),
        (0, _, false) => Nest::List(list),
        (2.., true, false) => {
            let [x, y, z] = numbers;
            Nest::Position(Coord { x, y }, (count > 2).then_some(z))
        }
        _ => Nest::Wrong,
    })
}

impl Line {
    fn positions(self) -> impl Iterator<Item = Nest> {
        let heights = self.heights.into_iter().map(Some).chain(std::iter::repeat(None));
        self.at.into_iter().zip(heights).map(|(at, height)| Nest::Position(at, height))
    }
}

struct Builder<'a> {
    troubles: &'a mut Vec<Trouble>,
    heights: &'a mut Heights,
    lost: bool,
}

/// A line with heights for all of its vertices or for none.
type Raised = (LineString, Vec<f64>);

impl Builder<'_> {
    fn trouble<T>(&mut self, kind: ProblemKind, path: &str) -> Option<T> {
        self.troubles.push((kind, path.into()));
        self.lost = true;
        None
    }

    fn point(&mut self, nest: &Nest, path: &str) -> Option<Coord> {
        match nest {
            Nest::Position(at, height) if at.x.is_finite() && at.y.is_finite() => {
                self.heights.keep(1, height.as_slice());
                Some(*at)
            }
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
    fn positions(&mut self, nest: &Nest, path: &str) -> Option<Raised> {
        match nest {
            Nest::Line(line) => {
                let wrong = line.at.iter().position(|at| !at.x.is_finite() || !at.y.is_finite());
                if let Some(number) = wrong {
                    return self.trouble(ProblemKind::NotFinite, &format!("{path}[{number}]"));
                }
                Some((LineString::new(line.at.clone()), line.heights.clone()))
            }
            Nest::List(list) => {
                let wrong = list.iter().position(|part| !matches!(part, Nest::Position(..)));
                match wrong {
                    Some(number) => self.trouble(ProblemKind::MalformedGeometry, &format!("{path}[{number}]")),
                    None => Some((LineString::new(Vec::new()), Vec::new())),
                }
            }
            _ => self.trouble(ProblemKind::MalformedGeometry, path),
        }
    }

    fn points(&mut self, nest: &Nest, path: &str) -> Option<LineString> {
        let (line, heights) = self.positions(nest, path)?;
        self.heights.keep(line.0.len(), &heights);
        Some(line)
    }

    fn line(&mut self, nest: &Nest, path: &str) -> Option<LineString> {
        let line = self.points(nest, path)?;
        if line.0.len() < 2 { self.trouble(ProblemKind::TooFewPoints, path) } else { Some(line) }
    }

    fn polygon(&mut self, nest: &Nest, path: &str) -> Option<Polygon> {
        let mut rings = self.many(nest, path, Builder::ring)?.into_iter();
        let outer = match rings.next() {
            Some(outer) if outer.0.0.len() >= 4 => outer,
            Some(_) => return self.trouble(ProblemKind::TooFewPoints, path),
            None => return self.trouble(ProblemKind::EmptyGeometry, path),
        };
        let mut keep = |(ring, heights): Raised| {
            self.heights.keep(ring.0.len(), &heights);
            ring
        };
        let outer = keep(outer);
        // a hole without area takes nothing away
        Some(Polygon::new(outer, rings.filter(|ring| ring.0.0.len() >= 4).map(keep).collect()))
    }

    fn ring(&mut self, nest: &Nest, path: &str) -> Option<Raised> {
        let (mut ring, mut heights) = self.positions(nest, path)?;
        if ring.0.len() >= 3 && !ring.is_closed() {
            self.troubles.push((ProblemKind::RingClosed, path.into()));
            ring.close();
            heights.extend(heights.first().copied());
        }
        if ring.0.len() < 4 {
            self.troubles.push((ProblemKind::TooFewPoints, path.into()));
        }
        Some((ring, heights))
    }
}
