//! The legend's symbols as tables for the picture, and which place in them a feature has.

use super::furniture::POINTS_PER_METRE;
use super::gpu::Symbol;
use super::mesh::Dress;
use crate::atlas::{Feature, Layer, Theme};
use crate::cartography::legend::{Class, Hatch, Legend, Marker, Outline, Rgb, Shape};
use std::collections::HashMap;

/// Points a millimetre of the legend.
const MILLIMETRE: f32 = (POINTS_PER_METRE / 1000.0) as f32;
/// Nothing is drawn thinner than this.
const THINNEST: f32 = 1.0;
/// Classes of rivers by grade in a table by water class.
const GRADES: u32 = 4;

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

fn colour(Rgb(parts): Rgb, alpha: f32) -> [f32; 4] {
    let [red, green, blue] = parts.map(|part| f32::from(part) / 255.0);
    [red, green, blue, alpha]
}

impl Wardrobe<'_> {
    /// How a feature is drawn.
    pub fn dress(&self, layer: &Layer, feature: &Feature) -> Option<Dress> {
        let (place, class) = Legend::bundled().class(layer.theme, feature)?;
        let mut symbol = place as u32;
        let mut width = 0.0;
        if layer.theme == Theme::Rivers {
            width = feature.number("width_m").unwrap_or(0.0) as f32;
            if self.by_class {
                let known = self.water_class.get(&feature.id).copied().filter(|class| (1..=6).contains(class));
                symbol = u32::from(known.unwrap_or(0)) * GRADES + symbol.min(GRADES - 1);
            }
        }
        Some(Dress { symbol, width, has_marker: class.marker.is_some() })
    }

    /// The symbols of a theme at a scale, in the order of their numbers.
    pub fn symbols(&self, theme: Theme, denominator: f64) -> Vec<Symbol> {
        let legend = Legend::bundled();
        let symbol = |class: &Class| match class.below {
            Some(below) if denominator > below => Symbol::default(),
            _ => self.symbol(class),
        };
        if theme == Theme::Rivers && self.by_class {
            return (0..=6)
                .flat_map(|number: u8| {
                    let hue = legend.water_class(Some(number)).map(|class| colour(class.screen, 1.0));
                    legend.of(theme).take(GRADES as usize).map(move |class| {
                        let symbol = symbol(class);
                        Symbol { line: hue.unwrap_or(symbol.line), ..symbol }
                    })
                })
                .collect();
        }
        legend.of(theme).map(symbol).collect()
    }

    fn symbol(&self, class: &Class) -> Symbol {
        let mut symbol = Symbol::default();
        if let Some(fill) = &class.fill {
            symbol.fill = colour(self.shade(fill.colour, fill.dark), fill.opacity);
        }
        if let Some(hatch) = &class.hatch {
            symbol.hatch = colour(hatch.colour, hatch.opacity);
            symbol.pattern = pattern(hatch);
        }
        if let Some(outline) = &class.outline {
            symbol.line = colour(self.shade(outline.colour, outline.dark), 1.0);
            (symbol.stroke, symbol.dash) = stroke(outline);
        }
        if let Some(marker) = &class.marker {
            symbol.marker_fill = colour(self.shade(marker.colour, marker.dark), 1.0);
            symbol.marker_rim = colour(marker.rim, 0.95);
            symbol.marker = marker_numbers(marker);
        }
        symbol
    }

    fn shade(&self, light: Rgb, dark: Option<Rgb>) -> Rgb {
        dark.filter(|_| self.dark).unwrap_or(light)
    }

    /// What is hit: the current thing, the others, the one pointed at, a district.
    pub fn highlights(&self) -> Vec<Symbol> {
        let (amber, deep, brown) = (Rgb([0xFF, 0xC4, 0]), Rgb([0xFF, 0xB3, 0]), Rgb([0x3A, 0x2A, 0]));
        let marked = |alpha: f32, width: f32| Symbol {
            fill: colour(amber, alpha * 0.16),
            line: colour(deep, alpha),
            casing: colour(brown, alpha * 0.75),
            stroke: [width, 0.0, 0.0, 1.2],
            marker_fill: colour(amber, alpha * 0.4),
            marker_rim: colour(deep, alpha),
            marker: [0.0, 8.0, 2.5, 0.0],
            ..Symbol::default()
        };
        let outline = Symbol { fill: [0.0; 4], ..marked(1.0, 2.6) };
        vec![marked(1.0, 3.2), marked(0.75, 1.8), marked(0.6, 2.4), outline]
    }

    /// The ground below all layers.
    pub fn ground(&self) -> [f32; 4] {
        if self.dark { colour(Rgb([0x1E, 0x21, 0x24]), 1.0) } else { colour(Rgb([0xEF, 0xED, 0xE6]), 1.0) }
    }

    /// How far a symbol reaches from its point or middle line, in points of the screen; none when it is not drawn at
    /// this scale.
    pub fn reach(&self, layer: &Layer, feature: &Feature, points_per_metre: f64, denominator: f64) -> Option<f64> {
        let Some((_, class)) = Legend::bundled().class(layer.theme, feature) else { return Some(0.0) };
        if class.below.is_some_and(|below| denominator > below) {
            return None;
        }
        Some(match &feature.shape {
            Some(geo::Geometry::Point(_) | geo::Geometry::MultiPoint(_)) => {
                class.marker.map_or(0.0, |marker| f64::from(marker.size * MILLIMETRE) / 2.0)
            }
            Some(geo::Geometry::LineString(_) | geo::Geometry::MultiLineString(_)) => {
                let drawn = class.outline.as_ref().map_or(0.0, |outline| f64::from(outline.width * MILLIMETRE));
                let true_width = feature.number("width_m").filter(|_| layer.theme == Theme::Rivers).unwrap_or(0.0);
                drawn.max(true_width * points_per_metre) / 2.0
            }
            _ => 0.0,
        })
    }
}

/// Kind (1 rising, 2 falling, 3 both, 4 level), period along x (level: along y), width.
fn pattern(hatch: &Hatch) -> [f32; 4] {
    let kind = match (hatch.cross, hatch.angle) {
        (true, _) => 3.0,
        (_, angle) if angle.abs() < 22.5 => 4.0,
        (_, angle) if angle > 0.0 => 1.0,
        _ => 2.0,
    };
    let period = hatch.spacing * MILLIMETRE * if kind > 3.5 { 1.0 } else { std::f32::consts::SQRT_2 };
    [kind, period, (hatch.width * MILLIMETRE).max(0.8), 0.0]
}

/// Width, first dash and gap; then the second dash and gap, which repeat the first where there are only two.
fn stroke(outline: &Outline) -> ([f32; 4], [f32; 4]) {
    let mut lengths = outline.dash.iter().map(|length| length * MILLIMETRE);
    let mut next = || lengths.next();
    let (on, off) = (next().unwrap_or(0.0), next().unwrap_or(0.0));
    let (on_again, off_again) = (next().unwrap_or(on), next().unwrap_or(off));
    let width = (outline.width * MILLIMETRE).max(THINNEST);
    ([width, on, off, 0.0], [on_again, off_again, 0.0, 0.0])
}

/// Kind, radius, width of the rim.
fn marker_numbers(marker: &Marker) -> [f32; 4] {
    let kind = match marker.shape {
        Shape::Circle => 0.0,
        Shape::Square => 1.0,
        Shape::Triangle => 2.0,
        Shape::Diamond => 3.0,
        Shape::Ring => 5.0,
        Shape::TriangleDown => 6.0,
        Shape::Drop => 7.0,
    };
    [kind, marker.size * MILLIMETRE / 2.0 + 0.6, 1.1, 0.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{LayerId, Source, Value};

    fn river(id: &str, grade: &str) -> Layer {
        let shape = geo::Geometry::LineString(geo::LineString::from(vec![(120.0, 31.0), (120.1, 31.1)]));
        let values = vec![("grade".to_owned(), Value::Text(grade.into()))];
        let feature = Feature { id: id.into(), shape: Some(shape), values };
        Layer::new(LayerId(0), Theme::Rivers, String::new(), Source::default(), vec![feature])
    }

    #[test]
    fn every_theme_fits_in_a_table() {
        let none = HashMap::new();
        for by_class in [false, true] {
            let wardrobe = Wardrobe { water_class: &none, by_class, dark: false };
            for theme in Theme::ATLAS {
                let count = wardrobe.symbols(theme, 1000.0).len();
                assert!((1..=super::super::gpu::SYMBOLS).contains(&count), "{theme:?} {count}");
            }
        }
    }

    #[test]
    fn a_river_wears_the_colour_of_its_class() {
        let classes = HashMap::from([("R1".to_owned(), 3_u8)]);
        let wardrobe = Wardrobe { water_class: &classes, by_class: true, dark: false };
        let layer = river("R1", "regional");
        let dress = wardrobe.dress(&layer, &layer.features()[0]).unwrap();
        let symbol = wardrobe.symbols(Theme::Rivers, 1000.0)[dress.symbol as usize];
        let expected = Legend::bundled().water_class(Some(3)).unwrap().screen;
        assert_eq!(symbol.line, colour(expected, 1.0));
    }

    #[test]
    fn small_places_vanish_on_the_map_of_the_city() {
        let none = HashMap::new();
        let wardrobe = Wardrobe { water_class: &none, by_class: true, dark: false };
        let (far, near) = (wardrobe.symbols(Theme::Places, 600_000.0), wardrobe.symbols(Theme::Places, 10_000.0));
        assert_eq!(far.last(), Some(&Symbol::default()));
        assert_ne!(near.last(), Some(&Symbol::default()));
    }
}
