//! An edge drawn straight in one system is bent in another. Two drawings of one border, each straight in a system of its
//! own, enclose ground that belongs to nobody; it is recognised here.

use super::overlay::Frame;
use super::prepared::PreparedShape;
use super::reference::{GaussKruger, SEMI_MAJOR_AXIS, mercator};
use super::track::Bound;
use geo::{Coord, MultiPolygon};

/// Edges that bend by less than this are left aside, metres.
const LEAST_BEND: f64 = 0.001;
/// Edges looked at for one piece of ground.
const EDGES: usize = 64;
/// Corners of ground looked at.
const CORNERS: usize = 2_000;

/// By how much the middle of an edge, straight in longitude and latitude, lies off the middle of the same edge drawn
/// straight in a Gauss–Krüger plane, metres.
pub fn bend(from: Coord, to: Coord, plane: &GaussKruger) -> f64 {
    off_image(Image::Plane(plane), from, to, Coord { x: (from.x + to.x) / 2.0, y: (from.y + to.y) / 2.0 })
}

/// The greatest bend of the edges between which this ground lies, when all of its corners lie on an edge of one of the
/// shapes, or on that edge as another system draws it: the plane of the place, that of the zone of six degrees, Web
/// Mercator. `None` when it lies otherwise, or is deeper than any edge there bends.
pub fn bent_border(
    ground: &MultiPolygon,
    shapes: [&PreparedShape; 2],
    plane: &GaussKruger,
    depth: f64,
    tolerance: f64,
) -> Option<f64> {
    let bound = Bound::of_rings(ground)?;
    let frame = Frame::at(bound.centre());
    let near = frame.grow(bound, tolerance.max(LEAST_BEND));
    // twice what an edge of this length bends at most: nearly all edges are too short by far
    let slope = 1.0 + libm::tan(bound.centre().y.abs().min(80.0).to_radians());
    let bends_at_most = |from: Coord, to: Coord| {
        let (from, to) = (frame.into_local(from), frame.into_local(to));
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        (dx * dx + dy * dy) * slope / (4.0 * SEMI_MAJOR_AXIS)
    };
    let (mut long, mut at_most) = (Vec::new(), 0.0_f64);
    let may_bend = |shape: &&PreparedShape| {
        let length = shape.longest_edge();
        let corner = frame.out_of_local(Coord::default());
        bends_at_most(corner, Coord { x: corner.x, y: corner.y + length }) > LEAST_BEND
    };
    for track in shapes.into_iter().filter(may_bend).flat_map(PreparedShape::tracks) {
        track.visit(&|run| run.meets(near), &mut |_, from, to| {
            let bend = bends_at_most(from, to);
            if bend > LEAST_BEND && long.len() < EDGES && Bound::of(&[from, to]).meets(near) {
                long.push((from, to));
                at_most = at_most.max(bend);
            }
        });
    }
    if long.is_empty() || at_most + tolerance < depth {
        return None;
    }
    let six_degrees = GaussKruger::new((bound.centre().x / 6.0).floor() * 6.0 + 3.0, 500_000.0).ok();
    let images = [Some(Image::Plane(plane)), six_degrees.as_ref().map(Image::Plane), Some(Image::Mercator)];
    let images: Vec<Image> = images.into_iter().flatten().collect();
    let bends = |(from, to): (Coord, Coord)| {
        let middle = Coord { x: (from.x + to.x) / 2.0, y: (from.y + to.y) / 2.0 };
        let most = images.iter().map(|image| off_image(*image, from, to, middle)).fold(0.0, f64::max);
        (most > LEAST_BEND).then_some((from, to, most))
    };
    let edges: Vec<(Coord, Coord, f64)> = long.into_iter().filter_map(bends).collect();
    let most = edges.iter().map(|(_, _, bend)| *bend).fold(0.0, f64::max);
    if most + tolerance < depth {
        return None;
    }
    let rings = ground.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
    let mut used = 0.0_f64;
    for corner in rings.flat_map(|ring| &ring.0).take(CORNERS) {
        let mut explained = false;
        for (from, to, bend) in &edges {
            let on_edge =
                off_edge(frame.into_local(*corner), frame.into_local(*from), frame.into_local(*to)) <= tolerance;
            let on_image = images.iter().any(|image| off_image(*image, *from, *to, *corner) <= tolerance);
            if on_image && !on_edge {
                used = used.max(*bend);
            }
            explained |= on_edge || on_image;
        }
        if !explained {
            return None;
        }
    }
    (used + tolerance >= depth && used > 0.0).then_some(used)
}

/// A system in which an edge may have been drawn straight.
#[derive(Clone, Copy)]
enum Image<'a> {
    Plane(&'a GaussKruger),
    Mercator,
}

/// Metres from a place to an edge as a system draws it.
fn off_image(image: Image, from: Coord, to: Coord, place: Coord) -> f64 {
    let (scale, moved) = match image {
        Image::Plane(plane) => {
            let moved = [from, to, place].map(|at| plane.forward(at).map(|at| Coord { x: at.east, y: at.north }));
            let [Ok(from), Ok(to), Ok(place)] = moved else { return f64::INFINITY };
            (1.0, [from, to, place])
        }
        Image::Mercator => (libm::cos(place.y.to_radians()), [from, to, place].map(mercator)),
    };
    let [from, to, place] = moved;
    scale * off_edge(place, from, to)
}

fn off_edge(place: Coord, from: Coord, to: Coord) -> f64 {
    let (ex, ey) = (to.x - from.x, to.y - from.y);
    let (px, py) = (place.x - from.x, place.y - from.y);
    let square = ex * ex + ey * ey;
    let part = if square > 0.0 { ((px * ex + py * ey) / square).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(px - part * ex, py - part * ey)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Geometry, LineString, Polygon};

    fn prepared(points: &[(f64, f64)]) -> PreparedShape {
        PreparedShape::new(&Geometry::Polygon(Polygon::new(LineString::from(points.to_vec()), vec![])))
    }

    /// The measured cases of the geometry rule: along a parallel of 31.45° the chord of 19 km runs 4.2 m off.
    #[test]
    fn a_parallel_bends_with_the_square_of_its_length() {
        let plane = GaussKruger::three_degree(120.0).unwrap();
        let along = |degrees: f64| bend(Coord { x: 120.2, y: 31.45 }, Coord { x: 120.2 + degrees, y: 31.45 }, &plane);
        assert!((along(0.2) - 4.33).abs() < 0.05, "{}", along(0.2));
        assert!((along(0.2) / along(0.02) - 100.0).abs() < 0.5);
    }

    #[test]
    fn a_border_straight_in_the_plane_and_the_same_straight_in_degrees_are_one_border() {
        let plane = GaussKruger::three_degree(120.0).unwrap();
        let zone = prepared(&[(120.20, 31.45), (120.20, 31.40), (120.40, 31.40), (120.40, 31.45)]);
        // the same edge, straight in the plane, as a file of the plane gives it: cut into pieces
        let (from, to) = (Coord { x: 120.20, y: 31.45 }, Coord { x: 120.40, y: 31.45 });
        let (a, b) = (plane.forward(from).unwrap(), plane.forward(to).unwrap());
        let mut ring: Vec<(f64, f64)> = (0..=400)
            .map(|step| {
                let part = f64::from(step) / 400.0;
                let at = super::super::PlanePoint {
                    east: a.east + (b.east - a.east) * part,
                    north: a.north + (b.north - a.north) * part,
                };
                plane.inverse(at).map(|at| (at.x, at.y)).unwrap()
            })
            .collect();
        let between: Vec<Coord> = ring.iter().map(|at| Coord { x: at.0, y: at.1 }).collect();
        ring.extend([(120.40, 31.47), (120.20, 31.47)]);
        let site = prepared(&ring);
        let ground = MultiPolygon(vec![Polygon::new(LineString::new(between), vec![])]);
        let found = bent_border(&ground, [&site, &zone], &plane, 4.0, 0.02).unwrap();
        assert!((found - 4.33).abs() < 0.05, "{found}");
        // a strip of the same depth that does not follow the bend is no such thing
        let strip: Vec<Coord> = [(120.20, 31.45), (120.40, 31.45), (120.40, 31.45003), (120.20, 31.45003)]
            .map(|(x, y)| Coord { x, y })
            .to_vec();
        let strip = MultiPolygon(vec![Polygon::new(LineString::new(strip), vec![])]);
        assert_eq!(bent_border(&strip, [&site, &zone], &plane, 3.0, 0.02), None);
    }
}
