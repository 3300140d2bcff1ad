//! Reference systems against PROJ: every plane of China, over all of Jiangsu; definitions in every form.

use redline_atlas::geometry::System;
use redline_atlas::geometry::geo::Coord;

#[test]
fn every_plane_agrees_with_proj_within_a_millimetre() {
    let grid = include_str!("../data/reference/grid.csv");
    let mut count = 0;
    for row in grid.lines().skip(1) {
        let cells: Vec<f64> = row.split(',').map(|cell| cell.parse().unwrap()).collect();
        let [code, x, y, east, north] = cells[..] else { panic!("{row}") };
        let system = System::epsg(code as u32).unwrap();
        let at = Coord { x, y };
        let point = system.own_forward(at).unwrap();
        assert!((point.x - east).hypot(point.y - north) < 1e-3, "{row}: {point:?}");
        let back = system.own_inverse(Coord { x: east, y: north }).unwrap();
        // a hundred-millionth of a degree is a millimetre
        assert!((back.x - x).abs() < 1e-8 && (back.y - y).abs() < 1e-8, "{row}: {back:?}");
        count += 1;
    }
    assert!(count > 2000, "{count}");
}

#[test]
fn definitions_are_read_in_every_form() {
    let listed: serde_json::Value = serde_json::from_str(include_str!("../data/reference/definitions.json")).unwrap();
    let listed = listed["definitions"].as_array().unwrap();
    assert!(listed.len() > 150);
    for case in listed {
        let text = case["text"].as_str().unwrap();
        let system = System::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        if let Some(code) = case["code"].as_str() {
            assert_eq!(system.code(), code, "{text}");
        }
        let figures = |key: &str| Coord { x: case[key][0].as_f64().unwrap(), y: case[key][1].as_f64().unwrap() };
        let (at, expected) = (figures("at"), figures("point"));
        // the datum's own, unless the definition leads to the map
        let point = if system.reaches_map() { system.forward(at) } else { system.own_forward(at) }.unwrap();
        let close = if system.is_geographic() { 1e-9 } else { 1e-3 };
        assert!((point.x - expected.x).hypot(point.y - expected.y) < close, "{text}: {point:?} {expected:?}");
        // its name leads to the same system again
        let again = System::parse(system.code()).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(again.code(), system.code());
        if let Some(written) = system.well_known_text() {
            assert_eq!(System::parse(&written).unwrap().code(), system.code(), "{written}");
        }
    }
}

#[test]
fn what_is_not_understood_is_not_guessed() {
    for text in [
        "+proj=tmerc +lon_0=120 +ellps=clrk66",
        "+proj=tmerc +lon_0=120 +datum=NAD27",
        "+proj=tmerc +lon_0=120 +ellps=GRS80 +units=us-ft",
        "+proj=tmerc +lon_0=120 +ellps=GRS80 +axis=neu",
        "+proj=tmerc +lon_0=120 +ellps=GRS80 +nadgrids=somewhere.gsb",
        "+proj=tmerc +lon_0=abc +ellps=GRS80",
        "+proj=ob_tran +o_proj=longlat +ellps=GRS80",
        "+proj=pipeline +step +proj=utm +zone=50",
        "+proj=geocent +ellps=GRS80",
        r#"GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
        r#"GEOGCS["GCS_China_2000",DATUM["D_China_2000",SPHEROID["x",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#,
        r#"LOCAL_CS["unknown",UNIT["metre",1]]"#,
        "PROJCS[",
        "PROJCS[\"a\"",
        "((((",
    ] {
        assert!(System::parse(text).is_err(), "{text}");
    }
    let deep = format!("{}{}", "A[".repeat(50_000), "]".repeat(50_000));
    assert!(System::parse(&deep).is_err());
}
