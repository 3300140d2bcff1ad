//! Where instead and the compliance surface in the window.

use super::interface::{Window, corners, inside_zone, laptop};
use geo::BoundingRect;
use redline_atlas::atlas::Site;
use redline_atlas::siting::Grade;
use redline_atlas::text::{Language, elsewhere};
use redline_atlas::workspace::{Appearance, Command, Edit, FlyTo, Navigate, Panel, Session, SurfaceChoice};
use std::path::PathBuf;

/// A site of 400 × 300 m in a red line.
fn with_site(window: &mut Window) {
    let place = inside_zone("national");
    window.go(place);
    let ring: geo::LineString = corners(place).into_iter().collect();
    let shape = geo::MultiPolygon::new(vec![geo::Polygon::new(ring, Vec::new())]);
    let site = Site { name: "示例项目".into(), shape, kind: "housing".into(), ..Site::default() };
    window.app().send(Command::Edit(Edit::AddSite(Box::new(site))));
    window.app().send(Command::Navigate(Navigate::Show(Panel::Siting)));
    window.settle();
}

fn grade(window: &Window) -> Grade {
    window.app().derived().verdict.as_ref().expect("a verdict").verdict
}

#[test]
fn a_project_in_a_red_line_is_moved_to_the_nearest_clear_place_and_back() {
    let mut window = laptop();
    with_site(&mut window);
    assert_eq!(grade(&window), Grade::Prohibited);
    let text = window.text();
    window.reach(&text.elsewhere.find);
    let found = window.app().derived().elsewhere.clone().expect("an answer");
    let candidates = &found.found.as_ref().expect("places").candidates;
    assert_eq!(candidates.len(), 3);
    window.says(&elsewhere::step(1, &candidates[0], text));
    let before = window.app().workspace().project().sites[0].site.shape.clone();
    window.reach(&text.elsewhere.take);
    let after = window.app().workspace().project().sites[0].site.shape.clone();
    assert_eq!(after, candidates[0].shape);
    assert!(grade(&window) > Grade::Restricted, "{:?}", grade(&window));
    window.says(&text.elsewhere.changed);
    window.app().send(Command::Undo);
    window.settle();
    assert_eq!(window.app().workspace().project().sites[0].site.shape, before);
    assert_eq!(grade(&window), Grade::Prohibited);
}

#[test]
fn a_persons_word_about_a_finding_leaves_the_places_as_they_are() {
    use redline_atlas::atlas::{Override, Ruling};
    let mut window = laptop();
    with_site(&mut window);
    let text = window.text();
    window.reach(&text.elsewhere.find);
    let (id, finding) = {
        let verdict = window.app().derived().verdict.clone().expect("a verdict");
        (window.app().workspace().session.site.expect("a site"), verdict.findings[0].clone())
    };
    let word = Override {
        theme: finding.theme.clone(),
        layer: finding.layer_title.clone(),
        feature_id: finding.feature_id.clone(),
        rule: finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default(),
        overlap_m2: finding.overlap_m2,
        consequence: Ruling::Restricted,
        author: "示例".into(),
        reason: "示例".into(),
        date: "2026-11-25".parse().expect("a day"),
    };
    window.app().send(Command::Edit(Edit::Override(id, Box::new(word))));
    window.settle();
    assert!(!window.app().workspace().project().sites[0].site.overrides.is_empty());
    assert!(!window.words().iter().any(|said| said.contains(&text.elsewhere.changed)));
}

#[test]
fn the_surface_follows_a_setback() {
    let mut window = laptop();
    with_site(&mut window);
    let survey = |window: &mut Window, metres: f64| {
        let setbacks = [("redline_zones".to_owned(), metres)].into();
        let choice = SurfaceChoice { kind: "housing".into(), setbacks, ..SurfaceChoice::default() };
        window.app().send(Command::Navigate(Navigate::Survey(Some(Box::new(choice)))));
        window.settle();
        let derived = window.app().derived();
        assert!(derived.surface.is_some());
        derived.left.as_ref().expect("ground left").districts.iter().map(|part| part.usable_ha).sum::<f64>()
    };
    let (near, far) = (survey(&mut window, 0.0), survey(&mut window, 800.0));
    assert!(far < near && far > 0.5 * near, "{near} {far}");
    window.app().send(Command::Navigate(Navigate::Survey(None)));
    window.settle();
    assert!(window.app().derived().surface.is_none());
}

/// Written where `REDLINE_PICTURES` names a folder, else only checked not to be blank.
#[test]
fn pictures_of_where_instead_and_of_the_surface() {
    let folder = std::env::var_os("REDLINE_PICTURES").map(PathBuf::from);
    let languages: &[(Language, &str)] = match &folder {
        Some(_) => &[(Language::Zh, "zh"), (Language::En, "en")],
        None => &[(Language::Zh, "zh")],
    };
    for &(language, tongue) in languages {
        let mut session = Session::default();
        session.language = language;
        let mut window = Window::open((1280.0, 720.0), 1.0, session);
        with_site(&mut window);
        let find = window.text().elsewhere.find.clone();
        window.reach(&find);
        let found = window.app().derived().elsewhere.clone().expect("an answer");
        let shapes = &found.found.as_ref().expect("places").candidates;
        let there = shapes.iter().filter_map(|place| place.shape.bounding_rect());
        let area = there.reduce(|one, other| {
            let low = (one.min().x.min(other.min().x), one.min().y.min(other.min().y));
            geo::Rect::new(low, (one.max().x.max(other.max().x), one.max().y.max(other.max().y)))
        });
        window.app().send(Command::Navigate(Navigate::Fly(FlyTo::Area(area.expect("places")))));
        for (appearance, look) in [(Appearance::Light, "light"), (Appearance::Dark, "dark")] {
            window.app().send(Command::Navigate(Navigate::Wear(appearance)));
            for (screen, choice) in [("elsewhere", None), ("surface", Some(Box::new(SurfaceChoice::default())))] {
                window.app().send(Command::Navigate(Navigate::Survey(choice)));
                let picture = window.picture();
                let colours: std::collections::HashSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
                assert!(colours.len() > 500, "{screen} is nearly blank");
                if let Some(folder) = &folder {
                    let name = format!("{screen}-{tongue}-{look}.png");
                    picture.save(folder.join(name)).expect("the folder can be written into");
                }
            }
        }
    }
}
