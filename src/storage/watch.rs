//! Whether a file changed under us: told by its size, its time and its place on the disk, never by reading it.

use crate::format::SHAPEFILE_SIDES;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, SystemTime};

/// Time between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// What tells one state of a data set from another; of a Shapefile that of its side files too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp(Vec<(u64, Option<SystemTime>)>);

impl Stamp {
    /// That of a file as it stands; absent when there is none.
    pub fn of(path: &Path) -> Option<Stamp> {
        let one = |path: &Path| {
            let known = std::fs::metadata(path).ok()?;
            Some((known.len(), known.modified().ok()))
        };
        let mut parts = vec![one(path)?];
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if ending == "shp" {
            let sides = SHAPEFILE_SIDES.map(|side| path.with_extension(side));
            parts.extend(sides.iter().map(|side| one(side).unwrap_or_default()));
        }
        Some(Stamp(parts))
    }
}

/// A file with its state; absent when there is none.
type Seen = (PathBuf, Option<Stamp>);
type Known = Arc<Mutex<Vec<Seen>>>;

/// Looks at files now and then, on a thread of its own.
#[derive(Debug)]
pub struct Watcher {
    known: Known,
    changed: Receiver<Seen>,
}

impl Watcher {
    /// Begins to look; `wake` is called when a file has changed. It ends with the watcher.
    pub fn new(wake: impl Fn() + Send + 'static) -> Self {
        let (sender, changed) = channel();
        let known = Known::default();
        let seen = Arc::downgrade(&known);
        // without a thread nothing is told, and nothing else is lost
        let _ = std::thread::Builder::new().name("watch".into()).spawn(move || look(&seen, &sender, &wake));
        Watcher { known, changed }
    }

    /// Watches these files, each from a state on.
    pub fn follow(&self, files: Vec<Seen>) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = files;
    }

    /// Files that have changed, with their new state; absent when they are gone.
    pub fn changed(&self) -> Vec<Seen> {
        self.changed.try_iter().collect()
    }
}

fn look(known: &Weak<Mutex<Vec<Seen>>>, sender: &Sender<Seen>, wake: &impl Fn()) {
    let mut last: Vec<Seen> = Vec::new();
    loop {
        std::thread::sleep(PAUSE);
        let Some(known) = known.upgrade() else { return };
        let before = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        drop(known);
        let now: Vec<_> = before.iter().map(|(path, _)| (path.clone(), Stamp::of(path))).collect();
        for ((path, stamp), (_, old)) in now.iter().zip(&before) {
            // a file that is still being written is not read yet
            let rests = last.iter().any(|(seen, other)| seen == path && other == stamp);
            if stamp != old && rests {
                if sender.send((path.clone(), stamp.clone())).is_err() {
                    return;
                }
                wake();
            }
        }
        last = now;
    }
}
