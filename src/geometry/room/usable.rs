//! How much ground lies clear of all barriers, on the ellipsoid: cells are halved until one straight border runs
//! through them, whose share is exact; what round borders and corners leave open is the error.

use super::barrier::{Barriers, Edge};
use super::cell::{Cell, Found, Space};
use super::footprint::Footprint;
use geo::Coord;
use rayon::prelude::*;

/// Half the side of the smallest cells, metres.
const SMALLEST: f64 = 0.25;
/// A round border may bend away from its tangent by this much within a cell, metres.
const BEND: f64 = 0.02;
/// Borders that may run through a cell whose part is told by their tangents.
const MOST_TANGENTS: usize = 16;
/// Cells on a side at the start.
const START: u32 = 12;

/// An area with what it may be wrong by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Usable {
    /// Square metres on the ellipsoid.
    pub area: f64,
    /// It may be as much more or less, square metres.
    pub error: f64,
}

impl std::iter::Sum for Usable {
    fn sum<I: Iterator<Item = Usable>>(all: I) -> Usable {
        all.fold(Usable::default(), |sum, one| Usable { area: sum.area + one.area, error: sum.error + one.error })
    }
}

/// The clear ground in a box of the plane.
pub fn usable(barriers: &Barriers, low: Coord, high: Coord, go_on: &(dyn Fn() -> bool + Sync)) -> Usable {
    let point = Footprint::point();
    let space = Space { barriers, footprint: &point, margin: 0.0 };
    let side = (high.x - low.x).max(high.y - low.y) / f64::from(START);
    let all = space.all_edges();
    let cells: Vec<Cell> = (0..START * START)
        .map(|number| {
            let (column, row) = (f64::from(number % START), f64::from(number / START));
            let centre = Coord { x: low.x + (column + 0.5) * side, y: low.y + (row + 0.5) * side };
            Cell { centre, half: side / 2.0 }
        })
        .collect();
    cells
        .into_par_iter()
        .map(|cell| {
            if !go_on() {
                return Usable::default();
            }
            let mut pile = Vec::with_capacity(4096);
            pile.extend_from_slice(&all);
            let whole = 0..pile.len();
            clear_part(&space, cell, false, whole, &mut pile)
        })
        .sum()
}

fn clear_part(
    space: &Space,
    cell: Cell,
    grounds_known: bool,
    among: std::ops::Range<usize>,
    pile: &mut Vec<u32>,
) -> Usable {
    let mut grounds_known = grounds_known;
    let mut kept = Vec::new();
    let found = space.inspect(cell, pile.get(among).unwrap_or_default(), &mut grounds_known, &mut kept);
    let scale = space.barriers.scale(cell.centre);
    let all = 4.0 * cell.half * cell.half / (scale * scale);
    match found {
        Found::Blocked => return Usable::default(),
        Found::Free => return Usable { area: all, error: 0.0 },
        Found::Open => {}
    }
    if let Some(part) = by_borders(space, cell, grounds_known, &kept) {
        return Usable { area: part.area / (scale * scale), error: part.error / (scale * scale) };
    }
    if cell.half <= SMALLEST {
        return Usable { area: all / 2.0, error: all / 2.0 };
    }
    let start = pile.len();
    pile.extend_from_slice(&kept);
    let end = pile.len();
    let parts = cell.quarters().map(|quarter| {
        let part = clear_part(space, quarter, grounds_known, start..end, pile);
        pile.truncate(end);
        part
    });
    pile.truncate(start);
    parts.into_iter().sum()
}

/// The clear part of a cell (plane) when the borders that run through it are simple enough.
fn by_borders(space: &Space, cell: Cell, grounds_known: bool, among: &[u32]) -> Option<Usable> {
    if among.len() > MOST_TANGENTS {
        return None;
    }
    let edges: Vec<&Edge> = among.iter().filter_map(|number| space.edge(*number)).collect();
    let corners = cell.corners();
    let is_straight = |edge: &Edge| corners.iter().all(|corner| !edge.foot(*corner).1);
    match edges.as_slice() {
        [edge] if is_straight(edge) => return straight(space, cell, grounds_known, edge),
        [one, two] if !grounds_known => return corner(space, cell, one, two).or_else(|| corner(space, cell, two, one)),
        _ if !grounds_known => return None,
        _ => {}
    }
    // What each edge forbids is convex, so beyond its tangent nothing is forbidden by it; between the tangent and its
    // border lies no more than the bend.
    let (centre, radius) = (cell.centre, cell.radius());
    let mut part: Vec<Coord> = corners.to_vec();
    let mut error = 0.0;
    for edge in edges {
        let (foot, _) = edge.foot(centre);
        let distance = edge.distance(centre);
        let bend = if is_straight(edge) { 0.0 } else { radius * radius / (2.0 * (distance - radius)) };
        if distance <= 2.0 * radius || bend > BEND {
            return None;
        }
        let out = Coord { x: (centre.x - foot.x) / distance, y: (centre.y - foot.y) / distance };
        part = cut(&part, out, edge.reach + out.x * foot.x + out.y * foot.y);
        error += bend * 2.0 * radius;
    }
    Some(Usable { area: area(&part, centre), error })
}

/// The side of an edge away from its ground, and where along that its line lies.
fn outwards(edge: &Edge) -> Option<(Coord, f64)> {
    let (dx, dy) = (edge.to.x - edge.from.x, edge.to.y - edge.from.y);
    let length = libm::hypot(dx, dy);
    // ground lies to the left
    let out = Coord { x: dy / length, y: -dx / length };
    (length > 0.0).then_some((out, out.x * edge.from.x + out.y * edge.from.y))
}

/// The clear part of a cell that holds one corner of a ground, the first edge ending where the second begins.
fn corner(space: &Space, cell: Cell, first: &Edge, second: &Edge) -> Option<Usable> {
    let is_far = |place: Coord| libm::hypot(place.x - cell.centre.x, place.y - cell.centre.y) > cell.radius();
    let is_corner = first.to == second.from && is_far(first.from) && is_far(second.to);
    let is_plain = |edge: &Edge| edge.bounds_ground && edge.reach == 0.0;
    if !is_corner || !is_plain(first) || !is_plain(second) {
        return None;
    }
    let ((out, line), (next, next_line)) = (outwards(first)?, outwards(second)?);
    let back = |out: Coord| Coord { x: -out.x, y: -out.y };
    let corners = cell.corners();
    let turns_left = out.x * next.y - out.y * next.x > 0.0;
    let (clear, inside) = if turns_left {
        let ground = cut(&cut(&corners, back(out), -line), back(next), -next_line);
        let aside = |at: &&Coord| {
            let one = out.x * at.x + out.y * at.y - line;
            one.max(next.x * at.x + next.y * at.y - next_line)
        };
        let inside = corners.iter().max_by(|one, other| aside(one).total_cmp(&aside(other))).copied();
        (4.0 * cell.half * cell.half - area(&ground, cell.centre), inside)
    } else {
        let clear = cut(&cut(&corners, out, line), next, next_line);
        let many = clear.len().max(1) as f64;
        let sum = clear.iter().fold(Coord { x: 0.0, y: 0.0 }, |sum, at| sum + *at);
        let inside = (!clear.is_empty()).then_some(Coord { x: sum.x / many, y: sum.y / many });
        (area(&clear, cell.centre), inside)
    };
    // another ground may forbid all of it
    let is_forbidden = inside.is_none_or(|place| space.barriers.forbids(place));
    Some(Usable { area: if is_forbidden { 0.0 } else { clear.max(0.0) }, error: 0.0 })
}

/// The clear part of a cell through which one straight edge's border runs, both of them where it is a strip.
fn straight(space: &Space, cell: Cell, grounds_known: bool, edge: &Edge) -> Option<Usable> {
    let (out, line) = outwards(edge)?;
    let right = beyond(cell, out, line + edge.reach);
    if grounds_known || !edge.bounds_ground {
        let left = beyond(cell, Coord { x: -out.x, y: -out.y }, -line + edge.reach);
        return grounds_known.then_some(Usable { area: right + left, error: 0.0 });
    }
    // another ground may forbid all of the cell
    let aside = |corner: &Coord| out.x * corner.x + out.y * corner.y - line;
    let corner = cell.corners().into_iter().max_by(|one, other| aside(one).total_cmp(&aside(other)))?;
    let is_forbidden = aside(&corner) > 0.0 && space.barriers.forbids(corner);
    Some(Usable { area: if is_forbidden { 0.0 } else { right }, error: 0.0 })
}

/// Area of the part of a cell that lies beyond a line: `out · place > offset`.
fn beyond(cell: Cell, out: Coord, offset: f64) -> f64 {
    area(&cut(&cell.corners(), out, offset), cell.centre)
}

/// The part of a convex ring beyond a line.
fn cut(ring: &[Coord], out: Coord, offset: f64) -> Vec<Coord> {
    let side = |corner: &Coord| out.x * corner.x + out.y * corner.y - offset;
    let mut kept: Vec<Coord> = Vec::with_capacity(ring.len() + 1);
    for (from, to) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (a, b) = (side(from), side(to));
        if a > 0.0 {
            kept.push(*from);
        }
        if (a > 0.0) != (b > 0.0) {
            let part = a / (a - b);
            kept.push(Coord { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
        }
    }
    kept
}

/// Area of a ring, measured from a place near it.
fn area(ring: &[Coord], from: Coord) -> f64 {
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    let twice: f64 = pairs.map(|(a, b)| (a.x - from.x) * (b.y - from.y) - (b.x - from.x) * (a.y - from.y)).sum();
    (twice / 2.0).max(0.0)
}
