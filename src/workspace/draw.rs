//! How sites are drawn: what a sketch becomes, how wide a corridor is, what the pointer snaps to.

use crate::geometry::geo::MultiPolygon;
use crate::geometry::{Ends, LENGTHS, cut, joined};
use serde::{Deserialize, Serialize};

/// What becomes of a finished sketch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Purpose {
    /// A site of its own.
    #[default]
    New,
    /// A part of the current site.
    Part,
    /// A hole in the current site.
    Hole,
}

impl Purpose {
    /// The current site with what was drawn; what stands alone is itself.
    pub fn composed(self, site: Option<&MultiPolygon>, drawn: &MultiPolygon) -> MultiPolygon {
        match (self, site) {
            (Purpose::Part, Some(site)) => joined(site, drawn),
            (Purpose::Hole, Some(site)) => cut(site, drawn),
            _ => drawn.clone(),
        }
    }
}

/// Choices made while drawing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Drawing {
    /// What the next sketch becomes.
    #[serde(skip)]
    pub purpose: Purpose,
    /// Width of the next corridor, metres.
    pub corridor_width: f64,
    /// How the next corridor ends.
    pub ends: Ends,
    /// Whether the pointer snaps to corners and edges.
    pub snaps: bool,
    /// Points within which it does.
    pub reach: f32,
    /// Spacing of the grid to which it snaps too, metres; 0 for none.
    pub grid: f64,
}

impl Default for Drawing {
    fn default() -> Self {
        let ends = Ends::Flat;
        Self { purpose: Purpose::New, corridor_width: 20.0, ends, snaps: true, reach: 10.0, grid: 0.0 }
    }
}

impl Drawing {
    /// Within what makes sense, whatever was typed or kept.
    pub fn tamed(self) -> Self {
        let sane = |value: f64, low: f64, high: f64, otherwise: f64| {
            if value.is_finite() { value.clamp(low, high) } else { otherwise }
        };
        Self {
            corridor_width: sane(self.corridor_width, *LENGTHS.start(), 20_000.0, 20.0),
            reach: sane(f64::from(self.reach), 2.0, 40.0, 10.0) as f32,
            grid: sane(self.grid, 0.0, 10_000.0, 0.0),
            ..self
        }
    }
}

/// What is in the hand, so that the check can follow it.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The outline; shared, since it is judged on another thread.
    pub shape: std::sync::Arc<MultiPolygon>,
    /// What it is to the current site.
    pub role: Standing,
}

/// What an outline in the hand is to the current site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The site itself as it is being changed.
    Changed,
    /// Drawn beside it or into it.
    Drawn(Purpose),
}

impl Draft {
    /// Whether it belongs to the current site rather than standing for itself.
    pub fn belongs(&self) -> bool {
        self.role != Standing::Drawn(Purpose::New)
    }
}
