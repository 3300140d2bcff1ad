//! Words of the window that imports files.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Words of the window that imports files.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ImportText {
    pub title: String,
    pub about: String,
    pub reading: String,
    pub stop: String,
    pub order: String,
    /// Automatic, easting first, northing first.
    pub orders: [String; 3],
    pub keys: String,
    pub layers: String,
    pub use_as: String,
    pub as_sites: String,
    pub as_layer: String,
    pub system: String,
    pub encoding: String,
    pub automatic: String,
    pub unknown: String,
    pub other_system: String,
    pub apply: String,
    pub fields: String,
    pub no_field: String,
    pub no_keys: String,
    pub rows: String,
    pub table: String,
    pub map: String,
    pub zoom_all: String,
    pub zoom_data: String,
    pub zoom_help: String,
    pub problems: String,
    pub no_problems: String,
    pub nothing_shown: String,
    pub import: String,
    pub cancel: String,
    pub rest: String,
    pub kept: String,
    pub not_read: String,
    pub own_system: String,
    pub own_system_about: String,
    pub own_system_wrong: String,
    pub save_system: String,
    pub remove_system: String,
    pub system_name: String,
    pub four: String,
    pub seven: String,
    pub base_of_four: String,
    pub base_of_seven: String,
    pub position_vector: String,
    pub coordinate_frame: String,
    pub why: String,
    pub perhaps: String,
    pub four_figures: [String; 4],
    pub seven_figures: [String; 7],
    /// Reference systems by their code.
    pub systems: BTreeMap<String, String>,
}
