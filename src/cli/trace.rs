//! `trace`: up or down the water from a place.

use super::basis::Basis;
use super::{Console, Failure, OutputFormat, table};
use crate::atlas::{Atlas, Theme};
use crate::text::{fill, word};
use crate::waters::{Direction, SourceRelation, Trace, TraceContext, Waters};
use geo::Coord;
use serde_json::{Value, json};

/// Arguments of `trace`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Name or id of the river; the nearest one when left out
    river: Option<String>,
    /// Where to start, degrees
    #[arg(long, value_name = "LON,LAT", allow_hyphen_values = true)]
    from: String,
    /// With the flow or against it
    #[arg(long, value_enum, default_value = "down", value_name = "up|down")]
    direction: Way,
    /// How far along the water, kilometres
    #[arg(long, default_value_t = 20.0, value_name = "N")]
    km: f64,
    #[command(flatten)]
    basis: Basis,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Way {
    Up,
    Down,
}

/// A place further from the river named is a mistake.
const FARTHEST: f64 = 5_000.0;

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let text = console.text();
    let words = &text.waters;
    let place = place(&arguments.from).ok_or_else(|| Failure::usage(&words.bad_place))?;
    if !arguments.km.is_finite() || arguments.km <= 0.0 {
        return Err(Failure::usage(format!("--km {}", arguments.km)));
    }
    let (atlas, _) = arguments.basis.open(console)?;
    let waters = Waters::new(&atlas);
    let river = arguments.river.as_deref().map(|river| one_river(river, &atlas, &waters, console)).transpose()?;
    let missing = |river: &str| Failure::failed(fill(&words.not_found, &[("words", river)]));
    let snap = waters.network.snap(place, river.as_deref());
    let snap = snap.ok_or_else(|| missing(arguments.river.as_deref().unwrap_or_default()))?;
    if snap.distance > FARTHEST {
        let name = waters.network.river_at(&snap).and_then(|id| waters.network.name_of(id)).unwrap_or_default();
        let (off, limit) = (table::number(snap.distance, 0), table::number(FARTHEST, 0));
        return Err(Failure::failed(fill(&words.trace_far, &[("name", name), ("off", &off), ("limit", &limit)])));
    }
    let direction = match arguments.direction {
        Way::Up => Direction::Up,
        Way::Down => Direction::Down,
    };
    let context = TraceContext { atlas: &atlas, network: &waters.network };
    let trace = context.trace(&snap, direction, arguments.km * 1000.0).ok_or_else(|| missing(&arguments.from))?;
    if arguments.basis.format == OutputFormat::Json {
        return console.print_json(&document(&trace, &atlas));
    }
    print(&trace, &atlas, console);
    Ok(())
}

/// The one river that words name.
fn one_river(words: &str, atlas: &Atlas, waters: &Waters, console: &Console) -> Result<String, Failure> {
    let text = &console.text().waters;
    let mut found = waters.find(atlas, words);
    found.retain(|id| atlas.find(Theme::Rivers, id).is_some());
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Failure::failed(fill(&text.not_found, &[("words", words)]))),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(8)
                .map(|id| format!("{} {id}", waters.network.name_of(id).unwrap_or_default()))
                .collect();
            let count = several.len().to_string();
            let values = [("words", words), ("n", &*count), ("names", &*names.join(", "))];
            Err(Failure::failed(fill(&text.several, &values)))
        }
    }
}

fn place(words: &str) -> Option<Coord> {
    let (x, y) = words.split_once([',', '，'])?;
    let at: Coord = Coord { x: x.trim().parse().ok()?, y: y.trim().parse().ok()? };
    (at.x.abs() <= 180.0 && at.y.abs() <= 90.0).then_some(at)
}

fn document(trace: &Trace, atlas: &Atlas) -> Value {
    let mut document = json!(trace);
    let entries = document.get_mut("reaches").and_then(Value::as_array_mut);
    for (entry, reach) in entries.into_iter().flatten().zip(&trace.reaches) {
        if let Some(members) = entry.as_object_mut() {
            let line: Vec<[f64; 2]> = reach.line.0.iter().map(|at| [at.x, at.y]).collect();
            members.insert("geometry".into(), json!({"type": "LineString", "coordinates": line}));
        }
    }
    let quality =
        atlas.worst_quality(&[Theme::Rivers, Theme::MonitoringSections, Theme::Outfalls, Theme::WaterSources]);
    if let Some(members) = document.as_object_mut() {
        members.insert("data_quality".into(), json!(quality));
    }
    document
}

fn print(trace: &Trace, atlas: &Atlas, console: &Console) {
    let text = console.text();
    let words = &text.waters;
    let kilometres = |metres: f64| format!("{:.2}", metres / 1000.0);
    let rivers: std::collections::BTreeSet<&str> = trace.reaches.iter().map(|reach| reach.river.as_str()).collect();
    let mut lines = vec![
        fill(
            &words.trace_head,
            &[
                ("name", &trace.name),
                ("river", &trace.river),
                ("direction", &word(&words.direction, &trace.direction)),
                ("km", &table::number(trace.limit_m / 1000.0, 2)),
                ("off", &table::number(trace.snapped_m, 0)),
            ],
        ),
        fill(
            &words.trace_total,
            &[
                ("rivers", &rivers.len().to_string()),
                ("reaches", &trace.reaches.len().to_string()),
                ("length", &kilometres(trace.length_m)),
            ],
        ),
        text.common.schematic_notice.clone(),
    ];
    let mut section = |title: &str, columns: &[&str], rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            lines.push(format!("\n{title}"));
            lines.extend(table::lines(columns, &rows));
        }
    };
    let along = format!("{}(km)", words.column_distance);
    let length = format!("{}(km)", words.column_length);
    let reaches = trace.reaches.iter().map(|reach| {
        vec![kilometres(reach.distance_m), reach.river.clone(), reach.name.clone(), kilometres(reach.length_m)]
    });
    section(&words.head_reaches, &[&along, &words.column_id, &words.column_name, &length], reaches.collect());
    for (title, passing) in [(&words.head_sections, &trace.sections), (&words.head_outfalls, &trace.outfalls)] {
        let rows = passing.iter().map(|one| vec![kilometres(one.distance_m), one.id.clone(), one.name.clone()]);
        section(title, &[&along, &words.column_id, &words.column_name], rows.collect());
    }
    let sources = trace.sources.iter().map(|source| {
        let relation = match source.relation {
            SourceRelation::Zone => {
                let level = words.protection.get(&source.level).map_or(source.level.as_str(), String::as_str);
                fill(&words.source_zone, &[("level", level)])
            }
            SourceRelation::ReceivingWater => {
                let across = table::number(source.across_m.unwrap_or_default(), 0);
                fill(&words.source_mouth, &[("across", &across)])
            }
        };
        vec![kilometres(source.distance_m), source.id.clone(), source.name.clone(), relation]
    });
    section(&words.head_sources, &[&along, &words.column_id, &words.column_name, ""], sources.collect());
    let outlets = trace.outlets.iter().map(|outlet| {
        let mut end = word(&words.end, &outlet.end);
        if let Some(into) = &outlet.into {
            let name = [Theme::Lakes, Theme::Yangtze, Theme::Rivers]
                .iter()
                .find_map(|theme| atlas.find(*theme, into))
                .map_or(into.as_str(), |(_, water)| water.name());
            end = fill(&words.outlet_into, &[("name", name)]);
        }
        vec![kilometres(outlet.distance_m), outlet.river.clone(), outlet.name.clone(), end]
    });
    section(&words.head_outlets, &[&along, &words.column_id, &words.column_name, ""], outlets.collect());
    console.print(&lines.join("\n"));
}
