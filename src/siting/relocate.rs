//! Where instead: the nearest places at which a project would stand clear of everything that prohibits or restricts it,
//! each verified by the check; and every place of the city at which it would.

use super::obstacle::{Judged, Obstacles};
use super::{Consequence, Ground, Reason, Rulebook, Verdict, along_edge, check};
use crate::atlas::{Site, Theme};
use crate::geometry::geo::{Coord, LineString, MultiPolygon, Polygon};
use crate::geometry::{
    self, Barriers, CLEARANCE, Footprint, Grid, KeepClear, Limits, Place, PreparedShape, Search, Step,
};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Candidates wanted.
    pub most: usize,
    /// Whether the project may be turned.
    pub rotate: bool,
    /// Name or id of the district in which it has to stand.
    pub district: Option<String>,
    /// Themes whose things are to be kept clear of whatever the rules say.
    pub outside: Vec<Theme>,
    /// Metres that it may be moved at most.
    pub farthest_m: f64,
    /// It has to stand wholly within so many metres of a place.
    pub near: Option<(Coord, f64)>,
    /// Metres that it has to keep from what is avoided, beside what a computation needs.
    pub clearance_m: f64,
}

impl Default for Wish {
    fn default() -> Self {
        Wish {
            most: 3,
            rotate: false,
            district: None,
            outside: Vec::new(),
            farthest_m: FARTHEST,
            near: None,
            clearance_m: 0.0,
        }
    }
}

/// Clearances are kept in metres of a plane, which may be this much shorter than those of the place.
const SCALE_SLACK: f64 = 1.001;
/// Degrees between the turns that are tried first.
pub const TURN_STEP: f64 = 15.0;
/// Nothing is looked for further away, metres.
const FARTHEST: f64 = 400_000.0;
/// Two candidates are at least this far apart, metres, or the size of the project if that is more.
const DIFFERENT: f64 = 100.0;
/// A place that the check refuses is left by this much, metres.
const REFUSED: f64 = 0.25;
/// So many refusals end the search.
const MOST_REFUSED: usize = 64;

/// A place at which the project would stand clear.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Metres on the ellipsoid by which its middle is moved.
    pub distance_m: f64,
    /// Direction of the move, degrees clockwise from north.
    pub bearing_deg: f64,
    /// Degrees by which it is turned about its middle, anticlockwise.
    pub rotation_deg: f64,
    /// Its outline there.
    pub shape: MultiPolygon,
    /// Districts in which it then stands.
    pub districts: Vec<String>,
    /// What the check says of it there.
    pub verdict: Verdict,
}

/// Why there are no more candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchEnd {
    /// As many as asked for.
    Enough,
    /// Every other place within the limits is forbidden or too near to a candidate, for every turn tried.
    Proven,
    /// Called off.
    Stopped,
    /// The check refused too many places.
    Unproven,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Relocation {
    /// Nearest first.
    pub candidates: Vec<Candidate>,
    /// Why there are no more.
    pub ending: SearchEnd,
    /// Metres that a candidate keeps from what it has to keep clear of.
    pub clearance_m: f64,
    /// Degrees between the turns tried; none when it was not to be turned.
    pub turn_step_deg: Option<f64>,
    /// Places that stood clear by geometry and were refused by the check.
    pub refused: usize,
}

/// Why nothing can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impossible {
    /// The outline cannot be computed with.
    SiteUnusable,
    /// There is no such district.
    NoDistrict,
    /// No layer of a theme to be kept outside of is there, or it holds nothing.
    NoTheme(Theme),
}

/// A project among what it has to keep clear of.
#[derive(Debug)]
pub struct Relocator<'a> {
    site: &'a Site,
    ground: &'a Ground,
    rulebook: &'a Rulebook,
    judged: &'a Judged,
    wish: &'a Wish,
    barriers: Barriers,
    footprint: Footprint,
    margin: f64,
}

impl<'a> Relocator<'a> {
    /// Makes ready: the footprint, and the barriers narrowed by the wish.
    pub fn new(
        site: &'a Site,
        ground: &'a Ground,
        rulebook: &'a Rulebook,
        obstacles: &'a Obstacles,
        wish: &'a Wish,
    ) -> Result<Self, Impossible> {
        let barriers = narrowed(obstacles, ground, wish)?;
        let shape = PreparedShape::of_polygons(&site.shape);
        let footprint = Footprint::new(&shape, &barriers).ok_or(Impossible::SiteUnusable)?;
        // what lies along a border has to be looked at on the spot, and is to be noted
        let along = if obstacles.judged.avoid == Consequence::Attention { along_edge() } else { 0.0 };
        let clearance = wish.clearance_m.max(along) * SCALE_SLACK;
        let margin = clearance.max(0.0) + CLEARANCE + 2.0 * footprint.sagitta();
        Ok(Relocator { site, ground, rulebook, judged: &obstacles.judged, wish, barriers, footprint, margin })
    }

    /// The turns that are tried, the outline as it is first.
    fn turns(&self) -> Vec<f64> {
        if !self.wish.rotate {
            return vec![0.0];
        }
        let half = self.footprint.is_same_upside_down();
        let around = if half { 180.0 } else { 360.0 };
        let mut turns: Vec<f64> = (0..(around / TURN_STEP) as u32).map(|step| f64::from(step) * TURN_STEP).collect();
        for turn in &mut turns {
            if *turn > around / 2.0 {
                *turn -= around;
            }
        }
        turns.sort_by(|one, other| one.abs().total_cmp(&other.abs()));
        turns
    }

    fn limits(&self) -> Limits {
        let anchor = self.footprint.anchor();
        let far = self.wish.farthest_m * self.barriers.scale(anchor);
        let everywhere =
            (Coord { x: anchor.x - far, y: anchor.y - far }, Coord { x: anchor.x + far, y: anchor.y + far });
        Limits { distance: far, within: self.barriers.bounds().unwrap_or(everywhere) }
    }

    /// The nearest places, nearest first. `go_on` is asked now and then and told how much is done, 0…1.
    pub fn nearest(&self, go_on: &(dyn Fn(f32) -> bool + Sync)) -> Relocation {
        let prints: Vec<Footprint> = self.turns().into_iter().filter_map(|turn| self.footprint.turned(turn)).collect();
        let limits = self.limits();
        let mut searches: Vec<Search> =
            prints.iter().map(|print| Search::new(&self.barriers, print, self.margin, limits)).collect();
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut taken: Vec<(Coord, f64)> = Vec::new();
        let mut refused = 0;
        let ending = loop {
            if candidates.len() >= self.wish.most {
                break SearchEnd::Enough;
            }
            if refused >= MOST_REFUSED {
                break SearchEnd::Unproven;
            }
            let share = candidates.len() as f32 / self.wish.most.max(1) as f32;
            let proceed = || go_on(share);
            let Some((number, place)) = nearest_of(&mut searches, &proceed) else {
                break if proceed() { SearchEnd::Proven } else { SearchEnd::Stopped };
            };
            let Some(print) = prints.get(number) else { break SearchEnd::Unproven };
            let (print, place) = self.turned_better(print, place, &taken, limits, &proceed);
            if !proceed() {
                break SearchEnd::Stopped;
            }
            let candidate = self.candidate(&print, place);
            match candidate {
                Some(candidate) => {
                    let apart = print.size().max(DIFFERENT) * self.barriers.scale(place.at);
                    taken.push((place.at, apart));
                    searches.iter_mut().for_each(|search| search.keep_away(place.at, apart));
                    candidates.push(candidate);
                }
                None => {
                    refused += 1;
                    taken.push((place.at, REFUSED));
                    searches.iter_mut().for_each(|search| search.keep_away(place.at, REFUSED));
                }
            }
        };
        candidates.sort_by(|one, other| one.distance_m.total_cmp(&other.distance_m));
        let turn_step_deg = self.wish.rotate.then_some(TURN_STEP);
        Relocation { candidates, ending, clearance_m: self.margin, turn_step_deg, refused }
    }

    /// Halves the step of the turns as long as that brings the place nearer.
    fn turned_better(
        &self,
        print: &Footprint,
        place: Place,
        taken: &[(Coord, f64)],
        limits: Limits,
        go_on: &(dyn Fn() -> bool + Sync),
    ) -> (Footprint, Place) {
        let (mut best, mut nearest) = (print.clone(), place);
        if !self.wish.rotate {
            return (best, nearest);
        }
        let mut step = TURN_STEP / 2.0;
        while step > 0.4 && nearest.distance > 1.0 {
            let limit = nearest.distance - (nearest.distance * 1e-3).max(0.05);
            let turns = [best.turn() - step, best.turn() + step];
            let better: Vec<(Footprint, Place)> = turns
                .into_par_iter()
                .filter_map(|turn| {
                    let print = self.footprint.turned(turn)?;
                    let mut search = Search::new(&self.barriers, &print, self.margin, limits);
                    taken.iter().for_each(|(at, apart)| search.keep_away(*at, *apart));
                    match search.next(limit, go_on) {
                        Step::Found(place) => Some((print, place)),
                        _ => None,
                    }
                })
                .collect();
            let better = better.into_iter().min_by(|one, other| one.1.distance.total_cmp(&other.1.distance));
            match better {
                Some((print, place)) => (best, nearest) = (print, place),
                None => step /= 2.0,
            }
        }
        (best, nearest)
    }

    /// The place as a candidate, when the check finds nothing there that is to be avoided.
    fn candidate(&self, print: &Footprint, place: Place) -> Option<Candidate> {
        let is_here = place.distance == 0.0 && print.turn() == 0.0;
        let shape = if is_here { self.site.shape.clone() } else { print.placed(place.at, &self.barriers)? };
        let site = Site { shape, ..self.site.clone() };
        let verdict = check(&site, self.ground, self.rulebook, &self.judged.question);
        let conflicts = verdict.findings.iter().any(|finding| finding.consequence <= self.judged.avoid);
        let is_unknown = verdict.checks.iter().any(|check| check.required && check.reason == Reason::NotCovered);
        if conflicts || is_unknown {
            return None;
        }
        let (from, to) = (self.barriers.inverse(print.anchor())?, self.barriers.inverse(place.at)?);
        Some(Candidate {
            distance_m: geometry::distance(from, to),
            bearing_deg: if from == to { 0.0 } else { geometry::bearing(from, to) },
            rotation_deg: print.turn(),
            districts: districts_of(&site.shape, self.ground),
            shape: site.shape,
            verdict,
        })
    }

    /// Every place of a grid at which the middle of the project may be: 0 nowhere, 1 when turned, 2 as it is.
    /// `go_on` is told how much is done.
    pub fn everywhere(&self, grid: &Grid, go_on: &(dyn Fn(f32) -> bool + Sync)) -> Option<Vec<u8>> {
        let mut places = vec![0_u8; grid.len()];
        let turns = self.turns();
        for (number, turn) in turns.iter().enumerate() {
            if !go_on(number as f32 / turns.len() as f32) {
                return None;
            }
            let Some(print) = self.footprint.turned(*turn) else { continue };
            let clear = geometry::feasible(&self.barriers, &print, self.margin, grid);
            let mark = if *turn == 0.0 { 2 } else { 1 };
            places
                .iter_mut()
                .zip(clear)
                .filter(|(_, is_clear)| *is_clear)
                .for_each(|(place, _)| *place = mark.max(*place));
        }
        Some(places)
    }

    /// The box (plane) in which the middle of the project may be looked for.
    pub fn bounds(&self) -> (Coord, Coord) {
        self.limits().within
    }

    /// The same, no larger than the project may be moved.
    pub(super) fn reach(&self) -> (Coord, Coord) {
        let Limits { distance, within: (low, high) } = self.limits();
        let middle = self.anchor();
        let least = Coord { x: low.x.max(middle.x - distance), y: low.y.max(middle.y - distance) };
        let most = Coord { x: high.x.min(middle.x + distance), y: high.y.min(middle.y + distance) };
        (least, Coord { x: most.x.max(least.x), y: most.y.max(least.y) })
    }

    /// The middle of the project as it stands, in the plane.
    pub(super) fn anchor(&self) -> Coord {
        self.footprint.anchor()
    }

    /// The barriers, for moving between the plane and the earth.
    pub fn barriers(&self) -> &Barriers {
        &self.barriers
    }
}

/// The nearest of what all searches have to offer, and whose it is; the first at equal distance.
fn nearest_of(searches: &mut [Search], go_on: &(dyn Fn() -> bool + Sync)) -> Option<(usize, Place)> {
    // positive floats are ordered as their bits are
    let best = AtomicU64::new(f64::INFINITY.to_bits());
    let ask = |search: &mut Search| match search.next(f64::from_bits(best.load(Ordering::Relaxed)), go_on) {
        Step::Found(place) => {
            best.fetch_min(place.distance.to_bits(), Ordering::Relaxed);
            Some(place)
        }
        _ => None,
    };
    let (first, others) = searches.split_first_mut()?;
    let first = ask(first);
    let others: Vec<Option<Place>> = others.par_iter_mut().map(ask).collect();
    let all = std::iter::once(first).chain(others).enumerate();
    all.filter_map(|(number, place)| Some((number, place?)))
        .min_by(|one, other| one.1.distance.total_cmp(&other.1.distance))
}

/// The barriers and what the wish adds to them.
fn narrowed(obstacles: &Obstacles, ground: &Ground, wish: &Wish) -> Result<Barriers, Impossible> {
    let mut barriers = obstacles.barriers.clone();
    let outside = |shape| KeepClear { shape, reach: 0.0, tag: u32::MAX - 1, inside: false };
    let inside = |shape| KeepClear { shape, reach: 0.0, tag: u32::MAX - 1, inside: true };
    for shape in obstacles.covered() {
        barriers = barriers.and(&inside(shape));
    }
    if let Some(name) = &wish.district {
        let layer = ground.city().ok_or(Impossible::NoDistrict)?;
        let district = layer.features().find(|(_, feature, _)| feature.name() == name || feature.id == *name);
        let shape = district.and_then(|(index, _, _)| layer.shape(index)).ok_or(Impossible::NoDistrict)?;
        barriers = barriers.and(&inside(shape));
    }
    for theme in &wish.outside {
        let layers = ground.layers().filter(|layer| layer.layer.theme == *theme);
        let shapes = layers.flat_map(|layer| layer.features().filter_map(|(index, _, _)| layer.shape(index)));
        let mut shapes = shapes.peekable();
        shapes.peek().ok_or(Impossible::NoTheme(*theme))?;
        for shape in shapes {
            barriers = barriers.and(&outside(shape));
        }
    }
    if let Some((place, metres)) = wish.near {
        let circle = circle(place, metres, &barriers).ok_or(Impossible::SiteUnusable)?;
        barriers = barriers.and(&inside(&circle));
    }
    Ok(barriers)
}

/// A circle round a place, drawn a hair inside.
fn circle(place: Coord, metres: f64, barriers: &Barriers) -> Option<PreparedShape> {
    const CORNERS: u32 = 720;
    let centre = barriers.forward(place)?;
    let radius = metres * barriers.scale(centre);
    let corner = |number: u32| {
        let angle = std::f64::consts::TAU * f64::from(number % CORNERS) / f64::from(CORNERS);
        let (x, y) = (radius * angle.cos(), radius * angle.sin());
        barriers.inverse(Coord { x: centre.x + x, y: centre.y + y })
    };
    let ring: Option<Vec<Coord>> = (0..=CORNERS).map(corner).collect();
    let shape = PreparedShape::of_polygons(&MultiPolygon(vec![Polygon::new(LineString::new(ring?), vec![])]));
    (!shape.is_empty()).then_some(shape)
}

fn districts_of(shape: &MultiPolygon, ground: &Ground) -> Vec<String> {
    let Some(layer) = ground.city() else { return Vec::new() };
    let stands_in = |district: &PreparedShape| {
        shape.0.iter().flat_map(|polygon| polygon.exterior().0.iter()).any(|corner| district.encloses(*corner))
    };
    let districts = layer.features().filter(|(index, _, _)| layer.shape(*index).is_some_and(stands_in));
    districts.map(|(_, feature, _)| feature.name().to_owned()).collect()
}

impl Candidate {
    /// Themes that could not be checked there.
    pub fn unchecked(&self) -> impl Iterator<Item = &super::ThemeCheck> {
        self.verdict.checks.iter().filter(|check| check.status == super::Status::Unchecked)
    }

    /// What is to be noted there without forbidding anything.
    pub fn noted(&self) -> impl Iterator<Item = &super::Finding> {
        self.verdict.findings.iter().filter(|finding| finding.consequence == Consequence::Attention)
    }
}
