//! What is different when a report is computed anew, in the words of the trade: which zone, which figure, what it was and
//! what it is now.

use super::verify::{Compared, Figure, Subject};
use crate::atlas::{Quality, Theme};
use crate::text::siting::{grouped, percent};
use crate::text::{Language, Text, fill};
use serde_json::Value;

/// Figures that follow from others beside them.
const DERIVED: [&str; 8] =
    ["overlap_ha", "overlap_mu", "area_ha", "area_mu", "depth_tolerance_m", "feature_id", "class_field", "id"];

/// All differences, a heading for each thing and its figures below; at most so many figures.
pub fn difference_sentences(compared: &Compared, most: usize, text: &Text) -> Vec<String> {
    let words = &text.report.verify;
    let mut groups: Vec<(String, Vec<&Figure>)> = Vec::new();
    for figure in &compared.figures {
        let heading = heading(&figure.subject, text);
        match groups.iter_mut().find(|(known, _)| *known == heading) {
            Some((_, figures)) => figures.push(figure),
            None => groups.push((heading, vec![figure])),
        }
    }
    let (mut lines, mut told, mut left) = (Vec::new(), 0, 0);
    for (heading, figures) in &groups {
        if told >= most {
            left += figures.len();
            continue;
        }
        if let Some(whole) = come_or_gone(figures, text) {
            lines.push(format!("{heading}{}{whole}", text.report.colon));
            told += 1;
            continue;
        }
        let shown: Vec<&&Figure> = figures.iter().filter(|figure| is_spoken(&figure.subject, text)).collect();
        let shown = if shown.is_empty() { figures.iter().collect() } else { shown };
        lines.push(heading.clone());
        for figure in shown {
            if told >= most {
                left += 1;
                continue;
            }
            let (stated, present) = (said(figure, &figure.stated, text), said(figure, &figure.present, text));
            let label = label(&figure.subject.field, text);
            if [&figure.stated, &figure.present].iter().all(|value| value.is_object() || value.is_array()) {
                lines.push(format!("  {}", fill(&words.other_shape, &[("path", &label)])));
                told += 1;
                continue;
            }
            let values = [("path", label.as_str()), ("stated", &stated), ("present", &present)];
            lines.push(format!("  {}", fill(&words.figure, &values)));
            told += 1;
        }
    }
    if left > 0 {
        lines.push(fill(&words.more, &[("n", &left.to_string())]));
    }
    lines
}

/// A thing that the report tells and that is not there any more, or the other way round.
fn come_or_gone(figures: &[&Figure], text: &Text) -> Option<String> {
    let words = &text.report.verify;
    let key = match figures.first()?.subject.lists.last()?.as_str() {
        "findings" => "feature_id",
        "checks" => "theme",
        "not_applied" => "rule",
        "reaches" => "river",
        "districts" => "name",
        _ => "id",
    };
    let identity = figures.iter().find(|figure| figure.subject.field == key)?;
    match (&identity.stated, &identity.present) {
        (Value::Null, _) => Some(words.come.clone()),
        (_, Value::Null) => Some(words.gone.clone()),
        _ => None,
    }
}

/// Project, theme, list and thing.
fn heading(subject: &Subject, text: &Text) -> String {
    let words = &text.report.verify;
    let mut parts = Vec::new();
    if !subject.site.is_empty() {
        parts.push(subject.site.clone());
    }
    if let Some((zh, en)) = &subject.title {
        let is_zh = text.language == Language::Zh || en.is_empty();
        parts.push(if is_zh { zh.clone() } else { en.clone() });
    }
    // findings and rows of the matrix are named by their theme
    let list = subject.lists.last().and_then(|list| words.list.get(list));
    parts.extend(list.cloned());
    parts.extend(subject.names.iter().cloned());
    if parts.is_empty() { words.whole_report.clone() } else { parts.join(" · ") }
}

/// Whether a figure is worth a line of its own beside the others of its thing.
fn is_spoken(subject: &Subject, text: &Text) -> bool {
    let field = subject.field.as_str();
    let (first, last) = (field.split('.').next().unwrap_or(field), field.rsplit('.').next().unwrap_or(field));
    let is_other_language = match text.language {
        Language::Zh => last.ends_with("_en"),
        Language::En => matches!(last, "title" | "text" | "next_step" | "document"),
    };
    let is_reason = subject.lists.iter().any(|list| list == "certainty_reasons");
    let is_derived = DERIVED.contains(&first) || DERIVED.contains(&last) || is_reason;
    !is_other_language && !is_derived
}

/// The name of a figure.
fn label(field: &str, text: &Text) -> String {
    let known = &text.report.verify.field;
    let plain: String = field.to_owned();
    let mut rest = plain.as_str();
    loop {
        if let Some(name) = known.get(rest) {
            return name.clone();
        }
        match rest.split_once('.') {
            Some((_, shorter)) => rest = shorter,
            None => break,
        }
    }
    // what no list names keeps the key of the document, which `--format json` tells too
    field.to_owned()
}

/// A value with its unit, codes as words.
fn said(figure: &Figure, value: &Value, text: &Text) -> String {
    let words = &text.report.verify;
    let key = figure.subject.field.rsplit('.').next().unwrap_or_default();
    match value {
        Value::Null => words.absent.clone(),
        Value::Bool(true) => text.report.yes.clone(),
        Value::Bool(false) => text.report.no.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |number| amount(key, number, text)),
        Value::String(code) if code.is_empty() => words.absent.clone(),
        Value::String(code) => word_of(key, code, &figure.subject, text),
        Value::Array(_) | Value::Object(_) => words.shape.clone(),
    }
}

fn amount(key: &str, number: f64, text: &Text) -> String {
    let unit = |name: &str, said: String| {
        let form = text.report.verify.unit.get(name).map_or("{n}", String::as_str);
        fill(form, &[("n", &said)])
    };
    match key {
        _ if key.ends_with("_m2") => unit("m2", grouped(number, 2)),
        _ if key.ends_with("_share") || key == "share" => percent(number),
        _ if key.ends_with("_km") => unit("km", grouped(number, 2)),
        _ if key.ends_with("_deg") || key == "central_meridian" => format!("{number:.1}°"),
        _ if key.ends_with("_m") => unit("m", grouped(number, 2)),
        "land_use" if number < 1.5 => text.siting.land_first.clone(),
        "land_use" => text.siting.land_second.clone(),
        _ if number.fract() == 0.0 => grouped(number, 0),
        _ => number.to_string(),
    }
}

fn word_of(key: &str, code: &str, subject: &Subject, text: &Text) -> String {
    let codes = &text.panel.siting;
    let list = match key {
        "status" => Some(&codes.status),
        "reason" => Some(&codes.reason),
        "consequence" => Some(&codes.consequence),
        "relation" => Some(&codes.relation),
        "certainty" => Some(&codes.certainty),
        "certainty_grade" => Some(&text.certainty.grade),
        "verdict" | "verdict_with_overrides" => Some(&codes.grade),
        _ => None,
    };
    let known = list.and_then(|list| list.get(code)).cloned();
    let quality = || Quality::parse(code).filter(|_| key.ends_with("quality"));
    let theme = || Theme::parse(code).filter(|_| matches!(key, "theme" | "layer"));
    match known {
        Some(word) => word,
        None if quality().is_some() => {
            quality().map(|quality| text.common.quality(quality).to_owned()).unwrap_or_default()
        }
        None if theme().is_some() => theme().map(|theme| text.common.theme(theme).to_owned()).unwrap_or_default(),
        None if key == "class" && !subject.class_field.is_empty() => {
            text.common.value(&subject.class_field, code).to_owned()
        }
        None if key == "kind" => text.common.value("kind", code).to_owned(),
        None => code.to_owned(),
    }
}
