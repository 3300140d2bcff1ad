//! The only module that touches disk, network and clock.
