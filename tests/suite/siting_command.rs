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
fn the_lists_of_a_control_unit_are_quoted_as_they_stand() {
    let folder = Folder::new("unit");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.005, r#"{"name":"示例项目"}"#));
    // one name is cut as the table of a Shapefile cuts it
    let lists = r#"{"name":"示例管控单元","空间布局约束":"示例清单一：禁止新建。","污染物排放":"示例清单二","环境风险防控":" ","资源利用效率":null}"#;
    let unit = folder.write("unit.geojson", &square(120.3, 31.5, 0.02, lists));
    let layer = format!("{unit}=ecological_control_units");
    let answer = json(&[&site, "--use", &layer, "--format", "json"]);
    let findings = answer["sites"][0]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["theme"] == "ecological_control_units").unwrap();
    let expected = serde_json::json!([
        {"field": "空间布局约束", "text": "示例清单一：禁止新建。"},
        {"field": "污染物排放管控", "text": "示例清单二"},
    ]);
    assert_eq!(finding["verbatim"], expected);
    let words = String::from_utf8(check(&[&site, "--use", &layer]).stdout).unwrap();
    assert!(words.contains("空间布局约束：示例清单一：禁止新建。"), "{words}");
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

const PACK: &str = "[pack]\nid = \"office\"\nversion = \"1\"\ntitle = \"示例规则包\"\ntitle_en = \"Example\"\n\
    [[rule]]\nid = \"office-1\"\ntheme = \"redline_zones\"\ntext = \"示例条文\"\ntext_en = \"Example\"\n\
    source = \"示例文件\"\nconfidence = \"text\"\nconsequence = \"attention\"\n";

#[test]
fn rule_packs_of_the_office_judge_too_and_a_broken_one_is_refused() {
    let folder = Folder::new("rules");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.005, "{}"));
    let zone = folder.write("zone.geojson", &square(120.3, 31.5, 0.02, r#"{"name":"示例红线","tier":"national"}"#));
    let layer = format!("{zone}=redline_zones");
    let pack = folder.write("office.toml", PACK);
    let answer = json(&[&site, "--use", &layer, "--project-kind", "road", "--rules", &pack, "--format", "json"]);
    let packs = answer["rules"].as_array().unwrap();
    assert!(packs.iter().any(|pack| pack["id"] == "office" && pack["version"] == "1"));
    let findings = answer["sites"][0]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["layer"] == "redline_zones").unwrap();
    assert_eq!(finding["further_rules"][0]["id"], "office-1");
    let broken = folder.write("broken.toml", &PACK.replace("redline_zones", "moon"));
    for (language, words) in [("zh", "第 6 行"), ("en", "line 6")] {
        let output = check(&[&site, "--lang", language, "--rules", &broken]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("broken.toml") && said.contains(words) && said.contains("moon"), "{said}");
    }
    let missing = check(&[&site, "--rules", "/nonexistent/a.toml"]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn two_days_and_a_limited_activity_are_told() {
    let folder = Folder::new("days");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.005, r#"{"name":"示例项目"}"#));
    let zone = folder.write("zone.geojson", &square(120.3, 31.5, 0.02, r#"{"name":"示例管控区","tier":"control"}"#));
    let layer = format!("{zone}=redline_zones");
    let days = ["--as-of", "2026-03-01", "--compare-with", "2026-02-28", "--project-kind", "road"];
    let arguments = [&[site.as_str(), "--use", &layer], &days[..], &["--limited-activity", "6"]].concat();
    let answer = json(&[&arguments[..], &["--format", "json"]].concat());
    let comparison = &answer["comparison"];
    assert_eq!((&comparison["as_of"], &comparison["compare_with"]), (&"2026-03-01".into(), &"2026-02-28".into()));
    let told = &comparison["sites"][0];
    let changed = told["changed"].as_array().unwrap().iter().find(|one| one["theme"] == "redline_zones").unwrap();
    assert_eq!(
        (&changed["rule"]["id"], &changed["rule_then"]["id"]),
        (&"js2026-control".into(), &"js2020-control".into())
    );
    assert_eq!((&told["verdict"], &changed["cause"]), (&answer["sites"][0]["verdict"], &"rule".into()));
    let verdict = &answer["sites"][0];
    assert_eq!(verdict["limited_activity"]["kind"], 6);
    assert_eq!(verdict["valid_until"], "2026-05-30");
    let words = String::from_utf8(check(&arguments).stdout).unwrap();
    for sentence in ["苏政办规〔2026〕1号", "苏政发〔2020〕1号", "第6类", "本工具不作认定", "有效至 2026-05-30"]
    {
        assert!(words.contains(sentence), "{sentence}: {words}");
    }
    for wrong in [["--limited-activity", "11"], ["--compare-with", "last year"]] {
        assert_eq!(check(&[site.as_str(), wrong[0], wrong[1]]).status.code(), Some(2));
    }
}

#[test]
fn lines_points_and_corners_become_outlines_when_told_how() {
    let folder = Folder::new("outlines");
    let line = r#"{"type":"Feature","properties":{"name":"示例道路"},"geometry":{"type":"LineString","coordinates":[[120.3,31.5],[120.31,31.5]]}}"#;
    let line = folder.write("line.geojson", line);
    let point = folder.write(
        "point.geojson",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[120.3,31.5]}}"#,
    );
    let area = |arguments: &[&str]| {
        json(&[arguments, &["--format", "json"]].concat())["sites"][0]["area_m2"].as_f64().unwrap()
    };
    // 0.01° of longitude at 31.5° is 949.7 m
    let corridor = area(&[&line, "--corridor", "40"]);
    assert!((corridor - 949.7 * 40.0).abs() < 40.0, "{corridor}");
    let circle = area(&[&point, "--radius", "100"]);
    assert!((circle - std::f64::consts::PI * 1e4).abs() < 10.0, "{circle}");
    for (file, option) in [(&line, "--corridor"), (&point, "--radius")] {
        let output = check(&[file]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(option) && said.lines().count() == 1, "{said}");
        assert_eq!(check(&[file, option, "0"]).status.code(), Some(2));
    }
    // rows of corners: a column tells the plot, or the person says so
    let rows = "120.30,31.50\n120.31,31.50\n120.31,31.51\n";
    let plots = format!("地块,经度,纬度\nA,{}", rows.trim_end().replace('\n', "\nA,"));
    let plots = format!("{plots}\nB,120.32,31.50\nB,120.33,31.50\nB,120.33,31.51\nB,120.32,31.51\n");
    let plots = folder.write("plots.csv", &plots);
    let sites = json(&[&plots, "--format", "json"])["sites"].as_array().unwrap().clone();
    let names: Vec<&str> = sites.iter().map(|site| site["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["A", "B"]);
    let ratio = sites[1]["area_m2"].as_f64().unwrap() / sites[0]["area_m2"].as_f64().unwrap();
    assert!((ratio - 2.0).abs() < 0.01, "{ratio}");
    let bare = folder.write("bare.csv", &format!("经度,纬度\n{rows}"));
    assert_eq!(check(&[&bare]).status.code(), Some(1));
    let joined = area(&[&bare, "--corners"]);
    assert!((joined - sites[0]["area_m2"].as_f64().unwrap()).abs() < 0.01, "{joined}");
}

#[test]
fn wrong_usage_is_told_in_the_language_asked_for() {
    for (arguments, words) in [
        (&["x.geojson", "--as-of", "yesterday"][..], &["--as-of", "yesterday", "不能是", "2026-03-01"][..]),
        (&["x.geojson", "--as-of", "2026-02-30"], &["2026-02-30", "日期"]),
        (&["x.geojson", "--land-use", "3"], &["--land-use", "3", "1|2"]),
        (&["x.geojson", "--moon"], &["没有参数", "--moon"]),
        (&[], &["缺少", "SITE"]),
        (&["x.geojson", "--as-of"], &["--as-of", "缺少值"]),
    ] {
        let output = check(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(words.iter().all(|word| said.contains(word)) && !said.contains("error:"), "{arguments:?}: {said}");
    }
    let output = check(&["x.geojson", "--as-of", "yesterday", "--lang", "en"]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("invalid value 'yesterday'"));
}

#[test]
fn several_crossings_are_one_repair_and_the_water_entered_is_named() {
    let folder = Folder::new("said");
    let bow = r#"{"type":"Polygon","coordinates":[[[120.3,31.5],[120.31,31.51],[120.32,31.5],[120.32,31.51],[120.31,31.5],[120.3,31.51],[120.3,31.5]]]}"#;
    let bow = folder.write("bow.geojson", bow);
    let said = String::from_utf8(check(&[&bow, "--downstream", "50"]).stdout).unwrap();
    assert_eq!(said.matches("面积变化").count(), 1, "{said}");
    let answer = json(&[&bow, "--downstream", "50", "--format", "json"]);
    let outlets = answer["sites"][0]["downstream"]["outlets"].as_array().unwrap();
    let mouths = outlets.iter().filter(|outlet| outlet["end"] == "mouth").count();
    assert!(mouths > 0 && said.matches("汇入").count() >= mouths, "{said}");
}

#[test]
fn inside_the_urban_boundary_nothing_is_left_to_do() {
    let folder = Folder::new("boundary");
    let site = folder.write("site.geojson", &square(120.305, 31.505, 0.005, "{}"));
    let boundary = folder.write("boundary.geojson", &square(120.3, 31.5, 0.02, r#"{"name":"示例边界"}"#));
    let used = format!("{boundary}=urban_development_boundary");
    let finding = |kind: &str, boundary: &str| {
        let answer = json(&[&site, "--use", boundary, "--project-kind", kind, "--format", "json"]);
        let findings = answer["sites"][0]["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["theme"] == "urban_development_boundary").unwrap().clone()
    };
    let inside = finding("housing", &used);
    assert_eq!((&inside["consequence"], &inside["rule"]), (&"none".into(), &Value::Null));
    let elsewhere = folder.write("elsewhere.geojson", &square(120.3, 31.5, 0.007, r#"{"name":"示例边界"}"#));
    let outside = finding("housing", &format!("{elsewhere}=urban_development_boundary"));
    assert_eq!((&outside["consequence"], &outside["rule"]["id"]), (&"restricted".into(), &"boundary-urban".into()));
}

#[cfg(feature = "publish")]
#[test]
fn an_answer_is_computed_anew_from_its_outlines_or_says_why_not() {
    let folder = Folder::new("anew");
    let site = square(120.262, 31.498, 0.01, r#"{"name":"示例项目","project_kind":"housing"}"#);
    let site = folder.write("site.geojson", &site);
    let report = folder.0.join("answer.json").to_str().unwrap().to_owned();
    assert_eq!(check(&[&site, "--as-of", "2026-05-01", "--report", &report]).status.code(), Some(0));
    let verify = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redline-atlas"));
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("HOME", "/nonexistent");
        let output = command.arg("verify").args(arguments).stdin(Stdio::null()).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, said) = verify(&[&report]);
    assert!(code == Some(1) && said.contains("--sites") && said.contains("JSON"), "{said}");
    let (code, said) = verify(&[&report, "--sites", &site]);
    assert!(code == Some(0) && said.contains("全部相符"), "{said}");
    let zone =
        folder.write("zone.geojson", &square(120.262, 31.498, 0.002, r#"{"name":"示例红线","tier":"national"}"#));
    let (code, said) = verify(&[&report, "--sites", &site, "--use", &format!("{zone}=redline_zones")]);
    assert_eq!(code, Some(1), "{said}");
    let theme = "示例项目 · 生态保护红线与生态空间管控区域";
    for words in [theme, "长广溪国家湿地公园：报告中有", "示例红线：报告中没有", "占用面积：报告 "]
    {
        assert!(said.contains(words), "{words} is not in {said}");
    }
    for code in ["checks[", "overlap_m2", "redline_zones]", "null"] {
        assert!(!said.contains(code), "{code} is in {said}");
    }
}
