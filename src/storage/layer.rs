//! Opens a data set as a layer.

use super::file::{self, FileError};
use crate::atlas::{Layer, LayerId, Source, Theme};
use crate::format::{self, FormatError, Problem, ReadOptions, Reading};
use sha2::{Digest, Sha256};
use std::path::Path;

/// Why a data set could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file itself.
    #[error(transparent)]
    File(#[from] FileError),
    /// What is in it.
    #[error("{path}: {reason}")]
    Format {
        /// The file.
        path: String,
        /// Why.
        reason: FormatError,
    },
}

/// Reads a data set; nothing is written beside it and nothing it links to is fetched.
pub fn read(path: &Path, options: &ReadOptions) -> Result<(Reading, Source), OpenError> {
    let bytes = file::read(path)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let reading = format::read(&bytes, &stem, options)
        .map_err(|reason| OpenError::Format { path: path.display().to_string(), reason })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((reading, Source { file: name, sha256: fingerprint(&bytes), ..Source::default() }))
}

/// Opens a data set as a layer of a theme, with what was wrong in it.
pub fn open(path: &Path, theme: Theme, id: LayerId, options: &ReadOptions) -> Result<(Layer, Vec<Problem>), OpenError> {
    let (reading, source) = read(path, options)?;
    let title = source.file.clone();
    let layer = match reading.layers.into_iter().next() {
        Some(layer) => layer.into_layer(id, theme, title, source),
        None => Layer::new(id, theme, title, source, Vec::new()),
    };
    Ok((layer, reading.problems))
}

/// SHA-256 of bytes, hexadecimal.
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
