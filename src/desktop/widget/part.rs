//! Parts of a panel: a titled section, a card, a name with its value, a sentence that tells what is missing.

use super::icon::Icon;
use crate::desktop::theme::{self, Tone};
use egui::{Frame, InnerResponse, Label, Margin, Response, RichText, Stroke, Ui, Vec2};

/// The title at the top of a panel.
pub fn title(ui: &mut Ui, words: &str) -> Response {
    ui.add(Label::new(RichText::new(words).heading()).wrap())
}

/// A small title with space above it.
pub fn section(ui: &mut Ui, words: &str) -> Response {
    ui.add_space(theme::GAP - 4.0);
    let palette = theme::palette(ui.visuals());
    let response = ui.label(theme::bold(words).color(palette.ink_soft));
    let line = ui.max_rect().x_range();
    let from = (response.rect.right() + 8.0).min(line.max);
    ui.painter().hline(from..=line.max, response.rect.center().y, Stroke::new(1.0, palette.line));
    response
}

/// A raised card.
pub fn card<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let palette = theme::palette(ui.visuals());
    let frame = Frame::new()
        .fill(palette.raised)
        .stroke(Stroke::new(1.0, palette.line))
        .corner_radius(theme::ROUND)
        .inner_margin(Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        contents(ui)
    })
}

/// A card on the ground of a meaning.
pub fn toned_card<R>(ui: &mut Ui, tone: Tone, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let palette = theme::palette(ui.visuals());
    let frame = Frame::new()
        .fill(palette.tone_ground(tone))
        .stroke(Stroke::new(1.0, palette.tone(tone).gamma_multiply(0.45)))
        .corner_radius(theme::ROUND)
        .inner_margin(Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        contents(ui)
    })
}

/// A name and its value in two columns; both wrap.
pub fn field(ui: &mut Ui, name: &str, value: &str) -> Response {
    field_with(ui, name, |ui| ui.add(Label::new(value).wrap()))
}

/// A name and whatever stands for its value.
pub fn field_with<R>(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    field_of_width(ui, theme::FIELD_NAME_WIDTH, name, value)
}

/// A name and several controls beside each other.
pub fn field_in_row<R>(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    field_with(ui, name, |ui| ui.horizontal(value).inner)
}

/// The same with less room for the name.
pub fn narrow_field_with<R>(ui: &mut Ui, name: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    field_of_width(ui, theme::NARROW_NAME_WIDTH, name, value)
}

fn field_of_width<R>(ui: &mut Ui, width: f32, name: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    let palette = theme::palette(ui.visuals());
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let width = width.min(ui.available_width() * 0.4);
        ui.allocate_ui_with_layout(Vec2::new(width, 0.0), egui::Layout::top_down(egui::Align::Min), |ui| {
            ui.set_width(width);
            ui.add(Label::new(RichText::new(name).color(palette.ink_soft)).wrap());
        });
        ui.vertical(value).inner
    })
    .inner
}

/// A sentence in small grey words.
pub fn remark(ui: &mut Ui, words: &str) -> Response {
    let palette = theme::palette(ui.visuals());
    ui.add(Label::new(RichText::new(words).small().color(palette.ink_faint)).wrap())
}

/// The icon of a meaning and a sentence.
pub fn notice(ui: &mut Ui, tone: Tone, words: &str) -> Response {
    let palette = theme::palette(ui.visuals());
    ui.horizontal_top(|ui| {
        super::icon::icon(ui, Icon::of(tone), palette.tone(tone), "");
        ui.add(Label::new(RichText::new(words).color(palette.tone(tone))).wrap())
    })
    .inner
}

/// What an empty panel says: what would stand here and how to get it.
pub fn empty(ui: &mut Ui, words: &str) {
    let palette = theme::palette(ui.visuals());
    ui.add_space(24.0);
    ui.vertical_centered(|ui| {
        ui.add(Label::new(RichText::new(words).color(palette.ink_soft)).wrap());
    });
    ui.add_space(12.0);
}
