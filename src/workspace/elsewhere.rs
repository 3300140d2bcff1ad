//! Where instead, and the compliance surface, as the person asks for them: the wish, the work for a thread, the answer.

use super::job::Progress;
use super::project::SiteId;
use crate::atlas::{Atlas, LandUse, Site};
use crate::geometry::geo::Coord;
use crate::geometry::{self, Footprint, Grid};
use crate::siting::{
    Consequence, Ground, GroundLeft, Hindrance, Impossible, Judged, Obstacles, Question, Relocation, Relocator,
    Rulebook, SearchEnd, Setbacks, Surface, Wish, ground_left,
};
use std::sync::{Arc, Mutex, PoisonError};

/// By what projects are judged, as it stood when something was asked.
#[derive(Debug, Clone)]
pub struct Basis {
    /// The layers.
    pub atlas: Arc<Atlas>,
    /// The rules.
    pub rulebook: Arc<Rulebook>,
    /// Day, and what else is asked of a check.
    pub question: Question,
}

impl Basis {
    /// As it stands now.
    pub fn of(workspace: &super::Workspace) -> Self {
        let (atlas, rulebook) = (workspace.atlas().clone(), workspace.rulebook().clone());
        Basis { atlas, rulebook, question: workspace.question() }
    }
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.atlas, &other.atlas)
            && Arc::ptr_eq(&self.rulebook, &other.rulebook)
            && self.question == other.question
    }
}

/// The atlas made ready for checks, kept for the next one who asks.
#[derive(Debug, Default)]
pub struct Ready(Mutex<Option<(Arc<Atlas>, Arc<Ground>)>>);

impl Ready {
    /// The ground of an atlas.
    pub fn ground(&self, atlas: &Arc<Atlas>) -> Arc<Ground> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ground = match &*kept {
            Some((known, ground)) if Arc::ptr_eq(known, atlas) => return ground.clone(),
            Some((_, ground)) => Arc::new(ground.renewed(atlas)),
            None => Arc::new(Ground::new(atlas)),
        };
        *kept = Some((atlas.clone(), ground.clone()));
        ground
    }
}

/// What is asked of "where instead".
#[derive(Debug, Clone)]
pub struct ElsewhereWish {
    /// The site to be moved.
    pub id: SiteId,
    /// As it was.
    pub site: Arc<Site>,
    /// How far, whether turned, in which district.
    pub wish: Wish,
    /// The mildest consequence to be avoided.
    pub avoid: Consequence,
    /// Whether the map of possible places is wanted too.
    pub with_map: bool,
    /// By what it is judged.
    pub basis: Basis,
}

impl PartialEq for ElsewhereWish {
    /// What the answer follows from: a name, or a person's word about a finding, moves nothing.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.site.shape == other.site.shape
            && self.site.kind == other.site.kind
            && self.site.land_use == other.site.land_use
            && self.site.limited_activity == other.site.limited_activity
            && self.wish == other.wish
            && self.avoid == other.avoid
            && self.with_map == other.with_map
            && self.basis == other.basis
    }
}

/// The places at which the middle of a project may be.
#[derive(Debug, Clone)]
pub struct PlacesMap {
    /// The places.
    pub grid: Grid,
    /// 0 nowhere, 1 when turned, 2 as it is, 3 outside of the city; rows from south to north.
    pub values: Vec<u8>,
    /// Required themes of which nothing is known.
    pub unknown: Vec<(String, String)>,
    /// Where the picture hangs.
    pub frame: Frame,
}

/// What was found elsewhere.
#[derive(Debug, Clone)]
pub struct Elsewhere {
    /// What was asked.
    pub wish: ElsewhereWish,
    /// The nearest places, or why there can be none.
    pub found: Result<Relocation, Impossible>,
    /// Why there is no place, when there is none.
    pub hindrance: Option<Hindrance>,
    /// Every place, when asked for.
    pub map: Option<Arc<PlacesMap>>,
}

/// Places in the map of possible places at most.
const MOST_PLACES: u32 = 1_000_000;
/// Their least distance, metres.
const FINEST_PLACES: f64 = 10.0;

/// Marks the places outside of the city: nothing is said of them.
fn leave_out(values: &mut [u8], grid: &Grid, obstacles: &Obstacles) {
    if obstacles.city.is_none() {
        return;
    }
    // the border of the city is the only barrier without an obstacle
    let city = obstacles.barriers.with_setbacks(|tag| obstacles.obstacle(tag).is_none().then_some(0.0));
    let inside = geometry::feasible(&city, &Footprint::point(), 0.0, grid);
    let outside = values.iter_mut().zip(inside).filter(|(value, is_inside)| **value == 0 && !is_inside);
    outside.for_each(|(value, _)| *value = 3);
}

impl Elsewhere {
    /// Looks; takes a second for the whole city. `None` when called off.
    pub fn look(wish: ElsewhereWish, ready: &Ready, progress: &Progress) -> Option<Self> {
        let ground = ready.ground(&wish.basis.atlas);
        let judged = Judged::of(&wish.site, &wish.basis.question, wish.avoid);
        let rulebook = &wish.basis.rulebook;
        let Some(obstacles) = Obstacles::of(&ground, rulebook, &judged) else {
            return Some(Elsewhere { wish, found: Err(Impossible::SiteUnusable), hindrance: None, map: None });
        };
        let relocator = match Relocator::new(&wish.site, &ground, rulebook, &obstacles, &wish.wish) {
            Ok(relocator) => relocator,
            Err(reason) => {
                return Some(Elsewhere { wish: wish.clone(), found: Err(reason), hindrance: None, map: None });
            }
        };
        let whole = if wish.with_map { 0.5 } else { 1.0 };
        let go_on = |share: f32| {
            progress.tell(share * whole);
            !progress.is_cancelled()
        };
        let found = relocator.nearest(&go_on);
        let is_proven = found.candidates.is_empty() && found.ending == SearchEnd::Proven;
        let uncancelled = || !progress.is_cancelled();
        let hindrance = if is_proven {
            Some(Hindrance::of(&wish.site, &ground, rulebook, &obstacles, &wish.wish, &uncancelled)?)
        } else {
            None
        };
        let map = if wish.with_map {
            let (low, high) = relocator.bounds();
            let grid = Grid::over(low, high, FINEST_PLACES, MOST_PLACES);
            let go_on = |share: f32| {
                progress.tell(0.5 + share * 0.5);
                !progress.is_cancelled()
            };
            let mut values = relocator.everywhere(&grid, &go_on)?;
            leave_out(&mut values, &grid, &obstacles);
            let unknown = obstacles.unknown().map(|theme| (theme.title.clone(), theme.title_en.clone())).collect();
            let frame = Frame::of(&grid, |at| obstacles.barriers.inverse(at));
            frame.map(|frame| Arc::new(PlacesMap { grid, values, unknown, frame }))
        } else {
            None
        };
        (!progress.is_cancelled()).then(|| Elsewhere { wish: wish.clone(), found: Ok(found), hindrance, map })
    }

    /// Whether it still speaks of the site as it stands.
    pub fn is_of(&self, id: SiteId, site: &Arc<Site>) -> bool {
        self.wish.id == id
            && self.wish.site.shape == site.shape
            && self.wish.site.kind == site.kind
            && self.wish.site.land_use == site.land_use
            && self.wish.site.limited_activity == site.limited_activity
    }
}

/// Longitudes and latitudes at which the corners of a picture's tiles hang: a picture that is straight in a Gauss–Krüger
/// plane is not quite straight on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Rows from south to north, [`Frame::SIDE`] + 1 in each.
    pub knots: Vec<Coord>,
}

impl Frame {
    /// Tiles in a row.
    pub const SIDE: usize = 12;

    fn of(grid: &Grid, degrees: impl Fn(Coord) -> Option<Coord>) -> Option<Self> {
        let (low, high) = grid.corners();
        let side = Self::SIDE as f64;
        let knot = |number: usize| {
            let (column, row) = ((number % (Self::SIDE + 1)) as f64, (number / (Self::SIDE + 1)) as f64);
            let (x, y) = (low.x + (high.x - low.x) * column / side, low.y + (high.y - low.y) * row / side);
            degrees(Coord { x, y })
        };
        let knots: Option<Vec<Coord>> = (0..(Self::SIDE + 1) * (Self::SIDE + 1)).map(knot).collect();
        knots.map(|knots| Frame { knots })
    }
}

/// What the compliance surface shall show.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceChoice {
    /// Kind of project; empty when not told.
    pub kind: String,
    /// Its land class.
    pub land_use: Option<LandUse>,
    /// The mildest consequence to be avoided.
    pub avoid: Consequence,
    /// Metres by theme.
    pub setbacks: Setbacks,
}

impl Default for SurfaceChoice {
    fn default() -> Self {
        Self { kind: String::new(), land_use: None, avoid: Consequence::Restricted, setbacks: Setbacks::new() }
    }
}

/// A piece of the surface that is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceWish {
    /// What.
    pub choice: SurfaceChoice,
    /// Where, degrees.
    pub area: geo::Rect,
    /// By what it is judged.
    pub basis: Basis,
}

/// A piece of the surface.
#[derive(Debug, Clone)]
pub struct SurfacePiece {
    /// What was wanted.
    pub wish: SurfaceWish,
    /// Everything to be kept clear of.
    pub obstacles: Arc<Obstacles>,
    /// Distances theme by theme.
    pub surface: Arc<Surface>,
    /// Where the picture hangs.
    pub frame: Frame,
}

/// The ground left for a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOver {
    /// For what.
    pub choice: SurfaceChoice,
    /// By district.
    pub districts: Vec<GroundLeft>,
}

/// Places in a piece of the surface at most.
const MOST_SPOTS: u32 = 360_000;
/// Their least distance, metres.
const FINEST_SPOTS: f64 = 0.5;

/// Computes pieces of the surface, one after another; what does not change is kept between them.
#[derive(Debug, Default)]
pub struct SurfaceWork {
    obstacles: Option<(Basis, Judged, Arc<Obstacles>)>,
    surface: Option<(geo::Rect, Arc<Obstacles>, Arc<Surface>, Frame)>,
}

impl SurfaceWork {
    /// Everything to be kept clear of.
    pub fn obstacles(&mut self, choice: &SurfaceChoice, basis: &Basis, ready: &Ready) -> Option<Arc<Obstacles>> {
        let project = Site { kind: choice.kind.clone(), land_use: choice.land_use, ..Site::default() };
        let judged = Judged::of(&project, &basis.question, choice.avoid);
        if let Some((known, of, obstacles)) = &self.obstacles
            && known == basis
            && *of == judged
        {
            return Some(obstacles.clone());
        }
        let ground = ready.ground(&basis.atlas);
        let obstacles = Arc::new(Obstacles::of(&ground, &basis.rulebook, &judged)?);
        self.obstacles = Some((basis.clone(), judged, obstacles.clone()));
        Some(obstacles)
    }

    /// A piece; only setbacks that changed cost nothing.
    pub fn piece(&mut self, wish: SurfaceWish, ready: &Ready) -> Option<SurfacePiece> {
        let obstacles = self.obstacles(&wish.choice, &wish.basis, ready)?;
        if let Some((area, of, surface, frame)) = &self.surface
            && *area == wish.area
            && Arc::ptr_eq(of, &obstacles)
        {
            return Some(SurfacePiece { wish, obstacles, surface: surface.clone(), frame: frame.clone() });
        }
        let barriers = &obstacles.barriers;
        let corners = wish.area.to_polygon().exterior().0.clone();
        let corners: Option<Vec<Coord>> = corners.into_iter().map(|corner| barriers.forward(corner)).collect();
        let (mut low, mut high) = bounds(&corners?)?;
        if let Some((least, most)) = obstacles.bounds() {
            low = Coord { x: low.x.max(least.x), y: low.y.max(least.y) };
            high = Coord { x: high.x.min(most.x), y: high.y.min(most.y) };
        }
        if !(low.x < high.x && low.y < high.y) {
            return None;
        }
        let grid = Grid::over(low, high, FINEST_SPOTS, MOST_SPOTS);
        let surface = Arc::new(Surface::of(&obstacles, grid, &|_| true)?);
        let frame = Frame::of(&grid, |at| barriers.inverse(at))?;
        self.surface = Some((wish.area, obstacles.clone(), surface.clone(), frame.clone()));
        Some(SurfacePiece { wish, obstacles, surface, frame })
    }

    /// The ground left, by district; takes some tenths of a second for the city.
    pub fn left(&mut self, choice: &SurfaceChoice, basis: &Basis, ready: &Ready) -> Option<LeftOver> {
        let obstacles = self.obstacles(choice, basis, ready)?;
        let ground = ready.ground(&basis.atlas);
        let districts = ground_left(&obstacles, &ground, &choice.setbacks, None, &|_| true)?;
        Some(LeftOver { choice: choice.clone(), districts })
    }
}

fn bounds(points: &[Coord]) -> Option<(Coord, Coord)> {
    let first = *points.first()?;
    Some(points.iter().fold((first, first), |(low, high), at| {
        let low = Coord { x: low.x.min(at.x), y: low.y.min(at.y) };
        (low, Coord { x: high.x.max(at.x), y: high.y.max(at.y) })
    }))
}
