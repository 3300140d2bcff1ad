//! Rules with dates: which theme is checked against which layer, which rule bears on which project,
//! and the catalogue of kinds of project.

use super::statute::{Statute, Wanted};
use super::{Consequence, Inquiry, Quoted, RuleQuote};
use crate::atlas::{Date, Feature, LandUse, Layer, Theme, Value};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything a check is judged by.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rulebook {
    /// Packs in the order in which they were read.
    pub packs: Vec<PackIdentity>,
    /// Files and texts of the packs, in the same order.
    pub texts: Vec<(String, Arc<str>)>,
    /// Kinds of project, in the order of the catalogue.
    pub kinds: Vec<ProjectKind>,
    /// Themes to check, in the order of the matrix.
    pub checks: Vec<CheckRule>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// Regimes by the day on which each begins.
    pub regimes: Vec<Regime>,
    /// Which limited activity inside a red line a project may apply as.
    pub inquiry: Inquiry,
    /// Zones that statutes describe, strictest first.
    pub statutes: Vec<Statute>,
}

/// Name and version of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackIdentity {
    /// Identity.
    pub id: String,
    /// Version.
    pub version: String,
    /// Chinese title.
    pub title: String,
    /// English title; the Chinese one where the pack has none.
    #[serde(default)]
    pub title_en: String,
}

/// A regime: a set of rules that begins on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// Identity, as rules name it.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name; the Chinese one where the pack has none.
    #[serde(default)]
    pub en: String,
    /// The document that sets it up.
    pub source: String,
    /// First day.
    pub effective_from: Date,
}

impl PackIdentity {
    /// Its title.
    pub fn title_in(&self, chinese: bool) -> &str {
        if chinese { &self.title } else { &self.title_en }
    }
}

/// A kind of project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectKind {
    /// Code used on the command line and in files.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name; the Chinese one where the pack has none.
    #[serde(default)]
    pub en: String,
    /// Land class of GB 36600 that it usually has.
    #[serde(default)]
    pub land_use: Option<u8>,
    /// What rules ask of it: `chemical`, `livestock`, `discharges`, `linear`, `limited_activity` …
    #[serde(default)]
    pub attributes: Vec<String>,
    /// Which of the ten kinds of 自然资发〔2022〕142号 it may apply as.
    #[serde(default)]
    pub limited_activity: Vec<u8>,
}

impl ProjectKind {
    /// Whether rules may ask this of it.
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|known| known == attribute)
    }

    /// The kind of a project that applies as one of the ten limited activities, or as none of them (0): rules that ask
    /// whether it may apply hear what was found, not what is usual for the kind. What the catalogue does not know such a
    /// project to be changes nothing: housing is no border work because somebody says so.
    pub fn applying_as(&self, activity: Option<u8>) -> Cow<'_, ProjectKind> {
        const APPLIES: &str = "limited_activity";
        let activity = activity.filter(|number| self.may_apply_as(*number));
        let Some(applies) = activity.map(|number| number > 0).filter(|applies| *applies != self.has(APPLIES)) else {
            return Cow::Borrowed(self);
        };
        let mut kind = self.clone();
        if applies {
            kind.attributes.push(APPLIES.to_owned());
        } else {
            kind.attributes.retain(|known| known != APPLIES);
        }
        Cow::Owned(kind)
    }

    /// Whether the catalogue knows such a project as one of the ten limited activities; none of them (0) any may be, and
    /// what another act allows (10), too.
    pub fn may_apply_as(&self, activity: u8) -> bool {
        matches!(activity, 0 | 10) || self.limited_activity.contains(&activity)
    }

    /// The land class that it usually has.
    pub fn usual_land_use(&self) -> Option<LandUse> {
        match self.land_use {
            Some(1) => Some(LandUse::First),
            Some(2) => Some(LandUse::Second),
            _ => None,
        }
    }
}

/// A theme of the matrix and the layers that answer it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRule {
    /// Code in the answer.
    pub theme: String,
    /// Chinese name.
    pub zh: String,
    /// English name; the Chinese one where the pack has none.
    #[serde(default)]
    pub en: String,
    /// Theme of the layers that answer.
    pub layer: Theme,
    /// Titles one of which the layer must carry; any layer of the theme when empty.
    #[serde(default)]
    pub titles: Vec<String>,
    /// Which features of the layer it is about: field and accepted values; all when empty.
    #[serde(default)]
    pub select: BTreeMap<String, Vec<String>>,
    /// Which features it is not about: one that has one of these values in any field named.
    #[serde(default)]
    pub select_not: BTreeMap<String, Vec<String>>,
    /// Whether a clear verdict needs it.
    #[serde(default)]
    pub required: bool,
    /// Left out of the matrix when no layer answers it.
    #[serde(default)]
    pub optional: bool,
    /// Bears only on projects like this; on all when absent.
    #[serde(default)]
    pub project: ProjectCondition,
    /// Field from which the class of a finding is taken.
    #[serde(default)]
    pub class_field: String,
    /// Fields whose words have to be read as they stand, such as the four lists of a control unit.
    #[serde(default)]
    pub verbatim: Vec<String>,
    /// A belt round the features, not the features themselves.
    #[serde(default)]
    pub belt: Option<Belt>,
    /// Id of the zone that a statute describes, which is checked in the place of the layer.
    #[serde(default)]
    pub statute: Option<String>,
    /// The site has to lie inside the features, instead of outside.
    #[serde(default)]
    pub inside: bool,
    /// Whether neighbours are listed.
    #[serde(default = "on")]
    pub near: bool,
}

/// A belt computed from features: reference only (参考范围).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Belt {
    /// Width outside the features, metres.
    pub metres: f64,
    /// Other widths by the value of a field.
    #[serde(default)]
    pub by: BTreeMap<String, f64>,
    /// That field.
    #[serde(default)]
    pub by_field: String,
    /// Field with the full width of a line, half of which lies on either side.
    #[serde(default)]
    pub width_field: String,
    /// Field in which a feature tells the width of its own belt.
    #[serde(default)]
    pub own_field: String,
    /// Nothing is known of a feature that tells neither its width nor that of its belt.
    #[serde(default)]
    pub needs_width: bool,
}

impl Belt {
    /// Width of the belt round a feature, from its geometry outwards.
    pub fn reach(&self, feature: &Feature) -> f64 {
        let own = feature.number(&self.own_field).filter(|own| *own >= 0.0);
        let own = own.or_else(|| self.by.get(feature.text(&self.by_field)).copied()).unwrap_or(self.metres);
        let half_width = feature.number(&self.width_field).filter(|width| *width > 0.0).unwrap_or(0.0) / 2.0;
        (own + half_width).clamp(0.0, 100_000.0)
    }

    /// Whether a feature tells what its belt needs; when not, [`Belt::reach`] is no more than the least it may be.
    pub fn is_known(&self, feature: &Feature) -> bool {
        let is_told = |field: &str| feature.number(field).is_some_and(|width| width > 0.0);
        !self.needs_width || is_told(&self.width_field)
    }
}

/// Which projects a rule is about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectCondition {
    /// One of these kinds; any when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// At least one of these attributes; any when empty.
    #[serde(default)]
    pub any: Vec<String>,
    /// None of these attributes.
    #[serde(default)]
    pub none: Vec<String>,
    /// This land class; 0 when none was told.
    #[serde(default)]
    pub land_use: Option<u8>,
    /// Whether the kind was told; either way when absent.
    #[serde(default)]
    pub told: Option<bool>,
}

impl ProjectCondition {
    /// Whether a project is meant. A kind that was not told has no attributes.
    pub fn holds(&self, kind: Option<&ProjectKind>, land_use: Option<LandUse>) -> bool {
        let has = |attribute: &String| kind.is_some_and(|kind| kind.has(attribute));
        (self.kinds.is_empty() || kind.is_some_and(|kind| self.kinds.contains(&kind.code)))
            && (self.any.is_empty() || self.any.iter().any(has))
            && !self.none.iter().any(has)
            && self.told.is_none_or(|told| told == kind.is_some())
            && match self.land_use {
                None => true,
                Some(0) => land_use.is_none(),
                Some(1) => land_use == Some(LandUse::First),
                Some(_) => land_use == Some(LandUse::Second),
            }
    }
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Identity.
    pub id: String,
    /// The theme it is about.
    pub theme: String,
    /// The regime it belongs to.
    #[serde(default)]
    pub regime: String,
    /// What it says, Chinese.
    pub text: String,
    /// What it says, English; the Chinese words where the pack has none.
    #[serde(default)]
    pub text_en: String,
    /// The act or document.
    pub source: String,
    /// Article or section.
    #[serde(default)]
    pub clause: String,
    /// Why there is no article or no first day, where there is none; what has to be verified.
    #[serde(default)]
    pub note: String,
    /// First day in force.
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// Last day in force.
    #[serde(default)]
    pub effective_to: Option<Date>,
    /// How sure the pack is of it: text, high, medium, low.
    pub confidence: String,
    /// Whether it is switched on; see [`Rule::is_enabled`].
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Which features: field and accepted values; all when empty.
    #[serde(default)]
    pub zone: BTreeMap<String, Vec<String>>,
    /// Which features not: one that has one of these values in any field named.
    #[serde(default)]
    pub zone_not: BTreeMap<String, Vec<String>>,
    /// Which projects.
    #[serde(default)]
    pub project: ProjectCondition,
    /// Bears only where the zone is a reference extent, or only where it is the official one; on both when absent.
    #[serde(default)]
    pub reference: Option<bool>,
    /// What follows where ground is shared.
    pub consequence: Consequence,
    /// What has to be done next, Chinese.
    #[serde(default)]
    pub next_step: String,
    /// What has to be done next, English.
    #[serde(default)]
    pub next_step_en: String,
    /// Document to obtain, Chinese.
    #[serde(default)]
    pub document: String,
    /// Document to obtain, English.
    #[serde(default)]
    pub document_en: String,
    /// It stands where the packs hold no rule of the day, so it is not worth telling where it does not apply.
    #[serde(default)]
    pub gap: bool,
    /// Identity of the pack that it is from.
    #[serde(skip)]
    pub pack: String,
}

fn on() -> bool {
    true
}

impl Rule {
    /// Whether it is switched on. One of low confidence is off, in any pack, until the pack says that it is on; it is
    /// shown as to be confirmed then.
    pub fn is_enabled(&self) -> bool {
        self.enabled.unwrap_or(self.confidence != "low")
    }

    /// Whether it was in force on a day and is switched on.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.is_enabled()
            && self.effective_from.is_none_or(|from| from <= day)
            && self.effective_to.is_none_or(|to| day <= to)
    }

    /// As a finding quotes it.
    pub fn quote(&self) -> RuleQuote {
        RuleQuote::from(Quoted {
            id: self.id.clone(),
            text: self.text.clone(),
            text_en: self.text_en.clone(),
            source: self.source.clone(),
            clause: self.clause.clone(),
            regime: self.regime.clone(),
            confidence: self.confidence.clone(),
            consequence: self.consequence,
            next_step: self.next_step.clone(),
            next_step_en: self.next_step_en.clone(),
            document: self.document.clone(),
            document_en: self.document_en.clone(),
        })
    }
}

/// Whether a feature has one of the accepted values in every field named.
pub(super) fn meets(feature: &Feature, wanted: &Wanted) -> bool {
    wanted.iter().all(|(field, accepted)| has_one_of(feature, field, accepted))
}

/// Whether a feature has one of the values in any field named.
pub(super) fn meets_any(feature: &Feature, wanted: &Wanted) -> bool {
    wanted.iter().any(|(field, accepted)| has_one_of(feature, field, accepted))
}

fn has_one_of(feature: &Feature, field: &str, accepted: &[String]) -> bool {
    let has = |word: &str| accepted.iter().any(|known| known == word);
    match feature.value(field) {
        Value::Text(text) => has(text.trim()),
        Value::Null => field == "id" && has(&feature.id),
        other => has(&other.to_string()),
    }
}

impl CheckRule {
    /// Whether the theme is about a feature.
    pub fn is_about(&self, feature: &Feature) -> bool {
        meets(feature, &self.select) && !meets_any(feature, &self.select_not)
    }

    /// Whether it bears on a project; a kind that was not told may be any.
    pub fn bears_on(&self, kind: Option<&ProjectKind>, land_use: Option<LandUse>) -> bool {
        kind.is_none() || self.project.holds(kind, land_use)
    }

    /// Whether there is such a zone on a day, where a statute describes it.
    pub fn is_in_force(&self, rulebook: &Rulebook, day: Date) -> bool {
        self.statute(rulebook).is_none_or(|statute| statute.is_in_force(day))
    }

    /// The zone that a statute describes, where the theme is about one.
    pub fn statute<'a>(&self, rulebook: &'a Rulebook) -> Option<&'a Statute> {
        rulebook.statute(self.statute.as_deref()?)
    }

    /// Whether a layer answers this theme.
    pub fn is_answered_by(&self, layer: &Layer) -> bool {
        layer.theme == self.layer && (self.titles.is_empty() || self.titles.contains(&layer.title))
    }
}

impl Rulebook {
    /// A kind of project by its code.
    pub fn kind(&self, code: &str) -> Option<&ProjectKind> {
        self.kinds.iter().find(|kind| kind.code == code)
    }

    /// A zone that a statute describes, by its id.
    pub fn statute(&self, id: &str) -> Option<&Statute> {
        self.statutes.iter().find(|statute| statute.id == id)
    }

    /// A rule by its identity.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// A theme of the matrix by its code.
    pub fn check(&self, theme: &str) -> Option<&CheckRule> {
        self.checks.iter().find(|check| check.theme == theme)
    }

    /// The rules that bear on a feature for a project on a day, strictest first.
    pub fn bearing<'a>(
        &'a self,
        theme: &'a str,
        feature: &'a Feature,
        kind: Option<&'a ProjectKind>,
        land_use: Option<LandUse>,
        day: Date,
    ) -> Vec<&'a Rule> {
        let rules = self.bearing_on(theme, kind, land_use, day).into_iter();
        rules.filter(|rule| rule.is_about(feature)).collect()
    }

    /// The rules of a theme that bear on a project on a day, whatever the feature; strictest first.
    pub(super) fn bearing_on(
        &self,
        theme: &str,
        kind: Option<&ProjectKind>,
        land_use: Option<LandUse>,
        day: Date,
    ) -> Vec<&Rule> {
        // the day first: it is asked at once
        let in_force = self.rules.iter().filter(|rule| rule.theme == theme && rule.is_in_force(day));
        let mut rules: Vec<&Rule> = in_force.filter(|rule| rule.project.holds(kind, land_use)).collect();
        rules.sort_by_key(|rule| rule.consequence);
        rules
    }

    /// The rules that speak of a feature for a project, in force or not.
    pub fn speaking<'a>(
        &'a self,
        theme: &'a str,
        feature: &'a Feature,
        kind: Option<&'a ProjectKind>,
        land_use: Option<LandUse>,
    ) -> impl Iterator<Item = &'a Rule> {
        self.rules.iter().filter(move |rule| rule.theme == theme && rule.speaks_of(feature, kind, land_use))
    }
}

impl Rule {
    /// Whether it speaks of a feature of its theme for a project.
    fn speaks_of(&self, feature: &Feature, kind: Option<&ProjectKind>, land_use: Option<LandUse>) -> bool {
        self.project.holds(kind, land_use) && self.is_about(feature)
    }

    /// Whether it is about a feature of its theme.
    pub(super) fn is_about(&self, feature: &Feature) -> bool {
        meets(feature, &self.zone) && !meets_any(feature, &self.zone_not)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_that_a_rule_asks_for_belongs_to_a_kind() {
        let book = Rulebook::bundled();
        let asked = book.rules.iter().flat_map(|rule| rule.project.any.iter().chain(&rule.project.none));
        for attribute in asked.chain(book.checks.iter().flat_map(|check| &check.project.any)) {
            assert!(book.kinds.iter().any(|kind| kind.has(attribute)), "{attribute}");
        }
    }

    #[test]
    fn a_rule_from_memory_with_low_confidence_ships_off() {
        for rule in &Rulebook::bundled().rules {
            assert!(rule.confidence != "low" || !rule.is_enabled(), "{}", rule.id);
        }
    }
}
