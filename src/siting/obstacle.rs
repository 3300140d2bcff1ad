//! What a kind of project may not stand on at a date, as barriers: the zones, belts and boundaries whose rules say so,
//! found by the same rules and layers as a check.

use super::answering::{Answering, answering};
use super::ground::PreparedLayer;
use super::theme::SURROUNDINGS;
use super::{CheckRule, Consequence, Ground, ProjectKind, Question, Reason, Rulebook};
use crate::atlas::{Date, Feature, FeatureKey, LandUse, Quality, Site};
use crate::geometry::geo::{Coord, MultiPolygon, Rect};
use crate::geometry::{self, Barriers, GaussKruger, KeepClear, PreparedShape};
use serde::Serialize;
use std::sync::Arc;

/// Reaches are taken this much longer, since the plane's scale changes on the way: 5 cm in 5 km.
const REACH_SLACK: f64 = 1e-5;
/// Tag of the border of the city.
const CITY: u32 = u32::MAX;

/// A thing that a project may not stand on, or has to stand in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Obstacle {
    /// Code of the theme checked.
    pub theme: String,
    /// Where it is in the atlas.
    #[serde(skip)]
    pub key: FeatureKey,
    /// Its id.
    pub feature_id: String,
    /// Its name.
    pub name: String,
    /// What follows on its ground.
    pub consequence: Consequence,
    /// Identity of the strictest rule that bears on it.
    pub rule: String,
    /// Width of the belt round it, metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub belt_m: Option<f64>,
    /// The project has to stand inside of it, not outside.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inside: bool,
}

/// What a theme contributes.
#[derive(Debug, Clone, Serialize)]
pub struct ThemeUse {
    /// Code.
    pub theme: String,
    /// Chinese name.
    pub title: String,
    /// English name.
    pub title_en: String,
    /// Whether a clear verdict needs it.
    pub required: bool,
    /// Things of it to keep clear of.
    pub obstacles: usize,
    /// Why nothing can be said of it, when nothing can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unchecked: Option<Reason>,
    /// Its layers speak for part of the city only; beyond nothing is known of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Where its layers speak, when not for the city.
    #[serde(skip)]
    covered: Option<PreparedShape>,
}

/// Which consequences count, for which project.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What is asked of the check.
    pub question: Question,
    /// Kind of project; empty when not told.
    pub kind: String,
    /// Its land class.
    pub land_use: Option<LandUse>,
    /// Which of the ten kinds of limited activity it applies as.
    pub activity: Option<u8>,
    /// The mildest consequence that is to be avoided.
    pub avoid: Consequence,
}

/// Everything that a kind of project may not stand on at a date.
#[derive(Debug, Clone)]
pub struct Obstacles {
    /// Things; the tags of the barriers are their positions.
    pub list: Vec<Obstacle>,
    /// Themes in the order of the matrix, those that do not bear on the project left out.
    pub themes: Vec<ThemeUse>,
    /// The things and the border of the city as barriers.
    pub barriers: Barriers,
    /// The worst quality used.
    pub quality: Quality,
    /// The city, when the atlas says how far it speaks.
    pub city: Option<PreparedShape>,
    /// For whom and when.
    pub judged: Judged,
}

struct Found<'a> {
    obstacle: Obstacle,
    shape: Shape<'a>,
    reach: f64,
}

enum Shape<'a> {
    Known(&'a PreparedShape),
    United(PreparedShape),
}

impl Judged {
    /// The project of a site, as a check would judge it.
    pub fn of(site: &Site, question: &Question, avoid: Consequence) -> Self {
        let kind = question.kind.clone().filter(|code| !code.is_empty()).unwrap_or_else(|| site.kind.clone());
        let activity = question.limited_activity.or(site.limited_activity.as_ref().map(|activity| activity.kind));
        Judged { question: question.clone(), kind, land_use: question.land_use.or(site.land_use), activity, avoid }
    }
}

impl Obstacles {
    /// Finds them; `None` when the atlas holds nothing by which a plane could be chosen.
    pub fn of(ground: &Ground, rulebook: &Rulebook, judged: &Judged) -> Option<Self> {
        let applying = rulebook.kind(&judged.kind).map(|kind| kind.applying_as(judged.activity));
        let kind = applying.as_deref();
        let land_use = judged.land_use.or_else(|| kind.and_then(ProjectKind::usual_land_use));
        let asked = Asked { rulebook, kind, land_use, judged };
        let day = judged.question.as_of;
        let checks = rulebook.checks.iter();
        let checks = checks.filter(|rule| rule.bears_on(kind, land_use) && rule.is_in_force(rulebook, day));
        let answers: Vec<Answering> = checks.map(|rule| answering(rule, rulebook, ground)).collect();
        let mut found = Vec::new();
        let mut themes = Vec::new();
        let mut quality = None;
        for Answering { rule, layers } in &answers {
            if layers.is_empty() && rule.optional {
                continue;
            }
            quality = quality.max(layers.iter().map(|layer| layer.quality).max());
            let before = found.len();
            let unchecked = asked.collect(rule, layers, &mut found);
            let required = rule.required && (kind.is_some() || rule.project.any.is_empty());
            let covered = covered(layers);
            themes.push(ThemeUse {
                theme: rule.theme.clone(),
                title: rule.zh.clone(),
                title_en: rule.en.clone(),
                required,
                obstacles: found.len() - before,
                unchecked,
                partial: covered.is_some(),
                covered,
            });
        }
        let city = city(ground);
        let bounds = city.as_ref().and_then(PreparedShape::bounds).or_else(|| bounds(ground))?;
        let plane = GaussKruger::three_degree(bounds.center().x).ok()?;
        let mut things: Vec<KeepClear> = (0..)
            .zip(&found)
            .map(|(tag, found)| KeepClear {
                shape: match &found.shape {
                    Shape::Known(shape) => shape,
                    Shape::United(shape) => shape,
                },
                reach: found.reach * (1.0 + REACH_SLACK),
                tag,
                inside: found.obstacle.inside,
            })
            .collect();
        things.extend(city.as_ref().map(|shape| KeepClear { shape, reach: 0.0, tag: CITY, inside: true }));
        let barriers = Barriers::new(plane, bounds.center().y, &things);
        let list = found.into_iter().map(|found| found.obstacle).collect();
        let quality = quality.unwrap_or(Quality::Schematic);
        Some(Obstacles { list, themes, barriers, quality, city, judged: judged.clone() })
    }

    /// Required themes of which nothing, or not everywhere something, is known.
    pub fn unknown(&self) -> impl Iterator<Item = &ThemeUse> {
        self.themes.iter().filter(|theme| theme.required && (theme.unchecked.is_some() || theme.partial))
    }

    /// Whether a required theme is known nowhere.
    pub fn is_unknown_everywhere(&self) -> bool {
        self.themes.iter().any(|theme| theme.required && theme.unchecked.is_some())
    }

    /// Where the layers of required themes speak, for those that do not speak for the whole city.
    pub(super) fn covered(&self) -> impl Iterator<Item = &PreparedShape> {
        self.themes.iter().filter(|theme| theme.required).filter_map(|theme| theme.covered.as_ref())
    }

    /// The thing behind a tag of the barriers; none for the border of the city.
    pub fn obstacle(&self, tag: u32) -> Option<&Obstacle> {
        self.list.get(tag as usize)
    }

    /// Metres from a place to the first thing that the project may not stand on, 0 on it; none outside of the city.
    pub fn first_at(&self, place: Coord) -> Option<(f64, &Obstacle)> {
        let at = self.barriers.forward(place)?;
        if self.city.as_ref().is_some_and(|city| !city.encloses(place)) {
            return None;
        }
        let (metres, tag) = self.barriers.nearest(at, |tag| tag != CITY)?;
        Some((metres, self.obstacle(tag)?))
    }

    /// The box of the city, or of everything known, in the plane.
    pub fn bounds(&self) -> Option<(Coord, Coord)> {
        self.barriers.bounds()
    }
}

struct Asked<'a> {
    rulebook: &'a Rulebook,
    kind: Option<&'a ProjectKind>,
    land_use: Option<LandUse>,
    judged: &'a Judged,
}

impl<'a> Asked<'a> {
    /// Collects what to keep clear of in one theme; tells why nothing can be said when nothing can.
    fn collect(
        &self,
        rule: &CheckRule,
        layers: &'a [Arc<PreparedLayer>],
        found: &mut Vec<Found<'a>>,
    ) -> Option<Reason> {
        let day = self.judged.question.as_of;
        if layers.is_empty() {
            return Some(Reason::NotLoaded);
        }
        if layers.iter().any(|layer| layer.valid_until.is_some_and(|until| until < day)) {
            return Some(Reason::Expired);
        }
        if layers.iter().any(|layer| layer.derived.as_ref().is_some_and(|derived| derived.is_partial)) {
            return Some(Reason::NotLoaded);
        }
        let (mut usable, mut unusable) = (0, 0);
        let mut inside: Vec<(Obstacle, &'a PreparedShape)> = Vec::new();
        for layer in layers {
            for (index, feature, _) in layer.features() {
                if !rule.is_about(feature) || !is_in_force(feature, day) {
                    continue;
                }
                let Some(shape) = layer.shape(index) else {
                    unusable += 1;
                    continue;
                };
                usable += 1;
                // of a thing that does not tell how wide its belt is no more than the least is known
                unusable += usize::from(rule.belt.as_ref().is_some_and(|belt| !belt.is_known(feature)));
                let belt = rule.belt.as_ref().map(|belt| belt.reach(feature));
                let origin = layer.origin(index);
                let is_reference = belt.is_some() || origin.is_some();
                let Some((consequence, strictest)) = self.strictest(rule, feature, is_reference) else { continue };
                let obstacle = Obstacle {
                    theme: rule.theme.clone(),
                    key: origin.map_or(FeatureKey { layer: layer.layer.id, index }, |origin| origin.key),
                    feature_id: feature.id.clone(),
                    name: feature.name().to_owned(),
                    consequence,
                    rule: strictest,
                    belt_m: belt.or(origin.map(|origin| origin.metres)),
                    inside: rule.inside,
                };
                if rule.inside {
                    inside.push((obstacle, shape));
                } else if belt.is_none_or(|belt| belt > 0.0 || shape.is_areal()) {
                    found.push(Found { obstacle, shape: Shape::Known(shape), reach: belt.unwrap_or(0.0) });
                }
            }
        }
        let shapes: Vec<&PreparedShape> = inside.iter().map(|(_, shape)| *shape).collect();
        if let Some(united) = geometry::unite(&shapes)
            && let Some((obstacle, _)) = inside.into_iter().next()
        {
            found.push(Found { obstacle, shape: Shape::United(united), reach: 0.0 });
        }
        match (usable, unusable) {
            (0, 0) => Some(Reason::Empty),
            (_, 0) => None,
            _ => Some(Reason::Unusable),
        }
    }

    /// Consequence and id of the strictest rule that bears on a thing, when that is to be avoided.
    fn strictest(&self, rule: &CheckRule, feature: &Feature, is_reference: bool) -> Option<(Consequence, String)> {
        let day = self.judged.question.as_of;
        let mut bearing = self.rulebook.bearing(&rule.theme, feature, self.kind, self.land_use, day);
        bearing.retain(|rule| rule.reference.is_none_or(|reference| reference == is_reference));
        let strictest = bearing.first().filter(|rule| rule.consequence <= self.judged.avoid)?;
        Some((strictest.consequence, strictest.id.clone()))
    }
}

/// A thing is in force between its own days, where it has any.
fn is_in_force(feature: &Feature, day: Date) -> bool {
    feature.date("effective_from").is_none_or(|from| from <= day)
        && feature.date("effective_to").is_none_or(|to| day <= to)
}

/// The ground for which the layers of a theme speak, when they do not speak for the city.
fn covered(layers: &[Arc<PreparedLayer>]) -> Option<PreparedShape> {
    // a computed zone is known as far as each of its parts is
    let sources = layers.iter().flat_map(|layer| match &layer.derived {
        Some(derived) => derived.parts.clone(),
        None => vec![vec![layer.clone()]],
    });
    let speaks = |layers: &Vec<Arc<PreparedLayer>>| layers.iter().any(|layer| layer.speaks_for_the_city);
    if layers.is_empty() || layers.iter().any(|layer| layer.derived.is_none() && layer.speaks_for_the_city) {
        return None;
    }
    let partial: Vec<Vec<Arc<PreparedLayer>>> = sources.filter(|layers| !speaks(layers)).collect();
    // of several parts the one that is known least; where two are known in part, where their boxes are
    let boxes = partial.iter().flatten().filter_map(|layer| layer.layer.bounds());
    // a site is covered when its surroundings reach the box of the layer
    let around = boxes.filter_map(|bounds| {
        let shape = PreparedShape::of_polygons(&MultiPolygon(vec![bounds.to_polygon()]));
        geometry::surroundings(&shape, SURROUNDINGS * 0.98).or(Some(bounds))
    });
    let shapes: Vec<PreparedShape> =
        around.map(|bounds| PreparedShape::of_polygons(&MultiPolygon(vec![bounds.to_polygon()]))).collect();
    geometry::unite(&shapes.iter().collect::<Vec<_>>())
}

fn city(ground: &Ground) -> Option<PreparedShape> {
    let layer = ground.city()?;
    let shapes: Vec<&PreparedShape> = layer.features().filter_map(|(index, _, _)| layer.shape(index)).collect();
    geometry::unite(&shapes)
}

fn bounds(ground: &Ground) -> Option<Rect> {
    let boxes = ground.layers().filter_map(|layer| layer.layer.bounds());
    boxes.reduce(|one, other| {
        let low = Coord { x: one.min().x.min(other.min().x), y: one.min().y.min(other.min().y) };
        let high = Coord { x: one.max().x.max(other.max().x), y: one.max().y.max(other.max().y) };
        Rect::new(low, high)
    })
}
