//! The strip above the map while a tool is in the hand: figures that can be typed, what the sketch becomes, snapping.

use super::sketch::{Sketch, Typed};
use crate::desktop::theme;
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::{Ends, Form};
use crate::text::{ShapingText, Text, fill};
use crate::workspace::{Drawing, Purpose, Tool, Workspace, parse_step};
use egui::{ComboBox, Key, Rect, RichText, TextEdit, Ui, Vec2};
use geo::Coord;

/// Spacings of the grid offered, metres.
const GRIDS: [f64; 8] = [0.0, 1.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0];
/// Distances of snapping offered, points.
const REACHES: [f32; 4] = [6.0, 10.0, 16.0, 24.0];
/// Room on the right of the map for its own buttons.
const BUTTONS: f32 = 62.0;

/// Words half typed in the fields of the strip.
#[derive(Debug, Default)]
pub struct Strip {
    width: String,
    height: String,
    bearing: String,
    radius: String,
    corridor: Option<String>,
    point: String,
    problem: Option<String>,
    tool: Tool,
}

/// What was asked for in the strip.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Asked {
    /// Other choices.
    pub drawing: Option<Drawing>,
    /// A point set by its coordinates.
    pub point: Option<Coord>,
    /// End the sketch.
    pub finish: bool,
    /// Drop the sketch.
    pub cancel: bool,
}

impl Strip {
    /// Shows the fields of the tool; typed figures go into the sketch at once.
    pub fn show(&mut self, ui: &Ui, frame: Rect, sketch: &mut Sketch, workspace: &Workspace) -> Asked {
        let tool = workspace.session.tool;
        if tool != self.tool {
            *self = Self { tool, ..Self::default() };
        }
        let mut asked = Asked::default();
        if !tool.draws_sites() && !matches!(tool, Tool::Reshape | Tool::Measure) {
            return asked;
        }
        let area = egui::Area::new(ui.scope_id().with("strip")).fixed_pos(frame.min + Vec2::splat(10.0));
        let width = (frame.width() - BUTTONS - 20.0).max(180.0);
        area.constrain_to(frame).show(ui.ctx(), |ui| {
            egui::Frame::popup(ui.style()).inner_margin(6.0).show(ui, |ui| {
                ui.set_max_width(width);
                ui.spacing_mut().item_spacing = Vec2::new(5.0, 5.0);
                self.fields(ui, sketch, workspace, &mut asked);
                if let Some(problem) = &self.problem {
                    widget::notice(ui, theme::Tone::Prohibited, problem);
                }
            });
        });
        asked
    }

    fn fields(&mut self, ui: &mut Ui, sketch: &mut Sketch, workspace: &Workspace, asked: &mut Asked) {
        let (text, session) = (workspace.text(), &workspace.session);
        let words = &text.shaping;
        let mut drawing = session.drawing;
        if session.tool.draws_sites() && session.site.is_some() {
            ui.horizontal(|ui| purposes(ui, words, &mut drawing));
        }
        let typed = sketch.typed();
        let mut next = typed;
        let mut entered = false;
        // rows of their own: what is wrapped would lose its names in a narrow window
        let has_figures = matches!(session.tool, Tool::Rectangle | Tool::Circle | Tool::Corridor);
        let mut show = |ui: &mut Ui| match (session.tool, sketch.form().cloned()) {
            (Tool::Rectangle, form) => {
                let live = match form {
                    Some(Form::Rectangle { width, height, bearing, .. }) => Some((width, height, bearing)),
                    _ => None,
                };
                let of = |pick: fn((f64, f64, f64)) -> f64| live.map(pick);
                for (field, name, unit, live, figure) in [
                    (&mut self.width, &words.width, &words.metres, of(|all| all.0), &mut next.width),
                    (&mut self.height, &words.height, &words.metres, of(|all| all.1), &mut next.height),
                    (&mut self.bearing, &words.bearing, &words.degrees, of(|all| all.2), &mut next.bearing),
                ] {
                    entered |= figure_field(ui, field, name, unit, live, text, figure);
                }
            }
            (Tool::Circle, form) => {
                let live = match form {
                    Some(Form::Circle { radius, .. }) => Some(radius),
                    _ => None,
                };
                let (field, figure) = (&mut self.radius, &mut next.radius);
                entered |= figure_field(ui, field, &words.radius, &words.metres, live, text, figure);
            }
            (Tool::Corridor, _) => self.corridor(ui, text, &mut drawing),
            _ => {}
        };
        if has_figures {
            ui.horizontal(|ui| show(ui));
        }
        if next != typed {
            sketch.type_in(next);
        }
        asked.finish |= entered && is_determined(sketch, next);
        ui.horizontal(|ui| {
            if session.tool.draws_sites() {
                asked.point = self.point_field(ui, sketch, workspace);
            }
            snapping(ui, text, &mut drawing);
            if sketch.is_begun() {
                ui.separator();
                asked.finish |= widget::icon_button(ui, Icon::Done, &text.map.finish).clicked();
                asked.cancel |= widget::icon_button(ui, Icon::Close, &text.map.cancel).clicked();
            }
        });
        asked.drawing = (drawing != session.drawing).then_some(drawing);
        // a finished sketch takes its typed figures with it
        if !sketch.is_begun() && sketch.typed() == Typed::default() && typed != Typed::default() {
            self.forget();
        }
    }

    /// Empties the fields after a sketch is done.
    pub fn forget(&mut self) {
        *self = Self { tool: self.tool, ..Self::default() };
    }

    fn corridor(&mut self, ui: &mut Ui, text: &Text, drawing: &mut Drawing) {
        let words = &text.shaping;
        let field = self.corridor.get_or_insert_with(|| plain(drawing.corridor_width));
        let mut width = Some(drawing.corridor_width);
        figure_field(ui, field, &words.corridor_width, &words.metres, width, text, &mut width);
        if let Some(width) = width.filter(|width| *width > 0.0) {
            drawing.corridor_width = width;
        }
        for (ends, name) in [(Ends::Flat, &words.ends_flat), (Ends::Round, &words.ends_round)] {
            if ui.selectable_label(drawing.ends == ends, name).clicked() {
                drawing.ends = ends;
            }
        }
    }

    fn point_field(&mut self, ui: &mut Ui, sketch: &Sketch, workspace: &Workspace) -> Option<Coord> {
        let words = &workspace.text().shaping;
        let edit = TextEdit::singleline(&mut self.point).hint_text(&words.corner_hint).desired_width(164.0);
        let response = ui.add(edit).accessible_name(&words.corner_field);
        if response.changed() {
            self.problem = None;
        }
        let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if !is_entered || self.point.trim().is_empty() {
            return None;
        }
        response.request_focus();
        let near = workspace.session.view.longitude;
        match parse_step(&self.point, sketch.corners().last().copied(), near) {
            Some(at) => {
                self.point.clear();
                Some(at)
            }
            None => {
                self.problem = Some(fill(&words.not_a_place, &[("typed", self.point.trim())]));
                None
            }
        }
    }
}

/// What the sketch becomes.
fn purposes(ui: &mut Ui, words: &ShapingText, drawing: &mut Drawing) {
    for (purpose, name, hint) in [
        (Purpose::New, &words.purpose_new, None),
        (Purpose::Part, &words.purpose_part, Some(&words.purpose_part_hint)),
        (Purpose::Hole, &words.purpose_hole, Some(&words.purpose_hole_hint)),
    ] {
        let label = ui.selectable_value(&mut drawing.purpose, purpose, name);
        if let Some(hint) = hint {
            label.on_hover_text(hint);
        }
    }
}

/// Whether the typed figures leave nothing for the pointer to say.
fn is_determined(sketch: &Sketch, typed: Typed) -> bool {
    match sketch.tool() {
        Tool::Rectangle => sketch.is_begun() && typed.width.is_some() && typed.height.is_some(),
        Tool::Circle => sketch.is_begun() && typed.radius.is_some(),
        _ => false,
    }
}

fn plain(value: f64) -> String {
    number::trimmed(value, 3).replace(',', "")
}

/// A field for a number; empty it follows the pointer. Tells whether Enter was pressed in it.
fn figure_field(
    ui: &mut Ui,
    field: &mut String,
    name: &str,
    unit: &str,
    live: Option<f64>,
    text: &Text,
    figure: &mut Option<f64>,
) -> bool {
    let palette = theme::palette(ui.visuals());
    let hint = live.map_or_else(|| text.shaping.follows_pointer.clone(), |live| number::trimmed(live, 1));
    let value = number::read(field);
    let is_wrong = !field.trim().is_empty() && value.is_none();
    let mut edit = TextEdit::singleline(field).hint_text(hint).desired_width(58.0);
    if is_wrong {
        edit = edit.text_color(palette.tone(theme::Tone::Prohibited));
    }
    // name, field and unit stay together where the row breaks
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 3.0;
        ui.label(RichText::new(name).color(palette.ink_soft));
        let response = ui.add(edit).accessible_name(name);
        ui.label(RichText::new(unit).color(palette.ink_faint));
        response
    });
    let response = row.inner;
    if response.changed() || field.trim().is_empty() {
        *figure = number::read(field);
    }
    if is_wrong {
        response.on_hover_text(fill(&text.shaping.not_a_number, &[("typed", field.trim())]));
        return false;
    }
    response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
}

/// Whether and to what the pointer snaps.
fn snapping(ui: &mut Ui, text: &Text, drawing: &mut Drawing) {
    let words = &text.shaping;
    let snap = widget::icon_button_hinted(ui, Icon::Magnet, &words.snap, &words.snap_hint, drawing.snaps);
    if snap.clicked() {
        drawing.snaps = !drawing.snaps;
    }
    let reach = |points: f32| fill(&words.points, &[("n", &points.to_string())]);
    let combo = ComboBox::from_id_salt("reach").width(64.0).selected_text(reach(drawing.reach));
    let combo = combo.show_ui(ui, |ui| {
        for points in REACHES {
            ui.selectable_value(&mut drawing.reach, points, reach(points));
        }
    });
    combo.response.accessible_name(&words.reach).on_hover_text(&words.reach);
    let grid = |spacing: f64| match spacing {
        none if none <= 0.0 => words.grid_none.clone(),
        metres => format!("{} {}", number::trimmed(metres, 1), words.metres),
    };
    let combo = ComboBox::from_id_salt("grid").width(72.0).selected_text(grid(drawing.grid));
    let combo = combo.show_ui(ui, |ui| {
        for spacing in GRIDS {
            ui.selectable_value(&mut drawing.grid, spacing, grid(spacing));
        }
    });
    combo.response.accessible_name(&words.grid).on_hover_text(&words.grid);
}
