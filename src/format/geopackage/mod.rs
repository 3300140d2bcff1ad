//! OGC GeoPackage (12-128r19) to layers and back: a SQLite database that lives in memory, so that nothing is written
//! beside a file that is only looked at.

mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;

/// A name as SQL takes it whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\"").replace('\0', ""))
}
