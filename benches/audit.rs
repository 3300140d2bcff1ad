//! How long two versions of a constraint take: three hundred zones of a million vertices in each, a fifth amended.

#![allow(clippy::expect_used)]

mod made;

use divan::{Bencher, black_box};
use geo::{Coord, Geometry, LineString, Polygon};
use redline_atlas::atlas::{Feature, Layer, LayerId, Source, Theme, Value};
use redline_atlas::siting::audit::{audit, recheck, with_version};
use redline_atlas::siting::{Ground, Question, Rulebook};
use std::f64::consts::TAU;
use std::sync::Arc;

fn main() {
    divan::main();
}

/// Vertices of a zone.
const CORNERS: u32 = 3_400;

fn version(amended: bool) -> Arc<Layer> {
    let features = (0..300_u32).map(|number| {
        let (x, y) = (119.6 + f64::from(number % 20) * 0.05, 31.1 + f64::from(number / 20) * 0.05);
        let corner = |step: u32| {
            let turn = f64::from(step) / f64::from(CORNERS) * TAU;
            // bays and capes, and on them what a surveyor's line has
            let rough = 4e-4 * (f64::from(step * (number + 7)) * 0.731).sin();
            let wave = 1.0 + 0.1 * (7.0 * turn + f64::from(number)).sin() + rough;
            let is_bitten = amended && number % 5 == 0 && step < CORNERS / 4;
            let reach = 0.022 * wave * if is_bitten { 0.97 } else { 1.0 };
            Coord { x: x + reach * turn.cos(), y: y + reach * turn.sin() }
        };
        let ring = LineString::new((0..CORNERS).map(corner).collect());
        let tier = if number % 2 == 0 { "national" } else { "control" };
        Feature {
            id: format!("Z-{number}"),
            shape: Some(Geometry::Polygon(Polygon::new(ring, vec![]))),
            values: vec![("tier".into(), Value::Text(tier.into()))],
        }
    });
    let (id, source) = (LayerId(10_000 + u32::from(amended)), Source::default());
    Arc::new(Layer::new(id, Theme::RedlineZones, String::new(), source, features.collect()))
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn two_versions_of_a_million_vertices(bencher: Bencher) {
    let (old, new) = (version(false), version(true));
    let atlas = redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas");
    let day = redline_atlas::storage::clock::today();
    let found = audit(&old, &new, &atlas, day, &|_| true).expect("an audit");
    assert!(found.balance.holds && found.counts.changed == 60, "{:?} {:?}", found.balance, found.counts);
    bencher.bench_local(|| black_box(audit(&old, &new, &atlas, day, &|_| true)));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn five_thousand_projects_by_both(bencher: Bencher) {
    let (old, new) = (version(false), version(true));
    let atlas = redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas");
    let day = redline_atlas::storage::clock::today();
    let found = audit(&old, &new, &atlas, day, &|_| true).expect("an audit");
    let ground = |layer: &Arc<Layer>| {
        let ground = Ground::new(&with_version(&atlas, layer));
        ground.warm();
        ground
    };
    let (before, after) = (ground(&old), ground(&new));
    let (sites, rules, question) = (made::sites(5_000), Rulebook::bundled(), Question::on(day));
    bencher.bench_local(|| black_box(recheck(&sites, (&before, &after), &found, (rules, &question), &|_| true)));
}
