//! The report of `check` as a document to be signed: what stands on its cover, and writing it.

/// What stands on the cover of a report.
#[derive(Debug, Clone, clap::Args)]
#[cfg_attr(not(feature = "publish"), allow(dead_code))]
pub struct CoverArguments {
    /// Project named on the report (.pdf); the site's own name when left out
    #[arg(long, value_name = "NAME", requires = "report")]
    report_project: Option<String>,
    /// Number of the report
    #[arg(long, value_name = "NUMBER", requires = "report")]
    report_number: Option<String>,
    /// Office that issues the report
    #[arg(long, value_name = "OFFICE", requires = "report")]
    report_unit: Option<String>,
    /// Classification printed on the report
    #[arg(long, value_name = "WORD", requires = "report")]
    report_secrecy: Option<String>,
    /// Who prepared the report
    #[arg(long, value_name = "NAME", requires = "report")]
    report_author: Option<String>,
    /// List no coordinates on the report and attach no inputs: for copies that leave the house
    #[arg(long, requires = "report")]
    without_coordinates: bool,
}

#[cfg(feature = "publish")]
mod document {
    use super::CoverArguments;
    use crate::atlas::{Atlas, Site};
    use crate::cli::answer::Court;
    use crate::cli::{Console, Failure};
    use crate::report::siting::{Case, Cover, siting_report};
    use crate::siting::screen;
    use crate::storage::{clock, file};
    use crate::workspace::sentence;
    use std::path::Path;

    impl CoverArguments {
        /// Judges the projects and writes the document.
        pub fn write(
            &self,
            path: &Path,
            court: &Court,
            atlas: &Atlas,
            sites: &[Site],
            console: &Console,
        ) -> Result<(), Failure> {
            let word = |given: &Option<String>| given.clone().unwrap_or_default();
            let cover = Cover {
                project: word(&self.report_project),
                number: word(&self.report_number),
                unit: word(&self.report_unit),
                secrecy: word(&self.report_secrecy),
                made: word(&self.report_author),
                ..Cover::default()
            };
            let text = console.text();
            let case = Case {
                sites,
                screening: &screen(sites, court.ground, court.rulebook, court.question),
                atlas,
                ground: court.ground,
                rulebook: court.rulebook,
                question: court.question,
                cover: &cover,
                made: clock::today(),
                shows_coordinates: !self.without_coordinates,
                language: console.language,
            };
            let made = siting_report(&case).map_err(|error| Failure::failed(sentence::report_error(text, &error)))?;
            file::write(path, &made.bytes).map_err(|error| Failure::failed(sentence::file_error(text, &error)))
        }
    }
}
