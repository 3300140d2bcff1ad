//! Sentences about waters: class, duty, targets, traces.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

type Words = BTreeMap<String, String>;

/// Sentences about waters; the tables hold the words of the codes that [`crate::waters`] answers with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct WatersText {
    pub class: String,
    pub class_beyond: String,
    pub no_class: String,
    pub times_over: String,
    pub not_met: String,
    pub held: String,
    pub measured: String,
    pub meets: String,
    pub fails: String,
    pub list_head: String,
    pub column_id: String,
    pub column_name: String,
    pub column_district: String,
    pub column_grade: String,
    pub column_class: String,
    pub column_trend: String,
    pub column_light: String,
    pub column_overdue: String,
    pub column_open: String,
    pub column_patrol: String,
    pub column_target: String,
    pub column_value: String,
    pub column_gap: String,
    pub column_how: String,
    pub column_distance: String,
    pub column_length: String,
    pub column_section: String,
    pub column_date: String,
    pub column_deciding: String,
    pub column_measured: String,
    pub head_chiefs: String,
    pub head_quality: String,
    pub head_months: String,
    pub head_lists: String,
    pub head_problems: String,
    pub head_patrols: String,
    pub head_neighbours: String,
    pub head_odour: String,
    pub head_reaches: String,
    pub head_sections: String,
    pub head_outfalls: String,
    pub head_sources: String,
    pub head_outlets: String,
    pub list_line: String,
    pub next_deadline: String,
    pub overdue_item: String,
    pub overdue_problem: String,
    pub problem_count: String,
    pub patrol_line: String,
    pub patrol_never: String,
    pub patrol_late: String,
    pub upstream: String,
    pub downstream: String,
    pub none: String,
    pub not_found: String,
    pub several: String,
    pub trace_head: String,
    pub trace_total: String,
    pub trace_far: String,
    pub source_zone: String,
    pub source_mouth: String,
    pub outlet_into: String,
    pub bad_place: String,
    pub targets_head: String,
    pub sample_below: String,
    pub sample_unknown: String,
    pub sample_not_number: String,
    pub sample_no_limit: String,
    pub sample_repeated: String,
    pub samples_empty: String,
    pub samples_no_indicator: String,
    pub no_reason_values: String,
    pub no_reason_indicator: String,
    pub table_broken: String,
    pub quality_head: String,
    pub body_river: String,
    pub body_lake: String,
    pub nitrogen: String,
    pub light: Words,
    pub light_reason: Words,
    pub change: Words,
    pub level: Words,
    pub role: Words,
    pub list: Words,
    pub state: Words,
    pub problem_source: Words,
    pub category: Words,
    pub odour: Words,
    pub odour_status: Words,
    pub direction: Words,
    pub end: Words,
    pub protection: Words,
    pub no_value: Words,
    pub target: BTreeMap<String, TargetText>,
}

/// Name of a target and how its figure is computed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct TargetText {
    pub name: String,
    pub how: String,
}

/// The word of a coded answer in one of the tables, or its code where the table has none.
pub fn word<T: Serialize>(words: &BTreeMap<String, String>, answer: &T) -> String {
    let code = match serde_json::to_value(answer) {
        Ok(serde_json::Value::String(code)) => code,
        _ => String::new(),
    };
    words.get(&code).cloned().unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{ChiefLevel, ChiefRole, ListKind, ProblemState};
    use crate::text::{Language, Text};
    use crate::waters::{Change, Direction, End, Light, LightReason, NoValue, OdourGrade};

    fn check<T: Serialize + std::fmt::Debug>(words: &BTreeMap<String, String>, answers: &[T]) {
        for answer in answers {
            let code = serde_json::to_value(answer).unwrap();
            assert!(words.contains_key(code.as_str().unwrap()), "{answer:?}");
        }
        assert_eq!(words.len(), answers.len());
    }

    #[test]
    fn every_answer_has_its_word_in_both_languages() {
        for language in [Language::Zh, Language::En] {
            let text = &Text::of(language).waters;
            check(&text.light, &[Light::Red, Light::Yellow, Light::Green, Light::Grey]);
            check(
                &text.change,
                &[Change::MarkedlyBetter, Change::Better, Change::Unchanged, Change::Worse, Change::MarkedlyWorse],
            );
            check(&text.level, &[ChiefLevel::City, ChiefLevel::County, ChiefLevel::Town, ChiefLevel::Village]);
            check(&text.role, &[ChiefRole::Chief, ChiefRole::Police, ChiefRole::Department]);
            check(&text.list, &ListKind::ALL);
            check(&text.state, &ProblemState::ALL);
            check(&text.odour, &[OdourGrade::None, OdourGrade::Light, OdourGrade::Heavy]);
            check(&text.direction, &[Direction::Up, Direction::Down]);
            check(&text.end, &[End::Mouth, End::LeavesCity, End::Blind, End::Source, End::EntersCity]);
            check(
                &text.no_value,
                &[
                    NoValue::NoLayer,
                    NoValue::NoCityArea,
                    NoValue::NoSamples,
                    NoValue::NothingToCount,
                    NoValue::NeedsEarlierVersion,
                    NoValue::OverlayFailed,
                ],
            );
            for reason in [
                LightReason::WorseThanTarget { months: 1 },
                LightReason::OverdueProblems { count: 1 },
                LightReason::OverdueItems { count: 1 },
                LightReason::OverduePatrols { count: 1 },
                LightReason::Relapsed,
                LightReason::NoRecentSample,
            ] {
                let code = serde_json::to_value(&reason).unwrap();
                assert!(text.light_reason.contains_key(code["kind"].as_str().unwrap()), "{reason:?}");
            }
        }
    }

    #[test]
    fn every_target_has_its_name_and_its_method() {
        let manifest = toml::from_str("title = \"t\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let atlas = crate::atlas::Atlas { manifest, layers: vec![], governance: None };
        let report = crate::waters::targets(&atlas, "2026-10-31".parse().unwrap());
        for language in [Language::Zh, Language::En] {
            let words = &Text::of(language).waters.target;
            assert_eq!(words.len(), report.targets.len());
            assert!(report.targets.iter().all(|target| words.contains_key(target.id)));
        }
    }
}
