//! How long files take to open: the bundled atlas, and GeoJSON of the named sizes with index.

#![allow(clippy::expect_used)]

mod made;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use redline_atlas::atlas::{LayerId, Source, Theme};
use redline_atlas::format::{self, ReadOptions};

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn the_bundled_atlas() {
    black_box(redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas"));
}

#[divan::bench(args = ["S", "M", "L"], sample_count = 3, sample_size = 1)]
fn geojson(bencher: Bencher, size: &str) {
    let Some(features) = made::features(size) else { return };
    let text = made::geojson(features);
    // the same file for a peer: set this to a folder
    if let Some(folder) = std::env::var_os("REDLINE_BENCH_FILES") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{size}.geojson")), &text).expect("the folder");
    }
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let reading = format::read(text.as_bytes(), "zones", &ReadOptions::default()).expect("GeoJSON");
        let layers = reading.layers.into_iter();
        let layers =
            layers.map(|read| read.into_layer(LayerId(0), Theme::RedlineZones, String::new(), Source::default()));
        black_box(layers.collect::<Vec<_>>())
    });
}
