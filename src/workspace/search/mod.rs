//! Finds features by name, part of a name, pinyin, initials, code or district, and places by coordinates in any usual
//! notation. Built once an atlas; knows no window.

mod notation;
mod phonetic;

pub use notation::{Notation, Position, parse_position, write_position};
pub use phonetic::Sound;

use crate::atlas::{Atlas, FeatureKey, Governance, Theme};
use crate::text::{Language, Text};
use std::collections::HashMap;

/// Names and sounds of everything in an atlas.
#[derive(Debug, Default)]
pub struct SearchIndex {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    key: FeatureKey,
    theme: Theme,
    name: String,
    /// Id and code without hyphens, in small letters.
    codes: [String; 2],
    /// District, offices, other names: found, but below every name.
    beside: String,
    sound: Sound,
}

/// How well a word fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The whole name or code.
    Whole,
    /// The name begins with it.
    Begin,
    /// The initials or the pinyin of the whole name.
    WholeSound,
    /// The code begins or ends with it.
    Code,
    /// Somewhere in the name.
    Inside,
    /// The pinyin of the name begins with it.
    BeginSound,
    /// The pinyin of a part of the name.
    InsideSound,
    /// In the district or the offices.
    Beside,
}

impl SearchIndex {
    /// Reads all names of an atlas.
    pub fn of(atlas: &Atlas) -> Self {
        let offices = atlas.governance.as_deref().map(offices).unwrap_or_default();
        let mut entries = Vec::new();
        for layer in &atlas.layers {
            let themes = [Language::Zh, Language::En].map(|language| Text::of(language).common.theme(layer.theme));
            for (index, feature) in (0_u32..).zip(layer.features()) {
                let name = plain(feature.name());
                let mut beside = plain(&format!("{} {}", feature.text("district"), themes.join(" ")));
                for field in ["alias", "name_en", "kind", "start", "end"] {
                    beside.push(' ');
                    beside.push_str(&plain(feature.text(field)));
                }
                if let Some(posts) = offices.get(feature.id.as_str()) {
                    beside.push_str(posts);
                }
                entries.push(Entry {
                    key: FeatureKey { layer: layer.id, index },
                    theme: layer.theme,
                    sound: Sound::of(&name),
                    name,
                    codes: [code(&feature.id), code(feature.text("code"))],
                    beside,
                });
            }
        }
        Self { entries }
    }

    /// The features that fit every word of the query, best first.
    pub fn search(&self, query: &str, limit: usize) -> Vec<FeatureKey> {
        let query = plain(query);
        let words: Vec<Word> = query.split_whitespace().map(Word::new).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<_> = self
            .entries
            .iter()
            .filter_map(|entry| {
                let fits: Option<Vec<Fit>> = words.iter().map(|word| entry.fit(word)).collect();
                let fits = fits?;
                // A word that fits only beside the name narrows; some word must speak of the thing itself to lead.
                let best = fits.iter().min().copied()?;
                let worst = fits.iter().max().copied()?;
                Some(((best, worst, rank(entry.theme), entry.name.chars().count()), entry.key))
            })
            .collect();
        let order = |a: &(_, FeatureKey), b: &(_, FeatureKey)| Ord::cmp(a, b);
        if found.len() > limit && limit > 0 {
            found.select_nth_unstable_by(limit - 1, order);
            found.truncate(limit);
        }
        found.sort_unstable_by(order);
        found.truncate(limit);
        found.into_iter().map(|(_, key)| key).collect()
    }

    /// How many names it holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// How well a query fits a single name, for lists of commands and for filters.
pub fn fit(name: &str, query: &str) -> Option<Fit> {
    let name = plain(name);
    let (query, sound) = (plain(query), Sound::of(&name));
    query
        .split_whitespace()
        .map(|word| fit_name(&name, &sound, &Word::new(word)))
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
}

struct Word {
    text: String,
    code: String,
    /// Small letters of pinyin without signs, when it is written in letters.
    letters: Option<String>,
}

impl Word {
    fn new(text: &str) -> Self {
        let letters: String = text.chars().filter(|sign| *sign != '\'').collect();
        let spoken = !letters.is_empty() && letters.chars().all(|sign| sign.is_ascii_alphanumeric());
        Self { text: text.to_string(), code: code(text), letters: spoken.then_some(letters) }
    }
}

fn fit_name(name: &str, sound: &Sound, word: &Word) -> Option<Fit> {
    if name == word.text {
        return Some(Fit::Whole);
    }
    if name.starts_with(&word.text) {
        return Some(Fit::Begin);
    }
    let heard = word.letters.as_deref().and_then(|letters| sound.fit(letters));
    let written = name.contains(&word.text).then_some(Fit::Inside);
    match (heard, written) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

impl Entry {
    fn fit(&self, word: &Word) -> Option<Fit> {
        let coded = (!word.code.is_empty())
            .then(|| {
                let fits = self.codes.iter().filter_map(|own| {
                    if own.is_empty() {
                        None
                    } else if *own == word.code {
                        Some(Fit::Whole)
                    } else if word.code.len() >= 2 && (own.starts_with(&word.code) || own.ends_with(&word.code)) {
                        Some(Fit::Code)
                    } else {
                        None
                    }
                });
                fits.min()
            })
            .flatten();
        let named = fit_name(&self.name, &self.sound, word);
        let best = match (coded, named) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        best.or_else(|| self.beside.contains(&word.text).then_some(Fit::Beside))
    }
}

fn offices(governance: &Governance) -> HashMap<&str, String> {
    let posts = |record: &crate::atlas::WaterRecord| {
        record.chiefs.iter().fold(String::new(), |all, chief| format!("{all} {}", plain(&chief.post)))
    };
    governance.records.iter().map(|record| (record.waterbody.as_str(), posts(record))).collect()
}

/// What planners look for most comes first among equals.
fn rank(theme: Theme) -> u8 {
    match theme {
        Theme::Rivers => 0,
        Theme::Lakes | Theme::Yangtze => 1,
        Theme::BlackOdourWaters => 2,
        Theme::Districts => 3,
        Theme::RedlineZones => 4,
        Theme::WaterSources => 5,
        Theme::MonitoringSections => 6,
        Theme::Places => 7,
        Theme::ContaminatedPlots => 8,
        Theme::PatternAreas | Theme::Constraint => 9,
        Theme::TaihuZones | Theme::YangtzeZones | Theme::RiverManagementZones | Theme::StatutoryBelts => 9,
        Theme::Other | Theme::Farms | Theme::Outfalls => 10,
        Theme::LivestockZones => 11,
    }
}

/// Half-width and in small letters, as typed with any input method.
fn plain(text: &str) -> String {
    let narrow = text.chars().map(|sign| match sign {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0).unwrap_or(sign),
        '\u{3000}' => ' ',
        '’' | '‘' => '\'',
        other => other,
    });
    narrow.flat_map(char::to_lowercase).collect::<String>().trim().to_string()
}

/// Letters and digits only, so that `wx-r-001` and `WXR001` are one.
fn code(text: &str) -> String {
    if !text.is_ascii() {
        return String::new();
    }
    text.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::{Feature, Layer, LayerId, Manifest, Quality, Source, Value};
    use std::sync::Arc;

    fn feature(id: &str, name: &str, district: &str) -> Feature {
        let word = |key: &str, value: &str| (key.to_string(), Value::Text(value.into()));
        Feature {
            id: id.into(),
            shape: None,
            values: vec![word("name", name), word("district", district), word("code", id)],
        }
    }

    fn atlas() -> Atlas {
        let rivers = [
            ("WX-R-001", "京杭大运河", "无锡市"),
            ("WX-R-002", "望虞河", "锡山区、新吴区"),
            ("WX-R-003", "锡澄运河", "惠山区、江阴市"),
            ("WX-R-004", "梁溪河", "梁溪区、滨湖区"),
            ("WX-R-005", "直湖港", "惠山区、滨湖区"),
            ("WX-R-006", "伯渎港", "梁溪区、新吴区"),
            ("WX-R-007", "张家港", "江阴市"),
            ("WX-R-008", "走马塘", "锡山区"),
            ("WX-R-009", "锡北运河", "锡山区"),
            ("WX-R-010", "乌溪港", "宜兴市"),
            ("WX-R-011", "长广溪", "滨湖区"),
            ("WX-R-042", "示例河道 042", "宜兴市"),
            ("WX-R-142", "示例河道 142", "江阴市"),
        ];
        let lakes = [
            ("LAKE-01", "太湖", ""),
            ("LAKE-02", "滆湖", "宜兴市"),
            ("LAKE-03", "蠡湖", "滨湖区"),
            ("LAKE-05", "三氿", "宜兴市"),
        ];
        let districts =
            [("320282", "宜兴市", ""), ("320281", "江阴市", ""), ("320211", "滨湖区", ""), ("320213", "梁溪区", "")];
        let zones = [("WX-E-01", "惠山国家森林公园", "惠山区"), ("WX-E-02", "龙背山森林公园", "宜兴市")];
        let layer = |id, theme, rows: &[(&str, &str, &str)]| {
            let features = rows.iter().map(|(id, name, district)| feature(id, name, district)).collect();
            Arc::new(Layer::new(LayerId(id), theme, String::new(), Source::default(), features))
        };
        let manifest = Manifest {
            title: String::new(),
            title_en: String::new(),
            version: String::new(),
            as_of: jiff::civil::date(2026, 10, 31),
            city_area_km2: None,
            city_area_source: String::new(),
            layers: Vec::new(),
            governance: None,
        };
        let chief = crate::atlas::Chief {
            level: crate::atlas::ChiefLevel::County,
            role: crate::atlas::ChiefRole::Chief,
            post: "江阴市县级河长(示例)".into(),
            unit: String::new(),
            district: String::new(),
        };
        let record = crate::atlas::WaterRecord {
            waterbody: "WX-R-003".into(),
            chiefs: vec![chief],
            patrols: vec![],
            lists: Default::default(),
            problems: vec![],
            samples: vec![],
        };
        let governance = Governance {
            as_of: jiff::civil::date(2026, 10, 31),
            source: String::new(),
            licence: String::new(),
            quality: Quality::Schematic,
            records: vec![record],
        };
        Atlas {
            manifest,
            layers: vec![
                layer(0, Theme::Districts, &districts),
                layer(1, Theme::Lakes, &lakes),
                layer(2, Theme::RedlineZones, &zones),
                layer(3, Theme::Rivers, &rivers),
            ],
            governance: Some(Arc::new(governance)),
        }
    }

    #[test]
    fn the_first_result_is_the_one_meant() {
        let atlas = atlas();
        let index = SearchIndex::of(&atlas);
        for (query, expected) in [
            ("望虞河", "望虞河"),
            ("望虞", "望虞河"),
            ("虞河", "望虞河"),
            ("wyh", "望虞河"),
            ("WYH", "望虞河"),
            ("ｗｙｈ", "望虞河"),
            ("wangyu", "望虞河"),
            ("wangyuhe", "望虞河"),
            ("wang yu he", "望虞河"),
            ("wang'yu'he", "望虞河"),
            ("wangyh", "望虞河"),
            ("wyhe", "望虞河"),
            ("yuhe", "望虞河"),
            ("lxh", "梁溪河"),
            ("liangxih", "梁溪河"),
            ("liangxi", "梁溪河"),
            ("jhdyh", "京杭大运河"),
            ("yunhe", "锡澄运河"),
            ("xcyh", "锡澄运河"),
            ("xbyh", "锡北运河"),
            ("zhg", "直湖港"),
            ("zhihugang", "直湖港"),
            ("zhhg", "直湖港"),
            ("bdg", "伯渎港"),
            ("zjg", "张家港"),
            ("changguangxi", "长广溪"),
            ("zhangguangxi", "长广溪"),
            ("cgx", "长广溪"),
            ("th", "太湖"),
            ("taihu", "太湖"),
            ("gehu", "滆湖"),
            ("lihu", "蠡湖"),
            ("sanjiu", "三氿"),
            ("yixing", "宜兴市"),
            ("宜兴", "宜兴市"),
            ("320281", "江阴市"),
            ("WX-R-042", "示例河道 042"),
            ("wxr042", "示例河道 042"),
            ("042", "示例河道 042"),
            ("142", "示例河道 142"),
            ("示例 042", "示例河道 042"),
            ("slhd042", "示例河道 042"),
            ("lake-02", "滆湖"),
            ("森林公园 宜兴", "龙背山森林公园"),
            ("slgy 宜兴", "龙背山森林公园"),
            ("河道 江阴", "示例河道 142"),
            ("江阴市县级河长", "锡澄运河"),
            ("红线 惠山", "惠山国家森林公园"),
        ] {
            let found = index.search(query, 8);
            let name = found.first().and_then(|key| atlas.feature(*key)).map_or("nothing", Feature::name);
            assert_eq!(name, expected, "for {query}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let index = SearchIndex::of(&atlas());
        for query in ["", "   ", "长江大桥", "qqq", "wyhx", "🐟", "%", "望虞河 江阴"] {
            assert!(index.search(query, 8).is_empty(), "{query}");
        }
    }

    #[test]
    fn among_a_hundred_thousand_names_one_is_found() {
        let rows: Vec<_> =
            (0..100_000).map(|n| feature(&format!("P-{n}"), &format!("江阴示例地块{n}号"), "江阴市")).collect();
        let mut atlas = atlas();
        atlas.layers.push(Arc::new(Layer::new(LayerId(9), Theme::Other, String::new(), Source::default(), rows)));
        let index = SearchIndex::of(&atlas);
        assert_eq!(index.search("wyh", 20).len(), 1);
        assert_eq!(index.search("jysldk99999", 20).len(), 1);
    }

    #[test]
    fn a_command_is_found_by_its_sound() {
        assert_eq!(fit("选址核查", "xzhc"), Some(Fit::WholeSound));
        assert_eq!(fit("Siting check", "siting"), Some(Fit::Begin));
        assert_eq!(fit("选址核查", "出图"), None);
    }
}
