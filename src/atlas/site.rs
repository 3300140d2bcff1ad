//! A proposed project: shape, kind, land use.

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

/// Land class of GB 36600-2018 § 4.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LandUse {
    /// 第一类用地: housing, schools, medical and welfare, community and children's parks.
    First,
    /// 第二类用地: industry, warehousing, business, roads, utilities, other.
    Second,
}

/// A project to be judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Identity within its file or project.
    pub id: String,
    /// Name given by the planner.
    pub name: String,
    /// Longitude and latitude (CGCS2000), edges straight in them.
    pub shape: MultiPolygon,
    /// Code of the kind of project in the rule book's catalogue; empty when not told.
    pub kind: String,
    /// Land class, when told.
    pub land_use: Option<LandUse>,
}
