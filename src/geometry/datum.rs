//! Datums of China with their ellipsoids, and transverse Mercator planes on any of them.

use super::reference::ReferenceError;
use geo::Coord;
use proj4rs::{Proj, adaptors::transform_xy};
use std::sync::Arc;

/// What coordinates are counted from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Datum {
    /// China Geodetic Coordinate System 2000.
    Cgcs2000,
    /// World Geodetic System 1984; taken for equal to CGCS2000 (they differ by less than 0.1 m).
    Wgs84,
    /// Xi'an 1980; its parameters to CGCS2000 are classified, so that none are here.
    Xian1980,
    /// Beijing 1954, likewise.
    Beijing1954,
    /// Another, by its semi-major axis in metres and its inverse flattening.
    Other(f64, f64),
}

impl Datum {
    /// Semi-major axis in metres and inverse flattening.
    pub fn ellipsoid(self) -> (f64, f64) {
        match self {
            Datum::Cgcs2000 => (6_378_137.0, 298.257_222_101),
            Datum::Wgs84 => (6_378_137.0, 298.257_223_563),
            Datum::Xian1980 => (6_378_140.0, 298.257),
            Datum::Beijing1954 => (6_378_245.0, 298.3),
            Datum::Other(axis, flattening) => (axis, flattening),
        }
    }

    /// The datum that is meant in China where only the ellipsoid is told.
    pub fn of_ellipsoid(axis: f64, flattening: f64) -> Option<Datum> {
        let known = [Datum::Cgcs2000, Datum::Wgs84, Datum::Xian1980, Datum::Beijing1954];
        known.into_iter().find(|datum| datum.has_ellipsoid(axis, flattening))
    }

    /// Whether its ellipsoid is this one; definitions round their figures differently.
    pub fn has_ellipsoid(self, axis: f64, flattening: f64) -> bool {
        let own = self.ellipsoid();
        (own.0 - axis).abs() < 0.01 && (own.1 - flattening).abs() < 5e-7
    }

    /// Whether its longitude and latitude are those of the map.
    pub fn is_of_map(self) -> bool {
        matches!(self, Datum::Cgcs2000 | Datum::Wgs84)
    }
}

/// A transverse Mercator plane from the equator, in metres.
#[derive(Clone)]
pub struct Plane {
    /// Its datum.
    pub datum: Datum,
    /// Central meridian in degrees.
    pub meridian: f64,
    /// Scale on it.
    pub scale: f64,
    /// False easting in metres.
    pub easting: f64,
    /// False northing in metres.
    pub northing: f64,
    projection: Arc<(Proj, Proj)>,
}

impl Plane {
    /// The plane with these figures.
    pub fn new(datum: Datum, meridian: f64, scale: f64, easting: f64, northing: f64) -> Result<Self, ReferenceError> {
        let (axis, flattening) = datum.ellipsoid();
        let set_up = |definition: String| {
            Proj::from_proj_string(&definition).map_err(|_| ReferenceError::Definition(definition))
        };
        // shifted and scaled here, so that the limits of a plane do not depend on its zone number
        let plane = set_up(format!(
            "+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=0 +y_0=0 +a={axis} +rf={flattening} +units=m +no_defs"
        ))?;
        let geographic = set_up(format!("+proj=longlat +a={axis} +rf={flattening} +no_defs"))?;
        Ok(Plane { datum, meridian, scale, easting, northing, projection: Arc::new((plane, geographic)) })
    }

    /// Whether its figures are those of another; definitions round them differently.
    pub fn is_same(&self, other: &Plane) -> bool {
        let close = |a: f64, b: f64, within: f64| (a - b).abs() < within;
        self.datum == other.datum
            && close(self.meridian, other.meridian, 1e-9)
            && close(self.scale, other.scale, 1e-10)
            && close(self.easting, other.easting, 1e-4)
            && close(self.northing, other.northing, 1e-4)
    }

    /// Longitude and latitude of its datum to the plane.
    pub fn forward(&self, position: Coord) -> Result<Coord, ReferenceError> {
        let outside = ReferenceError::Outside(position.x, position.y);
        if !(position.x - self.meridian).abs().lt(&60.0) || !position.y.abs().lt(&90.0) {
            return Err(outside);
        }
        let (plane, geographic) = &*self.projection;
        match transform_xy(geographic, plane, position.x.to_radians(), position.y.to_radians()) {
            Ok((x, y)) if x.is_finite() && y.is_finite() => {
                Ok(Coord { x: x * self.scale + self.easting, y: y * self.scale + self.northing })
            }
            _ => Err(outside),
        }
    }

    /// A point of the plane to longitude and latitude of its datum.
    pub fn inverse(&self, point: Coord) -> Result<Coord, ReferenceError> {
        let outside = ReferenceError::Outside(point.x, point.y);
        let (east, north) = ((point.x - self.easting) / self.scale, (point.y - self.northing) / self.scale);
        if !east.abs().lt(&4.0e6) || !north.abs().lt(&9.9e6) {
            return Err(outside);
        }
        let (plane, geographic) = &*self.projection;
        match transform_xy(plane, geographic, east, north) {
            Ok((lon, lat)) if lon.is_finite() && lat.is_finite() => {
                Ok(Coord { x: lon.to_degrees(), y: lat.to_degrees() })
            }
            _ => Err(outside),
        }
    }
}

impl std::fmt::Debug for Plane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plane({:?}, {}°, {}, {})", self.datum, self.meridian, self.scale, self.easting)
    }
}
