//! What is seen of a file before it is taken in: a small map, what was found, the first rows. The two lists hear the
//! arrow keys; the place of what they stand on is ringed on the map.

use super::choice::step;
use super::ground::{Ground, Onto};
use super::named_map;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget;
use crate::format::Severity;
use crate::text::{Text, fill};
use crate::workspace::{Plan, Preview, PreviewLayer, sentence};
use egui::{Color32, EventFilter, Key, Pos2, Rect, Response, ScrollArea, Sense, Stroke, Ui, vec2};
use egui_extras::{Column, TableBuilder};

/// Problems that are listed.
const MOST: usize = 200;
/// Columns that are shown.
const COLUMNS: usize = 60;
/// Narrowest and widest column.
const WIDTHS: egui::Rangef = egui::Rangef { min: 60.0, max: 260.0 };
/// Radius of the ring around a place.
const RING: f32 = 10.0;

/// Where the lists stand.
#[derive(Debug, Default)]
pub struct Seen {
    problem: Option<usize>,
    row: Option<usize>,
    /// Whether one of them has the keyboard.
    pub has_keyboard: bool,
    /// What part of the map is looked at; all of it when absent.
    onto: Option<Onto>,
    wants_data: bool,
}

impl Seen {
    /// Draws it.
    pub fn show(&mut self, ui: &mut Ui, height: f32, (preview, plan, ground): (&Preview, &Plan, &Ground), text: &Text) {
        let words = &text.import;
        self.has_keyboard = false;
        ui.horizontal_top(|ui| {
            let size = vec2((ui.available_width() * 0.5).min(360.0), (height * 0.48).min(280.0));
            ui.vertical(|ui| {
                ui.set_width(size.x);
                ui.horizontal(|ui| {
                    ui.label(theme::bold(&words.map));
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.add_space(8.0);
                        self.zooming(ui, text);
                    });
                });
                self.map(ui, size, (preview, plan, ground), text);
            });
            ui.vertical(|ui| {
                ui.label(theme::bold(&words.problems));
                self.problems(ui, size.y - 22.0, preview, text);
            });
        });
        ui.add_space(6.0);
        let shown = preview.layers.iter().find(|layer| plan.takes(layer));
        let Some(layer) = shown else { return };
        ui.label(theme::bold(fill(&words.table, &[("n", &layer.rows.len().to_string())])));
        self.table(ui, layer, text);
    }

    fn problems(&mut self, ui: &mut Ui, height: f32, preview: &Preview, text: &Text) {
        if preview.problems.is_empty() {
            widget::remark(ui, &text.import.no_problems);
            return;
        }
        let listed = preview.problems.get(..preview.problems.len().min(MOST)).unwrap_or_default();
        let area = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
        let list = list(ui, area, "problem list", &text.import.problems);
        let moved = self.heeds(ui, &list).then(|| step(ui, self.problem, listed.len())).flatten();
        self.problem = moved.or(self.problem);
        ScrollArea::vertical().id_salt("problems").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
            for (number, problem) in listed.iter().enumerate() {
                let tone = match problem.kind.severity() {
                    Severity::Note => Tone::Neutral,
                    Severity::Warning => Tone::Restricted,
                    Severity::Error => Tone::Prohibited,
                };
                let line = ui.scope(|ui| widget::notice(ui, tone, &sentence::problem(text, problem))).response;
                // no stop of its own for the keyboard: the list is one
                if ui.interact(line.rect, list.id.with(number), Sense::CLICK).clicked() {
                    self.problem = Some(number);
                    list.request_focus();
                }
                if self.problem == Some(number) {
                    let stroke = Stroke::new(1.0, theme::palette(ui.visuals()).accent);
                    ui.painter().rect_stroke(line.rect.expand(2.0), 3.0, stroke, egui::StrokeKind::Outside);
                    if moved.is_some() {
                        line.scroll_to_me(None);
                    }
                }
            }
        });
    }

    fn table(&mut self, ui: &mut Ui, layer: &PreviewLayer, text: &Text) {
        let room = ui.available_height().max(60.0);
        let area = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), room));
        let list = list(ui, area, "row list", &text.import.rows);
        let moved = self.heeds(ui, &list).then(|| step(ui, self.row, layer.rows.len())).flatten();
        self.row = moved.or(self.row);
        let aside = |key| f32::from(u8::from(list.has_focus() && ui.input(|input| input.key_pressed(key))));
        let aside = (aside(Key::ArrowLeft) - aside(Key::ArrowRight)) * 110.0;
        ScrollArea::horizontal().id_salt("table").show(ui, |ui| {
            if aside != 0.0 {
                ui.scroll_with_delta(vec2(aside, 0.0));
            }
            // a column that can be drawn wider would be a stop of its own for the keyboard
            let width = Column::auto().range(WIDTHS).clip(true);
            let mut table = TableBuilder::new(ui)
                .striped(true)
                .sense(Sense::CLICK)
                .min_scrolled_height(room - 30.0)
                .max_scroll_height(room - 30.0)
                // the numbers by which what was found speaks of the features; a table needs one column at least
                .column(Column::auto().at_least(26.0))
                .columns(width, layer.fields.len().min(COLUMNS));
            if let Some(row) = moved {
                table = table.scroll_to_row(row, None);
            }
            let head = |mut row: egui_extras::TableRow<'_, '_>| {
                row.col(|ui| {
                    ui.label(theme::bold("#"));
                });
                for name in layer.fields.iter().take(COLUMNS) {
                    row.col(|ui| {
                        ui.label(theme::bold(name)).on_hover_text(name);
                    });
                }
            };
            table.header(20.0, head).body(|body| {
                body.rows(18.0, layer.rows.len(), |mut row| {
                    let number = row.index();
                    row.set_selected(self.row == Some(number));
                    let cells = layer.rows.get(number);
                    row.col(|ui| {
                        ui.weak((number + 1).to_string());
                    });
                    for cell in cells.into_iter().flatten().take(COLUMNS) {
                        row.col(|ui| {
                            ui.add(egui::Label::new(cell).truncate().selectable(false));
                        });
                    }
                    if row.response().clicked() {
                        self.row = Some(number);
                        list.request_focus();
                    }
                });
            });
        });
    }

    /// Whether a list has the keyboard; then the arrow keys are its own.
    fn heeds(&mut self, ui: &Ui, list: &Response) -> bool {
        if list.has_focus() {
            let filter = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(list.id, filter));
            self.has_keyboard = true;
        }
        list.has_focus()
    }

    /// Chooses between the data alone and all of the city.
    fn zooming(&mut self, ui: &mut Ui, text: &Text) {
        let words = &text.import;
        if ui.link(&words.zoom_all).clicked() {
            self.onto = None;
            self.wants_data = false;
        }
        if ui.link(&words.zoom_data).on_hover_text(&words.zoom_help).clicked() {
            self.wants_data = true;
        }
    }

    /// The file's lines over the districts, problems with a place as crosses.
    fn map(&mut self, ui: &mut Ui, size: egui::Vec2, (preview, plan, ground): (&Preview, &Plan, &Ground), text: &Text) {
        let (response, painter) = ui.allocate_painter(size - vec2(4.0, 22.0), Sense::drag());
        let palette = theme::palette(ui.visuals());
        let area = response.rect;
        painter.rect(area, 4.0, palette.raised, Stroke::new(1.0, palette.line), egui::StrokeKind::Inside);
        let taken = || preview.layers.iter().filter(|layer| plan.takes(layer));
        let bounds = taken().filter_map(|layer| layer.bounds).reduce(|a, b| {
            let low = geo::Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
            geo::Rect::new(low, geo::Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
        });
        named_map(&response, &text.import.map);
        let Some(bounds) = bounds else {
            let font = egui::TextStyle::Body.resolve(ui.style());
            painter.text(
                area.center(),
                egui::Align2::CENTER_CENTER,
                &text.import.nothing_shown,
                font,
                palette.ink_soft,
            );
            return;
        };
        let inner = area.shrink(10.0);
        if std::mem::take(&mut self.wants_data) {
            self.onto = Some(Onto::near(bounds, inner));
        }
        let mut view = self.onto.map_or_else(|| Onto::all(bounds, &ground.districts, inner), |onto| onto.on(inner));
        if response.dragged() {
            view = view.moved(response.drag_delta());
            self.onto = Some(view);
        }
        if let Some(at) = response.hover_pos() {
            let turned = ui.input(|input| input.smooth_scroll_delta.y);
            if turned != 0.0 {
                view = view.zoomed(f64::from(turned / 120.0).exp2(), at);
                self.onto = Some(view);
                // the window's own list stays where it is
                ui.input_mut(|input| input.smooth_scroll_delta.y = 0.0);
            }
        }
        let onto = |at: [f64; 2]| view.at(at);
        let painter = painter.with_clip_rect(area.shrink(1.0));
        let draw = |line: &Vec<[f64; 2]>, stroke: Stroke| match line.as_slice() {
            [at] => {
                painter.circle_filled(onto(*at), 2.5, stroke.color);
            }
            line => {
                painter.add(egui::Shape::line(line.iter().map(|at| onto(*at)).collect(), stroke));
            }
        };
        ground.districts.iter().for_each(|line| draw(line, Stroke::new(1.0, palette.ink_faint)));
        if self.onto.is_some() {
            ground.waters.iter().for_each(|line| {
                draw(line, Stroke::new(1.0, palette.accent_ground.lerp_to_gamma(palette.accent, 0.35)))
            });
        }
        let accent = theme::palette(ui.visuals()).accent;
        taken().flat_map(|layer| &layer.lines).for_each(|line| draw(line, Stroke::new(1.5, accent)));
        // what is smaller than a fingertip is ringed
        let corners =
            Rect::from_two_pos(onto([bounds.min().x, bounds.min().y]), onto([bounds.max().x, bounds.max().y]));
        if corners.size().max_elem() < 14.0 {
            painter.circle_stroke(corners.center(), 12.0, Stroke::new(1.5, accent));
        }
        let red = palette.tone(Tone::Prohibited);
        let listed = preview.problems.iter().take(MOST).enumerate();
        for (number, at) in listed.filter_map(|(number, problem)| Some((number, problem.place.at?))) {
            let is_current = self.problem == Some(number);
            cross(&painter, onto(at), if is_current { 7.0 } else { 4.0 }, red);
            if is_current {
                painter.circle_stroke(onto(at), RING, Stroke::new(2.0, red));
            }
        }
        let place = self.row.and_then(|row| taken().next()?.places.get(row).copied().flatten());
        if let Some(place) = place {
            let corners =
                Rect::from_two_pos(onto([place.min().x, place.min().y]), onto([place.max().x, place.max().y]));
            painter.circle_stroke(
                corners.center(),
                (corners.size().length() / 2.0).max(RING),
                Stroke::new(2.0, accent),
            );
        }
    }
}

/// A place that the keyboard can stand on, under what is drawn there next.
fn list(ui: &mut Ui, area: Rect, salt: &str, name: &str) -> Response {
    let list = ui.interact(area, ui.scope_id().with(salt), Sense::focusable_noninteractive());
    list.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ListBox, true, name));
    if list.has_focus() {
        let stroke = Stroke::new(1.5, theme::palette(ui.visuals()).accent);
        ui.painter().rect_stroke(area.expand(2.0), 3.0, stroke, egui::StrokeKind::Outside);
    }
    list
}

fn cross(painter: &egui::Painter, at: Pos2, arm: f32, colour: Color32) {
    let stroke = Stroke::new(2.0, colour);
    painter.line_segment([at + vec2(-arm, -arm), at + vec2(arm, arm)], stroke);
    painter.line_segment([at + vec2(-arm, arm), at + vec2(arm, -arm)], stroke);
}
