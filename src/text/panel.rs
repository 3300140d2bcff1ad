//! Words of the panels.

use serde::Deserialize;

/// Words of the panels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct PanelText {
    pub data_date: String,
    pub example_notice: String,
    pub fly_to: String,
    pub show_on_map: String,
    pub none: String,
    pub unknown: String,
    pub go_back: String,
    pub copy: String,
    pub close: String,
    pub number: NumberText,
    pub layers: LayersText,
    pub feature: FeatureText,
}

/// Words of `number`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NumberText {
    pub area: String,
    pub large_area: String,
    pub square_metres: String,
    pub hectares: String,
    pub mu: String,
    pub metres: String,
    pub kilometres: String,
    pub class: String,
    pub class_worse: String,
    pub class_unknown: String,
    pub days: String,
}

/// Words of `layers`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct LayersText {
    pub title: String,
    pub all: String,
    pub visible: String,
    pub opacity: String,
    pub opacity_of: String,
    pub zoom: String,
    pub solo: String,
    pub restore: String,
    pub remove: String,
    pub move_up: String,
    pub move_down: String,
    pub to_top: String,
    pub to_bottom: String,
    pub drag: String,
    pub more: String,
    pub fold: String,
    pub count: String,
    pub colour_by_class: String,
    pub source: String,
    pub licence: String,
    pub file: String,
    pub quality_badge: String,
    pub schematic: String,
    pub empty: String,
    pub hidden_hint: String,
}

/// Words of `feature`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FeatureText {
    pub title: String,
    pub empty: String,
    pub hits: String,
    pub one_hit: String,
    pub fields: String,
    pub shape_length: String,
    pub shape_area: String,
    pub shape_point: String,
    pub data: String,
    pub water_card: String,
    pub check_site: String,
    pub copy_fields: String,
    pub copied: String,
    pub clear: String,
    pub no_shape: String,
}
