//! Which zone of the new version is which of the old: by id or code, else by name, else by the ground they share.

use super::Prepared;
use crate::atlas::{Feature, Layer};
use crate::geometry::change::compare;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How the two versions of a zone were found to be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchedBy {
    /// The same id or code.
    Id,
    /// The same name, which no other has.
    Name,
    /// The largest part of their ground in common.
    Overlap,
}

impl MatchedBy {
    /// The word of the JSON document.
    pub fn code(self) -> &'static str {
        match self {
            MatchedBy::Id => "id",
            MatchedBy::Name => "name",
            MatchedBy::Overlap => "overlap",
        }
    }
}

/// A zone: its features in both versions.
#[derive(Debug, Clone, Default)]
pub(super) struct Pairing {
    pub old: Vec<u32>,
    pub new: Vec<u32>,
    pub by: Option<MatchedBy>,
    pub share: Option<f64>,
}

/// Fields that may identify a zone.
const CODES: [&str; 12] =
    ["code", "编码", "编号", "区块编号", "区域编码", "管控区编码", "zone_id", "zone_code", "BH", "BSM", "标识码", "id"];
/// A field identifies when it tells at least this share of the features apart; a code of a type does not.
const TELLING: f64 = 0.5;
/// Share of the smaller that two zones must have in common to be taken for one.
const ENOUGH: f64 = 0.1;

/// What identifies the features of a version, where something does.
fn identities(layer: &Layer) -> Vec<Option<String>> {
    let features = layer.features();
    let told = |value: &dyn Fn(&Feature) -> Option<String>| -> Option<Vec<Option<String>>> {
        let ids: Vec<Option<String>> = features.iter().map(value).collect();
        let apart: HashSet<&String> = ids.iter().flatten().collect();
        let is_telling = !apart.is_empty() && apart.len() as f64 >= TELLING * features.len() as f64;
        is_telling.then_some(ids)
    };
    let of_field = |field: &str| {
        told(&|feature: &Feature| Some(feature.value(field).to_string()).filter(|word| !word.trim().is_empty()))
    };
    // a mere number is the place in the file unless a field says so
    let own = || told(&|feature: &Feature| Some(feature.id.clone()).filter(|id| id.parse::<i64>().is_err()));
    CODES.iter().find_map(|field| of_field(field)).or_else(own).unwrap_or_else(|| vec![None; features.len()])
}

/// Zones of a version: features of one identity, else each by itself; in the order of the file.
fn zones(layer: &Layer) -> Vec<(Option<String>, Vec<u32>)> {
    let mut zones: Vec<(Option<String>, Vec<u32>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (place, id) in (0..).zip(identities(layer)) {
        let standing = id.as_ref().and_then(|id| known.get(id)).and_then(|at| zones.get_mut(*at));
        match standing {
            Some((_, places)) => places.push(place),
            None => {
                if let Some(id) = &id {
                    known.insert(id.clone(), zones.len());
                }
                zones.push((id, vec![place]));
            }
        }
    }
    zones
}

/// Pairs the zones of two versions: those of the old version in their order, then those that are new.
pub(super) fn pair(old: &Prepared, new: &Prepared) -> Vec<Pairing> {
    let (before, after) = (zones(old.layer), zones(new.layer));
    let mut partner: Vec<Option<(usize, MatchedBy, Option<f64>)>> = vec![None; before.len()];
    let mut taken = vec![false; after.len()];
    let mut join = |one: usize, other: usize, by, share| {
        if let (Some(place @ None), Some(is_taken @ false)) = (partner.get_mut(one), taken.get_mut(other)) {
            *place = Some((other, by, share));
            *is_taken = true;
        }
    };
    let ids: HashMap<&String, usize> =
        after.iter().enumerate().filter_map(|(number, (id, _))| Some((id.as_ref()?, number))).collect();
    for (number, (id, _)) in before.iter().enumerate() {
        if let Some(other) = id.as_ref().and_then(|id| ids.get(id)) {
            join(number, *other, MatchedBy::Id, None);
        }
    }
    let free = |partner: &[Option<(usize, MatchedBy, Option<f64>)>], taken: &[bool]| -> (Vec<usize>, Vec<usize>) {
        let old = partner.iter().enumerate().filter(|(_, partner)| partner.is_none()).map(|(number, _)| number);
        let new = taken.iter().enumerate().filter(|(_, taken)| !**taken).map(|(number, _)| number);
        (old.collect(), new.collect())
    };
    let (lone, others) = free(&partner, &taken);
    let (names_old, names_new) = (names(&before, &lone, old.layer), names(&after, &others, new.layer));
    let by_name: Vec<(usize, usize)> =
        names_old.iter().filter_map(|(name, number)| Some(((*number)?, (*names_new.get(name)?)?))).collect();
    let mut join = |one: usize, other: usize, by, share| {
        if let (Some(place @ None), Some(is_taken @ false)) = (partner.get_mut(one), taken.get_mut(other)) {
            *place = Some((other, by, share));
            *is_taken = true;
        }
    };
    for (one, other) in by_name {
        join(one, other, MatchedBy::Name, None);
    }
    let (lone, others) = free(&partner, &taken);
    for (one, other, share) in overlaps((old, &before, &lone), (new, &after, &others)) {
        if let (Some(place @ None), Some(is_taken @ false)) = (partner.get_mut(one), taken.get_mut(other)) {
            *place = Some((other, MatchedBy::Overlap, Some(share)));
            *is_taken = true;
        }
    }
    let mut pairings = Vec::new();
    for ((_, places), partner) in before.iter().zip(&partner) {
        let (new, by, share) = match partner {
            Some((other, by, share)) => {
                (after.get(*other).map(|(_, places)| places.clone()).unwrap_or_default(), Some(*by), *share)
            }
            None => (Vec::new(), None, None),
        };
        pairings.push(Pairing { old: places.clone(), new, by, share });
    }
    let added = after.into_iter().zip(taken).filter(|(_, taken)| !taken);
    pairings.extend(added.map(|((_, places), _)| Pairing { new: places, ..Pairing::default() }));
    pairings
}

/// Zones by their names; `None` where several have one.
fn names<'a>(
    zones: &[(Option<String>, Vec<u32>)],
    wanted: &[usize],
    layer: &'a Layer,
) -> BTreeMap<&'a str, Option<usize>> {
    let mut names: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for number in wanted {
        let first = zones.get(*number).and_then(|(_, places)| layer.feature(*places.first()?));
        let Some(name) = first.map(|feature| feature.text("name").trim()).filter(|name| !name.is_empty()) else {
            continue;
        };
        names.entry(name).and_modify(|known| *known = None).or_insert(Some(*number));
    }
    names
}

type Zones<'a> = (&'a Prepared<'a>, &'a [(Option<String>, Vec<u32>)], &'a [usize]);

/// Pairs by the ground they share, the largest first.
fn overlaps((old, before, lone): Zones, (new, after, others): Zones) -> Vec<(usize, usize, f64)> {
    let owner: HashMap<u32, usize> = others
        .iter()
        .filter_map(|number| Some((*number, &after.get(*number)?.1)))
        .flat_map(|(number, places)| places.iter().map(move |place| (*place, number)))
        .collect();
    let mut found: Vec<(f64, usize, usize, f64)> = Vec::new();
    for number in lone {
        let Some((_, places)) = before.get(*number) else { continue };
        let own: Vec<_> = places.iter().filter_map(|place| old.shape(*place)).collect();
        let boxes = own.iter().filter_map(|shape| shape.bounds());
        let near: HashSet<usize> =
            boxes.flat_map(|bounds| new.layer.within(bounds)).filter_map(|place| owner.get(&place).copied()).collect();
        for other in near {
            let Some((_, places)) = after.get(other) else { continue };
            let theirs: Vec<_> = places.iter().filter_map(|place| new.shape(*place)).collect();
            let Some(change) = compare(&own, &theirs, &[], &|_| true) else { continue };
            let smaller = change.total.old.min(change.total.new);
            let share = if smaller > 0.0 { change.total.unchanged / smaller } else { 0.0 };
            if share >= ENOUGH {
                found.push((change.total.unchanged, *number, other, share));
            }
        }
    }
    // equal ground in the order of the files, whatever order they were found in
    found.sort_by(|one, two| two.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(two.1, two.2))));
    found.into_iter().map(|(_, one, other, share)| (one, other, share)).collect()
}
