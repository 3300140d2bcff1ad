//! What lies on the rivers: black-odour waters, monitoring sections, outfalls.

use super::base::Basin;
use super::river::{Locator, River, Tie};
use super::shape::{self, Wander};
use super::{DraftError, Origin, Sources, feature, read_csv, rounded};
use crate::atlas::{Date, Feature, Value};
use crate::geometry::line_length;
use geo::{Coord, Geometry, LineString, Point};
use serde::Deserialize;

const BLACK: &str = "black_odour_waters.csv";
const SECTIONS: &str = "monitoring_sections.csv";
const OUTFALLS: &str = "outfalls.csv";

/// A thing may be authored so far, in metres, from its river.
const REACH: f64 = 600.0;

#[derive(Deserialize)]
struct BlackRow {
    id: String,
    name: String,
    named: bool,
    river: String,
    longitude: f64,
    latitude: f64,
    bearing: f64,
    length_m: f64,
    grade: String,
    found: Date,
    status: String,
    cleared_on: Option<Date>,
    measures: String,
    transparency_cm: f64,
    do_mg_l: f64,
    orp_mv: f64,
    nh3n_mg_l: f64,
}

/// The black-odour waters: each a short arm that leaves its river at a shared vertex and ends blind; drawn from its
/// blind end to the river.
pub fn black_odour(sources: &Sources, rivers: &mut [River], districts: &[Feature]) -> Result<Vec<Feature>, DraftError> {
    let locator = Locator::new(districts);
    let mut drawn = Vec::new();
    for (seed, row) in (500_u64..).zip(read_csv::<BlackRow>(sources, BLACK)?) {
        if !(30.0..20_000.0).contains(&row.length_m) || !row.bearing.is_finite() {
            let reason = "length or bearing out of range".into();
            return Err(DraftError::Undrawable { file: BLACK.into(), subject: row.name, reason });
        }
        let (place, mouth) = on_river(BLACK, &row.name, rivers, &row.river, row.longitude, row.latitude)?;
        let (at, angle) = (shape::metres(mouth), row.bearing.to_radians());
        let ahead = |share: f64, turn: f64| {
            let (sin, cos) = (libm::sin(angle + turn), libm::cos(angle + turn));
            shape::degrees(Coord { x: at.x + sin * row.length_m * share, y: at.y + cos * row.length_m * share })
        };
        let bend = 0.5 * (shape::share(seed, 1) - 0.5);
        let authored = [ahead(1.0, 0.0), ahead(0.55, bend), mouth];
        let line = shape::course(&authored, Wander { reach: 12.0, bend: 420.0 }, seed);
        let line: Vec<Coord> = line.into_iter().map(shape::written).collect();
        let district = locator.along(&line);
        let line = LineString::new(line);
        let origin = Origin {
            example: !row.named,
            ..Origin::drawn(if row.named {
                "名称见锡政办发〔2016〕79号相关报道；位置、长度与治理记录均为示例"
            } else {
                "示例数据：为演示而编制，不对应实际对象"
            })
        };
        let text = |words: String| Value::Text(words);
        let own = [
            ("grade", text(row.grade)),
            ("found", Value::Date(row.found)),
            ("status", text(row.status)),
            ("cleared_on", row.cleared_on.map_or(Value::Null, Value::Date)),
            ("river", text(rivers.get(place).map(|river| river.id.clone()).unwrap_or_default())),
            ("length_m", Value::Real(rounded(line_length(&line), 0))),
            ("measures", text(row.measures)),
            ("transparency_cm", Value::Real(row.transparency_cm)),
            ("do_mg_l", Value::Real(row.do_mg_l)),
            ("orp_mv", Value::Real(row.orp_mv)),
            ("nh3n_mg_l", Value::Real(row.nh3n_mg_l)),
        ];
        drawn.push(feature(&row.id, &row.name, &district, &origin, Geometry::LineString(line), own));
    }
    Ok(drawn)
}

#[derive(Deserialize)]
struct SectionRow {
    id: String,
    name: String,
    named: bool,
    level: String,
    target_class: i64,
    water: String,
    longitude: f64,
    latitude: f64,
}

/// The monitoring sections, and for each river the id of the one that speaks for it: its own lowest one, or the next
/// one downstream.
pub fn sections(
    sources: &Sources,
    rivers: &mut [River],
    basins: &[Basin],
    districts: &[Feature],
) -> Result<(Vec<Feature>, Vec<Option<String>>), DraftError> {
    let locator = Locator::new(districts);
    let mut drawn = Vec::new();
    let mut own: Vec<Option<(usize, String)>> = vec![None; rivers.len()];
    for row in read_csv::<SectionRow>(sources, SECTIONS)? {
        let basin = row.water.strip_prefix("lake:").map(|name| basins.iter().find(|basin| basin.name == name));
        let (water, at) = match basin {
            Some(Some(basin)) => (basin.id.clone(), Coord { x: row.longitude, y: row.latitude }),
            Some(None) => return Err(unknown(SECTIONS, &row.name, &row.water)),
            None => {
                let (place, at) = on_river(SECTIONS, &row.name, rivers, &row.water, row.longitude, row.latitude)?;
                let river = rivers.get(place).ok_or_else(|| unknown(SECTIONS, &row.name, &row.water))?;
                let vertex = river.line.iter().position(|vertex| *vertex == at).unwrap_or_default();
                if let Some(known) = own.get_mut(place)
                    && known.as_ref().is_none_or(|(lower, _)| *lower < vertex)
                {
                    *known = Some((vertex, row.id.clone()));
                }
                (river.id.clone(), at)
            }
        };
        let origin = Origin {
            example: !row.named,
            ..Origin::drawn(if row.named {
                "公开断面名称；位置为示意"
            } else {
                "示例数据：为演示而编制，不对应实际对象"
            })
        };
        let values = [
            ("level", Value::Text(row.level)),
            ("target_class", Value::Integer(row.target_class)),
            ("river", Value::Text(water)),
        ];
        let district = locator.at(at);
        drawn.push(feature(&row.id, &row.name, district, &origin, Geometry::Point(Point(at)), values));
    }
    let speaks = |start: usize| {
        let mut place = start;
        for _ in 0..rivers.len() {
            if let Some((_, id)) = own.get(place)? {
                return Some(id.clone());
            }
            let Tie::River(next) = rivers.get(place)?.to else { return None };
            place = next;
        }
        None
    };
    let links = (0..rivers.len()).map(speaks).collect();
    Ok((drawn, links))
}

#[derive(Deserialize)]
struct OutfallRow {
    id: String,
    name: String,
    kind: String,
    permit: String,
    river: String,
    longitude: f64,
    latitude: f64,
}

/// The outfalls, each a vertex of its river.
pub fn outfalls(sources: &Sources, rivers: &mut [River], districts: &[Feature]) -> Result<Vec<Feature>, DraftError> {
    let locator = Locator::new(districts);
    let mut drawn = Vec::new();
    for row in read_csv::<OutfallRow>(sources, OUTFALLS)? {
        let (place, at) = on_river(OUTFALLS, &row.name, rivers, &row.river, row.longitude, row.latitude)?;
        let river = rivers.get(place).map(|river| river.id.clone()).unwrap_or_default();
        let values =
            [("kind", Value::Text(row.kind)), ("river", Value::Text(river)), ("permit", Value::Text(row.permit))];
        let origin = Origin::example();
        drawn.push(feature(&row.id, &row.name, locator.at(at), &origin, Geometry::Point(Point(at)), values));
    }
    Ok(drawn)
}

/// The vertex of a river nearest to a position, made there.
fn on_river(
    file: &str,
    subject: &str,
    rivers: &mut [River],
    name: &str,
    longitude: f64,
    latitude: f64,
) -> Result<(usize, Coord), DraftError> {
    let place = rivers.iter().position(|river| river.name() == name).ok_or_else(|| unknown(file, subject, name))?;
    let river = rivers.get_mut(place).ok_or_else(|| unknown(file, subject, name))?;
    let wanted = Coord { x: longitude, y: latitude };
    let foot = shape::foot(&river.line, wanted).ok_or_else(|| unknown(file, subject, name))?;
    if foot.apart > REACH {
        let reason = format!("{:.0} m from {name}", foot.apart);
        return Err(DraftError::Undrawable { file: file.into(), subject: subject.into(), reason });
    }
    Ok((place, shape::node(&mut river.line, foot, 3.0)))
}

fn unknown(file: &str, subject: &str, water: &str) -> DraftError {
    DraftError::Undrawable { file: file.into(), subject: subject.into(), reason: format!("no such water: {water}") }
}
