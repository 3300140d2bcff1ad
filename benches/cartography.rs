//! How long a sheet takes.

#![allow(clippy::expect_used)]

use divan::black_box;
use redline_atlas::atlas::{Atlas, Theme};
use redline_atlas::report::{Extent, Paper, SheetFormat, SheetRequest, sheet};
use redline_atlas::storage::{atlas::open_bundled, clock};
use redline_atlas::workspace::Derived;
use std::sync::LazyLock;

static ATLAS: LazyLock<Atlas> = LazyLock::new(|| open_bundled().expect("the bundled atlas"));
static DERIVED: LazyLock<Derived> = LazyLock::new(|| Derived::of(&ATLAS));

fn main() {
    divan::main();
}

fn request(format: SheetFormat) -> SheetRequest {
    let layers = ATLAS.layers.iter().filter(|layer| layer.theme != Theme::LivestockZones);
    SheetRequest {
        format,
        by_class: true,
        ..SheetRequest::new(layers.map(|layer| (layer.id, 1.0)).collect(), clock::today())
    }
}

#[divan::bench(args = [SheetFormat::Pdf, SheetFormat::Svg], sample_count = 5, sample_size = 1)]
fn the_city_on_a3(format: &SheetFormat) {
    black_box(sheet(&request(*format), &ATLAS, &DERIVED.water_class).expect("a sheet"));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_zone_on_a4_at_300_dpi() {
    let extent = Extent::Feature(Theme::RedlineZones, "WX-E-01".into());
    let request = SheetRequest { paper: Paper::A4, extent, dpi: 300.0, ..request(SheetFormat::Png) };
    black_box(sheet(&request, &ATLAS, &DERIVED.water_class).expect("a sheet"));
}
