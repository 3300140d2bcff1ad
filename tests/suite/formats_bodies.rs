//! Solid bodies, long words of tables and pictures on the ground: read as what a planner can use, never dropped in
//! silence.

use redline_atlas::format::{self, Input, ReadOptions, Reading, SideFile};
use std::fs;
use std::path::Path;

fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format").join(name)).unwrap()
}

fn shapefile(name: &str, endings: &[&str]) -> Reading {
    let main = data(&format!("{name}.shp"));
    let sides: Vec<Vec<u8>> = endings.iter().map(|ending| data(&format!("{name}.{ending}"))).collect();
    let sides: Vec<SideFile> = endings.iter().zip(&sides).map(|(ending, bytes)| SideFile { ending, bytes }).collect();
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    format::read_input(&Input { name, bytes: &main, sides: &sides }, &options).unwrap()
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.problems.iter().map(|problem| problem.kind.code()).collect()
}

#[test]
fn long_words_of_both_kinds_are_read_in_chinese() {
    for (name, memo) in [("memo3", "dbt"), ("memofox", "fpt")] {
        let reading = shapefile(name, &["shx", "dbf", "prj", memo]);
        let layer = &reading.layers[0];
        let notes: Vec<&str> = layer.features.iter().map(|feature| feature.text("NOTE")).collect();
        assert_eq!(notes, [&*"示例说明：很长的文字。".repeat(60), "", "第二段\n有换行"], "{name}");
        assert_eq!(layer.features[0].text("NAME"), "甲");
        assert!(codes(&reading).is_empty(), "{name} {:?}", codes(&reading));
        // without the file with the words that is told, and nothing else is lost
        let reading = shapefile(name, &["shx", "dbf", "prj"]);
        assert!(codes(&reading).contains(&"side_file_missing"), "{name}");
        assert!(reading.layers[0].features[0].value("NOTE").is_null());
        assert_eq!(reading.layers[0].features[2].text("NAME"), "丙");
    }
}

#[test]
fn a_damaged_file_of_words_costs_only_the_words() {
    let (main, table, memo) = (data("memo3.shp"), data("memo3.dbf"), data("memo3.dbt"));
    for cut in [0, 1, 100, 512, 600, memo.len() - 1] {
        let sides = [SideFile { ending: "dbf", bytes: &table }, SideFile { ending: "dbt", bytes: &memo[..cut] }];
        let reading = format::read_input(&Input { name: "t", bytes: &main, sides: &sides }, &ReadOptions::default());
        let reading = reading.unwrap();
        assert_eq!(reading.layers[0].features.len(), 3);
        assert_eq!(codes(&reading).contains(&"words_astray"), cut < 2048, "{cut}");
    }
}

#[test]
fn the_faces_of_solid_bodies_become_areas_that_keep_their_heights() {
    let reading = shapefile("patch", &["shx", "dbf", "prj", "cpg"]);
    let layer = &reading.layers[0];
    assert_eq!(codes(&reading), ["bodies_flattened"]);
    assert_eq!((layer.features.len(), layer.features[1].text("name")), (2, "乙"));
    let first = layer.originals[0].as_ref().unwrap();
    assert!(matches!(&first.shape, geo::Geometry::MultiPolygon(faces) if faces.0.len() == 2));
    assert_eq!((first.heights[0], first.heights.len()), (9.0, 10));
    let second = layer.originals[1].as_ref().unwrap();
    assert!(matches!(&second.shape, geo::Geometry::MultiPolygon(faces) if faces.0[0].interiors().len() == 1));
    // the wall has no area from above: it is left out where areas are judged, and that is told
    let mut reading = reading;
    let told = format::repair(&mut reading.layers[0], true, &format::Progress::default());
    assert_eq!(told.iter().map(|problem| problem.kind.code()).collect::<Vec<_>>(), ["part_dropped"]);
    assert!(told[0].place.at.is_some());
    assert!(matches!(&reading.layers[0].features[0].shape, Some(geo::Geometry::Polygon(_))));
}

#[test]
fn of_a_picture_on_the_ground_name_and_outline_are_taken() {
    let overlay = |turn: &str| {
        format!(
            "<kml><Document><name>t</name><GroundOverlay><name>示例影像</name><Icon><href>http://x/y.png</href></Icon>\
             <LatLonBox><north>31.6</north><south>31.4</south><east>120.4</east><west>120.2</west>{turn}</LatLonBox>\
             </GroundOverlay><GroundOverlay><name>示例四角</name><LatLonQuad><coordinates>120.1,31.4 120.2,31.4 \
             120.2,31.5 120.1,31.5</coordinates></LatLonQuad></GroundOverlay><GroundOverlay/>\
             <ScreenOverlay/><NetworkLink/></Document></kml>"
        )
    };
    let read = |turn: &str| format::read(overlay(turn).as_bytes(), "t", &ReadOptions::default()).unwrap();
    let reading = read("");
    let layer = &reading.layers[0];
    assert_eq!(
        layer.features.iter().map(|feature| feature.text("name")).collect::<Vec<_>>(),
        ["示例影像", "示例四角", ""]
    );
    let bounds = layer.features[0].bounds().unwrap();
    assert_eq!((bounds.min().x, bounds.max().y), (120.2, 31.6));
    let told: Vec<(&str, String)> =
        reading.problems.iter().map(|problem| (problem.kind.code(), problem.kind.subject())).collect();
    assert_eq!(told[..2], [("links_not_fetched", "2".to_owned()), ("overlays_outlined", "3".to_owned())]);
    assert_eq!(told[2].0, "empty_geometry");
    // turned by a quarter about its middle, on the ground: the width becomes the height
    let bounds = read("<rotation>90</rotation>").layers[0].features[0].bounds().unwrap();
    let squeeze = 31.5_f64.to_radians().cos();
    assert!((bounds.height() - 0.2 * squeeze).abs() < 1e-9 && (bounds.width() - 0.2 / squeeze).abs() < 1e-9);
}
