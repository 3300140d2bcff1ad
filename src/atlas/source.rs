//! Where data came from and what it is worth.

use serde::{Deserialize, Serialize};

/// Worth of data, best first; the worst one used decides what a verdict may claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    /// Issued by the authority that answers for it.
    Official,
    /// From an open data set.
    Open,
    /// Open or official, but coarsened.
    Generalised,
    /// Drawn from descriptions; no basis for approval.
    Schematic,
}

impl Quality {
    /// Reads the word used in files.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "official" => Quality::Official,
            "open" => Quality::Open,
            "generalised" => Quality::Generalised,
            "schematic" => Quality::Schematic,
            _ => return None,
        })
    }

    /// The word used in files.
    pub fn code(self) -> &'static str {
        match self {
            Quality::Official => "official",
            Quality::Open => "open",
            Quality::Generalised => "generalised",
            Quality::Schematic => "schematic",
        }
    }
}

/// File and fingerprint of a layer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// File name, without folder.
    pub file: String,
    /// SHA-256 of the bytes, hexadecimal.
    pub sha256: String,
    /// Where the facts are from.
    pub origin: String,
    /// Terms of use.
    pub licence: String,
    /// Version or date of the data.
    pub version: String,
}
