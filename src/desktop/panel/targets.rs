//! The plan's targets against today: a strip of tiles, and a panel that says how each figure came about.

use crate::atlas::{Atlas, Feature, FeatureKey, ListKind, Theme};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::text::{PanelText, fill};
use crate::waters::{Comparison, NoValue, Target, WaterClass, WaterSummary};
use crate::workspace::{Derived, Edit, FlyTo, Navigate, Panel, Workspace};
use egui::{Label, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};

/// The plan's targets.
#[derive(Debug, Default)]
pub struct TargetsPanel {
    /// The target whose computation is shown.
    open: Option<&'static str>,
    /// What falls short, by target; found again when the revision changes.
    blockers: Vec<(&'static str, Vec<FeatureKey>)>,
    blockers_of: Option<(u64, usize)>,
}

/// In the strip, the most asked for first; as many as there is room for.
const STRIP: [&str; 7] = [
    "redline_share",
    "good_sections",
    "black_odour_cleared",
    "rivers_treated",
    "worse_than_fifth",
    "livestock_closed",
    "plots_safe",
];

const TILE: f32 = 148.0;

impl TargetsPanel {
    /// Draws the tiles in a row.
    pub fn show_strip(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
        let text = &workspace.text().panel;
        let Some(report) = &derived.targets else { return };
        let room = (ui.available_width() / (TILE + 4.0)).floor().max(0.0) as usize;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let targets = STRIP.iter().filter_map(|id| report.targets.iter().find(|target| target.id == *id));
            for target in targets.take(room) {
                if show_tile(ui, target, text).clicked() {
                    self.open = Some(target.id);
                    commands.navigate(Navigate::Show(Panel::Targets));
                }
            }
        });
    }

    /// Draws all targets, the chosen one with how it was computed.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.targets;
        let Some(report) = &derived.targets else {
            widget::empty(ui, &words.loading);
            return;
        };
        let of = (workspace.revision(), std::sync::Arc::as_ptr(report).addr());
        if self.blockers_of != Some(of) {
            let ids = report.targets.iter().map(|target| target.id);
            self.blockers = ids.map(|id| (id, blockers(id, workspace.atlas(), &derived.waters))).collect();
            self.blockers_of = Some(of);
        }
        widget::title(ui, &words.title);
        widget::remark(ui, &fill(&words.as_of, &[("day", &report.as_of.to_string())]));
        let worst = text.common.quality(report.data_quality);
        let notice = match report.data_quality {
            crate::atlas::Quality::Schematic => &text.common.schematic_notice,
            _ => worst,
        };
        widget::notice(ui, Tone::Attention, notice);
        ui.add_space(4.0);
        ScrollArea::vertical().id_salt("targets").auto_shrink([false, false]).show(ui, |ui| {
            for target in &report.targets {
                self.show_target(ui, target, workspace, commands);
            }
        });
    }

    fn show_target(&mut self, ui: &mut Ui, target: &Target, workspace: &Workspace, commands: &Commands) {
        let text = &workspace.text().panel;
        let words = &text.targets;
        let palette = theme::palette(ui.visuals());
        let is_open = self.open == Some(target.id);
        let (tone, state) = state_of(target, text);
        let card = widget::card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal(|ui| {
                widget::icon(ui, Icon::of(tone), palette.tone(tone), state);
                ui.add(Label::new(theme::bold(name_of(target, text))).truncate().selectable(false));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let value = RichText::new(value_of(target, target.value, text)).font(theme::bold_font(16.0));
                    ui.add(Label::new(value.color(palette.tone(tone))).selectable(false));
                });
            });
            show_bar(ui, target);
            let mut facts = vec![goal(target, text)];
            if let (Some(gap), Some(met)) = (target.gap, target.met) {
                let sentence = match (met, target.comparison) {
                    (true, _) => &words.ahead,
                    (false, Comparison::AtLeast) => &words.gap,
                    (false, Comparison::AtMost) => &words.over,
                };
                let gap = number::trimmed(gap.abs(), 2);
                if !(met && gap == "0") {
                    let gap = if target.unit == "percent" { fill(&words.points, &[("n", &gap)]) } else { gap };
                    facts.push(fill(sentence, &[("n", &gap)]));
                }
            }
            if let Some(reason) = target.reason {
                facts.push(reason_words(reason, text).to_string());
            }
            widget::remark(ui, &facts.join(" · "));
            if is_open {
                ui.add_space(2.0);
                widget::remark(ui, &format!("{}：{}", words.how, method_words(target, text)));
                self.show_blockers(ui, target, workspace, commands);
            }
        });
        let said = fill(
            &words.tile,
            &[
                ("name", name_of(target, text)),
                ("value", &value_of(target, target.value, text)),
                ("target", &goal(target, text)),
                ("state", state),
            ],
        );
        let answer = ui.interact(card.response.rect, ui.scope_id().with(("target", target.id)), Sense::click());
        answer.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_open, &said));
        if answer.hovered() {
            ui.painter().rect_stroke(
                card.response.rect,
                f32::from(theme::ROUND),
                egui::Stroke::new(1.0, palette.accent),
                egui::StrokeKind::Inside,
            );
        }
        if answer.clicked() {
            self.open = if is_open { None } else { Some(target.id) };
        }
    }

    fn show_blockers(&self, ui: &mut Ui, target: &Target, workspace: &Workspace, commands: &Commands) {
        let text = &workspace.text().panel;
        let Some((_, keys)) = self.blockers.iter().find(|(id, _)| *id == target.id) else { return };
        if keys.is_empty() {
            return;
        }
        let name = fill(&text.targets.show_blockers, &[("n", &keys.len().to_string())]);
        if widget::labelled_button(ui, Icon::ZoomTo, &name).clicked() {
            for key in keys.iter().take(1) {
                commands.edit(Edit::SetVisible(key.layer, true));
            }
            commands.navigate(Navigate::Select(keys.clone()));
            commands.navigate(Navigate::Show(Panel::Feature));
            commands.navigate(Navigate::Fly(FlyTo::Home));
        }
    }
}

/// What stands between today and the target, so that it can be seen on the map.
fn blockers(id: &str, atlas: &Atlas, waters: &[WaterSummary]) -> Vec<FeatureKey> {
    let of = |theme: Theme, is_short: &dyn Fn(&Feature) -> bool| -> Vec<FeatureKey> {
        let layers = atlas.layers_of(theme);
        layers
            .flat_map(|layer| {
                (0_u32..)
                    .zip(layer.features())
                    .filter(|(_, feature)| is_short(feature))
                    .map(|(index, _)| FeatureKey { layer: layer.id, index })
            })
            .collect()
    };
    let water = |id: &str| waters.iter().find(|water| water.id == id);
    let class = |section: &Feature| water(section.text("river"))?.current.as_ref()?.class;
    let is_national = |section: &Feature| section.text("level") == "national";
    match id {
        "good_sections" => {
            of(Theme::MonitoringSections, &|section| is_national(section) && class(section) > Some(WaterClass::Third))
        }
        "worse_than_fifth" => of(Theme::MonitoringSections, &|section| {
            is_national(section) && class(section) == Some(WaterClass::WorseThanFifth)
        }),
        "sections_meeting" => of(Theme::MonitoringSections, &|section| {
            let target = section.number("target_class").and_then(|number| WaterClass::from_number(number as i64));
            class(section).zip(target).is_some_and(|(class, target)| class > target)
        }),
        "rivers_treated" => of(Theme::Rivers, &|river| {
            let measures = water(&river.id).and_then(|water| water.duty.lists.get(&ListKind::Measures));
            measures.is_some_and(|list| list.total == 0 || list.open > 0)
        }),
        "black_odour_cleared" => of(Theme::BlackOdourWaters, &|water| water.text("status") != "long_term"),
        "livestock_closed" => of(Theme::Farms, &|farm| farm.text("required") == "close" && !farm.flag("done")),
        "livestock_renovated" => of(Theme::Farms, &|farm| farm.text("required") == "renovate" && !farm.flag("done")),
        "plots_safe" => of(Theme::ContaminatedPlots, &|plot| {
            let unsafe_yet = ["contaminated", "detailed", "listed", "controlling"];
            unsafe_yet.contains(&plot.text("status")) && !plot.value("planned_use").is_null()
        }),
        _ => Vec::new(),
    }
}

fn show_tile(ui: &mut Ui, target: &Target, text: &PanelText) -> egui::Response {
    let palette = theme::palette(ui.visuals());
    let (area, answer) = ui.allocate_exact_size(vec2(TILE, 36.0), Sense::click());
    let (tone, state) = state_of(target, text);
    let value = value_of(target, target.value, text);
    let goal = goal(target, text);
    let name = name_of(target, text);
    let said = fill(&text.targets.tile, &[("name", name), ("value", &value), ("target", &goal), ("state", state)]);
    answer.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
    let stroke = if answer.hovered() { palette.accent } else { palette.line };
    ui.painter().rect(
        area,
        f32::from(theme::ROUND),
        palette.raised,
        egui::Stroke::new(1.0, stroke),
        egui::StrokeKind::Inside,
    );
    let mark = Rect::from_center_size(pos2(area.left() + 13.0, area.top() + 10.5), vec2(12.0, 12.0));
    Icon::of(tone).paint(ui.painter(), mark, palette.tone(tone));
    let line = |words: RichText, width: f32, style: egui::TextStyle, ui: &Ui| {
        egui::WidgetText::from(words).into_galley(ui, Some(egui::TextWrapMode::Truncate), width, style)
    };
    let title = line(RichText::new(name).size(11.5), area.width() - 28.0, egui::TextStyle::Small, ui);
    ui.painter().galley(pos2(area.left() + 23.0, area.top() + 2.5), title, palette.ink_soft);
    let figure =
        line(RichText::new(&value).font(theme::bold_font(13.5)), area.width() * 0.5, egui::TextStyle::Body, ui);
    let width = figure.size().x;
    ui.painter().galley(pos2(area.left() + 8.0, area.bottom() - 18.5), figure, palette.tone(tone));
    let rest = line(RichText::new(goal).size(11.0), area.width() - width - 20.0, egui::TextStyle::Small, ui);
    let right = area.right() - 7.0 - rest.size().x;
    ui.painter().galley(pos2(right, area.bottom() - 16.5), rest, palette.ink_faint);
    answer.on_hover_text(said)
}

/// How far the value has come towards the target.
fn show_bar(ui: &mut Ui, target: &Target) {
    let Some(value) = target.value else { return };
    if target.comparison == Comparison::AtMost || target.target <= 0.0 {
        return;
    }
    let palette = theme::palette(ui.visuals());
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), 6.0), Sense::hover());
    let top = if target.unit == "percent" { 100.0 } else { target.target.max(value) };
    let x = |value: f64| area.left() + area.width() * ((value / top).clamp(0.0, 1.0) as f32);
    ui.painter().rect_filled(area, 3.0, palette.button);
    let tone = if target.met == Some(true) { Tone::Clear } else { Tone::Restricted };
    let done = Rect::from_min_max(area.min, pos2(x(value), area.bottom()));
    ui.painter().rect_filled(done, 3.0, palette.tone(tone).gamma_multiply(0.75));
    let mark = x(target.target).min(area.right() - 1.0);
    ui.painter().vline(mark, area.y_range().expand(2.0), egui::Stroke::new(2.0, palette.ink));
}

fn state_of<'a>(target: &Target, text: &'a PanelText) -> (Tone, &'a str) {
    match target.met {
        Some(true) => (Tone::Clear, &text.targets.met),
        Some(false) => (Tone::Restricted, &text.targets.unmet),
        None => (Tone::Unchecked, &text.targets.open),
    }
}

fn name_of<'a>(target: &'a Target, text: &'a PanelText) -> &'a str {
    text.targets.name.get(target.id).map_or(target.id, String::as_str)
}

fn value_of(target: &Target, value: Option<f64>, text: &PanelText) -> String {
    match value {
        None => "—".into(),
        Some(value) if target.unit == "percent" => fill(&text.targets.percent, &[("n", &number::grouped(value, 2))]),
        Some(value) => number::trimmed(value, 2),
    }
}

fn goal(target: &Target, text: &PanelText) -> String {
    let sentence = match target.comparison {
        Comparison::AtLeast => &text.targets.at_least,
        Comparison::AtMost => &text.targets.at_most,
    };
    let n = number::trimmed(target.target, 2);
    let n = if target.unit == "percent" { fill(&text.targets.percent, &[("n", &n)]) } else { n };
    fill(sentence, &[("n", &n)])
}

fn reason_words(reason: NoValue, text: &PanelText) -> &str {
    let code = match reason {
        NoValue::NoLayer => "no_layer",
        NoValue::NoCityArea => "no_city_area",
        NoValue::NoSamples => "no_samples",
        NoValue::NothingToCount => "nothing_to_count",
        NoValue::NeedsEarlierVersion => "needs_earlier_version",
        NoValue::OverlayFailed => "overlay_failed",
    };
    text.targets.reason.get(code).map_or(code, String::as_str)
}

fn method_words(target: &Target, text: &PanelText) -> String {
    let sentence = text.targets.method.get(target.how.code).map_or(target.how.code, String::as_str);
    let values: Vec<(&str, String)> =
        target.how.parameters.iter().map(|(name, value)| (*name, number::trimmed(*value, 2))).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(sentence, &values)
}

#[cfg(test)]
mod tests {
    use crate::text::{Language, Text};
    use crate::waters::targets;

    #[test]
    fn every_target_has_a_name_and_a_method_in_both_languages() {
        let manifest: crate::atlas::Manifest =
            toml::from_str("title = \"\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let day = manifest.as_of;
        let atlas = crate::atlas::Atlas { manifest, layers: vec![], governance: None };
        for language in [Language::Zh, Language::En] {
            let words = &Text::of(language).panel.targets;
            for target in targets(&atlas, day).targets {
                assert!(words.name.contains_key(target.id), "{} in {language:?}", target.id);
                assert!(words.method.contains_key(target.how.code), "{} in {language:?}", target.how.code);
            }
        }
    }
}
