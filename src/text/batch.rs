//! Words of many projects at once: the workbook and the panel.

use serde::Deserialize;

/// Words of many projects at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct BatchText {
    pub title: String,
    pub sheet_projects: String,
    pub sheet_findings: String,
    pub sheet_matrix: String,
    pub sheet_sources: String,
    pub sheet_points: String,
    pub point_part: String,
    pub point_ring: String,
    pub point_label: String,
    pub point_lon: String,
    pub point_lat: String,
    pub point_north: String,
    pub point_east: String,
    pub points_more: String,
    pub column_id: String,
    pub column_name: String,
    pub project: ProjectColumns,
    pub finding: FindingColumns,
    pub source: SourceColumns,
    pub land_first: String,
    pub land_second: String,
    pub data_quality: String,
    pub notice: String,
    pub reservation: String,
    pub atlas: String,
    pub as_of: String,
    pub valid_until: String,
    pub near: String,
    pub metres: String,
    pub method: String,
    pub method_said: String,
    pub method_code: String,
    pub rules: String,
    pub unknown_kinds: String,
    pub report_endings: String,
    pub not_written: String,
    pub panel: BatchPanelText,
}

/// Columns of the projects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct ProjectColumns {
    pub kind: String,
    pub land_use: String,
    pub grade: String,
    pub grade_code: String,
    pub area_m2: String,
    pub area_ha: String,
    pub area_mu: String,
    pub plane_area_m2: String,
    pub worst: String,
    pub overlap_m2: String,
    pub overlap_share: String,
    pub involved: String,
    pub not_involved: String,
    pub unchecked: String,
}

/// Columns of the findings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FindingColumns {
    pub consequence: String,
    pub theme: String,
    pub feature_id: String,
    pub feature: String,
    pub class: String,
    pub relation: String,
    pub overlap_m2: String,
    pub overlap_ha: String,
    pub overlap_mu: String,
    pub plane_overlap_m2: String,
    pub overlap_share: String,
    pub zone_share: String,
    pub length: String,
    pub distance: String,
    pub bearing: String,
    pub depth: String,
    pub grade: String,
    pub grounds: String,
    pub certainty: String,
    pub mean_width: String,
    pub verified: String,
    pub belt: String,
    pub rule: String,
    pub rule_text: String,
    pub rule_source: String,
    pub clause: String,
    pub confidence: String,
    pub next_step: String,
    pub document: String,
    pub further_rules: String,
    pub overridden: String,
    pub source: String,
}

/// Columns of the sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SourceColumns {
    pub theme: String,
    pub title: String,
    pub file: String,
    pub version: String,
    pub sha256: String,
    pub origin: String,
    pub features: String,
}

/// Words of the panel.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct BatchPanelText {
    pub name: String,
    pub count: String,
    pub running: String,
    pub cancel: String,
    pub stale: String,
    pub rerun: String,
    pub stopped: String,
    pub close: String,
    pub search: String,
    pub search_name: String,
    pub all: String,
    pub filter_of: String,
    pub shown: String,
    pub nothing: String,
    pub sort_by: String,
    pub col_grade: String,
    pub col_name: String,
    pub col_area: String,
    pub col_kind: String,
    pub col_worst: String,
    pub col_overlap: String,
    pub col_date: String,
    pub export: String,
    pub export_title: String,
    pub waiting: String,
    pub open_site: String,
    pub columns: String,
    pub hectares: String,
    pub job: String,
    pub job_export: String,
    pub exported: String,
    pub not_exported: String,
    pub opened: String,
    pub legend: String,
}

impl BatchText {
    /// Columns of the projects with their widths in letters.
    pub fn project_columns(&self) -> [(&str, f64); 19] {
        let words = &self.project;
        [
            (&self.column_id, 14.0),
            (&self.column_name, 28.0),
            (&words.kind, 16.0),
            (&words.land_use, 12.0),
            (&words.grade, 12.0),
            (&words.grade_code, 12.0),
            (&words.area_m2, 16.0),
            (&words.area_ha, 12.0),
            (&words.area_mu, 12.0),
            (&words.plane_area_m2, 18.0),
            (&words.worst, 22.0),
            (&words.overlap_m2, 16.0),
            (&words.overlap_share, 12.0),
            (&words.involved, 8.0),
            (&words.not_involved, 8.0),
            (&words.unchecked, 8.0),
            (&self.data_quality, 10.0),
            (&self.as_of, 12.0),
            (&self.valid_until, 12.0),
        ]
    }

    /// Columns of the findings with their widths in letters.
    pub fn finding_columns(&self) -> [(&str, f64); 35] {
        let words = &self.finding;
        [
            (&self.column_id, 14.0),
            (&self.column_name, 28.0),
            (&words.consequence, 10.0),
            (&words.theme, 22.0),
            (&words.feature_id, 16.0),
            (&words.feature, 24.0),
            (&words.class, 18.0),
            (&words.relation, 10.0),
            (&words.overlap_m2, 16.0),
            (&words.overlap_ha, 12.0),
            (&words.overlap_mu, 12.0),
            (&words.plane_overlap_m2, 18.0),
            (&words.overlap_share, 12.0),
            (&words.zone_share, 12.0),
            (&words.length, 12.0),
            (&words.distance, 12.0),
            (&words.bearing, 10.0),
            (&words.depth, 14.0),
            (&words.grade, 12.0),
            (&words.grounds, 50.0),
            (&words.certainty, 14.0),
            (&words.mean_width, 12.0),
            (&words.verified, 10.0),
            (&words.belt, 12.0),
            (&words.rule, 20.0),
            (&words.rule_text, 50.0),
            (&words.rule_source, 36.0),
            (&words.clause, 16.0),
            (&words.confidence, 10.0),
            (&words.next_step, 40.0),
            (&words.document, 28.0),
            (&words.further_rules, 24.0),
            (&words.overridden, 40.0),
            (&self.data_quality, 10.0),
            (&words.source, 36.0),
        ]
    }

    /// Columns of the boundary points.
    pub fn point_columns(&self) -> [(&str, f64); 9] {
        [
            (&self.column_id, 14.0),
            (&self.column_name, 28.0),
            (&self.point_part, 8.0),
            (&self.point_ring, 8.0),
            (&self.point_label, 10.0),
            (&self.point_lon, 18.0),
            (&self.point_lat, 18.0),
            (&self.point_north, 18.0),
            (&self.point_east, 20.0),
        ]
    }

    /// Columns of the sources.
    pub fn source_columns(&self) -> [&str; 8] {
        let words = &self.source;
        [
            &words.theme,
            &words.title,
            &words.file,
            &words.version,
            &words.sha256,
            &words.origin,
            &self.data_quality,
            &words.features,
        ]
    }
}
