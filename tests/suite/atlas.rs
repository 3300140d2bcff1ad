//! The bundled atlas is what its authored tables say, and holds what it promises.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("maps/wuxi")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    files.map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap())).collect()
}

fn rebuilt() -> BTreeMap<String, Vec<u8>> {
    redline_atlas::drafting::build(&files(&home().join("source"))).unwrap()
}

/// With `REBUILD_ATLAS=1` the files are written instead.
#[test]
fn the_atlas_is_what_its_tables_say() {
    let drawn = rebuilt();
    if std::env::var_os("REBUILD_ATLAS").is_some() {
        for (name, bytes) in &drawn {
            std::fs::write(home().join(name), bytes).unwrap();
        }
    }
    let kept = files(&home());
    assert_eq!(kept.keys().collect::<Vec<_>>(), drawn.keys().collect::<Vec<_>>());
    for (name, bytes) in &drawn {
        same(name, std::str::from_utf8(bytes).unwrap(), std::str::from_utf8(&kept[name]).unwrap());
    }
}

/// The same text, but numbers may differ by 2e-7: the last decimal hangs on the machine's rounding.
fn same(name: &str, drawn: &str, kept: &str) {
    if drawn == kept {
        return;
    }
    let split = |text: &str| -> Vec<String> {
        text.split_inclusive(|letter: char| ",[]{}:\n ".contains(letter)).map(str::to_owned).collect()
    };
    let (drawn, kept) = (split(drawn), split(kept));
    assert_eq!(drawn.len(), kept.len(), "{name}: another number of words");
    for (a, b) in drawn.iter().zip(&kept) {
        let number = |word: &str| word.trim_end_matches([',', '[', ']', '{', '}', ':', '\n', ' ']).parse::<f64>();
        let near = matches!((number(a), number(b)), (Ok(a), Ok(b)) if (a - b).abs() <= 2e-7);
        assert!(a == b || near, "{name}: {a} is kept as {b}");
    }
}
