//! Which things of a layer a rule is about on a day, by their place: looked for once, not for every site.

use super::ground::PreparedLayer;
use super::{Belt, CheckRule, Wanted};
use crate::atlas::Date;
use crate::geometry::BoxIndex;

/// The things of a layer that a rule is about on a day, found once and kept.
#[derive(Debug)]
pub(super) struct Selection {
    select: Wanted,
    select_not: Wanted,
    belt: Option<Belt>,
    /// `None` when nothing in the layer has days of its own.
    day: Option<Date>,
    /// Those that can be bounded, by their place.
    pub index: BoxIndex,
    /// How many of them there are.
    pub usable: usize,
    /// Things in force that cannot be bounded.
    pub unusable: usize,
    /// Things out of force on the day.
    pub not_in_force: usize,
    /// The widest belt round any of them, metres.
    pub widest: f64,
    /// Every belt round them has a width.
    pub widths_are_known: bool,
}

impl Selection {
    pub fn new(layer: &PreparedLayer, rule: &CheckRule, day: Date) -> Selection {
        let mut boxes = Vec::new();
        let (mut unusable, mut not_in_force, mut widest, mut is_dated) = (0, 0, 0.0_f64, false);
        let mut widths_are_known = true;
        for (index, feature, bounds) in layer.features().filter(|(_, feature, _)| rule.is_about(feature)) {
            let days = [feature.date("effective_from"), feature.date("effective_to")];
            is_dated |= days.iter().any(Option::is_some);
            if days[0].is_some_and(|from| from > day) || days[1].is_some_and(|to| day > to) {
                not_in_force += 1;
                continue;
            }
            match bounds {
                Some(bounds) => {
                    if let Some(belt) = &rule.belt {
                        widest = widest.max(belt.reach(feature));
                        widths_are_known &= belt.is_known(feature);
                    }
                    boxes.push((index, bounds));
                }
                None => unusable += 1,
            }
        }
        Selection {
            select: rule.select.clone(),
            select_not: rule.select_not.clone(),
            belt: rule.belt.clone(),
            day: is_dated.then_some(day),
            usable: boxes.len(),
            index: BoxIndex::new(boxes),
            unusable,
            not_in_force,
            widest,
            widths_are_known,
        }
    }

    /// Whether it is what a rule is about on a day.
    pub fn serves(&self, rule: &CheckRule, day: Date) -> bool {
        self.day.is_none_or(|own| own == day)
            && self.select == rule.select
            && self.select_not == rule.select_not
            && self.belt == rule.belt
    }
}
