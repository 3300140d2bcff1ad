//! `quality`: the class of water of a laboratory's table.

use super::rivers::{class_words, graded};
use super::{Console, Failure, OutputFormat, table};
use crate::format::table::{TableError, read_table};
use crate::storage;
use crate::text::fill;
use crate::waters::{Assessment, BodyKind, NoClass, SampleError, SampleNote, SampleRow, WaterClass, assess, samples};
use crate::workspace::sentence;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `quality`.
///
/// The table has the columns section, date, item and value, or one column an indicator; names Chinese or English.
/// Results below a detection limit (`<0.025`, `0.025L`) count as half of it.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The table, CSV (UTF-8 or GBK) or XLSX
    samples: PathBuf,
    /// Whose limits: lakes and reservoirs have stricter ones for phosphorus
    #[arg(long, value_enum, default_value = "river", value_name = "river|lake")]
    body: Body,
    /// Encoding of a CSV, instead of what it shows
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Shape of the output
    #[arg(long, value_enum, default_value_t, value_name = "text|json")]
    format: OutputFormat,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Body {
    River,
    Lake,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let path = arguments.samples.display().to_string();
    let fail = |reason: String| Failure::failed(format!("{path}: {reason}"));
    let bytes =
        storage::file::read(&arguments.samples).map_err(|error| Failure::failed(sentence::file_error(text, &error)))?;
    let read = read_table(&bytes, arguments.encoding.as_deref()).map_err(|error| {
        fail(match error {
            TableError::Empty => text.format.empty.clone(),
            TableError::UnknownEncoding(name) => fill(&text.format.unknown_encoding, &[("name", &name)]),
            TableError::Broken(reason) => fill(&text.waters.table_broken, &[("reason", &reason)]),
        })
    })?;
    let (rows, notes) = samples(&read.head, &read.rows).map_err(|error| {
        fail(match error {
            SampleError::Empty => text.waters.samples_empty.clone(),
            SampleError::NoIndicator(columns) => {
                let columns: Vec<String> = columns.into_iter().take(12).collect();
                fill(&text.waters.samples_no_indicator, &[("columns", &columns.join(", "))])
            }
        })
    })?;
    let body = match arguments.body {
        Body::River => BodyKind::River,
        Body::Lake => BodyKind::Lake,
    };
    let graded: Vec<(SampleRow, Assessment)> = rows
        .into_iter()
        .map(|row| {
            let found = assess(&row.values, body, WaterClass::Third);
            (row, found)
        })
        .collect();
    for note in &notes {
        console.complain(&format!("{path}: {}", note_words(note, console)));
    }
    if arguments.format == OutputFormat::Json {
        return console.print_json(&document(&graded, &notes, body));
    }
    print(&path, &graded, body, console);
    Ok(())
}

fn document(graded: &[(SampleRow, Assessment)], notes: &[SampleNote], body: BodyKind) -> Value {
    let samples: Vec<Value> = graded
        .iter()
        .map(|(row, found)| {
            json!({
                "section": row.section,
                "date": row.date,
                "class": found.class,
                "reason": found.reason,
                "deciding": found.deciding,
                "main_pollutants": found.main_pollutants,
                "measured": found.measured,
                "of": found.of,
                "below_detection": row.below_detection,
                "nitrogen": found.nitrogen,
                "ignored": found.ignored,
            })
        })
        .collect();
    json!({
        "standard": "GB 3838-2002",
        "method": "环办〔2011〕22号",
        "body": body,
        "limit_class": WaterClass::Third,
        "below_detection_counts": "half of the limit",
        "samples": samples,
        "notes": notes,
    })
}

fn print(path: &str, found: &[(SampleRow, Assessment)], body: BodyKind, console: &Console) {
    let text = console.text();
    let words = &text.waters;
    let body_words = match body {
        BodyKind::River => &words.body_river,
        BodyKind::Lake => &words.body_lake,
    };
    let columns = [
        &*words.column_section,
        &words.column_date,
        &words.head_quality,
        &words.column_measured,
        &words.column_deciding,
    ];
    let row = |(row, found): &(SampleRow, Assessment)| {
        let mut deciding: Vec<String> =
            found.deciding.iter().map(|item| graded(item, WaterClass::Third, text, console.language)).collect();
        match found.reason {
            Some(NoClass::NoValues) => deciding.push(words.no_reason_values.clone()),
            Some(NoClass::NoKnownIndicator) => deciding.push(words.no_reason_indicator.clone()),
            None => {}
        }
        if let Some(nitrogen) = &found.nitrogen {
            deciding.push(fill(&words.nitrogen, &[("class", &class_words(Some(nitrogen.class), text))]));
        }
        vec![
            row.section.clone(),
            row.date.clone(),
            class_words(found.class, text),
            format!("{}/{}", found.measured, found.of),
            deciding.join("; "),
        ]
    };
    let rows: Vec<Vec<String>> = found.iter().map(row).collect();
    let mut lines = vec![fill(&words.quality_head, &[("title", path), ("body", body_words)])];
    lines.extend(table::lines(&columns, &rows));
    if found.iter().any(|(row, _)| !row.below_detection.is_empty()) {
        lines.push(words.sample_below.clone());
    }
    console.print(&lines.join("\n"));
}

fn note_words(note: &SampleNote, console: &Console) -> String {
    let words = &console.text().waters;
    match note {
        SampleNote::UnknownItem { item } => fill(&words.sample_unknown, &[("items", item)]),
        SampleNote::NotANumber { row, item, text } => {
            fill(&words.sample_not_number, &[("row", &row.to_string()), ("item", item), ("text", text)])
        }
        SampleNote::NoLimit { row, item } => fill(&words.sample_no_limit, &[("row", &row.to_string()), ("item", item)]),
        SampleNote::Repeated { row, item } => {
            fill(&words.sample_repeated, &[("row", &row.to_string()), ("item", item)])
        }
    }
}
