//! Reads our own PDF documents back: the files attached to them and the words of their pages. Knows plain objects behind
//! one table of positions, as the typesetter writes them; whatever else a PDF may be is refused, nothing unpacks beyond
//! a limit, nothing is followed for ever.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Why a document could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// No PDF.
    #[error("not a PDF document")]
    NotPdf,
    /// A PDF that another program wrote or changed, or a damaged one; near this byte.
    #[error("not as this program writes PDF documents, near byte {0}")]
    Foreign(usize),
    /// Unpacks to more than is looked at.
    #[error("unpacks to more than {} MB", UNPACKED >> 20)]
    TooLarge,
}

/// Everything unpacked from one document together, bytes.
const UNPACKED: usize = 256 << 20;
/// Deepest nesting of objects and of trees of pages.
const DEEPEST: u32 = 48;
/// Most pages and most attached files.
const MOST: usize = 20_000;
/// Most bytes of objects that are read, beside a multiple of the document's own.
const MOST_WORK: usize = 64 << 20;

type Read<T> = Result<T, ReadFault>;

/// An object of the document.
#[derive(Debug, Clone, PartialEq)]
enum Object<'a> {
    /// null, true, false: nothing here depends on them.
    Other,
    Number(f64),
    Name(&'a [u8]),
    Text(Vec<u8>),
    List(Vec<Object<'a>>),
    Table(Table<'a>),
    Reference(u32),
    /// An operator of a content stream.
    Word(&'a [u8]),
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Table<'a>(Vec<(&'a [u8], Object<'a>)>);

impl<'a> Table<'a> {
    fn get(&self, key: &str) -> Option<&Object<'a>> {
        self.0.iter().find(|(name, _)| *name == key.as_bytes()).map(|(_, value)| value)
    }
}

/// A document.
#[derive(Debug)]
pub struct Document<'a> {
    bytes: &'a [u8],
    places: HashMap<u32, usize>,
    root: u32,
    unpacked: Cell<usize>,
    /// Bytes of objects read so far: what leads back to itself, or to the same thing over and over, comes to an end.
    work: Cell<usize>,
    letters: RefCell<HashMap<u32, Rc<HashMap<u16, String>>>>,
}

impl<'a> Document<'a> {
    /// Finds the objects of a document.
    pub fn open(bytes: &'a [u8]) -> Read<Self> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(ReadFault::NotPdf);
        }
        let end = bytes.len();
        let mark = rfind(bytes, b"startxref").ok_or(ReadFault::Foreign(end))?;
        let mut cursor = Cursor { bytes, at: mark + 9, depth: 0 };
        let at = cursor.whole().ok_or(ReadFault::Foreign(mark))?;
        let mut cursor = Cursor { bytes, at, depth: 0 };
        if cursor.word() != Some(b"xref") {
            return Err(ReadFault::Foreign(at));
        }
        let mut places = HashMap::new();
        while let Some(first) = cursor.whole() {
            let count = cursor.whole().ok_or(ReadFault::Foreign(cursor.at))?;
            // an entry takes twenty bytes
            if count > bytes.len() / 20 {
                return Err(ReadFault::Foreign(cursor.at));
            }
            for number in first..first.saturating_add(count) {
                let fault = ReadFault::Foreign(cursor.at);
                let place = cursor.whole().ok_or(fault)?;
                cursor.whole().ok_or(fault)?;
                let is_used = cursor.word().ok_or(fault)? == b"n";
                if let (true, Ok(number)) = (is_used, u32::try_from(number)) {
                    places.insert(number, place);
                }
            }
        }
        let fault = ReadFault::Foreign(cursor.at);
        if cursor.word() != Some(b"trailer") {
            return Err(fault);
        }
        let Some(Object::Table(trailer)) = cursor.object() else { return Err(fault) };
        let Some(Object::Reference(root)) = trailer.get("Root") else { return Err(fault) };
        let (root, unpacked, work) = (*root, Cell::new(0), Cell::new(0));
        Ok(Self { bytes, places, root, unpacked, work, letters: RefCell::default() })
    }

    /// The files attached, by name.
    pub fn attachments(&self) -> Read<Vec<(String, Vec<u8>)>> {
        let root = self.table(&Object::Reference(self.root))?;
        let mut files = Vec::new();
        if let Some(names) = root.get("Names") {
            let names = self.table(names)?;
            if let Some(tree) = names.get("EmbeddedFiles") {
                self.files_of(tree, 0, &mut files)?;
            }
        }
        Ok(files)
    }

    fn files_of(&self, tree: &Object, depth: u32, files: &mut Vec<(String, Vec<u8>)>) -> Read<()> {
        let table = self.table(tree)?;
        if depth > DEEPEST || files.len() > MOST {
            return Err(ReadFault::Foreign(0));
        }
        for kid in self.list(table.get("Kids")) {
            self.files_of(&kid, depth + 1, files)?;
        }
        for entry in self.list(table.get("Names")) {
            if !matches!(entry, Object::Reference(_) | Object::Table(_)) {
                continue;
            }
            let file = self.table(&entry)?;
            let name = file.get("UF").or_else(|| file.get("F"));
            let inside = file.get("EF").map(|held| self.table(held)).transpose()?;
            let stream = inside.as_ref().and_then(|held| held.get("F").or_else(|| held.get("UF")));
            if let (Some(Object::Text(name)), Some(Object::Reference(number))) = (name, stream) {
                files.push((words_of(name), self.stream(*number)?));
            }
        }
        Ok(())
    }

    /// The words of each page as they follow each other; separate pieces stand on lines of their own.
    pub fn pages(&self) -> Read<Vec<String>> {
        let root = self.table(&Object::Reference(self.root))?;
        let tree = root.get("Pages").ok_or(ReadFault::Foreign(0))?.clone();
        let mut pages = Vec::new();
        self.pages_of(&tree, 0, &mut pages)?;
        Ok(pages)
    }

    fn pages_of(&self, node: &Object, depth: u32, pages: &mut Vec<String>) -> Read<()> {
        let table = self.table(node)?;
        if depth > DEEPEST || pages.len() > MOST {
            return Err(ReadFault::Foreign(0));
        }
        if table.get("Kids").is_some() {
            for kid in self.list(table.get("Kids")) {
                self.pages_of(&kid, depth + 1, pages)?;
            }
            return Ok(());
        }
        let contents = match table.get("Contents") {
            Some(Object::Reference(number)) => vec![Object::Reference(*number)],
            other => self.list(other),
        };
        let mut page = Vec::new();
        for part in contents {
            if let Object::Reference(number) = part {
                page.extend(self.stream(number)?);
                page.push(b'\n');
            }
        }
        let resources = table.get("Resources").map(|held| self.table(held)).transpose()?.unwrap_or_default();
        let fonts = resources.get("Font").map(|held| self.table(held)).transpose()?.unwrap_or_default();
        pages.push(self.words(&page, &fonts)?);
        Ok(())
    }

    fn words(&self, content: &[u8], fonts: &Table) -> Read<String> {
        let mut cursor = Cursor { bytes: content, at: 0, depth: 0 };
        let mut held: Vec<Object> = Vec::new();
        let mut letters: Option<Rc<HashMap<u16, String>>> = None;
        let mut page = String::new();
        // marked parts that are open; of each, whether its words were told in place of its glyphs
        let mut marked: Vec<bool> = Vec::new();
        while cursor.at < content.len() {
            let before = cursor.at;
            let Some(object) = cursor.object() else {
                cursor.skip_space();
                if cursor.at >= content.len() {
                    break;
                }
                return Err(ReadFault::Foreign(before));
            };
            let Object::Word(word) = object else {
                held.push(object);
                if held.len() > MOST {
                    return Err(ReadFault::Foreign(before));
                }
                continue;
            };
            match word {
                b"Tf" => {
                    let name =
                        held.iter().find_map(|object| if let Object::Name(name) = object { Some(*name) } else { None });
                    letters = match name.and_then(|name| fonts.0.iter().find(|(known, _)| *known == name)) {
                        Some((_, Object::Reference(number))) => Some(self.letters_of(*number)?),
                        _ => None,
                    };
                }
                b"Tj" | b"TJ" | b"'" | b"\"" => {
                    if let (Some(letters), false) = (&letters, marked.contains(&true)) {
                        held.iter().for_each(|object| speak(object, letters, &mut page));
                    }
                }
                // a glyph that stands for other words here than where it was first used
                b"BDC" | b"BMC" => {
                    let told = held.iter().find_map(|object| match object {
                        Object::Table(table) => table.get("ActualText"),
                        _ => None,
                    });
                    if let (Some(Object::Text(words)), false) = (told, marked.contains(&true)) {
                        page.push_str(&words_of(words));
                    }
                    marked.push(told.is_some());
                    if marked.len() > MOST {
                        return Err(ReadFault::Foreign(before));
                    }
                }
                b"EMC" => {
                    marked.pop();
                }
                b"ET" => page.push('\n'),
                _ => {}
            }
            held.clear();
        }
        // they have no width, and belong to no word
        page.retain(|letter| letter != '\u{200b}');
        Ok(page)
    }

    /// The letters of a font's glyphs.
    fn letters_of(&self, font: u32) -> Read<Rc<HashMap<u16, String>>> {
        if let Some(known) = self.letters.borrow().get(&font) {
            return Ok(known.clone());
        }
        let table = self.table(&Object::Reference(font))?;
        let mut letters = HashMap::new();
        if let Some(Object::Reference(number)) = table.get("ToUnicode") {
            let map = self.stream(*number)?;
            let mut cursor = Cursor { bytes: &map, at: 0, depth: 0 };
            let mut held: Vec<Object> = Vec::new();
            while let Some(object) = cursor.object() {
                match object {
                    Object::Word(b"endbfchar") => {
                        for pair in held.chunks_exact(2) {
                            if let [Object::Text(glyph), Object::Text(words)] = pair {
                                letters.insert(code(glyph), utf16(words));
                            }
                        }
                        held.clear();
                    }
                    // ranges are not written by the typesetter; anything else only introduces them
                    Object::Word(_) => held.clear(),
                    object => held.push(object),
                }
                if held.len() > MOST {
                    return Err(ReadFault::Foreign(cursor.at));
                }
            }
        }
        let letters = Rc::new(letters);
        self.letters.borrow_mut().insert(font, letters.clone());
        Ok(letters)
    }

    /// A table, followed when it stands elsewhere.
    fn table(&self, object: &Object<'a>) -> Read<Table<'a>> {
        match object {
            Object::Table(table) => Ok(table.clone()),
            Object::Reference(number) => match self.object(*number)? {
                Some(Object::Table(table)) => Ok(table),
                _ => Err(ReadFault::Foreign(self.place(*number))),
            },
            _ => Err(ReadFault::Foreign(0)),
        }
    }

    fn object(&self, number: u32) -> Read<Option<Object<'a>>> {
        let mut cursor = self.find(number)?;
        let start = cursor.at;
        let object = cursor.object();
        let work = self.work.get() + cursor.at.saturating_sub(start) + 16;
        self.work.set(work);
        if work > MOST_WORK + 8 * self.bytes.len() { Err(ReadFault::TooLarge) } else { Ok(object) }
    }

    fn list(&self, object: Option<&Object<'a>>) -> Vec<Object<'a>> {
        match object {
            Some(Object::List(list)) => list.clone(),
            Some(Object::Reference(number)) => match self.object(*number) {
                Ok(Some(Object::List(list))) => list,
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    fn place(&self, number: u32) -> usize {
        self.places.get(&number).copied().unwrap_or_default()
    }

    /// Behind the head of an object.
    fn find(&self, number: u32) -> Read<Cursor<'a>> {
        let at = self.place(number);
        let mut cursor = Cursor { bytes: self.bytes, at, depth: 0 };
        let is_it =
            cursor.whole() == Some(number as usize) && cursor.whole().is_some() && cursor.word() == Some(b"obj");
        if at > 0 && is_it { Ok(cursor) } else { Err(ReadFault::Foreign(at)) }
    }

    /// What a stream holds, unpacked.
    fn stream(&self, number: u32) -> Read<Vec<u8>> {
        let mut cursor = self.find(number)?;
        let fault = ReadFault::Foreign(cursor.at);
        let Some(Object::Table(head)) = cursor.object() else { return Err(fault) };
        if cursor.word() != Some(b"stream") {
            return Err(fault);
        }
        let start = match (self.bytes.get(cursor.at), self.bytes.get(cursor.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => cursor.at + 2,
            (Some(b'\n'), _) => cursor.at + 1,
            _ => return Err(fault),
        };
        let length = match head.get("Length") {
            Some(Object::Number(length)) => *length as usize,
            Some(Object::Reference(number)) => self.find(*number)?.whole().ok_or(fault)?,
            _ => return Err(fault),
        };
        let packed = self.bytes.get(start..start.saturating_add(length)).ok_or(fault)?;
        let is_packed = match head.get("Filter") {
            None => false,
            Some(Object::Name(b"FlateDecode")) => true,
            Some(Object::List(filters)) if filters.as_slice() == [Object::Name(b"FlateDecode")] => true,
            Some(_) => return Err(fault),
        };
        let left = UNPACKED.saturating_sub(self.unpacked.get());
        let bytes = if is_packed {
            use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};
            decompress_to_vec_zlib_with_limit(packed, left).map_err(|error| match error.status {
                TINFLStatus::HasMoreOutput => ReadFault::TooLarge,
                _ => fault,
            })?
        } else if packed.len() <= left {
            packed.to_vec()
        } else {
            return Err(ReadFault::TooLarge);
        };
        self.unpacked.set(self.unpacked.get() + bytes.len());
        Ok(bytes)
    }
}

fn speak(object: &Object, letters: &HashMap<u16, String>, page: &mut String) {
    match object {
        Object::Text(glyphs) => {
            for glyph in glyphs.chunks_exact(2) {
                page.push_str(letters.get(&code(glyph)).map_or("\u{fffd}", String::as_str));
            }
        }
        Object::List(parts) => parts.iter().for_each(|part| speak(part, letters, page)),
        _ => {}
    }
}

fn code(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |code, byte| (code << 8) | u16::from(*byte))
}

fn utf16(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(code).collect();
    String::from_utf16_lossy(&units)
}

/// A text of the document: UTF-16 with its mark, else letters of one byte.
fn words_of(bytes: &[u8]) -> String {
    match bytes.strip_prefix(b"\xfe\xff") {
        Some(wide) => utf16(wide),
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

fn rfind(bytes: &[u8], words: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(4_096);
    let tail = bytes.get(from..)?;
    (0..tail.len()).rev().find(|at| tail.get(*at..).is_some_and(|rest| rest.starts_with(words))).map(|at| from + at)
}

#[derive(Debug, Clone, Copy)]
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u32,
}

impl<'a> Cursor<'a> {
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.byte() {
            match byte {
                b'%' => {
                    while self.byte().is_some_and(|byte| !matches!(byte, b'\n' | b'\r')) {
                        self.at += 1;
                    }
                }
                byte if is_space(byte) => self.at += 1,
                _ => break,
            }
        }
    }

    /// Letters up to a space or a mark; stays where there are none.
    fn word(&mut self) -> Option<&'a [u8]> {
        self.skip_space();
        let rest = self.bytes.get(self.at..)?;
        let length = rest.iter().position(|byte| is_space(*byte) || is_mark(*byte)).unwrap_or(rest.len());
        let word = rest.get(..length).filter(|word| !word.is_empty())?;
        self.at += length;
        Some(word)
    }

    /// A whole number; stays where there is none.
    fn whole(&mut self) -> Option<usize> {
        let before = self.at;
        let number = self.word().and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
        if number.is_none() {
            self.at = before;
        }
        number
    }

    fn object(&mut self) -> Option<Object<'a>> {
        self.skip_space();
        if self.depth > DEEPEST {
            return None;
        }
        match (self.byte()?, self.bytes.get(self.at + 1)) {
            (b'/', _) => {
                self.at += 1;
                Some(Object::Name(self.name()))
            }
            (b'(', _) => self.letters(),
            (b'<', Some(b'<')) => self.table(),
            (b'<', _) => self.hexadecimal(),
            (b'[', _) => {
                self.at += 1;
                self.depth += 1;
                let mut list = Vec::new();
                loop {
                    self.skip_space();
                    if self.byte()? == b']' {
                        break;
                    }
                    list.push(self.object()?);
                }
                self.at += 1;
                self.depth -= 1;
                Some(Object::List(list))
            }
            _ => self.plain(),
        }
    }

    /// A name; its escapes stay as they are, since the names that matter have none.
    fn name(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.byte().is_some_and(|byte| !is_space(byte) && !is_mark(byte)) {
            self.at += 1;
        }
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn plain(&mut self) -> Option<Object<'a>> {
        let word = self.word()?;
        let text = std::str::from_utf8(word).unwrap_or_default();
        let is_number = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.'));
        if let (true, Ok(number)) = (is_number, text.parse::<f64>()) {
            return Some(self.reference(text).unwrap_or(Object::Number(number)));
        }
        Some(match text {
            "true" | "false" | "null" => Object::Other,
            _ => Object::Word(word),
        })
    }

    /// `number generation R`; stays behind the number when it is none.
    fn reference(&mut self, number: &str) -> Option<Object<'a>> {
        let number = number.parse().ok()?;
        let mut ahead = *self;
        ahead.whole().filter(|generation| *generation < 65_536)?;
        if ahead.word()? != b"R" {
            return None;
        }
        self.at = ahead.at;
        Some(Object::Reference(number))
    }

    fn table(&mut self) -> Option<Object<'a>> {
        self.at += 2;
        self.depth += 1;
        let mut table = Vec::new();
        loop {
            self.skip_space();
            if self.bytes.get(self.at..self.at + 2)? == b">>" {
                break;
            }
            let Object::Name(name) = self.object()? else { return None };
            table.push((name, self.object()?));
        }
        self.at += 2;
        self.depth -= 1;
        Some(Object::Table(Table(table)))
    }

    fn hexadecimal(&mut self) -> Option<Object<'a>> {
        self.at += 1;
        let (mut text, mut half) = (Vec::new(), None);
        loop {
            let byte = self.byte()?;
            self.at += 1;
            match (byte, half) {
                (b'>', _) => break,
                (byte, _) if is_space(byte) => {}
                (byte, None) => half = Some(char::from(byte).to_digit(16)?),
                (byte, Some(high)) => {
                    text.push((high * 16 + char::from(byte).to_digit(16)?) as u8);
                    half = None;
                }
            }
        }
        if let Some(high) = half {
            text.push((high * 16) as u8);
        }
        Some(Object::Text(text))
    }

    fn letters(&mut self) -> Option<Object<'a>> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_usize);
        loop {
            let byte = self.byte()?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    self.escape(&mut text)?;
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Some(Object::Text(text));
            }
            text.push(byte);
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let byte = self.byte()?;
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.byte() else { break };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                text.push((code & 255) as u8);
            }
            other => text.push(other),
        }
        Some(())
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 12 | 0)
}

fn is_mark(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::typeset;

    fn document() -> Vec<u8> {
        let source = "#set text(font: \"Noto Sans CJK SC\")\n#pdf.attach(\"甲.json\")\n#pdf.attach(\"b.txt\")\n用地 12,345.67 平方米 (a) \\\\ 100%\n#pagebreak()\n第二页";
        let files = vec![("甲.json".into(), b"{\"n\":1}".to_vec()), ("b.txt".into(), vec![b'x'; 100_000])];
        typeset::pages(source, files).unwrap().pdf().unwrap()
    }

    #[test]
    fn attached_files_and_the_words_of_the_pages_come_back() {
        let bytes = document();
        let document = Document::open(&bytes).unwrap();
        let files = document.attachments().unwrap();
        assert_eq!(files.len(), 2);
        assert!(files.contains(&("甲.json".into(), b"{\"n\":1}".to_vec())));
        let pages = document.pages().unwrap();
        assert!(pages[0].contains("12,345.67") && pages[0].contains("平方米"), "{pages:?}");
        assert!(pages[1].contains("第二页"));
    }

    #[test]
    fn damaged_and_foreign_documents_end_in_a_fault_never_in_a_panic() {
        let bytes = document();
        assert_eq!(Document::open(b"GIF89a").unwrap_err(), ReadFault::NotPdf);
        let look = |bytes: &[u8]| {
            if let Ok(document) = Document::open(bytes) {
                let _ = document.attachments();
                let _ = document.pages();
            }
        };
        for cut in (0..bytes.len()).step_by(97) {
            look(bytes.get(..cut).unwrap());
        }
        let mut state = 7_u64;
        for _ in 0..400 {
            let mut broken = bytes.clone();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % broken.len();
                broken[at] = (state >> 17) as u8;
            }
            look(&broken);
        }
    }

    #[test]
    fn a_document_that_unpacks_without_end_is_refused() {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; UNPACKED + 1], 9);
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        let file = format!("4 0 obj <</Length {}/Filter/FlateDecode>> stream\n", packed.len());
        for head in [
            "1 0 obj <</Names<</EmbeddedFiles 2 0 R>>>> endobj\n",
            "2 0 obj <</Names[(a) 3 0 R]>> endobj\n",
            "3 0 obj <</F(a)/EF<</F 4 0 R>>>> endobj\n",
            file.as_str(),
        ] {
            places.push(bytes.len());
            bytes.extend(head.as_bytes());
        }
        bytes.extend(packed);
        bytes.extend(b"\nendstream endobj\n");
        let start = bytes.len();
        bytes.extend(b"xref\n1 4\n");
        places.iter().for_each(|place| bytes.extend(format!("{place:010} 00000 n \n").as_bytes()));
        bytes.extend(format!("trailer <</Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        assert_eq!(Document::open(&bytes).unwrap().attachments().unwrap_err(), ReadFault::TooLarge);
    }

    #[test]
    fn trees_that_lead_back_to_themselves_end() {
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let heads = ["1 0 obj <</Pages 2 0 R>> endobj\n", "2 0 obj <</Kids[2 0 R 2 0 R]>> endobj\n"];
        let mut places = Vec::new();
        for head in heads {
            places.push(bytes.len());
            bytes.extend(head.as_bytes());
        }
        let start = bytes.len();
        bytes.extend(b"xref\n1 2\n");
        places.iter().for_each(|place| bytes.extend(format!("{place:010} 00000 n \n").as_bytes()));
        bytes.extend(format!("trailer <</Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        assert!(Document::open(&bytes).unwrap().pages().is_err());
    }
}
