//! Faults of a ring that change nothing of what it encloses: points repeated, spikes without width, a winding other
//! than that of the rest of its layer. They are put right and told, since other programs stumble over them.

use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};

/// Width below which a spike is none of the shape, metres.
const WIDTH: f64 = 1e-4;
/// Metres of a degree of latitude, near enough for a width.
const METRES: f64 = 111_000.0;

/// What was found in a shape.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Slight {
    /// Points that stand twice in a row, and where the first is.
    pub(super) repeated: (usize, Option<Coord>),
    /// Spikes, and where the tip of the first is.
    pub(super) spikes: (usize, Option<Coord>),
}

impl Slight {
    /// Whether nothing was found.
    pub(super) fn is_nothing(&self) -> bool {
        self.repeated.0 == 0 && self.spikes.0 == 0
    }
}

/// The polygons without points repeated and without spikes, when they have any. Rings of which too little would be left
/// stay as they are: what is wrong with those is told elsewhere.
pub(super) fn slim(shape: &MultiPolygon) -> Option<(MultiPolygon, Slight)> {
    let mut found = Slight::default();
    let slimmed = shape.0.iter().map(|polygon| {
        let rings = polygon.interiors().iter().map(|ring| slim_ring(ring, &mut found)).collect::<Vec<_>>();
        Polygon::new(slim_ring(polygon.exterior(), &mut found), rings)
    });
    let slimmed = MultiPolygon(slimmed.collect());
    (!found.is_nothing()).then_some((slimmed, found))
}

fn slim_ring(ring: &LineString, found: &mut Slight) -> LineString {
    let points = ring.0.as_slice();
    let is_closed = points.len() > 3 && points.first() == points.last();
    let repeats = points.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
    let Some(open) = points.get(..points.len().saturating_sub(1)).filter(|_| is_closed) else { return ring.clone() };
    let count = open.len();
    let has_spike = (0..count).any(|at| {
        let [before, tip, after] = [at + count - 1, at, at + 1].map(|at| open.get(at % count).copied());
        before.zip(tip).zip(after).is_some_and(|((before, tip), after)| is_spike(before, tip, after))
    });
    if !repeats && !has_spike {
        return ring.clone();
    }
    let (mut kept, mut own): (Vec<Coord>, Slight) = (Vec::with_capacity(count), Slight::default());
    for at in open {
        add(&mut kept, *at, &mut own);
    }
    // the ends meet too
    loop {
        let ends = (kept.len(), kept.first().copied(), kept.get(1).copied(), kept.last().copied());
        let (length, Some(first), Some(second), Some(last)) = ends else { break };
        if length < 4 {
            break;
        }
        let previous = kept.get(length - 2).copied().unwrap_or(last);
        if first == last {
            note(&mut own.repeated, last);
            kept.pop();
        } else if is_spike(previous, last, first) {
            note(&mut own.spikes, last);
            kept.truncate(if previous == first { length - 2 } else { length - 1 });
        } else if is_spike(last, first, second) {
            note(&mut own.spikes, first);
            kept.remove(0);
            kept.truncate(if last == second { length - 2 } else { length - 1 });
        } else {
            break;
        }
    }
    if kept.len() < 3 {
        return ring.clone();
    }
    for (all, one) in [(&mut found.repeated, own.repeated), (&mut found.spikes, own.spikes)] {
        *all = (all.0 + one.0, all.1.or(one.1));
    }
    kept.extend(kept.first().copied());
    LineString::new(kept)
}

/// Adds a point to a ring; a tip before it that turns out to be a spike falls away.
fn add(kept: &mut Vec<Coord>, next: Coord, found: &mut Slight) {
    loop {
        match kept.as_slice() {
            [.., last] if *last == next => {
                // the way back from a spike ends where it began: that is no fault of its own
                note(&mut found.repeated, next);
                return;
            }
            [.., before, tip] if is_spike(*before, *tip, next) => {
                note(&mut found.spikes, *tip);
                let is_back = *before == next;
                kept.pop();
                if is_back {
                    return;
                }
            }
            _ => {
                kept.push(next);
                return;
            }
        }
    }
}

fn note(count: &mut (usize, Option<Coord>), at: Coord) {
    *count = (count.0 + 1, count.1.or(Some(at)));
}

/// Whether the border goes to a tip and back by the same way.
fn is_spike(before: Coord, tip: Coord, after: Coord) -> bool {
    let shrink = libm::cos(tip.y.to_radians());
    let metres = |at: Coord| ((at.x - tip.x) * shrink * METRES, (at.y - tip.y) * METRES);
    let (a, b) = (metres(before), metres(after));
    if a.0 * b.0 + a.1 * b.1 <= 0.0 {
        return false;
    }
    let (long, width) = (libm::hypot(a.0, a.1).max(libm::hypot(b.0, b.1)), (a.0 * b.1 - a.1 * b.0).abs());
    width <= WIDTH * long
}

/// Which way the shells of a shape are wound, holes counted the other way: 1 counter-clockwise, -1 clockwise, 0 when
/// they do not agree with each other.
pub(super) fn winding(shape: &Geometry) -> Option<i8> {
    let polygons: &[Polygon] = match shape {
        Geometry::Polygon(polygon) => std::slice::from_ref(polygon),
        Geometry::MultiPolygon(polygons) => &polygons.0,
        _ => return None,
    };
    let mut all = None;
    for polygon in polygons {
        let holes = polygon.interiors().iter().map(|ring| (ring, -1.0));
        for (ring, sign) in std::iter::once((polygon.exterior(), 1.0)).chain(holes) {
            let own = match sign * turn(ring) {
                turn if turn > 0.0 => 1,
                turn if turn < 0.0 => -1,
                _ => continue,
            };
            if *all.get_or_insert(own) != own {
                return Some(0);
            }
        }
    }
    all
}

/// Winds all rings the other way.
pub(super) fn turn_round(shape: &mut MultiPolygon) {
    for polygon in shape {
        polygon.exterior_mut(|ring| ring.0.reverse());
        polygon.interiors_mut(|rings| rings.iter_mut().for_each(|ring| ring.0.reverse()));
    }
}

fn turn(ring: &LineString) -> f64 {
    let Some(origin) = ring.0.first() else { return 0.0 };
    let cross = |a: &Coord, b: &Coord| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
    ring.0.windows(2).map(|pair| if let [a, b] = pair { cross(a, b) } else { 0.0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> MultiPolygon {
        let ring = points.iter().map(|(x, y)| Coord { x: 120.0 + x * 1e-3, y: 31.0 + y * 1e-3 }).collect();
        MultiPolygon(vec![Polygon::new(LineString::new(ring), vec![])])
    }

    #[test]
    fn spikes_and_repeated_points_fall_away_and_are_counted() {
        let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        assert_eq!(slim(&ring(&square)), None);
        for (points, repeated, spikes) in [
            (vec![(0.0, 0.0), (1.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], 1, 0),
            // out and back
            (vec![(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], 0, 1),
            // past the corner and back onto the border
            (vec![(0.0, 0.0), (3.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], 0, 1),
            // at the ends of the list
            (vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0), (-1.0, -1.0)], 0, 1),
        ] {
            let (slimmed, found) = slim(&ring(&points)).unwrap();
            assert_eq!((found.repeated.0, found.spikes.0), (repeated, spikes), "{points:?}");
            assert_eq!(slimmed.0[0].exterior().0.len(), 5, "{points:?}");
        }
    }

    #[test]
    fn nothing_is_left_of_a_ring_that_is_all_spike_and_that_is_not_ours_to_tell() {
        assert_eq!(slim(&ring(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)])), None);
    }
}
