//! Rules in the window: the rule book with packs of the office, the day of judgement and its comparison, the questions for
//! limited activities, words against computed consequences.

use super::interface::{Window, inside_zone};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use redline_atlas::atlas::Site;
use redline_atlas::geometry::geo;
use redline_atlas::siting::{Grade, Verdict};
use redline_atlas::text::{Language, fill};
use redline_atlas::workspace::{Appearance, Command, Edit, FlyTo, Navigate, Panel, Session, Task};
use std::path::PathBuf;

fn around((x, y): (f64, f64)) -> geo::MultiPolygon {
    let ring: geo::LineString =
        [(x - 0.001, y - 0.001), (x + 0.001, y - 0.001), (x + 0.001, y + 0.001), (x - 0.001, y + 0.001)]
            .into_iter()
            .collect();
    geo::MultiPolygon::new(vec![geo::Polygon::new(ring, Vec::new())])
}

/// A window with one project well inside a zone of this tier.
fn judging(tier: &str, kind: &str, session: Session) -> Window {
    let appearance = session.appearance;
    let mut window = Window::open((1280.0, 720.0), 1.0, session);
    // the harness begins light
    window.app().send(Command::Navigate(Navigate::Wear(Appearance::Light)));
    window.settle();
    window.app().send(Command::Navigate(Navigate::Wear(appearance)));
    let place = inside_zone(tier);
    let (name, kind) = ("示例项目".to_owned(), kind.to_owned());
    let site = Site { id: "1".into(), name, kind, shape: around(place), ..Site::default() };
    window.app().send(Command::Edit(Edit::AddSite(Box::new(site))));
    window.app().send(Command::Navigate(Navigate::Show(Panel::Siting)));
    let (x, y) = place;
    let area = geo::Rect::new(geo::Coord { x: x - 0.004, y: y - 0.003 }, geo::Coord { x: x + 0.004, y: y + 0.003 });
    window.app().send(Command::Navigate(Navigate::Fly(FlyTo::Area(area))));
    window.settle();
    window
}

fn verdict(window: &Window) -> &Verdict {
    window.app().derived().verdict.as_ref().expect("a verdict")
}

/// Presses a control that may be scrolled out of sight, and shows it.
fn press(window: &mut Window, name: &str) {
    for shows in [true, false] {
        let found = window.harness.query_all_by_label(name).find(|node| node.accesskit_node().role() != Role::Label);
        let node = found.unwrap_or_else(|| panic!("no control “{name}” in\n{}", window.words().join("\n")));
        if shows {
            node.scroll_to_me();
        } else {
            node.click_accesskit();
        }
        window.settle();
    }
}

/// Keeps a picture where `REDLINE_PICTURES` names a folder.
fn keep(window: &mut Window, name: &str) {
    if let Some(folder) = std::env::var_os("REDLINE_PICTURES").map(PathBuf::from) {
        window.picture().save(folder.join(format!("rules-{name}.png"))).expect("the folder can be written into");
    }
}

const PACK: &str = "[pack]\nid = \"office\"\nversion = \"2026-11\"\ntitle = \"示例规则包\"\ntitle_en = \"Example pack\"\n\
    [[rule]]\nid = \"office-1\"\ntheme = \"redline_zones\"\ntext = \"示例条文\"\ntext_en = \"Example\"\n\
    source = \"示例文件\"\nnote = \"示例\"\nconfidence = \"text\"\nconsequence = \"attention\"\n";

#[test]
fn the_rule_book_is_looked_at_and_packs_of_the_office_come_and_go() {
    let mut window = judging("national", "road", Session::default());
    let words = &window.text().rules.panel;
    window.click(&words.rulebook);
    window.says(&fill(&words.all_packs, &[("n", &window.app().workspace().rulebook().rules.len().to_string())]));
    window.says(&words.no_own_packs);
    window.says("苏政发〔2013〕113号");
    keep(&mut window, "book");
    window.click(&words.only_idle);
    window.says(&words.state_ended);
    keep(&mut window, "book-idle");
    window.click(&words.close);
    let file = std::env::temp_dir().join(format!("redline-office-{}.toml", std::process::id()));
    std::fs::write(&file, PACK).expect("a folder for passing files");
    window.app().send(Command::Run(Task::OpenRules(vec![file.clone()])));
    window.settle();
    let finding = verdict(&window).of_theme("redline_zones").next().expect("a finding");
    assert!(finding.further_rules.iter().any(|rule| rule.id == "office-1"), "the pack of the office judges at once");
    assert_eq!(window.app().workspace().session.rule_packs, std::slice::from_ref(&file));
    window.click(&fill(&words.rulebook_own, &[("n", "1")]));
    window.says("示例规则包");
    keep(&mut window, "book-own");
    // a file that has broken is told with its line and stays listed
    std::fs::write(&file, PACK.replace("redline_zones", "moon")).expect("a folder for passing files");
    window.app().send(Command::Run(Task::OpenRules(vec![file.clone()])));
    window.settle();
    window.says("第 6 行");
    keep(&mut window, "book-broken");
    window.click(&fill(&words.drop_pack, &[("file", &file.display().to_string())]));
    assert!(window.app().workspace().session.rule_packs.is_empty());
    let _ = std::fs::remove_file(file);
}

#[test]
fn the_day_of_judgement_is_typed_shown_and_compared() {
    let mut window = judging("control", "housing", Session::default());
    let words = &window.text().rules.panel;
    window.enter(&words.as_of, "2026年3月1日");
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(verdict(&window).as_of.to_string(), "2026-03-01");
    window.says(&fill(&words.other_day, &[("day", "2026-03-01")]));
    window.says(&fill(&words.days, &[("as_of", "2026-03-01"), ("valid_until", "2026-05-30")]));
    window.enter(&words.compare_with, "2026-02-28");
    window.key(Modifiers::NONE, Key::Enter);
    let comparison = window.app().derived().comparison.clone().expect("a comparison");
    assert_eq!(comparison.compare_with.to_string(), "2026-02-28");
    window.says("原依据 江苏省生态空间管控区域规划(苏政发〔2020〕1号)");
    window.says("现依据 江苏省生态空间管控区域管理办法(苏政办规〔2026〕1号)");
    keep(&mut window, "compare");
    window.enter(&words.as_of, "2026-02-30");
    window.says(&words.bad_day);
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(verdict(&window).as_of.to_string(), "2026-03-01", "a day that is none changes nothing");
    window.click(&words.no_compare);
    assert!(window.app().derived().comparison.is_none());
    window.click(&words.today);
    assert_eq!(window.app().workspace().session.as_of, None);
}

#[test]
fn the_questions_end_in_a_kind_and_a_document_by_keys_alone() {
    let mut window = judging("national", "road", Session::default());
    let words = &window.text().rules.panel;
    window.says(&words.not_asked);
    press(&mut window, &words.ask);
    window.says(&words.no_finding);
    window.key(Modifiers::NONE, Key::B);
    keep(&mut window, "inquiry");
    window.key(Modifiers::NONE, Key::Backspace);
    for key in [Key::B, Key::F, Key::A, Key::A] {
        window.key(Modifiers::NONE, key);
    }
    let named = verdict(&window).limited_activity.clone().expect("a kind");
    assert_eq!((named.kind, named.answers.len()), (6, 4));
    assert_eq!(verdict(&window).verdict, Grade::Restricted);
    window.says("本工具不作认定");
    keep(&mut window, "inquiry-end");
    window.key(Modifiers::COMMAND, Key::Z);
    assert!(verdict(&window).limited_activity.is_none(), "the answer is an edit and can be undone");
    // none of the ten: the road is forbidden
    press(&mut window, &words.ask);
    for key in [Key::B, Key::L, Key::B] {
        window.key(Modifiers::NONE, key);
    }
    assert_eq!(verdict(&window).limited_activity.as_ref().map(|named| named.kind), Some(0));
    assert_eq!(verdict(&window).verdict, Grade::Prohibited);
    press(&mut window, &words.forget);
    assert_eq!(verdict(&window).verdict, Grade::Restricted);
}

#[test]
fn a_consequence_is_overridden_with_author_and_reason_and_the_computed_one_stays() {
    let mut window = judging("national", "housing", Session::default());
    let words = &window.text().rules.panel;
    assert_eq!(verdict(&window).verdict, Grade::Prohibited);
    press(&mut window, &words.override_it);
    window.says(&words.both_needed);
    press(&mut window, &words.keep_override);
    assert!(verdict(&window).verdict_with_overrides.is_none(), "without author and reason nothing is kept");
    window.enter(&words.author, "示例人员");
    window.enter(&words.reason, "实地核界在线外");
    keep(&mut window, "override-form");
    press(&mut window, &words.keep_override);
    assert_eq!(verdict(&window).verdict, Grade::Prohibited);
    let with = verdict(&window).verdict_with_overrides.expect("a verdict with overrides");
    assert!(with > Grade::Prohibited);
    window.says(&fill(&words.computed, &[("consequence", "禁止")]));
    window.says("实地核界在线外");
    keep(&mut window, "override");
    window.key(Modifiers::COMMAND, Key::Z);
    assert!(verdict(&window).verdict_with_overrides.is_none());
    window.key(Modifiers::COMMAND, Key::Y);
    press(&mut window, &words.withdraw);
    assert!(verdict(&window).verdict_with_overrides.is_none());
}

#[test]
fn what_does_not_apply_and_the_wording_are_unfolded() {
    for (language, appearance, name) in
        [(Language::Zh, Appearance::Light, "applying-zh-light"), (Language::En, Appearance::Dark, "applying-en-dark")]
    {
        let mut session = Session::default();
        (session.language, session.appearance) = (language, appearance);
        let mut window = judging("national", "housing", session);
        let idle = redline_atlas::text::rules::not_applied_sentences(verdict(&window), window.text());
        let words = &window.text().rules.panel;
        press(&mut window, &fill(&words.not_applied, &[("n", &idle.len().to_string())]));
        window.says(idle.first().expect("something does not apply"));
        press(&mut window, &words.wording);
        window.says(if language == Language::Zh {
            "示例项目用地范围(面积"
        } else {
            "the site of 示例项目"
        });
        keep(&mut window, name);
    }
}
