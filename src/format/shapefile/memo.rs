//! Words of a table that lie in a file beside it: `.dbt` of dBASE III and IV, `.fpt` of FoxPro. A row only tells the
//! number of their first block; what that leads to is not trusted.

use crate::format::bytes::{u16_at, u32_at, u32_be_at};
use std::cell::Cell;

/// Endings of such files.
pub(super) const ENDINGS: [&str; 2] = ["dbt", "fpt"];

/// Size of a block where the file tells none, and always in dBASE III.
const BLOCK: usize = 512;
/// What the words of dBASE IV begin with; those of dBASE III begin at once.
const FOURTH: &[u8] = &[0xff, 0xff, 0x08, 0x00];
/// The mark at the end of words in dBASE III.
const END: u8 = 0x1a;

/// Bytes of words that are looked at to find their encoding.
const LOOKED_AT: usize = 4096;

/// A file of words.
#[derive(Debug)]
pub(super) struct Memo<'a> {
    bytes: &'a [u8],
    is_foxpro: bool,
    block: usize,
    /// Bytes that may still be given: many rows may point to the same words.
    left: Cell<usize>,
    /// Whether a row pointed to where no words are.
    pub(super) is_broken: Cell<bool>,
}

impl<'a> Memo<'a> {
    /// Reads the head; `version` is the first byte of the table.
    pub(super) fn open(ending: &str, bytes: &'a [u8], version: u8) -> Memo<'a> {
        let is_foxpro = ending == "fpt";
        let told = match (is_foxpro, version) {
            (true, _) => bytes.get(6..8).map(|two| two.iter().fold(0, |sum, byte| sum * 256 + usize::from(*byte))),
            // the head of dBASE III holds anything there
            (false, 0x83) => None,
            (false, _) => u16_at(bytes, 20).map(usize::from),
        };
        let block = told.filter(|size| *size > 0).unwrap_or(BLOCK);
        let left = bytes.len().saturating_mul(2).saturating_add(1 << 20);
        Memo { bytes, is_foxpro, block, left: left.into(), is_broken: false.into() }
    }

    /// The ending of the file.
    pub(super) fn ending(&self) -> &'static str {
        if self.is_foxpro { "fpt" } else { "dbt" }
    }

    /// The words that a cell points to, to see what letters they have; nothing is noted.
    pub(super) fn look(&self, cell: &[u8]) -> Option<&'a [u8]> {
        let words = self.at(number(cell)?)?;
        words.get(..words.len().min(LOOKED_AT))
    }

    /// The words that a cell points to; `None` where there are none.
    pub(super) fn words(&self, cell: &[u8]) -> Option<&'a [u8]> {
        let number = number(cell)?;
        let found = self.at(number).filter(|words| words.len() <= self.left.get());
        match found {
            Some(words) => self.left.set(self.left.get() - words.len()),
            None => self.is_broken.set(true),
        }
        found
    }

    fn at(&self, number: usize) -> Option<&'a [u8]> {
        // the first block is the head
        let start = number.checked_mul(self.block)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty() && start >= self.block.min(BLOCK))?;
        if self.is_foxpro {
            let (kind, length) = (u32_be_at(rest, 0)?, u32_be_at(rest, 4)? as usize);
            // pictures and objects are no words
            return if kind == 1 { rest.get(8..length.checked_add(8)?) } else { Some(&[]) };
        }
        if rest.starts_with(FOURTH) {
            return rest.get(8..u32_at(rest, 4)? as usize);
        }
        let end = rest.iter().position(|byte| *byte == END);
        // words whose end is missing are given as far as they go
        self.is_broken.set(self.is_broken.get() || end.is_none());
        rest.get(..end.unwrap_or(rest.len()))
    }
}

/// The block that a cell names: ten digits, or four bytes; blank or nought where there are no words.
pub(super) fn number(cell: &[u8]) -> Option<usize> {
    let number = if cell.len() == 4 {
        u32_at(cell, 0)? as usize
    } else {
        std::str::from_utf8(cell).ok()?.trim_matches(['\0', ' ']).parse().ok()?
    };
    (number > 0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(number: usize, words: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; number * BLOCK];
        bytes.extend_from_slice(words);
        bytes
    }

    #[test]
    fn words_of_all_three_kinds_are_found() {
        let third = block(2, b"long words\x1a\x1aleft over");
        assert_eq!(Memo::open("dbt", &third, 0x83).words(b"         2"), Some(&b"long words"[..]));
        let mut fourth = block(1, b"\xff\xff\x08\x00\x0d\x00\x00\x00words left");
        fourth[20..22].copy_from_slice(&512_u16.to_le_bytes());
        assert_eq!(Memo::open("dbt", &fourth, 0x8b).words(b"0000000001"), Some(&b"words"[..]));
        let mut fox = vec![0; 64 * 9];
        fox[7] = 64;
        fox.extend(b"\0\0\0\x01\0\0\0\x05words left");
        let memo = Memo::open("fpt", &fox, 0x30);
        assert_eq!((memo.words(&[9, 0, 0, 0]), memo.words(b"         9")), (Some(&b"words"[..]), Some(&b"words"[..])));
        assert!(!memo.is_broken.get());
    }

    #[test]
    fn a_pointer_that_leads_astray_gives_nothing() {
        let third = block(2, b"words\x1a");
        let memo = Memo::open("dbt", &third, 0x83);
        assert_eq!((memo.words(b"          "), memo.words(b"         0")), (None, None));
        assert!(!memo.is_broken.get());
        for cell in [&b"9999999999"[..], &[255; 4], b"         9"] {
            let memo = Memo::open("dbt", &third, 0x83);
            assert_eq!((memo.words(cell), memo.is_broken.get()), (None, true), "{cell:?}");
        }
        // a length beyond the end, and rows that all point to the same words
        let mut fox = block(1, b"\0\0\0\x01\xff\xff\xff\xffwords");
        fox[6] = 2;
        assert_eq!(Memo::open("fpt", &fox, 0x30).words(&[1, 0, 0, 0]), None);
        let large = block(1, &[b'a'; 3 << 20]);
        let memo = Memo::open("dbt", &large, 0x83);
        assert_eq!((0..100).filter(|_| memo.words(b"1").is_some()).count(), 2);
    }
}
