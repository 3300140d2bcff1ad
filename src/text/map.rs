//! Sentences on the map itself.

use serde::Deserialize;

/// Sentences on the map itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct MapText {
    /// Name of the map for those who do not see it.
    pub name: String,
    pub zoom_in: String,
    pub zoom_out: String,
    pub home: String,
    /// {metres}
    pub metres: String,
    /// {kilometres}
    pub kilometres: String,
    pub north: String,
    pub north_name: String,
    pub attribution: String,
    pub copy_coordinates: String,
    pub what_is_here: String,
    pub centre_here: String,
    pub remove_corner: String,
    pub remove_annotation: String,
    pub finish: String,
    pub cancel: String,
    /// {n} further things under the pointer.
    pub and_more: String,
    pub crossed: String,
    pub words_hint: String,
    pub words_default: String,
    /// {m2} {mu}
    pub area_small: String,
    /// {ha} {mu}
    pub area_middle: String,
    /// {km2} {mu}
    pub area_large: String,
    /// {length}
    pub length: String,
    /// {length}
    pub last_edge: String,
    pub preparing: String,
}
