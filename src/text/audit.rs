//! Sentences of an audit: two versions of a constraint held against each other.

use super::siting::grouped;
use super::{Text, fill};
use crate::siting::audit::{Audit, Retold, ZoneChange, ZoneState};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Sentences of an audit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct AuditText {
    pub title: String,
    pub versions: String,
    pub totals: String,
    pub not_reduced: String,
    pub reduced: String,
    pub share: String,
    pub share_met: String,
    pub share_unmet: String,
    pub no_share: String,
    pub balance: String,
    pub no_balance: String,
    pub counts: String,
    pub zones: String,
    pub types: String,
    pub projects: String,
    pub flipped: String,
    pub flipped_by: String,
    pub no_flip: String,
    pub touched: String,
    pub untold: String,
    pub quality: String,
    pub unusable: String,
    pub mended: String,
    pub field_changed: String,
    pub empty_value: String,
    pub no_area: String,
    pub report_endings: String,
    pub unknown_theme: String,
    pub state: BTreeMap<String, String>,
    pub matched: BTreeMap<String, String>,
    pub column: AuditColumns,
    pub sheet: AuditSheets,
    pub panel: AuditPanelText,
}

/// Columns of the tables.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct AuditColumns {
    pub id: String,
    pub name: String,
    pub class: String,
    pub state: String,
    pub matched: String,
    pub match_share: String,
    pub old: String,
    pub new: String,
    pub unchanged: String,
    pub lost: String,
    pub gained: String,
    pub uncovered: String,
    pub newly_covered: String,
    pub fields: String,
    pub field: String,
    pub value: String,
    pub old_zones: String,
    pub new_zones: String,
    pub old_verdict: String,
    pub new_verdict: String,
    pub by: String,
    pub old_overlap: String,
    pub new_overlap: String,
    pub figure: String,
    pub square_metres: String,
    pub hectares: String,
}

/// Sheets of the workbook.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct AuditSheets {
    pub summary: String,
    pub zones: String,
    pub types: String,
    pub projects: String,
    pub sources: String,
    pub old: String,
    pub new: String,
    pub unchanged: String,
    pub lost: String,
    pub gained: String,
    pub net: String,
}

/// Words of the panel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct AuditPanelText {
    pub name: String,
    pub intro: String,
    pub old: String,
    pub new: String,
    pub choose: String,
    pub from_file: String,
    pub theme: String,
    pub run: String,
    pub running: String,
    pub cancel: String,
    pub rerun: String,
    pub stale: String,
    pub same: String,
    pub lost: String,
    pub gained: String,
    pub unchanged: String,
    pub overlay: String,
    pub zones: String,
    pub all: String,
    pub changed_only: String,
    pub sort_by: String,
    pub types: String,
    pub projects: String,
    pub projects_none: String,
    pub no_flip: String,
    pub export: String,
    pub export_title: String,
    pub hectares: String,
    pub signed: String,
    pub job: String,
    pub job_read: String,
    pub job_export: String,
    pub no_zones: String,
    pub go: String,
    pub details: String,
    pub own_note: String,
}

/// Per cent of a share, two digits.
pub fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

fn hectares(square_metres: f64) -> String {
    grouped(square_metres / 10_000.0, 4)
}

/// Whether the area has become less, in one sentence.
pub fn verdict_sentence(audit: &Audit, text: &Text) -> String {
    let words = &text.audit;
    let net = audit.net_m2;
    let values = [
        ("m2", grouped(net.abs(), 2)),
        ("ha", hectares(net.abs())),
        ("lost", hectares(audit.lost_m2)),
        ("gained", hectares(audit.gained_m2)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(if audit.not_reduced { &words.not_reduced } else { &words.reduced }, &values)
}

/// The share of the land against that of the plan, with its denominator.
pub fn share_sentence(audit: &Audit, text: &Text) -> String {
    let words = &text.audit;
    let (Some(share), Some(land)) = (audit.land_share, audit.land_m2) else { return words.no_share.clone() };
    let met = if audit.target_met == Some(true) { &words.share_met } else { &words.share_unmet };
    let values = [
        ("share", percent(share)),
        ("old", audit.old_land_share.map(percent).unwrap_or_default()),
        ("target", percent(audit.target_share)),
        ("km2", grouped(land / 1e6, 2)),
        ("inside", grouped(audit.new_in_city_m2.unwrap_or_default() / 1e6, 4)),
        ("source", audit.land_source.clone()),
        ("met", met.clone()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(&words.share, &values)
}

/// Whether the figures balance.
pub fn balance_sentence(audit: &Audit, text: &Text) -> String {
    let words = &text.audit;
    let worst = audit.balance.old_error_m2.abs().max(audit.balance.new_error_m2.abs());
    fill(if audit.balance.holds { &words.balance } else { &words.no_balance }, &[("m2", &format!("{worst:.4}"))])
}

/// How many zones became what.
pub fn counts_sentence(audit: &Audit, text: &Text) -> String {
    let counts = audit.counts;
    let values = [
        ("added", counts.added.to_string()),
        ("removed", counts.removed.to_string()),
        ("changed", counts.changed.to_string()),
        ("unchanged", counts.unchanged.to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(&text.audit.counts, &values)
}

/// The head of an audit: versions, totals, verdict, share, balance, quality.
pub fn head_sentences(audit: &Audit, text: &Text) -> Vec<String> {
    let words = &text.audit;
    let version = |used: &crate::siting::audit::VersionUsed| {
        let name = if used.file.is_empty() { &used.title } else { &used.file };
        if used.version.is_empty() { name.clone() } else { format!("{name} {}", used.version) }
    };
    let mut lines = vec![fill(
        &words.versions,
        &[
            ("theme", text.common.theme(audit.theme)),
            ("old", &version(&audit.old)),
            ("new", &version(&audit.new)),
            ("old_zones", &audit.old.zones.to_string()),
            ("new_zones", &audit.new.zones.to_string()),
        ],
    )];
    let values = [
        ("old", hectares(audit.old_m2)),
        ("new", hectares(audit.new_m2)),
        ("unchanged", hectares(audit.unchanged_m2)),
        ("lost", hectares(audit.lost_m2)),
        ("gained", hectares(audit.gained_m2)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    lines.push(fill(&words.totals, &values));
    lines.push(verdict_sentence(audit, text));
    lines.push(share_sentence(audit, text));
    lines.push(balance_sentence(audit, text));
    for (used, name) in [(&audit.old, &words.sheet.old), (&audit.new, &words.sheet.new)] {
        let values = |count: usize| [("version", name.clone()), ("n", count.to_string())];
        for (count, sentence) in [(used.unusable, &words.unusable), (used.mended, &words.mended)] {
            if count > 0 {
                let values = values(count);
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                lines.push(fill(sentence, &values));
            }
        }
    }
    lines.push(fill(&words.quality, &[("quality", text.common.quality(audit.data_quality))]));
    if audit.data_quality == crate::atlas::Quality::Schematic {
        lines.push(text.common.schematic_notice.clone());
    }
    lines
}

/// The word for what became of a zone.
pub fn state_word(state: ZoneState, text: &Text) -> &str {
    text.audit.state.get(state.code()).map_or(state.code(), String::as_str)
}

/// How a zone was found again.
pub fn matched_word(zone: &ZoneChange, text: &Text) -> String {
    let Some(by) = zone.matched_by else { return String::new() };
    let word = text.audit.matched.get(by.code()).map_or(by.code(), String::as_str);
    fill(word, &[("percent", &percent(zone.match_share.unwrap_or_default()))])
}

/// What else is told of a zone otherwise.
pub fn fields_words(zone: &ZoneChange, text: &Text) -> String {
    let value = |field: &str, word: &str| {
        if word.is_empty() { text.audit.empty_value.clone() } else { text.common.value(field, word).to_owned() }
    };
    let told = zone.fields.iter().map(|change| {
        let (old, new) = (value(&change.field, &change.old), value(&change.field, &change.new));
        fill(&text.audit.field_changed, &[("field", text.common.field(&change.field)), ("old", &old), ("new", &new)])
    });
    told.collect::<Vec<_>>().join("；")
}

/// A project that the new version concerns otherwise, in one sentence.
pub fn retold_sentence(project: &Retold, text: &Text) -> String {
    let (words, codes) = (&text.audit, &text.panel.siting);
    let grade = |grade: crate::siting::Grade| codes.grade.get(grade.code()).map_or(grade.code(), String::as_str);
    let zones = project.zones.iter().map(|zone| {
        let values = [
            ("zone", zone.name.clone()),
            ("old", grouped(zone.old_overlap_m2, 2)),
            ("new", grouped(zone.new_overlap_m2, 2)),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        fill(&words.flipped_by, &values)
    });
    let zones = zones.collect::<Vec<_>>().join("；");
    let zones = if zones.is_empty() { words.untold.clone() } else { zones };
    fill(
        &words.flipped,
        &[
            ("name", &project.name),
            ("old", grade(project.old_verdict)),
            ("new", grade(project.new_verdict)),
            ("zones", &zones),
        ],
    )
}
