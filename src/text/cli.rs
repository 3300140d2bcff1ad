//! Sentences of the command line.

use serde::Deserialize;

/// Sentences of the command line.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CliText {
    /// There is no display to open a window on.
    pub no_display: String,
    /// The window could not be opened: {reason}.
    pub window_failed: String,
}
