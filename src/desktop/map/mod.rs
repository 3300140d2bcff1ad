//! The map view: reads the workspace, moves its own camera, sends commands.

mod blit;
mod build;
mod camera;
mod drawing;
mod furniture;
mod gpu;
mod ground;
mod handle;
mod input;
mod label;
mod mesh;
mod names;
mod pick;
mod plain;
mod reshape;
mod sketch;
mod snap;
mod stage;
mod strip;
mod style;
mod survey;

pub use ground::BatchPaint;

use crate::atlas::FeatureKey;
use crate::desktop::Commands;
use crate::desktop::theme;
use crate::geometry::{Form, pivot};
use crate::siting::audit::Audit;
use crate::workspace::{Annotation, Appearance, Draft, Edit, FlyTo, Navigate, Standing, Tool, View, Workspace};
use camera::Camera;
use drawing::Overlaps;
use egui::{Rect, Role, Ui, WidgetInfo};
use furniture::POINTS_PER_METRE;
use geo::{Coord, MultiPolygon};
use label::Labels;
use reshape::Reshape;
use sketch::Sketch;
use snap::Snap;
use stage::{Marked, Stage};
use std::collections::HashMap;
use std::sync::Arc;
use strip::Strip;
use style::Wardrobe;
pub use survey::SurveyOverlay;

/// The view rests when it has not moved for this long, in seconds.
const REST: f64 = 0.12;

/// What the map shows besides the workspace, derived elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Overlay<'a> {
    /// Class of each water by its id, 1 to 6.
    pub water_class: &'a HashMap<String, u8>,
    /// Where the current site meets zones, degrees.
    pub overlaps: &'a [MultiPolygon],
    /// How grave what they share is.
    pub tone: theme::Tone,
    /// The thing pointed at in a list.
    pub hovered_in_list: Option<FeatureKey>,
    /// Many projects in the colours of their verdicts.
    pub batch: Option<BatchPaint<'a>>,
    /// Ground lost and gained between two versions.
    pub change: Option<&'a Arc<Audit>>,
    /// What siting draws over the layers.
    pub survey: SurveyOverlay<'a>,
}

/// The map on the screen and what the hand does on it.
#[derive(Debug)]
pub struct MapView {
    stage: Stage,
    memory: walkers::MapMemory,
    camera: Option<Camera>,
    flown: u64,
    moved_at: f64,
    resting: bool,
    /// The view last told to or heard from the session.
    told: Option<View>,
    sketch: Sketch,
    strip: Strip,
    snapped: Option<Snap>,
    hand: Hand,
    writing: Option<Writing>,
    menu: Option<Menu>,
    pointer: Option<Coord>,
    hovered: Hovered,
    labels: Labels,
    overlaps: Overlaps,
    change: ground::Change,
    /// Where the map was clicked in this frame, and how far from there counts as hit, degrees.
    clicked: Option<(Coord, f64)>,
}

/// What a pressed button is doing.
#[derive(Debug, Default)]
enum Hand {
    #[default]
    Free,
    Pan,
    ZoomBox(egui::Pos2),
    Stretch,
    Shape(Box<Reshape>),
}

/// Words being typed onto the map.
#[derive(Debug)]
struct Writing {
    at: Coord,
    /// Tail and head when it is an arrow.
    arrow: Option<(Coord, Coord)>,
    words: String,
    is_new: bool,
}

/// Where the context menu was opened.
#[derive(Debug)]
struct Menu {
    at: Coord,
    place: egui::Pos2,
    /// What takes out the corner there.
    corner: Option<Edit>,
    /// The words or arrow there.
    annotation: Option<usize>,
}

/// What the pointer is over, found again only when pointer or picture moves.
#[derive(Debug, Default)]
struct Hovered {
    place: Option<egui::Pos2>,
    centre: Option<(Coord, f64, u64)>,
    names: Vec<String>,
}

impl MapView {
    /// A map drawn by this graphics card, or by egui alone when there is none.
    pub fn new(context: &egui::Context, gpu: Option<&eframe::egui_wgpu::RenderState>) -> Self {
        // A click is not a drag until the pointer has moved by more than four points.
        context.options_mut(|options| options.input_options.max_click_dist = 4.0);
        Self {
            stage: Stage::new(context, gpu),
            memory: walkers::MapMemory::default(),
            camera: None,
            flown: 0,
            moved_at: f64::NEG_INFINITY,
            resting: true,
            told: None,
            sketch: Sketch::default(),
            strip: Strip::default(),
            snapped: None,
            hand: Hand::Free,
            writing: None,
            menu: None,
            pointer: None,
            hovered: Hovered::default(),
            labels: Labels::default(),
            overlaps: Overlaps::default(),
            change: ground::Change::default(),
            clicked: None,
        }
    }

    /// Draws the map in the rest of `ui` and obeys mouse and keys.
    pub fn show(&mut self, ui: &mut Ui, workspace: &Workspace, overlay: &Overlay<'_>, commands: &Commands) {
        let frame = ui.available_rect_before_wrap();
        if !frame.is_positive() {
            return;
        }
        let text = &workspace.text().map;
        let mut camera = self.follow(workspace, frame);
        let before = camera;
        let response = self.widget(ui, &camera);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &text.name));
        self.sketch.take(workspace.session.tool, workspace.session.drawing);

        let wardrobe = Wardrobe {
            water_class: overlay.water_class,
            by_class: workspace.session.colour_by_class,
            dark: workspace.session.appearance == Appearance::Dark,
        };
        self.obey(ui, &response, &mut camera, workspace, &wardrobe, commands);
        self.pointer = response.hover_pos().map(|place| camera.degrees(place));

        let session = &workspace.session;
        let marked = Marked { hits: &session.hits, current: workspace.selected(), pointed: overlay.hovered_in_list };
        self.stage.prepare(workspace, &wardrobe, marked, camera.view().scale_denominator(POINTS_PER_METRE));
        let now = ui.input(|input| input.time);
        if camera != before {
            self.moved_at = now;
        }
        let resting = now - self.moved_at >= REST && matches!(self.hand, Hand::Free);
        self.resting = resting;
        let again = self.stage.paint(ui, &camera, workspace, wardrobe.ground(), resting);
        self.draw_over(ui, &response, &camera, workspace, overlay, &wardrobe);
        match furniture::show(ui, &camera, text) {
            Some(furniture::Wish::Closer) => camera.zoom_at(camera.frame.center(), 1.0),
            Some(furniture::Wish::Further) => camera.zoom_at(camera.frame.center(), -1.0),
            Some(furniture::Wish::Home) => camera.fly(FlyTo::Home, POINTS_PER_METRE),
            None => {}
        }
        self.fields(ui, &camera, workspace, commands);
        self.write(ui, &camera, workspace, commands);
        self.menu(&response, &mut camera, workspace, &wardrobe, commands);
        self.tooltip(&response, &camera, workspace, &wardrobe);

        if camera != before {
            self.moved_at = now;
            ui.ctx().request_repaint();
        }
        self.camera = Some(camera);
        self.report(resting, commands);
        if !resting && (again || self.told.is_some_and(|told| !same(told, camera.view()))) {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(REST * 1.1));
        }
    }

    /// walkers holds the place in the window and, one day, the tiles below the layers; gestures are our own, since its
    /// wheel zoom depends on the frame time.
    fn widget(&mut self, ui: &mut Ui, camera: &Camera) -> egui::Response {
        let view = camera.view();
        let centre = walkers::lon_lat(view.longitude, view.latitude);
        self.memory.center_at(centre);
        // Our limits lie within those of walkers.
        let _ = self.memory.set_zoom(view.zoom);
        let map = walkers::Map::new(None, &mut self.memory, centre)
            .zoom_gesture(false)
            .panning(false)
            .double_click_to_zoom(false)
            .drag_pan_buttons(egui::DragPanButtons::empty());
        ui.add(map)
    }

    /// The camera of this frame: where it was, or where the session says.
    fn follow(&mut self, workspace: &Workspace, frame: Rect) -> Camera {
        let session = &workspace.session;
        let mut camera = match self.camera {
            Some(mut camera) if camera.frame != frame => {
                let told = self.told.is_some_and(|told| same(told, camera.view()));
                if self.moved_at == f64::NEG_INFINITY {
                    // Panels still find their places: what was in the middle stays there.
                    camera.frame = frame;
                } else {
                    camera.reframe(frame);
                }
                // A panel that opens beside the map is no journey to go back from.
                if told {
                    self.told = Some(camera.view());
                }
                camera
            }
            Some(camera) => camera,
            None => {
                self.told = Some(session.view);
                Camera::of(session.view, frame)
            }
        };
        if session.fly.count != self.flown {
            self.flown = session.fly.count;
            if let Some(to) = session.fly.to {
                camera.fly(to, POINTS_PER_METRE);
                self.told = Some(session.view);
            }
        }
        camera
    }

    /// Tells where the map came to rest, once.
    fn report(&mut self, resting: bool, commands: &Commands) {
        let Some(camera) = self.camera else { return };
        let view = camera.view();
        if resting && self.told.is_some_and(|told| !same(told, view)) {
            self.told = Some(view);
            commands.navigate(Navigate::Look(view));
        }
    }

    fn draw_over(
        &mut self,
        ui: &Ui,
        response: &egui::Response,
        camera: &Camera,
        workspace: &Workspace,
        overlay: &Overlay<'_>,
        wardrobe: &Wardrobe<'_>,
    ) {
        let painter = ui.painter().with_clip_rect(camera.frame);
        let project = workspace.project();
        if let Some(audit) = overlay.change {
            self.change.paint(&painter, camera, audit);
        }
        survey::pictures(&painter, camera, &overlay.survey);
        let grave = (overlay.tone != theme::Tone::Prohibited).then(|| theme::palette(ui.visuals()).tone(overlay.tone));
        self.overlaps.paint(&painter, camera, overlay.overlaps, grave);
        if let Some(batch) = &overlay.batch {
            ground::batch(&painter, camera, batch, theme::palette(ui.visuals()));
        }
        self.labels.paint(&painter, camera, workspace, wardrobe, self.resting);
        for state in &project.sites {
            let is_current = workspace.session.site == Some(state.id);
            let held = match &self.hand {
                Hand::Shape(reshape) if reshape.site == state.id => Some(reshape.as_ref()),
                _ => None,
            };
            let shape = held.map_or(&state.site.shape, |reshape| &reshape.shape);
            let form = held.map_or(state.form.as_ref(), |reshape| reshape.form.as_ref());
            let is_shaped = is_current && workspace.session.tool == Tool::Reshape;
            let is_wrong = match held {
                Some(reshape) => reshape.is_crossed(),
                None => is_shaped && reshape::is_crossed(shape),
            };
            drawing::site(&painter, camera, shape, is_current, is_wrong);
            if is_shaped {
                let hovered = match held {
                    Some(reshape) => Some(reshape.hold()),
                    None => response
                        .hover_pos()
                        .and_then(|at| handle::handle_at(shape, form, camera, at))
                        .map(|handle| handle.hold),
                };
                if let (false, [part]) =
                    (matches!(form, Some(Form::Circle { .. } | Form::Corridor { .. })), shape.0.as_slice())
                    && let [corners @ .., _] = part.exterior().0.as_slice()
                {
                    drawing::edge_lengths(ui, camera, corners, true, &workspace.text().map);
                }
                drawing::handles(&painter, camera, (shape, form), hovered);
                if let (Some(reshape), Some(at)) = (held, response.interact_pointer_pos()) {
                    drawing::told(ui, &painter, camera, at, reshape, workspace.text());
                }
            }
        }
        let current = workspace.session.site.and_then(|id| project.site(id));
        if let (Some(site), Some(found)) = (current, overlay.survey.elsewhere) {
            survey::ghosts(ui, &painter, camera, site, found, workspace.text());
        }
        survey::key(ui, &painter, camera, &overlay.survey, self.pointer, workspace);
        for annotation in &project.annotations {
            drawing::annotation(ui, &painter, camera, annotation);
        }
        if self.sketch.draws() || matches!(self.hand, Hand::Shape(_)) {
            drawing::grid(ui, &painter, camera, workspace.session.drawing.grid);
        }
        drawing::sketch(ui, &painter, camera, &self.sketch, workspace.text());
        if let Some(snap) = &self.snapped {
            drawing::snap_mark(&painter, camera, snap);
        }
        if let (Hand::ZoomBox(from), Some(to)) = (&self.hand, response.interact_pointer_pos()) {
            let colour = ui.visuals().selection.stroke.color;
            let area = Rect::from_two_pos(*from, to);
            painter.rect(
                area,
                0.0,
                colour.gamma_multiply(0.15),
                egui::Stroke::new(1.5, colour),
                egui::StrokeKind::Inside,
            );
        }
    }

    /// The strip of fields above the map.
    fn fields(&mut self, ui: &Ui, camera: &Camera, workspace: &Workspace, commands: &Commands) {
        let asked = self.strip.show(ui, camera.frame, &mut self.sketch, workspace);
        if let Some(drawing) = asked.drawing {
            commands.navigate(Navigate::Draw(drawing));
        }
        if let Some(at) = asked.point {
            let done = self.sketch.click(at, camera);
            self.conclude(done, workspace, commands);
        }
        if asked.finish {
            let done = self.sketch.finish();
            self.conclude(done, workspace, commands);
        }
        if asked.cancel {
            self.sketch.cancel();
            self.strip.forget();
        }
    }

    /// The field for words that are put on the map.
    fn write(&mut self, ui: &Ui, camera: &Camera, workspace: &Workspace, commands: &Commands) {
        let Some(writing) = &mut self.writing else { return };
        let text = &workspace.text().map;
        let at = camera.place_degrees(writing.at);
        let area = egui::Area::new(ui.scope_id().with("map words")).fixed_pos(at).constrain_to(camera.frame);
        let field = area.show(ui.ctx(), |ui| {
            egui::Frame::popup(ui.style()).show(ui, |ui| {
                let edit =
                    egui::TextEdit::singleline(&mut writing.words).hint_text(&text.words_hint).desired_width(220.0);
                let response = ui.add(edit);
                response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &text.words_hint));
                response
            })
        });
        let field = field.inner.inner;
        if writing.is_new {
            writing.is_new = false;
            field.request_focus();
        } else if field.lost_focus() {
            let entered = ui.input(|input| input.key_pressed(egui::Key::Enter));
            let words = writing.words.trim().to_owned();
            if entered && !words.is_empty() {
                let annotation = match writing.arrow {
                    Some((from, to)) => Annotation::Arrow { from: from.x_y(), to: to.x_y(), words },
                    None => Annotation::Words { at: writing.at.x_y(), words },
                };
                commands.edit(Edit::Annotate(annotation));
            }
            self.writing = None;
        }
    }

    /// The shape in the hand, so that the live check can follow it.
    pub fn draft(&self) -> Option<Draft> {
        match &self.hand {
            Hand::Shape(reshape) => Some(Draft { shape: reshape.shape.clone(), role: Standing::Changed }),
            _ => {
                let role = Standing::Drawn(self.sketch.choices().purpose);
                self.sketch.draft().map(|shape| Draft { shape: shape.clone(), role })
            }
        }
    }

    /// Takes back the last corner of what is being drawn; false when nothing is.
    pub fn step_back(&mut self) -> bool {
        self.sketch.draws() && self.sketch.back()
    }

    /// Where the map was clicked since the last time, and how far from there counts as hit, degrees.
    pub fn take_click(&mut self) -> Option<(Coord, f64)> {
        self.clicked.take()
    }

    /// Longitude and latitude under the pointer.
    pub fn cursor(&self) -> Option<Coord> {
        self.pointer
    }

    /// Where on the screen the current site can be taken hold of.
    pub fn grip(&self, workspace: &Workspace) -> Option<egui::Pos2> {
        let site = workspace.session.site.and_then(|id| workspace.project().site(id))?;
        Some(self.camera?.place_degrees(pivot(&site.site.shape)?))
    }

    /// Longitudes and latitudes that are seen.
    pub fn visible_area(&self) -> Option<geo::Rect> {
        self.camera.map(|camera| camera.visible())
    }

    /// Cancels what is in the hand: words, a corner, a sketch; true when there was something.
    pub fn escape(&mut self) -> bool {
        let had_words = self.writing.take().is_some();
        let was_holding = !matches!(std::mem::take(&mut self.hand), Hand::Free | Hand::Pan);
        let was_drawing = self.sketch.cancel();
        if was_drawing {
            self.strip.forget();
        }
        had_words || was_holding || was_drawing
    }

    /// Whether layers are still being prepared.
    pub fn is_preparing(&self) -> bool {
        self.stage.is_busy()
    }

    /// Vertices kept for drawing, and what draws them.
    pub fn machinery(&self) -> (usize, String) {
        (self.stage.vertices(), self.stage.adapter())
    }
}

/// Whether two views show the same on the screen.
fn same(one: View, other: View) -> bool {
    (one.longitude - other.longitude).abs() < 1e-9
        && (one.latitude - other.latitude).abs() < 1e-9
        && (one.zoom - other.zoom).abs() < 1e-9
}
