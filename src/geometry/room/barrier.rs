//! What has to be kept out of, or in: edges with a reach and the grounds that they bound, in a Gauss–Krüger plane.

use crate::geometry::nearest::degree;
use crate::geometry::overlay::Frame;
use crate::geometry::prepared::PreparedShape;
use crate::geometry::reference::{GaussKruger, PlanePoint};
use crate::geometry::track::{Bound, Track};
use geo::bool_ops::FillRule;
use geo::orient::Direction;
use geo::{BooleanOps, Coord, MultiPolygon, OpType, Orient, Polygon};
use rayon::prelude::*;

/// Longest piece of an edge, metres: straight in longitude and latitude and straight in the plane then differ by less
/// than a millimetre.
const PIECE: f64 = 250.0;
/// A gap between grounds to be united that is narrower than this, metres, is no gap.
const SEAM: f64 = 1.0;

/// A thing to keep clear of.
#[derive(Debug, Clone, Copy)]
pub struct KeepClear<'a> {
    /// Its shape, longitude and latitude.
    pub shape: &'a PreparedShape,
    /// Distance that has to be kept from it, metres on the ellipsoid.
    pub reach: f64,
    /// By which it is known again.
    pub tag: u32,
    /// To be kept in, not out of.
    pub inside: bool,
}

/// An edge in the plane.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    pub from: Coord,
    pub to: Coord,
    /// Distance that has to be kept, metres in the plane.
    pub reach: f64,
    pub tag: u32,
    /// Ground lies to its left that may not be stood on; else to neither side (a line).
    pub bounds_ground: bool,
}

impl Edge {
    /// The point of it that is nearest to a place, and whether that is an end.
    pub fn foot(&self, place: Coord) -> (Coord, bool) {
        let (dx, dy) = (self.to.x - self.from.x, self.to.y - self.from.y);
        let square = dx * dx + dy * dy;
        let along = (place.x - self.from.x) * dx + (place.y - self.from.y) * dy;
        if along <= 0.0 || square == 0.0 {
            (self.from, true)
        } else if along >= square {
            (self.to, true)
        } else {
            let part = along / square;
            (Coord { x: self.from.x + dx * part, y: self.from.y + dy * part }, false)
        }
    }

    pub fn distance(&self, place: Coord) -> f64 {
        let (foot, _) = self.foot(place);
        libm::sqrt((place.x - foot.x) * (place.x - foot.x) + (place.y - foot.y) * (place.y - foot.y))
    }
}

/// Ground within rings.
#[derive(Debug, Clone)]
struct Region {
    rings: Vec<Track>,
    bound: Bound,
    inside: bool,
    tag: u32,
}

impl Region {
    fn encloses(&self, place: Coord) -> bool {
        let b = self.bound;
        let is_near = b.west <= place.x && place.x <= b.east && b.south <= place.y && place.y <= b.north;
        is_near && self.rings.iter().map(|ring| ring.winding(place)).sum::<i32>() != 0
    }
}

/// Everything to keep clear of, in one plane.
#[derive(Debug, Clone)]
pub struct Barriers {
    plane: GaussKruger,
    /// Half the curvature at the latitude: the plane is stretched by 1 + this × (distance from its meridian)².
    stretch: f64,
    pub(super) edges: Vec<Edge>,
    regions: Vec<Region>,
}

impl Barriers {
    /// Brings things into the plane, on all cores; `latitude` is that of their midst.
    pub fn new(plane: GaussKruger, latitude: f64, things: &[KeepClear]) -> Self {
        let (across, along) = degree(latitude);
        let radian = 1.0_f64.to_radians();
        let normal = across / radian / libm::cos(latitude.to_radians()).max(0.01);
        let stretch = 1.0 / (2.0 * normal * along / radian);
        let mut barriers = Barriers { plane, stretch, edges: Vec::new(), regions: Vec::new() };
        let parts: Vec<(Vec<Edge>, Option<Region>)> = things.par_iter().map(|thing| barriers.image(thing)).collect();
        for (edges, region) in parts {
            barriers.edges.extend(edges);
            barriers.regions.extend(region);
        }
        barriers
    }

    /// The same and one thing more.
    pub fn and(&self, thing: &KeepClear) -> Self {
        let mut more = self.clone();
        let (edges, region) = more.image(thing);
        more.edges.extend(edges);
        more.regions.extend(region);
        more
    }

    /// Those with these tags only, each kept clear of by so many metres more.
    pub fn with_setbacks(&self, setback: impl Fn(u32) -> Option<f64>) -> Self {
        let edges = self.edges.iter().filter_map(|edge| {
            let metres = setback(edge.tag)?;
            Some(Edge { reach: edge.reach + metres * self.scale(edge.from), ..*edge })
        });
        let regions = self.regions.iter().filter(|region| setback(region.tag).is_some()).cloned();
        Barriers {
            plane: self.plane.clone(),
            stretch: self.stretch,
            edges: edges.collect(),
            regions: regions.collect(),
        }
    }

    fn image(&self, thing: &KeepClear) -> (Vec<Edge>, Option<Region>) {
        let is_ground = thing.shape.is_areal();
        let mut edges = Vec::new();
        let mut rings = Vec::new();
        for track in thing.shape.tracks() {
            let mut points = self.course(track.points());
            if thing.inside {
                // what may not be stood on lies to the left of every edge
                points.reverse();
            }
            for pair in points.windows(2) {
                let [from, to] = pair else { continue };
                let reach = thing.reach * self.scale(*from);
                edges.push(Edge { from: *from, to: *to, reach, tag: thing.tag, bounds_ground: is_ground });
            }
            if is_ground {
                rings.extend(Track::new(points));
            }
        }
        let bound = rings.iter().map(Track::bound).reduce(Bound::and);
        let region = bound.map(|bound| Region { rings, bound, inside: thing.inside, tag: thing.tag });
        (edges, region)
    }

    /// A course in the plane, long edges in pieces; what has no image is left out.
    fn course(&self, points: &[Coord]) -> Vec<Coord> {
        let mut course = Vec::with_capacity(points.len());
        course.extend(points.first().and_then(|at| self.forward(*at)));
        for pair in points.windows(2) {
            let [from, to] = pair else { continue };
            let (across, along) = degree(from.y);
            let length = libm::hypot((to.x - from.x) * across, (to.y - from.y) * along);
            let pieces = (length / PIECE).ceil().clamp(1.0, 100_000.0);
            let mut number = 1.0;
            while number < pieces {
                let part = number / pieces;
                let at = Coord { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part };
                course.extend(self.forward(at));
                number += 1.0;
            }
            course.extend(self.forward(*to));
        }
        course
    }

    /// A place in the plane.
    pub fn forward(&self, at: Coord) -> Option<Coord> {
        self.plane.forward(at).ok().map(|to| Coord { x: to.east, y: to.north })
    }

    /// A point of the plane as longitude and latitude.
    pub fn inverse(&self, at: Coord) -> Option<Coord> {
        self.plane.inverse(PlanePoint { east: at.x, north: at.y }).ok()
    }

    /// Metres of the plane that a metre on the ellipsoid makes there.
    pub fn scale(&self, at: Coord) -> f64 {
        let off = at.x - self.plane.false_easting();
        1.0 + off * off * self.stretch
    }

    /// How many edges there are.
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Whether there is nothing to keep clear of.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// The box (plane) in which everything has to be kept, when something says so.
    pub fn bounds(&self) -> Option<(Coord, Coord)> {
        let kept_in = self.regions.iter().filter(|region| region.inside).map(|region| region.bound);
        let bound = kept_in.reduce(Bound::common)?;
        let (low, high) = (Coord { x: bound.west, y: bound.south }, Coord { x: bound.east, y: bound.north });
        (!bound.is_empty()).then_some((low, high))
    }

    /// Whether a place lies on ground that may not be stood on.
    pub fn forbids(&self, place: Coord) -> bool {
        self.regions.iter().any(|region| region.encloses(place) != region.inside)
    }

    /// Metres (ellipsoid) from a place to the first thing of these tags to be kept clear of, and its tag; 0 on its ground
    /// or within its reach.
    pub fn nearest(&self, place: Coord, wanted: impl Fn(u32) -> bool) -> Option<(f64, u32)> {
        let mut regions = self.regions.iter().filter(|region| wanted(region.tag));
        if let Some(region) = regions.find(|region| region.encloses(place) != region.inside) {
            return Some((0.0, region.tag));
        }
        let metres = |edge: &Edge| edge.distance(place) - edge.reach;
        let edges = self.edges.iter().filter(|edge| wanted(edge.tag));
        let first = edges.map(|edge| (metres(edge), edge.tag)).min_by(|one, other| one.0.total_cmp(&other.0))?;
        Some(((first.0 / self.scale(place)).max(0.0), first.1))
    }
}

/// The ground that shapes cover together, without the borders and hairlines between them.
pub fn unite(shapes: &[&PreparedShape]) -> Option<PreparedShape> {
    let bound = shapes.iter().map(|shape| shape.bound()).reduce(Bound::and)?;
    if bound.is_empty() {
        return None;
    }
    let frame = Frame::at(bound.centre());
    let local = |shape: &&PreparedShape| {
        let polygons = shape.to_polygons();
        MultiPolygon(polygons.0.iter().map(|polygon| frame.polygon_in(polygon)).collect())
    };
    let united = shapes
        .iter()
        .map(local)
        .reduce(|one, other| one.boolean_op_with_fill_rule(&other, OpType::Union, FillRule::NonZero))?;
    let is_wide = |ring: &geo::LineString| {
        let hole = Polygon::new(ring.clone(), vec![]);
        let around: f64 = ring.lines().map(|edge| libm::hypot(edge.dx(), edge.dy())).sum();
        around > 0.0 && 2.0 * geo::Area::unsigned_area(&hole) / around > SEAM
    };
    let polygons = united.0.into_iter().filter(|polygon| is_wide(polygon.exterior())).map(|polygon| {
        let (outside, holes) = polygon.into_inner();
        let whole = Polygon::new(outside, holes.into_iter().filter(is_wide).collect());
        frame.polygon_out(&whole.orient(Direction::Default))
    });
    let united = PreparedShape::of_sound_polygons(MultiPolygon(polygons.collect()));
    (!united.is_empty()).then_some(united)
}
