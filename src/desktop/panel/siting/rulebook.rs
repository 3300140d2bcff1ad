//! The rule book to be looked at: packs of the program and of the office, each rule with its days, source and confidence,
//! which are off and why.

use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon};
use crate::siting::{Idle, PackIdentity, Rule, Rulebook};
use crate::text::{Language, Text, fill};
use crate::workspace::{Command, Task, Workspace};
use egui::{Context, Label, RichText, ScrollArea, TextEdit, Ui};

/// The window of the rules.
#[derive(Debug, Default)]
pub(super) struct RulebookView {
    is_open: bool,
    /// Pack whose rules are shown; all when empty.
    pack: String,
    sought: String,
    only_idle: bool,
}

impl RulebookView {
    /// Opens it.
    pub(super) fn open(&mut self) {
        self.is_open = true;
    }

    /// Whether it stands in front.
    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Puts it away.
    pub(super) fn close(&mut self) {
        self.is_open = false;
    }

    /// Draws it in front of everything, when it is open.
    pub(super) fn show(&mut self, context: &Context, workspace: &Workspace, commands: &Commands) {
        if !self.is_open {
            return;
        }
        let text = workspace.text();
        let words = &text.rules.panel;
        let screen = context.content_rect().size();
        let (width, height) = ((screen.x - 80.0).clamp(480.0, 900.0), (screen.y - 120.0).clamp(320.0, 720.0));
        let modal = egui::Modal::new(egui::Id::unique("rulebook")).show(context, |ui| {
            ui.set_width(width);
            ui.set_height(height);
            ui.horizontal(|ui| {
                widget::title(ui, &words.rulebook);
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    let is_left = widget::icon_button(ui, Icon::Close, &words.close).clicked();
                    if widget::labelled_button(ui, Icon::Folder, &words.open_pack).clicked() {
                        commands.run(Task::ChooseRules);
                    }
                    is_left
                })
                .inner
            })
            .inner
                | self.show_body(ui, workspace, commands)
        });
        if modal.inner || modal.should_close() {
            self.is_open = false;
        }
    }

    fn show_body(&mut self, ui: &mut Ui, workspace: &Workspace, commands: &Commands) -> bool {
        let text = workspace.text();
        let words = &text.rules.panel;
        let book = workspace.rulebook();
        show_own(ui, workspace, commands);
        ui.horizontal_wrapped(|ui| {
            let all = fill(&words.all_packs, &[("n", &book.rules.len().to_string())]);
            if ui.selectable_label(self.pack.is_empty(), all).clicked() {
                self.pack.clear();
            }
            for pack in book.packs.iter().filter(|pack| book.rules.iter().any(|rule| rule.pack == pack.id)) {
                let count = book.rules.iter().filter(|rule| rule.pack == pack.id).count();
                let name = format!("{} {count}", title(pack, text));
                let hint = format!("{} {}", pack.id, pack.version);
                if ui.selectable_label(self.pack == pack.id, name).on_hover_text(hint).clicked() {
                    self.pack.clone_from(&pack.id);
                }
            }
        });
        ui.horizontal(|ui| {
            let edit = TextEdit::singleline(&mut self.sought).hint_text(&words.seek).desired_width(240.0);
            ui.add(edit).accessible_name(&words.seek);
            ui.checkbox(&mut self.only_idle, &words.only_idle);
            let day = workspace.as_of().to_string();
            ui.label(fill(&words.at_day, &[("day", &day)]));
        });
        ui.separator();
        let sought = self.sought.trim().to_lowercase();
        let is_shown = |rule: &&Rule| {
            let said = [&rule.id, &rule.text, &rule.text_en, &rule.source, &rule.clause, &rule.theme, &rule.regime];
            (self.pack.is_empty() || rule.pack == self.pack)
                && (!self.only_idle || rule.idle_at(workspace.as_of()).is_some())
                && (sought.is_empty() || said.iter().any(|words| words.to_lowercase().contains(&sought)))
        };
        let rules: Vec<&Rule> = book.rules.iter().filter(is_shown).collect();
        ScrollArea::vertical().id_salt("rules").auto_shrink([false, false]).show(ui, |ui| {
            if rules.is_empty() {
                widget::empty(ui, &words.no_rules);
            }
            for rule in rules {
                show_rule(ui, rule, book, workspace);
                ui.add_space(4.0);
            }
        });
        false
    }
}

/// The packs of the office: in use, or why not; each can be let go of.
fn show_own(ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
    let text = workspace.text();
    let words = &text.rules.panel;
    let palette = theme::palette(ui.visuals());
    let mut is_empty = true;
    for (file, state) in workspace.rules.own() {
        is_empty = false;
        ui.horizontal(|ui| {
            let path = file.display().to_string();
            if widget::icon_button(ui, Icon::Bin, &fill(&words.drop_pack, &[("file", &path)])).clicked() {
                commands.send(Command::Run(Task::DropRules(file.to_owned())));
            }
            match state {
                Ok(pack) => {
                    ui.label(theme::bold(title(pack, text)));
                    ui.label(RichText::new(&pack.version).small().color(palette.ink_soft));
                    let shown = Label::new(RichText::new(&path).small().color(palette.ink_faint)).truncate();
                    ui.add(shown).on_hover_text(&path);
                }
                Err(problem) => {
                    let said = RichText::new(problem.sentence(text)).color(palette.tone(Tone::Prohibited));
                    ui.add(Label::new(said).wrap());
                }
            }
        });
    }
    if is_empty {
        widget::remark(ui, &words.no_own_packs);
    }
}

fn show_rule(ui: &mut Ui, rule: &Rule, book: &Rulebook, workspace: &Workspace) {
    let text = workspace.text();
    let words = &text.rules.panel;
    let zh = text.language == Language::Zh;
    let palette = theme::palette(ui.visuals());
    let idle = rule.idle_at(workspace.as_of());
    widget::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.horizontal_wrapped(|ui| {
            let code = rule.consequence.code();
            let word = text.panel.siting.consequence.get(code).map_or(code, String::as_str);
            widget::tone_badge(ui, super::finding::consequence_tone(rule.consequence), word);
            match idle {
                None => widget::tone_badge(ui, Tone::Clear, &words.in_force),
                Some((Idle::Off, _)) => widget::tone_badge(ui, Tone::Unchecked, &words.state_off),
                Some((Idle::Ended, _)) => widget::tone_badge(ui, Tone::Neutral, &words.state_ended),
                Some((Idle::NotBegun, _)) => widget::tone_badge(ui, Tone::Neutral, &words.state_not_begun),
            };
            let confidence = words.confidence.get(&rule.confidence).map_or(rule.confidence.as_str(), String::as_str);
            let tone =
                if matches!(rule.confidence.as_str(), "text" | "high") { Tone::Neutral } else { Tone::Attention };
            widget::tone_badge(ui, tone, confidence);
            let theme = book.check(&rule.theme).map(|check| if zh { &check.zh } else { &check.en });
            ui.label(theme.map_or(rule.theme.as_str(), String::as_str));
            ui.label(RichText::new(&rule.id).small().color(palette.ink_faint));
        });
        ui.add(Label::new(if zh { &rule.text } else { &rule.text_en }).wrap());
        let day = |day: Option<crate::atlas::Date>| day.map_or_else(|| words.open_end.clone(), |day| day.to_string());
        let source = format!("{} {}", rule.source, rule.clause);
        let values =
            [("source", source.trim_end()), ("from", &day(rule.effective_from)), ("to", &day(rule.effective_to))];
        let facts = fill(&words.rule_facts, &values);
        ui.add(Label::new(RichText::new(facts).small().color(palette.ink_soft)).wrap());
        if !rule.note.is_empty() {
            widget::remark(ui, &rule.note);
        }
    });
}

fn title<'a>(pack: &'a PackIdentity, text: &Text) -> &'a str {
    pack.title_in(text.language == Language::Zh)
}
