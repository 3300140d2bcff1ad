//! HATCH: boundary paths of vertices with arcs, or of edges in any order, to areas with holes.

use super::curve::{Path, Spline};
use super::entity::{Drawn, Entity, Vertex, chain, heights, meet, ring, turn, twice_area};
use super::frame::{Frame, Triple};
use super::group::Group;
use crate::format::ProblemKind;
use crate::format::rings::{self, Strand};
use geo::Coord;

/// Most edges of a path that are looked through for one that goes on; more must stand in their order.
const MOST_EDGES: usize = 4_000;

/// The shape of a HATCH.
pub(super) fn draw(entity: &Entity, plane: &Frame, left: &mut usize) -> Drawn {
    let height = entity.real(30, 0.0);
    let mut told = Vec::new();
    let mut strands = Vec::new();
    for part in paths(&entity.groups) {
        let flags = part.first().map_or(0, Group::integer);
        // the frame around a text that stands in the hatch
        if flags & 8 != 0 {
            continue;
        }
        let found = if flags & 2 != 0 { vertices(part, height, plane, left) } else { edges(part, height, plane, left) };
        for ring in found {
            strands.extend(strand(ring, &mut told));
        }
    }
    if told.contains(&ProblemKind::NotFinite) {
        return Drawn::Lost(told);
    }
    match rings::areas(strands, &mut told) {
        Some((shape, depth)) => Drawn::Shape(shape, depth, told),
        None => {
            told.push(ProblemKind::EmptyGeometry);
            Drawn::Lost(told)
        }
    }
}

/// The groups of each path, which begins with its flags (92) and ends where the next begins or the style is told.
fn paths<'g, 'a>(groups: &'g [Group<'a>]) -> impl Iterator<Item = &'g [Group<'a>]> {
    let start = groups.iter().position(|group| group.code == 91).map_or(groups.len(), |at| at + 1);
    let rest = groups.get(start..).unwrap_or_default();
    let end = rest.iter().position(|group| matches!(group.code, 75 | 76)).unwrap_or(rest.len());
    let rest = rest.get(..end).unwrap_or_default();
    let starts: Vec<usize> = rest.iter().enumerate().filter(|(_, group)| group.code == 92).map(|(at, _)| at).collect();
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([rest.len()]).collect();
    starts.into_iter().zip(ends).filter_map(move |(start, end)| rest.get(start..end))
}

/// A ring turned counter-clockwise, so that holes are told by what lies in what.
fn strand(mut points: Vec<Triple>, told: &mut Vec<ProblemKind>) -> Option<Strand> {
    let mut tell = |kind: ProblemKind| -> Option<Strand> {
        if !told.contains(&kind) {
            told.push(kind);
        }
        None
    };
    if points.iter().any(|at| !at[0].is_finite() || !at[1].is_finite()) {
        return tell(ProblemKind::NotFinite);
    }
    points.dedup();
    if points.first().zip(points.last()).is_some_and(|(first, last)| !meet(*first, *last)) {
        tell(ProblemKind::RingClosed);
    }
    let Some(mut ring) = ring(&points, true) else { return tell(ProblemKind::TooFewPoints) };
    if twice_area(&ring) < 0.0 {
        ring.reverse();
    }
    let heights = heights(ring.iter()).heights;
    Some(Strand { line: ring.iter().map(|at| Coord { x: at[0], y: at[1] }).collect(), heights, measures: Vec::new() })
}

/// A path of vertices with arcs between them.
fn vertices(part: &[Group], height: f64, plane: &Frame, left: &mut usize) -> Vec<Vec<Triple>> {
    let mut vertices: Vec<Vertex> = Vec::new();
    for group in part {
        match (group.code, vertices.last_mut()) {
            (10, _) => vertices.push(Vertex { at: [group.real(), f64::NAN, height], ..Vertex::default() }),
            (20, Some(vertex)) => vertex.at[1] = group.real(),
            (42, Some(vertex)) => vertex.bulge = group.real(),
            // what follows are the entities the hatch was made of
            (97, _) => break,
            _ => {}
        }
    }
    let mut path = Path::new(*plane, *left);
    chain(&vertices, true, &mut path);
    *left = path.left();
    vec![path.points]
}

/// The rings of a path of edges.
fn edges(part: &[Group], height: f64, plane: &Frame, left: &mut usize) -> Vec<Vec<Triple>> {
    let starts: Vec<usize> = part.iter().enumerate().filter(|(_, group)| group.code == 72).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([part.len()]);
    let mut lines = Vec::new();
    for (start, end) in starts.iter().copied().zip(ends) {
        let groups = part.get(start..end).unwrap_or_default();
        let mut path = Path::new(*plane, *left);
        edge(groups, height, &mut path);
        *left = path.left();
        if path.points.len() > 1 {
            lines.push(path.points);
        }
    }
    join(lines)
}

fn edge(groups: &[Group], height: f64, path: &mut Path) {
    let is_spline = groups.first().map_or(0, Group::integer) == 4;
    let entity = Entity { groups: groups.to_vec(), ..Entity::default() };
    let flat = |code: i32| {
        let [x, y, _] = entity.point(code);
        [x, y, height]
    };
    // angles of an edge that runs clockwise are counted clockwise
    let sign = if entity.integer(73) != 0 || entity.group(73).is_none() { 1.0 } else { -1.0 };
    let (from, to) = (entity.real(50, 0.0), entity.real(51, 360.0));
    match entity.integer(72) {
        1 => {
            path.push(flat(10));
            path.push(flat(11));
        }
        2 => {
            let sweep = if (to - from).abs() >= 360.0 - 1e-9 { 360.0 } else { turn(from, to) };
            path.arc(flat(10), entity.real(40, f64::NAN), sign * from.to_radians(), sign * sweep.to_radians());
        }
        3 => {
            let [x, y, _] = entity.point(11);
            let ratio = entity.real(40, 1.0);
            let minor = [-y * ratio, x * ratio, 0.0];
            let (from, to) = (parameter(from, ratio), parameter(to, ratio));
            let sweep = if (to - from).abs() >= 360.0 - 1e-9 { 360.0 } else { turn(from, to) };
            path.ellipse(flat(10), [[x, y, 0.0], minor], sign * from.to_radians(), sign * sweep.to_radians());
        }
        _ if is_spline => {
            let mut controls: Vec<Triple> = entity.points(10);
            controls.iter_mut().for_each(|at| at[2] = height);
            let degree = usize::try_from(entity.integer(94)).unwrap_or_default();
            let spline = Spline { degree, knots: entity.reals(40), weights: entity.reals(42), controls };
            if !path.spline(&spline) {
                // told as a position that is no number
                path.push([f64::NAN; 3]);
                path.push([f64::NAN; 3]);
            }
        }
        _ => {}
    }
}

/// The angle on the circle of an ellipse for the angle seen from its centre, both in degrees.
fn parameter(angle: f64, ratio: f64) -> f64 {
    let whole = (angle / 360.0).floor() * 360.0;
    let (sine, cosine) = (angle - whole).to_radians().sin_cos();
    whole + (sine / ratio).atan2(cosine).to_degrees().rem_euclid(360.0)
}

/// Joins lines end to end to rings; a line may have to be turned round, and not be the next in the file.
fn join(lines: Vec<Vec<Triple>>) -> Vec<Vec<Triple>> {
    let is_long = lines.len() > MOST_EDGES;
    let mut rest: std::collections::VecDeque<Vec<Triple>> = lines.into();
    let mut rings = Vec::new();
    while let Some(mut ring) = rest.pop_front() {
        while let Some((first, last)) = ring.first().copied().zip(ring.last().copied()) {
            if ring.len() > 2 && meet(first, last) {
                break;
            }
            let look = if is_long { 1 } else { rest.len() };
            let starts = |line: &Vec<Triple>| line.first().is_some_and(|at| meet(last, *at));
            let ends = |line: &Vec<Triple>| line.last().is_some_and(|at| meet(last, *at));
            let next = rest.iter().take(look).position(|line| starts(line) || ends(line));
            let Some(mut line) = next.and_then(|at| rest.remove(at)) else { break };
            if !starts(&line) {
                line.reverse();
            }
            ring.extend(line.into_iter().skip(1));
        }
        rings.push(ring);
    }
    rings
}
