//! Where the water of a site goes: the water that receives it, who answers for it and how it is, and what lies
//! downstream along the network. Information beside the verdict; it changes no consequence.

use super::{Ground, Question};
use crate::atlas::{Atlas, Chief, ChiefRole, Date, Feature, ProblemState, Quality, Theme};
use crate::geometry::geo::{Contains, Coord, Geometry, Point, Rect};
use crate::geometry::{self, BoxIndex, PreparedShape};
use crate::waters::{Direction, Outlet, Passing, Snap, SourceRelation, SourceSeen, TraceContext, WaterClass, Waters};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A water by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WaterNamed {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Rivers, lakes or the Yangtze.
    pub theme: Theme,
}

/// A stretch of a river downstream.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReachBelow {
    /// Id of the river.
    pub river: String,
    /// Its name.
    pub name: String,
    /// Metres along the water to its beginning.
    pub distance_m: f64,
    /// Its length.
    pub length_m: f64,
}

/// Where the water of a site goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Downstream {
    /// The nearest water, taken to receive what the site discharges.
    pub water: WaterNamed,
    /// Metres from the site to it: to the bank where its width is known, else to its middle line.
    pub distance_m: f64,
    /// Where the way along the network begins.
    pub from: [f64; 2],
    /// The highest of the chiefs who answer for it.
    pub chief: Option<Chief>,
    /// Its class in the latest month before the day of judgement.
    pub class_now: Option<WaterClass>,
    /// That month.
    pub month: Option<String>,
    /// The class due.
    pub class_target: Option<WaterClass>,
    /// Whether it is worse than due; null without either class.
    pub below_target: Option<bool>,
    /// Problems found in it and not closed.
    pub open_problems: usize,
    /// The project discharges, and into a water that is worse than due.
    pub discharges_below_target: bool,
    /// How far along the water was looked.
    pub within_km: f64,
    /// Length of all that was reached.
    pub length_m: f64,
    /// The stretches reached, nearest first.
    pub reaches: Vec<ReachBelow>,
    /// Monitoring sections on the way, nearest first.
    pub sections: Vec<Passing>,
    /// Water sources on the way or beyond a mouth, nearest first.
    pub water_sources: Vec<SourceSeen>,
    /// Where the way ends within the distance.
    pub outlets: Vec<Outlet>,
    /// Whether the flow of everything reached is known; where it is not, both ways were followed.
    pub direction_known: bool,
    /// The worst quality of what this rests on.
    pub data_quality: Quality,
}

/// What is known of a water at a day.
#[derive(Debug)]
struct Facts {
    chief: Option<Chief>,
    class: Option<WaterClass>,
    month: Option<String>,
    target: Option<WaterClass>,
    meets: Option<bool>,
    open_problems: usize,
    quality: Quality,
}

/// The waters of a ground: built when first asked for, facts kept.
#[derive(Debug)]
pub(super) struct Streams {
    atlas: Arc<Atlas>,
    waters: Waters,
    facts: Mutex<HashMap<(String, Date), Arc<Facts>>>,
    /// What may receive, by place: numbers into `places`.
    index: BoxIndex,
    /// Layer of the ground and feature in it.
    places: Vec<(usize, u32)>,
}

/// Themes of waters that may receive.
const WATERS: [Theme; 3] = [Theme::Rivers, Theme::Lakes, Theme::Yangtze];
/// A water further away than this receives nothing from a site, metres.
const FARTHEST: f64 = 20_000.0;

impl Streams {
    pub fn of(atlas: &Arc<Atlas>, ground: &Ground) -> Self {
        let layers = ground.layers().enumerate().filter(|(_, layer)| WATERS.contains(&layer.layer.theme));
        let waters = layers.flat_map(|(place, layer)| {
            layer.features().filter_map(move |(index, _, bounds)| Some(((place, index), bounds?)))
        });
        let (places, boxes): (Vec<(usize, u32)>, Vec<Rect>) = waters.unzip();
        Self {
            waters: Waters::new(atlas),
            atlas: atlas.clone(),
            facts: Mutex::default(),
            index: BoxIndex::new((0..).zip(boxes)),
            places,
        }
    }

    fn facts(&self, theme: Theme, feature: &Feature, day: Date) -> Arc<Facts> {
        let key = (feature.id.clone(), day);
        let kept = || self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&key) {
            return known.clone();
        }
        // summed up without the lock in the hand
        let summary = (theme == Theme::Rivers).then(|| self.waters.summary(&self.atlas, &feature.id, day)).flatten();
        let facts = Arc::new(match summary {
            Some(water) => Facts {
                chief: water.chiefs.into_iter().find(|chief| chief.role == ChiefRole::Chief),
                class: water.current.as_ref().and_then(|current| current.class),
                month: water.month,
                target: water.target,
                meets: water.meets,
                open_problems: water.problems.iter().filter(|found| found.state != ProblemState::Closed).count(),
                quality: water.quality,
            },
            None => Facts {
                chief: None,
                class: None,
                month: None,
                target: feature.number("target_class").and_then(|number| WaterClass::from_number(number as i64)),
                meets: None,
                open_problems: 0,
                quality: feature.quality(),
            },
        });
        kept().insert(key, facts.clone());
        facts
    }

    /// The network from a place on a river down to a distance.
    fn below(&self, start: &Snap, within_m: f64) -> Option<crate::waters::Trace> {
        TraceContext { atlas: &self.atlas, network: &self.waters.network }.trace(start, Direction::Down, within_m)
    }

    /// Sections of a lake within a distance as the crow flies, and intakes that draw from it.
    fn in_lake(&self, lake: &Feature, theme: Theme, from: Coord, within_m: f64) -> (Vec<Passing>, Vec<SourceSeen>) {
        let at = |feature: &Feature| match &feature.shape {
            Some(Geometry::Point(point)) => Some(point.0),
            _ => None,
        };
        let all = |theme: Theme| self.atlas.layers_of(theme).flat_map(|layer| layer.features());
        let mut sections: Vec<Passing> = all(Theme::MonitoringSections)
            .filter(|section| section.text("river") == lake.id)
            .filter_map(|section| {
                let distance_m = centimetres(geometry::distance(from, at(section)?));
                (distance_m <= within_m).then(|| Passing {
                    id: section.id.clone(),
                    name: section.name().to_owned(),
                    river: lake.id.clone(),
                    kind: section.text("level").to_owned(),
                    distance_m,
                })
            })
            .collect();
        sections.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
        let mut sources: Vec<SourceSeen> = all(Theme::WaterSources)
            .filter_map(|source| {
                let intake = at(source)?;
                let is_of = match theme {
                    Theme::Yangtze => source.text("kind") == "yangtze",
                    _ => lake.shape.as_ref()?.contains(&Point(intake)),
                };
                let across = centimetres(geometry::distance(from, intake));
                let group = source.text("group");
                (is_of && across <= within_m).then(|| SourceSeen {
                    id: if group.is_empty() { source.id.clone() } else { group.to_owned() },
                    name: source.name().to_owned(),
                    relation: SourceRelation::ReceivingWater,
                    level: String::new(),
                    distance_m: 0.0,
                    across_m: Some(across),
                })
            })
            .collect();
        sources.sort_by(|a, b| a.across_m.unwrap_or(0.0).total_cmp(&b.across_m.unwrap_or(0.0)));
        (sections, sources)
    }
}

/// The nearest water of a ground.
struct Receiving<'a> {
    theme: Theme,
    feature: &'a Feature,
    distance: f64,
    at: Coord,
}

fn receiving<'a>(site: &PreparedShape, ground: &'a Ground, streams: &Streams) -> Option<Receiving<'a>> {
    let bounds = site.bounds()?;
    let mut best: Option<Receiving> = None;
    for (least, number) in streams.index.nearest_first(bounds) {
        let Some((place, index)) = streams.places.get(number as usize) else { continue };
        let Some(layer) = ground.layers().nth(*place) else { continue };
        let Some(feature) = layer.layer.feature(*index) else { continue };
        let half = feature.number("width_m").filter(|width| *width > 0.0).unwrap_or(0.0) / 2.0;
        let known = best.as_ref().map_or(FARTHEST, |best| best.distance);
        // the widest river is a few hundred metres to either side of its middle line
        if least > known + 1_000.0 {
            break;
        }
        let Some(shape) = layer.shape(*index) else { continue };
        let Some((metres, own, there)) = site.closest(shape, known + half + 1.0) else { continue };
        let is_inside = shape.encloses(own) || shape.bounds().is_some_and(|_| site.encloses(there));
        let distance = if is_inside { 0.0 } else { (metres - half).max(0.0) };
        if best.as_ref().is_none_or(|best| distance < best.distance) {
            best = Some(Receiving { theme: layer.layer.theme, feature, distance, at: there });
        }
    }
    best
}

/// Where the water of a site goes; `None` where no water is near or none was asked for.
pub(super) fn downstream(
    site: &PreparedShape,
    ground: &Ground,
    question: &Question,
    discharges: bool,
) -> Option<Downstream> {
    let within_m = question.downstream_km * 1000.0;
    if !within_m.is_finite() || within_m <= 0.0 {
        return None;
    }
    let streams = ground.streams()?;
    let Receiving { theme, feature, distance, at } = receiving(site, ground, streams)?;
    let facts = streams.facts(theme, feature, question.as_of);
    let below_target = facts.meets.map(|meets| !meets);
    let mut answer = Downstream {
        water: WaterNamed { id: feature.id.clone(), name: feature.name().to_owned(), theme },
        distance_m: centimetres(distance),
        from: [at.x, at.y],
        chief: facts.chief.clone(),
        class_now: facts.class,
        month: facts.month.clone(),
        class_target: facts.target,
        below_target,
        open_problems: facts.open_problems,
        discharges_below_target: discharges && below_target == Some(true),
        within_km: question.downstream_km,
        length_m: 0.0,
        reaches: Vec::new(),
        sections: Vec::new(),
        water_sources: Vec::new(),
        outlets: Vec::new(),
        direction_known: true,
        data_quality: facts.quality,
    };
    if theme == Theme::Rivers {
        let start = streams.waters.network.snap(at, Some(&feature.id))?;
        let trace = streams.below(&start, within_m)?;
        answer.from = trace.start;
        answer.length_m = trace.length_m;
        answer.direction_known = trace.direction_known;
        answer.reaches = trace
            .reaches
            .into_iter()
            .map(|reach| ReachBelow {
                river: reach.river,
                name: reach.name,
                distance_m: reach.distance_m,
                length_m: reach.length_m,
            })
            .collect();
        (answer.sections, answer.water_sources, answer.outlets) = (trace.sections, trace.sources, trace.outlets);
    } else {
        (answer.sections, answer.water_sources) = streams.in_lake(feature, theme, at, within_m);
    }
    Some(answer)
}

fn centimetres(metres: f64) -> f64 {
    (metres * 100.0).round() / 100.0
}
