//! The only module that touches disk, network and clock.

pub mod atlas;
pub mod clock;
pub mod file;
pub mod layer;
pub mod open;
pub mod settings;
pub mod systems;
pub mod watch;
