//! 範囲. An envelope inside a file: read at any offset, counted from its own beginning, by many threads.

use std::io;
use std::ops::Range;
use std::path::Path;

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::ReadAt;
use kakuzuke_formats::{LocateError, Place, Source as _, locate};

use crate::error::{Error, Result};
use crate::input::{Backing, Reading};
use crate::messages;

/// Part of an open file.
pub(crate) struct Slice {
    bytes: Backing,
    range: Range<u64>,
    /// Whether it is where it lies in the carrier; otherwise it was taken out into a file of its own.
    in_place: bool,
}

impl Slice {
    /// The envelope in a file; none when there is none.
    pub(crate) fn find<'a>(bytes: impl Into<Reading<'a>>, path: &Path) -> Result<Option<Self>> {
        let bytes = bytes.into();
        let unreadable = |error: LocateError| match error {
            LocateError::Ambiguous(_) => Error::new(Code::Damaged, messages::SEVERAL_ENVELOPES).at(path),
            other => Error::of(Code::Damaged).at(path).caused_by(other),
        };
        let Some(place) = locate(&bytes).map_err(unreadable)? else { return Ok(None) };
        let own = || bytes.keep().map_err(|e| Error::io(path, e));
        match place {
            Place::Range(range) => Ok(Some(Self { bytes: own()?, range, in_place: true })),
            repacked @ Place::Repacked(_) => {
                let mut taken = tempfile::tempfile().map_err(|e| Error::io(path, e))?;
                let length = kakuzuke_formats::extract(&bytes, &repacked, &mut taken).map_err(unreadable)?;
                Ok(Some(Self { bytes: Backing::File(taken), range: 0..length, in_place: false }))
            }
        }
    }

    /// All of a file.
    pub(crate) fn whole<'a>(bytes: impl Into<Reading<'a>>, path: &Path) -> Result<Self> {
        let bytes = bytes.into();
        let length = bytes.size().map_err(|e| Error::io(path, e))?;
        let bytes = bytes.keep().map_err(|e| Error::io(path, e))?;
        Ok(Self { bytes, range: 0..length, in_place: true })
    }

    /// Where it lies in its file, unless it was taken out.
    pub(crate) fn place(&self) -> Option<Range<u64>> {
        self.in_place.then(|| self.range.clone())
    }

    /// Its bytes.
    pub(crate) fn bytes(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let length = usize::try_from(range.end.saturating_sub(range.start)).map_err(|_| io::ErrorKind::OutOfMemory)?;
        let mut bytes = vec![0; length];
        self.read_exact_at(range.start, &mut bytes)?;
        Ok(bytes)
    }
}

impl ReadAt for Slice {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let start = self.range.start.checked_add(offset);
        let end = start.and_then(|start| start.checked_add(buf.len() as u64)).filter(|end| *end <= self.range.end);
        match (start, end) {
            (Some(start), Some(_)) => self.bytes.reading().read_exact_at(start, buf),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.range.end - self.range.start)
    }
}
