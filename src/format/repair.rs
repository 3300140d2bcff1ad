//! Invalid areas put right where it is clear how, each change told with its place; the shape of the file stays among
//! the originals.

use super::{Place, Problem, ProblemKind, Progress, ReadLayer};
use crate::geometry::{FlawKind, Mended, mend};
use geo::{Coord, CoordsIter, Geometry, MultiPolygon};
use rayon::prelude::*;

/// Most changes that are told one by one.
const MOST: usize = 500;

/// Mends the areas of a layer; the places name it when it is not alone in its file. A shape that was right stays as it was, to the digit and in its order.
pub fn repair(layer: &mut ReadLayer, is_alone: bool, progress: &Progress) -> Vec<Problem> {
    let pieces = progress.over(layer.features.len());
    let name = if is_alone { String::new() } else { layer.name.clone() };
    let told: Vec<Vec<Problem>> = layer
        .features
        .par_iter_mut()
        .enumerate()
        .map(|(index, feature)| {
            if !pieces.goes_on(index) {
                return Vec::new();
            }
            let Some(mended) = feature.shape.as_ref().and_then(areas).map(|areas| mend(&areas)) else {
                return Vec::new();
            };
            if mended.flaws.is_empty() {
                return Vec::new();
            }
            let place = Place { layer: name.clone(), feature: Some(index + 1), ..Place::default() };
            let first = feature.shape.as_ref().and_then(|shape| shape.coords_iter().find(is_somewhere));
            let told = tell(&mended, &place, first.map(|at| [at.x, at.y]));
            feature.shape = match mended.shape.0.len() {
                0 => None,
                1 => mended.shape.0.into_iter().next().map(Geometry::Polygon),
                _ => Some(Geometry::MultiPolygon(mended.shape)),
            };
            told
        })
        .collect();
    let mut told: Vec<Problem> = told.into_iter().flatten().collect();
    if told.len() > MOST {
        let further = told.len() - MOST;
        told.truncate(MOST);
        told.push(Problem::of_file(ProblemKind::Further(further)));
    }
    told
}

fn areas(shape: &Geometry) -> Option<MultiPolygon> {
    match shape {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
}

fn is_somewhere(at: &Coord) -> bool {
    at.x.is_finite() && at.y.is_finite()
}

/// One problem for each kind of flaw, at its first place, else where the shape begins.
fn tell(mended: &Mended, place: &Place, first: Option<[f64; 2]>) -> Vec<Problem> {
    let change = format!("{:+.2}", -mended.area_change.0);
    let mut told: Vec<Problem> = Vec::new();
    for flaw in &mended.flaws {
        let kind = match flaw.kind {
            _ if mended.shape.0.is_empty() => ProblemKind::NotRepairable,
            FlawKind::CrossesItself => ProblemKind::CrossesItself(change.clone()),
            FlawKind::Tangled => ProblemKind::RingsTangled(change.clone()),
            FlawKind::NotANumber | FlawKind::OutOfRange => ProblemKind::NotRepairable,
            FlawKind::Empty | FlawKind::TooFewPoints | FlawKind::NoArea => ProblemKind::PartDropped,
        };
        if told.iter().all(|problem| problem.kind != kind) {
            let at = flaw.at.filter(is_somewhere).map(|at| [at.x, at.y]).or(first);
            told.push(Problem { kind, place: Place { at, ..place.clone() } });
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{ReadOptions, read};

    #[test]
    fn a_bow_tie_is_parted_and_a_right_shape_is_not_touched() {
        let json = r#"{"type":"FeatureCollection","features":[
            {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[120,31],[120.01,31.01],[120.01,31],[120,31.01],[120,31]]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[120,31],[120,31.01],[120.01,31.01],[120,31]]]}},
            {"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[120,31],[120.01,31.01],[120.02,31.02],[120,31]]]}}]}"#;
        let mut layer = read(json.as_bytes(), "t", &ReadOptions::default()).unwrap().layers.remove(0);
        let right = layer.features[1].shape.clone();
        let told = repair(&mut layer, true, &Progress::default());
        let codes: Vec<_> = told.iter().map(|problem| (problem.kind.code(), problem.place.feature)).collect();
        assert_eq!(codes, [("crosses_itself", Some(1)), ("not_repairable", Some(3))]);
        let at = told[0].place.at.unwrap();
        assert!((at[0] - 120.005).abs() < 1e-9 && (at[1] - 31.005).abs() < 1e-9, "{at:?}");
        assert!(matches!(&layer.features[0].shape, Some(Geometry::MultiPolygon(parts)) if parts.0.len() == 2));
        assert_eq!(layer.features[1].shape, right);
        assert!(layer.features[2].shape.is_none());
    }
}
