//! Rows of a laboratory's table to samples: one row a reading (section, date, item, value) or one column an item.

use super::quality::Standard;
use serde::Serialize;
use std::collections::BTreeMap;

/// Readings of one section on one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleRow {
    /// Name of the section; empty when the table has none.
    pub section: String,
    /// Day as written; empty when the table has none.
    pub date: String,
    /// Item code → value. A result below the detection limit stands with half of that limit (HJ 91.2-2022).
    pub values: BTreeMap<String, f64>,
    /// Items whose value is half of a detection limit.
    pub below_detection: Vec<String>,
}

/// A cell that gave no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SampleNote {
    /// Not a number.
    NotANumber {
        /// Row of the table, from 1, counting its head.
        row: usize,
        /// Column or item.
        item: String,
        /// What stands there.
        text: String,
    },
    /// "Not detected" without a limit: no class can rest on it.
    NoLimit {
        /// Row of the table, from 1, counting its head.
        row: usize,
        /// Column or item.
        item: String,
    },
    /// A column or item that is not of the standard.
    UnknownItem {
        /// Its name.
        item: String,
    },
    /// The same item twice for a section and day; the mean counts.
    Repeated {
        /// Row of the table, from 1, counting its head.
        row: usize,
        /// Item.
        item: String,
    },
}

/// Why a table holds no samples.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SampleError {
    /// No row.
    #[error("no rows")]
    Empty,
    /// No column is an item of the standard, and there is no item column.
    #[error("no indicator column among {0:?}")]
    NoIndicator(Vec<String>),
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A measured value.
    Value(f64),
    /// Below this detection limit.
    Below(f64),
    /// Not detected, limit unknown.
    NotDetected,
    /// Nothing.
    Blank,
    /// Something else.
    NotANumber,
}

impl Reading {
    /// Reads `1.8`, `<0.025`, `0.025L`, `未检出`, full-width forms, and blanks such as `-`.
    pub fn parse(cell: &str) -> Reading {
        let narrow = |letter: char| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            '﹤' => '<',
            other => other,
        };
        let text: String = cell.chars().map(narrow).filter(|letter| !letter.is_whitespace()).collect();
        let number = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
        if matches!(text.as_str(), "" | "-" | "--" | "—" | "——" | "/" | "NA" | "N/A" | "null" | "无") {
            Reading::Blank
        } else if let Some(value) = number(&text) {
            Reading::Value(value)
        } else if let Some(limit) = text.strip_prefix(['<', '≤']).and_then(number) {
            Reading::Below(limit)
        } else if let Some(limit) = text.strip_suffix(['L', 'l']).and_then(number) {
            Reading::Below(limit)
        } else if matches!(text.as_str(), "ND" | "nd" | "N.D." | "未检出" | "<DL") {
            Reading::NotDetected
        } else {
            Reading::NotANumber
        }
    }
}

const SECTIONS: [&str; 12] = [
    "section",
    "断面",
    "断面名称",
    "点位",
    "点位名称",
    "监测断面",
    "采样点",
    "站点",
    "河道",
    "name",
    "名称",
    "station",
];
const DATES: [&str; 9] = ["date", "日期", "采样日期", "监测日期", "监测时间", "采样时间", "时间", "月份", "month"];
const ITEMS: [&str; 7] = ["item", "indicator", "指标", "项目", "监测项目", "检测项目", "污染物"];
const VALUES: [&str; 7] = ["value", "值", "数值", "浓度", "监测值", "结果", "result"];

/// Reads the rows of a table with its head. Rows of one section and day belong together.
pub fn samples(head: &[String], rows: &[Vec<String>]) -> Result<(Vec<SampleRow>, Vec<SampleNote>), SampleError> {
    let standard = Standard::gb3838();
    let column = |names: &[&str]| {
        head.iter().position(|name| {
            let name = name.trim().trim_start_matches('\u{feff}');
            names.iter().any(|known| known.eq_ignore_ascii_case(name))
        })
    };
    let (section, date) = (column(&SECTIONS), column(&DATES));
    let mut notes = Vec::new();
    let mut gathered = Gathered::default();
    let at = |row: &[String], column: Option<usize>| {
        column.and_then(|column| row.get(column)).map(|cell| cell.trim().to_owned()).unwrap_or_default()
    };
    // the first row under the head is the second of the table
    let numbered = || (2..).zip(rows).filter(|(_, row)| row.iter().any(|cell| !cell.trim().is_empty()));
    if let (Some(item), Some(value)) = (column(&ITEMS), column(&VALUES)) {
        for (number, row) in numbered() {
            let name = at(row, Some(item));
            match standard.find(&name) {
                Some(indicator) => {
                    let place = (at(row, section), at(row, date));
                    gathered.add(
                        place,
                        &indicator.code,
                        Reading::parse(&at(row, Some(value))),
                        number,
                        row.get(value),
                        &mut notes,
                    );
                }
                None => note_unknown(&name, &mut notes),
            }
        }
    } else {
        let mut columns = Vec::new();
        for (place, name) in head.iter().enumerate() {
            match standard.find(name) {
                _ if Some(place) == section || Some(place) == date => {}
                Some(indicator) => columns.push((place, indicator)),
                None => note_unknown(name, &mut notes),
            }
        }
        if columns.is_empty() {
            return Err(SampleError::NoIndicator(head.to_vec()));
        }
        for (number, row) in numbered() {
            let place = (at(row, section), at(row, date));
            gathered.row(place.clone());
            for (column, indicator) in &columns {
                let reading = Reading::parse(&at(row, Some(*column)));
                gathered.add(place.clone(), &indicator.code, reading, number, row.get(*column), &mut notes);
            }
        }
    }
    if gathered.order.is_empty() {
        return Err(SampleError::Empty);
    }
    Ok((gathered.finish(), notes))
}

fn note_unknown(name: &str, notes: &mut Vec<SampleNote>) {
    let note = SampleNote::UnknownItem { item: name.trim().to_owned() };
    if !name.trim().is_empty() && !notes.contains(&note) {
        notes.push(note);
    }
}

#[derive(Default)]
struct Gathered {
    order: Vec<(String, String)>,
    places: std::collections::HashMap<(String, String), usize>,
    rows: Vec<BTreeMap<String, (f64, u32, bool)>>,
}

impl Gathered {
    fn row(&mut self, place: (String, String)) -> usize {
        if let Some(known) = self.places.get(&place) {
            return *known;
        }
        self.places.insert(place.clone(), self.order.len());
        self.order.push(place);
        self.rows.push(BTreeMap::new());
        self.order.len() - 1
    }

    fn add(
        &mut self,
        place: (String, String),
        code: &str,
        reading: Reading,
        row: usize,
        cell: Option<&String>,
        notes: &mut Vec<SampleNote>,
    ) {
        let index = self.row(place);
        let (value, is_below) = match reading {
            Reading::Value(value) => (value, false),
            Reading::Below(limit) => (limit / 2.0, true),
            Reading::NotDetected => return notes.push(SampleNote::NoLimit { row, item: code.to_owned() }),
            Reading::Blank => return,
            Reading::NotANumber => {
                let text = cell.map(|cell| cell.chars().take(60).collect()).unwrap_or_default();
                return notes.push(SampleNote::NotANumber { row, item: code.to_owned(), text });
            }
        };
        let Some(values) = self.rows.get_mut(index) else { return };
        let (sum, count, below) = values.entry(code.to_owned()).or_insert((0.0, 0, false));
        if *count > 0 {
            notes.push(SampleNote::Repeated { row, item: code.to_owned() });
        }
        *sum += value;
        *count += 1;
        *below |= is_below;
    }

    fn finish(self) -> Vec<SampleRow> {
        let rows = self.order.into_iter().zip(self.rows);
        rows.map(|((section, date), values)| SampleRow {
            section,
            date,
            below_detection: values.iter().filter(|(_, (.., below))| *below).map(|(code, _)| code.clone()).collect(),
            values: values.into_iter().map(|(code, (sum, count, _))| (code, sum / f64::from(count))).collect(),
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<(Vec<SampleRow>, Vec<SampleNote>), SampleError> {
        let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let head = rows.next().unwrap();
        samples(&head, &rows.collect::<Vec<_>>())
    }

    #[test]
    fn a_long_and_a_wide_table_say_the_same() {
        let (long, _) =
            table("断面,日期,指标,数值\nA,2026-10-01,氨氮,1.8\nA,2026-10-01,总磷,0.1\nB,2026-10-01,氨氮,<0.025")
                .unwrap();
        let (wide, _) = table("section,date,NH3-N(mg/L),TP\nA,2026-10-01,1.8,0.1\nB,2026-10-01,0.025L,").unwrap();
        assert_eq!(long, wide);
        assert_eq!(long[1].values["NH3N"], 0.0125);
        assert_eq!(long[1].below_detection, ["NH3N"]);
    }

    #[test]
    fn a_cell_without_a_number_is_told() {
        let (rows, notes) = table("断面,氨氮,流量\nA,约1,3\nB,未检出,4\nB,－,5\nC,１．５,6").unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[2].values["NH3N"], 1.5);
        assert_eq!(
            notes,
            [
                SampleNote::UnknownItem { item: "流量".into() },
                SampleNote::NotANumber { row: 2, item: "NH3N".into(), text: "约1".into() },
                SampleNote::NoLimit { row: 3, item: "NH3N".into() },
            ]
        );
    }

    #[test]
    fn a_table_without_items_is_refused() {
        assert!(matches!(table("a,b\n1,2"), Err(SampleError::NoIndicator(_))));
        assert_eq!(table("断面,氨氮\n"), Err(SampleError::Empty));
    }
}
