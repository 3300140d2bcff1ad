//! Numbers on the earth: reference systems, measures, overlay. Knows no product words.
//!
//! Shapes are `geo` geometries whose coordinates are longitude and latitude in degrees (CGCS2000),
//! their edges straight in longitude and latitude. A point in a Gauss–Krüger plane is a [`PlanePoint`].

mod belt;
pub mod change;
mod chord;
mod compose;
mod corners;
mod datum;
mod definition;
mod depth;
#[cfg(test)]
mod dice;
mod dilate;
mod extent;
mod form;
mod index;
mod joint;
mod local;
mod measure;
mod nearest;
mod offset;
mod overlay;
mod plain;
mod prepared;
mod reference;
mod room;
mod strip;
mod surveyed;
mod system;
mod track;
mod validity;
mod vicinity;

pub use belt::{belt, box_distance, surroundings};
pub use chord::{bend, bent_border};
pub use compose::{cut, joined};
pub use datum::Datum;
pub use depth::{Depth, depth, depth_against};
pub use extent::extent;
pub use form::{Ends, Form, LENGTHS, circle_reach};
pub use index::{BoxIndex, NearestFirst};
pub use joint::{Joint, joint_area};
pub use local::{Four, LocalSystem, Seven, Turning};
pub use measure::{Area, area, bearing, distance, length, line_length, polygon_area};
pub use overlay::{Meeting, Relation, TOLERANCE, meet, plane_area};
pub use prepared::PreparedShape;
pub use reference::{GaussKruger, PlanePoint, ReferenceError, mercator, mercator_inverse};
pub use room::{
    Barriers, CLEARANCE, Footprint, Grid, KeepClear, Limits, Place, Search, Step, Usable, distances, feasible, unite,
    usable,
};
pub use surveyed::surveyed;
pub use system::{System, map_densified};
pub use validity::{Flaw, FlawKind, Mended, mend};
pub use vicinity::{Motion, Vicinity, pivot};

pub use geo;
