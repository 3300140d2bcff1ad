//! Redline Atlas: a native map for planners. Modules are listed bottom-up: each may use those above it.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

pub mod geometry;

pub mod atlas;

pub mod format;
pub mod siting;
pub mod waters;

pub mod drafting;

pub mod cartography;

pub mod report;

pub mod storage;

pub mod text;

pub mod workspace;

pub mod cli;

#[cfg(feature = "desktop")]
pub mod desktop;
