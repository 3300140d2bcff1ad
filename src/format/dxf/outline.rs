//! First walk through a DXF file: version, code page, layers, where blocks and entities stand, and whether it is whole.

use super::group::{Group, Groups};
use super::words::{Codec, Seen, page};
use crate::format::{FormatError, How, Progress};
use encoding_rs::{Encoding, UTF_8};
use std::cell::Cell;
use std::collections::HashMap;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    version: &'a [u8],
    page: &'a [u8],
    layers: Vec<(&'a [u8], Style<'a>)>,
    blocks: Vec<(&'a [u8], Block<'a>)>,
    /// Where entities begin.
    pub(super) entities: Vec<Groups<'a>>,
    /// Whether the end is marked as such.
    pub(super) is_ended: bool,
    /// Where something stands that is no group.
    pub(super) fault: Option<Groups<'a>>,
    /// The line where the file ends.
    pub(super) last_line: Option<usize>,
    seen: Seen,
}

/// How a layer is drawn.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Style<'a> {
    pub(super) color: i64,
    pub(super) linetype: &'a [u8],
}

/// A drawing that is placed by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    /// Where its entities begin.
    pub(super) start: Groups<'a>,
    pub(super) base: [f64; 3],
    /// Whether its content lies in another file.
    pub(super) is_external: bool,
}

/// Layers and blocks by their names in lower case.
#[derive(Debug)]
pub(super) struct Names<'a> {
    pub(super) layers: HashMap<String, Style<'a>>,
    pub(super) blocks: HashMap<String, Block<'a>>,
}

impl<'a> Outline<'a> {
    /// Walks through all groups.
    pub(super) fn of(mut groups: Groups<'a>, progress: &Progress) -> Self {
        let mut outline = Outline::default();
        let (mut section, mut kind, mut variable): (&[u8], &[u8], &[u8]) = (b"", b"", b"");
        let mut words: &[u8] = b"";
        let mut before = groups;
        let mut steps = 0_usize;
        while let Some(group) = groups.next() {
            steps += 1;
            if steps.is_multiple_of(4096) {
                progress.tell(groups.share());
                if progress.is_cancelled() {
                    break;
                }
            }
            // the last words of a file may be cut within a letter, so each are looked at when more follows
            outline.seen.add(words);
            words = group.words();
            if group.code == 0 {
                kind = group.name();
                match (section, kind) {
                    (_, b"EOF") => {
                        outline.is_ended = true;
                        return outline;
                    }
                    (_, b"ENDSEC") => section = b"",
                    (b"TABLES", b"LAYER") => outline.layers.push((b"", Style::default())),
                    (b"BLOCKS", b"BLOCK") => {
                        let block = Block { start: groups, base: [0.0; 3], is_external: false };
                        outline.blocks.push((b"", block));
                    }
                    _ => {}
                }
            } else if kind == b"SECTION" && group.code == 2 {
                section = group.name();
                if section == b"ENTITIES" {
                    outline.entities.push(groups);
                }
            } else {
                match (section, kind) {
                    (b"HEADER", _) if group.code == 9 => variable = group.name(),
                    (b"HEADER", _) if variable == b"$ACADVER" && group.code == 1 => outline.version = group.name(),
                    (b"HEADER", _) if variable == b"$DWGCODEPAGE" && group.code == 3 => outline.page = group.name(),
                    (b"TABLES", b"LAYER") => outline.layer(group),
                    (b"BLOCKS", b"BLOCK") => outline.block(group, groups),
                    _ => {}
                }
            }
            before = groups;
        }
        outline.last_line = before.line();
        outline.fault = groups.is_broken.then_some(before);
        outline
    }

    fn layer(&mut self, group: Group<'a>) {
        let Some((name, style)) = self.layers.last_mut() else { return };
        match group.code {
            2 => *name = group.name(),
            6 => style.linetype = group.name(),
            // a layer that is switched off has a negative colour
            62 => style.color = group.integer().saturating_abs(),
            _ => {}
        }
    }

    fn block(&mut self, group: Group<'a>, after: Groups<'a>) {
        let Some((name, block)) = self.blocks.last_mut() else { return };
        block.start = after;
        match group.code {
            2 => *name = group.name(),
            10 => block.base[0] = group.real(),
            20 => block.base[1] = group.real(),
            30 => block.base[2] = group.real(),
            70 => block.is_external = group.integer() & 4 != 0,
            _ => {}
        }
    }

    /// The encoding and how it became known: told by the person, by version and code page, or by the words. What is
    /// declared but does not fit is not followed.
    pub(super) fn codec(&self, told: Option<&str>) -> Result<(Codec, How), FormatError> {
        let codec = |encoding| Codec { encoding, is_broken: Cell::new(false) };
        if let Some(name) = told {
            let encoding = page(name).ok_or_else(|| FormatError::UnknownEncoding(name.to_owned()))?;
            return Ok((codec(encoding), How::Declared));
        }
        let by_page = page(&String::from_utf8_lossy(self.page));
        // AutoCAD 2007
        let is_new = self.version.starts_with(b"AC1") && self.version >= b"AC1021".as_slice();
        let declared: Option<&'static Encoding> = if is_new { Some(UTF_8) } else { by_page };
        Ok(match declared {
            Some(declared) if self.seen.is_foreign && self.seen.contradicts(declared) => {
                let fits = by_page.filter(|page| is_new && *page != UTF_8 && !self.seen.contradicts(page));
                (codec(fits.unwrap_or_else(|| self.seen.encoding())), How::Recognised)
            }
            Some(declared) => (codec(declared), How::Declared),
            None if self.seen.is_foreign => (codec(self.seen.encoding()), How::Recognised),
            None => (codec(UTF_8), How::Assumed),
        })
    }

    /// Layers and blocks by name; of blocks with the same name the first counts.
    pub(super) fn names(&self, codec: &Codec) -> Names<'a> {
        let key = |name: &[u8]| codec.name(name).to_lowercase();
        let mut blocks = HashMap::new();
        for (name, block) in &self.blocks {
            blocks.entry(key(name)).or_insert(*block);
        }
        Names { layers: self.layers.iter().map(|(name, style)| (key(name), *style)).collect(), blocks }
    }
}
