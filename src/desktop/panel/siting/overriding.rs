//! A person's word against a computed consequence: who and why are required, and what was computed stays to be seen.

use super::finding::consequence_tone;
use crate::atlas::{FeatureKey, Override, Ruling};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget;
use crate::siting::{Consequence, Finding};
use crate::text::{Text, fill};
use crate::workspace::{Edit, SiteId, Workspace};
use egui::{ComboBox, Label, RichText, TextEdit, Ui};

/// The word being written.
#[derive(Debug, Default)]
pub(super) struct Overruling {
    draft: Option<Draft>,
    /// The last author, offered again.
    author: String,
}

#[derive(Debug)]
struct Draft {
    site: SiteId,
    finding: (FeatureKey, String),
    consequence: Ruling,
    author: String,
    reason: String,
}

const RULINGS: [Ruling; 4] = [Ruling::Prohibited, Ruling::Restricted, Ruling::Attention, Ruling::None];

/// The badge of what follows; a computed consequence that was overridden is struck through beside it.
pub(super) fn show_badge(ui: &mut Ui, finding: &Finding, tone: Tone, word: &str, text: &Text) {
    let Some(decided) = finding.overridden.as_ref().map(|word| word.consequence) else {
        widget::tone_badge(ui, tone, word);
        return;
    };
    let palette = theme::palette(ui.visuals());
    let said = fill(&text.rules.panel.computed, &[("consequence", word)]);
    let struck = ui.label(RichText::new(word).strikethrough().color(palette.ink_soft));
    struck.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    struck.on_hover_text(&said);
    widget::tone_badge(ui, consequence_tone(decided), consequence_word(decided, text));
}

fn consequence_word(consequence: Consequence, text: &Text) -> &str {
    let code = consequence.code();
    text.panel.siting.consequence.get(code).map_or(code, String::as_str)
}

impl Overruling {
    /// The word on a finding, or the way to give one.
    pub(super) fn show(&mut self, ui: &mut Ui, workspace: &Workspace, finding: &Finding, commands: &Commands) {
        let text = workspace.text();
        let words = &text.rules.panel;
        let Some(site) = workspace.session.site else { return };
        let key = (finding.key, finding.theme.clone());
        if self.draft.as_ref().is_some_and(|draft| draft.site == site && draft.finding == key) {
            self.show_form(ui, workspace, finding, commands);
            return;
        }
        if let Some(word) = &finding.overridden {
            let palette = theme::palette(ui.visuals());
            let said = crate::text::rules::override_sentence(word, text);
            let said = said.trim_start_matches([';', '；', ' ']).to_owned();
            ui.add(Label::new(RichText::new(said).color(palette.tone(Tone::Restricted))).wrap());
        }
        if finding.consequence == Consequence::None && finding.overridden.is_none() {
            return;
        }
        ui.horizontal(|ui| {
            let name = if finding.overridden.is_some() { &words.change_override } else { &words.override_it };
            if ui.link(RichText::new(name).small()).clicked() {
                let known = finding.overridden.as_ref();
                self.draft = Some(Draft {
                    site,
                    finding: key,
                    consequence: RULINGS
                        .into_iter()
                        .find(|ruling| known.is_some_and(|word| word.consequence == (*ruling).into()))
                        .unwrap_or(Ruling::Attention),
                    author: known.map_or_else(|| self.author.clone(), |word| word.author.clone()),
                    reason: known.map(|word| word.reason.clone()).unwrap_or_default(),
                });
            }
            if finding.overridden.is_some() && ui.link(RichText::new(&words.withdraw).small()).clicked() {
                commands.edit(Edit::WithdrawOverride(
                    site,
                    finding.theme.clone(),
                    finding.layer_title.clone(),
                    finding.feature_id.clone(),
                ));
            }
        });
    }

    fn show_form(&mut self, ui: &mut Ui, workspace: &Workspace, finding: &Finding, commands: &Commands) {
        let text = workspace.text();
        let words = &text.rules.panel;
        let Some(draft) = &mut self.draft else { return };
        let mut is_done = false;
        widget::card(ui, |ui| {
            let shown = consequence_word(draft.consequence.into(), text);
            let combo = ComboBox::from_id_salt("ruling").selected_text(shown).show_ui(ui, |ui| {
                for ruling in RULINGS {
                    let word = consequence_word(ruling.into(), text);
                    ui.selectable_value(&mut draft.consequence, ruling, word);
                }
            });
            combo.response.accessible_name(&words.ruling);
            let author = TextEdit::singleline(&mut draft.author).hint_text(&words.author).desired_width(f32::INFINITY);
            ui.add(author).accessible_name(&words.author);
            let reason = TextEdit::multiline(&mut draft.reason).hint_text(&words.reason).desired_rows(2);
            ui.add(reason.desired_width(f32::INFINITY)).accessible_name(&words.reason);
            let is_whole = !draft.author.trim().is_empty() && !draft.reason.trim().is_empty();
            if !is_whole {
                widget::remark(ui, &words.both_needed);
            }
            ui.horizontal(|ui| {
                if ui.add_enabled(is_whole, egui::Button::new(&words.keep_override)).clicked() {
                    let rule = finding.rule.as_ref().map(|rule| rule.id.clone()).unwrap_or_default();
                    commands.edit(Edit::Override(
                        draft.site,
                        Box::new(Override {
                            theme: finding.theme.clone(),
                            layer: finding.layer_title.clone(),
                            feature_id: finding.feature_id.clone(),
                            rule,
                            overlap_m2: finding.overlap_m2,
                            consequence: draft.consequence,
                            author: draft.author.trim().to_owned(),
                            reason: draft.reason.trim().to_owned(),
                            date: crate::storage::clock::today(),
                        }),
                    ));
                    self.author = draft.author.trim().to_owned();
                    is_done = true;
                }
                is_done |= ui.button(&words.cancel).clicked();
            });
            widget::remark(ui, &words.override_note);
        });
        if is_done {
            self.draft = None;
        }
    }
}
