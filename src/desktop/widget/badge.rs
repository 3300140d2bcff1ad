//! Small marks: a meaning with icon and word, a water class with its numeral, a plain word in a frame.

use super::icon::Icon;
use crate::desktop::theme::{self, Tone};
use egui::{Color32, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2};

const HEIGHT: f32 = 20.0;

/// Icon and word on the ground of their meaning.
pub fn tone_badge(ui: &mut Ui, tone: Tone, word: &str) -> Response {
    let palette = theme::palette(ui.visuals());
    chip(ui, Some(Icon::of(tone)), word, palette.tone(tone), palette.tone_ground(tone), Stroke::NONE)
}

/// A word in a frame.
pub fn word_badge(ui: &mut Ui, word: &str) -> Response {
    let palette = theme::palette(ui.visuals());
    chip(ui, None, word, palette.ink_soft, palette.button, Stroke::NONE)
}

/// A water class: its numeral on its colour; hatched grey when it is not known.
pub fn class_badge(ui: &mut Ui, class: Option<u8>, word: &str) -> Response {
    let palette = theme::palette(ui.visuals());
    match class.and_then(|class| Some((class, palette.class(class)?))) {
        Some((class, fill)) => chip(ui, None, word, palette.on_class(class), fill, Stroke::NONE),
        None => {
            let tone = Tone::Unchecked;
            let response = chip(ui, None, word, palette.tone(tone), palette.tone_ground(tone), Stroke::NONE);
            hatch(ui.painter(), response.rect, palette.ink_faint.gamma_multiply(0.5));
            response
        }
    }
}

fn chip(ui: &mut Ui, icon: Option<Icon>, word: &str, ink: Color32, fill: Color32, stroke: Stroke) -> Response {
    let galley = ui.painter().layout_no_wrap(word.to_string(), theme::bold_font(12.0), ink);
    let lead = if icon.is_some() { 17.0 } else { 0.0 };
    let width = (galley.size().x + lead + 12.0).max(HEIGHT);
    let (area, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, word));
    ui.painter().rect(area, 4.0, fill, stroke, StrokeKind::Inside);
    if let Some(icon) = icon {
        let place = Rect::from_center_size(pos2(area.left() + 12.0, area.center().y), Vec2::splat(13.0));
        icon.paint(ui.painter(), place, ink);
    }
    let free = area.width() - lead - galley.size().x;
    ui.painter().galley(pos2(area.left() + lead + free / 2.0, area.center().y - galley.size().y / 2.0), galley, ink);
    response
}

/// Lines at 45°, the sign of "not known".
pub fn hatch(painter: &egui::Painter, area: Rect, colour: Color32) {
    let painter = painter.with_clip_rect(area.intersect(painter.clip_rect()));
    let mut x = area.left() - area.height();
    while x < area.right() {
        painter.line_segment([pos2(x, area.bottom()), pos2(x + area.height(), area.top())], Stroke::new(1.0, colour));
        x += 5.0;
    }
}
