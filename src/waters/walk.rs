//! Walking the network from several places at once, with the flow or against it; both ways where the flow is not known.

use super::network::{Course, Network, Node, node};
use super::trace::Direction;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// A stretch as it was walked: part of a course, and how far its entry is.
pub(super) struct Walked {
    pub course: usize,
    pub entry: f64,
    pub exit: f64,
    pub distance: f64,
    /// Every course on the way here flows one known way.
    pub is_sure: bool,
}

impl Walked {
    /// Metres from the start to a place on the course, when the stretch holds it.
    pub fn distance_to(&self, along: f64) -> Option<f64> {
        let (low, high) = if self.entry <= self.exit { (self.entry, self.exit) } else { (self.exit, self.entry) };
        // a section stands exactly on a vertex: rounding must not lose it
        (low - 0.01..=high + 0.01).contains(&along).then(|| self.distance + (along - self.entry).abs())
    }
}

/// An end of the network that was reached.
pub(super) struct WalkEnd {
    pub course: usize,
    pub vertex: usize,
    pub distance: f64,
}

/// What was reached.
pub(super) struct Walk {
    pub walked: Vec<Walked>,
    pub ends: Vec<WalkEnd>,
}

impl Network {
    /// Follows the water from places (course, metres along it) as far as a limit in metres. Each place is reached by its
    /// shortest way; loops are walked once.
    pub(super) fn walk(&self, starts: &[(usize, f64)], direction: Direction, limit: f64) -> Walk {
        let mut walk = Walk { walked: Vec::new(), ends: Vec::new() };
        let mut front =
            Front { network: self, limit, walked: &mut walk.walked, queue: BinaryHeap::new(), known: HashMap::new() };
        for (number, along) in starts {
            let Some(course) = self.courses.get(*number) else { continue };
            for way in ways(course, direction) {
                if let Some(vertex) = next(course, *along, *way) {
                    front.go(*number, (usize::MAX, *along), vertex, 0.0, true);
                }
            }
        }
        let mut done = HashSet::new();
        while let Some(Waiting { distance, node, course, from, vertex, is_sure }) = front.queue.pop() {
            if !done.insert(node) {
                continue;
            }
            let mut is_end = true;
            for (number, here) in self.nodes.get(&node).into_iter().flatten() {
                let Some(other) = self.courses.get(*number) else { continue };
                let Some(along) = other.along.get(*here) else { continue };
                for way in ways(other, direction) {
                    let Some(next) = following(other, *here, *way) else { continue };
                    // not back where it came from
                    if (*number, next) != (course, from) || *here != vertex {
                        is_end = false;
                        front.go(*number, (*here, *along), next, distance, is_sure);
                    }
                }
            }
            if is_end {
                walk.ends.push(WalkEnd { course, vertex, distance });
            }
        }
        walk
    }
}

/// What has been reached and what waits to be visited.
struct Front<'a> {
    network: &'a Network,
    limit: f64,
    walked: &'a mut Vec<Walked>,
    queue: BinaryHeap<Waiting>,
    known: HashMap<Node, f64>,
}

impl Front<'_> {
    /// Goes along a course from a place (its vertex, or none, and the metres along) to a junction.
    fn go(&mut self, number: usize, (from, entry): (usize, f64), vertex: usize, distance: f64, is_sure: bool) {
        let Some(course) = self.network.courses.get(number) else { return };
        let (Some(end), Some(at)) = (course.along.get(vertex), course.vertices.get(vertex)) else { return };
        let is_sure = is_sure && course.is_directed;
        let (length, room) = ((end - entry).abs(), self.limit - distance);
        if length > room {
            let exit = if *end > entry { entry + room } else { entry - room };
            self.walked.push(Walked { course: number, entry, exit, distance, is_sure });
            return;
        }
        self.walked.push(Walked { course: number, entry, exit: *end, distance, is_sure });
        let (reached, node) = (distance + length, node(*at));
        if self.known.get(&node).is_none_or(|before| reached < *before) {
            self.known.insert(node, reached);
            self.queue.push(Waiting { distance: reached, node, course: number, from, vertex, is_sure });
        }
    }
}

/// The ways in which a course is followed.
fn ways(course: &Course, direction: Direction) -> &'static [Direction] {
    match direction {
        _ if !course.is_directed => &[Direction::Up, Direction::Down],
        Direction::Up => &[Direction::Up],
        Direction::Down => &[Direction::Down],
    }
}

/// The junction that the water comes to next from a place on a course.
fn next(course: &Course, along: f64, direction: Direction) -> Option<usize> {
    let metres = |vertex: &usize| course.along.get(*vertex).copied().unwrap_or(f64::NAN);
    match direction {
        Direction::Down => course.junctions.iter().copied().find(|vertex| metres(vertex) >= along),
        Direction::Up => course.junctions.iter().rev().copied().find(|vertex| metres(vertex) <= along),
    }
}

/// The junction after one on a course.
fn following(course: &Course, vertex: usize, direction: Direction) -> Option<usize> {
    match direction {
        Direction::Down => course.junctions.iter().copied().find(|other| *other > vertex),
        Direction::Up => course.junctions.iter().rev().copied().find(|other| *other < vertex),
    }
}

/// A junction to be visited; the nearest comes first out of the heap.
#[derive(Debug, PartialEq)]
struct Waiting {
    distance: f64,
    node: Node,
    course: usize,
    /// The vertex of the course from which it was come to.
    from: usize,
    vertex: usize,
    is_sure: bool,
}

impl Eq for Waiting {}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        other.distance.total_cmp(&self.distance).then_with(|| other.node.cmp(&self.node))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
