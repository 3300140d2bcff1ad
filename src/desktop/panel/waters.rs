//! All waterbodies in one list: sorted, filtered, and bound to the map both ways.

use super::water::{go_to, level_name, show_light};
use crate::atlas::{ChiefLevel, ChiefRole, Theme};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::text::{Language, PanelText, fill};
use crate::waters::{Light, WaterClass, WaterSummary};
use crate::workspace::{Derived, Navigate, Panel, Workspace, fit};
use egui::{Align, Align2, Rect, RichText, ScrollArea, Sense, TextEdit, TextWrapMode, Ui, pos2, vec2};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The list of all waters.
#[derive(Debug, Default)]
pub struct WatersPanel {
    filter: Filter,
    sort: Sort,
    /// Places in the summaries, in the order shown.
    rows: Vec<usize>,
    rows_of: Option<(Filter, Sort, usize, Language)>,
    /// The water that the list last scrolled to.
    followed: Option<String>,
    districts: Vec<String>,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Filter {
    words: String,
    district: Option<String>,
    level: Option<ChiefLevel>,
    theme: Option<Theme>,
    only_overdue: bool,
    only_failing: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sort {
    column: Column,
    descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Sort { column: Column::Light, descending: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Light,
    Name,
    District,
    Now,
    Target,
    Overdue,
    Problems,
}

const COLUMNS: [(Column, f32); 7] = [
    (Column::Light, 30.0),
    (Column::Name, 0.0),
    (Column::District, 74.0),
    (Column::Now, 52.0),
    (Column::Target, 52.0),
    (Column::Overdue, 40.0),
    (Column::Problems, 40.0),
];

impl WatersPanel {
    /// Draws filters and list.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands) {
        let text = &workspace.text().panel;
        let words = &text.waters;
        if derived.waters.is_empty() {
            widget::empty(ui, &words.loading);
            return;
        }
        self.select_rows(&derived.waters, workspace.language());
        self.show_filters(ui, workspace);
        let rivers = derived.waters.iter().filter(|water| water.theme == Theme::Rivers).count();
        let counts = [
            ("rivers", rivers.to_string()),
            ("odour", (derived.waters.len() - rivers).to_string()),
            ("shown", self.rows.len().to_string()),
        ];
        let counts: Vec<_> = counts.iter().map(|(key, value)| (*key, value.as_str())).collect();
        widget::remark(ui, &fill(&words.counts, &counts));
        self.show_header(ui, text);
        if self.rows.is_empty() {
            widget::empty(ui, &words.nothing);
            return;
        }
        let selected = selected_id(workspace);
        let mut area = ScrollArea::vertical().id_salt("waters").auto_shrink([false, false]);
        ui.spacing_mut().item_spacing.y = 0.0;
        if self.followed.as_deref() != selected {
            self.followed = selected.map(str::to_string);
            let row = self
                .rows
                .iter()
                .position(|place| derived.waters.get(*place).is_some_and(|water| Some(water.id.as_str()) == selected));
            if let Some(row) = row {
                let middle = row as f32 * theme::ROW - ui.available_height() / 2.0;
                area = area.vertical_scroll_offset(middle.max(0.0));
            }
        }
        let rows = &self.rows;
        let mut followed = None;
        area.show_rows(ui, theme::ROW, rows.len(), |ui, range| {
            for place in rows.get(range).unwrap_or_default() {
                let Some(water) = derived.waters.get(*place) else { continue };
                let is_selected = selected == Some(water.id.as_str());
                let row = show_row(ui, water, is_selected, text);
                if row.clicked() {
                    followed = Some(water.id.clone());
                    go_to(water.theme, &water.id, workspace, commands);
                }
                if row.double_clicked() {
                    commands.navigate(Navigate::Show(Panel::Water));
                }
                row.context_menu(|ui| {
                    if ui.button(&text.fly_to).clicked() {
                        go_to(water.theme, &water.id, workspace, commands);
                    }
                    if ui.button(&text.feature.water_card).clicked() {
                        go_to(water.theme, &water.id, workspace, commands);
                        commands.navigate(Navigate::Show(Panel::Water));
                    }
                });
            }
        });
        if followed.is_some() {
            self.followed = followed;
        }
    }

    fn select_rows(&mut self, waters: &Arc<[WaterSummary]>, language: Language) {
        let of = (self.filter.clone(), self.sort, Arc::as_ptr(waters).addr(), language);
        if self.rows_of.as_ref() == Some(&of) {
            return;
        }
        let filter = &self.filter;
        let mut rows: Vec<usize> =
            (0..waters.len()).filter(|place| waters.get(*place).is_some_and(|water| filter.holds(water))).collect();
        let sort = self.sort;
        let water = |place: &usize| waters.get(*place);
        rows.sort_by(|a, b| {
            let (Some(a), Some(b)) = (water(a), water(b)) else { return std::cmp::Ordering::Equal };
            let order = sort.compare(a, b);
            if sort.descending { order.reverse() } else { order }
        });
        let districts: BTreeSet<&str> =
            waters.iter().flat_map(|water| water.district.split('、')).filter(|name| !name.is_empty()).collect();
        self.districts = districts.into_iter().map(str::to_string).collect();
        self.rows = rows;
        self.rows_of = Some(of);
    }

    fn show_filters(&mut self, ui: &mut Ui, workspace: &Workspace) {
        let text = workspace.text();
        let words = &text.panel.waters;
        ui.horizontal_wrapped(|ui| {
            let edit = TextEdit::singleline(&mut self.filter.words).hint_text(&words.filter).desired_width(150.0);
            ui.add(edit).accessible_name(&words.filter_name);
            let shown = self.filter.district.clone().unwrap_or_else(|| words.any_district.clone());
            let combo = egui::ComboBox::from_id_salt("district").selected_text(shown).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.filter.district, None, &words.any_district);
                for district in &self.districts {
                    ui.selectable_value(&mut self.filter.district, Some(district.clone()), district);
                }
            });
            combo.response.accessible_name(&words.district);
            let shown = self.filter.level.map_or(words.any_level.as_str(), |level| level_name(level, &text.panel));
            let combo = egui::ComboBox::from_id_salt("level").selected_text(shown).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.filter.level, None, &words.any_level);
                for level in [ChiefLevel::City, ChiefLevel::County, ChiefLevel::Town, ChiefLevel::Village] {
                    ui.selectable_value(&mut self.filter.level, Some(level), level_name(level, &text.panel));
                }
            });
            combo.response.accessible_name(&words.level);
            let shown = self.filter.theme.map_or(words.any_kind.as_str(), |theme| text.common.theme(theme));
            let combo = egui::ComboBox::from_id_salt("kind").selected_text(shown).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.filter.theme, None, &words.any_kind);
                for theme in [Theme::Rivers, Theme::BlackOdourWaters] {
                    ui.selectable_value(&mut self.filter.theme, Some(theme), text.common.theme(theme));
                }
            });
            combo.response.accessible_name(&words.kind);
            ui.toggle_value(&mut self.filter.only_overdue, &words.only_overdue);
            ui.toggle_value(&mut self.filter.only_failing, &words.only_failing);
            if self.filter != Filter::default() && widget::icon_button(ui, Icon::Close, &words.clear).clicked() {
                self.filter = Filter::default();
            }
        });
    }

    fn show_header(&mut self, ui: &mut Ui, text: &PanelText) {
        let words = &text.waters;
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let palette = theme::palette(ui.visuals());
        ui.painter().hline(area.x_range(), area.bottom(), egui::Stroke::new(1.0, palette.line));
        for (column, cell) in cells(area) {
            let name = match column {
                Column::Light => &words.col_light,
                Column::Name => &words.col_name,
                Column::District => &words.col_district,
                Column::Now => &words.col_now,
                Column::Target => &words.col_target,
                Column::Overdue => &words.col_overdue,
                Column::Problems => &words.col_problems,
            };
            let answer = ui.interact(cell, ui.scope_id().with(("sort", column as u8)), Sense::click());
            let said = fill(&words.sort_by, &[("column", name)]);
            answer.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColumnHeader, true, &said));
            let sorted = self.sort.column == column;
            let ink = if sorted || answer.hovered() { palette.accent } else { palette.ink_soft };
            let at = pos2(cell.left() + 2.0, cell.center().y);
            let drawn = ui.painter().text(at, Align2::LEFT_CENTER, name, theme::bold_font(12.0), ink);
            if sorted {
                let mark = Rect::from_center_size(pos2(drawn.right() + 6.0, cell.center().y), vec2(9.0, 9.0));
                let icon = if self.sort.descending { Icon::Down } else { Icon::Up };
                icon.paint(&ui.painter().with_clip_rect(cell), mark, ink);
            }
            if answer.clicked() {
                // Counts are looked at from the largest on.
                let first = matches!(column, Column::Overdue | Column::Problems | Column::Now);
                let descending = if sorted { !self.sort.descending } else { first };
                self.sort = Sort { column, descending };
            }
            answer.on_hover_text(said);
        }
    }
}

/// Columns with a width of zero share what is left.
fn cells(area: Rect) -> impl Iterator<Item = (Column, Rect)> {
    let fixed: f32 = COLUMNS.iter().map(|(_, width)| width).sum();
    let rest = (area.width() - fixed).max(60.0);
    let mut left = area.left();
    COLUMNS.into_iter().map(move |(column, width)| {
        let width = if width > 0.0 { width } else { rest };
        let cell = Rect::from_min_size(pos2(left, area.top()), vec2(width, area.height()));
        left += width;
        (column, cell)
    })
}

fn show_row(ui: &mut Ui, water: &WaterSummary, is_selected: bool, text: &PanelText) -> egui::Response {
    let (area, row) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    let palette = theme::palette(ui.visuals());
    if is_selected || row.hovered() {
        let ground = if is_selected { palette.accent_ground } else { palette.button };
        ui.painter().rect_filled(area, f32::from(theme::ROUND), ground);
    }
    let now = water.current.as_ref().and_then(|current| current.class);
    let overdue = water.duty.overdue_count();
    for (column, cell) in cells(area) {
        let count = |ui: &Ui, number: usize, tone: Tone| {
            let ink = if number > 0 { palette.tone(tone) } else { palette.ink_faint };
            let font = if number > 0 { theme::bold_font(13.0) } else { egui::FontId::proportional(13.0) };
            ui.painter().text(pos2(cell.left() + 4.0, cell.center().y), Align2::LEFT_CENTER, number, font, ink);
        };
        match column {
            Column::Light => {
                let inside = egui::UiBuilder::new().max_rect(cell).layout(egui::Layout::left_to_right(Align::Center));
                let mut ui = ui.new_child(inside.id_salt(("light", &water.id)));
                show_light(&mut ui, water.light, text);
            }
            Column::Name => words(ui, cell, &water.name, if is_selected { palette.accent } else { palette.ink }),
            Column::District => words(ui, cell, &water.district, palette.ink_soft),
            Column::Now => class_mark(ui, cell, now),
            Column::Target => class_mark(ui, cell, water.target),
            Column::Overdue => count(ui, overdue, Tone::Prohibited),
            Column::Problems => count(ui, water.duty.open_problems, Tone::Neutral),
        }
    }
    row.widget_info(|| {
        let class = number::class_word(now.map(WaterClass::number), text);
        egui::WidgetInfo::selected(egui::Role::Row, true, is_selected, format!("{} {class}", water.name))
    });
    row
}

fn words(ui: &Ui, cell: Rect, said: &str, ink: egui::Color32) {
    let galley = egui::WidgetText::from(RichText::new(said)).into_galley(
        ui,
        Some(TextWrapMode::Truncate),
        cell.width() - 4.0,
        egui::TextStyle::Body,
    );
    ui.painter().galley(pos2(cell.left() + 2.0, cell.center().y - galley.size().y / 2.0), galley, ink);
}

fn class_mark(ui: &Ui, cell: Rect, class: Option<WaterClass>) {
    let palette = theme::palette(ui.visuals());
    let mark = Rect::from_min_size(pos2(cell.left() + 2.0, cell.center().y - 9.0), vec2(34.0, 18.0));
    match class {
        Some(class) => {
            let fill = palette.class(class.number()).unwrap_or(palette.button);
            ui.painter().rect_filled(mark, 3.0, fill);
            let font = theme::bold_font(12.0);
            ui.painter().text(
                mark.center(),
                Align2::CENTER_CENTER,
                class.numeral(),
                font,
                palette.on_class(class.number()),
            );
        }
        None => widget::hatch(ui.painter(), mark, palette.ink_faint.gamma_multiply(0.5)),
    }
}

fn selected_id(workspace: &Workspace) -> Option<&str> {
    let key = workspace.selected()?;
    Some(workspace.atlas().feature(key)?.id.as_str())
}

impl Filter {
    fn holds(&self, water: &WaterSummary) -> bool {
        let words = self.words.trim();
        (words.is_empty() || fit(&water.name, words).is_some() || fit(&water.id, words).is_some())
            && self.district.as_ref().is_none_or(|district| water.district.split('、').any(|own| own == district))
            && self.level.is_none_or(|level| highest(water) == Some(level))
            && self.theme.is_none_or(|theme| water.theme == theme)
            && (!self.only_overdue || water.duty.is_overdue())
            && (!self.only_failing || water.meets == Some(false))
    }
}

/// The highest rank that answers for a water.
fn highest(water: &WaterSummary) -> Option<ChiefLevel> {
    water.chiefs.iter().filter(|chief| chief.role == ChiefRole::Chief).map(|chief| chief.level).min()
}

impl Sort {
    fn compare(self, a: &WaterSummary, b: &WaterSummary) -> std::cmp::Ordering {
        let now = |water: &WaterSummary| water.current.as_ref().and_then(|current| current.class);
        let light = |water: &WaterSummary| match water.light {
            Light::Red => 0,
            Light::Yellow => 1,
            Light::Grey => 2,
            Light::Green => 3,
        };
        match self.column {
            Column::Light => light(a).cmp(&light(b)).then(b.duty.overdue_count().cmp(&a.duty.overdue_count())),
            Column::Name => a.name.cmp(&b.name),
            Column::District => a.district.cmp(&b.district),
            Column::Now => now(a).cmp(&now(b)),
            Column::Target => a.target.cmp(&b.target),
            Column::Overdue => a.duty.overdue_count().cmp(&b.duty.overdue_count()),
            Column::Problems => a.duty.open_problems.cmp(&b.duty.open_problems),
        }
        .then_with(|| a.id.cmp(&b.id))
    }
}
