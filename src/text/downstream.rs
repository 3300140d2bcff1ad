//! Sentences of what lies downstream of a site.

use super::siting::grouped;
use super::{Text, fill};
use crate::atlas::{Atlas, Quality, Theme};
use crate::siting::Downstream;
use crate::waters::{End, Passing, SourceRelation, SourceSeen, WaterClass};
use serde::Deserialize;

/// Sentences of what lies downstream of a site.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DownstreamText {
    pub title: String,
    pub receives: String,
    pub receives_here: String,
    pub chief: String,
    pub chief_named: String,
    pub no_chief: String,
    pub class: String,
    pub no_class: String,
    pub no_target: String,
    pub meets: String,
    pub below: String,
    pub problems: String,
    pub discharges_below: String,
    pub within: String,
    pub in_lake: String,
    pub both_ways: String,
    pub section: String,
    pub section_straight: String,
    pub source_zone: String,
    pub source_beyond: String,
    pub source_straight: String,
    pub nothing: String,
    pub mouth: String,
    pub none: String,
    pub data: String,
    pub km_choice: String,
    pub choose: String,
    pub km_range: String,
}

fn metres(metres: f64) -> String {
    grouped(metres, 0)
}

/// The name of a class; a word for none.
fn class(class: Option<WaterClass>, text: &Text) -> String {
    match class {
        None => text.downstream.no_target.clone(),
        Some(WaterClass::WorseThanFifth) => fill(&text.waters.class_beyond, &[("numeral", "劣Ⅴ")]),
        Some(class) => fill(&text.waters.class, &[("numeral", class.numeral())]),
    }
}

/// The water that receives: name and distance, chief, class, problems.
pub fn water_sentences(answer: &Downstream, text: &Text) -> Vec<String> {
    let words = &text.downstream;
    let distance = metres(answer.distance_m);
    let receives = if answer.distance_m > 0.0 { &words.receives } else { &words.receives_here };
    let mut lines = vec![fill(receives, &[("water", &answer.water.name), ("m", &distance)])];
    if answer.water.theme == Theme::Rivers {
        lines.push(match &answer.chief {
            Some(chief) if chief.unit.is_empty() => fill(&words.chief_named, &[("post", &chief.post)]),
            Some(chief) => {
                let post = fill(&words.chief, &[("post", &chief.post), ("unit", &chief.unit)]);
                fill(&words.chief_named, &[("post", &post)])
            }
            None => words.no_chief.clone(),
        });
        let target = class(answer.class_target, text);
        lines.push(match (&answer.month, answer.class_now) {
            (Some(month), Some(_)) => {
                let meets = match answer.below_target {
                    Some(true) => words.below.as_str(),
                    Some(false) => &words.meets,
                    None => "",
                };
                let now = class(answer.class_now, text);
                fill(&words.class, &[("month", month), ("now", &now), ("target", &target), ("meets", meets)])
            }
            _ => fill(&words.no_class, &[("target", &target)]),
        });
        if answer.open_problems > 0 {
            lines.push(fill(&words.problems, &[("n", &answer.open_problems.to_string())]));
        }
    }
    lines
}

/// The hint that a discharge would go into a water that is worse than due.
pub fn discharge_sentence(answer: &Downstream, text: &Text) -> Option<String> {
    let (now, target) = (class(answer.class_now, text), class(answer.class_target, text));
    let values = [("water", answer.water.name.as_str()), ("now", &now), ("target", &target)];
    answer.discharges_below_target.then(|| fill(&text.downstream.discharges_below, &values))
}

/// How far was looked and what was reached.
pub fn reach_sentences(answer: &Downstream, text: &Text) -> Vec<String> {
    let words = &text.downstream;
    let km = grouped(answer.within_km, usize::from(answer.within_km.fract() > 0.0));
    let length = grouped(answer.length_m / 1000.0, 1);
    let (within, count) = match answer.water.theme {
        Theme::Rivers => (&words.within, answer.reaches.len().to_string()),
        _ => (&words.in_lake, String::new()),
    };
    let values = [("km", km.as_str()), ("n", &count), ("length", &length), ("water", &answer.water.name)];
    let mut lines = vec![fill(within, &values)];
    if !answer.direction_known {
        lines.push(words.both_ways.clone());
    }
    lines
}

/// A section on the way.
pub fn section_sentence(answer: &Downstream, section: &Passing, text: &Text) -> String {
    let words = &text.downstream;
    let form = if answer.water.theme == Theme::Rivers { &words.section } else { &words.section_straight };
    let level = text.common.value("level", &section.kind);
    fill(form, &[("name", &section.name), ("level", level), ("m", &metres(section.distance_m))])
}

/// A water source on the way or beyond the mouth.
pub fn source_sentence(answer: &Downstream, source: &SourceSeen, text: &Text) -> String {
    let words = &text.downstream;
    let form = match source.relation {
        _ if answer.water.theme != Theme::Rivers => &words.source_straight,
        SourceRelation::Zone => &words.source_zone,
        SourceRelation::ReceivingWater => &words.source_beyond,
    };
    let level = text.common.value("level", &source.level);
    let (along, across) = (metres(source.distance_m), metres(source.across_m.unwrap_or(0.0)));
    fill(form, &[("name", &source.name), ("level", level), ("m", &along), ("across", &across)])
}

/// The name of a water that the network enters; its id where the atlas does not know it.
pub fn water_name(atlas: &Atlas, id: &str) -> String {
    let layers = [Theme::Lakes, Theme::Yangtze, Theme::Rivers].into_iter().flat_map(|theme| atlas.layers_of(theme));
    let known = layers.flat_map(|layer| layer.features()).find(|water| water.id == id);
    known.map_or(id, |water| water.name()).to_owned()
}

/// The waters entered within the distance, with the name that the caller knows for an id.
pub fn mouth_sentences(answer: &Downstream, name: impl Fn(&str) -> String, text: &Text) -> Vec<String> {
    let mouths = answer.outlets.iter().filter(|outlet| outlet.end == End::Mouth);
    let told = mouths.filter_map(|outlet| Some((name(outlet.into.as_deref()?), metres(outlet.distance_m))));
    told.map(|(water, m)| fill(&text.downstream.mouth, &[("water", &water), ("m", &m)])).collect()
}

/// What the section rests on.
pub fn data_sentence(answer: &Downstream, text: &Text) -> String {
    let quality = text.common.quality(answer.data_quality);
    let line = fill(&text.downstream.data, &[("quality", quality)]);
    match answer.data_quality {
        Quality::Schematic => format!("{line} · {}", text.common.schematic_notice),
        _ => line,
    }
}
