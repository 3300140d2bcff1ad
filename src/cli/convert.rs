//! `convert`: from one file to another, also into another reference system.

use super::{Console, Failure, basis};
use crate::format::geojson::{self, WriteOptions};
use crate::format::{ReadOptions, Severity};
use crate::geometry::System;
use crate::storage;
use crate::text::fill;
use crate::workspace::sentence;
use geo::CoordsIter;
use std::path::PathBuf;

/// Arguments of `convert`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The file to read
    input: PathBuf,
    /// The file to write; its ending tells the format (.geojson, .json)
    output: PathBuf,
    /// Reference system to write; longitude and latitude when left out. Edges are straight in the system of the
    /// input: vertices are added where they would stray by more than 1 mm
    #[arg(long, value_name = "EPSG:N")]
    to_crs: Option<String>,
    /// Reference system of the input, instead of what it says
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<String>,
    /// Encoding of the input, instead of what it shows
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Decimals of the coordinates; all of them when left out
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(0..=15))]
    decimals: Option<u8>,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let ending = arguments.output.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    if !matches!(ending.as_str(), "geojson" | "json") {
        let file = arguments.output.display().to_string();
        return Err(Failure::usage(fill(&text.files.unwritable_format, &[("file", &file)])));
    }
    let target = basis::reference(arguments.to_crs.as_deref(), console)?;
    let reference = basis::reference(arguments.crs.as_deref(), console)?;
    let options = ReadOptions { reference, encoding: arguments.encoding.clone() };
    let (reading, _) = storage::layer::read(&arguments.input, &options)
        .map_err(|error| Failure::failed(sentence::open_error(text, &error)))?;
    // part of a file must not pass for the whole
    basis::tell_problems(&arguments.input, &reading.problems, console)?;
    debug_assert!(reading.problems.iter().all(|problem| problem.kind.severity() < Severity::Error));
    let Some(layer) = reading.layers.first() else { return Ok(()) };
    // degrees stay in their own system; the other way round nobody may guess it
    let own = layer.reference.clone().filter(System::is_geographic);
    let options = WriteOptions {
        name: layer.name.clone(),
        reference: target.or(own).unwrap_or_else(System::geographic),
        decimals: arguments.decimals,
        ids: layer.has_ids,
    };
    let bytes = geojson::write(&layer.features, &options).map_err(|error| {
        let words = [("file", &*arguments.input.display().to_string()), ("reference", options.reference.code())];
        Failure::failed(fill(&text.files.outside_target, &[words[0], words[1], ("reason", &error.to_string())]))
    })?;
    storage::file::write(&arguments.output, &bytes)
        .map_err(|error| Failure::failed(sentence::file_error(text, &error)))?;
    let vertices: usize =
        layer.features.iter().filter_map(|feature| feature.shape.as_ref()).map(CoordsIter::coords_count).sum();
    let words = [
        ("file", &*arguments.output.display().to_string()),
        ("features", &*layer.features.len().to_string()),
        ("vertices", &*vertices.to_string()),
        ("reference", options.reference.code()),
    ];
    console.print(&fill(&text.files.converted, &words));
    Ok(())
}
