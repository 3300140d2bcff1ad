//! Two versions of a constraint held against each other: chosen, compared in the background, shown as totals, table, map
//! and the projects that are judged otherwise.

use super::layer_title;
use super::siting::grade_tone;
use crate::atlas::{Layer, Quality, Theme};
use crate::cartography::legend::{Fill, Legend};
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::format::Format;
use crate::siting::audit::{Audit, Retold, ZoneChange, ZoneState};
use crate::text::{Text, audit as sentence, fill};
use crate::workspace::{FlyTo, Navigate, Workspace};
use egui::{Align2, ComboBox, Label, Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};
use std::cmp::Ordering;
use std::sync::Arc;

/// What the window must do after drawing the panel.
#[derive(Debug, Clone)]
pub enum AuditWant {
    /// Ask for a file with a version, the new one or the old, of this theme.
    Choose(bool, Theme),
    /// Compare these versions.
    Run(Arc<Layer>, Arc<Layer>),
    /// Call it off.
    Stop,
    /// Write the answer to a file.
    Export(Format),
}

/// The old version and the new.
pub type Versions = (Arc<Layer>, Arc<Layer>);

/// The audit of two versions.
#[derive(Debug, Default)]
pub struct AuditPanel {
    old: Option<Arc<Layer>>,
    new: Option<Arc<Layer>>,
    theme: Option<Theme>,
    answer: Option<Answer>,
    sort: Sort,
    shows_all: bool,
    is_hidden: bool,
    rows: Vec<usize>,
    rows_of: Option<(Sort, bool, usize)>,
    chosen: Option<usize>,
}

#[derive(Debug)]
struct Answer {
    audit: Arc<Audit>,
    versions: (Arc<Layer>, Arc<Layer>),
    revision: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sort {
    column: Column,
    descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Sort { column: Column::Lost, descending: true }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    State,
    Name,
    Lost,
    Gained,
}

const COLUMNS: [(Column, f32); 4] =
    [(Column::State, 52.0), (Column::Name, 0.0), (Column::Lost, 88.0), (Column::Gained, 88.0)];

/// Rows of zones that are seen at once.
const ROWS_SEEN: f32 = 9.0;

impl AuditPanel {
    /// Draws it; `running` is how far a comparison is. Says what the window must do.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        running: Option<f32>,
        commands: &Commands,
    ) -> Option<AuditWant> {
        let text = workspace.text();
        let words = &text.audit.panel;
        let mut want = None;
        widget::title(ui, &words.name);
        ScrollArea::vertical().id_salt("audit").auto_shrink([false, false]).show(ui, |ui| {
            widget::remark(ui, &words.intro);
            self.show_versions(ui, workspace, &mut want);
            self.show_start(ui, workspace, running, &mut want);
            let Some(audit) = self.answer.as_ref().map(|answer| answer.audit.clone()) else { return };
            if self.is_stale(workspace) {
                widget::notice(ui, Tone::Restricted, &words.stale);
            }
            self.show_totals(ui, &audit, text);
            self.show_zones(ui, &audit, text, commands);
            show_types(ui, &audit, text);
            self.show_projects(ui, &audit, text);
            widget::section(ui, &words.export_title);
            ui.horizontal(|ui| {
                for format in [Format::Xlsx, Format::GeoPackage, Format::GeoJson] {
                    let name = fill(&words.export, &[("format", format.name())]);
                    if widget::labelled_button(ui, Icon::Export, format.name()).on_hover_text(name).clicked() {
                        want = Some(AuditWant::Export(format));
                    }
                }
            });
            widget::section(ui, &words.details);
            widget::remark(ui, &words.own_note);
            widget::remark(ui, &sentence::balance_sentence(&audit, text));
            widget::remark(ui, &text.siting.reservation);
        });
        want
    }

    /// Takes a version that was read from a file.
    pub fn take_version(&mut self, is_new: bool, layer: Arc<Layer>) {
        *(if is_new { &mut self.new } else { &mut self.old }) = Some(layer);
    }

    /// Takes the answer to a comparison.
    pub fn take(&mut self, audit: Audit, versions: (Arc<Layer>, Arc<Layer>), revision: u64) {
        self.answer = Some(Answer { audit: Arc::new(audit), versions, revision });
        (self.chosen, self.rows_of) = (None, None);
        self.is_hidden = false;
    }

    /// What is to be painted on the map.
    pub fn painted(&self) -> Option<&Arc<Audit>> {
        self.answer.as_ref().filter(|_| !self.is_hidden).map(|answer| &answer.audit)
    }

    /// The answer and what it is of.
    pub fn answer(&self) -> Option<(&Arc<Audit>, &Versions)> {
        self.answer.as_ref().map(|answer| (&answer.audit, &answer.versions))
    }

    fn is_stale(&self, workspace: &Workspace) -> bool {
        let Some(answer) = &self.answer else { return false };
        // taken as another theme it is still the same layer
        let is_of = |chosen: &Option<Arc<Layer>>, known: &Arc<Layer>| {
            chosen.as_ref().is_none_or(|chosen| chosen.id == known.id)
        };
        let (old, new) = &answer.versions;
        answer.revision != workspace.revision() || !is_of(&self.old, old) || !is_of(&self.new, new)
    }

    fn show_versions(&mut self, ui: &mut Ui, workspace: &Workspace, want: &mut Option<AuditWant>) {
        let text = workspace.text();
        let words = &text.audit.panel;
        let layers: Vec<Arc<Layer>> =
            workspace.atlas().layers.iter().filter(|layer| may_be_version(layer)).cloned().collect();
        // what was taken out of the atlas can no longer be chosen, yet stays compared
        if self.old.is_none() {
            self.old = layers.iter().find(|layer| layer.theme == Theme::RedlineZones).cloned();
        }
        for (is_new, name) in [(false, &words.old), (true, &words.new)] {
            let chosen = if is_new { &mut self.new } else { &mut self.old };
            let mut from_file = false;
            widget::narrow_field_with(ui, name, |ui| {
                let title = |layer: &Layer| {
                    if layer.source.file.is_empty() {
                        layer_title(layer, text).to_owned()
                    } else {
                        layer.source.file.clone()
                    }
                };
                let shown = chosen.as_ref().map_or(words.choose.clone(), |layer| title(layer));
                let combo = ComboBox::from_id_salt(("version", is_new)).selected_text(shown);
                let combo = combo.width(ui.available_width() - 8.0).height(360.0).truncate().show_ui(ui, |ui| {
                    from_file = ui.selectable_label(false, &words.from_file).clicked();
                    ui.separator();
                    for layer in &layers {
                        let is_chosen = chosen.as_ref().is_some_and(|known| Arc::ptr_eq(known, layer));
                        let said = format!("{} · {}", text.common.theme(layer.theme), title(layer));
                        if ui.selectable_label(is_chosen, said).clicked() {
                            *chosen = Some(layer.clone());
                        }
                    }
                });
                combo.response.accessible_name(name);
            });
            if from_file {
                let theme = self.theme(workspace);
                *want = Some(AuditWant::Choose(is_new, theme));
            }
        }
        let theme = self.theme(workspace);
        widget::narrow_field_with(ui, &words.theme, |ui| {
            let combo = ComboBox::from_id_salt("audit theme").selected_text(text.common.theme(theme));
            let combo = combo.width(ui.available_width() - 8.0).show_ui(ui, |ui| {
                for other in THEMES {
                    if ui.selectable_label(theme == other, text.common.theme(other)).clicked() {
                        self.theme = Some(other);
                    }
                }
            });
            combo.response.accessible_name(&words.theme);
        });
    }

    /// What the versions are of: as told, else what the old one says.
    fn theme(&self, _: &Workspace) -> Theme {
        let of =
            |layer: &Option<Arc<Layer>>| layer.as_ref().map(|layer| layer.theme).filter(|theme| THEMES.contains(theme));
        self.theme.or(of(&self.old)).or(of(&self.new)).unwrap_or(Theme::RedlineZones)
    }

    fn show_start(&mut self, ui: &mut Ui, workspace: &Workspace, running: Option<f32>, want: &mut Option<AuditWant>) {
        let words = &workspace.text().audit.panel;
        if let Some(share) = running {
            ui.horizontal(|ui| {
                let bar = egui::ProgressBar::new(share).text(&words.running);
                ui.add(bar.desired_width((ui.available_width() - 84.0).max(120.0)));
                if widget::labelled_button(ui, Icon::Close, &words.cancel).clicked() {
                    *want = Some(AuditWant::Stop);
                }
            });
            return;
        }
        let (Some(old), Some(new)) = (&self.old, &self.new) else { return };
        if Arc::ptr_eq(old, new) {
            widget::notice(ui, Tone::Attention, &words.same);
            return;
        }
        let name = if self.answer.is_some() { &words.rerun } else { &words.run };
        if widget::main_button(ui, Icon::Level, name).clicked() {
            let theme = self.theme(workspace);
            *want = Some(AuditWant::Run(as_theme(old, theme), as_theme(new, theme)));
        }
    }

    fn show_totals(&mut self, ui: &mut Ui, audit: &Audit, text: &Text) {
        let words = &text.audit.panel;
        ui.add_space(4.0);
        let tone = if audit.not_reduced { Tone::Clear } else { Tone::Prohibited };
        widget::toned_card(ui, tone, |ui| {
            let palette = theme::palette(ui.visuals());
            let said = sentence::verdict_sentence(audit, text);
            ui.add(Label::new(theme::bold(said).color(palette.tone(tone))).wrap());
            ui.add(Label::new(RichText::new(sentence::share_sentence(audit, text)).small()).wrap());
            if audit.data_quality == Quality::Schematic {
                let notice = RichText::new(&text.common.schematic_notice).small().color(palette.tone(Tone::Restricted));
                ui.add(Label::new(notice).wrap());
            }
        });
        let legend = &Legend::bundled().change;
        let sheet = &text.audit.sheet;
        for (fill_of, name, value) in [
            (None, &sheet.old, audit.hectares.old),
            (None, &sheet.new, audit.hectares.new),
            (Some((&legend.unchanged, 0)), &words.unchanged, audit.hectares.unchanged),
            (Some((&legend.lost, 1)), &words.lost, audit.hectares.lost),
            (Some((&legend.gained, 2)), &words.gained, audit.hectares.gained),
        ] {
            ui.horizontal(|ui| {
                let (mark, _) = ui.allocate_exact_size(vec2(18.0, 14.0), Sense::hover());
                if let Some((fill_of, lean)) = fill_of {
                    show_swatch(ui, mark, fill_of, lean);
                }
                ui.label(name.as_str());
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.label(fill(&words.hectares, &[("n", &number::grouped(value, 4))]));
                });
            });
        }
        let mut is_shown = !self.is_hidden;
        if ui.checkbox(&mut is_shown, &words.overlay).changed() {
            self.is_hidden = !is_shown;
        }
        for (used, name) in [(&audit.old, &sheet.old), (&audit.new, &sheet.new)] {
            if used.unusable > 0 {
                let values = [("version", name.as_str()), ("n", &used.unusable.to_string())];
                widget::notice(ui, Tone::Attention, &fill(&text.audit.unusable, &values));
            }
        }
    }

    fn show_zones(&mut self, ui: &mut Ui, audit: &Audit, text: &Text, commands: &Commands) {
        let words = &text.audit.panel;
        widget::section(ui, &words.zones);
        widget::remark(ui, &sentence::counts_sentence(audit, text));
        let counts = audit.counts;
        let changed = counts.added + counts.removed + counts.changed;
        ui.horizontal(|ui| {
            let few = fill(&words.changed_only, &[("n", &changed.to_string())]);
            let all = fill(&words.all, &[("n", &audit.zones.len().to_string())]);
            if ui.selectable_label(!self.shows_all, few).clicked() {
                self.shows_all = false;
            }
            if ui.selectable_label(self.shows_all, all).clicked() {
                self.shows_all = true;
            }
        });
        self.select_rows(audit);
        self.show_header(ui, text);
        if self.rows.is_empty() {
            widget::empty(ui, &words.no_zones);
            return;
        }
        let mut chosen = None;
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let height = theme::ROW * (self.rows.len() as f32).min(ROWS_SEEN);
            let area = ScrollArea::vertical().id_salt("audit zones").max_height(height).auto_shrink([false, false]);
            let area = area.min_scrolled_height(height);
            area.show_rows(ui, theme::ROW, self.rows.len(), |ui, range| {
                for place in self.rows.get(range).unwrap_or_default() {
                    let Some(zone) = audit.zones.get(*place) else { continue };
                    if show_row(ui, zone, self.chosen == Some(*place), text).clicked() {
                        chosen = Some(*place);
                        if let Some(bounds) = zone.bounds {
                            commands.navigate(Navigate::Fly(FlyTo::Area(bounds)));
                        }
                    }
                }
            });
        });
        self.chosen = chosen.or(self.chosen);
        if let Some(zone) = self.chosen.and_then(|place| audit.zones.get(place)) {
            show_zone(ui, zone, text);
        }
    }

    fn select_rows(&mut self, audit: &Audit) {
        let of = (self.sort, self.shows_all, std::ptr::from_ref(audit).addr());
        if self.rows_of == Some(of) {
            return;
        }
        let zone = |place: &usize| audit.zones.get(*place);
        let holds =
            |place: &usize| self.shows_all || zone(place).is_some_and(|zone| zone.state != ZoneState::Unchanged);
        let mut rows: Vec<usize> = (0..audit.zones.len()).filter(holds).collect();
        let sort = self.sort;
        rows.sort_by(|one, other| {
            let (Some(a), Some(b)) = (zone(one), zone(other)) else { return Ordering::Equal };
            let order = match sort.column {
                Column::State => a.state.cmp(&b.state),
                Column::Name => a.name.cmp(&b.name),
                Column::Lost => a.lost_m2.total_cmp(&b.lost_m2),
                Column::Gained => a.gained_m2.total_cmp(&b.gained_m2),
            };
            (if sort.descending { order.reverse() } else { order }).then(one.cmp(other))
        });
        self.rows = rows;
        self.rows_of = Some(of);
    }

    fn show_header(&mut self, ui: &mut Ui, text: &Text) {
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let palette = theme::palette(ui.visuals());
        ui.painter().hline(area.x_range(), area.bottom(), egui::Stroke::new(1.0, palette.line));
        let (columns, words) = (&text.audit.column, &text.audit.panel);
        for (column, cell) in cells(area) {
            let (name, is_right) = match column {
                Column::State => (&columns.state, false),
                Column::Name => (&columns.name, false),
                Column::Lost => (&words.lost, true),
                Column::Gained => (&words.gained, true),
            };
            let answer = ui.interact(cell, ui.scope_id().with(("sort zones", column as u8)), Sense::click());
            let said = fill(&words.sort_by, &[("column", name)]);
            answer.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColumnHeader, true, &said));
            let sorted = self.sort.column == column;
            let ink = if sorted || answer.hovered() { palette.accent } else { palette.ink_soft };
            let (at, anchor) = if is_right {
                (pos2(cell.right() - 14.0, cell.center().y), Align2::RIGHT_CENTER)
            } else {
                (pos2(cell.left() + 4.0, cell.center().y), Align2::LEFT_CENTER)
            };
            let drawn = ui.painter().text(at, anchor, name, theme::bold_font(12.0), ink);
            if sorted {
                let mark = Rect::from_center_size(pos2(drawn.right() + 6.0, cell.center().y), vec2(9.0, 9.0));
                let icon = if self.sort.descending { Icon::Down } else { Icon::Up };
                icon.paint(ui.painter(), mark, ink);
            }
            if answer.clicked() {
                self.sort = Sort { column, descending: if sorted { !self.sort.descending } else { is_right } };
            }
            answer.on_hover_text(said);
        }
    }

    fn show_projects(&mut self, ui: &mut Ui, audit: &Audit, text: &Text) {
        let words = &text.audit.panel;
        widget::section(ui, &words.projects);
        let Some(projects) = &audit.projects else {
            widget::remark(ui, &words.projects_none);
            return;
        };
        if projects.flipped.is_empty() {
            widget::remark(ui, &fill(&words.no_flip, &[("n", &projects.checked.to_string())]));
        }
        for project in projects.flipped.iter().take(200) {
            show_project(ui, project, text);
        }
        if !projects.touched.is_empty() {
            widget::section(ui, &text.audit.touched);
            for project in projects.touched.iter().take(200) {
                ui.add(Label::new(sentence::retold_sentence(project, text)).wrap());
            }
        }
    }
}

/// Themes that may be constraints with versions.
const THEMES: [Theme; 6] = [
    Theme::RedlineZones,
    Theme::LivestockZones,
    Theme::WaterSources,
    Theme::ContaminatedPlots,
    Theme::PatternAreas,
    Theme::Constraint,
];

fn may_be_version(layer: &Layer) -> bool {
    let has_area = |layer: &Layer| {
        layer.features().iter().take(50).any(|feature| {
            use crate::geometry::geo::Geometry;
            matches!(feature.shape, Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_)))
        })
    };
    (THEMES.contains(&layer.theme) || layer.theme == Theme::Other) && has_area(layer)
}

/// The layer, taken as one of this theme.
fn as_theme(layer: &Arc<Layer>, theme: Theme) -> Arc<Layer> {
    if layer.theme == theme { layer.clone() } else { Arc::new(layer.as_theme(theme)) }
}

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

fn state_tone(state: ZoneState) -> Tone {
    match state {
        ZoneState::Removed => Tone::Prohibited,
        ZoneState::Added => Tone::Clear,
        ZoneState::Changed => Tone::Restricted,
        ZoneState::Unchanged => Tone::Neutral,
    }
}

fn show_row(ui: &mut Ui, zone: &ZoneChange, is_chosen: bool, text: &Text) -> egui::Response {
    let (area, row) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    let palette = theme::palette(ui.visuals());
    if is_chosen || row.hovered() {
        let ground = if is_chosen { palette.accent_ground } else { palette.button };
        ui.painter().rect_filled(area, f32::from(theme::ROUND), ground);
    }
    let hectares = |square_metres: f64| {
        if square_metres == 0.0 { "–".to_owned() } else { number::grouped(square_metres / 10_000.0, 4) }
    };
    for (column, cell) in cells(area) {
        let (words, ink, is_right) = match column {
            Column::State => {
                (sentence::state_word(zone.state, text).to_owned(), palette.tone(state_tone(zone.state)), false)
            }
            Column::Name => (zone.name.clone(), if is_chosen { palette.accent } else { palette.ink }, false),
            Column::Lost => (hectares(zone.lost_m2), palette.ink_soft, true),
            Column::Gained => (hectares(zone.gained_m2), palette.ink_soft, true),
        };
        let galley = egui::WidgetText::from(RichText::new(words)).into_galley(
            ui,
            Some(egui::TextWrapMode::Truncate),
            cell.width() - 6.0,
            egui::TextStyle::Body,
        );
        let left = if is_right { cell.right() - 4.0 - galley.size().x } else { cell.left() + 4.0 };
        ui.painter().galley_with_override_text_color(pos2(left, cell.center().y - galley.size().y / 2.0), galley, ink);
    }
    row.widget_info(|| {
        let said = fill(&text.audit.panel.go, &[("name", &zone.name)]);
        egui::WidgetInfo::selected(egui::Role::Row, true, is_chosen, said)
    });
    row
}

fn show_zone(ui: &mut Ui, zone: &ZoneChange, text: &Text) {
    let column = &text.audit.column;
    let figure = |value: f64| number::grouped(value, 2);
    widget::card(ui, |ui| {
        ui.add(Label::new(theme::bold(&zone.name)).wrap());
        widget::field(ui, &column.id, &zone.id);
        if !zone.class.is_empty() {
            widget::field(ui, &column.class, text.common.value(&zone.class_field, &zone.class));
        }
        widget::field(ui, &column.matched, &sentence::matched_word(zone, text));
        for (name, value) in [
            (&column.old, zone.old_m2),
            (&column.new, zone.new_m2),
            (&column.lost, zone.lost_m2),
            (&column.gained, zone.gained_m2),
            (&column.uncovered, zone.uncovered_m2),
            (&column.newly_covered, zone.newly_covered_m2),
        ] {
            widget::field(ui, name, &figure(value));
        }
        if !zone.fields.is_empty() {
            widget::field(ui, &column.fields, &sentence::fields_words(zone, text));
        }
    });
}

fn show_types(ui: &mut Ui, audit: &Audit, text: &Text) {
    if audit.types.is_empty() {
        return;
    }
    let words = &text.audit.panel;
    widget::section(ui, &words.types);
    for kind in &audit.types {
        let word = text.common.value(&kind.field, &kind.value);
        let word = if word.is_empty() { &text.audit.empty_value } else { word };
        ui.horizontal(|ui| {
            ui.label(word);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let [lost, gained] = [kind.lost_m2, kind.gained_m2].map(|value| number::grouped(value / 10_000.0, 4));
                let gained = fill(&words.hectares, &[("n", &gained)]);
                let said = format!("{} {lost} · {} {gained}", words.lost, words.gained);
                widget::remark(ui, &said);
            });
        });
    }
}

fn show_project(ui: &mut Ui, project: &Retold, text: &Text) {
    let word =
        |grade: crate::siting::Grade| text.panel.siting.grade.get(grade.code()).map_or(grade.code(), String::as_str);
    widget::card(ui, |ui| {
        ui.add(Label::new(theme::bold(&project.name)).truncate());
        ui.horizontal_wrapped(|ui| {
            widget::tone_badge(ui, grade_tone(project.old_verdict), word(project.old_verdict));
            ui.label("→");
            widget::tone_badge(ui, grade_tone(project.new_verdict), word(project.new_verdict));
        });
        for zone in &project.zones {
            let values = [
                ("zone", zone.name.clone()),
                ("old", number::grouped(zone.old_overlap_m2, 2)),
                ("new", number::grouped(zone.new_overlap_m2, 2)),
            ];
            let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
            widget::remark(ui, &fill(&text.audit.flipped_by, &values));
        }
    });
}

/// A sample of what is on the map: pale, or hatched one way or the other.
fn show_swatch(ui: &Ui, area: Rect, of: &Fill, lean: i8) {
    let ink = theme::solid(of.colour);
    let painter = ui.painter().with_clip_rect(area);
    painter.rect_filled(area, 2.0, ink.gamma_multiply(of.opacity));
    let mut at = area.left() - area.height();
    while lean > 0 && at < area.right() {
        let (from, to) = if lean == 1 { (area.bottom(), area.top()) } else { (area.top(), area.bottom()) };
        painter.line_segment([pos2(at, from), pos2(at + area.height(), to)], egui::Stroke::new(1.2, ink));
        at += 5.0;
    }
    painter.rect_stroke(area, 2.0, egui::Stroke::new(1.0, ink), egui::StrokeKind::Inside);
}
