//! `convert`: from one file to another, also into another reference system.

use super::basis::Axes;
use super::{Console, Failure, OutputFormat, basis};
use crate::format::{
    self, Format, Place, Problem, ProblemKind, ReadLayer, ReadOptions, Severity, Target, WriteError, WriteLayer,
    Written,
};
use crate::geometry::System;
use crate::storage;
use crate::text::fill;
use crate::workspace::sentence;
use geo::Geometry;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Faulty features that are named.
const MOST_NAMED: usize = 20;

/// Arguments of `convert`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The file to read
    input: PathBuf,
    /// The file to write; its ending tells the format (.geojson, .geojsonl, .shp, .zip, .gpkg, .csv, .xlsx, .kml, .kmz, .fgb, .txt)
    output: PathBuf,
    /// Reference system to write; when left out that of the input, or longitude and latitude in formats that know no
    /// other. Edges are straight in the system of the input: vertices are added where they would stray by more than 1 mm
    #[arg(long, value_name = "EPSG:N")]
    to_crs: Option<String>,
    /// Reference system of the input, instead of what it says
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<String>,
    /// Which of the two coordinates of the input stands first, instead of what they show
    #[arg(long, value_enum, value_name = "east-first|north-first")]
    axes: Option<Axes>,
    /// Encoding of the input, instead of what it shows
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Encoding to write where the format leaves a choice, such as GBK for older programs (.shp, .txt)
    #[arg(long, value_name = "NAME")]
    to_encoding: Option<String>,
    /// Decimals of the coordinates; all of them when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=15))]
    decimals: Option<u8>,
    /// Write faulty areas (crossing borders, spikes, repeated points, …) mended instead of as they are
    #[arg(long)]
    repair: bool,
    /// Shape of what is printed
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let ending = arguments.output.extension().unwrap_or_default().to_string_lossy();
    let Some(format) = Format::of_ending(&ending) else {
        let file = arguments.output.display().to_string();
        return Err(Failure::usage(fill(&text.files.unwritable_format, &[("file", &file)])));
    };
    if storage::file::is_same(&arguments.input, &arguments.output) {
        let file = arguments.output.display().to_string();
        return Err(Failure::usage(fill(&text.files.onto_itself, &[("file", &file)])));
    }
    let target = basis::reference(arguments.to_crs.as_deref(), console)?;
    let reference = basis::reference(arguments.crs.as_deref(), console)?;
    let north_first = arguments.axes.map(Axes::is_north_first);
    let encoding = arguments.encoding.clone();
    let is_named = reference.is_some();
    let options = ReadOptions { reference, encoding, north_first, keep_originals: true, ..ReadOptions::default() };
    let (mut reading, _) = storage::layer::read(&arguments.input, &options)
        .map_err(|error| Failure::failed(sentence::open_error(text, &error)))?;
    // part of a file must not pass for the whole
    basis::tell_problems(&arguments.input, &reading.problems, console)?;
    debug_assert!(reading.problems.iter().all(|problem| problem.kind.severity() < Severity::Error));
    let had = |layer: &ReadLayer| layer.originals.iter().flatten().count();
    let has = |layer: &ReadLayer| layer.features.iter().filter(|feature| feature.shape.is_some()).count();
    if is_named && reading.layers.iter().any(|layer| had(layer) > 0 && has(layer) == 0 && reaches(layer)) {
        // the system that was named cannot be that of the coordinates
        let file = arguments.input.display().to_string();
        return Err(Failure::failed(fill(&text.files.nothing_left, &[("file", &file)])));
    }
    let is_alone = reading.layers.len() == 1;
    let mut mended = Vec::new();
    for layer in &mut reading.layers {
        mended.extend(if arguments.repair {
            format::repair_originals(layer, is_alone)
        } else {
            kept_faults(layer, is_alone).into_iter().collect()
        });
    }
    for problem in &mended {
        console.complain(&format!("{}: {}", arguments.input.display(), sentence::problem(text, problem)));
    }
    let layers: Vec<WriteLayer> = reading.layers.iter().map(WriteLayer::from).collect();
    let target = Target {
        reference: target,
        decimals: arguments.decimals,
        encoding: arguments.to_encoding.clone(),
        is_lines: ["geojsonl", "geojsons", "ndjson", "jsonl"].iter().any(|lines| ending.eq_ignore_ascii_case(lines)),
    };
    let written = format::write(format, &layers, &target).map_err(|error| {
        let sentence = format!("{}: {}", arguments.input.display(), sentence::write_error(text, &error));
        if matches!(error, WriteError::Unwritable(_)) { Failure::usage(sentence) } else { Failure::failed(sentence) }
    })?;
    for problem in &written.problems {
        console.complain(&format!("{}: {}", arguments.output.display(), sentence::problem(text, problem)));
    }
    storage::layer::write(&arguments.output, &written)
        .map_err(|error| Failure::failed(sentence::file_error(text, &error)))?;
    let features: usize = layers.iter().map(|layer| layer.features.len()).sum();
    let reference = format::system_written(format, &layers, &target);
    let (file, code) = (names(&arguments.output, &written), reference.as_ref().map(System::code));
    let words = [("file", &*file), ("features", &*features.to_string()), ("reference", code.unwrap_or("—"))];
    let told: Vec<_> = mended
        .iter()
        .map(|problem| {
            json!({
                "kind": problem.kind.code(),
                "layer": problem.place.layer,
                "feature": problem.place.feature,
                "message": sentence::problem(text, problem),
            })
        })
        .collect();
    let document = json!({
        "file": file,
        "format": format.name(),
        "layers": layers.len(),
        "features": features,
        "crs": code,
        "shapes": told,
    });
    let is_cut = |layer: &WriteLayer| {
        let is_other = match (layer.reference, &reference) {
            (Some(own), Some(new)) => own.code() != new.code() && !(own.is_of_map() && new.is_of_map()),
            _ => true,
        };
        let mut shapes = layer.features.iter().filter_map(|feature| feature.shape.as_ref());
        is_other && shapes.any(|shape| !matches!(shape, Geometry::Point(_) | Geometry::MultiPoint(_)))
    };
    let edges = if layers.iter().any(is_cut) { text.files.converted_edges.as_str() } else { "" };
    console.tell(arguments.format, &(fill(&text.files.converted, &words) + edges), document)
}

/// Whether the map can be reached from the system of a layer.
fn reaches(layer: &ReadLayer) -> bool {
    layer.reference.as_ref().is_none_or(System::reaches_map)
}

/// Faulty shapes that are written as they are, as one problem.
fn kept_faults(layer: &ReadLayer, is_alone: bool) -> Option<Problem> {
    let faulty = format::faulty(layer);
    let further = faulty.len().saturating_sub(MOST_NAMED);
    let mut named: Vec<String> = faulty.iter().take(MOST_NAMED).map(usize::to_string).collect();
    if further > 0 {
        named.push(format!("+{further}"));
    }
    let place = Place { layer: if is_alone { String::new() } else { layer.name.clone() }, ..Place::default() };
    (!named.is_empty()).then(|| Problem { kind: ProblemKind::FaultsKept(named.join(", ")), place })
}

/// The main files that were written; a format of one layer a file makes several.
fn names(output: &Path, written: &Written) -> String {
    let stem = output.file_stem().unwrap_or_default().to_string_lossy();
    let mains = written.files.iter().filter(|file| matches!(file.ending, "" | "shp" | "fgb" | "csv"));
    let names = mains.map(|file| match (&*file.suffix, file.ending) {
        ("", "") => output.display().to_string(),
        (suffix, ending) => output.with_file_name(format!("{stem}{suffix}.{ending}")).display().to_string(),
    });
    names.collect::<Vec<_>>().join(", ")
}
