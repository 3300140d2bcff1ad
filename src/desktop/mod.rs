//! The window; the only module that names egui.

use crate::text::Language;
use std::path::PathBuf;
use std::process::ExitCode;

/// Opens the window.
pub fn run(_files: Vec<PathBuf>, language: Option<Language>) -> ExitCode {
    crate::cli::no_window(language)
}

/// Scripted frames.
pub fn bench(_files: &[PathBuf], _seconds: f64, _size: (u32, u32), language: Option<Language>) -> ExitCode {
    crate::cli::no_window(language)
}
