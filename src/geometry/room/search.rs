//! The places nearest to where a footprint stands from which it would stand clear: squares of places, nearest first,
//! dropped when wholly forbidden, halved while in doubt, solved exactly when small.

use super::barrier::Barriers;
use super::cell::{Cell, Found, Space};
use super::footprint::Footprint;
use super::leaf::{Circle, solve};
use geo::Coord;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// Half the side of the smallest squares, metres: these are solved by formula.
const SMALLEST: f64 = 0.5;

/// How far and how long to look.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Metres from where the footprint stands.
    pub distance: f64,
    /// Box for the anchor, lower and upper corner in the plane.
    pub within: (Coord, Coord),
}

/// A place from which the footprint stands clear.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Where its anchor is then, plane.
    pub at: Coord,
    /// Metres of the plane from where it was.
    pub distance: f64,
}

/// What a look for the next place comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// The nearest place left.
    Found(Place),
    /// None is nearer than asked for.
    Beyond,
    /// None is left within the limits: every square is forbidden or taken.
    Exhausted,
    /// Called off.
    Stopped,
}

#[derive(Debug, Clone)]
enum State {
    Unseen,
    Free,
    Solved(Coord),
}

#[derive(Debug, Clone)]
struct Entry {
    bound: f64,
    cell: Cell,
    edges: Arc<[u32]>,
    grounds_known: bool,
    state: State,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    /// The greatest is the nearest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound)
    }
}

/// A search that can be asked for one place after another.
#[derive(Debug)]
pub struct Search<'a> {
    space: Space<'a>,
    origin: Coord,
    limits: Limits,
    queue: BinaryHeap<Entry>,
    taken: Vec<Circle>,
    looked: u64,
    stopped: bool,
}

impl<'a> Search<'a> {
    /// Looks from the footprint's anchor outwards; `margin` is added to every reach.
    pub fn new(barriers: &'a Barriers, footprint: &'a Footprint, margin: f64, limits: Limits) -> Self {
        let space = Space { barriers, footprint, margin };
        let origin = footprint.anchor();
        let (low, high) = limits.within;
        let far = [low.x - origin.x, low.y - origin.y, high.x - origin.x, high.y - origin.y];
        let far = far.into_iter().map(f64::abs).fold(0.0, f64::max).min(limits.distance).clamp(1.0, 1e7);
        let mut half = SMALLEST;
        while half < far {
            half *= 2.0;
        }
        let cell = Cell { centre: origin, half };
        let edges = space.all_edges().into();
        let first = Entry { bound: 0.0, cell, edges, grounds_known: false, state: State::Unseen };
        let queue = BinaryHeap::from([first]);
        Search { space, origin, limits, queue, taken: Vec::new(), looked: 0, stopped: false }
    }

    /// Keeps away from a place from now on.
    pub fn keep_away(&mut self, from: Coord, metres: f64) {
        self.taken.push(Circle { centre: from, radius: metres });
    }

    /// Squares looked at so far.
    pub fn looked(&self) -> u64 {
        self.looked
    }

    /// The nearest place left that is no further than `limit` metres. It stays the nearest until it is kept away from.
    /// `go_on` is asked now and then.
    pub fn next(&mut self, limit: f64, go_on: &(dyn Fn() -> bool + Sync)) -> Step {
        let limit = limit.min(self.limits.distance);
        loop {
            if self.stopped {
                return Step::Stopped;
            }
            let Some(nearest) = self.queue.peek() else { return Step::Exhausted };
            if nearest.bound > limit {
                return if nearest.bound > self.limits.distance { Step::Exhausted } else { Step::Beyond };
            }
            if let Some(at) = self.settled(nearest) {
                return Step::Found(Place { at, distance: nearest.bound });
            }
            let Some(entry) = self.queue.pop() else { return Step::Exhausted };
            self.looked += 1;
            if self.looked.is_multiple_of(256) && !go_on() {
                self.stopped = true;
            }
            self.look(entry);
        }
    }

    /// The place that an entry stands for, when it needs no further look.
    fn settled(&self, entry: &Entry) -> Option<Coord> {
        let place = match entry.state {
            State::Unseen => return None,
            State::Free => entry.cell.nearest(self.origin),
            State::Solved(at) => at,
        };
        (!self.taken.iter().any(|circle| circle.encloses(place))).then_some(place)
    }

    fn look(&mut self, entry: Entry) {
        let cell = entry.cell;
        let is_taken = |circle: &Circle| cell.corners().iter().all(|corner| circle.encloses(*corner));
        if self.taken.iter().any(is_taken) {
            return;
        }
        let mut grounds_known = entry.grounds_known;
        let mut edges = entry.edges;
        if matches!(entry.state, State::Unseen) {
            let mut kept = Vec::new();
            match self.space.inspect(cell, &edges, &mut grounds_known, &mut kept) {
                Found::Blocked => return,
                Found::Free => {
                    let bound = distance(cell.nearest(self.origin), self.origin);
                    let state = State::Free;
                    self.queue.push(Entry { bound, cell, edges: Arc::from([]), grounds_known: true, state });
                    return;
                }
                Found::Open => edges = kept.into(),
            }
        }
        if cell.half <= SMALLEST {
            let place = solve(&self.space, cell, &edges, grounds_known, &self.taken, self.origin);
            if let Some(at) = place.filter(|at| self.is_within(*at)) {
                let bound = distance(at, self.origin);
                self.queue.push(Entry { bound, cell, edges, grounds_known, state: State::Solved(at) });
            }
            return;
        }
        for quarter in cell.quarters() {
            let bound = distance(quarter.nearest(self.origin), self.origin);
            let (low, high) = self.limits.within;
            let is_within = quarter.centre.x + quarter.half >= low.x
                && quarter.centre.y + quarter.half >= low.y
                && quarter.centre.x - quarter.half <= high.x
                && quarter.centre.y - quarter.half <= high.y;
            if !is_within || bound > self.limits.distance {
                continue;
            }
            let state = if matches!(entry.state, State::Free) { State::Free } else { State::Unseen };
            self.queue.push(Entry { bound, cell: quarter, edges: edges.clone(), grounds_known, state });
        }
    }

    fn is_within(&self, at: Coord) -> bool {
        let (low, high) = self.limits.within;
        low.x <= at.x && at.x <= high.x && low.y <= at.y && at.y <= high.y
    }
}

fn distance(one: Coord, other: Coord) -> f64 {
    libm::sqrt((one.x - other.x) * (one.x - other.x) + (one.y - other.y) * (one.y - other.y))
}
