//! Reading a compound file: its directory, and where a stream's bytes lie.

use std::io;
use std::ops::Range;

use super::{END_OF_CHAIN, FREE, MINI_CUTOFF, SIGNATURE};
use crate::error::ReadError;
use crate::limits;
use crate::source::{Source, read_range};
use crate::zip::Fields;

/// A compound file whose header, table and directory were read.
pub(crate) struct Compound<'a> {
    source: &'a dyn Source,
    shift: u16,
    table: Vec<u32>,
    streams: Vec<Stream>,
}

/// A stream of the directory.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    /// Name, wherever in the tree it hangs.
    pub name: String,
    start: u32,
    /// Length in bytes.
    pub size: u64,
}

const CUT: ReadError = ReadError::Damaged("a compound file is cut off");
const LOOPS: ReadError = ReadError::Damaged("a compound file's chain of sectors is broken");

struct Header {
    version: u16,
    shift: u16,
    tables: u32,
    directory: u32,
    lists: u32,
    first_list: u32,
    first_tables: Vec<u32>,
}

impl<'a> Compound<'a> {
    /// Reads a compound file; `None` when it does not begin like one.
    pub fn open(source: &'a dyn Source) -> Result<Option<Self>, ReadError> {
        let mut bytes = [0; 512];
        if source.size()? < 512 {
            return Ok(None);
        }
        source.read_exact_at(0, &mut bytes)?;
        if !bytes.starts_with(&SIGNATURE) {
            return Ok(None);
        }
        let header = read_header(&bytes)?;
        let table = read_table(source, &header)?;
        let mut compound = Self { source, shift: header.shift, table, streams: Vec::new() };
        compound.read_directory(&header)?;
        Ok(Some(compound))
    }

    /// Every stream and storage of the directory.
    pub fn streams(&self) -> &[Stream] {
        &self.streams
    }

    /// Where the bytes of a stream lie in the file, in order, neighbours joined; `None` for a stream so short
    /// that it lies in the mini stream.
    pub fn extents(&self, stream: &Stream) -> Result<Option<Vec<Range<u64>>>, ReadError> {
        if stream.size < MINI_CUTOFF {
            return Ok(None);
        }
        let file = self.source.size()?;
        let (mut extents, mut sector, mut left): (Vec<Range<u64>>, _, _) = (Vec::new(), stream.start, stream.size);
        if left > file {
            return Err(LOOPS);
        }
        while left > 0 {
            let start = offset(self.shift, sector);
            let length = left.min(1 << self.shift);
            if start + length > file {
                return Err(CUT);
            }
            match extents.last_mut() {
                Some(last) if last.end == start => last.end += length,
                _ => extents.push(start..start + length),
            }
            left -= length;
            sector = self.next(sector)?;
        }
        if sector != END_OF_CHAIN {
            return Err(LOOPS);
        }
        Ok(Some(extents))
    }

    /// The first bytes of a stream, as far as they lie together; empty when there are none.
    pub fn head(&self, stream: &Stream) -> Vec<u8> {
        let start = offset(self.shift, stream.start);
        let length = stream.size.min(1 << self.shift);
        if stream.size < MINI_CUTOFF {
            return Vec::new();
        }
        read_range(self.source, start..start + length).unwrap_or_default()
    }

    fn next(&self, sector: u32) -> Result<u32, ReadError> {
        self.table.get(sector as usize).copied().ok_or(LOOPS)
    }

    fn read_directory(&mut self, header: &Header) -> Result<(), ReadError> {
        let (mut sector, mut entries) = (header.directory, 0);
        while sector != END_OF_CHAIN {
            for bytes in read_sector(self.source, self.shift, sector)?.chunks_exact(128) {
                entries += 1;
                if entries > limits::CFB_ENTRIES {
                    return Err(ReadError::Limit("directory of a compound file"));
                }
                self.streams.extend(read_entry(bytes, header.version));
            }
            sector = self.next(sector)?;
        }
        Ok(())
    }
}

fn offset(shift: u16, sector: u32) -> u64 {
    (u64::from(sector) + 1) << shift
}

fn read_sector(source: &dyn Source, shift: u16, sector: u32) -> Result<Vec<u8>, ReadError> {
    let mut bytes = vec![0; 1 << shift];
    source.read_exact_at(offset(shift, sector), &mut bytes).map_err(|e| match e.kind() {
        io::ErrorKind::UnexpectedEof => CUT,
        _ => e.into(),
    })?;
    Ok(bytes)
}

fn read_header(bytes: &[u8]) -> Result<Header, ReadError> {
    let mut f = Fields(bytes.get(26..).ok_or(CUT)?);
    let (version, order, shift) = (f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?);
    if order != 0xFFFE || !matches!((version, shift), (3, 9) | (4, 12)) {
        return Err(ReadError::Damaged("a compound file of unknown version"));
    }
    f.take(12).ok_or(CUT)?;
    let (tables, directory) = (f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)?);
    f.take(16).ok_or(CUT)?;
    let (first_list, lists) = (f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)?);
    let first_tables = std::iter::from_fn(|| f.u32()).take(109).collect();
    Ok(Header { version, shift, tables, directory, lists, first_list, first_tables })
}

fn read_table(source: &dyn Source, header: &Header) -> Result<Vec<u32>, ReadError> {
    let sectors = source.size()? >> header.shift;
    if u64::from(header.tables) > sectors || header.lists > header.tables / 100 + 1 {
        return Err(LOOPS);
    }
    if u64::from(header.tables) << header.shift > limits::CFB_TABLE {
        return Err(ReadError::Limit("allocation table of a compound file"));
    }
    let mut places = header.first_tables.clone();
    let mut list = header.first_list;
    for _ in 0..header.lists {
        let bytes = read_sector(source, header.shift, list)?;
        let mut f = Fields(&bytes);
        places.extend(std::iter::from_fn(|| f.u32()));
        list = places.pop().ok_or(LOOPS)?;
    }
    places.truncate(header.tables as usize);
    let mut table = Vec::new();
    for place in places {
        if place == FREE {
            return Err(LOOPS);
        }
        let bytes = read_sector(source, header.shift, place)?;
        let mut f = Fields(&bytes);
        table.extend(std::iter::from_fn(|| f.u32()));
    }
    Ok(table)
}

fn read_entry(bytes: &[u8], version: u16) -> Option<Stream> {
    let mut f = Fields(bytes);
    let name = f.take(64)?;
    let length = usize::from(f.u16()?);
    let kind = *f.take(1)?.first()?;
    f.take(49)?;
    let (start, size) = (f.u32()?, f.u64()?);
    if !matches!(kind, 1 | 2) || !(2..=64).contains(&length) {
        return None;
    }
    let units: Vec<u16> =
        name.get(..length - 2)?.chunks_exact(2).filter_map(|b| b.try_into().ok()).map(u16::from_le_bytes).collect();
    // Version 3 leaves the upper half undefined ([MS-CFB] 2.6.1).
    let size = if version == 3 { size & 0xFFFF_FFFF } else { size };
    Some(Stream { name: String::from_utf16_lossy(&units), start, size })
}
