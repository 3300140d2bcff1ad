//! `export`: a map sheet as PDF, PNG or SVG.

use super::basis::open_atlas;
use super::{Console, Failure, OutputFormat};
use crate::atlas::{Atlas, Feature, Layer, LayerId, Site, Theme};
use crate::format::{self, ReadOptions};
use crate::report::{Extent, Paper, SheetFormat, SheetRequest, sheet};
use crate::siting::{Ground, Question, Rulebook, Statute, Verdict, screen, zone_layers};
use crate::storage::{clock, file, layer};
use crate::text::fill;
use crate::workspace::{Derived, Project, Session, sentence};
use geo::{Coord, MultiPolygon, Rect};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// File to write; its ending .pdf, .png or .svg chooses the format
    out: PathBuf,
    /// What the frame shows, degrees
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    extent: Option<String>,
    /// Shows one feature with its surroundings
    #[arg(long, value_name = "ID|NAME")]
    on: Option<String>,
    /// Paper
    #[arg(long, default_value = "A3", value_name = "A4…A0", value_parser = paper)]
    paper: Paper,
    /// The sheet lies
    #[arg(long)]
    landscape: bool,
    /// Dots an inch of a PNG
    #[arg(long, default_value_t = 300.0, value_name = "N")]
    dpi: f64,
    /// Denominator of the scale; the largest usual one that fits when left out
    #[arg(long, value_name = "N")]
    scale: Option<f64>,
    /// Title; named by itself when left out
    #[arg(long)]
    title: Option<String>,
    /// Second line of the title
    #[arg(long)]
    subtitle: Option<String>,
    /// Office that issues the sheet
    #[arg(long)]
    author: Option<String>,
    /// Themes to draw, separated by commas; those of the first picture when left out
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    layers: Option<Vec<String>>,
    /// Projects to draw
    #[arg(long, value_name = "FILE.geojson")]
    site: Option<PathBuf>,
    /// Folder of an atlas instead of the bundled one
    #[arg(long, value_name = "DIR")]
    atlas: Option<PathBuf>,
    /// Shape of what is printed
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

fn paper(word: &str) -> Result<Paper, String> {
    Paper::parse(word).ok_or_else(|| "A4 | A3 | A2 | A1 | A0".into())
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let words = &console.text().sheet.error;
    let format = format_of(&arguments.out, console)?;
    if arguments.extent.is_some() && arguments.on.is_some() {
        return Err(Failure::usage(&words.both));
    }
    let box_asked = arguments.extent.as_deref().map(|word| area(word, console)).transpose()?;
    let atlas = Arc::new(with_belts(open_atlas(arguments.atlas.as_deref(), console)?, arguments.layers.as_deref()));
    let sites = arguments.site.as_deref().map(|path| sites(path, console)).transpose()?.unwrap_or_default();
    let extent = match (box_asked, &arguments.on) {
        (Some(area), _) => Extent::Area(area),
        (None, Some(name)) => feature(name, &atlas, console)?,
        (None, None) if !sites.is_empty() => Extent::Sites,
        (None, None) => Extent::City,
    };
    let request = SheetRequest {
        paper: arguments.paper,
        is_landscape: arguments.landscape,
        format,
        dpi: arguments.dpi,
        extent,
        scale: arguments.scale,
        title: arguments.title.clone().unwrap_or_default(),
        subtitle: arguments.subtitle.clone().unwrap_or_default(),
        unit: arguments.author.clone().unwrap_or_default(),
        overlaps: overlaps(&sites, &atlas),
        sites,
        by_class: true,
        language: console.language,
        ..SheetRequest::new(layers(arguments, &atlas, console)?, clock::today())
    };
    let derived = Derived::of(&atlas);
    let made = sheet(&request, &atlas, &derived.water_class)
        .map_err(|error| Failure::failed(sentence::sheet_error(console.text(), &error)))?;
    file::write(&arguments.out, &made.bytes).map_err(|error| match error.reason {
        // a file to be written may be missing; what lacks is the folder around it
        file::FileReason::Missing => {
            Failure::failed(fill(&words.no_folder, &[("file", &arguments.out.display().to_string())]))
        }
        _ => Failure::failed(sentence::file_error(console.text(), &error)),
    })?;
    let path = arguments.out.display().to_string();
    let scale = format!("{:.0}", made.denominator);
    let values = [("file", path.as_str()), ("paper", request.paper.name()), ("n", &scale)];
    let document = serde_json::json!({
        "file": path,
        "format": format.extension(),
        "paper": request.paper.name(),
        "landscape": request.is_landscape,
        "scale": made.denominator,
        "bytes": made.bytes.len(),
    });
    console.tell(arguments.format, &fill(&words.written, &values), document)
}

fn format_of(path: &Path, console: &Console) -> Result<SheetFormat, Failure> {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    SheetFormat::of_extension(&extension).ok_or_else(|| {
        let file = path.display().to_string();
        let values = [("file", file.as_str()), ("extension", &extension)];
        Failure::usage(fill(&console.text().sheet.error.extension, &values))
    })
}

fn area(words: &str, console: &Console) -> Result<Rect, Failure> {
    let numbers: Vec<f64> = words.split([',', '，']).filter_map(|word| word.trim().parse().ok()).collect();
    match numbers.as_slice() {
        [west, south, east, north]
            if words.split([',', '，']).count() == 4
                && west < east
                && south < north
                && west.abs() <= 180.0
                && east.abs() <= 180.0
                && south.abs() <= 90.0
                && north.abs() <= 90.0 =>
        {
            Ok(Rect::new(Coord { x: *west, y: *south }, Coord { x: *east, y: *north }))
        }
        _ => Err(Failure::usage(fill(&console.text().sheet.error.extent, &[("words", words)]))),
    }
}

/// Ground that the projects share with zones, as `check` finds it.
fn overlaps(sites: &[Site], atlas: &Atlas) -> Vec<MultiPolygon> {
    if sites.is_empty() {
        return Vec::new();
    }
    let question = Question { near_m: 0.0, ..Question::on(clock::today()) };
    let screening = screen(sites, &Ground::new(atlas), Rulebook::bundled(), &question);
    screening.sites.iter().map(Verdict::conflict_ground).collect()
}

/// By id, else by name, else by a part of the name.
fn feature(words: &str, atlas: &Atlas, console: &Console) -> Result<Extent, Failure> {
    let text = console.text();
    let words = words.trim();
    let all = || {
        let layers = atlas.layers.iter();
        layers.flat_map(|layer| layer.features().iter().map(move |feature| (layer.theme, feature)))
    };
    let mut found: Vec<_> = all().filter(|(_, feature)| feature.id.eq_ignore_ascii_case(words)).collect();
    if found.is_empty() {
        found = all().filter(|(_, feature)| feature.name() == words).collect();
    }
    if found.is_empty() && !words.is_empty() {
        found = all().filter(|(_, feature)| feature.name().contains(words)).collect();
    }
    match found.as_slice() {
        [(theme, feature)] => Ok(Extent::Feature(*theme, feature.id.clone())),
        [] => Err(Failure::failed(fill(&text.sheet.error.unknown_feature, &[("name", words)]))),
        several => {
            let names: Vec<String> =
                several.iter().take(8).map(|(_, feature)| format!("{} {}", feature.name(), feature.id)).collect();
            let count = several.len().to_string();
            let values = [("words", words), ("n", &*count), ("names", &*names.join(", "))];
            Err(Failure::failed(fill(&text.waters.several, &values)))
        }
    }
}

/// The atlas with the statutory belts that are asked for by theme, id or name, and with no other: they take time.
fn with_belts(mut atlas: Atlas, asked: Option<&[String]>) -> Atlas {
    let rulebook = Rulebook::bundled();
    let asked = |id: &str, zh: &str, en: &str| {
        asked
            .unwrap_or_default()
            .iter()
            .map(|name| name.trim())
            .any(|name| [id, zh, Theme::StatutoryBelts.code()].contains(&name) || name.eq_ignore_ascii_case(en))
    };
    let mut wanted = Rulebook::clone(rulebook);
    if !rulebook.statutes.iter().any(|statute| asked(&statute.id, &statute.zh, &statute.en)) {
        return atlas;
    }
    // those that go before one asked for stay in the book, for its ground depends on them
    wanted.statutes.retain(|statute| {
        let is_before = |other: &Statute| other.less.contains(&statute.id) && asked(&other.id, &other.zh, &other.en);
        asked(&statute.id, &statute.zh, &statute.en) || rulebook.statutes.iter().any(is_before)
    });
    let next = std::cell::Cell::new(atlas.layers.iter().map(|layer| layer.id.0 + 1).max().unwrap_or(0));
    let id = || LayerId(next.replace(next.get() + 1));
    let belts = zone_layers(&Ground::new(&atlas), &wanted, &id, &|_| true).unwrap_or_default();
    let shown = |belt: &Layer| {
        let statute = belt.features().first().and_then(|feature| rulebook.statute(&feature.id));
        statute.is_some_and(|statute| asked(&statute.id, &statute.zh, &statute.en))
    };
    atlas.layers.extend(belts.into_iter().filter(shown).map(Arc::new));
    atlas
}

fn layers(arguments: &Arguments, atlas: &Arc<Atlas>, console: &Console) -> Result<Vec<(LayerId, f32)>, Failure> {
    let text = console.text();
    let project = Project::new(atlas.clone(), &Session::default());
    let Some(names) = &arguments.layers else {
        return Ok(project
            .layers
            .iter()
            .filter(|state| state.visible)
            .map(|state| (state.id, state.opacity))
            .collect());
    };
    let (mut themes, mut belts) = (Vec::new(), Vec::new());
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let of_belt = |layer: &&Arc<Layer>| {
            let is_named = |feature: &Feature| {
                feature.id == name || layer.title == name || feature.text("name_en").eq_ignore_ascii_case(name)
            };
            layer.theme == Theme::StatutoryBelts && layer.features().iter().any(is_named)
        };
        if let Some(belt) = atlas.layers.iter().find(of_belt) {
            belts.push(belt.id);
            continue;
        }
        let by_name = || Theme::ATLAS.into_iter().find(|theme| text.common.theme(*theme) == name);
        let theme = Theme::parse(name).or_else(by_name).filter(|theme| atlas.layer(*theme).is_some());
        themes.push(theme.ok_or_else(|| {
            let known: Vec<&str> = atlas.layers.iter().map(|layer| layer.theme.code()).collect();
            let values = [("name", name), ("known", &*known.join(", "))];
            Failure::usage(fill(&text.sheet.error.unknown_layer, &values))
        })?);
    }
    let shown = project.layers.iter().filter(|state| themes.contains(&state.theme) || belts.contains(&state.id));
    Ok(shown.map(|state| (state.id, state.opacity)).collect())
}

fn sites(path: &Path, console: &Console) -> Result<Vec<Site>, Failure> {
    let text = console.text();
    let (reading, _) = layer::read(path, &ReadOptions::default())
        .map_err(|error| Failure::failed(sentence::open_error(text, &error)))?;
    super::basis::tell_problems(path, &reading.problems, console)?;
    let sites: Vec<Site> = reading.layers.iter().flat_map(|layer| format::sites(layer).0).collect();
    if sites.is_empty() {
        let file = path.display().to_string();
        return Err(Failure::failed(fill(&text.sheet.error.sites, &[("file", &file)])));
    }
    Ok(sites)
}
