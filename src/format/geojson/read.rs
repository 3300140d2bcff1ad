//! GeoJSON to features: collections, features, bare geometries, and one of them a line or record (RFC 8142).
//!
//! What stands before a fault is kept; what is wrong with one feature does not stop the others. Links are never fetched.

use super::shape::{self, Heights, RawShape};
use crate::atlas::{Feature, Value};
use crate::format::json::{Fault, FaultKind, Numeral, Run, RunEnd, Scanner};
use crate::format::raw::{Depth, RawLayer, id_of};
use crate::format::reference::Declared;
use crate::format::{Format, FormatError, Place, Problem, ProblemKind, Progress, ReadOptions, Reading, TextInput};
use crate::geometry::System;
use geo::Geometry;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes of features that are read by one core at a time.
const RUN: usize = 1 << 20;

/// Reads a text as one layer.
pub(in crate::format) fn read(input: TextInput, options: &ReadOptions) -> Result<Reading, FormatError> {
    let mut problems = input.problems;
    let progress = options.parsing();
    let mut scanner = Scanner::new(input.text).watched(&progress);
    let mut reader = Reader { progress: progress.clone(), ..Reader::default() };
    let mut fault = None;
    while fault.is_none() && scanner.peek().is_some() {
        scanner.tell();
        fault = reader.document(&mut scanner).err();
    }
    if let Some(fault) = fault {
        let kind = match fault.kind {
            FaultKind::Syntax => ProblemKind::Syntax,
            FaultKind::Truncated => ProblemKind::Truncated,
            FaultKind::TooDeep => ProblemKind::TooDeep,
        };
        let place = Place { line: Some(scanner.line(fault.at)), ..Place::default() };
        let problem = Problem { kind, place };
        if reader.features.is_empty() {
            return Err(FormatError::Unreadable(Box::new(problem)));
        }
        problems.add(problem);
    } else if let (false, Some(word)) = (reader.is_geojson, reader.foreign.take()) {
        return Err(FormatError::NotGeoJson(word));
    }
    reader.number();
    for problem in std::mem::take(&mut reader.problems) {
        problems.add(problem);
    }
    let layer = RawLayer {
        name: reader.name.unwrap_or_else(|| input.name.to_owned()),
        features: reader.features,
        depths: reader.depths,
        lost: reader.lost,
        declared: reader.declared,
        encoding: input.encoding,
        geometry_types: reader.geometry_types,
        has_ids: reader.has_ids,
        ..RawLayer::new("")
    };
    let layers = vec![layer.finish(options, &mut problems)];
    Ok(Reading { format: Format::GeoJson, layers, problems: problems.finish() })
}

/// Reads the `crs` member of GeoJSON 2008; null says that nothing is known, as if it were absent.
fn declared(member: &serde_json::Value) -> Option<Declared> {
    let short = |word: &str| word.chars().take(120).collect::<String>();
    let properties = member.get("properties");
    match member.get("type")?.as_str()?.to_ascii_lowercase().as_str() {
        "name" => {
            let name = properties?.get("name")?.as_str()?;
            Some(Declared::of(name))
        }
        "epsg" => {
            let code = properties?.get("code")?;
            let number = code.as_u64().or_else(|| code.as_str()?.parse().ok())?;
            let system = u32::try_from(number).ok().and_then(|number| System::epsg(number).ok());
            Some(system.map_or_else(|| Declared::Unsupported(format!("EPSG:{number}")), Declared::Known))
        }
        "link" => Some(Declared::Link(short(properties?.get("href")?.as_str()?))),
        other => Some(Declared::Unsupported(short(other))),
    }
}

#[derive(Default)]
struct Reader {
    name: Option<String>,
    declared: Option<Declared>,
    features: Vec<Feature>,
    /// The line of each feature.
    lines: Vec<usize>,
    has_ids: bool,
    geometry_types: BTreeSet<String>,
    problems: Vec<Problem>,
    /// Heights, one entry for each feature so far once there are any.
    depths: Vec<Depth>,
    /// Features whose shape was there but could not be used.
    lost: usize,
    is_geojson: bool,
    foreign: Option<String>,
    progress: Progress,
}

/// Members of an object that may turn out to be a feature or a bare geometry.
#[derive(Default)]
struct Members {
    id: Option<String>,
    properties: Vec<(String, Value)>,
    geometry: Option<RawShape>,
    own: RawShape,
}

impl Reader {
    /// Reads one object of the top level.
    fn document(&mut self, scanner: &mut Scanner) -> Result<(), Fault> {
        if scanner.peek() == Some(b'{') {
            return self.object(scanner, true);
        }
        let value = scanner.value()?;
        let word = if value.is_array() { "[…]" } else { "…" };
        self.foreign.get_or_insert_with(|| word.to_owned());
        Ok(())
    }

    fn object(&mut self, scanner: &mut Scanner, is_top: bool) -> Result<(), Fault> {
        scanner.peek();
        let start = scanner.at();
        let line = scanner.line(start);
        let mut members = Members::default();
        scanner.object(|scanner, key| self.member(scanner, &key, is_top, &mut members))?;
        match members.own.kind.as_deref() {
            Some("FeatureCollection") if is_top => self.is_geojson = true,
            Some("Feature") => self.feature(members, line, false),
            Some(
                "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon"
                | "GeometryCollection",
            ) => self.feature(members, line, true),
            other => {
                let word = other.unwrap_or("{…}").chars().take(60).collect();
                if is_top {
                    self.foreign.get_or_insert(word);
                } else {
                    self.not_a_feature(line);
                }
            }
        }
        Ok(())
    }

    fn member(&mut self, scanner: &mut Scanner, key: &str, is_top: bool, members: &mut Members) -> Result<(), Fault> {
        match (key, scanner.peek()) {
            ("features", Some(b'[')) if is_top => {
                self.is_geojson = true;
                match scanner.runs(RUN) {
                    Some(runs) => self.side_by_side(scanner, &runs),
                    None => scanner.array(|scanner| self.element(scanner)),
                }
            }
            ("crs", _) if is_top => {
                self.declared = declared(&scanner.value()?);
                Ok(())
            }
            ("name", Some(b'"')) if is_top => {
                self.name = Some(scanner.string()?).filter(|name| !name.trim().is_empty());
                Ok(())
            }
            ("id", Some(b'"')) => {
                members.id = Some(scanner.string()?);
                Ok(())
            }
            ("id", Some(b'-' | b'0'..=b'9')) => {
                members.id = Some(match scanner.number()? {
                    Numeral::Integer(number) => number.to_string(),
                    Numeral::Large(number) => number.to_string(),
                    Numeral::Real(number) => number.to_string(),
                });
                Ok(())
            }
            ("properties", Some(b'{')) => {
                let rounded = &mut false;
                let values = &mut members.properties;
                scanner.object(|scanner, name| {
                    let value = property(scanner, rounded)?;
                    match values.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, place)) => *place = value,
                        None => values.push((name, value)),
                    }
                    Ok(())
                })?;
                if *rounded {
                    self.note(ProblemKind::NumberRounded, None, "properties");
                }
                Ok(())
            }
            ("geometry", _) => {
                members.geometry = shape::read(scanner)?;
                Ok(())
            }
            _ => members.own.member(scanner, key),
        }
    }

    fn element(&mut self, scanner: &mut Scanner) -> Result<(), Fault> {
        if scanner.peek() == Some(b'{') {
            return self.object(scanner, false);
        }
        let line = scanner.line(scanner.at());
        scanner.skip()?;
        self.not_a_feature(line);
        Ok(())
    }

    /// Reads the elements of a large array on all cores; the outcome is that of reading them one after the other.
    fn side_by_side(&mut self, scanner: &mut Scanner, runs: &[Run]) -> Result<(), Fault> {
        let whole = &*scanner;
        // the parts come in no order: it counts how many there are
        let (progress, done) = (self.progress.clone(), AtomicUsize::new(0));
        let read = |run: &Run| {
            let mut part = Reader::default();
            let end = whole.run(run, |scanner| part.element(scanner));
            progress.tell((done.fetch_add(1, Ordering::Relaxed) + 1) as f32 / runs.len() as f32);
            (part, end)
        };
        let parts: Vec<(Reader, Result<RunEnd, Fault>)> = runs.par_iter().map(read).collect();
        let mut closed = None;
        for ((part, end), run) in parts.into_iter().zip(runs) {
            let (part, end) = match end {
                // what looked like the space between two features lay within one
                Ok(RunEnd::Missed) => read(&run.unbounded()),
                end => (part, end),
            };
            self.append(part);
            if let RunEnd::Closed(at) = end? {
                closed = Some(at);
                break;
            }
        }
        if let Some(at) = closed {
            scanner.go_to(at);
        }
        Ok(())
    }

    fn append(&mut self, mut part: Reader) {
        let before = self.features.len();
        for mut problem in part.problems {
            problem.place.feature = problem.place.feature.map(|number| number + before);
            self.problems.push(problem);
        }
        if !part.depths.is_empty() {
            self.depths.resize(before, Depth::default());
            self.depths.append(&mut part.depths);
        }
        self.features.append(&mut part.features);
        self.lines.append(&mut part.lines);
        self.geometry_types.append(&mut part.geometry_types);
        self.lost += part.lost;
        self.has_ids |= part.has_ids;
        self.is_geojson |= part.is_geojson;
    }

    /// Gives every feature an id: its own, or its number; tells those that come again.
    fn number(&mut self) {
        let mut seen = HashSet::with_capacity(self.features.len());
        let mut again = Vec::new();
        for (number, (feature, line)) in (1..).zip(self.features.iter_mut().zip(&self.lines)) {
            if feature.id.is_empty() {
                feature.id = number.to_string();
            }
            if !seen.insert(&feature.id) {
                let place = Place { feature: Some(number), line: Some(*line), ..Place::default() };
                again.push(Problem { kind: ProblemKind::DuplicateId(feature.id.clone()), place });
            }
        }
        self.problems.append(&mut again);
    }

    fn feature(&mut self, members: Members, line: usize, is_bare: bool) {
        self.is_geojson = true;
        let raw = if is_bare { Some(members.own) } else { members.geometry };
        let (mut troubles, mut heights) = (Vec::new(), Heights::default());
        let shape = raw.as_ref().and_then(|raw| {
            if let Some(kind) = raw.kind.as_ref().filter(|kind| !self.geometry_types.contains(*kind)) {
                self.geometry_types.insert(kind.clone());
            }
            raw.build("geometry", &mut troubles, &mut heights)
        });
        if shape.is_some() && !heights.all.is_empty() {
            self.depths.resize(self.features.len(), Depth::default());
            self.depths.push(Depth { heights: heights.all, measures: Vec::new() });
        }
        self.lost += usize::from(raw.is_some() && shape.is_none());
        for (kind, path) in troubles {
            self.note(kind, Some(line), &path);
        }
        self.has_ids |= members.id.is_some();
        // an empty id is none; the number comes when all are there
        let given = members.id.or_else(|| id_of(&members.properties)).unwrap_or_default();
        self.lines.push(line);
        self.features.push(Feature { id: given, shape, values: members.properties });
    }

    /// A problem of the feature that comes next.
    fn note(&mut self, kind: ProblemKind, line: Option<usize>, path: &str) {
        let place = Place { feature: Some(self.features.len() + 1), line, path: path.to_owned(), ..Place::default() };
        self.problems.push(Problem { kind, place });
    }

    fn not_a_feature(&mut self, line: usize) {
        let place = Place { line: Some(line), ..Place::default() };
        self.problems.push(Problem { kind: ProblemKind::NotAFeature, place });
    }
}

fn property(scanner: &mut Scanner, rounded: &mut bool) -> Result<Value, Fault> {
    if scanner.number_next() {
        let start = scanner.at();
        return Ok(match scanner.number()? {
            Numeral::Integer(number) => Value::Integer(number),
            Numeral::Large(number) => Value::Nested(number.into()),
            Numeral::Real(number) if number.is_finite() => {
                // a whole number beyond 64 bits
                *rounded |= number.abs() >= 1.8e19 && scanner.at() - start >= 20 && number.fract() == 0.0;
                Value::Real(number)
            }
            Numeral::Real(_) => {
                *rounded = true;
                Value::Null
            }
        });
    }
    Ok(match scanner.value()? {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(flag),
        serde_json::Value::String(text) => Value::Text(text),
        nested => Value::Nested(nested),
    })
}

/// The name of a shape's kind in GeoJSON.
pub(in crate::format) fn geometry_name(shape: &Geometry) -> &'static str {
    match shape {
        Geometry::Point(_) => "Point",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_side_by_side_is_what_is_read_in_turn() {
        let feature = |number: usize| {
            let id = if number.is_multiple_of(7) { "\"甲 ]\\\"\"".to_owned() } else { number.to_string() };
            let height = if number.is_multiple_of(5) { ",3.5" } else { "" };
            format!(
                "{{\"type\":\"Feature\",\"id\":{id},\n\"properties\":{{\"a\":\"[}}, {{\",\"b\":[{{}},{{}}]}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[120.{number},31{height}]}}}}"
            )
        };
        let whole: Vec<String> = (0..40).map(feature).collect();
        let mut odd = whole.clone();
        odd[11] = "17".into();
        odd[23] = r#"{"type":"Feature","geometry":{"type":"Nothing"}}"#.into();
        let mut broken = whole.clone();
        broken[30] = r#"{"type":"Feature","geometry":tru}"#.into();
        for list in [whole, odd, broken] {
            let text = format!(" [{} ] ,1", list.join(","));
            let (mut one, mut scanner) = (Reader::default(), Scanner::new(&text));
            let in_turn = scanner.array(|scanner| one.element(scanner));
            let end = scanner.at();
            let (mut other, mut scanner) = (Reader::default(), Scanner::new(&text));
            let runs = scanner.runs(200).unwrap();
            assert!(runs.len() > 5);
            assert_eq!(other.side_by_side(&mut scanner, &runs), in_turn);
            assert!(in_turn.is_err() || scanner.at() == end);
            one.number();
            other.number();
            assert_eq!((one.features, one.problems, one.depths), (other.features, other.problems, other.depths));
        }
        for cut in ["[1,2", "[\"a", "[1,\"\\", "{}", "[]]", "[", "[{}", "[{},"] {
            assert!(Scanner::new(cut).runs(0).is_none(), "{cut}");
        }
    }
}
