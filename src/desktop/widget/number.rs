//! Numbers as planners read them: grouped by thousands, areas in m², hectares and mu.

use crate::geometry::Area;
use crate::text::{PanelText, fill};

/// Groups the digits before the point by thousands.
pub fn grouped(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "—".into();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, rest) = plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut written = String::with_capacity(plain.len() + plain.len() / 3 + 2);
    let is_zero = plain.bytes().all(|digit| matches!(digit, b'0' | b'.'));
    if value < 0.0 && !is_zero {
        written.push('−');
    }
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    if let Some(rest) = rest {
        written.push('.');
        written.push_str(rest);
    }
    written
}

/// Reads a number as people type it: wide digits, thousands, a unit behind it.
pub fn read(words: &str) -> Option<f64> {
    let narrow = words.trim().chars().filter_map(|sign| match sign {
        '０'..='９' | '．' | '－' | '＋' => char::from_u32(u32::from(sign) - 0xfee0),
        ',' | '，' | ' ' => None,
        '−' => Some('-'),
        '。' => Some('.'),
        other => Some(other),
    });
    let narrow: String = narrow.collect();
    let narrow = narrow.trim_end_matches(['米', 'm', '°', '度', '²', '倍', '亩']);
    let is_plain = narrow.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, '.' | '-' | '+'));
    narrow.parse::<f64>().ok().filter(|value| is_plain && value.is_finite())
}

/// As many decimals as say something: none for 12, one for 0.5, at most `most`.
pub fn trimmed(value: f64, most: usize) -> String {
    let written = grouped(value, most);
    if written.contains('.') { written.trim_end_matches('0').trim_end_matches('.').to_string() } else { written }
}

/// Square metres, hectares and mu.
pub fn area(area: Area, text: &PanelText) -> String {
    let values =
        [("m2", grouped(area.square_metres(), 2)), ("ha", grouped(area.hectares(), 4)), ("mu", grouped(area.mu(), 2))];
    let values: Vec<_> = values.iter().map(|(key, value)| (*key, value.as_str())).collect();
    fill(&text.number.area, &values)
}

/// Square kilometres from ten on, else as [`area`].
pub fn large_area(value: Area, text: &PanelText) -> String {
    if value.square_kilometres() < 10.0 {
        return area(value, text);
    }
    let (km2, mu) = (grouped(value.square_kilometres(), 2), grouped(value.mu(), 0));
    fill(&text.number.large_area, &[("km2", &km2), ("mu", &mu)])
}

/// Metres below a kilometre, kilometres from there on.
pub fn distance(metres: f64, text: &PanelText) -> String {
    if metres < 1_000.0 {
        fill(&text.number.metres, &[("n", &trimmed(metres, 1))])
    } else {
        fill(&text.number.kilometres, &[("n", &trimmed(metres / 1_000.0, 2))])
    }
}

/// A scale as 1:N with three digits that matter: more would only flicker while zooming.
pub fn scale(denominator: f64) -> String {
    let step = if denominator.is_finite() && denominator >= 1_000.0 {
        10_f64.powf(denominator.log10().floor() - 2.0)
    } else {
        1.0
    };
    format!("1:{}", grouped((denominator / step).round() * step, 0))
}

/// A share as a percentage.
pub fn share(value: f64) -> String {
    format!("{}%", grouped(value * 100.0, 2))
}

/// The numeral of a water class 1…5.
pub fn numeral(class: u8) -> &'static str {
    match class {
        1 => "Ⅰ",
        2 => "Ⅱ",
        3 => "Ⅲ",
        4 => "Ⅳ",
        5 => "Ⅴ",
        _ => "—",
    }
}

/// A water class as a word: Ⅲ类, 劣Ⅴ类, 无数据.
pub fn class_word(class: Option<u8>, text: &PanelText) -> String {
    match class {
        Some(class @ 1..=5) => fill(&text.number.class, &[("n", numeral(class))]),
        Some(_) => text.number.class_worse.clone(),
        None => text.number.class_unknown.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_by_thousands() {
        for (value, decimals, expected) in [
            (0.0, 0, "0"),
            (999.0, 0, "999"),
            (1_000.0, 0, "1,000"),
            (999_979.286, 2, "999,979.29"),
            (-1_234_567.0, 1, "−1,234,567.0"),
            (-0.001, 2, "0.00"),
            (f64::NAN, 2, "—"),
        ] {
            assert_eq!(grouped(value, decimals), expected);
        }
        for (typed, expected) in [
            ("120", Some(120.0)),
            (" 1,200.5 ", Some(1_200.5)),
            ("１２．５米", Some(12.5)),
            ("−3°", Some(-3.0)),
            ("", None),
            ("abc", None),
            ("1e9", None),
            ("inf", None),
            ("1.2.3", None),
        ] {
            assert_eq!(read(typed), expected, "{typed}");
        }
        assert_eq!(scale(123_456.0), "1:123,000");
        assert_eq!(scale(997.4), "1:997");
        assert_eq!(trimmed(12.0, 3), "12");
        assert_eq!(trimmed(0.50, 3), "0.5");
        assert_eq!(trimmed(1_200.0, 0), "1,200");
    }
}
