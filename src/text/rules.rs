//! Sentences of rule packs, the day of judgement, limited activities and overrides.

use super::{Text, fill};
use crate::siting::RuleError;
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
}

/// Why a rule pack is refused: file, line, reason.
pub fn refusal(error: &RuleError, text: &Text) -> String {
    let words = &text.rules;
    let (code, [a, b]) = error.fault.code();
    let reason = fill(words.fault.get(code).map_or(code, String::as_str), &[("a", a), ("b", b)]);
    let line = error.line.map(|line| fill(&words.of_line, &[("n", &line.to_string())])).unwrap_or_default();
    fill(&words.refused, &[("file", &error.pack), ("line", &line), ("reason", &reason)])
}
