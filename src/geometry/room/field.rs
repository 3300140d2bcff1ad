//! Every place of a grid: how far from what has to be kept clear of, or whether a footprint stands clear with its
//! anchor there. Blocks of places are halved while in doubt, so each value is that of the very place, not of a raster
//! of borders.

use super::barrier::Barriers;
use super::cell::{Cell, Found, Space};
use super::footprint::Footprint;
use geo::Coord;
use rayon::prelude::*;

/// Places in rows, south to north, in a plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Plane position of the first place: the middle of the south-western cell.
    pub first: Coord,
    /// Metres between places.
    pub cell: f64,
    /// Places in a row.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
}

/// Places on a side of the blocks that are looked at first.
const BLOCK: u32 = 128;

#[derive(Debug, Clone, Copy)]
struct Block {
    column: u32,
    row: u32,
    side: u32,
}

impl Grid {
    /// The grid over a box (plane) with cells of this size, but with at most so many places.
    pub fn over(low: Coord, high: Coord, cell: f64, most: u32) -> Self {
        let (width, height) = ((high.x - low.x).max(cell), (high.y - low.y).max(cell));
        let least = libm::sqrt(width * height / f64::from(most.max(1)));
        let cell = cell.max(least);
        let count = |length: f64| ((length / cell).ceil() as u32).max(1);
        let first = Coord { x: low.x + cell / 2.0, y: low.y + cell / 2.0 };
        Grid { first, cell, columns: count(width), rows: count(height) }
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where a place is.
    pub fn place(&self, column: u32, row: u32) -> Coord {
        Coord { x: self.first.x + f64::from(column) * self.cell, y: self.first.y + f64::from(row) * self.cell }
    }

    /// Lower and upper corner of all cells.
    pub fn corners(&self) -> (Coord, Coord) {
        let half = self.cell / 2.0;
        let last = self.place(self.columns.saturating_sub(1), self.rows.saturating_sub(1));
        (Coord { x: self.first.x - half, y: self.first.y - half }, Coord { x: last.x + half, y: last.y + half })
    }

    fn blocks(&self) -> Vec<Block> {
        let rows = (0..self.rows).step_by(BLOCK as usize);
        rows.flat_map(|row| {
            (0..self.columns).step_by(BLOCK as usize).map(move |column| Block { column, row, side: BLOCK })
        })
        .collect()
    }

    /// Middle of a block's places, and the distance from it of its furthest place.
    fn middle(&self, block: Block) -> (Coord, f64) {
        let half = f64::from(block.side - 1) / 2.0 * self.cell;
        let corner = self.place(block.column, block.row);
        (Coord { x: corner.x + half, y: corner.y + half }, half * std::f64::consts::SQRT_2)
    }

    /// Computes blocks on all cores and puts them together.
    fn fill<T: Copy + Default + Send>(&self, work: impl Fn(Block, &mut Patch<T>) + Sync) -> Vec<T> {
        let patches: Vec<Patch<T>> = self
            .blocks()
            .into_par_iter()
            .map(|block| {
                let mut patch = Patch {
                    column: block.column,
                    row: block.row,
                    columns: BLOCK.min(self.columns - block.column),
                    rows: BLOCK.min(self.rows - block.row),
                    values: Vec::new(),
                };
                patch.values = vec![T::default(); patch.columns as usize * patch.rows as usize];
                work(block, &mut patch);
                patch
            })
            .collect();
        let mut all = vec![T::default(); self.len()];
        let columns = self.columns as usize;
        for patch in &patches {
            let width = patch.columns as usize;
            for (number, row) in patch.values.chunks_exact(width).enumerate() {
                let start = (patch.row as usize + number) * columns + patch.column as usize;
                if let Some(place) = all.get_mut(start..start + width) {
                    place.copy_from_slice(row);
                }
            }
        }
        all
    }
}

/// The values of one block.
struct Patch<T> {
    column: u32,
    row: u32,
    columns: u32,
    rows: u32,
    values: Vec<T>,
}

impl<T: Copy> Patch<T> {
    fn set(&mut self, block: Block, value: T) {
        let (column, row) = (block.column - self.column, block.row - self.row);
        let end = (column + block.side).min(self.columns);
        for line in row..(row + block.side).min(self.rows) {
            let start = line as usize * self.columns as usize;
            if column < end
                && let Some(values) = self.values.get_mut(start + column as usize..start + end as usize)
            {
                values.fill(value);
            }
        }
    }

    fn holds(&self, block: Block) -> bool {
        block.column - self.column < self.columns && block.row - self.row < self.rows
    }
}

fn quarters(block: Block) -> [Block; 4] {
    let side = block.side / 2;
    [(0, 0), (side, 0), (0, side), (side, side)].map(|(column, row)| Block {
        column: block.column + column,
        row: block.row + row,
        side,
    })
}

/// Metres (ellipsoid) from each place to the first barrier beyond its reach; negative where that forbids the place, by
/// how much. Further than `most` is told as `most`.
pub fn distances(barriers: &Barriers, grid: &Grid, most: f64) -> Vec<f32> {
    let space = Space { barriers, footprint: &Footprint::point(), margin: 0.0 };
    let all = space.all_edges();
    if all.is_empty() {
        return vec![most as f32; grid.len()];
    }
    grid.fill(|block, patch| {
        let mut pile = Vec::with_capacity(4096);
        pile.extend_from_slice(&all);
        let whole = 0..pile.len();
        spread(&space, grid, block, None, whole, &mut pile, patch, most);
    })
}

/// One block: keeps the edges that may be the nearest to one of its places, and halves it.
#[allow(clippy::too_many_arguments)]
fn spread(
    space: &Space,
    grid: &Grid,
    block: Block,
    is_forbidden: Option<bool>,
    among: std::ops::Range<usize>,
    pile: &mut Vec<u32>,
    patch: &mut Patch<f32>,
    most: f64,
) {
    if !patch.holds(block) {
        return;
    }
    let (middle, radius) = grid.middle(block);
    let mut least = f64::INFINITY;
    let mut nearest_ground = f64::INFINITY;
    let mut values = Vec::with_capacity(among.len());
    for number in pile.get(among).unwrap_or_default() {
        let Some(edge) = space.edge(*number) else { continue };
        let distance = edge.distance(middle);
        let value = distance - edge.reach;
        least = least.min(value);
        if edge.bounds_ground {
            nearest_ground = nearest_ground.min(distance);
        }
        values.push((value, *number));
    }
    // a place is forbidden by a ground's inside when its middle is, unless a border runs between
    let is_forbidden =
        is_forbidden.or_else(|| (nearest_ground > radius || block.side == 1).then(|| space.barriers.forbids(middle)));
    if block.side == 1 {
        let value = if is_forbidden == Some(true) { -least.abs() } else { least };
        patch.set(block, (value / space.barriers.scale(middle)).min(most) as f32);
        return;
    }
    if is_forbidden == Some(false) && least - radius > most * 1.001 {
        patch.set(block, most as f32);
        return;
    }
    let start = pile.len();
    let keep = least + 2.0 * radius;
    // a border that may run through the block decides which side is forbidden, however near another edge's reach is
    pile.extend(values.into_iter().filter(|(value, _)| *value <= keep).map(|(_, number)| number));
    let end = pile.len();
    for quarter in quarters(block) {
        spread(space, grid, quarter, is_forbidden, start..end, pile, patch, most);
        pile.truncate(end);
    }
    pile.truncate(start);
}

/// Whether the footprint stands clear with its anchor at each place.
pub fn feasible(barriers: &Barriers, footprint: &Footprint, margin: f64, grid: &Grid) -> Vec<bool> {
    let space = Space { barriers, footprint, margin };
    let all = space.all_edges();
    grid.fill(|block, patch| {
        let mut pile = Vec::with_capacity(4096);
        pile.extend_from_slice(&all);
        let whole = 0..pile.len();
        sift(&space, grid, block, false, whole, &mut pile, patch);
    })
}

fn sift(
    space: &Space,
    grid: &Grid,
    block: Block,
    grounds_known: bool,
    among: std::ops::Range<usize>,
    pile: &mut Vec<u32>,
    patch: &mut Patch<bool>,
) {
    if !patch.holds(block) {
        return;
    }
    let (middle, radius) = grid.middle(block);
    let mut grounds_known = grounds_known;
    if block.side == 1 {
        let edges = pile.get(among).unwrap_or_default();
        patch.set(block, space.is_clear(middle, edges, grounds_known, 0.0));
        return;
    }
    let mut kept = Vec::new();
    let cell = Cell { centre: middle, half: radius / std::f64::consts::SQRT_2 };
    let found = space.inspect(cell, pile.get(among).unwrap_or_default(), &mut grounds_known, &mut kept);
    match found {
        Found::Blocked => {}
        Found::Free => patch.set(block, true),
        Found::Open => {
            let start = pile.len();
            pile.extend_from_slice(&kept);
            let end = pile.len();
            for quarter in quarters(block) {
                sift(space, grid, quarter, grounds_known, start..end, pile, patch);
                pile.truncate(end);
            }
            pile.truncate(start);
        }
    }
}
