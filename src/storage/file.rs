//! Files: read whole within a limit; replace whole or not at all; append.

use crate::format::Progress;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Largest file that is read at once, bytes.
pub const LARGEST: u64 = 1 << 30;

/// Bytes that are read at once.
const PIECE: u64 = 16 << 20;

/// Why a file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", path.display())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: FileReason,
}

/// Why a file could not be read or written; the faces put it in words.
#[derive(Debug, thiserror::Error)]
pub enum FileReason {
    /// Not there.
    #[error("not found")]
    Missing,
    /// Not allowed.
    #[error("permission denied")]
    Denied,
    /// A folder.
    #[error("a folder")]
    Folder,
    /// A pipe, socket or device, which might never end.
    #[error("not a regular file")]
    Special,
    /// Larger than [`LARGEST`]; its size in bytes.
    #[error("{0} bytes are too many")]
    TooLarge(u64),
    /// No space is left.
    #[error("no space left")]
    NoSpace,
    /// Only for reading.
    #[error("read-only")]
    ReadOnly,
    /// The person called it off.
    #[error("called off")]
    Cancelled,
    /// Anything else the system says.
    #[error("{0}")]
    Other(String),
}

impl FileError {
    fn new(path: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => FileReason::Missing,
            io::ErrorKind::PermissionDenied => FileReason::Denied,
            io::ErrorKind::IsADirectory => FileReason::Folder,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileReason::NoSpace,
            io::ErrorKind::ReadOnlyFilesystem => FileReason::ReadOnly,
            _ => FileReason::Other(error.to_string()),
        };
        FileError { path: path.to_owned(), reason }
    }

    fn because(path: &Path, reason: FileReason) -> Self {
        FileError { path: path.to_owned(), reason }
    }
}

/// Whether two paths lead to one file that is there.
pub fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(one).is_some_and(|one| real(other) == Some(one))
}

/// Reads a regular file of at most [`LARGEST`] bytes. Pipes and devices are refused before they are opened, since
/// opening one may wait for ever.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    read_up_to(path, LARGEST)
}

/// Reads a regular file of at most `limit` bytes.
pub fn read_up_to(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    read_watched(path, limit, &Progress::default())
}

/// The same, which tells how far it is and can be called off.
pub fn read_watched(path: &Path, limit: u64, progress: &Progress) -> Result<Vec<u8>, FileError> {
    let fail = |error: io::Error| FileError::new(path, &error);
    let known = std::fs::metadata(path).map_err(fail)?;
    if known.is_dir() {
        return Err(FileError::because(path, FileReason::Folder));
    }
    if !known.is_file() {
        return Err(FileError::because(path, FileReason::Special));
    }
    if known.len() > limit {
        return Err(FileError::because(path, FileReason::TooLarge(known.len())));
    }
    let file = File::open(path).map_err(fail)?;
    let mut bytes = Vec::with_capacity(usize::try_from(known.len()).unwrap_or_default());
    // it may grow while it is read
    let mut rest = file.take(limit + 1);
    while rest.by_ref().take(PIECE).read_to_end(&mut bytes).map_err(fail)? > 0 {
        progress.tell(bytes.len() as f32 / known.len().max(1) as f32);
        if progress.is_cancelled() {
            return Err(FileError::because(path, FileReason::Cancelled));
        }
    }
    let length = bytes.len() as u64;
    if length > limit { Err(FileError::because(path, FileReason::TooLarge(length))) } else { Ok(bytes) }
}

/// Writes a file whole or not at all: into a new file beside it, synced, then renamed over it. When anything fails
/// the old file is as it was and the new one is removed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    write_with(path, |out| out.write_all(bytes))
}

/// The same for what is made piece by piece and need not be held whole.
pub fn write_with(path: &Path, make: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), FileError> {
    // a link is followed, so that it stays a link
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if target.is_dir() {
        return Err(FileError::because(path, FileReason::Folder));
    }
    if std::fs::metadata(&target).is_ok_and(|known| !known.is_file()) {
        return Err(FileError::because(path, FileReason::Special));
    }
    if std::fs::metadata(&target).is_ok_and(|known| known.permissions().readonly()) {
        return Err(FileError::because(path, FileReason::ReadOnly));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (temporary, file) = create_beside(folder).map_err(|error| FileError::new(path, &error))?;
    let written = fill(file, make, &target).and_then(|()| std::fs::rename(&temporary, &target));
    if let Err(error) = written {
        let _ = std::fs::remove_file(&temporary);
        return Err(FileError::new(path, &error));
    }
    // the rename itself must reach the disk; some file systems cannot sync a folder
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

fn create_beside(folder: &Path) -> io::Result<(PathBuf, File)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    loop {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        // short, so that it fits where the name of the target is as long as names may be
        let temporary = folder.join(format!(".redline-{}-{number}.tmp", std::process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            other => return other.map(|file| (temporary, file)),
        }
    }
}

fn fill(file: File, make: impl FnOnce(&mut dyn Write) -> io::Result<()>, target: &Path) -> io::Result<()> {
    if let Ok(known) = std::fs::metadata(target) {
        file.set_permissions(known.permissions())?;
    }
    let mut out = BufWriter::with_capacity(1 << 16, file);
    make(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// Appends bytes to a file and syncs them; makes the file when there is none.
pub fn append(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let fail = |error: io::Error| FileError::new(path, &error);
    if std::fs::metadata(path).is_ok_and(|known| !known.is_file()) {
        return Err(FileError::because(path, FileReason::Special));
    }
    let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_data()).map_err(fail)
}

/// Makes a folder and those above it.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(path).map_err(|error| FileError::new(path, &error))
}

/// Whether something of that name is there.
pub fn is_there(path: &Path) -> bool {
    path.exists()
}

/// The path, or with the first number behind its name that is still free.
pub fn free(path: PathBuf) -> PathBuf {
    let name = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, ending) = (name(path.file_stem()), name(path.extension()));
    let numbered = |number: u32| match ending.as_str() {
        "" => path.with_file_name(format!("{stem}-{number}")),
        ending => path.with_file_name(format!("{stem}-{number}.{ending}")),
    };
    if !path.exists() {
        return path;
    }
    (2..1_000).map(numbered).find(|path| !path.exists()).unwrap_or(path)
}

/// Whether a path leads to a folder.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir()
}

/// The names of the files in a folder, sorted.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let fail = |error: io::Error| FileError::new(folder, &error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        files.push(entry.map_err(fail)?.path());
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("redline-file-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn what_is_written_is_read_and_nothing_lies_beside_it() {
        let folder = folder("write");
        let path = folder.join("甲 #1?.geojson");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        append(&path, b"+").unwrap();
        assert_eq!(read(&path).unwrap(), b"two+");
        assert_eq!(list(&folder).unwrap(), [path]);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_no_file_is_refused_and_never_waited_for() {
        let folder = folder("refuse");
        let reason = |path: &Path| read(path).unwrap_err().reason;
        assert!(matches!(reason(&folder), FileReason::Folder));
        assert!(matches!(reason(&folder.join("none")), FileReason::Missing));
        assert!(matches!(reason(Path::new("/dev/zero")), FileReason::Special));
        assert!(matches!(write(&folder, b"").unwrap_err().reason, FileReason::Folder));
        assert!(matches!(write(&folder.join("none/x"), b"").unwrap_err().reason, FileReason::Missing));
        let path = folder.join("large");
        write(&path, b"12345").unwrap();
        assert!(matches!(read_up_to(&path, 4).unwrap_err().reason, FileReason::TooLarge(5)));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
