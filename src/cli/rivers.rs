//! `rivers`: who answers for a water, its class now and due, lists, problems, patrols.

use super::basis::Basis;
use super::{Console, Failure, OutputFormat, table};
use crate::atlas::{Atlas, ChiefLevel, Quality, Theme};
use crate::text::{Language, Text, fill, word};
use crate::waters::{
    Graded, Light, LightReason, Neighbour, Standard, WaterClass, WaterSummary, Waters, odour_indicators,
};
use serde_json::json;

/// Arguments of `rivers`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Id, name or part of a name of a river or black-odour water; all when left out
    water: Option<String>,
    /// Only those with a list line, problem or patrol past its day
    #[arg(long)]
    overdue: bool,
    /// Only those worse than their target now
    #[arg(long)]
    failing: bool,
    /// Only those of a district
    #[arg(long, value_name = "NAME")]
    district: Option<String>,
    /// Only those whose highest chief has this rank
    #[arg(long, value_enum, value_name = "city|county|town|village")]
    level: Option<Rank>,
    /// Only those with this light
    #[arg(long, value_enum, value_name = "red|yellow|green|grey")]
    light: Option<Lamp>,
    /// Only black-odour waters
    #[arg(long)]
    black_odour: bool,
    #[command(flatten)]
    basis: Basis,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Rank {
    City,
    County,
    Town,
    Village,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Lamp {
    Red,
    Yellow,
    Green,
    Grey,
}

/// Runs it.
pub fn run(arguments: &Arguments, console: &Console) -> Result<(), Failure> {
    let (atlas, as_of) = arguments.basis.open(console)?;
    let waters = Waters::new(&atlas);
    let (mut found, all) = match &arguments.water {
        None => {
            let found = waters.summaries(&atlas, as_of);
            let all = found.len();
            (found, all)
        }
        Some(words) => {
            let ids = waters.find(&atlas, words);
            if ids.is_empty() {
                return Err(Failure::failed(fill(&console.text().waters.not_found, &[("words", words)])));
            }
            let found: Vec<WaterSummary> = ids.iter().filter_map(|id| waters.summary(&atlas, id, as_of)).collect();
            let all = found.len();
            (found, all)
        }
    };
    let is_card = arguments.water.is_some() && found.len() == 1;
    found.retain(|water| arguments.wants(water));
    let quality = found.iter().map(|water| water.quality).max().unwrap_or(Quality::Schematic);
    if arguments.basis.format == OutputFormat::Json {
        return console.print_json(&json!({"as_of": as_of, "data_quality": quality, "waters": found}));
    }
    match found.as_slice() {
        [water] if is_card => console.print(&card(water, &atlas, console).join("\n")),
        _ => {
            let text = console.text();
            let values = [
                ("title", atlas.manifest.title.as_str()),
                ("shown", &*found.len().to_string()),
                ("all", &*all.to_string()),
                ("date", &*as_of.to_string()),
                ("quality", text.common.quality(quality)),
            ];
            let mut lines = vec![fill(&text.waters.list_head, &values), text.common.schematic_notice.clone()];
            lines.extend(list(&found, text));
            console.print(&lines.join("\n"));
        }
    }
    Ok(())
}

impl Arguments {
    fn wants(&self, water: &WaterSummary) -> bool {
        let rank = water.chiefs.iter().map(|chief| chief.level).min();
        let wanted_rank = self.level.map(|level| match level {
            Rank::City => ChiefLevel::City,
            Rank::County => ChiefLevel::County,
            Rank::Town => ChiefLevel::Town,
            Rank::Village => ChiefLevel::Village,
        });
        let wanted_light = self.light.map(|light| match light {
            Lamp::Red => Light::Red,
            Lamp::Yellow => Light::Yellow,
            Lamp::Green => Light::Green,
            Lamp::Grey => Light::Grey,
        });
        (!self.overdue || water.duty.is_overdue())
            && (!self.failing || water.meets == Some(false))
            && self.district.as_ref().is_none_or(|district| water.district.contains(district.as_str()))
            && (wanted_rank.is_none() || wanted_rank == rank)
            && wanted_light.is_none_or(|light| light == water.light)
            && (!self.black_odour || water.theme == Theme::BlackOdourWaters)
    }
}

fn list(waters: &[WaterSummary], text: &Text) -> Vec<String> {
    let words = &text.waters;
    let columns = [
        &*words.column_id,
        &words.column_name,
        &words.column_district,
        &words.column_grade,
        &words.column_class,
        &words.column_trend,
        &words.column_light,
        &words.column_overdue,
        &words.column_open,
        &words.column_patrol,
    ];
    let row = |water: &WaterSummary| {
        let numeral = |class: Option<WaterClass>| class.map_or("—", WaterClass::numeral);
        let now = water.current.as_ref().and_then(|current| current.class);
        let patrol = water.duty.patrols.iter().filter_map(|patrol| patrol.next_due).min();
        vec![
            water.id.clone(),
            water.name.clone(),
            water.district.clone(),
            text.common.value("grade", &water.grade).to_owned(),
            format!("{}/{}", numeral(now), numeral(water.target)),
            water.trend.as_ref().map(|trend| word(&words.change, &trend.change)).unwrap_or_default(),
            word(&words.light, &water.light),
            water.duty.overdue_count().to_string(),
            water.duty.open_problems.to_string(),
            patrol.map(|date| date.to_string()).unwrap_or_default(),
        ]
    };
    table::lines(&columns, &waters.iter().map(row).collect::<Vec<_>>())
}

fn card(water: &WaterSummary, atlas: &Atlas, console: &Console) -> Vec<String> {
    let text = console.text();
    let words = &text.waters;
    let date = |day: Option<crate::atlas::Date>| day.map_or_else(|| "—".to_owned(), |day| day.to_string());
    let reasons: Vec<String> = water.light_reasons.iter().map(|reason| light_reason(reason, text)).collect();
    let mut lines = vec![
        format!(
            "{}  {}  {}  {}  {}",
            water.name,
            water.id,
            text.common.theme(water.theme),
            text.common.value("grade", &water.grade),
            water.district
        ),
        format!("{}: {}  {}", words.column_light, word(&words.light, &water.light), reasons.join("; ")),
        format!("{}  {}", text.common.quality(water.quality), text.common.schematic_notice),
    ];

    lines.push(format!("\n{}", words.head_chiefs));
    for chief in &water.chiefs {
        let rank = word(&words.level, &chief.level);
        lines.push(format!("  {rank}  {}  {}  {}", word(&words.role, &chief.role), chief.post, chief.unit));
    }

    lines.push(format!("\n{}", words.head_quality));
    lines.push(format!("  {}", quality_line(water, text)));
    if let Some(current) = &water.current {
        let against = water.target.unwrap_or(WaterClass::Third);
        let deciding: Vec<String> =
            current.deciding.iter().map(|item| graded(item, against, text, console.language)).collect();
        let measured = [("n", &*current.measured.to_string()), ("of", &*current.of.to_string())];
        lines.push(format!("  {}; {}", deciding.join("; "), fill(&words.measured, &measured)));
    }
    if let Some(trend) = &water.trend {
        lines.push(format!(
            "  {}: {} ({} → {})",
            words.column_trend,
            word(&words.change, &trend.change),
            trend.before.numeral(),
            trend.after.numeral()
        ));
    }
    if !water.months.is_empty() {
        let strip: Vec<&str> = water.months.iter().map(|month| month.class.map_or("—", WaterClass::numeral)).collect();
        lines.push(format!("  {}: {}", words.head_months, strip.join(" ")));
    }
    if let Some(odour) = &water.odour {
        let grade = |grade: Option<_>| grade.map_or_else(|| "—".to_owned(), |grade| word(&words.odour, &grade));
        let status = words.odour_status.get(&odour.status).map_or(odour.status.as_str(), String::as_str);
        let readings: Vec<String> = odour_indicators()
            .iter()
            .filter_map(|indicator| {
                let name = if console.language == Language::Zh { &indicator.zh } else { &indicator.en };
                odour.readings.get(&indicator.code).map(|value| format!("{name} {value} {}", indicator.unit))
            })
            .collect();
        lines.push(format!("\n{}", words.head_odour));
        lines.push(format!("  {} → {status}  {}", grade(odour.listed), date(odour.cleared_on)));
        lines.push(format!("  {}: {}", grade(odour.measured), readings.join(", ")));
    }

    lines.push(format!("\n{}", words.head_lists));
    for (kind, count) in &water.duty.lists {
        let values = [
            ("list", &*word(&words.list, kind)),
            ("total", &*count.total.to_string()),
            ("done", &*count.done.to_string()),
            ("open", &*count.open.to_string()),
            ("overdue", &*count.overdue.to_string()),
        ];
        let next =
            count.next_deadline.map(|day| format!("; {}", fill(&words.next_deadline, &[("date", &day.to_string())])));
        lines.push(format!("  {}{}", fill(&words.list_line, &values), next.unwrap_or_default()));
    }
    for item in &water.duty.overdue_items {
        let values = [
            ("days", &*item.days.to_string()),
            ("list", &*word(&words.list, &item.list)),
            ("no", &*item.no),
            ("text", &*item.text),
            ("lead", &*item.lead),
            ("date", &*item.deadline.to_string()),
        ];
        lines.push(format!("    {}", fill(&words.overdue_item, &values)));
    }

    lines.push(format!("\n{}", words.head_problems));
    let counts = [
        ("open", &*water.duty.open_problems.to_string()),
        ("overdue", &*water.duty.overdue_problems.len().to_string()),
    ];
    let states = water.duty.problems.iter().map(|(state, count)| format!("{} {count}", word(&words.state, state)));
    let states: Vec<String> = states.collect();
    lines.push(format!("  {}  {}", fill(&words.problem_count, &counts), states.join(", ")));
    for problem in &water.duty.overdue_problems {
        let values = [
            ("days", &*problem.days.to_string()),
            ("id", &*problem.id),
            ("text", &*problem.text),
            ("state", &*word(&words.state, &problem.state)),
            ("date", &*problem.deadline.to_string()),
        ];
        lines.push(format!("    {}", fill(&words.overdue_problem, &values)));
    }

    lines.push(format!("\n{}", words.head_patrols));
    for patrol in &water.duty.patrols {
        let level = word(&words.level, &patrol.level);
        let Some(last) = patrol.last else {
            lines.push(format!("  {}", fill(&words.patrol_never, &[("level", &level)])));
            continue;
        };
        let values = [
            ("level", &*level),
            ("last", &*last.to_string()),
            ("next", &*date(patrol.next_due)),
            ("done", &*patrol.done_in_year.to_string()),
            ("due", &*patrol.due_in_year.to_string()),
        ];
        let late = patrol.overdue_days.map(|days| fill(&words.patrol_late, &[("days", &days.to_string())]));
        lines.push(format!("  {}{}", fill(&words.patrol_line, &values), late.unwrap_or_default()));
    }

    lines.push(format!("\n{}", words.head_neighbours));
    let named = |neighbours: &[Neighbour]| match neighbours {
        [] => words.none.clone(),
        some => some.iter().map(|one| format!("{} {}", one.name, one.id)).collect::<Vec<_>>().join(", "),
    };
    lines.push(format!("  {}", fill(&words.upstream, &[("names", &named(&water.upstream))])));
    lines.push(format!("  {}", fill(&words.downstream, &[("names", &named(&water.downstream))])));
    if let Some((_, section)) =
        water.section.as_ref().and_then(|section| atlas.find(Theme::MonitoringSections, section))
    {
        lines.push(format!("  {}: {} {}", words.column_section, section.name(), section.id));
    }
    lines
}

fn quality_line(water: &WaterSummary, text: &Text) -> String {
    let words = &text.waters;
    let class = |class: Option<WaterClass>| class_words(class, text);
    let now = water.current.as_ref().and_then(|current| current.class);
    let judged = match water.meets {
        Some(true) => words.meets.as_str(),
        Some(false) => words.fails.as_str(),
        None => "",
    };
    let month = water.month.as_deref().unwrap_or("—");
    format!("{month}: {} → {} {judged}", class(now), class(water.target))
}

/// A class in words: Ⅲ类, 劣Ⅴ类, 无数据.
pub(super) fn class_words(class: Option<WaterClass>, text: &Text) -> String {
    let words = &text.waters;
    match class {
        None => words.no_class.clone(),
        Some(WaterClass::WorseThanFifth) => fill(&words.class_beyond, &[("numeral", "劣Ⅴ")]),
        Some(class) => fill(&words.class, &[("numeral", class.numeral())]),
    }
}

/// An item in words: 氨氮 1.8，超Ⅲ类 0.8 倍.
pub(super) fn graded(item: &Graded, against: WaterClass, text: &Text, language: Language) -> String {
    let words = &text.waters;
    let name = Standard::gb3838().indicator(&item.indicator).map_or(item.indicator.as_str(), |known| match language {
        Language::Zh => &known.zh,
        Language::En => &known.en,
    });
    let against = against.min(WaterClass::Fifth);
    let value = item.value.to_string();
    let limit = item.limit.map(|limit| limit.to_string()).unwrap_or_default();
    let times = item.times_over.map(|times| table::number(times, 2)).unwrap_or_default();
    let values = [
        ("indicator", name),
        ("value", &*value),
        ("limit_class", against.numeral()),
        ("limit", &*limit),
        ("times", &*times),
    ];
    let sentence = match (item.times_over, item.class > against) {
        (Some(_), _) => &words.times_over,
        (None, true) if item.limit.is_some() => &words.not_met,
        _ => &words.held,
    };
    fill(sentence, &values)
}

fn light_reason(reason: &LightReason, text: &Text) -> String {
    let (code, count) = match reason {
        LightReason::WorseThanTarget { months } => ("worse_than_target", *months),
        LightReason::OverdueProblems { count } => ("overdue_problems", *count),
        LightReason::OverdueItems { count } => ("overdue_items", *count),
        LightReason::OverduePatrols { count } => ("overdue_patrols", *count),
        LightReason::Relapsed => ("relapsed", 0),
        LightReason::NoRecentSample => ("no_recent_sample", 0),
    };
    let sentence = text.waters.light_reason.get(code).map_or(code, String::as_str);
    fill(sentence, &[("n", &count.to_string())])
}
