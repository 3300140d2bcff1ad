//! What is drawn over the layers every frame: sites, overlaps, the sketch, annotations.

use super::camera::Camera;
use super::furniture::haloed;
use super::mesh::triangulate;
use super::sketch::{Handle, Sketch, handles};
use crate::cartography::legend::Legend;
use crate::desktop::theme;
use crate::desktop::widget::number;
use crate::geometry::{Area, mercator};
use crate::text::{MapText, fill};
use crate::workspace::{Annotation, Tool};
use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, Vec2};
use geo::{BoundingRect, Coord, LineString, MultiPolygon};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An outline that crosses itself.
const WRONG: [u8; 4] = [0xD3, 0x2F, 0x2F, 0xFF];
/// Below lines that must be seen on any ground.
const BRIGHT: [u8; 4] = [0xFF, 0xFF, 0xFF, 0xAA];

/// Outline of a proposed site.
fn site_colour() -> Color32 {
    theme::solid(Legend::bundled().site.outline.colour)
}

/// Triangles of overlap areas, kept until the areas change.
#[derive(Debug, Default)]
pub struct Overlaps {
    fingerprint: u64,
    parts: Vec<(Vec<Coord>, Vec<u32>)>,
}

impl Overlaps {
    /// Paints the areas.
    pub fn paint(&mut self, painter: &Painter, camera: &Camera, areas: &[MultiPolygon]) {
        let mut hasher = DefaultHasher::new();
        for point in areas.iter().flat_map(geo::CoordsIter::coords_iter) {
            (point.x.to_bits(), point.y.to_bits()).hash(&mut hasher);
        }
        if self.fingerprint != hasher.finish() {
            self.fingerprint = hasher.finish();
            let plane = |ring: &LineString| LineString::new(ring.0.iter().map(|point| mercator(*point)).collect());
            self.parts = areas
                .iter()
                .flatten()
                .filter(|polygon| polygon.exterior().0.iter().all(|point| point.x.is_finite() && point.y.is_finite()))
                .map(|polygon| {
                    let holes: Vec<LineString> = polygon.interiors().iter().map(plane).collect();
                    triangulate(&plane(polygon.exterior()), &holes)
                })
                .collect();
        }
        let overlap = Legend::bundled().site.overlap;
        let colour = theme::solid(overlap.colour).gamma_multiply(overlap.opacity);
        for (points, indices) in &self.parts {
            let vertex = |point: &Coord| Vertex { pos: camera.place(*point), uv: WHITE_UV, color: colour };
            let vertices = points.iter().map(vertex).collect();
            painter.add(Shape::mesh(Mesh { indices: indices.clone(), vertices, ..Mesh::default() }));
        }
    }
}

/// Paints the outline of a site; the current one is stronger.
pub fn site(painter: &Painter, camera: &Camera, shape: &MultiPolygon, is_current: bool, is_wrong: bool) {
    let Some(bounds) = shape.bounding_rect() else { return };
    let box_on_screen =
        Rect::from_two_pos(camera.place_degrees(bounds.min()), camera.place_degrees(bounds.max())).expand(4.0);
    if !box_on_screen.intersects(camera.frame) {
        return;
    }
    let colour = if is_wrong { theme::colour(WRONG) } else { site_colour() };
    let width = if is_current { 2.6 } else { 1.8 };
    for polygon in shape {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let points: Vec<Pos2> = ring.0.iter().map(|point| camera.place_degrees(*point)).collect();
            if is_current {
                painter.add(Shape::line(points.clone(), Stroke::new(width + 2.4, theme::colour(BRIGHT))));
            }
            painter.add(Shape::line(points, Stroke::new(width, colour)));
        }
    }
    // A site smaller than a dot would be lost on the map of the city.
    if box_on_screen.width().max(box_on_screen.height()) < 16.0 {
        painter.circle_stroke(box_on_screen.center(), 8.0, Stroke::new(width, colour));
    }
}

/// Paints the corners that can be moved.
pub fn corners(painter: &Painter, camera: &Camera, shape: &MultiPolygon, hovered: Option<Handle>) {
    let site = site_colour();
    for handle in handles(shape) {
        let at = camera.place_degrees(handle.at);
        if !camera.frame.contains(at) {
            continue;
        }
        let is_hovered = hovered == Some(handle);
        let radius = if handle.is_middle { 3.2 } else { 4.6 } + if is_hovered { 1.6 } else { 0.0 };
        let ground = if handle.is_middle { theme::colour(BRIGHT) } else { Color32::WHITE };
        painter.circle(at, radius, if is_hovered { site } else { ground }, Stroke::new(1.6, site));
    }
}

/// Paints the sketch with its measures beside the pointer.
pub fn sketch(ui: &Ui, painter: &Painter, camera: &Camera, sketch: &Sketch, text: &MapText) {
    let outline = sketch.outline();
    let measured = sketch.measured();
    let is_crossed = measured.is_some_and(|measured| measured.is_crossed);
    let colour = if is_crossed { theme::colour(WRONG) } else { site_colour() };
    let points: Vec<Pos2> = outline.iter().map(|point| camera.place_degrees(*point)).collect();
    let Some(last) = points.last().copied() else { return };
    painter.add(Shape::line(points.clone(), Stroke::new(4.4, theme::colour(BRIGHT))));
    painter.add(Shape::line(points.clone(), Stroke::new(2.2, colour)));
    if sketch.tool() == Tool::Arrow {
        if let [from, to] = points.as_slice() {
            arrow_head(painter, *from, *to, colour);
        }
        return;
    }
    if let (true, Some(first)) = (sketch.is_ring() && points.len() > 2, points.first()) {
        let stroke = Stroke::new(1.6, colour);
        painter.extend(Shape::dashed_line(&[last, *first], stroke, 6.0, 4.0));
    }
    for corner in sketch.corners() {
        painter.circle(camera.place_degrees(*corner), 4.0, Color32::WHITE, Stroke::new(1.6, colour));
    }
    let Some(measured) = measured else { return };
    let mut lines = Vec::new();
    if is_crossed {
        lines.push(text.crossed.clone());
    }
    if let Some(area) = measured.area {
        lines.push(area_words(area, text));
    }
    if sketch.tool() == Tool::Measure || measured.area.is_none() {
        lines.push(fill(&text.length, &[("length", &length_words(measured.length, text))]));
    }
    if outline.len() > 2 || sketch.tool() != Tool::Measure {
        lines.push(fill(&text.last_edge, &[("length", &length_words(measured.last_edge, text))]));
    }
    plate(ui, painter, last + Vec2::new(18.0, 14.0), camera.frame, &lines.join("\n"));
}

/// Words on a small plate that stays within the map.
fn plate(ui: &Ui, painter: &Painter, at: Pos2, frame: Rect, words: &str) {
    let ink = theme::palette(ui.visuals()).ink;
    let galley = painter.layout_no_wrap(words.to_owned(), FontId::proportional(13.0), ink);
    let size = galley.size() + Vec2::new(14.0, 10.0);
    let place = Rect::from_min_size(at.min(frame.right_bottom() - size - Vec2::splat(4.0)), size);
    painter.rect(
        place,
        f32::from(theme::ROUND),
        ui.visuals().window_fill.gamma_multiply(0.94),
        Stroke::new(1.0, ui.visuals().window_stroke.color),
        egui::StrokeKind::Inside,
    );
    painter.galley(place.min + Vec2::new(7.0, 5.0), galley, ink);
}

/// Paints words and arrows put on the map.
pub fn annotation(ui: &Ui, painter: &Painter, camera: &Camera, annotation: &Annotation) {
    let place = |(x, y): (f64, f64)| camera.place_degrees(Coord { x, y });
    let room = camera.frame.expand(400.0);
    match annotation {
        Annotation::Words { at, words } if room.contains(place(*at)) => {
            haloed(ui, place(*at), Align2::CENTER_CENTER, words, 15.0);
        }
        Annotation::Arrow { from, to, words } if room.contains(place(*from)) || room.contains(place(*to)) => {
            let (tail, head) = (place(*from), place(*to));
            painter.line_segment([tail, head], Stroke::new(4.4, theme::colour(BRIGHT)));
            painter.line_segment([tail, head], Stroke::new(2.0, site_colour()));
            arrow_head(painter, tail, head, site_colour());
            let anchor = if head.y < tail.y { Align2::CENTER_TOP } else { Align2::CENTER_BOTTOM };
            let lift = if head.y < tail.y { 3.0 } else { -3.0 };
            haloed(ui, tail + Vec2::new(0.0, lift), anchor, words, 14.0);
        }
        _ => {}
    }
}

fn arrow_head(painter: &Painter, tail: Pos2, head: Pos2, colour: Color32) {
    let along = (head - tail).normalized();
    let side = Vec2::new(-along.y, along.x);
    let back = head - along * 13.0;
    painter.add(Shape::convex_polygon(vec![head, back + side * 5.5, back - side * 5.5], colour, Stroke::NONE));
}

/// An area in the units of the field: m² while small, then hectares, then km², always with mu.
pub fn area_words(area: Area, text: &MapText) -> String {
    let mu = match area.mu() {
        few if few < 1_000.0 => format!("{few:.2}"),
        many => number::grouped(many, 0),
    };
    match area.square_metres() {
        small if small < 10_000.0 => fill(&text.area_small, &[("m2", &format!("{small:.1}")), ("mu", &mu)]),
        middle if middle < 1_000_000.0 => {
            fill(&text.area_middle, &[("ha", &format!("{:.3}", area.hectares())), ("mu", &mu)])
        }
        _ => fill(&text.area_large, &[("km2", &format!("{:.3}", area.square_kilometres())), ("mu", &mu)]),
    }
}

/// A length in metres, or kilometres from ten thousand on.
pub fn length_words(metres: f64, text: &MapText) -> String {
    if metres < 10_000.0 {
        fill(&text.metres, &[("metres", &format!("{metres:.1}"))])
    } else {
        fill(&text.kilometres, &[("kilometres", &format!("{:.3}", metres / 1000.0))])
    }
}
