//! Reading a ZIP: the directory, the local headers against it, and entries within limits.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::ops::Range;

use super::{CENTRAL, DEFLATED, END, END64, Fields, Inflated, LOCAL, LOCATOR64, STORED};
use crate::error::ReadError;
use crate::limits;
use crate::source::{Cursor, Source, Window, read_range};

/// One file in the archive.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Name as stored.
    pub name: String,
    /// Length of its data, inflated.
    pub size: u64,
    pub(super) method: u16,
    encrypted: bool,
    pub(super) crc: u32,
    pub(super) packed: u64,
    /// Everything from its local header to the next record.
    pub(super) span: Range<u64>,
    pub(super) data: u64,
    /// Its record in the directory.
    pub(super) record: Range<usize>,
}

impl Entry {
    /// Whether its data are encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }
}

/// An archive whose records were found to agree.
pub(crate) struct Archive<'a> {
    source: &'a dyn Source,
    entries: Vec<Entry>,
    /// Where the file of a name stands among them.
    places: HashMap<String, usize>,
    /// The same by the names of parts, whatever the case of their letters.
    parts: HashMap<String, usize>,
    pub(super) directory: Vec<u8>,
    /// Where the directory lies.
    pub(super) directory_at: Range<u64>,
    /// What stands behind the end.
    pub(super) comment: Vec<u8>,
}

struct End {
    entries: u64,
    directory: Range<u64>,
    comment: Vec<u8>,
}

const CUT: ReadError = ReadError::Damaged("a ZIP record is cut off");
const DISAGREES: ReadError = ReadError::Damaged("ZIP records disagree");

impl<'a> Archive<'a> {
    /// Reads the directory and checks it against the local headers.
    pub fn open(source: &'a dyn Source) -> Result<Self, ReadError> {
        let end = find_end(source)?;
        if end.entries > limits::ZIP_ENTRIES {
            return Err(ReadError::Limit("entries of a ZIP archive"));
        }
        if end.directory.end - end.directory.start > limits::ZIP_DIRECTORY {
            return Err(ReadError::Limit("directory of a ZIP archive"));
        }
        let directory = read_range(source, end.directory.clone())?;
        let mut entries = read_directory(&directory, end.entries)?;
        place(source, &mut entries, end.directory.start)?;
        let by = |key: fn(&str) -> String| {
            let mut places = HashMap::with_capacity(entries.len());
            for (place, entry) in entries.iter().enumerate() {
                places.entry(key(&entry.name)).or_insert(place);
            }
            places
        };
        let (places, parts) = (by(str::to_owned), by(part_name));
        Ok(Self { source, entries, places, parts, directory, directory_at: end.directory, comment: end.comment })
    }

    /// Length of the archive in bytes.
    pub fn size(&self) -> io::Result<u64> {
        self.source.size()
    }

    /// Every file, in the order of the directory.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file of a name.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.places.get(name).and_then(|place| self.entries.get(*place))
    }

    /// The part that a reference leads to: counted from the package's root, with or without a slash, whatever
    /// the case of its letters (ISO/IEC 29500-2, 6.2.2).
    pub fn find_part(&self, name: &str) -> Option<&Entry> {
        let place = || self.parts.get(&part_name(name)).and_then(|place| self.entries.get(*place));
        self.find(bare(name)).or_else(place)
    }

    /// The name of a file as its bytes lie there: in an encoding that nothing says, where it is old.
    pub fn raw_name(&self, entry: &Entry) -> &[u8] {
        raw_name(&self.directory, entry).unwrap_or_default()
    }

    /// Length of its data as they lie there.
    pub fn packed(&self, entry: &Entry) -> u64 {
        entry.packed
    }

    /// Where the data lie as they are, for a stored file.
    pub fn stored(&self, entry: &Entry) -> Option<Range<u64>> {
        (entry.method == STORED && !entry.encrypted && entry.packed == entry.size)
            .then(|| entry.data..entry.data + entry.packed)
    }

    /// The data, to be read at any offset.
    pub fn data(&self, entry: &Entry) -> Result<Box<dyn Source + 'a>, ReadError> {
        if let Some(range) = self.stored(entry) {
            return Ok(Box::new(Window::new(self.source, range)));
        }
        if entry.encrypted || entry.method != DEFLATED {
            return Err(ReadError::Damaged("a ZIP entry is encrypted or of an unknown method"));
        }
        let packed = Window::new(self.source, entry.data..entry.data + entry.packed);
        Ok(Box::new(Inflated::new(packed, entry.size)))
    }

    /// The whole data of a part, at most `limit` bytes, its sum checked.
    pub fn read(&self, entry: &Entry, limit: u64) -> Result<Vec<u8>, ReadError> {
        if entry.size > limit {
            return Err(ReadError::Limit("size of a ZIP entry"));
        }
        let data = self.data(entry)?;
        let mut bytes = Vec::new();
        let read = Cursor::new(&*data).take(entry.size).read_to_end(&mut bytes);
        if let Err(e) = read {
            use io::ErrorKind as K;
            // Data that end too early are broken, not unreadable.
            let broken = matches!(e.kind(), K::InvalidInput | K::InvalidData | K::UnexpectedEof);
            return Err(if broken { ReadError::Damaged("compressed data are broken") } else { e.into() });
        }
        if bytes.len() as u64 != entry.size || crc32fast::hash(&bytes) != entry.crc {
            return Err(ReadError::Damaged("a ZIP entry does not have the size and sum recorded"));
        }
        Ok(bytes)
    }

    /// Where its bytes come from.
    pub fn source(&self) -> &'a dyn Source {
        self.source
    }
}

/// A part's name counted from the root of its package.
fn bare(name: &str) -> &str {
    name.trim_start_matches("./").trim_start_matches('/')
}

fn part_name(name: &str) -> String {
    bare(name).to_ascii_lowercase()
}

fn find_end(source: &dyn Source) -> Result<End, ReadError> {
    let size = source.size()?;
    let tail_start = size.saturating_sub(22 + 65_535);
    let tail = read_range(source, tail_start..size)?;
    let last = tail.len().checked_sub(22).ok_or(ReadError::Damaged("too short for a ZIP archive"))?;
    let found = (0..=last).rev().find(|&at| {
        let mut f = Fields(tail.get(at..).unwrap_or_default());
        f.u32() == Some(END) && f.take(16).is_some() && f.u16().map(usize::from) == Some(last - at)
    });
    let at = found.ok_or(ReadError::Damaged("no end of the ZIP directory"))?;
    let end_offset = tail_start + at as u64;
    let mut end = read_end(source, end_offset, tail.get(at..).unwrap_or_default())?.checked(end_offset)?;
    end.comment = tail.get(at + 22..).unwrap_or_default().to_vec();
    Ok(end)
}

fn read_end(source: &dyn Source, offset: u64, bytes: &[u8]) -> Result<End, ReadError> {
    let mut f = Fields(bytes);
    f.take(4).ok_or(CUT)?;
    let disks = (f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?);
    let (here, total) = (f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?);
    let (length, start) = (f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)?);
    let wide = total == u16::MAX || length == u32::MAX || start == u32::MAX;
    if wide && let Some(end) = read_end64(source, offset)? {
        return Ok(end);
    }
    if disks != (0, 0) || here != total {
        return Err(ReadError::Damaged("a ZIP archive in several volumes"));
    }
    let start = u64::from(start);
    Ok(End { entries: total.into(), directory: start..start + u64::from(length), comment: Vec::new() })
}

fn read_end64(source: &dyn Source, end: u64) -> Result<Option<End>, ReadError> {
    let Some(at) = end.checked_sub(20) else { return Ok(None) };
    let locator = read_range(source, at..end)?;
    let mut f = Fields(&locator);
    if f.u32() != Some(LOCATOR64) {
        return Ok(None);
    }
    f.take(4).ok_or(CUT)?;
    let record_at = f.u64().ok_or(CUT)?;
    let record_end = record_at.checked_add(56).filter(|e| *e <= at).ok_or(DISAGREES)?;
    let record = read_range(source, record_at..record_end)?;
    let mut f = Fields(&record);
    if f.u32() != Some(END64) {
        return Err(DISAGREES);
    }
    f.take(20).ok_or(CUT)?;
    let (here, total) = (f.u64().ok_or(CUT)?, f.u64().ok_or(CUT)?);
    let (length, start) = (f.u64().ok_or(CUT)?, f.u64().ok_or(CUT)?);
    if here != total {
        return Err(DISAGREES);
    }
    let until = start.checked_add(length).ok_or(DISAGREES)?;
    Ok(Some(End { entries: total, directory: start..until, comment: Vec::new() }))
}

impl End {
    fn checked(self, end: u64) -> Result<Self, ReadError> {
        if self.directory.end > end { Err(DISAGREES) } else { Ok(self) }
    }
}

fn read_directory(bytes: &[u8], count: u64) -> Result<Vec<Entry>, ReadError> {
    let (mut entries, mut names, mut at) = (Vec::new(), HashSet::new(), 0);
    for _ in 0..count {
        let entry = read_record(bytes, at)?;
        at = entry.record.end;
        if !names.insert(raw_name(bytes, &entry).unwrap_or_default()) {
            return Err(ReadError::Damaged("a ZIP archive names a file twice"));
        }
        entries.push(entry);
    }
    if at != bytes.len() {
        return Err(DISAGREES);
    }
    Ok(entries)
}

/// The name in an entry's record (APPNOTE 4.3.12).
fn raw_name<'d>(directory: &'d [u8], entry: &Entry) -> Option<&'d [u8]> {
    let mut f = Fields(directory.get(entry.record.clone())?);
    f.take(28)?;
    let length = f.u16()?;
    f.take(16)?;
    f.take(length.into())
}

fn read_record(bytes: &[u8], at: usize) -> Result<Entry, ReadError> {
    let mut f = Fields(bytes.get(at..).ok_or(CUT)?);
    let whole = f.0.len();
    if f.u32() != Some(CENTRAL) {
        return Err(DISAGREES);
    }
    f.take(4).ok_or(CUT)?;
    let (flags, method) = (f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?);
    f.take(4).ok_or(CUT)?;
    let (crc, packed, size) = (f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)?);
    let (name, extra, comment) = (f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?);
    f.take(8).ok_or(CUT)?;
    let local = f.u32().ok_or(CUT)?;
    let name = String::from_utf8_lossy(f.take(name.into()).ok_or(CUT)?).into_owned();
    let extra = f.take(extra.into()).ok_or(CUT)?;
    f.take(comment.into()).ok_or(CUT)?;
    let mut wide = extra64(extra);
    let mut widen = |value: u32| if value == u32::MAX { wide.u64().ok_or(CUT) } else { Ok(value.into()) };
    let (size, packed, local) = (widen(size)?, widen(packed)?, widen(local)?);
    let record = at..at + (whole - f.0.len());
    let encrypted = flags & 1 != 0;
    Ok(Entry { name, size, method, encrypted, crc, packed, span: local..local, data: local, record })
}

/// The ZIP64 extra field, empty when there is none.
fn extra64(extra: &[u8]) -> Fields<'_> {
    let mut f = Fields(extra);
    while let (Some(id), Some(length)) = (f.u16(), f.u16()) {
        let Some(body) = f.take(length.into()) else { break };
        if id == 1 {
            return Fields(body);
        }
    }
    Fields(&[])
}

/// Reads the local headers; files must lie apart, before the directory.
fn place(source: &dyn Source, entries: &mut [Entry], directory: u64) -> Result<(), ReadError> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&i| entries.get(i).map_or(0, |e| e.span.start));
    let mut limit = directory;
    for i in order.into_iter().rev() {
        let Some(entry) = entries.get_mut(i) else { continue };
        entry.data = data_start(source, entry)?;
        let end = entry.data.checked_add(entry.packed).ok_or(DISAGREES)?;
        if end > limit {
            return Err(ReadError::Damaged("files of a ZIP archive overlap"));
        }
        entry.span = entry.span.start..limit;
        limit = entry.span.start;
    }
    Ok(())
}

fn data_start(source: &dyn Source, entry: &Entry) -> Result<u64, ReadError> {
    let at = entry.span.start;
    let mut head = [0; 30];
    source.read_exact_at(at, &mut head).map_err(|_| CUT)?;
    let mut f = Fields(&head);
    if f.u32() != Some(LOCAL) {
        return Err(DISAGREES);
    }
    f.take(4).ok_or(CUT)?;
    if f.u16() != Some(entry.method) {
        return Err(DISAGREES);
    }
    f.take(16).ok_or(CUT)?;
    let (name, extra) = (f.u16().ok_or(CUT)?, f.u16().ok_or(CUT)?);
    let name_at = at.checked_add(30).ok_or(DISAGREES)?;
    let mut bytes = vec![0; name.into()];
    source.read_exact_at(name_at, &mut bytes).map_err(|_| CUT)?;
    if String::from_utf8_lossy(&bytes) != entry.name {
        return Err(DISAGREES);
    }
    name_at.checked_add(u64::from(name) + u64::from(extra)).ok_or(DISAGREES)
}
