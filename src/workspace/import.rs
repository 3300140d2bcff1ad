//! A file between reading and joining the project: what was concluded about it, and what the person says to that.

use super::{Batch, LayerIds, MANY, OpenAs, Outcome, Progress, Watched, sentence};
use crate::atlas::{Atlas, Feature, Layer, Quality, Source, Theme, Value};
use crate::format::{
    self, Certainty, Format, Problem, ProblemKind, ProjectRow, ReadLayer, ReadOptions, Reason, Severity,
};
use crate::geometry::LocalSystem;
use crate::siting::Rulebook;
use crate::storage::watch::Stamp;
use crate::storage::{layer, systems};
use crate::text::Text;
use geo::{CoordsIter, Geometry, Rect};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows of the table that is shown.
const ROWS: usize = 200;
/// Vertices of the small map that is shown.
const VERTICES: usize = 12_000;
/// Share of the work after which a file is read and its shapes are mended.
const READ: f32 = 0.85;
/// Kinds of files that are remembered.
const MOST_KEPT: usize = 60;

/// What the person says instead of what was concluded.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Corrections {
    /// Code of the reference system.
    pub reference: Option<String>,
    /// Codes for single layers, by their names, instead of that.
    #[serde(default)]
    pub of_layers: BTreeMap<String, String>,
    /// Name of the encoding.
    pub encoding: Option<String>,
    /// Whether the northing or latitude stands first.
    #[serde(default)]
    pub north_first: Option<bool>,
}

/// A file that was read and waits for the person's word.
#[derive(Debug)]
pub struct Preview {
    /// The file.
    pub file: PathBuf,
    /// Its format.
    pub format: Format,
    /// What it was read with.
    pub corrections: Corrections,
    /// Its layers.
    pub layers: Vec<PreviewLayer>,
    /// What was wrong in it.
    pub problems: Vec<Problem>,
    source: Source,
    stamp: Option<Stamp>,
}

/// A layer with what is shown of it.
#[derive(Debug)]
pub struct PreviewLayer {
    /// The layer itself.
    pub read: ReadLayer,
    /// Names of its fields.
    pub fields: Vec<String>,
    /// The first rows as words.
    pub rows: Vec<Vec<String>>,
    /// Boxes of the first rows; absent of those without a shape.
    pub places: Vec<Option<Rect>>,
    /// Some of its lines and points, longitude and latitude.
    pub lines: Vec<Vec<[f64; 2]>>,
    /// Box of all of it.
    pub bounds: Option<Rect>,
}

/// What shall become of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Sites or a layer of a theme.
    pub open_as: OpenAs,
    /// Names of the layers of the file that are left out.
    pub left_out: BTreeSet<String>,
    /// Keys of the theme with the fields that fill them.
    pub fields: Vec<(String, Option<String>)>,
    /// Worth of the data where the file does not tell it, as the person knows it.
    pub quality: Option<Quality>,
}

/// What was done with a file of these fields, for the next one of its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptImport {
    /// Names of the fields, sorted.
    pub of: Vec<String>,
    /// Theme; absent for sites.
    pub theme: Option<Theme>,
    /// Keys with their fields.
    pub fields: Vec<(String, Option<String>)>,
    /// Corrections that were needed.
    pub corrections: Corrections,
    /// Worth of the data that the person told.
    #[serde(default)]
    pub quality: Option<Quality>,
}

impl Plan {
    /// All of a file as this.
    pub fn whole(open_as: OpenAs, fields: Vec<(String, Option<String>)>) -> Self {
        Plan { open_as, left_out: BTreeSet::new(), fields, quality: None }
    }

    /// Whether a layer is taken.
    pub fn takes(&self, layer: &PreviewLayer) -> bool {
        !self.left_out.contains(&layer.read.name)
    }
}

impl Preview {
    /// Reads a file and compares it with what the atlas has there; the sentence says why it cannot be. `own` are the
    /// reference systems of the office's own.
    pub fn read(
        file: &Path,
        corrections: &Corrections,
        (atlas, own): (&Atlas, &[LocalSystem]),
        text: &Text,
        progress: &Progress,
    ) -> Result<Preview, String> {
        let find = |code: &String| {
            systems::find(code, own).map_err(|_| crate::text::fill(&text.format.unknown_reference, &[("name", code)]))
        };
        let reference = corrections.reference.as_ref().map(find).transpose()?;
        let of_layers = corrections.of_layers.iter().map(|(name, code)| Ok((name.clone(), find(code)?)));
        let options = ReadOptions {
            reference,
            references: of_layers.collect::<Result<_, String>>()?,
            encoding: corrections.encoding.clone(),
            north_first: corrections.north_first,
            progress: progress.part(0.0, READ),
            ..ReadOptions::default()
        };
        // before it is read: what changes meanwhile is told later
        let stamp = Stamp::of(file);
        let read =
            |options: &ReadOptions| layer::read(file, options).map_err(|error| sentence::open_error(text, &error));
        let (mut reading, mut source) = read(&options)?;
        // neither what this very file was taken for before nor what nobody answers for speaks for it
        let own = source.sha256.clone();
        let is_ground = |layer: &&Layer| layer.theme != Theme::Other && layer.source.sha256 != own;
        let layers = || atlas.layers.iter().map(|layer| &**layer).filter(is_ground);
        if let Some(likely) = reading.layers.iter().find_map(|read| format::likely(read, layers())) {
            drop(reading);
            (reading, source) = read(&ReadOptions { likely, ..options })?;
        }
        let mut problems = reading.problems;
        let is_alone = reading.layers.len() == 1;
        let mut shown = Vec::with_capacity(reading.layers.len());
        for mut layer in reading.layers {
            problems.extend(format::repair(&mut layer, is_alone, &progress.part(READ, 1.0)));
            if !progress.is_cancelled() {
                problems.extend(format::fit(&mut layer, layers()));
            }
            if progress.is_cancelled() {
                return Err(text.format.cancelled.clone());
            }
            let layers = if reading.format == Format::Dxf { sheets(layer) } else { vec![layer] };
            shown.extend(layers.into_iter().map(PreviewLayer::of));
        }
        Ok(Preview {
            file: file.to_owned(),
            format: reading.format,
            corrections: corrections.clone(),
            layers: shown,
            problems,
            source,
            stamp,
        })
    }

    /// The name of the file without its folder.
    pub fn name(&self) -> String {
        self.file.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Names of all fields, sorted: by them a file of the same kind is known again.
    pub fn kind(&self) -> Vec<String> {
        let mut names: Vec<String> = self.layers.iter().flat_map(|layer| layer.fields.iter().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Keys of a theme with the fields of the file that fit them.
    pub fn matches(&self, theme: Theme) -> Vec<(String, Option<String>)> {
        format::matches(&self.kind(), theme)
    }

    /// Whether its columns tell kinds of projects.
    pub fn holds_projects(&self) -> bool {
        let fields = self.layers.iter().flat_map(|layer| &layer.fields);
        fields.into_iter().any(|field| format::names_project_kind(field))
    }

    /// Whether the person should look before it is taken in: projects that might be meant to be checked, nothing of it could be used, its system is not sure, or
    /// something may not be as it seems. Surveyors' lists are plots that somebody asks about, not a layer.
    pub fn asks(&self) -> bool {
        let is_usable = |layer: &PreviewLayer| layer.read.features.iter().any(|feature| feature.shape.is_some());
        let is_sure = |layer: &PreviewLayer| {
            let evidence = &layer.read.evidence;
            match evidence.certainty {
                Certainty::Certain => true,
                // plain degrees might be those of a web map, but hardly ever are
                Certainty::Likely => evidence.reasons.contains(&Reason::ShiftOpen),
                Certainty::Unsure => layer.read.features.is_empty(),
            }
        };
        self.format == Format::Survey
            || self.holds_projects()
            || !self.layers.iter().any(is_usable)
            || !self.layers.iter().all(is_sure)
            || self.problems.iter().any(|problem| {
                // what was mended otherwise than in form has to be seen
                let is_mended = matches!(
                    problem.kind,
                    ProblemKind::CrossesItself(_) | ProblemKind::RingsTangled(_) | ProblemKind::PartDropped
                );
                is_mended || problem.kind.severity() >= Severity::Warning
            })
    }

    /// Joins the project: layers, or sites with what could not be one.
    pub fn import(self, plan: &Plan, ids: &LayerIds) -> (Vec<Outcome>, Vec<Problem>) {
        let name = self.name();
        let is_alone = self.layers.len() == 1;
        let chosen = self.layers.into_iter().filter(|layer| plan.takes(layer));
        let chosen: Vec<ReadLayer> = chosen.map(|layer| layer.read).collect();
        match plan.open_as {
            OpenAs::Sites => {
                let (mut rows, mut problems) = (Vec::new(), Vec::new());
                for layer in &chosen {
                    let (mut found, mut told) = format::projects(layer);
                    rows.append(&mut found);
                    problems.append(&mut told);
                }
                let found = opened(&name, rows);
                let Outcome::Sites(sites) = &found else { return (vec![found], problems) };
                let watched = Watched {
                    file: self.file,
                    stamp: self.stamp,
                    corrections: self.corrections,
                    plan: plan.clone(),
                    layers: Vec::new(),
                    sites: sites.clone(),
                    site_ids: Vec::new(),
                    changed: None,
                };
                (vec![found, Outcome::Watched(Box::new(watched))], problems)
            }
            OpenAs::Layer(theme) => {
                let layers = chosen.into_iter().map(|mut read| {
                    if let Some(quality) = plan.quality {
                        value(&mut read, quality);
                    }
                    let title = if is_alone { name.clone() } else { format!("{name} · {}", read.name) };
                    Arc::new(read.into_layer_with(ids.next(), theme, title, self.source.clone(), &plan.fields))
                });
                let layers: Vec<Arc<Layer>> = layers.collect();
                let watched = Watched {
                    file: self.file,
                    stamp: self.stamp,
                    corrections: self.corrections,
                    plan: plan.clone(),
                    layers: layers.iter().map(|layer| layer.id).collect(),
                    sites: Vec::new(),
                    site_ids: Vec::new(),
                    changed: None,
                };
                (vec![Outcome::Opened(layers), Outcome::Watched(Box::new(watched))], Vec::new())
            }
        }
    }
}

/// The layers of a drawing, each as one of its own, in the order of their names.
fn sheets(mut drawing: ReadLayer) -> Vec<ReadLayer> {
    let mut sheets: BTreeMap<String, Vec<Feature>> = BTreeMap::new();
    for feature in std::mem::take(&mut drawing.features) {
        sheets.entry(feature.text("layer").to_owned()).or_default().push(feature);
    }
    if sheets.len() < 2 {
        drawing.features = sheets.into_values().next().unwrap_or_default();
        return vec![drawing];
    }
    let sheet = |(name, features): (String, Vec<Feature>)| ReadLayer {
        name: if name.is_empty() { drawing.name.clone() } else { name },
        features,
        originals: Vec::new(),
        reference: drawing.reference.clone(),
        how: drawing.how,
        evidence: drawing.evidence.clone(),
        encoding: drawing.encoding.clone(),
        schema: drawing.schema.clone(),
        geometry_types: drawing.geometry_types.clone(),
        has_ids: drawing.has_ids,
    };
    sheets.into_iter().map(sheet).collect()
}

/// Notes the worth of the data in features that do not tell it.
fn value(read: &mut ReadLayer, quality: Quality) {
    for feature in &mut read.features {
        if Quality::parse(feature.text("quality")).is_none() {
            feature.values.retain(|(name, _)| name != "quality");
            feature.values.push(("quality".to_owned(), Value::Text(quality.code().to_owned())));
        }
    }
}

/// Projects of a file: one by one, or as a batch when they are many.
pub fn opened(name: &str, rows: Vec<ProjectRow>) -> Outcome {
    let batch = Batch::new(name, rows, Rulebook::bundled());
    if batch.sites.len() >= MANY {
        return Outcome::Batch(Arc::new(batch));
    }
    Outcome::Sites(batch.sites.into_iter().map(Arc::unwrap_or_clone).collect())
}

impl PreviewLayer {
    fn of(read: ReadLayer) -> Self {
        let fields: Vec<String> = read.fields().into_iter().map(|(name, _)| name).collect();
        let cell = |feature: &crate::atlas::Feature, field: &String| {
            feature.value(field).to_string().chars().take(120).collect::<String>()
        };
        let rows = read.features.iter().take(ROWS);
        let rows = rows.map(|feature| fields.iter().map(|field| cell(feature, field)).collect()).collect();
        let place = |feature: &crate::atlas::Feature| feature.shape.as_ref().and_then(geo::BoundingRect::bounding_rect);
        let places = read.features.iter().take(ROWS).map(place).collect();
        let count: usize =
            read.features.iter().filter_map(|feature| feature.shape.as_ref()).map(|s| s.coords_count()).sum();
        let step = count / VERTICES + 1;
        let mut lines = Vec::new();
        read.features
            .iter()
            .filter_map(|feature| feature.shape.as_ref())
            .for_each(|shape| outline(shape, step, &mut lines));
        let bounds = read.bounds();
        PreviewLayer { fields, rows, places, lines, bounds, read }
    }
}

/// Lines of a shape with every so many of their vertices, and their ends.
fn outline(shape: &Geometry, step: usize, lines: &mut Vec<Vec<[f64; 2]>>) {
    let mut add = |line: &geo::LineString| {
        let last = line.0.len().saturating_sub(1);
        // enough of each that it can be seen, however many there are
        let step = step.min(last / 6).max(1);
        let kept = line.0.iter().enumerate().filter(|(place, _)| place % step == 0 || *place == last);
        lines.push(kept.map(|(_, at)| [at.x, at.y]).collect());
    };
    match shape {
        Geometry::LineString(line) => add(line),
        Geometry::MultiLineString(all) => all.iter().for_each(add),
        Geometry::Polygon(area) => std::iter::once(area.exterior()).chain(area.interiors()).for_each(add),
        Geometry::MultiPolygon(areas) => {
            areas.iter().flat_map(|area| std::iter::once(area.exterior()).chain(area.interiors())).for_each(add);
        }
        Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| outline(part, step, lines)),
        other => lines.extend(other.coords_iter().map(|at| vec![[at.x, at.y]])),
    }
}

/// Remembers what was done with a file; the newest first.
pub fn keep(kept: &mut Vec<KeptImport>, entry: KeptImport) {
    kept.retain(|known| known.of != entry.of);
    kept.insert(0, entry);
    kept.truncate(MOST_KEPT);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_same_fields_is_known_again() {
        let entry = |name: &str, theme| KeptImport {
            of: vec![name.to_owned()],
            theme,
            fields: Vec::new(),
            corrections: Corrections::default(),
            quality: None,
        };
        let mut kept = Vec::new();
        keep(&mut kept, entry("甲", None));
        keep(&mut kept, entry("乙", None));
        keep(&mut kept, entry("甲", Some(Theme::Rivers)));
        assert_eq!(kept.iter().map(|known| known.of[0].as_str()).collect::<Vec<_>>(), ["甲", "乙"]);
        assert_eq!(kept[0].theme, Some(Theme::Rivers));
    }
}
