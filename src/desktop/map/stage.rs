//! The layers of the map on the screen: asks for meshes, keeps the picture, draws it again only when it must.

use super::blit::Hanging;
use super::build::Builder;
use super::camera::Camera;
use super::gpu::{Pass, Picture, Symbol, roomy};
use super::mesh::{Dress, LayerMesh};
use super::plain::Plain;
use super::style::Wardrobe;
use crate::atlas::{FeatureKey, Layer, Theme};
use crate::desktop::theme;
use crate::workspace::Workspace;
use eframe::egui_wgpu::RenderState;
use egui::{Rect, Ui};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Number of the mesh of what is hit.
const HIGHLIGHT: u64 = u64::MAX;
/// Share of the frame drawn beside it with software rendering, so that the picture can be moved.
const ROOM: f32 = 0.12;
/// While it is being zoomed, the picture may be this much coarser or finer than it should be.
const STRETCH: std::ops::Range<f64> = -0.8..0.8;

/// Layers and highlights on the screen.
#[derive(Debug)]
pub struct Stage {
    builder: Builder,
    canvas: Canvas,
    tables: HashMap<u64, Vec<Symbol>>,
    drawn: Option<Drawn>,
    uploads: u64,
}

#[derive(Debug)]
enum Canvas {
    Picture(Box<Picture>),
    Plain(Plain),
}

/// What the picture shows.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Drawn {
    camera: Camera,
    content: u64,
}

/// What is marked on the map.
#[derive(Debug, Clone, Copy)]
pub struct Marked<'a> {
    /// Everything hit.
    pub hits: &'a [FeatureKey],
    /// The current one of them.
    pub current: Option<FeatureKey>,
    /// The one pointed at in a list.
    pub pointed: Option<FeatureKey>,
}

impl Stage {
    /// A stage on this graphics card, or without one.
    pub fn new(context: &egui::Context, gpu: Option<&RenderState>) -> Self {
        let context = context.clone();
        let canvas = match gpu {
            Some(state) => Canvas::Picture(Box::new(Picture::new(state))),
            None => Canvas::Plain(Plain::default()),
        };
        let builder = Builder::new(move || context.request_repaint());
        Self { builder, canvas, tables: HashMap::new(), drawn: None, uploads: 0 }
    }

    /// Vertices kept for drawing.
    pub fn vertices(&self) -> usize {
        match &self.canvas {
            Canvas::Picture(picture) => picture.vertices(),
            Canvas::Plain(plain) => plain.vertices(),
        }
    }

    /// What draws.
    pub fn adapter(&self) -> String {
        match &self.canvas {
            Canvas::Picture(picture) => picture.adapter(),
            Canvas::Plain(_) => "egui".into(),
        }
    }

    /// Whether meshes are still being built.
    pub fn is_busy(&self) -> bool {
        self.builder.is_busy()
    }

    /// Asks for what is missing and takes what is ready; `scale` is the denominator of the view's scale.
    pub fn prepare(&mut self, workspace: &Workspace, wardrobe: &Wardrobe<'_>, marked: Marked<'_>, scale: f64) {
        let project = workspace.project();
        for state in &project.layers {
            let Some(layer) = project.atlas.layer_by_id(state.id) else { continue };
            if !state.visible {
                continue;
            }
            let number = u64::from(layer.id.0);
            let mut hasher = DefaultHasher::new();
            Arc::as_ptr(layer).addr().hash(&mut hasher);
            if layer.theme == Theme::Rivers {
                (wardrobe.by_class, fingerprint(wardrobe.water_class)).hash(&mut hasher);
            }
            let mesh_state = hasher.finish();
            if self.builder.lacks(number, mesh_state) {
                let (layer, classes) = (layer.clone(), wardrobe.water_class.clone());
                let (by_class, dark) = (wardrobe.by_class, wardrobe.dark);
                self.builder.ask(number, mesh_state, move || {
                    let wardrobe = Wardrobe { water_class: &classes, by_class, dark };
                    LayerMesh::build(&layer, |index| wardrobe.dress(&layer, layer.feature(index)?))
                });
            }
            self.dress(number, wardrobe.symbols(state.theme, scale));
        }
        self.highlight(workspace, marked);
        self.dress(HIGHLIGHT, wardrobe.highlights());
        let wanted = |number| number == HIGHLIGHT || project.layers.iter().any(|layer| u64::from(layer.id.0) == number);
        self.builder.keep_only(wanted);
        match &mut self.canvas {
            Canvas::Picture(picture) => picture.keep_only(wanted),
            Canvas::Plain(plain) => plain.keep_only(wanted),
        }
        for (number, mesh) in self.builder.ready() {
            self.uploads += 1;
            let symbols = self.tables.get(&number).cloned().unwrap_or_default();
            match &mut self.canvas {
                Canvas::Picture(picture) => picture.upload(number, &mesh, &symbols),
                Canvas::Plain(plain) => plain.keep(number, mesh),
            }
        }
    }

    fn dress(&mut self, number: u64, symbols: Vec<Symbol>) {
        if self.tables.get(&number) != Some(&symbols) {
            if let Canvas::Picture(picture) = &mut self.canvas {
                picture.dress(number, &symbols);
            }
            self.uploads += 1;
            self.tables.insert(number, symbols);
        }
    }

    fn highlight(&mut self, workspace: &Workspace, marked: Marked<'_>) {
        let mut hasher = DefaultHasher::new();
        (marked.hits, marked.current, marked.pointed).hash(&mut hasher);
        let symbol = |key: FeatureKey| {
            if marked.current == Some(key) {
                0
            } else if marked.pointed == Some(key) {
                2
            } else {
                1
            }
        };
        let mut keys: Vec<FeatureKey> = marked.hits.iter().copied().chain(marked.pointed).collect();
        keys.sort();
        keys.dedup();
        keys.sort_by_key(|key| marked.current == Some(*key));
        let marks: Vec<(Arc<Layer>, u32, Dress)> = keys
            .into_iter()
            .filter_map(|key| {
                let layer = workspace.atlas().layer_by_id(key.layer)?.clone();
                let is_current = marked.current == Some(key);
                // The land itself is not painted over.
                match layer.theme {
                    Theme::Districts if is_current => {
                        Some((layer, key.index, Dress { symbol: 3, width: 0.0, has_marker: false }))
                    }
                    Theme::Districts => None,
                    _ => {
                        // Where a river is drawn in its true width, its mark is as wide.
                        let width = layer.feature(key.index).and_then(|feature| feature.number("width_m"));
                        let width = width.filter(|_| layer.theme == Theme::Rivers).unwrap_or(0.0) as f32;
                        Some((layer, key.index, Dress { symbol: symbol(key), width, has_marker: true }))
                    }
                }
            })
            .collect();
        self.builder.ask(HIGHLIGHT, hasher.finish(), move || {
            let shapes =
                marks.iter().filter_map(|(layer, index, dress)| Some((*dress, layer.feature(*index)?.shape.as_ref()?)));
            LayerMesh::of_shapes(shapes)
        });
    }

    /// Paints the layers as the camera sees them; true when it should be called again once the view rests.
    pub fn paint(&mut self, ui: &Ui, camera: &Camera, workspace: &Workspace, ground: [f32; 4], resting: bool) -> bool {
        let layers = workspace.project().layers.iter().filter(|state| state.visible);
        let mut passes: Vec<Pass> =
            layers.map(|state| Pass { mesh: u64::from(state.id.0), opacity: state.opacity }).collect();
        passes.push(Pass { mesh: HIGHLIGHT, opacity: 1.0 });
        let [r, g, b, _] = ground.map(|part| (part * 255.0).round() as u8);
        let painter = ui.painter().with_clip_rect(camera.frame);
        let picture = match &mut self.canvas {
            Canvas::Plain(plain) => {
                painter.rect_filled(camera.frame, 0.0, theme::colour([r, g, b, 255]));
                plain.paint(&painter, camera, &passes, &self.tables);
                return false;
            }
            Canvas::Picture(picture) => picture,
        };
        let mut hasher = DefaultHasher::new();
        for pass in &passes {
            (pass.mesh, pass.opacity.to_bits()).hash(&mut hasher);
        }
        (self.uploads, [r, g, b]).hash(&mut hasher);
        let content = hasher.finish();
        let ratio = ui.pixels_per_point();
        let fits = self.drawn.is_some_and(|drawn| {
            drawn.content == content && serves(&drawn.camera, camera, picture.is_software(), resting)
        });
        if !fits {
            let room = if picture.is_software() { ROOM } else { 0.0 };
            let mut wide = *camera;
            wide.reframe(roomy(camera.frame, room, ratio));
            picture.draw(&wide, ratio, ground, &passes);
            self.drawn = Some(Drawn { camera: wide, content });
        }
        let Some(drawn) = self.drawn else { return false };
        let old = drawn.camera;
        let place = Rect::from_two_pos(
            camera.place(old.position(old.frame.left_top())),
            camera.place(old.position(old.frame.right_bottom())),
        );
        painter.extend(picture.shape(Hanging { place, frame: camera.frame, pixel_ratio: ratio, ground }));
        !resting && old.zoom != camera.zoom
    }
}

/// The same for the same classes in any order.
fn fingerprint(classes: &HashMap<String, u8>) -> u64 {
    let one = |pair: (&String, &u8)| {
        let mut hasher = DefaultHasher::new();
        pair.hash(&mut hasher);
        hasher.finish()
    };
    classes.iter().map(one).fold(0, u64::wrapping_add)
}

/// Whether a picture made for one camera may be shown for another.
fn serves(made: &Camera, wanted: &Camera, software: bool, resting: bool) -> bool {
    let same_zoom = made.zoom == wanted.zoom;
    let seen = Rect::from_two_pos(
        wanted.place(made.position(made.frame.left_top())),
        wanted.place(made.position(made.frame.right_bottom())),
    );
    if !software {
        return same_zoom && made.centre == wanted.centre && made.frame.contains_rect(wanted.frame);
    }
    if same_zoom || resting {
        return same_zoom && seen.expand(0.5).contains_rect(wanted.frame);
    }
    STRETCH.contains(&(wanted.zoom - made.zoom))
}
