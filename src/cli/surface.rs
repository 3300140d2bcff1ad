//! `surface`: how much ground is left for a kind of project once everything that forbids it is kept clear of.

use super::judging::Judging;
use super::{Console, Failure, OutputFormat};
use crate::atlas::{Date, Quality, Site};
use crate::siting::{
    Consequence, Ground, GroundLeft, Judged, Obstacles, Rulebook, Setbacks, ThemeUse, WIDEST_SETBACK, ground_left,
};
use crate::text::{Language, Text, fill};
use serde::Serialize;

/// Arguments of `surface`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    judging: Judging,
    /// Keep clear of everything of a theme by so many metres more (may be given several times)
    #[arg(long = "setback", value_name = "THEME=M")]
    setbacks: Vec<String>,
    /// In this district only (name or code)
    #[arg(long, value_name = "NAME")]
    district: Option<String>,
    /// Avoid what is prohibited only
    #[arg(long, conflicts_with = "avoid_attention")]
    prohibited_only: bool,
    /// Avoid what is only to be noted, too
    #[arg(long)]
    avoid_attention: bool,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

/// The JSON document of `surface`.
#[derive(Debug, Serialize)]
struct Document<'a> {
    as_of: Date,
    project_kind: &'a str,
    avoid: &'static str,
    data_quality: Quality,
    notice: Option<&'a str>,
    themes: Vec<Theme<'a>>,
    districts: &'a [GroundLeft],
    total: &'a GroundLeft,
}

#[derive(Debug, Serialize)]
struct Theme<'a> {
    #[serde(flatten)]
    theme: &'a ThemeUse,
    setback_m: f64,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let rulebook = arguments.judging.rulebook(console)?;
    let setbacks = arguments.setbacks(&rulebook, text)?;
    let atlas = arguments.judging.open_atlas(&rulebook, console)?;
    let avoid = match (arguments.prohibited_only, arguments.avoid_attention) {
        (true, _) => Consequence::Prohibited,
        (_, true) => Consequence::Attention,
        _ => Consequence::Restricted,
    };
    let ground = Ground::new(&atlas);
    let judged = Judged::of(&Site::default(), &arguments.judging.question(), avoid);
    let missing = || {
        let district = arguments.district.as_deref().unwrap_or_default();
        Failure::failed(fill(&text.elsewhere.impossible_district, &[("name", district)]))
    };
    let obstacles = Obstacles::of(&ground, &rulebook, &judged).ok_or_else(missing)?;
    let left = ground_left(&obstacles, &ground, &setbacks, arguments.district.as_deref(), &|_| true);
    let left = left.filter(|left| !left.is_empty()).ok_or_else(missing)?;
    let total = GroundLeft::total(&left, text.elsewhere.cli_total.clone());
    let themes = obstacles.themes.iter();
    let setback = |theme: &ThemeUse| setbacks.get(&theme.theme).copied().unwrap_or(0.0);
    if arguments.format == OutputFormat::Json {
        let is_schematic = obstacles.quality == Quality::Schematic;
        return console.print_json(&Document {
            as_of: obstacles.judged.question.as_of,
            project_kind: &obstacles.judged.kind,
            avoid: avoid.code(),
            data_quality: obstacles.quality,
            notice: is_schematic.then_some(text.common.schematic_notice.as_str()),
            themes: themes.map(|theme| Theme { theme, setback_m: setback(theme) }).collect(),
            districts: &left,
            total: &total,
        });
    }
    console.print(&lines(&obstacles, &rulebook, &left, &total, &setback, text).join("\n"));
    Ok(())
}

impl Arguments {
    fn setbacks(&self, rulebook: &Rulebook, text: &Text) -> Result<Setbacks, Failure> {
        let one = |argument: &String| {
            let wrong = || {
                let known: Vec<&str> = rulebook.checks.iter().map(|check| check.theme.as_str()).collect();
                let values = [("argument", argument.as_str()), ("known", &known.join(", "))];
                Failure::usage(fill(&text.elsewhere.setback_form, &values))
            };
            let (theme, metres) = argument.split_once('=').ok_or_else(wrong)?;
            let metres: f64 = metres.trim().parse().map_err(|_| wrong())?;
            let theme = theme.trim();
            let is_known = rulebook.check(theme).is_some() && (0.0..=WIDEST_SETBACK).contains(&metres);
            if is_known { Ok((theme.to_owned(), metres)) } else { Err(wrong()) }
        };
        self.setbacks.iter().map(one).collect()
    }
}

fn lines(
    obstacles: &Obstacles,
    rulebook: &Rulebook,
    left: &[GroundLeft],
    total: &GroundLeft,
    setback: &dyn Fn(&ThemeUse) -> f64,
    text: &Text,
) -> Vec<String> {
    let words = &text.elsewhere;
    let is_zh = text.language == Language::Zh;
    let kind = rulebook.kind(&obstacles.judged.kind);
    let kind = kind.map_or(words.kind_untold.as_str(), |kind| if is_zh { &kind.zh } else { &kind.en });
    let as_of = obstacles.judged.question.as_of.to_string();
    let quality = text.common.quality(obstacles.quality);
    let mut lines = vec![fill(&words.cli_surface_head, &[("kind", kind), ("as_of", &as_of), ("quality", quality)])];
    if obstacles.quality == Quality::Schematic {
        lines.push(text.common.schematic_notice.clone());
    }
    for theme in &obstacles.themes {
        let title = if is_zh { &theme.title } else { &theme.title_en };
        if let Some(reason) = theme.unchecked {
            let reasons = &text.panel.siting.reason;
            let reason = reasons.get(reason.code()).map_or(reason.code(), String::as_str);
            if theme.required {
                lines.push(fill(&words.cli_theme_unchecked, &[("title", title), ("reason", reason)]));
            }
        } else if theme.obstacles > 0 {
            let (count, metres) = (theme.obstacles.to_string(), setback(theme).to_string());
            lines.push(fill(&words.cli_theme, &[("title", title), ("n", &count), ("metres", &metres)]));
        }
    }
    lines.push(words.left.clone());
    for row in left.iter().chain((left.len() > 1).then_some(total)) {
        let values = [
            ("district", row.district.clone()),
            ("usable", format!("{:.2}", row.usable_ha)),
            ("error", format!("{:.2}", row.error_ha)),
            ("percent", format!("{:.2}%", row.usable_ha / row.area_ha.max(f64::MIN_POSITIVE) * 100.0)),
        ];
        lines.push(fill(&words.cli_surface_row, &values.each_ref().map(|(name, value)| (*name, value.as_str()))));
    }
    lines.push(words.left_method.clone());
    let unknown: Vec<&str> =
        obstacles.unknown().map(|theme| if is_zh { theme.title.as_str() } else { theme.title_en.as_str() }).collect();
    if !unknown.is_empty() {
        lines.push(fill(&words.unchecked, &[("themes", &unknown.join(&words.separator))]));
    }
    lines
}
