//! Shapes in the hand: drawn, reshaped, measured; sends nothing itself.

use super::camera::Camera;
use crate::geometry::{Area, distance, line_length, polygon_area};
use crate::workspace::{SiteId, Tool};
use egui::Pos2;
use geo::{Coord, LineString, MultiPolygon, Polygon};

/// Points within which a corner is taken or a ring is closed.
pub const SNAP: f32 = 9.0;

/// What a gesture has brought about.
#[derive(Debug, Clone, PartialEq)]
pub enum Done {
    /// A site has been drawn.
    Site(MultiPolygon),
    /// Words shall stand here.
    Words(Coord),
    /// An arrow from tail to head.
    Arrow(Coord, Coord),
}

/// What the hand is shaping.
#[derive(Debug, Default)]
pub struct Sketch {
    tool: Tool,
    corners: Vec<Coord>,
    pointer: Option<Coord>,
    finished: bool,
    draft: Option<MultiPolygon>,
}

/// A corner of a shape, or the middle of an edge where one can be pulled out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handle {
    /// Where it is, degrees.
    pub at: Coord,
    /// Whether it is the middle of an edge.
    pub is_middle: bool,
    polygon: usize,
    ring: usize,
    corner: usize,
}

/// What is measured, on the ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// Length of the line, or round the ring, in metres.
    pub length: f64,
    /// Length of the last edge, in metres.
    pub last_edge: f64,
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

    /// Takes another tool; what was begun is dropped.
    pub fn take(&mut self, tool: Tool) {
        if self.tool != tool {
            *self = Self { tool, ..Self::default() };
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

    /// Follows the pointer.
    pub fn hover(&mut self, at: Option<Coord>) {
        if self.pointer != at && !self.finished {
            self.pointer = at;
            self.follow();
        }
    }

    /// A click at a place; `camera` tells what is near on the screen.
    pub fn click(&mut self, at: Coord, camera: &Camera) -> Option<Done> {
        if self.finished {
            *self = Self { tool: self.tool, ..Self::default() };
        }
        self.pointer = Some(at);
        let done = match self.tool {
            Tool::Browse | Tool::Reshape => None,
            Tool::Words => Some(Done::Words(at)),
            Tool::Polygon | Tool::Measure => {
                let closes =
                    self.corners.len() > 2 && self.corners.first().is_some_and(|first| near(camera, *first, at));
                let repeats = self.corners.last().is_some_and(|last| near_exact(camera, *last, at));
                if closes {
                    return self.finish();
                }
                if !repeats {
                    self.corners.push(at);
                }
                None
            }
            Tool::Rectangle => {
                self.corners.push(at);
                if self.corners.len() == 2 { return self.finish() } else { None }
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
            Tool::Polygon | Tool::Rectangle => {
                self.pointer = if self.tool == Tool::Rectangle { self.pointer } else { None };
                let ring = self.ring(false);
                if ring.len() < 3 || is_crossed(&ring) || area_of(&ring).square_metres() < 0.01 {
                    return None;
                }
                self.clear();
                Some(Done::Site(shape_of(ring)))
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
        *self = Self { tool: self.tool, ..Self::default() };
    }

    /// The outline as it would be with the pointer as last corner.
    pub fn outline(&self) -> Vec<Coord> {
        self.ring(true)
    }

    /// The corners set so far.
    pub fn corners(&self) -> &[Coord] {
        &self.corners
    }

    /// Whether the outline shown is a ring.
    pub fn is_ring(&self) -> bool {
        matches!(self.tool, Tool::Polygon | Tool::Rectangle) || self.finished_as_ring()
    }

    fn finished_as_ring(&self) -> bool {
        self.tool == Tool::Measure && self.corners.len() > 2
    }

    fn ring(&self, with_pointer: bool) -> Vec<Coord> {
        match (self.tool, self.corners.as_slice(), self.pointer) {
            (Tool::Rectangle, [first], Some(at)) => rectangle(*first, at),
            (Tool::Rectangle, [first, second, ..], _) => rectangle(*first, *second),
            (_, [], _) => Vec::new(),
            (_, corners, Some(at)) if with_pointer => corners.iter().copied().chain([at]).collect(),
            (_, corners, _) => corners.to_vec(),
        }
    }

    /// Area and length of what is in the hand.
    pub fn measured(&self) -> Option<Measured> {
        let outline = self.outline();
        let [.., before, last] = outline.as_slice() else { return None };
        let crosses = is_crossed(&outline);
        let area = (outline.len() > 2 && !crosses).then(|| area_of(&outline));
        let mut line = LineString::new(outline.clone());
        let last_edge = distance(*before, *last);
        if self.tool != Tool::Measure && area.is_some() {
            line.close();
        }
        // A line may cross itself; it only has no area then.
        let is_crossed = crosses && self.tool != Tool::Measure;
        Some(Measured { length: line_length(&line), last_edge, area, is_crossed })
    }

    /// The site in the hand, so that the check can follow it.
    pub fn draft(&self) -> Option<&MultiPolygon> {
        self.draft.as_ref()
    }

    fn follow(&mut self) {
        let is_site = matches!(self.tool, Tool::Polygon | Tool::Rectangle);
        let ring = if is_site { self.outline() } else { Vec::new() };
        self.draft = (ring.len() > 2 && !is_crossed(&ring)).then(|| shape_of(ring));
    }
}

/// A site whose corners are being moved.
#[derive(Debug, Clone)]
pub struct Reshape {
    /// Which.
    pub site: SiteId,
    /// Its outline as it is in the hand.
    pub shape: MultiPolygon,
    held: Option<Handle>,
}

impl Reshape {
    /// Begins to move a corner; the middle of an edge becomes one.
    pub fn grab(site: SiteId, shape: &MultiPolygon, handle: Handle) -> Self {
        let mut reshape = Self { site, shape: shape.clone(), held: Some(Handle { is_middle: false, ..handle }) };
        if handle.is_middle {
            reshape.change(handle, |ring, corner| ring.insert(corner, handle.at));
        }
        reshape
    }

    /// Moves the corner.
    pub fn pull(&mut self, to: Coord) {
        if let Some(handle) = self.held {
            self.change(handle, |ring, corner| {
                if let Some(place) = ring.get_mut(corner) {
                    *place = to;
                }
            });
        }
    }

    /// The shape without a corner, when enough of them remain.
    pub fn without(shape: &MultiPolygon, handle: Handle) -> Option<MultiPolygon> {
        let mut reshape = Self { site: SiteId(0), shape: shape.clone(), held: None };
        let mut removed = false;
        reshape.change(handle, |ring, corner| {
            if ring.len() > 3 && corner < ring.len() && !handle.is_middle {
                ring.remove(corner);
                removed = true;
            }
        });
        removed.then_some(reshape.shape)
    }

    /// Changes the open corners of the handle's ring and closes it again.
    fn change(&mut self, handle: Handle, change: impl FnOnce(&mut Vec<Coord>, usize)) {
        let Some(polygon) = self.shape.0.get_mut(handle.polygon) else { return };
        let (mut outside, mut holes) = (polygon.exterior().clone(), polygon.interiors().to_vec());
        let ring = if handle.ring == 0 { Some(&mut outside) } else { holes.get_mut(handle.ring - 1) };
        if let Some(ring) = ring {
            ring.0.pop();
            change(&mut ring.0, handle.corner);
            ring.close();
        }
        *polygon = Polygon::new(outside, holes);
    }

    /// Whether an outline crosses itself now.
    pub fn is_crossed(&self) -> bool {
        self.shape.iter().any(|polygon| {
            let open = polygon.exterior().0.split_last().map_or(&[][..], |(_, rest)| rest);
            is_crossed(open)
        })
    }
}

/// Corners and middles of edges of a shape.
pub fn handles(shape: &MultiPolygon) -> Vec<Handle> {
    let mut handles = Vec::new();
    for (polygon_number, polygon) in shape.iter().enumerate() {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        for (ring_number, ring) in rings.enumerate() {
            for (number, edge) in ring.lines().enumerate() {
                let handle = |at, is_middle, corner| Handle {
                    at,
                    is_middle,
                    polygon: polygon_number,
                    ring: ring_number,
                    corner,
                };
                handles.push(handle(edge.start, false, number));
                handles.push(handle((edge.start + edge.end) / 2.0, true, number + 1));
            }
        }
    }
    handles
}

/// The handle at a place on the screen; corners before middles.
pub fn handle_at(shape: &MultiPolygon, camera: &Camera, at: Pos2) -> Option<Handle> {
    let away = |handle: &Handle| (camera.place_degrees(handle.at) - at).length();
    let within = handles(shape).into_iter().filter(|handle| away(handle) <= SNAP);
    within.min_by(|one, other| one.is_middle.cmp(&other.is_middle).then(away(one).total_cmp(&away(other))))
}

/// Whether two edges of a ring (not closed by a repeated corner) cross.
pub fn is_crossed(ring: &[Coord]) -> bool {
    let count = ring.len();
    if !(4..=2_000).contains(&count) {
        return false;
    }
    let edge = |number: usize| Some((*ring.get(number)?, *ring.get((number + 1) % count)?));
    let side = |a: Coord, b: Coord, c: Coord| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    (0..count).any(|one| {
        (one + 2..count).filter(|other| (other + 1) % count != one).any(|other| {
            let (Some((a, b)), Some((c, d))) = (edge(one), edge(other)) else { return false };
            side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
        })
    })
}

fn near(camera: &Camera, one: Coord, other: Coord) -> bool {
    (camera.place_degrees(one) - camera.place_degrees(other)).length() <= SNAP
}

fn near_exact(camera: &Camera, one: Coord, other: Coord) -> bool {
    (camera.place_degrees(one) - camera.place_degrees(other)).length() < 1.0
}

fn rectangle(first: Coord, second: Coord) -> Vec<Coord> {
    vec![first, Coord { x: second.x, y: first.y }, second, Coord { x: first.x, y: second.y }]
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
    use crate::workspace::View;
    use egui::{Rect, Vec2};

    fn camera() -> Camera {
        let view = View { longitude: 120.3, latitude: 31.57, zoom: 15.0 };
        Camera::of(view, Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0)))
    }

    fn sketch(tool: Tool) -> Sketch {
        let mut sketch = Sketch::default();
        sketch.take(tool);
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
        let Some(Done::Site(shape)) = click(&mut sketch, 103.0, 97.0) else { panic!("not closed") };
        assert_eq!(shape.0[0].exterior().0.len(), 4);
        assert!(!sketch.is_begun());
    }

    #[test]
    fn a_double_click_adds_no_corner_of_its_own() {
        let mut sketch = sketch(Tool::Polygon);
        for (x, y) in [(100.0, 100.0), (300.0, 100.0), (300.0, 250.0), (300.0, 250.0)] {
            click(&mut sketch, x, y);
        }
        let Some(Done::Site(shape)) = sketch.finish() else { panic!("not finished") };
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
        assert!(matches!(click(&mut sketch, 300.0, 200.0), Some(Done::Site(_))));
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
        // 100 points at level 15 and 31.57° N are 407 m.
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

    #[test]
    fn the_middle_of_an_edge_becomes_a_corner_when_it_is_pulled() {
        let ring = rectangle(Coord { x: 120.29, y: 31.56 }, Coord { x: 120.31, y: 31.58 });
        let shape = shape_of(ring);
        let middle = handles(&shape).into_iter().find(|handle| handle.is_middle).unwrap();
        let mut reshape = Reshape::grab(SiteId(1), &shape, middle);
        reshape.pull(Coord { x: 120.3, y: 31.5 });
        assert_eq!(reshape.shape.0[0].exterior().0.len(), 6);
        assert!(reshape.shape.0[0].exterior().0.contains(&Coord { x: 120.3, y: 31.5 }));
        let corner = handles(&shape).into_iter().find(|handle| !handle.is_middle).unwrap();
        assert_eq!(Reshape::without(&shape, corner).unwrap().0[0].exterior().0.len(), 4);
        let first = handles(&shape)[0];
        let mut reshape = Reshape::grab(SiteId(1), &shape, first);
        reshape.pull(Coord { x: 120.0, y: 31.0 });
        let ring = reshape.shape.0[0].exterior();
        assert_eq!((ring.0.len(), ring.0.first()), (5, ring.0.last()));
    }
}
