//! Drawn outlines against PROJ and GEOS: corridors, circles, and shapes turned, scaled and moved. Figures and their
//! origin: tests/data/shaping.

use redline_atlas::geometry::geo::{Contains, Coord, Geometry, LineString, MultiPolygon, Point, Polygon};
use redline_atlas::geometry::{Ends, Form, Motion, area, distance};
use serde_json::Value;

fn expected() -> Value {
    serde_json::from_str(include_str!("../data/shaping/expected.json")).unwrap()
}

fn place(value: &Value) -> Coord {
    Coord { x: value[0].as_f64().unwrap(), y: value[1].as_f64().unwrap() }
}

fn places(value: &Value) -> Vec<Coord> {
    value.as_array().unwrap().iter().map(place).collect()
}

/// An arc is drawn by chords within 2 cm of it, a large circle by 720 of them: at most that much of its area is missing.
fn meets(form: &Form, case: &Value, arc_length: f64, chord: f64) {
    let shape = form.shape().unwrap();
    let found = area(&Geometry::MultiPolygon(shape.clone())).square_metres();
    let expected = case["area_m2"].as_f64().unwrap();
    let slack = chord * arc_length + 2e-6 * expected;
    assert!((found - expected).abs() <= slack, "{found} for {expected}, slack {slack}: {form:?}");
    let probes = case["probes"].as_array().unwrap();
    assert!(probes.len() > 20);
    for probe in probes {
        let inside = shape.contains(&Point(place(probe)));
        assert_eq!(inside, probe[2].as_bool().unwrap(), "{probe} of {form:?}");
    }
}

#[test]
fn a_corridor_is_the_ground_within_half_its_width_of_the_line() {
    for case in expected()["corridors"].as_array().unwrap() {
        let line = LineString::new(places(&case["line"]));
        let width = case["width"].as_f64().unwrap();
        let ends = if case["ends"] == "flat" { Ends::Flat } else { Ends::Round };
        let bends = line.0.len() as f64 * std::f64::consts::PI * width / 2.0;
        let form = Form::Corridor { line, width, ends };
        meets(&form, case, bends, 0.02);
        let shape = form.shape().unwrap();
        assert_eq!(shape.0.len(), 1);
        assert_eq!(shape.0[0].interiors().len() as u64, case["holes"].as_u64().unwrap(), "{form:?}");
    }
}

#[test]
fn a_circle_is_the_ground_within_its_radius() {
    for case in expected()["circles"].as_array().unwrap() {
        let radius = case["radius"].as_f64().unwrap();
        let form = Form::Circle { centre: place(&case["centre"]), radius };
        let chord = radius * (1.0 - (std::f64::consts::PI / 720.0).cos());
        meets(&form, case, std::f64::consts::TAU * radius, chord.max(0.02));
    }
}

#[test]
fn turning_scaling_and_moving_lead_to_the_same_places() {
    for case in expected()["motions"].as_array().unwrap() {
        let ring = LineString::new(places(&case["ring"]));
        let shape = MultiPolygon(vec![Polygon::new(ring, vec![])]);
        let figure = |name: &str| case[name].as_f64().unwrap();
        let motion = Motion {
            from: place(&case["pivot"]),
            to: place(&case["to"]),
            turn: figure("turn"),
            stretch: figure("stretch"),
        };
        let after = motion.shape(&shape);
        for (found, expected) in after.0[0].exterior().0.iter().zip(places(&case["after"])) {
            let off = distance(*found, expected);
            assert!(off < 1e-4, "{off} m off: {case}");
        }
    }
}
