//! What bears on a water from beside it: zones, plots, farms and outfalls within a distance.

use crate::atlas::{Atlas, FeatureKey, Theme};
use crate::geometry::geo::{CoordsIter, Geometry};
use crate::geometry::{PreparedShape, surroundings};

/// A thing near a water.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearby {
    /// Its theme.
    pub theme: Theme,
    /// Where it is in the atlas.
    pub key: FeatureKey,
    /// Metres on the ellipsoid; 0 when they meet or it encloses the water.
    pub distance_m: f64,
}

/// Themes that a river chief asks about, in the order told.
const THEMES: [Theme; 5] =
    [Theme::RedlineZones, Theme::WaterSources, Theme::ContaminatedPlots, Theme::Farms, Theme::Outfalls];

/// What lies within a distance of a feature, theme by theme, nearest first. Takes milliseconds: work for a thread.
pub fn nearby(atlas: &Atlas, of: FeatureKey, reach_m: f64) -> Vec<Nearby> {
    let Some(shape) = atlas.feature(of).and_then(|feature| feature.shape.as_ref()) else { return Vec::new() };
    let water = PreparedShape::new(shape);
    let Some(window) = surroundings(&water, reach_m) else { return Vec::new() };
    let mut found = Vec::new();
    for (rank, theme) in THEMES.into_iter().enumerate() {
        for layer in atlas.layers_of(theme) {
            for index in layer.within(window) {
                let Some(other) = layer.feature(index).and_then(|feature| feature.shape.as_ref()) else { continue };
                if let Some(distance_m) = distance(shape, &water, other, reach_m) {
                    found.push((rank, Nearby { theme, key: FeatureKey { layer: layer.id, index }, distance_m }));
                }
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.distance_m.total_cmp(&b.1.distance_m)).then(a.1.key.cmp(&b.1.key)));
    found.into_iter().map(|(_, near)| near).collect()
}

fn distance(shape: &Geometry, water: &PreparedShape, other: &Geometry, reach_m: f64) -> Option<f64> {
    let other = PreparedShape::new(other);
    let is_inside = shape.coords_iter().next().is_some_and(|start| other.encloses(start));
    if is_inside { Some(0.0) } else { water.closest(&other, reach_m).map(|(metres, _, _)| metres) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{Feature, Layer, LayerId, Source};
    use crate::geometry::geo::{Coord, LineString, Point, Rect};
    use std::sync::Arc;

    fn layer(id: u32, theme: Theme, shapes: Vec<Geometry>) -> Arc<Layer> {
        let feature = |(number, shape)| Feature { id: format!("{number}"), shape: Some(shape), values: vec![] };
        let features = shapes.into_iter().enumerate().map(feature).collect();
        Arc::new(Layer::new(LayerId(id), theme, String::new(), Source::default(), features))
    }

    /// A metre north is 1/110,850 of a degree at 31.5° N.
    #[test]
    fn what_encloses_a_water_is_met_and_what_is_beyond_is_not_told() {
        let north = |metres: f64| 31.5 + metres / 110_850.0;
        let river = LineString::new(vec![Coord { x: 120.0, y: 31.5 }, Coord { x: 120.1, y: 31.5 }]);
        let around = Rect::new(Coord { x: 119.9, y: 31.4 }, Coord { x: 120.2, y: 31.6 });
        let beyond = Rect::new(Coord { x: 120.0, y: north(700.0) }, Coord { x: 120.1, y: north(900.0) });
        let outfall = Point::new(120.05, north(300.0));
        let manifest = toml::from_str("title = \"\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
        let layers = vec![
            layer(0, Theme::Rivers, vec![river.into()]),
            layer(1, Theme::RedlineZones, vec![beyond.into(), around.into()]),
            layer(2, Theme::Outfalls, vec![outfall.into()]),
        ];
        let atlas = Atlas { manifest, layers, governance: None };
        let found = nearby(&atlas, FeatureKey { layer: LayerId(0), index: 0 }, 500.0);
        let told: Vec<_> = found.iter().map(|near| (near.theme, near.key.index, near.distance_m.round())).collect();
        assert_eq!(told, [(Theme::RedlineZones, 1, 0.0), (Theme::Outfalls, 0, 300.0)]);
    }
}
