//! Many projects of one file: a table that sorts, filters and finds, bound to the map both ways.

use super::siting::grade_tone;
use crate::desktop::Commands;
use crate::desktop::batch_run::BatchRun;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::format::Format;
use crate::geometry::Area;
use crate::geometry::geo::{Contains, Coord, Rect as Extent};
use crate::siting::{Grade, Rulebook, Verdict};
use crate::text::siting::finding_sentence;
use crate::text::{Language, Text, fill};
use crate::workspace::{Batch, Command, Edit, FlyTo, Navigate, Panel, Workspace, fit};
use egui::{Align2, Label, Rect, RichText, ScrollArea, Sense, TextEdit, Ui, pos2, vec2};
use std::cmp::Ordering;
use std::sync::Arc;

/// What the window must do after drawing the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchWant {
    /// Judge all of it again.
    Rerun,
    /// Call it off.
    Stop,
    /// Write the answers to a file.
    Export(Format),
}

/// The table of projects.
#[derive(Debug, Default)]
pub struct BatchPanel {
    filter: Filter,
    sort: Sort,
    /// Places of the projects, in the order shown.
    rows: Vec<usize>,
    rows_of: Option<(Filter, Sort, u64, Language)>,
    /// When they were put in order, seconds.
    ordered_at: f64,
    counts: [usize; 5],
    counted: u64,
    /// The project that is chosen.
    chosen: Option<usize>,
    /// The project that the table last scrolled to.
    followed: Option<usize>,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Filter {
    words: String,
    grade: Option<Grade>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Sort {
    column: Column,
    descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Sort { column: Column::Grade, descending: false }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Grade,
    Name,
    Area,
    Kind,
    Worst,
    Overlap,
    Date,
}

const GRADES: [Grade; 5] = [Grade::Prohibited, Grade::Restricted, Grade::Attention, Grade::Unchecked, Grade::Clear];

/// Height of a row: two lines.
const ROW: f32 = 42.0;
/// While the batch runs rows are put in order this often, seconds.
const RESORT: f64 = 0.6;
/// Height of the details below the table.
const DETAILS: f32 = 210.0;

impl BatchPanel {
    /// Draws the table; says what the window must do.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        run: &BatchRun,
        commands: &Commands,
    ) -> Option<BatchWant> {
        let text = workspace.text();
        let words = &text.batch.panel;
        let Some(batch) = workspace.batch.clone() else {
            widget::empty(ui, &text.panel.siting.empty);
            return None;
        };
        let mut want = None;
        ui.horizontal(|ui| {
            widget::title(ui, &words.name);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if widget::icon_button(ui, Icon::Close, &words.close).clicked() {
                    commands.send(Command::CloseBatch);
                }
            });
        });
        let values = [("file", batch.name.clone()), ("n", batch.sites.len().to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        widget::remark(ui, &fill(&words.count, &values));
        show_state(ui, run, text, &mut want);
        if !batch.unknown_kinds.is_empty() {
            let values =
                [("file", batch.name.as_str()), ("kinds", &batch.unknown_kinds.join(&text.elsewhere.separator))];
            widget::notice(ui, Tone::Attention, &fill(&text.batch.unknown_kinds, &values));
        }
        self.count(run);
        self.show_filters(ui, run, text);
        self.select_rows(&batch, run, workspace, ui.input(|input| input.time));
        ui.horizontal(|ui| {
            for format in [Format::Xlsx, Format::GeoPackage, Format::GeoJson] {
                let name = fill(&words.export, &[("format", format.name())]);
                if widget::labelled_button(ui, Icon::Export, format.name()).on_hover_text(name).clicked() {
                    want = Some(BatchWant::Export(format));
                }
            }
        });
        widget::remark(ui, &fill(&words.shown, &[("n", &self.rows.len().to_string())]));
        self.show_header(ui, text);
        let whole = ui.available_height();
        let details = if self.chosen.is_some() { DETAILS.min(whole * 0.42) } else { 0.0 };
        let height = whole - details;
        ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
            ui.set_min_height(height);
            self.show_rows(ui, &batch, run, workspace, commands);
        });
        if let Some(place) = self.chosen {
            ui.separator();
            show_details(ui, place, &batch, run, workspace, commands);
        }
        if run.state().is_running {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(120));
        }
        want
    }

    /// The project chosen, for the map.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen
    }

    /// Chooses the project under a place of the map; the smallest where several lie. Whether there was one.
    pub fn pick(&mut self, at: Coord, reach: f64, batch: &Batch, run: &BatchRun) -> bool {
        let near = |bounds: Extent| {
            let (low, high) = (bounds.min(), bounds.max());
            low.x - reach <= at.x && at.x <= high.x + reach && low.y - reach <= at.y && at.y <= high.y + reach
        };
        let under = batch.sites.iter().enumerate().filter_map(|(place, site)| {
            let bounds = run.bounds(place).filter(|bounds| near(*bounds))?;
            // one that is a dot on the screen is hit anywhere near it
            let is_dot = bounds.width().max(bounds.height()) < 2.0 * reach;
            (is_dot || site.shape.contains(&at)).then(|| (bounds.width() * bounds.height(), place))
        });
        let found = under.min_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, place)| place);
        if let Some(place) = found {
            self.chosen = Some(place);
            if !self.rows.contains(&place) {
                self.filter = Filter::default();
            }
        }
        found.is_some()
    }

    fn count(&mut self, run: &BatchRun) {
        if self.counted == run.version() {
            return;
        }
        self.counted = run.version();
        self.counts = GRADES.map(|grade| (0..run.state().all).filter(|place| run.grade(*place) == Some(grade)).count());
        if self.chosen.is_some_and(|place| place >= run.state().all) {
            self.chosen = None;
        }
    }

    fn show_filters(&mut self, ui: &mut Ui, run: &BatchRun, text: &Text) {
        let words = &text.batch.panel;
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let all = fill(&words.all, &[("n", &run.state().all.to_string())]);
            if ui.selectable_label(self.filter.grade.is_none(), all).clicked() {
                self.filter.grade = None;
            }
            let palette = theme::palette(ui.visuals());
            for (grade, count) in GRADES.into_iter().zip(self.counts) {
                let word = grade_word(grade, text);
                let shown = RichText::new(format!("{word} {count}")).color(palette.tone(grade_tone(grade)));
                let answer = ui.selectable_label(self.filter.grade == Some(grade), shown);
                let said = fill(&words.filter_of, &[("grade", word)]);
                answer.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
                if answer.on_hover_text(&said).clicked() {
                    self.filter.grade = if self.filter.grade == Some(grade) { None } else { Some(grade) };
                }
            }
        });
        let edit = TextEdit::singleline(&mut self.filter.words).hint_text(&words.search);
        ui.add(edit.desired_width(ui.available_width() - 8.0)).accessible_name(&words.search_name);
    }

    fn select_rows(&mut self, batch: &Batch, run: &BatchRun, workspace: &Workspace, now: f64) {
        let language = workspace.language();
        // while answers stream in, thousands of rows are not put in order with every one of them
        let waits = run.state().is_running && (0.0..RESORT).contains(&(now - self.ordered_at));
        let known = self.rows_of.as_ref().filter(|_| waits).map(|(_, _, version, _)| *version);
        let of = (self.filter.clone(), self.sort, known.unwrap_or(run.version()), language);
        if self.rows_of.as_ref() == Some(&of) {
            return;
        }
        let words = self.filter.words.trim();
        let holds = |place: &usize| {
            let Some(site) = batch.sites.get(*place) else { return false };
            (words.is_empty() || fit(&site.name, words).is_some() || fit(&site.id, words).is_some())
                && self.filter.grade.is_none_or(|grade| run.grade(*place) == Some(grade))
        };
        let mut rows: Vec<usize> = (0..batch.sites.len()).filter(holds).collect();
        let sort = self.sort;
        let rulebook = workspace.rulebook();
        rows.sort_by(|one, other| {
            let order = compare(sort.column, (*one, *other), batch, run, (rulebook, language));
            let order = if sort.descending { order.reverse() } else { order };
            order.then(one.cmp(other))
        });
        self.rows = rows;
        self.rows_of = Some(of);
        self.ordered_at = now;
    }

    fn show_header(&mut self, ui: &mut Ui, text: &Text) {
        let words = &text.batch.panel;
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), Sense::hover());
        let palette = theme::palette(ui.visuals());
        ui.painter().hline(area.x_range(), area.bottom(), egui::Stroke::new(1.0, palette.line));
        for (column, cell) in cells(area) {
            let name = match column {
                Column::Grade => &words.col_grade,
                Column::Name => &words.col_name,
                Column::Area => &words.col_area,
                Column::Kind => &words.col_kind,
                Column::Worst => &words.col_worst,
                Column::Overlap => &words.col_overlap,
                Column::Date => &words.col_date,
            };
            let answer = ui.interact(cell, ui.scope_id().with(("sort", column as u8)), Sense::click());
            let said = fill(&words.sort_by, &[("column", name)]);
            answer.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColumnHeader, true, &said));
            let sorted = self.sort.column == column;
            let ink = if sorted || answer.hovered() { palette.accent } else { palette.ink_soft };
            let is_right = matches!(column, Column::Area | Column::Overlap | Column::Date);
            let room = if sorted { 11.0 } else { 0.0 };
            let (at, anchor) = if is_right {
                (pos2(cell.right() - 4.0 - room, cell.center().y), Align2::RIGHT_CENTER)
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
                // figures and days are looked at from the largest on
                let first = matches!(column, Column::Area | Column::Overlap | Column::Date);
                self.sort = Sort { column, descending: if sorted { !self.sort.descending } else { first } };
            }
            answer.on_hover_text(said);
        }
    }

    fn show_rows(&mut self, ui: &mut Ui, batch: &Batch, run: &BatchRun, workspace: &Workspace, commands: &Commands) {
        let text = workspace.text();
        if self.rows.is_empty() {
            widget::empty(ui, &text.batch.panel.nothing);
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut area = ScrollArea::vertical().id_salt("batch").auto_shrink([false, false]);
        if self.followed != self.chosen {
            self.followed = self.chosen;
            if let Some(row) = self.rows.iter().position(|place| Some(*place) == self.chosen) {
                let middle = row as f32 * ROW - ui.available_height() / 2.0 + ROW / 2.0;
                area = area.vertical_scroll_offset(middle.max(0.0));
            }
        }
        let mut chosen = None;
        area.show_rows(ui, ROW, self.rows.len(), |ui, range| {
            for place in self.rows.get(range).unwrap_or_default() {
                let answer = show_row(ui, *place, self.chosen == Some(*place), batch, run, workspace);
                if answer.clicked() {
                    chosen = Some(*place);
                }
            }
        });
        if let Some(place) = chosen {
            self.chosen = Some(place);
            // the row is where the hand is: the table stays
            self.followed = self.chosen;
            if let Some(bounds) = run.bounds(place) {
                commands.navigate(Navigate::Fly(FlyTo::Area(around(bounds))));
            }
        }
    }
}

/// A box with some of its surroundings, so that a small project is seen with what lies beside it.
fn around(bounds: Extent) -> Extent {
    let margin = bounds.width().max(bounds.height()).max(0.002);
    let (low, high) = (bounds.min(), bounds.max());
    Extent::new((low.x - margin, low.y - margin), (high.x + margin, high.y + margin))
}

fn show_state(ui: &mut Ui, run: &BatchRun, text: &Text, want: &mut Option<BatchWant>) {
    let words = &text.batch.panel;
    let state = run.state();
    if state.is_running {
        let share = state.answered as f32 / state.all.max(1) as f32;
        let values = [("done", state.answered.to_string()), ("all", state.all.to_string())];
        let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ui.horizontal(|ui| {
            let bar = egui::ProgressBar::new(share).text(fill(&words.running, &values));
            ui.add(bar.desired_width((ui.available_width() - 80.0).max(120.0)));
            if widget::labelled_button(ui, Icon::Close, &words.cancel).clicked() {
                *want = Some(BatchWant::Stop);
            }
        });
        return;
    }
    let open = state.all - (state.answered + state.stale).min(state.all);
    let sentence = match (state.stale, open) {
        (0, 0) => return,
        (0, open) => fill(&words.stopped, &[("n", &open.to_string())]),
        (stale, _) => fill(&words.stale, &[("n", &stale.to_string())]),
    };
    widget::notice(ui, Tone::Restricted, &sentence);
    if widget::main_button(ui, Icon::Level, &words.rerun).clicked() {
        *want = Some(BatchWant::Rerun);
    }
}

fn grade_word(grade: Grade, text: &Text) -> &str {
    text.panel.siting.grade.get(grade.code()).map_or(grade.code(), String::as_str)
}

fn kind_word<'a>(code: &'a str, rulebook: &'a Rulebook, language: Language) -> &'a str {
    let kind = rulebook.kind(code);
    kind.map_or(code, |kind| if language == Language::Zh { &kind.zh } else { &kind.en })
}

fn worst_word(verdict: &Verdict, language: Language) -> &str {
    let worst = verdict.digest().worst;
    worst.map_or("", |check| if language == Language::Zh { &check.title } else { &check.title_en })
}

fn compare(
    column: Column,
    (one, other): (usize, usize),
    batch: &Batch,
    run: &BatchRun,
    (rulebook, language): (&Rulebook, Language),
) -> Ordering {
    let verdicts = run.verdict(one).zip(run.verdict(other));
    let sites = batch.sites.get(one).zip(batch.sites.get(other));
    let known = |place: usize| run.verdict(place).is_none();
    match (column, verdicts, sites) {
        (Column::Name, _, Some((one, other))) => one.name.cmp(&other.name),
        (Column::Kind, _, Some((one, other))) => {
            kind_word(&one.kind, rulebook, language).cmp(kind_word(&other.kind, rulebook, language))
        }
        (Column::Date, _, _) => batch.day(one).cmp(&batch.day(other)),
        (Column::Grade, Some((one, other)), _) => {
            one.verdict.cmp(&other.verdict).then(other.digest().overlap_m2.total_cmp(&one.digest().overlap_m2))
        }
        (Column::Area, Some((one, other)), _) => one.area_m2.total_cmp(&other.area_m2),
        (Column::Worst, Some((one, other)), _) => worst_word(one, language).cmp(worst_word(other, language)),
        (Column::Overlap, Some((one, other)), _) => one.digest().overlap_m2.total_cmp(&other.digest().overlap_m2),
        // what waits stands last
        _ => known(one).cmp(&known(other)),
    }
}

/// Cells of two lines: verdict and name and area above, kind and worst theme and overlap and day below.
fn cells(area: Rect) -> [(Column, Rect); 7] {
    let (top, middle, bottom) = (area.top(), area.center().y, area.bottom());
    let width = area.width();
    let cell = |left: f32, right: f32, top: f32, bottom: f32| {
        Rect::from_min_max(pos2(area.left() + left, top), pos2(area.left() + right, bottom))
    };
    let (grade, right) = (92.0, 96.0);
    let (kind, day) = (92.0, 76.0);
    let overlap = 92.0;
    [
        (Column::Grade, cell(0.0, grade, top, middle)),
        (Column::Name, cell(grade, width - right, top, middle)),
        (Column::Area, cell(width - right, width, top, middle)),
        (Column::Kind, cell(0.0, kind, middle, bottom)),
        (Column::Worst, cell(kind, width - overlap - day, middle, bottom)),
        (Column::Overlap, cell(width - overlap - day, width - day, middle, bottom)),
        (Column::Date, cell(width - day, width, middle, bottom)),
    ]
}

fn show_row(
    ui: &mut Ui,
    place: usize,
    is_chosen: bool,
    batch: &Batch,
    run: &BatchRun,
    workspace: &Workspace,
) -> egui::Response {
    let text = workspace.text();
    let words = &text.batch.panel;
    let (area, row) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let Some(site) = batch.sites.get(place) else { return row };
    let palette = theme::palette(ui.visuals());
    if is_chosen || row.hovered() {
        let ground = if is_chosen { palette.accent_ground } else { palette.button };
        ui.painter().rect_filled(area, f32::from(theme::ROUND), ground);
    }
    ui.painter().hline(area.x_range(), area.bottom() - 0.5, egui::Stroke::new(0.5, palette.line));
    let verdict = run.verdict(place);
    let is_stale = run.is_stale(place);
    let fade = |ink: egui::Color32| if is_stale { ink.gamma_multiply(0.55) } else { ink };
    let inner = area.shrink2(vec2(0.0, 2.0));
    for (column, cell) in cells(inner) {
        let say = |words: &str, ink: egui::Color32, bold: bool| cut(ui, cell, words, fade(ink), bold, false);
        let figure = |words: &str, ink: egui::Color32| cut(ui, cell, words, fade(ink), false, true);
        match (column, verdict) {
            (Column::Grade, Some(verdict)) => {
                let tone = grade_tone(verdict.verdict);
                let mark = Rect::from_center_size(pos2(cell.left() + 11.0, cell.center().y), vec2(13.0, 13.0));
                Icon::of(tone).paint(ui.painter(), mark, fade(palette.tone(tone)));
                let cell = Rect::from_min_max(pos2(cell.left() + 18.0, cell.top()), cell.max);
                cut(ui, cell, grade_word(verdict.verdict, text), fade(palette.tone(tone)), true, false);
            }
            (Column::Grade, None) => say(&words.waiting, palette.ink_faint, false),
            (Column::Name, _) => say(&site.name, if is_chosen { palette.accent } else { palette.ink }, true),
            (Column::Kind, _) => {
                let kind = kind_word(&site.kind, workspace.rulebook(), text.language);
                say(if kind.is_empty() { &text.panel.siting.no_kind } else { kind }, palette.ink_soft, false);
            }
            (Column::Area, Some(verdict)) => {
                let hectares = number::grouped(verdict.area_ha, 2);
                figure(&fill(&words.hectares, &[("n", &hectares)]), palette.ink);
            }
            (Column::Worst, Some(verdict)) => say(worst_word(verdict, text.language), palette.ink_soft, false),
            (Column::Overlap, Some(verdict)) if verdict.digest().overlap_m2 > 0.0 => {
                let hectares = number::grouped(Area(verdict.digest().overlap_m2).hectares(), 2);
                figure(&fill(&words.hectares, &[("n", &hectares)]), palette.ink_soft);
            }
            (Column::Date, _) => {
                let day = batch.day(place).map(|day| day.to_string()).unwrap_or_default();
                figure(&day, palette.ink_faint);
            }
            _ => {}
        }
    }
    row.widget_info(|| {
        let grade = verdict.map_or(words.waiting.as_str(), |verdict| grade_word(verdict.verdict, text));
        egui::WidgetInfo::selected(egui::Role::Row, true, is_chosen, format!("{} {grade}", site.name))
    });
    row
}

/// Words in a cell, cut where they do not fit.
fn cut(ui: &Ui, cell: Rect, words: &str, ink: egui::Color32, bold: bool, is_right: bool) {
    if words.is_empty() {
        return;
    }
    let said = if bold { theme::bold(words) } else { RichText::new(words) };
    let galley = egui::WidgetText::from(said.size(12.5)).into_galley(
        ui,
        Some(egui::TextWrapMode::Truncate),
        cell.width() - 6.0,
        egui::TextStyle::Body,
    );
    let left = if is_right { cell.right() - 4.0 - galley.size().x } else { cell.left() + 4.0 };
    ui.painter().galley_with_override_text_color(pos2(left, cell.center().y - galley.size().y / 2.0), galley, ink);
}

fn show_details(ui: &mut Ui, place: usize, batch: &Batch, run: &BatchRun, workspace: &Workspace, commands: &Commands) {
    let text = workspace.text();
    let words = &text.batch.panel;
    let Some(site) = batch.sites.get(place) else { return };
    ui.horizontal(|ui| {
        ui.add(Label::new(theme::bold(&site.name)).truncate());
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if widget::labelled_button(ui, Icon::Polygon, &words.open_site).clicked() {
                commands.edit(Edit::AddSite(Box::new(site.as_ref().clone())));
                commands.navigate(Navigate::Show(Panel::Siting));
            }
        });
    });
    ScrollArea::vertical().id_salt("batch details").auto_shrink([false, false]).show(ui, |ui| {
        if let Some(verdict) = run.verdict(place) {
            show_verdict(ui, verdict, text);
        }
        let columns = batch.columns.get(place).map(Vec::as_slice).unwrap_or_default();
        let told: Vec<_> = columns.iter().filter(|(_, value)| !value.is_null()).collect();
        if !told.is_empty() {
            widget::section(ui, &words.columns);
            for (name, value) in told {
                widget::field(ui, name, &value.to_string());
            }
        }
    });
}

fn show_verdict(ui: &mut Ui, verdict: &Arc<Verdict>, text: &Text) {
    ui.horizontal_wrapped(|ui| {
        widget::tone_badge(ui, grade_tone(verdict.verdict), grade_word(verdict.verdict, text));
        ui.label(number::area(Area(verdict.area_m2), &text.panel));
    });
    for finding in verdict.findings.iter().filter(|finding| finding.consequence.grade().is_some()).take(20) {
        ui.add(Label::new(format!("· {}", finding_sentence(finding, text))).wrap());
    }
    if verdict.data_quality == crate::atlas::Quality::Schematic {
        widget::remark(ui, &text.common.schematic_notice);
    }
}
