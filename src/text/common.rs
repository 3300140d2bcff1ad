//! Names and words used everywhere.

use crate::atlas::{Quality, Theme};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Names and words used everywhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommonText {
    /// The product's name.
    pub product: String,
    /// Names of the themes by code.
    pub theme: Themes,
    /// Names of the qualities by code.
    pub quality: Qualities,
    /// What must be said wherever schematic data were used.
    pub schematic_notice: String,
    /// Names of fields by their key in the atlas.
    pub field: BTreeMap<String, String>,
    /// Words for coded values, by field and then code.
    pub value: BTreeMap<String, BTreeMap<String, String>>,
    /// Yes.
    pub yes: String,
    /// No.
    pub no: String,
}

/// Names of the themes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Themes {
    pub districts: String,
    pub places: String,
    pub lakes: String,
    pub yangtze: String,
    pub rivers: String,
    pub black_odour_waters: String,
    pub redline_zones: String,
    pub livestock_zones: String,
    pub farms: String,
    pub contaminated_plots: String,
    pub monitoring_sections: String,
    pub water_sources: String,
    pub outfalls: String,
    pub pattern_areas: String,
    pub taihu_zones: String,
    pub yangtze_zones: String,
    pub river_management_zones: String,
    pub statutory_belts: String,
    pub constraint: String,
    pub other: String,
}

/// Names of the qualities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Qualities {
    pub official: String,
    pub open: String,
    pub generalised: String,
    pub schematic: String,
}

impl CommonText {
    /// The name of a theme.
    pub fn theme(&self, theme: Theme) -> &str {
        let names = &self.theme;
        match theme {
            Theme::Districts => &names.districts,
            Theme::Places => &names.places,
            Theme::Lakes => &names.lakes,
            Theme::Yangtze => &names.yangtze,
            Theme::Rivers => &names.rivers,
            Theme::BlackOdourWaters => &names.black_odour_waters,
            Theme::RedlineZones => &names.redline_zones,
            Theme::LivestockZones => &names.livestock_zones,
            Theme::Farms => &names.farms,
            Theme::ContaminatedPlots => &names.contaminated_plots,
            Theme::MonitoringSections => &names.monitoring_sections,
            Theme::WaterSources => &names.water_sources,
            Theme::Outfalls => &names.outfalls,
            Theme::PatternAreas => &names.pattern_areas,
            Theme::TaihuZones => &names.taihu_zones,
            Theme::YangtzeZones => &names.yangtze_zones,
            Theme::RiverManagementZones => &names.river_management_zones,
            Theme::StatutoryBelts => &names.statutory_belts,
            Theme::Constraint => &names.constraint,
            Theme::Other => &names.other,
        }
    }

    /// The name of a quality.
    pub fn quality(&self, quality: Quality) -> &str {
        match quality {
            Quality::Official => &self.quality.official,
            Quality::Open => &self.quality.open,
            Quality::Generalised => &self.quality.generalised,
            Quality::Schematic => &self.quality.schematic,
        }
    }

    /// The name of a field, or its key when it has none.
    pub fn field<'a>(&'a self, key: &'a str) -> &'a str {
        self.field.get(key).map_or(key, String::as_str)
    }

    /// The word for a coded value of a field, or the code when it has none.
    pub fn value<'a>(&'a self, field: &str, code: &'a str) -> &'a str {
        self.value.get(field).and_then(|words| words.get(code)).map_or(code, String::as_str)
    }
}
