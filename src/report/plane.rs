//! The plane of a map figure: degrees to millimetres on paper through a Gauss–Krüger plane, clipped to the frame.

use crate::geometry::{GaussKruger, PlanePoint};
use geo::{Coord, LineString, Polygon, Rect};

/// A place on paper, millimetres right and down from the upper left corner of the frame.
pub type Spot = [f64; 2];

/// Longest piece of an edge in degrees; edges are straight in longitude and latitude, not in the plane.
const PIECE: f64 = 0.01;

/// Millimetres beyond the frame that are still drawn, so that borders along its edge are cut off, not drawn.
const MARGIN: f64 = 3.0;

/// Millimetres below which two vertices are one.
const GRAIN: f64 = 0.02;

/// Where the frame lies.
#[derive(Debug, Clone)]
pub struct Plane {
    reference: GaussKruger,
    centre: PlanePoint,
    /// The scale is 1 to this.
    pub denominator: f64,
    /// Width and height of the frame, millimetres.
    pub size: [f64; 2],
}

/// Box in the plane, metres: west, south, east, north.
pub type Reach = [f64; 4];

/// The box of an area in degrees in a Gauss–Krüger plane.
pub fn reach(reference: &GaussKruger, area: Rect) -> Option<Reach> {
    let (low, high) = (area.min(), area.max());
    let mut reach: Option<Reach> = None;
    for step in 0..=16 {
        let share = f64::from(step) / 16.0;
        let (x, y) = (low.x + share * (high.x - low.x), low.y + share * (high.y - low.y));
        for (x, y) in [(x, low.y), (x, high.y), (low.x, y), (high.x, y)] {
            let point = reference.forward(Coord { x, y }).ok()?;
            let [west, south, east, north] = reach.unwrap_or([point.east, point.north, point.east, point.north]);
            reach = Some([west.min(point.east), south.min(point.north), east.max(point.east), north.max(point.north)]);
        }
    }
    reach
}

impl Plane {
    /// A frame of this size (millimetres) with this centre.
    pub fn new(reference: GaussKruger, centre: PlanePoint, denominator: f64, size: [f64; 2]) -> Self {
        Self { reference, centre, denominator, size }
    }

    /// The Gauss–Krüger plane.
    pub fn reference(&self) -> &GaussKruger {
        &self.reference
    }

    /// Box of the frame, metres.
    pub fn reach(&self) -> Reach {
        let half = self.size.map(|side| side * self.denominator / 2000.0);
        [
            self.centre.east - half[0],
            self.centre.north - half[1],
            self.centre.east + half[0],
            self.centre.north + half[1],
        ]
    }

    /// A point of the plane on paper.
    pub fn spot(&self, point: PlanePoint) -> Spot {
        let scale = 1000.0 / self.denominator;
        [
            self.size[0] / 2.0 + (point.east - self.centre.east) * scale,
            self.size[1] / 2.0 - (point.north - self.centre.north) * scale,
        ]
    }

    /// Degrees on paper; none far from the zone.
    pub fn place(&self, position: Coord) -> Option<Spot> {
        self.reference.forward(position).ok().map(|point| self.spot(point))
    }

    /// Box of the frame with its margin, degrees.
    pub fn area(&self) -> Option<Rect> {
        let [west, south, east, north] = self.reach();
        let mut area: Option<Rect> = None;
        let steps = 8;
        for step in 0..=steps {
            let share = f64::from(step) / f64::from(steps);
            let (x, y) = (west + share * (east - west), south + share * (north - south));
            for (x, y) in [(x, south), (x, north), (west, y), (east, y)] {
                let at = self.reference.inverse(PlanePoint { east: x, north: y }).ok()?;
                let known = area.unwrap_or(Rect::new(at, at));
                let (low, high) = (known.min(), known.max());
                area = Some(Rect::new(
                    Coord { x: low.x.min(at.x), y: low.y.min(at.y) },
                    Coord { x: high.x.max(at.x), y: high.y.max(at.y) },
                ));
            }
        }
        area
    }

    /// Whether a place is in the frame.
    pub fn holds(&self, [x, y]: Spot) -> bool {
        (0.0..=self.size[0]).contains(&x) && (0.0..=self.size[1]).contains(&y)
    }

    /// A line on paper, cut at the frame's margin into the parts within.
    pub fn line(&self, line: &LineString) -> Vec<Vec<Spot>> {
        let spots = self.spots(line);
        let mut parts: Vec<Vec<Spot>> = Vec::new();
        let mut open: Vec<Spot> = Vec::new();
        for pair in spots.windows(2) {
            let [from, to] = pair else { continue };
            let Some((enter, leave)) = self.cut(*from, *to) else {
                close(&mut open, &mut parts);
                continue;
            };
            let blend = |share: f64| [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
            if open.is_empty() || enter > 0.0 {
                close(&mut open, &mut parts);
                open.push(blend(enter));
            }
            push(&mut open, blend(leave), leave < 1.0);
            if leave < 1.0 {
                close(&mut open, &mut parts);
            }
        }
        close(&mut open, &mut parts);
        parts
    }

    /// A polygon on paper, clipped to the frame's margin: rings, the outer one first; empty when outside.
    pub fn polygon(&self, polygon: &Polygon) -> Vec<Vec<Spot>> {
        let outer = self.ring(polygon.exterior());
        if outer.len() < 3 {
            return Vec::new();
        }
        let holes = polygon.interiors().iter().map(|ring| self.ring(ring)).filter(|ring| ring.len() >= 3);
        std::iter::once(outer).chain(holes).collect()
    }

    /// A ring clipped by the four sides in turn (Sutherland–Hodgman).
    fn ring(&self, ring: &LineString) -> Vec<Spot> {
        let mut spots = self.spots(ring);
        for axis in 0..2 {
            for (limit, sign) in [(-MARGIN, 1.0), (self.size[axis] + MARGIN, -1.0)] {
                let depth = |spot: &Spot| (spot[axis] - limit) * sign;
                let mut kept = Vec::with_capacity(spots.len());
                let Some(mut before) = spots.last().copied() else { return spots };
                for spot in &spots {
                    let (from, to) = (depth(&before), depth(spot));
                    if (from < 0.0) != (to < 0.0) {
                        let share = from / (from - to);
                        kept.push([
                            before[0] + share * (spot[0] - before[0]),
                            before[1] + share * (spot[1] - before[1]),
                        ]);
                    }
                    if to >= 0.0 {
                        kept.push(*spot);
                    }
                    before = *spot;
                }
                spots = kept;
            }
        }
        spots
    }

    /// All vertices on paper, long edges in pieces, vertices too close together left out.
    fn spots(&self, line: &LineString) -> Vec<Spot> {
        let mut spots = Vec::with_capacity(line.0.len());
        let mut before: Option<Coord> = None;
        let last = line.0.len().saturating_sub(1);
        for (number, at) in line.0.iter().enumerate() {
            if let Some(from) = before {
                let longest = (at.x - from.x).abs().max((at.y - from.y).abs());
                let pieces = (longest / PIECE).ceil().clamp(1.0, 2000.0);
                for piece in 1..pieces as u32 {
                    let share = f64::from(piece) / pieces;
                    let between = Coord { x: from.x + share * (at.x - from.x), y: from.y + share * (at.y - from.y) };
                    if let Some(spot) = self.place(between) {
                        push(&mut spots, spot, false);
                    }
                }
            }
            if let Some(spot) = self.place(*at) {
                push(&mut spots, spot, number == last);
            }
            before = Some(*at);
        }
        spots
    }

    /// The shares of an edge where it enters and leaves the frame's margin (Liang–Barsky).
    fn cut(&self, from: Spot, to: Spot) -> Option<(f64, f64)> {
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for axis in 0..2 {
            let run = to[axis] - from[axis];
            for (reach, room) in [(-run, from[axis] + MARGIN), (run, self.size[axis] + MARGIN - from[axis])] {
                if reach == 0.0 {
                    if room < 0.0 {
                        return None;
                    }
                } else if reach < 0.0 {
                    enter = enter.max(room / reach);
                } else {
                    leave = leave.min(room / reach);
                }
            }
        }
        (enter < leave).then_some((enter, leave))
    }
}

fn push(spots: &mut Vec<Spot>, spot: Spot, always: bool) {
    let is_new = spots.last().is_none_or(|last| (last[0] - spot[0]).hypot(last[1] - spot[1]) >= GRAIN);
    if is_new || always {
        spots.push(spot);
    }
}

fn close(open: &mut Vec<Spot>, parts: &mut Vec<Vec<Spot>>) {
    let part = std::mem::take(open);
    if part.len() > 1 {
        parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{line_string, polygon};

    fn plane(denominator: f64) -> Plane {
        let reference = GaussKruger::three_degree(120.0).unwrap();
        let centre = reference.forward(Coord { x: 120.3, y: 31.57 }).unwrap();
        Plane::new(reference, centre, denominator, [200.0, 100.0])
    }

    #[test]
    fn a_kilometre_is_a_centimetre_at_one_to_a_hundred_thousand() {
        let plane = plane(100_000.0);
        let [west, south, ..] = plane.reach();
        let spot = plane.spot(PlanePoint { east: west + 1000.0, north: south });
        assert!((spot[0] - 10.0).abs() < 1e-9 && (spot[1] - 100.0).abs() < 1e-9);
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let plane = plane(10_000.0);
        let line = line_string![(x: 119.0, y: 31.57), (x: 121.0, y: 31.57)];
        let parts = plane.line(&line);
        assert_eq!(parts.len(), 1);
        assert!(parts[0].iter().all(|spot| (-3.1..=203.1).contains(&spot[0])));
        let far = polygon![(x: 118.0, y: 30.0), (x: 118.1, y: 30.0), (x: 118.1, y: 30.1)];
        assert!(plane.polygon(&far).is_empty());
        let around = polygon![(x: 119.0, y: 31.0), (x: 121.0, y: 31.0), (x: 121.0, y: 32.0), (x: 119.0, y: 32.0)];
        let ring = &plane.polygon(&around)[0];
        assert!(ring.len() >= 4 && ring.iter().all(|spot| (-3.1..=203.1).contains(&spot[0])));
    }
}
