//! Areas of a file as proposed projects.

use super::{Place, Problem, ProblemKind, ReadLayer, geojson};
use crate::atlas::{Feature, LandUse, Site, Value};
use geo::{Geometry, MultiPolygon};

/// The areas of a layer as sites; what is no area is told. Name, kind and land use are taken from fields of the usual
/// names, Chinese or English.
pub fn sites(layer: &ReadLayer) -> (Vec<Site>, Vec<Problem>) {
    let (mut sites, mut problems) = (Vec::new(), Vec::new());
    for (number, feature) in (1..).zip(&layer.features) {
        let Some(shape) = feature.shape.as_ref() else { continue };
        match areas(shape) {
            Some(shape) => sites.push(site_of(feature, shape)),
            None => {
                let path = geojson::geometry_name(shape).to_owned();
                let place = Place { feature: Some(number), path, ..Place::default() };
                problems.push(Problem { kind: ProblemKind::NotAnArea, place });
            }
        }
    }
    (sites, problems)
}

/// A feature as a site of this outline.
pub fn site_of(feature: &Feature, shape: MultiPolygon) -> Site {
    let words = |names: &[&str]| {
        let known = names.iter().map(|name| feature.value(name)).find(|value| !value.is_null());
        known.map(Value::to_string).unwrap_or_default()
    };
    let name = words(&["name", "名称", "项目名称", "地块名称", "NAME", "XMMC", "DKMC"]);
    let land_use = words(&["land_use", "用地类别", "建设用地类别"]);
    Site {
        id: feature.id.clone(),
        name: if name.is_empty() { feature.id.clone() } else { name },
        shape,
        kind: words(&["project_kind", "项目类型代码", "kind"]),
        land_use: match land_use.trim() {
            "1" | "第一类用地" | "第一类" | "一类" => Some(LandUse::First),
            "2" | "第二类用地" | "第二类" | "二类" => Some(LandUse::Second),
            _ => None,
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
