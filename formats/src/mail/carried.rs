//! 器としてのメール. A protected message is a message: its text is the cover, its one attachment the envelope (RFC 2045, base64).
//! A mail that only has an envelope attached is no carrier: a field of ours says so.

use std::io::Write;
use std::ops::Range;

use data_encoding::BASE64;
use mail_parser::{MessageParser, MimeHeaders};

use super::Headers;
use crate::carrier::{Carrier, Encoding, Frame};
use crate::cover::Cover;
use crate::error::{LabelError, LocateError, ReadError, WrapError};
use crate::format::Template;
use crate::kind::Kind;
use crate::place::{MAGIC, Place, Repacked, Route};
use crate::source::{Source, read_range};

/// The field that tells a carrier from a mail with an attachment.
const CARRIER: &str = "X-Kakuzuke-Carrier";
/// Between the parts. It has signs that base64 has not, so that no line of the envelope is one.
const BOUNDARY: &str = "=_kakuzuke_envelope_=";
/// Characters of base64 on a line (RFC 2045, 6.8).
const LINE: usize = 76;
/// Bytes of the envelope on a line.
const LINE_BYTES: usize = LINE / 4 * 3;
/// Bytes of a message that are decoded at a time.
const PIECE: u64 = 1 << 20;
/// Bytes that are looked at for the beginning of the envelope, and for its end.
const WINDOW: u64 = 1 << 20;

/// The cover of a message.
pub(super) struct Letter {
    prefix: Vec<u8>,
}

impl Letter {
    pub fn new(cover: &Cover) -> Result<Self, WrapError> {
        let text = fold(BASE64.encode(cover.letter()?.as_bytes()).as_bytes());
        let subject = super::encoded_words(&format!("保護された文書 (Protected Document) {}", cover.grades.ja), "\r\n");
        let from = super::encoded_words(&cover.organization.ja, "\r\n");
        let media = Kind::Opaque.media_type();
        // Both are asked for (RFC 5322, 3.6), and neither is for this file to say: it was not sent.
        let mut head = format!("From: {from} <kakuzuke@envelope.invalid>\r\nDate: Thu, 01 Jan 1970 00:00:00 +0000\r\n");
        head += &format!("Subject: {subject}\r\n{CARRIER}: 1\r\nMIME-Version: 1.0\r\n");
        head += &format!("Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\n\r\n--{BOUNDARY}\r\n");
        head += "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        head += &text;
        head += &format!("--{BOUNDARY}\r\nContent-Type: {media}; name=\"protected.kkz\"\r\n");
        head +=
            "Content-Disposition: attachment; filename=\"protected.kkz\"\r\nContent-Transfer-Encoding: base64\r\n\r\n";
        Ok(Self { prefix: head.into_bytes() })
    }
}

impl Template for Letter {
    fn carrier(&self, envelope: u64) -> Result<Carrier, WrapError> {
        let suffix = format!("\r\n--{BOUNDARY}--\r\n").into_bytes();
        let frame = Frame { prefix: self.prefix.clone(), suffix };
        Ok(Carrier { frame, envelope, encoding: Encoding::Base64, sums: None })
    }
}

/// Lines of base64.
fn fold(text: &[u8]) -> String {
    text.chunks(LINE).map(|line| String::from_utf8_lossy(line).into_owned() + "\r\n").collect()
}

/// Whether the headers are those of a carrier.
pub(super) fn is_carrier(head: &[u8]) -> bool {
    let fields = head.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii_end().is_empty());
    let field = format!("{CARRIER}:");
    fields
        .into_iter()
        .any(|line| line.get(..field.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(field.as_bytes())))
}

/// The envelope of a carrier.
pub(super) fn locate(source: &dyn Source) -> Result<Option<Place>, LocateError> {
    let headers = match Headers::read(source) {
        Ok(headers) => headers,
        Err(LabelError::Read(error)) => return Err(error.into()),
        Err(_) => return Ok(None),
    };
    if headers.fields(CARRIER).is_empty() {
        return Ok(None);
    }
    let delimiter = delimiter(&headers.bytes).ok_or(LOST)?;
    let size = source.size().map_err(ReadError::from)?;
    let from = headers.bytes.len() as u64;
    let begin = read_range(source, from..size.min(from + WINDOW)).map_err(ReadError::from)?;
    let start = from + attachment(&begin, &delimiter)? as u64;
    let end = end_of(source, start..size, &delimiter)?;
    let len = measure(source, start..end)?;
    Ok(Some(Place::Repacked(Repacked { len, route: Route::Base64(start..end) })))
}

/// A carrier without its envelope.
const LOST: ReadError = ReadError::Damaged("the message has a cover, but not the envelope it is for");

/// The line between the parts.
fn delimiter(headers: &[u8]) -> Option<Vec<u8>> {
    let message = MessageParser::new().parse(headers)?;
    let boundary = message.content_type()?.attribute("boundary")?;
    Some(format!("--{boundary}").into_bytes())
}

/// Where the content of the one part that is an envelope begins.
fn attachment(bytes: &[u8], delimiter: &[u8]) -> Result<usize, LocateError> {
    let (mut at, mut found, mut fields, mut is_head) = (0, None, Vec::new(), false);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        at += line.len();
        let bare = line.trim_ascii_end();
        if bare == delimiter {
            (is_head, fields) = (true, Vec::new());
        } else if is_head && bare.is_empty() {
            is_head = false;
            if is_envelope(&fields) && found.replace(at).is_some() {
                return Err(LocateError::Ambiguous("several envelopes in a message"));
            }
        } else if is_head {
            fields.extend_from_slice(line);
        }
    }
    found.ok_or_else(|| LOST.into())
}

fn is_envelope(fields: &[u8]) -> bool {
    let Some(part) = MessageParser::new().parse(fields) else { return false };
    let media = part.content_type().map(|t| format!("{}/{}", t.ctype(), t.subtype().unwrap_or_default()));
    let is_ours = media.is_some_and(|media| media.eq_ignore_ascii_case(Kind::Opaque.media_type()));
    is_ours && part.content_transfer_encoding().is_some_and(|encoding| encoding.eq_ignore_ascii_case("base64"))
}

/// Where the content ends: before the first line between parts that follows it, which is near the end of the file.
fn end_of(source: &dyn Source, content: Range<u64>, delimiter: &[u8]) -> Result<u64, LocateError> {
    let from = content.end.saturating_sub(WINDOW).max(content.start);
    let tail = read_range(source, from..content.end).map_err(ReadError::from)?;
    let mut at = 0;
    for line in tail.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(delimiter) {
            return Ok(from + at as u64);
        }
        at += line.len();
    }
    Err(LOST.into())
}

/// Bytes of the envelope in lines of base64: all but the last are equally long. Taking it out finds whether they are.
fn measure(source: &dyn Source, range: Range<u64>) -> Result<u64, LocateError> {
    const UNEVEN: ReadError = ReadError::Damaged("the lines of the envelope in the message are not of one length");
    let size = range.end - range.start;
    let head = read_range(source, range.start..range.end.min(range.start + 2048)).map_err(ReadError::from)?;
    let whole = head.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = whole.trim_ascii_end().len() as u64;
    let ended = whole.len() as u64;
    let from = range.end.saturating_sub(2048).max(range.start);
    let tail = read_range(source, from..range.end).map_err(ReadError::from)?;
    let blank = (tail.len() - tail.trim_ascii_end().len()) as u64;
    let signs = size - blank;
    let padding = tail.trim_ascii_end().iter().rev().take_while(|byte| **byte == b'=').count() as u64;
    let begins = BASE64.decode(head.get(..12).ok_or(LOST)?).map_err(|_| LOST)?;
    if !begins.starts_with(&MAGIC) || ended == 0 || line == 0 {
        return Err(LOST.into());
    }
    let (lines, rest) = (signs / ended, signs % ended);
    let signs = lines * line + rest.min(line);
    if !signs.is_multiple_of(4) || padding > 2 {
        return Err(UNEVEN.into());
    }
    Ok(signs / 4 * 3 - padding)
}

/// Copies the envelope, decoded, to `out`; gives its length in bytes.
pub(crate) fn extract(
    source: &dyn Source,
    range: &Range<u64>,
    len: u64,
    out: &mut dyn Write,
) -> Result<u64, LocateError> {
    const NOT: ReadError = ReadError::Damaged("the envelope in the message is not whole base64");
    let (mut at, mut signs, mut done) = (range.start, Vec::new(), 0);
    while at < range.end {
        let piece = read_range(source, at..range.end.min(at + PIECE)).map_err(ReadError::from)?;
        at += piece.len() as u64;
        signs.extend(piece.iter().filter(|byte| !byte.is_ascii_whitespace()));
        let whole = if at < range.end { signs.len() / 4 * 4 } else { signs.len() };
        let bytes = BASE64.decode(signs.get(..whole).unwrap_or_default()).map_err(|_| NOT)?;
        signs.drain(..whole);
        out.write_all(&bytes).map_err(LocateError::Write)?;
        done += bytes.len() as u64;
    }
    if done == len { Ok(done) } else { Err(NOT.into()) }
}

/// Bytes as lines of base64, as they come.
#[derive(Default)]
pub(crate) struct Lines {
    rest: Vec<u8>,
    is_begun: bool,
}

impl Lines {
    pub fn new() -> Self {
        Self::default()
    }

    /// The whole lines that there are with the next bytes.
    pub fn of(&mut self, bytes: &[u8]) -> Vec<u8> {
        self.rest.extend_from_slice(bytes);
        let whole = self.rest.len() / LINE_BYTES * LINE_BYTES;
        let lines: Vec<u8> = self.rest.drain(..whole).collect();
        self.lines(&lines)
    }

    /// The last line, which has no end of its own.
    pub fn last(mut self) -> Vec<u8> {
        let rest = std::mem::take(&mut self.rest);
        self.lines(&rest)
    }

    fn lines(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::with_capacity(bytes.len() / 2 * 3);
        for line in bytes.chunks(LINE_BYTES) {
            if std::mem::replace(&mut self.is_begun, true) {
                text.extend_from_slice(b"\r\n");
            }
            text.extend_from_slice(BASE64.encode(line).as_bytes());
        }
        text
    }
}

/// Bytes that an envelope takes as lines of base64.
pub(crate) const fn encoded(envelope: u64) -> u64 {
    let lines = envelope.div_ceil(LINE_BYTES as u64);
    envelope.div_ceil(3) * 4 + lines.saturating_sub(1) * 2
}
