//! The plane about a place in which directions and distances from that place are true, and motions of shapes in it.

use super::measure::EARTH;
use geo::{Centroid, Coord, CoordsIter, LineString, MapCoords, MultiPolygon};
use geographiclib_rs::{DirectGeodesic, InverseGeodesic};

/// From this many vertices on a motion is shown by an affine map while the hand moves.
const HEAVY: usize = 3_000;

/// Metres east and north of a place along geodesics (azimuthal equidistant). Within 5 km of it lengths in any direction
/// are true to 1:10⁷, so that sides typed in metres are what is measured afterwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vicinity {
    origin: Coord,
}

impl Vicinity {
    /// About this longitude and latitude.
    pub fn at(origin: Coord) -> Self {
        Self { origin }
    }

    /// The place in the middle.
    pub fn origin(&self) -> Coord {
        self.origin
    }

    /// Longitude and latitude to metres east and north.
    pub fn forward(&self, at: Coord) -> Coord {
        if at == self.origin {
            return Coord { x: 0.0, y: 0.0 };
        }
        let (length, azimuth, _, _) = EARTH.inverse(self.origin.y, self.origin.x, at.y, at.x);
        let (sine, cosine) = sin_cos(azimuth);
        Coord { x: length * sine, y: length * cosine }
    }

    /// Metres east and north to longitude and latitude.
    pub fn inverse(&self, to: Coord) -> Coord {
        let azimuth = libm::atan2(to.x, to.y).to_degrees();
        let (latitude, longitude) = EARTH.direct(self.origin.y, self.origin.x, azimuth, libm::hypot(to.x, to.y));
        Coord { x: longitude, y: latitude }
    }

    /// The place at so many metres in a direction, degrees clockwise from north.
    pub fn towards(&self, bearing: f64, metres: f64) -> Coord {
        let (sine, cosine) = sin_cos(bearing);
        self.inverse(Coord { x: metres * sine, y: metres * cosine })
    }
}

fn sin_cos(degrees: f64) -> (f64, f64) {
    (libm::sin(degrees.to_radians()), libm::cos(degrees.to_radians()))
}

/// A vector of the plane turned clockwise by degrees.
pub(super) fn turned(vector: Coord, degrees: f64) -> Coord {
    let (sine, cosine) = sin_cos(degrees);
    Coord { x: vector.x * cosine + vector.y * sine, y: vector.y * cosine - vector.x * sine }
}

/// Moves, turns and stretches a shape on the ground: its sides and angles stay, or grow alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    /// The place that is held.
    pub from: Coord,
    /// Where it goes.
    pub to: Coord,
    /// Degrees clockwise.
    pub turn: f64,
    /// Factor of all lengths.
    pub stretch: f64,
}

impl Motion {
    /// Only moves.
    pub fn shift(from: Coord, to: Coord) -> Self {
        Self { from, to, turn: 0.0, stretch: 1.0 }
    }

    /// Only turns, clockwise.
    pub fn turn(about: Coord, degrees: f64) -> Self {
        Self { from: about, to: about, turn: degrees, stretch: 1.0 }
    }

    /// Only stretches.
    pub fn stretch(about: Coord, factor: f64) -> Self {
        Self { from: about, to: about, turn: 0.0, stretch: factor }
    }

    /// Where a position goes.
    pub fn place(&self, at: Coord) -> Coord {
        let local = Vicinity::at(self.from).forward(at);
        Vicinity::at(self.to).inverse(self.local(local))
    }

    fn local(&self, at: Coord) -> Coord {
        let moved = turned(at, self.turn);
        Coord { x: moved.x * self.stretch, y: moved.y * self.stretch }
    }

    /// A shape after the motion.
    pub fn shape(&self, shape: &MultiPolygon) -> MultiPolygon {
        shape.map_coords(|at| self.place(at))
    }

    /// A line after the motion.
    pub fn line(&self, line: &LineString) -> LineString {
        line.map_coords(|at| self.place(at))
    }

    /// The same as near as the eye can tell, where the shape has many vertices: for the picture while the hand moves.
    pub fn preview(&self, shape: &MultiPolygon) -> MultiPolygon {
        if shape.coords_count() < HEAVY {
            return self.shape(shape);
        }
        let reach = 1e-3;
        let image = |x: f64, y: f64| self.place(Coord { x: self.from.x + x, y: self.from.y + y });
        let (east, west, north, south) = (image(reach, 0.0), image(-reach, 0.0), image(0.0, reach), image(0.0, -reach));
        let (across, along) = ((east - west) / (2.0 * reach), (north - south) / (2.0 * reach));
        shape.map_coords(|at| {
            let off = at - self.from;
            self.to + across * off.x + along * off.y
        })
    }
}

/// The place about which a shape is turned and stretched: its centre of area, or the middle of what has none.
pub fn pivot(shape: &MultiPolygon) -> Option<Coord> {
    let centre = shape.centroid().map(|point| point.0);
    centre.filter(|at| at.x.is_finite() && at.y.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{bearing, distance, measure};
    use geo::{Geometry, Polygon};

    const HERE: Coord = Coord { x: 120.3, y: 31.57 };

    /// pyproj 3.7: `+proj=aeqd +lat_0=31.57 +lon_0=120.3 +ellps=GRS80`.
    #[test]
    fn the_plane_about_a_place_agrees_with_proj() {
        let vicinity = Vicinity::at(HERE);
        for (lon, lat, east, north) in PYPROJ {
            let local = vicinity.forward(Coord { x: lon, y: lat });
            assert!((local.x - east).abs() < 1e-4 && (local.y - north).abs() < 1e-4, "{local:?} for {east}, {north}");
            let back = vicinity.inverse(local);
            assert!((back.x - lon).abs() < 1e-11 && (back.y - lat).abs() < 1e-11);
        }
    }

    const PYPROJ: [(f64, f64, f64, f64); 3] = [
        (120.31, 31.58, 949.213387, 1108.837367),
        (120.25, 31.4, -4755.171283, -18848.147937),
        (120.9, 31.2, 57182.726309, -40867.955134),
    ];

    fn star() -> MultiPolygon {
        let ring = (0..24).map(|step: i32| {
            let radius = if step % 2 == 0 { 900.0 } else { 400.0 };
            Vicinity::at(HERE).towards(f64::from(step) * 15.0, radius)
        });
        MultiPolygon(vec![Polygon::new(ring.collect(), vec![])])
    }

    #[test]
    fn what_is_moved_keeps_its_sides_and_what_is_stretched_its_angles() {
        let shape = star();
        let area = |shape: &MultiPolygon| measure::area(&Geometry::MultiPolygon(shape.clone())).0;
        let far = Coord { x: 119.6, y: 31.9 };
        let moved = Motion::shift(HERE, far).shape(&shape);
        let sides = |shape: &MultiPolygon| -> Vec<f64> {
            shape.0[0].exterior().lines().map(|edge| distance(edge.start, edge.end)).collect()
        };
        for (before, after) in sides(&shape).iter().zip(sides(&moved)) {
            assert!((before - after).abs() < 2e-5, "{before} {after}");
        }
        assert!((area(&moved) / area(&shape) - 1.0).abs() < 1e-6);
        let turned = Motion::turn(HERE, 37.0).shape(&shape);
        assert!((area(&turned) / area(&shape) - 1.0).abs() < 1e-6);
        let first = shape.0[0].exterior().0[0];
        assert!((bearing(HERE, Motion::turn(HERE, 37.0).place(first)) - 37.0).abs() < 1e-6);
        let doubled = Motion::stretch(HERE, 2.0).shape(&shape);
        assert!((area(&doubled) / area(&shape) / 4.0 - 1.0).abs() < 1e-6);
        let back = Motion::shift(far, HERE).shape(&moved);
        assert!(distance(back.0[0].exterior().0[3], shape.0[0].exterior().0[3]) < 1e-6);
    }

    #[test]
    fn the_preview_of_a_heavy_shape_lies_where_the_shape_will() {
        let ring = (0..4_000).map(|step| Vicinity::at(HERE).towards(f64::from(step) * 0.09, 800.0));
        let shape = MultiPolygon(vec![Polygon::new(ring.collect(), vec![])]);
        let motion = Motion { from: HERE, to: Coord { x: 120.5, y: 31.7 }, turn: 20.0, stretch: 1.5 };
        let (shown, exact) = (motion.preview(&shape), motion.shape(&shape));
        let off = |(a, b): (&Coord, &Coord)| distance(*a, *b);
        let worst = shown.0[0].exterior().0.iter().zip(&exact.0[0].exterior().0).map(off).fold(0.0, f64::max);
        assert!(worst > 0.0 && worst < 0.5, "{worst}");
    }
}
