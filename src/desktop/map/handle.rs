//! What of a site can be taken hold of: corners, middles of edges, sides, the line and rim of forms, and the handles
//! that turn and stretch the whole.

use super::camera::Camera;
use super::sketch::SNAP;
use crate::geometry::{Form, Vicinity};
use crate::workspace::Spot;
use egui::{Pos2, Rect, Vec2};
use geo::{BoundingRect, Contains, Coord, MultiPolygon};

/// Points between a site and the handles that turn and stretch it.
const OFF: f32 = 38.0;
/// Edges shorter on the screen than this show no middle.
const SHORT: f32 = 30.0;

/// What a handle does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// Moves a corner.
    Corner(Spot),
    /// Pulls a new corner out of an edge.
    Middle(Spot),
    /// Moves a side of a rectangle: south, east, north, west as it stands upright.
    Side(usize),
    /// Moves a point of a corridor's line.
    Node(usize),
    /// Pulls a new point out of a corridor's line, before this one.
    NodeMiddle(usize),
    /// Widens a corridor.
    Width,
    /// Widens a circle.
    Rim,
    /// Turns the whole.
    Turn,
    /// Stretches the whole.
    Stretch,
    /// Moves the whole.
    Body,
}

impl Hold {
    /// Whether it makes a corner rather than moving one.
    pub fn is_middle(self) -> bool {
        matches!(self, Hold::Middle(_) | Hold::NodeMiddle(_) | Hold::Side(_))
    }
}

/// A handle and where it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handle {
    /// On the screen.
    pub place: Pos2,
    /// Longitude and latitude.
    pub at: Coord,
    /// What it does.
    pub hold: Hold,
}

/// The handles of a site that are in sight.
pub fn handles(shape: &MultiPolygon, form: Option<&Form>, camera: &Camera) -> Vec<Handle> {
    let mut found = Vec::new();
    let seen = camera.visible();
    let margin = (seen.width() + seen.height()) * 0.02;
    let is_seen = |at: Coord| {
        let (low, high) = (seen.min(), seen.max());
        (low.x - margin..=high.x + margin).contains(&at.x) && (low.y - margin..=high.y + margin).contains(&at.y)
    };
    let mut add = |at: Coord, hold: Hold| {
        if is_seen(at) {
            found.push(Handle { place: camera.place_degrees(at), at, hold });
        }
    };
    let is_long = |from: Coord, to: Coord| {
        (is_seen(from) || is_seen(to)) && (camera.place_degrees(from) - camera.place_degrees(to)).length() >= SHORT
    };
    match form {
        Some(Form::Rectangle { .. }) => {
            let corners = form.map(Form::corners).unwrap_or_default();
            for (number, (from, to)) in corners.iter().zip(corners.iter().cycle().skip(1)).enumerate() {
                add(*from, Hold::Corner(Spot { polygon: 0, ring: 0, corner: number }));
                if is_long(*from, *to) {
                    add((*from + *to) / 2.0, Hold::Side(number));
                }
            }
        }
        Some(Form::Circle { centre, radius }) => {
            let vicinity = Vicinity::at(*centre);
            for bearing in [0.0, 90.0, 180.0, 270.0] {
                add(vicinity.towards(bearing, *radius), Hold::Rim);
            }
        }
        Some(Form::Corridor { line, width, .. }) => {
            for (number, at) in line.0.iter().enumerate() {
                add(*at, Hold::Node(number));
            }
            for (number, edge) in line.lines().enumerate() {
                if is_long(edge.start, edge.end) {
                    add((edge.start + edge.end) / 2.0, Hold::NodeMiddle(number + 1));
                }
            }
            if let Some(edge) = line.lines().next() {
                let bearing = crate::geometry::bearing(edge.start, edge.end);
                let beside = edge.start + (edge.end - edge.start) * 0.25;
                add(Vicinity::at(beside).towards(bearing + 90.0, width / 2.0), Hold::Width);
            }
        }
        None => {
            for (polygon, part) in shape.iter().enumerate() {
                for (ring, outline) in std::iter::once(part.exterior()).chain(part.interiors()).enumerate() {
                    for (corner, edge) in outline.lines().enumerate() {
                        add(edge.start, Hold::Corner(Spot { polygon, ring, corner }));
                        if is_long(edge.start, edge.end) {
                            let middle = (edge.start + edge.end) / 2.0;
                            add(middle, Hold::Middle(Spot { polygon, ring, corner: corner + 1 }));
                        }
                    }
                }
            }
        }
    }
    found.extend(outer(shape, camera));
    found
}

/// Above the site what turns it, beside its lower right corner what stretches it; both stay in sight.
fn outer(shape: &MultiPolygon, camera: &Camera) -> Vec<Handle> {
    let Some(place) = on_screen(shape, camera).filter(|place| place.intersects(camera.frame)) else {
        return Vec::new();
    };
    let room = camera.frame.shrink(14.0);
    let handle = |place: Pos2, hold: Hold| {
        let place = room.clamp(place);
        Handle { place, at: camera.degrees(place), hold }
    };
    vec![
        handle(place.center_top() - Vec2::new(0.0, OFF), Hold::Turn),
        handle(place.right_bottom() + Vec2::splat(OFF * 0.6), Hold::Stretch),
    ]
}

/// The box of a shape on the screen.
pub fn on_screen(shape: &MultiPolygon, camera: &Camera) -> Option<Rect> {
    let bounds = shape.bounding_rect()?;
    Some(Rect::from_two_pos(camera.place_degrees(bounds.min()), camera.place_degrees(bounds.max())))
}

/// What is taken hold of at a place on the screen: corners before middles, both before the whole.
pub fn handle_at(shape: &MultiPolygon, form: Option<&Form>, camera: &Camera, at: Pos2) -> Option<Handle> {
    let away = |handle: &Handle| (handle.place - at).length();
    let within = handles(shape, form, camera).into_iter().filter(|handle| away(handle) <= SNAP);
    let nearest = within
        .min_by(|one, other| one.hold.is_middle().cmp(&other.hold.is_middle()).then(away(one).total_cmp(&away(other))));
    nearest.or_else(|| {
        let place = camera.degrees(at);
        let is_inside = shape.contains(&geo::Point(place));
        is_inside.then_some(Handle { place: at, at: place, hold: Hold::Body })
    })
}
