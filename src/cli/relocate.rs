//! `where`: where could a project stand instead?

use super::judging::Judging;
use super::outline::Outlining;
use super::{Console, Failure, OutputFormat};
use crate::atlas::{Atlas, Date, Quality, Site, Theme};
use crate::geometry::geo::{Centroid, Coord, LineString, MultiPolygon};
use crate::siting::{
    Candidate, Condition, Consequence, Ground, Hindrance, Impossible, Judged, Obstacles, Relocation, Relocator,
    SearchEnd, ThemeCheck, Wish,
};
use crate::text::{Text, elsewhere, fill};
use serde::Serialize;
use std::path::PathBuf;

/// Arguments of `where`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// File with the outline of one project (polygons; a line or point with --corridor, --radius or --corners)
    #[arg(value_name = "SITE")]
    site: PathBuf,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    outlining: Outlining,
    /// Which project, by id or name, when the file holds several
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Places wanted
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=50))]
    max: u8,
    /// The project may be turned
    #[arg(long)]
    rotate: bool,
    /// It has to stand in this district (name or code)
    #[arg(long, value_name = "NAME")]
    district: Option<String>,
    /// Keep outside of everything of this theme, whatever the rules say (may be given several times)
    #[arg(long, value_name = "THEME")]
    outside: Vec<String>,
    /// Move it by at most so many metres
    #[arg(long, value_name = "M")]
    within: Option<f64>,
    /// It has to stand near this place, by name
    #[arg(long, value_name = "NAME")]
    near_place: Option<String>,
    /// How near, metres
    #[arg(long, value_name = "M", default_value_t = 5_000.0, requires = "near_place")]
    near_m: f64,
    /// Keep so far from everything that is avoided, metres
    #[arg(long, value_name = "M", default_value_t = 5.0)]
    clearance: f64,
    /// Avoid what is only to be noted, too
    #[arg(long)]
    avoid_attention: bool,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

/// The JSON document of `where`.
#[derive(Debug, Serialize)]
struct Document<'a> {
    site: Named<'a>,
    as_of: Date,
    project_kind: &'a str,
    avoid: &'static str,
    data_quality: Quality,
    clearance_m: f64,
    turn_step_deg: Option<f64>,
    ending: &'static str,
    /// Required themes of which nothing is known: no place is clear of these.
    unchecked: Vec<&'a str>,
    candidates: Vec<Place<'a>>,
    /// Why there is no candidate, when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    hindrance: Option<Reasons<'a>>,
}

#[derive(Debug, Serialize)]
struct Reasons<'a> {
    /// Conditions each of which alone leaves no place.
    conditions: Vec<Excluding>,
    /// Where only all conditions together do: how far the nearest place is without them.
    together_m: Option<f64>,
    themes: Vec<Forbidding<'a>>,
    free_share: f64,
}

#[derive(Debug, Serialize)]
struct Excluding {
    condition: &'static str,
    nearest_m: f64,
}

#[derive(Debug, Serialize)]
struct Forbidding<'a> {
    theme: &'a str,
    share: f64,
    consequence: Consequence,
    source: &'a str,
}

#[derive(Debug, Serialize)]
struct Named<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    distance_m: f64,
    bearing_deg: f64,
    rotation_deg: f64,
    geometry: serde_json::Value,
    district: String,
    verdict: &'static str,
    data_quality: Quality,
    /// Required themes that could not be checked there.
    unchecked: Vec<&'a str>,
    /// What is to be noted there without forbidding anything.
    attention: Vec<Noted<'a>>,
    checks: &'a [ThemeCheck],
}

#[derive(Debug, Serialize)]
struct Noted<'a> {
    theme: &'a str,
    name: &'a str,
    rule: Option<&'a str>,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    arguments.examine(text)?;
    arguments.outlining.examine(text)?;
    let rulebook = arguments.judging.rulebook(console)?;
    let outside = arguments.themes(text)?;
    let atlas = arguments.judging.open_atlas(&rulebook, console)?;
    let site = arguments
        .one_site(arguments.judging.read_sites(&arguments.site, &arguments.outlining, &rulebook, console)?, text)?;
    let near = arguments.place(&atlas, text)?.map(|place| (place, arguments.near_m));
    let avoid = if arguments.avoid_attention { Consequence::Attention } else { Consequence::Restricted };
    let farthest_m = arguments.within.unwrap_or(Wish::default().farthest_m);
    let wish = Wish {
        most: usize::from(arguments.max),
        rotate: arguments.rotate,
        district: arguments.district.clone(),
        outside,
        farthest_m,
        near,
        clearance_m: arguments.clearance,
    };
    let ground = Ground::new(&atlas);
    let judged = Judged::of(&site, &arguments.judging.question(), avoid);
    let nothing = || Failure::failed(&text.elsewhere.impossible_site);
    let obstacles = Obstacles::of(&ground, &rulebook, &judged).ok_or_else(nothing)?;
    let relocator = Relocator::new(&site, &ground, &rulebook, &obstacles, &wish)
        .map_err(|reason| arguments.impossible(reason, text))?;
    let found = relocator.nearest(&|_| true);
    let is_proven = found.candidates.is_empty() && found.ending == SearchEnd::Proven;
    let hindrance = is_proven.then(|| Hindrance::of(&site, &ground, &rulebook, &obstacles, &wish, &|| true)).flatten();
    match arguments.format {
        OutputFormat::Json => console.print_json(&document(&site, &obstacles, &found, hindrance.as_ref(), text)),
        OutputFormat::Text => {
            let mut said = lines(&site, &obstacles, &found, text);
            let why = hindrance.iter().flat_map(|hindrance| elsewhere::hindrance_sentences(hindrance, &wish, text));
            let place = said.len().saturating_sub(1);
            said.splice(place..place, why.map(|line| format!("  {line}")));
            console.print(&said.join("\n"));
            Ok(())
        }
    }
}

impl Arguments {
    fn examine(&self, text: &Text) -> Result<(), Failure> {
        let range = |option: &str, value: f64, low: f64, high: f64| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            let values = [("option", option), ("low", &low.to_string()), ("high", &high.to_string())];
            Err(Failure::usage(fill(&text.elsewhere.range, &values)))
        };
        range("--near-m", self.near_m, 1.0, 400_000.0)?;
        range("--clearance", self.clearance, 0.0, 2_000.0)?;
        self.within.map_or(Ok(()), |metres| range("--within", metres, 0.0, 400_000.0))
    }

    fn themes(&self, text: &Text) -> Result<Vec<Theme>, Failure> {
        let theme = |code: &String| {
            Theme::parse(code).ok_or_else(|| {
                let known: Vec<&str> = Theme::ATLAS.iter().map(|theme| theme.code()).collect();
                let values = [("theme", code.as_str()), ("known", &known.join(", "))];
                Failure::usage(fill(&text.elsewhere.unknown_outside, &values))
            })
        };
        self.outside.iter().map(theme).collect()
    }

    fn one_site(&self, mut sites: Vec<Site>, text: &Text) -> Result<Site, Failure> {
        if let Some(wanted) = &self.id {
            let at = sites.iter().position(|site| site.id == *wanted || site.name == *wanted);
            let at = at.ok_or_else(|| Failure::failed(fill(&text.elsewhere.no_such_site, &[("id", wanted)])))?;
            return Ok(sites.swap_remove(at));
        }
        match (sites.pop(), sites.len()) {
            (Some(site), 0) => Ok(site),
            (_, others) => {
                let (file, count) = (self.site.display().to_string(), (others + 1).to_string());
                Err(Failure::failed(fill(&text.elsewhere.no_one_site, &[("file", &file), ("n", &count)])))
            }
        }
    }

    fn place(&self, atlas: &Atlas, text: &Text) -> Result<Option<Coord>, Failure> {
        let Some(name) = &self.near_place else { return Ok(None) };
        let features = atlas.layers_of(Theme::Places).flat_map(|layer| layer.features());
        let place = features.filter(|place| place.name() == name || place.id == *name);
        let at = place.filter_map(|place| place.shape.as_ref()?.centroid()).next();
        let missing = || Failure::failed(fill(&text.elsewhere.unknown_place, &[("name", name)]));
        Ok(Some(at.ok_or_else(missing)?.0))
    }

    fn impossible(&self, reason: Impossible, text: &Text) -> Failure {
        let words = &text.elsewhere;
        let district = self.district.as_deref().unwrap_or_default();
        Failure::failed(match reason {
            Impossible::SiteUnusable => format!("{}: {}", self.site.display(), words.impossible_site),
            Impossible::NoDistrict => fill(&words.impossible_district, &[("name", district)]),
            Impossible::NoTheme(theme) => fill(&words.impossible_theme, &[("theme", text.common.theme(theme))]),
        })
    }
}

fn document<'a>(
    site: &'a Site,
    obstacles: &'a Obstacles,
    found: &'a Relocation,
    hindrance: Option<&'a Hindrance>,
    text: &Text,
) -> Document<'a> {
    let candidates = found.candidates.iter().map(|candidate| place(candidate, text));
    Document {
        site: Named { id: &site.id, name: &site.name },
        as_of: obstacles.judged.question.as_of,
        project_kind: &obstacles.judged.kind,
        avoid: obstacles.judged.avoid.code(),
        data_quality: obstacles.quality,
        clearance_m: found.clearance_m,
        turn_step_deg: found.turn_step_deg,
        ending: match found.ending {
            SearchEnd::Enough => "enough",
            SearchEnd::Proven => "no_other_place",
            SearchEnd::Stopped => "stopped",
            SearchEnd::Unproven => "undecided",
        },
        unchecked: obstacles.unknown().map(|theme| theme.theme.as_str()).collect(),
        candidates: candidates.collect(),
        hindrance: hindrance.map(reasons),
    }
}

fn reasons(hindrance: &Hindrance) -> Reasons<'_> {
    let conditions = hindrance.conditions.iter().map(|(condition, nearest)| Excluding {
        condition: match condition {
            Condition::District => "district",
            Condition::Distance => "within",
            Condition::NearPlace => "near_place",
            Condition::Outside => "outside",
        },
        nearest_m: (nearest * 1e3).round() / 1e3,
    });
    let themes = hindrance.themes.iter().map(|theme| Forbidding {
        theme: &theme.theme,
        share: theme.share,
        consequence: theme.consequence,
        source: &theme.source,
    });
    Reasons {
        conditions: conditions.collect(),
        together_m: hindrance.together,
        themes: themes.collect(),
        free_share: hindrance.free_share,
    }
}

fn place<'a>(candidate: &'a Candidate, text: &Text) -> Place<'a> {
    let round = |value: f64, digits: i32| (value * 10_f64.powi(digits)).round() / 10_f64.powi(digits);
    let unchecked = candidate.unchecked().filter(|check| check.required);
    let noted = candidate.noted().map(|finding| Noted {
        theme: &finding.theme,
        name: &finding.name,
        rule: finding.rule.as_ref().map(|rule| rule.id.as_str()),
    });
    Place {
        distance_m: round(candidate.distance_m, 3),
        bearing_deg: round(candidate.bearing_deg, 3),
        rotation_deg: round(candidate.rotation_deg, 4),
        geometry: geometry(&candidate.shape),
        district: candidate.districts.join(&text.elsewhere.separator),
        verdict: candidate.verdict.verdict.code(),
        data_quality: candidate.verdict.data_quality,
        unchecked: unchecked.map(|check| check.theme.as_str()).collect(),
        attention: noted.collect(),
        checks: &candidate.verdict.checks,
    }
}

/// As GeoJSON; 1e-9° is a tenth of a millimetre.
fn geometry(shape: &MultiPolygon) -> serde_json::Value {
    let place = |value: f64| (value * 1e9).round() / 1e9;
    let ring = |ring: &LineString| -> Vec<[f64; 2]> { ring.0.iter().map(|at| [place(at.x), place(at.y)]).collect() };
    let rings: Vec<Vec<Vec<[f64; 2]>>> = shape
        .0
        .iter()
        .map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect())
        .collect();
    match rings.as_slice() {
        [only] => serde_json::json!({ "type": "Polygon", "coordinates": only }),
        all => serde_json::json!({ "type": "MultiPolygon", "coordinates": all }),
    }
}

fn lines(site: &Site, obstacles: &Obstacles, found: &Relocation, text: &Text) -> Vec<String> {
    let words = &text.elsewhere;
    let quality = text.common.quality(obstacles.quality);
    let (count, as_of) = (found.candidates.len().to_string(), obstacles.judged.question.as_of.to_string());
    let values = [("name", site.name.as_str()), ("n", &count), ("as_of", &as_of), ("quality", quality)];
    let mut lines = vec![fill(if found.candidates.is_empty() { &words.cli_none } else { &words.cli_head }, &values)];
    if obstacles.quality == Quality::Schematic {
        lines.push(text.common.schematic_notice.clone());
    }
    for (number, candidate) in (1..).zip(&found.candidates) {
        lines.push(elsewhere::step(number, candidate, text));
        lines.extend(elsewhere::remarks(candidate, text).into_iter().map(|line| format!("   {line}")));
    }
    lines.extend(elsewhere::ending(found, text));
    lines.push(text.siting.reservation.clone());
    lines
}
