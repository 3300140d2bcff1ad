//! The compliance surface: against the check at random places, and against areas computed by other means.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use redline_atlas::atlas::{Atlas, Feature, Layer, LayerId, Site, Source, Theme, Value};
use redline_atlas::geometry::{GaussKruger, Grid, PlanePoint};
use redline_atlas::siting::{
    Consequence, Ground, Judged, Obstacles, Question, Rulebook, Setbacks, Spot, Surface, check, ground_left,
};
use std::sync::{Arc, LazyLock};

static BUNDLED: LazyLock<Ground> =
    LazyLock::new(|| Ground::new(&redline_atlas::storage::atlas::open_bundled().unwrap()));

fn question() -> Question {
    Question { near_m: 0.0, ..Question::on("2026-11-25".parse().unwrap()) }
}

fn obstacles(ground: &Ground, kind: &str) -> Obstacles {
    let project = Site { kind: kind.into(), ..Site::default() };
    let judged = Judged::of(&project, &question(), Consequence::Restricted);
    Obstacles::of(ground, Rulebook::bundled(), &judged).unwrap()
}

fn plane() -> GaussKruger {
    GaussKruger::three_degree(120.3).unwrap()
}

fn dice(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

/// A square of two centimetres about a place: the check's idea of a point.
fn speck(at: Coord, kind: &str) -> Site {
    let reach = 1e-7;
    let (low, high) = (Coord { x: at.x - reach, y: at.y - reach }, Coord { x: at.x + reach, y: at.y + reach });
    let shape = MultiPolygon(vec![geo::Rect::new(low, high).to_polygon()]);
    Site { shape, kind: kind.into(), ..Site::default() }
}

/// 100,000 places when REDLINE_CASES says so.
#[test]
fn at_random_places_the_surface_forbids_what_the_check_forbids() {
    let cases: u32 = std::env::var("REDLINE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_500);
    let mut state = 20_261_125;
    for kind in ["housing", "chemical"] {
        let obstacles = obstacles(&BUNDLED, kind);
        let (low, high) = obstacles.bounds().unwrap();
        let grid = Grid::over(low, high, 60.0, 10_000_000);
        let surface = Surface::of(&obstacles, grid, &|_| true).unwrap();
        let spots = surface.spots(&Setbacks::new());
        // nothing in a cell is further from its middle than half a diagonal
        let band = grid.cell * std::f64::consts::SQRT_2 / 2.0 + 0.05;
        let (mut compared, mut forbidden) = (0, 0);
        for _ in 0..cases {
            let (column, row) = (dice(&mut state) * f64::from(grid.columns), dice(&mut state) * f64::from(grid.rows));
            let cell = spots[row as usize * grid.columns as usize + column as usize];
            let place =
                Coord { x: grid.first.x + (column - 0.5) * grid.cell, y: grid.first.y + (row - 0.5) * grid.cell };
            let Spot::Unknown(metres) = cell else {
                // farmland and the development boundary are not part of the bundled atlas
                assert_eq!(cell, Spot::Beyond);
                continue;
            };
            let at = plane().inverse(PlanePoint { east: place.x, north: place.y }).unwrap();
            let verdict = check(&speck(at, kind), &BUNDLED, Rulebook::bundled(), &question());
            let conflict = verdict.findings.iter().any(|finding| finding.consequence <= Consequence::Restricted);
            // part of a cell at the border of the city lies outside
            let Some(exact) = obstacles.first_at(at) else { continue };
            // the figure under the pointer is that of the very place
            assert!((exact.0 <= 0.03) == conflict || exact.0 < 0.05, "{at:?} {exact:?} {conflict}");
            assert!((exact.0 - f64::from(metres).max(0.0)).abs() <= band || metres >= 5_999.0, "{exact:?} {metres}");
            if f64::from(metres).abs() > band {
                assert_eq!(metres <= 0.0, conflict, "{at:?} {metres}");
                compared += 1;
                forbidden += u32::from(conflict);
            }
        }
        eprintln!("{kind}: {compared} places compared, {forbidden} forbidden, band {band:.1} m");
        assert!(compared > cases / 4 && forbidden > compared / 20);
    }
}

const MIDST: Coord = Coord { x: 528_479.5, y: 3_494_211.7 };

fn on_earth(shape: &Polygon) -> geo::Geometry {
    let ring = |ring: &LineString| {
        let degrees = |at: &Coord| plane().inverse(PlanePoint { east: at.x + MIDST.x, north: at.y + MIDST.y }).unwrap();
        LineString::new(ring.0.iter().map(degrees).collect())
    };
    geo::Geometry::Polygon(Polygon::new(ring(shape.exterior()), shape.interiors().iter().map(ring).collect()))
}

fn layer(id: u32, theme: Theme, shapes: Vec<geo::Geometry>) -> Arc<Layer> {
    let features = shapes.into_iter().enumerate().map(|(number, shape)| Feature {
        id: format!("{number}"),
        shape: Some(shape),
        values: vec![
            ("name".to_owned(), Value::Text(format!("示例{number}"))),
            ("tier".to_owned(), Value::Text("national".into())),
            ("width_m".to_owned(), Value::Real(40.0)),
        ],
    });
    Arc::new(Layer::new(LayerId(id), theme, String::new(), Source::default(), features.collect()))
}

fn square(low: (f64, f64), side: f64) -> Polygon {
    geo::Rect::new(Coord { x: low.0, y: low.1 }, Coord { x: low.0 + side, y: low.1 + side }).to_polygon()
}

fn made(layers: Vec<Arc<Layer>>) -> Ground {
    let manifest = toml::from_str("title = \"示例\"\nversion = \"1\"\nas_of = \"2026-10-31\"").unwrap();
    Ground::new(&Atlas { manifest, layers, governance: None })
}

/// Figures by formula: squares with rounded belts and a river with its channel.
#[test]
fn ground_left_is_that_of_the_formula() {
    let district = layer(0, Theme::Districts, vec![on_earth(&square((0.0, 0.0), 10_000.0))]);
    let zones = [square((2_000.0, 2_000.0), 1_000.0), square((6_000.0, 6_000.0), 500.0)];
    let zones = layer(1, Theme::RedlineZones, zones.iter().map(on_earth).collect());
    let ends = [(-100.0, 5_000.0), (10_100.0, 5_000.0)];
    let degrees = |at: (f64, f64)| plane().inverse(PlanePoint { east: at.0 + MIDST.x, north: at.1 + MIDST.y }).unwrap();
    let river = layer(2, Theme::Rivers, vec![geo::Geometry::LineString(ends.into_iter().map(degrees).collect())]);
    let ground = made(vec![district, zones, river]);
    let obstacles = obstacles(&ground, "housing");
    let scale = obstacles.barriers.scale(Coord { x: MIDST.x + 5_000.0, y: MIDST.y });
    for setback in [0.0, 1.0, 37.5, 300.0] {
        let setbacks = Setbacks::from([("redline_zones".to_owned(), setback)]);
        let left = ground_left(&obstacles, &ground, &setbacks, None, &|_| true).unwrap();
        // the setback is one of the ellipsoid, the squares are of the plane
        let round = setback * scale;
        let belt = |side: f64| side * side + 4.0 * side * round + std::f64::consts::PI * round * round;
        let expected = 1e8 - belt(1_000.0) - belt(500.0) - 40.0 * scale * 10_000.0;
        let usable = left[0].usable_ha * 1e4 * scale * scale;
        let error = left[0].error_ha * 1e4;
        assert!((usable / expected - 1.0).abs() < 1e-6, "{setback}: {usable} for {expected}, {error}");
        assert!((usable - expected).abs() <= error + 10.0, "{setback}: {usable} for {expected}, {error}");
        assert!(error < 2e-6 * expected, "{error}");
        assert!((left[0].area_ha * 1e4 * scale * scale / 1e8 - 1.0).abs() < 1e-6);
    }
}

#[test]
fn setbacks_are_taken_off_and_never_add_ground() {
    let obstacles = obstacles(&BUNDLED, "housing");
    let (low, high) = obstacles.bounds().unwrap();
    let surface = Surface::of(&obstacles, Grid::over(low, high, 500.0, 1_000_000), &|_| true).unwrap();
    let free = |setbacks: &Setbacks| {
        surface.spots(setbacks).iter().filter(|spot| matches!(spot, Spot::Unknown(metres) if *metres > 0.0)).count()
    };
    let mut before = free(&Setbacks::new());
    assert!(before > 1_000);
    for metres in [50.0, 200.0, 1_000.0, 2_000.0, 9_000.0] {
        let now = free(&Setbacks::from([("redline_zones".to_owned(), metres)]));
        // what is wider than the widest is taken for it
        assert!(if metres > 2_000.0 { now == before } else { now < before }, "{metres}");
        before = now;
    }
    assert!(Surface::of(&obstacles, surface.grid, &|_| false).is_none());
}

/// By shapely 2 on the same rings and belts in EPSG:4549, areas by pyproj on densified rings: tests/data/siting/usable.py.
#[test]
fn ground_left_of_the_bundled_atlas_is_that_of_shapely() {
    let obstacles = obstacles(&BUNDLED, "housing");
    for (setback, expected) in USABLE {
        let setbacks = Setbacks::from([("redline_zones".to_owned(), setback)]);
        let left = ground_left(&obstacles, &BUNDLED, &setbacks, Some("惠山区"), &|_| true).unwrap();
        let [left] = left.as_slice() else { panic!("one district") };
        eprintln!("{setback}: {} ± {} ha for {expected}", left.usable_ha, left.error_ha);
        assert!((left.usable_ha / expected - 1.0).abs() < 1e-4, "{} for {expected}", left.usable_ha);
        assert!(left.error_ha < 1e-4 * expected, "{}", left.error_ha);
    }
}

const USABLE: [(f64, f64); 2] = [(0.0, 31_676.121_051), (100.0, 31_490.704_430)];
