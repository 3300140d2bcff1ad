//! The river-chief card: who answers for a water, how it is against its target, what is to be done and what is late.

mod around;
mod duty;
mod quality;

use self::around::{NearbyList, show_neighbours};
use self::duty::show_chiefs;
use self::quality::{Drawn, show_odour};
use super::place_of;
use crate::atlas::{ChiefLevel, FeatureKey, ListKind, Theme};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::text::{PanelText, fill};
use crate::waters::{Change, Light, LightReason};
use crate::waters::{WaterClass, WaterSummary};
use crate::workspace::{Derived, Navigate, Panel, Workspace};
use egui::{Label, RichText, ScrollArea, Ui};

/// The river-chief card.
#[derive(Debug)]
pub struct WaterPanel {
    /// The water last shown; kept while something else is selected.
    water: Option<String>,
    list: ListKind,
    /// Code of the indicator in the chart; none for the class.
    indicator: Option<String>,
    shows_closed: bool,
    drawn: Option<Drawn>,
    nearby: NearbyList,
}

impl Default for WaterPanel {
    fn default() -> Self {
        Self {
            water: None,
            list: ListKind::Problems,
            indicator: None,
            shows_closed: false,
            drawn: None,
            nearby: NearbyList::default(),
        }
    }
}

impl WaterPanel {
    /// Draws the card of the selected water.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
        let words = &workspace.text().panel.water;
        if let Some(id) = selected_water(workspace) {
            if self.water.as_deref() != Some(id) {
                self.shows_closed = false;
            }
            self.water = Some(id.to_string());
        }
        let found = self.water.as_ref().and_then(|id| derived.waters.iter().find(|water| water.id == *id));
        let Some(water) = found else {
            widget::empty(ui, &words.empty);
            ui.vertical_centered(|ui| {
                if widget::labelled_button(ui, Icon::Water, &words.to_list).clicked() {
                    commands.navigate(Navigate::Show(Panel::Waters));
                }
            });
            return;
        };
        let record = workspace.atlas().governance.as_ref().and_then(|records| records.record(&water.id));
        ScrollArea::vertical().id_salt(&water.id).auto_shrink([false, false]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 3.0;
            show_head(ui, water, workspace, commands);
            show_chiefs(ui, water, &workspace.text().panel);
            self.show_quality(ui, water, derived, workspace.text());
            show_odour(ui, water, workspace.text());
            self.show_lists(ui, water, record, &workspace.text().panel);
            self.show_problems(ui, water, &workspace.text().panel);
            show_neighbours(ui, water, workspace, derived, commands);
            self.nearby.show(ui, water, workspace, commands);
            widget::section(ui, &words.documents);
            widget::remark(ui, &fill(&words.as_of, &[("day", &water.duty.as_of.to_string())]));
            widget::remark(ui, &workspace.text().panel.example_notice);
        });
    }
}

/// The id of the selected feature when it is a water.
fn selected_water(workspace: &Workspace) -> Option<&str> {
    let key = workspace.selected()?;
    let layer = workspace.atlas().layer_by_id(key.layer)?;
    let is_water = matches!(layer.theme, Theme::Rivers | Theme::BlackOdourWaters);
    Some(layer.feature(key.index).filter(|_| is_water)?.id.as_str())
}

/// Selects a water and flies to it.
pub fn go_to(theme: Theme, id: &str, workspace: &Workspace, commands: &Commands) -> Option<FeatureKey> {
    let (key, feature) = workspace.atlas().find(theme, id)?;
    commands.navigate(Navigate::Select(vec![key]));
    if let Some(to) = place_of(feature) {
        commands.navigate(Navigate::Fly(to));
    }
    Some(key)
}

fn show_head(ui: &mut Ui, water: &WaterSummary, workspace: &Workspace, commands: &Commands) {
    let text = workspace.text();
    let words = &text.panel.water;
    let palette = theme::palette(ui.visuals());
    ui.horizontal(|ui| {
        show_light(ui, water.light, &text.panel);
        ui.add(Label::new(RichText::new(&water.name).heading()).truncate());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if widget::icon_button(ui, Icon::ZoomTo, &text.panel.fly_to).clicked() {
                go_to(water.theme, &water.id, workspace, commands);
            }
        });
    });
    ui.horizontal_wrapped(|ui| {
        let class = water.current.as_ref().and_then(|current| current.class).map(WaterClass::number);
        ui.label(RichText::new(&words.now).small().color(palette.ink_soft));
        widget::class_badge(ui, class, &number::class_word(class, &text.panel));
        widget::icon(ui, Icon::Level, palette.ink_faint, "");
        ui.label(RichText::new(&words.target).small().color(palette.ink_soft));
        match water.target {
            Some(target) => {
                widget::class_badge(ui, Some(target.number()), &number::class_word(Some(target.number()), &text.panel))
            }
            None => widget::word_badge(ui, &words.no_target),
        };
        match water.meets {
            Some(true) => widget::tone_badge(ui, Tone::Clear, &words.meets),
            Some(false) => widget::tone_badge(ui, Tone::Prohibited, &words.fails),
            None => ui.label(""),
        };
        if let Some(trend) = &water.trend {
            let (icon, tone, word) = trend_of(trend.change, &text.panel);
            let of = |class: WaterClass| number::class_word(Some(class.number()), &text.panel);
            let hint = fill(&words.trend_hint, &[("after", &of(trend.after)), ("before", &of(trend.before))]);
            widget::icon(ui, icon, palette.tone(tone), "");
            ui.label(RichText::new(word).small().color(palette.tone(tone))).on_hover_text(hint);
        }
    });
    let mut facts = vec![text.common.theme(water.theme).to_string()];
    if water.theme == Theme::Rivers && !water.grade.is_empty() {
        facts.push(text.common.value("grade", &water.grade).to_string());
    }
    facts.push(water.id.clone());
    if !water.district.is_empty() {
        facts.push(water.district.clone());
    }
    if let Some(length) = water.length_km {
        facts.push(number::distance(length * 1_000.0, &text.panel));
    }
    if water.example {
        facts.push(text.common.field("example").to_string());
    }
    widget::remark(ui, &facts.join(" · "));
    let reasons: Vec<String> = water.light_reasons.iter().map(|reason| reason_words(reason, &text.panel)).collect();
    if !reasons.is_empty() {
        let tone = light_tone(water.light);
        ui.add(Label::new(RichText::new(reasons.join("；")).color(palette.tone(tone))).wrap());
    }
}

/// The traffic light of a water: colour, shape and word.
pub fn show_light(ui: &mut Ui, light: Light, text: &PanelText) -> egui::Response {
    let tone = light_tone(light);
    let colour = theme::palette(ui.visuals()).tone(tone);
    widget::icon(ui, Icon::of(tone), colour, light_name(light, text))
}

fn light_tone(light: Light) -> Tone {
    match light {
        Light::Red => Tone::Prohibited,
        Light::Yellow => Tone::Restricted,
        Light::Green => Tone::Clear,
        Light::Grey => Tone::Unchecked,
    }
}

fn light_name(light: Light, text: &PanelText) -> &str {
    match light {
        Light::Red => &text.water.light_red,
        Light::Yellow => &text.water.light_yellow,
        Light::Green => &text.water.light_green,
        Light::Grey => &text.water.light_grey,
    }
}

fn reason_words(reason: &LightReason, text: &PanelText) -> String {
    let words = &text.water;
    let counted = |sentence: &str, count: usize| fill(sentence, &[("n", &count.to_string())]);
    match reason {
        LightReason::WorseThanTarget { months } => counted(&words.reason_worse, *months),
        LightReason::OverdueProblems { count } => counted(&words.reason_problems, *count),
        LightReason::OverdueItems { count } => counted(&words.reason_items, *count),
        LightReason::OverduePatrols { count } => counted(&words.reason_patrols, *count),
        LightReason::Relapsed => words.reason_relapsed.clone(),
        LightReason::NoRecentSample => words.reason_no_sample.clone(),
    }
}

fn trend_of(change: Change, text: &PanelText) -> (Icon, Tone, &str) {
    let words = &text.water;
    match change {
        Change::MarkedlyBetter => (Icon::Up, Tone::Clear, &words.trend_markedly_better),
        Change::Better => (Icon::Up, Tone::Clear, &words.trend_better),
        Change::Unchanged => (Icon::Level, Tone::Neutral, &words.trend_unchanged),
        Change::Worse => (Icon::Down, Tone::Restricted, &words.trend_worse),
        Change::MarkedlyWorse => (Icon::Down, Tone::Prohibited, &words.trend_markedly_worse),
    }
}

/// The name of a rank.
pub fn level_name(level: ChiefLevel, text: &PanelText) -> &str {
    match level {
        ChiefLevel::City => &text.water.level_city,
        ChiefLevel::County => &text.water.level_county,
        ChiefLevel::Town => &text.water.level_town,
        ChiefLevel::Village => &text.water.level_village,
    }
}
