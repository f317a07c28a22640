//! Records of older Excel and PowerPoint files: a type, a length, data.

/// A record of a workbook stream ([MS-XLS] 2.1.4).
pub(super) struct Record<'b> {
    pub kind: u16,
    pub data: &'b [u8],
}

/// The records of a workbook stream; ends where they are cut off.
pub(super) struct Records<'b> {
    bytes: &'b [u8],
    /// Where the next record begins.
    pub at: usize,
}

impl<'b> Records<'b> {
    pub fn new(bytes: &'b [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    /// Whether it ended before the end of the stream.
    pub fn is_cut(&self) -> bool {
        self.at + 4 <= self.bytes.len()
    }
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Self::Item> {
        let kind = short(self.bytes, self.at)?;
        let length = usize::from(short(self.bytes, self.at + 2)?);
        let data = self.bytes.get(self.at + 4..self.at + 4 + length)?;
        self.at += 4 + length;
        Some(Record { kind, data })
    }
}

pub(super) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

pub(super) fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
