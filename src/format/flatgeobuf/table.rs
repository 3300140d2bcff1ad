//! Tables of a flat buffer, read with every offset checked.

/// A table within bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    at: usize,
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

impl<'a> Table<'a> {
    /// The outermost table.
    pub(super) fn root(bytes: &'a [u8]) -> Option<Self> {
        Table::at(bytes, 0)
    }

    /// The table that the offset at a place leads to.
    fn at(bytes: &'a [u8], place: usize) -> Option<Self> {
        let at = place.checked_add(u32::from_le_bytes(array(bytes, place)?) as usize)?;
        array::<4>(bytes, at)?;
        Some(Table { bytes, at })
    }

    /// Where a slot's value is; `None` when it has its default.
    fn slot(&self, number: usize) -> Option<usize> {
        let back = i32::from_le_bytes(array(self.bytes, self.at)?);
        let directory = usize::try_from(i64::try_from(self.at).ok()? - i64::from(back)).ok()?;
        let size = usize::from(u16::from_le_bytes(array(self.bytes, directory)?));
        let entry = 4 + 2 * number;
        if entry + 2 > size {
            return None;
        }
        let offset = usize::from(u16::from_le_bytes(array(self.bytes, directory.checked_add(entry)?)?));
        if offset == 0 { None } else { self.at.checked_add(offset) }
    }

    pub(super) fn u8(&self, slot: usize) -> u8 {
        self.slot(slot).and_then(|at| self.bytes.get(at)).copied().unwrap_or_default()
    }

    pub(super) fn u16(&self, slot: usize) -> Option<u16> {
        array(self.bytes, self.slot(slot)?).map(u16::from_le_bytes)
    }

    pub(super) fn i32(&self, slot: usize) -> Option<i32> {
        array(self.bytes, self.slot(slot)?).map(i32::from_le_bytes)
    }

    pub(super) fn u64(&self, slot: usize) -> Option<u64> {
        array(self.bytes, self.slot(slot)?).map(u64::from_le_bytes)
    }

    /// The bytes of a vector whose parts have this size.
    pub(super) fn vector(&self, slot: usize, size: usize) -> Option<&'a [u8]> {
        let at = self.slot(slot)?;
        let start = at.checked_add(u32::from_le_bytes(array(self.bytes, at)?) as usize)?;
        let count = u32::from_le_bytes(array(self.bytes, start)?) as usize;
        let start = start.checked_add(4)?;
        self.bytes.get(start..start.checked_add(count.checked_mul(size)?)?)
    }

    pub(super) fn text(&self, slot: usize) -> Option<String> {
        self.vector(slot, 1).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    pub(super) fn table(&self, slot: usize) -> Option<Table<'a>> {
        Table::at(self.bytes, self.slot(slot)?)
    }

    /// The tables of a vector; one that leads out of the bytes ends it.
    pub(super) fn tables(&self, slot: usize) -> Option<Vec<Table<'a>>> {
        let at = self.slot(slot)?;
        let start = at.checked_add(u32::from_le_bytes(array(self.bytes, at)?) as usize)?;
        let count = self.vector(slot, 4)?.len() / 4;
        (0..count).map(|place| Table::at(self.bytes, start + 4 + 4 * place)).collect()
    }
}
