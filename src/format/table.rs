//! CSV and XLSX to rows of words; the first row with words is the head.

use super::Progress;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// A table as words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The head.
    pub head: Vec<String>,
    /// The rows under it.
    pub rows: Vec<Vec<String>>,
}

/// Why a table could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Nothing in it.
    #[error("empty")]
    Empty,
    /// An encoding of this name is not known.
    #[error("unknown encoding {0}")]
    UnknownEncoding(String),
    /// Not a table.
    #[error("{0}")]
    Broken(String),
}

/// Most cells that are read; a workbook of a few kilobytes can claim billions.
const MOST_CELLS: usize = 20_000_000;
/// Most bytes a part of a workbook may unfold to.
const MOST_UNFOLDED: u64 = 512 << 20;

/// Reads the first sheet of a workbook, or text with commas, semicolons, tabs or bars; told by the content.
pub fn read_table(bytes: &[u8], encoding: Option<&str>) -> Result<Table, TableError> {
    let rows = if bytes.starts_with(b"PK\x03\x04") {
        sheets(bytes, 1, &Progress::default())?.into_iter().next().map(|(_, rows)| rows).unwrap_or_default()
    } else {
        text(bytes, encoding)?
    };
    let mut rows = rows.into_iter().skip_while(|row| row.iter().all(|cell| cell.trim().is_empty()));
    let head = rows.next().ok_or(TableError::Empty)?;
    Ok(Table { head, rows: rows.collect() })
}

/// Rows of words.
pub(super) type Rows = Vec<Vec<String>>;

/// The rows of the sheets of a workbook, at most so many, each with its name.
pub(super) fn sheets(bytes: &[u8], most: usize, progress: &Progress) -> Result<Vec<(String, Rows)>, TableError> {
    let broken = |error: calamine::XlsxError| TableError::Broken(error.to_string());
    if unfolded(bytes).is_none_or(|size| size > MOST_UNFOLDED) {
        return Err(TableError::Broken("ZIP".into()));
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names: Vec<String> = book.sheet_names().iter().take(most).cloned().collect();
    if names.is_empty() {
        return Err(TableError::Empty);
    }
    let mut sheets = Vec::with_capacity(names.len());
    let mut count = 0_usize;
    let all = names.len();
    for (number, name) in names.into_iter().enumerate() {
        progress.tell(number as f32 / all as f32);
        let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
        let rows = sheet(&mut count, || {
            let cell = cells.next_cell().map_err(broken)?.filter(|_| !progress.is_cancelled());
            Ok(cell.map(|cell| (cell.get_position(), words(&Data::from(cell.get_value().clone())))))
        })?;
        sheets.push((name, rows));
    }
    Ok(sheets)
}

/// A cell by row and column.
type Cell = ((u32, u32), String);

fn sheet(
    count: &mut usize,
    mut next: impl FnMut() -> Result<Option<Cell>, TableError>,
) -> Result<Vec<Vec<String>>, TableError> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    // cell by cell: the extent a sheet claims is not believed
    while let Some(((row, column), word)) = next()? {
        let (row, column) = (row as usize, column as usize);
        if word.is_empty() {
            continue;
        }
        let grown = row.saturating_sub(rows.len())
            + rows.get(row).map_or(column + 1, |cells| (column + 1).saturating_sub(cells.len()));
        *count = count.saturating_add(grown);
        if *count > MOST_CELLS {
            return Err(TableError::Broken(format!("> {MOST_CELLS}")));
        }
        if rows.len() <= row {
            rows.resize(row + 1, Vec::new());
        }
        let Some(cells) = rows.get_mut(row) else { continue };
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(place) = cells.get_mut(column) {
            *place = word;
        }
    }
    Ok(rows)
}

fn words(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Float(number) => number.to_string(),
        Data::DateTime(moment) => {
            let seconds = (moment.as_f64() * 86_400.0).round();
            let date = (seconds / 86_400.0).floor();
            let rest = (seconds - date * 86_400.0) as u32;
            let time = format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60);
            if date == 0.0 && rest > 0 {
                // a time of no day
                return time;
            }
            // serial days of a workbook count from 1899-12-30
            let origin = jiff::civil::date(1899, 12, 30);
            let day = origin.checked_add(jiff::Span::new().days(date.clamp(-1e5, 3e6) as i64));
            let day = day.map_or_else(|_| date.to_string(), |day| day.to_string());
            if rest > 0 { format!("{day} {time}") } else { day }
        }
        other => other.to_string(),
    }
}

/// Sum of the sizes that the entries of a ZIP archive claim, from its central directory.
fn unfolded(bytes: &[u8]) -> Option<u64> {
    let mut sum = 0_u64;
    let mut at = 0;
    let mark = b"PK\x01\x02";
    while let Some(found) = bytes.get(at..)?.windows(4).position(|window| window == mark) {
        let size = bytes.get(at + found + 24..at + found + 28)?;
        sum += u64::from(u32::from_le_bytes(size.try_into().ok()?));
        at += found + 46;
    }
    Some(sum)
}

fn text(bytes: &[u8], encoding: Option<&str>) -> Result<Vec<Vec<String>>, TableError> {
    let (text, ..) = super::charset::decode_text(bytes, encoding).map_err(TableError::UnknownEncoding)?;
    split(&text, &Progress::default())
}

/// The rows of a text, whatever separates its cells.
pub(super) fn split(text: &str, progress: &Progress) -> Result<Vec<Vec<String>>, TableError> {
    let head = text.lines().find(|line| !line.trim().is_empty()).ok_or(TableError::Empty)?;
    let marks = [b',', b'\t', b';', b'|'];
    let count = |mark: u8| head.bytes().filter(|byte| *byte == mark).count();
    let separator = marks.into_iter().rev().max_by_key(|mark| count(*mark)).unwrap_or(b',');
    // a control letter is no word: this is not a table
    if head.chars().any(|letter| letter.is_control() && !letter.is_whitespace() && letter != '\u{feff}') {
        return Err(TableError::Broken("?".into()));
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = Vec::new();
    let mut count = 0_usize;
    for record in reader.records().take_while(|_| !progress.is_cancelled()) {
        let record = record.map_err(|error| TableError::Broken(error.to_string()))?;
        count += record.len();
        if let Some(position) = record.position().filter(|_| rows.len().is_multiple_of(1024)) {
            progress.tell(position.byte() as f32 / text.len() as f32);
        }
        if count > MOST_CELLS {
            return Err(TableError::Broken(format!("> {MOST_CELLS}")));
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_and_encodings_are_recognised() {
        let expected =
            Table { head: vec!["断面".into(), "氨氮".into()], rows: vec![vec!["甲".into(), "1.8".into()]] };
        for text in
            ["断面,氨氮\n甲,1.8\n", "\u{feff}断面;氨氮\r\n甲;1.8", "\n断面\t氨氮\n甲\t1.8\n", "断面|氨氮\n甲|1.8"]
        {
            assert_eq!(read_table(text.as_bytes(), None).unwrap(), expected, "{text}");
            let (gbk, _, _) = encoding_rs::GBK.encode(text.trim_start_matches('\u{feff}'));
            assert_eq!(read_table(&gbk, None).unwrap(), expected, "{text}");
        }
        assert_eq!(read_table(b"", None), Err(TableError::Empty));
        assert!(matches!(read_table(b"PK\x03\x04 broken", None), Err(TableError::Broken(_))));
        assert!(matches!(read_table(b"a", Some("Klingon")), Err(TableError::UnknownEncoding(_))));
    }
}
