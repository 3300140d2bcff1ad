//! Map sheets: paper, scale, title and who made it; the annotations on the map; writing the file.

use crate::desktop::Commands;
use crate::desktop::widget::{self, Icon};
use crate::geometry::geo;
use crate::report::{Extent, Note, Paper, SheetFormat, SheetRequest, layout::SCALES, scale_words};
use crate::storage::{clock, settings};
use crate::text::Text;
use crate::workspace::{Annotation, Derived, Edit, Task, Workspace};
use egui::{ComboBox, DragValue, ScrollArea, TextEdit, Ui};
use std::path::PathBuf;

/// Map sheets.
#[derive(Debug)]
pub struct SheetPanel {
    paper: Paper,
    is_landscape: bool,
    scale: Option<f64>,
    title: String,
    subtitle: String,
    unit: String,
    compiled: String,
    checked: String,
    format: SheetFormat,
    dpi: f64,
    /// Empty until first shown.
    file: String,
}

impl Default for SheetPanel {
    fn default() -> Self {
        Self {
            paper: Paper::A3,
            is_landscape: true,
            scale: None,
            title: String::new(),
            subtitle: String::new(),
            unit: String::new(),
            compiled: String::new(),
            checked: String::new(),
            format: SheetFormat::Pdf,
            dpi: 300.0,
            file: String::new(),
        }
    }
}

impl SheetPanel {
    /// Draws the choices and the button. `visible` is what the map shows, degrees.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        derived: &Derived,
        visible: Option<geo::Rect>,
        commands: &Commands,
    ) {
        let text = workspace.text();
        let words = &text.sheet.panel;
        if self.file.is_empty() {
            let name = format!("{}.{}", words.file_name, self.format.extension());
            self.file = settings::documents().join(name).display().to_string();
        }
        widget::title(ui, &words.title);
        ScrollArea::vertical().id_salt("sheet").auto_shrink([false, false]).show(ui, |ui| {
            widget::remark(ui, &words.includes);
            ui.add_space(4.0);
            self.show_choices(ui, text);
            ui.add_space(8.0);
            ui.horizontal_wrapped(|ui| {
                let request = || visible.map(|area| self.request(workspace, derived, area));
                let is_ready = visible.is_some();
                ui.add_enabled_ui(is_ready && !self.file.trim().is_empty(), |ui| {
                    if widget::main_button(ui, Icon::Export, &words.run).clicked()
                        && let Some(request) = request()
                    {
                        commands.run(Task::Export(Box::new(request), Some(PathBuf::from(self.file.trim()))));
                    }
                });
                ui.add_enabled_ui(is_ready, |ui| {
                    if ui.button(&words.browse).clicked()
                        && let Some(request) = request()
                    {
                        commands.run(Task::Export(Box::new(request), None));
                    }
                });
            });
            if visible.is_none() {
                widget::remark(ui, &words.no_view);
            } else if self.file.trim().is_empty() {
                widget::remark(ui, &words.no_file);
            }
            widget::section(ui, &words.annotations);
            show_annotations(ui, workspace, commands);
        });
    }

    fn show_choices(&mut self, ui: &mut Ui, text: &Text) {
        let words = &text.sheet.panel;
        widget::field_in_row(ui, &words.paper, |ui| {
            let combo = ComboBox::from_id_salt("paper").selected_text(self.paper.name()).width(64.0);
            let combo = combo.show_ui(ui, |ui| {
                for paper in Paper::ALL {
                    ui.selectable_value(&mut self.paper, paper, paper.name());
                }
            });
            combo.response.accessible_name(&words.paper);
            ui.selectable_value(&mut self.is_landscape, true, &words.landscape);
            ui.selectable_value(&mut self.is_landscape, false, &words.portrait);
        });
        widget::field_with(ui, &words.scale, |ui| {
            let name = |scale: Option<f64>| scale.map_or(words.fit.clone(), scale_words);
            let combo = ComboBox::from_id_salt("scale").selected_text(name(self.scale)).show_ui(ui, |ui| {
                for scale in std::iter::once(None).chain(SCALES.into_iter().map(Some)) {
                    ui.selectable_value(&mut self.scale, scale, name(scale));
                }
            });
            combo.response.accessible_name(&words.scale);
        });
        let line = |ui: &mut Ui, name: &str, value: &mut String, hint: &str| {
            widget::field_with(ui, name, |ui| {
                let edit = TextEdit::singleline(value).hint_text(hint).desired_width(f32::INFINITY);
                ui.add(edit).accessible_name(name);
            });
        };
        line(ui, &words.heading, &mut self.title, &words.heading_hint);
        line(ui, &words.subtitle, &mut self.subtitle, "");
        line(ui, &words.unit, &mut self.unit, "");
        line(ui, &words.compiled, &mut self.compiled, "");
        line(ui, &words.checked, &mut self.checked, "");
        let before = self.format;
        widget::field_in_row(ui, &words.format, |ui| {
            for format in SheetFormat::ALL {
                ui.selectable_value(&mut self.format, format, format.extension().to_uppercase());
            }
            if self.format == SheetFormat::Png {
                let value = DragValue::new(&mut self.dpi).range(30.0..=1200.0).suffix(" dpi");
                ui.add(value).accessible_name(&words.dpi);
            }
        });
        if before != self.format {
            self.file = PathBuf::from(&self.file).with_extension(self.format.extension()).display().to_string();
        }
        line(ui, &words.file, &mut self.file, "");
    }

    fn request(&self, workspace: &Workspace, derived: &Derived, area: geo::Rect) -> SheetRequest {
        let project = workspace.project();
        let shown = project.layers.iter().filter(|state| state.visible);
        SheetRequest {
            paper: self.paper,
            is_landscape: self.is_landscape,
            format: self.format,
            dpi: self.dpi,
            extent: Extent::Area(area),
            scale: self.scale,
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            unit: self.unit.clone(),
            compiled: self.compiled.clone(),
            checked: self.checked.clone(),
            sites: project.sites.iter().map(|state| state.site.as_ref().clone()).collect(),
            overlaps: derived.verdict.iter().map(|verdict| verdict.conflict_ground()).collect(),
            notes: project.annotations.iter().map(note).collect(),
            by_class: workspace.session.colour_by_class,
            language: workspace.session.language,
            ..SheetRequest::new(shown.map(|state| (state.id, state.opacity)).collect(), clock::today())
        }
    }
}

fn note(annotation: &Annotation) -> Note {
    let place = |(x, y): (f64, f64)| geo::Coord { x, y };
    match annotation {
        Annotation::Words { at, words } => Note { at: place(*at), to: None, words: words.clone() },
        Annotation::Arrow { from, to, words } => Note { at: place(*from), to: Some(place(*to)), words: words.clone() },
    }
}

fn show_annotations(ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
    let words = &workspace.text().sheet.panel;
    let annotations = &workspace.project().annotations;
    if annotations.is_empty() {
        widget::remark(ui, &words.no_annotations);
    }
    for (index, annotation) in annotations.iter().enumerate() {
        let (kind, said) = match annotation {
            Annotation::Words { words: said, .. } => (&words.words, said),
            Annotation::Arrow { words: said, .. } => (&words.arrow, said),
        };
        ui.horizontal(|ui| {
            if ui.small_button(&words.remove).clicked() {
                commands.edit(Edit::RemoveAnnotation(index));
            }
            ui.label(format!("{kind}  {said}"));
        });
    }
}
