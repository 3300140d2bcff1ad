//! Ground shared by two shapes whose borders only cross: pieces of both joined where they cross. Where anything touches,
//! or nearly does, the answer is left to the overlay.

use super::overlay::Frame;
use super::track::{Bound, Track};
use geo::{Coord, LineString, MultiPolygon, Polygon};
use std::cmp::Ordering;

/// An end of an edge nearer than this to the other border is left to the overlay, metres.
const CLEAR: f64 = 0.002;
/// Crossings up to which pieces are joined here.
const CROSSINGS: usize = 64;

/// A place where the two borders cross.
struct Crossing {
    at: Coord,
    /// Ring, edge and how far along it, of either border.
    on: [(usize, usize, f64); 2],
    /// The first border goes into the second shape here, and the second out of the first; else the other way.
    enters: bool,
}

/// Corners of a border from one crossing to the next, and the number of that.
type Piece = (Vec<Coord>, usize);

/// The ground shared by two shapes given as rings in degrees, closed, the inside to the left, nothing touching itself;
/// `None` where their borders do not cross, or not only.
pub(super) fn shared(rings: &[Vec<Vec<Coord>>; 2], frame: Frame) -> Option<MultiPolygon> {
    let tracks =
        [0, 1].map(|shape| rings[shape].iter().filter_map(|ring| Track::new(ring.clone())).collect::<Vec<_>>());
    let crossings = crossings(&tracks, frame)?;
    let mut found = Vec::new();
    // what follows each crossing inside the other shape, along either border, and the crossing where it ends
    let mut pieces: [Vec<Option<Piece>>; 2] = [0, 1].map(|_| crossings.iter().map(|_| None).collect());
    for (shape, own) in tracks.iter().enumerate() {
        let other = &tracks[1 - shape];
        let goes_in = |crossing: &Crossing| crossing.enters == (shape == 0);
        for (number, ring) in own.iter().enumerate() {
            let mut stops: Vec<(usize, &Crossing)> =
                crossings.iter().enumerate().filter(|(_, crossing)| crossing.on[shape].0 == number).collect();
            if stops.is_empty() {
                if encloses(other, ring.first()) {
                    found.push(ring.points().to_vec());
                }
                continue;
            }
            stops.sort_by(|(_, one), (_, other)| {
                let ((_, edge, part), (_, other_edge, other_part)) = (one.on[shape], other.on[shape]);
                edge.cmp(&other_edge).then(part.total_cmp(&other_part))
            });
            for ((place, stop), (end, next)) in stops.iter().zip(stops.iter().cycle().skip(1)) {
                let piece = between(ring, stop.on[shape], next.on[shape]);
                let after = piece.first().copied().unwrap_or(next.at);
                let middle = Coord { x: (stop.at.x + after.x) / 2.0, y: (stop.at.y + after.y) / 2.0 };
                // told twice, by how the borders cross and by where the piece lies: each belongs to what is shared or to
                // what both cover, so that the areas of these balance
                if goes_in(stop) == goes_in(next) || goes_in(stop) != encloses(other, middle) {
                    return None;
                }
                if goes_in(stop)
                    && let Some(slot) = pieces[shape].get_mut(*place)
                {
                    *slot = Some((piece, *end));
                }
            }
        }
    }
    while let Some(start) = pieces[0].iter().position(Option::is_some) {
        let (mut ring, mut shape, mut place) = (Vec::new(), 0, start);
        loop {
            let (piece, end) = pieces[shape].get_mut(place)?.take()?;
            ring.push(crossings.get(place)?.at);
            ring.extend(piece);
            (shape, place) = (1 - shape, end);
            if place == start {
                break;
            }
        }
        ring.extend(ring.first().copied());
        found.push(ring);
    }
    polygons(found)
}

fn encloses(rings: &[Track], place: Coord) -> bool {
    rings.iter().map(|ring| ring.winding(place)).sum::<i32>() > 0
}

/// The corners of a ring from a place on one of its edges to another.
fn between(ring: &Track, (_, from, part): (usize, usize, f64), (_, to, end): (usize, usize, f64)) -> Vec<Coord> {
    let edges = ring.edges();
    let count = if from == to && part >= end { edges } else { (to + edges - from) % edges };
    let corners = ring.points().iter().take(edges).cycle().skip(from + 1);
    corners.take(count).copied().collect()
}

/// Where two borders cross; `None` where they do not, too often, or come so near elsewhere that it has to be looked at
/// more closely.
fn crossings(tracks: &[Vec<Track>; 2], frame: Frame) -> Option<Vec<Crossing>> {
    let mut found = Vec::new();
    let mut is_clear = true;
    for (one, a) in tracks[0].iter().enumerate() {
        for (other, b) in tracks[1].iter().enumerate() {
            let around = frame.grow(b.bound(), CLEAR);
            a.visit(&|run| run.meets(around), &mut |edge, a0, a1| {
                let bound = frame.grow(Bound::of_edge(a0, a1), CLEAR);
                b.visit(&|run| run.meets(bound), &mut |other_edge, b0, b1| {
                    if !is_clear || !Bound::of_edge(b0, b1).meets(bound) {
                        return;
                    }
                    match lie(frame, [a0, a1], [b0, b1]) {
                        Lie::Apart => {}
                        Lie::Close => is_clear = false,
                        Lie::Across { part, other_part, enters } => {
                            let at = Coord { x: a0.x + (a1.x - a0.x) * part, y: a0.y + (a1.y - a0.y) * part };
                            let on = [(one, edge, part), (other, other_edge, other_part)];
                            found.push(Crossing { at, on, enters });
                        }
                    }
                });
            });
        }
    }
    (is_clear && !found.is_empty() && found.len() <= CROSSINGS).then_some(found)
}

/// How two edges lie.
enum Lie {
    Apart,
    /// An end of one comes close to the other.
    Close,
    /// They cross, so far along the one and the other; the one enters what lies to the left of the other.
    Across {
        part: f64,
        other_part: f64,
        enters: bool,
    },
}

fn lie(frame: Frame, [a0, a1]: [Coord; 2], [b0, b1]: [Coord; 2]) -> Lie {
    let metres = |from: Coord, to: Coord| frame.way(from, to);
    let cross = |one: Coord, other: Coord| one.x * other.y - one.y * other.x;
    let close = |place: Coord, edge: Coord| {
        let square = edge.x * edge.x + edge.y * edge.y;
        let part = if square > 0.0 { ((place.x * edge.x + place.y * edge.y) / square).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (place.x - part * edge.x, place.y - part * edge.y);
        x * x + y * y <= CLEAR * CLEAR
    };
    let (u, v) = (metres(a0, a1), metres(b0, b1));
    let [a0_of_b, a1_of_b, b0_of_a, b1_of_a] = [metres(b0, a0), metres(b0, a1), metres(a0, b0), metres(a0, b1)];
    if close(a0_of_b, v) || close(a1_of_b, v) || close(b0_of_a, u) || close(b1_of_a, u) {
        return Lie::Close;
    }
    let (s0, s1) = (cross(v, a0_of_b), cross(v, a1_of_b));
    let (t0, t1) = (cross(u, b0_of_a), cross(u, b1_of_a));
    if s0 * s1 < 0.0 && t0 * t1 < 0.0 {
        Lie::Across { part: s0 / (s0 - s1), other_part: t0 / (t0 - t1), enters: s1 > 0.0 }
    } else {
        Lie::Apart
    }
}

/// Rings as polygons, each hole in the smallest shell round it.
fn polygons(rings: Vec<Vec<Coord>>) -> Option<MultiPolygon> {
    let area = |ring: &[Coord]| {
        let origin = ring.first().copied().unwrap_or_default();
        let edges = ring.iter().zip(ring.iter().skip(1)).map(|(from, to)| (*from - origin, *to - origin));
        edges.map(|(from, to)| from.x * to.y - to.x * from.y).sum::<f64>()
    };
    let rings = rings.into_iter().map(|ring| (area(&ring), from_west(ring)));
    let (holes, mut shells): (Vec<_>, Vec<_>) = rings.partition(|(area, _)| *area < 0.0);
    let west = |ring: &[Coord]| ring.get(1).copied().unwrap_or_default();
    shells.sort_by(|(_, one), (_, other)| by_place(west(one), west(other)));
    let mut holes_of: Vec<Vec<LineString>> = shells.iter().map(|_| Vec::new()).collect();
    if !holes.is_empty() {
        let tracks: Vec<Track> = shells.iter().filter_map(|(_, ring)| Track::new(ring.clone())).collect();
        for (_, hole) in holes {
            let first = hole.first().copied()?;
            let around = tracks.iter().zip(&shells).enumerate().filter(|(_, (track, _))| track.winding(first) > 0);
            let (shell, _) = around.min_by(|(_, (_, one)), (_, (_, other))| one.0.total_cmp(&other.0))?;
            holes_of.get_mut(shell)?.push(LineString::new(hole));
        }
    }
    let shells = shells.into_iter().zip(holes_of);
    Some(MultiPolygon(shells.map(|((_, shell), holes)| Polygon::new(LineString::new(shell), holes)).collect()))
}

/// A closed ring told from the corner before its westernmost on, as the overlay tells it.
fn from_west(mut ring: Vec<Coord>) -> Vec<Coord> {
    ring.pop();
    let corners = ring.iter().enumerate();
    let west = corners.min_by(|(_, one), (_, other)| by_place(**one, **other)).map_or(0, |(number, _)| number);
    let before = (west + ring.len().saturating_sub(1)) % ring.len().max(1);
    ring.rotate_left(before);
    ring.extend(ring.first().copied());
    ring
}

fn by_place(one: Coord, other: Coord) -> Ordering {
    one.x.total_cmp(&other.x).then(one.y.total_cmp(&other.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, BooleanOps, Rect};

    fn rings(polygon: &Polygon) -> Vec<Vec<Coord>> {
        use geo::orient::{Direction, Orient};
        let polygon = polygon.orient(Direction::Default);
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(|ring| ring.0.clone()).collect()
    }

    /// A star with a hole of the same form.
    fn star(x: f64, y: f64, size: f64, points: usize, turn: f64) -> Polygon {
        let ring = |scale: f64| {
            let at = |number: usize| {
                let angle = turn + std::f64::consts::TAU * number as f64 / points as f64;
                let reach = size * scale * (1.0 + 0.4 * (5.0 * angle).sin() + 0.2 * (number % 2) as f64);
                Coord { x: x + reach * angle.cos(), y: y + reach * angle.sin() }
            };
            LineString::new((0..points).map(at).collect())
        };
        Polygon::new(ring(1.0), vec![ring(0.3)])
    }

    #[test]
    fn pieces_joined_are_the_overlap() {
        let (mut joined, mut parts, mut holes) = (0, 0, 0);
        for round in 0..300_usize {
            let part = round as f64 / 300.0;
            let one = star(120.3, 31.5, 0.004, 30 + round % 50, part);
            let other =
                star(120.3 + 0.006 * part, 31.5 + 0.003 * (9.0 * part).sin(), 0.003, 24 + round % 31, 7.0 * part);
            let frame = Frame::at(Coord { x: 120.3, y: 31.5 });
            let Some(found) = shared(&[rings(&one), rings(&other)], frame) else { continue };
            let expected = one.intersection(&other);
            let off = found.unsigned_area() - expected.unsigned_area();
            assert!(off.abs() < 1e-6 * expected.unsigned_area() + 1e-14, "{round}: {off}");
            let count = |shape: &MultiPolygon| {
                (shape.0.len(), shape.0.iter().map(|polygon| polygon.interiors().len()).sum::<usize>())
            };
            assert_eq!(count(&found), count(&expected), "{round}");
            joined += 1;
            parts += usize::from(found.0.len() > 1);
            holes += usize::from(count(&found).1 > 0);
        }
        assert!(joined > 150 && parts > 20 && holes > 5, "{joined} {parts} {holes}");
    }

    #[test]
    fn what_touches_or_lies_apart_is_left_to_the_overlay() {
        let rect = |west: f64, south: f64, east: f64, north: f64| {
            rings(&Rect::new(Coord { x: west, y: south }, Coord { x: east, y: north }).to_polygon())
        };
        let frame = Frame::at(Coord { x: 120.0, y: 31.0 });
        let one = rect(120.0, 31.0, 120.01, 31.01);
        let with = |other| shared(&[one.clone(), other], frame).map(|shape| shape.0.len());
        assert_eq!(with(rect(120.005, 31.005, 120.02, 31.02)), Some(1));
        // a border in common, a corner a millimetre off the border, apart, inside
        assert_eq!(with(rect(120.005, 31.0, 120.02, 31.02)), None);
        assert_eq!(with(rect(120.01 - 1e-8, 31.005, 120.02, 31.02)), None);
        assert_eq!(with(rect(120.02, 31.005, 120.03, 31.02)), None);
        assert_eq!(with(rect(120.002, 31.002, 120.003, 31.003)), None);
    }
}
