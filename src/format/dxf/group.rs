//! The pairs of code and value that a DXF file is made of, in text or in bytes; read in place, one after the other.

/// What stands before the groups of a binary file.
pub(super) const SENTINEL: &[u8] = b"AutoCAD Binary DXF\r\n\x1a\0";

/// A code with its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) code: i32,
    pub(super) value: Value<'a>,
}

/// A value as it lies in the file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// Words; in a text file everything.
    Words(&'a [u8]),
    /// A number of a binary file.
    Real(f64),
    /// A whole number of a binary file.
    Integer(i64),
}

impl<'a> Group<'a> {
    /// The words; empty for a number.
    pub(super) fn words(&self) -> &'a [u8] {
        match self.value {
            Value::Words(words) => words,
            _ => &[],
        }
    }

    /// The words without the blanks around them.
    pub(super) fn name(&self) -> &'a [u8] {
        self.words().trim_ascii()
    }

    /// The number; not a number when there is none.
    pub(super) fn real(&self) -> f64 {
        match self.value {
            Value::Real(number) => number,
            Value::Integer(number) => number as f64,
            Value::Words(words) => {
                let words = std::str::from_utf8(words.trim_ascii()).unwrap_or_default();
                words.parse().unwrap_or(f64::NAN)
            }
        }
    }

    /// The whole number; zero when there is none.
    pub(super) fn integer(&self) -> i64 {
        match self.value {
            Value::Integer(number) => number,
            Value::Real(number) => number as i64,
            Value::Words(words) => {
                let words = std::str::from_utf8(words.trim_ascii()).unwrap_or_default();
                words.parse().unwrap_or_else(|_| words.parse::<f64>().map_or(0, |number| number as i64))
            }
        }
    }

    /// Whether it is this word of structure.
    pub(super) fn is(&self, code: i32, word: &[u8]) -> bool {
        self.code == code && self.name() == word
    }
}

/// How groups are laid down.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Layout {
    /// Two lines a group, each ended by this byte.
    Lines(u8),
    /// Codes of one byte (R12 and before).
    Narrow,
    /// Codes of two bytes.
    Wide,
}

/// Walks through the groups of a file; a copy goes on from the same place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Groups<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    layout: Layout,
    /// Whether something was met that is no group.
    pub(super) is_broken: bool,
}

impl<'a> Groups<'a> {
    /// At the start of a file.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let (at, layout) = if bytes.starts_with(SENTINEL) {
            // the first group is `0 SECTION`
            let is_wide = bytes.get(SENTINEL.len() + 1) == Some(&0);
            (SENTINEL.len(), if is_wide { Layout::Wide } else { Layout::Narrow })
        } else {
            let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
            let is_old = !head.contains(&b'\n') && head.contains(&b'\r');
            let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            (mark, Layout::Lines(if is_old { b'\r' } else { b'\n' }))
        };
        Groups { bytes, at, line: 1, layout, is_broken: false }
    }

    /// How much of the file lies before.
    pub(super) fn share(&self) -> f32 {
        self.at as f32 / self.bytes.len().max(1) as f32
    }

    /// Whether the file is one of bytes.
    pub(super) fn is_binary(&self) -> bool {
        !matches!(self.layout, Layout::Lines(_))
    }

    /// The line that comes next; `None` in a binary file.
    pub(super) fn line(&self) -> Option<usize> {
        (!self.is_binary()).then_some(self.line)
    }

    fn next_line(&mut self, end: u8) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.iter().position(|byte| *byte == end).unwrap_or(rest.len());
        self.at += (length + 1).min(rest.len());
        self.line += 1;
        let line = rest.get(..length)?;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    fn of_lines(&mut self, end: u8) -> Option<Group<'a>> {
        let start = *self;
        let code = self.next_line(end)?.trim_ascii();
        let code = std::str::from_utf8(code).ok().and_then(|code| code.parse::<i32>().ok());
        let is_last = self.at >= self.bytes.len();
        let (Some(code), Some(words)) = (code, self.next_line(end)) else {
            *self = start;
            // a code without value is where a file was cut
            self.is_broken = code.is_none() && !is_last;
            self.at = if self.is_broken { start.at } else { self.bytes.len() };
            return None;
        };
        Some(Group { code, value: Value::Words(words) })
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let part = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(part)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn of_bytes(&mut self) -> Option<Group<'a>> {
        let code = if self.layout == Layout::Wide {
            i32::from(i16::from_le_bytes(self.array()?))
        } else {
            match self.array::<1>()? {
                [255] => i32::from(i16::from_le_bytes(self.array()?)),
                [code] => i32::from(code),
            }
        };
        let value = match code {
            10..=59 | 110..=149 | 210..=239 | 460..=469 | 1010..=1059 => Value::Real(f64::from_le_bytes(self.array()?)),
            60..=79 | 170..=179 | 270..=289 | 370..=389 | 400..=409 | 1060..=1070 => {
                Value::Integer(i64::from(i16::from_le_bytes(self.array()?)))
            }
            90..=99 | 420..=429 | 440..=459 | 1071 => Value::Integer(i64::from(i32::from_le_bytes(self.array()?))),
            160..=169 => Value::Integer(i64::from_le_bytes(self.array()?)),
            290..=299 => Value::Integer(i64::from(u8::from_le_bytes(self.array()?))),
            310..=319 | 1004 => {
                let [length] = self.array()?;
                self.take(usize::from(length))?;
                Value::Words(&[])
            }
            -5..=9 | 100..=109 | 300..=369 | 390..=399 | 410..=419 | 430..=439 | 470..=489 | 999..=1009 => {
                let rest = self.bytes.get(self.at..)?;
                let length = rest.iter().position(|byte| *byte == 0)?;
                self.at += length + 1;
                Value::Words(rest.get(..length)?)
            }
            _ => {
                self.is_broken = true;
                return None;
            }
        };
        Some(Group { code, value })
    }
}

impl<'a> Iterator for Groups<'a> {
    type Item = Group<'a>;

    fn next(&mut self) -> Option<Group<'a>> {
        loop {
            if self.is_broken {
                return None;
            }
            let group = match self.layout {
                Layout::Lines(end) => self.of_lines(end)?,
                _ => self.of_bytes()?,
            };
            // remarks
            if group.code != 999 {
                return Some(group);
            }
        }
    }
}

/// Whether bytes are the beginning of a DXF text: `0`, `SECTION`, perhaps after remarks.
pub(in crate::format) fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.trim_ascii_start();
    if !head.starts_with(b"\xef\xbb\xbf") && !head.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    Groups::new(bytes).next().is_some_and(|group| group.is(0, b"SECTION"))
}
