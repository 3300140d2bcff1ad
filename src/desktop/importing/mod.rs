//! The window that imports files: one is asked about after the other, each read on a job that can be stopped.

mod asked;
mod choice;
mod ground;
mod seen;
mod system;

use super::theme;
use crate::atlas::Theme;
use crate::format::Format;
use crate::geometry::LocalSystem;
use crate::storage::systems;
use crate::text::{Text, fill};
use crate::workspace::{Corrections, KeptImport, OpenAs, Plan, Preview, Progress, Workspace};
use asked::{Answer, Asked};
use egui::{Id, Key, Modifiers, ProgressBar};
use ground::Ground;
use std::collections::VecDeque;
use std::path::PathBuf;
use system::SystemChoice;

/// Width of the column with the choices.
const CHOICES: f32 = 330.0;
/// Seconds of reading after which it is shown how far it is; small files are there before.
const PATIENCE: f64 = 0.3;
/// Width of the window that shows it.
const READING: f32 = 420.0;

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
    reading: Option<Reading>,
    asked: Option<Asked>,
    /// Whether the next preview is taken as if no file of its kind had come before.
    without_kept: bool,
    wants: Vec<Want>,
}

/// A file that is being read.
#[derive(Debug)]
struct Reading {
    file: PathBuf,
    corrections: Corrections,
    /// How far it is; absent until the job has begun.
    progress: Option<Progress>,
    /// When it was first seen, seconds of the window.
    since: Option<f64>,
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

    /// The reading that was asked for has begun.
    pub fn started(&mut self, progress: Progress) {
        if let Some(reading) = &mut self.reading {
            reading.progress = Some(progress);
        }
    }

    /// Leaves what is in front: an open list, the form, a reading that was asked for anew, else the file.
    pub fn escape(&mut self, context: &egui::Context) {
        if egui::Popup::is_any_open(context) {
            egui::Popup::close_all(context);
        } else if self.asked.as_mut().is_some_and(|asked| asked.system.leave_form()) {
        } else if self.asked.is_some() && self.reading.is_some() {
            self.stop();
        } else {
            self.cancel();
        }
    }

    /// Leaves the file that is asked about; the next one comes.
    pub fn cancel(&mut self) {
        self.asked = None;
        self.stop();
    }

    /// Stops the reading; what was read before stays.
    fn stop(&mut self) {
        self.wants.retain(|want| !matches!(want, Want::Read(..)));
        if let Some(progress) = self.reading.take().and_then(|reading| reading.progress) {
            progress.cancel();
        }
        if let Some(asked) = &mut self.asked {
            asked.go_back();
        }
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

    /// Asks for a reading, in place of one that is under way.
    fn read(&mut self, file: PathBuf, corrections: Corrections) {
        self.wants.retain(|want| !matches!(want, Want::Read(..)));
        let reading = Reading { file: file.clone(), corrections: corrections.clone(), progress: None, since: None };
        if let Some(progress) = self.reading.replace(reading).and_then(|before| before.progress) {
            progress.cancel();
        }
        // those of the window may not be on disk yet
        let own = self.asked.as_ref().map_or_else(systems::all, |asked| asked.system.saved.clone());
        self.wants.push(Want::Read(file, corrections, own));
    }

    /// Takes the result of a reading; `Err` tells the sentence when the file cannot be read at all.
    pub fn take(&mut self, result: Result<Box<Preview>, String>, workspace: &Workspace) -> Result<(), String> {
        let Some(Reading { file, corrections, .. }) = self.reading.take() else { return Ok(()) };
        let preview = match (result, &mut self.asked) {
            (Ok(preview), _) => preview,
            // the person has tried another system or encoding: what was there stays
            (Err(sentence), Some(asked)) => {
                asked.go_back();
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
            asked.renew(preview);
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
            None if preview.format == Format::Survey || preview.holds_projects() => None,
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
            quality: kept.and_then(|kept| kept.quality),
            ..Plan::whole(theme.map_or(OpenAs::Sites, OpenAs::Layer), fields)
        };
        let ground = Ground::of(workspace.atlas());
        let system = SystemChoice::of(systems::all());
        let (is_kept, mut asked) = (kept.is_some(), Asked::of(file, preview, plan, system, ground));
        asked.is_kept = is_kept;
        asked.corrections = corrections;
        self.asked = Some(asked);
        Ok(())
    }

    /// Draws the window while there is a file.
    pub fn show(&mut self, context: &egui::Context, workspace: &Workspace) {
        let text = workspace.text();
        // the status bar may have called the reading off
        let is_stopped = |progress: &Progress| progress.is_cancelled();
        if self.reading.as_ref().and_then(|reading| reading.progress.as_ref()).is_some_and(is_stopped) {
            self.stop();
        }
        let share = self.reading.as_ref().map(|reading| reading.progress.as_ref().map_or(0.0, Progress::share));
        let Some(asked) = &mut self.asked else { return self.show_reading(context, text) };
        let screen = context.content_rect().size();
        let (width, height) = ((screen.x - 60.0).clamp(480.0, 1080.0), (screen.y - 90.0).clamp(320.0, 720.0));
        let mut answer = None;
        let rest = self.waiting.len();
        let enter = |modifiers| context.input_mut(|input| input.consume_key(modifiers, Key::Enter));
        // before a control that has the keyboard takes it for itself
        let is_called = share.is_none() && asked.is_ready() && !asked.system.is_asking() && enter(Modifiers::COMMAND);
        let modal = egui::Modal::new(Id::unique("import")).show(context, |ui| {
            ui.set_width(width);
            answer = asked.show(ui, height, rest, share, text);
        });
        if std::mem::take(&mut asked.system.is_changed) {
            self.wants.push(Want::SaveSystems(asked.system.saved.clone()));
        }
        let is_asking = asked.system.is_asking() || egui::Popup::is_any_open(context);
        // a control that has the keyboard hears the plain key itself
        let is_free = context.memory(|memory| memory.focused().is_none()) || asked.seen.has_keyboard;
        // a click beside it must not lose what was set
        if modal.should_close() && !modal.backdrop_response.clicked() && !is_asking {
            answer = Some(Answer::Cancel);
        } else if share.is_none() && !is_asking && asked.is_ready() {
            let is_entered = is_called || (is_free && enter(Modifiers::NONE));
            answer = answer.or(is_entered.then_some(Answer::Import));
        }
        match answer {
            None => {}
            Some(Answer::Cancel) => self.cancel(),
            Some(Answer::Stop) => self.stop(),
            Some(Answer::Read(corrections)) => {
                asked.corrections = corrections.clone();
                let file = asked.file.clone();
                self.read(file, corrections);
            }
            Some(Answer::Import) => self.import(),
        }
    }

    /// Shows how far the reading of a large file is, before anything of it can be shown.
    fn show_reading(&mut self, context: &egui::Context, text: &Text) {
        let Some(reading) = &mut self.reading else { return };
        let now = context.input(|input| input.time);
        if now - *reading.since.get_or_insert(now) < PATIENCE {
            context.request_repaint_after_secs(PATIENCE as f32);
            return;
        }
        let name = reading.file.file_name().unwrap_or_default().to_string_lossy();
        let title = fill(&text.import.reading, &[("file", &name)]);
        let share = reading.progress.as_ref().map_or(0.0, Progress::share);
        let mut is_stopped = false;
        let modal = egui::Modal::new(Id::unique("reading")).show(context, |ui| {
            ui.set_width(READING);
            ui.add(egui::Label::new(theme::bold(&title)).truncate());
            ui.add_space(6.0);
            ui.add(ProgressBar::new(share).show_percentage()).accessible_name(&title);
            ui.add_space(6.0);
            let stop = ui.button(format!("{} (Esc)", text.import.stop));
            is_stopped = stop.clicked();
        });
        context.request_repaint_after_secs(0.1);
        if is_stopped || modal.should_close() {
            self.stop();
        }
    }

    fn import(&mut self) {
        let Some(asked) = self.asked.take() else { return };
        let (file, preview) = (asked.file, asked.preview);
        debug_assert!(preview.file == file);
        let theme = match asked.plan.open_as {
            OpenAs::Layer(theme) => Some(theme),
            OpenAs::Sites => None,
        };
        let kept = KeptImport {
            of: preview.kind(),
            theme,
            fields: asked.plan.fields.clone(),
            corrections: asked.corrections.clone(),
            quality: asked.plan.quality,
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

fn named_map(response: &egui::Response, name: &str) {
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
}
