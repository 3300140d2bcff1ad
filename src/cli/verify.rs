//! `verify`: does a report still hold? Its seal, its words, every figure computed anew.

use super::basis::{open_atlas, rulebook};
use super::{Console, Failure, OutputFormat, check};
use crate::atlas::Theme;
use crate::report::siting::{
    AtHand, Compared, EvidenceFault, Fault, FigureState, ReadFault, Recomputed, Seal, Verification,
    difference_sentences, name, verify, verify_answer,
};
use crate::siting::Ground;
use crate::storage::{clock, file};
use crate::text::{Text, fill};
use crate::workspace::sentence;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Reports of this program (.pdf; .json of `check` with --sites)
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,
    /// Folder of an atlas to hold the report against, instead of the bundled one
    #[arg(long, value_name = "DIR|FILE")]
    atlas: Option<PathBuf>,
    /// Use a file as the layer of a theme, as when the report was made
    #[arg(long = "use", value_name = "LAYERFILE=THEME")]
    uses: Vec<String>,
    /// A rule pack of the office's own, as when the report was made
    #[arg(long, value_name = "FILE.toml")]
    rules: Vec<PathBuf>,
    /// Files with the outlines of the projects, for a .json report, which carries none
    #[arg(long, value_name = "SITE")]
    sites: Vec<PathBuf>,
    /// Hold each report against its own inputs alone, not against the data at hand
    #[arg(long, conflicts_with_all = ["atlas", "uses", "rules", "sites"])]
    inputs_only: bool,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

/// Endings of answers that `check` writes and that hold nothing to compute them from.
const ANSWERS: [&str; 4] = ["json", "xlsx", "gpkg", "geojson"];
/// Figures told one by one in the text.
const MOST: usize = 20;

/// Runs it: succeeds when everything holds.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let rulebook = rulebook(&arguments.rules, console)?;
    let atlas = if arguments.inputs_only {
        None
    } else if arguments.atlas.is_none() && arguments.uses.is_empty() {
        Some(open_atlas(None, console)?)
    } else {
        Some(check::open_atlas_with(arguments.atlas.as_deref(), &arguments.uses, &rulebook, console)?)
    };
    let ready = atlas.map(|atlas| (Ground::new(&atlas), atlas));
    let sites = check::read_projects(&arguments.sites, &rulebook, true, &Default::default(), console)?.0;
    let at_hand = ready.as_ref().map(|(ground, atlas)| AtHand { atlas, ground, rulebook: &rulebook });
    let mut documents = Vec::new();
    let mut holds = true;
    for path in &arguments.reports {
        let bytes = file::read(path).map_err(|error| Failure::failed(sentence::file_error(text, &error)))?;
        let shown = path.display().to_string();
        if let (Some(at_hand), false) = (&at_hand, sites.is_empty())
            && let Some(answer) = answer_of(&bytes)
        {
            let unknown = || Failure::failed(fill(&text.report.verify.other_projects, &[("file", &shown)]));
            let told = verify_answer(&answer, &sites, at_hand).ok_or_else(unknown)?;
            let is_same = told.compared.figures.is_empty();
            holds &= is_same;
            match arguments.format {
                OutputFormat::Json => documents.push(json!({"file": shown, "holds": is_same, "at_hand": told})),
                OutputFormat::Text => {
                    let words = &text.report.verify;
                    let mut lines = vec![fill(&words.answer, &[("file", &shown)])];
                    lines.extend(against_data(&told, text));
                    lines.push(if is_same { &words.holds } else { &words.fails }.clone());
                    console.print(&lines.join("\n"));
                }
            }
            continue;
        }
        let told = verify(&bytes, at_hand.as_ref());
        holds &= told.holds();
        match arguments.format {
            OutputFormat::Json => documents.push(document(&shown, &told)),
            OutputFormat::Text => console.print(&sentences(&shown, &told, text).join("\n")),
        }
    }
    if arguments.format == OutputFormat::Json {
        match documents.as_slice() {
            [document] => console.print_json(document)?,
            several => console.print_json(&json!({"holds": holds, "reports": several}))?,
        }
    }
    // what does not hold was told on stdout
    if holds { Ok(()) } else { Err(Failure { lines: Vec::new(), code: 1 }) }
}

/// The answer of `check`, where a file is one.
fn answer_of(bytes: &[u8]) -> Option<Value> {
    let answer: Value = serde_json::from_slice(bytes).ok()?;
    (answer.get("sites").is_some() && answer.get("method").is_some()).then_some(answer)
}

fn document(file: &str, told: &Verification) -> Value {
    let seal = match told.seal {
        Seal::Whole => "whole",
        Seal::Changed => "changed",
        Seal::Missing => "missing",
    };
    let fault = told.fault.as_ref().map(|fault| match fault {
        Fault::Read(fault) => json!({"kind": "unreadable", "reason": fault.to_string()}),
        Fault::Evidence(fault) => json!({"kind": "attachments", "reason": fault.to_string()}),
        Fault::Withheld => json!({"kind": "withheld", "reason": "coordinates withheld"}),
    });
    json!({
        "file": file,
        "holds": told.holds(),
        "seal": seal,
        "fault": fault,
        "attachments_changed": told.attached_changed,
        "text": told.words,
        "inputs": told.inputs,
        "at_hand": told.at_hand,
        "valid_until": told.valid_until,
        "expired": is_expired(told),
    })
}

fn is_expired(told: &Verification) -> bool {
    told.valid_until.is_some_and(|until| until < clock::today())
}

fn sentences(file: &str, told: &Verification, text: &Text) -> Vec<String> {
    let words = &text.report.verify;
    let named = |sentence: &str| fill(sentence, &[("file", file)]);
    let mut lines = vec![named(match told.seal {
        Seal::Whole => &words.whole,
        Seal::Changed => &words.changed,
        Seal::Missing => &words.unsealed,
    })];
    match &told.fault {
        Some(Fault::Read(ReadFault::NotPdf)) => {
            let ending =
                std::path::Path::new(file).extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
            let is_answer = ending.is_some_and(|ending| ANSWERS.contains(&ending.as_str()));
            return vec![named(if is_answer { &words.not_a_report } else { &words.not_pdf })];
        }
        Some(Fault::Read(ReadFault::Foreign(at))) => {
            lines.push(fill(&words.foreign, &[("file", file), ("at", &at.to_string())]));
        }
        Some(Fault::Read(ReadFault::TooLarge)) => lines.push(named(&words.too_large)),
        Some(Fault::Evidence(fault)) => {
            let reason = match fault {
                EvidenceFault::Missing(name) => fill(&words.missing_attachment, &[("file", name)]),
                EvidenceFault::Unreadable { file, reason } => {
                    fill(&words.unreadable_attachment, &[("file", file), ("reason", reason)])
                }
            };
            lines.push(fill(&words.no_evidence, &[("file", file), ("reason", &reason)]));
        }
        Some(Fault::Withheld) => lines.push(named(&words.withheld)),
        None => {}
    }
    let changed = told.attached_changed.iter();
    lines.extend(changed.map(|name| fill(&words.attached_changed, &[("name", name)])));
    if let Some(found) = &told.words {
        let (count, missing) = (found.count.to_string(), found.missing.len().to_string());
        lines.push(fill(&words.words, &[("n", &count), ("missing", &missing)]));
        if !found.missing.is_empty() {
            let figures: Vec<&str> = found.missing.iter().take(MOST).map(String::as_str).collect();
            lines.push(fill(&words.missing, &[("figures", &figures.join(&text.report.point))]));
        }
    }
    if let Some(compared) = &told.inputs {
        let [count, holds, differs, _] = counts(compared);
        lines.push(fill(&words.inputs, &[("n", &count), ("holds", &holds), ("differs", &differs)]));
        lines.extend(figures(compared, text));
    }
    if let Some(recomputed) = &told.at_hand {
        lines.extend(against_data(recomputed, text));
    }
    if let Some(until) = told.valid_until.filter(|_| is_expired(told)) {
        lines.push(fill(&words.expired, &[("day", &until.to_string())]));
    }
    lines.push(match (told.holds(), &told.fault) {
        (true, Some(Fault::Withheld)) => words.not_recomputed.clone(),
        (true, _) => words.holds.clone(),
        (false, _) => words.fails.clone(),
    });
    lines
}

fn against_data(recomputed: &Recomputed, text: &Text) -> Vec<String> {
    let words = &text.report.verify;
    let short = |fingerprint: &str| fingerprint.get(..12).unwrap_or(fingerprint).to_owned();
    let mut lines = Vec::new();
    for layer in &recomputed.layers {
        let present = layer.present.as_deref().map(short).unwrap_or_default();
        let (old, file) = (short(&layer.stated), layer.file.as_str());
        let values = [("layer", layer.title.as_str()), ("file", file), ("old", &old), ("new", &present)];
        match layer.state {
            "changed" => lines.push(fill(&words.layer_changed, &values)),
            "missing" => lines.push(fill(&words.layer_missing, &values)),
            _ => {}
        }
    }
    for pack in &recomputed.rules {
        let present = pack.present.as_deref().unwrap_or(&words.absent);
        lines.push(fill(&words.rules_changed, &[("pack", &pack.id), ("old", &pack.stated), ("new", present)]));
    }
    if !recomputed.strangers.is_empty() {
        let names: Vec<String> = recomputed.strangers.iter().take(MOST).map(|name| stranger(name, text)).collect();
        lines.push(fill(&words.strangers, &[("names", &names.join(&text.report.point))]));
    }
    let [count, holds, differs, changed] = counts(&recomputed.compared);
    let values = [
        ("atlas", recomputed.atlas.as_str()),
        ("n", &count),
        ("holds", &holds),
        ("differs", &differs),
        ("changed", &changed),
    ];
    lines.push(fill(&words.atlas, &values));
    lines.extend(figures(&recomputed.compared, text));
    lines
}

fn counts(compared: &Compared) -> [String; 4] {
    let of = |state| compared.count_of(state);
    [compared.count, compared.holds, of(FigureState::Differs), of(FigureState::DataChanged)].map(|n| n.to_string())
}

fn figures(compared: &Compared, text: &Text) -> Vec<String> {
    difference_sentences(compared, MOST, text).into_iter().map(|line| format!("  {line}")).collect()
}

/// What was put in, by the names of its layer: `theme/id` as the document has it.
fn stranger(found: &str, text: &Text) -> String {
    match found.split_once('/') {
        Some((name::WATERS, id)) => format!("{} {id}", text.report.section.waters),
        Some((theme, id)) => {
            let title = Theme::parse(theme).map_or(theme, |theme| text.common.theme(theme));
            format!("{title} {id}")
        }
        None => found.to_owned(),
    }
}
