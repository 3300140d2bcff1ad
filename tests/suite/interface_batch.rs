//! Many projects and two versions in the window, driven by accessible names; and their pictures.

use super::interface::Window;
use redline_atlas::atlas::{Site, Theme};
use redline_atlas::format::{self, ReadOptions};
use redline_atlas::text::{Language, fill};
use redline_atlas::workspace::{Appearance, Command, Edit, Navigate, OpenAs, Panel, Session, Task};
use std::path::PathBuf;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("redline-window-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Projects all over the city, each with what an office writes about it.
fn table(folder: &Folder, count: u32) -> PathBuf {
    let path = folder.0.join("示例项目清单.csv");
    let kinds = ["住宅", "一般工业", "公路", "医院"];
    let mut text = String::from("项目编号,项目名称,项目类型,批复日期,建设单位,经度,纬度,半径\n");
    for number in 0..count {
        let (lon, lat) = (119.66 + f64::from(number % 8) * 0.11, 31.22 + f64::from(number / 8) * 0.08);
        let (kind, radius) = (kinds[number as usize % 4], 60 + 40 * (number % 5));
        let (month, day) = (1 + number % 12, 1 + number % 28);
        text.push_str(&format!(
            "P-{number:03},示例项目 {number:03},{kind},2026-{month:02}-{day:02},示例单位,{lon:.4},{lat:.4},{radius}\n"
        ));
    }
    std::fs::write(&path, text).unwrap();
    path
}

fn open_batch(window: &mut Window, file: PathBuf) {
    window.app().send(Command::Run(Task::Open { files: vec![file], open_as: OpenAs::Sites }));
    window.settle();
}

#[test]
fn a_file_of_many_projects_opens_as_a_table_bound_to_the_map() {
    let folder = Folder::new("batch");
    let mut window = Window::open((1280.0, 800.0), 1.0, Session::default());
    open_batch(&mut window, table(&folder, 40));
    let words = &window.text().batch.panel;
    assert_eq!(window.app().workspace().session.panel, Panel::Batch);
    assert!(window.app().workspace().project().sites.is_empty());
    window.says(&fill(&words.count, &[("file", "示例项目清单.csv"), ("n", "40")]));
    window.says(&fill(&words.shown, &[("n", "40")]));
    let counted: usize =
        window.words().iter().filter_map(|said| said.strip_prefix("示例项目 0").map(|_| 1_usize)).sum();
    assert!(counted > 4, "rows are seen");

    // a row shows its place
    window.click(&fill(&words.sort_by, &[("column", &words.col_name)]));
    let row = window.words().into_iter().find(|said| said.starts_with("示例项目 000 ")).unwrap();
    window.click(&row);
    let seen = window.app().visible_area().unwrap();
    assert!(seen.min().x < 119.66 && seen.max().x > 119.66 && seen.width() < 0.2);
    window.says("示例单位");

    // a place shows its row
    window.app().send(Command::Navigate(Navigate::Fly(redline_atlas::workspace::FlyTo::Place(
        geo::Coord { x: 119.77, y: 31.22 },
        Some(15.0),
    ))));
    window.settle();
    window.click_map((119.77, 31.22));
    assert_eq!(window.app().workspace().session.panel, Panel::Batch);
    window.says("P-001");

    // what is searched is listed
    window.enter(&words.search_name, "039");
    window.says(&fill(&words.shown, &[("n", "1")]));
    window.enter(&words.search_name, "");

    // another distance: judged again
    window.app().send(Command::Navigate(Navigate::SetNear(0.0)));
    window.settle();
    assert!(!window.words().iter().any(|said| said.contains("已过期")));

    // what is exported has the digits of the check
    let file = folder.0.join("out.xlsx");
    window.harness.state_mut().export_batch(file.clone());
    window.settle();
    let reading = format::read(&std::fs::read(file).unwrap(), "out", &ReadOptions::default()).unwrap();
    let projects = reading.layers.iter().find(|layer| layer.name == "项目").unwrap();
    assert_eq!(projects.features.len(), 40);
    assert_eq!(projects.features[3].text("建设单位"), "示例单位");

    window.click(&words.open_site);
    assert_eq!(window.app().workspace().project().sites.len(), 1);
    window.app().send(Command::Navigate(Navigate::Show(Panel::Batch)));
    window.settle();
    window.click(&words.close);
    assert!(window.app().workspace().batch.is_none());
}

/// The bundled red lines: every ninth taken out, the others of every seventh moved by some hundred metres.
fn amended(folder: &Folder) -> PathBuf {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/maps/wuxi/redline_zones.geojson");
    let mut document: serde_json::Value = serde_json::from_slice(&std::fs::read(source).unwrap()).unwrap();
    let features = document["features"].as_array_mut().unwrap();
    let mut number = 0;
    features.retain(|_| {
        number += 1;
        number % 9 != 4
    });
    fn moved(value: &mut serde_json::Value) {
        match value.as_array_mut() {
            Some(pair) if pair.len() == 2 && pair[0].is_number() => {
                pair[0] = (pair[0].as_f64().unwrap() + 0.004).into();
                pair[1] = (pair[1].as_f64().unwrap() - 0.003).into();
            }
            Some(values) => values.iter_mut().for_each(moved),
            None => {}
        }
    }
    for feature in features.iter_mut().step_by(5) {
        moved(&mut feature["geometry"]["coordinates"]);
    }
    let path = folder.0.join("生态红线_示例新版.geojson");
    std::fs::write(&path, document.to_string()).unwrap();
    path
}

fn open_audit(window: &mut Window, folder: &Folder) {
    window.app().send(Command::Navigate(Navigate::Show(Panel::Audit)));
    window.harness.state_mut().open_version(amended(folder), true, Theme::RedlineZones);
    window.settle();
    let run = window.text().audit.panel.run.clone();
    window.click(&run);
}

#[test]
fn two_versions_are_compared_and_projects_told_that_are_judged_otherwise() {
    let folder = Folder::new("audit");
    let mut window = Window::open((1280.0, 1600.0), 1.0, Session::default());
    // ground of the zone that is taken out
    let zones = window.app().workspace().atlas().layer(Theme::RedlineZones).unwrap().clone();
    let gone = &zones.features()[3];
    let (x, y) = gone.shape.as_ref().and_then(geo::InteriorPoint::interior_point).unwrap().x_y();
    let ring: geo::LineString = [(x, y), (x + 0.001, y), (x + 0.001, y + 0.001), (x, y + 0.001)].into_iter().collect();
    let shape = geo::MultiPolygon::new(vec![geo::Polygon::new(ring, Vec::new())]);
    let site = Site { name: "示例项目".into(), kind: "housing".into(), shape, ..Site::default() };
    window.app().send(Command::Edit(Edit::AddSite(Box::new(site))));
    window.settle();
    open_audit(&mut window, &folder);
    window.says("面积减少");
    window.says("28.69%");
    window.says("4,627.47");
    window.says(gone.name());
    // the row flies there
    let go = fill(&window.text().audit.panel.go, &[("name", gone.name())]);
    window.click(&go);
    let seen = window.app().visible_area().unwrap();
    assert!(seen.min().x < x && seen.max().x > x && seen.min().y < y && seen.max().y > y);
    window.says("调出且无其他区覆盖(平方米)");
    window.says("示例项目");
}

/// Pictures of both, where `REDLINE_PICTURES` names a folder.
#[test]
fn pictures_of_many_projects_and_of_two_versions() {
    let Some(out) = std::env::var_os("REDLINE_PICTURES").map(PathBuf::from) else { return };
    let folder = Folder::new("pictures");
    for (language, tongue) in [(Language::Zh, "zh"), (Language::En, "en")] {
        let mut session = Session::default();
        session.language = language;
        let mut window = Window::open((1280.0, 720.0), 1.0, session);
        open_batch(&mut window, table(&folder, 72));
        for (appearance, look) in [(Appearance::Light, "light"), (Appearance::Dark, "dark")] {
            window.app().send(Command::Navigate(Navigate::Wear(appearance)));
            window.app().send(Command::Navigate(Navigate::Fly(redline_atlas::workspace::FlyTo::Home)));
            window.app().send(Command::Navigate(Navigate::Show(Panel::Batch)));
            window.settle();
            window.picture().save(out.join(format!("batch-{tongue}-{look}.png"))).unwrap();
            let row =
                window.words().into_iter().find(|said| said.starts_with("示例项目 0") && said.len() > 18).unwrap();
            window.click(&row);
            window.picture().save(out.join(format!("batch-row-{tongue}-{look}.png"))).unwrap();
            window.app().send(Command::Navigate(Navigate::Fly(redline_atlas::workspace::FlyTo::Home)));
            if look == "light" {
                open_audit(&mut window, &folder);
            }
            window.app().send(Command::Navigate(Navigate::Show(Panel::Audit)));
            window.settle();
            window.picture().save(out.join(format!("audit-{tongue}-{look}.png"))).unwrap();
        }
    }
}
