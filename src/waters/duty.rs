//! Who has done what by when: the four lists, problems and patrols of one water, judged at a day.

use crate::atlas::{ChiefLevel, ChiefRole, Date, ListKind, ProblemState, WaterRecord};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How often each rank walks a water, from assets/standard/patrol.toml.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatrolRules {
    /// Where the frequencies are from.
    pub source: String,
    #[serde(rename = "level")]
    levels: Vec<PatrolRule>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct PatrolRule {
    level: ChiefLevel,
    #[serde(default)]
    months: i32,
    #[serde(default)]
    days: i32,
}

impl PatrolRules {
    /// The table of the program.
    pub fn bundled() -> &'static PatrolRules {
        static RULES: LazyLock<PatrolRules> =
            LazyLock::new(|| super::bundled("patrol.toml", include_str!("../../assets/standard/patrol.toml")));
        &RULES
    }

    fn interval(&self, level: ChiefLevel) -> Option<Span> {
        let rule = self.levels.iter().find(|rule| rule.level == level)?;
        (rule.months > 0 || rule.days > 0).then(|| rule.months.months().days(rule.days))
    }

    /// Patrols due in twelve months.
    fn a_year(&self, level: ChiefLevel) -> usize {
        let rule = self.levels.iter().find(|rule| rule.level == level);
        match rule.map(|rule| (rule.months, rule.days)) {
            Some((months @ 1.., _)) => usize::try_from(12 / months).unwrap_or_default(),
            Some((_, days @ 1..)) => usize::try_from(365 / days).unwrap_or_default(),
            _ => 0,
        }
    }
}

/// Counts of one list.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ListCount {
    /// Lines in it.
    pub total: usize,
    /// Finished.
    pub done: usize,
    /// Not finished.
    pub open: usize,
    /// Not finished and past their day.
    pub overdue: usize,
    /// The next day on which an open line is due.
    pub next_deadline: Option<Date>,
}

/// A line of a list past its day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverdueItem {
    /// The list.
    pub list: ListKind,
    /// Number in the list.
    pub no: String,
    /// What it says.
    pub text: String,
    /// Office in the lead.
    pub lead: String,
    /// Day it was due.
    pub deadline: Date,
    /// Days past.
    pub days: i32,
}

/// A problem past its day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OverdueProblem {
    /// Its identity.
    pub id: String,
    /// What it is.
    pub text: String,
    /// Where it stands.
    pub state: ProblemState,
    /// Day it was due.
    pub deadline: Date,
    /// Days past.
    pub days: i32,
}

/// The patrols of one rank.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatrolDuty {
    /// The rank.
    pub level: ChiefLevel,
    /// The last patrol.
    pub last: Option<Date>,
    /// The day by which the next is due; absent when none took place.
    pub next_due: Option<Date>,
    /// Whether it is late; a rank that never went is.
    pub is_overdue: bool,
    /// Days late.
    pub overdue_days: Option<i32>,
    /// Patrols in the twelve months before.
    pub done_in_year: usize,
    /// Patrols due in twelve months.
    pub due_in_year: usize,
}

/// What is open, done and late on one water.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Duty {
    /// The day at which it is judged.
    pub as_of: Date,
    /// Counts of the four lists, those without lines too.
    pub lists: BTreeMap<ListKind, ListCount>,
    /// Lines past their day, the latest first.
    pub overdue_items: Vec<OverdueItem>,
    /// Problems by state.
    pub problems: BTreeMap<ProblemState, usize>,
    /// Problems not closed.
    pub open_problems: usize,
    /// Problems past their day, the latest first.
    pub overdue_problems: Vec<OverdueProblem>,
    /// The next day on which an open problem is due.
    pub next_problem_deadline: Option<Date>,
    /// Patrols by rank, for the ranks that have a chief.
    pub patrols: Vec<PatrolDuty>,
}

impl Duty {
    /// Whether a list line, a problem or a patrol is late.
    pub fn is_overdue(&self) -> bool {
        !self.overdue_items.is_empty()
            || !self.overdue_problems.is_empty()
            || self.patrols.iter().any(|patrol| patrol.is_overdue)
    }

    /// How many list lines and problems are late.
    pub fn overdue_count(&self) -> usize {
        self.overdue_items.len() + self.overdue_problems.len()
    }

    /// Lines done and lines in all four lists.
    pub fn progress(&self) -> (usize, usize) {
        let sum = |count: fn(&ListCount) -> usize| self.lists.values().map(count).sum();
        (sum(|list| list.done), sum(|list| list.total))
    }
}

/// Judges the record of a water at a day. What is due on that very day is not late yet.
pub fn duty(record: &WaterRecord, as_of: Date) -> Duty {
    let days_late = |deadline: Date| (deadline < as_of).then(|| days_between(deadline, as_of));
    let mut overdue_items = Vec::new();
    let mut lists = BTreeMap::new();
    for kind in ListKind::ALL {
        let items = record.lists.get(&kind).map(Vec::as_slice).unwrap_or_default();
        let mut count = ListCount { total: items.len(), ..ListCount::default() };
        for item in items {
            if item.status == "done" {
                count.done += 1;
                continue;
            }
            count.open += 1;
            let Some(deadline) = item.deadline else { continue };
            if let Some(days) = days_late(deadline) {
                count.overdue += 1;
                overdue_items.push(OverdueItem {
                    list: kind,
                    no: item.no.clone(),
                    text: item.text.clone(),
                    lead: item.lead.clone(),
                    deadline,
                    days,
                });
            } else {
                count.next_deadline = Some(count.next_deadline.map_or(deadline, |known| known.min(deadline)));
            }
        }
        lists.insert(kind, count);
    }
    overdue_items.sort_by_key(|item| std::cmp::Reverse(item.days));

    let mut problems = BTreeMap::new();
    let (mut overdue_problems, mut next_problem_deadline) = (Vec::new(), None);
    for problem in &record.problems {
        *problems.entry(problem.state).or_default() += 1;
        let Some(deadline) = problem.deadline.filter(|_| problem.state != ProblemState::Closed) else { continue };
        match days_late(deadline) {
            Some(days) => overdue_problems.push(OverdueProblem {
                id: problem.id.clone(),
                text: problem.text.clone(),
                state: problem.state,
                deadline,
                days,
            }),
            None => {
                next_problem_deadline = Some(next_problem_deadline.map_or(deadline, |known: Date| known.min(deadline)));
            }
        }
    }
    overdue_problems.sort_by_key(|problem| std::cmp::Reverse(problem.days));
    let open_problems = record.problems.iter().filter(|problem| problem.state != ProblemState::Closed).count();

    Duty {
        as_of,
        lists,
        overdue_items,
        problems,
        open_problems,
        overdue_problems,
        next_problem_deadline,
        patrols: patrols(record, as_of, PatrolRules::bundled()),
    }
}

fn patrols(record: &WaterRecord, as_of: Date, rules: &PatrolRules) -> Vec<PatrolDuty> {
    let mut levels: Vec<ChiefLevel> =
        record.chiefs.iter().filter(|chief| chief.role == ChiefRole::Chief).map(|chief| chief.level).collect();
    levels.sort_unstable();
    levels.dedup();
    let year_ago = as_of.checked_sub(1.year()).unwrap_or(Date::MIN);
    let duty = |level: ChiefLevel| {
        // a patrol entered for a day to come has not taken place
        let went = || record.patrols.iter().filter(move |patrol| patrol.level == level && patrol.date <= as_of);
        let last = went().map(|patrol| patrol.date).max();
        let interval = rules.interval(level);
        let next_due = last.zip(interval).and_then(|(last, interval)| last.checked_add(interval).ok());
        let overdue_days = next_due.filter(|due| *due < as_of).map(|due| days_between(due, as_of));
        PatrolDuty {
            level,
            last,
            next_due,
            is_overdue: interval.is_some() && (last.is_none() || overdue_days.is_some()),
            overdue_days,
            done_in_year: went().filter(|patrol| patrol.date > year_ago).count(),
            due_in_year: rules.a_year(level),
        }
    };
    levels.into_iter().map(duty).collect()
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> WaterRecord {
        serde_json::from_value(serde_json::json!({
            "waterbody": "WX-R-001",
            "chiefs": [
                {"level": "county", "role": "chief", "post": "示例"},
                {"level": "village", "role": "chief", "post": "示例"},
                {"level": "town", "role": "chief", "post": "示例"},
                {"level": "city", "role": "police", "post": "示例"}
            ],
            "patrols": [
                {"level": "county", "date": "2026-07-31"},
                {"level": "village", "date": "2026-10-20"},
                {"level": "village", "date": "2026-11-20"}
            ],
            "lists": {
                "tasks": [
                    {"no": "1", "text": "a", "status": "open", "deadline": "2026-10-30"},
                    {"no": "2", "text": "b", "status": "open", "deadline": "2026-10-31"},
                    {"no": "3", "text": "c", "status": "done", "deadline": "2025-01-01", "done_on": "2024-12-01"},
                    {"no": "4", "text": "d", "status": "open", "deadline": "2026-08-01"}
                ]
            },
            "problems": [
                {"id": "P1", "found_on": "2026-01-01", "source": "patrol", "category": "dumping", "text": "x",
                 "state": "treating", "deadline": "2026-09-30"},
                {"id": "P2", "found_on": "2026-01-01", "source": "patrol", "category": "dumping", "text": "y",
                 "state": "closed", "deadline": "2026-02-01"},
                {"id": "P3", "found_on": "2026-10-01", "source": "hotline", "category": "discharge", "text": "z",
                 "state": "assigned", "deadline": "2026-12-01"}
            ]
        }))
        .unwrap()
    }

    #[test]
    fn a_line_is_late_from_the_day_after_its_deadline() {
        let duty = duty(&record(), "2026-10-31".parse().unwrap());
        let tasks = &duty.lists[&ListKind::Tasks];
        assert_eq!((tasks.total, tasks.done, tasks.open, tasks.overdue), (4, 1, 3, 2));
        assert_eq!(tasks.next_deadline, Some("2026-10-31".parse().unwrap()));
        let late: Vec<(&str, i32)> = duty.overdue_items.iter().map(|item| (item.no.as_str(), item.days)).collect();
        assert_eq!(late, [("4", 91), ("1", 1)]);
        assert_eq!(duty.lists[&ListKind::Duties], ListCount::default());
        assert_eq!(duty.progress(), (1, 4));
    }

    #[test]
    fn a_closed_problem_is_never_late() {
        let duty = duty(&record(), "2026-10-31".parse().unwrap());
        assert_eq!((duty.open_problems, duty.overdue_problems.len()), (2, 1));
        assert_eq!((duty.overdue_problems[0].id.as_str(), duty.overdue_problems[0].days), ("P1", 31));
        assert_eq!(duty.next_problem_deadline, Some("2026-12-01".parse().unwrap()));
        assert_eq!(duty.problems[&ProblemState::Treating], 1);
    }

    #[test]
    fn patrols_are_due_after_their_interval() {
        let duty = duty(&record(), "2026-10-31".parse().unwrap());
        let by = |level: ChiefLevel| duty.patrols.iter().find(|patrol| patrol.level == level).unwrap();
        assert_eq!(duty.patrols.len(), 3);
        let county = by(ChiefLevel::County);
        assert_eq!((county.next_due, county.is_overdue), (Some("2026-10-31".parse().unwrap()), false));
        let village = by(ChiefLevel::Village);
        assert_eq!((village.overdue_days, village.done_in_year, village.due_in_year), (Some(4), 1, 52));
        let town = by(ChiefLevel::Town);
        assert_eq!((town.last, town.is_overdue, town.overdue_days), (None, true, None));
    }
}
