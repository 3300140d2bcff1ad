//! Sentences of where instead and of the compliance surface: command line, panel and map.

use super::siting::percent;
use super::{Text, fill};
use crate::siting::{Candidate, Condition, Hindrance, Relocation, Wish};
use serde::Deserialize;

/// Sentences of where instead and of the compliance surface.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ElsewhereText {
    pub title: String,
    pub intro: String,
    pub find: String,
    pub again: String,
    pub conditions: String,
    pub district: String,
    pub any_district: String,
    pub farthest: String,
    pub any_distance: String,
    pub rotate: String,
    pub rotate_hint: String,
    pub avoid_attention: String,
    pub clearance: String,
    pub near_place: String,
    pub near_place_hint: String,
    pub near_place_unknown: String,
    pub outside: String,
    pub outside_none: String,
    pub millimetres: String,
    pub show_places: String,
    pub job: String,
    pub job_map: String,
    pub stay: String,
    pub moved: String,
    pub turned: String,
    pub turned_clockwise: String,
    pub here: String,
    pub here_turned: String,
    pub bearing: String,
    pub within: String,
    pub noted: String,
    pub unchecked: String,
    pub take: String,
    pub look: String,
    pub changed: String,
    pub none_proven: String,
    pub none_unproven: String,
    pub why_conditions: String,
    pub why_together: String,
    pub why_no_ground: String,
    pub why_theme: String,
    pub why_free: String,
    pub condition_district: String,
    pub condition_distance: String,
    pub condition_near: String,
    pub condition_outside: String,
    pub not_turned: String,
    pub turns_tried: String,
    pub fewer: String,
    pub impossible_site: String,
    pub impossible_district: String,
    pub impossible_theme: String,
    pub places_title: String,
    pub places_as_is: String,
    pub places_turned: String,
    pub places_none: String,
    pub resolution: String,
    pub hatched: String,
    pub for_kind: String,
    pub kind_untold: String,
    pub directions: [String; 8],
    pub separator: String,
    pub surface_title: String,
    pub surface_intro: String,
    pub surface_show: String,
    pub surface_kind: String,
    pub avoid: String,
    pub avoid_prohibited: String,
    pub avoid_restricted: String,
    pub avoid_all: String,
    pub setbacks: String,
    pub reset: String,
    pub no_themes: String,
    pub left: String,
    pub left_city: String,
    pub left_waiting: String,
    pub left_by_district: String,
    pub left_row: String,
    pub left_method: String,
    pub pointer: String,
    pub pointer_on: String,
    pub pointer_none: String,
    pub surface_bands: [String; 7],
    pub surface_resolution: String,
    pub surface_waiting: String,
    pub cli_head: String,
    pub cli_none: String,
    pub cli_surface_head: String,
    pub cli_surface_row: String,
    pub cli_total: String,
    pub cli_theme: String,
    pub cli_theme_unchecked: String,
    pub no_one_site: String,
    pub no_such_site: String,
    pub unknown_outside: String,
    pub unknown_place: String,
    pub setback_form: String,
    pub range: String,
}

/// A distance in metres, or kilometres from ten on.
pub fn metres(metres: f64, text: &Text) -> String {
    let words = &text.map;
    match metres {
        near if near < 10.0 => fill(&words.metres, &[("metres", &format!("{near:.2}"))]),
        middle if middle < 10_000.0 => fill(&words.metres, &[("metres", &format!("{middle:.0}"))]),
        far => fill(&words.kilometres, &[("kilometres", &format!("{:.1}", far / 1_000.0))]),
    }
}

/// The word for a direction, degrees clockwise from north.
pub fn direction(bearing: f64, text: &Text) -> &str {
    let number = (bearing.rem_euclid(360.0) / 45.0).round() as usize % 8;
    text.elsewhere.directions.get(number).map_or("", String::as_str)
}

/// What has to be done to come to a candidate: `1. 向东移动 37 m`.
pub fn step(number: usize, candidate: &Candidate, text: &Text) -> String {
    let words = &text.elsewhere;
    let turn = candidate.rotation_deg;
    let is_here = candidate.distance_m < 0.005;
    let sentence = match (is_here, turn == 0.0, turn > 0.0) {
        (true, true, _) => &words.here,
        (true, false, _) => &words.here_turned,
        (false, true, _) => &words.moved,
        (false, false, true) => &words.turned,
        (false, false, false) => &words.turned_clockwise,
    };
    let degrees = format!("{:.1}", turn.abs());
    let distance = metres(candidate.distance_m, text);
    let values = [
        ("number", number.to_string()),
        ("direction", direction(candidate.bearing_deg, text).to_owned()),
        ("distance", distance),
        ("degrees", degrees.trim_end_matches(".0").to_owned()),
    ];
    fill(sentence, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
}

/// What is to be known of a candidate beside the move: where it is, what is to be noted, what is not known.
pub fn remarks(candidate: &Candidate, text: &Text) -> Vec<String> {
    let words = &text.elsewhere;
    let mut lines = Vec::new();
    let mut first = Vec::new();
    if candidate.distance_m >= 0.005 {
        first.push(fill(&words.bearing, &[("degrees", &format!("{:.1}", candidate.bearing_deg))]));
    }
    if !candidate.districts.is_empty() {
        first.push(fill(&words.within, &[("districts", &candidate.districts.join(&words.separator))]));
    }
    if !first.is_empty() {
        lines.push(first.join(&words.separator));
    }
    let is_zh = text.language == super::Language::Zh;
    let checks = candidate.verdict.checks.iter();
    let title = |theme: &str| {
        let check = checks.clone().find(|check| check.theme == theme);
        check.map_or("", |check| if is_zh { check.title.as_str() } else { check.title_en.as_str() })
    };
    // theme by theme, each thing once
    let mut noted: Vec<(&str, Vec<&str>)> = Vec::new();
    for finding in candidate.noted() {
        let known = noted.iter().position(|(theme, _)| *theme == finding.theme);
        let place = known.unwrap_or_else(|| {
            noted.push((&finding.theme, Vec::new()));
            noted.len() - 1
        });
        if let Some((_, names)) = noted.get_mut(place)
            && !finding.name.is_empty()
            && !names.contains(&finding.name.as_str())
        {
            names.push(&finding.name);
        }
    }
    for (theme, names) in noted {
        let named = if names.is_empty() { String::new() } else { text.report.colon.clone() };
        let things = format!("{}{named}{}", title(theme), names.join(&words.separator));
        lines.push(fill(&words.noted, &[("things", &things)]));
    }
    let unchecked = candidate.unchecked().filter(|check| check.required);
    let unchecked: Vec<&str> =
        unchecked.map(|check| if is_zh { check.title.as_str() } else { check.title_en.as_str() }).collect();
    if !unchecked.is_empty() {
        lines.push(fill(&words.unchecked, &[("themes", &unchecked.join(&words.separator))]));
    }
    lines
}

/// Themes named as standing in the way.
const THEMES_NAMED: usize = 4;

/// Why a search found nothing: the conditions that leave no place, then what forbids most of the ground.
pub fn hindrance_sentences(hindrance: &Hindrance, wish: &Wish, text: &Text) -> Vec<String> {
    let (words, codes) = (&text.elsewhere, &text.panel.siting);
    let mut lines: Vec<String> = hindrance
        .conditions
        .iter()
        .map(|(condition, nearest)| {
            let named = condition_words(*condition, wish, text);
            fill(&words.why_conditions, &[("condition", &named), ("distance", &metres(*nearest, text))])
        })
        .collect();
    lines.extend(hindrance.together.map(|nearest| fill(&words.why_together, &[("distance", &metres(nearest, text))])));
    if !hindrance.is_ground {
        lines.push(words.why_no_ground.clone());
        return lines;
    }
    let is_zh = text.language == super::Language::Zh;
    for theme in hindrance.themes.iter().filter(|theme| theme.share >= 0.0005).take(THEMES_NAMED) {
        let title = if is_zh { &theme.title } else { &theme.title_en };
        let code = theme.consequence.code();
        let consequence = codes.consequence.get(code).map_or(code, String::as_str);
        let share = percent(theme.share);
        let values =
            [("theme", title.as_str()), ("percent", &share), ("consequence", consequence), ("source", &theme.source)];
        lines.push(fill(&words.why_theme, &values));
    }
    if hindrance.free_share > 0.0 {
        lines.push(fill(&words.why_free, &[("percent", &percent(hindrance.free_share))]));
    }
    lines
}

fn condition_words(condition: Condition, wish: &Wish, text: &Text) -> String {
    let words = &text.elsewhere;
    match condition {
        Condition::District => {
            fill(&words.condition_district, &[("name", wish.district.as_deref().unwrap_or_default())])
        }
        Condition::Distance => fill(&words.condition_distance, &[("distance", &metres(wish.farthest_m, text))]),
        Condition::NearPlace => {
            let within = wish.near.map_or(0.0, |(_, within)| within);
            fill(&words.condition_near, &[("distance", &metres(within, text))])
        }
        Condition::Outside => {
            let themes: Vec<&str> = wish.outside.iter().map(|theme| text.common.theme(*theme)).collect();
            fill(&words.condition_outside, &[("themes", &themes.join(&words.separator))])
        }
    }
}

/// Why there are no, or no more, candidates; nothing when there are as many as were asked for.
pub fn ending(found: &Relocation, text: &Text) -> Option<String> {
    use crate::siting::SearchEnd;
    let words = &text.elsewhere;
    let turns = match found.turn_step_deg {
        Some(step) => fill(&words.turns_tried, &[("degrees", &format!("{step:.0}"))]),
        None => words.not_turned.clone(),
    };
    let clearance = if found.clearance_m < 1.0 {
        fill(&words.millimetres, &[("n", &format!("{:.0}", (found.clearance_m * 1e3).ceil()))])
    } else {
        metres(found.clearance_m, text)
    };
    let count = found.candidates.len().to_string();
    match found.ending {
        SearchEnd::Enough | SearchEnd::Stopped => None,
        SearchEnd::Unproven => Some(words.none_unproven.clone()),
        SearchEnd::Proven if found.candidates.is_empty() => {
            Some(fill(&words.none_proven, &[("clearance", &clearance), ("turns", &turns)]))
        }
        SearchEnd::Proven => Some(fill(&words.fewer, &[("n", &count), ("turns", &turns)])),
    }
}
