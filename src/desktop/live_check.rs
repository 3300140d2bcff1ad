//! The check that follows the hand: the sketch while there is one, the current site otherwise.

use crate::atlas::{Atlas, Site};
use crate::siting::{Ground, Question, Rulebook, Verdict, check};
use crate::workspace::{Derived, LiveWork, Tool, Workspace};
use geo::MultiPolygon;
use std::sync::{Arc, Mutex, PoisonError};

/// What is asked.
#[derive(Debug, Clone)]
struct Wish {
    atlas: Arc<Atlas>,
    rulebook: Arc<Rulebook>,
    site: Site,
    question: Question,
}

impl PartialEq for Wish {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.atlas, &other.atlas)
            && Arc::ptr_eq(&self.rulebook, &other.rulebook)
            && self.question == other.question
            && self.site == other.site
    }
}

/// Asks for verdicts and takes them.
#[derive(Debug)]
pub struct LiveCheck {
    work: LiveWork<Wish, (Wish, Verdict, MultiPolygon)>,
    asked: Option<Wish>,
    waits: bool,
    overlaps: Vec<MultiPolygon>,
}

impl LiveCheck {
    /// `wake` asks for a frame when a verdict waits.
    pub fn new(wake: impl Fn() + Send + 'static) -> Self {
        let prepared: Mutex<Option<(Arc<Atlas>, Arc<Ground>)>> = Mutex::new(None);
        let answer = move |wish: Wish| {
            let ground = {
                let mut prepared = prepared.lock().unwrap_or_else(PoisonError::into_inner);
                let ground = match &*prepared {
                    Some((atlas, ground)) if Arc::ptr_eq(atlas, &wish.atlas) => ground.clone(),
                    Some((_, ground)) => Arc::new(ground.renewed(&wish.atlas)),
                    None => Arc::new(Ground::new(&wish.atlas)),
                };
                *prepared = Some((wish.atlas.clone(), ground.clone()));
                ground
            };
            let verdict = check(&wish.site, &ground, &wish.rulebook, &wish.question);
            let ground = verdict.conflict_ground();
            (wish, verdict, ground)
        };
        Self { work: LiveWork::new(answer, wake), asked: None, waits: false, overlaps: Vec::new() }
    }

    /// Whether a verdict is under way.
    pub fn is_waiting(&self) -> bool {
        self.waits
    }

    /// Ground that the site shares with what restricts it, for the map.
    pub fn overlaps(&self) -> &[MultiPolygon] {
        &self.overlaps
    }

    /// Asks when the site, the question or the atlas has changed, and takes the newest verdict.
    pub fn follow(&mut self, workspace: &Workspace, draft: Option<&MultiPolygon>, derived: &mut Derived) {
        let wish = wish(workspace, draft);
        if wish != self.asked {
            let is_other = match (&wish, &self.asked) {
                (Some(next), Some(last)) => next.site.id != last.site.id,
                _ => true,
            };
            // The figures of another site must not stand beside this one's name.
            if is_other {
                derived.verdict = None;
                self.overlaps.clear();
            }
            if let Some(wish) = &wish {
                self.work.ask(wish.clone());
            }
            self.waits = wish.is_some();
            self.asked = wish;
        }
        if let Some((wish, verdict, ground)) = self.work.answer() {
            self.waits = self.asked.as_ref().is_some_and(|asked| *asked != wish);
            if self.asked.as_ref().is_some_and(|asked| asked.site.id == wish.site.id) {
                self.overlaps = vec![ground];
                derived.verdict = Some(Arc::new(verdict));
            }
        }
    }
}

fn wish(workspace: &Workspace, draft: Option<&MultiPolygon>) -> Option<Wish> {
    let session = &workspace.session;
    let current = session.site.and_then(|id| workspace.project().site(id));
    let site = match (draft, session.tool) {
        (Some(shape), Tool::Reshape) => Site { shape: shape.clone(), ..Site::clone(&current?.site) },
        // What is only being drawn has no identity yet.
        (Some(shape), Tool::Polygon | Tool::Rectangle) => Site {
            shape: shape.clone(),
            kind: current.map(|state| state.site.kind.clone()).unwrap_or_default(),
            land_use: current.and_then(|state| state.site.land_use),
            ..Site::default()
        },
        _ => Site::clone(&current?.site),
    };
    let (atlas, rulebook) = (workspace.atlas().clone(), workspace.rulebook().clone());
    Some(Wish { atlas, rulebook, site, question: workspace.question() })
}
