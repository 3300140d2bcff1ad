//! The reference system of a file: what was concluded and why, what else it might be, and systems of the office's own.

use super::CHOICES;
use super::choice::choose;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget;
use crate::format::{Certainty, ReadLayer};
use crate::geometry::{Four, LocalSystem, Seven, System, Turning};
use crate::text::{Text, fill, word};
use crate::workspace::{Corrections, sentence};
use egui::{Id, Key, Ui};
use std::collections::BTreeMap;

/// Systems that are offered, the usual ones first.
const SYSTEMS: [&str; 15] = [
    "EPSG:4490",
    "EPSG:4528",
    "EPSG:4549",
    "EPSG:4326",
    "GCJ-02",
    "BD-09",
    "EPSG:3857",
    "EPSG:4527",
    "EPSG:4548",
    "EPSG:4498",
    "EPSG:4499",
    "EPSG:4509",
    "EPSG:4510",
    "EPSG:32650",
    "EPSG:32651",
];
/// Most other systems that are offered at once.
const OTHERS: usize = 4;

/// What the person does about systems, between two frames.
#[derive(Debug, Default)]
pub struct SystemChoice {
    typed: String,
    /// Systems of the office's own.
    pub saved: Vec<LocalSystem>,
    form: Option<Form>,
    /// The layer whose system is spoken of; all of the file when absent.
    of_layer: Option<String>,
    /// Whether `saved` has changed.
    pub is_changed: bool,
}

/// A system of one's own as it is typed.
#[derive(Debug)]
struct Form {
    name: String,
    base: String,
    is_seven: bool,
    figures: [String; 7],
    turning: Turning,
    failure: bool,
}

impl SystemChoice {
    /// With the systems that were saved.
    pub fn of(saved: Vec<LocalSystem>) -> Self {
        SystemChoice { saved, ..SystemChoice::default() }
    }

    /// Draws the choice; `Some` when the person has chosen something else.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        corrections: &Corrections,
        layers: &[&ReadLayer],
        text: &Text,
    ) -> Option<Corrections> {
        let words = &text.import;
        if layers.len() > 1 {
            widget::narrow_field_with(ui, &words.for_layer, |ui| {
                let names = layers.iter().map(|layer| (Some(layer.name.clone()), layer.name.clone()));
                let offers: Vec<_> = std::iter::once((None, words.all_layers.clone())).chain(names).collect();
                let shown = self.of_layer.clone().unwrap_or_else(|| words.all_layers.clone());
                choose(ui, "of_layer", (&words.for_layer, 170.0), &shown, &offers, &mut self.of_layer);
            });
        }
        let of_layer = self.of_layer.clone().filter(|name| layers.iter().any(|layer| layer.name == *name));
        let read = match &of_layer {
            None => layers.first(),
            Some(name) => layers.iter().find(|layer| layer.name == *name),
        };
        let read = read.copied();
        let named_system = |code: &str| match words.systems.get(code) {
            Some(name) => format!("{code} {name}"),
            None => code.to_owned(),
        };
        let told = match &of_layer {
            Some(name) => corrections.of_layers.get(name).or(corrections.reference.as_ref()).cloned(),
            None => corrections.reference.clone(),
        };
        let mut code = told.clone();
        let found = read.and_then(|layer| layer.reference.as_ref()).map(System::code);
        let code_of = |layer: &&ReadLayer| layer.reference.as_ref().map(|system| system.code().to_owned());
        let differ =
            layers.first().map(code_of).is_some_and(|first| layers.iter().any(|layer| code_of(layer) != first));
        let shown = match (&code, found) {
            (None, _) if of_layer.is_none() && differ => format!("{}: {}", words.automatic, words.several),
            (Some(code), _) => named_system(code),
            (None, Some(found)) => format!("{}: {}", words.automatic, named_system(found)),
            (None, None) => format!("{}: {}", words.automatic, words.unknown),
        };
        let own = self.saved.iter().map(|own| (Some(own.name.clone()), own.name.clone()));
        let known = SYSTEMS.iter().map(|known| (Some((*known).to_owned()), named_system(known)));
        let offers: Vec<_> = std::iter::once((None, words.automatic.clone())).chain(own).chain(known).collect();
        choose(ui, "system", (&words.system, CHOICES - 30.0), &shown, &offers, &mut code);
        if let Some(read) = read {
            evidence(ui, read, &mut code, named_system, text);
        }
        ui.horizontal(|ui| {
            let edit = egui::TextEdit::singleline(&mut self.typed).hint_text(&words.other_system).desired_width(220.0);
            let entry = ui.add(edit).accessible_name(&words.other_system);
            let is_entered = entry.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if (ui.button(&words.apply).clicked() || is_entered) && !self.typed.trim().is_empty() {
                code = Some(self.typed.trim().to_owned());
            }
        });
        if ui.button(&words.own_system).clicked() {
            self.form = Some(Form::of(self.saved.iter().find(|own| Some(&own.name) == code.as_ref())));
        }
        if let Some(name) = self.ask(ui.ctx(), text) {
            code = Some(name);
        }
        let mut north_first = corrections.north_first;
        widget::narrow_field_with(ui, &words.order, |ui| {
            let orders = [None, Some(false), Some(true)];
            let offers: Vec<_> = orders.into_iter().zip(words.orders.iter().cloned()).collect();
            let shown = offers.iter().find(|(order, _)| *order == north_first).map_or("", |(_, name)| name);
            choose(ui, "order", (&words.order, 170.0), shown, &offers, &mut north_first);
        });
        let mut chosen = Corrections { north_first, ..corrections.clone() };
        match of_layer.filter(|_| code != told) {
            Some(name) => {
                chosen.of_layers.remove(&name);
                chosen.of_layers.extend(code.map(|code| (name, code)));
            }
            None if code != told => (chosen.reference, chosen.of_layers) = (code, BTreeMap::new()),
            None => {}
        }
        (chosen != *corrections).then_some(chosen)
    }

    /// The form of a system of one's own; its name once it is saved.
    fn ask(&mut self, context: &egui::Context, text: &Text) -> Option<String> {
        let words = &text.import;
        let form = self.form.as_mut()?;
        let mut answer = None;
        let modal = egui::Modal::new(Id::unique("own_system")).show(context, |ui| {
            ui.set_width(430.0);
            ui.heading(words.own_system.trim_end_matches('…'));
            widget::remark(ui, &words.own_system_about);
            ui.add_space(4.0);
            form.fields(ui, text);
            if form.failure {
                widget::notice(ui, Tone::Prohibited, &words.own_system_wrong);
            }
            ui.separator();
            ui.horizontal(|ui| {
                if ui.button(theme::bold(&words.save_system)).clicked() {
                    match form.system().filter(|system| system.system().is_ok()) {
                        Some(system) => answer = Some(Some(system)),
                        None => form.failure = true,
                    }
                }
                if ui.button(&words.cancel).clicked() {
                    answer = Some(None);
                }
                let is_known = self.saved.iter().any(|own| own.name == form.name);
                if is_known && ui.button(&words.remove_system).clicked() {
                    self.saved.retain(|own| own.name != form.name);
                    self.is_changed = true;
                    answer = Some(None);
                }
            });
        });
        if modal.should_close() {
            answer = Some(None);
        }
        let answer = answer?;
        self.form = None;
        let system = answer?;
        let name = system.name.clone();
        self.saved.retain(|own| own.name != name);
        self.saved.push(system);
        self.is_changed = true;
        Some(name)
    }

    /// Closes the form; whether it was open.
    pub fn leave_form(&mut self) -> bool {
        self.form.take().is_some()
    }

    /// Whether the form is open, which hears the keys first.
    pub fn is_asking(&self) -> bool {
        self.form.is_some()
    }
}

/// How sure it is and why, with a button for each of what it might be instead.
fn evidence(
    ui: &mut Ui,
    read: &ReadLayer,
    code: &mut Option<String>,
    named_system: impl Fn(&str) -> String,
    text: &Text,
) {
    let words = &text.import;
    let evidence = &read.evidence;
    let certainty = word(&text.format.certainty, &evidence.certainty);
    let reasons = evidence.reasons.iter().map(|reason| sentence::reason(text, reason));
    let reasons = reasons.collect::<Vec<_>>().join(&text.files.between);
    let why = fill(&words.why, &[("certainty", &certainty), ("reasons", &reasons)]);
    match evidence.certainty {
        Certainty::Unsure => {
            widget::notice(ui, Tone::Restricted, &why);
        }
        Certainty::Likely | Certainty::Certain => {
            widget::remark(ui, &why);
        }
    }
    if evidence.alternatives.is_empty() {
        return;
    }
    widget::remark(ui, &words.perhaps);
    ui.horizontal_wrapped(|ui| {
        for other in evidence.alternatives.iter().take(OTHERS) {
            if ui.small_button(named_system(other.code())).clicked() {
                *code = Some(other.code().to_owned());
            }
        }
    });
}

impl Form {
    /// A new one, or one that is changed.
    fn of(known: Option<&LocalSystem>) -> Form {
        let mut form = Form {
            name: String::new(),
            base: "EPSG:4549".into(),
            is_seven: false,
            figures: std::array::from_fn(|_| "0".to_owned()),
            turning: Turning::default(),
            failure: false,
        };
        let Some(known) = known else { return form };
        form.name.clone_from(&known.name);
        form.base.clone_from(&known.base);
        let mut put = |figures: &[f64]| {
            for (slot, figure) in form.figures.iter_mut().zip(figures) {
                *slot = figure.to_string();
            }
        };
        if let Some(four) = known.four {
            put(&[four.north, four.east, four.rotation, four.scale]);
        }
        if let Some(seven) = known.seven {
            let ([x, y, z], [rx, ry, rz]) = (seven.shift, seven.rotation);
            put(&[x, y, z, rx, ry, rz, seven.scale]);
            form.is_seven = true;
            form.turning = seven.turning;
        }
        form
    }

    fn fields(&mut self, ui: &mut Ui, text: &Text) {
        let words = &text.import;
        let line = |ui: &mut Ui, label: &str, value: &mut String| {
            widget::narrow_field_with(ui, label, |ui| {
                let entry = ui.add(egui::TextEdit::singleline(value).desired_width(230.0));
                entry.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, label));
            });
        };
        line(ui, &words.system_name, &mut self.name);
        ui.horizontal(|ui| {
            ui.radio_value(&mut self.is_seven, false, &words.four);
            ui.radio_value(&mut self.is_seven, true, &words.seven);
        });
        line(ui, if self.is_seven { &words.base_of_seven } else { &words.base_of_four }, &mut self.base);
        let names = if self.is_seven { &words.seven_figures[..] } else { &words.four_figures[..] };
        for (name, figure) in names.iter().zip(&mut self.figures) {
            line(ui, name, figure);
        }
        if self.is_seven {
            ui.horizontal_wrapped(|ui| {
                ui.radio_value(&mut self.turning, Turning::PositionVector, &words.position_vector);
                ui.radio_value(&mut self.turning, Turning::CoordinateFrame, &words.coordinate_frame);
            });
        }
    }

    /// What was typed; absent where a figure is none.
    fn system(&self) -> Option<LocalSystem> {
        let mut figures = [0.0; 7];
        let count = if self.is_seven { 7 } else { 4 };
        for (figure, typed) in figures.iter_mut().zip(&self.figures).take(count) {
            *figure = typed.trim().parse().ok()?;
        }
        let [a, b, c, d, e, f, g] = figures;
        let four = Four { north: a, east: b, rotation: c, scale: d };
        let seven = Seven { shift: [a, b, c], rotation: [d, e, f], scale: g, turning: self.turning };
        Some(LocalSystem {
            name: self.name.trim().to_owned(),
            base: self.base.trim().to_owned(),
            four: (!self.is_seven).then_some(four),
            seven: self.is_seven.then_some(seven),
        })
    }
}
