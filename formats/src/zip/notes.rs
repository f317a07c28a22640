//! What stands beside the files of an archive: comments, extra fields, and bytes that belong to nothing.

use super::{Archive, Entry, Fields};
use crate::source::read_range;

/// Extra fields without which a file can't be read, or has another name: ZIP64, Unicode name, AES, alignment.
const NEEDED: [u16; 5] = [0x0001, 0x7075, 0x9901, 0xD935, 0xA220];

impl Archive<'_> {
    /// The archive's comment.
    pub fn comment(&self) -> &[u8] {
        &self.comment
    }

    /// A file's comment.
    pub fn entry_comment(&self, entry: &Entry) -> &[u8] {
        self.tail(entry).map_or(&[], |(_, comment)| comment)
    }

    /// Extra fields and comment of a record (APPNOTE 4.3.12).
    fn tail(&self, entry: &Entry) -> Option<(&[u8], &[u8])> {
        let mut f = Fields(self.directory.get(entry.record.clone())?);
        f.take(28)?;
        let (name, extra, comment) = (f.u16()?, f.u16()?, f.u16()?);
        f.take(12)?;
        f.take(name.into())?;
        Some((f.take(extra.into())?, f.take(comment.into())?))
    }

    /// The extra fields of a file: those of the directory, and those before its data.
    fn extras(&self, entry: &Entry) -> Vec<u8> {
        let mut all = self.tail(entry).map_or(Vec::new(), |(extra, _)| extra.to_vec());
        let name = self.raw_name(entry).len() as u64;
        let from = (entry.span.start + 30).saturating_add(name);
        if from < entry.data {
            all.extend(read_range(self.source(), from..entry.data).unwrap_or_default());
        }
        all
    }

    /// Whether extra fields tell of times and users (APPNOTE 4.5, and Info-ZIP's own).
    pub fn has_traces(&self, entry: &Entry) -> bool {
        ids(&self.extras(entry)).any(|(id, _)| !NEEDED.contains(&id))
    }

    /// The name in UTF-8 that an extra field gives beside one in another encoding.
    pub fn unicode_name(&self, entry: &Entry) -> Option<Vec<u8>> {
        let (extra, _) = self.tail(entry)?;
        let (_, body) = ids(extra).find(|(id, _)| *id == 0x7075)?;
        let (head, name) = body.split_at_checked(5)?;
        // It holds only as long as the other name is the one it was made for.
        let sum = u32::from_le_bytes(head.get(1..5)?.try_into().ok()?);
        let fits = sum == crc32fast::hash(self.raw_name(entry)) && std::str::from_utf8(name).is_ok();
        fits.then(|| name.to_vec())
    }

    /// Whether bytes lie before the first file, between files, or behind the last.
    pub fn has_gaps(&self) -> bool {
        // What follows the data to say its length.
        const DESCRIPTOR: u64 = 24;
        let first = self.entries().iter().map(|e| e.span.start).min().unwrap_or(self.directory_at.start);
        first > 0 || self.entries().iter().any(|e| e.span.end.saturating_sub(e.data + e.packed) > DESCRIPTOR)
    }
}

/// The extra fields of a record, one by one.
fn ids(extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut fields = Fields(extra);
    std::iter::from_fn(move || {
        let (id, length) = (fields.u16()?, fields.u16()?);
        Some((id, fields.take(length.into())?))
    })
}
