//! One finding: figures, doubts, rules, and the way to it on the map.

use super::{SitingPanel, overriding, theme_title};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::Area;
use crate::geometry::geo::BoundingRect;
use crate::siting::{CertaintyGrade, Consequence, Finding, Reason, RuleQuote, Verdict};
use crate::text::{Language, Text, certainty, fill};
use crate::workspace::{FlyTo, Navigate, Workspace};
use egui::{Label, Rect, RichText, Sense, Ui, vec2};

impl SitingPanel {
    pub(super) fn show_findings(&mut self, ui: &mut Ui, workspace: &Workspace, verdict: &Verdict, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.siting;
        widget::section(ui, &words.findings);
        let (found, near): (Vec<_>, Vec<_>) = verdict.findings.iter().partition(|finding| finding.concerns());
        if found.is_empty() {
            widget::remark(ui, &words.no_findings);
        }
        for finding in found {
            self.show_finding(ui, workspace, verdict, finding, commands);
            ui.add_space(4.0);
        }
        if near.is_empty() {
            return;
        }
        let distance = number::distance(workspace.session.near_m, &text.panel);
        let name = fill(&words.near_list, &[("near", &distance), ("n", &near.len().to_string())]);
        ui.horizontal(|ui| {
            let fold = widget::icon_button(ui, Icon::Fold(self.shows_near), &name);
            let label = ui.add(Label::new(&name).sense(Sense::click()));
            if fold.clicked() || label.clicked() {
                self.shows_near = !self.shows_near;
            }
        });
        if self.shows_near {
            for finding in near {
                let line = format!(
                    "{} · {} · {}{}",
                    finding.name,
                    theme_title(verdict, &finding.theme, text),
                    number::distance(finding.distance_m, &text.panel),
                    crate::text::certainty::bearing(finding.bearing_deg, text)
                );
                if ui.link(line).clicked() {
                    go(finding, workspace, commands);
                }
            }
        }
    }

    pub(super) fn show_finding(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        verdict: &Verdict,
        finding: &Finding,
        commands: &Commands,
    ) {
        let text = workspace.text();
        let words = &text.panel.siting;
        let palette = theme::palette(ui.visuals());
        let tone = consequence_tone(finding.consequence);
        let is_selected = workspace.selected() == Some(finding.key);
        let card = widget::card(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.horizontal(|ui| {
                let consequence = finding.consequence.code();
                let word = words.consequence.get(consequence).map_or(consequence, String::as_str);
                overriding::show_badge(ui, finding, tone, word, text);
                let ink = if is_selected { palette.accent } else { palette.ink };
                let name = Label::new(theme::bold(&finding.name).color(ink)).truncate().sense(Sense::click());
                let answer = ui.add(name);
                let said = fill(&words.go, &[("name", &finding.name)]);
                answer.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
                if answer.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(&said).clicked() {
                    go(finding, workspace, commands);
                }
            });
            let mut facts = vec![theme_title(verdict, &finding.theme, text).to_string()];
            if !finding.class.is_empty() {
                facts.push(text.common.value(&finding.class_field, &finding.class).to_string());
            }
            if !finding.kind.is_empty() {
                facts.push(text.common.value("kind", &finding.kind).to_string());
            }
            let relation = finding.relation.code();
            facts.push(words.relation.get(relation).cloned().unwrap_or_default());
            ui.add(Label::new(RichText::new(facts.join(" · ")).small().color(palette.ink_soft)).wrap());
            if let Some(line) = figures(finding, text) {
                ui.add(Label::new(line).wrap());
            }
            show_doubts(ui, finding, text);
            self.overriding.show(ui, workspace, finding, commands);
            match &finding.rule {
                // a neighbour that asks nothing needs no paper
                Some(rule) if finding.decided() == Consequence::None => show_words(ui, rule, text),
                Some(rule) => show_rule(ui, rule, text),
                None => {
                    let check = verdict.checks.iter().find(|check| check.theme == finding.theme);
                    let is_kept = check.is_some_and(|check| check.reason == Reason::InsideBoundary);
                    let kept = words.reason.get(Reason::InsideBoundary.code()).filter(|_| is_kept);
                    widget::remark(ui, kept.unwrap_or(&words.no_rule));
                }
            }
            for line in crate::text::siting::verbatim_sentences(finding, text) {
                ui.add(Label::new(line).wrap());
            }
            if !finding.further_rules.is_empty() {
                let key = (finding.key, finding.theme.clone());
                let is_open = self.open.contains(&key);
                let count = finding.further_rules.len().to_string();
                let name = if is_open { words.fewer_rules.clone() } else { fill(&words.more_rules, &[("n", &count)]) };
                if ui.link(RichText::new(name).small()).clicked() && !self.open.remove(&key) {
                    self.open.insert(key);
                }
                if is_open {
                    finding.further_rules.iter().for_each(|rule| show_rule(ui, rule, text));
                }
            }
        });
        let edge = Rect::from_min_size(card.response.rect.min, vec2(3.0, card.response.rect.height()));
        ui.painter().rect_filled(edge, 1.5, palette.tone(tone));
    }
}

/// Overlap, shares and distance of a finding in one line.
pub(super) fn figures(finding: &Finding, text: &Text) -> Option<String> {
    let words = &text.panel.siting;
    let mut parts = Vec::new();
    if finding.overlap_m2 > 0.0 {
        let area = number::area(Area(finding.overlap_m2), &text.panel);
        parts.push(fill(&words.overlap, &[("area", &area)]));
        parts.push(fill(&words.share_site, &[("n", &number::share(finding.overlap_share))]));
        if let Some(share) = finding.zone_share {
            parts.push(fill(&words.share_zone, &[("n", &number::share(share))]));
        }
    }
    if let Some(length) = finding.overlap_length_m.filter(|length| *length > 0.0) {
        parts.push(fill(&words.overlap_length, &[("length", &number::distance(length, &text.panel))]));
    }
    if !finding.relation.shares_ground() {
        parts.push(fill(&words.distance, &[("n", &number::distance(finding.distance_m, &text.panel))]));
    }
    (!parts.is_empty()).then(|| parts.join(&words.comma) + &certainty::position(finding, text))
}

pub(super) fn show_doubts(ui: &mut Ui, finding: &Finding, text: &Text) {
    let words = &text.panel.siting;
    let said = certainty::sentence(finding, text);
    match finding.certainty_grade {
        CertaintyGrade::Certain => widget::remark(ui, &said),
        CertaintyGrade::Marginal | CertaintyGrade::Artefact => widget::notice(ui, Tone::Attention, &said),
    };
    if !finding.verified {
        widget::notice(ui, Tone::Prohibited, &text.certainty.unverified);
    }
    if let Some(belt) = finding.belt_m {
        widget::remark(ui, &fill(&words.belt, &[("n", &number::distance(belt, &text.panel))]));
        for line in crate::text::siting::basis_sentences(finding, text) {
            widget::remark(ui, &line);
        }
    }
}

/// What a rule says, in the language of the person.
pub(super) fn spoken<'a>(rule: &'a RuleQuote, text: &Text) -> &'a str {
    if text.language == Language::En && !rule.text_en.is_empty() { &rule.text_en } else { &rule.text }
}

/// What a rule says and where it stands.
fn show_words(ui: &mut Ui, rule: &RuleQuote, text: &Text) {
    let words = &text.panel.siting;
    let palette = theme::palette(ui.visuals());
    ui.add(Label::new(spoken(rule, text)).wrap());
    let source = format!("{}{}{} {}", words.rule, text.report.colon, rule.source, rule.clause);
    ui.add(Label::new(RichText::new(source.trim_end()).small().color(palette.ink_soft)).wrap());
}

pub(super) fn show_rule(ui: &mut Ui, rule: &RuleQuote, text: &Text) {
    let words = &text.panel.siting;
    let palette = theme::palette(ui.visuals());
    let pick = |zh: &'_ str, en: &'_ str| -> String {
        match text.language {
            Language::En if !en.is_empty() => en.to_string(),
            _ => zh.to_string(),
        }
    };
    show_words(ui, rule, text);
    for (name, value) in [
        (&words.next_step, pick(&rule.next_step, &rule.next_step_en)),
        (&words.document, pick(&rule.document, &rule.document_en)),
    ] {
        if !value.is_empty() {
            let line = format!("{name}{}{value}", text.report.colon);
            ui.add(Label::new(RichText::new(line).small().color(palette.ink_soft)).wrap());
        }
    }
}

/// Selects what was found and shows where it meets the site.
pub(super) fn go(finding: &Finding, workspace: &Workspace, commands: &Commands) {
    let panel = workspace.session.panel;
    commands.navigate(Navigate::Select(vec![finding.key]));
    commands.navigate(Navigate::Show(panel));
    let site = workspace.session.site.and_then(|id| workspace.project().site(id));
    let site = site.and_then(|state| state.site.shape.bounding_rect());
    let met = finding.overlap.bounding_rect().or_else(|| {
        let points = finding.nearest?;
        Some(crate::geometry::geo::Rect::new(points.site, points.feature))
    });
    let shown = match (met, site) {
        (Some(a), Some(b)) => Some(join(a, b)),
        (met, site) => met.or(site),
    };
    let feature = workspace.atlas().feature(finding.key).and_then(|feature| feature.bounds());
    if let Some(area) = shown.or(feature) {
        commands.navigate(Navigate::Fly(FlyTo::Area(area)));
    }
}

pub(super) fn join(a: crate::geometry::geo::Rect, b: crate::geometry::geo::Rect) -> crate::geometry::geo::Rect {
    use crate::geometry::geo::Coord;
    let (low, high) = (a.min(), a.max());
    let (other_low, other_high) = (b.min(), b.max());
    crate::geometry::geo::Rect::new(
        Coord { x: low.x.min(other_low.x), y: low.y.min(other_low.y) },
        Coord { x: high.x.max(other_high.x), y: high.y.max(other_high.y) },
    )
}

pub(super) fn consequence_tone(consequence: Consequence) -> Tone {
    match consequence {
        Consequence::Prohibited => Tone::Prohibited,
        Consequence::Restricted => Tone::Restricted,
        Consequence::Attention => Tone::Attention,
        Consequence::None => Tone::Neutral,
    }
}
