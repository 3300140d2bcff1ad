//! DXF drawings: the shapes that GDAL makes of them, blocks, encodings, cuts and changed bytes.

use geo::{Area, BoundingRect, Coord, CoordsIter, Euclidean, Geometry, Length};
use redline_atlas::atlas::{Feature, Value};
use redline_atlas::format::{self, Format, FormatError, Input, Original, ReadLayer, ReadOptions, Reading, Severity};
use std::fs;
use std::path::Path;

fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format").join(name)).unwrap()
}

fn read(bytes: &[u8]) -> Result<Reading, FormatError> {
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    format::read_input(&Input::alone("t", bytes), &options)
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.problems.iter().map(|problem| problem.kind.code()).collect()
}

fn length(shape: &Geometry) -> f64 {
    match shape {
        Geometry::LineString(line) => Euclidean.length(line),
        Geometry::Polygon(area) => {
            area.interiors().iter().chain([area.exterior()]).map(|ring| Euclidean.length(ring)).sum()
        }
        Geometry::MultiPolygon(areas) => areas.iter().map(|area| length(&Geometry::from(area.clone()))).sum(),
        _ => 0.0,
    }
}

fn drawing(entities: &str) -> String {
    format!("0\nSECTION\n2\nENTITIES\n{entities}0\nENDSEC\n0\nEOF\n")
}

fn vertices(original: &Option<Original>) -> Vec<Coord> {
    original.as_ref().map(|original| original.shape.coords_iter().collect()).unwrap_or_default()
}

/// Lengths, areas and boxes by GDAL 3.12.4 (`dxf.json`), arcs there in half degrees. GDAL makes one shape of a block
/// and points of its attributes, where here each entity of the block carries the attributes.
fn agrees(name: &str, bytes: &[u8], expected: &str) -> ReadLayer {
    let reading = read(bytes).unwrap();
    assert_eq!(reading.format, Format::Dxf);
    let layer = reading.layers.into_iter().next().unwrap();
    let known: serde_json::Value = serde_json::from_slice(&data("dxf.json")).unwrap();
    let mut index = 0;
    for row in known[expected].as_array().unwrap() {
        let words = row["text"].as_str().unwrap_or_default();
        let (on, number) = (row["layer"].as_str().unwrap(), |key: &str| row[key].as_f64().unwrap());
        if on == "0" {
            // on the sheet
            continue;
        }
        if words.starts_with("WX-") {
            assert_eq!(layer.features[index - 1].text("编码"), words, "{name}");
            continue;
        }
        let parts = row["parts"].as_u64().unwrap() as usize;
        let features = &layer.features[index..index + parts];
        let shapes: Vec<&Geometry> =
            layer.originals[index..index + parts].iter().map(|shape| &shape.as_ref().unwrap().shape).collect();
        let entity = features[0].text("entity");
        index += parts;
        let place = format!("{name} {index} {entity} {row}");
        assert!(parts > 1 || (features[0].text("layer") == on && features[0].value("block").is_null()), "{place}");
        if !words.is_empty() && words != "SOLID" {
            assert_eq!(features[0].text("text"), words, "{place}");
        }
        // a spline on the edge is not read by GDAL
        let Some(bounds) = row["box"].as_array() else { continue };
        let own: f64 = shapes.iter().map(|shape| length(shape)).sum();
        // GDAL cuts splines in pieces of fixed number, coarse ones
        let near = if entity == "SPLINE" { 3e-3 } else { 4e-4 };
        assert!((own - number("length")).abs() <= near * own, "{place}: {own}");
        if number("area") > 0.0 {
            let own = shapes[0].unsigned_area();
            assert!((own - number("area")).abs() <= 2e-3 * own, "{place}: {own}");
        }
        let all = geo::GeometryCollection::new_from(shapes.into_iter().cloned().collect()).bounding_rect().unwrap();
        for (own, theirs) in [all.min().x, all.min().y, all.max().x, all.max().y].into_iter().zip(bounds) {
            assert!((own - theirs.as_f64().unwrap()).abs() <= 0.005 + 3e-4 * number("length"), "{place}: {own}");
        }
    }
    assert_eq!(index, layer.features.len());
    layer
}

#[test]
fn drawings_of_all_ages_agree_with_gdal() {
    for (name, expected, encoding, how) in [
        ("r12.dxf", "r12", "GBK", "Declared"),
        ("r12_binary.dxf", "r12", "GBK", "Declared"),
        ("r2000_gbk.dxf", "r2000_gbk", "GBK", "Declared"),
        ("r2000_binary.dxf", "r2000_gbk", "GBK", "Declared"),
        ("r2018.dxf", "r2018", "UTF-8", "Declared"),
    ] {
        let layer = agrees(name, &data(name), expected);
        assert_eq!((&*layer.encoding.0, format!("{:?}", layer.encoding.1)), (encoding, how.into()), "{name}");
        assert_eq!(layer.reference.as_ref().unwrap().code(), "EPSG:4549");
    }
}

#[test]
fn closed_lines_are_areas_and_curves_keep_to_their_radius() {
    let reading = read(&data("r2000_gbk.dxf")).unwrap();
    let layer = &reading.layers[0];
    let kinds: Vec<(&str, &str)> = layer
        .features
        .iter()
        .zip(&layer.originals)
        .take_while(|(feature, _)| feature.value("block").is_null())
        .map(|(feature, original)| {
            let kind = match original.as_ref().unwrap().shape {
                Geometry::Point(_) => "point",
                Geometry::LineString(_) => "line",
                Geometry::Polygon(_) => "area",
                _ => "other",
            };
            (feature.text("entity"), kind)
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("POINT", "point"),
            ("LINE", "line"),
            ("LWPOLYLINE", "area"),
            ("LWPOLYLINE", "area"),
            ("LWPOLYLINE", "line"),
            // the ends meet within 5 mm
            ("LWPOLYLINE", "area"),
            // two half circles
            ("LWPOLYLINE", "area"),
            ("POLYLINE", "area"),
            ("POLYLINE", "line"),
            ("POLYLINE", "line"),
            ("ARC", "line"),
            ("ARC", "line"),
            ("CIRCLE", "area"),
            ("CIRCLE", "area"),
            ("SOLID", "area"),
            ("3DFACE", "area"),
            ("TEXT", "point"),
            ("MTEXT", "point"),
            ("ELLIPSE", "area"),
            ("ELLIPSE", "line"),
            ("SPLINE", "line"),
            ("SPLINE", "line"),
            ("HATCH", "area"),
            ("HATCH", "area"),
            ("HATCH", "area"),
            ("HATCH", "area"),
        ]
    );
    // every vertex of the arcs lies on its circle, every chord strays less than 1/10000 of the radius or 1 mm
    for (index, center, radius) in [(10, (0.0, 0.0), 20.0), (11, (0.0, 0.0), 1500.0), (12, (50.0, 50.0), 12.5)] {
        let all = vertices(&layer.originals[index]);
        let away = |at: Coord| (at.x - 528_400.0 - center.0).hypot(at.y - 3_494_200.0 - center.1);
        for two in all.windows(2) {
            assert!((away(two[0]) - radius).abs() < 1e-6);
            let stray = radius - away((two[0] + two[1]) / 2.0);
            assert!((0.0..=(radius * 1e-4_f64).max(0.001) * 1.0001).contains(&stray), "{radius} {stray}");
        }
    }
    // the rational spline of 1, √½, 1 over a right angle is a quarter of a circle
    let quarter = vertices(&layer.originals[21]);
    assert!(quarter.iter().all(|at| { ((at.x - 528_410.0).hypot(at.y - 3_494_190.0) - 200_f64.sqrt()).abs() < 1e-6 }));
    // a Bézier arch with a level base: three fifths of the hull's 40 by 40
    let Some(Geometry::Polygon(arch)) = layer.originals[25].as_ref().map(|original| &original.shape) else { panic!() };
    assert!((arch.unsigned_area() - 960.0).abs() < 0.2, "{}", arch.unsigned_area());
    let heights = |index: usize| layer.originals[index].as_ref().unwrap().heights.clone();
    assert!(heights(4).iter().all(|height| *height == 12.5) && heights(4).len() == vertices(&layer.originals[4]).len());
    assert_eq!((heights(9), heights(2).len()), (vec![1.0, 2.0, 3.0], 0));
}

#[test]
fn fields_tell_layer_kind_text_colour_and_block() {
    let reading = read(&data("r2000_gbk.dxf")).unwrap();
    let layer = &reading.layers[0];
    let names: Vec<String> = layer.fields().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["layer", "entity", "text", "height", "color", "linetype", "block", "编码"]);
    let feature = |index: usize| &layer.features[index];
    // by layer, and its own
    assert_eq!((feature(2).value("color"), feature(1).value("color")), (&Value::Integer(1), &Value::Integer(5)));
    assert_eq!((feature(16).text("text"), feature(16).number("height")), ("南长街° 示例", Some(2.5)));
    assert_eq!((feature(17).text("text"), feature(17).number("height")), ("太湖\n示例⌀", Some(3.0)));
    let of_block: Vec<&Feature> = layer.features.iter().filter(|feature| !feature.value("block").is_null()).collect();
    let row = |index: usize| {
        let feature: &Feature = of_block[index];
        (feature.text("block"), feature.text("entity"), feature.text("layer"), feature.text("编码"))
    };
    assert_eq!(row(0), ("界桩", "CIRCLE", "地块红线", "WX-示例-528405"));
    assert_eq!(row(1), ("界桩", "LINE", "注记", "WX-示例-528405"));
    assert_eq!(row(4), ("组", "CIRCLE", "地块红线", ""));
    // 2 + 2 + 2 within another + 2 · 3 · 2 in rows and columns
    assert_eq!(of_block.len(), 18);
    assert_eq!(codes(&reading), ["entity_unknown", "on_paper", "reference_recognised"]);
    assert_eq!(reading.problems[0].kind.subject(), "RAY (2)");
    assert_eq!(reading.problems[1].kind.subject(), "2");
    let dropped = format::read(&data("r2000_gbk.dxf"), "t", &ReadOptions::default()).unwrap();
    assert!(codes(&dropped).contains(&"height_dropped"));
}

#[test]
fn encodings_are_followed_told_or_recognised() {
    let gbk = data("r2000_gbk.dxf");
    let replaced = |bytes: &[u8], from: &[u8], to: &[u8]| -> Vec<u8> {
        let at = bytes.windows(from.len()).position(|part| part == from).unwrap();
        [&bytes[..at], to, &bytes[at + from.len()..]].concat()
    };
    let layer = |bytes: &[u8], encoding: Option<&str>| {
        let options = ReadOptions { encoding: encoding.map(str::to_owned), ..ReadOptions::default() };
        let reading = format::read(bytes, "t", &options).unwrap();
        let layer = &reading.layers[0];
        (layer.features[0].text("layer").to_owned(), layer.encoding.0.clone(), format!("{:?}", layer.encoding.1))
    };
    let known = |encoding: &str, how: &str| ("注记".to_owned(), encoding.to_owned(), how.to_owned());
    assert_eq!(layer(&gbk, None), known("GBK", "Declared"));
    // no page, a page of the wrong language, a version that would be UTF-8
    for (from, to) in [("ANSI_936", ""), ("ANSI_936", "ANSI_1252"), ("AC1015", "AC1032")] {
        let changed = replaced(&gbk, from.as_bytes(), to.as_bytes());
        assert_eq!(layer(&changed, None), known("GBK", "Recognised"), "{from} {to}");
        let reading = format::read(&changed, "t", &ReadOptions::default()).unwrap();
        assert!(codes(&reading).contains(&"encoding_recognised"));
    }
    assert_eq!(layer(&replaced(&gbk, b"ANSI_936", b"ANSI_950"), Some("gbk")), known("GBK", "Declared"));
    let new = data("r2018.dxf");
    assert_eq!(layer(&new, None), known("UTF-8", "Declared"));
    assert_eq!(layer(&replaced(&new, b"AC1032", b"AC1015"), None), known("UTF-8", "Recognised"));
    let options = ReadOptions { encoding: Some("示例".into()), ..ReadOptions::default() };
    assert!(matches!(format::read(&gbk, "t", &options), Err(FormatError::UnknownEncoding(_))));
    let escaped = drawing("0\nPOINT\n8\n\\U+7EA2\\U+7EBF\n10\n120.3\n20\n31.5\n");
    let reading = read(escaped.as_bytes()).unwrap();
    assert_eq!(reading.layers[0].features[0].text("layer"), "红线");
    assert!(reading.problems.is_empty(), "{:?}", reading.problems);
}

#[test]
fn a_drawing_is_known_by_its_head() {
    let plain = drawing("0\nPOINT\n10\n120.3\n20\n31.5\n");
    for text in [
        plain.clone(),
        format!("999\n示例\n{plain}"),
        format!("\u{feff}{plain}"),
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        plain.replace("\n0\n", "\n  0\n").replacen("0\n", "  0\n", 1),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap().layers[0].features.len(), 1, "{text}");
    }
    assert!(matches!(read(b"0\nSECTOR\n"), Err(FormatError::Unrecognised(_))));
    assert!(matches!(read(b"1\n2\n3\n"), Err(FormatError::Unrecognised(_))));
}

fn block(name: &str, entities: &str) -> String {
    format!("0\nBLOCK\n2\n{name}\n10\n0\n20\n0\n{entities}0\nENDBLK\n")
}

fn insert(name: &str, more: &str) -> String {
    format!("0\nINSERT\n8\n图\n2\n{name}\n10\n120\n20\n31\n{more}")
}

fn with_blocks(blocks: &str, entities: &str) -> Vec<u8> {
    format!("0\nSECTION\n2\nBLOCKS\n{blocks}0\nENDSEC\n{}", drawing(entities)).into_bytes()
}

#[test]
fn blocks_that_never_end_are_refused() {
    let point = "0\nPOINT\n10\n0\n20\n0\n";
    // in itself, directly and by another; what else is in it stays
    let inner = |name: &str| insert(name, "").replace("120", "0").replace("31", "0");
    let blocks = block("a", &format!("{point}{}", inner("B"))) + &block("b", &inner("A"));
    let reading = read(&with_blocks(&blocks, &insert("A", ""))).unwrap();
    assert_eq!((reading.layers[0].features.len(), codes(&reading)), (2, vec!["block_in_itself"]));
    // twenty deep
    let deep: String =
        (0..20).map(|level| block(&format!("d{level}"), &insert(&format!("d{}", level + 1), ""))).collect();
    let reading = read(&with_blocks(&(deep + &block("d20", point)), &insert("d0", ""))).unwrap();
    assert_eq!(codes(&reading)[0], "blocks_too_deep");
    // ten times ten times … ten, and rows without end
    let wide: String =
        (0..9).map(|level| block(&format!("w{level}"), &insert(&format!("w{}", level + 1), "").repeat(10))).collect();
    let many = wide + &block("w9", point);
    for (blocks, entities) in [
        (many.clone(), insert("w0", "")),
        (block("p", point), insert("p", "70\n32767\n71\n32767\n44\n0\n45\n0\n")),
        (block("p", ""), insert("p", "70\n32767\n71\n32767\n44\n0\n45\n0\n")),
    ] {
        let reading = read(&with_blocks(&blocks, &format!("{point}{entities}{point}"))).unwrap();
        let told = reading.problems.iter().find(|problem| problem.kind.code() == "too_many_entities").unwrap();
        assert_eq!(told.kind.severity(), Severity::Error);
        assert!((1..=1_000_002).contains(&reading.layers[0].features.len()));
    }
    // one that is not there, and one that draws nothing, keep their place and attributes
    let attribute = "66\n1\n0\nATTRIB\n2\n高程\n1\n3.52\n0\nSEQEND\n";
    let reading = read(&with_blocks(&block("空", ""), &(insert("无", "") + &insert("空", attribute)))).unwrap();
    let features = &reading.layers[0].features;
    assert_eq!((features.len(), codes(&reading)), (2, vec!["block_missing"]));
    assert_eq!(
        (features[1].text("高程"), features[1].text("entity"), features[1].text("block")),
        ("3.52", "INSERT", "空")
    );
}

/// Every cut of a file ends in an error or says so.
#[test]
fn a_cut_drawing_never_loses_entities_in_silence() {
    for name in ["r12.dxf", "r12_binary.dxf"] {
        let whole = data(name);
        let end = whole.len() - if name == "r12.dxf" { 2 } else { 0 };
        let all = read(&whole).unwrap().layers.remove(0);
        for end in 0..end {
            if let Ok(reading) = read(&whole[..end]) {
                assert!(
                    reading.problems.iter().any(|problem| problem.kind.severity() == Severity::Error),
                    "{name} {end}"
                );
                // and what is there is as it is in the whole file
                let layer = &reading.layers[0];
                assert!(layer.features.len() <= all.features.len());
                assert!(layer.originals.iter().zip(&all.originals).all(|(own, whole)| own == whole), "{name} {end}");
            }
        }
    }
}

#[test]
fn changed_bytes_never_panic() {
    let files = ["r12.dxf", "r12_binary.dxf", "r2000_gbk.dxf", "r2000_binary.dxf"].map(data);
    let mut state = 20_261_124_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for round in 0..5_000 {
        let mut bytes = files[round % 4].clone();
        for _ in 0..=next() % 4 {
            let at = next() % bytes.len();
            // digits make other codes and counts
            bytes[at] = if next() % 2 == 0 { b'0' + (next() % 10) as u8 } else { (next() % 256) as u8 };
        }
        let _ = read(&bytes);
    }
}

#[test]
fn numbers_that_are_none_are_told() {
    let reading = read(drawing("0\nPOINT\n10\nx\n20\n31.5\n0\nPOINT\n10\n120.3\n20\n31.5\n").as_bytes()).unwrap();
    assert_eq!((reading.layers[0].features.len(), codes(&reading)), (2, vec!["not_finite"]));
    let point = "0\nPOINT\n10\n120.3\n20\n31.5\n";
    let broken = read(drawing(&format!("{point}{point}POINT\n")).as_bytes()).unwrap();
    assert_eq!(broken.layers[0].features.len(), 1);
    assert_eq!((codes(&broken), broken.problems[0].place.line), (vec!["not_a_group"], Some(17)));
    assert!(matches!(read(drawing(&format!("{point}POINT\n")).as_bytes()), Err(FormatError::Unreadable(_))));
}

/// What is rarer: splines by points they pass through, closed ones, leaders, dimensions, hidden entities, planes that
/// are seen from below, meshes.
#[test]
fn rarer_entities_are_drawn_or_told() {
    let through = [(0.0, 0.0), (10.0, 10.0), (20.0, 0.0), (30.0, -10.0)];
    let fit: String =
        through.iter().map(|(x, y)| format!("11\n{}\n21\n{}\n", 528_400.0 + x, 3_494_200.0 + y)).collect();
    let at = |x: f64, y: f64| format!("10\n{}\n20\n{}\n", 528_400.0 + x, 3_494_200.0 + y);
    let periodic: String = (0..11).map(|knot| format!("40\n{knot}\n")).collect();
    let corners = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)];
    let round: String = corners.iter().chain(&corners[..3]).map(|(x, y)| at(*x, *y)).collect();
    let entities = [
        format!("0\nSPLINE\n70\n8\n71\n3\n{fit}"),
        format!("0\nSPLINE\n70\n11\n71\n3\n{periodic}{round}"),
        format!("0\nLEADER\n{}{}", at(0.0, 0.0), at(5.0, 5.0)),
        "0\nDIMENSION\n2\n*D1\n10\n0\n20\n0\n".into(),
        format!("0\nPOINT\n60\n1\n{}", at(0.0, 0.0)),
        format!("0\nPOLYLINE\n70\n64\n0\nVERTEX\n{}0\nSEQEND\n", at(0.0, 0.0)),
        format!("0\nSPLINE\n71\n3\n{}", at(0.0, 0.0)),
        "0\nTEXT\n10\n-528500\n20\n3494200\n40\n2\n1\n示例\n230\n-1\n".into(),
    ];
    let blocks = block("*D1", &format!("0\nLINE\n{}11\n528401\n21\n3494201\n", at(0.0, 0.0)));
    let reading = read(&with_blocks(&blocks, &entities.concat())).unwrap();
    let layer = &reading.layers[0];
    let kinds: Vec<&str> = layer.features.iter().map(|feature| feature.text("entity")).collect();
    assert_eq!(kinds, ["SPLINE", "SPLINE", "LEADER", "LINE", "SPLINE", "TEXT"]);
    let told = ["malformed_geometry", "entity_unknown", "entities_hidden", "reference_recognised"];
    assert_eq!(codes(&reading), told);
    assert_eq!(reading.problems[1].kind.subject(), "POLYLINE (MESH) (1)");
    let curve = vertices(&layer.originals[0]);
    for (x, y) in through {
        let is_on = |at: &Coord| (at.x - 528_400.0 - x).hypot(at.y - 3_494_200.0 - y) < 1e-6;
        assert!(curve.iter().any(is_on), "{x} {y}");
    }
    // by ezdxf 1.4 (BSpline) and shapely 2, 4,000 chords
    let Some(Geometry::Polygon(round)) = layer.originals[1].as_ref().map(|original| &original.shape) else { panic!() };
    assert!((round.unsigned_area() - 54.9000).abs() < 0.02, "{}", round.unsigned_area());
    assert_eq!(vertices(&layer.originals[5]), [Coord { x: 528_500.0, y: 3_494_200.0 }]);
}
