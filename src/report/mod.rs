//! Verdicts and scenes to documents.

mod audit;
mod book;
mod spatial;
mod workbook;

#[cfg(feature = "publish")]
mod label;
#[cfg(feature = "publish")]
pub mod layout;
#[cfg(feature = "publish")]
pub mod picture;
#[cfg(feature = "publish")]
mod plane;
#[cfg(feature = "publish")]
mod sheet;
#[cfg(feature = "publish")]
pub mod siting;
#[cfg(feature = "publish")]
mod symbol;
#[cfg(feature = "publish")]
mod typeset;

pub use audit::{audit_features, audit_workbook};
pub use book::BookError;
pub use spatial::BatchFeatures;
pub use workbook::{Batch, Project, workbook};

#[cfg(feature = "publish")]
pub use layout::Paper;
#[cfg(feature = "publish")]
pub use picture::Note;
#[cfg(feature = "publish")]
pub use sheet::{Extent, Sheet, SheetError, SheetFormat, SheetRequest, scale_words, sheet};
#[cfg(feature = "publish")]
pub use typeset::TypesetError;
