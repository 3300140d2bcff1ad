//! TopoJSON to layers: each object one, its shapes put together from shared arcs.

use super::json::{FaultKind, Scanner};
use super::raw::{RawLayer, number_rows};
use super::{Format, FormatError, Place, Problem, ProblemKind, Problems, ReadOptions, Reading, TextInput, geojson};
use crate::atlas::{Feature, Value};
use geo::{
    Coord, CoordsIter, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};
use serde_json::Value as Json;

/// Whether a text of JSON is a topology: the word stands near its start or its end.
pub(super) fn is_topology(text: &str) -> bool {
    let near = |part: Option<&str>| part.is_some_and(|part| part.contains("\"Topology\"") && part.contains("\"type\""));
    let edge = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    near(text.get(..edge(text.len().min(2_000)))) || near(text.get(edge(text.len().saturating_sub(2_000))..))
}

/// Reads a text.
pub(super) fn read(input: TextInput, options: &ReadOptions) -> Result<Reading, FormatError> {
    let TextInput { name, text, encoding, problems } = input;
    let broken =
        |kind, line| FormatError::Unreadable(Box::new(Problem { kind, place: Place { line, ..Place::default() } }));
    let progress = options.parsing();
    let mut scanner = Scanner::new(text).watched(&progress);
    let document = match scanner.value() {
        Ok(_) if scanner.peek().is_some() => Err(scanner.fault()),
        other => other,
    };
    let document: Json = document.map_err(|fault| {
        let kind = match fault.kind {
            FaultKind::Truncated => ProblemKind::Truncated,
            FaultKind::TooDeep => ProblemKind::TooDeep,
            FaultKind::Syntax => ProblemKind::Syntax,
        };
        broken(kind, Some(scanner.line(fault.at)))
    })?;
    let Some(objects) = document.get("objects").and_then(Json::as_object) else {
        return Err(FormatError::NotGeoJson("Topology".into()));
    };
    let arcs = arcs(&document).ok_or_else(|| broken(ProblemKind::MalformedGeometry, None))?;
    let topology = Topology { arcs, transform: transform(&document) };
    let mut told = problems.finish();
    let mut layers = Vec::new();
    for (object_name, object) in objects {
        let mut raw = RawLayer::new(if object_name.is_empty() { name } else { object_name });
        raw.encoding = encoding.clone();
        let mut own = Problems::default();
        let parts = object.get("geometries").and_then(Json::as_array);
        let is_collection = object.get("type").and_then(Json::as_str) == Some("GeometryCollection");
        for part in parts.filter(|_| is_collection).map_or_else(|| vec![object], |parts| parts.iter().collect()) {
            if progress.is_cancelled() {
                break;
            }
            topology.feature(part, &mut raw, &mut own);
        }
        let given: Vec<String> = raw.features.iter().map(|feature| feature.id.clone()).collect();
        raw.has_ids = number_rows(&mut raw.features);
        if !raw.has_ids && !given.is_empty() && given.iter().all(|id| !id.is_empty()) {
            raw.features.iter_mut().zip(given).for_each(|(feature, id)| feature.id = id);
            raw.has_ids = true;
        }
        let layer_name = raw.name.clone();
        layers.push(raw.finish(options, &mut own));
        told.extend(if objects.len() == 1 { own.finish() } else { own.finish_layer(&layer_name) });
    }
    Ok(Reading { format: Format::TopoJson, layers, problems: told })
}

struct Topology {
    arcs: Vec<Vec<Coord>>,
    transform: Option<([f64; 2], [f64; 2])>,
}

fn pair(value: &Json) -> Option<[f64; 2]> {
    let list = value.as_array()?;
    let pair = [list.first()?.as_f64()?, list.get(1)?.as_f64()?];
    pair.iter().all(|number| number.is_finite()).then_some(pair)
}

/// Scale and translation of whole-numbered positions.
fn transform(document: &Json) -> Option<([f64; 2], [f64; 2])> {
    let transform = document.get("transform")?;
    Some((pair(transform.get("scale")?)?, pair(transform.get("translate")?)?))
}

fn arcs(document: &Json) -> Option<Vec<Vec<Coord>>> {
    let transform = transform(document);
    let arcs = document.get("arcs")?.as_array()?;
    arcs.iter()
        .map(|arc| {
            let (mut x, mut y) = (0.0, 0.0);
            arc.as_array()?
                .iter()
                .map(|position| {
                    let [a, b] = pair(position)?;
                    let Some(([sx, sy], [tx, ty])) = transform else { return Some(Coord { x: a, y: b }) };
                    x += a;
                    y += b;
                    Some(Coord { x: x * sx + tx, y: y * sy + ty })
                })
                .collect()
        })
        .collect()
}

impl Topology {
    fn feature(&self, object: &Json, raw: &mut RawLayer, problems: &mut Problems) {
        let number = raw.features.len() + 1;
        let values = object.get("properties").and_then(Json::as_object).map(|properties| {
            properties.iter().map(|(name, value)| (name.clone(), self::value(value))).collect::<Vec<_>>()
        });
        let id = match object.get("id") {
            Some(Json::String(id)) => id.clone(),
            Some(Json::Number(id)) => id.to_string(),
            _ => String::new(),
        };
        let is_null = object.get("type").is_none_or(Json::is_null);
        let built = match if is_null { Ok(None) } else { self.shape(object).map(Some) } {
            Ok(Some(shape)) if shape.coords_count() == 0 => Err(ProblemKind::EmptyGeometry),
            other => other,
        };
        let shape = match built {
            Ok(shape) => shape,
            Err(kind) => {
                raw.lost += 1;
                problems.add(Problem { kind, place: Place { feature: Some(number), ..Place::default() } });
                None
            }
        };
        raw.geometry_types.extend(shape.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
        raw.features.push(Feature { id, shape, values: values.unwrap_or_default() });
    }

    fn shape(&self, object: &Json) -> Result<Geometry, ProblemKind> {
        let wrong = || ProblemKind::MalformedGeometry;
        let list = |value: Option<&Json>| value.and_then(Json::as_array).cloned().ok_or_else(wrong);
        let arcs = || list(object.get("arcs"));
        let coordinates = || object.get("coordinates").ok_or_else(wrong);
        Ok(match object.get("type").and_then(Json::as_str).ok_or_else(wrong)? {
            "Point" => Geometry::Point(Point(self.position(coordinates()?).ok_or_else(wrong)?)),
            "MultiPoint" => {
                let points = list(object.get("coordinates"))?;
                let points: Option<Vec<Point>> = points.iter().map(|at| self.position(at).map(Point)).collect();
                Geometry::MultiPoint(MultiPoint::new(points.ok_or_else(wrong)?))
            }
            "LineString" => Geometry::LineString(self.line(&arcs()?)?),
            "MultiLineString" => {
                let lines =
                    arcs()?.iter().map(|line| self.line(line.as_array().ok_or_else(wrong)?)).collect::<Result<_, _>>();
                Geometry::MultiLineString(MultiLineString::new(lines?))
            }
            "Polygon" => Geometry::Polygon(self.polygon(&arcs()?)?),
            "MultiPolygon" => {
                let areas = arcs()?
                    .iter()
                    .map(|area| self.polygon(area.as_array().ok_or_else(wrong)?))
                    .collect::<Result<_, _>>();
                Geometry::MultiPolygon(MultiPolygon::new(areas?))
            }
            // the recursion of the parser has bounded this one
            "GeometryCollection" => {
                let parts = list(object.get("geometries"))?;
                let parts: Result<Vec<Geometry>, _> = parts.iter().map(|part| self.shape(part)).collect();
                Geometry::GeometryCollection(GeometryCollection::new_from(parts?))
            }
            other => return Err(ProblemKind::UnknownGeometry(other.chars().take(60).collect())),
        })
    }

    fn position(&self, value: &Json) -> Option<Coord> {
        let [x, y] = pair(value)?;
        Some(match self.transform {
            None => Coord { x, y },
            Some(([sx, sy], [tx, ty])) => Coord { x: x * sx + tx, y: y * sy + ty },
        })
    }

    /// Arcs one after the other; a number below nought stands for an arc backwards.
    fn line(&self, numbers: &[Json]) -> Result<LineString, ProblemKind> {
        let mut line: Vec<Coord> = Vec::new();
        for number in numbers {
            let number = number.as_i64().ok_or(ProblemKind::MalformedGeometry)?;
            let place = if number < 0 { !number } else { number };
            let arc = usize::try_from(place).ok().and_then(|place| self.arcs.get(place));
            let arc = arc.ok_or(ProblemKind::MalformedGeometry)?;
            // the ends of neighbouring arcs are the same point
            let skip = usize::from(!line.is_empty());
            if number < 0 {
                line.extend(arc.iter().rev().skip(skip));
            } else {
                line.extend(arc.iter().skip(skip));
            }
            if line.len() > 50_000_000 {
                return Err(ProblemKind::MalformedGeometry);
            }
        }
        if line.len() < 2 { Err(ProblemKind::TooFewPoints) } else { Ok(LineString::new(line)) }
    }

    fn polygon(&self, rings: &[Json]) -> Result<Polygon, ProblemKind> {
        let ring = |ring: &Json| self.line(ring.as_array().ok_or(ProblemKind::MalformedGeometry)?);
        let mut rings = rings.iter().map(ring).collect::<Result<Vec<_>, _>>()?.into_iter();
        let exterior = rings.next().ok_or(ProblemKind::EmptyGeometry)?;
        Ok(Polygon::new(exterior, rings.collect()))
    }
}

fn value(value: &Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Value::Integer(number),
            (None, Some(real)) if !number.is_u64() => Value::Real(real),
            _ => Value::Nested(value.clone()),
        },
        Json::String(text) => Value::Text(text.clone()),
        nested => Value::Nested(nested.clone()),
    }
}
