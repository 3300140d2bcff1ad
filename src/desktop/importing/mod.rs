//! The window that imports files: what was concluded about each, what is wrong in it, what it shall be.

mod system;

use super::theme::{self, Tone};
use super::widget;
use crate::atlas::Theme;
use crate::format::{Format, Severity};
use crate::geometry::LocalSystem;
use crate::storage::systems;
use crate::text::{Text, fill};
use crate::workspace::{Corrections, KeptImport, OpenAs, Plan, Preview, Workspace, sentence};
use egui::{Color32, ComboBox, Id, Key, Pos2, Rect, RichText, ScrollArea, Sense, Stroke, Ui, vec2};
use egui_extras::{Column, TableBuilder};
use std::collections::VecDeque;
use std::path::PathBuf;
use system::SystemChoice;

/// Encodings that are offered.
const ENCODINGS: [&str; 5] = ["UTF-8", "GBK", "GB18030", "Big5", "UTF-16LE"];
/// Width of the column with the choices.
const CHOICES: f32 = 330.0;

/// Work that the window asks for.
#[derive(Debug)]
pub enum Want {
    /// Reads a file for its preview, with the reference systems of the office's own.
    Read(PathBuf, Corrections, Vec<LocalSystem>),
    /// Takes a preview into the project.
    Import(Box<Preview>, Plan),
    /// Reads a file and takes it in as another before it.
    Follow(PathBuf, Corrections, Plan),
    /// Remembers what was done.
    Keep(KeptImport),
    /// Saves the reference systems of the office's own.
    SaveSystems(Vec<LocalSystem>),
}

/// Files on their way in.
#[derive(Debug, Default)]
pub struct Importing {
    waiting: VecDeque<PathBuf>,
    reading: Option<(PathBuf, Corrections)>,
    asked: Option<Asked>,
    /// Whether the next preview is taken as if no file of its kind had come before.
    without_kept: bool,
    wants: Vec<Want>,
}

/// The file that is asked about.
#[derive(Debug)]
struct Asked {
    preview: Option<Box<Preview>>,
    /// Why the last reading failed.
    failure: Option<String>,
    file: PathBuf,
    plan: Plan,
    corrections: Corrections,
    system: SystemChoice,
    for_rest: bool,
    is_kept: bool,
    ground: Vec<Vec<[f64; 2]>>,
}

impl Importing {
    /// Takes files in; they are asked about one after the other.
    pub fn ask(&mut self, files: Vec<PathBuf>) {
        self.waiting.extend(files);
        self.next();
    }

    /// Whether a file is being asked about.
    pub fn is_open(&self) -> bool {
        self.asked.is_some() || self.reading.is_some()
    }

    /// Work that is to be started.
    pub fn take_wants(&mut self) -> Vec<Want> {
        std::mem::take(&mut self.wants)
    }

    /// Leaves the form in front, else the file that is asked about.
    pub fn escape(&mut self) {
        let is_form_left = self.asked.as_mut().is_some_and(|asked| asked.system.leave_form());
        if !is_form_left {
            self.cancel();
        }
    }

    /// Leaves the file that is asked about; the next one comes.
    pub fn cancel(&mut self) {
        self.asked = None;
        self.reading = None;
        self.next();
    }

    fn next(&mut self) {
        if self.is_open() {
            return;
        }
        if let Some(file) = self.waiting.pop_front() {
            self.read(file, Corrections::default());
        }
    }

    fn read(&mut self, file: PathBuf, corrections: Corrections) {
        self.reading = Some((file.clone(), corrections.clone()));
        // those of the window may not be on disk yet
        let own = self.asked.as_ref().map_or_else(systems::all, |asked| asked.system.saved.clone());
        self.wants.push(Want::Read(file, corrections, own));
    }

    /// Takes the result of a reading; `Err` tells the sentence when the file cannot be read at all.
    pub fn take(&mut self, result: Result<Box<Preview>, String>, workspace: &Workspace) -> Result<(), String> {
        let Some((file, corrections)) = self.reading.take() else { return Ok(()) };
        let preview = match (result, &mut self.asked) {
            (Ok(preview), _) => preview,
            // the person has tried another system or encoding: what was there stays
            (Err(sentence), Some(asked)) => {
                asked.failure = Some(sentence);
                return Ok(());
            }
            // what was kept of an earlier file does not serve here, such as a system removed since
            (Err(_), None) if corrections != Corrections::default() => {
                self.without_kept = true;
                self.read(file, Corrections::default());
                return Ok(());
            }
            (Err(sentence), None) => {
                self.next();
                return Err(sentence);
            }
        };
        if let Some(asked) = &mut self.asked {
            asked.plan.chosen.resize(preview.layers.len(), true);
            asked.failure = None;
            asked.preview = Some(preview);
            return Ok(());
        }
        let kind = preview.kind();
        let without_kept = std::mem::take(&mut self.without_kept);
        let kept = workspace.session.imports.iter().filter(|_| !without_kept);
        let kept = kept.into_iter().find(|kept| kept.of == kind && !kind.is_empty());
        if let Some(kept) = kept.filter(|kept| kept.corrections != corrections && corrections == Corrections::default())
        {
            self.read(file, kept.corrections.clone());
            return Ok(());
        }
        let theme = match kept {
            Some(kept) => kept.theme,
            None if preview.format == Format::Survey => None,
            None => {
                Some(file.file_stem().and_then(|stem| Theme::parse(&stem.to_string_lossy())).unwrap_or(Theme::Other))
            }
        };
        let fields = match (kept, theme) {
            (Some(kept), _) => kept.fields.clone(),
            (None, Some(theme)) => preview.matches(theme),
            (None, None) => Vec::new(),
        };
        let plan = Plan {
            open_as: theme.map_or(OpenAs::Sites, OpenAs::Layer),
            chosen: vec![true; preview.layers.len()],
            fields,
        };
        let ground = workspace.atlas().layer(Theme::Districts).map(ground).unwrap_or_default();
        let (is_kept, failure) = (kept.is_some(), None);
        let system = SystemChoice::of(systems::all());
        let preview = Some(preview);
        self.asked =
            Some(Asked { preview, failure, file, plan, corrections, system, for_rest: false, is_kept, ground });
        Ok(())
    }

    /// Draws the window while there is a file.
    pub fn show(&mut self, context: &egui::Context, workspace: &Workspace) {
        let text = workspace.text();
        let Some(asked) = &mut self.asked else { return };
        let screen = context.content_rect().size();
        let (width, height) = ((screen.x - 60.0).clamp(480.0, 1080.0), (screen.y - 90.0).clamp(320.0, 720.0));
        let mut answer = None;
        let rest = self.waiting.len();
        let is_reading = self.reading.is_some();
        let modal = egui::Modal::new(Id::unique("import")).show(context, |ui| {
            ui.set_width(width);
            answer = asked.show(ui, height, rest, is_reading, text);
        });
        if std::mem::take(&mut asked.system.is_changed) {
            self.wants.push(Want::SaveSystems(asked.system.saved.clone()));
        }
        let is_asking = asked.system.is_asking();
        let enter = context.input(|input| input.key_pressed(Key::Enter)) && context.memory(|m| m.focused().is_none());
        if modal.should_close() && !is_asking {
            answer = Some(Answer::Cancel);
        } else if enter && !is_reading && !is_asking {
            answer = answer.or(Some(Answer::Import));
        }
        match answer {
            None => {}
            Some(Answer::Cancel) => self.cancel(),
            Some(Answer::Read(corrections)) => {
                asked.corrections = corrections.clone();
                let file = asked.file.clone();
                self.read(file, corrections);
            }
            Some(Answer::Import) => self.import(),
        }
    }

    fn import(&mut self) {
        let Some(asked) = self.asked.take() else { return };
        let Some(preview) = asked.preview else { return };
        let theme = match asked.plan.open_as {
            OpenAs::Layer(theme) => Some(theme),
            OpenAs::Sites => None,
        };
        let kept = KeptImport {
            of: preview.kind(),
            theme,
            fields: asked.plan.fields.clone(),
            corrections: asked.corrections.clone(),
        };
        if !kept.of.is_empty() {
            self.wants.push(Want::Keep(kept));
        }
        if asked.for_rest {
            let rest = self.waiting.drain(..);
            let follow = rest.map(|file| Want::Follow(file, asked.corrections.clone(), asked.plan.clone()));
            self.wants.extend(follow);
        }
        self.wants.push(Want::Import(preview, asked.plan));
        self.next();
    }
}

/// Outlines of the districts, to see a file against.
fn ground(layer: &std::sync::Arc<crate::atlas::Layer>) -> Vec<Vec<[f64; 2]>> {
    let mut lines = Vec::new();
    for shape in layer.features().iter().filter_map(|feature| feature.shape.as_ref()) {
        let areas: Vec<&geo::Polygon> = match shape {
            geo::Geometry::Polygon(area) => vec![area],
            geo::Geometry::MultiPolygon(areas) => areas.iter().collect(),
            _ => Vec::new(),
        };
        lines.extend(areas.into_iter().map(|area| {
            let line = &area.exterior().0;
            line.iter().step_by(line.len() / 600 + 1).map(|at| [at.x, at.y]).collect::<Vec<_>>()
        }));
    }
    lines
}

enum Answer {
    Cancel,
    Import,
    Read(Corrections),
}

impl Asked {
    fn show(&mut self, ui: &mut Ui, height: f32, rest: usize, is_reading: bool, text: &Text) -> Option<Answer> {
        let words = &text.import;
        let mut answer = None;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ui.horizontal(|ui| {
            ui.heading(fill(&words.title, &[("file", &name)]));
            if let Some(preview) = &self.preview {
                let count: usize = preview.layers.iter().map(|layer| layer.read.features.len()).sum();
                let about = fill(&words.about, &[("format", preview.format.name()), ("features", &count.to_string())]);
                ui.label(RichText::new(about).color(theme::palette(ui.visuals()).ink_soft));
            }
            if is_reading {
                ui.spinner();
            }
        });
        if let Some(failure) = &self.failure {
            widget::notice(ui, Tone::Prohibited, failure);
        } else if self.is_kept {
            widget::remark(ui, &words.kept);
        }
        ui.separator();
        let body = height - 110.0;
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), body), Sense::hover());
        let (left, right) = area.split_left_right_at_x(area.left() + CHOICES);
        let mut side = ui.new_child(egui::UiBuilder::new().max_rect(left));
        ScrollArea::vertical().id_salt("choices").max_height(body).auto_shrink(false).show(&mut side, |ui| {
            ui.set_width(CHOICES - 20.0);
            answer = self.choices(ui, text);
        });
        let mut side = ui.new_child(egui::UiBuilder::new().max_rect(right.shrink2(vec2(8.0, 0.0))));
        self.seen(&mut side, body, text);
        ui.separator();
        ui.horizontal(|ui| {
            let is_ready = !is_reading && self.plan.chosen.iter().any(|chosen| *chosen);
            if ui.add_enabled(is_ready, egui::Button::new(theme::bold(&words.import))).clicked() {
                answer = Some(Answer::Import);
            }
            if ui.button(&words.cancel).clicked() {
                answer = Some(Answer::Cancel);
            }
            if rest > 0 {
                ui.checkbox(&mut self.for_rest, fill(&words.rest, &[("n", &rest.to_string())]));
            }
        });
        answer
    }

    /// What it shall be, its layers, system, encoding and fields.
    fn choices(&mut self, ui: &mut Ui, text: &Text) -> Option<Answer> {
        let words = &text.import;
        let preview = self.preview.as_ref()?;
        let mut answer = None;
        widget::section(ui, &words.use_as);
        let before = self.plan.open_as;
        ui.radio_value(&mut self.plan.open_as, OpenAs::Sites, &words.as_sites);
        ui.horizontal(|ui| {
            let mut theme = match self.plan.open_as {
                OpenAs::Layer(theme) => theme,
                OpenAs::Sites => Theme::Other,
            };
            let is_layer = matches!(self.plan.open_as, OpenAs::Layer(_));
            if ui.radio(is_layer, &words.as_layer).clicked() {
                self.plan.open_as = OpenAs::Layer(theme);
            }
            let combo = ComboBox::from_id_salt("theme").selected_text(text.common.theme(theme)).width(170.0);
            let shown = combo.show_ui(ui, |ui| {
                for own in Theme::usable() {
                    if ui.selectable_value(&mut theme, own, text.common.theme(own)).clicked() {
                        self.plan.open_as = OpenAs::Layer(own);
                    }
                }
            });
            named(&shown.response, &text.bar.as_theme);
        });
        if let (OpenAs::Layer(theme), true) = (self.plan.open_as, self.plan.open_as != before) {
            self.plan.fields = preview.matches(theme);
        }
        if let OpenAs::Layer(theme) = self.plan.open_as
            && theme.is_single()
        {
            widget::remark(ui, &text.bar.replaces);
        }
        if preview.layers.len() > 1 {
            widget::section(ui, &words.layers);
            for (layer, chosen) in preview.layers.iter().zip(&mut self.plan.chosen) {
                ui.checkbox(chosen, format!("{} ({})", layer.read.name, layer.read.features.len()));
            }
        }
        widget::section(ui, &words.system);
        let read = preview.layers.first().map(|layer| &layer.read);
        if let Some(reference) = self.system.show(ui, &self.corrections, read, text) {
            answer = Some(Answer::Read(Corrections { reference, ..self.corrections.clone() }));
        }
        widget::section(ui, &words.encoding);
        let found = preview.layers.first().map(|layer| layer.read.encoding.0.clone()).unwrap_or_default();
        let mut encoding = self.corrections.encoding.clone();
        let shown = encoding.clone().unwrap_or_else(|| format!("{}: {found}", words.automatic));
        let combo = ComboBox::from_id_salt("encoding").selected_text(shown).width(CHOICES - 30.0);
        let shown = combo.show_ui(ui, |ui| {
            ui.selectable_value(&mut encoding, None, &words.automatic);
            for name in ENCODINGS {
                ui.selectable_value(&mut encoding, Some(name.to_owned()), name);
            }
        });
        named(&shown.response, &words.encoding);
        if encoding != self.corrections.encoding {
            answer = Some(Answer::Read(Corrections { encoding, ..self.corrections.clone() }));
        }
        if matches!(self.plan.open_as, OpenAs::Layer(_)) {
            widget::section(ui, &words.fields);
            fields(ui, &mut self.plan.fields, &preview.kind(), text);
        }
        answer
    }

    /// The small map, what was found, the table.
    fn seen(&self, ui: &mut Ui, height: f32, text: &Text) {
        let words = &text.import;
        let Some(preview) = &self.preview else { return };
        ui.horizontal_top(|ui| {
            let size = vec2((ui.available_width() * 0.5).min(360.0), (height * 0.48).min(280.0));
            ui.vertical(|ui| {
                ui.set_width(size.x);
                ui.label(theme::bold(&words.map));
                self.map(ui, size, preview, text);
            });
            ui.vertical(|ui| {
                ui.label(theme::bold(&words.problems));
                ScrollArea::vertical().id_salt("problems").max_height(size.y).auto_shrink([false, true]).show(
                    ui,
                    |ui| {
                        if preview.problems.is_empty() {
                            widget::remark(ui, &words.no_problems);
                        }
                        for problem in preview.problems.iter().take(200) {
                            let tone = match problem.kind.severity() {
                                Severity::Note => Tone::Neutral,
                                Severity::Warning => Tone::Restricted,
                                Severity::Error => Tone::Prohibited,
                            };
                            widget::notice(ui, tone, &sentence::problem(text, problem));
                        }
                    },
                );
            });
        });
        ui.add_space(6.0);
        let shown = preview.layers.iter().zip(&self.plan.chosen).find(|(_, chosen)| **chosen).map(|(layer, _)| layer);
        let Some(layer) = shown else { return };
        ui.label(theme::bold(fill(&words.table, &[("n", &layer.rows.len().to_string())])));
        let room = ui.available_height().max(60.0);
        ScrollArea::horizontal().id_salt("table").show(ui, |ui| {
            let table = TableBuilder::new(ui)
                .striped(true)
                .min_scrolled_height(room - 30.0)
                .max_scroll_height(room - 30.0)
                .columns(Column::initial(110.0).at_least(40.0).clip(true).resizable(true), layer.fields.len().min(60));
            let head = |mut row: egui_extras::TableRow<'_, '_>| {
                for name in layer.fields.iter().take(60) {
                    row.col(|ui| {
                        ui.label(theme::bold(name)).on_hover_text(name);
                    });
                }
            };
            table.header(20.0, head).body(|body| {
                body.rows(18.0, layer.rows.len(), |mut row| {
                    let cells = layer.rows.get(row.index());
                    for cell in cells.into_iter().flatten().take(60) {
                        row.col(|ui| {
                            ui.add(egui::Label::new(cell).truncate());
                        });
                    }
                });
            });
        });
    }

    /// The file's lines over the districts, problems with a place as crosses.
    fn map(&self, ui: &mut Ui, size: egui::Vec2, preview: &Preview, text: &Text) {
        let (response, painter) = ui.allocate_painter(size - vec2(4.0, 22.0), Sense::hover());
        let palette = theme::palette(ui.visuals());
        let area = response.rect;
        painter.rect(area, 4.0, palette.raised, Stroke::new(1.0, palette.line), egui::StrokeKind::Inside);
        let chosen =
            || preview.layers.iter().zip(&self.plan.chosen).filter(|(_, chosen)| **chosen).map(|(layer, _)| layer);
        let bounds = chosen().filter_map(|layer| layer.bounds).reduce(|a, b| {
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
        let onto = projection(bounds, &self.ground, area.shrink(10.0));
        let painter = painter.with_clip_rect(area.shrink(1.0));
        let draw = |line: &Vec<[f64; 2]>, stroke: Stroke| match line.as_slice() {
            [at] => {
                painter.circle_filled(onto(*at), 2.5, stroke.color);
            }
            line => {
                painter.add(egui::Shape::line(line.iter().map(|at| onto(*at)).collect(), stroke));
            }
        };
        self.ground.iter().for_each(|line| draw(line, Stroke::new(1.0, palette.ink_faint)));
        let accent = theme::palette(ui.visuals()).accent;
        chosen().flat_map(|layer| &layer.lines).for_each(|line| draw(line, Stroke::new(1.5, accent)));
        // what is smaller than a fingertip is ringed
        let corners =
            Rect::from_two_pos(onto([bounds.min().x, bounds.min().y]), onto([bounds.max().x, bounds.max().y]));
        if corners.size().max_elem() < 14.0 {
            painter.circle_stroke(corners.center(), 12.0, Stroke::new(1.5, accent));
        }
        let red = palette.tone(Tone::Prohibited);
        for at in preview.problems.iter().filter_map(|problem| problem.place.at).take(200) {
            cross(&painter, onto(at), red);
        }
    }
}

fn cross(painter: &egui::Painter, at: Pos2, colour: Color32) {
    let stroke = Stroke::new(2.0, colour);
    painter.line_segment([at + vec2(-4.0, -4.0), at + vec2(4.0, 4.0)], stroke);
    painter.line_segment([at + vec2(-4.0, 4.0), at + vec2(4.0, -4.0)], stroke);
}

/// Longitude and latitude onto an area: what is in the city with the city around it, what is elsewhere with the city too.
fn projection(bounds: geo::Rect, ground: &[Vec<[f64; 2]>], area: Rect) -> impl Fn([f64; 2]) -> Pos2 + use<> {
    let (mut low, mut high) = ([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y]);
    for at in ground.iter().flatten() {
        low = [low[0].min(at[0]), low[1].min(at[1])];
        high = [high[0].max(at[0]), high[1].max(at[1])];
    }
    let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
    let squeeze = middle[1].to_radians().cos().max(0.05);
    let (width, height) = (((high[0] - low[0]) * squeeze).max(1e-6), (high[1] - low[1]).max(1e-6));
    let scale = (f64::from(area.width()) / width).min(f64::from(area.height()) / height);
    let centre = area.center();
    move |at| {
        let x = (at[0] - middle[0]) * squeeze * scale;
        let y = (middle[1] - at[1]) * scale;
        centre + vec2(x as f32, y as f32)
    }
}

fn named(response: &egui::Response, name: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, name));
}

fn named_map(response: &egui::Response, name: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
}

/// Keys of the theme with the fields that fill them.
fn fields(ui: &mut Ui, chosen: &mut [(String, Option<String>)], names: &[String], text: &Text) {
    if chosen.is_empty() {
        widget::remark(ui, &text.import.no_keys);
    }
    for (number, (key, field)) in chosen.iter_mut().enumerate() {
        let label = text.common.field(key).to_owned();
        widget::narrow_field_with(ui, &label, |ui| {
            let shown = field.clone().unwrap_or_else(|| text.import.no_field.clone());
            let combo = ComboBox::from_id_salt(("field", number)).selected_text(shown).width(170.0).truncate();
            let shown = combo.show_ui(ui, |ui| {
                ui.selectable_value(field, None, &text.import.no_field);
                for name in names {
                    ui.selectable_value(field, Some(name.clone()), name);
                }
            });
            named(&shown.response, &label);
        });
    }
}
