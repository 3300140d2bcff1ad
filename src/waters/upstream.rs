//! Where rivers enter a water, and the stretches between two distances upstream of there, along the network.

use super::network::{Course, Network};
use super::trace::Direction;
use super::walk::Walked;
use crate::geometry::PreparedShape;
use geo::{Coord, Geometry, MultiLineString, Point};
use std::collections::{BTreeMap, HashSet};

/// A place where a river enters a water.
#[derive(Debug, Clone, PartialEq)]
pub struct Mouth {
    course: usize,
    along: f64,
    /// Id of the river.
    pub river: String,
    /// Where it is.
    pub position: Coord,
    /// Whether the river is known to flow that way.
    pub direction_known: bool,
}

/// A part of a river within two distances upstream of the nearest mouth.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Id of the river.
    pub river: String,
    /// Its course, longitude and latitude.
    pub line: MultiLineString,
    /// Its length along the river.
    pub length_m: f64,
    /// Whether the flow on the whole way to the mouth is known; where it is not, both ways were followed.
    pub direction_known: bool,
}

/// A water that rivers enter.
#[derive(Debug, Clone, Copy)]
pub struct Receiver<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name, by which a river may say where it flows to.
    pub name: &'a str,
    /// Its ground.
    pub shape: &'a PreparedShape,
}

/// Stretches shorter than this are rounding, metres.
const SHORTEST: f64 = 0.01;
/// Halvings that find where a line crosses a shore: 2⁻⁶⁰ of an edge.
const HALVINGS: usize = 60;

impl Network {
    /// The mouths of rivers, of all or of those asked for, in a water: where a river says that it flows there, or ends
    /// in it or within a distance of its shore. A river whose flow is not known may have its mouth at either end.
    pub fn mouths(&self, water: Receiver, within_m: f64, asked: Option<&HashSet<String>>) -> Vec<Mouth> {
        let mut mouths = Vec::new();
        for (number, course) in self.courses.iter().enumerate() {
            if asked.is_some_and(|asked| !asked.contains(&course.river)) {
                continue;
            }
            let Some(last) = course.vertices.len().checked_sub(1) else { continue };
            let is_last = self.courses.get(number + 1).is_none_or(|next| next.river != course.river);
            let says_so =
                is_last && course.flows_to.as_deref().is_some_and(|into| into == water.id || into == water.name);
            if says_so || course.ends_in(water.shape, last, within_m) {
                mouths.extend(course.mouth(number, water.shape, last));
            }
            if !course.is_directed && course.ends_in(water.shape, 0, within_m) {
                mouths.extend(course.mouth(number, water.shape, 0));
            }
        }
        mouths
    }

    /// What lies upstream of the nearest of some mouths between two distances along the water, river by river.
    pub fn upstream(&self, mouths: &[Mouth], from_m: f64, to_m: f64) -> Vec<Stretch> {
        let starts: Vec<(usize, f64)> = mouths.iter().map(|mouth| (mouth.course, mouth.along)).collect();
        let reached = intervals(&self.walk(&starts, Direction::Up, to_m.max(0.0)).walked);
        let nearer =
            if from_m > 0.0 { intervals(&self.walk(&starts, Direction::Up, from_m).walked) } else { BTreeMap::new() };
        let mut stretches = BTreeMap::<&str, Stretch>::new();
        for (number, (parts, is_sure)) in reached {
            let Some(course) = self.courses.get(number) else { continue };
            let taken = nearer.get(&number).map(|(parts, _)| parts.as_slice()).unwrap_or_default();
            for (low, high) in without(&parts, taken) {
                if high - low < SHORTEST {
                    continue;
                }
                let stretch = stretches.entry(&course.river).or_insert_with(|| Stretch {
                    river: course.river.clone(),
                    line: MultiLineString(vec![]),
                    length_m: 0.0,
                    direction_known: true,
                });
                stretch.line.0.push(course.piece(low, high));
                stretch.length_m += high - low;
                stretch.direction_known &= is_sure;
            }
        }
        stretches.into_values().collect()
    }
}

impl Course {
    fn ends_in(&self, water: &PreparedShape, end: usize, within_m: f64) -> bool {
        let Some(at) = self.vertices.get(end) else { return false };
        let place = PreparedShape::new(&Geometry::Point(Point(*at)));
        water.encloses(*at) || water.closest(&place, within_m).is_some()
    }

    /// Where the river crosses the shore on its way to an end; the end itself when that lies on land.
    fn mouth(&self, number: usize, water: &PreparedShape, end: usize) -> Option<Mouth> {
        let told = |along: f64, position: Coord| Mouth {
            course: number,
            along,
            river: self.river.clone(),
            position,
            direction_known: self.is_directed,
        };
        let mut way: Vec<(f64, Coord)> = self.along.iter().copied().zip(self.vertices.iter().copied()).collect();
        if end > 0 {
            way.reverse();
        }
        let mut before: Option<(f64, Coord)> = None;
        for (along, at) in way {
            if !water.encloses(at) {
                let Some((inside, inside_at)) = before else { return Some(told(along, at)) };
                let between = |share: f64| Coord {
                    x: inside_at.x + (at.x - inside_at.x) * share,
                    y: inside_at.y + (at.y - inside_at.y) * share,
                };
                let (mut wet, mut dry) = (0.0_f64, 1.0_f64);
                for _ in 0..HALVINGS {
                    let middle = (wet + dry) / 2.0;
                    if water.encloses(between(middle)) { wet = middle } else { dry = middle }
                }
                return Some(told(inside + (along - inside) * dry, between(dry)));
            }
            before = Some((along, at));
        }
        // all of it lies in the water
        None
    }
}

/// What was walked of each course, as parts that do not meet, in order, and whether all of it is sure.
fn intervals(walked: &[Walked]) -> BTreeMap<usize, (Vec<(f64, f64)>, bool)> {
    let mut by_course = BTreeMap::<usize, (Vec<(f64, f64)>, bool)>::new();
    for part in walked {
        let (parts, is_sure) = by_course.entry(part.course).or_insert((Vec::new(), true));
        parts.push((part.entry.min(part.exit), part.entry.max(part.exit)));
        *is_sure &= part.is_sure;
    }
    for (parts, _) in by_course.values_mut() {
        parts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut joined: Vec<(f64, f64)> = Vec::new();
        for (low, high) in parts.drain(..) {
            match joined.last_mut() {
                Some(last) if low <= last.1 + SHORTEST / 10.0 => last.1 = last.1.max(high),
                _ => joined.push((low, high)),
            }
        }
        *parts = joined;
    }
    by_course
}

/// Parts less others; both in order.
fn without(parts: &[(f64, f64)], taken: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut left = Vec::new();
    for (low, high) in parts {
        let mut low = *low;
        for (from, to) in taken {
            if *to <= low || from >= high {
                continue;
            }
            if *from > low {
                left.push((low, *from));
            }
            low = low.max(*to);
        }
        if low < *high {
            left.push((low, *high));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::super::network::tests::loop_of_four;
    use super::*;
    use crate::atlas::{Feature, Layer, LayerId, Source, Theme, Value};
    use crate::geometry;

    fn length_of(lines: &MultiLineString) -> f64 {
        lines.0.iter().map(geometry::line_length).sum()
    }

    fn lake(west: f64) -> PreparedShape {
        let low = Coord { x: west, y: 31.3 };
        PreparedShape::new(&Geometry::Rect(geo::Rect::new(low, Coord { x: west + 0.2, y: 31.7 })))
    }

    fn found(network: &Network, shape: &PreparedShape, from: f64, to: f64) -> Vec<(String, f64, bool)> {
        let water = Receiver { id: "LAKE-01", name: "示例湖", shape };
        let mouths = network.mouths(water, 50.0, None);
        assert_eq!(mouths.len(), 1, "{mouths:?}");
        let stretches = network.upstream(&mouths, from, to);
        for stretch in &stretches {
            assert!((length_of(&stretch.line) - stretch.length_m).abs() < 0.1, "{stretch:?}");
        }
        stretches.into_iter().map(|found| (found.river, found.length_m.round(), found.direction_known)).collect()
    }

    /// Edges of the loop by pyproj 3.7 `Geod(ellps='GRS80')`: A 9,500.2 m each, T and D 11,088, L 30,108 m.
    #[test]
    fn a_stretch_goes_up_every_branch_and_round_a_loop_once() {
        let network = Network::build(&loop_of_four());
        // A ends 950 m inside of the lake: the mouth is at the shore
        let shape = lake(120.29);
        assert_eq!(found(&network, &shape, 0.0, 10_000.0), [("A".to_owned(), 10_000.0, true)]);
        let far = found(&network, &shape, 10_000.0, 20_000.0);
        let beyond: f64 = 20_000.0 - (8_550.21 + 9_500.23);
        let wanted = [("A".to_owned(), 10_000.0_f64.round(), true), ("T".to_owned(), beyond.round(), true)];
        assert_eq!(far, wanted);
        let all = found(&network, &shape, 0.0, 1e6);
        assert_eq!(all.iter().map(|(river, ..)| river.as_str()).collect::<Vec<_>>(), ["A", "D", "L", "T"]);
    }

    #[test]
    fn a_river_of_unknown_flow_is_followed_both_ways_and_said_to_be() {
        let river = |id: &str, points: &[(f64, f64)], values: Vec<(String, Value)>| Feature {
            id: id.into(),
            shape: Some(Geometry::LineString(points.iter().copied().collect())),
            values,
        };
        let tidal = vec![
            ("flows_to".to_owned(), Value::Text("LAKE-01".into())),
            ("flow".to_owned(), Value::Text("tidal".into())),
        ];
        let rivers = vec![
            // drawn from the lake outwards, nothing said of its flow
            river("U", &[(120.3, 31.5), (120.2, 31.5)], vec![]),
            river("V", &[(120.2, 31.5), (120.2, 31.6)], tidal),
        ];
        let layer = Layer::new(LayerId(0), Theme::Rivers, String::new(), Source::default(), rivers);
        let network = Network::build(&layer);
        let shape = lake(120.3);
        let water = Receiver { id: "LAKE-02", name: "示例湖", shape: &shape };
        let mouths = network.mouths(water, 50.0, None);
        assert_eq!((mouths.len(), mouths[0].direction_known), (1, false));
        let stretches = network.upstream(&mouths, 0.0, 10_000.0);
        let told: Vec<_> = stretches.iter().map(|one| (one.river.as_str(), one.length_m.round())).collect();
        assert_eq!(told, [("U", 9_500.0), ("V", 500.0)]);
        assert!(stretches.iter().all(|stretch| !stretch.direction_known));
    }

    #[test]
    fn what_is_nearer_is_taken_off() {
        assert_eq!(
            without(&[(0.0, 10.0), (20.0, 30.0)], &[(2.0, 3.0), (9.0, 22.0)]),
            [(0.0, 2.0), (3.0, 9.0), (22.0, 30.0)]
        );
        assert_eq!(without(&[(0.0, 10.0)], &[]), [(0.0, 10.0)]);
        assert!(without(&[(1.0, 2.0)], &[(0.0, 5.0)]).is_empty());
    }
}
