//! The siting check against figures computed by other means (tests/data/siting/oracle.py), and its verdicts.

use redline_atlas::atlas::{
    Atlas, Date, Feature, LandUse, Layer, LayerId, Manifest, Quality, Site, Source, Theme, Value,
};
use redline_atlas::format::{self, ReadOptions};
use redline_atlas::geometry::{self, GaussKruger, PreparedShape, Relation, geo};
use redline_atlas::siting::{Consequence, Grade, Ground, Question, Reason, Rulebook, Status, Verdict, check};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

fn data(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/siting").join(name)).unwrap()
}

fn features(name: &str) -> Vec<Feature> {
    let mut reading = format::read(&data(name), name, &ReadOptions::default()).unwrap();
    reading.layers.remove(0).features
}

/// 1e-6 of the figure or a square centimetre.
fn agrees(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= (1e-6 * expected.abs()).max(0.01)
}

fn compare(sites: &str, expected: &str, things: &HashMap<(String, String), PreparedShape>) {
    let document: serde_json::Value = serde_json::from_slice(&data(expected)).unwrap();
    let reach = document["reach_m"].as_f64().unwrap();
    let sites: HashMap<String, PreparedShape> = features(sites)
        .into_iter()
        .map(|site| (site.id.clone(), PreparedShape::new(site.shape.as_ref().unwrap())))
        .collect();
    let (mut wrong, mut compared, mut worst) = (Vec::new(), 0, 0.0_f64);
    for row in document["rows"].as_array().unwrap() {
        let name = row["site"].as_str().unwrap();
        let site = &sites[name];
        let plane = GaussKruger::three_degree(120.0).unwrap();
        let plane_area = geometry::plane_area(&site.to_polygons(), &plane).0;
        for (what, found, wanted) in [("area", site.area().0, &row["area_m2"]), ("plane", plane_area, &row["plane_m2"])]
        {
            if !agrees(found, wanted.as_f64().unwrap()) {
                wrong.push(format!("{name} {what}: {found} for {wanted}"));
            }
        }
        let mut meets: HashMap<(String, String), &serde_json::Value> = row["meets"]
            .as_array()
            .unwrap()
            .iter()
            .map(|met| ((met["layer"].as_str().unwrap().to_owned(), met["zone"].as_str().unwrap().to_owned()), met))
            .collect();
        for (key, thing) in things {
            let found = geometry::meet(site, thing, &plane, reach);
            let wanted = meets.remove(key);
            let (Some(found), Some(wanted)) = (&found, wanted) else {
                if found.is_some() != wanted.is_some() {
                    wrong.push(format!("{name} {key:?}: {found:?} for {wanted:?}"));
                }
                continue;
            };
            compared += 1;
            let relation = found.relation.code() == wanted["relation"].as_str().unwrap();
            let figures = [
                // what only touches may share slivers thinner than a millimetre
                if found.relation == Relation::Touches { 0.0 } else { found.area.0 },
                if found.relation == Relation::Touches { 0.0 } else { found.plane_area.0 },
                found.distance,
            ];
            let expected = ["overlap_m2", "plane_m2", "distance_m"].map(|field| wanted[field].as_f64().unwrap());
            let same = figures.iter().zip(expected).all(|(found, wanted)| agrees(*found, wanted));
            if expected[0] > 1.0 {
                worst = worst.max((figures[0] / expected[0] - 1.0).abs());
            }
            if !relation || !same || !found.balanced {
                wrong.push(format!("{name} {key:?}: {:?} {figures:?} {} for {wanted}", found.relation, found.balanced));
            }
        }
        wrong.extend(meets.keys().map(|key| format!("{name}: {key:?} is not there")));
    }
    assert!(wrong.is_empty(), "{} of {compared}, worst {worst:e}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared >= 50, "{compared}");
}

#[test]
fn overlaps_distances_and_relations_agree_with_geos_and_proj() {
    let zones = features("zones.geojson").into_iter();
    let things =
        zones.map(|zone| (("zones".to_owned(), zone.id.clone()), PreparedShape::new(zone.shape.as_ref().unwrap())));
    compare("sites.geojson", "expected.json", &things.collect());
}

#[test]
fn the_bundled_atlas_is_judged_as_geos_and_proj_judge_it() {
    let document: serde_json::Value = serde_json::from_slice(&data("atlas_expected.json")).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("maps/wuxi");
    let mut things = HashMap::new();
    for (theme, fingerprint) in document["sha256"].as_object().unwrap() {
        let bytes = std::fs::read(folder.join(format!("{theme}.geojson"))).unwrap();
        let made_for = fingerprint.as_str().unwrap();
        assert_eq!(
            redline_atlas::storage::layer::fingerprint(&bytes),
            made_for,
            "maps/wuxi/{theme}.geojson has changed: run tests/data/siting/oracle.py atlas maps/wuxi"
        );
        let layer = format::read(&bytes, theme, &ReadOptions::default()).unwrap().layers.remove(0);
        for zone in layer.features {
            let shape = PreparedShape::new(zone.shape.as_ref().unwrap());
            if shape.is_areal() {
                things.insert((theme.clone(), zone.id.clone()), shape);
            }
        }
    }
    compare("atlas_sites.geojson", "atlas_expected.json", &things);
}

pub(crate) fn rect(west: f64, south: f64, width: f64, height: f64) -> geo::Polygon {
    geo::Rect::new(geo::Coord { x: west, y: south }, geo::Coord { x: west + width, y: south + height }).to_polygon()
}

pub(crate) fn thing(id: &str, shape: impl Into<geo::Geometry>, values: &[(&str, &str)]) -> Feature {
    let value = |(field, word): &(&str, &str)| {
        let number = word.parse().ok().filter(|_| *field == "width_m").map(Value::Real);
        ((*field).to_owned(), number.unwrap_or_else(|| Value::Text((*word).to_owned())))
    };
    let values = values.iter().map(value).collect();
    Feature { id: id.to_owned(), shape: Some(shape.into()), values }
}

pub(crate) fn layer(number: u32, theme: Theme, title: &str, features: Vec<Feature>) -> Arc<Layer> {
    Arc::new(Layer::new(LayerId(number), theme, title.to_owned(), Source::default(), features))
}

const EVERYWHERE: (f64, f64, f64, f64) = (120.0, 31.0, 1.0, 1.0);

/// An atlas in which every required theme is loaded: a red line, a control area, one plot of each state, water sources.
pub(crate) fn town() -> Vec<Arc<Layer>> {
    let everywhere = rect(EVERYWHERE.0, EVERYWHERE.1, EVERYWHERE.2, EVERYWHERE.3);
    let plots = ["suspected", "contaminated", "listed", "removed"].into_iter().zip([0.0, 0.02, 0.04, 0.06]);
    vec![
        layer(
            1,
            Theme::RedlineZones,
            "生态红线",
            vec![
                thing("E1", rect(120.1, 31.1, 0.02, 0.02), &[("tier", "national"), ("quality", "official")]),
                thing("E2", rect(120.2, 31.1, 0.02, 0.02), &[("tier", "control")]),
                thing("E3", rect(120.3, 31.1, 0.02, 0.02), &[("tier", "national"), ("effective_to", "2020-12-31")]),
                thing("E4", rect(120.9, 31.9, 0.02, 0.02), &[]),
            ],
        ),
        layer(
            2,
            Theme::ContaminatedPlots,
            "污染地块",
            plots
                .map(|(status, step)| thing(status, rect(120.1 + step, 31.3, 0.01, 0.01), &[("status", status)]))
                .collect(),
        ),
        layer(
            3,
            Theme::WaterSources,
            "水源地",
            vec![
                thing("W1", rect(120.1, 31.4, 0.01, 0.01), &[("level", "primary")]),
                thing("W2", rect(120.12, 31.4, 0.01, 0.01), &[("level", "secondary")]),
                thing("W", geo::Point::new(120.3, 31.4), &[("level", "intake")]),
            ],
        ),
        layer(
            4,
            Theme::LivestockZones,
            "畜禽",
            vec![
                thing("L1", rect(120.1, 31.5, 0.02, 0.02), &[("class", "ban")]),
                thing("L2", rect(120.9, 31.5, 0.02, 0.02), &[("class", "limit")]),
            ],
        ),
        layer(
            5,
            Theme::Constraint,
            "永久基本农田",
            vec![thing("G1", rect(120.1, 31.6, 0.02, 0.02), &[]), thing("G2", rect(120.9, 31.9, 0.02, 0.02), &[])],
        ),
        layer(6, Theme::Constraint, "城镇开发边界", vec![thing("B1", everywhere, &[])]),
        layer(
            7,
            Theme::Rivers,
            "河道",
            vec![
                thing(
                    "R1",
                    geo::LineString::from(vec![(120.1, 31.7), (120.3, 31.7)]),
                    &[("grade", "town"), ("width_m", "20.0")],
                ),
                // flows into the lake, far from every site
                thing(
                    "R2",
                    geo::LineString::from(vec![(120.02, 31.03), (119.85, 31.03), (119.85, 31.1)]),
                    &[("name", "直湖港"), ("width_m", "20.0"), ("flows_to", "LAKE-01")],
                ),
            ],
        ),
        layer(
            8,
            Theme::BlackOdourWaters,
            "黑臭",
            vec![thing("K1", geo::LineString::from(vec![(120.1, 31.75), (120.3, 31.75)]), &[])],
        ),
        layer(9, Theme::Lakes, "湖泊", vec![thing("LAKE-01", rect(119.8, 31.1, 0.1, 0.1), &[("name", "太湖")])]),
        layer(10, Theme::Yangtze, "长江", vec![thing("YANGTZE-01", rect(120.0, 31.98, 1.0, 0.02), &[])]),
        layer(11, Theme::Districts, "行政区", vec![thing("320200", rect(119.8, 31.0, 1.2, 1.0), &[])]),
    ]
}

pub(crate) fn atlas(layers: Vec<Arc<Layer>>) -> Atlas {
    let entries = layers.iter().map(|layer| redline_atlas::atlas::ManifestLayer {
        theme: layer.theme,
        file: String::new(),
        title: layer.title.clone(),
        title_en: String::new(),
        quality: Quality::Schematic,
        source: String::new(),
        licence: String::new(),
        expected: None,
        valid_until: None,
        accuracy_m: None,
    });
    let manifest = Manifest {
        title: "示例".into(),
        title_en: String::new(),
        version: "1".into(),
        as_of: day("2026-10-31"),
        city_area_km2: None,
        city_area_source: String::new(),
        layers: entries.collect(),
        governance: None,
    };
    Atlas { manifest, layers, governance: None }
}

pub(crate) fn day(word: &str) -> Date {
    word.parse().unwrap()
}

pub(crate) fn site(shape: geo::Polygon) -> Site {
    Site { id: "1".into(), name: "示例项目".into(), shape: geo::MultiPolygon(vec![shape]), ..Site::default() }
}

fn judge(layers: Vec<Arc<Layer>>, shape: geo::Polygon, kind: &str, as_of: &str) -> Verdict {
    let question = Question { kind: Some(kind.to_owned()), ..Question::on(day(as_of)) };
    check(&site(shape), &Ground::new(&atlas(layers)), Rulebook::bundled(), &question)
}

pub(crate) fn state(verdict: &Verdict, theme: &str) -> (Status, Reason) {
    let check = verdict.checks.iter().find(|check| check.theme == theme).unwrap();
    (check.status, check.reason)
}

const TODAY: &str = "2026-11-01";

#[test]
fn rules_follow_from_place_kind_and_day() {
    for (name, place, kind, as_of, grade, rule) in [
        ("housing in a red line", (120.105, 31.105), "housing", TODAY, Grade::Prohibited, "nat2022-other"),
        ("a road in a red line", (120.105, 31.105), "road", TODAY, Grade::Restricted, "nat2022-limited"),
        ("no kind told in a red line", (120.105, 31.105), "", TODAY, Grade::Prohibited, "nat2022-other"),
        ("in 2019", (120.105, 31.105), "road", "2019-05-01", Grade::Prohibited, "js2018"),
        ("housing in a control area", (120.205, 31.105), "housing", TODAY, Grade::Restricted, "js2026-control"),
        ("the same in 2024", (120.205, 31.105), "housing", "2024-01-01", Grade::Restricted, "js2020-control"),
        ("a zone no longer in force", (120.305, 31.105), "housing", TODAY, Grade::Clear, ""),
        ("while it was", (120.305, 31.105), "housing", "2020-06-01", Grade::Prohibited, "js2018"),
        ("a zone without tier", (120.905, 31.905), "housing", TODAY, Grade::Prohibited, "redline-untold"),
        ("housing on a suspected plot", (120.102, 31.302), "housing", TODAY, Grade::Restricted, "plot-suspected-first"),
        (
            "a store on a suspected plot",
            (120.102, 31.302),
            "warehouse",
            TODAY,
            Grade::Restricted,
            "plot-suspected-class-two",
        ),
        (
            "a store on a contaminated plot",
            (120.122, 31.302),
            "warehouse",
            TODAY,
            Grade::Restricted,
            "plot-contaminated",
        ),
        ("housing on a listed plot", (120.142, 31.302), "housing", TODAY, Grade::Prohibited, "plot-listed-first"),
        ("a store on a listed plot", (120.142, 31.302), "warehouse", TODAY, Grade::Prohibited, "plot-listed"),
        (
            "cleaning a listed plot",
            (120.142, 31.302),
            "soil_remediation",
            TODAY,
            Grade::Attention,
            "plot-listed-remediation",
        ),
        ("housing on a plot off the list", (120.162, 31.302), "housing", TODAY, Grade::Attention, "plot-removed"),
        ("housing at a source", (120.102, 31.402), "housing", TODAY, Grade::Prohibited, "source-primary"),
        ("supply at a source", (120.102, 31.402), "water_supply", TODAY, Grade::Restricted, "source-primary-related"),
        ("industry in a secondary zone", (120.122, 31.402), "industry", TODAY, Grade::Prohibited, "source-secondary"),
        ("pigs in a ban zone", (120.105, 31.505), "livestock", TODAY, Grade::Prohibited, "livestock-ban"),
        ("pigs in a limit zone", (120.905, 31.505), "livestock", TODAY, Grade::Restricted, "livestock-limit"),
        ("housing in a ban zone", (120.105, 31.505), "housing", TODAY, Grade::Clear, ""),
        ("housing on farmland", (120.105, 31.605), "housing", TODAY, Grade::Prohibited, "farmland"),
        ("rail on farmland", (120.105, 31.605), "rail", TODAY, Grade::Restricted, "farmland-key"),
        ("plating anywhere", (120.5, 31.5), "industry_np", TODAY, Grade::Prohibited, "taihu-third"),
        ("chemicals 500 m from the Yangtze", (120.5, 31.975), "chemical", TODAY, Grade::Restricted, "yangtze-chemical"),
        ("chemicals in 2020", (120.5, 31.975), "chemical", "2020-06-01", Grade::Attention, "taihu-third-discharges"),
        (
            "pigs 1 km from Lake Tai",
            (119.91, 31.15),
            "livestock",
            "2022-01-01",
            Grade::Restricted,
            "taihu-shore-strict",
        ),
        ("on a black-odour water", (120.2, 31.7499), "housing", TODAY, Grade::Attention, "black-odour"),
        ("nowhere near anything", (120.5, 31.5), "housing", TODAY, Grade::Clear, ""),
    ] {
        let verdict = judge(town(), rect(place.0, place.1, 0.003, 0.002), kind, as_of);
        let mut worst = verdict.findings.iter().filter(|finding| finding.consequence != Consequence::None);
        let found = worst.next().and_then(|finding| finding.rule.as_ref()).map_or("", |rule| rule.id.as_str());
        assert_eq!((verdict.verdict, found), (grade, rule), "{name}: {:#?}", verdict.checks);
    }
}

#[test]
fn what_is_missing_empty_or_does_not_reach_is_never_clear() {
    let place = || rect(120.5, 31.5, 0.003, 0.002);
    assert_eq!(judge(town(), place(), "housing", TODAY).verdict, Grade::Clear);
    for theme in [Theme::RedlineZones, Theme::ContaminatedPlots, Theme::WaterSources, Theme::Constraint] {
        let without = |layers: Vec<Arc<Layer>>| layers.into_iter().filter(|layer| layer.theme != theme).collect();
        let verdict = judge(without(town()), place(), "housing", TODAY);
        assert_eq!(verdict.verdict, Grade::Unchecked, "{theme:?}");
        if theme != Theme::Constraint {
            assert_eq!(state(&verdict, theme.code()), (Status::Unchecked, Reason::NotLoaded));
            let mut layers: Vec<Arc<Layer>> = without(town());
            layers.push(layer(99, theme, "空", vec![]));
            let verdict = judge(layers, place(), "housing", TODAY);
            assert_eq!(verdict.verdict, Grade::Unchecked, "{theme:?}");
            assert_eq!(state(&verdict, theme.code()), (Status::Unchecked, Reason::Empty));
        }
    }
    let verdict = judge(town(), rect(122.5, 31.5, 0.003, 0.002), "housing", TODAY);
    assert_eq!(state(&verdict, "redline_zones"), (Status::Unchecked, Reason::NotCovered));
    assert_eq!(verdict.verdict, Grade::Unchecked);
}

#[test]
fn a_layer_past_its_day_is_unchecked() {
    let mut atlas = atlas(town());
    atlas.manifest.layers[0].valid_until = Some(day("2026-06-30"));
    let question = Question { kind: Some("housing".into()), ..Question::on(day(TODAY)) };
    let verdict = check(&site(rect(120.5, 31.5, 0.003, 0.002)), &Ground::new(&atlas), Rulebook::bundled(), &question);
    assert_eq!(state(&verdict, "redline_zones"), (Status::Unchecked, Reason::Expired));
    assert_eq!(verdict.verdict, Grade::Unchecked);
}

#[test]
fn a_site_touching_the_line_is_not_inside_it() {
    let verdict = judge(town(), rect(120.12, 31.105, 0.003, 0.002), "housing", TODAY);
    let finding = verdict.of_theme("redline_zones").next().unwrap();
    assert_eq!((finding.relation, finding.consequence), (Relation::Touches, Consequence::Attention));
    assert_eq!((finding.overlap_m2, finding.distance_m), (0.0, 0.0));
    assert_eq!(verdict.verdict, Grade::Attention);
}

#[test]
fn a_neighbour_is_listed_with_its_distance_and_forbids_nothing() {
    let verdict = judge(town(), rect(120.122, 31.105, 0.003, 0.002), "housing", TODAY);
    let finding = verdict.of_theme("redline_zones").next().unwrap();
    // 0.002° of the parallel of 31.107° N
    assert!((finding.distance_m - 190.74).abs() < 0.1, "{}", finding.distance_m);
    assert_eq!((finding.relation, finding.consequence), (Relation::Near, Consequence::None));
    assert_eq!(verdict.verdict, Grade::Clear);
    let far = judge(town(), rect(120.5, 31.5, 0.003, 0.002), "housing", TODAY);
    let nearest = far.checks.iter().find(|check| check.theme == "redline_zones").unwrap().nearest.clone().unwrap();
    assert!(far.of_theme("redline_zones").next().is_none() && nearest.distance_m > 10_000.0);
}

#[test]
fn ground_under_two_zones_of_a_theme_is_counted_once() {
    let mut layers = town();
    layers.push(layer(
        98,
        Theme::RedlineZones,
        "又一份",
        vec![thing("E9", rect(120.1, 31.1, 0.02, 0.02), &[("tier", "control")])],
    ));
    let verdict = judge(layers, rect(120.105, 31.105, 0.03, 0.002), "housing", TODAY);
    let check = verdict.checks.iter().find(|check| check.theme == "redline_zones").unwrap();
    let each: Vec<f64> = verdict.of_theme("redline_zones").map(|finding| finding.overlap_m2).collect();
    assert_eq!(check.count, 2);
    assert!((check.overlap_m2 - each[0]).abs() < 0.01 && (each[0] - each[1]).abs() < 0.01, "{each:?}");
    assert!((check.overlap_share - 0.5).abs() < 1e-6);
}

#[test]
fn the_total_of_a_theme_leaves_out_the_holes_of_its_ground() {
    let found = features("joint.geojson").remove(0);
    let Some(geo::Geometry::MultiPolygon(shape)) = found.shape else { panic!("no area") };
    let site = Site { kind: "livestock".into(), shape, ..Site::default() };
    let ground = Ground::new(&redline_atlas::storage::atlas::open_bundled().unwrap());
    let verdict = check(&site, &ground, Rulebook::bundled(), &Question::on(day(TODAY)));
    let total = verdict.checks.iter().find(|check| check.theme == "livestock_zones").unwrap();
    // five zones that share no ground; GEOS and the geodesics of PROJ on edges cut to 50 m
    assert!(agrees(total.overlap_m2, 29_136_049.633), "{}", total.overlap_m2);
    assert!(total.verified && total.count == 5);
    let each: f64 = verdict.of_theme("livestock_zones").map(|finding| finding.overlap_m2).sum();
    assert!(agrees(each, total.overlap_m2), "{each}");
}

#[test]
fn outside_the_urban_boundary_needs_reasons() {
    let mut layers = town();
    layers.retain(|layer| layer.title != "城镇开发边界");
    layers.push(layer(6, Theme::Constraint, "城镇开发边界", vec![thing("B1", rect(120.0, 31.0, 0.5, 1.0), &[])]));
    for (west, grade, reason) in [
        (120.40, Grade::Clear, Reason::InsideBoundary),
        (120.499, Grade::Restricted, Reason::OutsideBoundary),
        (120.505, Grade::Restricted, Reason::OutsideBoundary),
    ] {
        let verdict = judge(layers.clone(), rect(west, 31.5, 0.003, 0.002), "housing", TODAY);
        let (_, found) = state(&verdict, "urban_development_boundary");
        assert_eq!((verdict.verdict, found), (grade, reason), "{west}");
    }
}

#[test]
fn a_site_that_cannot_be_computed_with_is_told_and_unchecked() {
    let ring = |points: &[(f64, f64)]| geo::Polygon::new(geo::LineString::from(points.to_vec()), vec![]);
    for (shape, kind) in [
        (ring(&[]), "too_few_points"),
        (ring(&[(120.1, 31.1), (120.2, 31.2), (120.3, 31.3)]), "no_area"),
        (ring(&[(120.1, f64::NAN), (120.2, 31.2), (120.3, 31.1)]), "not_a_number"),
        (ring(&[(120.1, 31.1), (1e308, 31.2), (120.3, -1e308)]), "out_of_range"),
    ] {
        let verdict = judge(town(), shape, "housing", TODAY);
        assert_eq!(verdict.problems[0].kind, kind);
        assert_eq!(verdict.verdict, Grade::Unchecked);
        assert!(verdict.checks.iter().all(|check| check.reason == Reason::SiteUnusable));
    }
    let bow = ring(&[(120.105, 31.105), (120.108, 31.108), (120.108, 31.105), (120.105, 31.108)]);
    let verdict = judge(town(), bow, "housing", TODAY);
    assert_eq!((verdict.problems[0].kind.as_str(), verdict.problems[0].repaired), ("crosses_itself", true));
    assert_eq!(verdict.verdict, Grade::Prohibited);
}

#[test]
fn the_document_has_the_fields_that_scripts_rely_on() {
    let question =
        Question { land_use: Some(LandUse::First), kind: Some("housing".into()), ..Question::on(day(TODAY)) };
    let ground = Ground::new(&atlas(town()));
    let sites = [site(rect(120.105, 31.105, 0.03, 0.002))];
    let screening = redline_atlas::siting::screen(&sites, &ground, Rulebook::bundled(), &question);
    let document = serde_json::to_value(&screening).unwrap();
    assert_eq!(document["as_of"], TODAY);
    assert!(document["method"].is_string());
    let site = &document["sites"][0];
    for field in ["id", "name", "area_m2", "plane_area_m2", "verdict", "data_quality", "checks", "findings"] {
        assert!(!site[field].is_null(), "{field}");
    }
    for field in ["theme", "status", "reason"] {
        assert!(site["checks"][0][field].is_string(), "{field}");
    }
    let finding = &site["findings"][0];
    for field in ["layer", "feature_id", "name", "class", "relation", "consequence"] {
        assert!(finding[field].is_string(), "{field}");
    }
    for field in ["overlap_m2", "overlap_share", "distance_m"] {
        assert!(finding[field].is_number(), "{field}");
    }
    for field in ["id", "text", "source"] {
        assert!(finding["rule"][field].is_string(), "{field}");
    }
    assert_eq!(finding["overlap"]["type"], "MultiPolygon");
    assert_eq!((&site["verdict"], &site["land_use"]), (&"prohibited".into(), &1.into()));
}
