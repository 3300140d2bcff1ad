//! The questions that find as which limited activity a project inside a national red line applies, by mouse and keys.
//! They end in a kind and the document to obtain, never in a permission.

use crate::atlas::{Answer, LimitedActivity};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget;
use crate::siting::{InquiryQuestion, Step, Verdict};
use crate::text::{Language, Text, fill, rules};
use crate::workspace::{Edit, SiteId, Workspace};
use egui::{Button, Key, Label, Modifiers, RichText, Ui};

/// Answers given so far.
#[derive(Debug, Default)]
pub(super) struct Asking {
    of: Option<(SiteId, Vec<Answer>)>,
}

/// Keys of the choices, in order; digits take tools in the hand.
const KEYS: [Key; 12] =
    [Key::A, Key::B, Key::C, Key::D, Key::E, Key::F, Key::G, Key::H, Key::I, Key::J, Key::K, Key::L];

impl Asking {
    /// Draws the questions where a national red line is involved.
    pub(super) fn show(&mut self, ui: &mut Ui, workspace: &Workspace, verdict: &Verdict, commands: &Commands) {
        let text = workspace.text();
        let words = &text.rules.panel;
        let inquiry = &workspace.rulebook().inquiry;
        let Some(state) = workspace.session.site.and_then(|id| workspace.project().site(id)) else { return };
        let concerns = verdict.findings.iter().any(|finding| {
            let feature = workspace.atlas().feature(finding.key);
            finding.relation.shares_ground()
                && feature.is_some_and(|feature| inquiry.applies(&finding.theme, feature, verdict.as_of))
        });
        // a sketch has no identity to keep an answer with
        if !concerns || verdict.id != state.site.id {
            return;
        }
        widget::section(ui, if text.language == Language::Zh { &inquiry.head.title } else { &inquiry.head.title_en });
        let is_asking = self.of.as_ref().is_some_and(|(id, _)| *id == state.id);
        if !is_asking {
            match &verdict.limited_activity {
                Some(activity) => {
                    ui.add(Label::new(rules::activity_sentence(activity, text)).wrap());
                    for answered in &activity.answers {
                        let zh = text.language == Language::Zh;
                        let (question, answer) = if zh {
                            (&answered.question, &answered.answer)
                        } else {
                            (&answered.question_en, &answered.answer_en)
                        };
                        let values = [("question", question.as_str()), ("answer", answer)];
                        widget::remark(ui, &fill(&text.rules.activity.answer, &values));
                    }
                }
                None if state.site.kind.is_empty() => {
                    widget::remark(ui, &words.kind_first);
                    return;
                }
                None => {
                    widget::remark(ui, &words.not_asked);
                }
            }
            ui.horizontal(|ui| {
                let name = if verdict.limited_activity.is_some() { &words.ask_again } else { &words.ask };
                if ui.button(name).clicked() {
                    self.of = Some((state.id, Vec::new()));
                }
                if state.site.limited_activity.is_some() && ui.button(&words.forget).clicked() {
                    commands.edit(Edit::NameActivity(state.id, None));
                }
            });
            return;
        }
        let Some((id, answers)) = &mut self.of else { return };
        match inquiry.after(answers) {
            Some(Step::Ask(question)) => {
                let mut leave = false;
                if let Some(choice) = show_question(ui, question, answers.len(), text, &mut leave) {
                    answers.push(Answer { question: question.id.clone(), choice });
                    if let Some(Step::End(ending)) = inquiry.after(answers) {
                        let activity = LimitedActivity { kind: ending.kind, answers: std::mem::take(answers) };
                        commands.edit(Edit::NameActivity(*id, Some(activity)));
                        self.of = None;
                    }
                } else if leave && answers.pop().is_none() {
                    self.of = None;
                }
            }
            _ => self.of = None,
        }
    }
}

/// One question with its choices; returns the choice taken. Backspace, or the button, goes back.
fn show_question(
    ui: &mut Ui,
    question: &InquiryQuestion,
    number: usize,
    text: &Text,
    leave: &mut bool,
) -> Option<String> {
    let words = &text.rules.panel;
    let zh = text.language == Language::Zh;
    let keys_free = !ui.ctx().egui_wants_keyboard_input();
    let mut chosen = None;
    let palette = theme::palette(ui.visuals());
    widget::card(ui, |ui| {
        let asked = format!("{}. {}", number + 1, if zh { &question.zh } else { &question.en });
        ui.add(Label::new(theme::bold(asked)).wrap());
        for (place, choice) in question.choices.iter().enumerate() {
            let said = if zh { &choice.zh } else { &choice.en };
            let key = KEYS.get(place).copied();
            let label = key.map_or_else(|| said.clone(), |key| format!("{}  {said}", key.symbol_or_name()));
            let button = Button::new(label).wrap().min_size(egui::vec2(ui.available_width(), 0.0));
            let answer = ui.add(button);
            answer.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, said));
            let pressed = key.is_some_and(|key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)));
            if answer.clicked() || keys_free && pressed {
                chosen = Some(choice.id.clone());
            }
        }
        ui.horizontal(|ui| {
            let name = if number == 0 { &words.leave } else { &words.back };
            let pressed = keys_free && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Backspace));
            if ui.button(name).clicked() || pressed {
                *leave = true;
            }
            ui.label(RichText::new(&words.keys).small().color(palette.ink_faint));
        });
        ui.label(RichText::new(&words.no_finding).small().color(palette.tone(Tone::Restricted)));
    });
    chosen
}
