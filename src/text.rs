//! The sentences of assets/text as typed fields.
