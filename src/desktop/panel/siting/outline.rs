//! The outline of a site by figures: its sides, width or radius, turned and scaled by numbers, parts and holes.

use super::corners::CornerTable;
use crate::desktop::Commands;
use crate::desktop::theme;
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::geo::MultiPolygon;
use crate::geometry::{Area, Ends, Form, Motion, pivot, polygon_area};
use crate::text::{Text, fill};
use crate::workspace::{Command, Drawing, Edit, Navigate, Notice, Purpose, SiteId, SiteState, Tool, Workspace};
use egui::{Key, RichText, TextEdit, Ui};

/// A figure that can be typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Figure {
    Width,
    Height,
    Bearing,
    Radius,
    Corridor,
    Turn,
    Stretch,
    Area,
}

/// The outline as the panel shows it.
#[derive(Debug, Default)]
pub struct Outline {
    is_open: bool,
    typed: Option<(SiteId, Figure, String)>,
    table: CornerTable,
}

impl Outline {
    /// Draws the outline's figures and, when opened, everything that can be done to it by numbers.
    /// `in_hand` is the outline while it is changed on the map.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        state: &SiteState,
        in_hand: Option<&MultiPolygon>,
        commands: &Commands,
    ) {
        let text = workspace.text();
        let words = &text.shaping;
        widget::field_with(ui, &words.outline, |ui| {
            ui.horizontal_wrapped(|ui| {
                if widget::icon_button(ui, Icon::Fold(self.is_open), &words.outline).clicked() {
                    self.is_open = !self.is_open;
                }
                let name = state.form.as_ref().map_or(words.free_polygon.as_str(), |form| words.form_name(form));
                ui.label(name);
            });
            self.show_form(ui, state, text, commands);
            if let Some(Form::Corridor { .. }) = &state.form {
                let length = state.form.as_ref().map_or(0.0, Form::axis_length);
                let length = number::distance(length, &text.panel);
                ui.label(RichText::new(format!("{} {length}", words.line_length)).color(soft(ui)));
            }
        });
        if !self.is_open {
            return;
        }
        widget::field_with(ui, "", |ui| {
            let counts = counts(state, text);
            ui.label(RichText::new(counts).color(soft(ui)));
            self.show_motions(ui, state, text, commands);
            show_buttons(ui, workspace, state, commands);
        });
        let held = in_hand.map(|outline| state.in_hand(outline));
        self.table.show(ui, workspace, held.as_ref().unwrap_or(state), commands);
        ui.add_space(4.0);
    }

    fn show_form(&mut self, ui: &mut Ui, state: &SiteState, text: &Text, commands: &Commands) {
        let words = &text.shaping;
        let Some(form) = &state.form else { return };
        let metres = (words.metres.as_str(), 3);
        let mut next = form.clone();
        let mut is_changed = false;
        let mut take = |value: Option<f64>, place: &mut f64| {
            if let Some(value) = value {
                *place = value;
                is_changed = true;
            }
        };
        match &mut next {
            Form::Rectangle { width, height, bearing, .. } => {
                ui.horizontal(|ui| {
                    take(self.figure(ui, state, Figure::Width, &words.width, metres, Some(*width), text), width);
                    take(self.figure(ui, state, Figure::Height, &words.height, metres, Some(*height), text), height);
                });
                let degrees = (words.degrees.as_str(), 4);
                take(self.figure(ui, state, Figure::Bearing, &words.bearing, degrees, Some(*bearing), text), bearing);
            }
            Form::Circle { radius, .. } => {
                take(self.figure(ui, state, Figure::Radius, &words.radius, metres, Some(*radius), text), radius);
            }
            Form::Corridor { width, ends, .. } => {
                let name = &words.corridor_width;
                take(self.figure(ui, state, Figure::Corridor, name, metres, Some(*width), text), width);
                let mut chosen = *ends;
                ui.horizontal(|ui| {
                    for (kind, name) in [(Ends::Flat, &words.ends_flat), (Ends::Round, &words.ends_round)] {
                        ui.selectable_value(&mut chosen, kind, name);
                    }
                });
                if chosen != *ends {
                    *ends = chosen;
                    is_changed = true;
                }
            }
        }
        if is_changed && next != *form {
            if next.shape().is_some() {
                commands.edit(Edit::DefineSite(state.id, next));
            } else {
                refuse(commands, fill(&words.not_a_number, &[("typed", "0")]));
            }
        }
    }

    fn show_motions(&mut self, ui: &mut Ui, state: &SiteState, text: &Text, commands: &Commands) {
        let words = &text.shaping;
        let Some(about) = pivot(&state.site.shape) else { return };
        let (mut turn, mut stretch) = (None, None);
        ui.horizontal(|ui| {
            let unit = (words.degrees.as_str(), 2);
            turn = self.figure(ui, state, Figure::Turn, &words.turn, unit, None, text);
            stretch = self.figure(ui, state, Figure::Stretch, &words.stretch, ("×", 4), None, text);
        });
        ui.horizontal(|ui| {
            let unit = (words.square_metres.as_str(), 2);
            let target = self.figure(ui, state, Figure::Area, &words.target_area, unit, None, text);
            let area: Area = state.site.shape.iter().map(polygon_area).sum();
            let factor = stretch.or(target.map(|target| (target / area.square_metres()).sqrt()));
            let motion = match (turn, factor) {
                (Some(turn), _) => Some(Motion::turn(about, turn)),
                (None, Some(factor)) if factor > 1e-4 && factor < 1e4 => Some(Motion::stretch(about, factor)),
                (None, Some(_)) => {
                    refuse(commands, fill(&words.not_a_number, &[("typed", "0")]));
                    None
                }
                (None, None) => None,
            };
            if let Some(motion) = motion {
                commands.edit(match &state.form {
                    Some(form) => Edit::DefineSite(state.id, form.moved(&motion)),
                    None => Edit::ReshapeSite(state.id, motion.shape(&state.site.shape)),
                });
            }
        });
    }

    /// A field for a number; the number when another one was entered.
    #[allow(clippy::too_many_arguments)]
    fn figure(
        &mut self,
        ui: &mut Ui,
        state: &SiteState,
        figure: Figure,
        name: &str,
        (unit, decimals): (&str, usize),
        value: Option<f64>,
        text: &Text,
    ) -> Option<f64> {
        let shown = value.map(|value| number::trimmed(value, decimals).replace(',', "")).unwrap_or_default();
        let is_typed = |typed: &(SiteId, Figure, String)| typed.0 == state.id && typed.1 == figure;
        let mut field =
            self.typed.as_ref().filter(|typed| is_typed(typed)).map_or(shown.clone(), |typed| typed.2.clone());
        let response = ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            ui.label(RichText::new(name).color(soft(ui)));
            let width = if figure == Figure::Area { 78.0 } else { 60.0 };
            let response = ui.add(TextEdit::singleline(&mut field).desired_width(width)).accessible_name(name);
            ui.label(RichText::new(unit).color(theme::palette(ui.visuals()).ink_faint));
            response
        });
        let hint = match figure {
            Figure::Turn => Some(&text.shaping.turn_hint),
            Figure::Stretch => Some(&text.shaping.stretch_hint),
            Figure::Area => Some(&text.shaping.target_area_hint),
            _ => None,
        };
        let mut response = response.inner;
        if let Some(hint) = hint {
            response = response.on_hover_text(hint);
        }
        if response.changed() {
            self.typed = Some((state.id, figure, field.clone()));
        }
        if !response.lost_focus() {
            return None;
        }
        let typed = self.typed.take_if(|typed| is_typed(typed))?;
        // a motion is made by Enter alone: leaving the field must not turn the site
        let is_meant = value.is_some() || ui.input(|input| input.key_pressed(Key::Enter));
        (is_meant && typed.2 != shown).then(|| number::read(&typed.2)).flatten()
    }
}

fn soft(ui: &Ui) -> egui::Color32 {
    theme::palette(ui.visuals()).ink_soft
}

fn refuse(commands: &Commands, sentence: String) {
    commands.send(Command::Say(Notice { is_problem: true, sentence }));
}

fn counts(state: &SiteState, text: &Text) -> String {
    let shape = &state.site.shape;
    let holes: usize = shape.iter().map(|part| part.interiors().len()).sum();
    let corners: usize = state.strands().iter().map(|strand| strand.corners.len()).sum();
    let values = [("parts", shape.0.len()), ("holes", holes), ("corners", corners)];
    let values = values.map(|(key, count)| (key, count.to_string()));
    let values: Vec<_> = values.iter().map(|(key, count)| (*key, count.as_str())).collect();
    fill(&text.shaping.counts, &values)
}

fn show_buttons(ui: &mut Ui, workspace: &Workspace, state: &SiteState, commands: &Commands) {
    let words = &workspace.text().shaping;
    ui.horizontal_wrapped(|ui| {
        for (purpose, icon, name, hint) in [
            (Purpose::Part, Icon::Part, &words.add_part, &words.purpose_part_hint),
            (Purpose::Hole, Icon::Hole, &words.cut_hole, &words.purpose_hole_hint),
        ] {
            if widget::labelled_button(ui, icon, name).on_hover_text(hint).clicked() {
                commands.navigate(Navigate::Take(Tool::Polygon));
                let drawing = Drawing { purpose, ..workspace.session.drawing };
                commands.navigate(Navigate::Draw(drawing));
            }
        }
        if state.form.is_some() && widget::labelled_button(ui, Icon::Free, &words.make_free).clicked() {
            commands.edit(Edit::ReshapeSite(state.id, state.site.shape.clone()));
        }
    });
}
