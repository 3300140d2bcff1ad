//! What every target does with bytes: read them, mend the shapes, write what came of it, read that again.

use redline_atlas::format::{self, Format, Input, ReadOptions, Reading, SideFile, Target, WriteLayer};

/// A file of one part.
pub fn file(bytes: &[u8]) {
    through(&Input::alone("示例", bytes));
}

/// The parts of a Shapefile, each after its length in two bytes, the main one last.
pub fn parts(bytes: &[u8]) {
    let mut rest = bytes;
    let mut sides = Vec::new();
    for ending in format::SHAPEFILE_SIDES {
        let Some((length, after)) = rest.split_at_checked(2) else { return };
        let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        let (part, after) = after.split_at(length.min(after.len()));
        if length > 0 {
            sides.push(SideFile { ending, bytes: part });
        }
        rest = after;
    }
    through(&Input { name: "示例", bytes: rest, sides: &sides });
}

fn through(input: &Input) {
    let options = ReadOptions { keep_originals: true, ..ReadOptions::default() };
    let Ok(mut reading) = format::read_input(input, &options) else { return };
    let target = Target::default();
    let layers: Vec<WriteLayer> = reading.layers.iter().map(WriteLayer::from).collect();
    let again = match reading.format {
        Format::TopoJson | Format::Gpx | Format::Dxf => Format::GeoJson,
        other => other,
    };
    if let Ok(written) = format::write(again, &layers, &target) {
        for part in written.files.iter().filter(|part| matches!(part.ending, "" | "shp")) {
            let _ = format::read(&part.bytes, "示例", &options);
        }
    }
    let Reading { layers, .. } = &mut reading;
    let is_alone = layers.len() == 1;
    for layer in layers {
        let _ = format::repair(layer, is_alone, &Default::default());
        let _ = layer.fields();
        let _ = layer.bounds();
    }
}
