//! The districts under the small map, and how longitude and latitude come onto it.

use egui::{Pos2, Rect, vec2};

/// Outlines of the districts, to see a file against.
pub fn ground(layer: &std::sync::Arc<crate::atlas::Layer>) -> Vec<Vec<[f64; 2]>> {
    let mut lines = Vec::new();
    for shape in layer.features().iter().filter_map(|feature| feature.shape.as_ref()) {
        let areas: Vec<&geo::Polygon> = match shape {
            geo::Geometry::Polygon(area) => vec![area],
            geo::Geometry::MultiPolygon(areas) => areas.iter().collect(),
            _ => Vec::new(),
        };
        lines.extend(areas.into_iter().map(|area| {
            let line = &area.exterior().0;
            line.iter().step_by(line.len() / 600 + 1).map(|at| [at.x, at.y]).collect::<Vec<_>>()
        }));
    }
    lines
}

/// Longitude and latitude onto an area: what is in the city with the city around it, what is elsewhere with the city too.
pub fn projection(bounds: geo::Rect, ground: &[Vec<[f64; 2]>], area: Rect) -> impl Fn([f64; 2]) -> Pos2 + use<> {
    let (mut low, mut high) = ([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y]);
    for at in ground.iter().flatten() {
        low = [low[0].min(at[0]), low[1].min(at[1])];
        high = [high[0].max(at[0]), high[1].max(at[1])];
    }
    let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
    let squeeze = middle[1].to_radians().cos().max(0.05);
    let (width, height) = (((high[0] - low[0]) * squeeze).max(1e-6), (high[1] - low[1]).max(1e-6));
    let scale = (f64::from(area.width()) / width).min(f64::from(area.height()) / height);
    let centre = area.center();
    move |at| {
        let x = (at[0] - middle[0]) * squeeze * scale;
        let y = (middle[1] - at[1]) * scale;
        centre + vec2(x as f32, y as f32)
    }
}
