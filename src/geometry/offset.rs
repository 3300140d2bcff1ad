//! The two shifted longitudes and latitudes of Chinese web maps, by their publicly known formulas.

use super::reference::ReferenceError;
use geo::Coord;
use std::f64::consts::PI;

/// The formula's own ellipsoid: Krassowsky's axis and eccentricity squared.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
/// The turn of BD-09.
const TURN: f64 = PI * 3000.0 / 180.0;
/// Greatest error of an inverse, degrees.
const CLOSE: f64 = 1e-11;

/// Outside of this rectangle nothing is shifted.
fn is_shifted(at: Coord) -> bool {
    (72.004..=137.8347).contains(&at.x) && (0.8293..=55.8271).contains(&at.y)
}

/// Longitude and latitude to GCJ-02.
pub fn gcj_forward(at: Coord) -> Coord {
    if !is_shifted(at) {
        return at;
    }
    let (x, y) = (at.x - 105.0, at.y - 35.0);
    let sine = |value: f64| libm::sin(value * PI);
    let root = libm::sqrt(x.abs());
    let shared = (20.0 * sine(6.0 * x) + 20.0 * sine(2.0 * x)) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + shared
        + (20.0 * sine(y) + 40.0 * sine(y / 3.0)) * 2.0 / 3.0
        + (160.0 * sine(y / 12.0) + 320.0 * sine(y / 30.0)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + shared
        + (20.0 * sine(x) + 40.0 * sine(x / 3.0)) * 2.0 / 3.0
        + (150.0 * sine(x / 12.0) + 300.0 * sine(x / 30.0)) * 2.0 / 3.0;
    let (sin, cos) = (libm::sin(at.y.to_radians()), libm::cos(at.y.to_radians()));
    let magic = 1.0 - ECCENTRICITY * sin * sin;
    let root = libm::sqrt(magic);
    Coord {
        x: at.x + (east / (AXIS / root * cos)).to_degrees(),
        y: at.y + (north / (AXIS * (1.0 - ECCENTRICITY) / (magic * root))).to_degrees(),
    }
}

/// GCJ-02 to longitude and latitude.
pub fn gcj_inverse(at: Coord) -> Result<Coord, ReferenceError> {
    undo(at, gcj_forward)
}

/// Longitude and latitude to BD-09.
pub fn bd_forward(at: Coord) -> Coord {
    if is_shifted(at) { turn(gcj_forward(at)) } else { at }
}

/// BD-09 to longitude and latitude.
pub fn bd_inverse(at: Coord) -> Result<Coord, ReferenceError> {
    undo(at, bd_forward)
}

/// GCJ-02 to BD-09.
fn turn(at: Coord) -> Coord {
    let radius = libm::sqrt(at.x * at.x + at.y * at.y) + 0.000_02 * libm::sin(at.y * TURN);
    let angle = libm::atan2(at.y, at.x) + 0.000_003 * libm::cos(at.x * TURN);
    Coord { x: radius * libm::cos(angle) + 0.0065, y: radius * libm::sin(angle) + 0.006 }
}

/// The position that `shift` takes to this one, by repeated correction.
fn undo(at: Coord, shift: fn(Coord) -> Coord) -> Result<Coord, ReferenceError> {
    let outside = ReferenceError::Outside(at.x, at.y);
    if !at.x.is_finite() || !at.y.is_finite() {
        return Err(outside);
    }
    let mut found = at;
    for _ in 0..60 {
        let seen = shift(found);
        let (x, y) = (at.x - seen.x, at.y - seen.y);
        if x.abs() < CLOSE && y.abs() < CLOSE {
            return Ok(found);
        }
        found = Coord { x: found.x + x, y: found.y + y };
    }
    // at the edge of the rectangle no position, or two of them, may lead here
    if is_shifted(at) && is_shifted(found) { Err(outside) } else { Ok(at) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shifts_return_all_over_the_province() {
        for row in 0..20 {
            for column in 0..30 {
                let at = Coord { x: 116.3 + f64::from(column) * 0.19, y: 30.7 + f64::from(row) * 0.23 };
                for (there, back) in
                    [(gcj_forward(at), gcj_inverse(gcj_forward(at))), (bd_forward(at), bd_inverse(bd_forward(at)))]
                {
                    let back = back.unwrap();
                    assert!((there.x - at.x).abs() > 1e-3);
                    assert!((back.x - at.x).abs() < 1e-9 && (back.y - at.y).abs() < 1e-9, "{at:?} {back:?}");
                }
            }
        }
    }

    #[test]
    fn abroad_nothing_is_shifted() {
        let at = Coord { x: 2.35, y: 48.85 };
        assert_eq!((gcj_forward(at), bd_forward(at)), (at, at));
        assert_eq!((gcj_inverse(at).unwrap(), bd_inverse(at).unwrap()), (at, at));
    }
}
