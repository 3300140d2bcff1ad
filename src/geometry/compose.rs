//! Parts added to a shape and holes cut into it. What does not touch is put beside the rest as it is, to the last digit.

use super::overlay::Frame;
use super::track::Bound;
use geo::bool_ops::FillRule;
use geo::{BooleanOps, BoundingRect, Contains, Intersects, MultiPolygon, OpType, Polygon};

/// The ground of both.
pub fn joined(shape: &MultiPolygon, part: &MultiPolygon) -> MultiPolygon {
    if !shape.intersects(part) {
        return MultiPolygon(shape.iter().chain(part).cloned().collect());
    }
    overlaid(shape, part, OpType::Union)
}

/// The ground of the first that is not of the second; empty when nothing is left.
pub fn cut(shape: &MultiPolygon, hole: &MultiPolygon) -> MultiPolygon {
    if !shape.intersects(hole) {
        return shape.clone();
    }
    // a hole well inside one part is only another ring of it
    if let [ring] = hole.0.as_slice()
        && ring.interiors().is_empty()
        && let Some(around) = shape.iter().position(|polygon| holds(polygon, ring))
    {
        let mut whole = shape.clone();
        if let Some(polygon) = whole.0.get_mut(around) {
            let mut inside = ring.exterior().clone();
            inside.0.reverse();
            polygon.interiors_push(inside);
        }
        return whole;
    }
    overlaid(shape, hole, OpType::Difference)
}

/// Whether a ring lies inside a polygon and touches none of its rings.
fn holds(polygon: &Polygon, ring: &Polygon) -> bool {
    let mut rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    polygon.contains(ring) && !rings.any(|edge| edge.intersects(ring))
}

fn overlaid(one: &MultiPolygon, other: &MultiPolygon, operation: OpType) -> MultiPolygon {
    let bounds = [one, other].into_iter().filter_map(|shape| Some(Bound::from(shape.bounding_rect()?)));
    let Some(bound) = bounds.reduce(Bound::and) else { return one.clone() };
    let frame = Frame::at(bound.centre());
    let local = |shape: &MultiPolygon| MultiPolygon(shape.iter().map(|polygon| frame.polygon_in(polygon)).collect());
    let found = local(one).boolean_op_with_fill_rule(&local(other), operation, FillRule::EvenOdd);
    MultiPolygon(found.iter().map(|polygon| frame.polygon_out(polygon)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::measure;
    use geo::{Coord, Geometry, Rect};

    fn square(x: f64, y: f64, side: f64) -> MultiPolygon {
        let low = Coord { x: 120.3 + x * 1e-3, y: 31.5 + y * 1e-3 };
        let rect = Rect::new(low, Coord { x: low.x + side * 1e-3, y: low.y + side * 1e-3 });
        MultiPolygon(vec![rect.to_polygon()])
    }

    fn area(shape: &MultiPolygon) -> f64 {
        measure::area(&Geometry::MultiPolygon(shape.clone())).0
    }

    #[test]
    fn a_part_beside_leaves_every_digit_as_it_was() {
        let (shape, part) = (square(0.0, 0.0, 1.0), square(2.0, 0.0, 1.0));
        assert_eq!(joined(&shape, &part).0, [shape.0.clone(), part.0].concat());
        assert_eq!(cut(&shape, &square(2.0, 0.0, 1.0)), shape);
    }

    #[test]
    fn parts_that_overlap_become_one_and_their_area_is_counted_once() {
        let (shape, part) = (square(0.0, 0.0, 2.0), square(1.0, 1.0, 2.0));
        let whole = joined(&shape, &part);
        assert_eq!(whole.0.len(), 1);
        let expected = area(&shape) + area(&part) - area(&square(1.0, 1.0, 1.0));
        assert!((area(&whole) - expected).abs() < 0.01);
    }

    #[test]
    fn a_hole_inside_becomes_a_ring_and_one_across_the_border_a_bay() {
        let shape = square(0.0, 0.0, 3.0);
        let holed = cut(&shape, &square(1.0, 1.0, 1.0));
        assert_eq!((holed.0.len(), holed.0[0].interiors().len()), (1, 1));
        assert_eq!(holed.0[0].exterior(), shape.0[0].exterior());
        assert!((area(&shape) - area(&holed) - area(&square(1.0, 1.0, 1.0))).abs() < 0.01);
        let bay = cut(&shape, &square(2.0, 2.0, 3.0));
        assert_eq!((bay.0.len(), bay.0[0].interiors().len()), (1, 0));
        assert!((area(&shape) - area(&bay) - area(&square(2.0, 2.0, 1.0))).abs() < 0.01);
        assert!(cut(&shape, &square(-1.0, -1.0, 9.0)).0.is_empty());
    }
}
