//! An atlas: its layers, its records, its own description.

use super::{Date, Feature, FeatureKey, Governance, Layer, LayerId, Quality, Theme};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What `atlas.toml` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Chinese title.
    pub title: String,
    /// English title.
    #[serde(default)]
    pub title_en: String,
    /// Version of the atlas.
    pub version: String,
    /// Day the data speak of.
    pub as_of: Date,
    /// Area of the city in km², the denominator of the red-line share, and its source.
    #[serde(default)]
    pub city_area_km2: Option<f64>,
    /// Where that area is from.
    #[serde(default)]
    pub city_area_source: String,
    /// The layers.
    #[serde(default, rename = "layer")]
    pub layers: Vec<ManifestLayer>,
    /// File of the river-chief records.
    #[serde(default)]
    pub governance: Option<String>,
}

/// One layer in `atlas.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManifestLayer {
    /// Subject.
    pub theme: Theme,
    /// File beside the manifest.
    pub file: String,
    /// Chinese title.
    pub title: String,
    /// English title.
    #[serde(default)]
    pub title_en: String,
    /// Worst quality in it.
    pub quality: Quality,
    /// Where the facts are from.
    #[serde(default)]
    pub source: String,
    /// Terms of use.
    #[serde(default)]
    pub licence: String,
    /// How many features it must hold.
    #[serde(default)]
    pub expected: Option<usize>,
    /// Day after which a check may not rely on it.
    #[serde(default)]
    pub valid_until: Option<Date>,
    /// How far its boundaries may lie from where they are drawn, metres, where that is known.
    #[serde(default)]
    pub accuracy_m: Option<f64>,
}

/// Layers and records that belong together.
#[derive(Debug, Clone)]
pub struct Atlas {
    /// Its own description.
    pub manifest: Manifest,
    /// Its layers, lowest drawn first.
    pub layers: Vec<Arc<Layer>>,
    /// Its river-chief records.
    pub governance: Option<Arc<Governance>>,
}

impl Atlas {
    /// The first layer of a theme.
    pub fn layer(&self, theme: Theme) -> Option<&Arc<Layer>> {
        self.layers.iter().find(|layer| layer.theme == theme)
    }

    /// All layers of a theme.
    pub fn layers_of(&self, theme: Theme) -> impl Iterator<Item = &Arc<Layer>> {
        self.layers.iter().filter(move |layer| layer.theme == theme)
    }

    /// A layer by identity.
    pub fn layer_by_id(&self, id: LayerId) -> Option<&Arc<Layer>> {
        self.layers.iter().find(|layer| layer.id == id)
    }

    /// The feature behind a key.
    pub fn feature(&self, key: FeatureKey) -> Option<&Feature> {
        self.layer_by_id(key.layer)?.feature(key.index)
    }

    /// A feature by theme and id, with its key.
    pub fn find(&self, theme: Theme, id: &str) -> Option<(FeatureKey, &Feature)> {
        self.layers_of(theme)
            .find_map(|layer| layer.find(id).map(|(index, feature)| (FeatureKey { layer: layer.id, index }, feature)))
    }

    /// The worst quality of the layers given.
    pub fn worst_quality(&self, themes: &[Theme]) -> Quality {
        let layers = self.layers.iter().filter(|layer| themes.contains(&layer.theme));
        layers.map(|layer| layer.quality()).max().unwrap_or(Quality::Schematic)
    }
}
