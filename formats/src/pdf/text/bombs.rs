//! How much the streams of a PDF inflate to, found out before anything holds them.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::bufread::ZlibDecoder;
use hayro_syntax::object::{Array, Name, Stream};

use crate::error::ReadError;
use crate::limits;

const LZW: ReadError = ReadError::Limit("length of a stream compressed with LZW");
const TOO_MUCH: ReadError = ReadError::Limit("bytes that a stream of the PDF inflates to");

/// What is known of a document's streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Streams {
    /// What all of them inflate to was found out beforehand.
    Measured,
    /// They are encrypted: each is measured when it is about to be decoded.
    Encrypted,
}

impl Streams {
    /// Refuses a stream that would inflate to too much.
    pub fn check(self, stream: &Stream<'_>) -> Result<(), ReadError> {
        if self == Self::Measured {
            return Ok(());
        }
        let data = stream.raw_data();
        let dict = stream.dict();
        let one = ["Filter", "F"].iter().find_map(|key| dict.get::<Name<'_>>(*key));
        let many = ["Filter", "F"].iter().find_map(|key| dict.get::<Array<'_>>(*key));
        let mut names = one.into_iter().chain(many.iter().flat_map(|list| list.iter::<Name<'_>>()));
        let lzw = names.any(|name| matches!(name.as_str(), "LZWDecode" | "LZW"));
        if lzw && data.len() > limits::PDF_LZW {
            return Err(LZW);
        }
        if is_deflated(&data) { length(&data).map(|_| ()) } else { Ok(()) }
    }

    /// The data of a stream.
    pub fn decode<'a>(self, stream: &Stream<'a>) -> Result<Cow<'a, [u8]>, ReadError> {
        self.check(stream)?;
        stream.decoded_data().map_err(|_| ReadError::Damaged("a stream of the PDF can't be decoded"))
    }
}

/// Refuses an encrypted document whose streams of objects may inflate to too much: they are decoded before anybody
/// could measure them. Any that can't be told from one counts as one.
pub(super) fn packed_objects(bytes: &[u8]) -> Result<(), ReadError> {
    let (mut sum, mut at) = (0_usize, 0);
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), b"stream") {
        let start = at + found + b"stream".len();
        at = start;
        let before = bytes.get(start.saturating_sub(600)..start).unwrap_or_default();
        let may_be = [b"/First".as_slice(), b"/ObjStm", b"#"].iter().any(|word| find(before, word).is_some());
        if may_be && !before.ends_with(b"endstream") {
            let data = bytes.get(start..).unwrap_or_default();
            sum = sum.saturating_add(find(data, b"endstream").unwrap_or(data.len()));
            if sum > limits::PDF_PACKED_OBJECTS {
                return Err(ReadError::Limit("streams of objects in an encrypted PDF"));
            }
        }
    }
    Ok(())
}

/// The sum of what all streams inflate to. They are looked for by their keyword alone: what a dictionary says of its
/// stream is not believed.
pub(super) fn inflated(bytes: &[u8]) -> Result<u64, ReadError> {
    let (mut sum, mut at) = (0_u64, 0);
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), b"stream") {
        let start = at + found + b"stream".len();
        at = start;
        let before = bytes.get(start.saturating_sub(600)..start).unwrap_or_default();
        if before.ends_with(b"endstream") {
            continue;
        }
        let data = bytes.get(start..).unwrap_or_default();
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        if find(before, b"LZW").is_some() && find(data, b"endstream").unwrap_or(data.len()) > limits::PDF_LZW {
            return Err(LZW);
        }
        if is_deflated(data) {
            let one = length(data)?;
            sum = sum.saturating_add(one.0);
            if sum > limits::TEXT_INFLATED {
                return Err(TOO_MUCH);
            }
            at += usize::try_from(one.1).unwrap_or(0);
        }
    }
    Ok(sum)
}

/// What one stream inflates to, and its length as it lies there; once more when that is compressed again.
fn length(data: &[u8]) -> Result<(u64, u64), ReadError> {
    let mut outer = ZlibDecoder::new(data);
    let mut head = [0; 2];
    let is_nested = outer.read_exact(&mut head).is_ok() && is_deflated(&head);
    if !is_nested {
        let count = count(&mut outer)?;
        return Ok((count, outer.total_in()));
    }
    let mut inner = ZlibDecoder::new(io::BufReader::new(ZlibDecoder::new(data)));
    let inner = count(&mut inner)?;
    let mut outer = ZlibDecoder::new(data);
    Ok((count(&mut outer)?.saturating_add(inner), outer.total_in()))
}

fn count(data: &mut impl Read) -> Result<u64, ReadError> {
    let mut sink = io::sink();
    // Broken data end where they break.
    let mut limited = data.take(limits::PDF_INFLATED + 1);
    let mut sum = 0;
    let mut buffer = vec![0; 64 << 10];
    while let Ok(read @ 1..) = limited.read(&mut buffer) {
        sum += read as u64;
        io::Write::write_all(&mut sink, buffer.get(..read).unwrap_or_default())?;
    }
    if sum > limits::PDF_INFLATED { Err(TOO_MUCH) } else { Ok(sum) }
}

/// Whether bytes begin as zlib's do (RFC 1950, 2.2).
fn is_deflated(data: &[u8]) -> bool {
    matches!(data, [a, b, ..] if a & 0x0F == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0)
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    let first = *word.first()?;
    let mut at = 0;
    while let Some(found) = bytes.get(at..)?.iter().position(|b| *b == first) {
        at += found;
        if bytes.get(at..)?.starts_with(word) {
            return Some(at);
        }
        at += 1;
    }
    None
}
