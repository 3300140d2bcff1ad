//! 2,000 generated cases against figures computed with PROJ and GEOS (tests/data/siting/cases.py). The shapes are made by
//! the same formulas here and there; only the figures are stored.

use redline_atlas::geometry::geo::{Coord, LineString, MultiPolygon, Polygon};
use redline_atlas::geometry::{self, GaussKruger, PreparedShape, Relation};
use std::f64::consts::TAU;

const KX: f64 = 94_500.0;
const M: f64 = 111_000.0;
const COUNT: u64 = 2_000;
/// A full turn as the cases were made with it (tests/data/siting/cases.py), which is not quite one.
const ROUND: f64 = 628.0 / 100.0;
/// How far apart things are told, metres.
const REACH: f64 = 2_000.0;

struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }

    fn below(&mut self, count: usize) -> usize {
        (self.roll() * count as f64) as usize
    }
}

type Ring = Vec<(f64, f64)>;
/// Parts of rings, the first the shell.
type Shape = Vec<Vec<Ring>>;

fn star(dice: &mut Dice, x: f64, y: f64, size: f64, points: usize, rough: f64) -> Ring {
    let phase = dice.between(0.0, 6.0);
    let at = |number: usize| {
        let angle = TAU * number as f64 / points as f64;
        let reach = size * (1.0 + rough * (3.0 * angle + phase).sin() + 0.3 * rough * (11.0 * angle).cos());
        (x + reach * angle.cos() / KX, y + reach * angle.sin() / M)
    };
    (0..points).map(at).collect()
}

fn scaled(ring: &[(f64, f64)], x: f64, y: f64, factor: f64) -> Ring {
    ring.iter().map(|(px, py)| (x + (px - x) * factor, y + (py - y) * factor)).collect()
}

fn moved(ring: &[(f64, f64)], east: f64, north: f64) -> Ring {
    ring.iter().map(|(px, py)| (px + east / KX, py + north / M)).collect()
}

fn reversed(mut ring: Ring) -> Ring {
    ring.reverse();
    ring
}

fn joined(mut one: Ring, other: Ring) -> Ring {
    one.extend(other);
    one
}

fn wide(x: f64, y: f64) -> Ring {
    (0..100_000)
        .map(|number| {
            let angle = TAU * f64::from(number) / 100_000.0;
            let waves = 0.2 * (9.0 * angle).sin() + 0.03 * (83.0 * angle).cos() + 0.002 * (2_311.0 * angle).sin();
            let reach = 9_000.0 * (1.0 + waves);
            (x + reach * angle.cos() / KX, y + reach * angle.sin() / M)
        })
        .collect()
}

/// Site and zone; the order of rolls is that of cases.py.
fn case(number: u64) -> (Shape, Shape) {
    let mut dice = Dice::new(20_261_125 + number * 7_919);
    (0..4).for_each(|_| _ = dice.roll());
    let (x, y) = (dice.between(119.6, 120.6), dice.between(31.2, 31.9));
    let kind = number % 12;
    let points = 5 + dice.below(120);
    let size = dice.between(60.0, 1_500.0);
    let rough = dice.between(0.0, 0.35);
    let zone = star(&mut dice, x, y, size, points, rough);
    if kind <= 2 {
        let (angle, far) = (dice.between(0.0, ROUND), dice.between(0.0, 2.6) * size);
        let own = dice.between(20.0, 900.0);
        let (cx, cy) = (x + far * angle.cos() / KX, y + far * angle.sin() / M);
        let (corners, rough) = (3 + dice.below(60), dice.between(0.0, 0.4));
        let ring = star(&mut dice, cx, cy, own, corners, rough);
        let mut site = vec![ring.clone()];
        site.extend((kind == 1).then(|| scaled(&ring, cx, cy, 0.4)));
        let mut rings = vec![zone.clone()];
        rings.extend((kind == 2).then(|| scaled(&zone, x, y, 0.45)));
        return (vec![site], vec![rings]);
    }
    let run: Ring = zone[..2 + dice.below(points - 3)].to_vec();
    let whole = |zone: Ring| vec![vec![zone]];
    match kind {
        3 => {
            let outer = reversed(scaled(&run, x, y, dice.between(1.1, 1.6)));
            (whole(joined(run, outer)), whole(zone))
        }
        4 => {
            let over = dice.between(0.005, 2.0) / size;
            let site = joined(scaled(&run, x, y, 1.0 - over), reversed(scaled(&run, x, y, 1.3)));
            (whole(site), whole(zone))
        }
        5 => {
            let (px, py) = zone[dice.below(points)];
            let (ex, ey) = (px - x, py - y);
            let site = vec![
                (px, py),
                (px + ex * 0.2 - ey * 0.05, py + ey * 0.2 + ex * 0.05),
                (px + ex * 0.2 + ey * 0.05, py + ey * 0.2 - ex * 0.05),
            ];
            (whole(site), whole(zone))
        }
        6 => match dice.below(4) {
            0 => (whole(scaled(&zone, x, y, dice.between(1.05, 2.0))), whole(zone)),
            1 => (whole(scaled(&zone, x, y, dice.between(0.1, 0.95))), whole(zone)),
            2 => {
                let site = scaled(&zone, x, y, dice.between(0.1, 0.4));
                let hole = scaled(&zone, x, y, 0.45);
                (whole(site), vec![vec![zone, hole]])
            }
            _ => (whole(zone.clone()), whole(zone)),
        },
        7 => {
            let far = size * 3.2;
            let corners = 4 + dice.below(40);
            let second = moved(&star(&mut dice, x, y, size * 0.6, corners, 0.2), far, 0.0);
            let corners = 4 + dice.below(20);
            let one = star(&mut dice, x, y, size * 0.5, corners, 0.2);
            let one = moved(&one, dice.between(0.2, 1.8) * size, 0.0);
            let corners = 4 + dice.below(20);
            let other = star(&mut dice, x, y, size * 0.3, corners, 0.2);
            let east = far + dice.between(0.0, 1.2) * size;
            let other = moved(&other, east, dice.between(-0.5, 0.5) * size);
            (vec![vec![one], vec![other]], vec![vec![zone], vec![second]])
        }
        8 => {
            let (w, h) = (dice.between(30.0, 600.0), dice.between(30.0, 400.0));
            let corner = zone[dice.below(points)];
            let ring = match dice.below(3) {
                0 => vec![(0.0, 0.0), (w, h), (w, 0.0), (0.0, h)],
                1 => vec![(0.0, 0.0), (w, 0.0), (w + 50.0, 0.0), (w, 0.0), (w, h), (0.0, h)],
                _ => vec![(0.0, 0.0), (0.0, 0.0), (w, 0.0), (w, 0.0), (w, h), (0.0, h), (0.0, h)],
            };
            let site = ring.into_iter().map(|(a, b)| (corner.0 + a / KX, corner.1 + b / M)).collect();
            (whole(site), whole(zone))
        }
        9 => {
            let (length, width) = (dice.between(500.0, 9_000.0), dice.between(3.0, 60.0));
            let (s, c) = dice.between(0.0, ROUND / 2.0).sin_cos();
            let (a, b) = (length / 2.0, width / 2.0);
            let (east, north) = (dice.between(-1.0, 1.0) * size, dice.between(-1.0, 1.0) * size);
            let corners = [(-a, -b), (a, -b), (a, b), (-a, b)];
            let place = |(a, b): (f64, f64)| (x + (east + a * c - b * s) / KX, y + (north + a * s + b * c) / M);
            (whole(corners.into_iter().map(place).collect()), whole(zone))
        }
        10 => {
            let (w, h) = (dice.between(0.01, 0.15), dice.between(0.01, 0.05));
            let over = [0.0, dice.between(0.01, 3.0) / M][dice.below(2)];
            let (west, east, south, north) = (x + w * 0.1, x + w * 0.9, y - h * 0.5, y + over);
            let site = vec![(west, south), (east, south), (east, north), (west, north)];
            (whole(site), whole(vec![(x, y), (x + w, y), (x + w, y + h), (x, y + h)]))
        }
        _ => {
            let far = 2.0 * size + dice.between(0.01, 1_500.0);
            let corners = 4 + dice.below(60);
            let site = star(&mut dice, x, y, size * 0.4, corners, 0.2);
            (whole(moved(&site, far, dice.between(-0.3, 0.3) * size)), whole(zone))
        }
    }
}

fn wide_case(number: u64, zone: &Ring) -> Shape {
    let mut dice = Dice::new(99 + number);
    let (px, py) = zone[dice.below(100_000)];
    let (angle, off) = (dice.between(0.0, ROUND), dice.between(0.0, 250.0));
    let (size, corners) = (dice.between(20.0, 260.0), 4 + dice.below(40));
    vec![vec![star(&mut dice, px + off * angle.cos() / KX, py + off * angle.sin() / M, size, corners, 0.2)]]
}

fn prepared(shape: &Shape) -> PreparedShape {
    let ring = |ring: &Ring| LineString::new(ring.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect());
    let polygon = |rings: &Vec<Ring>| Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect());
    PreparedShape::of_polygons(&MultiPolygon(shape.iter().map(polygon).collect()))
}

#[test]
fn two_thousand_generated_cases_agree_with_geos_and_proj() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/siting/cases.txt");
    let expected = std::fs::read_to_string(path).unwrap();
    let rows: Vec<&str> = expected.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(rows.len() as u64, COUNT);
    let plane = GaussKruger::three_degree(120.0).unwrap();
    let wide = wide(120.1, 31.55);
    let wide_zone = prepared(&vec![vec![wide.clone()]]);
    let mut wrong = Vec::new();
    let mut counts = std::collections::BTreeMap::new();
    for (number, row) in (0..COUNT).zip(rows) {
        let (site, zone);
        let (site, zone) = if number < COUNT - 20 {
            let shapes = case(number);
            (site, zone) = (prepared(&shapes.0), prepared(&shapes.1));
            (&site, &zone)
        } else {
            site = prepared(&wide_case(number, &wide));
            (&site, &wide_zone)
        };
        let found = geometry::meet(site, zone, &plane, REACH);
        let mut words = row.split(' ');
        let relation = words.next().unwrap();
        *counts.entry(relation.to_owned()).or_insert(0) += 1;
        let figure = |word: Option<&str>| word.map_or(0.0, |word| word.parse::<f64>().unwrap());
        let (overlap, distance) = (figure(words.next()), figure(words.next()));
        let letter = found.as_ref().map_or("-", |found| &found.relation.code()[..1]);
        let area = found.as_ref().filter(|found| found.relation != Relation::Touches).map_or(0.0, |found| found.area.0);
        let apart = found.as_ref().map_or(0.0, |found| found.distance);
        let agrees = |found: f64, wanted: f64| (found - wanted).abs() <= (1e-6 * wanted.abs()).max(0.01);
        let balanced = found.as_ref().is_none_or(|found| found.balanced);
        if letter != relation || !agrees(area, overlap) || !agrees(apart, distance) || !balanced {
            wrong.push(format!("{number} (kind {}): {letter} {area} {apart} {balanced} for {row}", number % 12));
        }
    }
    assert!(wrong.is_empty(), "{} of {COUNT}:\n{}", wrong.len(), wrong.join("\n"));
    for (relation, least) in [("o", 500), ("t", 200), ("n", 200), ("w", 50), ("c", 30)] {
        assert!(counts.get(relation).is_some_and(|count| *count >= least), "{counts:?}");
    }
}
