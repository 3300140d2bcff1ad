//! Where the water of a site goes: the receiving water, the network below, and what is said of them.

use redline_atlas::atlas::{Atlas, Date, Feature, Layer, LayerId, Manifest, Site, Source, Theme, Value};
use redline_atlas::geometry::geo;
use redline_atlas::siting::{Downstream, Ground, Question, Rulebook, check};
use redline_atlas::storage::atlas::open_bundled;
use redline_atlas::waters::{Direction, TraceContext, Waters};
use std::sync::Arc;

fn feature(id: &str, shape: impl Into<geo::Geometry>, values: &[(&str, &str)]) -> Feature {
    let values = values.iter().map(|(field, word)| ((*field).to_owned(), Value::Text((*word).to_owned()))).collect();
    Feature { id: id.to_owned(), shape: Some(shape.into()), values }
}

fn line(points: &[(f64, f64)]) -> geo::LineString {
    points.iter().copied().collect()
}

fn square(west: f64, south: f64, side: f64) -> geo::Polygon {
    let low = geo::Coord { x: west, y: south };
    geo::Rect::new(low, geo::Coord { x: west + side, y: south + side }).to_polygon()
}

/// A flows east for 28.5 km (pyproj 3.7, GRS 80: 9,500.23 m each tenth of a degree) into a lake; B leaves it half way.
fn town(flow: &[(&str, &str)]) -> Atlas {
    let manifest: Manifest = toml::from_str("title = \"t\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
    let mut a = vec![("name", "示例甲河"), ("flows_to", "L")];
    a.extend(flow);
    let rivers = vec![
        feature("A", line(&[(120.0, 31.5), (120.1, 31.5), (120.2, 31.5), (120.3, 31.5)]), &a),
        feature("B", line(&[(120.1, 31.5), (120.1, 31.4)]), &[("name", "示例乙河"), ("flows_to", "Y")]),
    ];
    let section = |id: &str, x: f64, y: f64, river: &str| {
        feature(id, geo::Point::new(x, y), &[("river", river), ("level", "national")])
    };
    let sections = vec![
        section("S1", 120.2, 31.5, "A"),
        section("S2", 120.1, 31.45, "B"),
        section("S0", 120.02, 31.5, "A"),
        section("S3", 120.3, 31.5, "A"),
    ];
    let lake = feature("L", square(120.299, 31.45, 0.1), &[("name", "示例湖")]);
    let source = feature("W", geo::Point::new(120.35, 31.5), &[("name", "示例水源"), ("group", "W"), ("kind", "lake")]);
    let layers = [
        (Theme::Rivers, rivers),
        (Theme::MonitoringSections, sections),
        (Theme::Lakes, vec![lake]),
        (Theme::WaterSources, vec![source]),
    ];
    let layers = (0..).zip(layers).map(|(number, (theme, features))| {
        Arc::new(Layer::new(LayerId(number), theme, theme.code().into(), Source::default(), features))
    });
    Atlas { manifest, layers: layers.collect(), governance: None }
}

fn below(atlas: &Atlas, shape: geo::Polygon, km: f64) -> Option<Downstream> {
    let site = Site { id: "1".into(), shape: geo::MultiPolygon(vec![shape]), ..Site::default() };
    let as_of: Date = "2026-10-31".parse().unwrap();
    let question = Question { downstream_km: km, kind: Some("chemical".into()), ..Question::on(as_of) };
    check(&site, &Ground::new(atlas), Rulebook::bundled(), &question).downstream
}

fn sections(answer: &Downstream) -> Vec<(&str, i64)> {
    answer.sections.iter().map(|section| (section.id.as_str(), section.distance_m.round() as i64)).collect()
}

/// The site lies 1 km north of A at 120.05° E: 4,750.1 m below its source.
#[test]
fn sections_and_sources_are_told_with_their_way_along_the_water_and_no_further_than_asked() {
    let atlas = town(&[]);
    let site = || square(120.0495, 31.509, 0.001);
    let near = below(&atlas, site(), 10.0).unwrap();
    assert_eq!((near.water.id.as_str(), near.water.theme), ("A", Theme::Rivers));
    assert!((near.distance_m - 997.9).abs() < 1.0, "{}", near.distance_m);
    // to the fork 4,750 m, then 5,544 m down B; S0 lies upstream, S1 14,250 m down
    assert_eq!(sections(&near), [] as [(&str, i64); 0]);
    let far = below(&atlas, site(), 15.0).unwrap();
    let [(first, along_b), (second, along_a)] = sections(&far)[..] else { panic!("{far:#?}") };
    assert_eq!((first, second), ("S2", "S1"));
    assert!((along_b - (4_750 + 5_544)).abs() <= 50 && (along_a - (4_750 + 9_500)).abs() <= 50, "{far:?}");
    assert!(far.direction_known && far.water_sources.is_empty() && far.within_km == 15.0);
    let all = below(&atlas, site(), 40.0).unwrap();
    assert_eq!(sections(&all).len(), 3);
    let source = &all.water_sources[0];
    assert_eq!((source.id.as_str(), all.water_sources.len()), ("W", 1));
    assert!((source.distance_m - 23_750.0).abs() < 50.0 && source.across_m.is_some(), "{source:?}");
    assert!(below(&atlas, site(), 0.0).is_none());
}

#[test]
fn where_the_flow_is_not_known_both_ways_are_followed_and_it_is_said() {
    let answer = below(&town(&[("flow", "two_way")]), square(120.0495, 31.509, 0.001), 10.0).unwrap();
    assert!(!answer.direction_known);
    assert_eq!(sections(&answer).iter().map(|(id, _)| *id).collect::<Vec<_>>(), ["S0"]);
}

#[test]
fn a_lake_that_is_nearer_than_any_river_receives() {
    let answer = below(&town(&[]), square(120.32, 31.5505, 0.001), 10.0).unwrap();
    assert_eq!((answer.water.id.as_str(), answer.water.theme), ("L", Theme::Lakes));
    assert_eq!(answer.water_sources.len(), 1);
    assert!(answer.reaches.is_empty() && answer.chief.is_none() && answer.class_now.is_none());
}

#[test]
fn the_answer_is_that_of_the_records_and_of_a_trace_from_the_same_place() {
    let atlas = open_bundled().unwrap();
    let answer = below(&atlas, square(120.2, 31.6, 0.003), 12.0).unwrap();
    let waters = Waters::new(&atlas);
    let summary = waters.summary(&atlas, &answer.water.id, "2026-10-31".parse().unwrap()).unwrap();
    assert_eq!(answer.class_now, summary.current.as_ref().unwrap().class);
    assert_eq!((answer.class_target, answer.below_target), (summary.target, summary.meets.map(|meets| !meets)));
    assert!(answer.chief.is_some() && summary.chiefs.contains(answer.chief.as_ref().unwrap()));
    assert_eq!(answer.discharges_below_target, answer.below_target == Some(true));
    let from = geo::Coord { x: answer.from[0], y: answer.from[1] };
    let start = waters.network.snap(from, Some(&answer.water.id)).unwrap();
    let context = TraceContext { atlas: &atlas, network: &waters.network };
    let trace = context.trace(&start, Direction::Down, 12_000.0).unwrap();
    assert!((trace.length_m - answer.length_m).abs() < 0.1);
    assert_eq!(trace.sections.len(), answer.sections.len());
    assert_eq!(trace.sources, answer.water_sources);
}

/// The water, its class and the sections do not depend on what kind of project it is; the hint does.
#[test]
fn only_a_project_that_discharges_is_warned_of_a_water_that_is_worse_than_due() {
    let atlas = open_bundled().unwrap();
    let ground = Ground::new(&atlas);
    let as_of: Date = "2026-10-31".parse().unwrap();
    let places = (0..12).flat_map(|x| (0..12).map(move |y| (119.7 + 0.07 * f64::from(x), 31.3 + 0.05 * f64::from(y))));
    let (mut warned, mut quiet) = (0, 0);
    for (x, y) in places {
        let site = Site { shape: geo::MultiPolygon(vec![square(x, y, 0.002)]), ..Site::default() };
        let answer = |kind: &str| {
            let question = Question { kind: Some(kind.into()), ..Question::on(as_of) };
            check(&site, &ground, Rulebook::bundled(), &question).downstream
        };
        let (Some(dirty), Some(clean)) = (answer("chemical"), answer("housing")) else { continue };
        assert_eq!(dirty.water, clean.water);
        assert!(!clean.discharges_below_target);
        if dirty.discharges_below_target { warned += 1 } else { quiet += 1 }
    }
    assert!(warned > 0 && quiet > 0, "{warned} {quiet}");
}
