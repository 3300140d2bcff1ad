//! Coordinates: boundary points of a site and of the ground it shares, as tables and as the surveyor's text.

use super::Case;
use super::content::{Conflict, column, conflicts, dense, figures_column, paragraph, table};
use super::evidence::{Attached, feature_of};
use crate::atlas::{Feature, Site, Value};
use crate::format::{self, Format, Target, WriteLayer};
use crate::geometry::{GaussKruger, surveyed};
use crate::text::{Text, fill};
use geo::{BoundingRect, Geometry, LineString, MultiPolygon};
use serde_json::json;

/// Names of the surveyor's texts.
const BOUNDARY: &str = "boundary.txt";
const OVERLAP: &str = "overlap.txt";
/// Most points of a site, and of one overlap, that are printed; all are attached.
const MOST: usize = 600;
const MOST_OF_OVERLAP: usize = 120;

/// The tables of a site.
pub(super) fn blocks(case: &Case, site: &Site, conflicts: &[Conflict], text: &Text) -> Vec<serde_json::Value> {
    let words = &text.report.points;
    if !case.shows_coordinates {
        return vec![paragraph(&words.withheld)];
    }
    let plane = site.shape.bounding_rect().and_then(|bounds| GaussKruger::three_degree(bounds.center().x).ok());
    let Some(plane) = plane.and_then(|plane| plane.with_zone_prefix().ok()) else { return Vec::new() };
    let mut blocks = vec![
        json!({"kind": "small", "text": fill(&words.system, &[("zone", &plane.zone().to_string())])}),
        json!({"kind": "caption", "text": words.site}),
    ];
    blocks.extend(points(&site.shape, &plane, MOST, BOUNDARY, text));
    for conflict in conflicts.iter().filter(|conflict| !conflict.finding.overlap.0.is_empty()) {
        let values = [("number", conflict.number.to_string()), ("name", conflict.finding.name.clone())];
        let values = values.each_ref().map(|(key, value)| (*key, value.as_str()));
        blocks.push(json!({"kind": "caption", "text": fill(&words.overlap, &values)}));
        blocks.extend(points(&conflict.finding.overlap, &plane, MOST_OF_OVERLAP, OVERLAP, text));
    }
    blocks
}

fn points(shape: &MultiPolygon, plane: &GaussKruger, most: usize, file: &str, text: &Text) -> Vec<serde_json::Value> {
    let words = &text.report.points;
    let shape = surveyed(shape);
    let rings = shape.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let mut rows = Vec::new();
    let mut count = 0;
    for (number, ring) in (1..).zip(rings) {
        for at in open(ring) {
            count += 1;
            let Ok(point) = plane.forward(*at) else { continue };
            if count <= most {
                rows.push(json!([
                    format!("J{count}"),
                    number.to_string(),
                    format!("{:.8}", at.x),
                    format!("{:.8}", at.y),
                    format!("{:.3}", point.north),
                    format!("{:.3}", point.east),
                ]));
            }
        }
    }
    let columns = [
        column(&words.label, "auto"),
        column(&words.ring, "auto"),
        figures_column(&words.lon, "1fr"),
        figures_column(&words.lat, "1fr"),
        figures_column(&words.north, "1fr"),
        figures_column(&words.east, "1fr"),
    ];
    let mut blocks = vec![dense(table(&columns, rows))];
    if count > most {
        let (all, shown) = (count.to_string(), most.to_string());
        let words = fill(&words.more, &[("n", &all), ("m", &shown), ("file", file)]);
        blocks.push(json!({"kind": "small", "text": words}));
    }
    blocks
}

/// The points of a ring without the one that closes it.
fn open(ring: &LineString) -> &[geo::Coord] {
    ring.0.split_last().map(|(_, points)| points).unwrap_or_default()
}

/// The surveyor's texts of all sites and of the ground that they share; none where coordinates are withheld.
pub(super) fn attachments(case: &Case) -> Vec<Attached> {
    if !case.shows_coordinates {
        return Vec::new();
    }
    let listed =
        |site: &Site| Feature { shape: Some(Geometry::MultiPolygon(surveyed(&site.shape))), ..feature_of(site) };
    let sites: Vec<Feature> = case.sites.iter().map(listed).collect();
    let mut shared = Vec::new();
    for verdict in &case.screening.sites {
        for conflict in conflicts(verdict).iter().filter(|conflict| !conflict.finding.overlap.0.is_empty()) {
            let name = format!("{} {} {}", verdict.name, conflict.number, conflict.finding.name);
            shared.push(Feature {
                id: conflict.finding.feature_id.clone(),
                shape: Some(Geometry::MultiPolygon(surveyed(&conflict.finding.overlap))),
                values: vec![("name".into(), Value::Text(name))],
            });
        }
    }
    let text = |name: &str, features: &[Feature]| -> Option<Attached> {
        let layer = WriteLayer::of(name, features);
        let written = format::write(Format::Survey, &[layer], &Target::default()).ok()?;
        written.files.into_iter().next().map(|file| (name.to_owned(), file.bytes))
    };
    let overlap = if shared.is_empty() { None } else { text(OVERLAP, &shared) };
    text(BOUNDARY, &sites).into_iter().chain(overlap).collect()
}
