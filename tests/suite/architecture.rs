//! Who may import whom. To change the architecture, change the table in the same commit.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room and the rooms it may name, lowest first. `text` stands aside and serves those who speak.
const MAY_NAME: [(&str, &[&str]); 14] = [
    ("geometry", &[]),
    ("atlas", &["geometry"]),
    ("format", &["geometry", "atlas"]),
    ("waters", &["geometry", "atlas"]),
    ("siting", &["geometry", "atlas", "waters"]),
    ("drafting", &["geometry", "atlas", "format", "waters"]),
    ("text", &["atlas", "geometry", "siting", "waters"]),
    ("cartography", &["geometry", "atlas", "siting", "waters", "text"]),
    ("report", &["geometry", "atlas", "format", "siting", "waters", "cartography", "text"]),
    ("storage", &["geometry", "atlas", "format", "siting", "waters", "drafting", "cartography", "report"]),
    (
        "workspace",
        &["geometry", "atlas", "format", "siting", "waters", "drafting", "cartography", "report", "storage", "text"],
    ),
    (
        "cli",
        &[
            "geometry",
            "atlas",
            "format",
            "siting",
            "waters",
            "drafting",
            "cartography",
            "report",
            "storage",
            "workspace",
            "text",
        ],
    ),
    (
        "desktop",
        &["geometry", "atlas", "format", "siting", "waters", "cartography", "report", "storage", "workspace", "text"],
    ),
    ("main", &["cli", "desktop", "text"]),
];

/// Words that belong to one room alone.
const ONLY_IN: [(&str, &[&str]); 9] = [
    ("std::fs", &["storage"]),
    ("File::open", &["storage"]),
    ("std::net", &[]),
    ("SystemTime", &["storage"]),
    ("Zoned::now", &["storage"]),
    ("egui", &["desktop"]),
    ("eframe", &["desktop"]),
    ("walkers", &["desktop"]),
    ("typst", &["report"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn room(path: &Path, root: &Path) -> String {
    let inside = path.strip_prefix(root).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_string()
}

/// Lines of code outside comments and outside the file's own tests.
fn code(path: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(path).unwrap();
    let product = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = product.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(number, line)| (number + 1, line.split(" // ").next().unwrap_or(line).to_string())).collect()
}

#[test]
fn no_room_names_a_room_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20);
    let mut wrong = Vec::new();
    for path in files {
        let here = room(&path, &root);
        if here == "lib" {
            continue;
        }
        let (_, allowed) = MAY_NAME.iter().find(|(name, _)| *name == here).unwrap_or_else(|| panic!("{here} is new"));
        for (number, line) in code(&path) {
            for (other, _) in MAY_NAME {
                let named = line.contains(&format!("crate::{other}::"))
                    || line.contains(&format!("crate::{other};"))
                    || line.contains(&format!("redline_atlas::{other}::"));
                if named && other != here && !allowed.contains(&other) {
                    wrong.push(format!("{}:{number}: {here} names {other}", path.display()));
                }
            }
            for (word, rooms) in ONLY_IN {
                let stands_alone = line.match_indices(word).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    let after = line[at + word.len()..].chars().next();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"' || c == '-')
                        && !after.is_some_and(|c| c.is_alphanumeric())
                });
                if stands_alone && !rooms.contains(&here.as_str()) {
                    wrong.push(format!("{}:{number}: {word} outside {rooms:?}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
