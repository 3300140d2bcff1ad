//! Definitions in well-known text: a tree of `KEYWORD["name", number, CHILD[…]]`.

use super::{Figures, Projection};
use crate::geometry::datum::Datum;

/// Longest text that is read, and deepest nesting.
const LONGEST: usize = 64 << 10;
const DEEPEST: usize = 24;

/// Whether a text is meant to be one.
pub fn looks_like(text: &str) -> bool {
    text.contains(['[', '('])
}

#[derive(Debug)]
struct Node {
    /// In capitals.
    keyword: String,
    words: Vec<String>,
    numbers: Vec<f64>,
    children: Vec<Node>,
}

/// Reads a definition.
pub(super) fn read(text: &str) -> Option<Figures> {
    if text.len() > LONGEST {
        return None;
    }
    let (node, rest) = node(text, 0)?;
    rest.trim_matches(['\0', '\u{feff}']).trim().is_empty().then(|| figures(&node))?
}

/// One node and what follows it.
fn node(text: &str, depth: usize) -> Option<(Node, &str)> {
    let text = text.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
    let (keyword, rest) = text.split_at_checked(end)?;
    let mut rest = rest.trim_start().strip_prefix(['[', '('])?;
    if keyword.is_empty() || depth > DEEPEST {
        return None;
    }
    let mut node = Node { keyword: keyword.to_ascii_uppercase(), words: vec![], numbers: vec![], children: Vec::new() };
    loop {
        rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('"') {
            // a quotation mark within is written twice
            let mut word = String::new();
            let mut letters = inner.char_indices().peekable();
            let end = loop {
                match letters.next()? {
                    (_, '"') if letters.peek().is_some_and(|(_, next)| *next == '"') => {
                        word.push('"');
                        letters.next();
                    }
                    (place, '"') => break place + 1,
                    (_, letter) => word.push(letter),
                }
            };
            node.words.push(word);
            rest = inner.get(end..)?;
        } else {
            let end = rest.find([',', ']', ')', '[', '('])?;
            let (plain, after) = rest.split_at_checked(end)?;
            if after.starts_with(['[', '(']) {
                let (child, after) = self::node(rest, depth + 1)?;
                node.children.push(child);
                rest = after;
            } else {
                match plain.trim().parse() {
                    Ok(number) => node.numbers.push(number),
                    Err(_) => node.words.push(plain.trim().to_owned()),
                }
                rest = after;
            }
        }
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(',') {
            rest = after;
        } else {
            return Some((node, rest.strip_prefix([']', ')'])?));
        }
    }
}

impl Node {
    fn child(&self, keywords: &[&str]) -> Option<&Node> {
        self.children.iter().find(|child| keywords.contains(&&*child.keyword))
    }

    fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }
}

/// Letters and digits of a name, in small letters.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn figures(node: &Node) -> Option<Figures> {
    let of = |child: &Node| figures(child);
    match &*node.keyword {
        "PROJCS" | "PROJCRS" | "PROJECTEDCRS" => projected(node),
        "GEOGCS" | "GEOGCRS" | "GEOGRAPHICCRS" | "GEODCRS" | "GEODETICCRS" => geographic(node),
        "COMPD_CS" | "COMPOUNDCRS" => node.children.iter().find_map(of),
        "BOUNDCRS" => {
            let source = node.child(&["SOURCECRS"])?.children.iter().find_map(of)?;
            let target = node.child(&["TARGETCRS"])?.children.iter().find_map(of)?;
            let steps = node.child(&["ABRIDGEDTRANSFORMATION"])?;
            let is_map = target.datum.is_of_map() && target.projection == Projection::Geographic;
            is_map.then_some(Figures { to_map: Some(seven(steps)?), ..source })
        }
        _ => None,
    }
}

fn geographic(node: &Node) -> Option<Figures> {
    let datum = node.child(&["DATUM", "GEODETICDATUM", "TRF", "ENSEMBLE"])?;
    let ellipsoid = datum.child(&["SPHEROID", "ELLIPSOID"])?;
    let [axis, flattening, ..] = *ellipsoid.numbers else { return None };
    let from_greenwich = node.child(&["PRIMEM", "PRIMEMERIDIAN"]).and_then(|meridian| meridian.numbers.first());
    if from_greenwich.is_some_and(|longitude| *longitude != 0.0) {
        return None;
    }
    // degrees only; gons are not in use here
    let unit = node.child(&["UNIT", "ANGLEUNIT"]).and_then(|unit| unit.numbers.first());
    if unit.is_some_and(|unit| (unit.to_degrees() - 1.0).abs() > 1e-6) {
        return None;
    }
    let to_map = datum.child(&["TOWGS84"]).map(|shift| shift.numbers.as_slice());
    let to_map = match to_map {
        Some(&[x, y, z]) => Some([x, y, z, 0.0, 0.0, 0.0, 0.0]),
        Some(&[x, y, z, rx, ry, rz, scale]) => Some([x, y, z, rx, ry, rz, scale]),
        Some(_) => return None,
        None => None,
    };
    let names = [plain(datum.name()), plain(node.name())];
    let own = datum_of(&names, axis, flattening);
    let other = || Datum::of_ellipsoid(axis, flattening).unwrap_or(Datum::Other(axis, flattening));
    let datum = own.or_else(|| to_map.map(|_| other()))?;
    Some(Figures { datum, to_map, projection: Projection::Geographic, unit: 1.0, code: code(node), is_wide: false })
}

/// A datum by its names; its ellipsoid must be the datum's own.
fn datum_of(names: &[String], axis: f64, flattening: f64) -> Option<Datum> {
    let has = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
    // nothing but an ellipsoid, as when PROJ writes CGCS2000; its name may go on with other words
    let own = names.first().map_or("", String::as_str);
    let nothing = ["unknown", "unnamed", "notspecified", "undefined", "custom", "userdefined"];
    if own.is_empty() || nothing.iter().any(|word| own.contains(word)) {
        return Datum::of_ellipsoid(axis, flattening);
    }
    let datum = if has(&["china2000", "cgcs2000", "chinageodetic", "chinesegeodetic", "国家2000", "大地2000"]) {
        Datum::Cgcs2000
    } else if has(&["wgs1984", "wgs84", "worldgeodeticsystem1984"]) {
        Datum::Wgs84
    } else if has(&["xian1980", "xian80", "西安80", "西安1980"]) {
        Datum::Xian1980
    } else if has(&["newbeijing"]) {
        return None;
    } else if has(&["beijing1954", "beijing54", "北京54", "北京1954"]) {
        Datum::Beijing1954
    } else {
        return None;
    };
    datum.has_ellipsoid(axis, flattening).then_some(datum)
}

fn projected(node: &Node) -> Option<Figures> {
    let base = ["GEOGCS", "BASEGEOGCRS", "BASEGEODCRS", "GEOGCRS", "GEODCRS"];
    let base = geographic(node.child(&base)?)?;
    let conversion = node.child(&["CONVERSION"]).unwrap_or(node);
    let method = plain(conversion.child(&["PROJECTION", "METHOD"])?.name());
    let parameters = conversion.children.iter().filter(|child| child.keyword == "PARAMETER");
    let parameters: Vec<(String, f64)> =
        parameters.filter_map(|child| Some((plain(child.name()), *child.numbers.first()?))).collect();
    let figure = |names: &[&str]| parameters.iter().find(|(name, _)| names.contains(&&**name)).map(|(_, value)| *value);
    let unit = node.children.iter().rfind(|child| matches!(&*child.keyword, "UNIT" | "LENGTHUNIT"));
    let axes = node.child(&["CS"]).is_some().then(|| node.children.iter().filter(|child| child.keyword == "AXIS"));
    let unit = unit.or_else(|| axes.into_iter().flatten().find_map(|axis| axis.child(&["LENGTHUNIT"])));
    let unit = *unit?.numbers.first()?;
    let meridian =
        figure(&["centralmeridian", "longitudeofnaturalorigin", "longitudeoffalseorigin", "longitudeofcenter"]);
    let latitude =
        figure(&["latitudeoforigin", "latitudeofnaturalorigin", "latitudeoffalseorigin", "latitudeofcenter"]);
    let easting = figure(&["falseeasting", "eastingatfalseorigin"]).unwrap_or(0.0);
    let northing = figure(&["falsenorthing", "northingatfalseorigin"]).unwrap_or(0.0);
    let scale = figure(&["scalefactor", "scalefactoratnaturalorigin"]).unwrap_or(1.0);
    let (easting, northing) = (easting * unit, northing * unit);
    let is_web = ["mercatorauxiliarysphere", "popularvisualisationpseudomercator"].contains(&&*method)
        || method.starts_with("mercator") && plain(node.name()).contains("pseudomercator");
    let projection = match &*method {
        _ if is_web => {
            let is_plain = [meridian, Some(easting), Some(northing)].iter().flatten().all(|figure| *figure == 0.0);
            is_plain.then_some(Projection::Web)?
        }
        "transversemercator" | "gausskruger" => Projection::TransverseMercator {
            latitude: latitude.unwrap_or(0.0),
            meridian: meridian?,
            scale,
            easting,
            northing,
        },
        "lambertconformalconic"
        | "lambertconformalconic2sp"
        | "lambertconicconformal2sp"
        | "albers"
        | "albersconicequalarea"
        | "albersequalarea" => {
            let name = if method.starts_with("albers") { "aea" } else { "lcc" };
            let first = figure(&["standardparallel1", "latitudeof1ststandardparallel"])?;
            let second = figure(&["standardparallel2", "latitudeof2ndstandardparallel"])?;
            let latitude = latitude.unwrap_or(0.0);
            let meridian = meridian?;
            Projection::Other(format!(
                "+proj={name} +lat_0={latitude} +lon_0={meridian} +lat_1={first} +lat_2={second} +x_0={easting} +y_0={northing}"
            ))
        }
        "lambertazimuthalequalarea" => {
            let (latitude, meridian) = (latitude?, meridian?);
            Projection::Other(format!("+proj=laea +lat_0={latitude} +lon_0={meridian} +x_0={easting} +y_0={northing}"))
        }
        _ => return None,
    };
    let name = plain(node.name());
    let is_wide =
        !name.contains("3degree") && ["gkcm", "gkzone", "gausskrugercm"].iter().any(|word| name.contains(word));
    Some(Figures { projection, unit, code: code(node), is_wide, ..base })
}

/// Shifts, turns and scale of a transformation in the sense of EPSG method 9606.
fn seven(steps: &Node) -> Option<[f64; 7]> {
    let figure = |name: &str| {
        let mut parameters = steps.children.iter().filter(|child| child.keyword == "PARAMETER");
        parameters.find(|child| plain(child.name()) == name).and_then(|child| child.numbers.first().copied())
    };
    let method = plain(steps.child(&["METHOD", "PROJECTION"])?.name());
    let turn = if method.starts_with("coordinateframe") { -1.0 } else { 1.0 };
    if !["coordinateframe", "positionvector", "geocentrictranslation"].iter().any(|known| method.starts_with(known)) {
        return None;
    }
    let scale = match figure("scaledifference") {
        // abridged transformations state the whole factor, others the parts per million
        Some(factor) if factor > 0.5 => (factor - 1.0) * 1e6,
        Some(parts) => parts,
        None => 0.0,
    };
    let axis = |name: &str| figure(&format!("{name}axistranslation"));
    let angle = |name: &str| figure(&format!("{name}axisrotation")).unwrap_or(0.0) * turn;
    Some([axis("x")?, axis("y")?, axis("z")?, angle("x"), angle("y"), angle("z"), scale])
}

/// The EPSG code of a node itself.
fn code(node: &Node) -> Option<u32> {
    let id = node.child(&["AUTHORITY", "ID"]).filter(|id| id.name().eq_ignore_ascii_case("EPSG"))?;
    let number = id.numbers.first().copied();
    number.or_else(|| id.words.get(1)?.parse().ok()).filter(|code| (1.0..1e6).contains(code)).map(|code| code as u32)
}

/// Well-known text 1 of a projection given as parameters of PROJ, on a geographic system in the same words; absent where
/// these words have no name for it.
pub(in crate::geometry) fn well_known(parameters: &str, geographic: &str) -> Option<String> {
    let given: Vec<(&str, &str)> =
        parameters.split_whitespace().filter_map(|part| part.trim_start_matches('+').split_once('=')).collect();
    let word = |key: &str| given.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
    let number = |key: &str| word(key).map_or(Some(0.0), |value| value.parse::<f64>().ok());
    let is_plain = word("units").is_none_or(|unit| unit == "m") && word("to_meter").is_none();
    let is_unscaled = ["k", "k_0"].iter().all(|key| word(key).is_none_or(|scale| scale.parse() == Ok(1.0)));
    if !is_plain || !is_unscaled {
        return None;
    }
    let (name, own): (&str, &[(&str, &str)]) = match word("proj")? {
        "lcc" if word("lat_2").is_some() => ("Lambert_Conformal_Conic", &CONES),
        "aea" if word("lat_2").is_some() => ("Albers", &CONES),
        "merc" => ("Mercator", &[("Standard_Parallel_1", "lat_ts")]),
        _ => return None,
    };
    let mut listed = String::new();
    let common = [("False_Easting", "x_0"), ("False_Northing", "y_0"), ("Central_Meridian", "lon_0")];
    for (title, key) in common.iter().chain(own) {
        listed.push_str(&format!(r#"PARAMETER["{title}",{:?}],"#, number(key)?));
    }
    Some(format!(r#"PROJCS["{name}",{geographic},PROJECTION["{name}"],{listed}UNIT["Meter",1.0]]"#))
}

/// What projections on a cone are told by.
const CONES: [(&str, &str); 3] =
    [("Standard_Parallel_1", "lat_1"), ("Standard_Parallel_2", "lat_2"), ("Latitude_Of_Origin", "lat_0")];
