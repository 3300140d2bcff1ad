//! The work behind the audit panel: a version read from a file, the comparison, the files that are written.

use super::batch_run::{ending, told};
use super::dialog;
use crate::atlas::{Atlas, Date, Layer, Site, Theme};
use crate::format::Format;
use crate::report;
use crate::siting::audit::{Audit, audit, recheck, with_version};
use crate::siting::{Ground, Question, Rulebook};
use crate::storage::{self, file, systems};
use crate::text::{Text, fill};
use crate::workspace::{Corrections, LayerIds, Notice, OpenAs, Outcome, Plan, Preview, Progress, Workspace, sentence};
use std::path::Path;
use std::sync::Arc;

/// Asks for a file with a version and reads it as the window of imports does.
pub fn choose(
    is_new: bool,
    theme: Theme,
    given: (&Atlas, &LayerIds),
    text: &'static Text,
    progress: &Progress,
) -> Vec<Outcome> {
    let words = &text.audit.panel;
    let title = if is_new { &words.new } else { &words.old };
    match dialog::file(title, text) {
        Ok(file) => read(&file, (is_new, theme), given, text, progress),
        Err(said) => said,
    }
}

/// Reads a version from a file.
pub fn read(
    file: &Path,
    (is_new, theme): (bool, Theme),
    (atlas, ids): (&Atlas, &LayerIds),
    text: &'static Text,
    progress: &Progress,
) -> Vec<Outcome> {
    let problem = |sentence: String| vec![Outcome::Said(Notice { is_problem: true, sentence })];
    let preview = match Preview::read(file, &Corrections::default(), (atlas, &systems::all()), text, progress) {
        Ok(preview) => preview,
        Err(sentence) => return problem(sentence),
    };
    let plan = Plan::whole(OpenAs::Layer(theme), preview.matches(theme));
    let layers = preview.import(&plan, ids).0.into_iter().find_map(|outcome| match outcome {
        Outcome::Opened(layers) => Some(layers),
        _ => None,
    });
    let is_areal = |layer: &&Arc<Layer>| {
        let shapes = layer.features().iter().filter_map(|feature| feature.shape.as_ref());
        shapes.clone().any(|shape| crate::geometry::area(shape).square_metres() > 0.0)
    };
    match layers.unwrap_or_default().iter().find(is_areal) {
        Some(layer) => vec![Outcome::Version(is_new, layer.clone())],
        None => problem(fill(&text.audit.no_area, &[("file", &file.display().to_string())])),
    }
}

/// What a comparison needs of the workspace.
#[derive(Debug)]
pub struct Given {
    atlas: Arc<Atlas>,
    rulebook: Arc<Rulebook>,
    question: Question,
    as_of: Date,
    sites: Vec<Site>,
}

impl Given {
    /// As it stands.
    pub fn of(workspace: &Workspace) -> Self {
        let own = workspace.project().sites.iter().map(|state| state.site.as_ref().clone());
        let batch = workspace.batch.iter().flat_map(|batch| &batch.sites).map(|site| site.as_ref().clone());
        Given {
            atlas: workspace.atlas().clone(),
            rulebook: workspace.rulebook().clone(),
            question: workspace.question(),
            as_of: workspace.as_of(),
            sites: own.chain(batch).collect(),
        }
    }
}

/// Compares two versions and judges the projects by both.
pub fn compare(given: &Given, (old, new): (&Arc<Layer>, &Arc<Layer>), progress: &Progress) -> Vec<Outcome> {
    let watch = |from: f32, part: f32| {
        move |share: f32| {
            progress.tell(from + part * share);
            !progress.is_cancelled()
        }
    };
    let part = if given.sites.is_empty() { 1.0 } else { 0.5 };
    let Some(mut found) = audit(old, new, &given.atlas, given.as_of, &watch(0.0, part)) else { return Vec::new() };
    if !given.sites.is_empty() {
        let ground = |layer: &Arc<Layer>| Ground::new(&with_version(&given.atlas, layer));
        let (before, after) = (ground(old), ground(new));
        let by = (given.rulebook.as_ref(), &given.question);
        let projects = recheck(&given.sites, (&before, &after), &found, by, &watch(part, 1.0 - part));
        let Some(projects) = projects else { return Vec::new() };
        found.projects = Some(projects);
    }
    vec![Outcome::Audited(Box::new(found))]
}

/// Writes an answer to a file; asks for it.
pub fn export(answer: &Audit, (old, new): (&Layer, &Layer), format: Format, text: &'static Text) -> Vec<Outcome> {
    let path = match dialog::save(&text.audit.panel.export_title, ending(format)) {
        Ok(path) => path,
        Err(said) => return said,
    };
    let unwritten = |error: file::FileError| sentence::file_reason(text, &error.reason);
    let made = if format == Format::Xlsx {
        report::audit_workbook(answer, text)
            .map_err(|error| error.to_string())
            .and_then(|bytes| file::write(&path, &bytes).map_err(unwritten))
    } else {
        report::audit_features(answer, (old, new), format, text)
            .map_err(|error| error.to_string())
            .and_then(|written| storage::layer::write(&path, &written).map_err(unwritten))
    };
    vec![Outcome::Said(told(&path, made, text))]
}
