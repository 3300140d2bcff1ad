//! Tables of text and workbooks with positions, corners and well-known text, and back.

use redline_atlas::atlas::Value;
use redline_atlas::format::{self, FieldType, Format, ReadOptions, Reading, Target, WriteLayer};
use redline_atlas::geometry::geo::Geometry;

fn try_read(bytes: &[u8]) -> Result<Reading, format::FormatError> {
    format::read(bytes, "t", &ReadOptions { keep_originals: true, ..ReadOptions::default() })
}

fn read(text: &str) -> Reading {
    try_read(text.as_bytes()).unwrap()
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.problems.iter().map(|problem| problem.kind.code()).collect()
}

#[test]
fn positions_are_found_whatever_the_columns_are_called() {
    let site = (120.30, 31.57);
    for text in [
        "名称,经度,纬度\n甲,120.30,31.57\n",
        "\u{feff}Name;Lat;Lon\r\n甲;31.57;120.30\r\n",
        "名称\t经度(°)\t纬度(°)\n甲\t120°18′00″\t31°34′12″\n",
        "无锡市排口清单（示例）,,\n,,\n名称,东经,北纬\n甲,E120.30,N31.57\n",
        "name|x|y\n甲|40528479.500677|3494211.754852\n",
        "名称,X坐标(m),Y坐标(m)\n甲,3494211.754852,528479.500677\n",
        "名称,wkt\n甲,POINT (120.30 31.57)\n",
        "甲,120.30,31.57\n甲,120.30,31.57\n",
        "SRID=4549;POINT (528479.500677 3494211.754852)",
    ] {
        for bytes in
            [text.as_bytes().to_vec(), encoding_rs::GB18030.encode(text.trim_start_matches('\u{feff}')).0.into_owned()]
        {
            let reading = try_read(&bytes).unwrap();
            assert_eq!(reading.format, Format::Csv);
            let Some(Geometry::Point(at)) = reading.layers[0].features[0].shape else { panic!("{text} {reading:?}") };
            assert!((at.x() - site.0).abs() < 1e-8 && (at.y() - site.1).abs() < 1e-8, "{text} {at:?}");
        }
    }
}

#[test]
fn cells_keep_their_types_and_codes_their_zeros() {
    let reading = read("id,代码,数,日期,量,lon,lat\n1,007,5,2026-01-02,0.10,120,31\n2,012,,,1e-3,120,31\n");
    let layer = &reading.layers[0];
    let kinds: Vec<FieldType> = layer.fields().into_iter().take(5).map(|(_, kind)| kind).collect();
    assert_eq!(kinds, [FieldType::Integer, FieldType::Text, FieldType::Integer, FieldType::Date, FieldType::Real]);
    assert_eq!(layer.features[0].text("代码"), "007");
    assert!(layer.features[1].value("数").is_null());
}

#[test]
fn corners_become_areas() {
    let text = "地块名称,点号,X,Y\n甲,1,3494211.755,40528479.501\n,2,3494211.755,40529479.501\n,3,3495211.755,40529479.501\n乙,1,3496211.755,40528479.501\n,2,3496211.755,40529479.501\n,3,3497211.755,40529479.501\n";
    let reading = read(text);
    let layer = &reading.layers[0];
    let names: Vec<_> = layer.features.iter().map(|feature| feature.text("地块名称")).collect();
    assert_eq!((names, layer.geometry_types.iter().next().unwrap().as_str()), (vec!["甲", "乙"], "Polygon"));
    assert_eq!(format::sites(layer).0.len(), 2);
    assert_eq!(codes(&reading), ["columns_taken", "reference_recognised", "axes_swapped"]);
    // pairs that come back to their start
    let reading = read("120.3,31.5\n120.4,31.5\n120.4,31.6\n120.3,31.5\n");
    assert!(matches!(reading.layers[0].features[0].shape, Some(Geometry::Polygon(_))));
    // and bare text of shapes
    let reading = read("POLYGON ((120.3 31.5,\n120.4 31.5, 120.4 31.6, 120.3 31.5))\nPOINT (1 2)");
    assert_eq!(reading.layers[0].features.len(), 2);
}

#[test]
fn points_that_are_numbered_are_corners_only_where_nothing_else_tells_them_apart() {
    let kinds = |text: &str| {
        let reading = read(text);
        let kinds: Vec<String> = reading.layers[0].geometry_types.iter().cloned().collect();
        (kinds.join(","), reading.layers[0].features.len(), codes(&reading).contains(&"corner_words_left"))
    };
    let samples = "点号,经度,纬度,镉,采样日期\nS1,120.30,31.57,0.1,2026-01-05\nS2,120.31,31.57,0.2,2026-01-05\n\
                   S3,120.31,31.58,0.3,2026-01-06\nS4,120.30,31.58,0.1,2026-01-06\n";
    assert_eq!(kinds(samples), ("Point".into(), 4, false));
    let noted =
        "点号,X,Y,备注\nJ1,3494211,528479,墙角\nJ2,3494211,528579,田埂\nJ3,3494311,528579,\nJ4,3494311,528479,\n";
    assert_eq!(kinds(noted), ("Polygon".into(), 1, true));
    let wells = "点号,地块,经度,纬度\n1,甲,120.30,31.57\n2,乙,120.31,31.57\n3,丙,120.31,31.58\n";
    assert_eq!(kinds(wells), ("Point".into(), 3, false));
    let merged = "地块,点号,用途,经度,纬度\n甲,1,工业,120.30,31.57\n,2,,120.31,31.57\n,3,,120.31,31.58\n\
                  乙,1,居住,120.40,31.57\n,2,,120.41,31.57\n,3,,120.41,31.58\n";
    assert_eq!(kinds(merged), ("Polygon".into(), 2, false));
}

#[test]
fn degrees_minutes_and_seconds_behind_one_point_are_read_where_the_head_says_so() {
    let reading = read("名称,经度(度分秒),纬度(度分秒)\n甲,120.1800,31.3412\n");
    let Some(Geometry::Point(at)) = reading.layers[0].features[0].shape else { panic!("{reading:?}") };
    assert!((at.x() - 120.30).abs() < 1e-9 && (at.y() - 31.57).abs() < 1e-9, "{at:?}");
}

#[test]
fn a_moment_of_a_workbook_keeps_its_time() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(["经度", "纬度", "采样", "日期", "时刻"]) {
        sheet.write(0, column, name).unwrap();
    }
    sheet.write(1, 0, 120.3).unwrap();
    sheet.write(1, 1, 31.57).unwrap();
    let format = |words: &str| rust_xlsxwriter::Format::new().set_num_format(words);
    let moment = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 23).unwrap();
    let at = moment.clone().and_hms(8, 5, 0).unwrap();
    sheet.write_datetime_with_format(1, 2, &at, &format("yyyy-mm-dd hh:mm:ss")).unwrap();
    sheet.write_datetime_with_format(1, 3, &moment, &format("yyyy-mm-dd")).unwrap();
    let time = rust_xlsxwriter::ExcelDateTime::from_hms(8, 5, 0).unwrap();
    sheet.write_datetime_with_format(1, 4, &time, &format("hh:mm")).unwrap();
    let reading = try_read(&book.save_to_buffer().unwrap()).unwrap();
    let feature = &reading.layers[0].features[0];
    let said = ["采样", "日期", "时刻"].map(|field| feature.value(field).to_string());
    assert_eq!(said, ["2026-11-23 08:05:00", "2026-11-23", "08:05:00"]);
}

#[test]
fn positions_of_a_web_map_are_written_under_names_that_tell_it() {
    let reading = read("名称,经度,纬度\n甲,120.3,31.57\n");
    let layers: Vec<WriteLayer> = reading.layers.iter().map(WriteLayer::from).collect();
    for (code, name) in [("GCJ-02", "GCJ02经度"), ("BD-09", "BD09经度")] {
        let target =
            Target { reference: Some(redline_atlas::geometry::System::parse(code).unwrap()), ..Target::default() };
        let written = format::write(Format::Csv, &layers, &target).unwrap();
        let text = String::from_utf8(written.files[0].bytes.clone()).unwrap();
        assert!(text.contains(name), "{text}");
        // the longitude that came in is a field of its own still
        let again = try_read(text.replace(",经度,纬度", ",旧经,旧纬").as_bytes()).unwrap();
        assert_eq!(again.layers[0].reference.as_ref().unwrap().code(), code);
    }
}

#[test]
fn a_table_of_nothing_but_shapes_is_read_again() {
    let reading = read("WKT\n\"POLYGON ((120.3 31.5,120.31 31.5,120.31 31.51,120.3 31.5))\"\n");
    assert_eq!(reading.format, Format::Csv);
    assert!(matches!(reading.layers[0].features[0].shape, Some(Geometry::Polygon(_))));
}

#[test]
fn what_has_no_place_is_told() {
    assert_eq!(codes(&read("断面,氨氮\n甲,1.8\n")), ["no_coordinates", "no_geometry"]);
    let reading = read("名称,经度,纬度\n甲,一百二,31.5\n乙,120.3,31.5,多余\n丙,,\n");
    assert_eq!(codes(&reading), ["columns_taken", "coordinate_not_read", "cells_beyond_head", "no_geometry"]);
    assert_eq!(reading.layers[0].features.len(), 3);
    assert!(matches!(try_read("只是一段文字".as_bytes()), Err(format::FormatError::Unrecognised(_))));
}

#[test]
fn tables_and_workbooks_return_with_their_values() {
    let json = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"名称":"示例甲","n":9007199254740993,"r":0.1,"d":"2026-01-02","t":"=1+1","k":"007","b":true,"u":null},
         "geometry":{"type":"Polygon","coordinates":[[[120.1,31.5],[120.2,31.5],[120.2,31.6],[120.1,31.5]]]}},
        {"type":"Feature","properties":{"名称":"示例乙","n":-1,"r":-2.5,"d":null,"t":"a,\"b\"\nc","k":"x","b":false,"u":null},"geometry":null}]}"#;
    let first = read(json);
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    for kind in [Format::Csv, Format::Xlsx] {
        let written = format::write(kind, &layers, &Target::default()).unwrap();
        assert!(written.problems.is_empty(), "{:?}", written.problems);
        let second = try_read(&written.files[0].bytes).unwrap();
        assert_eq!(second.format, kind);
        let (a, b) = (&first.layers[0], &second.layers[0]);
        assert_eq!(a.features[0].shape, b.features[0].shape);
        for (a, b) in a.features.iter().zip(&b.features) {
            for (name, value) in &a.values {
                let date = value.as_date().map(Value::Date);
                assert_eq!(date.as_ref().unwrap_or(value), b.value(name), "{kind:?} {name}");
            }
        }
    }
    let text =
        String::from_utf8(format::write(Format::Csv, &layers, &Target::default()).unwrap().files[0].bytes.clone());
    assert!(text.unwrap().contains("'=1+1"), "a formula is kept from spreadsheets");
}

#[test]
fn points_get_columns_of_their_own() {
    let first =
        read(r#"{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[120.3,31.57]}}"#);
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    let written = format::write(Format::Csv, &layers, &Target::default()).unwrap();
    assert_eq!(String::from_utf8_lossy(&written.files[0].bytes), "\u{feff}经度,纬度,a\n120.3,31.57,1\n");
    let target = Target { reference: redline_atlas::geometry::System::epsg(4528).ok(), ..Target::default() };
    let written = format::write(Format::Xlsx, &layers, &target).unwrap();
    let back = try_read(&written.files[0].bytes).unwrap();
    let bounds = back.layers[0].bounds().unwrap();
    assert!((bounds.min().x - 120.3).abs() < 1e-10 && (bounds.min().y - 31.57).abs() < 1e-10);
}

#[test]
fn changed_bytes_never_panic() {
    let csv = "名称,点号,X,Y\n甲,1,3494211.7,40528479.5\n,2,3494211.7,40529479.5\n,3,3495211.7,40529479.5\n"
        .as_bytes()
        .to_vec();
    let first = try_read(&csv).unwrap();
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    let book = format::write(Format::Xlsx, &layers, &Target::default()).unwrap().files.remove(0).bytes;
    let mut state = 20_261_127_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for round in 0..3_000 {
        let mut bytes = if round % 3 == 0 { book.clone() } else { csv.clone() };
        for _ in 0..=next() % 4 {
            let at = next() % bytes.len();
            bytes[at] = (next() % 256) as u8;
        }
        let _ = try_read(&bytes);
    }
}
