//! Reference systems against PROJ: every plane of China, over all of Jiangsu; definitions in every form.

use redline_atlas::format::{self, Certainty, Format, ProblemKind, ReadOptions, Reason, Target, WriteLayer};
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

/// The rivers of the atlas as they would come from a web map, from a plane with other figures, and as they are.
#[test]
fn a_layer_beside_the_atlas_is_told_with_its_shift() {
    let atlas = redline_atlas::storage::atlas::open_bundled().unwrap();
    let rivers = include_bytes!("../../maps/wuxi/rivers.geojson");
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let read = format::read(rivers, "rivers", &options).unwrap();
    let layers: Vec<WriteLayer> = read.layers.iter().map(WriteLayer::from).collect();
    let looked_at = |definition: &str, format: Format, told: Option<&str>| {
        let target = Target { reference: Some(System::parse(definition).unwrap()), ..Target::default() };
        let written = format::write(format, &layers, &target).unwrap();
        let main = written.files.iter().find(|file| matches!(file.ending, "" | "shp")).unwrap();
        let options =
            ReadOptions { reference: told.map(|told| System::parse(told).unwrap()), ..ReadOptions::default() };
        let mut reading = format::read(&main.bytes, "rivers", &options).unwrap();
        let problem = format::fit(&mut reading.layers[0], atlas.layers.iter().map(|layer| &**layer));
        (problem.map(|problem| problem.kind), reading.layers.remove(0))
    };
    for web in ["GCJ-02", "BD-09"] {
        let (kind, layer) = looked_at(web, Format::Shapefile, None);
        assert_eq!(kind, Some(ProblemKind::LooksShifted(web.into())));
        assert_eq!(layer.evidence.alternatives[0].code(), web);
        assert_eq!(layer.evidence.certainty, Certainty::Unsure);
        let (kind, layer) = looked_at(web, Format::Shapefile, Some(web));
        assert_eq!((kind, layer.evidence.certainty), (None, Certainty::Certain));
    }
    let moved = "+proj=tmerc +lon_0=120 +x_0=500087 +y_0=-64 +ellps=GRS80";
    let (kind, layer) = looked_at(moved, Format::Shapefile, Some("EPSG:4549"));
    assert_eq!(kind, Some(ProblemKind::LooksMoved("+87, -64".into())));
    assert_eq!(layer.evidence.certainty, Certainty::Unsure);
    let web = "+proj=tmerc +lon_0=120 +x_0=500436 +y_0=-211 +ellps=GRS80";
    let (kind, _) = looked_at(web, Format::Shapefile, None);
    assert_eq!(kind, Some(ProblemKind::LooksMoved("+436, -211 ≈ GCJ-02".into())));
    let (kind, layer) = looked_at("EPSG:4490", Format::GeoJson, None);
    assert_eq!(kind, None);
    assert!(layer.evidence.reasons.contains(&Reason::OnAtlas));
}

/// What is told, concluded and left open: numbers, system, certainty, first alternative.
#[test]
fn a_conclusion_says_how_sure_it_is_and_why() {
    for (rows, code, certainty, other, reason) in [
        ("120.3,31.57\n120.31,31.58", "EPSG:4326", Certainty::Likely, "GCJ-02", Reason::ShiftOpen),
        ("528479.5,3494211.75\n528579.5,3494211.75", "EPSG:4549", Certainty::Likely, "EPSG:2385", Reason::DatumOpen),
        ("40528479.5,3494211.75\n40528579.5,3494212", "EPSG:4528", Certainty::Likely, "EPSG:2364", Reason::Zone(40)),
        // 117° brings it to Wuxi, 120° does not; how wide the zone is only the name would tell
        (
            "813352.7,3498900.3\n813452.7,3498900.3",
            "EPSG:4509",
            Certainty::Likely,
            "EPSG:4548",
            Reason::WidthOpen("117°".into()),
        ),
        // no meridian brings it there
        ("300000,4500000\n300100,4500000", "EPSG:4549", Certainty::Unsure, "", Reason::Elsewhere),
    ] {
        let table = format!("x,y\n{rows}\n");
        let reading = format::read(table.as_bytes(), "t", &ReadOptions::default()).unwrap();
        let layer = &reading.layers[0];
        assert_eq!(layer.reference.as_ref().unwrap().code(), code, "{rows}");
        assert_eq!(layer.evidence.certainty, certainty, "{rows}");
        assert_eq!(layer.evidence.alternatives.first().map_or("", |other| other.code()), other, "{rows}");
        assert!(layer.evidence.reasons.contains(&reason), "{rows} {:?}", layer.evidence.reasons);
    }
}

#[test]
fn planes_of_one_old_datum_lead_to_each_other_without_parameters() {
    // EPSG:2385 to EPSG:2364 and EPSG:4610, figures by pyproj 3.7: only the false easting and the projection differ
    let square = r#"{"type":"Point","coordinates":[528479.5,3494211.75]}"#;
    let options =
        ReadOptions { reference: Some(System::epsg(2385).unwrap()), keep_originals: true, ..ReadOptions::default() };
    let reading = format::read(square.as_bytes(), "t", &options).unwrap();
    let layers: Vec<WriteLayer> = reading.layers.iter().map(WriteLayer::from).collect();
    let at = |code: u32| {
        let shape = layers[0].shape(0, Some(&System::epsg(code).unwrap()));
        let redline_atlas::geometry::geo::Geometry::Point(at) = shape.unwrap().unwrap().shape else { panic!("{code}") };
        (at.x(), at.y())
    };
    let (east, north) = at(2364);
    assert!((east - 40_528_479.5).abs() < 1e-3 && (north - 3_494_211.75).abs() < 1e-3, "{east} {north}");
    let (longitude, latitude) = at(4610);
    assert!(
        (longitude - 120.2999998044).abs() < 1e-8 && (latitude - 31.5699852696).abs() < 1e-8,
        "{longitude} {latitude}"
    );
    assert!(layers[0].shape(0, Some(&System::epsg(4549).unwrap())).is_err());
}

#[test]
fn a_cone_of_proj_is_written_in_words_that_are_read_again() {
    let definition = "+proj=lcc +lat_1=30 +lat_2=34 +lat_0=0 +lon_0=120 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m";
    let system = System::parse(definition).unwrap();
    let words = system.well_known_text().unwrap();
    let again = System::parse(&words).unwrap();
    let place = redline_atlas::geometry::geo::Coord { x: 120.3, y: 31.57 };
    let (one, other) = (system.forward(place).unwrap(), again.forward(place).unwrap());
    assert!((one.x - other.x).abs() < 1e-3 && (one.y - other.y).abs() < 1e-3, "{one:?} {other:?} {words}");
}
