//! What is saved and undone: the layers as shown, the sites, the annotations.

use super::Session;
use crate::atlas::{Atlas, Layer, LayerId, Site, Theme};
use crate::geometry::Form;
use geo::Coord;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// How a layer is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerState {
    /// The layer.
    pub id: LayerId,
    /// Its subject.
    pub theme: Theme,
    /// Whether it is drawn.
    pub visible: bool,
    /// 0 clear … 1 opaque.
    pub opacity: f32,
}

/// Gives out identities for new layers, to several threads at once.
#[derive(Debug, Clone)]
pub struct LayerIds(Arc<AtomicU32>);

impl LayerIds {
    /// Identities above all of these.
    pub fn above(taken: impl Iterator<Item = LayerId>) -> Self {
        Self(Arc::new(AtomicU32::new(taken.map(|id| id.0 + 1).max().unwrap_or(0))))
    }

    /// An identity never given before.
    pub fn next(&self) -> LayerId {
        LayerId(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

/// Identity of a site in this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SiteId(pub u32);

/// A site in the project.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteState {
    /// Identity.
    pub id: SiteId,
    /// The project to be judged; shared, since it is checked on other threads.
    pub site: Arc<Site>,
    /// The figures that its outline follows from, where it was drawn by such.
    pub form: Option<Form>,
}

/// Words or an arrow put on the map by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Annotation {
    /// Words at a place.
    Words {
        /// Longitude and latitude.
        at: (f64, f64),
        /// What they say.
        words: String,
    },
    /// An arrow with words at its tail.
    Arrow {
        /// Longitude and latitude of the tail.
        from: (f64, f64),
        /// Longitude and latitude of the head.
        to: (f64, f64),
        /// What it says.
        words: String,
    },
}

/// Everything that an edit changes.
#[derive(Debug, Clone)]
pub struct Project {
    /// Layers and records.
    pub atlas: Arc<Atlas>,
    /// How the layers are shown, lowest drawn first.
    pub layers: Vec<LayerState>,
    /// Projects to be judged.
    pub sites: Vec<SiteState>,
    /// Words and arrows.
    pub annotations: Vec<Annotation>,
}

impl Project {
    /// The atlas with its layers as last shown.
    pub fn new(atlas: Arc<Atlas>, session: &Session) -> Self {
        let mut layers: Vec<LayerState> = atlas.layers.iter().map(|layer| LayerState::fresh(layer)).collect();
        let place = |theme: Theme| session.layers.iter().position(|kept| kept.theme == theme);
        for state in &mut layers {
            if let Some(kept) = place(state.theme).and_then(|at| session.layers.get(at)) {
                state.visible = kept.visible;
                state.opacity = kept.opacity.clamp(0.0, 1.0);
            }
        }
        if layers.iter().all(|state| place(state.theme).is_some()) {
            layers.sort_by_key(|state| place(state.theme));
        }
        Self { atlas, layers, sites: Vec::new(), annotations: Vec::new() }
    }

    /// How a layer is shown.
    pub fn state(&self, id: LayerId) -> Option<&LayerState> {
        self.layers.iter().find(|state| state.id == id)
    }

    /// A site by identity.
    pub fn site(&self, id: SiteId) -> Option<&SiteState> {
        self.sites.iter().find(|site| site.id == id)
    }

    pub(super) fn remembered_layers(&self) -> Vec<super::session::KeptLayer> {
        let atlas_layers = self.layers.iter().filter(|state| Theme::ATLAS.contains(&state.theme));
        atlas_layers
            .map(|state| super::session::KeptLayer {
                theme: state.theme,
                visible: state.visible,
                opacity: state.opacity,
            })
            .collect()
    }

    /// Adds a layer on top; one of a theme of the atlas takes the place of the layers of that theme from other files and
    /// of its own earlier reading, in the drawing order and in every check.
    pub(super) fn add_layer(&mut self, layer: Arc<Layer>) {
        let mut atlas = Atlas::clone(&self.atlas);
        let is_replaced = |old: &Layer| {
            let is_sibling = old.source.sha256 == layer.source.sha256 && old.title != layer.title;
            layer.theme.is_single() && old.theme == layer.theme && !is_sibling
        };
        let replaced: Vec<LayerId> = atlas.layers.iter().filter(|old| is_replaced(old)).map(|old| old.id).collect();
        let place = self.layers.iter().position(|state| replaced.contains(&state.id)).unwrap_or(self.layers.len());
        self.layers.retain(|state| !replaced.contains(&state.id));
        self.layers.insert(place.min(self.layers.len()), LayerState::fresh(&layer));
        atlas.layers.retain(|old| !replaced.contains(&old.id));
        atlas.layers.push(layer);
        self.atlas = Arc::new(atlas);
    }

    /// Puts layers in the place of others; each is shown as the one that it stands for.
    pub(super) fn replace_layers(&mut self, old: &[LayerId], layers: Vec<Arc<Layer>>) {
        let shown: Vec<LayerState> = old.iter().filter_map(|id| self.state(*id).cloned()).collect();
        let place = self.layers.iter().position(|state| old.contains(&state.id)).unwrap_or(self.layers.len());
        self.layers.retain(|state| !old.contains(&state.id));
        let mut atlas = Atlas::clone(&self.atlas);
        atlas.layers.retain(|layer| !old.contains(&layer.id));
        for (number, layer) in layers.into_iter().enumerate() {
            let fresh = LayerState::fresh(&layer);
            let state = match shown.get(number).or(shown.first()) {
                Some(before) => LayerState { visible: before.visible, opacity: before.opacity, ..fresh },
                None => fresh,
            };
            self.layers.insert((place + number).min(self.layers.len()), state);
            atlas.layers.push(layer);
        }
        self.atlas = Arc::new(atlas);
    }

    /// The computed belts in the place of those before, shown as these were; above the base map, below what is drawn.
    pub(super) fn set_belts(&mut self, belts: Vec<Arc<Layer>>) {
        let is_belt = |theme: Theme| theme == Theme::StatutoryBelts;
        let before: Vec<(String, LayerState)> = self
            .layers
            .iter()
            .filter(|state| is_belt(state.theme))
            .filter_map(|state| Some((self.atlas.layer_by_id(state.id)?.title.clone(), state.clone())))
            .collect();
        let first = self.layers.iter().position(|state| is_belt(state.theme));
        self.layers.retain(|state| !is_belt(state.theme));
        let ground = [Theme::Districts, Theme::PatternAreas, Theme::LivestockZones, Theme::Lakes, Theme::Yangtze];
        let above_ground =
            || self.layers.iter().rposition(|state| ground.contains(&state.theme)).map_or(0, |at| at + 1);
        let place = first.unwrap_or_else(above_ground).min(self.layers.len());
        let mut atlas = Atlas::clone(&self.atlas);
        atlas.layers.retain(|layer| !is_belt(layer.theme));
        // the strictest stands first in the book and is drawn last
        for layer in belts.into_iter().rev() {
            let known = before.iter().find(|(title, _)| *title == layer.title).map(|(_, state)| state);
            let fresh = LayerState::fresh(&layer);
            let state = match known {
                Some(before) => LayerState { visible: before.visible, opacity: before.opacity, ..fresh },
                None => fresh,
            };
            let number = self.layers.iter().skip(place).take_while(|state| is_belt(state.theme)).count();
            self.layers.insert(place + number, state);
            atlas.layers.push(layer);
        }
        self.atlas = Arc::new(atlas);
    }

    pub(super) fn remove_layer(&mut self, id: LayerId) {
        let mut atlas = Atlas::clone(&self.atlas);
        atlas.layers.retain(|layer| layer.id != id);
        self.atlas = Arc::new(atlas);
        self.layers.retain(|state| state.id != id);
    }

    pub(super) fn restyle(&mut self, id: LayerId, change: impl FnOnce(&mut LayerState)) {
        if let Some(state) = self.layers.iter_mut().find(|state| state.id == id) {
            change(state);
        }
    }

    pub(super) fn move_layer(&mut self, id: LayerId, to: usize) {
        if let Some(from) = self.layers.iter().position(|state| state.id == id) {
            let state = self.layers.remove(from);
            self.layers.insert(to.min(self.layers.len()), state);
        }
    }

    pub(super) fn add_site(&mut self, id: SiteId, site: Site) {
        self.sites.push(SiteState { id, site: Arc::new(site), form: None });
    }

    /// Gives a site its figures and the outline that follows from them; figures that make none change nothing.
    pub(super) fn define_site(&mut self, id: SiteId, form: Option<Form>) {
        let shape = form.as_ref().map(Form::shape);
        if shape.as_ref().is_some_and(Option::is_none) {
            return;
        }
        if let Some(state) = self.sites.iter_mut().find(|state| state.id == id) {
            state.form = form;
            if let Some(shape) = shape.flatten() {
                Arc::make_mut(&mut state.site).shape = shape;
            }
        }
    }

    pub(super) fn change_site(&mut self, id: SiteId, change: impl FnOnce(&mut Site)) {
        if let Some(state) = self.sites.iter_mut().find(|state| state.id == id) {
            change(Arc::make_mut(&mut state.site));
        }
    }
}

impl LayerState {
    /// Zones that cover everything start hidden, so that the first picture can be read.
    fn fresh(layer: &Layer) -> Self {
        let visible = !matches!(layer.theme, Theme::PatternAreas | Theme::LivestockZones | Theme::StatutoryBelts);
        Self { id: layer.id, theme: layer.theme, visible, opacity: 1.0 }
    }
}

impl Annotation {
    /// The place it hangs on.
    pub fn anchor(&self) -> Coord {
        let (x, y) = match self {
            Annotation::Words { at, .. } => *at,
            Annotation::Arrow { to, .. } => *to,
        };
        Coord { x, y }
    }
}
