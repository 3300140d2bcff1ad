//! `audit`: what a new version of a constraint loses and gains, and which projects it judges otherwise.

use super::check::read_projects;
use super::{Console, Failure, OutputFormat, basis, table};
use crate::atlas::{Date, LandUse, Layer, LayerId, Theme};
use crate::format::{Format, ReadOptions};
use crate::report;
use crate::siting::audit::{Audit, ZoneState, audit, recheck, with_version};
use crate::siting::{Ground, Question, Rulebook};
use crate::storage;
use crate::text::siting::grouped;
use crate::text::{Text, audit as words, fill};
use crate::workspace::sentence;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `audit`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// File with the zones of the old version
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// File with the zones of the new version
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// What the zones are: redline_zones, livestock_zones, water_sources, contaminated_plots, constraint …
    #[arg(long, value_name = "THEME", default_value = "redline_zones")]
    theme: String,
    /// Folder of an atlas instead of the bundled one: it tells the land and the other constraints
    #[arg(long, value_name = "DIR")]
    atlas: Option<PathBuf>,
    /// Files with past projects, to be judged by both versions
    #[arg(long, value_name = "FILE", num_args = 1..)]
    sites: Vec<PathBuf>,
    /// Kind of project, in the place of that of each project
    #[arg(long, value_name = "CODE")]
    project_kind: Option<String>,
    /// Land class of GB 36600-2018, in the place of that of each project
    #[arg(long, value_name = "1|2", value_parser = clap::value_parser!(u8).range(1..=2))]
    land_use: Option<u8>,
    /// A rule pack of the office's own, beside those of the program (may be given several times)
    #[arg(long, value_name = "FILE.toml")]
    rules: Vec<PathBuf>,
    /// Day at which the projects are judged; today when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    /// Write the answer to a file as well (.xlsx, .gpkg, .geojson, .json)
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let rulebook = &basis::rulebook(&arguments.rules, console)?;
    let theme = arguments.examine(rulebook, text)?;
    let atlas = basis::open_atlas(arguments.atlas.as_deref(), console)?;
    let old = Arc::new(open(&arguments.old, theme, LayerId(10_000), console)?);
    let new = Arc::new(open(&arguments.new, theme, LayerId(10_001), console)?);
    let as_of = arguments.as_of.unwrap_or_else(storage::clock::today);
    // nobody calls it off
    let on = |_: f32| true;
    let Some(mut answer) = audit(&old, &new, &atlas, as_of, &on) else { return Ok(()) };
    if !arguments.sites.is_empty() {
        let (sites, _) =
            read_projects(&arguments.sites, rulebook, arguments.project_kind.is_some(), &Default::default(), console)?;
        let question = Question {
            near_m: 0.0,
            land_use: arguments.land_use.map(|class| if class == 1 { LandUse::First } else { LandUse::Second }),
            kind: arguments.project_kind.clone(),
            ..Question::on(as_of)
        };
        let (before, after) = (with_version(&atlas, &old), with_version(&atlas, &new));
        let (before, after) = (Ground::new(&before), Ground::new(&after));
        answer.projects = recheck(&sites, (&before, &after), &answer, (rulebook, &question), &on);
    }
    if let Some(path) = &arguments.out {
        write(path, &answer, (&old, &new), text)?;
    }
    match arguments.format {
        OutputFormat::Json => console.print_json(&answer),
        OutputFormat::Text => {
            console.print(&told(&answer, text).join("\n"));
            Ok(())
        }
    }
}

impl Arguments {
    fn examine(&self, rulebook: &Rulebook, text: &Text) -> Result<Theme, Failure> {
        if let Some(kind) = self.project_kind.as_deref().filter(|kind| rulebook.kind(kind).is_none()) {
            let known: Vec<&str> = rulebook.kinds.iter().map(|kind| kind.code.as_str()).collect();
            let values = [("kind", kind), ("known", &known.join(", "))];
            return Err(Failure::usage(fill(&text.siting.unknown_kind, &values)));
        }
        if let Some(path) = self.out.as_ref().filter(|path| ending(path).is_none()) {
            let file = path.display().to_string();
            return Err(Failure::usage(fill(&text.audit.report_endings, &[("file", &file)])));
        }
        Theme::parse(&self.theme).ok_or_else(|| {
            let known: Vec<&str> = Theme::ATLAS.iter().map(|theme| theme.code()).collect();
            let values = [("theme", self.theme.as_str()), ("known", &known.join(", "))];
            Failure::usage(fill(&text.audit.unknown_theme, &values))
        })
    }
}

/// Reads a version: all layers of the file together.
fn open(path: &Path, theme: Theme, id: LayerId, console: &Console) -> Result<Layer, Failure> {
    let text = console.text();
    let (reading, source) = storage::layer::read(path, &ReadOptions::default())
        .map_err(|error| Failure::failed(sentence::open_error(text, &error)))?;
    basis::tell_problems(path, &reading.problems, console)?;
    let title = source.file.clone();
    let mut features = Vec::new();
    for read in reading.layers {
        let layer = read.into_layer(id, theme, String::new(), source.clone());
        features.extend(layer.into_features());
    }
    let is_areal = |feature: &crate::atlas::Feature| {
        feature.shape.as_ref().is_some_and(|shape| crate::geometry::area(shape).square_metres() > 0.0)
    };
    if !features.iter().any(is_areal) {
        let file = path.display().to_string();
        return Err(Failure::failed(fill(&text.audit.no_area, &[("file", &file)])));
    }
    Ok(Layer::new(id, theme, title, source, features))
}

/// What a file of this ending is written as.
fn ending(path: &Path) -> Option<Format> {
    let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
    match &*ending {
        "xlsx" => Some(Format::Xlsx),
        "gpkg" => Some(Format::GeoPackage),
        // told apart by their names below
        "geojson" | "json" => Some(Format::GeoJson),
        _ => None,
    }
}

fn write(path: &Path, answer: &Audit, versions: (&Layer, &Layer), text: &'static Text) -> Result<(), Failure> {
    let failed = |error: String| Failure::failed(format!("{}: {error}", path.display()));
    let unwritten = |error: storage::file::FileError| Failure::failed(sentence::file_error(text, &error));
    let is_document = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    match ending(path) {
        Some(Format::Xlsx) => {
            let bytes = report::audit_workbook(answer, text).map_err(|error| failed(error.to_string()))?;
            storage::file::write(path, &bytes).map_err(unwritten)
        }
        Some(_) if is_document => {
            let bytes = serde_json::to_vec_pretty(answer).map_err(|error| failed(error.to_string()))?;
            storage::file::write(path, &bytes).map_err(unwritten)
        }
        Some(format) => {
            let written =
                report::audit_features(answer, versions, format, text).map_err(|error| failed(error.to_string()))?;
            storage::layer::write(path, &written).map_err(unwritten)
        }
        None => Ok(()),
    }
}

fn told(answer: &Audit, text: &Text) -> Vec<String> {
    let mut lines = words::head_sentences(answer, text);
    lines.push(String::new());
    lines.push(format!("{}  {}", text.audit.zones, words::counts_sentence(answer, text)));
    let column = &text.audit.column;
    let figure = |value: f64| grouped(value, 2);
    let changed = answer.zones.iter().filter(|zone| zone.state != ZoneState::Unchanged);
    let rows: Vec<Vec<String>> = changed
        .map(|zone| {
            vec![
                words::state_word(zone.state, text).to_owned(),
                zone.id.clone(),
                zone.name.clone(),
                words::matched_word(zone, text),
                figure(zone.lost_m2),
                figure(zone.gained_m2),
                words::fields_words(zone, text),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let head =
            [&column.state, &column.id, &column.name, &column.matched, &column.lost, &column.gained, &column.fields];
        lines.extend(table::lines(&head.map(String::as_str), &rows));
    }
    if !answer.types.is_empty() {
        lines.push(String::new());
        lines.push(text.audit.types.clone());
        let rows: Vec<Vec<String>> = answer
            .types
            .iter()
            .map(|kind| {
                vec![
                    text.common.field(&kind.field).to_owned(),
                    text.common.value(&kind.field, &kind.value).to_owned(),
                    figure(kind.old_m2),
                    figure(kind.new_m2),
                    figure(kind.lost_m2),
                    figure(kind.gained_m2),
                ]
            })
            .collect();
        let head = [&column.field, &column.value, &column.old, &column.new, &column.lost, &column.gained];
        lines.extend(table::lines(&head.map(String::as_str), &rows));
    }
    if let Some(projects) = &answer.projects {
        let values = [
            ("n", projects.checked.to_string()),
            ("flipped", projects.flipped.len().to_string()),
            ("touched", projects.touched.len().to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        lines.push(String::new());
        lines.push(fill(&text.audit.projects, &values));
        lines.extend(projects.flipped.iter().map(|project| format!("  ● {}", words::retold_sentence(project, text))));
        lines.extend(projects.touched.iter().map(|project| format!("  ○ {}", words::retold_sentence(project, text))));
    }
    lines.push(text.siting.reservation.clone());
    lines
}
