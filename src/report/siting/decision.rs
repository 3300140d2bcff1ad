//! What stands beside the computed result: as which limited activity the project applies, what persons have ruled, and
//! rules that speak of the case and do not apply.

use super::content::{column, paragraph, table};
use crate::siting::{Consequence, Verdict};
use crate::text::{Language, Text, fill};
use serde_json::{Value, json};

/// The blocks of a site; one sentence when nothing was said.
pub(super) fn blocks(verdict: &Verdict, text: &Text) -> Vec<Value> {
    let words = &text.report.decision;
    let mut blocks = activity(verdict, text);
    blocks.extend(overrides(verdict, text));
    if blocks.is_empty() {
        blocks.push(paragraph(&words.none));
    }
    if !verdict.not_applied.is_empty() {
        let columns = [column(&words.rule, "2.2fr"), column(&words.source, "1.4fr"), column(&words.reason, "auto")];
        let rows = verdict.not_applied.iter().map(|rule| {
            let code = rule.reason.code();
            let day = rule.day.map(|day| day.to_string()).unwrap_or_default();
            let reason = words.idle_reason.get(code).map_or(code, String::as_str);
            let source = format!("{} {}", rule.source, rule.clause);
            json!([pick(&rule.text, &rule.text_en, text), source.trim(), fill(reason, &[("day", &day)])])
        });
        blocks.push(json!({"kind": "caption", "text": words.idle}));
        blocks.push(table(&columns, rows.collect()));
    }
    blocks
}

fn pick<'a>(zh: &'a str, en: &'a str, text: &Text) -> &'a str {
    if text.language == Language::En && !en.is_empty() { en } else { zh }
}

fn consequence_word(consequence: Consequence, text: &Text) -> &str {
    let code = consequence.code();
    text.panel.siting.consequence.get(code).map_or(code, String::as_str)
}

fn activity(verdict: &Verdict, text: &Text) -> Vec<Value> {
    let words = &text.report.decision;
    let Some(activity) = &verdict.limited_activity else { return Vec::new() };
    let title = pick(&activity.title, &activity.title_en, text);
    let said = match activity.kind {
        0 => words.activity_none.clone(),
        kind => fill(&words.activity_value, &[("kind", &kind.to_string()), ("title", title)]),
    };
    let said = if activity.fits_project { said } else { said + &text.rules.activity.other_kind };
    let source = format!("{} {}", activity.source, activity.clause);
    let pairs = [
        (&words.activity, said.as_str()),
        (&words.document, pick(&activity.document, &activity.document_en, text)),
        (&words.authority, pick(&activity.authority, &activity.authority_en, text)),
        (&words.step, pick(&activity.next_step, &activity.next_step_en, text)),
        (&words.source, source.trim()),
    ];
    let rows = pairs.into_iter().filter(|(_, said)| !said.is_empty()).map(|(name, said)| json!([name, said]));
    vec![json!({"kind": "pairs", "rows": rows.collect::<Vec<_>>()}), json!({"kind": "small", "text": words.no_ruling})]
}

fn overrides(verdict: &Verdict, text: &Text) -> Vec<Value> {
    let words = &text.report.decision;
    let columns = [
        column(&words.feature, "1.3fr"),
        column(&words.computed, "auto"),
        column(&words.ruled, "auto"),
        column(&words.author, "auto"),
        column(&words.date, "auto"),
        column(&words.why, "1.8fr"),
    ];
    let ruled = verdict.findings.iter().filter_map(|finding| {
        let word = finding.overridden.as_ref()?;
        Some(json!([
            finding.name,
            consequence_word(finding.consequence, text),
            consequence_word(word.consequence, text),
            word.author,
            word.date.to_string(),
            word.reason,
        ]))
    });
    let ruled: Vec<Value> = ruled.collect();
    let lapsed = verdict.lapsed_overrides.iter().map(|word| {
        let ruled = consequence_word(word.consequence.into(), text);
        json!([word.feature_id, "", ruled, word.author, word.date.to_string(), word.reason])
    });
    let lapsed: Vec<Value> = lapsed.collect();
    let mut blocks = Vec::new();
    for (title, rows) in [(&words.overrides, ruled), (&words.lapsed, lapsed)] {
        if !rows.is_empty() {
            blocks.push(json!({"kind": "caption", "text": title}));
            blocks.push(table(&columns, rows));
        }
    }
    blocks
}
