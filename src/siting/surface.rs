//! The compliance surface: for a kind of project at a date, how far every place is from the first thing that the project
//! may not stand on, with setbacks by theme; and how much ground is left.

use super::Ground;
use super::obstacle::{Obstacles, ThemeUse};
use crate::geometry::geo::Coord;
use crate::geometry::{self, Barriers, Grid, KeepClear, PreparedShape, Usable};
use serde::Serialize;
use std::collections::BTreeMap;

/// Metres by theme by which its things are to be kept clear of.
pub type Setbacks = BTreeMap<String, f64>;

/// The widest setback, metres.
pub const WIDEST_SETBACK: f64 = 2_000.0;
/// Distances are told up to this, metres.
pub const FARTHEST: f64 = 6_000.0;

/// Distances on a grid, theme by theme, so that setbacks can be changed without computing anything anew.
#[derive(Debug, Clone)]
pub struct Surface {
    /// The places.
    pub grid: Grid,
    themes: Vec<(String, Vec<f32>)>,
    city: Option<Vec<f32>>,
    covered: Vec<Vec<f32>>,
    is_unknown_everywhere: bool,
}

/// What is known of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spot {
    /// Outside of the city.
    Beyond,
    /// Metres to the first thing or its setback; 0 or less on it.
    Known(f32),
    /// The same of what is known, but a required theme is not known here.
    Unknown(f32),
}

impl Surface {
    /// Computes it, on all cores; `None` when called off.
    pub fn of(obstacles: &Obstacles, grid: Grid, go_on: &(dyn Fn(f32) -> bool + Sync)) -> Option<Self> {
        let themes: Vec<&ThemeUse> = obstacles.themes.iter().filter(|theme| theme.obstacles > 0).collect();
        let steps = themes.len() + 1;
        let mut distances = Vec::new();
        for (number, theme) in themes.into_iter().enumerate() {
            if !go_on(number as f32 / steps as f32) {
                return None;
            }
            let barriers = only(obstacles, &theme.theme);
            distances.push((theme.theme.clone(), geometry::distances(&barriers, &grid, FARTHEST)));
        }
        let within = |shape: &PreparedShape| {
            let barriers = obstacles.barriers.with_setbacks(|_| None);
            let barriers = barriers.and(&KeepClear { shape, reach: 0.0, tag: 0, inside: true });
            // only the sign is of use
            geometry::distances(&barriers, &grid, 1.0)
        };
        let city = obstacles.city.as_ref().map(within);
        let covered = obstacles.covered().map(within).collect();
        let is_unknown_everywhere = obstacles.is_unknown_everywhere();
        go_on(1.0).then_some(Surface { grid, themes: distances, city, covered, is_unknown_everywhere })
    }

    /// Every place with these setbacks, in rows from south to north. A place in the midst of a theme is as far from
    /// every other as before.
    pub fn spots(&self, setbacks: &Setbacks) -> Vec<Spot> {
        let mut least = vec![FARTHEST as f32; self.grid.len()];
        for (theme, distances) in &self.themes {
            let setback = setback(setbacks, theme) as f32;
            least.iter_mut().zip(distances).for_each(|(least, distance)| *least = least.min(distance - setback));
        }
        let spots = least.into_iter().enumerate().map(|(number, metres)| {
            let is_in = |distances: &Vec<f32>| distances.get(number).is_some_and(|metres| *metres > 0.0);
            if self.city.as_ref().is_some_and(|city| !is_in(city)) {
                Spot::Beyond
            } else if self.is_unknown_everywhere || !self.covered.iter().all(is_in) {
                Spot::Unknown(metres)
            } else {
                Spot::Known(metres)
            }
        });
        spots.collect()
    }
}

fn setback(setbacks: &Setbacks, theme: &str) -> f64 {
    setbacks.get(theme).copied().filter(|metres| metres.is_finite()).unwrap_or(0.0).clamp(0.0, WIDEST_SETBACK)
}

fn only(obstacles: &Obstacles, theme: &str) -> Barriers {
    obstacles
        .barriers
        .with_setbacks(|tag| obstacles.obstacle(tag).filter(|obstacle| obstacle.theme == theme).map(|_| 0.0))
}

/// What a place is judged by once setbacks are laid round everything.
pub fn with_setbacks(obstacles: &Obstacles, setbacks: &Setbacks) -> Barriers {
    obstacles
        .barriers
        .with_setbacks(|tag| Some(obstacles.obstacle(tag).map_or(0.0, |obstacle| setback(setbacks, &obstacle.theme))))
}

/// Ground left in a district.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroundLeft {
    /// Name of the district.
    pub district: String,
    /// Its area, hectares on the ellipsoid.
    pub area_ha: f64,
    /// Of it clear of everything to be kept clear of, hectares.
    pub usable_ha: f64,
    /// By which that may be wrong, hectares: what round borders and corners leave open.
    pub error_ha: f64,
}

impl GroundLeft {
    /// All of them together.
    pub fn total(parts: &[GroundLeft], name: String) -> GroundLeft {
        let sum = |part: fn(&GroundLeft) -> f64| parts.iter().map(part).sum();
        let (area_ha, usable_ha) = (sum(|part| part.area_ha), sum(|part| part.usable_ha));
        GroundLeft { district: name, area_ha, usable_ha, error_ha: sum(|part| part.error_ha) }
    }
}

/// The ground left in each district, or in one; in the order of the layer. `None` when called off.
pub fn ground_left(
    obstacles: &Obstacles,
    ground: &Ground,
    setbacks: &Setbacks,
    district: Option<&str>,
    go_on: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Vec<GroundLeft>> {
    let Some(layer) = ground.city() else { return Some(Vec::new()) };
    let set_back = obstacles.barriers.with_setbacks(|tag| {
        // each district is its own border; that of the city runs along them
        obstacles.obstacle(tag).map(|obstacle| setback(setbacks, &obstacle.theme))
    });
    let wanted: Vec<_> = layer
        .features()
        .filter(|(_, feature, _)| district.is_none_or(|name| feature.name() == name || feature.id == name))
        .filter_map(|(index, feature, _)| Some((feature, layer.shape(index)?)))
        .filter(|(_, shape)| shape.is_areal())
        .collect();
    let many = wanted.len().max(1) as f32;
    let mut left = Vec::new();
    for (number, (feature, shape)) in wanted.into_iter().enumerate() {
        let done = number as f32 / many;
        if !go_on(done) {
            return None;
        }
        let barriers = set_back.and(&KeepClear { shape, reach: 0.0, tag: u32::MAX, inside: true });
        let part = in_district(shape, &barriers, &|| go_on(done));
        left.push(GroundLeft {
            district: feature.name().to_owned(),
            area_ha: shape.area().hectares(),
            usable_ha: part.area / 1e4,
            error_ha: part.error / 1e4,
        });
    }
    go_on(1.0).then_some(left)
}

fn in_district(shape: &PreparedShape, barriers: &Barriers, go_on: &(dyn Fn() -> bool + Sync)) -> Usable {
    // the box of the district in the plane: corners of the box in degrees, and what the plane bends them by
    let Some(bounds) = shape.bounds() else { return Usable::default() };
    let corners = bounds.to_polygon().exterior().0.clone();
    let middle = [Coord { x: bounds.center().x, y: bounds.min().y }, Coord { x: bounds.center().x, y: bounds.max().y }];
    let places: Vec<Coord> = corners.into_iter().chain(middle).filter_map(|at| barriers.forward(at)).collect();
    let low = places
        .iter()
        .fold(Coord { x: f64::INFINITY, y: f64::INFINITY }, |low, at| Coord { x: low.x.min(at.x), y: low.y.min(at.y) });
    let high = places.iter().fold(Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY }, |high, at| Coord {
        x: high.x.max(at.x),
        y: high.y.max(at.y),
    });
    if !(low.x < high.x && low.y < high.y) {
        return Usable::default();
    }
    let room = 50.0;
    let low = Coord { x: low.x - room, y: low.y - room };
    let high = Coord { x: high.x + room, y: high.y + room };
    geometry::usable(barriers, low, high, go_on)
}
