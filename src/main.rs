//! No window asked → command line, otherwise → window.

use redline_atlas::cli::{self, Request};
use std::process::ExitCode;

/// Shapes are many small pieces made on all cores: this takes a quarter off the time in which large files open.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os()) {
        Ok(Request::Command(command)) => cli::run(command),
        Ok(Request::Window { files, language }) => window(files, language),
        Ok(Request::Frames(frames)) => frames_bench(&frames),
        Err(code) => code,
    }
}

#[cfg(feature = "desktop")]
fn window(files: Vec<std::path::PathBuf>, language: Option<redline_atlas::text::Language>) -> ExitCode {
    cli::window_ended(redline_atlas::desktop::run(files, language), language)
}

#[cfg(feature = "desktop")]
fn frames_bench(frames: &cli::Frames) -> ExitCode {
    match redline_atlas::desktop::bench(&frames.files, frames.seconds, frames.size, frames.drag) {
        Ok(report) => cli::print_document(&report),
        Err(reason) => cli::window_ended(Err(reason), frames.language),
    }
}

#[cfg(not(feature = "desktop"))]
fn window(_: Vec<std::path::PathBuf>, language: Option<redline_atlas::text::Language>) -> ExitCode {
    cli::window_ended(Err(None), language)
}

#[cfg(not(feature = "desktop"))]
fn frames_bench(frames: &cli::Frames) -> ExitCode {
    cli::window_ended(Err(None), frames.language)
}
