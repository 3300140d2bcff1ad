//! Curves cut into chords.

use super::frame::{Frame, Triple, norm};
use std::f64::consts::TAU;

/// How far a chord may stray, in metres; of large radii their ten-thousandth.
const STRAY: f64 = 0.001;

/// The fewest and the most pieces of a full turn.
const PIECES: (f64, f64) = (72.0, 720.0);

/// Most halvings of the piece of a spline between two knots.
const HALVINGS: usize = 10;

/// A line that grows, in the coordinates of the file.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) points: Vec<Triple>,
    frame: Frame,
    /// How many vertices curves may still add.
    left: usize,
}

/// A spline by its control points.
#[derive(Debug, Default)]
pub(super) struct Spline {
    pub(super) degree: usize,
    pub(super) knots: Vec<f64>,
    pub(super) weights: Vec<f64>,
    pub(super) controls: Vec<Triple>,
}

impl Path {
    /// A path whose positions are moved by the frame.
    pub(super) fn new(frame: Frame, left: usize) -> Self {
        Path { points: Vec::new(), frame, left }
    }

    /// Adds a vertex.
    pub(super) fn push(&mut self, at: Triple) {
        self.points.push(self.frame.apply(at));
    }

    fn curve(&mut self, at: Triple) {
        if self.left > 0 {
            self.left -= 1;
            self.push(at);
        }
    }

    fn pieces(&self, radius: f64, sweep: f64) -> usize {
        let radius = radius * self.frame.scale();
        let stray = STRAY.max(radius * 1e-4);
        let turn = if stray < radius { TAU / (2.0 * (1.0 - stray / radius).acos()) } else { 0.0 };
        let turn = if turn.is_finite() { turn.clamp(PIECES.0, PIECES.1) } else { PIECES.1 };
        let pieces = (turn * (sweep.abs() / TAU).min(1.0)).ceil();
        // a whole number of degrees may be a little more than it says
        if pieces.is_finite() { (pieces as usize).max(1) } else { 1 }
    }

    /// Adds an elliptical arc from one angle (radians) on; the axes stand at angle 0 and at a right angle.
    pub(super) fn ellipse(&mut self, center: Triple, axes: [Triple; 2], start: f64, sweep: f64) {
        let [a, b] = axes;
        let at = |angle: f64| {
            let (sine, cosine) = exact_sin_cos(angle);
            let part = |c: f64, a: f64, b: f64| c + cosine * a + sine * b;
            [part(center[0], a[0], b[0]), part(center[1], a[1], b[1]), part(center[2], a[2], b[2])]
        };
        let pieces = self.pieces(norm(a).max(norm(b)), sweep);
        for piece in 0..=pieces {
            self.curve(at(start + sweep * (piece as f64 / pieces as f64)));
        }
    }

    /// Adds an arc.
    pub(super) fn arc(&mut self, center: Triple, radius: f64, start: f64, sweep: f64) {
        self.ellipse(center, [[radius, 0.0, 0.0], [0.0, radius, 0.0]], start, sweep);
    }

    /// Adds what lies between two vertices on the arc whose quarter angle has this tangent, and the second vertex.
    pub(super) fn bulge(&mut self, from: Triple, to: Triple, bulge: f64) {
        let (east, north) = (to[0] - from[0], to[1] - from[1]);
        let chord = east.hypot(north);
        if bulge != 0.0 && bulge.is_finite() && chord > 0.0 {
            let radius = chord * (1.0 + bulge * bulge) / (4.0 * bulge.abs());
            let sweep = 4.0 * bulge.atan();
            // the centre lies left of the chord when the arc turns left by less than half
            let reach = chord * (1.0 - bulge * bulge) / (4.0 * bulge);
            let center = [
                f64::midpoint(from[0], to[0]) - north / chord * reach,
                f64::midpoint(from[1], to[1]) + east / chord * reach,
            ];
            let start = (from[1] - center[1]).atan2(from[0] - center[0]);
            let pieces = self.pieces(radius, sweep);
            for piece in 1..pieces {
                let share = piece as f64 / pieces as f64;
                let (sine, cosine) = (start + sweep * share).sin_cos();
                let height = from[2] + (to[2] - from[2]) * share;
                self.curve([center[0] + radius * cosine, center[1] + radius * sine, height]);
            }
        }
        self.push(to);
    }

    /// Adds a spline; whether it could be understood.
    pub(super) fn spline(&mut self, spline: &Spline) -> bool {
        let Some(knots) = spline.knots() else { return false };
        let (low, high) = extent(&spline.controls);
        let size = norm([high[0] - low[0], high[1] - low[1], high[2] - low[2]]) * self.frame.scale();
        // degrees ask for less than metres
        let stray = STRAY.min(size * 1e-4);
        let domain = knots.get(spline.degree..=spline.controls.len()).unwrap_or_default();
        let mut first = true;
        for (from, to) in domain.iter().zip(domain.iter().skip(1)).filter(|(from, to)| from < to) {
            let (Some(start), Some(end)) = (spline.at(&knots, *from), spline.at(&knots, *to)) else { return false };
            if first {
                self.push(start);
                first = false;
            }
            self.halve(spline, &knots, (*from, start), (*to, end), stray, HALVINGS);
        }
        !first
    }

    fn halve(
        &mut self,
        spline: &Spline,
        knots: &[f64],
        from: (f64, Triple),
        to: (f64, Triple),
        stray: f64,
        deep: usize,
    ) {
        let at = |share: f64| {
            let knot = from.0 + (to.0 - from.0) * share;
            Some((knot, spline.at(knots, knot)?))
        };
        let is_off = |share: f64| {
            at(share).is_some_and(|(_, at)| {
                distance(self.frame.apply(at), self.frame.apply(from.1), self.frame.apply(to.1)) > stray
            })
        };
        let is_curved = spline.degree > 1 && [0.5, 0.25, 0.75].into_iter().any(is_off);
        match at(0.5).filter(|_| is_curved && deep > 0 && self.left > 0) {
            Some(middle) => {
                self.halve(spline, knots, from, middle, stray, deep - 1);
                self.halve(spline, knots, middle, to, stray, deep - 1);
            }
            None if self.left > 0 => self.curve(to.1),
            None => {}
        }
    }

    /// How many vertices curves may still add; none when there were too many.
    pub(super) fn left(&self) -> usize {
        self.left
    }
}

impl Spline {
    /// The knots, if they fit the points; evenly spaced ones where the file has none.
    fn knots(&self) -> Option<Vec<f64>> {
        let count = self.controls.len() + self.degree + 1;
        if !(1..=24).contains(&self.degree) || self.controls.len() <= self.degree {
            return None;
        }
        if self.knots.is_empty() {
            let last = self.controls.len() - self.degree;
            return Some((0..count).map(|at| at.saturating_sub(self.degree).min(last) as f64).collect());
        }
        let is_rising = self.knots.windows(2).all(|pair| pair.first() <= pair.last());
        (is_rising && self.knots.len() == count && self.knots.iter().all(|knot| knot.is_finite()))
            .then(|| self.knots.clone())
    }

    /// The position at a knot value, by de Boor's rule.
    fn at(&self, knots: &[f64], value: f64) -> Option<Triple> {
        let degree = self.degree;
        let last = self.controls.len().checked_sub(1)?;
        // the last interval that begins at or before the value
        let span = knots.partition_point(|knot| *knot <= value).checked_sub(1)?.clamp(degree, last);
        let mut weighted = Vec::with_capacity(degree + 1);
        for index in span - degree..=span {
            let weight = self.weights.get(index).copied().unwrap_or(1.0);
            let at = self.controls.get(index)?;
            weighted.push([at[0] * weight, at[1] * weight, at[2] * weight, weight]);
        }
        for level in 1..=degree {
            for step in (level..=degree).rev() {
                let index = step + span - degree;
                let (low, high) = (*knots.get(index)?, *knots.get(index + degree + 1 - level)?);
                let share = if high > low { (value - low) / (high - low) } else { 0.0 };
                let before = *weighted.get(step - 1)?;
                let own = weighted.get_mut(step)?;
                for (own, before) in own.iter_mut().zip(before) {
                    *own = before * (1.0 - share) + *own * share;
                }
            }
        }
        let [x, y, z, weight] = *weighted.last()?;
        Some([x / weight, y / weight, z / weight])
    }

    /// The curve through points that bends least (a natural cubic spline by the lengths of chords), in pieces of
    /// degree three.
    pub(super) fn through(points: &[Triple]) -> Option<Spline> {
        let mut points = points.to_vec();
        points.dedup();
        if points.len() < 2 {
            return None;
        }
        let steps: Vec<f64> =
            points.windows(2).map(|two| two.first().zip(two.last()).map_or(0.0, |(a, b)| apart(*a, *b))).collect();
        let tangents = tangents(&points, &steps)?;
        let mut spline = Spline { degree: 3, ..Spline::default() };
        let mut knot = 0.0;
        spline.knots.extend([0.0; 4]);
        spline.controls.extend(points.first());
        let ends = points.iter().zip(&tangents);
        for ((from, to), step) in ends.clone().zip(ends.skip(1)).zip(&steps) {
            let third = step / 3.0;
            let along = |at: &Triple, slope: &Triple, by: f64| {
                [at[0] + slope[0] * by, at[1] + slope[1] * by, at[2] + slope[2] * by]
            };
            spline.controls.extend([along(from.0, from.1, third), along(to.0, to.1, -third), *to.0]);
            knot += step;
            spline.knots.extend([knot; 3]);
        }
        spline.knots.push(knot);
        Some(spline)
    }
}

/// The directions at the points: three diagonals, solved from top to bottom and back.
fn tangents(points: &[Triple], steps: &[f64]) -> Option<Vec<Triple>> {
    let slope = |index: usize| {
        let (from, to, step) = (points.get(index)?, points.get(index + 1)?, steps.get(index)?);
        Some([(to[0] - from[0]) / step, (to[1] - from[1]) / step, (to[2] - from[2]) / step])
    };
    let last = steps.len();
    let mut rows: Vec<(f64, Triple)> = Vec::with_capacity(last + 1);
    for index in 0..=last {
        let (before, middle, after, right) = if index == 0 {
            (0.0, 2.0, 1.0, slope(0)?.map(|part| 3.0 * part))
        } else if index == last {
            (1.0, 2.0, 0.0, slope(last - 1)?.map(|part| 3.0 * part))
        } else {
            let (left, right) = (*steps.get(index - 1)?, *steps.get(index)?);
            let (a, b) = (slope(index - 1)?, slope(index)?);
            let mixed = [0, 1, 2].map(|part: usize| {
                let of = |slope: &Triple| slope.get(part).copied().unwrap_or_default();
                3.0 * (right * of(&a) + left * of(&b))
            });
            (right, 2.0 * (left + right), left, mixed)
        };
        let (share, known) = rows.last().copied().unwrap_or((0.0, [0.0; 3]));
        let pivot = middle - before * share;
        let value = [right[0] - before * known[0], right[1] - before * known[1], right[2] - before * known[2]];
        rows.push((after / pivot, value.map(|part| part / pivot)));
    }
    let mut tangents: Vec<Triple> = Vec::with_capacity(rows.len());
    let mut next = [0.0; 3];
    for (share, value) in rows.iter().rev() {
        next = [value[0] - share * next[0], value[1] - share * next[1], value[2] - share * next[2]];
        tangents.push(next);
    }
    tangents.reverse();
    Some(tangents)
}

fn exact_sin_cos(angle: f64) -> (f64, f64) {
    // the end of a full turn is its beginning
    if angle == TAU { (0.0, 1.0) } else { angle.sin_cos() }
}

fn apart(a: Triple, b: Triple) -> f64 {
    norm([a[0] - b[0], a[1] - b[1], a[2] - b[2]])
}

/// How far a position lies from a chord.
fn distance(at: Triple, from: Triple, to: Triple) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    let off = [at[0] - from[0], at[1] - from[1], at[2] - from[2]];
    let dot = |a: Triple, b: Triple| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let length = dot(along, along);
    let share = if length > 0.0 { (dot(off, along) / length).clamp(0.0, 1.0) } else { 0.0 };
    norm([off[0] - along[0] * share, off[1] - along[1] * share, off[2] - along[2] * share])
}

fn extent(points: &[Triple]) -> (Triple, Triple) {
    let start = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    points.iter().fold(start, |(low, high), at| {
        let least = |a: Triple, b: &Triple| [a[0].min(b[0]), a[1].min(b[1]), a[2].min(b[2])];
        let most = |a: Triple, b: &Triple| [a[0].max(b[0]), a[1].max(b[1]), a[2].max(b[2])];
        (least(low, at), most(high, at))
    })
}
