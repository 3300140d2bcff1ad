//! Where instead, in the siting panel: what to look for, the nearest places, and taking one of them.

use crate::desktop::Commands;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Icon, main_button};
use crate::geometry::geo::{BoundingRect, Coord, Rect};
use crate::siting::{Candidate, Consequence, Grade, Impossible, Relocation, Verdict, Wish};
use crate::text::{Text, elsewhere, fill};
use crate::workspace::{Basis, Derived, Edit, Elsewhere, ElsewhereWish, FlyTo, Navigate, SiteState, Task, Workspace};
use egui::{ComboBox, Label, RichText, Ui};
use std::sync::Arc;

/// Distances offered, metres; the last is any.
const FARTHEST: [Option<f64>; 7] =
    [Some(200.0), Some(500.0), Some(1_000.0), Some(2_000.0), Some(5_000.0), Some(20_000.0), None];

/// What the person wants of other places.
#[derive(Debug)]
pub(super) struct ElsewherePart {
    district: Option<String>,
    farthest: Option<f64>,
    rotate: bool,
    avoids_attention: bool,
    with_map: bool,
    is_open: bool,
}

impl Default for ElsewherePart {
    fn default() -> Self {
        Self { district: None, farthest: None, rotate: false, avoids_attention: false, with_map: true, is_open: false }
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
            show_found(ui, found, state, text, commands);
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
        ui.horizontal_wrapped(|ui| {
            ui.checkbox(&mut self.rotate, &words.rotate).on_hover_text(&words.rotate_hint);
            ui.checkbox(&mut self.avoids_attention, &words.avoid_attention);
            ui.checkbox(&mut self.with_map, &words.show_places);
        });
    }

    fn wish(&self, workspace: &Workspace, state: &SiteState) -> ElsewhereWish {
        let any = Wish::default();
        let farthest_m = self.farthest.unwrap_or(any.farthest_m);
        ElsewhereWish {
            id: state.id,
            site: state.site.clone(),
            wish: Wish { rotate: self.rotate, district: self.district.clone(), farthest_m, ..any },
            avoid: if self.avoids_attention { Consequence::Attention } else { Consequence::Restricted },
            with_map: self.with_map,
            basis: Basis::of(workspace),
        }
    }
}

fn is_in_conflict(verdict: &Verdict) -> bool {
    matches!(verdict.verdict, Grade::Prohibited | Grade::Restricted)
}

fn show_found(ui: &mut Ui, found: &Arc<Elsewhere>, state: &SiteState, text: &Text, commands: &Commands) {
    let words = &text.elsewhere;
    match &found.found {
        Ok(relocation) => {
            show_candidates(ui, relocation, state, text, commands);
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
    if let Some(sentence) = elsewhere::ending(found, text) {
        widget::notice(ui, Tone::Neutral, &sentence);
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
