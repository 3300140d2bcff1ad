//! Features of one theme, indexed; never changes once built.

use super::{Feature, Quality, Source, Theme};
use crate::geometry::extent;
use geo::{Coord, Rect};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

type Entry = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// Identity of a layer in this run of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct LayerId(pub u32);

/// Features of one theme.
#[derive(Debug)]
pub struct Layer {
    /// Identity.
    pub id: LayerId,
    /// Subject.
    pub theme: Theme,
    /// Title as the file gives it; the faces translate the bundled themes.
    pub title: String,
    /// Where it came from.
    pub source: Source,
    features: Vec<Feature>,
    index: RTree<Entry>,
    bounds: Option<Rect>,
}

impl Layer {
    /// Builds the layer and its index; boxes that are not finite stay out of the index.
    pub fn new(id: LayerId, theme: Theme, title: String, source: Source, features: Vec<Feature>) -> Self {
        let extents: Vec<Option<Rect>> =
            features.par_iter().map(|feature| feature.shape.as_ref().and_then(extent)).collect();
        let boxes = (0_u32..).zip(extents).filter_map(|(number, bounds)| {
            let (low, high) = (bounds?.min(), bounds?.max());
            Some(Entry::new(Rectangle::from_corners([low.x, low.y], [high.x, high.y]), number))
        });
        let index = RTree::bulk_load(boxes.collect());
        let bounds = (index.size() > 0).then(|| {
            let envelope: AABB<[f64; 2]> = index.root().envelope();
            let (low, high) = (envelope.lower(), envelope.upper());
            Rect::new(Coord { x: low[0], y: low[1] }, Coord { x: high[0], y: high[1] })
        });
        Self { id, theme, title, source, features, index, bounds }
    }

    /// The same features as a layer of another theme.
    pub fn as_theme(&self, theme: Theme) -> Layer {
        Layer::new(self.id, theme, self.title.clone(), self.source.clone(), self.features.clone())
    }

    /// All features, in the order of the file.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Its features by themselves.
    pub fn into_features(self) -> Vec<Feature> {
        self.features
    }

    /// One feature by its position.
    pub fn feature(&self, index: u32) -> Option<&Feature> {
        self.features.get(index as usize)
    }

    /// One feature by its id, with its position.
    pub fn find(&self, id: &str) -> Option<(u32, &Feature)> {
        (0_u32..).zip(&self.features).find(|(_, feature)| feature.id == id)
    }

    /// Positions of the features whose box meets this box (degrees), in the order of the file.
    pub fn within(&self, area: Rect) -> Vec<u32> {
        let (low, high) = (area.min(), area.max());
        let envelope = AABB::from_corners([low.x, low.y], [high.x, high.y]);
        let mut found: Vec<u32> =
            self.index.locate_in_envelope_intersecting(envelope).map(|entry| entry.data).collect();
        found.sort_unstable();
        found
    }

    /// Box of everything in it, degrees.
    pub fn bounds(&self) -> Option<Rect> {
        self.bounds
    }

    /// The worst quality in it.
    pub fn quality(&self) -> Quality {
        self.features.iter().map(Feature::quality).max().unwrap_or(Quality::Schematic)
    }
}
