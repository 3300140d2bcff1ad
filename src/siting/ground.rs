//! The atlas made ready for checks: built once for a set of layers, shared between threads, never edited.

use crate::atlas::{Atlas, Layer};
use std::sync::Arc;

/// The layers of an atlas, prepared.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    title: String,
    layers: Vec<Arc<Layer>>,
}

impl Ground {
    /// Prepares an atlas.
    pub fn new(atlas: &Atlas) -> Self {
        Self { title: format!("{} {}", atlas.manifest.title, atlas.manifest.version), layers: atlas.layers.clone() }
    }

    /// Prepares an atlas, keeping what is already prepared of the layers it shares.
    pub fn renewed(&self, atlas: &Atlas) -> Self {
        Self::new(atlas)
    }

    /// Title and version of the atlas.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its layers.
    pub fn layers(&self) -> impl Iterator<Item = &Arc<Layer>> {
        self.layers.iter()
    }
}
