//! Zones that a statute describes by words and distances, as data: round which things, how wide, how far upstream.
//!
//! What is computed from them is for reference (参考范围); the official polygons decide where they are loaded.

use super::Belt;
use crate::atlas::{Date, Feature, Layer, Theme};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Field and accepted values.
pub type Wanted = BTreeMap<String, Vec<String>>;

/// A zone that a statute describes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statute {
    /// Identity.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    #[serde(default)]
    pub en: String,
    /// The act.
    pub source: String,
    /// Article.
    #[serde(default)]
    pub clause: String,
    /// First day in force.
    #[serde(default)]
    pub effective_from: Option<Date>,
    /// Last day in force.
    #[serde(default)]
    pub effective_to: Option<Date>,
    /// How sure the pack is of its extent: text, high, medium, low.
    pub confidence: String,
    /// What it is computed from and what is left open, Chinese.
    #[serde(default)]
    pub note: String,
    /// The same in English.
    #[serde(default)]
    pub note_en: String,
    /// Official polygons that take its place.
    #[serde(default)]
    pub official: Option<Official>,
    /// Zones that go before it: their ground is not this one's.
    #[serde(default)]
    pub less: Vec<String>,
    /// What it consists of.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
}

/// Which official polygons stand for a zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Official {
    /// Theme of the layer.
    pub layer: Theme,
    /// Which of its features; all when empty.
    #[serde(default)]
    pub select: Wanted,
}

/// A part of a zone: a belt round things of a theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Theme of the things.
    pub layer: Theme,
    /// Which of them; all when empty.
    #[serde(default)]
    pub select: Wanted,
    /// Which not.
    #[serde(default)]
    pub select_not: Wanted,
    /// How wide round them.
    pub belt: Belt,
    /// Not the rivers themselves but stretches upstream of their mouths.
    #[serde(default)]
    pub upstream: Option<Upstream>,
    /// Nothing is missing where no such thing is found.
    #[serde(default)]
    pub optional: bool,
}

/// Stretches of rivers between two distances upstream of where the rivers selected enter a water, along the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Theme of the water.
    pub into: Theme,
    /// Which water.
    #[serde(default)]
    pub water: Wanted,
    /// Nearer than this is not in it, metres.
    pub from_m: f64,
    /// Nor farther than this, metres.
    pub to_m: f64,
    /// A river that ends this near to the shore enters the water, metres.
    pub mouth_m: f64,
}

impl Statute {
    /// Whether it was in force on a day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.effective_from.is_none_or(|from| from <= day) && self.effective_to.is_none_or(|to| day <= to)
    }

    /// The part of which it consists alone, when it is no more than a belt round things as they are.
    pub fn plain(&self) -> Option<&Part> {
        match self.parts.as_slice() {
            [part] if part.upstream.is_none() && self.less.is_empty() => Some(part),
            _ => None,
        }
    }

    /// Themes of the layers from which it is computed.
    pub fn themes(&self) -> Vec<Theme> {
        let parts = self.parts.iter();
        parts.flat_map(|part| std::iter::once(part.layer).chain(part.upstream.as_ref().map(|up| up.into))).collect()
    }

    /// A width or distance that no belt can have, of a part that is measured along rivers and is not about rivers, too.
    pub(super) fn wrong_number(&self) -> Option<f64> {
        self.parts.iter().find_map(|part| {
            let widths = std::iter::once(&part.belt.metres).chain(part.belt.by.values()).copied();
            let distances = part.upstream.iter().flat_map(|up| [up.from_m, up.to_m, up.mouth_m]);
            let backwards = part.upstream.as_ref().filter(|up| up.from_m >= up.to_m || part.layer != Theme::Rivers);
            widths
                .into_iter()
                .find(|metres| !(0.0..=100_000.0).contains(metres))
                .or_else(|| distances.into_iter().find(|metres| !(0.0..=1_000_000.0).contains(metres)))
                .or(backwards.map(|up| up.from_m))
        })
    }
}

impl Part {
    /// Whether it is about a feature.
    pub fn is_about(&self, feature: &Feature) -> bool {
        super::rulebook::meets(feature, &self.select) && !super::rulebook::meets_any(feature, &self.select_not)
    }
}

impl Official {
    /// Whether a layer has polygons that stand for the zone.
    pub fn is_in(&self, layer: &Layer) -> bool {
        layer.theme == self.layer
            && layer.features().iter().any(|feature| super::rulebook::meets(feature, &self.select))
    }
}

impl Upstream {
    /// Whether a feature is the water.
    pub fn is_water(&self, feature: &Feature) -> bool {
        super::rulebook::meets(feature, &self.water)
    }
}
