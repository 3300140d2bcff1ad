//! The check that follows the hand: the sketch while there is one, the current site otherwise.

use crate::atlas::{Atlas, Date, Site};
use crate::geometry::geo::MultiPolygon;
use crate::siting::{Comparison, Ground, Question, Rulebook, Verdict, check, compare};
use crate::workspace::{Derived, Draft, LiveWork, SiteId, SiteState, Standing, Workspace};
use std::sync::{Arc, Mutex, PoisonError};

/// What is asked. Shapes are shared, so that asking costs the window nothing however large they are.
#[derive(Debug, Clone)]
struct Wish {
    atlas: Arc<Atlas>,
    rulebook: Arc<Rulebook>,
    /// The current site, where the question is about it.
    site: Option<Arc<Site>>,
    which: Option<SiteId>,
    draft: Option<Draft>,
    question: Question,
    compare_with: Option<Date>,
    /// Counts the wishes.
    number: u64,
}

impl PartialEq for Wish {
    fn eq(&self, other: &Self) -> bool {
        let same_site = match (&self.site, &other.site) {
            (Some(one), Some(two)) => Arc::ptr_eq(one, two),
            (one, two) => one.is_none() && two.is_none(),
        };
        let same_draft = match (&self.draft, &other.draft) {
            (Some(one), Some(two)) => Arc::ptr_eq(&one.shape, &two.shape) && one.role == two.role,
            (one, two) => one.is_none() && two.is_none(),
        };
        Arc::ptr_eq(&self.atlas, &other.atlas)
            && Arc::ptr_eq(&self.rulebook, &other.rulebook)
            && same_site
            && same_draft
            && self.question == other.question
            && self.compare_with == other.compare_with
    }
}

impl Wish {
    /// The project to be judged; what is only being drawn has no identity yet.
    fn project(&self) -> Option<Site> {
        let site = self.site.as_deref();
        let Some(draft) = &self.draft else { return site.cloned() };
        let shape = match draft.role {
            Standing::Changed => draft.shape.as_ref().clone(),
            Standing::Drawn(purpose) => purpose.composed(site.map(|site| &site.shape), &draft.shape),
        };
        if self.is_of_site() {
            return site.map(|site| Site { shape, ..site.clone() });
        }
        let (kind, land_use) = site.map(|site| (site.kind.clone(), site.land_use)).unwrap_or_default();
        Some(Site { shape, kind, land_use, ..Site::default() })
    }

    fn is_of_site(&self) -> bool {
        self.site.is_some() && self.draft.as_ref().is_none_or(|draft| draft.belongs())
    }

    /// Whether it speaks of the same thing as another: the same site, or the same sketch before and after it became one.
    fn continues(&self, last: &Wish) -> bool {
        match (self.is_of_site(), last.is_of_site()) {
            (true, true) => self.which == last.which,
            (false, false) => true,
            (true, false) => {
                let shape = self.site.as_ref().map(|site| &site.shape);
                shape.is_some() && shape == last.draft.as_ref().map(|draft| draft.shape.as_ref())
            }
            (false, true) => false,
        }
    }
}

#[derive(Debug)]
struct Answer {
    wish: Wish,
    verdict: Verdict,
    ground: MultiPolygon,
    comparison: Option<Comparison>,
}

/// Asks for verdicts and takes them.
#[derive(Debug)]
pub struct LiveCheck {
    work: LiveWork<Wish, Answer>,
    asked: Option<Wish>,
    count: u64,
    shown: u64,
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
            let site = wish.project().unwrap_or_default();
            let verdict = check(&site, &ground, &wish.rulebook, &wish.question);
            let with = |day| compare(std::slice::from_ref(&site), &ground, &wish.rulebook, &wish.question, day);
            let comparison = wish.compare_with.map(with);
            let ground = verdict.conflict_ground();
            Answer { wish, verdict, ground, comparison }
        };
        let work = LiveWork::new(answer, wake);
        Self { work, asked: None, count: 0, shown: 0, waits: false, overlaps: Vec::new() }
    }

    /// Whether a verdict is under way.
    pub fn is_waiting(&self) -> bool {
        self.waits
    }

    /// How many verdicts have been asked for, and which of them is shown.
    pub fn progress(&self) -> (u64, u64) {
        (self.count, self.shown)
    }

    /// Ground that the site shares with what restricts it, for the map.
    pub fn overlaps(&self) -> &[MultiPolygon] {
        &self.overlaps
    }

    /// Asks when the site, the question or the atlas has changed, and takes the newest verdict.
    pub fn follow(&mut self, workspace: &Workspace, draft: Option<Draft>, derived: &mut Derived) {
        let changed = draft.as_ref().filter(|draft| draft.role == Standing::Changed);
        derived.in_hand = changed.map(|draft| draft.shape.clone());
        let wish = wish(workspace, draft);
        if wish != self.asked {
            let continues = match (&wish, &self.asked) {
                (Some(next), Some(last)) => next.continues(last),
                _ => false,
            };
            // The figures of another site must not stand beside this one's name.
            if !continues {
                derived.verdict = None;
                derived.comparison = None;
                self.overlaps.clear();
            }
            self.asked = wish.map(|wish| {
                self.count += 1;
                let wish = Wish { number: self.count, ..wish };
                self.work.ask(wish.clone());
                wish
            });
            self.waits = self.asked.is_some();
        }
        // Answers come in the order of the wishes: none of an older shape follows one of a newer.
        if let Some(Answer { wish, verdict, ground, comparison }) = self.work.answer() {
            let Some(asked) = &self.asked else { return };
            self.waits = asked.number != wish.number;
            if !self.waits || asked.continues(&wish) {
                self.shown = wish.number;
                self.overlaps = vec![ground];
                derived.verdict = Some(Arc::new(verdict));
                derived.comparison = comparison.map(Arc::new);
            }
        }
    }
}

fn wish(workspace: &Workspace, draft: Option<Draft>) -> Option<Wish> {
    let session = &workspace.session;
    let current: Option<&SiteState> = session.site.and_then(|id| workspace.project().site(id));
    let draft = draft.filter(|draft| draft.role != Standing::Changed || current.is_some());
    if current.is_none() && draft.is_none() {
        return None;
    }
    let (site, which) = (current.map(|state| state.site.clone()), current.map(|state| state.id));
    let (atlas, rulebook) = (workspace.atlas().clone(), workspace.rulebook().clone());
    let compare_with = session.compare_with;
    Some(Wish { atlas, rulebook, site, which, draft, question: workspace.question(), compare_with, number: 0 })
}
