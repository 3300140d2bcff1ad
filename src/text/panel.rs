//! Words of the panels.

use serde::Deserialize;
use std::collections::BTreeMap;

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
    pub water: WaterText,
    pub waters: WatersText,
    pub targets: TargetsText,
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

/// Words of `water`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct WaterText {
    pub title: String,
    pub empty: String,
    pub to_list: String,
    pub now: String,
    pub target: String,
    pub no_target: String,
    pub meets: String,
    pub fails: String,
    pub light_red: String,
    pub light_yellow: String,
    pub light_green: String,
    pub light_grey: String,
    pub reason_worse: String,
    pub reason_problems: String,
    pub reason_items: String,
    pub reason_patrols: String,
    pub reason_relapsed: String,
    pub reason_no_sample: String,
    pub trend_markedly_better: String,
    pub trend_better: String,
    pub trend_unchanged: String,
    pub trend_worse: String,
    pub trend_markedly_worse: String,
    pub trend_hint: String,
    pub chiefs: String,
    pub no_chiefs: String,
    pub level_city: String,
    pub level_county: String,
    pub level_town: String,
    pub level_village: String,
    pub role_chief: String,
    pub role_police: String,
    pub role_department: String,
    pub quality: String,
    pub no_samples: String,
    pub deciding: String,
    pub deciding_item: String,
    pub deciding_plain: String,
    pub deciding_low: String,
    pub all_meet: String,
    pub measured: String,
    pub class_series: String,
    pub chart: String,
    pub chart_gap: String,
    pub chart_point: String,
    pub indicator: String,
    pub target_line: String,
    pub odour: String,
    pub odour_listed: String,
    pub odour_measured: String,
    pub odour_status: String,
    pub odour_found: String,
    pub odour_cleared: String,
    pub grade_light: String,
    pub grade_heavy: String,
    pub grade_none: String,
    pub lists: String,
    pub list_problems: String,
    pub list_tasks: String,
    pub list_measures: String,
    pub list_duties: String,
    pub list_progress: String,
    pub list_open: String,
    pub list_overdue: String,
    pub list_empty: String,
    pub item_due: String,
    pub item_done: String,
    pub item_overdue: String,
    pub problems: String,
    pub no_problems: String,
    pub open_problems: String,
    pub problem_found: String,
    pub problem_due: String,
    pub history: String,
    pub show_closed: String,
    pub patrols: String,
    pub no_patrols: String,
    pub patrol_last: String,
    pub patrol_never: String,
    pub patrol_next: String,
    pub patrol_rate: String,
    pub patrol_late: String,
    pub neighbours: String,
    pub upstream: String,
    pub downstream: String,
    pub no_upstream: String,
    pub no_downstream: String,
    pub nearby: String,
    pub nothing_near: String,
    pub documents: String,
    pub as_of: String,
    pub more_items: String,
    pub state: BTreeMap<String, String>,
    pub source: BTreeMap<String, String>,
    pub category: BTreeMap<String, String>,
}

/// Words of `waters`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct WatersText {
    pub title: String,
    pub counts: String,
    pub filter: String,
    pub filter_name: String,
    pub district: String,
    pub any_district: String,
    pub level: String,
    pub any_level: String,
    pub kind: String,
    pub any_kind: String,
    pub only_overdue: String,
    pub only_failing: String,
    pub clear: String,
    pub nothing: String,
    pub col_light: String,
    pub col_name: String,
    pub col_district: String,
    pub col_now: String,
    pub col_target: String,
    pub col_overdue: String,
    pub col_problems: String,
    pub sort_by: String,
    pub loading: String,
}

/// Words of `targets`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct TargetsText {
    pub title: String,
    pub as_of: String,
    pub at_least: String,
    pub at_most: String,
    pub met: String,
    pub unmet: String,
    pub gap: String,
    pub ahead: String,
    pub open: String,
    pub how: String,
    pub show_blockers: String,
    pub no_blockers: String,
    pub loading: String,
    pub all: String,
    pub percent: String,
    pub tile: String,
    pub name: BTreeMap<String, String>,
    pub method: BTreeMap<String, String>,
    pub reason: BTreeMap<String, String>,
}
