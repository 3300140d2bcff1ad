//! Where instead and the compliance surface on the bundled atlas: p50, p95 and the longest of many sites that stand in
//! conflict, and how long the whole city takes. Printed, since what binds is the ninety-fifth of a hundred.

#![allow(clippy::expect_used, clippy::print_stdout)]

use geo::{Coord, MultiPolygon, Rect};
use redline_atlas::atlas::{Site, Theme};
use redline_atlas::geometry::Grid;
use redline_atlas::siting::{
    Consequence, Grade, Ground, Judged, Obstacles, Question, Relocator, Rulebook, Setbacks, Surface, Wish, check,
    ground_left,
};
use std::hint::black_box;
use std::time::Instant;

fn question() -> Question {
    Question::on(redline_atlas::storage::clock::today())
}

/// Squares of 120 to 400 m in zones and on rivers that the check refuses.
fn sites(ground: &Ground, many: usize) -> Vec<Site> {
    let themes = [Theme::RedlineZones, Theme::WaterSources, Theme::Lakes, Theme::Rivers];
    let layers = ground.layers().filter(|layer| themes.contains(&layer.layer.theme));
    let features: Vec<_> = layers.flat_map(|layer| layer.layer.features()).collect();
    let mut state = 7_u64;
    let mut dice = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let mut sites = Vec::new();
    while sites.len() < many {
        let number = (dice() * features.len() as f64) as usize;
        let Some(bounds) = features.get(number).and_then(|feature| feature.bounds()) else { continue };
        let (x, y) = (bounds.min().x + dice() * bounds.width(), bounds.min().y + dice() * bounds.height());
        let half = (60.0 + 140.0 * dice()) / 100_000.0;
        let shape = Rect::new(Coord { x: x - half, y: y - half }, Coord { x: x + half, y: y + half }).to_polygon();
        let site = Site { shape: MultiPolygon(vec![shape]), kind: "housing".into(), ..Site::default() };
        let verdict = check(&site, ground, Rulebook::bundled(), &question());
        if matches!(verdict.verdict, Grade::Prohibited | Grade::Restricted) {
            sites.push(site);
        }
    }
    sites
}

fn measure(name: &str, times: usize, mut work: impl FnMut(usize)) {
    let mut took: Vec<f64> = (0..times)
        .map(|number| {
            let start = Instant::now();
            work(number);
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get(((took.len() - 1) as f64 * share).round() as usize).copied().unwrap_or(0.0);
    println!("{name}: p50 {:.1} ms, p95 {:.1} ms, max {:.1} ms of {times}", at(0.5), at(0.95), at(1.0));
}

fn main() {
    let ground = Ground::new(&redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas"));
    ground.warm();
    let rules = Rulebook::bundled();
    let sites = sites(&ground, 200);
    let judged = |site: &Site| Judged::of(site, &question(), Consequence::Restricted);
    let obstacles = Obstacles::of(&ground, rules, &judged(&sites[0])).expect("obstacles");
    println!("{} edges of {} obstacles", obstacles.barriers.len(), obstacles.list.len());
    measure("obstacles of a kind", 10, |_| {
        black_box(Obstacles::of(&ground, rules, &judged(&sites[0])));
    });
    let look = |site: &Site, wish: &Wish| {
        let relocator = Relocator::new(site, &ground, rules, &obstacles, wish).expect("a site");
        let found = relocator.nearest(&|_| true);
        assert_eq!(found.refused, 0);
        found
    };
    let one = Wish { most: 1, ..Wish::default() };
    measure("the nearest", sites.len(), |number| {
        black_box(look(&sites[number], &one));
    });
    measure("the nearest, obstacles found anew", sites.len() / 4, |number| {
        let site = &sites[number];
        let obstacles = Obstacles::of(&ground, rules, &judged(site)).expect("obstacles");
        black_box(Relocator::new(site, &ground, rules, &obstacles, &one).expect("a site").nearest(&|_| true));
    });
    let three = Wish::default();
    measure("three", sites.len(), |number| {
        black_box(look(&sites[number], &three));
    });
    let turned = Wish { rotate: true, ..Wish::default() };
    measure("three, turned", sites.len() / 4, |number| {
        black_box(look(&sites[number], &turned));
    });
    measure("whole city: obstacles, three turned, map of places", 10, |number| {
        let site = &sites[number];
        let obstacles = Obstacles::of(&ground, rules, &judged(site)).expect("obstacles");
        let relocator = Relocator::new(site, &ground, rules, &obstacles, &turned).expect("a site");
        black_box(relocator.nearest(&|_| true));
        let (low, high) = relocator.bounds();
        black_box(relocator.everywhere(&Grid::over(low, high, 10.0, 1_000_000), &|_| true));
    });
    let (low, high) = obstacles.bounds().expect("the city");
    let grid = Grid::over(low, high, 0.5, 360_000);
    measure("surface of the city, 360,000 places", 10, |_| {
        black_box(Surface::of(&obstacles, grid, &|_| true));
    });
    let surface = Surface::of(&obstacles, grid, &|_| true).expect("a surface");
    measure("another setback, 360,000 places", 50, |number| {
        let setbacks = Setbacks::from([("redline_zones".to_owned(), number as f64 * 10.0)]);
        black_box(surface.spots(&setbacks));
    });
    for metres in [0.0, 100.0, 500.0] {
        let setbacks = Setbacks::from([("redline_zones".to_owned(), metres), ("rivers".to_owned(), metres)]);
        measure(&format!("ground left, {metres} m"), 5, |_| {
            black_box(ground_left(&obstacles, &ground, &setbacks, None, &|_| true));
        });
    }
}
