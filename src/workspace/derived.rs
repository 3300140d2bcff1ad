//! What follows from the atlas: summaries, targets, classes, the search index. Recomputed in the background when the
//! atlas changes, never edited.

use super::{Elsewhere, LeftOver, SearchIndex, SurfacePiece};
use crate::atlas::Atlas;
use crate::siting::{Comparison, Verdict};
use crate::waters::{TargetReport, WaterSummary, Waters};
use std::collections::HashMap;
use std::sync::Arc;

/// What follows from the atlas.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    /// Current water class by id of the water (1…6).
    pub water_class: Arc<HashMap<String, u8>>,
    /// Every river and black-odour water at the day of the records.
    pub waters: Arc<[WaterSummary]>,
    /// The plan's targets; absent until computed.
    pub targets: Option<Arc<TargetReport>>,
    /// Names of everything.
    pub search: Arc<SearchIndex>,
    /// The answer for the current site, or for the one in the hand.
    pub verdict: Option<Arc<Verdict>>,
    /// The outline of the current site while it is changed by hand.
    pub in_hand: Option<Arc<crate::geometry::geo::MultiPolygon>>,
    /// What is different from the day that it is compared with.
    pub comparison: Option<Arc<Comparison>>,
    /// Where a site could stand instead, as last asked.
    pub elsewhere: Option<Arc<Elsewhere>>,
    /// The piece of the compliance surface that is shown.
    pub surface: Option<Arc<SurfacePiece>>,
    /// The ground left by the compliance surface.
    pub left: Option<Arc<LeftOver>>,
}

impl Derived {
    /// Computes everything; takes tens of milliseconds, so it belongs in a job.
    pub fn of(atlas: &Atlas) -> Self {
        let day = Waters::as_of(atlas);
        let waters: Arc<[WaterSummary]> = Waters::new(atlas).summaries(atlas, day).into();
        let class = |water: &WaterSummary| Some((water.id.clone(), water.current.as_ref()?.class?.number()));
        Self {
            water_class: Arc::new(waters.iter().filter_map(class).collect()),
            waters,
            targets: Some(Arc::new(crate::waters::targets(atlas, day))),
            search: Arc::new(SearchIndex::of(atlas)),
            ..Self::default()
        }
    }
}
