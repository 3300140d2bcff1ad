//! The window; the only module that names egui.

pub mod bench;
mod commands;
mod map;
mod panel;
mod theme;
mod widget;

pub use commands::Commands;
pub use map::{MapView, Overlay};

use crate::text::Language;
use std::path::PathBuf;

/// Opens the window on the bundled atlas and these files; `Err(None)` when there is no display.
pub fn run(_files: Vec<PathBuf>, _language: Option<Language>) -> Result<(), Option<String>> {
    Err(None)
}

/// Scripted pan and zoom in a real window: `{"frames","cpu_ms":{…},"vertices"}`.
pub fn bench(_files: &[PathBuf], _seconds: f64, _size: (u32, u32)) -> Result<serde_json::Value, Option<String>> {
    Err(None)
}
