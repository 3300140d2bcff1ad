//! The siting report: what a head of planning signs. Everything it says comes from one verdict; what the verdict was
//! computed from is attached, so that [`verify`] can compute it again.

mod conflict;
mod content;
mod decision;
mod evidence;
mod excerpt;
mod figure;
mod points;
mod reader;
mod seal;
mod spoken;
mod surroundings;
mod verify;

pub use evidence::{Answer, Attached, Evidence, EvidenceFault, Inputs, KeptLayer, KeptPack, name};
pub use reader::{Document, ReadFault};
pub use seal::{Seal, fingerprint, seal_of, sealed};
pub use spoken::difference_sentences;
pub use surroundings::{DistrictShare, NearWater, Surroundings, surroundings};
pub use verify::{
    AtHand, Compared, Fault, Figure, FigureState, LayerState, PackState, Recomputed, Subject, Verification, Words,
    verify, verify_answer,
};

use super::typeset::{self, TypesetError};
use crate::atlas::{Atlas, Date, Site};
use crate::siting::{Ground, Question, Rulebook, Screening};
use crate::text::{Language, Text};
use crate::waters::Waters;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Most projects in one document.
pub const MOST_SITES: usize = 60;

/// What the planner fills in; what is left empty stays blank.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Cover {
    /// 项目名称; the name of the site when empty.
    pub project: String,
    /// 编号
    pub number: String,
    /// 编制单位
    pub unit: String,
    /// 密级
    pub secrecy: String,
    /// 制表
    pub made: String,
    /// 复核
    pub reviewed: String,
    /// 审核
    pub approved: String,
}

/// What is reported.
#[derive(Debug)]
pub struct Case<'a> {
    /// The projects.
    pub sites: &'a [Site],
    /// The answer, one verdict a project.
    pub screening: &'a Screening,
    /// The atlas it was judged on.
    pub atlas: &'a Atlas,
    /// The same made ready.
    pub ground: &'a Ground,
    /// The rules.
    pub rulebook: &'a Rulebook,
    /// What was asked.
    pub question: &'a Question,
    /// What the planner filled in.
    pub cover: &'a Cover,
    /// Day the report is made.
    pub made: Date,
    /// Whether coordinates are listed and the inputs attached; not for copies that leave the house.
    pub shows_coordinates: bool,
    /// Language.
    pub language: Language,
}

/// A report.
#[derive(Debug)]
pub struct SitingReport {
    /// The PDF document with its seal.
    pub bytes: Vec<u8>,
    /// Whether the answer follows from what is attached to the last digit.
    pub proves: bool,
}

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReportFormat {
    /// A document to be signed, with its inputs.
    #[default]
    Pdf,
    /// Sheets of projects, findings, matrix and sources.
    Xlsx,
    /// The answer as a document for machines.
    Json,
}

impl ReportFormat {
    /// All of them.
    pub const ALL: [ReportFormat; 3] = [ReportFormat::Pdf, ReportFormat::Xlsx, ReportFormat::Json];

    /// Ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            ReportFormat::Pdf => "pdf",
            ReportFormat::Xlsx => "xlsx",
            ReportFormat::Json => "json",
        }
    }
}

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReportError {
    /// More projects than one document holds.
    #[error("{0} projects are too many for one document")]
    TooMany(usize),
    /// The pages could not be set.
    #[error(transparent)]
    Typeset(#[from] TypesetError),
    /// It could not be written as asked.
    #[error("{0}")]
    Written(String),
}

/// Name and version of the program, as a report says it.
const PROGRAM: &str = concat!("Redline Atlas ", env!("CARGO_PKG_VERSION"));

const TEMPLATE: &str = include_str!("../../../assets/template/siting.typ");

/// What lies around each site of a case.
pub fn all_surroundings(case: &Case) -> Vec<Surroundings> {
    let waters = Waters::new(case.atlas);
    let near = case.question.near_m;
    case.sites.iter().map(|site| surroundings(site, near, case.atlas, case.ground, &waters)).collect()
}

/// Makes the report of a case.
pub fn report(case: &Case, format: ReportFormat) -> Result<Vec<u8>, ReportError> {
    let written = |error: super::BookError| ReportError::Written(error.to_string());
    match format {
        ReportFormat::Pdf => siting_report(case).map(|report| report.bytes),
        ReportFormat::Xlsx => {
            let sites = if case.shows_coordinates { case.sites } else { &[] };
            super::workbook(case.screening, sites, case.rulebook, Text::of(case.language)).map_err(written)
        }
        ReportFormat::Json => {
            serde_json::to_vec_pretty(case.screening).map_err(|error| ReportError::Written(error.to_string()))
        }
    }
}

/// Makes the report of a case as PDF.
pub fn siting_report(case: &Case) -> Result<SitingReport, ReportError> {
    if case.sites.len() > MOST_SITES {
        return Err(ReportError::TooMany(case.sites.len()));
    }
    let around = all_surroundings(case);
    let layers = evidence::kept_layers(case);
    let (evidence, mut content) = rayon::join(
        || Evidence::of(case, &around, &layers),
        || content::Content::of(case, &around, &layers, PROGRAM, Text::of(case.language)),
    );
    let proves = evidence.proves;
    let attached = evidence.complete(points::attachments(case));
    content.attach(&attached, proves);
    let bytes = typeset_document(&content.data, content.files, &attached)?;
    Ok(SitingReport { bytes, proves })
}

fn typeset_document(data: &Value, pictures: Vec<Attached>, attached: &[Attached]) -> Result<Vec<u8>, TypesetError> {
    let mut files = pictures;
    files.extend(attached.iter().cloned());
    files.push(("report.json".into(), data.to_string().into_bytes()));
    Ok(sealed(typeset::pages(TEMPLATE, files)?.pdf()?))
}
