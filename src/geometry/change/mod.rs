//! Ground before and after: what two sets of shapes cover together, each spot counted once, and what one covers that
//! the other does not. For sets of any size: the plane is quartered until a few thousand edges are left, so that each
//! piece is computed by itself, on all cores, on a grid of micrometres.
//!
//! Edges are straight in longitude and latitude. Vertices of the result are those that were given, bit by bit, except
//! where edges cross; areas are those on the ellipsoid. Each piece is held against itself: what was there is what
//! stayed and what went, what is there is what stayed and what came. A piece that does not balance is quartered again.

mod piece;
mod stitch;

use super::prepared::PreparedShape;
use super::track::Bound;
use geo::{Coord, MultiPolygon};
use piece::{Part, Piece, Side};
use rayon::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Areas of two sets of shapes, square metres on the ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Balance {
    /// Covered before.
    pub old: f64,
    /// Covered after.
    pub new: f64,
    /// Covered before and after.
    pub unchanged: f64,
    /// Covered before only.
    pub lost: f64,
    /// Covered after only.
    pub gained: f64,
}

impl Balance {
    fn add(&mut self, other: &Balance) {
        self.old += other.old;
        self.new += other.new;
        self.unchanged += other.unchanged;
        self.lost += other.lost;
        self.gained += other.gained;
    }

    /// How far "before is what stayed and what went" and "after is what stayed and what came" are off, square metres.
    pub fn error(&self) -> f64 {
        (self.old - self.unchanged - self.lost).abs().max((self.new - self.unchanged - self.gained).abs())
    }
}

/// Some of the shapes whose areas are wanted by themselves, by their places in the two sets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Group {
    /// Of the first set.
    pub old: Vec<u32>,
    /// Of the second set.
    pub new: Vec<u32>,
    /// Whether it is also wanted what of the ground lost is covered by nothing else, and what of the ground gained was.
    pub against_all: bool,
}

/// The areas of a group.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GroupBalance {
    /// Its own.
    pub own: Balance,
    /// Ground that it covered before and nothing covers after; zero unless asked for.
    pub uncovered: f64,
    /// Ground that it covers after and nothing covered before; zero unless asked for.
    pub newly_covered: f64,
}

impl GroupBalance {
    fn add(&mut self, other: &GroupBalance) {
        self.own.add(&other.own);
        self.uncovered += other.uncovered;
        self.newly_covered += other.newly_covered;
    }
}

/// What two sets of shapes have come to.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// All of them together.
    pub total: Balance,
    /// The groups, in the order asked for.
    pub groups: Vec<GroupBalance>,
    /// Ground covered before only.
    pub lost: MultiPolygon,
    /// Ground covered after only.
    pub gained: MultiPolygon,
    /// Pieces that could not be brought to balance; zero when every figure holds.
    pub doubtful: usize,
}

/// Edges of a piece that are computed at once.
const ENOUGH: usize = 1_500;
/// Quarterings at most: a piece of a city is then a few metres wide.
const DEEPEST: usize = 16;
/// A piece that is off by more cannot be relied on, square metres.
const DOUBTFUL: f64 = 5e-3;
/// Further quarterings of a piece that does not balance.
const RETRIES: usize = 3;

/// Compares two sets of shapes; lines and points count nothing. `watch` hears how much is done, 0…1, and says whether
/// to go on; `None` when it did not.
pub fn compare(
    old: &[&PreparedShape],
    new: &[&PreparedShape],
    groups: &[Group],
    watch: &(dyn Fn(f32) -> bool + Sync),
) -> Option<Change> {
    let sides = [(Side::Old, old), (Side::New, new)];
    let mut parts: Vec<Part> = Vec::new();
    let mut bound: Option<Bound> = None;
    for (side, shapes) in sides {
        for (place, shape) in (0..).zip(shapes).filter(|(_, shape)| shape.is_areal() && !shape.is_empty()) {
            bound = Some(bound.map_or(shape.bound(), |all| all.and(shape.bound())));
            let rings = shape.tracks().iter().map(|track| Part { side, place, ring: track.points().to_vec() });
            parts.extend(rings);
        }
    }
    let Some(bound) = bound else {
        let (nothing, groups) = (MultiPolygon(Vec::new()), vec![GroupBalance::default(); groups.len()]);
        return Some(Change { total: Balance::default(), groups, lost: nothing.clone(), gained: nothing, doubtful: 0 });
    };
    // a margin, so that nothing lies on the outermost sides
    let bound = bound.grown(1e-6, 1e-6);
    let members = Members::of(groups, old.len(), new.len());
    let edges: usize = parts.iter().map(|part| part.ring.len()).sum();
    let work = Work { groups, members: &members, watch, edges: edges.max(1) as f64, done: AtomicU64::new(0) };
    let found = work.divide(Piece { bound, parts }, 0, 0)?;
    let (lost, gained) =
        rayon::join(|| stitch::stitch(found.lost, &found.seams), || stitch::stitch(found.gained, &found.seams));
    Some(Change { total: found.total, groups: found.groups, lost, gained, doubtful: found.doubtful })
}

/// The groups of each shape.
struct Members {
    old: Vec<Vec<u32>>,
    new: Vec<Vec<u32>>,
}

impl Members {
    fn of(groups: &[Group], old: usize, new: usize) -> Self {
        let mut members = Members { old: vec![Vec::new(); old], new: vec![Vec::new(); new] };
        for (number, group) in (0..).zip(groups) {
            for (places, known) in [(&group.old, &mut members.old), (&group.new, &mut members.new)] {
                for place in places {
                    if let Some(of) = known.get_mut(*place as usize) {
                        of.push(number);
                    }
                }
            }
        }
        members
    }

    /// The groups of which something is in a piece, each once.
    fn present(&self, piece: &Piece) -> Vec<u32> {
        let of = |part: &Part| {
            let known = if part.side == Side::Old { &self.old } else { &self.new };
            known.get(part.place as usize).map(Vec::as_slice).unwrap_or_default()
        };
        let mut present: Vec<u32> = Vec::new();
        let mut last = None;
        for part in &piece.parts {
            // the rings of a shape stand together
            if last != Some((part.side, part.place)) {
                present.extend(of(part));
                last = Some((part.side, part.place));
            }
        }
        present.sort_unstable();
        present.dedup();
        present
    }
}

/// What is known of some pieces together.
#[derive(Debug, Default)]
struct Found {
    total: Balance,
    groups: Vec<GroupBalance>,
    lost: Vec<Vec<Vec<Coord>>>,
    gained: Vec<Vec<Vec<Coord>>>,
    seams: stitch::Seams,
    doubtful: usize,
}

impl Found {
    fn and(mut self, mut other: Found) -> Found {
        self.total.add(&other.total);
        if self.groups.is_empty() {
            self.groups = std::mem::take(&mut other.groups);
        }
        for (known, more) in self.groups.iter_mut().zip(&other.groups) {
            known.add(more);
        }
        self.lost.append(&mut other.lost);
        self.gained.append(&mut other.gained);
        self.seams.append(other.seams);
        self.doubtful += other.doubtful;
        self
    }
}

struct Work<'a> {
    groups: &'a [Group],
    members: &'a Members,
    watch: &'a (dyn Fn(f32) -> bool + Sync),
    edges: f64,
    done: AtomicU64,
}

impl Work<'_> {
    fn divide(&self, piece: Piece, depth: usize, retries: usize) -> Option<Found> {
        let edges = piece.edges();
        if edges == 0 {
            return Some(Found::default());
        }
        if edges > ENOUGH && depth < DEEPEST {
            return self.quarter(piece, depth, retries);
        }
        let found = self.settle(&piece);
        let covered = found.total.old + found.total.new;
        let error = found.groups.iter().map(|group| group.own.error()).fold(found.total.error(), f64::max);
        if error > 1e-3 + 1e-10 * covered && retries < RETRIES {
            return self.quarter(piece, depth, retries + 1);
        }
        let done = self.done.fetch_add(edges as u64, Ordering::Relaxed) + edges as u64;
        // pieces share what lies on their seams, so that a little more is done than there was
        let go_on = (self.watch)((done as f64 / self.edges).min(1.0) as f32);
        let doubtful = usize::from(error > DOUBTFUL + 1e-9 * covered);
        go_on.then_some(Found { doubtful, ..found })
    }

    fn quarter(&self, piece: Piece, depth: usize, retries: usize) -> Option<Found> {
        let (quarters, seams) = piece.quartered();
        let found: Option<Vec<Found>> =
            quarters.into_par_iter().map(|quarter| self.divide(quarter, depth + 1, retries)).collect();
        let all = found?.into_iter().fold(Found::default(), Found::and);
        Some(Found { seams: all.seams.with(seams), ..all })
    }

    /// Computes one piece.
    fn settle(&self, piece: &Piece) -> Found {
        let all: Vec<&Part> = piece.parts.iter().collect();
        let whole = piece.balance(&all, true);
        let mut groups = vec![GroupBalance::default(); self.groups.len()];
        for number in self.members.present(piece) {
            let Some((group, result)) = self.groups.get(number as usize).zip(groups.get_mut(number as usize)) else {
                continue;
            };
            let own: Vec<&Part> = all.iter().copied().filter(|part| group.holds(part)).collect();
            if own.len() == all.len() {
                let Balance { lost, gained, .. } = whole.balance;
                *result = GroupBalance { own: whole.balance, uncovered: lost, newly_covered: gained };
            } else {
                let balance = piece.balance(&own, false).balance;
                *result = GroupBalance { own: balance, uncovered: 0.0, newly_covered: 0.0 };
                if group.against_all {
                    // what others have in common with it on the other side
                    let against = |side: Side, lost: f64| {
                        if lost <= 0.0 {
                            return 0.0;
                        }
                        let of_one = |part: &&Part| if part.side == side { group.holds(part) } else { true };
                        let parts: Vec<&Part> = all.iter().copied().filter(of_one).collect();
                        let Balance { lost, gained, .. } = piece.balance(&parts, false).balance;
                        if side == Side::Old { lost } else { gained }
                    };
                    result.uncovered = against(Side::Old, balance.lost);
                    result.newly_covered = against(Side::New, balance.gained);
                }
            }
            if !group.against_all {
                (result.uncovered, result.newly_covered) = (0.0, 0.0);
            }
        }
        let seams = stitch::Seams::default();
        Found { total: whole.balance, groups, lost: whole.lost, gained: whole.gained, seams, doubtful: 0 }
    }
}

impl Group {
    fn holds(&self, part: &Part) -> bool {
        let places = if part.side == Side::Old { &self.old } else { &self.new };
        // groups are short, or sorted by whoever makes them long
        if places.len() < 8 { places.contains(&part.place) } else { places.binary_search(&part.place).is_ok() }
    }
}

#[cfg(test)]
mod tests;
