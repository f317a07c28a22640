//! 行. What can be kept, and what it means that a row was read back as it was written.

use std::ops::Deref;

use minicbor::{Decode, Encode};

/// By what else than its key a row is found. The index is a help: a row found by it is verified like any other, and a
/// row hidden from it is one that can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Link {
    /// By subject.
    Subject = 1,
    /// By lineage.
    Lineage = 2,
    /// Those that wait for a decision.
    Open = 3,
    /// By 課室.
    Unit = 4,
    /// By the request that made it.
    Request = 5,
    /// By document and subject it was provided to.
    Provided = 6,
    /// By mail address.
    Address = 7,
    /// By medium.
    Medium = 8,
}

/// Something kept under a key.
pub trait Row: Encode<()> + for<'b> Decode<'b, ()> {
    /// Number of its kind; never reused.
    const KIND: u8;
    /// Name of its kind.
    const NAME: &'static str;

    /// Its key.
    fn key(&self) -> Vec<u8>;

    /// By what else it is found.
    fn links(&self) -> Vec<(Link, Vec<u8>)> {
        Vec::new()
    }
}

/// A row whose code held: content, key and entry are as this server wrote them.
#[derive(Debug, Clone)]
pub struct Verified<R> {
    row: R,
    entry: u64,
}

impl<R> Verified<R> {
    pub(super) const fn new(row: R, entry: u64) -> Self {
        Self { row, entry }
    }

    /// Index of the log entry that made it.
    pub const fn entry(&self) -> u64 {
        self.entry
    }

    /// The row alone, to be changed and put again.
    pub fn into_row(self) -> R {
        self.row
    }
}

impl<R> Deref for Verified<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}
