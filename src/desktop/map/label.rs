//! Names on the map, painted last so that nothing tints them: chosen by weight, placed without overlap, kept while the
//! view stands still.

use super::camera::Camera;
use super::names::{Letters as Hand, Name, Names};
use super::style::Wardrobe;
use crate::desktop::theme;
use crate::workspace::Workspace;
use egui::epaint::TextShape;
use egui::{Color32, FontId, Painter, Pos2, Rect, Shape, Vec2, vec2};
use geo::Coord;
use std::collections::HashMap;

/// Share of the frame round it where names are placed too, so that they are there when the view is moved.
const ROOM: f32 = 0.25;
/// At most this many names are placed.
const MOST: usize = 400;
/// A name along a line does not turn by more than this from one character to the next, in radians.
const BEND: f32 = 0.45;
/// Points between two names of the same river.
const REPEAT: f32 = 620.0;

/// Names placed for a view.
#[derive(Debug, Default)]
pub struct Labels {
    names: Names,
    placed_for: Option<(Camera, u64, bool)>,
    placed: Vec<Placed>,
    widths: HashMap<(String, u32, bool), Vec2>,
}

/// A name, or one character of a name along a line, at its place.
#[derive(Debug, Clone)]
struct Placed {
    words: String,
    font: FontId,
    ink: Color32,
    /// Middle, Web Mercator.
    middle: Coord,
    angle: f32,
}

impl Labels {
    /// Paints the names; places them anew when the view has come to rest elsewhere.
    pub fn paint(
        &mut self,
        painter: &Painter,
        camera: &Camera,
        workspace: &Workspace,
        wardrobe: &Wardrobe<'_>,
        resting: bool,
    ) {
        let fingerprint = self.names.follow(workspace);
        let state = (*camera, fingerprint, wardrobe.dark);
        let serves = self.placed_for.is_some_and(|(made, of, dark)| {
            let old = made.frame.expand2(made.frame.size() * ROOM);
            let seen = Rect::from_two_pos(
                camera.place(made.position(old.left_top())),
                camera.place(made.position(old.right_bottom())),
            );
            let is_near = made.zoom == camera.zoom && seen.contains_rect(camera.frame);
            let may_wait = !resting && (made.zoom - camera.zoom).abs() < 1.0;
            (of, dark) == (fingerprint, wardrobe.dark) && (is_near || may_wait)
        });
        if !serves {
            self.place(painter, camera, wardrobe.dark);
            self.placed_for = Some(state);
        }
        let halo = halo(wardrobe.dark);
        let shown = camera.frame.expand(60.0);
        for pass in [false, true] {
            for name in &self.placed {
                let at = camera.place(name.middle);
                if shown.contains(at) {
                    paint_name(painter, name, at, halo, pass);
                }
            }
        }
    }

    fn place(&mut self, painter: &Painter, camera: &Camera, dark: bool) {
        self.placed.clear();
        let region = camera.frame.expand2(camera.frame.size() * ROOM);
        let mut taken = Taken::default();
        let corner = |at| camera.position(at);
        let (low, high) = (corner(region.left_bottom()), corner(region.right_top()));
        for name in self.names.all() {
            if self.placed.len() > MOST * 3 {
                break;
            }
            let [west, south, east, north] = name.bounds;
            let is_seen = west <= high.x && east >= low.x && south <= high.y && north >= low.y;
            if camera.zoom < name.from_zoom || !is_seen {
                continue;
            }
            let font = font(name.letters);
            let ink = ink(name.letters, dark);
            let key = (name.words.clone(), (font.size * 4.0) as u32, name.letters.bold);
            let size = *self
                .widths
                .entry(key)
                .or_insert_with(|| painter.layout_no_wrap(name.words.clone(), font.clone(), ink).size());
            if name.course.is_empty() {
                let across = (east - west) / camera.metres_per_point();
                if name.must_fit && across < f64::from(size.x) * 1.05 {
                    continue;
                }
                let middle = camera.place(name.anchor) + vec2(0.0, name.lift);
                let area = Rect::from_center_size(middle, size + vec2(6.0, 2.0));
                if region.intersects(area) && taken.take(&[area]) {
                    let middle = camera.position(middle);
                    self.placed.push(Placed { words: name.words.clone(), font, ink, middle, angle: 0.0 });
                }
            } else {
                along(camera, region, name, size, &mut taken, |words, middle, angle| {
                    let middle = camera.position(middle);
                    self.placed.push(Placed { words, font: font.clone(), ink, middle, angle });
                });
            }
        }
    }
}

/// Sets a name along its course, again every so often, where the course is straightest and nothing is in the way.
fn along(
    camera: &Camera,
    region: Rect,
    name: &Name,
    size: Vec2,
    taken: &mut Taken,
    mut set: impl FnMut(String, Pos2, f32),
) {
    let count = name.words.chars().count().max(1);
    let step = size.x / count as f32 * 1.08;
    let length = step * count as f32;
    let points: Vec<Pos2> = name.course.iter().map(|point| camera.place(*point)).collect();
    let course = Course::new(&points);
    let mut stretch = 0.0;
    while stretch + length <= course.length {
        let end = (stretch + REPEAT).min(course.length);
        // A rest too short for a name of its own belongs to the stretch before it.
        let end = if course.length - end < REPEAT * 0.5 { course.length } else { end };
        let tries = ((end - stretch - length) / 20.0).max(0.0) as usize;
        let mut sets: Vec<(f32, f32, Letters)> = (0..=tries)
            .filter_map(|number| {
                let from = stretch + number as f32 * 20.0;
                let letters = letters(&course, region, from, step, count, size.y)?;
                let away = (from + length / 2.0 - (stretch + end) / 2.0).abs() / REPEAT;
                Some((bent(&letters.1) + 0.2 * away, from, letters))
            })
            .collect();
        sets.sort_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((_, from, (middles, angles, _))) = sets.into_iter().find(|(.., (_, _, areas))| taken.take(areas)) {
            // What is as good as straight is set in one piece: it looks better and costs less.
            if bent(&angles) < if in_one_piece(&name.words) { 0.5 } else { 0.08 } {
                let (start, end) = (course.at(from), course.at(from + length));
                set(name.words.clone(), start + (end - start) / 2.0, upright(end - start));
            } else {
                for ((letter, middle), angle) in name.words.chars().zip(middles).zip(angles) {
                    set(letter.to_string(), middle, angle);
                }
            }
        }
        stretch = end;
    }
}

/// The widest turn between any letter and the first, in radians.
fn bent(angles: &[f32]) -> f32 {
    let first = angles.first().copied().unwrap_or_default();
    angles.iter().fold(0.0, |most, angle| most.max(turn(first, *angle).abs()))
}

type Letters = (Vec<Pos2>, Vec<f32>, Vec<Rect>);

/// Middles, angles and areas of the letters of a name from a place on its course, in reading order.
fn letters(course: &Course, region: Rect, from: f32, step: f32, count: usize, height: f32) -> Option<Letters> {
    let (start, end) = (course.at(from), course.at(from + step * count as f32));
    if !region.contains(start) && !region.contains(end) {
        return None;
    }
    let backwards = (end - start).x < 0.0;
    let (mut middles, mut angles, mut areas) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..count {
        let place = if backwards { count - 1 - number } else { number };
        let left = from + step * place as f32;
        let (one, other) = (course.at(left), course.at(left + step));
        let along = if backwards { one - other } else { other - one };
        // A course that curls up within a letter is no place for it.
        if along.length() < step * 0.85 {
            return None;
        }
        let angle = along.angle();
        if angles.last().is_some_and(|before: &f32| turn(*before, angle).abs() > BEND) {
            return None;
        }
        let middle = one + (other - one) / 2.0;
        middles.push(middle);
        angles.push(angle);
        areas.push(Rect::from_center_size(middle, Vec2::splat(height.max(step))));
    }
    (angles.first().zip(angles.last())).filter(|(first, last)| turn(**first, **last).abs() < 1.2)?;
    Some((middles, angles, areas))
}

fn turn(from: f32, to: f32) -> f32 {
    let around = std::f32::consts::TAU;
    (to - from + around / 2.0).rem_euclid(around) - around / 2.0
}

fn upright(along: Vec2) -> f32 {
    if along.x < 0.0 { (-along).angle() } else { along.angle() }
}

/// Figures and Latin letters are set closer than Chinese characters: such words are not taken apart unless they must.
fn in_one_piece(words: &str) -> bool {
    words.chars().any(|letter| letter.is_ascii_alphanumeric())
}

/// A line on the screen that can be walked along.
#[derive(Debug)]
struct Course {
    points: Vec<(f32, Pos2)>,
    length: f32,
}

impl Course {
    fn new(points: &[Pos2]) -> Self {
        let mut length = 0.0;
        let mut walked = Vec::with_capacity(points.len());
        let mut before: Option<Pos2> = None;
        for point in points {
            length += before.map_or(0.0, |before| (*point - before).length());
            walked.push((length, *point));
            before = Some(*point);
        }
        Self { points: walked, length }
    }

    fn at(&self, distance: f32) -> Pos2 {
        let after = self.points.partition_point(|(walked, _)| *walked < distance);
        let pair = self.points.get(after.saturating_sub(1)).zip(self.points.get(after));
        match pair {
            Some(((from, start), (to, end))) if to > from => {
                *start + (*end - *start) * ((distance - from) / (to - from))
            }
            _ => self.points.get(after).or(self.points.last()).map_or(Pos2::ZERO, |(_, point)| *point),
        }
    }
}

/// The areas that names have taken, in a grid.
#[derive(Debug, Default)]
struct Taken {
    cells: HashMap<(i32, i32), Vec<Rect>>,
}

impl Taken {
    /// Takes all these areas, or none when one is taken.
    fn take(&mut self, areas: &[Rect]) -> bool {
        let is_free = areas.iter().all(|area| {
            cells(*area)
                .all(|cell| self.cells.get(&cell).is_none_or(|list| list.iter().all(|it| !it.intersects(*area))))
        });
        if is_free {
            for area in areas {
                for cell in cells(*area) {
                    self.cells.entry(cell).or_default().push(*area);
                }
            }
        }
        is_free
    }
}

fn cells(area: Rect) -> impl Iterator<Item = (i32, i32)> {
    let cell = |value: f32| (value / 64.0).floor() as i32;
    let rows = cell(area.top())..=cell(area.bottom());
    let columns = cell(area.left())..=cell(area.right());
    rows.flat_map(move |row| columns.clone().map(move |column| (column, row)))
}

fn paint_name(painter: &Painter, name: &Placed, at: Pos2, halo: Color32, is_ink: bool) {
    let galley = painter.layout_no_wrap(name.words.clone(), name.font.clone(), name.ink);
    let half = galley.size() / 2.0;
    let turned = egui::emath::Rot2::from_angle(name.angle) * half;
    // Upright words sit on whole pixels, so that they are sharp.
    let corner = if name.angle == 0.0 { (at - half).round() } else { at - turned };
    if is_ink {
        painter.add(Shape::Text(TextShape::new(corner, galley, name.ink).with_angle(name.angle)));
        return;
    }
    for (x, y) in [(-1.1, 0.0), (1.1, 0.0), (0.0, -1.1), (0.0, 1.1)] {
        let place = corner + vec2(x, y);
        let words = TextShape::new(place, galley.clone(), halo).with_override_text_color(halo).with_angle(name.angle);
        painter.add(Shape::Text(words));
    }
}

fn font(hand: Hand) -> FontId {
    if hand.bold { theme::bold_font(hand.size) } else { FontId::proportional(hand.size) }
}

fn ink(hand: Hand, dark: bool) -> Color32 {
    let [on_light, on_dark] = hand.inks;
    theme::solid(if dark { on_dark } else { on_light })
}

fn halo(dark: bool) -> Color32 {
    if dark { theme::colour([24, 28, 33, 215]) } else { theme::colour([255, 255, 255, 225]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn an_area_is_taken_once() {
        let mut taken = Taken::default();
        let area = Rect::from_min_size(pos2(100.0, 100.0), vec2(60.0, 16.0));
        assert!(taken.take(&[area]));
        assert!(!taken.take(&[area.translate(vec2(50.0, 10.0))]));
        assert!(taken.take(&[area.translate(vec2(70.0, 0.0))]));
    }

    #[test]
    fn a_name_along_a_course_reads_from_left_to_right() {
        let points = [pos2(500.0, 100.0), pos2(300.0, 120.0), pos2(100.0, 100.0)];
        let course = Course::new(&points);
        let region = Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0));
        let (middles, angles, _) = letters(&course, region, 100.0, 14.0, 4, 14.0).unwrap();
        assert!(middles.windows(2).all(|pair| pair[1].x > pair[0].x), "{middles:?}");
        assert!(angles.iter().all(|angle| angle.abs() < 0.3), "{angles:?}");
    }

    #[test]
    fn a_sharp_bend_is_no_place_for_a_name() {
        let course = Course::new(&[pos2(100.0, 100.0), pos2(200.0, 100.0), pos2(120.0, 150.0)]);
        let region = Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0));
        assert!(letters(&course, region, 70.0, 14.0, 4, 14.0).is_none());
        assert!(letters(&course, region, 10.0, 14.0, 4, 14.0).is_some());
    }

    #[test]
    fn a_course_is_walked_at_its_own_length() {
        let course = Course::new(&[pos2(0.0, 0.0), pos2(30.0, 40.0), pos2(30.0, 140.0)]);
        assert!((course.length - 150.0).abs() < 1e-4);
        assert!((course.at(25.0) - pos2(15.0, 20.0)).length() < 1e-4);
        assert!((course.at(150.0) - pos2(30.0, 140.0)).length() < 1e-4);
    }
}
