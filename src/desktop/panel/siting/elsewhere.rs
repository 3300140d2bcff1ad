//! Where instead, in the siting panel: what to look for, the nearest places, and taking one of them.

use crate::atlas::Theme;
use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, main_button};
use crate::geometry::geo::{BoundingRect, Coord, Rect};
use crate::siting::{Candidate, Consequence, Grade, Impossible, Relocation, Verdict, Wish};
use crate::text::{Text, elsewhere, fill};
use crate::workspace::{Basis, Derived, Edit, Elsewhere, ElsewhereWish, FlyTo, Navigate, SiteState, Task, Workspace};
use egui::{ComboBox, DragValue, Label, PopupCloseBehavior, RichText, TextEdit, Ui};
use std::sync::Arc;

/// Distances offered, metres; the last is any.
const FARTHEST: [Option<f64>; 7] =
    [Some(200.0), Some(500.0), Some(1_000.0), Some(2_000.0), Some(5_000.0), Some(20_000.0), None];

/// Near a place is within so many metres of it.
const NEAR_PLACE: f64 = 5_000.0;

/// Themes that a project may be kept outside of, whatever the rules say.
const OUTSIDE: [Theme; 11] = [
    Theme::RedlineZones,
    Theme::WaterSources,
    Theme::Lakes,
    Theme::Yangtze,
    Theme::Rivers,
    Theme::BlackOdourWaters,
    Theme::LivestockZones,
    Theme::ContaminatedPlots,
    Theme::TaihuZones,
    Theme::RiverManagementZones,
    Theme::Constraint,
];

/// What the person wants of other places.
#[derive(Debug)]
pub(super) struct ElsewherePart {
    district: Option<String>,
    farthest: Option<f64>,
    rotate: bool,
    avoids_attention: bool,
    with_map: bool,
    is_open: bool,
    clearance_m: f64,
    /// Name of a place that it has to stand near, as typed.
    near_place: String,
    outside: Vec<Theme>,
}

impl Default for ElsewherePart {
    fn default() -> Self {
        Self {
            district: None,
            farthest: None,
            rotate: false,
            avoids_attention: false,
            with_map: true,
            is_open: false,
            clearance_m: 5.0,
            near_place: String::new(),
            outside: Vec::new(),
        }
    }
}

impl ElsewherePart {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        workspace: &Workspace,
        derived: &Derived,
        state: &SiteState,
        commands: &Commands,
    ) {
        let text = workspace.text();
        let words = &text.elsewhere;
        widget::section(ui, &words.title);
        let wish = self.wish(workspace, state);
        let found = derived.elsewhere.as_ref().filter(|found| found.wish.id == state.id);
        let is_last = found.is_some_and(|found| found.wish == wish);
        let is_in_conflict = derived.verdict.as_ref().is_some_and(|verdict| is_in_conflict(verdict));
        ui.horizontal(|ui| {
            let name = if found.is_some() { &words.again } else { &words.find };
            let pressed = if is_in_conflict && !is_last {
                main_button(ui, Icon::Search, name).clicked()
            } else {
                widget::labelled_button(ui, Icon::Search, name).clicked()
            };
            if pressed {
                commands.run(Task::LookElsewhere(Box::new(wish.clone())));
            }
            let open = widget::labelled_button(ui, Icon::Fold(self.is_open), &words.conditions);
            self.is_open ^= open.clicked();
        });
        if self.is_open {
            self.show_wishes(ui, workspace);
        }
        if found.is_none() {
            widget::remark(ui, &words.intro);
        }
        let Some(found) = found else { return };
        if !found.is_of(state.id, &state.site) || !is_last {
            widget::notice(ui, Tone::Neutral, &words.changed);
        }
        if found.is_of(state.id, &state.site) {
            show_found(ui, found, is_last, state, text, commands);
        }
    }

    fn show_wishes(&mut self, ui: &mut Ui, workspace: &Workspace) {
        let text = workspace.text();
        let words = &text.elsewhere;
        widget::field_in_row(ui, &words.district, |ui| {
            let shown = self.district.as_deref().unwrap_or(&words.any_district).to_owned();
            let combo = ComboBox::from_id_salt("elsewhere district").selected_text(shown).show_ui(ui, |ui| {
                if ui.selectable_label(self.district.is_none(), &words.any_district).clicked() {
                    self.district = None;
                }
                for layer in workspace.atlas().layers_of(crate::atlas::Theme::Districts) {
                    for district in layer.features() {
                        let is_chosen = self.district.as_deref() == Some(district.name());
                        if ui.selectable_label(is_chosen, district.name()).clicked() {
                            self.district = Some(district.name().to_owned());
                        }
                    }
                }
            });
            combo.response.accessible_name(&words.district);
            let name = |metres: Option<f64>| {
                metres.map_or_else(|| words.any_distance.clone(), |metres| elsewhere::metres(metres, text))
            };
            let combo = ComboBox::from_id_salt("elsewhere distance").selected_text(name(self.farthest));
            let combo = combo.show_ui(ui, |ui| {
                for metres in FARTHEST {
                    if ui.selectable_label(self.farthest == metres, name(metres)).clicked() {
                        self.farthest = metres;
                    }
                }
            });
            combo.response.on_hover_text(&words.farthest).accessible_name(&words.farthest);
        });
        self.show_further_wishes(ui, workspace);
        ui.horizontal_wrapped(|ui| {
            ui.checkbox(&mut self.rotate, &words.rotate).on_hover_text(&words.rotate_hint);
            ui.checkbox(&mut self.avoids_attention, &words.avoid_attention);
            ui.checkbox(&mut self.with_map, &words.show_places);
        });
    }

    /// How far to keep off, which place to be near, what else to keep outside of.
    fn show_further_wishes(&mut self, ui: &mut Ui, workspace: &Workspace) {
        let text = workspace.text();
        let words = &text.elsewhere;
        widget::field_with(ui, &words.clearance, |ui| {
            let value = DragValue::new(&mut self.clearance_m).range(0.0..=2_000.0).max_decimals(1);
            ui.add(value).accessible_name(&words.clearance);
        });
        widget::field_with(ui, &words.near_place, |ui| {
            let edit = TextEdit::singleline(&mut self.near_place).hint_text(&words.near_place_hint);
            ui.add(edit.desired_width(f32::INFINITY)).accessible_name(&words.near_place);
        });
        let typed = self.near_place.trim();
        if !typed.is_empty() && self.place(workspace).is_none() {
            widget::remark(ui, &fill(&words.near_place_unknown, &[("name", typed)]));
        }
        widget::field_with(ui, &words.outside, |ui| {
            let names: Vec<&str> = self.outside.iter().map(|theme| text.common.theme(*theme)).collect();
            let shown = if names.is_empty() { words.outside_none.clone() } else { names.join(&words.separator) };
            let combo = ComboBox::from_id_salt("elsewhere outside").selected_text(shown).truncate();
            let combo = combo.width(ui.available_width()).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
            let combo = combo.show_ui(ui, |ui| {
                for theme in OUTSIDE.into_iter().filter(|theme| workspace.atlas().layers_of(*theme).next().is_some()) {
                    let mut is_out = self.outside.contains(&theme);
                    if ui.checkbox(&mut is_out, text.common.theme(theme)).changed() {
                        self.outside.retain(|known| *known != theme);
                        self.outside.extend(is_out.then_some(theme));
                    }
                }
            });
            combo.response.accessible_name(&words.outside);
        });
    }

    /// Where the place typed is.
    fn place(&self, workspace: &Workspace) -> Option<Coord> {
        let name = self.near_place.trim();
        let places = workspace.atlas().layers_of(Theme::Places).flat_map(|layer| layer.features());
        let mut places = places.filter(|place| !name.is_empty() && place.name() == name);
        places.find_map(|place| Some(place.bounds()?.center()))
    }

    fn wish(&self, workspace: &Workspace, state: &SiteState) -> ElsewhereWish {
        let any = Wish::default();
        let near = self.place(workspace).map(|at| (at, NEAR_PLACE));
        let farthest_m = self.farthest.unwrap_or(any.farthest_m);
        ElsewhereWish {
            id: state.id,
            site: state.site.clone(),
            wish: Wish {
                rotate: self.rotate,
                district: self.district.clone(),
                outside: self.outside.clone(),
                farthest_m,
                near,
                clearance_m: self.clearance_m,
                ..any
            },
            avoid: if self.avoids_attention { Consequence::Attention } else { Consequence::Restricted },
            with_map: self.with_map,
            basis: Basis::of(workspace),
        }
    }
}

fn is_in_conflict(verdict: &Verdict) -> bool {
    matches!(verdict.verdict, Grade::Prohibited | Grade::Restricted)
}

fn show_found(ui: &mut Ui, found: &Arc<Elsewhere>, is_last: bool, state: &SiteState, text: &Text, commands: &Commands) {
    let words = &text.elsewhere;
    match &found.found {
        Ok(relocation) => {
            show_candidates(ui, relocation, state, text, commands);
            // why there are no more is said of what is asked now
            if !is_last {
                return;
            }
            if let Some(sentence) = elsewhere::ending(relocation, text) {
                widget::notice(ui, Tone::Neutral, &sentence);
            }
            let why =
                found.hindrance.iter().flat_map(|why| elsewhere::hindrance_sentences(why, &found.wish.wish, text));
            why.for_each(|line| _ = widget::remark(ui, &line));
        }
        Err(reason) => {
            let sentence = match reason {
                Impossible::SiteUnusable => words.impossible_site.clone(),
                Impossible::NoDistrict => {
                    let name = found.wish.wish.district.as_deref().unwrap_or_default();
                    fill(&words.impossible_district, &[("name", name)])
                }
                Impossible::NoTheme(theme) => fill(&words.impossible_theme, &[("theme", text.common.theme(*theme))]),
            };
            widget::notice(ui, Tone::Restricted, &sentence);
        }
    }
}

fn show_candidates(ui: &mut Ui, found: &Relocation, state: &SiteState, text: &Text, commands: &Commands) {
    let words = &text.elsewhere;
    if found.candidates.first().is_some_and(|first| first.distance_m == 0.0 && first.rotation_deg == 0.0) {
        widget::notice(ui, Tone::Neutral, &words.stay);
    }
    for (number, candidate) in (1..).zip(&found.candidates) {
        ui.push_id(("candidate", number), |ui| {
            widget::card(ui, |ui| show_candidate(ui, number, candidate, state, text, commands));
        });
    }
}

fn show_candidate(
    ui: &mut Ui,
    number: usize,
    candidate: &Candidate,
    state: &SiteState,
    text: &Text,
    commands: &Commands,
) {
    let words = &text.elsewhere;
    let palette = theme::palette(ui.visuals());
    ui.add(Label::new(theme::bold(elsewhere::step(number, candidate, text))).wrap());
    for remark in elsewhere::remarks(candidate, text) {
        ui.add(Label::new(RichText::new(remark).small().color(palette.ink_soft)).wrap());
    }
    ui.horizontal(|ui| {
        // each button names its candidate, for those who hear the screen
        let take = widget::labelled_button(ui, Icon::Tick, &words.take);
        let is_here = candidate.distance_m == 0.0 && candidate.rotation_deg == 0.0;
        if take.clicked() && !is_here {
            commands.edit(Edit::ReshapeSite(state.id, candidate.shape.clone()));
        }
        if widget::labelled_button(ui, Icon::ZoomTo, &words.look).clicked()
            && let Some(area) = both(candidate, state)
        {
            commands.navigate(Navigate::Fly(FlyTo::Area(area)));
        }
    });
}

/// The box round a site and a candidate for it.
fn both(candidate: &Candidate, state: &SiteState) -> Option<Rect> {
    let (here, there) = (state.site.shape.bounding_rect()?, candidate.shape.bounding_rect()?);
    let low = Coord { x: here.min().x.min(there.min().x), y: here.min().y.min(there.min().y) };
    let high = Coord { x: here.max().x.max(there.max().x), y: here.max().y.max(there.max().y) };
    Some(Rect::new(low, high))
}
