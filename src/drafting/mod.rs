//! Draws the bundled atlas from the authored tables of maps/wuxi/source.
