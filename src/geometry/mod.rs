//! Numbers on the earth: reference systems, measures, overlay. Knows no product words.
//!
//! Shapes are `geo` geometries whose coordinates are longitude and latitude in degrees (CGCS2000),
//! their edges straight in longitude and latitude. A point in a Gauss–Krüger plane is a [`PlanePoint`].

mod measure;
mod reference;
mod system;

pub use measure::{Area, area, distance, length, line_length, polygon_area};
pub use reference::{GaussKruger, PlanePoint, ReferenceError, mercator, mercator_inverse};
pub use system::{System, map_densified};

pub use geo;
