//! The siting report as it leaves the house: the same digits everywhere, and a document that proves itself.

use geo::{Coord, MultiPolygon, Polygon, Rect};
use rayon::prelude::*;
use redline_atlas::atlas::{Atlas, LayerId, Site};
use redline_atlas::report::siting::{
    AtHand, Case, Cover, Document, ReportFormat, Seal, difference_sentences, name, report, seal_of, siting_report,
    verify,
};
use redline_atlas::siting::{Ground, Question, Rulebook, screen};
use redline_atlas::storage::atlas::open_bundled;
use redline_atlas::text::{Language, Text, siting::grouped};
use std::sync::Arc;

struct Desk {
    atlas: Atlas,
    ground: Ground,
    question: Question,
}

impl Desk {
    fn new() -> Self {
        let atlas = open_bundled().unwrap();
        let ground = Ground::new(&atlas);
        let as_of = "2026-11-24".parse().unwrap();
        let question = Question::on(as_of);
        Desk { atlas, ground, question }
    }

    fn written(&self, sites: &[Site], format: ReportFormat, language: Language) -> Vec<u8> {
        let screening = screen(sites, &self.ground, Rulebook::bundled(), &self.question);
        let cover = Cover { number: "示例 2026-001".into(), unit: "示例单位".into(), ..Cover::default() };
        let case = Case {
            sites,
            screening: &screening,
            atlas: &self.atlas,
            ground: &self.ground,
            rulebook: Rulebook::bundled(),
            question: &self.question,
            cover: &cover,
            made: self.question.as_of,
            shows_coordinates: true,
            language,
        };
        report(&case, format).unwrap()
    }

    fn pdf(&self, sites: &[Site]) -> Vec<u8> {
        self.written(sites, ReportFormat::Pdf, Language::Zh)
    }
}

fn site(number: usize, west: f64, south: f64, across: f64, down: f64, kind: &str) -> Site {
    let shape = Rect::new(Coord { x: west, y: south }, Coord { x: west + across, y: south + down }).to_polygon();
    let shape = MultiPolygon::new(vec![shape]);
    Site {
        id: format!("P{number}"), name: format!("示例项目 {number}"), shape, kind: kind.into(), ..Site::default()
    }
}

fn random(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

/// Figures of the JSON document are found in the text of the PDF as they are written.
#[test]
fn document_workbook_and_json_say_the_same_digits() {
    let desk = Desk::new();
    let sites = [site(1, 120.262, 31.498, 0.01, 0.008, "housing")];
    let json: serde_json::Value =
        serde_json::from_slice(&desk.written(&sites, ReportFormat::Json, Language::Zh)).unwrap();
    let bytes = desk.pdf(&sites);
    let document = Document::open(&bytes).unwrap();
    let text = document.pages().unwrap().concat();
    let attached = document.attachments().unwrap();
    let (_, kept) = attached.iter().find(|(file, _)| file == name::VERDICT).unwrap();
    assert_eq!(serde_json::from_slice::<serde_json::Value>(kept).unwrap(), json);
    let verdict = &json["sites"][0];
    let mut figures =
        vec![grouped(verdict["area_m2"].as_f64().unwrap(), 2), grouped(verdict["plane_area_m2"].as_f64().unwrap(), 2)];
    let findings = verdict["findings"].as_array().unwrap();
    let shared = findings.iter().filter(|finding| finding["overlap_m2"].as_f64().unwrap() > 0.0);
    figures.extend(shared.map(|finding| grouped(finding["overlap_m2"].as_f64().unwrap(), 2)));
    let checks = verdict["checks"].as_array().unwrap();
    let nearest = checks.iter().filter_map(|check| check["nearest"]["distance_m"].as_f64());
    figures.extend(nearest.map(|distance| grouped(distance, 2)));
    assert!(figures.len() > 8);
    for figure in figures {
        assert!(text.contains(&figure), "{figure}");
    }
    // the workbook holds the numbers themselves
    let book = desk.written(&sites, ReportFormat::Xlsx, Language::Zh);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(std::io::Cursor::new(book)).unwrap();
    let sheets = calamine::Reader::worksheets(&mut book);
    let cells: Vec<f64> = sheets
        .iter()
        .flat_map(|(_, sheet)| sheet.rows().flatten())
        .filter_map(|cell| if let calamine::Data::Float(number) = cell { Some(*number) } else { None })
        .collect();
    let overlaps = findings.iter().map(|finding| &finding["overlap_m2"]).filter(|area| area.as_f64() > Some(0.0));
    for figure in overlaps.chain([&verdict["area_m2"], &verdict["plane_area_m2"]]) {
        let figure = figure.as_f64().unwrap();
        assert!(cells.iter().any(|cell| (cell - figure).abs() < 1e-9 * figure), "{figure}");
    }
    // and the boundary points: the south-western corner by pyproj 3.7 in EPSG:4528
    let (_, points) = sheets.iter().find(|(name, _)| name == "坐标").expect("a sheet of points");
    assert_eq!(points.height(), 5);
    let corner = [120.262, 31.498, 3_486_219.189, 40_524_891.178];
    let numbers = |row: &[calamine::Data]| row.iter().filter_map(calamine::DataType::as_f64).collect::<Vec<_>>();
    assert!(points.rows().any(|row| numbers(row).ends_with(&corner)), "{points:?}");
    assert!(text.contains("示例 2026-001") && text.contains("辅助预检，不替代主管部门审查意见"));
}

#[test]
fn reports_of_all_over_the_city_verify_and_any_byte_that_changes_is_found() {
    let desk = Desk::new();
    let at_hand = AtHand { atlas: &desk.atlas, ground: &desk.ground, rulebook: Rulebook::bundled() };
    let kinds = ["housing", "chemical", "livestock", "industry", "road", ""];
    (0..50_usize).into_par_iter().for_each(|number| {
        let mut state = number as u64 * 7_919 + 3;
        let (west, south) = (119.6 + 0.95 * random(&mut state), 31.15 + 0.75 * random(&mut state));
        let (across, down) = (0.001 + 0.012 * random(&mut state), 0.001 + 0.012 * random(&mut state));
        let made = desk.pdf(&[site(number, west, south, across, down, kinds[number % kinds.len()])]);
        let told = verify(&made, Some(&at_hand));
        assert!(told.holds(), "{west} {south}: {told:?}");
        assert!(told.inputs.unwrap().count > 100 && told.words.unwrap().count > 200);
        for turn in 0..4 {
            let mut changed = made.clone();
            let at = (random(&mut state) * changed.len() as f64) as usize;
            changed[at] ^= 1 << (random(&mut state) * 8.0) as u8;
            assert_ne!(seal_of(&changed), Seal::Whole, "byte {at}");
            if turn == number % 16 {
                assert!(!verify(&changed, None).holds(), "byte {at}");
            }
        }
    });
}

#[test]
fn a_layer_that_changes_is_named_and_so_is_every_figure_that_changes_through_it() {
    let desk = Desk::new();
    let made = desk.pdf(&[site(1, 120.262, 31.498, 0.01, 0.008, "housing")]);
    let mut changed = desk.atlas.clone();
    for layer in &mut changed.layers {
        if layer.theme.code() == "redline_zones" {
            let features = layer.features().iter().skip(40).cloned().collect();
            let source = redline_atlas::atlas::Source { sha256: "0".repeat(64), ..layer.source.clone() };
            let title = layer.title.clone();
            *layer = Arc::new(redline_atlas::atlas::Layer::new(LayerId(99), layer.theme, title, source, features));
        }
    }
    let ground = Ground::new(&changed);
    let at_hand = AtHand { atlas: &changed, ground: &ground, rulebook: Rulebook::bundled() };
    let told = verify(&made, Some(&at_hand));
    assert!(!told.holds() && told.inputs.as_ref().unwrap().figures.is_empty());
    let recomputed = told.at_hand.unwrap();
    let others: Vec<_> = recomputed.layers.iter().filter(|layer| layer.state != "same").collect();
    assert_eq!((others.len(), others[0].state, others[0].theme.code()), (1, "changed", "redline_zones"));
    assert!(recomputed.compared.figures.iter().any(|figure| figure.path.contains("checks[redline_zones]")));
    // told by names and figures of the trade, in either language
    let zh = difference_sentences(&recomputed.compared, 60, Text::of(Language::Zh));
    assert!(zh.iter().any(|line| line.contains("生态保护红线") && line.contains("长广溪国家湿地公园")), "{zh:#?}");
    assert!(zh.iter().any(|line| line.contains("占用地：") || line.contains("没有")), "{zh:#?}");
    let en = difference_sentences(&recomputed.compared, 60, Text::of(Language::En));
    for line in zh.iter().chain(&en) {
        assert!(
            !["redline_zones", "overlap_m2", "checks[", "findings[", "null"].iter().any(|code| line.contains(code)),
            "{line}"
        );
    }
}

/// Every figure that can be told has a name in both languages.
#[test]
fn every_figure_of_an_answer_has_a_name() {
    let desk = Desk::new();
    let (west, south) = (120.262, 31.498);
    let made = desk.pdf(&[site(1, west, south, 0.01, 0.008, "industry")]);
    let other = Rulebook::default();
    let nothing = redline_atlas::atlas::Atlas { layers: Vec::new(), ..desk.atlas.clone() };
    let ground = Ground::new(&nothing);
    let told = verify(&made, Some(&AtHand { atlas: &nothing, ground: &ground, rulebook: &other })).at_hand.unwrap();
    assert!(told.compared.figures.len() > 300);
    for language in [Language::Zh, Language::En] {
        let names = &Text::of(language).report.verify.field;
        for figure in &told.compared.figures {
            let field = &figure.subject.field;
            let is_named =
                std::iter::successors(Some(field.as_str()), |rest| rest.split_once('.').map(|(_, rest)| rest));
            assert!(
                is_named.into_iter().any(|rest| names.contains_key(rest)),
                "{field} of {} has no name",
                figure.path
            );
        }
    }
}

#[test]
fn several_sites_with_parts_and_holes_make_one_document_in_either_language() {
    let desk = Desk::new();
    let mut holed = site(2, 120.30, 31.52, 0.01, 0.01, "road");
    let hole = Rect::new(Coord { x: 120.303, y: 31.523 }, Coord { x: 120.306, y: 31.526 }).to_polygon();
    let outer = holed.shape.0[0].exterior().clone();
    let far = Rect::new(Coord { x: 120.33, y: 31.52 }, Coord { x: 120.335, y: 31.525 }).to_polygon();
    holed.shape = MultiPolygon::new(vec![Polygon::new(outer, vec![hole.exterior().clone()]), far]);
    // outside of the city, and one that crosses itself
    let outside = site(3, 118.8, 32.1, 0.01, 0.01, "");
    let mut tangled = site(4, 120.5, 31.6, 0.01, 0.01, "housing");
    tangled.shape.0[0].exterior_mut(|ring| ring.0.swap(1, 2));
    let sites = [site(1, 120.262, 31.498, 0.01, 0.008, "housing"), holed, outside, tangled];
    for language in [Language::Zh, Language::En] {
        let made = desk.written(&sites, ReportFormat::Pdf, language);
        let told = verify(&made, None);
        assert!(told.holds(), "{told:?}");
        let text = Document::open(&made).unwrap().pages().unwrap().concat();
        assert!(sites.iter().all(|site| text.contains(&site.name)));
    }
}

#[test]
fn a_copy_without_coordinates_holds_none() {
    let desk = Desk::new();
    let sites = [site(1, 120.262_345, 31.498_765, 0.01, 0.008, "housing")];
    let screening = screen(&sites, &desk.ground, Rulebook::bundled(), &desk.question);
    let case = Case {
        sites: &sites,
        screening: &screening,
        atlas: &desk.atlas,
        ground: &desk.ground,
        rulebook: Rulebook::bundled(),
        question: &desk.question,
        cover: &Cover::default(),
        made: desk.question.as_of,
        shows_coordinates: false,
        language: Language::Zh,
    };
    let made = siting_report(&case).unwrap().bytes;
    let document = Document::open(&made).unwrap();
    let attached = document.attachments().unwrap();
    for place in ["120.262345", "31.498765"] {
        assert!(!document.pages().unwrap().concat().contains(place));
        assert!(attached.iter().all(|(_, bytes)| !String::from_utf8_lossy(bytes).contains(place)));
    }
    assert!(attached.iter().all(|(file, _)| !file.ends_with(".geojson") && !file.ends_with(".txt")));
    assert!(verify(&made, None).holds());
}

#[test]
fn what_is_no_report_ends_in_a_finding() {
    for bytes in [&b""[..], b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n9\n%%EOF\n", b"GIF89a", &[0xff; 4_096]] {
        let told = verify(bytes, None);
        assert!(!told.holds() && told.fault.is_some() && told.seal == Seal::Missing);
    }
}
