//! An office's own names for fields and codes, matched to those of the atlas by assets/standard/fields.toml.

use crate::atlas::{Feature, Theme, Value};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    field: Vec<Known>,
}

/// A key of the atlas with the names and words that stand for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    key: String,
    #[serde(default)]
    themes: Vec<Theme>,
    names: Vec<String>,
    #[serde(default)]
    values: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    numbers: BTreeMap<String, Vec<String>>,
}

/// Part of the program: a broken table is caught by the tests below.
#[allow(clippy::panic)]
fn known() -> &'static [Known] {
    static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
        let text = include_str!("../../assets/standard/fields.toml");
        toml::from_str(text).unwrap_or_else(|error| panic!("assets/standard/fields.toml: {error}"))
    });
    &FIELDS.field
}

/// Fills the keys of a theme that features lack from fields of the usual names, and translates the words in them.
/// What the features carry stays as it is. Returns the matches made: key and the name it was taken from.
pub fn adopt(features: &mut [Feature], theme: Theme) -> Vec<(String, String)> {
    let mut matches = Vec::new();
    let own: Vec<&Known> =
        known().iter().filter(|known| known.themes.is_empty() || known.themes.contains(&theme)).collect();
    for feature in features {
        for known in &own {
            let present = feature.value(&known.key);
            if !present.is_null() {
                // the right name, perhaps with the office's word in it
                let translated = known.translate(present);
                if translated != *present
                    && let Some((_, value)) = feature.values.iter_mut().find(|(name, _)| *name == known.key)
                {
                    *value = translated;
                }
                continue;
            }
            // a name that several keys may have is that of the key that knows its word
            let told = known.names.iter().filter(|name| !feature.value(name).is_null());
            let found = told.clone().find(|name| known.knows(feature.value(name)));
            let is_free = |name: &&String| !is_word_of_another(&own, known, name, feature.value(name));
            let Some(name) = found.or_else(|| told.clone().find(is_free)) else { continue };
            let value = known.translate(feature.value(name));
            feature.values.retain(|(own, _)| *own != known.key);
            feature.values.push((known.key.clone(), value));
            let made = (known.key.clone(), name.clone());
            if !matches.contains(&made) {
                matches.push(made);
            }
        }
    }
    matches
}

/// The keys of a theme, each with the field that would fill it.
pub fn matches(fields: &[String], theme: Theme) -> Vec<(String, Option<String>)> {
    let own = known().iter().filter(|known| known.themes.is_empty() || known.themes.contains(&theme));
    own.map(|known| {
        let found = std::iter::once(&known.key).chain(&known.names).find(|name| fields.contains(name));
        (known.key.clone(), found.cloned())
    })
    .collect()
}

/// Fills the keys of a theme from the fields that the person chose, and translates the words in them.
pub fn assign(features: &mut [Feature], theme: Theme, chosen: &[(String, Option<String>)]) {
    let all: Vec<&Known> =
        known().iter().filter(|known| known.themes.is_empty() || known.themes.contains(&theme)).collect();
    let own: Vec<(&Known, &String)> = chosen
        .iter()
        .filter_map(|(key, field)| {
            let mut own = known().iter().filter(|known| known.themes.is_empty() || known.themes.contains(&theme));
            Some((own.find(|known| known.key == *key)?, field.as_ref()?))
        })
        .collect();
    for feature in features {
        let value = |known: &Known, field: &String| {
            let given = feature.value(field);
            if is_word_of_another(&all, known, field, given) { Value::Null } else { known.translate(given) }
        };
        let values: Vec<(String, Value)> =
            own.iter().map(|(known, field)| (known.key.clone(), value(known, field))).collect();
        for (key, value) in values {
            match feature.values.iter_mut().find(|(name, _)| *name == key) {
                Some((_, place)) => *place = value,
                None => feature.values.push((key, value)),
            }
        }
    }
}

/// Whether the word in a field is none of a key's, but of another key to which the field's name leads as well.
fn is_word_of_another(all: &[&Known], known: &Known, field: &str, value: &Value) -> bool {
    let is_another = |other: &&&Known| other.key != known.key && other.names.iter().any(|name| name == field);
    !known.knows(value) && all.iter().filter(is_another).any(|other| other.knows(value))
}

impl Known {
    /// Whether a value is one of its words, its codes or its numbers.
    fn knows(&self, value: &Value) -> bool {
        let code = value.to_string();
        let is_code = self.values.contains_key(&code) || self.numbers.contains_key(&code);
        is_code || self.translate(value) != *value
    }

    /// The code or number for an office's word; any other value as it is.
    fn translate(&self, value: &Value) -> Value {
        let Some(word) = value.as_text().map(str::trim) else { return value.clone() };
        let of = |words: &BTreeMap<String, Vec<String>>| {
            words.iter().find(|(_, words)| words.iter().any(|known| known == word)).map(|(code, _)| code.clone())
        };
        if let Some(code) = of(&self.values) {
            return Value::Text(code);
        }
        let number = of(&self.numbers).or_else(|| self.numbers.contains_key(word).then(|| word.to_owned()));
        number.and_then(|number| number.parse().ok()).map_or_else(|| value.clone(), Value::Integer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(values: &[(&str, &str)]) -> Feature {
        Feature {
            id: "1".into(),
            shape: None,
            values: values.iter().map(|(name, word)| ((*name).to_owned(), Value::Text((*word).to_owned()))).collect(),
        }
    }

    #[test]
    fn chinese_fields_and_words_become_keys_and_codes() {
        for (theme, field, word, key, expected) in [
            (Theme::RedlineZones, "管控级别", "国家级生态保护红线", "tier", Value::Text("national".into())),
            (Theme::LivestockZones, "分区类型", "禁养区", "class", Value::Text("ban".into())),
            (Theme::ContaminatedPlots, "地块状态", "列入名录", "status", Value::Text("listed".into())),
            (Theme::ContaminatedPlots, "用地类别", "第一类用地", "planned_use", Value::Integer(1)),
            (Theme::Rivers, "水质目标", "Ⅲ类", "target_class", Value::Integer(3)),
            (Theme::Rivers, "target_class", "3", "target_class", Value::Integer(3)),
            (Theme::WaterSources, "级别", "一级保护区", "level", Value::Text("primary".into())),
            (Theme::Constraint, "名称", "示例", "name", Value::Text("示例".into())),
            (Theme::RedlineZones, "tier", "生态空间管控区域", "tier", Value::Text("control".into())),
            (Theme::RedlineZones, "管控级别", "一级管控区", "grade_2013", Value::Integer(1)),
            (Theme::RedlineZones, "管控级别", "一级管控区", "tier", Value::Null),
            (Theme::RedlineZones, "级别", "II级", "grade_2013", Value::Integer(2)),
            (Theme::RedlineZones, "级别", "1", "grade_2013", Value::Integer(1)),
            (Theme::RedlineZones, "级别", "国家级", "grade_2013", Value::Null),
        ] {
            let mut features = [feature(&[(field, word)])];
            adopt(&mut features, theme);
            assert_eq!(features[0].value(key), &expected, "{field} {word}");
        }
    }

    #[test]
    fn the_person_may_choose_another_field() {
        let fields: Vec<String> = ["MC", "级别", "备用级别"].map(str::to_owned).into();
        let found = matches(&fields, Theme::WaterSources);
        assert!(
            found.contains(&("name".into(), Some("MC".into())))
                && found.contains(&("level".into(), Some("级别".into())))
        );
        let mut features = [feature(&[("MC", "甲"), ("级别", "特级"), ("备用级别", "二级保护区")])];
        assign(&mut features, Theme::WaterSources, &[("level".into(), Some("备用级别".into())), ("name".into(), None)]);
        assert_eq!((features[0].text("level"), features[0].text("name")), ("secondary", ""));
    }

    #[test]
    fn what_is_there_stays() {
        let mut features = [feature(&[("name", "甲"), ("名称", "乙"), ("级别", "特级")])];
        let matches = adopt(&mut features, Theme::WaterSources);
        assert_eq!((features[0].text("name"), features[0].text("名称")), ("甲", "乙"));
        assert_eq!(features[0].text("level"), "特级");
        assert_eq!(matches, [("level".to_owned(), "级别".to_owned())]);
        assert!(adopt(&mut [feature(&[("级别", "一级")])], Theme::Farms).is_empty());
    }
}
