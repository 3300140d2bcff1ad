//! Layers to the text of boundary points.

use super::FAMILIES;
use crate::atlas::Value;
use crate::format::{Place, Problem, ProblemKind, Target, WriteError, WriteLayer, Written, geojson};
use crate::geometry::System;
use geo::{Area, Coord, CoordsIter, Geometry, LineString, Polygon};
use std::fmt::Write;

/// Names of the fields that have a place in the head of a plot.
const NAMES: [&[&str]; 5] = [
    &["编号", "id", "ID", "DKBH"],
    &["名称", "name", "地块名称", "项目名称", "DKMC", "XMMC", "NAME"],
    &["图幅号", "TFH"],
    &["用途", "地块用途", "DKYT"],
    &["地类编码", "DLBM"],
];
/// Fields that follow from the shape and are written anew.
const OWN: [&str; 3] = ["界址点数", "标称面积", "图形属性"];

/// Writes all layers as one text. In a plane of Gauss–Krüger: the one asked for, that of the layers, or the 3° zone
/// of CGCS2000 around them with its number before the easting.
pub(in crate::format) fn write(layers: &[WriteLayer], target: &Target) -> Result<Written, WriteError> {
    let system = system(layers, target)?;
    let mut out = head(&system);
    let mut problems = Vec::new();
    let mut number = 0;
    for layer in layers {
        let is_own = layer.reference.is_some_and(|own| *own == system) && !layer.originals.is_empty();
        tell_fields(layer, &mut problems);
        for (place, feature) in layer.features.iter().enumerate() {
            let Some(original) = layer.shape(place, Some(&system))? else {
                problems.push(Problem::of_file(ProblemKind::NoGeometry(1)));
                continue;
            };
            number += 1;
            let (kind, rings) = parts(&original.shape);
            if let Geometry::GeometryCollection(collection) = &original.shape
                && collection.iter().any(|part| parts(part).0 != kind)
            {
                let name = geojson::geometry_name(&original.shape).to_owned();
                let place = Place { feature: Some(place + 1), ..Place::default() };
                problems.push(Problem { kind: ProblemKind::PartsLeftOut(name), place });
            }
            let words = |names: &[&str]| {
                let found = names.iter().map(|name| layer.value(feature, name)).find(|value| !value.is_null());
                found.map(|value| clean(&value.to_string())).unwrap_or_default()
            };
            let words: Vec<String> = NAMES.iter().map(|names| words(names)).collect();
            let [id, name, sheet, purpose, land] = words.as_slice() else { continue };
            let id = if id.is_empty() { clean(&feature.id) } else { id.clone() };
            let count: usize = rings.iter().map(|ring| ring.0.len()).sum();
            let area = original.shape.unsigned_area() / 10_000.0;
            let further = further(layer, feature);
            let _ = writeln!(
                out,
                "{count},{area:.4},{id},{name},{kind},{sheet},{purpose},{land},{further}@\r",
                id = if id.is_empty() { number.to_string() } else { id }
            );
            corners(&rings, kind == "面", digits(target, is_own), &mut out);
        }
    }
    let bytes = encode(out, target)?;
    Ok(Written { problems, ..Written::one(bytes) })
}

/// The plane in which the layers are written.
pub(in crate::format) fn system(layers: &[WriteLayer], target: &Target) -> Result<System, WriteError> {
    match &target.reference {
        Some(asked) if is_plane(asked) => Ok(asked.clone()),
        Some(_) => Err(WriteError::OnlyPlanes),
        None => match layers.first().and_then(|layer| layer.target(target)).filter(is_plane) {
            Some(own) => Ok(own),
            None => around(layers),
        },
    }
}

fn is_plane(system: &System) -> bool {
    plane(system).is_some()
}

/// Datum, width of the zone and its number.
fn plane(system: &System) -> Option<(&'static str, u32, u32)> {
    let code: u32 = system.code().strip_prefix("EPSG:")?.parse().ok()?;
    FAMILIES.iter().find_map(|family| {
        let of = |start: u32| code.checked_sub(start).filter(|place| *place < family.count);
        let place = of(family.zoned).or_else(|| of(family.plain))?;
        Some((family.datum, family.degrees, family.first + place))
    })
}

fn around(layers: &[WriteLayer]) -> Result<System, WriteError> {
    let shapes = layers.iter().flat_map(|layer| layer.features).filter_map(|feature| feature.shape.as_ref());
    let (sum, count) = shapes
        .flat_map(|shape| shape.coords_iter().next())
        .fold((0.0, 0.0), |(sum, count), at: Coord| (sum + at.x, count + 1.0));
    let longitude = if count > 0.0 { sum / count } else { 120.0 };
    let zone = (longitude / 3.0).round().clamp(25.0, 45.0) as u32;
    let code = 4513 + zone - 25;
    System::epsg(code).map_err(|reason| WriteError::Outside { code: format!("EPSG:{code}"), reason })
}

fn head(system: &System) -> String {
    let (datum, degrees, zone) = plane(system).unwrap_or(("2000国家大地坐标系", 3, 40));
    format!(
        "[属性描述]\r\n格式版本号=\r\n数据产生单位=\r\n数据产生日期=\r\n坐标系={datum}\r\n几度分带={degrees}\r\n投影类型=高斯克吕格\r\n计量单位=米\r\n带号={zone}\r\n精度=0.001\r\n转换参数=,,,,,,\r\n[地块坐标]\r\n"
    )
}

/// A word without the marks that part words in this format.
fn clean(word: &str) -> String {
    word.chars().map(|letter| if matches!(letter, ',' | '@' | '\r' | '\n') { ' ' } else { letter }).collect()
}

/// What a plot read from such a text had behind its eight parts.
fn further(layer: &WriteLayer, feature: &crate::atlas::Feature) -> String {
    let names = (1..).map(|number| format!("附加{number}"));
    let names = names.take_while(|name| layer.fields.iter().any(|(known, _)| known == name));
    names.map(|name| format!("{},", clean(&feature.value(&name).to_string()))).collect()
}

fn tell_fields(layer: &WriteLayer, problems: &mut Vec<Problem>) {
    let has_place =
        |name: &str| OWN.contains(&name) || name.starts_with("附加") || NAMES.iter().any(|names| names.contains(&name));
    let is_used = |name: &str| layer.features.iter().any(|feature| *feature.value(name) != Value::Null);
    let left: Vec<&str> = layer.fields.iter().map(|(name, _)| &**name).filter(|name| !has_place(name)).collect();
    let left: Vec<&str> = left.into_iter().filter(|name| is_used(name)).collect();
    if !left.is_empty() {
        problems.push(Problem::of_file(ProblemKind::FieldsLeftOut(left.join("、"))));
    }
}

fn parts(shape: &Geometry) -> (&'static str, Vec<LineString>) {
    let rings = |polygon: &Polygon| -> Vec<LineString> {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).cloned().collect()
    };
    match shape {
        Geometry::Polygon(polygon) => ("面", rings(polygon)),
        Geometry::MultiPolygon(polygons) => ("面", polygons.iter().flat_map(rings).collect()),
        Geometry::LineString(line) => ("线", vec![line.clone()]),
        Geometry::MultiLineString(lines) => ("线", lines.0.clone()),
        Geometry::GeometryCollection(collection) => {
            // a plot is of one kind: areas before lines before points
            let all: Vec<(&str, Vec<LineString>)> = collection.iter().map(parts).collect();
            let has = |kind: &&str| all.iter().any(|(own, _)| own == kind);
            let kind = ["面", "线", "点"].into_iter().find(has).unwrap_or("点");
            (kind, all.into_iter().filter(|(own, _)| *own == kind).flat_map(|(_, lines)| lines).collect())
        }
        other => ("点", vec![LineString::new(other.coords_iter().collect())]),
    }
}

/// Decimals of coordinates: those asked for, all of them where they come from such a plane, else tenths of a
/// millimetre.
fn digits(target: &Target, is_own: bool) -> Option<usize> {
    target.decimals.map(usize::from).or(if is_own { None } else { Some(4) })
}

fn corners(rings: &[LineString], are_areas: bool, digits: Option<usize>, out: &mut String) {
    let number = |value: f64| match digits {
        Some(digits) => format!("{value:.digits$}"),
        None => {
            let whole = value.to_string();
            let decimals = whole.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            if decimals < 3 { format!("{value:.3}") } else { whole }
        }
    };
    let mut label = 0;
    for (ring, line) in (1..).zip(rings) {
        let first = label + 1;
        let last = line.0.len().saturating_sub(1);
        for (place, at) in line.0.iter().enumerate() {
            let closes = are_areas && place == last && place > 0;
            label += usize::from(!closes);
            let shown = if closes { first } else { label };
            let _ = writeln!(out, "J{shown},{ring},{},{}\r", number(at.y), number(at.x));
        }
    }
}

/// GBK, as the land offices' programs expect; UTF-8 with its mark where a letter is not in it.
fn encode(text: String, target: &Target) -> Result<Vec<u8>, WriteError> {
    let name = target.encoding.as_deref().unwrap_or("GBK");
    let encoding = encoding_rs::Encoding::for_label(name.trim().as_bytes())
        .ok_or_else(|| WriteError::UnknownEncoding(name.to_owned()))?;
    let (bytes, used, is_broken) = encoding.encode(&text);
    if is_broken || used == encoding_rs::UTF_8 {
        return Ok([&[0xef, 0xbb, 0xbf], text.as_bytes()].concat());
    }
    Ok(bytes.into_owned())
}
