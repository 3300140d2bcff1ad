//! Layers to FlatGeobuf, a file each, along a Hilbert curve and with the index that spatial filters use.

use super::{MAGIC, levels};
use crate::atlas::Value;
use crate::format::{FieldType, Original, Target, WriteError, WriteLayer, Written, WrittenFile};
use crate::geometry::System;
use flatbuffers::{FlatBufferBuilder, TableFinishedWIPOffset, WIPOffset};
use geo::{BoundingRect, CoordsIter, Geometry, Polygon, Rect};
use std::collections::HashSet;

/// Children of a node of the index, as other programs write it.
const NODE_SIZE: usize = 16;

type Offset = WIPOffset<TableFinishedWIPOffset>;

/// Writes the layers side by side.
pub(in crate::format) fn write(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let mut written = Written::default();
    for layer in layers {
        let suffix =
            if layers.len() > 1 { format!("_{}", layer.name.replace(['/', '\\', ':'], "_")) } else { String::new() };
        let ending = if suffix.is_empty() { "" } else { "fgb" };
        written.files.push(WrittenFile { suffix, ending, bytes: one(layer, target)? });
    }
    if written.files.is_empty() {
        written.files.push(WrittenFile {
            suffix: String::new(),
            ending: "",
            bytes: one(&WriteLayer::of("", &[]), target)?,
        });
    }
    Ok(written)
}

fn one(layer: &WriteLayer, target: &Target) -> Result<Vec<u8>, WriteError> {
    let system = layer.target(target);
    let fields: Vec<(String, FieldType, u8)> = layer
        .fields_with_id()
        .into_iter()
        .map(|(name, kind)| {
            let column = column(layer, &name, kind);
            (name, kind, column)
        })
        .collect();
    let mut rows: Vec<(Option<Rect>, Vec<u8>)> = Vec::with_capacity(layer.features.len());
    let mut kinds = HashSet::new();
    let (mut has_heights, mut has_measures) = (false, false);
    let mut shapes = Vec::with_capacity(layer.features.len());
    for place in 0..layer.features.len() {
        let shape = layer.shape(place, system.as_ref())?;
        if let Some(original) = &shape {
            kinds.insert(number(&original.shape));
            has_heights |= !original.heights.is_empty();
            has_measures |= !original.measures.is_empty();
        }
        shapes.push(shape);
    }
    let kind = if kinds.len() == 1 { kinds.into_iter().next().unwrap_or_default() } else { 0 };
    for (feature, shape) in layer.features.iter().zip(&shapes) {
        let mut builder = FlatBufferBuilder::new();
        let properties = properties(layer, feature, &fields);
        let properties = (!properties.is_empty()).then(|| builder.create_vector(&properties));
        let geometry = shape.as_ref().map(|original| {
            let mut writer = Shapes { original, next: 0, has_heights, has_measures, builder: &mut builder };
            writer.shape(&original.shape)
        });
        let table = builder.start_table();
        if let Some(geometry) = geometry {
            builder.push_slot_always(slot(0), geometry);
        }
        if let Some(properties) = properties {
            builder.push_slot_always(slot(1), properties);
        }
        let root: Offset = WIPOffset::new(builder.end_table(table).value());
        builder.finish_size_prefixed(root, None);
        let bounds = shape.as_ref().and_then(|original| original.shape.bounding_rect());
        rows.push((bounds, builder.finished_data().to_vec()));
    }
    let extent = rows.iter().filter_map(|(bounds, _)| *bounds).reduce(around);
    // a row without a place has none in the index
    let is_indexed = !rows.is_empty() && rows.iter().all(|(bounds, _)| bounds.is_some());
    if let (true, Some(extent)) = (is_indexed, extent) {
        rows.sort_by_cached_key(|(bounds, _)| bounds.map_or(0, |bounds| curve(bounds, extent)));
    }
    let summary = Summary { kind, has_heights, has_measures, is_indexed, extent, count: rows.len() };
    let mut out = MAGIC.to_vec();
    out.extend(head(layer.name, &fields, system.as_ref(), &summary));
    if is_indexed {
        out.extend(index(&rows));
    }
    rows.into_iter().for_each(|(_, row)| out.extend(row));
    Ok(out)
}

fn slot(number: u16) -> u16 {
    4 + 2 * number
}

struct Summary {
    kind: u8,
    has_heights: bool,
    has_measures: bool,
    is_indexed: bool,
    extent: Option<Rect>,
    count: usize,
}

fn head(name: &str, fields: &[(String, FieldType, u8)], system: Option<&System>, summary: &Summary) -> Vec<u8> {
    let mut builder = FlatBufferBuilder::new();
    let name = builder.create_string(name);
    let columns: Vec<Offset> = fields
        .iter()
        .map(|(name, _, kind)| {
            let name = builder.create_string(name);
            let table = builder.start_table();
            builder.push_slot_always(slot(0), name);
            builder.push_slot(slot(1), *kind, 0);
            WIPOffset::new(builder.end_table(table).value())
        })
        .collect();
    let columns = builder.create_vector(&columns);
    let envelope =
        summary.extent.map(|all| builder.create_vector(&[all.min().x, all.min().y, all.max().x, all.max().y]));
    let system: Option<Offset> = system.map(|system| {
        let code: Option<i32> = system.code().strip_prefix("EPSG:").and_then(|code| code.parse().ok());
        let code = code.or(system.is_of_map().then_some(4326));
        let organization = code.map(|_| builder.create_string("EPSG"));
        let own_name = builder.create_string(system.code());
        let text = system.well_known_text().map(|text| builder.create_string(&text));
        let table = builder.start_table();
        if let Some(organization) = organization {
            builder.push_slot_always(slot(0), organization);
        }
        builder.push_slot(slot(1), code.unwrap_or_default(), 0);
        builder.push_slot_always(slot(2), own_name);
        if let Some(text) = text {
            builder.push_slot_always(slot(4), text);
        }
        WIPOffset::new(builder.end_table(table).value())
    });
    let table = builder.start_table();
    builder.push_slot(slot(8), summary.count as u64, 0);
    builder.push_slot_always(slot(0), name);
    if let Some(envelope) = envelope {
        builder.push_slot_always(slot(1), envelope);
    }
    builder.push_slot_always(slot(7), columns);
    if let Some(system) = system {
        builder.push_slot_always(slot(10), system);
    }
    builder.push_slot(slot(9), if summary.is_indexed { NODE_SIZE as u16 } else { 0 }, 16);
    builder.push_slot(slot(2), summary.kind, 0);
    builder.push_slot(slot(3), summary.has_heights, false);
    builder.push_slot(slot(4), summary.has_measures, false);
    let root: Offset = WIPOffset::new(builder.end_table(table).value());
    builder.finish_size_prefixed(root, None);
    builder.finished_data().to_vec()
}

/// The type of column that holds all values of a field.
fn column(layer: &WriteLayer, field: &str, kind: FieldType) -> u8 {
    let fits = |test: fn(&Value) -> bool| {
        layer.features.iter().all(|feature| {
            let value = layer.value(feature, field);
            value.is_null() || test(&value)
        })
    };
    match kind {
        FieldType::Bool if fits(|value| matches!(value, Value::Bool(_))) => 2,
        FieldType::Integer if fits(|value| matches!(value, Value::Integer(_))) => 7,
        FieldType::Integer if fits(|value| whole(value).is_some()) => 8,
        FieldType::Integer | FieldType::Real if fits(|value| value.as_number().is_some()) => 10,
        FieldType::Date if fits(|value| value.as_date().is_some() && value.to_string().len() == 10) => 13,
        FieldType::DateTime => 13,
        FieldType::Binary => 14,
        FieldType::Nested if fits(|value| matches!(value, Value::Nested(_))) => 12,
        _ => 11,
    }
}

/// A whole number that is not negative.
fn whole(value: &Value) -> Option<u64> {
    match value {
        Value::Integer(number) => u64::try_from(*number).ok(),
        Value::Nested(number) => number.as_u64(),
        _ => None,
    }
}

fn properties(layer: &WriteLayer, feature: &crate::atlas::Feature, fields: &[(String, FieldType, u8)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (place, (field, _, column)) in (0_u16..).zip(fields) {
        let value = layer.value(feature, field);
        let bytes = match (&*value, column) {
            (Value::Null, _) => continue,
            (Value::Bool(flag), 2) => vec![u8::from(*flag)],
            (Value::Integer(number), 7) => number.to_le_bytes().to_vec(),
            (value, 8) => whole(value).unwrap_or_default().to_le_bytes().to_vec(),
            (value, 10) => value.as_number().unwrap_or_default().to_le_bytes().to_vec(),
            (value, column) => {
                let text = value.to_string();
                let pairs = text.as_bytes().chunks(2);
                let binary: Option<Vec<u8>> = pairs
                    .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()))
                    .collect();
                let content = if *column == 14 { binary.unwrap_or_default() } else { text.into_bytes() };
                let size = u32::try_from(content.len()).unwrap_or_default();
                [size.to_le_bytes().to_vec(), content].concat()
            }
        };
        out.extend(place.to_le_bytes());
        out.extend(bytes);
    }
    out
}

fn number(shape: &Geometry) -> u8 {
    match shape {
        Geometry::Point(_) => 1,
        Geometry::Line(_) | Geometry::LineString(_) => 2,
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => 3,
        Geometry::MultiPoint(_) => 4,
        Geometry::MultiLineString(_) => 5,
        Geometry::MultiPolygon(_) => 6,
        Geometry::GeometryCollection(_) => 7,
    }
}

struct Shapes<'a, 'b> {
    original: &'a Original,
    next: usize,
    has_heights: bool,
    has_measures: bool,
    builder: &'a mut FlatBufferBuilder<'b>,
}

impl Shapes<'_, '_> {
    fn shape(&mut self, shape: &Geometry) -> Offset {
        let parts: Vec<Offset> = match shape {
            Geometry::MultiPolygon(areas) => {
                areas.iter().map(|area| self.leaf(&Geometry::Polygon(area.clone()))).collect()
            }
            Geometry::GeometryCollection(parts) => parts.iter().map(|part| self.shape(part)).collect(),
            other => return self.leaf(other),
        };
        let parts = self.builder.create_vector(&parts);
        let table = self.builder.start_table();
        self.builder.push_slot_always(slot(7), parts);
        self.builder.push_slot(slot(6), number(shape), 0);
        WIPOffset::new(self.builder.end_table(table).value())
    }

    fn leaf(&mut self, shape: &Geometry) -> Offset {
        let count = shape.coords_count();
        let mut ends: Vec<u32> = Vec::new();
        let mut end = 0;
        let mut add = |length: usize| {
            end += u32::try_from(length).unwrap_or_default();
            ends.push(end);
        };
        match shape {
            Geometry::Polygon(area) => rings(area).for_each(&mut add),
            Geometry::MultiLineString(lines) => lines.iter().map(|line| line.0.len()).for_each(&mut add),
            _ => {}
        }
        let xy: Vec<f64> = shape.coords_iter().flat_map(|at| [at.x, at.y]).collect();
        let xy = self.builder.create_vector(&xy);
        let range = self.next..self.next + count;
        let of = |values: &[f64], absent: f64| -> Vec<f64> {
            range.clone().map(|place| values.get(place).copied().unwrap_or(absent)).collect()
        };
        let heights = self.has_heights.then(|| of(&self.original.heights, 0.0));
        let measures = self.has_measures.then(|| of(&self.original.measures, f64::NAN));
        self.next += count;
        let heights = heights.map(|heights| self.builder.create_vector(&heights));
        let measures = measures.map(|measures| self.builder.create_vector(&measures));
        let ends = (ends.len() > 1).then(|| self.builder.create_vector(&ends));
        let table = self.builder.start_table();
        if let Some(ends) = ends {
            self.builder.push_slot_always(slot(0), ends);
        }
        self.builder.push_slot_always(slot(1), xy);
        if let Some(heights) = heights {
            self.builder.push_slot_always(slot(2), heights);
        }
        if let Some(measures) = measures {
            self.builder.push_slot_always(slot(3), measures);
        }
        self.builder.push_slot(slot(6), number(shape), 0);
        WIPOffset::new(self.builder.end_table(table).value())
    }
}

fn rings(area: &Polygon) -> impl Iterator<Item = usize> {
    std::iter::once(area.exterior()).chain(area.interiors()).map(|ring| ring.0.len())
}

fn around(a: Rect, b: Rect) -> Rect {
    let low = geo::Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
    Rect::new(low, geo::Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
}

/// Place of a box's middle along a Hilbert curve of 2¹⁶ steps a side.
fn curve(bounds: Rect, extent: Rect) -> u64 {
    let side = 1_u32 << 16;
    let share = |value: f64, low: f64, span: f64| {
        let share = if span > 0.0 { (value - low) / span } else { 0.0 };
        (share * f64::from(side - 1)).clamp(0.0, f64::from(side - 1)) as u32
    };
    let middle = bounds.center();
    let mut x = share(middle.x, extent.min().x, extent.width());
    let mut y = share(middle.y, extent.min().y, extent.height());
    let (mut along, mut step) = (0_u64, side / 2);
    while step > 0 {
        let (right, up) = (u32::from(x & step > 0), u32::from(y & step > 0));
        along += u64::from(step) * u64::from(step) * u64::from((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                x = (side - 1) - x;
                y = (side - 1) - y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        step /= 2;
    }
    along
}

/// The packed tree: the root first, the leaves last; a leaf tells where its feature is, another its first child.
fn index(rows: &[(Option<Rect>, Vec<u8>)]) -> Vec<u8> {
    let levels = levels(rows.len(), NODE_SIZE);
    let mut offset = 0_u64;
    let mut level: Vec<(Rect, u64)> = Vec::with_capacity(rows.len());
    for (bounds, row) in rows {
        if let Some(bounds) = bounds {
            level.push((*bounds, offset));
        }
        offset += row.len() as u64;
    }
    let total: usize = levels.iter().sum();
    let mut start = total;
    let mut out: Vec<Vec<u8>> = Vec::new();
    loop {
        start -= level.len();
        out.push(level.iter().flat_map(|(bounds, offset)| node(*bounds, *offset)).collect());
        if start == 0 {
            break;
        }
        level = level
            .chunks(NODE_SIZE)
            .enumerate()
            .filter_map(|(place, children)| {
                let bounds = children.iter().map(|(bounds, _)| *bounds).reduce(around)?;
                Some((bounds, (start + place * NODE_SIZE) as u64))
            })
            .collect();
    }
    out.into_iter().rev().flatten().collect()
}

fn node(bounds: Rect, offset: u64) -> Vec<u8> {
    let numbers = [bounds.min().x, bounds.min().y, bounds.max().x, bounds.max().y];
    numbers.iter().flat_map(|number| number.to_le_bytes()).chain(offset.to_le_bytes()).collect()
}
