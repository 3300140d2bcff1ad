//! Behaviour of the whole, one program; each module a subject.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod architecture;
mod atlas;
mod audit;
mod batch;
mod belts;
mod command_line;
mod dice;
mod downstream;
mod fonts;
mod formats;
mod formats_bodies;
mod formats_dxf;
mod formats_reading;
mod formats_survey;
mod formats_table;
mod formats_xml;
#[cfg(feature = "window-test")]
mod interface;
#[cfg(feature = "window-test")]
mod interface_batch;
#[cfg(feature = "window-test")]
mod interface_elsewhere;
#[cfg(feature = "window-test")]
mod interface_rules;
#[cfg(feature = "window-test")]
mod interface_shaping;
mod licences;
mod references;
mod relocate;
mod relocate_command;
#[cfg(feature = "publish")]
mod reports;
mod shaping;
mod siting;
mod siting_batch;
mod siting_cases;
mod siting_certainty;
mod siting_command;
mod siting_decisions;
#[cfg(feature = "publish")]
mod siting_overlay;
mod siting_report;
mod siting_rules;
mod surface;
