//! May this be built here? Rules, check, verdict. Answers are data, never sentences.
//!
//! [`check`] judges one site on a [`Ground`], the atlas made ready for it once, by a [`Rulebook`] at a date;
//! [`judge_each`] judges any number of them, one after another on all cores.

mod answering;
pub mod audit;
mod batch;
mod certainty;
mod check;
mod compare;
mod decision;
mod derived;
mod digest;
mod downstream;
mod ground;
mod hindrance;
mod inquiry;
mod obstacle;
mod pack;
mod quotable;
mod relocate;
mod rulebook;
mod selection;
mod shown;
mod statute;
mod surface;
mod theme;
mod verdict;

pub use batch::judge_each;
pub use certainty::{along_edge, usual_accuracy};
pub use check::{METHOD, Question, check, screen};
pub use compare::{Cause, Change, Changed, Comparison, RuleChange, SiteComparison, ThemeChange, compare};
pub use decision::{Idle, NotApplied, Overriding};
pub use digest::{Digest, settle_kinds};
pub use downstream::{Downstream, ReachBelow, WaterNamed};
pub use ground::{Ground, PreparedLayer};
pub use hindrance::{Condition, Hindering, Hindrance};
pub use inquiry::{ActivityNamed, Answered, Choice, Ending, Inquiry, InquiryHead, InquiryQuestion, Paper, Step};
pub use obstacle::{Judged, Obstacle, Obstacles, ThemeUse};
pub use pack::{RuleError, RuleFault, is_bundled};
pub use relocate::{Candidate, Impossible, Relocation, Relocator, SearchEnd, TURN_STEP, Wish};
pub use rulebook::{Belt, CheckRule, PackIdentity, ProjectCondition, ProjectKind, Regime, Rule, Rulebook};
pub use shown::zone_layers;
pub use statute::{Official, Part, Statute, Upstream, Wanted};
pub use surface::{FARTHEST, GroundLeft, Setbacks, Spot, Surface, WIDEST_SETBACK, ground_left, with_setbacks};
pub use verdict::{
    Basis, Certainty, CertaintyGrade, CertaintyReason, Consequence, Finding, Grade, LayerUsed, Nearest, NearestPoints,
    PackUsed, Quoted, Reason, RuleQuote, Screening, SiteProblem, Status, StretchSeen, ThemeCheck, Verbatim, Verdict,
};

pub use crate::geometry::Relation;
