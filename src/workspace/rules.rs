//! The rule packs in use: those of the program and the office's own, which are files that may be missing or broken.

use crate::siting::{PackIdentity, RuleError, Rulebook};
use crate::storage::file::{self, FileError, FileReason};
use crate::text::{Text, fill, rules};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest rule pack that is read, bytes.
const LARGEST: u64 = 8 << 20;

/// A pack of the office as it was read.
#[derive(Debug)]
pub struct OfficePack {
    /// Its file.
    pub file: PathBuf,
    /// Its text, or why there is none.
    pub text: Result<String, FileError>,
}

impl OfficePack {
    /// Reads a pack. What is not UTF-8 is taken for GB18030, as older editors save it.
    pub fn read(path: &Path) -> Self {
        let decode = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap_or_else(|error| gb18030(error.as_bytes()));
        Self { file: path.to_owned(), text: file::read_up_to(path, LARGEST).map(decode) }
    }
}

fn gb18030(bytes: &[u8]) -> String {
    encoding_rs::GB18030.decode(bytes).0.into_owned()
}

/// Why a pack of the office is not in use.
#[derive(Debug, Clone)]
pub enum PackProblem {
    /// Its file could not be read.
    File(Arc<FileError>),
    /// What is in it does not serve.
    Pack(RuleError),
}

impl PackProblem {
    /// File, place and reason in one sentence.
    pub fn sentence(&self, text: &Text) -> String {
        match self {
            PackProblem::File(error) => super::sentence::file_error(text, error),
            PackProblem::Pack(error) => rules::refusal(error, text),
        }
    }
}

#[derive(Debug)]
struct Shelved {
    file: PathBuf,
    text: Result<String, Arc<FileError>>,
    state: Result<PackIdentity, PackProblem>,
}

/// All rule packs.
#[derive(Debug)]
pub struct RuleShelf {
    book: Arc<Rulebook>,
    own: Vec<Shelved>,
}

impl Default for RuleShelf {
    fn default() -> Self {
        Self { book: Rulebook::bundled().clone(), own: Vec::new() }
    }
}

impl RuleShelf {
    /// The rules of all packs in use.
    pub fn book(&self) -> &Arc<Rulebook> {
        &self.book
    }

    /// The packs of the office: file, and identity or why it is not in use.
    pub fn own(&self) -> impl Iterator<Item = (&Path, Result<&PackIdentity, &PackProblem>)> {
        self.own.iter().map(|pack| (pack.file.as_path(), pack.state.as_ref()))
    }

    /// The files of the office's packs, in the order in which they are read.
    pub fn files(&self) -> Vec<PathBuf> {
        self.own.iter().map(|pack| pack.file.clone()).collect()
    }

    /// Packs of the office that are not in use although they should be.
    pub fn problems(&self) -> impl Iterator<Item = &PackProblem> {
        self.own.iter().filter_map(|pack| pack.state.as_ref().err())
    }

    /// Takes packs in; one of a file already known takes the place of its earlier reading.
    pub fn put(&mut self, packs: Vec<OfficePack>) {
        for OfficePack { file, text } in packs {
            let text = text.map_err(Arc::new);
            let missing = FileError { path: file.clone(), reason: FileReason::Missing };
            let state = Err(PackProblem::File(Arc::new(missing)));
            match self.own.iter_mut().find(|known| known.file == file) {
                Some(known) => known.text = text,
                None => self.own.push(Shelved { file, text, state }),
            }
        }
        self.bind();
    }

    /// Lets go of a pack.
    pub fn drop(&mut self, file: &Path) {
        self.own.retain(|known| known.file != file);
        self.bind();
    }

    /// Makes the book anew from the packs of the program and of the office.
    fn bind(&mut self) {
        let mut book = Rulebook::clone(Rulebook::bundled());
        for pack in &mut self.own {
            pack.state = match &pack.text {
                Err(error) => Err(PackProblem::File(error.clone())),
                Ok(text) => book.add(&pack.file.display().to_string(), text).map_err(PackProblem::Pack),
            };
        }
        self.book = Arc::new(book);
    }
}

/// Says of packs just read which are in use; a broken one that is not `known` from before is let go of.
pub(super) fn take(
    shelf: &mut RuleShelf,
    packs: Vec<OfficePack>,
    known: &[PathBuf],
    text: &Text,
) -> Vec<super::Notice> {
    let read: Vec<PathBuf> = packs.iter().map(|pack| pack.file.clone()).collect();
    shelf.put(packs);
    let mut notices = Vec::new();
    for file in read {
        let Some((_, state)) = shelf.own().find(|(path, _)| *path == file) else { continue };
        match state {
            Ok(identity) => {
                let count = shelf.book().rules.iter().filter(|rule| rule.pack == identity.id).count().to_string();
                let title = identity.title_in(text.language == crate::text::Language::Zh);
                let sentence = fill(&text.rules.taken, &[("pack", title), ("n", &count)]);
                notices.push(super::Notice { is_problem: false, sentence });
            }
            Err(problem) => {
                notices.push(super::Notice { is_problem: true, sentence: problem.sentence(text) });
                if !known.contains(&file) {
                    shelf.drop(&file);
                }
            }
        }
    }
    notices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn pack(file: &str, id: &str, theme: &str) -> OfficePack {
        let text = format!(
            "[pack]\nid=\"{id}\"\nversion=\"1\"\ntitle=\"示例规则包\"\ntitle_en=\"Example\"\n[[rule]]\nid=\"{id}-1\"\n\
             theme=\"{theme}\"\ntext=\"t\"\ntext_en=\"t\"\nsource=\"s\"\nconfidence=\"text\"\nconsequence=\"attention\"\n"
        );
        OfficePack { file: file.into(), text: Ok(text) }
    }

    fn took(shelf: &mut RuleShelf, pack: OfficePack) -> Vec<crate::workspace::Notice> {
        let known = shelf.files();
        take(shelf, vec![pack], &known, Text::of(Language::Zh))
    }

    #[test]
    fn a_pack_is_taken_in_replaced_and_let_go_of() {
        let mut shelf = RuleShelf::default();
        let count = shelf.book().rules.len();
        let said = took(&mut shelf, pack("a.toml", "a", "rivers"));
        assert!(!said[0].is_problem && said[0].sentence.contains("示例规则包"), "{said:?}");
        assert_eq!(shelf.book().rules.len(), count + 1);
        took(&mut shelf, pack("a.toml", "b", "rivers"));
        assert_eq!((shelf.book().rules.len(), shelf.files().len()), (count + 1, 1));
        shelf.drop(Path::new("a.toml"));
        assert_eq!(shelf.book().as_ref(), Rulebook::bundled().as_ref());
    }

    #[test]
    fn a_broken_pack_is_refused_and_one_that_breaks_stays_listed_with_its_reason() {
        let mut shelf = RuleShelf::default();
        let said = took(&mut shelf, pack("a.toml", "a", "moon"));
        assert!(said[0].is_problem && said[0].sentence.starts_with("a.toml") && said[0].sentence.contains("第 6 行"));
        assert!(shelf.files().is_empty());
        took(&mut shelf, pack("a.toml", "a", "rivers"));
        took(&mut shelf, pack("a.toml", "a", "moon"));
        assert_eq!((shelf.files().len(), shelf.problems().count()), (1, 1));
        assert_eq!(shelf.book().as_ref(), Rulebook::bundled().as_ref());
    }

    #[test]
    fn a_pack_that_is_not_utf_8_is_read_as_gb18030() {
        assert_eq!(gb18030(&encoding_rs::GBK.encode("规则").0), "规则");
    }
}
