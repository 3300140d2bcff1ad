//! By what projects are judged: arguments that the subcommands of siting share, and what they name.

use super::outline::Outlining;
use super::{Console, Failure, basis, check};
use crate::atlas::{Atlas, Date, LandUse, Site};
use crate::siting::{Question, Rulebook};
use crate::storage;
use crate::text::fill;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Atlas, rules, day and kind of project.
#[derive(Debug, clap::Args)]
pub struct Judging {
    /// Folder of an atlas, or its atlas.toml, instead of the bundled one
    #[arg(long, value_name = "DIR|FILE")]
    atlas: Option<PathBuf>,
    /// Use a file as the layer of a theme, in the place of the atlas's own: redline_zones, water_sources …,
    /// permanent_basic_farmland, urban_development_boundary, ecological_control_units, constraint
    #[arg(long = "use", value_name = "LAYERFILE=THEME")]
    uses: Vec<String>,
    /// Kind of project: housing, industry, chemical, livestock, road … (an unknown one lists all)
    #[arg(long, value_name = "CODE")]
    project_kind: Option<String>,
    /// Land class of GB 36600-2018; that of the kind of project when left out
    #[arg(long, value_name = "1|2", value_parser = clap::value_parser!(u8).range(1..=2))]
    land_use: Option<u8>,
    /// Which of the ten kinds of limited activity inside a red line the projects apply as; 0 for none of them
    #[arg(long, value_name = "0…10", value_parser = clap::value_parser!(u8).range(0..=10))]
    limited_activity: Option<u8>,
    /// A rule pack of the office's own, beside those of the program (may be given several times)
    #[arg(long, value_name = "FILE.toml")]
    rules: Vec<PathBuf>,
    /// Day at which projects are judged; today when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
}

impl Judging {
    /// The rules, by which the kind of project has to be known.
    pub fn rulebook(&self, console: &Console) -> Result<Arc<Rulebook>, Failure> {
        let rulebook = basis::rulebook(&self.rules, console)?;
        if let Some(kind) = self.project_kind.as_deref().filter(|kind| rulebook.kind(kind).is_none()) {
            let known: Vec<&str> = rulebook.kinds.iter().map(|kind| kind.code.as_str()).collect();
            let values = [("kind", kind), ("known", &known.join(", "))];
            return Err(Failure::usage(fill(&console.text().siting.unknown_kind, &values)));
        }
        Ok(rulebook)
    }

    /// What is asked.
    pub fn question(&self) -> Question {
        Question {
            land_use: self.land_use.map(|class| if class == 1 { LandUse::First } else { LandUse::Second }),
            kind: self.project_kind.clone(),
            limited_activity: self.limited_activity,
            ..Question::on(self.as_of.unwrap_or_else(storage::clock::today))
        }
    }

    /// The atlas with the files put in the place of its layers.
    pub fn open_atlas(&self, rulebook: &Rulebook, console: &Console) -> Result<Atlas, Failure> {
        check::open_atlas_with(self.atlas.as_deref(), &self.uses, rulebook, console)
    }

    /// The projects of a file.
    pub fn read_sites(
        &self,
        file: &Path,
        outlining: &Outlining,
        rulebook: &Rulebook,
        console: &Console,
    ) -> Result<Vec<Site>, Failure> {
        let files = [file.to_owned()];
        Ok(check::read_projects(&files, rulebook, self.project_kind.is_some(), outlining, console)?.0)
    }
}
