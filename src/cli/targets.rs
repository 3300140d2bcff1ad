//! `targets`: the plan's figures against the loaded data.

use super::basis::Basis;
use super::{Console, Failure, OutputFormat, table};
use crate::text::{Text, WatersText, fill, word};
use crate::waters::{Comparison, Target, TargetReport, targets};
use serde_json::{Value, json};

/// Arguments of `targets`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    basis: Basis,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let (atlas, as_of) = arguments.basis.open(console)?;
    let report = targets(&atlas, as_of);
    if arguments.basis.format == OutputFormat::Json {
        return console.print_json(&document(&report, console.text()));
    }
    let text = console.text();
    let words = &text.waters;
    let head = fill(
        &words.targets_head,
        &[
            ("title", &atlas.manifest.title),
            ("date", &as_of.to_string()),
            ("quality", text.common.quality(report.data_quality)),
        ],
    );
    let columns =
        [&*words.column_name, &words.column_target, &words.column_value, &words.column_gap, &words.column_how];
    let rows: Vec<Vec<String>> = report.targets.iter().map(|target| row(target, words)).collect();
    let mut lines = vec![head, text.common.schematic_notice.clone()];
    lines.extend(table::lines(&columns, &rows));
    console.print(&lines.join("\n"));
    Ok(())
}

fn row(target: &Target, words: &WatersText) -> Vec<String> {
    let unit = if target.unit == "percent" { "%" } else { "" };
    let sign = if target.comparison == Comparison::AtLeast { "≥" } else { "≤" };
    let value = match (target.value, &target.reason) {
        (Some(value), _) => format!("{}{unit}", table::number(value, 2)),
        (None, Some(reason)) => word(&words.no_value, reason),
        (None, None) => String::new(),
    };
    let gap = target.gap.map(|gap| format!("{}{}{unit}", if gap > 0.0 { "+" } else { "" }, table::number(gap, 2)));
    vec![
        name(target, words),
        format!("{sign}{}{unit}", table::number(target.target, 2)),
        value,
        gap.unwrap_or_default(),
        how(target, words),
    ]
}

fn name(target: &Target, words: &WatersText) -> String {
    words.target.get(target.id).map_or(target.id, |known| &known.name).to_owned()
}

fn how(target: &Target, words: &WatersText) -> String {
    let numbers: Vec<(&str, String)> =
        target.how.parameters.iter().map(|(name, number)| (*name, table::number(*number, 2))).collect();
    let numbers: Vec<(&str, &str)> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
    match words.target.get(target.how.code) {
        // without numbers there is only the reason
        Some(known) if target.value.is_some() || !known.how.contains('{') => fill(&known.how, &numbers),
        _ => String::new(),
    }
}

fn document(report: &TargetReport, text: &Text) -> Value {
    let mut document = json!(report);
    let entries = document.get_mut("targets").and_then(Value::as_array_mut);
    for (entry, target) in entries.into_iter().flatten().zip(&report.targets) {
        if let Some(members) = entry.as_object_mut() {
            members.insert("name".into(), json!(name(target, &text.waters)));
            members.insert("how_computed".into(), json!(how(target, &text.waters)));
        }
    }
    document
}
