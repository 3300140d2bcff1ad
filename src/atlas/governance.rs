//! River-chief records: who answers for a water, what is to be done, how the water was.

use super::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rank of a chief.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChiefLevel {
    /// 市级
    City,
    /// 县(市、区)级
    County,
    /// 镇(街道)级
    Town,
    /// 村(社区)级
    Village,
}

/// Part of a person in the chain of duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChiefRole {
    /// 河长
    Chief,
    /// 河道警长
    Police,
    /// 联系部门
    Department,
}

/// An office that answers for a water; never a private person in the bundled data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chief {
    /// Rank.
    pub level: ChiefLevel,
    /// Part.
    pub role: ChiefRole,
    /// Title of the office.
    pub post: String,
    /// Where the office sits.
    #[serde(default)]
    pub unit: String,
    /// District of the reach.
    #[serde(default)]
    pub district: String,
}

/// A patrol that took place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Patrol {
    /// Rank of who went.
    pub level: ChiefLevel,
    /// Day.
    pub date: Date,
    /// Duration.
    #[serde(default)]
    pub minutes: u32,
    /// Length walked, metres.
    #[serde(default)]
    pub length_m: f64,
    /// Problems found.
    #[serde(default)]
    pub problems: u32,
}

/// One of the four lists of a river's plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// 问题清单
    Problems,
    /// 任务清单
    Tasks,
    /// 措施清单
    Measures,
    /// 责任清单
    Duties,
}

impl ListKind {
    /// All four in their usual order.
    pub const ALL: [ListKind; 4] = [ListKind::Problems, ListKind::Tasks, ListKind::Measures, ListKind::Duties];
}

/// A line of one of the four lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// Number in its list.
    pub no: String,
    /// What it says.
    pub text: String,
    /// Office in the lead.
    #[serde(default)]
    pub lead: String,
    /// Day it is due.
    #[serde(default)]
    pub deadline: Option<Date>,
    /// `open` or `done`.
    pub status: String,
    /// Day it was finished.
    #[serde(default)]
    pub done_on: Option<Date>,
    /// Number of the line it serves.
    #[serde(default)]
    pub parent: Option<String>,
}

/// State of a problem (发现→登记→交办→整改中→申请销号→核查→退回→公示→销号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemState {
    /// 发现
    Found,
    /// 登记
    Registered,
    /// 交办
    Assigned,
    /// 整改中
    Treating,
    /// 申请销号
    Applied,
    /// 核查
    Verifying,
    /// 退回
    Returned,
    /// 公示
    Publicised,
    /// 销号
    Closed,
}

impl ProblemState {
    /// All states in the order of the life cycle.
    pub const ALL: [ProblemState; 9] = [
        ProblemState::Found,
        ProblemState::Registered,
        ProblemState::Assigned,
        ProblemState::Treating,
        ProblemState::Applied,
        ProblemState::Verifying,
        ProblemState::Returned,
        ProblemState::Publicised,
        ProblemState::Closed,
    ];
}

/// A step in a problem's life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryStep {
    /// State reached.
    pub state: ProblemState,
    /// Day.
    pub on: Date,
    /// Office that moved it.
    #[serde(default)]
    pub by: String,
}

/// A problem found on a water.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Identity.
    pub id: String,
    /// Day it was found.
    pub found_on: Date,
    /// patrol, inspection, hotline, remote or section.
    pub source: String,
    /// occupation, mining, dumping, building, discharge, water_quality or facility.
    pub category: String,
    /// What it is.
    pub text: String,
    /// Where it stands.
    pub state: ProblemState,
    /// Day it is due.
    #[serde(default)]
    pub deadline: Option<Date>,
    /// How it came there.
    #[serde(default)]
    pub history: Vec<HistoryStep>,
}

/// A month of monitoring.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// "2026-10".
    pub month: String,
    /// Indicator code → mean value (mg/L unless the standard says otherwise).
    pub values: BTreeMap<String, f64>,
}

/// Everything known of one water's governance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaterRecord {
    /// Id of the river or black-odour water.
    pub waterbody: String,
    /// Chain of duty, highest first.
    #[serde(default)]
    pub chiefs: Vec<Chief>,
    /// Patrols, oldest first.
    #[serde(default)]
    pub patrols: Vec<Patrol>,
    /// The four lists.
    #[serde(default)]
    pub lists: BTreeMap<ListKind, Vec<ListItem>>,
    /// Problems.
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// Months of monitoring, oldest first.
    #[serde(default)]
    pub samples: Vec<Sample>,
}

/// All records of an atlas.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Governance {
    /// The day the records speak of; what is overdue is judged at it unless told otherwise.
    pub as_of: Date,
    /// Where they are from.
    #[serde(default)]
    pub source: String,
    /// Terms of use.
    #[serde(default)]
    pub licence: String,
    /// Worth.
    pub quality: super::Quality,
    /// One record a water.
    pub records: Vec<WaterRecord>,
}

impl Governance {
    /// The record of a water.
    pub fn record(&self, waterbody: &str) -> Option<&WaterRecord> {
        self.records.iter().find(|record| record.waterbody == waterbody)
    }
}
