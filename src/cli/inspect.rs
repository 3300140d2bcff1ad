//! `inspect`: what is in a file.

use super::basis::Axes;
use super::{Console, Failure, OutputFormat, basis};
use crate::format::{self, Format, Problem, Progress, ReadLayer, ReadOptions, Reading, Reason, Severity};
use crate::geometry::System;
use crate::storage;
use crate::text::word;
use crate::workspace::sentence;
use geo::Rect;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The file
    file: PathBuf,
    /// Reference system of its coordinates, instead of what it says
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<String>,
    /// Which of the two coordinates stands first, instead of what they show
    #[arg(long, value_enum, value_name = "east-first|north-first")]
    axes: Option<Axes>,
    /// Encoding of its text, instead of what it shows
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let reference = basis::reference(arguments.crs.as_deref(), console)?;
    let north_first = arguments.axes.map(Axes::is_north_first);
    let encoding = arguments.encoding.clone();
    let options = ReadOptions { reference, encoding, north_first, ..ReadOptions::default() };
    let read = |options: &ReadOptions| {
        let reading = storage::layer::read(&arguments.file, options);
        reading.map_err(|error| Failure::failed(sentence::open_error(console.text(), &error)))
    };
    let (mut reading, _) = read(&options)?;
    let is_alone = reading.layers.len() == 1;
    // what it should lie on; without it nothing but that is left out
    let atlas = storage::atlas::open_bundled();
    if let Ok(atlas) = &atlas {
        let layers = || atlas.layers.iter().map(|layer| &**layer);
        if let Some(likely) = reading.layers.iter().find_map(|layer| format::likely(layer, layers())) {
            (reading, _) = read(&ReadOptions { likely, ..options })?;
        }
    }
    for layer in &mut reading.layers {
        reading.problems.extend(format::repair(layer, is_alone, &Progress::default()));
        if let Ok(atlas) = &atlas {
            reading.problems.extend(format::fit(layer, atlas.layers.iter().map(|layer| &**layer)));
        }
    }
    match arguments.format {
        OutputFormat::Json => console.print_json(&document(arguments, &reading, console))?,
        OutputFormat::Text => print(arguments, &reading, console),
    }
    let broken: Vec<Problem> =
        reading.problems.into_iter().filter(|problem| problem.kind.severity() == Severity::Error).collect();
    basis::tell_problems(&arguments.file, &broken, console)
}

fn document(arguments: &Arguments, reading: &Reading, console: &Console) -> Value {
    let layers: Vec<Value> = reading
        .layers
        .iter()
        .map(|layer| {
            let fields: Vec<Value> =
                layer.fields().iter().map(|(name, kind)| json!({"name": name, "type": kind})).collect();
            json!({
                "name": layer.name,
                "features": layer.features.len(),
                "geometry_types": layer.geometry_types,
                "crs": {"code": layer.reference.as_ref().map(System::code), "how": layer.how},
                "crs_evidence": evidence(layer, console),
                "encoding": {"name": layer.encoding.0, "how": layer.encoding.1},
                "bbox": bounds(layer).or_else(|| drawn(reading, layer)),
                "own_bbox": corners(layer.evidence.own_bounds),
                "fields": fields,
                "warnings": warnings(reading, &layer.name, console),
            })
        })
        .collect();
    json!({"file": arguments.file.display().to_string(), "format": reading.format.name(), "layers": layers})
}

/// Why a reference system was concluded.
fn evidence(layer: &ReadLayer, console: &Console) -> Value {
    let reasons = layer.evidence.reasons.iter();
    let reasons: Vec<Value> = reasons
        .map(|reason| json!({"kind": reason.code().0, "message": sentence::reason(console.text(), reason)}))
        .collect();
    let alternatives: Vec<&str> = layer.evidence.alternatives.iter().map(System::code).collect();
    json!({
        "certainty": layer.evidence.certainty,
        "reasons": reasons,
        "alternatives": alternatives,
    })
}

/// What was wrong in a layer, or in the file as a whole.
fn warnings(reading: &Reading, layer: &str, console: &Console) -> Vec<Value> {
    let problems = reading.problems.iter();
    let own = problems.filter(|problem| problem.place.layer.is_empty() || problem.place.layer == layer);
    own.map(|problem| {
        json!({
            "kind": problem.kind.code(),
            "severity": problem.kind.severity(),
            "feature": problem.place.feature,
            "line": problem.place.line,
            "path": problem.place.path,
            "at": problem.place.at,
            "message": sentence::problem(console.text(), problem),
        })
    })
    .collect()
}

fn bounds(layer: &ReadLayer) -> Option<[f64; 4]> {
    corners(layer.bounds())
}

/// Of a drawing whose system is not known the box in its own units.
fn drawn(reading: &Reading, layer: &ReadLayer) -> Option<[f64; 4]> {
    let is_drawn = reading.format == Format::Dxf && layer.reference.is_none();
    corners(layer.evidence.own_bounds.filter(|_| is_drawn))
}

fn corners(bounds: Option<Rect>) -> Option<[f64; 4]> {
    let bounds = bounds?;
    Some([bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y])
}

fn print(arguments: &Arguments, reading: &Reading, console: &Console) {
    let text = console.text();
    let words = &text.files;
    let how = |how| word(&text.format.how, how);
    let mut lines = vec![format!("{}  {}", arguments.file.display(), reading.format.name())];
    let mut line = |name: &str, value: String| lines.push(format!("  {name}: {value}"));
    for layer in &reading.layers {
        line(&words.layer, layer.name.clone());
        line(&words.features, layer.features.len().to_string());
        line(&words.shapes, layer.geometry_types.iter().cloned().collect::<Vec<_>>().join(", "));
        let code = layer.reference.as_ref().map_or("—", |system| system.code());
        let certainty = word(&text.format.certainty, &layer.evidence.certainty);
        let is_chosen = layer.evidence.reasons.contains(&Reason::Chosen);
        let told = if is_chosen { text.format.chosen.clone() } else { how(&layer.how) };
        line(&words.reference, format!("{code} ({told}, {certainty})"));
        let reasons = layer.evidence.reasons.iter().map(|reason| sentence::reason(text, reason));
        line(&words.why, reasons.collect::<Vec<_>>().join(&words.between));
        if !layer.evidence.alternatives.is_empty() {
            let codes = layer.evidence.alternatives.iter().map(System::code);
            line(&words.perhaps, codes.collect::<Vec<_>>().join(", "));
        }
        line(&words.encoding, format!("{} ({})", layer.encoding.0, how(&layer.encoding.1)));
        let box_words = bounds(layer).map(|bounds| bounds.map(|value| format!("{value:.7}")).join(", "));
        line(&words.bounds, box_words.unwrap_or_else(|| "—".into()));
        let fields = layer.fields();
        let fields = fields.iter().map(|(name, kind)| format!("{name} ({})", word(&words.field_type, kind)));
        line(&words.fields, fields.collect::<Vec<_>>().join(", "));
    }
    for problem in &reading.problems {
        line(&words.notice, sentence::problem(text, problem));
    }
    console.print(&lines.join("\n"));
}
