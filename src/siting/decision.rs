//! What stands beside the computed verdict: what persons have said against a consequence, as which limited activity the
//! project applies, and the rules that would bear but are not in force at the day or are switched off.

use super::check::grade;
use super::ground::PreparedLayer;
use super::{Consequence, Finding, Grade, Ground, ProjectKind, Question, Rule, Rulebook, Verdict};
use crate::atlas::{Date, Feature, LimitedActivity, Override, Ruling, Site};
use serde::Serialize;

/// A person's word on a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overriding {
    /// Who says so.
    pub author: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub date: Date,
    /// What shall follow instead.
    pub consequence: Consequence,
}

/// Why a rule that speaks of the case does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Idle {
    /// It ended before the day of judgement.
    Ended,
    /// It begins after the day of judgement.
    NotBegun,
    /// It is not certain enough and ships off.
    Off,
}

impl Idle {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            Idle::Ended => "ended",
            Idle::NotBegun => "not_begun",
            Idle::Off => "off",
        }
    }
}

/// A rule that speaks of the case and does not apply.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotApplied {
    /// Identity of the rule.
    pub rule: String,
    /// Theme that it is about.
    pub theme: String,
    /// What it says, Chinese.
    pub text: String,
    /// What it says, English.
    pub text_en: String,
    /// The act or document.
    pub source: String,
    /// Article or section.
    pub clause: String,
    /// Why it does not apply.
    pub reason: Idle,
    /// The day on which it ended or begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// What it would lead to.
    pub consequence: Consequence,
}

impl From<Ruling> for Consequence {
    fn from(ruling: Ruling) -> Self {
        match ruling {
            Ruling::Prohibited => Consequence::Prohibited,
            Ruling::Restricted => Consequence::Restricted,
            Ruling::Attention => Consequence::Attention,
            Ruling::None => Consequence::None,
        }
    }
}

impl Rule {
    /// Why it does not apply at a day; `None` when it does.
    pub fn idle_at(&self, day: Date) -> Option<(Idle, Option<Date>)> {
        if !self.is_enabled() {
            return Some((Idle::Off, None));
        }
        let ended = self.effective_to.filter(|to| *to < day).map(|to| (Idle::Ended, Some(to)));
        ended.or_else(|| self.effective_from.filter(|from| day < *from).map(|from| (Idle::NotBegun, Some(from))))
    }
}

impl Finding {
    /// What follows with the person's word, where there is one.
    pub fn decided(&self) -> Consequence {
        self.overridden.as_ref().map_or(self.consequence, |word| word.consequence)
    }

    /// Whether an override was made for just this finding: the same thing, rule and shared ground.
    pub fn is_meant_by(&self, word: &Override) -> bool {
        let rule = self.rule.as_ref().map_or("", |rule| rule.id.as_str());
        let is_about = self.theme == word.theme && self.feature_id == word.feature_id && self.layer_title == word.layer;
        is_about && word.rule == rule && (word.overlap_m2 - self.overlap_m2).abs() <= 0.01
    }
}

/// Adds to a computed verdict what stands beside it; nothing computed is changed.
pub(super) fn decide(
    verdict: &mut Verdict,
    site: &Site,
    ground: &Ground,
    rulebook: &Rulebook,
    question: &Question,
    kind: Option<&ProjectKind>,
) {
    let told = question.limited_activity.map(|kind| LimitedActivity { kind, answers: Vec::new() });
    let activity = told.as_ref().or(site.limited_activity.as_ref());
    verdict.limited_activity = activity.and_then(|activity| rulebook.inquiry.named(activity)).map(|named| {
        let fits_project = kind.is_none_or(|kind| kind.may_apply_as(named.kind));
        super::ActivityNamed { fits_project, ..named }
    });
    let land_use = verdict.land_use;
    let of = |finding: &Finding| ground.layers().map(AsRef::as_ref).find(|layer| layer.layer.id == finding.key.layer);
    let mut idle: Vec<NotApplied> = Vec::new();
    for finding in verdict.findings.iter().filter(|finding| finding.relation.shares_ground()) {
        let feature: Option<&Feature> =
            of(finding).and_then(|layer: &PreparedLayer| layer.layer.feature(finding.key.index));
        let Some(feature) = feature else { continue };
        for rule in rulebook.speaking(&finding.theme, feature, kind, land_use) {
            let is_reference = finding.belt_m.is_some();
            if let Some((reason, day)) = rule.idle_at(question.as_of)
                && rule.reference.is_none_or(|reference| reference == is_reference)
                && rule.consequence != Consequence::None
                && !rule.gap
                && rule.reference.is_none_or(|reference| reference == finding.belt_m.is_some())
                && !idle.iter().any(|known| known.rule == rule.id)
            {
                idle.push(not_applied(rule, reason, day));
            }
        }
    }
    verdict.not_applied = idle;
    verdict.valid_until = last_valid_day(verdict, ground, rulebook);
    if site.overrides.is_empty() {
        return;
    }
    for finding in &mut verdict.findings {
        let word = site.overrides.iter().rev().find(|word| finding.is_meant_by(word));
        finding.overridden = word.map(|word| Overriding {
            author: word.author.clone(),
            reason: word.reason.clone(),
            date: word.date,
            consequence: word.consequence.into(),
        });
    }
    let holds = |word: &&Override| verdict.findings.iter().any(|finding| finding.is_meant_by(word));
    verdict.lapsed_overrides = site.overrides.iter().filter(|word| !holds(word)).cloned().collect();
    if verdict.findings.iter().any(|finding| finding.overridden.is_some()) {
        let with: Grade = grade(&verdict.checks, &verdict.findings, Finding::decided);
        verdict.verdict_with_overrides = Some(with);
    }
}

/// The answer holds no longer than the layers that gave it, the rules that it rests on, and the day before the next rule.
fn last_valid_day(verdict: &Verdict, ground: &Ground, rulebook: &Rulebook) -> Date {
    let (from, until) = (verdict.as_of, verdict.valid_until);
    let layers = ground.layers().filter_map(|layer| layer.valid_until);
    let quoted = verdict.findings.iter().filter(|finding| finding.consequence != Consequence::None);
    let rules = quoted.flat_map(|finding| finding.rule.iter().chain(&finding.further_rules));
    let ends = rules.filter_map(|quote| rulebook.rule(&quote.id)?.effective_to);
    let begins = verdict.not_applied.iter().filter(|rule| rule.reason == Idle::NotBegun);
    let eve = begins.filter_map(|rule| rule.day?.yesterday().ok());
    layers.chain(ends).chain(eve).filter(|day| from <= *day).fold(until, Date::min)
}

fn not_applied(rule: &Rule, reason: Idle, day: Option<Date>) -> NotApplied {
    NotApplied {
        rule: rule.id.clone(),
        theme: rule.theme.clone(),
        text: rule.text.clone(),
        text_en: rule.text_en.clone(),
        source: rule.source.clone(),
        clause: rule.clause.clone(),
        reason,
        day,
        consequence: rule.consequence,
    }
}
