//! Verdicts and scenes to documents.
