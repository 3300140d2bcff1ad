//! Areas, lengths and distances on the CGCS2000 ellipsoid.

use super::reference::{INVERSE_FLATTENING, SEMI_MAJOR_AXIS};
use super::strip::QUADRATURE;
use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use geographiclib_rs::{Geodesic, InverseGeodesic};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

pub(super) static EARTH: LazyLock<Geodesic> =
    LazyLock::new(|| Geodesic::new(SEMI_MAJOR_AXIS, 1.0 / INVERSE_FLATTENING));

/// An area in square metres; shown as m², hectares or mu.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(pub f64);

impl Area {
    /// Square metres.
    pub fn square_metres(self) -> f64 {
        self.0
    }
    /// Hectares: 10,000 m².
    pub fn hectares(self) -> f64 {
        self.0 / 10_000.0
    }
    /// Mu (亩): 1 m² is 0.0015 mu.
    pub fn mu(self) -> f64 {
        self.0 * 0.0015
    }
    /// Square kilometres.
    pub fn square_kilometres(self) -> f64 {
        self.0 / 1e6
    }
}

impl std::iter::Sum for Area {
    fn sum<I: Iterator<Item = Area>>(items: I) -> Area {
        Area(items.map(|area| area.0).sum())
    }
}

/// Geodesic distance between two positions (degrees), in metres.
pub fn distance(from: Coord, to: Coord) -> f64 {
    EARTH.inverse(from.y, from.x, to.y, to.x)
}

/// Direction in which the shortest way leaves a position for another, degrees clockwise from north, 0…360.
pub fn bearing(from: Coord, to: Coord) -> f64 {
    if let Some((east, north, turn)) = nearby(from, to) {
        return (libm::atan2(east, north) - turn / 2.0).to_degrees().rem_euclid(360.0);
    }
    let (azimuth, _, _): (f64, f64, f64) = EARTH.inverse(from.y, from.x, to.y, to.x);
    azimuth.rem_euclid(360.0)
}

/// The distance of places that a search found closest: by the series of the middle latitude where these are near.
pub(super) fn short_distance(from: Coord, to: Coord) -> f64 {
    nearby(from, to).map_or_else(|| distance(from, to), |(east, north, _)| (east * east + north * north).sqrt())
}

/// Degrees up to which the series of the middle latitude is taken.
const NEARBY: f64 = 0.045;

/// Metres east and north along the geodesic as it lies midway, and by how much it turns from end to end, radians: the
/// series of Gauss by middle latitude to the third order, within 10⁻⁷ m at 5 km.
fn nearby(from: Coord, to: Coord) -> Option<(f64, f64, f64)> {
    let (across, along) = (to.x - from.x, to.y - from.y);
    let middle = (from.y + to.y) / 2.0;
    if !(across.abs() < NEARBY && along.abs() < NEARBY && middle.abs() < 70.0) {
        return None;
    }
    let flattening = 1.0 / INVERSE_FLATTENING;
    let square = flattening * (2.0 - flattening);
    let (sine, cosine) = libm::sincos(middle.to_radians());
    let (across, along) = (across.to_radians(), along.to_radians());
    let (s2, c2) = (sine * sine, cosine * cosine);
    let t2 = s2 / c2;
    let eta = square / (1.0 - square) * c2;
    let v2 = 1.0 + eta;
    let radius = SEMI_MAJOR_AXIS / (1.0 - square * s2).sqrt();
    let (l2, b2) = (across * across * c2 / 24.0, along * along / (24.0 * v2 * v2));
    let east = radius * cosine * across * (1.0 + b2 * (1.0 + eta - 9.0 * eta * t2) - l2 * t2);
    let north = radius / v2 * along * (1.0 - l2 * (2.0 + 3.0 * t2 + 2.0 * eta) + 3.0 * b2 * eta * (1.0 - t2));
    let turn =
        sine * across * (1.0 + b2 * (2.0 + 7.0 * eta + 9.0 * t2 * eta + 5.0 * eta * eta) + l2 * (2.0 + t2 + 2.0 * eta));
    Some((east, north, turn))
}

/// Length of a line on the ellipsoid, in metres.
pub fn line_length(line: &LineString) -> f64 {
    line.lines().map(|edge| distance(edge.start, edge.end)).sum()
}

/// Length of all lines of a geometry, in metres; polygons count their rings.
pub fn length(shape: &Geometry) -> f64 {
    match shape {
        Geometry::Line(edge) => distance(edge.start, edge.end),
        Geometry::LineString(line) => line_length(line),
        Geometry::MultiLineString(lines) => lines.iter().map(line_length).sum(),
        Geometry::Polygon(polygon) => ring_lengths(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().map(ring_lengths).sum(),
        Geometry::GeometryCollection(parts) => parts.iter().map(length).sum(),
        _ => 0.0,
    }
}

fn ring_lengths(polygon: &Polygon) -> f64 {
    line_length(polygon.exterior()) + polygon.interiors().iter().map(line_length).sum::<f64>()
}

/// Area of a polygon whose edges are straight in longitude and latitude, on the ellipsoid.
pub fn polygon_area(polygon: &Polygon) -> Area {
    let holes: f64 = polygon.interiors().iter().map(ring_area).sum();
    Area(ring_area(polygon.exterior()) - holes)
}

/// Area of polygons.
pub(super) fn area_of(polygons: &MultiPolygon) -> Area {
    polygons.iter().map(polygon_area).sum()
}

/// Area of all polygons of a geometry; lines and points have none.
pub fn area(shape: &Geometry) -> Area {
    match shape {
        Geometry::Polygon(polygon) => polygon_area(polygon),
        Geometry::MultiPolygon(polygons) => area_of(polygons),
        Geometry::GeometryCollection(parts) => parts.iter().map(area).sum(),
        Geometry::Rect(rect) => polygon_area(&rect.to_polygon()),
        Geometry::Triangle(triangle) => polygon_area(&triangle.to_polygon()),
        _ => Area(0.0),
    }
}

/// Up to so many edges are summed one by one.
const FEW_EDGES: usize = 8;

/// The area under each edge, straight in longitude and latitude, down to the equator, summed round the ring: the
/// integral that the formula of 国土调查办发〔2008〕32号 sums as trapezoids, with the closed form of the strip of a
/// radian of longitude up to a latitude.
fn ring_area(ring: &LineString) -> f64 {
    // long rings are worth a polynomial of the place
    if ring.0.len() > FEW_EDGES
        && let Some(sum) = super::strip::ring_area(ring)
    {
        return sum.abs();
    }
    signed_area(&ring.0).abs()
}

/// The same for a closed ring of points, negative when it runs clockwise.
pub(super) fn signed_area(ring: &[Coord]) -> f64 {
    let mut sum = 0.0;
    for (start, end) in ring.iter().zip(ring.iter().skip(1)) {
        let step = (end.x - start.x).to_radians();
        let (south, rise) = (start.y.to_radians(), (end.y - start.y).to_radians());
        let mean: f64 = QUADRATURE.iter().map(|(at, weight)| weight * strip(south + rise * at)).sum();
        sum += step * mean;
    }
    if sum.is_finite() { -sum } else { 0.0 }
}

/// Area of the ellipsoid between equator and latitude, for one radian of longitude.
pub(super) fn strip(latitude: f64) -> f64 {
    let flattening = 1.0 / INVERSE_FLATTENING;
    let eccentricity = libm::sqrt(flattening * (2.0 - flattening));
    let semi_minor_axis = SEMI_MAJOR_AXIS * (1.0 - flattening);
    let x = eccentricity * libm::sin(latitude);
    semi_minor_axis * semi_minor_axis / 2.0 / eccentricity * (x / (1.0 - x * x) + libm::atanh(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{GaussKruger, PlanePoint};

    fn square(west: f64, south: f64, side: f64) -> Polygon {
        let plane = GaussKruger::three_degree(west).unwrap();
        let corner = plane.forward(Coord { x: west, y: south }).unwrap();
        let mut ring = Vec::new();
        let steps = 100;
        for (de, dn, se, sn) in
            [(0.0, 0.0, 1.0, 0.0), (1.0, 0.0, 0.0, 1.0), (1.0, 1.0, -1.0, 0.0), (0.0, 1.0, 0.0, -1.0)]
        {
            for step in 0..steps {
                let t = f64::from(step) / f64::from(steps);
                let point =
                    PlanePoint { east: corner.east + side * (de + se * t), north: corner.north + side * (dn + sn * t) };
                ring.push(plane.inverse(point).unwrap());
            }
        }
        Polygon::new(LineString::new(ring), vec![])
    }

    /// Edges straight in the plane, each cut into 2,000 geodesics: pyproj 3.7, EPSG:4549 and `Geod(ellps='GRS80')`.
    #[test]
    fn squares_of_the_plane_have_their_ellipsoidal_area() {
        for (west, south, side, expected) in [
            (120.3, 31.57, 100.0, 9_999.799_3),
            (120.3, 31.57, 1_000.0, 999_979.291_3),
            (119.55, 31.35, 1_000.0, 999_955.839_0),
            (120.3, 31.57, 10_000.0, 99_997_215.824_4),
        ] {
            let measured = polygon_area(&square(west, south, side)).0;
            assert!((measured - expected).abs() < 0.01, "{measured} for {expected}");
        }
    }

    #[test]
    fn a_hole_counts_off_whatever_its_winding() {
        let hole = square(120.301, 31.571, 100.0).exterior().clone();
        let mut turned = hole.clone();
        turned.0.reverse();
        let outer = square(120.3, 31.57, 1_000.0);
        for ring in [hole, turned] {
            let holed = Polygon::new(outer.exterior().clone(), vec![ring]);
            assert!((polygon_area(&holed).0 - 989_979.49).abs() < 0.05);
        }
    }

    /// 0.1° × 0.1° at 120.3° E, 31.5° N, parallels cut to 10,000 geodesics: pyproj 3.7 `Geod(ellps='GRS80')`.
    #[test]
    fn an_edge_is_straight_in_longitude_and_latitude() {
        let cell = Geometry::Rect(geo::Rect::new(Coord { x: 120.3, y: 31.5 }, Coord { x: 120.4, y: 31.6 }));
        assert!((area(&cell).0 - PYPROJ_CELL).abs() < 0.01, "{}", area(&cell).0);
    }

    const PYPROJ_CELL: f64 = 105281481.1242;

    #[test]
    fn the_series_of_the_middle_latitude_agrees_with_the_geodesic() {
        for step in 0..2_000_i32 {
            let part = f64::from(step) / 2_000.0;
            let from = Coord { x: 120.0, y: -65.0 + 130.0 * part };
            let (reach, angle) = (0.0449 * (37.0 * part).fract(), 911.0 * part);
            let to = Coord { x: from.x + reach * angle.cos(), y: from.y + reach * angle.sin() };
            let (azimuth, _, _): (f64, f64, f64) = EARTH.inverse(from.y, from.x, to.y, to.x);
            let metres = distance(from, to);
            let off = (bearing(from, to) - azimuth + 540.0).rem_euclid(360.0) - 180.0;
            assert!((short_distance(from, to) - metres).abs() < 1e-7, "{from:?} {to:?}");
            assert!(off.to_radians().abs() * metres < 1e-6, "{from:?} {to:?} {off}");
        }
    }

    #[test]
    fn one_hectare_is_fifteen_mu() {
        assert!((Area(10_000.0).mu() - 15.0).abs() < 1e-12);
    }
}
