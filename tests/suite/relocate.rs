//! Where instead: against a search that tries every place, and verified by the check.

use crate::dice::Dice;
use geo::{Area, BooleanOps, BoundingRect, Coord, Distance, Euclidean, LineString, MultiPolygon, Polygon, Translate};
use redline_atlas::atlas::{Atlas, Feature, Layer, LayerId, Site, Source, Theme, Value};
use redline_atlas::geometry::{GaussKruger, Grid, PlanePoint};
use redline_atlas::siting::{
    Consequence, Grade, Ground, Impossible, Judged, Obstacles, Question, Relocation, Relocator, Rulebook, SearchEnd,
    Verdict, Wish, check,
};
use std::sync::{Arc, LazyLock};

static BUNDLED: LazyLock<Ground> =
    LazyLock::new(|| Ground::new(&redline_atlas::storage::atlas::open_bundled().unwrap()));

impl Dice {
    fn place(&mut self, around: f64) -> Coord {
        Coord { x: self.between(-around, around), y: self.between(-around, around) }
    }

    /// A star, convex or not, in metres.
    fn star(&mut self, centre: Coord, size: f64, points: usize, least: f64) -> Polygon {
        let at = |number: usize, reach: f64| {
            let angle = std::f64::consts::TAU * number as f64 / points as f64;
            Coord { x: centre.x + reach * angle.cos(), y: centre.y + reach * angle.sin() }
        };
        Polygon::new(LineString::new((0..points).map(|n| at(n, size * self.between(least, 1.0))).collect()), vec![])
    }

    fn footprint(&mut self) -> MultiPolygon {
        let (w, h) = (self.between(10.0, 60.0), self.between(10.0, 60.0));
        let ring = |points: &[(f64, f64)]| LineString::from(points.to_vec());
        let one = match (self.roll() * 4.0) as u32 {
            0 => Polygon::new(ring(&[(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]), vec![]),
            1 => {
                let (a, b) = (w * self.between(0.2, 0.8), h * self.between(0.2, 0.8));
                Polygon::new(ring(&[(0.0, 0.0), (w, 0.0), (w, b), (a, b), (a, h), (0.0, h)]), vec![])
            }
            2 => self.star(Coord { x: 0.0, y: 0.0 }, w, 7, 0.4),
            _ => {
                let hole = ring(&[(w * 0.2, h * 0.2), (w * 0.2, h * 0.8), (w * 0.8, h * 0.8), (w * 0.8, h * 0.2)]);
                Polygon::new(ring(&[(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)]), vec![hole])
            }
        };
        let mut parts = vec![one];
        if self.roll() < 0.2 {
            parts.push(self.star(Coord { x: 2.0 * w + 20.0, y: 0.0 }, w / 2.0, 5, 0.6));
        }
        MultiPolygon(parts)
    }
}

/// Where the cases lie, in the plane.
const MIDST: Coord = Coord { x: 528_479.5, y: 3_494_211.7 };

fn plane() -> GaussKruger {
    GaussKruger::three_degree(120.3).unwrap()
}

fn degrees(at: Coord) -> Coord {
    plane().inverse(PlanePoint { east: at.x + MIDST.x, north: at.y + MIDST.y }).unwrap()
}

fn on_earth(shape: &MultiPolygon) -> MultiPolygon {
    let ring = |ring: &LineString| LineString::new(ring.0.iter().map(|at| degrees(*at)).collect());
    let polygon = |p: &Polygon| Polygon::new(ring(p.exterior()), p.interiors().iter().map(ring).collect());
    MultiPolygon(shape.0.iter().map(polygon).collect())
}

fn layer(id: u32, theme: Theme, title: &str, shapes: Vec<(geo::Geometry, Vec<(&str, Value)>)>) -> Arc<Layer> {
    let features = shapes.into_iter().enumerate().map(|(number, (shape, values))| Feature {
        id: format!("{title}{number}"),
        shape: Some(shape),
        values: values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    });
    Arc::new(Layer::new(LayerId(id), theme, title.to_owned(), Source::default(), features.collect()))
}

fn atlas(layers: Vec<Arc<Layer>>) -> Atlas {
    let manifest = toml::from_str("title = \"示例\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
    Atlas { manifest, layers, governance: None }
}

fn zones(shapes: &[MultiPolygon]) -> Arc<Layer> {
    let national = || vec![("tier", Value::Text("national".into()))];
    let shapes = shapes.iter().map(|shape| (geo::Geometry::MultiPolygon(on_earth(shape)), national()));
    layer(1, Theme::RedlineZones, "zone", shapes.collect())
}

fn site(shape: &MultiPolygon, kind: &str) -> Site {
    Site { id: "1".into(), name: "示例项目".into(), shape: on_earth(shape), kind: kind.into(), ..Site::default() }
}

fn question() -> Question {
    Question { near_m: 100.0, ..Question::on("2026-11-25".parse().unwrap()) }
}

fn look(site: &Site, ground: &Ground, wish: &Wish) -> Result<Relocation, Impossible> {
    let judged = Judged::of(site, &question(), Consequence::Restricted);
    let obstacles = Obstacles::of(ground, Rulebook::bundled(), &judged).unwrap();
    Ok(Relocator::new(site, ground, Rulebook::bundled(), &obstacles, wish)?.nearest(&|_| true))
}

fn conflicts(verdict: &Verdict) -> bool {
    verdict.findings.iter().any(|finding| finding.consequence <= Consequence::Restricted)
}

/// A zone, or a line with a distance to be kept from it.
enum Thing {
    Zone(MultiPolygon),
    River(LineString, f64),
}

fn is_clear(shape: &MultiPolygon, things: &[Thing]) -> bool {
    let bounds = shape.bounding_rect().unwrap();
    things.iter().all(|thing| match thing {
        Thing::Zone(zone) => {
            let other = zone.bounding_rect().unwrap();
            let apart = bounds.max().x < other.min().x
                || bounds.min().x > other.max().x
                || bounds.max().y < other.min().y
                || bounds.min().y > other.max().y;
            apart || shape.intersection(zone).unsigned_area() < 1e-4
        }
        Thing::River(line, reach) => Euclidean.distance(shape, line) >= *reach,
    })
}

/// The least of all translations on a grid of a metre, then on one of a quarter of a metre where that may be nearer.
fn by_trying(shape: &MultiPolygon, things: &[Thing]) -> Option<f64> {
    let grid = |step: f64, low: f64, high: f64| {
        let most = (high / step).ceil() as i32;
        let mut moves: Vec<(f64, f64, f64)> = (-most..=most)
            .flat_map(|x| (-most..=most).map(move |y| (f64::from(x) * step, f64::from(y) * step)))
            .map(|(x, y)| (x.hypot(y), x, y))
            .filter(|(metres, _, _)| (low..=high).contains(metres))
            .collect();
        moves.sort_by(|one, other| one.0.total_cmp(&other.0));
        moves.into_iter().find(|(_, x, y)| is_clear(&shape.translate(*x, *y), things)).map(|(metres, _, _)| metres)
    };
    let coarse = grid(1.0, 0.0, 150.0)?;
    Some(grid(0.25, (coarse - 1.5).max(0.0), coarse).unwrap_or(coarse))
}

/// More cases when REDLINE_CASES says so.
#[test]
fn the_nearest_place_is_the_one_that_trying_every_place_finds() {
    let cases = std::env::var("REDLINE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100);
    let mut dice = Dice(20_261_125);
    let (mut moved, mut within, mut compared) = (0, 0, 0);
    for case in 0..cases {
        compared += 1;
        let footprint = dice.footprint();
        let mut things = Vec::new();
        for _ in 0..1 + (dice.roll() * 6.0) as usize {
            let (size, centre) = (dice.between(15.0, 70.0), dice.place(60.0));
            let points = 3 + (dice.roll() * 9.0) as usize;
            things.push(Thing::Zone(MultiPolygon(vec![dice.star(centre, size, points, 0.3)])));
        }
        if dice.roll() < 0.4 {
            let course = LineString::new((0..4).map(|_| dice.place(120.0)).collect());
            things.push(Thing::River(course, dice.between(2.0, 20.0)));
        }
        let shapes: Vec<MultiPolygon> = things
            .iter()
            .filter_map(|thing| match thing {
                Thing::Zone(zone) => Some(zone.clone()),
                Thing::River(..) => None,
            })
            .collect();
        let rivers = things.iter().filter_map(|thing| match thing {
            Thing::River(course, reach) => {
                let course = LineString::new(course.0.iter().map(|at| degrees(*at)).collect());
                Some((geo::Geometry::LineString(course), vec![("width_m", Value::Real(2.0 * reach))]))
            }
            Thing::Zone(_) => None,
        });
        let rivers = layer(2, Theme::Rivers, "river", rivers.collect());
        let ground = Ground::new(&atlas(vec![zones(&shapes), rivers]));
        let project = site(&footprint, "housing");
        let found = look(&project, &ground, &Wish { most: 1, ..Wish::default() }).unwrap();
        let expected = by_trying(&footprint, &things);
        let Some(candidate) = found.candidates.first() else {
            assert_eq!(expected, None, "case {case}: {:?}", found.ending);
            compared -= 1;
            continue;
        };
        let expected = expected.unwrap_or(f64::INFINITY);
        let metres = candidate.distance_m;
        assert!(metres <= expected + 0.05, "case {case}: {metres} for {expected}");
        // a grid may miss a gap that is hardly wider than the project: then the place itself has to be clear
        let at = plane().forward(candidate.shape.0[0].exterior().0[0]).unwrap();
        let (from, at) = (footprint.0[0].exterior().0[0], Coord { x: at.east - MIDST.x, y: at.north - MIDST.y });
        assert!(is_clear(&footprint.translate(at.x - from.x, at.y - from.y), &things), "case {case}");
        within += usize::from(metres > expected - 0.5);
        assert_eq!(found.refused, 0, "case {case}");
        let there = Site { shape: candidate.shape.clone(), ..project.clone() };
        assert!(!conflicts(&check(&there, &ground, Rulebook::bundled(), &question())), "case {case}");
        moved += usize::from(metres > 1.0);
    }
    assert!(moved > cases / 2, "{moved}");
    assert!(within * 100 >= compared * 97, "{within} of {compared}");
    eprintln!("{compared} cases, {within} within half a metre of the grid, the others nearer");
}

#[test]
fn turning_never_leads_further_and_the_check_agrees() {
    let mut dice = Dice(7);
    let mut nearer = 0;
    for case in 0..25 {
        let footprint = dice.footprint();
        let shapes: Vec<MultiPolygon> = (0..5)
            .map(|_| {
                let (size, centre) = (dice.between(20.0, 60.0), dice.place(90.0));
                MultiPolygon(vec![dice.star(centre, size, 8, 0.5)])
            })
            .collect();
        let ground = Ground::new(&atlas(vec![zones(&shapes)]));
        let project = site(&footprint, "housing");
        let still = look(&project, &ground, &Wish::default()).unwrap();
        let turned = look(&project, &ground, &Wish { rotate: true, ..Wish::default() }).unwrap();
        let (still, turned) = (&still.candidates, &turned.candidates);
        assert!(turned[0].distance_m <= still[0].distance_m + 1e-6, "case {case}");
        nearer += usize::from(turned[0].distance_m < still[0].distance_m - 0.5);
        for candidates in [still, turned] {
            assert_eq!(candidates.len(), 3);
            assert!(candidates.windows(2).all(|pair| pair[0].distance_m <= pair[1].distance_m));
            for candidate in candidates {
                let there = Site { shape: candidate.shape.clone(), ..project.clone() };
                let verdict = check(&there, &ground, Rulebook::bundled(), &question());
                assert!(!conflicts(&verdict), "case {case}");
                assert_eq!(verdict, candidate.verdict);
                assert!(
                    (verdict.area_m2 / check(&project, &ground, Rulebook::bundled(), &question()).area_m2 - 1.0).abs()
                        < 1e-5
                );
            }
        }
    }
    assert!(nearer > 3, "{nearer}");
}

fn square(centre: Coord, side: f64) -> MultiPolygon {
    let half = side / 2.0;
    let low = Coord { x: centre.x - half, y: centre.y - half };
    let high = Coord { x: centre.x + half, y: centre.y + half };
    MultiPolygon(vec![geo::Rect::new(low, high).to_polygon()])
}

#[test]
fn a_project_stays_inside_the_boundary_in_which_it_has_to_be() {
    let here = Coord { x: 0.0, y: 0.0 };
    let boundary = square(Coord { x: 500.0, y: 0.0 }, 400.0);
    let boundary = vec![(geo::Geometry::MultiPolygon(on_earth(&boundary)), vec![])];
    let boundary = layer(3, Theme::Constraint, "城镇开发边界", boundary);
    let ground = Ground::new(&atlas(vec![boundary]));
    let project = site(&square(here, 100.0), "housing");
    let found = look(&project, &ground, &Wish { most: 1, ..Wish::default() }).unwrap();
    let candidate = &found.candidates[0];
    // from the middle to where the west side stands on the boundary's
    assert!((candidate.distance_m - 350.0).abs() < 0.05, "{}", candidate.distance_m);
    assert!((candidate.bearing_deg - 90.0).abs() < 0.3, "{}", candidate.bearing_deg);
    let inside = candidate.verdict.checks.iter().find(|check| check.theme == "urban_development_boundary").unwrap();
    assert_eq!(inside.reason.code(), "inside_boundary");
}

#[test]
fn none_is_said_only_when_every_place_is_forbidden() {
    let zone = square(Coord { x: 0.0, y: 0.0 }, 30_000.0);
    let hole = |side: f64| square(Coord { x: 4_000.0, y: 0.0 }, side).0[0].exterior().clone();
    let project = site(&square(Coord { x: 0.0, y: 0.0 }, 100.0), "housing");
    let with_hole = |side: f64| {
        let mut zone = zone.clone();
        zone.0[0].interiors_push(hole(side));
        // what lies outside of the zone is out of reach
        let ground = Ground::new(&atlas(vec![zones(&[zone])]));
        look(&project, &ground, &Wish { farthest_m: 9_000.0, ..Wish::default() }).unwrap()
    };
    let too_small = with_hole(99.9);
    assert_eq!((too_small.candidates.len(), too_small.ending), (0, SearchEnd::Proven));
    let large_enough = with_hole(100.1);
    assert_eq!(large_enough.ending, SearchEnd::Proven);
    assert_eq!(large_enough.candidates.len(), 1);
    assert!((large_enough.candidates[0].distance_m - 4_000.0).abs() < 0.2);
}

#[test]
fn a_project_that_stands_clear_is_told_to_stay() {
    let ground = Ground::new(&atlas(vec![zones(&[square(Coord { x: 500.0, y: 0.0 }, 100.0)])]));
    let project = site(&square(Coord { x: 0.0, y: 0.0 }, 100.0), "housing");
    let found = look(&project, &ground, &Wish::default()).unwrap();
    assert_eq!((found.candidates[0].distance_m, found.candidates[0].rotation_deg), (0.0, 0.0));
    assert_eq!(found.candidates[0].shape, project.shape);
}

#[test]
fn in_the_bundled_atlas_candidates_stay_in_the_city_and_in_the_district_asked_for() {
    let city = BUNDLED.city().unwrap();
    // in a red line of the atlas
    let zones = BUNDLED.layers().find(|layer| layer.layer.theme == Theme::RedlineZones).unwrap();
    let project = zones.layer.features().iter().find_map(|zone| {
        let at = plane().forward(zone.bounds()?.center()).ok()?;
        let project = site(&square(Coord { x: at.east - MIDST.x, y: at.north - MIDST.y }, 200.0), "housing");
        let here = check(&project, &BUNDLED, Rulebook::bundled(), &question());
        (here.verdict == Grade::Prohibited).then_some(project)
    });
    let project = project.unwrap();
    for district in [None, Some("江阴市")] {
        let wish = Wish { district: district.map(str::to_owned), ..Wish::default() };
        let found = look(&project, &BUNDLED, &wish).unwrap();
        assert_eq!((found.candidates.len(), found.ending, found.refused), (3, SearchEnd::Enough, 0));
        for candidate in &found.candidates {
            assert!(!conflicts(&candidate.verdict) && candidate.verdict.verdict > Grade::Restricted);
            assert!(candidate.unchecked().any(|check| check.theme == "permanent_basic_farmland"));
            assert!(!candidate.districts.is_empty());
            if let Some(name) = district {
                assert_eq!(candidate.districts, [name]);
            }
        }
    }
    assert!(city.layer.features().len() == 7);
    let unknown = look(&project, &BUNDLED, &Wish { district: Some("月球".into()), ..Wish::default() });
    assert_eq!(unknown.unwrap_err(), Impossible::NoDistrict);
}

#[test]
fn the_map_of_places_agrees_with_the_check() {
    let project = site(&square(Coord { x: 0.0, y: 0.0 }, 300.0), "housing");
    let judged = Judged::of(&project, &question(), Consequence::Restricted);
    let obstacles = Obstacles::of(&BUNDLED, Rulebook::bundled(), &judged).unwrap();
    let wish = Wish::default();
    let relocator = Relocator::new(&project, &BUNDLED, Rulebook::bundled(), &obstacles, &wish).unwrap();
    let low = Coord { x: MIDST.x - 9_000.0, y: MIDST.y - 9_000.0 };
    let high = Coord { x: MIDST.x + 9_000.0, y: MIDST.y + 9_000.0 };
    let grid = Grid::over(low, high, 600.0, 100_000);
    let places = relocator.everywhere(&grid, &|_| true).unwrap();
    let mut seen = [0; 2];
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let at = grid.place(column, row);
            let shape = square(Coord { x: at.x - MIDST.x, y: at.y - MIDST.y }, 300.0);
            let verdict = check(&site(&shape, "housing"), &BUNDLED, Rulebook::bundled(), &question());
            let is_clear = places[(row * grid.columns + column) as usize] == 2;
            seen[usize::from(is_clear)] += 1;
            assert_eq!(!conflicts(&verdict), is_clear, "{at:?}");
        }
    }
    assert!(seen[0] > 100 && seen[1] > 100, "{seen:?}");
}
