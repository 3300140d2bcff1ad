//! Sites of a file that has changed on disk: what the file changed is taken over, what the person changed stays, and
//! where both changed the same thing the person is asked.

use super::{Edit, Project, SiteId, Watched};
use crate::atlas::Site;
use std::collections::HashMap;

/// Sites read again, with the file as it stands now.
#[derive(Debug, Clone)]
pub struct Renewal {
    /// The file; its sites are those of the earlier reading.
    pub watched: Watched,
    /// The sites as the file has them now.
    pub sites: Vec<Site>,
}

/// What a renewal does to a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Merge {
    /// Sites that change, as they will be; where both changed the same thing with what the person has.
    pub changed: Vec<(SiteId, Site)>,
    /// Those of them where both changed the same thing, as the file has them.
    pub clashes: Vec<(SiteId, Site)>,
    /// Sites that are new in the file.
    pub added: Vec<Site>,
    /// Sites that are no longer in the file and that nobody has changed.
    pub removed: Vec<SiteId>,
    /// Sites that are no longer in the file, but that the person has changed: they stay.
    pub kept: usize,
}

impl Renewal {
    /// What it would do to a project as it stands. A site that the person took out stays out.
    pub fn merge(&self, project: &Project) -> Merge {
        let mut merge = Merge::default();
        let before = || self.watched.site_ids.iter().zip(&self.watched.sites);
        let pairs = pairs(&self.watched.sites, &self.sites);
        let now_of: HashMap<usize, usize> = pairs.iter().filter_map(|(old, new)| Some(((*old)?, *new))).collect();
        for (number, (id, original)) in before().enumerate() {
            let Some(current) = project.site(*id).map(|state| &*state.site) else { continue };
            let now = now_of.get(&number).and_then(|new| self.sites.get(*new));
            match now {
                None if current == original => merge.removed.push(*id),
                None => merge.kept += 1,
                Some(now) => {
                    let (merged, is_clash) = merged(original, current, now);
                    if is_clash {
                        merge.clashes.push((*id, now.clone()));
                    }
                    if merged != *current {
                        merge.changed.push((*id, merged));
                    }
                }
            }
        }
        let is_new = |(old, _): &&(Option<usize>, usize)| old.is_none();
        merge.added = pairs.iter().filter(is_new).filter_map(|(_, new)| self.sites.get(*new)).cloned().collect();
        merge
    }

    /// The file with its sites as they are now, once the project has them: new ones are the newest there.
    pub(super) fn into_watched(self, project: &Project) -> Watched {
        let mut newest = project.sites.iter().rev().map(|state| state.id);
        let pairs = pairs(&self.watched.sites, &self.sites);
        let of = |(old, _): &(Option<usize>, usize)| match old {
            Some(place) => self.watched.site_ids.get(*place).copied(),
            None => newest.next(),
        };
        let mut site_ids: Vec<SiteId> = pairs.iter().rev().filter_map(of).collect();
        site_ids.reverse();
        Watched { sites: self.sites, site_ids, changed: None, ..self.watched }
    }
}

impl Merge {
    /// The change of the project, one step to undo; with what the file has where both changed the same thing, if it is
    /// said so.
    pub fn edit(mut self, by_file: bool) -> Edit {
        if by_file {
            self.changed.retain(|(id, _)| self.clashes.iter().all(|(other, _)| other != id));
            self.changed.append(&mut self.clashes);
        }
        Edit::RenewSites { changed: self.changed, removed: self.removed, added: self.added }
    }
}

/// Which site of now is which of before: by id, where ids tell them apart, else by place in the file.
fn pairs(before: &[Site], now: &[Site]) -> Vec<(Option<usize>, usize)> {
    let places = |sites: &[Site]| -> Option<HashMap<String, usize>> {
        let named = sites.iter().map(|site| site.id.clone()).zip(0..).filter(|(id, _)| !id.is_empty());
        let places: HashMap<String, usize> = named.collect();
        (places.len() == sites.len()).then_some(places)
    };
    let by_id = places(before).filter(|_| places(now).is_some());
    let of = |(number, site): (usize, &Site)| {
        let old = by_id.as_ref().map_or(Some(number), |places| places.get(&site.id).copied());
        (old.filter(|old| *old < before.len()), number)
    };
    now.iter().enumerate().map(of).collect()
}

/// A site with the changes of both, the person's first; whether both changed the same thing to something else.
fn merged(original: &Site, current: &Site, now: &Site) -> (Site, bool) {
    let mut is_clash = false;
    let site = Site {
        id: now.id.clone(),
        // one without a name has been numbered
        name: either(&original.name, &current.name, named(now, original), &mut is_clash),
        shape: either(&original.shape, &current.shape, &now.shape, &mut is_clash),
        kind: either(&original.kind, &current.kind, &now.kind, &mut is_clash),
        land_use: either(&original.land_use, &current.land_use, &now.land_use, &mut is_clash),
        // what no file tells
        ..current.clone()
    };
    (site, is_clash)
}

fn named<'a>(now: &'a Site, original: &'a Site) -> &'a String {
    if now.name.trim().is_empty() { &original.name } else { &now.name }
}

fn either<T: PartialEq + Clone>(original: &T, current: &T, now: &T, is_clash: &mut bool) -> T {
    *is_clash |= current != original && now != original && current != now;
    if current == original { now.clone() } else { current.clone() }
}

#[cfg(test)]
mod tests {
    use super::super::{Corrections, OpenAs, Plan, Session, Workspace};
    use super::*;
    use crate::atlas::Atlas;
    use geo::{MultiPolygon, Rect};
    use std::sync::Arc;

    fn site(id: &str, east: f64) -> Site {
        let square = Rect::new((120.0, 31.0), (east, 31.1)).to_polygon();
        let shape = MultiPolygon::new(vec![square]);
        Site { id: id.into(), name: id.into(), shape, ..Site::default() }
    }

    /// A workspace with the sites of a file, and the file.
    fn opened(sites: &[Site]) -> (Workspace, Watched) {
        let manifest = toml::from_str("title = \"\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let atlas = Atlas { manifest, layers: Vec::new(), governance: None };
        let mut workspace = Workspace::new(Arc::new(atlas), Session::default());
        workspace.accept(super::super::Outcome::Sites(sites.to_vec()));
        let watched = Watched {
            file: "a.geojson".into(),
            stamp: None,
            corrections: Corrections::default(),
            plan: Plan::whole(OpenAs::Sites, Vec::new()),
            layers: Vec::new(),
            site_ids: Vec::new(),
            sites: sites.to_vec(),
            changed: None,
        };
        workspace.accept(super::super::Outcome::Watched(Box::new(watched)));
        let watched = workspace.watched.of_sites().unwrap().clone();
        (workspace, watched)
    }

    fn names(workspace: &Workspace) -> Vec<(String, f64)> {
        use geo::BoundingRect;
        let sites = workspace.project().sites.iter();
        sites.map(|state| (state.site.name.clone(), state.site.shape.bounding_rect().unwrap().max().x)).collect()
    }

    #[test]
    fn what_the_file_changed_comes_and_what_the_person_changed_stays() {
        let (mut workspace, watched) =
            opened(&[site("a", 120.1), site("b", 120.1), site("c", 120.1), site("d", 120.1)]);
        assert_eq!(watched.site_ids.len(), 4);
        let ids = watched.site_ids.clone();
        workspace.apply(super::super::Command::Edit(Edit::RenameSite(ids[0], "mine".into())));
        workspace.apply(super::super::Command::Edit(Edit::RemoveSite(ids[3])));
        let sites = vec![site("a", 120.2), site("c", 120.1), site("d", 120.3), site("e", 120.4)];
        workspace.accept(super::super::Outcome::Renewed(Box::new(Renewal { watched, sites })));
        // a has a new shape and the person's name, b is gone, c as it was, d stays out, e is new
        let expected = [("mine", 120.2), ("c", 120.1), ("e", 120.4)];
        assert_eq!(names(&workspace), expected.map(|(name, east)| (name.to_owned(), east)));
        assert!(workspace.watched.clash().is_none());
        assert_eq!(workspace.watched.of_sites().unwrap().sites.len(), 4);
        workspace.apply(super::super::Command::Undo);
        assert_eq!(names(&workspace).len(), 3);
        assert_eq!(names(&workspace)[0], ("mine".to_owned(), 120.1));
    }

    #[test]
    fn where_both_changed_the_same_nothing_is_lost_before_the_person_has_said() {
        for by_file in [false, true] {
            let (mut workspace, watched) = opened(&[site("a", 120.1), site("b", 120.1)]);
            let mine = site("a", 120.9).shape;
            workspace.apply(super::super::Command::Edit(Edit::ReshapeSite(watched.site_ids[0], mine)));
            let sites = vec![site("a", 120.2), site("b", 120.3)];
            workspace.accept(super::super::Outcome::Renewed(Box::new(Renewal { watched, sites })));
            assert_eq!(names(&workspace), [("a".to_owned(), 120.9), ("b".to_owned(), 120.1)]);
            assert_eq!(workspace.watched.clash().unwrap().1, 1);
            workspace.settle_renewal(Some(by_file));
            let east = if by_file { 120.2 } else { 120.9 };
            assert_eq!(names(&workspace), [("a".to_owned(), east), ("b".to_owned(), 120.3)]);
            assert!(workspace.watched.clash().is_none());
        }
        let (mut workspace, watched) = opened(&[site("a", 120.1)]);
        workspace.apply(super::super::Command::Edit(Edit::RenameSite(watched.site_ids[0], "mine".into())));
        let sites = vec![Site { name: "theirs".into(), ..site("a", 120.1) }];
        workspace.accept(super::super::Outcome::Renewed(Box::new(Renewal { watched, sites })));
        workspace.settle_renewal(None);
        assert_eq!(names(&workspace)[0].0, "mine");
    }

    #[test]
    fn sites_without_ids_of_their_own_are_told_by_their_place() {
        let before = [site("", 120.1), site("", 120.2)];
        assert_eq!(pairs(&before, &[site("", 120.3)]), [(Some(0), 0)]);
        assert_eq!(pairs(&before[..1], &before), [(Some(0), 0), (None, 1)]);
        assert_eq!(pairs(&[site("a", 1.0), site("b", 1.0)], &[site("b", 1.0)]), [(Some(1), 0)]);
    }
}
