//! Words of a DXF file: their encoding, their escapes, and the marks of formatting that are no words.

use encoding_rs::{Encoding, GBK, UTF_8};
use std::cell::Cell;

/// Turns bytes into words.
#[derive(Debug)]
pub(super) struct Codec {
    pub(super) encoding: &'static Encoding,
    /// Whether letters were met that do not fit.
    pub(super) is_broken: Cell<bool>,
}

/// What encodings the words of a file may be in; all of them were plain until one was seen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) is_foreign: bool,
    is_no_utf8: bool,
    is_no_gbk: bool,
    has_chinese: bool,
}

impl Seen {
    /// Looks at a word.
    pub(super) fn add(&mut self, words: &[u8]) {
        if words.is_ascii() {
            return;
        }
        self.is_foreign = true;
        match std::str::from_utf8(words) {
            Ok(text) => self.has_chinese |= text.chars().any(|letter| letter >= '\u{2e80}'),
            Err(_) => self.is_no_utf8 = true,
        }
        // letters of western languages stand between plain ones, Chinese ones take two bytes each
        let runs = words.split(u8::is_ascii);
        self.is_no_gbk |= runs.into_iter().any(|run| run.len() % 2 != 0);
        self.is_no_gbk |= GBK.decode_without_bom_handling_and_without_replacement(words).is_none();
    }

    /// The encoding that the words show.
    pub(super) fn encoding(self) -> &'static Encoding {
        if !self.is_no_utf8 && (self.has_chinese || self.is_no_gbk) { UTF_8 } else { GBK }
    }

    /// Whether the words cannot be in this encoding, or hardly.
    pub(super) fn contradicts(self, declared: &'static Encoding) -> bool {
        let is_utf8 = !self.is_no_utf8 && self.has_chinese;
        if declared == UTF_8 {
            self.is_no_utf8
        } else {
            // programs write the page of their own language into files of any
            is_utf8 || (declared == encoding_rs::WINDOWS_1252 && self.is_foreign && !self.is_no_gbk)
        }
    }
}

/// The encoding of a code page as DXF files and people write it.
pub(super) fn page(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().to_ascii_lowercase();
    if let Some(encoding) = Encoding::for_label(name.as_bytes()) {
        return Some(encoding);
    }
    let digits: String = name.chars().filter(char::is_ascii_digit).collect();
    match &*digits {
        "936" => Some(GBK),
        "54936" | "18030" => Some(encoding_rs::GB18030),
        "932" => Some(encoding_rs::SHIFT_JIS),
        "949" => Some(encoding_rs::EUC_KR),
        "950" => Some(encoding_rs::BIG5),
        "65001" => Some(UTF_8),
        "866" => Some(encoding_rs::IBM866),
        "874" | "1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258" => {
            Encoding::for_label(format!("windows-{digits}").as_bytes())
        }
        _ => None,
    }
}

impl Codec {
    /// The words with their escapes resolved.
    pub(super) fn words(&self, bytes: &[u8]) -> String {
        let (text, is_broken) = self.encoding.decode_without_bom_handling(bytes);
        if is_broken {
            self.is_broken.set(true);
        }
        if text.contains("\\U+") || text.contains("\\M+") { unescaped(&text) } else { text.into_owned() }
    }

    /// A name: words without the blanks around them.
    pub(super) fn name(&self, bytes: &[u8]) -> String {
        self.words(bytes.trim_ascii())
    }

    /// The words of a TEXT.
    pub(super) fn line(&self, bytes: &[u8]) -> String {
        controls(&signs(&self.words(bytes)))
    }

    /// The words of an MTEXT, lines parted by line breaks.
    pub(super) fn paragraphs(&self, bytes: &[u8]) -> String {
        bare(&controls(&signs(&self.words(bytes))))
    }
}

/// Resolves `\U+XXXX`, and `\M+nXXXX` with a code of one of five east Asian pages.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // the first half of a letter beyond 16 bits
    let mut high: Option<u32> = None;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        high = high.filter(|_| before.is_empty());
        let hex = |start: usize| from.get(start..start + 4).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        if let (true, Some(code)) = (from.starts_with("\\U+"), hex(3)) {
            let whole = match high.take() {
                Some(high) if (0xdc00..0xe000).contains(&code) => 0x10000 + ((high - 0xd800) << 10) + (code - 0xdc00),
                _ => code,
            };
            if (0xd800..0xdc00).contains(&whole) {
                high = Some(whole);
            } else {
                out.push(char::from_u32(whole).unwrap_or('\u{fffd}'));
            }
            rest = from.get(7..).unwrap_or_default();
        } else if let (true, Some(code)) = (from.starts_with("\\M+"), hex(4)) {
            let encoding = match from.as_bytes().get(3) {
                Some(b'1') => encoding_rs::SHIFT_JIS,
                Some(b'2') => encoding_rs::BIG5,
                Some(b'3' | b'4') => encoding_rs::EUC_KR,
                _ => GBK,
            };
            let two = [(code >> 8) as u8, code as u8];
            out.push_str(&encoding.decode_without_bom_handling(&two).0);
            rest = from.get(8..).unwrap_or_default();
        } else {
            out.push('\\');
            rest = from.get(1..).unwrap_or_default();
        }
    }
    out.push_str(rest);
    out
}

/// Resolves `%%d` and its like.
fn signs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("%%") {
        out.push_str(rest.get(..at).unwrap_or_default());
        let from = rest.get(at + 2..).unwrap_or_default();
        let length = match from.chars().next() {
            Some('d' | 'D') => {
                out.push('°');
                1
            }
            Some('p' | 'P') => {
                out.push('±');
                1
            }
            Some('c' | 'C') => {
                out.push('⌀');
                1
            }
            Some('%') => {
                out.push('%');
                1
            }
            // lines over, under and through
            Some('o' | 'O' | 'u' | 'U' | 'k' | 'K') => 1,
            Some('0'..='9') => {
                let digits = from.chars().take(3).take_while(char::is_ascii_digit).count();
                let code = from.get(..digits).and_then(|digits| digits.parse::<u32>().ok());
                out.extend(code.and_then(char::from_u32).filter(|letter| !letter.is_control()));
                digits
            }
            _ => {
                out.push_str("%%");
                0
            }
        };
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Resolves `^I` and its like.
fn controls(text: &str) -> String {
    if !text.contains('^') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '^' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some(' ') | None => out.push('^'),
            Some('I') => out.push('\t'),
            Some('J') => out.push('\n'),
            Some('@'..='_') => {}
            Some(other) => out.extend(['^', other]),
        }
    }
    out
}

/// Takes away what MTEXT says of fonts, heights, colours and places.
fn bare(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' => {}
            '\\' => match letters.next() {
                Some('P' | 'N' | 'X' | 'n') => out.push('\n'),
                Some('~') => out.push('\u{a0}'),
                Some(sign @ ('\\' | '{' | '}')) => out.push(sign),
                Some('L' | 'l' | 'O' | 'o' | 'K' | 'k') | None => {}
                // a fraction or tolerance: upper and lower part
                Some('S') => {
                    for letter in letters.by_ref().take_while(|letter| *letter != ';') {
                        out.push(if matches!(letter, '#' | '^') { '/' } else { letter });
                    }
                }
                Some('A' | 'C' | 'c' | 'F' | 'f' | 'H' | 'Q' | 'T' | 'W' | 'p') => {
                    letters.by_ref().take_while(|letter| *letter != ';').for_each(drop);
                }
                Some(other) => out.extend(['\\', other]),
            },
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plain texts of ezdxf 1.4 (`plain_text`, `plain_mtext`).
    #[test]
    fn formatting_is_no_word() {
        let codec = Codec { encoding: UTF_8, is_broken: Cell::new(false) };
        for (raw, plain) in [
            ("45%%d %%p0.02 %%uxx%%u 100%%%", "45° ±0.02 xx 100%"),
            ("\\U+5357\\U+957F\\U+8857", "南长街"),
            ("a^Ib", "a\tb"),
            ("\\U+D83D\\U+DE00", "\u{1f600}"),
            ("\\M+5C4CF%%065", "南A"),
            ("c:\\a", "c:\\a"),
        ] {
            assert_eq!(codec.line(raw.as_bytes()), plain, "{raw}");
        }
        for (raw, plain) in [
            ("{\\fSimSun|b0|i0|c134|p2;无锡}\\P太湖\\~\\H2.5x;\\C1;岸", "无锡\n太湖\u{a0}岸"),
            ("\\A1;\\S1/2; \\Lx\\l \\{\\}\\\\", "1/2 x {}\\"),
            ("\\pi0,l0;x\\U+4E2D", "x中"),
        ] {
            assert_eq!(codec.paragraphs(raw.as_bytes()), plain, "{raw}");
        }
        // never read past the end
        for cut in ["\\", "\\U+4", "\\M+5C", "%%", "%", "^", "\\S1", "\\f"] {
            codec.paragraphs(cut.as_bytes());
        }
    }
}
