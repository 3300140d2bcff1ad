//! Shapes in the hand: drawn and measured; sends nothing itself.

use super::camera::Camera;
use crate::geometry::{Area, Form, bearing, distance, line_length, polygon_area};
use crate::workspace::{Drawing, Tool};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use std::sync::Arc;

/// Points within which a corner is taken or a ring is closed.
pub const SNAP: f32 = 9.0;

/// What a gesture has brought about.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// A site has been drawn, perhaps by figures.
    Site(MultiPolygon, Option<Form>),
    /// Words shall stand here.
    Words(Coord),
    /// An arrow from tail to head.
    Arrow(Coord, Coord),
}

/// Figures that were typed while drawing; they hold wherever the pointer is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Typed {
    /// Width of the rectangle, metres.
    pub width: Option<f64>,
    /// Its other side.
    pub height: Option<f64>,
    /// Direction of that side, degrees clockwise from north.
    pub bearing: Option<f64>,
    /// Radius of the circle.
    pub radius: Option<f64>,
}

/// What the hand is shaping.
#[derive(Debug, Default)]
pub struct Sketch {
    tool: Tool,
    choices: Drawing,
    typed: Typed,
    corners: Vec<Coord>,
    pointer: Option<Coord>,
    finished: bool,
    form: Option<Form>,
    draft: Option<Arc<MultiPolygon>>,
}

/// What is measured, on the ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Length of the line, or round the ring, in metres.
    pub length: f64,
    /// Length of the last edge, in metres.
    pub last_edge: f64,
    /// Its direction, degrees clockwise from north.
    pub bearing: f64,
    /// The angle at the corner before the last, degrees.
    pub angle: Option<f64>,
    /// The area inside, once there are three corners.
    pub area: Option<Area>,
    /// Whether the outline crosses itself.
    pub is_crossed: bool,
}

impl Sketch {
    /// The tool that it is made with.
    pub fn tool(&self) -> Tool {
        self.tool
    }

    /// Takes another tool or other choices; with another tool what was begun is dropped.
    pub fn take(&mut self, tool: Tool, choices: Drawing) {
        if self.tool != tool {
            *self = Self { tool, choices, ..Self::default() };
        } else if self.choices != choices {
            self.choices = choices;
            self.follow();
        }
    }

    /// Choices that it is made with.
    pub fn choices(&self) -> Drawing {
        self.choices
    }

    /// Figures that were typed.
    pub fn typed(&self) -> Typed {
        self.typed
    }

    /// Takes typed figures.
    pub fn type_in(&mut self, typed: Typed) {
        if self.typed != typed {
            self.typed = typed;
            self.follow();
        }
    }

    /// Whether something is begun.
    pub fn is_begun(&self) -> bool {
        !self.corners.is_empty()
    }

    /// Whether clicks belong to the sketch.
    pub fn draws(&self) -> bool {
        !matches!(self.tool, Tool::Browse | Tool::Reshape)
    }

    /// Whether it is a line from point to point, ended by the person.
    pub fn is_open_ended(&self) -> bool {
        matches!(self.tool, Tool::Polygon | Tool::Corridor | Tool::Measure)
    }

    /// Follows the pointer; while it is off the map what is begun stays as it was last seen.
    pub fn hover(&mut self, at: Option<Coord>) {
        if at.is_none() && self.is_begun() {
            return;
        }
        if self.pointer != at && !self.finished {
            self.pointer = at;
            self.follow();
        }
    }

    /// A click at a place; `camera` tells what is near on the screen.
    pub fn click(&mut self, at: Coord, camera: &Camera) -> Option<Done> {
        if self.finished {
            self.clear();
        }
        self.pointer = Some(at);
        let done = match self.tool {
            Tool::Browse | Tool::Reshape => None,
            Tool::Words => Some(Done::Words(at)),
            Tool::Polygon | Tool::Measure | Tool::Corridor => {
                let is_ring = self.tool != Tool::Corridor;
                let first = self.corners.first().filter(|_| is_ring && self.corners.len() > 2);
                if first.is_some_and(|first| near(camera, *first, at)) {
                    return self.finish();
                }
                if !self.corners.last().is_some_and(|last| near_exact(camera, *last, at)) {
                    self.corners.push(at);
                }
                None
            }
            Tool::Rectangle | Tool::Circle => {
                self.corners.push(at);
                let is_enough = self.tool == Tool::Circle && self.typed.radius.is_some();
                if self.corners.len() == 2 || is_enough {
                    return self.finish();
                }
                None
            }
            Tool::Arrow => {
                self.corners.push(at);
                match self.corners.as_slice() {
                    [from, to] => {
                        let done = Done::Arrow(*from, *to);
                        self.clear();
                        Some(done)
                    }
                    _ => None,
                }
            }
        };
        self.follow();
        done
    }

    /// Ends the sketch: a site when there is one, a measure that stays to be read, or nothing.
    pub fn finish(&mut self) -> Option<Done> {
        match self.tool {
            Tool::Polygon => {
                self.pointer = None;
                let ring = self.ring(false);
                if ring.len() < 3 || is_crossed(&ring) || area_of(&ring).square_metres() < 0.01 {
                    self.follow();
                    return None;
                }
                self.clear();
                Some(Done::Site(shape_of(ring), None))
            }
            Tool::Rectangle | Tool::Circle | Tool::Corridor => {
                if self.tool == Tool::Corridor {
                    self.pointer = None;
                }
                if self.tool == Tool::Rectangle && self.corners.len() > 1 {
                    self.pointer = self.corners.pop();
                }
                let form = self.figures();
                let Some((form, shape)) = form.and_then(|form| Some((form.clone(), form.shape()?))) else {
                    self.follow();
                    return None;
                };
                self.clear();
                Some(Done::Site(shape, Some(form)))
            }
            Tool::Measure => {
                self.finished = self.corners.len() > 1;
                self.pointer = None;
                self.follow();
                None
            }
            _ => None,
        }
    }

    /// Takes the last corner back; false when there was none.
    pub fn back(&mut self) -> bool {
        self.finished = false;
        let taken = self.corners.pop().is_some();
        self.follow();
        taken
    }

    /// Drops what was begun; false when nothing was.
    pub fn cancel(&mut self) -> bool {
        let was_begun = self.is_begun();
        self.clear();
        was_begun
    }

    fn clear(&mut self) {
        *self = Self { tool: self.tool, choices: self.choices, ..Self::default() };
    }

    /// The outline as it would be with the pointer as last corner; of a corridor its line.
    pub fn outline(&self) -> Vec<Coord> {
        self.ring(true)
    }

    /// Where the pointer is on the screen, while it draws.
    pub fn pointer_place(&self, camera: &Camera) -> Option<egui::Pos2> {
        self.pointer.map(|at| camera.place_degrees(at))
    }

    /// The corners set so far.
    pub fn corners(&self) -> &[Coord] {
        &self.corners
    }

    /// The figures of what is drawn, as they are with the pointer.
    pub fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// Whether the outline shown is a ring.
    pub fn is_ring(&self) -> bool {
        match self.tool {
            Tool::Polygon | Tool::Rectangle | Tool::Circle => true,
            Tool::Measure => self.corners.len() > 2,
            _ => false,
        }
    }

    fn ring(&self, with_pointer: bool) -> Vec<Coord> {
        match (self.tool, self.corners.as_slice(), self.pointer) {
            (Tool::Rectangle, [_, ..], _) => self.form.as_ref().map(Form::corners).unwrap_or_default(),
            (Tool::Circle, _, _) => match self.draft.as_ref().and_then(|draft| draft.0.first()) {
                Some(circle) => circle.exterior().0.clone(),
                None => Vec::new(),
            },
            (_, [], _) => Vec::new(),
            (_, corners, Some(at)) if with_pointer && corners.last() != Some(&at) => {
                corners.iter().copied().chain([at]).collect()
            }
            (_, corners, _) => corners.to_vec(),
        }
    }

    /// What the corners, the pointer and the typed figures make.
    fn figures(&self) -> Option<Form> {
        let Typed { width, height, bearing, radius } = self.typed;
        match (self.tool, self.corners.as_slice(), self.pointer) {
            (Tool::Rectangle, [first, ..], Some(at)) => {
                Some(Form::rectangle(*first, at, bearing.unwrap_or(0.0), width, height))
            }
            (Tool::Circle, [centre, rim], _) => {
                Some(Form::Circle { centre: *centre, radius: radius.unwrap_or_else(|| distance(*centre, *rim)) })
            }
            (Tool::Circle, [centre], at) => {
                let radius = radius.or_else(|| Some(distance(*centre, at?)))?;
                Some(Form::Circle { centre: *centre, radius })
            }
            // with a typed radius the circle hangs on the pointer
            (Tool::Circle, [], Some(centre)) => Some(Form::Circle { centre, radius: radius? }),
            (Tool::Corridor, corners, at) => {
                let line = LineString::new(corners.iter().copied().chain(at).collect());
                let Drawing { corridor_width: width, ends, .. } = self.choices;
                (!corners.is_empty()).then_some(Form::Corridor { line, width, ends })
            }
            _ => None,
        }
    }

    /// Area and length of what is in the hand.
    pub fn measured(&self) -> Option<Measured> {
        let outline = self.outline();
        let [.., before, last] = outline.as_slice() else { return None };
        let is_line = matches!(self.tool, Tool::Measure | Tool::Corridor);
        let is_figure = matches!(self.tool, Tool::Rectangle | Tool::Circle);
        let crosses = !is_figure && is_crossed(&outline);
        let ring_area = (outline.len() > 2 && !crosses).then(|| area_of(&outline));
        let area = match self.tool {
            Tool::Corridor => self.draft.as_ref().map(|draft| draft.iter().map(polygon_area).sum()),
            _ => ring_area,
        };
        let mut line = LineString::new(outline.clone());
        if !is_line && area.is_some() {
            line.close();
        }
        let angle = match outline.as_slice() {
            [.., first, middle, last] => Some(angle_at(*first, *middle, *last)),
            _ => None,
        };
        Some(Measured {
            length: line_length(&line),
            last_edge: distance(*before, *last),
            bearing: bearing(*before, *last),
            angle,
            area,
            // A line may cross itself; it only has no area then.
            is_crossed: crosses && !is_line,
        })
    }

    /// The site in the hand, so that the check can follow it.
    pub fn draft(&self) -> Option<&Arc<MultiPolygon>> {
        self.draft.as_ref()
    }

    fn follow(&mut self) {
        self.form = self.figures();
        self.draft = match self.tool {
            Tool::Polygon => {
                let ring = self.outline();
                // what crosses itself is judged too: the verdict says how it was mended
                (ring.len() > 2).then(|| Arc::new(shape_of(ring)))
            }
            _ => self.form.as_ref().and_then(Form::shape).map(Arc::new),
        };
    }
}

/// The angle between two edges that meet, degrees, 0 to 180.
pub fn angle_at(before: Coord, corner: Coord, after: Coord) -> f64 {
    let between = (bearing(corner, before) - bearing(corner, after)).rem_euclid(360.0);
    between.min(360.0 - between)
}

/// Whether two edges of a ring (not closed by a repeated corner) cross.
pub fn is_crossed(ring: &[Coord]) -> bool {
    let count = ring.len();
    if !(4..=2_000).contains(&count) {
        return false;
    }
    let edge = |number: usize| Some((*ring.get(number)?, *ring.get((number + 1) % count)?));
    (0..count).any(|one| {
        (one + 2..count).filter(|other| (other + 1) % count != one).any(|other| {
            let (Some((a, b)), Some((c, d))) = (edge(one), edge(other)) else { return false };
            cross(a, b, c, d)
        })
    })
}

/// Whether two edges cross inside of both.
pub fn cross(a: Coord, b: Coord, c: Coord, d: Coord) -> bool {
    let side = |a: Coord, b: Coord, c: Coord| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

fn near(camera: &Camera, one: Coord, other: Coord) -> bool {
    (camera.place_degrees(one) - camera.place_degrees(other)).length() <= SNAP
}

fn near_exact(camera: &Camera, one: Coord, other: Coord) -> bool {
    (camera.place_degrees(one) - camera.place_degrees(other)).length() < 1.0
}

fn shape_of(ring: Vec<Coord>) -> MultiPolygon {
    let mut polygon = Polygon::new(LineString::new(ring), Vec::new());
    geo::Orient::orient(&polygon, geo::orient::Direction::Default).clone_into(&mut polygon);
    MultiPolygon(vec![polygon])
}

fn area_of(ring: &[Coord]) -> Area {
    polygon_area(&Polygon::new(LineString::new(ring.to_vec()), Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Vicinity;
    use crate::workspace::View;
    use egui::{Pos2, Rect, Vec2};

    fn camera() -> Camera {
        let view = View { longitude: 120.3, latitude: 31.57, zoom: 15.0 };
        Camera::of(view, Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0)))
    }

    fn sketch(tool: Tool) -> Sketch {
        let mut sketch = Sketch::default();
        sketch.take(tool, Drawing::default());
        sketch
    }

    fn click(sketch: &mut Sketch, x: f32, y: f32) -> Option<Done> {
        let camera = camera();
        sketch.click(camera.degrees(Pos2::new(x, y)), &camera)
    }

    #[test]
    fn clicking_the_first_corner_again_closes_the_polygon() {
        let mut sketch = sketch(Tool::Polygon);
        for (x, y) in [(100.0, 100.0), (300.0, 100.0), (300.0, 250.0)] {
            assert_eq!(click(&mut sketch, x, y), None);
        }
        let Some(Done::Site(shape, None)) = click(&mut sketch, 103.0, 97.0) else { panic!("not closed") };
        assert_eq!(shape.0[0].exterior().0.len(), 4);
        assert!(!sketch.is_begun());
    }

    #[test]
    fn a_double_click_adds_no_corner_of_its_own() {
        let mut sketch = sketch(Tool::Polygon);
        for (x, y) in [(100.0, 100.0), (300.0, 100.0), (300.0, 250.0), (300.0, 250.0)] {
            click(&mut sketch, x, y);
        }
        let Some(Done::Site(shape, _)) = sketch.finish() else { panic!("not finished") };
        assert_eq!(shape.0[0].exterior().0.len(), 4);
    }

    #[test]
    fn a_crossed_outline_is_not_finished_and_not_lost() {
        let mut sketch = sketch(Tool::Polygon);
        for (x, y) in [(100.0, 100.0), (300.0, 250.0), (300.0, 100.0), (100.0, 250.0)] {
            click(&mut sketch, x, y);
        }
        assert_eq!(sketch.finish(), None);
        assert_eq!(sketch.corners().len(), 4);
        assert!(sketch.measured().unwrap().is_crossed);
    }

    #[test]
    fn two_clicks_make_a_rectangle_and_the_draft_follows_the_pointer() {
        let mut sketch = sketch(Tool::Rectangle);
        click(&mut sketch, 100.0, 100.0);
        sketch.hover(Some(camera().degrees(Pos2::new(200.0, 180.0))));
        assert_eq!(sketch.draft().unwrap().0[0].exterior().0.len(), 5);
        let Some(Done::Site(_, Some(Form::Rectangle { width, height, bearing, .. }))) =
            click(&mut sketch, 300.0, 200.0)
        else {
            panic!("no rectangle")
        };
        // 100 points at level 15 and 31.57° N are 407 m
        assert!((width - 814.0).abs() < 3.0 && (height - 407.0).abs() < 2.0 && bearing == 0.0, "{width} {height}");
    }

    #[test]
    fn typed_sides_hold_wherever_the_pointer_is() {
        let mut sketch = sketch(Tool::Rectangle);
        sketch.type_in(Typed { width: Some(120.0), bearing: Some(30.0), ..Typed::default() });
        click(&mut sketch, 100.0, 100.0);
        sketch.hover(Some(camera().degrees(Pos2::new(250.0, 20.0))));
        let Some(Form::Rectangle { width, bearing, height, .. }) = sketch.form() else { panic!() };
        assert!(*width == 120.0 && *bearing == 30.0 && *height > 10.0);
        sketch.type_in(Typed { height: Some(80.0), ..sketch.typed() });
        let Some(Done::Site(shape, Some(_))) = sketch.finish() else { panic!("not finished") };
        assert!((polygon_area(&shape.0[0]).0 - 9_600.0).abs() < 0.05);
        assert_eq!(sketch.typed(), Typed::default());
    }

    #[test]
    fn a_circle_is_its_centre_and_a_point_of_its_rim_or_a_typed_radius() {
        let mut sketch = sketch(Tool::Circle);
        click(&mut sketch, 100.0, 100.0);
        let Some(Done::Site(_, Some(Form::Circle { radius, .. }))) = click(&mut sketch, 200.0, 100.0) else { panic!() };
        assert!((radius - 407.0).abs() < 2.0, "{radius}");
        sketch.type_in(Typed { radius: Some(55.0), ..Typed::default() });
        sketch.hover(Some(camera().degrees(Pos2::new(300.0, 300.0))));
        assert!(sketch.draft().is_some());
        let Some(Done::Site(_, Some(Form::Circle { radius, .. }))) = click(&mut sketch, 300.0, 300.0) else { panic!() };
        assert_eq!(radius, 55.0);
    }

    #[test]
    fn a_corridor_grows_with_its_line_and_takes_another_width_at_once() {
        let mut sketch = sketch(Tool::Corridor);
        click(&mut sketch, 100.0, 100.0);
        assert!(sketch.draft().is_none());
        click(&mut sketch, 300.0, 100.0);
        let first = sketch.measured().unwrap();
        assert!((first.area.unwrap().0 / (first.length * 20.0) - 1.0).abs() < 1e-4, "{first:?}");
        sketch.take(Tool::Corridor, Drawing { corridor_width: 60.0, ..Drawing::default() });
        let second = sketch.measured().unwrap();
        assert!((second.area.unwrap().0 / first.area.unwrap().0 - 3.0).abs() < 1e-4);
        assert!(matches!(sketch.finish(), Some(Done::Site(_, Some(Form::Corridor { .. })))));
    }

    #[test]
    fn edge_bearing_and_angle_are_told() {
        let mut sketch = sketch(Tool::Polygon);
        let camera = camera();
        let start = Coord { x: 120.3, y: 31.57 };
        let second = Vicinity::at(start).towards(90.0, 200.0);
        for at in [start, second, Vicinity::at(second).towards(30.0, 100.0)] {
            sketch.click(at, &camera);
        }
        let measured = sketch.measured().unwrap();
        assert!((measured.bearing - 30.0).abs() < 1e-3 && (measured.last_edge - 100.0).abs() < 1e-6, "{measured:?}");
        assert!((measured.angle.unwrap() - 120.0).abs() < 1e-2, "{measured:?}");
    }

    #[test]
    fn backspace_takes_corners_and_escape_the_rest() {
        let mut sketch = sketch(Tool::Polygon);
        click(&mut sketch, 100.0, 100.0);
        click(&mut sketch, 200.0, 100.0);
        assert!(sketch.back() && sketch.corners().len() == 1);
        assert!(sketch.cancel() && !sketch.cancel());
    }

    #[test]
    fn a_measure_stays_until_the_next_one_begins() {
        let mut sketch = sketch(Tool::Measure);
        click(&mut sketch, 100.0, 100.0);
        click(&mut sketch, 200.0, 100.0);
        assert_eq!(sketch.finish(), None);
        let measured = sketch.measured().unwrap();
        assert!((measured.length - 407.0).abs() < 2.0, "{measured:?}");
        click(&mut sketch, 400.0, 400.0);
        assert_eq!(sketch.corners().len(), 1);
    }

    #[test]
    fn a_measured_line_that_crosses_itself_has_a_length_but_no_area() {
        let mut sketch = sketch(Tool::Measure);
        for (x, y) in [(100.0, 100.0), (300.0, 250.0), (300.0, 100.0), (100.0, 250.0)] {
            click(&mut sketch, x, y);
        }
        let measured = sketch.measured().unwrap();
        assert!(measured.area.is_none() && !measured.is_crossed && measured.length > 1_000.0);
    }
}
