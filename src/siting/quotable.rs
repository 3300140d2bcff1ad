//! The rules of a theme that bear on a project, and which of them speak of a thing: asked once for all things that say
//! the same, not for every finding.

use super::theme::Asked;
use super::{Rule, RuleQuote};
use crate::atlas::{Feature, Value};
use std::cell::OnceCell;

/// Rules that bear on a project, strictest first.
pub(super) struct Quotable<'a> {
    rules: Vec<QuotableRule<'a>>,
    /// The fields that they ask about.
    fields: Vec<&'a str>,
    /// What things said in these fields, and the numbers of the rules that speak of them.
    known: Vec<(Said<'a>, Vec<usize>)>,
}

/// A rule, and its quote once it was needed.
pub(super) struct QuotableRule<'a> {
    pub rule: &'a Rule,
    quote: OnceCell<RuleQuote>,
}

impl QuotableRule<'_> {
    pub fn quote(&self) -> RuleQuote {
        self.quote.get_or_init(|| self.rule.quote()).clone()
    }
}

/// Values of the fields asked about; the id of the thing where one of the fields is that.
type Said<'a> = (Vec<&'a Value>, Option<&'a str>);

impl<'a> Quotable<'a> {
    /// The rules of the theme that bear on the project, whatever the thing.
    pub fn on(asked: &Asked<'a>) -> Self {
        let Asked { rule, rulebook, kind, land_use, question, .. } = *asked;
        let rules = rulebook.bearing_on(&rule.theme, kind, land_use, question.as_of);
        let mut fields: Vec<&str> =
            rules.iter().flat_map(|rule| rule.zone.keys().chain(rule.zone_not.keys())).map(String::as_str).collect();
        fields.sort_unstable();
        fields.dedup();
        let rules = rules.into_iter().map(|rule| QuotableRule { rule, quote: OnceCell::new() }).collect();
        Self { rules, fields, known: Vec::new() }
    }

    /// Those that speak of a thing, strictest first.
    pub fn about(&mut self, feature: &'a Feature) -> impl Iterator<Item = &QuotableRule<'a>> {
        let is_id = |field: &&str| *field == "id";
        let values = self.fields.iter().map(|field| feature.value(field)).collect();
        let said: Said = (values, self.fields.iter().any(is_id).then_some(feature.id.as_str()));
        let place = self.known.iter().position(|(known, _)| *known == said).unwrap_or_else(|| {
            let rules = self.rules.iter().enumerate();
            let speaking = rules.filter(|(_, quotable)| quotable.rule.is_about(feature)).map(|(number, _)| number);
            self.known.push((said, speaking.collect()));
            self.known.len() - 1
        });
        let numbers = self.known.get(place).into_iter().flat_map(|(_, numbers)| numbers);
        numbers.filter_map(|number| self.rules.get(*number))
    }
}
