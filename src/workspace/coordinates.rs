//! Coordinates as people write them down, a point a line, to outlines; and single points by coordinates or by length and
//! bearing from the last.

use super::search::parse_position;
use crate::geometry::Vicinity;
use crate::geometry::geo::{Coord, LineString, Polygon};

/// Most lines that are read.
const MOST_LINES: usize = 200_000;

/// What a list of coordinates draws.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawn {
    /// Areas, one for each run of three points or more.
    Areas(Vec<Polygon>),
    /// Lines of two points.
    Line(LineString),
    /// A single point.
    Point(Coord),
}

/// Why a list of coordinates draws nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unread {
    /// It is something else: no line of it is a position.
    NotCoordinates,
    /// This line, counted from one, is none.
    Line(usize, String),
    /// Some runs are areas, others too short.
    TooFew,
}

/// Reads a list of coordinates in any usual notation, one point a line; an empty line parts the rings. Numbers of points
/// before the coordinates and a head of column names are passed over. Several points may stand on one line, parted by
/// semicolons. `near` is the longitude whose plane is meant where no zone is told.
pub fn parse_outline(text: &str, near: f64) -> Result<Drawn, Unread> {
    let mut runs: Vec<Vec<Coord>> = vec![Vec::new()];
    let mut found = 0_usize;
    let mut unread = None;
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    if lines.len() > MOST_LINES {
        return Err(Unread::NotCoordinates);
    }
    for (number, line) in (1..).zip(&lines) {
        let line = line.trim();
        if line.is_empty() {
            if runs.last().is_some_and(|run| !run.is_empty()) {
                runs.push(Vec::new());
            }
            continue;
        }
        match points(line, near) {
            Some(points) => {
                found += points.len();
                if let Some(run) = runs.last_mut() {
                    run.extend(points);
                }
            }
            None if found == 0 && is_head(line) => {}
            None => unread = unread.or(Some((number, line))),
        }
    }
    if let Some((number, line)) = unread {
        // one bad line among good ones is worth a word; a text without any is no list
        let is_list = found * 2 >= lines.len().max(2);
        let shown: String = line.chars().take(40).collect();
        return Err(if is_list { Unread::Line(number, shown) } else { Unread::NotCoordinates });
    }
    runs.retain(|run| !run.is_empty());
    for run in &mut runs {
        run.dedup();
        if run.len() > 1 && run.first() == run.last() {
            run.pop();
        }
    }
    match runs.as_slice() {
        [] => Err(Unread::NotCoordinates),
        [run] if run.len() == 1 => run.first().copied().map(Drawn::Point).ok_or(Unread::NotCoordinates),
        [run] if run.len() == 2 => Ok(Drawn::Line(LineString::new(run.clone()))),
        runs if runs.iter().all(|run| run.len() > 2) => {
            let area = |run: &Vec<Coord>| Polygon::new(LineString::new(run.clone()), vec![]);
            Ok(Drawn::Areas(runs.iter().map(area).collect()))
        }
        _ => Err(Unread::TooFew),
    }
}

/// The point that is typed next: coordinates, or `length@bearing` from the last one.
pub fn parse_step(text: &str, from: Option<Coord>, near: f64) -> Option<Coord> {
    let text = text.trim();
    if let Some((length, bearing)) = text.split_once(['@', '＠', '<', '＜']) {
        let figure = |words: &str| words.trim().trim_end_matches(['米', 'm', '°', '度', ' ']).parse::<f64>().ok();
        let (length, bearing) = (figure(length)?, figure(bearing)?);
        let is_sound = length.is_finite() && bearing.is_finite() && (0.0..=200_000.0).contains(&length);
        return from.filter(|_| is_sound).map(|from| Vicinity::at(from).towards(bearing, length));
    }
    parse_position(text, near).map(|position| position.at)
}

/// The points of a line.
fn points(line: &str, near: f64) -> Option<Vec<Coord>> {
    if let Some(at) = point(line, near) {
        return Some(vec![at]);
    }
    let parts: Vec<&str> = line.split([';', '；', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1
        && let Some(points) = parts.iter().map(|part| point(part, near)).collect::<Option<Vec<_>>>()
    {
        return Some(points);
    }
    // pairs parted by blanks: 120.1,31.5 120.2,31.5
    let parts: Vec<&str> = line.split_whitespace().collect();
    let is_pairs = parts.len() > 1 && parts.iter().all(|part| part.contains([',', '，']));
    is_pairs.then(|| parts.iter().map(|part| point(part, near)).collect::<Option<Vec<_>>>()).flatten()
}

/// A position, with or without the number of its point before it.
fn point(text: &str, near: f64) -> Option<Coord> {
    let text = text.trim().trim_end_matches([',', '，', ';', '；', '。']);
    let read = |text: &str| parse_position(text, near).map(|position| position.at);
    let numbered = text.split_once([' ', '\t', ',', '，', ':', '：', '、', '.', '．']).and_then(|(number, rest)| {
        let is_number = !number.is_empty()
            && number.chars().count() <= 12
            && number
                .trim_start_matches(['J', 'j', 'P', 'p', 'K', 'k', '#', '界', '址', '点', '第', '(', '（'])
                .chars()
                .all(|letter| letter.is_ascii_digit() || matches!(letter, ')' | '）' | '号' | '-'));
        if is_number { read(rest) } else { None }
    });
    // three numbers are never a position of two: the first counts the point
    read(text).or(numbered)
}

/// Whether a line names columns rather than giving a point.
fn is_head(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    digits == 0 && line.chars().count() <= 60
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::distance;

    /// 120.30, 31.57 and 120.31, 31.58 in EPSG:4549 by pyproj 3.7.
    const PLANE: [(f64, f64); 2] = [(3494211.754852, 528479.500677), (3495323.201956, 529425.680223)];

    fn ring(text: &str) -> Vec<Coord> {
        match parse_outline(text, 120.1) {
            Ok(Drawn::Areas(areas)) if areas.len() == 1 => areas[0].exterior().0.clone(),
            other => panic!("{text:?} is read as {other:?}"),
        }
    }

    #[test]
    fn lists_in_every_usual_notation_are_the_same_triangle() {
        let [(ax, ay), (bx, by)] = PLANE;
        let (cx, cy) = (3495323.201956, 529425.680223 - 900.0);
        let plane = |prefix: f64, form: fn(f64, f64) -> String| {
            [(ax, ay), (bx, by), (cx, cy)].map(|(x, y)| form(x, y + prefix)).join("\n")
        };
        let corners = |text: &str| ring(text)[..2].to_vec();
        for text in [
            "120.30,31.57\n120.31,31.58\n120.30,31.58".to_owned(),
            "120.30 31.57\r\n120.31 31.58\r\n120.30 31.58\r\n".to_owned(),
            "31.57 120.30\n31.58 120.31\n31.58 120.30".to_owned(),
            "120.30,31.57;120.31,31.58;120.30,31.58".to_owned(),
            "120.30,31.57 120.31,31.58 120.30,31.58".to_owned(),
            "经度\t纬度\n120.30\t31.57\n120.31\t31.58\n120.30\t31.58".to_owned(),
            "点号,经度,纬度\n1,120.30,31.57\n2,120.31,31.58\n3,120.30,31.58\n1,120.30,31.57".to_owned(),
            "J1 120.30 31.57\nJ2 120.31 31.58\nJ3 120.30 31.58".to_owned(),
            "120°18′00″E 31°34′12″N\n120°18′36″E 31°34′48″N\n120°18′00″E 31°34′48″N".to_owned(),
            "1、东经120度18分0秒，北纬31度34分12秒\n2、东经120度18分36秒，北纬31度34分48秒\n3、东经120度18分0秒，北纬31度34分48秒"
                .to_owned(),
            plane(0.0, |x, y| format!("{x:.6} {y:.6}")),
            plane(0.0, |x, y| format!("{y:.6},{x:.6}")),
            plane(40e6, |x, y| format!("X={x:.6} Y={y:.6}")),
            plane(40e6, |x, y| format!("J1,{x:.6},{y:.6}")),
            plane(40e6, |x, y| format!("1\t{y:.6}\t{x:.6}")),
        ] {
            let found = corners(&text);
            for (at, (x, y)) in found.iter().zip([(120.30, 31.57), (120.31, 31.58)]) {
                assert!(distance(*at, Coord { x, y }) < 2e-3, "{text}: {at:?}");
            }
        }
    }

    #[test]
    fn empty_lines_part_areas_and_few_points_are_a_line_or_a_place() {
        let two = "120.1,31.5\n120.2,31.5\n120.2,31.6\n\n120.3,31.5\n120.4,31.5\n120.4,31.6\n120.3,31.5";
        let Ok(Drawn::Areas(areas)) = parse_outline(two, 120.0) else { panic!() };
        assert_eq!(areas.iter().map(|area| area.exterior().0.len()).collect::<Vec<_>>(), [4, 4]);
        assert!(matches!(parse_outline("120.1,31.5\n120.2,31.5", 120.0), Ok(Drawn::Line(_))));
        assert_eq!(parse_outline("120.1,31.5", 120.0), Ok(Drawn::Point(Coord { x: 120.1, y: 31.5 })));
        assert_eq!(parse_outline(&format!("{two}\n\n120.5,31.5"), 120.0), Err(Unread::TooFew));
    }

    #[test]
    fn a_bad_line_is_named_and_other_texts_are_left_alone() {
        let bad = "120.1,31.5\n120.2,31.5\n120.2;\n120.3,31.6";
        assert_eq!(parse_outline(bad, 120.0), Err(Unread::Line(3, "120.2;".into())));
        for text in ["", "会议纪要", "名称,面积\n甲,12\n乙,14", "{\"type\":\"Polygon\"}", "1\n2\n3", "POINT (1 2)"]
        {
            assert_eq!(parse_outline(text, 120.0), Err(Unread::NotCoordinates), "{text}");
        }
    }

    #[test]
    fn the_next_point_is_coordinates_or_a_length_and_a_bearing() {
        let from = Coord { x: 120.3, y: 31.57 };
        for text in ["100@90", "100 @ 90", "100米@90°", "100<90"] {
            let at = parse_step(text, Some(from), 120.0).unwrap_or_else(|| panic!("{text}"));
            assert!((distance(from, at) - 100.0).abs() < 1e-6 && at.x > from.x, "{text}");
        }
        assert_eq!(parse_step("120.5, 31.5", None, 120.0), Some(Coord { x: 120.5, y: 31.5 }));
        for text in ["100@90", "@", "abc", "1e9@3"] {
            assert_eq!(parse_step(text, None, 120.0), None, "{text}");
        }
        assert_eq!(parse_step("nan@90", Some(from), 120.0), None);
    }
}
