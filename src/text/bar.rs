//! Sentences of the top bar, of opening files and of messages.

use serde::Deserialize;

/// Sentences of the top bar, of opening files and of messages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct BarText {
    pub tool_browse: String,
    pub tool_polygon: String,
    pub tool_rectangle: String,
    pub tool_reshape: String,
    pub tool_measure: String,
    pub tool_words: String,
    pub tool_arrow: String,
    pub tool_circle: String,
    pub tool_corridor: String,
    pub hint_browse: String,
    pub hint_polygon: String,
    pub hint_rectangle: String,
    pub hint_reshape: String,
    pub hint_measure: String,
    pub hint_words: String,
    pub hint_arrow: String,
    pub hint_circle: String,
    pub hint_corridor: String,
    pub open: String,
    pub open_hint: String,
    pub undo: String,
    pub redo: String,
    pub layers: String,
    pub panel_feature: String,
    pub panel_water: String,
    pub panel_waters: String,
    pub panel_siting: String,
    pub panel_targets: String,
    pub panel_sheet: String,
    pub close_panel: String,
    pub dark: String,
    pub light: String,
    /// The name of the other language, in that language.
    pub other_language: String,
    pub help: String,
    pub help_title: String,
    pub help_keys: Vec<(String, String)>,
    pub about: String,
    pub attribution: String,
    pub dropped_title: String,
    /// {files} and {count}.
    pub dropped_question: String,
    pub as_sites: String,
    pub as_layer: String,
    pub as_theme: String,
    /// What happens to the layer that was there.
    pub replaces: String,
    pub cancel: String,
    pub drop_here: String,
    /// Title of the job: {files}.
    pub file_changed: String,
    pub sites_changed_twice: String,
    pub keep_mine: String,
    pub take_files: String,
    pub leave_all: String,
    pub file_gone: String,
    pub reload: String,
    pub leave_changed: String,
    pub reloaded: String,
    pub job_open: String,
    pub job_derive: String,
    pub job_belts: String,
    pub job_export: String,
    pub job_paste: String,
    /// What stands for the name of a file.
    pub clipboard: String,
    /// {files}
    pub opened: String,
    /// {file} {reason}
    pub not_opened: String,
    /// {file}
    pub no_polygon: String,
    pub no_shapes: String,
    pub no_dialog: String,
    /// {file} {place}
    pub sites_refused: String,
    /// {file}
    pub exported: String,
    /// {file} {reason}
    pub not_exported: String,
    pub job_failed: String,
    /// {reason}
    pub settings_unkept: String,
    pub settings_broken: String,
    /// {n}
    pub site_name: String,
    pub atlas_failed: String,
    pub dismiss: String,
}
