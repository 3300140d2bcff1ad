//! How long a warm check takes: one site as it is dragged, and many at once.

#![allow(clippy::expect_used)]

mod made;

use divan::{Bencher, black_box};
use redline_atlas::siting::{Ground, Question, Rulebook, check, screen, zone_layers};

fn main() {
    divan::main();
}

fn question() -> Question {
    let as_of = redline_atlas::storage::clock::today();
    Question::on(as_of)
}

#[divan::bench]
fn one_site_in_the_bundled_atlas(bencher: Bencher) {
    let ground = Ground::new(&redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas"));
    ground.warm();
    let (sites, rules, question) = (made::sites(64), Rulebook::bundled(), question());
    let mut next = sites.iter().cycle();
    bencher.bench_local(|| next.next().map(|site| black_box(check(site, &ground, rules, &question))));
}

#[divan::bench(args = ["S", "M", "L"])]
fn one_site(bencher: Bencher, size: &str) {
    let Some(features) = made::features(size) else { return };
    let ground = Ground::new(&made::atlas(features));
    ground.warm();
    let (sites, rules, question) = (made::sites(64), Rulebook::bundled(), question());
    let mut next = sites.iter().cycle();
    bencher.bench_local(|| next.next().map(|site| black_box(check(site, &ground, rules, &question))));
}

#[divan::bench(args = ["S", "M", "L"], sample_count = 3, sample_size = 1)]
fn a_thousand_sites(bencher: Bencher, size: &str) {
    let Some(features) = made::features(size) else { return };
    let ground = Ground::new(&made::atlas(features));
    ground.warm();
    let (sites, rules, question) = (made::sites(1000), Rulebook::bundled(), question());
    bencher.bench_local(|| black_box(screen(&sites, &ground, rules, &question)));
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn all_belts_of_the_bundled_atlas(bencher: Bencher) {
    let atlas = redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas");
    bencher.with_inputs(|| Ground::new(&atlas)).bench_local_values(|ground| {
        let next = std::cell::Cell::new(1_000);
        let id = || redline_atlas::atlas::LayerId(next.replace(next.get() + 1));
        black_box(zone_layers(&ground, Rulebook::bundled(), &id, &|_| true))
    });
}
