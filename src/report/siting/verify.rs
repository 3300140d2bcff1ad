//! Does a report still hold? Its seal, its words against its own inputs, every figure computed anew from these inputs,
//! and once more from the data at hand.

use super::Case;
use super::content::Content;
use super::evidence::{Answer, Attached, Computed, EvidenceFault, Inputs, KeptLayer, name};
use super::reader::{Document, ReadFault};
use super::seal::{Seal, fingerprint, seal_of};
use crate::atlas::{Atlas, Date, Feature, LandUse, Site, Theme};
use crate::siting::{Ground, Question, Rulebook, screen};
use crate::text::Text;
use serde::Serialize;
use serde_json::Value;
use std::collections::HashMap;

/// The data that a report is held against.
#[derive(Debug)]
pub struct AtHand<'a> {
    /// The atlas, with the layers put in place of others.
    pub atlas: &'a Atlas,
    /// The same made ready.
    pub ground: &'a Ground,
    /// The rules.
    pub rulebook: &'a Rulebook,
}

/// What a figure is about, in the names of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Subject {
    /// Name of the project.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub site: String,
    /// Lists that it stands in, outermost first: `sites`, `findings` …
    #[serde(skip)]
    pub lists: Vec<String>,
    /// Theme of the matrix, Chinese and English.
    #[serde(rename = "theme", skip_serializing_if = "Option::is_none")]
    pub title: Option<(String, String)>,
    /// Things that it belongs to, outermost first: zone, river, rule …
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The field that its class is from.
    #[serde(skip)]
    pub class_field: String,
    /// Keys from the innermost of these to the figure.
    pub field: String,
}

/// What became of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureState {
    /// The same again.
    Holds,
    /// Another one, from the same data.
    Differs,
    /// Another one, since the data are others.
    DataChanged,
}

/// A figure of the report that is another one now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// Where it stands in the answer.
    pub path: String,
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// What the report says; null when it does not speak of it.
    pub stated: Value,
    /// What comes out now; null when nothing does.
    pub present: Value,
    /// What became of it.
    pub state: FigureState,
}

/// All figures of an answer, held against another.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Compared {
    /// How many there are.
    pub count: usize,
    /// How many are the same.
    pub holds: usize,
    /// The others.
    pub figures: Vec<Figure>,
}

impl Compared {
    /// How many figures are in a state.
    pub fn count_of(&self, state: FigureState) -> usize {
        self.figures.iter().filter(|figure| figure.state == state).count()
    }
}

/// What became of a layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerState {
    /// Code of its theme.
    pub theme: Theme,
    /// Its title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// Its fingerprint when the report was made.
    pub stated: String,
    /// That of the layer at hand; null when there is none.
    pub present: Option<String>,
    /// `same`, `changed` or `missing`.
    pub state: &'static str,
}

/// A rule pack that is another one now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PackState {
    /// Its identity.
    pub id: String,
    /// Its version when the report was made.
    pub stated: String,
    /// That of the pack at hand; null when there is none.
    pub present: Option<String>,
}

/// The report against the data at hand.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Recomputed {
    /// Title and version of the atlas at hand.
    pub atlas: String,
    /// The figures.
    #[serde(flatten)]
    pub compared: Compared,
    /// The layers that the answer rested on.
    pub layers: Vec<LayerState>,
    /// Rule packs that are others now.
    pub rules: Vec<PackState>,
    /// What is attached as part of a layer, or of the records, whose fingerprint is the same, and yet is not in it.
    pub strangers: Vec<String>,
}

/// Figures of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// How many were looked for.
    pub count: usize,
    /// Those that are not there as often as they should be.
    pub missing: Vec<String>,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The document cannot be read.
    Read(ReadFault),
    /// What is attached to it gives no answer.
    Evidence(EvidenceFault),
    /// It holds no coordinates, as was asked for when it was made.
    Withheld,
}

/// Whether a report holds, and what does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Verification {
    /// Whether it was changed.
    pub seal: Seal,
    /// What stands in the way.
    pub fault: Option<Fault>,
    /// Attached files that do not fit their fingerprint.
    pub attached_changed: Vec<String>,
    /// The text.
    pub words: Option<Words>,
    /// Against its own inputs.
    pub inputs: Option<Compared>,
    /// Against the data at hand.
    pub at_hand: Option<Recomputed>,
    /// Last day on which it may be used.
    pub valid_until: Option<Date>,
}

impl Verification {
    fn of(seal: Seal) -> Self {
        Verification {
            seal,
            fault: None,
            attached_changed: Vec::new(),
            words: None,
            inputs: None,
            at_hand: None,
            valid_until: None,
        }
    }

    /// Whether everything that was looked at holds.
    pub fn holds(&self) -> bool {
        self.seal == Seal::Whole
            && matches!(self.fault, None | Some(Fault::Withheld))
            && self.attached_changed.is_empty()
            && self.words.as_ref().is_none_or(|words| words.missing.is_empty())
            && self.inputs.as_ref().is_none_or(|compared| compared.figures.is_empty())
            && self
                .at_hand
                .as_ref()
                .is_none_or(|recomputed| recomputed.compared.figures.is_empty() && recomputed.strangers.is_empty())
    }
}

/// Holds a document against itself and, when given, against the data at hand.
pub fn verify(bytes: &[u8], at_hand: Option<&AtHand>) -> Verification {
    let seal = seal_of(bytes);
    let read = Document::open(bytes).and_then(|document| Ok((document.attachments()?, document.pages()?)));
    match read {
        Ok((attached, pages)) => examine(seal, &attached, &pages, at_hand),
        Err(fault) => Verification { fault: Some(Fault::Read(fault)), ..Verification::of(seal) },
    }
}

/// The same for what was read from a document.
fn examine(seal: Seal, attached: &[Attached], pages: &[String], at_hand: Option<&AtHand>) -> Verification {
    let mut told = Verification {
        attached_changed: changed(attached),
        valid_until: valid_until(attached),
        ..Verification::of(seal)
    };
    let inputs = match Inputs::read(attached) {
        Ok(inputs) => inputs,
        Err(fault) => {
            let fault = if is_withheld(attached) { Fault::Withheld } else { Fault::Evidence(fault) };
            return Verification { fault: Some(fault), ..told };
        }
    };
    let computed = inputs.compute();
    told.inputs = Some(compare(&inputs.stated, &computed.answer(), FigureState::Differs));
    told.words = Some(words(&inputs, &computed, attached, pages));
    told.at_hand = at_hand.map(|at_hand| recompute(&inputs, at_hand));
    told
}

/// Attached files that do not fit the list of contents, or are not in it.
fn changed(attached: &[Attached]) -> Vec<String> {
    let list = attached.iter().find(|(file, _)| file == name::CONTENTS).map(|(_, bytes)| bytes.as_slice());
    let list: Vec<Value> = list.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
    let entries: Vec<(&str, &str)> =
        list.iter().filter_map(|entry| Some((entry.get("name")?.as_str()?, entry.get("sha256")?.as_str()?))).collect();
    let mut changed: Vec<String> = attached
        .iter()
        .filter(|(file, _)| file != name::CONTENTS)
        .filter(|(file, bytes)| !entries.contains(&(file.as_str(), fingerprint(bytes).as_str())))
        .map(|(file, _)| file.clone())
        .collect();
    let gone = entries.iter().filter(|(file, _)| !attached.iter().any(|(known, _)| known == file));
    changed.extend(gone.map(|(file, _)| (*file).to_owned()));
    changed
}

fn valid_until(attached: &[Attached]) -> Option<Date> {
    let (_, bytes) = attached.iter().find(|(file, _)| file == name::VERDICT)?;
    serde_json::from_slice::<Value>(bytes).ok()?.get("valid_until")?.as_str()?.parse().ok()
}

fn is_withheld(attached: &[Attached]) -> bool {
    let question = attached.iter().find(|(file, _)| file == name::QUESTION).map(|(_, bytes)| bytes);
    let question: Option<Value> = question.and_then(|bytes| serde_json::from_slice(bytes).ok());
    question.is_some_and(|question| question.get("shows_coordinates") == Some(&Value::Bool(false)))
}

fn recompute(inputs: &Inputs, at_hand: &AtHand) -> Recomputed {
    let layers: Vec<LayerState> = inputs
        .layers
        .iter()
        .filter(|layer| layer.attached.is_some())
        .map(|layer| layer_state(layer, at_hand))
        .collect();
    let rules: Vec<PackState> = inputs.packs.iter().filter_map(|pack| pack_state(pack, at_hand)).collect();
    let has_changed = !rules.is_empty() || layers.iter().any(|layer| layer.state != "same");
    let state = if has_changed { FigureState::DataChanged } else { FigureState::Differs };
    let ground = at_hand.ground.clone();
    let present = Computed::of(&inputs.sites, at_hand.atlas, ground, at_hand.rulebook, &inputs.question).answer();
    let manifest = &at_hand.atlas.manifest;
    Recomputed {
        atlas: format!("{} {}", manifest.title, manifest.version).trim().to_owned(),
        compared: compare(&inputs.stated, &present, state),
        strangers: strangers(inputs, &layers, at_hand),
        layers,
        rules,
    }
}

/// Holds an answer of `check --format json` against its projects judged anew by the data at hand. It carries neither
/// outlines nor data, so the outlines are given; each project is that of the same id, or else of the same name. `None`
/// when it is no such answer, or speaks of a project that is not among them.
pub fn verify_answer(answer: &Value, sites: &[Site], at_hand: &AtHand) -> Option<Recomputed> {
    let told = answer.get("sites")?.as_array()?;
    let as_of: Date = word(answer, "as_of").parse().ok()?;
    let within = |site: &Value| site.get("downstream")?.get("within_km")?.as_f64();
    let question = Question {
        near_m: answer.get("near_m")?.as_f64()?,
        downstream_km: told.iter().find_map(within).unwrap_or(Question::on(as_of).downstream_km),
        ..Question::on(as_of)
    };
    let judged = |told: &Value| {
        let of = |key: fn(&Site) -> &str, name: &str| sites.iter().find(|site| key(site) == word(told, name));
        let site = of(|site| &site.id, "id").filter(|site| site.name == word(told, "name"));
        let site = site.or_else(|| of(|site| &site.name, "name")).or_else(|| of(|site| &site.id, "id"))?;
        let land_use = match told.get("land_use").and_then(Value::as_u64) {
            Some(1) => Some(LandUse::First),
            Some(2) => Some(LandUse::Second),
            _ => None,
        };
        // as it was judged, whatever its file says
        let (id, name) = (word(told, "id").to_owned(), word(told, "name").to_owned());
        Some(Site { id, name, kind: word(told, "kind").to_owned(), land_use, ..site.clone() })
    };
    let judged: Vec<Site> = told.iter().map(judged).collect::<Option<_>>()?;
    let screening = screen(&judged, at_hand.ground, at_hand.rulebook, &question);
    let layers = answer.get("layers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let layers: Vec<LayerState> = layers.iter().filter_map(|layer| told_layer(layer, at_hand)).collect();
    let packs = answer.get("rules").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let rules: Vec<PackState> = packs.iter().filter_map(|pack| told_pack(pack, at_hand)).collect();
    let has_changed = !rules.is_empty() || layers.iter().any(|layer| layer.state != "same");
    let state = if has_changed { FigureState::DataChanged } else { FigureState::Differs };
    let mut stated = answer.clone();
    if let Some(stated) = stated.as_object_mut() {
        stated.remove("layers");
        stated.remove("comparison");
    }
    let stated = Answer { screening: stated, surroundings: Value::Array(Vec::new()) };
    let manifest = &at_hand.atlas.manifest;
    Some(Recomputed {
        atlas: format!("{} {}", manifest.title, manifest.version).trim().to_owned(),
        compared: compare(&stated, &Answer::of(&screening, &[]), state),
        strangers: Vec::new(),
        layers,
        rules,
    })
}

fn told_layer(layer: &Value, at_hand: &AtHand) -> Option<LayerState> {
    let said = |key: &str| word(layer, key).to_owned();
    let theme = Theme::parse(word(layer, "theme"))?;
    Some(state_of(theme, said("title"), said("file"), said("sha256"), at_hand))
}

fn told_pack(pack: &Value, at_hand: &AtHand) -> Option<PackState> {
    let (id, version) = (word(pack, "id"), word(pack, "version"));
    let present = at_hand.rulebook.packs.iter().find(|known| known.id == id).map(|known| known.version.clone());
    let is_same = present.as_deref() == Some(version);
    (!is_same).then(|| PackState { id: id.to_owned(), stated: version.to_owned(), present })
}

/// What is attached as part of layers that are the same, and is not in them: somebody put it there.
fn strangers(inputs: &Inputs, states: &[LayerState], at_hand: &AtHand) -> Vec<String> {
    let mut strangers = Vec::new();
    for kept in &inputs.atlas.layers {
        let is_same = |state: &&LayerState| state.stated == kept.source.sha256 && state.state == "same";
        let Some(state) = states.iter().find(is_same) else { continue };
        let known = at_hand.atlas.layers.iter().filter(|layer| layer.source.sha256 == state.stated);
        let known: HashMap<&str, Vec<&Feature>> =
            known.flat_map(|layer| layer.features()).fold(HashMap::new(), |mut known, feature| {
                known.entry(feature.id.as_str()).or_default().push(feature);
                known
            });
        for feature in kept.features() {
            let named = known.get(feature.id.as_str()).map(Vec::as_slice).unwrap_or_default();
            let is_it = |known: &&Feature| {
                known.values == feature.values && (feature.shape.is_none() || known.shape == feature.shape)
            };
            if !named.iter().any(is_it) {
                strangers.push(format!("{}/{}", kept.theme.code(), feature.id));
            }
        }
    }
    if let (Some(kept), Some(known)) = (&inputs.atlas.governance, &at_hand.atlas.governance)
        && kept.as_of == known.as_of
    {
        let is_other = |record: &&crate::atlas::WaterRecord| known.record(&record.waterbody) != Some(*record);
        let others = kept.records.iter().filter(is_other);
        strangers.extend(others.map(|record| format!("{}/{}", name::WATERS, record.waterbody)));
    }
    strangers
}

fn layer_state(layer: &KeptLayer, at_hand: &AtHand) -> LayerState {
    state_of(layer.theme, layer.title.clone(), layer.file.clone(), layer.sha256.clone(), at_hand)
}

/// What became of a layer of this title, file and fingerprint.
fn state_of(theme: Theme, title: String, file: String, stated: String, at_hand: &AtHand) -> LayerState {
    let of_theme = || at_hand.atlas.layers.iter().filter(|present| present.theme == theme);
    let same = of_theme().find(|present| present.source.sha256 == stated && present.title == title);
    let named = || of_theme().find(|present| present.title == title);
    // put in the place of the other under a name of its own
    let alone = || {
        let mut present = of_theme();
        present.next().filter(|_| theme != Theme::Constraint && present.next().is_none())
    };
    let present = same.or_else(named).or_else(alone).map(|present| present.source.sha256.clone());
    let state = match &present {
        Some(present) if *present == stated => "same",
        Some(_) => "changed",
        None => "missing",
    };
    LayerState { theme, title, file, stated, present, state }
}

fn pack_state(pack: &super::KeptPack, at_hand: &AtHand) -> Option<PackState> {
    let mut packs = at_hand.rulebook.texts.iter().zip(&at_hand.rulebook.packs);
    let present = packs.find(|(_, identity)| identity.id == pack.id);
    let is_same = present.is_some_and(|((_, text), _)| fingerprint(text.as_bytes()) == pack.sha256);
    let version = present.map(|(_, identity)| identity.version.clone());
    (!is_same).then(|| PackState { id: pack.id.clone(), stated: pack.version.clone(), present: version })
}

/// Holds the figures of two answers against each other; `state` is that of one that differs.
fn compare(stated: &Answer, present: &Answer, state: FigureState) -> Compared {
    let (stated, present) = (flat(stated), flat(present));
    let mut left: HashMap<String, Value> =
        present.iter().map(|(path, _, value)| (path.clone(), value.clone())).collect();
    let mut compared = Compared::default();
    for (path, subject, value) in stated {
        compared.count += 1;
        let now = left.remove(&path).unwrap_or(Value::Null);
        if now == value {
            compared.holds += 1;
        } else {
            compared.figures.push(Figure { state, path, subject, stated: value, present: now });
        }
    }
    for (path, subject, value) in present {
        if left.remove(&path).is_some() {
            compared.count += 1;
            let figure = Figure { state, path, subject, stated: Value::Null, present: value };
            compared.figures.push(figure);
        }
    }
    compared
}

/// A single value with its path and what it is about.
type Flat = Vec<(String, Subject, Value)>;

fn flat(answer: &Answer) -> Flat {
    let mut flat = Vec::new();
    flatten(&answer.screening, String::new(), &Subject::default(), &Value::Null, &mut flat);
    let sites = answer.screening.get("sites").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let around = Subject { lists: vec!["surroundings".into()], ..Subject::default() };
    match answer.surroundings.as_array() {
        Some(items) => {
            for (number, item) in items.iter().enumerate() {
                let site = sites.get(number).map(|site| word(site, "name")).unwrap_or_default().to_owned();
                let path = format!("surroundings[{}]", number + 1);
                flatten(item, path, &Subject { site, ..around.clone() }, &Value::Null, &mut flat);
            }
        }
        None => flatten(&answer.surroundings, "surroundings".into(), &around, &Value::Null, &mut flat),
    }
    flat
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Subject {
    /// Of an element of a list; `site` is the project that the list belongs to, and its themes tell their titles.
    fn of(&self, item: &Value, site: &Value) -> Subject {
        let list = self.field.clone();
        let mut lists = self.lists.clone();
        lists.push(list.rsplit('.').next().unwrap_or_default().to_owned());
        let mut subject = Subject { lists, field: String::new(), ..self.clone() };
        let has_words = |key: &&str| !word(item, key).is_empty();
        if list == "sites" {
            subject.site =
                ["name", "id"].into_iter().find(has_words).map(|key| word(item, key)).unwrap_or_default().into();
            return subject;
        }
        let checks = site.get("checks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let speaks_of_themes = matches!(list.as_str(), "checks" | "findings" | "not_applied" | "lapsed_overrides");
        let own = (list == "checks").then_some(item);
        let of_theme =
            || checks.iter().find(|check| has_words(&"theme") && word(check, "theme") == word(item, "theme"));
        if let Some(titled) = own.or_else(of_theme).filter(|_| speaks_of_themes) {
            subject.title = Some((word(titled, "title").to_owned(), word(titled, "title_en").to_owned()));
        }
        let rule = format!("{}{}", word(item, "source"), word(item, "clause"));
        let named = ["name", "layer"].into_iter().find(|key| has_words(key) && own.is_none());
        match named {
            Some(key) => subject.names.push(word(item, key).to_owned()),
            None if item.get("clause").is_some() => subject.names.push(rule),
            None if own.is_none() && has_words(&"id") => subject.names.push(word(item, "id").to_owned()),
            None => {}
        }
        word(item, "class_field").clone_into(&mut subject.class_field);
        subject
    }
}

/// Every single value with its path. Elements of lists are named by what they are about, so that one that comes or goes
/// does not move the others; coordinates of a shape count as one value.
fn flatten(value: &Value, path: String, subject: &Subject, site: &Value, flat: &mut Flat) {
    match value {
        Value::Object(members) if !members.contains_key("coordinates") => {
            for (key, member) in members {
                let below = |path: &str| if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let subject = Subject { field: below(&subject.field), ..subject.clone() };
                flatten(member, below(&path), &subject, site, flat);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let mut told: HashMap<String, usize> = HashMap::new();
            for (number, item) in items.iter().enumerate() {
                let word = |key: &str| item.get(key).and_then(Value::as_str);
                let named = match (word("theme"), word("feature_id").or(word("id"))) {
                    (Some(theme), Some(id)) => format!("{theme}/{id}"),
                    (Some(theme), None) => theme.to_owned(),
                    (None, Some(id)) if !id.is_empty() => id.to_owned(),
                    _ => (number + 1).to_string(),
                };
                let count = told.entry(named.clone()).or_default();
                *count += 1;
                let named = if *count > 1 { format!("{named}#{count}") } else { named };
                let site = if subject.field == "sites" { item } else { site };
                flatten(item, format!("{path}[{named}]"), &subject.of(item, site), site, flat);
            }
        }
        value => flat.push((path, subject.clone(), value.clone())),
    }
}

/// Looks for every figure that the report ought to say in the text of its pages.
fn words(inputs: &Inputs, computed: &Computed, attached: &[Attached], pages: &[String]) -> Words {
    let case = Case {
        sites: &inputs.sites,
        screening: &computed.screening,
        atlas: &inputs.atlas,
        ground: &computed.ground,
        rulebook: &inputs.rulebook,
        question: &inputs.question,
        cover: &inputs.asked.cover,
        made: inputs.asked.made,
        shows_coordinates: inputs.asked.shows_coordinates,
        language: inputs.asked.language,
    };
    let text = Text::of(case.language);
    let mut content = Content::of(&case, &computed.around, &inputs.layers, &inputs.asked.program, text);
    content.attach(attached, true);
    let mut expected = Vec::new();
    said(&content.data, &mut expected);
    let mut found: HashMap<&str, usize> = HashMap::new();
    for page in pages {
        figures(page).for_each(|figure| *found.entry(figure).or_default() += 1);
    }
    let mut missing = Vec::new();
    for figure in &expected {
        match found.get_mut(figure.as_str()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => missing.push(figure.clone()),
        }
    }
    Words { count: expected.len(), missing }
}

/// Members of the content that are not shown as words, and the legends of maps, which depend on more than was looked at.
const UNSAID: [&str; 13] = [
    "document_title",
    "kind",
    "tone",
    "image",
    "legend",
    "bar",
    "width",
    "align",
    "lang",
    "attachments",
    "author",
    "date",
    "running",
];

/// The figures that the content says.
fn said(content: &Value, expected: &mut Vec<String>) {
    match content {
        Value::String(words) => expected.extend(figures(words).map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| said(item, expected)),
        Value::Object(members) => {
            let shown = members.iter().filter(|(key, _)| !UNSAID.contains(&key.as_str()));
            shown.for_each(|(_, member)| said(member, expected));
        }
        _ => {}
    }
}

/// The figures in words: digits with the marks between them.
fn figures(words: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_digit() || letter == ',' || letter == '.';
    words
        .split(move |letter| !is_part(letter))
        .map(|word| word.trim_matches([',', '.']))
        .filter(|word| word.bytes().any(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::Site;
    use serde_json::json;

    #[test]
    fn figures_are_found_in_words_of_both_languages() {
        let found: Vec<&str> = figures("用地 12,345.67 平方米(1.2346 公顷)，占 31.50%。见图 3, J1").collect();
        assert_eq!(found, ["12,345.67", "1.2346", "31.50", "3", "1"]);
    }

    #[test]
    fn a_finding_that_goes_does_not_move_the_others() {
        let answer = |findings: Value| Answer { screening: json!({"findings": findings}), surroundings: json!({}) };
        let one = |id: &str, area: f64| json!({"theme": "redline_zones", "feature_id": id, "overlap_m2": area});
        let stated = answer(json!([one("a", 1.0), one("b", 2.0)]));
        let present = answer(json!([one("b", 2.0), one("c", 3.0)]));
        let compared = compare(&stated, &present, FigureState::DataChanged);
        assert_eq!((compared.count, compared.holds), (9, 3));
        assert!(compared.figures.iter().all(|figure| !figure.path.contains("/b]")));
    }

    /// A report of a site that meets several zones, read back.
    fn report() -> (Vec<Attached>, Vec<String>, Atlas) {
        use crate::report::siting::{Cover, siting_report};
        use crate::siting::{Question, screen};
        let atlas = crate::storage::atlas::open_bundled().unwrap();
        let ground = Ground::new(&atlas);
        let corner = |x: f64, y: f64| geo::Coord { x, y };
        let shape = geo::Rect::new(corner(120.262, 31.498), corner(120.272, 31.506)).to_polygon();
        let shape = geo::MultiPolygon::new(vec![shape]);
        let (id, name, kind) = ("P".into(), "示例项目".into(), "housing".into());
        let site = Site { id, name, shape, kind, ..Site::default() };
        let as_of = "2026-11-24".parse().unwrap();
        let question = Question::on(as_of);
        let screening = screen(std::slice::from_ref(&site), &ground, Rulebook::bundled(), &question);
        let case = Case {
            sites: std::slice::from_ref(&site),
            screening: &screening,
            atlas: &atlas,
            ground: &ground,
            rulebook: Rulebook::bundled(),
            question: &question,
            cover: &Cover { number: "示例 2026-001".into(), ..Cover::default() },
            made: as_of,
            shows_coordinates: true,
            language: crate::text::Language::Zh,
        };
        let made = siting_report(&case).unwrap();
        assert!(made.proves && seal_of(&made.bytes) == Seal::Whole);
        let document = Document::open(&made.bytes).unwrap();
        (document.attachments().unwrap(), document.pages().unwrap(), atlas)
    }

    fn random(state: &mut u64) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize
    }

    /// A list of contents that fits, as somebody makes it who exchanges an attachment on purpose.
    fn listed(attached: &mut [Attached]) {
        let entries: Vec<Value> = attached
            .iter()
            .filter(|(file, _)| file != name::CONTENTS)
            .map(|(file, bytes)| json!({"name": file, "sha256": fingerprint(bytes)}))
            .collect();
        for (_, bytes) in attached.iter_mut().filter(|(file, _)| file == name::CONTENTS) {
            *bytes = serde_json::to_vec(&entries).unwrap();
        }
    }

    #[test]
    fn a_digit_exchanged_in_an_attachment_is_found_though_the_list_and_the_seal_are_made_anew() {
        let (attached, pages, _) = report();
        assert!(examine(Seal::Whole, &attached, &pages, None).holds());
        let mut state = 11;
        for _ in 0..100 {
            let mut swapped = attached.clone();
            // the list itself is made anew below
            let mut others: Vec<&mut Attached> =
                swapped.iter_mut().filter(|(file, _)| file != name::CONTENTS).collect();
            let place = random(&mut state) % others.len();
            let (file, bytes) = &mut *others[place];
            let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
            let at = digits[random(&mut state) % digits.len()];
            bytes[at] = if bytes[at] == b'7' { b'3' } else { b'7' };
            let file = file.clone();
            listed(&mut swapped);
            assert!(!examine(Seal::Whole, &swapped, &pages, None).holds(), "{file} at {at}");
        }
    }

    #[test]
    fn a_figure_altered_in_the_text_alone_is_found() {
        let (attached, pages, _) = report();
        let mut state = 5;
        let found = examine(Seal::Whole, &attached, &pages, None).words.unwrap().count;
        assert!(found > 300, "{found}");
        for _ in 0..40 {
            let mut altered = pages.clone();
            // cover, data, verdicts and coordinates; maps and page numbers are not among the figures
            let page = &mut altered[[0, 1, 2][random(&mut state) % 3]];
            let places: Vec<usize> = page
                .match_indices('.')
                .map(|(at, _)| at)
                .filter(|at| page.as_bytes()[at + 1].is_ascii_digit())
                .collect();
            let Some(at) = places.get(random(&mut state) % places.len().max(1)) else { continue };
            let digit = if page.as_bytes()[at + 1] == b'7' { "3" } else { "7" };
            page.replace_range(at + 1..at + 2, digit);
            assert!(!examine(Seal::Whole, &attached, &altered, None).words.unwrap().missing.is_empty());
        }
    }

    #[test]
    fn a_zone_exchanged_throughout_is_found_against_the_layer_at_hand() {
        let (mut attached, pages, atlas) = report();
        let at_hand = AtHand { atlas: &atlas, ground: &Ground::new(&atlas), rulebook: Rulebook::bundled() };
        assert!(examine(Seal::Whole, &attached, &pages, Some(&at_hand)).holds());
        let (_, zones) = attached.iter_mut().find(|(file, _)| file.contains("redline_zones")).unwrap();
        let moved = String::from_utf8(zones.clone()).unwrap().replace("31.49", "31.48");
        assert_ne!(moved.as_bytes(), zones.as_slice());
        *zones = moved.into_bytes();
        listed(&mut attached);
        let told = examine(Seal::Whole, &attached, &pages, Some(&at_hand));
        let strangers = told.at_hand.unwrap().strangers;
        assert!(strangers.iter().all(|name| name.starts_with("redline_zones/")) && !strangers.is_empty());
    }
}
