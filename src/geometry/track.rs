//! A ring or line with boxes over runs of its edges, so that what lies far from a place costs nothing.

use geo::{Coord, Rect};

/// Edges, or boxes, under one box.
pub(super) const FAN: usize = 16;

/// The larger of two numbers; quicker than the one that knows what is no number.
#[inline]
pub(super) fn high(one: f64, other: f64) -> f64 {
    if one > other { one } else { other }
}

/// The smaller of two numbers.
#[inline]
pub(super) fn low(one: f64, other: f64) -> f64 {
    if one < other { one } else { other }
}

/// A box in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Bound {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Bound {
    const NONE: Bound =
        Bound { west: f64::INFINITY, south: f64::INFINITY, east: f64::NEG_INFINITY, north: f64::NEG_INFINITY };

    pub fn of(points: &[Coord]) -> Bound {
        points.iter().fold(Bound::NONE, |bound, point| bound.with(*point))
    }

    /// The box of polygons; `None` when there is nothing in it.
    pub fn of_rings(shape: &geo::MultiPolygon) -> Option<Bound> {
        let bound = shape.0.iter().map(|polygon| Bound::of(&polygon.exterior().0)).reduce(Bound::and)?;
        (!bound.is_empty()).then_some(bound)
    }

    /// The box of an edge.
    #[inline]
    pub fn of_edge(from: Coord, to: Coord) -> Bound {
        Bound { west: low(from.x, to.x), south: low(from.y, to.y), east: high(from.x, to.x), north: high(from.y, to.y) }
    }

    fn with(self, point: Coord) -> Bound {
        Bound {
            west: self.west.min(point.x),
            south: self.south.min(point.y),
            east: self.east.max(point.x),
            north: self.north.max(point.y),
        }
    }

    pub fn and(self, other: Bound) -> Bound {
        Bound {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// The box common to both; inside out when there is none.
    #[inline]
    pub fn common(self, other: Bound) -> Bound {
        Bound {
            west: self.west.max(other.west),
            south: self.south.max(other.south),
            east: self.east.min(other.east),
            north: self.north.min(other.north),
        }
    }

    pub fn is_empty(self) -> bool {
        !(self.west <= self.east && self.south <= self.north)
    }

    #[inline]
    pub fn grown(self, by_longitude: f64, by_latitude: f64) -> Bound {
        Bound {
            west: self.west - by_longitude,
            south: self.south - by_latitude,
            east: self.east + by_longitude,
            north: self.north + by_latitude,
        }
    }

    #[inline]
    pub fn meets(self, other: Bound) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    #[inline]
    pub fn holds(self, other: Bound) -> bool {
        self.west <= other.west && self.south <= other.south && other.east <= self.east && other.north <= self.north
    }

    /// Whether it lies wholly beyond one side of a window: then its run of edges may shrink to its chord.
    fn is_beyond_one_side_of(self, window: Bound) -> bool {
        self.east < window.west || self.west > window.east || self.north < window.south || self.south > window.north
    }

    pub fn centre(self) -> Coord {
        Coord { x: (self.west + self.east) / 2.0, y: (self.south + self.north) / 2.0 }
    }

    pub fn rect(self) -> Rect {
        Rect::new(Coord { x: self.west, y: self.south }, Coord { x: self.east, y: self.north })
    }
}

impl From<Rect> for Bound {
    fn from(rect: Rect) -> Self {
        Bound { west: rect.min().x, south: rect.min().y, east: rect.max().x, north: rect.max().y }
    }
}

/// Points in order with a tree of boxes over their edges. A ring repeats its first point at its end, a lone point is
/// an edge from itself to itself.
#[derive(Debug, Clone)]
pub(super) struct Track {
    points: Vec<Coord>,
    /// The boxes of all levels in one piece, the lowest first: of the many shapes of a layer each look-up is a wait for
    /// the memory.
    boxes: Vec<Bound>,
    /// Where each level starts, and where the last one ends.
    starts: [u32; LEVELS + 1],
    levels: u8,
}

/// Levels that boxes of 16 reach for as many edges as can be numbered.
const LEVELS: usize = 8;

impl Track {
    /// At least one point; `None` for none.
    pub fn new(mut points: Vec<Coord>) -> Option<Track> {
        if let [lone] = points.as_slice() {
            points.push(*lone);
        }
        if points.len() < 2 {
            return None;
        }
        let edges = points.len() - 1;
        let lowest: Vec<Bound> = (0..edges.div_ceil(FAN))
            .map(|run| Bound::of(points.get(run * FAN..=((run + 1) * FAN).min(edges)).unwrap_or_default()))
            .collect();
        let mut track = Track { points, boxes: lowest, starts: [0; LEVELS + 1], levels: 1 };
        let mut start = 0;
        loop {
            let end = track.boxes.len();
            *track.starts.get_mut(usize::from(track.levels))? = u32::try_from(end).ok()?;
            if end - start <= 1 {
                track.boxes.shrink_to_fit();
                return Some(track);
            }
            for place in (start..end).step_by(FAN) {
                let run = track.boxes.get(place..(place + FAN).min(end)).unwrap_or_default();
                let all = run.iter().fold(Bound::NONE, |all, one| all.and(*one));
                track.boxes.push(all);
            }
            start = end;
            track.levels += 1;
        }
    }

    /// See [`super::PreparedShape::read_through`].
    pub fn read_through(&self) -> f64 {
        // one of what a line of the memory holds: two boxes, four points
        let boxes = self.boxes.iter().rev().take(2 * FAN).step_by(2).map(|bound| bound.west);
        let points = self.points.iter().take(16 * FAN).step_by(4).map(|point| point.x);
        boxes.sum::<f64>() + points.sum::<f64>()
    }

    pub fn points(&self) -> &[Coord] {
        &self.points
    }

    pub fn first(&self) -> Coord {
        self.points.first().copied().unwrap_or_default()
    }

    pub fn bound(&self) -> Bound {
        self.boxes.last().copied().unwrap_or(Bound::NONE)
    }

    #[inline]
    pub fn edge(&self, number: usize) -> Option<(Coord, Coord)> {
        Some((*self.points.get(number)?, *self.points.get(number + 1)?))
    }

    pub fn edges(&self) -> usize {
        self.points.len() - 1
    }

    /// The box over everything.
    pub fn root(&self) -> Node {
        Node { level: usize::from(self.levels) - 1, place: 0 }
    }

    #[inline]
    pub fn bound_of(&self, node: Node) -> Bound {
        let start = self.starts.get(node.level).map_or(0, |start| *start as usize);
        self.boxes.get(start + node.place).copied().unwrap_or(Bound::NONE)
    }

    /// The boxes under a box; none under the lowest.
    #[inline]
    pub fn under(&self, node: Node) -> impl Iterator<Item = Node> + use<> {
        let below = node.level.checked_sub(1);
        let level = below.and_then(|level| Some((*self.starts.get(level)?, *self.starts.get(level + 1)?)));
        let count = level.map_or(0, |(start, end)| end.saturating_sub(start) as usize);
        let places = (node.place * FAN).min(count)..((node.place + 1) * FAN).min(count);
        places.map(move |place| Node { level: below.unwrap_or(0), place })
    }

    /// The edges under a lowest box.
    #[inline]
    pub fn edges_under(&self, node: Node) -> std::ops::Range<usize> {
        let all = self.edges();
        (node.place * FAN).min(all)..((node.place + 1) * FAN).min(all)
    }

    /// The same with their ends.
    #[inline]
    pub fn run(&self, node: Node) -> impl Iterator<Item = (Coord, Coord)> {
        let numbers = self.edges_under(node);
        let points = self.points.get(numbers.start..=numbers.end).unwrap_or_default();
        points.iter().zip(points.iter().skip(1)).map(|(from, to)| (*from, *to))
    }

    /// Calls for every two runs of edges whose boxes meet, each with itself and with those behind it, until told to stop.
    pub fn visit_meeting_runs(&self, each: &mut impl FnMut(Node, Node) -> bool) {
        self.visit_meeting(self.root(), self.root(), each);
    }

    /// Both of one level.
    fn visit_meeting(&self, one: Node, other: Node, each: &mut impl FnMut(Node, Node) -> bool) -> bool {
        if one != other && !self.bound_of(one).meets(self.bound_of(other)) {
            return true;
        }
        if one.level == 0 {
            return each(one, other);
        }
        self.under(one).all(|low| {
            let meets = self.bound_of(low).meets(self.bound_of(other));
            !meets
                || self
                    .under(other)
                    .filter(|high| high.place >= low.place)
                    .all(|high| self.visit_meeting(low, high, each))
        })
    }

    /// Calls for every lowest box that is wanted.
    pub fn visit_runs(&self, wanted: &impl Fn(Bound) -> bool, each: &mut impl FnMut(Node)) {
        self.visit_runs_under(self.root(), wanted, each);
    }

    fn visit_runs_under(&self, node: Node, wanted: &impl Fn(Bound) -> bool, each: &mut impl FnMut(Node)) {
        if !wanted(self.bound_of(node)) {
            return;
        }
        if node.level == 0 {
            return each(node);
        }
        self.under(node).for_each(|below| self.visit_runs_under(below, wanted, each));
    }

    /// Calls for every edge, in order, whose run of edges is wanted.
    pub fn visit(&self, wanted: &impl Fn(Bound) -> bool, each: &mut impl FnMut(usize, Coord, Coord)) {
        self.visit_under(self.root(), wanted, each);
    }

    fn visit_under(&self, node: Node, wanted: &impl Fn(Bound) -> bool, each: &mut impl FnMut(usize, Coord, Coord)) {
        if !wanted(self.bound_of(node)) {
            return;
        }
        if node.level > 0 {
            self.under(node).for_each(|below| self.visit_under(below, wanted, each));
            return;
        }
        for number in self.edges_under(node) {
            if let Some((start, end)) = self.edge(number) {
                each(number, start, end);
            }
        }
    }

    /// The ring cut to a window. Runs beyond one side first shrink to their chords, which winds the same way round
    /// every place in the window; what then leaves the window is cut at its sides (Sutherland–Hodgman). Pieces of the
    /// window's sides may be run twice, to and fro: they enclose nothing.
    pub fn cut(&self, window: Bound) -> Vec<Coord> {
        if window.holds(self.bound()) {
            return self.points.clone();
        }
        let mut shrunk = vec![self.first()];
        self.shrink(self.root(), window, &mut shrunk);
        clip(shrunk, window)
    }

    fn shrink(&self, node: Node, window: Bound, kept: &mut Vec<Coord>) {
        if self.bound_of(node).is_beyond_one_side_of(window) {
            let runs = FAN.saturating_pow(node.level as u32 + 1);
            let end = ((node.place + 1).saturating_mul(runs)).min(self.edges());
            kept.extend(self.points.get(end));
        } else if node.level > 0 {
            self.under(node).for_each(|below| self.shrink(below, window, kept));
        } else {
            kept.extend(self.edges_under(node).filter_map(|number| self.points.get(number + 1)));
        }
    }

    /// The runs of a line that come near a window, whole edges.
    pub fn runs_near(&self, window: Bound) -> Vec<Vec<Coord>> {
        let mut runs: Vec<Vec<Coord>> = Vec::new();
        let mut last = usize::MAX;
        self.visit(&|bound| bound.meets(window), &mut |number, start, end| {
            if !Bound::of(&[start, end]).meets(window) {
                return;
            }
            match runs.last_mut() {
                Some(run) if last != usize::MAX && last + 1 == number => run.push(end),
                _ => runs.push(vec![start, end]),
            }
            last = number;
        });
        runs
    }

    /// How often the ring winds round a place, counter-clockwise.
    pub fn winding(&self, place: Coord) -> i32 {
        let mut turns = 0;
        let wanted = |bound: Bound| bound.south <= place.y && place.y <= bound.north && place.x <= bound.east;
        self.visit(&wanted, &mut |_, start, end| {
            let turn = (end.x - start.x) * (place.y - start.y) - (place.x - start.x) * (end.y - start.y);
            if start.y <= place.y {
                turns += i32::from(end.y > place.y && turn > 0.0);
            } else {
                turns -= i32::from(end.y <= place.y && turn < 0.0);
            }
        });
        turns
    }
}

/// Names a box of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub level: usize,
    pub place: usize,
}

fn clip(ring: Vec<Coord>, window: Bound) -> Vec<Coord> {
    let ring = clip_side(ring, |at| at.x - window.west, |a, b| at_longitude(a, b, window.west));
    let ring = clip_side(ring, |at| window.east - at.x, |a, b| at_longitude(a, b, window.east));
    let ring = clip_side(ring, |at| at.y - window.south, |a, b| at_latitude(a, b, window.south));
    let mut ring = clip_side(ring, |at| window.north - at.y, |a, b| at_latitude(a, b, window.north));
    if ring.first() != ring.last() {
        ring.extend(ring.first().copied());
    }
    ring
}

fn clip_side(ring: Vec<Coord>, inside: impl Fn(Coord) -> f64, cross: impl Fn(Coord, Coord) -> Coord) -> Vec<Coord> {
    if ring.iter().all(|at| inside(*at) >= 0.0) {
        return ring;
    }
    let mut kept: Vec<Coord> = Vec::with_capacity(ring.len() + 4);
    let mut before = match ring.last() {
        Some(last) => *last,
        None => return kept,
    };
    for at in ring {
        let (was_inside, is_inside) = (inside(before) >= 0.0, inside(at) >= 0.0);
        if was_inside != is_inside {
            kept.push(cross(before, at));
        }
        if is_inside {
            kept.push(at);
        }
        before = at;
    }
    kept.dedup();
    kept
}

fn at_longitude(a: Coord, b: Coord, longitude: f64) -> Coord {
    // always from the western end, so that a border run both ways is cut at the same point
    let (a, b) = if a.x <= b.x { (a, b) } else { (b, a) };
    Coord { x: longitude, y: a.y + (b.y - a.y) * ((longitude - a.x) / (b.x - a.x)) }
}

fn at_latitude(a: Coord, b: Coord, latitude: f64) -> Coord {
    let (a, b) = if a.y <= b.y { (a, b) } else { (b, a) };
    Coord { x: a.x + (b.x - a.x) * ((latitude - a.y) / (b.y - a.y)), y: latitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A star with many points round a centre: partly concave, as wide as one degree.
    fn star(points: usize) -> Track {
        let at = |number: usize| {
            let angle = std::f64::consts::TAU * number as f64 / points as f64;
            let reach = 0.35 + 0.15 * (7.0 * angle).sin() + 0.02 * (83.0 * angle).cos();
            Coord { x: 120.0 + reach * angle.cos(), y: 31.5 + reach * angle.sin() }
        };
        let mut ring: Vec<Coord> = (0..points).map(at).collect();
        ring.push(at(0));
        Track::new(ring).unwrap()
    }

    fn winding_of(ring: &[Coord], place: Coord) -> i32 {
        Track::new(ring.to_vec()).map_or(0, |track| track.winding(place))
    }

    #[test]
    fn a_ring_cut_to_a_window_winds_the_same_way_round_every_place_in_it() {
        let ring = star(5_000);
        for step in 0..200_i32 {
            let centre = Coord { x: 119.5 + f64::from(step % 20) * 0.05, y: 31.0 + f64::from(step / 20) * 0.1 };
            let window = Bound::of(&[centre]).grown(0.011, 0.007);
            let cut = ring.cut(window);
            assert!(cut.len() < 600, "{}", cut.len());
            for (dx, dy) in [(0.0, 0.0), (0.01, 0.006), (-0.009, 0.001), (0.003, -0.0065)] {
                let place = Coord { x: centre.x + dx, y: centre.y + dy };
                assert_eq!(winding_of(&cut, place), ring.winding(place), "{place:?}");
            }
        }
    }

    #[test]
    fn winding_agrees_with_a_look_at_every_edge() {
        let ring = star(777);
        let polygon = geo::Polygon::new(geo::LineString::new(ring.points().to_vec()), vec![]);
        for step in 0..400_i32 {
            let place = Coord { x: 119.45 + f64::from(step % 20) * 0.055, y: 31.0 + f64::from(step / 20) * 0.05 };
            assert_eq!(ring.winding(place) != 0, geo::Contains::contains(&polygon, &place), "{place:?}");
        }
    }
}
