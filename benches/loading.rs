//! Loads one file into memory with its index and says what that took, for `peer.py`, which does the same with others.
//! `write FOLDER SIZE` makes the files that are compared; `cancel FILE` says how soon a preview ends that is called off.

#![allow(clippy::expect_used, clippy::print_stdout)]

mod made;

use redline_atlas::atlas::{LayerId, Theme};
use redline_atlas::format::{self, Format, Progress, ReadOptions, Target, WriteLayer};
use redline_atlas::storage::{self, layer};
use redline_atlas::text::{Language, Text};
use redline_atlas::workspace::{Corrections, Preview};
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
        ["cancel", file] => cancel(Path::new(file)),
        // as one of all benches there is nothing to do
        _ => println!("loading: write FOLDER SIZE | read FILE | cancel FILE; see benches/peer.py"),
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

/// Calls a preview off at each tenth of the time that it takes, and says how far it was by its own word and how
/// long it went on after that.
fn cancel(file: &Path) {
    let atlas = storage::atlas::open_bundled().expect("the atlas");
    let text = Text::of(Language::Zh);
    let look = |progress: &Progress| {
        let preview = Preview::read(file, &Corrections::default(), (&atlas, &[]), text, progress);
        preview.map(|preview| preview.layers.len())
    };
    let start = Instant::now();
    look(&Progress::default()).expect("a file");
    let whole = start.elapsed();
    let after: Vec<(f32, f64)> = (1..10)
        .map(|tenth| {
            let progress = Progress::default();
            std::thread::scope(|scope| {
                let reader = scope.spawn(|| look(&progress).is_err());
                std::thread::sleep(whole * tenth / 10);
                let (called, share) = (Instant::now(), progress.share());
                progress.cancel();
                let is_off = reader.join().expect("no panic");
                (share, if is_off { called.elapsed().as_secs_f64() } else { 0.0 })
            })
        })
        .collect();
    println!(r#"{{"whole":{:.3},"after":{after:.3?}}}"#, whole.as_secs_f64());
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
