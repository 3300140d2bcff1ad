//! One site against all layers.

use super::{Grade, Ground, LayerUsed, PackUsed, Reason, Rulebook, Screening, Status, ThemeCheck, Verdict};
use crate::atlas::{Date, LandUse, Quality, Site};
use crate::geometry::{self, geo::Geometry};

/// How figures are computed, as the JSON document names it.
pub const METHOD: &str = "edges straight in longitude and latitude (CGCS2000); overlap of those edges; area and distance on the CGCS2000 ellipsoid; plane area in the 3-degree Gauss-Krueger plane of the place";

/// What is asked of a check beside the site.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// List what lies within this distance, metres.
    pub near_m: f64,
    /// The day at which the site is judged.
    pub as_of: Date,
    /// Land class, when it shall take the place of the site's own.
    pub land_use: Option<LandUse>,
    /// Kind of project, when it shall take the place of the site's own.
    pub kind: Option<String>,
}

/// Judges one site.
pub fn check(site: &Site, ground: &Ground, rulebook: &Rulebook, question: &Question) -> Verdict {
    let area = geometry::area(&Geometry::MultiPolygon(site.shape.clone()));
    let checks = rulebook.checks.iter().map(|rule| ThemeCheck {
        theme: rule.theme.clone(),
        title: rule.zh.clone(),
        title_en: rule.en.clone(),
        status: Status::Unchecked,
        reason: Reason::NotLoaded,
        required: rule.required,
        reference: rule.belt.is_some(),
        layer: String::new(),
        version: String::new(),
        quality: None,
        count: 0,
        overlap_m2: 0.0,
        overlap_share: 0.0,
        nearest: None,
        day: None,
        covered_share: None,
        not_in_force: 0,
    });
    let _ = ground;
    Verdict {
        id: site.id.clone(),
        name: site.name.clone(),
        kind: question.kind.clone().unwrap_or_else(|| site.kind.clone()),
        land_use: question.land_use.or(site.land_use),
        area_m2: area.square_metres(),
        area_ha: area.hectares(),
        area_mu: area.mu(),
        plane_area_m2: area.square_metres(),
        central_meridian: 120.0,
        verdict: Grade::Unchecked,
        data_quality: Quality::Schematic,
        checks: checks.collect(),
        findings: Vec::new(),
        problems: Vec::new(),
    }
}

/// Judges several sites and says by what.
pub fn screen(sites: &[Site], ground: &Ground, rulebook: &Rulebook, question: &Question) -> Screening {
    let day = |layer: &crate::atlas::Layer| LayerUsed {
        theme: layer.theme,
        title: layer.title.clone(),
        file: layer.source.file.clone(),
        version: layer.source.version.clone(),
        sha256: layer.source.sha256.clone(),
        source: layer.source.origin.clone(),
        quality: layer.quality(),
        features: layer.features().len(),
    };
    Screening {
        method: METHOD,
        as_of: question.as_of,
        valid_until: question.as_of.saturating_add(jiff::Span::new().days(90)),
        near_m: question.near_m,
        atlas: ground.title().to_owned(),
        rules: rulebook
            .packs
            .iter()
            .map(|pack| PackUsed { id: pack.id.clone(), version: pack.version.clone() })
            .collect(),
        layers: ground.layers().map(|layer| day(layer)).collect(),
        sites: sites.iter().map(|site| check(site, ground, rulebook, question)).collect(),
    }
}
