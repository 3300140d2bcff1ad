//! What a report is computed from, as files attached to it, and the way back from them to the answer.

use super::excerpt::{TAKES, Take, excerpt, is_asked};
use super::seal::fingerprint;
use super::surroundings::{Surroundings, surroundings};
use super::{Case, Cover};
use crate::atlas::{
    Atlas, Date, Feature, Governance, LandUse, Layer, LayerId, LimitedActivity, Manifest, ManifestLayer, Override,
    Quality, Site, Source, Theme, Value,
};
use crate::format::{self, Format, ReadOptions, Target, WriteLayer};
use crate::siting::{Ground, PackIdentity, Question, Rulebook, Screening, is_bundled, screen};
use crate::text::Language;
use crate::waters::Waters;
use geo::{Geometry, MultiPolygon};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

/// Name and content of an attached file.
pub type Attached = (String, Vec<u8>);

/// Names of the files that every report carries.
pub mod name {
    /// The answer, as `check --format json` prints it.
    pub const VERDICT: &str = "verdict.json";
    /// What lies around.
    pub const SURROUNDINGS: &str = "surroundings.json";
    /// The projects.
    pub const SITES: &str = "sites.geojson";
    /// What was asked.
    pub const QUESTION: &str = "question.json";
    /// The layers, with their fingerprints.
    pub const LAYERS: &str = "layers.json";
    /// The rule packs, with theirs.
    pub const RULES: &str = "rules.json";
    /// Records of the waters told.
    pub const WATERS: &str = "waters.json";
    /// The fingerprint of each of the others.
    pub const CONTENTS: &str = "contents.json";
}

/// What was asked, and what the report says beside the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct KeptQuestion {
    pub near_m: f64,
    pub as_of: Date,
    pub land_use: Option<u8>,
    pub kind: Option<String>,
    #[serde(default)]
    pub limited_activity: Option<u8>,
    pub downstream_km: f64,
    pub language: Language,
    pub shows_coordinates: bool,
    pub made: Date,
    pub cover: Cover,
    pub program: String,
}

/// A layer at hand when the report was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptLayer {
    /// Its subject.
    pub theme: Theme,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// Where its facts are from.
    #[serde(default)]
    pub source: String,
    /// Terms of use.
    #[serde(default)]
    pub licence: String,
    /// The worst quality in it.
    pub quality: Quality,
    /// How many features it has.
    pub features: usize,
    /// It is one of the atlas, which speaks for all of the city.
    pub of_atlas: bool,
    /// Day after which a check may not rely on it.
    #[serde(default)]
    pub valid_until: Option<Date>,
    /// How far its boundaries may lie from where they are drawn, metres, where that is told.
    #[serde(default)]
    pub accuracy_m: Option<f64>,
    /// An answer may rest on it.
    pub asked: bool,
    /// The attached file that holds what of it was looked at; none for a layer that no answer rests on, and
    /// where coordinates are withheld.
    #[serde(default)]
    pub attached: Option<String>,
    /// How many features that file holds.
    #[serde(default)]
    pub kept: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptAtlas {
    title: String,
    version: String,
    as_of: Date,
    layers: Vec<KeptLayer>,
}

/// A rule pack by which the report was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptPack {
    /// Name of the pack's file.
    pub file: String,
    /// Its identity.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of its text.
    pub sha256: String,
    /// It is part of the program.
    pub bundled: bool,
    /// The attached file with its text.
    pub attached: String,
}

/// The files that a report carries.
#[derive(Debug)]
pub struct Evidence {
    /// Names and contents.
    pub files: Vec<Attached>,
    /// Whether the answer follows from them to the last digit.
    pub proves: bool,
}

impl Evidence {
    /// Gathers what a case rests on: as little of the layers as gives the same answer again.
    pub fn of(case: &Case, around: &[Surroundings], layers: &[KeptLayer]) -> Evidence {
        let mut evidence = Evidence { files: Vec::new(), proves: false };
        if !case.shows_coordinates {
            evidence.files = files(case, around, layers.iter().map(|layer| (layer.clone(), None)).collect());
            return evidence;
        }
        let answer = Answer::of(case.screening, around);
        for take in TAKES {
            evidence.files = files(case, around, taken(case, around, layers, take));
            evidence.proves = Inputs::read(&evidence.files).is_ok_and(|inputs| inputs.compute().answer() == answer);
            if evidence.proves {
                break;
            }
        }
        evidence
    }

    /// Adds further files and the list of them all.
    pub fn complete(mut self, mut further: Vec<Attached>) -> Vec<Attached> {
        self.files.append(&mut further);
        let entries = self.files.iter().map(|(name, bytes)| json!({"name": name, "sha256": fingerprint(bytes)}));
        let contents = pretty(&entries.collect::<Vec<_>>());
        self.files.push((name::CONTENTS.into(), contents));
        self.files
    }
}

/// The layers at hand.
pub(super) fn kept_layers(case: &Case) -> Vec<KeptLayer> {
    let layers = case.ground.layers().map(|prepared| {
        let layer = &prepared.layer;
        let own = layer.source.origin.clone();
        KeptLayer {
            theme: layer.theme,
            title: layer.title.clone(),
            file: layer.source.file.clone(),
            version: layer.source.version.clone(),
            sha256: layer.source.sha256.clone(),
            source: if own.is_empty() { told_alike(layer) } else { own },
            licence: layer.source.licence.clone(),
            quality: prepared.quality,
            features: layer.features().len(),
            of_atlas: prepared.speaks_for_the_city,
            valid_until: prepared.valid_until,
            accuracy_m: prepared.accuracy_m,
            asked: is_asked(case, prepared),
            attached: None,
            kept: 0,
        }
    });
    layers.collect()
}

/// Where the facts of a person's own layer are from, when all its features say the same.
fn told_alike(layer: &Layer) -> String {
    let mut sources = layer.features().iter().map(|feature| feature.text("source"));
    let first = sources.next().unwrap_or_default();
    if sources.all(|source| source == first) { first.to_owned() } else { String::new() }
}

type Taken = Vec<(KeptLayer, Option<Vec<u8>>)>;

fn taken(case: &Case, around: &[Surroundings], layers: &[KeptLayer], take: Take) -> Taken {
    let taken = (1..).zip(layers).zip(case.ground.layers()).map(|((number, entry), prepared): ((usize, _), _)| {
        let mut entry: KeptLayer = entry.clone();
        if !entry.asked {
            return (entry, None);
        }
        let features = excerpt(case, around, prepared, take);
        entry.attached = Some(format!("layer-{number:02}-{}.geojson", entry.theme.code()));
        entry.kept = features.len();
        let bytes = geojson(&entry.title, &features);
        (entry, bytes)
    });
    taken.collect()
}

/// Features as GeoJSON with all digits; none where one of them cannot be written so.
fn geojson(title: &str, features: &[Feature]) -> Option<Vec<u8>> {
    let written = format::write(Format::GeoJson, &[WriteLayer::of(title, features)], &Target::default()).ok()?;
    written.files.into_iter().next().map(|file| file.bytes)
}

fn files(case: &Case, around: &[Surroundings], layers: Taken) -> Vec<Attached> {
    let question = case.question;
    let asked = KeptQuestion {
        near_m: question.near_m,
        as_of: question.as_of,
        land_use: question.land_use.map(class_number),
        kind: question.kind.clone(),
        limited_activity: question.limited_activity,
        downstream_km: question.downstream_km,
        language: case.language,
        shows_coordinates: case.shows_coordinates,
        made: case.made,
        cover: case.cover.clone(),
        program: super::PROGRAM.to_owned(),
    };
    let sites: Vec<Feature> = case.sites.iter().map(feature_of).collect();
    let (mut kept, mut attached) = (Vec::new(), Vec::new());
    for (entry, bytes) in layers {
        if let (Some(name), Some(bytes)) = (&entry.attached, bytes) {
            attached.push((name.clone(), bytes));
        }
        kept.push(entry);
    }
    let manifest = &case.atlas.manifest;
    let atlas = KeptAtlas {
        title: manifest.title.clone(),
        version: manifest.version.clone(),
        as_of: manifest.as_of,
        layers: kept,
    };
    let packs = case.rulebook.texts.iter().zip(&case.rulebook.packs);
    let packs: Vec<KeptPack> = (1..).zip(packs).map(|(number, (text, pack))| kept_pack(number, text, pack)).collect();
    let mut files = vec![
        (name::VERDICT.into(), verdict(case)),
        (name::SURROUNDINGS.into(), pretty(&around)),
        (name::QUESTION.into(), pretty(&asked)),
        (name::LAYERS.into(), pretty(&atlas)),
        (name::RULES.into(), pretty(&packs)),
        (name::WATERS.into(), pretty(&records(case, around))),
    ];
    let texts = packs
        .iter()
        .zip(&case.rulebook.texts)
        .map(|(pack, (_, text))| (pack.attached.clone(), text.as_bytes().to_vec()));
    files.extend(texts);
    if case.shows_coordinates {
        files.push((name::SITES.into(), geojson("sites", &sites).unwrap_or_default()));
        files.append(&mut attached);
    }
    files
}

/// The answer as `check` prints it; without places where coordinates are withheld.
fn verdict(case: &Case) -> Vec<u8> {
    // a report speaks of one day
    let answer = Screening { comparison: None, ..case.screening.clone() };
    if case.shows_coordinates {
        return pretty(&answer);
    }
    let mut answer = serde_json::to_value(answer).unwrap_or_default();
    hide_places(&mut answer);
    pretty(&answer)
}

/// Takes out shapes and positions: pairs of numbers that may be longitude and latitude.
fn hide_places(value: &mut serde_json::Value) {
    use serde_json::Value;
    let is_place = |value: &Value| match value {
        Value::Array(pair) => match pair.as_slice() {
            [lon, lat] => {
                lon.as_f64().is_some_and(|lon| lon.abs() <= 180.0) && lat.as_f64().is_some_and(|lat| lat.abs() <= 90.0)
            }
            _ => false,
        },
        Value::Object(members) => members.contains_key("coordinates"),
        _ => false,
    };
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !is_place(member));
            members.values_mut().for_each(hide_places);
        }
        Value::Array(items) => {
            items.retain(|item| !is_place(item));
            items.iter_mut().for_each(hide_places);
        }
        _ => {}
    }
}

fn kept_pack(number: usize, (file, text): &(String, Arc<str>), identity: &PackIdentity) -> KeptPack {
    // a path of this machine is nobody's concern
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned();
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    let id: String = identity.id.chars().filter(is_plain).take(40).collect();
    KeptPack {
        file,
        id: identity.id.clone(),
        version: identity.version.clone(),
        sha256: fingerprint(text.as_bytes()),
        bundled: is_bundled(text),
        attached: format!("rules-{number:02}-{id}.toml"),
    }
}

/// The records of the waters told, as the atlas has them.
fn records(case: &Case, around: &[Surroundings]) -> Option<Governance> {
    let governance = case.atlas.governance.as_deref()?;
    let near = around.iter().flat_map(|around| &around.waters).map(|water| water.id.as_str());
    let receiving = case.screening.sites.iter().filter_map(|verdict| verdict.downstream.as_ref());
    let told: Vec<&str> = near.chain(receiving.map(|answer| answer.water.id.as_str())).collect();
    let records = governance.records.iter().filter(|record| told.contains(&record.waterbody.as_str())).cloned();
    Some(Governance {
        as_of: governance.as_of,
        source: governance.source.clone(),
        licence: governance.licence.clone(),
        quality: governance.quality,
        records: records.collect(),
    })
}

fn pretty<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec_pretty(value).unwrap_or_default()
}

fn class_number(class: LandUse) -> u8 {
    if class == LandUse::First { 1 } else { 2 }
}

fn class_of(number: Option<i64>) -> Option<LandUse> {
    match number {
        Some(1) => Some(LandUse::First),
        Some(2) => Some(LandUse::Second),
        _ => None,
    }
}

/// A site as a feature of a file.
pub(super) fn feature_of(site: &Site) -> Feature {
    let mut values = vec![
        ("name".to_owned(), Value::Text(site.name.clone())),
        ("project_kind".to_owned(), Value::Text(site.kind.clone())),
    ];
    if let Some(class) = site.land_use {
        values.push(("land_use".to_owned(), Value::Integer(i64::from(class_number(class)))));
    }
    let mut told = |name: &str, said: serde_json::Value| values.push((name.to_owned(), Value::Nested(said)));
    if let Some(activity) = &site.limited_activity {
        told("limited_activity", json!(activity));
    }
    if !site.overrides.is_empty() {
        told("overrides", json!(site.overrides));
    }
    Feature { id: site.id.clone(), shape: Some(Geometry::MultiPolygon(site.shape.clone())), values }
}

fn site_of(feature: Feature) -> Site {
    let shape = match &feature.shape {
        Some(Geometry::MultiPolygon(shape)) => shape.clone(),
        Some(Geometry::Polygon(shape)) => MultiPolygon::new(vec![shape.clone()]),
        _ => MultiPolygon::new(Vec::new()),
    };
    Site {
        id: feature.id.clone(),
        name: feature.text("name").to_owned(),
        shape,
        kind: feature.text("project_kind").to_owned(),
        land_use: class_of(feature.number("land_use").map(|number| number as i64)),
        limited_activity: nested::<LimitedActivity>(&feature, "limited_activity"),
        overrides: nested::<Vec<Override>>(&feature, "overrides").unwrap_or_default(),
    }
}

fn nested<T: serde::de::DeserializeOwned>(feature: &Feature, name: &str) -> Option<T> {
    match feature.value(name) {
        Value::Nested(value) => serde_json::from_value(value.clone()).ok(),
        _ => None,
    }
}

/// Why the files attached to a report give no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceFault {
    /// One is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// One cannot be read.
    #[error("{file}: {reason}")]
    Unreadable {
        /// Its name.
        file: String,
        /// Why.
        reason: String,
    },
}

/// What a report was computed from, read back.
#[derive(Debug)]
pub struct Inputs {
    /// The projects.
    pub sites: Vec<Site>,
    /// What was asked.
    pub question: Question,
    pub(super) asked: KeptQuestion,
    /// The layers, as far as they were looked at.
    pub atlas: Atlas,
    /// All layers that were at hand.
    pub layers: Vec<KeptLayer>,
    /// The rules.
    pub rulebook: Rulebook,
    /// The packs they are from.
    pub packs: Vec<KeptPack>,
    /// What the report says.
    pub stated: Answer,
}

/// Verdicts and surroundings as they are written.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// As `check` prints it.
    pub screening: serde_json::Value,
    /// One a site.
    pub surroundings: serde_json::Value,
}

impl Answer {
    /// The answer as it is written. Read back from its text, since numbers read from a text may end in another digit
    /// than those computed.
    pub fn of(screening: &Screening, around: &[Surroundings]) -> Answer {
        let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).unwrap_or_default();
        let mut screening: serde_json::Value = read(pretty(screening));
        if let Some(screening) = screening.as_object_mut() {
            // fingerprints are compared, not recomputed
            screening.remove("layers");
            screening.remove("comparison");
        }
        Answer { screening, surroundings: read(pretty(&around)) }
    }
}

fn file<'a>(files: &'a [Attached], name: &str) -> Result<&'a [u8], EvidenceFault> {
    let found = files.iter().find(|(known, _)| known == name).map(|(_, bytes)| bytes.as_slice());
    found.ok_or_else(|| EvidenceFault::Missing(name.to_owned()))
}

fn read<T: serde::de::DeserializeOwned>(files: &[Attached], name: &str) -> Result<T, EvidenceFault> {
    let fail =
        |error: serde_json::Error| EvidenceFault::Unreadable { file: name.to_owned(), reason: error.to_string() };
    serde_json::from_slice(file(files, name)?).map_err(fail)
}

fn features(files: &[Attached], name: &str) -> Result<Vec<Feature>, EvidenceFault> {
    let fail = |reason: String| EvidenceFault::Unreadable { file: name.to_owned(), reason };
    let bytes = file(files, name)?;
    let reading = format::read(bytes, "", &ReadOptions::default()).map_err(|error| fail(error.to_string()))?;
    Ok(reading.layers.into_iter().next().map(|layer| layer.features).unwrap_or_default())
}

impl Inputs {
    /// Reads the files attached to a report.
    pub fn read(files: &[Attached]) -> Result<Inputs, EvidenceFault> {
        let asked: KeptQuestion = read(files, name::QUESTION)?;
        let kept: KeptAtlas = read(files, name::LAYERS)?;
        let packs: Vec<KeptPack> = read(files, name::RULES)?;
        let governance: Option<Governance> = read(files, name::WATERS)?;
        let mut screening: serde_json::Value = read(files, name::VERDICT)?;
        if let Some(screening) = screening.as_object_mut() {
            screening.remove("layers");
        }
        let stated = Answer { screening, surroundings: read(files, name::SURROUNDINGS)? };
        let mut rulebook = Rulebook::default();
        for pack in &packs {
            let fail = |reason: String| EvidenceFault::Unreadable { file: pack.attached.clone(), reason };
            let text = String::from_utf8_lossy(file(files, &pack.attached)?).into_owned();
            rulebook.add(&pack.file, &text).map_err(|error| fail(error.to_string()))?;
        }
        let sites = features(files, name::SITES)?.into_iter().map(site_of).collect();
        let question = Question {
            near_m: asked.near_m,
            as_of: asked.as_of,
            land_use: class_of(asked.land_use.map(i64::from)),
            kind: asked.kind.clone(),
            limited_activity: asked.limited_activity,
            downstream_km: asked.downstream_km,
        };
        let mut layers = Vec::new();
        for (number, entry) in (0..).zip(&kept.layers) {
            let Some(name) = &entry.attached else { continue };
            let source = Source {
                file: entry.file.clone(),
                sha256: entry.sha256.clone(),
                origin: entry.source.clone(),
                licence: entry.licence.clone(),
                version: entry.version.clone(),
            };
            let features = features(files, name)?;
            layers.push(Arc::new(Layer::new(LayerId(number), entry.theme, entry.title.clone(), source, features)));
        }
        let manifest = Manifest {
            title: kept.title,
            title_en: String::new(),
            version: kept.version,
            as_of: kept.as_of,
            city_area_km2: None,
            city_area_source: String::new(),
            layers: kept.layers.iter().filter(|entry| entry.of_atlas).map(manifest_layer).collect(),
            governance: None,
        };
        let atlas = Atlas { manifest, layers, governance: governance.map(Arc::new) };
        Ok(Inputs { sites, question, asked, atlas, layers: kept.layers, rulebook, packs, stated })
    }

    /// Computes the answer anew from what was read.
    pub(super) fn compute(&self) -> Computed {
        Computed::of(&self.sites, &self.atlas, Ground::new(&self.atlas), &self.rulebook, &self.question)
    }
}

/// An answer as it was computed.
pub(super) struct Computed {
    pub ground: Ground,
    pub screening: Screening,
    pub around: Vec<Surroundings>,
}

impl Computed {
    pub fn of(sites: &[Site], atlas: &Atlas, ground: Ground, rulebook: &Rulebook, question: &Question) -> Self {
        let screening = screen(sites, &ground, rulebook, question);
        let waters = Waters::new(atlas);
        let around = sites.iter().map(|site| surroundings(site, question.near_m, atlas, &ground, &waters)).collect();
        Computed { ground, screening, around }
    }

    pub fn answer(&self) -> Answer {
        Answer::of(&self.screening, &self.around)
    }
}

fn manifest_layer(entry: &KeptLayer) -> ManifestLayer {
    ManifestLayer {
        theme: entry.theme,
        file: entry.file.clone(),
        title: entry.title.clone(),
        title_en: String::new(),
        quality: entry.quality,
        source: entry.source.clone(),
        licence: entry.licence.clone(),
        expected: None,
        valid_until: entry.valid_until,
        accuracy_m: entry.accuracy_m,
    }
}
