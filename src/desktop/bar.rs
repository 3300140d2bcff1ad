//! The top bar: tools, panels, language, light or dark.

use super::Commands;
use super::shortcut::{TOOLS, Wish};
use super::widget::{self, Icon};
use crate::text::{BarText, Language, Text};
use crate::workspace::{Appearance, Command, Navigate, Panel, Tool, Workspace};

/// Panels with a button, in order.
pub const PANELS: [Panel; 8] = [
    Panel::Feature,
    Panel::Water,
    Panel::Waters,
    Panel::Siting,
    Panel::Batch,
    Panel::Audit,
    Panel::Targets,
    Panel::Sheet,
];

/// From this width of the window on, in points, tools have their names beside them.
const WORDED: f32 = 1_720.0;

/// Frame of the bars at the edges of the window.
pub fn frame(ui: &egui::Ui) -> egui::Frame {
    egui::Frame::side_top_panel(ui.style()).inner_margin(egui::Margin::symmetric(8, 5))
}

/// Name of a tool.
pub fn tool_name(text: &BarText, tool: Tool) -> &str {
    match tool {
        Tool::Browse => &text.tool_browse,
        Tool::Polygon => &text.tool_polygon,
        Tool::Rectangle => &text.tool_rectangle,
        Tool::Reshape => &text.tool_reshape,
        Tool::Measure => &text.tool_measure,
        Tool::Words => &text.tool_words,
        Tool::Arrow => &text.tool_arrow,
        Tool::Circle => &text.tool_circle,
        Tool::Corridor => &text.tool_corridor,
    }
}

/// How a tool is used.
pub fn tool_hint(text: &BarText, tool: Tool) -> &str {
    match tool {
        Tool::Browse => &text.hint_browse,
        Tool::Polygon => &text.hint_polygon,
        Tool::Rectangle => &text.hint_rectangle,
        Tool::Reshape => &text.hint_reshape,
        Tool::Measure => &text.hint_measure,
        Tool::Words => &text.hint_words,
        Tool::Arrow => &text.hint_arrow,
        Tool::Circle => &text.hint_circle,
        Tool::Corridor => &text.hint_corridor,
    }
}

/// The drawing on its button.
fn tool_icon(tool: Tool) -> Icon {
    match tool {
        Tool::Browse => Icon::Pointer,
        Tool::Polygon => Icon::Polygon,
        Tool::Rectangle => Icon::Rectangle,
        Tool::Circle => Icon::Circle,
        Tool::Corridor => Icon::Corridor,
        Tool::Reshape => Icon::Reshape,
        Tool::Measure => Icon::Ruler,
        Tool::Words => Icon::Letter,
        Tool::Arrow => Icon::Arrow,
    }
}

/// Name of a panel.
pub fn panel_name(text: &Text, panel: Panel) -> &str {
    let (all, text) = (text, &text.bar);
    match panel {
        Panel::Batch => &all.batch.panel.name,
        Panel::Audit => &all.audit.panel.name,
        Panel::Feature => &text.panel_feature,
        Panel::Water => &text.panel_water,
        Panel::Waters => &text.panel_waters,
        Panel::Siting => &text.panel_siting,
        Panel::Targets => &text.panel_targets,
        Panel::Sheet => &text.panel_sheet,
        Panel::Closed => &text.close_panel,
    }
}

/// Draws the tools on the left of the bar; returns what the window itself has to do.
pub fn show_tools(ui: &mut egui::Ui, workspace: &Workspace, commands: &Commands) -> Option<Wish> {
    let text = &workspace.text().bar;
    let mut wish = None;
    let layers = ui.selectable_label(workspace.session.layers_open, &text.layers);
    if layers.clicked() {
        commands.navigate(Navigate::ToggleLayers);
    }
    if ui.button(&text.open).on_hover_text(&text.open_hint).clicked() {
        wish = Some(Wish::Open);
    }
    ui.separator();
    let worded = ui.ctx().content_rect().width() >= WORDED;
    ui.spacing_mut().item_spacing.x = 2.0;
    for (key, tool) in TOOLS {
        let enabled = tool != Tool::Reshape || workspace.session.site.is_some();
        let (name, hint) = (tool_name(text, tool), tool_hint(text, tool));
        let hint = format!("{hint} ({})", key.symbol_or_name());
        ui.add_enabled_ui(enabled, |ui| {
            let on = workspace.session.tool == tool;
            if widget::tool_button(ui, tool_icon(tool), name, &hint, on, worded).clicked() {
                commands.navigate(Navigate::Take(tool));
            }
        });
    }
    ui.separator();
    let (can_undo, can_redo) = workspace.can_undo_redo();
    for (can, icon, name, key, command) in [
        (can_undo, Icon::Undo, &text.undo, "Ctrl+Z", Command::Undo),
        (can_redo, Icon::Redo, &text.redo, "Ctrl+Y", Command::Redo),
    ] {
        ui.add_enabled_ui(can, |ui| {
            if widget::tool_button(ui, icon, name, &format!("{name} ({key})"), false, false).clicked() {
                commands.send(command);
            }
        });
    }
    wish
}

/// Draws language, appearance and help on the right of the bar (right to left).
pub fn show_choices(ui: &mut egui::Ui, workspace: &Workspace, commands: &Commands) -> Option<Wish> {
    let text = &workspace.text().bar;
    let mut wish = None;
    if ui.button(&text.help).on_hover_text("F1").clicked() {
        wish = Some(Wish::Help);
    }
    let (other, name) = match workspace.session.appearance {
        Appearance::Light => (Appearance::Dark, &text.dark),
        Appearance::Dark => (Appearance::Light, &text.light),
    };
    if ui.button(name).clicked() {
        commands.navigate(Navigate::Wear(other));
    }
    if ui.button(&text.other_language).clicked() {
        let other = match workspace.session.language {
            Language::Zh => Language::En,
            Language::En => Language::Zh,
        };
        commands.navigate(Navigate::Speak(other));
    }
    wish
}

/// Draws the row of panel names above the side panel.
pub fn show_panels(ui: &mut egui::Ui, workspace: &Workspace, commands: &Commands) {
    let text = workspace.text();
    ui.horizontal_wrapped(|ui| {
        // seven panels stand in one row at the usual width
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 5.0;
        // the projects of a file are there when such a file is open
        let is_there = |panel: &Panel| *panel != Panel::Batch || workspace.batch.is_some();
        for panel in PANELS.into_iter().filter(is_there) {
            if ui.selectable_label(workspace.session.panel == panel, panel_name(text, panel)).clicked() {
                let next = if workspace.session.panel == panel { Panel::Closed } else { panel };
                commands.navigate(Navigate::Show(next));
            }
        }
    });
}
