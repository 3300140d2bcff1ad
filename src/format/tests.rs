//! Reading and writing GeoJSON, against the `geojson` crate and against what must be refused.

use super::*;
use crate::atlas::Value;
use geo::{CoordsIter, Geometry};

fn layer(text: &str) -> (ReadLayer, Vec<Problem>) {
    let mut reading = read(text.as_bytes(), "t", &ReadOptions::default()).unwrap();
    (reading.layers.pop().unwrap(), reading.problems)
}

fn codes(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.kind.code()).collect()
}

fn collection(features: &str) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{features}]}}"#)
}

fn bare(coordinates: &str) -> String {
    format!(r#"{{"type":"Feature","properties":null,"geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}"#)
}

const SQUARE: &str = "[[[120.3,31.5],[120.4,31.5],[120.4,31.6],[120.3,31.6],[120.3,31.5]]]";

/// Every kind of shape, against the geojson crate.
#[test]
fn shapes_are_those_that_the_geojson_crate_reads() {
    for (kind, coordinates) in [
        ("Point", "[120.1,31.2]"),
        ("MultiPoint", "[[120.1,31.2],[120.2,31.3]]"),
        ("LineString", "[[120.1,31.2],[120.25,31.35],[120.3,31.2]]"),
        ("MultiLineString", "[[[120.1,31.2],[120.2,31.3]],[[120.3,31.2],[120.4,31.3]]]"),
        ("Polygon", SQUARE),
        ("MultiPolygon", &format!("[{SQUARE},[[[119.6,31.5],[119.7,31.5],[119.7,31.6],[119.6,31.5]]]]")),
    ] {
        for text in [
            format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#),
            format!(r#"{{"coordinates":{coordinates},"bbox":[1,2,3,4],"type":"{kind}"}}"#),
        ] {
            let (layer, problems) = layer(&text);
            let theirs: geojson_crate::Geometry = text.parse().unwrap();
            let theirs: Geometry = (&theirs.value).try_into().unwrap();
            assert_eq!(layer.features[0].shape.as_ref(), Some(&theirs));
            assert!(problems.is_empty(), "{problems:?}");
            assert_eq!(layer.geometry_types.iter().collect::<Vec<_>>(), [kind]);
        }
    }
}

use ::geojson as geojson_crate;

#[test]
fn what_is_written_is_read_again() {
    let text = collection(
        r#"{"type":"Feature","id":7,"properties":{"name":"示例","n":9007199254740993,"x":0.1,"ok":true,"none":null,
        "more":{"a":[1,2]},"day":"2026-10-31"},"geometry":{"type":"Point","coordinates":[120.56286674325821,31.173274841315845]}}"#,
    );
    let (first, _) = layer(&text);
    assert_eq!(first.features[0].value("n"), &Value::Integer(9_007_199_254_740_993));
    assert_eq!(first.features[0].date("day").map(|day| day.to_string()), Some("2026-10-31".into()));
    let written = geojson::write(&first.features, &geojson::WriteOptions::default()).unwrap();
    let (second, problems) = layer(std::str::from_utf8(&written).unwrap());
    assert_eq!(first.features, second.features);
    assert!(problems.is_empty());
    let options = geojson::WriteOptions { decimals: Some(7), ids: false, ..Default::default() };
    let written = String::from_utf8(geojson::write(&first.features, &options).unwrap()).unwrap();
    assert!(written.contains(r#""coordinates":[120.5628667,31.1732748]"#) && !written.contains("\"id\""), "{written}");
    assert_eq!(written.lines().count(), 3);
}

#[test]
fn features_in_lines_and_records_are_one_layer() {
    let one = bare(SQUARE);
    for text in [format!("{one}\n{one}\n"), format!("\u{1e}{one}\n\u{1e}{one}\n"), format!("\u{feff}{one} {one}")] {
        let (layer, problems) = layer(&text);
        assert_eq!((layer.features.len(), problems.len()), (2, 0));
        assert_eq!(layer.features[1].id, "2");
    }
}

#[test]
fn a_cut_file_says_where_and_keeps_what_came_before() {
    let whole = collection(&[bare(SQUARE), bare(SQUARE), bare(SQUARE)].join(",\n"));
    let second_ends = whole.rfind(",\n").unwrap();
    let mut reading = read(&whole.as_bytes()[..second_ends + 40], "t", &ReadOptions::default()).unwrap();
    assert_eq!(reading.layers.pop().unwrap().features.len(), 2);
    assert_eq!(codes(&reading.problems), ["truncated"]);
    assert_eq!(reading.problems[0].place.line, Some(3));
    // never fewer features in silence
    for end in 1..whole.len() {
        match read(&whole.as_bytes()[..end], "t", &ReadOptions::default()) {
            Ok(reading) => assert_eq!(codes(&reading.problems), ["truncated"], "{end}"),
            Err(error) => assert!(matches!(error, FormatError::Unreadable(_)), "{error:?}"),
        }
    }
}

#[test]
fn what_is_not_geojson_is_refused() {
    let refuse = |bytes: &[u8]| read(bytes, "t", &ReadOptions::default()).map(|_| ()).unwrap_err();
    assert_eq!(refuse(b""), FormatError::Empty);
    assert_eq!(refuse(b" \n"), FormatError::Empty);
    let FormatError::Unreadable(problem) = refuse(b"PK\x03\x04xx") else { panic!() };
    assert_eq!(problem.kind, ProblemKind::ArchiveBroken);
    assert_eq!(refuse(b"<svg/>"), FormatError::Unrecognised(Looks::Xml));
    assert_eq!(refuse(b"nothing but words"), FormatError::Unrecognised(Looks::Text));
    assert_eq!(refuse(b"\x01\0\0\0"), FormatError::Unrecognised(Looks::Binary));
    assert_eq!(refuse(b"[1,2]"), FormatError::NotGeoJson("[…]".into()));
    for text in ["{", r#"{"type":"FeatureCollection","features":"#, r#"{"type":"FeatureCollection","features":[nul]}"#]
    {
        assert!(matches!(refuse(text.as_bytes()), FormatError::Unreadable(_)), "{text}");
    }
    let deep = r#"{"type":"GeometryCollection","geometries":["#.repeat(50_000);
    let FormatError::Unreadable(problem) = refuse(deep.as_bytes()) else { panic!() };
    assert_eq!(problem.kind, ProblemKind::TooDeep);
}

#[test]
fn a_bad_shape_is_told_and_does_not_stop_the_rest() {
    for (shape, code, path) in [
        (r#"{"type":"Point","coordinates":[NaN,31.5]}"#, "not_finite", "geometry.coordinates"),
        (r#"{"type":"Point","coordinates":[1e999,31.5]}"#, "not_finite", "geometry.coordinates"),
        (r#"{"type":"Point","coordinates":[120.5]}"#, "malformed_geometry", "geometry.coordinates"),
        (r#"{"type":"Point","coordinates":["120.5","31"]}"#, "malformed_geometry", "geometry.coordinates"),
        (r#"{"type":"Point","coordinates":[]}"#, "empty_geometry", "geometry.coordinates"),
        (r#"{"type":"Point"}"#, "malformed_geometry", "geometry.coordinates"),
        (r#"{"type":"Circle","coordinates":[1,2]}"#, "unknown_geometry", "geometry"),
        (r#"{"type":"LineString","coordinates":[[120.5,31.5]]}"#, "too_few_points", "geometry.coordinates"),
        (
            r#"{"type":"Polygon","coordinates":[[[120.5,31.5],[120.6,31.5],[120.5,31.5]]]}"#,
            "too_few_points",
            "geometry.coordinates[0]",
        ),
        (
            r#"{"type":"MultiLineString","coordinates":[[[120.5,31.5],[120.6,null]]]}"#,
            "malformed_geometry",
            "geometry.coordinates[0][1]",
        ),
        (r#"{"type":"Point","coordinates":[7e9,31.5]}"#, "outside_reference", ""),
        (
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point"}]}"#,
            "malformed_geometry",
            "geometry.geometries[0].coordinates",
        ),
    ] {
        let bad = format!(r#"{{"type":"Feature","properties":{{"a":1}},"geometry":{shape}}}"#);
        let (layer, problems) = layer(&collection(&[bare(SQUARE), bad, bare(SQUARE)].join(",")));
        assert_eq!(layer.features.len(), 3, "{shape}");
        assert!(layer.features[1].shape.is_none() && layer.features[2].shape.is_some(), "{shape}");
        assert_eq!(layer.features[1].value("a"), &Value::Integer(1));
        assert_eq!(codes(&problems)[0], code, "{shape}");
        assert_eq!((problems[0].place.feature, problems[0].place.path.as_str()), (Some(2), path), "{shape}");
    }
    let (layer, problems) = layer(&collection("null, 5, {\"type\":\"Feature\",\"geometry\":null,\"properties\":{}}"));
    assert_eq!(layer.features.len(), 1);
    assert_eq!(codes(&problems), ["not_a_feature", "not_a_feature", "no_geometry"]);
}

#[test]
fn an_open_ring_is_closed_and_a_flat_hole_left_out() {
    let (layer, problems) = layer(&bare("[[[120.3,31.5],[120.4,31.5],[120.4,31.6]],[[120.35,31.52],[120.36,31.53]]]"));
    let Some(Geometry::Polygon(polygon)) = &layer.features[0].shape else { panic!() };
    assert_eq!((polygon.exterior().0.len(), polygon.interiors().len()), (4, 0));
    assert_eq!(codes(&problems), ["ring_closed", "too_few_points"]);
}

/// 120.30 E 31.57 N in EPSG:4528, 4549 by pyproj 3.7.
#[test]
fn coordinates_of_a_plane_come_to_longitude_and_latitude() {
    let crs = |name: &str| format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}},"#);
    for (member, x, y, code, how, expected) in [
        (crs("urn:ogc:def:crs:EPSG::4549"), 528_479.500_677, 3_494_211.754_852, "EPSG:4549", How::Declared, vec![]),
        (crs("EPSG:4528"), 40_528_479.500_677, 3_494_211.754_852, "EPSG:4528", How::Declared, vec![]),
        (
            crs("EPSG:4528"),
            528_479.500_677,
            3_494_211.754_852,
            "EPSG:4549",
            How::Recognised,
            vec!["reference_contradicted"],
        ),
        (
            crs("EPSG:4490"),
            528_479.500_677,
            3_494_211.754_852,
            "EPSG:4549",
            How::Recognised,
            vec!["reference_contradicted"],
        ),
        (crs("EPSG:4490"), 120.3, 31.57, "EPSG:4490", How::Declared, vec![]),
        (crs("EPSG:4490"), 31.57, 120.3, "EPSG:4490", How::Declared, vec!["axes_swapped"]),
        (crs("urn:ogc:def:crs:OGC:1.3:CRS84"), 120.3, 31.57, "OGC:CRS84", How::Declared, vec![]),
        (String::new(), 120.3, 31.57, "EPSG:4326", How::Assumed, vec![]),
        (
            String::new(),
            40_528_479.500_677,
            3_494_211.754_852,
            "EPSG:4528",
            How::Recognised,
            vec!["reference_recognised"],
        ),
        (
            String::new(),
            3_494_211.754_852,
            528_479.500_677,
            "EPSG:4549",
            How::Recognised,
            vec!["reference_recognised", "axes_swapped"],
        ),
        (r#""crs":null,"#.into(), 120.3, 31.57, "EPSG:4326", How::Assumed, vec![]),
        (
            r#""crs":{"type":"link","properties":{"href":"http://127.0.0.1:9/x"}},"#.into(),
            120.3,
            31.57,
            "EPSG:4326",
            How::Assumed,
            vec!["reference_linked"],
        ),
    ] {
        let point =
            format!(r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":[{x},{y}]}}}}"#);
        let text = format!(r#"{{"type":"FeatureCollection",{member}"features":[{point}]}}"#);
        let (layer, problems) = layer(&text);
        let Some(Geometry::Point(at)) = layer.features[0].shape else { panic!("{text} {problems:?}") };
        assert!((at.x() - 120.3).abs() < 1e-10 && (at.y() - 31.57).abs() < 1e-10, "{text} {at:?}");
        assert_eq!((layer.reference.unwrap().code(), layer.how), (code, how), "{text}");
        assert_eq!(codes(&problems), expected, "{text}");
    }
}

#[test]
fn a_system_that_needs_secret_parameters_is_refused() {
    let text = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:2385"}},"features":[
        {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[528479.5,3494211.75]}}]}"#;
    let (layer, problems) = layer(text);
    assert!(layer.features[0].shape.is_none());
    assert_eq!(codes(&problems), ["reference_untransformed"]);
}

#[test]
fn gbk_text_is_read_and_said_so() {
    let text =
        r#"{"type":"Feature","properties":{"名称":"示例河道"},"geometry":{"type":"Point","coordinates":[120.3,31.5]}}"#;
    let (bytes, _, _) = encoding_rs::GBK.encode(text);
    let reading = read(&bytes, "t", &ReadOptions::default()).unwrap();
    assert_eq!(reading.layers[0].features[0].text("名称"), "示例河道");
    assert_eq!(codes(&reading.problems), ["encoding_recognised"]);
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let reading = read(&wide, "t", &ReadOptions::default()).unwrap();
    assert_eq!((reading.layers[0].features[0].text("名称"), reading.layers[0].encoding.1), ("示例河道", How::Declared));
}

#[test]
fn the_areas_of_a_file_are_sites() {
    let text = collection(&format!(
        r#"{{"type":"Feature","id":"A","properties":{{"项目名称":"示例厂房","land_use":2,"project_kind":"industry"}},
        "geometry":{{"type":"Polygon","coordinates":{SQUARE}}}}},
        {{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":[120.3,31.5]}}}}"#
    ));
    let (sites, problems) = sites(&layer(&text).0);
    assert_eq!((sites.len(), sites[0].id.as_str(), sites[0].name.as_str()), (1, "A", "示例厂房"));
    assert_eq!((sites[0].kind.as_str(), sites[0].land_use), ("industry", Some(crate::atlas::LandUse::Second)));
    assert_eq!(codes(&problems), ["not_an_area"]);
}

/// Ten thousand texts with one byte changed: an answer each time, never a panic.
#[test]
fn changed_bytes_never_panic() {
    let whole = collection(&[bare(SQUARE), bare(SQUARE)].join(","));
    let mut state = 20_261_123_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..10_000 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..=next() % 3 {
            let at = next() % bytes.len();
            bytes[at] = (next() % 256) as u8;
        }
        if let Ok(reading) = read(&bytes, "t", &ReadOptions::default()) {
            let shapes = reading.layers.iter().flat_map(|layer| &layer.features).filter_map(|f| f.shape.as_ref());
            assert!(shapes.flat_map(CoordsIter::coords_iter).all(|at| at.x.is_finite() && at.y.is_finite()));
        }
    }
}
