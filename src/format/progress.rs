//! How far a reading is and whether it shall go on: told by the reader, asked by whoever waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};

/// Pieces after which it is told how far a loop is.
const TOLD: usize = 64;

/// Seen by who works: says how far it is, hears whether it shall stop. Copies speak of the same work.
#[derive(Debug, Clone)]
pub struct Progress {
    shared: Arc<Shared>,
    /// The part of the whole that this one speaks of.
    from: f32,
    span: f32,
}

#[derive(Debug, Default)]
struct Shared {
    per_mille: AtomicU32,
    is_cancelled: AtomicBool,
}

impl Default for Progress {
    fn default() -> Self {
        Progress { shared: Arc::default(), from: 0.0, span: 1.0 }
    }
}

impl Progress {
    /// The same work, of which the next part goes from one share of this part to another.
    pub fn part(&self, from: f32, to: f32) -> Progress {
        let span = (to - from).max(0.0) * self.span;
        Progress { shared: self.shared.clone(), from: self.from + from * self.span, span }
    }

    /// Tells how much of this part is done, 0…1; never less than was told before.
    pub fn tell(&self, share: f32) {
        let whole = self.from + self.span * share.clamp(0.0, 1.0);
        self.shared.per_mille.fetch_max((whole * 1000.0) as u32, Ordering::Relaxed);
    }

    /// How much of the whole is done, 0…1.
    pub fn share(&self) -> f32 {
        self.shared.per_mille.load(Ordering::Relaxed) as f32 / 1000.0
    }

    /// Calls the work off.
    pub fn cancel(&self) {
        self.shared.is_cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the person has called it off.
    pub fn is_cancelled(&self) -> bool {
        self.shared.is_cancelled.load(Ordering::Relaxed)
    }

    /// Follows a loop over so many pieces, on one core or on several.
    pub fn over(&self, all: usize) -> Loop<'_> {
        Loop { progress: self, all, done: AtomicUsize::new(0) }
    }
}

/// A loop that tells how far it is.
#[derive(Debug)]
pub struct Loop<'a> {
    progress: &'a Progress,
    all: usize,
    done: AtomicUsize,
}

impl Loop<'_> {
    /// Whether the piece of this number shall still be done. Each is asked for once, in any order.
    pub fn goes_on(&self, number: usize) -> bool {
        if number.is_multiple_of(TOLD) {
            let done = self.done.fetch_add(TOLD, Ordering::Relaxed);
            self.progress.tell(done as f32 / self.all.max(1) as f32);
        }
        !self.progress.is_cancelled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_parts_add_up_and_never_go_back() {
        let whole = Progress::default();
        let second = whole.part(0.5, 1.0);
        second.part(0.0, 0.5).tell(1.0);
        assert!((whole.share() - 0.75).abs() < 1e-3);
        whole.tell(0.1);
        assert!((second.share() - 0.75).abs() < 1e-3);
        let loop_ = second.part(0.5, 1.0);
        let pieces = loop_.over(1000);
        assert!((0..1000).all(|number| pieces.goes_on(number)));
        assert!(whole.share() > 0.95);
        whole.cancel();
        assert!(!pieces.goes_on(1) && second.is_cancelled());
    }
}
