//! Undo and redo: whole projects behind `Arc`, so a step costs microseconds.

use super::Project;
use std::sync::Arc;

/// Steps kept.
const DEPTH: usize = 200;

/// The project and the states before and after it.
#[derive(Debug)]
pub struct History {
    past: Vec<Arc<Project>>,
    current: Arc<Project>,
    future: Vec<Arc<Project>>,
}

impl History {
    /// Starts with a project.
    pub fn new(project: Project) -> Self {
        Self { past: Vec::new(), current: Arc::new(project), future: Vec::new() }
    }

    /// The project as it stands.
    pub fn current(&self) -> &Arc<Project> {
        &self.current
    }

    /// A new state; what was undone is forgotten.
    pub fn push(&mut self, next: Project) {
        self.past.push(std::mem::replace(&mut self.current, Arc::new(next)));
        let surplus = self.past.len().saturating_sub(DEPTH);
        self.past.drain(..surplus);
        self.future.clear();
    }

    /// The same state with what follows from it: no step of its own, nothing undone is forgotten.
    pub fn amend(&mut self, same: Project) {
        self.current = Arc::new(same);
    }

    /// One step back; false when there is none.
    pub fn undo(&mut self) -> bool {
        let Some(state) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.current, state));
        true
    }

    /// One step forward; false when there is none.
    pub fn redo(&mut self) -> bool {
        let Some(state) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.current, state));
        true
    }

    /// Whether there is a step back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether there is a step forward.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}
