//! Sentences about files: what was wrong in them and where.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Sentences about files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormatText {
    /// Place: feature {n}.
    pub of_feature: String,
    /// Place: line {n}.
    pub of_line: String,
    /// Nothing in the file.
    pub empty: String,
    /// The person stopped the reading.
    pub cancelled: String,
    /// A format that cannot be read; it {looks} like something.
    pub unrecognised: String,
    /// {format}
    pub no_reader: String,
    /// JSON of another {type}.
    pub not_geojson: String,
    /// Broken from the start: {problem}.
    pub unreadable: String,
    /// Where the person named the system.
    pub chosen: String,
    /// No encoding of this {name}.
    pub unknown_encoding: String,
    /// A file {name} that leads out of the folder.
    pub outside_folder: String,
    /// A layer of an atlas that is not whole: {problem}.
    pub broken_layer: String,
    /// No reference system of this {name}.
    pub unknown_reference: String,
    /// What an unknown file looks like.
    pub looks: BTreeMap<String, String>,
    /// Why a file could not be read or written.
    pub file: FileText,
    /// Why a file could not be written in a format.
    pub write: WriteText,
    /// How something became known.
    pub how: BTreeMap<String, String>,
    /// How sure a conclusion is.
    pub certainty: BTreeMap<String, String>,
    /// What speaks for or against a reference system, by code; {subject} is the system, zone or move it speaks of.
    pub reason: BTreeMap<String, String>,
    /// What was wrong, by code; {subject} is the name, system or count it speaks of.
    pub problem: BTreeMap<String, String>,
}

/// Why a file could not be read or written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FileText {
    pub missing: String,
    pub denied: String,
    pub folder: String,
    pub special: String,
    pub too_large: String,
    pub no_space: String,
    pub read_only: String,
    pub other: String,
}

/// Why a data set could not be written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct WriteText {
    pub unwritable: String,
    pub no_way: String,
    pub no_way_unknown: String,
    pub no_way_to: String,
    pub only_planes: String,
    pub only_degrees: String,
    pub outside: String,
    pub too_large: String,
}
