//! The atlas made ready for checks: shared between threads, never edited. Shapes are prepared when first needed and
//! kept; [`Ground::warm`] prepares all of them ahead.

use super::Basis;
use super::CheckRule;
use super::derived::{Computed, Derived, Inputs, Origin};
use super::downstream::Streams;
use super::selection::Selection;
use super::statute::Statute;
use crate::atlas::{Atlas, Date, Feature, Layer, Quality, Theme, Value};
use crate::geometry::geo::{Coord, Rect};
use crate::geometry::{self, GaussKruger, PreparedShape};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The layers of an atlas, prepared.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    title: String,
    layers: Vec<Arc<PreparedLayer>>,
    /// What the ground is of, and its waters once they were asked for.
    streams: Option<(Arc<Atlas>, Arc<OnceLock<Streams>>)>,
    /// Zones computed from the layers, shared with the grounds of other states of the atlas.
    zones: Arc<Mutex<Vec<Computed>>>,
}

/// Computed zones kept: those of a few states of an atlas, so that a step back finds them.
const ZONES_KEPT: usize = 40;

/// A layer with its shapes prepared.
#[derive(Debug)]
pub struct PreparedLayer {
    /// The layer.
    pub layer: Arc<Layer>,
    /// It belongs to the atlas, which speaks for all of its city; else it covers no more than its own surroundings.
    pub speaks_for_the_city: bool,
    /// Day after which a check may not rely on it.
    pub valid_until: Option<Date>,
    /// The worst quality in it.
    pub quality: Quality,
    /// How far its boundaries may lie from where they are drawn, metres, where the manifest tells.
    pub accuracy_m: Option<f64>,
    boxes: Vec<Option<Rect>>,
    shapes: Vec<OnceLock<Option<PreparedShape>>>,
    belts: Mutex<Belts>,
    /// What it was computed from, when it was.
    pub(super) derived: Option<Derived>,
    selections: Mutex<Vec<Arc<Selection>>>,
}

/// Selections kept for a layer: rules about it, times days that are compared.
const SELECTIONS_KEPT: usize = 24;

impl PreparedLayer {
    /// The things that a rule is about on a day.
    pub(super) fn selection(&self, rule: &CheckRule, day: Date) -> Arc<Selection> {
        let kept = || self.selections.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().iter().find(|known| known.serves(rule, day)) {
            return known.clone();
        }
        // made outside of the lock: the others need not wait for it
        let made = Arc::new(Selection::new(self, rule, day));
        let mut kept = kept();
        if kept.len() >= SELECTIONS_KEPT {
            kept.remove(0);
        }
        kept.push(made.clone());
        made
    }

    fn new(layer: Arc<Layer>, atlas: &Atlas) -> Self {
        let entry =
            atlas.manifest.layers.iter().find(|entry| entry.theme == layer.theme && entry.file == layer.source.file);
        let accuracy = entry.and_then(|entry| entry.accuracy_m).filter(|metres| *metres >= 0.0 && metres.is_finite());
        Self::about(layer, entry.is_some(), entry.and_then(|entry| entry.valid_until), accuracy)
    }

    /// A layer computed from others; it may be relied on as long as these.
    pub(super) fn derived(layer: Arc<Layer>, derived: Derived) -> Self {
        let sources = || derived.parts.iter().flatten();
        let speaks = sources().all(|source| source.speaks_for_the_city);
        let until = sources().filter_map(|source| source.valid_until).min();
        // a belt is no more accurate than what it is round
        let accuracy = sources().filter_map(|source| source.accuracy_m).max_by(f64::total_cmp);
        Self { derived: Some(derived), ..Self::about(layer, speaks, until, accuracy) }
    }

    fn about(layer: Arc<Layer>, speaks_for_the_city: bool, valid_until: Option<Date>, accuracy_m: Option<f64>) -> Self {
        let features = layer.features().iter();
        Self {
            speaks_for_the_city,
            valid_until,
            derived: None,
            quality: layer.quality(),
            accuracy_m,
            boxes: features.clone().map(finite_bounds).collect(),
            shapes: features.map(|_| OnceLock::new()).collect(),
            belts: Mutex::default(),
            selections: Mutex::default(),
            layer,
        }
    }

    /// Itself as what a reference extent was computed from.
    pub(super) fn basis(&self) -> Basis {
        Basis {
            theme: self.layer.theme,
            layer: self.layer.title.clone(),
            file: self.layer.source.file.clone(),
            version: self.layer.source.version.clone(),
            sha256: self.layer.source.sha256.clone(),
        }
    }

    /// What a feature of it was computed from, when it was.
    pub(super) fn origin(&self, index: u32) -> Option<&Origin> {
        self.derived.as_ref()?.origins.get(index as usize)
    }

    /// Every feature with its position and box; no box where nothing can be bounded.
    pub fn features(&self) -> impl Iterator<Item = (u32, &Feature, Option<Rect>)> {
        (0..).zip(self.layer.features()).zip(&self.boxes).map(|((index, feature), bounds)| (index, feature, *bounds))
    }

    /// The shape of a feature; `None` when there is none or nothing of it can be computed with.
    pub fn shape(&self, index: u32) -> Option<&PreparedShape> {
        let prepare = || {
            let shape = self.layer.feature(index)?.shape.as_ref()?;
            Some(PreparedShape::new(shape)).filter(|shape| !shape.is_empty())
        };
        self.shapes.get(index as usize)?.get_or_init(prepare).as_ref()
    }
}

impl PreparedLayer {
    /// Reads a little of each of some things that are looked at next: of many things each first look is a wait for the
    /// memory, and these waits pass together.
    pub(super) fn call_in(&self, things: impl Iterator<Item = u32>) {
        let first = |word: &str| usize::from(word.as_bytes().first().copied().unwrap_or_default());
        let words = |feature: &Feature| {
            let values = feature.values.iter();
            let value = |(name, value): &(String, Value)| first(name) + value.as_text().map_or(0, first);
            first(&feature.id) + values.map(value).sum::<usize>()
        };
        let shape = |index: u32| self.shapes.get(index as usize)?.get()?.as_ref();
        let read = things.map(|index| {
            let words = self.layer.feature(index).map_or(0, words);
            (words, shape(index).map(PreparedShape::read_through))
        });
        read.for_each(|read| _ = std::hint::black_box(read));
    }
}

/// Belts are drawn for tiles of this many degrees, so that a site that is dragged meets a belt already drawn.
const TILE: f64 = 0.04;
/// Belts kept for a layer.
const BELTS_KEPT: usize = 1_000;

type Belts = HashMap<(u32, u64, i64, i64), Option<Arc<PreparedShape>>>;

impl PreparedLayer {
    /// The belt of so many metres round a feature, as far as it may meet a site.
    pub fn belt(&self, index: u32, metres: f64, site: &PreparedShape) -> Option<Arc<PreparedShape>> {
        let bounds = site.bounds()?;
        let tile = |degrees: f64| (degrees / TILE).floor();
        let (column, row) = (tile(bounds.center().x), tile(bounds.center().y));
        // the tile and half a tile around it
        let corner = |column: f64, row: f64| Coord { x: column * TILE, y: row * TILE };
        let around = Rect::new(corner(column - 0.5, row - 0.5), corner(column + 1.5, row + 1.5));
        let draw = |around: Rect| {
            let plane = GaussKruger::three_degree(around.center().x).ok()?;
            geometry::belt(self.shape(index)?, around, metres, &plane).map(Arc::new)
        };
        if !geometry::geo::Contains::contains(&around, &bounds) {
            return draw(bounds);
        }
        let key = (index, metres.to_bits(), column as i64, row as i64);
        let belts = || self.belts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = belts().get(&key) {
            return known.clone();
        }
        // drawn outside of the lock: two threads may draw the same belt, none waits for another's
        let drawn = draw(around);
        let mut belts = belts();
        if belts.len() >= BELTS_KEPT {
            belts.clear();
        }
        belts.insert(key, drawn.clone());
        drawn
    }
}

fn finite_bounds(feature: &Feature) -> Option<Rect> {
    feature.bounds().filter(|bounds| {
        let (low, high) = (bounds.min(), bounds.max());
        [low.x, low.y, high.x, high.y].into_iter().all(f64::is_finite)
    })
}

impl Ground {
    /// Makes an atlas ready; costs next to nothing, shapes follow when first needed.
    pub fn new(atlas: &Atlas) -> Self {
        Self::default().renewed(atlas)
    }

    /// The same for another state of the atlas, keeping what is already prepared of the layers that both share.
    pub fn renewed(&self, atlas: &Atlas) -> Self {
        let known = |layer: &Arc<Layer>| self.layers.iter().find(|known| Arc::ptr_eq(&known.layer, layer)).cloned();
        let layers = atlas.layers.iter();
        let fresh = |layer: &Arc<Layer>| Arc::new(PreparedLayer::new(layer.clone(), atlas));
        Self {
            title: format!("{} {}", atlas.manifest.title, atlas.manifest.version).trim().to_owned(),
            // what the window computes to be looked at answers nothing
            layers: layers
                .filter(|layer| layer.theme != Theme::StatutoryBelts)
                .map(|layer| known(layer).unwrap_or_else(|| fresh(layer)))
                .collect(),
            streams: Some((Arc::new(atlas.clone()), Arc::default())),
            zones: self.zones.clone(),
        }
    }

    /// Prepares every shape, on all cores.
    pub fn warm(&self) {
        for layer in &self.layers {
            let count = u32::try_from(layer.layer.features().len()).unwrap_or(u32::MAX);
            (0..count).into_par_iter().for_each(|index| {
                layer.shape(index);
            });
        }
    }

    /// The waters with their network, built when first asked for.
    pub(super) fn streams(&self) -> Option<&Streams> {
        self.streams.as_ref().map(|(atlas, streams)| streams.get_or_init(|| Streams::of(atlas, self)))
    }

    pub(super) fn known_zone(&self, statutes: &[&Statute], inputs: &Inputs) -> Option<Arc<PreparedLayer>> {
        let zones = self.zones.lock().unwrap_or_else(PoisonError::into_inner);
        zones.iter().find(|zone| zone.holds_for(statutes, inputs)).map(|zone| zone.layer.clone())
    }

    pub(super) fn keep_zone(&self, statutes: &[&Statute], inputs: Inputs, layer: &Arc<PreparedLayer>) {
        let mut zones = self.zones.lock().unwrap_or_else(PoisonError::into_inner);
        if zones.len() >= ZONES_KEPT {
            zones.remove(0);
        }
        let statutes = statutes.iter().copied().cloned().collect();
        zones.push(Computed { statutes, inputs, layer: layer.clone() });
    }

    /// Title and version of the atlas.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its layers.
    pub fn layers(&self) -> impl Iterator<Item = &Arc<PreparedLayer>> {
        self.layers.iter()
    }

    /// The districts, which say how far the atlas speaks.
    pub fn city(&self) -> Option<&Arc<PreparedLayer>> {
        self.layers.iter().find(|layer| layer.layer.theme == Theme::Districts && !layer.layer.features().is_empty())
    }
}
