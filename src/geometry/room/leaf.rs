//! The nearest clear place within a small cell, exactly: on the borders of what each edge forbids, or where two of
//! them cross.

use super::cell::{Cell, Space};
use geo::Coord;

/// Places found by formula may lie this far, metres, on the wrong side of a border.
const ROUNDING: f64 = 1e-6;

#[derive(Debug, Clone, Copy)]
pub struct Circle {
    pub centre: Coord,
    pub radius: f64,
}

impl Circle {
    /// Whether a place lies inside, not on its border.
    pub fn encloses(&self, place: Coord) -> bool {
        length(place - self.centre) < self.radius - ROUNDING
    }
}

/// Part of a border.
#[derive(Debug, Clone, Copy)]
enum Border {
    Side(Coord, Coord),
    Round(Circle),
}

fn length(a: Coord) -> f64 {
    libm::sqrt(a.x * a.x + a.y * a.y)
}

fn along(from: Coord, direction: Coord, metres: f64) -> Coord {
    Coord { x: from.x + direction.x * metres, y: from.y + direction.y * metres }
}

/// The clear place in a cell that is nearest to the origin; `taken` are circles to be kept out of.
pub fn solve(
    space: &Space,
    cell: Cell,
    among: &[u32],
    grounds_known: bool,
    taken: &[Circle],
    origin: Coord,
) -> Option<Coord> {
    let mut borders: Vec<Border> = taken.iter().map(|circle| Border::Round(*circle)).collect();
    for number in among {
        let Some(edge) = space.edge(*number) else { continue };
        let keep = edge.reach + space.margin;
        for piece in &space.footprint.pieces {
            if piece.gap(cell.centre, edge) - cell.radius() > keep {
                continue;
            }
            let corners = piece.meeting_ground(edge);
            let next = corners.iter().cycle().skip(1);
            for (from, to) in corners.iter().zip(next) {
                borders.push(Border::Round(Circle { centre: *from, radius: keep }));
                let side = *to - *from;
                let metres = length(side);
                if metres > 0.0 {
                    let out = Coord { x: side.y / metres, y: -side.x / metres };
                    borders.push(Border::Side(along(*from, out, keep), along(*to, out, keep)));
                }
            }
        }
    }
    borders.retain(|border| border.comes_near(cell));
    let mut nearest: Option<(f64, Coord)> = None;
    let mut offer = |place: Coord| {
        let metres = length(place - origin);
        if !cell.holds(place) || nearest.is_some_and(|(known, _)| known <= metres) {
            return;
        }
        if !taken.iter().any(|circle| circle.encloses(place)) && space.is_clear(place, among, grounds_known, ROUNDING) {
            nearest = Some((metres, place));
        }
    };
    offer(cell.nearest(origin));
    for (number, border) in borders.iter().enumerate() {
        border.feet(origin, cell.centre).into_iter().flatten().for_each(&mut offer);
        for other in borders.iter().skip(number + 1) {
            border.crossings(other).into_iter().flatten().for_each(&mut offer);
        }
    }
    nearest.map(|(_, place)| place)
}

impl Border {
    fn comes_near(&self, cell: Cell) -> bool {
        match self {
            Border::Side(from, to) => {
                let foot = foot_on(*from, *to, cell.centre, true).unwrap_or(*from);
                length(foot - cell.centre) <= cell.radius() + ROUNDING
            }
            Border::Round(circle) => {
                (length(circle.centre - cell.centre) - circle.radius).abs() <= cell.radius() + ROUNDING
            }
        }
    }

    /// Its places where the distance from the origin is least or greatest.
    fn feet(&self, origin: Coord, towards: Coord) -> [Option<Coord>; 2] {
        match self {
            Border::Side(from, to) => [foot_on(*from, *to, origin, false), None],
            Border::Round(circle) => {
                let off = circle.centre - origin;
                // every place of a circle round the origin is as near as any other
                let off = if length(off) > 1e-9 { off } else { towards - circle.centre };
                let metres = length(off).max(f64::MIN_POSITIVE);
                let direction = Coord { x: off.x / metres, y: off.y / metres };
                [circle.radius, -circle.radius].map(|radius| Some(along(circle.centre, direction, radius)))
            }
        }
    }

    fn crossings(&self, other: &Border) -> [Option<Coord>; 2] {
        match (self, other) {
            (Border::Side(a, b), Border::Side(c, d)) => [cross_sides(*a, *b, *c, *d), None],
            (Border::Side(a, b), Border::Round(circle)) | (Border::Round(circle), Border::Side(a, b)) => {
                cross_round(*a, *b, *circle)
            }
            (Border::Round(one), Border::Round(two)) => cross_circles(*one, *two),
        }
    }
}

/// The foot of a place on a side; beyond its ends none, or the end.
fn foot_on(from: Coord, to: Coord, place: Coord, clamped: bool) -> Option<Coord> {
    let side = to - from;
    let square = side.x * side.x + side.y * side.y;
    let off = place - from;
    let part = if square > 0.0 { (off.x * side.x + off.y * side.y) / square } else { 0.0 };
    (clamped || (0.0..=1.0).contains(&part)).then(|| along(from, side, part.clamp(0.0, 1.0)))
}

fn cross_sides(a: Coord, b: Coord, c: Coord, d: Coord) -> Option<Coord> {
    let (one, two, off) = (b - a, d - c, c - a);
    let turn = one.x * two.y - one.y * two.x;
    if turn == 0.0 {
        return None;
    }
    let part = (off.x * two.y - off.y * two.x) / turn;
    part.is_finite().then(|| along(a, one, part))
}

fn cross_round(a: Coord, b: Coord, circle: Circle) -> [Option<Coord>; 2] {
    let side = b - a;
    let metres = length(side);
    if metres == 0.0 {
        return [None, None];
    }
    let direction = Coord { x: side.x / metres, y: side.y / metres };
    let off = circle.centre - a;
    let middle = off.x * direction.x + off.y * direction.y;
    let apart = off.x * direction.y - off.y * direction.x;
    let square = circle.radius * circle.radius - apart * apart;
    if square < 0.0 {
        return [None, None];
    }
    let half = libm::sqrt(square);
    [middle - half, middle + half].map(|metres| Some(along(a, direction, metres)))
}

fn cross_circles(one: Circle, two: Circle) -> [Option<Coord>; 2] {
    let off = two.centre - one.centre;
    let apart = length(off);
    if apart == 0.0 || apart > one.radius + two.radius || apart < (one.radius - two.radius).abs() {
        return [None, None];
    }
    let middle = (apart * apart + one.radius * one.radius - two.radius * two.radius) / (2.0 * apart);
    let half = libm::sqrt((one.radius * one.radius - middle * middle).max(0.0));
    let direction = Coord { x: off.x / apart, y: off.y / apart };
    let foot = along(one.centre, direction, middle);
    let aside = Coord { x: -direction.y, y: direction.x };
    [half, -half].map(|metres| Some(along(foot, aside, metres)))
}
