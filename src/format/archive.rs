//! Entries of a ZIP archive, unfolded in memory and within bounds. Names are only words here: nothing is written, no
//! path is followed, an archive within an archive stays closed.

use super::{Format, FormatError, Looks, Problem, ProblemKind};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Most entries of an archive.
const MOST_ENTRIES: usize = 10_000;
/// Most bytes that the entries of an archive may unfold to together.
const MOST_UNFOLDED: u64 = 512 << 20;
/// Most times that an entry may grow when unfolded, once it is larger than [`SMALL`].
const MOST_GROWTH: u64 = 200;
/// Size below which growth does no harm, bytes: a table padded with blanks grows a lot.
const SMALL: u64 = 4 << 20;

/// An archive in memory.
#[derive(Debug)]
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    entries: Vec<Entry>,
    unfolded: u64,
}

/// A file in an archive.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// Its name with the folders in the archive, parted by `/`.
    pub(super) name: String,
    index: usize,
}

impl Entry {
    /// The name without its ending.
    pub(super) fn stem(&self) -> &str {
        self.name.rsplit_once('.').map_or(&*self.name, |(stem, _)| stem)
    }

    /// The ending in lower case.
    pub(super) fn ending(&self) -> String {
        self.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
    }
}

impl<'a> Archive<'a> {
    /// Reads the list of entries; folders, links and the notes of macOS are left out.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ProblemKind> {
        // before anything is set up for each entry
        if claimed_entries(bytes) > MOST_ENTRIES {
            return Err(ProblemKind::ArchiveTooMany(MOST_ENTRIES));
        }
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| ProblemKind::ArchiveBroken)?;
        let mut entries = Vec::new();
        for index in 0..zip.len() {
            let Ok(file) = zip.by_index_raw(index) else { return Err(ProblemKind::ArchiveBroken) };
            let name = entry_name(file.name_raw()).replace('\\', "/");
            if escapes(&name) {
                return Err(ProblemKind::ArchiveEscapes(name));
            }
            if file.is_file() && !name.starts_with("__MACOSX/") && !name.ends_with('/') {
                entries.push(Entry { name, index });
            }
        }
        Ok(Archive { zip, entries, unfolded: 0 })
    }

    /// Its files in their order.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Unfolds one file.
    pub(super) fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, ProblemKind> {
        let file = match self.zip.by_index(entry.index) {
            Ok(file) => file,
            Err(zip::result::ZipError::UnsupportedArchive(reason))
                if reason == zip::result::ZipError::PASSWORD_REQUIRED =>
            {
                return Err(ProblemKind::ArchiveLocked);
            }
            Err(_) => return Err(ProblemKind::ArchiveBroken),
        };
        let most = file.compressed_size().saturating_mul(MOST_GROWTH).max(SMALL);
        let most = most.min(MOST_UNFOLDED.saturating_sub(self.unfolded));
        let (claimed, packed) = (file.size(), file.compressed_size());
        if claimed > most {
            return Err(ProblemKind::ArchiveTooLarge(entry.name.clone()));
        }
        // the size an archive claims is not believed: it only says how much room to make at first
        let room = claimed.min(packed.saturating_mul(4)).min(most);
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
        file.take(most + 1).read_to_end(&mut bytes).map_err(|_| ProblemKind::ArchiveBroken)?;
        let length = bytes.len() as u64;
        if length > most {
            return Err(ProblemKind::ArchiveTooLarge(entry.name.clone()));
        }
        self.unfolded += length;
        Ok(bytes)
    }
}

/// Whether a name would lead out of the folder into which an archive is unpacked. Nothing is unpacked here, but who
/// made such a name meant no good.
fn escapes(name: &str) -> bool {
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    name.starts_with('/') || has_drive || name.split('/').any(|part| part == "..")
}

/// Chinese archivers write names in GBK without saying so.
fn entry_name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode(raw).0.into_owned(),
    }
}

/// The number of entries that the end of the archive claims; 65,535 also stands for a count in another record.
fn claimed_entries(bytes: &[u8]) -> usize {
    let tail = bytes.get(bytes.len().saturating_sub(66_000)..).unwrap_or_default();
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06");
    let count = at.and_then(|at| tail.get(at + 10..at + 12));
    count.and_then(|two| two.try_into().ok()).map_or(0, |two| usize::from(u16::from_le_bytes(two)))
}

/// The format of what an archive holds.
pub(super) fn content(bytes: &[u8]) -> Result<Option<Format>, FormatError> {
    let unreadable = |kind| FormatError::Unreadable(Box::new(Problem::of_file(kind)));
    let archive = Archive::open(bytes).map_err(unreadable)?;
    let has = |ending: &str| archive.entries().iter().any(|entry| entry.ending() == ending);
    Ok(if archive.entries().iter().any(|entry| entry.name == "xl/workbook.xml") {
        Some(Format::Xlsx)
    } else if has("shp") {
        Some(Format::ZippedShapefile)
    } else if has("kml") {
        Some(Format::Kmz)
    } else if has("gdbtable") {
        return Err(FormatError::Unrecognised(Looks::FileGdb));
    } else {
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn archive(name: &str) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(b"x").unwrap();
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn names_that_lead_out_of_the_archive_are_refused() {
        for name in ["../../x.shp", "a/../../x.shp", "/etc/x.shp", "C:/x.shp", "..\\x.shp"] {
            let found = Archive::open(&archive(name)).map(|_| ()).unwrap_err();
            assert!(matches!(found, ProblemKind::ArchiveEscapes(_)), "{name} {found:?}");
        }
        assert!(Archive::open(&archive("a/b..c/x.shp")).is_ok());
    }
}
