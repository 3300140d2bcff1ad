//! What lies on the land: livestock zones by the rule of designation, farms and plots as examples.

use super::shape::{degrees, metres, share, shore, widened};
use super::zone::{Ground, joined, nearest, of, polygons, swept, text};
use super::{Layers, Origin, feature};
use crate::atlas::{Feature, Theme, Value};
use geo::{BooleanOps, BoundingRect, Contains, Coord, Geometry, Intersects, MultiPolygon, Point, Polygon};

/// Ban, limit and suitable zones of each district. They tile its land: bans are the inner protection zones of water
/// sources, the national red lines and the built-up areas around seats and towns; limits follow the shore of Lake Tai,
/// the main rivers and the edge of the bans.
pub(super) fn livestock_zones(layers: &Layers, ground: &Ground) -> Vec<Feature> {
    let shape_of = |feature: &Feature| polygons(feature.shape.as_ref()?);
    let sources = of(layers, Theme::WaterSources).filter(|zone| matches!(zone.text("level"), "primary" | "secondary"));
    let redlines = of(layers, Theme::RedlineZones).filter(|zone| zone.text("tier") == "national");
    let places = of(layers, Theme::Places).filter_map(|place| {
        let radius = match place.number("rank")? as i64 {
            1 | 2 => 4_000.0,
            3 => 900.0,
            _ => return None,
        };
        let Geometry::Point(at) = place.shape.as_ref()? else { return None };
        Some(settled(at.0, radius))
    });
    let bans: Vec<MultiPolygon> = sources.chain(redlines).filter_map(shape_of).chain(places).collect();
    let ban = joined(bans.iter());
    let main = |grade: &str| matches!(grade, "basin" | "regional");
    let rivers = of(layers, Theme::Rivers).filter(|river| main(river.text("grade")));
    let corridors = rivers.filter_map(|river| Some(widened(river.shape.as_ref()?, 200.0)));
    let around = widened(&Geometry::MultiPolygon(ban.clone()), 500.0);
    let limits: Vec<MultiPolygon> = corridors.chain(ground.around("LAKE-01", 1_000.0)).chain([around]).collect();
    let limit = joined(limits.iter()).union(&ban);
    let origin = Origin { example: true, ..Origin::drawn("按禁养区划定规则推演的示例，非公布分区") };
    let mut zones = Vec::new();
    for (name, district) in &ground.districts {
        let land = ground.land(district);
        let outside = land.difference(&limit);
        let between = land.intersection(&limit).difference(&ban);
        let parts = [
            (
                "ban",
                "禁养区",
                "饮用水水源一、二级保护区，自然保护地，城镇居民区(畜禽规模养殖污染防治条例第十一条)",
                land.intersection(&ban),
            ),
            (
                "limit",
                "限养区",
                "太湖岸线 1 公里、流域性和区域性骨干河道两侧 200 米、禁养区外 500 米(示例规则)",
                between,
            ),
            ("suitable", "适养区", "其余陆域(示例规则)", outside),
        ];
        for (class, words, basis, shape) in parts {
            if shape.0.is_empty() {
                continue;
            }
            let id = format!("WX-L-{:02}", zones.len() + 1);
            let shape = swept(shape);
            let own = [("class", text(class)), ("basis", text(basis))];
            zones.push(feature(&id, &format!("{name}{words}"), name, &origin, shape, own));
        }
    }
    zones
}

/// The built-up area around a seat: as large as a disc of this radius, with arms and bays.
fn settled(centre: Coord, radius: f64) -> MultiPolygon {
    let at = metres(centre);
    let seed = (at.x.abs() as u64).wrapping_mul(31).wrapping_add(at.y.abs() as u64);
    let points: Vec<Coord> = (0..18_u32)
        .map(|number| {
            let turn = f64::from(number) / 18.0 * std::f64::consts::TAU;
            let reach = radius * (0.68 + 0.62 * share(seed, u64::from(number)));
            degrees(Coord { x: at.x + reach * libm::cos(turn), y: at.y + reach * libm::sin(turn) })
        })
        .collect();
    MultiPolygon::new(vec![shore(&points, radius / 12.0, radius * 0.03, seed)])
}

/// Thirty-six farms in all three zones: what each must do follows from its zone, most have done it.
pub(super) fn farms(layers: &Layers, ground: &Ground) -> Vec<Feature> {
    let zones: Vec<(&Feature, MultiPolygon)> =
        of(layers, Theme::LivestockZones).filter_map(|zone| Some((zone, polygons(zone.shape.as_ref()?)?))).collect();
    let origin = Origin::example();
    let species = [("生猪", 800.0), ("蛋鸡", 20_000.0), ("奶牛", 300.0), ("肉鸭", 9_000.0), ("山羊", 500.0)];
    let mut farms = Vec::new();
    let mut number = 0_u64;
    while farms.len() < 36 && number < 20_000 {
        number += 1;
        let Some(at) = anywhere(&ground.city, number, 11) else { continue };
        let wanted = ["ban", "limit", "suitable"].get(farms.len() % 3).copied().unwrap_or("ban");
        let here = zones.iter().find(|(zone, shape)| zone.text("class") == wanted && shape.contains(&at));
        let Some((zone, _)) = here else { continue };
        let place = farms.len() as u64;
        let (kind, scale) = species.get(place as usize % species.len()).copied().unwrap_or(("生猪", 500.0));
        let head = (scale * (0.4 + 1.2 * share(21, place))).round();
        let is_large = head > scale;
        let (required, status, is_done) = match (wanted, share(22, place)) {
            ("ban", chance) if chance < 0.75 => ("close", "closed", true),
            ("ban", _) => ("close", "relocating", false),
            ("limit", chance) if chance < 0.6 => ("renovate", "operating", true),
            ("limit", _) => ("renovate", "renovating", false),
            (_, chance) if is_large && chance < 0.5 => ("renovate", "operating", true),
            _ => ("none", "operating", false),
        };
        let id = format!("WX-F-{:02}", place + 1);
        let own = [
            ("species", text(kind)),
            ("head", Value::Integer(head as i64)),
            ("scale", text(if is_large { "large" } else { "small" })),
            ("status", text(status)),
            ("zone_class", text(wanted)),
            ("required", text(required)),
            ("deadline", if required == "none" { Value::Null } else { text("2026-12-31") }),
            ("done", Value::Bool(is_done)),
        ];
        let name = format!("示例养殖场 {:02}", place + 1);
        farms.push(feature(&id, &name, zone.text("district"), &origin, Geometry::Point(at), own));
    }
    farms
}

/// Twenty-four example plots beside towns, in every state of the register, and the one name that the provincial
/// register made public.
pub(super) fn contaminated_plots(layers: &Layers, ground: &Ground) -> Vec<Feature> {
    let states = [
        "suspected",
        "preliminary",
        "contaminated",
        "detailed",
        "listed",
        "controlling",
        "evaluated",
        "removed",
        "aftercare",
    ];
    let uses = ["化工", "电镀", "印染", "农药", "金属加工", "加油站", "电子", "制革"];
    let pollutants = ["砷、铅", "六价铬、镍", "苯系物", "有机氯农药", "铜、镍", "石油烃", "三氯乙烯", "六价铬"];
    let towns: Vec<Coord> = of(layers, Theme::Places)
        .filter(|place| place.number("rank") == Some(3.0))
        .filter_map(|place| match place.shape.as_ref()? {
            Geometry::Point(at) => Some(at.0),
            _ => None,
        })
        .collect();
    let lands: Vec<(&str, MultiPolygon)> =
        ground.districts.iter().map(|(name, shape)| (name.as_str(), ground.land(shape))).collect();
    let mut plots: Vec<Feature> = Vec::new();
    let mut taken: Vec<Coord> = Vec::new();
    let mut number = 0_u64;
    while plots.len() < 24 && number < 5_000 {
        number += 1;
        let town = towns.get((share(31, number) * towns.len() as f64) as usize).copied().unwrap_or_default();
        let at = metres(town);
        let away = |turn: u64| (share(32, number * 2 + turn) - 0.5) * 4_000.0;
        let centre = degrees(Coord { x: at.x + away(0), y: at.y + away(1) });
        let hectares = 0.6 + 5.4 * share(33, number) * share(34, number);
        let shape = quarter(centre, hectares, share(35, number));
        let home = lands.iter().find(|(_, land)| land.contains(&shape));
        let Some((district, _)) = home.filter(|_| nearest(&taken, centre).is_none_or(|gap| gap > 1_500.0)) else {
            continue;
        };
        taken.push(centre);
        let place = plots.len();
        let of_list = |list: &[&str]| text(list.get(place % list.len()).copied().unwrap_or_default());
        let state = of_list(&states);
        let planned = match share(36, place as u64) {
            chance if chance < 0.35 => Value::Integer(1),
            chance if chance < 0.75 => Value::Integer(2),
            _ => Value::Null,
        };
        let own = plot(state, planned, of_list(&uses), of_list(&pollutants), &shape);
        let (id, name) = (format!("WX-C-{:02}", place + 1), format!("示例地块 {:02}", place + 1));
        plots.push(feature(&id, &name, district, &Origin::example(), shape, own));
    }
    let shape = quarter(Coord { x: 120.452, y: 31.612 }, 3.2, 0.1);
    let source = "名称见江苏省建设用地土壤污染风险管控和修复名录(第 18 批)；位置与范围为示意";
    let own = plot(text("listed"), Value::Null, text("未公布"), text("未公布"), &shape);
    let district = ground.names(&shape);
    let id = format!("WX-C-{:02}", plots.len() + 1);
    plots.push(feature(&id, "万泉路南、润锡中路东地块", &district, &Origin::drawn(source), shape, own));
    plots
}

fn plot(status: Value, planned: Value, used: Value, found: Value, shape: &Geometry) -> [(&'static str, Value); 5] {
    let hectares = crate::geometry::area(shape).hectares();
    [
        ("status", status),
        ("planned_use", planned),
        ("former_use", used),
        ("area_ha", Value::Real((hectares * 100.0).round() / 100.0)),
        ("pollutants", found),
    ]
}

/// A four-sided plot of so many hectares, a little askew.
fn quarter(centre: Coord, hectares: f64, chance: f64) -> Geometry {
    let (at, half) = (metres(centre), (hectares * 10_000.0).sqrt() / 2.0);
    let (ratio, turn) = (1.0 + 0.5 * chance, (chance - 0.5) * 0.8);
    let (cos, sin) = (libm::cos(turn), libm::sin(turn));
    let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)];
    let ring = corners.into_iter().map(|(x, y)| {
        let (x, y) = (x * half * ratio, y * half / ratio);
        degrees(Coord { x: at.x + x * cos - y * sin, y: at.y + x * sin + y * cos })
    });
    swept(MultiPolygon::new(vec![Polygon::new(ring.collect(), vec![])]))
}

/// A repeatable position in an area.
fn anywhere(area: &MultiPolygon, number: u64, seed: u64) -> Option<Point> {
    let bounds = area.bounding_rect()?;
    let at = Coord {
        x: bounds.min().x + bounds.width() * share(seed, number * 2),
        y: bounds.min().y + bounds.height() * share(seed, number * 2 + 1),
    };
    let at = super::shape::written(at);
    area.intersects(&at).then_some(Point(at))
}
