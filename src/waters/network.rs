//! The rivers as a directed network: courses lie in flow direction and meet where they share a vertex.

use crate::atlas::{Feature, Layer};
use crate::geometry;
use geo::{BoundingRect, Coord, Geometry, Line, LineString, Rect};
use std::collections::{BTreeSet, HashMap};

/// Vertices within 1e-7 degrees (1 cm) are one.
const GRID: f64 = 1e7;

/// Name of a place where courses may meet.
pub(super) type Node = (i64, i64);

pub(super) fn node(at: Coord) -> Node {
    ((at.x * GRID).round() as i64, (at.y * GRID).round() as i64)
}

/// A course; a river of several lines has several.
#[derive(Debug)]
pub(super) struct Course {
    /// Id of the river.
    pub(super) river: String,
    pub(super) name: String,
    /// Id of the water it ends in.
    pub(super) flows_to: Option<String>,
    /// Whether it comes from outside the city.
    pub(super) enters_city: bool,
    /// Whether it goes on outside the city.
    pub(super) leaves_city: bool,
    /// Whether it is known to flow from its first vertex to its last, and never back.
    pub(super) is_directed: bool,
    pub(super) vertices: Vec<Coord>,
    /// Metres from the river's source to each vertex.
    pub(super) along: Vec<f64>,
    /// Vertices where another course may be entered, with its own ends, ascending.
    pub(super) junctions: Vec<usize>,
    /// Its box.
    pub(super) bounds: Option<Rect>,
}

impl Course {
    fn length(&self) -> f64 {
        self.along.last().copied().unwrap_or(0.0)
    }

    /// The position at a distance from the source.
    pub(super) fn position(&self, metres: f64) -> Option<Coord> {
        let next = self.along.partition_point(|along| *along < metres);
        let (a, b) = (next.saturating_sub(1), next.min(self.along.len().checked_sub(1)?));
        let (from, to) = (self.vertices.get(a)?, self.vertices.get(b)?);
        let (start, end) = (self.along.get(a)?, self.along.get(b)?);
        let share = if end > start { ((metres - start) / (end - start)).clamp(0.0, 1.0) } else { 0.0 };
        Some(Coord { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share })
    }

    /// The edges between two distances from the source, with the distances of their ends; the first and the last are cut.
    pub(super) fn edges_between(&self, from: f64, to: f64) -> impl Iterator<Item = (Line, (f64, f64))> {
        let first = self.along.partition_point(|along| *along <= from).saturating_sub(1);
        let edges = self.vertices.windows(2).zip(self.along.windows(2)).skip(first);
        let edges = edges.filter_map(|(ends, along)| match (ends, along) {
            ([a, b], [start, end]) => Some((*a, *b, *start, *end)),
            _ => None,
        });
        edges.take_while(move |(_, _, start, _)| *start < to).map(move |(a, b, start, end)| {
            let at = |metres: f64| {
                let share = if end > start { ((metres - start) / (end - start)).clamp(0.0, 1.0) } else { 0.0 };
                Coord { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share }
            };
            let (low, high) = (start.max(from), end.min(to));
            let head = if start < from { at(from) } else { a };
            (Line::new(head, if end > to { at(to) } else { b }), (low, high))
        })
    }

    /// The piece between two distances from the source.
    pub(super) fn piece(&self, from: f64, to: f64) -> LineString {
        let inner = self.along.iter().zip(&self.vertices).filter(|(along, _)| **along > from && **along < to);
        let mut line: Vec<Coord> = self.position(from).into_iter().collect();
        line.extend(inner.map(|(_, at)| *at));
        line.extend(self.position(to));
        LineString::new(line)
    }
}

/// A place on a river.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snap {
    pub(super) course: usize,
    /// Metres from the river's source.
    pub along: f64,
    /// Where it is.
    pub position: Coord,
    /// Metres from the place asked for.
    pub distance: f64,
}

/// The rivers of a layer and where they meet.
#[derive(Debug, Default)]
pub struct Network {
    pub(super) courses: Vec<Course>,
    /// Courses and their vertices at each place where several meet or one ends.
    pub(super) nodes: HashMap<Node, Vec<(usize, usize)>>,
}

impl Network {
    /// Builds the network of a river layer.
    pub fn build(rivers: &Layer) -> Self {
        let mut courses = Vec::new();
        for feature in rivers.features() {
            let mut travelled = 0.0;
            for line in lines(feature) {
                let course = course(feature, line, travelled);
                travelled = course.length();
                courses.push(course);
            }
        }
        let mut nodes = HashMap::<Node, Vec<(usize, usize)>>::new();
        for (number, course) in courses.iter().enumerate() {
            for (vertex, at) in course.vertices.iter().enumerate() {
                nodes.entry(node(*at)).or_default().push((number, vertex));
            }
        }
        nodes.retain(|_, visits| {
            let [(course, vertex)] = visits.as_slice() else { return true };
            let last = courses.get(*course).map_or(0, |course| course.vertices.len() - 1);
            *vertex == 0 || *vertex == last
        });
        for (number, vertex) in nodes.values().flatten() {
            if let Some(course) = courses.get_mut(*number) {
                course.junctions.push(*vertex);
            }
        }
        courses.iter_mut().for_each(|course| course.junctions.sort_unstable());
        Network { courses, nodes }
    }

    /// The nearest place on a river, or on a given one, by its id.
    pub fn snap(&self, place: Coord, river: Option<&str>) -> Option<Snap> {
        let stretch = libm::cos(place.y.to_radians());
        let mut best: Option<(f64, Snap)> = None;
        for (number, course) in self.courses.iter().enumerate() {
            if river.is_some_and(|river| river != course.river) {
                continue;
            }
            let edges = course.vertices.windows(2).zip(course.along.windows(2));
            for (edge, along) in edges {
                let ([a, b], [start, end]) = (edge, along) else { continue };
                let (bx, by) = ((b.x - a.x) * stretch, b.y - a.y);
                let (px, py) = ((place.x - a.x) * stretch, place.y - a.y);
                let square = bx * bx + by * by;
                let share = if square > 0.0 { ((px * bx + py * by) / square).clamp(0.0, 1.0) } else { 0.0 };
                let off = (px - bx * share) * (px - bx * share) + (py - by * share) * (py - by * share);
                if best.is_none_or(|(known, _)| off < known) {
                    let position = Coord { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
                    let along = start + (end - start) * share;
                    best = Some((off, Snap { course: number, along, position, distance: 0.0 }));
                }
            }
        }
        best.map(|(_, snap)| Snap { distance: geometry::distance(place, snap.position), ..snap })
    }

    /// Id of the river of a place.
    pub fn river_at(&self, snap: &Snap) -> Option<&str> {
        self.river_of(snap.course)
    }

    /// Id of the river of a course.
    pub(super) fn river_of(&self, course: usize) -> Option<&str> {
        self.courses.get(course).map(|course| course.river.as_str())
    }

    /// Rivers that give water to a river: those that end on it and the one it starts from.
    pub fn upstream_of(&self, river: &str) -> Vec<&str> {
        self.neighbours(river, |own_vertex, _, other_vertex, other_last| {
            (own_vertex == 0 && other_vertex > 0) || (other_vertex == other_last && own_vertex > 0)
        })
    }

    /// Rivers that take water from a river: the one it ends on and those that start from it.
    pub fn downstream_of(&self, river: &str) -> Vec<&str> {
        self.neighbours(river, |own_vertex, own_last, other_vertex, other_last| {
            (own_vertex == own_last && other_vertex < other_last) || (other_vertex == 0 && own_vertex < own_last)
        })
    }

    /// Names of rivers by id, as the layer has them.
    pub fn name_of(&self, river: &str) -> Option<&str> {
        self.courses.iter().find(|course| course.river == river).map(|course| course.name.as_str())
    }

    fn neighbours(&self, river: &str, is_one: impl Fn(usize, usize, usize, usize) -> bool) -> Vec<&str> {
        let mut found = BTreeSet::new();
        for course in self.courses.iter().filter(|course| course.river == river) {
            let last = course.vertices.len() - 1;
            for vertex in &course.junctions {
                let Some(at) = course.vertices.get(*vertex) else { continue };
                for (number, other_vertex) in self.nodes.get(&node(*at)).into_iter().flatten() {
                    let Some(other) = self.courses.get(*number).filter(|other| other.river != river) else { continue };
                    if is_one(*vertex, last, *other_vertex, other.vertices.len() - 1) {
                        found.insert(other.river.as_str());
                    }
                }
            }
        }
        found.into_iter().collect()
    }
}

fn course(feature: &Feature, line: &LineString, travelled: f64) -> Course {
    let mut along = vec![travelled];
    let mut metres = travelled;
    for edge in line.lines() {
        metres += geometry::distance(edge.start, edge.end);
        along.push(metres);
    }
    Course {
        river: feature.id.clone(),
        name: feature.name().to_owned(),
        flows_to: Some(feature.text("flows_to").to_owned()).filter(|id| !id.is_empty()),
        enters_city: feature.flag("enters_city"),
        leaves_city: feature.flag("leaves_city"),
        is_directed: is_directed(feature),
        vertices: line.0.clone(),
        along,
        junctions: Vec::new(),
        bounds: line.bounding_rect(),
    }
}

/// A line of which nothing is said about its flow may be drawn either way; a tidal or two-way river flows both ways.
fn is_directed(feature: &Feature) -> bool {
    let is_told = !feature.text("flows_to").is_empty()
        || feature.text("flow") == "one_way"
        || ["enters_city", "leaves_city", "dead_end"].iter().any(|field| feature.flag(field));
    is_told && !matches!(feature.text("flow"), "two_way" | "tidal")
}

fn lines(feature: &Feature) -> Vec<&LineString> {
    let lines = match &feature.shape {
        Some(Geometry::LineString(line)) => vec![line],
        Some(Geometry::MultiLineString(lines)) => lines.iter().collect(),
        _ => Vec::new(),
    };
    lines.into_iter().filter(|line| line.0.len() >= 2).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::atlas::{LayerId, Source, Theme, Value};

    /// Main river A from west to east; T ends on it, D starts from it, L leads D back to A's start.
    pub(in crate::waters) fn loop_of_four() -> Layer {
        let river = |id: &str, points: &[(f64, f64)], flows_to: &str| Feature {
            id: id.into(),
            shape: Some(Geometry::LineString(points.iter().copied().collect())),
            values: vec![
                ("name".into(), Value::Text(format!("示例{id}"))),
                ("flows_to".into(), Value::Text(flows_to.into())),
            ],
        };
        let features = vec![
            river("A", &[(120.0, 31.5), (120.1, 31.5), (120.2, 31.5), (120.3, 31.5)], "LAKE-01"),
            river("T", &[(120.1, 31.6), (120.1, 31.5)], "A"),
            river("D", &[(120.2, 31.5), (120.2, 31.4)], "L"),
            river("L", &[(120.2, 31.4), (120.0, 31.4), (120.0, 31.5)], "A"),
        ];
        Layer::new(LayerId(0), Theme::Rivers, "河道".into(), Source::default(), features)
    }

    #[test]
    fn neighbours_follow_the_flow() {
        let network = Network::build(&loop_of_four());
        for (river, up, down) in [
            ("A", vec!["L", "T"], vec!["D"]),
            ("T", vec![], vec!["A"]),
            ("D", vec!["A"], vec!["L"]),
            ("L", vec!["D"], vec!["A"]),
        ] {
            assert_eq!(network.upstream_of(river), up, "{river}");
            assert_eq!(network.downstream_of(river), down, "{river}");
        }
    }

    /// Distance from 120.05 E on A to its source: pyproj 3.7 `Geod(ellps='GRS80')`.
    #[test]
    fn a_place_snaps_to_the_nearest_river() {
        let network = Network::build(&loop_of_four());
        let snap = network.snap(Coord { x: 120.05, y: 31.501 }, None).unwrap();
        assert_eq!(network.river_at(&snap), Some("A"));
        assert!((snap.along - PYPROJ_ALONG).abs() < 0.01, "{snap:?}");
        assert!((snap.distance - PYPROJ_OFF).abs() < 0.01, "{snap:?}");
        assert_eq!(network.river_at(&network.snap(Coord { x: 120.05, y: 31.501 }, Some("D")).unwrap()), Some("D"));
        assert!(network.snap(Coord { x: 120.05, y: 31.5 }, Some("none")).is_none());
    }

    const PYPROJ_ALONG: f64 = 4750.116;
    const PYPROJ_OFF: f64 = 110.878;
}
