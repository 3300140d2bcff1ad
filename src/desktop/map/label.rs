//! Names on the map: painted last, so that nothing tints them.

use super::camera::Camera;
use super::style::Wardrobe;
use crate::atlas::Theme;
use crate::geometry::mercator;
use crate::workspace::Workspace;
use egui::{Color32, FontId, Painter, Rect, Vec2};
use geo::Geometry;

/// Names placed for a view.
#[derive(Debug, Default)]
pub struct Labels;

impl Labels {
    /// Paints the names of places.
    pub fn paint(&mut self, painter: &Painter, camera: &Camera, workspace: &Workspace, wardrobe: &Wardrobe<'_>) {
        let project = workspace.project();
        let shown = project.layers.iter().any(|state| state.theme == Theme::Places && state.visible);
        let Some(layer) = project.atlas.layer(Theme::Places).filter(|_| shown) else { return };
        let (ink, halo) =
            if wardrobe.dark { (Color32::WHITE, Color32::BLACK) } else { (Color32::BLACK, Color32::WHITE) };
        let mut places: Vec<_> = layer.features().iter().collect();
        let rank = |feature: &crate::atlas::Feature| feature.number("rank").unwrap_or(4.0);
        places.sort_by(|one, other| rank(one).total_cmp(&rank(other)));
        let mut taken: Vec<Rect> = Vec::new();
        for feature in places {
            let rank = rank(feature);
            if camera.zoom < 8.0 + rank * 0.9 {
                continue;
            }
            let Some(Geometry::Point(point)) = &feature.shape else { continue };
            let at = camera.place(mercator(point.0));
            let size = (18.0 - 2.0 * rank as f32).max(11.0);
            let galley = painter.layout_no_wrap(feature.name().to_owned(), FontId::proportional(size), ink);
            let area = Rect::from_center_size(at, galley.size());
            if !camera.frame.intersects(area) || taken.iter().any(|other| other.intersects(area)) {
                continue;
            }
            for (x, y) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)] {
                painter.galley_with_override_text_color(area.min + Vec2::new(x, y), galley.clone(), halo);
            }
            painter.galley(area.min, galley, ink);
            taken.push(area);
        }
    }
}
