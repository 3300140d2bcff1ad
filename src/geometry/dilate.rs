//! All ground of a plane within a distance of polygons, lines and points.
//!
//! Each border is carried outwards with arcs at its outer corners; the curve so made winds round every place as often as
//! the shape comes within the distance of it in separate pieces, so the places it winds round at all are the answer.
//! That holds for shapes without holes that do not close on themselves: holes are treated apart, lines in pieces that
//! turn by less than half a circle.

use geo::bool_ops::FillRule;
use geo::{BooleanOps, BoundingRect, Coord, LineString, MultiPolygon, OpType, Polygon};
use std::f64::consts::{PI, TAU};

/// An arc may run this far inside of its circle, metres.
const SAGITTA: f64 = 0.1;

/// All ground within `metres` of polygons, their own included.
pub(super) fn dilate_polygons(shape: &MultiPolygon, metres: f64) -> MultiPolygon {
    let radius = Radius::new(metres);
    let holes_left = |polygon: &Polygon| -> Vec<MultiPolygon> {
        let rings = polygon.interiors().iter().filter(|ring| is_wider_than(ring, 2.0 * metres));
        rings.map(|ring| eroded(ring, &radius)).filter(|left| !left.0.is_empty()).collect()
    };
    let (mut curves, mut pierced) = (Vec::new(), Vec::new());
    for polygon in &shape.0 {
        let curve = radius.round(&counter_clockwise(polygon.exterior()));
        let holes = holes_left(polygon);
        if holes.is_empty() { curves.extend(curve) } else { pierced.push((curve, holes)) }
    }
    let whole = filled(curves);
    pierced.into_iter().fold(whole, |whole, (curve, holes)| {
        let grown = holes.iter().fold(filled(curve.into_iter().collect()), |grown, hole| grown.difference(hole));
        whole.union(&grown)
    })
}

/// All ground within `metres` of lines and points (lines of one vertex).
pub(super) fn dilate_lines(lines: &[LineString], metres: f64) -> MultiPolygon {
    let radius = Radius::new(metres);
    filled(lines.iter().flat_map(|line| radius.round_line(line)).collect())
}

/// What is left of a hole when its border is carried inwards.
fn eroded(ring: &LineString, radius: &Radius) -> MultiPolygon {
    let hole = MultiPolygon(vec![Polygon::new(LineString::new(counter_clockwise(ring)), vec![])]);
    hole.difference(&filled(radius.round_line(ring)))
}

fn filled(curves: Vec<LineString>) -> MultiPolygon {
    let curves = MultiPolygon(curves.into_iter().map(|curve| Polygon::new(curve, vec![])).collect());
    curves.boolean_op_with_fill_rule(&MultiPolygon(vec![]), OpType::Union, FillRule::NonZero)
}

fn is_wider_than(ring: &LineString, metres: f64) -> bool {
    ring.bounding_rect().is_some_and(|rect| rect.width() > metres && rect.height() > metres)
}

fn counter_clockwise(ring: &LineString) -> Vec<Coord> {
    let twice: f64 = ring.lines().map(|edge| edge.start.x * edge.end.y - edge.end.x * edge.start.y).sum();
    let mut points = ring.0.clone();
    if twice < 0.0 {
        points.reverse();
    }
    points
}

struct Radius {
    metres: f64,
    /// The largest step of an arc.
    step: f64,
}

impl Radius {
    fn new(metres: f64) -> Self {
        let share = (SAGITTA / metres.max(SAGITTA)).min(0.02);
        Self { metres, step: 2.0 * libm::acos(1.0 - share) }
    }

    /// The curve round a closed ring, its inside to the left.
    fn round(&self, ring: &[Coord]) -> Option<LineString> {
        let mut points = ring.to_vec();
        points.dedup();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        let first = *points.first()?;
        if points.len() == 1 {
            return Some(self.circle(first));
        }
        let mut curve = Vec::with_capacity(points.len() * 2 + 16);
        for (number, at) in points.iter().enumerate() {
            let before = points.get((number + points.len() - 1) % points.len())?;
            let after = points.get((number + 1) % points.len())?;
            let (into, out) = (heading(*before, *at), heading(*at, *after));
            curve.push(self.beside(*at, into));
            let turn = turn(into, out);
            if turn > 0.0 {
                let steps = (turn / self.step).ceil();
                let inner = (1..steps as u32).map(|step| into + turn * f64::from(step) / steps);
                curve.extend(inner.map(|heading| self.beside(*at, heading)));
            }
            curve.push(self.beside(*at, out));
        }
        curve.extend(curve.first().copied());
        Some(LineString::new(curve))
    }

    /// The curves round a line, there and back, in pieces that cannot close on themselves.
    fn round_line(&self, line: &LineString) -> Vec<LineString> {
        let mut points = line.0.clone();
        points.dedup();
        let mut curves = Vec::new();
        let mut piece: Vec<Coord> = Vec::new();
        let mut turned = 0.0;
        for at in points {
            if let [.., before, last] = piece.as_slice() {
                turned += turn(heading(*before, *last), heading(*last, at)).abs();
                // a line that comes back to itself has turned by half a circle at least
                if turned >= 0.95 * PI {
                    let last = *last;
                    curves.extend(self.there_and_back(&piece));
                    piece = vec![last];
                    turned = 0.0;
                }
            }
            piece.push(at);
        }
        curves.extend(self.there_and_back(&piece));
        curves
    }

    fn there_and_back(&self, piece: &[Coord]) -> Option<LineString> {
        let mut ring = piece.to_vec();
        ring.extend(piece.iter().rev().skip(1).take(piece.len().saturating_sub(2)));
        self.round(&ring)
    }

    fn circle(&self, centre: Coord) -> LineString {
        let steps = (TAU / self.step).ceil();
        let around = (0..steps as u32).map(|step| self.beside(centre, TAU * f64::from(step) / steps));
        let mut ring: Vec<Coord> = around.collect();
        ring.extend(ring.first().copied());
        LineString::new(ring)
    }

    /// The place to the right of a heading.
    fn beside(&self, at: Coord, heading: f64) -> Coord {
        Coord { x: at.x + self.metres * libm::sin(heading), y: at.y - self.metres * libm::cos(heading) }
    }
}

fn heading(from: Coord, to: Coord) -> f64 {
    libm::atan2(to.y - from.y, to.x - from.x)
}

/// The turn from one heading to another, left positive; straight back counts as left.
fn turn(from: f64, to: f64) -> f64 {
    let turn = (to - from) % TAU;
    // a hair's breadth from half a circle on either side is straight back, too
    if turn > PI + 1e-12 {
        turn - TAU
    } else if turn < -PI + 1e-12 {
        turn + TAU
    } else {
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Contains, Distance, Euclidean, Point};

    /// Every place of a grid is inside or outside as its distance from the shape says, but for the sagitta.
    fn check(shape: &geo::Geometry, grown: &MultiPolygon, metres: f64, side: f64) {
        for step in 0..4_000_i32 {
            let place = Point::new(f64::from(step % 63) / 62.0, f64::from(step / 63) / 62.0);
            let place = Point((place.0 - Coord { x: 0.5, y: 0.5 }) * side);
            let distance = Euclidean.distance(&place, shape);
            if (distance - metres).abs() > SAGITTA * 1.05 {
                assert_eq!(grown.contains(&place), distance < metres, "{place:?} {distance}");
            }
        }
    }

    fn star(points: usize, reach: f64) -> LineString {
        let at = |number: usize| {
            let angle = TAU * number as f64 / points as f64;
            let reach = reach * (0.6 + 0.3 * (5.0 * angle).sin() + 0.1 * (71.0 * angle).cos());
            Coord { x: reach * angle.cos(), y: reach * angle.sin() }
        };
        (0..=points).map(|number| at(number % points)).collect()
    }

    #[test]
    fn a_wild_coast_grows_to_all_ground_within_the_distance() {
        for metres in [3.0, 40.0, 400.0, 3_000.0] {
            let shape = MultiPolygon(vec![Polygon::new(star(500, 1_000.0), vec![])]);
            check(&shape.clone().into(), &dilate_polygons(&shape, metres), metres, 9_000.0);
        }
    }

    #[test]
    fn a_hole_shrinks_and_a_small_one_goes() {
        let ring = |side: f64| {
            geo::Rect::new(Coord { x: -side, y: -side }, Coord { x: side, y: side }).to_polygon().into_inner().0
        };
        for metres in [10.0, 90.0, 110.0] {
            let shape = MultiPolygon(vec![Polygon::new(ring(500.0), vec![ring(100.0)])]);
            let grown = dilate_polygons(&shape, metres);
            check(&shape.into(), &grown, metres, 1_400.0);
            assert_eq!(grown.0[0].interiors().len(), usize::from(metres < 100.0));
        }
    }

    #[test]
    fn a_line_that_crosses_itself_leaves_no_gap() {
        let knot: LineString = (0..=400)
            .map(|step| {
                let angle = TAU * f64::from(step) / 400.0;
                Coord { x: 800.0 * (2.0 * angle).sin(), y: 800.0 * (3.0 * angle).cos() }
            })
            .collect();
        for metres in [5.0, 150.0, 1_000.0] {
            let lines = [knot.clone(), LineString::new(vec![Coord { x: 1_500.0, y: 0.0 }])];
            let shape = geo::Geometry::GeometryCollection(
                vec![geo::Geometry::LineString(knot.clone()), geo::Geometry::Point(Point::new(1_500.0, 0.0))].into(),
            );
            check(&shape, &dilate_lines(&lines, metres), metres, 5_600.0);
        }
    }

    #[test]
    fn a_stadium_has_the_area_of_a_stadium() {
        let line =
            LineString::new(vec![Coord { x: 0.0, y: 0.0 }, Coord { x: 700.0, y: 0.0 }, Coord { x: 1_000.0, y: 0.0 }]);
        let area = dilate_lines(&[line], 100.0).unsigned_area();
        let expected = 200.0 * 1_000.0 + PI * 10_000.0;
        assert!((area / expected - 1.0).abs() < 3e-4, "{area} {expected}");
    }
}
