//! Pairs of polygons that overlays have been known to fail on: the tests of JTS and GEOS (tests/data/siting/
//! overlay_cases.py says how they are made).

use geo::{Area, Coord, Geometry, LineString, MultiPolygon, Polygon};
use redline_atlas::geometry::{GaussKruger, PreparedShape, meet};
use serde::Deserialize;

type Rings = Vec<Vec<Vec<Coord>>>;

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Pair>,
    invalid: Vec<Lone>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    a: Vec<Vec<Vec<[f64; 2]>>>,
    b: Vec<Vec<Vec<[f64; 2]>>>,
    relation: String,
    area: f64,
}

#[derive(Deserialize)]
struct Lone {
    name: String,
    /// None for what is no number.
    shape: Vec<Vec<Vec<[Option<f64>; 2]>>>,
}

fn cases() -> Cases {
    // another file with the same columns, where all of them shall be tried
    let text = match std::env::var_os("REDLINE_OVERLAY_CASES") {
        Some(file) => std::fs::read_to_string(file).unwrap(),
        None => include_str!("../data/siting/overlay_cases.json").to_owned(),
    };
    serde_json::from_str(&text).unwrap()
}

/// Both in one kilometre about a place of the city, as the figures expected have it.
fn moved(shapes: [&Vec<Vec<Vec<[f64; 2]>>>; 2]) -> [MultiPolygon; 2] {
    let points = || shapes.iter().flat_map(|shape| shape.iter().flatten().flatten());
    let low = |axis: usize| points().map(|at| at[axis]).fold(f64::INFINITY, f64::min);
    let high = |axis: usize| points().map(|at| at[axis]).fold(f64::NEG_INFINITY, f64::max);
    let middle = [0, 1].map(|axis| (low(axis) + high(axis)) / 2.0);
    let scale = 0.01 / (high(0) - low(0)).max(high(1) - low(1));
    let place = |at: &[f64; 2]| Coord { x: 120.3 + (at[0] - middle[0]) * scale, y: 31.5 + (at[1] - middle[1]) * scale };
    shapes.map(|shape| polygons(&shape.iter().map(|part| rings(part, place)).collect()))
}

fn rings(part: &[Vec<[f64; 2]>], place: impl Fn(&[f64; 2]) -> Coord) -> Vec<Vec<Coord>> {
    part.iter().map(|ring| ring.iter().map(&place).collect()).collect()
}

fn polygons(parts: &Rings) -> MultiPolygon {
    let polygon = |part: &Vec<Vec<Coord>>| {
        let mut rings = part.iter().map(|ring| LineString::new(ring.clone()));
        Polygon::new(rings.next().unwrap_or(LineString::new(vec![])), rings.collect())
    };
    MultiPolygon::new(parts.iter().map(polygon).collect())
}

#[test]
fn cases_of_jts_and_geos_come_out_as_geos_has_them() {
    let plane = GaussKruger::three_degree(120.0).unwrap();
    let mut wrong = Vec::new();
    let all = cases().cases;
    for Pair { name, a, b, relation, area } in &all {
        let [a, b] = moved([a, b]);
        let [site, thing] = [&a, &b].map(PreparedShape::of_polygons);
        // less than a thousand-millionth as wide as long: told as a fault, not as ground
        if [&site, &thing].iter().any(|shape| shape.is_empty() && !shape.flaws().is_empty()) {
            assert_eq!(relation, "touches", "{name}");
            continue;
        }
        let Some(found) = meet(&site, &thing, &plane, 2_000.0) else {
            wrong.push(format!("{name}: nothing, {relation}"));
            continue;
        };
        let shared = found.overlap.unsigned_area() * 1e10;
        // a thousandth of a square metre is about 1e-13 square degrees
        let tolerance = (1e-6 * area).max(1e-2);
        let is_thin = matches!(relation.as_str(), "touches" | "near");
        if found.relation.code() != relation || (!is_thin && (shared - area).abs() > tolerance) {
            wrong.push(format!("{name}: {} {shared}, {relation} {area}", found.relation.code()));
        }
        assert!(found.balanced, "{name}");
    }
    assert!(all.len() > 400);
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
}

#[test]
fn shapes_that_are_none_are_survived_against_each_other() {
    let plane = GaussKruger::three_degree(120.0).unwrap();
    let shapes = cases().invalid;
    assert!(shapes.len() > 50);
    let prepared: Vec<(String, PreparedShape)> = shapes
        .iter()
        .map(|lone| {
            let place = |at: &[Option<f64>; 2]| Coord { x: at[0].unwrap_or(f64::NAN), y: at[1].unwrap_or(f64::NAN) };
            let points: Vec<Coord> = lone.shape.iter().flatten().flatten().map(place).collect();
            let finite = || points.iter().filter(|at| at.x.is_finite() && at.y.is_finite());
            let size = finite().fold(1.0_f64, |size, at| size.max(at.x.abs()).max(at.y.abs()));
            let near = |at: &[Option<f64>; 2]| {
                let at = place(at);
                Coord { x: 120.3 + at.x / size * 0.01, y: 31.5 + at.y / size * 0.01 }
            };
            let parts: Rings = lone
                .shape
                .iter()
                .map(|part| part.iter().map(|ring| ring.iter().map(near).collect()).collect())
                .collect();
            (lone.name.clone(), PreparedShape::new(&Geometry::MultiPolygon(polygons(&parts))))
        })
        .collect();
    for (name, shape) in &prepared {
        assert!(!shape.flaws().is_empty() || shape.area().square_metres() > 0.0, "{name}: neither fault nor ground");
        for (_, other) in &prepared {
            let found = meet(shape, other, &plane, 500.0);
            let area = found.map_or(0.0, |found| found.area.square_metres());
            let most = shape.area().square_metres().min(other.area().square_metres());
            assert!(area.is_finite() && area <= most * (1.0 + 1e-6) + 0.01, "{name}: {area} of {most}");
        }
    }
}
