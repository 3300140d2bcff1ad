//! What is drawn over the layers every frame: sites, overlaps, the sketch, annotations.

use super::camera::Camera;
use super::furniture::haloed;
use super::handle::{self, Hold};
use super::mesh::triangulate;
use super::reshape::{Reshape, Told};
use super::sketch::Sketch;
use super::snap::{Kind, Snap, grid_point};
use crate::cartography::legend::Legend;
use crate::desktop::theme;
use crate::desktop::widget::number;
use crate::geometry::{Area, Form, GaussKruger, PlanePoint, mercator};
use crate::text::{MapText, Text, fill};
use crate::workspace::{Annotation, Tool};
use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, Ui, Vec2};
use geo::{BoundingRect, Coord, LineString, MultiPolygon};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An outline that crosses itself.
const WRONG: [u8; 4] = [0xD3, 0x2F, 0x2F, 0xFF];
/// Where the pointer has snapped to.
const MARK: [u8; 4] = [0xC2, 0x18, 0x8B, 0xFF];
/// Edges shorter than this on the screen have no length beside them.
const ROOM: f32 = 64.0;
/// Outlines of more corners have no lengths at all.
const MOST_LABELS: usize = 60;
/// Points between the dots of the grid at least.
const GRID_ROOM: f32 = 14.0;
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
    pub fn paint(&mut self, painter: &Painter, camera: &Camera, areas: &[MultiPolygon], ink: Option<Color32>) {
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
        let colour = ink.unwrap_or_else(|| theme::solid(overlap.colour)).gamma_multiply(overlap.opacity);
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

/// Paints what the site can be taken hold of by.
pub fn handles(painter: &Painter, camera: &Camera, site: (&MultiPolygon, Option<&Form>), hovered: Option<Hold>) {
    let colour = site_colour();
    let (shape, form) = site;
    let all = handle::handles(shape, form, camera);
    let top = handle::on_screen(shape, camera).map(|place| camera.frame.shrink(14.0).clamp(place.center_top()));
    for handle in &all {
        let (at, stroke) = (handle.place, Stroke::new(1.6, colour));
        let is_hovered = hovered == Some(handle.hold);
        let grown = if is_hovered { 1.6 } else { 0.0 };
        let ground = if is_hovered { colour } else { Color32::WHITE };
        match handle.hold {
            Hold::Turn => {
                if let Some(top) = top {
                    painter.line_segment([top, at], Stroke::new(1.2, colour));
                }
                painter.circle(at, 6.0 + grown, ground, stroke);
                let ink = if is_hovered { Color32::WHITE } else { colour };
                let arc = (0..9).map(|step| at + Vec2::angled(-0.6 + 0.5 * step as f32) * 3.0).collect();
                painter.add(Shape::line(arc, Stroke::new(1.2, ink)));
            }
            Hold::Stretch | Hold::Width | Hold::Rim => {
                let square = Rect::from_center_size(at, Vec2::splat(9.0 + 2.0 * grown));
                painter.rect(square, 1.0, ground, stroke, egui::StrokeKind::Middle);
            }
            hold if hold.is_middle() => {
                let ground = if is_hovered { colour } else { theme::colour(BRIGHT) };
                painter.circle(at, 3.2 + grown, ground, stroke);
            }
            _ => _ = painter.circle(at, 4.6 + grown, ground, stroke),
        }
    }
    if let Some(Form::Corridor { line, .. }) = form {
        let points: Vec<Pos2> = line.0.iter().map(|at| camera.place_degrees(*at)).collect();
        painter.extend(Shape::dashed_line(&points, Stroke::new(1.2, colour), 6.0, 4.0));
    }
}

/// Writes the length of each edge beside it, where there is room.
pub fn edge_lengths(ui: &Ui, camera: &Camera, ring: &[Coord], closed: bool, text: &MapText) {
    let (first, count) = (ring.first(), ring.len());
    if count > MOST_LABELS {
        return;
    }
    let next = ring.iter().skip(1).chain(first.filter(|_| closed && count > 2));
    for (from, to) in ring.iter().zip(next) {
        let (start, end) = (camera.place_degrees(*from), camera.place_degrees(*to));
        let middle = start + (end - start) / 2.0;
        if (end - start).length() < ROOM || !camera.frame.contains(middle) {
            continue;
        }
        let words = length_words(crate::geometry::distance(*from, *to), text);
        let palette = theme::palette(ui.visuals());
        let galley = ui.painter().layout_no_wrap(words, FontId::proportional(11.5), palette.ink);
        // beside the edge, outside of rings that are turned as usual
        let along = (end - start).normalized();
        let aside = Vec2::new(-along.y, along.x);
        let off = 8.0 + aside.x.abs() * galley.size().x / 2.0 + aside.y.abs() * galley.size().y / 2.0;
        let place = Align2::CENTER_CENTER.anchor_size(middle + aside * off, galley.size());
        let painter = ui.painter().with_clip_rect(camera.frame);
        painter.rect_filled(place.expand2(Vec2::new(3.0, 0.5)), 3.0, palette.raised.gamma_multiply(0.85));
        painter.galley(place.min, galley, palette.ink);
    }
}

/// Marks the place that the pointer has snapped to.
pub fn snap_mark(painter: &Painter, camera: &Camera, snap: &Snap) {
    let at = camera.place_degrees(snap.at);
    let half = 7.0;
    for stroke in [Stroke::new(4.0, theme::colour(BRIGHT)), Stroke::new(1.8, theme::colour(MARK))] {
        let square = Rect::from_center_size(at, Vec2::splat(2.0 * half));
        match snap.kind {
            Kind::Corner => _ = painter.rect_stroke(square, 0.0, stroke, egui::StrokeKind::Middle),
            Kind::Close => _ = painter.circle_stroke(at, half + 1.0, stroke),
            Kind::Edge => {
                let corners = [square.left_top(), square.right_top(), square.left_bottom(), square.right_bottom()];
                painter.add(Shape::closed_line(corners.to_vec(), stroke));
            }
            Kind::Grid => {
                painter.hline(square.x_range(), at.y, stroke);
                painter.vline(at.x, square.y_range(), stroke);
            }
        }
    }
}

/// Dots the grid that is snapped to, where its points stand apart.
pub fn grid(ui: &Ui, painter: &Painter, camera: &Camera, spacing: f64) {
    let middle = camera.degrees(camera.frame.center());
    let Some(origin) = grid_point(middle, spacing) else { return };
    let Ok(plane) = GaussKruger::three_degree(middle.x) else { return };
    let Ok(point) = plane.forward(origin) else { return };
    let place = |east: f64, north: f64| {
        let moved = PlanePoint { east: point.east + east, north: point.north + north };
        Some(camera.place_degrees(plane.inverse(moved).ok()?))
    };
    let (Some(at), Some(east), Some(north)) = (place(0.0, 0.0), place(spacing, 0.0), place(0.0, spacing)) else {
        return;
    };
    // the plane is turned and stretched alike over a screen
    let (across, along) = (east - at, north - at);
    if across.length() < GRID_ROOM {
        return;
    }
    let ink = theme::palette(ui.visuals()).ink_soft.gamma_multiply(0.55);
    let reach = camera.frame.size().length() / 2.0;
    let count = (reach / across.length()).ceil() as i32 + 1;
    for i in -count..=count {
        for j in -count..=count {
            let dot = at + across * i as f32 + along * j as f32;
            if camera.frame.contains(dot) {
                painter.circle_filled(dot, 1.1, ink);
            }
        }
    }
}

/// Tells beside the pointer what the hand has done to the site.
pub fn told(ui: &Ui, painter: &Painter, camera: &Camera, at: Pos2, reshape: &Reshape, text: &Text) {
    let (words, map) = (&text.shaping, &text.map);
    let mut lines = Vec::new();
    if reshape.is_crossed() {
        lines.push(map.crossed.clone());
    }
    let one = |sentence: &str, value: f64, decimals: usize| fill(sentence, &[("n", &format!("{value:.decimals$}"))]);
    match (reshape.told, &reshape.form) {
        (Told::Moved(metres), _) => lines.push(fill(&words.moved, &[("n", &length_words(metres, map))])),
        (Told::Turned(degrees), _) => lines.push(one(&words.turned, degrees, 2)),
        (Told::Stretched(factor), _) => lines.push(one(&words.stretched, factor, 3)),
        (Told::Corner(before, after, angle), _) => {
            let edges = format!("{} · {}", length_words(before, map), length_words(after, map));
            lines.extend([edges, one(&words.angle, angle, 1)]);
        }
        (Told::Figures, Some(form)) => lines.push(form_words(form, text)),
        (Told::Figures, None) => {}
    }
    let area = reshape.shape.iter().map(crate::geometry::polygon_area).sum();
    lines.push(area_words(area, map));
    plate_of(ui, painter, at + Vec2::new(18.0, 14.0), camera.frame, &lines.join("\n"));
}

/// The figures of a form.
pub fn form_words(form: &Form, text: &Text) -> String {
    let (words, map) = (&text.shaping, &text.map);
    let towards = |bearing: f64| fill(&words.towards, &[("n", &format!("{bearing:.1}"))]);
    match form {
        Form::Rectangle { width, height, bearing, .. } => {
            let (width, height) = (length_words(*width, map), length_words(*height, map));
            let sides = fill(&words.sides, &[("width", &width), ("height", &height)]);
            format!("{sides}\n{}", towards(*bearing))
        }
        Form::Circle { radius, .. } => format!("{} {}", words.radius, length_words(*radius, map)),
        Form::Corridor { width, .. } => {
            let length = fill(&map.length, &[("length", &length_words(form.axis_length(), map))]);
            format!("{} {}\n{length}", words.corridor_width, length_words(*width, map))
        }
    }
}

/// Paints the sketch with its measures beside the pointer.
pub fn sketch(ui: &Ui, painter: &Painter, camera: &Camera, sketch: &Sketch, all: &Text) {
    let text = &all.map;
    let outline = sketch.outline();
    let measured = sketch.measured();
    let is_crossed = measured.is_some_and(|measured| measured.is_crossed);
    let colour = if is_crossed { theme::colour(WRONG) } else { site_colour() };
    let points: Vec<Pos2> = outline.iter().map(|point| camera.place_degrees(*point)).collect();
    let Some(last) = points.last().copied() else { return };
    if let (Tool::Corridor, Some(draft)) = (sketch.tool(), sketch.draft()) {
        for ring in draft.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors())) {
            let edge: Vec<Pos2> = ring.0.iter().map(|at| camera.place_degrees(*at)).collect();
            painter.add(Shape::line(edge, Stroke::new(1.8, colour)));
        }
    }
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
    if sketch.tool() != Tool::Circle {
        edge_lengths(ui, camera, &outline, sketch.is_ring(), text);
    }
    let last = sketch.pointer_place(camera).unwrap_or(last);
    let mut lines = Vec::new();
    if is_crossed {
        lines.push(text.crossed.clone());
    }
    if let Some(area) = measured.area {
        lines.push(area_words(area, text));
    }
    match sketch.form() {
        Some(form) => lines.push(form_words(form, all)),
        None if sketch.tool() == Tool::Measure || measured.area.is_none() => {
            lines.push(fill(&text.length, &[("length", &length_words(measured.length, text))]));
        }
        None => {}
    }
    if sketch.is_open_ended() {
        let edge = fill(&text.last_edge, &[("length", &length_words(measured.last_edge, text))]);
        let towards = fill(&all.shaping.towards, &[("n", &format!("{:.1}", measured.bearing))]);
        let angle = measured.angle.map(|angle| fill(&all.shaping.angle, &[("n", &format!("{angle:.1}"))]));
        lines.push([Some(edge), Some(towards), angle].into_iter().flatten().collect::<Vec<_>>().join(" · "));
    }
    plate_of(ui, painter, last + Vec2::new(18.0, 14.0), camera.frame, &lines.join("\n"));
}

/// Words on a small plate that stays within the map.
/// How large the plate of some words is.
pub fn plate_size(painter: &Painter, words: &str) -> Vec2 {
    let galley = painter.layout_no_wrap(words.to_owned(), FontId::proportional(13.0), Color32::PLACEHOLDER);
    galley.size() + Vec2::new(14.0, 10.0)
}

pub fn plate_of(ui: &Ui, painter: &Painter, at: Pos2, frame: Rect, words: &str) {
    let ink = theme::palette(ui.visuals()).ink;
    let galley = painter.layout_no_wrap(words.to_owned(), FontId::proportional(13.0), ink);
    let size = galley.size() + Vec2::new(14.0, 10.0);
    // above the line that names the sources
    let corner = frame.right_bottom() - size - Vec2::new(4.0, 34.0);
    let place = Rect::from_min_size(at.min(corner), size);
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
