//! MultiPatch, the surfaces of solid bodies, to areas: each face as it looks from above, with its heights.

use super::shape::{numbers, vertices};
use crate::format::ProblemKind;
use crate::format::bytes::Cursor;
use crate::format::raw::Depth;
use crate::format::rings::{Strand, lies_within};
use geo::{Geometry, LineString, MultiPolygon, Polygon};

/// What a part is (ESRI Shapefile Technical Description, page 21).
const STRIP: usize = 0;
const FAN: usize = 1;
const OUTER: usize = 2;
const INNER: usize = 3;
const FIRST: usize = 4;
const RING: usize = 5;

/// Reads the faces behind the kind of the record.
pub(super) fn areas(cursor: &mut Cursor, told: &mut Vec<ProblemKind>) -> Option<(Geometry, Depth)> {
    cursor.take(32)?;
    let (parts, count) = (cursor.u32(true)? as usize, cursor.u32(true)? as usize);
    let starts = numbers(cursor, parts)?;
    let kinds = numbers(cursor, parts)?;
    let mut parts = vertices(cursor, 31, starts, count)?;
    // nothing lies within a ring of no place, or in one that is open
    if parts.iter().flat_map(|part| &part.line).any(|at| !at.x.is_finite() || !at.y.is_finite()) {
        told.push(ProblemKind::NotFinite);
        return None;
    }
    for (part, _) in parts.iter_mut().zip(&kinds).filter(|(_, kind)| **kind >= OUTER) {
        part.close();
    }
    // the outline of each face with the holes in it
    let mut faces: Vec<Vec<Strand>> = Vec::new();
    for (part, kind) in parts.into_iter().zip(kinds) {
        match kind {
            STRIP => {
                let triples = (2..part.line.len()).map(|last| [last - 2, last - 1, last]);
                faces.extend(triples.filter_map(|corners| triangle(&part, corners)).map(|face| vec![face]));
            }
            FAN => {
                let triples = (2..part.line.len()).map(|last| [0, last - 1, last]);
                faces.extend(triples.filter_map(|corners| triangle(&part, corners)).map(|face| vec![face]));
            }
            OUTER | FIRST => faces.push(vec![part]),
            INNER => match faces.last_mut() {
                Some(face) => face.push(part),
                None => faces.push(vec![part]),
            },
            // a ring of no told kind is a hole where it lies in the one before it
            RING => {
                let face = faces.last_mut().filter(|face| {
                    let outline = face.first().filter(|outline| outline.line.len() >= 4);
                    let outline = outline.map(|outline| LineString::new(outline.line.clone()));
                    outline.is_some_and(|outline| lies_within(&part.line, &outline) == Some(true))
                });
                match face {
                    Some(face) => face.push(part),
                    None => faces.push(vec![part]),
                }
            }
            _ => return None,
        }
    }
    let mut depth = Depth::default();
    let mut polygons = Vec::with_capacity(faces.len());
    for mut face in faces {
        face.retain(|ring| ring.line.len() >= 4);
        let mut rings = face.into_iter().map(|ring| depth.add(ring));
        match rings.next() {
            Some(outline) => polygons.push(Polygon::new(outline, rings.collect())),
            None if told.contains(&ProblemKind::TooFewPoints) => {}
            None => told.push(ProblemKind::TooFewPoints),
        }
    }
    // of one face too, so that a layer has shapes of one kind
    (!polygons.is_empty()).then(|| (Geometry::MultiPolygon(MultiPolygon::new(polygons)), depth))
}

fn triangle(part: &Strand, corners: [usize; 3]) -> Option<Strand> {
    let [a, b, c] = corners;
    let pick = |numbers: &[f64]| -> Vec<f64> {
        [a, b, c, a].iter().filter_map(|corner| numbers.get(*corner).copied()).collect()
    };
    let line = [*part.line.get(a)?, *part.line.get(b)?, *part.line.get(c)?, *part.line.get(a)?].to_vec();
    Some(Strand { line, heights: pick(&part.heights), measures: pick(&part.measures) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record of parts, each its kind and its vertices.
    fn record(parts: &[(u32, &[[f64; 3]])]) -> Vec<u8> {
        let all: Vec<&[f64; 3]> = parts.iter().flat_map(|(_, line)| line.iter()).collect();
        let mut bytes = vec![0; 32];
        let mut put = |number: usize| bytes.extend((number as u32).to_le_bytes());
        put(parts.len());
        put(all.len());
        let mut start = 0;
        for (_, line) in parts {
            put(start);
            start += line.len();
        }
        parts.iter().for_each(|(kind, _)| put(*kind as usize));
        for at in &all {
            bytes.extend(at[0].to_le_bytes());
            bytes.extend(at[1].to_le_bytes());
        }
        bytes.extend([0; 16]);
        all.iter().for_each(|at| bytes.extend(at[2].to_le_bytes()));
        bytes
    }

    const SQUARE: [[f64; 3]; 5] = [[0., 0., 5.], [0., 9., 5.], [9., 9., 6.], [9., 0., 6.], [0., 0., 5.]];
    const INSIDE: [[f64; 3]; 4] = [[2., 2., 5.], [4., 2., 5.], [4., 4., 5.], [2., 2., 5.]];
    const BESIDE: [[f64; 3]; 4] = [[20., 2., 5.], [24., 2., 5.], [24., 4., 5.], [20., 2., 5.]];

    #[test]
    fn faces_of_every_kind_become_areas_with_their_heights() {
        for (parts, faces, holes) in [
            (vec![(2, &SQUARE[..]), (3, &INSIDE[..])], 1, 1),
            (vec![(4, &SQUARE[..]), (5, &INSIDE[..]), (5, &BESIDE[..])], 2, 1),
            (vec![(0, &SQUARE[..4])], 2, 0),
            (vec![(1, &SQUARE[..4]), (2, &BESIDE[..])], 3, 0),
            (vec![(3, &SQUARE[..4])], 1, 0),
        ] {
            let bytes = record(&parts);
            let mut told = Vec::new();
            let (shape, depth) = areas(&mut Cursor::new(&bytes), &mut told).unwrap();
            let Geometry::MultiPolygon(polygons) = &shape else { panic!("{shape:?}") };
            let found: usize = polygons.0.iter().map(|polygon| polygon.interiors().len()).sum();
            assert_eq!((polygons.0.len(), found, told.len()), (faces, holes, 0));
            assert_eq!(depth.heights.len(), geo::CoordsIter::coords_count(&shape));
            assert!(depth.heights.contains(&5.0));
        }
        // open rings, and rings of no place
        for line in [&SQUARE[..4], &SQUARE[..2], &[[f64::NAN, 0., 0.], [1., 1., 0.], [2., 0., 0.], [f64::NAN, 0., 0.]]]
        {
            let bytes = record(&[(4, line), (5, &INSIDE), (5, line)]);
            let found = areas(&mut Cursor::new(&bytes), &mut Vec::new());
            assert_eq!(found.is_some(), line[0][0].is_finite());
        }
        assert!(areas(&mut Cursor::new(&record(&[(9, &SQUARE)])), &mut Vec::new()).is_none());
        assert!(areas(&mut Cursor::new(&record(&[(2, &SQUARE)])[..60]), &mut Vec::new()).is_none());
    }
}
