//! Rows to the table of a Shapefile (dBASE III), as wide as its values need.

use super::table::encoding_of;
use crate::atlas::Value;
use crate::format::{FieldType, Problem, ProblemKind, WriteError, WriteLayer};
use encoding_rs::{Encoding, UTF_8};
use std::collections::HashSet;

/// Widest cell of words, bytes.
const WIDEST: usize = 254;
/// Longest name of a field, bytes.
const LONGEST: usize = 10;
/// Most fields that other programs read.
const MOST_FIELDS: usize = 255;

/// A table and the name of its encoding for the `.cpg` file.
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    pub(super) encoding: String,
}

struct Column {
    name: Vec<u8>,
    kind: u8,
    decimals: u8,
    cells: Vec<Vec<u8>>,
    width: usize,
}

/// Writes the rows at these places of a layer.
pub(super) fn write(
    layer: &WriteLayer,
    places: &[usize],
    encoding: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Result<Written, WriteError> {
    let encoding = match encoding {
        None => UTF_8,
        Some(name) => encoding_of(name).ok_or_else(|| WriteError::UnknownEncoding(name.to_owned()))?,
    };
    let mut fields = layer.fields_with_id();
    if fields.is_empty() {
        // a table needs a field
        fields.push(("FID".into(), FieldType::Integer));
    }
    if fields.len() > MOST_FIELDS {
        return Err(WriteError::TooLarge(format!("{} > {MOST_FIELDS}", fields.len())));
    }
    let mut taken = HashSet::new();
    let mut columns = Vec::with_capacity(fields.len());
    for (field, kind) in fields {
        let name = short(&field, encoding, &mut taken);
        let (shown, ..) = encoding.decode(&name);
        if *shown != *field {
            problems.push(Problem::of_file(ProblemKind::FieldRenamed(format!("{field} → {shown}"))));
        }
        columns.push(column(layer, places, field, kind, name, encoding, problems));
    }
    let width = 1 + columns.iter().map(|column| column.width).sum::<usize>();
    let start = 32 + 32 * columns.len() + 1;
    let (Ok(width_word), Ok(start_word), Ok(rows)) =
        (u16::try_from(width), u16::try_from(start), u32::try_from(places.len()))
    else {
        return Err(WriteError::TooLarge(format!("{width} > {}", u16::MAX)));
    };
    let mut bytes = vec![3, 126, 1, 1];
    bytes.extend(rows.to_le_bytes());
    bytes.extend(start_word.to_le_bytes());
    bytes.extend(width_word.to_le_bytes());
    bytes.extend([0; 20]);
    // the number of the language: 0x4d is GBK; UTF-8 has none and is told by the .cpg file
    if let Some(mark) = bytes.get_mut(29) {
        *mark = if encoding == encoding_rs::GBK || encoding == encoding_rs::GB18030 { 0x4d } else { 0 };
    }
    for column in &columns {
        let mut name = column.name.clone();
        name.resize(11, 0);
        bytes.extend(name);
        bytes.extend([column.kind, 0, 0, 0, 0, u8::try_from(column.width).unwrap_or(u8::MAX), column.decimals]);
        bytes.extend([0; 14]);
    }
    bytes.push(0x0d);
    for row in 0..places.len() {
        bytes.push(b' ');
        for column in &columns {
            let cell = column.cells.get(row).map(Vec::as_slice).unwrap_or_default();
            let blanks = std::iter::repeat_n(b' ', column.width.saturating_sub(cell.len()));
            if matches!(column.kind, b'N') {
                bytes.extend(blanks);
                bytes.extend(cell);
            } else {
                bytes.extend(cell);
                bytes.extend(blanks);
            }
        }
    }
    bytes.push(0x1a);
    Ok(Written { bytes, encoding: encoding.name().to_owned() })
}

/// A name of at most ten bytes that no other field has.
fn short(field: &str, encoding: &'static Encoding, taken: &mut HashSet<Vec<u8>>) -> Vec<u8> {
    let cut = |most: usize| {
        let mut bytes = Vec::new();
        for letter in field.chars().filter(|letter| !letter.is_control()) {
            let mut buffer = [0; 4];
            let (coded, ..) = encoding.encode(letter.encode_utf8(&mut buffer));
            if bytes.len() + coded.len() > most {
                break;
            }
            bytes.extend_from_slice(&coded);
        }
        bytes
    };
    let first = cut(LONGEST);
    let first = if first.is_empty() { b"FIELD".to_vec() } else { first };
    if taken.insert(first.to_ascii_uppercase()) {
        return first;
    }
    for number in 1.. {
        let end = format!("_{number}");
        let mut name = cut(LONGEST - end.len());
        name.extend(end.into_bytes());
        if taken.insert(name.to_ascii_uppercase()) {
            return name;
        }
    }
    first
}

fn column(
    layer: &WriteLayer,
    places: &[usize],
    field: String,
    kind: FieldType,
    name: Vec<u8>,
    encoding: &'static Encoding,
    problems: &mut Vec<Problem>,
) -> Column {
    let values: Vec<_> = places
        .iter()
        .filter_map(|place| layer.features.get(*place))
        .map(|feature| layer.value(feature, &field))
        .collect();
    let fits = |test: fn(&Value) -> bool| values.iter().all(|value| value.is_null() || test(value));
    let letter = match kind {
        FieldType::Bool if fits(|value| matches!(value, Value::Bool(_))) => b'L',
        FieldType::Date if fits(|value| value.as_date().is_some_and(is_writable)) => b'D',
        FieldType::Integer | FieldType::Real if fits(|value| matches!(value, Value::Integer(_) | Value::Real(_))) => {
            b'N'
        }
        _ => b'C',
    };
    let is_whole = kind == FieldType::Integer && fits(|value| matches!(value, Value::Integer(_)));
    let decimals = if is_whole || letter != b'N' { 0 } else { decimals(&values) };
    let mut is_cut = false;
    let mut is_foreign = false;
    let cells: Vec<Vec<u8>> = values
        .iter()
        .map(|value| match (&**value, letter) {
            (Value::Null, b'D') => b"00000000".to_vec(),
            (Value::Null, b'L') => b"?".to_vec(),
            (Value::Null, _) => Vec::new(),
            (Value::Bool(flag), b'L') => vec![if *flag { b'T' } else { b'F' }],
            (value, b'D') => {
                let date = value.as_date().unwrap_or_default();
                format!("{:04}{:02}{:02}", date.year(), date.month(), date.day()).into_bytes()
            }
            (Value::Integer(number), b'N') if decimals > 0 => format!("{number}.0").into_bytes(),
            (Value::Integer(number), _) => number.to_string().into_bytes(),
            (Value::Real(number), b'N') => real(*number, decimals).into_bytes(),
            (value, _) => {
                let text = value.to_string();
                let (bytes, used, has_foreign) = encoding.encode(&text);
                is_foreign |= has_foreign || used != encoding;
                let (bytes, was_cut) = cut(&text, &bytes, encoding);
                is_cut |= was_cut;
                bytes
            }
        })
        .collect();
    if is_cut {
        problems.push(Problem::of_file(ProblemKind::TextCut(field.clone())));
    }
    if is_foreign {
        problems.push(Problem::of_file(ProblemKind::EncodingBroken(encoding.name().to_owned())));
    }
    let widest = cells.iter().map(Vec::len).max().unwrap_or_default();
    let width = match letter {
        b'D' => 8,
        b'L' => 1,
        // a width of 9 is read as 32 bits and one of 18 as 64 by others
        b'N' if is_whole => widest.max(if widest > 9 { 18 } else { 9 }),
        _ => widest.clamp(1, WIDEST),
    };
    Column { name, kind: letter, decimals, cells, width }
}

fn is_writable(date: crate::atlas::Date) -> bool {
    (1..=9999).contains(&date.year())
}

/// Decimals that all numbers need, as far as a cell has room.
fn decimals(values: &[std::borrow::Cow<Value>]) -> u8 {
    let of = |number: f64| {
        let word = number.to_string();
        word.split_once('.').map_or(0, |(_, decimals)| decimals.len())
    };
    let most = values.iter().filter_map(|value| match &**value {
        Value::Real(number) if number.is_finite() => Some(of(*number)),
        _ => None,
    });
    u8::try_from(most.max().unwrap_or_default().clamp(1, 15)).unwrap_or(15)
}

/// A number with all its digits: plainly where they fit, else with an exponent.
fn real(number: f64, decimals: u8) -> String {
    if !number.is_finite() {
        return String::new();
    }
    let plain = format!("{number:.*}", usize::from(decimals));
    if plain.len() <= 24 && plain.parse() == Ok(number) { plain } else { format!("{number:e}") }
}

/// Words that fit a cell; never half a letter.
fn cut(text: &str, bytes: &[u8], encoding: &'static Encoding) -> (Vec<u8>, bool) {
    if bytes.len() <= WIDEST {
        return (bytes.to_vec(), false);
    }
    let mut kept = Vec::new();
    for letter in text.chars() {
        let mut buffer = [0; 4];
        let (coded, ..) = encoding.encode(letter.encode_utf8(&mut buffer));
        if kept.len() + coded.len() > WIDEST {
            break;
        }
        kept.extend_from_slice(&coded);
    }
    (kept, true)
}
