//! FlatGeobuf to a layer; the index is passed over.

use super::table::Table;
use super::{MAGIC, NODE, levels};
use crate::atlas::{Date, Feature, Value};
use crate::format::bytes::{coords, u32_at};
use crate::format::raw::{Depth, RawLayer, number_rows};
use crate::format::reference::Declared;
use crate::format::{
    FieldType, Format, FormatError, How, Input, Place, Problem, ProblemKind, Problems, ReadOptions, Reading, geojson,
    wkb,
};
use crate::geometry::System;
use geo::{
    Coord, CoordsIter, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};

/// Deepest nesting of collections.
const DEEPEST: usize = 32;
/// Largest head that is believed.
const MOST_HEAD: usize = 10 << 20;

struct Column {
    name: String,
    kind: u8,
}

/// Reads a file.
pub(in crate::format) fn read(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let bytes = input.bytes;
    let unreadable = |kind| FormatError::Unreadable(Box::new(Problem::of_file(kind)));
    let mut problems = Problems::default();
    let size = u32_at(bytes, MAGIC.len()).ok_or_else(|| unreadable(ProblemKind::Truncated))? as usize;
    let start = MAGIC.len() + 4;
    if size > MOST_HEAD {
        return Err(unreadable(ProblemKind::BufferBroken));
    }
    let head = bytes.get(start..start + size).ok_or_else(|| unreadable(ProblemKind::Truncated))?;
    let head = Table::root(head).ok_or_else(|| unreadable(ProblemKind::BufferBroken))?;
    let name = head.text(0).filter(|name| !name.trim().is_empty());
    let mut raw = RawLayer::new(name.as_deref().unwrap_or(input.name));
    raw.encoding = ("UTF-8".into(), How::Declared);
    raw.declared = head.table(10).and_then(declared);
    let columns = columns(&head, 7);
    raw.schema = columns.iter().map(|column| (column.name.clone(), field(column.kind))).collect();
    let count = head.u64(8).unwrap_or_default();
    let node_size = usize::from(head.u16(9).unwrap_or(16));
    let mut at = start + size;
    if node_size > 0 && count > 0 {
        // a count is believed only when its index can be there
        let features = usize::try_from(count).ok().filter(|count| *count <= bytes.len() / NODE);
        let features = features.ok_or_else(|| unreadable(ProblemKind::Truncated))?;
        at += levels(features, node_size).iter().sum::<usize>() * NODE;
    }
    let shape_kind = head.u8(2);
    let progress = options.parsing();
    while at < bytes.len() && !progress.is_cancelled() {
        let end = u32_at(bytes, at).and_then(|size| (at + 4).checked_add(size as usize));
        let Some(content) = end.and_then(|end| bytes.get(at + 4..end)) else {
            problems.add(Problem::of_file(ProblemKind::Truncated));
            break;
        };
        at += 4 + content.len();
        let Some(feature) = Table::root(content) else {
            problems.add(Problem::of_file(ProblemKind::BufferBroken));
            break;
        };
        add(&mut raw, &feature, &columns, shape_kind, &mut problems);
        progress.tell(at as f32 / bytes.len() as f32);
    }
    let read = raw.features.len() as u64;
    if count > 0 && read < count {
        problems.add(Problem::of_file(ProblemKind::Truncated));
    }
    // the format has moments alone; a column of days is one of days
    for (column, (name, kind)) in columns.iter().zip(&mut raw.schema) {
        let mut values =
            raw.features.iter().map(|feature| feature.value(name)).filter(|value| !value.is_null()).peekable();
        if column.kind == 13 && values.peek().is_some() && values.all(|value| matches!(value, Value::Date(_))) {
            *kind = FieldType::Date;
        }
    }
    raw.has_ids = number_rows(&mut raw.features);
    let layers = vec![raw.finish(options, &mut problems)];
    Ok(Reading { format: Format::FlatGeobuf, layers, problems: problems.finish() })
}

fn declared(system: Table) -> Option<Declared> {
    let organization = system.text(0).unwrap_or_default();
    let code = system.i32(1).unwrap_or_default();
    let text = system.text(4);
    if code > 0
        && (organization.is_empty() || organization.eq_ignore_ascii_case("epsg"))
        && let Some(known) = u32::try_from(code).ok().and_then(|code| System::epsg(code).ok())
    {
        return Some(Declared::Known(known));
    }
    match text.as_deref().map(Declared::of) {
        Some(Declared::Known(system)) => Some(Declared::Known(system)),
        _ if code == 0 && text.is_none() => None,
        _ => Some(Declared::Unsupported(format!("{organization}:{code}"))),
    }
}

fn columns(table: &Table, slot: usize) -> Vec<Column> {
    let tables = table.tables(slot).unwrap_or_default();
    tables.iter().map(|column| Column { name: column.text(0).unwrap_or_default(), kind: column.u8(1) }).collect()
}

fn field(kind: u8) -> FieldType {
    match kind {
        2 => FieldType::Bool,
        0 | 1 | 3..=8 => FieldType::Integer,
        9 | 10 => FieldType::Real,
        12 => FieldType::Nested,
        13 => FieldType::DateTime,
        14 => FieldType::Binary,
        _ => FieldType::Text,
    }
}

fn add(raw: &mut RawLayer, feature: &Table, columns: &[Column], shape_kind: u8, problems: &mut Problems) {
    let number = raw.features.len() + 1;
    let mut tell = |kind| problems.add(Problem { kind, place: Place { feature: Some(number), ..Place::default() } });
    let own = self::columns(feature, 2);
    let columns = if own.is_empty() { columns } else { &own };
    let mut values: Vec<(String, Value)> = columns.iter().map(|column| (column.name.clone(), Value::Null)).collect();
    if properties(feature.vector(1, 1).unwrap_or_default(), columns, &mut values).is_none() {
        tell(ProblemKind::BufferBroken);
    }
    let mut depth = Depth::default();
    let built = match feature.table(0) {
        None => None,
        Some(table) => {
            let kind = if shape_kind == 0 { table.u8(6) } else { shape_kind };
            match shape(&table, kind, 0, &mut depth) {
                Ok(shape) if shape.coords_count() == 0 => None,
                Ok(shape) if !shape.coords_iter().all(|at| at.x.is_finite() && at.y.is_finite()) => {
                    raw.lost += 1;
                    tell(ProblemKind::NotFinite);
                    None
                }
                Ok(shape) => Some(shape),
                Err(kind) => {
                    raw.lost += 1;
                    tell(kind);
                    None
                }
            }
        }
    };
    let vertices = built.as_ref().map_or(0, CoordsIter::coords_count);
    if depth.heights.len() != vertices {
        depth.heights.clear();
    }
    if depth.measures.len() != vertices {
        depth.measures.clear();
    }
    depth.forget_absent();
    raw.geometry_types.extend(built.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
    if depth != Depth::default() || !raw.depths.is_empty() {
        raw.depths.resize(raw.features.len(), Depth::default());
        raw.depths.push(depth);
    }
    raw.features.push(Feature { id: String::new(), shape: built, values });
}

/// Reads pairs of a column's number and its value.
fn properties(mut bytes: &[u8], columns: &[Column], values: &mut [(String, Value)]) -> Option<()> {
    while !bytes.is_empty() {
        let (number, rest) = bytes.split_first_chunk::<2>()?;
        let place = usize::from(u16::from_le_bytes(*number));
        let kind = columns.get(place)?.kind;
        let (value, rest) = value(rest, kind)?;
        values.get_mut(place)?.1 = value;
        bytes = rest;
    }
    Some(())
}

fn value(bytes: &[u8], kind: u8) -> Option<(Value, &[u8])> {
    macro_rules! number {
        ($kind:ty) => {{
            let (part, rest) = bytes.split_first_chunk::<{ std::mem::size_of::<$kind>() }>()?;
            (<$kind>::from_le_bytes(*part), rest)
        }};
    }
    macro_rules! whole {
        ($kind:ty) => {{
            let (number, rest) = number!($kind);
            (Value::Integer(i64::from(number)), rest)
        }};
    }
    let real = |number: f64| if number.is_finite() { Value::Real(number) } else { Value::Null };
    Some(match kind {
        0 => whole!(i8),
        1 => whole!(u8),
        2 => {
            let (number, rest) = number!(u8);
            (Value::Bool(number != 0), rest)
        }
        3 => whole!(i16),
        4 => whole!(u16),
        5 => whole!(i32),
        6 => whole!(u32),
        7 => whole!(i64),
        8 => {
            let (number, rest) = number!(u64);
            (i64::try_from(number).map_or_else(|_| Value::Nested(number.into()), Value::Integer), rest)
        }
        9 => {
            let (number, rest) = number!(f32);
            // the shortest decimal of the smaller number, not its image in the larger
            (number.to_string().parse().map_or(Value::Null, real), rest)
        }
        10 => {
            let (number, rest) = number!(f64);
            (real(number), rest)
        }
        11..=14 => {
            let (size, rest) = number!(u32);
            let size = size as usize;
            let (part, rest) = (rest.get(..size)?, rest.get(size..)?);
            let text = || String::from_utf8_lossy(part).into_owned();
            let value = match kind {
                12 => serde_json::from_slice(part).map_or_else(|_| Value::Text(text()), Value::Nested),
                13 => text()
                    .parse::<Date>()
                    .ok()
                    .filter(|_| part.len() == 10)
                    .map_or_else(|| Value::Text(text()), Value::Date),
                14 => Value::Text(part.iter().map(|byte| format!("{byte:02x}")).collect()),
                _ => Value::Text(text()),
            };
            (value, rest)
        }
        _ => return None,
    })
}

fn shape(table: &Table, kind: u8, level: usize, depth: &mut Depth) -> Result<Geometry, ProblemKind> {
    if level > DEEPEST {
        return Err(ProblemKind::TooDeep);
    }
    let parts = || table.tables(7).ok_or(ProblemKind::MalformedGeometry);
    let shape_of = |part: &Table, depth: &mut Depth| shape(part, part.u8(6), level + 1, depth);
    match kind {
        6 => {
            let parts = table.tables(7).unwrap_or_default();
            let areas: Result<Vec<Polygon>, ProblemKind> =
                parts.iter().map(|part| Ok(polygon(lines(part, depth)?))).collect();
            return Ok(Geometry::MultiPolygon(MultiPolygon::new(areas?)));
        }
        7 => {
            let parts: Result<Vec<Geometry>, ProblemKind> =
                parts().unwrap_or_default().iter().map(|part| shape_of(part, depth)).collect();
            return Ok(Geometry::GeometryCollection(GeometryCollection::new_from(parts?)));
        }
        1..=5 | 17 => {}
        other => {
            return Err(ProblemKind::UnknownGeometry(wkb::name(u32::from(other))));
        }
    }
    let mut lines = lines(table, depth)?;
    Ok(match kind {
        1 => {
            let at = lines.first().and_then(|line| line.0.first()).copied();
            match at {
                Some(at) if !(at.x.is_nan() && at.y.is_nan()) => Geometry::Point(Point(at)),
                _ => Geometry::GeometryCollection(GeometryCollection::new_from(Vec::new())),
            }
        }
        2 if lines.len() == 1 => Geometry::LineString(lines.remove(0)),
        2 => return Err(ProblemKind::MalformedGeometry),
        4 => Geometry::MultiPoint(MultiPoint::new(lines.into_iter().flat_map(|line| line.0).map(Point).collect())),
        5 => Geometry::MultiLineString(MultiLineString::new(lines)),
        _ => Geometry::Polygon(polygon(lines)),
    })
}

fn polygon(lines: Vec<LineString>) -> Polygon {
    let mut lines = lines.into_iter();
    let exterior = lines.next().unwrap_or_else(|| LineString::new(Vec::new()));
    Polygon::new(exterior, lines.collect())
}

/// The positions of a shape, parted where its ends say.
fn lines(table: &Table, depth: &mut Depth) -> Result<Vec<LineString>, ProblemKind> {
    let line: Vec<Coord> = coords(table.vector(1, 8).unwrap_or_default());
    let numbers = |slot: usize| -> Vec<f64> {
        let bytes = table.vector(slot, 8).unwrap_or_default();
        bytes.chunks_exact(8).filter_map(|eight| eight.try_into().ok().map(f64::from_le_bytes)).collect()
    };
    depth.heights.extend(numbers(2));
    depth.measures.extend(numbers(3));
    let Some(ends) = table.vector(0, 4).filter(|ends| !ends.is_empty()) else {
        return Ok(vec![LineString::new(line)]);
    };
    let mut start = 0;
    let ends =
        ends.chunks_exact(4).filter_map(|four| four.try_into().ok().map(|four| u32::from_le_bytes(four) as usize));
    ends.map(|end| {
        let part = line.get(start..end).ok_or(ProblemKind::MalformedGeometry)?;
        start = end;
        Ok(LineString::new(part.to_vec()))
    })
    .collect()
}
