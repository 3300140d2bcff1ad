//! Reference systems by their EPSG code, and shapes moved between them with their edges kept straight where they were.

use super::reference::{GaussKruger, PlanePoint, ReferenceError, mercator, mercator_inverse};
use geo::{Coord, Geometry, LineString, Polygon};

/// How far an edge may stray from its true course when a shape is moved, metres.
const CHORD_TOLERANCE: f64 = 0.001;
/// Most pieces an edge is cut into; more than an edge across China needs.
const MOST_PIECES: u32 = 16_384;

/// A reference system in which a file may be written.
#[derive(Debug, Clone)]
pub struct System {
    code: String,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Geographic,
    /// Transverse Mercator: a Gauss–Krüger plane without false easting, scaled, then shifted.
    Plane {
        plane: GaussKruger,
        scale: f64,
        easting: f64,
    },
    Mercator,
}

impl System {
    /// Longitude and latitude, WGS 84; equal to CGCS2000 for our purposes (they differ by less than 0.1 m).
    pub fn geographic() -> Self {
        System { code: "EPSG:4326".into(), kind: Kind::Geographic }
    }

    /// The system with an EPSG code: 4326, 4490, 3857, the CGCS2000 planes 4491–4554, UTM 49–51 (32649–32651).
    pub fn epsg(code: u32) -> Result<Self, ReferenceError> {
        let plane = |meridian: u32, easting: f64, scale: f64| {
            GaussKruger::new(f64::from(meridian), 0.0).map(|plane| Kind::Plane { plane, scale, easting })
        };
        let zoned = |zone: u32| 500_000.0 + 1e6 * f64::from(zone);
        let kind = match code {
            4326 | 4490 => Kind::Geographic,
            3857 => Kind::Mercator,
            // 6° zones 13–23 with the zone before the easting, then by central meridian
            4491..=4501 => plane((code - 4491) * 6 + 75, zoned(code - 4491 + 13), 1.0)?,
            4502..=4512 => plane((code - 4502) * 6 + 75, 500_000.0, 1.0)?,
            // 3° zones 25–45 likewise
            4513..=4533 => plane((code - 4513) * 3 + 75, zoned(code - 4513 + 25), 1.0)?,
            4534..=4554 => plane((code - 4534) * 3 + 75, 500_000.0, 1.0)?,
            32_649..=32_651 => plane((code - 32_649) * 6 + 111, 500_000.0, 0.9996)?,
            _ => return Err(ReferenceError::Definition(format!("EPSG:{code}"))),
        };
        Ok(System { code: format!("EPSG:{code}"), kind })
    }

    /// Reads a definition in well-known text, or `EPSG:4549`, `4549`, `urn:ogc:def:crs:EPSG::4549`, an OGC address of it, or CRS84.
    pub fn parse(word: &str) -> Result<Self, ReferenceError> {
        let unknown = || ReferenceError::Definition(word.chars().take(120).collect());
        let upper = word.trim().to_ascii_uppercase();
        if upper.contains('[') || upper.contains('(') {
            return super::definition::of_text(word).ok_or_else(unknown);
        }
        if upper.ends_with("CRS84") {
            return Ok(System { code: "OGC:CRS84".into(), kind: Kind::Geographic });
        }
        if upper.chars().any(|letter| letter.is_ascii_alphabetic()) && !upper.contains("EPSG") {
            return Err(unknown());
        }
        let number = upper.rsplit([':', '/', '#']).next().unwrap_or_default();
        System::epsg(number.parse().map_err(|_| unknown())?).map_err(|_| unknown())
    }

    /// Its name, such as `EPSG:4549`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether its coordinates are longitude and latitude in degrees.
    pub fn is_geographic(&self) -> bool {
        matches!(self.kind, Kind::Geographic)
    }

    /// The false easting of a plane, metres.
    pub fn false_easting(&self) -> Option<f64> {
        match &self.kind {
            Kind::Plane { easting, .. } => Some(*easting),
            _ => None,
        }
    }

    /// Longitude and latitude to this system (east before north).
    pub fn forward(&self, position: Coord) -> Result<Coord, ReferenceError> {
        match &self.kind {
            Kind::Geographic => Ok(position),
            Kind::Mercator => Ok(mercator(position)),
            Kind::Plane { plane, scale, easting } => {
                let point = plane.forward(position)?;
                Ok(Coord { x: point.east * scale + easting, y: point.north * scale })
            }
        }
    }

    /// A point of this system (east before north) to longitude and latitude.
    pub fn inverse(&self, point: Coord) -> Result<Coord, ReferenceError> {
        match &self.kind {
            Kind::Geographic => Ok(point),
            Kind::Mercator => Ok(mercator_inverse(point)),
            Kind::Plane { plane, scale, easting } => {
                plane.inverse(PlanePoint { east: (point.x - easting) / scale, north: point.y / scale })
            }
        }
    }

    /// A shape of longitude and latitude in this system: vertices are added so that every edge stays within 1 mm of
    /// its course. Within one kind of system nothing is added.
    pub fn from_geographic(&self, shape: &Geometry) -> Result<Geometry, ReferenceError> {
        match &self.kind {
            Kind::Geographic => Ok(shape.clone()),
            _ => map_densified(shape, &|position| self.forward(position), |_| (1.0, 1.0)),
        }
    }

    /// A shape of this system in longitude and latitude, with added vertices as in [`System::from_geographic`].
    pub fn to_geographic(&self, shape: &Geometry) -> Result<Geometry, ReferenceError> {
        match &self.kind {
            Kind::Geographic => Ok(shape.clone()),
            _ => map_densified(shape, &|point| self.inverse(point), |at| {
                (111_320.0 * libm::cos(at.y.to_radians()), 111_000.0)
            }),
        }
    }
}

/// Moves a shape through `map`, cutting its edges so that the images of their points stay within 1 mm of the chords.
/// `unit` gives the metres of one unit of the target at a place. An edge is cut alike from either end, so that what
/// two shapes share stays shared.
pub fn map_densified(
    shape: &Geometry,
    map: &impl Fn(Coord) -> Result<Coord, ReferenceError>,
    unit: impl Fn(Coord) -> (f64, f64) + Copy,
) -> Result<Geometry, ReferenceError> {
    let line = |line: &LineString| map_line(line, map, unit);
    let polygon = |polygon: &Polygon| -> Result<Polygon, ReferenceError> {
        let holes: Result<Vec<_>, _> = polygon.interiors().iter().map(line).collect();
        Ok(Polygon::new(line(polygon.exterior())?, holes?))
    };
    Ok(match shape {
        Geometry::Point(point) => Geometry::Point(map(point.0)?.into()),
        Geometry::MultiPoint(points) => {
            let points: Result<Vec<_>, _> = points.iter().map(|point| map(point.0).map(geo::Point::from)).collect();
            Geometry::MultiPoint(geo::MultiPoint::new(points?))
        }
        Geometry::Line(edge) => Geometry::LineString(line(&LineString::new(vec![edge.start, edge.end]))?),
        Geometry::LineString(course) => Geometry::LineString(line(course)?),
        Geometry::MultiLineString(lines) => {
            let lines: Result<Vec<_>, _> = lines.iter().map(line).collect();
            Geometry::MultiLineString(geo::MultiLineString::new(lines?))
        }
        Geometry::Polygon(area) => Geometry::Polygon(polygon(area)?),
        Geometry::MultiPolygon(areas) => {
            let areas: Result<Vec<_>, _> = areas.iter().map(polygon).collect();
            Geometry::MultiPolygon(geo::MultiPolygon::new(areas?))
        }
        Geometry::Rect(rect) => Geometry::Polygon(polygon(&rect.to_polygon())?),
        Geometry::Triangle(triangle) => Geometry::Polygon(polygon(&triangle.to_polygon())?),
        Geometry::GeometryCollection(parts) => {
            let parts: Result<Vec<_>, _> = parts.iter().map(|part| map_densified(part, map, unit)).collect();
            Geometry::GeometryCollection(geo::GeometryCollection::new_from(parts?))
        }
    })
}

fn map_line(
    line: &LineString,
    map: &impl Fn(Coord) -> Result<Coord, ReferenceError>,
    unit: impl Fn(Coord) -> (f64, f64) + Copy,
) -> Result<LineString, ReferenceError> {
    let mut moved = Vec::with_capacity(line.0.len());
    if let Some(first) = line.0.first() {
        moved.push(map(*first)?);
    }
    for edge in line.lines() {
        let turned = (edge.start.x, edge.start.y) > (edge.end.x, edge.end.y);
        let (from, to) = if turned { (edge.end, edge.start) } else { (edge.start, edge.end) };
        let mut inner = cut(from, to, map, unit)?;
        if turned {
            inner.reverse();
        }
        moved.extend(inner);
        moved.push(map(edge.end)?);
    }
    Ok(LineString::new(moved))
}

/// Images of the points between the ends of an edge, evenly spaced, as many as the tolerance needs.
fn cut(
    from: Coord,
    to: Coord,
    map: &impl Fn(Coord) -> Result<Coord, ReferenceError>,
    unit: impl Fn(Coord) -> (f64, f64) + Copy,
) -> Result<Vec<Coord>, ReferenceError> {
    let at = |share: f64| map(Coord { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share });
    let (start, end) = (map(from)?, map(to)?);
    let mut pieces = 1_u32;
    loop {
        let mut knots = vec![start];
        for number in 1..pieces {
            knots.push(at(f64::from(number) / f64::from(pieces))?);
        }
        knots.push(end);
        let mut worst = 0.0_f64;
        for (number, pair) in (0_u32..).zip(knots.windows(2)) {
            let [a, b] = pair else { continue };
            // three places: a course that bends both ways may cross its chord in the middle
            for share in [0.25, 0.5, 0.75] {
                let seen = at((f64::from(number) + share) / f64::from(pieces))?;
                worst = worst.max(stray(seen, *a, *b, unit(*a)));
            }
        }
        if worst <= CHORD_TOLERANCE || pieces >= MOST_PIECES {
            knots.pop();
            knots.remove(0);
            return Ok(knots);
        }
        // the sagitta falls with the square of the length
        let wanted = f64::from(pieces) * libm::sqrt(worst / CHORD_TOLERANCE);
        pieces = (wanted.ceil().min(f64::from(MOST_PIECES)) as u32).max(pieces + 1);
    }
}

/// Distance in metres of a point from the chord between two others.
fn stray(point: Coord, a: Coord, b: Coord, unit: (f64, f64)) -> f64 {
    let (px, py) = ((point.x - a.x) * unit.0, (point.y - a.y) * unit.1);
    let (bx, by) = ((b.x - a.x) * unit.0, (b.y - a.y) * unit.1);
    let length = libm::sqrt(bx * bx + by * by);
    if length > 0.0 { (px * by - py * bx).abs() / length } else { libm::sqrt(px * px + py * py) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// pyproj 3.7 (PROJ 9), always_xy, of 120.30 E 31.57 N.
    #[test]
    fn systems_agree_with_proj() {
        for (code, east, north) in [
            (4528, 40_528_479.500_677, 3_494_211.754_852),
            (4549, 528_479.500_677, 3_494_211.754_852),
            (4548, 813_352.700_230, 3_498_900.333_853),
            (4498, 20_813_352.700_230, 3_498_900.333_853),
            (32_651, 243_744.381_954, 3_495_937.571_868),
            (32_650, 813_227.359_149, 3_497_500.773_818),
            (3857, 13_391_734.742_431, 3_706_997.856_179),
        ] {
            let point = System::epsg(code).unwrap().forward(Coord { x: 120.30, y: 31.57 }).unwrap();
            assert!((point.x - east).abs() < 1e-4 && (point.y - north).abs() < 1e-4, "{code} {point:?}");
            let back = System::epsg(code).unwrap().inverse(point).unwrap();
            assert!((back.x - 120.30).abs() < 1e-10 && (back.y - 31.57).abs() < 1e-10);
        }
    }

    #[test]
    fn names_are_read_in_their_usual_forms() {
        for word in ["EPSG:4549", "4549", "urn:ogc:def:crs:EPSG::4549", "http://www.opengis.net/def/crs/EPSG/0/4549"] {
            assert_eq!(System::parse(word).unwrap().code(), "EPSG:4549");
        }
        assert_eq!(System::parse("urn:ogc:def:crs:OGC:1.3:CRS84").unwrap().code(), "OGC:CRS84");
        for word in ["", "EPSG:2385", "EPSG:99999999999", "WUXI:1"] {
            assert!(System::parse(word).is_err(), "{word}");
        }
    }

    #[test]
    fn a_parallel_keeps_within_a_millimetre_in_the_plane() {
        let line = LineString::new(vec![Coord { x: 120.1, y: 31.5 }, Coord { x: 120.3, y: 31.5 }]);
        let system = System::epsg(4549).unwrap();
        let Geometry::LineString(moved) = system.from_geographic(&Geometry::LineString(line)).unwrap() else {
            panic!("a line stays a line")
        };
        assert!(moved.0.len() > 50 && moved.0.len() < 400, "{}", moved.0.len());
        for edge in moved.lines() {
            let middle = Coord { x: (edge.start.x + edge.end.x) / 2.0, y: (edge.start.y + edge.end.y) / 2.0 };
            let back = system.inverse(middle).unwrap();
            assert!((back.y - 31.5).abs() * 111_000.0 < 0.001_1);
        }
    }

    #[test]
    fn an_edge_is_cut_alike_from_either_end() {
        let (a, b) = (Coord { x: 120.11, y: 31.52 }, Coord { x: 120.29, y: 31.47 });
        let system = System::epsg(4528).unwrap();
        let there = system.from_geographic(&Geometry::LineString(LineString::new(vec![a, b]))).unwrap();
        let back = system.from_geographic(&Geometry::LineString(LineString::new(vec![b, a]))).unwrap();
        let (Geometry::LineString(there), Geometry::LineString(mut back)) = (there, back) else { panic!() };
        back.0.reverse();
        assert_eq!(there, back);
    }
}
