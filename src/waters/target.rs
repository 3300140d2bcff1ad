//! The plan's targets against what the loaded data say; a figure that cannot be computed stays open, with its reason.

use super::duty::duty;
use super::quality::{BodyKind, WaterClass, assess};
use super::summary::{Waters, known_samples};
use crate::atlas::{Atlas, Date, Feature, ListKind, Quality, Theme};
use crate::geometry;
use geo::{BooleanOps, Geometry, MultiPolygon};
use serde::Serialize;
use std::collections::BTreeMap;

/// Which side of the target is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// Not below it.
    AtLeast,
    /// Not above it.
    AtMost,
}

/// Why there is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoValue {
    /// No layer of the subject is loaded.
    NoLayer,
    /// The atlas does not tell the area of the city.
    NoCityArea,
    /// No samples of what is to be judged.
    NoSamples,
    /// No thing of the kind is in the layer.
    NothingToCount,
    /// Two versions of the layer are needed.
    NeedsEarlierVersion,
    /// The areas could not be joined reliably.
    OverlayFailed,
}

/// How a figure is computed: a code for the sentence, and the numbers in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Method {
    /// Names the sentence.
    pub code: &'static str,
    /// Numbers of the computation.
    pub parameters: BTreeMap<&'static str, f64>,
}

/// One target of the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Target {
    /// Its code.
    pub id: &'static str,
    /// `percent` or `count`.
    pub unit: &'static str,
    /// Which side is good.
    pub comparison: Comparison,
    /// The figure of the plan.
    pub target: f64,
    /// The figure of the loaded data.
    pub value: Option<f64>,
    /// Value less target.
    pub gap: Option<f64>,
    /// Whether it is met.
    pub met: Option<bool>,
    /// Why there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<NoValue>,
    /// How it was computed.
    pub how: Method,
    /// Worst data used.
    pub data_quality: Quality,
}

/// All targets at a day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetReport {
    /// The day.
    pub as_of: Date,
    /// Worst data used in any of them.
    pub data_quality: Quality,
    /// The targets in the order of the plan.
    pub targets: Vec<Target>,
}

/// Red-line share of the land that the plan asks for, per cent.
pub const REDLINE_SHARE: f64 = 28.69;

/// Computes the plan's targets (无锡市贯彻落实省第二环境保护督察组督察反馈意见整改方案) from an atlas at a day.
pub fn targets(atlas: &Atlas, as_of: Date) -> TargetReport {
    let sections = Sections::of(atlas, as_of);
    let percent_open = |id, target, code, reason| Draft::new(id, "percent", target, code).open(reason);
    let targets = vec![
        redline_share(atlas),
        percent_open("redline_not_reduced", 100.0, "redline_not_reduced", NoValue::NeedsEarlierVersion),
        sections.good(),
        sections.worse_than_fifth(),
        sections.meeting(),
        loaded(atlas, "sections_loaded", Theme::MonitoringSections, 45.0),
        loaded(atlas, "rivers_loaded", Theme::Rivers, 161.0),
        rivers_treated(atlas, as_of),
        loaded(atlas, "black_odour_loaded", Theme::BlackOdourWaters, 38.0),
        black_odour_cleared(atlas, as_of),
        percent_open("source_water", 100.0, "source_water", NoValue::NoSamples),
        farms(atlas, "livestock_closed", "close"),
        farms(atlas, "livestock_renovated", "renovate"),
        plots(atlas),
        percent_open("farmland_safe", 90.0, "farmland_safe", NoValue::NoLayer),
        percent_open("forest_cover", 27.0, "forest_cover", NoValue::NoLayer),
        percent_open("wetland_protected", 55.0, "wetland_protected", NoValue::NoLayer),
    ];
    let known = targets.iter().filter(|target| target.value.is_some());
    let data_quality = known.map(|target| target.data_quality).max().unwrap_or(Quality::Schematic);
    TargetReport { as_of, data_quality, targets }
}

/// A target before its figure.
struct Draft {
    id: &'static str,
    unit: &'static str,
    comparison: Comparison,
    target: f64,
    how: Method,
    quality: Quality,
}

impl Draft {
    fn new(id: &'static str, unit: &'static str, target: f64, code: &'static str) -> Self {
        let how = Method { code, parameters: BTreeMap::new() };
        Draft { id, unit, comparison: Comparison::AtLeast, target, how, quality: Quality::Schematic }
    }

    fn with(mut self, name: &'static str, number: f64) -> Self {
        self.how.parameters.insert(name, number);
        self
    }

    fn worth(mut self, quality: Quality) -> Self {
        self.quality = quality;
        self
    }

    fn value(self, value: f64) -> Target {
        let value = (value * 1e4).round() / 1e4;
        let met = match self.comparison {
            Comparison::AtLeast => value >= self.target,
            Comparison::AtMost => value <= self.target,
        };
        Target {
            value: Some(value),
            gap: Some(((value - self.target) * 1e4).round() / 1e4),
            met: Some(met),
            ..self.bare()
        }
    }

    fn open(self, reason: NoValue) -> Target {
        Target { reason: Some(reason), ..self.bare() }
    }

    /// Part in whole per cent; open when there is no whole.
    fn share(self, part: f64, whole: f64) -> Target {
        if whole > 0.0 { self.value(part / whole * 100.0) } else { self.open(NoValue::NothingToCount) }
    }

    fn bare(self) -> Target {
        Target {
            id: self.id,
            unit: self.unit,
            comparison: self.comparison,
            target: self.target,
            value: None,
            gap: None,
            met: None,
            reason: None,
            how: self.how,
            data_quality: self.quality,
        }
    }
}

fn features(atlas: &Atlas, theme: Theme) -> Vec<&Feature> {
    atlas.layers_of(theme).flat_map(|layer| layer.features()).collect()
}

fn loaded(atlas: &Atlas, id: &'static str, theme: Theme, target: f64) -> Target {
    let draft = Draft::new(id, "count", target, id);
    match atlas.layer(theme) {
        None => draft.open(NoValue::NoLayer),
        Some(layer) => draft.worth(layer.quality()).value(features(atlas, theme).len() as f64),
    }
}

/// Zones of several kinds overlap: their union counts, within the city, on the ellipsoid.
fn redline_share(atlas: &Atlas) -> Target {
    let draft = Draft::new("redline_share", "percent", REDLINE_SHARE, "redline_share");
    let zones = features(atlas, Theme::RedlineZones);
    let draft = draft.worth(atlas.worst_quality(&[Theme::RedlineZones, Theme::Districts]));
    if zones.is_empty() {
        return draft.open(NoValue::NoLayer);
    }
    let Some(city_km2) = atlas.manifest.city_area_km2.filter(|area| *area > 0.0) else {
        return draft.open(NoValue::NoCityArea);
    };
    let shapes = |theme: Theme| -> Vec<MultiPolygon> {
        features(atlas, theme).into_iter().filter_map(|feature| areas(feature.shape.as_ref()?)).collect()
    };
    let (zones, districts) = (shapes(Theme::RedlineZones), shapes(Theme::Districts));
    let sum: f64 = zones.iter().map(area).sum();
    let Some(mut dissolved) = dissolve(&zones) else {
        return draft.open(NoValue::OverlayFailed);
    };
    if let Some(city) = dissolve(&districts).filter(|city| !city.0.is_empty()) {
        dissolved = dissolved.intersection(&city);
    }
    let dissolved_km2 = area(&dissolved) / 1e6;
    let round = |value: f64| (value * 100.0).round() / 100.0;
    draft
        .with("zones", zones.len() as f64)
        .with("sum_km2", round(sum / 1e6))
        .with("dissolved_km2", round(dissolved_km2))
        .with("city_km2", city_km2)
        .share(dissolved_km2, city_km2)
}

fn area(shape: &MultiPolygon) -> f64 {
    shape.iter().map(|polygon| geometry::polygon_area(polygon).square_metres()).sum()
}

/// Union of all, each step proved by |A| + |B| = |A∪B| + |A∩B|: the library was seen to lose area where holes touch
/// their shell.
fn dissolve(shapes: &[MultiPolygon]) -> Option<MultiPolygon> {
    let mut all = MultiPolygon::new(vec![]);
    for shape in shapes {
        let (joined, shared) = (all.union(shape), all.intersection(shape));
        let (before, after) = (area(&all) + area(shape), area(&joined) + area(&shared));
        if (before - after).abs() > 1.0 + before * 1e-6 {
            return None;
        }
        all = joined;
    }
    Some(all)
}

fn areas(shape: &Geometry) -> Option<MultiPolygon> {
    match shape {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
}

/// National sections, or all where none is marked so, with the class of the latest month of their river.
struct Sections {
    national: usize,
    all: usize,
    /// Class and target of each national section that has samples.
    classes: Vec<WaterClass>,
    /// Whether each section of any level that has samples and a target meets it.
    meets: Vec<bool>,
    quality: Quality,
    has_layer: bool,
}

impl Sections {
    fn of(atlas: &Atlas, as_of: Date) -> Self {
        let sections = features(atlas, Theme::MonitoringSections);
        let records = atlas.governance.as_ref();
        let class = |section: &Feature| {
            let record = records?.record(section.text("river"))?;
            let samples = known_samples(record, as_of);
            let latest = samples.iter().rev().find(|sample| !sample.values.is_empty())?;
            assess(&latest.values, BodyKind::River, WaterClass::Third).class
        };
        let is_national = |section: &&&Feature| section.text("level") == "national";
        let national: Vec<&&Feature> = sections.iter().filter(is_national).collect();
        let judged = if national.is_empty() { sections.iter().collect() } else { national };
        let meets = |section: &&Feature| {
            let target = WaterClass::from_number(section.number("target_class")? as i64)?;
            Some(class(section)? <= target)
        };
        let quality = atlas.worst_quality(&[Theme::MonitoringSections]);
        Sections {
            national: judged.len(),
            all: sections.len(),
            classes: judged.iter().filter_map(|section| class(section)).collect(),
            meets: sections.iter().filter_map(meets).collect(),
            quality: records.map_or(quality, |records| quality.max(records.quality)),
            has_layer: atlas.layer(Theme::MonitoringSections).is_some(),
        }
    }

    fn draft(&self, id: &'static str, unit: &'static str, target: f64) -> Draft {
        let draft = Draft::new(id, unit, target, id).worth(self.quality);
        draft.with("sections", self.national as f64).with("with_samples", self.classes.len() as f64)
    }

    fn missing(&self) -> NoValue {
        if self.has_layer { NoValue::NoSamples } else { NoValue::NoLayer }
    }

    fn good(&self) -> Target {
        let good = self.classes.iter().filter(|class| **class <= WaterClass::Third).count() as f64;
        let draft = self.draft("good_sections", "percent", 70.0).with("good", good);
        if self.classes.is_empty() { draft.open(self.missing()) } else { draft.share(good, self.classes.len() as f64) }
    }

    fn worse_than_fifth(&self) -> Target {
        let worse = self.classes.iter().filter(|class| **class == WaterClass::WorseThanFifth).count() as f64;
        let draft = Draft { comparison: Comparison::AtMost, ..self.draft("worse_than_fifth", "count", 0.0) };
        if self.classes.is_empty() { draft.open(self.missing()) } else { draft.value(worse) }
    }

    fn meeting(&self) -> Target {
        let meeting = self.meets.iter().filter(|meets| **meets).count() as f64;
        let draft = Draft::new("sections_meeting", "count", 45.0, "sections_meeting").worth(self.quality);
        let draft = draft.with("sections", self.all as f64).with("with_samples", self.meets.len() as f64);
        if self.meets.is_empty() { draft.open(self.missing()) } else { draft.value(meeting) }
    }
}

/// A river counts as treated when every line of its list of measures is done.
fn rivers_treated(atlas: &Atlas, as_of: Date) -> Target {
    let draft = Draft::new("rivers_treated", "count", 161.0, "rivers_treated");
    let Some(records) = atlas.governance.as_ref() else { return draft.open(NoValue::NoLayer) };
    let rivers = features(atlas, Theme::Rivers);
    let duties: Vec<_> =
        rivers.iter().filter_map(|river| records.record(&river.id)).map(|record| duty(record, as_of)).collect();
    let measures = duties.iter().filter_map(|duty| duty.lists.get(&ListKind::Measures));
    let treated = measures.filter(|list| list.total > 0 && list.open == 0).count();
    let draft = draft.worth(records.quality.max(atlas.worst_quality(&[Theme::Rivers])));
    draft.with("records", duties.len() as f64).value(treated as f64)
}

/// Cleared is 长制久清 with its day not after the day asked for; 初见成效 is told beside.
fn black_odour_cleared(atlas: &Atlas, as_of: Date) -> Target {
    let draft = Draft::new("black_odour_cleared", "count", 38.0, "black_odour_cleared");
    let waters = features(atlas, Theme::BlackOdourWaters);
    if atlas.layer(Theme::BlackOdourWaters).is_none() {
        return draft.open(NoValue::NoLayer);
    }
    let of = |status: &str| waters.iter().filter(|water| water.text("status") == status).count() as f64;
    let is_cleared = |water: &&&Feature| {
        water.text("status") == "long_term" && water.date("cleared_on").is_none_or(|cleared| cleared <= as_of)
    };
    let cleared = waters.iter().filter(is_cleared).count() as f64;
    let draft = draft.with("initial_effect", of("initial_effect")).with("relapsed", of("relapsed"));
    draft.worth(atlas.worst_quality(&[Theme::BlackOdourWaters])).value(cleared)
}

/// Farms of which something is required: closing in the ban zones, renovation elsewhere.
fn farms(atlas: &Atlas, id: &'static str, required: &str) -> Target {
    let draft = Draft::new(id, "percent", 100.0, id);
    if atlas.layer(Theme::Farms).is_none() {
        return draft.open(NoValue::NoLayer);
    }
    let farms = features(atlas, Theme::Farms);
    let bound: Vec<&&Feature> = farms.iter().filter(|farm| farm.text("required") == required).collect();
    let done = bound.iter().filter(|farm| farm.flag("done")).count() as f64;
    let draft = draft.with("required", bound.len() as f64).with("done", done);
    draft.worth(atlas.worst_quality(&[Theme::Farms])).share(done, bound.len() as f64)
}

/// Of the plots found contaminated that are to be used again, the share by area whose treatment was evaluated or that
/// left the register (污染地块安全利用率).
fn plots(atlas: &Atlas) -> Target {
    let draft = Draft::new("plots_safe", "percent", 90.0, "plots_safe");
    if atlas.layer(Theme::ContaminatedPlots).is_none() {
        return draft.open(NoValue::NoLayer);
    }
    let safe = ["evaluated", "removed", "aftercare"];
    let found = ["contaminated", "detailed", "listed", "controlling", "evaluated", "removed", "aftercare"];
    let plots = features(atlas, Theme::ContaminatedPlots);
    let reused: Vec<&&Feature> = plots
        .iter()
        .filter(|plot| found.contains(&plot.text("status")) && !plot.value("planned_use").is_null())
        .collect();
    let hectares =
        |plots: &mut dyn Iterator<Item = &&&Feature>| -> f64 { plots.filter_map(|plot| plot.number("area_ha")).sum() };
    let whole = hectares(&mut reused.iter());
    let part = hectares(&mut reused.iter().filter(|plot| safe.contains(&plot.text("status"))));
    let round = |value: f64| (value * 100.0).round() / 100.0;
    let draft = draft.with("plots", reused.len() as f64).with("safe_ha", round(part)).with("all_ha", round(whole));
    draft.worth(atlas.worst_quality(&[Theme::ContaminatedPlots])).share(part, whole)
}

impl Waters {
    /// The plan's targets at a day.
    pub fn targets(&self, atlas: &Atlas, as_of: Date) -> TargetReport {
        targets(atlas, as_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{Layer, LayerId, Manifest, Source, Value};
    use geo::{Coord, Rect};
    use std::sync::Arc;

    fn zone(id: &str, west: f64, width: f64) -> Feature {
        let rect = Rect::new(Coord { x: west, y: 31.4 }, Coord { x: west + width, y: 31.5 });
        Feature { id: id.into(), shape: Some(Geometry::Polygon(rect.to_polygon())), values: vec![] }
    }

    fn atlas(layers: Vec<(Theme, Vec<Feature>)>) -> Atlas {
        let manifest = "title = \"t\"\nversion = \"1\"\nas_of = \"2026-10-31\"\ncity_area_km2 = 1000.0";
        let manifest: Manifest = toml::from_str(manifest).unwrap();
        let layers = (0..)
            .zip(layers)
            .map(|(id, (theme, features))| {
                Arc::new(Layer::new(LayerId(id), theme, String::new(), Source::default(), features))
            })
            .collect();
        Atlas { manifest, layers, governance: None }
    }

    fn target(atlas: &Atlas, id: &str) -> Target {
        let report = targets(atlas, "2026-10-31".parse().unwrap());
        report.targets.into_iter().find(|target| target.id == id).unwrap()
    }

    /// Two zones of 0.2° that overlap by half: 0.3° × 0.1° dissolved, 316.175 837 km² by pyproj 3.7 (parallels cut).
    #[test]
    fn overlapping_zones_count_once() {
        let zones = vec![zone("1", 120.0, 0.2), zone("2", 120.1, 0.2)];
        let share = target(&atlas(vec![(Theme::RedlineZones, zones)]), "redline_share");
        let expected = PYPROJ_KM2 / 1000.0 * 100.0;
        assert!((share.value.unwrap() - expected).abs() < 2e-4, "{share:?} {expected}");
        assert_eq!(share.met, Some(true));
        assert!((share.how.parameters["sum_km2"] - PYPROJ_KM2 * 4.0 / 3.0).abs() < 0.02);
    }

    const PYPROJ_KM2: f64 = 316.175_837;

    #[test]
    fn what_lies_outside_the_city_does_not_count() {
        let zones = vec![zone("1", 120.0, 0.2), zone("2", 120.1, 0.2)];
        let city = vec![zone("c", 120.0, 0.1), zone("d", 120.1, 0.05)];
        let share = target(&atlas(vec![(Theme::RedlineZones, zones), (Theme::Districts, city)]), "redline_share");
        assert!((share.value.unwrap() - PYPROJ_KM2 / 2.0 / 10.0).abs() < 2e-4);
        assert_eq!((share.met, share.gap.unwrap() < 0.0), (Some(false), true));
    }

    #[test]
    fn what_is_not_loaded_is_open_and_never_zero() {
        let report = targets(&atlas(vec![]), "2026-10-31".parse().unwrap());
        assert!(report.targets.iter().all(|target| target.value.is_none() && target.reason.is_some()));
        let empty = target(&atlas(vec![(Theme::Farms, vec![])]), "livestock_closed");
        assert_eq!((empty.value, empty.reason), (None, Some(NoValue::NothingToCount)));
    }

    #[test]
    fn farms_and_plots_are_counted_by_what_is_required_of_them() {
        let thing = |id: &str, values: &[(&str, Value)]| Feature {
            id: id.into(),
            shape: None,
            values: values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        };
        let text = |word: &str| Value::Text(word.into());
        let farms = vec![
            thing("1", &[("required", text("close")), ("done", Value::Bool(true))]),
            thing("2", &[("required", text("close")), ("done", Value::Bool(false))]),
            thing("3", &[("required", text("renovate")), ("done", Value::Bool(true))]),
        ];
        let plots = vec![
            thing(
                "1",
                &[("status", text("removed")), ("planned_use", Value::Integer(1)), ("area_ha", Value::Real(3.0))],
            ),
            thing(
                "2",
                &[("status", text("listed")), ("planned_use", Value::Integer(2)), ("area_ha", Value::Real(1.0))],
            ),
            thing(
                "3",
                &[("status", text("suspected")), ("planned_use", Value::Integer(1)), ("area_ha", Value::Real(9.0))],
            ),
            thing("4", &[("status", text("listed")), ("area_ha", Value::Real(9.0))]),
        ];
        let atlas = atlas(vec![(Theme::Farms, farms), (Theme::ContaminatedPlots, plots)]);
        assert_eq!(target(&atlas, "livestock_closed").value, Some(50.0));
        assert_eq!(target(&atlas, "livestock_renovated").met, Some(true));
        assert_eq!(target(&atlas, "plots_safe").value, Some(75.0));
    }
}
