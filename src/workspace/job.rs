//! Background work: start, progress, cancel, result. A job that panics becomes a message, not a dead window.

use super::{Batch, Derived, Elsewhere, Notice, OfficePack, Preview, Renewal, Watched};
use crate::atlas::{Layer, LayerId, Site};
pub use crate::format::Progress;
use crate::geometry::Form;
use crate::siting::audit::Audit;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What a job brings back.
#[derive(Debug)]
pub enum Outcome {
    /// Layers read from files.
    Opened(Vec<Arc<Layer>>),
    /// Layers read again, in the place of these.
    Reloaded(Vec<LayerId>, Vec<Arc<Layer>>),
    /// A file whose layers are shown from now on.
    Watched(Box<Watched>),
    /// Projects to be judged.
    Sites(Vec<Site>),
    /// Rule packs of the office, read.
    Rules(Vec<OfficePack>),
    /// The same, some by their figures.
    Drawn(Vec<(Site, Option<Form>)>),
    /// Projects of a file that was read again.
    Renewed(Box<Renewal>),
    /// Files that the person chose.
    Chosen(Vec<PathBuf>),
    /// A file that waits for the person's word, or why it could not be read.
    Previewed(Result<Box<Preview>, String>),
    /// The statutory belts of an atlas, to be looked at.
    Belts(Arc<crate::atlas::Atlas>, Vec<Arc<Layer>>),
    /// What follows from an atlas.
    Derived(Box<Derived>),
    /// The file of a report that was made; none when it was not.
    Reported(Option<PathBuf>),
    /// Many projects of a file.
    Batch(Arc<Batch>),
    /// A version of a constraint, the new one or the old, read from a file.
    Version(bool, Arc<Layer>),
    /// Two versions held against each other.
    Audited(Box<Audit>),
    /// Where a project could stand instead.
    Elsewhere(Box<Elsewhere>),
    /// Something to tell.
    Said(Notice),
}

/// Identity of a running job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JobId(u64);

/// A job under way, for the status bar.
#[derive(Debug, Clone)]
pub struct Running {
    /// Identity.
    pub id: JobId,
    /// What it does, in the person's language.
    pub title: String,
    /// How far it is.
    pub progress: Progress,
}

/// All background work.
pub struct Jobs {
    wake: Arc<dyn Fn() + Send + Sync>,
    sender: Sender<(JobId, Vec<Outcome>)>,
    receiver: Receiver<(JobId, Vec<Outcome>)>,
    running: Vec<Running>,
    next: u64,
}

impl std::fmt::Debug for Jobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jobs").field("running", &self.running).finish_non_exhaustive()
    }
}

impl Jobs {
    /// `wake` is called when a result waits: the window asks for a frame, a test does nothing.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        let (sender, receiver) = channel();
        Self { wake: Arc::new(wake), sender, receiver, running: Vec::new(), next: 0 }
    }

    /// Starts work on a thread of its own.
    pub fn start(
        &mut self,
        title: String,
        panicked: Notice,
        work: impl FnOnce(&Progress) -> Vec<Outcome> + Send + 'static,
    ) -> JobId {
        let id = JobId(self.next);
        self.next += 1;
        let progress = Progress::default();
        self.running.push(Running { id, title, progress: progress.clone() });
        let (sender, wake) = (self.sender.clone(), self.wake.clone());
        let run = move || {
            let outcomes = catch_unwind(AssertUnwindSafe(|| work(&progress)));
            let outcomes = outcomes.unwrap_or_else(|_| vec![Outcome::Said(panicked)]);
            // The receiver is gone only when the program ends.
            let _ = sender.send((id, outcomes));
            wake();
        };
        if std::thread::Builder::new().name("job".into()).spawn(run).is_err() {
            self.running.retain(|job| job.id != id);
        }
        id
    }

    /// Results that have come in; those of jobs called off are dropped.
    pub fn poll(&mut self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        while let Ok((id, results)) = self.receiver.try_recv() {
            if let Some(at) = self.running.iter().position(|job| job.id == id) {
                let job = self.running.remove(at);
                if !job.progress.is_cancelled() {
                    outcomes.extend(results);
                }
            }
        }
        outcomes
    }

    /// How far a job is; absent when there is no such job under way.
    pub fn progress(&self, id: JobId) -> Option<Progress> {
        self.running.iter().find(|job| job.id == id).map(|job| job.progress.clone())
    }

    /// Calls a job off.
    pub fn cancel(&mut self, id: JobId) {
        self.running.iter().filter(|job| job.id == id).for_each(|job| job.progress.cancel());
    }

    /// Calls everything off; true when there was something.
    pub fn cancel_all(&mut self) -> bool {
        self.running.iter().for_each(|job| job.progress.cancel());
        !self.running.is_empty()
    }

    /// Jobs under way.
    pub fn running(&self) -> &[Running] {
        &self.running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_panics_becomes_a_message() {
        let (told, heard) = channel();
        let mut jobs = Jobs::new(move || told.send(()).unwrap());
        let notice = Notice { is_problem: true, sentence: "failed".into() };
        jobs.start("work".into(), notice.clone(), |_| panic!("as provoked"));
        heard.recv().unwrap();
        assert!(matches!(jobs.poll().as_slice(), [Outcome::Said(said)] if *said == notice));
    }

    #[test]
    fn the_result_of_a_job_called_off_is_dropped() {
        let (told, heard) = channel();
        let mut jobs = Jobs::new(move || told.send(()).unwrap());
        let notice = Notice { is_problem: false, sentence: String::new() };
        let (go, wait) = channel::<()>();
        let id = jobs.start("work".into(), notice.clone(), move |_| {
            wait.recv().unwrap();
            vec![Outcome::Said(notice)]
        });
        jobs.cancel(id);
        go.send(()).unwrap();
        heard.recv().unwrap();
        assert!(jobs.poll().is_empty() && jobs.running().is_empty());
    }
}
