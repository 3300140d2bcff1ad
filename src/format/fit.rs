//! Do the shapes of a file lie on those of the atlas, or beside them as a whole? Points picked from shifted web maps
//! and coordinates of another datum look right in numbers; only what they should lie on gives them away.

use super::evidence::{Certainty, Reason};
use super::{Problem, ProblemKind, ReadLayer};
use crate::atlas::Layer;
use crate::geometry::System;
use geo::{Coord, CoordsIter, Geometry, LineString, Rect};
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use std::collections::HashMap;

/// How far a whole may be moved, metres; BD-09 moves by some 1,160.
const REACH: f64 = 1500.0;
/// What lies on a line of the atlas, metres.
const ON: f64 = 20.0;
/// Side of the cells in which moves are counted, metres.
const CELL: f64 = 20.0;
/// Space between the places that are compared, metres.
const SPACE: f64 = 40.0;
/// Places of the file that are compared.
const SAMPLES: usize = 400;
/// Places and edges of the atlas that are compared.
const MOST: usize = 300_000;
/// How far the shift of a web map may differ within a file, metres.
const WEB: f64 = 60.0;
/// Fewest places that a shift known beforehand needs, and one that is searched for.
pub(super) const FEWEST: (usize, usize) = (8, 40);
/// Shares of the places that must come to lie on the atlas.
pub(super) const SHARE: (f64, f64) = (0.6, 0.7);

/// What the atlas has around a file.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) frame: Frame,
    edges: RTree<Edge>,
    places: RTree<[f64; 2]>,
}

/// Metres around a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    middle: Coord,
    unit: (f64, f64),
}

#[derive(Debug)]
struct Edge {
    from: [f64; 2],
    to: [f64; 2],
}

impl RTreeObject for Edge {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.from, self.to)
    }
}

impl PointDistance for Edge {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        let (along, aside) = (
            [self.to[0] - self.from[0], self.to[1] - self.from[1]],
            [point[0] - self.from[0], point[1] - self.from[1]],
        );
        let length = along[0] * along[0] + along[1] * along[1];
        let share = if length > 0.0 { (aside[0] * along[0] + aside[1] * along[1]) / length } else { 0.0 };
        let share = share.clamp(0.0, 1.0);
        let (x, y) = (aside[0] - share * along[0], aside[1] - share * along[1]);
        x * x + y * y
    }
}

impl Frame {
    fn of(bounds: Rect) -> Frame {
        let middle = bounds.center();
        Frame { middle, unit: (111_320.0 * libm::cos(middle.y.to_radians()), 110_900.0) }
    }

    /// A place in metres.
    pub(super) fn place(&self, at: Coord) -> [f64; 2] {
        [(at.x - self.middle.x) * self.unit.0, (at.y - self.middle.y) * self.unit.1]
    }
}

impl Ground {
    /// What layers have within reach of a box.
    pub(super) fn around<'a>(bounds: Rect, layers: impl Iterator<Item = &'a Layer>) -> Ground {
        let frame = Frame::of(bounds);
        let (x, y) = (REACH / frame.unit.0, REACH / frame.unit.1);
        let reach = Rect::new(
            Coord { x: bounds.min().x - x, y: bounds.min().y - y },
            Coord { x: bounds.max().x + x, y: bounds.max().y + y },
        );
        let is_near = |at: Coord| {
            (reach.min().x..=reach.max().x).contains(&at.x) && (reach.min().y..=reach.max().y).contains(&at.y)
        };
        let (mut edges, mut places) = (Vec::new(), Vec::new());
        for feature in layers.flat_map(Layer::features) {
            let Some(shape) = feature.shape.as_ref().filter(|_| edges.len() < MOST) else { continue };
            each_edge(shape, &mut |from, to| {
                if edges.len() < MOST && (is_near(from) || is_near(to)) {
                    let edge = Edge { from: frame.place(from), to: frame.place(to) };
                    strew(edge.from, edge.to, &mut places);
                    edges.push(edge);
                }
            });
        }
        Ground { frame, edges: RTree::bulk_load(edges), places: RTree::bulk_load(places) }
    }

    /// Share of places that lie on the atlas.
    pub(super) fn share(&self, places: impl Iterator<Item = [f64; 2]>) -> f64 {
        let (mut on, mut all) = (0_u32, 0_u32);
        for place in places {
            all += 1;
            let nearest = self.edges.nearest_neighbor_iter_with_distance_2(place).next();
            on += u32::from(nearest.is_some_and(|(_, square)| square <= ON * ON));
        }
        f64::from(on) / f64::from(all.max(1))
    }

    /// The move that brings most places onto the atlas, metres to the east and north.
    fn best_move(&self, places: &[[f64; 2]]) -> Option<[f64; 2]> {
        let mut votes = HashMap::<(i32, i32), u32>::new();
        for place in places {
            for there in self.places.locate_within_distance(*place, REACH * REACH) {
                let cell = |axis: usize| {
                    let by = there.get(axis).unwrap_or(&0.0) - place.get(axis).unwrap_or(&0.0);
                    (by / CELL).round() as i32
                };
                *votes.entry((cell(0), cell(1))).or_default() += 1;
            }
        }
        // a true move falls into neighbouring cells as well
        let around = |(x, y): (i32, i32)| -> u32 {
            let near = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
            near.map(|cell| votes.get(&cell).copied().unwrap_or(0)).sum()
        };
        let best = votes.keys().copied().max_by_key(|cell| (around(*cell), *cell))?;
        let mut best = [f64::from(best.0) * CELL, f64::from(best.1) * CELL];
        // the least sum of distances, by ever smaller steps
        let cost = |by: [f64; 2]| -> f64 {
            let moved = places.iter().map(|place| [place[0] + by[0], place[1] + by[1]]);
            let nearest = moved.filter_map(|place| self.edges.nearest_neighbor_iter_with_distance_2(place).next());
            nearest.map(|(_, square)| square.sqrt().min(2.0 * ON)).sum()
        };
        let (mut step, mut least) = (CELL / 2.0, cost(best));
        while step > 0.5 {
            let next =
                [[step, 0.0], [-step, 0.0], [0.0, step], [0.0, -step]].map(|by| [best[0] + by[0], best[1] + by[1]]);
            let costs = next.map(cost);
            match next.into_iter().zip(costs).min_by(|a, b| a.1.total_cmp(&b.1)) {
                Some((by, cost)) if cost < least => (best, least) = (by, cost),
                _ => step /= 2.0,
            }
        }
        Some(best)
    }
}

/// Compares a layer with those of the atlas and adds to its evidence; the problem says that it lies beside them.
pub fn fit<'a>(read: &mut ReadLayer, layers: impl Iterator<Item = &'a Layer>) -> Option<Problem> {
    let bounds = read.bounds()?;
    let system = read.reference.clone()?;
    let (width, height) = (bounds.width(), bounds.height());
    // elsewhere there is nothing to compare with; that is told already
    if width > 5.0 || height > 5.0 {
        return None;
    }
    let ground = Ground::around(bounds, layers);
    let positions = sample(read);
    let frame = ground.frame;
    let places: Vec<[f64; 2]> = positions.iter().map(|at| frame.place(*at)).collect();
    if places.len() < FEWEST.0 {
        return None;
    }
    let here = ground.share(places.iter().copied());
    let is_better = |share: f64, least: f64| share >= least && share >= 3.0 * here;
    if system.is_of_map() {
        let shifted = [System::gcj02(), System::bd09()].into_iter().map(|candidate| {
            let back = positions.iter().filter_map(|at| candidate.inverse(*at).ok());
            (ground.share(back.map(|at| frame.place(at))), candidate)
        });
        let best = shifted.max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, candidate)) = best.filter(|(share, _)| is_better(*share, SHARE.0)) {
            let name = candidate.code().to_owned();
            read.evidence.certainty = Certainty::Unsure;
            read.evidence.reasons.push(Reason::FitsAtlas(name.clone()));
            read.evidence.alternatives.retain(|system| *system != candidate);
            read.evidence.alternatives.insert(0, candidate);
            return Some(Problem::of_file(ProblemKind::LooksShifted(name)));
        }
    }
    if here >= SHARE.0 {
        read.evidence.reasons.retain(|reason| *reason != Reason::ShiftOpen);
        read.evidence.reasons.push(Reason::OnAtlas);
        read.evidence.alternatives.clear();
        return None;
    }
    // what lies in a heap comes to lie on some line wherever it is moved
    let places = scattered(&places);
    if places.len() < FEWEST.1 {
        return None;
    }
    let by = ground.best_move(&places)?;
    let there = ground.share(places.iter().map(|place| [place[0] + by[0], place[1] + by[1]]));
    if !is_better(there, SHARE.1) {
        return None;
    }
    // where it lies now, seen from where it should
    let lies = [-by[0], -by[1]];
    let mut by = format!("{:+.0}, {:+.0}", lies[0], lies[1]);
    // somebody has made a plane of what a web map showed
    let like = [System::gcj02(), System::bd09()].into_iter().find(|web| {
        let moved = web.forward(frame.middle).map(|at| frame.place(at));
        moved.is_ok_and(|moved| libm::hypot(moved[0] - lies[0], moved[1] - lies[1]) < WEB)
    });
    if let Some(like) = like {
        by = format!("{by} ≈ {}", like.code());
    }
    read.evidence.certainty = Certainty::Unsure;
    read.evidence.reasons.push(Reason::BesideAtlas(by.clone()));
    Some(Problem::of_file(ProblemKind::LooksMoved(by)))
}

/// Places along the shapes of a layer, evenly chosen.
pub(super) fn sample(read: &ReadLayer) -> Vec<Coord> {
    let mut all = Vec::new();
    for shape in read.features.iter().filter_map(|feature| feature.shape.as_ref()) {
        each_edge(shape, &mut |from, to| {
            all.push(from);
            if from != to {
                all.push(Coord { x: f64::midpoint(from.x, to.x), y: f64::midpoint(from.y, to.y) });
            }
        });
    }
    let step = all.len() / SAMPLES + 1;
    all.into_iter().step_by(step).collect()
}

/// One of the places in each piece of ground.
fn scattered(places: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut taken = std::collections::HashSet::new();
    let cell = |metres: f64| (metres / (2.0 * ON)).floor() as i64;
    places.iter().copied().filter(|place| taken.insert((cell(place[0]), cell(place[1])))).collect()
}

/// Places along an edge.
fn strew(from: [f64; 2], to: [f64; 2], places: &mut Vec<[f64; 2]>) {
    let (x, y) = (to[0] - from[0], to[1] - from[1]);
    let pieces = (x.hypot(y) / SPACE).ceil().clamp(1.0, 1000.0) as u32;
    if places.len() < MOST {
        let shares = (0..pieces).map(|piece| f64::from(piece) / f64::from(pieces));
        places.extend(shares.map(|share| [from[0] + x * share, from[1] + y * share]));
    }
}

/// Every edge of a shape; a point is an edge without length.
fn each_edge(shape: &Geometry, take: &mut impl FnMut(Coord, Coord)) {
    let mut line = |line: &LineString| line.lines().for_each(|edge| take(edge.start, edge.end));
    match shape {
        Geometry::LineString(course) => line(course),
        Geometry::MultiLineString(courses) => courses.iter().for_each(line),
        Geometry::Polygon(area) => std::iter::once(area.exterior()).chain(area.interiors()).for_each(line),
        Geometry::MultiPolygon(areas) => {
            areas.iter().flat_map(|area| std::iter::once(area.exterior()).chain(area.interiors())).for_each(line)
        }
        Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| each_edge(part, take)),
        other => other.coords_iter().for_each(|at| take(at, at)),
    }
}
