//! GeoPackage to layers. The database may be hostile: its triggers, views and functions are not trusted, its rows and
//! steps are counted.

use super::quoted;
use crate::atlas::{Date, Value};
use crate::format::raw::{Depth, RawLayer, number_rows};
use crate::format::reference::Declared;
use crate::format::{
    FieldType, Format, FormatError, How, Input, Looks, Place, Problem, ProblemKind, Problems, Progress, ReadOptions,
    Reading, wkb,
};
use crate::geometry::{System, extent};
use geo::CoordsIter;
use rayon::prelude::*;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, MAIN_DB, OptionalExtension, params};
use std::io::Read;

/// Steps of the database between two looks at the count.
const STEPS: i32 = 100_000;
/// Rows that any table may have; a view can return more than the file holds.
const FEWEST_ROWS: usize = 100_000;
/// Most columns of a table.
const MOST_COLUMNS: i32 = 4_000;

/// Rows whose shapes are read side by side.
const BATCH: usize = 4096;

/// One table of features or of rows without shape.
struct Contents {
    table: String,
    geometry: Option<String>,
    srs: i64,
}

struct Column {
    name: String,
    field: FieldType,
    is_json: bool,
}

/// Reads all layers.
pub(in crate::format) fn read(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let mut problems = Problems::default();
    let broken = |error: rusqlite::Error| {
        FormatError::Unreadable(Box::new(Problem::of_file(ProblemKind::DatabaseBroken(error.to_string()))))
    };
    if claimed_size(input.bytes).is_some_and(|size| size > input.bytes.len() as u64) {
        problems.add(Problem::of_file(ProblemKind::Truncated));
    }
    let database = open(input.bytes, &options.progress).map_err(broken)?;
    let contents = match contents(&database) {
        Ok(Some(contents)) => contents,
        Ok(None) => return Err(FormatError::Unrecognised(Looks::Sqlite)),
        Err(error) => return Err(broken(error)),
    };
    let is_alone = contents.len() == 1;
    let (mut layers, mut told) = (Vec::new(), problems.finish());
    for (number, content) in contents.iter().enumerate() {
        let options = &options.nth(number, contents.len());
        let mut own = Problems::default();
        let mut raw = RawLayer::new(&content.table);
        raw.encoding = ("UTF-8".into(), How::Declared);
        if let Err(error) = fill(&database, content, (input.bytes.len(), &options.parsing()), &mut raw, &mut own) {
            own.add(Problem::of_file(ProblemKind::DatabaseBroken(error.to_string())));
        }
        layers.push(raw.finish(options, &mut own));
        told.extend(if is_alone { own.finish() } else { own.finish_layer(&content.table) });
    }
    Ok(Reading { format: Format::GeoPackage, layers, problems: told })
}

fn open(bytes: &[u8], progress: &Progress) -> rusqlite::Result<Connection> {
    let mut database = Connection::open_in_memory()?;
    // a database in the mode of a log beside it cannot be opened in memory: bytes 18 and 19 say so
    let head: Vec<u8> = bytes.iter().take(20).zip(0..).map(|(byte, at)| if at >= 18 { 1 } else { *byte }).collect();
    let rest = bytes.get(head.len()..).unwrap_or_default();
    database.deserialize_read_exact(MAIN_DB, head.as_slice().chain(rest), bytes.len(), true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_limit(Limit::SQLITE_LIMIT_COLUMN, MOST_COLUMNS)?;
    database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    // a hundred million steps and two hundred for each byte: more than any honest table asks for
    let mut left = 1_000 + bytes.len() / (STEPS as usize / 200);
    let progress = progress.clone();
    database.progress_handler(
        STEPS,
        Some(move || {
            left = left.saturating_sub(1);
            left == 0 || progress.is_cancelled()
        }),
    )?;
    database.execute_batch("PRAGMA cell_size_check = ON; PRAGMA query_only = ON;")?;
    Ok(database)
}

/// The size that the head of a database claims; absent where the count of pages is not to be trusted.
fn claimed_size(bytes: &[u8]) -> Option<u64> {
    let page = u64::from(u16::from_be_bytes(bytes.get(16..18)?.try_into().ok()?));
    let page = if page == 1 { 65_536 } else { page };
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (number(24)? == number(92)?).then_some(page * u64::from(number(28)?))
}

/// The tables to read; `None` when this is another kind of database.
fn contents(database: &Connection) -> rusqlite::Result<Option<Vec<Contents>>> {
    let has = |table: &str| -> rusqlite::Result<bool> {
        let sql = "SELECT count(*) FROM sqlite_master WHERE lower(name) = ?1";
        database.query_row(sql, [table], |row| row.get::<_, i64>(0)).map(|count| count > 0)
    };
    if !has("gpkg_contents")? {
        return Ok(None);
    }
    let columns = if has("gpkg_geometry_columns")? {
        "SELECT c.table_name, g.column_name, coalesce(g.srs_id, c.srs_id) FROM gpkg_contents c \
         LEFT JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name) \
         WHERE c.data_type IN ('features', 'attributes', 'aspatial') ORDER BY c.rowid"
    } else {
        "SELECT table_name, NULL, srs_id FROM gpkg_contents WHERE data_type IN ('attributes', 'aspatial') ORDER BY rowid"
    };
    let mut statement = database.prepare(columns)?;
    let rows = statement.query_map([], |row| {
        let srs: Option<i64> = row.get(2)?;
        Ok(Contents { table: row.get(0)?, geometry: row.get(1)?, srs: srs.unwrap_or(0) })
    })?;
    let contents = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    // an empty table that GDAL adds to files without shapes, for programs that ask for one
    Ok(Some(contents.into_iter().filter(|content| content.table != "ogr_empty_table").collect()))
}

fn declared(database: &Connection, srs: i64) -> rusqlite::Result<Option<Declared>> {
    // 0 and -1 stand for geographic and plane coordinates of no known system
    if srs <= 0 {
        return Ok(None);
    }
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let found = database
        .query_row(sql, [srs], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?))
        })
        .optional()?;
    let Some((organization, number, definition)) = found else {
        let known = u32::try_from(srs).ok().and_then(|code| System::epsg(code).ok());
        return Ok(Some(known.map_or_else(|| Declared::Unsupported(format!("SRS {srs}")), Declared::Known)));
    };
    if organization.eq_ignore_ascii_case("epsg")
        && let Some(system) = u32::try_from(number).ok().and_then(|code| System::epsg(code).ok())
    {
        return Ok(Some(Declared::Known(system)));
    }
    let definition = definition.filter(|text| text.contains('['));
    Ok(Some(match definition.map(|text| Declared::of(&text)) {
        Some(Declared::Known(system)) => Declared::Known(system),
        _ => Declared::Unsupported(format!("{organization}:{number}")),
    }))
}

fn fill(
    database: &Connection,
    content: &Contents,
    (size, progress): (usize, &Progress),
    raw: &mut RawLayer,
    problems: &mut Problems,
) -> rusqlite::Result<()> {
    raw.declared = declared(database, content.srs)?;
    let mut columns = Vec::new();
    let mut key = None;
    let mut shape_at = None;
    let mut info = database.prepare("SELECT name, type, pk FROM pragma_table_info(?1)")?;
    let mut rows = info.query([&content.table])?;
    let mut place = 0;
    while let Some(row) = rows.next()? {
        let (name, kind, pk): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if content.geometry.as_ref().is_some_and(|geometry| geometry.eq_ignore_ascii_case(&name)) {
            shape_at = Some(place);
        } else if pk == 1 && kind.eq_ignore_ascii_case("integer") {
            key = Some(place);
        }
        let is_json = is_json(database, &content.table, &name);
        columns.push(Column { name, field: field_of(&kind), is_json });
        place += 1;
    }
    let is_value = |place: usize| Some(place) != key && Some(place) != shape_at;
    raw.schema = columns
        .iter()
        .enumerate()
        .filter(|(place, _)| is_value(*place))
        .map(|(_, column)| (column.name.clone(), if column.is_json { FieldType::Nested } else { column.field }))
        .collect();
    let order = if key.is_some() { " ORDER BY rowid" } else { "" };
    let mut statement = database.prepare(&format!("SELECT * FROM {}{order}", quoted(&content.table)))?;
    let mut rows = statement.query(params![])?;
    let most = FEWEST_ROWS + size / 8;
    let (mut keys, mut batch, mut passed) = (Vec::new(), Vec::with_capacity(BATCH), 0);
    while let Some(row) = rows.next()? {
        if raw.features.len() + batch.len() >= most {
            problems.add(Problem::of_file(ProblemKind::TooManyRows(most)));
            break;
        }
        let mut values = Vec::with_capacity(columns.len());
        for (place, column) in columns.iter().enumerate().filter(|(place, _)| is_value(*place)) {
            values.push((column.name.clone(), value(row.get_ref(place)?, column)));
        }
        keys.push(key.and_then(|place| row.get::<_, i64>(place).ok()));
        let blob = match shape_at {
            Some(place) => match row.get_ref(place)? {
                ValueRef::Blob(blob) => Some(blob.to_vec()),
                _ => None,
            },
            None => None,
        };
        // how many rows there are is not known, but how many bytes
        passed += blob.as_ref().map_or(0, Vec::len);
        batch.push((values, blob));
        if progress.is_cancelled() {
            break;
        }
        if batch.len() == BATCH {
            progress.tell(passed as f32 / size.max(1) as f32);
            take(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)), raw, problems);
        }
    }
    take(batch, raw, problems);
    raw.has_ids = number_rows(&mut raw.features);
    if !raw.has_ids && !keys.is_empty() && keys.iter().all(Option::is_some) {
        for (feature, key) in raw.features.iter_mut().zip(keys) {
            feature.id = key.unwrap_or_default().to_string();
        }
        raw.has_ids = true;
    }
    Ok(())
}

/// A row with the bytes of its shape.
type Row = (Vec<(String, Value)>, Option<Vec<u8>>);

/// Makes features of rows; their shapes are read side by side.
fn take(rows: Vec<Row>, raw: &mut RawLayer, problems: &mut Problems) {
    let shapes: Vec<_> = rows
        .par_iter()
        .map(|(_, blob)| {
            let mut told = Vec::new();
            let shape = blob.as_ref().map(|blob| shape(blob, &mut told));
            (shape, told)
        })
        .collect();
    for ((values, _), (shape, mut told)) in rows.into_iter().zip(shapes) {
        let number = raw.features.len() + 1;
        let (shape, depth) = match shape {
            Some(Ok(Some((shape, depth)))) => (Some(shape), depth),
            Some(Err(kind)) => {
                raw.lost += 1;
                told.push(kind);
                (None, Depth::default())
            }
            Some(Ok(None)) | None => (None, Depth::default()),
        };
        for kind in told {
            problems.add(Problem { kind, place: Place { feature: Some(number), ..Place::default() } });
        }
        raw.push(shape, depth, values);
    }
}

/// Whether a column is said to hold JSON (extension `gpkg_schema`).
fn is_json(database: &Connection, table: &str, column: &str) -> bool {
    let sql = "SELECT mime_type = 'application/json' FROM gpkg_data_columns WHERE table_name = ?1 AND column_name = ?2";
    database.query_row(sql, [table, column], |row| row.get::<_, Option<bool>>(0)).ok().flatten().unwrap_or(false)
}

fn field_of(kind: &str) -> FieldType {
    let kind = kind.to_ascii_uppercase();
    let kind = kind.split('(').next().unwrap_or_default().trim().to_owned();
    match kind.as_str() {
        "BOOLEAN" => FieldType::Bool,
        "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "INTEGER" | "BIGINT" => FieldType::Integer,
        "FLOAT" | "DOUBLE" | "REAL" | "NUMERIC" => FieldType::Real,
        "DATE" => FieldType::Date,
        "DATETIME" | "TIMESTAMP" => FieldType::DateTime,
        "BLOB" => FieldType::Binary,
        _ => FieldType::Text,
    }
}

fn value(cell: ValueRef, column: &Column) -> Value {
    match (cell, column.field) {
        (ValueRef::Null, _) => Value::Null,
        (ValueRef::Integer(number), FieldType::Bool) => Value::Bool(number != 0),
        (ValueRef::Integer(number), FieldType::Real) => Value::Real(number as f64),
        (ValueRef::Integer(number), _) => Value::Integer(number),
        (ValueRef::Real(number), _) if number.is_finite() => Value::Real(number),
        (ValueRef::Real(_), _) => Value::Null,
        (ValueRef::Text(words), field) => {
            let words = String::from_utf8_lossy(words).into_owned();
            match field {
                FieldType::Date => words.parse::<Date>().map_or(Value::Text(words), Value::Date),
                _ if column.is_json => serde_json::from_str(&words).map_or(Value::Text(words), Value::Nested),
                _ => Value::Text(words),
            }
        }
        (ValueRef::Blob(bytes), _) => Value::Text(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}

/// A shape in the binary format of GeoPackage: a head with flags and perhaps a box, then well-known binary.
fn shape(blob: &[u8], told: &mut Vec<ProblemKind>) -> Result<wkb::Shape, ProblemKind> {
    let [b'G', b'P', _, flags, ..] = blob else { return Err(ProblemKind::MalformedGeometry) };
    if flags & 0x20 != 0 {
        return Err(ProblemKind::UnknownGeometry("ExtendedGeoPackageBinary".into()));
    }
    let numbers = match (flags >> 1) & 7 {
        0 => 0,
        1 => 4,
        2 | 3 => 6,
        4 => 8,
        _ => return Err(ProblemKind::MalformedGeometry),
    };
    let shape = wkb::read(blob.get(8 + 8 * numbers..).ok_or(ProblemKind::MalformedGeometry)?, told)?;
    match shape {
        Some((shape, _)) if extent(&shape).is_none() && shape.coords_count() > 0 => Err(ProblemKind::NotFinite),
        other => Ok(other),
    }
}
