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

/// A system by its code, its definition, or its name among these.
pub fn find(word: &str, own: &[LocalSystem]) -> Result<System, ReferenceError> {
    let found = System::parse(word);
    let named = own.iter().find(|system| system.name.trim() == word.trim());
    // no name may stand for something else, so that the order is all the same
    named.filter(|_| found.is_err()).map_or(found, LocalSystem::system)
}
