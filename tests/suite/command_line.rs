//! The real program in a fresh folder: contracts of the subcommands, exit codes, bad input.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A folder of its own that is removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("redline-cli-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redline-atlas"));
    // no display, no home: every subcommand works without
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("HOME", "/nonexistent");
    command
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
}

/// Fails with this code, says something that names the file, and never panics.
fn refused(arguments: &[&str], code: i32, named: &str) -> String {
    let output = run(arguments);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(said.contains(named) && !said.contains("panicked"), "{arguments:?}: {said}");
    said
}

const SQUARE: &str = r#"{"type":"FeatureCollection","name":"项目","features":[
{"type":"Feature","id":"a","properties":{"name":"示例厂房","n":9007199254740993,"more":{"k":[1,2]}},"geometry":{"type":"Polygon","coordinates":[[[120.3,31.5],[120.35,31.5],[120.35,31.55],[120.3,31.55],[120.3,31.5]]]}}
]}"#;

#[test]
fn inspect_keeps_its_contract() {
    let folder = Folder::new("inspect");
    let file = folder.write("甲 #1?.geojson", SQUARE);
    let found = json(&["inspect", &file, "--format", "json"]);
    assert_eq!(found["file"], file.as_str());
    assert_eq!(found["format"], "GeoJSON");
    let layer = &found["layers"][0];
    assert_eq!((&layer["name"], &layer["features"]), (&"项目".into(), &1.into()));
    assert_eq!(layer["geometry_types"], serde_json::json!(["Polygon"]));
    assert_eq!(layer["crs"], serde_json::json!({"code": "EPSG:4326", "how": "assumed"}));
    assert_eq!(layer["encoding"], serde_json::json!({"name": "UTF-8", "how": "recognised"}));
    assert_eq!(layer["bbox"], serde_json::json!([120.3, 31.5, 120.35, 31.55]));
    let fields = serde_json::json!([
        {"name": "name", "type": "text"}, {"name": "n", "type": "integer"}, {"name": "more", "type": "nested"}
    ]);
    assert_eq!(layer["fields"], fields);
    assert_eq!(layer["warnings"], serde_json::json!([]));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "nothing is written beside the input");
}

#[test]
fn a_file_without_geometry_has_no_box() {
    let folder = Folder::new("bare");
    let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":null}]}"#;
    let found = json(&["inspect", &folder.write("bare.json", text), "--format", "json"]);
    let layer = &found["layers"][0];
    assert_eq!((&layer["features"], &layer["bbox"]), (&1.into(), &Value::Null));
    assert_eq!(layer["warnings"][0]["kind"], "no_geometry");
}

#[test]
fn a_shape_goes_to_the_plane_and_back() {
    let folder = Folder::new("convert");
    let file = folder.write("site.geojson", SQUARE);
    let (plane, back) = (folder.path("plane.geojson"), folder.path("back.geojson"));
    assert!(run(&["convert", &file, &plane, "--to-crs", "EPSG:4528"]).status.success());
    assert!(run(&["convert", &plane, &back, "--to-crs", "4326"]).status.success());
    let moved: Value = serde_json::from_slice(&fs::read(&plane).unwrap()).unwrap();
    let ring = moved["features"][0]["geometry"]["coordinates"][0].as_array().unwrap().clone();
    // EPSG:4528 of the first corner by pyproj 3.7
    let corner = [ring[0][0].as_f64().unwrap(), ring[0][1].as_f64().unwrap()];
    assert!((corner[0] - 40_528_500.756_1).abs() < 1e-3 && (corner[1] - 3_486_450.196_9).abs() < 1e-3, "{corner:?}");
    assert!(ring.len() > 5, "parallels bend in the plane");
    let found = json(&["inspect", &back, "--format", "json"]);
    let bounds: Vec<f64> =
        found["layers"][0]["bbox"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect();
    for (value, expected) in bounds.iter().zip([120.3, 31.5, 120.35, 31.55]) {
        assert!((value - expected).abs() < 1e-8, "{bounds:?}");
    }
    let returned: Value = serde_json::from_slice(&fs::read(&back).unwrap()).unwrap();
    let original: Value = serde_json::from_str(SQUARE).unwrap();
    assert_eq!(returned["features"][0]["properties"], original["features"][0]["properties"]);
    assert_eq!(returned["features"][0]["id"], "a");
}

#[test]
fn unchanged_coordinates_come_back_as_they_were() {
    let folder = Folder::new("exact");
    let text = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[120.56286674325821,31.173274841315845]}}"#;
    let (file, copy) = (folder.write("point.json", text), folder.path("copy.json"));
    assert!(run(&["convert", &file, &copy]).status.success());
    let copied = fs::read_to_string(copy).unwrap();
    assert!(copied.contains("[120.56286674325821,31.173274841315845]"), "{copied}");
}

#[test]
fn what_cannot_be_read_is_refused_in_a_moment() {
    let folder = Folder::new("refuse");
    let cut = SQUARE.get(..SQUARE.len() / 2).unwrap();
    let pipe = folder.path("pipe.geojson");
    let has_pipe = Command::new("mkfifo").arg(&pipe).status().is_ok_and(|status| status.success());
    let mut files = vec![
        folder.path("missing.geojson"),
        folder.0.to_str().unwrap().to_owned(),
        folder.write("empty.geojson", ""),
        folder.write("text.geojson", "hello"),
        folder.write("cut.geojson", cut),
        folder.write("zip.geojson", "PK\x03\x04\0\0"),
        folder.write("binary.geojson", [0, 1, 2, 3]),
        folder.write("picture.svg", "<?xml version=\"1.0\"?><svg/>"),
        folder.write("array.json", "[1,2,3]"),
        folder.write("object.json", "{\"a\":1}"),
        folder.write("deep.json", "[".repeat(200_000)),
        folder.write("deeper.json", r#"{"type":"GeometryCollection","geometries":["#.repeat(50_000)),
        folder.write("invalid.json", [b'{', 0xff, 0xfe, b'}']),
        "/dev/zero".to_owned(),
    ];
    files.extend(has_pipe.then_some(pipe));
    for file in &files {
        let start = Instant::now();
        for arguments in [vec!["inspect", file], vec!["convert", file, "/tmp/never.geojson"]] {
            refused(&arguments, 1, file);
        }
        assert!(start.elapsed() < Duration::from_secs(2), "{file}");
    }
    assert!(!Path::new("/tmp/never.geojson").exists());
}

#[test]
fn part_of_a_file_is_told_and_never_converted() {
    let folder = Folder::new("part");
    let feature = r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[120.3,31.5]}}"#;
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{feature},\n{feature},\n{{\"type\":");
    let file = folder.write("cut.geojson", text);
    let output = run(&["inspect", &file, "--format", "json", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["layers"][0]["features"], 2);
    assert_eq!(found["layers"][0]["warnings"][0]["kind"], "truncated");
    assert!(String::from_utf8(output.stderr).unwrap().contains("line 4"));
    let out = folder.path("out.geojson");
    refused(&["convert", &file, &out], 1, "cut.geojson");
    assert!(!Path::new(&out).exists());
}

#[test]
fn faulty_shapes_are_written_as_they_are_and_told_or_mended_when_asked() {
    let folder = Folder::new("repair");
    let polygon = |ring: &str| {
        format!(r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#)
    };
    let features = [
        polygon("[120,31],[120.01,31],[120.01,31.01],[120,31.01],[120,31]"),
        // a spike to the east, a point twice, a bow tie
        polygon("[120,31],[120.01,31],[120.02,31],[120.01,31],[120.01,31.01],[120,31.01],[120,31]"),
        polygon("[120,31],[120.01,31],[120.01,31],[120.01,31.01],[120,31.01],[120,31]"),
        polygon("[120,31],[120.01,31.01],[120.01,31],[120,31.01],[120,31]"),
    ];
    let file =
        folder.write("a.geojson", format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")));
    let found = json(&["inspect", &file, "--format", "json", "--lang", "en"]);
    let told = |document: &Value| -> Vec<(String, u64)> {
        let all = document.as_array().unwrap().iter();
        all.map(|told| (told["kind"].as_str().unwrap().to_owned(), told["feature"].as_u64().unwrap_or(0))).collect()
    };
    let listed =
        [("spikes_removed".to_owned(), 2), ("points_repeated".to_owned(), 3), ("crosses_itself".to_owned(), 4)];
    assert_eq!(told(&found["layers"][0]["warnings"]), listed);
    let out = folder.path("out.geojson");
    let points = |out: &str| -> Vec<usize> {
        let written: Value = serde_json::from_str(&fs::read_to_string(out).unwrap()).unwrap();
        let features = written["features"].as_array().unwrap();
        features.iter().map(|feature| feature["geometry"]["coordinates"][0].as_array().unwrap().len()).collect()
    };
    let output = run(&["convert", &file, &out, "--lang", "en", "--format", "json"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told(&document["shapes"]), [("faults_kept".to_owned(), 0)]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("2, 3, 4"));
    assert_eq!(points(&out), [5, 7, 6, 5]);
    let document = json(&["convert", &file, &out, "--repair", "--format", "json"]);
    assert_eq!(told(&document["shapes"]), listed);
    // the two wings of the bow tie are two polygons
    assert_eq!(points(&out), [5, 5, 5, 1]);
    let found = json(&["inspect", &out, "--format", "json"]);
    assert_eq!(told(&found["layers"][0]["warnings"]), []);
}

#[test]
fn what_cannot_be_written_leaves_what_was_there() {
    let folder = Folder::new("write");
    let file = folder.write("site.geojson", SQUARE);
    refused(&["convert", &file, &folder.path("none/out.geojson")], 1, "out.geojson");
    refused(&["convert", &file, folder.0.join("site.geojson/x.geojson").to_str().unwrap()], 1, "x.geojson");
    refused(&["convert", &file, &folder.path("out.xyz")], 2, "out.xyz");
    refused(&["convert", &file, &folder.path("out.geojson"), "--to-crs", "EPSG:2500"], 2, "EPSG:2500");
    refused(&["convert", &file, &folder.path("out.geojson"), "--to-crs", "EPSG:2385"], 1, "EPSG:2385");
    refused(&["convert", &file, "/proc/full.geojson"], 1, "/proc/full.geojson");
    // onto itself, into planes that the format does not know, in a system that cannot be that of the input
    refused(&["convert", &file, &file], 2, "site.geojson");
    refused(&["convert", &file, &folder.path("out.txt"), "--to-crs", "EPSG:3857"], 1, "site.geojson");
    let zoned = r#"{"type":"LineString","coordinates":[[40528479.5,3494211.7],[40528579.5,3494211.7]]}"#;
    let zoned = folder.write("zoned.json", zoned);
    refused(&["convert", &zoned, &folder.path("out.geojson"), "--crs", "EPSG:4549"], 1, "zoned.json");
    fs::remove_file(zoned).unwrap();
    let far = folder.write("far.json", r#"{"type":"Point","coordinates":[-60.0,10.0]}"#);
    let out = folder.write("kept.geojson", "kept");
    refused(&["convert", &far, &out, "--to-crs", "EPSG:4549"], 1, "far.json");
    assert_eq!(fs::read_to_string(out).unwrap(), "kept");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 3, "no litter");
}

#[test]
fn wrong_usage_exits_with_two() {
    for arguments in [
        vec!["inspect"],
        vec!["inspect", "a", "--format", "xml"],
        vec!["rivers", "--as-of", "yesterday"],
        vec!["trace", "--from", "here"],
        vec!["trace", "--from", "120,31", "--km", "-1"],
        vec!["quality"],
        vec!["nothing", "--at-all"],
        vec!["atlas", "burn"],
    ] {
        assert_eq!(run(&arguments).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(run(&["--help"]).status.code(), Some(0));
    assert_eq!(run(&["trace", "--help"]).status.code(), Some(0));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [vec!["rivers", "--format", "json"], vec!["targets"], vec!["--help"]] {
        let mut child = program().args(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.contains("panicked") && output.status.code().is_some(), "{arguments:?}: {said}");
    }
}

#[test]
fn the_class_of_a_table_is_that_of_its_worst_item() {
    let folder = Folder::new("quality");
    let rows = "断面,日期,氨氮,高锰酸盐指数,总磷,溶解氧,流量\n甲,2026-10-01,1.8,5,0.1,6,9\n乙,2026-10-01,<0.025,3,0.06,1.9,9\n丙,2026-10-01,,,,,9\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(rows);
    let csv = folder.write("samples.csv", &gbk);
    let long = folder.write(
        "long.csv",
        "section,date,item,value\n甲,2026-10-01,NH3-N,1.8\n甲,2026-10-01,CODMn,5\n甲,2026-10-01,TP,0.1\n甲,2026-10-01,DO,6\n",
    );
    let xlsx = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/samples.xlsx");
    for file in [csv.as_str(), &long, xlsx] {
        let first = &json(&["quality", file, "--format", "json"])["samples"][0];
        assert_eq!((&first["class"], &first["date"]), (&"V".into(), &"2026-10-01".into()), "{file}");
        let deciding = first["deciding"].as_array().unwrap();
        assert_eq!(deciding.len(), 1);
        assert_eq!((&deciding[0]["indicator"], &deciding[0]["value"]), (&"NH3N".into(), &1.8.into()));
        assert_eq!((&deciding[0]["limit"], &deciding[0]["times_over"]), (&1.0.into(), &0.8.into()));
    }
    let all = json(&["quality", &csv, "--format", "json"]);
    let second = &all["samples"][1];
    assert_eq!((&second["class"], &second["deciding"][0]["indicator"]), (&"worse than V".into(), &"DO".into()));
    assert_eq!(second["deciding"][0]["times_over"], Value::Null);
    assert_eq!(second["below_detection"], serde_json::json!(["NH3N"]));
    let third = &all["samples"][2];
    assert_eq!((&third["class"], &third["reason"]), (&Value::Null, &"no_values".into()));
    let lake = json(&["quality", &csv, "--format", "json", "--body", "lake"]);
    assert_eq!(lake["samples"][1]["main_pollutants"][1]["indicator"], "TP");
    refused(&["quality", &folder.write("none.csv", "a,b\n1,2\n")], 1, "none.csv");
    refused(&["quality", &folder.write("empty.csv", "")], 1, "empty.csv");
    refused(&["quality", &folder.write("broken.xlsx", "PK\x03\x04xx")], 1, "broken.xlsx");
}

/// An atlas of three rivers: T ends on A, A in a lake. Figures of the network by pyproj 3.7.
fn small_atlas(folder: &Folder) -> String {
    let river = |id: &str, name: &str, flows_to: &str, line: &str| {
        format!(
            r#"{{"type":"Feature","id":"{id}","properties":{{"id":"{id}","name":"{name}","code":"{id}","district":"滨湖区","grade":"county","target_class":3,"flows_to":"{flows_to}","quality":"schematic","example":true}},"geometry":{{"type":"LineString","coordinates":{line}}}}}"#
        )
    };
    let collection =
        |features: &[String]| format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"));
    folder.write(
        "rivers.geojson",
        collection(&[
            river("WX-R-001", "示例河道甲", "LAKE-01", "[[120.0,31.5],[120.1,31.5],[120.2,31.5]]"),
            river("WX-R-002", "示例河道乙", "WX-R-001", "[[120.1,31.6],[120.1,31.5]]"),
        ]),
    );
    folder.write(
        "sections.geojson",
        collection(&[r#"{"type":"Feature","id":"WX-S-01","properties":{"name":"示例断面","level":"national","river":"WX-R-001","target_class":3},"geometry":{"type":"Point","coordinates":[120.2,31.5]}}"#.to_owned()]),
    );
    folder.write(
        "governance.json",
        r#"{"as_of":"2026-10-31","quality":"schematic","records":[{"waterbody":"WX-R-001",
        "chiefs":[{"level":"county","role":"chief","post":"滨湖区区级河长(示例)","unit":"滨湖区"}],
        "patrols":[{"level":"county","date":"2026-06-30"}],
        "lists":{"measures":[{"no":"1","text":"清淤","status":"open","deadline":"2026-09-30"}]},
        "problems":[],"samples":[{"month":"2026-10","values":{"NH3N":1.8,"DO":6.0}}]}]}"#,
    );
    folder.write(
        "atlas.toml",
        "title = \"示例图集\"\nversion = \"1\"\nas_of = \"2026-10-31\"\ngovernance = \"governance.json\"\n\
         [[layer]]\ntheme = \"rivers\"\nfile = \"rivers.geojson\"\ntitle = \"河道\"\nquality = \"schematic\"\nexpected = 2\n\
         [[layer]]\ntheme = \"monitoring_sections\"\nfile = \"sections.geojson\"\ntitle = \"断面\"\nquality = \"schematic\"\n",
    );
    folder.0.to_str().unwrap().to_owned()
}

#[test]
fn a_river_tells_its_chiefs_class_and_what_is_late() {
    let folder = Folder::new("rivers");
    let atlas = small_atlas(&folder);
    let found = json(&["rivers", "示例河道甲", "--atlas", &atlas, "--format", "json"]);
    let water = &found["waters"][0];
    assert_eq!((&found["as_of"], &water["id"]), (&"2026-10-31".into(), &"WX-R-001".into()));
    assert_eq!((&water["target"], &water["current"]["class"]), (&"III".into(), &"V".into()));
    assert_eq!(water["current"]["deciding"][0]["times_over"], 0.8);
    assert_eq!(water["chiefs"][0]["post"], "滨湖区区级河长(示例)");
    assert_eq!((&water["light"], &water["meets"]), (&"yellow".into(), &false.into()));
    assert_eq!(water["duty"]["overdue_items"][0]["days"], 31);
    assert_eq!(water["duty"]["patrols"][0]["overdue_days"], 31);
    assert_eq!(water["upstream"][0]["id"], "WX-R-002");
    let count = |arguments: &[&str]| {
        let mut all = vec!["rivers", "--atlas", &atlas, "--format", "json"];
        all.extend(arguments);
        json(&all)["waters"].as_array().unwrap().len()
    };
    assert_eq!(count(&[]), 2);
    assert_eq!(count(&["--overdue"]), 1);
    assert_eq!(count(&["--failing"]), 1);
    assert_eq!(count(&["--district", "江阴"]), 0);
    assert_eq!(count(&["--light", "grey"]), 1);
    assert_eq!(count(&["--overdue", "--as-of", "2026-09-30"]), 0);
    refused(&["rivers", "没有的河", "--atlas", &atlas], 1, "没有的河");
    let card = String::from_utf8(run(&["rivers", "WX-R-001", "--atlas", &atlas]).stdout).unwrap();
    for words in ["氨氮 1.8，超Ⅲ类 0.8 倍", "逾期 31 天", "滨湖区区级河长(示例)", "示意数据，不作审批依据"]
    {
        assert!(card.contains(words), "{words}: {card}");
    }
}

#[test]
fn a_trace_follows_the_water() {
    let folder = Folder::new("trace");
    let atlas = small_atlas(&folder);
    let trace = |arguments: &[&str]| {
        let mut all = vec!["trace", "--atlas", &atlas, "--format", "json"];
        all.extend(arguments);
        json(&all)
    };
    let down = trace(&["示例河道乙", "--from", "120.1,31.55", "--direction", "down", "--km", "100"]);
    let rivers: Vec<&str> =
        down["reaches"].as_array().unwrap().iter().map(|reach| reach["river"].as_str().unwrap()).collect();
    assert_eq!(rivers, ["WX-R-002", "WX-R-001"]);
    // half of 120.1 E 31.6–31.5 N and 0.1° of the parallel of 31.5 N: pyproj 3.7, GRS 80
    let expected = 11_087.897 / 2.0 + 9_500.232;
    assert!((down["length_m"].as_f64().unwrap() - expected).abs() < 0.5, "{down}");
    assert_eq!(down["sections"][0]["id"], "WX-S-01");
    assert_eq!(down["outlets"][0]["into"], "LAKE-01");
    let short = trace(&["--from", "120.1,31.55", "--direction", "down", "--km", "1"]);
    assert_eq!(short["length_m"], 1000.0);
    let up = trace(&["--from", "120.15,31.5", "--direction", "up"]);
    assert_eq!(up["reaches"].as_array().unwrap().len(), 2);
    refused(&["trace", "示例河道甲", "--atlas", &atlas, "--from", "119.0,31.5"], 1, "示例河道甲");
    refused(&["trace", "示例河道", "--atlas", &atlas, "--from", "120.1,31.5"], 1, "WX-R-002");
}

#[test]
fn targets_are_computed_or_open_with_their_reason() {
    let folder = Folder::new("targets");
    let atlas = small_atlas(&folder);
    let found = json(&["targets", "--atlas", &atlas, "--format", "json"]);
    let target = |id: &str| {
        let all = found["targets"].as_array().unwrap();
        all.iter().find(|target| target["id"] == id).unwrap().clone()
    };
    assert_eq!((&target("rivers_loaded")["value"], &target("rivers_loaded")["gap"]), (&2.0.into(), &(-159.0).into()));
    assert_eq!((&target("good_sections")["value"], &target("good_sections")["met"]), (&0.0.into(), &false.into()));
    let share = target("redline_share");
    assert_eq!((&share["value"], &share["reason"]), (&Value::Null, &"no_layer".into()));
    assert_eq!(share["target"], 28.69);
    assert!(share["name"].as_str().unwrap().contains("28.69") || share["name"] == "生态红线区域占国土面积比例");
}

#[test]
fn a_broken_atlas_names_its_file() {
    let folder = Folder::new("atlas");
    let atlas = small_atlas(&folder);
    assert!(run(&["rivers", "--atlas", &atlas]).status.success());
    let rivers = fs::read_to_string(folder.0.join("rivers.geojson")).unwrap();
    folder.write("rivers.geojson", rivers.get(..rivers.len() / 2).unwrap());
    refused(&["rivers", "--atlas", &atlas], 1, "rivers.geojson");
    fs::remove_file(folder.0.join("rivers.geojson")).unwrap();
    refused(&["targets", "--atlas", &atlas], 1, "rivers.geojson");
    folder.write("atlas.toml", "title = ");
    refused(&["targets", "--atlas", &atlas], 1, "atlas.toml");
    refused(&["targets", "--atlas", &folder.path("none")], 1, "none");
}

#[test]
fn validation_lists_what_is_wrong_and_fails() {
    let folder = Folder::new("validate");
    let atlas = small_atlas(&folder);
    let output = run(&["atlas", "validate", &atlas, "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let faults = found["faults"].as_array().unwrap();
    let has = |theme: &str, kind: &str| faults.iter().any(|fault| fault["theme"] == theme && fault["kind"] == kind);
    assert!(has("redline_zones", "missing_layer") && has("rivers", "count"));
    assert!(has("rivers", "unknown_reference") && has("rivers", "no_record"));
    assert!(!has("rivers", "disconnected") && !has("monitoring_sections", "off_its_river"));
    refused(&["atlas", "validate", &folder.path("none")], 1, "none");
    refused(&["atlas", "build", &folder.path("none"), &folder.path("out")], 1, "none");
}

#[test]
fn the_bundled_atlas_is_sound_and_tells_the_plans_figures() {
    let found = json(&["atlas", "validate", "--format", "json"]);
    assert_eq!(found["faults"], serde_json::json!([]));
    let report = json(&["targets", "--format", "json"]);
    let target = |id: &str| {
        let all = report["targets"].as_array().unwrap();
        all.iter().find(|target| target["id"] == id).unwrap().clone()
    };
    for (id, value) in [("rivers_loaded", 161.0), ("black_odour_loaded", 38.0), ("sections_loaded", 45.0)] {
        assert_eq!(target(id)["value"], value, "{id}");
    }
    // shapely 2 and pyproj 3.7: union of the zones within the districts, densified, on GRS 80, over 4,627.47 km²
    let share = target("redline_share")["value"].as_f64().unwrap();
    assert!((share - REDLINE_SHARE).abs() < 0.001, "{share}");
    let waters = json(&["rivers", "--format", "json"]);
    assert_eq!(waters["waters"].as_array().unwrap().len(), 199);
    assert_eq!(waters["data_quality"], "schematic");
}

const REDLINE_SHARE: f64 = 28.8386;
