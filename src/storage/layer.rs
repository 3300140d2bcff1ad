//! Opens a data set as a layer.

use super::file::{self, FileError};
use crate::atlas::{Layer, LayerId, Source, Theme};
use crate::format::{
    self, FormatError, Input, Looks, Problem, ReadOptions, Reading, SHAPEFILE_SIDES as SIDES, SideFile, Written,
};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

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

/// Bytes that are fingerprinted at once.
const PIECE: usize = 16 << 20;

/// Reads a data set with its side files; nothing is written beside it and nothing it links to is fetched.
pub fn read(path: &Path, options: &ReadOptions) -> Result<(Reading, Source), OpenError> {
    let path = &main_file(path);
    // a folder that is one data set elsewhere
    if ending(path) == "gdb" && file::is_folder(path) {
        let reason = FormatError::Unrecognised(Looks::FileGdb);
        return Err(OpenError::Format { path: path.display().to_string(), reason });
    }
    let (first, second) = (options.progress.part(0.0, 0.2), options.progress.part(0.2, 1.0));
    let bytes = file::read_watched(path, file::LARGEST, &first)?;
    let is_shapefile = ending(path) == "shp";
    let sides = if is_shapefile { sides(path)? } else { Vec::new() };
    let sides: Vec<SideFile> = sides.iter().map(|(ending, bytes)| SideFile { ending, bytes }).collect();
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let fingerprint = || {
        let mut digest = Sha256::new();
        let all = std::iter::once(&*bytes).chain(sides.iter().map(|side| side.bytes));
        let pieces = all.flat_map(|bytes| bytes.chunks(PIECE));
        pieces.take_while(|_| !second.is_cancelled()).for_each(|piece| digest.update(piece));
        hexadecimal(&digest.finalize())
    };
    let input = Input { name: &stem, bytes: &bytes, sides: &sides };
    let options = ReadOptions { progress: second.clone(), ..options.clone() };
    let (reading, sha256) = rayon::join(|| format::read_input(&input, &options), fingerprint);
    let reading = reading.map_err(|reason| OpenError::Format { path: path.display().to_string(), reason })?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((reading, Source { file: name, sha256, ..Source::default() }))
}

/// Writes a data set: each file whole or not at all, the main one last.
pub fn write(path: &Path, written: &Written) -> Result<(), FileError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    for part in written.files.iter().rev() {
        let ending = match part.ending {
            "" => path.extension().unwrap_or_default().to_string_lossy(),
            ending => ending.into(),
        };
        let target = match (&*part.suffix, part.ending) {
            ("", "") => path.to_owned(),
            (suffix, _) => path.with_file_name(format!("{stem}{suffix}.{ending}")),
        };
        file::write(&target, &part.bytes)?;
    }
    Ok(())
}

fn ending(path: &Path) -> String {
    path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase()
}

/// The main part of a Shapefile where a side file was named.
fn main_file(path: &Path) -> PathBuf {
    let is_side = SIDES.contains(&&*ending(path));
    let main = if is_side { beside(path).into_iter().find(|(ending, _)| ending == "shp") } else { None };
    main.map_or_else(|| path.to_owned(), |(_, main)| main)
}

fn sides(path: &Path) -> Result<Vec<(String, Vec<u8>)>, FileError> {
    let mut sides: Vec<(String, Vec<u8>)> = Vec::new();
    for (ending, path) in beside(path) {
        if SIDES.contains(&&*ending) && !sides.iter().any(|(known, _)| *known == ending) {
            sides.push((ending, file::read(&path)?));
        }
    }
    Ok(sides)
}

/// The files of the same name with other endings, of whatever case; `甲.shp.prj` does not count, `甲.PRJ` does.
fn beside(path: &Path) -> Vec<(String, PathBuf)> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Some(stem) = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()) else { return Vec::new() };
    let files = file::list(folder).unwrap_or_default().into_iter();
    let same = files.filter(|file| {
        let own = file.file_stem().map(|own| own.to_string_lossy().to_lowercase());
        own.as_deref() == Some(&stem) && *file != path
    });
    let mut found: Vec<(String, PathBuf)> = same.map(|file| (ending(&file), file)).collect();
    // the one whose name is written exactly alike comes first
    found.sort_by_key(|(_, file)| file.file_stem() != path.file_stem());
    found
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
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
