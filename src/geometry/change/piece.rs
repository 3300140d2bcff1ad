//! One piece of the plane: rings cut to a box, quartered, or overlaid on a grid of whole numbers.

use super::Balance;
use crate::geometry::measure;
use crate::geometry::track::Bound;
use geo::Coord;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::i_float::int::point::IntPoint;
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// Before or after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Old,
    New,
}

/// A ring of a shape, closed, shells counter-clockwise and holes clockwise.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub side: Side,
    /// Place of the shape in its set.
    pub place: u32,
    pub ring: Vec<Coord>,
}

/// A box with what lies in it.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub bound: Bound,
    pub parts: Vec<Part>,
}

/// Areas, and shapes where they were asked for: polygons of rings, the shell first.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub balance: Balance,
    pub lost: Vec<Vec<Vec<Coord>>>,
    pub gained: Vec<Vec<Vec<Coord>>>,
}

impl Piece {
    /// Edges in it.
    pub fn edges(&self) -> usize {
        self.parts.iter().map(|part| part.ring.len()).sum()
    }

    /// Its four quarters, and where they meet: longitude and latitude.
    pub fn quartered(self) -> (Vec<Piece>, Coord) {
        let Piece { bound, parts } = self;
        let middle = bound.centre();
        let (mut west, mut east) = (Vec::new(), Vec::new());
        halve(parts, &mut west, &mut east, |at| at.x - middle.x, |from, to| at_longitude(from, to, middle.x));
        let mut quarters = Vec::with_capacity(4);
        for (half, parts) in [(Bound { east: middle.x, ..bound }, west), (Bound { west: middle.x, ..bound }, east)] {
            let (mut south, mut north) = (Vec::new(), Vec::new());
            halve(parts, &mut south, &mut north, |at| at.y - middle.y, |from, to| at_latitude(from, to, middle.y));
            quarters.push(Piece { bound: Bound { north: middle.y, ..half }, parts: south });
            quarters.push(Piece { bound: Bound { south: middle.y, ..half }, parts: north });
        }
        (quarters, middle)
    }

    /// The areas of some of its parts.
    pub fn balance(&self, parts: &[&Part], with_shapes: bool) -> Outcome {
        let of = |side: Side| parts.iter().copied().filter(|part| part.side == side).collect::<Vec<&Part>>();
        let (old, new) = (of(Side::Old), of(Side::New));
        let only = |rings: &[Vec<Vec<Coord>>]| rings.iter().map(|polygon| area(polygon)).sum::<f64>();
        if old.is_empty() && new.is_empty() {
            return Outcome::default();
        }
        if fingerprint(&old) == fingerprint(&new) {
            let area = self.covered(&old);
            let balance = Balance { old: area, new: area, unchanged: area, ..Balance::default() };
            return Outcome { balance, ..Outcome::default() };
        }
        let lone = |parts: &[&Part]| {
            let area = self.covered(parts);
            let shapes = if with_shapes && area != 0.0 { self.united(parts) } else { Vec::new() };
            (area, shapes)
        };
        if new.is_empty() {
            let (area, lost) = lone(&old);
            return Outcome { balance: Balance { old: area, lost: area, ..Balance::default() }, lost, gained: vec![] };
        }
        if old.is_empty() {
            let (area, gained) = lone(&new);
            let balance = Balance { new: area, gained: area, ..Balance::default() };
            return Outcome { balance, lost: vec![], gained };
        }
        let grid = Grid::of(self.bound);
        let mut known = HashMap::default();
        let mut overlay = grid.overlay(&old, &new, &mut known);
        let Some(graph) = overlay.build_graph_view(FillRule::NonZero) else { return Outcome::default() };
        let mut buffer = Default::default();
        let mut extract = |rule| {
            let shapes = graph.extract_shapes(rule, &mut buffer);
            shapes.into_iter().map(|rings| rings.into_iter().map(|ring| grid.back(&ring, &known)).collect()).collect()
        };
        let lost: Vec<Vec<Vec<Coord>>> = extract(OverlayRule::Difference);
        let gained: Vec<Vec<Vec<Coord>>> = extract(OverlayRule::InverseDifference);
        let unchanged: Vec<Vec<Vec<Coord>>> = extract(OverlayRule::Intersect);
        // not from the same overlay where it can be had without: a check that could fail
        let side = |parts: &[&Part], rule, extract: &mut dyn FnMut(OverlayRule) -> Vec<Vec<Vec<Coord>>>| {
            if lie_apart(parts) { signed(parts) } else { only(&extract(rule)) }
        };
        let balance = Balance {
            old: side(&old, OverlayRule::Subject, &mut extract),
            new: side(&new, OverlayRule::Clip, &mut extract),
            unchanged: only(&unchanged),
            lost: only(&lost),
            gained: only(&gained),
        };
        if with_shapes { Outcome { balance, lost, gained } } else { Outcome { balance, ..Outcome::default() } }
    }

    /// Ground that parts of one side cover together.
    fn covered(&self, parts: &[&Part]) -> f64 {
        if lie_apart(parts) {
            return signed(parts);
        }
        self.united(parts).iter().map(|polygon| area(polygon)).sum()
    }

    /// Parts of one side as polygons that do not overlap.
    fn united(&self, parts: &[&Part]) -> Vec<Vec<Vec<Coord>>> {
        let grid = Grid::of(self.bound);
        let mut known = HashMap::default();
        let mut overlay = grid.overlay(parts, &[], &mut known);
        let shapes = overlay.overlay(OverlayRule::Subject, FillRule::NonZero);
        shapes.into_iter().map(|rings| rings.into_iter().map(|ring| grid.back(&ring, &known)).collect()).collect()
    }
}

/// Area of a polygon of rings, the shell first, by their windings.
fn area(polygon: &[Vec<Coord>]) -> f64 {
    polygon.iter().map(|ring| measure::signed_area(ring)).sum()
}

fn signed(parts: &[&Part]) -> f64 {
    parts.iter().map(|part| measure::signed_area(&part.ring)).sum()
}

/// Whether the shapes cannot overlap each other: there is one, or their boxes lie apart.
fn lie_apart(parts: &[&Part]) -> bool {
    let mut boxes: Vec<(u32, Bound)> = Vec::new();
    for part in parts {
        let own = Bound::of(&part.ring);
        match boxes.last_mut().filter(|(place, _)| *place == part.place) {
            Some((_, known)) => *known = known.and(own),
            None => boxes.push((part.place, own)),
        }
    }
    if boxes.len() > 64 {
        return false;
    }
    let meets = |(one, a): &(u32, Bound), rest: &[(u32, Bound)]| rest.iter().any(|(two, b)| one != two && a.meets(*b));
    !boxes.iter().enumerate().any(|(number, one)| meets(one, boxes.get(number + 1..).unwrap_or_default()))
}

/// A number that is the same for the same edges in whatever order.
fn fingerprint(parts: &[&Part]) -> (u128, usize) {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let mut sum = 0_u128;
    let mut count = 0;
    for part in parts {
        for (from, to) in part.ring.iter().zip(part.ring.iter().skip(1)) {
            let edge = (from.x.to_bits(), from.y.to_bits(), to.x.to_bits(), to.y.to_bits());
            let one = hasher.hash_one(edge);
            sum = sum.wrapping_add(u128::from(one) << 32 | u128::from(one.rotate_left(29) >> 32));
            count += 1;
        }
    }
    (sum, count)
}

/// Cuts rings in two along a line; what lies on it belongs to both.
fn halve(
    parts: Vec<Part>,
    before: &mut Vec<Part>,
    after: &mut Vec<Part>,
    side: impl Fn(Coord) -> f64,
    cross: impl Fn(Coord, Coord) -> Coord,
) {
    for part in parts {
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for at in &part.ring {
            let lies = side(*at);
            (least, most) = (least.min(lies), most.max(lies));
        }
        if most <= 0.0 {
            before.push(part);
            continue;
        }
        if least >= 0.0 {
            after.push(part);
            continue;
        }
        let (mut low, mut high) = (Vec::new(), Vec::new());
        for (from, to) in part.ring.iter().zip(part.ring.iter().skip(1)) {
            let (start, end) = (side(*from), side(*to));
            if start <= 0.0 {
                low.push(*from);
            }
            if start >= 0.0 {
                high.push(*from);
            }
            if (start < 0.0 && end > 0.0) || (start > 0.0 && end < 0.0) {
                let at = cross(*from, *to);
                low.push(at);
                high.push(at);
            }
        }
        for (ring, half) in [(low, &mut *before), (high, &mut *after)] {
            let mut ring: Vec<Coord> = ring;
            ring.dedup();
            if let (Some(first), true) = (ring.first().copied(), ring.len() > 2) {
                if ring.last() != Some(&first) {
                    ring.push(first);
                }
                half.push(Part { ring, ..part });
            }
        }
    }
}

/// Where an edge meets a meridian, the same whichever way it runs.
fn at_longitude(from: Coord, to: Coord, x: f64) -> Coord {
    let (a, b) = if (from.x, from.y) <= (to.x, to.y) { (from, to) } else { (to, from) };
    Coord { x, y: a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x)) }
}

/// Where an edge meets a parallel, the same whichever way it runs.
fn at_latitude(from: Coord, to: Coord, y: f64) -> Coord {
    let (a, b) = if (from.x, from.y) <= (to.x, to.y) { (from, to) } else { (to, from) };
    Coord { x: a.x + (b.x - a.x) * ((y - a.y) / (b.y - a.y)), y }
}

/// Half the width of the grid: the overlay computes with numbers of 32 bits and wants some to spare.
const HALF: f64 = (1 << 29) as f64;

type Known = HashMap<(i32, i32), Coord, BuildHasherDefault<DefaultHasher>>;

/// Longitude and latitude as whole numbers over a box. Both ways keep straight edges straight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    centre: Coord,
    across: f64,
    along: f64,
}

impl Grid {
    pub fn of(bound: Bound) -> Grid {
        let half = |low: f64, high: f64| ((high - low) / 2.0).max(1e-9);
        Grid {
            centre: bound.centre(),
            across: HALF / half(bound.west, bound.east),
            along: HALF / half(bound.south, bound.north),
        }
    }

    fn place(self, at: Coord) -> IntPoint {
        let whole = |value: f64| value.round().clamp(-HALF, HALF) as i32;
        IntPoint::new(whole((at.x - self.centre.x) * self.across), whole((at.y - self.centre.y) * self.along))
    }

    fn overlay(self, old: &[&Part], new: &[&Part], known: &mut Known) -> Overlay {
        let edges = old.iter().chain(new).map(|part| part.ring.len()).sum();
        // every vertex is kept, so that a result can be held against its source
        let options = IntOverlayOptions { preserve_output_collinear: true, ..IntOverlayOptions::default() };
        let mut overlay = Overlay::new_custom(edges, options, Solver::default());
        let mut ring: Vec<IntPoint> = Vec::new();
        for (parts, side) in [(old, ShapeType::Subject), (new, ShapeType::Clip)] {
            for part in parts {
                ring.clear();
                for at in part.ring.iter().skip(1) {
                    let place = self.place(*at);
                    known.entry((place.x, place.y)).or_insert(*at);
                    if ring.last() != Some(&place) {
                        ring.push(place);
                    }
                }
                if ring.len() > 2 {
                    overlay.add_contour(&ring, side);
                }
            }
        }
        overlay
    }

    /// A ring of the result, closed: the vertices given, and the crossings.
    fn back(self, ring: &[IntPoint], known: &Known) -> Vec<Coord> {
        let at = |place: &IntPoint| {
            known.get(&(place.x, place.y)).copied().unwrap_or(Coord {
                x: self.centre.x + f64::from(place.x) / self.across,
                y: self.centre.y + f64::from(place.y) / self.along,
            })
        };
        let mut points: Vec<Coord> = ring.iter().map(at).collect();
        points.extend(points.first().copied());
        points
    }

    /// Joins polygons that share no more than seams.
    pub fn join(bound: Bound, polygons: &[Vec<Vec<Coord>>]) -> Vec<Vec<Vec<Coord>>> {
        let parts = polygons.iter().flatten().map(|ring| Part { side: Side::Old, place: 0, ring: ring.clone() });
        let parts: Vec<Part> = parts.collect();
        let piece = Piece { bound, parts: Vec::new() };
        piece.united(&parts.iter().collect::<Vec<_>>())
    }
}
