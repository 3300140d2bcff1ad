//! Class of surface water: GB 3838-2002 table 1 by the single-factor method of 环办〔2011〕22号.
//!
//! The class is that of the worst item; a value equal to a limit meets it; what was not measured gives no class.

use serde::{Deserialize, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// River limits or those of lakes and reservoirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BodyKind {
    /// Running water.
    #[default]
    River,
    /// Lake or reservoir: stricter phosphorus, nitrogen reported beside.
    Lake,
}

/// Class of water, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaterClass {
    /// Ⅰ类
    First,
    /// Ⅱ类
    Second,
    /// Ⅲ类
    Third,
    /// Ⅳ类
    Fourth,
    /// Ⅴ类
    Fifth,
    /// 劣Ⅴ类
    WorseThanFifth,
}

impl WaterClass {
    /// All, best first.
    pub const ALL: [WaterClass; 6] = [
        WaterClass::First,
        WaterClass::Second,
        WaterClass::Third,
        WaterClass::Fourth,
        WaterClass::Fifth,
        WaterClass::WorseThanFifth,
    ];

    /// 1 for Ⅰ to 6 for worse than Ⅴ, as the atlas stores target classes.
    pub fn number(self) -> u8 {
        match self {
            WaterClass::First => 1,
            WaterClass::Second => 2,
            WaterClass::Third => 3,
            WaterClass::Fourth => 4,
            WaterClass::Fifth => 5,
            WaterClass::WorseThanFifth => 6,
        }
    }

    /// The class of a number from 1 to 6.
    pub fn from_number(number: i64) -> Option<Self> {
        WaterClass::ALL.into_iter().find(|class| i64::from(class.number()) == number)
    }

    /// The word of machine-readable output: `I` … `V`, `worse than V`.
    pub fn code(self) -> &'static str {
        match self {
            WaterClass::First => "I",
            WaterClass::Second => "II",
            WaterClass::Third => "III",
            WaterClass::Fourth => "IV",
            WaterClass::Fifth => "V",
            WaterClass::WorseThanFifth => "worse than V",
        }
    }

    /// The numeral to print beside the colour, without 类: Ⅰ … Ⅴ, 劣Ⅴ.
    pub fn numeral(self) -> &'static str {
        match self {
            WaterClass::First => "Ⅰ",
            WaterClass::Second => "Ⅱ",
            WaterClass::Third => "Ⅲ",
            WaterClass::Fourth => "Ⅳ",
            WaterClass::Fifth => "Ⅴ",
            WaterClass::WorseThanFifth => "劣Ⅴ",
        }
    }
}

impl Serialize for WaterClass {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// One item of the standard.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its code, such as `NH3N`.
    pub code: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Unit of its values.
    pub unit: String,
    #[serde(default)]
    direction: Direction,
    #[serde(default)]
    limits: Option<[f64; 5]>,
    #[serde(default)]
    lake: Option<[f64; 5]>,
    #[serde(default)]
    range: Option<[f64; 2]>,
    /// Whether it is one of the 21 items that decide the class.
    pub counts: bool,
    /// Cyanide or a heavy metal, first among the main pollutants.
    #[serde(default)]
    pub heavy: bool,
    /// How sure the limits are.
    pub confidence: String,
    /// Other names in tables.
    #[serde(default)]
    pub aliases: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Direction {
    #[default]
    AtMost,
    AtLeast,
    Range,
}

impl Indicator {
    /// The limit of a class; none for ranges and items without limits.
    pub fn limit(&self, class: WaterClass, body: BodyKind) -> Option<f64> {
        let limits = match body {
            BodyKind::Lake => self.lake.or(self.limits),
            BodyKind::River => self.limits,
        };
        limits?.get(usize::from(class.number()) - 1).copied()
    }

    /// The best class whose limit the value meets.
    pub fn class(&self, value: f64, body: BodyKind) -> Option<WaterClass> {
        if let Some([low, high]) = self.range {
            // one range for all classes: outside it no class is met
            let is_met = (low..=high).contains(&value);
            return Some(if is_met { WaterClass::First } else { WaterClass::WorseThanFifth });
        }
        self.limit(WaterClass::First, body)?;
        let meets = |class: &WaterClass| {
            self.limit(*class, body).is_some_and(|limit| match self.direction {
                Direction::AtLeast => value >= limit,
                _ => value <= limit,
            })
        };
        Some(WaterClass::ALL.into_iter().find(meets).unwrap_or(WaterClass::WorseThanFifth))
    }

    /// How many times the limit is exceeded, C/S − 1; none within it, and none for pH and dissolved oxygen (22号).
    pub fn times_over(&self, value: f64, limit: f64) -> Option<f64> {
        let is_over = self.direction == Direction::AtMost && value > limit && limit > 0.0;
        is_over.then(|| round(value / limit - 1.0, 4))
    }
}

/// Rounds to decimals, so that 1.8 / 1.0 − 1 reads 0.8.
fn round(value: f64, decimals: i32) -> f64 {
    let unit = 10_f64.powi(decimals);
    (value * unit).round() / unit
}

/// A standard as read from its table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Its number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// The table used.
    pub clause: String,
    /// The method by which its classes are found.
    pub method: String,
    /// In force from this day.
    pub effective_from: String,
    /// Its items in the order of the table.
    #[serde(rename = "indicator")]
    pub indicators: Vec<Indicator>,
}

impl Standard {
    /// GB 3838-2002 table 1.
    pub fn gb3838() -> &'static Standard {
        static STANDARD: LazyLock<Standard> =
            LazyLock::new(|| super::bundled("gb3838.toml", include_str!("../../assets/standard/gb3838.toml")));
        &STANDARD
    }

    /// An item by its code.
    pub fn indicator(&self, code: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.code == code)
    }

    /// An item by any of its names, Chinese or English, whatever the case and with or without its unit.
    pub fn find(&self, name: &str) -> Option<&Indicator> {
        let plain = plain(name);
        let is_named = |indicator: &&Indicator| {
            let names = [&indicator.code, &indicator.zh, &indicator.en];
            names.into_iter().chain(&indicator.aliases).any(|known| self::plain(known) == plain)
        };
        self.indicators.iter().find(is_named)
    }

    /// How many items decide the class: 21.
    pub fn counted(&self) -> usize {
        self.indicators.iter().filter(|indicator| indicator.counts).count()
    }
}

/// A name without case, blanks, full-width forms, joining marks and a unit in brackets.
fn plain(name: &str) -> String {
    let narrow = |letter: char| match letter {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '₃' => '3',
        '₄' => '4',
        '₅' => '5',
        other => other,
    };
    let narrowed: String = name.trim().chars().map(narrow).collect();
    let units = ["mg/l", "(mg/l)", "(毫克/升)", "(无量纲)", "(个/l)", "(℃)", "_mg_l", "mgl"];
    let lower = narrowed.to_lowercase();
    let bare = units.iter().rev().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower);
    bare.chars().filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '_' | '－' | '·')).collect()
}

/// An item with its class.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Graded {
    /// Code of the item.
    pub indicator: String,
    /// Measured value.
    pub value: f64,
    /// Its class by itself.
    pub class: WaterClass,
    /// The limit it is held against; none for pH.
    pub limit: Option<f64>,
    /// How many times that limit is exceeded; none within it and for pH and dissolved oxygen.
    pub times_over: Option<f64>,
}

/// Why there is no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoClass {
    /// Nothing was measured.
    NoValues,
    /// None of what was measured is an item of the standard.
    NoKnownIndicator,
}

/// The class of a water and what decides it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Assessment {
    /// The class; absent when nothing was measured.
    pub class: Option<WaterClass>,
    /// Why it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<NoClass>,
    /// The items of the worst class, in the order of the table.
    pub deciding: Vec<Graded>,
    /// At most three items worse than Ⅲ: cyanide and heavy metals, then by class, then by multiple (22号 二(一)3).
    pub main_pollutants: Vec<Graded>,
    /// How many of the 21 items were measured.
    pub measured: usize,
    /// How many items decide a class: 21.
    pub of: usize,
    /// Total nitrogen of a lake, reported beside the class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nitrogen: Option<Graded>,
    /// Values left out: not an item of the standard, negative, or no number.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
}

/// Finds the class of values (code → value). Each item is also held against the limit of a class: the target of the
/// water, or Ⅲ where there is none.
pub fn assess(values: &BTreeMap<String, f64>, body: BodyKind, against: WaterClass) -> Assessment {
    let standard = Standard::gb3838();
    let (mut graded, mut ignored, mut nitrogen) = (Vec::new(), Vec::new(), None);
    for indicator in &standard.indicators {
        let Some(value) = values.get(&indicator.code).copied() else { continue };
        let Some(item) = grade(indicator, value, body, against) else {
            if indicator.counts {
                ignored.push(indicator.code.clone());
            }
            continue;
        };
        if indicator.counts {
            graded.push(item);
        } else if indicator.code == "TN" && body == BodyKind::Lake {
            nitrogen = Some(item);
        }
    }
    ignored.extend(values.keys().filter(|code| standard.indicator(code).is_none()).cloned());
    let class = graded.iter().map(|item| item.class).max();
    let reason = match class {
        Some(_) => None,
        None if values.is_empty() => Some(NoClass::NoValues),
        None => Some(NoClass::NoKnownIndicator),
    };
    Assessment {
        class,
        reason,
        deciding: graded.iter().filter(|item| Some(item.class) == class).cloned().collect(),
        main_pollutants: main_pollutants(standard, &graded, body),
        measured: graded.len(),
        of: standard.counted(),
        nitrogen,
        ignored,
    }
}

fn grade(indicator: &Indicator, value: f64, body: BodyKind, against: WaterClass) -> Option<Graded> {
    if !value.is_finite() || value < 0.0 {
        return None;
    }
    // there is no limit worse than Ⅴ
    let limit = indicator.limit(against.min(WaterClass::Fifth), body);
    Some(Graded {
        indicator: indicator.code.clone(),
        value,
        class: indicator.class(value, body)?,
        limit,
        times_over: limit.and_then(|limit| indicator.times_over(value, limit)),
    })
}

/// Main pollutants are told against Ⅲ, whatever the target.
fn main_pollutants(standard: &Standard, graded: &[Graded], body: BodyKind) -> Vec<Graded> {
    let worse = graded.iter().filter(|item| item.class > WaterClass::Third);
    let mut ranked: Vec<(bool, Graded)> = worse
        .filter_map(|item| {
            let indicator = standard.indicator(&item.indicator)?;
            Some((indicator.heavy, grade(indicator, item.value, body, WaterClass::Third)?))
        })
        .collect();
    ranked.sort_by(|(a_heavy, a), (b_heavy, b)| {
        let times = |item: &Graded| item.times_over.unwrap_or(0.0);
        b_heavy.cmp(a_heavy).then(b.class.cmp(&a.class)).then(times(b).total_cmp(&times(a)))
    });
    ranked.into_iter().take(3).map(|(_, item)| item).collect()
}

/// Mean of each indicator over samples, over those that have it.
pub fn mean<'a>(samples: impl IntoIterator<Item = &'a BTreeMap<String, f64>>) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::<String, (f64, f64)>::new();
    for (code, value) in samples.into_iter().flatten() {
        if value.is_finite() {
            let (sum, count) = sums.entry(code.clone()).or_default();
            *sum += value;
            *count += 1.0;
        }
    }
    sums.into_iter().map(|(code, (sum, count))| (code, sum / count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, f64)]) -> BTreeMap<String, f64> {
        pairs.iter().map(|(code, value)| ((*code).to_owned(), *value)).collect()
    }

    fn class(pairs: &[(&str, f64)], body: BodyKind) -> &'static str {
        assess(&values(pairs), body, WaterClass::Third).class.map_or("none", WaterClass::code)
    }

    const THIRD: [(&str, f64); 4] = [("DO", 5.0), ("CODMn", 6.0), ("TP", 0.2), ("BOD5", 4.0)];

    /// The acceptance list of the domain page.
    #[test]
    fn the_worst_item_decides() {
        for (item, value, expected) in [
            ("NH3N", 1.8, "V"),
            ("NH3N", 2.0, "V"),
            ("NH3N", 2.01, "worse than V"),
            ("DO", 1.9, "worse than V"),
            ("NH3N", 1.0, "III"),
            ("pH", 5.9, "worse than V"),
            ("pH", 6.0, "III"),
            ("pH", 9.0, "III"),
            ("pH", 9.01, "worse than V"),
        ] {
            let mut all = THIRD.to_vec();
            all.retain(|(code, _)| *code != item);
            all.push((item, value));
            assert_eq!(class(&all, BodyKind::River), expected, "{item} {value}");
        }
    }

    #[test]
    fn ammonia_of_1_8_is_0_8_times_over() {
        let mut all = values(&THIRD);
        all.insert("NH3N".into(), 1.8);
        let found = assess(&all, BodyKind::River, WaterClass::Third);
        let [item] = found.deciding.as_slice() else { panic!("{found:?}") };
        assert_eq!((item.indicator.as_str(), item.limit, item.times_over), ("NH3N", Some(1.0), Some(0.8)));
        assert_eq!(found.main_pollutants.len(), 1);
        assert_eq!((found.measured, found.of), (5, 21));
    }

    #[test]
    fn a_lake_is_held_to_stricter_phosphorus() {
        assert_eq!(class(&[("TP", 0.06)], BodyKind::River), "II");
        assert_eq!(class(&[("TP", 0.06)], BodyKind::Lake), "IV");
        let lake = assess(&values(&[("TP", 0.01), ("TN", 1.6)]), BodyKind::Lake, WaterClass::Third);
        assert_eq!(lake.class, Some(WaterClass::First));
        assert_eq!(lake.nitrogen.unwrap().class, WaterClass::Fifth);
    }

    /// Each limit of the table, exactly met and just missed: 22 items by five classes.
    #[test]
    fn a_value_equal_to_a_limit_meets_it() {
        for indicator in &Standard::gb3838().indicators {
            for class in WaterClass::ALL {
                let Some(limit) = indicator.limit(class, BodyKind::River) else { continue };
                assert!(indicator.class(limit, BodyKind::River).unwrap() <= class, "{}", indicator.code);
                let missed = if indicator.code == "DO" { limit * 0.999 } else { limit * 1.001 };
                assert!(indicator.class(missed, BodyKind::River).unwrap() > class, "{}", indicator.code);
            }
        }
    }

    #[test]
    fn nothing_measured_gives_no_class() {
        for (pairs, reason) in [
            (vec![], NoClass::NoValues),
            (vec![("colour", 3.0)], NoClass::NoKnownIndicator),
            (vec![("NH3N", f64::NAN)], NoClass::NoKnownIndicator),
            (vec![("NH3N", -1.0)], NoClass::NoKnownIndicator),
            (vec![("TN", 0.1)], NoClass::NoKnownIndicator),
        ] {
            let found = assess(&values(&pairs), BodyKind::River, WaterClass::Third);
            assert_eq!((found.class, found.reason), (None, Some(reason)), "{pairs:?}");
        }
    }

    #[test]
    fn main_pollutants_are_three_and_heavy_metals_first() {
        let found = assess(
            &values(&[("NH3N", 3.0), ("TP", 0.5), ("CODMn", 12.0), ("COD", 25.0), ("Hg", 0.0005), ("DO", 4.0)]),
            BodyKind::River,
            WaterClass::Third,
        );
        let named: Vec<&str> = found.main_pollutants.iter().map(|item| item.indicator.as_str()).collect();
        assert_eq!(named, ["Hg", "NH3N", "TP"]);
        assert_eq!(found.main_pollutants[1].times_over, Some(2.0));
    }

    #[test]
    fn items_are_found_by_their_usual_names() {
        for (name, code) in [
            ("氨氮", "NH3N"),
            ("NH3-N", "NH3N"),
            ("NH₃-N（mg/L）", "NH3N"),
            ("高锰酸盐指数(mg/L)", "CODMn"),
            ("codmn", "CODMn"),
            ("ＰＨ", "pH"),
            ("总磷", "TP"),
            ("BOD5", "BOD5"),
            ("溶解氧 mg/L", "DO"),
            ("铬(六价)", "Cr6"),
        ] {
            assert_eq!(Standard::gb3838().find(name).map(|found| found.code.as_str()), Some(code), "{name}");
        }
        assert!(Standard::gb3838().find("流量").is_none());
    }

    #[test]
    fn the_standard_has_twenty_four_items_of_which_twenty_one_count() {
        assert_eq!((Standard::gb3838().indicators.len(), Standard::gb3838().counted()), (24, 21));
    }
}
