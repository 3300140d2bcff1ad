//! Verdicts and scenes to documents.

pub mod typeset;
