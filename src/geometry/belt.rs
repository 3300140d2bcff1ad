//! The belt of a given width round a shape, near a site. For reference: a published boundary decides where there is one.

use super::dilate::{dilate_lines, dilate_polygons};
use super::overlay::Frame;
use super::prepared::PreparedShape;
use super::reference::{GaussKruger, PlanePoint};
use super::track::Bound;
use geo::bool_ops::FillRule;
use geo::{BooleanOps, Coord, LineString, MultiPolygon, OpType, Polygon, Rect};

/// All ground within `metres` of a shape, the shape's own ground included, as far as it lies in a box. Measured in
/// the Gauss–Krüger plane of the place, whose scale is true to 5·10⁻⁵ in Wuxi; long edges are cut before they are moved.
pub fn belt(shape: &PreparedShape, around: Rect, metres: f64, plane: &GaussKruger) -> Option<PreparedShape> {
    let around: Bound = around.into();
    if shape.is_empty() || !metres.is_finite() || metres < 0.0 {
        return None;
    }
    let window = Frame::at(around.centre()).grow(around, metres * 1.01 + 10.0);
    let image = |at: Coord| plane.forward(at).ok().map(|to| Coord { x: to.east, y: to.north });
    let line = |points: &[Coord]| {
        let mut points: Vec<Coord> = cut(points, LONGEST_DEGREES).into_iter().filter_map(image).collect();
        points.dedup();
        LineString::new(points)
    };
    let grown = if shape.is_areal() {
        let rings = shape.cut(window).into_iter().filter(|ring| ring.len() > 3);
        let rings = MultiPolygon(rings.map(|ring| Polygon::new(line(&ring), vec![])).collect());
        let ground = rings.boolean_op_with_fill_rule(&MultiPolygon(vec![]), OpType::Union, FillRule::NonZero);
        if metres > 0.0 { dilate_polygons(&ground, metres) } else { ground }
    } else if metres > 0.0 {
        let runs = shape.tracks().iter().flat_map(|track| track.runs_near(window));
        let lines: Vec<LineString> = runs.map(|run| line(&run)).filter(|run| !run.0.is_empty()).collect();
        dilate_lines(&lines, metres)
    } else {
        return None;
    };
    let back = |ring: &LineString| {
        let point = |at: Coord| plane.inverse(PlanePoint { east: at.x, north: at.y }).ok();
        LineString::new(cut(&ring.0, LONGEST_METRES).into_iter().filter_map(point).collect())
    };
    let polygons = grown
        .0
        .iter()
        .map(|polygon| Polygon::new(back(polygon.exterior()), polygon.interiors().iter().map(back).collect()));
    let belt = PreparedShape::of_sound_polygons(MultiPolygon(polygons.collect()));
    (!belt.is_empty()).then_some(belt)
}

/// Edges are cut to this length before they are moved to the plane or back: what is straight on one side runs within
/// 3 mm of straight on the other then.
const LONGEST_DEGREES: f64 = 0.005;
const LONGEST_METRES: f64 = 500.0;

/// The same points with further ones on edges longer than this.
fn cut(points: &[Coord], longest: f64) -> Vec<Coord> {
    let mut out: Vec<Coord> = points.first().copied().into_iter().collect();
    for edge in points.windows(2) {
        let [a, b] = edge else { continue };
        let pieces = ((b.x - a.x).abs().max((b.y - a.y).abs()) / longest).ceil().clamp(1.0, 10_000.0);
        let between = (1..pieces as u32).map(|step| {
            let share = f64::from(step) / pieces;
            Coord { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
        });
        out.extend(between);
        out.push(*b);
    }
    out
}

/// Metres that the contents of two boxes (degrees) are apart at least.
pub fn box_distance(one: geo::Rect, other: geo::Rect) -> f64 {
    super::nearest::least(one.into(), other.into())
}

/// A box round a shape with a margin, degrees.
pub fn surroundings(shape: &PreparedShape, metres: f64) -> Option<geo::Rect> {
    let bound: Bound = shape.bounds()?.into();
    Some(Frame::at(bound.centre()).grow(bound, metres * 1.01 + 1.0).rect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Geometry;

    fn square(west: f64, south: f64, side: f64) -> PreparedShape {
        let rect = geo::Rect::new(Coord { x: west, y: south }, Coord { x: west + side, y: south + side });
        PreparedShape::new(&Geometry::Rect(rect))
    }

    #[test]
    fn a_belt_round_a_line_is_twice_as_wide_with_round_ends() {
        let plane = GaussKruger::three_degree(120.3).unwrap();
        let line = LineString::new(vec![Coord { x: 120.3, y: 31.5 }, Coord { x: 120.31, y: 31.5 }]);
        let length = crate::geometry::line_length(&line);
        let line = PreparedShape::new(&Geometry::LineString(line));
        let belt = belt(&line, square(120.29, 31.49, 0.03).bounds().unwrap(), 100.0, &plane).unwrap();
        let expected = 200.0 * length + std::f64::consts::PI * 10_000.0;
        assert!((belt.area().0 / expected - 1.0).abs() < 3e-4, "{} for {expected}", belt.area().0);
    }

    #[test]
    fn the_belt_of_a_large_lake_near_a_site_is_the_same_as_that_of_the_whole_lake() {
        let plane = GaussKruger::three_degree(120.3).unwrap();
        let lake = square(120.0, 31.0, 0.3);
        let far = square(120.31, 31.1, 0.01);
        let near = belt(&lake, far.bounds().unwrap(), 5_000.0, &plane).unwrap();
        let whole = belt(&lake, square(119.5, 30.5, 1.5).bounds().unwrap(), 5_000.0, &plane).unwrap();
        let area = |zone: &PreparedShape| crate::geometry::meet(&far, zone, &plane, 1.0).unwrap().area.0;
        assert!((area(&near) - far.area().0).abs() < 0.01, "{} of {}", area(&near), far.area().0);
        let edge = square(120.345, 31.1, 0.02);
        let near = belt(&lake, edge.bounds().unwrap(), 5_000.0, &plane).unwrap();
        let of = |zone: &PreparedShape| crate::geometry::meet(&edge, zone, &plane, 1.0).unwrap().area.0;
        assert!((of(&near) / of(&whole) - 1.0).abs() < 1e-3, "{} {}", of(&near), of(&whole));
    }
}
