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

/// One zone over the middle of the city, with 100,000 vertices.
pub fn wide_zone() -> Polygon {
    let count = 100_000;
    let ring = (0..count).map(|number| {
        let angle = std::f64::consts::TAU * f64::from(number) / f64::from(count);
        let reach = 0.32 + 0.05 * (9.0 * angle).sin() + 0.01 * (83.0 * angle).cos() + 0.001 * (2_311.0 * angle).sin();
        Coord { x: 120.1 + reach * angle.cos(), y: 31.5 + 0.7 * reach * angle.sin() }
    });
    Polygon::new(ring.collect(), Vec::new())
}

/// The same as a GeoJSON file.
pub fn geojson(features: usize) -> String {
    geojson_of(&outlines(features))
}

/// Outlines as a GeoJSON file.
pub fn geojson_of(outlines: &[Polygon]) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (number, outline) in outlines.iter().enumerate() {
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
    atlas_of(outlines(features))
}

/// The bundled atlas with these outlines as its red lines.
pub fn atlas_of(outlines: Vec<Polygon>) -> Atlas {
    let mut atlas = open_bundled().unwrap();
    let zones = outlines.into_iter().enumerate().map(|(number, outline)| Feature {
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
    each_site(count).collect()
}

/// The same one by one, so that they need not all be held.
pub fn each_site(count: usize) -> impl Iterator<Item = Site> {
    let mut dice = Dice(7);
    (0..count).map(move |number| {
        let (x, y) = (119.7 + 0.8 * dice.roll(), 31.2 + 0.6 * dice.roll());
        let (dx, dy) = (0.0016, 0.0009);
        let ring: LineString =
            [(x - dx, y - dy), (x + dx, y - dy), (x + dx, y + dy), (x - dx, y + dy)].into_iter().collect();
        site(number, ring)
    })
}

/// A site of 1,000 vertices and about 400 m, dragged through the city and back in steps of some 30 m.
pub fn dragged(steps: usize) -> Vec<Site> {
    let count = 1_000;
    (0..steps)
        .map(|step| {
            let way = step as f64 * 3e-4;
            let (x, y) = (119.8 + 0.5 * (way * 0.9).sin().abs(), 31.35 + 0.35 * (way * 0.7).sin().abs());
            let ring = (0..count).map(|number| {
                let angle = std::f64::consts::TAU * f64::from(number) / f64::from(count);
                let reach = 0.002 * (1.0 + 0.25 * (7.0 * angle).sin() + 0.03 * (61.0 * angle).cos());
                Coord { x: x + reach * angle.cos(), y: y + 0.8 * reach * angle.sin() }
            });
            site(step, ring.collect())
        })
        .collect()
}

fn site(number: usize, ring: LineString) -> Site {
    let shape = MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]);
    Site { id: format!("{number}"), shape, kind: "industry".into(), ..Site::default() }
}
