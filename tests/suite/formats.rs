//! Files of many formats: read as GDAL reads them, refused clearly, never a panic and never fewer features in silence.

use redline_atlas::atlas::Value;
use redline_atlas::format::{self, Format, Input, ReadOptions, Reading, Severity, SideFile};
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
