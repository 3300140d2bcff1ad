//! The day of judgement, the day that it is compared with, and the way to the rule packs.

use super::rulebook::RulebookView;
use crate::atlas::Date;
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon};
use crate::siting::{Regime, Verdict};
use crate::text::{Language, Text, fill, rules};
use crate::workspace::{Navigate, Workspace};
use egui::{Key, Label, RichText, TextEdit, Ui};

/// A day that is being typed, and the window of the rules.
#[derive(Debug, Default)]
pub(super) struct Judging {
    typed: [Option<String>; 2],
    rulebook: RulebookView,
}

impl Judging {
    /// The button of the rule packs, and what is wrong with those of the office.
    pub(super) fn show_rules(&mut self, ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
        let text = workspace.text();
        let words = &text.rules.panel;
        let own = workspace.rules.own().count();
        ui.horizontal(|ui| {
            let name = match own {
                0 => words.rulebook.clone(),
                _ => fill(&words.rulebook_own, &[("n", &own.to_string())]),
            };
            if widget::labelled_button(ui, Icon::Information, &name).clicked() {
                self.rulebook.open();
            }
        });
        for problem in workspace.rules.problems() {
            widget::notice(ui, Tone::Prohibited, &problem.sentence(text));
        }
        self.rulebook.show(ui.ctx(), workspace, commands);
    }

    /// Puts the window of the rules away; tells whether it stood in front.
    pub(super) fn close_rulebook(&mut self) -> bool {
        let was_open = self.rulebook.is_open();
        self.rulebook.close();
        was_open
    }

    /// The day of judgement and the day that it is compared with.
    pub(super) fn show(&mut self, ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
        let words = &workspace.text().rules.panel;
        let session = &workspace.session;
        let chosen = session.as_of.is_some();
        widget::field_with(ui, &words.as_of, |ui| {
            ui.horizontal(|ui| {
                let day = workspace.as_of();
                if let Some(day) = self.show_day(ui, 0, Some(day), &words.as_of, workspace) {
                    commands.navigate(Navigate::JudgeAt(day));
                }
                if chosen && ui.button(&words.today).clicked() {
                    commands.navigate(Navigate::JudgeAt(None));
                }
            });
        });
        widget::field_with(ui, &words.compare_with, |ui| {
            ui.horizontal(|ui| {
                if let Some(day) = self.show_day(ui, 1, session.compare_with, &words.compare_with, workspace) {
                    commands.navigate(Navigate::CompareWith(day));
                }
                if session.compare_with.is_some() && widget::icon_button(ui, Icon::Close, &words.no_compare).clicked() {
                    commands.navigate(Navigate::CompareWith(None));
                }
            });
        });
        if chosen {
            widget::notice(ui, Tone::Attention, &fill(&words.other_day, &[("day", &workspace.as_of().to_string())]));
        }
        ui.add_space(4.0);
    }

    /// A field for a day with the beginnings of the regimes; `Some` when another one was chosen.
    fn show_day(
        &mut self,
        ui: &mut Ui,
        number: usize,
        current: Option<Date>,
        name: &str,
        workspace: &Workspace,
    ) -> Option<Option<Date>> {
        let text = workspace.text();
        let typed = self.typed.get_mut(number)?;
        let shown = current.map(|day| day.to_string()).unwrap_or_default();
        let mut words = typed.clone().unwrap_or_else(|| shown.clone());
        let is_wrong = typed.as_ref().is_some_and(|typed| !typed.trim().is_empty() && parse(typed).is_none());
        let palette = theme::palette(ui.visuals());
        let mut edit = TextEdit::singleline(&mut words).desired_width(96.0).hint_text(&text.rules.panel.no_day);
        if is_wrong {
            edit = edit.text_color(palette.tone(Tone::Prohibited));
        }
        let answer = ui.add(edit).accessible_name(name);
        if answer.changed() {
            *typed = Some(words);
        }
        let mut chosen = None;
        let is_entered = answer.lost_focus() && !ui.input(|input| input.key_pressed(Key::Escape));
        if answer.lost_focus()
            && let Some(words) = typed.take()
            && is_entered
            && words != shown
        {
            // an empty field is the usual day, a wrong one changes nothing
            chosen = if words.trim().is_empty() { Some(None) } else { parse(&words).map(Some) };
        }
        let presets = &text.rules.panel.presets;
        let menu = egui::ComboBox::from_id_salt(("day", number)).selected_text(presets).width(110.0);
        let menu = menu.height(320.0).show_ui(ui, |ui| {
            for regime in &workspace.rulebook().regimes {
                let is_current = current == Some(regime.effective_from);
                if ui.selectable_label(is_current, regime_name(regime, text)).clicked() {
                    chosen = Some(Some(regime.effective_from));
                }
                // the last day of what was before
                if let Ok(eve) = regime.effective_from.yesterday()
                    && ui.selectable_label(current == Some(eve), eve_name(regime, eve, text)).clicked()
                {
                    chosen = Some(Some(eve));
                }
            }
        });
        menu.response.accessible_name(presets);
        if is_wrong {
            ui.label(RichText::new(&text.rules.panel.bad_day).small().color(palette.tone(Tone::Prohibited)));
        }
        chosen
    }
}

fn regime_name(regime: &Regime, text: &Text) -> String {
    let name = if text.language == Language::Zh { &regime.zh } else { &regime.en };
    format!("{}  {name}", regime.effective_from)
}

fn eve_name(regime: &Regime, eve: Date, text: &Text) -> String {
    let name = if text.language == Language::Zh { &regime.zh } else { &regime.en };
    format!("{eve}  {}", fill(&text.rules.panel.before, &[("regime", name)]))
}

/// At which day it was judged and how long the answer may be used; what it comes to with overrides.
pub(super) fn show_days(ui: &mut Ui, verdict: &Verdict, text: &Text) {
    let palette = theme::palette(ui.visuals());
    let (as_of, until) = (verdict.as_of.to_string(), verdict.valid_until.to_string());
    let line = fill(&text.rules.panel.days, &[("as_of", &as_of), ("valid_until", &until)]);
    ui.add(Label::new(RichText::new(line).small().color(palette.ink_soft)).wrap());
    for note in rules::later_note(verdict, text).into_iter().chain(rules::override_notes(verdict, text)) {
        ui.add(Label::new(RichText::new(note).color(palette.tone(Tone::Restricted))).wrap());
    }
}

/// A day as people write it: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 20260301.
fn parse(words: &str) -> Option<Date> {
    let numbers: Vec<&str> = words.split(|sign: char| !sign.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let date = |year: &str, month: &str, day: &str| {
        Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok().filter(|date| date.year() >= 1950)
    };
    match numbers.as_slice() {
        [year, month, day] => date(year, month, day),
        [all] if all.len() == 8 => date(all.get(..4)?, all.get(4..6)?, all.get(6..)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        for words in ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", " 2026 3 1 "] {
            assert_eq!(parse(words).map(|day| day.to_string()).as_deref(), Some("2026-03-01"), "{words}");
        }
        for words in ["", "2026-02-30", "26-03-01", "yesterday", "2026-03", "202603011", "2026-3-1-1"] {
            assert_eq!(parse(words), None, "{words}");
        }
    }
}
