//! Sentences of how firmly a finding stands.

use super::siting::grouped;
use super::{Text, fill};
use crate::siting::{CertaintyReason, Finding};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Sentences of how firmly a finding stands.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CertaintyText {
    pub head: String,
    pub because: String,
    pub between: String,
    pub depth: String,
    pub bearing: String,
    pub winds: Vec<String>,
    pub unverified: String,
    pub grade: BTreeMap<String, String>,
    pub reason: BTreeMap<String, String>,
}

/// The word of a finding's grade.
pub fn grade_word<'a>(finding: &Finding, text: &'a Text) -> &'a str {
    let code = finding.certainty_grade.code();
    text.certainty.grade.get(code).map_or(code, String::as_str)
}

/// One reason as a sentence.
pub fn reason_sentence(reason: &CertaintyReason, text: &Text) -> String {
    let code = reason.code();
    let words = text.certainty.reason.get(code).map_or(code, String::as_str);
    let metres = |value: f64| trimmed(value);
    let quality;
    let values: Vec<(&str, String)> = match *reason {
        CertaintyReason::DeeperThanAccuracy { depth_m, accuracy_m }
        | CertaintyReason::WithinAccuracy { depth_m, accuracy_m } => {
            vec![("depth_m", metres(depth_m)), ("accuracy_m", metres(accuracy_m))]
        }
        CertaintyReason::ReachesIntoSite { reach_m, accuracy_m } => {
            vec![("reach_m", metres(reach_m)), ("accuracy_m", metres(accuracy_m))]
        }
        CertaintyReason::InsideByAccuracy { accuracy_m } => vec![("accuracy_m", metres(accuracy_m))],
        CertaintyReason::NearerThanAccuracy { distance_m, accuracy_m }
        | CertaintyReason::FartherThanAccuracy { distance_m, accuracy_m } => {
            vec![("distance_m", metres(distance_m)), ("accuracy_m", metres(accuracy_m))]
        }
        CertaintyReason::Sliver { mean_width_m, area_m2 } => {
            vec![("mean_width_m", metres(mean_width_m)), ("area_m2", metres(area_m2))]
        }
        CertaintyReason::OneBorderDrawnTwice { depth_m, limit_m } => {
            vec![("depth_m", metres(depth_m)), ("limit_m", metres(limit_m))]
        }
        CertaintyReason::ProjectionChord { bend_m, depth_m } => {
            vec![("bend_m", metres(bend_m)), ("depth_m", metres(depth_m))]
        }
        CertaintyReason::AccuracyAssumed { quality: worth, accuracy_m } => {
            quality = text.common.quality(worth).to_owned();
            vec![("quality", quality), ("accuracy_m", metres(accuracy_m))]
        }
    };
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(words, &values)
}

/// Grade and reasons of a finding in one sentence.
pub fn sentence(finding: &Finding, text: &Text) -> String {
    let reasons = grounds(finding, text);
    fill(&text.certainty.because, &[("grade", grade_word(finding, text)), ("reasons", &reasons)])
}

/// The reasons of a finding's grade, one after another.
pub fn grounds(finding: &Finding, text: &Text) -> String {
    let reasons: Vec<String> = finding.certainty_reasons.iter().map(|reason| reason_sentence(reason, text)).collect();
    reasons.join(&text.certainty.between)
}

/// How deep and in which direction, to stand after the figures of a finding; empty when neither is known.
pub fn position(finding: &Finding, text: &Text) -> String {
    let words = &text.certainty;
    let depth = finding.depth_m.map(|metres| fill(&words.depth, &[("m", &grouped(metres, 2))]));
    depth.unwrap_or_default() + &bearing(finding.bearing_deg, text)
}

/// A direction in degrees and as a wind; empty when it is not known.
pub fn bearing(degrees: Option<f64>, text: &Text) -> String {
    let words = &text.certainty;
    let told = degrees.map(|degrees| {
        let place = (degrees / 45.0).round().rem_euclid(8.0) as usize;
        let wind = words.winds.get(place).map_or("", String::as_str);
        fill(&words.bearing, &[("degrees", &format!("{degrees:.0}")), ("wind", wind)])
    });
    told.unwrap_or_default()
}

/// Two digits where they count, more below a decimetre.
fn trimmed(value: f64) -> String {
    let digits = if value.abs() >= 100.0 {
        1
    } else if value.abs() >= 0.1 {
        2
    } else {
        3
    };
    let plain = grouped(value, digits);
    plain.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Quality;
    use crate::text::Language;

    #[test]
    fn every_reason_has_a_sentence_with_all_its_figures() {
        let (one, two) = (1.25, 5.0);
        let reasons = [
            CertaintyReason::DeeperThanAccuracy { depth_m: one, accuracy_m: two },
            CertaintyReason::ReachesIntoSite { reach_m: one, accuracy_m: two },
            CertaintyReason::InsideByAccuracy { accuracy_m: two },
            CertaintyReason::WithinAccuracy { depth_m: one, accuracy_m: two },
            CertaintyReason::NearerThanAccuracy { distance_m: one, accuracy_m: two },
            CertaintyReason::FartherThanAccuracy { distance_m: one, accuracy_m: two },
            CertaintyReason::Sliver { mean_width_m: one, area_m2: two },
            CertaintyReason::OneBorderDrawnTwice { depth_m: one, limit_m: two },
            CertaintyReason::ProjectionChord { bend_m: two, depth_m: one },
            CertaintyReason::AccuracyAssumed { quality: Quality::Schematic, accuracy_m: two },
        ];
        for language in [Language::Zh, Language::En] {
            let text = Text::of(language);
            assert_eq!(text.certainty.reason.len(), reasons.len());
            assert_eq!((text.certainty.grade.len(), text.certainty.winds.len()), (3, 8));
            for reason in &reasons {
                let said = reason_sentence(reason, text);
                assert!(said.contains('5') && !said.contains(['{', '}']) && said != reason.code(), "{said}");
            }
        }
    }

    #[test]
    fn figures_have_the_digits_that_count() {
        for (value, expected) in [(0.0, "0"), (0.0213, "0.021"), (0.3, "0.3"), (4.326, "4.33"), (1000.0, "1,000")] {
            assert_eq!(trimmed(value), expected);
        }
    }
}
