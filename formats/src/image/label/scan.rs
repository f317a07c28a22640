//! Reading a picture's parts from front to back: small reads come out of one buffer.

use std::ops::Range;

use crate::error::ReadError;
use crate::limits;
use crate::source::{Source, read_range};

/// Bytes read at a time.
const STEP: u64 = 64 << 10;

/// A place in a picture, and a buffer around it.
pub(super) struct Scan<'a> {
    source: &'a dyn Source,
    size: u64,
    /// Offset of the next byte.
    pub at: u64,
    held: Vec<u8>,
    from: u64,
    parts: u64,
}

/// A part ends behind the end of the file.
pub(super) const CUT: ReadError = ReadError::Damaged("a picture is cut off");

impl<'a> Scan<'a> {
    pub fn new(source: &'a dyn Source, at: u64) -> Result<Self, ReadError> {
        Ok(Self { source, size: source.size()?, at, held: Vec::new(), from: 0, parts: 0 })
    }

    /// Length of the picture in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The next bytes, without going on.
    pub fn peek<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let end = self.at.checked_add(N as u64).filter(|end| *end <= self.size).ok_or(CUT)?;
        if self.at < self.from || end > self.from + self.held.len() as u64 {
            self.held = read_range(self.source, self.at..self.size.min(self.at + STEP))?;
            self.from = self.at;
        }
        let at = usize::try_from(self.at - self.from).map_err(|_| CUT)?;
        self.held.get(at..at + N).and_then(|b| b.try_into().ok()).ok_or(CUT)
    }

    /// The next bytes.
    pub fn take<const N: usize>(&mut self) -> Result<[u8; N], ReadError> {
        let bytes = self.peek()?;
        self.at += N as u64;
        Ok(bytes)
    }

    /// Passes over bytes; the end of the picture is as far as it goes.
    pub fn skip(&mut self, length: u64) -> Result<(), ReadError> {
        self.at = self.at.checked_add(length).filter(|end| *end <= self.size).ok_or(CUT)?;
        Ok(())
    }

    /// Counts a part, of which there may be only so many.
    pub fn count(&mut self) -> Result<(), ReadError> {
        self.parts += 1;
        if self.parts > limits::IMAGE_PARTS { Err(ReadError::Limit("parts of a picture")) } else { Ok(()) }
    }

    /// The bytes of a range that holds a packet.
    pub fn packet(&self, range: Range<u64>) -> Result<Vec<u8>, ReadError> {
        if range.end.saturating_sub(range.start) > limits::IMAGE_PACKET {
            return Err(ReadError::Limit("an XMP packet"));
        }
        Ok(read_range(self.source, range)?)
    }
}
