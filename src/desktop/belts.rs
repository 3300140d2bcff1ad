//! The statutory belts for the map, computed on a thread whenever the atlas or the rule book is another one.

use crate::atlas::Atlas;
use crate::siting::{Ground, Rulebook, zone_layers};
use crate::workspace::{JobId, Jobs, Notice, Outcome, Workspace};
use std::sync::{Arc, Mutex, PoisonError};

/// Follows the atlas with its belts.
#[derive(Debug, Default)]
pub struct BeltWork {
    of: Option<(Arc<Atlas>, Arc<Rulebook>)>,
    /// The work under way.
    job: Option<JobId>,
    /// The ground of the last state: zones of unchanged layers are not computed again.
    ground: Arc<Mutex<Ground>>,
}

impl BeltWork {
    /// Starts the work when it is due.
    pub fn follow(&mut self, workspace: &Workspace, jobs: &mut Jobs, panicked: Notice) {
        let (atlas, rulebook) = (workspace.atlas(), workspace.rulebook());
        let is_known =
            self.of.as_ref().is_some_and(|(known, book)| Arc::ptr_eq(known, atlas) && Arc::ptr_eq(book, rulebook));
        if is_known {
            return;
        }
        self.of = Some((atlas.clone(), rulebook.clone()));
        // what was being computed for another state would come too late
        self.job.take().into_iter().for_each(|job| jobs.cancel(job));
        let (atlas, rulebook, ids) = (atlas.clone(), rulebook.clone(), workspace.layer_ids());
        let kept = self.ground.clone();
        let job = jobs.start(workspace.text().bar.job_belts.clone(), panicked, move |progress| {
            let ground = kept.lock().unwrap_or_else(PoisonError::into_inner).renewed(&atlas);
            let told = |share: f32| {
                progress.tell(share);
                !progress.is_cancelled()
            };
            let layers = zone_layers(&ground, &rulebook, &|| ids.next(), &told);
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = ground;
            layers.map(|layers| Outcome::Belts(atlas, layers.into_iter().map(Arc::new).collect())).into_iter().collect()
        });
        self.job = Some(job);
    }

    /// The atlas that carries the belts just taken needs none.
    pub fn taken(&mut self, workspace: &Workspace) {
        self.of = Some((workspace.atlas().clone(), workspace.rulebook().clone()));
    }
}
