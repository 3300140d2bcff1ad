//! Sentences for drawing sites, shaping them, and the table of their corners.

use crate::geometry::Form;
use serde::Deserialize;

/// Sentences for drawing sites, shaping them, and the table of their corners.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ShapingText {
    pub rectangle: String,
    pub corridor: String,
    pub circle: String,
    /// {name} {form}
    pub freed: String,
    pub purpose: String,
    pub purpose_new: String,
    pub purpose_part: String,
    pub purpose_hole: String,
    pub purpose_part_hint: String,
    pub purpose_hole_hint: String,
    pub nothing_left: String,
    pub width: String,
    pub height: String,
    pub bearing: String,
    pub radius: String,
    pub corridor_width: String,
    pub ends: String,
    pub ends_flat: String,
    pub ends_round: String,
    pub metres: String,
    pub square_metres: String,
    pub degrees: String,
    pub follows_pointer: String,
    pub corner_field: String,
    pub corner_hint: String,
    /// {typed}
    pub not_a_place: String,
    /// {typed}
    pub not_a_number: String,
    pub snap: String,
    pub snap_hint: String,
    pub grid: String,
    pub grid_none: String,
    pub reach: String,
    /// {n}
    pub points: String,
    pub snap_corner: String,
    pub snap_edge: String,
    pub snap_grid: String,
    pub snap_close: String,
    /// {n}
    pub angle: String,
    /// {n}
    pub towards: String,
    /// {width} {height}
    pub sides: String,
    /// {n}
    pub moved: String,
    /// {n}
    pub turned: String,
    /// {n}
    pub stretched: String,
    pub outline: String,
    pub free_polygon: String,
    /// {parts} {holes} {corners}
    pub counts: String,
    pub line_length: String,
    pub centre: String,
    pub turn: String,
    pub turn_hint: String,
    pub stretch: String,
    pub stretch_hint: String,
    pub target_area: String,
    pub target_area_hint: String,
    pub add_part: String,
    pub cut_hole: String,
    pub make_free: String,
    pub corners: String,
    pub number: String,
    pub north: String,
    pub east: String,
    pub longitude: String,
    pub latitude: String,
    /// {zone}
    pub plane: String,
    pub geographic: String,
    pub notation: String,
    pub copy_corners: String,
    pub insert_corner: String,
    pub remove_corner: String,
    pub at_least_three: String,
    /// {n}
    pub part: String,
    /// {n}
    pub hole: String,
    /// {line} {n}
    pub line_unread: String,
    pub too_few_points: String,
    /// {n} {width}
    pub lines_widened: String,
}

impl ShapingText {
    /// What a form is called.
    pub fn form_name(&self, form: &Form) -> &str {
        match form {
            Form::Rectangle { .. } => &self.rectangle,
            Form::Corridor { .. } => &self.corridor,
            Form::Circle { .. } => &self.circle,
        }
    }
}
