//! The land office's text of boundary points: its variants, what it states against what is there, and back.

use redline_atlas::atlas::Value;
use redline_atlas::format::{self, Format, ReadOptions, Reading, Target, WriteLayer};
use redline_atlas::geometry::System;
use redline_atlas::geometry::geo::Geometry;

const HEAD: &str = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n带号=40\n[地块坐标]\n";

/// A square of 1 km with a hole of 200 m, as DOMAIN.md's example; the hole is ring 2.
const HOLED: &str = "10,95.9980,DK01,示例地块1,面,,工业用地,,@
J1,1,3494211.755,40528479.501
J2,1,3494211.755,40529479.501
J3,1,3495211.755,40529479.501
J4,1,3495211.755,40528479.501
J1,1,3494211.755,40528479.501
J5,2,3494611.755,40528879.501
J6,2,3494811.755,40528879.501
J7,2,3494811.755,40529079.501
J8,2,3494611.755,40529079.501
J5,2,3494611.755,40528879.501
";

fn read(text: &str) -> Reading {
    format::read(text.as_bytes(), "t", &ReadOptions { keep_originals: true, ..ReadOptions::default() }).unwrap()
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.problems.iter().map(|problem| problem.kind.code()).collect()
}

fn rings(reading: &Reading, index: usize) -> (usize, usize) {
    match reading.layers[0].features[index].shape.as_ref().unwrap() {
        Geometry::Polygon(area) => (1, area.interiors().len()),
        Geometry::MultiPolygon(areas) => (areas.0.len(), areas.iter().map(|area| area.interiors().len()).sum()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn plots_come_with_their_heads_and_holes_in_every_spelling() {
    let plain = format!("{HEAD}{HOLED}");
    let wide = plain.replace(',', "，").replace('[', "【").replace(']', "】").replace('\n', "\r\n");
    let swapped: String = plain
        .lines()
        .map(|line| match line.split(',').collect::<Vec<_>>()[..] {
            [label, ring, x, y] => format!("{label},{ring},{y},{x}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let bare = plain.replace("带号=40", "带号=").replace(",40528", ",528").replace(",40529", ",529");
    for (text, code, told) in [
        (plain.clone(), "EPSG:4528", Vec::<&str>::new()),
        (wide, "EPSG:4528", vec![]),
        (format!("\u{feff}{plain}"), "EPSG:4528", vec![]),
        (swapped, "EPSG:4528", vec!["axes_swapped"]),
        (bare, "EPSG:4549", vec!["reference_recognised"]),
        (plain.replace("坐标系=2000国家大地坐标系\n", ""), "EPSG:4528", vec!["reference_recognised"]),
    ] {
        let reading = read(&text);
        let layer = &reading.layers[0];
        assert_eq!(reading.format, Format::Survey);
        assert_eq!((layer.reference.as_ref().unwrap().code(), rings(&reading, 0)), (code, (1, 1)), "{text}");
        assert_eq!((layer.features[0].text("名称"), layer.features[0].id.as_str()), ("示例地块1", "DK01"));
        assert_eq!(layer.features[0].value("标称面积"), &Value::Real(95.998));
        let bounds = layer.bounds().unwrap();
        assert!((bounds.min().x - 120.30).abs() < 1e-4 && (bounds.min().y - 31.57).abs() < 1e-4);
        assert_eq!(codes(&reading), told, "{text}");
        let (gbk, _, _) = encoding_rs::GBK.encode(text.trim_start_matches('\u{feff}'));
        let again = format::read(&gbk, "t", &ReadOptions::default()).unwrap();
        assert_eq!(again.layers[0].features[0].text("用途"), "工业用地");
    }
}

#[test]
fn holes_are_told_by_what_lies_within_what() {
    // the same rings, but the hole is called a part of its own
    let reading = read(&format!("{HEAD}{}", HOLED.replace(",2,34", ",1,34")));
    assert_eq!((rings(&reading, 0), codes(&reading)), ((1, 1), vec!["rings_regrouped"]));
    // and a second part that is called a hole
    let apart = HOLED.replace("34946", "34966").replace("34948", "34968");
    let reading = read(&format!("{HEAD}{apart}"));
    assert_eq!((rings(&reading, 0), codes(&reading)), ((2, 0), vec!["rings_regrouped", "stated_area_differs"]));
}

#[test]
fn what_is_stated_is_compared_with_what_is_there() {
    let stated = |count: &str, area: &str| HOLED.replace("10,95.9980", &format!("{count},{area}"));
    for (text, told) in [
        (stated("10", "96"), vec![]),
        (stated("8", "96.009"), vec![]),
        (stated("9", "96"), vec!["stated_count_differs"]),
        (stated("10", "100"), vec!["stated_area_differs"]),
    ] {
        assert_eq!(codes(&read(&format!("{HEAD}{text}"))), told, "{text}");
    }
    let reading = read(&format!("{HEAD}{HOLED}不知何物\n"));
    let problem = &reading.problems[0];
    assert_eq!((problem.kind.code(), problem.place.line), ("line_not_understood", Some(18)));
}

/// Parameters from the older datums are classified: their coordinates are kept but not drawn.
#[test]
fn an_older_datum_is_not_taken_for_another() {
    for (name, code) in [("1980西安坐标系", "reference_untransformed"), ("无锡市独立坐标系", "reference_unsupported")]
    {
        let reading = read(&format!("{HEAD}{HOLED}").replace("2000国家大地坐标系", name));
        assert!(reading.layers[0].features[0].shape.is_none(), "{name}");
        assert!(codes(&reading).contains(&code), "{name} {:?}", codes(&reading));
    }
}

#[test]
fn what_is_written_reads_the_same() {
    let first = read(&format!("{HEAD}{HOLED}"));
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    let written = format::write(Format::Survey, &layers, &Target::default()).unwrap();
    assert!(written.problems.is_empty(), "{:?}", written.problems);
    let text = encoding_rs::GBK.decode(&written.files[0].bytes).0.into_owned();
    assert!(text.contains("10,96.0000,DK01,示例地块1,面,,工业用地,,@\r\nJ1,1,3494211.755,40528479.501\r\n"), "{text}");
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let second = format::read(&written.files[0].bytes, "t", &options).unwrap();
    assert_eq!(first.layers[0].originals, second.layers[0].originals);
    // degrees are written in the zone of the place
    let site = br#"{"type":"Polygon","coordinates":[[[120.3,31.57],[120.31,31.57],[120.31,31.58],[120.3,31.57]]]}"#;
    let reading = format::read(site, "t", &options).unwrap();
    let layers: Vec<WriteLayer> = reading.layers.iter().map(WriteLayer::from).collect();
    let written = format::write(Format::Survey, &layers, &Target::default()).unwrap();
    let back = format::read(&written.files[0].bytes, "t", &options).unwrap();
    assert_eq!(back.layers[0].reference.as_ref(), System::epsg(4528).ok().as_ref());
    // EPSG:4528 of 120.30 E 31.57 N by pyproj 3.7
    let text = String::from_utf8_lossy(&written.files[0].bytes).into_owned();
    assert!(text.contains("J1,1,3494211.7549,40528479.5007"), "{text}");
}

#[test]
fn changed_bytes_never_panic() {
    let whole = format!("{HEAD}{HOLED}").into_bytes();
    let mut state = 20_261_126_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..5_000 {
        let mut bytes = whole.clone();
        for _ in 0..=next() % 4 {
            let at = next() % bytes.len();
            bytes[at] = (next() % 256) as u8;
        }
        bytes.truncate(1 + next() % bytes.len());
        let _ = format::read(&bytes, "t", &ReadOptions::default());
    }
}
