//! The layer tree: what is drawn, in which order, with its symbols.

use crate::atlas::{Layer, LayerId, Quality, Theme};
use crate::cartography::legend::{Class, Legend};
use crate::desktop::Commands;
use crate::desktop::theme;
use crate::desktop::widget::{self, Icon};
use crate::text::{Text, fill};
use crate::workspace::{Derived, Edit, FlyTo, LayerState, Navigate, Panel, Session, Workspace};
use egui::{Checkbox, Label, Rect, RichText, ScrollArea, Sense, Slider, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The layer tree.
#[derive(Debug, Default)]
pub struct LayersPanel {
    open: HashSet<LayerId>,
    /// The layer in the hand and the gap it hangs over, counted from the top of the list.
    dragged: Option<(LayerId, usize)>,
    /// An opacity not yet let go.
    opacity: Option<(LayerId, f32)>,
    /// What was visible before a layer was shown alone.
    before_solo: Option<Vec<LayerId>>,
    quality: HashMap<LayerId, Quality>,
    /// How many features each class of the legend has; layers never change.
    counts: HashMap<LayerId, Vec<usize>>,
    /// What was open in the frame before, and whether the layers were opened after the other panel.
    opened: Option<(bool, Panel)>,
    is_last: bool,
}

/// In a window narrower than this, points, two panels leave the map too little.
const NARROW: f32 = 1_000.0;

/// The title of a layer in the person's language: its theme's name, or its own for a file of the person.
pub fn layer_title<'a>(layer: &'a Layer, text: &'a Text) -> &'a str {
    match layer.theme {
        Theme::StatutoryBelts => belt_word(layer, "name", text),
        Theme::Constraint | Theme::Other if !layer.title.is_empty() => &layer.title,
        theme => text.common.theme(theme),
    }
}

/// What a computed belt says of itself, in the person's language.
fn belt_word<'a>(layer: &'a Layer, field: &str, text: &Text) -> &'a str {
    let belt = layer.features().first();
    let said = |field: &str| belt.map(|belt| belt.text(field)).filter(|said| !said.is_empty());
    let english = said(&format!("{field}_en")).filter(|_| text.language == crate::text::Language::En);
    english.or_else(|| said(field)).unwrap_or_default()
}

/// The class of the legend that stands for a layer; a belt is a layer of its own under the class of its statute.
fn class_of(layer: &Layer) -> Option<&'static Class> {
    let legend = Legend::bundled();
    match layer.features().first() {
        Some(belt) if layer.theme == Theme::StatutoryBelts => legend.class(layer.theme, belt).map(|(_, class)| class),
        _ => legend.of(layer.theme).next(),
    }
}

impl LayersPanel {
    /// Whether the layers are shown: in a narrow window they make way for the other panel, unless they were asked for
    /// after it.
    pub fn has_room(&mut self, width: f32, session: &Session) -> bool {
        let open = (session.layers_open, session.panel);
        if let Some(before) = self.opened.filter(|before| *before != open) {
            self.is_last = session.layers_open && !before.0;
        }
        self.opened = Some(open);
        width >= NARROW || session.panel == Panel::Closed || self.is_last
    }

    /// Draws the tree.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, _derived: &Derived, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.layers;
        let states = &workspace.project().layers;
        ui.horizontal(|ui| {
            let shown = states.iter().filter(|state| state.visible).count();
            let mut all = shown == states.len();
            let mixed = shown > 0 && !all;
            let answer = ui.add(Checkbox::without_text(&mut all).indeterminate(mixed));
            let answer = answer.accessible_name(&words.all).on_hover_text(&words.all);
            if answer.clicked() {
                let ids = if mixed || all { states.iter().map(|state| state.id).collect() } else { Vec::new() };
                commands.edit(Edit::ShowOnly(ids));
            }
            ui.label(theme::bold(&words.title));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if let Some(before) = &self.before_solo
                    && widget::icon_button_marked(ui, Icon::Eye, &words.restore, true).clicked()
                {
                    commands.edit(Edit::ShowOnly(before.clone()));
                    self.before_solo = None;
                }
            });
        });
        ui.add_space(2.0);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            let mut gaps = vec![ui.cursor().top()];
            for (place, state) in states.iter().rev().enumerate() {
                if let Some(layer) = workspace.atlas().layer_by_id(state.id) {
                    self.show_layer(ui, workspace, commands, state, layer, states.len() - 1 - place);
                }
                gaps.push(ui.cursor().top());
            }
            self.follow_drag(ui, &gaps, states, commands);
        });
    }

    fn show_layer(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        commands: &Commands,
        state: &LayerState,
        layer: &Arc<Layer>,
        place: usize,
    ) {
        let text = workspace.text();
        let words = &text.panel.layers;
        let title = layer_title(layer, text);
        let palette = theme::palette(ui.visuals());
        let (area, row) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
        let is_dragged = self.dragged.is_some_and(|(id, _)| id == state.id);
        if is_dragged || row.hovered() {
            ui.painter().rect_filled(area, f32::from(theme::ROUND), palette.button.gamma_multiply(0.8));
        }
        let inside = UiBuilder::new().max_rect(area).layout(egui::Layout::left_to_right(egui::Align::Center));
        let mut ui_row = ui.new_child(inside.id_salt(("layer", state.id)));
        let in_row = &mut ui_row;
        in_row.spacing_mut().item_spacing.x = 4.0;
        self.show_grip(in_row, state.id, &fill(&words.drag, &[("layer", title)]));
        let mut visible = state.visible;
        let name = fill(&words.visible, &[("layer", title)]);
        let answer = in_row.add(Checkbox::without_text(&mut visible)).accessible_name(&name);
        if answer.on_hover_text(name).clicked() {
            if in_row.input(|input| input.modifiers.alt) {
                self.show_alone(state.id, workspace, commands);
            } else {
                self.before_solo = None;
                commands.edit(Edit::SetVisible(state.id, visible));
            }
        }
        let is_open = self.open.contains(&state.id);
        let fold = widget::icon_button(in_row, Icon::Fold(is_open), &fill(&words.fold, &[("layer", title)]));
        if fold.clicked() || row.clicked() {
            self.toggle(state.id);
        }
        if row.double_clicked() {
            zoom_to(layer, commands);
        }
        let ink = if state.visible { palette.ink } else { palette.ink_faint };
        in_row.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let more = widget::icon_button(ui, Icon::More, &fill(&words.more, &[("layer", title)]));
            egui::Popup::menu(&more).show(|ui| self.show_menu(ui, workspace, commands, layer, place));
            let count = widget::number::grouped(layer.features().len() as f64, 0);
            let (mark, hint) = match layer.theme {
                Theme::StatutoryBelts => (words.reference.clone(), words.reference_hint.clone()),
                _ => (count.clone(), fill(&words.count, &[("n", &count)])),
            };
            let mark = RichText::new(mark).small().color(palette.ink_faint);
            ui.add(Label::new(mark).selectable(false)).on_hover_text(hint);
            self.show_quality(ui, layer, text);
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                if let Some(class) = class_of(layer) {
                    widget::swatch(ui, class, None, "");
                }
                ui.add(Label::new(RichText::new(title).color(ink)).selectable(false).truncate().sense(Sense::empty()));
            });
        });
        row.widget_info(|| egui::WidgetInfo::selected(egui::Role::TreeItem, true, is_open, title));
        row.context_menu(|ui| self.show_menu(ui, workspace, commands, layer, place));
        if is_open {
            self.show_details(ui, workspace, commands, state, layer);
        }
    }

    fn show_grip(&mut self, ui: &mut Ui, id: LayerId, name: &str) {
        let (area, grip) = ui.allocate_exact_size(vec2(12.0, 20.0), Sense::drag());
        grip.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
        let palette = theme::palette(ui.visuals());
        let colour = if grip.hovered() || grip.dragged() { palette.ink } else { palette.line };
        Icon::Grip.paint(ui.painter(), Rect::from_center_size(area.center(), Vec2::splat(14.0)), colour);
        if grip.drag_started() {
            self.dragged = Some((id, usize::MAX));
        }
        grip.on_hover_text(name).on_hover_and_drag_cursor(egui::CursorIcon::Grab);
    }

    fn show_quality(&mut self, ui: &mut Ui, layer: &Layer, text: &Text) {
        let quality = *self.quality.entry(layer.id).or_insert_with(|| layer.quality());
        if layer.features().is_empty() {
            let palette = theme::palette(ui.visuals());
            widget::icon(ui, Icon::Warning, palette.tone(theme::Tone::Restricted), &text.panel.layers.empty);
        } else if quality == Quality::Schematic {
            let palette = theme::palette(ui.visuals());
            let mark = RichText::new(&text.panel.layers.schematic).size(10.5).color(palette.ink_faint);
            ui.add(Label::new(mark).selectable(false)).on_hover_text(&text.common.schematic_notice);
        }
    }

    fn show_menu(&mut self, ui: &mut Ui, workspace: &Workspace, commands: &Commands, layer: &Arc<Layer>, place: usize) {
        let words = &workspace.text().panel.layers;
        let last = workspace.project().layers.len().saturating_sub(1);
        if ui.button(&words.zoom).clicked() {
            zoom_to(layer, commands);
        }
        if ui.button(&words.solo).clicked() {
            self.show_alone(layer.id, workspace, commands);
        }
        ui.separator();
        for (name, to, allowed) in [
            (&words.move_up, place + 1, place < last),
            (&words.move_down, place.saturating_sub(1), place > 0),
            (&words.to_top, last, place < last),
            (&words.to_bottom, 0, place > 0),
        ] {
            if ui.add_enabled(allowed, egui::Button::new(name)).clicked() {
                commands.edit(Edit::MoveLayer(layer.id, to));
            }
        }
        if is_removable(layer, workspace) {
            ui.separator();
            if ui.button(&words.remove).clicked() {
                commands.edit(Edit::RemoveLayer(layer.id));
            }
        }
    }

    fn show_alone(&mut self, id: LayerId, workspace: &Workspace, commands: &Commands) {
        let states = &workspace.project().layers;
        let shown: Vec<LayerId> = states.iter().filter(|state| state.visible).map(|state| state.id).collect();
        let base = states.iter().filter(|state| state.visible && state.theme.is_base()).map(|state| state.id);
        let mut alone: Vec<LayerId> = base.collect();
        alone.push(id);
        if self.before_solo.is_none() {
            self.before_solo = Some(shown);
        }
        commands.edit(Edit::ShowOnly(alone));
    }

    fn toggle(&mut self, id: LayerId) {
        if !self.open.remove(&id) {
            self.open.insert(id);
        }
    }

    fn show_details(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        commands: &Commands,
        state: &LayerState,
        layer: &Arc<Layer>,
    ) {
        let text = workspace.text();
        let words = &text.panel.layers;
        let title = layer_title(layer, text);
        let frame = egui::Frame::new().inner_margin(egui::Margin { left: 44, right: 6, top: 0, bottom: 8 });
        frame.show(ui, |ui| {
            self.show_classes(ui, workspace, layer);
            if layer.theme == Theme::Rivers {
                let mut by_class = workspace.session.colour_by_class;
                if ui.checkbox(&mut by_class, &words.colour_by_class).changed() {
                    commands.navigate(Navigate::ColourByClass(by_class));
                }
            }
            ui.horizontal(|ui| {
                ui.label(RichText::new(&words.opacity).small());
                self.show_opacity(ui, commands, state, &fill(&words.opacity_of, &[("layer", title)]));
                if widget::icon_button(ui, Icon::ZoomTo, &words.zoom).clicked() {
                    zoom_to(layer, commands);
                }
            });
            let quality = self.quality.get(&layer.id).copied().unwrap_or(Quality::Schematic);
            let mut lines = vec![fill(&words.quality_badge, &[("quality", text.common.quality(quality))])];
            for (name, value) in [(&words.source, &layer.source.origin), (&words.licence, &layer.source.licence)] {
                if !value.is_empty() {
                    lines.push(format!("{name}  {value}"));
                }
            }
            if layer.theme == Theme::StatutoryBelts {
                let from = format!("{}  {}", words.computed_from, belt_word(layer, "computed_from", text));
                lines.extend([words.reference_hint.clone(), belt_word(layer, "note", text).to_owned(), from]);
            }
            if is_removable(layer, workspace) && !layer.source.file.is_empty() {
                lines.push(format!("{}  {}", words.file, layer.source.file));
            }
            widget::remark(ui, &lines.join("\n"));
        });
    }

    /// The classes that occur in the layer, with their symbols and how many there are.
    fn show_classes(&mut self, ui: &mut Ui, workspace: &Workspace, layer: &Arc<Layer>) {
        let legend = Legend::bundled();
        let language = workspace.language();
        let counts = self.counts.entry(layer.id).or_insert_with(|| {
            let mut counts = vec![0_usize; legend.of(layer.theme).count()];
            let places = layer.features().iter().filter_map(|feature| legend.class(layer.theme, feature));
            for (place, _) in places {
                if let Some(count) = counts.get_mut(place) {
                    *count += 1;
                }
            }
            counts
        });
        let by_class = layer.theme == Theme::Rivers && workspace.session.colour_by_class;
        let palette = theme::palette(ui.visuals());
        let several = counts.iter().filter(|count| **count > 0).count() > 1 || by_class;
        for (class, count) in legend.of(layer.theme).zip(counts.iter()).filter(|(_, count)| several && **count > 0) {
            ui.horizontal(|ui| {
                let grey = legend.water_class(None).filter(|_| by_class).map(|class| class.screen);
                widget::swatch(ui, class, grey, class.name(language));
                ui.label(RichText::new(class.name(language)).small());
                let count = widget::number::grouped(*count as f64, 0);
                ui.label(RichText::new(count).small().color(palette.ink_faint));
            });
        }
        if by_class && let Some(line) = legend.of(Theme::Rivers).next() {
            for number in (1..=6).map(Some).chain([None]) {
                let Some(class) = legend.water_class(number) else { continue };
                ui.horizontal(|ui| {
                    widget::swatch(ui, line, Some(class.screen), class.name(language));
                    ui.label(RichText::new(class.name(language)).small());
                });
            }
        }
    }

    fn show_opacity(&mut self, ui: &mut Ui, commands: &Commands, state: &LayerState, name: &str) {
        let mut value = match self.opacity {
            Some((id, value)) if id == state.id => value,
            _ => state.opacity,
        };
        ui.spacing_mut().slider_width = 84.0;
        let slider = Slider::new(&mut value, 0.0..=1.0);
        let percent = |value: f64, _| format!("{:.0}%", value * 100.0);
        let read = |words: &str| words.trim_end_matches('%').parse::<f64>().ok().map(|value| value / 100.0);
        let answer = ui.add(slider.custom_formatter(percent).custom_parser(read)).accessible_name(name);
        if answer.changed() {
            self.opacity = Some((state.id, value));
        }
        // One undo step a gesture: sent when the hand lets go.
        let released = answer.drag_stopped() || answer.lost_focus() || answer.changed() && !answer.dragged();
        if released && let Some((id, value)) = self.opacity.take() {
            commands.edit(Edit::SetOpacity(id, value));
        }
    }

    fn follow_drag(&mut self, ui: &mut Ui, gaps: &[f32], states: &[LayerState], commands: &Commands) {
        let Some((id, _)) = self.dragged else { return };
        if let Some(pointer) = ui.input(|input| input.pointer.interact_pos()) {
            let distance = |gap: &f32| (gap - pointer.y).abs();
            let nearest = gaps.iter().enumerate().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)));
            if let Some((gap, y)) = nearest {
                self.dragged = Some((id, gap));
                let palette = theme::palette(ui.visuals());
                let (span, line) = (ui.max_rect().x_range(), *y + 1.0);
                ui.painter().hline(span, line, Stroke::new(2.0, palette.accent));
                ui.painter().circle_filled(pos2(span.min + 3.0, line), 3.0, palette.accent);
            }
        }
        if ui.input(|input| input.pointer.any_released()) {
            if let Some((id, gap)) = self.dragged.take()
                && let Some(from) = states.iter().rev().position(|state| state.id == id)
            {
                // The list runs from the top; the drawing order from the bottom, without the layer in the hand.
                let above = gap.min(states.len()) - usize::from(gap.min(states.len()) > from);
                let to = (states.len() - 1).saturating_sub(above);
                if above != from {
                    commands.edit(Edit::MoveLayer(id, to));
                }
            }
        } else if ui.input(|input| input.key_pressed(egui::Key::Escape)) {
            self.dragged = None;
        }
    }
}

/// Layers that the person opened can be taken out again; those of the atlas stay.
fn is_removable(layer: &Layer, workspace: &Workspace) -> bool {
    let manifest = &workspace.atlas().manifest;
    // a belt is computed again as long as what it is round is there
    layer.theme != Theme::StatutoryBelts
        && !manifest.layers.iter().any(|own| own.theme == layer.theme && own.file == layer.source.file)
}

/// Shows a layer whole.
fn zoom_to(layer: &Layer, commands: &Commands) {
    if let Some(bounds) = layer.bounds() {
        commands.navigate(Navigate::Fly(FlyTo::Area(bounds)));
    }
}
