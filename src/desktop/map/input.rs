//! Mouse and keys on the map.

use super::camera::Camera;
use super::furniture::POINTS_PER_METRE;
use super::handle::{Handle, Hold, handle_at};
use super::pick;
use super::reshape::{Reshape, without};
use super::sketch::{Done, Sketch};
use super::snap::{Snap, Targets, snap};
use super::style::Wardrobe;
use super::{Hand, MapView, Menu, Writing};
use crate::atlas::{Feature, FeatureKey, Layer, Site};
use crate::desktop::Commands;
use crate::text::fill;
use crate::workspace::{
    Annotation, Command, Edit, FlyTo, Navigate, Notice, Panel, Purpose, SiteId, SiteState, Tool, Workspace,
};
use egui::{CursorIcon, Event, Key, MouseWheelUnit, PointerButton, Pos2, Rect, Response, Ui, Vec2};
use geo::{Contains, Coord, MultiPolygon};

/// Levels a notch of the wheel, and with Ctrl.
const NOTCH: f64 = 0.5;
const FINE_NOTCH: f64 = 0.1;
/// Points that a touchpad scrolls for one notch.
const POINTS_A_NOTCH: f32 = 50.0;
/// Share of the frame that an arrow key pans, and with Shift.
const STEP: f32 = 0.12;
const BIG_STEP: f32 = 0.6;

impl MapView {
    /// Moves the camera and the hand as mouse and keys say; sends what is finished.
    pub(super) fn obey(
        &mut self,
        ui: &Ui,
        response: &Response,
        camera: &mut Camera,
        workspace: &Workspace,
        wardrobe: &Wardrobe<'_>,
        commands: &Commands,
    ) {
        self.wheel(ui, response, camera);
        let aim = Aim { camera: *camera, workspace, wardrobe, is_free: is_free(ui) };
        self.drag(ui, response, camera, &aim, commands);
        self.click(ui, response, camera, workspace, wardrobe, commands);
        if !ui.ctx().text_edit_focused() {
            self.keys(ui, response, camera, workspace, commands);
        }
        let aim = Aim { camera: *camera, ..aim };
        let is_over = response.contains_pointer() || response.dragged();
        let at = response.hover_pos().filter(|_| is_over && self.sketch.draws());
        let aimed = at.map(|place| aim.at(place, &self.sketch));
        if self.sketch.draws() {
            self.snapped = aimed.and_then(|(_, snap)| snap);
        } else if !matches!(self.hand, Hand::Shape(_)) {
            self.snapped = None;
        }
        self.sketch.hover(aimed.map(|(at, _)| at));
        self.cursor_icon(ui, response, camera, workspace);
    }

    /// Zooms at the cursor, the same for every notch whatever the frame time.
    fn wheel(&self, ui: &Ui, response: &Response, camera: &mut Camera) {
        if !response.contains_pointer() {
            return;
        }
        let Some(at) = ui.input(|input| input.pointer.hover_pos()) else { return };
        let levels: f64 = ui.input(|input| {
            let levels = input.events.iter().map(|event| match event {
                Event::MouseWheel { unit, delta, modifiers, .. } => {
                    let notches = match unit {
                        MouseWheelUnit::Line => delta.y,
                        MouseWheelUnit::Page => delta.y * 3.0,
                        MouseWheelUnit::Point => delta.y / POINTS_A_NOTCH,
                    };
                    f64::from(notches) * if modifiers.command || modifiers.ctrl { FINE_NOTCH } else { NOTCH }
                }
                Event::Zoom(factor) => f64::from(factor.max(0.01)).log2(),
                _ => 0.0,
            });
            levels.sum()
        });
        if levels != 0.0 && levels.is_finite() {
            camera.zoom_at(at, levels);
        }
    }

    fn drag(&mut self, ui: &Ui, response: &Response, camera: &mut Camera, aim: &Aim<'_>, commands: &Commands) {
        let workspace = aim.workspace;
        let tool = workspace.session.tool;
        let (shift, space, origin) =
            ui.input(|input| (input.modifiers.shift, input.key_down(Key::Space), input.pointer.press_origin()));
        let space = space && !ui.ctx().text_edit_focused();
        if response.drag_started_by(PointerButton::Middle) {
            self.hand = Hand::Pan;
        }
        if let (true, Some(origin)) = (response.drag_started_by(PointerButton::Primary), origin) {
            self.hand = match tool {
                _ if space => Hand::Pan,
                Tool::Reshape if let Some(reshape) = grab(camera, workspace, origin, shift) => {
                    Hand::Shape(Box::new(reshape))
                }
                Tool::Browse | Tool::Reshape if shift => Hand::ZoomBox(origin),
                Tool::Rectangle | Tool::Circle | Tool::Arrow => {
                    if !self.sketch.is_begun() {
                        let (at, _) = aim.at(origin, &self.sketch);
                        let done = self.sketch.click(at, camera);
                        self.conclude(done, workspace, commands);
                    }
                    Hand::Stretch
                }
                _ => Hand::Pan,
            };
        }
        let at = response.interact_pointer_pos();
        if response.dragged() {
            match (&mut self.hand, at) {
                (Hand::Pan, _) => camera.pan(response.drag_delta()),
                (Hand::Shape(reshape), Some(at)) => {
                    let (to, snap) = match reshape.is_whole() {
                        true => (camera.degrees(at), None),
                        false => aim.of_site(at, reshape.site),
                    };
                    self.snapped = snap;
                    reshape.pull(to, shift);
                }
                _ => {}
            }
        }
        if response.drag_stopped() {
            match (std::mem::take(&mut self.hand), at) {
                (Hand::ZoomBox(from), Some(to)) if (to - from).length() > 4.0 => {
                    let area = Rect::from_two_pos(from, to);
                    let degrees = geo::Rect::new(camera.degrees(area.left_bottom()), camera.degrees(area.right_top()));
                    camera.fit(degrees, *super::camera::ZOOM.end());
                }
                (Hand::Stretch, Some(at)) => {
                    let (at, _) = aim.at(at, &self.sketch);
                    let done = self.sketch.click(at, camera);
                    self.conclude(done, workspace, commands);
                }
                (Hand::Shape(reshape), _) => {
                    self.snapped = None;
                    if let Some(edit) = reshape.finish() {
                        commands.edit(edit);
                    }
                }
                _ => {}
            }
        }
    }

    fn click(
        &mut self,
        ui: &Ui,
        response: &Response,
        camera: &mut Camera,
        workspace: &Workspace,
        wardrobe: &Wardrobe<'_>,
        commands: &Commands,
    ) {
        for (button, step) in [(PointerButton::Extra1, Navigate::Back), (PointerButton::Extra2, Navigate::Forward)] {
            if response.clicked_by(button) {
                commands.navigate(step);
            }
        }
        let at = response.interact_pointer_pos();
        if let (true, Some(at)) = (response.clicked(), at) {
            if self.sketch.draws() {
                let aim = Aim { camera: *camera, workspace, wardrobe, is_free: is_free(ui) };
                let (at, _) = aim.at(at, &self.sketch);
                let done = self.sketch.click(at, camera);
                self.conclude(done, workspace, commands);
            } else if !response.double_clicked() {
                let (here, beside) = (camera.degrees(at), camera.degrees(at + egui::vec2(7.0, 0.0)));
                self.clicked = Some((here, (beside.x - here.x).abs()));
                let modifiers = ui.input(|input| input.modifiers);
                self.identify(camera, at, modifiers, workspace, wardrobe, commands);
            }
        }
        if let (true, Some(at)) = (response.double_clicked(), at) {
            if self.sketch.draws() {
                let done = self.sketch.finish();
                self.conclude(done, workspace, commands);
            } else {
                camera.zoom_at(at, 1.0);
            }
        }
        if let (true, Some(at)) = (response.secondary_clicked(), at) {
            if self.sketch.draws() && self.sketch.is_begun() {
                let done = self.sketch.finish();
                self.conclude(done, workspace, commands);
                self.menu = None;
            } else {
                let corner = current_site(workspace)
                    .filter(|_| workspace.session.tool == Tool::Reshape)
                    .and_then(|site| without(site, site_handle(site, camera, at)?.hold));
                let annotation = annotation_at(workspace, camera, at);
                self.menu = Some(Menu { at: camera.degrees(at), place: at, corner, annotation });
            }
        }
    }

    /// Selects everything under a click; with Shift or Ctrl it is added or taken out.
    fn identify(
        &self,
        camera: &Camera,
        at: Pos2,
        modifiers: egui::Modifiers,
        workspace: &Workspace,
        wardrobe: &Wardrobe<'_>,
        commands: &Commands,
    ) {
        let found = keys_under(camera, at, workspace, wardrobe);
        let mut hits = workspace.session.hits.clone();
        if modifiers.shift {
            hits.extend(found.iter().filter(|key| !workspace.session.hits.contains(key)));
        } else if modifiers.command || modifiers.ctrl {
            if let Some(first) = found.first() {
                match hits.iter().position(|key| key == first) {
                    Some(place) => _ = hits.remove(place),
                    None => hits.push(*first),
                }
            }
        } else {
            hits = found;
        }
        if hits != workspace.session.hits || workspace.session.hit != 0 {
            commands.navigate(Navigate::Select(hits));
        }
        let place = geo::Point(camera.degrees(at));
        let site = workspace.project().sites.iter().rev().find(|state| state.site.shape.contains(&place));
        if let Some(site) = site.filter(|site| workspace.session.site != Some(site.id)) {
            commands.navigate(Navigate::ChooseSite(Some(site.id)));
        }
    }

    /// Does what a finished gesture asks for.
    pub(super) fn conclude(&mut self, done: Option<Done>, workspace: &Workspace, commands: &Commands) {
        match done {
            Some(Done::Site(shape, form)) => {
                let purpose = self.sketch.choices().purpose;
                if let (Some(site), true) = (current_site(workspace), purpose != Purpose::New) {
                    self.compose(site, purpose, &shape, workspace, commands);
                    return;
                }
                let number = workspace.project().sites.iter().map(|site| site.id.0).max().unwrap_or(0) + 1;
                let number = number.to_string();
                let name = fill(&workspace.text().bar.site_name, &[("n", &number)]);
                let site = Site { id: number, name, shape, ..Site::default() };
                commands.edit(Edit::AddSites(vec![(site, form)]));
                commands.navigate(Navigate::Show(Panel::Siting));
                // What was drawn is next adjusted, and the verdict follows.
                commands.navigate(Navigate::Take(Tool::Reshape));
            }
            Some(Done::Words(at)) => {
                self.writing = Some(Writing { at, arrow: None, words: String::new(), is_new: true });
            }
            Some(Done::Arrow(from, to)) => {
                self.writing = Some(Writing { at: from, arrow: Some((from, to)), words: String::new(), is_new: true });
            }
            None => {}
        }
    }

    /// Adds what was drawn to the current site, or cuts it out.
    fn compose(
        &self,
        state: &SiteState,
        purpose: Purpose,
        drawn: &MultiPolygon,
        workspace: &Workspace,
        commands: &Commands,
    ) {
        let shape = purpose.composed(Some(&state.site.shape), drawn);
        if shape.0.is_empty() {
            let sentence = workspace.text().shaping.nothing_left.clone();
            commands.send(Command::Say(Notice { is_problem: true, sentence }));
        } else if shape != state.site.shape {
            commands.edit(Edit::ReshapeSite(state.id, shape));
        }
        commands.navigate(Navigate::Take(Tool::Reshape));
    }

    fn keys(&mut self, ui: &Ui, response: &Response, camera: &mut Camera, workspace: &Workspace, commands: &Commands) {
        let focused = ui.memory(|memory| memory.focused());
        // a list that is open has the keys
        if focused.is_some_and(|id| id != response.id) || egui::Popup::is_any_open(ui.ctx()) {
            return;
        }
        if response.has_focus() {
            let filter = egui::EventFilter { horizontal_arrows: true, vertical_arrows: true, ..Default::default() };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        }
        let pressed = |key: Key| ui.input(|input| input.key_pressed(key) && !input.modifiers.alt);
        let (shift, command) = ui.input(|input| (input.modifiers.shift, input.modifiers.command));
        let step = camera.frame.size() * if shift { BIG_STEP } else { STEP };
        for (key, x, y) in [
            (Key::ArrowLeft, 1.0, 0.0),
            (Key::ArrowRight, -1.0, 0.0),
            (Key::ArrowUp, 0.0, 1.0),
            (Key::ArrowDown, 0.0, -1.0),
        ] {
            if pressed(key) && !command {
                camera.pan(Vec2::new(step.x * x, step.y * y).round());
            }
        }
        let middle = camera.frame.center();
        if !command && (pressed(Key::Plus) || pressed(Key::Equals) || pressed(Key::PageUp)) {
            camera.zoom_at(middle, NOTCH);
        }
        if !command && (pressed(Key::Minus) || pressed(Key::PageDown)) {
            camera.zoom_at(middle, -NOTCH);
        }
        if pressed(Key::Home) || (command && pressed(Key::Num0)) || (command && shift && pressed(Key::F)) {
            camera.fly(FlyTo::Home, POINTS_PER_METRE);
        }
        if command && pressed(Key::J) {
            let bounds = workspace.selected().and_then(|key| workspace.atlas().feature(key)?.bounds());
            if let Some(bounds) = bounds {
                camera.fly(FlyTo::Area(bounds), POINTS_PER_METRE);
            }
        }
        if workspace.session.tool == Tool::Reshape && matches!(self.hand, Hand::Free) {
            let (delete, back) = (pressed(Key::Delete), pressed(Key::Backspace));
            if delete || back {
                delete_under(response, camera, workspace, commands, delete);
            }
        }
        if self.sketch.draws() {
            if pressed(Key::Enter) {
                let done = self.sketch.finish();
                self.conclude(done, workspace, commands);
            }
            if pressed(Key::Backspace) {
                self.sketch.back();
            }
        }
    }

    fn cursor_icon(&self, ui: &Ui, response: &Response, camera: &Camera, workspace: &Workspace) {
        let Some(at) = response.hover_pos() else { return };
        let (shift, space) = ui.input(|input| (input.modifiers.shift, input.key_down(Key::Space)));
        let icon = match (&self.hand, workspace.session.tool) {
            (Hand::Pan, _) => CursorIcon::Grabbing,
            (Hand::ZoomBox(_), _) => CursorIcon::Crosshair,
            (Hand::Shape(reshape), _) => hold_icon(reshape.hold(), true),
            _ if space => CursorIcon::Grab,
            (_, Tool::Browse | Tool::Reshape) if shift => CursorIcon::ZoomIn,
            (_, Tool::Browse) => CursorIcon::Default,
            (_, Tool::Reshape) => {
                let handle = current_site(workspace).and_then(|site| site_handle(site, camera, at));
                handle.map_or(CursorIcon::Default, |handle| hold_icon(handle.hold, false))
            }
            (_, Tool::Words) => CursorIcon::Text,
            _ => CursorIcon::Crosshair,
        };
        ui.ctx().set_cursor_icon(icon);
    }

    /// The menu of the right button.
    pub(super) fn menu(
        &mut self,
        response: &Response,
        camera: &mut Camera,
        workspace: &Workspace,
        wardrobe: &Wardrobe<'_>,
        commands: &Commands,
    ) {
        let Some(menu) = &self.menu else { return };
        let text = &workspace.text().map;
        let words = format!("{:.6}, {:.6}", menu.at.x, menu.at.y);
        let mut chosen: Option<Edit> = None;
        response.context_menu(|ui| {
            ui.set_min_width(180.0);
            ui.label(&words);
            ui.separator();
            if ui.button(&text.what_is_here).clicked() {
                commands.navigate(Navigate::Select(keys_under(camera, menu.place, workspace, wardrobe)));
                commands.navigate(Navigate::Show(Panel::Feature));
                ui.close();
            }
            if ui.button(&text.copy_coordinates).clicked() {
                ui.ctx().copy_text(words.clone());
                ui.close();
            }
            if ui.button(&text.centre_here).clicked() {
                camera.fly(FlyTo::Place(menu.at, None), POINTS_PER_METRE);
                ui.close();
            }
            if let Some(edit) = &menu.corner
                && ui.button(&text.remove_corner).clicked()
            {
                chosen = Some(edit.clone());
                ui.close();
            }
            if let Some(annotation) = menu.annotation
                && ui.button(&text.remove_annotation).clicked()
            {
                commands.edit(Edit::RemoveAnnotation(annotation));
                ui.close();
            }
        });
        if let Some(edit) = chosen {
            commands.edit(edit);
            self.menu = None;
        }
    }

    /// Names the topmost thing under the pointer.
    pub(super) fn tooltip(
        &mut self,
        response: &Response,
        camera: &Camera,
        workspace: &Workspace,
        wardrobe: &Wardrobe<'_>,
    ) {
        let place = response.hover_pos().filter(|_| matches!(self.hand, Hand::Free) && !self.sketch.draws());
        let state = (camera.centre, camera.zoom, workspace.revision());
        if self.hovered.place != place || self.hovered.centre != Some(state) {
            self.hovered.place = place;
            self.hovered.centre = Some(state);
            let keys = place.map(|at| keys_under(camera, at, workspace, wardrobe)).unwrap_or_default();
            let names = keys.iter().filter_map(|key| workspace.atlas().feature(*key)).map(|it| it.name().to_owned());
            self.hovered.names = names.collect();
        }
        let menu_is_open = response.context_menu_opened();
        if let (Some(first), false) = (self.hovered.names.first(), menu_is_open) {
            let more = self.hovered.names.len() - 1;
            let text = &workspace.text().map;
            let tip = match more {
                0 => first.clone(),
                more => format!("{first}\n{}", fill(&text.and_more, &[("n", &more.to_string())])),
            };
            response.clone().on_hover_text_at_pointer(tip);
        }
    }
}

/// What turns a place on the screen into one on the ground: snapped, unless a key leaves the pointer free.
struct Aim<'a> {
    camera: Camera,
    workspace: &'a Workspace,
    wardrobe: &'a Wardrobe<'a>,
    is_free: bool,
}

impl Aim<'_> {
    /// While something is drawn.
    fn at(&self, place: Pos2, sketch: &Sketch) -> (Coord, Option<Snap>) {
        if !sketch.tool().draws_sites() && sketch.tool() != Tool::Measure {
            return (self.camera.degrees(place), None);
        }
        let closes = matches!(sketch.tool(), Tool::Polygon | Tool::Measure) && sketch.corners().len() > 2;
        let project = self.workspace.project();
        self.snapped(place, &Targets { project, sketch: sketch.corners(), closes, held: None })
    }

    /// While a site is reshaped, which does not snap to itself.
    fn of_site(&self, place: Pos2, site: SiteId) -> (Coord, Option<Snap>) {
        let project = self.workspace.project();
        self.snapped(place, &Targets { project, sketch: &[], closes: false, held: Some(site) })
    }

    fn snapped(&self, place: Pos2, targets: &Targets<'_>) -> (Coord, Option<Snap>) {
        let drawing = &self.workspace.session.drawing;
        let (points_per_metre, denominator) = eyesight(&self.camera);
        let is_drawn = |layer: &Layer, feature: &Feature| {
            self.wardrobe.reach(layer, feature, points_per_metre, denominator).is_some()
        };
        let found = (!self.is_free).then(|| snap(targets, drawing, &self.camera, place, is_drawn)).flatten();
        (found.map_or_else(|| self.camera.degrees(place), |snap| snap.at), found)
    }
}

/// Whether a key is held that leaves the pointer free for the moment.
fn is_free(ui: &Ui) -> bool {
    ui.input(|input| input.modifiers.alt || input.modifiers.ctrl || input.modifiers.command)
}

/// Points a metre of the ground, and the scale.
fn eyesight(camera: &Camera) -> (f64, f64) {
    let view = camera.view();
    (1.0 / camera.ground_metres_per_point(view.latitude), view.scale_denominator(POINTS_PER_METRE))
}

fn site_handle(site: &SiteState, camera: &Camera, at: Pos2) -> Option<Handle> {
    handle_at(&site.site.shape, site.form.as_ref(), camera, at)
}

/// Takes hold of the current site; with Shift only by a handle, since it draws a box elsewhere.
fn grab(camera: &Camera, workspace: &Workspace, at: Pos2, only_handles: bool) -> Option<Reshape> {
    let site = current_site(workspace)?;
    let handle = site_handle(site, camera, at)?;
    (!only_handles || handle.hold != Hold::Body).then(|| Reshape::grab(site, handle))
}

/// Takes out the corner under the pointer; where there is none, the site, if that is meant.
fn delete_under(response: &Response, camera: &Camera, workspace: &Workspace, commands: &Commands, takes_site: bool) {
    let Some(site) = current_site(workspace) else { return };
    let handle = response.hover_pos().and_then(|at| site_handle(site, camera, at));
    match handle.map(|handle| handle.hold) {
        Some(hold @ (Hold::Corner(_) | Hold::Node(_))) => {
            if let Some(edit) = without(site, hold) {
                commands.edit(edit);
            } else {
                let sentence = workspace.text().shaping.at_least_three.clone();
                commands.send(Command::Say(Notice { is_problem: true, sentence }));
            }
        }
        None | Some(Hold::Body) if takes_site => commands.edit(Edit::RemoveSite(site.id)),
        _ => {}
    }
}

fn hold_icon(hold: Hold, is_held: bool) -> CursorIcon {
    match hold {
        Hold::Turn if is_held => CursorIcon::Grabbing,
        Hold::Turn => CursorIcon::Grab,
        Hold::Stretch => CursorIcon::ResizeNwSe,
        Hold::Middle(_) | Hold::NodeMiddle(_) => CursorIcon::Copy,
        Hold::Corner(_) | Hold::Node(_) => CursorIcon::Crosshair,
        _ => CursorIcon::Move,
    }
}

/// The words or the end of an arrow near a place on the screen.
fn annotation_at(workspace: &Workspace, camera: &Camera, at: Pos2) -> Option<usize> {
    let away = |(x, y): (f64, f64)| (camera.place_degrees(geo::Coord { x, y }) - at).length();
    let distance = |annotation: &Annotation| match annotation {
        Annotation::Words { at, .. } => away(*at),
        Annotation::Arrow { from, to, .. } => away(*from).min(away(*to)),
    };
    let annotations = workspace.project().annotations.iter().map(distance).enumerate();
    let nearest = annotations.filter(|(_, away)| *away < 24.0).min_by(|one, other| one.1.total_cmp(&other.1));
    nearest.map(|(index, _)| index)
}

fn current_site(workspace: &Workspace) -> Option<&SiteState> {
    workspace.session.site.and_then(|id| workspace.project().site(id))
}

/// Everything under a place on the screen, nearest first.
fn keys_under(camera: &Camera, at: Pos2, workspace: &Workspace, wardrobe: &Wardrobe<'_>) -> Vec<FeatureKey> {
    let (points_per_metre, denominator) = eyesight(camera);
    let reach = |layer: &crate::atlas::Layer, feature: &crate::atlas::Feature| {
        wardrobe.reach(layer, feature, points_per_metre, denominator)
    };
    pick::under(workspace.project(), camera, at, reach).into_iter().map(|hit| hit.key).collect()
}
