//! What answers look like on the map: the projects of a batch in the colours of their verdicts, and ground lost and
//! gained between two versions, hatched.

use super::camera::Camera;
use super::mesh::triangulate;
use crate::cartography::legend::Legend;
use crate::desktop::batch_run::BatchRun;
use crate::desktop::panel::grade_tone;
use crate::desktop::theme::{self, Palette, Tone};
use crate::geometry::{extent, mercator};
use crate::siting::audit::Audit;
use crate::workspace::Batch;
use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke};
use geo::{Coord, Geometry, LineString, MultiPolygon};
use std::sync::Arc;

/// Smaller than this on the screen a project is a dot, points.
const DOT: f32 = 9.0;
/// Between two lines of a hatching, points.
const SPACING: f32 = 7.0;

/// A batch to be painted.
#[derive(Debug, Clone, Copy)]
pub struct BatchPaint<'a> {
    /// The projects.
    pub batch: &'a Batch,
    /// Their verdicts.
    pub run: &'a BatchRun,
    /// The one that is chosen.
    pub chosen: Option<usize>,
}

/// Paints the projects of a batch.
pub fn batch(painter: &Painter, camera: &Camera, paint: &BatchPaint<'_>, palette: &Palette) {
    let mut dots = Mesh::default();
    let mut rim = Mesh::default();
    for (place, site) in paint.batch.sites.iter().enumerate() {
        let Some(bounds) = paint.run.bounds(place) else { continue };
        let area = Rect::from_two_pos(camera.place_degrees(bounds.min()), camera.place_degrees(bounds.max()));
        if !area.expand(DOT).intersects(camera.frame) {
            continue;
        }
        let tone = paint.run.grade(place).map_or(Tone::Neutral, grade_tone);
        let fade = if paint.run.is_stale(place) { 0.5 } else { 1.0 };
        let ink = palette.tone(tone).gamma_multiply(fade);
        let is_chosen = paint.chosen == Some(place);
        if area.width().max(area.height()) < DOT {
            let side = if is_chosen { 11.0 } else { 6.0 };
            let spot = Rect::from_center_size(area.center(), egui::Vec2::splat(side));
            rim.add_colored_rect(spot.expand(1.2), palette.raised);
            dots.add_colored_rect(spot, ink);
        } else {
            outline(painter, camera, &site.shape, ink, is_chosen, palette);
        }
        if is_chosen {
            painter.rect_stroke(area.expand(9.0), 4.0, Stroke::new(1.6, palette.accent), egui::StrokeKind::Outside);
        }
    }
    for mesh in [rim, dots] {
        if !mesh.indices.is_empty() {
            painter.add(Shape::mesh(mesh));
        }
    }
}

fn outline(painter: &Painter, camera: &Camera, shape: &MultiPolygon, ink: Color32, strong: bool, palette: &Palette) {
    let width = if strong { 3.0 } else { 2.0 };
    for polygon in shape {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let points: Vec<Pos2> = ring.0.iter().map(|point| camera.place_degrees(*point)).collect();
            painter.add(Shape::line(points.clone(), Stroke::new(width + 2.0, palette.raised)));
            painter.add(Shape::line(points, Stroke::new(width, ink)));
        }
    }
}

/// Ground lost and gained, made ready for painting.
#[derive(Debug, Default)]
pub struct Change {
    of: Option<Arc<Audit>>,
    lost: Vec<Part>,
    gained: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    bounds: geo::Rect,
    rings: Vec<Vec<Coord>>,
    corners: Vec<Coord>,
    indices: Vec<u32>,
}

impl Change {
    /// Paints what an audit has found.
    pub fn paint(&mut self, painter: &Painter, camera: &Camera, audit: &Arc<Audit>) {
        if !self.of.as_ref().is_some_and(|known| Arc::ptr_eq(known, audit)) {
            self.of = Some(audit.clone());
            self.lost = parts(&audit.lost);
            self.gained = parts(&audit.gained);
        }
        let legend = &Legend::bundled().change;
        for (parts, fill, leans_right) in [(&self.lost, &legend.lost, true), (&self.gained, &legend.gained, false)] {
            let ink = theme::solid(fill.colour);
            for part in parts {
                part.paint(painter, camera, ink, fill.opacity, leans_right);
            }
        }
    }
}

fn parts(shape: &MultiPolygon) -> Vec<Part> {
    let plane = |ring: &LineString| LineString::new(ring.0.iter().map(|point| mercator(*point)).collect());
    let ready = shape.0.iter().filter_map(|polygon| {
        let bounds = extent(&Geometry::Polygon(polygon.clone()))?;
        let holes: Vec<LineString> = polygon.interiors().iter().map(plane).collect();
        let shell = plane(polygon.exterior());
        let (corners, indices) = triangulate(&shell, &holes);
        let rings = std::iter::once(shell).chain(holes).map(|ring| ring.0).collect();
        Some(Part { bounds, rings, corners, indices })
    });
    ready.collect()
}

impl Part {
    fn paint(&self, painter: &Painter, camera: &Camera, ink: Color32, opacity: f32, leans_right: bool) {
        let area = Rect::from_two_pos(camera.place_degrees(self.bounds.min()), camera.place_degrees(self.bounds.max()));
        if !area.expand(6.0).intersects(camera.frame) {
            return;
        }
        if area.width().max(area.height()) < 5.0 {
            painter.circle_filled(area.center(), 3.5, ink);
            return;
        }
        let tint = ink.gamma_multiply(opacity);
        let vertex = |point: &Coord| Vertex { pos: camera.place(*point), uv: WHITE_UV, color: tint };
        let vertices = self.corners.iter().map(vertex).collect();
        painter.add(Shape::mesh(Mesh { indices: self.indices.clone(), vertices, ..Mesh::default() }));
        let rings: Vec<Vec<Pos2>> =
            self.rings.iter().map(|ring| ring.iter().map(|point| camera.place(*point)).collect()).collect();
        hatch(painter, &rings, area.intersect(camera.frame), Stroke::new(1.3, ink), leans_right);
        for ring in rings {
            painter.add(Shape::line(ring, Stroke::new(1.6, ink)));
        }
    }
}

/// Slanting lines within rings, as far as they are seen.
fn hatch(painter: &Painter, rings: &[Vec<Pos2>], seen: Rect, stroke: Stroke, leans_right: bool) {
    let across = |at: Pos2| if leans_right { at.x + at.y } else { at.x - at.y };
    let along = |at: Pos2| if leans_right { at.x - at.y } else { at.x + at.y };
    let corners = [seen.left_top(), seen.right_top(), seen.left_bottom(), seen.right_bottom()].map(across);
    let (low, high) = corners.iter().fold((f32::MAX, f32::MIN), |(low, high), at| (low.min(*at), high.max(*at)));
    // hung on the shape, so that the lines move with it
    let Some(origin) = rings.first().and_then(|ring| ring.first()).map(|at| across(*at)) else { return };
    let step = SPACING * std::f32::consts::SQRT_2;
    let number = |at: f32| ((at - origin) / step).ceil() as i64;
    let (first, last) = (number(low), number(high));
    let Ok(count) = usize::try_from(last - first) else { return };
    let mut lines: Vec<Vec<f32>> = vec![Vec::new(); count.min(4_000)];
    for ring in rings {
        for (from, to) in ring.iter().zip(ring.iter().skip(1)) {
            let (a, b) = (across(*from), across(*to));
            let (start, end) = (number(a.min(b)).max(first), number(a.max(b)).min(last));
            for line in start..end {
                let at = origin + line as f32 * step;
                let part = (at - a) / (b - a);
                let met = along(*from) + (along(*to) - along(*from)) * part;
                if let Some(known) = usize::try_from(line - first).ok().and_then(|place| lines.get_mut(place)) {
                    known.push(met);
                }
            }
        }
    }
    for (line, mut met) in (first..).zip(lines) {
        met.sort_by(f32::total_cmp);
        let at = origin + line as f32 * step;
        let point = |along: f32| {
            let (sum, difference) = if leans_right { (at, along) } else { (along, at) };
            Pos2::new((sum + difference) / 2.0, (sum - difference) / 2.0)
        };
        for pair in met.chunks_exact(2) {
            if let [from, to] = pair {
                painter.line_segment([point(*from), point(*to)], stroke);
            }
        }
    }
}
