//! Which symbol a feature gets. Symbols are data in assets/legend; screen and paper read the same ones.

use crate::atlas::{Feature, Theme, Value};
use crate::text::Language;
use serde::{Deserialize, Deserializer};
use std::sync::LazyLock;

/// A colour with its opacity, 0…255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl<'de> Deserialize<'de> for Rgb {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        let wrong = || serde::de::Error::custom(format!("{word} is no #RRGGBB"));
        let code = word.strip_prefix('#').filter(|code| code.len() == 6).ok_or_else(wrong)?;
        let number = u32::from_str_radix(code, 16).map_err(|_| wrong())?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Rgb([red, green, blue]))
    }
}

impl Rgb {
    /// As `#RRGGBB`.
    pub fn hex(self) -> String {
        let [red, green, blue] = self.0;
        format!("#{red:02X}{green:02X}{blue:02X}")
    }
}

/// A colour for light and, where it differs, dark ground.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// On light ground and on paper.
    pub colour: Rgb,
    /// On dark ground.
    pub dark: Option<Rgb>,
    /// 0 clear … 1 opaque.
    #[serde(default = "opaque")]
    pub opacity: f32,
}

fn opaque() -> f32 {
    1.0
}

/// Parallel lines over an area.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hatch {
    /// Colour of the lines.
    pub colour: Rgb,
    /// 0 clear … 1 opaque.
    #[serde(default = "opaque")]
    pub opacity: f32,
    /// Degrees from the horizontal, anticlockwise.
    pub angle: f32,
    /// Millimetres between lines.
    pub spacing: f32,
    /// Millimetres.
    pub width: f32,
    /// Whether a second set crosses the first at a right angle.
    #[serde(default)]
    pub cross: bool,
}

/// A line, or the border of an area.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    /// On light ground and on paper.
    pub colour: Rgb,
    /// On dark ground.
    pub dark: Option<Rgb>,
    /// Millimetres.
    pub width: f32,
    /// Millimetres on, off, on, off …; empty is solid.
    #[serde(default)]
    pub dash: Vec<f32>,
}

/// Outline of a point symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Filled circle.
    Circle,
    /// Circle with a dot in it.
    Ring,
    /// Square.
    Square,
    /// Triangle, point up.
    Triangle,
    /// Triangle, point down.
    TriangleDown,
    /// Square on its corner.
    Diamond,
    /// Drop of water.
    Drop,
}

/// A point symbol.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    /// Its outline.
    pub shape: Shape,
    /// Millimetres across.
    pub size: f32,
    /// On light ground and on paper.
    pub colour: Rgb,
    /// On dark ground.
    pub dark: Option<Rgb>,
    /// Its rim.
    pub rim: Rgb,
}

/// Where a name goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelPlace {
    /// Inside the area.
    Inside,
    /// Along the line.
    Line,
    /// Beside the point.
    Point,
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Points.
    pub size: f32,
    /// Bold face.
    #[serde(default)]
    pub bold: bool,
    /// On light ground and on paper.
    pub colour: Rgb,
    /// On dark ground.
    pub dark: Option<Rgb>,
    /// Where it goes.
    pub place: LabelPlace,
    /// The heavier goes first.
    pub weight: u32,
    /// Hidden when the scale is smaller than 1:below.
    pub below: Option<f64>,
}

/// A class of a theme with its symbol.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Subject.
    pub theme: Theme,
    /// Identity within its theme.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Field that decides.
    field: Option<String>,
    /// Values of the field, joined by `|`.
    is: Option<String>,
    /// Hidden when the scale is smaller than 1:below.
    pub below: Option<f64>,
    /// Inside of areas.
    pub fill: Option<Fill>,
    /// Lines over areas.
    pub hatch: Option<Hatch>,
    /// Lines and borders.
    pub outline: Option<Outline>,
    /// Points.
    pub marker: Option<Marker>,
    /// Names.
    pub label: Option<Label>,
}

impl Class {
    /// Its name.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }

    /// Whether it takes what no other class of its theme does.
    pub fn is_rest(&self) -> bool {
        self.field.is_none()
    }

    fn takes(&self, feature: &Feature) -> bool {
        let (Some(field), Some(is)) = (&self.field, &self.is) else { return true };
        let value = match feature.value(field) {
            Value::Text(word) => word.clone(),
            other => other.to_string(),
        };
        is.split('|').any(|word| word == value)
    }
}

/// Colours of a water class.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaterClass {
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// On paper.
    pub paper: Rgb,
    /// On screen.
    pub screen: Rgb,
}

impl WaterClass {
    /// Its name.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// Symbols of a project to be judged.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteSymbol {
    /// Its border.
    pub outline: Outline,
    /// Ground that it shares with a zone.
    pub overlap: Fill,
}

/// Ground of two versions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSymbol {
    /// In the old version only.
    pub lost: Fill,
    /// In the new version only.
    pub gained: Fill,
    /// In both.
    pub unchanged: Fill,
}

/// All symbols.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Legend {
    /// Classes, in the order in which legends list them within a theme.
    #[serde(rename = "class")]
    pub classes: Vec<Class>,
    /// Ⅰ…Ⅴ, worse than Ⅴ, no data.
    #[serde(rename = "water_class")]
    pub water_classes: Vec<WaterClass>,
    /// Projects to be judged.
    pub site: SiteSymbol,
    /// What a new version of a constraint changes.
    pub change: ChangeSymbol,
}

impl Legend {
    /// Reads a legend.
    pub fn read(source: &str) -> Result<Legend, toml::de::Error> {
        toml::from_str(source)
    }

    /// The legend that is part of the program.
    #[allow(clippy::panic)]
    pub fn bundled() -> &'static Legend {
        static LEGEND: LazyLock<Legend> = LazyLock::new(|| {
            // Part of the program: a broken one is caught by the test below.
            Legend::read(include_str!("../../assets/legend/legend.toml")).unwrap_or_else(|error| panic!("{error}"))
        });
        &LEGEND
    }

    /// The classes of a theme.
    pub fn of(&self, theme: Theme) -> impl Iterator<Item = &Class> {
        self.classes.iter().filter(move |class| class.theme == theme)
    }

    /// The class of a feature, with its position among those of its theme.
    pub fn class(&self, theme: Theme, feature: &Feature) -> Option<(usize, &Class)> {
        self.of(theme).enumerate().find(|(_, class)| class.takes(feature))
    }

    /// Colours of a water class, 1 to 6; anything else is no data.
    pub fn water_class(&self, class: Option<u8>) -> Option<&WaterClass> {
        let number = usize::from(class.unwrap_or(0));
        match number {
            1..=6 => self.water_classes.get(number - 1),
            _ => self.water_classes.get(6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_theme_has_symbols_and_a_class_that_takes_the_rest() {
        let legend = Legend::bundled();
        assert_eq!(legend.water_classes.len(), 7);
        for theme in Theme::usable().chain([Theme::StatutoryBelts]) {
            let rest = legend.of(theme).filter(|class| class.field.is_none()).count();
            assert_eq!(rest, 1, "{theme:?}");
            assert!(legend.of(theme).last().is_some_and(|class| class.field.is_none()), "{theme:?}");
        }
    }

    #[test]
    fn a_value_chooses_the_class() {
        let feature = |value: Value| Feature { id: "1".into(), shape: None, values: vec![("rank".into(), value)] };
        let class = |value: Value| Legend::bundled().class(Theme::Places, &feature(value)).unwrap().1.id.clone();
        assert_eq!(class(Value::Integer(2)), "district_seat");
        assert_eq!(class(Value::Text("1".into())), "city");
        assert_eq!(class(Value::Null), "place");
    }
}
