//! GPX 1.0 and 1.1 to layers: points, routes, tracks.

use super::raw::{Depth, RawLayer, number_rows};
use super::reference::Declared;
use super::xml::{Document, Element, Step};
use super::{Format, FormatError, Place, Problem, ProblemKind, Problems, ReadOptions, Reading, TextInput, geojson};
use crate::atlas::{Feature, Value};
use crate::geometry::System;
use geo::{Coord, Geometry, LineString, MultiLineString, Point};

/// Names of the layers in the order of the standard.
const LAYERS: [&str; 3] = ["waypoints", "routes", "tracks"];

/// Reads a text; kinds that are not there make no layer.
pub(super) fn read(input: TextInput, options: &ReadOptions) -> Result<Reading, FormatError> {
    let TextInput { name, text, encoding, mut problems } = input;
    let mut layers = LAYERS.map(RawLayer::new);
    let progress = options.parsing();
    let mut document = Document::new(text, &progress);
    let result = fill(&mut document, &mut layers, &mut problems);
    let is_empty = layers.iter().all(|layer| layer.features.is_empty());
    if let Err(kind) = result {
        let problem = Problem { kind, place: Place { line: Some(document.line(text)), ..Place::default() } };
        if is_empty {
            return Err(FormatError::Unreadable(Box::new(problem)));
        }
        problems.add(problem);
    }
    let mut read = Vec::new();
    let mut told = problems.finish();
    for mut raw in layers.into_iter().filter(|layer| !layer.features.is_empty()) {
        raw.encoding = encoding.clone();
        raw.declared = Some(Declared::Rule(System::geographic()));
        raw.has_ids = number_rows(&mut raw.features);
        if !options.keep_originals && raw.name == LAYERS[0] {
            // the height of a waypoint is also its field `ele`
            raw.depths.clear();
        }
        let mut own = Problems::default();
        let layer_name = raw.name.clone();
        read.push(raw.finish(options, &mut own));
        told.extend(own.finish_layer(&layer_name));
    }
    if read.is_empty() {
        let mut raw = RawLayer::new(name);
        raw.encoding = encoding;
        read.push(raw.finish(options, &mut Problems::default()));
    }
    Ok(Reading { format: Format::Gpx, layers: read, problems: told })
}

fn fill(document: &mut Document, layers: &mut [RawLayer; 3], problems: &mut Problems) -> Result<(), ProblemKind> {
    while let Some(step) = document.step()? {
        let Step::Open(open) = step else { continue };
        let place = match open.name.as_str() {
            "gpx" => continue,
            "wpt" => 0,
            "rte" => 1,
            "trk" => 2,
            _ => {
                document.element(open)?;
                continue;
            }
        };
        let element = document.element(open)?;
        let Some(raw) = layers.get_mut(place) else { continue };
        let mut heights = Vec::new();
        let built = match place {
            0 => position(&element, &mut heights).map(|at| Geometry::Point(Point(at))),
            1 => line(element.all("rtept"), &mut heights).map(Geometry::LineString),
            _ => segments(&element, &mut heights),
        };
        let built = match built {
            Ok(shape) => Some(shape),
            Err(kind) => {
                raw.lost += 1;
                let place =
                    Place { layer: raw.name.clone(), feature: Some(raw.features.len() + 1), ..Place::default() };
                problems.add(Problem { kind, place });
                heights.clear();
                None
            }
        };
        if heights.iter().any(|height| height.is_nan()) {
            heights.clear();
        }
        raw.geometry_types.extend(built.as_ref().map(|shape| geojson::geometry_name(shape).to_owned()));
        raw.depths.push(Depth { heights, measures: Vec::new() });
        raw.features.push(Feature { id: String::new(), shape: built, values: values(&element) });
    }
    Ok(())
}

fn position(element: &Element, heights: &mut Vec<f64>) -> Result<Coord, ProblemKind> {
    let number = |name: &str| element.attribute(name).trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match (number("lon"), number("lat")) {
        (Some(x), Some(y)) => {
            let height = element.child("ele").and_then(|height| height.text.parse().ok());
            heights.push(height.unwrap_or(f64::NAN));
            Ok(Coord { x, y })
        }
        _ => Err(ProblemKind::MalformedGeometry),
    }
}

fn line<'a>(points: impl Iterator<Item = &'a Element>, heights: &mut Vec<f64>) -> Result<LineString, ProblemKind> {
    let line: Result<Vec<Coord>, _> = points.map(|point| position(point, heights)).collect();
    let line = line?;
    if line.len() < 2 { Err(ProblemKind::TooFewPoints) } else { Ok(LineString::new(line)) }
}

fn segments(track: &Element, heights: &mut Vec<f64>) -> Result<Geometry, ProblemKind> {
    let mut lines = Vec::new();
    for segment in track.all("trkseg") {
        let before = heights.len();
        match line(segment.all("trkpt"), heights) {
            Ok(line) => lines.push(line),
            // a receiver that lost its signal leaves segments of one point
            Err(ProblemKind::TooFewPoints) => heights.truncate(before),
            Err(kind) => return Err(kind),
        }
    }
    if lines.is_empty() {
        Err(ProblemKind::TooFewPoints)
    } else {
        Ok(Geometry::MultiLineString(MultiLineString::new(lines)))
    }
}

/// The simple children; links and extensions are left out.
fn values(element: &Element) -> Vec<(String, Value)> {
    let simple = element.children.iter().filter(|child| {
        child.children.is_empty() && !matches!(child.name.as_str(), "rtept" | "trkseg" | "extensions" | "link")
    });
    let mut values: Vec<(String, Value)> = Vec::new();
    for child in simple {
        let value = match (child.name.as_str(), child.text.as_str()) {
            (_, "") => Value::Null,
            ("ele" | "hdop" | "vdop" | "pdop" | "magvar" | "geoidheight", text) => {
                text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Real)
            }
            ("number" | "sat", text) => text.parse().map_or_else(|_| Value::Text(text.to_owned()), Value::Integer),
            (_, text) => Value::Text(text.to_owned()),
        };
        if values.iter().all(|(name, _)| *name != child.name) {
            values.push((child.name.clone(), value));
        }
    }
    values
}
