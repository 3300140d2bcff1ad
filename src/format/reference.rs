//! In which reference system are these coordinates? Told by the file, or by the ranges that the systems of China
//! leave apart: degrees, northings of 1.5–6.2 million metres, eastings of six digits or of eight with the zone.

use super::evidence::{Evidence, Named, Reason, in_wuxi, weigh};
use super::reading::PARSED;
use super::{Place, Problem, ProblemKind, Problems, ReadOptions};
use crate::atlas::Feature;
use crate::geometry::{ReferenceError, System, extent};
use geo::{Coord, CoordsIter, Geometry, MapCoords, Rect};
use rayon::prelude::*;
use serde::Serialize;

/// Wuxi with 50 km around it; what lies wholly outside is probably in another system than it says.
pub(super) const AROUND_WUXI: (f64, f64, f64, f64) = (118.97, 30.65, 121.18, 32.45);

/// Meridians of the planes around Wuxi with their zones of three degrees and, where there is one, of six.
pub(super) const MERIDIANS: [(f64, u32, Option<u32>); 3] =
    [(120.0, 4549, None), (117.0, 4548, Some(4509)), (123.0, 4550, Some(4510))];
/// Half a zone of three degrees.
const NARROW: f64 = 1.5;

/// One in so many features may lie beyond what degrees can be, and in small files this many.
const FEW: usize = 200;
const MISTAKES: usize = 2;

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
            // a plane of one's own may have any numbers
            _ if !system.is_registered() => true,
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
            (Range::Plane | Range::PlaneSwapped, Some(number @ (4513..=4533 | 2349..=2369 | 2401..=2421))) => {
                System::epsg(number + 21).ok()
            }
            (Range::Plane | Range::PlaneSwapped, Some(number @ (4491..=4501 | 2327..=2337))) => {
                System::epsg(number + 11).ok()
            }
            (Range::Plane | Range::PlaneSwapped, Some(number @ 21_413..=21_423)) => System::epsg(number + 40).ok(),
            // coordinates of an older datum are not taken for those of the map
            _ if !declared.datum().is_of_map() => None,
            _ => self.system(),
        }
    }

    /// The same, where the plane has no zone with the meridian that leads to Wuxi, if one does. Of the zones of three
    /// and of six degrees around one meridian, whose numbers are the same, it is the one that reaches so far.
    pub fn system_at(self, bounds: Option<Rect>) -> Option<System> {
        let (Range::Plane | Range::PlaneSwapped, Some(bounds)) = (self, bounds) else { return self.system() };
        let middle = bounds.center();
        let place = |system: &System| system.own_inverse(middle).ok().filter(|at| in_wuxi(*at));
        let found = MERIDIANS.iter().find_map(|(degrees, narrow, wide)| {
            let system = System::epsg(*narrow).ok()?;
            let at = place(&system)?;
            match wide {
                Some(wide) if (at.x - degrees).abs() > NARROW => System::epsg(*wide).ok(),
                _ => Some(system),
            }
        });
        found.or_else(|| self.system())
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

/// What a file says about its system.
#[derive(Debug, Clone)]
pub(super) enum Declared {
    /// A system that is known.
    Known(System),
    /// The only one of the format.
    Rule(System),
    /// Nothing, and its numbers are those of paper or site more often than degrees.
    Drawing,
    /// Something else, in its own words.
    Unsupported(String),
    /// An address, which is never fetched.
    Link(String),
}

impl Declared {
    /// Reads a code, a name or a definition.
    pub(super) fn of(definition: &str) -> Declared {
        let short = || definition.trim().chars().take(120).collect();
        System::parse(definition).map_or_else(|_| Declared::Unsupported(short()), Declared::Known)
    }
}

/// Finds the system of the coordinates and moves all shapes to longitude and latitude. Where the options ask for it,
/// the shapes are first copied to `originals`, east before north.
pub(super) fn settle(
    features: &mut [Feature],
    declared: Option<Declared>,
    options: &ReadOptions,
    originals: &mut Vec<Option<Geometry>>,
    problems: &mut Problems,
) -> (Option<System>, How, Evidence) {
    let is_drawing = matches!(declared, Some(Declared::Drawing));
    let declared = declared.filter(|_| !is_drawing);
    let (declared, mut named) = match (&options.reference, declared) {
        (Some(system), _) => (Some(Declared::Known(system.clone())), Named::ByPerson),
        (None, Some(Declared::Rule(system))) => (Some(Declared::Known(system)), Named::ByFormat),
        (None, Some(declared)) => (Some(declared), Named::ByFile),
        (None, None) => (None, Named::ByNobody),
    };
    let progress = options.progress.part(PARSED, 1.0);
    let shapes = || features.iter().filter_map(|feature| feature.shape.as_ref());
    let extent_of = |feature: &Feature| feature.shape.as_ref().filter(|_| !progress.is_cancelled()).and_then(extent);
    let extents: Vec<Option<Rect>> = features.par_iter().map(extent_of).collect();
    let is_plain = |at: Coord| at.x.abs() <= 180.0 && at.y.abs() <= 90.0;
    let is_plain_shape = |shape: &Geometry, extent: Option<Rect>| match extent {
        Some(all) => is_plain(all.min()) && is_plain(all.max()),
        None => shape.coords_count() == 0,
    };
    let all_plain = features
        .iter()
        .zip(&extents)
        .all(|(feature, extent)| feature.shape.as_ref().is_none_or(|shape| is_plain_shape(shape, *extent)));
    let mut range = if all_plain {
        Range::Degrees
    } else {
        Range::of_most(shapes().flat_map(CoordsIter::coords_iter)).unwrap_or(Range::Degrees)
    };
    let as_written = extents.iter().copied().flatten().reduce(union);
    let mut is_turned = options.north_first.unwrap_or(range.is_swapped());
    let mut reasons: Vec<Reason> = options.north_first.map(|_| Reason::OrderChosen).into_iter().collect();
    let raw = as_written.map(|rect| if is_turned { turned_rect(rect) } else { rect });
    // small numbers of nothing that is told to be degrees, some of them too large for that, are those of a drawing
    if declared.is_none() && range == Range::Degrees && !all_plain {
        let beyond = features
            .iter()
            .zip(&extents)
            .filter(|(feature, extent)| feature.shape.as_ref().is_some_and(|shape| !is_plain_shape(shape, **extent)));
        let beyond = beyond.count();
        if beyond > MISTAKES && beyond * FEW > features.len() {
            range = Range::Unknown;
        }
    }
    let (west, south, east, north) = AROUND_WUXI;
    let is_far = |all: Rect| all.max().x < west || all.min().x > east || all.max().y < south || all.min().y > north;
    if is_drawing && declared.is_none() && range == Range::Degrees && raw.is_some_and(is_far) {
        range = Range::Unknown;
    }
    let (system, how) = match declared {
        // what the person says is done, whatever it looks like
        Some(Declared::Known(system))
            if range.fits(&system) || named == Named::ByPerson || shapes().next().is_none() =>
        {
            if !system.is_registered() {
                // what the numbers look like says nothing of their order, but where they lead to may
                range = Range::Unknown;
                if options.north_first.is_none() {
                    let reason;
                    (is_turned, reason) = order(&system, as_written, options);
                    reasons.extend(reason);
                }
            }
            (Some(system), How::Declared)
        }
        Some(Declared::Known(system)) => {
            let mended = range.mend(&system);
            let name = mended.as_ref().map_or("", System::code).to_owned();
            problems.add(Problem::of_file(ProblemKind::ReferenceContradicted(name)));
            named = Named::Wrongly(system.code().to_owned());
            (mended, How::Recognised)
        }
        Some(Declared::Unsupported(name)) => {
            named = Named::InOtherWords(name.clone());
            problems.add(Problem::of_file(ProblemKind::ReferenceUnsupported(name)));
            (None, How::Declared)
        }
        other => {
            named = Named::ByNobody;
            if let Some(Declared::Link(address)) = other {
                problems.add(Problem::of_file(ProblemKind::ReferenceLinked(address)));
            }
            let system = options.likely.reference.clone().filter(|likely| range.fits(likely));
            reasons.extend(system.as_ref().map(|system| Reason::FitsAtlas(system.code().to_owned())));
            let system = system.or_else(|| range.system_at(raw));
            if let (Some(system), false) = (&system, range == Range::Degrees) {
                problems.add(Problem::of_file(ProblemKind::ReferenceRecognised(system.code().to_owned())));
            }
            (system, if range == Range::Degrees { How::Assumed } else { How::Recognised })
        }
    };
    if options.keep_originals {
        let turned = |shape: &Geometry| shape.map_coords(|at| Coord { x: at.y, y: at.x });
        originals.extend(features.iter().map(|feature| {
            let shape = feature.shape.as_ref().filter(|_| !progress.is_cancelled());
            if is_turned { shape.map(turned) } else { shape.cloned() }
        }));
    }
    let Some(system) = system else {
        problems.add(Problem::of_file(ProblemKind::ReferenceUnknown));
        features.iter_mut().for_each(|feature| feature.shape = None);
        let mut evidence = weigh(&named, range, None, raw, None, |_| false);
        evidence.reasons.extend(reasons);
        return (None, how, evidence);
    };
    let raw = as_written.map(|rect| if is_turned { turned_rect(rect) } else { rect });
    if is_turned {
        problems.add(Problem::of_file(ProblemKind::AxesSwapped));
    }
    let mut bounds: Option<Rect> = None;
    let mut untransformed = false;
    let pieces = progress.over(features.len());
    for (number, (feature, known)) in (1..).zip(features.iter_mut().zip(extents)) {
        if !pieces.goes_on(number) {
            break;
        }
        if all_plain && system.is_of_map() && !is_turned {
            // they are where they belong already
            bounds = match (bounds, known.filter(|_| feature.shape.is_some())) {
                (Some(all), Some(one)) => Some(union(all, one)),
                (all, one) => all.or(one),
            };
            continue;
        }
        let Some(mut shape) = feature.shape.take() else { continue };
        if is_turned {
            shape = shape.map_coords(|at| Coord { x: at.y, y: at.x });
        }
        if !system.is_of_map() {
            // the edges are straight in the plane of the file: cut them so that they stay so
            match system.to_geographic(&shape) {
                Ok(moved) => shape = moved,
                Err(ReferenceError::NoTransformation(_)) => {
                    untransformed = true;
                    continue;
                }
                Err(_) => {
                    let place = Place { feature: Some(number), ..Place::default() };
                    problems.add(Problem { kind: ProblemKind::OutsideReference, place });
                    continue;
                }
            }
        }
        let extent = extent(&shape);
        if is_plain_shape(&shape, extent) {
            bounds = match (bounds, extent) {
                (Some(all), Some(one)) => Some(union(all, one)),
                (all, one) => all.or(one),
            };
            feature.shape = Some(shape);
        } else {
            let place = Place { feature: Some(number), ..Place::default() };
            problems.add(Problem { kind: ProblemKind::OutsideReference, place });
        }
    }
    if bounds.is_some_and(|all| !is_far(all) && is_beyond(all)) {
        let own = (1..).zip(features.iter());
        let own = own.filter_map(|(number, feature)| Some((number, extent(feature.shape.as_ref()?)?)));
        for (number, _) in own.filter(|(_, all)| is_beyond(*all)) {
            let place = Place { feature: Some(number), ..Place::default() };
            problems.add(Problem { kind: ProblemKind::FarFromOthers, place });
        }
    }
    if untransformed {
        problems.add(Problem::of_file(ProblemKind::ReferenceUntransformed(system.code().to_owned())));
    }
    if bounds.is_some_and(is_far) {
        problems.add(Problem::of_file(ProblemKind::FarFromWuxi));
    }
    if is_turned {
        reasons.insert(0, Reason::NorthFirst);
    }
    let mut evidence = weigh(&named, range, Some(&system), raw, bounds, |place| !is_far(place));
    evidence.reasons.extend(reasons);
    if how == How::Declared && !system.reaches_map() {
        // another datum is told: to take it for that of the map would move everything by its shift
        evidence.alternatives.retain(|other| !other.reaches_map());
    }
    (Some(system), how, evidence)
}

/// Whether a box reaches beyond China.
fn is_beyond(all: Rect) -> bool {
    all.min().x < 70.0 || all.max().x > 138.0 || all.min().y < 3.0 || all.max().y > 54.0
}

/// Whether the northing stands first in a plane of one's own: as written, unless only the other way leads to Wuxi or,
/// where both ways do, onto what the atlas has there.
fn order(system: &System, as_written: Option<Rect>, options: &ReadOptions) -> (bool, Option<Reason>) {
    let Some(bounds) = as_written.filter(|_| !system.is_geographic()) else { return (false, None) };
    let leads = |rect: Rect| system.own_inverse(rect.center()).is_ok_and(in_wuxi);
    match (leads(bounds), leads(turned_rect(bounds)), options.likely.north_first) {
        (false, true, _) => (true, Some(Reason::OrderByPlace)),
        (true, true, Some(likely)) => (likely, Some(Reason::OrderByAtlas)),
        (true, true, None) => (false, Some(Reason::OrderOpen)),
        _ => (false, None),
    }
}

fn turned_rect(rect: Rect) -> Rect {
    let turn = |at: Coord| Coord { x: at.y, y: at.x };
    Rect::new(turn(rect.min()), turn(rect.max()))
}

fn union(a: Rect, b: Rect) -> Rect {
    Rect::new(
        Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
        Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
    )
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
