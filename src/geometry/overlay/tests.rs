//! Overlaps, relations and distances against plain computations.

use super::*;
use crate::geometry::dice::Dice;
use geo::{BooleanOps, Contains, Geometry};

impl Dice {
    /// A star with up to one hole, some hundred metres across.
    fn star(&mut self, points: usize) -> Polygon {
        let centre = Coord { x: self.between(120.28, 120.32), y: self.between(31.58, 31.62) };
        let size = self.between(0.0005, 0.02);
        let mut ring = |scale: f64| {
            let at = |number: usize, reach: f64| {
                let angle = std::f64::consts::TAU * number as f64 / points as f64;
                Coord { x: centre.x + reach * angle.cos(), y: centre.y + reach * angle.sin() }
            };
            LineString::new((0..points).map(|number| at(number, size * scale * self.between(0.5, 1.0))).collect())
        };
        let outer = ring(1.0);
        let hole = ring(0.45);
        let holes = if self.roll() < 0.4 { vec![hole] } else { vec![] };
        Polygon::new(outer, holes)
    }
}

fn plane() -> GaussKruger {
    GaussKruger::three_degree(120.3).unwrap()
}

fn prepared(shape: &Polygon) -> PreparedShape {
    PreparedShape::of_polygons(&MultiPolygon(vec![shape.clone()]))
}

#[test]
fn overlap_of_what_was_cut_is_that_of_the_whole() {
    let mut dice = Dice(20_261_031);
    let plane = plane();
    let mut met = 0;
    for round in 0..400 {
        let site = dice.star(4 + round % 40);
        let zone = dice.star(4 + (round * 7) % 300);
        let found = meet(&prepared(&site), &prepared(&zone), &plane, 0.0);
        let frame = Frame::at(site.exterior().0[0]);
        let direct = frame.polygon_in(&site).intersection(&frame.polygon_in(&zone));
        let direct = MultiPolygon(direct.0.iter().map(|polygon| frame.polygon_out(polygon)).collect());
        let expected = measure::area(&Geometry::MultiPolygon(direct)).0;
        let area = found.as_ref().map_or(0.0, |found| found.area.0);
        assert!((area - expected).abs() <= (1e-6 * expected).max(0.05), "{round}: {area} for {expected}");
        met += usize::from(found.is_some_and(|found| found.balanced && found.relation.shares_ground()));
    }
    assert!(met > 100, "{met}");
}

#[test]
fn inside_and_around_are_two_sides_of_one_relation() {
    let mut dice = Dice(142);
    let plane = plane();
    let mut inside = 0;
    for _ in 0..600 {
        let (one, other) = (dice.star(12), dice.star(9));
        let (a, b) = (prepared(&one), prepared(&other));
        let (there, back) = (meet(&a, &b, &plane, 5_000.0), meet(&b, &a, &plane, 5_000.0));
        let relation = |found: &Option<Meeting>| found.as_ref().map(|found| found.relation);
        let turned = match relation(&there) {
            Some(Relation::Within) => Some(Relation::Contains),
            Some(Relation::Contains) => Some(Relation::Within),
            same => same,
        };
        assert_eq!(relation(&back), turned);
        inside += usize::from(relation(&there) == Some(Relation::Within));
        assert_eq!(relation(&there) == Some(Relation::Within), other.contains(&one));
        if let (Some(there), Some(back)) = (there, back) {
            assert!((there.distance - back.distance).abs() < 1e-6);
            assert!((there.area.0 - back.area.0).abs() < 0.05);
        }
    }
    assert!(inside > 4, "{inside}");
}

#[test]
fn the_nearest_points_are_nearer_than_any_others() {
    let mut dice = Dice(5);
    let plane = plane();
    let mut apart = 0;
    for _ in 0..60 {
        let (one, other) = (dice.star(30), dice.star(50));
        let Some(found) = meet(&prepared(&one), &prepared(&other), &plane, 10_000.0) else { continue };
        if found.relation != Relation::Near {
            continue;
        }
        apart += 1;
        let points = |polygon: &Polygon| {
            let edges: Vec<geo::Line> = polygon.exterior().lines().collect();
            edges
                .into_iter()
                .flat_map(|edge| (0..8).map(move |step| edge.start + edge.delta() * (f64::from(step) / 8.0)))
        };
        let brute = points(&one)
            .flat_map(|a| points(&other).map(move |b| measure::distance(a, b)))
            .fold(f64::INFINITY, f64::min);
        assert!(found.distance <= brute + 1e-6, "{} {brute}", found.distance);
        let longest = |polygon: &Polygon| {
            polygon.exterior().lines().map(|edge| measure::distance(edge.start, edge.end)).fold(0.0, f64::max)
        };
        assert!(found.distance >= brute - (longest(&one) + longest(&other)) / 8.0);
        let (a, b) = found.nearest.unwrap();
        assert!((measure::distance(a, b) - found.distance).abs() < 1e-7);
    }
    assert!(apart > 10, "{apart}");
}

#[test]
fn a_line_has_its_length_inside_and_a_border_is_not_inside() {
    let rect = geo::Rect::new(Coord { x: 120.30, y: 31.50 }, Coord { x: 120.31, y: 31.51 });
    let site = prepared(&rect.to_polygon());
    let line = |points: Vec<(f64, f64)>| PreparedShape::new(&Geometry::LineString(LineString::from(points)));
    let plane = plane();
    let through = meet(&site, &line(vec![(120.29, 31.505), (120.32, 31.505)]), &plane, 100.0).unwrap();
    let expected = measure::distance(Coord { x: 120.30, y: 31.505 }, Coord { x: 120.31, y: 31.505 });
    assert_eq!(through.relation, Relation::Overlaps);
    assert!((through.length - expected).abs() < 1e-3);
    let inside = meet(&site, &line(vec![(120.302, 31.505), (120.304, 31.507)]), &plane, 100.0).unwrap();
    assert_eq!(inside.relation, Relation::Contains);
    for border in [
        vec![(120.30, 31.50), (120.31, 31.50)],
        vec![(120.30, 31.50), (120.30, 31.51)],
        vec![(120.305, 31.51), (120.305, 31.52)],
    ] {
        let found = meet(&site, &line(border), &plane, 100.0).unwrap();
        assert_eq!((found.relation, found.length), (Relation::Touches, 0.0));
    }
    let point = PreparedShape::new(&Geometry::Point(geo::Point::new(120.305, 31.505)));
    assert_eq!(meet(&site, &point, &plane, 100.0).unwrap().relation, Relation::Contains);
}

#[test]
fn nothing_panics_whatever_the_numbers() {
    let mut dice = Dice(99);
    let plane = plane();
    let odd = [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e308, -1e308, 0.0, -0.0, 5e-324, 90.0, -90.0, 180.0, 359.9];
    for round in 0..500 {
        let mut ring = |count: usize| {
            let mut point = || {
                let plain = |dice: &mut Dice, middle: f64| match (dice.roll() * 12.0) as usize {
                    0 if round % 3 == 0 => odd[(dice.roll() * odd.len() as f64) as usize],
                    1 => middle,
                    2 => (dice.between(-2.0, 2.0)).round() * 1e-7 + middle,
                    _ => middle + dice.between(-0.01, 0.01),
                };
                Coord { x: plain(&mut dice, 120.3), y: plain(&mut dice, 31.5) }
            };
            LineString::new((0..count).map(|_| point()).collect())
        };
        let shape = |ring: &mut dyn FnMut(usize) -> LineString| {
            MultiPolygon(vec![Polygon::new(ring(round % 11), vec![ring(round % 5)]), Polygon::new(ring(4), vec![])])
        };
        let site = PreparedShape::of_polygons(&shape(&mut ring));
        let zone = PreparedShape::of_polygons(&shape(&mut ring));
        let line = PreparedShape::new(&Geometry::LineString(ring(5)));
        for thing in [&zone, &line] {
            if let Some(found) = meet(&site, thing, &plane, 1_000.0) {
                assert!(found.area.0.is_finite() && found.distance.is_finite());
                // no more can be shared than is there
                assert!(found.area.0 <= site.area().0 * (1.0 + 1e-6) + 1.0, "{round}");
            }
            site.bounds().and_then(|around| crate::geometry::belt(thing, around, 10.0, &plane));
        }
    }
}

#[test]
fn a_sliver_thin_on_the_whole_is_ground_where_it_is_wide_at_one_end() {
    let frame = Frame::at(Coord { x: 120.3, y: 31.5 });
    let shape = |corners: &[(f64, f64)]| {
        let ring = corners.iter().map(|(x, y)| frame.out_of_local(Coord { x: *x, y: *y })).collect();
        prepared(&Polygon::new(LineString::new(ring), vec![]))
    };
    let zone = shape(&[(-1_000.0, -500.0), (2_000.0, -500.0), (2_000.0, 0.0), (-1_000.0, 0.0)]);
    // dips over the border by so much along a kilometre, and to so much at its end
    let site = |along: f64, end: f64| {
        shape(&[(0.0, -along), (990.0, -along), (1_000.0, -end), (1_000.0, 300.0), (0.0, 300.0)])
    };
    for (along, end, relation) in [
        (0.0004, 0.0004, Relation::Touches),
        (0.0004, 0.0006, Relation::Touches),
        (0.0004, 0.016, Relation::Overlaps),
        (0.0001, 0.008, Relation::Overlaps),
        (0.003, 0.003, Relation::Overlaps),
    ] {
        let found = meet(&site(along, end), &zone, &plane(), 10.0).unwrap();
        assert_eq!(found.relation, relation, "{along} {end}: {found:?}");
        let back = meet(&zone, &site(along, end), &plane(), 10.0).unwrap();
        assert_eq!(back.relation, relation, "{along} {end}");
    }
    // and so is what sticks out of a zone
    let within = |out: f64| shape(&[(0.0, -300.0), (1_000.0, -300.0), (1_000.0, out), (990.0, 0.0004), (0.0, 0.0004)]);
    assert_eq!(meet(&within(0.0006), &zone, &plane(), 10.0).unwrap().relation, Relation::Within);
    assert_eq!(meet(&within(0.016), &zone, &plane(), 10.0).unwrap().relation, Relation::Overlaps);
}
