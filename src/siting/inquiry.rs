//! The question tree for the ten kinds of limited activity inside a red line (自然资发〔2022〕142号). It is data; it ends
//! in the kind to apply as and the document to obtain, or in none of the ten. It never finds that anything is allowed.

use super::pack::RuleFault;
use super::rulebook::meets;
use crate::atlas::{Answer, Date, Feature, LimitedActivity};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inquiry {
    /// What it is and where it applies.
    pub head: InquiryHead,
    /// Its questions.
    pub questions: Vec<InquiryQuestion>,
    /// Where it may end.
    pub endings: Vec<Ending>,
}

/// What the tree is and where it applies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiryHead {
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// The document that it follows.
    pub source: String,
    /// Section of it.
    pub clause: String,
    /// First day on which it applies.
    pub effective_from: Option<Date>,
    /// How sure the pack is of it.
    pub confidence: String,
    /// Theme in which it applies.
    pub theme: String,
    /// Things of the theme in which it applies: field and accepted values.
    pub zone: BTreeMap<String, Vec<String>>,
    /// The first question.
    pub first: String,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InquiryQuestion {
    /// Code.
    pub id: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// What may be answered.
    #[serde(rename = "choice")]
    pub choices: Vec<Choice>,
}

/// An answer that may be given: it leads on or ends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Code.
    pub id: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// The question that follows.
    #[serde(default)]
    pub next: Option<String>,
    /// The ending that follows.
    #[serde(default)]
    pub end: Option<String>,
}

/// Where the tree ends.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// Code.
    pub id: String,
    /// The kind to apply as, 1…10; 0 when it is none of them.
    pub kind: u8,
    /// Chinese title.
    pub zh: String,
    /// English title.
    pub en: String,
    /// What has to be obtained, and from whom.
    #[serde(default)]
    pub paper: Paper,
}

/// A document to obtain, from whom, and how to go on.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Document, Chinese.
    #[serde(default)]
    pub document: String,
    /// Document, English.
    #[serde(default)]
    pub document_en: String,
    /// Who issues it, Chinese.
    #[serde(default)]
    pub authority: String,
    /// Who issues it, English.
    #[serde(default)]
    pub authority_en: String,
    /// What to do next, Chinese.
    #[serde(default)]
    pub next_step: String,
    /// What to do next, English.
    #[serde(default)]
    pub next_step_en: String,
}

/// What was found for a project, as a verdict tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActivityNamed {
    /// 1…10; 0 when it is none of them.
    pub kind: u8,
    /// The catalogue knows this kind of project as such an activity; where not, the verdict does not follow it.
    pub fits_project: bool,
    /// Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Document to obtain, Chinese.
    pub document: String,
    /// Document to obtain, English.
    pub document_en: String,
    /// Who issues it, Chinese.
    pub authority: String,
    /// Who issues it, English.
    pub authority_en: String,
    /// What to do next, Chinese.
    pub next_step: String,
    /// What to do next, English.
    pub next_step_en: String,
    /// The document that says so.
    pub source: String,
    /// Its section.
    pub clause: String,
    /// Questions and answers in words; empty when the kind was told as it is.
    pub answers: Vec<Answered>,
}

/// A question and its answer in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// InquiryQuestion, Chinese.
    pub question: String,
    /// InquiryQuestion, English.
    pub question_en: String,
    /// Answer, Chinese.
    pub answer: String,
    /// Answer, English.
    pub answer_en: String,
}

/// How far somebody is in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// This is asked next.
    Ask(&'a InquiryQuestion),
    /// It has ended here.
    End(&'a Ending),
}

impl Inquiry {
    /// Where the answers lead; those that do not fit the tree are not heard.
    pub fn after(&self, answers: &[Answer]) -> Option<Step<'_>> {
        let mut question = self.question(&self.head.first)?;
        loop {
            let given = answers.iter().find(|answer| answer.question == question.id);
            let choice = given.and_then(|given| question.choices.iter().find(|choice| choice.id == given.choice));
            let Some(choice) = choice else { return Some(Step::Ask(question)) };
            match (&choice.next, &choice.end) {
                (Some(next), _) => question = self.question(next)?,
                (None, Some(end)) => return self.ending(end).map(Step::End),
                (None, None) => return None,
            }
        }
    }

    /// Whether it is asked about a thing of a theme at a day.
    pub fn applies(&self, theme: &str, feature: &Feature, day: Date) -> bool {
        let begins = self.head.effective_from.is_none_or(|from| from <= day);
        !self.questions.is_empty() && begins && theme == self.head.theme && meets(feature, &self.head.zone)
    }

    /// A question by its code.
    pub fn question(&self, id: &str) -> Option<&InquiryQuestion> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// An ending by its code.
    pub fn ending(&self, id: &str) -> Option<&Ending> {
        self.endings.iter().find(|ending| ending.id == id)
    }

    /// What a project applies as, in words; `None` for a number that is no kind.
    pub fn named(&self, activity: &LimitedActivity) -> Option<ActivityNamed> {
        let by_answers = match self.after(&activity.answers) {
            Some(Step::End(ending)) if ending.kind == activity.kind => Some(ending),
            _ => None,
        };
        let ending = by_answers.or_else(|| self.endings.iter().find(|ending| ending.kind == activity.kind))?;
        let answered = |answer: &Answer| {
            let question = self.question(&answer.question)?;
            let choice = question.choices.iter().find(|choice| choice.id == answer.choice)?;
            Some(Answered {
                question: question.zh.clone(),
                question_en: question.en.clone(),
                answer: choice.zh.clone(),
                answer_en: choice.en.clone(),
            })
        };
        let paper = ending.paper.clone();
        Some(ActivityNamed {
            kind: ending.kind,
            fits_project: true,
            title: ending.zh.clone(),
            title_en: ending.en.clone(),
            document: paper.document,
            document_en: paper.document_en,
            authority: paper.authority,
            authority_en: paper.authority_en,
            next_step: paper.next_step,
            next_step_en: paper.next_step_en,
            source: self.head.source.clone(),
            clause: self.head.clause.clone(),
            answers: activity.answers.iter().filter(|_| by_answers.is_some()).filter_map(answered).collect(),
        })
    }

    /// Every end of the tree with the answers that lead to it.
    pub fn ends(&self) -> Vec<(&Ending, Vec<Answer>)> {
        let mut ends = Vec::new();
        let mut open = vec![Vec::new()];
        while let Some(answers) = open.pop() {
            match self.after(&answers) {
                Some(Step::End(ending)) => ends.push((ending, answers)),
                Some(Step::Ask(question)) => open.extend(question.choices.iter().map(|choice| {
                    let answer = Answer { question: question.id.clone(), choice: choice.id.clone() };
                    answers.iter().cloned().chain([answer]).collect()
                })),
                None => {}
            }
        }
        ends
    }

    /// Every way has to go on, to end, and to come round to no question twice; every ending has to be reached.
    pub(super) fn examine(&self) -> Result<(), RuleFault> {
        let broken = |place: &str, word: &str| Err(RuleFault::BrokenTree(place.to_owned(), word.to_owned()));
        if self.questions.is_empty() {
            return Ok(());
        }
        let mut ways: Vec<(&str, Vec<&str>)> = vec![(&self.head.first, Vec::new())];
        let mut reached = std::collections::HashSet::new();
        while let Some((id, before)) = ways.pop() {
            let Some(question) = self.question(id) else { return broken(before.last().unwrap_or(&"first"), id) };
            if before.contains(&id) || question.choices.is_empty() {
                return broken(id, id);
            }
            for choice in &question.choices {
                match (choice.next.as_deref(), choice.end.as_deref()) {
                    (Some(next), None) => ways.push((next, before.iter().copied().chain([id]).collect())),
                    (None, Some(end)) if self.ending(end).is_some() => {
                        reached.insert(end);
                    }
                    (_, word) => return broken(id, word.unwrap_or(&choice.id)),
                }
            }
        }
        for ending in &self.endings {
            if ending.kind > 10 {
                return Err(RuleFault::Number(ending.id.clone(), ending.kind.to_string()));
            }
            if !reached.contains(ending.id.as_str()) {
                return broken("ending", &ending.id);
            }
            let lacks_paper = ending.kind > 0 && ending.paper.document.trim().is_empty();
            let lacks_step = ending.paper.next_step.trim().is_empty();
            if lacks_paper || lacks_step {
                let field = if lacks_paper { "document" } else { "next_step" };
                return Err(RuleFault::NoWords(ending.id.clone(), field.to_owned()));
            }
        }
        Ok(())
    }
}

impl Paper {
    /// Fills in what is not said here.
    pub(super) fn or(self, usual: &Paper) -> Paper {
        let pick = |own: String, usual: &String| if own.is_empty() { usual.clone() } else { own };
        Paper {
            document: pick(self.document, &usual.document),
            document_en: pick(self.document_en, &usual.document_en),
            authority: pick(self.authority, &usual.authority),
            authority_en: pick(self.authority_en, &usual.authority_en),
            next_step: pick(self.next_step, &usual.next_step),
            next_step_en: pick(self.next_step_en, &usual.next_step_en),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::siting::Rulebook;
    use std::collections::BTreeSet;

    #[test]
    fn the_questions_reach_each_of_the_ten_kinds_and_none_and_never_allow() {
        let inquiry = &Rulebook::bundled().inquiry;
        let ends = inquiry.ends();
        let kinds: BTreeSet<u8> = ends.iter().map(|(ending, _)| ending.kind).collect();
        assert_eq!(kinds, (0..=10).collect());
        for (ending, answers) in &ends {
            assert!(answers.len() <= 4, "{}: a short tree", ending.id);
            let paper = &ending.paper;
            assert!(ending.kind == 0 || !paper.document.is_empty() && !paper.authority.is_empty(), "{}", ending.id);
            assert!(!paper.next_step.is_empty() && !paper.next_step_en.is_empty(), "{}", ending.id);
            for words in [&ending.zh, &ending.en, &paper.next_step, &paper.next_step_en] {
                let says = ["可以建设", "予以允许", "准予", "is allowed to", "may be built"];
                assert!(!says.iter().any(|word| words.contains(word)), "{words}");
            }
        }
        let endings: BTreeSet<&str> = ends.iter().map(|(ending, _)| ending.id.as_str()).collect();
        assert_eq!(endings.len(), inquiry.endings.len(), "every ending is reached");
    }

    #[test]
    fn what_was_answered_is_told_in_words_with_the_document() {
        let inquiry = &Rulebook::bundled().inquiry;
        for (ending, answers) in inquiry.ends() {
            let activity = crate::atlas::LimitedActivity { kind: ending.kind, answers };
            let named = inquiry.named(&activity).unwrap();
            assert_eq!((named.kind, &named.title), (ending.kind, &ending.zh));
            assert_eq!(named.answers.len(), activity.answers.len());
        }
        let told = inquiry.named(&crate::atlas::LimitedActivity { kind: 6, answers: Vec::new() }).unwrap();
        assert!(told.document.contains("认定意见") && told.answers.is_empty());
        assert!(inquiry.named(&crate::atlas::LimitedActivity { kind: 11, answers: Vec::new() }).is_none());
    }
}
