//! Streams of instructions decoded as they are read (ISO 32000-2, 7.4): nothing is held, and what is broken ends them, as
//! readers do.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::ZlibDecoder;
use weezl::{BitOrder, LzwStatus, decode::Decoder};

use crate::pdf::document::{Document, Stream};
use crate::pdf::object::{Dict, Object};
use crate::source::Cursor;

/// Filters of one stream that are followed.
const MOST: usize = 4;

type Bytes<'a> = Box<dyn BufRead + 'a>;

/// Runs `read` over the decoded bytes of a stream; `None` when it is encoded in a way that instructions never are.
pub(super) fn decoded<T>(file: &Document<'_>, stream: &Stream, read: impl FnOnce(&mut dyn BufRead) -> T) -> Option<T> {
    let filters = list(file, &stream.dict, "Filter")?;
    let parameters = list(file, &stream.dict, "DecodeParms")?;
    if filters.len() > MOST || stream.dict.get("F").is_some() {
        return None;
    }
    let window = file.data(stream);
    let mut bytes: Bytes<'_> = Box::new(BufReader::new(Cursor::new(&window)));
    for (place, filter) in filters.iter().enumerate() {
        let given = parameters.get(place).and_then(Object::as_dict);
        let number = |key| given.and_then(|given| given.get(key)).and_then(Object::as_u64);
        if number("Predictor").is_some_and(|predictor| predictor > 1) {
            return None;
        }
        bytes = match filter.as_name()? {
            b"FlateDecode" | b"Fl" => Box::new(BufReader::new(ZlibDecoder::new(bytes))),
            b"LZWDecode" | b"LZW" => Box::new(BufReader::new(Lzw::new(bytes, number("EarlyChange") != Some(0)))),
            b"ASCII85Decode" | b"A85" => Box::new(BufReader::new(Digits { bytes, base: 85, is_over: false })),
            b"ASCIIHexDecode" | b"AHx" => Box::new(BufReader::new(Digits { bytes, base: 16, is_over: false })),
            b"RunLengthDecode" | b"RL" => Box::new(BufReader::new(Runs { bytes, is_over: false })),
            _ => return None,
        };
    }
    Some(read(&mut bytes))
}

fn list(file: &Document<'_>, dict: &Dict, key: &str) -> Option<Vec<Object>> {
    let items = match file.value(dict, key).ok()? {
        Object::Null => Vec::new(),
        Object::Array(items) => items,
        one => vec![one],
    };
    items.iter().take(MOST + 1).map(|item| file.resolve(item).ok()).collect()
}

/// The next byte that is no white space; `None` at the end.
fn next(bytes: &mut Bytes<'_>) -> io::Result<Option<u8>> {
    loop {
        let Some(byte) = bytes.fill_buf()?.first().copied() else { return Ok(None) };
        bytes.consume(1);
        if !crate::pdf::object::is_space(byte) {
            return Ok(Some(byte));
        }
    }
}

/// Bytes as digits: base 85 (7.4.3) or 16 (7.4.2).
struct Digits<'a> {
    bytes: Bytes<'a>,
    base: u32,
    is_over: bool,
}

impl Digits<'_> {
    /// The next group: up to four bytes.
    fn group(&mut self) -> io::Result<Vec<u8>> {
        let (length, bytes) = if self.base == 85 { (5, 4) } else { (2, 1) };
        let (mut value, mut count) = (0_u32, 0_usize);
        while count < length && !self.is_over {
            let digit = match (next(&mut self.bytes)?, self.base) {
                (Some(b'z'), 85) if count == 0 => return Ok(vec![0; 4]),
                (Some(byte @ b'!'..=b'u'), 85) => u32::from(byte - b'!'),
                (Some(byte), 16) if byte.is_ascii_hexdigit() => char::from(byte).to_digit(16).unwrap_or(0),
                _ => {
                    self.is_over = true;
                    break;
                }
            };
            value = value.wrapping_mul(self.base).wrapping_add(digit);
            count += 1;
        }
        let filler = if self.base == 85 { 84 } else { 0 };
        for _ in count..length {
            value = value.wrapping_mul(self.base).wrapping_add(filler);
        }
        let said = if self.base == 85 { count.saturating_sub(1) } else { count.min(1) };
        let whole = value.to_be_bytes();
        Ok(whole.into_iter().skip(4 - bytes).take(said).collect())
    }
}

impl Read for Digits<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while !self.is_over && buf.len() - written >= 4 {
            let group = self.group()?;
            if let Some(room) = buf.get_mut(written..written + group.len()) {
                room.copy_from_slice(&group);
            }
            written += group.len();
        }
        Ok(written)
    }
}

/// Runs of equal bytes (7.4.5).
struct Runs<'a> {
    bytes: Bytes<'a>,
    is_over: bool,
}

impl Read for Runs<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        let mut one = [0];
        while !self.is_over && buf.len() - written >= 128 {
            if self.bytes.read(&mut one)? == 0 {
                break;
            }
            let Some(room) = buf.get_mut(written..written + 128) else { break };
            written += match one {
                [length @ 0..=127] => {
                    let run = room.get_mut(..usize::from(length) + 1).unwrap_or_default();
                    self.bytes.read_exact(run)?;
                    run.len()
                }
                [128] => {
                    self.is_over = true;
                    0
                }
                [length] => {
                    self.bytes.read_exact(&mut one)?;
                    let run = room.get_mut(..257 - usize::from(length)).unwrap_or_default();
                    run.fill(one[0]);
                    run.len()
                }
            };
        }
        Ok(written)
    }
}

/// LZW (7.4.4).
struct Lzw<'a> {
    bytes: Bytes<'a>,
    decoder: Decoder,
    is_over: bool,
}

impl<'a> Lzw<'a> {
    fn new(bytes: Bytes<'a>, is_early: bool) -> Self {
        let decoder =
            if is_early { Decoder::with_tiff_size_switch(BitOrder::Msb, 8) } else { Decoder::new(BitOrder::Msb, 8) };
        Self { bytes, decoder, is_over: false }
    }
}

impl Read for Lzw<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while !self.is_over {
            let input = self.bytes.fill_buf()?;
            let is_last = input.is_empty();
            let done = self.decoder.decode_bytes(input, buf);
            self.bytes.consume(done.consumed_in);
            self.is_over = match done.status {
                Ok(LzwStatus::Ok) => is_last && done.consumed_out == 0,
                Ok(LzwStatus::Done | LzwStatus::NoProgress) | Err(_) => true,
            };
            if done.consumed_out > 0 {
                return Ok(done.consumed_out);
            }
        }
        Ok(0)
    }
}
