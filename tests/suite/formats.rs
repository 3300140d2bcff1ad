//! Files of many formats: read as GDAL reads them, refused clearly, never a panic and never fewer features in silence.

use redline_atlas::atlas::Value;
use redline_atlas::format::{self, Format, Input, ReadOptions, Reading, Severity, SideFile, Target, WriteLayer};
use std::fs;
use std::path::Path;

fn data(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format").join(name)).unwrap()
}

fn read(bytes: &[u8], sides: &[(&str, &[u8])]) -> Result<Reading, format::FormatError> {
    let sides: Vec<SideFile> = sides.iter().map(|(ending, bytes)| SideFile { ending, bytes }).collect();
    format::read_input(&Input { name: "t", bytes, sides: &sides }, &ReadOptions::default())
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.problems.iter().map(|problem| problem.kind.code()).collect()
}

#[test]
fn a_shapefile_is_read_with_whatever_lies_beside_it() {
    let (shp, shx, dbf) = (data("gbk.shp"), data("gbk.shx"), data("gbk.dbf"));
    let (prj, cpg) = (data("gbk.prj"), data("gbk.cpg"));
    let whole = [("shx", &*shx), ("dbf", &*dbf), ("prj", &*prj), ("cpg", &*cpg)];
    for (left_out, encoding, told) in [
        ("", "declared", vec!["no_geometry"]),
        ("shx", "declared", vec!["no_geometry"]),
        ("prj", "declared", vec!["no_geometry"]),
        ("cpg", "recognised", vec!["encoding_recognised", "no_geometry"]),
    ] {
        let sides: Vec<_> = whole.into_iter().filter(|(ending, _)| *ending != left_out).collect();
        // QGIS and GDAL write 0x57, which says nothing of the encoding
        let mut table = dbf.clone();
        table[29] = 0x57;
        let sides: Vec<_> =
            sides.into_iter().map(|(ending, bytes)| (ending, if ending == "dbf" { &*table } else { bytes })).collect();
        let reading = read(&shp, &sides).unwrap();
        let layer = &reading.layers[0];
        assert_eq!(
            (reading.format, layer.features.len(), layer.features[0].text("名称")),
            (Format::Shapefile, 4, "示例河道")
        );
        assert_eq!(layer.features[3].value("code"), &Value::Integer(9_007_199_254_740_993));
        assert!(layer.features[2].shape.is_none() && layer.features[2].value("名称").is_null());
        assert_eq!(format!("{:?}", layer.encoding.1).to_lowercase(), encoding);
        let code = layer.reference.as_ref().unwrap().code();
        assert_eq!(code, if left_out == "prj" { "EPSG:4326" } else { "EPSG:4490" });
        assert_eq!(codes(&reading), told, "without {left_out}");
    }
    let bare = read(&shp, &[]).unwrap();
    assert_eq!((bare.layers[0].features.len(), codes(&bare)[0]), (4, "side_file_missing"));
}

#[test]
fn heights_are_told_or_kept() {
    let (shp, dbf) = (data("linez.shp"), data("linez.dbf"));
    assert_eq!(codes(&read(&shp, &[("dbf", &dbf)]).unwrap()), ["height_dropped"]);
    let sides = [SideFile { ending: "dbf", bytes: &dbf }];
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let reading = format::read_input(&Input { name: "t", bytes: &shp, sides: &sides }, &options).unwrap();
    let heights = |index: usize| reading.layers[0].originals[index].as_ref().unwrap().heights.clone();
    assert_eq!((heights(0), heights(1)), (vec![1.0, 2.0], vec![1.0, 2.0, 1.0, 2.0]));
}

#[test]
fn shapefiles_in_an_archive_are_read_in_place() {
    let reading = read(&data("two.zip"), &[]).unwrap();
    let layers: Vec<_> = reading.layers.iter().map(|layer| (&*layer.name, layer.features.len())).collect();
    assert_eq!((reading.format, layers), (Format::ZippedShapefile, vec![("utf8", 4), ("gbk", 4)]));
    assert_eq!(reading.problems[0].place.layer, "gbk");
}

/// Every cut of a file ends in an error or says so.
#[test]
fn a_cut_shapefile_never_loses_features_in_silence() {
    let (shp, shx, dbf) = (data("gbk.shp"), data("gbk.shx"), data("gbk.dbf"));
    let is_told = |reading: &Reading| reading.problems.iter().any(|problem| problem.kind.severity() != Severity::Note);
    for end in 0..shp.len() {
        for sides in [vec![("dbf", &*dbf)], vec![("dbf", &*dbf), ("shx", &*shx)]] {
            if let Ok(reading) = read(&shp[..end], &sides) {
                assert!(is_told(&reading), "shp {end}");
            }
        }
    }
    for end in 0..dbf.len() {
        let reading = read(&shp, &[("dbf", &dbf[..end]), ("shx", &shx)]).unwrap();
        // the last byte of a table is only its end mark
        assert!(is_told(&reading) || end + 1 == dbf.len(), "dbf {end}");
        assert_eq!(reading.layers[0].features.len(), 4, "dbf {end}");
    }
    for end in 0..shx.len() {
        assert_eq!(read(&shp, &[("shx", &shx[..end])]).unwrap().layers[0].features.len(), 4, "shx {end}");
    }
    let archive = data("two.zip");
    for end in 1..archive.len() {
        assert!(read(&archive[..end], &[]).is_err(), "zip {end}");
    }
}

#[test]
fn changed_bytes_never_panic() {
    let (shp, shx, dbf, archive) = (data("gbk.shp"), data("gbk.shx"), data("gbk.dbf"), data("two.zip"));
    let line = data("linez.shp");
    let mut state = 20_261_124_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for round in 0..10_000 {
        let mut parts = [shp.clone(), shx.clone(), dbf.clone(), archive.clone(), line.clone()];
        let part = &mut parts[round % 5];
        for _ in 0..=next() % 3 {
            let at = next() % part.len();
            part[at] = (next() % 256) as u8;
        }
        let [shp, shx, dbf, archive, line] = &parts;
        let _ = match round % 5 {
            3 => read(archive, &[]),
            4 => read(line, &[]),
            _ => read(shp, &[("shx", shx), ("dbf", dbf)]),
        };
    }
}

/// As GDAL 3.12 wrote it: two layers, heights, a null shape, Chinese names, a name with a quote in it.
#[test]
fn a_geopackage_of_several_layers_is_read_in_place() {
    let reading = read(&data("gdal.gpkg"), &[]).unwrap();
    let layers: Vec<_> = reading.layers.iter().map(|layer| (&*layer.name, layer.features.len())).collect();
    assert_eq!((reading.format, layers), (Format::GeoPackage, vec![("示例面", 3), ("点\"x", 1)]));
    let (areas, point) = (&reading.layers[0], &reading.layers[1]);
    let code = |layer: &format::ReadLayer| layer.reference.as_ref().unwrap().code().to_owned();
    assert_eq!((code(areas), code(point)), ("EPSG:4490".into(), "EPSG:4549".into()));
    assert_eq!(areas.features[0].value("code"), &Value::Integer(9_007_199_254_740_993));
    assert_eq!(areas.features[0].value("day"), &Value::Date("2026-01-02".parse().unwrap()));
    assert!(areas.features[2].shape.is_none() && areas.features[2].value("名称").is_null());
    let at = point.bounds().unwrap().min();
    assert!((at.x - 120.30).abs() < 1e-7 && (at.y - 31.57).abs() < 1e-7, "{at:?}");
    assert_eq!(codes(&reading), ["height_dropped", "no_geometry"]);
}

#[test]
fn a_geopackage_returns_with_every_value_height_and_digit() {
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let first = format::read(&data("gdal.gpkg"), "t", &options).unwrap();
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    let written = format::write(Format::GeoPackage, &layers, &Target::default()).unwrap();
    assert!(written.problems.is_empty(), "{:?}", written.problems);
    let second = format::read(&written.files[0].bytes, "t", &options).unwrap();
    for (a, b) in first.layers.iter().zip(&second.layers) {
        assert_eq!((&a.name, &a.features, &a.originals, a.fields()), (&b.name, &b.features, &b.originals, b.fields()));
        assert_eq!(a.reference.as_ref().unwrap().code(), b.reference.as_ref().unwrap().code());
    }
    assert_eq!((first.layers.len(), second.layers.len()), (2, 2));
}

/// A cut database says so; one with changed bytes never stops the program.
#[test]
fn a_damaged_geopackage_is_told() {
    let whole = data("gdal.gpkg");
    for end in (0..whole.len()).step_by(997) {
        if let Ok(reading) = read(&whole[..end], &[]) {
            assert!(reading.problems.iter().any(|problem| problem.kind.severity() == Severity::Error), "{end}");
        }
    }
    let mut state = 20_261_125_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..500 {
        let mut bytes = whole.clone();
        for _ in 0..=next() % 8 {
            let at = next() % bytes.len();
            bytes[at] = (next() % 256) as u8;
        }
        let _ = read(&bytes, &[]);
    }
}

/// Values, heights and digits return from Shapefiles, in UTF-8 and in GBK; what the format cannot hold is told.
#[test]
fn a_shapefile_returns_with_every_value_height_and_digit() {
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let first = format::read(&data("gdal.gpkg"), "t", &options).unwrap();
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    for encoding in [None, Some("GBK".to_owned())] {
        let target = Target { encoding, ..Target::default() };
        let written = format::write(Format::Shapefile, &layers[..1], &target).unwrap();
        assert!(written.problems.is_empty(), "{:?}", written.problems);
        let endings: Vec<_> = written.files.iter().map(|file| file.ending).collect();
        assert_eq!(endings, ["", "shx", "dbf", "cpg", "prj"]);
        let sides: Vec<SideFile> =
            written.files[1..].iter().map(|file| SideFile { ending: file.ending, bytes: &file.bytes }).collect();
        let input = Input { name: "示例面", bytes: &written.files[0].bytes, sides: &sides };
        let second = format::read_input(&input, &options).unwrap();
        let (a, b) = (&first.layers[0], &second.layers[0]);
        assert_eq!(b.reference.as_ref().unwrap().code(), "EPSG:4490");
        assert_eq!(a.fields(), b.fields());
        for (a, b) in a.features.iter().zip(&b.features) {
            assert_eq!(a.values, b.values);
        }
        let heights = |layer: &format::ReadLayer| {
            let mut all: Vec<_> = layer.originals.iter().flatten().flat_map(|shape| shape.heights.clone()).collect();
            all.sort_by(f64::total_cmp);
            (all, layer.bounds(), layer.features.iter().filter(|feature| feature.shape.is_some()).count())
        };
        assert_eq!(heights(a), heights(b));
    }
    // several layers go side by side, or into one archive
    let written = format::write(Format::Shapefile, &layers, &Target::default()).unwrap();
    let names: Vec<_> = written.files.iter().filter(|file| file.ending == "shp").map(|file| &*file.suffix).collect();
    assert_eq!(names, ["_示例面", "_点_x"]);
    let written = format::write(Format::ZippedShapefile, &layers, &Target::default()).unwrap();
    assert_eq!(format::read(&written.files[0].bytes, "t", &options).unwrap().layers.len(), 2);
}

#[test]
fn long_names_and_words_are_told_when_cut() {
    let json = format!(
        r#"{{"type":"Feature","properties":{{"用途说明一":"{}","用途说明二":1,"big":9223372036854775807,"x":0.1}},"geometry":{{"type":"GeometryCollection","geometries":[]}}}}"#,
        "示".repeat(100)
    );
    let first = format::read(json.as_bytes(), "t", &ReadOptions::default()).unwrap();
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    let written = format::write(Format::Shapefile, &layers, &Target::default()).unwrap();
    let told: Vec<_> = written.problems.iter().map(|problem| (problem.kind.code(), problem.kind.subject())).collect();
    assert_eq!(
        told,
        [
            ("field_renamed", "用途说明一 → 用途说".to_owned()),
            ("text_cut", "用途说明一".into()),
            ("field_renamed", "用途说明二 → 用途_1".into()),
        ]
    );
    let sides: Vec<SideFile> =
        written.files[1..].iter().map(|file| SideFile { ending: file.ending, bytes: &file.bytes }).collect();
    let back = read(&written.files[0].bytes, &[sides.iter().map(|s| (s.ending, s.bytes)).collect::<Vec<_>>()].concat());
    let back = back.unwrap();
    let feature = &back.layers[0].features[0];
    assert_eq!(feature.text("用途说"), "示".repeat(84));
    assert_eq!((feature.value("big"), feature.value("x")), (&Value::Integer(i64::MAX), &Value::Real(0.1)));
}

/// As GDAL 3.12 wrote them, with and without an index.
#[test]
fn a_flatgeobuf_is_read_and_returns_the_same() {
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    for name in ["gdal.fgb", "gdal_plain.fgb"] {
        let first = format::read(&data(name), "t", &options).unwrap();
        let layer = &first.layers[0];
        assert_eq!((first.format, layer.features.len()), (Format::FlatGeobuf, 3));
        assert_eq!(layer.reference.as_ref().unwrap().code(), "EPSG:4490");
        let index = layer.features.iter().position(|feature| feature.text("名称") == "示例甲").unwrap();
        let feature = &layer.features[index];
        assert_eq!(feature.value("code"), &Value::Integer(9_007_199_254_740_993));
        assert_eq!((feature.value("small"), feature.value("ok")), (&Value::Integer(1), &Value::Bool(true)));
        let heights = &layer.originals[index].as_ref().unwrap().heights;
        assert_eq!(heights, &[1.0, 2.0, 3.0, 1.0, 1.0, 1.0, 1.0, 1.0]);
        assert!(codes(&first).is_empty(), "{:?}", codes(&first));
        let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
        let written = format::write(Format::FlatGeobuf, &layers, &Target::default()).unwrap();
        let second = format::read(&written.files[0].bytes, "t", &options).unwrap();
        assert_eq!(codes(&second), Vec::<&str>::new());
        let sorted = |reading: &Reading| {
            let layer = &reading.layers[0];
            let rows = layer.features.iter().zip(&layer.originals);
            let mut rows: Vec<_> = rows.map(|(feature, shape)| (feature.values.clone(), shape.clone())).collect();
            rows.sort_by_key(|(values, _)| format!("{values:?}"));
            rows
        };
        assert_eq!(sorted(&first), sorted(&second));
    }
    let whole = data("gdal.fgb");
    for end in 8..whole.len() {
        if let Ok(reading) = read(&whole[..end], &[]) {
            assert!(reading.problems.iter().any(|problem| problem.kind.severity() != Severity::Note), "{end}");
        }
    }
    let mut state = 20_261_129_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..10_000 {
        let mut bytes = whole.clone();
        for _ in 0..=next() % 4 {
            let at = next() % bytes.len();
            bytes[at] = (next() % 256) as u8;
        }
        let _ = read(&bytes, &[]);
    }
}

#[test]
fn formats_of_other_programs_are_named() {
    let mut archive = zip_of("数据.gdb/a00000001.gdbtable");
    let error = format::read(&archive, "t", &ReadOptions::default()).unwrap_err();
    assert_eq!(error, format::FormatError::Unrecognised(format::Looks::FileGdb));
    archive = b"AC1032\0\0\0\0".to_vec();
    let error = format::read(&archive, "t", &ReadOptions::default()).unwrap_err();
    assert_eq!(error, format::FormatError::Unrecognised(format::Looks::Dwg));
}

/// An archive of one empty file: its head, the list, the end (APPNOTE 4.3).
fn zip_of(name: &str) -> Vec<u8> {
    let name = name.as_bytes();
    let size = u16::try_from(name.len()).unwrap();
    let mut out = b"PK\x03\x04\x14\0\0\x08".to_vec();
    out.extend([0; 18]);
    out.extend(size.to_le_bytes());
    out.extend([0; 2]);
    out.extend(name);
    let list = u32::try_from(out.len()).unwrap();
    out.extend(b"PK\x01\x02\x14\0\x14\0\0\x08");
    out.extend([0; 18]);
    out.extend(size.to_le_bytes());
    out.extend([0; 16]);
    out.extend(name);
    let length = u32::try_from(out.len()).unwrap() - list;
    out.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    out.extend(length.to_le_bytes());
    out.extend(list.to_le_bytes());
    out.extend([0; 2]);
    out
}
