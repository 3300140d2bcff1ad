//! Pieces of one shape joined again, without the marks of the seams.

use super::piece::Grid;
use crate::geometry::track::Bound;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use std::collections::HashSet;

/// Meridians and parallels along which the plane was quartered, by the bits of their numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Seams {
    meridians: HashSet<u64>,
    parallels: HashSet<u64>,
}

impl Seams {
    /// With one more place where quarters meet.
    pub fn with(mut self, middle: Coord) -> Self {
        self.meridians.insert(middle.x.to_bits());
        self.parallels.insert(middle.y.to_bits());
        self
    }

    pub fn append(&mut self, other: Seams) {
        self.meridians.extend(other.meridians);
        self.parallels.extend(other.parallels);
    }

    fn hold(&self, at: Coord) -> bool {
        self.meridians.contains(&at.x.to_bits()) || self.parallels.contains(&at.y.to_bits())
    }
}

/// Thinner than this a corner on a seam is none, degrees: a hundredth of a millimetre.
const FLAT: f64 = 1e-10;

/// Joins polygons along the seams and drops the corners that only the seams made.
pub(super) fn stitch(polygons: Vec<Vec<Vec<Coord>>>, seams: &Seams) -> MultiPolygon {
    let bound = polygons.iter().flatten().map(|ring| Bound::of(ring)).reduce(Bound::and);
    let Some(bound) = bound else { return MultiPolygon(Vec::new()) };
    let is_cut = polygons.iter().flatten().flatten().any(|at| seams.hold(*at));
    let joined = if is_cut { Grid::join(bound, &polygons) } else { polygons };
    let polygons = joined.into_iter().filter_map(|rings| {
        let mut rings = rings.into_iter().filter_map(|ring| plain(&ring, seams)).map(LineString::new);
        let shell = rings.next()?;
        Some(Polygon::new(shell, rings.collect()))
    });
    MultiPolygon(polygons.collect())
}

/// A ring without corners that lie on a seam and on the line between their neighbours; `None` when nothing is left.
fn plain(ring: &[Coord], seams: &Seams) -> Option<Vec<Coord>> {
    let corners = ring.split_last().map(|(_, corners)| corners)?;
    let mut kept: Vec<Coord> = Vec::with_capacity(ring.len());
    for (number, at) in corners.iter().enumerate() {
        let before = kept.last().or(corners.last());
        let after = corners.get(number + 1).or(kept.first()).or(corners.first());
        let is_idle = seams.hold(*at) && before.zip(after).is_some_and(|(before, after)| is_flat(*before, *at, *after));
        if !is_idle {
            kept.push(*at);
        }
    }
    if kept.len() < 3 {
        return None;
    }
    kept.extend(kept.first().copied());
    Some(kept)
}

fn is_flat(before: Coord, at: Coord, after: Coord) -> bool {
    let (dx, dy) = (after.x - before.x, after.y - before.y);
    let length = libm::hypot(dx, dy);
    let turn = dx * (at.y - before.y) - (at.x - before.x) * dy;
    let runs_on = (at.x - before.x) * (after.x - at.x) + (at.y - before.y) * (after.y - at.y) >= 0.0;
    length > 0.0 && runs_on && turn.abs() / length < FLAT
}
