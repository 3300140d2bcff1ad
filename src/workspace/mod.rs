//! What the person is doing; no toolkit.
//!
//! The faces read a [`Workspace`] and send [`Command`]s; long work leaves as a [`Task`] and returns as an [`Outcome`].

mod batch;
mod command;
mod coordinates;
mod corner;
mod derived;
mod draw;
mod elsewhere;
mod history;
mod import;
mod job;
mod live;
mod nearby;
mod project;
mod renewal;
mod rules;
mod search;
pub mod sentence;
mod session;
mod watched;

pub use batch::{Batch, MANY};
#[cfg(feature = "publish")]
pub use command::ReportRequest;
pub use command::{Command, Edit, Navigate, OpenAs, Task};
pub use coordinates::{Drawn, Unread, parse_outline, parse_step};
pub use corner::{Spot, Strand, change_ring};
pub use derived::Derived;
pub use draw::{Draft, Drawing, Purpose, Standing};
pub use elsewhere::{
    Basis, Elsewhere, ElsewhereWish, Frame, LeftOver, PlacesMap, Ready, SurfaceChoice, SurfacePiece, SurfaceWish,
    SurfaceWork,
};
pub use history::History;
pub use import::{Corrections, KeptImport, Plan, Preview, PreviewLayer, keep, opened};
pub use job::{JobId, Jobs, Outcome, Progress, Running};
pub use live::LiveWork;
pub use nearby::{Nearby, nearby};
pub use project::{Annotation, LayerIds, LayerState, Project, SiteId, SiteState};
pub use renewal::{Merge, Renewal};
pub use rules::{OfficePack, PackProblem, RuleShelf};
pub use search::{Fit, Notation, Position, SearchIndex, fit, parse_position, write_position};
pub use session::{Appearance, Fly, FlyTo, KeptLayer, Panel, Session, Tool, View};
pub use watched::{WatchList, Watched};

use crate::atlas::{Atlas, Date, FeatureKey, Layer, Site, Theme};
use crate::geometry::Form;
use crate::siting::{Question, Rulebook};
use crate::text::{Language, Text, fill};
use geo::{BoundingRect, Coord, Rect};
use std::sync::Arc;

/// A message to the person: what happened, to what, what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whether something went wrong.
    pub is_problem: bool,
    /// The sentence.
    pub sentence: String,
}

/// Everything the person is working on.
#[derive(Debug)]
pub struct Workspace {
    history: History,
    /// Where the person is; never undone.
    pub session: Session,
    /// Messages not yet dismissed, newest last.
    pub notices: Vec<Notice>,
    /// Files whose layers are shown.
    pub watched: WatchList,
    /// Many projects that are judged together.
    pub batch: Option<Arc<Batch>>,
    /// Rule packs: those of the program and the office's own.
    pub rules: RuleShelf,
    revision: u64,
    layer_ids: LayerIds,
    next_site: u32,
}

impl Workspace {
    /// A workspace on an atlas.
    pub fn new(atlas: Arc<Atlas>, session: Session) -> Self {
        let layer_ids = LayerIds::above(atlas.layers.iter().map(|layer| layer.id));
        let project = Project::new(atlas, &session);
        Self {
            history: History::new(project),
            session,
            notices: Vec::new(),
            watched: WatchList::default(),
            batch: None,
            rules: RuleShelf::default(),
            revision: 0,
            layer_ids,
            next_site: 1,
        }
    }

    /// The project as it stands.
    pub fn project(&self) -> &Arc<Project> {
        self.history.current()
    }

    /// The atlas as it stands.
    pub fn atlas(&self) -> &Arc<Atlas> {
        &self.history.current().atlas
    }

    /// The rules in use: those of the program and of the office.
    pub fn rulebook(&self) -> &Arc<Rulebook> {
        self.rules.book()
    }

    /// The day at which sites are judged: the one chosen, else today, as on the command line.
    pub fn as_of(&self) -> Date {
        self.session.as_of.unwrap_or_else(crate::storage::clock::today)
    }

    /// What is asked of a check.
    pub fn question(&self) -> Question {
        let session = &self.session;
        Question { near_m: session.near_m, downstream_km: session.downstream_km, ..Question::on(self.as_of()) }
    }

    /// Grows with every change of the project; caches are keyed by it.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The sentences of the current language.
    pub fn text(&self) -> &'static Text {
        Text::of(self.session.language)
    }

    /// Whether there is something to undo and to redo.
    pub fn can_undo_redo(&self) -> (bool, bool) {
        (self.history.can_undo(), self.history.can_redo())
    }

    /// The feature that the panels speak of: the current one of the hits.
    pub fn selected(&self) -> Option<FeatureKey> {
        self.session.hits.get(self.session.hit).copied()
    }

    /// Identities for layers about to be read; a job draws as many as its files have layers.
    pub fn layer_ids(&self) -> LayerIds {
        self.layer_ids.clone()
    }

    /// Obeys a command. Quick, touches no disk, cannot fail; what takes time is returned as tasks.
    pub fn apply(&mut self, command: Command) -> Vec<Task> {
        match command {
            Command::Edit(edit) => {
                let project = self.project().clone();
                let next = edit.applied(&project, &mut self.next_site);
                self.remember_layers(&next);
                self.tell_freed(&project, &next);
                let newest = next.sites.last().map(|site| site.id).filter(|id| project.site(*id).is_none());
                self.history.push(next);
                self.revision += 1;
                if newest.is_some() {
                    self.session.site = newest;
                }
                let project = self.project().clone();
                self.session.forget_missing(&project);
                Vec::new()
            }
            Command::Navigate(step) => {
                let fitting = self.fitting_panel(&step);
                self.session.navigate(step);
                self.session.panel = fitting.unwrap_or(self.session.panel);
                Vec::new()
            }
            Command::Run(Task::DropRules(file)) => {
                self.rules.drop(&file);
                self.session.rule_packs = self.rules.files();
                Vec::new()
            }
            Command::Run(task) => vec![task],
            Command::CloseBatch => {
                self.batch = None;
                if self.session.panel == Panel::Batch {
                    self.session.panel = Panel::Siting;
                }
                Vec::new()
            }
            Command::Undo => self.travel(History::undo),
            Command::Redo => self.travel(History::redo),
            Command::Say(notice) => {
                self.say(notice);
                Vec::new()
            }
            Command::Dismiss(index) => {
                if index < self.notices.len() {
                    self.notices.remove(index);
                }
                Vec::new()
            }
        }
    }

    /// The panel to open when something is selected: one that speaks of waters stays for a water, else that of the fields.
    fn fitting_panel(&self, step: &Navigate) -> Option<Panel> {
        let Navigate::Select(hits) = step else { return None };
        let layer = self.atlas().layer_by_id(hits.first()?.layer)?;
        let is_water = matches!(layer.theme, Theme::Rivers | Theme::BlackOdourWaters);
        let stays = is_water && matches!(self.session.panel, Panel::Water | Panel::Waters);
        (!stays).then_some(Panel::Feature)
    }

    fn travel(&mut self, step: fn(&mut History) -> bool) -> Vec<Task> {
        if step(&mut self.history) {
            self.revision += 1;
            let project = self.project().clone();
            self.remember_layers(&project);
            self.session.forget_missing(&project);
        }
        Vec::new()
    }

    fn remember_layers(&mut self, project: &Project) {
        self.session.layers = project.remembered_layers();
    }

    /// Takes the result of a task.
    pub fn accept(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Opened(layers) => {
                for layer in layers {
                    self.add_layer(layer);
                }
            }
            Outcome::Reloaded(old, layers) => {
                self.apply(Command::Edit(Edit::ReplaceLayers(old, layers)));
            }
            Outcome::Watched(watched) => {
                let project = self.project().clone();
                self.watched.add(watched.with_sites_of(&project));
            }
            Outcome::Renewed(renewal) => self.renew(*renewal),
            Outcome::Belts(of, belts) => self.take_belts(&of, belts),
            Outcome::Rules(packs) => {
                let text = self.text();
                let said = rules::take(&mut self.rules, packs, &self.session.rule_packs, text);
                said.into_iter().for_each(|notice| self.say(notice));
                self.session.rule_packs = self.rules.files();
            }
            Outcome::Sites(sites) => self.add_sites(sites.into_iter().map(|site| (site, None)).collect()),
            Outcome::Drawn(sites) => self.add_sites(sites),
            Outcome::Batch(batch) => {
                self.batch = Some(batch);
                self.session.panel = Panel::Batch;
            }
            Outcome::Said(notice) => self.say(notice),
            // These are for the face, which keeps them.
            Outcome::Chosen(_)
            | Outcome::Derived(_)
            | Outcome::Previewed(_)
            | Outcome::Reported(_)
            | Outcome::Version(..)
            | Outcome::Audited(_)
            | Outcome::Elsewhere(_) => {}
        }
    }

    /// Takes sites that were read again; where both sides changed the same thing the person is asked first.
    fn renew(&mut self, renewal: Renewal) {
        let merge = renewal.merge(self.project());
        if merge.clashes.is_empty() {
            self.settle_sites(renewal, merge.edit(false));
        } else {
            self.watched.ask(renewal, merge.clashes.len());
        }
    }

    /// Does what the person says to sites that both sides changed: as the file has them, as they are, or nothing at
    /// all.
    pub fn settle_renewal(&mut self, by_file: Option<bool>) {
        let Some(renewal) = self.watched.take_clash() else { return };
        if let Some(by_file) = by_file {
            // the project may have gone on since
            let edit = renewal.merge(self.project()).edit(by_file);
            self.settle_sites(renewal, edit);
        }
    }

    fn settle_sites(&mut self, renewal: Renewal, edit: Edit) {
        self.apply(Command::Edit(edit));
        let project = self.project().clone();
        self.watched.add(renewal.into_watched(&project));
    }

    /// Shows belts computed from the atlas as it stands; those of another state come too late. No step to be undone.
    fn take_belts(&mut self, of: &Arc<Atlas>, belts: Vec<Arc<Layer>>) {
        if Arc::ptr_eq(of, self.atlas()) {
            let mut project = Project::clone(self.project());
            project.set_belts(belts);
            self.history.amend(project);
            self.revision += 1;
            let project = self.project().clone();
            self.session.forget_missing(&project);
        }
    }

    /// Adds a message.
    pub fn say(&mut self, notice: Notice) {
        self.notices.retain(|old| *old != notice);
        self.notices.push(notice);
        let surplus = self.notices.len().saturating_sub(6);
        self.notices.drain(..surplus);
    }

    /// Takes sites in as one step and shows them; those without a name are numbered.
    fn add_sites(&mut self, mut sites: Vec<(Site, Option<Form>)>) {
        for ((site, _), number) in sites.iter_mut().zip(self.next_site..) {
            if site.name.trim().is_empty() {
                site.name = fill(&self.text().bar.site_name, &[("n", &number.to_string())]);
            }
        }
        let boxes = sites.iter().filter_map(|(site, _)| site.shape.bounding_rect());
        let around = boxes.reduce(|one, other| {
            let (low, high) = (one.min(), other.min());
            let low = Coord { x: low.x.min(high.x), y: low.y.min(high.y) };
            let (near, far) = (one.max(), other.max());
            Rect::new(low, Coord { x: near.x.max(far.x), y: near.y.max(far.y) })
        });
        self.apply(Command::Edit(Edit::AddSites(sites)));
        self.session.panel = Panel::Siting;
        if let Some(around) = around {
            self.session.navigate(Navigate::Fly(FlyTo::Area(around)));
        }
    }

    /// Says when a site has lost the figures that it was drawn by.
    fn tell_freed(&mut self, before: &Project, after: &Project) {
        let text = self.text();
        let freed = before.sites.iter().filter_map(|site| {
            let form = site.form.as_ref()?;
            let name = after.site(site.id).filter(|now| now.form.is_none())?.site.name.clone();
            Some((name, text.shaping.form_name(form)))
        });
        for (name, form) in freed.collect::<Vec<_>>() {
            let sentence = fill(&text.shaping.freed, &[("name", &name), ("form", form)]);
            self.say(Notice { is_problem: false, sentence });
        }
    }

    fn add_layer(&mut self, layer: Arc<Layer>) {
        self.apply(Command::Edit(Edit::AddLayer(layer)));
    }

    /// The language of the interface.
    pub fn language(&self) -> Language {
        self.session.language
    }
}
