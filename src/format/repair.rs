//! Invalid areas put right where it is clear how, each change told with its place; the shape of the file stays among
//! the originals.

use super::{Place, Problem, ProblemKind, Progress, ReadLayer, slight};
use crate::atlas::Feature;
use crate::geometry::{FlawKind, Mended, mend};
use geo::{Coord, CoordsIter, Geometry, MultiPolygon};
use rayon::prelude::*;

/// Most changes that are told one by one.
const MOST: usize = 500;
/// Fewest shapes of a layer that make a custom of how they are wound.
const ENOUGH: usize = 20;

/// Mends the areas of a layer; the places name it when it is not alone in its file. A shape that was right stays as it
/// was, to the digit and in its order.
pub fn repair(layer: &mut ReadLayer, is_alone: bool, progress: &Progress) -> Vec<Problem> {
    let pieces = progress.over(layer.features.len());
    let name = if is_alone { String::new() } else { layer.name.clone() };
    let usual = usual_winding(layer);
    let told: Vec<Vec<Problem>> = layer
        .features
        .par_iter_mut()
        .enumerate()
        .map(|(index, feature)| {
            if !pieces.goes_on(index) {
                return Vec::new();
            }
            let place = Place { layer: name.clone(), feature: Some(index + 1), ..Place::default() };
            let Some(seen) = feature.shape.as_ref().and_then(|shape| look(shape, usual, &place)) else {
                return Vec::new();
            };
            feature.shape = seen.shape;
            seen.told
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

/// Mends the shapes of a layer that is to be written: those that were wrong lose their originals, and with them their
/// heights, which is told too.
pub fn repair_originals(layer: &mut ReadLayer, is_alone: bool) -> Vec<Problem> {
    let before: Vec<Option<Geometry>> = layer.features.iter().map(|feature| feature.shape.clone()).collect();
    let mut told = repair(layer, is_alone, &Progress::default());
    let mut heights = 0;
    for ((feature, before), original) in layer.features.iter().zip(before).zip(&mut layer.originals) {
        if feature.shape != before {
            heights += original.take().map_or(0, |original| original.heights.len());
        }
    }
    if heights > 0 {
        told.push(Problem::of_file(ProblemKind::HeightDropped(heights)));
    }
    told
}

/// Numbers of the features, from 1, whose shapes would be mended.
pub fn faulty(layer: &ReadLayer) -> Vec<usize> {
    let usual = usual_winding(layer);
    let is_faulty = |(index, feature): (usize, &Feature)| {
        look(feature.shape.as_ref()?, usual, &Place::default()).is_some().then_some(index + 1)
    };
    layer.features.par_iter().enumerate().filter_map(is_faulty).collect()
}

/// A shape after mending and what is told of it.
struct Seen {
    shape: Option<Geometry>,
    told: Vec<Problem>,
}

/// Looks at one shape; nothing when it is right.
fn look(shape: &Geometry, usual: i8, place: &Place) -> Option<Seen> {
    let own = areas(shape)?;
    let first = shape.coords_iter().find(is_somewhere).map(|at| [at.x, at.y]);
    let mut told = Vec::new();
    let at = |coord: Option<Coord>| coord.filter(is_somewhere).map(|at| [at.x, at.y]).or(first);
    let mut tell = |kind, coord| told.push(Problem { kind, place: Place { at: at(coord), ..place.clone() } });
    let slimmed = slight::slim(&own);
    if let Some((_, found)) = &slimmed {
        if found.repeated.0 > 0 {
            tell(ProblemKind::PointsRepeated(found.repeated.0), found.repeated.1);
        }
        if found.spikes.0 > 0 {
            tell(ProblemKind::SpikesRemoved(found.spikes.0), found.spikes.1);
        }
    }
    // a hole wound like its shell is odd whatever the custom
    let is_turned = slight::winding(shape).is_some_and(|winding| winding == 0 || (usual != 0 && winding != usual));
    if is_turned {
        tell(ProblemKind::RingsTurned, None);
    }
    let slim = slimmed.map(|(slim, _)| slim);
    let mended = mend(slim.as_ref().unwrap_or(&own));
    let is_right = mended.flaws.is_empty();
    told.extend(flaws(&mended, place, first));
    if told.is_empty() {
        return None;
    }
    // what only lost a spike keeps its order of points
    let stays = is_right && !is_turned;
    let mut kept = if stays { slim.unwrap_or(own) } else { mended.shape };
    if usual < 0 && !stays {
        slight::turn_round(&mut kept);
    }
    let shape = match kept.0.len() {
        0 => None,
        1 => kept.0.into_iter().next().map(Geometry::Polygon),
        _ => Some(Geometry::MultiPolygon(kept)),
    };
    Some(Seen { shape, told })
}

/// Which way nearly all shapes of a layer are wound; 0 when there is no such way, and when there are too few to tell.
fn usual_winding(layer: &ReadLayer) -> i8 {
    let count = |features: &[Feature]| {
        features.iter().filter_map(|feature| slight::winding(feature.shape.as_ref()?)).fold(
            [0_usize; 3],
            |mut all, way| {
                if let Some(of) = usize::try_from(way + 1).ok().and_then(|place| all.get_mut(place)) {
                    *of += 1;
                }
                all
            },
        )
    };
    let counts = layer.features.par_chunks(1024).map(count);
    let [clockwise, mixed, counter] = counts.reduce(|| [0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]]);
    let odd = |few: usize, many: usize| many >= ENOUGH && (few + mixed) * 10 <= many;
    match () {
        () if odd(clockwise, counter) => 1,
        () if odd(counter, clockwise) => -1,
        () => 0,
    }
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
fn flaws(mended: &Mended, place: &Place, first: Option<[f64; 2]>) -> Vec<Problem> {
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
