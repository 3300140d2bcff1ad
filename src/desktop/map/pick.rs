//! What is under the pointer: everything within a few points of it, nearest first.

use super::camera::Camera;
use crate::atlas::{Feature, FeatureKey, Layer, Theme};
use crate::workspace::Project;
use egui::Pos2;
use geo::{Coord, Geometry, LineString, Polygon};

/// How far from the pointer a thing still counts, in points.
pub const REACH: f64 = 6.0;

/// A thing under the pointer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Which.
    pub key: FeatureKey,
    /// Points from the pointer to its symbol; 0 on it.
    pub distance: f64,
    kind: Kind,
    /// Size of its box, so that the small one lies above the large one.
    size: f64,
}

/// What lies above what when the distance is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Point,
    Line,
    Area,
    Base,
}

/// Everything within reach of a place on the screen in the layers that are shown, nearest first; an area that lies
/// around the pointer comes after the points and lines beside it. `half_width` tells how far a symbol reaches; what has
/// none is not drawn and not found.
pub fn under(
    project: &Project,
    camera: &Camera,
    at: Pos2,
    half_width: impl Fn(&Layer, &Feature) -> Option<f64>,
) -> Vec<Hit> {
    let eye = Eye::new(camera, at);
    let mut hits = Vec::new();
    for state in project.layers.iter().filter(|state| state.visible) {
        let Some(layer) = project.atlas.layer_by_id(state.id) else { continue };
        // Wide symbols reach further than the pointer does.
        for index in layer.within(eye.around(REACH + 40.0)) {
            let Some(feature) = layer.feature(index) else { continue };
            let Some(shape) = &feature.shape else { continue };
            let Some((distance, dimension)) = eye.distance(shape) else { continue };
            let Some(half) = half_width(layer, feature) else { continue };
            let distance = (distance - half).max(0.0);
            if distance <= REACH {
                let kind = match dimension {
                    0 => Kind::Point,
                    1 => Kind::Line,
                    _ if layer.theme == Theme::Districts => Kind::Base,
                    _ => Kind::Area,
                };
                let size = feature.bounds().map_or(0.0, |bounds| bounds.width() * bounds.height());
                hits.push(Hit { key: FeatureKey { layer: layer.id, index }, distance, kind, size });
            }
        }
    }
    // A line beside the pointer is meant rather than the zone around it; a point of the screen makes no difference.
    let rank = |hit: &Hit| hit.kind.max(Kind::Line);
    hits.sort_by(|one, other| {
        rank(one)
            .cmp(&rank(other))
            .then(one.distance.round().total_cmp(&other.distance.round()))
            .then(one.kind.cmp(&other.kind))
            .then(one.distance.total_cmp(&other.distance))
            .then(one.size.total_cmp(&other.size))
            .then(one.key.cmp(&other.key))
    });
    hits
}

/// The pointer as the middle of a small plane in points of the screen.
#[derive(Debug)]
pub struct Eye {
    middle: Coord,
    /// Points a degree of longitude and of latitude here.
    scale: Coord,
}

impl Eye {
    /// About a place on the screen.
    pub fn new(camera: &Camera, at: Pos2) -> Self {
        let middle = camera.degrees(at);
        let radius = 6_378_137.0_f64;
        let across = radius.to_radians() / camera.metres_per_point();
        Self { middle, scale: Coord { x: across, y: across / middle.y.to_radians().cos() } }
    }

    fn plane(&self, point: Coord) -> Coord {
        Coord { x: (point.x - self.middle.x) * self.scale.x, y: (point.y - self.middle.y) * self.scale.y }
    }

    /// The pointer itself, degrees.
    pub fn middle(&self) -> Coord {
        self.middle
    }

    /// A box of degrees that reaches so many points to each side.
    pub fn around(&self, points: f64) -> geo::Rect {
        let half = Coord { x: points / self.scale.x, y: points / self.scale.y };
        geo::Rect::new(self.middle - half, self.middle + half)
    }

    /// Points to the shape, and whether the nearest part is a point, a line or an area.
    fn distance(&self, shape: &Geometry) -> Option<(f64, u8)> {
        let nearest = |parts: &mut dyn Iterator<Item = (f64, u8)>| {
            parts.filter(|(distance, _)| distance.is_finite()).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        };
        match shape {
            Geometry::Point(point) => nearest(&mut std::iter::once((self.away(point.0), 0))),
            Geometry::MultiPoint(points) => nearest(&mut points.iter().map(|point| (self.away(point.0), 0))),
            Geometry::Line(edge) => nearest(&mut std::iter::once((self.to_edge(edge.start, edge.end), 1))),
            Geometry::LineString(line) => nearest(&mut std::iter::once((self.to_line(line), 1))),
            Geometry::MultiLineString(lines) => nearest(&mut lines.iter().map(|line| (self.to_line(line), 1))),
            Geometry::Polygon(polygon) => nearest(&mut std::iter::once((self.to_polygon(polygon), 2))),
            Geometry::MultiPolygon(polygons) => {
                nearest(&mut polygons.iter().map(|polygon| (self.to_polygon(polygon), 2)))
            }
            Geometry::Rect(rect) => nearest(&mut std::iter::once((self.to_polygon(&rect.to_polygon()), 2))),
            Geometry::Triangle(triangle) => nearest(&mut std::iter::once((self.to_polygon(&triangle.to_polygon()), 2))),
            Geometry::GeometryCollection(shapes) => nearest(&mut shapes.iter().filter_map(|part| self.distance(part))),
        }
    }

    /// Points from the pointer to a position.
    pub fn away(&self, point: Coord) -> f64 {
        let point = self.plane(point);
        point.x.hypot(point.y)
    }

    fn to_edge(&self, start: Coord, end: Coord) -> f64 {
        self.foot(start, end).0
    }

    /// Points from the pointer to an edge, and the share of the edge at which it is nearest.
    pub fn foot(&self, start: Coord, end: Coord) -> (f64, f64) {
        let (start, end) = (self.plane(start), self.plane(end));
        let (dx, dy) = (end.x - start.x, end.y - start.y);
        let square = dx * dx + dy * dy;
        let share = if square > 0.0 { (-(start.x * dx + start.y * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        ((start.x + share * dx).hypot(start.y + share * dy), share)
    }

    fn to_line(&self, line: &LineString) -> f64 {
        let edges = line.lines().map(|edge| self.to_edge(edge.start, edge.end));
        match line.0.as_slice() {
            [only] => self.away(*only),
            _ => edges.fold(f64::INFINITY, f64::min),
        }
    }

    fn to_polygon(&self, polygon: &Polygon) -> f64 {
        let rings = || std::iter::once(polygon.exterior()).chain(polygon.interiors());
        let crossings = rings().flat_map(LineString::lines).filter(|edge| {
            let (start, end) = (self.plane(edge.start), self.plane(edge.end));
            (start.y > 0.0) != (end.y > 0.0) && start.x + (end.x - start.x) * (-start.y) / (end.y - start.y) > 0.0
        });
        if crossings.count() % 2 == 1 {
            return 0.0;
        }
        rings().map(|ring| self.to_line(ring)).fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{Atlas, LayerId, Manifest, Source};
    use crate::workspace::{Session, View};
    use egui::{Rect, Vec2};
    use geo::{Distance, Euclidean, MapCoords};
    use std::sync::Arc;

    /// A small generator, so that every run tries the same cases.
    struct Dice(u64);

    impl Dice {
        fn throw(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 11) as f64 / (1_u64 << 53) as f64
        }
        fn near(&mut self, x: f64, y: f64, spread: f64) -> Coord {
            Coord { x: x + (self.throw() - 0.5) * spread, y: y + (self.throw() - 0.5) * spread }
        }
    }

    fn project(features: Vec<Geometry>) -> Project {
        let features = (0..)
            .zip(features)
            .map(|(number, shape)| Feature { id: format!("F{number}"), shape: Some(shape), values: vec![] })
            .collect();
        let layer = Layer::new(LayerId(0), Theme::Other, "test".into(), Source::default(), features);
        let manifest = Manifest {
            title: String::new(),
            title_en: String::new(),
            version: String::new(),
            as_of: "2026-10-31".parse().unwrap(),
            city_area_km2: None,
            city_area_source: String::new(),
            layers: vec![],
            governance: None,
        };
        let atlas = Atlas { manifest, layers: vec![Arc::new(layer)], governance: None };
        Project::new(Arc::new(atlas), &Session::default())
    }

    fn camera(zoom: f64) -> Camera {
        let view = View { longitude: 120.1, latitude: 31.5, zoom };
        Camera::of(view, Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0)))
    }

    fn shapes(dice: &mut Dice) -> Vec<Geometry> {
        let mut shapes = Vec::new();
        for number in 0..150 {
            let middle = dice.near(120.1, 31.5, 0.2);
            shapes.push(match number % 3 {
                0 => Geometry::Point(middle.into()),
                1 => {
                    let points = (0..5).map(|_| dice.near(middle.x, middle.y, 0.04)).collect();
                    Geometry::LineString(LineString::new(points))
                }
                _ => {
                    let ring: Vec<Coord> = (0..12)
                        .map(|step| {
                            let angle = f64::from(step) / 12.0 * std::f64::consts::TAU;
                            let radius = 0.004 + 0.02 * dice.throw();
                            Coord { x: middle.x + radius * angle.cos(), y: middle.y + radius * angle.sin() }
                        })
                        .collect();
                    let hole = ring.iter().map(|point| (*point - middle) * 0.3 + middle).collect();
                    Geometry::Polygon(Polygon::new(LineString::new(ring), vec![LineString::new(hole)]))
                }
            });
        }
        shapes
    }

    /// geo's own distances, without index, on coordinates scaled to the screen.
    #[test]
    fn every_thing_within_reach_is_found_and_nothing_else() {
        let mut dice = Dice(7);
        let shapes = shapes(&mut dice);
        let project = project(shapes.clone());
        let mut found_in_all = 0;
        for zoom in [9.0, 11.0, 13.0] {
            let camera = camera(zoom);
            for _ in 0..120 {
                let at = Pos2::new((dice.throw() * 800.0) as f32, (dice.throw() * 600.0) as f32);
                let eye = Eye::new(&camera, at);
                let mut expected: Vec<u32> = (0..)
                    .zip(&shapes)
                    .filter(|(_, shape)| {
                        let scaled = shape.map_coords(|point| eye.plane(point));
                        Euclidean.distance(&scaled, &Geometry::Point(geo::Point::new(0.0, 0.0))) <= REACH
                    })
                    .map(|(number, _)| number)
                    .collect();
                let hits = under(&project, &camera, at, |_, _| Some(0.0));
                let mut found: Vec<u32> = hits.iter().map(|hit| hit.key.index).collect();
                found_in_all += found.len();
                found.sort_unstable();
                expected.sort_unstable();
                assert_eq!(found, expected, "at {at:?}, level {zoom}");
            }
        }
        assert!(found_in_all > 150, "{found_in_all}");
    }

    #[test]
    fn points_come_before_lines_before_areas_and_small_before_large() {
        let square = |half: f64| {
            Geometry::Rect(geo::Rect::new(
                Coord { x: 120.1 - half, y: 31.5 - half },
                Coord { x: 120.1 + half, y: 31.5 + half },
            ))
        };
        let line = Geometry::LineString(LineString::from(vec![(120.0, 31.5), (120.2, 31.5)]));
        let point = Geometry::Point(geo::Point::new(120.1, 31.5));
        let project = project(vec![square(0.1), square(0.01), line, point]);
        let camera = camera(12.0);
        let order: Vec<u32> =
            under(&project, &camera, camera.frame.center(), |_, _| Some(0.0)).iter().map(|hit| hit.key.index).collect();
        assert_eq!(order, [3, 2, 1, 0]);
    }

    #[test]
    fn the_plane_round_the_pointer_agrees_with_the_picture() {
        let camera = camera(13.0);
        let at = Pos2::new(123.0, 456.0);
        let eye = Eye::new(&camera, at);
        let place = Pos2::new(129.0, 449.0);
        let plane = eye.plane(camera.degrees(place));
        assert!((plane.x - 6.0).abs() < 1e-3 && (plane.y - 7.0).abs() < 1e-3, "{plane:?}");
    }
}
