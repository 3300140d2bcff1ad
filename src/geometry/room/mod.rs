//! Where there is room: barriers of edges and grounds in a plane, footprints that have to stand clear of them, the
//! nearest place where one can, every place of a grid where one can, and how far each place is from the next barrier.

mod barrier;
mod cell;
mod field;
mod footprint;
mod leaf;
mod search;
mod usable;

pub use barrier::{Barriers, KeepClear, unite};
pub use field::{Grid, distances, feasible};
pub use footprint::Footprint;
pub use search::{Limits, Place, Search, Step};
pub use usable::{Usable, usable};

/// Metres added to every distance that has to be kept, so that what stands clear does not touch: rounding and the
/// millimetre to which edges are followed must not turn a clear place into one that touches.
pub const CLEARANCE: f64 = 0.005;
