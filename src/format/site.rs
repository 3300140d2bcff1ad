//! Areas of a file as proposed projects; a place with a radius and a line with a width become areas too.

use super::{Place, Problem, ProblemKind, ReadLayer, geojson};
use crate::atlas::{Feature, LandUse, Site, Value};
use crate::geometry::{self, GaussKruger, PlanePoint, PreparedShape};
use geo::{Coord, Geometry, LineString, MultiPolygon, Polygon};

/// A project with the columns of its row.
pub type ProjectRow = (Site, Vec<(String, Value)>);

/// Names of the columns that are understood, Chinese or English.
const NAME: &[&str] =
    &["name", "名称", "项目名称", "地块名称", "工程名称", "NAME", "Name", "project", "project_name", "XMMC", "DKMC"];
const KIND: &[&str] = &[
    "project_kind",
    "项目类型代码",
    "项目类型",
    "项目类别",
    "建设类型",
    "类型",
    "kind",
    "project_type",
    "type",
    "XMLX",
];
const LAND_USE: &[&str] = &["land_use", "用地类别", "建设用地类别", "用地分类", "land_class", "landuse", "YDLB"];
const RADIUS: &[&str] = &["radius", "radius_m", "半径", "半径(米)", "半径（米）", "半径(m)", "半径_米", "r_m"];
const WIDTH: &[&str] =
    &["width", "width_m", "宽度", "宽度(米)", "宽度（米）", "宽度(m)", "廊道宽度", "红线宽度", "corridor_m"];

/// Farthest that a circle is known by its edges, metres.
const SAG: f64 = 0.01;
/// Widest radius or width that is understood, metres.
const WIDEST: f64 = 100_000.0;

/// The areas of a layer as sites; what is no area is told. Name, kind and land use are taken from fields of the usual
/// names, Chinese or English.
pub fn sites(layer: &ReadLayer) -> (Vec<Site>, Vec<Problem>) {
    let (projects, problems) = projects(layer);
    (projects.into_iter().map(|(site, _)| site).collect(), problems)
}

/// The same, each with the columns of its row.
pub fn projects(layer: &ReadLayer) -> (Vec<ProjectRow>, Vec<Problem>) {
    let (mut projects, mut problems) = (Vec::new(), Vec::new());
    for (number, feature) in (1..).zip(&layer.features) {
        let Some(shape) = feature.shape.as_ref() else { continue };
        match areas(shape).or_else(|| grown(shape, feature)) {
            Some(shape) => projects.push((site_of(feature, shape), feature.values.clone())),
            None => {
                let path = geojson::geometry_name(shape).to_owned();
                let place = Place { feature: Some(number), path, ..Place::default() };
                problems.push(Problem { kind: ProblemKind::NotAnArea, place });
            }
        }
    }
    (projects, problems)
}

fn first<'a>(feature: &'a Feature, names: &[&str]) -> Option<&'a Value> {
    names.iter().map(|name| feature.value(name)).find(|value| !value.is_null())
}

/// A feature as a site of this outline.
pub fn site_of(feature: &Feature, shape: MultiPolygon) -> Site {
    let words = |names: &[&str]| first(feature, names).map(Value::to_string).unwrap_or_default();
    let (name, land_use) = (words(NAME), words(LAND_USE));
    let land_use = land_use.trim().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| land_use == *word || land_use.starts_with(&format!("{word}(")));
    Site {
        id: feature.id.clone(),
        name: if name.is_empty() { feature.id.clone() } else { name },
        shape,
        kind: words(KIND),
        land_use: if says(&["1", "第一类用地", "第一类", "一类", "一类用地", "first", "class 1", "i"]) {
            Some(LandUse::First)
        } else if says(&["2", "第二类用地", "第二类", "二类", "二类用地", "second", "class 2", "ii"]) {
            Some(LandUse::Second)
        } else {
            None
        },
        ..Site::default()
    }
}

fn areas(shape: &Geometry) -> Option<MultiPolygon> {
    match shape {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon.clone()])),
        Geometry::MultiPolygon(polygons) => Some(polygons.clone()),
        Geometry::Rect(rect) => Some(MultiPolygon::new(vec![rect.to_polygon()])),
        Geometry::GeometryCollection(parts) => {
            let parts: Option<Vec<MultiPolygon>> = parts.iter().map(areas).collect();
            let polygons: Vec<_> = parts?.into_iter().flatten().collect();
            (!polygons.is_empty()).then(|| MultiPolygon::new(polygons))
        }
        _ => None,
    }
}

/// Whether a column tells the kind of a project: such files hold projects.
pub fn names_project_kind(column: &str) -> bool {
    // these tell kinds of anything
    let general = ["kind", "type", "类型"];
    KIND.iter().any(|name| name.eq_ignore_ascii_case(column.trim()) && !general.contains(name))
}

/// A place with its radius, or a line with its width.
fn grown(shape: &Geometry, feature: &Feature) -> Option<MultiPolygon> {
    let metres = |names: &[&str]| {
        let value = first(feature, names)?;
        let metres = value.as_number().or_else(|| value.as_text()?.trim().parse().ok())?;
        (metres > 0.0 && metres <= WIDEST).then_some(metres)
    };
    match shape {
        Geometry::Point(point) => circle(point.0, metres(RADIUS)?),
        Geometry::LineString(_) | Geometry::MultiLineString(_) => {
            let prepared = PreparedShape::new(shape);
            let bounds = prepared.bounds()?;
            let plane = GaussKruger::three_degree(bounds.center().x).ok()?;
            let half = metres(WIDTH)? / 2.0;
            let half = half * scale(bounds.center(), half, &plane)?;
            geometry::belt(&prepared, bounds, half, &plane).map(|belt| belt.to_polygons())
        }
        _ => None,
    }
}

/// Metres of the plane for a metre on the ellipsoid, about a place.
fn scale(centre: Coord, metres: f64, plane: &GaussKruger) -> Option<f64> {
    let at = plane.forward(centre).ok()?;
    let beside = plane.inverse(PlanePoint { east: at.east + metres, north: at.north }).ok()?;
    Some(metres / geometry::distance(centre, beside))
}

/// A circle on the ellipsoid: a polygon of its area whose border stays within a centimetre of it.
fn circle(centre: Coord, radius: f64) -> Option<MultiPolygon> {
    let plane = GaussKruger::three_degree(centre.x).ok()?;
    let at = plane.forward(centre).ok()?;
    let reach = radius * scale(centre, radius, &plane)?;
    let half = libm::acos((1.0 - SAG / radius).clamp(-1.0, 1.0));
    let corners = (std::f64::consts::PI / half.max(1e-6)).ceil().clamp(32.0, 2_048.0);
    let radius = radius * geometry::circle_reach(corners);
    let mut ring = Vec::new();
    let mut corner = 0.0;
    while corner < corners {
        let turn = std::f64::consts::TAU * corner / corners;
        let corner_at = |reach: f64| {
            let (east, north) = (at.east + reach * libm::cos(turn), at.north + reach * libm::sin(turn));
            plane.inverse(PlanePoint { east, north }).ok()
        };
        // the scale of the plane is another on the other side
        let nearly = geometry::distance(centre, corner_at(reach)?);
        ring.push(corner_at(reach * radius / nearly)?);
        corner += 1.0;
    }
    Some(MultiPolygon::new(vec![Polygon::new(LineString::new(ring), Vec::new())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{area, distance};

    #[test]
    fn a_place_with_a_radius_is_a_circle_on_the_ellipsoid() {
        let centre = Coord { x: 120.9, y: 31.4 };
        for radius in [5.0, 300.0, 5_000.0] {
            let shape = circle(centre, radius).unwrap();
            let ring = shape.0[0].exterior();
            for at in &ring.0 {
                assert!((distance(centre, *at) - radius).abs() < 2e-6 * radius + SAG, "{radius}");
            }
            let ideal = std::f64::consts::PI * radius * radius;
            let found = area(&Geometry::MultiPolygon(shape.clone())).square_metres();
            assert!((found / ideal - 1.0).abs() < 2e-5, "{found} {ideal}");
        }
    }

    #[test]
    fn columns_of_an_office_are_understood() {
        let text = "项目名称,项目类型,用地类别,经度,纬度,半径\n=示例甲,住宅,第一类用地,120.3,31.5,100\n示例乙,,2,120.4,31.5,\n";
        let reading = crate::format::read(text.as_bytes(), "表", &Default::default()).unwrap();
        let (projects, problems) = projects(&reading.layers[0]);
        let [(site, columns)] = projects.as_slice() else { panic!("{projects:?}") };
        assert_eq!((site.name.as_str(), site.kind.as_str()), ("=示例甲", "住宅"));
        assert_eq!(site.land_use, Some(LandUse::First));
        assert!(columns.iter().any(|(name, _)| name == "半径"));
        assert_eq!(problems.len(), 1);
    }
}
