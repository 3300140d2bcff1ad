//! The two points at which two shapes come closest, on the ellipsoid.

use super::measure::short_distance;
use super::reference::{INVERSE_FLATTENING, SEMI_MAJOR_AXIS};
use super::track::{Bound, FAN, Node, Track, high};
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

/// Metres that a degree spans near a latitude: by polynomials where that is true to 2·10⁻⁸.
#[derive(Debug, Clone, Copy)]
struct Degrees {
    latitude: f64,
    across: [f64; 3],
    along: [f64; 3],
}

/// Degrees of latitude up to which the polynomials hold.
const POLYNOMIALS_UP_TO: f64 = 0.28;

impl Degrees {
    fn near(latitude: f64) -> Degrees {
        let flattening = 1.0 / INVERSE_FLATTENING;
        let square = flattening * (2.0 - flattening);
        let (sine, cosine) = libm::sincos(latitude.to_radians());
        let rest = 1.0 - square * sine * sine;
        let across = SEMI_MAJOR_AXIS / rest.sqrt();
        let along = across * (1.0 - square) / rest;
        // the derivative of the radius of a parallel is −M sin φ; that of M follows from its formula
        let rise = 3.0 * square * sine * cosine * along / rest;
        let bend = 3.0 * square * (cosine * cosine - sine * sine) * along / rest;
        let degree = std::f64::consts::PI / 180.0;
        Degrees {
            latitude,
            across: [across * cosine, -along * sine, -(rise * sine + along * cosine) / 2.0].map(|term| term * degree),
            along: [along, rise, bend / 2.0].map(|term| term * degree),
        }
    }

    fn at(&self, latitude: f64) -> (f64, f64) {
        let off = latitude - self.latitude;
        if off.abs() > POLYNOMIALS_UP_TO {
            return degree(latitude);
        }
        let off = off.to_radians();
        let value = |[a, b, c]: [f64; 3]| a + off * (b + off * c);
        (value(self.across), value(self.along))
    }
}

/// The closest pair found so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closest {
    /// Metres, by the formula of the middle latitude.
    reach: f64,
    pair: Option<(Coord, Coord)>,
    /// Metres of a degree at least, where a nearer pair may lie.
    scale: (f64, f64),
    degrees: Degrees,
}

impl Closest {
    /// Looks for pairs nearer than this, of things in these boxes.
    pub fn within(reach: f64, a: Bound, b: Bound) -> Self {
        let degrees = Degrees::near(middle_latitude(a, b));
        let mut closest = Closest { reach, pair: None, scale: least_in(&degrees, a, b), degrees };
        closest.narrow(a, b);
        closest
    }

    /// Takes the scale of where a nearer pair may lie, for what is known so far: the closer to the truth it is, the more
    /// is passed over.
    pub fn narrow(&mut self, a: Bound, b: Bound) {
        if !self.reach.is_finite() {
            return;
        }
        let (across, along) = self.scale;
        let grown = |bound: Bound| bound.grown(self.reach / across.max(1.0), self.reach / along.max(1.0));
        let (a, b) = (a.common(grown(b)), b.common(grown(a)));
        if a.is_empty() || b.is_empty() {
            return;
        }
        // the formula of the middle latitude is off by no more than the square of the distance in earth radii
        let radii = self.reach / SEMI_MAJOR_AXIS;
        self.degrees = Degrees::near(middle_latitude(a, b));
        let (across, along) = scale_in(&self.degrees, a, b);
        let slack = (1.0 - 1e-6 - radii * radii).max(0.999);
        self.scale = (slack * across, slack * along);
    }

    /// Whether a thing in one box and a thing in another may be nearer than what is known.
    pub fn may_improve(&self, a: Bound, b: Bound) -> bool {
        gap_square(a, b, self.scale) <= self.reach * self.reach
    }

    /// Compares all edges of two tracks.
    pub fn compare(&mut self, a: &Track, b: &Track) {
        self.descend(a, a.root(), b, b.root());
    }

    /// The distance on the ellipsoid and the two points.
    pub fn finish(self) -> Option<(f64, Coord, Coord)> {
        self.pair.map(|(a, b)| (short_distance(a, b), a, b))
    }

    fn descend(&mut self, a: &Track, at_a: Node, b: &Track, at_b: Node) {
        // what meets cannot come nearer
        if self.reach <= 0.0 && self.pair.is_some() || !self.may_improve(a.bound_of(at_a), b.bound_of(at_b)) {
            return;
        }
        if at_a.level == 0 && at_b.level == 0 {
            self.compare_runs(a, at_a, b, at_b);
        } else if at_b.level == 0 || (at_a.level > 0 && self.size(a.bound_of(at_a)) >= self.size(b.bound_of(at_b))) {
            let other = b.bound_of(at_b);
            let (below, count) = ordered(a, at_a, |bound| gap_square(bound, other, self.scale));
            below.iter().take(count).for_each(|(_, node)| self.descend(a, *node, b, at_b));
        } else {
            let other = a.bound_of(at_a);
            let (below, count) = ordered(b, at_b, |bound| gap_square(bound, other, self.scale));
            below.iter().take(count).for_each(|(_, node)| self.descend(a, at_a, b, *node));
        }
    }

    /// The larger of two boxes is looked into first: a small shape is not taken apart for what lies far from it.
    fn size(&self, bound: Bound) -> f64 {
        let (across, along) = self.scale;
        ((bound.east - bound.west) * across).max((bound.north - bound.south) * along)
    }

    fn compare_runs(&mut self, a: &Track, at_a: Node, b: &Track, at_b: Node) {
        let (bound_a, bound_b) = (a.bound_of(at_a), b.bound_of(at_b));
        let mut others = [Reached::default(); FAN];
        let mut count = 0;
        for (start, end) in b.run(at_b) {
            let bound = Bound::of_edge(start, end);
            if self.may_improve(bound_a, bound)
                && let Some(slot) = others.get_mut(count)
            {
                *slot = Reached { start, end, bound, along: self.metres(start, end) };
                count += 1;
            }
        }
        let others = others.get(..count).unwrap_or_default();
        let reached = |(start, end)| (start, end, Bound::of_edge(start, end));
        // the two edges whose boxes are nearest first: then most others are passed over
        let facing = a.run(at_a).map(reached).map(|edge| (gap_square(edge.2, bound_b, self.scale), edge));
        if let Some((_, (start, end, bound))) = facing.min_by(|one, other| one.0.total_cmp(&other.0)) {
            let gap = |other: &&Reached| gap_square(bound, other.bound, self.scale);
            if let Some(other) = others.iter().min_by(|one, other| gap(one).total_cmp(&gap(other))) {
                let edge = Reached { start, end, bound, along: self.metres(start, end) };
                self.compare_edges(&edge, other, [false; 2]);
            }
        }
        // an end that two edges share is compared once
        let mut known_start = [false; FAN];
        for (start, end) in a.run(at_a) {
            let bound = Bound::of_edge(start, end);
            if !self.may_improve(bound, bound_b) {
                known_start = [false; FAN];
                continue;
            }
            let edge = Reached { start, end, bound, along: self.metres(start, end) };
            let mut before = None;
            for (other, known) in others.iter().zip(&mut known_start) {
                let is_compared = self.may_improve(bound, other.bound);
                if is_compared {
                    self.compare_edges(&edge, other, [*known, before == Some(other.start)]);
                    before = Some(other.end);
                }
                *known = is_compared;
            }
        }
    }

    /// Compares two edges but for starts that are known as ends of the edges before.
    fn compare_edges(&mut self, a: &Reached, b: &Reached, [knows_a, knows_b]: [bool; 2]) {
        let (a0, a1, b0, b1) = (a.start, a.end, b.start, b.end);
        if a.bound.meets(b.bound)
            && let Some(place) = crossing(a0, a1, b0, b1)
        {
            self.offer(0.0, place, place);
            return;
        }
        // by degrees that are too short most are no nearer either
        let off = self.metres(a0, b0);
        if !knows_a && self.may_be_nearer(minus((0.0, 0.0), off), b.along) {
            let (reach, foot) = self.foot(a0, b0, b1);
            self.offer(reach, a0, foot);
        }
        if self.may_be_nearer(minus(a.along, off), b.along) {
            let (reach, foot) = self.foot(a1, b0, b1);
            self.offer(reach, a1, foot);
        }
        if !knows_b && self.may_be_nearer(off, a.along) {
            let (reach, foot) = self.foot(b0, a0, a1);
            self.offer(reach, foot, b0);
        }
        if self.may_be_nearer(plus(off, b.along), a.along) {
            let (reach, foot) = self.foot(b1, a0, a1);
            self.offer(reach, foot, b1);
        }
    }

    /// Metres east and north from one place to another, at least.
    fn metres(&self, from: Coord, to: Coord) -> (f64, f64) {
        let (across, along) = self.scale;
        ((to.x - from.x) * across, (to.y - from.y) * along)
    }

    /// Whether a place, as it lies to the start of an edge, may be nearer to it than what is known.
    fn may_be_nearer(&self, place: (f64, f64), edge: (f64, f64)) -> bool {
        let reach = self.reach * self.reach;
        let (along, length) = (dot(place, edge), dot(edge, edge));
        if along <= 0.0 {
            dot(place, place) <= reach
        } else if along >= length {
            let rest = minus(place, edge);
            dot(rest, rest) <= reach
        } else {
            let across = place.0 * edge.1 - place.1 * edge.0;
            across * across <= reach * length
        }
    }

    /// The point of an edge that is nearest to a place, by the degrees of the latitude midway between the two: good to
    /// 3·10⁻⁸ of the distance at 5 km.
    fn foot(&self, place: Coord, start: Coord, end: Coord) -> (f64, Coord) {
        let mut middle = place.y;
        let mut best = (f64::INFINITY, start);
        for _ in 0..2 {
            let (across, along) = self.degrees.at(middle);
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
            let (across, along) = self.degrees.at(middle);
            let (east, north) = ((at.x - place.x) * across, (at.y - place.y) * along);
            best = ((east * east + north * north).sqrt(), at);
        }
        best
    }

    /// The pair found, before its distance is measured.
    pub fn pair(&self) -> Option<(Coord, Coord)> {
        self.pair
    }

    /// How far apart it is, by the formula of the middle latitude.
    pub fn reach(&self) -> f64 {
        self.reach
    }

    /// Takes a pair of places when it is nearer than what is known.
    pub fn offer(&mut self, reach: f64, a: Coord, b: Coord) {
        if reach < self.reach || (self.pair.is_none() && reach <= self.reach) {
            self.reach = reach;
            self.pair = Some((a, b));
        }
    }
}

/// An edge with its box, and the metres along it, at least.
#[derive(Debug, Clone, Copy, Default)]
struct Reached {
    start: Coord,
    end: Coord,
    bound: Bound,
    along: (f64, f64),
}

fn dot(one: (f64, f64), other: (f64, f64)) -> f64 {
    one.0 * other.0 + one.1 * other.1
}

fn minus(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0 - other.0, one.1 - other.1)
}

fn plus(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0 + other.0, one.1 + other.1)
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
    least_in(&Degrees::near(middle_latitude(a, b)), a, b)
}

fn least_in(degrees: &Degrees, a: Bound, b: Bound) -> (f64, f64) {
    let (across, along) = scale_in(degrees, a, b);
    (0.999 * across, 0.999 * along)
}

/// The same as the middle latitude of any two of their places has it.
fn scale_in(degrees: &Degrees, a: Bound, b: Bound) -> (f64, f64) {
    let highest = a.north.abs().max(a.south.abs()).max(b.north.abs()).max(b.south.abs()).min(89.9);
    let crosses_equator = a.south.min(b.south) <= 0.0 && a.north.max(b.north) >= 0.0;
    let lowest = a.north.abs().min(a.south.abs()).min(b.north.abs()).min(b.south.abs());
    // polynomials about a place south of the equator answer for it, too
    let sign = if degrees.latitude < 0.0 { -1.0 } else { 1.0 };
    let (across, _) = degrees.at(sign * highest);
    let (_, along) = degrees.at(if crosses_equator { 0.0 } else { sign * lowest });
    (across, along)
}

fn middle_latitude(a: Bound, b: Bound) -> f64 {
    let middle = (a.south.min(b.south) + a.north.max(b.north)) / 2.0;
    if middle.is_finite() { middle.clamp(-89.0, 89.0) } else { 0.0 }
}

pub(super) fn gap(a: Bound, b: Bound, scale: (f64, f64)) -> f64 {
    gap_square(a, b, scale).sqrt()
}

fn gap_square(a: Bound, b: Bound, (across, along): (f64, f64)) -> f64 {
    let east = high(high(a.west - b.east, b.west - a.east), 0.0) * across;
    let north = high(high(a.south - b.north, b.south - a.north), 0.0) * along;
    east * east + north * north
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_polynomials_of_a_degree_agree_with_the_formula() {
        for latitude in [-60.0, -31.5, 0.0, 18.2, 31.5, 52.0] {
            let degrees = Degrees::near(latitude);
            for step in -10..=10 {
                let at = latitude + POLYNOMIALS_UP_TO * f64::from(step) / 10.0;
                let ((across, along), exact) = (degrees.at(at), degree(at));
                assert!((across / exact.0 - 1.0).abs() < 6e-8 && (along / exact.1 - 1.0).abs() < 2e-8, "{at}");
            }
        }
    }
}
