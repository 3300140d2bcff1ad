//! Reference systems: the Gauss–Krüger planes of CGCS2000 and the Web Mercator picture plane.

use proj4rs::{Proj, adaptors::transform_xy};
use std::sync::{Arc, LazyLock, OnceLock};

/// Semi-major axis of CGCS2000 in metres.
pub const SEMI_MAJOR_AXIS: f64 = 6_378_137.0;
/// Inverse flattening of CGCS2000.
pub const INVERSE_FLATTENING: f64 = 298.257_222_101;

/// A system that cannot be set up, or a point outside it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReferenceError {
    /// The definition is not understood.
    #[error("reference system not understood: {0}")]
    Definition(String),
    /// The point has no image in the system.
    #[error("no image of {0}, {1}")]
    Outside(f64, f64),
    /// The system named here has another datum than the map, and nobody gave the parameters between them.
    #[error("no parameters between {0} and CGCS2000")]
    NoTransformation(String),
}

/// A point in a projected plane, metres; north is the surveyor's X.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlanePoint {
    /// Metres east, with the false easting of its system.
    pub east: f64,
    /// Metres north of the equator.
    pub north: f64,
}

static GEOGRAPHIC: LazyLock<Option<Proj>> = LazyLock::new(|| {
    Proj::from_proj_string(&format!("+proj=longlat +a={SEMI_MAJOR_AXIS} +rf={INVERSE_FLATTENING} +no_defs")).ok()
});

/// A Gauss–Krüger plane of CGCS2000 (transverse Mercator with scale 1 on its central meridian).
#[derive(Clone)]
pub struct GaussKruger {
    central_meridian: f64,
    false_easting: f64,
    plane: Arc<Proj>,
}

impl GaussKruger {
    /// The plane with this central meridian (degrees) and false easting (metres).
    pub fn new(central_meridian: f64, false_easting: f64) -> Result<Self, ReferenceError> {
        let definition = format!(
            "+proj=tmerc +lat_0=0 +lon_0={central_meridian} +k=1 +x_0={false_easting} +y_0=0 +a={SEMI_MAJOR_AXIS} +rf={INVERSE_FLATTENING} +units=m +no_defs"
        );
        let plane = Proj::from_proj_string(&definition).map_err(|_| ReferenceError::Definition(definition))?;
        Ok(Self { central_meridian, false_easting, plane: Arc::new(plane) })
    }

    /// The 3° zone without zone prefix that holds this longitude; Wuxi lies in 120° (EPSG:4549).
    pub fn three_degree(longitude: f64) -> Result<Self, ReferenceError> {
        // every check asks for one, and its definition is a text to be read
        static KNOWN: [OnceLock<GaussKruger>; 121] = [const { OnceLock::new() }; 121];
        let zone = (longitude / 3.0).round();
        let slot = if (0.0..=120.0).contains(&zone) { KNOWN.get(zone as usize) } else { None };
        if let Some(known) = slot.and_then(OnceLock::get) {
            return Ok(known.clone());
        }
        let plane = Self::new(zone * 3.0, 500_000.0)?;
        Ok(slot.map_or_else(|| plane.clone(), |slot| slot.get_or_init(|| plane.clone()).clone()))
    }

    /// The same plane with its zone number before the easting (zone 40 for 120°, EPSG:4528).
    pub fn with_zone_prefix(&self) -> Result<Self, ReferenceError> {
        Self::new(self.central_meridian, 500_000.0 + 1_000_000.0 * f64::from(self.zone()))
    }

    /// Central meridian in degrees.
    pub fn central_meridian(&self) -> f64 {
        self.central_meridian
    }

    /// Number of the 3° zone.
    pub fn zone(&self) -> u8 {
        (self.central_meridian / 3.0).round().clamp(0.0, 120.0) as u8
    }

    /// False easting in metres.
    pub fn false_easting(&self) -> f64 {
        self.false_easting
    }

    /// Longitude and latitude in degrees to the plane.
    pub fn forward(&self, position: geo::Coord) -> Result<PlanePoint, ReferenceError> {
        let outside = ReferenceError::Outside(position.x, position.y);
        if !(position.x - self.central_meridian).abs().lt(&60.0) || !position.y.abs().lt(&90.0) {
            return Err(outside);
        }
        let geographic = GEOGRAPHIC.as_ref().ok_or_else(|| ReferenceError::Definition("longlat".into()))?;
        match transform_xy(geographic, &self.plane, position.x.to_radians(), position.y.to_radians()) {
            Ok((east, north)) if east.is_finite() && north.is_finite() => Ok(PlanePoint { east, north }),
            _ => Err(outside),
        }
    }

    /// A point of the plane to longitude and latitude in degrees.
    pub fn inverse(&self, point: PlanePoint) -> Result<geo::Coord, ReferenceError> {
        let outside = ReferenceError::Outside(point.east, point.north);
        if !(point.east - self.false_easting).abs().lt(&4.0e6) || !point.north.abs().lt(&9.9e6) {
            return Err(outside);
        }
        let geographic = GEOGRAPHIC.as_ref().ok_or_else(|| ReferenceError::Definition("longlat".into()))?;
        match transform_xy(&self.plane, geographic, point.east, point.north) {
            Ok((lon, lat)) if lon.is_finite() && lat.is_finite() => {
                Ok(geo::Coord { x: lon.to_degrees(), y: lat.to_degrees() })
            }
            _ => Err(outside),
        }
    }
}

impl std::fmt::Debug for GaussKruger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GaussKruger({}°, {})", self.central_meridian, self.false_easting)
    }
}

/// Web Mercator in metres (EPSG:3857), for pictures only: never measure in it.
pub fn mercator(position: geo::Coord) -> geo::Coord {
    let latitude = position.y.clamp(-85.06, 85.06).to_radians();
    geo::Coord { x: position.x.to_radians() * SEMI_MAJOR_AXIS, y: latitude.tan().asinh() * SEMI_MAJOR_AXIS }
}

/// Web Mercator metres back to longitude and latitude in degrees.
pub fn mercator_inverse(point: geo::Coord) -> geo::Coord {
    geo::Coord {
        x: (point.x / SEMI_MAJOR_AXIS).to_degrees(),
        y: (point.y / SEMI_MAJOR_AXIS).sinh().atan().to_degrees(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Coord;

    /// EPSG:4549 by pyproj 3.7 (PROJ 9).
    const PYPROJ: [(f64, f64, f64, f64); 4] = [
        (120.30, 31.57, 528479.500677, 3494211.754852),
        (119.55, 31.35, 457180.646981, 3469867.175126),
        (120.60, 32.05, 556665.552256, 3547554.246685),
        (119.52, 31.10, 454205.609774, 3442160.440288),
    ];

    #[test]
    fn the_plane_agrees_with_proj() {
        let plane = GaussKruger::three_degree(120.3).unwrap();
        for (lon, lat, east, north) in PYPROJ {
            let point = plane.forward(Coord { x: lon, y: lat }).unwrap();
            assert!((point.east - east).abs() < 1e-5 && (point.north - north).abs() < 1e-5, "{point:?}");
            let back = plane.inverse(point).unwrap();
            assert!((back.x - lon).abs() < 1e-11 && (back.y - lat).abs() < 1e-11);
        }
    }

    #[test]
    fn the_zone_prefix_is_forty_in_wuxi() {
        let plane = GaussKruger::three_degree(119.6).unwrap().with_zone_prefix().unwrap();
        assert_eq!((plane.zone(), plane.false_easting()), (40, 40_500_000.0));
    }

    #[test]
    fn a_point_that_is_no_number_is_refused() {
        let plane = GaussKruger::three_degree(120.0).unwrap();
        assert!(plane.forward(Coord { x: f64::NAN, y: 31.0 }).is_err());
        assert!(plane.inverse(PlanePoint { east: f64::INFINITY, north: 0.0 }).is_err());
    }

    #[test]
    fn mercator_returns() {
        let back = mercator_inverse(mercator(Coord { x: 120.3, y: 31.57 }));
        assert!((back.x - 120.3).abs() < 1e-12 && (back.y - 31.57).abs() < 1e-12);
    }
}
