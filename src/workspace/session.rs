//! Where the person is: view, selection, open panels, language. Restored at the next start, never undone.

use super::command::Navigate;
use super::draw::{Drawing, Purpose};
use super::elsewhere::SurfaceChoice;
use super::import::KeptImport;
use super::project::{Project, SiteId};
use crate::atlas::{Date, FeatureKey, Theme};
use crate::text::Language;
use geo::{Coord, Rect};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Centre and zoom of the map; zoom counts Web Mercator levels of 256 px tiles.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Longitude of the centre.
    pub longitude: f64,
    /// Latitude of the centre.
    pub latitude: f64,
    /// Web Mercator level.
    pub zoom: f64,
}

impl View {
    /// The whole city.
    pub const CITY: View = View { longitude: 120.06, latitude: 31.56, zoom: 9.6 };

    /// Denominator of the true scale at the centre for a screen of this many pixels a metre.
    pub fn scale_denominator(&self, pixels_per_metre: f64) -> f64 {
        let metres_per_pixel =
            std::f64::consts::TAU * 6_378_137.0 * self.latitude.to_radians().cos() / (256.0 * self.zoom.exp2());
        metres_per_pixel * pixels_per_metre
    }

    /// The zoom at which the scale has this denominator.
    pub fn zoom_of_scale(latitude: f64, denominator: f64, pixels_per_metre: f64) -> f64 {
        let metres_per_pixel = denominator / pixels_per_metre;
        (std::f64::consts::TAU * 6_378_137.0 * latitude.to_radians().cos() / (256.0 * metres_per_pixel)).log2()
    }
}

/// Where the map shall go.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FlyTo {
    /// A box in degrees, to be seen whole.
    Area(Rect),
    /// A place, at this zoom or the current one.
    Place(Coord, Option<f64>),
    /// A scale denominator at the current centre.
    Scale(f64),
    /// The whole city.
    Home,
}

/// A wish to fly, counted, so that the map sees a new one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Fly {
    /// Grows with each wish.
    pub count: u64,
    /// Where to.
    pub to: Option<FlyTo>,
}

/// Panel at the side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Panel {
    /// Everything under the last click, with its fields.
    #[default]
    Feature,
    /// River chief, class, lists of a water.
    Water,
    /// List of all waterbodies.
    Waters,
    /// The siting check.
    Siting,
    /// Many projects at once.
    Batch,
    /// Two versions of a constraint.
    Audit,
    /// The plan's targets.
    Targets,
    /// The map sheet.
    Sheet,
    /// No panel.
    Closed,
}

/// Tool in the hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tool {
    /// Pan, hover, identify.
    #[default]
    Browse,
    /// Draw a polygon.
    Polygon,
    /// Draw a rectangle.
    Rectangle,
    /// Move, turn, stretch the current site and its corners.
    Reshape,
    /// Measure a distance or an area.
    Measure,
    /// Put words on the map.
    Words,
    /// Put an arrow on the map.
    Arrow,
    /// Draw a circle.
    Circle,
    /// Draw a line with a width.
    Corridor,
}

impl Tool {
    /// Whether it draws sites.
    pub fn draws_sites(self) -> bool {
        matches!(self, Tool::Polygon | Tool::Rectangle | Tool::Circle | Tool::Corridor)
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Appearance {
    /// Dark on light.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

/// How a bundled layer was last shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptLayer {
    /// Its subject.
    pub theme: Theme,
    /// Whether it was drawn.
    pub visible: bool,
    /// 0 clear … 1 opaque.
    pub opacity: f32,
}

/// Where the person is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// The map's view.
    pub view: View,
    /// Language of the interface.
    pub language: Language,
    /// Light or dark.
    pub appearance: Appearance,
    /// How the bundled layers were last shown, in drawing order.
    pub layers: Vec<KeptLayer>,
    /// Panel at the side.
    pub panel: Panel,
    /// Whether the layer list is open.
    pub layers_open: bool,
    /// Width and height of the window in points.
    pub window: Option<(f32, f32)>,
    /// Distance within which neighbours of a site are named, metres.
    pub near_m: f64,
    /// How far to look along the water downstream of a site, kilometres.
    pub downstream_km: f64,
    /// Whether rivers are coloured by water class.
    pub colour_by_class: bool,
    /// Choices made while drawing.
    pub drawing: Drawing,
    /// What was done with files, for the next ones of their kind.
    pub imports: Vec<KeptImport>,
    /// Files of the office's own rule packs.
    pub rule_packs: Vec<PathBuf>,
    /// The day at which sites are judged; today when absent. Not kept: an old day must not be judged at unnoticed.
    #[serde(skip)]
    pub as_of: Option<Date>,
    /// What stood on the cover of the last report.
    #[cfg(feature = "publish")]
    pub cover: crate::report::siting::Cover,
    /// What the compliance surface shows; hidden when absent. Not kept.
    #[serde(skip)]
    pub surface: Option<SurfaceChoice>,
    /// The day with which that is compared.
    #[serde(skip)]
    pub compare_with: Option<Date>,
    /// Everything under the last click, nearest first.
    #[serde(skip)]
    pub hits: Vec<FeatureKey>,
    /// Which of them is the current one.
    #[serde(skip)]
    pub hit: usize,
    /// The site that the siting panel speaks of.
    #[serde(skip)]
    pub site: Option<SiteId>,
    /// Tool in the hand.
    #[serde(skip)]
    pub tool: Tool,
    /// Where the map shall go.
    #[serde(skip)]
    pub fly: Fly,
    #[serde(skip)]
    past: Vec<View>,
    #[serde(skip)]
    future: Vec<View>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            view: View::CITY,
            language: Language::Zh,
            appearance: Appearance::Light,
            layers: Vec::new(),
            panel: Panel::Feature,
            layers_open: true,
            window: None,
            near_m: 500.0,
            downstream_km: 10.0,
            colour_by_class: true,
            drawing: Drawing::default(),
            imports: Vec::new(),
            rule_packs: Vec::new(),
            as_of: None,
            #[cfg(feature = "publish")]
            cover: crate::report::siting::Cover::default(),
            surface: None,
            compare_with: None,
            hits: Vec::new(),
            hit: 0,
            site: None,
            tool: Tool::Browse,
            fly: Fly::default(),
            past: Vec::new(),
            future: Vec::new(),
        }
    }
}

impl Session {
    pub(super) fn navigate(&mut self, step: Navigate) {
        match step {
            Navigate::Look(view) => self.look(view),
            Navigate::Fly(to) => self.fly_to(to),
            Navigate::Back => self.travel(true),
            Navigate::Forward => self.travel(false),
            Navigate::Select(hits) => {
                self.hits = hits;
                self.hit = 0;
            }
            Navigate::Hit(index) => self.hit = index.min(self.hits.len().saturating_sub(1)),
            Navigate::CycleHit(forward) => {
                let count = self.hits.len().max(1);
                self.hit = (self.hit + if forward { 1 } else { count - 1 }) % count;
            }
            Navigate::ChooseSite(site) => self.site = site,
            Navigate::Show(panel) => self.panel = panel,
            Navigate::ToggleLayers => self.layers_open = !self.layers_open,
            Navigate::Take(tool) => {
                self.tool = tool;
                // What is drawn is judged while it is drawn.
                if tool.draws_sites() {
                    self.panel = Panel::Siting;
                } else {
                    self.drawing.purpose = Purpose::New;
                }
            }
            Navigate::Draw(drawing) => self.drawing = drawing.tamed(),
            Navigate::Speak(language) => self.language = language,
            Navigate::Wear(appearance) => self.appearance = appearance,
            Navigate::JudgeAt(day) => self.as_of = day,
            Navigate::SetDownstream(km) => self.downstream_km = km.clamp(0.0, 200.0),
            Navigate::CompareWith(day) => self.compare_with = day,
            Navigate::SetNear(metres) => self.near_m = metres.clamp(0.0, 50_000.0),
            Navigate::ColourByClass(by_class) => self.colour_by_class = by_class,
            #[cfg(feature = "publish")]
            Navigate::KeepCover(cover) => self.cover = *cover,
            Navigate::Survey(choice) => self.surface = choice.map(|choice| *choice),
        }
    }

    /// Whether what is kept between two starts is the same.
    pub fn same_settings(&self, other: &Session) -> bool {
        let of = |session: &Session| {
            (session.view, session.language, session.appearance, session.panel, session.layers_open, session.window)
        };
        of(self) == of(other)
            && self.layers == other.layers
            && self.imports == other.imports
            && self.rule_packs == other.rule_packs
            && self.drawing == other.drawing
            && self.same_cover(other)
            && self.near_m == other.near_m
            && self.downstream_km == other.downstream_km
            && self.colour_by_class == other.colour_by_class
    }

    #[cfg(feature = "publish")]
    fn same_cover(&self, other: &Session) -> bool {
        self.cover == other.cover
    }

    #[cfg(not(feature = "publish"))]
    fn same_cover(&self, _: &Session) -> bool {
        true
    }

    fn look(&mut self, view: View) {
        if view != self.view {
            self.past.push(self.view);
            let surplus = self.past.len().saturating_sub(100);
            self.past.drain(..surplus);
            self.future.clear();
            self.view = view;
        }
    }

    fn fly_to(&mut self, to: FlyTo) {
        self.fly = Fly { count: self.fly.count + 1, to: Some(to) };
    }

    fn travel(&mut self, back: bool) {
        let (from, to) = if back { (&mut self.past, &mut self.future) } else { (&mut self.future, &mut self.past) };
        if let Some(view) = from.pop() {
            to.push(self.view);
            self.view = view;
            self.fly_to(FlyTo::Place(Coord { x: view.longitude, y: view.latitude }, Some(view.zoom)));
        }
    }

    /// Lets go of what an undo took away.
    pub(super) fn forget_missing(&mut self, project: &Project) {
        self.hits.retain(|key| project.atlas.feature(*key).is_some());
        self.hit = self.hit.min(self.hits.len().saturating_sub(1));
        self.site = self.site.filter(|id| project.site(*id).is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_true_at_the_latitude_of_the_view() {
        let view = View { longitude: 120.0, latitude: 31.57, zoom: 12.0 };
        // 156,543.034 m a pixel at level 0 on the equator, times cos 31.57°, at 96 px an inch.
        let expected = 156_543.033_928 / 4096.0 * 31.57_f64.to_radians().cos() * (96.0 / 0.0254);
        let scale = view.scale_denominator(96.0 / 0.0254);
        assert!((scale / expected - 1.0).abs() < 1e-9);
        assert!((View::zoom_of_scale(31.57, scale, 96.0 / 0.0254) - 12.0).abs() < 1e-12);
    }

    #[test]
    fn back_returns_to_the_view_before() {
        let mut session = Session::default();
        let first = session.view;
        session.navigate(Navigate::Look(View { zoom: 14.0, ..first }));
        session.navigate(Navigate::Back);
        assert_eq!(session.view, first);
        session.navigate(Navigate::Look(first));
        session.navigate(Navigate::Forward);
        assert!((session.view.zoom - 14.0).abs() < 1e-12);
    }
}
