//! What of the layers a check looked at: the features within reach and the few others that its answer rests on.

use super::Case;
use super::surroundings::Surroundings;
use crate::atlas::{Date, Feature, Quality, Theme};
use crate::geometry::{self, PreparedShape};
use crate::siting::{CheckRule, PreparedLayer, Statute};
use geo::Rect;

/// How much of each layer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Take {
    /// What lies within reach.
    Near,
    /// Waters whole, since they are followed along; of the others what lies within reach.
    Waters,
    /// Everything.
    Whole,
}

/// Widest to narrowest need comes last.
pub(super) const TAKES: [Take; 3] = [Take::Near, Take::Waters, Take::Whole];

/// Features taken beyond the distance that decided, metres: boxes are compared on a sphere.
const SLACK: f64 = 50.0;

/// Whether an answer may rest on a layer.
pub(super) fn is_asked(case: &Case, layer: &PreparedLayer) -> bool {
    let theme = layer.layer.theme;
    matches!(theme, Theme::Districts)
        || is_followed(theme)
        || case.rulebook.checks.iter().any(|check| answers(case, check, layer))
}

/// Whether a layer answers a theme, by itself or as what a zone of a statute is computed from.
fn answers(case: &Case, check: &CheckRule, layer: &PreparedLayer) -> bool {
    let is_named = |statute: &Statute| {
        statute.parts.iter().any(|part| part.layer == layer.layer.theme)
            || statute.official.as_ref().is_some_and(|official| official.layer == layer.layer.theme)
    };
    check.is_answered_by(&layer.layer) || check.statute(case.rulebook).is_some_and(is_named)
}

/// Themes that are followed along the network of waters.
fn is_followed(theme: Theme) -> bool {
    matches!(
        theme,
        Theme::Rivers
            | Theme::Lakes
            | Theme::Yangtze
            | Theme::BlackOdourWaters
            | Theme::MonitoringSections
            | Theme::WaterSources
            | Theme::Outfalls
    )
}

/// The features of a layer that are kept, in their order.
pub(super) fn excerpt(case: &Case, around: &[Surroundings], layer: &PreparedLayer, take: Take) -> Vec<Feature> {
    if take == Take::Whole || (take == Take::Waters && is_followed(layer.layer.theme)) {
        return layer.layer.features().to_vec();
    }
    let sites: Vec<(Rect, f64)> = case
        .sites
        .iter()
        .enumerate()
        .filter_map(|(number, site)| {
            let bounds = PreparedShape::of_polygons(&site.shape).bounds()?;
            Some((bounds, reach(case, around.get(number), number, layer)))
        })
        .collect();
    let checks: Vec<_> = case.rulebook.checks.iter().filter(|check| answers(case, check, layer)).collect();
    let is_near = |feature: &Feature, bounds: Rect| {
        let belts = checks.iter().flat_map(|check| {
            let parts = check.statute(case.rulebook).into_iter().flat_map(|statute| &statute.parts);
            check.belt.iter().chain(parts.map(|part| &part.belt))
        });
        let belt = belts.map(|belt| belt.reach(feature)).fold(0.0, f64::max);
        sites.iter().any(|(site, reach)| geometry::box_distance(*site, bounds) <= reach + belt)
    };
    let pillars = Pillars::of(layer);
    let mut features = Vec::new();
    for (index, feature, bounds) in layer.features() {
        match bounds {
            // nothing to compute with: only that it is there counts
            None => features.push(feature.clone()),
            Some(bounds) if is_near(feature, bounds) || pillars.hold_up(index) => features.push(feature.clone()),
            // counted, not looked at
            Some(_) if !is_in_force(feature, case.question.as_of) => {
                features.push(Feature { shape: None, ..feature.clone() });
            }
            Some(_) => {}
        }
    }
    features
}

fn is_in_force(feature: &Feature, day: Date) -> bool {
    feature.date("effective_from").is_none_or(|from| from <= day)
        && feature.date("effective_to").is_none_or(|to| day <= to)
}

/// How far from a site a feature of the layer may have been looked at.
fn reach(case: &Case, around: Option<&Surroundings>, number: usize, layer: &PreparedLayer) -> f64 {
    let mut reach = case.question.near_m.max(1_000.0);
    if let Some(verdict) = case.screening.sites.get(number) {
        let of_layer = |theme: &str| case.rulebook.check(theme).is_some_and(|check| answers(case, check, layer));
        let nearest = verdict.checks.iter().filter(|check| of_layer(&check.theme));
        let nearest = nearest.filter_map(|check| check.nearest.as_ref()).map(|nearest| nearest.distance_m);
        let found = verdict.findings.iter().filter(|finding| of_layer(&finding.theme));
        let found = found.map(|finding| finding.distance_m);
        reach = nearest.chain(found).fold(reach, f64::max);
    }
    if matches!(layer.layer.theme, Theme::Rivers | Theme::BlackOdourWaters) {
        let waters = around.map(|around| around.waters.as_slice()).unwrap_or_default();
        reach = waters.iter().map(|water| water.distance_m).fold(reach, f64::max);
    }
    // the distance between boxes is a lower bound but for a thousandth
    reach * 1.002 + SLACK
}

/// Features that stand for the whole: one of the worst quality, and those that reach farthest to each side.
struct Pillars {
    wanted: Vec<u32>,
}

impl Pillars {
    fn of(layer: &PreparedLayer) -> Self {
        let mut worst: Option<(Quality, u32)> = None;
        let mut sides: [Option<(f64, u32)>; 4] = [None; 4];
        for (index, feature, bounds) in layer.features() {
            let quality = feature.quality();
            if worst.is_none_or(|(known, _)| quality > known) {
                worst = Some((quality, index));
            }
            let Some(bounds) = bounds else { continue };
            let (low, high) = (bounds.min(), bounds.max());
            for (side, reach) in sides.iter_mut().zip([-low.x, -low.y, high.x, high.y]) {
                if side.is_none_or(|(known, _)| reach > known) {
                    *side = Some((reach, index));
                }
            }
        }
        // a layer of the atlas speaks for the city, whatever its own box
        let sides = sides.into_iter().flatten().filter(|_| !layer.speaks_for_the_city).map(|(_, index)| index);
        Pillars { wanted: worst.into_iter().map(|(_, index)| index).chain(sides).collect() }
    }

    fn hold_up(&self, index: u32) -> bool {
        self.wanted.contains(&index)
    }
}
