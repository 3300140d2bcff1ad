//! Settings of the person, kept as JSON under the configuration folder; a broken or unwritable one never stops a start.

use super::file::{self, FileError};
use serde::{Serialize, de::DeserializeOwned};
use std::path::{Path, PathBuf};

/// Largest settings file that is read, bytes.
const LARGEST: u64 = 16 << 20;

/// Settings as they were found.
#[derive(Debug)]
pub struct Loaded<T> {
    /// The settings, or their defaults.
    pub value: T,
    /// Where a broken file was put aside.
    pub broken: Option<PathBuf>,
}

/// The folder of the settings: `redline-atlas` under XDG_CONFIG_HOME or its like; none for an account without home.
pub fn folder() -> Option<PathBuf> {
    dirs::config_dir().map(|folder| folder.join("redline-atlas"))
}

/// Where a person's documents are; the present folder for an account without a home.
pub fn documents() -> PathBuf {
    dirs::document_dir().or_else(dirs::home_dir).unwrap_or_default()
}

/// Loads settings by file name from the configuration folder.
pub fn load<T: DeserializeOwned + Default>(name: &str) -> Loaded<T> {
    match folder() {
        Some(folder) => load_from(&folder.join(name)),
        None => Loaded { value: T::default(), broken: None },
    }
}

/// Loads settings from a file. A missing one gives the defaults; a broken one too, and is kept as `.bad`.
pub fn load_from<T: DeserializeOwned + Default>(path: &Path) -> Loaded<T> {
    let Ok(bytes) = file::read_up_to(path, LARGEST) else {
        return Loaded { value: T::default(), broken: None };
    };
    if let Ok(value) = serde_json::from_slice(&bytes) {
        return Loaded { value, broken: None };
    }
    let aside = path.with_extension("json.bad");
    let broken = std::fs::rename(path, &aside).is_ok().then_some(aside);
    Loaded { value: T::default(), broken }
}

/// Saves settings by file name; says why it could not, so that the person is told once.
pub fn save<T: Serialize>(name: &str, value: &T) -> Result<(), FileError> {
    match folder() {
        Some(folder) => save_to(&folder.join(name), value),
        None => Err(FileError { path: name.into(), reason: file::FileReason::Missing }),
    }
}

/// Saves settings to a file, whole or not at all.
pub fn save_to<T: Serialize>(path: &Path, value: &T) -> Result<(), FileError> {
    if let Some(folder) = path.parent() {
        file::make_folder(folder)?;
    }
    let bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| FileError { path: path.to_owned(), reason: file::FileReason::Other(error.to_string()) })?;
    file::write(path, &bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_broken_file_gives_defaults_and_is_kept() {
        let folder = std::env::temp_dir().join(format!("redline-settings-{}", std::process::id()));
        let path = folder.join("deep/settings.json");
        let settings = BTreeMap::from([("language".to_owned(), 1)]);
        save_to(&path, &settings).unwrap();
        assert_eq!(load_from::<BTreeMap<String, i32>>(&path).value, settings);
        std::fs::write(&path, b"{\"language\":").unwrap();
        let loaded = load_from::<BTreeMap<String, i32>>(&path);
        assert!(loaded.value.is_empty());
        assert_eq!(std::fs::read(loaded.broken.unwrap()).unwrap(), b"{\"language\":");
        assert!(load_from::<BTreeMap<String, i32>>(&path).broken.is_none());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
