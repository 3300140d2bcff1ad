//! Where the answers of `check` go, one by one as they come, so that ten thousand take no more room than one.

use super::console::Out;
use super::{Console, Failure};
use crate::atlas::{Date, Site, Value};
use crate::format::Format;
use crate::report::{Batch, BatchFeatures, Project};
use crate::siting::{Ground, Question, Rulebook, Screening, Verdict, judge_each, screen};
use crate::storage::{self, file};
use crate::text::{Text, fill};
use crate::workspace::sentence;
use std::io::{self, Write};
use std::path::Path;

/// Projects with the columns of their rows.
pub type Rows = (Vec<Site>, Vec<Vec<(String, Value)>>);

/// What a report is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportKind {
    /// The document of `--format json`.
    Json,
    /// Sheets of projects, findings, matrix and sources.
    Workbook,
    /// Projects and findings as features.
    Features(Format),
    /// A document to be signed, with its inputs.
    #[cfg(feature = "publish")]
    Document,
}

impl ReportKind {
    /// By the ending of a file.
    pub fn of(path: &Path) -> Option<ReportKind> {
        let ending = path.extension()?.to_string_lossy().to_ascii_lowercase();
        Some(match &*ending {
            "json" => ReportKind::Json,
            "xlsx" => ReportKind::Workbook,
            "gpkg" => ReportKind::Features(Format::GeoPackage),
            "geojson" => ReportKind::Features(Format::GeoJson),
            #[cfg(feature = "publish")]
            "pdf" => ReportKind::Document,
            _ => return None,
        })
    }
}

/// By what is judged.
#[derive(Debug, Clone, Copy)]
pub struct Court<'a> {
    /// The atlas made ready.
    pub ground: &'a Ground,
    /// The rules.
    pub rulebook: &'a Rulebook,
    /// What is asked.
    pub question: &'a Question,
}

impl Court<'_> {
    /// What all answers share.
    pub fn head(&self) -> Screening {
        screen(&[], self.ground, self.rulebook, self.question)
    }

    /// Judges all, in their order.
    fn each(&self, sites: &[Site], mut take: impl FnMut(usize, &Verdict)) {
        // nobody calls it off
        let cancelled = || false;
        judge_each(sites, self.ground, self.rulebook, self.question, &cancelled, &mut |place, verdict| {
            take(place, &verdict);
        });
    }
}

/// Judges all and hands each answer to `print` and to the report, when there is one.
pub fn deliver(
    court: &Court,
    head: &Screening,
    (sites, columns): &Rows,
    report: Option<(&Path, ReportKind)>,
    text: &'static Text,
    mut print: impl FnMut(&Verdict),
) -> Result<(), Failure> {
    let Some((path, kind)) = report else {
        court.each(sites, |_, verdict| print(verdict));
        return Ok(());
    };
    let unwritten = |error: file::FileError| Failure::failed(sentence::file_error(text, &error));
    let row = |place: usize| Some((sites.get(place)?, columns.get(place).map(Vec::as_slice).unwrap_or_default()));
    let failed = |reason: String| {
        let file = path.display().to_string();
        Failure::failed(fill(&text.batch.not_written, &[("file", &file), ("reason", &reason)]))
    };
    match kind {
        ReportKind::Json => {
            let make = |out: &mut dyn Write| {
                let mut document = Document::open(out, head)?;
                let mut outcome = Ok(());
                court.each(sites, |_, verdict| {
                    print(verdict);
                    if outcome.is_ok() {
                        outcome = document.add(verdict);
                    }
                });
                outcome?;
                document.close()
            };
            file::write_with(path, make).map_err(unwritten)
        }
        ReportKind::Workbook => {
            let mut book =
                Batch::new(fields(columns), court.rulebook, text).map_err(|error| failed(error.to_string()))?;
            let mut outcome = Ok(());
            court.each(sites, |place, verdict| {
                print(verdict);
                if let (Ok(()), Some((site, columns))) = (&outcome, row(place)) {
                    outcome = book.add(&Project { site, columns, verdict }, head);
                }
            });
            let bytes = outcome.and_then(|()| book.finish(head)).map_err(|error| failed(error.to_string()))?;
            file::write(path, &bytes).map_err(unwritten)
        }
        ReportKind::Features(format) => {
            let mut features = BatchFeatures::new(format, text);
            court.each(sites, |place, verdict| {
                print(verdict);
                if let Some((site, columns)) = row(place) {
                    features.add(&Project { site, columns, verdict }, head);
                }
            });
            let written = features.finish(format).map_err(|error| failed(error.to_string()))?;
            storage::layer::write(path, &written).map_err(unwritten)
        }
        // written whole, before the answers come one by one
        #[cfg(feature = "publish")]
        ReportKind::Document => {
            court.each(sites, |_, verdict| print(verdict));
            Ok(())
        }
    }
}

/// Names of all columns, in the order in which they first stand.
fn fields(columns: &[Vec<(String, Value)>]) -> Vec<String> {
    let mut known = std::collections::HashSet::new();
    let names = columns.iter().flatten().map(|(name, _)| name);
    names.filter(|name| known.insert(name.as_str())).cloned().collect()
}

/// A screening written site by site: the same document as when it is written whole.
pub struct Document<W: Write> {
    out: W,
    is_first: bool,
    /// The first of the days on which an answer ends.
    valid_until: Date,
}

impl<W: Write> Document<W> {
    /// Writes everything but the sites.
    pub fn open(mut out: W, head: &Screening) -> io::Result<Self> {
        let mut fields = serde_json::to_value(head)?;
        out.write_all(b"{")?;
        if let Some(fields) = fields.as_object_mut() {
            fields.remove("sites");
            // known when all sites are
            fields.remove("valid_until");
            for (name, value) in fields {
                write!(out, "\n  {}: {},", serde_json::to_string(name)?, inset(value, "\n  ")?)?;
            }
        }
        out.write_all(b"\n  \"sites\": [")?;
        Ok(Document { out, is_first: true, valid_until: head.valid_until })
    }

    /// Writes a site.
    pub fn add(&mut self, verdict: &Verdict) -> io::Result<()> {
        let comma = if self.is_first { "" } else { "," };
        self.is_first = false;
        self.valid_until = self.valid_until.min(verdict.valid_until);
        write!(self.out, "{comma}\n    {}", inset(verdict, "\n    ")?)
    }

    /// Writes the end.
    pub fn close(mut self) -> io::Result<()> {
        let end = if self.is_first { "]" } else { "\n  ]" };
        write!(self.out, "{end},\n  \"valid_until\": \"{}\"\n}}\n", self.valid_until)?;
        self.out.flush()
    }
}

/// A value with its lines set in; line feeds within words are written as escapes and stay.
fn inset<T: serde::Serialize>(value: &T, line: &str) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)?.replace('\n', line))
}

/// The document on stdout; a reader that went away is no failure.
pub fn print_document(console: &Console, head: &Screening) -> Option<Document<Out>> {
    Document::open(console.out(), head).ok()
}
