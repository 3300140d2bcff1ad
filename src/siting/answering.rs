//! Which layers answer a theme of the matrix: those of its own theme; for a zone that a statute describes its official
//! polygons, else what is computed from the layers that the statute names.

use super::derived::{compute, inputs, with_stricter};
use super::ground::PreparedLayer;
use super::statute::Statute;
use super::{CheckRule, Ground, Question, Rulebook};
use crate::geometry::geo::MultiPolygon;
use std::borrow::Cow;
use std::sync::Arc;

/// A theme of the matrix as it is to be checked on a ground, and the layers that answer.
pub(super) struct Answering<'a> {
    pub rule: Cow<'a, CheckRule>,
    pub layers: Vec<Arc<PreparedLayer>>,
}

/// Finds the layers of a theme; computes what has to be computed and is not yet.
pub(super) fn answering<'a>(rule: &'a CheckRule, rulebook: &'a Rulebook, ground: &Ground) -> Answering<'a> {
    let Some(statute) = rule.statute(rulebook) else {
        let is_titled = |title: &String| rulebook.checks.iter().any(|other| other.titles.contains(title));
        let layers = ground.layers().filter(|layer| rule.is_answered_by(&layer.layer));
        let layers = layers.filter(|layer| !rule.titles.is_empty() || !is_titled(&layer.layer.title));
        return Answering { rule: Cow::Borrowed(rule), layers: layers.cloned().collect() };
    };
    if let Some(official) = &statute.official {
        let layers: Vec<_> = ground.layers().filter(|layer| official.is_in(&layer.layer)).cloned().collect();
        if !layers.is_empty() {
            let select = official.select.clone();
            let rule = CheckRule {
                layer: official.layer,
                select,
                select_not: Default::default(),
                belt: None,
                statute: None,
                ..rule.clone()
            };
            return Answering { rule: Cow::Owned(rule), layers };
        }
    }
    if let Some(part) = statute.plain() {
        let rule = CheckRule {
            layer: part.layer,
            select: part.select.clone(),
            select_not: part.select_not.clone(),
            belt: Some(part.belt.clone()),
            ..rule.clone()
        };
        let layers = ground.layers().filter(|layer| layer.layer.theme == part.layer).cloned().collect();
        return Answering { rule: Cow::Owned(rule), layers };
    }
    let rule = CheckRule { select: Default::default(), select_not: Default::default(), belt: None, ..rule.clone() };
    Answering { rule: Cow::Owned(rule), layers: vec![ground.zone(statute, rulebook)] }
}

impl Ground {
    /// A statute's zone as computed from the layers that it names; kept until one of them is another.
    pub fn zone(&self, statute: &Statute, rulebook: &Rulebook) -> Arc<PreparedLayer> {
        let statutes = with_stricter(statute, rulebook);
        let inputs = inputs(&statutes, self);
        if let Some(known) = self.known_zone(&statutes, &inputs) {
            return known;
        }
        let stricter = statutes.iter().filter(|other| statute.less.contains(&other.id));
        let stricter: Vec<Arc<PreparedLayer>> = stricter.map(|other| self.zone(other, rulebook)).collect();
        // computed without a lock in the hand: two threads may compute the same, none waits for another's
        let layer = Arc::new(compute(statute, self, &stricter));
        self.keep_zone(&statutes, inputs, &layer);
        layer
    }

    /// Computes the zones that a question may need and that are not yet computed, so that no check has to.
    pub fn draw_zones(&self, rulebook: &Rulebook, question: &Question) {
        let kind = question.kind.as_deref().and_then(|code| rulebook.kind(code));
        let is_asked =
            |rule: &&CheckRule| rule.bears_on(kind, question.land_use) && rule.is_in_force(rulebook, question.as_of);
        for rule in rulebook.checks.iter().filter(is_asked) {
            answering(rule, rulebook, self);
        }
    }

    /// All ground of a statute's zone, for the map.
    pub fn whole_zone(&self, statute: &Statute, rulebook: &Rulebook) -> (Arc<PreparedLayer>, MultiPolygon) {
        let layer = self.zone(statute, rulebook);
        let whole = layer.derived.as_ref().and_then(|derived| derived.whole(&layer)).cloned();
        (layer, whole.unwrap_or(MultiPolygon(vec![])))
    }
}
