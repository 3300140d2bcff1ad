//! The command-line face: arguments and exit codes.
//!
//! A subcommand is a file here with an `Arguments` struct (clap) and `run(&Arguments, &Console) -> Result<(), Failure>`.

mod answer;
mod atlas;
mod audit;
mod basis;
mod check;
mod console;
mod convert;
#[cfg(feature = "publish")]
mod export;
mod help;
mod inspect;
mod judging;
mod outline;
mod quality;
mod relocate;
mod report;
mod rivers;
mod surface;
mod table;
mod targets;
mod trace;
mod usage;
#[cfg(feature = "publish")]
mod verify;

pub use console::{Console, Failure, OutputFormat};

use crate::text::{Language, fill};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Red lines, river chiefs, siting checks and map sheets of Wuxi, offline.
///
/// Without a subcommand the window opens on the bundled atlas and the files given.
#[derive(Debug, Parser)]
#[command(
    name = "redline-atlas",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true
)]
struct CommandLine {
    /// Files to open in the window beside the bundled atlas
    files: Vec<PathBuf>,
    /// Language of the interface and of printed sentences
    #[arg(long, global = true, value_name = "zh|en", value_parser = language)]
    lang: Option<Language>,
    #[command(subcommand)]
    command: Option<Sub>,
}

/// Each arm is one file beside this one.
// made once a run: its size does not matter
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Subcommand)]
enum Sub {
    #[command(flatten)]
    Windowless(Windowless),
    /// Measurements on this machine
    #[command(subcommand)]
    Bench(Bench),
}

#[derive(Debug, Subcommand)]
enum Windowless {
    /// What is in a file: layers, fields, reference system, encoding, faults
    Inspect(inspect::Arguments),
    /// From one file to another, also into another reference system
    Convert(convert::Arguments),
    /// May a project stand there: what it involves, what could not be checked, by which rule
    Check(check::Arguments),
    /// Two versions of a constraint: area lost and gained, share of the land, projects judged otherwise
    Audit(audit::Arguments),
    /// Where a project could stand instead: the nearest places clear of everything prohibited or restricted
    Where(relocate::Arguments),
    /// How much ground is left for a kind of project, by district, with setbacks
    Surface(surface::Arguments),
    /// Who answers for a water: chiefs, class now and due, four lists, problems, patrols
    Rivers(rivers::Arguments),
    /// The plan's targets against the loaded data
    Targets(targets::Arguments),
    /// Up or down the water from a place: reaches, sections, outfalls, water sources
    Trace(trace::Arguments),
    /// The class of water of a laboratory's table (GB 3838-2002)
    Quality(quality::Arguments),
    /// A map sheet as PDF, PNG or SVG
    #[cfg(feature = "publish")]
    Export(export::Arguments),
    /// Whether a report of `check` still holds: every figure computed anew, offline
    #[cfg(feature = "publish")]
    Verify(verify::Arguments),
    /// Checks an atlas or builds it from its sources
    #[command(subcommand)]
    Atlas(atlas::Arguments),
}

impl Sub {
    fn into_windowless(self) -> Result<Windowless, FrameArguments> {
        match self {
            Sub::Windowless(command) => Ok(command),
            Sub::Bench(Bench::Frames(frames)) => Err(frames),
        }
    }
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// Scripted pan and zoom in a real window; prints frame times as JSON
    Frames(FrameArguments),
}

#[derive(Debug, Args)]
struct FrameArguments {
    /// Further files to draw
    files: Vec<PathBuf>,
    /// Duration in seconds
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Drag a site over the map instead, its verdict following
    #[arg(long)]
    drag: bool,
    /// Size of the window in points
    #[arg(long, default_value = "1920x1080", value_parser = size)]
    size: (u32, u32),
    /// Shape of the output: always one JSON document
    #[arg(long, value_parser = ["json"], default_value = "json", hide = true)]
    format: String,
}

/// What the person asked for.
// made once a run: its size does not matter
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
pub enum Request {
    /// A subcommand that needs no display.
    Command(Task),
    /// The window.
    Window {
        /// Files to open.
        files: Vec<PathBuf>,
        /// Language, when told.
        language: Option<Language>,
    },
    /// The frame bench, which needs a window.
    Frames(Frames),
}

/// Arguments of the frame bench.
#[derive(Debug)]
pub struct Frames {
    /// Further files to draw.
    pub files: Vec<PathBuf>,
    /// Duration.
    pub seconds: f64,
    /// Whether a site is dragged rather than the map moved.
    pub drag: bool,
    /// Width and height in points.
    pub size: (u32, u32),
    /// Language, when told.
    pub language: Option<Language>,
}

/// A subcommand with the language to speak.
#[derive(Debug)]
pub struct Task {
    command: Windowless,
    language: Language,
}

/// Reads the arguments; usage errors and `--help` are printed and answered with an exit code.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, ExitCode> {
    crate::storage::clock::since_start();
    let arguments = language_last(arguments.into_iter().collect());
    let language = usage::language_of(&arguments);
    let is_chinese = language == Language::Zh;
    let command = CommandLine::command();
    let command = if is_chinese { help::in_chinese(command) } else { command };
    let matches = command.try_get_matches_from(&arguments);
    let line = matches.and_then(|matches| CommandLine::from_arg_matches(&matches)).map_err(|error| {
        let console = Console::new(language);
        match usage::sentence(&error, language) {
            Some(sentence) => _ = console.finish(Err(Failure::usage(sentence))),
            None if is_chinese && error.use_stderr() => {
                console.complain(help::translated(&error.to_string()).trim_end())
            }
            None if is_chinese => console.print(help::translated(&error.to_string()).trim_end()),
            // A closed pipe while printing help is no failure of ours.
            None => _ = error.print(),
        }
        ExitCode::from(if error.use_stderr() { 2 } else { 0 })
    })?;
    Ok(match line.command {
        None => Request::Window { files: line.files, language: line.lang },
        Some(command) => match command.into_windowless() {
            Ok(command) => Request::Command(Task { command, language: line.lang.unwrap_or_default() }),
            Err(frames) => Request::Frames(Frames {
                files: frames.files,
                seconds: frames.seconds,
                drag: frames.drag,
                size: frames.size,
                language: line.lang,
            }),
        },
    })
}

/// The arguments with a language that stands before everything else put behind: the parser would take the name of a
/// subcommand after it for a file.
fn language_last(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let count = match arguments.get(1).and_then(|word| word.to_str()) {
        Some("--lang") => 2,
        Some(word) if word.starts_with("--lang=") => 1,
        _ => return arguments,
    };
    if arguments.len() > 1 + count {
        let language: Vec<OsString> = arguments.drain(1..1 + count).collect();
        let end = arguments.iter().position(|word| word == "--").unwrap_or(arguments.len());
        arguments.splice(end..end, language);
    }
    arguments
}

/// Runs a subcommand: 0 success, 1 failed, 2 wrong usage.
pub fn run(task: Task) -> ExitCode {
    let console = Console::new(task.language);
    let outcome = match &task.command {
        Windowless::Inspect(arguments) => inspect::run(arguments, &console),
        Windowless::Convert(arguments) => convert::run(arguments, &console),
        Windowless::Check(arguments) => check::run(arguments, &console),
        Windowless::Audit(arguments) => audit::run(arguments, &console),
        Windowless::Where(arguments) => relocate::run(arguments, &console),
        Windowless::Surface(arguments) => surface::run(arguments, &console),
        Windowless::Rivers(arguments) => rivers::run(arguments, &console),
        Windowless::Targets(arguments) => targets::run(arguments, &console),
        Windowless::Trace(arguments) => trace::run(arguments, &console),
        Windowless::Quality(arguments) => quality::run(arguments, &console),
        #[cfg(feature = "publish")]
        Windowless::Export(arguments) => export::run(arguments, &console),
        #[cfg(feature = "publish")]
        Windowless::Verify(arguments) => verify::run(arguments, &console),
        Windowless::Atlas(arguments) => atlas::run(arguments, &console),
    };
    console.finish(outcome)
}

/// How the window ended. An error without a reason means that there is no display (or no window in this build);
/// the sentence names what works without one.
pub fn window_ended(outcome: Result<(), Option<String>>, language: Option<Language>) -> ExitCode {
    let console = Console::new(language.unwrap_or_default());
    let text = &console.text().cli;
    console.finish(outcome.map_err(|reason| match reason {
        None => Failure::failed(&text.no_display),
        Some(reason) => Failure::failed(fill(&text.window_failed, &[("reason", &reason)])),
    }))
}

/// Prints one JSON document.
pub fn print_document(document: &serde_json::Value) -> ExitCode {
    let console = Console::new(Language::default());
    console.finish(console.print_json(document))
}

fn language(word: &str) -> Result<Language, String> {
    match word {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err("zh | en".into()),
    }
}

fn size(word: &str) -> Result<(u32, u32), String> {
    let (width, height) = word.split_once(['x', 'X', '×']).ok_or("WIDTHxHEIGHT")?;
    match (width.parse(), height.parse()) {
        (Ok(width @ 200..=16_384), Ok(height @ 200..=16_384)) => Ok((width, height)),
        _ => Err("WIDTHxHEIGHT, 200…16384".into()),
    }
}
