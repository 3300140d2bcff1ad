//! Draws the bundled atlas from the authored tables of maps/wuxi/source: bytes in, bytes out, always the same.

mod base;
mod land;
mod network;
mod records;
mod river;
mod shape;
mod validate;
mod water;
mod zone;

pub use validate::{Fault, FaultKind, validate};

use crate::atlas::{Feature, Manifest, Quality, Theme, Value};
use crate::format::geojson::{WriteOptions, write};
use geo::Geometry;
use std::collections::BTreeMap;

/// A source that is missing, cannot be read, or asks for what cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DraftError {
    /// A table that the atlas needs is not there.
    #[error("{0}: not there")]
    Missing(String),
    /// A table cannot be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// The table.
        file: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// One thing of a table cannot be drawn.
    #[error("{file}: {subject}: {reason}")]
    Undrawable {
        /// The table.
        file: String,
        /// Name or id of the thing.
        subject: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The atlas that was drawn cannot be written.
    #[error("{0}: cannot be written: {1}")]
    Unwritable(String, String),
}

/// The authored tables: file name → bytes.
pub type Sources = BTreeMap<String, Vec<u8>>;

/// The layers drawn so far.
pub type Layers = BTreeMap<Theme, Vec<Feature>>;

/// Draws the whole atlas: names and bytes of the tables in, names and bytes of the atlas' files out.
pub fn build(sources: &Sources) -> Result<BTreeMap<String, Vec<u8>>, DraftError> {
    let mut layers = Layers::new();
    let districts = base::districts(sources)?;
    let mut basins = base::lakes(sources)?;
    basins.push(base::yangtze(sources)?);
    let mut rivers = river::draw(sources, &mut basins, &districts)?;
    layers.insert(Theme::BlackOdourWaters, water::black_odour(sources, &mut rivers, &districts)?);
    layers.insert(Theme::Outfalls, water::outfalls(sources, &mut rivers, &districts)?);
    let (sections, speaking) = water::sections(sources, &mut rivers, &basins, &districts)?;
    layers.insert(Theme::MonitoringSections, sections);
    layers.insert(Theme::Rivers, river::features(&rivers, &basins, &districts, &speaking));
    let (yangtze, lakes) = basins.iter().map(base::Basin::feature).partition(|basin| basin.id.starts_with("YANGTZE"));
    layers.insert(Theme::Lakes, lakes);
    layers.insert(Theme::Yangtze, yangtze);
    layers.insert(Theme::Districts, districts);
    layers.insert(Theme::Places, base::places(sources)?);
    let ground = zone::Ground::new(&layers);
    let (water_sources, redline_zones) =
        (zone::water_sources(sources, &ground)?, zone::redline_zones(sources, &ground)?);
    let pattern_areas = zone::pattern_areas(&ground);
    layers.insert(Theme::WaterSources, water_sources);
    layers.insert(Theme::RedlineZones, redline_zones);
    layers.insert(Theme::PatternAreas, pattern_areas);
    let livestock_zones = land::livestock_zones(&layers, &zone::Ground::new(&layers));
    layers.insert(Theme::LivestockZones, livestock_zones);
    let ground = zone::Ground::new(&layers);
    let (farms, plots) = (land::farms(&layers, &ground), land::contaminated_plots(&layers, &ground));
    layers.insert(Theme::Farms, farms);
    layers.insert(Theme::ContaminatedPlots, plots);
    let records = records::governance(sources, &layers)?;
    assemble(sources, layers, BTreeMap::from([("governance.json".to_owned(), records)]))
}

/// Writes the layers, each to its file beside `files`, and the manifest that lists them.
fn assemble(
    sources: &Sources,
    layers: Layers,
    mut files: BTreeMap<String, Vec<u8>>,
) -> Result<BTreeMap<String, Vec<u8>>, DraftError> {
    let file = "atlas.toml";
    let mut manifest: Manifest = read_toml(sources, file)?;
    manifest.layers.retain(|layer| layers.contains_key(&layer.theme));
    manifest.governance = manifest.governance.filter(|records| files.contains_key(records));
    for layer in &mut manifest.layers {
        let features = layers.get(&layer.theme).map(Vec::as_slice).unwrap_or_default();
        if let Some(expected) = layer.expected.filter(|expected| *expected != features.len()) {
            let reason = format!("{} drawn, {expected} expected", features.len());
            return Err(DraftError::Undrawable { file: file.into(), subject: layer.file.clone(), reason });
        }
        layer.expected = Some(features.len());
        let options = WriteOptions { decimals: Some(7), ..WriteOptions::default() };
        let bytes =
            write(features, &options).map_err(|error| DraftError::Unwritable(layer.file.clone(), error.to_string()))?;
        files.insert(layer.file.clone(), bytes);
    }
    let text = toml::to_string(&manifest).map_err(|error| DraftError::Unwritable(file.into(), error.to_string()))?;
    files.insert(file.into(), text.into_bytes());
    Ok(files)
}

/// The text of a table.
fn text<'a>(sources: &'a Sources, file: &str) -> Result<&'a str, DraftError> {
    let bytes = sources.get(file).ok_or_else(|| DraftError::Missing(file.into()))?;
    std::str::from_utf8(bytes).map_err(|error| unreadable(file, error))
}

/// Reads a TOML table.
fn read_toml<T: serde::de::DeserializeOwned>(sources: &Sources, file: &str) -> Result<T, DraftError> {
    toml::from_str(text(sources, file)?).map_err(|error| unreadable(file, error))
}

/// Reads a CSV table with a header line; lines that start with `#` are remarks.
fn read_csv<T: serde::de::DeserializeOwned>(sources: &Sources, file: &str) -> Result<Vec<T>, DraftError> {
    csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text(sources, file)?.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|error| unreadable(file, error))
}

fn unreadable(file: &str, error: impl std::fmt::Display) -> DraftError {
    DraftError::Unreadable { file: file.into(), reason: error.to_string() }
}

/// Where a feature's facts are from and what they are worth.
#[derive(Debug, Clone)]
struct Origin {
    source: String,
    licence: String,
    quality: Quality,
    /// The thing itself is invented for demonstration.
    example: bool,
}

impl Origin {
    /// Drawn by the project from these facts.
    fn drawn(source: &str) -> Self {
        Origin {
            source: source.into(),
            licence: "MIT OR Apache-2.0".into(),
            quality: Quality::Schematic,
            example: false,
        }
    }

    /// Invented by the project for demonstration.
    fn example() -> Self {
        Origin { example: true, ..Origin::drawn("示例数据：为演示而编制，不对应实际对象") }
    }
}

/// A feature with the values that every feature carries, then its own.
fn feature(
    id: &str,
    name: &str,
    district: &str,
    origin: &Origin,
    shape: Geometry,
    own: impl IntoIterator<Item = (&'static str, Value)>,
) -> Feature {
    let common = [
        ("id", Value::Text(id.into())),
        ("name", Value::Text(name.into())),
        ("district", Value::Text(district.into())),
    ];
    let provenance = [
        ("source", Value::Text(origin.source.clone())),
        ("licence", Value::Text(origin.licence.clone())),
        ("quality", Value::Text(origin.quality.code().into())),
        ("example", Value::Bool(origin.example)),
    ];
    let values = common.into_iter().chain(own).chain(provenance);
    Feature {
        id: id.into(),
        shape: Some(shape::written_shape(&shape)),
        values: values.map(|(field, value)| (field.to_owned(), value)).collect(),
    }
}

/// Rounds to so many decimals.
fn rounded(number: f64, decimals: i32) -> f64 {
    let unit = 10_f64.powi(decimals);
    (number * unit).round() / unit
}
