//! Reference systems of the office's own, kept by name beside the settings in `systems.json`.

use super::file::FileError;
use super::settings;
use crate::geometry::{LocalSystem, ReferenceError, System};

/// The file they are kept in.
const FILE: &str = "systems.json";

/// All that were saved.
pub fn all() -> Vec<LocalSystem> {
    settings::load(FILE).value
}

/// Saves them in place of those that were there.
pub fn save(systems: &[LocalSystem]) -> Result<(), FileError> {
    settings::save(FILE, &systems)
}

/// A system by its code, its definition, or the name it was saved under.
pub fn find(word: &str) -> Result<System, ReferenceError> {
    let found = System::parse(word);
    if found.is_ok() {
        return found;
    }
    let saved = all().into_iter().find(|system| system.name.trim() == word.trim());
    saved.map_or(found, |system| system.system())
}
