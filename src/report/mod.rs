//! Verdicts and scenes to documents.

mod label;
pub mod layout;
pub mod picture;
mod plane;
mod sheet;
mod symbol;
mod typeset;

pub use layout::Paper;
pub use picture::Note;
pub use sheet::{Extent, Sheet, SheetError, SheetFormat, SheetRequest, scale_words, sheet};
pub use typeset::TypesetError;
