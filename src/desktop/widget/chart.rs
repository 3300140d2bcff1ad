//! A line of months with the classes behind it: limits as bands, gaps left open, values read by the pointer.

use super::badge::hatch;
use crate::desktop::theme;
use egui::{Align2, Color32, FontId, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

/// One month.
#[derive(Debug, Clone)]
pub struct Point {
    /// "2026-10".
    pub month: String,
    /// Its value; a gap when absent.
    pub value: Option<f64>,
    /// Water class of the value, 1…6.
    pub class: Option<u8>,
    /// What the pointer reads.
    pub words: String,
}

/// What is drawn.
#[derive(Debug)]
pub struct Chart<'a> {
    /// The months, oldest first, none left out.
    pub points: &'a [Point],
    /// Limits of the classes Ⅰ…Ⅴ, from the best on; empty when there are none.
    pub limits: &'a [(u8, f64)],
    /// Whether more is better.
    pub more_is_better: bool,
    /// The limit that has to be met.
    pub target: Option<f64>,
    /// Said to those who cannot see it.
    pub name: &'a str,
    /// Word beside the line of the target.
    pub target_word: &'a str,
    /// The scale counts classes: integer steps, the best on top.
    pub by_class: bool,
    /// Height in points.
    pub height: f32,
}

const LEFT: f32 = 34.0;
const BOTTOM: f32 = 18.0;
const RIGHT: f32 = 26.0;

impl Chart<'_> {
    /// Draws it as wide as there is room.
    pub fn show(&self, ui: &mut Ui) -> Response {
        let (area, response) = ui.allocate_exact_size(vec2(ui.available_width(), self.height), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, self.name));
        let palette = theme::palette(ui.visuals());
        let plot = Rect::from_min_max(
            pos2(area.left() + LEFT, area.top() + 6.0),
            pos2(area.right() - RIGHT, area.bottom() - BOTTOM),
        );
        let painter = ui.painter_at(area);
        painter.rect_filled(plot, 2.0, palette.sunk);
        let (low, high) = self.range();
        let y = |value: f64| {
            let share = ((value - low) / (high - low)) as f32;
            let share = if self.by_class { 1.0 - share } else { share };
            plot.bottom() - share * plot.height()
        };
        let step = plot.width() / self.points.len().max(1) as f32;
        let x = |place: usize| plot.left() + (place as f32 + 0.5) * step;
        let small = FontId::proportional(10.5);
        self.paint_bands(&painter, plot, &y, &small, palette);
        let mut written = f32::NEG_INFINITY;
        for (place, point) in self.points.iter().enumerate() {
            if point.value.is_none() {
                let gap = Rect::from_min_max(
                    pos2(x(place) - step / 2.0, plot.top()),
                    pos2(x(place) + step / 2.0, plot.bottom()),
                );
                hatch(&painter, gap, palette.ink_faint.gamma_multiply(0.35));
            }
            if x(place) > written + 30.0 {
                written =
                    self.paint_month(&painter, plot, place, x(place), &small, palette.ink_faint).unwrap_or(written);
            }
        }
        if let Some(target) = self.target {
            let level = y(target).clamp(plot.top(), plot.bottom());
            let line = [pos2(plot.left(), level), pos2(plot.right(), level)];
            painter.extend(Shape::dashed_line(&line, Stroke::new(1.4, palette.brand), 5.0, 3.0));
            painter.text(pos2(plot.right() + 3.0, level), Align2::LEFT_CENTER, self.target_word, small, palette.brand);
        }
        self.paint_line(&painter, &x, &y, palette);
        painter.rect_stroke(plot, 2.0, Stroke::new(1.0, palette.line), egui::StrokeKind::Outside);
        if let Some(at) = response.hover_pos().filter(|at| plot.x_range().contains(at.x)) {
            let place = (((at.x - plot.left()) / step) as usize).min(self.points.len().saturating_sub(1));
            if let Some(point) = self.points.get(place) {
                painter.vline(x(place), plot.y_range(), Stroke::new(1.0, palette.accent));
                if let Some(value) = point.value {
                    painter.circle_stroke(pos2(x(place), y(value)), 4.5, Stroke::new(1.5, palette.accent));
                }
                return response.on_hover_text_at_pointer(&point.words);
            }
        }
        response
    }

    fn range(&self) -> (f64, f64) {
        if self.by_class {
            return (0.5, 6.5);
        }
        let values = self.points.iter().filter_map(|point| point.value).chain(self.target);
        let highest = values.filter(|value| value.is_finite()).fold(0.0_f64, f64::max);
        // Up to the next limit, so that one sees how far it is.
        let next =
            self.limits.iter().map(|(_, limit)| *limit).filter(|limit| *limit > highest).fold(f64::MAX, f64::min);
        let top = if next < highest * 1.6 { next } else { highest };
        (0.0, if top > 0.0 { top * 1.08 } else { 1.0 })
    }

    fn paint_bands(
        &self,
        painter: &egui::Painter,
        plot: Rect,
        y: &impl Fn(f64) -> f32,
        font: &FontId,
        palette: &theme::Palette,
    ) {
        let dark = painter.ctx().global_style().visuals.dark_mode;
        let tint = |class: u8| palette.class(class).map(|fill| fill.gamma_multiply(if dark { 0.22 } else { 0.34 }));
        let label = |at: f32, class: u8| {
            let place = pos2(plot.left() - 4.0, at);
            painter.text(place, Align2::RIGHT_CENTER, numeral(class), font.clone(), palette.ink_soft);
        };
        if self.by_class {
            for class in 1..=6_u8 {
                let (a, b) = (y(f64::from(class) - 0.5), y(f64::from(class) + 0.5));
                let band = Rect::from_min_max(pos2(plot.left(), a.min(b)), pos2(plot.right(), a.max(b)));
                painter.rect_filled(band, 0.0, tint(class).unwrap_or(Color32::TRANSPARENT));
                label(band.center().y, class);
            }
            return;
        }
        // Classes may share a limit (Ⅰ and Ⅱ of CODcr): the better one has no band then.
        let (low, high) = self.range();
        let mut levels: Vec<(u8, f64)> = self.limits.to_vec();
        levels.push((6, if self.more_is_better { low } else { f64::MAX }));
        let mut from = if self.more_is_better { f64::MAX } else { low };
        let mut labelled = f32::INFINITY;
        for (class, limit) in levels {
            let (a, b) = (y(from.clamp(low, high)), y(limit.clamp(low, high)));
            let band = Rect::from_min_max(pos2(plot.left(), a.min(b)), pos2(plot.right(), a.max(b)));
            if band.height() > 0.5 {
                painter.rect_filled(band, 0.0, tint(class).unwrap_or(Color32::TRANSPARENT));
            }
            let middle = band.center().y;
            if band.height() > 4.0 && (middle - labelled).abs() > 10.0 {
                label(middle, class);
                labelled = middle;
            }
            from = limit;
        }
        let top = super::number::trimmed(high, if high < 1.0 { 2 } else { 1 });
        painter.text(
            pos2(plot.right() + 3.0, plot.top() + 4.0),
            Align2::LEFT_CENTER,
            top,
            font.clone(),
            palette.ink_faint,
        );
    }

    /// Writes January and July, the year where there is room; returns where the words end.
    fn paint_month(
        &self,
        painter: &egui::Painter,
        plot: Rect,
        place: usize,
        x: f32,
        font: &FontId,
        ink: Color32,
    ) -> Option<f32> {
        let (year, month) = self.points.get(place)?.month.split_once('-')?;
        let words = match month {
            "01" => format!("{year}-01"),
            "07" => month.to_string(),
            _ => return None,
        };
        painter.vline(x, plot.bottom()..=plot.bottom() + 3.0, Stroke::new(1.0, ink));
        let drawn = painter.text(pos2(x, plot.bottom() + 4.0), Align2::CENTER_TOP, words, font.clone(), ink);
        Some(drawn.right())
    }

    fn paint_line(
        &self,
        painter: &egui::Painter,
        x: &impl Fn(usize) -> f32,
        y: &impl Fn(f64) -> f32,
        palette: &theme::Palette,
    ) {
        let stroke = Stroke::new(1.6, palette.series(0));
        let place = |(number, point): (usize, &Point)| point.value.map(|value| pos2(x(number), y(value)));
        let places: Vec<_> = self.points.iter().enumerate().map(place).collect();
        for piece in places.split(Option::is_none) {
            painter.add(Shape::line(piece.iter().flatten().copied().collect(), stroke));
        }
        for (point, at) in self.points.iter().zip(&places) {
            let Some(at) = at else { continue };
            let fill = point.class.and_then(|class| palette.class(class)).unwrap_or(palette.raised);
            painter.circle(*at, 3.4, fill, Stroke::new(1.0, palette.ink_soft));
        }
    }
}

fn numeral(class: u8) -> &'static str {
    if class == 6 { "劣Ⅴ" } else { super::number::numeral(class) }
}

/// All months from the first to the last: those without a sample are gaps.
pub fn every_month<'a>(months: impl Iterator<Item = &'a str>) -> Vec<String> {
    let parsed: Vec<i32> = months.filter_map(number_of).collect();
    let (Some(first), Some(last)) = (parsed.iter().min(), parsed.iter().max()) else { return Vec::new() };
    // Ten years at most: a broken date must not make a chart without end.
    (*first.max(&(last - 119))..=*last)
        .map(|month| format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1))
        .collect()
}

fn number_of(month: &str) -> Option<i32> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
    ((1..=12).contains(&month) && (1900..=2200).contains(&year)).then_some(year * 12 + month - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_without_a_sample_is_a_gap() {
        let months = every_month(["2025-11", "2026-02", "2025-12"].into_iter());
        assert_eq!(months, ["2025-11", "2025-12", "2026-01", "2026-02"]);
        assert!(every_month(["", "2026", "2026-13", "x-y"].into_iter()).is_empty());
    }
}
