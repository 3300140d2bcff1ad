//! Sentences about what is in a file and what became of it.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Sentences about what is in a file and what became of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FilesText {
    pub layer: String,
    pub features: String,
    pub shapes: String,
    pub reference: String,
    pub encoding: String,
    pub why: String,
    pub perhaps: String,
    pub between: String,
    pub bounds: String,
    pub fields: String,
    pub notice: String,
    pub converted: String,
    pub onto_itself: String,
    pub nothing_left: String,
    pub converted_edges: String,
    pub unwritable_format: String,
    pub atlas_valid: String,
    pub atlas_invalid: String,
    pub atlas_built: String,
    pub bundled: String,
    pub field_type: BTreeMap<String, String>,
    pub fault: BTreeMap<String, String>,
}
