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
    pub(super) source: &'a dyn Source,
    pub(super) header: Header,
    /// What follows each sector.
    pub(super) table: Vec<u32>,
    /// The sectors that hold the table, and those that list them beyond the header.
    pub(super) tables: Vec<u32>,
    pub(super) lists: Vec<u32>,
    /// The sectors of the directory.
    pub(super) directory: Vec<u32>,
    entries: Vec<Entry>,
}

/// An entry of the directory; its number is its place in it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Name, wherever in the tree it hangs.
    pub name: String,
    /// 0 unused, 1 storage, 2 stream, 5 root ([MS-CFB] 2.6.1).
    pub(super) kind: u8,
    pub(super) left: u32,
    pub(super) right: u32,
    pub(super) child: u32,
    pub(super) start: u32,
    /// Length in bytes.
    pub size: u64,
    /// Where it stands in the file.
    pub(super) at: u64,
}

pub(super) const CUT: ReadError = ReadError::Damaged("a compound file is cut off");
pub(super) const LOOPS: ReadError = ReadError::Damaged("a compound file's chain of sectors is broken");

pub(super) struct Header {
    pub(super) version: u16,
    pub(super) shift: u16,
    tables: u32,
    directory: u32,
    pub(super) first_mini: u32,
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
        let (tables, lists) = places_of_table(source, &header)?;
        let table = read_table(source, &header, &tables)?;
        let (directory, entries) = (Vec::new(), Vec::new());
        let mut compound = Self { source, header, table, tables, lists, directory, entries };
        compound.read_directory()?;
        Ok(Some(compound))
    }

    /// Every stream and storage of the directory.
    pub fn streams(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| matches!(entry.kind, 1 | 2))
    }

    /// Every entry of the directory, the unused too.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The numbers of the streams and storages that hang at the root itself.
    pub(super) fn top(&self) -> Vec<u32> {
        let (mut found, mut open) = (Vec::new(), Vec::new());
        open.extend(self.entries.first().map(|root| root.child));
        let mut seen = vec![false; self.entries.len()];
        while let Some(number) = open.pop() {
            let Some(entry) = self.entries.get(number as usize) else { continue };
            let Some(seen) = seen.get_mut(number as usize).filter(|seen| !**seen) else { continue };
            *seen = true;
            if matches!(entry.kind, 1 | 2) {
                found.push(number);
                open.extend([entry.left, entry.right]);
            }
        }
        found
    }

    /// The stream or storage of a name at the root, and its number. Names differ in more than case ([MS-CFB] 2.6.4).
    pub fn at_top(&self, name: &str) -> Option<(u32, &Entry)> {
        self.top().into_iter().find_map(|number| {
            let entry = self.entries.get(number as usize)?;
            entry.name.eq_ignore_ascii_case(name).then_some((number, entry))
        })
    }

    /// Where the bytes of a stream lie in the file, in order, neighbours joined; `None` for a stream so short
    /// that it lies in the mini stream.
    pub fn extents(&self, stream: &Entry) -> Result<Option<Vec<Range<u64>>>, ReadError> {
        if stream.size < MINI_CUTOFF {
            return Ok(None);
        }
        self.laid_out(stream).map(Some)
    }

    /// The same of a stream that lies in sectors of its own, however short.
    fn laid_out(&self, stream: &Entry) -> Result<Vec<Range<u64>>, ReadError> {
        let file = self.source.size()?;
        let (mut extents, mut sector, mut left): (Vec<Range<u64>>, _, _) = (Vec::new(), stream.start, stream.size);
        if left > file {
            return Err(LOOPS);
        }
        while left > 0 {
            let start = self.offset(sector);
            let length = left.min(self.sector_size());
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
        Ok(extents)
    }

    /// The first bytes of a stream, as far as they lie together; empty when there are none.
    pub fn head(&self, stream: &Entry) -> Vec<u8> {
        let start = self.offset(stream.start);
        let length = stream.size.min(self.sector_size());
        if stream.size < MINI_CUTOFF {
            return Vec::new();
        }
        read_range(self.source, start..start + length).unwrap_or_default()
    }

    /// The first bytes of a stream, however short it is.
    pub fn beginning(&self, stream: &Entry) -> Vec<u8> {
        if stream.size < MINI_CUTOFF { self.bytes(stream).unwrap_or_default() } else { self.head(stream) }
    }

    /// All bytes of a stream of at most [`limits::CFB_STREAM`] bytes.
    pub fn bytes(&self, stream: &Entry) -> Result<Vec<u8>, ReadError> {
        if stream.size > limits::CFB_STREAM {
            return Err(ReadError::Limit("stream of a compound file"));
        }
        let extents = match self.extents(stream)? {
            Some(extents) => extents,
            None => self.small(stream)?,
        };
        let mut bytes = Vec::new();
        for extent in extents {
            bytes.extend(read_range(self.source, extent)?);
        }
        Ok(bytes)
    }

    /// Where the pieces of a short stream lie in the file.
    pub(super) fn small(&self, stream: &Entry) -> Result<Vec<Range<u64>>, ReadError> {
        let root = self.entries.first().ok_or(CUT)?;
        let (sectors, mini) = (self.chain(root.start)?, self.mini_chain(stream)?);
        let mut left = stream.size;
        let mut pieces = Vec::new();
        for number in mini {
            let at = u64::from(number) << MINI_SHIFT;
            let sector = sectors.get((at >> self.header.shift) as usize).ok_or(LOOPS)?;
            let start = self.offset(*sector) + at % self.sector_size();
            let length = left.min(1 << MINI_SHIFT);
            pieces.push(start..start + length);
            left -= length;
        }
        Ok(pieces)
    }

    /// The mini sectors of a short stream.
    pub(super) fn mini_chain(&self, stream: &Entry) -> Result<Vec<u32>, ReadError> {
        let wanted = stream.size.div_ceil(1 << MINI_SHIFT) as usize;
        let tables = self.chain(self.header.first_mini)?;
        let (mut number, mut chain) = (stream.start, Vec::new());
        while chain.len() < wanted {
            chain.push(number);
            let at = self.mini_place(&tables, number).ok_or(LOOPS)?;
            let mut next = [0; 4];
            self.source.read_exact_at(at, &mut next)?;
            number = u32::from_le_bytes(next);
        }
        Ok(chain)
    }

    /// Where the table of the mini stream says what follows a mini sector.
    pub(super) fn mini_place(&self, tables: &[u32], number: u32) -> Option<u64> {
        let at = u64::from(number) * 4;
        let sector = tables.get(usize::try_from(at >> self.header.shift).ok()?)?;
        Some(self.offset(*sector) + at % self.sector_size())
    }

    /// The sectors that hold the table of the mini stream.
    pub(super) fn mini_tables(&self) -> Result<Vec<u32>, ReadError> {
        self.chain(self.header.first_mini)
    }

    /// The sectors of a chain, in order.
    pub(super) fn chain(&self, start: u32) -> Result<Vec<u32>, ReadError> {
        let (mut sector, mut chain) = (start, Vec::new());
        while sector != END_OF_CHAIN && !(chain.is_empty() && sector == FREE) {
            if chain.len() >= self.table.len() {
                return Err(LOOPS);
            }
            chain.push(sector);
            sector = self.next(sector)?;
        }
        Ok(chain)
    }

    pub(super) fn sector_size(&self) -> u64 {
        1 << self.header.shift
    }

    /// Where a sector begins in the file.
    pub(super) fn offset(&self, sector: u32) -> u64 {
        offset(self.header.shift, sector)
    }

    fn next(&self, sector: u32) -> Result<u32, ReadError> {
        self.table.get(sector as usize).copied().ok_or(LOOPS)
    }

    fn read_directory(&mut self) -> Result<(), ReadError> {
        let mut sector = self.header.directory;
        while sector != END_OF_CHAIN {
            let (at, version) = (self.offset(sector), self.header.version);
            for (bytes, number) in read_sector(self.source, self.header.shift, sector)?.chunks_exact(128).zip(0..) {
                if self.entries.len() as u64 >= limits::CFB_ENTRIES {
                    return Err(ReadError::Limit("directory of a compound file"));
                }
                self.entries.push(read_entry(bytes, version, at + number * 128).ok_or(CUT)?);
            }
            self.directory.push(sector);
            sector = self.next(sector)?;
        }
        Ok(())
    }
}

/// Length of a mini sector, as a power of two ([MS-CFB] 2.2).
const MINI_SHIFT: u16 = 6;

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
    f.take(8).ok_or(CUT)?;
    let first_mini = f.u32().ok_or(CUT)?;
    f.take(4).ok_or(CUT)?;
    let (first_list, lists) = (f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)?);
    let first_tables = std::iter::from_fn(|| f.u32()).take(109).collect();
    Ok(Header { version, shift, tables, directory, first_mini, lists, first_list, first_tables })
}

/// The sectors that hold the table, and those beyond the header that list them.
fn places_of_table(source: &dyn Source, header: &Header) -> Result<(Vec<u32>, Vec<u32>), ReadError> {
    let sectors = source.size()? >> header.shift;
    if u64::from(header.tables) > sectors || header.lists > header.tables / 100 + 1 {
        return Err(LOOPS);
    }
    if u64::from(header.tables) << header.shift > limits::CFB_TABLE {
        return Err(ReadError::Limit("allocation table of a compound file"));
    }
    let (mut places, mut lists) = (header.first_tables.clone(), Vec::new());
    let mut list = header.first_list;
    for _ in 0..header.lists {
        let bytes = read_sector(source, header.shift, list)?;
        lists.push(list);
        let mut f = Fields(&bytes);
        places.extend(std::iter::from_fn(|| f.u32()));
        list = places.pop().ok_or(LOOPS)?;
    }
    places.truncate(header.tables as usize);
    Ok((places, lists))
}

fn read_table(source: &dyn Source, header: &Header, places: &[u32]) -> Result<Vec<u32>, ReadError> {
    let mut table = Vec::new();
    for place in places {
        if *place == FREE {
            return Err(LOOPS);
        }
        let bytes = read_sector(source, header.shift, *place)?;
        let mut f = Fields(&bytes);
        table.extend(std::iter::from_fn(|| f.u32()));
    }
    Ok(table)
}

fn read_entry(bytes: &[u8], version: u16, at: u64) -> Option<Entry> {
    let mut f = Fields(bytes);
    let name = f.take(64)?;
    let length = usize::from(f.u16()?);
    let kind = *f.take(1)?.first()?;
    f.take(1)?;
    let (left, right, child) = (f.u32()?, f.u32()?, f.u32()?);
    f.take(36)?;
    let (start, size) = (f.u32()?, f.u64()?);
    let named = (2..=64).contains(&length);
    let units = name.get(..length.saturating_sub(2)).filter(|_| named).unwrap_or_default();
    let units: Vec<u16> = units.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    // Version 3 leaves the upper half undefined ([MS-CFB] 2.6.1).
    let size = if version == 3 { size & 0xFFFF_FFFF } else { size };
    // What has no name can't be meant.
    let kind = if named || matches!(kind, 0 | 5) { kind } else { 0xFF };
    Some(Entry { name: String::from_utf16_lossy(&units), kind, left, right, child, start, size, at })
}
