//! The river-chief card: who answers for a water, how it is against its target, what is to be done and what is late.

use super::place_of;
use crate::atlas::{Atlas, ChiefLevel, ChiefRole, FeatureKey, ListItem, ListKind, ProblemState, Theme, WaterRecord};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Chart, Icon, Point, number};
use crate::text::{Language, PanelText, Text, fill};
use crate::waters::{Assessment, BodyKind, Change, Graded, Indicator, Light, LightReason, OdourGrade, Standard};
use crate::waters::{Neighbour, PatrolDuty, WaterClass, WaterSummary};
use crate::workspace::{Derived, LiveWork, Navigate, Nearby, Panel, Workspace, nearby};
use egui::{Label, RichText, ScrollArea, Ui};
use std::collections::BTreeMap;
use std::sync::Arc;

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

/// A chart made ready, until the water, the indicator or the language changes.
#[derive(Debug)]
struct Drawn {
    of: (String, Option<String>, Language, usize),
    points: Vec<Point>,
    limits: Vec<(u8, f64)>,
    more_is_better: bool,
    target: Option<f64>,
    name: String,
}

/// What was found beside which water.
type Found = (FeatureKey, Vec<Nearby>);

/// What lies beside the water, found on a thread.
#[derive(Debug, Default)]
struct NearbyList {
    work: Option<LiveWork<(Arc<Atlas>, FeatureKey), Found>>,
    asked: Option<(usize, FeatureKey)>,
    found: Option<Found>,
}

/// Distance told, metres.
const NEARBY: f64 = 500.0;
/// Things of a theme named; the rest is counted.
const NAMED: usize = 6;

impl NearbyList {
    fn show(&mut self, ui: &mut Ui, water: &WaterSummary, workspace: &Workspace, commands: &Commands) {
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

    fn show_quality(&mut self, ui: &mut Ui, water: &WaterSummary, derived: &Derived, text: &Text) {
        let words = &text.panel.water;
        widget::section(ui, &words.quality);
        let Some(current) = &water.current else {
            widget::notice(ui, Tone::Unchecked, &words.no_samples);
            return;
        };
        let sentence = deciding(current, water, text);
        let tone = match water.meets {
            Some(false) => Tone::Prohibited,
            Some(true) => Tone::Clear,
            None => Tone::Neutral,
        };
        let palette = theme::palette(ui.visuals());
        ui.add(Label::new(RichText::new(sentence).color(palette.tone(tone))).wrap());
        ui.horizontal(|ui| {
            let name = ui.label(RichText::new(&words.indicator).small().color(palette.ink_soft));
            let codes = measured(water);
            if self.indicator.as_ref().is_some_and(|code| !codes.contains_key(code)) {
                self.indicator = None;
            }
            let shown = self.indicator.as_deref().and_then(|code| codes.get(code));
            let shown = shown.map_or(words.class_series.clone(), |indicator| name_of(indicator, text));
            let combo = egui::ComboBox::from_id_salt("indicator").selected_text(shown).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.indicator, None, &words.class_series);
                for (code, indicator) in &codes {
                    ui.selectable_value(&mut self.indicator, Some(code.clone()), name_of(indicator, text));
                }
            });
            combo.response.labelled_by(name.id);
            let counted = [("n", current.measured.to_string()), ("of", current.of.to_string())];
            let counted: Vec<_> = counted.iter().map(|(key, value)| (*key, value.as_str())).collect();
            widget::remark(ui, &fill(&words.measured, &counted));
        });
        let of = (water.id.clone(), self.indicator.clone(), text.language, Arc::as_ptr(&derived.waters).addr());
        if self.drawn.as_ref().is_none_or(|drawn| drawn.of != of) {
            self.drawn = Some(prepare(water, self.indicator.as_deref(), text, of));
        }
        if let Some(drawn) = &self.drawn {
            let chart = Chart {
                points: &drawn.points,
                limits: &drawn.limits,
                more_is_better: drawn.more_is_better,
                target: drawn.target,
                name: &drawn.name,
                target_word: &words.target_line,
                by_class: self.indicator.is_none(),
                height: 116.0,
            };
            chart.show(ui);
        }
    }

    fn show_lists(&mut self, ui: &mut Ui, water: &WaterSummary, record: Option<&WaterRecord>, text: &PanelText) {
        let words = &text.water;
        widget::section(ui, &words.lists);
        ui.horizontal_wrapped(|ui| {
            for kind in ListKind::ALL {
                let count = water.duty.lists.get(&kind).cloned().unwrap_or_default();
                let name = format!("{} {}/{}", list_name(kind, text), count.done, count.total);
                let mut name = RichText::new(name);
                if count.overdue > 0 {
                    name = name.color(theme::palette(ui.visuals()).tone(Tone::Prohibited));
                }
                if ui.selectable_label(self.list == kind, name).clicked() {
                    self.list = kind;
                }
            }
        });
        let count = water.duty.lists.get(&self.list).cloned().unwrap_or_default();
        let parts = [
            fill(&words.list_progress, &[("done", &count.done.to_string()), ("all", &count.total.to_string())]),
            fill(&words.list_open, &[("n", &count.open.to_string())]),
        ];
        ui.horizontal(|ui| {
            widget::remark(ui, &parts.join(" · "));
            if count.overdue > 0 {
                widget::tone_badge(
                    ui,
                    Tone::Prohibited,
                    &fill(&words.list_overdue, &[("n", &count.overdue.to_string())]),
                );
            }
        });
        let items = record.and_then(|record| record.lists.get(&self.list)).map(Vec::as_slice).unwrap_or_default();
        self.show_items(ui, water, items, text);
    }

    fn show_items(&self, ui: &mut Ui, water: &WaterSummary, items: &[ListItem], text: &PanelText) {
        let words = &text.water;
        if items.is_empty() {
            widget::remark(ui, &words.list_empty);
            return;
        }
        let palette = theme::palette(ui.visuals());
        ScrollArea::vertical().id_salt(("items", self.list)).max_height(100.0).show(ui, |ui| {
            for item in items {
                let is_done = item.status == "done";
                let late = item.deadline.filter(|day| !is_done && *day < water.duty.as_of);
                let tone = match (is_done, late) {
                    (true, _) => Tone::Clear,
                    (false, Some(_)) => Tone::Prohibited,
                    (false, None) => Tone::Neutral,
                };
                ui.horizontal_top(|ui| {
                    let icon = if is_done {
                        Icon::Tick
                    } else if late.is_some() {
                        Icon::Stop
                    } else {
                        Icon::Clock
                    };
                    widget::icon(ui, icon, palette.tone(tone), "");
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 0.0;
                        let ink = if is_done { palette.ink_soft } else { palette.ink };
                        ui.add(Label::new(RichText::new(format!("{} {}", item.no, item.text)).color(ink)).wrap());
                        let day =
                            |day: Option<crate::atlas::Date>| day.map_or(text.unknown.clone(), |day| day.to_string());
                        let (sentence, on) =
                            if is_done { (&words.item_done, item.done_on) } else { (&words.item_due, item.deadline) };
                        let mut line = fill(sentence, &[("lead", &item.lead), ("day", &day(on))]);
                        if let Some(deadline) = late {
                            let days = days_between(deadline, water.duty.as_of);
                            line = format!("{line}  {}", fill(&words.item_overdue, &[("n", &days.to_string())]));
                        }
                        let ink = if late.is_some() { palette.tone(tone) } else { palette.ink_faint };
                        ui.add(Label::new(RichText::new(line).small().color(ink)).wrap());
                    });
                });
            }
        });
    }

    fn show_problems(&mut self, ui: &mut Ui, water: &WaterSummary, text: &PanelText) {
        let words = &text.water;
        widget::section(ui, &words.problems);
        if water.problems.is_empty() {
            widget::remark(ui, &words.no_problems);
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for (state, count) in water.duty.problems.iter().filter(|(_, count)| **count > 0) {
                let tone = match state {
                    ProblemState::Closed => Tone::Clear,
                    ProblemState::Returned => Tone::Restricted,
                    _ => Tone::Neutral,
                };
                widget::tone_badge(ui, tone, &format!("{} {count}", state_name(*state, text)));
            }
        });
        let (open, closed): (Vec<_>, Vec<_>) =
            water.problems.iter().partition(|problem| problem.state != ProblemState::Closed);
        for problem in &open {
            show_problem(ui, problem, water, text);
        }
        if !closed.is_empty() {
            let name = fill(&words.show_closed, &[("n", &closed.len().to_string())]);
            ui.horizontal(|ui| {
                let fold = widget::icon_button(ui, Icon::Fold(self.shows_closed), &name);
                let label = ui.add(Label::new(RichText::new(&name).small()).sense(egui::Sense::click()));
                if fold.clicked() || label.clicked() {
                    self.shows_closed = !self.shows_closed;
                }
            });
            if self.shows_closed {
                for problem in &closed {
                    show_problem(ui, problem, water, text);
                }
            }
        }
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

fn list_name(kind: ListKind, text: &PanelText) -> &str {
    match kind {
        ListKind::Problems => &text.water.list_problems,
        ListKind::Tasks => &text.water.list_tasks,
        ListKind::Measures => &text.water.list_measures,
        ListKind::Duties => &text.water.list_duties,
    }
}

fn state_name(state: ProblemState, text: &PanelText) -> &str {
    let code = match state {
        ProblemState::Found => "found",
        ProblemState::Registered => "registered",
        ProblemState::Assigned => "assigned",
        ProblemState::Treating => "treating",
        ProblemState::Applied => "applied",
        ProblemState::Verifying => "verifying",
        ProblemState::Returned => "returned",
        ProblemState::Publicised => "publicised",
        ProblemState::Closed => "closed",
    };
    text.water.state.get(code).map_or(code, String::as_str)
}

fn show_chiefs(ui: &mut Ui, water: &WaterSummary, text: &PanelText) {
    let words = &text.water;
    widget::section(ui, &words.chiefs);
    if water.chiefs.is_empty() {
        widget::notice(ui, Tone::Unchecked, &words.no_chiefs);
        return;
    }
    let mut told = Vec::new();
    for chief in water.chiefs.iter().filter(|chief| chief.role == ChiefRole::Chief) {
        widget::narrow_field_with(ui, level_name(chief.level, text), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let post = ui.add(Label::new(theme::bold(&chief.post)).wrap());
            let office = [chief.unit.as_str(), chief.district.as_str()].join(" ");
            if !office.trim().is_empty() {
                post.on_hover_text(office.trim());
            }
            // Several chiefs of a rank share its patrols: told once.
            let patrol = water.duty.patrols.iter().find(|patrol| patrol.level == chief.level);
            if let Some(patrol) = patrol.filter(|_| !told.contains(&chief.level)) {
                told.push(chief.level);
                show_patrol(ui, patrol, text);
            }
        });
    }
    let others = water.chiefs.iter().filter_map(|chief| {
        let role = match chief.role {
            ChiefRole::Chief => return None,
            ChiefRole::Police => &words.role_police,
            ChiefRole::Department => &words.role_department,
        };
        Some(format!("{role} {}", chief.post))
    });
    let others = others.collect::<Vec<_>>().join(" · ");
    if !others.is_empty() {
        widget::remark(ui, &others);
    }
}

fn show_odour(ui: &mut Ui, water: &WaterSummary, text: &Text) {
    let Some(odour) = &water.odour else { return };
    let words = &text.panel.water;
    widget::section(ui, &words.odour);
    let grade = |grade: Option<OdourGrade>| match grade {
        Some(OdourGrade::Light) => (Tone::Restricted, &words.grade_light),
        Some(OdourGrade::Heavy) => (Tone::Prohibited, &words.grade_heavy),
        Some(OdourGrade::None) => (Tone::Clear, &words.grade_none),
        None => (Tone::Unchecked, &text.panel.unknown),
    };
    ui.horizontal_wrapped(|ui| {
        if let Some(listed) = odour.listed {
            let (tone, word) = grade(Some(listed));
            ui.label(RichText::new(&words.odour_listed).small());
            widget::tone_badge(ui, tone, word);
        }
        if !odour.readings.is_empty() {
            let (tone, word) = grade(odour.measured);
            ui.label(RichText::new(&words.odour_measured).small());
            widget::tone_badge(ui, tone, word);
        }
    });
    let mut state = text.common.value("status", &odour.status).to_string();
    for (sentence, day) in [(&words.odour_found, odour.found), (&words.odour_cleared, odour.cleared_on)] {
        if let Some(day) = day {
            state = format!("{state} · {}", fill(sentence, &[("day", &day.to_string())]));
        }
    }
    widget::field(ui, &words.odour_status, &state);
    let readings = odour
        .readings
        .iter()
        .map(|(code, value)| format!("{} {}", text.common.field(code), number::trimmed(*value, 2)));
    let readings = readings.collect::<Vec<_>>().join(" · ");
    if !readings.is_empty() {
        widget::remark(ui, &readings);
    }
}

fn show_problem(ui: &mut Ui, problem: &crate::atlas::Problem, water: &WaterSummary, text: &PanelText) {
    let words = &text.water;
    let palette = theme::palette(ui.visuals());
    let is_open = problem.state != ProblemState::Closed;
    let late = problem.deadline.filter(|day| is_open && *day < water.duty.as_of);
    ui.horizontal_top(|ui| {
        let tone = if !is_open {
            Tone::Clear
        } else if late.is_some() {
            Tone::Prohibited
        } else {
            Tone::Neutral
        };
        let icon = if !is_open {
            Icon::Tick
        } else if late.is_some() {
            Icon::Stop
        } else {
            Icon::Clock
        };
        widget::icon(ui, icon, palette.tone(tone), state_name(problem.state, text));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let category = words.category.get(&problem.category).map_or(problem.category.as_str(), String::as_str);
            let ink = if is_open { palette.ink } else { palette.ink_soft };
            let line = format!("{category} · {}", problem.text);
            let label = ui.add(Label::new(RichText::new(line).color(ink)).wrap());
            if !problem.history.is_empty() {
                let steps = problem
                    .history
                    .iter()
                    .map(|step| format!("{}  {}  {}", step.on, state_name(step.state, text), step.by));
                label.on_hover_text(steps.collect::<Vec<_>>().join("\n"));
            }
            let source = words.source.get(&problem.source).map_or(problem.source.as_str(), String::as_str);
            let mut line = vec![
                state_name(problem.state, text).to_string(),
                fill(&words.problem_found, &[("day", &problem.found_on.to_string()), ("source", source)]),
            ];
            if let Some(day) = problem.deadline.filter(|_| is_open) {
                line.push(fill(&words.problem_due, &[("day", &day.to_string())]));
            }
            if let Some(day) = late {
                line.push(fill(&words.item_overdue, &[("n", &days_between(day, water.duty.as_of).to_string())]));
            }
            let ink = if late.is_some() { palette.tone(Tone::Prohibited) } else { palette.ink_faint };
            ui.add(Label::new(RichText::new(line.join(" · ")).small().color(ink)).wrap());
        });
    });
}

/// Last patrol of a rank, the next one due, what is late.
fn show_patrol(ui: &mut Ui, patrol: &PatrolDuty, text: &PanelText) {
    let words = &text.water;
    let palette = theme::palette(ui.visuals());
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let last = patrol
            .last
            .map_or(words.patrol_never.clone(), |day| fill(&words.patrol_last, &[("day", &day.to_string())]));
        let rate = [("done", patrol.done_in_year.to_string()), ("due", patrol.due_in_year.to_string())];
        let rate: Vec<_> = rate.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let mut line = vec![last, fill(&words.patrol_rate, &rate)];
        let late = patrol.overdue_days.filter(|_| patrol.is_overdue);
        if let Some(day) = patrol.next_due.filter(|_| !patrol.is_overdue) {
            line.push(fill(&words.patrol_next, &[("day", &day.to_string())]));
        }
        let line = RichText::new(line.join(" · ")).small().color(palette.ink_faint);
        ui.add(Label::new(line));
        if patrol.is_overdue {
            let days = late
                .map_or(words.patrol_late_never.clone(), |days| fill(&words.patrol_late, &[("n", &days.to_string())]));
            widget::icon(ui, Icon::Stop, palette.tone(Tone::Prohibited), "");
            ui.label(RichText::new(days).small().color(palette.tone(Tone::Prohibited)));
        }
    });
}

fn show_neighbours(ui: &mut Ui, water: &WaterSummary, workspace: &Workspace, derived: &Derived, commands: &Commands) {
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

/// What decides the class, as planners write it: 氨氮 1.8 mg/L，劣于Ⅲ类限值 0.8 倍.
fn deciding(current: &Assessment, water: &WaterSummary, text: &Text) -> String {
    let words = &text.panel.water;
    let against = water.target.unwrap_or(WaterClass::Third);
    let class_word = |class: WaterClass| number::class_word(Some(class.number()), &text.panel);
    let month = water.month.as_deref().unwrap_or_default();
    let class = number::class_word(current.class.map(WaterClass::number), &text.panel);
    let item = |graded: &Graded| {
        let indicator = Standard::gb3838().indicator(&graded.indicator);
        let name = indicator.map_or(graded.indicator.clone(), |indicator| name_of(indicator, text));
        let unit = indicator.map_or("", |indicator| indicator.unit.as_str());
        let value = format!("{} {unit}", number::trimmed(graded.value, 3));
        let values = [("name", name.as_str()), ("value", value.trim_end()), ("limit", &class_word(against))];
        match (graded.times_over, graded.limit) {
            (Some(times), _) => {
                let times = number::trimmed(times, 2);
                fill(&words.deciding_item, &[values.as_slice(), &[("times", &times)]].concat())
            }
            (None, Some(limit)) if graded.class > against => {
                let limit = number::trimmed(limit, 3);
                fill(&words.deciding_low, &[values.as_slice(), &[("value_limit", &limit)]].concat())
            }
            _ => fill(&words.deciding_plain, &values),
        }
    };
    let items: Vec<String> = current.deciding.iter().map(item).collect();
    if items.is_empty() {
        return fill(&words.all_meet, &[("month", month), ("class", &class)]);
    }
    fill(&words.deciding, &[("month", month), ("class", &class), ("items", &items.join("；"))])
}

/// Indicators with a value in any month, by code.
fn measured(water: &WaterSummary) -> BTreeMap<String, &'static Indicator> {
    let codes = water.months.iter().flat_map(|month| month.values.keys());
    codes.filter_map(|code| Some((code.clone(), Standard::gb3838().indicator(code)?))).collect()
}

fn name_of(indicator: &Indicator, text: &Text) -> String {
    match text.language {
        Language::Zh => indicator.zh.clone(),
        Language::En => indicator.en.clone(),
    }
}

fn prepare(
    water: &WaterSummary,
    code: Option<&str>,
    text: &Text,
    of: (String, Option<String>, Language, usize),
) -> Drawn {
    let words = &text.panel.water;
    let indicator = code.and_then(|code| Standard::gb3838().indicator(code));
    let series = indicator.map_or(words.class_series.clone(), |indicator| name_of(indicator, text));
    let unit = indicator.map_or("", |indicator| indicator.unit.as_str());
    let months = widget::every_month(water.months.iter().map(|month| month.month.as_str()));
    let points: Vec<Point> = months
        .into_iter()
        .map(|name| {
            let month = water.months.iter().find(|month| month.month == name);
            let of_indicator = indicator.and_then(|indicator| {
                let value = *month?.values.get(&indicator.code)?;
                Some((value, indicator.class(value, BodyKind::River).map(WaterClass::number)))
            });
            let (value, class) = if indicator.is_some() {
                (of_indicator.map(|(value, _)| value), of_indicator.and_then(|(_, class)| class))
            } else {
                let class = month.and_then(|month| month.class).map(WaterClass::number);
                (class.map(f64::from), class)
            };
            let said =
                value.filter(|_| indicator.is_some()).map(|value| format!("{} {unit}", number::trimmed(value, 3)));
            let class_word = number::class_word(class, &text.panel);
            let words = match value {
                None => fill(&words.chart_gap, &[("month", &name)]),
                Some(_) => {
                    let said = said.unwrap_or_default();
                    let values =
                        [("month", name.as_str()), ("name", &series), ("value", said.trim()), ("class", &class_word)];
                    fill(&words.chart_point, &values)
                }
            };
            Point { month: name, value, class, words }
        })
        .collect();
    let limit = |indicator: &Indicator, class: WaterClass| indicator.limit(class, BodyKind::River);
    let limits: Vec<(u8, f64)> = indicator
        .map(|indicator| {
            let classes = WaterClass::ALL.into_iter().filter(|class| *class != WaterClass::WorseThanFifth);
            classes.filter_map(|class| Some((class.number(), limit(indicator, class)?))).collect()
        })
        .unwrap_or_default();
    let more_is_better = limits.first().zip(limits.last()).is_some_and(|(first, last)| first.1 > last.1);
    let target = match (indicator, water.target) {
        (_, None) => None,
        (Some(indicator), Some(target)) => limit(indicator, target),
        (None, Some(target)) => Some(f64::from(target.number())),
    };
    let (from, to) = (points.first().map_or("", |point| &point.month), points.last().map_or("", |point| &point.month));
    let last = points.iter().rev().find(|point| point.value.is_some()).map_or("", |point| &point.words);
    let name = fill(&words.chart, &[("name", &series), ("from", from), ("to", to), ("last", last)]);
    Drawn { of, points, limits, more_is_better, target, name }
}

fn days_between(from: crate::atlas::Date, to: crate::atlas::Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
