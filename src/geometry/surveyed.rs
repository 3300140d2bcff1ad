//! Outlines as surveyors list them.

use geo::{Coord, LineString, MultiPolygon, Polygon};

/// The same outline with its shells clockwise from the corner that lies farthest to the north-west and its holes the other
/// way round, as boundary points are numbered (TD/T 1001).
pub fn surveyed(shape: &MultiPolygon) -> MultiPolygon {
    let polygon = |polygon: &Polygon| {
        let holes = polygon.interiors().iter().map(|ring| turned(ring, false)).collect();
        Polygon::new(turned(polygon.exterior(), true), holes)
    };
    MultiPolygon(shape.0.iter().map(polygon).collect())
}

fn turned(ring: &LineString, clockwise: bool) -> LineString {
    let Some((_, open)) = ring.0.split_last() else { return ring.clone() };
    let mut points: Vec<Coord> = open.to_vec();
    // from the first point: of a plot of metres the rest is lost in the last digits of degrees
    let first = open.first().copied().unwrap_or_default();
    let twice: f64 =
        ring.lines().map(|edge| (edge.start - first, edge.end - first)).map(|(a, b)| a.x * b.y - b.x * a.y).sum();
    if (twice < 0.0) != clockwise {
        points.reverse();
    }
    let north_west = |at: &Coord| at.y - at.x;
    let corner = (0..points.len()).max_by(|one, other| {
        let of = |place: &usize| points.get(*place).map_or(f64::NEG_INFINITY, north_west);
        of(one).total_cmp(&of(other))
    });
    points.rotate_left(corner.unwrap_or(0));
    points.extend(points.first().copied());
    LineString::new(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_numbered_from_the_north_west_clockwise() {
        let ring = |points: &[(f64, f64)]| LineString::from(points.to_vec());
        let shell = ring(&[(120.0, 31.0), (120.1, 31.0), (120.1, 31.1), (120.0, 31.1), (120.0, 31.0)]);
        let hole = ring(&[(120.02, 31.08), (120.08, 31.08), (120.08, 31.02), (120.02, 31.02), (120.02, 31.08)]);
        let listed = surveyed(&MultiPolygon(vec![Polygon::new(shell, vec![hole])]));
        let corners = |ring: &LineString| ring.0.iter().map(|at| (at.x, at.y)).collect::<Vec<_>>();
        assert_eq!(
            corners(listed.0[0].exterior()),
            [(120.0, 31.1), (120.1, 31.1), (120.1, 31.0), (120.0, 31.0), (120.0, 31.1)]
        );
        assert_eq!(
            corners(&listed.0[0].interiors()[0]),
            [(120.02, 31.08), (120.02, 31.02), (120.08, 31.02), (120.08, 31.08), (120.02, 31.08)]
        );
    }
}
