//! How far a reading is and that it stops; and what is concluded where the figures leave two readings open.

use geo::CoordsIter;
use redline_atlas::atlas::{Feature, Quality, Theme};
use redline_atlas::format::{self, Format, FormatError, Input, Progress, ReadOptions, SideFile, Target, WriteLayer};
use redline_atlas::geometry::{Four, LocalSystem, System};
use redline_atlas::storage;
use redline_atlas::text::{Language, Text};
use redline_atlas::workspace::{Corrections, LayerIds, OpenAs, Outcome, Plan, Preview};
use std::path::{Path, PathBuf};

/// A layer of many small areas, as GeoJSON.
fn many(count: usize) -> String {
    let feature = |number: usize| {
        let (x, y) = (120.0 + (number % 400) as f64 / 1000.0, 31.3 + (number / 400) as f64 / 1000.0);
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"名称\":\"示例{number}\",\"n\":{number}}},\"geometry\":{{\"type\":\
             \"Polygon\",\"coordinates\":[[[{x},{y}],[{},{y}],[{x},{}],[{x},{y}]]]}}}}",
            x + 0.0005,
            y + 0.0005
        )
    };
    let all: Vec<String> = (0..count).map(feature).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(","))
}

#[test]
fn every_reading_tells_how_far_it_is_and_stops_when_it_is_called_off() {
    let text = many(6_000);
    let whole = format::read(text.as_bytes(), "t", &ReadOptions { keep_originals: true, ..ReadOptions::default() });
    let whole = whole.unwrap();
    let layers: Vec<WriteLayer> = whole.layers.iter().map(WriteLayer::from).collect();
    let formats =
        Format::ALL.into_iter().filter(|format| !matches!(format, Format::TopoJson | Format::Gpx | Format::Dxf));
    for kind in formats {
        let written = format::write(kind, &layers, &Target::default()).unwrap();
        let main = written.files.iter().find(|file| matches!(file.ending, "" | "shp" | "fgb")).unwrap();
        let sides: Vec<SideFile> =
            written.files.iter().map(|file| SideFile { ending: file.ending, bytes: &file.bytes }).collect();
        let input = Input { name: "t", bytes: &main.bytes, sides: &sides };
        let options = ReadOptions::default();
        let reading = format::read_input(&input, &options).unwrap();
        assert_eq!(reading.layers.iter().map(|layer| layer.features.len()).sum::<usize>(), 6_000, "{kind:?}");
        assert!(options.progress.share() > 0.9, "{kind:?} {}", options.progress.share());
        options.progress.cancel();
        assert_eq!(format::read_input(&input, &options).err(), Some(FormatError::Cancelled), "{kind:?}");
    }
}

#[test]
fn a_reading_under_way_is_called_off_from_outside() {
    let text = many(60_000);
    let options = ReadOptions::default();
    let progress = options.progress.clone();
    let reader = std::thread::spawn(move || format::read(text.as_bytes(), "t", &options).err());
    while progress.share() == 0.0 && !reader.is_finished() {
        std::thread::yield_now();
    }
    progress.cancel();
    assert_eq!(reader.join().unwrap(), Some(FormatError::Cancelled));
    assert!(progress.share() < 1.0);
    // one shape of very many vertices has pieces too
    let ring: Vec<String> = (0..400_000).map(|n| format!("[{},{}]", 120.0 + f64::from(n) * 1e-9, 31)).collect();
    let text = format!("{{\"type\":\"MultiPoint\",\"coordinates\":[{}]}}", ring.join(","));
    let options = ReadOptions::default();
    options.progress.cancel();
    assert_eq!(format::read(text.as_bytes(), "t", &options).err(), Some(FormatError::Cancelled));
}

/// The plane of the place less round numbers, as offices keep them.
fn local() -> LocalSystem {
    let four = Four { north: 3_400_000.0, east: 500_000.0, rotation: 0.0, scale: 0.0 };
    LocalSystem { name: "示例地方坐标系".into(), base: "EPSG:4549".into(), four: Some(four), seven: None }
}

fn reasons(layer: &format::ReadLayer) -> Vec<&'static str> {
    layer.evidence.reasons.iter().map(|reason| reason.code().0).collect()
}

#[test]
fn the_order_of_a_plane_of_ones_own_is_told_by_where_it_leads() {
    let reference = Some(local().system().unwrap());
    let read = |text: &str, north_first| {
        let options = ReadOptions { reference: reference.clone(), north_first, ..ReadOptions::default() };
        let reading = format::read(text.as_bytes(), "t", &options).unwrap();
        let layer = &reading.layers[0];
        let at = layer.features[0].bounds().unwrap().min();
        (reasons(layer), (at.x, at.y), reading.problems.iter().any(|problem| problem.kind.code() == "axes_swapped"))
    };
    // north first, and only so in Wuxi; EPSG:4549 by pyproj 3.7: 480000, 3494211.75 is 119.7893215, 31.5701784
    let (told, at, is_swapped) = read("名称,X,Y\n示例,94211.75,-20000\n", None);
    assert!(told.contains(&"order_by_place") && told.contains(&"north_first") && is_swapped, "{told:?}");
    assert!((at.0 - 119.789_3).abs() < 1e-3 && (at.1 - 31.570_2).abs() < 1e-3, "{at:?}");
    // both orders lead to Wuxi: left as it is, and said
    let (told, at, is_swapped) = read("名称,X,Y\n示例,28479.5,94211.75\n", None);
    assert!(told.contains(&"order_open") && !is_swapped, "{told:?}");
    assert!((at.0 - 120.3).abs() < 1e-6 && (at.1 - 31.57).abs() < 1e-6, "{at:?}");
    // the person has the last word, in either direction
    let (told, at, _) = read("名称,X,Y\n示例,94211.75,28479.5\n", Some(true));
    assert!(told.contains(&"order_chosen") && (at.0 - 120.3).abs() < 1e-6, "{told:?} {at:?}");
    let (_, at, is_swapped) = read("名称,X,Y\n示例,94211.75,-20000\n", Some(false));
    assert!(!is_swapped && at.1 < 30.65, "{at:?}");
}

fn temporary(name: &str, text: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("redline-reading-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file
}

/// Corners of a district of the bundled atlas in a plane, as a table of one area.
fn district(system: &System, is_turned: bool) -> String {
    use geo::CoordsIter;
    let atlas = storage::atlas::open_bundled().unwrap();
    let layer = atlas.layer(Theme::Districts).unwrap();
    let feature: &Feature = &layer.features()[0];
    let mut ring = Vec::new();
    let areas = match feature.shape.as_ref().unwrap() {
        geo::Geometry::MultiPolygon(areas) => areas.0[0].clone(),
        geo::Geometry::Polygon(area) => area.clone(),
        other => panic!("{other:?}"),
    };
    for at in areas.exterior().coords_iter() {
        let at = system.forward(at).unwrap();
        ring.push(if is_turned { format!("{} {}", at.y, at.x) } else { format!("{} {}", at.x, at.y) });
    }
    format!("名称,WKT\n示例,\"POLYGON (({}))\"\n", ring.join(","))
}

fn preview(file: &Path, reference: Option<&str>) -> Preview {
    let atlas = storage::atlas::open_bundled().unwrap();
    let corrections = Corrections { reference: reference.map(str::to_owned), ..Corrections::default() };
    let own = [local()];
    Preview::read(file, &corrections, (&atlas, &own), Text::of(Language::Zh), &Progress::default()).unwrap()
}

#[test]
fn what_lies_on_the_atlas_decides_between_two_orders() {
    let system = local().system().unwrap();
    for is_turned in [false, true] {
        let file = temporary(if is_turned { "turned.csv" } else { "plain.csv" }, &district(&system, is_turned));
        let shown = preview(&file, Some("示例地方坐标系"));
        let layer = &shown.layers[0].read;
        let told = reasons(layer);
        assert_eq!(told.contains(&"order_by_atlas"), is_turned, "{told:?}");
        assert!(told.contains(&"on_atlas"), "{told:?}");
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn what_lies_on_the_atlas_decides_between_planes_of_like_numbers() {
    // UTM and Gauss–Krüger around the same meridian lie 1.4 km apart here
    let utm = System::epsg(32_650).unwrap();
    let file = temporary("utm.csv", &district(&utm, false));
    let shown = preview(&file, None);
    let layer = &shown.layers[0].read;
    let told = reasons(layer);
    assert_eq!(layer.reference.as_ref().unwrap().code(), "EPSG:32650", "{told:?}");
    assert!(told.contains(&"fits_atlas") && told.contains(&"undeclared"), "{told:?}");
    std::fs::remove_file(file).unwrap();
}

#[test]
fn zones_of_three_and_six_degrees_without_their_number_are_both_named() {
    // EPSG:4509 by pyproj 3.7: 120.3, 31.57 is 813352.7 east, 3498900.3 north (the same in EPSG:4548)
    for (east, code, other) in [(813_352.7, "EPSG:4509", "EPSG:4548"), (217_000.0, "EPSG:4510", "EPSG:4550")] {
        let text = format!("名称,X,Y\n示例,3498900.3,{east}\n");
        let reading = format::read(text.as_bytes(), "t", &ReadOptions::default()).unwrap();
        let layer = &reading.layers[0];
        assert_eq!(layer.reference.as_ref().unwrap().code(), code);
        assert!(reasons(layer).contains(&"width_open"), "{:?}", reasons(layer));
        assert_eq!(layer.evidence.alternatives[0].code(), other);
    }
    // around 120° there is no zone of six degrees
    let reading = format::read("X,Y\n3494211.75,528479.5\n".as_bytes(), "t", &ReadOptions::default()).unwrap();
    let layer = &reading.layers[0];
    assert_eq!(layer.reference.as_ref().unwrap().code(), "EPSG:4549");
    assert!(!reasons(layer).contains(&"width_open"));
}

/// Entities of a drawing on layers of their own.
const DRAWING: &str = "0\nSECTION\n2\nENTITIES\n\
    0\nPOINT\n8\n高程点\n10\n40528479.5\n20\n3494211.7\n\
    0\nLINE\n8\n红线\n10\n40528479.5\n20\n3494211.7\n11\n40528579.5\n21\n3494211.7\n\
    0\nLINE\n8\n红线\n10\n40528579.5\n20\n3494211.7\n11\n40528579.5\n21\n3494311.7\n0\nENDSEC\n0\nEOF\n";

#[test]
fn the_layers_of_a_drawing_are_taken_one_by_one() {
    let file = temporary("图.dxf", DRAWING);
    let shown = preview(&file, None);
    let layers: Vec<(&str, usize)> =
        shown.layers.iter().map(|layer| (&*layer.read.name, layer.read.features.len())).collect();
    assert_eq!(layers, [("红线", 2), ("高程点", 1)]);
    let mut plan = Plan::whole(OpenAs::Layer(Theme::Other), Vec::new());
    plan.left_out.insert("高程点".into());
    plan.quality = Some(Quality::Official);
    let (done, _) = shown.import(&plan, &LayerIds::above(std::iter::empty()));
    let Outcome::Opened(taken) = &done[0] else { panic!("{done:?}") };
    assert_eq!(taken.iter().map(|layer| layer.features().len()).collect::<Vec<_>>(), [2]);
    // what the file does not say of its worth the person has said
    assert_eq!(taken[0].quality(), Quality::Official);
    std::fs::remove_file(file).unwrap();
}

#[test]
fn each_layer_of_a_file_may_lie_in_a_system_of_its_own() {
    let member = |name: &str, x: f64, y: f64| {
        let one = format!("[{x},{y}],[{x},{}],[{},{y}],[{x},{y}]", y + 100.0, x + 100.0);
        let one = format!("{{\"type\":\"Polygon\",\"coordinates\":[[{one}]]}}");
        let reading =
            format::read(one.as_bytes(), name, &ReadOptions { keep_originals: true, ..ReadOptions::default() });
        reading.unwrap().layers.remove(0)
    };
    // as a survey may come: both without a word of their system, one of them in another zone
    let layers = [member("甲", 40_528_479.5, 3_494_211.7), member("乙", 40_528_479.5, 3_494_211.7)];
    let layers: Vec<WriteLayer> = layers.iter().map(WriteLayer::from).collect();
    let written = format::write(Format::GeoPackage, &layers, &Target::default()).unwrap();
    let file = std::env::temp_dir().join(format!("redline-atlas-{}-two.gpkg", std::process::id()));
    std::fs::write(&file, &written.files[0].bytes).unwrap();
    let atlas = storage::atlas::open_bundled().unwrap();
    let of_layers = [("乙".to_owned(), "EPSG:4527".to_owned())].into();
    let corrections = Corrections { of_layers, ..Corrections::default() };
    let text = Text::of(Language::Zh);
    let shown = Preview::read(&file, &corrections, (&atlas, &[]), text, &Progress::default()).unwrap();
    let codes: Vec<&str> = shown.layers.iter().map(|layer| layer.read.reference.as_ref().unwrap().code()).collect();
    assert_eq!(codes, ["EPSG:4528", "EPSG:4527"]);
    std::fs::remove_file(file).unwrap();
}

#[test]
fn a_file_that_leaves_something_open_asks_to_be_looked_at() {
    let square = |x: f64, y: f64, side: f64| {
        let (right, top) = (x + side, y + side);
        format!(
            "{{\"type\":\"Polygon\",\"coordinates\":[[[{x},{y}],[{right},{y}],[{right},{top}],[{x},{top}],[{x},{y}]]]}}"
        )
    };
    for (name, text, asks) in [
        ("sure.geojson", square(120.3, 31.57, 0.01), false),
        ("plane.geojson", square(528_479.5, 3_494_211.7, 100.0), true),
        ("far.geojson", square(10.0, 31.57, 0.01), true),
        ("none.geojson", r#"{"type":"FeatureCollection","features":[]}"#.to_owned(), true),
    ] {
        let file = temporary(name, &text);
        let shown = preview(&file, None);
        assert_eq!(shown.asks(), asks, "{name}: {:?} {:?}", shown.layers[0].read.evidence, shown.problems);
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn a_file_named_as_one_of_the_atlas_is_held_against_it_all_the_same() {
    let atlas = storage::atlas::open_bundled().unwrap();
    let rivers = atlas.layers_of(Theme::Rivers).next().unwrap();
    let shift = System::gcj02();
    let lines: Vec<String> = rivers
        .features()
        .iter()
        .filter_map(|river| {
            let places = river.shape.as_ref()?.coords_iter().map(|at| shift.forward(at).unwrap());
            let places: Vec<String> = places.map(|at| format!("[{},{}]", at.x, at.y)).collect();
            let line = format!("{{\"type\":\"LineString\",\"coordinates\":[{}]}}", places.join(","));
            Some(format!("{{\"type\":\"Feature\",\"properties\":{{}},\"geometry\":{line}}}"))
        })
        .collect();
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", lines.join(","));
    let file = temporary(&rivers.source.file, &text);
    let codes: Vec<&str> = preview(&file, None).problems.iter().map(|problem| problem.kind.code()).collect();
    assert!(codes.contains(&"looks_shifted"), "{codes:?} {}", rivers.source.file);
    std::fs::remove_file(file).unwrap();
}
