//! How long a warm check takes: one site as it is dragged, and many at once; and the same for `siting_peer.py`, which
//! does it with others.

#![allow(clippy::expect_used, clippy::print_stdout)]

mod made;

use divan::{Bencher, black_box};
use redline_atlas::atlas::{Atlas, Site, Theme};
use redline_atlas::siting::{Ground, Question, Rulebook, Verdict, check, judge_each, screen, zone_layers};
use std::path::Path;
use std::time::Instant;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", folder, size] => write(Path::new(folder), size),
        ["single", size, layers] => single(size, layers),
        ["live", size, layers] => live(size, layers),
        ["dump", size, layers, count] => dump(size, layers, count.parse().expect("a number of sites")),
        ["batch", size, layers, count] => batch(size, layers, count.parse().expect("a number of sites")),
        _ => divan::main(),
    }
}

fn question() -> Question {
    Question::on(redline_atlas::storage::clock::today())
}

#[divan::bench]
fn one_site_in_the_bundled_atlas(bencher: Bencher) {
    let ground = Ground::new(&redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas"));
    ground.warm();
    let (sites, rules, question) = (made::sites(64), Rulebook::bundled(), question());
    ground.draw_zones(rules, &question);
    let mut next = sites.iter().cycle();
    bencher.bench_local(|| next.next().map(|site| black_box(check(site, &ground, rules, &question))));
}

/// The same without what statutes describe and what lies downstream: what these two cost is the difference.
#[divan::bench]
fn one_site_without_belts_and_downstream(bencher: Bencher) {
    let ground = Ground::new(&redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas"));
    ground.warm();
    let mut rules = Rulebook::clone(Rulebook::bundled());
    rules.checks.retain(|check| check.statute.is_none());
    let (sites, question) = (made::sites(64), Question { downstream_km: 0.0, ..question() });
    let mut next = sites.iter().cycle();
    bencher.bench_local(|| next.next().map(|site| black_box(check(site, &ground, &rules, &question))));
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

/// The zones of a size: S, M, L, or W, one zone over the city with 100,000 vertices. `all`: with the bundled atlas and
/// all rules; `zones`: they alone, and what is checked against them; else the bundled atlas and one theme of the rules.
fn made_ready(size: &str, layers: &str) -> (Ground, Rulebook) {
    let mut atlas: Atlas = match size {
        "W" => made::atlas_of(vec![made::wide_zone()]),
        _ => made::atlas(made::features(size).expect("S, M, L or W")),
    };
    let mut rules = Rulebook::clone(Rulebook::bundled());
    if layers == "zones" {
        atlas.layers.retain(|layer| matches!(layer.theme, Theme::RedlineZones));
        rules.checks.retain(|rule| rule.layer == Theme::RedlineZones);
    } else if layers != "all" {
        rules.checks.retain(|rule| rule.theme == layers);
    }
    let ground = Ground::new(&atlas);
    ground.warm();
    (ground, rules)
}

/// Zones and sites as files: `SIZE.fgb`, `sites.geojson` with 10,000 sites, `live.geojson` with the steps of one that is
/// dragged.
fn write(folder: &Path, size: &str) {
    use redline_atlas::format::{self, Format, ReadOptions, Target, WriteLayer};
    let outlines = match size {
        "W" => vec![made::wide_zone()],
        _ => made::outlines(made::features(size).expect("S, M, L or W")),
    };
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let reading = format::read(made::geojson_of(&outlines).as_bytes(), "zones", &options).expect("GeoJSON");
    let zones: Vec<WriteLayer> = reading.layers.iter().map(WriteLayer::from).collect();
    let files = format::write(Format::FlatGeobuf, &zones, &Target::default()).expect("all of it");
    redline_atlas::storage::layer::write(&folder.join(format!("{size}.fgb")), &files).expect("the folder");
    for (name, sites) in [("sites", made::sites(10_000)), ("live", made::dragged(2_000))] {
        let outlines: Vec<_> = sites.into_iter().flat_map(|site| site.shape.0).collect();
        let text = made::geojson_of(&outlines);
        redline_atlas::storage::file::write(&folder.join(format!("{name}.geojson")), text.as_bytes())
            .expect("the folder");
    }
}

/// Microseconds of each check, sorted.
fn times(sites: &[Site], judge: impl Fn(&Site) -> Verdict) -> Vec<f64> {
    let once = |site: &Site| {
        let start = Instant::now();
        let verdict = black_box(judge(site));
        // what the map shows belongs to the live check
        black_box(verdict.conflict_ground());
        start.elapsed().as_secs_f64() * 1e6
    };
    sites.iter().take(sites.len() / 4).for_each(|site| _ = once(site));
    let mut times: Vec<f64> = sites.iter().map(once).collect();
    times.sort_by(f64::total_cmp);
    times
}

fn tell(sites: &[Site], times: &[f64], judge: impl Fn(&Site) -> Verdict) {
    let at = |share: f64| times.get((share * (times.len() - 1) as f64) as usize).copied().unwrap_or_default();
    let found: Vec<Verdict> = sites.iter().take(500).map(judge).collect();
    let findings =
        found.iter().flat_map(|verdict| verdict.findings.iter().filter(|found| found.theme == "redline_zones"));
    let (count, overlap) =
        findings.fold((0, 0.0), |(count, overlap), finding| (count + 1, overlap + finding.overlap_m2));
    println!(
        r#"{{"median_us":{:.1},"p99_us":{:.1},"max_us":{:.1},"findings":{count},"overlap_m2":{overlap:.3}}}"#,
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

fn single(size: &str, layers: &str) {
    let (ground, rules) = made_ready(size, layers);
    let (sites, question) = (made::sites(2_000), question());
    let judge = |site: &Site| check(site, &ground, &rules, &question);
    tell(&sites, &times(&sites, judge), judge);
}

fn live(size: &str, layers: &str) {
    let (ground, rules) = made_ready(size, layers);
    let (sites, question) = (made::dragged(2_000), question());
    let judge = |site: &Site| check(site, &ground, &rules, &question);
    tell(&sites, &times(&sites, judge), judge);
}

fn batch(size: &str, layers: &str, count: usize) {
    let (ground, rules) = made_ready(size, layers);
    let question = question();
    // one site, so that selections are there
    judge_each(made::each_site(1), &ground, &rules, &question, &|| false, &mut |_, _| {});
    let before = peak();
    let start = Instant::now();
    let (mut findings, mut overlap) = (0, 0.0);
    let mut each = |_, verdict: Verdict| {
        for finding in verdict.findings.iter().filter(|finding| finding.overlap_m2 > 0.0) {
            findings += usize::from(finding.theme == "redline_zones");
            overlap += if finding.theme == "redline_zones" { finding.overlap_m2 } else { 0.0 };
        }
    };
    judge_each(made::each_site(count), &ground, &rules, &question, &|| false, &mut each);
    let seconds = start.elapsed().as_secs_f64();
    println!(
        r#"{{"seconds":{seconds:.4},"overlaps":{findings},"overlap_m2":{overlap:.2},"before_kb":{before},"peak_kb":{}}}"#,
        peak()
    );
}

/// Every answer as a line of JSON, sites and the steps of a drag, to hold two versions of the program against each other.
fn dump(size: &str, layers: &str, count: usize) {
    let (ground, rules) = made_ready(size, layers);
    let question = Question::on("2026-07-01".parse().expect("a day"));
    for site in made::each_site(count).chain(made::dragged(count / 5)) {
        println!("{}", serde_json::to_string(&check(&site, &ground, &rules, &question)).expect("JSON"));
    }
}

/// The most memory that the program has held, KB.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0");
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0)
}
