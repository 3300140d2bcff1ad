//! Reference systems by their definition in well-known text (WKT 1 of OGC and ESRI, WKT 2): told by the datum and the
//! figures of the projection, not by the name somebody gave it.

use super::System;

/// The system that a definition describes, when it is one of those known here.
pub(super) fn of_text(text: &str) -> Option<System> {
    let plain: String = text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let is_china = ["CHINA_2000", "CHINA2000", "CGCS2000", "CGCS_2000", "CHINA_GEODETIC", "CHINAGEODETIC"]
        .iter()
        .any(|name| plain.contains(name));
    let is_world = !is_china
        && ["WGS_1984", "WGS1984", "WGS84", "WORLDGEODETICSYSTEM1984"].iter().any(|name| plain.contains(name));
    if !is_china && !is_world {
        return None;
    }
    let is_projected = ["PROJCS[", "PROJCRS[", "PROJECTEDCRS["].iter().any(|word| plain.contains(word));
    if !is_projected {
        return System::epsg(if is_china { 4490 } else { 4326 }).ok();
    }
    if is_world
        && ["MERCATOR_AUXILIARY_SPHERE", "PSEUDO-MERCATOR", "PSEUDOMERCATOR", "POPULARVISUALISATION"]
            .iter()
            .any(|name| plain.contains(name))
    {
        return System::epsg(3857).ok();
    }
    if !plain.contains("TRANSVERSE_MERCATOR")
        && !plain.contains("TRANSVERSEMERCATOR")
        && !plain.contains("GAUSS_KRUGER")
    {
        return None;
    }
    let figure = |names: &[&str]| names.iter().find_map(|name| parameter(&plain, name));
    let meridian = figure(&["CENTRAL_MERIDIAN", "LONGITUDEOFNATURALORIGIN"])?;
    let easting = figure(&["FALSE_EASTING", "FALSEEASTING"])?;
    let scale = figure(&["SCALE_FACTOR", "SCALEFACTORATNATURALORIGIN"]).unwrap_or(1.0);
    let northing = figure(&["FALSE_NORTHING", "FALSENORTHING"]).unwrap_or(0.0);
    let latitude = figure(&["LATITUDE_OF_ORIGIN", "LATITUDEOFNATURALORIGIN"]).unwrap_or(0.0);
    let whole = |value: f64| (value.fract() == 0.0 && (0.0..=180.0).contains(&value)).then_some(value as u32);
    if northing != 0.0 || latitude != 0.0 || !plain.contains("METRE\",1") && !plain.contains("METER\",1") {
        return None;
    }
    let meridian = whole(meridian)?;
    let zone = (easting - 500_000.0) / 1e6;
    if is_world {
        let is_utm = scale == 0.9996 && easting == 500_000.0 && meridian >= 3 && (meridian - 3).is_multiple_of(6);
        return if is_utm { System::epsg(32_600 + (meridian - 3) / 6 + 31).ok() } else { None };
    }
    if scale != 1.0 || !(75..=135).contains(&meridian) {
        return None;
    }
    // zones of 3° and of 6° share some meridians; the zone before the easting tells them apart
    let code = match whole(zone)? {
        0 if meridian.is_multiple_of(3) => 4534 + (meridian - 75) / 3,
        zone @ 13..=23 if zone * 6 - 3 == meridian => 4491 + zone - 13,
        zone @ 25..=45 if zone * 3 == meridian => 4513 + zone - 25,
        _ => return None,
    };
    System::epsg(code).ok()
}

/// The figure after `"NAME",`.
fn parameter(plain: &str, name: &str) -> Option<f64> {
    let rest = plain.split_once(&format!("\"{name}\","))?.1;
    let end = rest.find([',', ']', ')']).unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As ESRI writes EPSG:4549 and a plane of Xi'an 1980 (pyproj 3.7, WKT1_ESRI).
    #[test]
    fn a_plane_is_told_by_its_figures_and_a_foreign_datum_is_not_taken() {
        let of = |datum: &str, easting: &str| {
            let text = format!(
                r#"PROJCS["x",GEOGCS["GCS_{datum}",DATUM["D_{datum}",SPHEROID["e",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
            );
            of_text(&text).map(|system| system.code().to_owned())
        };
        assert_eq!(of("China_Geodetic_Coordinate_System_2000", "500000.0").as_deref(), Some("EPSG:4549"));
        assert_eq!(of("China_2000", "500000.0").as_deref(), Some("EPSG:4549"));
        assert_eq!(of("China_2000", "40500000.0").as_deref(), Some("EPSG:4528"));
        assert_eq!(of("China_2000", "41500000.0"), None);
        assert_eq!(of("Xian_1980", "40500000.0"), None);
    }
}
