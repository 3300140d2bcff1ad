//! The verdict above its findings: grade, areas, what was checked and what could not be.

use super::finding::consequence_tone;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::Area;
use crate::siting::{Consequence, Finding, Grade, Reason, Status, ThemeCheck, Verdict};
use crate::text::{Language, Text, fill};
use egui::{Label, Rect, RichText, Sense, Ui, pos2, vec2};

pub(super) fn show_head(ui: &mut Ui, verdict: &Verdict, text: &Text) {
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
        if let Some(reason) = deciding(verdict, text) {
            ui.add(Label::new(theme::bold(reason)).wrap());
        }
        super::judging::show_days(ui, verdict, text);
        let unchecked: Vec<&str> = verdict.unchecked_required().map(|check| title_of(check, text)).collect();
        if !unchecked.is_empty() {
            let sentence = fill(&words.unchecked_required, &[("themes", &unchecked.join(&text.elsewhere.separator))]);
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

/// The finding that decides, with its figure, and how many weigh as much.
fn deciding(verdict: &Verdict, text: &Text) -> Option<String> {
    let words = &text.panel.siting;
    let weighs = |finding: &&Finding| finding.consequence.grade() == Some(verdict.verdict);
    let worst = verdict.findings.iter().find(weighs)?;
    // the theme first: what is round a lake is not the lake
    let theme = title_of_theme(verdict, worst, text);
    let name =
        if worst.name.is_empty() { theme.to_owned() } else { format!("{theme}{}{}", text.report.colon, worst.name) };
    let figure = if worst.overlap_m2 > 0.0 {
        fill(&words.overlap, &[("area", &short_area(Area(worst.overlap_m2), text))])
    } else {
        let metres = number::distance(worst.overlap_length_m.unwrap_or(worst.distance_m), &text.panel);
        match worst.relation.shares_ground() {
            true => fill(&words.overlap_length, &[("length", &metres)]),
            false => fill(&words.distance, &[("n", &metres)]),
        }
    };
    let others = verdict.findings.iter().filter(weighs).count().saturating_sub(1);
    let more = if others > 0 { fill(&words.and_others, &[("n", &others.to_string())]) } else { String::new() };
    Some(format!("{name}{}{figure}{more}", words.comma))
}

fn title_of_theme<'a>(verdict: &'a Verdict, finding: &Finding, text: &Text) -> &'a str {
    let check = verdict.checks.iter().find(|check| check.theme == finding.theme);
    check.map_or("", |check| title_of(check, text))
}

pub(super) fn show_area(ui: &mut Ui, verdict: &Verdict, text: &Text) {
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

pub(super) fn show_matrix(ui: &mut Ui, verdict: &Verdict, text: &Text) {
    let words = &text.panel.siting;
    widget::section(ui, &words.matrix);
    let palette = theme::palette(ui.visuals());
    ui.spacing_mut().item_spacing.y = 1.0;
    for status in [Status::Involved, Status::Unchecked, Status::NotInvolved] {
        // what does not bear is told below, folded
        let told = verdict.checks.iter().filter(|check| check.reason != Reason::DoesNotBear);
        for check in told.filter(|check| check.status == status) {
            let tone = match status {
                Status::Involved => {
                    let worst = verdict.of_theme(&check.theme).map(|finding| finding.consequence).min();
                    consequence_tone(worst.unwrap_or(Consequence::Attention))
                }
                Status::Unchecked => Tone::Unchecked,
                Status::NotInvolved if !check.applies() => Tone::Unchecked,
                Status::NotInvolved => Tone::Clear,
            };
            let code = check.shown_status();
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
            // in full, or shorter where that does not fit: a figure is never cut
            let states = match status {
                Status::Involved if check.overlap_m2 > 0.0 => {
                    let area = short_area(Area(check.overlap_m2), text);
                    vec![fill(&words.theme_count, &[("n", &check.count.to_string()), ("area", &area)]), area]
                }
                Status::Involved if check.count > 0 => {
                    vec![fill(&words.theme_lines, &[("n", &check.count.to_string())])]
                }
                Status::Unchecked => vec![reason_of(check, text).to_string()],
                _ => Vec::new(),
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
            let whole = line(title, f32::INFINITY, egui::TextStyle::Body, ui).size().x;
            let states = states.iter().map(|state| line(state, f32::INFINITY, egui::TextStyle::Small, ui));
            let states: Vec<_> = states.collect();
            let fits = |state: &&std::sync::Arc<egui::Galley>| left + whole + 16.0 + state.size().x <= right;
            let is_figure = status == Status::Involved;
            let state = states.iter().find(fits).or(states.last().filter(|_| is_figure));
            let taken = state.map_or(0.0, |state| state.size().x + 8.0);
            let name = line(title, (right - left - 8.0 - taken).max(40.0), egui::TextStyle::Body, ui);
            ui.painter().galley(pos2(left, area.center().y - name.size().y / 2.0), name, palette.ink);
            if let Some(state) = state {
                let at = pos2(right - 8.0 - state.size().x, area.center().y - state.size().y / 2.0);
                ui.painter().galley(at, state.clone(), palette.ink_faint);
            }
            row.on_hover_text(said);
        }
    }
}

/// Why a theme has its status, in full, for the tooltip.
pub(super) fn explain(check: &ThemeCheck, text: &Text) -> String {
    let words = &text.panel.siting;
    let mut lines = vec![reason_of(check, text).to_string()];
    if let Some(day) = check.day {
        lines.push(day.to_string());
    }
    if let Some(nearest) = &check.nearest {
        let distance = number::distance(nearest.distance_m, &text.panel);
        let bearing = crate::text::certainty::bearing(nearest.bearing_deg, text);
        lines.push(fill(&words.nearest, &[("name", &nearest.name), ("distance", &distance)]) + &bearing);
    }
    if check.reference {
        lines.push(words.reference.clone());
    }
    if let Some(quality) = check.quality {
        lines.push(format!("{} {} {}", check.layer, check.version, text.common.quality(quality)).trim().to_string());
    }
    lines.join("\n")
}

pub(super) fn reason_of<'a>(check: &ThemeCheck, text: &'a Text) -> &'a str {
    let code = check.reason.code();
    text.panel.siting.reason.get(code).map_or(code, String::as_str)
}

pub(super) fn title_of<'a>(check: &'a ThemeCheck, text: &Text) -> &'a str {
    match text.language {
        Language::Zh => &check.title,
        Language::En => &check.title_en,
    }
}

pub(super) fn short_area(area: Area, text: &Text) -> String {
    let numbers = &text.panel.number;
    if area.hectares() < 1.0 {
        fill(&numbers.square_metres, &[("n", &number::grouped(area.square_metres(), 2))])
    } else {
        fill(&numbers.hectares, &[("n", &number::grouped(area.hectares(), 2))])
    }
}

/// What a grade means.
pub fn grade_tone(grade: Grade) -> Tone {
    match grade {
        Grade::Prohibited => Tone::Prohibited,
        Grade::Restricted => Tone::Restricted,
        Grade::Attention => Tone::Attention,
        Grade::Unchecked => Tone::Unchecked,
        Grade::Clear => Tone::Clear,
    }
}
