//! Coordinates as people write them, read and written: decimal degrees, degrees–minutes–seconds, Gauss–Krüger X and Y.

use crate::geometry::geo::Coord;
use crate::geometry::{GaussKruger, PlanePoint};
use serde::{Deserialize, Serialize};

/// A way to write a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Notation {
    /// 120.301234, 31.571234
    #[default]
    Degrees,
    /// 120°18′04.44″E 31°34′16.44″N
    Sexagesimal,
    /// X (north) and Y (east) in the 3° plane, the zone number before Y.
    Plane,
}

impl Notation {
    /// The next way, round and round.
    pub fn next(self) -> Self {
        match self {
            Notation::Degrees => Notation::Sexagesimal,
            Notation::Sexagesimal => Notation::Plane,
            Notation::Plane => Notation::Degrees,
        }
    }
}

/// A position read from text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// Longitude and latitude.
    pub at: Coord,
    /// How it was written.
    pub notation: Notation,
}

/// Writes a position; longitude before latitude, but X (north) before Y (east) as surveyors do.
pub fn write_position(at: Coord, notation: Notation) -> String {
    match notation {
        Notation::Degrees => format!("{:.6}, {:.6}", at.x, at.y),
        Notation::Sexagesimal => {
            let hemisphere = |value: f64, plus: char, minus: char| if value < 0.0 { minus } else { plus };
            let (east, north) = (hemisphere(at.x, 'E', 'W'), hemisphere(at.y, 'N', 'S'));
            format!("{}{east} {}{north}", sexagesimal(at.x), sexagesimal(at.y))
        }
        Notation::Plane => {
            let plane = GaussKruger::three_degree(at.x).and_then(|plane| plane.with_zone_prefix());
            match plane.and_then(|plane| plane.forward(at)) {
                Ok(point) => format!("X {:.2}  Y {:.2}", point.north, point.east),
                Err(_) => String::new(),
            }
        }
    }
}

fn sexagesimal(value: f64) -> String {
    let hundredths = (value.abs() * 360_000.0).round() as u64;
    let (degrees, rest) = (hundredths / 360_000, hundredths % 360_000);
    format!("{degrees}°{:02}′{:05.2}″", rest / 6_000, (rest % 6_000) as f64 / 100.0)
}

/// Reads a position in any usual notation; `near` is the longitude whose plane is meant when the zone is not told.
pub fn parse_position(text: &str, near: f64) -> Option<Position> {
    let tokens = tokens(text)?;
    let quantities = quantities(&tokens)?;
    let [first, second] = quantities.as_slice() else { return None };
    let sexagesimal = first.marked || second.marked;
    let degrees = |quantity: &Quantity| quantity.value.abs() <= 180.0;
    if sexagesimal || degrees(first) && degrees(second) {
        let (longitude, latitude) = geographic(first, second)?;
        let notation = if sexagesimal { Notation::Sexagesimal } else { Notation::Degrees };
        let valid = longitude.abs() <= 180.0 && latitude.abs() <= 90.0;
        return valid.then_some(Position { at: Coord { x: longitude, y: latitude }, notation });
    }
    planar(first, second, near).map(|at| Position { at, notation: Notation::Plane })
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Number(f64, bool),
    Degree,
    Minute,
    Second,
    Comma,
    Axis(Axis),
}

/// What a number is said to be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Axis {
    /// East, or west when the sign is turned.
    Longitude(f64),
    /// North, or south when the sign is turned.
    Latitude(f64),
    /// X of a plane or, with degrees, a longitude.
    X,
    /// Y of a plane or, with degrees, a latitude.
    Y,
}

struct Quantity {
    value: f64,
    axis: Option<Axis>,
    marked: bool,
}

const WORDS: [(&str, Axis); 28] = [
    ("longitude", Axis::Longitude(1.0)),
    ("latitude", Axis::Latitude(1.0)),
    ("东经", Axis::Longitude(1.0)),
    ("西经", Axis::Longitude(-1.0)),
    ("北纬", Axis::Latitude(1.0)),
    ("南纬", Axis::Latitude(-1.0)),
    ("经度", Axis::Longitude(1.0)),
    ("纬度", Axis::Latitude(1.0)),
    ("横坐标", Axis::Y),
    ("纵坐标", Axis::X),
    ("east", Axis::Longitude(1.0)),
    ("west", Axis::Longitude(-1.0)),
    ("north", Axis::Latitude(1.0)),
    ("south", Axis::Latitude(-1.0)),
    ("long", Axis::Longitude(1.0)),
    ("lon", Axis::Longitude(1.0)),
    ("lng", Axis::Longitude(1.0)),
    ("lat", Axis::Latitude(1.0)),
    ("东", Axis::Longitude(1.0)),
    ("西", Axis::Longitude(-1.0)),
    ("北", Axis::Latitude(1.0)),
    ("南", Axis::Latitude(-1.0)),
    ("e", Axis::Longitude(1.0)),
    ("w", Axis::Longitude(-1.0)),
    ("n", Axis::Latitude(1.0)),
    ("s", Axis::Latitude(-1.0)),
    ("x", Axis::X),
    ("y", Axis::Y),
];

/// Splits into numbers and marks; `None` when anything else is there, so that a name is never read as a place.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let narrow: String = text
        .chars()
        .map(|sign| match sign {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
            other => other,
        })
        .map(|sign| match sign {
            '、' | ';' | '/' | '|' => ',',
            '。' => '.',
            '−' | '–' => '-',
            '\u{3000}' | '\t' => ' ',
            other => other,
        })
        .collect();
    let narrow = narrow.to_lowercase();
    let mut rest = narrow.trim();
    let mut tokens = Vec::new();
    while let Some(sign) = rest.chars().next() {
        if tokens.len() > 24 {
            return None;
        }
        let next = |length: usize| rest.get(length..).unwrap_or_default();
        if sign.is_ascii_digit() || matches!(sign, '-' | '+' | '.') {
            let signed = usize::from(matches!(sign, '-' | '+'));
            let body = next(signed).bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
            let number: f64 = rest.get(..signed + body)?.parse().ok()?;
            tokens.push(Token::Number(number, sign == '-'));
            rest = next(signed + body);
            continue;
        }
        // Seconds may be two strokes of a minute.
        if let Some(after) = ["''", "′′", "’’"].iter().find_map(|mark| rest.strip_prefix(mark)) {
            tokens.push(Token::Second);
            rest = after;
            continue;
        }
        let mark = match sign {
            '°' | 'º' | '˚' | '度' | 'd' => Some(Token::Degree),
            '\'' | '′' | '’' | '‘' | '分' | 'm' => Some(Token::Minute),
            '"' | '″' | '”' | '“' | '秒' => Some(Token::Second),
            ',' => Some(Token::Comma),
            _ => None,
        };
        if let Some(mark) = mark {
            tokens.push(mark);
            rest = next(sign.len_utf8());
        } else if matches!(sign, ' ' | '=' | ':' | '(' | ')' | '[' | ']') {
            // 120:18:04 separates as blanks do.
            rest = next(sign.len_utf8());
        } else {
            let (word, axis) = WORDS.iter().find(|(word, _)| rest.starts_with(word))?;
            tokens.push(Token::Axis(*axis));
            rest = next(word.len());
        }
    }
    Some(tokens)
}

/// Puts numbers, marks and names of axes together to two quantities.
fn quantities(tokens: &[Token]) -> Option<Vec<Quantity>> {
    let axis_leads = matches!(tokens.first(), Some(Token::Axis(_)));
    let marked = tokens.iter().any(|token| matches!(token, Token::Degree | Token::Minute | Token::Second));
    let numbers = tokens.iter().filter(|token| matches!(token, Token::Number(..))).count();
    // Without marks four or six numbers are degrees and minutes, or with seconds.
    let parts = match (marked, numbers) {
        (false, 4) => 2,
        (false, 6) => 3,
        (false, 2) => 1,
        (true, 2..=6) => 3,
        _ => return None,
    };
    let mut done: Vec<Quantity> = Vec::new();
    let mut open: Option<Angle> = None;
    let mut waiting: Option<Axis> = None;
    for (place, token) in tokens.iter().enumerate() {
        let begins = matches!(tokens.get(place + 1), Some(Token::Degree));
        match *token {
            Token::Number(value, negative) => {
                let continues = open.as_ref().is_some_and(|angle| {
                    !angle.closed
                        && !begins
                        && angle.count < parts
                        && (parts > 1)
                        && (!marked || angle.marks_next())
                        && !negative
                });
                if !continues {
                    finish(&mut done, &mut open)?;
                    open = Some(Angle { axis: waiting.take(), negative, ..Angle::default() });
                }
                let angle = open.as_mut()?;
                angle.push(value.abs())?;
            }
            Token::Degree => open.as_mut()?.mark(0)?,
            Token::Minute => open.as_mut()?.mark(1)?,
            Token::Second => open.as_mut()?.mark(2)?,
            Token::Comma => {
                if let Some(angle) = open.as_mut() {
                    // 120,18,4 is no notation in use: a comma ends a quantity.
                    angle.closed = parts == 1 || marked || angle.count == parts;
                }
            }
            Token::Axis(axis) if axis_leads => {
                finish(&mut done, &mut open)?;
                waiting = Some(axis);
            }
            Token::Axis(axis) => {
                let angle = open.as_mut()?;
                if angle.axis.replace(axis).is_some() {
                    return None;
                }
                angle.closed = true;
            }
        }
    }
    finish(&mut done, &mut open)?;
    (done.len() == 2).then_some(done)
}

#[derive(Default)]
struct Angle {
    parts: [f64; 3],
    count: usize,
    /// The place of the last mark, counted from one.
    marked: usize,
    negative: bool,
    closed: bool,
    axis: Option<Axis>,
}

impl Angle {
    fn push(&mut self, value: f64) -> Option<()> {
        *self.parts.get_mut(self.count)? = value;
        self.count += 1;
        Some(())
    }

    /// Whether a number here is the next finer part: the part before it has its mark.
    fn marks_next(&self) -> bool {
        self.marked == self.count
    }

    fn mark(&mut self, place: usize) -> Option<()> {
        // A mark speaks of the number just read: 120° has one number, 18′ two, 4″ three.
        if self.count != place + 1 || self.marked > place {
            return None;
        }
        self.marked = place + 1;
        Some(())
    }
}

fn finish(done: &mut Vec<Quantity>, open: &mut Option<Angle>) -> Option<()> {
    if let Some(angle) = open.take() {
        let [degrees, minutes, seconds] = angle.parts;
        let refined = angle.count > 1 || angle.marked > 0;
        if minutes >= 60.0 || seconds >= 60.0 || refined && angle.count > 1 && degrees.fract() != 0.0 {
            return None;
        }
        let size = degrees + minutes / 60.0 + seconds / 3600.0;
        done.push(Quantity { value: if angle.negative { -size } else { size }, axis: angle.axis, marked: refined });
    }
    Some(())
}

fn geographic(first: &Quantity, second: &Quantity) -> Option<(f64, f64)> {
    use Axis::{Latitude, Longitude, X, Y};
    match (first.axis, second.axis) {
        (Some(Longitude(a)), Some(Latitude(b))) => Some((a * first.value, b * second.value)),
        (Some(Latitude(a)), Some(Longitude(b))) => Some((b * second.value, a * first.value)),
        (Some(X), Some(Y)) => Some((first.value, second.value)),
        (Some(Y), Some(X)) => Some((second.value, first.value)),
        (None, None) => {
            // A latitude ends at 90: whatever is beyond is the longitude; else longitude comes first.
            let turned = first.value.abs() <= 90.0 && second.value.abs() > 90.0;
            Some(if turned { (second.value, first.value) } else { (first.value, second.value) })
        }
        (Some(Longitude(a)), None) => Some((a * first.value, second.value)),
        (Some(Latitude(a)), None) => Some((second.value, a * first.value)),
        (None, Some(Longitude(b))) => Some((b * second.value, first.value)),
        (None, Some(Latitude(b))) => Some((first.value, b * second.value)),
        _ => None,
    }
}

/// X and Y tell themselves apart by size: north has seven digits in China, east six, or eight with its zone.
fn planar(first: &Quantity, second: &Quantity, near: f64) -> Option<Coord> {
    let northing = |value: f64| (1.0e6..1.0e7).contains(&value);
    let (north, east) = match (northing(first.value), northing(second.value)) {
        (true, false) => (first.value, second.value),
        (false, true) => (second.value, first.value),
        _ => return None,
    };
    let (plane, east) = if east >= 1.0e7 {
        let zone = (east / 1.0e6).floor();
        let meridian = match zone as u32 {
            25..=45 => 3.0 * zone,
            13..=23 => 6.0 * zone - 3.0,
            _ => return None,
        };
        (GaussKruger::new(meridian, 500_000.0).ok()?, east - zone * 1.0e6)
    } else {
        (GaussKruger::three_degree(near).ok()?, east)
    };
    if !(1.0e5..9.0e5).contains(&east) {
        return None;
    }
    plane.inverse(PlanePoint { east, north }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 120.30° E 31.57° N is X 3494211.754852, Y 528479.500677 in EPSG:4549 (pyproj 3.7).
    const AT: (f64, f64) = (120.30, 31.57);

    #[test]
    fn every_usual_notation_is_read() {
        for written in [
            "120.30,31.57",
            "120.30, 31.57",
            "120.30 31.57",
            "31.57, 120.30",
            "31.57 120.30",
            "１２０．３０，３１．５７",
            "120.30；31.57",
            "(120.30, 31.57)",
            "[120.30, 31.57]",
            "120.30E 31.57N",
            "31.57N, 120.30E",
            "N31.57 E120.30",
            "E120.30 N31.57",
            "东经120.30 北纬31.57",
            "北纬31.57度，东经120.30度",
            "经度:120.30 纬度:31.57",
            "lon=120.30, lat=31.57",
            "lat: 31.57 lng: 120.30",
            "x=120.30 y=31.57",
            "120.30°E, 31.57°N",
            "120°18′00″E 31°34′12″N",
            "120°18'00\"E, 31°34'12\"N",
            "120°18′0″ 31°34′12″",
            "31°34′12″ 120°18′0″",
            "120度18分0秒，31度34分12秒",
            "东经120度18分 北纬31度34分12秒",
            "E120°18′00″ N31°34′12″",
            "N31°34′12.0″, E120°18′00.0″",
            "120°18.0′, 31°34.2′",
            "120 18 0 31 34 12",
            "120:18:00 31:34:12",
            "120 18 31 34.2",
            "120d18m 31d34m12\"",
            "120°18'0'' 31°34'12''",
            "3494211.754852, 528479.500677",
            "528479.500677, 3494211.754852",
            "528479.500677 3494211.754852",
            "X=3494211.754852 Y=528479.500677",
            "X3494211.754852，Y40528479.500677",
            "40528479.500677, 3494211.754852",
            "3494211.754852 40528479.500677",
            "纵坐标3494211.754852 横坐标40528479.500677",
        ] {
            let found = parse_position(written, 120.06).unwrap_or_else(|| panic!("{written} is not read"));
            let near = (found.at.x - AT.0).abs() < 2e-10 && (found.at.y - AT.1).abs() < 2e-10;
            assert!(near, "{written} is read as {:?}", found.at);
        }
    }

    #[test]
    fn a_six_degree_zone_is_known_by_its_number() {
        // pyproj 3.7, EPSG:4499 (zone 21, 123° E): 120.5° E 31.5° N.
        let found = parse_position("21262459.7197, 3489120.0334", 120.0).unwrap();
        assert!((found.at.x - 120.5).abs() < 1e-8 && (found.at.y - 31.5).abs() < 1e-8, "{:?}", found.at);
    }

    #[test]
    fn other_hemispheres_have_their_sign() {
        let found = parse_position("33°52′S 151°12′E", 120.0).unwrap();
        assert!((found.at.y + 33.866_666_67).abs() < 1e-6 && (found.at.x - 151.2).abs() < 1e-9);
        let found = parse_position("-70.5, -33.4", 120.0).unwrap();
        assert_eq!((found.at.x, found.at.y), (-70.5, -33.4));
    }

    #[test]
    fn what_is_no_position_is_left_to_the_names() {
        for text in [
            "",
            "望虞河",
            "120",
            "120.3",
            "wyh",
            "WX-R-001",
            "042",
            "示例河道 042",
            "320282",
            "1 2 3",
            "120 95 31 34",
            "120°75′ 31°34′",
            "200, 100",
            "3494211, 3494212",
            "99999999, 3494211",
            "1e5, 2e5",
            "..,..",
            "--1, 2",
            "nan, inf",
            "120.3.4, 31",
            "s",
            "n e",
            "x y",
        ] {
            assert_eq!(parse_position(text, 120.0), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let at = Coord { x: AT.0 + 0.001_234, y: AT.1 - 0.004_321 };
        for notation in [Notation::Degrees, Notation::Sexagesimal, Notation::Plane] {
            let written = write_position(at, notation);
            let back = parse_position(&written, 100.0).unwrap_or_else(|| panic!("{written}"));
            assert_eq!(back.notation, notation);
            assert!((back.at.x - at.x).abs() < 2e-6 && (back.at.y - at.y).abs() < 2e-6, "{written}");
        }
        assert_eq!(write_position(Coord { x: 120.3, y: 31.57 }, Notation::Sexagesimal), "120°18′00.00″E 31°34′12.00″N");
        assert_eq!(write_position(Coord { x: 120.3, y: 31.57 }, Notation::Plane), "X 3494211.75  Y 40528479.50");
    }
}
