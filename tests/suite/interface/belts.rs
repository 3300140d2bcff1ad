//! Statutory belts as layers of the window.

use super::{ATLAS, Window};
use egui_kittest::kittest::Queryable;
use redline_atlas::atlas::{Feature, Layer, LayerId, Source, Theme};
use redline_atlas::geometry::area;
use redline_atlas::workspace::{Command, Edit, Session};
use std::sync::Arc;

/// Title, whether it is shown, and square kilometres of each belt, as the project has them.
fn belts(window: &Window) -> Vec<(String, bool, f64)> {
    let project = window.app().workspace().project();
    let shown = project.layers.iter().filter(|state| state.theme == Theme::StatutoryBelts);
    let told = shown.map(|state| {
        let layer = project.atlas.layer_by_id(state.id).unwrap();
        let ground = layer.features()[0].shape.as_ref().unwrap();
        (layer.title.clone(), state.visible, area(ground).square_kilometres())
    });
    told.collect()
}

fn first_class(window: &Window) -> (String, bool, f64) {
    belts(window).into_iter().find(|(title, ..)| title == "太湖一级保护区").unwrap()
}

#[test]
fn belts_are_hidden_at_first_stay_as_shown_and_follow_the_rivers_there_and_back() {
    let mut window = Window::open((1280.0, 800.0), 1.0, Session::default());
    assert!(belts(&window).len() >= 8 && belts(&window).iter().all(|(_, shown, _)| !shown));
    assert!(!window.app().workspace().can_undo_redo().0, "belts are no step to be undone");
    assert!(window.words().iter().any(|words| words.contains("太湖一级保护区")));
    let (_, _, before) = first_class(&window);
    let id = {
        let project = window.app().workspace().project();
        let is_first =
            |id: &LayerId| project.atlas.layer_by_id(*id).is_some_and(|layer| layer.title == "太湖一级保护区");
        project.layers.iter().map(|state| state.id).find(is_first).unwrap()
    };
    window.app().send(Command::Edit(Edit::SetVisible(id, true)));
    window.settle();
    // only the shortest of the inflow rivers is left
    let rivers = ATLAS.layer(Theme::Rivers).unwrap();
    let few: Vec<Feature> = rivers.features().iter().filter(|river| river.name() == "八房港").cloned().collect();
    let ids = window.app().workspace().layer_ids();
    let layer =
        Layer::new(ids.next(), Theme::Rivers, "河道".into(), Source { sha256: "x".into(), ..Source::default() }, few);
    window.app().send(Command::Edit(Edit::AddLayer(Arc::new(layer))));
    window.settle();
    let (_, shown, after) = first_class(&window);
    assert!(shown && after < before - 50.0, "{before} {after}");
    window.app().send(Command::Undo);
    window.settle();
    let (_, shown, again) = first_class(&window);
    assert!(shown && (again - before).abs() < 1e-6, "{before} {again}");
    assert!(window.app().workspace().can_undo_redo().1, "what was undone can be done again");
    // the belts of the map answer no check
    let verdict_layers = window.app().workspace().atlas().layers.iter();
    assert!(verdict_layers.filter(|layer| layer.theme == Theme::StatutoryBelts).count() >= 8);
    assert!(window.harness.query_all_by_label("正在推算法定管控带").next().is_none());
}
