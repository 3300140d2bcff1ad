//! Opening files: choosing, dropping, asking what they are, reading them in a job.

use super::Commands;
use super::widget;
use crate::atlas::{Atlas, Theme};
use crate::format::{self, Problem, ReadOptions, Reading, Severity};
use crate::report::SheetRequest;
use crate::storage::layer;
use crate::text::{Text, fill};
use crate::workspace::{LayerIds, Notice, OpenAs, Outcome, Progress, Task, Workspace, sentence};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files dropped on the window, until the person has said what they are.
#[derive(Debug, Default)]
pub struct Dropped {
    files: Vec<PathBuf>,
    theme: Option<Theme>,
}

/// Names of files without their folders, for a sentence.
pub fn names(files: &[PathBuf]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap_or_default().to_string_lossy()).collect();
    names.join("、")
}

impl Dropped {
    /// Asks about these files.
    pub fn ask(&mut self, files: Vec<PathBuf>) {
        if !files.is_empty() {
            self.theme = files.first().and_then(|file| Theme::parse(&file.file_stem()?.to_string_lossy()));
            self.files = files;
        }
    }

    /// Draws the question while there is one.
    pub fn show(&mut self, context: &egui::Context, workspace: &Workspace, commands: &Commands) {
        if self.files.is_empty() {
            return;
        }
        let text = workspace.text();
        let mut decided = None;
        let modal = egui::Modal::new(egui::Id::unique("dropped")).show(context, |ui| {
            ui.set_max_width(460.0);
            ui.heading(&text.bar.dropped_title);
            ui.label(fill(&text.bar.dropped_question, &[("files", &names(&self.files))]));
            ui.add_space(8.0);
            if ui.button(&text.bar.as_sites).clicked() {
                decided = Some(Some(OpenAs::Sites));
            }
            ui.horizontal(|ui| {
                if ui.button(&text.bar.as_layer).clicked() {
                    decided = Some(Some(OpenAs::Layer(self.theme.unwrap_or(Theme::Other))));
                }
                let label = ui.label(&text.bar.as_theme);
                let chosen = self.theme.unwrap_or(Theme::Other);
                let combo = egui::ComboBox::from_id_salt("theme").selected_text(text.common.theme(chosen));
                let answer = combo.show_ui(ui, |ui| {
                    for theme in Theme::ATLAS.into_iter().chain([Theme::Constraint, Theme::Other]) {
                        ui.selectable_value(&mut self.theme, Some(theme), text.common.theme(theme));
                    }
                });
                answer.response.labelled_by(label.id);
            });
            widget::remark(ui, &text.bar.replaces);
            ui.add_space(8.0);
            if ui.button(&text.bar.cancel).clicked() {
                decided = Some(None);
            }
        });
        if modal.should_close() {
            decided = Some(None);
        }
        if let Some(decision) = decided {
            let files = std::mem::take(&mut self.files);
            if let Some(open_as) = decision {
                commands.run(Task::Open { files, open_as });
            }
        }
    }
}

/// Asks the system's own dialog for files; runs on a job, since the dialog waits for the person.
pub fn choose(text: &'static Text) -> Vec<Outcome> {
    let endings = ["geojson", "json", "ndjson", "geojsonl", "shp", "zip", "gpkg", "dxf", "txt", "csv", "tsv", "xlsx"];
    // some systems tell cases apart
    let endings: Vec<String> =
        endings.iter().flat_map(|ending| [(*ending).to_owned(), ending.to_uppercase()]).collect();
    let dialog = rfd::FileDialog::new().add_filter("GeoJSON, Shapefile, GeoPackage, DXF, TXT, CSV, XLSX", &endings);
    let files = dialog.set_title(&text.bar.dropped_title).pick_files().unwrap_or_default();
    vec![Outcome::Chosen(files)]
}

/// Reads files as layers or as sites; each says what was wrong with it.
pub fn open(
    files: &[PathBuf],
    open_as: OpenAs,
    ids: &LayerIds,
    text: &'static Text,
    progress: &Progress,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut done = Vec::new();
    for (number, file) in files.iter().enumerate() {
        if progress.is_cancelled() {
            return Vec::new();
        }
        progress.tell(number as f32 / files.len().max(1) as f32);
        match read(file, open_as, ids, text) {
            Ok(mut results) => {
                if results.iter().any(|result| matches!(result, Outcome::Opened(_) | Outcome::Sites(_))) {
                    done.push(file.clone());
                }
                outcomes.append(&mut results);
            }
            Err(sentence) => outcomes.push(problem(sentence)),
        }
    }
    if !done.is_empty() {
        let sentence = fill(&text.bar.opened, &[("files", &names(&done))]);
        outcomes.push(Outcome::Said(Notice { is_problem: false, sentence }));
    }
    outcomes
}

fn problem(sentence: String) -> Outcome {
    Outcome::Said(Notice { is_problem: true, sentence })
}

fn read(file: &Path, open_as: OpenAs, ids: &LayerIds, text: &'static Text) -> Result<Vec<Outcome>, String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (reading, source) =
        layer::read(file, &ReadOptions::default()).map_err(|error| sentence::open_error(text, &error))?;
    Ok(match open_as {
        OpenAs::Sites => sites(reading, &name, text),
        OpenAs::Layer(theme) => {
            let mut outcomes = told(&reading.problems, &name, text);
            let is_alone = reading.layers.len() == 1;
            let layers = reading.layers.into_iter().map(|read| {
                let title = if is_alone { name.clone() } else { format!("{name} · {}", read.name) };
                Arc::new(read.into_layer(ids.next(), theme, title, source.clone()))
            });
            outcomes.push(Outcome::Opened(layers.collect()));
            outcomes
        }
    })
}

/// Reads the clipboard as sites: anything that would be read from a file.
pub fn paste(pasted: &str, text: &'static Text) -> Vec<Outcome> {
    match format::read(pasted.as_bytes(), &text.bar.clipboard, &ReadOptions::default()) {
        Ok(reading) => sites(reading, &text.bar.clipboard, text),
        Err(reason) => vec![problem(format!("{}: {}", text.bar.clipboard, sentence::format_reason(text, &reason)))],
    }
}

fn sites(reading: Reading, name: &str, text: &'static Text) -> Vec<Outcome> {
    let mut outcomes = told(&reading.problems, name, text);
    let mut found = Vec::new();
    for layer in &reading.layers {
        let (mut sites, problems) = format::sites(layer);
        found.append(&mut sites);
        outcomes.append(&mut told(&problems, name, text));
    }
    outcomes.push(if found.is_empty() {
        problem(fill(&text.bar.no_polygon, &[("file", name)]))
    } else {
        Outcome::Sites(found)
    });
    outcomes
}

/// The first of the problems as messages.
fn told(problems: &[Problem], name: &str, text: &'static Text) -> Vec<Outcome> {
    let told = problems.iter().filter(|found| found.kind.severity() != Severity::Note).take(4);
    told.map(|found| problem(format!("{name}: {}", sentence::problem(text, found)))).collect()
}

/// Says which sheet is being written.
pub fn export_title(file: Option<&Path>, text: &Text) -> String {
    let name = file.and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    fill(&text.bar.job_export, &[("files", &name)])
}

/// Makes a sheet and writes it; asks for the file when none is given.
pub fn export(
    request: &SheetRequest,
    file: Option<PathBuf>,
    atlas: &Atlas,
    classes: &HashMap<String, u8>,
    text: &'static Text,
) -> Vec<Outcome> {
    let extension = request.format.extension();
    let ask = || {
        let dialog = rfd::FileDialog::new().add_filter(extension.to_uppercase(), &[extension]);
        dialog.set_file_name(format!("{}.{extension}", text.sheet.panel.file_name)).save_file()
    };
    let Some(mut file) = file.or_else(ask) else { return Vec::new() };
    if file.extension().is_none() {
        file.set_extension(extension);
    }
    let shown = file.display().to_string();
    let written = crate::report::sheet(request, atlas, classes)
        .map_err(|error| sentence::sheet_error(text, &error))
        .and_then(|sheet| {
            crate::storage::file::write(&file, &sheet.bytes).map_err(|error| sentence::file_reason(text, &error.reason))
        });
    vec![Outcome::Said(match written {
        Ok(()) => Notice { is_problem: false, sentence: fill(&text.bar.exported, &[("file", &shown)]) },
        Err(reason) => Notice {
            is_problem: true,
            sentence: fill(&text.bar.not_exported, &[("file", &shown), ("reason", &reason)]),
        },
    })]
}
