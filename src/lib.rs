//! Redline Atlas
