//! No window asked → command line, otherwise → window.

use redline_atlas::cli::{self, Request};
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(Request::Command(command)) => cli::run(command),
        Ok(Request::Window { files, language }) => window(files, language),
        Ok(Request::Frames(frames)) => frames_bench(frames),
        Err(code) => code,
    }
}

#[cfg(feature = "desktop")]
fn window(files: Vec<std::path::PathBuf>, language: Option<redline_atlas::text::Language>) -> ExitCode {
    redline_atlas::desktop::run(files, language)
}

#[cfg(feature = "desktop")]
fn frames_bench(frames: cli::Frames) -> ExitCode {
    redline_atlas::desktop::bench(&frames.files, frames.seconds, frames.size, frames.language)
}

#[cfg(not(feature = "desktop"))]
fn window(_: Vec<std::path::PathBuf>, language: Option<redline_atlas::text::Language>) -> ExitCode {
    cli::no_window(language)
}

#[cfg(not(feature = "desktop"))]
fn frames_bench(frames: cli::Frames) -> ExitCode {
    cli::no_window(frames.language)
}
