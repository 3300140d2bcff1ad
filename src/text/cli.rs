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
    /// Wrong usage.
    pub usage: UsageText,
}

/// What is wrong with arguments.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct UsageText {
    pub value: String,
    pub known: String,
    pub day: String,
    pub form: String,
    pub no_value: String,
    pub argument: String,
    pub command: String,
    pub perhaps: String,
    pub missing: String,
    pub conflict: String,
    pub twice: String,
    pub count: String,
    pub help: String,
}
