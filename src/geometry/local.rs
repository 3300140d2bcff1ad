//! Systems of an office's own: a plane moved, turned and stretched upon another (four parameters), or a datum with
//! seven parameters to that of the map. The figures are the office's; none are known here.

use super::datum::Datum;
use super::reference::ReferenceError;
use super::system::System;
use geo::Coord;
use proj4rs::{Proj, transform::transform};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A system by its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalSystem {
    /// By which it is chosen.
    pub name: String,
    /// With four parameters the plane that they lead to, with seven the system whose coordinates these are; a code or
    /// a definition.
    pub base: String,
    /// Four parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub four: Option<Four>,
    /// Seven parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seven: Option<Seven>,
}

/// Four parameters from a plane to another, as surveyors state them: X = ΔX + (1 + m)(x cos α − y sin α),
/// Y = ΔY + (1 + m)(x sin α + y cos α), X and x to the north, Y and y to the east.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Four {
    /// ΔX in metres.
    pub north: f64,
    /// ΔY in metres.
    pub east: f64,
    /// α in seconds of arc.
    pub rotation: f64,
    /// m in parts per million.
    pub scale: f64,
}

/// Seven parameters from a datum to CGCS2000.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seven {
    /// Shifts along X, Y and Z in metres.
    pub shift: [f64; 3],
    /// Turns around X, Y and Z in seconds of arc.
    pub rotation: [f64; 3],
    /// Change of scale in parts per million.
    pub scale: f64,
    /// Which way a positive turn goes.
    #[serde(default)]
    pub turning: Turning,
}

/// Two conventions of the signs of turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turning {
    /// The position is turned (EPSG method 9606, as PROJ and most software in China do).
    #[default]
    PositionVector,
    /// The axes are turned (EPSG method 9607).
    CoordinateFrame,
}

impl LocalSystem {
    /// The system itself.
    pub fn system(&self) -> Result<System, ReferenceError> {
        let wrong = || ReferenceError::Definition(self.name.clone());
        let base = System::parse(&self.base)?;
        let name = self.name.trim();
        // a name that means something else already would never be found
        if name.is_empty() || System::parse(name).is_ok() {
            return Err(wrong());
        }
        match (self.four, self.seven) {
            (Some(four), None) if !base.is_geographic() => {
                let figures = [four.north, four.east, four.rotation, four.scale];
                let is_sound = figures.iter().all(|figure| figure.is_finite()) && four.scale.abs() < 1e5;
                if is_sound { Ok(base.shifted(name, Shift::Four(four))) } else { Err(wrong()) }
            }
            (None, Some(seven)) => {
                let turn = if seven.turning == Turning::CoordinateFrame { -1.0 } else { 1.0 };
                let [x, y, z] = seven.shift;
                let [rx, ry, rz] = seven.rotation.map(|angle| angle * turn);
                let shift = Shift::seven(base.datum(), [x, y, z, rx, ry, rz, seven.scale]).ok_or_else(wrong)?;
                Ok(base.shifted(name, shift))
            }
            _ => Err(wrong()),
        }
    }
}

/// What lies between a system and the map besides its projection.
#[derive(Debug, Clone)]
pub(super) enum Shift {
    /// In the plane, to its base.
    Four(Four),
    /// Between datums.
    Seven(Arc<Helmert>),
}

impl Shift {
    pub(super) fn seven(datum: Datum, seven: [f64; 7]) -> Option<Shift> {
        let is_sound = seven.iter().all(|figure| figure.is_finite()) && seven.iter().all(|figure| figure.abs() < 1e5);
        let (axis, flattening) = datum.ellipsoid();
        let listed = seven.map(|figure| figure.to_string()).join(",");
        let own = format!("+proj=longlat +a={axis} +rf={flattening} +towgs84={listed} +no_defs");
        let own = Proj::from_proj_string(&own).ok()?;
        let map = Proj::from_proj_string("+proj=longlat +ellps=GRS80 +towgs84=0,0,0 +no_defs").ok()?;
        is_sound.then(|| Shift::Seven(Arc::new(Helmert { own, map })))
    }
}

impl Four {
    fn turn(&self) -> (f64, f64, f64) {
        let angle = (self.rotation / 3600.0).to_radians();
        (libm::sin(angle), libm::cos(angle), 1.0 + self.scale * 1e-6)
    }

    /// A point of the local plane in its base, east before north.
    pub(super) fn applied(&self, point: Coord) -> Coord {
        let (sin, cos, scale) = self.turn();
        Coord {
            x: self.east + scale * (point.y * sin + point.x * cos),
            y: self.north + scale * (point.y * cos - point.x * sin),
        }
    }

    /// A point of the base in the local plane.
    pub(super) fn undone(&self, point: Coord) -> Coord {
        let (sin, cos, scale) = self.turn();
        let (east, north) = ((point.x - self.east) / scale, (point.y - self.north) / scale);
        Coord { x: east * cos - north * sin, y: north * cos + east * sin }
    }
}

/// Seven parameters between two ellipsoids; heights are taken for zero.
pub(super) struct Helmert {
    own: Proj,
    map: Proj,
}

impl Helmert {
    pub(super) fn to_map(&self, position: Coord) -> Result<Coord, ReferenceError> {
        moved(&self.own, &self.map, position)
    }

    pub(super) fn undone(&self, position: Coord) -> Result<Coord, ReferenceError> {
        // the turned matrix is only nearly the inverse: what is left over is taken back
        let mut own = moved(&self.map, &self.own, position)?;
        for _ in 0..2 {
            let seen = self.to_map(own)?;
            own = Coord { x: own.x + position.x - seen.x, y: own.y + position.y - seen.y };
        }
        Ok(own)
    }
}

impl std::fmt::Debug for Helmert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Helmert")
    }
}

fn moved(from: &Proj, to: &Proj, position: Coord) -> Result<Coord, ReferenceError> {
    let outside = ReferenceError::Outside(position.x, position.y);
    if !(position.x.abs() <= 360.0 && position.y.abs() <= 90.0) {
        return Err(outside);
    }
    let mut point = (position.x.to_radians(), position.y.to_radians(), 0.0);
    match transform(from, to, &mut point) {
        Ok(()) if point.0.is_finite() && point.1.is_finite() => {
            Ok(Coord { x: point.0.to_degrees(), y: point.1.to_degrees() })
        }
        _ => Err(outside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Coord = Coord { x: 528_479.5, y: 3_494_211.75 };

    #[test]
    fn four_parameters_lead_to_the_plane_and_back() {
        let four = Four { north: 3_420_000.0, east: 480_000.0, rotation: -3725.4, scale: 12.5 };
        let local = LocalSystem { name: "本地".into(), base: "EPSG:4549".into(), four: Some(four), seven: None }
            .system()
            .unwrap();
        let plane = System::epsg(4549).unwrap();
        let own = local.forward(plane.inverse(HERE).unwrap()).unwrap();
        assert!(own.x.abs() < 1e5 && own.y.abs() < 1e5, "{own:?}");
        // by the formula as it is printed
        let (angle, scale) = ((four.rotation / 3600.0).to_radians(), 1.0 + four.scale * 1e-6);
        let north = four.north + scale * (own.y * angle.cos() - own.x * angle.sin());
        let east = four.east + scale * (own.y * angle.sin() + own.x * angle.cos());
        assert!((north - HERE.y).abs() < 1e-6 && (east - HERE.x).abs() < 1e-6);
        assert_eq!(local.code(), "本地");
    }

    /// pyproj 3.7: +proj=tmerc +lon_0=120 +x_0=500000 +ellps=krass +towgs84=15.8,-154.4,-82.3,0.5,-0.3,1.2,4.7 to
    /// EPSG:4326, invented parameters.
    #[test]
    fn seven_parameters_lead_to_the_map_as_in_proj() {
        let seven = Seven {
            shift: [15.8, -154.4, -82.3],
            rotation: [0.5, -0.3, 1.2],
            scale: 4.7,
            turning: Turning::PositionVector,
        };
        let named =
            |seven| LocalSystem { name: "乙".into(), base: "EPSG:2437".into(), four: None, seven: Some(seven) };
        let local = named(seven).system().unwrap();
        let there = local.inverse(HERE).unwrap();
        assert!((there.x - EXPECTED.0).abs() < 5e-9 && (there.y - EXPECTED.1).abs() < 5e-9, "{there:?}");
        let back = local.forward(there).unwrap();
        assert!((back.x - HERE.x).abs() < 1e-4 && (back.y - HERE.y).abs() < 1e-4, "{back:?}");
        let turned = Seven { rotation: seven.rotation.map(|angle| -angle), turning: Turning::CoordinateFrame, ..seven };
        let other = named(turned).system().unwrap().inverse(HERE).unwrap();
        assert!((other.x - there.x).abs() < 1e-12 && (other.y - there.y).abs() < 1e-12);
    }

    const EXPECTED: (f64, f64) = (120.301090071200, 31.569573980714);

    #[test]
    fn what_makes_no_sense_is_refused() {
        let wrong = |name: &str, base: &str, four, seven| {
            LocalSystem { name: name.into(), base: base.into(), four, seven }.system().is_err()
        };
        let (four, seven) = (Some(Four::default()), Some(Seven::default()));
        assert!(wrong("EPSG:4549", "EPSG:4549", four, None));
        assert!(wrong("甲", "EPSG:4490", four, None));
        assert!(wrong("甲", "EPSG:4549", four, seven));
        assert!(wrong("甲", "EPSG:4549", None, None));
        assert!(wrong("", "EPSG:4549", four, None));
        assert!(wrong("甲", "EPSG:4549", Some(Four { scale: f64::NAN, ..Four::default() }), None));
    }
}
