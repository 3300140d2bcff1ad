//! Workbooks: sheets of rows, numbers as numbers, words that no program takes for a formula. Knows nothing of verdicts.

use crate::atlas::{Date, Value};
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Why a workbook could not be made: more rows, columns or letters than one holds.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct BookError(#[from] XlsxError);

/// Most letters of a cell.
const MOST_LETTERS: usize = 32_767;
/// Largest whole number that a workbook holds exactly.
const MOST_EXACT: i64 = 1 << 53;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// A figure, kept whole; its digits are those of the JSON document.
    Number(f64),
    /// Words.
    Words(String),
    /// Words that must be seen.
    Strong(String),
    /// Words of less weight.
    Faint(String),
    /// A day.
    Day(Date),
    /// True or false.
    Flag(bool),
}

impl Cell {
    /// Words; nothing when there are none.
    pub fn words(words: impl Into<String>) -> Cell {
        let words = words.into();
        if words.is_empty() { Cell::Empty } else { Cell::Words(words) }
    }

    /// A count.
    pub fn count(count: usize) -> Cell {
        Cell::Number(count as f64)
    }

    /// A figure where there is one.
    pub fn number(number: Option<f64>) -> Cell {
        number.map_or(Cell::Empty, Cell::Number)
    }

    /// A value of a file, in its own type.
    pub fn value(value: &Value) -> Cell {
        match value {
            Value::Null => Cell::Empty,
            Value::Bool(flag) => Cell::Flag(*flag),
            Value::Integer(whole) if whole.unsigned_abs() <= MOST_EXACT.unsigned_abs() => Cell::Number(*whole as f64),
            Value::Real(real) if real.is_finite() => Cell::Number(*real),
            Value::Date(date) if date.year() >= 1900 => Cell::Day(*date),
            other => Cell::words(other.to_string()),
        }
    }
}

/// A sheet under way.
pub struct Page {
    sheet: Worksheet,
    columns: u16,
    rows: u32,
    head: Format,
    strong: Format,
    faint: Format,
    day: Format,
    words: Format,
    wrapped: Format,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl Page {
    /// An empty sheet of this name.
    pub fn new(name: &str) -> Result<Page, BookError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        Ok(Page {
            sheet,
            columns: 0,
            rows: 0,
            head: Format::new().set_bold().set_background_color(Color::RGB(0xE9_ED_F1)),
            strong: Format::new().set_bold().set_font_color(Color::RGB(0xB3_20_2A)),
            faint: Format::new().set_font_color(Color::RGB(0x76_82_8F)),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            // the mark keeps a cell that is edited from becoming a formula
            words: Format::new().set_quote_prefix(),
            wrapped: Format::new().set_text_wrap(),
        })
    }

    /// Writes the names of the columns, with their widths in letters, into the first row, which then stays in sight.
    pub fn head<'a>(&mut self, columns: impl IntoIterator<Item = (&'a str, f64)>) -> Result<(), BookError> {
        for (number, (name, width)) in (0..).zip(columns) {
            self.sheet.write_string_with_format(0, number, cut(name), &self.head)?;
            self.sheet.set_column_width(number, width)?;
            self.columns = self.columns.max(number + 1);
        }
        self.sheet.set_freeze_panes(1, 0)?;
        self.rows = self.rows.max(1);
        Ok(())
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> Result<(), BookError> {
        let row = self.rows;
        for (column, cell) in (0..).zip(cells) {
            self.cell(row, column, &cell)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Adds a line of words over the width of the sheet.
    pub fn line(&mut self, words: &str) -> Result<(), BookError> {
        self.sheet.write_string(self.rows, 0, cut(words))?;
        self.rows += 1;
        Ok(())
    }

    /// Adds a name and its value, which may take several lines.
    pub fn entry(&mut self, name: &str, value: &str) -> Result<(), BookError> {
        self.sheet.write_string_with_format(self.rows, 0, cut(name), &self.head)?;
        if !value.is_empty() {
            self.sheet.write_string_with_format(self.rows, 1, cut(value), &self.wrapped)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Adds the names of columns below what stands already.
    pub fn subhead<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Result<(), BookError> {
        for (column, name) in (0..).zip(names) {
            self.sheet.write_string_with_format(self.rows, column, cut(name), &self.head)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Gives columns their widths in letters.
    pub fn widths(&mut self, widths: &[f64]) -> Result<(), BookError> {
        for (column, width) in (0..).zip(widths) {
            self.sheet.set_column_width(column, *width)?;
        }
        Ok(())
    }

    /// Rows written, the head included.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    fn cell(&mut self, row: u32, column: u16, cell: &Cell) -> Result<(), XlsxError> {
        let sheet = &mut self.sheet;
        match cell {
            Cell::Empty => {}
            Cell::Number(number) if number.is_finite() => {
                sheet.write_number(row, column, *number)?;
            }
            // a workbook knows no such number
            Cell::Number(_) => {}
            Cell::Flag(flag) => {
                sheet.write_boolean(row, column, *flag)?;
            }
            Cell::Strong(words) => {
                sheet.write_string_with_format(row, column, cut(words), &self.strong)?;
            }
            Cell::Faint(words) => {
                sheet.write_string_with_format(row, column, cut(words), &self.faint)?;
            }
            Cell::Words(words) if words.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                sheet.write_string_with_format(row, column, cut(words), &self.words)?;
            }
            Cell::Words(words) => {
                sheet.write_string(row, column, cut(words))?;
            }
            Cell::Day(day) => {
                sheet.write_datetime_with_format(row, column, &moment(*day)?, &self.day)?;
            }
        }
        Ok(())
    }
}

fn moment(day: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::from_ymd(
        u16::try_from(day.year()).unwrap_or(1900),
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
    )
}

/// As many letters as a cell holds.
fn cut(words: &str) -> &str {
    // a letter of a workbook is half of what a rare one takes here; bytes are an upper bound of both
    if words.len() <= MOST_LETTERS {
        return words;
    }
    let mut letters = 0;
    let end = words.char_indices().find(|(_, letter)| {
        letters += letter.len_utf16();
        letters > MOST_LETTERS
    });
    end.and_then(|(place, _)| words.get(..place)).unwrap_or(words)
}

/// The sheets as one file; the day stands in its properties, so that the same answer is the same file.
pub fn bind(pages: Vec<Page>, title: &str, day: Date) -> Result<Vec<u8>, BookError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new().set_title(title);
    book.set_properties(&properties.set_creation_datetime(&moment(day)?));
    for mut page in pages {
        if let (Some(last), true) = (page.rows.checked_sub(1), page.columns > 0) {
            page.sheet.autofilter(0, 0, last, page.columns - 1)?;
        }
        book.push_worksheet(page.sheet);
    }
    Ok(book.save_to_buffer()?)
}
