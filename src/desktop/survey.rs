//! The compliance surface and the map of possible places as pictures: computed and coloured on threads of their own,
//! asked for anew when the view or a setback changes.

use crate::cartography::surface::SurfaceLegend;
use crate::desktop::theme;
use crate::geometry::Grid;
use crate::siting::Spot;
use crate::workspace::{
    Basis, Derived, LeftOver, LiveWork, PlacesMap, Ready, SurfaceChoice, SurfacePiece, SurfaceWish, SurfaceWork,
    Workspace,
};
use egui::{Color32, ColorImage, TextureHandle, TextureOptions};
use geo::{Coord, Rect};
use std::sync::{Arc, Mutex, PoisonError};

/// Share of the view added on each side, so that a small move needs no new picture.
const ROOM: f64 = 0.2;
/// A picture serves while the view has at least this share of its width.
const TOO_COARSE: f64 = 0.35;

type Left = (Basis, LeftOver);

/// Asks for pictures of the surface and takes them.
pub struct Survey {
    pieces: LiveWork<SurfaceWish, Option<(SurfacePiece, ColorImage)>>,
    lefts: LiveWork<(SurfaceChoice, Basis), Option<Left>>,
    asked: Option<SurfaceWish>,
    asked_left: Option<(SurfaceChoice, Basis)>,
    waits: bool,
    waits_for_left: bool,
    surface: Option<TextureHandle>,
    places: Option<(Arc<PlacesMap>, TextureHandle)>,
}

impl std::fmt::Debug for Survey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Survey").field("asked", &self.asked).finish_non_exhaustive()
    }
}

impl Survey {
    /// `wake` asks for a frame when something waits.
    pub fn new(ready: Arc<Ready>, wake: impl Fn() + Send + Clone + 'static) -> Self {
        let work = Mutex::new(SurfaceWork::default());
        let shared = ready.clone();
        let piece = move |wish: SurfaceWish| {
            let piece = work.lock().unwrap_or_else(PoisonError::into_inner).piece(wish, &shared)?;
            let spots = piece.surface.spots(&piece.wish.choice.setbacks);
            let image = picture(&piece.surface.grid, |number, column, row| spot_colour(spots.get(number), column, row));
            Some((piece, image))
        };
        let work = Mutex::new(SurfaceWork::default());
        let left = move |(choice, basis): (SurfaceChoice, Basis)| {
            let left = work.lock().unwrap_or_else(PoisonError::into_inner).left(&choice, &basis, &ready)?;
            Some((basis, left))
        };
        Self {
            pieces: LiveWork::new(piece, wake.clone()),
            lefts: LiveWork::new(left, wake),
            asked: None,
            asked_left: None,
            waits: false,
            waits_for_left: false,
            surface: None,
            places: None,
        }
    }

    /// Whether something is under way.
    pub fn is_waiting(&self) -> bool {
        self.waits || self.waits_for_left
    }

    /// The picture of the surface.
    pub fn surface(&self) -> Option<&TextureHandle> {
        self.surface.as_ref()
    }

    /// The picture of the possible places.
    pub fn places(&self) -> Option<&TextureHandle> {
        self.places.as_ref().map(|(_, picture)| picture)
    }

    /// Asks anew when something has changed, and takes what has come.
    pub fn follow(
        &mut self,
        workspace: &Workspace,
        visible: Option<Rect>,
        derived: &mut Derived,
        context: &egui::Context,
    ) {
        self.follow_places(derived, context);
        let Some(choice) = &workspace.session.surface else {
            (self.asked, self.asked_left, self.surface) = (None, None, None);
            (self.waits, self.waits_for_left) = (false, false);
            (derived.surface, derived.left) = (None, None);
            return;
        };
        let basis = Basis::of(workspace);
        if let Some(view) = visible {
            let kept = self.asked.as_ref().map(|asked| asked.area).filter(|area| serves(*area, view));
            let wish = SurfaceWish { choice: choice.clone(), area: kept.unwrap_or_else(|| grown(view)), basis };
            if self.asked.as_ref() != Some(&wish) {
                self.pieces.ask(wish.clone());
                self.waits = true;
                self.asked = Some(wish);
            }
        }
        let wish = (choice.clone(), Basis::of(workspace));
        if self.asked_left.as_ref() != Some(&wish) {
            self.lefts.ask(wish.clone());
            self.waits_for_left = true;
            self.asked_left = Some(wish);
        }
        if let Some(answer) = self.pieces.answer() {
            match answer {
                Some((piece, image)) => {
                    self.waits = self.asked.as_ref().is_some_and(|asked| *asked != piece.wish);
                    show(&mut self.surface, "surface", image, context);
                    derived.surface = Some(Arc::new(piece));
                }
                None => {
                    self.waits = false;
                    (self.surface, derived.surface) = (None, None);
                }
            }
        }
        if let Some(answer) = self.lefts.answer() {
            let asked = self.asked_left.as_ref();
            let is_last =
                |left: &Left| asked.is_some_and(|(choice, basis)| *choice == left.1.choice && *basis == left.0);
            self.waits_for_left = answer.as_ref().is_some_and(|left| !is_last(left));
            derived.left = answer.map(|(_, left)| Arc::new(left));
        }
    }

    fn follow_places(&mut self, derived: &Derived, context: &egui::Context) {
        let map = derived.elsewhere.as_ref().and_then(|elsewhere| elsewhere.map.as_ref());
        let Some(map) = map else {
            self.places = None;
            return;
        };
        if self.places.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, map)) {
            return;
        }
        let is_unknown = !map.unknown.is_empty();
        let image = picture(&map.grid, |number, column, row| {
            place_colour(map.values.get(number).copied().unwrap_or(0), is_unknown, column, row)
        });
        let mut texture = None;
        show(&mut texture, "places", image, context);
        self.places = texture.map(|texture| (map.clone(), texture));
    }
}

/// Whether a picture of an area serves a view.
fn serves(area: Rect, view: Rect) -> bool {
    let holds = area.min().x <= view.min().x
        && area.min().y <= view.min().y
        && area.max().x >= view.max().x
        && area.max().y >= view.max().y;
    holds && view.width() >= TOO_COARSE * area.width()
}

fn grown(view: Rect) -> Rect {
    let (width, height) = (view.width() * ROOM, view.height() * ROOM);
    let low = Coord { x: view.min().x - width, y: view.min().y - height };
    let high = Coord { x: view.max().x + width, y: view.max().y + height };
    Rect::new(low, high)
}

fn show(texture: &mut Option<TextureHandle>, name: &str, image: ColorImage, context: &egui::Context) {
    let options = TextureOptions { magnification: egui::TextureFilter::Nearest, ..TextureOptions::LINEAR };
    match texture {
        Some(texture) => texture.set(image, options),
        None => *texture = Some(context.load_texture(name, image, options)),
    }
}

fn picture(grid: &Grid, colour: impl Fn(usize, u32, u32) -> Color32) -> ColorImage {
    let columns = grid.columns as usize;
    let pixels = (0..grid.len()).map(|number| {
        let (column, row) = ((number % columns) as u32, (number / columns) as u32);
        colour(number, column, row)
    });
    ColorImage::new([columns, grid.rows as usize], pixels.collect())
}

fn spot_colour(spot: Option<&Spot>, column: u32, row: u32) -> Color32 {
    let legend = SurfaceLegend::bundled();
    let plain = |metres: f32| theme::solid(legend.colour(metres)).gamma_multiply(legend.opacity);
    match spot {
        None | Some(Spot::Beyond) => Color32::TRANSPARENT,
        Some(Spot::Known(metres)) => plain(*metres),
        Some(Spot::Unknown(metres)) if *metres > 0.0 && legend.is_hatched(column, row) => hatch(),
        Some(Spot::Unknown(metres)) => plain(*metres),
    }
}

fn place_colour(value: u8, is_unknown: bool, column: u32, row: u32) -> Color32 {
    let legend = SurfaceLegend::bundled();
    let [as_is, turned] = legend.places;
    match value {
        0 => theme::solid(legend.places_none).gamma_multiply(legend.places_none_opacity),
        3 => Color32::TRANSPARENT,
        _ if is_unknown && legend.places_hatch.covers(column, row) => {
            theme::solid(legend.places_hatch.colour).gamma_multiply(legend.places_hatch.opacity)
        }
        1 => theme::solid(turned).gamma_multiply(legend.places_opacity),
        _ => theme::solid(as_is).gamma_multiply(legend.places_opacity),
    }
}

fn hatch() -> Color32 {
    let lines = SurfaceLegend::bundled().hatch;
    theme::solid(lines.colour).gamma_multiply(lines.opacity)
}
