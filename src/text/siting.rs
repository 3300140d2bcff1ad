//! Sentences of a verdict, for whoever reads it as words: command line, report, sheet.

use super::{Language, Text, certainty, fill};
use crate::geometry::Relation;
use crate::siting::{Certainty, Finding, Reason, RuleQuote, Screening, SiteProblem, Status, ThemeCheck, Verdict};
use serde::Deserialize;

/// Sentences of a verdict.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SitingText {
    pub head: String,
    pub kind: String,
    pub kind_untold: String,
    pub land_first: String,
    pub land_second: String,
    pub land_untold: String,
    pub area: String,
    pub quality: String,
    pub problem: String,
    pub problem_place: String,
    pub problem_places: String,
    pub only_lines: String,
    pub only_points: String,
    pub corners_joined: String,
    pub not_areas_more: String,
    pub growth_range: String,
    pub problem_repaired: String,
    pub matrix: String,
    pub findings: String,
    pub not_involved: String,
    pub nearest: String,
    pub inside: String,
    pub outside: String,
    pub does_not_bear: String,
    pub not_in_force: String,
    pub basis: String,
    pub stretch: String,
    pub flow_unknown: String,
    pub involved: String,
    pub involved_lines: String,
    pub border: String,
    pub unchecked: String,
    pub expired_on: String,
    pub covered: String,
    pub reference: String,
    pub required: String,
    pub finding: String,
    pub belt: String,
    pub finding_class: String,
    pub overlap: String,
    pub zone_share: String,
    pub length: String,
    pub distance: String,
    pub rule: String,
    pub confidence: String,
    pub next_step: String,
    pub verbatim: String,
    pub document: String,
    pub reservation: String,
    pub unknown_kind: String,
    pub unknown_theme: String,
    pub use_form: String,
    pub no_sites: String,
    pub atlas_file: String,
    pub near_range: String,
    pub statement: StatementText,
}

/// The full wording of a theme, for letters and reports.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct StatementText {
    pub layer: String,
    pub comma: String,
    pub stop: String,
    pub head: String,
    pub not_involved: String,
    pub involved: String,
    pub involved_lines: String,
    pub part: String,
    pub and_more: String,
    pub edge: String,
    pub rule: String,
}

/// Thousands apart, so many digits after the point.
pub fn grouped(number: f64, digits: usize) -> String {
    let plain = format!("{:.digits$}", number.abs());
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let count = whole.len();
    let mut words = String::with_capacity(plain.len() + count / 3 + 1);
    if number < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        words.push('-');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (count - place).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    rest.into_iter().for_each(|rest| {
        words.push('.');
        words.push_str(rest);
    });
    words
}

/// A share as a percentage.
pub fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// A theme's line of the matrix, as DOMAIN §3.3 words it.
pub fn theme_sentence(check: &ThemeCheck, text: &Text) -> String {
    let words = &text.siting;
    let title = if text.language == Language::Zh { &check.title } else { &check.title_en };
    let theme = if check.reference { format!("{title}{}", words.reference) } else { title.clone() };
    let values = [("theme", theme.as_str()), ("layer", check.layer.as_str())];
    match (check.status, check.reason) {
        (_, Reason::DoesNotBear) => fill(&words.does_not_bear, &values),
        (_, Reason::NotInForce) => fill(&words.not_in_force, &values),
        (_, Reason::InsideBoundary) => fill(&words.inside, &values),
        (Status::Unchecked, reason) => {
            let code = reason.code();
            let mut why = text.panel.siting.reason.get(code).map_or(code, String::as_str).to_owned();
            if let Some(day) = check.day {
                why.push_str(&fill(&words.expired_on, &[("day", &day.to_string())]));
            }
            if let Some(share) = check.covered_share {
                why.push_str(&fill(&words.covered, &[("percent", &percent(share))]));
            }
            fill(&words.unchecked, &[("theme", &theme), ("reason", &why)])
        }
        (Status::NotInvolved, _) => {
            let nearest = check.nearest.as_ref().map(|nearest| {
                fill(&words.nearest, &[("name", &nearest.name), ("m", &grouped(nearest.distance_m, 2))])
                    + &certainty::bearing(nearest.bearing_deg, text)
            });
            fill(&words.not_involved, &values) + &nearest.unwrap_or_default()
        }
        (Status::Involved, Reason::OutsideBoundary) => {
            let [theme, layer] = values;
            fill(&words.outside, &[theme, layer, ("percent", &percent(check.overlap_share))])
        }
        (Status::Involved, Reason::SharesBorder) => fill(&words.border, &values),
        (Status::Involved, _) => {
            let sentence = if check.overlap_m2 > 0.0 { &words.involved } else { &words.involved_lines };
            let (m2, ha, mu) = areas(check.overlap_m2);
            fill(
                sentence,
                &[
                    ("theme", &theme),
                    ("n", &check.count.to_string()),
                    ("m2", &m2),
                    ("ha", &ha),
                    ("mu", &mu),
                    ("percent", &percent(check.overlap_share)),
                ],
            )
        }
    }
}

/// A theme in the full wording of the field (DOMAIN §3.3): what was laid over what, what is involved, which rule says
/// what; fit to be put into a letter.
pub fn theme_statement(check: &ThemeCheck, verdict: &Verdict, text: &Text) -> String {
    let words = &text.siting.statement;
    let zh = text.language == Language::Zh;
    let title = if zh { &check.title } else { &check.title_en };
    let theme = if check.reference { format!("{title}{}", text.siting.reference) } else { title.clone() };
    let details = [check.version.as_str(), check.source.as_str()];
    let details: Vec<&str> = details.into_iter().filter(|detail| !detail.is_empty()).collect();
    let layer = if details.is_empty() {
        check.layer.clone()
    } else {
        fill(&words.layer, &[("layer", &check.layer), ("details", &details.join(&words.comma))])
    };
    let (_, ha, _) = areas(verdict.area_m2);
    let head = fill(&words.head, &[("layer", &layer), ("project", &verdict.name), ("ha", &ha)]);
    let fits = |finding: &&Finding| finding.relation.shares_ground() && finding.theme == check.theme;
    let shared: Vec<&Finding> = verdict.findings.iter().filter(fits).collect();
    match (check.status, check.reason) {
        (Status::Involved, Reason::SharesGround) => {
            let part = |finding: &&Finding| match finding.overlap_m2 > 0.0 {
                true => {
                    let m2 = grouped(finding.overlap_m2, 2);
                    fill(&words.part, &[("name", &finding.name), ("m2", &m2)])
                }
                false => finding.name.clone(),
            };
            let parts: Vec<String> = shared.iter().take(PARTS_NAMED).map(part).collect();
            let more = if shared.len() > PARTS_NAMED { words.and_more.as_str() } else { "" };
            let (m2, ha, mu) = areas(check.overlap_m2);
            let sentence = if check.overlap_m2 > 0.0 { &words.involved } else { &words.involved_lines };
            let mut said = head
                + &fill(
                    sentence,
                    &[
                        ("theme", &theme),
                        ("n", &check.count.to_string()),
                        ("m2", &m2),
                        ("ha", &ha),
                        ("mu", &mu),
                        ("percent", &percent(check.overlap_share)),
                        ("parts", &format!("{}{more}", parts.join(&words.comma))),
                    ],
                );
            let edges = shared.iter().filter(|finding| finding.certainty == Certainty::SuspectedEdge);
            edges.for_each(|finding| said += &edge_statement(finding, text));
            said + &rules_statement(shared.iter().copied(), text)
        }
        (Status::Involved, Reason::SharesBorder) => {
            let touching = verdict.of_theme(&check.theme).filter(|finding| finding.relation == Relation::Touches);
            let edges: Vec<String> = touching.map(|finding| edge_statement(finding, text)).collect();
            if edges.is_empty() { theme_sentence(check, text) } else { head + &edges.join("") }
        }
        (Status::NotInvolved, Reason::Apart) => {
            let nearest = check.nearest.as_ref().map(|nearest| {
                fill(&text.siting.nearest, &[("name", &nearest.name), ("m", &grouped(nearest.distance_m, 2))])
            });
            head + &fill(&words.not_involved, &[("theme", &theme)]) + &nearest.unwrap_or_default() + &words.stop
        }
        (Status::Involved, Reason::OutsideBoundary) => {
            theme_sentence(check, text) + &words.stop + &rules_statement(verdict.of_theme(&check.theme), text)
        }
        _ => theme_sentence(check, text) + &words.stop,
    }
}

/// Things named one by one in a statement.
const PARTS_NAMED: usize = 5;

fn edge_statement(finding: &Finding, text: &Text) -> String {
    let (m2, m) = (grouped(finding.overlap_m2, 2), grouped(finding.mean_width_m.unwrap_or_default(), 2));
    fill(&text.siting.statement.edge, &[("name", &finding.name), ("m2", &m2), ("m", &m)])
}

/// The strictest rule of each kind that bears, once.
fn rules_statement<'a>(findings: impl Iterator<Item = &'a Finding>, text: &Text) -> String {
    let mut told = Vec::new();
    let mut said = String::new();
    for rule in findings.filter_map(|finding| finding.rule.as_ref()) {
        if !told.contains(&&rule.id) {
            told.push(&rule.id);
            let words = if text.language == Language::En { &rule.text_en } else { &rule.text };
            let values = [("source", rule.source.as_str()), ("clause", &rule.clause), ("text", words)];
            said += &fill(&text.siting.statement.rule, &values);
        }
    }
    said
}

/// Square metres, hectares and mu as they are written.
pub fn areas(square_metres: f64) -> (String, String, String) {
    (grouped(square_metres, 2), grouped(square_metres / 10_000.0, 4), grouped(square_metres * 0.0015, 4))
}

/// A finding in one line: what follows, what it is, how it lies, figures.
pub fn finding_sentence(finding: &Finding, text: &Text) -> String {
    let (words, codes) = (&text.siting, &text.panel.siting);
    let mut figures = String::new();
    if finding.relation.shares_ground() && finding.overlap_m2 > 0.0 {
        let (m2, ha, mu) = areas(finding.overlap_m2);
        let share = percent(finding.overlap_share);
        figures += &fill(&words.overlap, &[("m2", &m2), ("ha", &ha), ("mu", &mu), ("percent", &share)]);
        if let Some(share) = finding.zone_share {
            figures += &fill(&words.zone_share, &[("percent", &percent(share))]);
        }
    }
    if let Some(length) = finding.overlap_length_m {
        figures += &fill(&words.length, &[("m", &grouped(length, 2))]);
    }
    if finding.relation == Relation::Near {
        figures += &fill(&words.distance, &[("m", &grouped(finding.distance_m, 2))]);
    }
    figures += &certainty::position(finding, text);
    let word = text.common.value(&finding.class_field, &finding.class);
    let class = if word.is_empty() { String::new() } else { fill(&words.finding_class, &[("class", word)]) };
    let belt = finding.belt_m.map(|metres| grouped(metres, 0));
    let name = belt.map(|metres| fill(&words.belt, &[("name", &finding.name), ("m", &metres)]));
    let consequence = finding.consequence.code();
    if let Some(word) = &finding.overridden {
        figures += &super::rules::override_sentence(word, text);
    }
    let relation = finding.relation.code();
    fill(
        &words.finding,
        &[
            ("consequence", codes.consequence.get(consequence).map_or(consequence, String::as_str)),
            ("name", name.as_deref().unwrap_or(&finding.name)),
            ("class", &class),
            ("relation", codes.relation.get(relation).map_or(relation, String::as_str)),
            ("figures", &figures),
        ],
    )
}

/// What there is to say of a finding's figures: how firmly they stand, where it concerns the site, and that they did not
/// pass their proof, where they did not.
pub fn doubt_sentences(finding: &Finding, text: &Text) -> Vec<String> {
    let mut lines = Vec::new();
    if finding.concerns() {
        lines.push(certainty::sentence(finding, text));
    }
    if !finding.verified {
        lines.push(text.certainty.unverified.clone());
    }
    lines
}

/// What a reference extent was computed from: the stretch that counts, then the layers with their versions.
pub fn basis_sentences(finding: &Finding, text: &Text) -> Vec<String> {
    let words = &text.siting;
    let mut lines = Vec::new();
    if let Some(stretch) = &finding.stretch {
        let km = |metres: f64| grouped(metres / 1000.0, 0);
        let (from, to, length) = (km(stretch.from_m), km(stretch.to_m), grouped(stretch.length_m / 1000.0, 2));
        let unknown = if stretch.direction_known { "" } else { words.flow_unknown.as_str() };
        let values =
            [("name", finding.name.as_str()), ("from", &from), ("to", &to), ("km", &length), ("unknown", unknown)];
        lines.push(fill(&words.stretch, &values));
    }
    let layers = finding.basis.iter().map(|basis| {
        let sha256 = basis.sha256.get(..12).unwrap_or(&basis.sha256);
        let layer = text.common.theme(basis.theme);
        fill(&words.basis, &[("layer", layer), ("file", &basis.file), ("version", &basis.version), ("sha256", sha256)])
    });
    lines.extend(layers);
    lines
}

/// What the thing itself says, as its layer has it.
pub fn verbatim_sentences(finding: &Finding, text: &Text) -> Vec<String> {
    let said = finding.verbatim.iter();
    said.map(|own| fill(&text.siting.verbatim, &[("field", &own.field), ("text", &own.text)])).collect()
}

/// A rule with its source, and what it asks to be done.
pub fn rule_sentences(rule: &RuleQuote, text: &Text) -> Vec<String> {
    let words = &text.siting;
    let pick = |zh: &'_ String, en: &'_ String| {
        if text.language == Language::En && !en.is_empty() { en.clone() } else { zh.clone() }
    };
    let said = pick(&rule.text, &rule.text_en);
    let mut lines = vec![fill(&words.rule, &[("source", &rule.source), ("clause", &rule.clause), ("text", &said)])];
    if !matches!(rule.confidence.as_str(), "text" | "high") {
        lines.iter_mut().for_each(|line| line.push_str(&words.confidence));
    }
    let (step, document) = (pick(&rule.next_step, &rule.next_step_en), pick(&rule.document, &rule.document_en));
    for (sentence, said) in [(&words.next_step, step), (&words.document, document)] {
        if !said.is_empty() {
            lines.push(fill(sentence, &[("text", &said)]));
        }
    }
    lines
}

/// The name of what is wrong with a site's shape.
pub fn problem_kind<'a>(problem: &'a SiteProblem, text: &'a Text) -> &'a str {
    text.panel.siting.problem_kind.get(&problem.kind).map_or(problem.kind.as_str(), String::as_str)
}

/// What is wrong with a site's shape, a line for each kind: several places of one kind are one repair.
pub fn problem_sentences(problems: &[SiteProblem], text: &Text) -> Vec<String> {
    let mut kinds: Vec<(&SiteProblem, usize)> = Vec::new();
    for problem in problems {
        let is_same = |known: &SiteProblem| {
            known.kind == problem.kind
                && known.repaired == problem.repaired
                && known.area_change_m2 == problem.area_change_m2
        };
        match kinds.iter_mut().find(|(known, _)| is_same(known)) {
            Some((_, count)) => *count += 1,
            None => kinds.push((problem, 1)),
        }
    }
    let line = |(problem, count): (&SiteProblem, usize)| {
        let said = problem_sentence(problem, text);
        match count {
            1 => said,
            several => said + &fill(&text.siting.problem_places, &[("n", &several.to_string())]),
        }
    };
    kinds.into_iter().map(line).collect()
}

/// What is wrong with a site's shape.
pub fn problem_sentence(problem: &SiteProblem, text: &Text) -> String {
    let words = &text.siting;
    let kind = problem_kind(problem, text);
    let place = problem
        .at
        .map(|[lon, lat]| fill(&words.problem_place, &[("lon", &format!("{lon:.7}")), ("lat", &format!("{lat:.7}"))]));
    let change = problem.area_change_m2.filter(|_| problem.repaired);
    let repair = change.map(|change| fill(&words.problem_repaired, &[("m2", &grouped(-change, 2))]));
    let (place, repair) = (place.unwrap_or_default(), repair.unwrap_or_default());
    fill(&words.problem, &[("kind", kind), ("place", &place), ("repair", &repair)])
}

/// The head of a verdict: name and grade, kind, area, quality.
pub fn head_sentences(verdict: &Verdict, screening: &Screening, kind: Option<&str>, text: &Text) -> Vec<String> {
    let words = &text.siting;
    let grade = verdict.verdict.code();
    let (m2, ha, mu) = areas(verdict.area_m2);
    let land_use = match verdict.land_use {
        Some(crate::atlas::LandUse::First) => &words.land_first,
        Some(crate::atlas::LandUse::Second) => &words.land_second,
        None => &words.land_untold,
    };
    let mut lines = vec![
        fill(
            &words.head,
            &[("name", &verdict.name), ("grade", text.panel.siting.grade.get(grade).map_or(grade, String::as_str))],
        ),
        fill(
            &words.kind,
            &[
                ("kind", kind.unwrap_or(&words.kind_untold)),
                ("land_use", land_use),
                ("as_of", &screening.as_of.to_string()),
                ("valid_until", &verdict.valid_until.to_string()),
            ],
        ),
        fill(
            &words.area,
            &[
                ("m2", &m2),
                ("ha", &ha),
                ("mu", &mu),
                ("plane", &grouped(verdict.plane_area_m2, 2)),
                ("meridian", &format!("{:.0}", verdict.central_meridian)),
            ],
        ),
    ];
    lines.extend(super::rules::later_note(verdict, text));
    lines.extend(problem_sentences(&verdict.problems, text));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, digits, expected) in [
            (0.0, 2, "0.00"),
            (999.995, 1, "1,000.0"),
            (1234567.891, 2, "1,234,567.89"),
            (-12.0, 0, "-12"),
            (-0.001, 2, "0.00"),
        ] {
            assert_eq!(grouped(number, digits), expected);
        }
    }
}
