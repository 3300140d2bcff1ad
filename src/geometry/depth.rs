//! How deep ground lies inside a border: the greatest distance from a point of it to the border, found by dividing the
//! ground into triangles or squares, the most promising first.

use super::overlay::Frame;
use super::prepared::PreparedShape;
use super::track::{Bound, Track, high, low};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use i_triangle::float::triangulatable::Triangulatable;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;

/// How deep ground lies inside a border.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Depth {
    /// Metres from the deepest point found to the border.
    pub metres: f64,
    /// No point lies deeper than this much more, metres.
    pub within: f64,
    /// The deepest point found.
    pub at: Coord,
}

impl Depth {
    /// The greatest depth that is possible.
    pub fn at_most(self) -> f64 {
        self.metres + self.within
    }
}

/// Until when a depth is looked for.
#[derive(Debug, Clone, Copy)]
struct Closeness {
    /// Known to this share of it,
    share: f64,
    /// or to so many metres.
    metres: f64,
    /// Looks at the border spent on it; what is open then is told by [`Depth::within`].
    looks: usize,
}

const USUAL: Closeness = Closeness { share: 1e-2, metres: 0.01, looks: 600 };
/// Where a hundredth decides.
const CLOSE: Closeness = Closeness { share: 1e-6, metres: 1e-4, looks: 6_000 };
/// For ground of millimetres.
const THIN: Closeness = Closeness { metres: 1e-4, ..USUAL };
/// Up to so many corners the ground is always divided into triangles; and always when it fills less than this share of
/// its box.
const FEW: usize = 24;
const COMPACT: f64 = 0.1;
/// Corners of the ground that are kept; more are thinned out, by what is then added to [`Depth::within`].
const CORNERS: usize = 400;

/// How deep the deepest point of some ground lies from the border of a shape, in metres of the place (true to 10⁻³ over
/// half a degree of latitude). `None` where there is no ground or no border.
pub fn depth(ground: &MultiPolygon, border: &PreparedShape) -> Option<Depth> {
    depth_to(ground, border, &USUAL)
}

/// The same, looked for further where it is open whether it is more than a limit.
pub fn depth_against(ground: &MultiPolygon, border: &PreparedShape, limit: f64) -> Option<Depth> {
    let found = depth(ground, border)?;
    let is_open = found.metres <= limit && limit < found.at_most();
    if is_open { depth_to(ground, border, &CLOSE) } else { Some(found) }
}

/// How wide ground is where it is widest, metres: the circle found that fits into it.
pub(super) fn widest(ground: Polygon) -> f64 {
    let ground = MultiPolygon(vec![ground]);
    let border = PreparedShape::of_sound_polygons(ground.clone());
    depth_to(&ground, &border, &THIN).map_or(0.0, |depth| 2.0 * depth.metres)
}

fn depth_to(ground: &MultiPolygon, border: &PreparedShape, closeness: &Closeness) -> Option<Depth> {
    let bound = Bound::of_rings(ground)?;
    if border.is_empty() {
        return None;
    }
    let frame = Frame::at(bound.centre());
    let border = Border { tracks: border.tracks(), frame };
    let rings = || ground.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let first = frame.into_local(rings().find_map(|ring| ring.0.first()).copied()?);
    let corners: usize = rings().map(|ring| ring.0.len()).sum();
    let sides = frame.sides(bound);
    // triangles know thin ground at once, squares are quicker where many corners lie round much ground
    if corners > FEW && frame.enclosed(ground) > COMPACT * sides.0 * sides.1 {
        let tracks: Vec<Track> = rings().filter_map(|ring| Track::new(ring.0.clone())).collect();
        let inside = Border { tracks: &tracks, frame };
        Search::new(&border, Some(&inside), first, *closeness).run(squares(bound, frame), 0.0)
    } else {
        let (triangles, thinned) = triangles(ground, frame, bound);
        let mut search = Search::new(&border, None, first, *closeness);
        search.try_corners(rings().flat_map(|ring| ring.0.iter().skip(1)).take(FEW).map(|at| frame.into_local(*at)));
        search.run(triangles, thinned)
    }
}

/// The box of the ground in squares as wide as its shorter side.
fn squares(bound: Bound, frame: Frame) -> Vec<Cell> {
    let low = frame.into_local(Coord { x: bound.west, y: bound.south });
    let (across, along) = frame.sides(bound);
    let side = across.min(along).max(across.max(along) / 16.0).max(f64::MIN_POSITIVE);
    let steps = |length: f64| (0..((length / side).ceil().clamp(1.0, 64.0) as u32)).map(f64::from);
    let square =
        |(column, row): (f64, f64)| Cell::square(Coord { x: low.x + column * side, y: low.y + row * side }, side);
    steps(across).flat_map(|column| steps(along).map(move |row| (column, row))).map(square).collect()
}

/// Metres from a place to the border of a shape.
pub(super) fn to_border(shape: &PreparedShape, place: Coord) -> f64 {
    let border = Border { tracks: shape.tracks(), frame: Frame::at(place) };
    border.nearest(Coord { x: 0.0, y: 0.0 }, None).0
}

/// The ground as triangles in metres, and by how much its corners may have moved.
fn triangles(ground: &MultiPolygon, frame: Frame, bound: Bound) -> (Vec<Cell>, f64) {
    let rings = ground.0.iter().map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let mut shapes: Vec<Vec<Vec<[f64; 2]>>> =
        rings.map(|rings| rings.map(|ring| frame.open_ring(ring)).collect()).collect();
    let mut thinned = 0.0;
    let corners = |shapes: &[Vec<Vec<[f64; 2]>>]| shapes.iter().flatten().map(Vec::len).sum::<usize>();
    let mut step = frame.size_of(bound) / 4_096.0;
    while corners(&shapes) > CORNERS && step < frame.size_of(bound) {
        shapes.iter_mut().flatten().for_each(|ring| thin(ring, step));
        thinned += step;
        step *= 2.0;
    }
    let mut found = Vec::new();
    for shape in shapes {
        if let [ring] = shape.as_slice()
            && is_convex(ring)
        {
            let at = |number: usize| ring.get(number).map_or(Coord::default(), |[x, y]| Coord { x: *x, y: *y });
            found.extend((2..ring.len()).map(|number| Cell::triangle([at(0), at(number - 1), at(number)])));
            continue;
        }
        let shape: Vec<Vec<[f64; 2]>> = shape.into_iter().filter(|ring| ring.len() > 2).collect();
        if shape.is_empty() {
            continue;
        }
        let net = shape.triangulate().to_triangulation::<u32>();
        let at = |number: &u32| net.points.get(*number as usize).map(|[x, y]| Coord { x: *x, y: *y });
        found.extend(net.indices.chunks_exact(3).filter_map(|corners| match corners {
            [a, b, c] => Some(Cell::triangle([at(a)?, at(b)?, at(c)?])),
            _ => None,
        }));
    }
    (found, thinned)
}

impl Frame {
    /// A ring in metres without its last point, which repeats the first.
    pub(super) fn open_ring(self, ring: &LineString) -> Vec<[f64; 2]> {
        let mut points: Vec<[f64; 2]> = ring.0.iter().map(|at| self.into_local(*at)).map(|at| [at.x, at.y]).collect();
        if points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        points
    }
}

/// Leaves out points that lie nearer than `step` to the last one kept.
fn thin(ring: &mut Vec<[f64; 2]>, step: f64) {
    let mut last = [f64::INFINITY; 2];
    ring.retain(|at| {
        let keeps = libm::hypot(at[0] - last[0], at[1] - last[1]) >= step || !last[0].is_finite();
        if keeps {
            last = *at;
        }
        keeps
    });
}

fn is_convex(ring: &[[f64; 2]]) -> bool {
    let count = ring.len();
    let mut turned = 0.0;
    for number in 0..count {
        let at = |step: usize| ring.get((number + step) % count).copied().unwrap_or_default();
        let ([ax, ay], [bx, by], [cx, cy]) = (at(0), at(1), at(2));
        let turn = (bx - ax) * (cy - by) - (by - ay) * (cx - bx);
        if turn < 0.0 {
            return false;
        }
        let (ux, uy, vx, vy) = (bx - ax, by - ay, cx - bx, cy - by);
        turned += libm::atan2(turn, ux * vx + uy * vy);
        // a ring that winds twice turns left at every corner, too
        if turned > 7.0 {
            return false;
        }
    }
    count > 2
}

/// Two ends, metres.
type Edge = (Coord, Coord);

/// A border in degrees, asked in metres.
struct Border<'a> {
    tracks: &'a [Track],
    frame: Frame,
}

impl Border<'_> {
    /// Distance to the nearest edge of the border, and that edge; quicker where an edge is known that is not far.
    fn nearest(&self, place: Coord, known: Option<Edge>) -> (f64, Edge) {
        let known = known.map(|edge| (to_edge_square(place, edge), edge));
        let mut nearest = known.unwrap_or((f64::INFINITY, (place, place)));
        let at = self.frame.out_of_local(place);
        for track in self.tracks {
            if self.frame.gap_square(track.bound(), at) < nearest.0 {
                track.nearest_under(track.root(), at, place, self.frame, &mut nearest);
            }
        }
        (nearest.0.sqrt(), nearest.1)
    }

    /// The same to be asked again.
    fn nearest_at_hand(&self, place: Coord, known: Option<&AtHand>) -> (f64, AtHand) {
        let (metres, edge) = self.nearest(place, known.map(|known| known.edge));
        (metres, AtHand::new(edge))
    }

    /// Adds the edges no farther from a place than so many metres; not when these may be more than pays.
    fn collect(&self, place: Coord, metres: f64, edges: &mut Vec<AtHand>) -> bool {
        let (at, most) = (self.frame.out_of_local(place), metres * metres);
        let near = |bound: Bound| self.frame.gap_square(bound, at) <= most;
        let count = std::cell::Cell::new(0);
        let is_few = || count.get() <= 2 * AT_HAND;
        for track in self.tracks {
            let mut add = |run| count.set(count.get() + track.edges_under(run).len());
            track.visit_runs(&|bound| is_few() && near(bound), &mut add);
        }
        if !is_few() {
            return false;
        }
        for track in self.tracks {
            track.visit(&near, &mut |_, from, to| {
                let edge = AtHand::new((self.frame.into_local(from), self.frame.into_local(to)));
                if edge.square(place) <= most {
                    edges.push(edge);
                }
            });
        }
        true
    }

    /// Whether a place lies inside, for the border of ground.
    fn encloses(&self, place: Coord) -> bool {
        let at = self.frame.out_of_local(place);
        self.tracks.iter().map(|ring| ring.winding(at)).sum::<i32>() > 0
    }
}

/// A triangle of the ground, or a square that may reach over it.
#[derive(Debug, Clone, Copy)]
struct Cell {
    corners: [Coord; 4],
    is_square: bool,
}

impl Cell {
    fn triangle([a, b, c]: [Coord; 3]) -> Cell {
        Cell { corners: [a, b, c, c], is_square: false }
    }

    fn square(low: Coord, side: f64) -> Cell {
        let at = |x, y| Coord { x: low.x + x, y: low.y + y };
        Cell { corners: [at(0.0, 0.0), at(side, 0.0), at(side, side), at(0.0, side)], is_square: true }
    }

    fn middle(&self) -> Coord {
        let [a, b, c, d] = self.corners;
        if self.is_square {
            Coord { x: (a.x + c.x) / 2.0, y: (a.y + c.y) / 2.0 }
        } else {
            Coord { x: (a.x + b.x + d.x) / 3.0, y: (a.y + b.y + d.y) / 3.0 }
        }
    }

    /// From the middle to the corner that is farthest from it.
    fn radius(&self) -> f64 {
        let middle = self.middle();
        let square = |at: &Coord| (at.x - middle.x) * (at.x - middle.x) + (at.y - middle.y) * (at.y - middle.y);
        self.corners.iter().map(square).fold(0.0, high).sqrt()
    }

    /// The most that the lesser of two convex functions may be in the cell, by their values at its corners: where neither
    /// is more than the straight line between them, in a triangle.
    fn most_of_both(&self, one: [f64; 4], other: [f64; 4]) -> f64 {
        let least = |corner: usize| low(one[corner], other[corner]);
        let along = |[from, to]: [usize; 2]| {
            let (before, after) = (one[from] - other[from], one[to] - other[to]);
            if before * after >= 0.0 {
                return 0.0;
            }
            one[from] + (one[to] - one[from]) * before / (before - after)
        };
        let sides: &[[usize; 2]] =
            if self.is_square { &[[0, 1], [1, 2], [2, 3], [3, 0], [0, 2]] } else { &[[0, 1], [1, 2], [2, 0]] };
        let at_corners = (0..4).map(least).fold(0.0, high);
        sides.iter().copied().map(along).fold(at_corners, high)
    }

    /// The most that the distance to a border with these edges may be in the cell, the first of them the nearest.
    fn most_by(&self, edges: &[AtHand; EDGES]) -> f64 {
        let to_corners = |edge: &AtHand| self.corners.map(|corner| edge.square(corner).sqrt());
        let [first, others @ ..] = edges;
        let nearest = to_corners(first);
        let others = others.iter().filter(|other| other.edge != first.edge);
        others.map(|other| self.most_of_both(nearest, to_corners(other))).fold(f64::INFINITY, low)
    }

    /// The most that the distance to an edge is in it, squared: the distance is a convex function.
    fn farthest_square(&self, edge: &AtHand) -> f64 {
        self.corners.iter().map(|corner| edge.square(*corner)).fold(0.0, high)
    }

    /// The square in four, the triangle in two across its longest side.
    fn parts(&self) -> ([Cell; 4], usize) {
        let [a, b, c, _] = self.corners;
        if self.is_square {
            let side = (b.x - a.x) / 2.0;
            let part = |x: f64, y: f64| Cell::square(Coord { x: a.x + x * side, y: a.y + y * side }, side);
            return ([part(0.0, 0.0), part(1.0, 0.0), part(1.0, 1.0), part(0.0, 1.0)], 4);
        }
        let square = |a: Coord, b: Coord| (b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y);
        let (ab, bc, ca) = (square(a, b), square(b, c), square(c, a));
        let (from, to, tip) = if ab >= bc && ab >= ca {
            (a, b, c)
        } else if bc >= ca {
            (b, c, a)
        } else {
            (c, a, b)
        };
        let middle = Coord { x: (from.x + to.x) / 2.0, y: (from.y + to.y) / 2.0 };
        let (one, other) = (Cell::triangle([from, middle, tip]), Cell::triangle([middle, to, tip]));
        ([one, other, other, other], 2)
    }
}

/// Edges kept with a cell.
const EDGES: usize = 3;
/// Edges that are kept at hand for a cell, all that may be nearest somewhere in it; where more may be, the border is asked.
const AT_HAND: usize = 64;

/// An edge that is asked about again and again.
#[derive(Debug, Clone, Copy)]
struct AtHand {
    edge: Edge,
    /// One by the square of its length.
    inverse: f64,
}

impl AtHand {
    fn new((from, to): Edge) -> AtHand {
        let (ex, ey) = (to.x - from.x, to.y - from.y);
        AtHand { edge: (from, to), inverse: 1.0 / (ex * ex + ey * ey) }
    }

    /// Its distance squared from a place: the many divisions would take the most time.
    #[inline]
    fn square(&self, place: Coord) -> f64 {
        let (from, to) = self.edge;
        let (ex, ey) = (to.x - from.x, to.y - from.y);
        let (px, py) = (place.x - from.x, place.y - from.y);
        // an edge without length has no part, which is no number and comes to 0
        let part = low(high((px * ex + py * ey) * self.inverse, 0.0), 1.0);
        let (dx, dy) = (px - part * ex, py - part * ey);
        dx * dx + dy * dy
    }
}

/// A cell to be divided, with what is known of the border there.
#[derive(Debug, Clone)]
struct Known {
    cell: Cell,
    /// The edges that were nearest to its middle and to those of the cells that it is part of, the nearest first.
    edges: [AtHand; EDGES],
    at_hand: Range<usize>,
}

/// An edge before those known, each once.
fn with(edge: AtHand, known: Option<&[AtHand; EDGES]>) -> [AtHand; EDGES] {
    let mut edges = [edge; EDGES];
    let others = known.into_iter().flatten().copied().filter(|other| other.edge != edge.edge);
    edges.iter_mut().skip(1).zip(others).for_each(|(slot, other)| *slot = other);
    edges
}

/// A cell with what is known of it: no point of it lies deeper than `most`.
struct Candidate {
    most: f64,
    /// Its place among the cells.
    cell: usize,
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Candidate {}
impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Candidate {
    /// Among equals the one made first.
    fn cmp(&self, other: &Self) -> Ordering {
        self.most.total_cmp(&other.most).then(other.cell.cmp(&self.cell))
    }
}

/// What a search fills, kept by its thread for the next one.
#[derive(Default)]
struct Found {
    open: BinaryHeap<Candidate>,
    cells: Vec<Known>,
    /// Edges at hand for the cells, and their distances squared from the middle last looked at.
    edges: Vec<AtHand>,
    squares: Vec<f64>,
    /// Cells that were not kept, with the most that they may reach as first seen.
    aside: Vec<(f64, Cell, [AtHand; EDGES])>,
}

impl Found {
    /// Emptied; what grew far beyond the usual is given back.
    fn emptied(mut self) -> Found {
        if self.edges.capacity() > 1 << 14 {
            return Found::default();
        }
        self.open.clear();
        self.cells.clear();
        self.edges.clear();
        self.aside.clear();
        self
    }
}

thread_local! {
    static KEPT: std::cell::Cell<Option<Found>> = const { std::cell::Cell::new(None) };
}

struct Search<'a> {
    border: &'a Border<'a>,
    /// The ground itself, where cells may reach over it.
    inside: Option<&'a Border<'a>>,
    found: Found,
    best: (f64, Coord),
    /// The most that a cell that was not kept may reach.
    passed: f64,
    looks: usize,
    closeness: Closeness,
}

impl<'a> Search<'a> {
    fn new(border: &'a Border, inside: Option<&'a Border>, first: Coord, closeness: Closeness) -> Search<'a> {
        let (depth, _) = border.nearest(first, None);
        Search {
            border,
            inside,
            found: KEPT.take().unwrap_or_default(),
            best: (depth, first),
            passed: 0.0,
            looks: 1,
            closeness,
        }
    }

    /// Looks at corners of the ground: often it is deepest at one of them.
    fn try_corners(&mut self, corners: impl Iterator<Item = Coord>) {
        let mut known = None;
        for corner in corners {
            // no farther from the edge that was nearest last than the deepest so far: it is no deeper
            if known.is_some_and(|edge| to_edge_square(corner, edge) <= self.best.0 * self.best.0) {
                continue;
            }
            let (depth, edge) = self.border.nearest(corner, known);
            known = Some(edge);
            self.offer(depth, corner);
        }
    }

    fn run(mut self, cells: Vec<Cell>, thinned: f64) -> Option<Depth> {
        let mut edges = None;
        let at_hand = self.at_hand_of_all(&cells);
        for cell in cells {
            edges = Some(self.look(cell, f64::INFINITY, edges.as_ref(), &at_hand));
        }
        let mut most = self.best.0;
        while let Some(candidate) = self.found.open.pop() {
            most = candidate.most.max(self.best.0);
            if candidate.most <= self.enough() || self.looks >= self.closeness.looks {
                break;
            }
            most = self.best.0;
            let Some(Known { cell, edges, at_hand }) = self.found.cells.get(candidate.cell).cloned() else { break };
            if !cell.is_square {
                self.try_deepest(cell, &edges[0], &at_hand);
            }
            let (parts, count) = cell.parts();
            for part in parts.into_iter().take(count) {
                self.look(part, candidate.most, Some(&edges), &at_hand);
            }
        }
        // what was not kept was within what is enough when it was looked at; here it is told how far within
        for (alone, cell, edges) in &self.found.aside {
            if *alone > self.passed {
                self.passed = self.passed.max(low(*alone, cell.most_by(edges)));
            }
        }
        KEPT.set(Some(self.found.emptied()));
        let most = most.max(self.passed);
        let (metres, place) = self.best;
        metres.is_finite().then(|| Depth {
            metres,
            within: (most - metres).max(0.0) + thinned,
            at: self.border.frame.out_of_local(place),
        })
    }

    /// Looks at the corner of a long cell where the border would be farthest: the deepest place of a strip lies on its
    /// side, where the middle of no cell comes.
    fn try_deepest(&mut self, cell: Cell, edge: &AtHand, at_hand: &Range<usize>) {
        if cell.radius() < 2.0 * self.best.0 {
            return;
        }
        let by_depth = |one: &&Coord, other: &&Coord| edge.square(**one).total_cmp(&edge.square(**other));
        if let Some(corner) = cell.corners.iter().max_by(by_depth) {
            let (depth, _) = self.nearest(*corner, Some(edge), at_hand);
            self.offer(depth, *corner);
        }
    }

    /// Distance to the nearest edge of the border from a place in a cell, and that edge; of the edges at hand, where
    /// there are any.
    fn nearest(&self, place: Coord, known: Option<&AtHand>, at_hand: &Range<usize>) -> (f64, AtHand) {
        let edges = self.found.edges.get(at_hand.clone()).unwrap_or_default();
        if edges.is_empty() {
            return self.border.nearest_at_hand(place, known);
        }
        least(place, known, edges, edges.iter().map(|edge| edge.square(place)))
    }

    /// The same for the middle of a cell: how far the edges at hand are from it is kept.
    fn nearest_to_middle(&mut self, place: Coord, known: Option<&AtHand>, at_hand: &Range<usize>) -> (f64, AtHand) {
        let Found { edges, squares, .. } = &mut self.found;
        let edges = edges.get(at_hand.clone()).unwrap_or_default();
        if edges.is_empty() {
            return self.border.nearest_at_hand(place, known);
        }
        squares.clear();
        squares.extend(edges.iter().map(|edge| edge.square(place)));
        least(place, known, edges, squares.iter().copied())
    }

    /// The edges that may be nearest somewhere in a cell about the middle last looked at, of those at hand before: no
    /// point of the cell is farther from the border than its middle and its radius together.
    fn at_hand(&mut self, middle: Coord, depth: f64, across: f64, before: &Range<usize>) -> Range<usize> {
        let within = (depth + 2.0 * across) * (1.0 + 1e-9);
        let start = self.found.edges.len();
        if before.is_empty() {
            return if self.border.collect(middle, within, &mut self.found.edges) {
                start..self.found.edges.len()
            } else {
                0..0
            };
        }
        let most = within * within;
        if self.found.squares.iter().all(|square| *square <= most) {
            return before.clone();
        }
        for (number, square) in before.clone().zip(&self.found.squares) {
            if *square <= most
                && let Some(edge) = self.found.edges.get(number).copied()
            {
                self.found.edges.push(edge);
            }
        }
        start..self.found.edges.len()
    }

    /// The same for all cells together.
    fn at_hand_of_all(&mut self, cells: &[Cell]) -> Range<usize> {
        let Some(bound) = cells.iter().map(|cell| Bound::of(&cell.corners)).reduce(Bound::and) else { return 0..0 };
        let middle = bound.centre();
        let across = libm::hypot(bound.east - middle.x, bound.north - middle.y);
        let (depth, _) = self.border.nearest(middle, None);
        self.at_hand(middle, depth, across, &(0..0))
    }

    /// Deeper than the deepest point found by less than what matters.
    fn enough(&self) -> f64 {
        self.best.0 + (self.closeness.share * self.best.0).max(self.closeness.metres)
    }

    /// Nowhere in the cell is the distance to an edge greater than at one of its corners; and the border is at least as
    /// near as that edge, and as another.
    fn look(
        &mut self,
        cell: Cell,
        at_most: f64,
        known: Option<&[AtHand; EDGES]>,
        at_hand: &Range<usize>,
    ) -> [AtHand; EDGES] {
        let enough = self.enough();
        if let Some(edges) = known
            && cell.farthest_square(&edges[0]) <= enough * enough
        {
            self.found.aside.push((cell.farthest_square(&edges[0]).sqrt(), cell, *edges));
            return *edges;
        }
        let middle = cell.middle();
        let across = cell.radius();
        let (depth, edge) = self.nearest_to_middle(middle, known.map(|[edge, ..]| edge), at_hand);
        let edges = with(edge, known);
        match self.inside.filter(|ground| !ground.encloses(middle)) {
            None => self.offer(depth, middle),
            Some(ground) => {
                // a square about a place outside: its nearest ground stands for it, unless all ground is beyond it
                let (off, (from, to)) = ground.nearest(middle, None);
                if off > across {
                    return edges;
                }
                let place = on_edge(middle, from, to);
                let (depth, _) = self.nearest(place, Some(&edge), at_hand);
                self.offer(depth, place);
            }
        }
        let enough = self.enough();
        let alone = low(low(cell.farthest_square(&edge).sqrt(), at_most), depth + across);
        if alone <= enough {
            self.found.aside.push((alone, cell, edges));
            return edges;
        }
        let most = low(alone, cell.most_by(&edges));
        if most > enough {
            let at_hand = self.at_hand(middle, depth, across, at_hand);
            self.found.open.push(Candidate { most, cell: self.found.cells.len() });
            self.found.cells.push(Known { cell, edges, at_hand });
        } else {
            self.passed = self.passed.max(most);
        }
        edges
    }

    fn offer(&mut self, depth: f64, place: Coord) {
        self.looks += 1;
        if depth > self.best.0 {
            self.best = (depth, place);
        }
    }
}

/// The distance to the nearest of some edges, by their squares, and that edge; the one known among equals.
fn least(place: Coord, known: Option<&AtHand>, edges: &[AtHand], squares: impl Iterator<Item = f64>) -> (f64, AtHand) {
    let mut least = known.map_or(f64::INFINITY, |edge| edge.square(place));
    // the number of the edge is carried along, which is less than the edge
    let mut nearest = usize::MAX;
    for (number, square) in squares.enumerate() {
        if square < least {
            (least, nearest) = (square, number);
        }
    }
    (least.sqrt(), edges.get(nearest).or(known).copied().unwrap_or(AtHand::new((place, place))))
}

/// The point of an edge that is nearest to a place.
#[inline]
fn on_edge(place: Coord, from: Coord, to: Coord) -> Coord {
    let (ex, ey) = (to.x - from.x, to.y - from.y);
    let along = (place.x - from.x) * ex + (place.y - from.y) * ey;
    // an edge without length has no part, which is no number and comes to 0
    let part = low(high(along / (ex * ex + ey * ey), 0.0), 1.0);
    Coord { x: from.x + part * ex, y: from.y + part * ey }
}

#[inline]
fn to_edge_square(place: Coord, (from, to): Edge) -> f64 {
    let at = on_edge(place, from, to);
    let (dx, dy) = (place.x - at.x, place.y - at.y);
    dx * dx + dy * dy
}

impl Track {
    /// The nearest edge to a place, given in degrees and in metres, where it is nearer than what is known: its distance
    /// squared, and it.
    fn nearest_under(&self, node: super::track::Node, at: Coord, place: Coord, frame: Frame, best: &mut (f64, Edge)) {
        if node.level == 0 {
            for (from, to) in self.run(node) {
                let edge = (frame.into_local(from), frame.into_local(to));
                let reach = to_edge_square(place, edge);
                if reach < best.0 {
                    *best = (reach, edge);
                }
            }
            return;
        }
        let mut below = [(f64::INFINITY, node); super::track::FAN];
        let mut count = 0;
        for under in self.under(node) {
            let gap = frame.gap_square(self.bound_of(under), at);
            if gap < best.0
                && let Some(slot) = below.get_mut(count)
            {
                *slot = (gap, under);
                count += 1;
            }
        }
        let below = below.get_mut(..count).unwrap_or_default();
        below.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        for (gap, under) in below {
            if *gap < best.0 {
                self.nearest_under(*under, at, place, frame, best);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, Geometry};

    /// A star about a place, metres.
    fn star(x: f64, y: f64, size: f64, points: usize, rough: f64) -> Polygon {
        let frame = Frame::at(Coord { x: 120.3, y: 31.5 });
        let at = |number: usize| {
            let angle = std::f64::consts::TAU * number as f64 / points as f64;
            let reach = size * (1.0 + rough * (5.0 * angle).sin() + 0.4 * rough * (17.0 * angle + x).cos());
            frame.out_of_local(Coord { x: x + reach * angle.cos(), y: y + reach * angle.sin() })
        };
        Polygon::new(LineString::new((0..points).map(at).collect()), vec![])
    }

    fn prepared(shape: &Polygon) -> PreparedShape {
        PreparedShape::new(&Geometry::Polygon(shape.clone()))
    }

    #[test]
    fn no_point_of_the_ground_lies_deeper_and_one_lies_as_deep() {
        for (number, corners) in [3, 4, 7, 30, 150, 900].into_iter().cycle().take(36).enumerate() {
            let shift = 40.0 * number as f64;
            let zone = star(0.0, 0.0, 1_000.0, 40 + 61 * number, 0.25);
            let ground = star(600.0 - shift, 0.3 * shift, 90.0 + 2.0 * shift, corners, 0.2);
            let border = prepared(&zone);
            let ground = geo::BooleanOps::intersection(&ground, &zone);
            let Some(found) = depth(&ground, &border) else { continue };
            let frame = Frame::at(Coord { x: 120.3, y: 31.5 });
            let plain = Border { tracks: border.tracks(), frame };
            let mut deepest = 0.0_f64;
            for step in 0..10_000_i32 {
                let (column, row) = (f64::from(step % 100) / 100.0, f64::from(step / 100) / 100.0);
                let bound = Bound::of_rings(&ground).unwrap();
                let at = Coord {
                    x: bound.west + (bound.east - bound.west) * column,
                    y: bound.south + (bound.north - bound.south) * row,
                };
                if ground.contains(&at) {
                    deepest = deepest.max(plain.nearest(frame.into_local(at), None).0);
                }
            }
            assert!(deepest <= found.at_most() * 1.001 + 0.01, "{number}: {deepest} {found:?}");
            let there = plain.nearest(frame.into_local(found.at), None).0;
            assert!((there - found.metres).abs() < 1e-3 * there + 0.01, "{number}: {there} {found:?}");
            assert!(found.within <= 0.05 * found.metres + 1.0, "{number}: {found:?}");
        }
    }

    #[test]
    fn a_long_strip_is_known_at_once_and_a_ridge_is_told_as_far_as_it_is_known() {
        let frame = Frame::at(Coord { x: 120.3, y: 31.5 });
        let rect = |west: f64, south: f64, east: f64, north: f64| {
            let corner = |x, y| frame.out_of_local(Coord { x, y });
            geo::Rect::new(corner(west, south), corner(east, north)).to_polygon()
        };
        // reaches 30 cm over a border of 10 km
        let zone = prepared(&rect(-5_000.0, 0.0, 5_000.0, 2_000.0));
        let sliver = depth(&MultiPolygon(vec![rect(-4_000.0, 0.0, 4_000.0, 0.3)]), &zone).unwrap();
        assert!((sliver.metres - 0.3).abs() < 1e-3 && sliver.within <= USUAL.metres, "{sliver:?}");
        // covers a whole strip 30 m wide: the deepest points are all those of its middle line
        let strip = rect(-5_000.0, 0.0, 5_000.0, 30.0);
        let found = depth(&MultiPolygon(vec![strip.clone()]), &prepared(&strip)).unwrap();
        assert!(found.metres <= 15.0 + 1e-3 && found.at_most() >= 15.0 - 1e-3, "{found:?}");
        assert!(found.within < 8.0, "{found:?}");
        assert_eq!(depth(&MultiPolygon(vec![]), &zone), None);
    }
}
