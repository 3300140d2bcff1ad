//! `atlas`: checks an atlas or builds it from its sources.

use super::{Console, Failure, basis};
use crate::drafting::{self, Sources};
use crate::storage;
use crate::text::fill;
use crate::workspace::sentence;
use std::path::{Path, PathBuf};

/// Subcommands of `atlas`.
#[derive(Debug, clap::Subcommand)]
pub enum Arguments {
    /// Counts, schema, geometry and provenance of an atlas; exit code 1 when something is wrong
    Validate(Validate),
    /// Draws the atlas from its authored tables, byte for byte the same each time
    Build(Build),
}

/// Arguments of `atlas validate`.
#[derive(Debug, clap::Args)]
pub struct Validate {
    /// Folder of the atlas; the bundled one when left out
    folder: Option<PathBuf>,
}

/// Arguments of `atlas build`.
#[derive(Debug, clap::Args)]
pub struct Build {
    /// Folder of the authored tables
    #[arg(default_value = "maps/wuxi/source")]
    source: PathBuf,
    /// Folder of the atlas
    #[arg(default_value = "maps/wuxi")]
    output: PathBuf,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    match arguments {
        Arguments::Validate(arguments) => validate(arguments, console),
        Arguments::Build(arguments) => build(arguments, console),
    }
}

fn validate(arguments: &Validate, console: &Console) -> Result<(), Failure> {
    let text = &console.text().files;
    let atlas = basis::open_atlas(arguments.folder.as_deref(), console)?;
    let folder = arguments.folder.as_ref().map_or_else(|| text.bundled.clone(), |folder| folder.display().to_string());
    let features: usize = atlas.layers.iter().map(|layer| layer.features().len()).sum();
    let values =
        [("folder", &*folder), ("layers", &*atlas.layers.len().to_string()), ("features", &*features.to_string())];
    console.print(&fill(&text.atlas_valid, &values));
    Ok(())
}

fn build(arguments: &Build, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let fail = |error: storage::file::FileError| Failure::failed(sentence::file_error(text, &error));
    let mut sources = Sources::new();
    for path in storage::file::list(&arguments.source).map_err(fail)? {
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        if is_table(&path) {
            sources.insert(name, storage::file::read(&path).map_err(fail)?);
        }
    }
    let files = drafting::build(&sources)
        .map_err(|error| Failure::failed(format!("{}: {error}", arguments.source.display())))?;
    storage::file::make_folder(&arguments.output).map_err(fail)?;
    for (name, bytes) in &files {
        storage::file::write(&arguments.output.join(name), bytes).map_err(fail)?;
    }
    let values = [("folder", &*arguments.output.display().to_string()), ("n", &*files.len().to_string())];
    console.print(&fill(&text.files.atlas_built, &values));
    Ok(())
}

/// Folders and editors' leavings are no tables.
fn is_table(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    matches!(ending.as_str(), "toml" | "csv" | "json" | "geojson" | "txt" | "md")
}
