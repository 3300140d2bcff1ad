//! Wrong usage in the person's language. English is that of the parser itself.

use crate::text::{Language, Text, fill};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;

/// The language that the arguments ask for, though they cannot be parsed.
pub fn language_of(arguments: &[OsString]) -> Language {
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    let after = words.windows(2).find(|pair| matches!(pair, [option, _] if option == "--lang"));
    let joined = words.iter().find_map(|word| word.strip_prefix("--lang="));
    match joined.or(after.and_then(|pair| pair.last()).map(|word| &**word)) {
        Some("en") => Language::En,
        _ => Language::default(),
    }
}

/// What is wrong with the arguments and what would be right; nothing where the parser's own words are better.
pub fn sentence(error: &clap::Error, language: Language) -> Option<String> {
    if language == Language::En || !error.use_stderr() {
        return None;
    }
    let words = &Text::of(language).cli.usage;
    let told = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.clone()),
        Some(ContextValue::Strings(all)) => Some(all.join("、")),
        Some(ContextValue::StyledStrs(all)) => {
            Some(all.iter().map(|word| word.to_string()).collect::<Vec<_>>().join("、"))
        }
        Some(ContextValue::StyledStr(word)) => Some(word.to_string()),
        Some(ContextValue::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let argument = told(ContextKind::InvalidArg).unwrap_or_default();
    let value = told(ContextKind::InvalidValue).unwrap_or_default();
    let known = told(ContextKind::ValidValue).filter(|known| !known.is_empty());
    let sentence = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => fill(&words.no_value, &[("argument", &argument)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let hint = match known {
                Some(known) => fill(&words.known, &[("known", &known)]),
                None if argument.contains("YYYY-MM-DD") => words.day.clone(),
                None => form(&argument).map(|form| fill(&words.form, &[("form", form)])).unwrap_or_default(),
            };
            fill(&words.value, &[("argument", &argument), ("value", &value), ("hint", &hint)])
        }
        ErrorKind::UnknownArgument => {
            let near = told(ContextKind::SuggestedArg).map(|near| fill(&words.perhaps, &[("word", &near)]));
            fill(&words.argument, &[("argument", &argument), ("hint", &near.unwrap_or_default())])
        }
        ErrorKind::InvalidSubcommand => {
            let name = told(ContextKind::InvalidSubcommand).unwrap_or_default();
            let near = told(ContextKind::SuggestedSubcommand).map(|near| fill(&words.perhaps, &[("word", &near)]));
            fill(&words.command, &[("name", &name), ("hint", &near.unwrap_or_default())])
        }
        ErrorKind::MissingRequiredArgument => fill(&words.missing, &[("arguments", &argument)]),
        ErrorKind::ArgumentConflict => {
            let other = told(ContextKind::PriorArg).unwrap_or_default();
            match other == argument {
                true => fill(&words.twice, &[("argument", &argument)]),
                false => fill(&words.conflict, &[("argument", &argument), ("other", &other)]),
            }
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            fill(&words.count, &[("argument", &argument)])
        }
        _ => return None,
    };
    Some(format!("{sentence}\n{}", words.help))
}

/// What an option takes, as its help has it: `1|2` of `--land-use <1|2>`.
fn form(argument: &str) -> Option<&str> {
    let (_, form) = argument.split_once('<')?;
    form.split_once('>').map(|(form, _)| form)
}
