//! How long files take to open: the bundled atlas, and GeoJSON of the named sizes with index.

#![allow(clippy::expect_used)]

mod made;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use geo::{Coord, MapCoordsInPlace};
use redline_atlas::atlas::{LayerId, Source, Theme};
use redline_atlas::format::{self, ReadOptions};

fn main() {
    divan::main();
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn the_bundled_atlas() {
    black_box(redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas"));
}

/// Whether a layer lies on the features of the atlas or beside them: what every import waits for.
#[divan::bench(args = [0.0, 0.0046], sample_count = 10, sample_size = 1)]
fn held_against_the_atlas(bencher: Bencher, moved: f64) {
    let atlas = redline_atlas::storage::atlas::open_bundled().expect("the bundled atlas");
    let rivers = redline_atlas::storage::atlas::bundled_files().iter().find(|(name, _)| *name == "rivers.geojson");
    let (_, rivers) = rivers.expect("the rivers");
    bencher
        .with_inputs(|| {
            let mut layer = format::read(rivers, "rivers", &ReadOptions::default()).expect("GeoJSON").layers.remove(0);
            for shape in layer.features.iter_mut().filter_map(|feature| feature.shape.as_mut()) {
                shape.map_coords_in_place(|at| Coord { x: at.x + moved, y: at.y - moved / 2.0 });
            }
            layer
        })
        .bench_local_values(|mut layer| format::fit(&mut layer, atlas.layers.iter().map(|layer| &**layer)));
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
