//! Reference systems by their definition: well-known text 1 (OGC and ESRI) and 2, strings of PROJ. What counts are the
//! datum and the figures of the projection, not the name that somebody gave to the whole.

mod proj;
mod wkt;

use super::datum::{Datum, Plane};
use super::system::{Kind, System};
use proj4rs::Proj;
use std::sync::Arc;

pub(super) use proj::written;
pub(super) use wkt::{looks_like as looks_like_wkt, well_known};

/// What a definition says.
#[derive(Debug, Clone)]
struct Figures {
    datum: Datum,
    /// Shifts in metres, turns in seconds of arc, scale in parts per million to WGS 84 (EPSG method 9606).
    to_map: Option<[f64; 7]>,
    projection: Projection,
    /// Metres of a unit.
    unit: f64,
    /// The EPSG code that it claims for itself.
    code: Option<u32>,
    /// Whether its name is that of a zone of 6°; without the number before the easting its figures are also those of
    /// a zone of 3°.
    is_wide: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Projection {
    Geographic,
    /// Web Mercator: ellipsoidal positions on a sphere.
    Web,
    TransverseMercator {
        latitude: f64,
        meridian: f64,
        scale: f64,
        easting: f64,
        northing: f64,
    },
    /// Another one, as parameters of PROJ.
    Other(String),
}

/// The system that a definition describes; absent when it is not understood.
pub(super) fn of_text(text: &str) -> Option<System> {
    let text = text.trim();
    if let Some(code) = text.to_ascii_lowercase().strip_prefix("+init=epsg:") {
        let code = code.split_whitespace().next()?;
        return System::epsg(code.parse().ok()?).ok();
    }
    let figures = if text.starts_with('+') { proj::read(text)? } else { wkt::read(text)? };
    figures.system()
}

impl Figures {
    fn system(&self) -> Option<System> {
        let own = self.own_system()?;
        // what the file says of its datum counts even where the code has no parameters of its own
        match self.to_map.filter(|seven| !self.datum.is_of_map() || seven.iter().any(|figure| *figure != 0.0)) {
            Some(seven) => own.with_seven(seven),
            None if matches!(self.datum, Datum::Other(..)) => None,
            None => Some(own),
        }
    }

    fn own_system(&self) -> Option<System> {
        let kind = match &self.projection {
            Projection::Geographic => Kind::Geographic(self.datum),
            Projection::Web if self.unit == 1.0 => Kind::Mercator,
            Projection::Web => return None,
            Projection::TransverseMercator { latitude, meridian, scale, easting, northing } if self.unit == 1.0 => {
                let plane = |northing| Plane::new(self.datum, *meridian, *scale, *easting, northing).ok();
                // counted from the equator
                let from_equator = match *latitude {
                    0.0 => 0.0,
                    latitude => plane(0.0)?.forward(geo::Coord { x: *meridian, y: latitude }).ok()?.y,
                };
                Kind::Plane(plane(northing - from_equator)?)
            }
            Projection::TransverseMercator { latitude, meridian, scale, easting, northing } => self.other(&format!(
                "+proj=tmerc +lat_0={latitude} +lon_0={meridian} +k={scale} +x_0={easting} +y_0={northing}"
            ))?,
            Projection::Other(parameters) => self.other(parameters)?,
        };
        Some(self.known(&kind).unwrap_or_else(|| System::unnamed(&written(&kind), kind)))
    }

    fn other(&self, parameters: &str) -> Option<Kind> {
        let (axis, flattening) = self.datum.ellipsoid();
        let unit = if self.unit == 1.0 { "+units=m".to_owned() } else { format!("+to_meter={}", self.unit) };
        let plane = format!("{parameters} +a={axis} +rf={flattening} {unit} +no_defs");
        let geographic = format!("+proj=longlat +a={axis} +rf={flattening} +no_defs");
        let projections = (Proj::from_proj_string(&plane).ok()?, Proj::from_proj_string(&geographic).ok()?);
        let is_usable = projections.0.has_inverse() && projections.0.has_forward() && !projections.0.is_geocent();
        let text = format!("{parameters} {} {unit}", proj::ellipsoid(self.datum));
        is_usable.then(|| Kind::Other { datum: self.datum, text: text.into(), projections: Arc::new(projections) })
    }

    /// The system of EPSG with these figures: the one that is claimed where it is true, else the one of the zone.
    fn known(&self, kind: &Kind) -> Option<System> {
        let claimed = self.code.and_then(|code| System::epsg(code).ok());
        if let Some(system) = claimed.filter(|system| system.is_kind(kind)) {
            return Some(system);
        }
        let code = match kind {
            Kind::Geographic(Datum::Cgcs2000) => 4490,
            Kind::Geographic(Datum::Wgs84) => 4326,
            Kind::Geographic(Datum::Xian1980) => 4610,
            Kind::Geographic(Datum::Beijing1954) => 4214,
            Kind::Mercator => 3857,
            Kind::Plane(plane) => plane_code(plane, self.is_wide)?,
            _ => return None,
        };
        System::epsg(code).ok().filter(|system| system.is_kind(kind))
    }
}

/// The code that a plane of its zone would have; whether the other figures agree is not looked at.
fn plane_code(plane: &Plane, is_wide: bool) -> Option<u32> {
    let whole = |value: f64| (value.fract() == 0.0 && (0.0..=180.0).contains(&value)).then_some(value as u32);
    if plane.datum == Datum::Wgs84 {
        let zone = whole((plane.meridian + 183.0) / 6.0).filter(|zone| (1..=60).contains(zone))?;
        return Some(if plane.northing > 0.0 { 32_700 } else { 32_600 } + zone);
    }
    // by zones of 6° and 3°, with the number before the easting and without
    let [six, six_plain, three, three_plain] = match plane.datum {
        Datum::Cgcs2000 => [4491, 4502, 4513, 4534],
        Datum::Xian1980 => [2327, 2338, 2349, 2370],
        Datum::Beijing1954 => [21_413, 21_453, 2401, 2422],
        Datum::Wgs84 | Datum::Other(..) => return None,
    };
    let meridian = whole(plane.meridian).filter(|meridian| (75..=135).contains(meridian))?;
    match whole((plane.easting - 500_000.0) / 1e6)? {
        0 if is_wide && (meridian - 75).is_multiple_of(6) => Some(six_plain + (meridian - 75) / 6),
        0 => Some(three_plain + (meridian - 75) / 3),
        zone @ 13..=23 => Some(six + zone - 13),
        zone @ 25..=45 => Some(three + zone - 25),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
