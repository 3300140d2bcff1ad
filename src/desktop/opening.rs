//! Opening files: choosing, dropping, asking what they are, reading them in a job.

use super::dialog;
use crate::atlas::{Atlas, Site, Theme};
use crate::format::{self, Problem, ProblemKind, ReadOptions, Reading, Severity};
use crate::geometry::geo::{Geometry, LineString, MultiPolygon};
use crate::geometry::{Form, LocalSystem};
use crate::report::SheetRequest;
use crate::storage::systems as own_systems;
use crate::text::{Text, fill};
use crate::workspace::{
    Corrections, Drawing, Drawn, LayerIds, Notice, OpenAs, Outcome, Plan, Preview, Progress, Renewal, Unread, Watched,
    opened, parse_outline, sentence,
};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Names of files without their folders, for a sentence.
pub fn names(files: &[PathBuf]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap_or_default().to_string_lossy()).collect();
    names.join("、")
}

/// Endings of the files that can be read.
const ENDINGS: [&str; 17] = [
    "geojson", "json", "ndjson", "geojsonl", "shp", "zip", "gpkg", "dxf", "txt", "csv", "tsv", "xlsx", "kml", "kmz",
    "gpx", "topojson", "fgb",
];

/// Asks for files.
pub fn choose(text: &'static Text) -> Vec<Outcome> {
    let filter = "GeoJSON, Shapefile, GeoPackage, DXF, TXT, CSV, XLSX, KML";
    dialog::files(filter, &ENDINGS, &text.bar.dropped_title, text)
        .map_or_else(|said| said, |files| vec![Outcome::Chosen(files)])
}

/// Asks for rule packs of the office.
pub fn choose_rules(text: &'static Text) -> Vec<Outcome> {
    dialog::files("TOML", &["toml"], &text.rules.choose, text)
        .map_or_else(|said| said, |files| vec![Outcome::Chosen(files)])
}

/// Reads files as layers or as sites; each says what was wrong with it. A file that leaves something open is asked about
/// instead, as when it is dropped.
pub fn open(
    files: &[PathBuf],
    open_as: OpenAs,
    given: (&Atlas, &LayerIds),
    text: &'static Text,
    progress: &Progress,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let mut done = Vec::new();
    for (number, file) in files.iter().enumerate() {
        if progress.is_cancelled() {
            return Vec::new();
        }
        let share = |number: usize| number as f32 / files.len().max(1) as f32;
        match read(file, open_as, given, text, &progress.part(share(number), share(number + 1))) {
            Ok(mut results) => {
                if results
                    .iter()
                    .any(|result| matches!(result, Outcome::Opened(_) | Outcome::Sites(_) | Outcome::Batch(_)))
                {
                    done.push(file.clone());
                }
                outcomes.append(&mut results);
            }
            Err(sentence) => outcomes.push(problem(sentence)),
        }
    }
    if !done.is_empty() {
        let sentence = fill(&text.bar.opened, &[("files", &names(&done))]);
        outcomes.push(Outcome::Said(Notice { is_problem: false, sentence }));
    }
    outcomes
}

fn problem(sentence: String) -> Outcome {
    Outcome::Said(Notice { is_problem: true, sentence })
}

fn read(
    file: &Path,
    open_as: OpenAs,
    (atlas, ids): (&Atlas, &LayerIds),
    text: &'static Text,
    progress: &Progress,
) -> Result<Vec<Outcome>, String> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let preview = Preview::read(file, &Corrections::default(), (atlas, &[]), text, progress)?;
    let fields = match open_as {
        OpenAs::Sites => Vec::new(),
        OpenAs::Layer(theme) => preview.matches(theme),
    };
    if open_as == OpenAs::Layer(Theme::Other) && preview.asks() {
        return Ok(vec![Outcome::Chosen(vec![file.to_owned()])]);
    }
    let plan = Plan::whole(open_as, fields);
    let mut outcomes = told(&preview.problems, &name, text);
    let (done, problems) = preview.import(&plan, ids);
    outcomes.append(&mut told(&problems, &name, text));
    if done.iter().any(is_without_sites) {
        outcomes.push(problem(fill(&text.bar.no_polygon, &[("file", &name)])));
    } else {
        outcomes.extend(done);
    }
    Ok(outcomes)
}

/// Reads a file again that is shown; where that fails, what is shown stays.
pub fn reload(
    watched: &Watched,
    (atlas, ids): (&Atlas, &LayerIds),
    text: &'static Text,
    progress: &Progress,
) -> Vec<Outcome> {
    // what it was must not speak for or against what it is
    let mut others = atlas.clone();
    others.layers.retain(|layer| !watched.layers.contains(&layer.id));
    match Preview::read(&watched.file, &watched.corrections, (&others, &own_systems::all()), text, progress) {
        Ok(preview) => {
            let name = preview.name();
            let mut outcomes = told(&preview.problems, &name, text);
            let (done, problems) = preview.import(&watched.plan, ids);
            outcomes.append(&mut told(&problems, &name, text));
            outcomes.extend(done.into_iter().filter_map(|outcome| match outcome {
                Outcome::Opened(layers) => Some(Outcome::Reloaded(watched.layers.clone(), layers)),
                // they come with what they were before
                Outcome::Sites(_) => None,
                Outcome::Watched(now) if now.plan.open_as == OpenAs::Sites => {
                    let before = Watched { stamp: now.stamp, changed: None, ..watched.clone() };
                    Some(Outcome::Renewed(Box::new(Renewal { watched: before, sites: now.sites })))
                }
                other => Some(other),
            }));
            let sentence = fill(&text.bar.reloaded, &[("file", &name)]);
            outcomes.push(Outcome::Said(Notice { is_problem: false, sentence }));
            outcomes
        }
        Err(sentence) => vec![problem(sentence)],
    }
}

/// Saves the reference systems of the office's own.
pub fn save_systems(systems: &[LocalSystem], text: &'static Text) -> Vec<Outcome> {
    match own_systems::save(systems) {
        Ok(()) => Vec::new(),
        Err(error) => vec![problem(sentence::file_error(text, &error))],
    }
}

/// Reads a file for the window that imports it.
pub fn preview(
    file: &Path,
    corrections: &Corrections,
    given: (&Atlas, &[LocalSystem]),
    text: &'static Text,
    progress: &Progress,
) -> Vec<Outcome> {
    vec![Outcome::Previewed(Preview::read(file, corrections, given, text, progress).map(Box::new))]
}

/// Takes a file that was looked at into the project.
pub fn import(preview: Preview, plan: &Plan, ids: &LayerIds, text: &'static Text) -> Vec<Outcome> {
    let name = preview.name();
    // what was shown in the window stays to be read after it
    let mut seen = told(&preview.problems, &name, text);
    let (mut outcomes, problems) = preview.import(plan, ids);
    if outcomes.iter().any(is_without_sites) {
        outcomes = vec![problem(fill(&text.bar.no_polygon, &[("file", &name)]))];
    } else if outcomes.iter().all(is_without_shapes) {
        outcomes.push(problem(fill(&text.bar.no_shapes, &[("file", &name)])));
    } else {
        let sentence = fill(&text.bar.opened, &[("files", &name)]);
        outcomes.push(Outcome::Said(Notice { is_problem: false, sentence }));
    }
    outcomes.append(&mut seen);
    outcomes.append(&mut told(&problems, &name, text));
    outcomes
}

/// Reads a file and takes it in as another before it; what was wrong is told as messages.
pub fn follow(
    file: &Path,
    corrections: &Corrections,
    plan: &Plan,
    (atlas, ids): (&Atlas, &LayerIds),
    text: &'static Text,
    progress: &Progress,
) -> Vec<Outcome> {
    match Preview::read(file, corrections, (atlas, &own_systems::all()), text, progress) {
        Ok(preview) => {
            let mut outcomes = told(&preview.problems, &preview.name(), text);
            let plan = Plan { left_out: std::collections::BTreeSet::new(), ..plan.clone() };
            outcomes.append(&mut import(preview, &plan, ids, text));
            outcomes
        }
        Err(sentence) => vec![problem(sentence)],
    }
}

fn is_without_sites(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Sites(sites) if sites.is_empty())
}

fn is_without_shapes(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Opened(layers) => {
            layers.iter().all(|layer| layer.features().iter().all(|feature| feature.shape.is_none()))
        }
        Outcome::Watched(_) => true,
        _ => false,
    }
}

/// Reads the clipboard as sites: a list of coordinates, or anything that would be read from a file. Lines become
/// corridors of the width chosen for drawing; `near` is the longitude whose plane is meant where none is told.
pub fn paste(pasted: &str, (drawing, near): (Drawing, f64), text: &'static Text) -> Vec<Outcome> {
    let words = &text.shaping;
    let name = &text.bar.clipboard;
    match parse_outline(pasted, near) {
        Ok(Drawn::Areas(areas)) => return vec![Outcome::Drawn(vec![(unnamed(MultiPolygon(areas)), None)])],
        Ok(Drawn::Line(line)) => return corridors(vec![(unnamed(MultiPolygon(vec![])), line)], &drawing, text),
        Ok(Drawn::Point(_)) | Err(Unread::TooFew) => return vec![problem(format!("{name}: {}", words.too_few_points))],
        Err(Unread::Line(number, line)) => {
            let sentence = fill(&words.line_unread, &[("n", &number.to_string()), ("line", &line)]);
            return vec![problem(format!("{name}: {sentence}"))];
        }
        Err(Unread::NotCoordinates) => {}
    }
    match format::read(pasted.as_bytes(), name, &ReadOptions::default()) {
        Ok(mut reading) => {
            let mut lines = Vec::new();
            for feature in reading.layers.iter_mut().flat_map(|layer| &mut layer.features) {
                if let Some(Geometry::LineString(line)) = &feature.shape {
                    lines.push((format::site_of(feature, MultiPolygon(vec![])), line.clone()));
                    feature.shape = None;
                }
            }
            let mut outcomes = corridors(lines, &drawing, text);
            let has_more = reading.layers.iter().any(|layer| layer.features.iter().any(|it| it.shape.is_some()));
            if outcomes.is_empty() || has_more {
                outcomes.extend(sites(reading, name, text));
            }
            outcomes
        }
        Err(reason) => vec![problem(format!("{}: {}", text.bar.clipboard, sentence::format_reason(text, &reason)))],
    }
}

fn unnamed(shape: MultiPolygon) -> Site {
    Site { shape, ..Site::default() }
}

/// Lines as corridors of the chosen width, which is told.
fn corridors(lines: Vec<(Site, LineString)>, drawing: &Drawing, text: &Text) -> Vec<Outcome> {
    let Drawing { corridor_width: width, ends, .. } = *drawing;
    let drawn = lines.into_iter().filter_map(|(site, line)| {
        let form = Form::Corridor { line, width, ends };
        form.shape().map(|shape| (Site { shape, ..site }, Some(form)))
    });
    let drawn: Vec<_> = drawn.collect();
    if drawn.is_empty() {
        return Vec::new();
    }
    let values = [("n", drawn.len().to_string()), ("width", format!("{width}"))];
    let values: Vec<_> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let sentence = fill(&text.shaping.lines_widened, &values);
    vec![Outcome::Drawn(drawn), Outcome::Said(Notice { is_problem: false, sentence })]
}

fn sites(reading: Reading, name: &str, text: &'static Text) -> Vec<Outcome> {
    let mut outcomes = told(&reading.problems, name, text);
    let mut found = Vec::new();
    for layer in &reading.layers {
        let (mut rows, problems) = format::projects(layer);
        found.append(&mut rows);
        outcomes.append(&mut told(&problems, name, text));
    }
    outcomes.push(if found.is_empty() {
        problem(fill(&text.bar.no_polygon, &[("file", name)]))
    } else {
        opened(name, found)
    });
    outcomes
}

/// The first of the problems as messages, and what was concluded or mended in one more.
fn told(problems: &[Problem], name: &str, text: &'static Text) -> Vec<Outcome> {
    let (notes, told): (Vec<&Problem>, Vec<&Problem>) =
        problems.iter().partition(|found| found.kind.severity() == Severity::Note);
    let mut said: Vec<Outcome> =
        told.iter().take(4).map(|found| problem(format!("{name}: {}", sentence::problem(text, found)))).collect();
    let mut words: Vec<String> = notes.iter().take(3).map(|found| sentence::problem(text, found)).collect();
    if notes.len() > words.len() {
        let further = Problem::of_file(ProblemKind::Further(notes.len() - words.len()));
        words.push(sentence::problem(text, &further));
    }
    if !words.is_empty() {
        let sentence = format!("{name}: {}", words.join(&text.files.between));
        said.push(Outcome::Said(Notice { is_problem: false, sentence }));
    }
    said
}

/// Says which sheet is being written.
pub fn export_title(file: Option<&Path>, text: &Text) -> String {
    let name = file.and_then(Path::file_name).unwrap_or_default().to_string_lossy();
    fill(&text.bar.job_export, &[("files", &name)])
}

/// Makes a sheet and writes it; asks for the file when none is given.
pub fn export(
    request: &SheetRequest,
    file: Option<PathBuf>,
    atlas: &Atlas,
    classes: &HashMap<String, u8>,
    text: &'static Text,
) -> Vec<Outcome> {
    let extension = request.format.extension();
    let ask = || dialog::save(&text.sheet.panel.file_name, extension);
    let mut file = match file.map_or_else(ask, Ok) {
        Ok(file) => file,
        Err(said) => return said,
    };
    if file.extension().is_none() {
        file.set_extension(extension);
    }
    let shown = file.display().to_string();
    let written = crate::report::sheet(request, atlas, classes)
        .map_err(|error| sentence::sheet_error(text, &error))
        .and_then(|sheet| {
            crate::storage::file::write(&file, &sheet.bytes).map_err(|error| sentence::file_reason(text, &error.reason))
        });
    vec![Outcome::Said(match written {
        Ok(()) => Notice { is_problem: false, sentence: fill(&text.bar.exported, &[("file", &shown)]) },
        Err(reason) => Notice {
            is_problem: true,
            sentence: fill(&text.bar.not_exported, &[("file", &shown), ("reason", &reason)]),
        },
    })]
}
