//! Many projects at once: tables in, one answer in every file that comes out, no more memory for more of them.

use redline_atlas::format::{self, ReadLayer, ReadOptions};
use serde_json::Value as Json;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("redline-batch-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn check(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redline-atlas"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env("HOME", "/nonexistent");
    command.args(["check", "--as-of", "2026-10-31"]).args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn document(output: &Output) -> Json {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn layers(path: &str) -> Vec<ReadLayer> {
    format::read(&std::fs::read(path).unwrap(), "out", &ReadOptions::default()).unwrap().layers
}

/// Projects by rows: a place with a radius and well-known text, kinds and land classes by their names.
const TABLE: &str = "项目编号,项目名称,项目类型,用地类别,批复日期,备注,WKT\n\
    P-1,示例住宅,住宅,第一类用地,2026-03-01,=1+1,\"POLYGON((120.30 31.50,120.31 31.50,120.31 31.51,120.30 31.51,120.30 31.50))\"\n\
    P-2,示例工业,一般工业,,2026-04-01,-甲,\"POLYGON((120.22 31.52,120.23 31.52,120.23 31.53,120.22 31.53,120.22 31.52))\"\n\
    P-3,示例公路,Road,2,,,\"POLYGON((119.60 31.30,119.66 31.30,119.66 31.33,119.60 31.33,119.60 31.30))\"\n";

#[test]
fn every_file_tells_the_digits_of_the_document() {
    let folder = Folder::new("digits");
    let table = folder.write("projects.csv", TABLE);
    let plain = document(&check(&[&table, "--format", "json"]));
    let sites = plain["sites"].as_array().unwrap();
    assert_eq!(sites.len(), 3);
    assert_eq!((&sites[0]["kind"], &sites[0]["land_use"]), (&"housing".into(), &1.into()));
    assert_eq!((&sites[1]["kind"], &sites[1]["land_use"]), (&"industry".into(), &2.into()));

    let names = ["out.json", "out.xlsx", "out.gpkg", "out.geojson"].map(|name| folder.path(name));
    for path in &names {
        assert_eq!(document(&check(&[&table, "--format", "json", "--report", path])), plain, "{path}");
    }
    let [json, book, package, geojson] = names;
    assert_eq!(serde_json::from_slice::<Json>(&std::fs::read(json).unwrap()).unwrap(), plain);

    let book = layers(&book);
    let sheet = |name: &str| book.iter().find(|layer| layer.name == name).unwrap_or_else(|| panic!("{name}"));
    let (projects, findings) = (sheet("项目"), sheet("发现"));
    let package = layers(&package);
    let of_package = |name: &str| package.iter().find(|layer| layer.name == name).unwrap();
    let geojson = layers(&geojson);
    let mut found = 0;
    for (place, site) in sites.iter().enumerate() {
        let row = &projects.features[place];
        let feature = &of_package("项目").features[place];
        let plain_feature = &geojson[0].features[place];
        let area = site["area_m2"].as_f64();
        assert_eq!(row.value("用地面积(平方米)").as_number(), area);
        assert_eq!((feature.number("area_m2"), plain_feature.number("area_m2")), (area, area));
        assert_eq!(row.text("结论代码"), site["verdict"]);
        assert_eq!(
            (feature.text("verdict"), plain_feature.text("verdict")),
            (row.text("结论代码"), row.text("结论代码"))
        );
        // what the file told is kept
        assert_eq!(feature.text("备注"), TABLE.lines().nth(place + 1).unwrap().split(',').nth(5).unwrap());
        let shape = redline_atlas::geometry::area(feature.shape.as_ref().unwrap()).square_metres();
        assert!((shape - area.unwrap()).abs() < 0.01);
        for finding in site["findings"].as_array().unwrap() {
            let row = &findings.features[found];
            let feature = &of_package("发现").features[found];
            for (column, field) in [
                ("占用面积(平方米)", "overlap_m2"),
                ("平面占用面积(平方米)", "plane_overlap_m2"),
                ("占用地比例", "overlap_share"),
                ("距离(米)", "distance_m"),
            ] {
                let wanted = finding[field].as_f64();
                // a workbook keeps sixteen digits, and the parser of this test is off by the last one
                for figure in [row.value(column).as_number(), feature.number(field)] {
                    let off = figure.zip(wanted).map(|(figure, wanted)| (figure - wanted).abs() > 1e-15 * wanted.abs());
                    assert_eq!((off, figure.is_some()), (wanted.map(|_| false), wanted.is_some()), "{column}");
                }
            }
            assert_eq!(row.value("要素编号").to_string(), finding["feature_id"].as_str().unwrap());
            found += 1;
        }
        let matrix = &sheet("矩阵").features[place];
        for check in site["checks"].as_array().unwrap() {
            let word = match check["status"].as_str().unwrap() {
                _ if ["does_not_bear", "not_in_force"].contains(&check["reason"].as_str().unwrap()) => "不适用",
                "involved" => "涉及",
                "not_involved" => "不涉及",
                _ => "未核查",
            };
            assert_eq!(matrix.text(check["title"].as_str().unwrap()), word);
        }
    }
    assert!(found > 2 && found == findings.features.len());
    let mut archive = zip::ZipArchive::new(std::fs::File::open(folder.path("out.xlsx")).unwrap()).unwrap();
    let mut words = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/sharedStrings.xml").unwrap(), &mut words).unwrap();
    for layer in plain["layers"].as_array().unwrap() {
        assert!(words.contains(layer["sha256"].as_str().unwrap()));
    }
    assert!(words.contains("示意数据，不作审批依据"));
}

#[test]
fn words_that_look_like_formulas_stay_words() {
    let folder = Folder::new("formula");
    let table = folder.write("projects.csv", TABLE);
    let book = folder.path("out.xlsx");
    document(&check(&[&table, "--format", "json", "--report", &book]));
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&book).unwrap()).unwrap();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        if part.name().starts_with("xl/worksheets/sheet") {
            let mut words = String::new();
            std::io::Read::read_to_string(&mut part, &mut words).unwrap();
            assert!(!words.contains("<f>"), "{}", part.name());
        }
    }
    let projects = layers(&book).remove(0);
    assert_eq!(projects.features[0].text("备注"), "=1+1");
}

#[test]
fn unknown_kinds_and_rows_without_area_are_told() {
    let folder = Folder::new("told");
    let table = folder.write(
        "projects.csv",
        "名称,项目类型,经度,纬度,半径\n示例甲,没有这种,120.3,31.5,100\n示例乙,住宅,120.31,31.5,\n示例丙,住宅,120.32,31.5,50\n",
    );
    let output = check(&[&table, "--format", "json"]);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer = document(&output);
    assert_eq!(answer["sites"].as_array().unwrap().len(), 2);
    assert!(words.contains("没有这种"), "{words}");
    let area = answer["sites"][1]["area_m2"].as_f64().unwrap();
    assert!((area / (std::f64::consts::PI * 2_500.0) - 1.0).abs() < 0.001);
    let output = check(&[&table, "--report", "x.doc"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("x.doc"));
}
