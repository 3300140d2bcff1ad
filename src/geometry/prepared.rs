//! A shape made ready for many questions: mended once, its edges under boxes, its measures kept.

use super::measure::{self, Area};
use super::nearest::Closest;
use super::overlay::{Frame, plane_area, width};
use super::reference::GaussKruger;
use super::track::{Bound, Track};
use super::validity::{Flaw, mend};
use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon, Rect};
use std::sync::OnceLock;

/// A shape made ready for many questions. Polygons, or lines and points; never both (polygons of a mixed collection
/// are kept, its lines and points are not).
#[derive(Debug, Clone)]
pub struct PreparedShape {
    areal: bool,
    tracks: Vec<Track>,
    polygons: MultiPolygon,
    bound: Bound,
    area: Area,
    length: f64,
    flaws: Vec<Flaw>,
    repaired: bool,
    area_change: Area,
    plain: bool,
    mean_width: OnceLock<f64>,
    /// Area in the plane of a central meridian, the first that was asked for.
    plane_area: OnceLock<(f64, Area)>,
    longest_edge: OnceLock<f64>,
}

/// Pairs of edges up to which all are compared at once.
const PAIRS_AT_ONCE: usize = 2_048;
/// Looked for no farther than this, metres, nothing is gained by a first guess.
const APPROACH_FROM: f64 = 1.0;
/// Steps to and fro before all are compared.
const APPROACHES: usize = 4;

impl PreparedShape {
    /// Prepares any geometry; what cannot be computed with is left out and told as flaws.
    pub fn new(shape: &Geometry) -> Self {
        let mut parts = Parts::default();
        parts.take(shape, 0);
        if parts.polygons.is_empty() {
            Self::of_lines(parts.lines)
        } else {
            Self::of_polygons(&MultiPolygon(parts.polygons))
        }
    }

    /// Prepares polygons.
    pub fn of_polygons(shape: &MultiPolygon) -> Self {
        let mended = mend(shape);
        let mut prepared = Self::of_sound_polygons(mended.shape);
        prepared.flaws = mended.flaws;
        prepared.repaired = mended.repaired;
        prepared.area_change = mended.area_change;
        prepared.plain = mended.plain;
        prepared
    }

    /// Polygons known to be sound, shells counter-clockwise and holes clockwise.
    pub(super) fn of_sound_polygons(polygons: MultiPolygon) -> Self {
        let rings =
            polygons.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        let tracks: Vec<Track> = rings.filter_map(|ring| Track::new(ring.0.clone())).collect();
        let area = measure::area_of(&polygons);
        Self { areal: true, area, polygons, ..Self::of_tracks(tracks) }
    }

    fn of_lines(lines: Vec<Vec<Coord>>) -> Self {
        let sound = |line: &Vec<Coord>| line.iter().all(|at| at.x.abs() <= 360.0 && at.y.abs() <= 90.0);
        let tracks: Vec<Track> = lines.into_iter().filter(sound).filter_map(Track::new).collect();
        let length = tracks.iter().map(|track| measure::line_length(&LineString::new(track.points().to_vec()))).sum();
        Self { length, ..Self::of_tracks(tracks) }
    }

    fn of_tracks(tracks: Vec<Track>) -> Self {
        let bound = tracks.iter().map(Track::bound).reduce(Bound::and).unwrap_or(Bound::of(&[]));
        Self {
            areal: false,
            tracks,
            polygons: MultiPolygon(vec![]),
            bound,
            area: Area(0.0),
            length: 0.0,
            flaws: Vec::new(),
            repaired: false,
            area_change: Area(0.0),
            plain: false,
            mean_width: OnceLock::new(),
            plane_area: OnceLock::new(),
            longest_edge: OnceLock::new(),
        }
    }

    /// Whether nothing could be kept.
    pub fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }

    /// Whether it has area, as against lines and points.
    pub fn is_areal(&self) -> bool {
        self.areal
    }

    /// Area on the ellipsoid.
    pub fn area(&self) -> Area {
        self.area
    }

    /// Area of its true image in a Gauss–Krüger plane.
    pub fn plane_area(&self, plane: &GaussKruger) -> Area {
        let meridian = plane.central_meridian();
        let measure = || plane_area(&self.polygons, plane);
        let (known, area) = self.plane_area.get_or_init(|| (meridian, measure()));
        if *known == meridian { *area } else { measure() }
    }

    /// Mean width of the widest of its polygons, metres: twice the area by the outline.
    pub fn mean_width(&self) -> f64 {
        *self.mean_width.get_or_init(|| {
            let frame = Frame::at(self.bound.centre());
            self.polygons.0.iter().map(|polygon| width(&frame.polygon_in(polygon))).fold(0.0, f64::max)
        })
    }

    /// Length of its lines, metres.
    pub fn length(&self) -> f64 {
        self.length
    }

    /// What was wrong with the shape given.
    pub fn flaws(&self) -> &[Flaw] {
        &self.flaws
    }

    /// Whether it is another shape than the one given.
    pub fn is_repaired(&self) -> bool {
        self.repaired
    }

    /// Whether it is known that nothing of it touches anything else of it.
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    /// Area before less area after, when repaired.
    pub fn area_change(&self) -> Area {
        self.area_change
    }

    /// Its polygons, shells counter-clockwise.
    pub fn to_polygons(&self) -> MultiPolygon {
        self.polygons.clone()
    }

    /// Its box in degrees.
    pub fn bounds(&self) -> Option<Rect> {
        (!self.bound.is_empty()).then(|| self.bound.rect())
    }

    /// Whether a place lies inside its polygons.
    pub fn encloses(&self, place: Coord) -> bool {
        self.areal && self.tracks.iter().map(|ring| ring.winding(place)).sum::<i32>() > 0
    }

    /// Distance on the ellipsoid and the closest points, on this and on the other; `None` when further than `reach`
    /// metres. Insides are not looked at: a shape inside another is as far as its border.
    pub fn closest(&self, other: &PreparedShape, reach: f64) -> Option<(f64, Coord, Coord)> {
        let mut closest = Closest::within(reach, self.bound, other.bound);
        if !closest.may_improve(self.bound, other.bound) {
            return None;
        }
        if reach > APPROACH_FROM && self.edges().saturating_mul(other.edges()) > PAIRS_AT_ONCE {
            if !self.approach(other, &mut closest) {
                return None;
            }
            closest.narrow(self.bound, other.bound);
        }
        for one in &self.tracks {
            for two in &other.tracks {
                closest.compare(one, two);
            }
        }
        closest.finish()
    }

    /// Goes to and fro between two shapes, each time to the nearest place of the other: a pair that is near enough to
    /// pass over most of the rest. Tells whether they may be near at all.
    fn approach(&self, other: &PreparedShape, closest: &mut Closest) -> bool {
        let Some(mut lone) = self.tracks.first().and_then(|track| Track::new(vec![track.first()])) else { return true };
        for step in 0..APPROACHES {
            let to = if step % 2 == 0 { other } else { self };
            let mut next = Closest::within(f64::INFINITY, lone.bound(), to.bound);
            to.tracks.iter().for_each(|track| next.compare(&lone, track));
            let Some((from, at)) = next.pair() else { return true };
            // from no place of this shape is the other nearer than this
            if step == 0 && next.reach() > closest.reach() + self.at_most_across() {
                return false;
            }
            let (own, others) = if step % 2 == 0 { (from, at) } else { (at, from) };
            closest.offer(next.reach(), own, others);
            match Track::new(vec![at]) {
                Some(next) => lone = next,
                None => return true,
            }
        }
        true
    }

    /// Metres that no two places of it are farther apart than.
    fn at_most_across(&self) -> f64 {
        let Bound { west, south, east, north } = self.bound;
        // a degree spans at most so much anywhere
        libm::hypot(east - west, north - south) * 111_700.0
    }

    fn edges(&self) -> usize {
        self.tracks.iter().map(Track::edges).sum()
    }

    /// The length of its longest edge, in degrees that are never shorter than they should.
    pub(super) fn longest_edge(&self) -> f64 {
        *self.longest_edge.get_or_init(|| {
            let lines = self.tracks.iter().flat_map(|track| track.points().windows(2));
            let length = |pair: &[Coord]| match pair {
                [from, to] => libm::hypot(to.x - from.x, to.y - from.y),
                _ => 0.0,
            };
            lines.map(length).fold(0.0, f64::max)
        })
    }

    /// Whether a place lies on its border, to a millimetre.
    pub(super) fn borders_on(&self, place: Coord) -> bool {
        Track::new(vec![place]).is_some_and(|lone| {
            let mut closest = Closest::within(super::overlay::TOLERANCE, self.bound, lone.bound());
            self.tracks.iter().for_each(|track| closest.compare(track, &lone));
            closest.finish().is_some()
        })
    }

    /// A number that takes reading a little everywhere of a small border.
    pub(crate) fn read_through(&self) -> f64 {
        self.tracks.first().map_or(0.0, Track::read_through)
    }

    pub(super) fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    pub(super) fn bound(&self) -> Bound {
        self.bound
    }

    /// Its rings cut to a window.
    pub(super) fn cut(&self, window: Bound) -> Vec<Vec<Coord>> {
        self.tracks.iter().filter(|ring| ring.bound().meets(window)).map(|ring| ring.cut(window)).collect()
    }

    pub(super) fn lone_point_inside(&self, site: &PreparedShape) -> Option<Coord> {
        self.tracks.iter().find_map(|track| match track.points() {
            [one, two] => (one == two && site.encloses(*one)).then_some(*one),
            _ => None,
        })
    }

    /// Metres from a place to its border.
    pub fn distance_to_border(&self, place: Coord) -> f64 {
        super::depth::to_border(self, place)
    }

    /// The farthest that a corner of this shape lies outside of another, metres; 0 when all lie inside.
    pub fn reach_out_of(&self, other: &PreparedShape) -> f64 {
        let corners = self.tracks.iter().flat_map(|track| track.points());
        let outside = corners.filter(|corner| !other.encloses(**corner));
        outside.map(|corner| other.distance_to_border(*corner)).fold(0.0, f64::max)
    }

    /// Half of the shorter side of its box, metres: no point of it lies farther from its border.
    pub fn half_width(&self) -> f64 {
        if self.bound.is_empty() {
            return 0.0;
        }
        let (across, along) = Frame::at(self.bound.centre()).sides(self.bound);
        across.min(along) / 2.0
    }
}

#[derive(Default)]
struct Parts {
    polygons: Vec<Polygon>,
    lines: Vec<Vec<Coord>>,
}

impl Parts {
    fn take(&mut self, shape: &Geometry, depth: usize) {
        match shape {
            Geometry::Polygon(polygon) => self.polygons.push(polygon.clone()),
            Geometry::MultiPolygon(polygons) => self.polygons.extend(polygons.0.iter().cloned()),
            Geometry::Rect(rect) => self.polygons.push(rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygons.push(triangle.to_polygon()),
            Geometry::Line(line) => self.lines.push(vec![line.start, line.end]),
            Geometry::LineString(line) => self.lines.push(line.0.clone()),
            Geometry::MultiLineString(lines) => self.lines.extend(lines.0.iter().map(|line| line.0.clone())),
            Geometry::Point(point) => self.lines.push(vec![point.0]),
            Geometry::MultiPoint(points) => self.lines.extend(points.0.iter().map(|point| vec![point.0])),
            Geometry::GeometryCollection(parts) if depth < 32 => {
                parts.0.iter().for_each(|part| self.take(part, depth + 1));
            }
            Geometry::GeometryCollection(_) => {}
        }
    }
}
