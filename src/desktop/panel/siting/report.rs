//! The form of a siting report: what stands on the cover, how it is written and where; then where it is.

use crate::desktop::Commands;
use crate::desktop::theme::Tone;
use crate::desktop::widget::{self, Icon};
use crate::report::siting::{Cover, ReportFormat};
use crate::storage::{file, open, settings};
use crate::text::fill;
use crate::workspace::{Navigate, ReportRequest, Task, Workspace};
use egui::{Context, ScrollArea, TextEdit, Ui};
use std::path::PathBuf;

/// The form.
#[derive(Debug, Default)]
pub struct ReportForm {
    is_open: bool,
    cover: Cover,
    all_sites: bool,
    format: ReportFormat,
    hides_coordinates: bool,
    file: String,
    is_working: bool,
    written: Option<PathBuf>,
    /// A file that is there and is replaced when asked once more.
    replaces: Option<PathBuf>,
}

impl ReportForm {
    /// Opens the form with what was filled in last.
    pub fn open(&mut self, workspace: &Workspace) {
        let kept = &workspace.session.cover;
        self.is_open = true;
        self.written = None;
        self.replaces = None;
        self.cover = Cover { project: String::new(), ..kept.clone() };
        self.all_sites = false;
        self.file = String::new();
    }

    /// Whether it stands in front.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Puts it away.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    /// A report was made, or was not.
    pub fn take(&mut self, written: Option<PathBuf>) {
        self.is_working = false;
        // the next one takes no place of this one
        if let Some(file) = &written {
            self.file = file::free(file.clone()).display().to_string();
        }
        self.written = written;
    }

    /// No work is under way: what was called off brings nothing back.
    pub fn rest(&mut self) {
        self.is_working = false;
    }

    /// Draws it.
    pub fn show(&mut self, context: &Context, workspace: &Workspace, commands: &Commands) {
        if !self.is_open {
            return;
        }
        let words = &workspace.text().report.panel;
        let modal = egui::Modal::new(egui::Id::unique("report")).show(context, |ui| {
            ui.set_width(520.0_f32.min(context.content_rect().width() - 60.0));
            ui.heading(&words.title);
            ui.add_space(4.0);
            let height = (context.content_rect().height() - 190.0).max(160.0);
            ScrollArea::vertical().id_salt("report form").max_height(height).show(ui, |ui| {
                widget::remark(ui, &words.intro);
                ui.add_space(4.0);
                ui.add_enabled_ui(!self.is_working, |ui| self.show_fields(ui, workspace));
            });
            ui.add_space(8.0);
            self.show_end(ui, workspace, commands)
        });
        if modal.inner || modal.should_close() {
            self.is_open = false;
        }
    }

    fn show_fields(&mut self, ui: &mut Ui, workspace: &Workspace) {
        let text = workspace.text();
        let words = &text.report.panel;
        let line = |ui: &mut Ui, name: &str, value: &mut String, hint: &str| {
            widget::field_with(ui, name, |ui| {
                let edit = TextEdit::singleline(value).hint_text(hint).desired_width(f32::INFINITY);
                ui.add(edit).accessible_name(name);
            });
        };
        line(ui, &words.project, &mut self.cover.project, &words.project_hint);
        line(ui, &words.number, &mut self.cover.number, "");
        line(ui, &words.unit, &mut self.cover.unit, "");
        line(ui, &words.secrecy, &mut self.cover.secrecy, &words.secrecy_hint);
        line(ui, &words.made, &mut self.cover.made, "");
        line(ui, &words.reviewed, &mut self.cover.reviewed, "");
        line(ui, &words.approved, &mut self.cover.approved, "");
        let count = workspace.project().sites.len();
        if count > 1 {
            widget::field_in_row(ui, &words.scope, |ui| {
                let all = fill(&words.all_sites, &[("n", &count.to_string())]);
                ui.selectable_value(&mut self.all_sites, false, &words.this_site);
                ui.selectable_value(&mut self.all_sites, true, all);
            });
        }
        let before = self.format;
        widget::field_in_row(ui, &words.format, |ui| {
            for format in ReportFormat::ALL {
                ui.selectable_value(&mut self.format, format, format.extension().to_uppercase());
            }
        });
        if self.file.is_empty() {
            self.file = self.proposed(workspace);
        } else if before != self.format {
            self.file = PathBuf::from(&self.file).with_extension(self.format.extension()).display().to_string();
        }
        if self.format == ReportFormat::Pdf {
            let mut shows = !self.hides_coordinates;
            ui.checkbox(&mut shows, &words.coordinates);
            self.hides_coordinates = !shows;
        }
        line(ui, &words.file, &mut self.file, "");
    }

    /// Among the documents, named by the project.
    fn proposed(&self, workspace: &Workspace) -> String {
        let site = workspace.session.site.and_then(|id| workspace.project().site(id));
        let name = site.map(|state| state.site.name.as_str()).unwrap_or_default();
        let is_plain =
            |letter: &char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '（' | '）' | '(' | ')');
        let name: String = name.chars().filter(is_plain).take(40).collect();
        let stem = &workspace.text().report.file_name;
        let named = if name.is_empty() { stem.clone() } else { format!("{stem}-{name}") };
        let place = settings::documents().join(format!("{named}.{}", self.format.extension()));
        file::free(place).display().to_string()
    }

    /// The buttons, or where the report is; true when the form has done its work.
    fn show_end(&mut self, ui: &mut Ui, workspace: &Workspace, commands: &Commands) -> bool {
        let words = &workspace.text().report.panel;
        let mut is_done = false;
        if let Some(file) = &self.written {
            widget::notice(ui, Tone::Clear, &fill(&words.written, &[("file", &file.display().to_string())]));
        }
        let asked = self.replaces.as_ref().filter(|file| file.as_os_str() == self.file.trim());
        if let Some(file) = asked {
            let words = fill(&words.replaces, &[("file", &file.display().to_string())]);
            widget::notice(ui, Tone::Restricted, &words);
        }
        ui.horizontal_wrapped(|ui| {
            if self.is_working {
                ui.spinner();
                ui.label(&words.working);
                return;
            }
            if let Some(file) = &self.written {
                if widget::labelled_button(ui, Icon::Export, &words.open_file).clicked() {
                    open::show(file);
                }
                if widget::labelled_button(ui, Icon::Folder, &words.open_folder).clicked()
                    && let Some(folder) = file.parent()
                {
                    open::show(folder);
                }
            }
            let chosen = Some(self.file.trim()).filter(|file| !file.is_empty()).map(PathBuf::from);
            ui.add_enabled_ui(chosen.is_some(), |ui| {
                if widget::main_button(ui, Icon::Export, &words.run).clicked() {
                    let is_free = chosen.as_deref().is_none_or(|path| !file::is_there(path));
                    if is_free || self.replaces == chosen {
                        self.replaces = None;
                        self.run(workspace, chosen.clone(), commands);
                    } else {
                        self.replaces = chosen.clone();
                    }
                }
            });
            if ui.button(&words.browse).clicked() {
                self.run(workspace, None, commands);
            }
            let end = if self.written.is_some() { &words.close } else { &words.cancel };
            is_done = ui.button(end).clicked();
        });
        is_done
    }

    fn run(&mut self, workspace: &Workspace, file: Option<PathBuf>, commands: &Commands) {
        let project = workspace.project();
        let chosen = |state: &&crate::workspace::SiteState| self.all_sites || Some(state.id) == workspace.session.site;
        let sites = project.sites.iter().filter(chosen).map(|state| state.site.as_ref().clone()).collect();
        self.is_working = true;
        self.written = None;
        commands.navigate(Navigate::KeepCover(Box::new(self.cover.clone())));
        commands.run(Task::Report(Box::new(ReportRequest {
            sites,
            question: workspace.question(),
            cover: self.cover.clone(),
            format: self.format,
            shows_coordinates: !self.hides_coordinates,
            file,
        })));
    }
}
