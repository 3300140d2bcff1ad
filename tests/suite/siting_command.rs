//! `check` as scripts see it: the contract's fields, layers put in place of others, bad input.

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("redline-check-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn check(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redline-atlas"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("HOME", "/nonexistent");
    command.arg("check").args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = check(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn square(west: f64, south: f64, side: f64, properties: &str) -> String {
    let (east, north) = (west + side, south + side);
    format!(
        r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
    )
}

#[test]
fn a_layer_put_in_place_decides() {
    let folder = Folder::new("use");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.005, r#"{"name":"示例项目"}"#));
    let zone = folder.write("zone.geojson", &square(120.3, 31.5, 0.02, r#"{"name":"示例红线","tier":"national"}"#));
    let answer =
        json(&[&site, "--use", &format!("{zone}=redline_zones"), "--project-kind", "housing", "--format", "json"]);
    let verdict = &answer["sites"][0];
    assert_eq!((&verdict["verdict"], &verdict["name"]), (&"prohibited".into(), &"示例项目".into()));
    let findings = verdict["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["layer"] == "redline_zones").unwrap();
    assert_eq!((&finding["relation"], &finding["name"]), (&"within".into(), &"示例红线".into()));
    assert_eq!(finding["overlap_share"], 1.0);
    assert_eq!(finding["overlap_m2"], verdict["area_m2"]);
    assert_eq!(finding["rule"]["id"], "nat2022-other");
    let farmland = format!("{zone}=permanent_basic_farmland");
    let answer = json(&[&site, "--use", &farmland, "--as-of", "2026-05-01", "--format", "json"]);
    assert_eq!(answer["as_of"], "2026-05-01");
    let checks = answer["sites"][0]["checks"].as_array().unwrap();
    let state = |theme: &str| checks.iter().find(|check| check["theme"] == theme).unwrap()["status"].clone();
    assert_eq!(state("permanent_basic_farmland"), "involved");
    assert_eq!(state("urban_development_boundary"), "unchecked");
}

#[test]
fn the_answer_in_a_file_is_the_one_on_the_screen() {
    let folder = Folder::new("report");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.005, "{}"));
    let report = folder.0.join("answer.json");
    let shown = json(&[&site, "--as-of", "2026-05-01", "--format", "json", "--report", report.to_str().unwrap()]);
    let kept: Value = serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
    assert_eq!(shown, kept);
    let words = check(&[&site, "--as-of", "2026-05-01"]);
    assert!(String::from_utf8(words.stdout).unwrap().contains("不替代主管部门审查意见"));
}

#[test]
fn bad_input_is_told_and_nothing_panics() {
    let folder = Folder::new("bad");
    let bow =
        r#"{"type":"Polygon","coordinates":[[[120.3,31.5],[120.31,31.51],[120.31,31.5],[120.3,31.51],[120.3,31.5]]]}"#;
    let bow = folder.write("bow.geojson", bow);
    let answer = json(&[&bow, "--format", "json"]);
    assert_eq!(answer["sites"][0]["problems"][0]["kind"], "crosses_itself");
    let good = folder.write("site.geojson", &square(120.305, 31.505, 0.005, "{}"));
    let line = folder.write("line.geojson", r#"{"type":"LineString","coordinates":[[120.3,31.5],[120.4,31.5]]}"#);
    let none = folder.write("none.geojson", r#"{"type":"FeatureCollection","features":[]}"#);
    let torn = folder.write("torn.geojson", "{\"type\":");
    let missing = folder.0.join("missing.geojson").to_str().unwrap().to_owned();
    for (arguments, code, named) in [
        (vec![line.as_str()], 1, "line.geojson"),
        (vec![none.as_str()], 1, "none.geojson"),
        (vec![torn.as_str()], 1, "torn.geojson"),
        (vec![missing.as_str()], 1, "missing.geojson"),
        (vec![good.as_str(), "--atlas", torn.as_str()], 1, "torn.geojson"),
        (vec![good.as_str(), "--atlas", missing.as_str()], 1, "missing.geojson"),
        (vec![good.as_str(), "--use", "nothing"], 2, "nothing"),
        (vec![good.as_str(), "--use", "a.geojson=moon"], 2, "moon"),
        (vec![good.as_str(), "--use", "a.geojson=redline_zones"], 1, "a.geojson"),
        (vec![good.as_str(), "--project-kind", "castle"], 2, "castle"),
        (vec![good.as_str(), "--land-use", "3"], 2, "3"),
        (vec![good.as_str(), "--near", "nan"], 2, "--near"),
        (vec![good.as_str(), "--as-of", "yesterday"], 2, "yesterday"),
        (vec![good.as_str(), "--report", "a.doc"], 2, "a.doc"),
        (vec![good.as_str(), "--report", "/nonexistent/a.json"], 1, "a.json"),
        (vec![], 2, "SITE"),
    ] {
        let output = check(&arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(named) && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}
