//! The seal of a document: a fingerprint of every byte of it, in a comment behind its end. It shows that a document was
//! changed, not who made it: whoever changes one on purpose can seal it anew, and is found out by recomputation.

use sha2::{Digest, Sha256};

const OPENING: &[u8] = b"%redline-atlas sha256=";
/// The opening, sixty-four digits, a line end.
const LENGTH: usize = OPENING.len() + 64 + 1;

/// SHA-256 of bytes, hexadecimal.
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A document with its seal.
pub fn sealed(mut document: Vec<u8>) -> Vec<u8> {
    if document.last() != Some(&b'\n') {
        document.push(b'\n');
    }
    let seal = fingerprint(&document);
    document.extend(OPENING);
    document.extend(seal.bytes());
    document.push(b'\n');
    document
}

/// Whether a document is as it was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// Every byte is as it was.
    Whole,
    /// At least one is not.
    Changed,
    /// There is no seal.
    Missing,
}

/// Looks at the seal of a document.
pub fn seal_of(bytes: &[u8]) -> Seal {
    let start = bytes.len().saturating_sub(LENGTH);
    let (Some(document), Some(seal)) = (bytes.get(..start), bytes.get(start..)) else { return Seal::Missing };
    let is_sealed = bytes.windows(OPENING.len()).rev().take(4 * LENGTH).any(|part| part == OPENING);
    let expected = [OPENING, fingerprint(document).as_bytes(), b"\n"].concat();
    match (seal == expected.as_slice(), is_sealed) {
        (true, _) => Seal::Whole,
        (false, true) => Seal::Changed,
        (false, false) => Seal::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_single_byte_counts_those_of_the_seal_too() {
        let document = sealed(b"%PDF-1.7\nsome words\n%%EOF".to_vec());
        assert_eq!(seal_of(&document), Seal::Whole);
        for at in 0..document.len() {
            for change in [1_u8, 0x20, 0x80] {
                let mut changed = document.clone();
                changed[at] ^= change;
                assert_ne!(seal_of(&changed), Seal::Whole, "byte {at}");
            }
        }
        assert_ne!(seal_of(&[document.as_slice(), b"\n"].concat()), Seal::Whole);
        assert_eq!(seal_of(b"%PDF-1.7\n%%EOF\n"), Seal::Missing);
        assert_eq!(seal_of(b""), Seal::Missing);
    }
}
