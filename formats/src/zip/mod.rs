//! ZIP (APPNOTE 6.3), the container of OOXML and ODF. Reading is strict: every record must agree with its
//! twin, nothing may overlap, and no name is ever used as a path.

mod inflate;
mod notes;
mod read;
mod remade;
mod write;

pub(crate) use inflate::{Inflated, RESTARTS};
pub(crate) use read::{Archive, Entry};
pub(crate) use remade::Remade;
pub(crate) use write::{Facts, Writer, rewrite, rewrite_without};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const LOCATOR64: u32 = 0x0706_4b50;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// Little-endian fields of a record, read in order; past the end they are an error.
pub(crate) struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    pub fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (now, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(now)
    }

    pub fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes(self.take(2)?.try_into().ok()?))
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    pub fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
}
