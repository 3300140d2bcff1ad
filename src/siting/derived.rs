//! The ground of a statute's zone, computed from the layers that it names: belts round things, and round the stretches
//! of rivers upstream of their mouths. For reference only; what it was computed from goes with every piece of it.

use super::ground::PreparedLayer;
use super::statute::{Part, Statute, Upstream};
use super::{Basis, Ground, Rulebook, StretchSeen};
use crate::atlas::{Feature, FeatureKey, Layer, LayerId, Quality, Source, Theme, Value};
use crate::geometry::geo::{BooleanOps, Geometry, MultiPolygon};
use crate::geometry::{self, GaussKruger, PreparedShape};
use crate::waters::{Mouth, Network, Receiver};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

/// What a computed layer came from.
#[derive(Debug)]
pub struct Derived {
    /// Of each of its features.
    pub(super) origins: Vec<Origin>,
    /// The layers of each part, which say together how far the zone is known.
    pub(super) parts: Vec<Vec<Arc<PreparedLayer>>>,
    /// Something of which it consists was not there to be computed from.
    pub(super) is_partial: bool,
    whole: OnceLock<MultiPolygon>,
}

/// What a piece of a zone was computed from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The thing.
    pub key: FeatureKey,
    /// Its theme.
    pub theme: Theme,
    /// Width of the belt round it.
    pub metres: f64,
    /// The part of the river, for a stretch.
    pub stretch: Option<StretchSeen>,
    /// The layers.
    pub basis: Arc<[Basis]>,
}

/// The layers that a zone is computed from, to see whether a computed one still holds.
pub(super) type Inputs = Vec<Arc<Layer>>;

/// A zone as computed and what it was computed from.
#[derive(Debug, Clone)]
pub(super) struct Computed {
    pub statutes: Vec<Statute>,
    pub inputs: Inputs,
    pub layer: Arc<PreparedLayer>,
}

impl Computed {
    pub fn holds_for(&self, statutes: &[&Statute], inputs: &Inputs) -> bool {
        self.statutes.iter().eq(statutes.iter().copied())
            && self.inputs.len() == inputs.len()
            && self.inputs.iter().zip(inputs).all(|(known, input)| Arc::ptr_eq(known, input))
    }
}

/// A statute's zone with those that go before it, strictest first.
pub(super) fn with_stricter<'a>(statute: &'a Statute, rulebook: &'a Rulebook) -> Vec<&'a Statute> {
    let mut all: Vec<&Statute> = Vec::new();
    for id in &statute.less {
        // only zones further up in the book, so that none waits for itself
        let place = rulebook.statutes.iter().position(|known| known.id == statute.id).unwrap_or(0);
        if let Some(stricter) = rulebook.statutes.iter().take(place).find(|known| known.id == *id) {
            all.extend(with_stricter(stricter, rulebook));
        }
    }
    all.push(statute);
    all
}

/// The layers that zones are computed from.
pub(super) fn inputs(statutes: &[&Statute], ground: &Ground) -> Inputs {
    let themes: HashSet<Theme> = statutes.iter().flat_map(|statute| statute.themes()).collect();
    ground.layers().map(|layer| &layer.layer).filter(|layer| themes.contains(&layer.theme)).cloned().collect()
}

/// A piece of a zone before it is drawn.
struct Piece<'a> {
    feature: &'a Feature,
    /// The worst quality of the waters whose shore it is measured from.
    quality: Quality,
    shape: PreparedShape,
    origin: Origin,
}

/// Computes a zone, on all cores; `stricter` are the zones that go before it.
pub(super) fn compute(statute: &Statute, ground: &Ground, stricter: &[Arc<PreparedLayer>]) -> PreparedLayer {
    let mut parts = Vec::new();
    let mut is_partial = false;
    let all: Vec<Arc<PreparedLayer>> = ground.layers().cloned().collect();
    let mut pieces = Vec::new();
    for part in &statute.parts {
        let layers: Vec<&Arc<PreparedLayer>> = all.iter().filter(|layer| layer.layer.theme == part.layer).collect();
        let found = match &part.upstream {
            None => things(part, &layers),
            Some(upstream) => stretches(part, upstream, &layers, &all),
        };
        is_partial |= !part.optional && found.is_empty();
        pieces.extend(found);
        parts.push(layers.into_iter().cloned().collect());
    }
    let taken: Vec<&MultiPolygon> = stricter.iter().filter_map(|layer| layer.derived.as_ref()?.whole(layer)).collect();
    // what was taken off shapes a zone as much as what it is round
    let worst = stricter.iter().map(|layer| layer.quality).max();
    let drawn: Vec<Option<(Feature, Origin)>> =
        pieces.into_par_iter().map(|piece| draw(piece, &taken, worst)).collect();
    let (features, origins): (Vec<Feature>, Vec<Origin>) = drawn.into_iter().flatten().unzip();
    let source = source_of(&origins);
    let layer = Layer::new(LayerId(u32::MAX), Theme::StatutoryBelts, statute.zh.clone(), source, features);
    PreparedLayer::derived(Arc::new(layer), Derived { origins, parts, is_partial, whole: OnceLock::new() })
}

/// The layers behind pieces of a zone, each once.
fn told(origins: &[Origin]) -> Vec<&Basis> {
    let mut told: Vec<&Basis> = Vec::new();
    for basis in origins.iter().flat_map(|origin| origin.basis.iter()) {
        if !told.contains(&basis) {
            told.push(basis);
        }
    }
    told
}

/// Files and versions of what it was computed from, for the matrix.
fn source_of(origins: &[Origin]) -> Source {
    let told = told(origins);
    let mut versions: Vec<&str> = Vec::new();
    for basis in &told {
        if !versions.contains(&basis.version.as_str()) {
            versions.push(&basis.version);
        }
    }
    let joined = |words: Vec<&str>| words.join(" + ");
    Source {
        file: joined(told.iter().map(|basis| basis.file.as_str()).collect()),
        version: joined(versions),
        sha256: joined(told.iter().map(|basis| basis.sha256.as_str()).collect()),
        ..Source::default()
    }
}

impl PreparedLayer {
    /// The layers that it was computed from; none for a layer of a file.
    pub(super) fn sources(&self) -> Vec<Basis> {
        let origins = self.derived.as_ref().map(|derived| derived.origins.as_slice()).unwrap_or_default();
        told(origins).into_iter().cloned().collect()
    }
}

/// The things that a part selects, as they are.
fn things<'a>(part: &Part, layers: &[&'a Arc<PreparedLayer>]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for layer in layers {
        let basis: Arc<[Basis]> = Arc::new([layer.basis()]);
        for (index, feature, _) in layer.features() {
            let Some(shape) = layer.shape(index).filter(|_| part.is_about(feature) && part.belt.is_known(feature))
            else {
                continue;
            };
            let origin = Origin {
                key: FeatureKey { layer: layer.layer.id, index },
                theme: layer.layer.theme,
                metres: part.belt.reach(feature),
                stretch: None,
                basis: basis.clone(),
            };
            pieces.push(Piece { feature, quality: Quality::Official, shape: shape.clone(), origin });
        }
    }
    pieces
}

/// The stretches upstream of where the rivers that a part selects enter the water, river by river.
fn stretches<'a>(
    part: &Part,
    upstream: &Upstream,
    layers: &[&'a Arc<PreparedLayer>],
    all: &[Arc<PreparedLayer>],
) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    for layer in layers {
        let network = Network::build(&layer.layer);
        let selected = layer.features().filter(|(_, feature, _)| part.is_about(feature));
        let asked: HashSet<String> = selected.map(|(_, feature, _)| feature.id.clone()).collect();
        let mut basis = vec![layer.basis()];
        let (mut mouths, mut shore) = (Vec::<Mouth>::new(), Quality::Official);
        for water in all.iter().filter(|water| water.layer.theme == upstream.into) {
            for (index, feature, _) in water.features() {
                let Some(shape) = water.shape(index).filter(|_| upstream.is_water(feature)) else { continue };
                let receiver = Receiver { id: &feature.id, name: feature.name(), shape };
                let found = network.mouths(receiver, upstream.mouth_m, Some(&asked));
                if !found.is_empty() {
                    shore = shore.max(feature.quality());
                }
                if !found.is_empty() && !basis.contains(&water.basis()) {
                    basis.push(water.basis());
                }
                mouths.extend(found);
            }
        }
        let basis: Arc<[Basis]> = basis.into();
        let places: HashMap<&str, u32> =
            layer.features().map(|(index, feature, _)| (feature.id.as_str(), index)).collect();
        for stretch in network.upstream(&mouths, upstream.from_m, upstream.to_m) {
            let Some(index) = places.get(stretch.river.as_str()).copied() else { continue };
            let Some(feature) = layer.layer.feature(index) else { continue };
            let shape = PreparedShape::new(&Geometry::MultiLineString(stretch.line));
            let seen = StretchSeen {
                from_m: upstream.from_m,
                to_m: upstream.to_m,
                length_m: (stretch.length_m * 100.0).round() / 100.0,
                direction_known: stretch.direction_known,
            };
            let origin = Origin {
                key: FeatureKey { layer: layer.layer.id, index },
                theme: layer.layer.theme,
                metres: part.belt.reach(feature),
                stretch: Some(seen),
                basis: basis.clone(),
            };
            pieces.push(Piece { feature, quality: shore, shape, origin });
        }
    }
    pieces
}

/// The belt round a piece less what belongs to stricter zones.
fn draw(piece: Piece, taken: &[&MultiPolygon], worst: Option<Quality>) -> Option<(Feature, Origin)> {
    let around = piece.shape.bounds()?;
    let plane = GaussKruger::three_degree(around.center().x).ok()?;
    let window = geometry::surroundings(&piece.shape, piece.origin.metres).unwrap_or(around);
    let mut ground = geometry::belt(&piece.shape, window, piece.origin.metres, &plane)?.to_polygons();
    for stricter in taken {
        ground = ground.difference(*stricter);
    }
    if ground.0.is_empty() {
        return None;
    }
    let told = ["name", "source", "licence", "example", "effective_from", "effective_to", "grade", "kind"];
    let mut values: Vec<(String, Value)> =
        piece.feature.values.iter().filter(|(field, _)| told.contains(&field.as_str())).cloned().collect();
    let quality = piece.quality.max(piece.feature.quality()).max(worst.unwrap_or(Quality::Official));
    values.push(("quality".into(), Value::Text(quality.code().into())));
    values.push(("belt_m".into(), Value::Real(piece.origin.metres)));
    if let Some(stretch) = &piece.origin.stretch {
        values.push(("from_m".into(), Value::Real(stretch.from_m)));
        values.push(("to_m".into(), Value::Real(stretch.to_m)));
        values.push(("length_m".into(), Value::Real(stretch.length_m)));
        values.push(("direction_known".into(), Value::Bool(stretch.direction_known)));
    }
    let shape = Some(Geometry::MultiPolygon(ground));
    Some((Feature { id: piece.feature.id.clone(), shape, values }, piece.origin))
}

impl Derived {
    /// All of the zone in one; computed when first asked for.
    pub(super) fn whole<'a>(&'a self, layer: &PreparedLayer) -> Option<&'a MultiPolygon> {
        let unite = || {
            let pieces: Vec<MultiPolygon> =
                (0..).map_while(|index| layer.layer.feature(index)).filter_map(ground_of).collect();
            geometry::geo::unary_union(&pieces)
        };
        Some(self.whole.get_or_init(unite)).filter(|whole| !whole.0.is_empty())
    }
}

fn ground_of(feature: &Feature) -> Option<MultiPolygon> {
    match feature.shape.as_ref()? {
        Geometry::MultiPolygon(ground) => Some(ground.clone()),
        Geometry::Polygon(ground) => Some(MultiPolygon(vec![ground.clone()])),
        _ => None,
    }
}
