//! Words of the siting report, of its window and of `verify`.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Words of the siting report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportText {
    pub title: String,
    pub subtitle: String,
    pub running: String,
    pub internal: String,
    pub pages: String,
    pub date: String,
    pub notice: String,
    pub quality_notice: String,
    pub file_name: String,
    pub none: String,
    pub yes: String,
    pub no: String,
    pub point: String,
    pub semicolon: String,
    pub colon: String,
    pub open: String,
    pub close: String,
    pub cover: ReportCoverText,
    pub section: ReportSectionText,
    pub conclusion: ReportConclusionText,
    pub card: ReportCardText,
    pub source: ReportSourceText,
    pub method: ReportMethodText,
    pub matrix: ReportMatrixText,
    pub conflict: ReportConflictText,
    pub distance: ReportDistanceText,
    pub water: ReportWaterText,
    pub figure: ReportFigureText,
    pub points: ReportPointsText,
    pub repair: ReportRepairText,
    pub decision: ReportDecisionText,
    pub closing: ReportClosingText,
    pub proof: ReportProofText,
    pub signature: ReportSignatureText,
    pub error: ReportErrorText,
    pub verify: ReportVerifyText,
    pub panel: ReportPanelText,
}

/// The cover.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportCoverText {
    pub project: String,
    pub number: String,
    pub unit: String,
    pub secrecy: String,
    pub date: String,
    pub as_of: String,
    pub valid: String,
    pub valid_note: String,
    pub conclusion: String,
    pub several: String,
    pub column_number: String,
    pub column_name: String,
    pub column_grade: String,
    pub column_area: String,
    pub column_findings: String,
}

/// Headings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportSectionText {
    pub card: String,
    pub sources: String,
    pub method: String,
    pub matrix: String,
    pub conflicts: String,
    pub distances: String,
    pub waters: String,
    pub figures: String,
    pub points: String,
    pub repairs: String,
    pub decisions: String,
    pub closing: String,
    pub proof: String,
    pub signature: String,
}

/// The result in a sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportConclusionText {
    pub prohibited: String,
    pub restricted: String,
    pub attention: String,
    pub unchecked: String,
    pub clear: String,
    pub names_more: String,
    pub counts: String,
    pub open: String,
    pub quality: String,
    pub overridden: String,
}

/// The project.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportCardText {
    pub name: String,
    pub kind: String,
    pub land_use: String,
    pub area: String,
    pub area_value: String,
    pub plane: String,
    pub plane_value: String,
    pub difference: String,
    pub district: String,
    pub district_share: String,
    pub bounds: String,
    pub bounds_geographic: String,
    pub bounds_plane: String,
    pub centroid: String,
    pub centroid_value: String,
    pub parts: String,
    pub parts_value: String,
    pub system: String,
    pub system_value: String,
    pub withheld: String,
}

/// Where data are from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportSourceText {
    pub intro: String,
    pub layer: String,
    pub version: String,
    pub provider: String,
    pub quality: String,
    pub precision: String,
    pub precision_told: String,
    pub precision_assumed: String,
    pub features: String,
    pub file: String,
    pub fingerprint: String,
    pub atlas: String,
    pub unknown: String,
    pub accuracy: String,
}

/// How figures were computed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportMethodText {
    pub computation: String,
    pub dissolve: String,
    pub tolerance: String,
    pub three: String,
    pub parameters: String,
    pub as_of: String,
    pub near: String,
    pub near_value: String,
    pub kind: String,
    pub land_use: String,
    pub own: String,
    pub rules: String,
    pub rule_pack: String,
    pub office: String,
    pub program: String,
}

/// The themes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportMatrixText {
    pub theme: String,
    pub status: String,
    pub reason: String,
    pub required: String,
    pub reference: String,
    pub legend: String,
}

/// What was found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportConflictText {
    pub none: String,
    pub number: String,
    pub figure: String,
    pub relation: String,
    pub overlap: String,
    pub overlap_value: String,
    pub plane: String,
    pub plane_value: String,
    pub share: String,
    pub zone_share: String,
    pub length: String,
    pub metres: String,
    pub depth: String,
    pub accuracy: String,
    pub accuracy_value: String,
    pub width: String,
    pub certainty: String,
    pub quality: String,
    pub example: String,
    pub belt: String,
    pub belt_value: String,
    pub rule: String,
    pub no_rule: String,
    pub step: String,
    pub document: String,
    pub further: String,
    pub pending: String,
    pub unnumbered: String,
    pub column_name: String,
    pub column_theme: String,
    pub column_relation: String,
    pub column_figure: String,
    pub column_share: String,
}

/// What is near.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportDistanceText {
    pub intro: String,
    pub theme: String,
    pub name: String,
    pub distance: String,
    pub bearing: String,
    pub none: String,
}

/// Waters around.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportWaterText {
    pub intro: String,
    pub name: String,
    pub distance: String,
    pub crosses: String,
    pub class: String,
    pub due: String,
    pub meets: String,
    pub chiefs: String,
    pub chief: String,
    pub none: String,
    pub month: String,
    pub records: String,
}

/// Maps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportFigureText {
    pub location: String,
    pub general: String,
    pub enlarged: String,
    pub caption: String,
    pub more: String,
    pub none: String,
    pub note: String,
}

/// Coordinates.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportPointsText {
    pub withheld: String,
    pub system: String,
    pub site: String,
    pub overlap: String,
    pub label: String,
    pub ring: String,
    pub lon: String,
    pub lat: String,
    pub north: String,
    pub east: String,
    pub more: String,
}

/// What was mended.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportRepairText {
    pub none: String,
    pub kind: String,
    pub at: String,
    pub change: String,
    pub result: String,
    pub repaired: String,
    pub unrepaired: String,
}

/// What persons have said.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportDecisionText {
    pub activity: String,
    pub activity_value: String,
    pub activity_none: String,
    pub document: String,
    pub authority: String,
    pub step: String,
    pub source: String,
    pub no_ruling: String,
    pub overrides: String,
    pub lapsed: String,
    pub idle: String,
    pub feature: String,
    pub computed: String,
    pub ruled: String,
    pub author: String,
    pub date: String,
    pub why: String,
    pub rule: String,
    pub reason: String,
    pub none: String,
    pub idle_reason: BTreeMap<String, String>,
}

/// What the report is not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportClosingText {
    pub reservation: String,
    pub scope: String,
    pub unchecked: String,
    pub valid: String,
    pub schematic: String,
}

/// What is attached.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportProofText {
    pub intro: String,
    pub unproven: String,
    pub file: String,
    #[serde(rename = "use")]
    pub use_: String,
    pub sha: String,
    pub content: BTreeMap<String, String>,
}

/// Who signs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportSignatureText {
    pub made: String,
    pub reviewed: String,
    pub approved: String,
    pub unit: String,
    pub date: String,
}

/// Why there is no report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportErrorText {
    pub too_many: String,
}

/// What a verification says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportVerifyText {
    pub whole: String,
    pub changed: String,
    pub unsealed: String,
    pub not_pdf: String,
    pub foreign: String,
    pub too_large: String,
    pub no_evidence: String,
    pub withheld: String,
    pub attached_changed: String,
    pub inputs: String,
    pub atlas: String,
    pub words: String,
    pub missing: String,
    pub layer_changed: String,
    pub layer_missing: String,
    pub layer_same: String,
    pub rules_changed: String,
    pub not_recomputed: String,
    pub strangers: String,
    pub figure: String,
    pub expired: String,
    pub holds: String,
    pub fails: String,
    pub absent: String,
    pub more: String,
    pub missing_attachment: String,
    pub unreadable_attachment: String,
    pub not_a_report: String,
    pub answer: String,
    pub other_projects: String,
    pub come: String,
    pub gone: String,
    pub shape: String,
    pub other_shape: String,
    pub whole_report: String,
    pub unit: BTreeMap<String, String>,
    pub list: BTreeMap<String, String>,
    pub field: BTreeMap<String, String>,
}

/// The window that makes a report.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ReportPanelText {
    pub button: String,
    pub title: String,
    pub intro: String,
    pub project: String,
    pub project_hint: String,
    pub number: String,
    pub unit: String,
    pub secrecy: String,
    pub secrecy_hint: String,
    pub made: String,
    pub reviewed: String,
    pub approved: String,
    pub scope: String,
    pub this_site: String,
    pub all_sites: String,
    pub format: String,
    pub coordinates: String,
    pub file: String,
    pub browse: String,
    pub run: String,
    pub replaces: String,
    pub cancel: String,
    pub job: String,
    pub written: String,
    pub not_written: String,
    pub open_file: String,
    pub open_folder: String,
    pub close: String,
    pub working: String,
}
