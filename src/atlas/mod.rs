//! What the office knows: features, layers, themes, river-chief records.
//!
//! Everything here is built once and then shared behind `Arc`, never edited.

mod collection;
mod feature;
mod governance;
mod layer;
mod site;
mod source;
mod theme;
mod value;

pub use collection::{Atlas, Manifest, ManifestLayer};
pub use feature::{Feature, FeatureKey};
pub use governance::{
    Chief, ChiefLevel, ChiefRole, Governance, HistoryStep, ListItem, ListKind, Patrol, Problem, ProblemState, Sample,
    WaterRecord,
};
pub use layer::{Layer, LayerId};
pub use site::{Answer, LandUse, LimitedActivity, Override, Ruling, Site};
pub use source::{Quality, Source};
pub use theme::Theme;
pub use value::Value;

pub use jiff::civil::Date;
