//! Builds meshes on a thread of its own, one after another, and wakes the window when one is ready.

use super::mesh::LayerMesh;
use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};

type Work = Box<dyn FnOnce() -> LayerMesh + Send>;

/// The builder and what it has been asked for.
pub struct Builder {
    sender: Sender<(u64, u64, Work)>,
    receiver: Receiver<(u64, u64, LayerMesh)>,
    wanted: HashMap<u64, u64>,
    waiting: usize,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder").field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

impl Builder {
    /// Starts the thread; `wake` is called when a mesh is ready.
    pub fn new(wake: impl Fn() + Send + 'static) -> Self {
        let (sender, work) = channel::<(u64, u64, Work)>();
        let (done, receiver) = channel();
        let run = move || {
            for (number, state, work) in work {
                // A mesh that cannot be built stays away; the map goes on.
                let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or_default();
                if done.send((number, state, built)).is_err() {
                    break;
                }
                wake();
            }
        };
        // Without a thread the map stays without layers, but the window lives.
        let _ = std::thread::Builder::new().name("meshes".into()).spawn(run);
        Self { sender, receiver, wanted: HashMap::new(), waiting: 0 }
    }

    /// Whether a mesh was not yet asked for in this state.
    pub fn lacks(&self, number: u64, state: u64) -> bool {
        self.wanted.get(&number) != Some(&state)
    }

    /// Asks for a mesh in a state, unless it was asked for already.
    pub fn ask(&mut self, number: u64, state: u64, work: impl FnOnce() -> LayerMesh + Send + 'static) {
        if self.lacks(number, state) && self.sender.send((number, state, Box::new(work))).is_ok() {
            self.wanted.insert(number, state);
            self.waiting += 1;
        }
    }

    /// Meshes that are ready and still wanted.
    pub fn ready(&mut self) -> Vec<(u64, LayerMesh)> {
        let mut ready = Vec::new();
        while let Ok((number, state, mesh)) = self.receiver.try_recv() {
            self.waiting = self.waiting.saturating_sub(1);
            if self.wanted.get(&number) == Some(&state) {
                ready.push((number, mesh));
            }
        }
        ready
    }

    /// Forgets what is not wanted any more.
    pub fn keep_only(&mut self, wanted: impl Fn(u64) -> bool) {
        self.wanted.retain(|number, _| wanted(*number));
    }

    /// Whether meshes are still being built.
    pub fn is_busy(&self) -> bool {
        self.waiting > 0
    }
}
