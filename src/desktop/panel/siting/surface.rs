//! The compliance surface in the siting panel: for which kind of project, with which setbacks, and the ground left.

use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, number};
use crate::siting::{Consequence, GroundLeft, ThemeUse, WIDEST_SETBACK};
use crate::text::{Language, Text, fill};
use crate::workspace::{Derived, LeftOver, Navigate, SurfaceChoice, Workspace};
use egui::{CollapsingHeader, ComboBox, Label, RichText, Slider, SliderClamping, Ui};

const AVOID: [Consequence; 3] = [Consequence::Prohibited, Consequence::Restricted, Consequence::Attention];

pub(super) fn show(ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
    let text = workspace.text();
    let words = &text.elsewhere;
    widget::section(ui, &words.surface_title);
    widget::remark(ui, &words.surface_intro);
    let shown = workspace.session.surface.as_ref();
    let mut is_shown = shown.is_some();
    if ui.checkbox(&mut is_shown, &words.surface_show).changed() {
        let choice = is_shown.then(|| Box::new(first_choice(workspace)));
        commands.navigate(Navigate::Survey(choice));
    }
    let Some(choice) = shown else { return };
    let mut next = choice.clone();
    show_choice(ui, workspace, &mut next);
    let piece = derived.surface.as_ref();
    match piece {
        Some(piece) => show_setbacks(ui, &piece.obstacles.themes, &mut next, text),
        None => {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label(&words.surface_waiting);
            });
        }
    }
    if next != *choice {
        commands.navigate(Navigate::Survey(Some(Box::new(next))));
    }
    show_left(ui, derived.left.as_deref().filter(|left| left.choice == *choice), text);
    if let Some(piece) = piece {
        let is_zh = text.language == Language::Zh;
        let unknown = piece.obstacles.unknown();
        let unknown: Vec<&str> =
            unknown.map(|theme| if is_zh { theme.title.as_str() } else { theme.title_en.as_str() }).collect();
        if !unknown.is_empty() {
            let sentence = fill(&words.unchecked, &[("themes", &unknown.join(&words.separator))]);
            widget::notice(ui, Tone::Unchecked, &sentence);
        }
        if piece.obstacles.quality == crate::atlas::Quality::Schematic {
            widget::notice(ui, Tone::Restricted, &text.common.schematic_notice);
        }
    }
}

/// The kind of the site in question.
fn first_choice(workspace: &Workspace) -> SurfaceChoice {
    let site = workspace.session.site.and_then(|id| workspace.project().site(id));
    site.map_or_else(SurfaceChoice::default, |state| SurfaceChoice {
        kind: state.site.kind.clone(),
        land_use: state.site.land_use,
        ..SurfaceChoice::default()
    })
}

fn show_choice(ui: &mut Ui, workspace: &Workspace, choice: &mut SurfaceChoice) {
    let text = workspace.text();
    let words = &text.elsewhere;
    let kinds = &workspace.rulebook().kinds;
    widget::field_with(ui, &words.surface_kind, |ui| {
        let (name, none) = (&words.surface_kind, &words.kind_untold);
        match super::kind::choose(ui, "surface kind", name, none, &choice.kind, kinds, text) {
            Some(None) => (choice.kind, choice.land_use) = (String::new(), None),
            Some(Some(kind)) => (choice.kind, choice.land_use) = (kind.code.clone(), kind.usual_land_use()),
            None => {}
        }
    });
    widget::field_with(ui, &words.avoid, |ui| {
        let name = |avoid: Consequence| match avoid {
            Consequence::Prohibited => &words.avoid_prohibited,
            Consequence::Restricted => &words.avoid_restricted,
            _ => &words.avoid_all,
        };
        let combo = ComboBox::from_id_salt("surface avoid").selected_text(name(choice.avoid)).width(180.0);
        let combo = combo.show_ui(ui, |ui| {
            for avoid in AVOID {
                ui.selectable_value(&mut choice.avoid, avoid, name(avoid));
            }
        });
        combo.response.accessible_name(&words.avoid);
    });
}

fn show_setbacks(ui: &mut Ui, themes: &[ThemeUse], choice: &mut SurfaceChoice, text: &Text) {
    let words = &text.elsewhere;
    let is_zh = text.language == Language::Zh;
    let with_things: Vec<&ThemeUse> = themes.iter().filter(|theme| theme.obstacles > 0).collect();
    if with_things.is_empty() {
        widget::remark(ui, &words.no_themes);
        return;
    }
    ui.horizontal(|ui| {
        ui.label(theme::bold(&words.setbacks));
        let is_set = choice.setbacks.values().any(|metres| *metres > 0.0);
        if ui.add_enabled(is_set, egui::Button::new(&words.reset).small()).clicked() {
            choice.setbacks.clear();
        }
    });
    for theme in with_things {
        let title = if is_zh { &theme.title } else { &theme.title_en };
        let palette = theme::palette(ui.visuals());
        ui.add(
            Label::new(RichText::new(format!("{title} ({})", theme.obstacles)).small().color(palette.ink_soft)).wrap(),
        );
        let mut metres = choice.setbacks.get(&theme.theme).copied().unwrap_or(0.0);
        ui.scope(|ui| {
            ui.spacing_mut().slider_width = (ui.available_width() - 76.0).max(80.0);
            let slider = Slider::new(&mut metres, 0.0..=WIDEST_SETBACK)
                .clamping(SliderClamping::Always)
                .smart_aim(false)
                .step_by(1.0)
                .fixed_decimals(0);
            if ui.add(slider).accessible_name(title).changed() {
                choice.setbacks.insert(theme.theme.clone(), metres);
            }
        });
    }
}

fn show_left(ui: &mut Ui, left: Option<&LeftOver>, text: &Text) {
    let words = &text.elsewhere;
    ui.add_space(4.0);
    ui.label(theme::bold(&words.left));
    let Some(left) = left else {
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label(&words.left_waiting);
        });
        return;
    };
    let total = GroundLeft::total(&left.districts, words.any_district.clone());
    let share = |part: &GroundLeft| format!("{:.1}%", part.usable_ha / part.area_ha.max(f64::MIN_POSITIVE) * 100.0);
    let values = [
        ("usable", number::grouped(total.usable_ha, 1)),
        ("error", format!("{:.1}", total.error_ha.max(0.1))),
        ("district", total.district.clone()),
        ("percent", share(&total)),
    ];
    let sentence = fill(&words.left_city, &values.each_ref().map(|(name, value)| (*name, value.as_str())));
    ui.add(Label::new(sentence).wrap());
    CollapsingHeader::new(&words.left_by_district).id_salt("left by district").show(ui, |ui| {
        for part in &left.districts {
            let usable = number::grouped(part.usable_ha, 1);
            let row = fill(&words.left_row, &[("usable", &usable), ("percent", &share(part))]);
            widget::field(ui, &part.district, &row);
        }
    });
    widget::remark(ui, &words.left_method);
}
