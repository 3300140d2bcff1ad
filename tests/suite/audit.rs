//! Two versions of a constraint: figures against another computation, flips complete and right, the program's answer.

use redline_atlas::atlas::{Atlas, Layer, LayerId, Manifest, Source, Theme};
use redline_atlas::format::{self, ReadOptions};
use redline_atlas::siting::audit::{Audit, MatchedBy, ZoneState, audit, recheck, with_version};
use redline_atlas::siting::{Ground, Question, Rulebook};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

fn day() -> redline_atlas::atlas::Date {
    "2026-10-31".parse().unwrap()
}

fn manifest() -> Manifest {
    toml::from_str("title = \"示例\"\nversion = \"1\"\nas_of = \"2026-10-31\"\ncity_area_km2 = 100.0").unwrap()
}

fn atlas() -> Atlas {
    Atlas { manifest: manifest(), layers: Vec::new(), governance: None }
}

fn layer(id: u32, file: &str, text: &str) -> Arc<Layer> {
    let mut reading = format::read(text.as_bytes(), file, &ReadOptions::default()).unwrap();
    let source = Source { file: file.to_owned(), ..Source::default() };
    Arc::new(reading.layers.remove(0).into_layer(LayerId(id), Theme::RedlineZones, file.to_owned(), source))
}

fn held(old: &Arc<Layer>, new: &Arc<Layer>) -> Audit {
    audit(old, new, &atlas(), day(), &|_| true).unwrap()
}

/// A thousand cases of another seed can be put in the place of those stored.
fn cases() -> Vec<Json> {
    let stored = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/audit/cases.json");
    let path = std::env::var_os("REDLINE_AUDIT_CASES").map_or(stored, PathBuf::from);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn amendments_come_to_the_figures_and_flips_of_another_computation() {
    let rulebook = Rulebook::bundled();
    let (mut flips, mut recoded) = (0, 0);
    for (number, case) in cases().iter().enumerate() {
        let (old, new) =
            (layer(1, "old.geojson", &case["old"].to_string()), layer(2, "new.geojson", &case["new"].to_string()));
        let answer = held(&old, &new);
        let expected = &case["expected"];
        let near = |name: &str, figure: f64, wanted: f64| {
            let slack = (1e-6 * wanted).max(0.01);
            assert!((figure - wanted).abs() <= slack, "case {number}, {name}: {figure} for {wanted}");
        };
        for (name, figure) in [
            ("old_m2", answer.old_m2),
            ("new_m2", answer.new_m2),
            ("unchanged_m2", answer.unchanged_m2),
            ("lost_m2", answer.lost_m2),
            ("gained_m2", answer.gained_m2),
        ] {
            near(name, figure, expected[name].as_f64().unwrap());
        }
        assert!(answer.balance.holds, "case {number}: {:?}", answer.balance);
        assert!(answer.balance.old_error_m2.abs() < 0.01 && answer.balance.new_error_m2.abs() < 0.01);
        for zone in expected["zones"].as_array().unwrap() {
            let found = answer.zones.iter().find(|found| zone[0] == found.id.as_str()).unwrap();
            near(&found.id, found.lost_m2, zone[1].as_f64().unwrap());
            near(&found.id, found.gained_m2, zone[2].as_f64().unwrap());
        }
        recoded += answer.zones.iter().filter(|zone| zone.matched_by == Some(MatchedBy::Name)).count();

        let sites = case["sites"].to_string();
        let reading = format::read(sites.as_bytes(), "sites", &ReadOptions::default()).unwrap();
        let (sites, _) = format::sites(&reading.layers[0]);
        let question = Question { near_m: 0.0, kind: Some("housing".into()), ..Question::on(day()) };
        let ground = |layer: &Arc<Layer>| Ground::new(&with_version(&atlas(), layer));
        let (before, after) = (ground(&old), ground(&new));
        let answer = recheck(&sites, (&before, &after), &answer, (rulebook, &question), &|_| true).unwrap();
        let found: BTreeSet<&str> = answer.flipped.iter().map(|project| project.id.as_str()).collect();
        let wanted: BTreeSet<&str> =
            expected["flips"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
        assert_eq!(found, wanted, "case {number}");
        assert!(answer.flipped.iter().all(|project| !project.zones.is_empty()), "case {number}");
        flips += found.len();
    }
    assert!(flips > 40 && recoded > 3, "{flips} {recoded}");
}

fn square(id: &str, name: &str, tier: &str, [west, south, east, north]: [f64; 4]) -> String {
    let id = if id.is_empty() { String::new() } else { format!(r#""id":"{id}","#) };
    format!(
        r#"{{"type":"Feature",{id}"properties":{{"name":"{name}","tier":"{tier}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))
}

fn two(old: &[String], new: &[String]) -> Audit {
    held(&layer(1, "old.geojson", &collection(old)), &layer(2, "new.geojson", &collection(new)))
}

#[test]
fn ground_under_two_zones_counts_once() {
    let one = square("A", "甲", "national", [120.30, 31.50, 120.32, 31.52]);
    let other = square("B", "乙", "control", [120.31, 31.50, 120.33, 31.52]);
    let both = two(&[one.clone(), other.clone()], std::slice::from_ref(&other));
    let sum: f64 = both.zones.iter().map(|zone| zone.old_m2).sum();
    assert!(both.old_m2 < sum * 0.76);
    let gone = both.zones.iter().find(|zone| zone.id == "A").unwrap();
    assert_eq!(gone.state, ZoneState::Removed);
    // half of what it lost is still under the other zone
    assert!((gone.uncovered_m2 * 2.0 / gone.lost_m2 - 1.0).abs() < 1e-6);
    assert!((both.lost_m2 - gone.uncovered_m2).abs() < 0.001);
    let national = both.types.iter().find(|kind| kind.field == "tier" && kind.value == "national").unwrap();
    assert!((national.lost_m2 - gone.lost_m2).abs() < 0.001 && national.new_m2 == 0.0);
    assert!(!both.not_reduced);
}

#[test]
fn zones_are_matched_by_id_then_name_then_ground() {
    let at = |west: f64| [west, 31.50, west + 0.01, 31.51];
    let old = [
        square("A", "甲", "national", at(120.30)),
        square("", "乙", "national", at(120.40)),
        square("", "", "control", at(120.50)),
    ];
    let new = [
        square("", "乙", "control", at(120.40)),
        square("A", "改名", "national", at(120.60)),
        square("", "", "control", [120.502, 31.50, 120.512, 31.51]),
    ];
    let answer = two(&old, &new);
    let by: Vec<Option<MatchedBy>> = answer.zones.iter().map(|zone| zone.matched_by).collect();
    // one id among three tells too few apart: names and ground speak
    assert_eq!(by, [None, Some(MatchedBy::Name), Some(MatchedBy::Overlap), None]);
    let told: Vec<String> = old
        .iter()
        .enumerate()
        .map(
            |(n, zone)| {
                if n == 0 { zone.clone() } else { square(&format!("{n}x"), "丙", "control", at(120.4 + n as f64)) }
            },
        )
        .collect();
    let answer = two(&told, &new[1..2]);
    assert_eq!(answer.zones[0].matched_by, Some(MatchedBy::Id));
    assert_eq!((answer.zones[0].name.as_str(), answer.zones[0].state), ("改名", ZoneState::Changed));
    assert!(answer.zones[0].fields.iter().any(|field| field.field == "name" && field.old == "甲"));
}

#[test]
fn the_share_of_the_land_names_its_denominator() {
    let zone = square("A", "甲", "national", [120.30, 31.50, 120.40, 31.60]);
    let answer = two(std::slice::from_ref(&zone), std::slice::from_ref(&zone));
    assert_eq!(answer.land_m2, Some(1e8));
    assert!((answer.land_share.unwrap() - answer.new_m2 / 1e8).abs() < 1e-9);
    assert_eq!((answer.target_share, answer.target_met, answer.not_reduced), (0.2869, Some(true), true));
    let mut unknown = atlas();
    unknown.manifest.city_area_km2 = None;
    let version = layer(1, "old.geojson", &collection(&[zone]));
    let answer = audit(&version, &version, &unknown, day(), &|_| true).unwrap();
    assert_eq!((answer.land_share, answer.target_met), (None, None));
}

#[test]
fn whatever_stands_in_the_files_it_answers_or_leaves_out() {
    let bowtie = r#"{"type":"Feature","id":"X","properties":{},"geometry":{"type":"Polygon","coordinates":[[[120.3,31.5],[120.4,31.6],[120.4,31.5],[120.3,31.6],[120.3,31.5]]]}}"#;
    let line = r#"{"type":"Feature","id":"L","properties":{},"geometry":{"type":"LineString","coordinates":[[120.3,31.5],[120.4,31.6]]}}"#;
    let none = r#"{"type":"Feature","id":"N","properties":{},"geometry":null}"#;
    let answer = two(&[bowtie.into(), line.into(), none.into()], &[none.into()]);
    assert_eq!((answer.old.unusable, answer.old.mended, answer.new.unusable), (2, 1, 1));
    assert!(answer.balance.holds && answer.old_m2 > 0.0 && answer.new_m2 == 0.0);
    let nothing = two(&[], &[]);
    assert_eq!((nothing.old_m2, nothing.zones.len(), nothing.not_reduced), (0.0, 0, true));
}

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("redline-audit-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn program(arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redline-atlas"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("HOME", "/nonexistent");
    command.arg("audit").args(arguments).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn the_program_answers_one_document_and_writes_tables_and_geometry() {
    let folder = Folder::new("document");
    let old =
        folder.write("old.geojson", &collection(&[square("A", "=示例甲", "national", [120.30, 31.50, 120.32, 31.52])]));
    let new =
        folder.write("new.geojson", &collection(&[square("A", "=示例甲", "national", [120.31, 31.50, 120.32, 31.52])]));
    let site =
        folder.write("site.geojson", &collection(&[square("P", "示例项目", "", [120.302, 31.505, 120.304, 31.507])]));
    let table = folder.0.join("out.xlsx");
    let arguments =
        [&*old, &*new, "--sites", &*site, "--project-kind", "housing", "--as-of", "2026-10-31", "--format", "json"];
    let output = program(&[&arguments[..], &["--out", table.to_str().unwrap()]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Json = serde_json::from_slice(&output.stdout).unwrap();
    let figure = |name: &str| answer[name].as_f64().unwrap();
    assert!((figure("old_m2") - figure("unchanged_m2") - figure("lost_m2")).abs() < 0.01);
    assert!(figure("lost_m2") > 1e6 && figure("gained_m2") == 0.0 && answer["not_reduced"] == false);
    assert!(answer["zones"][0]["lost_m2"].as_f64().unwrap() > 1e6);
    assert!(answer["land_share"].as_f64().unwrap() > 0.0 && figure("land_m2") > 4e9);
    assert_eq!(answer["projects"]["flipped"][0]["zones"][0]["id"], "A");
    let book = std::fs::read(&table).unwrap();
    let reading = format::read(&book, "out", &ReadOptions::default()).unwrap();
    let zones = reading.layers.iter().find(|layer| layer.name == "各区").unwrap();
    assert_eq!(
        zones.features[0].value("调出(平方米)").as_number(),
        Some(answer["zones"][0]["lost_m2"].as_f64().unwrap())
    );
    for name in ["out.gpkg", "out.geojson", "out.json"] {
        let path = folder.0.join(name);
        let output = program(&[&old, &new, "--out", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("面积减少"));
        if name == "out.gpkg" {
            let reading = format::read(&std::fs::read(path).unwrap(), "out", &ReadOptions::default()).unwrap();
            let lost = reading.layers.iter().find(|layer| layer.name == "调出").unwrap();
            let found = redline_atlas::geometry::area(lost.features[0].shape.as_ref().unwrap()).square_metres();
            assert!((found - figure("lost_m2")).abs() < 0.01);
        }
    }
}

#[test]
fn what_cannot_be_compared_is_told() {
    let folder = Folder::new("wrong");
    let zone =
        folder.write("zone.geojson", &collection(&[square("A", "甲", "national", [120.30, 31.50, 120.32, 31.52])]));
    let point = folder.write("point.geojson", r#"{"type":"Point","coordinates":[120.3,31.5]}"#);
    for (arguments, code, said) in [
        (vec![zone.as_str(), "/nonexistent/x.geojson"], 1, "x.geojson"),
        (vec![&zone, &point], 1, "没有可比较的面"),
        (vec![&zone, &zone, "--theme", "nothing"], 2, "nothing"),
        (vec![&zone, &zone, "--out", "x.doc"], 2, "x.doc"),
        (vec![&zone, &zone, "--project-kind", "nothing"], 2, "nothing"),
        (vec![&zone], 2, "NEW"),
    ] {
        let output = program(&arguments);
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!((output.status.code(), words.contains(said)), (Some(code), true), "{arguments:?}: {words}");
        assert!(!words.contains("panicked"));
    }
}
