//! Definitions as strings of PROJ: `+proj=tmerc +lon_0=120 +k=1 +x_0=500000 +ellps=GRS80`.

use super::{Figures, Projection};
use crate::geometry::datum::Datum;
use crate::geometry::system::Kind;
use std::collections::BTreeMap;

/// Projections of which a string is handed on; the others are read into figures.
const HANDED_ON: [&str; 8] = ["lcc", "aea", "laea", "merc", "stere", "sterea", "somerc", "moll"];
/// Parameters that say where nothing is, or what is so anyway.
const SILENT: [&str; 4] = ["no_defs", "type", "wktext", "vunits"];

/// Reads a definition.
pub(super) fn read(text: &str) -> Option<Figures> {
    let mut words = BTreeMap::new();
    for word in text.split_whitespace() {
        let (name, value) = word.strip_prefix('+')?.split_once('=').unwrap_or((word.strip_prefix('+')?, ""));
        if words.insert(name.to_ascii_lowercase(), value).is_some() {
            return None;
        }
    }
    words.retain(|name, _| !SILENT.contains(&&**name));
    let mut left = words.clone();
    let mut number = |name: &str| -> Option<Option<f64>> {
        left.remove(name)
            .map(|value| value.parse::<f64>().ok().filter(|value| value.is_finite()))
            .map_or(Some(None), |value| value.map(Some))
    };
    let projection = *words.get("proj")?;
    let [latitude, meridian] = [number("lat_0")?, number("lon_0")?];
    let (k, k_0) = (number("k")?, number("k_0")?);
    let [easting, northing] = [number("x_0")?.unwrap_or(0.0), number("y_0")?.unwrap_or(0.0)];
    let (axis, minor, flattening) = (number("a")?, number("b")?, number("rf")?);
    let to_meter = number("to_meter")?;
    left.remove("proj");
    let unit = match left.remove("units") {
        None => to_meter.unwrap_or(1.0),
        Some("m") => 1.0,
        Some("km") => 1000.0,
        Some(_) => return None,
    };
    let shift: Option<Vec<f64>> = match left.remove("towgs84") {
        Some(list) => Some(list.split(',').map(|figure| figure.parse().ok()).collect::<Option<_>>()?),
        None => None,
    };
    let to_map = match shift.as_deref() {
        None => None,
        Some(&[x, y, z]) => Some([x, y, z, 0.0, 0.0, 0.0, 0.0]),
        Some(&[x, y, z, rx, ry, rz, scale]) => Some([x, y, z, rx, ry, rz, scale]),
        Some(_) => return None,
    };
    let (named, ellipsoid) = (left.remove("datum"), left.remove("ellps"));
    let nadgrids = left.remove("nadgrids");
    // Web Mercator as it is written everywhere
    if projection == "merc" && nadgrids == Some("@null") && axis == Some(6_378_137.0) && minor == axis && unit == 1.0 {
        let is_plain = meridian.unwrap_or(0.0) == 0.0 && easting == 0.0 && northing == 0.0;
        left.remove("lat_ts");
        let figures = Figures {
            datum: Datum::Wgs84,
            to_map: None,
            projection: Projection::Web,
            unit,
            code: None,
            is_wide: false,
        };
        return (is_plain && left.is_empty()).then_some(figures);
    }
    if nadgrids.is_some() || left.remove("pm").is_some_and(|meridian| meridian != "0") {
        return None;
    }
    let datum = match (named, ellipsoid, axis) {
        (Some("WGS84"), ..) => Datum::Wgs84,
        (Some(_), ..) => return None,
        (None, Some("GRS80" | "CGCS2000"), _) => Datum::Cgcs2000,
        (None, Some("WGS84"), _) => Datum::Wgs84,
        (None, Some("krass"), _) => Datum::Beijing1954,
        (None, Some("IAU76"), _) => Datum::Xian1980,
        (None, None, Some(axis)) => {
            let flattening =
                flattening.or_else(|| minor.filter(|minor| *minor < axis).map(|minor| axis / (axis - minor)))?;
            Datum::of_ellipsoid(axis, flattening).unwrap_or(Datum::Other(axis, flattening))
        }
        _ => return None,
    };
    let scale = k_0.or(k).unwrap_or(1.0);
    let projection = match projection {
        "longlat" | "latlong" | "lonlat" | "latlon" => Projection::Geographic,
        "tmerc" | "etmerc" | "gauss" => {
            left.remove("approx");
            Projection::TransverseMercator {
                latitude: latitude.unwrap_or(0.0),
                meridian: meridian.unwrap_or(0.0),
                scale,
                easting,
                northing,
            }
        }
        "utm" => {
            let zone =
                left.remove("zone").and_then(|zone| zone.parse::<u8>().ok()).filter(|zone| (1..=60).contains(zone))?;
            Projection::TransverseMercator {
                latitude: 0.0,
                meridian: f64::from(zone) * 6.0 - 183.0,
                scale: 0.9996,
                easting: 500_000.0,
                northing: if left.remove("south").is_some() { 1e7 } else { 0.0 },
            }
        }
        name if HANDED_ON.contains(&name) => {
            let mut text = format!("+proj={name}");
            for parameter in ["lat_0", "lon_0", "lat_1", "lat_2", "lat_ts", "k", "k_0", "x_0", "y_0"] {
                if let Some(value) = words.get(parameter) {
                    let figure: f64 = value.parse().ok().filter(|figure: &f64| figure.is_finite())?;
                    text.push_str(&format!(" +{parameter}={figure}"));
                    left.remove(parameter);
                }
            }
            Projection::Other(text)
        }
        _ => return None,
    };
    // something that would be overlooked is not understood
    left.is_empty().then_some(Figures { datum, to_map, projection, unit, code: None, is_wide: false })
}

/// The definition of a system that has no code.
pub fn written(kind: &Kind) -> String {
    match kind {
        Kind::Plane(plane) => {
            let (meridian, scale, easting, northing) = (plane.meridian, plane.scale, plane.easting, plane.northing);
            format!(
                "+proj=tmerc +lat_0=0 +lon_0={meridian} +k={scale} +x_0={easting} +y_0={northing} {} +units=m",
                ellipsoid(plane.datum)
            )
        }
        Kind::Geographic(datum) => format!("+proj=longlat {}", ellipsoid(*datum)),
        Kind::Other { text, .. } => text.to_string(),
        Kind::Mercator | Kind::Gcj02 | Kind::Bd09 => String::new(),
    }
}

/// The datum in words of PROJ.
pub(super) fn ellipsoid(datum: Datum) -> String {
    match datum {
        Datum::Cgcs2000 => "+ellps=GRS80".into(),
        Datum::Wgs84 => "+datum=WGS84".into(),
        Datum::Beijing1954 => "+ellps=krass".into(),
        Datum::Xian1980 | Datum::Other(..) => {
            let (axis, flattening) = datum.ellipsoid();
            format!("+a={axis} +rf={flattening}")
        }
    }
}
