//! Opens an atlas: the bundled one, or a folder with an `atlas.toml`.

use super::file;
use super::layer::{OpenError, fingerprint};
use crate::atlas::{Atlas, Governance, Layer, LayerId, Manifest, ManifestLayer, Source};
use crate::format::{self, FormatError, Problem, ReadOptions, Severity};
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// Name of an atlas's own description.
pub const MANIFEST: &str = "atlas.toml";

macro_rules! embed {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_bytes!(concat!("../../maps/wuxi/", $name)))),*]
    };
}

/// The files of the bundled atlas; a test holds this list against its manifest.
static BUNDLED: &[(&str, &[u8])] = embed![
    "atlas.toml",
    "black_odour_waters.geojson",
    "contaminated_plots.geojson",
    "districts.geojson",
    "farms.geojson",
    "lakes.geojson",
    "livestock_zones.geojson",
    "monitoring_sections.geojson",
    "outfalls.geojson",
    "pattern_areas.geojson",
    "places.geojson",
    "redline_zones.geojson",
    "rivers.geojson",
    "water_sources.geojson",
    "yangtze.geojson",
    "governance.json",
];

/// Why an atlas could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum AtlasError {
    /// A file of it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its description or its records.
    #[error("{file}: {reason}")]
    Text {
        /// The file.
        file: String,
        /// What and where, as the parser says it.
        reason: String,
    },
    /// A layer that is not whole.
    #[error("{file}: {problem:?}")]
    Broken {
        /// The file.
        file: String,
        /// What and where.
        problem: Box<Problem>,
    },
    /// A name that leads out of the folder.
    #[error("{0}: leads out of the folder")]
    Outside(String),
}

/// Opens the atlas that is part of the program.
pub fn open_bundled() -> Result<Atlas, AtlasError> {
    open(|name| {
        let found = BUNDLED.iter().find(|(known, _)| *known == name);
        found.map(|(_, bytes)| Cow::Borrowed(*bytes)).ok_or_else(|| missing(name))
    })
}

/// The names and bytes of the files of the bundled atlas.
pub fn bundled_files() -> &'static [(&'static str, &'static [u8])] {
    BUNDLED
}

/// Opens an atlas from a folder.
pub fn open_folder(folder: &Path) -> Result<Atlas, AtlasError> {
    open(|name| {
        let is_plain = Path::new(name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
        if !is_plain {
            return Err(AtlasError::Outside(name.to_owned()));
        }
        Ok(Cow::Owned(file::read(&folder.join(name)).map_err(OpenError::from)?))
    })
}

fn missing(name: &str) -> AtlasError {
    OpenError::from(file::FileError { path: name.into(), reason: file::FileReason::Missing }).into()
}

fn open(read: impl Fn(&str) -> Result<Cow<'static, [u8]>, AtlasError> + Sync) -> Result<Atlas, AtlasError> {
    let manifest = manifest(&read(MANIFEST)?)?;
    let (layers, governance) = rayon::join(
        || {
            let numbered: Vec<(u32, &ManifestLayer)> = (0..).zip(&manifest.layers).collect();
            // the largest files should not be left to the end: one task a file, stolen freely
            let layers = numbered.into_par_iter().with_max_len(1);
            layers.map(|(number, entry)| layer(LayerId(number), entry, &manifest, &read)).collect()
        },
        || manifest.governance.as_ref().map(|name| governance(name, &read(name)?)).transpose(),
    );
    let layers: Result<Vec<Arc<Layer>>, AtlasError> = layers;
    Ok(Atlas { layers: layers?, governance: governance?.map(Arc::new), manifest })
}

fn manifest(bytes: &[u8]) -> Result<Manifest, AtlasError> {
    let fail = |reason: String| AtlasError::Text { file: MANIFEST.into(), reason };
    let text = std::str::from_utf8(bytes).map_err(|error| fail(error.to_string()))?;
    toml::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| fail(error.to_string()))
}

fn governance(name: &str, bytes: &[u8]) -> Result<Governance, AtlasError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|error| AtlasError::Text { file: name.into(), reason: error.to_string() })
}

fn layer(
    id: LayerId,
    entry: &ManifestLayer,
    manifest: &Manifest,
    read: &impl Fn(&str) -> Result<Cow<'static, [u8]>, AtlasError>,
) -> Result<Arc<Layer>, AtlasError> {
    let bytes = read(&entry.file)?;
    let fail = |reason: FormatError| OpenError::Format { path: entry.file.clone(), reason };
    let mut reading = format::read(&bytes, &entry.title, &ReadOptions::default()).map_err(fail)?;
    // an atlas answers for its layers: part of one is none
    if let Some(problem) = reading.problems.into_iter().find(|problem| problem.kind.severity() == Severity::Error) {
        return Err(AtlasError::Broken { file: entry.file.clone(), problem: Box::new(problem) });
    }
    let features = reading.layers.pop().map(|layer| layer.features).unwrap_or_default();
    let source = Source {
        file: entry.file.clone(),
        sha256: fingerprint(&bytes),
        origin: entry.source.clone(),
        licence: entry.licence.clone(),
        version: manifest.version.clone(),
    };
    Ok(Arc::new(Layer::new(id, entry.theme, entry.title.clone(), source, features)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Theme;

    const MANIFEST_TEXT: &str = "title = \"示例\"\nversion = \"1\"\nas_of = \"2026-10-31\"\ngovernance = \"g.json\"\n\
        [[layer]]\ntheme = \"rivers\"\nfile = \"rivers.geojson\"\ntitle = \"河道\"\nquality = \"schematic\"\n";

    fn files(manifest: &str, rivers: &str, records: &str) -> Result<Atlas, AtlasError> {
        open(|name| {
            let bytes = match name {
                MANIFEST => manifest,
                "rivers.geojson" => rivers,
                "g.json" => records,
                _ => return Err(missing(name)),
            };
            Ok(Cow::Owned(bytes.as_bytes().to_vec()))
        })
    }

    const RIVERS: &str = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","id":"WX-R-001","properties":{"name":"示例河道"},
         "geometry":{"type":"LineString","coordinates":[[120.3,31.5],[120.4,31.5]]}}]}"#;
    const RECORDS: &str = r#"{"as_of":"2026-10-31","quality":"schematic","records":[{"waterbody":"WX-R-001"}]}"#;

    #[test]
    fn an_atlas_opens_with_its_layers_and_records() {
        let atlas = files(MANIFEST_TEXT, RIVERS, RECORDS).unwrap();
        assert_eq!(atlas.find(Theme::Rivers, "WX-R-001").unwrap().1.name(), "示例河道");
        assert!(atlas.governance.unwrap().record("WX-R-001").is_some());
        assert_eq!(atlas.layers[0].source.sha256.len(), 64);
    }

    #[test]
    fn the_bundled_atlas_opens_and_every_file_of_it_is_used() {
        let atlas = open_bundled().unwrap();
        let layers = atlas.manifest.layers.iter().map(|layer| layer.file.as_str());
        let mut used: Vec<&str> = layers.chain(atlas.manifest.governance.as_deref()).chain([MANIFEST]).collect();
        let mut embedded: Vec<&str> = BUNDLED.iter().map(|(name, _)| *name).collect();
        used.sort_unstable();
        embedded.sort_unstable();
        assert_eq!(used, embedded);
        for (layer, entry) in atlas.layers.iter().zip(&atlas.manifest.layers) {
            assert_eq!(Some(layer.features().len()), entry.expected, "{}", entry.file);
        }
    }

    #[test]
    fn what_is_wrong_names_its_file() {
        let cut = RIVERS.get(..RIVERS.len() - 3).unwrap();
        for (manifest, rivers, records, file) in [
            ("title = 1", RIVERS, RECORDS, "atlas.toml"),
            (MANIFEST_TEXT, cut, RECORDS, "rivers.geojson"),
            (MANIFEST_TEXT, "", RECORDS, "rivers.geojson"),
            (MANIFEST_TEXT, RIVERS, "{\"as_of\":1}", "g.json"),
        ] {
            let error = files(manifest, rivers, records).unwrap_err().to_string();
            assert!(error.contains(file), "{error}");
        }
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        let folder = std::env::temp_dir().join(format!("redline-atlas-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let manifest = MANIFEST_TEXT.replace("rivers.geojson", "../../etc/passwd");
        std::fs::write(folder.join(MANIFEST), manifest).unwrap();
        assert!(matches!(open_folder(&folder), Err(AtlasError::Outside(_))));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
