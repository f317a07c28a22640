//! 文書のプロパティ. Property sets ([MS-OLEPS]): read and written so that every property that is not ours keeps its bytes.

use crate::error::ReadError;
use crate::limits;
use crate::text::paged;
use crate::zip::Fields;

/// The stream of a document's properties ([MS-OSHARED] 2.3.3.2.2).
pub(super) const STREAM: &str = "\u{5}DocumentSummaryInformation";
/// The set with well-known numbers, {D5CDD502-2E9C-101B-9397-08002B2CF9AE}.
const KNOWN: [u8; 16] = *b"\x02\xD5\xCD\xD5\x9C\x2E\x1B\x10\x93\x97\x08\x00\x2B\x2C\xF9\xAE";
/// The set of the properties that users add, {D5CDD505-2E9C-101B-9397-08002B2CF9AE}.
const USERS: [u8; 16] = *b"\x05\xD5\xCD\xD5\x9C\x2E\x1B\x10\x93\x97\x08\x00\x2B\x2C\xF9\xAE";

const CUT: ReadError = ReadError::Damaged("a property set is cut off");
const DICTIONARY: u32 = 0;
const CODE_PAGE: u32 = 1;
/// Types of values ([MS-OLEPS] 2.2): a short number, characters of the code page, UTF-16.
const SHORT: u32 = 2;
const PAGED: u32 = 0x1E;
const WIDE: u32 = 0x1F;
/// Code pages: UTF-16LE, and Western, which is the one of a set that has none.
const UTF_16: u16 = 1200;
const WESTERN: u16 = 1252;
/// Numbers below this are free for users' properties; beyond are links to the text and marks of the set itself.
const FREE_NUMBERS: u32 = 0x0100_0000;

/// The stream: its head, and its sets as they lie there.
pub(super) struct Properties {
    head: Vec<u8>,
    sets: Vec<([u8; 16], Vec<u8>)>,
}

impl Properties {
    /// A stream without any property.
    pub fn empty() -> Self {
        let mut head = vec![0xFE, 0xFF, 0, 0, 6, 0, 2, 0];
        head.resize(24, 0);
        Self { head, sets: vec![(KNOWN, Set::new(WESTERN).bytes())] }
    }

    /// Reads a stream; what follows its sets is filling.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let head = bytes.get(..24).ok_or(CUT)?;
        if head.get(..2) != Some(&[0xFE, 0xFF]) {
            return Err(ReadError::Damaged("no property set"));
        }
        let mut f = Fields(bytes.get(24..).ok_or(CUT)?);
        let count = f.u32().ok_or(CUT)?;
        if !(1..=2).contains(&count) {
            return Err(ReadError::Damaged("a number of property sets that no document has"));
        }
        let mut sets = Vec::new();
        for _ in 0..count {
            let id = f.take(16).and_then(|id| id.try_into().ok()).ok_or(CUT)?;
            let set = bytes.get(f.u32().ok_or(CUT)? as usize..).ok_or(CUT)?;
            let length = Fields(set).u32().ok_or(CUT)? as usize;
            sets.push((id, set.get(..length).ok_or(CUT)?.to_vec()));
        }
        Ok(Self { head: head.to_vec(), sets })
    }

    /// Names and values of the users' properties that are words.
    pub fn users(&self) -> Result<Vec<(String, String)>, ReadError> {
        match self.sets.iter().find(|(id, _)| *id == USERS) {
            Some((_, set)) => Ok(Set::read(set)?.words()),
            None => Ok(Vec::new()),
        }
    }

    /// Puts properties in place of those whose name `is_old`; everything else keeps its bytes.
    pub fn exchange(&mut self, is_old: fn(&str) -> bool, new: &[(String, String)]) -> Result<(), ReadError> {
        if !self.sets.iter().any(|(id, _)| *id == USERS) {
            if self.sets.len() > 1 {
                return Err(ReadError::Damaged("a number of property sets that no document has"));
            }
            // Both sets are in one code page, as office programs have it.
            let page = self.sets.first().map_or(Ok(WESTERN), |(_, set)| Set::read(set).map(|set| set.page()))?;
            self.sets.push((USERS, Set::new(page).bytes()));
        }
        let (_, bytes) = self.sets.iter_mut().find(|(id, _)| *id == USERS).ok_or(CUT)?;
        let mut set = Set::read(bytes)?;
        set.remove(is_old);
        for (name, value) in new {
            set.add(name, value)?;
        }
        *bytes = set.bytes();
        Ok(())
    }

    /// The stream.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.head.clone();
        bytes.extend((self.sets.len() as u32).to_le_bytes());
        let mut at = bytes.len() + self.sets.len() * 20;
        for (id, set) in &self.sets {
            bytes.extend(id);
            bytes.extend((at as u32).to_le_bytes());
            at += set.len().next_multiple_of(4);
        }
        for (_, set) in &self.sets {
            bytes.extend(set);
            bytes.resize(bytes.len().next_multiple_of(4), 0);
        }
        bytes
    }
}

/// One set: its properties as they lie there, the dictionary of names apart.
struct Set {
    properties: Vec<(u32, Vec<u8>)>,
    names: Vec<(u32, Vec<u8>)>,
}

impl Set {
    fn new(page: u16) -> Self {
        let mut value = SHORT.to_le_bytes().to_vec();
        value.extend(u32::from(page).to_le_bytes());
        Self { properties: vec![(CODE_PAGE, value)], names: Vec::new() }
    }

    fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut f = Fields(bytes);
        f.u32().ok_or(CUT)?;
        let count = f.u32().ok_or(CUT)?;
        if count > limits::PROPERTIES {
            return Err(ReadError::Limit("properties of a set"));
        }
        let mut places = Vec::new();
        for _ in 0..count {
            places.push((f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)? as usize));
        }
        let mut starts: Vec<usize> = places.iter().map(|(_, at)| *at).chain([bytes.len()]).collect();
        starts.sort_unstable();
        if starts.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(ReadError::Damaged("two properties in one place"));
        }
        let mut set = Self { properties: Vec::new(), names: Vec::new() };
        let mut dictionary = None;
        for (id, at) in places {
            let end = starts.get(starts.partition_point(|start| *start <= at)).ok_or(CUT)?;
            let value = bytes.get(at..*end).ok_or(CUT)?;
            if id == DICTIONARY { dictionary = Some(value) } else { set.properties.push((id, value.to_vec())) }
        }
        if let Some(dictionary) = dictionary {
            set.names = names(dictionary, set.page())?;
        }
        Ok(set)
    }

    /// The code page of names and words.
    fn page(&self) -> u16 {
        let value = self.properties.iter().find(|(id, _)| *id == CODE_PAGE).map(|(_, value)| value.as_slice());
        let page = value.and_then(|value| {
            let mut f = Fields(value);
            (f.u32()? == SHORT).then(|| f.u16())?
        });
        page.unwrap_or(WESTERN)
    }

    fn name(&self, id: u32) -> Option<String> {
        let (_, name) = self.names.iter().find(|(known, _)| *known == id)?;
        Some(characters(name, self.page()))
    }

    /// Names and values of those that are words.
    fn words(&self) -> Vec<(String, String)> {
        let page = self.page();
        let word = |(id, value): &(u32, Vec<u8>)| Some((self.name(*id)?, word(value, page)?));
        self.properties.iter().filter_map(word).collect()
    }

    fn remove(&mut self, is_old: fn(&str) -> bool) {
        let page = self.page();
        let (old, kept) =
            std::mem::take(&mut self.names).into_iter().partition(|(_, name)| is_old(&characters(name, page)));
        let old: Vec<(u32, Vec<u8>)> = old;
        self.names = kept;
        self.properties.retain(|(id, _)| !old.iter().any(|(gone, _)| gone == id));
    }

    /// One more, in UTF-16, which every code page's set may hold.
    fn add(&mut self, name: &str, value: &str) -> Result<(), ReadError> {
        let ids = self.properties.iter().map(|(id, _)| *id).chain(self.names.iter().map(|(id, _)| *id));
        let id = ids.filter(|id| *id < FREE_NUMBERS).max().unwrap_or(CODE_PAGE).max(CODE_PAGE) + 1;
        if id >= FREE_NUMBERS || self.properties.len() as u32 >= limits::PROPERTIES {
            return Err(ReadError::Limit("properties of a set"));
        }
        let wide = |text: &str| text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let units = wide(value);
        let mut bytes = WIDE.to_le_bytes().to_vec();
        bytes.extend((units.len() as u32 / 2).to_le_bytes());
        bytes.extend(units);
        self.properties.push((id, bytes));
        // Our names are ASCII, the same in every code page but this one.
        let name = if self.page() == UTF_16 { wide(name) } else { name.bytes().chain([0]).collect() };
        self.names.push((id, name));
        Ok(())
    }

    fn bytes(&self) -> Vec<u8> {
        let mut values: Vec<(u32, Vec<u8>)> = Vec::new();
        if !self.names.is_empty() {
            values.push((DICTIONARY, self.dictionary()));
        }
        values.extend(self.properties.iter().cloned());
        let (mut table, mut rest) = (Vec::new(), Vec::new());
        for (id, value) in &values {
            table.extend(id.to_le_bytes());
            table.extend(((8 + values.len() * 8 + rest.len()) as u32).to_le_bytes());
            rest.extend(value);
            rest.resize(rest.len().next_multiple_of(4), 0);
        }
        let mut bytes = ((8 + table.len() + rest.len()) as u32).to_le_bytes().to_vec();
        bytes.extend((values.len() as u32).to_le_bytes());
        bytes.extend(table);
        bytes.extend(rest);
        bytes
    }

    fn dictionary(&self) -> Vec<u8> {
        let is_wide = self.page() == UTF_16;
        let mut bytes = (self.names.len() as u32).to_le_bytes().to_vec();
        for (id, name) in &self.names {
            bytes.extend(id.to_le_bytes());
            let length = if is_wide { name.len() / 2 } else { name.len() };
            bytes.extend((length as u32).to_le_bytes());
            bytes.extend(name);
            if is_wide {
                bytes.resize(bytes.len().next_multiple_of(4), 0);
            }
        }
        bytes
    }
}

/// The names of a dictionary, as they lie there ([MS-OLEPS] 2.16 and 2.17).
fn names(bytes: &[u8], page: u16) -> Result<Vec<(u32, Vec<u8>)>, ReadError> {
    let mut f = Fields(bytes);
    let count = f.u32().ok_or(CUT)?;
    if count > limits::PROPERTIES {
        return Err(ReadError::Limit("names of properties"));
    }
    let mut names = Vec::new();
    for _ in 0..count {
        let (id, length) = (f.u32().ok_or(CUT)?, f.u32().ok_or(CUT)? as usize);
        let length = if page == UTF_16 { length.saturating_mul(2) } else { length };
        names.push((id, f.take(length).ok_or(CUT)?.to_vec()));
        if page == UTF_16 && length % 4 != 0 {
            // The last one may lack its filling.
            f.take((4 - length % 4).min(f.0.len())).ok_or(CUT)?;
        }
    }
    Ok(names)
}

fn characters(bytes: &[u8], page: u16) -> String {
    if page != UTF_16 {
        return paged(bytes, page);
    }
    let units: Vec<u16> = bytes.as_chunks().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(units.split(|unit| *unit == 0).next().unwrap_or_default())
}

/// A value that is words.
fn word(value: &[u8], page: u16) -> Option<String> {
    let mut f = Fields(value);
    match f.u32()? {
        PAGED => {
            let length = f.u32()? as usize;
            Some(characters(f.take(length)?, page))
        }
        WIDE => {
            let length = (f.u32()? as usize).checked_mul(2)?;
            Some(characters(f.take(length)?, UTF_16))
        }
        _ => None,
    }
}
