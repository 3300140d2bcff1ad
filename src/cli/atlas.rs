//! `atlas`: checks an atlas or builds it from its sources.

use super::{Console, Failure, OutputFormat, basis, table};
use crate::drafting::{self, Fault, Sources};
use crate::storage;
use crate::text::fill;
use crate::workspace::sentence;
use serde_json::{Value, json};
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
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
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
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
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
    let faults = drafting::validate(&atlas);
    if arguments.format == OutputFormat::Json {
        let counts = atlas.layers.iter().map(|layer| json!({"theme": layer.theme, "features": layer.features().len()}));
        let counts: Vec<Value> = counts.collect();
        console.print_json(&json!({"folder": folder, "layers": counts, "faults": faults}))?;
    } else {
        let lines: Vec<String> = faults.iter().map(|fault| fault_words(fault, console)).collect();
        if !lines.is_empty() {
            console.print(&lines.join("\n"));
        }
    }
    if !faults.is_empty() {
        let values = [("folder", &*folder), ("n", &*faults.len().to_string())];
        return Err(Failure::failed(fill(&text.atlas_invalid, &values)));
    }
    if arguments.format == OutputFormat::Text {
        let features: usize = atlas.layers.iter().map(|layer| layer.features().len()).sum();
        let values =
            [("folder", &*folder), ("layers", &*atlas.layers.len().to_string()), ("features", &*features.to_string())];
        console.print(&fill(&text.atlas_valid, &values));
    }
    Ok(())
}

/// A fault with its place: the members of its data fill the places of the sentence.
fn fault_words(fault: &Fault, console: &Console) -> String {
    let text = console.text();
    let members = serde_json::to_value(&fault.kind).unwrap_or_default();
    let words = |value: &Value| match value {
        Value::String(words) => words.clone(),
        Value::Number(number) if number.is_f64() => table::number(number.as_f64().unwrap_or_default(), 3),
        other => other.to_string(),
    };
    let members: Vec<(String, String)> =
        members.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), words(value))).collect();
    let values: Vec<(&str, &str)> = members.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let code = values.iter().find(|(name, _)| *name == "kind").map_or("", |(_, code)| code);
    let sentence = text.files.fault.get(code).map_or(code, String::as_str);
    let feature = fault.feature.as_deref().unwrap_or_default();
    format!("{} {feature}: {}", text.common.theme(fault.theme), fill(sentence, &values))
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
    let folder = arguments.output.display().to_string();
    let sentence = fill(&text.files.atlas_built, &[("folder", &folder), ("n", &files.len().to_string())]);
    let names: Vec<&String> = files.keys().collect();
    console.tell(arguments.format, &sentence, json!({"folder": folder, "files": names}))
}

/// Folders and editors' leavings are no tables.
fn is_table(path: &Path) -> bool {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    matches!(ending.as_str(), "toml" | "csv" | "json" | "geojson" | "txt" | "md")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Theme;
    use crate::drafting::FaultKind;
    use crate::text::{Language, Text};

    #[test]
    fn every_fault_has_its_sentence_in_both_languages() {
        let (field, value) = (String::from("f"), String::from("v"));
        let kinds = [
            FaultKind::MissingLayer,
            FaultKind::MissingRecords,
            FaultKind::Count { expected: 2, found: 1 },
            FaultKind::MissingField { field: field.clone() },
            FaultKind::UnknownCode { field: field.clone(), value: value.clone() },
            FaultKind::DuplicateId,
            FaultKind::DuplicateName { value: value.clone() },
            FaultKind::IdDiffers,
            FaultKind::NoShape,
            FaultKind::WrongShape { value: value.clone() },
            FaultKind::InvalidShape { value: value.clone() },
            FaultKind::FarFromWuxi,
            FaultKind::UnknownReference { field: field.clone(), value },
            FaultKind::OffItsRiver,
            FaultKind::Disconnected { pieces: 2 },
            FaultKind::MeasureDiffers { field: field.clone(), stated: 1.0, measured: 2.0 },
            FaultKind::Overlap { other: "o".into(), square_metres: 1.0 },
            FaultKind::Gap { square_metres: 1.0 },
            FaultKind::NoRecord,
            FaultKind::ThinRecord { field },
        ];
        for language in [Language::Zh, Language::En] {
            assert_eq!(Text::of(language).files.fault.len(), kinds.len());
            for kind in &kinds {
                let fault = Fault { theme: Theme::Rivers, feature: None, kind: kind.clone() };
                let words = fault_words(&fault, &Console::new(language));
                assert!(words.len() > 12 && !words.contains('{') && !words.contains('_'), "{words}");
            }
        }
    }
}
