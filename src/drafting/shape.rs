//! How lines are drawn: smooth shores, canals with rounded bends, streams that wander; all of it repeatable.
//!
//! Work is done in metres on a local sheet around Wuxi, true to about 0.1 % there; measuring is `geometry`'s matter.

use geo::{Buffer, Coord, Geometry, LineString, MapCoords, MultiPolygon, Polygon};

const DEGREE_NORTH: f64 = 110_870.0;
/// 111,320 m × cos 31.5°.
const DEGREE_EAST: f64 = 94_990.0;
const ORIGIN: Coord = Coord { x: 120.0, y: 31.5 };

/// Degrees to metres on the sheet.
pub fn metres(at: Coord) -> Coord {
    Coord { x: (at.x - ORIGIN.x) * DEGREE_EAST, y: (at.y - ORIGIN.y) * DEGREE_NORTH }
}

/// Metres on the sheet to degrees.
pub fn degrees(at: Coord) -> Coord {
    Coord { x: ORIGIN.x + at.x / DEGREE_EAST, y: ORIGIN.y + at.y / DEGREE_NORTH }
}

/// The position, if it is on the sheet: within some 300 km of Wuxi.
pub fn on_sheet(longitude: f64, latitude: f64) -> Option<Coord> {
    let inside = (117.0..123.0).contains(&longitude) && (29.0..34.5).contains(&latitude);
    inside.then_some(Coord { x: longitude, y: latitude })
}

/// The position as it is written: seven decimals, a centimetre.
pub fn written(at: Coord) -> Coord {
    Coord { x: (at.x * 1e7).round() / 1e7, y: (at.y * 1e7).round() / 1e7 }
}

/// A shape as it is written.
pub fn written_shape(shape: &Geometry) -> Geometry {
    shape.map_coords(written)
}

/// Distance on the sheet between two positions in degrees, in metres.
pub fn apart(a: Coord, b: Coord) -> f64 {
    let (a, b) = (metres(a), metres(b));
    libm::hypot(b.x - a.x, b.y - a.y)
}

/// The shape widened by so many metres (narrowed when negative), with round corners.
pub fn widened(shape: &Geometry, by: f64) -> MultiPolygon {
    shape.map_coords(metres).buffer(by).map_coords(degrees)
}

/// A closed natural shore through these points (degrees, first not repeated), a vertex about every `step` metres; it
/// leaves its smooth course by up to `ripple` metres, as the seed has it.
pub fn shore(points: &[Coord], step: f64, ripple: f64, seed: u64) -> Polygon {
    let count = points.len();
    let planar: Vec<Coord> = points.iter().copied().map(metres).collect();
    let mut smooth = Vec::new();
    for place in 0..count {
        let at = |ahead: usize| planar.get((place + count + ahead - 1) % count).copied().unwrap_or_default();
        push_curve(&mut smooth, [at(0), at(1), at(2), at(3)], step);
    }
    let around: Vec<Coord> = smooth.last().into_iter().chain(&smooth).chain(smooth.first()).copied().collect();
    let total: f64 = around.windows(2).skip(1).map(gap).sum();
    let mut travelled = 0.0;
    let mut ring = Vec::with_capacity(smooth.len() + 1);
    for three in around.windows(3) {
        let [before, here, after] = three else { continue };
        let (along, length) =
            (Coord { x: after.x - before.x, y: after.y - before.y }, gap(&[*before, *after]).max(1.0));
        let aside = ripple * swell(travelled / total, total, seed);
        ring.push(Coord { x: here.x - along.y / length * aside, y: here.y + along.x / length * aside });
        travelled += gap(&[*here, *after]);
    }
    ring.extend(ring.first().copied());
    Polygon::new(LineString::new(ring.into_iter().map(degrees).map(written).collect()), vec![])
}

/// Like [`sway`], but it closes: `round` is the share of a round of `total` metres.
fn swell(round: f64, total: f64, seed: u64) -> f64 {
    let wave = |number: u64, length: f64| {
        let count = (total / length).round().max(3.0);
        libm::sin((round * count + share(seed, number)) * std::f64::consts::TAU)
    };
    0.45 * wave(1, 2_300.0) + 0.35 * wave(2, 1_300.0) + 0.2 * wave(3, 700.0)
}

/// A natural line through these points (degrees), a vertex about every `step` metres.
pub fn curve(points: &[Coord], step: f64) -> Vec<Coord> {
    let planar: Vec<Coord> = points.iter().copied().map(metres).collect();
    planar_curve(&planar, step).into_iter().map(degrees).collect()
}

fn planar_curve(points: &[Coord], step: f64) -> Vec<Coord> {
    let mut line = Vec::new();
    for (place, pair) in points.windows(2).enumerate() {
        let [from, to] = pair else { continue };
        let before = place.checked_sub(1).and_then(|earlier| points.get(earlier)).copied();
        let after = points.get(place + 2).copied();
        let mirrored = |end: Coord, inner: Coord| Coord { x: 2.0 * end.x - inner.x, y: 2.0 * end.y - inner.y };
        let around = [before.unwrap_or(mirrored(*from, *to)), *from, *to, after.unwrap_or(mirrored(*to, *from))];
        push_curve(&mut line, around, step);
    }
    line.extend(points.last());
    line
}

/// One span of a centripetal Catmull–Rom curve, without its end: it neither overshoots nor loops.
fn push_curve(line: &mut Vec<Coord>, [a, b, c, d]: [Coord; 4], step: f64) {
    let span = |p: Coord, q: Coord| libm::sqrt(libm::hypot(q.x - p.x, q.y - p.y)).max(1e-3);
    let (t1, t2, t3) = (span(a, b), span(a, b) + span(b, c), span(a, b) + span(b, c) + span(c, d));
    let mix = |p: Coord, q: Coord, from: f64, to: f64, t: f64| {
        let share = (t - from) / (to - from);
        Coord { x: p.x + (q.x - p.x) * share, y: p.y + (q.y - p.y) * share }
    };
    let pieces = (libm::hypot(c.x - b.x, c.y - b.y) / step).ceil().max(1.0) as usize;
    for piece in 0..pieces {
        let t = t1 + (t2 - t1) * piece as f64 / pieces as f64;
        let (ab, bc, cd) = (mix(a, b, 0.0, t1, t), mix(b, c, t1, t2, t), mix(c, d, t2, t3, t));
        let (abc, bcd) = (mix(ab, bc, 0.0, t2, t), mix(bc, cd, t1, t3, t));
        line.push(mix(abc, bcd, t1, t2, t));
    }
}

/// How much a watercourse wanders beside its authored course.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wander {
    /// Greatest offset to either side, in metres.
    pub reach: f64,
    /// Length of the longest bend, in metres.
    pub bend: f64,
}

/// A watercourse along these points (degrees): it keeps to them within its wander, starts and ends exactly there,
/// and looks the same on every machine; `seed` tells one water from another.
pub fn course(points: &[Coord], wander: Wander, seed: u64) -> Vec<Coord> {
    let planar: Vec<Coord> = points.iter().copied().map(metres).collect();
    let fine = planar_curve(&planar, 40.0);
    let total: f64 = fine.windows(2).map(gap).sum();
    let step = (wander.bend / 16.0).clamp(40.0, 160.0).min((total / 6.0).max(20.0));
    let mut line = Vec::new();
    let (mut travelled, mut due) = (0.0, 0.0);
    for pair in fine.windows(2) {
        let [from, to] = pair else { continue };
        let length = gap(pair).max(1e-9);
        while due < travelled + length {
            let share = (due - travelled) / length;
            let on = Coord { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
            let ease = (due.min(total - due) / (0.6 * wander.bend)).clamp(0.0, 1.0);
            let aside = wander.reach * ease * sway(due / wander.bend, seed);
            line.push(Coord { x: on.x - (to.y - from.y) / length * aside, y: on.y + (to.x - from.x) / length * aside });
            due += step;
        }
        travelled += length;
    }
    if total - (due - step) < 0.5 * step && line.len() > 1 {
        line.pop();
    }
    line.extend(planar.last());
    if let (Some(first), Some(start)) = (line.first_mut(), planar.first()) {
        *first = *start;
    }
    line.into_iter().map(degrees).collect()
}

fn gap(pair: &[Coord]) -> f64 {
    match pair {
        [a, b] => libm::hypot(b.x - a.x, b.y - a.y),
        _ => 0.0,
    }
}

/// A smooth function between −1 and 1: three waves whose lengths and phases hang on the seed.
fn sway(at: f64, seed: u64) -> f64 {
    let wave = |number: u64, length: f64| {
        let phase = share(seed, number) * std::f64::consts::TAU;
        let length = length * (0.8 + 0.4 * share(seed, number + 10));
        libm::sin(at / length * std::f64::consts::TAU + phase)
    };
    0.55 * wave(1, 1.0) + 0.3 * wave(2, 0.61) + 0.15 * wave(3, 0.37)
}

/// A repeatable number from 0 to 1 for a seed and a place in its sequence.
pub fn share(seed: u64, number: u64) -> f64 {
    let mut word = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ number.wrapping_mul(0xD1B5_4A32_D192_ED03);
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((word ^ (word >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// A place on a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foot {
    /// Number of the edge it lies on.
    pub edge: usize,
    /// Position in degrees.
    pub at: Coord,
    /// Metres from the point asked for.
    pub apart: f64,
}

/// The place on the line nearest to a point.
pub fn foot(line: &[Coord], point: Coord) -> Option<Foot> {
    let wanted = metres(point);
    let mut best: Option<Foot> = None;
    for (edge, pair) in line.windows(2).enumerate() {
        let [from, to] = pair else { continue };
        let (from, to) = (metres(*from), metres(*to));
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let square = dx * dx + dy * dy;
        let share = if square > 0.0 { ((wanted.x - from.x) * dx + (wanted.y - from.y) * dy) / square } else { 0.0 };
        let share = share.clamp(0.0, 1.0);
        let on = Coord { x: from.x + dx * share, y: from.y + dy * share };
        let apart = libm::hypot(on.x - wanted.x, on.y - wanted.y);
        if best.is_none_or(|found| apart < found.apart) {
            best = Some(Foot { edge, at: degrees(on), apart });
        }
    }
    best
}

/// Makes the place a vertex of the line and returns that vertex; a vertex within `near` metres serves as it is.
pub fn node(line: &mut Vec<Coord>, place: Foot, near: f64) -> Coord {
    for end in [place.edge, place.edge + 1] {
        if let Some(vertex) = line.get(end).copied().filter(|vertex| apart(*vertex, place.at) <= near) {
            return vertex;
        }
    }
    let vertex = written(place.at);
    line.insert((place.edge + 1).min(line.len()), vertex);
    vertex
}

/// Where two edges cross or touch, if they do and are not parallel.
pub fn crossing([a, b]: [Coord; 2], [c, d]: [Coord; 2]) -> Option<Coord> {
    let (r, s) = (Coord { x: b.x - a.x, y: b.y - a.y }, Coord { x: d.x - c.x, y: d.y - c.y });
    let turn = r.x * s.y - r.y * s.x;
    if turn == 0.0 {
        return None;
    }
    let (along, across) =
        (((c.x - a.x) * s.y - (c.y - a.y) * s.x) / turn, ((c.x - a.x) * r.y - (c.y - a.y) * r.x) / turn);
    let inside = (0.0..=1.0).contains(&along) && (0.0..=1.0).contains(&across);
    inside.then_some(Coord { x: a.x + r.x * along, y: a.y + r.y * along })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Vec<Coord> {
        [(120.0, 31.5), (120.05, 31.52), (120.1, 31.5)].map(Coord::from).to_vec()
    }

    #[test]
    fn a_course_starts_and_ends_where_it_should_and_keeps_near() {
        let authored = line();
        let drawn = course(&authored, Wander { reach: 60.0, bend: 1_500.0 }, 7);
        assert!(apart(drawn[0], authored[0]) < 0.01 && apart(*drawn.last().unwrap(), authored[2]) < 0.01);
        for vertex in &drawn {
            assert!(foot(&curve(&authored, 40.0), *vertex).unwrap().apart < 61.0);
        }
        assert_eq!(drawn, course(&authored, Wander { reach: 60.0, bend: 1_500.0 }, 7));
    }

    #[test]
    fn a_node_is_a_vertex_of_the_line() {
        let mut drawn = line();
        let place = foot(&drawn, Coord { x: 120.03, y: 31.5 }).unwrap();
        let vertex = node(&mut drawn, place, 1.0);
        assert_eq!(drawn[1], vertex);
        assert_eq!(drawn.len(), 4);
    }

    #[test]
    fn the_sheet_returns_to_where_it_came_from() {
        let at = Coord { x: 120.31, y: 31.57 };
        let back = degrees(metres(at));
        assert!((back.x - at.x).abs() < 1e-12 && (back.y - at.y).abs() < 1e-12);
    }
}
