//! Squares of anchors: whether a footprint stands clear from all of them, from none, or that cannot be told yet.

use super::barrier::{Barriers, Edge};
use super::footprint::Footprint;
use geo::Coord;

/// A square of places for the anchor.
#[derive(Debug, Clone, Copy)]
pub struct Cell {
    pub centre: Coord,
    /// Half its side.
    pub half: f64,
}

impl Cell {
    /// Half its diagonal: nothing in it is further from its centre.
    pub fn radius(self) -> f64 {
        self.half * std::f64::consts::SQRT_2
    }

    pub fn quarters(self) -> [Cell; 4] {
        let half = self.half / 2.0;
        [(-half, -half), (half, -half), (-half, half), (half, half)]
            .map(|(x, y)| Cell { centre: Coord { x: self.centre.x + x, y: self.centre.y + y }, half })
    }

    pub fn corners(self) -> [Coord; 4] {
        let Coord { x, y } = self.centre;
        let h = self.half;
        [(-h, -h), (h, -h), (h, h), (-h, h)].map(|(dx, dy)| Coord { x: x + dx, y: y + dy })
    }

    /// The place in it that is nearest to another.
    pub fn nearest(self, to: Coord) -> Coord {
        let clamp = |middle: f64, value: f64| value.clamp(middle - self.half, middle + self.half);
        Coord { x: clamp(self.centre.x, to.x), y: clamp(self.centre.y, to.y) }
    }

    pub fn holds(self, place: Coord) -> bool {
        (place.x - self.centre.x).abs() <= self.half + 1e-9 && (place.y - self.centre.y).abs() <= self.half + 1e-9
    }
}

/// What is known of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// From nowhere in it does the footprint stand clear.
    Blocked,
    /// From everywhere.
    Free,
    /// Not told yet.
    Open,
}

/// A footprint among barriers.
#[derive(Debug, Clone, Copy)]
pub struct Space<'a> {
    pub barriers: &'a Barriers,
    pub footprint: &'a Footprint,
    /// Metres added to every reach.
    pub margin: f64,
}

impl Space<'_> {
    pub fn edge(&self, number: u32) -> Option<&Edge> {
        self.barriers.edges.get(number as usize)
    }

    pub fn all_edges(&self) -> Vec<u32> {
        (0..u32::try_from(self.barriers.edges.len()).unwrap_or(u32::MAX)).collect()
    }

    /// Looks at a cell. `among` are the edges that may matter, those that still do are put into `kept`; once it is
    /// known that the grounds themselves (their insides, as against their edges) do not forbid the cell,
    /// `grounds_known` says so.
    pub fn inspect(&self, cell: Cell, among: &[u32], grounds_known: &mut bool, kept: &mut Vec<u32>) -> Found {
        let (centre, radius) = (cell.centre, cell.radius());
        let start = kept.len();
        let bound = self.footprint.bound;
        let (west, east) = (centre.x - cell.half + bound.west, centre.x + cell.half + bound.east);
        let (south, north) = (centre.y - cell.half + bound.south, centre.y + cell.half + bound.north);
        let mut is_crossed = false;
        for number in among {
            let Some(edge) = self.edge(*number) else { continue };
            let keep = edge.reach + self.margin;
            if edge.from.x.max(edge.to.x) + keep < west
                || edge.from.x.min(edge.to.x) - keep > east
                || edge.from.y.max(edge.to.y) + keep < south
                || edge.from.y.min(edge.to.y) - keep > north
            {
                continue;
            }
            let mut matters = false;
            for piece in &self.footprint.pieces {
                let gap = piece.gap(centre, edge);
                if gap - radius > keep {
                    continue;
                }
                let gap = if gap > 0.0 && gap + radius <= keep { piece.distance(centre, edge) } else { gap };
                if gap + radius <= keep {
                    kept.truncate(start);
                    return Found::Blocked;
                }
                matters = true;
            }
            if !matters {
                continue;
            }
            kept.push(*number);
            if !*grounds_known && !is_crossed && edge.bounds_ground {
                is_crossed = self.footprint.seeds.iter().any(|seed| edge.distance(*seed + centre) <= radius);
            }
        }
        if !*grounds_known && !is_crossed {
            if self.stands_on_forbidden(centre) {
                kept.truncate(start);
                return Found::Blocked;
            }
            *grounds_known = true;
        }
        if *grounds_known && kept.len() == start { Found::Free } else { Found::Open }
    }

    fn stands_on_forbidden(&self, at: Coord) -> bool {
        self.footprint.seeds.iter().any(|seed| self.barriers.forbids(*seed + at))
    }

    /// Whether the footprint stands clear with its anchor there, to so many metres.
    pub fn is_clear(&self, at: Coord, among: &[u32], grounds_known: bool, slack: f64) -> bool {
        let meets = |edge: &Edge| {
            let keep = edge.reach + self.margin - slack;
            self.footprint.pieces.iter().any(|piece| piece.gap(at, edge) < keep && piece.signed(at, edge) < keep)
        };
        !among.iter().filter_map(|number| self.edge(*number)).any(meets)
            && (grounds_known || !self.stands_on_forbidden(at))
    }
}
