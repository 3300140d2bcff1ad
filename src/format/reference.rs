//! In which reference system are these coordinates? Told by the file, or by the ranges that the systems of China
//! leave apart: degrees, northings of 1.5–6.2 million metres, eastings of six digits or of eight with the zone.

use crate::geometry::System;
use geo::Coord;
use serde::Serialize;

/// How the system of a file became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// The file or the person said so.
    Declared,
    /// By the coordinates.
    Recognised,
    /// By the rule of the format.
    Assumed,
}

/// What the coordinates themselves say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Range {
    /// Degrees, longitude first.
    Degrees,
    /// Degrees, latitude first.
    DegreesSwapped,
    /// A Gauss–Krüger plane without zone, east first; its meridian is taken for Wuxi's, 120°.
    Plane,
    /// The same, north first.
    PlaneSwapped,
    /// A Gauss–Krüger plane with the zone before the easting, east first.
    Zoned(u32),
    /// The same, north first.
    ZonedSwapped(u32),
    /// Web Mercator around Wuxi.
    Mercator,
    /// None of them.
    Unknown,
}

impl Range {
    /// The range of one position.
    pub fn of(at: Coord) -> Range {
        let northing = |value: f64| (1.5e6..6.2e6).contains(&value);
        let easting = |value: f64| (1.0e5..9.0e5).contains(&value);
        let zone = |value: f64| {
            let zone = (value / 1e6).floor();
            let is_zone = (13.0..=23.0).contains(&zone) || (25.0..=45.0).contains(&zone);
            (is_zone && easting(value - zone * 1e6)).then_some(zone as u32)
        };
        if at.x.abs() <= 180.0 && at.y.abs() <= 90.0 {
            Range::Degrees
        } else if (3.0..=54.0).contains(&at.x) && (90.0..=136.0).contains(&at.y) {
            Range::DegreesSwapped
        // Wuxi's rectangle in Web Mercator; of the 6° zones only the thirteenth, at China's western end, comes near
        } else if (13.25e6..13.48e6).contains(&at.x) && (3.58e6..3.83e6).contains(&at.y) {
            Range::Mercator
        } else if easting(at.x) && northing(at.y) {
            Range::Plane
        } else if northing(at.x) && easting(at.y) {
            Range::PlaneSwapped
        } else if let (Some(zone), true) = (zone(at.x), northing(at.y)) {
            Range::Zoned(zone)
        } else if let (true, Some(zone)) = (northing(at.x), zone(at.y)) {
            Range::ZonedSwapped(zone)
        } else {
            Range::Unknown
        }
    }

    /// The range of most positions.
    pub fn of_most(positions: impl Iterator<Item = Coord>) -> Option<Range> {
        let mut counts = std::collections::BTreeMap::<Range, usize>::new();
        for at in positions {
            *counts.entry(Range::of(at)).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(range, count)| (*count, std::cmp::Reverse(*range))).map(|(range, _)| range)
    }

    /// Whether the first number is the northing or latitude.
    pub fn is_swapped(self) -> bool {
        matches!(self, Range::DegreesSwapped | Range::PlaneSwapped | Range::ZonedSwapped(_))
    }

    /// Whether a declared system may have these coordinates, once their order is right.
    pub fn fits(self, system: &System) -> bool {
        match self {
            Range::Degrees | Range::DegreesSwapped => system.is_geographic(),
            Range::Unknown => true,
            Range::Mercator => system.code() == "EPSG:3857",
            Range::Plane | Range::PlaneSwapped => system.false_easting().is_some_and(|easting| easting < 1e6),
            Range::Zoned(zone) | Range::ZonedSwapped(zone) => {
                system.false_easting().is_some_and(|easting| (easting / 1e6).floor() == f64::from(zone))
            }
        }
    }

    /// The system to use where the declared one does not fit: the declared meridian without its zone number when only
    /// that differs, else the system of the range.
    pub fn mend(self, declared: &System) -> Option<System> {
        let number: Option<u32> = declared.code().strip_prefix("EPSG:").and_then(|number| number.parse().ok());
        match (self, number) {
            (Range::Plane | Range::PlaneSwapped, Some(number @ 4513..=4533)) => System::epsg(number + 21).ok(),
            (Range::Plane | Range::PlaneSwapped, Some(number @ 4491..=4501)) => System::epsg(number + 11).ok(),
            _ => self.system(),
        }
    }

    /// The system that goes with the range.
    pub fn system(self) -> Option<System> {
        match self {
            Range::Degrees | Range::DegreesSwapped => Some(System::geographic()),
            Range::Plane | Range::PlaneSwapped => System::epsg(4549).ok(),
            Range::Zoned(zone @ 13..=23) | Range::ZonedSwapped(zone @ 13..=23) => System::epsg(4491 + zone - 13).ok(),
            Range::Zoned(zone @ 25..=45) | Range::ZonedSwapped(zone @ 25..=45) => System::epsg(4513 + zone - 25).ok(),
            Range::Mercator => System::epsg(3857).ok(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Corners of Wuxi, EPSG:4528, 4549, 4498 and 3857 by pyproj 3.7.
    #[test]
    fn wuxi_is_recognised_in_every_system_and_order() {
        for (x, y, code, is_swapped) in [
            (120.3, 31.57, "EPSG:4326", false),
            (31.57, 120.3, "EPSG:4326", true),
            (528_479.5, 3_494_211.75, "EPSG:4549", false),
            (3_494_211.75, 528_479.5, "EPSG:4549", true),
            (40_454_205.6, 3_442_160.4, "EPSG:4528", false),
            (3_547_554.2, 40_556_665.6, "EPSG:4528", true),
            (20_813_352.7, 3_498_900.3, "EPSG:4498", false),
            (13_391_734.7, 3_706_997.9, "EPSG:3857", false),
        ] {
            let range = Range::of(Coord { x, y });
            assert_eq!((range.system().unwrap().code(), range.is_swapped()), (code, is_swapped), "{x} {y}");
        }
        assert_eq!(Range::of(Coord { x: 1e308, y: 5.0 }), Range::Unknown);
    }
}
