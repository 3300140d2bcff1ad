//! A reader of JSON text that knows where it is: exact numbers, bounded depth, and what was read before a fault stays.

use super::Progress;
use serde_json::{Map, Number, Value};

/// Deepest nesting that is followed; a stack that overflows would abort the program.
pub const DEEPEST: u32 = 128;

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// Not JSON here.
    Syntax,
    /// The text ends too early.
    Truncated,
    /// Nested deeper than [`DEEPEST`].
    TooDeep,
}

/// Where and why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Why.
    pub kind: FaultKind,
    /// Byte in the text.
    pub at: usize,
}

/// A number as it was written.
#[derive(Debug, Clone, PartialEq)]
pub enum Numeral {
    /// A whole number of 64 bits.
    Integer(i64),
    /// A whole number above them that still fits without sign.
    Large(u64),
    /// Any other; not finite for NaN, Infinity and what overflows.
    Real(f64),
}

impl Numeral {
    /// As a float.
    pub fn as_f64(&self) -> f64 {
        match self {
            Numeral::Integer(number) => *number as f64,
            Numeral::Large(number) => *number as f64,
            Numeral::Real(number) => *number,
        }
    }
}

/// A part of an array that is thought to end with an element.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Its first byte.
    start: usize,
    /// The comma behind it.
    end: usize,
    /// The line it starts in.
    line: usize,
}

impl Run {
    /// The same to the end of the array.
    pub fn unbounded(self) -> Run {
        Run { end: usize::MAX, ..self }
    }
}

/// How a run came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunEnd {
    /// Where it was thought to.
    Reached,
    /// The array ends in it; the byte behind that.
    Closed(usize),
    /// Its end lies within an element.
    Missed,
}

/// Reads JSON text token by token.
#[derive(Debug)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    counted: (usize, usize),
    progress: Option<&'a Progress>,
    steps: usize,
}

impl<'a> Scanner<'a> {
    /// Starts at the beginning of a text.
    pub fn new(text: &'a str) -> Self {
        Scanner { text, at: 0, depth: 0, counted: (0, 1), progress: None, steps: 0 }
    }

    /// The same, which ends as if the text did when the work is called off.
    pub fn watched(self, progress: &'a Progress) -> Self {
        Scanner { progress: Some(progress), ..self }
    }

    /// Tells how much of the text is read.
    pub fn tell(&self) {
        if let Some(progress) = self.progress {
            progress.tell(self.at as f32 / self.text.len().max(1) as f32);
        }
    }

    /// Whether the next piece shall still be read; asked now and then, since most pieces are a number.
    fn go_on(&mut self) -> Result<(), Fault> {
        self.steps += 1;
        let is_cancelled = self.steps.is_multiple_of(1024) && self.progress.is_some_and(Progress::is_cancelled);
        if is_cancelled { Err(Fault { kind: FaultKind::Truncated, at: self.at }) } else { Ok(()) }
    }

    /// Byte reached.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Line (from 1) of a byte; cheap when asked in ascending order.
    pub fn line(&mut self, at: usize) -> usize {
        let (from, line) = if at >= self.counted.0 { self.counted } else { (0, 1) };
        let passed = self.text.as_bytes().get(from..at).unwrap_or_default();
        self.counted = (at, line + passed.iter().filter(|byte| **byte == b'\n').count());
        self.counted.1
    }

    /// The next byte that is no white space, without taking it; record separators (RFC 8142) and a BOM count as space.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match self.byte()? {
                b' ' | b'\t' | b'\r' | b'\n' | 0x1e => self.at += 1,
                0xef if self.text.get(self.at..).is_some_and(|rest| rest.starts_with('\u{feff}')) => self.at += 3,
                byte => return Some(byte),
            }
        }
    }

    /// Reads an object; `member` must read the value of each key.
    pub fn object(&mut self, mut member: impl FnMut(&mut Self, String) -> Result<(), Fault>) -> Result<(), Fault> {
        self.open(b'{')?;
        if self.take(b'}') {
            return self.close();
        }
        loop {
            self.go_on()?;
            let key = self.string()?;
            self.expect(b':')?;
            member(self, key)?;
            if self.take(b',') {
                continue;
            }
            self.expect(b'}')?;
            return self.close();
        }
    }

    /// Reads an array; `element` must read each element.
    pub fn array(&mut self, mut element: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.open(b'[')?;
        if self.take(b']') {
            return self.close();
        }
        loop {
            self.go_on()?;
            element(self)?;
            if self.take(b',') {
                continue;
            }
            self.expect(b']')?;
            return self.close();
        }
    }

    /// Where the elements of the array that stands next may be read side by side: places between objects, about every
    /// `size` bytes. They are guessed; [`Scanner::run`] says where a guess was wrong. `None` where there are none.
    pub fn runs(&mut self, size: usize) -> Option<Vec<Run>> {
        if self.peek() != Some(b'[') {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut run = Run { start: self.at + 1, end: usize::MAX, line: self.line(self.at + 1) };
        let mut runs = Vec::new();
        while let Some(end) = between_objects(bytes, run.start.saturating_add(size.max(1))) {
            runs.push(Run { end, ..run });
            let passed = bytes.get(run.start..=end).unwrap_or_default();
            let line = run.line + passed.iter().filter(|byte| **byte == b'\n').count();
            run = Run { start: end + 1, end: usize::MAX, line };
        }
        runs.push(run);
        (runs.len() > 1).then_some(runs)
    }

    /// Reads the elements of a run; how it came to its end.
    pub fn run(&self, run: &Run, mut element: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<RunEnd, Fault> {
        let counted = (run.start, run.line);
        let mut scanner = Scanner { at: run.start, depth: self.depth + 1, counted, ..Scanner::new(self.text) };
        scanner.progress = self.progress;
        loop {
            scanner.go_on()?;
            element(&mut scanner)?;
            let next = scanner.peek();
            if scanner.at > run.end {
                return Ok(RunEnd::Missed);
            }
            if next == Some(b']') {
                return Ok(RunEnd::Closed(scanner.at + 1));
            }
            let at = scanner.at;
            scanner.expect(b',')?;
            if at == run.end {
                return Ok(RunEnd::Reached);
            }
        }
    }

    /// Goes on at a byte.
    pub fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Reads a string.
    pub fn string(&mut self) -> Result<String, Fault> {
        self.expect(b'"')?;
        let mut words = String::new();
        loop {
            let start = self.at;
            while self.byte().is_some_and(|byte| byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            words.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(words);
                }
                Some(_) => words.push(self.escape()?),
                None => return Err(self.fault()),
            }
        }
    }

    /// Whether a number stands next.
    pub fn number_next(&mut self) -> bool {
        matches!(self.peek(), Some(b'-' | b'0'..=b'9' | b'N' | b'I'))
    }

    /// Reads a number; NaN, Infinity and -Infinity, which some programs write, are read as such.
    pub fn number(&mut self) -> Result<Numeral, Fault> {
        self.peek();
        let rest = self.text.get(self.at..).unwrap_or_default();
        // most numbers are short: they are read at once
        if let Some((number, length)) = plain_number(rest.as_bytes()) {
            self.at += length;
            return Ok(number);
        }
        for (word, value) in [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(Numeral::Real(value));
            }
        }
        let length = rest
            .bytes()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
            .unwrap_or(rest.len());
        let token = rest.get(..length).unwrap_or_default();
        if length == rest.len() && self.depth > 0 {
            return Err(Fault { kind: FaultKind::Truncated, at: self.text.len() });
        }
        let parsed = match token.bytes().find(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            None => token.parse().map(Numeral::Integer).ok().or_else(|| token.parse().map(Numeral::Large).ok()),
            Some(_) => None,
        };
        let parsed = parsed.or_else(|| token.parse().map(Numeral::Real).ok());
        let parsed = parsed.filter(|_| !token.starts_with(['+', '.'])).ok_or_else(|| self.fault())?;
        self.at += length;
        Ok(parsed)
    }

    /// Reads any value.
    pub fn value(&mut self) -> Result<Value, Fault> {
        match self.peek() {
            Some(b'{') => {
                let mut members = Map::new();
                self.object(|scanner, key| {
                    let value = scanner.value()?;
                    members.insert(key, value);
                    Ok(())
                })?;
                Ok(Value::Object(members))
            }
            Some(b'[') => {
                let mut elements = Vec::new();
                self.array(|scanner| {
                    elements.push(scanner.value()?);
                    Ok(())
                })?;
                Ok(Value::Array(elements))
            }
            Some(b'"') => self.string().map(Value::String),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Ok(match self.number()? {
                Numeral::Integer(number) => Value::from(number),
                Numeral::Large(number) => Value::from(number),
                // JSON has no word for what is not finite
                Numeral::Real(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
            }),
        }
    }

    /// Passes over any value.
    pub fn skip(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'{') => self.object(|scanner, _| scanner.skip()),
            Some(b'[') => self.array(Self::skip),
            _ => self.value().map(drop),
        }
    }

    /// The fault of finding something else here.
    pub fn fault(&mut self) -> Fault {
        match self.peek() {
            None => Fault { kind: FaultKind::Truncated, at: self.text.len() },
            Some(_) => Fault { kind: FaultKind::Syntax, at: self.at },
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8) -> Result<(), Fault> {
        if self.take(byte) { Ok(()) } else { Err(self.fault()) }
    }

    fn open(&mut self, byte: u8) -> Result<(), Fault> {
        self.expect(byte)?;
        self.depth += 1;
        if self.depth > DEEPEST { Err(Fault { kind: FaultKind::TooDeep, at: self.at }) } else { Ok(()) }
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.depth -= 1;
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            return Ok(value);
        }
        let kind = if word.starts_with(rest) { FaultKind::Truncated } else { FaultKind::Syntax };
        Err(Fault { kind, at: self.at })
    }

    /// Reads an escape; a lone half of a surrogate pair becomes the replacement character.
    fn escape(&mut self) -> Result<char, Fault> {
        self.at += 1;
        let letter = self.byte().ok_or_else(|| self.fault())?;
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.code_unit()?;
                let is_pair = (0xd800..0xdc00).contains(&high)
                    && self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"));
                if !is_pair {
                    return Ok(char::from_u32(high).unwrap_or('\u{fffd}'));
                }
                let back = self.at;
                self.at += 2;
                let low = self.code_unit()?;
                if (0xdc00..0xe000).contains(&low) {
                    char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)).unwrap_or('\u{fffd}')
                } else {
                    self.at = back;
                    '\u{fffd}'
                }
            }
            _ => return Err(Fault { kind: FaultKind::Syntax, at: self.at - 1 }),
        })
    }

    fn code_unit(&mut self) -> Result<u32, Fault> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let digits = digits.ok_or(Fault { kind: FaultKind::Truncated, at: self.text.len() })?;
        let mut unit = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16);
            unit = unit * 16 + digit.ok_or(Fault { kind: FaultKind::Syntax, at: self.at })?;
        }
        self.at += 4;
        Ok(unit)
    }
}

/// The comma of the next `}`, `,`, `{` from a byte on, white space between them left aside.
fn between_objects(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'}')? + 1;
        let skip = |at: usize| -> Option<usize> {
            Some(at + bytes.get(at..)?.iter().position(|byte| !byte.is_ascii_whitespace())?)
        };
        let comma = skip(at)?;
        if bytes.get(comma) == Some(&b',') && bytes.get(skip(comma + 1)?) == Some(&b'{') {
            return Some(comma);
        }
    }
}

/// Powers of ten that are floats without rounding.
const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// A number without exponent whose digits fit a float: its quotient by a power of ten is then rounded once, as it must
/// be (W. D. Clinger, How to Read Floating Point Numbers Accurately, 1990). `None` for all others.
fn plain_number(bytes: &[u8]) -> Option<(Numeral, usize)> {
    let is_negative = bytes.first() == Some(&b'-');
    let start = usize::from(is_negative);
    let (mut at, mut digits, mut point) = (start, 0_u64, None);
    loop {
        match bytes.get(at)? {
            digit @ b'0'..=b'9' => digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')),
            b'.' if point.is_none() && at > start => point = Some(at),
            b'.' | b'e' | b'E' | b'+' | b'-' => return None,
            _ => break,
        }
        at += 1;
    }
    // nine hundred million millions still fit a float
    let count = at - start - usize::from(point.is_some());
    if count == 0 || count > 15 {
        return None;
    }
    let number = match point {
        None => {
            let whole = i64::try_from(digits).ok()?;
            Numeral::Integer(if is_negative { -whole } else { whole })
        }
        Some(point) => {
            let quotient = digits as f64 / POWERS.get(at - point - 1)?;
            Numeral::Real(if is_negative { -quotient } else { quotient })
        }
    };
    Some((number, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Value, FaultKind> {
        let mut scanner = Scanner::new(text);
        let value = scanner.value().map_err(|fault| fault.kind)?;
        if scanner.peek().is_some() { Err(FaultKind::Syntax) } else { Ok(value) }
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        for text in [
            r#"{"a":[1,-2,3.5e2,true,false,null,"x\n\u4e2d\ud83d\ude00"],"b":{},"c":[]}"#,
            "  [ 0 , -0.5 , 18446744073709551615 , 9007199254740993 ] ",
            r#""\/\\\"\b\f\r\t""#,
        ] {
            assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        }
    }

    #[test]
    fn a_number_of_seventeen_digits_comes_back_as_it_was() {
        for text in ["120.56286674325821", "31.173274841315845", "119.85000000000001", "1e-7", "40528479.500677"] {
            let Ok(Numeral::Real(number)) = Scanner::new(text).number() else { panic!() };
            assert_eq!(number, text.parse::<f64>().unwrap());
        }
    }

    #[test]
    fn a_cut_text_is_told_from_a_wrong_one() {
        let whole = r#"{"a":[1.5,true,"é\u0041",{"b":null}]}"#;
        for (end, _) in whole.char_indices().skip(1) {
            let part = whole.get(..end).unwrap();
            assert_eq!(read(part), Err(FaultKind::Truncated), "{part}");
        }
        for wrong in ["{a:1}", "[1,]", "[1 2]", "{\"a\" 1}", "[tru1]", "[\"\\x\"]", "[+1]", "[1-2]", "]", "[01x]"] {
            assert_eq!(read(wrong), Err(FaultKind::Syntax), "{wrong}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        assert!(read(&("[".repeat(128) + &"]".repeat(128))).is_ok());
        for opening in ["[", "{\"a\":"] {
            let deep = opening.repeat(200_000);
            assert_eq!(read(&deep), Err(FaultKind::TooDeep));
            assert_eq!(Scanner::new(&deep).skip().map_err(|fault| fault.kind), Err(FaultKind::TooDeep));
        }
    }

    #[test]
    fn a_line_is_counted_from_one() {
        let mut scanner = Scanner::new("a\nb\nc");
        assert_eq!((scanner.line(4), scanner.line(0), scanner.line(2)), (3, 1, 2));
    }
}
