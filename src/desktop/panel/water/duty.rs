//! Who answers and what is to be done: chiefs with their patrols, four lists, problems.

use super::{WaterPanel, level_name};
use crate::atlas::{ChiefRole, ListItem, ListKind, ProblemState, WaterRecord};
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon};
use crate::text::{PanelText, fill};
use crate::waters::{PatrolDuty, WaterSummary};
use egui::{Label, RichText, ScrollArea, Ui};

impl WaterPanel {
    pub(super) fn show_lists(
        &mut self,
        ui: &mut Ui,
        water: &WaterSummary,
        record: Option<&WaterRecord>,
        text: &PanelText,
    ) {
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

    pub(super) fn show_items(&self, ui: &mut Ui, water: &WaterSummary, items: &[ListItem], text: &PanelText) {
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

    pub(super) fn show_problems(&mut self, ui: &mut Ui, water: &WaterSummary, text: &PanelText) {
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

pub(super) fn list_name(kind: ListKind, text: &PanelText) -> &str {
    match kind {
        ListKind::Problems => &text.water.list_problems,
        ListKind::Tasks => &text.water.list_tasks,
        ListKind::Measures => &text.water.list_measures,
        ListKind::Duties => &text.water.list_duties,
    }
}

pub(super) fn state_name(state: ProblemState, text: &PanelText) -> &str {
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

pub(super) fn show_chiefs(ui: &mut Ui, water: &WaterSummary, text: &PanelText) {
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

pub(super) fn show_problem(ui: &mut Ui, problem: &crate::atlas::Problem, water: &WaterSummary, text: &PanelText) {
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
pub(super) fn show_patrol(ui: &mut Ui, patrol: &PatrolDuty, text: &PanelText) {
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

pub(super) fn days_between(from: crate::atlas::Date, to: crate::atlas::Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
