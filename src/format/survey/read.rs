//! The text of boundary points to areas: what is a hole is told by what lies within what, since programs number rings
//! in different ways.

use super::FAMILIES;
use crate::atlas::{Feature, Value};
use crate::format::raw::{Depth, RawLayer, number_rows};
use crate::format::reference::Declared;
use crate::format::rings::{self, Strand};
use crate::format::{
    FieldType, Format, FormatError, Place, Problem, ProblemKind, ReadOptions, Reading, TextInput, geojson,
};
use crate::geometry::System;
use geo::{Area, Coord, Geometry, MultiPoint, Point};

/// The parts of a plot's head that become fields, in their order; what follows is kept as further parts.
const PARTS: [(&str, FieldType); 8] = [
    ("界址点数", FieldType::Integer),
    ("标称面积", FieldType::Real),
    ("编号", FieldType::Text),
    ("名称", FieldType::Text),
    ("图形属性", FieldType::Text),
    ("图幅号", FieldType::Text),
    ("用途", FieldType::Text),
    ("地类编码", FieldType::Text),
];

/// Whether a text is one: it says so, or a line ends in `@` after commas.
pub(in crate::format) fn is_survey(text: &str) -> bool {
    if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '<']) {
        return false;
    }
    // a head has short lines; a text of one endless line is something else
    text.lines().take(200).take_while(|line| line.len() < 4_000).any(|line| {
        let line = narrow(line);
        let is_head = line.ends_with('@') && line.matches(',').count() >= 3;
        is_head || matches!(section(&line), Some("地块坐标" | "属性描述" | "扩展信息"))
    })
}

/// A line with the wide marks of Chinese typing made narrow.
fn narrow(line: &str) -> String {
    let narrow = line.chars().map(|letter| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '、' => ',',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        '。' => '.',
        '\u{3000}' | '\t' => ' ',
        '\u{feff}' => ' ',
        other => other,
    });
    narrow.collect::<String>().trim().to_owned()
}

fn section(line: &str) -> Option<&str> {
    Some(line.strip_prefix('[')?.strip_suffix(']')?.trim())
}

#[derive(Default)]
struct Plot {
    /// Line of its head, from 1.
    line: usize,
    head: Vec<String>,
    /// Rings with the number each was given.
    rings: Vec<(String, Vec<Coord>)>,
}

impl Plot {
    fn add(&mut self, ring: &str, at: Coord) {
        // a ring that has come back to its start is done, whatever the number of the next point
        let is_closed = |line: &Vec<Coord>| line.len() > 3 && line.first() == line.last();
        match self.rings.last_mut() {
            Some((number, line)) if number == ring && !is_closed(line) => line.push(at),
            _ => self.rings.push((ring.to_owned(), vec![at])),
        }
    }
}

/// Reads the plots as one layer.
pub(in crate::format) fn read(input: TextInput, options: &ReadOptions) -> Result<Reading, FormatError> {
    let mut problems = input.problems;
    let mut head: Vec<(String, String)> = Vec::new();
    let mut plots: Vec<Plot> = Vec::new();
    let progress = options.parsing();
    let mut passed = 0;
    for (number, line) in (1..).zip(input.text.lines()).take_while(|_| !progress.is_cancelled()) {
        passed += line.len() + 1;
        progress.tell(passed as f32 / input.text.len() as f32);
        let line = narrow(line);
        if line.is_empty() || section(&line).is_some() {
            continue;
        }
        let parts: Vec<&str> = line.trim_end_matches('@').split(',').map(str::trim).collect();
        if line.ends_with('@') {
            let head = parts.iter().map(|part| (*part).to_owned()).collect();
            plots.push(Plot { line: number, head, rings: Vec::new() });
        } else if let (Some(plot), Some((ring, at))) = (plots.last_mut(), corner(&parts)) {
            plot.add(ring, at);
        } else if let (true, Some((key, value))) = (plots.is_empty(), line.split_once('=')) {
            head.push((key.trim().to_owned(), value.trim().to_owned()));
        } else {
            let place = Place { line: Some(number), ..Place::default() };
            problems.add(Problem { kind: ProblemKind::LineNotUnderstood, place });
        }
    }
    if plots.is_empty() {
        return Err(FormatError::Unreadable(Box::new(Problem::of_file(ProblemKind::EmptyGeometry))));
    }
    let mut raw = RawLayer::new(input.name);
    raw.encoding = input.encoding;
    raw.schema = PARTS.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
    let eastings = || plots.iter().flat_map(|plot| &plot.rings).flat_map(|(_, line)| line).map(|at| at.x.max(at.y));
    let has_zone = eastings().all(|easting| easting > 1e7);
    raw.declared = declared(&head, has_zone);
    for plot in plots {
        let number = raw.features.len() + 1;
        let mut told = Vec::new();
        let values = values(&plot);
        let built = shape(&plot, &mut told);
        told.extend(differences(&plot, built.as_ref()));
        if built.is_none() {
            raw.lost += 1;
            told.push(ProblemKind::TooFewPoints);
        }
        raw.geometry_types.extend(built.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
        for kind in told {
            let place = Place { feature: Some(number), line: Some(plot.line), ..Place::default() };
            problems.add(Problem { kind, place });
        }
        raw.features.push(Feature { id: String::new(), shape: built, values });
    }
    raw.has_ids = number_rows(&mut raw.features);
    // the northing stands first in this format and has been put behind already
    let turned = ReadOptions { north_first: options.north_first.map(|is_first| !is_first), ..options.clone() };
    let layers = vec![raw.finish(&turned, &mut problems)];
    Ok(Reading { format: Format::Survey, layers, problems: problems.finish() })
}

/// Ring and place of a point: label, ring, X, Y; label, X, Y; or X, Y.
fn corner<'a>(parts: &[&'a str]) -> Option<(&'a str, Coord)> {
    let (ring, north, east) = match parts {
        [north, east] => ("1", north, east),
        [_, north, east] => ("1", north, east),
        [_, ring, north, east, ..] => (*ring, north, east),
        _ => return None,
    };
    let number = |word: &str| word.parse::<f64>().ok().filter(|number| number.is_finite());
    Some((ring, Coord { x: number(east)?, y: number(north)? }))
}

fn values(plot: &Plot) -> Vec<(String, Value)> {
    let of = |place: usize| plot.head.get(place).map(String::as_str).unwrap_or_default();
    let mut values: Vec<(String, Value)> = (0..)
        .zip(PARTS)
        .map(|(place, (name, kind))| {
            let word = of(place);
            let value = match kind {
                _ if word.is_empty() => Value::Null,
                FieldType::Integer => word.parse().map_or_else(|_| Value::Text(word.to_owned()), Value::Integer),
                FieldType::Real => word.parse().map_or_else(|_| Value::Text(word.to_owned()), Value::Real),
                _ => Value::Text(word.to_owned()),
            };
            (name.to_owned(), value)
        })
        .collect();
    for (number, word) in (1..).zip(plot.head.iter().skip(PARTS.len())).filter(|(_, word)| !word.is_empty()) {
        values.push((format!("附加{number}"), Value::Text(word.clone())));
    }
    values
}

fn shape(plot: &Plot, told: &mut Vec<ProblemKind>) -> Option<Geometry> {
    let kind = plot.head.get(4).map(String::as_str).unwrap_or_default();
    let strands = || plot.rings.iter().map(|(_, line)| Strand { line: line.clone(), ..Strand::default() }).collect();
    if kind == "点" {
        let points: Vec<Point> = plot.rings.iter().flat_map(|(_, line)| line.iter().map(|at| Point(*at))).collect();
        return match points.as_slice() {
            [] => None,
            [point] => Some(Geometry::Point(*point)),
            _ => Some(Geometry::MultiPoint(MultiPoint::new(points))),
        };
    }
    if kind == "线" {
        return rings::lines(strands(), told).map(|(shape, _): (_, Depth)| shape);
    }
    let (shape, _) = rings::nested_areas(strands(), told)?;
    // ring 1 is the outer one and all others are holes, so the text says
    let claimed = plot.rings.iter().filter(|(ring, _)| ring == "1").count().max(1);
    let parts = match &shape {
        Geometry::MultiPolygon(parts) => parts.0.len(),
        _ => 1,
    };
    if parts != claimed {
        told.push(ProblemKind::RingsRegrouped);
    }
    Some(shape)
}

/// Where count and area differ from what the head states. An area may be off by one per cent or 0.01 hectares.
fn differences(plot: &Plot, shape: Option<&Geometry>) -> Vec<ProblemKind> {
    let mut told = Vec::new();
    let stated = |place: usize| plot.head.get(place).and_then(|word| word.parse::<f64>().ok());
    let lines = plot.rings.iter().map(|(_, line)| line.len()).sum::<usize>();
    let closings = plot.rings.iter().filter(|(_, line)| line.len() > 1 && line.first() == line.last()).count();
    if let Some(count) = stated(0)
        && count != lines as f64
        && count != (lines - closings) as f64
    {
        told.push(ProblemKind::StatedCountDiffers(format!("{count} ≠ {lines}")));
    }
    let is_plane = plot.rings.iter().flat_map(|(_, line)| line).all(|at| at.x.abs() > 1e4 && at.y.abs() > 1e4);
    if let (Some(stated), Some(shape), true) = (stated(1), shape, is_plane) {
        let found = shape.unsigned_area() / 10_000.0;
        let off = (stated - found).abs();
        if stated > 0.0 && found > 0.0 && (off > 0.01 || off > 0.01 * stated) {
            told.push(ProblemKind::StatedAreaDiffers(format!("{stated} ha ≠ {found:.4} ha")));
        }
    }
    told
}

/// The system that the head names; nothing where it names none.
fn declared(head: &[(String, String)], has_zone: bool) -> Option<Declared> {
    let of =
        |key: &str| head.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str()).unwrap_or_default();
    let (name, zone, degrees) = (of("坐标系"), of("带号"), of("几度分带"));
    if name.is_empty() {
        return None;
    }
    let upper = name.to_uppercase();
    let unsupported = || Some(Declared::Unsupported(name.to_owned()));
    let datum = FAMILIES.iter().find(|family| family.words.iter().any(|word| upper.contains(word)));
    let Some(datum) = datum else { return unsupported() };
    let number = |word: &str| word.trim_matches(|letter: char| !letter.is_ascii_digit()).parse::<u32>().ok();
    let degrees = number(degrees).unwrap_or(3);
    let Some(zone) = number(zone) else {
        // the coordinates of CGCS2000 tell their plane themselves; those of another datum must not pass for it
        return if datum.datum == super::CGCS2000.datum { None } else { unsupported() };
    };
    let family = FAMILIES.iter().find(|family| family.datum == datum.datum && family.degrees == degrees)?;
    let place = zone.checked_sub(family.first).filter(|place| *place < family.count);
    let code = place.map(|place| if has_zone { family.zoned + place } else { family.plain + place });
    code.and_then(|code| System::epsg(code).ok()).map(Declared::Known).or_else(unsupported)
}
