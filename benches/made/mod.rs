//! Made-up zones of the named sizes: S 5 k features and 0.5 M vertices, M 50 k and 5 M, L 300 k and 30 M.

#![allow(dead_code, clippy::unwrap_used)]

use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use redline_atlas::atlas::{Atlas, Feature, Layer, LayerId, Site, Source, Theme, Value};
use redline_atlas::storage::atlas::open_bundled;
use std::fmt::Write;
use std::sync::Arc;

/// A size by its name and its features.
pub const SIZES: [(&str, usize); 3] = [("S", 5_000), ("M", 50_000), ("L", 300_000)];

/// Vertices of a zone.
const VERTICES: usize = 100;

/// Features of a size; L is made only when `REDLINE_BENCH_LARGE` is set.
pub fn features(size: &str) -> Option<usize> {
    let large = std::env::var_os("REDLINE_BENCH_LARGE").is_some();
    SIZES.iter().find(|(name, _)| *name == size && (size != "L" || large)).map(|(_, features)| *features)
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Outlines that do not meet, spread over the city.
pub fn outlines(features: usize) -> Vec<Polygon> {
    let side = (features as f64).sqrt().ceil() as usize;
    let (width, height) = (1.2 / side as f64, 0.9 / side as f64);
    let mut dice = Dice(20_260_101);
    (0..features)
        .map(|number| {
            let centre = Coord {
                x: 119.55 + ((number % side) as f64 + 0.5) * width,
                y: 31.1 + ((number / side) as f64 + 0.5) * height,
            };
            let ring = (0..VERTICES).map(|step| {
                let angle = step as f64 / VERTICES as f64 * std::f64::consts::TAU;
                let reach = 0.3 + 0.15 * dice.roll();
                Coord { x: centre.x + angle.cos() * reach * width, y: centre.y + angle.sin() * reach * height }
            });
            Polygon::new(LineString::from_iter(ring.collect::<Vec<_>>()), Vec::new())
        })
        .collect()
}

/// The same as a GeoJSON file.
pub fn geojson(features: usize) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (number, outline) in outlines(features).iter().enumerate() {
        let comma = if number == 0 { "" } else { ",\n" };
        write!(
            text,
            "{comma}{{\"type\":\"Feature\",\"properties\":{{\"id\":\"Z-{number}\",\"name\":\"示例 {number}\","
        )
        .unwrap();
        text.push_str("\"tier\":\"national\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
        for (place, at) in outline.exterior().coords().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(text, "{comma}[{:.7},{:.7}]", at.x, at.y).unwrap();
        }
        text.push_str("]]}}");
    }
    text.push_str("\n]}\n");
    text
}

/// The bundled atlas with these zones as its red lines.
pub fn atlas(features: usize) -> Atlas {
    let mut atlas = open_bundled().unwrap();
    let zones = outlines(features).into_iter().enumerate().map(|(number, outline)| Feature {
        id: format!("Z-{number}"),
        shape: Some(Geometry::MultiPolygon(MultiPolygon::new(vec![outline]))),
        values: vec![
            ("name".into(), Value::Text(format!("示例 {number}"))),
            ("tier".into(), Value::Text("national".into())),
        ],
    });
    let id = atlas.layers.iter().map(|layer| layer.id.0 + 1).max().unwrap_or(0);
    let title = String::new();
    let layer = Layer::new(LayerId(id), Theme::RedlineZones, title, Source::default(), zones.collect());
    atlas.layers.retain(|layer| layer.theme != Theme::RedlineZones);
    atlas.layers.push(Arc::new(layer));
    atlas
}

/// Sites of about 300 × 200 m here and there in the city.
pub fn sites(count: usize) -> Vec<Site> {
    let mut dice = Dice(7);
    (0..count)
        .map(|number| {
            let (x, y) = (119.7 + 0.8 * dice.roll(), 31.2 + 0.6 * dice.roll());
            let (dx, dy) = (0.0016, 0.0009);
            let ring: LineString =
                [(x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy)].into_iter().collect();
            let shape = MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]);
            Site { id: format!("{number}"), shape, kind: "industry".into(), ..Site::default() }
        })
        .collect()
}
