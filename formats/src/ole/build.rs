//! Laying out a compound file around an envelope so that the envelope is one range: header, directory, the
//! stream, and behind it the allocation table.

use super::{END_OF_CHAIN, FILE_NAME, FREE, MINI_CUTOFF, NATIVE, SIGNATURE, TABLE_LIST_SECTOR, TABLE_SECTOR};

/// Longest envelope that an embedded object can hold: the object's size fields have 32 bits, and the whole
/// archive stays below 4 GiB.
pub(crate) const LARGEST: u64 = (4 << 30) - (64 << 20);

/// Envelopes longer than this are laid out in sectors of 4,096 bytes (version 4 of the format).
const LARGE: u64 = 1 << 30;

/// The bytes of an embedded object before and after its envelope.
pub(crate) struct Object {
    /// Header, directory, and the head of the stream.
    pub before: Vec<u8>,
    /// Rest of the stream, allocation table.
    pub after: Vec<u8>,
}

impl Object {
    /// Lays out an object for an envelope of `length` bytes, at most [`LARGEST`].
    pub fn around(length: u32) -> Self {
        let shift = if u64::from(length) > LARGE { 12 } else { 9 };
        let head_length = native_head(0, 0).len() as u64;
        let stream = (head_length + u64::from(length)).max(MINI_CUTOFF);
        let plan = Plan::new(shift, stream);
        let mut before = plan.header();
        before.extend(plan.directory(stream));
        before.extend(native_head(stream as u32 - 4, length));
        let padding = plan.sectors * plan.size() - head_length - u64::from(length);
        let mut after = vec![0; padding as usize];
        after.extend(plan.tables());
        Self { before, after }
    }
}

/// What precedes the embedded file in its stream.
fn native_head(total: u32, length: u32) -> Vec<u8> {
    let mut bytes = total.to_le_bytes().to_vec();
    bytes.extend(2_u16.to_le_bytes());
    for _ in 0..2 {
        bytes.extend(FILE_NAME.as_bytes());
        bytes.push(0);
    }
    bytes.extend([0, 0, 3, 0]);
    bytes.extend((FILE_NAME.len() as u32 + 1).to_le_bytes());
    bytes.extend(FILE_NAME.as_bytes());
    bytes.push(0);
    bytes.extend(length.to_le_bytes());
    bytes
}

/// How many sectors of what: 0 is the directory, then the stream, the tables, the lists of tables.
struct Plan {
    shift: u16,
    sectors: u64,
    tables: u64,
    lists: u64,
}

impl Plan {
    fn new(shift: u16, stream: u64) -> Self {
        let size = 1_u64 << shift;
        let (per_table, sectors) = (size / 4, stream.div_ceil(size));
        let (mut tables, mut lists) = (0, 0);
        loop {
            let needed = (1 + sectors + tables + lists).div_ceil(per_table);
            let listed = needed.saturating_sub(109).div_ceil(per_table - 1);
            if (needed, listed) == (tables, lists) {
                return Self { shift, sectors, tables, lists };
            }
            (tables, lists) = (needed, listed);
        }
    }

    fn size(&self) -> u64 {
        1 << self.shift
    }

    fn first_table(&self) -> u32 {
        (1 + self.sectors) as u32
    }

    fn first_list(&self) -> u32 {
        self.first_table() + self.tables as u32
    }

    fn header(&self) -> Vec<u8> {
        let version: u16 = if self.shift == 12 { 4 } else { 3 };
        let directory_sectors = u32::from(version == 4);
        let first_list = if self.lists == 0 { END_OF_CHAIN } else { self.first_list() };
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([0; 16]);
        for field in [0x3E, version, 0xFFFE, self.shift, 6, 0, 0, 0] {
            bytes.extend(field.to_le_bytes());
        }
        let fields = [directory_sectors, self.tables as u32, 0, 0, MINI_CUTOFF as u32, END_OF_CHAIN, 0];
        for field in fields.into_iter().chain([first_list, self.lists as u32]) {
            bytes.extend(field.to_le_bytes());
        }
        for i in 0..109 {
            let table = if i < self.tables { self.first_table() + i as u32 } else { FREE };
            bytes.extend(table.to_le_bytes());
        }
        bytes.resize(self.size() as usize, 0);
        bytes
    }

    fn directory(&self, stream: u64) -> Vec<u8> {
        let mut bytes = entry("Root Entry", 5, 1, END_OF_CHAIN, 0);
        bytes.extend(entry(NATIVE, 2, FREE, 1, stream));
        while bytes.len() < self.size() as usize {
            bytes.extend(entry("", 0, FREE, 0, 0));
        }
        bytes
    }

    fn tables(&self) -> Vec<u8> {
        let used = 1 + self.sectors + self.tables + self.lists;
        let mut bytes = Vec::with_capacity(((self.tables + self.lists) * self.size()) as usize);
        for sector in 0..self.tables * self.size() / 4 {
            let next = match sector {
                0 => END_OF_CHAIN,
                s if s == self.sectors => END_OF_CHAIN,
                s if s < self.sectors => s as u32 + 1,
                s if s <= self.sectors + self.tables => TABLE_SECTOR,
                s if s < used => TABLE_LIST_SECTOR,
                _ => FREE,
            };
            bytes.extend(next.to_le_bytes());
        }
        let per_list = self.size() / 4 - 1;
        for list in 0..self.lists {
            for i in 109 + list * per_list..109 + (list + 1) * per_list {
                let table = if i < self.tables { self.first_table() + i as u32 } else { FREE };
                bytes.extend(table.to_le_bytes());
            }
            let next = if list + 1 < self.lists { self.first_list() + list as u32 + 1 } else { END_OF_CHAIN };
            bytes.extend(next.to_le_bytes());
        }
        bytes
    }
}

/// Class of embedded files: Package, {0003000C-0000-0000-C000-000000000046}.
const PACKAGE: [u8; 16] = [0x0C, 0, 3, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46];

/// A directory entry of 128 bytes ([MS-CFB] 2.6.1).
fn entry(name: &str, kind: u8, child: u32, start: u32, size: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = if name.is_empty() { 0 } else { bytes.len() as u16 + 2 };
    bytes.resize(64, 0);
    bytes.extend(length.to_le_bytes());
    bytes.extend([kind, u8::from(kind != 0)]);
    for link in [FREE, FREE, child] {
        bytes.extend(link.to_le_bytes());
    }
    bytes.extend(if kind == 5 { PACKAGE } else { [0; 16] });
    bytes.extend([0; 20]);
    bytes.extend(start.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes
}
