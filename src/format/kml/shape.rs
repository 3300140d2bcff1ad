//! Elements of KML to shapes.

use crate::format::ProblemKind;
use crate::format::xml::Element;
use geo::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

/// Names of the elements that are shapes.
pub(super) const SHAPES: [&str; 8] =
    ["Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack", "Model"];

/// Reads a shape; heights are added for each vertex.
pub(super) fn shape(element: &Element, heights: &mut Vec<f64>) -> Result<Geometry, ProblemKind> {
    let coordinates = |element: &Element, heights: &mut Vec<f64>| {
        let text = element.child("coordinates").map_or("", |child| &child.text);
        line(text, heights)
    };
    Ok(match element.name.as_str() {
        "Point" => {
            let line = coordinates(element, heights)?;
            Geometry::Point(Point(*line.first().ok_or(ProblemKind::EmptyGeometry)?))
        }
        "LineString" | "LinearRing" => {
            let line = coordinates(element, heights)?;
            match line.len() {
                0 => return Err(ProblemKind::EmptyGeometry),
                1 => return Err(ProblemKind::TooFewPoints),
                _ => Geometry::LineString(LineString::new(line)),
            }
        }
        "Polygon" => {
            let outer = element.child("outerBoundaryIs").and_then(|outer| outer.child("LinearRing"));
            let mut ring = |element: &Element| -> Result<LineString, ProblemKind> {
                let mut line = coordinates(element, heights)?;
                match line.len() {
                    0 => return Err(ProblemKind::EmptyGeometry),
                    1..=2 => return Err(ProblemKind::TooFewPoints),
                    _ => {}
                }
                if line.first() != line.last() {
                    line.extend(line.first().copied());
                    let start = heights.len() + 1 - line.len();
                    heights.extend(heights.get(start).copied());
                }
                Ok(LineString::new(line))
            };
            let exterior = ring(outer.ok_or(ProblemKind::EmptyGeometry)?)?;
            let inner = element.all("innerBoundaryIs").flat_map(|inner| inner.all("LinearRing"));
            let interiors: Result<Vec<_>, _> = inner.map(ring).collect();
            Geometry::Polygon(Polygon::new(exterior, interiors?))
        }
        "Track" => {
            let words: Vec<String> =
                element.all("coord").map(|at| at.text.split_whitespace().collect::<Vec<_>>().join(",")).collect();
            let line = line(&words.join(" "), heights)?;
            if line.len() < 2 {
                return Err(ProblemKind::TooFewPoints);
            }
            Geometry::LineString(LineString::new(line))
        }
        "MultiGeometry" | "MultiTrack" => {
            let parts = element.children.iter().filter(|child| SHAPES.contains(&child.name.as_str()));
            let parts: Result<Vec<Geometry>, _> = parts.map(|part| shape(part, heights)).collect();
            gathered(parts?)
        }
        other => return Err(ProblemKind::UnknownGeometry(other.to_owned())),
    })
}

/// What a picture on the ground covers: a box, perhaps turned about its middle, or four corners.
pub(super) fn overlay(element: &Element, heights: &mut Vec<f64>) -> Result<Geometry, ProblemKind> {
    let corners = match (element.child("LatLonQuad"), element.child("LatLonBox")) {
        (Some(quad), _) => line(quad.child("coordinates").map_or("", |child| &child.text), heights)?,
        (None, Some(area)) => {
            let number = |name: &str| area.child(name).map_or(Ok(0.0), |child| child.text.parse::<f64>());
            let side = |name: &str| match (area.child(name), number(name)) {
                (Some(_), Ok(degrees)) if degrees.is_finite() => Ok(degrees),
                _ => Err(ProblemKind::MalformedGeometry),
            };
            let (north, south, east, west) = (side("north")?, side("south")?, side("east")?, side("west")?);
            let turn = number("rotation").map_err(|_| ProblemKind::MalformedGeometry)?.to_radians();
            let middle = Coord { x: f64::midpoint(west, east), y: f64::midpoint(south, north) };
            // it is turned on the ground, where a degree to the east is shorter than one to the north
            let squeeze = libm::cos(middle.y.to_radians()).max(1e-6);
            let (sine, cosine) = (libm::sin(turn), libm::cos(turn));
            let corner = |x: f64, y: f64| {
                let (x, y) = ((x - middle.x) * squeeze, y - middle.y);
                Coord { x: middle.x + (x * cosine - y * sine) / squeeze, y: middle.y + x * sine + y * cosine }
            };
            vec![corner(west, south), corner(east, south), corner(east, north), corner(west, north)]
        }
        (None, None) => return Err(ProblemKind::EmptyGeometry),
    };
    heights.clear();
    if corners.len() < 3 {
        return Err(ProblemKind::TooFewPoints);
    }
    Ok(Geometry::Polygon(Polygon::new(LineString::new(corners), Vec::new())))
}

/// Parts of one kind as a shape of several parts.
fn gathered(parts: Vec<Geometry>) -> Geometry {
    let points: Option<Vec<Point>> =
        parts.iter().map(|part| if let Geometry::Point(p) = part { Some(*p) } else { None }).collect();
    let lines: Option<Vec<LineString>> =
        parts.iter().map(|part| if let Geometry::LineString(l) = part { Some(l.clone()) } else { None }).collect();
    let areas: Option<Vec<Polygon>> =
        parts.iter().map(|part| if let Geometry::Polygon(p) = part { Some(p.clone()) } else { None }).collect();
    match (points, lines, areas) {
        _ if parts.is_empty() => Geometry::GeometryCollection(GeometryCollection::new_from(parts)),
        (Some(points), ..) => Geometry::MultiPoint(MultiPoint::new(points)),
        (_, Some(lines), _) => Geometry::MultiLineString(MultiLineString::new(lines)),
        (.., Some(areas)) => Geometry::MultiPolygon(MultiPolygon::new(areas)),
        _ => Geometry::GeometryCollection(GeometryCollection::new_from(parts)),
    }
}

/// Positions `longitude,latitude[,height]` parted by blanks; a blank after a comma parts nothing.
fn line(text: &str, heights: &mut Vec<f64>) -> Result<Vec<Coord>, ProblemKind> {
    let mut line = Vec::new();
    let mut numbers: Vec<f64> = Vec::with_capacity(3);
    let mut rest = text;
    let mut is_joined = false;
    let mut finish = |numbers: &mut Vec<f64>| -> Result<(), ProblemKind> {
        match numbers[..] {
            [] => return Ok(()),
            [x, y] | [x, y, _] if !x.is_finite() || !y.is_finite() => return Err(ProblemKind::NotFinite),
            [x, y] => {
                line.push(Coord { x, y });
                heights.push(0.0);
            }
            [x, y, height] => {
                line.push(Coord { x, y });
                heights.push(height);
            }
            _ => return Err(ProblemKind::MalformedGeometry),
        }
        numbers.clear();
        Ok(())
    };
    loop {
        let trimmed = rest.trim_start();
        if let Some(after) = trimmed.strip_prefix(',') {
            is_joined = true;
            rest = after;
            continue;
        }
        if trimmed.is_empty() {
            break;
        }
        if !is_joined {
            finish(&mut numbers)?;
        }
        let end = trimmed.find(|letter: char| letter == ',' || letter.is_whitespace()).unwrap_or(trimmed.len());
        let (word, after) = trimmed.split_at(end);
        numbers.push(word.parse().map_err(|_| ProblemKind::MalformedGeometry)?);
        rest = after;
        is_joined = false;
    }
    finish(&mut numbers)?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_however_they_are_spaced() {
        for text in ["1,2,3 4,5,6", " 1,2,3\n\t4, 5 ,6 ", "1 , 2, 3 4,5,6"] {
            let mut heights = Vec::new();
            let line = line(text, &mut heights).unwrap();
            assert_eq!(
                (line, heights),
                (vec![Coord { x: 1.0, y: 2.0 }, Coord { x: 4.0, y: 5.0 }], vec![3.0, 6.0]),
                "{text}"
            );
        }
        assert!(line("1 2", &mut Vec::new()).is_err() && line("1,x", &mut Vec::new()).is_err());
    }
}
