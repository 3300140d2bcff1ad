//! Why there is no other place for a project: what a person asked for leaves none, or what forbids most of the ground.

use super::obstacle::Obstacles;
use super::relocate::{Impossible, Relocator, Wish};
use super::{Consequence, Ground, Rulebook};
use crate::atlas::Site;
use crate::geometry::Grid;
use crate::geometry::geo::Coord;

/// Places looked at to tell shares of the ground.
const PLACES: u32 = 10_000;
/// Least distance between them, metres.
const FINEST: f64 = 5.0;

/// One of the conditions that a person set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// The district in which it has to stand.
    District,
    /// How far it may be moved.
    Distance,
    /// The place near which it has to stand.
    NearPlace,
    /// Themes to be kept clear of whatever the rules say.
    Outside,
}

/// A theme that stands in the way.
#[derive(Debug, Clone, PartialEq)]
pub struct Hindering {
    /// Code.
    pub theme: String,
    /// Chinese name.
    pub title: String,
    /// English name.
    pub title_en: String,
    /// Share of the ground looked at on which it forbids the project, 0…1.
    pub share: f64,
    /// What follows there at worst.
    pub consequence: Consequence,
    /// The act behind its strictest rule, with its clause.
    pub source: String,
}

/// Why nothing was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hindrance {
    /// Conditions, each of which alone leaves no place: without it there is one, so many metres away.
    pub conditions: Vec<(Condition, f64)>,
    /// Where only all conditions together leave no place: how far the nearest one is without any of them.
    pub together: Option<f64>,
    /// Themes by the share of the ground that they forbid, within the conditions; the largest first.
    pub themes: Vec<Hindering>,
    /// Share of that ground on which nothing is forbidden: what is left is too small or too narrow.
    pub free_share: f64,
    /// Whether there is any ground of the city within the conditions.
    pub is_ground: bool,
}

impl Hindrance {
    /// Looks for the reason why a search found nothing; `None` when called off.
    pub fn of(
        site: &Site,
        ground: &Ground,
        rulebook: &Rulebook,
        obstacles: &Obstacles,
        wish: &Wish,
        go_on: &(dyn Fn() -> bool + Sync),
    ) -> Option<Hindrance> {
        let (themes, free_share, is_ground) = shares(site, ground, rulebook, obstacles, wish, go_on)?;
        let nearest = |wish: &Wish| -> Option<f64> {
            let found = Relocator::new(site, ground, rulebook, obstacles, wish).ok()?.nearest(&|_| go_on());
            found.candidates.first().map(|candidate| candidate.distance_m)
        };
        let any = Wish { most: 1, rotate: wish.rotate, ..Wish::default() };
        let set = wish.conditions();
        let mut conditions = Vec::new();
        for condition in &set {
            if !go_on() {
                return None;
            }
            conditions.extend(nearest(&wish.without(*condition)).map(|metres| (*condition, metres)));
        }
        let together = if conditions.is_empty() && set.len() > 1 { nearest(&any) } else { None };
        go_on().then_some(Hindrance { conditions, together, themes, free_share, is_ground })
    }
}

impl Wish {
    /// The conditions that were set.
    pub fn conditions(&self) -> Vec<Condition> {
        let set = [
            (Condition::District, self.district.is_some()),
            (Condition::Distance, self.farthest_m < Wish::default().farthest_m),
            (Condition::NearPlace, self.near.is_some()),
            (Condition::Outside, !self.outside.is_empty()),
        ];
        set.into_iter().filter(|(_, is_set)| *is_set).map(|(condition, _)| condition).collect()
    }

    fn without(&self, condition: Condition) -> Wish {
        let mut wish = Wish { most: 1, ..self.clone() };
        match condition {
            Condition::District => wish.district = None,
            Condition::Distance => wish.farthest_m = Wish::default().farthest_m,
            Condition::NearPlace => wish.near = None,
            Condition::Outside => wish.outside.clear(),
        }
        wish
    }
}

/// The share of the ground within the conditions that each theme forbids, the share that none does, and whether there
/// is any such ground.
fn shares(
    site: &Site,
    ground: &Ground,
    rulebook: &Rulebook,
    obstacles: &Obstacles,
    wish: &Wish,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Option<(Vec<Hindering>, f64, bool)> {
    let within = match Relocator::new(site, ground, rulebook, obstacles, wish) {
        Ok(relocator) => relocator,
        Err(Impossible::SiteUnusable | Impossible::NoDistrict | Impossible::NoTheme(_)) => {
            return Some((Vec::new(), 0.0, true));
        }
    };
    let (low, high) = within.reach();
    let grid = Grid::over(low, high, FINEST, PLACES);
    // what is the person's own and the border of the city stay: rules alone are taken away
    let open = within.barriers().with_setbacks(|tag| obstacles.obstacle(tag).is_none().then_some(0.0));
    let middle = within.anchor();
    let far = wish.farthest_m * open.scale(middle);
    let places: Vec<Coord> = (0..grid.columns)
        .flat_map(|column| (0..grid.rows).map(move |row| (column, row)))
        .map(|(column, row)| grid.place(column, row))
        .filter(|at| libm::hypot(at.x - middle.x, at.y - middle.y) <= far && !open.forbids(*at))
        .collect();
    let share = |count: usize| count as f64 / places.len().max(1) as f64;
    let mut hit = vec![false; places.len()];
    let mut themes = Vec::new();
    for theme in obstacles.themes.iter().filter(|theme| theme.obstacles > 0) {
        if !go_on() {
            return None;
        }
        let is_of = |tag: u32| obstacles.obstacle(tag).is_some_and(|obstacle| obstacle.theme == theme.theme);
        let barriers = obstacles.barriers.with_setbacks(|tag| is_of(tag).then_some(0.0));
        let mut count = 0;
        for (at, hit) in places.iter().zip(&mut hit) {
            if barriers.forbids(*at) {
                count += 1;
                *hit = true;
            }
        }
        let worst = obstacles.list.iter().filter(|obstacle| obstacle.theme == theme.theme);
        let Some(worst) = worst.min_by_key(|obstacle| obstacle.consequence).filter(|_| count > 0) else { continue };
        let rule = rulebook.rule(&worst.rule);
        themes.push(Hindering {
            theme: theme.theme.clone(),
            title: theme.title.clone(),
            title_en: theme.title_en.clone(),
            share: share(count),
            consequence: worst.consequence,
            source: rule.map(|rule| format!("{}{}", rule.source, rule.clause)).unwrap_or_default(),
        });
    }
    themes.sort_by(|one, other| other.share.total_cmp(&one.share));
    let free = hit.iter().filter(|hit| !**hit).count();
    Some((themes, share(free), !places.is_empty()))
}
