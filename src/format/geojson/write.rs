//! Layers to GeoJSON: one feature a line, in their order, numbers as short as they come back.

use crate::atlas::{Feature, Value};
use crate::format::{Format, Target, WriteError, WriteLayer, Written};
use crate::geometry::{ReferenceError, System};
use geo::{Coord, Geometry, MapCoords};
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

/// Writes layers as one collection; where there are several, each feature tells its layer.
pub(in crate::format) fn write_layers(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    // degrees stay in their own system; the other way round nobody may guess it
    let own = layers.first().and_then(|layer| layer.reference.cloned()).filter(System::is_of_map);
    let options = WriteOptions {
        name: layers.first().map(|layer| layer.name.to_owned()).unwrap_or_default(),
        reference: target.reference.clone().or(own).unwrap_or_else(System::geographic),
        decimals: target.decimals,
        ids: true,
    };
    // lines have no head that could tell another system
    if target.is_lines && !options.reference.is_of_map() {
        return Err(WriteError::OnlyDegrees(Format::GeoJson));
    }
    let mut out = if target.is_lines { String::new() } else { opening(&options) };
    let mut is_first = true;
    for layer in layers {
        let alone = WriteOptions { ids: layer.ids, ..options.clone() };
        for (index, feature) in layer.features.iter().enumerate() {
            let shape = match layer.shape(index, Some(&options.reference))? {
                Some(original) => shape_text(&original.shape, &original.heights, alone.decimals),
                None => "null".into(),
            };
            match (target.is_lines, is_first) {
                (true, true) => {}
                (false, false) => out.push_str(",\n"),
                _ => out.push('\n'),
            }
            is_first = false;
            let layer_name = (layers.len() > 1 && feature.value("layer").is_null()).then_some(layer.name);
            out.push_str(&feature_line(feature, &shape, layer_name, alone.ids));
        }
    }
    out.push_str(if target.is_lines { "\n" } else { "\n]}\n" });
    Ok(Written::one(out.into_bytes()))
}

/// Writes features as a FeatureCollection.
pub fn write<'a>(
    features: impl IntoIterator<Item = &'a Feature>,
    options: &WriteOptions,
) -> Result<Vec<u8>, ReferenceError> {
    let mut out = opening(options);
    for (number, feature) in features.into_iter().enumerate() {
        let shape = match &feature.shape {
            None => "null".into(),
            Some(shape) => shape_text(&options.reference.from_geographic(shape)?, &[], options.decimals),
        };
        out.push_str(if number == 0 { "\n" } else { ",\n" });
        out.push_str(&feature_line(feature, &shape, None, options.ids));
    }
    out.push_str("\n]}\n");
    Ok(out.into_bytes())
}

/// The head of a collection. A system other than longitude and latitude of WGS 84 is named in a `crs` member as GDAL
/// does, because RFC 7946 knows no other.
fn opening(options: &WriteOptions) -> String {
    let mut out = String::from("{\"type\":\"FeatureCollection\"");
    if !options.name.is_empty() {
        out.push_str(&format!(",\"name\":{}", json!(options.name)));
    }
    if let Some(number) = options.reference.code().strip_prefix("EPSG:").filter(|number| *number != "4326") {
        let name = format!("urn:ogc:def:crs:EPSG::{number}");
        out.push_str(&format!(",\"crs\":{}", json!({"type": "name", "properties": {"name": name}})));
    }
    out.push_str(",\"features\":[");
    out
}

fn feature_line(feature: &Feature, shape: &str, layer: Option<&str>, has_id: bool) -> String {
    let id = if has_id { format!("\"id\":{},", json!(feature.id)) } else { String::new() };
    let mut properties: Map<String, serde_json::Value> =
        feature.values.iter().map(|(name, value)| (name.clone(), json_value(value))).collect();
    if let Some(layer) = layer {
        properties.insert("layer".into(), json!(layer));
    }
    let properties = serde_json::Value::Object(properties);
    format!("{{\"type\":\"Feature\",{id}\"properties\":{properties},\"geometry\":{shape}}}")
}

fn shape_text(shape: &Geometry, heights: &[f64], decimals: Option<u8>) -> String {
    let rounded = decimals.map(|decimals| {
        let unit = 10_f64.powi(i32::from(decimals));
        shape.map_coords(|at| Coord { x: (at.x * unit).round() / unit, y: (at.y * unit).round() / unit })
    });
    let shape = geojson::Geometry::new(geojson::GeometryValue::from(rounded.as_ref().unwrap_or(shape)));
    if heights.is_empty() {
        return shape.to_string();
    }
    let mut shape = json!(shape);
    raise(&mut shape, &mut heights.iter());
    shape.to_string()
}

/// Adds a height to every position.
fn raise(part: &mut serde_json::Value, heights: &mut std::slice::Iter<f64>) {
    match part {
        serde_json::Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                if name == "coordinates" || name == "geometries" {
                    raise(member, heights);
                }
            }
        }
        serde_json::Value::Array(list) if list.first().is_some_and(serde_json::Value::is_number) => {
            let height = heights.next().and_then(|height| Number::from_f64(*height));
            list.extend(height.map(serde_json::Value::Number));
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(|part| raise(part, heights)),
        _ => {}
    }
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
