//! How firmly findings stand: a labelled set of thin conflicts, shared borders and borders drawn twice, and what may never
//! happen to a true conflict.
//!
//! The labels follow from how each case is made, in a plane of metres: a conflict reaches over the border by more than
//! two drawings of one border differ, a shared border by nothing, a second drawing by no more than half of that on either
//! side. Nothing of the judgement is used in making them.

use crate::dice::Dice;
use redline_atlas::atlas::{
    Atlas, Feature, Layer, LayerId, Manifest, ManifestLayer, Quality, Site, Source, Theme, Value,
};
use redline_atlas::geometry::geo::{Coord, LineString, MultiPolygon, Polygon};
use redline_atlas::geometry::{GaussKruger, PlanePoint};
use redline_atlas::siting::{CertaintyGrade, CertaintyReason, Consequence, Finding, Ground, Question, Rulebook, check};
use std::sync::Arc;

/// Nearly a full turn.
const ROUND: f64 = 628.0 / 100.0;
/// Two drawings of one border differ by no more than this (assets/standard/accuracy.toml).
const DRAWING: f64 = 0.5;
/// The accuracy told for the zones of this set.
const ACCURACY: f64 = 2.0;

/// What a case is made to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Conflict,
    SharedBorder,
    DrawnTwice,
}

/// A piece of border in metres, running east with bends, and where it lies.
struct Border {
    points: Vec<(f64, f64)>,
    origin: PlanePoint,
    turn: f64,
}

impl Border {
    fn new(dice: &mut Dice) -> Border {
        let count = 3 + (dice.roll() * 18.0) as usize;
        let step = dice.between(12.0, 60.0);
        let points = (0..count).map(|number| (number as f64 * step, dice.between(-0.15, 0.15) * step)).collect();
        let origin =
            PlanePoint { east: dice.between(500_000.0, 560_000.0), north: dice.between(3_460_000.0, 3_530_000.0) };
        Border { points, origin, turn: dice.between(0.0, ROUND) }
    }

    /// A place of the case as longitude and latitude.
    fn place(&self, (x, y): (f64, f64)) -> Coord {
        let (sine, cosine) = self.turn.sin_cos();
        let at = PlanePoint {
            east: self.origin.east + x * cosine - y * sine,
            north: self.origin.north + x * sine + y * cosine,
        };
        GaussKruger::three_degree(120.0).unwrap().inverse(at).unwrap()
    }

    /// Ground from a border line away to one side.
    fn ground(&self, line: &[(f64, f64)], away: f64) -> MultiPolygon {
        let (first, last) = (line[0], line[line.len() - 1]);
        let mut ring: Vec<(f64, f64)> = line.to_vec();
        ring.extend([(last.0, away), (first.0, away)]);
        MultiPolygon(vec![Polygon::new(ring.into_iter().map(|at| self.place(at)).collect::<LineString>(), vec![])])
    }
}

/// A zone south of the border and a site north of it, as the label says.
fn case(label: Label, dice: &mut Dice) -> (MultiPolygon, MultiPolygon, f64) {
    let border = Border::new(dice);
    let zone = border.ground(&border.points, -400.0);
    let mut over = 0.0;
    let line: Vec<(f64, f64)> = match label {
        Label::SharedBorder => border.points.clone(),
        // each corner drawn anew, and some more or fewer of them
        Label::DrawnTwice => {
            let noise = DRAWING / 2.0;
            let mut line = Vec::new();
            for pair in border.points.windows(2) {
                line.push((
                    pair[0].0 + dice.between(-noise, noise) * 0.7,
                    pair[0].1 + dice.between(-noise, noise) * 0.7,
                ));
                if dice.roll() < 0.3 {
                    let part = dice.between(0.3, 0.7);
                    let at = |a: f64, b: f64| a + (b - a) * part;
                    line.push((at(pair[0].0, pair[1].0), at(pair[0].1, pair[1].1) + dice.between(-noise, noise) * 0.7));
                }
            }
            line.extend(border.points.last());
            line
        }
        // over the border by a strip, along all of it or a part
        Label::Conflict => {
            over = dice.between(1.2 * DRAWING, 6.0);
            let from = (dice.roll() * (border.points.len() - 2) as f64) as usize;
            let mut line: Vec<(f64, f64)> = border.points[from..].to_vec();
            line.iter_mut().for_each(|at| at.1 -= over * 1.1);
            line
        }
    };
    (zone, border.ground(&line, 300.0), over)
}

fn ground(zone: MultiPolygon, accuracy_m: Option<f64>) -> Ground {
    let mut values = vec![
        ("name".into(), Value::Text("示例".into())),
        ("tier".into(), Value::Text("national".into())),
        ("quality".into(), Value::Text("official".into())),
    ];
    values.extend(accuracy_m.map(|metres| ("accuracy_m".into(), Value::Real(metres))));
    let feature = Feature { id: "Z".into(), shape: Some(zone.into()), values };
    let layer = Layer::new(LayerId(1), Theme::RedlineZones, String::new(), Source::default(), vec![feature]);
    let entry = ManifestLayer {
        theme: Theme::RedlineZones,
        file: String::new(),
        title: String::new(),
        title_en: String::new(),
        quality: Quality::Official,
        source: String::new(),
        licence: String::new(),
        expected: None,
        valid_until: None,
        accuracy_m: None,
    };
    let manifest = Manifest {
        title: "示例".into(),
        title_en: String::new(),
        version: "1".into(),
        as_of: "2026-10-31".parse().unwrap(),
        city_area_km2: None,
        city_area_source: String::new(),
        layers: vec![entry],
        governance: None,
    };
    Ground::new(&Atlas { manifest, layers: vec![Arc::new(layer)], governance: None })
}

fn finding(zone: &MultiPolygon, site: &MultiPolygon, accuracy_m: Option<f64>) -> Finding {
    let site = Site { id: "1".into(), shape: site.clone(), kind: "housing".into(), ..Site::default() };
    let question = Question::on("2026-11-01".parse().unwrap());
    let verdict = check(&site, &ground(zone.clone(), accuracy_m), Rulebook::bundled(), &question);
    verdict.of_theme("redline_zones").next().expect("it lies near").clone()
}

#[test]
fn artefacts_and_conflicts_are_told_apart() {
    let mut dice = Dice(20_261_125);
    // [really an artefact][called one]
    let mut counts = [[0_usize; 2]; 2];
    let mut missed = Vec::new();
    for round in 0..1_500 {
        let label = [Label::Conflict, Label::SharedBorder, Label::DrawnTwice][round % 3];
        let (zone, site, over) = case(label, &mut dice);
        let found = finding(&zone, &site, Some(ACCURACY));
        // where nothing, or less than a millimetre, is shared there is no overlap to be judged
        if !found.relation.shares_ground() {
            assert_ne!(label, Label::Conflict, "{round}: {found:?}");
            continue;
        }
        let (really, called) = (label != Label::Conflict, found.certainty_grade == CertaintyGrade::Artefact);
        counts[usize::from(really)][usize::from(called)] += 1;
        if really != called {
            missed.push(format!("{round} {label:?} {over:.2}: {:?} {:?}", found.depth_m, found.certainty_reasons));
        }
        // whatever it is called, what follows from it is the same
        assert_eq!(found.consequence, Consequence::Prohibited, "{round}");
    }
    let [[_, wrong], [unseen, right]] = counts;
    let (precision, recall) = (right as f64 / (right + wrong) as f64, right as f64 / (right + unseen) as f64);
    assert!(right > 300 && counts[0][0] > 400, "{counts:?}");
    assert!(precision >= 0.99 && recall >= 0.99, "{precision} {recall} {counts:?}\n{}", missed.join("\n"));
}

#[test]
fn a_conflict_deeper_than_the_tolerance_is_never_called_less() {
    let mut dice = Dice(7);
    for round in 0..600 {
        let (zone, site, over) = case(Label::Conflict, &mut dice);
        let accuracy = dice.between(0.05, 8.0);
        let found = finding(&zone, &site, Some(accuracy));
        let depth = found.depth_m.unwrap();
        assert_eq!(found.consequence, Consequence::Prohibited);
        assert_ne!(found.certainty_grade, CertaintyGrade::Artefact, "{round} {over}: {found:?}");
        if depth > accuracy {
            assert_eq!(found.certainty_grade, CertaintyGrade::Certain, "{round} {over}: {found:?}");
        }
        if found.certainty_grade == CertaintyGrade::Marginal {
            // not even by the most that it may be, but for the hundredth to which every depth is told
            let told = (0.01 * depth).max(0.01);
            let most = depth + found.depth_tolerance_m.unwrap() - told;
            assert!(most <= accuracy + 0.001, "{round}: {found:?}");
        }
        // a strip along a border is a ridge, along which the search for the deepest place ends early
        assert!(found.depth_tolerance_m.unwrap() <= 0.02 + 1.5 * depth, "{round}: {found:?}");
    }
}

#[test]
fn what_is_not_told_is_assumed_by_the_worth_of_the_data_and_said() {
    let mut dice = Dice(3);
    let (zone, site, _) = case(Label::Conflict, &mut dice);
    let found = finding(&zone, &site, None);
    assert_eq!(found.accuracy_m, 5.0);
    let assumed = CertaintyReason::AccuracyAssumed { quality: Quality::Official, accuracy_m: 5.0 };
    assert!(found.certainty_reasons.contains(&assumed), "{found:?}");
    let told = finding(&zone, &site, Some(0.1));
    assert_eq!((told.accuracy_m, told.certainty_grade), (0.1, CertaintyGrade::Certain));
    assert_eq!(told.certainty_reasons.len(), 1);
}

/// The case of the geometry rule: a border of 19 km along a parallel, straight in degrees on one side and straight in the
/// plane on the other.
#[test]
fn a_long_border_straight_in_two_systems_is_an_artefact_however_deep() {
    let plane = GaussKruger::three_degree(120.0).unwrap();
    let (from, to) = (Coord { x: 120.20, y: 31.40 }, Coord { x: 120.40, y: 31.40 });
    let (a, b) = (plane.forward(from).unwrap(), plane.forward(to).unwrap());
    let at =
        |part: f64| PlanePoint { east: a.east + (b.east - a.east) * part, north: a.north + (b.north - a.north) * part };
    let mut ring: Vec<Coord> = (0..=300).map(|step| plane.inverse(at(f64::from(step) / 300.0)).unwrap()).collect();
    ring.extend([Coord { x: 120.40, y: 31.39 }, Coord { x: 120.20, y: 31.39 }]);
    let site = MultiPolygon(vec![Polygon::new(LineString::new(ring), vec![])]);
    let zone = |south: f64| {
        let corner = |x, y| Coord { x, y };
        let ring = vec![corner(120.20, south), corner(120.40, south), corner(120.40, 31.45), corner(120.20, 31.45)];
        MultiPolygon(vec![Polygon::new(LineString::new(ring), vec![])])
    };
    let found = finding(&zone(31.40), &site, Some(ACCURACY));
    assert_eq!(found.certainty_grade, CertaintyGrade::Artefact, "{found:?}");
    let bend = found.certainty_reasons.iter().find_map(|reason| match reason {
        CertaintyReason::ProjectionChord { bend_m, .. } => Some(*bend_m),
        _ => None,
    });
    assert!((bend.unwrap() - 4.3).abs() < 0.2, "{bend:?}");
    assert!(found.overlap_m2 > 20_000.0 && found.consequence == Consequence::Prohibited);
    // 3 m more of the site over the same border is a conflict
    let found = finding(&zone(31.40 - 3.0 / 110_900.0), &site, Some(ACCURACY));
    assert_eq!(found.certainty_grade, CertaintyGrade::Certain, "{found:?}");
}
