//! What was looked at and does not apply, and the conclusions in the wording of the field; both folded.

use crate::desktop::widget::{self, Icon};
use crate::siting::Verdict;
use crate::text::siting::theme_statement;
use crate::text::{Text, fill, rules};
use egui::{Label, RichText, Sense, Ui};

/// What is unfolded.
#[derive(Debug, Default)]
pub(super) struct Applying {
    shows_idle: bool,
    shows_wording: bool,
}

impl Applying {
    /// Draws both.
    pub(super) fn show(&mut self, ui: &mut Ui, verdict: &Verdict, text: &Text) {
        let words = &text.rules.panel;
        let idle = rules::not_applied_sentences(verdict, text);
        if !idle.is_empty() {
            let name = fill(&words.not_applied, &[("n", &idle.len().to_string())]);
            fold(ui, &mut self.shows_idle, &name);
            if self.shows_idle {
                idle.iter().for_each(|sentence| {
                    widget::remark(ui, sentence);
                });
            }
        }
        fold(ui, &mut self.shows_wording, &words.wording);
        if self.shows_wording {
            let said: Vec<String> = worded(verdict, text);
            for sentence in &said {
                ui.add(Label::new(RichText::new(sentence).small()).wrap());
            }
            if widget::labelled_button(ui, Icon::Copy, &words.copy_wording).clicked() {
                ui.copy_text(said.join("\n"));
            }
        }
    }
}

fn fold(ui: &mut Ui, is_open: &mut bool, name: &str) {
    ui.horizontal(|ui| {
        let icon = widget::icon_button(ui, Icon::Fold(*is_open), name);
        let label = ui.add(Label::new(name).sense(Sense::click()));
        if icon.clicked() || label.clicked() {
            *is_open = !*is_open;
        }
    });
}

/// The conclusions theme by theme, with day, validity and reservation.
fn worded(verdict: &Verdict, text: &Text) -> Vec<String> {
    let bears = verdict.checks.iter().filter(|check| check.reason != crate::siting::Reason::DoesNotBear);
    let mut said: Vec<String> = bears.map(|check| theme_statement(check, verdict, text)).collect();
    said.extend(verdict.limited_activity.iter().map(|activity| rules::activity_sentence(activity, text)));
    said.extend(rules::override_notes(verdict, text));
    let (as_of, until) = (verdict.as_of.to_string(), verdict.valid_until.to_string());
    said.push(fill(&text.rules.panel.days, &[("as_of", &as_of), ("valid_until", &until)]));
    if verdict.data_quality == crate::atlas::Quality::Schematic {
        said.push(text.common.schematic_notice.clone());
    }
    said.push(text.panel.siting.pre_check.clone());
    said
}
