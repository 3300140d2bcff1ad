//! Words on map sheets, of their panel and of `export`.

use serde::Deserialize;

/// Words on map sheets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SheetText {
    pub title_city: String,
    pub title_feature: String,
    pub title_site: String,
    pub legend: String,
    pub north: String,
    pub locator: String,
    pub scale: String,
    pub site: String,
    pub overlap: String,
    pub river_class: String,
    pub coordinates: String,
    pub sources: String,
    pub source_part: String,
    pub atlas: String,
    pub quality: String,
    pub internal: String,
    pub attribution: String,
    pub date: String,
    pub metres: String,
    pub kilometres: String,
    pub author: SheetAuthorText,
    pub error: SheetErrorText,
    pub panel: SheetPanelText,
}

/// Who answers for a sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SheetAuthorText {
    pub unit: String,
    pub compiled: String,
    pub checked: String,
    pub date: String,
}

/// Why there is no sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SheetErrorText {
    pub extension: String,
    pub unknown_layer: String,
    pub unknown_feature: String,
    pub extent: String,
    pub nothing: String,
    pub outside: String,
    pub scale: String,
    pub dpi: String,
    pub too_large: String,
    pub template: String,
    pub sites: String,
    pub no_folder: String,
    pub both: String,
    pub written: String,
}

/// Words of the panel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SheetPanelText {
    pub title: String,
    pub paper: String,
    pub portrait: String,
    pub landscape: String,
    pub scale: String,
    pub fit: String,
    pub heading: String,
    pub heading_hint: String,
    pub subtitle: String,
    pub unit: String,
    pub compiled: String,
    pub checked: String,
    pub format: String,
    pub dpi: String,
    pub file: String,
    pub browse: String,
    pub run: String,
    pub annotations: String,
    pub no_annotations: String,
    pub remove: String,
    pub arrow: String,
    pub words: String,
    pub no_file: String,
    pub no_view: String,
    pub includes: String,
    pub file_name: String,
    pub site_extent: String,
    pub view_extent: String,
}
