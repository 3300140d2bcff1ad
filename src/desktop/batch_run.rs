//! Judges the projects of a batch in the background and keeps the answers; does it again when layers, rules, distance or
//! date are others. What was answered before stays in sight until it is answered anew, marked as out of date.

use super::dialog;
use crate::atlas::Atlas;
use crate::format::Format;
use crate::geometry::extent;
use crate::geometry::geo::{Geometry, Rect};
use crate::report;
use crate::siting::{Grade, Ground, Question, Rulebook, Verdict, judge_each, screen};
use crate::storage::{self, file};
use crate::text::{Text, fill};
use crate::workspace::{Batch, JobId, Jobs, Notice, Outcome, Progress, Workspace, sentence};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// By what is judged.
#[derive(Debug, Clone)]
struct Basis {
    atlas: Arc<Atlas>,
    rulebook: Arc<Rulebook>,
    question: Question,
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.atlas, &other.atlas)
            && Arc::ptr_eq(&self.rulebook, &other.rulebook)
            && self.question == other.question
    }
}

/// Answers on their way from the job to the window.
type Post = Arc<Mutex<Vec<(usize, Arc<Verdict>)>>>;

/// An answer with the run that it is from.
#[derive(Debug, Clone)]
struct Answer {
    run: u64,
    verdict: Arc<Verdict>,
}

/// The batch under way.
#[derive(Debug, Default)]
pub struct BatchRun {
    of: Option<Arc<Batch>>,
    basis: Option<Basis>,
    ground: Arc<Ground>,
    post: Post,
    run: u64,
    job: Option<JobId>,
    answers: Vec<Option<Answer>>,
    boxes: Vec<Option<Rect>>,
    answered: usize,
    /// Grows with every answer.
    version: u64,
}

/// How far the batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Projects.
    pub all: usize,
    /// Judged by what is in force.
    pub answered: usize,
    /// Judged by what was in force before.
    pub stale: usize,
    /// Whether it is under way.
    pub is_running: bool,
}

impl BatchRun {
    /// Starts when there is a batch that is not judged by what is in force, and takes the answers that have come.
    pub fn follow(&mut self, workspace: &Workspace, jobs: &mut Jobs) {
        let same = match (&self.of, &workspace.batch) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (one, other) => one.is_none() && other.is_none(),
        };
        if !same {
            self.stop(jobs);
            let count = workspace.batch.as_ref().map_or(0, |batch| batch.sites.len());
            let sites = workspace.batch.iter().flat_map(|batch| &batch.sites);
            let boxes = sites.map(|site| extent(&Geometry::MultiPolygon(site.shape.clone()))).collect();
            let ground = std::mem::take(&mut self.ground);
            let (run, version) = (self.run + 1, self.version + 1);
            *self = BatchRun { of: workspace.batch.clone(), ground, run, version, boxes, ..Self::default() };
            self.answers = vec![None; count];
        }
        let Some(batch) = self.of.clone() else { return };
        let basis = Basis {
            atlas: workspace.atlas().clone(),
            rulebook: workspace.rulebook().clone(),
            question: workspace.question(),
        };
        if self.basis.as_ref() != Some(&basis) {
            self.basis = Some(basis);
            self.start(batch, workspace, jobs);
        }
        self.take();
        if self.job.is_some_and(|id| !jobs.running().iter().any(|job| job.id == id)) {
            self.job = None;
            self.version += 1;
        }
    }

    /// Judges all of it again.
    pub fn rerun(&mut self, workspace: &Workspace, jobs: &mut Jobs) {
        if let Some(batch) = self.of.clone() {
            self.start(batch, workspace, jobs);
        }
    }

    /// Calls it off; what was answered stays.
    pub fn stop(&mut self, jobs: &mut Jobs) {
        if let Some(id) = self.job.take() {
            jobs.cancel(id);
            // whatever is still on its way is of a run that is over
            self.post = Post::default();
            self.version += 1;
        }
    }

    fn start(&mut self, batch: Arc<Batch>, workspace: &Workspace, jobs: &mut Jobs) {
        self.stop(jobs);
        let Some(basis) = self.basis.clone() else { return };
        self.run += 1;
        self.answered = 0;
        self.version += 1;
        self.ground = Arc::new(self.ground.renewed(&basis.atlas));
        let (ground, post, text) = (self.ground.clone(), self.post.clone(), workspace.text());
        let title = fill(&text.batch.panel.job, &[("file", &batch.name)]);
        let panicked = Notice { is_problem: true, sentence: text.bar.job_failed.clone() };
        let work = move |progress: &Progress| {
            let all = batch.sites.len().max(1);
            let cancelled = || progress.is_cancelled();
            judge_each(
                batch.sites.iter().cloned(),
                &ground,
                &basis.rulebook,
                &basis.question,
                &cancelled,
                &mut |place, verdict| {
                    post.lock().unwrap_or_else(PoisonError::into_inner).push((place, Arc::new(verdict)));
                    progress.tell((place + 1) as f32 / all as f32);
                },
            );
            Vec::new()
        };
        self.job = Some(jobs.start(title, panicked, work));
    }

    fn take(&mut self) {
        let come = std::mem::take(&mut *self.post.lock().unwrap_or_else(PoisonError::into_inner));
        if come.is_empty() {
            return;
        }
        for (place, verdict) in come {
            if let Some(answer) = self.answers.get_mut(place) {
                *answer = Some(Answer { run: self.run, verdict });
                self.answered += 1;
            }
        }
        self.version += 1;
    }

    /// How far it is.
    pub fn state(&self) -> State {
        let known = self.answers.iter().flatten().count();
        State {
            all: self.answers.len(),
            answered: self.answered,
            stale: known - self.answered.min(known),
            is_running: self.job.is_some(),
        }
    }

    /// Grows with every answer; what is made of them is kept by it.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The answer for a project, when there is one.
    pub fn verdict(&self, place: usize) -> Option<&Arc<Verdict>> {
        self.answers.get(place)?.as_ref().map(|answer| &answer.verdict)
    }

    /// Whether the answer for a project is by what was in force before.
    pub fn is_stale(&self, place: usize) -> bool {
        self.answers.get(place).and_then(Option::as_ref).is_some_and(|answer| answer.run != self.run)
    }

    /// The grade of a project.
    pub fn grade(&self, place: usize) -> Option<Grade> {
        self.verdict(place).map(|verdict| verdict.verdict)
    }

    /// The box of a project, degrees.
    pub fn bounds(&self, place: usize) -> Option<Rect> {
        self.boxes.get(place).copied().flatten()
    }

    /// Writes the answers to a file; asks for it when none is given. Starts a job.
    pub fn export(&self, format: Format, file: Option<PathBuf>, workspace: &Workspace, jobs: &mut Jobs) {
        let (Some(batch), Some(basis)) = (self.of.clone(), self.basis.clone()) else { return };
        let text = workspace.text();
        let (answers, ground) = (self.answers.clone(), self.ground.clone());
        let title = fill(&text.batch.panel.job_export, &[("file", &text.batch.panel.export_title)]);
        let panicked = Notice { is_problem: true, sentence: text.bar.job_failed.clone() };
        let work = move |_: &Progress| {
            let ending = ending(format);
            let ask = || dialog::save(&text.batch.panel.export_title, ending);
            let path = match file.map_or_else(ask, Ok) {
                Ok(path) => path,
                Err(said) => return said,
            };
            let made = export(&batch, &answers, (&ground, &basis), (format, &path), text);
            vec![Outcome::Said(told(&path, made, text))]
        };
        jobs.start(title, panicked, work);
    }
}

/// The ending of the files of a format that answers are written to.
pub fn ending(format: Format) -> &'static str {
    match format {
        Format::Xlsx => "xlsx",
        Format::GeoPackage => "gpkg",
        _ => "geojson",
    }
}

/// Says what became of a file.
pub fn told(path: &Path, made: Result<(), String>, text: &Text) -> Notice {
    let file = path.display().to_string();
    let words = &text.batch.panel;
    match made {
        Ok(()) => Notice { is_problem: false, sentence: fill(&words.exported, &[("file", &file)]) },
        Err(reason) => {
            Notice { is_problem: true, sentence: fill(&words.not_exported, &[("file", &file), ("reason", &reason)]) }
        }
    }
}

fn export(
    batch: &Batch,
    answers: &[Option<Answer>],
    (ground, basis): (&Ground, &Basis),
    (format, path): (Format, &Path),
    text: &'static Text,
) -> Result<(), String> {
    let head = screen(&[], ground, &basis.rulebook, &basis.question);
    let rows = batch.sites.iter().zip(&batch.columns).zip(answers);
    let projects = rows.filter_map(|((site, columns), answer)| {
        Some(report::Project { site, columns, verdict: &answer.as_ref()?.verdict })
    });
    let unwritten = |error: file::FileError| sentence::file_reason(text, &error.reason);
    if format == Format::Xlsx {
        let mut book = report::Batch::new(batch.fields(), &basis.rulebook, text).map_err(|error| error.to_string())?;
        for project in projects {
            book.add(&project, &head).map_err(|error| error.to_string())?;
        }
        let bytes = book.finish(&head).map_err(|error| error.to_string())?;
        return file::write(path, &bytes).map_err(unwritten);
    }
    let mut features = report::BatchFeatures::new(format, text);
    projects.for_each(|project| features.add(&project, &head));
    let written = features.finish(format).map_err(|error| error.to_string())?;
    storage::layer::write(path, &written).map_err(unwritten)
}
