//! Icons, drawn with lines so that they need no font and stay sharp at any scale.

use crate::desktop::theme::{self, Tone};
use egui::{Color32, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// An octagon with a bar: forbidden.
    Stop,
    /// A triangle with a stroke: with conditions.
    Warning,
    /// A diamond with a dot: to be noted.
    Note,
    /// A ring with a tick: in order.
    Tick,
    /// A dashed ring with a question: not known.
    Question,
    /// A ring with an i.
    Information,
    /// A cross.
    Close,
    /// An arrow head to the right or down, when open.
    Fold(bool),
    /// Six dots to take hold of.
    Grip,
    /// Three dots.
    More,
    /// A frame with arrows inwards: show it whole.
    ZoomTo,
    /// A glass.
    Search,
    /// An eye.
    Eye,
    /// A bin.
    Bin,
    /// Two sheets.
    Copy,
    /// Up.
    Up,
    /// Down.
    Down,
    /// To the right, level.
    Level,
    /// A polygon with corners.
    Polygon,
    /// A rectangle with corners.
    Rectangle,
    /// A polygon with one corner pulled.
    Reshape,
    /// A folder.
    Folder,
    /// A sheet with an arrow.
    Export,
    /// A wave: a water.
    Water,
    /// A clock.
    Clock,
    /// An arrow as of a pointer: the tool that only looks.
    Pointer,
    /// A circle with its centre.
    Circle,
    /// A line between two others: a corridor.
    Corridor,
    /// A ruler.
    Ruler,
    /// A letter.
    Letter,
    /// An arrow to a place.
    Arrow,
    /// Back by one step.
    Undo,
    /// Forward by one step.
    Redo,
    /// A tick.
    Done,
    /// A magnet.
    Magnet,
    /// A square with another joined to it.
    Part,
    /// A square with a hole.
    Hole,
    /// Plus.
    Plus,
    /// A square whose corners are free.
    Free,
}

impl Icon {
    /// The icon of a meaning.
    pub fn of(tone: Tone) -> Icon {
        match tone {
            Tone::Prohibited => Icon::Stop,
            Tone::Restricted => Icon::Warning,
            Tone::Attention => Icon::Note,
            Tone::Clear => Icon::Tick,
            Tone::Unchecked => Icon::Question,
            Tone::Neutral => Icon::Information,
        }
    }

    /// Draws it into the largest square of the rectangle.
    pub fn paint(self, painter: &Painter, area: Rect, colour: Color32) {
        let side = area.width().min(area.height());
        let square = Rect::from_center_size(area.center(), Vec2::splat(side));
        let pen = Pen { painter, square, stroke: Stroke::new((side / 11.0).max(1.2), colour) };
        self.draw(&pen);
    }

    fn draw(self, pen: &Pen) {
        match self {
            Icon::Stop => {
                let corners = (0..8).map(|corner| around(0.44, 22.5 + 45.0 * corner as f32)).collect::<Vec<_>>();
                pen.solid(&corners);
                pen.knock(&[(0.30, 0.5), (0.70, 0.5)], 0.13);
            }
            Icon::Warning => {
                pen.solid(&[(0.5, 0.07), (0.96, 0.90), (0.04, 0.90)]);
                pen.knock(&[(0.5, 0.36), (0.5, 0.62)], 0.11);
                pen.knock(&[(0.5, 0.755), (0.5, 0.765)], 0.11);
            }
            Icon::Note => {
                pen.solid(&[(0.5, 0.04), (0.96, 0.5), (0.5, 0.96), (0.04, 0.5)]);
                pen.knock(&[(0.5, 0.28), (0.5, 0.54)], 0.11);
                pen.knock(&[(0.5, 0.69), (0.5, 0.70)], 0.11);
            }
            Icon::Tick => {
                pen.disc(0.45);
                pen.knock(&[(0.28, 0.52), (0.44, 0.67), (0.73, 0.36)], 0.11);
            }
            Icon::Question => {
                for step in 0..8 {
                    let from = 45.0 * step as f32;
                    pen.line(&[around(0.43, from), around(0.43, from + 14.0), around(0.43, from + 28.0)]);
                }
                pen.line(&[
                    (0.36, 0.40),
                    (0.40, 0.30),
                    (0.50, 0.26),
                    (0.61, 0.31),
                    (0.63, 0.41),
                    (0.51, 0.52),
                    (0.50, 0.60),
                ]);
                pen.dot((0.5, 0.73), 0.055);
            }
            Icon::Information => {
                pen.ring((0.5, 0.5), 0.42);
                pen.line(&[(0.5, 0.46), (0.5, 0.71)]);
                pen.dot((0.5, 0.30), 0.06);
            }
            Icon::Close => {
                pen.line(&[(0.25, 0.25), (0.75, 0.75)]);
                pen.line(&[(0.75, 0.25), (0.25, 0.75)]);
            }
            Icon::Fold(false) => pen.line(&[(0.38, 0.24), (0.64, 0.5), (0.38, 0.76)]),
            Icon::Fold(true) => pen.line(&[(0.24, 0.38), (0.5, 0.64), (0.76, 0.38)]),
            Icon::Grip => {
                for x in [0.38, 0.62] {
                    for y in [0.26, 0.5, 0.74] {
                        pen.dot((x, y), 0.06);
                    }
                }
            }
            Icon::More => [0.2, 0.5, 0.8].into_iter().for_each(|x| pen.dot((x, 0.5), 0.07)),
            Icon::ZoomTo => {
                for (x, y) in [(0.12, 0.12), (0.88, 0.12), (0.88, 0.88), (0.12, 0.88)] {
                    let inward = |value: f32| if value < 0.5 { 0.34 } else { 0.66 };
                    pen.line(&[(inward(x), y), (x, y), (x, inward(y))]);
                }
                pen.dot((0.5, 0.5), 0.12);
            }
            Icon::Search => {
                pen.ring((0.43, 0.43), 0.28);
                pen.line(&[(0.64, 0.64), (0.88, 0.88)]);
            }
            Icon::Eye => {
                pen.line(&[(0.06, 0.5), (0.26, 0.30), (0.5, 0.23), (0.74, 0.30), (0.94, 0.5)]);
                pen.line(&[(0.06, 0.5), (0.26, 0.70), (0.5, 0.77), (0.74, 0.70), (0.94, 0.5)]);
                pen.dot((0.5, 0.5), 0.14);
            }
            Icon::Bin => {
                pen.line(&[(0.14, 0.25), (0.86, 0.25)]);
                pen.line(&[(0.38, 0.25), (0.40, 0.13), (0.60, 0.13), (0.62, 0.25)]);
                pen.line(&[(0.23, 0.25), (0.28, 0.88), (0.72, 0.88), (0.77, 0.25)]);
                pen.line(&[(0.42, 0.40), (0.43, 0.73)]);
                pen.line(&[(0.58, 0.40), (0.57, 0.73)]);
            }
            Icon::Copy => {
                pen.loop_line(&[(0.34, 0.34), (0.86, 0.34), (0.86, 0.88), (0.34, 0.88)]);
                pen.line(&[(0.34, 0.66), (0.14, 0.66), (0.14, 0.12), (0.66, 0.12), (0.66, 0.34)]);
            }
            Icon::Up => {
                pen.line(&[(0.5, 0.86), (0.5, 0.16)]);
                pen.line(&[(0.24, 0.42), (0.5, 0.14), (0.76, 0.42)]);
            }
            Icon::Down => {
                pen.line(&[(0.5, 0.14), (0.5, 0.84)]);
                pen.line(&[(0.24, 0.58), (0.5, 0.86), (0.76, 0.58)]);
            }
            Icon::Level => {
                pen.line(&[(0.14, 0.5), (0.84, 0.5)]);
                pen.line(&[(0.58, 0.24), (0.86, 0.5), (0.58, 0.76)]);
            }
            Icon::Polygon => pen.corners(&[(0.16, 0.36), (0.58, 0.14), (0.86, 0.52), (0.62, 0.86), (0.22, 0.76)]),
            Icon::Rectangle => pen.corners(&[(0.14, 0.24), (0.86, 0.24), (0.86, 0.76), (0.14, 0.76)]),
            Icon::Reshape => {
                pen.corners(&[(0.14, 0.40), (0.60, 0.40), (0.60, 0.86), (0.14, 0.86)]);
                pen.line(&[(0.66, 0.34), (0.90, 0.10)]);
                pen.line(&[(0.70, 0.10), (0.90, 0.10), (0.90, 0.30)]);
            }
            Icon::Folder => {
                pen.loop_line(&[(0.10, 0.82), (0.10, 0.20), (0.38, 0.20), (0.47, 0.32), (0.90, 0.32), (0.90, 0.82)]);
            }
            Icon::Export => {
                pen.line(&[(0.58, 0.12), (0.18, 0.12), (0.18, 0.88), (0.80, 0.88), (0.80, 0.66)]);
                pen.line(&[(0.42, 0.52), (0.90, 0.52)]);
                pen.line(&[(0.72, 0.34), (0.90, 0.52), (0.72, 0.70)]);
            }
            Icon::Water => {
                for y in [0.34, 0.62] {
                    pen.line(&[
                        (0.08, y),
                        (0.22, y - 0.10),
                        (0.36, y),
                        (0.50, y + 0.10),
                        (0.64, y),
                        (0.78, y - 0.10),
                        (0.92, y),
                    ]);
                }
            }
            Icon::Clock => {
                pen.ring((0.5, 0.5), 0.42);
                pen.line(&[(0.5, 0.24), (0.5, 0.52), (0.68, 0.62)]);
            }
            Icon::Pointer => {
                pen.loop_line(&[
                    (0.26, 0.08),
                    (0.26, 0.78),
                    (0.44, 0.62),
                    (0.56, 0.92),
                    (0.68, 0.86),
                    (0.57, 0.58),
                    (0.80, 0.56),
                ]);
            }
            Icon::Circle => {
                pen.ring((0.5, 0.5), 0.40);
                pen.dot((0.5, 0.5), 0.07);
                pen.dot((0.90, 0.5), 0.085);
            }
            Icon::Corridor => {
                pen.line(&[(0.06, 0.66), (0.40, 0.34), (0.80, 0.10)]);
                pen.line(&[(0.22, 0.92), (0.58, 0.60), (0.96, 0.38)]);
                for (from, to) in
                    [((0.16, 0.76), (0.26, 0.67)), ((0.42, 0.53), (0.53, 0.44)), ((0.70, 0.34), (0.82, 0.27))]
                {
                    pen.line(&[from, to]);
                }
            }
            Icon::Ruler => {
                pen.loop_line(&[(0.06, 0.68), (0.68, 0.06), (0.94, 0.32), (0.32, 0.94)]);
                for (x, y) in [(0.22, 0.52), (0.37, 0.37), (0.52, 0.22)] {
                    pen.line(&[(x, y), (x + 0.12, y + 0.12)]);
                }
            }
            Icon::Letter => {
                pen.line(&[(0.14, 0.26), (0.14, 0.14), (0.86, 0.14), (0.86, 0.26)]);
                pen.line(&[(0.5, 0.14), (0.5, 0.86)]);
                pen.line(&[(0.36, 0.86), (0.64, 0.86)]);
            }
            Icon::Arrow => {
                pen.line(&[(0.12, 0.88), (0.84, 0.16)]);
                pen.line(&[(0.48, 0.14), (0.86, 0.14), (0.86, 0.52)]);
            }
            Icon::Undo => pen.turn(false),
            Icon::Redo => pen.turn(true),
            Icon::Done => pen.line(&[(0.12, 0.54), (0.40, 0.80), (0.88, 0.20)]),
            Icon::Magnet => {
                pen.line(&[
                    (0.20, 0.10),
                    (0.20, 0.52),
                    (0.26, 0.72),
                    (0.40, 0.85),
                    (0.60, 0.85),
                    (0.74, 0.72),
                    (0.80, 0.52),
                    (0.80, 0.10),
                ]);
                pen.line(&[(0.42, 0.10), (0.42, 0.50), (0.46, 0.58), (0.54, 0.58), (0.58, 0.50), (0.58, 0.10)]);
                pen.line(&[(0.20, 0.10), (0.42, 0.10)]);
                pen.line(&[(0.58, 0.10), (0.80, 0.10)]);
                pen.line(&[(0.20, 0.28), (0.42, 0.28)]);
                pen.line(&[(0.58, 0.28), (0.80, 0.28)]);
            }
            Icon::Part => {
                pen.loop_line(&[(0.10, 0.10), (0.62, 0.10), (0.62, 0.62), (0.10, 0.62)]);
                pen.line(&[(0.74, 0.58), (0.74, 0.94)]);
                pen.line(&[(0.56, 0.76), (0.92, 0.76)]);
            }
            Icon::Hole => {
                pen.loop_line(&[(0.10, 0.10), (0.90, 0.10), (0.90, 0.90), (0.10, 0.90)]);
                pen.loop_line(&[(0.36, 0.36), (0.64, 0.36), (0.64, 0.64), (0.36, 0.64)]);
            }
            Icon::Plus => {
                pen.line(&[(0.5, 0.16), (0.5, 0.84)]);
                pen.line(&[(0.16, 0.5), (0.84, 0.5)]);
            }
            Icon::Free => pen.corners(&[(0.14, 0.22), (0.72, 0.14), (0.88, 0.66), (0.40, 0.88)]),
        }
    }
}

fn around(radius: f32, degrees: f32) -> (f32, f32) {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    (0.5 + radius * cosine, 0.5 + radius * sine)
}

struct Pen<'a> {
    painter: &'a Painter,
    square: Rect,
    stroke: Stroke,
}

impl Pen<'_> {
    fn at(&self, (x, y): (f32, f32)) -> Pos2 {
        pos2(self.square.left() + x * self.square.width(), self.square.top() + y * self.square.height())
    }

    fn places(&self, points: &[(f32, f32)]) -> Vec<Pos2> {
        points.iter().map(|point| self.at(*point)).collect()
    }

    fn line(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::line(self.places(points), self.stroke));
    }

    fn loop_line(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::closed_line(self.places(points), self.stroke));
    }

    fn corners(&self, points: &[(f32, f32)]) {
        self.loop_line(points);
        points.iter().for_each(|point| self.dot(*point, 0.085));
    }

    /// An arrow that bends round, to the left or mirrored.
    fn turn(&self, mirrored: bool) {
        let side = |points: &[(f32, f32)]| -> Vec<(f32, f32)> {
            points.iter().map(|(x, y)| (if mirrored { 1.0 - x } else { *x }, *y)).collect()
        };
        self.line(&side(&[(0.36, 0.14), (0.12, 0.36), (0.36, 0.58)]));
        self.line(&side(&[
            (0.14, 0.36),
            (0.58, 0.36),
            (0.76, 0.42),
            (0.86, 0.58),
            (0.80, 0.76),
            (0.62, 0.86),
            (0.34, 0.86),
        ]));
    }

    fn solid(&self, points: &[(f32, f32)]) {
        self.painter.add(Shape::convex_polygon(self.places(points), self.stroke.color, Stroke::NONE));
    }

    fn disc(&self, radius: f32) {
        self.dot((0.5, 0.5), radius);
    }

    fn dot(&self, centre: (f32, f32), radius: f32) {
        self.painter.circle_filled(self.at(centre), (radius * self.square.width()).max(0.8), self.stroke.color);
    }

    fn ring(&self, centre: (f32, f32), radius: f32) {
        self.painter.circle_stroke(self.at(centre), radius * self.square.width(), self.stroke);
    }

    /// A stroke in the colour behind solid icons, so that their sign stands out in both appearances.
    fn knock(&self, points: &[(f32, f32)], width: f32) {
        let dark = self.painter.ctx().global_style().visuals.dark_mode;
        let ground = if dark { Color32::BLACK } else { Color32::WHITE };
        self.painter.add(Shape::line(self.places(points), Stroke::new(width * self.square.width(), ground)));
    }
}

/// A picture in the flow, with a name for those who cannot see it.
pub fn icon(ui: &mut Ui, icon: Icon, colour: Color32, name: &str) -> Response {
    let (area, response) = ui.allocate_exact_size(Vec2::splat(theme::ICON), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name));
    icon.paint(ui.painter(), area, colour);
    if name.is_empty() { response } else { response.on_hover_text(name) }
}

/// A button that shows only an icon; its name is its tooltip and its accessible name.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    icon_button_marked(ui, icon, name, false)
}

/// An icon button that may be on.
pub fn icon_button_marked(ui: &mut Ui, icon: Icon, name: &str, on: bool) -> Response {
    icon_button_hinted(ui, icon, name, name, on)
}

/// An icon button that says more when the pointer rests on it.
pub fn icon_button_hinted(ui: &mut Ui, icon: Icon, name: &str, hint: &str, on: bool) -> Response {
    let (area, response) = ui.allocate_exact_size(vec2(24.0, 22.0), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, name));
    let palette = theme::palette(ui.visuals());
    if on || response.hovered() || response.has_focus() {
        let ground = if on { palette.accent_ground } else { palette.button_hovered };
        ui.painter().rect_filled(area, f32::from(theme::ROUND), ground);
    }
    let colour = if on {
        palette.accent
    } else if response.hovered() {
        palette.ink
    } else {
        palette.ink_soft
    };
    icon.paint(ui.painter(), Rect::from_center_size(area.center(), Vec2::splat(14.0)), colour);
    response.on_hover_text(hint)
}

/// A button of the top bar: an icon, with its word where there is room.
pub fn tool_button(ui: &mut Ui, icon: Icon, name: &str, hint: &str, on: bool, worded: bool) -> Response {
    let palette = theme::palette(ui.visuals());
    let font = egui::TextStyle::Button.resolve(ui.style());
    let galley = worded.then(|| ui.painter().layout_no_wrap(name.to_string(), font, palette.ink));
    let width = 28.0 + galley.as_ref().map_or(0.0, |galley| galley.size().x + 3.0);
    let (area, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, name));
    let is_pointed = response.hovered() || response.has_focus();
    if on || is_pointed {
        let ground = if on { palette.accent_ground } else { palette.button_hovered };
        ui.painter().rect_filled(area, f32::from(theme::ROUND), ground);
    }
    let colour = match (on, is_pointed && enabled) {
        (true, _) => palette.accent,
        (false, true) => palette.ink,
        (false, false) if enabled => palette.ink_soft,
        _ => palette.ink_faint.gamma_multiply(0.6),
    };
    let square = Rect::from_center_size(pos2(area.left() + 14.0, area.center().y), Vec2::splat(16.0));
    icon.paint(ui.painter(), square, colour);
    if let Some(galley) = galley {
        let place = pos2(area.left() + 26.0, area.center().y - galley.size().y / 2.0);
        ui.painter().galley_with_override_text_color(place, galley, colour);
    }
    response.on_hover_text(hint)
}

/// A button with an icon before its word.
pub fn labelled_button(ui: &mut Ui, icon: Icon, word: &str) -> Response {
    toned_button(ui, icon, word, false)
}

/// The button that a panel exists for.
pub fn main_button(ui: &mut Ui, icon: Icon, word: &str) -> Response {
    toned_button(ui, icon, word, true)
}

fn toned_button(ui: &mut Ui, icon: Icon, word: &str, main: bool) -> Response {
    let palette = theme::palette(ui.visuals());
    let ink = if main { palette.on_accent } else { palette.ink };
    let galley = ui.painter().layout_no_wrap(word.to_string(), egui::TextStyle::Button.resolve(ui.style()), ink);
    let padding = ui.spacing().button_padding;
    let size = vec2(galley.size().x + 14.0 + 5.0 + 2.0 * padding.x, (galley.size().y + 2.0 * padding.y).max(26.0));
    let (area, response) = ui.allocate_exact_size(size, Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, word));
    let look = ui.style().interact(&response);
    let (fill, stroke) = match (main, response.hovered()) {
        (true, false) => (palette.accent, Stroke::NONE),
        (true, true) => (palette.accent.gamma_multiply(0.88), Stroke::NONE),
        (false, _) => (look.weak_bg_fill, look.bg_stroke),
    };
    ui.painter().rect(area, f32::from(theme::ROUND), fill, stroke, egui::StrokeKind::Inside);
    let inner = area.shrink2(padding);
    let drawn = Rect::from_center_size(pos2(inner.left() + 7.0, inner.center().y), Vec2::splat(14.0));
    icon.paint(ui.painter(), drawn, ink);
    ui.painter().galley(pos2(inner.left() + 19.0, inner.center().y - galley.size().y / 2.0), galley, ink);
    response
}
