//! The bundled faces in every family, installed before the first frame.

use super::theme;
use crate::cartography::font::{BOLD, REGULAR};
use egui::{FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

/// Installs the Chinese faces: a machine with no font at all shows every character.
pub fn install(context: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    fonts.font_data.insert("regular".into(), Arc::new(FontData::from_static(REGULAR)));
    fonts.font_data.insert("bold".into(), Arc::new(FontData::from_static(BOLD)));
    for family in [FontFamily::Proportional, FontFamily::Monospace] {
        fonts.families.insert(family, vec!["regular".into()]);
    }
    fonts.families.insert(theme::bold_family(), vec!["bold".into()]);
    context.set_fonts(fonts);
}
