//! The search box: results while one types, arrows choose, Enter flies there.

use super::{layer_title, place_of};
use crate::atlas::{FeatureKey, Theme};
use crate::desktop::Commands;
use crate::desktop::theme;
use crate::desktop::widget::{self, Icon};
use crate::text::{Language, Text, fill};
use crate::workspace::{
    Command, Derived, FlyTo, Navigate, Notation, Panel, Position, Tool, Workspace, fit, parse_position, write_position,
};
use egui::{Id, Key, Modifiers, Popup, PopupCloseBehavior, RichText, ScrollArea, Sense, TextEdit, Ui, vec2};

/// The search box.
#[derive(Debug, Default)]
pub struct SearchBox {
    query: String,
    chosen: usize,
    open: bool,
    found: Vec<Found>,
    /// What the results answer.
    answered: Option<(String, u64, Language, usize)>,
    wants_focus: bool,
}

#[derive(Debug, Clone)]
enum Found {
    Place(Position),
    Feature(FeatureKey),
    Action(Action),
}

#[derive(Debug, Clone, Copy)]
enum Action {
    Panel(Panel),
    Tool(Tool),
    Home,
}

const ACTIONS: [Action; 16] = [
    Action::Panel(Panel::Feature),
    Action::Panel(Panel::Water),
    Action::Panel(Panel::Waters),
    Action::Panel(Panel::Siting),
    Action::Panel(Panel::Audit),
    Action::Panel(Panel::Targets),
    Action::Panel(Panel::Sheet),
    Action::Tool(Tool::Polygon),
    Action::Tool(Tool::Rectangle),
    Action::Tool(Tool::Circle),
    Action::Tool(Tool::Corridor),
    Action::Tool(Tool::Reshape),
    Action::Tool(Tool::Measure),
    Action::Tool(Tool::Words),
    Action::Tool(Tool::Arrow),
    Action::Home,
];

/// Rows at most.
const LIMIT: usize = 40;

impl SearchBox {
    /// Puts the cursor in the box at the next frame.
    pub fn focus(&mut self) {
        self.wants_focus = true;
    }

    /// Draws the box and, while there is something typed, the results under it.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, derived: &Derived, commands: &Commands, width: f32) {
        let words = &workspace.text().window.search;
        let id = Id::unique("search box");
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        let (up, down, enter, escape) = if has_focus { take_keys(ui, self.open) } else { Default::default() };
        let edit = TextEdit::singleline(&mut self.query)
            .id(id)
            .hint_text(&words.hint)
            .desired_width(width - 24.0)
            .margin(egui::Margin { left: 24, right: 6, top: 4, bottom: 4 });
        let answer = ui.add(edit).accessible_name(&words.name);
        let palette = theme::palette(ui.visuals());
        let glass = egui::Rect::from_center_size(
            egui::pos2(answer.rect.left() + 13.0, answer.rect.center().y),
            egui::Vec2::splat(14.0),
        );
        Icon::Search.paint(ui.painter(), glass, palette.ink_faint);
        if std::mem::take(&mut self.wants_focus) {
            answer.request_focus();
            if let Some(mut state) = egui::text_edit::TextEditState::load(ui.ctx(), id) {
                let all = egui::text::CCursorRange::two(
                    egui::text::CCursor::new(0),
                    egui::text::CCursor::new(self.query.chars().count()),
                );
                state.cursor.set_char_range(Some(all));
                state.store(ui.ctx(), id);
            }
        }
        if answer.changed() || answer.gained_focus() {
            self.open = !self.query.trim().is_empty();
            self.chosen = 0;
        }
        self.look_up(workspace, derived);
        if escape {
            if self.open {
                self.open = false;
            } else {
                answer.surrender_focus();
            }
        }
        let last = self.found.len().saturating_sub(1);
        if down {
            self.open = true;
            self.chosen = (self.chosen + 1).min(last);
        }
        if up {
            self.chosen = self.chosen.saturating_sub(1);
        }
        let mut taken = (enter && !self.query.trim().is_empty()).then_some(self.chosen);
        if self.open {
            let moved = up || down;
            let mut still_open = true;
            Popup::from_response(&answer)
                .id(Id::unique("search results"))
                .open_bool(&mut still_open)
                .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
                .accessible_name(&words.results)
                .width(answer.rect.width().max(340.0))
                .gap(4.0)
                .show(|ui| {
                    // A popup keeps the size of what it showed last: a short sentence must not squeeze the next list.
                    ui.set_width(answer.rect.width().max(340.0));
                    if let Some(row) = self.show_results(ui, workspace, moved) {
                        taken = Some(row);
                    }
                });
            let elsewhere = ui.input(|input| input.pointer.any_pressed()) && answer.clicked_elsewhere();
            if !still_open && (elsewhere || !answer.has_focus()) {
                self.open = false;
            }
        }
        if let Some(found) = taken.and_then(|row| self.found.get(row)).cloned() {
            take(&found, workspace, commands);
            self.open = false;
            answer.surrender_focus();
        }
    }

    fn look_up(&mut self, workspace: &Workspace, derived: &Derived) {
        let text = workspace.text();
        let index_size = derived.search.len();
        let question = (self.query.clone(), workspace.revision(), text.language, index_size);
        if self.answered.as_ref() == Some(&question) {
            return;
        }
        self.found.clear();
        if !self.query.trim().is_empty() {
            let near = workspace.session.view.longitude;
            self.found.extend(parse_position(&self.query, near).map(Found::Place));
            self.found.extend(derived.search.search(&self.query, LIMIT).into_iter().map(Found::Feature));
            let mut actions: Vec<_> = ACTIONS
                .iter()
                .filter_map(|action| Some((fit(action_name(*action, text), &self.query)?, *action)))
                .collect();
            actions.sort_by_key(|(fit, _)| *fit);
            self.found.extend(actions.into_iter().map(|(_, action)| Found::Action(action)));
        }
        self.chosen = self.chosen.min(self.found.len().saturating_sub(1));
        self.answered = Some(question);
    }

    fn show_results(&mut self, ui: &mut Ui, workspace: &Workspace, moved: bool) -> Option<usize> {
        let text = workspace.text();
        if self.found.is_empty() {
            widget::remark(ui, &fill(&text.window.search.nothing, &[("query", self.query.trim())]));
            return None;
        }
        let mut taken = None;
        ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            for (row, found) in self.found.iter().enumerate() {
                let (name, beside) = describe(found, workspace);
                let (area, answer) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::click());
                let chosen = row == self.chosen;
                answer.widget_info(|| {
                    egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, chosen, format!("{name} {beside}"))
                });
                let palette = theme::palette(ui.visuals());
                if chosen || answer.hovered() {
                    let ground = if chosen { palette.accent_ground } else { palette.button };
                    ui.painter().rect_filled(area, f32::from(theme::ROUND), ground);
                }
                let inner = area.shrink2(vec2(8.0, 0.0));
                let line = |words: &str, width: f32, small: bool, ui: &Ui| {
                    let style = if small { egui::TextStyle::Small } else { egui::TextStyle::Body };
                    let words = egui::WidgetText::from(RichText::new(words));
                    words.into_galley(ui, Some(egui::TextWrapMode::Truncate), width, style)
                };
                let note = line(&beside, inner.width() * 0.55, true, ui);
                let main = line(&name, inner.width() - note.size().x - 8.0, false, ui);
                let middle = inner.center().y;
                ui.painter().galley(egui::pos2(inner.left(), middle - main.size().y / 2.0), main, palette.ink);
                let at = egui::pos2(inner.right() - note.size().x, middle - note.size().y / 2.0);
                ui.painter().galley(at, note, palette.ink_faint);
                if chosen && moved {
                    answer.scroll_to_me(None);
                }
                if answer.clicked() {
                    taken = Some(row);
                }
            }
        });
        taken
    }
}

/// Arrows, Enter and Esc belong to the list while the box has the keyboard; an input method that composes sends none.
fn take_keys(ui: &Ui, open: bool) -> (bool, bool, bool, bool) {
    ui.input_mut(|input| {
        let mut take = |key: Key| input.consume_key(Modifiers::NONE, key);
        (open && take(Key::ArrowUp), take(Key::ArrowDown), take(Key::Enter), take(Key::Escape))
    })
}

fn take(found: &Found, workspace: &Workspace, commands: &Commands) {
    match found {
        Found::Place(position) => commands.navigate(Navigate::Fly(FlyTo::Place(position.at, Some(15.0)))),
        Found::Feature(key) => {
            commands.navigate(Navigate::Select(vec![*key]));
            let theme = workspace.atlas().layer_by_id(key.layer).map(|layer| layer.theme);
            if matches!(theme, Some(Theme::Rivers | Theme::BlackOdourWaters)) {
                commands.navigate(Navigate::Show(Panel::Water));
            }
            if let Some(to) = workspace.atlas().feature(*key).and_then(place_of) {
                commands.navigate(Navigate::Fly(to));
            }
        }
        Found::Action(Action::Panel(panel)) => commands.navigate(Navigate::Show(*panel)),
        Found::Action(Action::Tool(tool)) => commands.send(Command::Navigate(Navigate::Take(*tool))),
        Found::Action(Action::Home) => commands.navigate(Navigate::Fly(FlyTo::Home)),
    }
}

fn describe(found: &Found, workspace: &Workspace) -> (String, String) {
    let text = workspace.text();
    let words = &text.window.search;
    match found {
        Found::Place(position) => {
            let how = match position.notation {
                Notation::Degrees => &words.degrees,
                Notation::Sexagesimal => &words.sexagesimal,
                Notation::Plane => &words.plane,
            };
            let written = write_position(position.at, Notation::Degrees);
            (fill(&words.position, &[("position", &written)]), how.clone())
        }
        Found::Feature(key) => {
            let Some(layer) = workspace.atlas().layer_by_id(key.layer) else { return Default::default() };
            let Some(feature) = layer.feature(key.index) else { return Default::default() };
            let district = feature.text("district");
            let beside = if district.is_empty() { String::new() } else { format!(" · {district}") };
            (feature.name().to_string(), format!("{}{beside}", layer_title(layer, text)))
        }
        Found::Action(action) => (action_name(*action, text).to_string(), words.command.clone()),
    }
}

fn action_name(action: Action, text: &Text) -> &str {
    let bar = &text.bar;
    match action {
        Action::Panel(panel) => crate::desktop::bar::panel_name(text, panel),
        Action::Tool(tool) => crate::desktop::bar::tool_name(bar, tool),
        Action::Home => &text.window.search.home,
    }
}
