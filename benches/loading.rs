//! Loads one file into memory with its index and says what that took, for `peer.py`, which does the same with others.
//! `write FOLDER SIZE` makes the files that are compared.

#![allow(clippy::expect_used, clippy::print_stdout)]

mod made;

use redline_atlas::atlas::{LayerId, Theme};
use redline_atlas::format::{self, Format, ReadOptions, Target, WriteLayer};
use redline_atlas::storage::layer;
use std::path::Path;
use std::time::Instant;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", folder, size] => write(Path::new(folder), size),
        ["read", file] => read(Path::new(file)),
        // as one of all benches there is nothing to do
        _ => println!("loading: write FOLDER SIZE | read FILE; see benches/peer.py"),
    }
}

fn write(folder: &Path, size: &str) {
    let features = made::features(size).expect("S, M or L");
    let text = made::geojson(features);
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let reading = format::read(text.as_bytes(), "zones", &options).expect("GeoJSON");
    let layers: Vec<WriteLayer> = reading.layers.iter().map(WriteLayer::from).collect();
    for format in [Format::GeoJson, Format::Shapefile, Format::GeoPackage, Format::FlatGeobuf] {
        let written = format::write(format, &layers, &Target::default()).expect("all of it");
        let name = format!("{size}.{}", format.endings()[0]);
        layer::write(&folder.join(name), &written).expect("the folder");
    }
}

fn read(file: &Path) {
    let start = Instant::now();
    let (layer, problems) = layer::open(file, Theme::Other, LayerId(0), &ReadOptions::default()).expect("a file");
    let seconds = start.elapsed().as_secs_f64();
    assert!(problems.is_empty(), "{problems:?}");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0").trim().to_owned();
    let kilobytes = peak.split_whitespace().next().unwrap_or("0");
    println!(r#"{{"seconds":{seconds:.4},"peak_kb":{kilobytes},"features":{}}}"#, layer.features().len());
}
