//! The sentences of assets/text as typed fields, Chinese and English.
//!
//! One file a section and language; a key that is missing or unknown fails when the file is read, so a test catches it.

pub mod audit;
mod bar;
mod batch;
pub mod certainty;
mod cli;
mod common;
pub mod downstream;
pub mod elsewhere;
mod files;
mod format;
mod import;
mod map;
mod panel;
mod report;
pub mod rules;
mod shaping;
mod sheet;
pub mod siting;
mod waters;
mod window;

pub use audit::AuditText;
pub use bar::BarText;
pub use batch::BatchText;
pub use certainty::CertaintyText;
pub use cli::CliText;
pub use common::CommonText;
pub use downstream::DownstreamText;
pub use elsewhere::ElsewhereText;
pub use files::FilesText;
pub use format::FormatText;
pub use import::ImportText;
pub use map::MapText;
pub use panel::PanelText;
pub use report::ReportText;
pub use rules::RulesText;
pub use shaping::ShapingText;
pub use sheet::SheetText;
pub use siting::SitingText;
pub use waters::{TargetText, WatersText, word};
pub use window::WindowText;

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// Language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

/// All sentences of one language.
#[derive(Debug)]
pub struct Text {
    /// The language it is in.
    pub language: Language,
    /// Names and words used everywhere.
    pub common: CommonText,
    /// The command line.
    pub cli: CliText,
    /// The top bar, opening files, messages.
    pub bar: BarText,
    /// The map itself.
    pub map: MapText,
    /// What was wrong in files.
    pub format: FormatText,
    /// What is in files.
    pub files: FilesText,
    /// The window that imports files.
    pub import: ImportText,
    /// Waters.
    pub waters: WatersText,
    /// The panels.
    pub panel: PanelText,
    /// Verdicts.
    pub siting: SitingText,
    /// Rule packs, dates of judgement, limited activities, overrides.
    pub rules: RulesText,
    /// How firmly a finding stands.
    pub certainty: CertaintyText,
    /// What lies downstream of a site.
    pub downstream: DownstreamText,
    /// Drawing and shaping sites.
    pub shaping: ShapingText,
    /// Two versions of a constraint.
    pub audit: AuditText,
    /// Many projects at once.
    pub batch: BatchText,
    /// The siting report.
    pub report: ReportText,
    /// Map sheets.
    pub sheet: SheetText,
    /// Where instead, and the compliance surface.
    pub elsewhere: ElsewhereText,
    /// Search box and status bar.
    pub window: WindowText,
}

/// Why a text file does not serve.
#[derive(Debug, thiserror::Error)]
#[error("assets/text/{file}: {reason}")]
pub struct TextError {
    file: &'static str,
    reason: String,
}

macro_rules! section {
    ($language:literal, $file:literal) => {
        read(concat!($language, "/", $file), include_str!(concat!("../../assets/text/", $language, "/", $file)))?
    };
}

fn read<T: serde::de::DeserializeOwned>(file: &'static str, source: &str) -> Result<T, TextError> {
    toml::from_str(source).map_err(|error| TextError { file, reason: error.to_string() })
}

impl Text {
    /// Reads the sentences of a language.
    pub fn load(language: Language) -> Result<Text, TextError> {
        Ok(match language {
            Language::Zh => Text {
                language,
                common: section!("zh", "common.toml"),
                cli: section!("zh", "cli.toml"),
                bar: section!("zh", "bar.toml"),
                map: section!("zh", "map.toml"),
                format: section!("zh", "format.toml"),
                files: section!("zh", "files.toml"),
                import: section!("zh", "import.toml"),
                waters: section!("zh", "waters.toml"),
                panel: section!("zh", "panel.toml"),
                siting: section!("zh", "siting.toml"),
                rules: section!("zh", "rules.toml"),
                certainty: section!("zh", "certainty.toml"),
                downstream: section!("zh", "downstream.toml"),
                shaping: section!("zh", "shaping.toml"),
                audit: section!("zh", "audit.toml"),
                batch: section!("zh", "batch.toml"),
                report: section!("zh", "report.toml"),
                sheet: section!("zh", "sheet.toml"),
                elsewhere: section!("zh", "elsewhere.toml"),
                window: section!("zh", "window.toml"),
            },
            Language::En => Text {
                language,
                common: section!("en", "common.toml"),
                cli: section!("en", "cli.toml"),
                bar: section!("en", "bar.toml"),
                map: section!("en", "map.toml"),
                format: section!("en", "format.toml"),
                files: section!("en", "files.toml"),
                import: section!("en", "import.toml"),
                waters: section!("en", "waters.toml"),
                panel: section!("en", "panel.toml"),
                siting: section!("en", "siting.toml"),
                rules: section!("en", "rules.toml"),
                certainty: section!("en", "certainty.toml"),
                downstream: section!("en", "downstream.toml"),
                shaping: section!("en", "shaping.toml"),
                audit: section!("en", "audit.toml"),
                batch: section!("en", "batch.toml"),
                report: section!("en", "report.toml"),
                sheet: section!("en", "sheet.toml"),
                elsewhere: section!("en", "elsewhere.toml"),
                window: section!("en", "window.toml"),
            },
        })
    }

    /// The sentences of a language, read once.
    pub fn of(language: Language) -> &'static Text {
        static ZH: LazyLock<Text> = LazyLock::new(|| bundled(Language::Zh));
        static EN: LazyLock<Text> = LazyLock::new(|| bundled(Language::En));
        match language {
            Language::Zh => &ZH,
            Language::En => &EN,
        }
    }
}

/// The bundled files are part of the program: a broken one is caught by the test below.
#[allow(clippy::panic)]
fn bundled(language: Language) -> Text {
    Text::load(language).unwrap_or_else(|error| panic!("{error}"))
}

/// Puts values in the places of a sentence: `fill("{n} of {all}", &[("n", "3"), ("all", "7")])`.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        filled.push_str(before);
        let place = after.find('}').and_then(|close| {
            let name = after.get(1..close)?;
            values.iter().find(|(key, _)| *key == name).map(|(_, value)| (close + 1, *value))
        });
        match place {
            Some((length, value)) => {
                filled.push_str(value);
                rest = after.get(length..).unwrap_or_default();
            }
            None => {
                filled.push('{');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_sentence() {
        for language in [Language::Zh, Language::En] {
            Text::load(language).unwrap();
        }
    }

    #[test]
    fn values_go_in_their_places() {
        assert_eq!(fill("{n} of {all} {x}", &[("n", "3"), ("all", "{n}")]), "3 of {n} {x}");
    }
}
