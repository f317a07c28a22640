//! 差替え. A label written by exchanging a few ranges of a file: everything else is copied byte for byte, through one
//! buffer, however long the file is.

use std::io::Write;
use std::ops::Range;

use crate::error::{LabelError, ReadError};
use crate::source::{Source, copy_range};

/// New bytes in place of a range of the source; an empty range inserts.
pub(crate) struct Splice {
    /// The bytes that go.
    pub at: Range<u64>,
    /// The bytes that come.
    pub with: Vec<u8>,
}

impl Splice {
    /// New bytes between two old ones.
    pub fn insert(at: u64, with: Vec<u8>) -> Self {
        Self { at: at..at, with }
    }

    /// Other bytes in place of a range.
    pub fn replace(at: Range<u64>, with: Vec<u8>) -> Self {
        Self { at, with }
    }
}

/// Copies `source` to `out` with the changes made. They may come in any order, but not overlap.
pub(crate) fn write(source: &dyn Source, mut changes: Vec<Splice>, out: &mut dyn Write) -> Result<(), LabelError> {
    changes.sort_by_key(|c| (c.at.start, c.at.end));
    let (size, mut at) = (source.size().map_err(ReadError::from)?, 0);
    for change in changes {
        if change.at.start < at || change.at.end < change.at.start || change.at.end > size {
            return Err(ReadError::Damaged("parts of the file overlap").into());
        }
        copy_range(source, at..change.at.start, out).map_err(LabelError::Write)?;
        out.write_all(&change.with).map_err(LabelError::Write)?;
        at = change.at.end;
    }
    copy_range(source, at..size, out).map_err(LabelError::Write)?;
    Ok(())
}
