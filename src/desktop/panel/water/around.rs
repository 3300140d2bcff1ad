//! What lies around the water: up and down the stream, and beside it.

use super::go_to;
use crate::atlas::{Atlas, FeatureKey, Theme};
use crate::desktop::Commands;
use crate::desktop::panel::place_of;
use crate::desktop::theme::{self};
use crate::desktop::widget::{self, number};
use crate::text::fill;
use crate::waters::{Neighbour, WaterSummary};
use crate::workspace::{Derived, LiveWork, Navigate, Nearby, Workspace, nearby};
use egui::{RichText, Ui};
use std::sync::Arc;

/// What was found beside which water.
pub(super) type Found = (FeatureKey, Vec<Nearby>);

/// What lies beside the water, found on a thread.
#[derive(Debug, Default)]
pub(super) struct NearbyList {
    work: Option<LiveWork<(Arc<Atlas>, FeatureKey), Found>>,
    asked: Option<(usize, FeatureKey)>,
    found: Option<Found>,
}

/// Distance told, metres.
pub(super) const NEARBY: f64 = 500.0;

/// Things of a theme named; the rest is counted.
pub(super) const NAMED: usize = 6;

impl NearbyList {
    pub(super) fn show(&mut self, ui: &mut Ui, water: &WaterSummary, workspace: &Workspace, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.water;
        let atlas = workspace.atlas();
        let known = self.asked.filter(|(of, key)| {
            *of == Arc::as_ptr(atlas).addr() && atlas.feature(*key).is_some_and(|feature| feature.id == water.id)
        });
        let key = known.map(|(_, key)| key).or_else(|| atlas.find(water.theme, &water.id).map(|(key, _)| key));
        let Some(key) = key else { return };
        let asked = Some((Arc::as_ptr(atlas).addr(), key));
        if self.asked != asked {
            let context = ui.ctx().clone();
            let work = self.work.get_or_insert_with(|| {
                let find = |(atlas, key): (Arc<Atlas>, FeatureKey)| (key, nearby(&atlas, key, NEARBY));
                LiveWork::new(find, move || context.request_repaint())
            });
            work.ask((atlas.clone(), key));
            self.asked = asked;
            self.found = None;
        }
        if let Some(found) = self.work.as_ref().and_then(LiveWork::answer) {
            self.found = Some(found);
        }
        widget::section(ui, &words.nearby);
        let Some((_, found)) = self.found.as_ref().filter(|(of, _)| *of == key) else {
            ui.spinner();
            return;
        };
        if found.is_empty() {
            widget::remark(ui, &words.nothing_near);
        }
        for near in found.chunk_by(|a, b| a.theme == b.theme) {
            let Some(theme) = near.first().map(|near| near.theme) else { continue };
            widget::field_with(ui, text.common.theme(theme), |ui| {
                ui.horizontal_wrapped(|ui| {
                    for thing in near.iter().take(NAMED) {
                        let Some(feature) = atlas.feature(thing.key) else { continue };
                        let hint = number::distance(thing.distance_m, &text.panel);
                        if ui.link(feature.name()).on_hover_text(hint).clicked() {
                            commands.navigate(Navigate::Select(vec![thing.key]));
                            if let Some(to) = place_of(feature) {
                                commands.navigate(Navigate::Fly(to));
                            }
                        }
                    }
                    let rest = near.len().saturating_sub(NAMED);
                    if rest > 0 {
                        widget::remark(ui, &fill(&words.more_items, &[("n", &rest.to_string())]));
                    }
                });
            });
        }
    }
}

pub(super) fn show_neighbours(
    ui: &mut Ui,
    water: &WaterSummary,
    workspace: &Workspace,
    derived: &Derived,
    commands: &Commands,
) {
    let text = &workspace.text().panel;
    let words = &text.water;
    if water.theme != Theme::Rivers {
        return;
    }
    widget::section(ui, &words.neighbours);
    let mut show = |name: &str, neighbours: &[Neighbour], none: &str| {
        widget::narrow_field_with(ui, name, |ui| {
            if neighbours.is_empty() {
                ui.label(RichText::new(none).color(theme::palette(ui.visuals()).ink_faint));
            }
            ui.horizontal_wrapped(|ui| {
                for neighbour in neighbours {
                    let class = derived.water_class.get(&neighbour.id).copied();
                    let hint = number::class_word(class, text);
                    if ui.link(&neighbour.name).on_hover_text(hint).clicked() {
                        go_to(Theme::Rivers, &neighbour.id, workspace, commands);
                    }
                }
            });
        });
    };
    // Where no river is told, the words of the river itself say where it begins and ends.
    let feature = workspace.atlas().find(Theme::Rivers, &water.id).map(|(_, feature)| feature);
    let told = |field: &str, none: &str| match feature.map(|feature| feature.text(field)) {
        Some(place) if !place.is_empty() => place.to_string(),
        _ => none.to_string(),
    };
    show(&words.upstream, &water.upstream, &told("start", &words.no_upstream));
    show(&words.downstream, &water.downstream, &told("end", &words.no_downstream));
}
