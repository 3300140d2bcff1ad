//! One thing on the map: identity, shape, values.

use super::{Date, LayerId, Quality, Value};
use geo::{BoundingRect, Geometry, Rect};

/// A thing on the map. Its shape is in longitude and latitude (CGCS2000), edges straight in them.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Stable identity within its layer.
    pub id: String,
    /// Where it is; absent for a row without geometry.
    pub shape: Option<Geometry>,
    /// Attribute values in the order of the file.
    pub values: Vec<(String, Value)>,
}

/// Names one feature across the program: its layer and its place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeatureKey {
    /// The layer.
    pub layer: LayerId,
    /// Position in the layer.
    pub index: u32,
}

impl Feature {
    /// The value of a field; absent fields are null.
    pub fn value(&self, field: &str) -> &Value {
        static NULL: Value = Value::Null;
        self.values.iter().find(|(name, _)| name == field).map_or(&NULL, |(_, value)| value)
    }

    /// A field's words; empty when absent.
    pub fn text(&self, field: &str) -> &str {
        self.value(field).as_text().unwrap_or_default()
    }

    /// A field's number.
    pub fn number(&self, field: &str) -> Option<f64> {
        self.value(field).as_number()
    }

    /// A field that reads true; absent is false.
    pub fn flag(&self, field: &str) -> bool {
        self.value(field).as_bool().unwrap_or(false)
    }

    /// A field's day.
    pub fn date(&self, field: &str) -> Option<Date> {
        self.value(field).as_date()
    }

    /// The name, or the id where there is none.
    pub fn name(&self) -> &str {
        match self.text("name") {
            "" => &self.id,
            name => name,
        }
    }

    /// The worth of its data; what does not say is schematic.
    pub fn quality(&self) -> Quality {
        Quality::parse(self.text("quality")).unwrap_or(Quality::Schematic)
    }

    /// Its box in degrees.
    pub fn bounds(&self) -> Option<Rect> {
        self.shape.as_ref().and_then(BoundingRect::bounding_rect)
    }
}
