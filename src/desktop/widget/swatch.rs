//! A small picture of a symbol, drawn from the same legend as the map.

use crate::cartography::legend::{Class, Fill, Hatch, Marker, Outline, Rgb, Shape as MarkerShape};
use crate::desktop::theme;
use egui::{Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Points a millimetre of the legend.
const MILLIMETRE: f32 = 96.0 / 25.4;

/// Draws the symbol of a class; `colour` takes the place of a line's own (rivers by water class).
pub fn swatch(ui: &mut Ui, class: &Class, colour: Option<Rgb>, name: &str) -> Response {
    let (area, response) = ui.allocate_exact_size(vec2(22.0, 15.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    paint_class(&ui.painter().with_clip_rect(area.expand(1.0)), area, class, colour, ui.visuals().dark_mode);
    response
}

fn paint_class(painter: &Painter, area: Rect, class: &Class, colour: Option<Rgb>, dark: bool) {
    let is_line = class.fill.is_none() && class.hatch.is_none() && class.marker.is_none();
    if is_line {
        if let Some(outline) = &class.outline {
            let line = [pos2(area.left(), area.bottom() - 3.0), pos2(area.right(), area.top() + 3.0)];
            paint_outline(painter, &line, outline, colour, dark, 1.6);
        }
        return;
    }
    let patch = area.shrink(1.0);
    if let Some(fill) = &class.fill {
        painter.rect_filled(patch, 1.0, filled(fill, dark));
    }
    if let Some(hatch) = &class.hatch {
        paint_hatch(painter, patch, hatch);
    }
    if let Some(outline) = &class.outline {
        let corners =
            [patch.left_top(), patch.right_top(), patch.right_bottom(), patch.left_bottom(), patch.left_top()];
        paint_outline(painter, &corners, outline, colour, dark, 1.0);
    }
    if let Some(marker) = &class.marker {
        paint_marker(painter, area.center(), marker, dark);
    }
}

fn shade(colour: Rgb, dark: Option<Rgb>, is_dark: bool) -> Color32 {
    theme::solid(dark.filter(|_| is_dark).unwrap_or(colour))
}

fn filled(fill: &Fill, dark: bool) -> Color32 {
    shade(fill.colour, fill.dark, dark).gamma_multiply(fill.opacity.clamp(0.0, 1.0))
}

fn paint_outline(painter: &Painter, points: &[Pos2], outline: &Outline, colour: Option<Rgb>, dark: bool, thicker: f32) {
    let colour = colour.map_or_else(|| shade(outline.colour, outline.dark, dark), theme::solid);
    let width = (outline.width * MILLIMETRE * thicker).clamp(1.0, 3.5);
    let stroke = Stroke::new(width, colour);
    let lengths: Vec<f32> = outline.dash.iter().map(|length| (length * MILLIMETRE * 0.6).max(1.0)).collect();
    let on: Vec<f32> = lengths.iter().step_by(2).copied().collect();
    let off: Vec<f32> = lengths.iter().skip(1).step_by(2).copied().collect();
    if on.is_empty() || on.len() != off.len() {
        painter.add(Shape::line(points.to_vec(), stroke));
    } else {
        painter.extend(Shape::dashed_line_with_offset(points, stroke, &on, &off, 0.0));
    }
}

fn paint_hatch(painter: &Painter, area: Rect, hatch: &Hatch) {
    let painter = painter.with_clip_rect(area.intersect(painter.clip_rect()));
    let colour = theme::solid(hatch.colour).gamma_multiply(hatch.opacity.clamp(0.0, 1.0));
    let stroke = Stroke::new((hatch.width * MILLIMETRE).max(0.9), colour);
    let step = (hatch.spacing * MILLIMETRE * 0.6).clamp(3.0, 8.0);
    let angles = [Some(hatch.angle), hatch.cross.then_some(hatch.angle + 90.0)];
    let reach = area.size().length();
    for angle in angles.into_iter().flatten() {
        // Anticlockwise from the horizontal; the screen's y grows downwards.
        let (sine, cosine) = (-angle.to_radians()).sin_cos();
        let (along, across) = (vec2(cosine, sine), vec2(-sine, cosine));
        let mut offset = -reach;
        while offset <= reach {
            let middle = area.center() + across * offset;
            painter.line_segment([middle - along * reach, middle + along * reach], stroke);
            offset += step;
        }
    }
}

fn paint_marker(painter: &Painter, centre: Pos2, marker: &Marker, dark: bool) {
    let radius = (marker.size * MILLIMETRE / 2.0).clamp(3.0, 6.5);
    let fill = shade(marker.colour, marker.dark, dark);
    let rim = Stroke::new(1.0, theme::solid(marker.rim));
    let polygon = |points: &[(f32, f32)]| {
        let places = points.iter().map(|(x, y)| centre + Vec2::new(*x, *y) * radius).collect();
        painter.add(Shape::convex_polygon(places, fill, rim));
    };
    match marker.shape {
        MarkerShape::Circle => {
            painter.circle(centre, radius, fill, rim);
        }
        MarkerShape::Ring => {
            painter.circle(centre, radius, theme::solid(marker.rim), Stroke::new(1.6, fill));
            painter.circle_filled(centre, radius * 0.4, fill);
        }
        MarkerShape::Square => polygon(&[(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)]),
        MarkerShape::Triangle => polygon(&[(0.0, -1.0), (0.95, 0.75), (-0.95, 0.75)]),
        MarkerShape::TriangleDown => polygon(&[(-0.95, -0.75), (0.95, -0.75), (0.0, 1.0)]),
        MarkerShape::Diamond => polygon(&[(0.0, -1.1), (1.1, 0.0), (0.0, 1.1), (-1.1, 0.0)]),
        MarkerShape::Drop => {
            painter.circle(centre + vec2(0.0, radius * 0.25), radius * 0.75, fill, rim);
            polygon(&[(0.0, -1.15), (0.62, -0.1), (-0.62, -0.1)]);
        }
    }
}
