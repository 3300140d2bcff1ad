//! Tables to features: a row each, or an area from the rows of its corners.

use super::angle::{coordinate, packed};
use super::columns::{Columns, Shape, WebMap};
use crate::atlas::{Date, Feature, Value};
use crate::format::raw::{Depth, RawLayer, number_rows};
use crate::format::reading::PARSED;
use crate::format::reference::Declared;
use crate::format::rings::{self, Strand};
use crate::format::table::{self, TableError};
use crate::format::{
    FieldType, Format, FormatError, How, Input, Loop, Place, Problem, ProblemKind, Problems, ReadOptions, Reading,
    TextInput, geojson, wkt,
};
use crate::geometry::System;
use geo::{Coord, Geometry, Point};

/// Rows in which the head is looked for: tables of offices begin with titles.
const HEAD_ROWS: usize = 12;
/// Most sheets of a workbook.
const MOST_SHEETS: usize = 200;

/// Whether a text is a table with two columns or more, or shapes in well-known text.
pub(in crate::format) fn is_table(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some(first) = lines.next() else { return false };
    if wkt::is_shape(first) {
        return true;
    }
    // a table of nothing but shapes
    if first.trim().trim_matches('"').eq_ignore_ascii_case("wkt") {
        return lines.next().is_none_or(|second| wkt::is_shape(second.trim().trim_start_matches('"')));
    }
    let is_plain =
        |line: &str| line.chars().all(|letter| !letter.is_control() || letter == '\t' || letter == '\u{feff}');
    let marks = [',', ';', '\t', '|'];
    let found = marks.into_iter().find(|mark| first.contains(*mark));
    // prose has commas too: the next line must be parted the same way
    found.is_some_and(|mark| is_plain(first) && lines.next().is_none_or(|second| second.contains(mark)))
}

/// Reads a text as one layer.
pub(in crate::format) fn read_text(input: TextInput, options: &ReadOptions) -> Result<Reading, FormatError> {
    let mut problems = input.problems;
    let rows = match input.text.lines().find(|line| !line.trim().is_empty()) {
        // bare shapes have commas of their own
        Some(first) if wkt::is_shape(first) && !first.trim_start().starts_with('"') => shapes(input.text),
        _ => table::split(input.text, &options.progress.part(0.0, 0.4)).map_err(|error| broken(&error))?,
    };
    let layer = layer(input.name, rows, input.encoding, options, &mut problems);
    Ok(Reading { format: Format::Csv, layers: vec![layer], problems: problems.finish() })
}

/// Bare shapes: one each time the brackets close.
fn shapes(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut level, mut start) = (0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => level += 1,
            ')' => {
                level = level.saturating_sub(1);
                if level == 0 {
                    rows.push(
                        text.get(start..=at)
                            .unwrap_or_default()
                            .trim_matches([' ', ';', ',', '\r', '\n', '\t'])
                            .to_owned(),
                    );
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    let rest = text.get(start..).unwrap_or_default().trim_matches([' ', ';', ',', '\r', '\n', '\t']);
    if !rest.is_empty() {
        rows.push(rest.to_owned());
    }
    rows.into_iter().map(|row| vec![row]).collect()
}

/// Reads the sheets of a workbook, each a layer; empty ones are left out.
pub(in crate::format) fn read_workbook(input: &Input, options: &ReadOptions) -> Result<Reading, FormatError> {
    let sheets =
        table::sheets(input.bytes, MOST_SHEETS, &options.progress.part(0.0, 0.4)).map_err(|error| broken(&error))?;
    let is_full = |rows: &Vec<Vec<String>>| rows.iter().flatten().any(|cell| !cell.trim().is_empty());
    let sheets: Vec<_> = sheets.into_iter().filter(|(_, rows)| is_full(rows)).collect();
    if sheets.is_empty() {
        return Err(FormatError::Empty);
    }
    let is_alone = sheets.len() == 1;
    let (mut layers, mut told) = (Vec::new(), Vec::new());
    for (name, rows) in sheets {
        let mut problems = Problems::default();
        layers.push(layer(&name, rows, ("UTF-8".into(), How::Declared), options, &mut problems));
        told.extend(if is_alone { problems.finish() } else { problems.finish_layer(&name) });
    }
    Ok(Reading { format: Format::Xlsx, layers, problems: told })
}

fn broken(error: &TableError) -> FormatError {
    match error {
        TableError::Empty => FormatError::Empty,
        TableError::UnknownEncoding(name) => FormatError::UnknownEncoding(name.clone()),
        TableError::Broken(reason) => {
            FormatError::Unreadable(Box::new(Problem::of_file(ProblemKind::TableBroken(reason.clone()))))
        }
    }
}

fn is_blank(row: &[String]) -> bool {
    row.iter().all(|cell| cell.trim().is_empty())
}

/// The head, the columns, and the number of the first row after the head.
fn head(rows: &[Vec<String>]) -> (Vec<String>, Columns, usize) {
    for (place, row) in rows.iter().enumerate().take(HEAD_ROWS) {
        let columns = Columns::of_names(row);
        if columns.shape != Shape::None {
            return (row.clone(), columns, place + 1);
        }
    }
    let first = rows.iter().position(|row| !is_blank(row)).unwrap_or_default();
    let row = rows.get(first).cloned().unwrap_or_default();
    // a first row of numbers or shapes is no head
    let is_number = |cell: &String| coordinate(cell).is_some() || wkt::is_shape(cell);
    if row.iter().filter(|cell| is_number(cell)).count() >= 2 || row.iter().any(|cell| wkt::is_shape(cell)) {
        let names = (1..=row.len()).map(|number| format!("列{number}")).collect();
        return (names, Columns::of_values(rows.get(first..).unwrap_or_default()), first);
    }
    let rest = rows.get(first + 1..).unwrap_or_default();
    (row, Columns::of_values(rest), first + 1)
}

fn layer(
    name: &str,
    rows: Vec<Vec<String>>,
    encoding: (String, How),
    options: &ReadOptions,
    problems: &mut Problems,
) -> crate::format::ReadLayer {
    let mut raw = RawLayer::new(name);
    raw.encoding = encoding;
    let (head, columns, start) = head(&rows);
    let names = names(&head);
    let is_headless = start == 0 || rows.get(start - 1) != Some(&head);
    let numbered: Vec<(usize, Vec<String>)> =
        (start + 1..).zip(rows.into_iter().skip(start)).filter(|(_, row)| !is_blank(row)).collect();
    tell_columns(&columns, &head, is_headless, problems);
    let kinds: Vec<FieldType> = (0..names.len()).map(|place| kind(&numbered, place)).collect();
    raw.schema = names
        .iter()
        .zip(&kinds)
        .enumerate()
        .filter(|(place, _)| !columns.is_spent(*place))
        .map(|(_, (name, kind))| (name.clone(), *kind))
        .collect();
    let sheet = Sheet { names, kinds, columns, width: head.len() };
    let progress = options.progress.part(0.4, PARSED);
    let pieces = progress.over(numbered.len());
    if sheet.are_corners(&numbered) {
        sheet.areas(&numbered, &mut raw, &pieces, problems);
    } else {
        sheet.rows(&numbered, &mut raw, &pieces, problems);
        if is_headless && sheet.names.len() == 2 {
            close_up(&mut raw);
        }
    }
    raw.has_ids = number_rows(&mut raw.features);
    raw.declared = raw.declared.or_else(|| sheet.columns.web_map.map(WebMap::system).map(Declared::Known));
    raw.finish(options, problems)
}

/// Bare pairs of numbers that come back to their start are the corners of an area.
fn close_up(raw: &mut RawLayer) {
    let points: Option<Vec<Coord>> = raw
        .features
        .iter()
        .map(|feature| match feature.shape {
            Some(Geometry::Point(point)) => Some(point.0),
            _ => None,
        })
        .collect();
    let Some(points) = points.filter(|points| points.len() > 3 && points.first() == points.last()) else { return };
    let strand = Strand { line: points, ..Strand::default() };
    if let Some((shape, _)) = rings::nested_areas(vec![strand], &mut Vec::new()) {
        raw.features = vec![Feature { id: String::new(), shape: Some(shape), values: Vec::new() }];
        raw.schema.clear();
        raw.geometry_types = [geojson::geometry_name(&Geometry::Polygon(geo::Polygon::new(
            geo::LineString::new(Vec::new()),
            Vec::new(),
        )))
        .to_owned()]
        .into();
    }
}

/// Names of the columns: empty ones by their number, double ones told apart.
fn names(head: &[String]) -> Vec<String> {
    let mut taken = std::collections::HashSet::new();
    (1..)
        .zip(head)
        .map(|(number, name)| {
            let name = name.trim().trim_start_matches('\u{feff}');
            let base = if name.is_empty() { format!("列{number}") } else { name.to_owned() };
            let mut names = std::iter::once(base.clone()).chain((2..).map(|again| format!("{base}_{again}")));
            names.find(|name| taken.insert(name.clone())).unwrap_or(base)
        })
        .collect()
}

fn tell_columns(columns: &Columns, head: &[String], is_headless: bool, problems: &mut Problems) {
    let name = |place: usize| match head.get(place) {
        Some(name) if !is_headless && !name.trim().is_empty() => name.trim().to_owned(),
        _ => (place + 1).to_string(),
    };
    let told = match columns.shape {
        Shape::None => ProblemKind::NoCoordinates,
        Shape::Text(place) => ProblemKind::ColumnsTaken(name(place)),
        Shape::Position(east, north, _) => ProblemKind::ColumnsTaken(format!("{}、{}", name(east), name(north))),
    };
    problems.add(Problem::of_file(told));
}

/// The type that all cells of a column have. A number with a leading zero is a word: a code would lose it.
fn kind(rows: &[(usize, Vec<String>)], place: usize) -> FieldType {
    let mut kind = FieldType::Null;
    for (_, row) in rows {
        let Some(word) = row.get(place).map(|cell| cell.trim()).filter(|word| !word.is_empty()) else { continue };
        let digits = word.trim_start_matches(['-', '+']);
        let is_code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.") || word.starts_with('+');
        let own = if is_code {
            FieldType::Text
        } else if matches!(word, "true" | "false" | "TRUE" | "FALSE") {
            FieldType::Bool
        } else if word.parse::<i64>().is_ok() {
            FieldType::Integer
        } else if word.len() < 40
            && digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
            && word.parse::<f64>().is_ok()
        {
            FieldType::Real
        } else if word.len() == 10 && word.parse::<Date>().is_ok() {
            FieldType::Date
        } else {
            return FieldType::Text;
        };
        kind = match (kind, own) {
            (FieldType::Null, own) => own,
            (a, b) if a == b => a,
            (FieldType::Integer, FieldType::Real) | (FieldType::Real, FieldType::Integer) => FieldType::Real,
            _ => return FieldType::Text,
        };
    }
    kind
}

/// Parts of names of columns that belong to a corner and not to its area.
const OF_CORNERS: [&str; 16] = [
    "备注", "说明", "边长", "距离", "间距", "方位", "角度", "序号", "界址", "标石", "等级", "精度", "remark", "note",
    "length", "bearing",
];

/// An area while its corners are gathered.
struct Plot<'a> {
    name: String,
    line: usize,
    row: &'a [String],
    rings: Vec<(String, Vec<Coord>)>,
}

struct Sheet {
    names: Vec<String>,
    kinds: Vec<FieldType>,
    columns: Columns,
    width: usize,
}

impl Sheet {
    fn values(&self, row: &[String], is_left_out: impl Fn(usize) -> bool) -> Vec<(String, Value)> {
        let columns = self.names.iter().zip(&self.kinds).enumerate();
        columns
            .filter(|(place, _)| !self.columns.is_spent(*place) && !is_left_out(*place))
            .map(|(place, (name, kind))| (name.clone(), value(row.get(place).map_or("", String::as_str), *kind)))
            .collect()
    }

    fn tell_width(&self, line: usize, row: &[String], problems: &mut Problems) {
        // cells beyond the head would be lost
        if row.iter().skip(self.width).any(|cell| !cell.trim().is_empty()) {
            let place = Place { line: Some(line), ..Place::default() };
            problems.add(Problem { kind: ProblemKind::CellsBeyondHead, place });
        }
    }

    fn position(&self, row: &[String]) -> Result<Option<(Coord, Option<f64>)>, String> {
        let Shape::Position(east, north, height) = self.columns.shape else { return Ok(None) };
        let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
        let (x, y) = (cell(east), cell(north));
        if x.is_empty() && y.is_empty() {
            return Ok(None);
        }
        let read = if self.columns.is_packed { packed } else { coordinate };
        match (read(x), read(y)) {
            (Some(x), Some(y)) => Ok(Some((Coord { x, y }, height.and_then(|height| coordinate(cell(height)))))),
            _ => Err(format!("{x}, {y}")),
        }
    }

    fn rows(&self, rows: &[(usize, Vec<String>)], raw: &mut RawLayer, pieces: &Loop, problems: &mut Problems) {
        let mut system = None;
        for (number, (line, row)) in rows.iter().enumerate() {
            if !pieces.goes_on(number) {
                break;
            }
            let place = Place { feature: Some(raw.features.len() + 1), line: Some(*line), ..Place::default() };
            self.tell_width(*line, row, problems);
            let built = match self.columns.shape {
                Shape::Text(text) => match row.get(text).map_or("", |cell| cell.trim()) {
                    "" => Ok(None),
                    word => wkt::read(word).map(|(shape, srid)| {
                        system = system.or(srid);
                        shape
                    }),
                },
                _ => match self.position(row) {
                    Ok(found) => Ok(found.map(|(at, height)| {
                        let depth = Depth { heights: height.into_iter().collect(), measures: Vec::new() };
                        (Geometry::Point(Point(at)), depth)
                    })),
                    Err(words) => Err(ProblemKind::CoordinateNotRead(words)),
                },
            };
            let (shape, depth) = match built {
                Ok(Some((shape, depth))) => (Some(shape), depth),
                Ok(None) => (None, Depth::default()),
                Err(kind) => {
                    raw.lost += 1;
                    problems.add(Problem { kind, place });
                    (None, Depth::default())
                }
            };
            raw.geometry_types.extend(shape.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
            if depth != Depth::default() || !raw.depths.is_empty() {
                raw.depths.resize(raw.features.len(), Depth::default());
                raw.depths.push(depth);
            }
            raw.features.push(Feature { id: String::new(), shape, values: self.values(row, |_| false) });
        }
        // a height column is also among the fields: nothing is lost without it
        if !matches!(self.columns.shape, Shape::Text(_)) {
            raw.depths.clear();
        }
        raw.declared = system.map(|code| {
            System::epsg(code).map_or_else(|_| Declared::Unsupported(format!("SRID {code}")), Declared::Known)
        });
    }

    /// Whether the rows are corners of areas: a column numbers them, and nothing but what belongs to a corner differs from
    /// one to the next. A table of samples or wells numbers its points too.
    fn are_corners(&self, rows: &[(usize, Vec<String>)]) -> bool {
        if self.columns.corner.is_none() || !matches!(self.columns.shape, Shape::Position(..)) {
            return false;
        }
        if let Some(plot) = self.columns.plot {
            let mut longest = (0, 0, "");
            for (_, row) in rows {
                let name = row.get(plot).map_or("", |cell| cell.trim());
                let is_same = name.is_empty() || name == longest.2;
                longest.1 = if is_same { longest.1 + 1 } else { 1 };
                longest.2 = if is_same { longest.2 } else { name };
                longest.0 = longest.0.max(longest.1);
            }
            return longest.0 >= 3;
        }
        self.differing(rows).all(|place| {
            let name = self.names.get(place).map_or("", String::as_str);
            OF_CORNERS.iter().any(|own| name.contains(own))
        })
    }

    /// Columns beside the position whose cells differ within one plot.
    fn differing<'a>(&'a self, rows: &'a [(usize, Vec<String>)]) -> impl Iterator<Item = usize> + 'a {
        let is_position = |place: usize| match self.columns.shape {
            Shape::Position(east, north, height) => place == east || place == north || Some(place) == height,
            _ => false,
        };
        let known = [self.columns.corner, self.columns.ring, self.columns.plot];
        (0..self.names.len()).filter(move |place| !is_position(*place) && !known.contains(&Some(*place))).filter(
            move |place| {
                let cell = |row: &'a Vec<String>, at: usize| row.get(at).map_or("", |cell| cell.trim());
                let plot = |row: &'a Vec<String>| self.columns.plot.map_or("", |at| cell(row, at));
                let mut last: Option<(&str, &str)> = None;
                rows.iter().any(|(_, row)| {
                    let (word, of) = (cell(row, *place), plot(row));
                    if word.is_empty() {
                        return false;
                    }
                    // a merged cell tells its plot only once
                    let is_other = last.is_some_and(|(known, plot)| known != word && (of.is_empty() || plot == of));
                    last = Some((word, if of.is_empty() { last.map_or("", |(_, plot)| plot) } else { of }));
                    is_other
                })
            },
        )
    }

    /// Areas of rows that are corners: rows of one plot follow each other, its rings are told by their number or by
    /// coming back to their start.
    fn areas(&self, rows: &[(usize, Vec<String>)], raw: &mut RawLayer, pieces: &Loop, problems: &mut Problems) {
        let is_left_out = |place: usize| {
            let position = match self.columns.shape {
                Shape::Position(east, north, _) => place == east || place == north,
                _ => false,
            };
            position || Some(place) == self.columns.corner || Some(place) == self.columns.ring
        };
        raw.schema = self
            .names
            .iter()
            .zip(&self.kinds)
            .enumerate()
            .filter(|(place, _)| !is_left_out(*place))
            .map(|(_, (name, kind))| (name.clone(), *kind))
            .collect();
        let cell = |row: &[String], place: Option<usize>| {
            place.and_then(|place| row.get(place)).map(|cell| cell.trim().to_owned()).unwrap_or_default()
        };
        let lost: Vec<&str> =
            self.differing(rows).filter_map(|place| self.names.get(place)).map(String::as_str).collect();
        if !lost.is_empty() {
            problems.add(Problem::of_file(ProblemKind::CornerWordsLeft(lost.join("、"))));
        }
        let mut plots: Vec<Plot> = Vec::new();
        for (number, (line, row)) in rows.iter().enumerate() {
            if !pieces.goes_on(number) {
                break;
            }
            self.tell_width(*line, row, problems);
            let at = match self.position(row) {
                Ok(Some((at, _))) => at,
                Ok(None) => continue,
                Err(words) => {
                    let place = Place { line: Some(*line), ..Place::default() };
                    problems.add(Problem { kind: ProblemKind::CoordinateNotRead(words), place });
                    continue;
                }
            };
            // a merged cell tells its plot only once
            let plot = cell(row, self.columns.plot);
            if plots.last().is_none_or(|last| !plot.is_empty() && last.name != plot) {
                plots.push(Plot { name: plot, line: *line, row, rings: Vec::new() });
            }
            let Some(Plot { rings: strands, .. }) = plots.last_mut() else { continue };
            let ring = cell(row, self.columns.ring);
            let is_closed = |line: &Vec<Coord>| line.len() > 3 && line.first() == line.last();
            match strands.last_mut() {
                Some((known, line)) if *known == ring && !is_closed(line) => line.push(at),
                _ => strands.push((ring, vec![at])),
            }
        }
        for Plot { line, row, rings: strands, .. } in plots {
            let place = Place { feature: Some(raw.features.len() + 1), line: Some(line), ..Place::default() };
            let strands: Vec<Strand> =
                strands.into_iter().map(|(_, line)| Strand { line, ..Strand::default() }).collect();
            let mut told = Vec::new();
            let shape = rings::nested_areas(strands, &mut told).map(|(shape, _)| shape);
            // lists of corners are usually left open
            told.retain(|kind| *kind != ProblemKind::RingClosed);
            raw.lost += usize::from(shape.is_none());
            told.into_iter().for_each(|kind| problems.add(Problem { kind, place: place.clone() }));
            raw.geometry_types.extend(shape.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
            raw.features.push(Feature { id: String::new(), shape, values: self.values(row, is_left_out) });
        }
    }
}

fn value(cell: &str, kind: FieldType) -> Value {
    let word = cell.trim();
    if word.is_empty() {
        return Value::Null;
    }
    let text = || {
        // the mark that keeps a spreadsheet from taking words for a formula
        let is_guarded = cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(['=', '+', '-', '@']));
        Value::Text(if is_guarded { cell.get(1..).unwrap_or_default().to_owned() } else { cell.to_owned() })
    };
    match kind {
        FieldType::Integer => word.parse().map_or_else(|_| text(), Value::Integer),
        FieldType::Real => word.parse().map_or_else(|_| text(), Value::Real),
        FieldType::Bool => Value::Bool(word.eq_ignore_ascii_case("true")),
        FieldType::Date => word.parse().map_or_else(|_| text(), Value::Date),
        _ => text(),
    }
}
