//! How a site lies to a thing on the map: shared ground, shared border, distance. Refuses nothing: what cannot be
//! relied on is said in the result.
//!
//! Edges are straight in longitude and latitude on both sides (the geometry rule), so their overlap is a polygon with
//! such edges too. It is found in a frame of metres that is an affine image of longitude and latitude about the place:
//! straight stays straight, a border drawn once is met exactly, and nothing has to be densified. Its area is then the
//! exact one on the ellipsoid, its plane area that of the true image in the Gauss–Krüger plane.

use super::measure::{self, Area};
use super::nearest::degree;
use super::prepared::PreparedShape;
use super::reference::{GaussKruger, PlanePoint};
use super::track::Bound;
use geo::bool_ops::FillRule;
use geo::{BooleanOps, Coord, Geometry, LineString, MultiPolygon, OpType, Polygon};
use serde::Serialize;

/// Thinner than this is no ground, nearer than this touches: the millimetre to which edges are followed.
pub const TOLERANCE: f64 = 0.001;

/// How a site lies to a thing on the map. What is thinner than [`TOLERANCE`] counts as touching.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The site lies inside it.
    Within,
    /// It lies inside the site.
    Contains,
    /// They share ground; a line runs through the site.
    Overlaps,
    /// They share a border, or a point of it, and no ground.
    Touches,
    /// They lie apart.
    Near,
}

impl Relation {
    /// The word used in documents.
    pub fn code(self) -> &'static str {
        match self {
            Relation::Within => "within",
            Relation::Contains => "contains",
            Relation::Overlaps => "overlaps",
            Relation::Touches => "touches",
            Relation::Near => "near",
        }
    }

    /// Whether ground, or length of a line, is shared.
    pub fn shares_ground(self) -> bool {
        matches!(self, Relation::Within | Relation::Contains | Relation::Overlaps)
    }
}

/// How a site and a thing meet.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// How they lie.
    pub relation: Relation,
    /// Shared ground.
    pub overlap: MultiPolygon,
    /// Its area on the ellipsoid.
    pub area: Area,
    /// Its area in the plane.
    pub plane_area: Area,
    /// Length of a line inside the site, metres.
    pub length: f64,
    /// Mean width of the widest part of the shared ground, metres.
    pub mean_width: f64,
    /// Distance on the ellipsoid, metres; 0 when anything is shared.
    pub distance: f64,
    /// The closest points, on the site and on the thing, when they lie apart.
    pub nearest: Option<(Coord, Coord)>,
    /// |A| + |B| = |A∪B| + |A∩B| held for the shared ground.
    pub balanced: bool,
}

impl Meeting {
    fn without_ground(relation: Relation) -> Self {
        Meeting {
            relation,
            overlap: MultiPolygon(vec![]),
            area: Area(0.0),
            plane_area: Area(0.0),
            length: 0.0,
            mean_width: 0.0,
            distance: 0.0,
            nearest: None,
            balanced: true,
        }
    }
}

/// How a site (polygons) meets a thing of any kind; `None` when they lie further apart than `reach` metres.
pub fn meet(site: &PreparedShape, thing: &PreparedShape, plane: &GaussKruger, reach: f64) -> Option<Meeting> {
    let reach = reach.max(TOLERANCE);
    if site.is_empty() || thing.is_empty() || !site.may_come_within(thing, reach) {
        return None;
    }
    let mut meeting = None;
    if thing.is_areal() {
        meeting = share_ground(site, thing, plane);
    } else {
        let length = length_inside(site, thing);
        if length > TOLERANCE || thing.has_lone_point_inside(site) {
            let all = thing.length();
            let inside = length >= all - TOLERANCE;
            let relation = if inside { Relation::Contains } else { Relation::Overlaps };
            meeting = Some(Meeting { length, ..Meeting::without_ground(relation) });
        }
    }
    if meeting.as_ref().is_some_and(|found| found.relation.shares_ground()) {
        return meeting;
    }
    let (distance, on_site, on_thing) = site.closest(thing, reach)?;
    let (relation, distance) =
        if distance <= TOLERANCE { (Relation::Touches, 0.0) } else { (Relation::Near, distance) };
    let thin = meeting.unwrap_or_else(|| Meeting::without_ground(relation));
    Some(Meeting { relation, distance, nearest: Some((on_site, on_thing)), ..thin })
}

/// Ground shared by two shapes with area. A result whose parts are all thinner than the tolerance has the relation
/// `Touches`.
fn share_ground(site: &PreparedShape, zone: &PreparedShape, plane: &GaussKruger) -> Option<Meeting> {
    let common = site.bound().common(zone.bound());
    if common.is_empty() {
        return None;
    }
    let frame = Frame::at(common.centre());
    let window = frame.grow(common, 1.0 + frame.size_of(common) * 0.01);
    let (a, b) = (frame.rings_in(&site.cut(window)), frame.rings_in(&zone.cut(window)));
    if a.0.is_empty() || b.0.is_empty() {
        return None;
    }
    let shared = a.boolean_op_with_fill_rule(&b, OpType::Intersection, FillRule::NonZero);
    let (area_a, area_b, area_shared) = (enclosed(&a), enclosed(&b), polygons_area(&shared));
    if shared.0.is_empty() {
        return None;
    }
    let united = a.boolean_op_with_fill_rule(&b, OpType::Union, FillRule::NonZero);
    let slack = 1e-6 * area_shared + 1e-8 * (area_a + area_b) + 1e-3;
    let balanced = (area_a + area_b - polygons_area(&united) - area_shared).abs() <= slack;
    let mean_width = shared.0.iter().map(width).fold(0.0, f64::max);

    let lies_in = |all: &MultiPolygon, area: f64, other: &MultiPolygon| {
        area - area_shared <= TOLERANCE * outline(all) + slack
            && all
                .boolean_op_with_fill_rule(other, OpType::Difference, FillRule::NonZero)
                .0
                .iter()
                .all(|part| width(part) < TOLERANCE)
    };
    let within = window.holds(site.bound()) && lies_in(&a, area_a, &b);
    let contains = !within && window.holds(zone.bound()) && lies_in(&b, area_b, &a);
    let whole = |shape: &PreparedShape, relation| Meeting {
        relation,
        overlap: shape.to_polygons(),
        area: shape.area(),
        plane_area: Area(0.0),
        mean_width,
        balanced,
        ..Meeting::without_ground(relation)
    };
    let mut meeting = if within {
        whole(site, Relation::Within)
    } else if contains {
        whole(zone, Relation::Contains)
    } else {
        let overlap = MultiPolygon(shared.0.iter().map(|polygon| frame.polygon_out(polygon)).collect());
        let area = measure::area(&Geometry::MultiPolygon(overlap.clone()));
        let relation = if mean_width < TOLERANCE { Relation::Touches } else { Relation::Overlaps };
        Meeting { overlap, area, mean_width, balanced, ..Meeting::without_ground(relation) }
    };
    meeting.plane_area = plane_area(&meeting.overlap, plane);
    Some(meeting)
}

/// Length of lines inside a site, metres.
fn length_inside(site: &PreparedShape, lines: &PreparedShape) -> f64 {
    let bound = site.bound();
    let mut length = 0.0;
    let mut cuts: Vec<f64> = Vec::new();
    for track in lines.tracks() {
        track.visit(&|run| run.meets(bound), &mut |_, start, end| {
            let edge = Bound::of(&[start, end]);
            if !edge.meets(bound) || start == end {
                return;
            }
            cuts.clear();
            cuts.extend([0.0, 1.0]);
            for ring in site.tracks() {
                ring.visit(&|run| run.meets(edge), &mut |_, from, to| cuts.extend(cut_at(start, end, from, to)));
            }
            cuts.sort_by(f64::total_cmp);
            for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
                let at =
                    |part: f64| Coord { x: start.x + (end.x - start.x) * part, y: start.y + (end.y - start.y) * part };
                let middle = at((from + to) / 2.0);
                if from < to && site.encloses(middle) && !site.borders_on(middle) {
                    length += measure::distance(at(*from), at(*to));
                }
            }
        });
    }
    length
}

/// Where along an edge another one meets it, 0…1.
fn cut_at(start: Coord, end: Coord, from: Coord, to: Coord) -> Option<f64> {
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    let (ex, ey) = (to.x - from.x, to.y - from.y);
    let turn = dx * ey - dy * ex;
    if turn == 0.0 {
        return None;
    }
    let (fx, fy) = (from.x - start.x, from.y - start.y);
    let (along, other) = ((fx * ey - fy * ex) / turn, (fx * dy - fy * dx) / turn);
    let touched = -1e-9..=1.0 + 1e-9;
    ((0.0..=1.0).contains(&along) && touched.contains(&other)).then_some(along)
}

/// The ground that several shapes cover together, each spot counted once.
pub fn joint_area<'a>(shapes: impl IntoIterator<Item = &'a MultiPolygon>) -> Area {
    let shapes: Vec<&MultiPolygon> = shapes.into_iter().filter(|shape| !shape.0.is_empty()).collect();
    match shapes.as_slice() {
        [] => Area(0.0),
        [only] => measure::area(&Geometry::MultiPolygon((*only).clone())),
        [first, rest @ ..] => {
            let Some(start) = first.0.first().and_then(|polygon| polygon.exterior().0.first()) else {
                return Area(0.0);
            };
            let frame = Frame::at(*start);
            let local = |shape: &MultiPolygon| MultiPolygon(shape.0.iter().map(|p| frame.polygon_in(p)).collect());
            let united = rest.iter().fold(local(first), |united, next| {
                united.boolean_op_with_fill_rule(&local(next), OpType::Union, FillRule::NonZero)
            });
            measure::area(&Geometry::MultiPolygon(MultiPolygon(
                united.0.iter().map(|polygon| frame.polygon_out(polygon)).collect(),
            )))
        }
    }
}

/// Area in a Gauss–Krüger plane of polygons whose edges are straight in longitude and latitude: their true images, each
/// edge taken as the parabola through its ends and its middle, in pieces short enough for a micrometre.
pub fn plane_area(shape: &MultiPolygon, plane: &GaussKruger) -> Area {
    let ring = |ring: &LineString| plane_ring(ring, plane).abs();
    Area(
        shape
            .0
            .iter()
            .map(|polygon| ring(polygon.exterior()) - polygon.interiors().iter().map(ring).sum::<f64>())
            .sum(),
    )
}

/// Longest piece of an edge, degrees.
const PIECE: f64 = 0.02;

fn plane_ring(ring: &LineString, plane: &GaussKruger) -> f64 {
    let Some(origin) = ring.0.first().and_then(|at| plane.forward(*at).ok()) else { return 0.0 };
    let image = |at: Coord| {
        let PlanePoint { east, north } = plane.forward(at).unwrap_or(origin);
        Coord { x: east - origin.east, y: north - origin.north }
    };
    let mut twice = 0.0;
    let mut from = Coord { x: 0.0, y: 0.0 };
    for edge in ring.lines() {
        let (dx, dy) = (edge.end.x - edge.start.x, edge.end.y - edge.start.y);
        let pieces = (dx.abs().max(dy.abs()) / PIECE).ceil().clamp(1.0, 10_000.0);
        let at = |part: f64| Coord { x: edge.start.x + dx * part, y: edge.start.y + dy * part };
        let mut piece = 0.0;
        while piece < pieces {
            let middle = image(at((piece + 0.5) / pieces));
            let to = image(if piece + 1.0 >= pieces { edge.end } else { at((piece + 1.0) / pieces) });
            let bulge = Coord { x: middle.x - (from.x + to.x) / 2.0, y: middle.y - (from.y + to.y) / 2.0 };
            twice += from.x * to.y - to.x * from.y;
            // a parabola's segment is two thirds of the chord times its height; twice that
            twice += 4.0 / 3.0 * ((to.y - from.y) * bulge.x - (to.x - from.x) * bulge.y);
            from = to;
            piece += 1.0;
        }
    }
    twice / 2.0
}

/// Metres about a place: an affine image of longitude and latitude.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    origin: Coord,
    across: f64,
    along: f64,
}

impl Frame {
    pub fn at(origin: Coord) -> Frame {
        let (across, along) = degree(origin.y);
        // at the pole a degree of longitude spans nothing
        Frame { origin, across: across.max(1.0), along }
    }

    pub fn into_local(self, at: Coord) -> Coord {
        Coord { x: (at.x - self.origin.x) * self.across, y: (at.y - self.origin.y) * self.along }
    }

    fn out_of_local(self, at: Coord) -> Coord {
        Coord { x: self.origin.x + at.x / self.across, y: self.origin.y + at.y / self.along }
    }

    /// The longer side of a box, metres.
    pub fn size_of(self, bound: Bound) -> f64 {
        ((bound.east - bound.west) * self.across).max((bound.north - bound.south) * self.along)
    }

    /// A box with a margin in metres.
    pub fn grow(self, bound: Bound, metres: f64) -> Bound {
        bound.grown(metres / self.across, metres / self.along)
    }

    fn ring_in(self, ring: &[Coord]) -> LineString {
        LineString::new(ring.iter().map(|at| self.into_local(*at)).collect())
    }

    /// Rings one by one, turned as they come: what they enclose is told by their winding.
    fn rings_in(self, rings: &[Vec<Coord>]) -> MultiPolygon {
        let rings = rings.iter().filter(|ring| ring.len() > 3);
        MultiPolygon(rings.map(|ring| Polygon::new(self.ring_in(ring), vec![])).collect())
    }

    pub fn polygon_in(self, polygon: &Polygon) -> Polygon {
        let ring = |ring: &LineString| self.ring_in(&ring.0);
        Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
    }

    pub fn polygon_out(self, polygon: &Polygon) -> Polygon {
        let ring = |ring: &LineString| LineString::new(ring.0.iter().map(|at| self.out_of_local(*at)).collect());
        Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect())
    }
}

fn signed(ring: &LineString) -> f64 {
    let origin = ring.0.first().copied().unwrap_or_default();
    let twice: f64 = ring
        .lines()
        .map(|edge| {
            (edge.start.x - origin.x) * (edge.end.y - origin.y) - (edge.end.x - origin.x) * (edge.start.y - origin.y)
        })
        .sum();
    twice / 2.0
}

/// Area of rings that stand one by one, holes wound the other way.
fn enclosed(rings: &MultiPolygon) -> f64 {
    rings.0.iter().map(|ring| signed(ring.exterior())).sum()
}

fn polygons_area(shape: &MultiPolygon) -> f64 {
    shape.0.iter().map(polygon_area).sum()
}

fn polygon_area(polygon: &Polygon) -> f64 {
    signed(polygon.exterior()).abs() - polygon.interiors().iter().map(|ring| signed(ring).abs()).sum::<f64>()
}

fn outline(shape: &MultiPolygon) -> f64 {
    shape.0.iter().map(ring_lengths).sum()
}

fn ring_lengths(polygon: &Polygon) -> f64 {
    let length = |ring: &LineString| ring.lines().map(|edge| libm::hypot(edge.dx(), edge.dy())).sum::<f64>();
    length(polygon.exterior()) + polygon.interiors().iter().map(length).sum::<f64>()
}

/// Mean width of a part: twice its area by its outline.
fn width(polygon: &Polygon) -> f64 {
    let around = ring_lengths(polygon);
    if around > 0.0 { 2.0 * polygon_area(polygon) / around } else { 0.0 }
}
