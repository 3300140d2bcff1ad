//! The ground that several shapes cover together. Overlays have been seen to lose a hole that touches a border, so it is
//! looked for on turned axes, too, until two answers agree.

use super::measure::{self, Area};
use super::overlay::{Frame, options, polygons};
use super::track::{Bound, Track};
use super::validity::keep_apart;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::float::overlay::FloatOverlay;
use std::cell::OnceCell;

/// The ground that several shapes cover together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Joint {
    /// Its area, each spot counted once.
    pub area: Area,
    /// Two computations agree on it; where none do, it is the least that was found.
    pub agreed: bool,
}

/// By how much the axes are turned, radians.
const TURNS: [f64; 5] = [0.0, 0.61, 1.13, 0.29, 0.87];

/// The ground that several shapes cover together, each given with its area; shells counter-clockwise, holes clockwise.
pub fn joint_area<'a>(shapes: impl IntoIterator<Item = (&'a MultiPolygon, Area)>) -> Joint {
    let known: Vec<(&MultiPolygon, Area)> = shapes.into_iter().filter(|(shape, _)| !shape.0.is_empty()).collect();
    let shapes: Vec<&MultiPolygon> = known.iter().map(|(shape, _)| *shape).collect();
    let sum: Area = known.iter().map(|(_, area)| *area).sum();
    let bound = shapes.iter().filter_map(|shape| Bound::of_rings(shape)).reduce(Bound::and);
    let Some(bound) = bound.filter(|_| shapes.len() > 1 && !lie_apart(&shapes)) else {
        return Joint { area: sum, agreed: true };
    };
    let frame = Frame::at(bound.centre());
    let rings: Vec<Vec<[f64; 2]>> =
        shapes.iter().flat_map(|shape| rings(shape)).map(|ring| frame.open_ring(ring)).collect();
    let outline: f64 = rings.iter().map(|ring| length(ring)).sum();
    let slack = 1e-8 * sum.0 + 2.0 * frame.size_of(bound) / f64::from(1 << 29) * outline + 1e-3;
    let largest = known.iter().map(|(_, area)| area.0).fold(0.0, f64::max);
    let mut found: Vec<f64> = Vec::new();
    for turn in TURNS {
        let united = united(&rings, turn);
        let area = measure::area_of(&MultiPolygon(united.0.iter().map(|part| frame.polygon_out(part)).collect())).0;
        if area < largest - slack || area > sum.0 + slack {
            continue;
        }
        if let Some(first) = found.iter().find(|known| (*known - area).abs() <= slack) {
            return Joint { area: Area(*first), agreed: true };
        }
        found.push(area);
    }
    Joint { area: Area(found.into_iter().reduce(f64::min).unwrap_or(largest)), agreed: false }
}

/// All rings as one ground, found on turned axes.
fn united(rings: &[Vec<[f64; 2]>], turn: f64) -> MultiPolygon {
    let (sine, cosine) = (libm::sin(turn), libm::cos(turn));
    let turned: Vec<Vec<[f64; 2]>> = rings
        .iter()
        .map(|ring| ring.iter().map(|[x, y]| [x * cosine - y * sine, x * sine + y * cosine]).collect())
        .collect();
    let mut overlay = FloatOverlay::with_subj_custom(&turned, options(), Solver::default());
    let found = polygons(overlay.overlay(OverlayRule::Subject, FillRule::NonZero));
    let back = |at: &Coord| Coord { x: at.x * cosine + at.y * sine, y: at.y * cosine - at.x * sine };
    let ring = |ring: &LineString| LineString::new(ring.0.iter().map(back).collect());
    let polygon = |part: &Polygon| Polygon::new(ring(part.exterior()), part.interiors().iter().map(ring).collect());
    MultiPolygon(found.0.iter().map(polygon).collect())
}

fn length(ring: &[[f64; 2]]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|([ax, ay], [bx, by])| libm::hypot(bx - ax, by - ay)).sum()
}

fn rings(shape: &MultiPolygon) -> impl Iterator<Item = &LineString> {
    shape.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

/// Shapes up to which each is held against each.
const SHAPES_UP_TO: usize = 64;

/// Whether no shape has a point in common with another; each is sound in itself.
fn lie_apart(shapes: &[&MultiPolygon]) -> bool {
    let bounds: Vec<Option<Bound>> = shapes.iter().map(|shape| Bound::of_rings(shape)).collect();
    let made: Vec<OnceCell<Vec<Track>>> = shapes.iter().map(|_| OnceCell::new()).collect();
    let borders = shapes.iter().zip(&made).map(|(shape, made)| || made.get_or_init(|| tracks(shape)));
    let mut places = borders.zip(&bounds);
    shapes.len() <= SHAPES_UP_TO
        && std::iter::from_fn(|| Some((places.next()?, places.clone()))).all(|((one, bound), mut others)| {
            others.all(|(other, other_bound)| match (bound, other_bound) {
                (Some(bound), Some(other_bound)) => !bound.meets(*other_bound) || keep_off(one(), other()),
                _ => false,
            })
        })
}

fn tracks(shape: &MultiPolygon) -> Vec<Track> {
    rings(shape).filter_map(|ring| Track::new(ring.0.clone())).collect()
}

/// Whether the rings of two shapes have no point in common.
fn keep_off(one: &[Track], other: &[Track]) -> bool {
    let is_outside = |rings: &[Track], of: &[Track]| {
        rings.iter().all(|ring| of.iter().map(|other| other.winding(ring.first())).sum::<i32>() == 0)
    };
    one.iter().all(|ring| other.iter().all(|other| keep_apart(ring, other)))
        && is_outside(one, other)
        && is_outside(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::dice::Dice;

    fn square(west: f64, south: f64, side: f64) -> LineString {
        let frame = Frame::at(Coord { x: 120.3, y: 31.5 });
        let at = |x: f64, y: f64| frame.out_of_local(Coord { x: west + x, y: south + y });
        LineString::new(vec![at(0.0, 0.0), at(side, 0.0), at(side, side), at(0.0, side), at(0.0, 0.0)])
    }

    fn hole(west: f64, south: f64, side: f64) -> LineString {
        let mut ring = square(west, south, side);
        ring.0.reverse();
        ring
    }

    fn joint(shapes: &[MultiPolygon]) -> Joint {
        joint_area(shapes.iter().map(|shape| (shape, measure::area_of(shape))))
    }

    #[test]
    fn each_spot_counts_once_and_holes_do_not() {
        let unit = measure::area_of(&MultiPolygon(vec![Polygon::new(square(0.0, 0.0, 100.0), vec![])])).0;
        let shape = |shell, holes: Vec<LineString>| MultiPolygon(vec![Polygon::new(shell, holes)]);
        let check = |shapes: &[MultiPolygon], expected: f64| {
            let found = joint(shapes);
            assert!(found.agreed && (found.area.0 / unit - expected).abs() < 5e-5, "{found:?} for {expected}");
        };
        // side by side, one over the other, one in the hole of the other
        check(&[shape(square(0.0, 0.0, 100.0), vec![]), shape(square(100.0, 0.0, 100.0), vec![])], 2.0);
        check(&[shape(square(0.0, 0.0, 100.0), vec![]), shape(square(50.0, 0.0, 100.0), vec![])], 1.5);
        let ring = shape(square(0.0, 0.0, 100.0), vec![hole(25.0, 25.0, 50.0)]);
        check(&[ring.clone(), shape(square(25.0, 25.0, 50.0), vec![])], 1.0);
        check(&[ring.clone(), shape(square(40.0, 40.0, 20.0), vec![])], 0.79);
        // two rings that touch each other, and a hole that meets its shell in a corner
        let other = shape(square(100.0, 100.0, 100.0), vec![hole(125.0, 125.0, 50.0)]);
        check(&[ring, other], 1.5);
        let meets = hole(0.0, 0.0, 50.0);
        check(&[shape(square(0.0, 0.0, 100.0), vec![meets]), shape(square(100.0, 0.0, 100.0), vec![])], 1.75);
    }

    #[test]
    fn it_is_what_lies_on_any_of_them() {
        let mut dice = Dice(11);
        let frame = Frame::at(Coord { x: 120.3, y: 31.5 });
        for _ in 0..20 {
            let boxes: Vec<(f64, f64, f64)> = (0..6)
                .map(|_| {
                    (dice.between(0.0, 60.0).round(), dice.between(0.0, 60.0).round(), dice.between(10.0, 40.0).round())
                })
                .collect();
            let shapes: Vec<MultiPolygon> = boxes
                .iter()
                .map(|(x, y, side)| {
                    let inner = (side / 4.0).round();
                    MultiPolygon(vec![Polygon::new(
                        square(*x, *y, *side),
                        vec![hole(x + inner, y + inner, side - 2.0 * inner)],
                    )])
                })
                .collect();
            let covers = |at: (f64, f64)| {
                boxes.iter().any(|(x, y, side)| {
                    let inner = (side / 4.0).round();
                    let lies = |low: f64, side: f64, at: f64| at > low && at < low + side;
                    lies(*x, *side, at.0)
                        && lies(*y, *side, at.1)
                        && !(lies(x + inner, side - 2.0 * inner, at.0) && lies(y + inner, side - 2.0 * inner, at.1))
                })
            };
            let cells = (0..100).flat_map(|x| (0..100).map(move |y| (f64::from(x) + 0.5, f64::from(y) + 0.5)));
            let count = cells.filter(|at| covers(*at)).count() as f64;
            let unit = measure::area_of(&MultiPolygon(vec![Polygon::new(square(0.0, 0.0, 1.0), vec![])])).0;
            let found = joint(&shapes);
            assert!(
                found.agreed && (found.area.0 / unit - count).abs() < 0.01 + 1e-5 * count,
                "{found:?} {count} {frame:?}"
            );
        }
    }
}
