//! 差替え. A label written by exchanging a few ranges of a file: everything else is copied byte for byte, through one
//! buffer, however long the file is.

use std::io::{self, Write};
use std::ops::Range;

use kakuzuke_core::code::Text;

use crate::error::{LabelError, ReadError};
use crate::label::StoredLabel;
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

/// A source with changes made, to be read at any offset.
pub(crate) struct Spliced<'a> {
    source: &'a dyn Source,
    pieces: Vec<Piece>,
    size: u64,
}

/// A range of the result.
struct Piece {
    at: Range<u64>,
    held: Held,
}

enum Held {
    /// Where it stands in the source.
    Old(u64),
    New(Vec<u8>),
}

impl<'a> Spliced<'a> {
    /// The changes may come in any order, but not overlap.
    pub fn new(source: &'a dyn Source, mut changes: Vec<Splice>) -> Result<Self, ReadError> {
        changes.sort_by_key(|c| (c.at.start, c.at.end));
        let end = source.size()?;
        let (mut spliced, mut at) = (Self { source, pieces: Vec::new(), size: 0 }, 0);
        for change in changes {
            if change.at.start < at || change.at.end < change.at.start || change.at.end > end {
                return Err(ReadError::Damaged("parts of the file overlap"));
            }
            spliced.push(change.at.start - at, Held::Old(at));
            spliced.push(change.with.len() as u64, Held::New(change.with));
            at = change.at.end;
        }
        spliced.push(end - at, Held::Old(at));
        Ok(spliced)
    }

    fn push(&mut self, length: u64, held: Held) {
        if length > 0 {
            let start = self.size;
            self.size += length;
            self.pieces.push(Piece { at: start..self.size, held });
        }
    }
}

impl Source for Spliced<'_> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let place = self.pieces.partition_point(|piece| piece.at.end <= offset);
        let Some(Piece { at, held }) = self.pieces.get(place) else { return Ok(0) };
        let room = usize::try_from(at.end - offset).unwrap_or(usize::MAX).min(buf.len());
        let buf = buf.get_mut(..room).unwrap_or_default();
        match held {
            Held::Old(start) => self.source.read_at(start + (offset - at.start), buf),
            Held::New(bytes) => bytes.read_at(offset - at.start, buf),
        }
    }
}

/// Copies `source` to `out` with the changes made.
pub(crate) fn write(source: &dyn Source, changes: Vec<Splice>, out: &mut dyn Write) -> Result<(), LabelError> {
    let spliced = Spliced::new(source, changes)?;
    copy_range(&spliced, 0..spliced.size, out).map(drop).map_err(LabelError::Write)
}

/// The same with changes that put a label in. It is looked for before anything is written: in a file whose parts programs don't
/// agree on, it might stand where nobody finds it.
pub(crate) fn write_label(
    source: &dyn Source,
    changes: Vec<Splice>,
    label: &StoredLabel,
    out: &mut dyn Write,
) -> Result<(), LabelError> {
    let spliced = Spliced::new(source, changes)?;
    match crate::read_label(&spliced) {
        Ok(Some(found)) if found == *label => {
            copy_range(&spliced, 0..spliced.size, out).map(drop).map_err(LabelError::Write)
        }
        _ => Err(LabelError::Refused(Text::fixed(
            "ファイルの構造や文字コードを確かめられず、書き込んだ格付を読み戻せないため、書き込みません。",
            "the label would not be found again: the file is not well formed, or its encoding can't be told for certain",
        ))),
    }
}

/// A text without these ranges, which may come in any order and overlap.
pub(crate) fn without(text: &str, mut cuts: Vec<Range<usize>>) -> String {
    cuts.sort_by_key(|cut| cut.start);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for cut in cuts {
        out.push_str(text.get(at..cut.start).unwrap_or_default());
        at = at.max(cut.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_at_any_offset_is_what_is_written() {
        let source = b"0123456789".to_vec();
        let changes = || {
            vec![
                Splice::insert(10, b"end".to_vec()),
                Splice::replace(2..5, b"xx".to_vec()),
                Splice::insert(0, b">".to_vec()),
            ]
        };
        let mut out = Vec::new();
        write(&source, changes(), &mut out).unwrap();
        assert_eq!(out, b">01xx56789end");
        let spliced = Spliced::new(&source, changes()).unwrap();
        for at in 0..out.len() {
            let mut rest = vec![0; out.len() - at];
            spliced.read_exact_at(at as u64, &mut rest).unwrap();
            assert_eq!(rest, out[at..]);
        }
        assert_eq!(spliced.read_at(out.len() as u64, &mut [0]).unwrap(), 0);
        let overlap = vec![Splice::replace(2..5, Vec::new()), Splice::replace(4..6, Vec::new())];
        assert!(Spliced::new(&source, overlap).is_err());
    }
}
