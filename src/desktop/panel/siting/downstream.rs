//! Where the water of the site goes: the receiving water, and what lies downstream, each a way to it on the map.

use super::SitingPanel;
use crate::atlas::{Atlas, FeatureKey, Theme};
use crate::desktop::Commands;
use crate::desktop::theme::Tone;
use crate::desktop::widget;
use crate::siting::{Downstream, Verdict};
use crate::text::{downstream, fill};
use crate::workspace::{FlyTo, Navigate, Workspace};
use egui::{ComboBox, Ui};

/// Distances offered, kilometres.
const REACHES: [f64; 5] = [2.0, 5.0, 10.0, 20.0, 50.0];

impl SitingPanel {
    pub(super) fn show_downstream(&self, ui: &mut Ui, workspace: &Workspace, verdict: &Verdict, commands: &Commands) {
        let text = workspace.text();
        let words = &text.downstream;
        widget::section(ui, &words.title);
        show_choice(ui, workspace, commands);
        let Some(answer) = &verdict.downstream else {
            widget::remark(ui, &words.none);
            return;
        };
        if let Some(hint) = downstream::discharge_sentence(answer, text) {
            widget::notice(ui, Tone::Attention, &hint);
        }
        let atlas = workspace.atlas();
        let mut lines = downstream::water_sentences(answer, text).into_iter();
        if let Some(water) = lines.next() {
            link(ui, &water, find(atlas, &[answer.water.theme], &answer.water.id), workspace, commands);
        }
        lines.for_each(|line| {
            ui.add(egui::Label::new(line).wrap());
        });
        for line in downstream::reach_sentences(answer, text) {
            ui.add(egui::Label::new(line).wrap());
        }
        for section in &answer.sections {
            let line = downstream::section_sentence(answer, section, text);
            link(ui, &line, find(atlas, &[Theme::MonitoringSections], &section.id), workspace, commands);
        }
        for source in &answer.water_sources {
            let line = downstream::source_sentence(answer, source, text);
            link(ui, &line, find_source(atlas, &source.id), workspace, commands);
        }
        if answer.sections.is_empty() && answer.water_sources.is_empty() {
            widget::remark(ui, &words.nothing);
        }
        show_mouths(ui, answer, workspace, commands);
        widget::remark(ui, &downstream::data_sentence(answer, text));
    }
}

fn show_choice(ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
    let words = &workspace.text().downstream;
    let named = |km: f64| fill(&words.km_choice, &[("km", &widget::number::trimmed(km, 1))]);
    widget::field_with(ui, &words.choose, |ui| {
        let chosen = workspace.session.downstream_km;
        let combo = ComboBox::from_id_salt("downstream").selected_text(named(chosen)).show_ui(ui, |ui| {
            for km in REACHES {
                let is_chosen = (chosen - km).abs() < 0.05;
                if ui.selectable_label(is_chosen, named(km)).clicked() {
                    commands.navigate(Navigate::SetDownstream(km));
                }
            }
        });
        combo.response.accessible_name(&words.choose);
    });
}

fn show_mouths(ui: &mut Ui, answer: &Downstream, workspace: &Workspace, commands: &Commands) {
    let atlas = workspace.atlas();
    let of = |id: &str| find(atlas, &[Theme::Lakes, Theme::Yangtze, Theme::Rivers], id);
    let name = |id: &str| of(id).and_then(|key| atlas.feature(key)).map_or(id, |water| water.name()).to_owned();
    let mouths = answer.outlets.iter().filter_map(|outlet| outlet.into.as_deref());
    for (line, id) in downstream::mouth_sentences(answer, name, workspace.text()).iter().zip(mouths) {
        link(ui, line, of(id), workspace, commands);
    }
}

fn find(atlas: &Atlas, themes: &[Theme], id: &str) -> Option<FeatureKey> {
    themes.iter().find_map(|theme| atlas.find(*theme, id)).map(|(key, _)| key)
}

/// The intake of a water source, else any part of it.
fn find_source(atlas: &Atlas, group: &str) -> Option<FeatureKey> {
    let layer = atlas.layer(Theme::WaterSources)?;
    let of_group = || {
        let numbered = (0..).zip(layer.features());
        numbered.filter(|(_, feature)| feature.text("group") == group || feature.id == group)
    };
    let intake = of_group().find(|(_, feature)| feature.text("level") == "intake").or_else(|| of_group().next());
    intake.map(|(index, _)| FeatureKey { layer: layer.id, index })
}

/// A line that selects a thing and shows it, where it is in the atlas.
fn link(ui: &mut Ui, line: &str, key: Option<FeatureKey>, workspace: &Workspace, commands: &Commands) {
    let Some(key) = key else {
        ui.add(egui::Label::new(line).wrap());
        return;
    };
    if ui.add(egui::Link::new(line)).clicked() {
        let panel = workspace.session.panel;
        commands.navigate(Navigate::Select(vec![key]));
        commands.navigate(Navigate::Show(panel));
        if let Some(bounds) = workspace.atlas().feature(key).and_then(|feature| feature.bounds()) {
            commands.navigate(Navigate::Fly(FlyTo::Area(bounds)));
        }
    }
}
