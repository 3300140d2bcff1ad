//! The siting check: the site in question, its verdict, what was checked, what was found and by which rule.

use crate::atlas::{FeatureKey, LandUse, Theme};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::Area;
use crate::geometry::geo::BoundingRect;
use crate::siting::{
    Certainty, Consequence, Finding, Grade, ProjectKind, RuleQuote, Rulebook, Status, ThemeCheck, Verdict,
};
use crate::text::{Language, Text, fill};
use crate::workspace::{Derived, Edit, FlyTo, Navigate, SiteId, SiteState, Task, Tool, Workspace};
use egui::{ComboBox, Label, Rect, RichText, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};
use std::collections::HashSet;

/// The siting check.
#[derive(Debug, Default)]
pub struct SitingPanel {
    /// A name being typed.
    typed: Option<(SiteId, String)>,
    /// Findings whose further rules are shown.
    open: HashSet<(FeatureKey, String)>,
    shows_near: bool,
}

/// Distances offered, metres.
const NEAR: [f64; 6] = [0.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0];

impl SitingPanel {
    /// Draws the site in question and its verdict.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.siting;
        let is_drawing = matches!(workspace.session.tool, Tool::Polygon | Tool::Rectangle);
        // What is only being drawn has no identity yet.
        let is_draft = is_drawing && derived.verdict.as_ref().is_some_and(|verdict| verdict.id.is_empty());
        let site = workspace.session.site.and_then(|id| workspace.project().site(id)).filter(|_| !is_draft);
        ui.horizontal(|ui| {
            widget::title(ui, &words.title);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                show_tools(ui, workspace, commands);
            });
        });
        ScrollArea::vertical().id_salt("siting").auto_shrink([false, false]).show(ui, |ui| {
            if let Some(site) = site {
                self.show_site(ui, workspace, site, commands);
            } else if is_draft {
                widget::notice(ui, Tone::Neutral, &words.drafting);
            } else {
                widget::empty(ui, &words.empty);
                show_sites(ui, workspace, commands);
                return;
            }
            match &derived.verdict {
                Some(verdict) => self.show_verdict(ui, workspace, verdict, commands),
                None => {
                    ui.horizontal(|ui| {
                        ui.spinner();
                        ui.label(&words.waiting);
                    });
                }
            }
        });
    }

    fn show_site(&mut self, ui: &mut Ui, workspace: &Workspace, state: &SiteState, commands: &Commands) {
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
        let kinds = &Rulebook::bundled().kinds;
        let language = text.language;
        widget::field_with(ui, &words.kind, |ui| {
            let current = kinds.iter().find(|kind| kind.code == site.kind);
            let shown = current.map_or(words.no_kind.as_str(), |kind| kind_name(kind, language));
            let combo = ComboBox::from_id_salt("kind").selected_text(shown).width(ui.available_width() - 8.0);
            let combo = combo.show_ui(ui, |ui| {
                if ui.selectable_label(current.is_none(), &words.no_kind).clicked() {
                    classify("", site.land_use);
                }
                for kind in kinds {
                    let chosen = kind.code == site.kind;
                    if ui.selectable_label(chosen, kind_name(kind, language)).clicked() && !chosen {
                        classify(&kind.code, kind.usual_land_use().or(site.land_use));
                    }
                }
            });
            combo.response.accessible_name(&words.kind);
        });
        widget::field_with(ui, &words.land_use, |ui| {
            ui.horizontal(|ui| {
                let name = |land_use: Option<LandUse>| match land_use {
                    None => &words.land_use_unknown,
                    Some(LandUse::First) => &words.land_use_first,
                    Some(LandUse::Second) => &words.land_use_second,
                };
                let combo = ComboBox::from_id_salt("land use").selected_text(name(site.land_use)).show_ui(ui, |ui| {
                    for land_use in [None, Some(LandUse::First), Some(LandUse::Second)] {
                        let chosen = site.land_use == land_use;
                        if ui.selectable_label(chosen, name(land_use)).clicked() && !chosen {
                            classify(&site.kind, land_use);
                        }
                    }
                });
                combo.response.accessible_name(&words.land_use);
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
        ui.add_space(4.0);
    }

    fn show_verdict(&mut self, ui: &mut Ui, workspace: &Workspace, verdict: &Verdict, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.siting;
        show_head(ui, verdict, text);
        for problem in &verdict.problems {
            let kind = words.problem_kind.get(&problem.kind).map_or(problem.kind.as_str(), String::as_str);
            let state = if problem.repaired { &words.repaired } else { &words.not_repaired };
            let tone = if problem.repaired { Tone::Attention } else { Tone::Prohibited };
            widget::notice(ui, tone, &format!("{}。{state}", fill(&words.problem, &[("kind", kind)])));
        }
        show_area(ui, verdict, text);
        show_matrix(ui, verdict, text);
        self.show_findings(ui, workspace, verdict, commands);
        ui.add_space(theme::GAP);
        ui.horizontal(|ui| {
            if widget::labelled_button(ui, Icon::Copy, &words.copy_verdict).clicked()
                && let Ok(document) = serde_json::to_string_pretty(verdict)
            {
                ui.copy_text(document);
            }
        });
        widget::remark(ui, &words.pre_check);
    }

    fn show_findings(&mut self, ui: &mut Ui, workspace: &Workspace, verdict: &Verdict, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.siting;
        widget::section(ui, &words.findings);
        let concerns = |finding: &&Finding| {
            finding.consequence != Consequence::None
                || finding.relation.shares_ground()
                || matches!(finding.certainty, Certainty::SuspectedEdge | Certainty::AlongEdge)
        };
        let (found, near): (Vec<_>, Vec<_>) = verdict.findings.iter().partition(concerns);
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
                    "{} · {} · {}",
                    finding.name,
                    theme_title(verdict, &finding.theme, text),
                    number::distance(finding.distance_m, &text.panel)
                );
                if ui.link(line).clicked() {
                    go(finding, workspace, commands);
                }
            }
        }
    }

    fn show_finding(
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
                widget::tone_badge(ui, tone, word);
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
            match &finding.rule {
                Some(rule) => show_rule(ui, rule, text),
                None => {
                    widget::remark(ui, &words.no_rule);
                }
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

fn show_head(ui: &mut Ui, verdict: &Verdict, text: &Text) {
    let words = &text.panel.siting;
    let tone = grade_tone(verdict.verdict);
    let palette = theme::palette(ui.visuals());
    let code = verdict.verdict.code();
    let word = words.grade.get(code).map_or(code, String::as_str);
    let card = widget::toned_card(ui, tone, |ui| {
        ui.horizontal(|ui| {
            let (area, _) = ui.allocate_exact_size(vec2(34.0, 34.0), Sense::hover());
            Icon::of(tone).paint(ui.painter(), area.shrink(2.0), palette.tone(tone));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                ui.label(RichText::new(word).font(theme::bold_font(19.0)).color(palette.tone(tone)));
                let [involved, clear, unchecked] = verdict.counts().map(|count| count.to_string());
                let counts = [("involved", involved.as_str()), ("clear", &clear), ("unchecked", &unchecked)];
                ui.label(RichText::new(fill(&words.counts, &counts)).color(palette.ink_soft));
            });
        });
        let unchecked: Vec<&str> = verdict.unchecked_required().map(|check| title_of(check, text)).collect();
        if !unchecked.is_empty() {
            let sentence = fill(&words.unchecked_required, &[("themes", &unchecked.join("、"))]);
            ui.add(Label::new(RichText::new(sentence).small().color(palette.ink_soft)).wrap());
        }
        let quality = text.common.quality(verdict.data_quality);
        let notice = if verdict.data_quality == crate::atlas::Quality::Schematic {
            &text.common.schematic_notice
        } else {
            quality
        };
        ui.add(Label::new(RichText::new(notice).small().color(palette.tone(Tone::Restricted))).wrap());
    });
    if tone == Tone::Unchecked {
        let corner = Rect::from_min_max(
            pos2(card.response.rect.right() - 60.0, card.response.rect.top()),
            card.response.rect.max,
        );
        widget::hatch(ui.painter(), corner.shrink(2.0), palette.ink_faint.gamma_multiply(0.5));
    }
}

fn show_area(ui: &mut Ui, verdict: &Verdict, text: &Text) {
    let words = &text.panel.siting;
    widget::section(ui, &words.area);
    widget::field(ui, &words.ellipsoid_area, &number::area(Area(verdict.area_m2), &text.panel));
    let plane = fill(&text.panel.number.square_metres, &[("n", &number::grouped(verdict.plane_area_m2, 2))]);
    widget::field_with(ui, &words.plane_area, |ui| {
        ui.add(Label::new(plane).wrap());
        let meridian = fill(&words.plane, &[("n", &number::trimmed(verdict.central_meridian, 1))]);
        let difference = verdict.plane_area_m2 - verdict.area_m2;
        let difference = fill(&words.difference, &[("n", &number::grouped(difference, 2))]);
        widget::remark(ui, &format!("{meridian} · {difference}"));
    });
}

fn show_matrix(ui: &mut Ui, verdict: &Verdict, text: &Text) {
    let words = &text.panel.siting;
    widget::section(ui, &words.matrix);
    let palette = theme::palette(ui.visuals());
    ui.spacing_mut().item_spacing.y = 1.0;
    for status in [Status::Involved, Status::Unchecked, Status::NotInvolved] {
        for check in verdict.checks.iter().filter(|check| check.status == status) {
            let tone = match status {
                Status::Involved => {
                    let worst = verdict.of_theme(&check.theme).map(|finding| finding.consequence).min();
                    consequence_tone(worst.unwrap_or(Consequence::Attention))
                }
                Status::Unchecked => Tone::Unchecked,
                Status::NotInvolved => Tone::Clear,
            };
            let code = status.code();
            let word = words.status.get(code).map_or(code, String::as_str);
            let (area, row) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
            let title = title_of(check, text);
            let said = explain(check, text);
            row.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Row, true, format!("{title} {word} {said}")));
            if row.hovered() {
                ui.painter().rect_filled(area, f32::from(theme::ROUND), palette.button);
            }
            if status == Status::Unchecked {
                let mark = Rect::from_min_size(area.min, vec2(22.0, area.height())).shrink(1.0);
                widget::hatch(ui.painter(), mark, palette.ink_faint.gamma_multiply(0.35));
            }
            let mark = Rect::from_center_size(pos2(area.left() + 11.0, area.center().y), vec2(13.0, 13.0));
            Icon::of(tone).paint(ui.painter(), mark, palette.tone(tone));
            let state = match status {
                Status::Involved if check.overlap_m2 > 0.0 => {
                    let area = short_area(Area(check.overlap_m2), text);
                    fill(&words.theme_count, &[("n", &check.count.to_string()), ("area", &area)])
                }
                Status::Involved if check.count > 0 => fill(&words.theme_lines, &[("n", &check.count.to_string())]),
                Status::Unchecked => reason_of(check, text).to_string(),
                _ => String::new(),
            };
            let bold = egui::WidgetText::from(theme::bold(word).size(12.0).color(palette.tone(tone)));
            let bold = bold.into_galley(ui, None, f32::INFINITY, egui::TextStyle::Small);
            let right = area.right() - 4.0 - bold.size().x;
            ui.painter().galley(pos2(right, area.center().y - bold.size().y / 2.0), bold, palette.tone(tone));
            let line = |words: &str, width: f32, style: egui::TextStyle, ui: &Ui| {
                egui::WidgetText::from(RichText::new(words)).into_galley(
                    ui,
                    Some(egui::TextWrapMode::Truncate),
                    width,
                    style,
                )
            };
            let left = area.left() + 24.0;
            let name = line(title, (right - left - 8.0).max(40.0), egui::TextStyle::Body, ui);
            let end = left + name.size().x;
            ui.painter().galley(pos2(left, area.center().y - name.size().y / 2.0), name, palette.ink);
            let room = right - end - 16.0;
            if room > 24.0 && !state.is_empty() {
                let state = line(&state, room, egui::TextStyle::Small, ui);
                let at = pos2(right - 8.0 - state.size().x, area.center().y - state.size().y / 2.0);
                ui.painter().galley(at, state, palette.ink_faint);
            }
            row.on_hover_text(said);
        }
    }
}

/// Why a theme has its status, in full, for the tooltip.
fn explain(check: &ThemeCheck, text: &Text) -> String {
    let words = &text.panel.siting;
    let mut lines = vec![reason_of(check, text).to_string()];
    if let Some(day) = check.day {
        lines.push(day.to_string());
    }
    if let Some(nearest) = &check.nearest {
        let distance = number::distance(nearest.distance_m, &text.panel);
        lines.push(fill(&words.nearest, &[("name", &nearest.name), ("distance", &distance)]));
    }
    if check.reference {
        lines.push(words.reference.clone());
    }
    if let Some(quality) = check.quality {
        lines.push(format!("{} {} {}", check.layer, check.version, text.common.quality(quality)).trim().to_string());
    }
    lines.join("\n")
}

fn reason_of<'a>(check: &ThemeCheck, text: &'a Text) -> &'a str {
    let code = check.reason.code();
    text.panel.siting.reason.get(code).map_or(code, String::as_str)
}

fn title_of<'a>(check: &'a ThemeCheck, text: &Text) -> &'a str {
    match text.language {
        Language::Zh => &check.title,
        Language::En => &check.title_en,
    }
}

fn theme_title<'a>(verdict: &'a Verdict, theme: &'a str, text: &'a Text) -> &'a str {
    let check = verdict.checks.iter().find(|check| check.theme == theme);
    check.map_or_else(
        || Theme::parse(theme).map_or(theme, |theme| text.common.theme(theme)),
        |check| title_of(check, text),
    )
}

fn short_area(area: Area, text: &Text) -> String {
    let numbers = &text.panel.number;
    if area.hectares() < 1.0 {
        fill(&numbers.square_metres, &[("n", &number::grouped(area.square_metres(), 2))])
    } else {
        fill(&numbers.hectares, &[("n", &number::grouped(area.hectares(), 2))])
    }
}

/// Overlap, shares and distance of a finding in one line.
fn figures(finding: &Finding, text: &Text) -> Option<String> {
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
    (!parts.is_empty()).then(|| parts.join("，"))
}

fn show_doubts(ui: &mut Ui, finding: &Finding, text: &Text) {
    let words = &text.panel.siting;
    if matches!(finding.certainty, Certainty::SuspectedEdge | Certainty::AlongEdge) {
        let code = finding.certainty.code();
        let mut sentence = words.certainty.get(code).cloned().unwrap_or_default();
        if let Some(width) = finding.mean_width_m {
            sentence = format!("{sentence} · {}", fill(&words.mean_width, &[("n", &number::trimmed(width, 2))]));
        }
        widget::notice(ui, Tone::Attention, &sentence);
    }
    if !finding.verified {
        widget::notice(ui, Tone::Prohibited, &words.unverified);
    }
    if let Some(belt) = finding.belt_m {
        widget::remark(ui, &fill(&words.belt, &[("n", &number::distance(belt, &text.panel))]));
    }
}

fn show_rule(ui: &mut Ui, rule: &RuleQuote, text: &Text) {
    let words = &text.panel.siting;
    let palette = theme::palette(ui.visuals());
    let pick = |zh: &'_ str, en: &'_ str| -> String {
        match text.language {
            Language::En if !en.is_empty() => en.to_string(),
            _ => zh.to_string(),
        }
    };
    ui.add(Label::new(pick(&rule.text, &rule.text_en)).wrap());
    let source = format!("{}：{} {}", words.rule, rule.source, rule.clause);
    ui.add(Label::new(RichText::new(source.trim_end()).small().color(palette.ink_soft)).wrap());
    for (name, value) in [
        (&words.next_step, pick(&rule.next_step, &rule.next_step_en)),
        (&words.document, pick(&rule.document, &rule.document_en)),
    ] {
        if !value.is_empty() {
            let line = format!("{name}：{value}");
            ui.add(Label::new(RichText::new(line).small().color(palette.ink_soft)).wrap());
        }
    }
}

/// Selects what was found and shows where it meets the site.
fn go(finding: &Finding, workspace: &Workspace, commands: &Commands) {
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

fn join(a: crate::geometry::geo::Rect, b: crate::geometry::geo::Rect) -> crate::geometry::geo::Rect {
    use crate::geometry::geo::Coord;
    let (low, high) = (a.min(), a.max());
    let (other_low, other_high) = (b.min(), b.max());
    crate::geometry::geo::Rect::new(
        Coord { x: low.x.min(other_low.x), y: low.y.min(other_low.y) },
        Coord { x: high.x.max(other_high.x), y: high.y.max(other_high.y) },
    )
}

fn kind_name(kind: &ProjectKind, language: Language) -> &str {
    match language {
        Language::Zh => &kind.zh,
        Language::En => &kind.en,
    }
}

fn grade_tone(grade: Grade) -> Tone {
    match grade {
        Grade::Prohibited => Tone::Prohibited,
        Grade::Restricted => Tone::Restricted,
        Grade::Attention => Tone::Attention,
        Grade::Unchecked => Tone::Unchecked,
        Grade::Clear => Tone::Clear,
    }
}

fn consequence_tone(consequence: Consequence) -> Tone {
    match consequence {
        Consequence::Prohibited => Tone::Prohibited,
        Consequence::Restricted => Tone::Restricted,
        Consequence::Attention => Tone::Attention,
        Consequence::None => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
