//! Everything about one water at a day: chiefs, class now and due, months, trend, lists, problems, patrols, neighbours.

use super::duty::{Duty, duty};
use super::network::Network;
use super::odour::{OdourGrade, OdourSample, grade_point, odour_indicators};
use super::quality::{Assessment, BodyKind, WaterClass, assess, mean};
use crate::atlas::{Atlas, Chief, Date, Feature, Problem, Quality, Sample, Theme, WaterRecord};
use serde::Serialize;
use std::collections::BTreeMap;

/// A month of monitoring with its class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthClass {
    /// "2026-10".
    pub month: String,
    /// Its class; absent when nothing was measured.
    pub class: Option<WaterClass>,
    /// Whether the target is met; absent without class or target.
    pub meets: Option<bool>,
    /// Mean values, indicator code → value.
    pub values: BTreeMap<String, f64>,
}

/// Change between two periods by classes (环办〔2011〕22号 三): one class is better or worse, two or more are markedly so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// 明显好转
    MarkedlyBetter,
    /// 有所好转
    Better,
    /// 无明显变化
    Unchanged,
    /// 有所下降
    Worse,
    /// 明显下降
    MarkedlyWorse,
}

/// The last twelve months against the twelve before, by the class of the means.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// The change.
    pub change: Change,
    /// Class of the mean of the twelve months before.
    pub before: WaterClass,
    /// Class of the mean of the last twelve months.
    pub after: WaterClass,
}

/// State of a black-odour water.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OdourState {
    /// Grade when it was listed.
    pub listed: Option<OdourGrade>,
    /// Where its treatment stands: identified, planned, treating, initial_effect, long_term or relapsed.
    pub status: String,
    /// Day it was found.
    pub found: Option<Date>,
    /// Day it was cleared.
    pub cleared_on: Option<Date>,
    /// Grade by the readings it carries.
    pub measured: Option<OdourGrade>,
    /// Readings, code → value.
    pub readings: BTreeMap<String, f64>,
}

/// Traffic light of a water.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Light {
    /// Worse than its target for three months running, a problem late, or black and smelling again.
    Red,
    /// Worse than its target now, or a list line or patrol late.
    Yellow,
    /// None of these.
    Green,
    /// No sample in ninety days.
    Grey,
}

/// Why a light is not green.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LightReason {
    /// Worse than the target for this many months running.
    WorseThanTarget {
        /// Months.
        months: usize,
    },
    /// Problems past their day.
    OverdueProblems {
        /// How many.
        count: usize,
    },
    /// List lines past their day.
    OverdueItems {
        /// How many.
        count: usize,
    },
    /// Ranks whose patrol is late.
    OverduePatrols {
        /// How many.
        count: usize,
    },
    /// Black and smelling again.
    Relapsed,
    /// No sample in ninety days.
    NoRecentSample,
}

/// Months worse than the target that make a light red.
const RED_MONTHS: usize = 3;
/// Days after which samples say nothing of today.
const STALE_DAYS: i64 = 90;

/// A water up or down the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Neighbour {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Everything about one water.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WaterSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Rivers or black-odour waters.
    pub theme: Theme,
    /// Its district, or several.
    pub district: String,
    /// Its grade: basin … town for rivers, light or heavy for black-odour waters.
    pub grade: String,
    /// Length in kilometres.
    pub length_km: Option<f64>,
    /// Worth of its data, those of its record included.
    pub quality: Quality,
    /// Whether it is an invented example.
    pub example: bool,
    /// Chain of duty, highest first.
    pub chiefs: Vec<Chief>,
    /// Class due.
    pub target: Option<WaterClass>,
    /// Month of the latest sample.
    pub month: Option<String>,
    /// Class of the latest month and what decides it, held against the target (Ⅲ where there is none).
    pub current: Option<Assessment>,
    /// Whether it meets its target now.
    pub meets: Option<bool>,
    /// Months worse than the target up to now, without a break.
    pub failing_months: usize,
    /// The last twenty-four months, oldest first.
    pub months: Vec<MonthClass>,
    /// Change of the last year against the one before.
    pub trend: Option<Trend>,
    /// Black-odour state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub odour: Option<OdourState>,
    /// Id of the section that speaks for it.
    pub section: Option<String>,
    /// Lists, problems and patrols.
    pub duty: Duty,
    /// The problems themselves, open ones first, newest first.
    pub problems: Vec<Problem>,
    /// Traffic light.
    pub light: Light,
    /// Why it is not green.
    pub light_reasons: Vec<LightReason>,
    /// Rivers that give it water.
    pub upstream: Vec<Neighbour>,
    /// Rivers that take its water.
    pub downstream: Vec<Neighbour>,
}

/// The waters of an atlas with their network, built once.
#[derive(Debug, Default)]
pub struct Waters {
    /// How the rivers flow.
    pub network: Network,
}

impl Waters {
    /// Builds the network of an atlas.
    pub fn new(atlas: &Atlas) -> Self {
        Waters { network: atlas.layer(Theme::Rivers).map(|rivers| Network::build(rivers)).unwrap_or_default() }
    }

    /// The day at which an atlas is judged unless told otherwise: that of its records.
    pub fn as_of(atlas: &Atlas) -> Date {
        atlas.governance.as_ref().map_or(atlas.manifest.as_of, |records| records.as_of)
    }

    /// All waters in the order of their layers: rivers, then black-odour waters.
    pub fn summaries(&self, atlas: &Atlas, as_of: Date) -> Vec<WaterSummary> {
        let features = waters(atlas);
        features.map(|(theme, feature)| self.of_feature(atlas, theme, feature, as_of)).collect()
    }

    /// One water by its id.
    pub fn summary(&self, atlas: &Atlas, id: &str, as_of: Date) -> Option<WaterSummary> {
        let (theme, feature) = waters(atlas).find(|(_, feature)| feature.id == id)?;
        Some(self.of_feature(atlas, theme, feature, as_of))
    }

    /// Ids of the waters of this id, code or name; where none is exact, of those whose name holds the words.
    pub fn find(&self, atlas: &Atlas, words: &str) -> Vec<String> {
        let words = words.trim();
        if words.is_empty() {
            return Vec::new();
        }
        let ids = |is_one: &dyn Fn(&Feature) -> bool| -> Vec<String> {
            waters(atlas).filter(|(_, feature)| is_one(feature)).map(|(_, feature)| feature.id.clone()).collect()
        };
        let is_named = |feature: &Feature| {
            [feature.id.as_str(), feature.text("code"), feature.name()]
                .iter()
                .any(|own| own.eq_ignore_ascii_case(words))
        };
        let exact = ids(&is_named);
        if exact.is_empty() { ids(&|feature| feature.name().contains(words)) } else { exact }
    }

    fn of_feature(&self, atlas: &Atlas, theme: Theme, feature: &Feature, as_of: Date) -> WaterSummary {
        let records = atlas.governance.as_ref();
        let empty = WaterRecord {
            waterbody: feature.id.clone(),
            chiefs: vec![],
            patrols: vec![],
            lists: BTreeMap::new(),
            problems: vec![],
            samples: vec![],
        };
        let record = records.and_then(|records| records.record(&feature.id)).unwrap_or(&empty);
        let target = feature.number("target_class").and_then(|number| WaterClass::from_number(number as i64));
        let against = target.unwrap_or(WaterClass::Third);

        let samples = known_samples(record, as_of);
        let months: Vec<MonthClass> = samples.iter().rev().take(24).rev().map(|sample| month(sample, target)).collect();
        let latest = samples.iter().rev().find(|sample| !sample.values.is_empty());
        let current = latest.map(|sample| assess(&sample.values, BodyKind::River, against));
        let meets = current.as_ref().and_then(|current| Some(current.class? <= target?));
        let failing_months = months.iter().rev().take_while(|month| month.meets == Some(false)).count();

        let duty = duty(record, as_of);
        let odour = (theme == Theme::BlackOdourWaters).then(|| odour_state(feature));
        let is_relapsed = odour.as_ref().is_some_and(|odour| odour.status == "relapsed");
        let is_stale = latest.is_none_or(|sample| is_stale(&sample.month, as_of));
        let (light, light_reasons) = light(&duty, failing_months, is_relapsed, is_stale);

        let mut problems = record.problems.clone();
        let is_closed = |problem: &Problem| problem.state == crate::atlas::ProblemState::Closed;
        problems.sort_by(|a, b| is_closed(a).cmp(&is_closed(b)).then(b.found_on.cmp(&a.found_on)));
        let named = |ids: Vec<&str>| -> Vec<Neighbour> {
            let neighbour =
                |id: &str| Neighbour { id: id.to_owned(), name: self.network.name_of(id).unwrap_or(id).to_owned() };
            ids.into_iter().map(neighbour).collect()
        };
        WaterSummary {
            id: feature.id.clone(),
            name: feature.name().to_owned(),
            theme,
            district: feature.text("district").to_owned(),
            grade: feature.text("grade").to_owned(),
            length_km: feature.number("length_km").or_else(|| Some(feature.number("length_m")? / 1000.0)),
            quality: records.map_or(feature.quality(), |records| feature.quality().max(records.quality)),
            example: feature.flag("example"),
            chiefs: record.chiefs.clone(),
            target,
            month: latest.map(|sample| sample.month.clone()),
            trend: trend(&samples),
            current,
            meets,
            failing_months,
            months,
            odour,
            section: Some(feature.text("section").to_owned()).filter(|section| !section.is_empty()),
            duty,
            problems,
            light,
            light_reasons,
            upstream: named(self.network.upstream_of(&feature.id)),
            downstream: named(self.network.downstream_of(&feature.id)),
        }
    }
}

fn waters(atlas: &Atlas) -> impl Iterator<Item = (Theme, &Feature)> {
    [Theme::Rivers, Theme::BlackOdourWaters].into_iter().flat_map(|theme| {
        atlas.layers_of(theme).flat_map(|layer| layer.features()).map(move |feature| (theme, feature))
    })
}

/// Samples of months that have begun at the day, oldest first.
pub(super) fn known_samples(record: &WaterRecord, as_of: Date) -> Vec<&Sample> {
    let this_month = format!("{:04}-{:02}", as_of.year(), as_of.month());
    let mut samples: Vec<&Sample> = record.samples.iter().filter(|sample| sample.month <= this_month).collect();
    samples.sort_by(|a, b| a.month.cmp(&b.month));
    samples
}

fn month(sample: &Sample, target: Option<WaterClass>) -> MonthClass {
    let class = assess(&sample.values, BodyKind::River, target.unwrap_or(WaterClass::Third)).class;
    MonthClass {
        month: sample.month.clone(),
        class,
        meets: class.zip(target).map(|(class, target)| class <= target),
        values: sample.values.clone(),
    }
}

/// Whether more than ninety days have passed since the end of a month.
fn is_stale(month: &str, as_of: Date) -> bool {
    let Ok(first) = format!("{month}-01").parse::<Date>() else { return true };
    let stale = first.last_of_month().checked_add(jiff::Span::new().days(STALE_DAYS));
    stale.is_ok_and(|day| day < as_of)
}

fn trend(samples: &[&Sample]) -> Option<Trend> {
    let recent: Vec<&&Sample> = samples.iter().rev().take(24).collect();
    let class = |part: &[&&Sample]| {
        let values = mean(part.iter().map(|sample| &sample.values));
        assess(&values, BodyKind::River, WaterClass::Third).class
    };
    // without two full years there is nothing to compare
    let (after, before) = (class(recent.get(..12)?)?, class(recent.get(12..24)?)?);
    let steps = i32::from(after.number()) - i32::from(before.number());
    let change = match steps {
        ..=-2 => Change::MarkedlyBetter,
        -1 => Change::Better,
        0 => Change::Unchanged,
        1 => Change::Worse,
        _ => Change::MarkedlyWorse,
    };
    Some(Trend { change, before, after })
}

fn odour_state(feature: &Feature) -> OdourState {
    let codes = odour_indicators().iter().map(|indicator| indicator.code.clone());
    let readings: BTreeMap<String, f64> =
        codes.filter_map(|code| feature.number(&code).map(|value| (code, value))).collect();
    let sample = OdourSample { values: readings.clone(), depth_cm: feature.number("depth_cm") };
    OdourState {
        listed: match feature.text("grade") {
            "light" => Some(OdourGrade::Light),
            "heavy" => Some(OdourGrade::Heavy),
            _ => None,
        },
        status: feature.text("status").to_owned(),
        found: feature.date("found"),
        cleared_on: feature.date("cleared_on"),
        measured: grade_point(&[sample]),
        readings,
    }
}

fn light(duty: &Duty, failing_months: usize, is_relapsed: bool, is_stale: bool) -> (Light, Vec<LightReason>) {
    let mut reasons = Vec::new();
    if failing_months > 0 {
        reasons.push(LightReason::WorseThanTarget { months: failing_months });
    }
    if !duty.overdue_problems.is_empty() {
        reasons.push(LightReason::OverdueProblems { count: duty.overdue_problems.len() });
    }
    if !duty.overdue_items.is_empty() {
        reasons.push(LightReason::OverdueItems { count: duty.overdue_items.len() });
    }
    let late_patrols = duty.patrols.iter().filter(|patrol| patrol.is_overdue).count();
    if late_patrols > 0 {
        reasons.push(LightReason::OverduePatrols { count: late_patrols });
    }
    if is_relapsed {
        reasons.push(LightReason::Relapsed);
    }
    let is_red = failing_months >= RED_MONTHS || !duty.overdue_problems.is_empty() || is_relapsed;
    let is_yellow = !reasons.is_empty();
    if is_stale {
        reasons.push(LightReason::NoRecentSample);
    }
    let light = match (is_red, is_stale, is_yellow) {
        (true, _, _) => Light::Red,
        (false, true, _) => Light::Grey,
        (false, false, true) => Light::Yellow,
        (false, false, false) => Light::Green,
    };
    (light, reasons)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{Governance, Manifest};
    use std::sync::Arc;

    fn atlas(record: serde_json::Value) -> Atlas {
        let manifest: Manifest = toml::from_str("title = \"t\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let governance: Governance = serde_json::from_value(serde_json::json!({
            "as_of": "2026-10-31", "quality": "schematic", "records": [record]
        }))
        .unwrap();
        let mut rivers = super::super::network::tests::loop_of_four();
        let features: Vec<Feature> = rivers
            .features()
            .iter()
            .cloned()
            .map(|mut feature| {
                feature.values.push(("target_class".into(), crate::atlas::Value::Integer(3)));
                feature
            })
            .collect();
        rivers = crate::atlas::Layer::new(rivers.id, rivers.theme, String::new(), rivers.source.clone(), features);
        Atlas { manifest, layers: vec![Arc::new(rivers)], governance: Some(Arc::new(governance)) }
    }

    fn months(ammonia: impl Fn(usize) -> f64) -> Vec<serde_json::Value> {
        let sample = |number: usize| {
            let (year, month) = (2024 + (number + 10) / 12, (number + 10) % 12 + 1);
            serde_json::json!({"month": format!("{year}-{month:02}"), "values": {"NH3N": ammonia(number), "DO": 6.0}})
        };
        (0..24).map(sample).collect()
    }

    fn summary(record: serde_json::Value) -> WaterSummary {
        let atlas = atlas(record);
        Waters::new(&atlas).summary(&atlas, "A", Waters::as_of(&atlas)).unwrap()
    }

    #[test]
    fn a_year_better_by_one_class_is_better() {
        let found = summary(serde_json::json!({
            "waterbody": "A", "samples": months(|number| if number < 12 { 1.4 } else { 0.9 })
        }));
        assert_eq!((found.month.as_deref(), found.months.len()), (Some("2026-10"), 24));
        assert_eq!(found.trend.as_ref().map(|trend| trend.change), Some(Change::Better));
        assert_eq!((found.meets, found.failing_months, found.light), (Some(true), 0, Light::Green));
        assert_eq!(found.months[0].meets, Some(false));
        assert_eq!((found.upstream.len(), found.downstream[0].name.as_str()), (2, "示例D"));
    }

    #[test]
    fn three_months_worse_than_the_target_are_red_and_one_is_yellow() {
        for (bad, light) in [(1, Light::Yellow), (2, Light::Yellow), (3, Light::Red)] {
            let found = summary(serde_json::json!({
                "waterbody": "A", "samples": months(|number| if number >= 24 - bad { 1.8 } else { 0.5 })
            }));
            assert_eq!((found.failing_months, found.light), (bad, light));
            let current = found.current.unwrap();
            assert_eq!((current.class, current.deciding[0].times_over), (Some(WaterClass::Fifth), Some(0.8)));
        }
    }

    #[test]
    fn a_late_problem_is_red_and_a_water_without_samples_is_grey() {
        let late = summary(serde_json::json!({
            "waterbody": "A", "samples": months(|_| 0.5),
            "problems": [{"id": "P", "found_on": "2026-01-01", "source": "patrol", "category": "dumping", "text": "x",
                          "state": "treating", "deadline": "2026-10-30"}]
        }));
        assert_eq!((late.light, late.light_reasons), (Light::Red, vec![LightReason::OverdueProblems { count: 1 }]));
        let bare = summary(serde_json::json!({"waterbody": "A"}));
        assert_eq!((bare.light, bare.current, bare.trend), (Light::Grey, None, None));
        let old = summary(serde_json::json!({
            "waterbody": "A", "samples": [{"month": "2026-07", "values": {"DO": 6.0}}]
        }));
        assert_eq!(old.light, Light::Grey);
        let fresh = summary(serde_json::json!({
            "waterbody": "A", "samples": [{"month": "2026-08", "values": {"DO": 6.0}}]
        }));
        assert_eq!(fresh.light, Light::Green);
    }

    #[test]
    fn waters_are_found_by_id_and_by_part_of_their_name() {
        let atlas = atlas(serde_json::json!({"waterbody": "A"}));
        let waters = Waters::new(&atlas);
        assert_eq!(waters.find(&atlas, "示例T"), ["T"]);
        assert_eq!(waters.find(&atlas, "a"), ["A"]);
        assert_eq!(waters.find(&atlas, "示例").len(), 4);
        assert!(waters.find(&atlas, " ").is_empty());
    }
}
