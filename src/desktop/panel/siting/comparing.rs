//! Why not this year, when it could be built last year: the verdicts of two days side by side, and what lies between.

use super::theme_title;
use super::verdict::grade_tone;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget;
use crate::siting::{Cause, Comparison, Verdict};
use crate::text::{Text, rules};
use egui::{CollapsingHeader, Label, RichText, Ui};

/// Draws the difference for the site in question.
pub(super) fn show(ui: &mut Ui, comparison: &Comparison, verdict: &Verdict, text: &Text) {
    let words = &text.rules.panel;
    let palette = theme::palette(ui.visuals());
    widget::section(ui, &words.comparison);
    let Some(site) = comparison.sites.first() else { return };
    widget::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        ui.horizontal_wrapped(|ui| {
            for (day, grade) in [(comparison.compare_with, site.verdict_then), (comparison.as_of, site.verdict)] {
                if day == comparison.as_of {
                    ui.label(RichText::new("→").color(palette.ink_soft));
                }
                ui.label(day.to_string());
                let code = grade.code();
                let word = text.panel.siting.grade.get(code).map_or(code, String::as_str);
                widget::tone_badge(ui, grade_tone(grade), word);
            }
        });
        let theme = |code: &str| theme_title(verdict, code, text).to_owned();
        let mut is_same = true;
        let mut line = |ui: &mut Ui, tone: Tone, sentence: String| {
            is_same = false;
            ui.add(Label::new(RichText::new(sentence).color(palette.tone(tone))).wrap());
        };
        let quote = |ui: &mut Ui, sentence: String| {
            ui.add(Label::new(RichText::new(sentence).small().color(palette.ink_soft)).wrap());
        };
        for (changes, is_new) in [(&site.new, true), (&site.gone, false)] {
            for change in changes {
                let tone = if is_new { Tone::Prohibited } else { Tone::Clear };
                line(ui, tone, rules::change_sentence(change, is_new, &theme(&change.theme), text));
                if let Some(rule) = &change.rule {
                    let said = super::finding::spoken(rule, text);
                    quote(ui, format!("{} {}{}{said}", rule.source, rule.clause, text.report.colon));
                }
                if change.cause == Cause::Feature {
                    quote(ui, words.by_feature.clone());
                }
            }
        }
        for changed in &site.changed {
            let tone = if changed.consequence < changed.consequence_then {
                Tone::Prohibited
            } else if changed.consequence > changed.consequence_then {
                Tone::Clear
            } else {
                Tone::Neutral
            };
            line(ui, tone, rules::changed_sentence(changed, &theme(&changed.theme), text));
            rules::rules_of_both_days(changed, text).into_iter().for_each(|sentence| quote(ui, sentence));
        }
        for change in &site.themes {
            line(ui, Tone::Neutral, rules::theme_change_sentence(change, text));
        }
        if is_same {
            let same = if site.verdict == site.verdict_then { &text.rules.compare.same } else { &words.other_verdict };
            ui.add(Label::new(same).wrap());
        }
        for note in rules::comparison_notes(comparison, text) {
            widget::remark(ui, &note);
        }
        let count = comparison.rules_new.len() + comparison.rules_gone.len();
        if count > 0 {
            let name = crate::text::fill(&words.rules_between, &[("n", &count.to_string())]);
            CollapsingHeader::new(RichText::new(name).small()).id_salt("rules between").show(ui, |ui| {
                let gone = comparison.rules_gone.iter().map(|rule| rules::rule_change_sentence(rule, false, text));
                let new = comparison.rules_new.iter().map(|rule| rules::rule_change_sentence(rule, true, text));
                new.chain(gone).for_each(|sentence| quote(ui, sentence));
            });
        }
    });
}
