//! What stands on every map: scale bar, scale, north arrow, attribution, buttons for zoom and home.

use super::camera::Camera;
use crate::desktop::theme;
use crate::desktop::widget::number;
use crate::text::{MapText, fill};
use egui::text::LayoutJob;
use egui::{Align2, Color32, FontId, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo};
use std::sync::Arc;

/// Screens are taken to have this many points an inch.
pub const POINTS_PER_METRE: f64 = 96.0 / 0.0254;

/// What a button of the map asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// One level closer.
    Closer,
    /// One level further away.
    Further,
    /// The whole city.
    Home,
}

const BUTTON: f32 = 30.0;
const MARGIN: f32 = 12.0;

/// Draws the furniture; tells what was asked for.
pub fn show(ui: &mut Ui, camera: &Camera, text: &MapText) -> Option<Wish> {
    north_arrow(ui, camera.frame, text);
    let bar = scale_bar(ui, camera, text);
    attribution(ui, camera.frame, bar, text);
    buttons(ui, camera.frame, text)
}

fn ink(ui: &Ui) -> Color32 {
    theme::palette(ui.visuals()).ink
}

fn paper(ui: &Ui) -> Color32 {
    theme::palette(ui.visuals()).raised.gamma_multiply(0.88)
}

fn buttons(ui: &mut Ui, frame: Rect, text: &MapText) -> Option<Wish> {
    let corner = Pos2::new(frame.right() - MARGIN - BUTTON, frame.top() + MARGIN + 54.0);
    let mut wish = None;
    for (number, (kind, name)) in
        [(Wish::Closer, &text.zoom_in), (Wish::Further, &text.zoom_out), (Wish::Home, &text.home)]
            .into_iter()
            .enumerate()
    {
        let place = Rect::from_min_size(corner + Vec2::new(0.0, number as f32 * (BUTTON + 4.0)), Vec2::splat(BUTTON));
        let response = ui.interact(place, ui.scope_id().with(("map button", number)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        let visuals = ui.style().interact(&response);
        let stroke = Stroke::new(1.6, ink(ui));
        let painter = ui.painter();
        painter.rect(place, 6.0, paper(ui), Stroke::new(1.0, visuals.bg_stroke.color), egui::StrokeKind::Inside);
        if response.hovered() || response.has_focus() {
            painter.rect_stroke(
                place,
                6.0,
                Stroke::new(1.5, ui.visuals().selection.stroke.color),
                egui::StrokeKind::Inside,
            );
        }
        let middle = place.center();
        let arm = 7.0;
        match kind {
            Wish::Home => {
                let roof = [(-8.0, 0.0), (0.0, -7.5), (8.0, 0.0)].map(|(x, y)| middle + Vec2::new(x, y));
                let walls = [(-5.5, -1.5), (-5.5, 7.0), (5.5, 7.0), (5.5, -1.5)].map(|(x, y)| middle + Vec2::new(x, y));
                painter.add(Shape::line(roof.to_vec(), stroke));
                painter.add(Shape::line(walls.to_vec(), stroke));
            }
            _ => {
                painter.hline(middle.x - arm..=middle.x + arm, middle.y, stroke);
                if kind == Wish::Closer {
                    painter.vline(middle.x, middle.y - arm..=middle.y + arm, stroke);
                }
            }
        }
        if response.on_hover_text(name).clicked() {
            wish = Some(kind);
        }
    }
    wish
}

fn north_arrow(ui: &mut Ui, frame: Rect, text: &MapText) {
    let middle = Pos2::new(frame.right() - MARGIN - BUTTON / 2.0, frame.top() + MARGIN + 24.0);
    let area = Rect::from_center_size(middle, Vec2::new(BUTTON, 48.0));
    let response = ui.interact(area, ui.scope_id().with("north"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &text.north_name));
    let tip = middle + Vec2::new(0.0, -8.0);
    let foot = |x: f32| middle + Vec2::new(x, 18.0);
    let waist = middle + Vec2::new(0.0, 11.0);
    let painter = ui.painter();
    let halo = Stroke::new(3.0, paper(ui));
    painter.add(Shape::closed_line(vec![tip, foot(8.0), waist, foot(-8.0)], halo));
    painter.add(Shape::convex_polygon(vec![tip, waist, foot(-8.0)], ink(ui), Stroke::NONE));
    painter.add(Shape::closed_line(vec![tip, foot(8.0), waist, foot(-8.0)], Stroke::new(1.2, ink(ui))));
    haloed(ui, middle + Vec2::new(0.0, -19.0), Align2::CENTER_CENTER, &text.north, 13.0);
}

/// The longest round length that fits, in metres, and its width in points.
fn round_length(metres_per_point: f64, at_most: f64) -> (f64, f32) {
    let most = at_most * metres_per_point;
    let power = 10_f64.powf(most.log10().floor());
    let length = [5.0, 2.0, 1.0].into_iter().map(|step| step * power).find(|length| *length <= most).unwrap_or(power);
    (length, (length / metres_per_point) as f32)
}

/// Draws the bar and tells where it stands.
fn scale_bar(ui: &mut Ui, camera: &Camera, text: &MapText) -> Rect {
    let view = camera.view();
    let (length, width) = round_length(camera.ground_metres_per_point(view.latitude), 140.0);
    let words = match length {
        short if short < 1000.0 => fill(&text.metres, &[("metres", &format!("{short}"))]),
        long => fill(&text.kilometres, &[("kilometres", &format!("{}", long / 1000.0))]),
    };
    let left = Pos2::new(camera.frame.left() + MARGIN, camera.frame.bottom() - MARGIN);
    let half = width / 2.0;
    let painter = ui.painter();
    for (thickness, colour) in [(4.0, paper(ui)), (1.6, ink(ui))] {
        let stroke = Stroke::new(thickness, colour);
        painter.hline(left.x..=left.x + width, left.y, stroke);
        for (x, height) in [(0.0, 6.0), (half, 4.0), (width, 6.0)] {
            painter.vline(left.x + x, left.y - height..=left.y, stroke);
        }
    }
    let scale = number::scale(view.scale_denominator(POINTS_PER_METRE));
    haloed(ui, left + Vec2::new(0.0, -8.0), Align2::LEFT_BOTTOM, &format!("{words}   {scale}"), 12.0)
}

/// The sources, in several lines where the scale bar leaves no room.
fn attribution(ui: &mut Ui, frame: Rect, bar: Rect, text: &MapText) {
    let corner = frame.right_bottom() - Vec2::new(MARGIN, MARGIN - 4.0);
    let room = corner.x - bar.right() - 2.0 * MARGIN;
    let mut job = LayoutJob::simple(text.attribution.clone(), FontId::proportional(11.0), ink(ui), room.max(120.0));
    job.halign = egui::Align::RIGHT;
    let galley = ui.painter().layout_job(job);
    halo(ui, corner - Vec2::new(0.0, galley.size().y), galley);
}

/// Words that can be read on any ground; tells where they stand.
pub fn haloed(ui: &Ui, at: Pos2, anchor: Align2, words: &str, size: f32) -> Rect {
    let galley = ui.painter().layout_no_wrap(words.to_owned(), FontId::proportional(size), ink(ui));
    let place = anchor.anchor_size(at, galley.size());
    halo(ui, place.min, galley);
    place
}

fn halo(ui: &Ui, place: Pos2, galley: Arc<egui::Galley>) {
    let painter = ui.painter();
    let halo = paper(ui);
    for (x, y) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)] {
        painter.galley_with_override_text_color(place + Vec2::new(x, y), galley.clone(), halo);
    }
    painter.galley(place, galley, ink(ui));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_has_a_round_length_that_fits() {
        for metres_per_point in [0.3, 1.7, 12.0, 155.0] {
            let (length, width) = round_length(metres_per_point, 140.0);
            assert!(width <= 140.0 && width > 50.0, "{width}");
            let leading = length / 10_f64.powf(length.log10().floor());
            assert!([1.0, 2.0, 5.0].iter().any(|step| (leading - step).abs() < 1e-9));
        }
    }
}
