//! Drawing and shaping sites in the window: typed figures, corners, parts and holes, snapping, undo.

use super::interface::{ATLAS, Window, inside_zone, laptop};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use redline_atlas::atlas::Theme;
use redline_atlas::geometry::geo::{Coord, MultiPolygon};
use redline_atlas::geometry::{Ends, Form, distance};
use redline_atlas::text::fill;
use redline_atlas::workspace::{Command, Edit, Navigate, SiteState};

/// Where nothing is near: the middle of these tests' map.
const FREE: (f64, f64) = (120.06, 31.40);

fn site(window: &Window) -> &SiteState {
    let workspace = window.app().workspace();
    let id = workspace.session.site.expect("a current site");
    workspace.project().site(id).expect("a site")
}

fn area(window: &Window) -> f64 {
    window.app().derived().verdict.as_ref().expect("a verdict").area_m2
}

fn around((x, y): (f64, f64), dx: f64, dy: f64) -> [(f64, f64); 4] {
    [(x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy)]
}

/// The same key again only after a frame, as a hand would.
fn tool(window: &mut Window, key: Key) {
    window.key(Modifiers::NONE, key);
}

fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    press(window, from);
    move_to(window, to);
    release(window, to);
}

fn press(window: &mut Window, at: Pos2) {
    window.harness.hover_at(at);
    window.harness.drag_at(at);
    window.harness.step();
}

fn move_to(window: &mut Window, to: Pos2) {
    window.harness.hover_at(to);
    window.settle();
}

fn release(window: &mut Window, at: Pos2) {
    window.harness.drop_at(at);
    window.settle();
}

fn polygon(window: &mut Window, corners: &[(f64, f64)]) {
    tool(window, Key::Num2);
    for corner in corners {
        window.click_map(*corner);
    }
    tool(window, Key::Enter);
}

fn type_enter(window: &mut Window, field: &str, words: &str) {
    window.enter(field, words);
    tool(window, Key::Enter);
}

fn exterior(window: &Window) -> Vec<Coord> {
    site(window).site.shape.0[0].exterior().0.clone()
}

#[test]
fn a_rectangle_has_its_typed_sides_and_the_panel_changes_them_and_undo_brings_them_back() {
    let mut window = laptop();
    let words = &window.text().shaping;
    window.go(FREE);
    tool(&mut window, Key::Num3);
    window.enter(&words.width, "120");
    window.enter(&words.height, "80");
    window.click_map(FREE);
    window.harness.hover_at(window.place((FREE.0 + 0.003, FREE.1 + 0.002)));
    window.settle();
    // judged while it hangs on the pointer
    assert!((area(&window) - 9_600.0).abs() < 0.1, "{}", area(&window));
    window.click_map((FREE.0 + 0.003, FREE.1 + 0.002));
    let Some(Form::Rectangle { width, height, bearing, .. }) = site(&window).form else { panic!("no rectangle") };
    assert_eq!((width, height, bearing), (120.0, 80.0, 0.0));
    let first = exterior(&window).into_iter().map(|at| distance(at, Coord { x: FREE.0, y: FREE.1 }));
    assert!(first.fold(f64::INFINITY, f64::min) < 2.0, "the clicked corner stays");

    type_enter(&mut window, &words.width, "150");
    assert!((area(&window) - 12_000.0).abs() < 0.1, "{}", area(&window));
    type_enter(&mut window, &words.bearing, "30");
    assert!(matches!(site(&window).form, Some(Form::Rectangle { bearing: 30.0, .. })));
    type_enter(&mut window, &words.width, "-4");
    assert!(matches!(site(&window).form, Some(Form::Rectangle { width: 150.0, .. })), "refused, nothing is lost");
    window.key(Modifiers::COMMAND, Key::Z);
    window.key(Modifiers::COMMAND, Key::Z);
    assert!((area(&window) - 9_600.0).abs() < 0.1, "{}", area(&window));
    window.key(Modifiers::COMMAND, Key::Y);
    assert!((area(&window) - 12_000.0).abs() < 0.1);
}

#[test]
fn corners_are_typed_put_in_and_taken_out_in_a_table_and_a_form_set_free_is_said() {
    let mut window = laptop();
    let words = &window.text().shaping;
    window.go(FREE);
    tool(&mut window, Key::Num3);
    window.enter(&words.width, "400");
    window.enter(&words.height, "300");
    window.click_map(FREE);
    window.click_map((FREE.0 + 0.005, FREE.1 + 0.005));
    let before = exterior(&window);
    window.click(&words.outline);
    let field = format!("J1 {}", words.north);
    let shown =
        window.harness.get_by_role_and_label(Role::TextInput, &field).accesskit_node().value().expect("a number");
    let north: f64 = shown.parse().expect("a number");
    type_enter(&mut window, &field, &format!("{:.3}", north - 50.0));
    let after = exterior(&window);
    assert!((distance(before[0], after[0]) - 50.0).abs() < 0.01 && after[0].y < before[0].y);
    assert_eq!(before[1..4], after[1..4], "the others stay to the last digit");
    assert_eq!(site(&window).form, None);
    let name = site(&window).site.name.clone();
    window.says(&fill(&words.freed, &[("name", &name), ("form", &words.rectangle)]));

    window.click(&format!("J2 {}", words.insert_corner));
    assert_eq!(exterior(&window).len(), 6);
    window.click(&format!("J3 {}", words.remove_corner));
    assert_eq!(exterior(&window), after);
    window.click(&format!("J1 {}", words.remove_corner));
    window.click(&format!("J1 {}", words.remove_corner));
    window.says(&words.at_least_three);
    assert_eq!(exterior(&window).len(), 4, "a triangle stays one");
    type_enter(&mut window, &field, "abc");
    window.says(&fill(&words.not_a_number, &[("typed", "abc")]));
    for _ in 0..4 {
        window.key(Modifiers::COMMAND, Key::Z);
    }
    assert!(matches!(site(&window).form, Some(Form::Rectangle { .. })), "the figures come back with undo");
    assert_eq!(exterior(&window), before);
}

#[test]
fn a_road_keeps_its_line_and_width_and_a_well_its_radius() {
    let mut window = laptop();
    let words = &window.text().shaping;
    window.go(FREE);
    tool(&mut window, Key::Num9);
    window.enter(&words.corridor_width, "30");
    window.click(&words.ends_round);
    for at in [(FREE.0 - 0.004, FREE.1), (FREE.0, FREE.1 + 0.002), (FREE.0 + 0.004, FREE.1)] {
        window.click_map(at);
    }
    tool(&mut window, Key::Enter);
    let Some(form @ Form::Corridor { width, ends, .. }) = site(&window).form.clone() else { panic!("no corridor") };
    assert_eq!((width, ends), (30.0, Ends::Round));
    let caps = std::f64::consts::PI * 15.0 * 15.0;
    assert!((area(&window) / (form.axis_length() * 30.0 + caps) - 1.0).abs() < 2e-3, "{}", area(&window));
    type_enter(&mut window, &words.corridor_width, "60");
    assert!(matches!(site(&window).form, Some(Form::Corridor { width: 60.0, .. })));

    // the line bends by its own points
    let Some(Form::Corridor { line, .. }) = site(&window).form.clone() else { panic!() };
    let (from, to) = (window.place((line.0[1].x, line.0[1].y)), window.place((FREE.0, FREE.1 - 0.002)));
    drag(&mut window, from, to);
    let Some(Form::Corridor { line: bent, .. }) = site(&window).form.clone() else { panic!("no corridor any more") };
    assert!(bent.0.len() == 3 && bent.0[1].y < line.0[1].y - 0.003);

    tool(&mut window, Key::Num8);
    window.enter(&words.radius, "50");
    window.click_map((FREE.0, FREE.1 + 0.004));
    assert!(matches!(site(&window).form, Some(Form::Circle { radius: 50.0, .. })));
    assert!((area(&window) / (std::f64::consts::PI * 2_500.0) - 1.0).abs() < 2e-3);
    assert_eq!(window.app().workspace().project().sites.len(), 2);
}

#[test]
fn a_point_is_typed_by_coordinates_or_by_length_and_bearing() {
    let mut window = laptop();
    let words = &window.text().shaping;
    window.go(FREE);
    tool(&mut window, Key::Num2);
    // EPSG:4528 of 120.06, 31.40 by pyproj 3.7
    for typed in ["120.06, 31.40", "200@90", "150@0"] {
        type_enter(&mut window, &words.corner_field, typed);
    }
    type_enter(&mut window, &words.corner_field, "somewhere");
    window.says(&fill(&words.not_a_place, &[("typed", "somewhere")]));
    window.click_front(&window.text().map.finish);
    let ring = exterior(&window);
    assert_eq!(ring.len(), 4);
    let sides: Vec<f64> = ring.windows(2).map(|edge| distance(edge[0], edge[1])).collect();
    assert!((sides[0] - 200.0).abs() < 1e-3 && (sides[1] - 150.0).abs() < 1e-3, "{sides:?}");
}

#[test]
fn a_hole_is_cut_a_part_is_added_and_each_is_one_step() {
    let mut window = laptop();
    let words = &window.text().shaping;
    window.go(FREE);
    polygon(&mut window, &around(FREE, 0.003, 0.002));
    let whole = area(&window);
    tool(&mut window, Key::Num2);
    window.click(&words.purpose_hole);
    let hole = around(FREE, 0.001, 0.0007);
    for corner in &hole[..3] {
        window.click_map(*corner);
    }
    window.harness.hover_at(window.place(hole[3]));
    window.settle();
    // the verdict is that of the site with its hole, before the hand lets go
    assert!(area(&window) < whole && area(&window) > whole * 0.8, "{} of {whole}", area(&window));
    window.click_map(hole[3]);
    tool(&mut window, Key::Enter);
    let shape = |window: &Window| -> MultiPolygon { site(window).site.shape.clone() };
    assert_eq!((shape(&window).0.len(), shape(&window).0[0].interiors().len()), (1, 1));
    let holed = area(&window);
    tool(&mut window, Key::Num2);
    window.click(&words.purpose_part);
    for corner in around((FREE.0, FREE.1 + 0.004), 0.001, 0.0007) {
        window.click_map(corner);
    }
    tool(&mut window, Key::Enter);
    assert_eq!(shape(&window).0.len(), 2);
    assert!(area(&window) > holed);
    assert_eq!(window.app().workspace().project().sites.len(), 1);
    window.key(Modifiers::COMMAND, Key::Z);
    assert!((area(&window) - holed).abs() < 1e-6);
    window.key(Modifiers::COMMAND, Key::Z);
    assert!((area(&window) - whole).abs() < 1e-6);
    // what would leave nothing is refused
    tool(&mut window, Key::Num2);
    window.click(&words.purpose_hole);
    for corner in around(FREE, 0.0045, 0.003) {
        window.click_map(corner);
    }
    tool(&mut window, Key::Enter);
    window.says(&words.nothing_left);
    assert!((area(&window) - whole).abs() < 1e-6);
}

#[test]
fn the_pointer_snaps_to_a_corner_of_a_zone_and_not_while_alt_is_held() {
    use redline_atlas::geometry::geo::CoordsIter;
    let mut window = laptop();
    let zones = ATLAS.layer(Theme::RedlineZones).expect("zones");
    let zone = zones.features().iter().find(|zone| zone.text("tier") == "national").expect("a zone");
    let corner = zone.shape.as_ref().and_then(|shape| shape.exterior_coords_iter().next()).expect("a corner");
    window.go((corner.x, corner.y));
    let app = window.app();
    app.send(Command::Navigate(Navigate::Fly(redline_atlas::workspace::FlyTo::Place(corner, Some(17.0)))));
    window.settle();
    let beside = window.place((corner.x, corner.y)) + egui::vec2(5.0, -4.0);
    tool(&mut window, Key::Num2);
    for modifiers in [Modifiers::NONE, Modifiers::ALT] {
        window.harness.event(egui::Event::ModifiersChanged(modifiers));
        window.harness.hover_at(beside);
        window.harness.drag_at(beside);
        window.harness.drop_at(beside);
        window.settle();
        window.harness.event(egui::Event::ModifiersChanged(Modifiers::NONE));
        for away in [(120.0, 10.0), (100.0, 90.0)] {
            let at = beside + egui::vec2(away.0, away.1);
            window.harness.hover_at(at);
            window.harness.drag_at(at);
            window.harness.drop_at(at);
            window.settle();
        }
        tool(&mut window, Key::Enter);
        let is_there = exterior(&window).contains(&corner);
        assert_eq!(is_there, modifiers == Modifiers::NONE, "{modifiers:?}");
        tool(&mut window, Key::Num2);
    }
}

#[test]
fn the_whole_is_moved_turned_and_scaled_by_hand_and_by_numbers_one_step_each() {
    let mut window = laptop();
    let words = &window.text().shaping;
    window.go(FREE);
    polygon(&mut window, &around(FREE, 0.002, 0.0015));
    let (before, whole) = (exterior(&window), area(&window));
    let middle = window.place(FREE);

    drag(&mut window, middle, middle + egui::vec2(60.0, -30.0));
    let moved = exterior(&window);
    assert!(distance(moved[0], before[0]) > 100.0);
    assert!((area(&window) / whole - 1.0).abs() < 1e-6, "{} {whole}", area(&window));
    window.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(exterior(&window), before);

    // the round handle stands above the middle of the site
    let top = window.place((FREE.0, FREE.1 + 0.0015)) - egui::vec2(0.0, 38.0);
    press(&mut window, top);
    move_to(&mut window, middle + egui::vec2(200.0, 0.0));
    assert!((area(&window) / whole - 1.0).abs() < 1e-5, "the verdict follows while it turns");
    release(&mut window, middle + egui::vec2(200.0, 0.0));
    let turned = exterior(&window);
    assert!(turned != before);
    window.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(exterior(&window), before);

    window.click(&words.outline);
    type_enter(&mut window, &words.turn, "90");
    assert!((area(&window) / whole - 1.0).abs() < 1e-5);
    let wide = |ring: &[Coord]| {
        let x = ring.iter().map(|at| at.x);
        x.clone().fold(f64::NEG_INFINITY, f64::max) - x.fold(f64::INFINITY, f64::min)
    };
    assert!(wide(&exterior(&window)) < wide(&before));
    type_enter(&mut window, &words.stretch, "2");
    assert!((area(&window) / whole - 4.0).abs() < 1e-4);
    type_enter(&mut window, &words.target_area, "10000");
    assert!((area(&window) - 10_000.0).abs() < 0.5, "{}", area(&window));
    for _ in 0..3 {
        window.key(Modifiers::COMMAND, Key::Z);
    }
    assert_eq!(exterior(&window), before);
}

#[test]
fn corners_are_pulled_out_deleted_and_a_crossing_is_told_and_kept() {
    let mut window = laptop();
    let text = window.text();
    window.go(FREE);
    let corners = around(FREE, 0.002, 0.0015);
    polygon(&mut window, &corners);
    // the middle of the southern edge becomes a corner
    let south = window.place((FREE.0, FREE.1 - 0.0015));
    drag(&mut window, south, south + egui::vec2(0.0, 40.0));
    assert_eq!(exterior(&window).len(), 6);
    window.harness.hover_at(south + egui::vec2(0.0, 40.0));
    window.settle();
    window.key(Modifiers::NONE, Key::Backspace);
    assert_eq!(exterior(&window).len(), 5);
    // a corner across the opposite edge: said at once, kept when the hand lets go, undone in one step
    let before = exterior(&window);
    let (from, to) = (window.place(corners[0]), window.place((FREE.0 + 0.001, FREE.1 + 0.004)));
    press(&mut window, from);
    move_to(&mut window, to);
    let verdict = window.app().derived().verdict.clone().expect("a verdict");
    assert!(verdict.problems.iter().any(|problem| problem.kind == "crosses_itself"), "{:?}", verdict.problems);
    release(&mut window, to);
    assert_ne!(exterior(&window), before);
    window.says(&text.panel.siting.problem_kind["crosses_itself"]);
    window.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(exterior(&window), before);
    // Esc gives back what is in the hand
    press(&mut window, from);
    move_to(&mut window, to);
    window.key(Modifiers::NONE, Key::Escape);
    release(&mut window, to);
    assert_eq!(exterior(&window), before);
}

#[test]
fn undo_while_drawing_takes_back_corners_and_leaves_the_project_alone() {
    let mut window = laptop();
    window.go(FREE);
    polygon(&mut window, &around(FREE, 0.002, 0.0015));
    tool(&mut window, Key::Num2);
    window.click_map((FREE.0 + 0.003, FREE.1 + 0.003));
    window.click_map((FREE.0 + 0.004, FREE.1 + 0.003));
    window.key(Modifiers::COMMAND, Key::Z);
    window.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.app().workspace().project().sites.len(), 1);
    window.key(Modifiers::COMMAND, Key::Z);
    assert!(window.app().workspace().project().sites.is_empty());
}

#[test]
fn coordinates_lines_and_tables_are_pasted_as_sites_in_one_step() {
    let mut window = laptop();
    let text = window.text();
    let words = &text.shaping;
    let paste = |window: &mut Window, pasted: &str| {
        window.harness.event(egui::Event::Paste(pasted.to_owned()));
        window.settle();
    };
    // EPSG:4528 by pyproj 3.7: 120.30, 31.57 and two more corners
    paste(
        &mut window,
        "点号\tX\tY\nJ1\t3494211.755\t40528479.501\nJ2\t3494211.755\t40528679.501\nJ3\t3494411.755\t40528679.501",
    );
    let at = exterior(&window)[0];
    assert!(distance(at, Coord { x: 120.30, y: 31.57 }) < 0.001, "{at:?}");
    assert!((area(&window) - 20_000.0).abs() < 2.0);
    paste(&mut window, "120.1,31.5\n120.2,31.5\n120.2\n120.1,31.6");
    window.says(&fill(&words.line_unread, &[("n", "3"), ("line", "120.2")]));
    paste(&mut window, "LINESTRING (120.30 31.57, 120.31 31.57)");
    assert!(matches!(site(&window).form, Some(Form::Corridor { .. })));
    let count = |window: &Window| window.app().workspace().project().sites.len();
    assert_eq!(count(&window), 2);
    let square = |x: f64| format!("POLYGON (({x} 31.5,{} 31.5,{} 31.51,{x} 31.5))", x + 0.01, x + 0.01);
    let table = format!("名称\tWKT\n甲\t{}\n乙\t{}\n丙\t{}", square(120.0), square(120.1), square(120.2));
    paste(&mut window, &table);
    assert_eq!(count(&window), 5);
    assert_eq!(site(&window).site.name, "丙");
    window.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(count(&window), 2, "a table is one step");
}

#[test]
fn a_site_placed_elsewhere_is_judged_there() {
    let mut window = laptop();
    let place = inside_zone("national");
    window.go(place);
    let form = Form::Circle { centre: Coord { x: place.0, y: place.1 }, radius: 40.0 };
    let shape = form.shape().expect("a circle");
    let site = redline_atlas::atlas::Site { name: "示例".into(), shape, ..Default::default() };
    window.app().send(Command::Edit(Edit::AddSites(vec![(site, Some(form))])));
    window.settle();
    let id = window.app().workspace().session.site.expect("a site");
    let inside = window.app().derived().verdict.clone().expect("a verdict");
    assert!(inside.findings.iter().any(|finding| finding.theme == "redline_zones" || finding.overlap_m2 > 0.0));
    let form = Form::Circle { centre: Coord { x: FREE.0, y: FREE.1 }, radius: 40.0 };
    window.app().send(Command::Edit(Edit::DefineSite(id, form)));
    window.settle();
    let outside = window.app().derived().verdict.clone().expect("a verdict");
    assert!(outside.findings != inside.findings);
}

#[test]
fn the_table_of_corners_follows_a_corner_in_the_hand() {
    let mut window = laptop();
    let words = &window.text().shaping;
    window.go(FREE);
    polygon(&mut window, &around(FREE, 0.003, 0.002));
    window.click(&words.outline);
    let field = format!("J1 {}", words.north);
    let shown = |window: &Window| {
        let cell = window.harness.get_by_role_and_label(Role::TextInput, &field);
        cell.accesskit_node().value().expect("a number")
    };
    let before = shown(&window);
    tool(&mut window, Key::Num4);
    let corner = exterior(&window)[0];
    let from = window.place((corner.x, corner.y));
    press(&mut window, from);
    move_to(&mut window, from + egui::vec2(-20.0, 24.0));
    let held = shown(&window);
    assert_ne!(held, before);
    release(&mut window, from + egui::vec2(-20.0, 24.0));
    assert_eq!(shown(&window), held);
}

#[test]
fn a_kind_is_found_by_typing_and_the_map_stays_where_it_is() {
    let mut window = laptop();
    let text = window.text();
    window.go(FREE);
    polygon(&mut window, &around(FREE, 0.003, 0.002));
    window.says(&text.panel.siting.kind_missing);
    let seen = window.app().visible_area();
    window.click(&text.panel.siting.kind);
    window.write("zhuzhai");
    window.key(Modifiers::NONE, Key::ArrowDown);
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(site(&window).site.kind, "housing");
    assert_eq!(window.app().visible_area(), seen);
    // the list of another field, which takes no typing
    window.click(&text.panel.siting.land_use);
    window.key(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(window.app().visible_area(), seen);
    window.key(Modifiers::NONE, Key::Escape);
}

#[test]
fn a_feature_taken_as_a_project_keeps_its_kind_and_its_class() {
    let mut window = laptop();
    let text = window.text();
    let folder = super::interface::folder("kind");
    let file = folder.join("plots.geojson");
    let plot = r#"{"type":"Feature","properties":{"名称":"示例地块","类型":"住宅"},"geometry":{"type":"Polygon","coordinates":[[[120.06,31.40],[120.063,31.40],[120.063,31.402],[120.06,31.402],[120.06,31.40]]]}}"#;
    std::fs::write(&file, plot).expect("own folder");
    window.harness.state_mut().open(vec![file]);
    window.settle();
    let key = {
        let atlas = window.app().workspace().atlas();
        let layer = atlas.layers.iter().find(|layer| layer.theme == Theme::Other).expect("the layer");
        redline_atlas::atlas::FeatureKey { layer: layer.id, index: 0 }
    };
    window.app().send(Command::Navigate(Navigate::Select(vec![key])));
    window.app().send(Command::Navigate(Navigate::Show(redline_atlas::workspace::Panel::Feature)));
    window.settle();
    window.click(&text.panel.feature.check_site);
    let project = site(&window).site.clone();
    assert_eq!((project.name.as_str(), project.kind.as_str()), ("示例地块", "housing"));
    assert_eq!(project.land_use, Some(redline_atlas::atlas::LandUse::First));
    std::fs::remove_dir_all(folder).expect("own folder");
}
