//! The window, driven by accessible names, and the pictures of its main screens.

mod belts;
mod figures;
mod keys;

use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use redline_atlas::atlas::{Atlas, Site, Theme};
use redline_atlas::desktop::App;
use redline_atlas::report::{Extent, SheetRequest};
use redline_atlas::siting::{Grade, Rulebook};
use redline_atlas::text::{Language, Text, fill};
use redline_atlas::workspace::{Appearance, Command, Edit, FlyTo, Navigate, OpenAs, Panel, Session, Task};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

pub(crate) static ATLAS: LazyLock<Arc<Atlas>> =
    LazyLock::new(|| Arc::new(redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas")));

/// One window at a time: a software renderer takes all cores anyway.
static TURN: Mutex<()> = Mutex::new(());

pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    _turn: std::sync::MutexGuard<'static, ()>,
}

impl Window {
    pub(crate) fn open(size: (f32, f32), scale: f32, session: Session) -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let harness = Harness::builder()
            .with_size(egui::vec2(size.0, size.1))
            .with_pixels_per_point(scale)
            .with_step_dt(1.0 / 20.0)
            .with_theme(egui::Theme::Light)
            .wgpu()
            .build_eframe(move |creation| {
                App::new(&creation.egui_ctx, creation.wgpu_render_state.as_ref(), ATLAS.clone(), session, false)
            });
        let mut window = Self { harness, _turn: turn };
        window.settle();
        window
    }

    /// Steps until nothing works in the background and the map rests.
    pub(crate) fn settle(&mut self) {
        let mut calm = 0;
        for _ in 0..20_000 {
            self.harness.step();
            calm = if self.app().is_busy() { 0 } else { calm + 1 };
            if calm > 8 {
                return;
            }
            std::thread::yield_now();
        }
        panic!("the window does not come to rest");
    }

    pub(crate) fn app(&self) -> &App {
        self.harness.state()
    }

    pub(crate) fn text(&self) -> &'static Text {
        self.app().workspace().text()
    }

    /// Clicks the first control of this name.
    pub(crate) fn click(&mut self, name: &str) {
        let found = self.harness.query_all_by_label(name).find(|node| node.accesskit_node().role() != Role::Label);
        found.unwrap_or_else(|| panic!("no control “{name}” in\n{}", self.words().join("\n"))).click();
        self.settle();
    }

    /// Clicks the last control of this name: the one in front.
    pub(crate) fn click_front(&mut self, name: &str) {
        let mut found = Vec::from_iter(self.harness.query_all_by_label(name));
        found.retain(|node| node.accesskit_node().role() != Role::Label);
        found.last().unwrap_or_else(|| panic!("no control “{name}”")).click();
        drop(found);
        self.settle();
    }

    /// Scrolls to a control and clicks it.
    pub(crate) fn reach(&mut self, name: &str) {
        let found = self.harness.query_all_by_label(name).find(|node| node.accesskit_node().role() != Role::Label);
        found.unwrap_or_else(|| panic!("no control “{name}”")).scroll_to_me();
        self.settle();
        self.click(name);
    }

    /// Writes into a field in place of what is there.
    pub(crate) fn enter(&mut self, field: &str, words: &str) {
        self.click_front(field);
        self.key(Modifiers::COMMAND, Key::A);
        self.write(words);
        self.settle();
    }

    pub(crate) fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    pub(crate) fn write(&mut self, words: &str) {
        self.harness.event(egui::Event::Text(words.to_owned()));
        self.settle();
    }

    /// Everything that is written in the window.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        for node in self.harness.query_all_by(|_| true) {
            let node = node.accesskit_node();
            words.extend(node.label().filter(|label| !label.is_empty()));
            words.extend(node.value().filter(|value| !value.is_empty()));
        }
        words
    }

    #[track_caller]
    pub(crate) fn says(&self, sentence: &str) {
        let words = self.words();
        assert!(words.iter().any(|said| said.contains(sentence)), "“{sentence}” is not in\n{}", words.join("\n"));
    }

    /// Where a place is on the screen.
    pub(crate) fn place(&self, at: (f64, f64)) -> egui::Pos2 {
        let canvas = self.harness.get_by_label(&self.text().map.name).rect();
        let seen = self.app().visible_area().expect("a map");
        let mercator = |latitude: f64| (latitude.to_radians() / 2.0 + std::f64::consts::FRAC_PI_4).tan().ln();
        let x = (at.0 - seen.min().x) / seen.width();
        let top = mercator(seen.max().y);
        let y = (top - mercator(at.1)) / (top - mercator(seen.min().y));
        canvas.min + egui::vec2(x as f32 * canvas.width(), y as f32 * canvas.height())
    }

    pub(crate) fn click_map(&mut self, at: (f64, f64)) {
        let place = self.place(at);
        self.harness.hover_at(place);
        self.harness.drag_at(place);
        self.harness.drop_at(place);
        self.settle();
    }

    /// Brings a place to the middle, near enough to draw there.
    pub(crate) fn go(&mut self, (x, y): (f64, f64)) {
        let to = FlyTo::Place(geo::Coord { x, y }, Some(15.0));
        self.app().send(Command::Navigate(Navigate::Fly(to)));
        self.settle();
    }

    pub(crate) fn show(&mut self, screen: Screen) {
        let app = self.app();
        let navigate = |step: Navigate| app.send(Command::Navigate(step));
        match screen {
            Screen::Browse => {
                navigate(Navigate::Select(Vec::new()));
                navigate(Navigate::Fly(FlyTo::Home));
                navigate(Navigate::Show(Panel::Feature));
            }
            Screen::Identify => {
                let place = inside_zone("national");
                self.go(place);
                self.click_map(place);
            }
            Screen::Water => {
                let (river, feature) = ATLAS.find(Theme::Rivers, "WX-R-017").expect("a river");
                navigate(Navigate::Select(vec![river]));
                navigate(Navigate::Show(Panel::Water));
                navigate(Navigate::Fly(FlyTo::Area(feature.bounds().expect("a course"))));
            }
            Screen::Waters => navigate(Navigate::Show(Panel::Waters)),
            Screen::Siting => {
                let place = edge_of_zone();
                self.go(place);
                if self.app().workspace().project().sites.is_empty() {
                    let ring: geo::LineString = corners(place).into_iter().collect();
                    let shape = geo::MultiPolygon::new(vec![geo::Polygon::new(ring, Vec::new())]);
                    let site = Site { name: "示例项目".into(), shape, kind: "industry".into(), ..Site::default() };
                    self.app().send(Command::Edit(Edit::AddSite(Box::new(site))));
                }
                self.app().send(Command::Navigate(Navigate::Show(Panel::Siting)));
            }
            Screen::Targets => navigate(Navigate::Show(Panel::Targets)),
            Screen::Sheet => navigate(Navigate::Show(Panel::Sheet)),
            Screen::Import | Screen::OwnSystem => {
                let file = std::env::temp_dir().join("生态保护红线_示例.csv");
                std::fs::write(&file, IMPORTED).expect("a folder for passing files");
                self.harness.state_mut().import(vec![file]);
            }
        }
        self.settle();
        if matches!(screen, Screen::OwnSystem) {
            self.click(&self.text().import.own_system);
        }
    }

    pub(crate) fn picture(&mut self) -> image::RgbaImage {
        self.settle();
        self.harness.render().expect("a picture")
    }
}

pub(crate) fn laptop() -> Window {
    Window::open((1280.0, 720.0), 1.0, Session::default())
}

/// A place well inside the first zone of this tier, degrees.
pub(crate) fn inside_zone(tier: &str) -> (f64, f64) {
    use geo::InteriorPoint;
    let zones = ATLAS.layer(Theme::RedlineZones).expect("zones");
    let zone = zones.features().iter().find(|zone| zone.text("tier") == tier).expect("a zone");
    zone.shape.as_ref().and_then(InteriorPoint::interior_point).expect("a place inside").x_y()
}

/// A place on the outline of the first national zone, degrees.
fn edge_of_zone() -> (f64, f64) {
    use geo::CoordsIter;
    let zones = ATLAS.layer(Theme::RedlineZones).expect("zones");
    let zone = zones.features().iter().find(|zone| zone.text("tier") == "national").expect("a zone");
    zone.shape.as_ref().and_then(|shape| shape.exterior_coords_iter().next()).expect("an outline").x_y()
}

/// An empty folder of its own.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("redline-window-{}-{name}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// A rectangle of about 400 × 300 m around a place, corner by corner.
pub(crate) fn corners((x, y): (f64, f64)) -> [(f64, f64); 4] {
    let (dx, dy) = (0.002, 0.0015);
    [(x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy)]
}

#[test]
fn a_planner_finds_a_river_judges_a_site_and_takes_a_sheet_home() {
    let mut window = laptop();
    let text = window.text();

    // by initials
    window.key(Modifiers::COMMAND, Key::F);
    window.write("lxh");
    window.says("梁溪河");
    window.key(Modifiers::NONE, Key::Enter);
    let workspace = window.app().workspace();
    let river = workspace.selected().and_then(|key| workspace.atlas().feature(key)).expect("a river");
    assert_eq!(river.name(), "梁溪河");
    assert_eq!(workspace.session.panel, Panel::Water);

    // who answers for it, and how it is: the same as the command line says
    let id = river.id.clone();
    let card = window.app().derived().waters.iter().find(|water| water.id == id).expect("a summary");
    let chief = card.chiefs.first().expect("a chief").post.clone();
    window.says(&chief);
    window.says(&text.panel.water.now);
    window.says("Ⅲ类");
    window.says(&text.panel.example_notice);

    // a layer away and back
    let rivers = |window: &Window| {
        let states = &window.app().workspace().project().layers;
        states.iter().find(|state| state.theme == Theme::Rivers).expect("rivers").visible
    };
    let show = fill(&text.panel.layers.visible, &[("layer", text.common.theme(Theme::Rivers))]);
    assert!(rivers(&window));
    window.click(&show);
    assert!(!rivers(&window));
    window.key(Modifiers::COMMAND, Key::Z);
    assert!(rivers(&window));

    // a site in a national red line may not stand there
    let place = inside_zone("national");
    window.go(place);
    window.key(Modifiers::NONE, Key::Num2);
    for corner in corners(place) {
        window.click_map(corner);
    }
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(window.app().workspace().project().sites.len(), 1);
    window.click(&text.panel.siting.kind);
    let kind = Rulebook::bundled().kinds.iter().find(|kind| kind.code == "chemical").expect("a kind");
    window.click(&kind.zh);
    let verdict = window.app().derived().verdict.clone().expect("a verdict");
    assert_eq!(verdict.verdict, Grade::Prohibited);
    let finding = verdict.findings.first().expect("a finding");
    assert!((finding.overlap_m2 - verdict.area_m2).abs() < 1e-6 * verdict.area_m2);
    window.says(&text.panel.siting.grade["prohibited"]);
    window.says(&finding.name);
    window.says(&text.panel.siting.pre_check);

    // the same verdict follows while a corner is in the hand
    window.key(Modifiers::NONE, Key::Num4);
    let (from, to) = (corners(place)[2], (place.0 + 0.004, place.1 + 0.003));
    let (from, to) = (window.place(from), window.place(to));
    window.harness.hover_at(from);
    window.harness.drag_at(from);
    window.harness.hover_at(to);
    window.settle();
    let held = window.app().derived().verdict.clone().expect("a verdict");
    assert!(held.area_m2 > verdict.area_m2 * 1.3, "{} {}", held.area_m2, verdict.area_m2);
    window.harness.drop_at(to);
    window.settle();
    let dropped = window.app().derived().verdict.clone().expect("a verdict");
    assert_eq!(dropped.area_m2, held.area_m2);
    window.key(Modifiers::NONE, Key::Num1);

    // home on paper
    let folder = folder("sheet");
    let file = folder.join("图.pdf");
    window.key(Modifiers::COMMAND, Key::P);
    let field = window.harness.get_by_role_and_label(Role::TextInput, &text.sheet.panel.file);
    field.focus();
    window.settle();
    window.key(Modifiers::COMMAND, Key::A);
    window.write(&file.display().to_string());
    window.click(&text.sheet.panel.run);
    window.says(&fill(&text.bar.exported, &[("file", &file.display().to_string())]));
    let sheet = std::fs::read(&file).expect("the sheet");
    assert!(sheet.starts_with(b"%PDF") && sheet.len() > 20_000);
    std::fs::remove_dir_all(folder).expect("own folder");
}

#[test]
fn a_click_names_everything_under_it_and_tab_goes_on() {
    let mut window = laptop();
    let place = inside_zone("national");
    window.go(place);
    window.click_map(place);
    let session = &window.app().workspace().session;
    assert!(session.hits.len() >= 2, "{:?}", session.hits);
    assert_eq!(session.panel, Panel::Feature);
    let first = window.app().workspace().selected();
    window.app().send(Command::Navigate(Navigate::CycleHit(true)));
    window.settle();
    assert_ne!(window.app().workspace().selected(), first);
    window.key(Modifiers::NONE, Key::Escape);
    assert!(window.app().workspace().session.hits.is_empty());
}

#[test]
fn no_shortcut_fires_while_a_name_is_typed_or_composed() {
    let mut window = laptop();
    let before = window.app().workspace().session.tool;
    window.key(Modifiers::COMMAND, Key::F);
    window.harness.event(egui::Event::Ime(egui::ImeEvent::Preedit { text: "wu2xi".into(), active_range_chars: None }));
    window.settle();
    window.key(Modifiers::NONE, Key::Num2);
    assert_eq!(window.app().workspace().session.tool, before);
    window.harness.event(egui::Event::Ime(egui::ImeEvent::Commit("无锡".into())));
    window.settle();
    window.key(Modifiers::NONE, Key::Num2);
    assert_eq!(window.app().workspace().session.tool, before);
    window.says("无锡");
}

#[test]
fn what_is_pasted_is_judged_or_refused_with_a_sentence() {
    let mut window = laptop();
    let text = window.text();
    let [a, b, c, d] = corners(inside_zone("national")).map(|(x, y)| format!("[{x},{y}]"));
    let outline = format!(r#"{{"type":"Polygon","coordinates":[[{a},{b},{c},{d},{a}]]}}"#);
    window.harness.event(egui::Event::Paste(outline));
    window.settle();
    assert_eq!(window.app().workspace().project().sites.len(), 1);
    window.says(
        ATLAS
            .layer(Theme::RedlineZones)
            .expect("zones")
            .features()
            .iter()
            .find(|zone| zone.text("tier") == "national")
            .expect("a zone")
            .name(),
    );
    window.harness.event(egui::Event::Paste("会议纪要".into()));
    window.settle();
    window.says(&text.bar.clipboard);
    assert_eq!(window.app().workspace().project().sites.len(), 1, "nothing is lost");
}

#[test]
fn files_that_cannot_be_read_are_named_and_nothing_is_lost() {
    let mut window = laptop();
    let folder = folder("bad");
    let cases = [
        ("不是JSON.geojson", "{\"type\":".as_bytes()),
        ("空.geojson", b"".as_slice()),
        (
            "没有图形.geojson",
            br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}"#,
        ),
        ("坐标不对.geojson", br#"{"type":"Polygon","coordinates":[[[1e9,2],[3,"x"],[4,5],[1e9,2]]]}"#),
        ("图片.geojson", b"\x89PNG\r\n\x1a\n"),
    ];
    for (name, bytes) in cases {
        let file = folder.join(name);
        std::fs::write(&file, bytes).expect("own folder");
        window.app().send(Command::Run(Task::Open { files: vec![file], open_as: OpenAs::Sites }));
        window.settle();
        let notices = &window.app().workspace().notices;
        let told = notices.iter().any(|notice| notice.is_problem && notice.sentence.contains(name));
        assert!(told, "{name}: {notices:?}");
        window.says(name);
        assert!(window.app().workspace().project().sites.is_empty());
    }
    let missing = folder.join("没有.geojson");
    window.app().send(Command::Run(Task::Open { files: vec![missing], open_as: OpenAs::Sites }));
    window.settle();
    window.says("没有.geojson");

    // a folder that cannot be written into
    let area = window.app().visible_area().expect("a map");
    window.app().send(Command::Navigate(Navigate::Show(Panel::Sheet)));
    let request = SheetRequest {
        extent: Extent::Area(area),
        ..SheetRequest::new(Vec::new(), redline_atlas::storage::clock::today())
    };
    let file = folder.join("no such folder").join("a.pdf");
    window.app().send(Command::Run(Task::Export(Box::new(request), Some(file))));
    window.settle();
    window.says("a.pdf");
    assert!(window.app().workspace().notices.last().is_some_and(|notice| notice.is_problem));
    std::fs::remove_dir_all(folder).expect("own folder");
}

#[test]
fn the_offices_own_layer_takes_the_place_of_the_bundled_one_and_undo_brings_it_back() {
    let mut window = laptop();
    let folder = folder("own");
    let file = folder.join("红线.geojson");
    std::fs::write(
        &file,
        r#"{"type":"Polygon","coordinates":[[[120.2,31.5],[120.21,31.5],[120.21,31.51],[120.2,31.5]]]}"#,
    )
    .expect("own folder");
    let open_as = OpenAs::Layer(Theme::RedlineZones);
    window.app().send(Command::Run(Task::Open { files: vec![file], open_as }));
    window.settle();
    let zones = |window: &Window| -> Vec<usize> {
        window.app().workspace().atlas().layers_of(Theme::RedlineZones).map(|layer| layer.features().len()).collect()
    };
    assert_eq!(zones(&window), [1]);
    window.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(zones(&window), [36]);
    std::fs::remove_dir_all(folder).expect("own folder");
}

#[test]
fn a_file_of_the_command_line_is_added_whatever_its_name() {
    let mut window = laptop();
    let folder = folder("named");
    let file = folder.join("rivers.geojson");
    std::fs::write(&file, r#"{"type":"LineString","coordinates":[[120.2,31.5],[120.3,31.5]]}"#).expect("own folder");
    let before = window.app().workspace().atlas().layers.len();
    window.harness.state_mut().open(vec![file]);
    window.settle();
    let atlas = window.app().workspace().atlas();
    assert_eq!(atlas.layers.len(), before + 1);
    let rivers: Vec<usize> = atlas.layers_of(Theme::Rivers).map(|layer| layer.features().len()).collect();
    assert_eq!(rivers, [161]);
    // one that leaves something open is asked about
    let file = folder.join("平面.geojson");
    std::fs::write(&file, r#"{"type":"LineString","coordinates":[[528479.5,3494211.7],[528579.5,3494211.7]]}"#)
        .expect("own folder");
    window.harness.state_mut().open(vec![file]);
    window.settle();
    window.says("平面.geojson");
    window.says(&window.text().import.quality);
    let atlas = window.app().workspace().atlas();
    assert_eq!(atlas.layers.len(), before + 1);
    window.click_front(&window.text().import.import);
    window.settle();
    assert_eq!(window.app().workspace().atlas().layers.len(), before + 2);
    std::fs::remove_dir_all(folder).expect("own folder");
}

/// Zones in a table, as an office may have them: surveyor's X first, a bow tie, words of its own.
const IMPORTED: &str = "编号,红线名称,管控级别,WKT\n\
    1,示例湿地,国家级生态保护红线,\"POLYGON ((3494211 40528479,3494211 40529479,3495211 40529479,3495211 40528479,3494211 40528479))\"\n\
    2,示例林地,生态空间管控区域,\"POLYGON ((3504211 40518479,3505211 40519779,3504211 40519479,3505311 40518479,3504211 40518479))\"\n";

#[test]
fn a_file_is_looked_at_corrected_and_taken_in_as_a_theme() {
    let mut window = laptop();
    let folder = folder("import");
    let file = folder.join("数据.csv");
    std::fs::write(&file, encoding_rs::GBK.encode(IMPORTED).0).expect("own folder");
    window.harness.state_mut().import(vec![file.clone()]);
    window.settle();
    let words = &window.text().import;
    for said in ["EPSG:4528", "坐标次序颠倒", "边界自相交", "示例湿地", "GB18030", &words.map] {
        window.says(said);
    }
    window.click(&window.text().bar.as_theme);
    window.click_front(window.text().common.theme(Theme::RedlineZones));
    window.says("红线名称");
    window.click_front(&words.import);
    let zone = |window: &Window| {
        let atlas = window.app().workspace().atlas();
        let layer = atlas.layers_of(Theme::RedlineZones).next().expect("a layer").clone();
        (
            layer.features().len(),
            layer.features()[0].text("tier").to_owned(),
            layer.features()[0].text("name").to_owned(),
        )
    };
    assert_eq!(zone(&window), (2, "national".into(), "示例湿地".into()));
    window.key(Modifiers::COMMAND, Key::Z);
    // the next file of the kind is known again, and Enter is enough
    window.harness.state_mut().import(vec![file]);
    window.settle();
    window.says(&words.kept);
    window.key(Modifiers::NONE, Key::Enter);
    assert_eq!(zone(&window).1, "national");
    std::fs::remove_dir_all(folder).expect("own folder");
}

#[test]
fn points_of_a_web_map_are_put_right_before_they_are_taken_in() {
    let mut window = laptop();
    let folder = folder("shifted");
    let file = folder.join("取点.csv");
    std::fs::write(&file, "名称,经度,纬度\n示例点,120.3,31.57\n").expect("own folder");
    window.harness.state_mut().import(vec![file.clone()]);
    window.settle();
    let words = &window.text().import;
    window.click(&words.system);
    window.click(&format!("GCJ-02 {}", words.systems["GCJ-02"]));
    window.click(&words.import);
    let atlas = window.app().workspace().atlas().clone();
    let taken_in = atlas.layers_of(Theme::Other).last().expect("a layer");
    let at = taken_in.features()[0].bounds().expect("a place").min();
    // the shift here is about 436 m east and 211 m south
    let (east, north) = ((120.3 - at.x) * 94_900.0, (31.57 - at.y) * 110_900.0);
    assert!((400.0..480.0).contains(&east) && (-240.0..-180.0).contains(&north), "{east} {north}");
    // a system that is not known is refused and what was there stays
    window.harness.state_mut().import(vec![file]);
    window.settle();
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.app().workspace().notices.iter().any(|notice| notice.is_problem));
    std::fs::remove_dir_all(folder).expect("own folder");
}

#[test]
fn coordinates_of_the_offices_own_system_come_to_their_place() {
    let mut window = laptop();
    let folder = folder("own-system");
    let file = folder.join("地方坐标.csv");
    std::fs::write(&file, "名称,东坐标,北坐标\n示例点,28479.5007,94211.7549\n").expect("own folder");
    window.harness.state_mut().import(vec![file]);
    window.settle();
    let words = &window.text().import;
    window.click(&words.own_system);
    // leaving the form leaves the file where it is
    window.key(Modifiers::NONE, Key::Escape);
    window.says(&words.own_system);
    window.click(&words.own_system);
    for (field, typed) in
        [(&words.system_name, "本地"), (&words.four_figures[0], "abc"), (&words.four_figures[1], "500000")]
    {
        window.enter(field, typed);
    }
    window.click(&words.save_system);
    window.says(&words.own_system_wrong);
    window.enter(&words.four_figures[0], "3400000");
    window.click(&words.save_system);
    window.says("本地");
    window.click_front(&words.import);
    let atlas = window.app().workspace().atlas().clone();
    let taken_in = atlas.layers_of(Theme::Other).last().expect("a layer");
    let at = taken_in.features()[0].bounds().expect("a place").min();
    // EPSG:4549 by pyproj 3.7
    assert!((at.x - 120.30).abs() < 1e-8 && (at.y - 31.57).abs() < 1e-8, "{at:?}");
    std::fs::remove_dir_all(folder).expect("own folder");
}

#[test]
fn a_bow_tie_is_judged_with_its_fault_named() {
    let mut window = laptop();
    let [a, b, c, d] = corners(inside_zone("national")).map(|(x, y)| format!("[{x},{y}]"));
    let outline = format!(r#"{{"type":"Polygon","coordinates":[[{a},{c},{b},{d},{a}]]}}"#);
    window.harness.event(egui::Event::Paste(outline));
    window.settle();
    let words = &window.text().panel.siting;
    window.says(words.problem_kind.get("crosses_itself").expect("a word"));
}

/// The main screens as pictures; written where `REDLINE_PICTURES` names a folder, else only checked not to be blank.
#[test]
fn pictures_of_the_main_screens() {
    let folder = std::env::var_os("REDLINE_PICTURES").map(PathBuf::from);
    let sizes: &[((f32, f32), f32, &str)] = match &folder {
        Some(_) => &[((1280.0, 720.0), 1.0, ""), ((1280.0, 720.0), 2.0, "-2x")],
        None => &[((1280.0, 720.0), 1.0, "")],
    };
    for &(size, scale, suffix) in sizes {
        for (language, tongue) in [(Language::Zh, "zh"), (Language::En, "en")] {
            let mut session = Session::default();
            session.language = language;
            let mut window = Window::open(size, scale, session);
            for (appearance, look) in [(Appearance::Light, "light"), (Appearance::Dark, "dark")] {
                window.app().send(Command::Navigate(Navigate::Wear(appearance)));
                for screen in Screen::ALL {
                    window.show(screen);
                    let picture = window.picture();
                    let name = format!("{}-{tongue}-{look}{suffix}.png", screen.name());
                    let colours: std::collections::HashSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
                    assert!(colours.len() > 500, "{name} is nearly blank: {} colours", colours.len());
                    if let Some(folder) = &folder {
                        picture.save(folder.join(name)).expect("the folder can be written into");
                    }
                    // the form first, then the window that it belongs to
                    for _ in 0..screen.depth() {
                        window.key(Modifiers::NONE, Key::Escape);
                    }
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) enum Screen {
    Browse,
    Identify,
    Water,
    Waters,
    Siting,
    Targets,
    Sheet,
    Import,
    OwnSystem,
}

impl Screen {
    const ALL: [Screen; 9] = [
        Self::Browse,
        Self::Identify,
        Self::Water,
        Self::Waters,
        Self::Siting,
        Self::Targets,
        Self::Sheet,
        Self::Import,
        Self::OwnSystem,
    ];

    /// How many times Esc leads back to the map.
    fn depth(self) -> usize {
        match self {
            Self::Import => 1,
            Self::OwnSystem => 2,
            _ => 0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Browse => "browse",
            Self::Identify => "identify",
            Self::Water => "water",
            Self::Waters => "waters",
            Self::Siting => "siting",
            Self::Targets => "targets",
            Self::Sheet => "sheet",
            Self::Import => "import",
            Self::OwnSystem => "own-system",
        }
    }
}
