//! A proposed project: shape, kind, land use, and what the planner has said about it.

use super::Date;
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

/// As which of the ten kinds of limited activity inside a red line (自然资发〔2022〕142号) a project applies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LimitedActivity {
    /// 1…10; 0 when it is none of them.
    pub kind: u8,
    /// How that was found, question by question; empty when it was told as it is.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

/// An answer given to a question of the rule book, by their codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question.
    pub question: String,
    /// The choice.
    pub choice: String,
}

/// What a person lets follow from a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// 禁止
    Prohibited,
    /// 需论证
    Restricted,
    /// 提示
    Attention,
    /// Nothing.
    None,
}

/// A person's word on one finding, beside the computed consequence and never in its place. It stands for the figures
/// that the person saw: another rule or other ground lets it lapse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Override {
    /// Theme of the finding.
    pub theme: String,
    /// Title of the layer that holds the thing.
    pub layer: String,
    /// The thing's id.
    pub feature_id: String,
    /// The strictest rule then; empty when there was none.
    pub rule: String,
    /// Shared ground then, square metres.
    pub overlap_m2: f64,
    /// What shall follow.
    pub consequence: Ruling,
    /// Who says so.
    pub author: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub date: Date,
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
    /// As which limited activity it applies; nobody has said when absent.
    pub limited_activity: Option<LimitedActivity>,
    /// What persons have said against computed consequences.
    pub overrides: Vec<Override>,
}

impl Default for Site {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            shape: MultiPolygon(Vec::new()),
            kind: String::new(),
            land_use: None,
            limited_activity: None,
            overrides: Vec::new(),
        }
    }
}
