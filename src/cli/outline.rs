//! Outlines of projects that a file gives by less than an outline: lines with a width, points with a radius, corners row
//! by row.

use super::{Console, Failure};
use crate::atlas::{Feature, Value};
use crate::format::{self, ProjectRow, ReadLayer};
use crate::geometry::geo::{Geometry, LineString, MultiPolygon, Point, Polygon, unary_union};
use crate::geometry::{Ends, Form, LENGTHS};
use crate::text::{Text, fill};
use crate::workspace::sentence;
use std::collections::HashSet;
use std::path::Path;

/// What makes outlines of lines and points.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub struct Outlining {
    /// Whole width of the corridor along each line of the file that tells none of its own
    #[arg(long, value_name = "METRES")]
    corridor: Option<f64>,
    /// Radius of the circle round each point of the file that tells none of its own
    #[arg(long, value_name = "METRES")]
    radius: Option<f64>,
    /// The points of the file, in their order, are the corners of one plot, or of several that a column names
    #[arg(long, conflicts_with = "radius")]
    corners: bool,
}

/// Features that are no areas are named one by one up to so many.
const NAMED: usize = 5;
/// Columns that tell plots apart too, where none is named for it.
const NAMES: [&str; 2] = ["名称", "name"];

impl Outlining {
    /// Lengths have to be such that an outline can be.
    pub fn examine(&self, text: &Text) -> Result<(), Failure> {
        for (option, metres) in [("--corridor", self.corridor), ("--radius", self.radius)] {
            if metres.is_some_and(|metres| !LENGTHS.contains(&metres)) {
                return Err(Failure::usage(fill(&text.siting.growth_range, &[("option", option)])));
            }
        }
        Ok(())
    }

    /// The projects of a file's layers. Fails when there is none, with what would make some of them.
    pub fn projects(&self, path: &Path, layers: Vec<ReadLayer>, console: &Console) -> Result<Vec<ProjectRow>, Failure> {
        let text = console.text();
        let file = path.display().to_string();
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        let (mut has_lines, mut has_points) = (false, false);
        for layer in layers {
            let layer = self.grown(layer, &file, console);
            let (found, told) = format::projects(&layer);
            rows.extend(found);
            for shape in told.iter().filter_map(|problem| shape_of(&layer, problem.place.feature)) {
                has_lines |= matches!(shape, Geometry::LineString(_) | Geometry::MultiLineString(_));
                has_points |= matches!(shape, Geometry::Point(_) | Geometry::MultiPoint(_));
            }
            problems.extend(told);
        }
        if rows.is_empty() {
            let words = &text.siting;
            let sentence = match (has_lines, has_points) {
                (true, _) => &words.only_lines,
                (false, true) => &words.only_points,
                (false, false) => &words.no_sites,
            };
            return Err(Failure::failed(fill(sentence, &[("file", &file)])));
        }
        for problem in problems.iter().take(NAMED) {
            console.complain(&format!("{file}: {}", sentence::problem(text, problem)));
        }
        if problems.len() > NAMED {
            let more = (problems.len() - NAMED).to_string();
            console.complain(&fill(&text.siting.not_areas_more, &[("file", &file), ("n", &more)]));
        }
        Ok(rows)
    }

    /// The layer with outlines in the place of what tells no figures of its own.
    fn grown(&self, mut layer: ReadLayer, file: &str, console: &Console) -> ReadLayer {
        let bare: HashSet<usize> =
            format::projects(&layer).1.iter().filter_map(|problem| problem.place.feature).collect();
        if bare.is_empty() {
            return layer;
        }
        if let Some(plots) = self.radius.is_none().then(|| self.plots(&layer, &bare)).flatten() {
            let (points, count) = (layer.features.len().to_string(), plots.len().to_string());
            let values = [("file", file), ("n", &points), ("m", &count)];
            console.complain(&fill(&console.text().siting.corners_joined, &values));
            layer.features = plots;
            return layer;
        }
        for (place, feature) in (1..).zip(&mut layer.features) {
            if bare.contains(&place)
                && let Some(outline) = feature.shape.as_ref().and_then(|shape| self.outline(shape))
            {
                feature.shape = Some(Geometry::MultiPolygon(outline));
            }
        }
        layer
    }

    fn outline(&self, shape: &Geometry) -> Option<MultiPolygon> {
        let corridor =
            |line: &LineString| Form::Corridor { line: line.clone(), width: self.corridor?, ends: Ends::Flat }.shape();
        let circle = |point: &Point| Form::Circle { centre: point.0, radius: self.radius? }.shape();
        let united = |parts: Option<Vec<MultiPolygon>>| Some(unary_union(&parts?));
        match shape {
            Geometry::LineString(line) => corridor(line),
            Geometry::MultiLineString(lines) => united(lines.iter().map(corridor).collect()),
            Geometry::Point(point) => circle(point),
            Geometry::MultiPoint(points) => united(points.iter().map(circle).collect()),
            _ => None,
        }
    }

    /// Rows of corners as plots: asked for, or told by a column that names the same plot row after row.
    fn plots(&self, layer: &ReadLayer, bare: &HashSet<usize>) -> Option<Vec<Feature>> {
        let is_point = |feature: &Feature| matches!(feature.shape, Some(Geometry::Point(_)));
        if bare.len() != layer.features.len() || !layer.features.iter().all(is_point) {
            return None;
        }
        let is_column = |name: &&str| layer.features.iter().all(|feature| !feature.value(name).is_null());
        let fields: Vec<String> = layer.fields().into_iter().map(|(name, _)| name).collect();
        let plots = fields.iter().map(String::as_str).filter(|name| format::names_plot(name));
        let column = plots.chain(NAMES).find(is_column);
        let mut plots: Vec<(Value, &Feature, LineString)> = Vec::new();
        for feature in &layer.features {
            let Some(Geometry::Point(corner)) = feature.shape else { continue };
            let plot = column.map_or(Value::Null, |name| feature.value(name).clone());
            match plots.last_mut() {
                Some((known, _, ring)) if *known == plot => ring.0.push(corner.0),
                _ => plots.push((plot, feature, LineString::new(vec![corner.0]))),
            }
        }
        let mut seen: HashSet<String> = HashSet::new();
        let is_told =
            self.corners || (column.is_some() && plots.iter().all(|(plot, ..)| seen.insert(plot.to_string())));
        if !is_told || plots.iter().any(|(_, _, ring)| ring.0.len() < 3) {
            return None;
        }
        let plot = |(plot, first, ring): (Value, &Feature, LineString)| {
            let mut values = first.values.clone();
            if !plot.is_null() && first.value("name").is_null() {
                values.push(("name".to_owned(), Value::Text(plot.to_string())));
            }
            let shape = Some(Geometry::Polygon(Polygon::new(ring, Vec::new())));
            Feature { id: first.id.clone(), shape, values }
        };
        Some(plots.into_iter().map(plot).collect())
    }
}

fn shape_of(layer: &ReadLayer, number: Option<usize>) -> Option<&Geometry> {
    layer.features.get(number?.checked_sub(1)?)?.shape.as_ref()
}
