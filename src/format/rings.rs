//! Rings that come in one list to areas with holes: told by their turning, or by which lies within which.

use super::ProblemKind;
use super::raw::Depth;
use geo::{BoundingRect, Contains, Coord, Geometry, LineString, MultiPolygon, Point, Polygon};
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

/// A line with the third and fourth numbers of its vertices; these are empty when there are none.
#[derive(Debug, Clone, Default)]
pub(super) struct Strand {
    pub(super) line: Vec<Coord>,
    pub(super) heights: Vec<f64>,
    pub(super) measures: Vec<f64>,
}

/// Most vertices that are looked at to find what lies within what, so that no file can ask for hours.
const MOST_LOOKS: usize = 400_000_000;

/// Makes areas of rings; outer ones turn clockwise. Where all turn the other way, those that lie in no other, or in
/// an even number of others, are outer. Open rings are closed; rings of too few points are told and left out.
pub(super) fn areas(rings: Vec<Strand>, told: &mut Vec<ProblemKind>) -> Option<(Geometry, Depth)> {
    assemble(rings, true, told)
}

/// Makes areas of rings by what lies within what alone, whichever way they turn.
pub(super) fn nested_areas(rings: Vec<Strand>, told: &mut Vec<ProblemKind>) -> Option<(Geometry, Depth)> {
    assemble(rings, false, told)
}

fn assemble(mut rings: Vec<Strand>, by_turning: bool, told: &mut Vec<ProblemKind>) -> Option<(Geometry, Depth)> {
    // nothing lies within a ring of no place
    if rings.iter().flat_map(|ring| &ring.line).any(|at| !at.x.is_finite() || !at.y.is_finite()) {
        told.push(ProblemKind::NotFinite);
        return None;
    }
    let before = rings.len();
    let mut is_open = false;
    for ring in &mut rings {
        is_open |= ring.close();
    }
    rings.retain(|ring| ring.line.len() >= 4);
    if is_open {
        told.push(ProblemKind::RingClosed);
    }
    if rings.len() < before {
        told.push(ProblemKind::TooFewPoints);
    }
    let is_outer = outer(&rings, by_turning, told);
    let owners = owners(&rings, &is_outer, told);
    let mut holes: Vec<Vec<Strand>> = rings.iter().map(|_| Vec::new()).collect();
    let mut shells: Vec<(usize, Strand)> = Vec::new();
    for (number, ring) in rings.into_iter().enumerate() {
        match owners.get(number).copied().flatten().and_then(|owner| holes.get_mut(owner)) {
            Some(list) => list.push(ring),
            None => shells.push((number, ring)),
        }
    }
    let mut depth = Depth::default();
    let mut polygons = Vec::with_capacity(shells.len());
    for (number, shell) in shells {
        let own = holes.get_mut(number).map(std::mem::take).unwrap_or_default();
        let exterior = depth.add(shell);
        polygons.push(Polygon::new(exterior, own.into_iter().map(|hole| depth.add(hole)).collect()));
    }
    let shape = if polygons.len() == 1 {
        Geometry::Polygon(polygons.pop()?)
    } else if polygons.is_empty() {
        return None;
    } else {
        Geometry::MultiPolygon(MultiPolygon::new(polygons))
    };
    Some((shape, depth))
}

/// Makes lines of parts.
pub(super) fn lines(mut parts: Vec<Strand>, told: &mut Vec<ProblemKind>) -> Option<(Geometry, Depth)> {
    let before = parts.len();
    parts.retain(|part| part.line.len() >= 2);
    if parts.len() < before {
        told.push(ProblemKind::TooFewPoints);
    }
    let mut depth = Depth::default();
    let mut lines: Vec<LineString> = parts.into_iter().map(|part| depth.add(part)).collect();
    let shape = match lines.len() {
        0 => return None,
        1 => Geometry::LineString(lines.pop()?),
        _ => Geometry::MultiLineString(geo::MultiLineString::new(lines)),
    };
    Some((shape, depth))
}

impl Strand {
    /// Closes a ring of three points or more; whether it was open.
    pub(super) fn close(&mut self) -> bool {
        let (Some(first), Some(last)) = (self.line.first().copied(), self.line.last()) else { return false };
        if first == *last || self.line.len() < 3 {
            return false;
        }
        self.line.push(first);
        self.heights.extend(self.heights.first().copied());
        self.measures.extend(self.measures.first().copied());
        true
    }
}

impl Depth {
    pub(super) fn add(&mut self, strand: Strand) -> LineString {
        self.heights.extend(strand.heights);
        self.measures.extend(strand.measures);
        LineString::new(strand.line)
    }
}

/// Twice the area of a ring, positive when it turns counter-clockwise; taken from its first vertex, so that nothing
/// is lost far from the origin.
pub(super) fn turning(line: &[Coord]) -> f64 {
    let Some(origin) = line.first() else { return 0.0 };
    let pairs = line.iter().zip(line.iter().skip(1));
    pairs.map(|(a, b)| (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)).sum()
}

type Boxed = GeomWithData<Rectangle<[f64; 2]>, usize>;

fn tree(rings: &[Strand], chosen: impl Fn(usize) -> bool) -> RTree<Boxed> {
    let boxes = rings.iter().enumerate().filter(|(number, _)| chosen(*number)).filter_map(|(number, ring)| {
        let bounds = LineString::new(ring.line.clone()).bounding_rect()?;
        let corners = ([bounds.min().x, bounds.min().y], [bounds.max().x, bounds.max().y]);
        Some(GeomWithData::new(Rectangle::from_corners(corners.0, corners.1), number))
    });
    RTree::bulk_load(boxes.collect())
}

/// Which rings are outer ones.
fn outer(rings: &[Strand], by_turning: bool, told: &mut Vec<ProblemKind>) -> Vec<bool> {
    let clockwise: Vec<bool> = rings.iter().map(|ring| turning(&ring.line) < 0.0).collect();
    if rings.len() < 2 || by_turning && clockwise.contains(&true) {
        return clockwise;
    }
    let tree = tree(rings, |_| true);
    let mut looks = 0;
    rings
        .iter()
        .enumerate()
        .map(|(number, ring)| within(number, ring, rings, &tree, &mut looks, told).len().is_multiple_of(2))
        .collect()
}

/// The outer ring, if any, that each hole belongs to: the smallest one around it.
fn owners(rings: &[Strand], is_outer: &[bool], told: &mut Vec<ProblemKind>) -> Vec<Option<usize>> {
    let is_outer = |number: usize| is_outer.get(number).copied().unwrap_or(true);
    if rings.len() < 2 {
        return vec![None; rings.len()];
    }
    let shells = rings.iter().enumerate().filter(|(number, _)| is_outer(*number)).count();
    let tree = tree(rings, is_outer);
    let mut looks = 0;
    let mut owner = |(number, ring): (usize, &Strand)| {
        if is_outer(number) || shells == 0 {
            return None;
        }
        let around = within(number, ring, rings, &tree, &mut looks, told);
        let size = |other: &usize| rings.get(*other).map_or(f64::INFINITY, |ring| turning(&ring.line).abs());
        around.into_iter().min_by(|a, b| size(a).total_cmp(&size(b)))
    };
    rings.iter().enumerate().map(&mut owner).collect()
}

/// The rings of a tree that a ring lies within.
fn within(
    number: usize,
    ring: &Strand,
    rings: &[Strand],
    tree: &RTree<Boxed>,
    looks: &mut usize,
    told: &mut Vec<ProblemKind>,
) -> Vec<usize> {
    let Some(first) = ring.line.first() else { return Vec::new() };
    let at = rstar::AABB::from_point([first.x, first.y]);
    let mut found = Vec::new();
    for boxed in tree.locate_in_envelope_intersecting(at) {
        let Some(other) = rings.get(boxed.data).filter(|_| boxed.data != number) else { continue };
        *looks += other.line.len();
        if *looks > MOST_LOOKS {
            if !told.contains(&ProblemKind::MalformedGeometry) {
                told.push(ProblemKind::MalformedGeometry);
            }
            return Vec::new();
        }
        let polygon = Polygon::new(LineString::new(other.line.clone()), Vec::new());
        let decided = lies_within(&ring.line, polygon.exterior());
        if decided.unwrap_or_else(|| polygon.contains(&Point(*first))) {
            found.push(boxed.data);
        }
    }
    found
}

/// Whether a ring lies within another; `None` where they run along each other throughout.
pub(super) fn lies_within(ring: &[Coord], other: &LineString) -> Option<bool> {
    // a hole may touch its shell in a vertex: the first one that lies inside or outside decides
    let middle = |a: &Coord, b: &Coord| Coord { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) };
    let edges = ring.iter().zip(ring.iter().skip(1)).map(|(a, b)| middle(a, b));
    ring.iter().copied().chain(edges).take(64).find_map(
        |at| match geo::coordinate_position::coord_pos_relative_to_ring(at, other) {
            geo::coordinate_position::CoordPos::Inside => Some(true),
            geo::coordinate_position::CoordPos::Outside => Some(false),
            geo::coordinate_position::CoordPos::OnBoundary => None,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_of_no_place_is_told_and_not_nested() {
        let ring = |x: f64| {
            let line = [(x, 0.0), (x, 9.0), (9.0, 9.0), (9.0, 0.0), (x, 0.0)].map(|(x, y)| Coord { x, y }).to_vec();
            Strand { line, ..Strand::default() }
        };
        let mut told = Vec::new();
        assert_eq!(areas(vec![ring(0.0), ring(f64::NAN)], &mut told), None);
        assert_eq!(told, [ProblemKind::NotFinite]);
    }
}
