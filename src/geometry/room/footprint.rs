//! The outline that has to find room: convex pieces round an anchor, in metres of a plane.

use super::barrier::{Barriers, Edge};
use crate::geometry::prepared::PreparedShape;
use crate::geometry::track::Bound;
use geo::{Centroid, Coord, LineString, MultiPolygon, Polygon};
use i_triangle::float::triangulatable::Triangulatable;

/// A convex piece, counter-clockwise; of one corner for a mere point.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub corners: Vec<Coord>,
    /// Outward normals of its edges with how far it reaches along them.
    faces: Vec<(Coord, f64)>,
}

/// An outline with its anchor, which is the middle of its area.
#[derive(Debug, Clone)]
pub struct Footprint {
    pub(super) pieces: Vec<Piece>,
    /// A point well inside each part.
    pub(super) seeds: Vec<Coord>,
    pub(super) bound: Bound,
    /// The rings about the anchor.
    outline: MultiPolygon,
    anchor: Coord,
    turned: f64,
}

fn dot(a: Coord, b: Coord) -> f64 {
    a.x * b.x + a.y * b.y
}

fn cross(a: Coord, b: Coord) -> f64 {
    a.x * b.y - a.y * b.x
}

impl Piece {
    fn new(corners: Vec<Coord>) -> Option<Piece> {
        let first = *corners.first()?;
        let next = corners.iter().skip(1).chain(std::iter::once(&first));
        let faces = corners.iter().zip(next).filter_map(|(from, to)| {
            let along = *to - *from;
            let length = libm::hypot(along.x, along.y);
            if length == 0.0 {
                return None;
            }
            let normal = Coord { x: along.y / length, y: -along.x / length };
            let reach = corners.iter().map(|corner| dot(normal, *corner)).fold(f64::NEG_INFINITY, f64::max);
            Some((normal, reach))
        });
        let faces = if corners.len() > 2 { faces.collect() } else { Vec::new() };
        Some(Piece { corners, faces })
    }

    /// Whether it is a mere point.
    fn is_point(&self) -> bool {
        self.corners.len() == 1
    }

    /// How far it lies from an edge when its anchor is moved to `at`: never more than that when they lie apart, and
    /// how deep it would have to be pushed out, negative, when they meet (separating axes).
    pub fn gap(&self, at: Coord, edge: &Edge) -> f64 {
        if self.is_point() {
            return self.distance(at, edge);
        }
        let (start, end) = (edge.from - at, edge.to - at);
        let mut gap = f64::NEG_INFINITY;
        for (normal, reach) in &self.faces {
            gap = gap.max(dot(*normal, start).min(dot(*normal, end)) - reach);
        }
        let along = edge.to - edge.from;
        let length = libm::sqrt(along.x * along.x + along.y * along.y);
        if length > 0.0 {
            let normal = Coord { x: along.y / length, y: -along.x / length };
            let offset = dot(normal, start);
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for corner in &self.corners {
                let reach = dot(normal, *corner);
                low = low.min(reach);
                high = high.max(reach);
            }
            gap = gap.max(low - offset).max(offset - high);
        }
        gap
    }

    /// How far it lies from an edge when they do not meet.
    pub fn distance(&self, at: Coord, edge: &Edge) -> f64 {
        let mut least = f64::INFINITY;
        for corner in &self.corners {
            least = least.min(edge.distance(*corner + at));
        }
        if self.is_point() {
            return least;
        }
        let next = self.corners.iter().skip(1).chain(self.corners.first());
        for (from, to) in self.corners.iter().zip(next) {
            let side = Edge { from: *from + at, to: *to + at, ..*edge };
            least = least.min(side.distance(edge.from)).min(side.distance(edge.to));
        }
        least
    }

    /// The same, negative where they meet.
    pub fn signed(&self, at: Coord, edge: &Edge) -> f64 {
        let gap = self.gap(at, edge);
        if gap <= 0.0 { gap } else { self.distance(at, edge) }
    }

    /// Corners of the ground on which an anchor lets it meet an edge, counter-clockwise.
    pub fn meeting_ground(&self, edge: &Edge) -> Vec<Coord> {
        hull(self.corners.iter().flat_map(|corner| [edge.from - *corner, edge.to - *corner]).collect())
    }

    /// A point well inside, and how deep.
    fn heart(&self) -> (Coord, f64) {
        let many = self.corners.len().max(1) as f64;
        let sum = self.corners.iter().fold(Coord { x: 0.0, y: 0.0 }, |sum, corner| sum + *corner);
        let heart = Coord { x: sum.x / many, y: sum.y / many };
        let depth = self.faces.iter().map(|(normal, reach)| reach - dot(*normal, heart)).fold(f64::INFINITY, f64::min);
        (heart, depth)
    }
}

/// The convex hull, counter-clockwise, without points on its sides (Andrew's monotone chain).
fn hull(mut points: Vec<Coord>) -> Vec<Coord> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let chain = |points: &mut dyn Iterator<Item = Coord>| {
        let mut kept: Vec<Coord> = Vec::new();
        for point in points {
            while let [.., before, last] = kept.as_slice()
                && cross(*last - *before, point - *last) <= 0.0
            {
                kept.pop();
            }
            kept.push(point);
        }
        kept.pop();
        kept
    };
    let mut around = chain(&mut points.iter().copied());
    around.extend(chain(&mut points.iter().rev().copied()));
    around
}

impl Footprint {
    /// A mere point.
    pub fn point() -> Self {
        let zero = Coord { x: 0.0, y: 0.0 };
        let pieces = vec![Piece { corners: vec![zero], faces: Vec::new() }];
        let outline = MultiPolygon(vec![]);
        Footprint { pieces, seeds: vec![zero], bound: Bound::of(&[zero]), outline, anchor: zero, turned: 0.0 }
    }

    /// The outline of a shape in the plane of the barriers; `None` when it encloses nothing there.
    pub fn new(shape: &PreparedShape, barriers: &Barriers) -> Option<Self> {
        let image = |ring: &LineString| {
            let points: Option<Vec<Coord>> = ring.0.iter().map(|at| barriers.forward(*at)).collect();
            points.map(LineString::new)
        };
        let mut polygons = Vec::new();
        for polygon in &shape.to_polygons() {
            let holes: Option<Vec<LineString>> = polygon.interiors().iter().map(image).collect();
            polygons.push(Polygon::new(image(polygon.exterior())?, holes?));
        }
        let placed = MultiPolygon(polygons);
        let anchor = placed.centroid()?.0;
        let outline = turned(&placed, anchor, 0.0);
        Self::about(outline, anchor, 0.0)
    }

    /// The same turned anticlockwise about its anchor, degrees from the outline as given.
    pub fn turned(&self, degrees: f64) -> Option<Self> {
        let outline = turned(&self.outline, Coord { x: 0.0, y: 0.0 }, degrees - self.turned);
        Self::about(outline, self.anchor, degrees)
    }

    fn about(outline: MultiPolygon, anchor: Coord, turned: f64) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut seeds = Vec::new();
        for polygon in &outline {
            let parts: Vec<Piece> = convex_parts(polygon).into_iter().filter_map(Piece::new).collect();
            let deepest = parts.iter().map(Piece::heart).max_by(|one, other| one.1.total_cmp(&other.1));
            seeds.extend(deepest.map(|(heart, _)| heart));
            pieces.extend(parts);
        }
        let bound = pieces.iter().map(|piece| Bound::of(&piece.corners)).reduce(Bound::and)?;
        Some(Footprint { pieces, seeds, bound, outline, anchor, turned })
    }

    /// Where its anchor is, plane.
    pub fn anchor(&self) -> Coord {
        self.anchor
    }

    /// Degrees by which it is turned.
    pub fn turn(&self) -> f64 {
        self.turned
    }

    /// The longer side of its box, metres.
    pub fn size(&self) -> f64 {
        (self.bound.east - self.bound.west).max(self.bound.north - self.bound.south)
    }

    /// Whether half a turn leaves it as it is, to a millimetre.
    pub fn is_same_upside_down(&self) -> bool {
        let points = || self.outline.0.iter().flat_map(|polygon| polygon.exterior().0.iter());
        points().all(|point| points().any(|other| libm::hypot(point.x + other.x, point.y + other.y) < 1e-3))
    }

    /// How far an edge that is straight in longitude and latitude may stray from the straight one of the plane, metres.
    pub fn sagitta(&self) -> f64 {
        let rings = self.outline.0.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        let longest =
            rings.flat_map(LineString::lines).map(|edge| libm::hypot(edge.dx(), edge.dy())).fold(0.0, f64::max);
        // tan φ / R at most 2 · 10⁻⁷ below 52° of latitude
        longest * longest / 8.0 * 2e-7
    }

    /// Its outline with the anchor at a point of the plane, as longitude and latitude.
    pub fn placed(&self, at: Coord, barriers: &Barriers) -> Option<MultiPolygon> {
        let ring = |ring: &LineString| {
            let points: Option<Vec<Coord>> = ring.0.iter().map(|point| barriers.inverse(*point + at)).collect();
            points.map(LineString::new)
        };
        let polygons: Option<Vec<Polygon>> = self
            .outline
            .0
            .iter()
            .map(|polygon| {
                let holes: Option<Vec<LineString>> = polygon.interiors().iter().map(ring).collect();
                Some(Polygon::new(ring(polygon.exterior())?, holes?))
            })
            .collect();
        polygons.map(MultiPolygon)
    }
}

/// A shape about its anchor, turned anticlockwise.
fn turned(shape: &MultiPolygon, anchor: Coord, degrees: f64) -> MultiPolygon {
    let (sine, cosine) = (libm::sin(degrees.to_radians()), libm::cos(degrees.to_radians()));
    let point = |at: &Coord| {
        let off = *at - anchor;
        if degrees == 0.0 {
            return off;
        }
        Coord { x: off.x * cosine - off.y * sine, y: off.x * sine + off.y * cosine }
    };
    let ring = |ring: &LineString| LineString::new(ring.0.iter().map(point).collect());
    let polygon =
        |polygon: &Polygon| Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect());
    MultiPolygon(shape.0.iter().map(polygon).collect())
}

/// A polygon in convex pieces, counter-clockwise.
fn convex_parts(polygon: &Polygon) -> Vec<Vec<Coord>> {
    let open = |ring: &LineString| -> Vec<[f64; 2]> {
        let points = ring.0.split_last().map_or(&[][..], |(_, rest)| rest);
        points.iter().map(|at| [at.x, at.y]).collect()
    };
    let outside: Vec<Coord> = polygon.exterior().0.split_last().map_or(Vec::new(), |(_, rest)| rest.to_vec());
    if polygon.interiors().is_empty() && is_convex(&outside) {
        return vec![outside];
    }
    // shells counter-clockwise and holes clockwise, as shapes are prepared
    let rings: Vec<Vec<[f64; 2]>> = std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(open).collect();
    let parts = rings.triangulate().into_delaunay().to_convex_polygons();
    parts.into_iter().map(|part| part.into_iter().map(|[x, y]| Coord { x, y }).collect()).collect()
}

/// Whether a ring turns left all the way, once round.
fn is_convex(ring: &[Coord]) -> bool {
    let count = ring.len();
    let at = |number: usize| ring.get(number % count.max(1)).copied().unwrap_or_default();
    let turns = |number: usize| cross(at(number + 1) - at(number), at(number + 2) - at(number + 1));
    let around: f64 = (0..count)
        .map(|number| {
            let (one, two) = (at(number + 1) - at(number), at(number + 2) - at(number + 1));
            libm::atan2(cross(one, two), dot(one, two))
        })
        .sum();
    count > 2 && (0..count).all(|number| turns(number) >= 0.0) && around < 1.5 * std::f64::consts::TAU
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(f64, f64)]) -> MultiPolygon {
        MultiPolygon(vec![Polygon::new(LineString::from(points.to_vec()), vec![])])
    }

    fn edge(from: (f64, f64), to: (f64, f64)) -> Edge {
        Edge { from: from.into(), to: to.into(), reach: 0.0, tag: 0, bounds_ground: false }
    }

    #[test]
    fn an_l_falls_into_convex_pieces_of_the_same_area() {
        let shape = ring(&[(0.0, 0.0), (40.0, 0.0), (40.0, 10.0), (10.0, 10.0), (10.0, 30.0), (0.0, 30.0)]);
        let print = Footprint::about(shape, Coord { x: 0.0, y: 0.0 }, 0.0).unwrap();
        let area = |piece: &Piece| {
            let next = piece.corners.iter().skip(1).chain(piece.corners.first());
            piece.corners.iter().zip(next).map(|(a, b)| cross(*a, *b)).sum::<f64>() / 2.0
        };
        assert!(print.pieces.len() >= 2);
        assert!((print.pieces.iter().map(area).sum::<f64>() - 600.0).abs() < 1e-3);
        assert!(!print.is_same_upside_down());
    }

    #[test]
    fn a_gap_is_what_lies_between_and_a_depth_what_has_to_be_moved() {
        let square = ring(&[(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0)]);
        let print = Footprint::about(square, Coord { x: 0.0, y: 0.0 }, 0.0).unwrap();
        assert!(print.is_same_upside_down());
        let [piece] = print.pieces.as_slice() else { panic!() };
        let zero = Coord { x: 0.0, y: 0.0 };
        assert_eq!(piece.signed(zero, &edge((8.0, -100.0), (8.0, 100.0))), 3.0);
        assert_eq!(piece.signed(zero, &edge((4.0, -100.0), (4.0, 100.0))), -1.0);
        assert_eq!(piece.signed(zero, &edge((8.0, 9.0), (8.0, 100.0))), 5.0);
        assert_eq!(piece.signed(Coord { x: 3.0, y: 4.0 }, &edge((8.0, 9.0), (8.0, 100.0))), 0.0);
        assert_eq!(piece.signed(zero, &edge((1.0, 0.0), (2.0, 0.0))), -4.0);
    }
}
