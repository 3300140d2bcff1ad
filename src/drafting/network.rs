//! What makes lines a network: rivers that cross share a vertex.

use super::shape;
use geo::Coord;

/// A crossing nearer than this to a vertex of one line is moved onto that vertex, in metres.
const SNAP: f64 = 4.0;

/// Gives every two lines that cross a vertex in common there, to the coordinate.
pub fn share_crossings(lines: &mut [Vec<Coord>]) {
    // A vertex that is rounded to its written form may make a new crossing a centimetre off; a few rounds settle that.
    for _ in 0..8 {
        let wanted = unshared(lines);
        if wanted.is_empty() {
            return;
        }
        let mut inserts: Vec<Vec<(usize, Coord)>> = vec![Vec::new(); lines.len()];
        for crossing in wanted {
            for (line, edge) in crossing.edges {
                let ends = lines.get(line).map(|vertices| [vertices.get(edge), vertices.get(edge + 1)]);
                let known = ends.into_iter().flatten().flatten().any(|vertex| *vertex == crossing.at);
                if let Some(list) = inserts.get_mut(line).filter(|_| !known) {
                    list.push((edge, crossing.at));
                }
            }
        }
        for (line, list) in lines.iter_mut().zip(&mut inserts) {
            insert(line, list);
        }
    }
}

struct Crossing {
    edges: [(usize, usize); 2],
    at: Coord,
}

/// Inserts vertices into their edges, those of one edge in the order of the line.
fn insert(line: &mut Vec<Coord>, wanted: &mut Vec<(usize, Coord)>) {
    let along = |(edge, at): &(usize, Coord)| line.get(*edge).map_or(0.0, |start| shape::apart(*start, *at));
    wanted.sort_by(|a, b| a.0.cmp(&b.0).then(along(a).total_cmp(&along(b))));
    wanted.dedup();
    for (edge, at) in wanted.iter().rev() {
        line.insert(edge + 1, *at);
    }
}

fn unshared(lines: &[Vec<Coord>]) -> Vec<Crossing> {
    let boxes: Vec<[f64; 4]> = lines.iter().map(|line| bounds(line)).collect();
    let mut found = Vec::new();
    for (first, a) in lines.iter().enumerate() {
        for (second, b) in lines.iter().enumerate().skip(first + 1) {
            let (Some(box_a), Some(box_b)) = (boxes.get(first), boxes.get(second)) else { continue };
            if !meet(box_a, box_b) {
                continue;
            }
            for (edge_a, pair_a) in a.windows(2).enumerate() {
                let bounds_a = bounds(pair_a);
                if !meet(&bounds_a, box_b) {
                    continue;
                }
                for (edge_b, pair_b) in b.windows(2).enumerate() {
                    if !meet(&bounds_a, &bounds(pair_b)) {
                        continue;
                    }
                    let ([a1, a2], [b1, b2]) = (pair_a, pair_b) else { continue };
                    // Edges that leave a shared vertex meet there and nowhere else.
                    if [b1, b2].into_iter().any(|vertex| vertex == a1 || vertex == a2) {
                        continue;
                    }
                    let Some(at) = shape::crossing([*a1, *a2], [*b1, *b2]) else { continue };
                    let close = [a1, a2, b1, b2].into_iter().find(|vertex| shape::apart(**vertex, at) < SNAP);
                    let at = close.copied().unwrap_or_else(|| shape::written(at));
                    found.push(Crossing { edges: [(first, edge_a), (second, edge_b)], at });
                }
            }
        }
    }
    found
}

fn bounds(line: &[Coord]) -> [f64; 4] {
    line.iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |[w, s, e, n], at| {
        [w.min(at.x), s.min(at.y), e.max(at.x), n.max(at.y)]
    })
}

fn meet(a: &[f64; 4], b: &[f64; 4]) -> bool {
    let ([aw, as_, ae, an], [bw, bs, be, bn]) = (a, b);
    aw <= be && bw <= ae && as_ <= bn && bs <= an
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cross_get_one_vertex_in_common() {
        let mut lines = vec![
            vec![Coord { x: 120.0, y: 31.5 }, Coord { x: 120.1, y: 31.5 }],
            vec![Coord { x: 120.03, y: 31.4 }, Coord { x: 120.04, y: 31.6 }],
            vec![Coord { x: 120.02, y: 31.6 }, Coord { x: 120.06, y: 31.4 }],
        ];
        share_crossings(&mut lines);
        assert!(unshared(&lines).is_empty());
        let shared = |a: usize, b: usize| lines[a].iter().filter(|vertex| lines[b].contains(vertex)).count();
        assert_eq!((shared(0, 1), shared(0, 2), shared(1, 2)), (1, 1, 1));
    }
}
