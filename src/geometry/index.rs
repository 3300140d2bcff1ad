//! Boxes under boxes: what lies nearest to a place is found without looking at what lies far.

use super::nearest::{gap, least, least_scale};
use super::track::{Bound, FAN};
use geo::Rect;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Boxes of things, packed by place.
#[derive(Debug, Clone, Default)]
pub struct BoxIndex {
    /// Number of each thing, in the order of the lowest level.
    things: Vec<u32>,
    levels: Vec<Vec<Bound>>,
}

impl BoxIndex {
    /// Packs boxes (degrees) with the numbers of their things: slices of one height by longitude, each sorted by
    /// latitude (sort-tile-recursive).
    pub fn new(boxes: impl IntoIterator<Item = (u32, Rect)>) -> BoxIndex {
        let mut boxes: Vec<(u32, Bound)> = boxes.into_iter().map(|(thing, rect)| (thing, rect.into())).collect();
        if boxes.is_empty() {
            return BoxIndex::default();
        }
        let runs = boxes.len().div_ceil(FAN);
        let slice = (runs as f64).sqrt().ceil() as usize * FAN;
        boxes.sort_by(|(_, one), (_, other)| one.centre().x.total_cmp(&other.centre().x));
        for slice in boxes.chunks_mut(slice) {
            slice.sort_by(|(_, one), (_, other)| one.centre().y.total_cmp(&other.centre().y));
        }
        let things = boxes.iter().map(|(thing, _)| *thing).collect();
        let mut levels: Vec<Vec<Bound>> = vec![boxes.into_iter().map(|(_, bound)| bound).collect()];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let next = below.chunks(FAN).map(|run| run.iter().copied().reduce(Bound::and));
            levels.push(next.flatten().collect());
        }
        BoxIndex { things, levels }
    }

    /// How many things it holds.
    pub fn len(&self) -> usize {
        self.things.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.things.is_empty()
    }

    /// The things in the order of the least distance that their boxes allow to anything in `around`, with that distance
    /// in metres.
    pub fn nearest_first(&self, around: Rect) -> NearestFirst<'_> {
        self.nearest_first_from(around, f64::INFINITY)
    }

    /// The same in the same order, quicker where nothing beyond a horizon (metres) is asked for.
    pub fn nearest_first_from(&self, around: Rect, horizon: f64) -> NearestFirst<'_> {
        let around: Bound = around.into();
        let mut open = BinaryHeap::with_capacity(64);
        let mut scale = (0.0, 0.0);
        if let Some((top, root)) =
            self.levels.iter().enumerate().next_back().and_then(|(top, level)| Some((top, level.first()?)))
        {
            scale = least_scale(around, *root);
            open.push(Open { least: gap(around, *root, scale), level: top, place: 0, is_exact: top > 0 });
        }
        NearestFirst { index: self, around, scale, open, horizon, beyond: Vec::new() }
    }
}

/// A box that was not looked into yet; on the lowest level, the box of a thing.
struct Open {
    least: f64,
    level: usize,
    place: usize,
    /// The distance is by the scale at the two boxes themselves.
    is_exact: bool,
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Open {}
impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Open {
    /// The nearest is the greatest, as the heap wants it; among equals the one first in the index.
    fn cmp(&self, other: &Self) -> Ordering {
        other.least.total_cmp(&self.least).then(other.level.cmp(&self.level)).then(other.place.cmp(&self.place))
    }
}

/// See [`BoxIndex::nearest_first`].
pub struct NearestFirst<'a> {
    index: &'a BoxIndex,
    around: Bound,
    scale: (f64, f64),
    open: BinaryHeap<Open>,
    horizon: f64,
    /// What lies beyond the horizon, in no order.
    beyond: Vec<Open>,
}

impl NearestFirst<'_> {
    fn push(&mut self, open: Open) {
        if open.least <= self.horizon {
            self.open.push(open);
        } else {
            self.beyond.push(open);
        }
    }

    fn pop(&mut self) -> Option<Open> {
        if self.open.is_empty() {
            self.horizon = f64::INFINITY;
            self.open = std::mem::take(&mut self.beyond).into();
        }
        self.open.pop()
    }
}

impl Iterator for NearestFirst<'_> {
    type Item = (f64, u32);

    fn next(&mut self) -> Option<(f64, u32)> {
        loop {
            let Open { least: known, level, place, is_exact } = self.pop()?;
            let Some(below) = level.checked_sub(1) else {
                if is_exact {
                    return Some((known, *self.index.things.get(place)?));
                }
                let bound = *self.index.levels.first()?.get(place)?;
                let least = least(self.around, bound).max(known);
                self.push(Open { least, level, place, is_exact: true });
                continue;
            };
            let boxes = self.index.levels.get(below).map_or(&[][..], Vec::as_slice);
            let start = place * FAN;
            for (place, bound) in boxes.iter().enumerate().skip(start).take(FAN) {
                let least = gap(self.around, *bound, self.scale).max(known);
                self.push(Open { least, level: below, place, is_exact: below > 0 || least == 0.0 });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Coord;

    fn boxes(count: u32) -> Vec<(u32, Rect)> {
        let roll = |number: u32, turn: u32| {
            let mixed = number.wrapping_mul(2_654_435_761).wrapping_add(turn.wrapping_mul(40_503)) ^ (number << 7);
            f64::from(mixed.wrapping_mul(2_246_822_519) >> 8) / f64::from(1 << 24)
        };
        (0..count)
            .map(|number| {
                let at = Coord { x: 119.5 + 1.2 * roll(number, 1), y: 31.0 + roll(number, 2) };
                let size = 0.02 * roll(number, 3);
                (number, Rect::new(at, Coord { x: at.x + size, y: at.y + size * roll(number, 4) }))
            })
            .collect()
    }

    #[test]
    fn things_come_in_the_order_of_a_look_at_all_of_them() {
        for count in [0, 1, 15, 16, 17, 300, 5_000] {
            let boxes = boxes(count);
            let index = BoxIndex::new(boxes.clone());
            assert_eq!((index.len(), index.is_empty()), (count as usize, count == 0));
            for step in 0..20 {
                let at = Coord { x: 119.4 + 0.08 * f64::from(step), y: 31.0 + 0.05 * f64::from(step) };
                let site = Rect::new(at, Coord { x: at.x + 0.003, y: at.y + 0.002 });
                let mut plain: Vec<f64> = boxes.iter().map(|(_, rect)| least(site.into(), (*rect).into())).collect();
                plain.sort_by(f64::total_cmp);
                let found: Vec<(f64, u32)> = index.nearest_first(site).collect();
                assert!(index.nearest_first_from(site, 20_000.0).eq(found.iter().copied()));
                assert_eq!(found.len(), plain.len());
                for ((least_found, thing), expected) in found.iter().zip(&plain) {
                    let own = least(site.into(), boxes[*thing as usize].1.into());
                    assert!((least_found - expected).abs() <= 1e-3 * expected, "{least_found} {expected}");
                    assert!(*least_found <= own * (1.0 + 1e-12) && own - least_found <= 1e-9 * own + 1e-9);
                }
            }
        }
    }
}
