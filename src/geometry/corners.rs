//! Corners of an overlay put back where they belong. The overlay works on a grid; a corner of its result is a corner of
//! the shapes, exactly, or lies where an edge of one crosses an edge of the other.

use super::overlay::Frame;
use super::track::{Bound, Track};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use i_overlay::core::overlay::ShapeType;
use i_overlay::core::solver::Solver;
use i_overlay::float::overlay::{FloatOverlay, OverlayOptions};
use i_overlay::i_float::adapter::FloatPointAdapter;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Rings one by one without their last points, metres.
pub(super) type Rings = Vec<Vec<[f64; 2]>>;

/// Two shapes on the grid of their overlay.
pub(super) struct Corners {
    frame: Frame,
    /// The rings of both, in metres, wound as they come.
    pub rings: [Rings; 2],
    adapter: FloatPointAdapter<[f64; 2], f64>,
    /// Every corner of the shapes by its place on the grid.
    known: HashMap<(i32, i32), Coord, BuildHasherDefault<Mixed>>,
}

/// Mixes the two numbers of a place; nobody chooses places so that they fall together.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_i32(i32::from(*byte)));
    }

    fn write_i32(&mut self, number: i32) {
        // the odd number next to 2⁶⁴ by the golden section
        self.0 = (self.0.rotate_left(29) ^ u64::from(number.cast_unsigned())).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}

impl Corners {
    /// Rings in degrees, closed; what has no three corners is left out.
    pub fn new(frame: Frame, shapes: [&[Vec<Coord>]; 2]) -> Corners {
        let rings = shapes.map(|rings| frame.rings_in(rings));
        let adapter = FloatPointAdapter::with_iter(rings.iter().flatten().flatten());
        let mut known =
            HashMap::with_capacity_and_hasher(rings.iter().flatten().map(Vec::len).sum(), Default::default());
        for (given, local) in shapes.into_iter().zip(&rings) {
            let given = given.iter().filter(|ring| ring.len() > 3).flat_map(|ring| ring.iter().skip(1));
            for (at, local) in given.zip(local.iter().flatten()) {
                let place = adapter.float_to_int(local);
                known.entry((place.x, place.y)).or_insert(*at);
            }
        }
        Corners { frame, rings, adapter, known }
    }

    /// All edges of both, ready to be overlaid.
    pub fn overlay(&self, options: OverlayOptions<f64>) -> FloatOverlay<[f64; 2], f64> {
        let [one, other] = &self.rings;
        FloatOverlay::new_custom(self.adapter.clone(), options, Solver::default(), self.known.len())
            .unsafe_add_source(one, ShapeType::Subject)
            .unsafe_add_source(other, ShapeType::Clip)
    }

    /// A result in degrees; where edges cross, looked for again in the edges when it shall be sharper than the grid.
    pub fn put_back(&self, result: &MultiPolygon, grid: f64, is_sharp: bool) -> MultiPolygon {
        let crossings = is_sharp.then(|| Crossings::new(&self.rings, grid));
        let place = |at: &Coord| {
            let on_grid = self.adapter.float_to_int(&[at.x, at.y]);
            let known = self.known.get(&(on_grid.x, on_grid.y)).copied();
            known.unwrap_or_else(|| {
                let sharp = crossings.as_ref().map_or(*at, |crossings| crossings.place(*at));
                self.frame.out_of_local(sharp)
            })
        };
        let ring = |ring: &LineString| LineString::new(ring.0.iter().map(place).collect());
        let polygon =
            |polygon: &Polygon| Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect());
        MultiPolygon(result.0.iter().map(polygon).collect())
    }
}

/// The edges of two shapes, to be asked which of them cross at a place.
struct Crossings {
    shapes: [Vec<Track>; 2],
    /// How far from its edges a corner may lie, metres.
    near: f64,
}

impl Crossings {
    fn new(rings: &[Rings; 2], grid: f64) -> Crossings {
        let track = |ring: &Vec<[f64; 2]>| {
            let corners = ring.iter().chain(ring.first());
            Track::new(corners.map(|[x, y]| Coord { x: *x, y: *y }).collect())
        };
        Crossings { shapes: [0, 1].map(|shape| rings[shape].iter().filter_map(track).collect()), near: 4.0 * grid }
    }

    fn place(&self, at: Coord) -> Coord {
        let near = self.near;
        let around = Bound::of(&[at]).grown(near, near);
        let mut nearest = [(near, None), (near, None)];
        for (rings, slot) in self.shapes.iter().zip(&mut nearest) {
            for ring in rings {
                ring.visit(&|run| run.meets(around), &mut |_, from, to| {
                    if !Bound::of(&[from, to]).meets(around) {
                        return;
                    }
                    let (ex, ey) = (to.x - from.x, to.y - from.y);
                    let (px, py) = (at.x - from.x, at.y - from.y);
                    let square = ex * ex + ey * ey;
                    let part = if square > 0.0 { ((px * ex + py * ey) / square).clamp(0.0, 1.0) } else { 0.0 };
                    let off = libm::hypot(px - part * ex, py - part * ey);
                    if off <= slot.0 {
                        *slot = (off, Some((from, to)));
                    }
                });
            }
        }
        let [(_, Some((p, q))), (_, Some((r, s)))] = nearest else { return at };
        let (ux, uy, vx, vy) = (q.x - p.x, q.y - p.y, s.x - r.x, s.y - r.y);
        let turn = ux * vy - uy * vx;
        let part = ((r.x - p.x) * vy - (r.y - p.y) * vx) / turn;
        let crossing = Coord { x: p.x + part * ux, y: p.y + part * uy };
        // edges that nearly run along each other cross nowhere for sure
        let moved = libm::hypot(crossing.x - at.x, crossing.y - at.y);
        if moved <= 1_000.0 * near { crossing } else { at }
    }
}
