//! The siting check: the site in question, its verdict, what was checked, what was found and by which rule.

mod applying;
mod comparing;
mod corners;
mod downstream;
mod elsewhere;
mod finding;
mod inquiry;
mod judging;
mod kind;
mod outline;
mod overriding;
mod report;
mod rulebook;
mod surface;
mod verdict;

use self::applying::Applying;
use self::inquiry::Asking;
use self::judging::Judging;
use self::outline::Outline;
use self::overriding::Overruling;
pub use self::verdict::grade_tone;
use self::verdict::{show_area, show_head, show_matrix, title_of};
use crate::atlas::{FeatureKey, LandUse, Theme};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::geo::BoundingRect;
use crate::siting::{ProjectKind, Verdict};
use crate::text::{Language, Text, fill};
use crate::workspace::{Derived, Edit, FlyTo, Navigate, SiteId, SiteState, Task, Tool, Workspace};
use egui::{ComboBox, RichText, ScrollArea, TextEdit, Ui};
use std::collections::HashSet;

/// The siting check.
#[derive(Debug, Default)]
pub struct SitingPanel {
    /// A name being typed.
    typed: Option<(SiteId, String)>,
    /// Findings whose further rules are shown.
    open: HashSet<(FeatureKey, String)>,
    shows_near: bool,
    outline: Outline,
    /// The form of a report.
    pub report: report::ReportForm,
    elsewhere: elsewhere::ElsewherePart,
    judging: Judging,
    inquiry: Asking,
    overriding: Overruling,
    applying: Applying,
}

/// Distances offered, metres.
const NEAR: [f64; 6] = [0.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0];

impl SitingPanel {
    /// Puts the window of the rules away; tells whether it stood in front.
    pub fn close_rulebook(&mut self) -> bool {
        self.judging.close_rulebook()
    }

    /// Draws the site in question and its verdict.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.siting;
        let is_drawing = workspace.session.tool.draws_sites();
        // What is only being drawn has no identity yet.
        let is_draft = is_drawing && derived.verdict.as_ref().is_some_and(|verdict| verdict.id.is_empty());
        let site = workspace.session.site.and_then(|id| workspace.project().site(id)).filter(|_| !is_draft);
        ui.horizontal(|ui| {
            widget::title(ui, &words.title);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                show_tools(ui, workspace, commands);
            });
        });
        self.judging.show_rules(ui, workspace, commands);
        ScrollArea::vertical().id_salt("siting").auto_shrink([false, false]).show(ui, |ui| {
            if let Some(site) = site {
                self.show_site(ui, workspace, site, derived, commands);
            } else if is_draft {
                widget::notice(ui, Tone::Neutral, &words.drafting);
            } else {
                widget::empty(ui, &words.empty);
                show_sites(ui, workspace, commands);
                surface::show(ui, workspace, derived, commands);
                return;
            }
            self.judging.show(ui, workspace, commands);
            match &derived.verdict {
                Some(verdict) => self.show_verdict(ui, workspace, derived, site, verdict, commands),
                None => {
                    ui.horizontal(|ui| {
                        ui.spinner();
                        ui.label(&words.waiting);
                    });
                }
            }
        });
    }

    fn show_site(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        state: &SiteState,
        derived: &Derived,
        commands: &Commands,
    ) {
        let text = workspace.text();
        let words = &text.panel.siting;
        let (id, site) = (state.id, &state.site);
        show_sites(ui, workspace, commands);
        widget::field_with(ui, &words.name, |ui| {
            ui.horizontal(|ui| {
                let mut name = match &self.typed {
                    Some((typed, name)) if *typed == id => name.clone(),
                    _ => site.name.clone(),
                };
                let edit = TextEdit::singleline(&mut name).desired_width(ui.available_width() - 64.0);
                let answer = ui.add(edit).accessible_name(&words.name);
                if answer.changed() {
                    self.typed = Some((id, name));
                }
                if answer.lost_focus()
                    && let Some((typed, name)) = self.typed.take()
                    && !name.trim().is_empty()
                    && name != site.name
                {
                    commands.edit(Edit::RenameSite(typed, name.trim().to_string()));
                }
                if widget::icon_button(ui, Icon::ZoomTo, &text.panel.fly_to).clicked()
                    && let Some(bounds) = site.shape.bounding_rect()
                {
                    commands.navigate(Navigate::Fly(FlyTo::Area(bounds)));
                }
                if widget::icon_button(ui, Icon::Bin, &words.remove).clicked() {
                    commands.edit(Edit::RemoveSite(id));
                }
            });
        });
        let classify = |kind: &str, land_use: Option<LandUse>| {
            commands.edit(Edit::ClassifySite(id, kind.to_string(), land_use));
        };
        let kinds = &workspace.rulebook().kinds;
        widget::field_with(ui, &words.kind, |ui| {
            let chosen = kind::choose(ui, "kind", &words.kind, &words.no_kind, &site.kind, kinds, text);
            match chosen {
                Some(None) => classify("", site.land_use),
                Some(Some(kind)) => classify(&kind.code, kind.usual_land_use().or(site.land_use)),
                None => {}
            }
        });
        if site.kind.is_empty() {
            widget::notice(ui, Tone::Attention, &words.kind_missing);
        }
        widget::field_with(ui, &words.land_use, |ui| {
            ui.horizontal_wrapped(|ui| {
                let name = |land_use: Option<LandUse>| match land_use {
                    None => &words.land_use_unknown,
                    Some(LandUse::First) => &words.land_use_first,
                    Some(LandUse::Second) => &words.land_use_second,
                };
                // what the kind usually has is what the check takes where nothing was told
                let usual = kinds.iter().find(|kind| kind.code == site.kind).and_then(ProjectKind::usual_land_use);
                let shown = name(site.land_use.or(usual));
                let combo = ComboBox::from_id_salt("land use").selected_text(shown).show_ui(ui, |ui| {
                    for land_use in [None, Some(LandUse::First), Some(LandUse::Second)] {
                        let chosen = site.land_use == land_use;
                        if ui.selectable_label(chosen, name(land_use)).clicked() && !chosen {
                            classify(&site.kind, land_use);
                        }
                    }
                });
                let implied = usual.filter(|_| site.land_use.is_none());
                let hint = implied.map(|class| fill(&words.land_use_usual, &[("class", name(Some(class)))]));
                let answer = combo.response.accessible_name(&words.land_use);
                if let Some(hint) = hint {
                    answer.on_hover_text(hint);
                }
                let label = ui.label(RichText::new(&words.near).color(theme::palette(ui.visuals()).ink_soft));
                let shown = number::distance(workspace.session.near_m, &text.panel);
                let combo = ComboBox::from_id_salt("near").selected_text(shown).show_ui(ui, |ui| {
                    for near in NEAR {
                        let chosen = (workspace.session.near_m - near).abs() < 0.5;
                        if ui.selectable_label(chosen, number::distance(near, &text.panel)).clicked() {
                            commands.navigate(Navigate::SetNear(near));
                        }
                    }
                });
                combo.response.labelled_by(label.id);
            });
        });
        self.outline.show(ui, workspace, state, derived.in_hand.as_deref(), commands);
        ui.add_space(4.0);
    }

    fn show_verdict(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        derived: &Derived,
        site: Option<&SiteState>,
        verdict: &Verdict,
        commands: &Commands,
    ) {
        let text = workspace.text();
        let words = &text.panel.siting;
        show_head(ui, verdict, text);
        for problem in &verdict.problems {
            let kind = words.problem_kind.get(&problem.kind).map_or(problem.kind.as_str(), String::as_str);
            let state = if problem.repaired { &words.repaired } else { &words.not_repaired };
            let tone = if problem.repaired { Tone::Attention } else { Tone::Prohibited };
            widget::notice(
                ui,
                tone,
                &format!("{}{}{state}", fill(&words.problem, &[("kind", kind)]), text.report.semicolon),
            );
        }
        if let Some(comparison) = &derived.comparison {
            comparing::show(ui, comparison, verdict, text);
        }
        self.inquiry.show(ui, workspace, verdict, commands);
        if let Some(site) = site {
            self.elsewhere.show(ui, workspace, derived, site, commands);
        }
        show_area(ui, verdict, text);
        show_matrix(ui, verdict, text);
        self.applying.show(ui, verdict, text);
        self.show_findings(ui, workspace, verdict, commands);
        self.show_downstream(ui, workspace, verdict, commands);
        surface::show(ui, workspace, derived, commands);
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            if widget::labelled_button(ui, Icon::Copy, &words.copy_verdict).clicked()
                && let Ok(document) = serde_json::to_string_pretty(verdict)
            {
                ui.copy_text(document);
            }
            // what is only being drawn is not reported
            let is_kept = !verdict.id.is_empty() || workspace.session.site.is_some();
            ui.add_enabled_ui(is_kept, |ui| {
                if widget::labelled_button(ui, Icon::Export, &text.report.panel.button).clicked() {
                    self.report.open(workspace);
                }
            });
        });
        widget::remark(ui, &words.pre_check);
    }
}

fn show_tools(ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
    let words = &workspace.text().panel.siting;
    let tool = workspace.session.tool;
    if widget::icon_button(ui, Icon::Folder, &words.open_file).clicked() {
        commands.run(Task::Choose);
    }
    let has_site = workspace.session.site.is_some();
    for (icon, name, wanted, enabled) in [
        (Icon::Reshape, &words.reshape, Tool::Reshape, has_site),
        (Icon::Rectangle, &words.draw_rectangle, Tool::Rectangle, true),
        (Icon::Polygon, &words.draw_polygon, Tool::Polygon, true),
    ] {
        ui.add_enabled_ui(enabled, |ui| {
            if widget::icon_button_marked(ui, icon, name, tool == wanted).clicked() {
                commands.navigate(Navigate::Take(if tool == wanted { Tool::Browse } else { wanted }));
            }
        });
    }
}

fn show_sites(ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
    let text = workspace.text();
    let words = &text.panel.siting;
    let sites = &workspace.project().sites;
    let chosen = workspace.session.site;
    if sites.is_empty() || sites.len() == 1 && chosen.is_some() {
        return;
    }
    widget::field_with(ui, &words.sites, |ui| {
        let current = sites.iter().find(|site| Some(site.id) == chosen);
        let shown = current.map_or(words.choose.as_str(), |site| site.site.name.as_str());
        let combo = ComboBox::from_id_salt("sites").selected_text(shown).width(ui.available_width() - 8.0);
        let combo = combo.show_ui(ui, |ui| {
            for state in sites.iter().rev() {
                let is_chosen = Some(state.id) == chosen;
                if ui.selectable_label(is_chosen, &state.site.name).clicked() {
                    commands.navigate(Navigate::ChooseSite(Some(state.id)));
                    if let Some(bounds) = state.site.shape.bounding_rect() {
                        commands.navigate(Navigate::Fly(FlyTo::Area(bounds)));
                    }
                }
            }
        });
        combo.response.accessible_name(&words.choose);
    });
}

fn theme_title<'a>(verdict: &'a Verdict, theme: &'a str, text: &'a Text) -> &'a str {
    let check = verdict.checks.iter().find(|check| check.theme == theme);
    check.map_or_else(
        || Theme::parse(theme).map_or(theme, |theme| text.common.theme(theme)),
        |check| title_of(check, text),
    )
}

fn kind_name(kind: &ProjectKind, language: Language) -> &str {
    match language {
        Language::Zh => &kind.zh,
        Language::En => &kind.en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::Grade;
    use crate::siting::{Reason, Relation};

    #[test]
    fn every_code_of_a_verdict_has_a_word_in_both_languages() {
        for language in [Language::Zh, Language::En] {
            let words = &Text::of(language).panel.siting;
            for grade in [Grade::Prohibited, Grade::Restricted, Grade::Attention, Grade::Unchecked, Grade::Clear] {
                assert!(words.grade.contains_key(grade.code()));
            }
            for reason in [
                Reason::SharesGround,
                Reason::SharesBorder,
                Reason::OutsideBoundary,
                Reason::Apart,
                Reason::InsideBoundary,
                Reason::DoesNotBear,
                Reason::NotInForce,
                Reason::NotLoaded,
                Reason::Empty,
                Reason::NotCovered,
                Reason::Expired,
                Reason::NotYetValid,
                Reason::LandUseUnknown,
                Reason::Unusable,
                Reason::SiteUnusable,
            ] {
                assert!(words.reason.contains_key(reason.code()), "{}", reason.code());
            }
            for relation in
                [Relation::Within, Relation::Contains, Relation::Overlaps, Relation::Touches, Relation::Near]
            {
                assert!(words.relation.contains_key(relation.code()));
            }
        }
    }
}
