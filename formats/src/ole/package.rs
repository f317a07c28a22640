//! Finding the envelope in an embedded object.

use std::io;
use std::ops::Range;

use super::{Compound, FILE_NAME, NATIVE, SIGNATURE};
use crate::error::{LocateError, ReadError};
use crate::place::MAGIC;
use crate::source::Source;
use crate::zip::Fields;

/// An envelope found in an object: where it lies, in pieces counted from the object's start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found(pub Vec<Range<u64>>);

/// Whether something begins like a compound file.
pub(crate) fn begins(object: &dyn Source) -> bool {
    let mut first = [0; SIGNATURE.len()];
    object.read_exact_at(0, &mut first).is_ok() && first == SIGNATURE
}

/// The envelope in an embedded object, if it is one of ours. What is no compound file, or a broken one that does
/// not bear our name, is somebody else's.
pub(crate) fn find(object: &dyn Source) -> Result<Option<Found>, LocateError> {
    let compound = match Compound::open(object) {
        Ok(Some(compound)) => compound,
        Ok(None) | Err(ReadError::Damaged(_) | ReadError::Limit(_)) => return Ok(None),
        Err(ReadError::Io(e)) if is_content(&e) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let mut found = None;
    for stream in compound.streams().filter(|s| s.name == NATIVE) {
        let Some((start, length)) = native(&compound.head(stream)) else { continue };
        let extents = compound.extents(stream)?.ok_or(CUT)?;
        let Some(inside) = envelope(&Pieces { object, extents: &extents }, start as u64, length)? else { continue };
        if found.is_some() {
            return Err(LocateError::Ambiguous("several envelopes in one embedded object"));
        }
        found = Some(Found(cut(&extents, inside)));
    }
    Ok(found)
}

const CUT: ReadError = ReadError::Damaged("the embedded envelope is cut off");

/// Whether reading failed because of what the file holds, such as broken compressed data.
fn is_content(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | Other | UnexpectedEof)
}

/// Where the envelope lies in the stream; `None` when the stream holds something else.
fn envelope(stream: &Pieces<'_>, start: u64, length: u64) -> Result<Option<Range<u64>>, ReadError> {
    let mut magic = [0; MAGIC.len()];
    if length < MAGIC.len() as u64 || start + length > stream.size()? {
        return Err(CUT);
    }
    stream.read_exact_at(start, &mut magic)?;
    Ok((magic == MAGIC).then_some(start..start + length))
}

/// Offset and length of the embedded file, when it bears our name.
fn native(head: &[u8]) -> Option<(usize, u64)> {
    let mut f = Fields(head);
    f.take(4)?;
    if f.u16()? != 2 || text(&mut f)? != FILE_NAME.as_bytes() {
        return None;
    }
    text(&mut f)?;
    f.take(4)?;
    let path = f.u32()?;
    f.take(usize::try_from(path).ok()?)?;
    let length = f.u32()?;
    Some((head.len() - f.0.len(), length.into()))
}

fn text<'a>(f: &mut Fields<'a>) -> Option<&'a [u8]> {
    let end = f.0.iter().position(|b| *b == 0)?;
    let text = f.take(end)?;
    f.take(1)?;
    Some(text)
}

/// The part `range` of the bytes that lie in `extents`.
fn cut(extents: &[Range<u64>], range: Range<u64>) -> Vec<Range<u64>> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for extent in extents {
        let length = extent.end - extent.start;
        let from = range.start.max(at).min(at + length);
        let to = range.end.max(at).min(at + length);
        if from < to {
            pieces.push(extent.start + (from - at)..extent.start + (to - at));
        }
        at += length;
    }
    pieces
}

/// The pieces of a stream as one source.
struct Pieces<'a> {
    object: &'a dyn Source,
    extents: &'a [Range<u64>],
}

impl Source for Pieces<'_> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.extents.iter().map(|e| e.end - e.start).sum())
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let wanted = offset..offset.saturating_add(buf.len() as u64);
        let Some(piece) = cut(self.extents, wanted).into_iter().next() else { return Ok(0) };
        let room = usize::try_from(piece.end - piece.start).unwrap_or(usize::MAX).min(buf.len());
        self.object.read_at(piece.start, buf.get_mut(..room).unwrap_or_default())
    }
}
