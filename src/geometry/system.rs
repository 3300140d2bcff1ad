//! Reference systems by their EPSG code, and shapes moved between them with their edges kept straight where they were.

use super::datum::{Datum, Plane};
use super::local::Shift;
use super::offset;
use super::reference::{ReferenceError, mercator, mercator_inverse};
use geo::{Coord, Geometry, LineString, Polygon};
use proj4rs::{Proj, adaptors::transform_xy};
use std::sync::Arc;

/// How far an edge may stray from its true course when a shape is moved, metres.
const CHORD_TOLERANCE: f64 = 0.001;
/// Most pieces an edge is cut into; more than an edge across China needs.
const MOST_PIECES: u32 = 16_384;

/// A reference system in which a file may be written.
#[derive(Debug, Clone)]
pub struct System {
    code: Arc<str>,
    kind: Kind,
    /// What lies between it and the map besides its projection.
    shift: Option<Shift>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// Longitude and latitude of a datum.
    Geographic(Datum),
    /// Transverse Mercator.
    Plane(Plane),
    /// Web Mercator.
    Mercator,
    /// Longitude and latitude as shifted on most Chinese web maps.
    Gcj02,
    /// The same shifted again by Baidu.
    Bd09,
    /// Another projection, as parameters of PROJ; its plane and its longitude and latitude.
    Other { datum: Datum, text: Arc<str>, projections: Arc<(Proj, Proj)> },
}

impl PartialEq for System {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl System {
    fn new(code: &str, kind: Kind) -> Self {
        System { code: code.into(), kind, shift: None }
    }

    /// A system without a code, named by its definition.
    pub(super) fn unnamed(definition: &str, kind: Kind) -> Self {
        System::new(definition, kind)
    }

    /// The same with seven parameters from its datum to that of the map: metres, seconds of arc, parts per million
    /// (position vector, EPSG method 9606).
    pub(super) fn with_seven(&self, seven: [f64; 7]) -> Option<Self> {
        let listed = seven.map(|figure| figure.to_string()).join(",");
        let definition = super::definition::written(&self.kind);
        let shift = Some(Shift::seven(self.datum(), seven)?).filter(|_| !definition.is_empty())?;
        let code = format!("{definition} +towgs84={listed}");
        Some(System { code: code.into(), kind: self.kind.clone(), shift: Some(shift) })
    }

    /// The same under another name, with what lies between it and the map.
    pub(super) fn shifted(&self, name: &str, shift: Shift) -> Self {
        System { code: name.into(), kind: self.kind.clone(), shift: Some(shift) }
    }

    /// Whether it has these figures and nothing else.
    pub(super) fn is_kind(&self, kind: &Kind) -> bool {
        match (&self.kind, kind) {
            (Kind::Geographic(a), Kind::Geographic(b)) => a == b,
            (Kind::Plane(a), Kind::Plane(b)) => a.is_same(b),
            (Kind::Mercator, Kind::Mercator) => true,
            _ => false,
        }
    }

    /// Longitude and latitude, WGS 84; equal to CGCS2000 for our purposes (they differ by less than 0.1 m).
    pub fn geographic() -> Self {
        System::new("EPSG:4326", Kind::Geographic(Datum::Wgs84))
    }

    /// Longitude and latitude of GCJ-02.
    pub fn gcj02() -> Self {
        System::new("GCJ-02", Kind::Gcj02)
    }

    /// Longitude and latitude of BD-09.
    pub fn bd09() -> Self {
        System::new("BD-09", Kind::Bd09)
    }

    /// The system with an EPSG code: 4326, 4490, 3857, UTM of WGS 84 (32601–32660, 32701–32760), the Gauss–Krüger
    /// planes of CGCS2000 (4491–4554), Xi'an 1980 (4610, 2327–2390) and Beijing 1954 (4214, 21413–21423, 21453–21463,
    /// 2401–2442).
    pub fn epsg(code: u32) -> Result<Self, ReferenceError> {
        use Datum::{Beijing1954, Cgcs2000, Wgs84, Xian1980};
        let plane = |datum, meridian: f64, scale, easting, northing| {
            Plane::new(datum, meridian, scale, easting, northing).map(Kind::Plane)
        };
        // by central meridian, or with the number of the zone before the easting
        let six = |datum, place: u32, is_zoned: bool| {
            let zone = if is_zoned { f64::from(place + 13) } else { 0.0 };
            plane(datum, f64::from(place * 6 + 75), 1.0, 500_000.0 + 1e6 * zone, 0.0)
        };
        let three = |datum, place: u32, is_zoned: bool| {
            let zone = if is_zoned { f64::from(place + 25) } else { 0.0 };
            plane(datum, f64::from(place * 3 + 75), 1.0, 500_000.0 + 1e6 * zone, 0.0)
        };
        let utm = |zone: u32, northing| plane(Wgs84, f64::from(zone) * 6.0 - 183.0, 0.9996, 500_000.0, northing);
        let kind = match code {
            4326 => Kind::Geographic(Wgs84),
            4490 => Kind::Geographic(Cgcs2000),
            4610 => Kind::Geographic(Xian1980),
            4214 => Kind::Geographic(Beijing1954),
            3857 => Kind::Mercator,
            4491..=4501 => six(Cgcs2000, code - 4491, true)?,
            4502..=4512 => six(Cgcs2000, code - 4502, false)?,
            4513..=4533 => three(Cgcs2000, code - 4513, true)?,
            4534..=4554 => three(Cgcs2000, code - 4534, false)?,
            2327..=2337 => six(Xian1980, code - 2327, true)?,
            2338..=2348 => six(Xian1980, code - 2338, false)?,
            2349..=2369 => three(Xian1980, code - 2349, true)?,
            2370..=2390 => three(Xian1980, code - 2370, false)?,
            21_413..=21_423 => six(Beijing1954, code - 21_413, true)?,
            21_453..=21_463 => six(Beijing1954, code - 21_453, false)?,
            2401..=2421 => three(Beijing1954, code - 2401, true)?,
            2422..=2442 => three(Beijing1954, code - 2422, false)?,
            32_601..=32_660 => utm(code - 32_600, 0.0)?,
            32_701..=32_760 => utm(code - 32_700, 1e7)?,
            _ => return Err(ReferenceError::Definition(format!("EPSG:{code}"))),
        };
        Ok(System::new(&format!("EPSG:{code}"), kind))
    }

    /// Reads a definition in well-known text or as PROJ writes it, or `EPSG:4549`, `4549`, `urn:ogc:def:crs:EPSG::4549`, an OGC address of
    /// it, CRS84, GCJ-02, BD-09.
    pub fn parse(word: &str) -> Result<Self, ReferenceError> {
        let unknown = || ReferenceError::Definition(word.chars().take(120).collect());
        let upper = word.trim().to_ascii_uppercase();
        match upper.replace(['-', '_', ' '], "").as_str() {
            "GCJ02" | "火星坐标" | "火星坐标系" => return Ok(System::gcj02()),
            "BD09" | "BD09LL" | "百度坐标" | "百度坐标系" => return Ok(System::bd09()),
            _ => {}
        }
        if super::definition::looks_like_wkt(&upper) || upper.starts_with('+') {
            return super::definition::of_text(word).ok_or_else(unknown);
        }
        if upper.ends_with("CRS84") {
            return Ok(System::new("OGC:CRS84", Kind::Geographic(Datum::Wgs84)));
        }
        if upper.chars().any(char::is_alphabetic) && !upper.contains("EPSG") {
            return Err(unknown());
        }
        let number = upper.rsplit([':', '/', '#']).next().unwrap_or_default();
        System::epsg(number.parse().map_err(|_| unknown())?).map_err(|_| unknown())
    }

    /// Its definition in well-known text 1 as ESRI and OGC read it alike; absent where that has no words for it: the
    /// shifted web maps, parameters of one's own.
    pub fn well_known_text(&self) -> Option<String> {
        if self.shift.is_some() {
            return None;
        }
        let geographic = |datum: Datum| {
            let (name, datum_name, ellipsoid) = match datum {
                Datum::Other(..) => ("GCS_Unknown", "D_Unknown", "Unknown"),
                Datum::Cgcs2000 => ("GCS_China_Geodetic_Coordinate_System_2000", "D_China_2000", "CGCS2000"),
                Datum::Wgs84 => ("GCS_WGS_1984", "D_WGS_1984", "WGS_1984"),
                Datum::Xian1980 => ("GCS_Xian_1980", "D_Xian_1980", "Xian_1980"),
                Datum::Beijing1954 => ("GCS_Beijing_1954", "D_Beijing_1954", "Krasovsky_1940"),
            };
            let (axis, flattening) = datum.ellipsoid();
            format!(
                r#"GEOGCS["{name}",DATUM["{datum_name}",SPHEROID["{ellipsoid}",{axis:?},{flattening:?}]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#
            )
        };
        match &self.kind {
            Kind::Geographic(datum) => Some(geographic(*datum)),
            Kind::Plane(plane) => Some(format!(
                r#"PROJCS["{}",{},PROJECTION["{}"],PARAMETER["False_Easting",{:?}],PARAMETER["False_Northing",{:?}],PARAMETER["Central_Meridian",{:?}],PARAMETER["Scale_Factor",{:?}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#,
                self.esri_name(plane),
                geographic(plane.datum),
                if plane.scale == 1.0 { "Gauss_Kruger" } else { "Transverse_Mercator" },
                plane.easting,
                plane.northing,
                plane.meridian,
                plane.scale
            )),
            Kind::Mercator => Some(format!(
                r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",{},PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["False_Easting",0.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",0.0],PARAMETER["Standard_Parallel_1",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]"#,
                geographic(Datum::Wgs84)
            )),
            Kind::Other { datum, text, .. } => super::definition::well_known(text, &geographic(*datum)),
            Kind::Gcj02 | Kind::Bd09 => None,
        }
    }

    /// The name that ArcGIS gives a plane, by which other programs find its code.
    fn esri_name(&self, plane: &Plane) -> String {
        let Some(code) = self.code.strip_prefix("EPSG:").and_then(|code| code.parse::<u32>().ok()) else {
            return format!("Transverse_Mercator_CM_{}", plane.meridian);
        };
        let zone = (plane.easting / 1e6).floor();
        let datum = match plane.datum {
            Datum::Cgcs2000 => "CGCS2000",
            Datum::Xian1980 => "Xian_1980",
            Datum::Beijing1954 => "Beijing_1954",
            Datum::Other(..) => "Unknown",
            Datum::Wgs84 => {
                let half = if plane.northing > 0.0 { 'S' } else { 'N' };
                return format!("WGS_1984_UTM_Zone_{}{half}", (plane.meridian + 183.0) / 6.0);
            }
        };
        let is_wide = matches!(code, 4491..=4512 | 2327..=2348 | 21_413..=21_463);
        let width = if is_wide { "" } else { "_3_Degree" };
        if zone > 0.0 {
            format!("{datum}{width}_GK_Zone_{zone}")
        } else {
            format!("{datum}{width}_GK_CM_{}E", plane.meridian)
        }
    }

    /// Its name, such as `EPSG:4549`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// Whether its coordinates are degrees, of whatever datum.
    pub fn is_geographic(&self) -> bool {
        matches!(self.kind, Kind::Geographic(_) | Kind::Gcj02 | Kind::Bd09)
    }

    /// Whether its coordinates are the longitude and latitude of the map.
    pub fn is_of_map(&self) -> bool {
        self.shift.is_none() && matches!(self.kind, Kind::Geographic(datum) if datum.is_of_map())
    }

    /// The datum of its coordinates.
    pub fn datum(&self) -> Datum {
        match &self.kind {
            Kind::Geographic(datum) => *datum,
            Kind::Plane(plane) => plane.datum,
            Kind::Other { datum, .. } => *datum,
            Kind::Mercator | Kind::Gcj02 | Kind::Bd09 => Datum::Wgs84,
        }
    }

    /// Whether its coordinates are longitude and latitude of the map after all parameters are applied.
    pub fn reaches_map(&self) -> bool {
        self.datum().is_of_map() || matches!(self.shift, Some(Shift::Seven(..)))
    }

    /// Whether it has a code, by which the range of its coordinates is known.
    pub fn is_registered(&self) -> bool {
        self.code.starts_with("EPSG:") || matches!(self.kind, Kind::Gcj02 | Kind::Bd09 | Kind::Geographic(_))
    }

    /// The false easting of a plane, metres.
    pub fn false_easting(&self) -> Option<f64> {
        match &self.kind {
            Kind::Plane(plane) => Some(plane.easting),
            _ => None,
        }
    }

    /// Longitude and latitude of the map to this system (east before north).
    pub fn forward(&self, position: Coord) -> Result<Coord, ReferenceError> {
        let own = match &self.shift {
            Some(Shift::Seven(seven)) => seven.undone(position)?,
            _ => self.same_datum(position)?,
        };
        self.own_forward(own)
    }

    /// A point of this system (east before north) to longitude and latitude of the map.
    pub fn inverse(&self, point: Coord) -> Result<Coord, ReferenceError> {
        let own = self.own_inverse(point)?;
        match &self.shift {
            Some(Shift::Seven(seven)) => seven.to_map(own),
            _ => self.same_datum(own),
        }
    }

    /// Longitude and latitude of its own datum to this system.
    pub fn own_forward(&self, position: Coord) -> Result<Coord, ReferenceError> {
        let point = match &self.kind {
            Kind::Geographic(_) => position,
            Kind::Mercator => mercator(position),
            Kind::Gcj02 => offset::gcj_forward(position),
            Kind::Bd09 => offset::bd_forward(position),
            Kind::Plane(plane) => plane.forward(position)?,
            Kind::Other { projections, .. } => forward(projections, position)?,
        };
        Ok(match &self.shift {
            Some(Shift::Four(four)) => four.undone(point),
            _ => point,
        })
    }

    /// A point of this system to longitude and latitude of its own datum.
    pub fn own_inverse(&self, point: Coord) -> Result<Coord, ReferenceError> {
        let point = match &self.shift {
            Some(Shift::Four(four)) => four.applied(point),
            _ => point,
        };
        match &self.kind {
            Kind::Geographic(_) => Ok(point),
            Kind::Mercator => Ok(mercator_inverse(point)),
            Kind::Gcj02 => offset::gcj_inverse(point),
            Kind::Bd09 => offset::bd_inverse(point),
            Kind::Plane(plane) => plane.inverse(point),
            Kind::Other { projections, .. } => inverse(projections, point),
        }
    }

    /// A position that is the same on the map and in the datum of the system; there are no parameters between others.
    fn same_datum(&self, position: Coord) -> Result<Coord, ReferenceError> {
        if self.datum().is_of_map() {
            Ok(position)
        } else {
            Err(ReferenceError::NoTransformation(self.code.to_string()))
        }
    }

    /// A shape of this system in another of the same datum, where neither has a way to the map: no parameters are needed
    /// between them. Absent where that is not so.
    pub fn within_datum(&self, other: &System, shape: &Geometry) -> Option<Result<Geometry, ReferenceError>> {
        let is_apart = |system: &System| !system.reaches_map() && system.shift.is_none();
        if !is_apart(self) || !is_apart(other) || self.datum() != other.datum() {
            return None;
        }
        let unit = |at| if other.is_geographic() { degrees(at) } else { (1.0, 1.0) };
        Some(map_densified(shape, &|point| other.own_forward(self.own_inverse(point)?), unit))
    }

    /// A shape of longitude and latitude in this system: vertices are added so that every edge stays within 1 mm of
    /// its course. Within one kind of system nothing is added.
    pub fn from_geographic(&self, shape: &Geometry) -> Result<Geometry, ReferenceError> {
        if self.is_of_map() {
            return Ok(shape.clone());
        }
        let unit = |at| if self.is_geographic() { degrees(at) } else { (1.0, 1.0) };
        map_densified(shape, &|position| self.forward(position), unit)
    }

    /// A shape of this system in longitude and latitude, with added vertices as in [`System::from_geographic`].
    pub fn to_geographic(&self, shape: &Geometry) -> Result<Geometry, ReferenceError> {
        if self.is_of_map() {
            return Ok(shape.clone());
        }
        map_densified(shape, &|point| self.inverse(point), degrees)
    }
}

/// Through a plane of PROJ and its longitude and latitude.
fn forward(projections: &(Proj, Proj), position: Coord) -> Result<Coord, ReferenceError> {
    let outside = ReferenceError::Outside(position.x, position.y);
    if !(position.x.abs() <= 180.0 && position.y.abs() < 90.0) {
        return Err(outside);
    }
    match transform_xy(&projections.1, &projections.0, position.x.to_radians(), position.y.to_radians()) {
        Ok((x, y)) if x.is_finite() && y.is_finite() => Ok(Coord { x, y }),
        _ => Err(outside),
    }
}

fn inverse(projections: &(Proj, Proj), point: Coord) -> Result<Coord, ReferenceError> {
    let outside = ReferenceError::Outside(point.x, point.y);
    if !(point.x.abs() < 4e7 && point.y.abs() < 4e7) {
        return Err(outside);
    }
    match transform_xy(&projections.0, &projections.1, point.x, point.y) {
        Ok((x, y)) if x.is_finite() && y.is_finite() => Ok(Coord { x: x.to_degrees(), y: y.to_degrees() }),
        _ => Err(outside),
    }
}

/// Metres of a degree of longitude and of latitude.
fn degrees(at: Coord) -> (f64, f64) {
    (111_320.0 * libm::cos(at.y.to_radians()), 111_000.0)
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
        for word in ["", "EPSG:2500", "EPSG:99999999999", "WUXI:1"] {
            assert!(System::parse(word).is_err(), "{word}");
        }
    }

    #[test]
    fn an_older_datum_has_its_planes_but_no_way_to_the_map() {
        let system = System::epsg(2385).unwrap();
        let at = Coord { x: 120.3, y: 31.57 };
        let back = system.own_inverse(system.own_forward(at).unwrap()).unwrap();
        assert!((back.x - at.x).abs() < 1e-11 && (back.y - at.y).abs() < 1e-11);
        assert_eq!(system.forward(at), Err(ReferenceError::NoTransformation("EPSG:2385".into())));
        let there = Coord { x: 528_479.5, y: 3_494_211.8 };
        assert_eq!(system.inverse(there), Err(ReferenceError::NoTransformation("EPSG:2385".into())));
    }

    #[test]
    fn web_maps_of_china_are_known_by_their_names() {
        for word in ["GCJ-02", "gcj02", "火星坐标"] {
            assert_eq!(System::parse(word).unwrap(), System::gcj02());
        }
        for word in ["BD-09", "bd09"] {
            assert_eq!(System::parse(word).unwrap(), System::bd09());
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
