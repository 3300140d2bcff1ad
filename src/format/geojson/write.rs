//! Layers to GeoJSON: one feature a line, in their order, numbers as short as they come back.

use crate::atlas::{Feature, Value};
use crate::geometry::{ReferenceError, System};
use geo::MapCoords;
use serde_json::{Map, Number, json};

/// How GeoJSON is written.
#[derive(Debug, Clone)]
pub struct WriteOptions {
    /// Name of the collection; empty for none.
    pub name: String,
    /// System of the coordinates written. Shapes are moved there with their edges cut so that they stay within 1 mm.
    pub reference: System,
    /// Decimals of the coordinates; all of them when absent.
    pub decimals: Option<u8>,
    /// Whether features carry their `id`.
    pub ids: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        WriteOptions { name: String::new(), reference: System::geographic(), decimals: None, ids: true }
    }
}

/// Writes features as a FeatureCollection. A system other than longitude and latitude of WGS 84 is named in a `crs`
/// member as GDAL does, because RFC 7946 knows no other.
pub fn write<'a>(
    features: impl IntoIterator<Item = &'a Feature>,
    options: &WriteOptions,
) -> Result<Vec<u8>, ReferenceError> {
    let mut out = String::from("{\"type\":\"FeatureCollection\"");
    if !options.name.is_empty() {
        out.push_str(&format!(",\"name\":{}", json!(options.name)));
    }
    if let Some(number) = options.reference.code().strip_prefix("EPSG:").filter(|number| *number != "4326") {
        let name = format!("urn:ogc:def:crs:EPSG::{number}");
        out.push_str(&format!(",\"crs\":{}", json!({"type": "name", "properties": {"name": name}})));
    }
    out.push_str(",\"features\":[");
    for (number, feature) in features.into_iter().enumerate() {
        out.push_str(if number == 0 { "\n" } else { ",\n" });
        out.push_str(&feature_line(feature, options)?);
    }
    out.push_str("\n]}\n");
    Ok(out.into_bytes())
}

fn feature_line(feature: &Feature, options: &WriteOptions) -> Result<String, ReferenceError> {
    let shape = match &feature.shape {
        None => String::from("null"),
        Some(shape) => {
            let moved = options.reference.from_geographic(shape)?;
            let rounded = match options.decimals {
                None => moved,
                Some(decimals) => {
                    let unit = 10_f64.powi(i32::from(decimals));
                    moved.map_coords(|at| geo::Coord {
                        x: (at.x * unit).round() / unit,
                        y: (at.y * unit).round() / unit,
                    })
                }
            };
            geojson::Geometry::new(geojson::GeometryValue::from(&rounded)).to_string()
        }
    };
    let id = if options.ids { format!("\"id\":{},", json!(feature.id)) } else { String::new() };
    let properties: Map<String, serde_json::Value> =
        feature.values.iter().map(|(name, value)| (name.clone(), json_value(value))).collect();
    let properties = serde_json::Value::Object(properties);
    Ok(format!("{{\"type\":\"Feature\",{id}\"properties\":{properties},\"geometry\":{shape}}}"))
}

/// A value as JSON; what is not finite has no word in JSON and becomes null.
pub fn json_value(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(flag) => json!(flag),
        Value::Integer(number) => json!(number),
        Value::Real(number) => Number::from_f64(*number).map_or(serde_json::Value::Null, serde_json::Value::Number),
        Value::Text(text) => json!(text),
        Value::Date(date) => json!(date.to_string()),
        Value::Nested(nested) => nested.clone(),
    }
}
