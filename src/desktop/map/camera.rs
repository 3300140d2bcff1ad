//! Centre and zoom of the map while it moves: Web Mercator in f64, screen positions in points.

use crate::geometry::{mercator, mercator_inverse};
use crate::workspace::{FlyTo, View};
use egui::{Pos2, Rect, Vec2};
use geo::Coord;

/// Metres round the equator of the picture plane.
const AROUND: f64 = std::f64::consts::TAU * 6_378_137.0;
/// The widest and the closest view.
pub const ZOOM: std::ops::RangeInclusive<f64> = 6.0..=21.0;
/// Share of the picture left free round a box that is flown to.
const MARGIN: f64 = 0.08;
/// A point or a tiny box is not shown closer than this.
const CLOSEST_FLIGHT: f64 = 15.5;

/// What of the earth is seen, and where on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// Web Mercator metres in the middle of the frame.
    pub centre: Coord,
    /// Web Mercator level of 256-point tiles.
    pub zoom: f64,
    /// The part of the window that the map fills.
    pub frame: Rect,
}

impl Camera {
    /// The camera that shows a view in a frame.
    pub fn of(view: View, frame: Rect) -> Self {
        let centre = mercator(Coord { x: view.longitude, y: view.latitude });
        Self { centre, zoom: view.zoom.clamp(*ZOOM.start(), *ZOOM.end()), frame }
    }

    /// The view it shows.
    pub fn view(&self) -> View {
        let centre = mercator_inverse(self.centre);
        View { longitude: centre.x, latitude: centre.y, zoom: self.zoom }
    }

    /// Web Mercator metres a point of the screen.
    pub fn metres_per_point(&self) -> f64 {
        AROUND / (256.0 * self.zoom.exp2())
    }

    /// Metres on the ground a point of the screen, at this latitude (degrees).
    pub fn ground_metres_per_point(&self, latitude: f64) -> f64 {
        self.metres_per_point() * latitude.to_radians().cos()
    }

    /// Where a Web Mercator position is on the screen; subtracted in f64, so that nothing trembles.
    pub fn place(&self, position: Coord) -> Pos2 {
        let scale = 1.0 / self.metres_per_point();
        let middle = self.frame.center();
        let x = f64::from(middle.x) + (position.x - self.centre.x) * scale;
        let y = f64::from(middle.y) - (position.y - self.centre.y) * scale;
        Pos2::new(x as f32, y as f32)
    }

    /// Where a longitude and latitude is on the screen.
    pub fn place_degrees(&self, position: Coord) -> Pos2 {
        self.place(mercator(position))
    }

    /// The Web Mercator position under a place on the screen.
    pub fn position(&self, place: Pos2) -> Coord {
        let scale = self.metres_per_point();
        let middle = self.frame.center();
        Coord {
            x: self.centre.x + (f64::from(place.x) - f64::from(middle.x)) * scale,
            y: self.centre.y - (f64::from(place.y) - f64::from(middle.y)) * scale,
        }
    }

    /// The longitude and latitude under a place on the screen.
    pub fn degrees(&self, place: Pos2) -> Coord {
        mercator_inverse(self.position(place))
    }

    /// Longitudes and latitudes that are seen.
    pub fn visible(&self) -> geo::Rect {
        geo::Rect::new(self.degrees(self.frame.left_bottom()), self.degrees(self.frame.right_top()))
    }

    /// Moves the picture by this much on the screen.
    pub fn pan(&mut self, by: Vec2) {
        let scale = self.metres_per_point();
        self.centre.x -= f64::from(by.x) * scale;
        self.centre.y += f64::from(by.y) * scale;
        self.keep_on_earth();
    }

    /// Zooms by so many levels; what lies under `fixed` stays there.
    pub fn zoom_at(&mut self, fixed: Pos2, levels: f64) {
        let held = self.position(fixed);
        self.zoom = (self.zoom + levels).clamp(*ZOOM.start(), *ZOOM.end());
        let now = self.position(fixed);
        self.centre.x += held.x - now.x;
        self.centre.y += held.y - now.y;
        self.keep_on_earth();
    }

    /// Takes another frame without moving the picture on the screen.
    pub fn reframe(&mut self, frame: Rect) {
        self.centre = self.position(frame.center());
        self.frame = frame;
        self.keep_on_earth();
    }

    /// Shows a box of degrees whole, but not closer than the given level.
    pub fn fit(&mut self, area: geo::Rect, closest: f64) {
        let (low, high) = (mercator(area.min()), mercator(area.max()));
        let free = 1.0 - 2.0 * MARGIN;
        let across = (high.x - low.x) / (f64::from(self.frame.width()).max(1.0) * free);
        let along = (high.y - low.y) / (f64::from(self.frame.height()).max(1.0) * free);
        let zoom = (AROUND / (256.0 * across.max(along).max(1e-6))).log2();
        self.zoom = zoom.min(closest).clamp(*ZOOM.start(), *ZOOM.end());
        self.centre = Coord { x: (low.x + high.x) / 2.0, y: (low.y + high.y) / 2.0 };
        self.keep_on_earth();
    }

    /// Goes where a wish to fly says; `pixels_per_metre` is the screen's, for true scales.
    pub fn fly(&mut self, to: FlyTo, pixels_per_metre: f64) {
        match to {
            FlyTo::Area(area) => self.fit(area, CLOSEST_FLIGHT),
            FlyTo::Place(place, zoom) => {
                self.centre = mercator(place);
                self.zoom = zoom.unwrap_or(self.zoom).clamp(*ZOOM.start(), *ZOOM.end());
                self.keep_on_earth();
            }
            FlyTo::Scale(denominator) => {
                let zoom = View::zoom_of_scale(self.view().latitude, denominator, pixels_per_metre);
                if zoom.is_finite() {
                    self.zoom = zoom.clamp(*ZOOM.start(), *ZOOM.end());
                }
            }
            FlyTo::Home => *self = Self::of(View::CITY, self.frame),
        }
    }

    fn keep_on_earth(&mut self) {
        let edge = AROUND / 2.0;
        if !self.centre.x.is_finite() || !self.centre.y.is_finite() {
            *self = Self::of(View::CITY, self.frame);
        }
        self.centre.x = self.centre.x.clamp(-edge, edge);
        self.centre.y = self.centre.y.clamp(-edge, edge);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> Camera {
        Camera::of(View::CITY, Rect::from_min_size(Pos2::new(280.0, 40.0), Vec2::new(1300.0, 900.0)))
    }

    #[test]
    fn what_is_under_the_cursor_stays_there_while_zooming() {
        let mut camera = camera();
        let cursor = Pos2::new(411.0, 733.0);
        let held = camera.degrees(cursor);
        for _ in 0..22 {
            camera.zoom_at(cursor, 0.5);
        }
        let now = camera.degrees(cursor);
        assert!((now.x - held.x).abs() < 1e-11 && (now.y - held.y).abs() < 1e-11, "{now:?} {held:?}");
        assert!((camera.zoom - 20.6).abs() < 1e-9);
    }

    #[test]
    fn place_and_position_are_inverse() {
        let camera = camera();
        let place = Pos2::new(500.5, 300.25);
        assert!((camera.place(camera.position(place)) - place).length() < 1e-3);
    }

    #[test]
    fn panning_moves_the_picture_with_the_hand() {
        let mut camera = camera();
        let grabbed = camera.degrees(Pos2::new(600.0, 400.0));
        camera.pan(Vec2::new(35.0, -80.0));
        assert!((camera.place_degrees(grabbed) - Pos2::new(635.0, 320.0)).length() < 1e-2);
    }

    #[test]
    fn another_frame_leaves_the_picture_where_it_is() {
        let mut camera = camera();
        let held = camera.degrees(Pos2::new(600.0, 400.0));
        camera.reframe(Rect::from_min_max(Pos2::new(280.0, 40.0), Pos2::new(1200.0, 940.0)));
        assert!((camera.place_degrees(held) - Pos2::new(600.0, 400.0)).length() < 1e-2);
    }

    #[test]
    fn a_box_flown_to_is_seen_whole() {
        let mut camera = camera();
        let area = geo::Rect::new(Coord { x: 119.6, y: 31.2 }, Coord { x: 119.9, y: 31.3 });
        camera.fly(FlyTo::Area(area), 3779.5);
        let seen = camera.visible();
        assert!(seen.min().x < 119.6 && seen.max().x > 119.9 && seen.min().y < 31.2 && seen.max().y > 31.3);
        assert!(seen.width() < 0.3 * 1.3);
    }

    #[test]
    fn a_flight_to_a_scale_lands_on_it() {
        let mut camera = camera();
        camera.fly(FlyTo::Scale(50_000.0), 3779.527);
        assert!((camera.view().scale_denominator(3779.527) / 50_000.0 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_flight_to_nowhere_ends_at_home() {
        let mut camera = camera();
        camera.fly(FlyTo::Place(Coord { x: f64::NAN, y: 31.0 }, None), 3779.5);
        assert!(camera.view().longitude.is_finite());
    }
}
