//! Two versions of a constraint held against each other: what was lost, gained and kept, by zone and by type, as a share
//! of the land, and which projects are judged otherwise.
//!
//! Areas are dissolved first: ground under several zones counts once. Codes and figures only; `text::audit` makes
//! sentences of them. Serialised, it is the JSON document of `audit`.

mod matching;
mod recheck;

pub use matching::MatchedBy;
pub use recheck::{Recheck, Retold, ZoneTold, recheck, with_version};

use super::check::square_metres;
use crate::atlas::{Atlas, Date, Feature, FeatureKey, Layer, Quality, Theme, Value};
use crate::geometry::change::{Balance, Group, compare};
use crate::geometry::geo::{MultiPolygon, Rect};
use crate::geometry::{Area, PreparedShape};
use crate::waters::REDLINE_SHARE;
use matching::Pairing;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How figures are computed, as the JSON document names it.
pub const AUDIT_METHOD: &str = "zones of each version dissolved, each spot counted once; edges straight in longitude and \
    latitude (CGCS2000); areas on the CGCS2000 ellipsoid; zones matched by id or code, else by name, else by the largest \
    overlap; a zone's own lost and gained ground is told beside that which no other zone covers";

/// Less is no change of a zone, square metres.
const NO_CHANGE: f64 = 0.01;
/// Fields that tell the type of a zone, in the order of the answer.
const TYPE_FIELDS: [&str; 5] = ["tier", "class", "level", "status", "kind"];
/// A field with more values than this names things, not types.
const MOST_TYPES: usize = 40;
/// Fields that say where a row is from rather than what the zone is.
const NOT_TOLD: [&str; 6] = ["source", "licence", "quality", "area_km2", "area_ha", "example"];

/// A version as used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VersionUsed {
    /// File.
    pub file: String,
    /// Title.
    pub title: String,
    /// Version.
    pub version: String,
    /// Fingerprint of the file.
    pub sha256: String,
    /// Where the facts are from.
    pub source: String,
    /// The worst quality in it.
    pub quality: Quality,
    /// Features in it.
    pub features: usize,
    /// Zones: features of one id are one zone.
    pub zones: usize,
    /// Features left out, having no area that can be computed with.
    pub unusable: usize,
    /// Features whose shape had to be mended.
    pub mended: usize,
}

/// Whether the figures balance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Proof {
    /// Old less unchanged less lost, square metres.
    pub old_error_m2: f64,
    /// New less unchanged less gained, square metres.
    pub new_error_m2: f64,
    /// Both within 0.01 m² or a billionth, and every piece of the plane by itself.
    pub holds: bool,
}

/// What became of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ZoneState {
    /// Only in the old version.
    Removed,
    /// Only in the new version.
    Added,
    /// In both; its ground or its type is another.
    Changed,
    /// In both, the same.
    Unchanged,
}

impl ZoneState {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            ZoneState::Removed => "removed",
            ZoneState::Added => "added",
            ZoneState::Changed => "changed",
            ZoneState::Unchanged => "unchanged",
        }
    }
}

/// A field of a zone that tells something else now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: String,
    /// What it said.
    pub old: String,
    /// What it says.
    pub new: String,
}

/// A zone in both versions, or in one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneChange {
    /// Its id, of the new version where there is one.
    pub id: String,
    /// Its name, of the new version where there is one.
    pub name: String,
    /// Its type, of the new version where there is one: a coded value.
    pub class: String,
    /// The field that the type is from.
    pub class_field: String,
    /// What became of it.
    pub state: ZoneState,
    /// How the two versions of it were found to be one zone.
    pub matched_by: Option<MatchedBy>,
    /// Share of the smaller that both cover, where they were matched by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_share: Option<f64>,
    /// Area before, square metres.
    pub old_m2: f64,
    /// Area after.
    pub new_m2: f64,
    /// Ground in both of its versions.
    pub unchanged_m2: f64,
    /// Ground that it has lost.
    pub lost_m2: f64,
    /// Ground that it has gained.
    pub gained_m2: f64,
    /// Lost, and under no zone of the new version.
    pub uncovered_m2: f64,
    /// Gained, and under no zone of the old version.
    pub newly_covered_m2: f64,
    /// What else is told of it otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// Box of both, degrees.
    #[serde(skip)]
    pub bounds: Option<Rect>,
    /// Ids of its features in the old version.
    #[serde(skip)]
    pub old_ids: Vec<String>,
    /// Ids of its features in the new version.
    #[serde(skip)]
    pub new_ids: Vec<String>,
    /// Its first feature in the old version.
    #[serde(skip)]
    pub old_key: Option<FeatureKey>,
    /// Its first feature in the new version.
    #[serde(skip)]
    pub new_key: Option<FeatureKey>,
}

/// The zones of one type together, each spot counted once.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TypeChange {
    /// The field.
    pub field: String,
    /// The type: a coded value; empty where a zone tells none.
    pub value: String,
    /// Zones before.
    pub old_zones: usize,
    /// Zones after.
    pub new_zones: usize,
    /// Area before, square metres.
    pub old_m2: f64,
    /// Area after.
    pub new_m2: f64,
    /// Ground in both.
    pub unchanged_m2: f64,
    /// Ground before only.
    pub lost_m2: f64,
    /// Ground after only.
    pub gained_m2: f64,
}

/// Two versions held against each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Audit {
    /// How figures were computed.
    pub method: &'static str,
    /// The day of the audit.
    pub as_of: Date,
    /// What the versions are of.
    pub theme: Theme,
    /// The old version.
    pub old: VersionUsed,
    /// The new version.
    pub new: VersionUsed,
    /// Area before, square metres on the ellipsoid, each spot counted once.
    pub old_m2: f64,
    /// Area after.
    pub new_m2: f64,
    /// Ground before and after.
    pub unchanged_m2: f64,
    /// Ground before only.
    pub lost_m2: f64,
    /// Ground after only.
    pub gained_m2: f64,
    /// After less before.
    pub net_m2: f64,
    /// The same figures in hectares.
    pub hectares: Hectares,
    /// Whether the area has not become less (面积不减少).
    pub not_reduced: bool,
    /// Whether the figures balance.
    pub balance: Proof,
    /// Zones added, removed, changed, unchanged.
    pub counts: Counts,
    /// Every zone.
    pub zones: Vec<ZoneChange>,
    /// The zones by type.
    pub types: Vec<TypeChange>,
    /// Share of the land under the new version, 0…1; null when the area of the land or its border is not known.
    pub land_share: Option<f64>,
    /// The same of the old version.
    pub old_land_share: Option<f64>,
    /// The share that the plan asks for, 0…1.
    pub target_share: f64,
    /// Whether the new version has it; null where the share is not known.
    pub target_met: Option<bool>,
    /// The land, square metres: the denominator.
    pub land_m2: Option<f64>,
    /// Where that area is from.
    pub land_source: String,
    /// The new version within the city, square metres: the numerator.
    pub new_in_city_m2: Option<f64>,
    /// The old version within the city.
    pub old_in_city_m2: Option<f64>,
    /// The worst quality used.
    pub data_quality: Quality,
    /// Past projects judged by both versions; null when none were given.
    pub projects: Option<Recheck>,
    /// Ground before only.
    #[serde(skip)]
    pub lost: Arc<MultiPolygon>,
    /// Ground after only.
    #[serde(skip)]
    pub gained: Arc<MultiPolygon>,
}

/// Hectares of the main figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Hectares {
    /// Before.
    pub old: f64,
    /// After.
    pub new: f64,
    /// Before and after.
    pub unchanged: f64,
    /// Before only.
    pub lost: f64,
    /// After only.
    pub gained: f64,
}

/// How many zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Only in the new version.
    pub added: usize,
    /// Only in the old version.
    pub removed: usize,
    /// Another ground or type.
    pub changed: usize,
    /// The same.
    pub unchanged: usize,
}

/// Features of a version that can be computed with, prepared.
struct Prepared<'a> {
    layer: &'a Layer,
    shapes: Vec<Option<PreparedShape>>,
    /// Places of the features that have area.
    places: Vec<u32>,
}

impl<'a> Prepared<'a> {
    fn new(layer: &'a Layer) -> Self {
        let prepare = |feature: &Feature| {
            let shape = PreparedShape::new(feature.shape.as_ref()?);
            (shape.is_areal() && !shape.is_empty()).then_some(shape)
        };
        let shapes: Vec<Option<PreparedShape>> = layer.features().par_iter().map(prepare).collect();
        let places = (0..).zip(&shapes).filter(|(_, shape)| shape.is_some()).map(|(place, _)| place).collect();
        Prepared { layer, shapes, places }
    }

    fn shape(&self, place: u32) -> Option<&PreparedShape> {
        self.shapes.get(place as usize)?.as_ref()
    }

    fn all(&self) -> Vec<&PreparedShape> {
        self.shapes.iter().flatten().collect()
    }

    /// Where features stand among those that have area, in order.
    fn ranks(&self, features: &[u32]) -> Vec<u32> {
        let rank = |feature: &u32| u32::try_from(self.places.binary_search(feature).ok()?).ok();
        let mut ranks: Vec<u32> = features.iter().filter_map(rank).collect();
        ranks.sort_unstable();
        ranks
    }

    fn used(&self, zones: usize) -> VersionUsed {
        let layer = self.layer;
        VersionUsed {
            file: layer.source.file.clone(),
            title: layer.title.clone(),
            version: layer.source.version.clone(),
            sha256: layer.source.sha256.clone(),
            source: layer.source.origin.clone(),
            quality: layer.quality(),
            features: layer.features().len(),
            zones,
            unusable: self.shapes.len() - self.places.len(),
            mended: self.shapes.iter().flatten().filter(|shape| shape.is_repaired()).count(),
        }
    }
}

/// Holds two versions of a constraint against each other; the atlas tells the land. `watch` hears how much is done,
/// 0…1, and says whether to go on; `None` when it did not.
pub fn audit(
    old: &Layer,
    new: &Layer,
    atlas: &Atlas,
    as_of: Date,
    watch: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Audit> {
    let (old, new) = rayon::join(|| Prepared::new(old), || Prepared::new(new));
    if !watch(0.1) {
        return None;
    }
    let pairings = matching::pair(&old, &new);
    let types = types(&old, &new);
    let mut groups: Vec<Group> = pairings
        .iter()
        .map(|pairing| Group { old: old.ranks(&pairing.old), new: new.ranks(&pairing.new), against_all: true })
        .collect();
    groups.extend(types.iter().map(|kind| Group {
        old: old.ranks(&kind.old),
        new: new.ranks(&kind.new),
        against_all: false,
    }));
    let change = compare(&old.all(), &new.all(), &groups, &|share| watch(0.1 + 0.7 * share))?;
    let (of_zones, of_types) = change.groups.split_at(pairings.len());
    let zones: Vec<ZoneChange> =
        pairings.iter().zip(of_zones).map(|(pairing, found)| zone(pairing, found, &old, &new)).collect();
    let types = types.into_iter().zip(of_types).map(|(kind, found)| kind.told(&found.own)).collect();
    let total = change.total;
    let land = Land::of(atlas, &old, &new, total, watch)?;
    let count = |state: ZoneState| zones.iter().filter(|zone| zone.state == state).count();
    let round = |area: f64| square_metres(Area(area));
    let holds = |whole: f64, error: f64| error.abs() <= (1e-9 * whole).max(0.01);
    let (old_error, new_error) = (total.old - total.unchanged - total.lost, total.new - total.unchanged - total.gained);
    let zones_of =
        |side: fn(&Pairing) -> &Vec<u32>| pairings.iter().filter(|pairing| !side(pairing).is_empty()).count();
    let target_share = REDLINE_SHARE / 100.0;
    Some(Audit {
        method: AUDIT_METHOD,
        as_of,
        theme: new.layer.theme,
        old: old.used(zones_of(|pairing| &pairing.old)),
        new: new.used(zones_of(|pairing| &pairing.new)),
        old_m2: round(total.old),
        new_m2: round(total.new),
        unchanged_m2: round(total.unchanged),
        lost_m2: round(total.lost),
        gained_m2: round(total.gained),
        net_m2: round(total.new - total.old),
        hectares: Hectares {
            old: Area(total.old).hectares(),
            new: Area(total.new).hectares(),
            unchanged: Area(total.unchanged).hectares(),
            lost: Area(total.lost).hectares(),
            gained: Area(total.gained).hectares(),
        },
        not_reduced: total.new - total.old >= -(1e-9 * total.old).max(0.01),
        balance: Proof {
            old_error_m2: old_error,
            new_error_m2: new_error,
            holds: change.doubtful == 0 && holds(total.old, old_error) && holds(total.new, new_error),
        },
        counts: Counts {
            added: count(ZoneState::Added),
            removed: count(ZoneState::Removed),
            changed: count(ZoneState::Changed),
            unchanged: count(ZoneState::Unchanged),
        },
        zones,
        types,
        land_share: land.share(land.new),
        old_land_share: land.share(land.old),
        target_share,
        target_met: land.share(land.new).map(|share| share >= target_share),
        land_m2: land.m2,
        land_source: atlas.manifest.city_area_source.clone(),
        new_in_city_m2: land.new.map(round),
        old_in_city_m2: land.old.map(round),
        data_quality: old.layer.quality().max(new.layer.quality()),
        projects: None,
        lost: Arc::new(change.lost),
        gained: Arc::new(change.gained),
    })
}

/// The land, and how much of each version lies on it.
struct Land {
    m2: Option<f64>,
    old: Option<f64>,
    new: Option<f64>,
}

impl Land {
    fn of(
        atlas: &Atlas,
        old: &Prepared,
        new: &Prepared,
        total: Balance,
        watch: &(dyn Fn(f32) -> bool + Sync),
    ) -> Option<Land> {
        let m2 = atlas.manifest.city_area_km2.filter(|area| *area > 0.0).map(|area| area * 1e6);
        let Some(_) = m2 else { return Some(Land { m2: None, old: None, new: None }) };
        let districts = atlas.layer(Theme::Districts).filter(|layer| !layer.features().is_empty());
        let Some(districts) = districts.map(|layer| Prepared::new(layer)) else {
            // no border is known: all of it counts
            return Some(Land { m2, old: Some(total.old), new: Some(total.new) });
        };
        let city = districts.all();
        let inside = |version: &Prepared, from: f32| {
            let shared = compare(&version.all(), &city, &[], &|share| watch(from + 0.1 * share))?;
            Some(shared.total.unchanged)
        };
        Some(Land { m2, old: Some(inside(old, 0.8)?), new: Some(inside(new, 0.9)?) })
    }

    fn share(&self, part: Option<f64>) -> Option<f64> {
        Some(part? / self.m2?)
    }
}

fn zone(
    pairing: &Pairing,
    found: &crate::geometry::change::GroupBalance,
    old: &Prepared,
    new: &Prepared,
) -> ZoneChange {
    let first = |version: &Prepared, places: &[u32]| {
        let index = *places.first()?;
        Some(FeatureKey { layer: version.layer.id, index })
    };
    let (old_key, new_key) = (first(old, &pairing.old), first(new, &pairing.new));
    let before = old_key.and_then(|key| old.layer.feature(key.index));
    let after = new_key.and_then(|key| new.layer.feature(key.index));
    let shown = after.or(before);
    let fields = before.zip(after).map(|(before, after)| fields_changed(before, after)).unwrap_or_default();
    let own = found.own;
    let state = match (before, after) {
        (Some(_), None) => ZoneState::Removed,
        (None, _) => ZoneState::Added,
        (Some(before), Some(after)) => {
            let is_retyped = TYPE_FIELDS.iter().any(|field| before.text(field) != after.text(field));
            let is_moved = own.lost >= NO_CHANGE || own.gained >= NO_CHANGE;
            let is_renamed = before.name() != after.name();
            if is_moved || is_retyped || is_renamed { ZoneState::Changed } else { ZoneState::Unchanged }
        }
    };
    let class_field = TYPE_FIELDS.into_iter().find(|field| shown.is_some_and(|zone| !zone.text(field).is_empty()));
    let class_field = class_field.unwrap_or_default();
    let boxes = pairing.old.iter().map(|place| old.layer.feature(*place));
    let boxes = boxes.chain(pairing.new.iter().map(|place| new.layer.feature(*place)));
    let bounds = boxes.flatten().filter_map(Feature::bounds).reduce(|one, other| {
        let (low, high) = (one.min(), one.max());
        Rect::new(
            (low.x.min(other.min().x), low.y.min(other.min().y)),
            (high.x.max(other.max().x), high.y.max(other.max().y)),
        )
    });
    let round = |area: f64| square_metres(Area(area));
    let ids = |version: &Prepared, places: &[u32]| -> Vec<String> {
        places.iter().filter_map(|place| version.layer.feature(*place)).map(|feature| feature.id.clone()).collect()
    };
    ZoneChange {
        id: shown.map(|zone| zone.id.clone()).unwrap_or_default(),
        name: shown.map(|zone| zone.name().to_owned()).unwrap_or_default(),
        class: shown.map(|zone| zone.text(class_field).to_owned()).unwrap_or_default(),
        class_field: class_field.to_owned(),
        state,
        matched_by: pairing.by,
        match_share: pairing.share,
        old_m2: round(own.old),
        new_m2: round(own.new),
        unchanged_m2: round(own.unchanged),
        lost_m2: round(own.lost),
        gained_m2: round(own.gained),
        uncovered_m2: round(found.uncovered),
        newly_covered_m2: round(found.newly_covered),
        fields,
        bounds,
        old_ids: ids(old, &pairing.old),
        new_ids: ids(new, &pairing.new),
        old_key,
        new_key,
    }
}

fn fields_changed(before: &Feature, after: &Feature) -> Vec<FieldChange> {
    let names: BTreeSet<&str> = before.values.iter().chain(&after.values).map(|(name, _)| name.as_str()).collect();
    let told = names.into_iter().filter(|name| !NOT_TOLD.contains(name));
    told.filter_map(|field| {
        let (old, new) = (before.value(field), after.value(field));
        let is_same = old == new || matches!((old.as_number(), new.as_number()), (Some(one), Some(two)) if one == two);
        (!is_same).then(|| FieldChange { field: field.to_owned(), old: old.to_string(), new: new.to_string() })
    })
    .collect()
}

/// A type with its features in both versions.
struct Kind {
    field: &'static str,
    value: String,
    old: Vec<u32>,
    new: Vec<u32>,
}

impl Kind {
    fn told(self, found: &Balance) -> TypeChange {
        let round = |area: f64| square_metres(Area(area));
        TypeChange {
            field: self.field.to_owned(),
            value: self.value,
            old_zones: self.old.len(),
            new_zones: self.new.len(),
            old_m2: round(found.old),
            new_m2: round(found.new),
            unchanged_m2: round(found.unchanged),
            lost_m2: round(found.lost),
            gained_m2: round(found.gained),
        }
    }
}

fn types(old: &Prepared, new: &Prepared) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for field in TYPE_FIELDS {
        let value = |feature: &Feature| match feature.value(field) {
            Value::Text(word) => word.clone(),
            other => other.to_string(),
        };
        let features = old.layer.features().iter().chain(new.layer.features());
        let values: BTreeSet<String> = features.map(value).collect();
        let is_told = values.iter().any(|value| !value.is_empty());
        if !is_told || values.len() > MOST_TYPES {
            continue;
        }
        for word in values {
            let of = |version: &Prepared| {
                let features = (0_u32..).zip(version.layer.features());
                features.filter(|(_, feature)| value(feature) == word).map(|(place, _)| place).collect()
            };
            kinds.push(Kind { field, old: of(old), new: of(new), value: word });
        }
    }
    kinds
}
