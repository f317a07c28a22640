//! An archive written anew from another, file by file.

use std::io::Write;

use super::write::{Counted, TOO_LARGE, deflated, end_record, moved, offset32};
use super::{Archive, CENTRAL, Entry, Facts, Fields, LOCAL};
use crate::error::{LabelError, ReadError};
use crate::source::copy_range;

/// An archive being written.
pub(crate) struct Remade<'o> {
    out: Counted<'o>,
    directory: Vec<u8>,
    count: u16,
}

/// A record's fields that stay.
struct Record {
    flags: u16,
    /// Time and date, as MS-DOS wrote them.
    time: [u8; 4],
    is_folder: bool,
    name: Vec<u8>,
}

/// The flag for names in UTF-8.
const UTF8: u16 = 0x0800;

impl<'o> Remade<'o> {
    pub fn new(out: &'o mut dyn Write) -> Self {
        Self { out: Counted { out, at: 0 }, directory: Vec::new(), count: 0 }
    }

    /// A file with everything that stands beside it.
    pub fn copy(&mut self, archive: &Archive<'_>, entry: &Entry) -> Result<(), LabelError> {
        let offset = offset32(self.out.at)?;
        let record = archive.directory.get(entry.record.clone()).unwrap_or_default();
        let record = moved(record, offset)?;
        // What lies behind its data and is longer than their description is not its own.
        let end = entry.span.end.min(entry.data + entry.packed + 24);
        copy_range(archive.source(), entry.span.start..end, &mut self.out).map_err(LabelError::Write)?;
        self.list(record)
    }

    /// A file's packed bytes, and its name and time.
    pub fn copy_bare(&mut self, archive: &Archive<'_>, entry: &Entry) -> Result<(), LabelError> {
        let facts = Facts {
            method: entry.method,
            crc: entry.crc,
            packed: u32::try_from(entry.packed).map_err(|_| TOO_LARGE)?,
            size: u32::try_from(entry.size).map_err(|_| TOO_LARGE)?,
        };
        self.begin(archive, entry, facts)?;
        let data = entry.data..entry.data + entry.packed;
        copy_range(archive.source(), data, &mut self.out).map(drop).map_err(LabelError::Write)
    }

    /// A file with other bytes, and its name and time.
    pub fn change(&mut self, archive: &Archive<'_>, entry: &Entry, bytes: &[u8]) -> Result<(), LabelError> {
        let (packed, facts) = deflated(bytes).map_err(LabelError::Write)?;
        self.begin(archive, entry, facts)?;
        self.out.write_all(&packed).map_err(LabelError::Write)
    }

    fn begin(&mut self, archive: &Archive<'_>, entry: &Entry, facts: Facts) -> Result<(), LabelError> {
        let offset = offset32(self.out.at)?;
        let record = Record::of(archive, entry).ok_or(ReadError::Damaged("a ZIP record"))?;
        let mut local = LOCAL.to_le_bytes().to_vec();
        record.write_common(&mut local, facts)?;
        local.extend([0; 2]);
        local.extend_from_slice(&record.name);
        self.out.write_all(&local).map_err(LabelError::Write)?;
        let mut central = CENTRAL.to_le_bytes().to_vec();
        central.extend(20_u16.to_le_bytes());
        record.write_common(&mut central, facts)?;
        central.extend([0; 8]);
        central.extend(if record.is_folder { 0x10_u32 } else { 0 }.to_le_bytes());
        central.extend(offset.to_le_bytes());
        central.extend_from_slice(&record.name);
        self.list(central)
    }

    fn list(&mut self, record: Vec<u8>) -> Result<(), LabelError> {
        self.directory.extend(record);
        self.count = self.count.checked_add(1).filter(|count| *count < u16::MAX).ok_or(TOO_LARGE)?;
        Ok(())
    }

    /// The directory, and the archive's comment.
    pub fn finish(mut self, comment: &[u8]) -> Result<(), LabelError> {
        let start = offset32(self.out.at)?;
        self.out.write_all(&self.directory).map_err(LabelError::Write)?;
        let mut end = end_record(self.count, offset32(self.directory.len() as u64)?, start);
        let length = u16::try_from(comment.len()).map_err(|_| TOO_LARGE)?;
        end.truncate(end.len().saturating_sub(2));
        end.extend(length.to_le_bytes());
        end.extend_from_slice(comment);
        self.out.write_all(&end).map_err(LabelError::Write)
    }
}

impl Record {
    fn of(archive: &Archive<'_>, entry: &Entry) -> Option<Self> {
        let mut f = Fields(archive.directory.get(entry.record.clone())?);
        f.take(8)?;
        let flags = f.u16()?;
        f.take(2)?;
        let time = f.take(4)?.try_into().ok()?;
        let raw = archive.raw_name(entry).to_vec();
        let (flags, name) = match archive.unicode_name(entry) {
            Some(name) => (flags | UTF8, name),
            None => (flags, raw),
        };
        // Neither data descriptors nor encryption: only how the name is written, and how hard it was packed.
        Some(Self { flags: flags & (UTF8 | 0x0006), time, is_folder: name.ends_with(b"/"), name })
    }

    fn write_common(&self, bytes: &mut Vec<u8>, facts: Facts) -> Result<(), LabelError> {
        for field in [20, self.flags, facts.method] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend(self.time);
        for field in [facts.crc, facts.packed, facts.size] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend(u16::try_from(self.name.len()).map_err(|_| TOO_LARGE)?.to_le_bytes());
        Ok(())
    }
}
