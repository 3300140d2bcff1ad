//! The window of imports by the keyboard alone, and a reading that is stopped.

use super::*;

impl Window {
    /// Name of what has the keyboard.
    fn focused(&self) -> String {
        let found = self.harness.query_all_by(|node| node.is_focused());
        let mut names = found.filter_map(|node| node.accesskit_node().label());
        names.next_back().unwrap_or_default()
    }

    /// Goes on with Tab to a control.
    #[track_caller]
    fn tab_to(&mut self, name: &str) {
        for _ in 0..60 {
            if self.focused() == name {
                return;
            }
            self.key(Modifiers::NONE, Key::Tab);
        }
        panic!("Tab does not come to “{name}”");
    }

    /// Begins an import and gives the keyboard time to come to it.
    fn begin(&mut self, file: &std::path::Path) {
        self.harness.state_mut().import(vec![file.to_owned()]);
        self.settle();
    }
}

#[test]
fn a_file_is_taken_in_without_the_mouse() {
    let mut window = laptop();
    let folder = folder("keys");
    let file = folder.join("数据.csv");
    std::fs::write(&file, encoding_rs::GBK.encode(IMPORTED).0).expect("own folder");
    window.begin(&file);
    let words = &window.text().import;
    // the button that takes it in has the keyboard first; every control comes once, then the first again
    assert_eq!(window.focused(), words.import);
    let mut passed = Vec::new();
    loop {
        window.key(Modifiers::NONE, Key::Tab);
        let name = window.focused();
        if name == words.import {
            break;
        }
        assert!(passed.len() < 60, "Tab does not come back: {passed:?}");
        passed.push(name);
    }
    let expected = [
        &words.cancel,
        &words.as_sites,
        &words.as_layer,
        &window.text().bar.as_theme,
        &words.system,
        &words.apply,
        &words.own_system,
        &words.order,
        &words.encoding,
        &words.problems,
        &words.rows,
    ];
    let places: Vec<Option<usize>> = expected.iter().map(|name| passed.iter().position(|seen| seen == *name)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{passed:?} {places:?}");
    assert!(!passed.iter().any(String::is_empty), "a stop without a name: {passed:?}");
    // backwards as well
    window.key(Modifiers::SHIFT, Key::Tab);
    assert_eq!(window.focused(), words.rows);
    // up and down choose from a list without unfolding it
    window.tab_to(&window.text().bar.as_theme);
    window.key(Modifiers::NONE, Key::Home);
    window.says(window.text().common.theme(Theme::ATLAS[0]));
    let place = Theme::ATLAS.iter().position(|theme| *theme == Theme::RedlineZones).expect("a theme");
    for _ in 0..place {
        window.key(Modifiers::NONE, Key::ArrowDown);
    }
    assert_eq!(window.focused(), window.text().bar.as_theme);
    window.says("红线名称");
    // another system is tried and read at once, then the automatic one again
    window.tab_to(&words.system);
    window.key(Modifiers::NONE, Key::ArrowDown);
    window.says("EPSG:4490");
    window.key(Modifiers::NONE, Key::ArrowUp);
    window.says(&format!("{}: EPSG:4528", words.automatic));
    // Enter unfolds a list, Esc folds it and leaves the file where it is
    window.tab_to(&words.encoding);
    window.key(Modifiers::NONE, Key::Enter);
    window.says("UTF-16LE");
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.words().iter().any(|said| said.contains("UTF-16LE")));
    window.says(&words.own_system);
    window.tab_to(&words.rows);
    window.key(Modifiers::NONE, Key::ArrowDown);
    window.key(Modifiers::NONE, Key::ArrowDown);
    assert_eq!(window.focused(), words.rows);
    window.key(Modifiers::COMMAND, Key::Enter);
    let zones: Vec<usize> =
        window.app().workspace().atlas().layers_of(Theme::RedlineZones).map(|layer| layer.features().len()).collect();
    assert_eq!(zones, [2]);
    // Esc leaves the next one, which changes nothing
    window.begin(&file);
    let before = window.app().workspace().atlas().layers.len();
    window.key(Modifiers::NONE, Key::Escape);
    assert!(!window.words().contains(&words.own_system));
    assert_eq!(window.app().workspace().atlas().layers.len(), before);
    std::fs::remove_dir_all(folder).expect("own folder");
}

#[test]
fn the_reading_of_a_large_file_is_shown_and_stopped() {
    let mut window = laptop();
    let folder = folder("large");
    let file = folder.join("大文件.geojson");
    let point = |n: usize| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"n\":{n}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[120.{n},31]}}}}"
        )
    };
    let all: Vec<String> = (0..400_000).map(point).collect();
    std::fs::write(&file, format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", all.join(",")))
        .expect("own folder");
    window.harness.state_mut().import(vec![file]);
    let title = fill(&window.text().import.reading, &[("file", "大文件.geojson")]);
    let is_shown = |window: &Window| window.words().contains(&title);
    for _ in 0..2_000 {
        window.harness.step();
        if is_shown(&window) {
            break;
        }
    }
    assert!(is_shown(&window), "{:?}", window.words());
    window.harness.key_press(Key::Escape);
    window.harness.step();
    window.harness.step();
    assert!(!is_shown(&window));
    window.settle();
    assert!(!is_shown(&window) && window.app().workspace().notices.is_empty());
    std::fs::remove_dir_all(folder).expect("own folder");
}
