//! What the pointer snaps to while drawing and reshaping: corners first, then edges, then the grid.

use super::camera::Camera;
use super::pick::Eye;
use crate::atlas::{Feature, Layer};
use crate::geometry::geo::CoordsIter;
use crate::geometry::{GaussKruger, PlanePoint};
use crate::workspace::{Drawing, Project, SiteId};
use egui::Pos2;
use geo::{BoundingRect, Coord, Geometry, LineString, MultiPolygon};

/// A place that the pointer has snapped to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Snap {
    /// Longitude and latitude, to the last digit those of what is there.
    pub at: Coord,
    /// What is there.
    pub kind: Kind,
}

/// What is snapped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first corner of the sketch: closes it.
    Close,
    /// A corner.
    Corner,
    /// A place on an edge.
    Edge,
    /// A point of the grid.
    Grid,
}

/// What may be snapped to beside the layers.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    /// The project, with its layers and sites.
    pub project: &'a Project,
    /// Corners of the sketch.
    pub sketch: &'a [Coord],
    /// Whether its first corner closes it.
    pub closes: bool,
    /// The site in the hand.
    pub held: Option<SiteId>,
}

/// The place near a point of the screen, after the choices; `is_drawn` tells what of the layers is in sight.
pub fn snap(
    targets: &Targets<'_>,
    choices: &Drawing,
    camera: &Camera,
    at: Pos2,
    is_drawn: impl Fn(&Layer, &Feature) -> bool,
) -> Option<Snap> {
    let reach = f64::from(choices.reach);
    let mut search = Search { eye: Eye::new(camera, at), reach, corner: None, edge: None };
    if choices.snaps {
        if let (true, Some(first)) = (targets.closes, targets.sketch.first())
            && search.eye.away(*first) <= reach
        {
            return Some(Snap { at: *first, kind: Kind::Close });
        }
        targets.sketch.iter().for_each(|corner| search.corner(*corner));
        let around = search.eye.around(reach);
        let sites = targets.project.sites.iter().filter(|state| targets.held != Some(state.id));
        for state in sites {
            if state.site.shape.bounding_rect().is_some_and(|bounds| meet(bounds, around)) {
                search.areas(&state.site.shape);
            }
        }
        for state in targets.project.layers.iter().filter(|state| state.visible) {
            let Some(layer) = targets.project.atlas.layer_by_id(state.id) else { continue };
            for index in layer.within(around) {
                let Some(feature) = layer.feature(index) else { continue };
                let Some(shape) = feature.shape.as_ref().filter(|_| is_drawn(layer, feature)) else { continue };
                search.shape(shape);
            }
        }
    }
    let snapped = |found: (f64, Coord), kind| Snap { at: found.1, kind };
    let corner = search.corner.map(|found| snapped(found, Kind::Corner));
    let edge = search.edge.map(|found| snapped(found, Kind::Edge));
    corner.or(edge).or_else(|| {
        let at = grid_point(search.eye.middle(), choices.grid)?;
        (search.eye.away(at) <= reach).then_some(Snap { at, kind: Kind::Grid })
    })
}

fn meet(one: geo::Rect, other: geo::Rect) -> bool {
    one.min().x <= other.max().x
        && other.min().x <= one.max().x
        && one.min().y <= other.max().y
        && other.min().y <= one.max().y
}

/// The point of the grid of round metres of the Gauss–Krüger plane that is nearest to a place.
pub fn grid_point(at: Coord, spacing: f64) -> Option<Coord> {
    if spacing <= 0.0 {
        return None;
    }
    let plane = GaussKruger::three_degree(at.x).ok()?;
    let point = plane.forward(at).ok()?;
    let round = |value: f64| (value / spacing).round() * spacing;
    plane.inverse(PlanePoint { east: round(point.east), north: round(point.north) }).ok()
}

struct Search {
    eye: Eye,
    reach: f64,
    corner: Option<(f64, Coord)>,
    edge: Option<(f64, Coord)>,
}

impl Search {
    fn corner(&mut self, at: Coord) {
        let away = self.eye.away(at);
        if away <= self.reach && self.corner.is_none_or(|(known, _)| away < known) {
            self.corner = Some((away, at));
        }
    }

    fn line(&mut self, line: &LineString) {
        for edge in line.lines() {
            let (away, share) = self.eye.foot(edge.start, edge.end);
            if away > self.reach {
                continue;
            }
            self.corner(edge.start);
            self.corner(edge.end);
            if self.edge.is_none_or(|(known, _)| away < known) {
                self.edge = Some((away, edge.start + (edge.end - edge.start) * share));
            }
        }
    }

    fn areas(&mut self, shape: &MultiPolygon) {
        for polygon in shape {
            self.line(polygon.exterior());
            polygon.interiors().iter().for_each(|ring| self.line(ring));
        }
    }

    fn shape(&mut self, shape: &Geometry) {
        match shape {
            Geometry::LineString(line) => self.line(line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.line(line)),
            Geometry::Polygon(polygon) => {
                self.line(polygon.exterior());
                polygon.interiors().iter().for_each(|ring| self.line(ring));
            }
            Geometry::MultiPolygon(polygons) => self.areas(polygons),
            Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| self.shape(part)),
            other => other.coords_iter().for_each(|at| self.corner(at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{Atlas, LayerId, Manifest, Source, Theme};
    use crate::workspace::{Session, View};
    use egui::{Rect, Vec2};
    use std::sync::Arc;

    fn camera() -> Camera {
        let view = View { longitude: 120.3, latitude: 31.57, zoom: 16.0 };
        Camera::of(view, Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0)))
    }

    fn project(line: Vec<Coord>) -> Project {
        let shape = Some(Geometry::LineString(LineString::new(line)));
        let features = vec![Feature { id: "1".into(), shape, values: vec![] }];
        let layer = Layer::new(LayerId(0), Theme::Other, "test".into(), Source::default(), features);
        let manifest: Manifest = toml::from_str("title = \"\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let atlas = Atlas { manifest, layers: vec![Arc::new(layer)], governance: None };
        Project::new(Arc::new(atlas), &Session::default())
    }

    fn found(project: &Project, choices: &Drawing, sketch: &[Coord], at: Pos2) -> Option<Snap> {
        let targets = Targets { project, sketch, closes: sketch.len() > 2, held: None };
        snap(&targets, choices, &camera(), at, |_, _| true)
    }

    #[test]
    fn a_corner_is_taken_before_an_edge_and_to_its_last_digit() {
        let camera = camera();
        let (from, to) = (camera.degrees(Pos2::new(100.0, 300.0)), camera.degrees(Pos2::new(500.0, 340.0)));
        let project = project(vec![from, to]);
        let choices = Drawing::default();
        let corner = found(&project, &choices, &[], Pos2::new(107.0, 303.0)).unwrap();
        assert_eq!(corner, Snap { at: from, kind: Kind::Corner });
        let edge = found(&project, &choices, &[], Pos2::new(300.0, 326.0)).unwrap();
        assert_eq!(edge.kind, Kind::Edge);
        // on the edge, straight in longitude and latitude
        let off = (to.x - from.x) * (edge.at.y - from.y) - (edge.at.x - from.x) * (to.y - from.y);
        assert!(off.abs() < 1e-15, "{off}");
        assert!((camera.place_degrees(edge.at) - Pos2::new(300.0, 326.0)).length() < 7.0);
        assert_eq!(found(&project, &choices, &[], Pos2::new(300.0, 345.0)), None);
        let off = Drawing { snaps: false, ..choices };
        assert_eq!(found(&project, &off, &[], Pos2::new(107.0, 303.0)), None);
    }

    #[test]
    fn the_distance_of_snapping_is_the_persons() {
        let camera = camera();
        let (from, to) = (camera.degrees(Pos2::new(100.0, 300.0)), camera.degrees(Pos2::new(500.0, 300.0)));
        let project = project(vec![from, to]);
        let near = Drawing { reach: 4.0, ..Drawing::default() };
        let far = Drawing { reach: 25.0, ..Drawing::default() };
        let at = Pos2::new(300.0, 318.0);
        assert!(found(&project, &near, &[], at).is_none() && found(&project, &far, &[], at).is_some());
    }

    #[test]
    fn the_first_corner_of_the_sketch_closes_it() {
        let camera = camera();
        let project = project(vec![Coord { x: 119.0, y: 31.0 }, Coord { x: 119.1, y: 31.0 }]);
        let sketch = [(200.0, 200.0), (300.0, 200.0), (300.0, 300.0)].map(|(x, y)| camera.degrees(Pos2::new(x, y)));
        let first = found(&project, &Drawing::default(), &sketch, Pos2::new(204.0, 203.0)).unwrap();
        assert_eq!(first, Snap { at: sketch[0], kind: Kind::Close });
        let second = found(&project, &Drawing::default(), &sketch, Pos2::new(304.0, 203.0)).unwrap();
        assert_eq!(second.kind, Kind::Corner);
    }

    #[test]
    fn the_grid_is_of_round_metres_in_the_plane() {
        let project = project(vec![Coord { x: 119.0, y: 31.0 }, Coord { x: 119.1, y: 31.0 }]);
        let choices = Drawing { grid: 50.0, reach: 30.0, ..Drawing::default() };
        let snap = found(&project, &choices, &[], Pos2::new(411.0, 303.0)).unwrap();
        assert_eq!(snap.kind, Kind::Grid);
        let point = GaussKruger::three_degree(120.3).unwrap().forward(snap.at).unwrap();
        for value in [point.east, point.north] {
            assert!((value / 50.0 - (value / 50.0).round()).abs() < 1e-6, "{point:?}");
        }
    }
}
