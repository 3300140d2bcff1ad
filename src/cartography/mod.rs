//! Layers to a scene; the same scene on screen and on paper.

pub mod font;
pub mod legend;
pub mod surface;
