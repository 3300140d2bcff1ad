//! Outlines that follow from a few figures: rectangles by their sides, corridors by a line and a width, circles by a
//! radius. Lengths are true on the ellipsoid; see [`Vicinity`].

use super::measure::{distance, line_length};
use super::vicinity::{Motion, Vicinity, turned};
use geo::buffer::{BufferStyle, LineCap, LineJoin};
use geo::{BoundingRect, Buffer, Coord, LineString, MultiPolygon, Polygon};
use serde::{Deserialize, Serialize};

/// A chord of an arc stays this near to it, metres.
const CHORD: f64 = 0.02;
/// Points of a circle.
const CIRCLE: std::ops::RangeInclusive<f64> = 48.0..=720.0;
/// A long edge of a corridor's line is straight in longitude and latitude: cut into pieces of at most so many metres,
/// it stays within 3 mm of them.
const PIECE: f64 = 500.0;
/// Sides, widths and radii in metres.
pub const LENGTHS: std::ops::RangeInclusive<f64> = 0.05..=200_000.0;

/// How a corridor ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Ends {
    /// At its last points.
    #[default]
    Flat,
    /// Half its width beyond them.
    Round,
}

/// An outline by its figures.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// Four right angles about a centre.
    Rectangle {
        /// Its middle, longitude and latitude.
        centre: Coord,
        /// Metres across.
        width: f64,
        /// Metres along its bearing.
        height: f64,
        /// Degrees clockwise from north.
        bearing: f64,
    },
    /// All ground beside a line.
    Corridor {
        /// Its middle line, edges straight in longitude and latitude.
        line: LineString,
        /// Metres from side to side.
        width: f64,
        /// How it ends.
        ends: Ends,
    },
    /// All ground within a distance of a place.
    Circle {
        /// The place.
        centre: Coord,
        /// Metres.
        radius: f64,
    },
}

impl Form {
    /// The rectangle of this bearing from one corner towards a place; a side that is told is kept whatever the place.
    pub fn rectangle(corner: Coord, towards: Coord, bearing: f64, width: Option<f64>, height: Option<f64>) -> Form {
        let vicinity = Vicinity::at(corner);
        let across = turned(vicinity.forward(towards), -bearing);
        let (width, height) = (width.unwrap_or(across.x.abs()), height.unwrap_or(across.y.abs()));
        let middle = Coord { x: (width / 2.0).copysign(across.x), y: (height / 2.0).copysign(across.y) };
        let mut centre = vicinity.inverse(turned(middle, bearing));
        // north is another at the centre: the corner is brought back to where it was set, to the last digits
        for _ in 0..3 {
            let about = Vicinity::at(centre);
            let off = corner - about.inverse(turned(Coord { x: -middle.x, y: -middle.y }, bearing));
            if off.x.is_finite() && off.y.is_finite() {
                centre = centre + off;
            }
        }
        Form::Rectangle { centre, width, height, bearing }
    }

    /// The outline, counter-clockwise; absent where the figures make none.
    pub fn shape(&self) -> Option<MultiPolygon> {
        let is_place = |at: &Coord| at.x.abs() <= 180.0 && at.y.abs() < 89.0;
        let shape = match self {
            Form::Rectangle { centre, width, height, .. } => {
                let is_sound = is_place(centre) && LENGTHS.contains(width) && LENGTHS.contains(height);
                is_sound.then(|| ring(self.corners()))?
            }
            Form::Circle { centre, radius } => {
                (is_place(centre) && LENGTHS.contains(radius)).then(|| circle(*centre, *radius))?
            }
            Form::Corridor { line, width, ends } => {
                let is_sound = line.0.iter().all(is_place) && LENGTHS.contains(width);
                is_sound.then(|| corridor(line, *width, *ends))??
            }
        };
        let is_finite = |at: &Coord| at.x.is_finite() && at.y.is_finite();
        let is_sound = shape.iter().all(|polygon| polygon.exterior().0.iter().all(is_finite));
        is_sound.then_some(shape)
    }

    /// The corners of a rectangle counter-clockwise from its south-west one as it stands upright; none of other forms.
    pub fn corners(&self) -> Vec<Coord> {
        let Form::Rectangle { centre, width, height, bearing } = self else { return Vec::new() };
        let vicinity = Vicinity::at(*centre);
        let corner =
            |(x, y): (f64, f64)| vicinity.inverse(turned(Coord { x: x * width / 2.0, y: y * height / 2.0 }, *bearing));
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(corner).to_vec()
    }

    /// The form after a motion; lengths are stretched with it.
    pub fn moved(&self, motion: &Motion) -> Form {
        match self {
            Form::Rectangle { centre, width, height, bearing } => Form::Rectangle {
                centre: motion.place(*centre),
                width: width * motion.stretch,
                height: height * motion.stretch,
                bearing: (bearing + motion.turn).rem_euclid(360.0),
            },
            Form::Circle { centre, radius } => {
                Form::Circle { centre: motion.place(*centre), radius: radius * motion.stretch }
            }
            Form::Corridor { line, width, ends } => {
                Form::Corridor { line: motion.line(line), width: width * motion.stretch, ends: *ends }
            }
        }
    }

    /// Metres from a place to the nearest point of a corridor's line, or to the centre of the others.
    pub fn distance_from_axis(&self, at: Coord) -> f64 {
        match self {
            Form::Rectangle { centre, .. } | Form::Circle { centre, .. } => distance(*centre, at),
            Form::Corridor { line, .. } => {
                let vicinity = Vicinity::at(at);
                let local: Vec<Coord> = pieces(line).iter().map(|point| vicinity.forward(*point)).collect();
                local.windows(2).map(from_origin).fold(f64::INFINITY, f64::min)
            }
        }
    }

    /// Length of a corridor's line, metres; 0 of the others.
    pub fn axis_length(&self) -> f64 {
        match self {
            Form::Corridor { line, .. } => line_length(line),
            _ => 0.0,
        }
    }
}

fn from_origin(edge: &[Coord]) -> f64 {
    let [start, end] = edge else { return f64::INFINITY };
    let along = *end - *start;
    let square = along.x * along.x + along.y * along.y;
    let share = if square > 0.0 { (-(start.x * along.x + start.y * along.y) / square).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(start.x + share * along.x, start.y + share * along.y)
}

fn ring(corners: Vec<Coord>) -> MultiPolygon {
    MultiPolygon(vec![Polygon::new(LineString::new(corners), vec![])])
}

/// Half the angle at the centre of a chord that stays near its arc.
fn half_angle(radius: f64) -> f64 {
    libm::acos((1.0 - CHORD / radius).max(0.0))
}

/// By how much the corners of a polygon lie beyond a circle of the same area, for so many corners: an area is what people
/// check, and the chord is as near to the arc as before.
pub fn circle_reach(corners: f64) -> f64 {
    let angle = std::f64::consts::TAU / corners;
    (angle / libm::sin(angle)).sqrt()
}

fn circle(centre: Coord, radius: f64) -> MultiPolygon {
    let count = (std::f64::consts::PI / half_angle(radius)).ceil().clamp(*CIRCLE.start(), *CIRCLE.end());
    let vicinity = Vicinity::at(centre);
    let reach = radius * circle_reach(count);
    let point = |step: u32| vicinity.towards(-360.0 * f64::from(step) / count, reach);
    ring((0..count as u32).map(point).collect())
}

/// The line with its long edges cut.
fn pieces(line: &LineString) -> Vec<Coord> {
    let mut points: Vec<Coord> = line.0.first().copied().into_iter().collect();
    for edge in line.lines() {
        let count = (distance(edge.start, edge.end) / PIECE).ceil().clamp(1.0, 2_000.0);
        points.extend((1..=count as u32).map(|step| edge.start + (edge.end - edge.start) * (f64::from(step) / count)));
    }
    points
}

fn corridor(line: &LineString, width: f64, ends: Ends) -> Option<MultiPolygon> {
    let vicinity = Vicinity::at(line.bounding_rect()?.center());
    let mut local: Vec<Coord> = pieces(line).into_iter().map(|at| vicinity.forward(at)).collect();
    local.dedup_by(|next, before| libm::hypot(next.x - before.x, next.y - before.y) < 1e-3);
    if local.len() < 2 {
        return None;
    }
    // the angle that a step of an arc spans
    let step = (2.0 * half_angle(width / 2.0)).clamp(0.02, 0.2);
    let cap = match ends {
        Ends::Flat => LineCap::Butt,
        Ends::Round => LineCap::Round(step),
    };
    let style = BufferStyle::new(width / 2.0).line_cap(cap).line_join(LineJoin::Round(step));
    let grown = LineString::new(local).buffer_with_style(style);
    let back = |ring: &LineString| LineString::new(ring.0.iter().map(|at| vicinity.inverse(*at)).collect());
    let polygon = |polygon: &Polygon| {
        Polygon::new(back(polygon.exterior()), polygon.interiors().iter().map(back).collect::<Vec<_>>())
    };
    let shape = MultiPolygon(grown.0.iter().map(polygon).collect());
    (!shape.0.is_empty()).then_some(shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{area, bearing};
    use geo::Geometry;

    const HERE: Coord = Coord { x: 120.3, y: 31.57 };

    fn measured(form: &Form) -> f64 {
        area(&Geometry::MultiPolygon(form.shape().unwrap())).0
    }

    #[test]
    fn a_rectangle_has_the_sides_and_the_bearing_that_were_typed() {
        for (width, height, turn) in [(400.0, 300.0, 0.0), (120.5, 80.25, 33.0), (5_000.0, 2_000.0, 271.5)] {
            let form = Form::Rectangle { centre: HERE, width, height, bearing: turn };
            let shape = form.shape().unwrap();
            let ring = &shape.0[0].exterior().0;
            let sides: Vec<f64> = ring.windows(2).map(|edge| distance(edge[0], edge[1])).collect();
            for (side, expected) in sides.iter().zip([width, height, width, height]) {
                assert!((side - expected).abs() < expected * 1e-7 + 1e-6, "{sides:?}");
            }
            let along = bearing(ring[1], ring[2]);
            let off = (along - turn + 540.0).rem_euclid(360.0) - 180.0;
            // north turns a little between the centre and a corner
            assert!(off.abs() < 0.02, "{along}");
            assert!((measured(&form) / (width * height) - 1.0).abs() < 2e-6, "{}", measured(&form));
        }
    }

    #[test]
    fn a_rectangle_grows_from_its_first_corner_and_keeps_a_side_that_was_told() {
        let vicinity = Vicinity::at(HERE);
        let to = vicinity.inverse(Coord { x: -300.0, y: 200.0 });
        let Form::Rectangle { width, height, .. } = Form::rectangle(HERE, to, 0.0, None, None) else { panic!() };
        assert!((width - 300.0).abs() < 1e-6 && (height - 200.0).abs() < 1e-6);
        let form = Form::rectangle(HERE, to, 20.0, Some(50.0), None);
        let nearest = form.corners().iter().map(|at| distance(*at, HERE)).fold(f64::INFINITY, f64::min);
        assert!(nearest < 1e-8, "{nearest}");
        let Form::Rectangle { width, centre, .. } = form else { panic!() };
        assert_eq!(width, 50.0);
        assert!(centre.x < HERE.x && centre.y > HERE.y);
    }

    #[test]
    fn a_circle_has_its_area_and_its_points_are_its_radius_away_to_the_chord() {
        for radius in [5.0, 500.0, 8_000.0] {
            let form = Form::Circle { centre: HERE, radius };
            let shape = form.shape().unwrap();
            for at in &shape.0[0].exterior().0 {
                assert!((distance(HERE, *at) - radius).abs() < CHORD.max(1e-5 * radius));
            }
            let full = std::f64::consts::PI * radius * radius;
            let share = measured(&form) / full;
            assert!((share - 1.0).abs() < 2e-6, "{radius}: {share}");
        }
    }

    #[test]
    fn figures_that_make_no_outline_are_refused() {
        let line = |points: &[(f64, f64)]| LineString::from(points.to_vec());
        for form in [
            Form::Circle { centre: HERE, radius: 0.0 },
            Form::Circle { centre: HERE, radius: f64::NAN },
            Form::Circle { centre: Coord { x: f64::INFINITY, y: 0.0 }, radius: 10.0 },
            Form::Rectangle { centre: HERE, width: -1.0, height: 10.0, bearing: 0.0 },
            Form::Rectangle { centre: HERE, width: 10.0, height: 10.0, bearing: f64::NAN },
            Form::Corridor { line: line(&[]), width: 10.0, ends: Ends::Flat },
            Form::Corridor { line: line(&[(120.3, 31.5)]), width: 10.0, ends: Ends::Round },
            Form::Corridor { line: line(&[(120.3, 31.5), (120.3, 31.5)]), width: 10.0, ends: Ends::Round },
            Form::Corridor { line: line(&[(120.3, 31.5), (f64::NAN, 31.5)]), width: 10.0, ends: Ends::Flat },
        ] {
            assert_eq!(form.shape(), None, "{form:?}");
        }
    }

    #[test]
    fn a_form_that_is_turned_and_stretched_is_the_turned_and_stretched_outline() {
        let line = LineString::from(vec![(120.3, 31.57), (120.31, 31.575), (120.312, 31.58)]);
        let motion = Motion { from: HERE, to: Coord { x: 120.4, y: 31.6 }, turn: 25.0, stretch: 1.5 };
        for form in [
            Form::Rectangle { centre: HERE, width: 400.0, height: 250.0, bearing: 10.0 },
            Form::Circle { centre: HERE, radius: 120.0 },
            Form::Corridor { line, width: 30.0, ends: Ends::Round },
        ] {
            let (moved, shape) = (form.moved(&motion), motion.shape(&form.shape().unwrap()));
            let shape = area(&Geometry::MultiPolygon(shape)).0;
            assert!((measured(&moved) / shape - 1.0).abs() < 2e-4, "{form:?}");
        }
    }
}
