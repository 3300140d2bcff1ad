//! What is wrong with a polygon, and the repair, both as data. Nothing here panics, whatever the numbers.

use super::measure::{self, Area};
use super::nearest::crossing;
use super::overlay::Frame;
use super::track::{Bound, Track};
use geo::bool_ops::FillRule;
use geo::{BooleanOps, Coord, LineString, MultiPolygon, OpType, Polygon, Validation};

/// A fault of a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Flaw {
    /// What it is.
    pub kind: FlawKind,
    /// Where, when that can be told.
    pub at: Option<Coord>,
}

/// Kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FlawKind {
    /// Nothing is there.
    Empty,
    /// A coordinate is no number.
    NotANumber,
    /// A coordinate lies off the earth.
    OutOfRange,
    /// A ring of fewer than three different points.
    TooFewPoints,
    /// A ring that encloses nothing.
    NoArea,
    /// A ring crosses itself or another ring.
    CrossesItself,
    /// Rings lie to each other as no polygon's may: a hole outside, parts that overlap, a lobe wound the other way.
    Tangled,
}

impl FlawKind {
    /// The word used in documents.
    pub fn code(self) -> &'static str {
        match self {
            FlawKind::Empty => "empty",
            FlawKind::NotANumber => "not_a_number",
            FlawKind::OutOfRange => "out_of_range",
            FlawKind::TooFewPoints => "too_few_points",
            FlawKind::NoArea => "no_area",
            FlawKind::CrossesItself => "crosses_itself",
            FlawKind::Tangled => "tangled",
        }
    }
}

/// A polygon shape that can be computed with, and what had to be done to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Mended {
    /// Shells counter-clockwise, holes clockwise, nothing crossing; empty when nothing could be kept.
    pub shape: MultiPolygon,
    /// What was wrong.
    pub flaws: Vec<Flaw>,
    /// Whether the shape is another than the one given.
    pub repaired: bool,
    /// Area before less area after, when repaired.
    pub area_change: Area,
    /// Nothing of it touches anything else of it.
    pub(super) plain: bool,
}

/// Crossings are looked for up to this many edges; larger shapes only have their area compared.
const CROSSINGS_UP_TO: usize = 20_000;
/// Crossings told of one shape.
const CROSSINGS_TOLD: usize = 8;

/// Looks at a shape and mends it where it is clear how: a ring that crosses itself keeps what an odd number of turns
/// enclose, parts that overlap become one, rings without area fall away.
pub fn mend(shape: &MultiPolygon) -> Mended {
    let mut flaws = Vec::new();
    let kept: Vec<Polygon> = shape.0.iter().filter_map(|polygon| tidy(polygon, &mut flaws)).collect();
    let dropped = !flaws.is_empty();
    // asked for only where something was mended
    let before = || measure::area_of(shape);
    if kept.is_empty() {
        if flaws.is_empty() {
            flaws.push(Flaw { kind: FlawKind::Empty, at: None });
        }
        return Mended { shape: MultiPolygon(vec![]), flaws, repaired: true, area_change: before(), plain: false };
    }
    let kept = MultiPolygon(kept);
    let tracks: Vec<Track> = rings(&kept).filter_map(|ring| Track::new(ring.0.clone())).collect();
    if is_plainly_sound(&kept, &tracks) {
        return Mended { shape: kept, flaws, repaired: dropped, area_change: Area(0.0), plain: true };
    }
    let crossings = crossings(&tracks);
    let (dissolved, agrees) = dissolve(&kept, &tracks);
    // where many rings meet in one place, the overlay may lose one of them; who looks at them one by one does not
    let edges: usize = tracks.iter().map(Track::edges).sum();
    let agrees = agrees || (crossings.is_empty() && edges <= CROSSINGS_UP_TO && kept.is_valid());
    flaws.extend(crossings.iter().map(|at| Flaw { kind: FlawKind::CrossesItself, at: Some(*at) }));
    if dissolved.0.is_empty() {
        flaws.push(Flaw { kind: FlawKind::NoArea, at: tracks.first().map(Track::first) });
        return Mended { shape: dissolved, flaws, repaired: true, area_change: before(), plain: false };
    }
    if crossings.is_empty() && agrees {
        return Mended { shape: kept, flaws, repaired: dropped, area_change: Area(0.0), plain: false };
    }
    if crossings.is_empty() {
        flaws.push(Flaw { kind: FlawKind::Tangled, at: None });
    }
    let shape = MultiPolygon(dissolved.0.iter().filter_map(|polygon| tidy(polygon, &mut Vec::new())).collect());
    let area_change = Area(before().0 - measure::area_of(&shape).0);
    Mended { shape, flaws, repaired: true, area_change, plain: false }
}

fn rings(shape: &MultiPolygon) -> impl Iterator<Item = &LineString> {
    shape.0.iter().flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
}

/// The polygon with its rings turned the usual way, without points repeated, without rings that enclose nothing.
fn tidy(polygon: &Polygon, flaws: &mut Vec<Flaw>) -> Option<Polygon> {
    let exterior = tidy_ring(polygon.exterior(), true, flaws)?;
    let interiors = polygon.interiors().iter().filter_map(|ring| tidy_ring(ring, false, flaws)).collect();
    Some(Polygon::new(exterior, interiors))
}

fn tidy_ring(ring: &LineString, counter_clockwise: bool, flaws: &mut Vec<Flaw>) -> Option<LineString> {
    let mut flaw = |kind, at| flaws.push(Flaw { kind, at });
    if ring.0.iter().any(|at| !at.x.is_finite() || !at.y.is_finite()) {
        flaw(FlawKind::NotANumber, None);
        return None;
    }
    if let Some(far) = ring.0.iter().find(|at| at.x.abs() > 360.0 || at.y.abs() > 90.0) {
        flaw(FlawKind::OutOfRange, Some(*far));
        return None;
    }
    let mut points = ring.0.clone();
    points.dedup();
    if points.first() != points.last() {
        points.extend(points.first().copied());
    }
    let first = points.first().copied();
    if points.len() < 4 {
        flaw(FlawKind::TooFewPoints, first);
        return None;
    }
    let turn = signed(&points);
    if is_flat(&points) {
        flaw(FlawKind::NoArea, first);
        return None;
    }
    if (turn > 0.0) != counter_clockwise {
        points.reverse();
    }
    Some(LineString::new(points))
}

/// Whether all points lie on one line, to a thousand-millionth of its length.
fn is_flat(points: &[Coord]) -> bool {
    let Some(origin) = points.first() else { return true };
    let reach = |at: &Coord| (at.x - origin.x) * (at.x - origin.x) + (at.y - origin.y) * (at.y - origin.y);
    let Some(far) = points.iter().max_by(|one, other| reach(one).total_cmp(&reach(other))) else { return true };
    let square = reach(far);
    points.iter().all(|at| {
        let off = (far.x - origin.x) * (at.y - origin.y) - (at.x - origin.x) * (far.y - origin.y);
        off.abs() <= 1e-9 * square
    })
}

fn edges(points: &[Coord]) -> impl Iterator<Item = (Coord, Coord)> {
    points.iter().zip(points.iter().skip(1)).map(|(a, b)| (*a, *b))
}

/// Twice the area in square degrees, counter-clockwise positive, from the first point so that nothing is lost.
fn signed(points: &[Coord]) -> f64 {
    let Some(origin) = points.first() else { return 0.0 };
    edges(points).map(|(a, b)| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)).sum()
}

/// Rings or parts up to which each is held against each.
const PARTS_UP_TO: usize = 200;

/// Whether no edge comes near another but its neighbours, every hole lies in its shell and nothing in a hole or another
/// part: then there is nothing to mend. What touches itself is left to the overlay to judge.
fn is_plainly_sound(shape: &MultiPolygon, tracks: &[Track]) -> bool {
    if tracks.len() > PARTS_UP_TO || tracks.len() != rings(shape).count() {
        return false;
    }
    let mut first = 0;
    let mut shells: Vec<&Track> = Vec::new();
    for polygon in &shape.0 {
        let Some((shell, holes)) = tracks.get(first..=first + polygon.interiors().len()).and_then(<[_]>::split_first)
        else {
            return false;
        };
        first += 1 + holes.len();
        let is_lone = |hole: &Track| {
            let others = holes.iter().filter(|other| !std::ptr::eq(*other, hole));
            shell.winding(hole.first()) != 0 && others.into_iter().all(|other| other.winding(hole.first()) == 0)
        };
        if !holes.iter().all(is_lone) {
            return false;
        }
        let is_beside = |other: &&Track| other.winding(shell.first()) == 0 && shell.winding(other.first()) == 0;
        if !shells.iter().all(is_beside) {
            return false;
        }
        shells.push(shell);
    }
    tracks.iter().enumerate().all(|(number, ring)| {
        is_simple(ring)
            && tracks.iter().skip(number + 1).all(|other| !ring.bound().meets(other.bound()) || keep_apart(ring, other))
    })
}

/// Whether no edge of one ring has a point in common with one of the other.
pub(super) fn keep_apart(one: &Track, other: &Track) -> bool {
    let mut apart = true;
    let around = other.bound();
    one.visit(&|run| run.meets(around), &mut |_, a0, a1| {
        let bound = Bound::of_edge(a0, a1);
        if !apart || !bound.meets(around) {
            return;
        }
        other.visit(&|run| run.meets(bound), &mut |_, b0, b1| {
            apart &= !bound.meets(Bound::of_edge(b0, b1)) || lie_apart(a0, a1, b0, b1);
        });
    });
    apart
}

/// Whether a ring touches itself nowhere.
fn is_simple(ring: &Track) -> bool {
    let count = ring.edges();
    let folds = |number: usize| {
        let (Some((a, b)), Some((_, c))) = (ring.edge(number), ring.edge((number + 1) % count)) else { return true };
        let along = (b.x - a.x) * (c.x - b.x) + (b.y - a.y) * (c.y - b.y);
        along <= 0.0 && side(a, b, c) == 0
    };
    if (0..count).any(folds) {
        return false;
    }
    let mut apart = true;
    ring.visit_meeting_runs(&mut |one, other| {
        let bound_of_other = ring.bound_of(other);
        for (number, (a0, a1)) in ring.edges_under(one).zip(ring.run(one)) {
            let bound = Bound::of_edge(a0, a1);
            if !bound.meets(bound_of_other) {
                continue;
            }
            for (other, (b0, b1)) in ring.edges_under(other).zip(ring.run(other)) {
                let is_neighbour = other <= number + 1 || (number == 0 && other + 1 == count);
                apart &= is_neighbour || !bound.meets(Bound::of_edge(b0, b1)) || lie_apart(a0, a1, b0, b1);
            }
        }
        apart
    });
    apart
}

/// On which side of a line a place lies: 1 left, −1 right, 0 when that cannot be told for sure.
fn side(from: Coord, to: Coord, place: Coord) -> i8 {
    let one = (to.x - from.x) * (place.y - from.y);
    let other = (place.x - from.x) * (to.y - from.y);
    let turn = one - other;
    if turn.abs() <= 4e-16 * (one.abs() + other.abs()) { 0 } else { i8::from(turn > 0.0) - i8::from(turn < 0.0) }
}

/// Whether two edges surely have no point in common.
fn lie_apart(a0: Coord, a1: Coord, b0: Coord, b1: Coord) -> bool {
    side(a0, a1, b0) * side(a0, a1, b1) > 0 || side(b0, b1, a0) * side(b0, b1, a1) > 0
}

/// Where edges cross, the first few.
fn crossings(tracks: &[Track]) -> Vec<Coord> {
    let mut found = Vec::new();
    if tracks.iter().map(Track::edges).sum::<usize>() > CROSSINGS_UP_TO {
        return found;
    }
    for (number, one) in tracks.iter().enumerate() {
        for (later, other) in tracks.iter().enumerate().skip(number) {
            for edge in 0..one.edges() {
                let Some((a0, a1)) = one.edge(edge) else { continue };
                let bound = Bound::of_edge(a0, a1);
                other.visit(&|run| run.meets(bound), &mut |second, b0, b1| {
                    if (later != number || second > edge + 1) && found.len() < CROSSINGS_TOLD {
                        found.extend(crossing(a0, a1, b0, b1));
                    }
                });
                if found.len() >= CROSSINGS_TOLD {
                    return found;
                }
            }
        }
    }
    found
}

/// Holes up to which each is held against each.
const HOLES_UP_TO: usize = 50;

/// What the rings of a polygon enclose: what an odd number of turns encloses. Holes that overlap are one hole, those that
/// lie within each other are turns; a border drawn twice encloses what it encloses once.
fn enclosed(polygon: &Polygon) -> MultiPolygon {
    let nothing: MultiPolygon = MultiPolygon(vec![]);
    let fill = |polygon: &Polygon, rule| polygon.boolean_op_with_fill_rule(&nothing, OpType::Union, rule);
    let holes = polygon.interiors();
    if holes.len() > 1 && holes.len() <= HOLES_UP_TO {
        let holes: Vec<MultiPolygon> =
            holes.iter().map(|ring| fill(&Polygon::new(ring.clone(), vec![]), FillRule::EvenOdd)).collect();
        let areas: Vec<f64> = holes.iter().map(plain_area).collect();
        let overlaps = |one: usize, other: usize| {
            let [(a, size), (b, other_size)] = [one, other].map(|place| (holes.get(place), areas.get(place)));
            let (Some(a), Some(b), Some(size), Some(other_size)) = (a, b, size, other_size) else { return false };
            let shared = plain_area(&a.boolean_op_with_fill_rule(b, OpType::Intersection, FillRule::EvenOdd));
            let (least, most) = (size.min(*other_size), size.max(*other_size));
            let is_within = shared > least * (1.0 - 1e-6) && most > least * (1.0 + 1e-6);
            shared > least * 1e-6 && !is_within
        };
        let pairs = (0..holes.len()).flat_map(|one| (one + 1..holes.len()).map(move |other| (one, other)));
        if pairs.into_iter().any(|(one, other)| overlaps(one, other)) {
            let outer = fill(&Polygon::new(polygon.exterior().clone(), vec![]), FillRule::EvenOdd);
            let joint = holes.iter().fold(nothing.clone(), |all, hole| {
                all.boolean_op_with_fill_rule(hole, OpType::Union, FillRule::NonZero)
            });
            return outer.boolean_op_with_fill_rule(&joint, OpType::Xor, FillRule::NonZero);
        }
    }
    let found = fill(polygon, FillRule::EvenOdd);
    if found.0.is_empty() { fill(polygon, FillRule::NonZero) } else { found }
}

/// Area of a shape that is in order, in the square of its own units.
fn plain_area(shape: &MultiPolygon) -> f64 {
    let rings = |polygon: &Polygon| {
        signed(&polygon.exterior().0).abs() - polygon.interiors().iter().map(|ring| signed(&ring.0).abs()).sum::<f64>()
    };
    shape.0.iter().map(rings).sum::<f64>() / 2.0
}

/// What the rings enclose, each polygon by odd turns and the parts together, and whether its area is that of the
/// rings as they stand.
fn dissolve(shape: &MultiPolygon, tracks: &[Track]) -> (MultiPolygon, bool) {
    let bound = tracks.iter().map(Track::bound).reduce(Bound::and).unwrap_or(Bound::of(&[]));
    let frame = Frame::at(bound.centre());
    let local: Vec<Polygon> = shape.0.iter().map(|polygon| frame.polygon_in(polygon)).collect();
    let mut whole = MultiPolygon(vec![]);
    let mut parts = local.iter();
    if let Some(first) = parts.next() {
        whole = enclosed(first);
    }
    for part in parts {
        let part = enclosed(part);
        whole = whole.boolean_op_with_fill_rule(&part, OpType::Union, FillRule::NonZero);
    }
    let plain = |polygon: &Polygon| {
        let area = |ring: &LineString| signed(&ring.0) / 2.0;
        area(polygon.exterior()) + polygon.interiors().iter().map(area).sum::<f64>()
    };
    let given: f64 = local.iter().map(plain).sum();
    let found: f64 = whole.0.iter().map(plain).sum();
    let length: f64 = rings(shape).flat_map(|ring| edges(&ring.0)).fold(0.0, |sum, (a, b)| {
        let (a, b) = (frame.into_local(a), frame.into_local(b));
        sum + libm::hypot(b.x - a.x, b.y - a.y)
    });
    let size = frame.size_of(bound);
    // the integer grid of the overlay is 2^-28 of the box
    let slack = 1e-9 * given.abs() + length * size * 4e-9;
    let whole = MultiPolygon(whole.0.iter().map(|polygon| frame.polygon_out(polygon)).collect());
    (whole, (given - found).abs() <= slack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plainly_sound_needs_no_overlay_and_what_touches_itself_is_not_plain() {
        let plain = |shape: &MultiPolygon| {
            let tracks: Vec<Track> = rings(shape).filter_map(|ring| Track::new(ring.0.clone())).collect();
            is_plainly_sound(shape, &tracks)
        };
        let square = |x: f64, y: f64, side: f64| polygon(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)]);
        let holed = |holes: &[(f64, f64, f64)]| {
            let mut shape = square(0.0, 0.0, 10.0);
            for (x, y, side) in holes {
                shape.0[0].interiors_push(square(*x, *y, *side).0[0].exterior().clone());
            }
            shape
        };
        let parts = |parts: &[(f64, f64, f64)]| {
            MultiPolygon(parts.iter().flat_map(|(x, y, side)| square(*x, *y, *side).0).collect())
        };
        for (shape, expected) in [
            (square(0.0, 0.0, 1.0), true),
            (polygon(&[(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]), true),
            // collinear points, but no way back
            (polygon(&[(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)]), true),
            (polygon(&[(0.0, 0.0), (3.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)]), false),
            (polygon(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]), false),
            // a corner on another edge
            (polygon(&[(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (2.0, 0.0), (0.0, 2.0)]), false),
            (holed(&[(1.0, 1.0, 2.0), (5.0, 5.0, 2.0)]), true),
            (holed(&[(0.0, 1.0, 2.0)]), false),
            (holed(&[(11.0, 1.0, 2.0)]), false),
            (holed(&[(1.0, 1.0, 5.0), (2.0, 2.0, 1.0)]), false),
            (parts(&[(0.0, 0.0, 1.0), (2.0, 0.0, 1.0)]), true),
            (parts(&[(0.0, 0.0, 1.0), (1.0, 0.0, 1.0)]), false),
            (parts(&[(0.0, 0.0, 4.0), (1.0, 1.0, 1.0)]), false),
            (parts(&[(1.0, 1.0, 1.0), (0.0, 0.0, 4.0)]), false),
        ] {
            assert_eq!(plain(&shape), expected, "{shape:?}");
        }
    }

    fn polygon(points: &[(f64, f64)]) -> MultiPolygon {
        let ring = points.iter().map(|(x, y)| Coord { x: 120.3 + x * 1e-3, y: 31.5 + y * 1e-3 }).collect();
        MultiPolygon(vec![Polygon::new(LineString::new(ring), vec![])])
    }

    fn kinds(shape: &MultiPolygon) -> Vec<FlawKind> {
        let mut kinds: Vec<FlawKind> = mend(shape).flaws.iter().map(|flaw| flaw.kind).collect();
        kinds.dedup();
        kinds
    }

    #[test]
    fn a_sound_polygon_has_no_flaw_whatever_its_winding() {
        let square = polygon(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]);
        let mut turned = square.clone();
        turned.0[0].exterior_mut(|ring| ring.0.reverse());
        for shape in [square, turned] {
            let mended = mend(&shape);
            assert!(mended.flaws.is_empty() && !mended.repaired, "{:?}", mended.flaws);
            assert!(signed(&mended.shape.0[0].exterior().0) > 0.0);
        }
    }

    #[test]
    fn a_bow_tie_says_where_it_crosses_and_keeps_both_wings() {
        let bow = polygon(&[(0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)]);
        let mended = mend(&bow);
        let at = mended.flaws[0].at.unwrap();
        assert_eq!(mended.flaws[0].kind, FlawKind::CrossesItself);
        assert!((at.x - 120.3005).abs() < 1e-9 && (at.y - 31.5005).abs() < 1e-9);
        let half = polygon(&[(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]);
        let area = |shape: &MultiPolygon| measure::area(&geo::Geometry::MultiPolygon(shape.clone())).0;
        assert!((area(&mended.shape) - area(&half) / 2.0).abs() < 0.01);
        assert_eq!(mended.shape.0.len(), 2);
    }

    #[test]
    fn a_figure_of_eight_through_a_shared_point_is_found_by_its_area() {
        let eight = polygon(&[(0.0, 0.0), (2.0, 0.0), (1.0, 1.0), (0.0, 2.0), (2.0, 2.0), (1.0, 1.0)]);
        assert_eq!(kinds(&eight), [FlawKind::Tangled]);
    }

    #[test]
    fn holes_that_overlap_are_one_and_a_border_drawn_twice_is_one() {
        let square = |x: f64, y: f64, side: f64| polygon(&[(x, y), (x + side, y), (x + side, y + side), (x, y + side)]);
        let area = |shape: &MultiPolygon| measure::area(&geo::Geometry::MultiPolygon(shape.clone())).0;
        let unit = area(&square(0.0, 0.0, 1.0));
        let mut shape = square(0.0, 0.0, 10.0);
        for hole in [square(2.0, 2.0, 3.0), square(4.0, 2.0, 3.0)] {
            shape.0[0].interiors_push(hole.0[0].exterior().clone());
        }
        let mended = mend(&shape);
        assert!((area(&mended.shape) / unit - 85.0).abs() < 0.01, "{}", area(&mended.shape) / unit);
        let twice = [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)];
        let mended = mend(&polygon(&[twice, twice].concat()));
        assert!((area(&mended.shape) / unit - 4.0).abs() < 0.01, "{:?}", mended.flaws);
    }

    #[test]
    fn what_cannot_be_a_polygon_is_named() {
        for (shape, expected) in [
            (MultiPolygon(vec![]), FlawKind::Empty),
            (polygon(&[]), FlawKind::TooFewPoints),
            (polygon(&[(0.0, 0.0), (1.0, 1.0)]), FlawKind::TooFewPoints),
            (polygon(&[(0.0, 0.0), (f64::NAN, 1.0), (1.0, 0.0)]), FlawKind::NotANumber),
            (polygon(&[(0.0, 0.0), (1e300, 1.0), (1.0, 0.0)]), FlawKind::OutOfRange),
            (polygon(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)]), FlawKind::NoArea),
        ] {
            let mended = mend(&shape);
            assert_eq!(mended.flaws.first().map(|flaw| flaw.kind), Some(expected));
            assert!(mended.shape.0.is_empty() && mended.repaired);
        }
    }

    #[test]
    fn parts_that_overlap_become_one() {
        let mut parts = polygon(&[(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)]);
        parts.0.extend(polygon(&[(1.0, 0.5), (3.0, 0.5), (3.0, 1.5), (1.0, 1.5)]).0);
        let mended = mend(&parts);
        assert_eq!(mended.shape.0.len(), 1);
        assert!(mended.area_change.0 > 1.0);
    }
}
