//! Reads rule packs: those of the program and an office's own. A broken one is refused with its line and the reason, as
//! data; `text::rules` makes the sentence.

use super::inquiry::{Ending, Inquiry, InquiryHead, InquiryQuestion, Paper};
use super::rulebook::{CheckRule, PackIdentity, ProjectKind, Regime, Rule, Rulebook};
use super::{Consequence, ProjectCondition, Statute};
use serde::Deserialize;
use std::sync::{Arc, LazyLock};
use toml::Spanned;

/// Why a pack is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pack}:{}: {fault:?}", line.unwrap_or(0))]
pub struct RuleError {
    /// File of the pack.
    pub pack: String,
    /// Line at fault, counted from 1.
    pub line: Option<usize>,
    /// What is wrong there.
    pub fault: RuleFault,
}

/// What is wrong in a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleFault {
    /// Not the text of a TOML document, as the parser says it.
    Syntax(String),
    /// A field that nothing is known of: its name, and those known.
    UnknownField(String, String),
    /// A field that has to be there.
    MissingField(String),
    /// A value of another type than it has to be, as the parser says it.
    WrongType(String),
    /// A day that the calendar does not have, as it is written.
    NotADay(String),
    /// A word that is none of those known: it, and these.
    UnknownWord(String, String),
    /// A rule about a theme that no pack checks: rule and theme.
    UnknownTheme(String, String),
    /// A theme, or a zone, that names a zone which no statute describes, or none before it: it, and the zone.
    UnknownStatute(String, String),
    /// A zone that consists of nothing.
    NoPart(String),
    /// A condition on a kind that is not in the catalogue: rule or theme, and kind.
    UnknownKind(String, String),
    /// A condition on an attribute that no kind has: rule or theme, and attribute.
    UnknownAttribute(String, String),
    /// A confidence that is none of the four: rule and word.
    UnknownConfidence(String, String),
    /// A rule, kind or theme without the words that it has to have: it, and the field.
    NoWords(String, String),
    /// A rule that ends before it begins.
    EndsBeforeItBegins(String),
    /// A rule that says nothing and is off.
    SaysNothing(String),
    /// A number that no project or belt can have: where, and the number.
    Number(String, String),
    /// An identity that the same pack has given before.
    Twice(String),
    /// A question tree that does not go on, does not end, or comes round: the place, and the word that leads nowhere.
    BrokenTree(String, String),
    /// A pack of this identity is already in use.
    PackKnown(String),
}

impl RuleFault {
    /// Its code, and the words that its sentence takes.
    pub fn code(&self) -> (&'static str, [&str; 2]) {
        match self {
            RuleFault::Syntax(said) => ("syntax", [said, ""]),
            RuleFault::UnknownField(name, known) => ("unknown_field", [name, known]),
            RuleFault::MissingField(name) => ("missing_field", [name, ""]),
            RuleFault::WrongType(said) => ("wrong_type", [said, ""]),
            RuleFault::NotADay(line) => ("not_a_day", [line, ""]),
            RuleFault::UnknownWord(word, known) => ("unknown_word", [word, known]),
            RuleFault::UnknownTheme(rule, theme) => ("unknown_theme", [rule, theme]),
            RuleFault::UnknownStatute(theme, zone) => ("unknown_statute", [theme, zone]),
            RuleFault::NoPart(zone) => ("no_part", [zone, ""]),
            RuleFault::UnknownKind(rule, kind) => ("unknown_kind", [rule, kind]),
            RuleFault::UnknownAttribute(rule, attribute) => ("unknown_attribute", [rule, attribute]),
            RuleFault::UnknownConfidence(rule, word) => ("unknown_confidence", [rule, word]),
            RuleFault::NoWords(rule, field) => ("no_words", [rule, field]),
            RuleFault::EndsBeforeItBegins(rule) => ("ends_before_it_begins", [rule, ""]),
            RuleFault::SaysNothing(rule) => ("says_nothing", [rule, ""]),
            RuleFault::Number(place, number) => ("number", [place, number]),
            RuleFault::Twice(id) => ("twice", [id, ""]),
            RuleFault::BrokenTree(place, word) => ("broken_tree", [place, word]),
            RuleFault::PackKnown(id) => ("pack_known", [id, ""]),
        }
    }

    /// From what the parser says of a document that does not fit, and the line of it.
    fn said(message: &str, line: &str) -> Self {
        let first = message.lines().next().unwrap_or_default();
        let quoted = |from: &str| from.split('`').nth(1).map(str::to_owned);
        let known =
            || first.split_once("expected ").map_or("", |(_, known)| known).replace("one of ", "").replace('`', "");
        if first.starts_with("unknown field") {
            RuleFault::UnknownField(quoted(first).unwrap_or_default(), known())
        } else if first.starts_with("unknown variant") {
            RuleFault::UnknownWord(quoted(first).unwrap_or_default(), known())
        } else if first.starts_with("missing field") {
            RuleFault::MissingField(quoted(first).unwrap_or_default())
        } else if first.starts_with("duplicate") {
            RuleFault::Twice(quoted(first).unwrap_or_else(|| first.to_owned()))
        } else if first.starts_with("invalid type") || first.starts_with("invalid value") {
            RuleFault::WrongType(first.to_owned())
        } else if line.starts_with("effective_") && line.matches(['"', '\'']).count() == 2 {
            RuleFault::NotADay(line.to_owned())
        } else {
            RuleFault::Syntax(first.to_owned())
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    pack: Spanned<PackIdentity>,
    #[serde(default, rename = "kind")]
    kinds: Vec<Spanned<ProjectKind>>,
    #[serde(default, rename = "check")]
    checks: Vec<Spanned<CheckRule>>,
    #[serde(default, rename = "rule")]
    rules: Vec<Spanned<Rule>>,
    #[serde(default, rename = "statute")]
    statutes: Vec<Spanned<Statute>>,
    #[serde(default, rename = "regime")]
    regimes: Vec<Regime>,
    #[serde(default)]
    inquiry: Option<Spanned<InquiryHead>>,
    #[serde(default, rename = "question")]
    questions: Vec<InquiryQuestion>,
    #[serde(default, rename = "ending")]
    endings: Vec<Ending>,
    #[serde(default)]
    paper: Paper,
}

impl Pack {
    /// An office writes for its own: what has no English words keeps the Chinese ones.
    fn speak_chinese(&mut self) {
        let fall_back = |english: &mut String, chinese: &str| {
            if english.trim().is_empty() {
                chinese.clone_into(english);
            }
        };
        let identity = self.pack.get_mut();
        fall_back(&mut identity.title_en, &identity.title);
        for kind in self.kinds.iter_mut().map(Spanned::get_mut) {
            fall_back(&mut kind.en, &kind.zh);
        }
        for check in self.checks.iter_mut().map(Spanned::get_mut) {
            fall_back(&mut check.en, &check.zh);
        }
        for statute in self.statutes.iter_mut().map(Spanned::get_mut) {
            fall_back(&mut statute.en, &statute.zh);
        }
        for rule in self.rules.iter_mut().map(Spanned::get_mut) {
            fall_back(&mut rule.text_en, &rule.text);
            fall_back(&mut rule.next_step_en, &rule.next_step);
            fall_back(&mut rule.document_en, &rule.document);
        }
        for regime in &mut self.regimes {
            fall_back(&mut regime.en, &regime.zh);
        }
    }
}

/// The packs that are part of the program.
const BUNDLED: [(&str, &str); 9] = [
    ("project_kind.toml", include_str!("../../assets/rule/project_kind.toml")),
    ("redline.toml", include_str!("../../assets/rule/redline.toml")),
    ("three_lines.toml", include_str!("../../assets/rule/three_lines.toml")),
    ("water_source.toml", include_str!("../../assets/rule/water_source.toml")),
    ("soil.toml", include_str!("../../assets/rule/soil.toml")),
    ("livestock.toml", include_str!("../../assets/rule/livestock.toml")),
    ("statute.toml", include_str!("../../assets/rule/statute.toml")),
    ("water.toml", include_str!("../../assets/rule/water.toml")),
    ("limited_activity.toml", include_str!("../../assets/rule/limited_activity.toml")),
];

/// Whether a text is that of a pack of the program.
pub fn is_bundled(text: &str) -> bool {
    BUNDLED.iter().any(|(_, own)| own.trim_start_matches('\u{feff}') == text)
}

impl Rulebook {
    /// The rules that are part of the program, read once.
    pub fn bundled() -> &'static Arc<Rulebook> {
        // An empty book would call everything clear; a broken pack is caught by the test below.
        #[allow(clippy::panic)]
        static BOOK: LazyLock<Arc<Rulebook>> =
            LazyLock::new(|| Arc::new(Rulebook::read_bundled().unwrap_or_else(|error| panic!("assets/rule/{error}"))));
        &BOOK
    }

    /// Reads the bundled packs; a test sees to it that they are whole.
    pub fn read_bundled() -> Result<Rulebook, RuleError> {
        let mut book = Rulebook::default();
        for (name, text) in BUNDLED {
            book.add(name, text)?;
        }
        Ok(book)
    }

    /// Adds a pack and says which it is. What it says of a theme, kind or rule already known takes its place; a broken
    /// one changes nothing.
    pub fn add(&mut self, name: &str, text: &str) -> Result<PackIdentity, RuleError> {
        let text = text.trim_start_matches('\u{feff}');
        let line = |at: usize| text.get(..at).map(|before| before.matches('\n').count() + 1);
        let fail =
            |at: Option<usize>, fault: RuleFault| RuleError { pack: name.to_owned(), line: at.and_then(line), fault };
        let mut pack: Pack = toml::from_str(text).map_err(|error| {
            let at = error.span().map(|span| span.start);
            let written = at.and_then(line).and_then(|number| text.lines().nth(number - 1)).unwrap_or_default();
            fail(at, RuleFault::said(error.message(), written.trim()))
        })?;
        pack.speak_chinese();
        let at = |span: std::ops::Range<usize>| Some(span.start);
        let identity = pack.pack.get_ref();
        if self.packs.iter().any(|known| known.id == identity.id) {
            return Err(fail(at(pack.pack.span()), RuleFault::PackKnown(identity.id.clone())));
        }
        twice(&pack).map_or(Ok(()), |(place, id)| Err(fail(Some(place), RuleFault::Twice(id))))?;
        let mut next = self.clone();
        next.packs.push(identity.clone());
        next.texts.push((name.to_owned(), text.into()));
        let kinds = pack.kinds.iter().map(Spanned::get_ref);
        kinds.for_each(|kind| place(&mut next.kinds, kind.clone(), |known| &known.code));
        let checks = pack.checks.iter().map(Spanned::get_ref);
        checks.for_each(|check| place(&mut next.checks, check.clone(), |known| &known.theme));
        let statutes = pack.statutes.iter().map(Spanned::get_ref);
        statutes.for_each(|statute| place(&mut next.statutes, statute.clone(), |known| &known.id));
        for rule in pack.rules.iter().map(Spanned::get_ref) {
            let rule = Rule { pack: identity.id.clone(), ..rule.clone() };
            place(&mut next.rules, rule, |known| &known.id);
        }
        pack.regimes.into_iter().for_each(|regime| place(&mut next.regimes, regime, |known| &known.id));
        next.regimes.sort_by_key(|regime| regime.effective_from);
        if let Some(head) = &pack.inquiry {
            let with_paper = |ending: &Ending| Ending {
                paper: if ending.kind > 0 { ending.paper.clone().or(&pack.paper) } else { ending.paper.clone() },
                ..ending.clone()
            };
            let endings = pack.endings.iter().map(with_paper).collect();
            next.inquiry = Inquiry { head: head.get_ref().clone(), questions: pack.questions.clone(), endings };
            next.inquiry.examine().map_err(|fault| fail(at(head.span()), fault))?;
        }
        for kind in &pack.kinds {
            examine_kind(kind.get_ref()).map_err(|fault| fail(at(kind.span()), fault))?;
        }
        for statute in &pack.statutes {
            next.examine_statute(statute.get_ref()).map_err(|fault| fail(at(statute.span()), fault))?;
        }
        for check in &pack.checks {
            next.examine_check(check.get_ref()).map_err(|fault| fail(at(check.span()), fault))?;
        }
        for rule in &pack.rules {
            next.examine_rule(rule.get_ref()).map_err(|fault| fail(at(rule.span()), fault))?;
        }
        *self = next;
        Ok(pack.pack.into_inner())
    }

    fn examine_check(&self, check: &CheckRule) -> Result<(), RuleFault> {
        words(&check.theme, &[("theme", &check.theme), ("zh", &check.zh)])?;
        self.examine_condition(&check.theme, &check.project)?;
        if let Some(statute) = check.statute.as_ref().filter(|id| self.statute(id).is_none()) {
            return Err(RuleFault::UnknownStatute(check.theme.clone(), statute.clone()));
        }
        let widths = check.belt.iter().flat_map(|belt| std::iter::once(&belt.metres).chain(belt.by.values()));
        match widths.into_iter().find(|width| !(0.0..=100_000.0).contains(*width)) {
            Some(width) => Err(RuleFault::Number(check.theme.clone(), width.to_string())),
            None => Ok(()),
        }
    }

    fn examine_statute(&self, statute: &Statute) -> Result<(), RuleFault> {
        let id = || statute.id.clone();
        let needed = [("id", &statute.id), ("zh", &statute.zh), ("source", &statute.source)];
        words(&statute.id, &needed.map(|(field, said)| (field, said.as_str())))?;
        if statute.parts.is_empty() {
            return Err(RuleFault::NoPart(id()));
        }
        if !["text", "high", "medium", "low"].contains(&statute.confidence.as_str()) {
            return Err(RuleFault::UnknownConfidence(id(), statute.confidence.clone()));
        }
        if let (Some(from), Some(to)) = (statute.effective_from, statute.effective_to)
            && to < from
        {
            return Err(RuleFault::EndsBeforeItBegins(id()));
        }
        // only zones further up go before it, so that none waits for itself
        let before = self.statutes.iter().take_while(|known| known.id != statute.id);
        let before: Vec<&str> = before.map(|known| known.id.as_str()).collect();
        if let Some(other) = statute.less.iter().find(|id| !before.contains(&id.as_str())) {
            return Err(RuleFault::UnknownStatute(id(), other.clone()));
        }
        statute.wrong_number().map_or(Ok(()), |number| Err(RuleFault::Number(id(), number.to_string())))
    }

    fn examine_rule(&self, rule: &Rule) -> Result<(), RuleFault> {
        let id = || rule.id.clone();
        let needed = [("id", &rule.id), ("text", &rule.text), ("source", &rule.source)];
        words(&rule.id, &needed.map(|(field, said)| (field, said.as_str())))?;
        if self.check(&rule.theme).is_none() {
            return Err(RuleFault::UnknownTheme(id(), rule.theme.clone()));
        }
        if !["text", "high", "medium", "low"].contains(&rule.confidence.as_str()) {
            return Err(RuleFault::UnknownConfidence(id(), rule.confidence.clone()));
        }
        if let (Some(from), Some(to)) = (rule.effective_from, rule.effective_to)
            && to < from
        {
            return Err(RuleFault::EndsBeforeItBegins(id()));
        }
        if rule.consequence == Consequence::None && rule.enabled == Some(false) {
            return Err(RuleFault::SaysNothing(id()));
        }
        self.examine_condition(&rule.id, &rule.project)
    }

    fn examine_condition(&self, place: &str, condition: &ProjectCondition) -> Result<(), RuleFault> {
        if let Some(kind) = condition.kinds.iter().find(|code| self.kind(code).is_none()) {
            return Err(RuleFault::UnknownKind(place.to_owned(), kind.clone()));
        }
        // a condition that no project can meet would switch the rule off unseen
        let attributes = condition.any.iter().chain(&condition.none);
        if let Some(attribute) = attributes.into_iter().find(|name| !self.kinds.iter().any(|kind| kind.has(name))) {
            return Err(RuleFault::UnknownAttribute(place.to_owned(), attribute.clone()));
        }
        match condition.land_use.filter(|class| *class > 2) {
            Some(class) => Err(RuleFault::Number(place.to_owned(), class.to_string())),
            None => Ok(()),
        }
    }
}

fn examine_kind(kind: &ProjectKind) -> Result<(), RuleFault> {
    words(&kind.code, &[("code", &kind.code), ("zh", &kind.zh)])?;
    let number = |number: u8| Err(RuleFault::Number(kind.code.clone(), number.to_string()));
    if let Some(class) = kind.land_use.filter(|class| !(1..=2).contains(class)) {
        return number(class);
    }
    kind.limited_activity.iter().find(|activity| !(1..=10).contains(*activity)).map_or(Ok(()), |found| number(*found))
}

fn words(name: &str, needed: &[(&str, &str)]) -> Result<(), RuleFault> {
    let missing = needed.iter().find(|(_, said)| said.trim().is_empty());
    missing.map_or(Ok(()), |(field, _)| Err(RuleFault::NoWords(name.to_owned(), (*field).to_owned())))
}

/// The first identity that a pack gives a second time, and where.
fn twice(pack: &Pack) -> Option<(usize, String)> {
    fn second<'a, T>(things: &'a [Spanned<T>], name: fn(&'a T) -> &'a str) -> Option<(usize, String)> {
        let mut seen = std::collections::HashSet::new();
        let again = things.iter().find(|thing| !seen.insert(name(thing.get_ref())))?;
        Some((again.span().start, name(again.get_ref()).to_owned()))
    }
    second(&pack.rules, |rule| &rule.id)
        .or_else(|| second(&pack.checks, |check| &check.theme))
        .or_else(|| second(&pack.kinds, |kind| &kind.code))
        .or_else(|| second(&pack.statutes, |statute| &statute.id))
}

fn place<T>(known: &mut Vec<T>, new: T, name: impl Fn(&T) -> &str) {
    match known.iter_mut().find(|old| name(old) == name(&new)) {
        Some(old) => *old = new,
        None => known.push(new),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_packs_are_whole() {
        let book = Rulebook::read_bundled().unwrap();
        assert!(book.kinds.len() >= 20 && book.rules.len() >= 30 && book.checks.len() >= 12);
        for required in ["redline_zones", "permanent_basic_farmland", "urban_development_boundary", "water_sources"] {
            assert!(book.check(required).unwrap().required, "{required}");
        }
    }

    const HEAD: &str = "[pack]\nid=\"o\"\nversion=\"1\"\ntitle=\"o\"\ntitle_en=\"o\"\n";
    const RULE: &str = "[[rule]]\nid=\"x\"\ntheme=\"rivers\"\ntext=\"t\"\ntext_en=\"t\"\nsource=\"s\"\n\
        confidence=\"text\"\nconsequence=\"attention\"\n";

    const ZONE: &str = "[[statute]]\nid=\"z\"\nzh=\"z\"\nen=\"z\"\nsource=\"s\"\nconfidence=\"text\"\n";

    fn refusal(pack: &str) -> (Option<usize>, &'static str, String) {
        let mut book = Rulebook::read_bundled().unwrap();
        let before = book.clone();
        let error = book.add("office.toml", pack).unwrap_err();
        assert_eq!(book, before, "a refused pack changes nothing");
        let (code, [subject, _]) = error.fault.code();
        (error.line, code, subject.to_owned())
    }

    #[test]
    fn a_broken_pack_is_refused_with_line_and_reason_and_changes_nothing() {
        let rule = |old: &str, new: &str| format!("{HEAD}{}", RULE.replace(old, new));
        for (pack, line, code, subject) in [
            ("[pack]\nid = \"office\"\nversion = 1\n".to_owned(), 3, "wrong_type", ""),
            ("[pack]\nid = \"office\n".to_owned(), 2, "syntax", ""),
            ("[pack]\nid=\"o\"\nversion=\"1\"\n".to_owned(), 1, "missing_field", "title"),
            (rule("text=\"t\"", "text=\"t\"\ncolour=\"red\""), 10, "unknown_field", "colour"),
            (rule("attention", "forbidden"), 13, "unknown_word", "forbidden"),
            (rule("rivers", "moon"), 6, "unknown_theme", "x"),
            (rule("=\"text\"", "=\"sure\""), 6, "unknown_confidence", "x"),
            (rule("text=\"t\"", "text=\" \""), 6, "no_words", "x"),
            (rule("source=\"s\"", "source=\"\""), 6, "no_words", "x"),
            (
                rule("source", "effective_from=\"2026-01-02\"\neffective_to=\"2026-01-01\"\nsource"),
                6,
                "ends_before_it_begins",
                "x",
            ),
            (rule("source", "effective_from=\"2026-02-30\"\nsource"), 11, "not_a_day", "02-30"),
            (rule("attention\"", "none\"\nenabled=false"), 6, "says_nothing", "x"),
            (format!("{HEAD}{RULE}project={{kinds=[\"castle\"]}}\n"), 6, "unknown_kind", "x"),
            (format!("{HEAD}{RULE}project={{any=[\"haunted\"]}}\n"), 6, "unknown_attribute", "x"),
            (format!("{HEAD}{RULE}project={{land_use=7}}\n"), 6, "number", "x"),
            (format!("{HEAD}{ZONE}[[statute.part]]\nlayer=\"lakes\"\nbelt={{metres=-1.0}}\n"), 6, "number", "z"),
            (format!("{HEAD}{ZONE}part=[]\n"), 6, "no_part", "z"),
            (
                format!("{HEAD}{ZONE}less=[\"y\"]\n[[statute.part]]\nlayer=\"lakes\"\nbelt={{metres=1.0}}\n"),
                6,
                "unknown_statute",
                "z",
            ),
            (
                format!("{HEAD}[[check]]\ntheme=\"c\"\nzh=\"c\"\nen=\"c\"\nlayer=\"lakes\"\nstatute=\"y\"\n"),
                6,
                "unknown_statute",
                "c",
            ),
            (format!("{HEAD}{RULE}{RULE}"), 14, "twice", "x"),
            (format!("{HEAD}[[kind]]\ncode=\"k\"\nzh=\"k\"\nen=\"k\"\nlimited_activity=[11]\n"), 6, "number", "k"),
            (HEAD.replace("id=\"o\"", "id=\"redline\""), 1, "pack_known", "redline"),
        ] {
            let (at, found, about) = refusal(&pack);
            assert_eq!((at, found), (Some(line), code), "{pack}");
            assert!(about.contains(subject), "{pack}: {about}");
        }
    }

    #[test]
    fn a_pack_of_an_office_need_not_speak_english_and_its_unsure_rules_are_off() {
        let mut book = Rulebook::read_bundled().unwrap();
        let pack = "[pack]\nid=\"o\"\nversion=\"1\"\ntitle=\"本局规则\"\n\
            [[check]]\ntheme=\"c\"\nzh=\"本局约束\"\nlayer=\"constraint\"\n\
            [[kind]]\ncode=\"k\"\nzh=\"本局类型\"\n\
            [[rule]]\nid=\"x\"\ntheme=\"c\"\ntext=\"须核对\"\nsource=\"本局\"\nnext_step=\"核对\"\n\
            confidence=\"low\"\nconsequence=\"attention\"\n";
        book.add("office.toml", pack).unwrap();
        let rule = book.rule("x").unwrap();
        assert_eq!((rule.text_en.as_str(), rule.next_step_en.as_str()), ("须核对", "核对"));
        assert_eq!(
            (book.check("c").unwrap().en.as_str(), book.kind("k").unwrap().en.as_str()),
            ("本局约束", "本局类型")
        );
        assert_eq!(book.packs.last().unwrap().title_in(false), "本局规则");
        assert!(!rule.is_enabled(), "of low confidence, and nobody said that it is on");
        let mut book = Rulebook::read_bundled().unwrap();
        book.add("office.toml", &pack.replace("confidence=\"low\"", "confidence=\"low\"\nenabled=true")).unwrap();
        assert!(book.rule("x").unwrap().is_enabled());
    }

    #[test]
    fn the_bundled_packs_speak_english_too() {
        for (name, text) in BUNDLED {
            let pack: Pack = toml::from_str(text.trim_start_matches('\u{feff}')).unwrap();
            let said = |words: &str| !words.trim().is_empty();
            assert!(said(&pack.pack.get_ref().title_en), "{name}");
            assert!(pack.kinds.iter().all(|kind| said(&kind.get_ref().en)), "{name}");
            assert!(pack.checks.iter().all(|check| said(&check.get_ref().en)), "{name}");
            assert!(pack.statutes.iter().all(|statute| said(&statute.get_ref().en)), "{name}");
            assert!(pack.rules.iter().all(|rule| said(&rule.get_ref().text_en)), "{name}");
        }
    }

    #[test]
    fn no_rule_forbids_by_a_reference_extent() {
        let book = Rulebook::bundled();
        for rule in book.rules.iter().filter(|rule| rule.consequence == Consequence::Prohibited) {
            let check = book.check(&rule.theme).unwrap();
            let is_computed = check.statute.is_some() || check.belt.is_some();
            assert!(!is_computed || rule.reference == Some(false), "{}", rule.id);
        }
    }

    #[test]
    fn a_pack_of_an_office_adds_and_replaces() {
        let mut book = Rulebook::read_bundled().unwrap();
        let count = book.rules.len();
        book.add("office.toml", &format!("\u{feff}{HEAD}{}", RULE.replace("\"x\"", "\"river-channel\""))).unwrap();
        assert_eq!(book.rules.len(), count);
        let rule = book.rules.iter().find(|rule| rule.id == "river-channel").unwrap();
        assert_eq!((rule.pack.as_str(), rule.text.as_str()), ("o", "t"));
        book.add("second.toml", &format!("{HEAD}{RULE}").replace("id=\"o\"", "id=\"p\"")).unwrap();
        assert_eq!(book.rules.len(), count + 1);
    }
}
