//! Layers to GeoPackage 1.3, each with its spatial index.

use super::quoted;
use crate::atlas::Value;
use crate::format::raw::id_of;
use crate::format::{FieldType, Original, Problem, ProblemKind, Target, WriteError, WriteLayer, Written, wkb};
use crate::geometry::System;
use geo::{BoundingRect, Geometry, Rect};
use rusqlite::types::{ToSqlOutput, Value as Cell};
use rusqlite::{Connection, MAIN_DB, params, params_from_iter};
use std::collections::HashSet;

/// `GPKG`, and version 1.3.
const HEAD: &str = "PRAGMA application_id = 1196444487; PRAGMA user_version = 10300; PRAGMA page_size = 4096;";

const TABLES: &str = "
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT,
  description TEXT, mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name), CONSTRAINT gdc_tn UNIQUE (table_name, name));
INSERT INTO gpkg_extensions VALUES ('gpkg_data_columns', NULL, 'gpkg_schema',
  'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL),
  ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL);
";

/// Writes the layers as one database.
pub(in crate::format) fn write(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let mut problems = Vec::new();
    let bytes = database(layers, target, &mut problems)??;
    Ok(Written { problems, ..Written::one(bytes) })
}

fn failed(error: rusqlite::Error) -> WriteError {
    WriteError::TooLarge(error.to_string())
}

fn database(
    layers: &[WriteLayer],
    target: &Target,
    problems: &mut Vec<Problem>,
) -> Result<Result<Vec<u8>, WriteError>, WriteError> {
    let mut database = Connection::open_in_memory().map_err(failed)?;
    database.execute_batch(HEAD).map_err(failed)?;
    database.execute_batch(TABLES).map_err(failed)?;
    define(&database, &System::geographic()).map_err(failed)?;
    let mut names = HashSet::new();
    for layer in layers {
        let table = free(layer.name.trim(), "layer", &mut names);
        let transaction = database.transaction().map_err(failed)?;
        if let Err(error) = fill(&transaction, layer, &table, target, problems) {
            return Ok(Err(error));
        }
        transaction.commit().map_err(failed)?;
    }
    let bytes = database.serialize(MAIN_DB).map_err(failed)?.to_vec();
    Ok(Ok(bytes))
}

/// A name that is not taken yet, whatever its case.
fn free(wanted: &str, otherwise: &str, taken: &mut HashSet<String>) -> String {
    let wanted = wanted.replace('\0', "");
    let reserved = ["gpkg_", "rtree_", "sqlite_"].iter().any(|start| wanted.to_lowercase().starts_with(start));
    let base = if wanted.is_empty() || reserved { format!("{otherwise}_{wanted}") } else { wanted };
    let base = base.trim_end_matches('_').to_owned();
    let names = std::iter::once(base.clone()).chain((1..).map(|number| format!("{base}_{number}")));
    names.into_iter().find(|name| taken.insert(name.to_lowercase())).unwrap_or(base)
}

/// Enters a system; returns its number.
fn define(database: &Connection, system: &System) -> rusqlite::Result<i64> {
    let code: Option<i64> = system.code().strip_prefix("EPSG:").and_then(|number| number.parse().ok());
    let sql = "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, ?3, ?4, ?5, NULL)";
    let definition = system.well_known_text().unwrap_or_else(|| "undefined".into());
    match code {
        Some(number) => {
            database.execute(sql, params![system.code(), number, "EPSG", number, definition])?;
            Ok(number)
        }
        // undefined: nobody else knows the degrees of the web
        None if definition == "undefined" => Ok(if system.is_geographic() { 0 } else { -1 }),
        None => {
            let find = "SELECT srs_id FROM gpkg_spatial_ref_sys WHERE definition = ?1 AND organization = 'NONE'";
            if let Ok(number) = database.query_row(find, [&definition], |row| row.get(0)) {
                return Ok(number);
            }
            let next = "SELECT max(100000, max(srs_id) + 1) FROM gpkg_spatial_ref_sys";
            let number: i64 = database.query_row(next, [], |row| row.get(0))?;
            database.execute(sql, params![system.code(), number, "NONE", number, definition])?;
            Ok(number)
        }
    }
}

struct Column {
    name: String,
    field: String,
    kind: FieldType,
}

fn fill(
    database: &Connection,
    layer: &WriteLayer,
    table: &str,
    target: &Target,
    problems: &mut Vec<Problem>,
) -> Result<(), WriteError> {
    let system = layer.target(target);
    let srs = match &system {
        Some(system) => define(database, system).map_err(failed)?,
        None => -1,
    };
    let mut taken = HashSet::new();
    // the names of the key and of the shape give way to the fields' own
    let wanted: HashSet<String> = layer.fields.iter().map(|(name, _)| name.to_lowercase()).collect();

    let mut special = |name: &str| {
        let mut names = std::iter::once(name.to_owned()).chain((1..).map(|number| format!("{name}_{number}")));
        let found = names.find(|name| !wanted.contains(name)).unwrap_or_default();
        taken.insert(found.clone());
        found
    };
    let (key, geometry) = (special("fid"), special("geom"));
    let columns: Vec<Column> = layer
        .fields_with_id()
        .into_iter()
        .map(|(field, kind)| {
            let name = free(&field, "field", &mut taken);
            if name != field {
                let kind = ProblemKind::FieldRenamed(format!("{field} → {name}"));
                problems.push(Problem::of_file(kind));
            }
            Column { name, kind: held(layer, &field, kind), field }
        })
        .collect();
    let is_bare = layer.features.iter().all(|feature| feature.shape.is_none())
        && layer.originals.iter().all(Option::is_none)
        && !layer.features.is_empty();
    let list: String =
        columns.iter().map(|column| format!(", {} {}", quoted(&column.name), sql_type(column.kind))).collect();
    let shape_column = if is_bare { String::new() } else { format!(", {} GEOMETRY", quoted(&geometry)) };
    let sql = format!(
        "CREATE TABLE {} ({} INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL{shape_column}{list})",
        quoted(table),
        quoted(&key)
    );
    database.execute_batch(&sql).map_err(failed)?;
    for column in columns.iter().filter(|column| column.kind == FieldType::Nested) {
        let sql = "INSERT INTO gpkg_data_columns (table_name, column_name, name, mime_type) \
                   VALUES (?1, ?2, ?2, 'application/json')";
        database.execute(sql, params![table, column.name]).map_err(failed)?;
    }
    // contents first: the columns of shapes refer to them
    let kind = if is_bare { "attributes" } else { "features" };
    let sql = "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, ?2, ?1, ?3)";
    database.execute(sql, params![table, kind, srs]).map_err(failed)?;
    let index = format!("rtree_{table}_{geometry}");
    if !is_bare {
        let sql = format!("CREATE VIRTUAL TABLE {} USING rtree(id, minx, maxx, miny, maxy)", quoted(&index));
        database.execute_batch(&sql).map_err(failed)?;
    }
    let seen = rows(database, layer, (table, &key, &index), &columns, is_bare, system.as_ref(), srs)?;
    if is_bare {
        return Ok(());
    }
    let kind = if seen.kinds.len() == 1 { seen.kinds.iter().next().copied().unwrap_or("GEOMETRY") } else { "GEOMETRY" };
    let sql = "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    // 0 forbids, 1 demands, 2 allows
    let allows = |has: bool| if has { 2 } else { 0 };
    let row = params![table, geometry, kind, srs, allows(seen.has_heights), allows(seen.has_measures)];
    database.execute(sql, row).map_err(failed)?;
    if let Some(bounds) = seen.bounds {
        let sql = "UPDATE gpkg_contents SET min_x = ?2, min_y = ?3, max_x = ?4, max_y = ?5 WHERE table_name = ?1";
        let (low, high) = (bounds.min(), bounds.max());
        database.execute(sql, params![table, low.x, low.y, high.x, high.y]).map_err(failed)?;
    }
    let sql = "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index', \
               'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')";
    database.execute(sql, params![table, geometry]).map_err(failed)?;
    database.execute_batch(&triggers(table, &geometry, &key)).map_err(failed)
}

#[derive(Default)]
struct Seen {
    kinds: HashSet<&'static str>,
    has_heights: bool,
    has_measures: bool,
    bounds: Option<Rect>,
}

fn rows(
    database: &Connection,
    layer: &WriteLayer,
    (table, key, index): (&str, &str, &str),
    columns: &[Column],
    is_bare: bool,
    system: Option<&System>,
    srs: i64,
) -> Result<Seen, WriteError> {
    let marks = vec!["?"; columns.len() + usize::from(!is_bare) + 1].join(", ");
    let sql = format!("INSERT INTO {} VALUES ({marks})", quoted(table));
    let mut insert = database.prepare(&sql).map_err(failed)?;
    let sql = format!("INSERT INTO {} VALUES (?, ?, ?, ?, ?)", quoted(index));
    let mut enter = if is_bare { None } else { Some(database.prepare(&sql).map_err(failed)?) };
    debug_assert!(!key.is_empty());
    let mut seen = Seen::default();
    let keys = keys(layer);
    for (place, feature) in layer.features.iter().enumerate() {
        let number = keys.as_ref().and_then(|keys| keys.get(place).copied()).unwrap_or(place as i64 + 1);
        let mut cells = vec![Cell::Integer(number)];
        if let Some(enter) = &mut enter {
            let shape = layer.shape(place, system)?;
            let bounds = shape.as_ref().and_then(|original| original.shape.bounding_rect());
            cells.push(shape.as_ref().map_or(Cell::Null, |original| Cell::Blob(blob(original, bounds, srs))));
            if let Some(original) = &shape {
                seen.kinds.insert(kind_name(&original.shape));
                seen.has_heights |= !original.heights.is_empty();
                seen.has_measures |= !original.measures.is_empty();
            }
            if let Some(bounds) = bounds {
                let (low, high) = (bounds.min(), bounds.max());
                enter.execute(params![number, low.x, high.x, low.y, high.y]).map_err(failed)?;
                seen.bounds = Some(seen.bounds.map_or(bounds, |all| around(all, bounds)));
            }
        }
        for column in columns {
            cells.push(cell(&layer.value(feature, &column.field), column.kind));
        }
        insert.execute(params_from_iter(cells.into_iter().map(ToSqlOutput::Owned))).map_err(failed)?;
    }
    Ok(seen)
}

/// The keys of the rows when the features' ids are numbers, each once.
fn keys(layer: &WriteLayer) -> Option<Vec<i64>> {
    let keys: Option<Vec<i64>> = layer.features.iter().map(|feature| feature.id.parse().ok()).collect();
    // an id that is a field of its own is kept there; a key that is not above nothing means no key to others
    let is_field = layer.features.iter().all(|feature| id_of(&feature.values).as_ref() == Some(&feature.id));
    let keys = keys.filter(|keys| layer.ids && !is_field && keys.iter().all(|key| *key > 0))?;
    (keys.iter().collect::<HashSet<_>>().len() == keys.len()).then_some(keys)
}

fn around(a: Rect, b: Rect) -> Rect {
    let low = geo::Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
    Rect::new(low, geo::Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
}

/// A number beyond 64 bits would lose digits in a column of numbers.
fn held(layer: &WriteLayer, field: &str, kind: FieldType) -> FieldType {
    let is_large = |value: &Value| matches!(value, Value::Nested(number) if number.is_number());
    let has_large =
        kind == FieldType::Integer && layer.features.iter().any(|feature| is_large(&layer.value(feature, field)));
    if has_large { FieldType::Text } else { kind }
}

fn sql_type(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Bool => "BOOLEAN",
        FieldType::Integer => "INTEGER",
        FieldType::Real => "REAL",
        FieldType::Date => "DATE",
        FieldType::DateTime => "DATETIME",
        FieldType::Binary => "BLOB",
        FieldType::Null | FieldType::Text | FieldType::Nested => "TEXT",
    }
}

fn cell(value: &Value, kind: FieldType) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::Bool(flag) if kind == FieldType::Bool => Cell::Integer(i64::from(*flag)),
        Value::Integer(number) if kind == FieldType::Real => Cell::Real(*number as f64),
        Value::Integer(number) if kind == FieldType::Integer => Cell::Integer(*number),
        Value::Real(number) if matches!(kind, FieldType::Real | FieldType::Integer) => Cell::Real(*number),
        Value::Text(text) if kind == FieldType::Binary => {
            let pairs = text
                .as_bytes()
                .chunks(2)
                .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()));
            pairs.collect::<Option<Vec<u8>>>().map_or_else(|| Cell::Text(text.clone()), Cell::Blob)
        }
        other => Cell::Text(other.to_string()),
    }
}

fn kind_name(shape: &Geometry) -> &'static str {
    match shape {
        Geometry::Point(_) => "POINT",
        Geometry::Line(_) | Geometry::LineString(_) => "LINESTRING",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "POLYGON",
        Geometry::MultiPoint(_) => "MULTIPOINT",
        Geometry::MultiLineString(_) => "MULTILINESTRING",
        Geometry::MultiPolygon(_) => "MULTIPOLYGON",
        Geometry::GeometryCollection(_) => "GEOMETRYCOLLECTION",
    }
}

/// A shape in the binary format of GeoPackage, with its box.
fn blob(original: &Original, bounds: Option<Rect>, srs: i64) -> Vec<u8> {
    let mut out = Vec::from(*b"GP\0");
    let is_boxed = bounds.is_some() && !matches!(original.shape, Geometry::Point(_));
    out.push(match (is_boxed, bounds) {
        (true, _) => 0b0000_0011,
        (false, Some(_)) => 0b0000_0001,
        (false, None) => 0b0001_0001,
    });
    out.extend(i32::try_from(srs).unwrap_or_default().to_le_bytes());
    if let (true, Some(bounds)) = (is_boxed, bounds) {
        for number in [bounds.min().x, bounds.max().x, bounds.min().y, bounds.max().y] {
            out.extend(number.to_le_bytes());
        }
    }
    wkb::write(&original.shape, &original.heights, &original.measures, &mut out);
    out
}

/// The triggers that keep the spatial index true in other programs, after annex F.3 of the standard.
fn triggers(table: &str, geometry: &str, key: &str) -> String {
    let index = format!("rtree_{table}_{geometry}");
    let (t, c, i, r) = (quoted(table), quoted(geometry), quoted(key), quoted(&index));
    let name = |end: &str| quoted(&format!("{index}_{end}"));
    let empty = |row: &str| format!("({row}.{c} ISNULL OR ST_IsEmpty({row}.{c}))");
    let full = |row: &str| format!("({row}.{c} NOTNULL AND NOT ST_IsEmpty({row}.{c}))");
    let enter = format!(
        "INSERT OR REPLACE INTO {r} VALUES (NEW.{i}, ST_MinX(NEW.{c}), ST_MaxX(NEW.{c}), ST_MinY(NEW.{c}), ST_MaxY(NEW.{c}));"
    );
    let leave = format!("DELETE FROM {r} WHERE id = OLD.{i};");
    let leave_both = format!("DELETE FROM {r} WHERE id IN (OLD.{i}, NEW.{i});");
    [
        format!("CREATE TRIGGER {} AFTER INSERT ON {t} WHEN {} BEGIN {enter} END;", name("insert"), full("NEW")),
        format!(
            "CREATE TRIGGER {} AFTER UPDATE OF {c} ON {t} WHEN OLD.{i} = NEW.{i} AND {} BEGIN {enter} END;",
            name("update1"),
            full("NEW")
        ),
        format!(
            "CREATE TRIGGER {} AFTER UPDATE OF {c} ON {t} WHEN OLD.{i} = NEW.{i} AND {} BEGIN {leave} END;",
            name("update2"),
            empty("NEW")
        ),
        format!(
            "CREATE TRIGGER {} AFTER UPDATE ON {t} WHEN OLD.{i} != NEW.{i} AND {} BEGIN {leave} {enter} END;",
            name("update3"),
            full("NEW")
        ),
        format!(
            "CREATE TRIGGER {} AFTER UPDATE ON {t} WHEN OLD.{i} != NEW.{i} AND {} BEGIN {leave_both} END;",
            name("update4"),
            empty("NEW")
        ),
        format!("CREATE TRIGGER {} AFTER DELETE ON {t} WHEN OLD.{c} NOT NULL BEGIN {leave} END;", name("delete")),
    ]
    .join("\n")
}
