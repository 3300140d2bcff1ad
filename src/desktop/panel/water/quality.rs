//! How the water is: its class with what decides it, months as a chart, black and odorous or not.

use super::WaterPanel;
use crate::desktop::theme::{self, Tone};
use crate::desktop::widget::{self, Chart, Point, number};
use crate::text::{Language, Text, fill};
use crate::waters::{Assessment, BodyKind, Graded, Indicator, OdourGrade, Standard};
use crate::waters::{WaterClass, WaterSummary};
use crate::workspace::Derived;
use egui::{Label, RichText, Ui};
use std::collections::BTreeMap;
use std::sync::Arc;

impl WaterPanel {
    pub(super) fn show_quality(&mut self, ui: &mut Ui, water: &WaterSummary, derived: &Derived, text: &Text) {
        let words = &text.panel.water;
        widget::section(ui, &words.quality);
        let Some(current) = &water.current else {
            widget::notice(ui, Tone::Unchecked, &words.no_samples);
            return;
        };
        let sentence = deciding(current, water, text);
        let tone = match water.meets {
            Some(false) => Tone::Prohibited,
            Some(true) => Tone::Clear,
            None => Tone::Neutral,
        };
        let palette = theme::palette(ui.visuals());
        ui.add(Label::new(RichText::new(sentence).color(palette.tone(tone))).wrap());
        ui.horizontal(|ui| {
            let name = ui.label(RichText::new(&words.indicator).small().color(palette.ink_soft));
            let codes = measured(water);
            if self.indicator.as_ref().is_some_and(|code| !codes.contains_key(code)) {
                self.indicator = None;
            }
            let shown = self.indicator.as_deref().and_then(|code| codes.get(code));
            let shown = shown.map_or(words.class_series.clone(), |indicator| name_of(indicator, text));
            let combo = egui::ComboBox::from_id_salt("indicator").selected_text(shown).show_ui(ui, |ui| {
                ui.selectable_value(&mut self.indicator, None, &words.class_series);
                for (code, indicator) in &codes {
                    ui.selectable_value(&mut self.indicator, Some(code.clone()), name_of(indicator, text));
                }
            });
            combo.response.labelled_by(name.id);
            let counted = [("n", current.measured.to_string()), ("of", current.of.to_string())];
            let counted: Vec<_> = counted.iter().map(|(key, value)| (*key, value.as_str())).collect();
            widget::remark(ui, &fill(&words.measured, &counted));
        });
        let of = (water.id.clone(), self.indicator.clone(), text.language, Arc::as_ptr(&derived.waters).addr());
        if self.drawn.as_ref().is_none_or(|drawn| drawn.of != of) {
            self.drawn = Some(prepare(water, self.indicator.as_deref(), text, of));
        }
        if let Some(drawn) = &self.drawn {
            let chart = Chart {
                points: &drawn.points,
                limits: &drawn.limits,
                more_is_better: drawn.more_is_better,
                target: drawn.target,
                name: &drawn.name,
                target_word: &words.target_line,
                by_class: self.indicator.is_none(),
                height: 116.0,
            };
            chart.show(ui);
        }
    }
}

/// A chart made ready, until the water, the indicator or the language changes.
#[derive(Debug)]
pub(super) struct Drawn {
    of: (String, Option<String>, Language, usize),
    points: Vec<Point>,
    limits: Vec<(u8, f64)>,
    more_is_better: bool,
    target: Option<f64>,
    name: String,
}

pub(super) fn show_odour(ui: &mut Ui, water: &WaterSummary, text: &Text) {
    let Some(odour) = &water.odour else { return };
    let words = &text.panel.water;
    widget::section(ui, &words.odour);
    let grade = |grade: Option<OdourGrade>| match grade {
        Some(OdourGrade::Light) => (Tone::Restricted, &words.grade_light),
        Some(OdourGrade::Heavy) => (Tone::Prohibited, &words.grade_heavy),
        Some(OdourGrade::None) => (Tone::Clear, &words.grade_none),
        None => (Tone::Unchecked, &text.panel.unknown),
    };
    ui.horizontal_wrapped(|ui| {
        if let Some(listed) = odour.listed {
            let (tone, word) = grade(Some(listed));
            ui.label(RichText::new(&words.odour_listed).small());
            widget::tone_badge(ui, tone, word);
        }
        if !odour.readings.is_empty() {
            let (tone, word) = grade(odour.measured);
            ui.label(RichText::new(&words.odour_measured).small());
            widget::tone_badge(ui, tone, word);
        }
    });
    let mut state = text.common.value("status", &odour.status).to_string();
    for (sentence, day) in [(&words.odour_found, odour.found), (&words.odour_cleared, odour.cleared_on)] {
        if let Some(day) = day {
            state = format!("{state} · {}", fill(sentence, &[("day", &day.to_string())]));
        }
    }
    widget::field(ui, &words.odour_status, &state);
    let readings = odour
        .readings
        .iter()
        .map(|(code, value)| format!("{} {}", text.common.field(code), number::trimmed(*value, 2)));
    let readings = readings.collect::<Vec<_>>().join(" · ");
    if !readings.is_empty() {
        widget::remark(ui, &readings);
    }
}

/// What decides the class, as planners write it: 氨氮 1.8 mg/L，劣于Ⅲ类限值 0.8 倍.
pub(super) fn deciding(current: &Assessment, water: &WaterSummary, text: &Text) -> String {
    let words = &text.panel.water;
    let against = water.target.unwrap_or(WaterClass::Third);
    let class_word = |class: WaterClass| number::class_word(Some(class.number()), &text.panel);
    let month = water.month.as_deref().unwrap_or_default();
    let class = number::class_word(current.class.map(WaterClass::number), &text.panel);
    let item = |graded: &Graded| {
        let indicator = Standard::gb3838().indicator(&graded.indicator);
        let name = indicator.map_or(graded.indicator.clone(), |indicator| name_of(indicator, text));
        let unit = indicator.map_or("", |indicator| indicator.unit.as_str());
        let value = format!("{} {unit}", number::trimmed(graded.value, 3));
        let values = [("name", name.as_str()), ("value", value.trim_end()), ("limit", &class_word(against))];
        match (graded.times_over, graded.limit) {
            (Some(times), _) => {
                let times = number::trimmed(times, 2);
                fill(&words.deciding_item, &[values.as_slice(), &[("times", &times)]].concat())
            }
            (None, Some(limit)) if graded.class > against => {
                let limit = number::trimmed(limit, 3);
                fill(&words.deciding_low, &[values.as_slice(), &[("value_limit", &limit)]].concat())
            }
            _ => fill(&words.deciding_plain, &values),
        }
    };
    let items: Vec<String> = current.deciding.iter().map(item).collect();
    if items.is_empty() {
        return fill(&words.all_meet, &[("month", month), ("class", &class)]);
    }
    fill(&words.deciding, &[("month", month), ("class", &class), ("items", &items.join("；"))])
}

/// Indicators with a value in any month, by code.
pub(super) fn measured(water: &WaterSummary) -> BTreeMap<String, &'static Indicator> {
    let codes = water.months.iter().flat_map(|month| month.values.keys());
    codes.filter_map(|code| Some((code.clone(), Standard::gb3838().indicator(code)?))).collect()
}

pub(super) fn name_of(indicator: &Indicator, text: &Text) -> String {
    match text.language {
        Language::Zh => indicator.zh.clone(),
        Language::En => indicator.en.clone(),
    }
}

pub(super) fn prepare(
    water: &WaterSummary,
    code: Option<&str>,
    text: &Text,
    of: (String, Option<String>, Language, usize),
) -> Drawn {
    let words = &text.panel.water;
    let indicator = code.and_then(|code| Standard::gb3838().indicator(code));
    let series = indicator.map_or(words.class_series.clone(), |indicator| name_of(indicator, text));
    let unit = indicator.map_or("", |indicator| indicator.unit.as_str());
    let months = widget::every_month(water.months.iter().map(|month| month.month.as_str()));
    let points: Vec<Point> = months
        .into_iter()
        .map(|name| {
            let month = water.months.iter().find(|month| month.month == name);
            let of_indicator = indicator.and_then(|indicator| {
                let value = *month?.values.get(&indicator.code)?;
                Some((value, indicator.class(value, BodyKind::River).map(WaterClass::number)))
            });
            let (value, class) = if indicator.is_some() {
                (of_indicator.map(|(value, _)| value), of_indicator.and_then(|(_, class)| class))
            } else {
                let class = month.and_then(|month| month.class).map(WaterClass::number);
                (class.map(f64::from), class)
            };
            let said =
                value.filter(|_| indicator.is_some()).map(|value| format!("{} {unit}", number::trimmed(value, 3)));
            let class_word = number::class_word(class, &text.panel);
            let words = match value {
                None => fill(&words.chart_gap, &[("month", &name)]),
                Some(_) => {
                    let said = said.unwrap_or_default();
                    let values =
                        [("month", name.as_str()), ("name", &series), ("value", said.trim()), ("class", &class_word)];
                    fill(&words.chart_point, &values)
                }
            };
            Point { month: name, value, class, words }
        })
        .collect();
    let limit = |indicator: &Indicator, class: WaterClass| indicator.limit(class, BodyKind::River);
    let limits: Vec<(u8, f64)> = indicator
        .map(|indicator| {
            let classes = WaterClass::ALL.into_iter().filter(|class| *class != WaterClass::WorseThanFifth);
            classes.filter_map(|class| Some((class.number(), limit(indicator, class)?))).collect()
        })
        .unwrap_or_default();
    let more_is_better = limits.first().zip(limits.last()).is_some_and(|(first, last)| first.1 > last.1);
    let target = match (indicator, water.target) {
        (_, None) => None,
        (Some(indicator), Some(target)) => limit(indicator, target),
        (None, Some(target)) => Some(f64::from(target.number())),
    };
    let (from, to) = (points.first().map_or("", |point| &point.month), points.last().map_or("", |point| &point.month));
    let last = points.iter().rev().find(|point| point.value.is_some()).map_or("", |point| &point.words);
    let name = fill(&words.chart, &[("name", &series), ("from", from), ("to", to), ("last", last)]);
    Drawn { of, points, limits, more_is_better, target, name }
}
