//! The same figures wherever a finding is read: in the window, in the JSON document, in the workbook and in the report.

use super::{Window, folder, inside_zone, laptop};
use egui_kittest::kittest::Queryable;
use redline_atlas::report::siting::{Cover, Document, ReportFormat};
use redline_atlas::text::siting::{grouped, percent};
use redline_atlas::workspace::{Command, OpenAs, ReportRequest, Task};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Writes the sites of the window as its report form does.
fn written(window: &mut Window, folder: &Path, format: ReportFormat) -> PathBuf {
    let workspace = window.app().workspace();
    let file = folder.join(format!("report.{}", format.extension()));
    let request = ReportRequest {
        sites: workspace.project().sites.iter().map(|site| (*site.site).clone()).collect(),
        question: workspace.question(),
        cover: Cover::default(),
        format,
        shows_coordinates: true,
        file: Some(file.clone()),
    };
    window.app().send(Command::Run(Task::Report(Box::new(request))));
    window.settle();
    file
}

/// Numbers of all cells.
fn cells(workbook: &Path) -> Vec<f64> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(workbook).expect("a workbook");
    let sheets = calamine::Reader::worksheets(&mut book);
    let cells = sheets.iter().flat_map(|(_, sheet)| sheet.rows().flatten());
    let number = |cell: &calamine::Data| if let calamine::Data::Float(number) = cell { Some(*number) } else { None };
    cells.filter_map(number).collect()
}

#[test]
fn window_document_workbook_and_report_say_the_same_of_every_finding() {
    let folder = folder("figures");
    let (x, y) = inside_zone("control");
    let ring = [(-0.011, -0.007), (0.012, -0.009), (0.009, 0.008), (-0.008, 0.006), (-0.011, -0.007)];
    let corners = ring.map(|(dx, dy)| format!("[{},{}]", x + dx, y + dy)).join(",");
    let file = folder.join("site.geojson");
    let site = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","id":"P1","properties":{{"name":"示例项目","kind":"housing"}},"geometry":{{"type":"Polygon","coordinates":[[{corners}]]}}}}]}}"#
    );
    std::fs::write(&file, site).expect("the folder can be written into");
    let mut window = laptop();
    window.app().send(Command::Run(Task::Open { files: vec![file], open_as: OpenAs::Sites }));
    window.settle();

    let [json, workbook, report] =
        [ReportFormat::Json, ReportFormat::Xlsx, ReportFormat::Pdf].map(|format| written(&mut window, &folder, format));
    let json: Value = serde_json::from_slice(&std::fs::read(json).expect("written")).expect("JSON");
    let cells = cells(&workbook);
    let report = std::fs::read(report).expect("written");
    let pages = Document::open(&report).expect("a report").pages().expect("pages").concat();
    let has_number = |value: &Value| {
        let number = value.as_f64().expect("a number");
        cells.iter().any(|cell| (cell - number).abs() <= 1e-9 * number.abs())
    };

    let verdict = &json["sites"][0];
    let findings = verdict["findings"].as_array().expect("findings");
    let shared: Vec<&Value> = findings.iter().filter(|finding| finding["overlap_m2"].as_f64() > Some(0.0)).collect();
    assert!(shared.len() >= 3, "{}", shared.len());
    let mut seen = window.words();
    // the list is longer than the panel is high
    for finding in &shared {
        let name = finding["name"].as_str().expect("a name");
        if let Some(node) = window.harness.query_all_by_label_contains(name).next() {
            node.scroll_to_me();
        }
        window.settle();
        seen.extend(window.words());
    }
    let seen = seen.join("\n");
    for finding in shared {
        let (area, share) = (&finding["overlap_m2"], finding["overlap_share"].as_f64().expect("a share"));
        let written = grouped(area.as_f64().expect("an area"), 2);
        assert!(seen.contains(&written), "the window lacks {written}\n{seen}");
        assert!(seen.contains(&percent(share)), "the window lacks {}", percent(share));
        assert!(pages.contains(&written) && pages.contains(&percent(share)), "the report lacks {written}");
        assert!(has_number(area), "the workbook lacks {area}");
        if let Some(depth) = finding["depth_m"].as_f64() {
            assert!(has_number(&finding["depth_m"]), "the workbook lacks {depth}");
        }
    }
    let area = &verdict["area_m2"];
    let written = grouped(area.as_f64().expect("an area"), 2);
    assert!(seen.contains(&written) && pages.contains(&written) && has_number(area), "{written}");
    for near in findings.iter().filter(|finding| finding["relation"] == "near") {
        let distance = &near["distance_m"];
        let written = grouped(distance.as_f64().expect("a distance"), 2);
        assert!(pages.contains(&written) && has_number(distance), "{near}");
    }
}
