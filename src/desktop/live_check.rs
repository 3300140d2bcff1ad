//! The check that follows the hand: the sketch while there is one, the current site otherwise.

use crate::workspace::{Derived, Workspace};
use geo::MultiPolygon;

/// Asks for verdicts and takes them.
#[derive(Debug)]
pub struct LiveCheck;

impl LiveCheck {
    /// `wake` asks for a frame when a verdict waits.
    pub fn new(_wake: impl Fn() + Send + 'static) -> Self {
        Self
    }

    /// Whether a verdict is under way.
    pub fn is_waiting(&self) -> bool {
        false
    }

    /// Asks when the site, the question or the atlas has changed, and takes the newest verdict.
    pub fn follow(&mut self, _workspace: &Workspace, _draft: Option<&MultiPolygon>, _derived: &mut Derived) {}
}
