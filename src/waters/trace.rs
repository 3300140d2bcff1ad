//! What lies up or down the network from a place: reaches, sections, outfalls, water sources, and where it ends.

use super::network::{Network, Snap};
use super::walk::{Walk, WalkEnd, Walked};
use crate::atlas::{Atlas, Feature, Theme};
use crate::geometry;
use geo::{BoundingRect, Contains, Coord, Geometry, Intersects, LineString, Point};
use serde::Serialize;
use std::collections::HashMap;

/// With the flow or against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Against the flow.
    Up,
    /// With the flow.
    Down,
}

/// A stretch of a river that was reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reach {
    /// Id of the river.
    pub river: String,
    /// Its name.
    pub name: String,
    /// Where the stretch begins, metres from the river's source.
    pub from_m: f64,
    /// Where it ends, metres from the river's source.
    pub to_m: f64,
    /// Its length.
    pub length_m: f64,
    /// Metres along the water from the start of the trace to its nearest end.
    pub distance_m: f64,
    /// Its course, longitude and latitude.
    #[serde(skip)]
    pub line: LineString,
}

/// A section or outfall on the way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Passing {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Id of its river.
    pub river: String,
    /// Level of a section, kind of an outfall.
    pub kind: String,
    /// Metres along the water from the start.
    pub distance_m: f64,
}

/// How a water source is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceRelation {
    /// A reach passes its protection zone.
    Zone,
    /// The water ends in the lake or river from which it draws.
    ReceivingWater,
}

/// A water source on the way or beyond the mouth.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SourceSeen {
    /// Id of the source (its group).
    pub id: String,
    /// Its name.
    pub name: String,
    /// How it is met.
    pub relation: SourceRelation,
    /// The innermost protection zone met: primary, secondary or quasi.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub level: String,
    /// Metres along the water from the start to the zone or the mouth.
    pub distance_m: f64,
    /// Metres from the mouth to the intake, as the crow flies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub across_m: Option<f64>,
}

/// What an end of the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// It enters a lake, the Yangtze or another water.
    Mouth,
    /// It goes on beyond the city.
    LeavesCity,
    /// 断头
    Blind,
    /// It rises here.
    Source,
    /// It comes from beyond the city.
    EntersCity,
}

/// An end of the network that was reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outlet {
    /// Id of the river that ends (or rises) here.
    pub river: String,
    /// Its name.
    pub name: String,
    /// What the end is.
    pub end: End,
    /// Id of the water it enters at a mouth.
    pub into: Option<String>,
    /// Metres along the water from the start.
    pub distance_m: f64,
    /// Where it is.
    pub position: [f64; 2],
}

/// The network reached.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trace {
    /// Id of the river on which it starts.
    pub river: String,
    /// Name of that river.
    pub name: String,
    /// Up or down.
    pub direction: Direction,
    /// How far it looks, metres.
    pub limit_m: f64,
    /// Whether the flow of everything reached is known; where it is not, both ways were followed.
    pub direction_known: bool,
    /// The start on the river.
    pub start: [f64; 2],
    /// Metres from the place asked for to the start.
    pub snapped_m: f64,
    /// Reaches, nearest first.
    pub reaches: Vec<Reach>,
    /// Sum of their lengths.
    pub length_m: f64,
    /// Monitoring sections, nearest first.
    pub sections: Vec<Passing>,
    /// Outfalls, nearest first.
    pub outfalls: Vec<Passing>,
    /// Water sources, nearest first.
    pub sources: Vec<SourceSeen>,
    /// Ends reached, nearest first.
    pub outlets: Vec<Outlet>,
}

/// Where sections, outfalls and sources are taken from.
#[derive(Debug, Clone, Copy)]
pub struct TraceContext<'a> {
    /// The atlas.
    pub atlas: &'a Atlas,
    /// The network of its rivers.
    pub network: &'a Network,
}

/// An outfall stands beside its river, not on it; further off it belongs to another.
const BESIDE: f64 = 1_000.0;

impl TraceContext<'_> {
    /// Follows the water from a place up or down as far as a limit in metres. Each place is reached by its shortest
    /// way; loops are walked once.
    pub fn trace(&self, start: &Snap, direction: Direction, limit: f64) -> Option<Trace> {
        let course = self.network.courses.get(start.course)?;
        let Walk { walked, ends } = self.network.walk(&[(start.course, start.along)], direction, limit.max(0.0));
        let reaches = self.reaches(&walked);
        let outlets = self.outlets(&ends);
        Some(Trace {
            river: course.river.clone(),
            name: course.name.clone(),
            direction,
            limit_m: limit,
            start: [start.position.x, start.position.y],
            snapped_m: centimetres(start.distance),
            length_m: centimetres(reaches.iter().map(|reach| reach.to_m - reach.from_m).sum()),
            sections: self.passing(Theme::MonitoringSections, "level", &walked),
            outfalls: self.passing(Theme::Outfalls, "kind", &walked),
            sources: self.sources(&walked, &outlets),
            direction_known: walked.iter().all(|part| part.is_sure),
            reaches,
            outlets,
        })
    }

    /// The ends of a walk as outlets, nearest first.
    fn outlets(&self, ends: &[WalkEnd]) -> Vec<Outlet> {
        let mut outlets: Vec<Outlet> = ends
            .iter()
            .filter_map(|WalkEnd { course, vertex, distance }| {
                let ended = self.network.courses.get(*course)?;
                let at = ended.vertices.get(*vertex)?;
                let is_mouth = *vertex > 0;
                let into = ended.flows_to.clone().filter(|_| is_mouth);
                Some(Outlet {
                    river: ended.river.clone(),
                    name: ended.name.clone(),
                    end: match into {
                        Some(_) => End::Mouth,
                        None if is_mouth && ended.leaves_city => End::LeavesCity,
                        None if is_mouth => End::Blind,
                        None if ended.enters_city => End::EntersCity,
                        None => End::Source,
                    },
                    into,
                    distance_m: centimetres(*distance),
                    position: [at.x, at.y],
                })
            })
            .collect();
        outlets.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m));
        outlets
    }

    /// Joins what was walked on each course to reaches.
    fn reaches(&self, walked: &[Walked]) -> Vec<Reach> {
        let mut by_course = HashMap::<usize, Vec<(f64, f64, f64)>>::new();
        for part in walked {
            let (low, high) = (part.entry.min(part.exit), part.entry.max(part.exit));
            by_course.entry(part.course).or_default().push((low, high, part.distance));
        }
        let mut reaches = Vec::new();
        for (number, mut parts) in by_course {
            let Some(course) = self.network.courses.get(number) else { continue };
            parts.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut joined: Vec<(f64, f64, f64)> = Vec::new();
            for (low, high, distance) in parts {
                match joined.last_mut() {
                    Some(last) if low <= last.1 + 0.001 => {
                        last.1 = last.1.max(high);
                        last.2 = last.2.min(distance);
                    }
                    _ => joined.push((low, high, distance)),
                }
            }
            reaches.extend(joined.into_iter().filter(|(low, high, _)| high > low).map(|(low, high, distance)| Reach {
                river: course.river.clone(),
                name: course.name.clone(),
                from_m: centimetres(low),
                to_m: centimetres(high),
                length_m: centimetres(high - low),
                distance_m: centimetres(distance),
                line: course.piece(low, high),
            }));
        }
        reaches.sort_by(|a, b| {
            a.distance_m
                .total_cmp(&b.distance_m)
                .then_with(|| a.river.cmp(&b.river))
                .then(a.from_m.total_cmp(&b.from_m))
        });
        reaches
    }

    fn distance_to(&self, snap: &Snap, walked: &[Walked]) -> Option<f64> {
        let here = walked.iter().filter(|part| part.course == snap.course);
        here.filter_map(|part| part.distance_to(snap.along)).min_by(f64::total_cmp)
    }

    /// Points that belong to a reached river, at the place of it nearest to them.
    fn passing(&self, theme: Theme, kind: &str, walked: &[Walked]) -> Vec<Passing> {
        let features = self.atlas.layers_of(theme).flat_map(|layer| layer.features());
        let mut rivers: Vec<&str> = walked.iter().filter_map(|part| self.network.river_of(part.course)).collect();
        rivers.dedup();
        let mut found: Vec<Passing> = features
            .filter_map(|feature| {
                let river = feature.text("river");
                if !rivers.contains(&river) {
                    return None;
                }
                let snap = self.network.snap(point(feature)?, Some(river))?;
                let distance = self.distance_to(&snap, walked).filter(|_| snap.distance <= BESIDE)?;
                Some(Passing {
                    id: feature.id.clone(),
                    name: feature.name().to_owned(),
                    river: river.to_owned(),
                    kind: feature.text(kind).to_owned(),
                    distance_m: centimetres(distance),
                })
            })
            .collect();
        found.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then_with(|| a.id.cmp(&b.id)));
        found
    }

    fn sources(&self, walked: &[Walked], outlets: &[Outlet]) -> Vec<SourceSeen> {
        let mut found = HashMap::<String, SourceSeen>::new();
        let features = || self.atlas.layers_of(Theme::WaterSources).flat_map(|layer| layer.features());
        for feature in features() {
            let group = group(feature);
            let level = feature.text("level").to_owned();
            let seen = match &feature.shape {
                Some(Geometry::Point(intake)) => {
                    self.beyond_mouth(feature, intake.0, outlets).map(|(distance, across)| {
                        let relation = SourceRelation::ReceivingWater;
                        let across_m = Some(centimetres(across));
                        SourceSeen {
                            id: group,
                            name: source_name(feature),
                            relation,
                            level: String::new(),
                            distance_m: distance,
                            across_m,
                        }
                    })
                }
                Some(shape) => self.first_in(shape, walked).map(|distance| SourceSeen {
                    id: group,
                    name: source_name(feature),
                    relation: SourceRelation::Zone,
                    level,
                    distance_m: centimetres(distance),
                    across_m: None,
                }),
                None => None,
            };
            let Some(seen) = seen else { continue };
            // a zone says more than the mouth, an inner zone more than an outer one
            let weight = |seen: &SourceSeen| match seen.level.as_str() {
                "primary" => 0,
                "secondary" => 1,
                "quasi" => 2,
                _ => 3,
            };
            let is_better = found.get(&seen.id).is_none_or(|known| weight(&seen) < weight(known));
            if is_better {
                found.insert(seen.id.clone(), seen);
            }
        }
        let mut found: Vec<SourceSeen> = found.into_values().collect();
        found.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then_with(|| a.id.cmp(&b.id)));
        found
    }

    /// Metres to the first edge walked that touches an area.
    fn first_in(&self, area: &Geometry, walked: &[Walked]) -> Option<f64> {
        let around = area.bounding_rect()?;
        let mut nearest: Option<f64> = None;
        for part in walked {
            if nearest.is_some_and(|known| part.distance >= known) {
                continue;
            }
            let course = self.network.courses.get(part.course)?;
            if !course.bounds.is_some_and(|bounds| around.intersects(&bounds)) {
                continue;
            }
            let edges = course.edges_between(part.entry.min(part.exit), part.entry.max(part.exit));
            // most edges are nowhere near
            let mut touched =
                edges.filter(|(edge, _)| around.intersects(&edge.bounding_rect()) && area.intersects(edge));
            let first = if part.exit < part.entry {
                touched.last().map(|(_, (_, end))| part.entry - end)
            } else {
                touched.next().map(|(_, (start, _))| start - part.entry)
            };
            if let Some(distance) = first.map(|metres| part.distance + metres.max(0.0)) {
                nearest = Some(nearest.map_or(distance, |known| known.min(distance)));
            }
        }
        nearest
    }

    /// The nearest mouth into the water from which an intake draws, and the way across.
    fn beyond_mouth(&self, source: &Feature, intake: Coord, outlets: &[Outlet]) -> Option<(f64, f64)> {
        let mouths = outlets.iter().filter(|outlet| {
            let Some(into) = &outlet.into else { return false };
            let themes = [Theme::Lakes, Theme::Yangtze];
            let water = themes.iter().find_map(|theme| self.atlas.find(*theme, into).map(|(_, water)| (*theme, water)));
            match water {
                Some((Theme::Yangtze, _)) => source.text("kind") == "yangtze",
                Some((_, lake)) => lake.shape.as_ref().is_some_and(|shape| shape.contains(&Point(intake))),
                None => false,
            }
        });
        mouths
            .map(|mouth| {
                let [x, y] = mouth.position;
                (mouth.distance_m, geometry::distance(Coord { x, y }, intake))
            })
            .min_by(|a, b| (a.0 + a.1).total_cmp(&(b.0 + b.1)))
    }
}

fn point(feature: &Feature) -> Option<Coord> {
    match feature.shape.as_ref()? {
        Geometry::Point(point) => Some(point.0),
        _ => None,
    }
}

fn group(source: &Feature) -> String {
    match source.text("group") {
        "" => source.id.clone(),
        group => group.to_owned(),
    }
}

fn source_name(source: &Feature) -> String {
    source.name().to_owned()
}

fn centimetres(metres: f64) -> f64 {
    (metres * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::super::network::tests::loop_of_four;
    use super::*;
    use crate::atlas::{Layer, LayerId, Manifest, Source, Value};
    use std::sync::Arc;

    fn atlas() -> Atlas {
        let manifest: Manifest = toml::from_str("title = \"t\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let text = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
        let square = |west: f64, south: f64, side: f64| {
            Geometry::Rect(geo::Rect::new(Coord { x: west, y: south }, Coord { x: west + side, y: south + side }))
        };
        let at = |x: f64, y: f64| Some(Geometry::Point(Point::new(x, y)));
        let feature =
            |id: &str, shape: Option<Geometry>, values: Vec<(String, Value)>| Feature { id: id.into(), shape, values };
        let layer = |number: u32, theme: Theme, features: Vec<Feature>| {
            Arc::new(Layer::new(LayerId(number), theme, String::new(), Source::default(), features))
        };
        let layers = vec![
            Arc::new(loop_of_four()),
            layer(1, Theme::MonitoringSections, vec![feature("S1", at(120.2, 31.5), vec![text("river", "A")])]),
            layer(2, Theme::Outfalls, vec![feature("O1", at(120.201, 31.45), vec![text("river", "D")])]),
            layer(3, Theme::Lakes, vec![feature("LAKE-01", Some(square(120.29, 31.45, 0.1)), vec![])]),
            layer(
                4,
                Theme::WaterSources,
                vec![
                    feature(
                        "W1",
                        at(120.35, 31.5),
                        vec![text("group", "W1"), text("level", "intake"), text("kind", "lake")],
                    ),
                    feature(
                        "W2",
                        at(121.0, 31.0),
                        vec![text("group", "W2"), text("level", "intake"), text("kind", "lake")],
                    ),
                    feature(
                        "W2-1",
                        Some(square(120.09, 31.39, 0.02)),
                        vec![text("group", "W2"), text("level", "primary")],
                    ),
                ],
            ),
        ];
        Atlas { manifest, layers, governance: None }
    }

    fn trace(x: f64, y: f64, direction: Direction, limit: f64) -> Trace {
        let atlas = atlas();
        let network = Network::build(&atlas.layers[0]);
        let context = TraceContext { atlas: &atlas, network: &network };
        let snap = network.snap(Coord { x, y }, None).unwrap();
        context.trace(&snap, direction, limit).unwrap()
    }

    fn rivers(trace: &Trace) -> Vec<&str> {
        trace.reaches.iter().map(|reach| reach.river.as_str()).collect()
    }

    /// Lengths of the courses by pyproj 3.7 `Geod(ellps='GRS80')`: A 9,500.2 × 3, T and D 11,088, L 30,108 m.
    #[test]
    fn a_loop_is_walked_once() {
        let all = trace(120.1, 31.55, Direction::Down, 1e6);
        assert_eq!(rivers(&all), ["T", "A", "D", "L"]);
        let expected = 11_087.90 / 2.0 + 3.0 * 9_500.23 + 11_087.72 + 19_020.66 + 11_087.72;
        assert!((all.length_m - expected).abs() < 1.0, "{} {expected}", all.length_m);
        assert_eq!(all.outlets.len(), 1);
        assert_eq!(all.outlets[0].into.as_deref(), Some("LAKE-01"));
    }

    #[test]
    fn the_limit_cuts_a_reach() {
        let near = trace(120.1, 31.5, Direction::Down, 10_000.0);
        assert_eq!(rivers(&near), ["A", "D"]);
        assert!((near.reaches[1].length_m - (10_000.0 - 9_500.23)).abs() < 0.5, "{near:?}");
        assert_eq!((near.sections.len(), near.outfalls.len()), (1, 0));
        assert!((near.sections[0].distance_m - 9_500.23).abs() < 0.5);
        assert!(near.outlets.is_empty() && near.sources.is_empty());
        assert!(trace(120.1, 31.5, Direction::Down, 0.0).reaches.is_empty());
    }

    #[test]
    fn upstream_goes_against_the_flow() {
        let up = trace(120.15, 31.5, Direction::Up, 12_000.0);
        assert_eq!(rivers(&up), ["A", "T"]);
        let from_source = trace(120.1, 31.55, Direction::Up, 1e6);
        assert_eq!(rivers(&from_source), ["T"]);
        assert_eq!((from_source.outlets.len(), from_source.outlets[0].into.clone()), (1, None));
    }

    #[test]
    fn sources_are_met_in_their_zone_and_beyond_the_mouth() {
        let all = trace(120.1, 31.5, Direction::Down, 1e6);
        let seen: Vec<(&str, SourceRelation)> =
            all.sources.iter().map(|seen| (seen.id.as_str(), seen.relation)).collect();
        assert_eq!(seen, [("W1", SourceRelation::ReceivingWater), ("W2", SourceRelation::Zone)]);
        assert!((all.sources[0].across_m.unwrap() - 4_750.1).abs() < 1.0);
        assert_eq!(all.sources[1].level, "primary");
        assert_eq!(all.outfalls.len(), 1);
        assert!((all.outfalls[0].distance_m - (9_500.23 + 5_543.86)).abs() < 1.0);
    }
}
