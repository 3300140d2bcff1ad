//! How a site lies to a thing on the map: shared ground, shared border, distance. Refuses nothing: what cannot be
//! relied on is said in the result.
//!
//! Edges are straight in longitude and latitude on both sides (the geometry rule), so their overlap is a polygon with
//! such edges too. It is found in a frame of metres that is an affine image of longitude and latitude about the place:
//! straight stays straight, a border drawn once is met exactly, and nothing has to be densified. Its area is then the
//! exact one on the ellipsoid, its plane area that of the true image in the Gauss–Krüger plane.

use super::corners::Corners;
use super::depth;
use super::measure::{self, Area};
use super::nearest::degree;
use super::plain;
use super::prepared::PreparedShape;
use super::reference::{GaussKruger, PlanePoint};
use super::strip;
use super::track::{Bound, high};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use i_overlay::core::extract::BooleanExtractionBuffer;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::overlay::OverlayOptions;
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
    /// Distance from a point of lines or points inside the site to the site's border, the greatest found, metres.
    pub reach: f64,
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
            reach: 0.0,
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
    if site.is_empty() || thing.is_empty() {
        return None;
    }
    let mut meeting = None;
    if thing.is_areal() {
        meeting = match borders_apart(site, thing) {
            Some(Apart::Inside) => Some(all_of(site, Relation::Within, plane)),
            Some(Apart::Around) => Some(all_of(thing, Relation::Contains, plane)),
            Some(Apart::Beside) => None,
            None => share_ground(site, thing, plane),
        };
    } else {
        let (length, reach) = length_inside(site, thing);
        if length > TOLERANCE || thing.lone_point_inside(site).is_some() {
            let all = thing.length();
            let inside = length >= all - TOLERANCE;
            let relation = if inside { Relation::Contains } else { Relation::Overlaps };
            meeting = Some(Meeting { length, reach, ..Meeting::without_ground(relation) });
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

/// Degrees that are more than the tolerance everywhere but at the poles.
const NO_TOUCH: f64 = 1e-6;

/// How two shapes lie whose borders keep more than the tolerance apart.
enum Apart {
    Inside,
    Around,
    Beside,
}

/// Tells without an overlay how a site lies to a zone, where no part of their borders comes near the other's; `None` where
/// it does, or where parts lie differently.
fn borders_apart(site: &PreparedShape, zone: &PreparedShape) -> Option<Apart> {
    let around = site.bound().grown(NO_TOUCH, NO_TOUCH);
    if !around.meets(zone.bound()) && around.north.abs().max(around.south.abs()) < 89.0 {
        return Some(Apart::Beside);
    }
    if site.closest(zone, TOLERANCE).is_some() {
        return None;
    }
    let inside = |rings: &PreparedShape, all: &PreparedShape| {
        let count = rings.tracks().iter().filter(|ring| all.encloses(ring.first())).count();
        (count == rings.tracks().len(), count == 0)
    };
    // no ring crosses another's border, so one point of it speaks for all
    match (inside(site, zone), inside(zone, site)) {
        ((true, _), (_, true)) => Some(Apart::Inside),
        ((_, true), (true, _)) => Some(Apart::Around),
        ((_, true), (_, true)) => Some(Apart::Beside),
        _ => None,
    }
}

/// All of a shape as the ground shared.
fn all_of(shape: &PreparedShape, relation: Relation, plane: &GaussKruger) -> Meeting {
    Meeting {
        overlap: shape.to_polygons(),
        area: shape.area(),
        plane_area: shape.plane_area(plane),
        mean_width: shape.mean_width(),
        ..Meeting::without_ground(relation)
    }
}

/// Ground shared by two shapes with area. A result that is nowhere as wide as the tolerance has the relation `Touches`.
fn share_ground(site: &PreparedShape, zone: &PreparedShape, plane: &GaussKruger) -> Option<Meeting> {
    let common = site.bound().common(zone.bound());
    if common.is_empty() {
        return None;
    }
    let frame = Frame::at(common.centre());
    let window = frame.grow(common, 1.0 + frame.size_of(common) * 0.01);
    let cut = [site.cut(window), zone.cut(window)];
    if site.is_plain()
        && zone.is_plain()
        && let Some(meeting) = share_plainly(&cut, frame, plane)
    {
        return Some(meeting);
    }
    let corners = Corners::new(frame, [&cut[0], &cut[1]]);
    let [a, b] = &corners.rings;
    if a.is_empty() || b.is_empty() {
        return None;
    }
    // one graph of all edges answers what is shared, what both cover, and what is left of each
    let mut overlay = corners.overlay(options());
    let graph = overlay.build_graph_view(FillRule::NonZero)?;
    let mut buffer = BooleanExtractionBuffer::default();
    let mut extract = |rule: OverlayRule| polygons(graph.extract_shapes(rule, &mut buffer));
    let shared = extract(OverlayRule::Intersect);
    if shared.0.is_empty() {
        return None;
    }
    let (area_a, area_b, area_shared) = (enclosed(a), enclosed(b), polygons_area(&shared));
    let united = extract(OverlayRule::Union);
    let (outline_a, outline_b) = (outline(a), outline(b));
    // the overlay works on a grid of 2^-29 of the window's half side; every edge may be off by that much
    let grid = frame.size_of(window) / f64::from(1 << 29);
    let slack = 1e-6 * area_shared + 1e-9 * (area_a + area_b) + 2.0 * grid * (outline_a + outline_b) + 1e-3;
    let balanced = (area_a + area_b - polygons_area(&united) - area_shared).abs() <= slack;
    let mean_width = shared.0.iter().map(width).fold(0.0, f64::max);

    let mut lies_in = |area: f64, outline: f64, rest: OverlayRule| {
        area - area_shared <= TOLERANCE * outline + slack && extract(rest).0.iter().all(|part| is_thin(part, frame))
    };
    let within = window.holds(site.bound()) && lies_in(area_a, outline_a, OverlayRule::Difference);
    let contains = !within && window.holds(zone.bound()) && lies_in(area_b, outline_b, OverlayRule::InverseDifference);
    // slivers outside thinner than the tolerance still count off
    let is_all = |area: f64| area - area_shared <= 1e-8 * area + 4.0 * grid * outline_a.min(outline_b) + 1e-4;
    if within && is_all(area_a) {
        return Some(Meeting { mean_width, balanced, ..all_of(site, Relation::Within, plane) });
    }
    if contains && is_all(area_b) {
        return Some(Meeting { mean_width, balanced, ..all_of(zone, Relation::Contains, plane) });
    }
    let off_at_most = grid * shared.0.iter().map(ring_lengths).sum::<f64>();
    let is_sharp = off_at_most > SHARPEN_FROM.max(SHARPEN_SHARE * area_shared);
    let overlap = corners.put_back(&shared, grid, is_sharp);
    // no more is shared than there is of either, to the last digit
    let area = Area(measure::area_of(&overlap).0.min(site.area().0).min(zone.area().0));
    let plane_area = plane_area(&overlap, plane);
    let relation = match (within, contains) {
        (true, _) => Relation::Within,
        (_, true) => Relation::Contains,
        _ if shared.0.iter().all(|part| is_thin(part, frame)) => Relation::Touches,
        _ => Relation::Overlaps,
    };
    Some(Meeting { overlap, area, plane_area, mean_width, balanced, ..Meeting::without_ground(relation) })
}

/// The same where borders only cross, and enough is left of both beside what is shared.
fn share_plainly(cut: &[Vec<Vec<Coord>>; 2], frame: Frame, plane: &GaussKruger) -> Option<Meeting> {
    let overlap = plain::shared(cut, frame)?;
    let shared: Vec<Polygon> = overlap.0.iter().map(|polygon| frame.polygon_in(polygon)).collect();
    let area_shared: f64 = shared.iter().map(polygon_area).sum();
    let mean_width = shared.iter().map(width).fold(0.0, f64::max);
    let is_part = |rings: &Vec<Vec<Coord>>| {
        let rings = frame.rings_in(rings);
        let area = enclosed(&rings);
        area - area_shared > 2.0 * TOLERANCE * outline(&rings) + 1e-5 * area + 0.002
    };
    if mean_width < 2.0 * TOLERANCE || !cut.iter().all(is_part) {
        return None;
    }
    let (area, plane_area) = (measure::area_of(&overlap), plane_area(&overlap, plane));
    Some(Meeting { overlap, area, plane_area, mean_width, ..Meeting::without_ground(Relation::Overlaps) })
}

/// From this on, square metres and share of the ground, it counts that crossings lie on the grid of the overlay: ground of
/// many kilometres would else be off by the width of the grid along all of its outline.
const SHARPEN_FROM: f64 = 0.002;
const SHARPEN_SHARE: f64 = 2e-7;

/// Parts that touch in a point are told apart, as the simple features of the OGC have it.
pub(super) fn options() -> OverlayOptions<f64> {
    OverlayOptions::ogc()
}

pub(super) fn polygons(shapes: Vec<Vec<Vec<[f64; 2]>>>) -> MultiPolygon {
    let ring = |path: &Vec<[f64; 2]>| {
        let mut points: Vec<Coord> = path.iter().map(|[x, y]| Coord { x: *x, y: *y }).collect();
        points.extend(points.first().copied());
        LineString::new(points)
    };
    let polygon = |shape: Vec<Vec<[f64; 2]>>| {
        let mut rings = shape.iter().map(ring);
        Some(Polygon::new(rings.next()?, rings.collect()))
    };
    MultiPolygon(shapes.into_iter().filter_map(polygon).collect())
}

/// Length of lines inside a site, and how far inside the middle of one of their pieces lies at most, metres.
fn length_inside(site: &PreparedShape, lines: &PreparedShape) -> (f64, f64) {
    let bound = site.bound();
    let (mut length, mut reach) = (0.0, 0.0_f64);
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
                    reach = reach.max(site.distance_to_border(middle));
                }
            }
        });
    }
    if let Some(lone) = lines.lone_point_inside(site) {
        reach = reach.max(site.distance_to_border(lone));
    }
    (length, reach)
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

/// Area in a Gauss–Krüger plane of polygons whose edges are straight in longitude and latitude: their true images.
pub fn plane_area(shape: &MultiPolygon, plane: &GaussKruger) -> Area {
    let ring = |ring: &LineString| {
        let excess = strip::plane_excess(ring, plane.central_meridian());
        match (strip::ring_area(ring), excess) {
            (Some(area), Some(excess)) => (area + excess).abs(),
            _ => plane_ring(ring, plane).abs(),
        }
    };
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

/// The image of a ring of any size, each edge taken as the parabola through its ends and its middle, in pieces short
/// enough for a micrometre.
pub(super) fn plane_ring(ring: &LineString, plane: &GaussKruger) -> f64 {
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

    #[inline]
    pub fn into_local(self, at: Coord) -> Coord {
        Coord { x: (at.x - self.origin.x) * self.across, y: (at.y - self.origin.y) * self.along }
    }

    /// The way from one place to another, metres.
    #[inline]
    pub fn way(self, from: Coord, to: Coord) -> Coord {
        Coord { x: (to.x - from.x) * self.across, y: (to.y - from.y) * self.along }
    }

    #[inline]
    pub fn out_of_local(self, at: Coord) -> Coord {
        Coord { x: self.origin.x + at.x / self.across, y: self.origin.y + at.y / self.along }
    }

    /// The longer side of a box, metres.
    pub fn size_of(self, bound: Bound) -> f64 {
        ((bound.east - bound.west) * self.across).max((bound.north - bound.south) * self.along)
    }

    /// The sides of a box, metres.
    pub fn sides(self, bound: Bound) -> (f64, f64) {
        ((bound.east - bound.west) * self.across, (bound.north - bound.south) * self.along)
    }

    /// Area of polygons in this frame, square metres.
    pub fn enclosed(self, shape: &MultiPolygon) -> f64 {
        polygons_area(shape) * self.across * self.along
    }

    /// Square of the metres from a place to a box in degrees.
    #[inline]
    pub fn gap_square(self, bound: Bound, at: Coord) -> f64 {
        let east = high(high(bound.west - at.x, at.x - bound.east), 0.0) * self.across;
        let north = high(high(bound.south - at.y, at.y - bound.north), 0.0) * self.along;
        east * east + north * north
    }

    /// A box with a margin in metres.
    pub fn grow(self, bound: Bound, metres: f64) -> Bound {
        bound.grown(metres / self.across, metres / self.along)
    }

    fn ring_in(self, ring: &[Coord]) -> LineString {
        LineString::new(ring.iter().map(|at| self.into_local(*at)).collect())
    }

    /// Rings one by one without their last points, turned as they come: what they enclose is told by their winding.
    pub fn rings_in(self, rings: &[Vec<Coord>]) -> Vec<Vec<[f64; 2]>> {
        let place = |at: &Coord| self.into_local(*at);
        let open = |ring: &Vec<Coord>| ring.iter().skip(1).map(place).map(|at| [at.x, at.y]).collect();
        rings.iter().filter(|ring| ring.len() > 3).map(open).collect()
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

/// The edges of a ring without its last point.
fn edges(ring: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(from, to)| (*from, *to))
}

/// Area of rings that stand one by one, holes wound the other way.
fn enclosed(rings: &[Vec<[f64; 2]>]) -> f64 {
    let area = |ring: &Vec<[f64; 2]>| {
        let [x, y] = ring.first().copied().unwrap_or_default();
        edges(ring).map(|(a, b)| (a[0] - x) * (b[1] - y) - (b[0] - x) * (a[1] - y)).sum::<f64>() / 2.0
    };
    rings.iter().map(area).sum()
}

fn polygons_area(shape: &MultiPolygon) -> f64 {
    shape.0.iter().map(polygon_area).sum()
}

fn polygon_area(polygon: &Polygon) -> f64 {
    signed(polygon.exterior()).abs() - polygon.interiors().iter().map(|ring| signed(ring).abs()).sum::<f64>()
}

fn outline(rings: &[Vec<[f64; 2]>]) -> f64 {
    let step = |(a, b): ([f64; 2], [f64; 2])| ((b[0] - a[0]) * (b[0] - a[0]) + (b[1] - a[1]) * (b[1] - a[1])).sqrt();
    rings.iter().map(|ring| edges(ring).map(step).sum::<f64>()).sum()
}

fn ring_lengths(polygon: &Polygon) -> f64 {
    let length = |ring: &LineString| {
        ring.lines().map(|edge| (edge.dx() * edge.dx() + edge.dy() * edge.dy()).sqrt()).sum::<f64>()
    };
    length(polygon.exterior()) + polygon.interiors().iter().map(length).sum::<f64>()
}

/// Whether a part is nowhere as wide as the tolerance: a long one may be as thin on the whole and wide at one end.
fn is_thin(part: &Polygon, frame: Frame) -> bool {
    width(part) < TOLERANCE && depth::widest(frame.polygon_out(part)) < TOLERANCE
}

/// Mean width of a part: twice its area by its outline.
pub(super) fn width(polygon: &Polygon) -> f64 {
    let around = ring_lengths(polygon);
    if around > 0.0 { 2.0 * polygon_area(polygon) / around } else { 0.0 }
}

#[cfg(test)]
mod tests;
