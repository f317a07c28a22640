//! Writing ZIP: archives of our own, and others' archives with single parts exchanged.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use kakuzuke_core::code::Text;

use super::{Archive, CENTRAL, DEFLATED, END, Fields, LOCAL, STORED};
use crate::error::LabelError;
use crate::source::copy_range;

/// 1 January 1980, midnight: no clock here.
const DATE: u16 = 0x0021;
/// The flag for names in UTF-8; not set where ASCII says it.
fn flags(name: &str) -> u16 {
    if name.is_ascii() { 0 } else { 0x0800 }
}

/// Sizes and sum of one file.
#[derive(Clone, Copy)]
pub(crate) struct Facts {
    pub method: u16,
    pub crc: u32,
    pub packed: u32,
    pub size: u32,
}

/// An archive made in memory, below 4 GiB (no ZIP64).
#[derive(Clone, Default)]
pub(crate) struct Writer {
    /// Local headers and data so far.
    pub local: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

/// Offset of the sum in a local header.
const CRC_IN_LOCAL: usize = 14;
/// Offset of the sum in a directory record.
const CRC_IN_CENTRAL: usize = 16;

impl Writer {
    /// Adds a file as it is.
    pub fn store(&mut self, name: &str, data: &[u8]) {
        let size = data.len() as u32;
        self.add(name, data, Facts { method: STORED, crc: crc32fast::hash(data), packed: size, size });
    }

    /// Adds a file deflated.
    pub fn deflate(&mut self, name: &str, data: &[u8]) -> io::Result<()> {
        let (packed, facts) = deflated(data)?;
        self.add(name, &packed, facts);
        Ok(())
    }

    fn add(&mut self, name: &str, data: &[u8], facts: Facts) {
        self.begin(name, facts);
        self.local.extend_from_slice(data);
    }

    /// Writes the local header and the directory record of a file whose data follow; returns where its sum
    /// stands in [`Writer::local`], and in the directory.
    pub fn begin(&mut self, name: &str, facts: Facts) -> (usize, usize) {
        let offset = self.local.len();
        self.local.extend(local_header(name, facts));
        let record = self.directory.len();
        self.directory.extend(central_record(name, facts, offset as u32));
        self.count += 1;
        (offset + CRC_IN_LOCAL, record + CRC_IN_CENTRAL)
    }

    /// The directory and its end, for a directory at `offset`.
    pub fn end(&self, offset: u32) -> Vec<u8> {
        let mut bytes = self.directory.clone();
        bytes.extend(end_record(self.count, self.directory.len() as u32, offset));
        bytes
    }
}

impl Facts {
    /// A stored file of a size whose sum is not known yet.
    pub fn stored(size: u32) -> Self {
        Self { method: STORED, crc: 0, packed: size, size }
    }
}

pub(super) fn deflated(data: &[u8]) -> io::Result<(Vec<u8>, Facts)> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data)?;
    let packed = encoder.finish()?;
    let crc = crc32fast::hash(data);
    let facts = Facts { method: DEFLATED, crc, packed: packed.len() as u32, size: data.len() as u32 };
    Ok((packed, facts))
}

fn common(bytes: &mut Vec<u8>, name: &str, facts: Facts) {
    for field in [20, flags(name), facts.method, 0, DATE] {
        bytes.extend(field.to_le_bytes());
    }
    for field in [facts.crc, facts.packed, facts.size] {
        bytes.extend(field.to_le_bytes());
    }
}

fn local_header(name: &str, facts: Facts) -> Vec<u8> {
    let mut bytes = LOCAL.to_le_bytes().to_vec();
    common(&mut bytes, name, facts);
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.extend([0; 2]);
    bytes.extend(name.as_bytes());
    bytes
}

fn central_record(name: &str, facts: Facts, offset: u32) -> Vec<u8> {
    let mut bytes = CENTRAL.to_le_bytes().to_vec();
    bytes.extend(20_u16.to_le_bytes());
    common(&mut bytes, name, facts);
    bytes.extend((name.len() as u16).to_le_bytes());
    bytes.extend([0; 12]);
    bytes.extend(offset.to_le_bytes());
    bytes.extend(name.as_bytes());
    bytes
}

pub(super) fn end_record(count: u16, length: u32, offset: u32) -> Vec<u8> {
    let mut bytes = END.to_le_bytes().to_vec();
    bytes.extend([0; 4]);
    bytes.extend(count.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(length.to_le_bytes());
    bytes.extend(offset.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// Copies an archive with the parts `parts` (name, data) exchanged or added; every other file's bytes stay.
pub(crate) fn rewrite(
    archive: &Archive<'_>,
    parts: &[(String, Vec<u8>)],
    out: &mut dyn Write,
) -> Result<(), LabelError> {
    rewrite_without(archive, parts, &BTreeSet::new(), out)
}

/// The same, without the files named in `gone`.
pub(crate) fn rewrite_without(
    archive: &Archive<'_>,
    parts: &[(String, Vec<u8>)],
    gone: &BTreeSet<String>,
    out: &mut dyn Write,
) -> Result<(), LabelError> {
    let mut out = Counted { out, at: 0 };
    let mut order: Vec<_> = archive.entries().iter().filter(|e| !gone.contains(&e.name)).collect();
    order.sort_by_key(|e| e.span.start);
    let mut records = Vec::with_capacity(order.len());
    let changed: HashMap<&str, &[u8]> = parts.iter().rev().map(|(name, data)| (&**name, &**data)).collect();
    for entry in order {
        let offset = offset32(out.at)?;
        let name = entry.name.as_str();
        if let Some(data) = changed.get(name) {
            records.push((entry.record.start, add(&mut out, name, data, offset)?));
        } else {
            // What lies behind its data and is longer than their description is not its own.
            let end = entry.span.end.min(entry.data + entry.packed + 24);
            copy_range(archive.source(), entry.span.start..end, &mut out).map_err(LabelError::Write)?;
            let record = archive.directory.get(entry.record.clone()).unwrap_or_default();
            records.push((entry.record.start, moved(record, offset)?));
        }
    }
    // The directory keeps its order; new files come last.
    records.sort_by_key(|(place, _)| *place);
    for (name, data) in parts.iter().filter(|(name, _)| archive.find(name).is_none()) {
        let offset = offset32(out.at)?;
        records.push((usize::MAX, add(&mut out, name, data, offset)?));
    }
    let start = offset32(out.at)?;
    let count = u16::try_from(records.len()).map_err(|_| TOO_LARGE)?;
    let directory: Vec<u8> = records.into_iter().flat_map(|(_, record)| record).collect();
    out.write_all(&directory).map_err(LabelError::Write)?;
    let end = end_record(count, offset32(directory.len() as u64)?, start);
    out.write_all(&end).map_err(LabelError::Write)
}

pub(super) const TOO_LARGE: LabelError = LabelError::Refused(Text::fixed(
    "ファイルが大きすぎるため（4 GiB以上）、格付を書き込めません。",
    "the archive is too large to be labelled",
));

pub(super) fn offset32(at: u64) -> Result<u32, LabelError> {
    u32::try_from(at).ok().filter(|at| *at != u32::MAX).ok_or(TOO_LARGE)
}

fn add(out: &mut Counted<'_>, name: &str, data: &[u8], offset: u32) -> Result<Vec<u8>, LabelError> {
    let (packed, facts) = deflated(data).map_err(LabelError::Write)?;
    out.write_all(&local_header(name, facts)).map_err(LabelError::Write)?;
    out.write_all(&packed).map_err(LabelError::Write)?;
    Ok(central_record(name, facts, offset))
}

/// A directory record with another offset. Records whose offset is in a ZIP64 field are refused: the archive
/// was checked to be short enough not to need one.
pub(super) fn moved(record: &[u8], offset: u32) -> Result<Vec<u8>, LabelError> {
    let mut record = record.to_vec();
    let field = record.get_mut(42..46).ok_or(TOO_LARGE)?;
    if Fields(field).u32() == Some(u32::MAX) {
        return Err(TOO_LARGE);
    }
    field.copy_from_slice(&offset.to_le_bytes());
    Ok(record)
}

/// Counts what is written.
pub(super) struct Counted<'a> {
    pub out: &'a mut dyn Write,
    pub at: u64,
}

impl Write for Counted<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let n = self.out.write(buf)?;
        self.at += n as u64;
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
