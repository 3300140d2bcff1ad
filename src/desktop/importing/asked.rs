//! The file that is asked about: what it shall be, how it is read, and what is shown of it.

use super::CHOICES;
use super::choice::choose;
use super::ground::Ground;
use super::seen::Seen;
use super::system::SystemChoice;
use crate::atlas::{Quality, Theme};
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget;
use crate::format::Format;
use crate::text::{Text, fill};
use crate::workspace::{Corrections, OpenAs, Plan, Preview};
use egui::{ProgressBar, RichText, ScrollArea, Sense, Ui, vec2};
use std::path::PathBuf;

/// Encodings that are offered.
const ENCODINGS: [&str; 5] = ["UTF-8", "GBK", "GB18030", "Big5", "UTF-16LE"];

/// Worths of data that a person can tell.
const QUALITIES: [Quality; 4] = [Quality::Official, Quality::Open, Quality::Generalised, Quality::Schematic];
/// Layers above which all or none can be chosen at once.
const MANY_LAYERS: usize = 3;

/// The file that is asked about.
#[derive(Debug)]
pub struct Asked {
    /// What was read.
    pub preview: Box<Preview>,
    /// Why the last reading failed.
    pub failure: Option<String>,
    /// The file.
    pub file: PathBuf,
    /// What shall become of it.
    pub plan: Plan,
    /// What the person says instead of what was concluded.
    pub corrections: Corrections,
    /// The choice of its system.
    pub system: SystemChoice,
    /// Whether the other files are taken in as this one.
    pub for_rest: bool,
    /// Whether the settings are those of an earlier file of its kind.
    pub is_kept: bool,
    /// What is seen of it.
    pub seen: Seen,
    ground: Ground,
    /// Whether it has not been drawn yet.
    is_new: bool,
}

/// What the person answers.
pub enum Answer {
    /// Leave it.
    Cancel,
    /// Stop reading it anew.
    Stop,
    /// Take it in.
    Import,
    /// Read it with these.
    Read(Corrections),
}

impl Asked {
    /// A file that has been read.
    pub fn of(file: PathBuf, preview: Box<Preview>, plan: Plan, system: SystemChoice, ground: Ground) -> Self {
        let corrections = preview.corrections.clone();
        Asked {
            preview,
            failure: None,
            file,
            plan,
            corrections,
            system,
            for_rest: false,
            is_kept: false,
            seen: Seen::default(),
            ground,
            is_new: true,
        }
    }

    /// Takes another reading of it.
    pub fn renew(&mut self, preview: Box<Preview>) {
        self.failure = None;
        self.seen = Seen::default();
        self.preview = preview;
    }

    /// Back to what was read before.
    pub fn go_back(&mut self) {
        self.corrections = self.preview.corrections.clone();
    }

    /// Whether there is something to take in.
    pub fn is_ready(&self) -> bool {
        self.preview.layers.iter().any(|layer| self.plan.takes(layer))
    }

    /// Draws it; `share` tells how far another reading of it is.
    pub fn show(&mut self, ui: &mut Ui, height: f32, rest: usize, share: Option<f32>, text: &Text) -> Option<Answer> {
        let words = &text.import;
        let mut answer = None;
        let name = self.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        ui.horizontal(|ui| {
            ui.heading(fill(&words.title, &[("file", &name)]));
            let preview = &self.preview;
            let count: usize = preview.layers.iter().map(|layer| layer.read.features.len()).sum();
            let about = fill(&words.about, &[("format", preview.format.name()), ("features", &count.to_string())]);
            ui.label(RichText::new(about).color(theme::palette(ui.visuals()).ink_soft));
            if let Some(share) = share {
                let title = fill(&words.reading, &[("file", &name)]);
                ui.add(ProgressBar::new(share).desired_width(120.0).show_percentage()).accessible_name(&title);
                let stop = ui.add(egui::Button::new(&words.stop).shortcut_text("Esc"));
                if stop.accessible_name(&words.stop).clicked() {
                    answer = Some(Answer::Stop);
                }
                ui.ctx().request_repaint_after_secs(0.1);
            }
        });
        if let Some(failure) = &self.failure {
            widget::notice(ui, Tone::Prohibited, failure);
        } else if self.is_kept {
            widget::remark(ui, &words.kept);
        }
        ui.separator();
        let body = height - 110.0;
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), body), Sense::hover());
        let (left, right) = area.split_left_right_at_x(area.left() + CHOICES);
        let mut side = ui.new_child(egui::UiBuilder::new().max_rect(left));
        ScrollArea::vertical().id_salt("choices").max_height(body).auto_shrink(false).show(&mut side, |ui| {
            ui.set_width(CHOICES - 20.0);
            answer = answer.take().or(self.choices(ui, text));
        });
        let mut side = ui.new_child(egui::UiBuilder::new().max_rect(right.shrink2(vec2(8.0, 0.0))));
        self.seen.show(&mut side, body, (&self.preview, &self.plan, &self.ground), text);
        ui.separator();
        ui.horizontal(|ui| {
            let import = egui::Button::new(theme::bold(&words.import)).shortcut_text("Enter");
            let import = ui.add_enabled(share.is_none() && self.is_ready(), import).accessible_name(&words.import);
            if std::mem::take(&mut self.is_new) {
                import.request_focus();
            }
            if import.clicked() {
                answer = Some(Answer::Import);
            }
            let cancel = ui.add(egui::Button::new(&words.cancel).shortcut_text("Esc")).accessible_name(&words.cancel);
            if cancel.clicked() {
                answer = Some(Answer::Cancel);
            }
            if rest > 0 {
                ui.checkbox(&mut self.for_rest, fill(&words.rest, &[("n", &rest.to_string())]));
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| widget::remark(ui, &words.keys));
        });
        answer
    }

    /// What it shall be, its layers, system, encoding and fields.
    fn choices(&mut self, ui: &mut Ui, text: &Text) -> Option<Answer> {
        let words = &text.import;
        let preview = &self.preview;
        let mut answer = None;
        widget::section(ui, &words.use_as);
        let before = self.plan.open_as;
        ui.radio_value(&mut self.plan.open_as, OpenAs::Sites, &words.as_sites);
        ui.horizontal(|ui| {
            let mut theme = match self.plan.open_as {
                OpenAs::Layer(theme) => theme,
                OpenAs::Sites => Theme::Other,
            };
            let is_layer = matches!(self.plan.open_as, OpenAs::Layer(_));
            if ui.radio(is_layer, &words.as_layer).clicked() {
                self.plan.open_as = OpenAs::Layer(theme);
            }
            let before = theme;
            let offers: Vec<(Theme, String)> =
                Theme::usable().map(|own| (own, text.common.theme(own).to_owned())).collect();
            choose(ui, "theme", (&text.bar.as_theme, 170.0), text.common.theme(theme), &offers, &mut theme);
            if theme != before {
                self.plan.open_as = OpenAs::Layer(theme);
            }
        });
        if let (OpenAs::Layer(theme), true) = (self.plan.open_as, self.plan.open_as != before) {
            self.plan.fields = preview.matches(theme);
        }
        if let OpenAs::Layer(theme) = self.plan.open_as
            && theme.is_single()
        {
            widget::remark(ui, &text.bar.replaces);
        }
        if preview.layers.len() > 1 {
            widget::section(ui, &words.layers);
            if preview.layers.len() > MANY_LAYERS {
                ui.horizontal(|ui| {
                    if ui.button(&words.take_all).clicked() {
                        self.plan.left_out.clear();
                    }
                    if ui.button(&words.take_none).clicked() {
                        self.plan.left_out = preview.layers.iter().map(|layer| layer.read.name.clone()).collect();
                    }
                });
            }
            for layer in &preview.layers {
                let name = &layer.read.name;
                let mut is_taken = self.plan.takes(layer);
                if ui.checkbox(&mut is_taken, format!("{name} ({})", layer.read.features.len())).changed() {
                    if is_taken {
                        self.plan.left_out.remove(name);
                    } else {
                        self.plan.left_out.insert(name.clone());
                    }
                }
            }
        }
        widget::section(ui, &words.system);
        // all of a drawing lies in one system
        let layers: Vec<&crate::format::ReadLayer> = match preview.format {
            Format::Dxf => preview.layers.iter().take(1).map(|layer| &layer.read).collect(),
            _ => preview.layers.iter().map(|layer| &layer.read).collect(),
        };
        if let Some(corrections) = self.system.show(ui, &self.corrections, &layers, text) {
            answer = Some(Answer::Read(corrections));
        }
        widget::section(ui, &words.encoding);
        let found = preview.layers.first().map(|layer| layer.read.encoding.0.clone()).unwrap_or_default();
        let mut encoding = self.corrections.encoding.clone();
        let shown = encoding.clone().unwrap_or_else(|| format!("{}: {found}", words.automatic));
        let known = ENCODINGS.map(|name| (Some(name.to_owned()), name.to_owned()));
        let offers: Vec<_> = std::iter::once((None, words.automatic.clone())).chain(known).collect();
        choose(ui, "encoding", (&words.encoding, CHOICES - 30.0), &shown, &offers, &mut encoding);
        if encoding != self.corrections.encoding {
            answer = Some(Answer::Read(Corrections { encoding, ..self.corrections.clone() }));
        }
        if matches!(self.plan.open_as, OpenAs::Layer(_)) {
            widget::section(ui, &words.fields);
            fields(ui, &mut self.plan.fields, &preview.kind(), text);
            widget::section(ui, &words.quality);
            let shown = self.plan.quality.map_or(&*words.quality_untold, |quality| text.common.quality(quality));
            let known = QUALITIES.map(|quality| (Some(quality), text.common.quality(quality).to_owned()));
            let offers: Vec<_> = std::iter::once((None, words.quality_untold.clone())).chain(known).collect();
            let shown = shown.to_owned();
            choose(ui, "quality", (&words.quality, CHOICES - 30.0), &shown, &offers, &mut self.plan.quality);
        }
        answer
    }
}

/// Keys of the theme with the fields that fill them.
fn fields(ui: &mut Ui, chosen: &mut [(String, Option<String>)], names: &[String], text: &Text) {
    if chosen.is_empty() {
        widget::remark(ui, &text.import.no_keys);
    }
    for (number, (key, field)) in chosen.iter_mut().enumerate() {
        let label = text.common.field(key).to_owned();
        widget::narrow_field_with(ui, &label, |ui| {
            let shown = field.clone().unwrap_or_else(|| text.import.no_field.clone());
            let offers = names.iter().map(|name| (Some(name.clone()), name.clone()));
            let offers: Vec<_> = std::iter::once((None, text.import.no_field.clone())).chain(offers).collect();
            choose(ui, ("field", number), (&label, 170.0), &shown, &offers, field);
        });
    }
}
