//! The status bar: where the pointer is, the scale, what is being worked on, what happened.

use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, number};
use crate::geometry::GaussKruger;
use crate::geometry::geo::Coord;
use crate::text::fill;
use crate::workspace::{Command, FlyTo, JobId, Navigate, Notation, Running, Workspace, write_position};
use egui::{Button, Label, ProgressBar, RichText, TextEdit, Ui};

/// The status bar.
#[derive(Debug, Default)]
pub struct StatusBar {
    notation: Notation,
    /// A scale half typed.
    typed: Option<String>,
}

/// What the window must do after drawing the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusWish {
    /// Call a job off.
    Cancel(JobId),
}

const SCALES: [f64; 13] = [
    500.0,
    1_000.0,
    2_000.0,
    5_000.0,
    10_000.0,
    25_000.0,
    50_000.0,
    100_000.0,
    200_000.0,
    250_000.0,
    500_000.0,
    1_000_000.0,
    2_000_000.0,
];

impl StatusBar {
    /// Draws the bar; `pixels_per_metre` is that of the screen (points of egui a metre).
    pub fn show(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        pointer: Option<Coord>,
        pixels_per_metre: f64,
        running: &[Running],
        commands: &Commands,
    ) -> Option<StatusWish> {
        let mut wish = None;
        ui.horizontal(|ui| {
            self.show_position(ui, workspace, pointer);
            ui.separator();
            self.show_scale(ui, workspace, pixels_per_metre, commands);
            ui.separator();
            for job in running {
                if show_job(ui, workspace, job) {
                    wish = Some(StatusWish::Cancel(job.id));
                }
            }
            show_notice(ui, workspace, commands);
        });
        wish
    }

    fn show_position(&mut self, ui: &mut Ui, workspace: &Workspace, pointer: Option<Coord>) {
        let words = &workspace.text().window.status;
        let zone = pointer.map_or(workspace.session.view.longitude, |at| at.x);
        let zone = GaussKruger::three_degree(zone).map_or(40, |plane| plane.zone());
        let system = match self.notation {
            Notation::Degrees => words.degrees.clone(),
            Notation::Sexagesimal => words.sexagesimal.clone(),
            Notation::Plane => fill(&words.plane, &[("zone", &zone.to_string())]),
        };
        let written = pointer.map_or_else(|| words.no_position.clone(), |at| write_position(at, self.notation));
        let palette = theme::palette(ui.visuals());
        let label = RichText::new(system).small().color(palette.ink_faint);
        let button = ui.add(Button::new(label).frame(false)).on_hover_text(&words.position);
        if button.clicked() {
            self.notation = self.notation.next();
        }
        // As wide as the widest notation, so that what follows stands still.
        let font = egui::TextStyle::Monospace.resolve(ui.style());
        let widest = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0')) * 28.0;
        let size = egui::vec2(widest, ui.spacing().interact_size.y);
        let value = Button::new(RichText::new(&written).monospace()).frame(false).min_size(size);
        if ui.add(value).on_hover_text(&words.position).clicked() {
            self.notation = self.notation.next();
        }
    }

    fn show_scale(&mut self, ui: &mut Ui, workspace: &Workspace, pixels_per_metre: f64, commands: &Commands) {
        let words = &workspace.text().window.status;
        let denominator = workspace.session.view.scale_denominator(pixels_per_metre);
        let fly = |denominator: f64| commands.navigate(Navigate::Fly(FlyTo::Scale(denominator)));
        let name = ui.label(RichText::new(&words.scale).small().color(theme::palette(ui.visuals()).ink_faint));
        let current = number::scale(denominator);
        let mut typed = self.typed.clone().unwrap_or(current);
        let edit = TextEdit::singleline(&mut typed).desired_width(88.0).font(egui::TextStyle::Monospace);
        let answer = ui.add(edit).labelled_by(name.id).on_hover_text(&words.scale_hint);
        if answer.changed() {
            self.typed = Some(typed.clone());
        }
        if answer.lost_focus() {
            let wanted = self.typed.take().as_deref().and_then(read_scale);
            if let Some(wanted) = wanted.filter(|_| ui.input(|input| input.key_pressed(egui::Key::Enter))) {
                fly(wanted);
            }
        }
        let presets = widget::icon_button(ui, Icon::Fold(true), &words.scale_presets);
        egui::Popup::menu(&presets).show(|ui| {
            for scale in SCALES {
                let word = fill(&words.scale_value, &[("n", &number::grouped(scale, 0))]);
                if ui.button(word).clicked() {
                    fly(scale);
                }
            }
        });
    }
}

/// 1:10000, 1：1万, 10,000, 10k, 2.5万.
fn read_scale(words: &str) -> Option<f64> {
    let words = words.replace('：', ":").replace([',', '，', ' '], "").to_lowercase();
    let number = words.rsplit(':').next()?;
    let (number, factor) = match number {
        ten_thousands if ten_thousands.ends_with('万') => (ten_thousands.trim_end_matches('万'), 10_000.0),
        thousands if thousands.ends_with('k') => (thousands.trim_end_matches('k'), 1_000.0),
        plain => (plain, 1.0),
    };
    let value = number.parse::<f64>().ok()? * factor;
    (10.0..=100_000_000.0).contains(&value).then_some(value)
}

fn show_job(ui: &mut Ui, workspace: &Workspace, job: &Running) -> bool {
    let words = &workspace.text().window.status;
    let share = job.progress.share();
    ui.spinner();
    ui.add(Label::new(RichText::new(&job.title).small()).selectable(false));
    if share > 0.0 {
        ui.add(ProgressBar::new(share).desired_width(90.0).desired_height(8.0)).accessible_name(&job.title);
    }
    widget::icon_button(ui, Icon::Close, &fill(&words.cancel, &[("job", &job.title)])).clicked()
}

fn show_notice(ui: &mut Ui, workspace: &Workspace, commands: &Commands) {
    let words = &workspace.text().window.status;
    let Some(newest) = workspace.notices.last() else { return };
    let tone = if newest.is_problem { Tone::Prohibited } else { Tone::Clear };
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if widget::icon_button(ui, Icon::Close, &words.dismiss).clicked() {
            commands.send(Command::Dismiss(workspace.notices.len() - 1));
        }
        if workspace.notices.len() > 1 {
            ui.menu_button(format!("{} {}", words.notices, workspace.notices.len()), |ui| {
                ui.set_max_width(460.0);
                for notice in workspace.notices.iter().rev() {
                    let tone = if notice.is_problem { Tone::Prohibited } else { Tone::Clear };
                    widget::notice(ui, tone, &notice.sentence);
                }
            });
        }
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            let palette = theme::palette(ui.visuals());
            widget::icon(ui, Icon::of(tone), palette.tone(tone), "");
            let words = RichText::new(&newest.sentence).color(palette.tone(tone));
            ui.add(Label::new(words).truncate()).on_hover_text(&newest.sentence);
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_read_as_people_type_it() {
        for (typed, expected) in [
            ("1:10000", Some(10_000.0)),
            ("1：25,000", Some(25_000.0)),
            ("1:5万", Some(50_000.0)),
            ("2.5万", Some(25_000.0)),
            ("10k", Some(10_000.0)),
            ("500", Some(500.0)),
            ("", None),
            ("1:0", None),
            ("abc", None),
            ("1:-5", None),
        ] {
            assert_eq!(read_scale(typed), expected, "{typed}");
        }
    }
}
