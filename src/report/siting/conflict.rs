//! One conflict as a block: figures, how firm it is, the rules that bear on it and what has to be done next.

use super::content::{Conflict, column, figures_column, paragraph, table};
use crate::siting::{Consequence, Finding, RuleQuote, Verdict};
use crate::text::siting::{areas, basis_sentences, doubt_sentences, grouped, percent};
use crate::text::{Language, Text, fill};
use serde_json::{Value, json};

/// A conflict with everything that is said of it.
pub(super) fn conflict_block(conflict: &Conflict, verdict: &Verdict, text: &Text) -> Value {
    let words = &text.report.conflict;
    let finding = conflict.finding;
    let theme = verdict.checks.iter().find(|check| check.theme == finding.theme);
    let theme = theme.map_or(finding.theme.as_str(), |check| super::content::title_of(check, text));
    let mut kinds = vec![theme.to_owned()];
    kinds.extend([class_words(finding, text), kind_words(finding, text)].into_iter().filter(|word| !word.is_empty()));
    let consequence = finding.consequence.code();
    let figure = conflict.figure.map(|number| fill(&words.figure, &[("n", &number.to_string())]));
    json!({
        "kind": "conflict",
        "number": conflict.number,
        "tone": finding.consequence.grade().map_or("unchecked", |grade| grade.code()),
        "consequence": text.panel.siting.consequence.get(consequence).map_or(consequence, String::as_str),
        "name": finding.name,
        "theme": kinds.join(" · "),
        "figure": figure.unwrap_or_default(),
        "facts": facts(finding, text),
        "notes": notes(finding, text),
        "rules": rules(finding, text),
    })
}

fn class_words(finding: &Finding, text: &Text) -> String {
    text.common.value(&finding.class_field, &finding.class).to_owned()
}

fn kind_words(finding: &Finding, text: &Text) -> String {
    text.common.value("kind", &finding.kind).to_owned()
}

pub(super) fn relation_words<'a>(finding: &Finding, text: &'a Text) -> &'a str {
    text.panel.siting.relation.get(finding.relation.code()).map_or("", String::as_str)
}

/// Figures of a finding: name and value.
fn facts(finding: &Finding, text: &Text) -> Vec<[String; 2]> {
    let words = &text.report.conflict;
    let metres = |value: f64, digits: usize| fill(&words.metres, &[("m", &grouped(value, digits))]);
    let mut facts = vec![[words.relation.clone(), relation_words(finding, text).to_owned()]];
    if finding.overlap_m2 > 0.0 {
        let (m2, ha, mu) = areas(finding.overlap_m2);
        facts.push([words.overlap.clone(), fill(&words.overlap_value, &[("m2", &m2), ("ha", &ha), ("mu", &mu)])]);
        let plane = fill(&words.plane_value, &[("m2", &grouped(finding.plane_overlap_m2, 2))]);
        facts.push([words.plane.clone(), plane]);
        facts.push([words.share.clone(), percent(finding.overlap_share)]);
        if let Some(share) = finding.zone_share {
            facts.push([words.zone_share.clone(), percent(share)]);
        }
    }
    if let Some(length) = finding.overlap_length_m {
        facts.push([words.length.clone(), metres(length, 2)]);
    }
    if let Some(depth) = finding.depth_m {
        facts.push([words.depth.clone(), metres(depth, 2)]);
    }
    if let Some(width) = finding.mean_width_m.filter(|_| finding.overlap_m2 > 0.0) {
        facts.push([words.width.clone(), metres(width, 2)]);
    }
    facts.push([
        words.accuracy.clone(),
        fill(
            &words.accuracy_value,
            &[("m", &grouped(finding.accuracy_m, usize::from(finding.accuracy_m.fract() > 0.0)))],
        ),
    ]);
    let example = if finding.example { format!("{}{}", text.report.point, words.example) } else { String::new() };
    facts.push([words.quality.clone(), format!("{}{example}", text.common.quality(finding.quality))]);
    if let Some(belt) = finding.belt_m {
        facts.push([words.belt.clone(), fill(&words.belt_value, &[("m", &grouped(belt, 0))])]);
    }
    facts
}

/// How firmly it stands, what it was computed from, what a person has said.
fn notes(finding: &Finding, text: &Text) -> Vec<Value> {
    let words = &text.report.conflict;
    let mut notes = vec![json!([words.certainty, doubt_sentences(finding, text).join(&text.report.semicolon)])];
    let basis = basis_sentences(finding, text);
    if !basis.is_empty() {
        notes.push(json!([words.belt, basis.join(&text.report.semicolon)]));
    }
    if let Some(word) = &finding.overridden {
        let code = word.consequence.code();
        let ruled = text.panel.siting.consequence.get(code).map_or(code, String::as_str);
        let said = format!("{ruled}{}{}{}{}", text.report.point, word.author, text.report.colon, word.reason);
        notes.push(json!([text.report.decision.ruled, said]));
    }
    notes
}

/// The rules that bear on a finding, the strictest first; one line of their own where none does.
fn rules(finding: &Finding, text: &Text) -> Vec<Value> {
    let words = &text.report.conflict;
    let quoted = finding.rule.iter().chain(&finding.further_rules);
    let mut rules: Vec<Value> = quoted.enumerate().map(|(place, rule)| rule_block(rule, place == 0, text)).collect();
    if rules.is_empty() {
        rules.push(json!({"name": words.rule, "source": words.no_rule, "text": "", "steps": []}));
    }
    let lists =
        finding.verbatim.iter().map(|own| json!({"name": own.field, "source": own.text, "text": "", "steps": []}));
    rules.extend(lists);
    rules
}

fn rule_block(rule: &RuleQuote, is_first: bool, text: &Text) -> Value {
    let words = &text.report.conflict;
    let pick = |zh: &str, en: &str| {
        if text.language == Language::En && !en.is_empty() { en.to_owned() } else { zh.to_owned() }
    };
    let mut source = format!("{} {}", rule.source, rule.clause).trim().to_owned();
    if !matches!(rule.confidence.as_str(), "text" | "high") {
        source = format!("{source}{}{}{}", text.report.open, words.pending, text.report.close);
    }
    let steps = [
        (&words.step, pick(&rule.next_step, &rule.next_step_en)),
        (&words.document, pick(&rule.document, &rule.document_en)),
    ];
    let steps = steps.into_iter().filter(|(_, said)| !said.is_empty()).map(|(name, said)| json!([name, said]));
    json!({
        "name": if is_first { &words.rule } else { &words.further },
        "source": source,
        "text": pick(&rule.text, &rule.text_en),
        "steps": steps.collect::<Vec<_>>(),
    })
}

/// Features that share ground or a border without a consequence, as a table with its sentence.
pub(super) fn further_table(verdict: &Verdict, text: &Text) -> Vec<Value> {
    let words = &text.report.conflict;
    let found: Vec<&Finding> = verdict
        .findings
        .iter()
        .filter(|finding| finding.consequence == Consequence::None && finding.relation.shares_ground())
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    let columns = [
        column(&words.column_name, "1.3fr"),
        column(&words.column_theme, "1.2fr"),
        column(&words.column_relation, "auto"),
        figures_column(&words.column_figure, "auto"),
        figures_column(&words.column_share, "auto"),
    ];
    let rows = found.into_iter().map(|finding| {
        let theme = verdict.checks.iter().find(|check| check.theme == finding.theme);
        let theme = theme.map_or(finding.theme.as_str(), |check| super::content::title_of(check, text));
        let (figure, share) = match finding.overlap_length_m {
            Some(length) if finding.overlap_m2 <= 0.0 => (grouped(length, 2), String::new()),
            _ if finding.overlap_m2 > 0.0 => (grouped(finding.overlap_m2, 2), percent(finding.overlap_share)),
            _ => (String::new(), String::new()),
        };
        json!([finding.name, theme, relation_words(finding, text), figure, share])
    });
    vec![paragraph(&words.unnumbered), table(&columns, rows.collect())]
}
