//! Why a reference system was concluded, how sure that is, and what else it might be.

use super::reference::{MERIDIANS, Range};
use crate::geometry::{Datum, System};
use geo::{Coord, Rect};
use serde::Serialize;

/// How sure a conclusion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Something speaks against it, or nothing for it.
    Unsure,
    /// The coordinates speak for it, but also for others.
    Likely,
    /// It was told, and the coordinates agree.
    Certain,
}

/// What speaks for or against a conclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The person chose it.
    Chosen,
    /// The file declares it.
    Declared,
    /// The file declares this one, which the coordinates refute.
    Refuted(String),
    /// The file declares this one, which is not understood here.
    NotUnderstood(String),
    /// The format has no other.
    FormatRule,
    /// The file declares none.
    Undeclared,
    /// The numbers are those of degrees.
    Degrees,
    /// The numbers are those of a Gauss–Krüger plane without the number of its zone.
    Plane,
    /// The eastings begin with the number of this zone.
    Zone(u32),
    /// The numbers are those of Web Mercator around Wuxi.
    Mercator,
    /// The meridian is not told; with this one all lies in or near Wuxi.
    Meridian(String),
    /// The datum is not told; the planes of older ones have the same numbers.
    DatumOpen,
    /// Longitudes and latitudes shifted as on web maps have the same numbers.
    ShiftOpen,
    /// Zones of three and of six degrees around this meridian have the same numbers; only the name differs.
    WidthOpen(String),
    /// Latitude or northing stands first.
    NorthFirst,
    /// The person told which of the two stands first.
    OrderChosen,
    /// Only with the numbers in this order all lies in or near Wuxi.
    OrderByPlace,
    /// Only with the numbers in this order it fits the features of the atlas.
    OrderByAtlas,
    /// In either order all lies in or near Wuxi: the order was left as it is written.
    OrderOpen,
    /// By parameters of the file or of the person, not of an authority.
    OwnParameters,
    /// All of it lies in or near Wuxi.
    InWuxi,
    /// All of it lies elsewhere.
    Elsewhere,
    /// It fits the features of the atlas only when it is taken for this system.
    FitsAtlas(String),
    /// It lies beside the features of the atlas, by metres to the east and north.
    BesideAtlas(String),
    /// It lies on features of the atlas.
    OnAtlas,
}

impl Reason {
    /// Its code, and what it speaks of.
    pub fn code(&self) -> (&'static str, String) {
        let bare = String::new();
        match self {
            Reason::Chosen => ("chosen", bare),
            Reason::Declared => ("declared", bare),
            Reason::Refuted(name) => ("refuted", name.clone()),
            Reason::NotUnderstood(name) => ("not_understood", name.clone()),
            Reason::FormatRule => ("format_rule", bare),
            Reason::Undeclared => ("undeclared", bare),
            Reason::Degrees => ("degrees", bare),
            Reason::Plane => ("plane", bare),
            Reason::Zone(zone) => ("zone", zone.to_string()),
            Reason::Mercator => ("mercator", bare),
            Reason::Meridian(name) => ("meridian", name.clone()),
            Reason::DatumOpen => ("datum_open", bare),
            Reason::ShiftOpen => ("shift_open", bare),
            Reason::WidthOpen(meridian) => ("width_open", meridian.clone()),
            Reason::NorthFirst => ("north_first", bare),
            Reason::OrderChosen => ("order_chosen", bare),
            Reason::OrderByPlace => ("order_by_place", bare),
            Reason::OrderByAtlas => ("order_by_atlas", bare),
            Reason::OrderOpen => ("order_open", bare),
            Reason::OwnParameters => ("own_parameters", bare),
            Reason::InWuxi => ("in_wuxi", bare),
            Reason::Elsewhere => ("elsewhere", bare),
            Reason::FitsAtlas(name) => ("fits_atlas", name.clone()),
            Reason::BesideAtlas(by) => ("beside_atlas", by.clone()),
            Reason::OnAtlas => ("on_atlas", bare),
        }
    }
}

/// Why a reference system was concluded.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// How sure it is.
    pub certainty: Certainty,
    /// What speaks for or against it.
    pub reasons: Vec<Reason>,
    /// What else it might be, the likeliest first.
    pub alternatives: Vec<System>,
    /// The box of the coordinates as the file has them, east before north.
    pub own_bounds: Option<Rect>,
}

/// Who named the system.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Named {
    ByPerson,
    ByFile,
    ByFormat,
    /// The file named this one instead.
    Wrongly(String),
    /// The file named one that is not known here.
    InOtherWords(String),
    ByNobody,
}

/// What can be said of a conclusion; `bounds` are those of the file, east before north, `place` those on the map.
pub(super) fn weigh(
    named: &Named,
    range: Range,
    system: Option<&System>,
    bounds: Option<Rect>,
    place: Option<Rect>,
    is_near: impl Fn(Rect) -> bool,
) -> Evidence {
    let mut reasons = vec![match named {
        Named::ByPerson => Reason::Chosen,
        Named::ByFile => Reason::Declared,
        Named::ByFormat => Reason::FormatRule,
        Named::Wrongly(name) => Reason::Refuted(name.clone()),
        Named::InOtherWords(name) => Reason::NotUnderstood(name.clone()),
        Named::ByNobody => Reason::Undeclared,
    }];
    let is_told = matches!(named, Named::ByPerson | Named::ByFile);
    if !is_told && bounds.is_some() {
        match range {
            Range::Degrees | Range::DegreesSwapped => reasons.push(Reason::Degrees),
            Range::Plane | Range::PlaneSwapped => reasons.push(Reason::Plane),
            Range::Zoned(zone) | Range::ZonedSwapped(zone) => reasons.push(Reason::Zone(zone)),
            Range::Mercator => reasons.push(Reason::Mercator),
            Range::Unknown => {}
        }
    }
    let is_here = place.map(is_near);
    let is_guessed_plane = !is_told && matches!(range, Range::Plane | Range::PlaneSwapped);
    if let (true, Some(system), Some(true)) = (is_guessed_plane, system, is_here) {
        reasons.push(Reason::Meridian(system.code().to_owned()));
    } else if let Some(is_here) = is_here {
        reasons.push(if is_here { Reason::InWuxi } else { Reason::Elsewhere });
    }
    if system.is_some_and(|system| !system.is_registered()) {
        reasons.push(Reason::OwnParameters);
    }
    let is_plane = system.is_some_and(|system| !system.is_geographic());
    // a file that names its datum but not its plane leaves only the plane open; Web Mercator is of one datum
    let is_datum_told = matches!(named, Named::Wrongly(_)) || range == Range::Mercator;
    if !is_told && system.is_some() && bounds.is_some() && !(is_plane && is_datum_told) {
        reasons.push(if is_plane { Reason::DatumOpen } else { Reason::ShiftOpen });
    }
    let twin = system.filter(|_| is_guessed_plane).and_then(twin);
    reasons.extend(twin.as_ref().map(|(meridian, _)| Reason::WidthOpen(format!("{meridian}°"))));
    let alternatives = if is_told && is_here == Some(true) { Vec::new() } else { alternatives(system, bounds) };
    let mut alternatives = alternatives;
    if let Some((_, twin)) = twin {
        alternatives.retain(|other| *other != twin);
        alternatives.insert(0, twin);
    }
    let certainty = match (system, is_told, is_here) {
        (None, ..) | (_, _, Some(false)) => Certainty::Unsure,
        // told, but nothing of it is anywhere
        (Some(system), true, None) if bounds.is_some() && system.reaches_map() => Certainty::Unsure,
        (Some(_), true, _) => Certainty::Certain,
        // nothing but the meridian of Wuxi speaks for it
        (Some(_), false, None) if is_guessed_plane => Certainty::Unsure,
        (Some(_), false, _) => Certainty::Likely,
    };
    Evidence { certainty, reasons, alternatives, own_bounds: bounds }
}

/// The zone of the other width around the meridian of a system of CGCS2000 without the number of its zone.
fn twin(system: &System) -> Option<(f64, System)> {
    let number: u32 = system.code().strip_prefix("EPSG:")?.parse().ok()?;
    let of = |(meridian, narrow, wide): (f64, u32, Option<u32>)| {
        let wide = wide?;
        let other = if number == narrow { wide } else { narrow };
        (number == narrow || number == wide).then(|| Some((meridian, System::epsg(other).ok()?)))?
    };
    MERIDIANS.into_iter().find_map(of)
}

/// Systems that have the same numbers, or would bring the shapes to Wuxi.
fn alternatives(system: Option<&System>, bounds: Option<Rect>) -> Vec<System> {
    let Some(bounds) = bounds else { return Vec::new() };
    let middle = bounds.center();
    let candidates = [
        4549, 4548, 4550, 4509, 4510, 4528, 4527, 4498, 4499, 32_651, 32_650, 3857, 2385, 2364, 2333, 2437, 2416,
        21_420,
    ];
    let candidates = candidates.into_iter().filter_map(|code| System::epsg(code).ok());
    let candidates = candidates.chain([System::gcj02(), System::bd09(), System::geographic()]);
    let fits = |candidate: &System| {
        let is_of_range = if candidate.is_geographic() {
            middle.x.abs() <= 180.0 && middle.y.abs() <= 90.0
        } else {
            middle.x.abs() > 180.0
        };
        is_of_range && candidate.own_inverse(middle).is_ok_and(in_wuxi)
    };
    let own = system.map(System::code).unwrap_or_default();
    let is_same = |candidate: &System| {
        candidate.code() == own || (candidate.is_of_map() && system.is_some_and(System::is_of_map))
    };
    let mut found: Vec<System> = candidates.filter(|candidate| !is_same(candidate) && fits(candidate)).collect();
    // those that lead to the map come first
    found.sort_by_key(|candidate| !matches!(candidate.datum(), Datum::Cgcs2000 | Datum::Wgs84));
    found
}

/// Whether a place lies in or near Wuxi.
pub(super) fn in_wuxi(at: Coord) -> bool {
    let (west, south, east, north) = super::reference::AROUND_WUXI;
    (west..=east).contains(&at.x) && (south..=north).contains(&at.y)
}
