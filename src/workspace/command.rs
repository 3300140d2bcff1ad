//! Everything that can be asked for.

use super::Notice;
use super::draw::Drawing;
use super::elsewhere::{ElsewhereWish, SurfaceChoice};
use super::project::{Annotation, Project, SiteId};
use super::session::{Appearance, FlyTo, Panel, Tool, View};
use crate::atlas::{Date, FeatureKey, LandUse, Layer, LayerId, LimitedActivity, Override, Site, Theme};
use crate::geometry::Form;
use crate::text::Language;
use geo::MultiPolygon;
use std::path::PathBuf;
use std::sync::Arc;

/// A wish of the person.
#[derive(Debug, Clone)]
pub enum Command {
    /// Changes the project; can be undone.
    Edit(Edit),
    /// Changes where the person is.
    Navigate(Navigate),
    /// Takes time.
    Run(Task),
    /// Takes the last edit back.
    Undo,
    /// Does it again.
    Redo,
    /// Tells the person something.
    Say(Notice),
    /// Puts the projects that are judged together away.
    CloseBatch,
    /// Puts a message away.
    Dismiss(usize),
}

/// A change of the project.
#[derive(Debug, Clone)]
pub enum Edit {
    /// Adds a layer on top.
    AddLayer(Arc<Layer>),
    /// Puts layers in the place of others, shown as these were.
    ReplaceLayers(Vec<LayerId>, Vec<Arc<Layer>>),
    /// Takes a layer out.
    RemoveLayer(LayerId),
    /// Shows or hides a layer.
    SetVisible(LayerId, bool),
    /// Shows only these layers.
    ShowOnly(Vec<LayerId>),
    /// 0 clear … 1 opaque.
    SetOpacity(LayerId, f32),
    /// Moves a layer to a place in the drawing order, 0 the lowest.
    MoveLayer(LayerId, usize),
    /// Adds a site and makes it the current one.
    AddSite(Box<Site>),
    /// Adds sites, some drawn by their figures, and makes the last the current one.
    AddSites(Vec<(Site, Option<Form>)>),
    /// Gives a site the outline that follows from these figures.
    DefineSite(SiteId, Form),
    /// Brings sites to what their file has now, in one step.
    RenewSites {
        /// As they become.
        changed: Vec<(SiteId, Site)>,
        /// No longer in the file.
        removed: Vec<SiteId>,
        /// New in the file.
        added: Vec<Site>,
    },
    /// Gives a site another outline, free of figures.
    ReshapeSite(SiteId, MultiPolygon),
    /// Gives a site another name.
    RenameSite(SiteId, String),
    /// Tells the kind of project and its land class.
    ClassifySite(SiteId, String, Option<LandUse>),
    /// Tells as which limited activity inside a red line a site applies.
    NameActivity(SiteId, Option<LimitedActivity>),
    /// Lets a person's word stand beside a finding, in place of an earlier one on the same thing.
    Override(SiteId, Box<Override>),
    /// Takes back the words on a thing: site, theme, title of the layer, id of the thing.
    WithdrawOverride(SiteId, String, String, String),
    /// Takes a site out.
    RemoveSite(SiteId),
    /// Adds words or an arrow to the map.
    Annotate(Annotation),
    /// Takes an annotation out.
    RemoveAnnotation(usize),
}

/// A change of where the person is.
#[derive(Debug, Clone)]
pub enum Navigate {
    /// The map rests at this view.
    Look(View),
    /// The map shall show this.
    Fly(FlyTo),
    /// Back to the view before, or forward again.
    Back,
    /// Forward again.
    Forward,
    /// Everything under a click, nearest first, and the panel that fits the first.
    Select(Vec<FeatureKey>),
    /// Makes one of the hits the current one.
    Hit(usize),
    /// The next of the hits, or the one before.
    CycleHit(bool),
    /// The site that the siting panel speaks of.
    ChooseSite(Option<SiteId>),
    /// Opens a panel.
    Show(Panel),
    /// Shows or hides the layer list.
    ToggleLayers,
    /// Takes a tool in the hand.
    Take(Tool),
    /// Draws with these choices.
    Draw(Drawing),
    /// Speaks another language.
    Speak(Language),
    /// Light or dark.
    Wear(Appearance),
    /// Judges sites at another distance (metres).
    SetNear(f64),
    /// Looks this far along the water downstream of sites (kilometres).
    SetDownstream(f64),
    /// Judges sites at this day; today when absent.
    JudgeAt(Option<Date>),
    /// Compares that with another day.
    CompareWith(Option<Date>),
    /// Colours rivers by water class.
    ColourByClass(bool),
    /// Remembers what stands on the covers of reports.
    #[cfg(feature = "publish")]
    KeepCover(Box<crate::report::siting::Cover>),
    /// Shows the compliance surface, or hides it.
    Survey(Option<Box<SurfaceChoice>>),
}

/// Work that leaves the thread of the window.
#[derive(Debug, Clone)]
pub enum Task {
    /// Lets the person choose files.
    Choose,
    /// Reads what was on the clipboard as projects to be judged.
    Paste(String),
    /// Opens files.
    Open {
        /// The files.
        files: Vec<PathBuf>,
        /// As what.
        open_as: OpenAs,
    },
    /// Writes a map sheet; asks for the file when none is given.
    #[cfg(feature = "publish")]
    Export(Box<crate::report::SheetRequest>, Option<PathBuf>),
    /// Makes a siting report; asks for the file when none is given.
    #[cfg(feature = "publish")]
    Report(Box<ReportRequest>),
    /// Looks where a site could stand instead.
    LookElsewhere(Box<ElsewhereWish>),
    /// Keeps the settings.
    KeepSettings,
    /// Lets the person choose rule packs of the office.
    ChooseRules,
    /// Reads rule packs of the office, beside those in use.
    OpenRules(Vec<PathBuf>),
    /// Lets go of a rule pack of the office.
    DropRules(PathBuf),
}

/// A siting report to be made.
#[cfg(feature = "publish")]
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// The projects.
    pub sites: Vec<Site>,
    /// What is asked.
    pub question: crate::siting::Question,
    /// What stands on the cover.
    pub cover: crate::report::siting::Cover,
    /// What it is written as.
    pub format: crate::report::siting::ReportFormat,
    /// Whether coordinates are listed and the inputs attached.
    pub shows_coordinates: bool,
    /// Where it is written.
    pub file: Option<PathBuf>,
}

/// What files are opened as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenAs {
    /// Projects to be judged.
    Sites,
    /// A layer of this theme.
    Layer(Theme),
}

impl Edit {
    /// The project after this change.
    pub fn applied(self, project: &Project, next_site: &mut u32) -> Project {
        let mut next = project.clone();
        match self {
            Edit::AddLayer(layer) => next.add_layer(layer),
            Edit::ReplaceLayers(old, layers) => next.replace_layers(&old, layers),
            Edit::RemoveLayer(id) => next.remove_layer(id),
            Edit::SetVisible(id, visible) => next.restyle(id, |state| state.visible = visible),
            Edit::ShowOnly(shown) => next.layers.iter_mut().for_each(|state| state.visible = shown.contains(&state.id)),
            Edit::SetOpacity(id, opacity) => next.restyle(id, |state| state.opacity = opacity.clamp(0.0, 1.0)),
            Edit::MoveLayer(id, to) => next.move_layer(id, to),
            Edit::AddSite(site) => {
                let id = SiteId(*next_site);
                *next_site += 1;
                next.add_site(id, *site);
            }
            Edit::AddSites(sites) => {
                for (site, form) in sites {
                    let id = SiteId(*next_site);
                    *next_site += 1;
                    next.add_site(id, site);
                    next.define_site(id, form);
                }
            }
            Edit::DefineSite(id, form) => next.define_site(id, Some(form)),
            Edit::ReshapeSite(id, shape) => {
                next.define_site(id, None);
                next.change_site(id, |site| site.shape = shape);
            }
            Edit::RenewSites { changed, removed, added } => {
                for (id, site) in changed {
                    // figures that no longer lead to the outline are forgotten
                    if next.site(id).is_some_and(|state| state.site.shape != site.shape) {
                        next.define_site(id, None);
                    }
                    next.change_site(id, |known| *known = site);
                }
                next.sites.retain(|state| !removed.contains(&state.id));
                for site in added {
                    let id = SiteId(*next_site);
                    *next_site += 1;
                    next.add_site(id, site);
                }
            }
            Edit::RenameSite(id, name) => next.change_site(id, |site| site.name = name),
            Edit::ClassifySite(id, kind, land_use) => next.change_site(id, |site| {
                site.kind = kind;
                site.land_use = land_use;
            }),
            Edit::NameActivity(id, activity) => next.change_site(id, |site| site.limited_activity = activity),
            Edit::Override(id, word) => next.change_site(id, |site| {
                site.overrides.retain(|known| !is_same_thing(known, &word.theme, &word.layer, &word.feature_id));
                site.overrides.push(*word);
            }),
            Edit::WithdrawOverride(id, theme, layer, feature) => next.change_site(id, |site| {
                site.overrides.retain(|known| !is_same_thing(known, &theme, &layer, &feature));
            }),
            Edit::RemoveSite(id) => next.sites.retain(|site| site.id != id),
            Edit::Annotate(annotation) => next.annotations.push(annotation),
            Edit::RemoveAnnotation(index) => {
                if index < next.annotations.len() {
                    next.annotations.remove(index);
                }
            }
        }
        next
    }
}

fn is_same_thing(word: &Override, theme: &str, layer: &str, feature: &str) -> bool {
    word.theme == theme && word.layer == layer && word.feature_id == feature
}
