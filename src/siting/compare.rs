//! The same sites judged at two days: what is new, gone and changed, and by which rule or validity. It answers "why not
//! this year, when it could be built last year", and the other way round.

use super::{Consequence, Finding, Grade, Ground, Question, Reason, Rule, RuleQuote, Rulebook, Status, Verdict, check};
use crate::atlas::{Date, Feature, Site, Theme};
use serde::Serialize;

/// The difference between two days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The day of judgement.
    pub as_of: Date,
    /// The day it is compared with.
    pub compare_with: Date,
    /// Rules in force at the day of judgement and not at the other.
    pub rules_new: Vec<RuleChange>,
    /// Rules in force at the other day and no longer, or not yet, at the day of judgement.
    pub rules_gone: Vec<RuleChange>,
    /// Things of the layers with days of their own: in force at the day of judgement only, and at the other only.
    pub features_new: usize,
    /// See [`Comparison::features_new`].
    pub features_gone: usize,
    /// Layers none of whose things says from or until when it holds: taken to be the same at both days.
    pub undated_layers: Vec<String>,
    /// Site by site.
    pub sites: Vec<SiteComparison>,
}

/// A rule and its days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleChange {
    /// Identity.
    pub id: String,
    /// Theme.
    pub theme: String,
    /// Regime.
    pub regime: String,
    /// What it says, Chinese.
    pub text: String,
    /// What it says, English.
    pub text_en: String,
    /// The act or document.
    pub source: String,
    /// Article or section.
    pub clause: String,
    /// First day in force.
    pub effective_from: Option<Date>,
    /// Last day in force.
    pub effective_to: Option<Date>,
}

/// One site at two days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SiteComparison {
    /// Identity of the site.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it comes to at the day of judgement.
    pub verdict: Grade,
    /// What it comes to at the other day.
    pub verdict_then: Grade,
    /// Findings that are there at the day of judgement only.
    pub new: Vec<Change>,
    /// Findings that were there at the other day only.
    pub gone: Vec<Change>,
    /// Findings of both days with another rule or consequence.
    pub changed: Vec<Changed>,
    /// Themes with another state or reason.
    pub themes: Vec<ThemeChange>,
}

/// Why a finding is there at one day only, or is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The thing itself is in force at one of the days only.
    Feature,
    /// A rule has begun or ended between the days.
    Rule,
    /// The layer may not be relied on at one of the days.
    Layer,
}

impl Cause {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            Cause::Feature => "feature",
            Cause::Rule => "rule",
            Cause::Layer => "layer",
        }
    }
}

/// A finding of one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// Theme checked.
    pub theme: String,
    /// Theme of the layer.
    pub layer: Theme,
    /// Id of the thing.
    pub feature_id: String,
    /// Its name.
    pub name: String,
    /// Shared ground, square metres.
    pub overlap_m2: f64,
    /// What follows.
    pub consequence: Consequence,
    /// The strictest rule.
    pub rule: Option<RuleQuote>,
    /// Why it is there on this day only.
    pub cause: Cause,
    /// First day of the thing, or of the rule where that is the cause.
    pub effective_from: Option<Date>,
    /// Last day of the thing, or of the rule where that is the cause.
    pub effective_to: Option<Date>,
}

/// A finding of both days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changed {
    /// Theme checked.
    pub theme: String,
    /// Theme of the layer.
    pub layer: Theme,
    /// Id of the thing.
    pub feature_id: String,
    /// Its name.
    pub name: String,
    /// What follows at the day of judgement.
    pub consequence: Consequence,
    /// What followed at the other day.
    pub consequence_then: Consequence,
    /// The strictest rule at the day of judgement.
    pub rule: Option<RuleQuote>,
    /// The strictest rule at the other day.
    pub rule_then: Option<RuleQuote>,
    /// Why it is another.
    pub cause: Cause,
}

/// A theme with another state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ThemeChange {
    /// Code.
    pub theme: String,
    /// Chinese name.
    pub title: String,
    /// English name.
    pub title_en: String,
    /// State at the day of judgement.
    pub status: Status,
    /// Its reason.
    pub reason: Reason,
    /// State at the other day.
    pub status_then: Status,
    /// Its reason.
    pub reason_then: Reason,
}

/// Judges sites at the day of the question and at another, and tells the difference.
pub fn compare(
    sites: &[Site],
    ground: &Ground,
    rulebook: &Rulebook,
    question: &Question,
    compare_with: Date,
) -> Comparison {
    let then = Question { as_of: compare_with, ..question.clone() };
    let pairs =
        sites.iter().map(|site| (check(site, ground, rulebook, question), check(site, ground, rulebook, &then)));
    let sites = pairs.map(|(now, then)| difference(&now, &then, ground, rulebook)).collect();
    Comparison { sites, ..between(ground, rulebook, question.as_of, compare_with) }
}

/// What is in force at one of two days, whatever the site.
fn between(ground: &Ground, rulebook: &Rulebook, as_of: Date, compare_with: Date) -> Comparison {
    let only = |at: Date, not_at: Date| {
        let rules = rulebook.rules.iter().filter(|rule| rule.is_in_force(at) && !rule.is_in_force(not_at));
        rules.map(RuleChange::of).collect()
    };
    let (mut features_new, mut features_gone, mut undated_layers) = (0, 0, Vec::new());
    for layer in ground.layers().map(|layer| &layer.layer) {
        let features = layer.features();
        features_new += features.iter().filter(|one| holds(one, as_of) && !holds(one, compare_with)).count();
        features_gone += features.iter().filter(|one| !holds(one, as_of) && holds(one, compare_with)).count();
        let is_judged = rulebook.checks.iter().any(|check| check.is_answered_by(layer));
        if is_judged && !features.iter().any(|one| days(one) != (None, None)) {
            undated_layers.push(layer.title.clone());
        }
    }
    undated_layers.dedup();
    Comparison {
        as_of,
        compare_with,
        rules_new: only(as_of, compare_with),
        rules_gone: only(compare_with, as_of),
        features_new,
        features_gone,
        undated_layers,
        sites: Vec::new(),
    }
}

fn days(feature: &Feature) -> (Option<Date>, Option<Date>) {
    (feature.date("effective_from"), feature.date("effective_to"))
}

fn holds(feature: &Feature, day: Date) -> bool {
    let (from, to) = days(feature);
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
}

/// Neighbours that nothing follows from are no difference.
fn matters(finding: &&Finding) -> bool {
    finding.consequence != Consequence::None || finding.relation.shares_ground()
}

fn difference(now: &Verdict, then: &Verdict, ground: &Ground, rulebook: &Rulebook) -> SiteComparison {
    let same = |one: &Finding, other: &Finding| one.theme == other.theme && one.key == other.key;
    let only = |these: &Verdict, others: &Verdict| -> Vec<Change> {
        let unmatched = these.findings.iter().filter(matters);
        let unmatched = unmatched.filter(|one| !others.findings.iter().any(|other| same(one, other)));
        unmatched.map(|finding| change(finding, others.as_of, ground, rulebook)).collect()
    };
    let mut changed = Vec::new();
    for finding in &now.findings {
        let Some(before) = then.findings.iter().find(|before| same(finding, before)) else { continue };
        let id = |finding: &Finding| finding.rule.as_ref().map(|rule| rule.id.clone());
        let is_other = finding.consequence != before.consequence || id(finding) != id(before);
        if is_other && (matters(&finding) || matters(&before)) {
            changed.push(Changed {
                theme: finding.theme.clone(),
                layer: finding.layer,
                feature_id: finding.feature_id.clone(),
                name: finding.name.clone(),
                consequence: finding.consequence,
                consequence_then: before.consequence,
                rule: finding.rule.clone(),
                rule_then: before.rule.clone(),
                cause: if id(finding) == id(before) { Cause::Layer } else { Cause::Rule },
            });
        }
    }
    let themes = now.checks.iter().filter_map(|check| {
        let before = then.checks.iter().find(|before| before.theme == check.theme)?;
        ((check.status, check.reason) != (before.status, before.reason)).then(|| ThemeChange {
            theme: check.theme.clone(),
            title: check.title.clone(),
            title_en: check.title_en.clone(),
            status: check.status,
            reason: check.reason,
            status_then: before.status,
            reason_then: before.reason,
        })
    });
    SiteComparison {
        id: now.id.clone(),
        name: now.name.clone(),
        verdict: now.verdict,
        verdict_then: then.verdict,
        new: only(now, then),
        gone: only(then, now),
        changed,
        themes: themes.collect(),
    }
}

/// A finding of one day; why it is not there at the `other`.
fn change(finding: &Finding, other: Date, ground: &Ground, rulebook: &Rulebook) -> Change {
    let layer = ground.layers().find(|layer| layer.layer.id == finding.key.layer);
    let feature = layer.and_then(|layer| layer.layer.feature(finding.key.index));
    let rule = finding.rule.as_ref().and_then(|quote| rulebook.rule(&quote.id));
    // a zone that a statute describes is there no longer than the statute
    let (cause, (effective_from, effective_to)) = match (feature, rule) {
        (Some(feature), _) if !holds(feature, other) => (Cause::Feature, days(feature)),
        (_, Some(rule)) if !rule.is_in_force(other) => (Cause::Rule, (rule.effective_from, rule.effective_to)),
        _ => (Cause::Layer, (None, None)),
    };
    Change {
        theme: finding.theme.clone(),
        layer: finding.layer,
        feature_id: finding.feature_id.clone(),
        name: finding.name.clone(),
        overlap_m2: finding.overlap_m2,
        consequence: finding.consequence,
        rule: finding.rule.clone(),
        cause,
        effective_from,
        effective_to,
    }
}

impl RuleChange {
    fn of(rule: &Rule) -> Self {
        RuleChange {
            id: rule.id.clone(),
            theme: rule.theme.clone(),
            regime: rule.regime.clone(),
            text: rule.text.clone(),
            text_en: rule.text_en.clone(),
            source: rule.source.clone(),
            clause: rule.clause.clone(),
            effective_from: rule.effective_from,
            effective_to: rule.effective_to,
        }
    }
}
