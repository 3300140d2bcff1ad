//! The sound of a name: pinyin in full, by initials, or mixed, with every reading of a character that has several.

use super::Fit;
use pinyin::{Pinyin, ToPinyinMulti};

/// Readings character by character.
#[derive(Debug, Default)]
pub struct Sound {
    syllables: Box<[Syllable]>,
    /// One bit for each letter or digit that a syllable may begin with.
    beginnings: u64,
}

#[derive(Debug)]
enum Syllable {
    /// A letter, a digit or a sign as it stands.
    Sign(char),
    /// A Chinese character.
    Spoken(Box<[&'static str]>),
}

/// Names are short; what follows would only slow the search.
const LONGEST: usize = 40;

/// Readings that dictionaries leave out and people here use.
const LOCAL: [(char, &str); 3] = [('氿', "jiu"), ('滆', "ge"), ('浜', "bang")];

/// How people type ü where no key has it.
const TYPED: [(&str, [&str; 2]); 4] =
    [("lü", ["lv", "lu"]), ("nü", ["nv", "nu"]), ("lüe", ["lve", "lue"]), ("nüe", ["nve", "nue"])];

impl Sound {
    /// Listens to a name in small letters.
    pub fn of(name: &str) -> Self {
        let syllables: Box<[Syllable]> = name
            .chars()
            .filter(|sign| sign.is_alphanumeric())
            .take(LONGEST)
            .map(|sign| {
                let mut readings: Vec<&'static str> =
                    sign.to_pinyin_multi().into_iter().flatten().map(Pinyin::plain).collect();
                readings.extend(LOCAL.iter().filter(|(local, _)| *local == sign).map(|(_, reading)| *reading));
                let typed = TYPED.iter().filter(|(sound, _)| readings.contains(sound));
                let typed: Vec<&'static str> = typed.flat_map(|(_, typed)| *typed).collect();
                readings.extend(typed);
                readings.sort_unstable();
                readings.dedup();
                if readings.is_empty() { Syllable::Sign(sign) } else { Syllable::Spoken(readings.into()) }
            })
            .collect();
        let beginnings = syllables.iter().flat_map(Syllable::beginnings).fold(0, |bits, sign| bits | bit(sign));
        Self { syllables, beginnings }
    }

    /// How well letters typed fit the sound; only letters and digits are expected.
    pub fn fit(&self, letters: &str) -> Option<Fit> {
        let first = letters.chars().next()?;
        if self.beginnings & bit(first) == 0 || letters.len() > 6 * LONGEST {
            return None;
        }
        // Without a Chinese character the written form has been compared already.
        if !self.syllables.iter().any(|syllable| matches!(syllable, Syllable::Spoken(_))) {
            return None;
        }
        for start in 0..self.syllables.len() {
            // Tried once each: the text left and the syllable reached.
            let mut budget = 400;
            if let Some(end) = self.reach(start, letters, &mut budget) {
                return Some(match (start, end == self.syllables.len()) {
                    (0, true) => Fit::WholeSound,
                    (0, false) => Fit::BeginSound,
                    _ => Fit::InsideSound,
                });
            }
        }
        None
    }

    /// The syllable after the last one that the letters cover, the furthest when there are several ways.
    fn reach(&self, at: usize, letters: &str, budget: &mut u32) -> Option<usize> {
        if letters.is_empty() {
            return Some(at);
        }
        *budget = budget.checked_sub(1)?;
        match self.syllables.get(at)? {
            Syllable::Sign(sign) => self.reach(at + 1, letters.strip_prefix(*sign)?, budget),
            Syllable::Spoken(readings) => {
                let mut furthest = None;
                for reading in readings {
                    let common = reading.bytes().zip(letters.bytes()).take_while(|(a, b)| a == b).count();
                    for taken in (1..=common).rev() {
                        let rest = letters.get(taken..)?;
                        let initial = taken == 1 || taken == 2 && matches!(reading.get(..2), Some("zh" | "ch" | "sh"));
                        // A syllable is typed in full or by its initial; only the last one may be unfinished.
                        if taken == reading.len() || initial || rest.is_empty() {
                            furthest = furthest.max(self.reach(at + 1, rest, budget));
                        }
                    }
                }
                furthest
            }
        }
    }
}

impl Syllable {
    fn beginnings(&self) -> Vec<char> {
        match self {
            Syllable::Sign(sign) => vec![*sign],
            Syllable::Spoken(readings) => readings.iter().filter_map(|reading| reading.chars().next()).collect(),
        }
    }
}

fn bit(sign: char) -> u64 {
    match sign {
        'a'..='z' => 1 << (u32::from(sign) - u32::from('a')),
        '0'..='9' => 1 << (26 + u32::from(sign) - u32::from('0')),
        _ => 0,
    }
}
