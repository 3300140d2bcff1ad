//! Verdicts of many projects as features: the projects with what they came to, and what was found with the ground shared.

use super::workbook::Project;
use crate::atlas::{Feature, LandUse, Quality, Value};
use crate::format::{self, Format, Target, WriteError, WriteLayer, Written};
use crate::siting::{Finding, Screening, Verdict};
use crate::text::{Text, certainty};
use geo::Geometry;

/// Features under way: projects are added one by one and need not be kept.
#[derive(Debug)]
pub struct BatchFeatures {
    text: &'static Text,
    /// Findings stand in a table of their own, else within their project.
    is_apart: bool,
    projects: Vec<Feature>,
    findings: Vec<Feature>,
}

impl BatchFeatures {
    /// None yet, to be written in a format. GeoPackage knows several tables; elsewhere findings are a value of their
    /// project.
    pub fn new(format: Format, text: &'static Text) -> Self {
        let is_apart = format == Format::GeoPackage;
        BatchFeatures { text, is_apart, projects: Vec::new(), findings: Vec::new() }
    }

    /// Adds a project.
    pub fn add(&mut self, project: &Project, head: &Screening) {
        let verdict = project.verdict;
        let mut values = self.verdict(verdict, head);
        if self.is_apart {
            values.push(("findings".into(), Value::Integer(verdict.findings.len() as i64)));
            for (number, finding) in (1..).zip(&verdict.findings) {
                self.findings.push(self.finding(verdict, finding, number));
            }
        } else {
            let findings = verdict.findings.iter().map(plain).collect();
            values.push(("findings".into(), Value::Nested(serde_json::Value::Array(findings))));
        }
        for (name, value) in project.columns {
            let is_taken = name == "id" || values.iter().any(|(known, _)| known == name);
            // a value of the file must not stand where a verdict is expected
            let name = if is_taken { format!("input_{name}") } else { name.clone() };
            values.push((name, value.clone()));
        }
        self.projects.push(Feature {
            id: verdict.id.clone(),
            shape: Some(Geometry::MultiPolygon(project.site.shape.clone())),
            values,
        });
    }

    fn verdict(&self, verdict: &Verdict, head: &Screening) -> Vec<(String, Value)> {
        let digest = verdict.digest();
        let [involved, clear, unchecked] = verdict.counts().map(|count| Value::Integer(count as i64));
        let worst = digest.worst.map_or(Value::Null, |check| text(&check.theme));
        let shared = |value: f64| if digest.worst.is_some() { Value::Real(value) } else { Value::Null };
        let land_use =
            verdict.land_use.map_or(Value::Null, |class| Value::Integer(1 + i64::from(class == LandUse::Second)));
        let values = [
            ("name", text(&verdict.name)),
            ("project_kind", text(&verdict.kind)),
            ("land_use", land_use),
            ("verdict", text(verdict.verdict.code())),
            ("area_m2", Value::Real(verdict.area_m2)),
            ("area_ha", Value::Real(verdict.area_ha)),
            ("area_mu", Value::Real(verdict.area_mu)),
            ("plane_area_m2", Value::Real(verdict.plane_area_m2)),
            ("worst_theme", worst),
            ("overlap_m2", shared(digest.overlap_m2)),
            ("overlap_share", shared(digest.overlap_share)),
            ("involved", involved),
            ("not_involved", clear),
            ("unchecked", unchecked),
            ("data_quality", text(verdict.data_quality.code())),
            ("notice", self.notice(verdict.data_quality)),
            ("as_of", Value::Date(head.as_of)),
            ("valid_until", Value::Date(verdict.valid_until)),
        ];
        values.map(|(name, value)| (name.to_owned(), value)).into()
    }

    fn finding(&self, verdict: &Verdict, finding: &Finding, number: usize) -> Feature {
        let real = |value: Option<f64>| value.map_or(Value::Null, Value::Real);
        let rule = finding.rule.as_ref();
        let of_rule =
            |part: fn(&crate::siting::RuleQuote) -> &String| rule.map_or(Value::Null, |rule| text(part(rule)));
        let values = [
            ("project_id", text(&verdict.id)),
            ("project", text(&verdict.name)),
            ("consequence", text(finding.consequence.code())),
            ("theme", text(&finding.theme)),
            ("layer", text(finding.layer.code())),
            ("feature_id", text(&finding.feature_id)),
            ("name", text(&finding.name)),
            ("class", text(&finding.class)),
            ("relation", text(finding.relation.code())),
            ("overlap_m2", Value::Real(finding.overlap_m2)),
            ("overlap_ha", Value::Real(finding.overlap_ha)),
            ("overlap_mu", Value::Real(finding.overlap_mu)),
            ("plane_overlap_m2", Value::Real(finding.plane_overlap_m2)),
            ("overlap_share", Value::Real(finding.overlap_share)),
            ("zone_share", real(finding.zone_share)),
            ("overlap_length_m", real(finding.overlap_length_m)),
            ("distance_m", Value::Real(finding.distance_m)),
            ("bearing_deg", real(finding.bearing_deg)),
            ("depth_m", real(finding.depth_m)),
            ("certainty_grade", text(finding.certainty_grade.code())),
            ("certainty_grounds", text(&certainty::grounds(finding, self.text))),
            ("certainty", text(finding.certainty.code())),
            ("mean_width_m", real(finding.mean_width_m)),
            ("verified", Value::Bool(finding.verified)),
            ("rule", of_rule(|rule| &rule.id)),
            ("rule_text", of_rule(|rule| &rule.text)),
            ("next_step", of_rule(|rule| &rule.next_step)),
            ("document", of_rule(|rule| &rule.document)),
            ("rule_source", of_rule(|rule| &rule.source)),
            ("clause", of_rule(|rule| &rule.clause)),
            ("data_quality", text(finding.quality.code())),
            ("notice", self.notice(finding.quality)),
            ("source", text(&finding.source)),
        ];
        let shape = (!finding.overlap.0.is_empty()).then(|| Geometry::MultiPolygon((*finding.overlap).clone()));
        let values = values.map(|(name, value)| (name.to_owned(), value)).into();
        Feature { id: format!("{}-{number}", verdict.id), shape, values }
    }

    fn notice(&self, quality: Quality) -> Value {
        if quality == Quality::Schematic { text(&self.text.common.schematic_notice) } else { Value::Null }
    }

    /// The file.
    pub fn finish(self, format: Format) -> Result<Written, WriteError> {
        let words = &self.text.batch;
        let mut layers = vec![WriteLayer::of(&words.sheet_projects, &self.projects)];
        if self.is_apart {
            layers.push(WriteLayer::of(&words.sheet_findings, &self.findings));
        }
        format::write(format, &layers, &Target::default())
    }
}

fn text(words: &str) -> Value {
    if words.is_empty() { Value::Null } else { Value::Text(words.to_owned()) }
}

/// A finding as the JSON document has it, without the ground shared.
fn plain(finding: &Finding) -> serde_json::Value {
    let mut value = serde_json::to_value(finding).unwrap_or_default();
    if let Some(fields) = value.as_object_mut() {
        fields.remove("overlap");
    }
    value
}
