//! Tables of text and workbooks whose columns hold positions, corners of areas or well-known text, and back.

mod angle;
mod columns;
mod read;
mod write;

pub(super) use columns::is_of_plot;
pub(super) use read::{is_table, read_text, read_workbook};
pub(super) use write::{write_text, write_workbook};
