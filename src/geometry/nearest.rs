//! The two points at which two shapes come closest, on the ellipsoid.

use super::measure::distance;
use super::reference::{INVERSE_FLATTENING, SEMI_MAJOR_AXIS};
use super::track::{Bound, FAN, Node, Track};
use geo::Coord;

/// Metres that a degree spans at a latitude: of longitude, of latitude.
pub(super) fn degree(latitude: f64) -> (f64, f64) {
    let flattening = 1.0 / INVERSE_FLATTENING;
    let square = flattening * (2.0 - flattening);
    let (sine, cosine) = (libm::sin(latitude.to_radians()), libm::cos(latitude.to_radians()));
    let root = libm::sqrt(1.0 - square * sine * sine);
    let across = SEMI_MAJOR_AXIS / root;
    let along = across * (1.0 - square) / (root * root);
    (across * cosine.abs() * std::f64::consts::PI / 180.0, along * std::f64::consts::PI / 180.0)
}

/// The closest pair found so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closest {
    /// Metres, by the formula of the middle latitude.
    reach: f64,
    pair: Option<(Coord, Coord)>,
    scale: (f64, f64),
}

impl Closest {
    /// Looks for pairs nearer than this, of things in these boxes.
    pub fn within(reach: f64, a: Bound, b: Bound) -> Self {
        Closest { reach, pair: None, scale: least_scale(a, b) }
    }

    /// Whether a thing in one box and a thing in another may be nearer than what is known.
    pub fn may_improve(&self, a: Bound, b: Bound) -> bool {
        gap(a, b, self.scale) <= self.reach
    }

    /// Compares all edges of two tracks.
    pub fn compare(&mut self, a: &Track, b: &Track) {
        self.descend(a, a.root(), b, b.root());
    }

    /// The distance on the ellipsoid and the two points.
    pub fn finish(self) -> Option<(f64, Coord, Coord)> {
        self.pair.map(|(a, b)| (distance(a, b), a, b))
    }

    fn descend(&mut self, a: &Track, at_a: Node, b: &Track, at_b: Node) {
        // what meets cannot come nearer
        if self.reach <= 0.0 && self.pair.is_some() || !self.may_improve(a.bound_of(at_a), b.bound_of(at_b)) {
            return;
        }
        if at_a.level == 0 && at_b.level == 0 {
            self.compare_runs(a, at_a, b, at_b);
        } else if at_a.level >= at_b.level {
            let other = b.bound_of(at_b);
            let (below, count) = ordered(a, at_a, |bound| gap(bound, other, self.scale));
            below.iter().take(count).for_each(|(_, node)| self.descend(a, *node, b, at_b));
        } else {
            let other = a.bound_of(at_a);
            let (below, count) = ordered(b, at_b, |bound| gap(bound, other, self.scale));
            below.iter().take(count).for_each(|(_, node)| self.descend(a, at_a, b, *node));
        }
    }

    fn compare_runs(&mut self, a: &Track, at_a: Node, b: &Track, at_b: Node) {
        let bound_b = b.bound_of(at_b);
        for number in a.edges_under(at_a) {
            let Some((a0, a1)) = a.edge(number) else { continue };
            let bound = Bound::of(&[a0, a1]);
            if !self.may_improve(bound, bound_b) {
                continue;
            }
            for other in b.edges_under(at_b) {
                let Some((b0, b1)) = b.edge(other) else { continue };
                if self.may_improve(bound, Bound::of(&[b0, b1])) {
                    self.compare_edges(a0, a1, b0, b1);
                }
            }
        }
    }

    fn compare_edges(&mut self, a0: Coord, a1: Coord, b0: Coord, b1: Coord) {
        if let Some(place) = crossing(a0, a1, b0, b1) {
            self.offer(0.0, place, place);
            return;
        }
        for (point, start, end, swapped) in
            [(a0, b0, b1, false), (a1, b0, b1, false), (b0, a0, a1, true), (b1, a0, a1, true)]
        {
            // by degrees that are too short it is no nearer either: most pairs need no more than this
            if self.at_least(point, start, end) > self.reach {
                continue;
            }
            let (reach, foot) = foot(point, start, end);
            let (on_a, on_b) = if swapped { (foot, point) } else { (point, foot) };
            self.offer(reach, on_a, on_b);
        }
    }

    /// What a place is apart from an edge at least.
    fn at_least(&self, place: Coord, start: Coord, end: Coord) -> f64 {
        let (across, along) = self.scale;
        let (ex, ey) = ((end.x - start.x) * across, (end.y - start.y) * along);
        let (px, py) = ((place.x - start.x) * across, (place.y - start.y) * along);
        let square = ex * ex + ey * ey;
        let part = if square > 0.0 { ((px * ex + py * ey) / square).clamp(0.0, 1.0) } else { 0.0 };
        let (dx, dy) = (px - part * ex, py - part * ey);
        (dx * dx + dy * dy).sqrt()
    }

    fn offer(&mut self, reach: f64, a: Coord, b: Coord) {
        if reach < self.reach || (self.pair.is_none() && reach <= self.reach) {
            self.reach = reach;
            self.pair = Some((a, b));
        }
    }
}

/// The boxes under a box, the nearest first.
fn ordered(track: &Track, node: Node, distance: impl Fn(Bound) -> f64) -> ([(f64, Node); FAN], usize) {
    let mut below = [(f64::INFINITY, node); FAN];
    let mut count = 0;
    for (slot, under) in below.iter_mut().zip(track.under(node)) {
        *slot = (distance(track.bound_of(under)), under);
        count += 1;
    }
    below.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    (below, count)
}

/// The distance below which nothing in one box can be from anything in another.
pub(super) fn least(a: Bound, b: Bound) -> f64 {
    gap(a, b, least_scale(a, b))
}

/// Metres that a degree of longitude and of latitude span at least in two boxes; a thousandth is left for curvature.
pub(super) fn least_scale(a: Bound, b: Bound) -> (f64, f64) {
    let highest = a.north.abs().max(a.south.abs()).max(b.north.abs()).max(b.south.abs()).min(89.9);
    let crosses_equator = a.south.min(b.south) <= 0.0 && a.north.max(b.north) >= 0.0;
    let lowest = a.north.abs().min(a.south.abs()).min(b.north.abs()).min(b.south.abs());
    let (across, _) = degree(highest);
    let (_, along) = degree(if crosses_equator { 0.0 } else { lowest });
    (0.999 * across, 0.999 * along)
}

pub(super) fn gap(a: Bound, b: Bound, (across, along): (f64, f64)) -> f64 {
    let east = (a.west - b.east).max(b.west - a.east).max(0.0) * across;
    let north = (a.south - b.north).max(b.south - a.north).max(0.0) * along;
    (east * east + north * north).sqrt()
}

/// The point of an edge that is nearest to a place, by the degrees of the latitude midway between the two: good to
/// 3·10⁻⁸ of the distance at 5 km.
fn foot(place: Coord, start: Coord, end: Coord) -> (f64, Coord) {
    let mut middle = place.y;
    let mut best = (f64::INFINITY, start);
    for _ in 0..2 {
        let (across, along) = degree(middle);
        let (ex, ey) = ((end.x - start.x) * across, (end.y - start.y) * along);
        let (px, py) = ((place.x - start.x) * across, (place.y - start.y) * along);
        let square = ex * ex + ey * ey;
        let part = if square > 0.0 { ((px * ex + py * ey) / square).clamp(0.0, 1.0) } else { 0.0 };
        let at = if part >= 1.0 {
            end
        } else {
            Coord { x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part }
        };
        middle = (place.y + at.y) / 2.0;
        let (across, along) = degree(middle);
        best = (libm::hypot((at.x - place.x) * across, (at.y - place.y) * along), at);
    }
    best
}

/// Where two edges cross, ends excluded.
pub(super) fn crossing(a0: Coord, a1: Coord, b0: Coord, b1: Coord) -> Option<Coord> {
    let turn = |p: Coord, q: Coord, r: Coord| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    let (s0, s1) = (turn(b0, b1, a0), turn(b0, b1, a1));
    let (t0, t1) = (turn(a0, a1, b0), turn(a0, a1, b1));
    if s0 * s1 < 0.0 && t0 * t1 < 0.0 {
        let part = s0 / (s0 - s1);
        return Some(Coord { x: a0.x + (a1.x - a0.x) * part, y: a0.y + (a1.y - a0.y) * part });
    }
    None
}
