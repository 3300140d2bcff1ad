//! Wishes sent by panels while they draw; obeyed before the next frame.

use crate::workspace::{Command, Edit, Navigate, Task};
use std::cell::RefCell;

/// The queue that every panel may send to.
#[derive(Debug)]
pub struct Commands {
    queue: RefCell<Vec<Command>>,
    context: egui::Context,
}

impl Commands {
    /// A queue that wakes this window.
    pub fn new(context: egui::Context) -> Self {
        Self { queue: RefCell::new(Vec::new()), context }
    }

    /// Sends a wish and asks for a frame, so that an idle window reacts too.
    pub fn send(&self, command: Command) {
        self.queue.borrow_mut().push(command);
        self.context.request_repaint();
    }

    /// Sends a change of the project.
    pub fn edit(&self, edit: Edit) {
        self.send(Command::Edit(edit));
    }

    /// Sends a change of where the person is.
    pub fn navigate(&self, step: Navigate) {
        self.send(Command::Navigate(step));
    }

    /// Sends work.
    pub fn run(&self, task: Task) {
        self.send(Command::Run(task));
    }

    /// Takes back what was sent in this frame and is not meant after all.
    pub fn take_back(&self, is_meant: impl Fn(&Command) -> bool) {
        self.queue.borrow_mut().retain(is_meant);
    }

    /// Everything sent since the last time.
    pub fn take(&self) -> Vec<Command> {
        self.queue.take()
    }
}
