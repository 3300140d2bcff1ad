//! The table of a Shapefile (`.dbf`): its fields, its rows, and the encoding of its words.

use super::memo::{self, Memo};
use crate::atlas::{Date, Value};
use crate::format::bytes::{u16_at, u32_at};
use crate::format::{FieldType, FormatError, How, Progress, ReadOptions};
use encoding_rs::{Encoding, GBK, UTF_8};

/// A table whose rows are read as they are asked for.
pub(super) struct Table<'a> {
    records: &'a [u8],
    width: usize,
    columns: Vec<Column>,
    names: Vec<String>,
    /// How many rows the head claims.
    pub(super) claimed: usize,
    encoding: &'static Encoding,
    /// Name of the encoding and how it became known.
    pub(super) known: (String, How),
    /// Whether the encoding declared does not fit the words.
    pub(super) is_contradicted: bool,
    /// Letters were met that do not fit the encoding.
    pub(super) is_broken: std::cell::Cell<bool>,
    /// The file with the words of long cells.
    pub(super) memo: Option<Memo<'a>>,
    /// The first byte, which tells the program.
    version: u8,
}

struct Column {
    raw: Vec<u8>,
    kind: u8,
    start: usize,
    length: usize,
    decimals: u8,
    field: FieldType,
}

/// A table without fields.
const FEWEST: usize = 33;

impl<'a> Table<'a> {
    /// Reads the head; `None` when there is no table in the bytes.
    pub(super) fn open(
        bytes: &'a [u8],
        cpg: Option<&[u8]>,
        memo: Option<(&str, &'a [u8])>,
        options: &ReadOptions,
    ) -> Result<Option<Self>, FormatError> {
        let told = match &options.encoding {
            None => None,
            Some(name) => Some(encoding_of(name).ok_or_else(|| FormatError::UnknownEncoding(name.clone()))?),
        };
        let head = || {
            let (claimed, start, width) = (u32_at(bytes, 4)?, u16_at(bytes, 8)?, u16_at(bytes, 10)?);
            let columns = columns(bytes, usize::from(start), usize::from(width))?;
            Some((claimed as usize, usize::from(start), usize::from(width), columns))
        };
        let Some((claimed, start, width, columns)) = head().filter(|_| bytes.len() >= FEWEST) else { return Ok(None) };
        let version = bytes.first().copied().unwrap_or_default();
        let mut table = Table {
            records: bytes.get(start..).unwrap_or_default(),
            width: width.max(1),
            columns,
            names: Vec::new(),
            claimed,
            encoding: UTF_8,
            known: (String::new(), How::Assumed),
            is_contradicted: false,
            is_broken: false.into(),
            memo: memo.map(|(ending, bytes)| Memo::open(ending, bytes, version)),
            version,
        };
        table.settle(told, cpg, bytes.get(29).copied().unwrap_or_default());
        table.name();
        table.type_integers(&options.progress);
        Ok(Some(table))
    }

    /// How many rows are there.
    pub(super) fn len(&self) -> usize {
        // the last row may lack the end of its blanks
        let whole = self.records.len() / self.width;
        whole.min(self.claimed)
    }

    /// The fields with their types.
    pub(super) fn schema(&self) -> Vec<(String, FieldType)> {
        self.names.iter().cloned().zip(self.columns.iter().map(|column| column.field)).collect()
    }

    /// Whether a row is marked as deleted.
    pub(super) fn is_deleted(&self, row: usize) -> bool {
        self.row(row).and_then(|row| row.first()) == Some(&b'*')
    }

    /// The values of a row; all null past the end.
    pub(super) fn values(&self, row: usize) -> Vec<(String, Value)> {
        let row = self.row(row).unwrap_or_default();
        let cells = self.names.iter().zip(&self.columns);
        cells.map(|(name, column)| (name.clone(), self.value(column, column.cell(row)))).collect()
    }

    fn row(&self, row: usize) -> Option<&'a [u8]> {
        if row >= self.claimed {
            return None;
        }
        let start = row.checked_mul(self.width)?;
        self.records.get(start..start.checked_add(self.width)?)
    }

    fn value(&self, column: &Column, cell: &[u8]) -> Value {
        let plain = || std::str::from_utf8(cell).unwrap_or_default().trim_matches(['\0', ' ']);
        match (column.kind, cell.len()) {
            (_, 0) => Value::Null,
            (b'N' | b'F', _) => number(plain(), column.field),
            (b'L', _) => match cell.first() {
                Some(b'T' | b't' | b'Y' | b'y') => Value::Bool(true),
                Some(b'F' | b'f' | b'N' | b'n') => Value::Bool(false),
                _ => Value::Null,
            },
            (b'D', _) => day(plain()),
            (b'I' | b'+', 4) => u32_at(cell, 0).map_or(Value::Null, |number| Value::Integer(i64::from(number as i32))),
            (b'O' | b'B', 8) => cell.try_into().map_or(Value::Null, |eight| real(f64::from_le_bytes(eight))),
            (b'T' | b'@', 8) => moment(cell),
            (b'M', _) => {
                let words = self.memo.as_ref().and_then(|memo| memo.words(cell));
                let words = self.decode(ended(words.unwrap_or_default()));
                if words.is_empty() { Value::Null } else { Value::Text(words) }
            }
            // pictures and objects that lie in another file
            (b'B' | b'G' | b'P', _) => Value::Null,
            _ => {
                let words = self.decode(trimmed(cell));
                if words.is_empty() { Value::Null } else { Value::Text(words) }
            }
        }
    }

    /// The ending of the file with the words of long cells, where rows point to one and it is not there.
    pub(super) fn missing_memo(&self) -> Option<&'static str> {
        let long: Vec<&Column> = self.columns.iter().filter(|column| column.kind == b'M').collect();
        if self.memo.is_some() || long.is_empty() {
            return None;
        }
        let mut rows = (0..self.len()).filter_map(|row| self.row(row));
        let is_pointed_to = rows.any(|row| long.iter().any(|column| memo::number(column.cell(row)).is_some()));
        let is_foxpro = matches!(self.version, 0x30..=0x32 | 0xf5);
        is_pointed_to.then_some(if is_foxpro { "fpt" } else { "dbt" })
    }

    fn decode(&self, cell: &[u8]) -> String {
        if cell.is_ascii() {
            return String::from_utf8_lossy(cell).into_owned();
        }
        let whole = uncut(cell, self.encoding);
        let (text, is_broken) = self.encoding.decode_without_bom_handling(whole);
        if is_broken {
            self.is_broken.set(true);
        }
        text.into_owned()
    }

    /// Finds the encoding: told, in the `.cpg`, by the language number in the head, or by the words themselves. What
    /// is declared but does not fit while another does is not followed.
    fn settle(&mut self, told: Option<&'static Encoding>, cpg: Option<&[u8]>, language: u8) {
        let by_page = cpg.and_then(|page| encoding_of(&String::from_utf8_lossy(page)));
        let declared = told.or(by_page).or_else(|| of_language(language));
        let seen = self.seen();
        (self.encoding, self.known.1) = match (declared, seen) {
            (Some(declared), _) if told.is_some() => (declared, How::Declared),
            (Some(declared), Some(seen)) if seen.contradicts(declared) => {
                self.is_contradicted = true;
                (seen.encoding(), How::Recognised)
            }
            (Some(declared), _) => (declared, How::Declared),
            (None, Some(seen)) => (seen.encoding(), How::Recognised),
            (None, None) => (UTF_8, How::Assumed),
        };
        self.known.0 = self.encoding.name().to_owned();
    }

    /// What the words look like; `None` when all of them are plain ASCII.
    fn seen(&self) -> Option<Seen> {
        let mut seen = Seen { fits_utf8: true, fits_gbk: true, has_chinese: false };
        let mut is_plain = true;
        let words: Vec<&Column> = self.columns.iter().filter(|column| column.kind == b'C').collect();
        let long = self.columns.iter().filter(|column| column.kind == b'M' && self.memo.is_some());
        let long: Vec<&Column> = long.collect();
        let rows = (0..self.len()).filter_map(|row| self.row(row));
        let cells = rows.flat_map(|row| {
            let short = words.iter().map(|column| trimmed(column.cell(row)));
            let of_memo = |column: &&Column| self.memo.as_ref()?.look(column.cell(row));
            short.chain(long.iter().filter_map(of_memo))
        });
        let names = self.columns.iter().map(|column| (&*column.raw, true));
        let mut has_odd_name = false;
        let cells = cells.map(|cell| (cell, false));
        for (cell, is_name) in names.chain(cells).filter(|(cell, _)| !cell.is_ascii()).take(20_000) {
            is_plain = false;
            let whole = uncut(cell, UTF_8);
            match std::str::from_utf8(whole) {
                Ok(text) => seen.has_chinese |= text.chars().any(|letter| letter >= '\u{2e80}'),
                Err(_) if is_name => has_odd_name = true,
                Err(_) => seen.fits_utf8 = false,
            }
            seen.fits_gbk &= GBK.decode_without_bom_handling_and_without_replacement(uncut(cell, GBK)).is_some();
        }
        // programs that make long names differ cut them within a letter: that says nothing against Chinese words
        seen.fits_utf8 &= !has_odd_name || seen.has_chinese;
        (!is_plain).then_some(seen)
    }

    /// Names of fields; one that was cut within a letter loses it, one that comes twice gets a number.
    fn name(&mut self) {
        for (number, column) in (1_usize..).zip(&self.columns) {
            let mut name = self.decode(&column.raw).trim().to_owned();
            if name.is_empty() {
                name = format!("field_{number}");
            }
            let mut distinct = name.clone();
            let mut again = 1;
            while self.names.contains(&distinct) {
                distinct = format!("{name}_{again}");
                again += 1;
            }
            self.names.push(distinct);
        }
    }

    /// A column of numbers without decimals is one of whole numbers unless a value says otherwise.
    fn type_integers(&mut self, progress: &Progress) {
        for place in 0..self.columns.len() {
            let Some(column) = self.columns.get(place).filter(|column| column.field == FieldType::Integer) else {
                continue;
            };
            if !matches!(column.kind, b'N' | b'F') {
                continue;
            }
            let is_whole = (0..self.len()).filter_map(|row| self.row(row)).all(|row| {
                let word = std::str::from_utf8(column.cell(row)).unwrap_or_default().trim_matches(['\0', ' ']);
                word.is_empty() || word.starts_with('*') || word.parse::<i64>().is_ok() && !progress.is_cancelled()
            });
            if let (false, Some(column)) = (is_whole, self.columns.get_mut(place)) {
                column.field = FieldType::Real;
            }
        }
    }
}

impl Column {
    fn cell<'r>(&self, row: &'r [u8]) -> &'r [u8] {
        row.get(self.start..self.start + self.length).unwrap_or_default()
    }
}

/// What encodings words may be in.
#[derive(Clone, Copy)]
struct Seen {
    fits_utf8: bool,
    fits_gbk: bool,
    has_chinese: bool,
}

impl Seen {
    fn encoding(self) -> &'static Encoding {
        // words of a few Chinese letters can also be read as UTF-8 of foreign ones
        if self.fits_utf8 && (self.has_chinese || !self.fits_gbk) { UTF_8 } else { GBK }
    }

    fn contradicts(self, declared: &'static Encoding) -> bool {
        let is_chinese = declared == GBK || declared == encoding_rs::GB18030;
        if declared == UTF_8 {
            !self.fits_utf8 && self.fits_gbk
        } else if is_chinese {
            self.fits_utf8 && self.has_chinese
        } else {
            // programs write the number of their own language into tables of any
            declared == encoding_rs::WINDOWS_1252 && (self.fits_gbk || (self.fits_utf8 && self.has_chinese))
        }
    }
}

fn columns(bytes: &[u8], start: usize, width: usize) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    let mut at = 32;
    let mut offset = 1_usize;
    while at + 32 <= start.min(bytes.len()) && bytes.get(at) != Some(&0x0d) {
        let field = bytes.get(at..at + 32)?;
        let raw = field.get(..11)?.split(|byte| *byte == 0).next()?.to_vec();
        let (kind, length, decimals) = (*field.get(11)?, *field.get(16)?, *field.get(17)?);
        let kind = kind.to_ascii_uppercase();
        let decimals = if matches!(kind, b'N' | b'F') { decimals } else { 0 };
        let length = usize::from(length);
        if offset + length > width {
            return None;
        }
        let field = match kind {
            b'N' | b'F' if decimals == 0 => FieldType::Integer,
            b'N' | b'F' | b'O' => FieldType::Real,
            b'B' if length == 8 => FieldType::Real,
            b'I' | b'+' => FieldType::Integer,
            b'L' => FieldType::Bool,
            b'D' => FieldType::Date,
            b'T' | b'@' => FieldType::DateTime,
            _ => FieldType::Text,
        };
        columns.push(Column { raw, kind, start: offset, length, decimals, field });
        offset += length;
        at += 32;
    }
    debug_assert!(columns.iter().all(|column| column.decimals == 0 || matches!(column.kind, b'N' | b'F')));
    Some(columns)
}

fn trimmed(cell: &[u8]) -> &[u8] {
    let end = cell.iter().rposition(|byte| !matches!(byte, 0 | b' ')).map_or(0, |last| last + 1);
    let cell = cell.get(..end).unwrap_or_default();
    // what follows a zero byte is left from older words
    cell.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// Long words without the blanks, zeros and end marks behind them.
fn ended(words: &[u8]) -> &[u8] {
    let end = words.iter().rposition(|byte| !matches!(byte, 0 | 0x1a) && !byte.is_ascii_whitespace());
    words.get(..end.map_or(0, |last| last + 1)).unwrap_or_default()
}

/// The bytes without a letter that was cut at their end.
fn uncut<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> &'a [u8] {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Err(error) if error.error_len().is_none() => bytes.get(..error.valid_up_to()).unwrap_or_default(),
            _ => bytes,
        };
    }
    if encoding == GBK || encoding == encoding_rs::GB18030 {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            let next = bytes.get(at + 1).copied();
            let length = match (byte, next) {
                (0..=0x80, _) => 1,
                (_, Some(b'0'..=b'9')) => 4,
                _ => 2,
            };
            if at + length > bytes.len() {
                return bytes.get(..at).unwrap_or_default();
            }
            at += length;
        }
    }
    bytes
}

fn number(word: &str, field: FieldType) -> Value {
    if word.is_empty() || word.starts_with('*') {
        return Value::Null;
    }
    match (field, word.parse::<i64>()) {
        (FieldType::Integer, Ok(number)) => Value::Integer(number),
        _ => word.replace(',', ".").parse().map_or(Value::Null, real),
    }
}

fn real(number: f64) -> Value {
    if number.is_finite() { Value::Real(number) } else { Value::Null }
}

fn day(word: &str) -> Value {
    if word.is_empty() || word.chars().all(|letter| letter == '0') {
        return Value::Null;
    }
    let part = |from: usize, to: usize| word.get(from..to).and_then(|part| part.parse().ok());
    let date = (part(0, 4), part(4, 6), part(6, 8));
    match (date, word.len()) {
        ((Some(year), Some(month), Some(day)), 8) => {
            Date::new(year, month as i8, day as i8).map_or_else(|_| Value::Text(word.to_owned()), Value::Date)
        }
        _ => Value::Text(word.to_owned()),
    }
}

/// A day number and milliseconds.
fn moment(cell: &[u8]) -> Value {
    let (Some(day), Some(milliseconds)) = (u32_at(cell, 0), u32_at(cell, 4)) else { return Value::Null };
    if day == 0 {
        return Value::Null;
    }
    // day 2,440,588 is 1 January 1970
    let since = jiff::Span::new().try_days(i64::from(day) - 2_440_588);
    let moment = since.and_then(|days| Date::constant(1970, 1, 1).checked_add(days)).and_then(|day| {
        let time = jiff::Span::new().try_milliseconds(i64::from(milliseconds))?;
        day.to_datetime(jiff::civil::Time::midnight()).checked_add(time)
    });
    moment.map_or(Value::Null, |moment| Value::Text(moment.to_string()))
}

/// The encoding of a name as `.cpg` files and people write it.
pub(super) fn encoding_of(name: &str) -> Option<&'static Encoding> {
    let name = name.trim_matches(['\u{feff}', '\0', ' ', '\t', '\r', '\n', '"']).to_ascii_lowercase();
    if let Some(encoding) = Encoding::for_label(name.as_bytes()) {
        return Some(encoding);
    }
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    match &*digits {
        "936" => Some(GBK),
        "54936" | "18030" => Some(encoding_rs::GB18030),
        "65001" | "8" => Some(UTF_8),
        "950" => Some(encoding_rs::BIG5),
        "932" => Some(encoding_rs::SHIFT_JIS),
        "949" => Some(encoding_rs::EUC_KR),
        "88591" | "1252" => Some(encoding_rs::WINDOWS_1252),
        _ => None,
    }
}

/// The encoding that goes with the language number of a table; 0x57 says only that it is that of its machine.
fn of_language(number: u8) -> Option<&'static Encoding> {
    match number {
        0x4d | 0x7a => Some(GBK),
        0x4f | 0x78 => Some(encoding_rs::BIG5),
        0x4e | 0x79 => Some(encoding_rs::EUC_KR),
        0x13 | 0x7b => Some(encoding_rs::SHIFT_JIS),
        0x03 | 0x58 | 0x59 => Some(encoding_rs::WINDOWS_1252),
        0xc8 => Some(encoding_rs::WINDOWS_1250),
        0xc9 => Some(encoding_rs::WINDOWS_1251),
        _ => None,
    }
}
