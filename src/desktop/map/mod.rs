//! The map view.
