//! Small parts used by two or more panels.

mod badge;
mod chart;
mod icon;
pub mod number;
mod part;
mod swatch;

pub use badge::{class_badge, hatch, tone_badge, word_badge};
pub use chart::{Chart, Point, every_month};
pub use icon::{
    Icon, icon, icon_button, icon_button_hinted, icon_button_marked, labelled_button, main_button, tool_button,
};
pub use part::{
    card, empty, field, field_in_row, field_with, narrow_field_with, notice, remark, section, title, toned_card,
};
pub use swatch::swatch;
