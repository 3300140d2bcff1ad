//! Zones: water sources, red lines and control areas, the ecological pattern. Names and areas come from the tables,
//! outlines are schematic: round forms and widened waters, sized to the area that the table asks for.

use super::shape::{apart, degrees, metres, share, shore, widened, written};
use super::{DraftError, Layers, Origin, Sources, feature, read_csv};
use crate::atlas::{Feature, Theme, Value};
use crate::geometry;
use geo::{
    Area, BooleanOps, Contains, Coord, Geometry, Intersects, LineString, MapCoords, MultiPolygon, Point, Polygon,
    RemoveRepeatedPoints, Simplify, Validation,
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The areas that zones are cut from.
pub(super) struct Ground<'a> {
    layers: &'a Layers,
    /// Districts with their names.
    pub(super) districts: Vec<(String, MultiPolygon)>,
    /// All districts together.
    pub(super) city: MultiPolygon,
}

impl<'a> Ground<'a> {
    pub(super) fn new(layers: &'a Layers) -> Self {
        let districts: Vec<(String, MultiPolygon)> = of(layers, Theme::Districts)
            .filter_map(|district| Some((district.name().to_owned(), polygons(district.shape.as_ref()?)?)))
            .collect();
        let city = joined(districts.iter().map(|(_, shape)| shape));
        Ground { layers, districts, city }
    }

    /// These districts, blank-separated; the whole city where none is named.
    fn within(&self, names: &str) -> MultiPolygon {
        if names.trim().is_empty() {
            return self.city.clone();
        }
        let wanted: Vec<&str> = names.split_whitespace().collect();
        joined(self.districts.iter().filter(|(name, _)| wanted.contains(&name.as_str())).map(|(_, shape)| shape))
    }

    /// Names of the districts in which a point lies or an area has more than a hundredth of itself, in the order of
    /// the districts; one that is only touched is not named.
    pub(super) fn names(&self, area: &Geometry) -> String {
        let is_in = |district: &MultiPolygon| match polygons(area) {
            Some(parts) if district.intersects(area) => {
                district.intersection(&parts).unsigned_area() > 0.01 * parts.unsigned_area()
            }
            Some(_) => false,
            None => district.intersects(area),
        };
        let met = self.districts.iter().filter(|(_, shape)| is_in(shape)).map(|(name, _)| name.as_str());
        let met: Vec<&str> = met.collect();
        if met.is_empty() { "无锡市".into() } else { met.join("、") }
    }

    /// A lake, the Yangtze or a river by id or name.
    fn water(&self, name: &str) -> Option<&Feature> {
        let themes = [Theme::Lakes, Theme::Yangtze, Theme::Rivers];
        themes.iter().flat_map(|theme| of(self.layers, *theme)).find(|water| water.id == name || water.name() == name)
    }

    /// A water, its shore drawn coarsely, and so many metres around it.
    pub(super) fn around(&self, name: &str, metres: f64) -> Option<MultiPolygon> {
        let coarse = match self.water(name)?.shape.clone()? {
            Geometry::Polygon(polygon) => Geometry::Polygon(polygon.simplify(0.000_5)),
            other => other,
        };
        Some(widened(&coarse, metres))
    }

    /// The land: districts without lakes and Yangtze.
    pub(super) fn land(&self, district: &MultiPolygon) -> MultiPolygon {
        let waters = [Theme::Lakes, Theme::Yangtze];
        let waters = waters.iter().flat_map(|theme| of(self.layers, *theme));
        let shapes = waters.filter_map(|water| polygons(water.shape.as_ref()?));
        shapes.filter(|water| water.intersects(district)).fold(district.clone(), |land, water| land.difference(&water))
    }
}

pub(super) fn of(layers: &Layers, theme: Theme) -> impl Iterator<Item = &Feature> {
    layers.get(&theme).into_iter().flatten()
}

pub(super) fn polygons(shape: &Geometry) -> Option<MultiPolygon> {
    match shape {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        _ => None,
    }
}

pub(super) fn joined<'a>(shapes: impl Iterator<Item = &'a MultiPolygon>) -> MultiPolygon {
    shapes.fold(MultiPolygon::new(vec![]), |all, one| all.union(one))
}

/// A shape as it can be written: crumbs and holes below 500 m² that cutting leaves are swept away, and what crosses or
/// touches itself after rounding is cut anew. One part stays a polygon.
pub(super) fn swept(shape: MultiPolygon) -> Geometry {
    let is_large =
        |ring: &LineString| geometry::polygon_area(&Polygon::new(ring.clone(), vec![])).square_metres() > 500.0;
    let mut shape = shape;
    for _ in 0..4 {
        let parts = shape.into_iter().map(|part| {
            let (outer, holes) = part.map_coords(written).into_inner();
            Polygon::new(outer, holes.into_iter().filter(is_large).collect()).remove_repeated_points()
        });
        shape = MultiPolygon::new(parts.filter(|part| is_large(part.exterior())).collect());
        if shape.is_valid() {
            break;
        }
        shape = shape.union(&MultiPolygon::new(vec![]));
    }
    if !shape.is_valid() {
        // spikes narrower than 4 m go with a step back and forth
        let narrowed = Geometry::MultiPolygon(widened(&Geometry::MultiPolygon(shape), -2.0));
        shape = widened(&narrowed, 2.0).map_coords(written);
    }
    match shape.0.as_slice() {
        [one] => Geometry::Polygon(one.clone()),
        _ => Geometry::MultiPolygon(shape),
    }
}

pub(super) fn text(word: &str) -> Value {
    Value::Text(word.to_owned())
}

pub(super) fn km2(shape: &Geometry) -> Value {
    Value::Real((geometry::area(shape).square_kilometres() * 1e4).round() / 1e4)
}

#[derive(Deserialize)]
struct SourceRow {
    id: String,
    name: String,
    kind: String,
    water: String,
    longitude: f64,
    latitude: f64,
}

const SOURCES: &str = "water_sources.csv";

/// Intakes with their protection zones by the distances of the province: on the Yangtze 500 m, 2,000 and 4,000 m up,
/// 1,000 and 2,000 m down, from 500 m into the river to 100 m on land; in lakes 500, 1,500 and 2,500 m around; a
/// reservoir whole, then 1,000 and 2,000 m around. Each zone leaves out the inner one.
pub(super) fn water_sources(sources: &Sources, ground: &Ground) -> Result<Vec<Feature>, DraftError> {
    let mut drawn = Vec::new();
    for row in read_csv::<SourceRow>(sources, SOURCES)? {
        let fail = |reason: &str| DraftError::Undrawable {
            file: SOURCES.into(),
            subject: row.id.clone(),
            reason: reason.into(),
        };
        let intake = Coord { x: row.longitude, y: row.latitude };
        let water = ground.water(&row.water).and_then(|water| water.shape.as_ref());
        let water = water.and_then(polygons).ok_or_else(|| fail("no such water"))?;
        if !water.contains(&intake) {
            return Err(fail("the intake lies outside its water"));
        }
        let around = |distance: f64| widened(&Geometry::Point(Point(intake)), distance);
        let rings = match row.kind.as_str() {
            "yangtze" => [(500.0, 500.0), (2_000.0, 1_000.0), (4_000.0, 2_000.0)].map(|(up, down)| {
                // the river runs from the west-south-west; 100 m of land beyond the shore
                let bank = widened(&Geometry::MultiPolygon(water.clone()), 100.0);
                let band = MultiPolygon::new(vec![band(intake, up, down, 500.0)]);
                bank.intersection(&band)
            }),
            "reservoir" => {
                let shape = Geometry::MultiPolygon(water.clone());
                [water.clone(), widened(&shape, 1_000.0), widened(&shape, 2_000.0)]
            }
            _ => [around(500.0), around(1_500.0), around(2_500.0)],
        };
        let origin = Origin::drawn("水源地名称见公开名录；取水口位置与保护区范围按规则推演，为示意");
        let own = |level: &str| {
            [("level", text(level)), ("group", text(&row.id)), ("kind", text(&row.kind)), ("water", text(&row.water))]
        };
        let point = Geometry::Point(Point(intake));
        drawn.push(feature(&row.id, &row.name, &ground.names(&point), &origin, point, own("intake")));
        let mut inner = MultiPolygon::new(vec![]);
        let levels = [("primary", "一级保护区"), ("secondary", "二级保护区"), ("quasi", "准保护区")];
        for (number, ((level, words), ring)) in (1..).zip(levels.into_iter().zip(rings)) {
            let ring = ring.intersection(&ground.city);
            let shape = swept(ring.difference(&inner));
            inner = inner.union(&ring);
            let (id, name) = (format!("{}-{number}", row.id), format!("{}{words}", row.name));
            let district = ground.names(&shape);
            drawn.push(feature(&id, &name, &district, &origin, shape, own(level)));
        }
    }
    Ok(drawn)
}

/// A band across the Yangtze's southern half: so far up and down from an intake and so far to each side.
fn band(intake: Coord, up: f64, down: f64, aside: f64) -> Polygon {
    let at = metres(intake);
    let corner = |x: f64, y: f64| degrees(Coord { x: at.x + x, y: at.y + y });
    let (north, south) = (aside, 3.0 * aside);
    let ring = [(-up, -south), (down, -south), (down, north), (-up, north), (-up, -south)];
    Polygon::new(ring.into_iter().map(|(x, y)| corner(x, y)).collect(), vec![])
}

#[derive(Deserialize)]
struct ZoneRow {
    id: String,
    name: String,
    name_status: String,
    kind: String,
    tier: String,
    grade_2013: Option<i64>,
    area_km2: f64,
    published_km2: Option<f64>,
    published_source: String,
    within: String,
    base: String,
    longitude: Option<f64>,
    latitude: Option<f64>,
    ratio: Option<f64>,
    bearing: Option<f64>,
    minus: String,
}

const ZONES: &str = "redline_zones.csv";

/// Red lines and control areas. Each is grown until what remains of it — inside its districts, beside the zones of its
/// tier drawn before it, without the zones it leaves out — has the area of the table.
pub(super) fn redline_zones(sources: &Sources, ground: &Ground) -> Result<Vec<Feature>, DraftError> {
    let mut drawn: Vec<Feature> = Vec::new();
    let mut tiers: BTreeMap<String, Vec<MultiPolygon>> = BTreeMap::new();
    for row in read_csv::<ZoneRow>(sources, ZONES)? {
        let fail = |reason: String| DraftError::Undrawable { file: ZONES.into(), subject: row.id.clone(), reason };
        let mut room = ground.within(&row.within);
        let beside = tiers.entry(row.tier.clone()).or_default();
        let left_out: Vec<&str> = row.minus.split_whitespace().collect();
        let holes: Vec<MultiPolygon> = drawn
            .iter()
            .filter(|zone| left_out.contains(&zone.id.as_str()))
            .filter_map(|zone| polygons(zone.shape.as_ref()?))
            .collect();
        for other in beside.iter().chain(&holes) {
            if other.intersects(&room) {
                room = room.difference(other);
            }
        }
        let base = Base::of(&row, ground).ok_or_else(|| fail(format!("base {} cannot be drawn", row.base)))?;
        let wanted = row.area_km2 * 1e6;
        let (mut low, mut high) = base.sizes(wanted);
        let mut shape = Geometry::MultiPolygon(MultiPolygon::new(vec![]));
        for _ in 0..24 {
            let middle = (low + high) / 2.0;
            shape = swept(base.grown(middle).intersection(&room));
            let area = geometry::area(&shape).square_metres();
            if (area - wanted).abs() < wanted * 0.0005 {
                break;
            }
            if area < wanted { low = middle } else { high = middle }
        }
        let area = geometry::area(&shape).square_metres();
        if (area - wanted).abs() > wanted * 0.005 {
            return Err(fail(format!("{:.3} km² drawn, {} wanted", area / 1e6, row.area_km2)));
        }
        beside.extend(polygons(&shape));
        let own = [
            ("kind", text(&row.kind)),
            ("tier", text(&row.tier)),
            ("grade_2013", row.grade_2013.map_or(Value::Null, Value::Integer)),
            ("published_km2", row.published_km2.map_or(Value::Null, Value::Real)),
            ("published_source", text(&row.published_source)),
            ("area_km2", km2(&shape)),
            ("name_status", text(&row.name_status)),
        ];
        let origin = Origin::drawn(&row.source());
        drawn.push(feature(&row.id, &row.name, &ground.names(&shape), &origin, shape, own));
    }
    Ok(drawn)
}

impl ZoneRow {
    /// What is published and what was drawn, said apart.
    fn source(&self) -> String {
        let name = if self.name_status == "confirmed" {
            "名称见公开资料"
        } else {
            "名称见于公开资料，待核实"
        };
        let area = match self.published_source.as_str() {
            "" => "面积未公开，为示意",
            published => published,
        };
        format!("{name}；{area}；范围由本项目绘制，为示意，非划定成果")
    }
}

/// What a zone grows from.
enum Base {
    /// A round form: its points for a radius of one metre.
    Round { centre: Coord, points: Vec<Coord>, seed: u64 },
    /// A water that is widened, already cut to the neighbourhood where it may grow.
    Water(Geometry),
}

impl Base {
    fn of(row: &ZoneRow, ground: &Ground) -> Option<Base> {
        if row.base != "round" {
            let shape = ground.water(&row.base)?.shape.clone()?;
            // buffering a shore of thousands of vertices at each size is slow, and the zone is schematic
            let shape = match shape {
                Geometry::Polygon(polygon) => Geometry::Polygon(polygon.simplify(0.000_3)),
                other => other,
            };
            return Some(Base::Water(shape));
        }
        let seed = row.id.bytes().fold(17_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
        let (ratio, bearing) = (row.ratio.unwrap_or(1.5), row.bearing.unwrap_or(0.0).to_radians());
        let points = (0..14_u32).map(|number| {
            let turn = f64::from(number) / 14.0 * std::f64::consts::TAU;
            let wobble = 0.80 + 0.40 * share(seed, u64::from(number));
            let (along, across) = (libm::cos(turn) * ratio.sqrt() * wobble, libm::sin(turn) / ratio.sqrt() * wobble);
            Coord {
                x: along * libm::sin(bearing) + across * libm::cos(bearing),
                y: along * libm::cos(bearing) - across * libm::sin(bearing),
            }
        });
        let centre = metres(Coord { x: row.longitude?, y: row.latitude? });
        Some(Base::Round { centre, points: points.collect(), seed })
    }

    /// Sizes between which the wanted area lies: radius or widening, metres.
    fn sizes(&self, wanted: f64) -> (f64, f64) {
        match self {
            Base::Round { .. } => (10.0, 4.0 * wanted.sqrt()),
            Base::Water(Geometry::LineString(_)) => (5.0, 3_000.0),
            Base::Water(_) => (-2_500.0, 6_000.0),
        }
    }

    fn grown(&self, size: f64) -> MultiPolygon {
        match self {
            Base::Round { centre, points, seed } => {
                let points: Vec<Coord> = points
                    .iter()
                    .map(|point| degrees(Coord { x: centre.x + point.x * size, y: centre.y + point.y * size }))
                    .collect();
                let ripple = (size * 0.02).min(60.0);
                MultiPolygon::new(vec![shore(&points, (size / 12.0).clamp(60.0, 400.0), ripple, *seed)])
            }
            Base::Water(shape) => widened(shape, size),
        }
    }
}

/// 一圈一带一区: five kilometres around Lake Tai, one along the Yangtze, Yixing.
pub(super) fn pattern_areas(ground: &Ground) -> Vec<Feature> {
    let yixing = ground.within("宜兴市");
    let areas = [
        ("WX-P-01", "太湖生态保护圈", ground.around("LAKE-01", 5_000.0).map(|ring| ring.intersection(&ground.city))),
        (
            "WX-P-02",
            "江阴长江生态安全带",
            ground.around("YANGTZE-01", 1_000.0).map(|ring| ring.intersection(&ground.within("江阴市"))),
        ),
        ("WX-P-03", "宜兴生态保护引领区", Some(yixing)),
    ];
    let origin = Origin::drawn("名称见市整改方案；范围为示意");
    areas
        .into_iter()
        .filter_map(|(id, name, shape)| {
            let shape = swept(shape?);
            let own = [("area_km2", km2(&shape))];
            Some(feature(id, name, &ground.names(&shape), &origin, shape, own))
        })
        .collect()
}

/// The nearest of some positions, with its distance in metres.
pub(super) fn nearest(places: &[Coord], at: Coord) -> Option<f64> {
    places.iter().map(|place| apart(*place, at)).min_by(f64::total_cmp)
}
