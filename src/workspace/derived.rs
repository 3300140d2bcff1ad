//! What follows from the atlas: summaries, targets, classes, the search index. Recomputed in the background when the
//! atlas changes, never edited.

use super::SearchIndex;
use crate::atlas::Atlas;
use std::collections::HashMap;
use std::sync::Arc;

/// What follows from the atlas.
#[derive(Debug, Clone, Default)]
pub struct Derived {
    /// Current water class by id of the water (1…6).
    pub water_class: Arc<HashMap<String, u8>>,
    /// Names of everything.
    pub search: Arc<SearchIndex>,
}

impl Derived {
    /// Computes everything; takes tens of milliseconds, so it belongs in a job.
    pub fn of(atlas: &Atlas) -> Self {
        Self { search: Arc::new(SearchIndex::of(atlas)), ..Self::default() }
    }
}
