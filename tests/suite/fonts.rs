//! The bundled faces can write everything that the product says or names.

use redline_atlas::cartography::font;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_character_of_the_atlas_the_texts_and_the_templates_has_a_glyph() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["maps", "assets/text", "assets/template", "assets/legend", "assets/rule", "assets/standard"] {
        // a folder that comes with a later part of the product is no fault of the faces
        if root.join(folder).is_dir() {
            files(&root.join(folder), &mut found);
        }
    }
    let mut missing: BTreeMap<char, PathBuf> = BTreeMap::new();
    let mut letters = std::collections::BTreeSet::new();
    for path in &found {
        // the outlines of places are bytes, not words
        let Ok(words) = String::from_utf8(std::fs::read(path).unwrap()) else { continue };
        // spellings that are understood in files of others are never written
        let written = words.lines().filter(|line| !line.starts_with("aliases"));
        letters.extend(written.flat_map(str::chars).filter(|letter| !letter.is_control() && *letter != '\u{feff}'));
        for letter in letters.iter().filter(|letter| !font::has(**letter)) {
            missing.entry(*letter).or_insert_with(|| path.clone());
        }
    }
    assert!(letters.len() > 1000, "{} characters read", letters.len());
    assert!(missing.is_empty(), "{missing:?}");
}
