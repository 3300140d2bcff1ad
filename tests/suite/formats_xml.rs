//! KML, KMZ, GPX and TopoJSON: read as GDAL reads them, KML and KMZ back, hostile ones refused.

use redline_atlas::atlas::Value;
use redline_atlas::format::{self, Format, FormatError, ReadOptions, Reading, Severity, Target, WriteLayer};
use redline_atlas::geometry::System;
use redline_atlas::geometry::geo::{CoordsIter, Geometry};

fn try_read(bytes: &[u8]) -> Result<Reading, FormatError> {
    format::read(bytes, "t", &ReadOptions { keep_originals: true, ..ReadOptions::default() })
}

fn read(text: &str) -> Reading {
    try_read(text.as_bytes()).unwrap()
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.problems.iter().map(|problem| problem.kind.code()).collect()
}

const KML: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<!-- <gpx> -->
<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><name>全部</name>
<Schema name="s" id="s1"><SimpleField name="数" type="int"/><SimpleField name="率" type="double"/></Schema>
<Style id="a"><LineStyle><color>ff0000ff</color></LineStyle></Style>
<NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink>
<Folder><name>面</name>
<Placemark id="p1"><name>示例 &amp; 甲</name><description><![CDATA[<b>说明</b>]]></description>
<ExtendedData><SchemaData schemaUrl="#s1"><SimpleData name="数">9007199254740993</SimpleData><SimpleData name="率">0.5</SimpleData></SchemaData></ExtendedData>
<Polygon><outerBoundaryIs><LinearRing><coordinates>120.1,31.5,7 120.2,31.5,7 120.2,31.6,7 120.1,31.5,7</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing><coordinates>120.15,31.51 120.16,31.51 120.16,31.52</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><name>多</name><MultiGeometry><Point><coordinates>120,31</coordinates></Point><Point><coordinates>121,32</coordinates></Point></MultiGeometry></Placemark>
</Folder>
<Folder><name>线</name><Placemark><ExtendedData><Data name="码"><value>007</value></Data></ExtendedData><gx:Track><when>2026-01-01</when><gx:coord>120 31 1</gx:coord><gx:coord>120.1 31.1 2</gx:coord></gx:Track></Placemark>
<Placemark><name>空</name></Placemark></Folder></Document></kml>"##;

#[test]
fn folders_become_layers_with_fields_shapes_and_heights() {
    for bytes in [KML.as_bytes().to_vec(), encoding_rs::GBK.encode(&KML.replace("UTF-8", "GBK")).0.into_owned()] {
        let reading = try_read(&bytes).unwrap();
        let layers: Vec<_> = reading.layers.iter().map(|layer| (&*layer.name, layer.features.len())).collect();
        assert_eq!((reading.format, layers), (Format::Kml, vec![("面", 2), ("线", 2)]));
        let first = &reading.layers[0];
        assert_eq!(first.features[0].text("name"), "示例 & 甲");
        assert_eq!(first.features[0].text("description"), "<b>说明</b>");
        assert_eq!(first.features[0].value("数"), &Value::Integer(9_007_199_254_740_993));
        assert_eq!(first.features[0].value("率"), &Value::Real(0.5));
        assert!(matches!(&first.features[0].shape, Some(Geometry::Polygon(area)) if area.interiors().len() == 1));
        assert_eq!(first.originals[0].as_ref().unwrap().heights, [7.0, 7.0, 7.0, 7.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(matches!(&first.features[1].shape, Some(Geometry::MultiPoint(points)) if points.0.len() == 2));
        assert_eq!(reading.layers[1].features[0].text("码"), "007");
        assert_eq!(reading.layers[1].originals[0].as_ref().unwrap().heights, [1.0, 2.0]);
        let codes = codes(&reading);
        assert!(codes.contains(&"links_not_fetched") && codes.contains(&"no_geometry"), "{codes:?}");
    }
}

#[test]
fn what_is_written_reads_the_same() {
    let first = read(
        r#"{"type":"FeatureCollection","name":"面","features":[
        {"type":"Feature","id":"a","properties":{"名称":"示例<甲>","n":9007199254740993,"r":0.1,"d":"2026-01-02","b":true,"u":null},
         "geometry":{"type":"MultiPolygon","coordinates":[[[[120.1,31.5],[120.2,31.5],[120.2,31.6],[120.1,31.5]]]]}},
        {"type":"Feature","id":"b","properties":{"名称":"乙","n":-1,"r":-2.5,"d":null,"b":false,"u":null},"geometry":null}]}"#,
    );
    let layers: Vec<WriteLayer> = first.layers.iter().map(WriteLayer::from).collect();
    for kind in [Format::Kml, Format::Kmz] {
        let written = format::write(kind, &layers, &Target::default()).unwrap();
        assert!(written.problems.is_empty(), "{:?}", written.problems);
        let second = try_read(&written.files[0].bytes).unwrap();
        assert_eq!((second.format, &second.layers[0].name), (kind, &first.layers[0].name));
        for (a, b) in first.layers[0].features.iter().zip(&second.layers[0].features) {
            assert_eq!(
                (&a.id, a.shape.as_ref().map(CoordsIter::coords_count)),
                (&b.id, b.shape.as_ref().map(CoordsIter::coords_count))
            );
            for (name, value) in &a.values {
                assert_eq!(value, b.value(name), "{name}");
            }
        }
        assert_eq!(first.layers[0].bounds(), second.layers[0].bounds());
        let target = Target { reference: System::epsg(4528).ok(), ..Target::default() };
        assert!(format::write(kind, &layers, &target).is_err());
    }
}

#[test]
fn points_routes_and_tracks_are_layers() {
    let gpx = r#"<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
        <metadata><name>x</name></metadata>
        <wpt lat="31.5" lon="120.1"><ele>3.5</ele><name>示例点</name></wpt>
        <trk><name>巡河</name><number>2</number><trkseg><trkpt lat="31.5" lon="120.1"/><trkpt lat="31.6" lon="120.2"/></trkseg>
        <trkseg><trkpt lat="31.5" lon="120.1"/></trkseg></trk></gpx>"#;
    let reading = read(gpx);
    let layers: Vec<_> = reading.layers.iter().map(|layer| (&*layer.name, layer.features.len())).collect();
    assert_eq!((reading.format, layers), (Format::Gpx, vec![("waypoints", 1), ("tracks", 1)]));
    assert_eq!(reading.layers[0].features[0].value("ele"), &Value::Real(3.5));
    assert_eq!(reading.layers[1].features[0].value("number"), &Value::Integer(2));
    assert!(
        matches!(&reading.layers[1].features[0].shape, Some(Geometry::MultiLineString(lines)) if lines.0.len() == 1)
    );
}

/// The example of the TopoJSON specification, section 1.1, with its positions worked out there.
#[test]
fn a_topology_is_put_together_from_its_arcs() {
    let text = r#"{"type":"Topology","transform":{"scale":[0.0005000500050005,0.00010001000100010001],"translate":[100,0]},
        "objects":{"example":{"type":"GeometryCollection","geometries":[
          {"type":"Point","properties":{"prop0":"value0"},"coordinates":[4000,5000]},
          {"type":"LineString","properties":{"prop0":"value0","prop1":0},"arcs":[0]},
          {"type":"Polygon","properties":{"prop0":"value0","prop1":{"this":"that"}},"arcs":[[1]]}]}},
        "arcs":[[[4000,0],[1999,9999],[2000,-9999],[2000,9999]],[[0,0],[0,9999],[2000,0],[0,-9999],[-2000,0]]]}"#;
    let reading = read(text);
    assert_eq!(reading.format, Format::TopoJson);
    let shape = |index: usize| reading.layers[0].originals[index].as_ref().unwrap().shape.clone();
    let near = |shape: Geometry, expected: &[(f64, f64)]| {
        for (at, (x, y)) in shape.coords_iter().zip(expected) {
            assert!((at.x - x).abs() < 1e-2 && (at.y - y).abs() < 1e-2, "{at:?} {x} {y}");
        }
        assert_eq!(shape.coords_count(), expected.len());
    };
    near(shape(0), &[(102.0, 0.5)]);
    near(shape(1), &[(102.0, 0.0), (103.0, 1.0), (104.0, 0.0), (105.0, 1.0)]);
    near(shape(2), &[(100.0, 0.0), (100.0, 1.0), (101.0, 1.0), (101.0, 0.0), (100.0, 0.0)]);
    let wrong = read(&text.replace("\"arcs\":[[1]]", "\"arcs\":[[7]]"));
    assert_eq!(codes(&wrong)[0], "malformed_geometry");
}

#[test]
fn hostile_and_cut_files_are_refused_or_told() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><kml><Document><Placemark><name>&b;</name></Placemark></Document></kml>"#;
    let Err(FormatError::Unreadable(problem)) = try_read(bomb.as_bytes()) else { panic!() };
    assert_eq!(problem.kind.code(), "xml_entities");
    let deep = format!("<kml>{}", "<Folder>".repeat(20_000));
    let Err(FormatError::Unreadable(problem)) = try_read(deep.as_bytes()) else { panic!() };
    assert_eq!(problem.kind.code(), "too_deep");
    for end in (0..KML.len()).filter(|end| KML.is_char_boundary(*end)) {
        if let Ok(reading) = try_read(&KML.as_bytes()[..end]) {
            assert!(reading.problems.iter().any(|problem| problem.kind.severity() == Severity::Error), "{end}");
        }
    }
    let mut state = 20_261_128_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for _ in 0..5_000 {
        let mut bytes = KML.as_bytes().to_vec();
        for _ in 0..=next() % 4 {
            let at = next() % bytes.len();
            bytes[at] = (next() % 256) as u8;
        }
        let _ = try_read(&bytes);
    }
}

#[test]
fn long_whole_numbers_of_kml_keep_all_digits_in_every_program() {
    let text = r#"{"type":"Feature","properties":{"long":9007199254740993,"short":7},"geometry":{"type":"Point","coordinates":[120,31]}}"#;
    let layers: Vec<_> = read(text).layers;
    let layers: Vec<format::WriteLayer> = layers.iter().map(format::WriteLayer::from).collect();
    let written = format::write(Format::Kml, &layers, &format::Target::default()).unwrap();
    let words = String::from_utf8(written.files[0].bytes.clone()).unwrap();
    // GDAL cuts what is declared as a whole number to 32 bits, and finds no types of a folder in a KMZ
    assert!(
        words.contains("name=\"long\" type=\"string\"") && words.contains("name=\"short\" type=\"int\""),
        "{words}"
    );
    assert!(!words.contains("<Folder>"));
    let again = read(&words);
    let values = &again.layers[0].features[0];
    assert_eq!(
        (values.value("long"), values.value("short")),
        (&Value::Integer(9_007_199_254_740_993), &Value::Integer(7))
    );
}
