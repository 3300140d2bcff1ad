//! The box of a shape, of large ones in one quick pass.

use geo::{Coord, Geometry, LineString, Polygon, Rect};

/// The box around every vertex of a shape, of holes too; absent when there is none, or when one is no number.
pub fn extent(shape: &Geometry) -> Option<Rect> {
    let mut grown = Grown::default();
    grown.shape(shape);
    let finite =
        grown.low.x.is_finite() && grown.low.y.is_finite() && grown.high.x.is_finite() && grown.high.y.is_finite();
    (finite && !grown.is_broken).then(|| Rect::new(grown.low, grown.high))
}

struct Grown {
    low: Coord,
    high: Coord,
    is_broken: bool,
}

impl Default for Grown {
    fn default() -> Self {
        let (most, least) = (f64::INFINITY, f64::NEG_INFINITY);
        Grown { low: Coord { x: most, y: most }, high: Coord { x: least, y: least }, is_broken: false }
    }
}

impl Grown {
    fn line(&mut self, line: &[Coord]) {
        // kept apart, so that the loop stays in registers
        let (mut low, mut high, mut is_broken) = (self.low, self.high, false);
        for at in line {
            low.x = if at.x < low.x { at.x } else { low.x };
            low.y = if at.y < low.y { at.y } else { low.y };
            high.x = if at.x > high.x { at.x } else { high.x };
            high.y = if at.y > high.y { at.y } else { high.y };
            is_broken |= at.x.is_nan() | at.y.is_nan();
        }
        (self.low, self.high) = (low, high);
        self.is_broken |= is_broken;
    }

    fn polygon(&mut self, polygon: &Polygon) {
        self.line(&polygon.exterior().0);
        polygon.interiors().iter().for_each(|hole| self.line(&hole.0));
    }

    fn shape(&mut self, shape: &Geometry) {
        match shape {
            Geometry::Point(point) => self.line(&[point.0]),
            Geometry::Line(line) => self.line(&[line.start, line.end]),
            Geometry::LineString(LineString(line)) => self.line(line),
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::MultiPoint(points) => points.iter().for_each(|point| self.line(&[point.0])),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.line(&line.0)),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.polygon(polygon)),
            Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| self.shape(part)),
            Geometry::Rect(rect) => self.line(&[rect.min(), rect.max()]),
            Geometry::Triangle(triangle) => self.line(&triangle.to_array()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{BoundingRect, line_string, point, polygon};

    #[test]
    fn it_is_the_box_of_all_vertices() {
        let area = polygon!(exterior: [(x: 0., y: 1.), (x: 4., y: -2.), (x: 3., y: 5.)], interiors: [[(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.)]]);
        for shape in [Geometry::from(area), point!(x: -3., y: 7.).into(), line_string![(x: 1., y: 2.)].into()] {
            assert_eq!(extent(&shape), shape.bounding_rect());
        }
        assert_eq!(extent(&Geometry::GeometryCollection(geo::GeometryCollection::default())), None);
        for wrong in [f64::NAN, f64::INFINITY] {
            assert_eq!(extent(&line_string![(x: 1., y: 2.), (x: wrong, y: 1.), (x: 0., y: 0.)].into()), None);
        }
    }
}
