//! Statutory belts for reference: against figures computed by other means (tests/data/belts/oracle.py), and what they do
//! to a verdict.

use redline_atlas::atlas::{
    Atlas, Date, Feature, Layer, LayerId, Manifest, ManifestLayer, Quality, Site, Source, Theme, Value,
};
use redline_atlas::geometry::{GaussKruger, PreparedShape, area, geo};
use redline_atlas::siting::{
    Consequence, Finding, Ground, Question, Reason, Rulebook, Status, ThemeCheck, Verdict, check,
};
use redline_atlas::storage::{atlas::open_bundled, layer::fingerprint};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

#[test]
fn belts_agree_with_geos_proj_and_a_walk_over_every_vertex() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expected = std::fs::read(root.join("tests/data/belts/expected.json")).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&expected).unwrap();
    for (theme, made_for) in document["sha256"].as_object().unwrap() {
        let bytes = std::fs::read(root.join(format!("maps/wuxi/{theme}.geojson"))).unwrap();
        assert_eq!(fingerprint(&bytes), made_for.as_str().unwrap(), "maps/wuxi/{theme}.geojson has changed");
    }
    let (ground, book) = (Ground::new(&open_bundled().unwrap()), Rulebook::bundled());
    let rows = document["rows"].as_array().unwrap();
    assert_eq!(rows.len(), book.statutes.len());
    let mut compared = 0;
    for (row, statute) in rows.iter().zip(&book.statutes) {
        assert_eq!(row["id"].as_str(), Some(statute.id.as_str()));
        let (layer, whole) = ground.whole_zone(statute, book);
        let found = area(&geo::Geometry::MultiPolygon(whole.clone())).0;
        let wanted = row["area_m2"].as_f64().unwrap();
        // an arc may run a decimetre inside of its circle, along a border of hundreds of kilometres
        assert!((found - wanted).abs() <= 3e-5 * wanted, "{}: {found} for {wanted}", statute.id);
        let mut lengths = BTreeMap::<&str, f64>::new();
        for feature in layer.layer.features() {
            if let Some(metres) = feature.number("length_m") {
                *lengths.entry(&feature.id).or_default() += metres;
            }
        }
        let wanted = row["lengths_m"].as_object().unwrap();
        // a stretch all of whose belt belongs to a stricter zone is left out
        let is_whole = statute.less.is_empty();
        assert!(lengths.len() == wanted.len() || !is_whole && lengths.len() + 9 > wanted.len(), "{lengths:?}");
        for (river, metres) in wanted.iter().filter(|(river, _)| is_whole || lengths.contains_key(river.as_str())) {
            let found = lengths[river.as_str()];
            assert!((found - metres.as_f64().unwrap()).abs() < 0.05, "{} {river}: {found} for {metres}", statute.id);
        }
        let shape = PreparedShape::of_polygons(&whole);
        for point in row["points"].as_array().unwrap() {
            let place = geo::Coord { x: point[0].as_f64().unwrap(), y: point[1].as_f64().unwrap() };
            assert_eq!(shape.encloses(place), point[2].as_i64() == Some(1), "{} {place:?}", statute.id);
            compared += 1;
        }
    }
    assert!(compared >= 8_000, "{compared}");
}

/// A metre north is 1/110,850 of a degree at 31.5° N, a metre east 1/95,000.
fn east(metres: f64) -> f64 {
    metres / 95_000.0
}

fn north(metres: f64) -> f64 {
    metres / 110_850.0
}

fn rect(west: f64, south: f64, width: f64, height: f64) -> geo::Polygon {
    geo::Rect::new(geo::Coord { x: west, y: south }, geo::Coord { x: west + width, y: south + height }).to_polygon()
}

fn feature(id: &str, shape: impl Into<geo::Geometry>, values: &[(&str, Value)]) -> Feature {
    let values = values.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    Feature { id: id.to_owned(), shape: Some(shape.into()), values }
}

fn word(word: &str) -> Value {
    Value::Text(word.to_owned())
}

const SHORE: f64 = 120.0;
const SOUTH: f64 = 31.5;

/// 太湖 west of 120° E, and a river of 30 km that flows into it from the east along a parallel.
fn river(latitude: f64) -> Feature {
    let course: geo::LineString =
        (0..=30).rev().map(|km| (SHORE + east(1_000.0 * f64::from(km)), latitude)).collect::<Vec<_>>().into();
    feature(
        "R1",
        course,
        &[
            ("name", word("直湖港")),
            ("flows_to", word("LAKE")),
            ("width_m", Value::Real(40.0)),
            ("grade", word("county")),
        ],
    )
}

fn town(rivers: Option<Vec<Feature>>, more: Vec<(Theme, Vec<Feature>)>) -> Atlas {
    let mut manifest: Manifest = toml::from_str("title = \"t\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
    let lake = feature("LAKE", rect(SHORE - 0.2, 31.3, 0.2, 0.4), &[("name", word("太湖"))]);
    let everywhere = feature("CITY", rect(119.5, 31.0, 1.5, 1.0), &[("name", word("示例市"))]);
    let mut themes = vec![(Theme::Districts, vec![everywhere]), (Theme::Lakes, vec![lake])];
    themes.extend(rivers.map(|rivers| (Theme::Rivers, rivers)));
    themes.extend(more);
    let layers: Vec<Arc<Layer>> = (0..)
        .zip(themes)
        .map(|(number, (theme, features))| {
            let file = format!("{}.geojson", theme.code());
            manifest.layers.push(ManifestLayer {
                theme,
                file: file.clone(),
                title: theme.code().into(),
                quality: Quality::Schematic,
                ..toml::from_str("theme = \"other\"\nfile = \"\"\ntitle = \"\"\nquality = \"schematic\"").unwrap()
            });
            let source =
                Source { file, sha256: format!("sum of {}", theme.code()), version: "7".into(), ..Source::default() };
            Arc::new(Layer::new(LayerId(number), theme, theme.code().into(), source, features))
        })
        .collect();
    Atlas { manifest, layers, governance: None }
}

/// A square of 100 m whose south-western corner lies so many metres from the mouth.
fn site(east_m: f64, north_m: f64) -> Site {
    let shape = rect(SHORE + east(east_m), SOUTH + north(north_m), east(100.0), north(100.0)).into();
    Site { id: "1".into(), name: "示例项目".into(), shape, ..Site::default() }
}

fn question(kind: &str, day: &str, near_m: f64) -> Question {
    let as_of: Date = day.parse().unwrap();
    Question { near_m, kind: Some(kind.to_owned()), ..Question::on(as_of) }
}

fn judged(atlas: &Atlas, site: &Site, kind: &str) -> Verdict {
    check(site, &Ground::new(atlas), Rulebook::bundled(), &question(kind, "2026-11-01", 500.0))
}

fn row<'a>(verdict: &'a Verdict, theme: &str) -> &'a ThemeCheck {
    verdict.checks.iter().find(|check| check.theme == theme).unwrap()
}

fn found<'a>(verdict: &'a Verdict, theme: &str) -> Vec<&'a Finding> {
    verdict.findings.iter().filter(|finding| finding.theme == theme && finding.relation.shares_ground()).collect()
}

#[test]
fn moving_a_river_moves_the_belt_and_the_verdict_and_the_finding_says_what_it_was_computed_from() {
    let near_river = site(8_000.0, 300.0);
    let before = town(Some(vec![river(SOUTH)]), vec![]);
    let ground = Ground::new(&before);
    let asked = question("chemical", "2026-11-01", 500.0);
    let verdict = check(&near_river, &ground, Rulebook::bundled(), &asked);
    let first = found(&verdict, "taihu_shore");
    assert_eq!((first.len(), first[0].consequence), (1, Consequence::Restricted), "{verdict:#?}");
    assert_eq!((first[0].layer, first[0].name.as_str(), first[0].belt_m), (Theme::Rivers, "直湖港", Some(1_020.0)));
    assert!(row(&verdict, "taihu_shore").reference && first[0].zone_share.is_none());
    let basis: Vec<_> =
        first[0].basis.iter().map(|one| (one.file.as_str(), one.version.as_str(), one.sha256.as_str())).collect();
    assert_eq!(basis, [("rivers.geojson", "7", "sum of rivers"), ("lakes.geojson", "7", "sum of lakes")]);
    let stretch = first[0].stretch.as_ref().unwrap();
    assert!((stretch.length_m - 10_000.0).abs() < 0.02 && stretch.direction_known, "{stretch:?}");
    // the river 5 km further north: the same ground, renewed, answers anew
    let after = town(Some(vec![river(SOUTH + north(5_000.0))]), vec![]);
    let verdict = check(&near_river, &ground.renewed(&after), Rulebook::bundled(), &asked);
    assert!(found(&verdict, "taihu_shore").is_empty());
    assert_eq!(row(&verdict, "taihu_shore").status, Status::NotInvolved);
}

#[test]
fn a_site_is_in_the_class_that_its_way_along_the_river_says() {
    let atlas = town(Some(vec![river(SOUTH)]), vec![]);
    for (east_m, north_m, first, second) in [
        (4_800.0, 4_000.0, true, false),
        (5_200.0, 4_000.0, false, false),
        (9_900.0, -500.0, true, false),
        (12_500.0, 850.0, false, true),
        (12_500.0, 1_050.0, false, false),
        (29_000.0, 0.0, false, true),
    ] {
        let verdict = judged(&atlas, &site(east_m, north_m), "industry");
        let is_in = |theme: &str| !found(&verdict, theme).is_empty();
        assert_eq!((is_in("taihu_shore"), is_in("taihu_second")), (first, second), "{east_m} {north_m}");
    }
}

#[test]
fn official_polygons_decide_and_the_belt_is_not_used() {
    let class = |number: i64, west: f64| {
        let zone = rect(SHORE + east(west), SOUTH - 0.1, east(2_000.0), 0.2);
        feature("Z", zone, &[("protection_class", Value::Integer(number))])
    };
    let zones = vec![class(1, 20_000.0), class(2, 22_000.0)];
    let atlas = town(Some(vec![river(SOUTH)]), vec![(Theme::TaihuZones, zones)]);
    let in_the_belt = judged(&atlas, &site(3_000.0, 0.0), "chemical");
    assert!(found(&in_the_belt, "taihu_shore").is_empty());
    assert!(!row(&in_the_belt, "taihu_shore").reference);
    let in_the_zone = judged(&atlas, &site(20_500.0, 0.0), "chemical");
    let first = found(&in_the_zone, "taihu_shore");
    assert_eq!((first.len(), first[0].layer, first[0].belt_m), (1, Theme::TaihuZones, None));
    assert_eq!(first[0].consequence, Consequence::Prohibited);
    assert!(first[0].basis.is_empty());
    assert!(found(&in_the_zone, "taihu_second").is_empty());
}

#[test]
fn a_belt_has_its_days_and_its_neighbours() {
    let water = feature("Y", rect(120.1, 31.9, 0.2, 0.05), &[("name", word("长江"))]);
    let atlas = town(Some(vec![river(SOUTH)]), vec![(Theme::Yangtze, vec![water])]);
    let ground = Ground::new(&atlas);
    let below = Site { shape: rect(120.15, 31.9 - north(900.0), east(100.0), north(100.0)).into(), ..site(0.0, 0.0) };
    let on = |day: &str| check(&below, &ground, Rulebook::bundled(), &question("chemical", day, 500.0));
    assert_eq!(found(&on("2026-11-01"), "yangtze_chemical").len(), 1);
    let before = on("2020-12-31");
    let row_before = row(&before, "yangtze_chemical");
    assert_eq!((row_before.status, row_before.reason), (Status::NotInvolved, Reason::NotInForce));
    assert!(found(&before, "yangtze_chemical").is_empty());
    // 300 m beyond the belt of 5 km round the lake
    let beyond = site(5_300.0, 5_000.0);
    for (near_m, listed) in [(500.0, 1), (200.0, 0)] {
        let verdict = check(&beyond, &ground, Rulebook::bundled(), &question("industry", "2026-11-01", near_m));
        let near: Vec<_> = verdict.findings.iter().filter(|finding| finding.theme == "taihu_shore").collect();
        assert_eq!(near.len(), listed, "{near_m}");
        assert!(near.iter().all(|finding| (finding.distance_m - 300.0).abs() < 10.0), "{near:?}");
        assert!((row(&verdict, "taihu_shore").nearest.as_ref().unwrap().distance_m - 300.0).abs() < 10.0);
    }
}

#[test]
fn what_a_belt_cannot_be_computed_from_leaves_its_theme_unchecked() {
    // no rivers: the shore is known, the inflow rivers are not
    let without = town(None, vec![]);
    assert_eq!(row(&judged(&without, &site(3_000.0, 0.0), "industry"), "taihu_shore").status, Status::Involved);
    let beyond = judged(&without, &site(8_000.0, 0.0), "industry");
    let answer = row(&beyond, "taihu_shore");
    assert_eq!((answer.status, answer.reason), (Status::Unchecked, Reason::NotLoaded));
    // a river of which no width is told has no management belt, and is not clear of one either
    let mut narrow = river(SOUTH);
    narrow.values.retain(|(field, _)| field != "width_m");
    let atlas = town(Some(vec![narrow]), vec![]);
    let beside = judged(&atlas, &site(15_000.0, 200.0), "industry");
    let answer = row(&beside, "river_management");
    assert_eq!((answer.status, answer.reason), (Status::Unchecked, Reason::Unusable));
    let statute = Rulebook::bundled().statute("river_management").unwrap();
    assert!(Ground::new(&atlas).whole_zone(statute, Rulebook::bundled()).1.0.is_empty());
    // told by the layer itself
    let mut told = river(SOUTH);
    told.values.push(("management_m".into(), Value::Real(250.0)));
    let atlas = town(Some(vec![told]), vec![]);
    assert_eq!(found(&judged(&atlas, &site(15_000.0, 200.0), "industry"), "river_management").len(), 1);
    // no tributary is named: nothing is invented
    let tributary = judged(&atlas, &site(15_000.0, 200.0), "chemical");
    assert_eq!(row(&tributary, "yangtze_tributary").status, Status::Unchecked);
}

#[test]
fn a_river_of_unknown_flow_counts_both_ways_and_says_so() {
    let mut silent = river(SOUTH);
    silent.values.retain(|(field, _)| field != "flows_to");
    if let Some(geo::Geometry::LineString(course)) = &mut silent.shape {
        course.0.reverse();
    }
    let verdict = judged(&town(Some(vec![silent]), vec![]), &site(8_000.0, 300.0), "industry");
    let first = found(&verdict, "taihu_shore");
    assert!(!first[0].stretch.as_ref().unwrap().direction_known);
}

#[test]
fn ground_of_the_second_class_ends_where_that_of_the_first_begins() {
    let (ground, book) = (Ground::new(&open_bundled().unwrap()), Rulebook::bundled());
    let whole = |id: &str| PreparedShape::of_polygons(&ground.whole_zone(book.statute(id).unwrap(), book).1);
    let [first, second, third] = ["taihu_first", "taihu_second", "taihu_third"].map(whole);
    let plane = GaussKruger::three_degree(120.0).unwrap();
    for (one, two) in [(&first, &second), (&first, &third), (&second, &third)] {
        let shared = redline_atlas::geometry::meet(one, two, &plane, 0.0).map_or(0.0, |meeting| meeting.area.0);
        // a tenth of a millimetre along borders of hundreds of kilometres
        assert!(shared < 60.0, "{shared}");
    }
}
