//! What is wrong with a polygon, and the repair, both as data. Nothing here panics, whatever the numbers.

use super::measure::{self, Area};
use super::nearest::crossing;
use super::overlay::Frame;
use super::track::{Bound, Track};
use geo::bool_ops::FillRule;
use geo::{BooleanOps, Coord, LineString, MultiPolygon, OpType, Polygon};

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
    let before = measure::area(&geo::Geometry::MultiPolygon(shape.clone()));
    if kept.is_empty() {
        if flaws.is_empty() {
            flaws.push(Flaw { kind: FlawKind::Empty, at: None });
        }
        return Mended { shape: MultiPolygon(vec![]), flaws, repaired: true, area_change: before };
    }
    let kept = MultiPolygon(kept);
    let tracks: Vec<Track> = rings(&kept).filter_map(|ring| Track::new(ring.0.clone())).collect();
    let crossings = crossings(&tracks);
    let (dissolved, agrees) = dissolve(&kept, &tracks);
    flaws.extend(crossings.iter().map(|at| Flaw { kind: FlawKind::CrossesItself, at: Some(*at) }));
    if crossings.is_empty() && agrees {
        return Mended { shape: kept, flaws, repaired: dropped, area_change: Area(0.0) };
    }
    if crossings.is_empty() {
        flaws.push(Flaw { kind: FlawKind::Tangled, at: None });
    }
    let shape = MultiPolygon(dissolved.0.iter().filter_map(|polygon| tidy(polygon, &mut Vec::new())).collect());
    let after = measure::area(&geo::Geometry::MultiPolygon(shape.clone()));
    Mended { shape, flaws, repaired: true, area_change: Area(before.0 - after.0) }
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
    let reach = |at: &&Coord| libm::hypot(at.x - origin.x, at.y - origin.y);
    let Some(far) = points.iter().max_by(|one, other| reach(one).total_cmp(&reach(other))) else { return true };
    let length = reach(&far);
    points.iter().all(|at| {
        let off = (far.x - origin.x) * (at.y - origin.y) - (at.x - origin.x) * (far.y - origin.y);
        off.abs() <= 1e-9 * length * length
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
                let bound = Bound::of(&[a0, a1]);
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

/// What the rings enclose, each polygon by odd turns and the parts together, and whether its area is that of the
/// rings as they stand.
fn dissolve(shape: &MultiPolygon, tracks: &[Track]) -> (MultiPolygon, bool) {
    let bound = tracks.iter().map(Track::bound).reduce(Bound::and).unwrap_or(Bound::of(&[]));
    let frame = Frame::at(bound.centre());
    let local: Vec<Polygon> = shape.0.iter().map(|polygon| frame.polygon_in(polygon)).collect();
    let nothing: MultiPolygon = MultiPolygon(vec![]);
    let mut whole = MultiPolygon(vec![]);
    let mut parts = local.iter();
    if let Some(first) = parts.next() {
        whole = first.boolean_op_with_fill_rule(&nothing, OpType::Union, FillRule::EvenOdd);
    }
    for part in parts {
        let part = part.boolean_op_with_fill_rule(&nothing, OpType::Union, FillRule::EvenOdd);
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
