//! Words of the search box and the status bar.

use serde::Deserialize;

/// Words of the search box and the status bar.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct WindowText {
    pub search: SearchText,
    pub status: StatusText,
}

/// Words of `search`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SearchText {
    pub name: String,
    pub hint: String,
    pub results: String,
    pub nothing: String,
    pub position: String,
    pub command: String,
    pub degrees: String,
    pub sexagesimal: String,
    pub plane: String,
    pub clear: String,
    pub home: String,
}

/// Words of `status`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct StatusText {
    pub position: String,
    pub degrees: String,
    pub sexagesimal: String,
    pub plane: String,
    pub scale: String,
    pub scale_value: String,
    pub scale_hint: String,
    pub scale_presets: String,
    pub cancel: String,
    pub dismiss: String,
    pub notices: String,
    pub no_position: String,
    pub working: String,
}
