//! The 161 rivers: their authored courses, drawn, tied to one another and to shores, described.

use super::base::Basin;
use super::shape::{self, Wander};
use super::{DraftError, Origin, Sources, feature, network, read_csv, rounded};
use crate::atlas::{Feature, Value};
use crate::geometry::line_length;
use geo::{BooleanOps, BoundingRect, Contains, Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect};
use serde::Deserialize;

const RIVERS: &str = "rivers.csv";

/// An authored end may lie so far, in metres, from what it is tied to.
const REACH: f64 = 1_500.0;

/// A vertex nearer than this to a new node serves as the node, in metres.
const NEAR: f64 = 12.0;

/// One line of the river table. `course` is longitude and latitude, in flow direction: `120.1 31.6; 120.2 31.7`.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    code: u64,
    name: String,
    alias: Option<String>,
    name_status: String,
    grade: String,
    width_m: f64,
    target_class: i64,
    nature: String,
    from: String,
    to: String,
    system: String,
    inflow_taihu: Option<bool>,
    course: String,
}

/// What an end of a river is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// A river, by its place in the table.
    River(usize),
    /// A lake or the Yangtze, by its place among them.
    Basin(usize),
    /// The border of the city, where the water comes from outside or leaves.
    Border,
    /// Nothing: the head of a stream or a dead end.
    Free,
}

/// A river as drawn.
#[derive(Debug, Clone)]
pub struct River {
    row: Row,
    /// Identity.
    pub id: String,
    /// Its line in degrees, in flow direction.
    pub line: Vec<Coord>,
    /// Where it begins.
    pub from: Tie,
    /// Where it ends.
    pub to: Tie,
}

impl River {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.row.name
    }
}

/// Draws the rivers in the order of the table. An end tied to an earlier river is moved onto it; one tied to a later
/// river stays, and the later one begins there. Shores take up the vertices where rivers end, and rivers that cross
/// share a vertex.
pub fn draw(sources: &Sources, basins: &mut [Basin], districts: &[Feature]) -> Result<Vec<River>, DraftError> {
    let outline = outline(districts);
    let rows: Vec<Row> = read_csv(sources, RIVERS)?;
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let mut rivers: Vec<River> = Vec::new();
    for row in rows {
        let fault = |reason: String| DraftError::Undrawable { file: RIVERS.into(), subject: row.name.clone(), reason };
        let mut points = points(&row.course)
            .ok_or_else(|| fault("the course is not pairs of longitude and latitude near Wuxi".into()))?;
        let from = tie(&row.from, &names, basins).ok_or_else(|| fault(format!("no such start: {}", row.from)))?;
        let to = tie(&row.to, &names, basins).ok_or_else(|| fault(format!("no such end: {}", row.to)))?;
        for (tie, backwards) in [(from, true), (to, false)] {
            let end = if backwards { points.first_mut() } else { points.last_mut() };
            let Some(end) = end else { continue };
            let Some(lines) = lines_of(tie, &mut rivers, basins, &outline) else { continue };
            *end = anchor(lines, *end).map_err(|apart| fault(format!("{apart:.0} m from what it is tied to")))?;
        }
        let wander = wander(&row.nature).ok_or_else(|| fault(format!("no such nature: {}", row.nature)))?;
        let mut line: Vec<Coord> = shape::course(&points, wander, row.code).into_iter().map(shape::written).collect();
        for (tie, backwards) in [(from, true), (to, false)] {
            let Some(lines) = lines_of(tie, &mut rivers, basins, &outline) else { continue };
            if backwards {
                line.reverse();
            }
            trim(&mut line, lines);
            if backwards {
                line.reverse();
            }
        }
        rivers.push(River { id: format!("WX-R-{:03}", row.code), row, line, from, to });
    }
    let mut lines: Vec<Vec<Coord>> = rivers.iter_mut().map(|river| std::mem::take(&mut river.line)).collect();
    network::share_crossings(&mut lines);
    for (river, line) in rivers.iter_mut().zip(lines) {
        river.line = line;
    }
    Ok(rivers)
}

fn wander(nature: &str) -> Option<Wander> {
    Some(match nature {
        "trunk" => Wander { reach: 35.0, bend: 2_600.0 },
        "canal" => Wander { reach: 45.0, bend: 1_700.0 },
        "creek" => Wander { reach: 40.0, bend: 800.0 },
        "stream" => Wander { reach: 150.0, bend: 1_500.0 },
        _ => return None,
    })
}

fn points(course: &str) -> Option<Vec<Coord>> {
    let pair = |words: &str| {
        let mut numbers = words.split_whitespace().map(str::parse::<f64>);
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(x)), Some(Ok(y)), None) => shape::on_sheet(x, y),
            _ => None,
        }
    };
    let points: Vec<Coord> = course.split(';').map(pair).collect::<Option<_>>()?;
    (points.len() >= 2).then_some(points)
}

fn tie(word: &str, names: &[String], basins: &[Basin]) -> Option<Tie> {
    match word.split_once(':') {
        Some(("river", name)) => names.iter().position(|known| known == name).map(Tie::River),
        Some(("lake", name)) => basins.iter().position(|basin| basin.name == name).map(Tie::Basin),
        _ => match word {
            "yangtze" => basins.iter().position(|basin| basin.id.starts_with("YANGTZE")).map(Tie::Basin),
            "border" => Some(Tie::Border),
            "free" => Some(Tie::Free),
            _ => None,
        },
    }
}

/// The lines that a tied end must be moved onto; none for a river not yet drawn. The outline comes as a copy, for it takes up no vertices.
fn lines_of<'a>(
    tie: Tie,
    rivers: &'a mut [River],
    basins: &'a mut [Basin],
    outline: &MultiPolygon,
) -> Option<Vec<Lines<'a>>> {
    match tie {
        Tie::River(place) => Some(vec![Lines::Kept(&mut rivers.get_mut(place)?.line)]),
        Tie::Basin(place) => Some(basins.get_mut(place)?.rings.iter_mut().map(Lines::Kept).collect()),
        Tie::Border => Some(outline.iter().map(|part| Lines::Copied(part.exterior().0.clone())).collect()),
        Tie::Free => None,
    }
}

enum Lines<'a> {
    Kept(&'a mut Vec<Coord>),
    Copied(Vec<Coord>),
}

impl Lines<'_> {
    fn line(&mut self) -> &mut Vec<Coord> {
        match self {
            Lines::Kept(line) => line,
            Lines::Copied(line) => line,
        }
    }
}

/// The nearest place on the lines, made a vertex there; or how far it is when that is too far.
fn anchor(mut lines: Vec<Lines>, wanted: Coord) -> Result<Coord, f64> {
    let feet =
        lines.iter_mut().enumerate().filter_map(|(number, line)| Some((number, shape::foot(line.line(), wanted)?)));
    let Some((number, place)) = feet.min_by(|a, b| a.1.apart.total_cmp(&b.1.apart)) else { return Err(f64::INFINITY) };
    if place.apart > REACH {
        return Err(place.apart);
    }
    lines.get_mut(number).map(|line| shape::node(line.line(), place, NEAR)).ok_or(f64::INFINITY)
}

/// Ends the line where it first meets one of these lines, when that is shortly before its end.
fn trim(line: &mut Vec<Coord>, others: Vec<Lines>) {
    let Some(end) = line.last().copied() else { return };
    for mut other in others {
        let other = other.line();
        for at in 0..line.len().saturating_sub(2) {
            let edge = [line.get(at), line.get(at + 1)].map(|vertex| vertex.copied().unwrap_or_default());
            if at == 0 || shape::apart(edge[0], end) > 0.5 * REACH {
                continue;
            }
            let met = other.windows(2).enumerate().find_map(|(number, pair)| match pair {
                [from, to] => shape::crossing(edge, [*from, *to]).map(|at| (number, at)),
                _ => None,
            });
            if let Some((number, met)) = met {
                let node = shape::node(other, shape::Foot { edge: number, at: met, apart: 0.0 }, NEAR);
                line.truncate(at + 1);
                line.push(node);
                return;
            }
        }
    }
}

/// The outline of the city.
fn outline(districts: &[Feature]) -> MultiPolygon {
    let mut whole = MultiPolygon::new(Vec::new());
    for polygon in districts.iter().filter_map(polygon) {
        whole = whole.union(polygon);
    }
    whole
}

fn polygon(feature: &Feature) -> Option<&Polygon> {
    match &feature.shape {
        Some(Geometry::Polygon(polygon)) => Some(polygon),
        _ => None,
    }
}

/// Tells in which districts a line runs.
pub struct Locator<'a> {
    districts: Vec<(&'a str, &'a Polygon, Rect)>,
}

impl<'a> Locator<'a> {
    /// Over the district features.
    pub fn new(districts: &'a [Feature]) -> Self {
        let entry = |feature: &'a Feature| {
            let polygon = polygon(feature)?;
            Some((feature.name(), polygon, polygon.bounding_rect()?))
        };
        Locator { districts: districts.iter().filter_map(entry).collect() }
    }

    fn district(&self, at: Coord) -> Option<&'a str> {
        let holds = |(_, polygon, bounds): &&(&str, &Polygon, Rect)| {
            bounds.min().x <= at.x
                && at.x <= bounds.max().x
                && bounds.min().y <= at.y
                && at.y <= bounds.max().y
                && polygon.contains(&Point(at))
        };
        self.districts.iter().find(holds).map(|(name, _, _)| *name)
    }

    /// Name of the district at a position; the city outside all of them.
    pub fn at(&self, at: Coord) -> &'a str {
        self.district(at).unwrap_or("无锡市")
    }

    /// Names of the districts in the order in which the line enters them, joined; a mere touch does not count.
    pub fn along(&self, line: &[Coord]) -> String {
        let mut lengths: Vec<(&str, f64)> = Vec::new();
        for pair in line.windows(2) {
            let [from, to] = pair else { continue };
            let middle = Coord { x: (from.x + to.x) / 2.0, y: (from.y + to.y) / 2.0 };
            let Some(name) = self.district(middle) else { continue };
            let length = shape::apart(*from, *to);
            match lengths.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += length,
                None => lengths.push((name, length)),
            }
        }
        let total: f64 = lengths.iter().map(|(_, length)| length).sum();
        let named: Vec<&str> =
            lengths.iter().filter(|(_, length)| *length > 0.05 * total).map(|(name, _)| *name).collect();
        if named.is_empty() { "无锡市".into() } else { named.join("、") }
    }
}

/// The rivers as features; `sections` holds, for each, the monitoring section that speaks for it.
pub fn features(
    rivers: &[River],
    basins: &[Basin],
    districts: &[Feature],
    sections: &[Option<String>],
) -> Vec<Feature> {
    let locator = Locator::new(districts);
    let describe = |(river, section): (&River, &Option<String>)| {
        let row = &river.row;
        let line = LineString::new(river.line.clone());
        let ends_in = match river.to {
            Tie::River(place) => rivers.get(place).map(|other| other.id.clone()),
            Tie::Basin(place) => basins.get(place).map(|basin| basin.id.clone()),
            Tie::Border | Tie::Free => None,
        };
        let words = |tie: Tie, starts: bool| match tie {
            Tie::River(place) => rivers.get(place).map(|other| other.row.name.clone()).unwrap_or_default(),
            Tie::Basin(place) => basins.get(place).map(|basin| basin.name.clone()).unwrap_or_default(),
            Tie::Border => if starts { "市界（入境）" } else { "市界（出境）" }.into(),
            Tie::Free => if row.nature == "stream" { "山丘源头" } else { "断头端" }.into(),
        };
        let grade = row.grade.as_str();
        let origin = match row.name_status.as_str() {
            "example" => Origin::example(),
            "likely" => Origin::drawn("河名、走向据一般地理资料，待核实；走向为示意"),
            _ => Origin::drawn("公开河名、起止点与长度；走向为示意"),
        };
        let dead_end = [river.from, river.to].contains(&Tie::Free) && row.nature != "stream";
        let whole = |number: f64| Value::Real(rounded(number, 3));
        let text = |words: String| Value::Text(words);
        let optional = |words: Option<String>| words.map_or(Value::Null, Value::Text);
        let function = match (grade, row.nature.as_str()) {
            ("basin", _) => "行洪、引排、航运",
            ("regional", _) => "行洪、引排、航运、供水",
            (_, "stream") => "行洪、水源涵养",
            (_, "creek") => "排涝、景观",
            _ => "排涝、灌溉、景观",
        };
        let own = [
            ("code", text(river.id.clone())),
            ("alias", optional(row.alias.clone())),
            ("name_status", text(row.name_status.clone())),
            ("grade", text(grade.into())),
            ("width_m", whole(row.width_m)),
            ("start", text(words(river.from, true))),
            ("end", text(words(river.to, false))),
            ("length_km", whole(line_length(&line) / 1000.0)),
            ("target_class", Value::Integer(row.target_class)),
            ("flows_to", optional(ends_in)),
            ("enters_city", Value::Bool(river.from == Tie::Border)),
            ("leaves_city", Value::Bool(river.to == Tie::Border)),
            ("dead_end", Value::Bool(dead_end)),
            ("inflow_taihu", Value::Bool(row.inflow_taihu.unwrap_or(false))),
            ("section", optional(section.clone())),
            ("function", text(function.into())),
            ("system", text(row.system.clone())),
        ];
        let district = locator.along(&river.line);
        feature(&river.id, &row.name, &district, &origin, Geometry::LineString(line), own)
    };
    rivers.iter().zip(sections).map(describe).collect()
}
