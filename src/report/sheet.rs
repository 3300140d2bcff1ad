//! A map sheet: what is asked for, the frame it is drawn in, the pages.

use super::layout::{Bar, Layout, Paper, bar, fitting_scale};
use super::picture::{self, Note, Picture, Scene, Shown};
use super::plane::{Plane, reach};
use super::symbol;
use super::typeset::{self, TypesetError};
use crate::atlas::{Atlas, Date, LayerId, Quality, Site, Theme};
use crate::cartography::legend::Legend;
use crate::geometry::{GaussKruger, PlanePoint};
use crate::text::{Language, Text, fill};
use geo::{BoundingRect, Coord, MultiPolygon, Rect};
use serde_json::{Value, json};
use std::collections::HashMap;

/// What a sheet is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetFormat {
    /// Vector, for print.
    Pdf,
    /// A picture.
    Png,
    /// Vector, for drawing programs.
    Svg,
}

impl SheetFormat {
    /// All of them.
    pub const ALL: [SheetFormat; 3] = [SheetFormat::Pdf, SheetFormat::Png, SheetFormat::Svg];

    /// Ending of its files.
    pub fn extension(self) -> &'static str {
        match self {
            SheetFormat::Pdf => "pdf",
            SheetFormat::Png => "png",
            SheetFormat::Svg => "svg",
        }
    }

    /// By the ending of a file.
    pub fn of_extension(word: &str) -> Option<SheetFormat> {
        SheetFormat::ALL.into_iter().find(|format| format.extension().eq_ignore_ascii_case(word))
    }
}

/// What the frame shall show.
#[derive(Debug, Clone, PartialEq)]
pub enum Extent {
    /// All that is visible of the base map.
    City,
    /// A box in degrees.
    Area(Rect),
    /// A feature with its surroundings.
    Feature(Theme, String),
    /// The projects with their surroundings.
    Sites,
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct SheetRequest {
    /// Paper.
    pub paper: Paper,
    /// Lying.
    pub is_landscape: bool,
    /// What it is written as.
    pub format: SheetFormat,
    /// Dots an inch of a picture.
    pub dpi: f64,
    /// What the frame shows.
    pub extent: Extent,
    /// Denominator of the scale; the largest usual one that fits when left out.
    pub scale: Option<f64>,
    /// Title; named by itself when empty.
    pub title: String,
    /// Second line.
    pub subtitle: String,
    /// Office that issues it.
    pub unit: String,
    /// Who compiled it.
    pub compiled: String,
    /// Who checked it.
    pub checked: String,
    /// Day it is made.
    pub date: Date,
    /// Layers to draw with their opacity, lowest first.
    pub layers: Vec<(LayerId, f32)>,
    /// Projects.
    pub sites: Vec<Site>,
    /// Ground that projects share with zones.
    pub overlaps: Vec<MultiPolygon>,
    /// Words and arrows.
    pub notes: Vec<Note>,
    /// Whether rivers are coloured by water class.
    pub by_class: bool,
    /// Language.
    pub language: Language,
}

impl SheetRequest {
    /// The whole city with these layers on a sheet.
    pub fn new(layers: Vec<(LayerId, f32)>, date: Date) -> Self {
        Self {
            paper: Paper::A3,
            is_landscape: true,
            format: SheetFormat::Pdf,
            dpi: 300.0,
            extent: Extent::City,
            scale: None,
            title: String::new(),
            subtitle: String::new(),
            unit: String::new(),
            compiled: String::new(),
            checked: String::new(),
            date,
            layers,
            sites: Vec::new(),
            overlaps: Vec::new(),
            notes: Vec::new(),
            by_class: false,
            language: Language::Zh,
        }
    }
}

/// Why there is no sheet.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SheetError {
    /// The thing named is not there or has no place.
    #[error("nothing to draw: {0}")]
    Nothing(String),
    /// The area has no image in the plane, or goes into no frame.
    #[error("outside")]
    Outside,
    /// A scale that cannot be drawn.
    #[error("scale 1:{0}")]
    Scale(f64),
    /// A resolution that cannot be drawn.
    #[error("{0} dpi")]
    Resolution(f64),
    /// The pages could not be set.
    #[error(transparent)]
    Typeset(#[from] TypesetError),
}

/// A sheet.
#[derive(Debug)]
pub struct Sheet {
    /// In the format asked for.
    pub bytes: Vec<u8>,
    /// The scale is 1 to this.
    pub denominator: f64,
    /// The bar of the scale.
    pub bar: Bar,
    /// Its title.
    pub title: String,
}

const TEMPLATE: &str = include_str!("../../assets/template/sheet.typ");

/// Share of a feature's box that is left free around it.
const AROUND: f64 = 0.1;
/// A point is shown with so much around it, metres.
const NEAREST: f64 = 400.0;

/// Makes a sheet. `water_class` holds the class of each water by its id.
pub fn sheet(request: &SheetRequest, atlas: &Atlas, water_class: &HashMap<String, u8>) -> Result<Sheet, SheetError> {
    let most = if request.format == SheetFormat::Png { 30.0..=2400.0 } else { 0.0..=f64::INFINITY };
    if !most.contains(&request.dpi) {
        return Err(SheetError::Resolution(request.dpi));
    }
    let text = Text::of(request.language);
    let legend = Legend::bundled();
    let layout = Layout::of(request.paper, request.is_landscape);
    let plane = frame(request, atlas, &layout)?;
    let layers: Vec<Shown> = request
        .layers
        .iter()
        .filter_map(|(id, opacity)| Some(Shown { layer: atlas.layer_by_id(*id)?, opacity: *opacity }))
        .collect();
    let scene = Scene {
        plane: &plane,
        legend,
        layers: &layers,
        water_class: (request.by_class && !water_class.is_empty()).then_some(water_class),
        sites: &request.sites,
        overlaps: &request.overlaps,
        notes: &request.notes,
        callouts: &[],
        enlarged: layout.enlarged,
    };
    let picture = picture::draw(&scene);
    if picture.classes.is_empty() && !picture.has_site && request.notes.is_empty() {
        return Err(SheetError::Outside);
    }
    let (entries, mut files) = entries(&scene, &picture, text, "");
    let (locator, locator_height) = locator(atlas, legend, &plane, &layout);
    let title = title(request, atlas, text);
    let bar = bar(plane.denominator, 52.0 * layout.enlarged);
    let data =
        data(&Composition { request, atlas, layout, plane: &plane, text, title: &title, bar, entries, locator_height });
    files.push(("map.svg".into(), picture.svg));
    files.push(("locator.svg".into(), locator));
    files.push(("sheet.json".into(), data.to_string().into_bytes()));
    let pages = typeset::pages(TEMPLATE, files)?;
    let bytes = match request.format {
        SheetFormat::Pdf => pages.pdf()?,
        SheetFormat::Png => pages.png(request.dpi)?,
        SheetFormat::Svg => pages.svg(),
    };
    Ok(Sheet { bytes, denominator: plane.denominator, bar, title })
}

/// The frame: the extent in the middle, at the scale asked for or the largest usual one that fits.
fn frame(request: &SheetRequest, atlas: &Atlas, layout: &Layout) -> Result<Plane, SheetError> {
    let (area, around) = area(request, atlas)?;
    let is_box = [area.min().x, area.min().y, area.max().x, area.max().y].iter().all(|side| side.is_finite());
    if !is_box {
        return Err(SheetError::Outside);
    }
    let reference = GaussKruger::three_degree(area.center().x).map_err(|_| SheetError::Outside)?;
    let [west, south, east, north] = reach(&reference, area).ok_or(SheetError::Outside)?;
    let centre = PlanePoint { east: (west + east) / 2.0, north: (south + north) / 2.0 };
    let metres =
        [east - west, north - south].map(|side| if around { side * (1.0 + 2.0 * AROUND) + NEAREST } else { side });
    let frame = layout.frame();
    let denominator = match request.scale {
        Some(scale) if (100.0..=2.0e7).contains(&scale) => scale,
        Some(scale) => return Err(SheetError::Scale(scale)),
        None => fitting_scale(metres, frame).ok_or(SheetError::Outside)?,
    };
    let plane = Plane::new(reference, centre, denominator, frame);
    plane.area().map(|_| plane).ok_or(SheetError::Outside)
}

/// The extent in degrees, and whether something is to be left free around it.
fn area(request: &SheetRequest, atlas: &Atlas) -> Result<(Rect, bool), SheetError> {
    match &request.extent {
        Extent::Area(area) => Ok((*area, false)),
        Extent::City => city(atlas).map(|area| (area, false)).ok_or_else(|| SheetError::Nothing(String::new())),
        Extent::Feature(theme, id) => {
            let bounds = atlas.find(*theme, id).and_then(|(_, feature)| feature.bounds());
            bounds.map(|area| (area, true)).ok_or_else(|| SheetError::Nothing(id.clone()))
        }
        Extent::Sites => {
            let boxes = request.sites.iter().filter_map(|site| site.shape.bounding_rect());
            let whole = boxes.reduce(united);
            whole.map(|area| (area, true)).ok_or_else(|| SheetError::Nothing(String::new()))
        }
    }
}

pub(super) fn united(one: Rect, other: Rect) -> Rect {
    Rect::new(
        Coord { x: one.min().x.min(other.min().x), y: one.min().y.min(other.min().y) },
        Coord { x: one.max().x.max(other.max().x), y: one.max().y.max(other.max().y) },
    )
}

/// The box of the districts, or of everything where there are none.
fn city(atlas: &Atlas) -> Option<Rect> {
    let districts = atlas.layer(Theme::Districts).and_then(|layer| layer.bounds());
    districts.or_else(|| atlas.layers.iter().filter_map(|layer| layer.bounds()).reduce(united))
}

/// The whole city with the box of this sheet; the SVG and its height in millimetres.
fn locator(atlas: &Atlas, legend: &Legend, sheet: &Plane, layout: &Layout) -> (Vec<u8>, f64) {
    let reference = sheet.reference().clone();
    let room = [layout.orient[2] - 13.0 * layout.enlarged, 36.0 * layout.enlarged];
    let whole = city(atlas).and_then(|area| reach(&reference, area));
    let [west, south, east, north] = whole.unwrap_or_else(|| sheet.reach());
    let (across, down) = ((east - west) * 1.06, (north - south) * 1.06);
    let denominator = (across / room[0]).max(down / room[1]) * 1000.0;
    let size = [across * 1000.0 / denominator, down * 1000.0 / denominator];
    let centre = PlanePoint { east: (west + east) / 2.0, north: (south + north) / 2.0 };
    let plane = Plane::new(reference, centre, denominator, size);
    let themes = [Theme::Districts, Theme::Lakes, Theme::Yangtze];
    let layers: Vec<Shown> =
        themes.iter().filter_map(|theme| Some(Shown { layer: atlas.layer(*theme)?, opacity: 1.0 })).collect();
    let [west, south, east, north] = sheet.reach();
    let corners = [
        plane.spot(PlanePoint { east: west, north }).map(|side| side.max(0.3)),
        plane.spot(PlanePoint { east, north: south }),
    ];
    let corners = [corners[0], [corners[1][0].min(size[0] - 0.3), corners[1][1].min(size[1] - 0.3)]];
    (picture::locator(&plane, legend, &layers, corners), size[1])
}

fn title(request: &SheetRequest, atlas: &Atlas, text: &Text) -> String {
    let words = &text.sheet;
    if !request.title.trim().is_empty() {
        return request.title.trim().to_owned();
    }
    if let Some(site) = request.sites.first() {
        return fill(&words.title_site, &[("name", &site.name)]);
    }
    match &request.extent {
        Extent::Feature(theme, id) => {
            let name = atlas.find(*theme, id).map_or(id.as_str(), |(_, feature)| feature.name());
            fill(&words.title_feature, &[("name", name)])
        }
        _ => words.title_city.clone(),
    }
}

/// Order of a theme in the legend: red lines, zones, waters, base.
fn rank(theme: Theme) -> usize {
    const ORDER: [Theme; 20] = [
        Theme::Constraint,
        Theme::RedlineZones,
        Theme::TaihuZones,
        Theme::YangtzeZones,
        Theme::RiverManagementZones,
        Theme::StatutoryBelts,
        Theme::WaterSources,
        Theme::LivestockZones,
        Theme::PatternAreas,
        Theme::ContaminatedPlots,
        Theme::Farms,
        Theme::Rivers,
        Theme::BlackOdourWaters,
        Theme::MonitoringSections,
        Theme::Outfalls,
        Theme::Lakes,
        Theme::Yangtze,
        Theme::Districts,
        Theme::Places,
        Theme::Other,
    ];
    ORDER.iter().position(|known| *known == theme).unwrap_or(ORDER.len())
}

pub(super) type Files = Vec<(String, Vec<u8>)>;

/// The lines of the legend with their swatches: only what can be seen in the frame. Names of files begin with `prefix`.
pub(super) fn entries(scene: &Scene, picture: &Picture, text: &Text, prefix: &str) -> (Vec<Value>, Files) {
    let words = &text.sheet;
    let legend = scene.legend;
    let mut found: Vec<(Vec<u8>, String)> = Vec::new();
    if picture.has_site {
        found.push((symbol::plain_swatch(None, Some(&legend.site.outline)), words.site.clone()));
        if !scene.overlaps.is_empty() {
            found.push((symbol::plain_swatch(Some(&legend.site.overlap), None), words.overlap.clone()));
        }
    }
    let mut classes: Vec<(Theme, usize)> = picture.classes.iter().copied().collect();
    classes.sort_by_key(|(theme, number)| (rank(*theme), *number));
    let mut told_water = false;
    for (theme, number) in classes {
        let Some(class) = legend.of(theme).nth(number) else { continue };
        let is_coloured = theme == Theme::Rivers && scene.water_class.is_some();
        if is_coloured && !told_water {
            told_water = true;
            // No data stands last.
            let mut seen: Vec<u8> = picture.water_classes.iter().copied().collect();
            seen.sort_by_key(|class| if *class == 0 { u8::MAX } else { *class });
            for water in seen {
                let Some(water) = legend.water_class(Some(water)) else { continue };
                let name = fill(&words.river_class, &[("class", water.name(text.language))]);
                found.push((symbol::line_swatch(water.paper, 0.6), name));
            }
        }
        let grey = legend.water_class(None).filter(|_| is_coloured).map(|class| class.paper);
        found.push((symbol::swatch(class, grey), class.name(text.language).to_owned()));
    }
    let mut entries = Vec::new();
    let mut files = Vec::new();
    for (number, (swatch, name)) in found.into_iter().enumerate() {
        let file = format!("{prefix}swatch-{number}.svg");
        entries.push(json!({"swatch": file, "name": name}));
        files.push((file, swatch));
    }
    (entries, files)
}

struct Composition<'a> {
    request: &'a SheetRequest,
    atlas: &'a Atlas,
    layout: Layout,
    plane: &'a Plane,
    text: &'a Text,
    title: &'a str,
    bar: Bar,
    entries: Vec<Value>,
    locator_height: f64,
}

/// Everything that the template says.
fn data(sheet: &Composition) -> Value {
    let Composition { request, layout, text, .. } = sheet;
    let words = &text.sheet;
    let day = request.date;
    let (year, month, date) = (day.year().to_string(), day.month(), day.day());
    let (month, date) = match request.language {
        Language::Zh => (month.to_string(), date.to_string()),
        Language::En => (format!("{month:02}"), format!("{date:02}")),
    };
    let date = fill(&words.date, &[("year", &year), ("month", &month), ("day", &date)]);
    let (columns, shrink) = legend_shape(layout, sheet.entries.len(), request.is_landscape);
    json!({
        "lang": if request.language == Language::Zh { "zh" } else { "en" },
        "k": layout.enlarged,
        "page": layout.page,
        "title": sheet.title,
        "subtitle": request.subtitle.trim(),
        "unit": request.unit.trim(),
        "date": [day.year(), day.month(), day.day()],
        "areas": {
            "title": layout.title, "figure": layout.figure, "orient": layout.orient, "legend": layout.legend,
            "author": layout.author, "scale": layout.scale, "notes": layout.notes,
        },
        "locator": sheet.locator_height,
        "legend": {"entries": sheet.entries, "columns": columns, "shrink": shrink},
        "bar": {"millimetres": sheet.bar.millimetres, "segments": sheet.bar.segments, "marks": marks(sheet.bar, text)},
        "words": {
            "north": words.north,
            "locator": words.locator,
            "legend": words.legend,
            "scale": fill(&words.scale, &[("n", &grouped(sheet.plane.denominator))]),
            "internal": words.internal,
            "notes": notes(sheet),
            "author": [
                [words.author.unit, request.unit.trim()],
                [words.author.compiled, request.compiled.trim()],
                [words.author.checked, request.checked.trim()],
                [words.author.date, date],
            ],
        },
    })
}

/// Columns of the legend and how much smaller it is set when there are many lines.
fn legend_shape(layout: &Layout, count: usize, is_landscape: bool) -> (usize, f64) {
    let room = layout.legend[3] - 7.0 * layout.enlarged - if is_landscape { 0.0 } else { 13.0 * layout.enlarged };
    let capacity = (room / (5.5 * layout.enlarged)).floor().max(1.0);
    let rows = |columns: usize| count.div_ceil(columns).max(1) as f64;
    let shrink = (capacity / rows(layout.columns)).min(1.0);
    if shrink >= 0.78 {
        (layout.columns, shrink)
    } else {
        (layout.columns + 1, (capacity / rows(layout.columns + 1)).clamp(0.55, 0.8))
    }
}

/// A scale as it is written: 1:500 000.
pub fn scale_words(denominator: f64) -> String {
    format!("1:{}", grouped(denominator))
}

/// 500 000: groups of three.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut words = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push('\u{a0}');
        }
        words.push(digit);
    }
    words
}

pub(super) fn marks(bar: Bar, text: &Text) -> Vec<(f64, String)> {
    let in_kilometres = bar.metres >= 1000.0;
    let unit = if in_kilometres { 1000.0 } else { 1.0 };
    let words = if in_kilometres { &text.sheet.kilometres } else { &text.sheet.metres };
    let middle = if bar.segments == 4 { 0.5 } else { 0.4 };
    let end = fill(words, &[("n", &format!("{}", bar.metres / unit))]);
    vec![
        (0.0, "0".to_owned()),
        (bar.millimetres * middle, format!("{}", bar.metres * middle / unit)),
        (bar.millimetres, end),
    ]
}

/// Coordinates, quality, sources, attribution: bottom left, by themselves.
fn notes(sheet: &Composition) -> Vec<String> {
    let Composition { request, atlas, text, plane, .. } = sheet;
    let words = &text.sheet;
    let meridian = format!("{}", plane.reference().central_meridian());
    let shown = request.layers.iter().filter_map(|(id, _)| atlas.layer_by_id(*id));
    let worst = shown.clone().map(|layer| layer.quality()).max().unwrap_or(Quality::Schematic);
    let notice = if worst == Quality::Schematic { text.common.schematic_notice.as_str() } else { "" };
    let manifest = &atlas.manifest;
    let name = match request.language {
        Language::En if !manifest.title_en.is_empty() => &manifest.title_en,
        _ => &manifest.title,
    };
    let as_of = manifest.as_of.to_string();
    let mut sources = vec![fill(&words.atlas, &[("title", name), ("version", &manifest.version), ("as_of", &as_of)])];
    // Bundled layers are told by the manifest; a person's own by their file.
    // A belt for reference says by which statute and from which files.
    for layer in shown.filter(|layer| !Theme::ATLAS.contains(&layer.theme)) {
        let source = match layer.theme {
            Theme::StatutoryBelts => &format!("{} · {}", layer.source.origin, layer.source.file),
            _ => &layer.source.file,
        };
        sources.push(fill(&words.source_part, &[("layer", &layer.title), ("source", source)]));
    }
    let themes: Vec<Theme> =
        request.layers.iter().filter_map(|(id, _)| atlas.layer_by_id(*id)).map(|layer| layer.theme).collect();
    let mut told: Vec<&str> = Vec::new();
    for layer in manifest.layers.iter().filter(|layer| themes.contains(&layer.theme) && !layer.source.is_empty()) {
        if !told.contains(&layer.source.as_str()) {
            told.push(&layer.source);
            let title = if request.language == Language::En && !layer.title_en.is_empty() {
                &layer.title_en
            } else {
                &layer.title
            };
            sources.push(fill(&words.source_part, &[("layer", title), ("source", &layer.source)]));
        }
    }
    let separator = if request.language == Language::Zh { "；" } else { "; " };
    vec![
        fill(&words.coordinates, &[("meridian", &meridian)]),
        fill(&words.quality, &[("quality", text.common.quality(worst)), ("notice", notice)]),
        words.attribution.clone(),
        fill(&words.sources, &[("sources", &sources.join(separator))]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(grouped(500_000.0), "500\u{a0}000");
        assert_eq!(grouped(500.0), "500");
    }

    #[test]
    fn the_legend_names_site_red_lines_zones_waters_base_in_this_order() {
        let order = [Theme::RedlineZones, Theme::LivestockZones, Theme::Rivers, Theme::Lakes, Theme::Districts];
        assert!(order.windows(2).all(|pair| rank(pair[0]) < rank(pair[1])));
    }
}
