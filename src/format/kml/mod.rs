//! KML 2.2 and 2.3 (OGC 12-007r2) and KMZ to layers and back; links in it are never fetched.

mod read;
mod shape;
mod write;

pub(super) use read::{read, read_zipped};
pub(super) use write::{write, write_zipped};
