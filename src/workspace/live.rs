//! Work that follows the hand: only the newest wish is done, older ones are skipped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

struct Slot<In, Out> {
    wish: Option<In>,
    result: Option<Out>,
    ended: bool,
}

/// A thread that answers the newest wish.
pub struct LiveWork<In, Out> {
    shared: Arc<(Mutex<Slot<In, Out>>, Condvar)>,
}

impl<In: Send + 'static, Out: Send + 'static> LiveWork<In, Out> {
    /// `work` answers a wish; `wake` is called when an answer waits.
    pub fn new(work: impl Fn(In) -> Out + Send + 'static, wake: impl Fn() + Send + 'static) -> Self {
        let shared = Arc::new((Mutex::new(Slot { wish: None, result: None, ended: false }), Condvar::new()));
        let theirs = shared.clone();
        let run = move || loop {
            let (lock, bell) = &*theirs;
            let wish = {
                let mut slot = lock.lock().unwrap_or_else(PoisonError::into_inner);
                loop {
                    if slot.ended {
                        return;
                    }
                    match slot.wish.take() {
                        Some(wish) => break wish,
                        None => slot = bell.wait(slot).unwrap_or_else(PoisonError::into_inner),
                    }
                }
            };
            // A wish that panics has no answer; the next one is served.
            if let Ok(answer) = catch_unwind(AssertUnwindSafe(|| work(wish))) {
                lock.lock().unwrap_or_else(PoisonError::into_inner).result = Some(answer);
                wake();
            }
        };
        // Without the thread wishes stay unanswered; the window goes on.
        let _ = std::thread::Builder::new().name("live".into()).spawn(run);
        Self { shared }
    }

    /// Asks; a wish not yet begun is replaced.
    pub fn ask(&self, wish: In) {
        let (lock, bell) = &*self.shared;
        lock.lock().unwrap_or_else(PoisonError::into_inner).wish = Some(wish);
        bell.notify_one();
    }

    /// The newest answer, once.
    pub fn answer(&self) -> Option<Out> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).result.take()
    }
}

impl<In, Out> Drop for LiveWork<In, Out> {
    fn drop(&mut self) {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner).ended = true;
        self.shared.1.notify_one();
    }
}

impl<In, Out> std::fmt::Debug for LiveWork<In, Out> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LiveWork")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    #[test]
    fn answers_come_in_the_order_of_the_wishes_and_the_last_is_always_answered() {
        let (told, heard) = channel();
        let slow = |wish: u32| {
            std::thread::sleep(Duration::from_millis(u64::from(wish % 3)));
            wish
        };
        let work = LiveWork::new(slow, move || _ = told.send(()));
        let (mut newest, mut seen) = (0, 0);
        for wish in 1..=200 {
            work.ask(wish);
            if wish % 7 == 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            if let Some(answer) = work.answer() {
                assert!(answer > newest, "{answer} after {newest}");
                (newest, seen) = (answer, seen + 1);
            }
        }
        while newest < 200 {
            heard.recv_timeout(Duration::from_secs(20)).unwrap();
            if let Some(answer) = work.answer() {
                assert!(answer > newest, "{answer} after {newest}");
                (newest, seen) = (answer, seen + 1);
            }
        }
        assert!(seen < 200, "older wishes are skipped");
    }
}
