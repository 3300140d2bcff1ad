//! XML as elements: names without their prefixes, no entities of its own, a bound on nesting.

use super::{ProblemKind, Progress};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deepest nesting of elements.
const DEEPEST: usize = 128;

/// A step through a document.
#[derive(Debug)]
pub(super) enum Step {
    /// An element begins; its name and attributes.
    Open(Element),
    /// One ends.
    Close(String),
}

/// An element with all that is in it.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// The words directly in it, trimmed.
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The first child of a name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// An attribute; empty when absent.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// A document as it is read.
pub(super) struct Document<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    length: usize,
    steps: usize,
    progress: &'a Progress,
}

impl<'a> Document<'a> {
    /// At the start of a text; it ends as if the text did when the work is called off.
    pub(super) fn new(text: &'a str, progress: &'a Progress) -> Self {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}').trim_start());
        reader.config_mut().expand_empty_elements = true;
        Document { reader, depth: 0, length: text.len(), steps: 0, progress }
    }

    /// Line of the present place, from 1.
    pub(super) fn line(&self, text: &str) -> usize {
        let at = usize::try_from(self.reader.buffer_position()).unwrap_or_default();
        1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
    }

    /// The next beginning or end of an element; `None` at the end of the document.
    pub(super) fn step(&mut self) -> Result<Option<Step>, ProblemKind> {
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(ProblemKind::TooDeep);
                    }
                    return Ok(Some(Step::Open(open(&start)?)));
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    return Ok(Some(Step::Close(word(end.local_name().as_ref()))));
                }
                Event::DocType(_) => return Err(ProblemKind::XmlEntities),
                Event::Eof if self.depth > 0 => return Err(ProblemKind::Truncated),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn event(&mut self) -> Result<Event<'a>, ProblemKind> {
        self.steps += 1;
        if self.steps.is_multiple_of(1024) {
            self.progress.tell(self.reader.buffer_position() as f32 / self.length.max(1) as f32);
            if self.progress.is_cancelled() {
                return Err(ProblemKind::Truncated);
            }
        }
        self.reader.read_event().map_err(|error| fault(&error))
    }

    /// Reads an element that was begun to its end.
    pub(super) fn element(&mut self, begun: Element) -> Result<Element, ProblemKind> {
        let mut open_elements = vec![begun];
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEEPEST {
                        return Err(ProblemKind::TooDeep);
                    }
                    open_elements.push(open(&start)?);
                }
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    let Some(mut done) = open_elements.pop() else { return Err(ProblemKind::XmlBroken) };
                    done.text = done.text.trim().to_owned();
                    match open_elements.last_mut() {
                        Some(outer) => outer.children.push(done),
                        None => return Ok(done),
                    }
                }
                Event::Text(text) => {
                    let text = text.decode().map_err(|_| ProblemKind::XmlBroken)?;
                    open_elements.iter_mut().next_back().ok_or(ProblemKind::XmlBroken)?.text.push_str(&text);
                }
                Event::CData(text) => {
                    let text = text.decode().map_err(|_| ProblemKind::XmlBroken)?;
                    open_elements.iter_mut().next_back().ok_or(ProblemKind::XmlBroken)?.text.push_str(&text);
                }
                Event::GeneralRef(reference) => {
                    let letter = match reference.resolve_char_ref() {
                        Ok(Some(letter)) => letter,
                        _ => predefined(&reference.into_inner()).ok_or(ProblemKind::XmlEntities)?,
                    };
                    open_elements.iter_mut().next_back().ok_or(ProblemKind::XmlBroken)?.text.push(letter);
                }
                Event::DocType(_) => return Err(ProblemKind::XmlEntities),
                Event::Eof => return Err(ProblemKind::Truncated),
                _ => {}
            }
        }
    }
}

fn fault(error: &quick_xml::Error) -> ProblemKind {
    match error {
        quick_xml::Error::Syntax(_) => ProblemKind::Truncated,
        _ => ProblemKind::XmlBroken,
    }
}

fn predefined(name: &[u8]) -> Option<char> {
    Some(match name {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        // what web pages write most
        b"nbsp" => ' ',
        _ => return None,
    })
}

fn word(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn open(start: &BytesStart) -> Result<Element, ProblemKind> {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| ProblemKind::XmlBroken)?;
        let value = word(&attribute.value);
        let value = quick_xml::escape::unescape(&value).map_err(|_| ProblemKind::XmlEntities)?;
        attributes.push((word(attribute.key.local_name().as_ref()), value.into_owned()));
    }
    Ok(Element { name: word(start.local_name().as_ref()), attributes, ..Element::default() })
}

/// The name of the outermost element, without its prefix.
pub(super) fn root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.get(rest.find('<')? + 1..)?;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.get(comment.find("-->")?..)?;
        } else if !rest.starts_with(['?', '!']) {
            let end = rest.find(|letter: char| letter.is_whitespace() || "/>".contains(letter)).unwrap_or(rest.len());
            return rest.get(..end)?.rsplit(':').next();
        }
    }
}

/// The encoding that the head of XML bytes names, when that is not UTF-8.
pub(super) fn encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200))?).into_owned();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let head = head.strip_prefix("<?xml")?.split("?>").next()?;
    let rest = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let mark = rest.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let name = rest.get(1..)?.split(mark).next()?;
    (!name.eq_ignore_ascii_case("utf-8") && encoding_rs::Encoding::for_label(name.as_bytes()).is_some())
        .then(|| name.to_owned())
}

/// Words as they stand in XML, without the letters that have no place there; whether there were any.
pub(super) fn escaped(text: &str) -> (String, bool) {
    let is_lawful = |letter: &char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    let plain: String = text.chars().filter(is_lawful).collect();
    let is_cut = plain.len() < text.len();
    (quick_xml::escape::escape(plain).into_owned(), is_cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_found_behind_what_comes_before_it() {
        assert_eq!(root("<?xml version='1.0'?>\n<!-- <gpx> --><k:kml xmlns:k='x'>"), Some("kml"));
        assert_eq!(root("<gpx/>"), Some("gpx"));
        assert_eq!(root("words"), None);
        assert_eq!(encoding(b"<?xml version='1.0' encoding=\"GBK\"?>").as_deref(), Some("GBK"));
        assert_eq!(encoding(b"<?xml version='1.0' encoding='UTF-8'?>"), None);
    }

    #[test]
    fn entities_and_depth_are_bounded() {
        let read = |text: &str| {
            let progress = Progress::default();
            let mut document = Document::new(text, &progress);
            while let Some(step) = document.step()? {
                if let Step::Open(open) = step {
                    document.element(open)?;
                }
            }
            Ok(())
        };
        assert_eq!(read("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"), Err(ProblemKind::XmlEntities));
        assert_eq!(read("<x>&a;</x>"), Err(ProblemKind::XmlEntities));
        assert_eq!(read(&"<x>".repeat(50_000)), Err(ProblemKind::TooDeep));
        assert_eq!(read("<x><y></x>"), Err(ProblemKind::XmlBroken));
        assert_eq!(read("<x>"), Err(ProblemKind::Truncated));
        let progress = Progress::default();
        let mut document = Document::new("<a>1 &lt; &#x4E2D; <![CDATA[<b>]]></a>", &progress);
        let Ok(Some(Step::Open(open))) = document.step() else { panic!() };
        assert_eq!(document.element(open).unwrap().text, "1 < 中 <b>");
    }
}
