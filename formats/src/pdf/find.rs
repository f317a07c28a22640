//! Finds the envelope: the last revision must be exactly the one object that [`super::build`] writes. Nothing of the
//! document is interpreted for it, and nothing longer than a few thousand bytes is read.

use std::io;
use std::ops::Range;

use super::build::{STREAM_CLOSE, STREAM_HEAD, STREAM_OPEN};
use crate::place::MAGIC;
use crate::source::Source;

/// Bytes at the end of a file in which its trailer is looked for.
const TAIL: u64 = 2048;
/// Bytes at either end in which an encryption dictionary, or the words of a cover, are looked for.
const ENDS: u64 = 64 * 1024;
/// Longest head of the embedded file's object.
const HEAD: u64 = 160;

/// The range of the envelope in a wrapper of ours; none in any other file.
pub(super) fn envelope(source: &dyn Source) -> io::Result<Option<Range<u64>>> {
    let size = source.size()?;
    let tail = read(source, size.saturating_sub(TAIL)..size)?;
    let Some(table) = last_table(&tail).filter(|table| *table < size) else { return Ok(None) };
    let section = read(source, table..size.min(table + 64))?;
    let Some((number, object)) = one_object(&section).filter(|(_, object)| *object < table) else { return Ok(None) };
    let head = read(source, object..size.min(object + HEAD))?;
    let Some((length, start)) = stream(&head, number) else { return Ok(None) };
    let start = object + start;
    let close = STREAM_CLOSE.len() as u64;
    let end = start.checked_add(length).filter(|end| end.checked_add(close) == Some(table));
    let Some(end) = end else { return Ok(None) };
    let magic = read(source, start..end.min(start + MAGIC.len() as u64))?;
    let close = read(source, end..table)?;
    Ok((magic == MAGIC && close == STREAM_CLOSE.as_bytes()).then_some(start..end))
}

/// Whether another program encrypted it: its trailer names an encryption dictionary (7.6).
pub(super) fn is_encrypted(source: &dyn Source) -> io::Result<bool> {
    let size = source.size()?;
    let tail = read(source, size.saturating_sub(ENDS)..size)?;
    Ok(has(&tail, b"/Encrypt ") || has(&tail, b"/Encrypt\n") || has(&tail, b"/Encrypt<<"))
}

/// Whether it is one of our covers whose envelope is not where it was.
pub(super) fn is_lost_cover(source: &dyn Source) -> io::Result<bool> {
    let size = source.size()?;
    let ours = |bytes: &[u8]| has(bytes, b"/EncryptedPayload") && has(bytes, b"/Kakuzuke");
    let tail = read(source, size.saturating_sub(ENDS)..size)?;
    Ok(ours(&tail) || ours(&read(source, 0..size.min(ENDS))?))
}

fn has(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn read(source: &dyn Source, range: Range<u64>) -> io::Result<Vec<u8>> {
    let length = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
    let mut bytes = vec![0; length];
    source.read_exact_at(range.start, &mut bytes)?;
    Ok(bytes)
}

/// The offset after the last `startxref`, when the file ends there.
fn last_table(tail: &[u8]) -> Option<u64> {
    let text = tail.strip_suffix(b"\n%%EOF\n")?;
    let at = text.iter().rposition(|b| *b == b'\n')?;
    let (before, digits) = text.split_at_checked(at + 1)?;
    before.ends_with(b"startxref\n").then(|| number(digits)).flatten()
}

/// A cross-reference section of one object: its number and offset.
fn one_object(section: &[u8]) -> Option<(u64, u64)> {
    let rest = section.strip_prefix(b"xref\n")?;
    let end = rest.iter().position(|b| *b == b'\n')?;
    let (first, rest) = rest.split_at_checked(end)?;
    let object = number(first.strip_suffix(b" 1")?)?;
    let entry = rest.strip_prefix(b"\n")?.get(..20)?;
    let offset = number(entry.get(..10)?)?;
    entry.ends_with(b" 00000 n \n").then_some((object, offset))
}

/// The length the stream's head names, and where its bytes begin.
fn stream(head: &[u8], object: u64) -> Option<(u64, u64)> {
    let begin = format!("{object}{STREAM_HEAD}");
    let rest = head.strip_prefix(begin.as_bytes())?;
    let digits = rest.iter().position(|b| !b.is_ascii_digit())?;
    let (length, rest) = rest.split_at_checked(digits)?;
    rest.starts_with(STREAM_OPEN.as_bytes()).then_some(())?;
    let start = begin.len() + digits + STREAM_OPEN.len();
    Some((number(length)?, start as u64))
}

/// A decimal number without sign, at most 19 digits.
fn number(digits: &[u8]) -> Option<u64> {
    let plain = !digits.is_empty() && digits.len() <= 19 && digits.iter().all(u8::is_ascii_digit);
    if plain { std::str::from_utf8(digits).ok()?.parse().ok() } else { None }
}
