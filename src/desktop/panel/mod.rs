//! The panels beside the map: each reads the workspace and sends commands, none changes anything itself.

mod audit;
mod batch;
mod feature;
mod layers;
mod search;
mod sheet;
mod siting;
mod status;
mod targets;
mod water;
mod waters;

pub use audit::{AuditPanel, AuditWant};
pub use batch::{BatchPanel, BatchWant};
pub use feature::{FeaturePanel, place_of};
pub use layers::{LayersPanel, layer_title};
pub use search::SearchBox;
pub use sheet::SheetPanel;
pub use siting::{SitingPanel, grade_tone};
pub use status::{StatusBar, StatusWish};
pub use targets::TargetsPanel;
pub use water::WaterPanel;
pub use waters::WatersPanel;
