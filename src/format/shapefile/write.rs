//! Layers to Shapefiles: one for each layer and kind of shape, each with its index, table, definition and encoding.

use super::dbf;
use crate::format::{Format, Original, Problem, ProblemKind, Target, WriteError, WriteLayer, Written, WrittenFile};
use geo::{BoundingRect, Coord, CoordsIter, Geometry, LineString, Polygon, Rect};
use std::collections::BTreeMap;
use std::io::{Cursor, Write};

/// Most bytes of one file, so that every program reads its offsets.
const MOST: usize = (1 << 31) - 1;
/// What stands for no measure.
const NO_MEASURE: f64 = -1e39;

/// A kind of shape that a file holds throughout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Point,
    Line,
    Area,
    Points,
}

impl Kind {
    fn of(shape: &Geometry) -> Option<Kind> {
        Some(match shape {
            Geometry::Point(_) => Kind::Point,
            Geometry::MultiPoint(_) => Kind::Points,
            Geometry::Line(_) | Geometry::LineString(_) | Geometry::MultiLineString(_) => Kind::Line,
            Geometry::Polygon(_) | Geometry::MultiPolygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => Kind::Area,
            Geometry::GeometryCollection(_) => return None,
        })
    }

    fn number(self) -> u32 {
        match self {
            Kind::Point => 1,
            Kind::Line => 3,
            Kind::Area => 5,
            Kind::Points => 8,
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Kind::Point => "_point",
            Kind::Line => "_line",
            Kind::Area => "_polygon",
            Kind::Points => "_multipoint",
        }
    }
}

/// Writes the layers side by side.
pub(in crate::format) fn write(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let mut written = Written::default();
    for layer in layers {
        let name = if layers.len() > 1 { format!("_{}", file_name(layer.name)) } else { String::new() };
        one(layer, &name, target, &mut written)?;
    }
    if written.files.is_empty() {
        let empty = WriteLayer::of("", &[]);
        one(&empty, "", target, &mut written)?;
    }
    Ok(written)
}

/// Writes the layers into one archive.
pub(in crate::format) fn write_zipped(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let plain = write(layers, target)?;
    let stem = match layers {
        [layer] => file_name(layer.name),
        _ => Format::Shapefile.name().to_lowercase(),
    };
    let broken = |error: zip::result::ZipError| WriteError::TooLarge(error.to_string());
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for file in plain.files {
        let ending = if file.ending.is_empty() { "shp" } else { file.ending };
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(format!("{stem}{}.{ending}", file.suffix), options).map_err(broken)?;
        archive.write_all(&file.bytes).map_err(|error| WriteError::TooLarge(error.to_string()))?;
    }
    let bytes = archive.finish().map_err(broken)?.into_inner();
    Ok(Written { problems: plain.problems, ..Written::one(bytes) })
}

/// A name without the signs that file systems keep for themselves.
fn file_name(name: &str) -> String {
    let is_odd = |letter: char| letter.is_control() || "/\\:*?\"<>|".contains(letter);
    let name: String = name.chars().map(|letter| if is_odd(letter) { '_' } else { letter }).take(60).collect();
    let name = name.trim_matches(['.', ' ']).to_owned();
    if name.is_empty() { "layer".into() } else { name }
}

fn one(layer: &WriteLayer, name: &str, target: &Target, written: &mut Written) -> Result<(), WriteError> {
    let system = layer.target(target);
    let mut groups: BTreeMap<Kind, Vec<(usize, Option<Original>)>> = BTreeMap::new();
    let mut bare = Vec::new();
    for place in 0..layer.features.len() {
        let shape = layer.shape(place, system.as_ref())?;
        match shape.as_ref().map(|original| Kind::of(&original.shape)) {
            Some(Some(kind)) => groups.entry(kind).or_default().push((place, shape)),
            Some(None) => {
                let told = ProblemKind::ShapeNotHeld("GeometryCollection".into());
                written.problems.push(Problem::of_file(told));
                bare.push(place);
            }
            None => bare.push(place),
        }
    }
    // rows without a shape go with the largest group
    let largest = groups.iter().max_by_key(|(_, rows)| rows.len()).map_or(Kind::Area, |(kind, _)| *kind);
    let group = groups.entry(largest).or_default();
    group.extend(bare.into_iter().map(|place| (place, None)));
    group.sort_by_key(|(place, _)| *place);
    let is_alone = groups.len() == 1;
    let definition = system.as_ref().and_then(|system| system.well_known_text());
    for (kind, rows) in groups {
        let suffix = if is_alone { name.to_owned() } else { format!("{name}{}", kind.suffix()) };
        let (shp, shx) = shapes(kind, &rows).ok_or_else(|| WriteError::TooLarge("2 GB".into()))?;
        let places: Vec<usize> = rows.iter().map(|(place, _)| *place).collect();
        let table = dbf::write(layer, &places, target.encoding.as_deref(), &mut written.problems)?;
        let mut add = |ending: &'static str, bytes: Vec<u8>| {
            written.files.push(WrittenFile { suffix: suffix.clone(), ending, bytes });
        };
        add(if suffix.is_empty() { "" } else { "shp" }, shp);
        add("shx", shx);
        add("dbf", table.bytes);
        add("cpg", table.encoding.into_bytes());
        if let Some(definition) = &definition {
            add("prj", definition.clone().into_bytes());
        }
    }
    Ok(())
}

/// The main file and its index.
fn shapes(kind: Kind, rows: &[(usize, Option<Original>)]) -> Option<(Vec<u8>, Vec<u8>)> {
    let originals = || rows.iter().filter_map(|(_, original)| original.as_ref());
    let has_heights = originals().any(|original| !original.heights.is_empty());
    let has_measures = originals().any(|original| !original.measures.is_empty());
    let number = kind.number()
        + match (has_heights, has_measures) {
            (true, _) => 10,
            (false, true) => 20,
            (false, false) => 0,
        };
    let (mut shp, mut shx) = (vec![0; super::HEAD], vec![0; super::HEAD]);
    let mut bounds: Option<Rect> = None;
    let (mut heights, mut measures) = (None, None);
    for (row, (_, original)) in (1_u32..).zip(rows) {
        let content = match original {
            None => 0_u32.to_le_bytes().to_vec(),
            Some(original) => {
                if let Some(own) = original.shape.bounding_rect() {
                    bounds = Some(bounds.map_or(own, |all| around(all, own)));
                }
                heights = widened(heights, range(&original.heights));
                measures = widened(measures, range(&original.measures));
                content(kind, number, original)
            }
        };
        let words = u32::try_from(content.len() / 2).ok()?;
        shx.extend(u32::try_from(shp.len() / 2).ok()?.to_be_bytes());
        shx.extend(words.to_be_bytes());
        shp.extend(row.to_be_bytes());
        shp.extend(words.to_be_bytes());
        shp.extend(content);
        if shp.len() > MOST {
            return None;
        }
    }
    for file in [&mut shp, &mut shx] {
        let head = head(file.len(), number, bounds, heights, measures);
        file.get_mut(..super::HEAD)?.copy_from_slice(&head);
    }
    Some((shp, shx))
}

fn head(
    length: usize,
    number: u32,
    bounds: Option<Rect>,
    heights: Option<(f64, f64)>,
    measures: Option<(f64, f64)>,
) -> Vec<u8> {
    let mut head = 9994_u32.to_be_bytes().to_vec();
    head.extend([0; 20]);
    head.extend(u32::try_from(length / 2).unwrap_or(u32::MAX).to_be_bytes());
    head.extend(1000_u32.to_le_bytes());
    head.extend(number.to_le_bytes());
    let corners = bounds.map_or([0.0; 4], |all| [all.min().x, all.min().y, all.max().x, all.max().y]);
    let (heights, measures) = (heights.unwrap_or((0.0, 0.0)), measures.unwrap_or((0.0, 0.0)));
    let numbers = corners.into_iter().chain([heights.0, heights.1, measures.0, measures.1]);
    numbers.for_each(|value| head.extend(value.to_le_bytes()));
    head
}

fn around(a: Rect, b: Rect) -> Rect {
    let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
    Rect::new(low, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
}

fn range(values: &[f64]) -> Option<(f64, f64)> {
    values.iter().filter(|value| !value.is_nan()).fold(None, |range, value| widened(range, Some((*value, *value))))
}

fn widened(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (a, b) => a.or(b),
    }
}

/// One ring or line with the places of its vertices in the shape's order.
type Part = Vec<(Coord, usize)>;

/// The parts of a shape; outer rings turn clockwise, holes the other way.
fn parts(shape: &Geometry, next: &mut usize) -> Vec<Part> {
    let line = |line: &LineString, next: &mut usize| -> Part {
        let start = *next;
        *next += line.0.len();
        line.0.iter().copied().zip(start..).collect()
    };
    let polygon = |polygon: &Polygon, next: &mut usize| -> Vec<Part> {
        let rings = std::iter::once((polygon.exterior(), true)).chain(polygon.interiors().iter().map(|r| (r, false)));
        let rings = rings.map(|(ring, wants_clockwise)| {
            let mut part = line(ring, next);
            if (super::super::rings::turning(&ring.0) < 0.0) != wants_clockwise {
                part.reverse();
            }
            part
        });
        rings.filter(|part| !part.is_empty()).collect()
    };
    match shape {
        Geometry::Line(edge) => vec![line(&LineString::new(vec![edge.start, edge.end]), next)],
        Geometry::LineString(own) => vec![line(own, next)],
        Geometry::MultiLineString(lines) => lines.iter().map(|own| line(own, next)).collect(),
        Geometry::Polygon(own) => polygon(own, next),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(|own| polygon(own, next)).collect(),
        Geometry::Rect(rect) => polygon(&rect.to_polygon(), next),
        Geometry::Triangle(triangle) => polygon(&triangle.to_polygon(), next),
        other => vec![other.coords_iter().zip(*next..).collect()],
    }
}

fn content(kind: Kind, number: u32, original: &Original) -> Vec<u8> {
    let mut out = number.to_le_bytes().to_vec();
    let parts = parts(&original.shape, &mut 0);
    let vertices: Vec<(Coord, usize)> = parts.iter().flatten().copied().collect();
    let height = |place: usize| original.heights.get(place).copied().unwrap_or(0.0);
    let measure = |place: usize| original.measures.get(place).copied().filter(|m| !m.is_nan()).unwrap_or(NO_MEASURE);
    if kind == Kind::Point {
        let Some((at, place)) = vertices.first() else { return 0_u32.to_le_bytes().to_vec() };
        let mut numbers = vec![at.x, at.y];
        numbers.extend((number == 11).then(|| height(*place)));
        numbers.extend((number > 10).then(|| measure(*place)));
        numbers.into_iter().for_each(|value| out.extend(value.to_le_bytes()));
        return out;
    }
    let bounds = original.shape.bounding_rect();
    let corners = bounds.map_or([0.0; 4], |all| [all.min().x, all.min().y, all.max().x, all.max().y]);
    corners.into_iter().for_each(|value| out.extend(value.to_le_bytes()));
    let mut count = |value: usize| out.extend(u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
    if kind != Kind::Points {
        count(parts.len());
    }
    count(vertices.len());
    if kind != Kind::Points {
        let mut start = 0;
        for part in &parts {
            count(start);
            start += part.len();
        }
    }
    for (at, _) in &vertices {
        out.extend(at.x.to_le_bytes());
        out.extend(at.y.to_le_bytes());
    }
    let mut block = |values: Vec<f64>, range: Option<(f64, f64)>| {
        let (low, high) = range.unwrap_or((NO_MEASURE, NO_MEASURE));
        [low, high].into_iter().chain(values).for_each(|value| out.extend(value.to_le_bytes()));
    };
    if (11..=18).contains(&number) {
        let values: Vec<f64> = vertices.iter().map(|(_, place)| height(*place)).collect();
        let own = range(&values);
        block(values, own);
    }
    if number > 10 && (number > 20 || !original.measures.is_empty()) {
        block(vertices.iter().map(|(_, place)| measure(*place)).collect(), range(&original.measures));
    }
    out
}
