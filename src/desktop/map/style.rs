//! Which symbol a feature gets on the screen, and the tables of symbols for the picture.

use super::gpu::Symbol;
use super::mesh::Dress;
use crate::atlas::{Feature, Layer, Theme};
use std::collections::HashMap;

/// What decides colours besides the layers themselves.
#[derive(Debug, Clone, Copy)]
pub struct Wardrobe<'a> {
    /// Class of each water by its id, 1 to 6.
    pub water_class: &'a HashMap<String, u8>,
    /// Whether rivers are coloured by it.
    pub by_class: bool,
    /// Light on dark.
    pub dark: bool,
}

fn colour(hex: u32, alpha: f32) -> [f32; 4] {
    let part = |shift: u32| ((hex >> shift) & 0xFF) as f32 / 255.0;
    [part(16), part(8), part(0), alpha]
}

fn area(fill: [f32; 4], line: [f32; 4], width: f32) -> Symbol {
    Symbol { fill, line, stroke: [width, 0.0, 0.0, 0.0], ..Symbol::default() }
}

fn line(line: [f32; 4], width: f32) -> Symbol {
    Symbol { line, stroke: [width, 0.0, 0.0, 0.0], ..Symbol::default() }
}

fn point(kind: f32, radius: f32, fill: [f32; 4], rim: [f32; 4]) -> Symbol {
    Symbol { fill, line: rim, marker: [kind, radius, 1.2, 0.0], ..Symbol::default() }
}

fn class_colour(class: usize) -> u32 {
    [0x6B8FB3, 0x49B8D6, 0x1E8FC6, 0x2FA84F, 0xE0B000, 0xEF7B1A, 0xD62728].get(class).copied().unwrap_or(0x6B8FB3)
}

impl Wardrobe<'_> {
    /// How a feature is drawn.
    pub fn dress(&self, layer: &Layer, feature: &Feature) -> Option<Dress> {
        let symbol = match layer.theme {
            Theme::Rivers => {
                let class = self.water_class.get(&feature.id).copied().unwrap_or(0).min(6);
                let grade = match feature.text("grade") {
                    "basin" => 0,
                    "regional" => 1,
                    "county" => 2,
                    _ => 3,
                };
                if self.by_class { u32::from(class) * 4 + grade } else { grade }
            }
            Theme::RedlineZones => u32::from(feature.text("tier") != "national"),
            Theme::LivestockZones => match feature.text("class") {
                "ban" => 0,
                "limit" => 1,
                _ => 2,
            },
            Theme::BlackOdourWaters => u32::from(feature.text("grade") == "heavy"),
            Theme::WaterSources => match feature.text("level") {
                "primary" => 0,
                "secondary" => 1,
                _ => 2,
            },
            _ => 0,
        };
        let width = if layer.theme == Theme::Rivers { feature.number("width_m").unwrap_or(0.0) as f32 } else { 0.0 };
        Some(Dress { symbol, width })
    }

    /// The symbols of a theme, in the order of their numbers.
    pub fn symbols(&self, theme: Theme) -> Vec<Symbol> {
        let water = if self.dark { colour(0x1F3A4D, 1.0) } else { colour(0xBFDDEE, 1.0) };
        let shore = if self.dark { colour(0x3E6A86, 1.0) } else { colour(0x7FB2D0, 1.0) };
        let rim = colour(0xFFFFFF, 1.0);
        match theme {
            Theme::Districts => {
                let land = if self.dark { colour(0x2A2E33, 1.0) } else { colour(0xFAF8F3, 1.0) };
                let border = if self.dark { colour(0x8A8F98, 1.0) } else { colour(0x8C8579, 1.0) };
                vec![Symbol { stroke: [1.1, 8.0, 4.0, 0.0], ..area(land, border, 1.1) }]
            }
            Theme::Lakes | Theme::Yangtze => vec![area(water, shore, 1.0)],
            Theme::Rivers => (0..7)
                .flat_map(|class| [2.6, 2.0, 1.4, 1.0].map(|width| line(colour(class_colour(class), 1.0), width)))
                .collect(),
            Theme::RedlineZones => {
                let red = colour(0xC0_00_00, 1.0);
                let green = colour(0x2E_7D_32, 1.0);
                vec![
                    Symbol {
                        hatch: colour(0xC0_00_00, 0.75),
                        pattern: [1.0, 9.0, 1.0, 0.0],
                        ..area(colour(0xC0_00_00, 0.05), red, 1.6)
                    },
                    Symbol { stroke: [1.4, 7.0, 3.0, 0.0], ..area(colour(0x2E_7D_32, 0.12), green, 1.4) },
                ]
            }
            Theme::LivestockZones => [0x8E24AA, 0xFB8C00, 0x9CCC65]
                .into_iter()
                .map(|hue| area(colour(hue, 0.2), colour(hue, 0.9), 1.0))
                .collect(),
            Theme::ContaminatedPlots => vec![Symbol {
                hatch: colour(0x5D4037, 0.9),
                pattern: [3.0, 8.0, 1.0, 0.0],
                marker: [1.0, 4.5, 1.2, 0.0],
                ..area(colour(0x5D4037, 0.25), colour(0x5D4037, 1.0), 1.5)
            }],
            Theme::BlackOdourWaters => [0x8D6E63, 0x3E2723]
                .into_iter()
                .map(|hue| Symbol {
                    stroke: [3.4, 5.0, 3.0, 0.0],
                    marker: [0.0, 4.0, 1.2, 0.0],
                    ..area(colour(hue, 0.5), colour(hue, 1.0), 3.4)
                })
                .collect(),
            Theme::WaterSources => [0x0D47A1, 0x1976D2, 0x64B5F6]
                .into_iter()
                .map(|hue| Symbol {
                    marker: [0.0, 5.0, 1.5, 0.0],
                    stroke: [1.4, 4.0, 2.0, 0.0],
                    ..area(colour(hue, 0.12), colour(hue, 1.0), 1.4)
                })
                .collect(),
            Theme::Farms => vec![point(1.0, 3.6, colour(0x8D6E63, 1.0), rim)],
            Theme::Outfalls => vec![point(2.0, 4.2, colour(0x6D4C41, 1.0), rim)],
            Theme::MonitoringSections => vec![point(3.0, 4.8, colour(0x0277BD, 1.0), rim)],
            Theme::Places => vec![Symbol::default()],
            Theme::PatternAreas => vec![area(colour(0x7E57C2, 0.1), colour(0x7E57C2, 0.9), 1.4)],
            Theme::Constraint | Theme::Other => vec![Symbol {
                marker: [0.0, 4.0, 1.2, 0.0],
                ..area(colour(0x546E7A, 0.18), colour(0x546E7A, 1.0), 1.4)
            }],
        }
    }

    /// What is hit: the current thing, the others, the one pointed at, a district.
    pub fn highlights(&self) -> Vec<Symbol> {
        let marked = |alpha: f32, width: f32| Symbol {
            fill: colour(0xFFC400, alpha * 0.16),
            line: colour(0xFFB300, alpha),
            casing: colour(0x3A2A00, alpha * 0.75),
            stroke: [width, 0.0, 0.0, 1.2],
            marker: [0.0, 8.0, 2.5, 0.0],
            ..Symbol::default()
        };
        let outline = Symbol { fill: [0.0; 4], ..marked(1.0, 2.6) };
        vec![marked(1.0, 3.2), marked(0.75, 1.8), marked(0.6, 2.4), outline]
    }

    /// The ground below all layers.
    pub fn ground(&self) -> [f32; 4] {
        if self.dark { colour(0x1E2124, 1.0) } else { colour(0xEFEDE6, 1.0) }
    }

    /// How far a symbol reaches from its point or middle line, in points of the screen.
    pub fn reach(&self, layer: &Layer, feature: &Feature, points_per_metre: f64) -> f64 {
        let Some(dress) = self.dress(layer, feature) else { return 0.0 };
        let table = self.symbols(layer.theme);
        let Some(symbol) = table.get(dress.symbol as usize) else { return 0.0 };
        let [_, radius, ..] = symbol.marker;
        let [width, ..] = symbol.stroke;
        match &feature.shape {
            Some(geo::Geometry::Point(_) | geo::Geometry::MultiPoint(_)) => f64::from(radius),
            Some(geo::Geometry::LineString(_) | geo::Geometry::MultiLineString(_)) => {
                (f64::from(width) / 2.0).max(f64::from(dress.width) * points_per_metre / 2.0)
            }
            _ => 0.0,
        }
    }
}
