//! `where` and `surface` as scripts see them: the contract's fields, each candidate judged again, bad input.

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("redline-where-{}-{name}", std::process::id()));
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

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redline-atlas"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("HOME", "/nonexistent");
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = run(&[arguments, &["--format", "json"]].concat());
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
fn each_candidate_is_clear_when_it_is_checked_again() {
    let folder = Folder::new("again");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.002, r#"{"name":"示例项目"}"#));
    let zone = folder.write("zone.geojson", &square(120.3, 31.5, 0.01, r#"{"name":"示例红线","tier":"national"}"#));
    let judged = ["--use", &format!("{zone}=redline_zones"), "--project-kind", "housing", "--as-of", "2026-11-25"];
    let before = json(&[&["check", &site], judged.as_slice()].concat());
    assert_eq!(before["sites"][0]["verdict"], "prohibited");
    let answer = json(&[&["where", &site, "--max", "4"], judged.as_slice()].concat());
    let candidates = answer["candidates"].as_array().unwrap();
    assert_eq!((candidates.len(), &answer["ending"]), (4, &"enough".into()));
    assert!(answer["unchecked"].as_array().unwrap().contains(&"permanent_basic_farmland".into()));
    let mut least = 0.0;
    for (number, candidate) in candidates.iter().enumerate() {
        let metres = candidate["distance_m"].as_f64().unwrap();
        assert!(metres >= least, "nearest first");
        least = metres;
        assert_eq!(candidate["rotation_deg"], 0.0);
        assert!(candidate["unchecked"].as_array().unwrap().contains(&"urban_development_boundary".into()));
        let there = folder.write(&format!("there{number}.geojson"), &candidate["geometry"].to_string());
        let verdict = json(&[&["check", &there], judged.as_slice()].concat());
        let verdict = &verdict["sites"][0];
        assert_eq!(verdict["verdict"], candidate["verdict"]);
        let findings = verdict["findings"].as_array().unwrap();
        let forbids =
            |finding: &&Value| ["prohibited", "restricted"].iter().any(|word| finding["consequence"] == *word);
        assert_eq!(findings.iter().find(forbids), None);
    }
    // a quarter of a hundredth of a degree to the south is the shortest way out
    let first = candidates[0]["distance_m"].as_f64().unwrap();
    assert!(first > 200.0 && first < 700.0, "{first}");
    let words =
        String::from_utf8(run(&["where", &site, "--use", judged[1], "--project-kind", "housing"]).stdout).unwrap();
    assert!(words.contains("移动") && words.contains("未核查") && words.contains("示意数据"), "{words}");
    let english =
        run(&["where", &site, "--use", judged[1], "--project-kind", "housing", "--rotate", "--lang", "en"]).stdout;
    assert!(String::from_utf8(english).unwrap().contains("Unchecked: "));
}

#[test]
fn ground_left_shrinks_with_a_setback_and_adds_up() {
    let asked = ["surface", "--project-kind", "housing", "--as-of", "2026-11-25"];
    let plain = json(&asked);
    let districts = plain["districts"].as_array().unwrap();
    let sum: f64 = districts.iter().map(|district| district["usable_ha"].as_f64().unwrap()).sum();
    let total = plain["total"]["usable_ha"].as_f64().unwrap();
    assert!(districts.len() == 7 && (sum - total).abs() < 1e-6 && total > 100_000.0, "{total}");
    assert!(plain["total"]["error_ha"].as_f64().unwrap() < 1e-4 * total);
    assert_eq!(plain["data_quality"], "schematic");
    let farmland =
        plain["themes"].as_array().unwrap().iter().find(|theme| theme["theme"] == "permanent_basic_farmland");
    assert_eq!(farmland.unwrap()["unchecked"], "not_loaded");
    let one = [asked.as_slice(), &["--district", "惠山区"]].concat();
    let (near, far) = (json(&one), json(&[one.as_slice(), &["--setback", "redline_zones=500"]].concat()));
    assert!(far["total"]["usable_ha"].as_f64() < near["total"]["usable_ha"].as_f64());
}

#[test]
fn wrong_wishes_are_told() {
    let folder = Folder::new("wrong");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.002, "{}"));
    let two = format!("{{\"type\":\"FeatureCollection\",\"features\":[{0},{0}]}}", square(120.3, 31.5, 0.002, "{}"));
    let two = folder.write("two.geojson", &two);
    for (arguments, code, named) in [
        (vec!["where"], 2, "SITE"),
        (vec!["where", &two], 1, "two.geojson"),
        (vec!["where", &two, "--id", "nobody"], 1, "nobody"),
        (vec!["where", &site, "--district", "月球"], 1, "月球"),
        (vec!["where", &site, "--outside", "moon"], 2, "moon"),
        (vec!["where", &site, "--within=-3"], 2, "--within"),
        (vec!["where", &site, "--near-place", "月球"], 1, "月球"),
        (vec!["where", &site, "--project-kind", "castle"], 2, "castle"),
        (vec!["where", &site, "--max", "0"], 2, "0"),
        (vec!["where", "/nonexistent/a.geojson"], 1, "a.geojson"),
        (vec!["surface", "--setback", "moon=3"], 2, "moon=3"),
        (vec!["surface", "--setback", "redline_zones=9999"], 2, "9999"),
        (vec!["surface", "--district", "月球"], 1, "月球"),
    ] {
        let output = run(&arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(named) && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[test]
fn where_there_is_no_place_the_cause_is_named() {
    let folder = Folder::new("none");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.002, r#"{"name":"示例项目"}"#));
    let zone = folder.write("zone.geojson", &square(120.28, 31.48, 0.06, r#"{"name":"示例红线","tier":"national"}"#));
    let judged = ["--use", &format!("{zone}=redline_zones"), "--project-kind", "housing", "--as-of", "2026-11-25"];
    // a condition of the person's own
    let answer = json(&[&["where", &site, "--within", "200"], judged.as_slice()].concat());
    assert!(answer["candidates"].as_array().unwrap().is_empty());
    let cause = &answer["hindrance"]["conditions"][0];
    assert_eq!(cause["condition"], "within");
    assert!(cause["nearest_m"].as_f64().unwrap() > 200.0);
    let themes = answer["hindrance"]["themes"].as_array().unwrap();
    assert_eq!((&themes[0]["theme"], &themes[0]["share"]), (&"redline_zones".into(), &1.0.into()));
    let said = run(&[&["where", &site, "--within", "200"], judged.as_slice()].concat());
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("最远移动 200 米") && said.contains("生态保护红线") && said.contains("100.00%"), "{said}");
    // the whole city is a red line
    let all = folder.write("all.geojson", &square(119.4, 31.0, 1.6, r#"{"name":"示例红线","tier":"national"}"#));
    let judged = ["--use", &format!("{all}=redline_zones"), "--project-kind", "housing", "--as-of", "2026-11-25"];
    let answer = json(&[&["where", &site], judged.as_slice()].concat());
    assert!(answer["hindrance"]["conditions"].as_array().unwrap().is_empty());
    assert_eq!(answer["hindrance"]["free_share"], 0.0);
}
