//! The names that a map may carry: which words, how weighty, where they belong; found again when the layers change.

use super::furniture::POINTS_PER_METRE;
use crate::atlas::{Feature, Layer, Theme};
use crate::cartography::legend::{LabelPlace, Legend, Rgb};
use crate::geometry::mercator;
use crate::workspace::{View, Workspace};
use geo::{Area, BoundingRect, Contains, Coord, Geometry, InteriorPoint, LineString, Polygon, Simplify};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Points of the screen a typographic point.
const POINT: f32 = 96.0 / 72.0;
/// Scales of names are taken at the latitude of the city.
const LATITUDE: f64 = 31.5;

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letters {
    /// Points of the screen.
    pub size: f32,
    /// Bold face.
    pub bold: bool,
    /// On light and on dark ground.
    pub inks: [Rgb; 2],
}

/// A name and where it belongs.
#[derive(Debug, Clone)]
pub struct Name {
    /// The words.
    pub words: String,
    /// How it is written.
    pub letters: Letters,
    /// Where it stands, Web Mercator, unless it follows a course.
    pub anchor: Coord,
    /// The course it follows; empty when it stands.
    pub course: Vec<Coord>,
    /// Box of the thing, Web Mercator: west, south, east, north.
    pub bounds: [f64; 4],
    /// The level from which it is shown.
    pub from_zoom: f64,
    /// Whether it is left out where the thing is smaller than the name.
    pub must_fit: bool,
    /// Points below the anchor.
    pub lift: f32,
    order: u32,
}

/// All names of the layers shown, the weightiest first.
#[derive(Debug, Default)]
pub struct Names {
    fingerprint: u64,
    names: Vec<Name>,
}

impl Names {
    /// Finds the names again when the layers shown are others; returns what they are known by.
    pub fn follow(&mut self, workspace: &Workspace) -> u64 {
        let project = workspace.project();
        let mut hasher = DefaultHasher::new();
        let shown: Vec<&Arc<Layer>> = project
            .layers
            .iter()
            .filter(|state| state.visible && state.opacity > 0.05)
            .filter_map(|state| project.atlas.layer_by_id(state.id))
            .collect();
        for layer in &shown {
            Arc::as_ptr(layer).addr().hash(&mut hasher);
        }
        let fingerprint = hasher.finish();
        if self.fingerprint != fingerprint {
            self.fingerprint = fingerprint;
            let has_places = shown.iter().any(|layer| layer.theme == Theme::Places);
            // Seats name their districts already.
            let speaking = shown.iter().filter(|layer| !(has_places && layer.theme == Theme::Districts));
            self.names = speaking.flat_map(|layer| names_of(layer)).collect();
            self.names.sort_by_key(|name| name.order);
        }
        fingerprint
    }

    /// The names, weightiest first.
    pub fn all(&self) -> &[Name] {
        &self.names
    }
}

fn names_of(layer: &Layer) -> Vec<Name> {
    layer.features().iter().filter_map(|feature| name_of(layer.theme, feature)).collect()
}

fn name_of(theme: Theme, feature: &Feature) -> Option<Name> {
    let words = feature.text("name").trim().to_owned();
    let shape = feature.shape.as_ref().filter(|_| !words.is_empty())?;
    let bounds = feature.bounds()?;
    let (low, high) = (mercator(bounds.min()), mercator(bounds.max()));
    let bounds = [low.x, low.y, high.x, high.y];
    if !bounds.iter().all(|value| value.is_finite()) {
        return None;
    }
    let label = Legend::bundled().class(theme, feature)?.1.label?;
    let letters = Letters {
        size: label.size * POINT,
        bold: label.bold,
        inks: [label.colour, label.dark.unwrap_or(label.colour)],
    };
    let from_zoom = label.below.map_or(0.0, |below| View::zoom_of_scale(LATITUDE, below, POINTS_PER_METRE));
    let is_area = matches!(shape, Geometry::Polygon(_) | Geometry::MultiPolygon(_));
    let is_point = matches!(shape, Geometry::Point(_) | Geometry::MultiPoint(_));
    let lift = if is_point { letters.size * 0.5 + 5.0 } else { 0.0 };
    let course = match longest_line(shape) {
        Some(line) if label.place == LabelPlace::Line => line.simplify(30.0).0,
        _ => Vec::new(),
    };
    Some(Name {
        words,
        letters,
        anchor: anchor(shape)?,
        course,
        bounds,
        from_zoom,
        must_fit: is_area && label.place == LabelPlace::Inside,
        lift,
        order: order(label.weight, theme, feature),
    })
}

/// The heavier first; among lakes and zones the larger.
fn order(weight: u32, theme: Theme, feature: &Feature) -> u32 {
    let area = feature.number("area_km2").filter(|area| area.is_finite()).unwrap_or(0.0);
    let great = theme == Theme::Lakes && area > 100.0;
    (1_000_000_u32.saturating_sub(weight * 5_000)).saturating_sub(area.clamp(0.0, 4_000.0) as u32)
        - if great { 200_000 } else { 0 }
}

/// A place inside the largest part, or on the thing.
fn anchor(shape: &Geometry) -> Option<Coord> {
    let largest = match shape {
        Geometry::Polygon(polygon) => Some(polygon),
        Geometry::MultiPolygon(polygons) => {
            polygons.iter().max_by(|one, other| one.unsigned_area().total_cmp(&other.unsigned_area()))
        }
        _ => None,
    };
    let place = match largest {
        Some(polygon) => inside(polygon)?,
        None => shape.interior_point()?.0,
    };
    let place = mercator(place);
    (place.x.is_finite() && place.y.is_finite()).then_some(place)
}

/// The middle of the box where it lies inside, else a point that does.
fn inside(polygon: &Polygon) -> Option<Coord> {
    let middle = geo::Centroid::centroid(polygon)?;
    if polygon.contains(&middle) { Some(middle.0) } else { polygon.interior_point().map(|point| point.0) }
}

fn longest_line(shape: &Geometry) -> Option<LineString> {
    let on_plane = |line: &LineString| LineString::new(line.0.iter().map(|point| mercator(*point)).collect());
    let breadth = |line: &LineString| line.bounding_rect().map_or(0.0, |bounds| bounds.width() + bounds.height());
    let line = match shape {
        Geometry::LineString(line) => Some(line),
        Geometry::MultiLineString(lines) => lines.iter().max_by(|one, other| breadth(one).total_cmp(&breadth(other))),
        _ => None,
    };
    line.filter(|line| line.0.iter().all(|point| point.x.is_finite() && point.y.is_finite())).map(on_plane)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Value;

    fn feature(shape: Geometry, values: &[(&str, Value)]) -> Feature {
        let values = values.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        Feature { id: "X".into(), shape: Some(shape), values }
    }

    #[test]
    fn a_crescent_bears_its_name_inside() {
        let outside = LineString::from(vec![(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (9.0, 1.0), (0.0, 1.0)]);
        let crescent = Polygon::new(outside, vec![]);
        let place = inside(&crescent).unwrap();
        assert!(crescent.contains(&geo::Point(place)));
    }

    #[test]
    fn weighty_rivers_are_named_from_further_away() {
        let line = || Geometry::LineString(LineString::from(vec![(120.0, 31.0), (120.1, 31.1)]));
        let of_grade = |grade: &str| {
            let values = [("name", Value::Text("河".into())), ("grade", Value::Text(grade.into()))];
            name_of(Theme::Rivers, &feature(line(), &values)).unwrap()
        };
        assert!(of_grade("basin").from_zoom < of_grade("county").from_zoom);
        assert_eq!(of_grade("basin").course.len(), 2);
    }

    #[test]
    fn a_thing_without_a_name_bears_none() {
        let point = Geometry::Point(geo::Point::new(120.0, 31.0));
        assert!(name_of(Theme::Places, &feature(point, &[])).is_none());
    }
}
