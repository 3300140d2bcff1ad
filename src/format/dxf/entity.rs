//! One entity: its groups, and the shape that they draw.

use super::curve::{Path, Spline};
use super::frame::{Frame, Triple, cross, norm};
use super::group::{Group, Groups};
use super::hatch;
use crate::format::ProblemKind;
use crate::format::raw::Depth;
use geo::{Coord, Geometry, LineString, Point, Polygon};
use std::f64::consts::TAU;

/// Ends that lie as near as this meet; nearer where the numbers may be degrees.
const MEETING: (f64, f64) = (0.01, 1e-7);

/// An entity and its groups, without what programs have added for themselves.
#[derive(Debug, Default)]
pub(super) struct Entity<'a> {
    pub(super) kind: &'a [u8],
    pub(super) groups: Vec<Group<'a>>,
    pub(super) line: Option<usize>,
}

/// Whether there is a further entity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Next {
    /// Yes, and it is whole.
    Entity,
    /// No: the section or block ends.
    End,
    /// No: the file ends, perhaps within an entity.
    Cut,
}

/// What became of an entity.
pub(super) enum Drawn {
    /// A shape, with what was wrong.
    Shape(Geometry, Depth, Vec<ProblemKind>),
    /// A shape that could not be used, and why.
    Lost(Vec<ProblemKind>),
    /// A kind that draws nothing that could be used here.
    Unknown,
}

impl<'a> Entity<'a> {
    /// Reads the next entity in place of this one.
    pub(super) fn read(&mut self, from: &mut Groups<'a>) -> Next {
        self.groups.clear();
        let ahead = loop {
            self.line = from.line();
            let Some(group) = from.next() else { return Next::Cut };
            if group.code == 0 {
                break group;
            }
        };
        self.kind = ahead.name();
        if matches!(self.kind, b"ENDSEC" | b"ENDBLK" | b"EOF") {
            return Next::End;
        }
        // groups between `102 {…` and `102 }` and after a `101` belong to programs or to embedded objects
        let (mut is_own, mut is_embedded) = (true, false);
        loop {
            let mut after = *from;
            let Some(group) = after.next() else { return Next::Cut };
            match group.code {
                0 => return Next::Entity,
                101 => is_embedded = true,
                102 => is_own = !group.name().starts_with(b"{"),
                100 | 105 | 300..=369 | 1000.. => {}
                _ if is_own && !is_embedded => self.groups.push(group),
                _ => {}
            }
            *from = after;
        }
    }

    /// The first group of a code.
    pub(super) fn group(&self, code: i32) -> Option<&Group<'a>> {
        self.groups.iter().find(|group| group.code == code)
    }

    /// The name under a code; empty when there is none.
    pub(super) fn name(&self, code: i32) -> &'a [u8] {
        self.group(code).map_or(b"", Group::name)
    }

    /// A whole number, zero when there is none.
    pub(super) fn integer(&self, code: i32) -> i64 {
        self.group(code).map_or(0, Group::integer)
    }

    /// A number, or this one.
    pub(super) fn real(&self, code: i32, absent: f64) -> f64 {
        self.group(code).map_or(absent, Group::real)
    }

    /// A position whose three codes are ten apart; east and north must be there.
    pub(super) fn point(&self, code: i32) -> Triple {
        [self.real(code, f64::NAN), self.real(code + 10, f64::NAN), self.real(code + 20, 0.0)]
    }

    /// The positions under a code, each a new one where the code comes again.
    pub(super) fn points(&self, code: i32) -> Vec<Triple> {
        let mut points: Vec<Triple> = Vec::new();
        for group in &self.groups {
            if group.code == code {
                points.push([group.real(), f64::NAN, 0.0]);
            } else if let Some(at) = points.last_mut() {
                if group.code == code + 10 {
                    at[1] = group.real();
                } else if group.code == code + 20 {
                    at[2] = group.real();
                }
            }
        }
        points
    }

    /// The numbers under a code.
    pub(super) fn reals(&self, code: i32) -> Vec<f64> {
        self.groups.iter().filter(|group| group.code == code).map(Group::real).collect()
    }

    /// The frame of the plane that the entity is drawn in.
    pub(super) fn plane(&self, outer: &Frame) -> Frame {
        outer.of_inner(&Frame::of_normal(self.normal()))
    }

    fn normal(&self) -> Triple {
        [self.real(210, 0.0), self.real(220, 0.0), self.real(230, 1.0)]
    }

    /// The shape; `parts` are the vertices of a POLYLINE. `left` counts down the vertices that curves may add.
    pub(super) fn draw(&self, parts: &[Vertex], outer: &Frame, left: &mut usize) -> Drawn {
        let world = Path::new(*outer, *left);
        let plane = || Path::new(self.plane(outer), *left);
        let (mut path, is_closed) = match self.kind {
            b"POINT" => return point(outer.apply(self.point(10))),
            b"TEXT" | b"ATTDEF" => return point(self.plane(outer).apply(self.place_of_text())),
            b"MTEXT" => return point(outer.apply(self.point(10))),
            b"LINE" => (with(world, [self.point(10), self.point(11)]), false),
            b"LEADER" => (with(world, self.points(10)), false),
            b"LWPOLYLINE" => self.light(plane()),
            b"POLYLINE" => {
                let flags = self.integer(70);
                if flags & (16 | 64) != 0 {
                    return Drawn::Unknown;
                }
                let is_flat = flags & 8 == 0;
                let path = if is_flat { plane() } else { world };
                self.heavy(parts, path, is_flat, flags)
            }
            b"CIRCLE" | b"ARC" => {
                let mut path = plane();
                let is_whole = self.kind == b"CIRCLE";
                let (from, to) = (self.real(50, 0.0), self.real(51, 360.0));
                let sweep = if is_whole { 360.0 } else { turn(from, to) };
                let start = if is_whole { 0.0 } else { from };
                path.arc(self.point(10), self.real(40, f64::NAN).abs(), start.to_radians(), sweep.to_radians());
                // an arc stays a line
                (path, is_whole)
            }
            b"ELLIPSE" => self.ellipse(world),
            b"SPLINE" => match self.spline(world) {
                Some(drawn) => drawn,
                None => return Drawn::Lost(vec![ProblemKind::MalformedGeometry]),
            },
            b"SOLID" | b"TRACE" => {
                let [a, b, c] = [self.point(10), self.point(11), self.point(12)];
                // the corners stand crosswise
                let corners = self.group(13).map(|_| self.point(13)).filter(|d| *d != c);
                (with(plane(), [a, b].into_iter().chain(corners).chain([c])), true)
            }
            b"3DFACE" => {
                let corners = [self.point(10), self.point(11), self.point(12)];
                let last = self.group(13).map(|_| self.point(13)).filter(|last| Some(last) != corners.last());
                (with(world, corners.into_iter().chain(last)), true)
            }
            b"HATCH" => return hatch::draw(self, &self.plane(outer), left),
            _ => return Drawn::Unknown,
        };
        *left = path.left();
        let is_arc = self.kind == b"ARC" || self.kind == b"LINE";
        finish(std::mem::take(&mut path.points), is_closed, is_arc)
    }

    /// The point a text hangs on: the second one where it is not aligned to the left and its base line.
    fn place_of_text(&self) -> Triple {
        let (across, up) = (self.integer(72), if self.kind == b"ATTDEF" { self.integer(74) } else { self.integer(73) });
        let is_second = (across != 0 || up != 0) && !matches!(across, 3 | 5);
        if is_second && self.group(11).is_some() { self.point(11) } else { self.point(10) }
    }

    fn light(&self, mut path: Path) -> (Path, bool) {
        let is_closed = self.integer(70) & 1 != 0;
        let height = self.real(38, 0.0);
        let mut vertices: Vec<Vertex> = Vec::new();
        for group in &self.groups {
            match (group.code, vertices.last_mut()) {
                (10, _) => vertices.push(Vertex { at: [group.real(), f64::NAN, height], ..Vertex::default() }),
                (20, Some(vertex)) => vertex.at[1] = group.real(),
                (42, Some(vertex)) => vertex.bulge = group.real(),
                _ => {}
            }
        }
        chain(&vertices, is_closed, &mut path);
        (path, is_closed)
    }

    fn heavy(&self, parts: &[Vertex], mut path: Path, is_flat: bool, flags: i64) -> (Path, bool) {
        let is_closed = flags & 1 != 0;
        let height = self.real(30, 0.0);
        // control points of a curve are no part of it
        let vertices = parts.iter().filter(|vertex| vertex.flags & 16 == 0).copied().map(|mut vertex| {
            if is_flat && height != 0.0 {
                vertex.at[2] = height;
            }
            if !is_flat {
                vertex.bulge = 0.0;
            }
            vertex
        });
        chain(&vertices.collect::<Vec<_>>(), is_closed, &mut path);
        (path, is_closed)
    }

    fn ellipse(&self, mut path: Path) -> (Path, bool) {
        let major = self.point(11);
        let normal = self.normal();
        let length = norm(normal);
        let ratio = self.real(40, 1.0);
        let minor = cross(normal, major).map(|part| part * ratio / if length > 0.0 { length } else { 1.0 });
        let (from, to) = (self.real(41, 0.0), self.real(42, TAU));
        let sweep = if (to - from).abs() >= TAU - 1e-9 { TAU } else { (to - from).rem_euclid(TAU) };
        let is_whole = sweep == TAU || sweep == 0.0;
        path.ellipse(self.point(10), [major, minor], from, if is_whole { TAU } else { sweep });
        (path, is_whole)
    }

    fn spline(&self, mut path: Path) -> Option<(Path, bool)> {
        let is_closed = self.integer(70) & 1 != 0;
        let controls = self.points(10);
        let spline = if controls.is_empty() {
            Spline::through(&self.points(11))?
        } else {
            let degree = usize::try_from(self.integer(71)).ok()?;
            Spline { degree, knots: self.reals(40), weights: self.reals(41), controls }
        };
        // what is no number is told as such
        if !path.spline(&spline) {
            return None;
        }
        Some((path, is_closed))
    }
}

/// A vertex of a polyline.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vertex {
    pub(super) at: Triple,
    pub(super) bulge: f64,
    pub(super) flags: i64,
}

impl Vertex {
    /// Of a VERTEX.
    pub(super) fn of(entity: &Entity) -> Vertex {
        Vertex { at: entity.point(10), bulge: entity.real(42, 0.0), flags: entity.integer(70) }
    }
}

/// Draws vertices with the arcs between them.
pub(super) fn chain(vertices: &[Vertex], is_closed: bool, path: &mut Path) {
    let Some(first) = vertices.first() else { return };
    path.push(first.at);
    for (from, to) in vertices.iter().zip(vertices.iter().skip(1)) {
        path.bulge(from.at, to.at, from.bulge);
    }
    if let Some(last) = vertices.last().filter(|_| is_closed && vertices.len() > 1) {
        path.bulge(last.at, first.at, last.bulge);
    }
}

/// The turn in degrees from one angle to another, counter-clockwise; a full one when they are the same.
pub(super) fn turn(from: f64, to: f64) -> f64 {
    let sweep = (to - from).rem_euclid(360.0);
    if sweep == 0.0 { 360.0 } else { sweep }
}

fn with(mut path: Path, points: impl IntoIterator<Item = Triple>) -> Path {
    points.into_iter().for_each(|at| path.push(at));
    path
}

/// A point.
pub(super) fn point(at: Triple) -> Drawn {
    if !at[0].is_finite() || !at[1].is_finite() {
        return Drawn::Lost(vec![ProblemKind::NotFinite]);
    }
    Drawn::Shape(Geometry::Point(Point::new(at[0], at[1])), heights([at].iter()), Vec::new())
}

/// Heights, if any is not zero.
pub(super) fn heights<'p>(points: impl Iterator<Item = &'p Triple> + Clone) -> Depth {
    let height = |at: &Triple| if at[2].is_finite() { at[2] } else { 0.0 };
    let heights = if points.clone().any(|at| height(at) != 0.0) { points.map(height).collect() } else { Vec::new() };
    Depth { heights, measures: Vec::new() }
}

/// A line or area of positions.
fn finish(mut points: Vec<Triple>, is_closed: bool, is_line: bool) -> Drawn {
    if points.iter().any(|at| !at[0].is_finite() || !at[1].is_finite()) {
        return Drawn::Lost(vec![ProblemKind::NotFinite]);
    }
    points.dedup();
    if points.len() < 2 {
        // a line without length is still somewhere
        return match points.first() {
            Some(at) => point(*at),
            None => Drawn::Lost(vec![ProblemKind::EmptyGeometry]),
        };
    }
    let ring = if is_line { None } else { ring(&points, is_closed) };
    let is_area = ring.is_some();
    let points = ring.unwrap_or(points);
    let line = LineString::new(points.iter().map(|at| Coord { x: at[0], y: at[1] }).collect());
    let depth = heights(points.iter());
    let shape = if is_area { Polygon::new(line, Vec::new()).into() } else { Geometry::LineString(line) };
    Drawn::Shape(shape, depth, Vec::new())
}

/// Whether two positions are meant to be the same.
pub(super) fn meet(a: Triple, b: Triple) -> bool {
    let is_small = a[0].abs() <= 180.0 && a[1].abs() <= 90.0;
    let near = if is_small { MEETING.1 } else { MEETING.0 };
    (a[0] - b[0]).hypot(a[1] - b[1]) <= near
}

/// The ring of a line that is closed or whose ends meet; `None` when it goes round nothing.
pub(super) fn ring(points: &[Triple], is_closed: bool) -> Option<Vec<Triple>> {
    let (first, last) = (*points.first()?, *points.last()?);
    let mut ring = points.to_vec();
    if meet(first, last) {
        *ring.last_mut()? = first;
    } else if is_closed {
        ring.push(first);
    } else {
        return None;
    }
    ring.dedup();
    let area = twice_area(&ring);
    (ring.len() >= 4 && area != 0.0).then_some(ring)
}

/// Twice the area of a ring, positive when it turns counter-clockwise.
pub(super) fn twice_area(ring: &[Triple]) -> f64 {
    let Some(origin) = ring.first() else { return 0.0 };
    let pairs = ring.iter().zip(ring.iter().skip(1));
    pairs.map(|(a, b)| (a[0] - origin[0]) * (b[1] - origin[1]) - (b[0] - origin[0]) * (a[1] - origin[1])).sum()
}
