//! Districts and waters under the small map, and how longitude and latitude come onto it.

use crate::atlas::{Atlas, Layer, Theme};
use egui::{Pos2, Rect, vec2};

/// What a file is seen against.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    pub districts: Vec<Vec<[f64; 2]>>,
    pub waters: Vec<Vec<[f64; 2]>>,
}

impl Ground {
    pub fn of(atlas: &Atlas) -> Ground {
        Ground {
            districts: atlas.layer(Theme::Districts).map(|layer| districts(layer)).unwrap_or_default(),
            waters: waters(atlas),
        }
    }
}

/// Outlines of the districts.
fn districts(layer: &Layer) -> Vec<Vec<[f64; 2]>> {
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

/// Banks of lakes and middle lines of rivers.
fn waters(atlas: &Atlas) -> Vec<Vec<[f64; 2]>> {
    let layers = [Theme::Lakes, Theme::Rivers].into_iter().flat_map(|theme| atlas.layers_of(theme));
    let shapes = layers.flat_map(|layer| layer.features()).filter_map(|feature| feature.shape.as_ref());
    let mut lines = Vec::new();
    for shape in shapes {
        let own: Vec<&geo::LineString> = match shape {
            geo::Geometry::LineString(line) => vec![line],
            geo::Geometry::MultiLineString(all) => all.iter().collect(),
            geo::Geometry::Polygon(area) => vec![area.exterior()],
            geo::Geometry::MultiPolygon(areas) => areas.iter().map(geo::Polygon::exterior).collect(),
            _ => Vec::new(),
        };
        lines.extend(own.into_iter().map(|line| line.0.iter().map(|at| [at.x, at.y]).collect::<Vec<_>>()));
    }
    lines
}

/// Longitude and latitude onto an area.
#[derive(Debug, Clone, Copy)]
pub struct Onto {
    area: Rect,
    middle: [f64; 2],
    squeeze: f64,
    scale: f64,
}

impl Onto {
    /// What is in the city with the city around it, what is elsewhere with the city too.
    pub fn all(bounds: geo::Rect, ground: &[Vec<[f64; 2]>], area: Rect) -> Onto {
        let (mut low, mut high) = ([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y]);
        for at in ground.iter().flatten() {
            low = [low[0].min(at[0]), low[1].min(at[1])];
            high = [high[0].max(at[0]), high[1].max(at[1])];
        }
        Onto::fit(low, high, area)
    }

    /// The data with some surroundings: at least two kilometres, so that a shift of a web map can be seen.
    pub fn near(bounds: geo::Rect, area: Rect) -> Onto {
        let margin = (0.15 * bounds.width().max(bounds.height())).max(0.01);
        let (low, high) = (bounds.min(), bounds.max());
        Onto::fit([low.x - margin, low.y - margin], [high.x + margin, high.y + margin], area)
    }

    fn fit(low: [f64; 2], high: [f64; 2], area: Rect) -> Onto {
        let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
        let squeeze = middle[1].to_radians().cos().max(0.05);
        let (width, height) = (((high[0] - low[0]) * squeeze).max(1e-6), (high[1] - low[1]).max(1e-6));
        let scale = (f64::from(area.width()) / width).min(f64::from(area.height()) / height);
        Onto { area, middle, squeeze, scale }
    }

    /// The same where the area has moved or has another size.
    pub fn on(self, area: Rect) -> Onto {
        Onto { area, ..self }
    }

    pub fn at(&self, place: [f64; 2]) -> Pos2 {
        let x = (place[0] - self.middle[0]) * self.squeeze * self.scale;
        let y = (self.middle[1] - place[1]) * self.scale;
        self.area.center() + vec2(x as f32, y as f32)
    }

    fn place(&self, at: Pos2) -> [f64; 2] {
        let off = at - self.area.center();
        let (x, y) = (f64::from(off.x) / self.scale, f64::from(off.y) / self.scale);
        [self.middle[0] + x / self.squeeze, self.middle[1] - y]
    }

    pub fn moved(self, by: egui::Vec2) -> Onto {
        Onto { middle: self.place(self.area.center() - by), ..self }
    }

    /// Larger or smaller, with the place under the pointer where it is.
    pub fn zoomed(self, factor: f64, at: Pos2) -> Onto {
        let place = self.place(at);
        let scale = (self.scale * factor).clamp(20.0, 5e6);
        let closer = Onto { scale, ..self };
        closer.moved(at - closer.at(place))
    }
}
