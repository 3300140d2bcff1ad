//! FlatGeobuf 3 to layers and back.

mod read;
mod table;
mod write;

pub(super) use read::read;
pub(super) use write::write;

/// The first bytes of a file; the last one is a patch level.
const MAGIC: [u8; 8] = *b"fgb\x03fgb\x01";
/// Bytes of a node of the index: a box and an offset.
const NODE: usize = 40;

/// How many nodes the index of so many features has on each level, the leaves first.
fn levels(features: usize, node_size: usize) -> Vec<usize> {
    let mut levels = vec![features];
    let mut count = features;
    while count > 1 && node_size > 1 {
        count = count.div_ceil(node_size);
        levels.push(count);
    }
    // a single feature still has a root above it
    if levels.len() == 1 {
        levels.push(1);
    }
    levels
}
