//! The table of a site's corners: read, typed, copied; a row can be put in or taken out.

use crate::desktop::Commands;
use crate::desktop::theme;
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::geo::Coord;
use crate::geometry::{GaussKruger, PlanePoint};
use crate::text::{ShapingText, fill};
use crate::workspace::{Command, Notice, SiteId, SiteState, Spot, Strand, Workspace};
use egui::{RichText, ScrollArea, TextEdit, Ui, Vec2};

/// Height of a row.
const ROW: f32 = 25.0;
/// Height of the table at most.
const HEIGHT: f32 = 232.0;
const NUMBER_WIDTH: f32 = 40.0;
const CELL_WIDTH: f32 = 122.0;

/// How coordinates are written in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Written {
    /// X (north) and Y (east) of the 3° plane with its zone number.
    #[default]
    Plane,
    /// Longitude and latitude.
    Degrees,
}

/// The table of corners.
#[derive(Debug, Default)]
pub struct CornerTable {
    written: Written,
    typed: Option<(SiteId, Spot, usize, String)>,
}

/// A system in which the two columns are written.
struct Columns {
    plane: Option<GaussKruger>,
}

impl Columns {
    fn of(written: Written, near: Coord) -> Self {
        let plane = || GaussKruger::three_degree(near.x).and_then(|plane| plane.with_zone_prefix()).ok();
        Self { plane: if written == Written::Plane { plane() } else { None } }
    }

    /// The two numbers of a corner.
    fn numbers(&self, at: Coord) -> [f64; 2] {
        match &self.plane {
            Some(plane) => plane.forward(at).map_or([f64::NAN; 2], |point| [point.north, point.east]),
            None => [at.x, at.y],
        }
    }

    fn write(&self, value: f64) -> String {
        if self.plane.is_some() { format!("{value:.3}") } else { format!("{value:.8}") }
    }

    /// The corner with one of its numbers replaced.
    fn replaced(&self, at: Coord, column: usize, value: f64) -> Option<Coord> {
        let mut numbers = self.numbers(at);
        *numbers.get_mut(column)? = value;
        let [first, second] = numbers;
        let to = match &self.plane {
            Some(plane) => {
                // the zone number may be left out
                let zone = f64::from(plane.zone()) * 1e6;
                let east = if second < 1e6 { second + zone } else { second };
                let is_near = (zone..zone + 1e6).contains(&east) && (1e6..1e7).contains(&first);
                plane.inverse(PlanePoint { east, north: first }).ok().filter(|_| is_near)?
            }
            None => Coord { x: first, y: second },
        };
        (to.x.abs() <= 180.0 && to.y.abs() < 90.0).then_some(to)
    }
}

impl CornerTable {
    /// Draws the table.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, state: &SiteState, commands: &Commands) {
        let words = &workspace.text().shaping;
        let strands = state.strands();
        let Some(first) = strands.iter().find_map(|strand| strand.corners.first()) else { return };
        let columns = Columns::of(self.written, *first);
        ui.horizontal(|ui| {
            ui.label(theme::bold(&words.corners).color(theme::palette(ui.visuals()).ink_soft));
            let zone = columns.plane.as_ref().map(GaussKruger::zone);
            let zone = zone.or_else(|| GaussKruger::three_degree(first.x).ok().map(|plane| plane.zone())).unwrap_or(40);
            let plane = fill(&words.plane, &[("zone", &zone.to_string())]);
            for (written, name) in [(Written::Plane, &plane), (Written::Degrees, &words.geographic)] {
                if ui.selectable_label(self.written == written, name).clicked() {
                    self.written = written;
                    self.typed = None;
                }
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if widget::icon_button(ui, Icon::Copy, &words.copy_corners).clicked() {
                    ui.copy_text(copied(&strands, &columns, words));
                }
            });
        });
        let heads = match columns.plane {
            Some(_) => [&words.north, &words.east],
            None => [&words.longitude, &words.latitude],
        };
        ui.horizontal(|ui| {
            let soft = theme::palette(ui.visuals()).ink_soft;
            for (width, head) in [(NUMBER_WIDTH, &words.number), (CELL_WIDTH, heads[0]), (CELL_WIDTH, heads[1])] {
                ui.allocate_ui_with_layout(
                    Vec2::new(width, 16.0),
                    egui::Layout::left_to_right(egui::Align::Center),
                    |ui| {
                        ui.set_min_width(width);
                        ui.label(RichText::new(head).small().color(soft));
                    },
                );
            }
        });
        let has_heads = strands.len() > 1;
        let count: usize = strands.iter().map(|strand| strand.corners.len() + usize::from(has_heads)).sum();
        let scroll = ScrollArea::vertical().id_salt("corners").max_height(HEIGHT).auto_shrink([false, true]);
        scroll.show_rows(ui, ROW, count, |ui, rows| {
            for row in rows {
                match row_of(&strands, row, has_heads) {
                    Some((strand, Some(corner))) => {
                        let spot = Spot { polygon: strand.polygon, ring: strand.ring, corner };
                        self.row(ui, words, state, (spot, strand), &columns, commands);
                    }
                    Some((strand, None)) => {
                        let part = fill(&words.part, &[("n", &(strand.polygon + 1).to_string())]);
                        let hole = fill(&words.hole, &[("n", &strand.ring.to_string())]);
                        let head = if strand.ring == 0 { part } else { format!("{part} {hole}") };
                        ui.allocate_ui(Vec2::new(ui.available_width(), ROW), |ui| {
                            ui.label(theme::bold(head));
                        });
                    }
                    None => {}
                }
            }
        });
    }

    fn row(
        &mut self,
        ui: &mut Ui,
        words: &ShapingText,
        state: &SiteState,
        (spot, strand): (Spot, Strand<'_>),
        columns: &Columns,
        commands: &Commands,
    ) {
        let Some(at) = strand.corners.get(spot.corner).copied() else { return };
        let name = format!("J{}", spot.corner + 1);
        let heads = match columns.plane {
            Some(_) => [&words.north, &words.east],
            None => [&words.longitude, &words.latitude],
        };
        ui.push_id((state.id.0, spot), |ui| {
            ui.horizontal(|ui| {
                ui.set_height(ROW - ui.spacing().item_spacing.y);
                ui.allocate_ui_with_layout(
                    Vec2::new(NUMBER_WIDTH, ROW - 4.0),
                    egui::Layout::left_to_right(egui::Align::Center),
                    |ui| {
                        ui.set_min_width(NUMBER_WIDTH);
                        ui.label(RichText::new(&name).color(theme::palette(ui.visuals()).ink_soft));
                    },
                );
                for (column, (value, head)) in columns.numbers(at).into_iter().zip(heads).enumerate() {
                    let shown = columns.write(value);
                    let is_typed =
                        |typed: &(SiteId, Spot, usize, String)| (typed.0, typed.1, typed.2) == (state.id, spot, column);
                    let mut cell = self
                        .typed
                        .as_ref()
                        .filter(|typed| is_typed(typed))
                        .map_or(shown.clone(), |typed| typed.3.clone());
                    let edit = TextEdit::singleline(&mut cell).desired_width(CELL_WIDTH - 10.0);
                    let response = ui.add(edit).accessible_name(format!("{name} {head}"));
                    if response.changed() {
                        self.typed = Some((state.id, spot, column, cell));
                    }
                    if response.lost_focus()
                        && let Some((.., typed)) = self.typed.take_if(|typed| is_typed(typed))
                        && typed != shown
                    {
                        let to = number::read(&typed).and_then(|value| columns.replaced(at, column, value));
                        match to.and_then(|to| state.with_corner_at(spot, to)) {
                            Some(edit) => commands.edit(edit),
                            None => refuse(commands, fill(&words.not_a_number, &[("typed", typed.trim())])),
                        }
                    }
                }
                let insert = format!("{name} {}", words.insert_corner);
                if widget::icon_button_hinted(ui, Icon::Plus, &insert, &words.insert_corner, false).clicked()
                    && let Some(edit) = state.with_corner_after(spot)
                {
                    commands.edit(edit);
                }
                let remove = format!("{name} {}", words.remove_corner);
                if widget::icon_button_hinted(ui, Icon::Bin, &remove, &words.remove_corner, false).clicked() {
                    match state.without_corner(spot) {
                        Some(edit) => commands.edit(edit),
                        None => refuse(commands, words.at_least_three.clone()),
                    }
                }
            });
        });
    }
}

/// The run and the corner of a row; no corner when the row is the head of a run.
fn row_of<'a>(strands: &[Strand<'a>], row: usize, has_heads: bool) -> Option<(Strand<'a>, Option<usize>)> {
    let mut left = row;
    for strand in strands {
        let count = strand.corners.len() + usize::from(has_heads);
        if left < count {
            return Some((*strand, if has_heads { left.checked_sub(1) } else { Some(left) }));
        }
        left -= count;
    }
    None
}

/// The table as text: a point a line, an empty line between runs, so that it can be pasted again.
fn copied(strands: &[Strand<'_>], columns: &Columns, words: &ShapingText) -> String {
    let heads = match columns.plane {
        Some(_) => [&words.north, &words.east],
        None => [&words.longitude, &words.latitude],
    };
    let mut text = format!("{}\t{}\t{}\n", words.number, heads[0], heads[1]);
    for (number, strand) in strands.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        let first = strand.corners.first().filter(|_| strand.is_closed).map(|at| (0, at));
        for (place, at) in strand.corners.iter().enumerate().chain(first) {
            let [one, two] = columns.numbers(*at).map(|value| columns.write(value));
            text.push_str(&format!("J{}\t{one}\t{two}\n", place + 1));
        }
    }
    text
}

fn refuse(commands: &Commands, sentence: String) {
    commands.send(Command::Say(Notice { is_problem: true, sentence }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::{Drawn, parse_outline};

    const HERE: Coord = Coord { x: 120.3, y: 31.57 };

    /// EPSG:4528 by pyproj 3.7.
    #[test]
    fn a_corner_is_written_and_read_in_the_plane_of_zone_40_and_in_degrees() {
        let plane = Columns::of(Written::Plane, HERE);
        let [north, east] = plane.numbers(HERE).map(|value| plane.write(value));
        assert_eq!((north.as_str(), east.as_str()), ("3494211.755", "40528479.501"));
        for typed in [40_528_579.501, 528_579.501] {
            let to = plane.replaced(HERE, 1, typed).unwrap();
            assert!((crate::geometry::distance(HERE, to) - 100.0).abs() < 0.01, "{to:?}");
        }
        assert_eq!(plane.replaced(HERE, 1, 39_528_579.5), None);
        assert_eq!(plane.replaced(HERE, 0, 12.0), None);
        let degrees = Columns::of(Written::Degrees, HERE);
        assert_eq!(degrees.replaced(HERE, 0, 120.4), Some(Coord { x: 120.4, y: HERE.y }));
        assert_eq!(degrees.replaced(HERE, 1, 95.0), None);
    }

    #[test]
    fn what_is_copied_can_be_pasted_again() {
        let corners = [(120.30, 31.57), (120.31, 31.57), (120.31, 31.58)].map(|(x, y)| Coord { x, y });
        let strand = |ring| Strand { polygon: 0, ring, corners: &corners, is_closed: true };
        let words = &crate::text::Text::of(crate::text::Language::Zh).shaping;
        for written in [Written::Plane, Written::Degrees] {
            let text = copied(&[strand(0), strand(1)], &Columns::of(written, HERE), words);
            let Ok(Drawn::Areas(areas)) = parse_outline(&text, 120.0) else { panic!("{text}") };
            assert_eq!(areas.len(), 2);
            for (found, given) in areas[0].exterior().0.iter().zip(&corners) {
                assert!(crate::geometry::distance(*found, *given) < 1e-3, "{text}");
            }
        }
    }
}
