//! GeoJSON (RFC 7946, and the `crs` member of its forerunner of 2008) to layers and back.

mod read;
mod shape;
mod write;

pub(super) use read::{geometry_name, read};
pub(super) use write::write_layers;
pub use write::{WriteOptions, json_value, write};
