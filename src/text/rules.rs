//! Sentences of rule packs, the day of judgement, limited activities and overrides.

use super::{Language, Text, fill};
use crate::atlas::Date;
use crate::siting::{
    ActivityNamed, Change, Changed, Comparison, Consequence, Grade, Idle, NotApplied, Overriding, Reason, RuleChange,
    RuleError, RuleQuote, SiteComparison, Status, ThemeChange, ThemeCheck, Verdict,
};
use serde::Deserialize;
use std::collections::HashMap;

/// Sentences of rules.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RulesText {
    pub choose: String,
    pub taken: String,
    pub refused: String,
    pub of_line: String,
    pub fault: HashMap<String, String>,
    pub decision: DecisionText,
    pub activity: ActivityText,
    pub compare: CompareText,
    pub panel: RulesPanelText,
}

/// Words of the window.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RulesPanelText {
    pub rulebook: String,
    pub rulebook_own: String,
    pub close: String,
    pub open_pack: String,
    pub drop_pack: String,
    pub no_own_packs: String,
    pub all_packs: String,
    pub seek: String,
    pub only_idle: String,
    pub at_day: String,
    pub no_rules: String,
    pub in_force: String,
    pub state_off: String,
    pub state_ended: String,
    pub state_not_begun: String,
    pub open_end: String,
    pub rule_facts: String,
    pub as_of: String,
    pub today: String,
    pub compare_with: String,
    pub no_compare: String,
    pub no_day: String,
    pub bad_day: String,
    pub other_day: String,
    pub presets: String,
    pub before: String,
    pub days: String,
    pub comparison: String,
    pub other_verdict: String,
    pub by_feature: String,
    pub rules_between: String,
    pub kind_first: String,
    pub not_asked: String,
    pub ask: String,
    pub ask_again: String,
    pub forget: String,
    pub leave: String,
    pub back: String,
    pub keys: String,
    pub no_finding: String,
    pub computed: String,
    pub override_it: String,
    pub change_override: String,
    pub withdraw: String,
    pub ruling: String,
    pub author: String,
    pub reason: String,
    pub both_needed: String,
    pub keep_override: String,
    pub cancel: String,
    pub override_note: String,
    pub not_applied: String,
    pub wording: String,
    pub copy_wording: String,
    pub confidence: HashMap<String, String>,
}

/// What stands beside a computed verdict.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DecisionText {
    pub r#override: String,
    pub with_overrides: String,
    pub lapsed: String,
    pub not_applied: String,
    pub ended: String,
    pub not_begun: String,
    pub off: String,
    pub features: String,
    pub later_layers: String,
    pub does_not_bear: String,
}

/// Limited activities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ActivityText {
    pub other_kind: String,
    pub conditional: String,
    pub none: String,
    pub none_document: String,
    pub answer: String,
}

/// The difference between two days.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct CompareText {
    pub head: String,
    pub same: String,
    pub new: String,
    pub gone: String,
    pub changed: String,
    pub rule_now: String,
    pub rule_then: String,
    pub no_rule_then: String,
    pub no_rule_now: String,
    pub from: String,
    pub to: String,
    pub theme: String,
    pub rule_new: String,
    pub rule_gone: String,
    pub features: String,
    pub undated: String,
}

fn pick<'a>(text: &Text, zh: &'a str, en: &'a str) -> &'a str {
    if text.language == Language::En && !en.is_empty() { en } else { zh }
}

fn consequence(text: &Text, consequence: Consequence) -> &str {
    let code = consequence.code();
    text.panel.siting.consequence.get(code).map_or(code, String::as_str)
}

fn grade(text: &Text, grade: Grade) -> &str {
    let code = grade.code();
    text.panel.siting.grade.get(code).map_or(code, String::as_str)
}

/// An override behind the figures of its finding.
pub fn override_sentence(word: &Overriding, text: &Text) -> String {
    let date = word.date.to_string();
    let values = [
        ("author", word.author.as_str()),
        ("date", &date),
        ("consequence", consequence(text, word.consequence)),
        ("reason", &word.reason),
    ];
    fill(&text.rules.decision.r#override, &values)
}

/// What a verdict comes to with overrides, and overrides that have lapsed.
pub fn override_notes(verdict: &Verdict, text: &Text) -> Vec<String> {
    let words = &text.rules.decision;
    let with = verdict.verdict_with_overrides;
    let with = with.map(|with| fill(&words.with_overrides, &[("grade", grade(text, with))]));
    let lapsed = verdict.lapsed_overrides.iter().map(|word| {
        let date = word.date.to_string();
        let found = verdict.findings.iter().find(|finding| finding.feature_id == word.feature_id);
        let name = found.map(|finding| &finding.name).filter(|name| !name.is_empty()).unwrap_or(&word.feature_id);
        fill(&words.lapsed, &[("name", name), ("author", &word.author), ("date", &date)])
    });
    with.into_iter().chain(lapsed).collect()
}

/// As which limited activity the project applies, and what that asks for; never that it is allowed.
pub fn activity_sentence(activity: &ActivityNamed, text: &Text) -> String {
    let words = &text.rules.activity;
    let document = pick(text, &activity.document, &activity.document_en);
    let sentence = match (activity.kind, document.is_empty()) {
        (1.., _) => &words.conditional,
        (0, true) => &words.none,
        (0, false) => &words.none_document,
    };
    let kind = activity.kind.to_string();
    let values = [
        ("kind", kind.as_str()),
        ("title", pick(text, &activity.title, &activity.title_en)),
        ("document", document),
        ("authority", pick(text, &activity.authority, &activity.authority_en)),
        ("next_step", pick(text, &activity.next_step, &activity.next_step_en)),
    ];
    let said = fill(sentence, &values);
    if activity.fits_project { said } else { said + &words.other_kind }
}

/// That layers are of a later day than the one of judgement, where they are: what they do not date is taken to have been
/// there already.
pub fn later_note(verdict: &Verdict, text: &Text) -> Option<String> {
    let day = (i32::from(verdict.as_of.year()), i32::from(verdict.as_of.month()));
    let month = |version: &str| {
        let mut numbers = version.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok());
        let (year, month): (i32, i32) = (numbers.next()?, numbers.next()?);
        ((1949..=2200).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
    };
    let applying = verdict.checks.iter().filter(|check| check.applies());
    let later = applying.filter(|check| month(&check.version).is_some_and(|month| month > day));
    let mut versions: Vec<&str> = later.map(|check| check.version.as_str()).collect();
    versions.sort_unstable();
    versions.dedup();
    let versions = versions.join(&text.report.point);
    (!versions.is_empty()).then(|| fill(&text.rules.decision.later_layers, &[("versions", &versions)]))
}

/// What was looked at and does not apply: themes without bearing, things and rules not in force.
pub fn not_applied_sentences(verdict: &Verdict, text: &Text) -> Vec<String> {
    let words = &text.rules.decision;
    let theme = |check: &ThemeCheck| pick(text, &check.title, &check.title_en).to_owned();
    let without = verdict.checks.iter().filter(|check| check.reason == Reason::DoesNotBear);
    let without = without.map(|check| fill(&words.does_not_bear, &[("theme", &theme(check))]));
    let passed = verdict.checks.iter().filter(|check| check.not_in_force > 0);
    let passed =
        passed.map(|check| fill(&words.features, &[("theme", &theme(check)), ("n", &check.not_in_force.to_string())]));
    let rules = verdict.not_applied.iter().map(|rule| not_applied_sentence(rule, text));
    passed.chain(rules).chain(without).collect()
}

fn not_applied_sentence(rule: &NotApplied, text: &Text) -> String {
    let words = &text.rules.decision;
    let day = rule.day.map(|day| day.to_string()).unwrap_or_default();
    let why = match rule.reason {
        Idle::Ended => &words.ended,
        Idle::NotBegun => &words.not_begun,
        Idle::Off => &words.off,
    };
    let why = fill(why, &[("day", &day)]);
    let values = [
        ("rule", rule.rule.as_str()),
        ("why", &why),
        ("source", &rule.source),
        ("clause", &rule.clause),
        ("text", pick(text, &rule.text, &rule.text_en)),
    ];
    fill(&words.not_applied, &values)
}

/// What a rule came to at two days, in lines.
pub fn rules_of_both_days(changed: &Changed, text: &Text) -> [String; 2] {
    let words = &text.rules.compare;
    let quoted = |sentence: &str, none: &String, rule: &Option<RuleQuote>| match rule {
        None => none.clone(),
        Some(rule) => {
            let said = pick(text, &rule.text, &rule.text_en);
            fill(sentence, &[("source", &rule.source), ("clause", &rule.clause), ("text", said)])
        }
    };
    [
        quoted(&words.rule_then, &words.no_rule_then, &changed.rule_then),
        quoted(&words.rule_now, &words.no_rule_now, &changed.rule),
    ]
}

/// From and until when something holds, where that is told.
pub fn days(from: Option<Date>, to: Option<Date>, text: &Text) -> String {
    let words = &text.rules.compare;
    let day = |sentence: &str, day: Option<Date>| day.map(|day| fill(sentence, &[("day", &day.to_string())]));
    [day(&words.from, from), day(&words.to, to)].into_iter().flatten().collect()
}

/// One finding that is there at one of the days only.
pub fn change_sentence(change: &Change, is_new: bool, theme: &str, text: &Text) -> String {
    let words = &text.rules.compare;
    let why = days(change.effective_from, change.effective_to, text);
    let values = [
        ("name", change.name.as_str()),
        ("theme", theme),
        ("consequence", consequence(text, change.consequence)),
        ("why", &why),
    ];
    fill(if is_new { &words.new } else { &words.gone }, &values)
}

/// One finding with another rule or consequence.
pub fn changed_sentence(changed: &Changed, theme: &str, text: &Text) -> String {
    let values = [
        ("name", changed.name.as_str()),
        ("theme", theme),
        ("consequence_then", consequence(text, changed.consequence_then)),
        ("consequence", consequence(text, changed.consequence)),
    ];
    fill(&text.rules.compare.changed, &values)
}

/// One theme with another state.
pub fn theme_change_sentence(change: &ThemeChange, text: &Text) -> String {
    let codes = &text.panel.siting;
    let state = |status: Status, reason: Reason| {
        let word = codes.status.get(status.code()).map_or(status.code(), String::as_str);
        let why = codes.reason.get(reason.code()).map_or(reason.code(), String::as_str);
        format!("{word}({why})")
    };
    let (then, now) = (state(change.status_then, change.reason_then), state(change.status, change.reason));
    let theme = pick(text, &change.title, &change.title_en);
    fill(&text.rules.compare.theme, &[("theme", theme), ("then", &then), ("now", &now)])
}

/// One rule that holds at one of the days only.
pub fn rule_change_sentence(rule: &RuleChange, is_new: bool, text: &Text) -> String {
    let words = &text.rules.compare;
    let days = days(rule.effective_from, rule.effective_to, text);
    let values = [
        ("source", rule.source.as_str()),
        ("clause", &rule.clause),
        ("text", pick(text, &rule.text, &rule.text_en)),
        ("days", &days),
    ];
    fill(if is_new { &words.rule_new } else { &words.rule_gone }, &values)
}

/// What is in force at one of the days only, whatever the site.
pub fn comparison_notes(comparison: &Comparison, text: &Text) -> Vec<String> {
    let words = &text.rules.compare;
    let mut notes = Vec::new();
    if comparison.features_new + comparison.features_gone > 0 {
        let (new, gone) = (comparison.features_new.to_string(), comparison.features_gone.to_string());
        let (now, then) = (comparison.as_of.to_string(), comparison.compare_with.to_string());
        let values = [("new", new.as_str()), ("gone", &gone), ("now", &now), ("then", &then)];
        notes.push(fill(&words.features, &values));
    }
    if !comparison.undated_layers.is_empty() {
        notes.push(fill(&words.undated, &[("layers", &comparison.undated_layers.join(&text.siting.statement.comma))]));
    }
    notes
}

/// The head of one site's comparison.
pub fn comparison_head(site: &SiteComparison, comparison: &Comparison, text: &Text) -> String {
    let (now, then) = (comparison.as_of.to_string(), comparison.compare_with.to_string());
    let values = [
        ("name", site.name.as_str()),
        ("then", &then),
        ("now", &now),
        ("grade_then", grade(text, site.verdict_then)),
        ("grade", grade(text, site.verdict)),
    ];
    fill(&text.rules.compare.head, &values)
}

/// A whole comparison in lines, as the command line prints it.
pub fn comparison_sentences(comparison: &Comparison, theme: &dyn Fn(&str) -> String, text: &Text) -> Vec<String> {
    let mut lines = Vec::new();
    for site in &comparison.sites {
        lines.push(comparison_head(site, comparison, text));
        let before = lines.len();
        lines.extend(site.new.iter().map(|one| change_sentence(one, true, &theme(&one.theme), text)));
        lines.extend(site.gone.iter().map(|one| change_sentence(one, false, &theme(&one.theme), text)));
        for one in &site.changed {
            lines.push(changed_sentence(one, &theme(&one.theme), text));
            lines.extend(rules_of_both_days(one, text).map(|line| format!("    {line}")));
        }
        lines.extend(site.themes.iter().map(|one| theme_change_sentence(one, text)));
        if lines.len() == before {
            lines.push(text.rules.compare.same.clone());
        }
        lines.iter_mut().skip(before).for_each(|line| line.insert_str(0, "  "));
    }
    lines.extend(comparison.rules_new.iter().map(|rule| rule_change_sentence(rule, true, text)));
    lines.extend(comparison.rules_gone.iter().map(|rule| rule_change_sentence(rule, false, text)));
    lines.extend(comparison_notes(comparison, text));
    lines
}

/// Why a rule pack is refused: file, line, reason.
pub fn refusal(error: &RuleError, text: &Text) -> String {
    let words = &text.rules;
    let (code, [a, b]) = error.fault.code();
    let reason = fill(words.fault.get(code).map_or(code, String::as_str), &[("a", a), ("b", b)]);
    let line = error.line.map(|line| fill(&words.of_line, &[("n", &line.to_string())])).unwrap_or_default();
    fill(&words.refused, &[("file", &error.pack), ("line", &line), ("reason", &reason)])
}
