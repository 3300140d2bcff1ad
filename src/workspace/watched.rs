//! Files whose layers or sites are shown: what was said of each when it was taken in, so that it can be read again.

use super::{Corrections, Plan, Project, Renewal, SiteId};
use crate::atlas::{LayerId, Site};
use crate::storage::watch::Stamp;
use std::path::PathBuf;

/// A file that is shown.
#[derive(Debug, Clone)]
pub struct Watched {
    /// The file.
    pub file: PathBuf,
    /// How it stood when it was read.
    pub stamp: Option<Stamp>,
    /// What it was read with.
    pub corrections: Corrections,
    /// What was made of it.
    pub plan: Plan,
    /// Its layers.
    pub layers: Vec<LayerId>,
    /// Its sites as they were read.
    pub sites: Vec<Site>,
    /// Which they are in the project.
    pub site_ids: Vec<SiteId>,
    /// Whether it stands differently now; the new state, absent when it is gone.
    pub changed: Option<Option<Stamp>>,
}

/// The files that are shown.
#[derive(Debug, Default)]
pub struct WatchList {
    files: Vec<Watched>,
    /// Sites read again of which so many were changed on both sides.
    clash: Option<(Renewal, usize)>,
}

impl WatchList {
    /// Adds a file, in place of an earlier reading of the same layers.
    pub fn add(&mut self, watched: Watched) {
        self.files.retain(|old| old.file != watched.file || old.plan.open_as != watched.plan.open_as);
        self.files.push(watched);
    }

    /// Notes that a file stands differently.
    pub fn change(&mut self, file: &PathBuf, stamp: &Option<Stamp>) {
        for watched in self.files.iter_mut().filter(|watched| watched.file == *file) {
            watched.changed = (watched.stamp != *stamp).then(|| stamp.clone());
        }
    }

    /// The first file that stands differently and of which something is shown.
    pub fn first_changed(&self, project: &Project) -> Option<&Watched> {
        self.files.iter().find(|watched| watched.changed.is_some() && watched.is_shown(project))
    }

    /// Leaves a change as it is: only the next one is told.
    pub fn ignore(&mut self, file: &PathBuf) {
        for watched in self.files.iter_mut().filter(|watched| watched.file == *file) {
            if let Some(stamp) = watched.changed.take() {
                watched.stamp = stamp;
            }
        }
    }

    /// Keeps sites that were read again until the person has said what shall become of those that both sides changed.
    pub(super) fn ask(&mut self, renewal: Renewal, count: usize) {
        self.clash = Some((renewal, count));
    }

    /// The file whose sites wait for the person's word, and how many both sides changed.
    pub fn clash(&self) -> Option<(&Watched, usize)> {
        self.clash.as_ref().map(|(renewal, count)| (&renewal.watched, *count))
    }

    pub(super) fn take_clash(&mut self) -> Option<Renewal> {
        self.clash.take().map(|(renewal, _)| renewal)
    }

    #[cfg(test)]
    pub(super) fn of_sites(&self) -> Option<&Watched> {
        self.files.iter().find(|watched| watched.plan.open_as == super::OpenAs::Sites)
    }

    /// The files with the state from which they are watched.
    pub fn files(&self) -> Vec<(PathBuf, Option<Stamp>)> {
        let state = |watched: &Watched| watched.changed.clone().unwrap_or_else(|| watched.stamp.clone());
        self.files.iter().map(|watched| (watched.file.clone(), state(watched))).collect()
    }
}

impl Watched {
    fn is_shown(&self, project: &Project) -> bool {
        self.layers.iter().any(|id| project.state(*id).is_some())
            || self.site_ids.iter().any(|id| project.site(*id).is_some())
    }

    /// With the sites that were just added: the newest ones of the project.
    pub(super) fn with_sites_of(mut self, project: &Project) -> Watched {
        let start = project.sites.len().saturating_sub(self.sites.len());
        let newest = project.sites.get(start..).unwrap_or_default();
        let are_these = newest.iter().zip(&self.sites).all(|(state, site)| state.site.shape == site.shape);
        if are_these && newest.len() == self.sites.len() {
            self.site_ids = newest.iter().map(|state| state.id).collect();
            // those without a name were numbered
            self.sites = newest.iter().map(|state| Site::clone(&state.site)).collect();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Command, LayerIds, OpenAs, Outcome, Preview, Progress, Session, Workspace};
    use super::*;
    use crate::atlas::{Atlas, Theme};
    use crate::text::{Language, Text};

    #[test]
    fn a_changed_file_is_told_read_again_in_its_place_and_undone() {
        let folder = std::env::temp_dir().join(format!("redline-watched-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a.geojson");
        let line = |end: &str| format!(r#"{{"type":"LineString","coordinates":[[120.2,31.5],[120.3,{end}]]}}"#);
        std::fs::write(&file, line("31.5")).unwrap();
        let manifest = toml::from_str("title = \"\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let atlas = Atlas { manifest, layers: Vec::new(), governance: None };
        let mut workspace = Workspace::new(std::sync::Arc::new(atlas.clone()), Session::default());
        let text = Text::of(Language::Zh);
        let ids: LayerIds = workspace.layer_ids();
        let take = |workspace: &mut Workspace, old: Option<Vec<LayerId>>| {
            let preview =
                Preview::read(&file, &Corrections::default(), (&atlas, &[]), text, &Progress::default()).unwrap();
            let plan = Plan::whole(OpenAs::Layer(Theme::Other), Vec::new());
            for outcome in preview.import(&plan, &ids).0 {
                workspace.accept(match (outcome, &old) {
                    (Outcome::Opened(layers), Some(old)) => Outcome::Reloaded(old.clone(), layers),
                    (outcome, _) => outcome,
                });
            }
        };
        take(&mut workspace, None);
        assert!(workspace.watched.first_changed(workspace.project()).is_none());
        std::fs::write(&file, line("31.500001")).unwrap();
        let stamp = Stamp::of(&file);
        workspace.watched.change(&file, &stamp);
        let watched = workspace.watched.first_changed(workspace.project()).unwrap().clone();
        assert_eq!(workspace.watched.files(), [(file.clone(), stamp)]);
        workspace.watched.ignore(&file);
        assert!(workspace.watched.first_changed(workspace.project()).is_none());
        take(&mut workspace, Some(watched.layers));
        let end = |workspace: &Workspace| workspace.atlas().layers[0].bounds().unwrap().max().y;
        assert_eq!((workspace.atlas().layers.len(), end(&workspace)), (1, 31.500_001));
        workspace.apply(Command::Undo);
        assert_eq!((workspace.atlas().layers.len(), end(&workspace)), (1, 31.5));
        std::fs::remove_dir_all(folder).unwrap();
        assert_eq!(Stamp::of(&file), None);
    }
}
