//! River-chief records of every river and black-odour water: offices, patrols, lists, problems, months of samples.
//!
//! All of it is invented for demonstration and says so; the same id always gives the same record.

use super::shape::share;
use super::{DraftError, Layers, Sources, read_toml, unreadable};
use crate::atlas::{
    Chief, ChiefLevel, ChiefRole, Date, Feature, HistoryStep, ListItem, ListKind, Patrol, Problem, ProblemState,
    Quality, Sample, Theme, WaterRecord,
};
use jiff::Span;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const FILE: &str = "records.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Material {
    as_of: Date,
    source: String,
    licence: String,
    months: u32,
    mark: String,
    topic: Vec<Topic>,
    issue: Vec<Issue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Topic {
    problem: String,
    task: String,
    measures: Vec<String>,
    lead: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    category: String,
    text: String,
}

/// The records file: one record a line, rivers first.
pub fn governance(sources: &Sources, layers: &Layers) -> Result<Vec<u8>, DraftError> {
    let material: Material = read_toml(sources, FILE)?;
    if material.topic.is_empty() || material.issue.is_empty() {
        return Err(unreadable(FILE, "topic, issue"));
    }
    let head = json!({
        "as_of": material.as_of,
        "source": material.source,
        "licence": material.licence,
        "quality": Quality::Schematic,
        "example": true,
    });
    let mut text = head.to_string();
    text.pop();
    text.push_str(",\"records\":[");
    let waters = [Theme::Rivers, Theme::BlackOdourWaters];
    let waters =
        waters.iter().flat_map(|theme| layers.get(theme).into_iter().flatten().map(move |water| (*theme, water)));
    for (number, (theme, water)) in waters.enumerate() {
        let record = Draft { material: &material, theme, water, seed: seed(&water.id) }.record();
        let record = serde_json::to_value(record).map_err(|error| unreadable(FILE, error))?;
        text.push_str(if number == 0 { "\n" } else { ",\n" });
        text.push_str(&without_nulls(record).to_string());
    }
    text.push_str("\n]}\n");
    Ok(text.into_bytes())
}

fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name, without_nulls(value)))
                .collect(),
        ),
        Value::Array(elements) => Value::Array(elements.into_iter().map(without_nulls).collect()),
        other => other,
    }
}

fn seed(id: &str) -> u64 {
    // FNV-1a
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// One record in the making. Each kind of choice has its own hundreds among the numbers of the sequence.
struct Draft<'a> {
    material: &'a Material,
    theme: Theme,
    water: &'a Feature,
    seed: u64,
}

impl Draft<'_> {
    fn record(&self) -> WaterRecord {
        WaterRecord {
            waterbody: self.water.id.clone(),
            chiefs: self.chiefs(),
            patrols: self.patrols(),
            lists: self.lists(),
            problems: self.problems(),
            samples: self.samples(),
        }
    }

    fn chance(&self, number: u64) -> f64 {
        share(self.seed, number)
    }

    /// A whole number below `below`.
    fn pick(&self, number: u64, below: usize) -> usize {
        ((self.chance(number) * below as f64) as usize).min(below.saturating_sub(1))
    }

    fn day(&self, days: i64) -> Date {
        self.material.as_of.checked_add(Span::new().days(days)).unwrap_or(self.material.as_of)
    }

    fn districts(&self) -> Vec<&str> {
        self.water.text("district").split('、').filter(|name| !name.is_empty()).collect()
    }

    fn home(&self) -> &str {
        self.districts().first().copied().unwrap_or("无锡市")
    }

    fn levels(&self) -> &'static [ChiefLevel] {
        use ChiefLevel::{City, County, Town, Village};
        match (self.theme, self.water.text("grade")) {
            (Theme::BlackOdourWaters, _) => &[County, Town],
            (_, "basin" | "regional") => &[City, County, Town],
            (_, "county") => &[County, Town, Village],
            _ => &[Town, Village],
        }
    }

    fn chiefs(&self) -> Vec<Chief> {
        let mark = &self.material.mark;
        let office = |level: ChiefLevel, role: ChiefRole, district: &str, post: String| Chief {
            level,
            role,
            post: format!("{post}{mark}"),
            unit: district.to_owned(),
            district: district.to_owned(),
        };
        let mut chiefs = Vec::new();
        for level in self.levels() {
            match level {
                ChiefLevel::City => {
                    chiefs.push(office(*level, ChiefRole::Chief, "无锡市", "无锡市市级河长".into()));
                    chiefs.push(office(*level, ChiefRole::Department, "无锡市", "市级河长联系部门".into()));
                }
                ChiefLevel::County => {
                    for district in self.districts() {
                        let rank = if district.ends_with('市') { "县级" } else { "区级" };
                        chiefs.push(office(*level, ChiefRole::Chief, district, format!("{district}{rank}河长")));
                    }
                    chiefs.push(office(*level, ChiefRole::Police, self.home(), format!("{}河道警长", self.home())));
                }
                ChiefLevel::Town => {
                    let post = format!("{}镇(街道)级河长", self.home());
                    chiefs.push(office(*level, ChiefRole::Chief, self.home(), post));
                }
                ChiefLevel::Village => {
                    let post = format!("{}村(社区)级河长", self.home());
                    chiefs.push(office(*level, ChiefRole::Chief, self.home(), post));
                }
            }
        }
        chiefs
    }

    /// A year of patrols, each a little before it is due; one rank in eight has let the last one pass.
    fn patrols(&self) -> Vec<Patrol> {
        let mut patrols = Vec::new();
        for (rank, level) in (0_u64..).zip(self.levels()) {
            let (interval, minutes, metres) = match level {
                ChiefLevel::City | ChiefLevel::County => (82, 60.0, 3_000.0),
                ChiefLevel::Town => (27, 45.0, 2_000.0),
                ChiefLevel::Village => (7, 30.0, 1_000.0),
            };
            let is_late = self.chance(100 + rank) < 0.125;
            let rest = (self.chance(110 + rank) * f64::from(interval)) as i64 / 2;
            let newest = -rest - if is_late { i64::from(interval) + 12 } else { 0 };
            for step in 0..366 / interval {
                let number = 1_000 + rank * 100 + step as u64;
                let wander = if interval > 7 { (self.chance(number) * 6.0) as i64 } else { 0 };
                let length_m = (metres * (0.7 + 0.9 * self.chance(number + 5_000)) / 10.0).round() * 10.0;
                patrols.push(Patrol {
                    level: *level,
                    date: self.day(newest - i64::from(step) * i64::from(interval) - wander),
                    minutes: (minutes * (0.8 + 0.8 * self.chance(number + 9_000))) as u32,
                    length_m,
                    problems: u32::from(self.chance(number + 13_000) < 0.06),
                });
            }
        }
        patrols.sort_by(|a, b| a.date.cmp(&b.date).then(a.level.cmp(&b.level)));
        patrols
    }

    /// One to four topics, each with its problem, task, measures and duty; one water in nine has one of them late.
    fn lists(&self) -> BTreeMap<ListKind, Vec<ListItem>> {
        let material = self.material;
        let mark = &material.mark;
        let mut lists: BTreeMap<ListKind, Vec<ListItem>> = ListKind::ALL.iter().map(|kind| (*kind, vec![])).collect();
        let mut add = |kind: ListKind, item: ListItem| -> String {
            let list = lists.entry(kind).or_default();
            let no = (list.len() + 1).to_string();
            list.push(ListItem { no: no.clone(), ..item });
            no
        };
        let first = self.pick(200, material.topic.len());
        let count = 1 + self.pick(201, 4);
        let late = (self.chance(202) < 0.11).then(|| self.pick(203, count));
        for number in 0..count {
            let Some(topic) = material.topic.get((first + number * 3) % material.topic.len()) else { continue };
            let at = 210 + 10 * number as u64;
            // from a year and a half ago to half a year ahead
            let due = -540 + (self.chance(at) * 720.0) as i64;
            let due = if late == Some(number) { -20 - (self.chance(at + 1) * 90.0) as i64 } else { due };
            let is_done = due < 0 && late != Some(number);
            let lead = format!("{}{}{mark}", self.home(), topic.lead);
            let item = |text: &str, done: bool, parent: Option<String>, days: i64| ListItem {
                no: String::new(),
                text: format!("{text}{mark}"),
                lead: lead.clone(),
                deadline: Some(self.day(due - days)),
                status: if done { "done" } else { "open" }.into(),
                done_on: done.then(|| self.day((due - days - (self.chance(at + 2) * 40.0) as i64).min(-1))),
                parent,
            };
            let problem = add(ListKind::Problems, item(&topic.problem, is_done, None, 0));
            let task = add(ListKind::Tasks, item(&topic.task, is_done, Some(problem), 0));
            for (step, measure) in (0_i64..).zip(topic.measures.iter().rev()) {
                // all but the last measure come earlier and are done when their day has passed
                let days = step * 60;
                let done = is_done || (step > 0 && due - days < 0);
                add(ListKind::Measures, item(measure, done, Some(task.clone()), days));
            }
            let duty = format!("{}牵头，属地镇(街道)配合", topic.lead);
            add(ListKind::Duties, item(&duty, is_done, Some(task), 0));
        }
        lists
    }

    /// None to three problems of the last year, most of them closed; one open one in six is late.
    fn problems(&self) -> Vec<Problem> {
        let mark = &self.material.mark;
        let sources = ["patrol", "patrol", "patrol", "inspection", "hotline", "remote", "section"];
        let count = self.pick(300, 4);
        let mut problems = Vec::new();
        for number in 0..count {
            let at = 310 + 20 * number as u64;
            let Some(issue) = self.material.issue.get(self.pick(at, self.material.issue.len())) else { continue };
            let found = -20 - (self.chance(at + 1) * 330.0) as i64;
            let time = 30 + self.pick(at + 2, 60) as i64;
            let is_late = self.chance(at + 3) < 0.04;
            let is_closed = found + time < 0 && !is_late;
            let last = if is_closed {
                ProblemState::Closed
            } else {
                let fresh = [ProblemState::Found, ProblemState::Registered, ProblemState::Registered];
                let open = [
                    ProblemState::Assigned,
                    ProblemState::Treating,
                    ProblemState::Treating,
                    ProblemState::Applied,
                    ProblemState::Verifying,
                    ProblemState::Returned,
                    ProblemState::Publicised,
                ];
                // what was found in these days is not yet assigned
                let open = if found > -32 { fresh.as_slice() } else { open.as_slice() };
                open.get(self.pick(at + 4, open.len())).copied().unwrap_or(ProblemState::Treating)
            };
            let steps: Vec<ProblemState> = ProblemState::ALL
                .into_iter()
                .filter(|state| *state <= last && (*state != ProblemState::Returned || last == ProblemState::Returned))
                .collect();
            let span = if is_closed { time } else { (-found).min(time) };
            let office = |state: ProblemState| match state {
                ProblemState::Found => format!("{}镇(街道)级河长{mark}", self.home()),
                ProblemState::Treating | ProblemState::Applied => format!("{}责任部门{mark}", self.home()),
                _ => format!("{}河长办{mark}", self.home()),
            };
            let history = (0_i64..).zip(&steps).map(|(step, state)| HistoryStep {
                state: *state,
                on: self.day(found + step * span / steps.len().max(1) as i64),
                by: office(*state),
            });
            problems.push(Problem {
                id: format!("{}-P{:02}", self.water.id, number + 1),
                found_on: self.day(found),
                source: sources.get(self.pick(at + 5, sources.len())).copied().unwrap_or("patrol").to_owned(),
                category: issue.category.clone(),
                text: format!("{}{mark}", issue.text),
                state: last,
                deadline: Some(self.day(found + time)),
                history: history.collect(),
            });
        }
        problems.sort_by(|a, b| a.found_on.cmp(&b.found_on).then_with(|| a.id.cmp(&b.id)));
        problems
    }

    /// Months of means around the limits of the class due: oxygen low in summer, ammonia high in winter, most
    /// got better; three rivers in twenty have one indicator above its limit.
    fn samples(&self) -> Vec<Sample> {
        let target = self.water.number("target_class").unwrap_or(4.0).clamp(2.0, 5.0) as usize;
        let of = |limits: [f64; 4]| limits.get(target - 2).copied().unwrap_or(1.0);
        let (oxygen, permanganate) = (of([6.0, 5.0, 3.0, 2.0]), of([4.0, 6.0, 10.0, 15.0]));
        let (demand, biological) = (of([15.0, 20.0, 30.0, 40.0]), of([3.0, 4.0, 6.0, 10.0]));
        let (ammonia, phosphorus) = (of([0.5, 1.0, 1.5, 2.0]), of([0.1, 0.2, 0.3, 0.4]));
        // a black-odour water is as bad as its treatment is young
        let burden = match (self.theme, self.water.text("status")) {
            (Theme::BlackOdourWaters, "identified" | "planned") => 5.0,
            (Theme::BlackOdourWaters, "treating" | "relapsed") => 3.5,
            (Theme::BlackOdourWaters, "initial_effect") => 1.4,
            _ => 1.0,
        };
        let weak = (self.chance(400) < 0.15).then(|| self.pick(401, 3));
        let level = |indicator: usize| {
            let strain = 0.45 + 0.32 * self.chance(410 + indicator as u64);
            if weak == Some(indicator) { 1.1 + 0.35 * self.chance(420) } else { strain }
        };
        // most treated rivers got better, a few worse
        let gain = 0.8 * self.chance(421) * self.chance(422) - 0.08;
        let (levels, months) = ([level(0), level(1), level(2)], self.material.months);
        let round = |value: f64, decimals: i32| {
            let unit = 10_f64.powi(decimals);
            (value * unit).round() / unit
        };
        let mut samples = Vec::new();
        for back in (0..months).rev() {
            let month = self.material.as_of.checked_sub(Span::new().months(back)).unwrap_or(self.material.as_of);
            let turn = f64::from(month.month()) / 12.0 * std::f64::consts::TAU;
            let winter = libm::cos(turn - 0.5);
            let noise = |number: u64| 0.9 + 0.2 * self.chance(500 + u64::from(back) * 4 + number);
            let better = 1.0 + gain * f64::from(back) / 24.0;
            let [a, b, c] = levels.map(|level| level * burden * better);
            let air = (oxygen + 1.6 + 1.8 * winter) * noise(3) / burden.max(1.0);
            samples.push(Sample {
                month: format!("{:04}-{:02}", month.year(), month.month()),
                values: BTreeMap::from([
                    ("DO".into(), round(air.clamp(0.1, 13.0), 1)),
                    ("COD".into(), round(demand * b.min(2.2) * noise(1) * (1.0 - 0.06 * winter), 1)),
                    ("BOD5".into(), round(biological * b.min(2.2) * noise(1) * (1.0 - 0.04 * winter), 1)),
                    ("CODMn".into(), round(permanganate * b.min(2.2) * noise(1) * (1.0 - 0.08 * winter), 1)),
                    ("NH3N".into(), round(ammonia * a * noise(0) * (1.0 + 0.15 * winter), 2)),
                    ("TP".into(), round(phosphorus * c * noise(2) * (1.0 - 0.10 * winter), 3)),
                ]),
            });
        }
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{Governance, Value as Field};
    use crate::waters::duty;

    fn records() -> Governance {
        let text = |word: &str| Field::Text(word.into());
        let river = |number: usize| Feature {
            id: format!("WX-R-{number:03}"),
            shape: None,
            values: vec![
                ("grade".into(), text(["basin", "county", "town"][number % 3])),
                ("district".into(), text("滨湖区、宜兴市")),
                ("target_class".into(), Field::Integer(3)),
            ],
        };
        let layers = Layers::from([(Theme::Rivers, (1..=161).map(river).collect())]);
        let material = include_bytes!("../../maps/wuxi/source/records.toml").to_vec();
        let bytes = governance(&Sources::from([(FILE.to_owned(), material)]), &layers).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn every_water_has_a_whole_record_that_says_it_is_an_example() {
        let records = records();
        assert_eq!(records.records.len(), 161);
        for record in &records.records {
            assert!(record.chiefs.iter().all(|chief| chief.post.ends_with("(示例)")));
            assert!(!record.patrols.is_empty() && record.patrols.is_sorted_by_key(|patrol| patrol.date));
            assert!(record.patrols.iter().all(|patrol| patrol.date <= records.as_of));
            assert_eq!((record.samples.len(), record.samples[23].month.as_str()), (24, "2026-10"));
            assert!(ListKind::ALL.iter().all(|kind| !record.lists[kind].is_empty()));
            for item in record.lists.values().flatten() {
                assert!(item.text.ends_with("(示例)") && (item.status == "done") == item.done_on.is_some());
                assert!(item.done_on.is_none_or(|done| done <= records.as_of));
            }
            for problem in &record.problems {
                assert!(problem.history.is_sorted_by_key(|step| step.on));
                assert_eq!(problem.history.last().map(|step| step.state), Some(problem.state));
                assert!(problem.history.iter().all(|step| step.on <= records.as_of));
            }
        }
    }

    #[test]
    fn some_are_late_and_most_are_not() {
        let records = records();
        let duties: Vec<_> = records.records.iter().map(|record| duty(record, records.as_of)).collect();
        let share = |is_one: fn(&crate::waters::Duty) -> bool| {
            duties.iter().filter(|duty| is_one(duty)).count() as f64 / duties.len() as f64
        };
        let items = share(|duty| !duty.overdue_items.is_empty());
        let problems = share(|duty| !duty.overdue_problems.is_empty());
        let patrols = share(|duty| duty.patrols.iter().any(|patrol| patrol.is_overdue));
        assert!((0.05..0.25).contains(&items), "{items}");
        assert!((0.01..0.2).contains(&problems), "{problems}");
        assert!((0.1..0.5).contains(&patrols), "{patrols}");
    }
}
