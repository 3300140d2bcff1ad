//! `check`: may these projects stand where they are drawn?

use super::answer::{self, Court, ReportKind, Rows};
use super::outline::Outlining;
use super::report::CoverArguments;
use super::{Console, Failure, OutputFormat, basis};
use crate::atlas::{Atlas, Date, LandUse, Layer, LayerId, Quality, Theme};
use crate::format::{self, ReadOptions};
use crate::siting::{
    Downstream, Ground, Question, Reason, Rulebook, Screening, Status, Verdict, compare, settle_kinds,
};
use crate::storage;
use crate::text::{Language, Text, downstream, fill, rules, siting};
use crate::workspace::sentence;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Files with the outlines of projects (polygons; lines and points with --corridor, --radius or --corners)
    #[arg(required = true, value_name = "SITE")]
    sites: Vec<PathBuf>,
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
    /// List what lies within this distance, metres
    #[arg(long, value_name = "M", default_value_t = 500.0)]
    near: f64,
    /// A rule pack of the office's own, beside those of the program (may be given several times)
    #[arg(long, value_name = "FILE.toml")]
    rules: Vec<PathBuf>,
    /// Look this far along the water downstream, kilometres; 0 for not at all
    #[arg(long, value_name = "KM", default_value_t = 10.0)]
    downstream: f64,
    /// Day at which the sites are judged; today when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<Date>,
    /// Tell what is different from this day: findings, themes, rules and verdict
    #[arg(long, value_name = "YYYY-MM-DD")]
    compare_with: Option<Date>,
    /// Which of the ten kinds of limited activity inside a red line the projects apply as; 0 for none of them
    #[arg(long, value_name = "0…10", value_parser = clap::value_parser!(u8).range(0..=10))]
    limited_activity: Option<u8>,
    /// Write the answer to a file as well (.pdf to be signed, with its inputs, see verify; .xlsx, .gpkg, .geojson, .json)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    outlining: Outlining,
    #[command(flatten)]
    cover: CoverArguments,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let rulebook = &basis::rulebook(&arguments.rules, console)?;
    arguments.examine(rulebook, text)?;
    let atlas = open_atlas_with(arguments.atlas.as_deref(), &arguments.uses, rulebook, console)?;
    let rows =
        read_projects(&arguments.sites, rulebook, arguments.project_kind.is_some(), &arguments.outlining, console)?;
    let question = Question {
        near_m: arguments.near,
        land_use: arguments.land_use.map(|class| if class == 1 { LandUse::First } else { LandUse::Second }),
        kind: arguments.project_kind.clone(),
        limited_activity: arguments.limited_activity,
        downstream_km: arguments.downstream,
        ..Question::on(arguments.as_of.unwrap_or_else(storage::clock::today))
    };
    let ground = Ground::new(&atlas);
    let court = Court { ground: &ground, rulebook, question: &question };
    let mut head = court.head();
    head.comparison = arguments.compare_with.map(|day| compare(&rows.0, &ground, rulebook, &question, day));
    let report = arguments.report.as_deref().and_then(|path| Some((path, ReportKind::of(path)?)));
    #[cfg(feature = "publish")]
    let report = match report {
        Some((path, ReportKind::Document)) => {
            arguments.cover.write(path, &court, &atlas, &rows.0, console)?;
            None
        }
        other => other,
    };
    match arguments.format {
        OutputFormat::Json => {
            let mut document = answer::print_document(console, &head);
            let print = |verdict: &Verdict| {
                // a reader that went away is no failure
                document = document.take().and_then(|mut document| document.add(verdict).ok().map(|()| document));
            };
            answer::deliver(&court, &head, &rows, report, text, print)?;
            document.map(answer::Document::close);
            Ok(())
        }
        OutputFormat::Text => {
            let mut is_first = true;
            answer::deliver(&court, &head, &rows, report, text, |verdict| {
                let lines = card(verdict, &head, rulebook, &atlas, text).join("\n");
                console.print(&if is_first { lines } else { format!("\n{lines}") });
                is_first = false;
            })?;
            if let Some(comparison) = &head.comparison {
                let titles = |theme: &str| {
                    let check = rulebook.check(theme);
                    let title = check.map(|check| if text.language == Language::Zh { &check.zh } else { &check.en });
                    title.cloned().unwrap_or_else(|| theme.to_owned())
                };
                console.print(&rules::comparison_sentences(comparison, &titles, text).join("\n"));
            }
            Ok(())
        }
    }
}

impl Arguments {
    fn examine(&self, rulebook: &Rulebook, text: &Text) -> Result<(), Failure> {
        if let Some(kind) = self.project_kind.as_deref().filter(|kind| rulebook.kind(kind).is_none()) {
            let known: Vec<&str> = rulebook.kinds.iter().map(|kind| kind.code.as_str()).collect();
            let values = [("kind", kind), ("known", &known.join(", "))];
            return Err(Failure::usage(fill(&text.siting.unknown_kind, &values)));
        }
        self.outlining.examine(text)?;
        if !(0.0..=200_000.0).contains(&self.near) {
            return Err(Failure::usage(&text.siting.near_range));
        }
        if !(0.0..=200.0).contains(&self.downstream) {
            return Err(Failure::usage(&text.downstream.km_range));
        }
        if let Some(path) = &self.report
            && ReportKind::of(path).is_none()
        {
            let file = path.display().to_string();
            return Err(Failure::usage(fill(&text.batch.report_endings, &[("file", &file)])));
        }
        Ok(())
    }
}

/// Reads projects from files; kinds told by name become codes.
pub fn read_projects(
    files: &[PathBuf],
    rulebook: &Rulebook,
    kind_is_told: bool,
    outlining: &Outlining,
    console: &Console,
) -> Result<Rows, Failure> {
    let text = console.text();
    let (mut sites, mut columns): Rows = (Vec::new(), Vec::new());
    for path in files {
        let (reading, _) = storage::layer::read(path, &ReadOptions::default())
            .map_err(|error| Failure::failed(sentence::open_error(text, &error)))?;
        basis::tell_problems(path, &reading.problems, console)?;
        let before = sites.len();
        for (site, row) in outlining.projects(path, reading.layers, console)? {
            sites.push(site);
            columns.push(row);
        }
        let unknown = settle_kinds(sites.get_mut(before..).unwrap_or_default(), rulebook);
        if !unknown.is_empty() && !kind_is_told {
            let (file, kinds) = (path.display().to_string(), unknown.join(&text.elsewhere.separator));
            console.complain(&fill(&text.batch.unknown_kinds, &[("file", &file), ("kinds", &kinds)]));
        }
    }
    Ok((sites, columns))
}

/// Opens an atlas by its folder or its atlas.toml, the bundled one when none is named, and puts files in the place of
/// its layers.
pub fn open_atlas_with(
    named: Option<&Path>,
    uses: &[String],
    rulebook: &Rulebook,
    console: &Console,
) -> Result<Atlas, Failure> {
    let folder = match named {
        Some(path) if path.is_file() => {
            let is_manifest = path.file_name().is_some_and(|name| name == storage::atlas::MANIFEST);
            let folder = path.parent().filter(|_| is_manifest).ok_or_else(|| {
                let file = path.display().to_string();
                Failure::failed(fill(&console.text().siting.atlas_file, &[("file", &file)]))
            })?;
            Some(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        }
        other => other,
    };
    let mut atlas = basis::open_atlas(folder, console)?;
    for (number, argument) in (10_000..).zip(uses) {
        use_layer(&mut atlas, LayerId(number), argument, rulebook, console)?;
    }
    Ok(atlas)
}

/// Puts a file in the place of the atlas's layers of a theme; a theme that the rule book tells apart by title takes
/// the place of the layer with that title only.
fn use_layer(
    atlas: &mut Atlas,
    id: LayerId,
    argument: &str,
    rulebook: &Rulebook,
    console: &Console,
) -> Result<(), Failure> {
    let words = &console.text().siting;
    let (file, code) = argument
        .rsplit_once('=')
        .filter(|(file, code)| !file.is_empty() && !code.is_empty())
        .ok_or_else(|| Failure::usage(fill(&words.use_form, &[("argument", argument)])))?;
    let titled = rulebook.checks.iter().find(|check| !check.titles.is_empty() && check.theme == code);
    let theme = titled
        .map(|check| check.layer)
        .or_else(|| Theme::parse(code).filter(|theme| *theme != Theme::StatutoryBelts))
        .ok_or_else(|| {
            let titles = rulebook.checks.iter().filter(|check| !check.titles.is_empty());
            let known: Vec<&str> = Theme::ATLAS
                .iter()
                .chain(&Theme::OFFICIAL)
                .map(|theme| theme.code())
                .chain(titles.map(|check| check.theme.as_str()))
                .chain([Theme::Constraint.code()])
                .collect();
            let values = [("argument", argument), ("theme", code), ("known", &known.join(", "))];
            Failure::usage(fill(&words.unknown_theme, &values))
        })?;
    let path = Path::new(file);
    let (reading, source) = storage::layer::read(path, &ReadOptions::default())
        .map_err(|error| Failure::failed(sentence::open_error(console.text(), &error)))?;
    basis::tell_problems(path, &reading.problems, console)?;
    let mut features = reading.layers.into_iter().flat_map(|layer| layer.features).collect::<Vec<_>>();
    format::adopt(&mut features, theme);
    let title = match titled {
        Some(check) if check.titles.contains(&check.zh) => check.zh.clone(),
        Some(_) => code.to_owned(),
        None => source.file.clone(),
    };
    match titled {
        Some(check) => atlas.layers.retain(|layer| !check.is_answered_by(layer)),
        None if theme == Theme::Constraint => {}
        None => atlas.layers.retain(|layer| layer.theme != theme || layer.id.0 >= 10_000),
    }
    atlas.layers.push(Arc::new(Layer::new(id, theme, title, source, features)));
    Ok(())
}

fn card(verdict: &Verdict, screening: &Screening, rulebook: &Rulebook, atlas: &Atlas, text: &Text) -> Vec<String> {
    let words = &text.siting;
    let kind = rulebook.kind(&verdict.kind);
    let kind = kind.map(|kind| if text.language == Language::Zh { kind.zh.as_str() } else { kind.en.as_str() });
    let mut lines = siting::head_sentences(verdict, screening, kind, text);
    let quality = fill(&words.quality, &[("quality", text.common.quality(verdict.data_quality))]);
    lines.push(quality);
    if verdict.data_quality == Quality::Schematic {
        lines.push(text.common.schematic_notice.clone());
    }
    let [involved, clear, unchecked] = verdict.counts().map(|count| count.to_string());
    lines.push(String::new());
    lines.push(fill(&words.matrix, &[("involved", &involved), ("clear", &clear), ("unchecked", &unchecked)]));
    for check in verdict.checks.iter().filter(|check| check.reason != Reason::DoesNotBear) {
        let mark = match check.status {
            Status::Involved => '●',
            Status::NotInvolved if !check.applies() => '-',
            Status::NotInvolved => '○',
            Status::Unchecked => '?',
        };
        let required = if check.required { format!("〔{}〕", words.required) } else { String::new() };
        lines.push(format!("  {mark} {}{required}", siting::theme_statement(check, verdict, text)));
    }
    if !verdict.findings.is_empty() {
        lines.push(String::new());
        lines.push(words.findings.clone());
    }
    for finding in &verdict.findings {
        lines.push(format!("  - {}", siting::finding_sentence(finding, text)));
        lines.extend(siting::doubt_sentences(finding, text).iter().map(|line| format!("      {line}")));
        if finding.relation.shares_ground() || finding.consequence.grade().is_some() {
            let rules = finding.rule.iter().flat_map(|rule| siting::rule_sentences(rule, text));
            let rules = rules.chain(siting::verbatim_sentences(finding, text));
            lines.extend(rules.map(|line| format!("      {line}")));
            let basis = siting::basis_sentences(finding, text);
            lines.extend(basis.into_iter().map(|line| format!("      {line}")));
        }
    }
    if let Some(answer) = &verdict.downstream {
        lines.extend(downstream_lines(answer, atlas, text));
    }
    lines.extend(verdict.limited_activity.iter().map(|activity| rules::activity_sentence(activity, text)));
    lines.extend(rules::override_notes(verdict, text));
    lines.extend(rules::not_applied_sentences(verdict, text));
    lines.push(words.reservation.clone());
    lines
}

/// What lies downstream, line by line.
fn downstream_lines(answer: &Downstream, atlas: &Atlas, text: &Text) -> Vec<String> {
    let mut lines = vec![String::new(), text.downstream.title.clone()];
    let mut said = downstream::water_sentences(answer, text);
    said.extend(downstream::discharge_sentence(answer, text));
    said.extend(downstream::reach_sentences(answer, text));
    said.extend(answer.sections.iter().map(|section| downstream::section_sentence(answer, section, text)));
    said.extend(answer.water_sources.iter().map(|source| downstream::source_sentence(answer, source, text)));
    if answer.sections.is_empty() && answer.water_sources.is_empty() {
        said.push(text.downstream.nothing.clone());
    }
    said.extend(downstream::mouth_sentences(answer, |id| downstream::water_name(atlas, id), text));
    said.push(downstream::data_sentence(answer, text));
    lines.extend(said.into_iter().map(|line| format!("  {line}")));
    lines.push(String::new());
    lines
}
