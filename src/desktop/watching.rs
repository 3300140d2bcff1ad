//! Tells when a file that is shown has changed on disk, and reads it again where the person says so.

use super::theme::Tone;
use super::widget;
use crate::storage::watch::Watcher;
use crate::text::{Text, fill};
use crate::workspace::{Watched, Workspace};
use egui::Ui;

/// What the person says to a change.
#[derive(Debug)]
pub enum Answer {
    /// Read it again.
    Reload(Box<Watched>),
    /// Leave what is shown.
    Ignore(Box<Watched>),
    /// Sites that both sides changed: as the file has them, as they are, or leave all of them.
    Settle(Option<bool>),
}

fn name_of(watched: &Watched) -> String {
    watched.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Files that are looked at.
#[derive(Debug)]
pub struct Watching {
    watcher: Watcher,
}

impl Watching {
    /// Begins to look; `wake` is called when a file has changed.
    pub fn new(wake: impl Fn() + Send + 'static) -> Self {
        Watching { watcher: Watcher::new(wake) }
    }

    /// Takes in what has changed and follows what is shown.
    pub fn follow(&self, workspace: &mut Workspace) {
        for (file, stamp) in self.watcher.changed() {
            workspace.watched.change(&file, &stamp);
        }
        self.watcher.follow(workspace.watched.files());
    }

    /// Draws the question about sites that were changed here and in their file.
    pub fn show_clash(ui: &mut Ui, (watched, count): (&Watched, usize), text: &Text) -> Option<Answer> {
        let words = &text.bar;
        let (name, count) = (name_of(watched), count.to_string());
        let mut answer = None;
        ui.horizontal_wrapped(|ui| {
            let sentence = fill(&words.sites_changed_twice, &[("file", &name), ("n", &count)]);
            widget::notice(ui, Tone::Restricted, &sentence);
            for (word, by_file) in
                [(&words.keep_mine, Some(false)), (&words.take_files, Some(true)), (&words.leave_all, None)]
            {
                if ui.button(word).clicked() {
                    answer = Some(Answer::Settle(by_file));
                }
            }
        });
        answer
    }

    /// Draws the question about the first file that has changed.
    pub fn show(ui: &mut Ui, watched: &Watched, text: &Text) -> Option<Answer> {
        let words = &text.bar;
        let name = name_of(watched);
        let is_there = matches!(watched.changed, Some(Some(_)));
        let sentence = if is_there { &words.file_changed } else { &words.file_gone };
        let mut answer = None;
        ui.horizontal_wrapped(|ui| {
            widget::notice(ui, Tone::Restricted, &fill(sentence, &[("file", &name)]));
            if is_there && ui.button(&words.reload).clicked() {
                answer = Some(Answer::Reload(Box::new(watched.clone())));
            }
            if ui.button(if is_there { &words.leave_changed } else { &words.dismiss }).clicked() {
                answer = Some(Answer::Ignore(Box::new(watched.clone())));
            }
        });
        answer
    }
}
