//! Everything under the last click, and the fields of the current hit.

use super::layer_title;
use crate::atlas::{Feature, FeatureKey, Layer, Site, Theme, Value};
use crate::desktop::Commands;
use crate::desktop::theme;
use crate::desktop::widget::{self, Icon, number};
use crate::format;
use crate::geometry::{self, geo};
use crate::siting::settle_kinds;
use crate::text::{Text, fill};
use crate::workspace::{Derived, Edit, FlyTo, Navigate, Notation, Panel, Workspace, write_position};
use egui::{Label, RichText, ScrollArea, Sense, Ui, vec2};
use geo::{Geometry, MultiPolygon};
use std::collections::HashMap;

/// Everything under the last click.
#[derive(Debug, Default)]
pub struct FeaturePanel {
    measures: HashMap<FeatureKey, (String, String)>,
    measured_in: Option<(u64, crate::text::Language)>,
}

/// Fields shown in places of their own.
const APART: [&str; 6] = ["id", "name", "source", "licence", "quality", "example"];

impl FeaturePanel {
    /// Draws the hits and the current one.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
        let text = workspace.text();
        let words = &text.panel.feature;
        let session = &workspace.session;
        if session.hits.is_empty() {
            widget::empty(ui, &words.empty);
            return;
        }
        ui.horizontal(|ui| {
            let count = match session.hits.len() {
                1 => words.one_hit.clone(),
                more => fill(&words.hits, &[("n", &more.to_string())]),
            };
            ui.label(RichText::new(count).color(theme::palette(ui.visuals()).ink_soft));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if widget::icon_button(ui, Icon::Close, &words.clear).clicked() {
                    commands.navigate(Navigate::Select(Vec::new()));
                }
            });
        });
        let most = (ui.available_height() * 0.36).max(72.0);
        if session.hits.len() > 1 {
            ScrollArea::vertical().id_salt("hits").max_height(most).show(ui, |ui| {
                show_hits(ui, workspace, commands);
            });
            ui.separator();
        }
        ScrollArea::vertical().id_salt("fields").auto_shrink([false, false]).show(ui, |ui| {
            if let Some(key) = workspace.selected()
                && let Some(layer) = workspace.atlas().layer_by_id(key.layer)
                && let Some(feature) = layer.feature(key.index)
            {
                self.show_current(ui, workspace, derived, commands, key, layer, feature);
            }
        });
    }

    #[allow(clippy::too_many_arguments)]
    fn show_current(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        derived: &Derived,
        commands: &Commands,
        key: FeatureKey,
        layer: &Layer,
        feature: &Feature,
    ) {
        let text = workspace.text();
        let words = &text.panel.feature;
        let palette = theme::palette(ui.visuals());
        widget::title(ui, feature.name());
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(layer_title(layer, text)).color(palette.ink_soft));
            if let Some(class) = derived.water_class.get(&feature.id) {
                widget::class_badge(ui, Some(*class), &number::class_word(Some(*class), &text.panel));
            }
            if feature.flag("example") {
                widget::word_badge(ui, text.common.field("example"));
            }
        });
        ui.add_space(4.0);
        ui.horizontal_wrapped(|ui| {
            if let Some(to) = place_of(feature)
                && widget::labelled_button(ui, Icon::ZoomTo, &text.panel.fly_to).clicked()
            {
                commands.navigate(Navigate::Fly(to));
            }
            if matches!(layer.theme, Theme::Rivers | Theme::BlackOdourWaters)
                && widget::main_button(ui, Icon::Water, &words.water_card).clicked()
            {
                commands.navigate(Navigate::Show(Panel::Water));
            }
            if let Some(shape) = polygons(feature)
                && widget::labelled_button(ui, Icon::Polygon, &words.check_site).clicked()
            {
                commands.edit(Edit::AddSite(Box::new(project_of(feature, shape, workspace))));
                commands.navigate(Navigate::Show(Panel::Siting));
            }
            if widget::icon_button(ui, Icon::Copy, &words.copy_fields).clicked() {
                ui.copy_text(written(feature, text));
            }
        });
        widget::section(ui, &words.fields);
        widget::field(ui, text.common.field("id"), &feature.id);
        for (name, value) in feature.values.iter().filter(|(name, value)| is_shown(name, value, feature)) {
            match value {
                Value::Integer(class @ 1..=6) if name == "target_class" => {
                    let class = u8::try_from(*class).ok();
                    widget::field_with(ui, text.common.field(name), |ui| {
                        widget::class_badge(ui, class, &number::class_word(class, &text.panel));
                    });
                }
                _ => {
                    widget::field(ui, text.common.field(name), &words_of(name, value, workspace));
                }
            }
        }
        let revision = Some((workspace.revision(), text.language));
        if self.measured_in != revision {
            self.measures.clear();
            self.measured_in = revision;
        }
        let (name, value) = self.measures.entry(key).or_insert_with(|| measure(feature, text));
        widget::field(ui, name, value);
        widget::section(ui, &words.data);
        widget::field(ui, text.common.field("quality"), text.common.quality(feature.quality()));
        for (name, fallback) in [("source", &layer.source.origin), ("licence", &layer.source.licence)] {
            let own = feature.text(name);
            let value = if own.is_empty() { fallback } else { own };
            if !value.is_empty() {
                widget::field(ui, text.common.field(name), value);
            }
        }
        if feature.flag("example") {
            widget::remark(ui, &text.panel.example_notice);
        }
    }
}

fn show_hits(ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
    let text = workspace.text();
    let palette = theme::palette(ui.visuals());
    let hits = &workspace.session.hits;
    let mut layers = Vec::new();
    for key in hits {
        if !layers.contains(&key.layer) {
            layers.push(key.layer);
        }
    }
    for id in layers {
        let Some(layer) = workspace.atlas().layer_by_id(id) else { continue };
        ui.add(Label::new(RichText::new(layer_title(layer, text)).small().color(palette.ink_faint)));
        for (place, key) in hits.iter().enumerate().filter(|(_, key)| key.layer == id) {
            let Some(feature) = layer.feature(key.index) else { continue };
            let current = place == workspace.session.hit;
            let (area, row) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::click());
            row.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListItem, true, current, feature.name()));
            if current || row.hovered() {
                let ground = if current { palette.accent_ground } else { palette.button };
                ui.painter().rect_filled(area, f32::from(theme::ROUND), ground);
            }
            let ink = if current { palette.accent } else { palette.ink };
            let inner = area.shrink2(vec2(10.0, 0.0));
            let font = if current { theme::bold_font(13.5) } else { egui::TextStyle::Body.resolve(ui.style()) };
            let galley = egui::WidgetText::from(RichText::new(feature.name()).font(font));
            let galley =
                galley.into_galley(ui, Some(egui::TextWrapMode::Truncate), inner.width(), egui::TextStyle::Body);
            let at = egui::pos2(inner.left(), inner.center().y - galley.size().y / 2.0);
            ui.painter().galley(at, galley, ink);
            if current && workspace.session.hits.len() > 8 && ui.input(|input| input.key_pressed(egui::Key::Tab)) {
                row.scroll_to_me(None);
            }
            if row.clicked() {
                commands.navigate(Navigate::Hit(place));
            }
            if row.double_clicked()
                && let Some(to) = place_of(feature)
            {
                commands.navigate(Navigate::Fly(to));
            }
        }
    }
}

/// Where a feature is, for the map to fly to.
pub fn place_of(feature: &Feature) -> Option<FlyTo> {
    let bounds = feature.bounds()?;
    let is_point = bounds.width() < 1e-9 && bounds.height() < 1e-9;
    Some(if is_point { FlyTo::Place(bounds.center(), Some(14.0)) } else { FlyTo::Area(bounds) })
}

/// A feature as a project: of the kind and class that it tells, in whatever words, where it tells any.
fn project_of(feature: &Feature, shape: MultiPolygon, workspace: &Workspace) -> Site {
    let told = Site { name: feature.name().to_string(), ..format::site_of(feature, shape) };
    let mut sites = [told];
    settle_kinds(&mut sites, workspace.rulebook());
    let [mut site] = sites;
    let usual = || workspace.rulebook().kind(&site.kind)?.usual_land_use();
    site.land_use = site.land_use.or_else(usual);
    site
}

fn polygons(feature: &Feature) -> Option<MultiPolygon> {
    match feature.shape.as_ref()? {
        Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
}

fn is_shown(name: &str, value: &Value, feature: &Feature) -> bool {
    let repeated = name == "code" && value.as_text() == Some(&feature.id);
    !(value.is_null() || APART.contains(&name) || repeated || value.as_text() == Some(""))
}

/// A value as the person reads it.
fn words_of(name: &str, value: &Value, workspace: &Workspace) -> String {
    let text = workspace.text();
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { &text.common.yes } else { &text.common.no }.clone(),
        Value::Integer(whole) => match text.common.value(name, &whole.to_string()) {
            word if word.parse::<i64>().is_err() => word.to_string(),
            _ => number::grouped(*whole as f64, 0),
        },
        Value::Real(real) => number::trimmed(*real, 3),
        Value::Text(words) => {
            let refers = matches!(name, "flows_to" | "river" | "section" | "group");
            let name_of = |id: &str| name_of(id, workspace).unwrap_or_else(|| id.to_string());
            if refers { name_of(words) } else { text.common.value(name, words).to_string() }
        }
        Value::Date(date) => date.to_string(),
        Value::Nested(nested) => nested_words(nested, text),
    }
}

/// The name of the feature behind an id that another feature mentions.
fn name_of(id: &str, workspace: &Workspace) -> Option<String> {
    let themes = [
        Theme::Rivers,
        Theme::Lakes,
        Theme::Yangtze,
        Theme::MonitoringSections,
        Theme::BlackOdourWaters,
        Theme::WaterSources,
    ];
    let found = themes.iter().find_map(|theme| workspace.atlas().find(*theme, id))?;
    Some(found.1.name().to_string())
}

fn nested_words(value: &serde_json::Value, text: &Text) -> String {
    match value {
        serde_json::Value::Array(items) => {
            items.iter().map(|item| nested_words(item, text)).collect::<Vec<_>>().join("\n")
        }
        serde_json::Value::Object(fields) => {
            let parts =
                fields.iter().map(|(name, item)| format!("{} {}", text.common.field(name), nested_words(item, text)));
            parts.collect::<Vec<_>>().join("  ")
        }
        serde_json::Value::String(words) => words.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn measure(feature: &Feature, text: &Text) -> (String, String) {
    let words = &text.panel.feature;
    match &feature.shape {
        None => (words.shape_point.clone(), words.no_shape.clone()),
        Some(Geometry::Point(point)) => (words.shape_point.clone(), write_position(point.0, Notation::Degrees)),
        Some(shape @ (Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_))) => {
            (words.shape_length.clone(), number::distance(geometry::length(shape), &text.panel))
        }
        Some(shape) => (words.shape_area.clone(), number::large_area(geometry::area(shape), &text.panel)),
    }
}

/// All fields, one a line, for the clipboard: full precision.
fn written(feature: &Feature, text: &Text) -> String {
    let lines = feature.values.iter().filter(|(_, value)| !value.is_null());
    lines.map(|(name, value)| format!("{}\t{value}", text.common.field(name))).collect::<Vec<_>>().join("\n")
}
