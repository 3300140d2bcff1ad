use super::*;

/// As ESRI writes EPSG:4549 and a plane of Xi'an 1980 (pyproj 3.7, WKT1_ESRI).
#[test]
fn a_plane_is_told_by_its_figures_and_a_foreign_datum_is_not_taken() {
    let of = |datum: &str, ellipsoid: &str, easting: &str| {
        let text = format!(
            r#"PROJCS["x",GEOGCS["GCS_{datum}",DATUM["D_{datum}",SPHEROID["e",{ellipsoid}]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        );
        of_text(&text).map(|system| system.code().to_owned())
    };
    let own = "6378137.0,298.257222101";
    assert_eq!(of("China_Geodetic_Coordinate_System_2000", own, "500000.0").as_deref(), Some("EPSG:4549"));
    assert_eq!(of("China_2000", own, "40500000.0").as_deref(), Some("EPSG:4528"));
    assert_eq!(of("Xian_1980", "6378140.0,298.257", "40500000.0").as_deref(), Some("EPSG:2364"));
    assert_eq!(of("Xian_1980", own, "40500000.0"), None);
    assert_eq!(of("North_American_1983", own, "500000.0"), None);
    // a number of another zone before the easting is a plane of its own
    assert!(of("China_2000", own, "41500000.0").unwrap().starts_with("+proj=tmerc"));
}
