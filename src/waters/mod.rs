//! How is this water, and who answers for it? Quality, duty, network, targets. Answers are data, never sentences.

mod duty;
mod network;
mod odour;
mod quality;
mod sample;
mod summary;
mod target;
mod trace;
mod upstream;
mod walk;

pub use duty::{Duty, ListCount, OverdueItem, OverdueProblem, PatrolDuty, PatrolRules, duty};
pub use network::{Network, Snap};
pub use odour::{
    OdourBody, OdourGrade, OdourIndicator, OdourSample, grade_body, grade_point, grade_reading, odour_indicators,
};
pub use quality::{Assessment, BodyKind, Graded, Indicator, NoClass, Standard, WaterClass, assess, mean};
pub use sample::{Reading, SampleError, SampleNote, SampleRow, samples};
pub use summary::{Change, Light, LightReason, MonthClass, Neighbour, OdourState, Trend, WaterSummary, Waters};
pub use target::{Comparison, Method, NoValue, REDLINE_SHARE, Target, TargetReport, targets};
pub use trace::{Direction, End, Outlet, Passing, Reach, SourceRelation, SourceSeen, Trace, TraceContext};
pub use upstream::{Mouth, Receiver, Stretch};

/// Reads a table of assets/standard: part of the program, so that a broken one is caught by the tests beside it.
#[allow(clippy::panic)]
fn bundled<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("assets/standard/{file}: {error}"))
}
