//! Sets of stars against a plain overlay of the whole.

use super::*;
use crate::geometry::dice::Dice;
use crate::geometry::{Area, area, joint_area};
use geo::{BooleanOps, Geometry, LineString, Polygon};

impl Dice {
    fn ragged(&mut self, corners: usize, size: f64) -> MultiPolygon {
        let centre = Coord { x: 120.2 + 0.1 * self.roll(), y: 31.4 + 0.1 * self.roll() };
        let mut ring = |scale: f64| {
            let corner = |number: usize, reach: f64| {
                let turn = std::f64::consts::TAU * number as f64 / corners as f64;
                Coord { x: centre.x + reach * turn.cos(), y: centre.y + reach * turn.sin() }
            };
            LineString::new(
                (0..corners).map(|number| corner(number, size * scale * (0.6 + 0.4 * self.roll()))).collect(),
            )
        };
        let (shell, hole) = (ring(1.0), ring(0.4));
        let holes = if self.roll() < 0.3 { vec![hole] } else { vec![] };
        MultiPolygon(vec![Polygon::new(shell, holes)])
    }
}

fn all(_: f32) -> bool {
    true
}

fn measured(shape: &MultiPolygon) -> f64 {
    area(&Geometry::MultiPolygon(shape.clone())).square_metres()
}

fn union(shapes: &[MultiPolygon]) -> MultiPolygon {
    shapes.iter().fold(MultiPolygon(vec![]), |all, next| all.union(next))
}

#[test]
fn figures_agree_with_one_overlay_of_the_whole_and_balance() {
    let mut dice = Dice(20_261_031);
    for (shapes, corners) in [(1, 9), (3, 40), (12, 60), (14, 300)] {
        let old: Vec<MultiPolygon> = (0..shapes).map(|_| dice.ragged(corners, 0.03)).collect();
        // a third stays, a third is moved a little, a third is another
        let new: Vec<MultiPolygon> = old
            .iter()
            .enumerate()
            .map(|(number, shape)| match number % 3 {
                1 => geo::MapCoords::map_coords(shape, |at| Coord { x: at.x + 0.001, y: at.y - 0.0005 }),
                2 => dice.ragged(corners, 0.03),
                _ => shape.clone(),
            })
            .collect();
        let prepare = |shapes: &[MultiPolygon]| shapes.iter().map(PreparedShape::of_polygons).collect::<Vec<_>>();
        let (before, after) = (prepare(&old), prepare(&new));
        let (before, after) = (before.iter().collect::<Vec<_>>(), after.iter().collect::<Vec<_>>());
        let pairs: Vec<Group> =
            (0..shapes).map(|place| Group { old: vec![place], new: vec![place], against_all: true }).collect();
        let found = compare(&before, &after, &pairs, &all).unwrap();
        assert_eq!(found.doubtful, 0);
        assert!(found.total.error() < 0.01, "{:?}", found.total);
        let (a, b) = (union(&old), union(&new));
        // geo works on a grid of a tenth of a millimetre here
        let near = |one: f64, other: f64| (one - other).abs() < 1.0 + 1e-7 * other;
        for (figure, shape) in [
            (found.total.old, &a),
            (found.total.new, &b),
            (found.total.lost, &a.difference(&b)),
            (found.total.gained, &b.difference(&a)),
            (found.total.unchanged, &a.intersection(&b)),
        ] {
            assert!(near(figure, measured(shape)), "{figure} for {}", measured(shape));
        }
        assert!((measured(&found.lost) - found.total.lost).abs() < 0.01);
        assert!((measured(&found.gained) - found.total.gained).abs() < 0.01);
        for ((pair, old), new) in found.groups.iter().zip(&old).zip(&new) {
            assert!(pair.own.error() < 0.01, "{:?}", pair.own);
            assert!(near(pair.own.lost, measured(&old.difference(new))));
            assert!(near(pair.uncovered, measured(&old.difference(&b))));
            assert!(near(pair.newly_covered, measured(&new.difference(&a))));
        }
        let both = joint_area([&found.lost, &found.gained].map(|shape| (shape, Area(measured(shape)))));
        assert!((both.area.square_metres() - found.total.lost - found.total.gained).abs() < 0.5);
    }
}

#[test]
fn what_stays_loses_nothing_and_seams_leave_no_mark() {
    let mut dice = Dice(7);
    let shape = dice.ragged(6_000, 0.04);
    let prepared = PreparedShape::of_polygons(&shape);
    let same = compare(&[&prepared], &[&prepared], &[], &all).unwrap();
    assert_eq!((same.total.lost, same.total.gained), (0.0, 0.0));
    assert!((same.total.old - measured(&shape)).abs() < 1e-3);
    let gone = compare(&[&prepared], &[], &[], &all).unwrap();
    assert_eq!(gone.lost.0.len(), 1);
    let corners = |shape: &MultiPolygon| shape.0.iter().map(|polygon| polygon.exterior().0.len()).sum::<usize>();
    assert_eq!(corners(&gone.lost), corners(&shape));
    assert!((measured(&gone.lost) - measured(&shape)).abs() < 1e-3);
}

#[test]
fn it_stops_when_it_is_told() {
    let shape = PreparedShape::of_polygons(&Dice(3).ragged(5_000, 0.04));
    assert_eq!(compare(&[&shape], &[], &[], &|_| false), None);
    let nothing = compare(&[], &[], &[Group::default()], &all).unwrap();
    assert_eq!((nothing.total, nothing.groups.len()), (Balance::default(), 1));
}
