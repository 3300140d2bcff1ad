//! Numbers out of bytes; `None` past the end, never a panic.

use geo::Coord;

/// A place in bytes that moves on as it reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// At the start.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Cursor { bytes, at: 0 }
    }

    /// The next bytes.
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(count)?;
        let part = self.bytes.get(self.at..end)?;
        self.at = end;
        Some(part)
    }

    /// How many bytes are left.
    pub(super) fn rest(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    /// A 32-bit number.
    pub(super) fn u32(&mut self, is_little: bool) -> Option<u32> {
        let bytes = self.array()?;
        Some(if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// A real number.
    pub(super) fn f64(&mut self, is_little: bool) -> Option<f64> {
        let bytes = self.array()?;
        Some(if is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    /// Real numbers, lower byte first; nothing is set up for them before they are known to be there.
    pub(super) fn f64s(&mut self, count: usize) -> Option<Vec<f64>> {
        let part = self.take(count.checked_mul(8)?)?;
        Some(part.chunks_exact(8).filter_map(|eight| eight.try_into().ok().map(f64::from_le_bytes)).collect())
    }
}

/// Pairs of real numbers, lower byte first; a rest that is no pair is left out.
pub(super) fn coords(bytes: &[u8]) -> Vec<Coord> {
    let number = |eight: &[u8]| eight.try_into().map_or(f64::NAN, f64::from_le_bytes);
    let pair = |both: &[u8]| {
        let (x, y) = both.split_at(8);
        Coord { x: number(x), y: number(y) }
    };
    bytes.chunks_exact(16).map(pair).collect()
}

/// A number of two or four bytes at a place, lower byte first.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// A number of four bytes at a place, lower byte first.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// A number of four bytes at a place, higher byte first.
pub(super) fn u32_be_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}
