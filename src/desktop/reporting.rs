//! Makes a siting report in a job, and opens what was written.

use super::dialog;
use crate::atlas::Atlas;
use crate::report::siting::{Case, report};
use crate::siting::{Ground, Rulebook, screen};
use crate::storage::{clock, file};
use crate::text::{Text, fill};
use crate::workspace::{Notice, Outcome, ReportRequest, sentence};
use std::path::Path;

/// Says which report is being made.
pub fn title(request: &ReportRequest, text: &Text) -> String {
    fill(&text.report.panel.job, &[("file", &name(request.file.as_deref()))])
}

fn name(file: Option<&Path>) -> String {
    file.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
}

/// Judges the projects, makes the report and writes it; asks for the file when none is given.
pub fn make(request: &ReportRequest, atlas: &Atlas, rulebook: &Rulebook, text: &'static Text) -> Vec<Outcome> {
    let ending = request.format.extension();
    let ask = || dialog::save(&text.report.file_name, ending);
    let mut path = match request.file.clone().map_or_else(ask, Ok) {
        Ok(path) => path,
        Err(mut said) => {
            said.push(Outcome::Reported(None));
            return said;
        }
    };
    if path.extension().is_none() {
        path.set_extension(ending);
    }
    let ground = Ground::new(atlas);
    let screening = screen(&request.sites, &ground, rulebook, &request.question);
    let case = Case {
        sites: &request.sites,
        screening: &screening,
        atlas,
        ground: &ground,
        rulebook,
        question: &request.question,
        cover: &request.cover,
        made: clock::today(),
        shows_coordinates: request.shows_coordinates,
        language: text.language,
    };
    let shown = path.display().to_string();
    let words = &text.report.panel;
    let written = report(&case, request.format)
        .map_err(|error| sentence::report_error(text, &error))
        .and_then(|bytes| file::write(&path, &bytes).map_err(|error| sentence::file_reason(text, &error.reason)));
    match written {
        Ok(()) => {
            let sentence = fill(&words.written, &[("file", &shown)]);
            vec![Outcome::Said(Notice { is_problem: false, sentence }), Outcome::Reported(Some(path))]
        }
        Err(reason) => {
            let sentence = fill(&words.not_written, &[("file", &shown), ("reason", &reason)]);
            vec![Outcome::Said(Notice { is_problem: true, sentence }), Outcome::Reported(None)]
        }
    }
}
