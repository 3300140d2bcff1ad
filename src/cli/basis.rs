//! Arguments that several subcommands share: the atlas, the day, the shape of the output.

use super::{Console, Failure, OutputFormat};
use crate::atlas::{Atlas, Date};
use crate::format::{Problem, Severity};
use crate::geometry::System;
use crate::siting::Rulebook;
use crate::storage;
use crate::text::fill;
use crate::waters::Waters;
use crate::workspace::{OfficePack, RuleShelf, sentence};
use std::path::PathBuf;
use std::sync::Arc;

/// Which atlas, judged when.
#[derive(Debug, clap::Args)]
pub struct Basis {
    /// Folder of an atlas instead of the bundled one
    #[arg(long, value_name = "DIR")]
    pub atlas: Option<PathBuf>,
    /// Day at which deadlines and samples are judged; that of the records when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    pub format: OutputFormat,
}

impl Basis {
    /// Opens the atlas and settles the day.
    pub fn open(&self, console: &Console) -> Result<(Atlas, Date), Failure> {
        let atlas = open_atlas(self.atlas.as_deref(), console)?;
        let as_of = self.as_of.unwrap_or_else(|| Waters::as_of(&atlas));
        Ok((atlas, as_of))
    }
}

/// Opens the atlas of a folder, or the bundled one.
pub fn open_atlas(folder: Option<&std::path::Path>, console: &Console) -> Result<Atlas, Failure> {
    let opened = match folder {
        Some(folder) => storage::atlas::open_folder(folder),
        None => storage::atlas::open_bundled(),
    };
    opened.map_err(|error| {
        let sentence = sentence::atlas_error(console.text(), &error);
        let place = folder.map(|folder| format!("{}: ", folder.display())).unwrap_or_default();
        Failure::failed(if sentence.starts_with(&place) { sentence } else { format!("{place}{sentence}") })
    })
}

/// The rules of the program and of the office's own packs.
pub fn rulebook(packs: &[PathBuf], console: &Console) -> Result<Arc<Rulebook>, Failure> {
    let mut shelf = RuleShelf::default();
    shelf.put(packs.iter().map(|path| OfficePack::read(path)).collect());
    let refused: Vec<String> = shelf.problems().map(|problem| problem.sentence(console.text())).collect();
    if refused.is_empty() { Ok(shelf.book().clone()) } else { Err(Failure { lines: refused, code: 1 }) }
}

/// Which of two coordinates stands first in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Axes {
    /// Longitude or easting.
    EastFirst,
    /// Latitude or northing.
    NorthFirst,
}

impl Axes {
    /// Whether the latitude or northing stands first.
    pub fn is_north_first(self) -> bool {
        self == Axes::NorthFirst
    }
}

/// Reads the name of a reference system.
pub fn reference(word: Option<&str>, console: &Console) -> Result<Option<System>, Failure> {
    let Some(word) = word else { return Ok(None) };
    let unknown = |_| Failure::usage(fill(&console.text().format.unknown_reference, &[("name", word)]));
    storage::systems::find(word, &storage::systems::all()).map(Some).map_err(unknown)
}

/// Tells the problems of a file on stderr; fails when it could not be read to its end.
pub fn tell_problems(path: &std::path::Path, problems: &[Problem], console: &Console) -> Result<(), Failure> {
    let sentence = |problem: &Problem| format!("{}: {}", path.display(), sentence::problem(console.text(), problem));
    let (broken, other): (Vec<_>, Vec<_>) =
        problems.iter().partition(|problem| problem.kind.severity() == Severity::Error);
    for problem in other {
        console.complain(&sentence(problem));
    }
    if broken.is_empty() { Ok(()) } else { Err(Failure { lines: broken.into_iter().map(sentence).collect(), code: 1 }) }
}
