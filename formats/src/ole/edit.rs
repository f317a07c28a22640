//! 差替え. Another content for one stream at the root of a compound file: what lies in the file stays where it is, byte for
//! byte; new sectors stand behind its end ([MS-CFB] 2.2 to 2.6).
//!
//! The stream is always at least 4,096 bytes long, filled up with zeros, as office programs do it: so it has sectors of its
//! own, and the mini stream need not grow.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::io::Write;

use super::read::{CUT, Compound, Entry, LOOPS};
use super::{END_OF_CHAIN, FREE, MINI_CUTOFF, TABLE_LIST_SECTOR, TABLE_SECTOR};
use crate::error::{LabelError, ReadError};
use crate::limits;
use crate::splice::{self, Splice};

/// Fields of the header: number of directory sectors (version 4), of table sectors, first list, number of lists, table sectors.
const DIRECTORY_SECTORS: u64 = 40;
const TABLES: u64 = 44;
const FIRST_LIST: u64 = 68;
const FIRST_TABLES: u64 = 76;
/// Table sectors that the header itself lists.
const LISTED: usize = 109;
/// Fields of an entry: its two neighbours, its child, its first sector and length.
const LEFT: u64 = 68;
const RIGHT: u64 = 72;
const CHILD: u64 = 76;
const START: u64 = 116;

/// A change under way.
struct Edit<'c, 'a> {
    compound: &'c Compound<'a>,
    /// Length of the file, and of its whole sectors.
    size: u64,
    changes: Vec<Splice>,
    /// What follows a sector now.
    next: BTreeMap<u32, u32>,
    /// The contents of the sectors behind the end, and the number of the first.
    added: Vec<Vec<u8>>,
    first: u32,
    /// Whether the file's last sector, cut short by its writer, was written whole already.
    is_filled: bool,
}

/// Writes the file with `content` as the stream `name` at its root.
pub(super) fn exchange(
    compound: &Compound<'_>,
    name: &str,
    content: Vec<u8>,
    out: &mut dyn Write,
) -> Result<(), LabelError> {
    let mut edit = Edit::begin(compound)?;
    edit.put(name, content)?;
    edit.enter_tables()?;
    edit.write(out)
}

impl<'c, 'a> Edit<'c, 'a> {
    fn begin(compound: &'c Compound<'a>) -> Result<Self, LabelError> {
        let size = compound.source.size().map_err(ReadError::from)?;
        if size > limits::CFB_LABELLED {
            return Err(ReadError::Limit("length of a compound file that is labelled").into());
        }
        let first = (size.div_ceil(compound.sector_size()) as u32).checked_sub(1).ok_or(CUT)?;
        // A chain that leads behind the end: the file is not whole. Some writers mark what is free there as ends of chains.
        let beyond = |sector: u32| sector >= first && sector < TABLE_LIST_SECTOR;
        let (here, behind) = compound.table.split_at(compound.table.len().min(first as usize));
        let starts = compound.streams().filter(|e| e.size >= MINI_CUTOFF).map(|e| e.start);
        // The mini stream and its table begin somewhere, too: a new sector must not become theirs.
        let small = compound.entries().first().map(|root| root.start).into_iter().chain([compound.header.first_mini]);
        if here.iter().copied().chain(starts).chain(small).any(beyond)
            || behind.iter().any(|n| !matches!(*n, FREE | END_OF_CHAIN))
        {
            return Err(CUT.into());
        }
        let (changes, next) = (Vec::new(), BTreeMap::new());
        Ok(Self { compound, size, changes, next, added: Vec::new(), first, is_filled: false })
    }

    /// A new sector behind the end; its number.
    fn add(&mut self, content: Vec<u8>, next: u32) -> u32 {
        let number = self.first + self.added.len() as u32;
        self.added.push(content);
        self.next.insert(number, next);
        number
    }

    /// A field of four bytes.
    fn set(&mut self, at: u64, value: u32) {
        self.changes.push(Splice::replace(at..at + 4, value.to_le_bytes().to_vec()));
    }

    /// Lays the content out and makes the directory point to it.
    fn put(&mut self, name: &str, mut content: Vec<u8>) -> Result<(), LabelError> {
        let found = self.compound.at_top(name).map(|(_, entry)| entry.clone());
        if found.as_ref().is_some_and(|entry| entry.kind != 2) {
            return Err(ReadError::Damaged("a storage with the name of a stream").into());
        }
        let old = found.as_ref().filter(|entry| entry.size >= MINI_CUTOFF);
        let chain = old.map_or_else(|| Ok(Vec::new()), |entry| self.compound.chain(entry.start))?;
        if self.is_shared(&chain, found.as_ref())? {
            return Err(ReadError::Damaged("streams of a compound file that share sectors").into());
        }
        // A stream that is shorter now keeps its length: no sector is set free.
        let length = (content.len() as u64).max(MINI_CUTOFF).max(old.map_or(0, |entry| entry.size));
        content.resize(length as usize, 0);
        let start = self.lay(&chain, &content)?;
        match found {
            Some(entry) => {
                if entry.size < MINI_CUTOFF {
                    self.release(&entry)?;
                }
                self.set(entry.at + START, start);
                self.set(entry.at + START + 4, length as u32);
                self.set(entry.at + START + 8, 0);
                Ok(())
            }
            None => self.enter(name, start, length as u32),
        }
    }

    /// Whether a sector of a stream's chain is used for anything else, too.
    fn is_shared(&self, chain: &[u32], own: Option<&Entry>) -> Result<bool, ReadError> {
        let compound = self.compound;
        let mut used = vec![false; compound.table.len()];
        let root = compound.entries().first().map_or(END_OF_CHAIN, |root| root.start);
        let mut mark = |sector: u32| match used.get_mut(sector as usize) {
            Some(used) => !std::mem::replace(used, true),
            None => false,
        };
        let (minis, small) = (compound.mini_tables()?, compound.chain(root)?);
        let fixed = [&compound.tables, &compound.lists, &compound.directory, &minis, &small];
        for sector in fixed.into_iter().flatten() {
            mark(*sector);
        }
        for entry in compound.streams().filter(|e| e.size >= MINI_CUTOFF && own.is_none_or(|own| own.at != e.at)) {
            let mut sector = entry.start;
            while mark(sector) {
                sector = compound.table.get(sector as usize).copied().unwrap_or(END_OF_CHAIN);
            }
        }
        Ok(chain.iter().any(|sector| used.get(*sector as usize).is_none_or(|used| *used)))
    }

    /// Fills the sectors of a chain, and new ones behind it; the first of all.
    fn lay(&mut self, chain: &[u32], content: &[u8]) -> Result<u32, LabelError> {
        let size = self.compound.sector_size() as usize;
        let mut pieces = content.chunks(size).map(|piece| {
            let mut piece = piece.to_vec();
            piece.resize(size, 0);
            piece
        });
        for (sector, piece) in chain.iter().zip(&mut pieces) {
            let start = self.compound.offset(*sector);
            if start >= self.size {
                return Err(CUT.into());
            }
            let end = (start + size as u64).min(self.size);
            self.is_filled |= end < start + size as u64;
            self.changes.push(Splice::replace(start..end, piece));
        }
        let mut first = chain.first().copied();
        let mut last = chain.last().copied();
        for piece in pieces {
            let number = self.add(piece, END_OF_CHAIN);
            if let Some(last) = last {
                self.next.insert(last, number);
            }
            first = first.or(Some(number));
            last = Some(number);
        }
        Ok(first.ok_or(LOOPS)?)
    }

    /// Sets free the mini sectors of a stream, with zeros in place of what was there.
    fn release(&mut self, entry: &Entry) -> Result<(), LabelError> {
        let tables = self.compound.mini_tables()?;
        for piece in self.compound.small(entry)? {
            let length = (piece.end - piece.start) as usize;
            self.changes.push(Splice::replace(piece, vec![0; length]));
        }
        for number in self.compound.mini_chain(entry)? {
            let at = self.compound.mini_place(&tables, number).ok_or(LOOPS)?;
            self.set(at, FREE);
        }
        Ok(())
    }

    /// A new entry of the directory, hung into the tree of the root.
    fn enter(&mut self, name: &str, start: u32, length: u32) -> Result<(), LabelError> {
        let entries = self.compound.entries();
        let bytes = entry(name, start, length);
        let (number, is_new) = match entries.iter().skip(1).position(|entry| entry.kind == 0) {
            Some(place) => (place as u32 + 1, false),
            None => (entries.len() as u32, true),
        };
        let (parent, field) = self.hook(name)?;
        if is_new {
            self.widen(bytes)?;
        } else {
            let at = entries.get(number as usize).ok_or(LOOPS)?.at;
            self.changes.push(Splice::replace(at..at + 128, bytes));
        }
        self.set(parent + field, number);
        Ok(())
    }

    /// Another sector of the directory, which begins with an entry.
    fn widen(&mut self, mut bytes: Vec<u8>) -> Result<(), LabelError> {
        let size = self.compound.sector_size() as usize;
        while bytes.len() < size {
            bytes.extend(unused());
        }
        let last = self.compound.directory.last().copied().ok_or(LOOPS)?;
        let number = self.add(bytes, END_OF_CHAIN);
        self.next.insert(last, number);
        if self.compound.header.version == 4 {
            self.set(DIRECTORY_SECTORS, self.compound.directory.len() as u32 + 1);
        }
        Ok(())
    }

    /// Where a new name hangs: an entry's place in the file, and the field of it. A black leaf keeps the rules of the tree.
    fn hook(&self, name: &str) -> Result<(u64, u64), LabelError> {
        let entries = self.compound.entries();
        let root = entries.first().ok_or(CUT)?;
        let (mut at, mut field, mut next) = (root.at, CHILD, root.child);
        for _ in 0..=entries.len() {
            let Some(entry) = entries.get(next as usize) else {
                return if next == FREE { Ok((at, field)) } else { Err(LOOPS.into()) };
            };
            at = entry.at;
            (field, next) = match order(name, &entry.name) {
                Ordering::Less => (LEFT, entry.left),
                Ordering::Greater => (RIGHT, entry.right),
                Ordering::Equal => return Err(LOOPS.into()),
            };
        }
        Err(LOOPS.into())
    }

    /// Writes what changed in the table, with further sectors of it where there are too few.
    fn enter_tables(&mut self) -> Result<(), LabelError> {
        let per = (self.compound.sector_size() / 4) as usize;
        let (known, known_lists) = (self.compound.tables.len(), self.compound.lists.len());
        let (mut tables, mut lists) = (0, 0);
        loop {
            let sectors = self.first as usize + self.added.len() + tables + lists;
            let needed = sectors.div_ceil(per).saturating_sub(known);
            let listed = (known + needed).saturating_sub(LISTED).div_ceil(per - 1).saturating_sub(known_lists);
            if (needed, listed) == (tables, lists) {
                break;
            }
            (tables, lists) = (needed.max(tables), listed.max(lists));
        }
        let blank = FREE.to_le_bytes().repeat(per);
        let new: Vec<u32> = (0..tables).map(|_| self.add(blank.clone(), TABLE_SECTOR)).collect();
        self.list(&new, lists, per)?;
        let places: Vec<u32> = self.compound.tables.iter().copied().chain(new).collect();
        for (sector, next) in std::mem::take(&mut self.next) {
            let place = places.get(sector as usize / per).ok_or(LOOPS)?;
            self.set_in_sector(*place, sector as usize % per, next)?;
        }
        if tables > 0 {
            self.set(TABLES, (known + tables) as u32);
        }
        Ok(())
    }

    /// Lists new sectors of the table in the header, and beyond it in sectors of lists.
    fn list(&mut self, new: &[u32], lists: usize, per: usize) -> Result<(), LabelError> {
        let known = self.compound.lists.len();
        let mut places = self.compound.lists.clone();
        for _ in 0..lists {
            let mut blank = FREE.to_le_bytes().repeat(per - 1);
            blank.extend(END_OF_CHAIN.to_le_bytes());
            let number = self.add(blank, TABLE_LIST_SECTOR);
            match places.last() {
                Some(last) => self.set_in_sector(*last, per - 1, number)?,
                None => self.set(FIRST_LIST, number),
            }
            places.push(number);
        }
        if lists > 0 {
            self.set(FIRST_LIST + 4, (known + lists) as u32);
        }
        for (sector, index) in new.iter().zip(self.compound.tables.len()..) {
            match index.checked_sub(LISTED) {
                None => self.set(FIRST_TABLES + index as u64 * 4, *sector),
                Some(beyond) => {
                    let place = places.get(beyond / (per - 1)).copied().ok_or(LOOPS)?;
                    self.set_in_sector(place, beyond % (per - 1), *sector)?;
                }
            }
        }
        Ok(())
    }

    /// A field of four bytes in a sector, old or new.
    fn set_in_sector(&mut self, sector: u32, index: usize, value: u32) -> Result<(), LabelError> {
        let Some(new) = sector.checked_sub(self.first) else {
            self.set(self.compound.offset(sector) + index as u64 * 4, value);
            return Ok(());
        };
        let bytes = self.added.get_mut(new as usize).ok_or(LOOPS)?;
        let field = bytes.get_mut(index * 4..index * 4 + 4).ok_or(LOOPS)?;
        field.copy_from_slice(&value.to_le_bytes());
        Ok(())
    }

    /// Writes the file out, whole sectors only.
    fn write(mut self, out: &mut dyn Write) -> Result<(), LabelError> {
        let short =
            if self.is_filled { 0 } else { self.size.next_multiple_of(self.compound.sector_size()) - self.size };
        let mut tail = vec![0; short as usize];
        tail.extend(self.added.concat());
        self.changes.push(Splice::insert(self.size, tail));
        splice::write(self.compound.source, self.changes, out)
    }
}

/// Shorter names come first, those of one length by their letters as capitals ([MS-CFB] 2.6.4).
fn order(one: &str, other: &str) -> Ordering {
    let units = |name: &str| name.to_uppercase().encode_utf16().collect::<Vec<u16>>();
    let length = |name: &str| name.encode_utf16().count();
    length(one).cmp(&length(other)).then_with(|| units(one).cmp(&units(other)))
}

/// An entry of a stream, black, with no neighbours ([MS-CFB] 2.6.1).
fn entry(name: &str, start: u32, length: u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let named = bytes.len() as u16 + 2;
    bytes.resize(64, 0);
    bytes.extend(named.to_le_bytes());
    bytes.extend([2, 1]);
    bytes.extend(FREE.to_le_bytes().repeat(3));
    bytes.resize(START as usize, 0);
    bytes.extend(start.to_le_bytes());
    bytes.extend(u64::from(length).to_le_bytes());
    bytes
}

fn unused() -> Vec<u8> {
    let mut bytes = vec![0; LEFT as usize];
    bytes.extend(FREE.to_le_bytes().repeat(3));
    bytes.resize(128, 0);
    bytes
}
