//! The records of a `.shp` file to shapes (ESRI Shapefile Technical Description, July 1998).

use super::patch;
use crate::format::ProblemKind;
use crate::format::bytes::Cursor;
use crate::format::raw::Depth;
use crate::format::rings::{self, Strand};
use crate::geometry::extent;
use geo::{Coord, Geometry, MultiPoint, Point};

/// Measures below this stand for none.
const NO_MEASURE: f64 = -1e38;

/// What a record holds.
pub(super) enum Record {
    /// A row without a shape.
    Null,
    /// A shape, with what was mended in it.
    Shape(Geometry, Depth, Vec<ProblemKind>),
    /// Nothing that can be used, and why.
    Lost(Vec<ProblemKind>),
}

/// Reads the content of a record.
pub(super) fn record(content: &[u8]) -> Record {
    let mut cursor = Cursor::new(content);
    let Some(kind) = cursor.u32(true) else { return Record::Lost(vec![ProblemKind::MalformedGeometry]) };
    let mut told = Vec::new();
    let built = match kind {
        0 => return Record::Null,
        1 | 11 | 21 => point(&mut cursor, kind),
        8 | 18 | 28 => points(&mut cursor, kind),
        3 | 13 | 23 => strands(&mut cursor, kind).and_then(|parts| rings::lines(parts, &mut told)),
        5 | 15 | 25 => strands(&mut cursor, kind).and_then(|parts| rings::areas(parts, &mut told)),
        31 => patch::areas(&mut cursor, &mut told),
        other => return Record::Lost(vec![ProblemKind::UnknownGeometry(other.to_string())]),
    };
    match built {
        None => {
            if !told.contains(&ProblemKind::TooFewPoints) {
                told.push(ProblemKind::MalformedGeometry);
            }
            Record::Lost(told)
        }
        Some((shape, _)) if geo::CoordsIter::coords_count(&shape) == 0 => {
            Record::Lost(vec![ProblemKind::EmptyGeometry])
        }
        Some((shape, _)) if extent(&shape).is_none() => Record::Lost(vec![ProblemKind::NotFinite]),
        Some((shape, depth)) => Record::Shape(shape, depth, told),
    }
}

fn measure(value: f64) -> f64 {
    if value < NO_MEASURE { f64::NAN } else { value }
}

fn point(cursor: &mut Cursor, kind: u32) -> Option<(Geometry, Depth)> {
    let (x, y) = (cursor.f64(true)?, cursor.f64(true)?);
    let mut depth = Depth::default();
    if kind == 11 {
        depth.heights.push(cursor.f64(true)?);
    }
    // the measure of a point with height may be left out
    if kind >= 11 {
        depth.measures.extend(cursor.f64(true).map(measure));
    }
    depth.forget_absent();
    Some((Geometry::Point(Point::new(x, y)), depth))
}

fn points(cursor: &mut Cursor, kind: u32) -> Option<(Geometry, Depth)> {
    cursor.take(32)?;
    let count = cursor.u32(true)? as usize;
    let line = coords(cursor, count)?;
    let mut depth = Depth::default();
    (depth.heights, depth.measures) = thirds(cursor, kind, count);
    depth.forget_absent();
    Some((Geometry::MultiPoint(MultiPoint::new(line.into_iter().map(Point).collect())), depth))
}

fn coords(cursor: &mut Cursor, count: usize) -> Option<Vec<Coord>> {
    cursor.take(count.checked_mul(16)?).map(crate::format::bytes::coords)
}

/// Heights and measures of all vertices, each after its range; measures may be left out.
fn thirds(cursor: &mut Cursor, kind: u32, count: usize) -> (Vec<f64>, Vec<f64>) {
    let mut block = || {
        cursor.take(16)?;
        cursor.f64s(count)
    };
    let heights = if matches!(kind, 11..=18 | 31) { block().unwrap_or_default() } else { Vec::new() };
    let measures = if kind >= 11 { block().unwrap_or_default() } else { Vec::new() };
    (heights, measures.into_iter().map(measure).collect())
}

fn strands(cursor: &mut Cursor, kind: u32) -> Option<Vec<Strand>> {
    cursor.take(32)?;
    let (parts, count) = (cursor.u32(true)? as usize, cursor.u32(true)? as usize);
    let starts = numbers(cursor, parts)?;
    vertices(cursor, kind, starts, count)
}

/// Whole numbers, such as the places where parts begin.
pub(super) fn numbers(cursor: &mut Cursor, count: usize) -> Option<Vec<usize>> {
    let four = |four: &[u8]| four.try_into().ok().map(|four| u32::from_le_bytes(four) as usize);
    cursor.take(count.checked_mul(4)?).map(|bytes| bytes.chunks_exact(4).filter_map(four).collect())
}

/// The vertices of all parts, parted where they begin.
pub(super) fn vertices(cursor: &mut Cursor, kind: u32, mut starts: Vec<usize>, count: usize) -> Option<Vec<Strand>> {
    let line = coords(cursor, count)?;
    let mut depth = Depth::default();
    (depth.heights, depth.measures) = thirds(cursor, kind, count);
    depth.forget_absent();
    let is_ordered =
        starts.first() == Some(&0) && starts.is_sorted() && starts.last().is_none_or(|last| *last <= count);
    if !is_ordered {
        return None;
    }
    starts.push(count);
    let ends = starts.iter().skip(1);
    let strands = starts.iter().zip(ends).map(|(start, end)| Strand {
        line: line.get(*start..*end).unwrap_or_default().to_vec(),
        heights: depth.heights.get(*start..*end).unwrap_or_default().to_vec(),
        measures: depth.measures.get(*start..*end).unwrap_or_default().to_vec(),
    });
    Some(strands.collect())
}
