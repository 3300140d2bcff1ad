//! Where the command line speaks: results on stdout, sentences on stderr, never a panic on a closed pipe.

use crate::text::{Language, Text};
use std::io::Write;
use std::process::ExitCode;

/// Shape of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum OutputFormat {
    /// For reading.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// Why a subcommand did not succeed: lines for stderr and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// Each names the file, the place in it and what to do.
    pub lines: Vec<String>,
    /// 1 failed, 2 wrong usage.
    pub code: u8,
}

impl Failure {
    /// A failed operation.
    pub fn failed(line: impl Into<String>) -> Self {
        Failure { lines: vec![line.into()], code: 1 }
    }

    /// Wrong usage.
    pub fn usage(line: impl Into<String>) -> Self {
        Failure { lines: vec![line.into()], code: 2 }
    }
}

/// Stdout, written in pieces of some size.
pub type Out = std::io::BufWriter<std::io::Stdout>;

/// Stdout and stderr in a language.
#[derive(Debug)]
pub struct Console {
    /// Language of sentences.
    pub language: Language,
}

impl Console {
    /// A console that speaks this language.
    pub fn new(language: Language) -> Self {
        Console { language }
    }

    /// Its sentences.
    pub fn text(&self) -> &'static Text {
        Text::of(self.language)
    }

    /// Prints to stdout; a reader that went away is no failure.
    pub fn print(&self, words: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(words.as_bytes()).and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush());
    }

    /// Stdout for what is printed piece by piece.
    pub fn out(&self) -> Out {
        std::io::BufWriter::new(std::io::stdout())
    }

    /// Prints one JSON document to stdout.
    pub fn print_json<T: serde::Serialize>(&self, document: &T) -> Result<(), Failure> {
        let words = serde_json::to_string_pretty(document).map_err(|error| Failure::failed(error.to_string()))?;
        self.print(&words);
        Ok(())
    }

    /// Prints what was done: as a sentence, or as one JSON document.
    pub fn tell(&self, format: OutputFormat, sentence: &str, document: serde_json::Value) -> Result<(), Failure> {
        match format {
            OutputFormat::Json => self.print_json(&document),
            OutputFormat::Text => {
                self.print(sentence);
                Ok(())
            }
        }
    }

    /// Prints a line to stderr.
    pub fn complain(&self, line: &str) {
        let mut out = std::io::stderr().lock();
        let _ = writeln!(out, "{line}");
    }

    /// Ends a subcommand.
    pub fn finish(&self, outcome: Result<(), Failure>) -> ExitCode {
        match outcome {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                for line in &failure.lines {
                    self.complain(line);
                }
                ExitCode::from(failure.code)
            }
        }
    }
}
