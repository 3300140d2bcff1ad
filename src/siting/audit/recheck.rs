//! Past projects judged by both versions: which verdicts are others now, and by which zone.

use super::{Audit, ZoneState};
use crate::atlas::{Atlas, Layer, ManifestLayer, Site};
use crate::geometry::geo::Geometry;
use crate::geometry::{Relation, box_distance, extent};
use crate::siting::{Consequence, Finding, Grade, Ground, Question, Rulebook, Verdict, check};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Belts are not wider, metres.
const WIDEST_BELT: f64 = 60_000.0;
/// Overlaps that differ by less are the same, square metres.
const SAME: f64 = 0.01;

/// What a zone does to a project, before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneTold {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Code of the theme checked.
    pub theme: String,
    /// How they lay; null when it was not found.
    pub old_relation: Option<Relation>,
    /// How they lie.
    pub new_relation: Option<Relation>,
    /// Ground shared before, square metres.
    pub old_overlap_m2: f64,
    /// Ground shared after.
    pub new_overlap_m2: f64,
    /// What followed before.
    pub old_consequence: Consequence,
    /// What follows now.
    pub new_consequence: Consequence,
}

/// A project that the new version concerns otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Retold {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its place among the projects given.
    #[serde(skip)]
    pub place: usize,
    /// What it came to.
    pub old_verdict: Grade,
    /// What it comes to.
    pub new_verdict: Grade,
    /// The zones that make the difference, the worst first.
    pub zones: Vec<ZoneTold>,
}

/// Past projects judged by both versions. Each version is taken as complete for the city.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recheck {
    /// Projects judged.
    pub checked: usize,
    /// Those whose verdict is another.
    pub flipped: Vec<Retold>,
    /// Those whose verdict is the same, for another zone or another extent.
    pub touched: Vec<Retold>,
}

/// The atlas with a version in the place of its layers of that theme, taken as complete for the city.
pub fn with_version(atlas: &Atlas, layer: &Arc<Layer>) -> Atlas {
    let mut atlas = atlas.clone();
    atlas.layers.retain(|known| known.theme != layer.theme);
    let is_known = |entry: &ManifestLayer| entry.theme == layer.theme && entry.file == layer.source.file;
    if !atlas.manifest.layers.iter().any(is_known) {
        atlas.manifest.layers.push(ManifestLayer {
            theme: layer.theme,
            file: layer.source.file.clone(),
            title: layer.title.clone(),
            title_en: String::new(),
            quality: layer.quality(),
            source: layer.source.origin.clone(),
            licence: String::new(),
            expected: None,
            valid_until: None,
            accuracy_m: None,
        });
    }
    atlas.layers.push(layer.clone());
    atlas
}

/// Judges projects on the ground of the old version and on that of the new, on all cores. `watch` hears how much is
/// done and says whether to go on; `None` when it did not.
pub fn recheck(
    sites: &[Site],
    (old, new): (&Ground, &Ground),
    audit: &Audit,
    (rulebook, question): (&Rulebook, &Question),
    watch: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Recheck> {
    let zones = Zones::of(audit);
    let done = AtomicUsize::new(0);
    let retold: Option<Vec<Option<Retold>>> = sites
        .par_iter()
        .enumerate()
        .map(|(place, site)| {
            if !zones.may_concern(site, question, rulebook) {
                done.fetch_add(1, Ordering::Relaxed);
                return Some(None);
            }
            let before = check(site, old, rulebook, question);
            let after = check(site, new, rulebook, question);
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            watch(done as f32 / sites.len() as f32).then(|| zones.compare(place, &before, &after))
        })
        .collect();
    let retold: Vec<Retold> = retold?.into_iter().flatten().collect();
    let (flipped, touched) = retold.into_iter().partition(|project| project.old_verdict != project.new_verdict);
    Some(Recheck { checked: sites.len(), flipped, touched })
}

/// Features of both versions by the zone that they are.
struct Zones<'a> {
    audit: &'a Audit,
    of: HashMap<(bool, String), usize>,
}

impl<'a> Zones<'a> {
    fn of(audit: &'a Audit) -> Self {
        let mut of = HashMap::new();
        for (number, zone) in audit.zones.iter().enumerate() {
            for (is_new, ids) in [(false, &zone.old_ids), (true, &zone.new_ids)] {
                of.extend(ids.iter().map(|id| ((is_new, id.clone()), number)));
            }
        }
        Zones { audit, of }
    }

    /// Whether a project lies so near to a zone that is another now that it may be judged otherwise.
    fn may_concern(&self, site: &Site, question: &Question, rulebook: &Rulebook) -> bool {
        let audit = self.audit;
        // an empty version answers nothing at all
        if audit.old.zones == 0 || audit.new.zones == 0 {
            return true;
        }
        let has_belt = rulebook.checks.iter().any(|rule| rule.layer == audit.theme && rule.belt.is_some());
        let reach = question.near_m.max(if has_belt { WIDEST_BELT } else { 0.0 }) + 10.0;
        let Some(own) = extent(&Geometry::MultiPolygon(site.shape.clone())) else { return true };
        let changed = audit.zones.iter().filter(|zone| zone.state != ZoneState::Unchanged || !zone.fields.is_empty());
        changed.filter_map(|zone| zone.bounds).any(|bounds| box_distance(own, bounds) <= reach)
    }

    /// What differs for a project; `None` when nothing does.
    fn compare(&self, place: usize, before: &Verdict, after: &Verdict) -> Option<Retold> {
        let theme = self.audit.theme;
        let mut told: BTreeMap<(String, usize), ZoneTold> = BTreeMap::new();
        for (is_new, verdict) in [(false, before), (true, after)] {
            for finding in verdict.findings.iter().filter(|finding| finding.layer == theme) {
                let Some(number) = self.of.get(&(is_new, finding.feature_id.clone())) else { continue };
                let Some(zone) = self.audit.zones.get(*number) else { continue };
                let entry = told.entry((finding.theme.clone(), *number)).or_insert_with(|| ZoneTold {
                    id: zone.id.clone(),
                    name: zone.name.clone(),
                    theme: finding.theme.clone(),
                    old_relation: None,
                    new_relation: None,
                    old_overlap_m2: 0.0,
                    new_overlap_m2: 0.0,
                    old_consequence: Consequence::None,
                    new_consequence: Consequence::None,
                });
                entry.take(is_new, finding);
            }
        }
        let mut zones: Vec<ZoneTold> = told.into_values().filter(ZoneTold::differs).collect();
        zones.sort_by_key(|zone| zone.old_consequence.min(zone.new_consequence));
        let is_flipped = before.verdict != after.verdict;
        (is_flipped || !zones.is_empty()).then(|| Retold {
            id: after.id.clone(),
            name: after.name.clone(),
            place,
            old_verdict: before.verdict,
            new_verdict: after.verdict,
            zones,
        })
    }
}

impl ZoneTold {
    fn take(&mut self, is_new: bool, finding: &Finding) {
        let (relation, overlap, consequence) = if is_new {
            (&mut self.new_relation, &mut self.new_overlap_m2, &mut self.new_consequence)
        } else {
            (&mut self.old_relation, &mut self.old_overlap_m2, &mut self.old_consequence)
        };
        relation.get_or_insert(finding.relation);
        *overlap += finding.overlap_m2;
        *consequence = (*consequence).min(finding.consequence);
    }

    /// A neighbour that comes nearer is no difference; ground and consequence are.
    fn differs(&self) -> bool {
        self.old_consequence != self.new_consequence || (self.old_overlap_m2 - self.new_overlap_m2).abs() > SAME
    }
}
