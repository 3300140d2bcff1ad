//! Layers to text with commas and to workbooks: positions in columns, other shapes as well-known text.

use crate::atlas::{Feature, Value};
use crate::format::{
    FieldType, Format, Original, Problem, ProblemKind, Target, WriteError, WriteLayer, Written, WrittenFile, wkt,
};
use crate::geometry::System;
use geo::Geometry;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, Worksheet, XlsxError};

/// Most letters of a cell in a workbook.
const MOST_LETTERS: usize = 32_767;
/// Largest whole number that a workbook holds exactly.
const MOST_EXACT: i64 = 1 << 53;

/// A layer as rows: names, then for each row the shape's cells and the values.
struct Sheet {
    /// Columns of the shape.
    columns: Vec<&'static str>,
    fields: Vec<(String, FieldType)>,
    rows: Vec<Row>,
}

struct Row {
    place: Vec<Place>,
    values: Vec<Value>,
}

enum Place {
    Number(f64),
    Words(String),
    Nothing,
}

/// Tables do not tell their system: longitude and latitude unless another is asked for.
fn sheet(layer: &WriteLayer, target: &Target) -> Result<Sheet, WriteError> {
    let own = layer.reference.cloned().filter(System::is_geographic);
    let system = target.reference.clone().or(own).unwrap_or_else(System::geographic);
    let mut shapes: Vec<Option<Original>> = Vec::with_capacity(layer.features.len());
    for place in 0..layer.features.len() {
        shapes.push(layer.shape(place, Some(&system))?);
    }
    let is_flat_point = |shape: &Original| matches!(shape.shape, Geometry::Point(_)) && shape.heights.is_empty();
    let are_points = shapes.iter().flatten().all(is_flat_point) && shapes.iter().any(Option::is_some);
    let has_shapes = shapes.iter().any(Option::is_some);
    let names: &[&'static str] = match (are_points, system.is_geographic()) {
        // the names by which the columns of web maps are known again
        (true, true) if system == System::gcj02() => &["GCJ02经度", "GCJ02纬度"],
        (true, true) if system == System::bd09() => &["BD09经度", "BD09纬度"],
        (true, true) => &["经度", "纬度"],
        // easting before northing would be read as the surveyor's X
        (true, false) => &["东坐标", "北坐标"],
        (false, _) => &["WKT"],
    };
    let fields = layer.fields_with_id();
    // a column of the table that came in is not written twice
    let is_known = |name: &&str| fields.iter().any(|(field, _)| field == name);
    let is_there = are_points && names.iter().all(is_known);
    let columns = if has_shapes && !is_there { names.to_vec() } else { Vec::new() };
    let number = |value: f64| match target.decimals {
        Some(decimals) => format!("{value:.*}", usize::from(decimals)).parse().unwrap_or(value),
        None => value,
    };
    let place = |shape: &Option<Original>| match (shape, columns.len()) {
        (Some(Original { shape: Geometry::Point(point), .. }), 2) => {
            vec![Place::Number(number(point.x())), Place::Number(number(point.y()))]
        }
        (Some(original), 1) => vec![Place::Words(wkt::write(&original.shape, &original.heights, target.decimals))],
        (_, count) => (0..count).map(|_| Place::Nothing).collect(),
    };
    let values = |feature: &Feature| fields.iter().map(|(name, _)| layer.value(feature, name).into_owned()).collect();
    let rows =
        layer.features.iter().zip(&shapes).map(|(feature, shape)| Row { place: place(shape), values: values(feature) });
    let rows = rows.collect();
    Ok(Sheet { columns, fields, rows })
}

/// Writes each layer as one text, UTF-8 with its mark so that Excel shows Chinese.
pub(in crate::format) fn write_text(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let mut written = Written::default();
    for layer in layers {
        let sheet = sheet(layer, target)?;
        let mut writer = csv::Writer::from_writer(Vec::new());
        let failed = |error: csv::Error| WriteError::TooLarge(error.to_string());
        let head = sheet
            .columns
            .iter()
            .map(|name| (*name).to_owned())
            .chain(sheet.fields.iter().map(|(name, _)| guarded(name)));
        let head: Vec<String> = head.collect();
        if head.is_empty() {
            written.problems.push(Problem::of_file(ProblemKind::NoCoordinates));
        }
        writer.write_record(&head).map_err(failed)?;
        for row in &sheet.rows {
            let place = row.place.iter().map(|place| match place {
                Place::Number(number) => number.to_string(),
                Place::Words(words) => words.clone(),
                Place::Nothing => String::new(),
            });
            let values = row.values.iter().map(|value| match value {
                Value::Text(text) => guarded(text),
                other => other.to_string(),
            });
            writer.write_record(place.chain(values)).map_err(failed)?;
        }
        let text = writer.into_inner().map_err(|error| WriteError::TooLarge(error.to_string()))?;
        let bytes = match target.encoding.as_deref() {
            None => [&[0xef, 0xbb, 0xbf], text.as_slice()].concat(),
            Some(name) => {
                let encoding = encoding_rs::Encoding::for_label(name.trim().as_bytes())
                    .ok_or_else(|| WriteError::UnknownEncoding(name.to_owned()))?;
                let text = String::from_utf8_lossy(&text);
                let (bytes, _, is_broken) = encoding.encode(&text);
                if is_broken {
                    written.problems.push(Problem::of_file(ProblemKind::EncodingBroken(encoding.name().to_owned())));
                }
                bytes.into_owned()
            }
        };
        let suffix =
            if layers.len() > 1 { format!("_{}", layer.name.replace(['/', '\\', ':'], "_")) } else { String::new() };
        written.files.push(WrittenFile { ending: if suffix.is_empty() { "" } else { "csv" }, suffix, bytes });
    }
    if written.files.is_empty() {
        return Ok(Written::one(Vec::new()));
    }
    Ok(written)
}

/// Words that a spreadsheet would take for a formula, kept from it by a mark.
fn guarded(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    if text.starts_with(['=', '+', '-', '@']) && !is_number { format!("'{text}") } else { text.to_owned() }
}

/// Writes a workbook, a sheet for each layer.
pub(in crate::format) fn write_workbook(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let mut problems = Vec::new();
    let mut book = Workbook::new();
    let mut taken = std::collections::HashSet::new();
    for layer in layers {
        let sheet = sheet(layer, target)?;
        let page = book.add_worksheet();
        fill(page, &sheet_name(layer.name, &mut taken), &sheet, &mut problems).map_err(too_large)?;
    }
    let bytes = book.save_to_buffer().map_err(too_large)?;
    Ok(Written { problems, ..Written::one(bytes) })
}

fn too_large(error: XlsxError) -> WriteError {
    WriteError::TooLarge(format!("{}: {error}", Format::Xlsx.name()))
}

/// At most 31 letters, none of those that workbooks keep for themselves, each name once.
fn sheet_name(name: &str, taken: &mut std::collections::HashSet<String>) -> String {
    let plain: String = name.chars().filter(|letter| !"[]:*?/\\'".contains(*letter) && !letter.is_control()).collect();
    let plain = if plain.trim().is_empty() { "Sheet".to_owned() } else { plain };
    let cut = |most: usize| plain.chars().take(most).collect::<String>();
    let mut names = std::iter::once(cut(31)).chain((2..).map(|number| format!("{}_{number}", cut(26))));
    names.find(|name| taken.insert(name.to_lowercase())).unwrap_or_default()
}

fn fill(page: &mut Worksheet, name: &str, sheet: &Sheet, problems: &mut Vec<Problem>) -> Result<(), XlsxError> {
    page.set_name(name)?;
    let bold = CellFormat::new().set_bold();
    let day = CellFormat::new().set_num_format("yyyy-mm-dd");
    let names = sheet.columns.iter().copied().chain(sheet.fields.iter().map(|(name, _)| &**name));
    for (column, name) in (0..).zip(names) {
        page.write_string_with_format(0, column, name, &bold)?;
    }
    page.set_freeze_panes(1, 0)?;
    let offset = u16::try_from(sheet.columns.len()).unwrap_or_default();
    for (number, row) in (1..).zip(&sheet.rows) {
        for (column, place) in (0..).zip(&row.place) {
            match place {
                Place::Number(value) => page.write_number(number, column, *value).map(|_| ())?,
                Place::Words(words) if words.chars().count() <= MOST_LETTERS => {
                    page.write_string(number, column, words).map(|_| ())?;
                }
                Place::Words(_) => {
                    let place = crate::format::Place { feature: usize::try_from(number).ok(), ..Default::default() };
                    problems.push(Problem { kind: ProblemKind::ShapeNotHeld("WKT".into()), place });
                }
                Place::Nothing => {}
            }
        }
        for (column, (value, (field, _))) in (offset..).zip(row.values.iter().zip(&sheet.fields)) {
            match value {
                Value::Null => {}
                Value::Bool(flag) => page.write_boolean(number, column, *flag).map(|_| ())?,
                Value::Integer(whole) if whole.unsigned_abs() <= MOST_EXACT.unsigned_abs() => {
                    page.write_number(number, column, *whole as f64).map(|_| ())?;
                }
                Value::Real(real) if real.is_finite() => page.write_number(number, column, *real).map(|_| ())?,
                Value::Date(date) if date.year() >= 1900 => {
                    let own = ExcelDateTime::from_ymd(
                        u16::try_from(date.year()).unwrap_or(1900),
                        u8::try_from(date.month()).unwrap_or(1),
                        u8::try_from(date.day()).unwrap_or(1),
                    )?;
                    page.write_datetime_with_format(number, column, &own, &day).map(|_| ())?;
                }
                other => {
                    let mut words = other.to_string();
                    if words.chars().count() > MOST_LETTERS {
                        words = words.chars().take(MOST_LETTERS).collect();
                        problems.push(Problem::of_file(ProblemKind::TextCut(field.clone())));
                    }
                    page.write_string(number, column, words).map(|_| ())?;
                }
            }
        }
    }
    Ok(())
}
