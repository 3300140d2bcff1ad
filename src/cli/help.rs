//! How the command line is used, in the person's language: Chinese from assets/text/zh/help.toml, English as the arguments
//! themselves have it.

use clap::Command;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Debug, Deserialize)]
struct Help {
    /// Words of the parser and what stands for them.
    phrases: Vec<(String, String)>,
    /// Commands by their path, and their arguments.
    #[serde(flatten)]
    commands: BTreeMap<String, BTreeMap<String, String>>,
}

fn help() -> &'static Help {
    // part of the program; a broken one is caught by the test below
    #[allow(clippy::panic)]
    static HELP: LazyLock<Help> = LazyLock::new(|| {
        toml::from_str(include_str!("../../assets/text/zh/help.toml"))
            .unwrap_or_else(|error| panic!("assets/text/zh/help.toml: {error}"))
    });
    &HELP
}

/// A command that speaks Chinese of itself, its arguments and what is under it.
pub fn in_chinese(command: Command) -> Command {
    let path = command.get_name().to_owned();
    told(command, &path)
}

fn told(command: Command, path: &str) -> Command {
    let arguments: Vec<String> = command.get_arguments().map(|argument| argument.get_id().to_string()).collect();
    let under: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let is_root = command.get_name() == path && command.get_version().is_some();
    let mut command = match said(path, "about") {
        Some(about) => command.about(about).long_about(about),
        None => command,
    };
    for id in arguments {
        if let Some(words) = said(path, &id) {
            command = command.mut_arg(&id, |argument| argument.help(words).long_help(words).hide_possible_values(true));
        }
    }
    for name in under {
        let path = if is_root { name.clone() } else { format!("{path}-{name}") };
        command = command.mut_subcommand(&name, |command| told(command, &path));
    }
    command
}

/// What is said of an argument of a command, or of one that several have.
fn said(path: &str, id: &str) -> Option<&'static str> {
    let commands = &help().commands;
    let own = commands.get(path).and_then(|arguments| arguments.get(id));
    own.or_else(|| commands.get("common")?.get(id)).map(String::as_str)
}

/// The parser's own words in Chinese.
pub fn translated(text: &str) -> String {
    help().phrases.iter().fold(text.to_owned(), |text, (words, chinese)| text.replace(words, chinese))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use std::collections::BTreeSet;

    type Names = BTreeSet<(String, String)>;

    fn walk(command: &Command, path: &str, used: &mut Names, missing: &mut Names) {
        let name = |id: &str| (path.to_owned(), id.to_owned());
        let ids = command.get_arguments().filter(|argument| !argument.is_hide_set()).map(|one| one.get_id().as_str());
        for id in ids.filter(|id| !["help", "version"].contains(id)).chain(["about"]) {
            missing.extend(said(path, id).is_none().then(|| name(id)));
            used.insert(name(id));
        }
        for under in command.get_subcommands() {
            let name = under.get_name();
            walk(
                under,
                &if path == "redline-atlas" { name.to_owned() } else { format!("{path}-{name}") },
                used,
                missing,
            );
        }
    }

    #[test]
    fn every_argument_of_every_command_is_told_in_chinese_and_nothing_else_is() {
        let (mut used, mut missing) = (BTreeSet::new(), BTreeSet::new());
        walk(&crate::cli::CommandLine::command(), "redline-atlas", &mut used, &mut missing);
        assert!(missing.is_empty(), "nothing is said of {missing:?}");
        for (path, arguments) in help().commands.iter().filter(|(path, _)| *path != "common") {
            for id in arguments.keys() {
                assert!(used.contains(&(path.clone(), id.clone())), "there is no {id} of {path}");
            }
        }
    }

    #[test]
    fn no_english_of_the_parser_is_left() {
        for words in ["check", "where", "atlas", "bench", "export"].iter().map(Some).chain([None]) {
            let line = ["redline-atlas"].into_iter().chain(words.copied()).chain(["--help"]);
            let command = in_chinese(crate::cli::CommandLine::command());
            let error = command.try_get_matches_from(line).unwrap_err();
            let text = translated(&error.to_string());
            for english in ["Usage", "Options", "Arguments", "Commands", "Print", "default", "Possible", "possible"] {
                assert!(!text.contains(english), "{english} in\n{text}");
            }
            assert!(text.contains("用法："), "{text}");
        }
    }
}
