//! PDF objects (ISO 32000-2, 7.3): read from bytes within limits, and written.

use crate::error::ReadError;
use crate::limits;

/// An object. Strings and names are kept as bytes, numbers as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Object {
    Null,
    Bool(bool),
    Number(String),
    Text(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Self>),
    Dict(Dict),
    Reference(Reference),
}

/// Number and generation of an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Reference {
    pub number: u32,
    pub generation: u16,
}

/// A dictionary, in the order in which it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dict(Vec<(Vec<u8>, Object)>);

impl Object {
    pub fn name(text: &str) -> Self {
        Self::Name(text.as_bytes().to_vec())
    }

    pub fn number(value: u64) -> Self {
        Self::Number(value.to_string())
    }

    pub fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    pub fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_reference(&self) -> Option<Reference> {
        match self {
            Self::Reference(reference) => Some(*reference),
            _ => None,
        }
    }

    /// The bytes of a string.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Text(bytes) = self { Some(bytes) } else { None }
    }

    /// A text string (7.9.2.2): UTF-16BE or UTF-8 by their marks, otherwise as Latin-1, which PDFDocEncoding
    /// equals where our own strings are concerned.
    pub fn as_words(&self) -> Option<String> {
        let Self::Text(bytes) = self else { return None };
        match bytes.as_slice() {
            [0xFE, 0xFF, rest @ ..] => {
                let units: Vec<u16> =
                    rest.chunks_exact(2).map(|b| b.iter().fold(0, |n, b| n << 8 | u16::from(*b))).collect();
                String::from_utf16(&units).ok()
            }
            [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
            other => Some(other.iter().map(|b| char::from(*b)).collect()),
        }
    }

    /// A text string: ASCII as it is, anything else as UTF-16BE with its mark.
    pub fn words(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Text(text.as_bytes().to_vec());
        }
        let units = text.encode_utf16().flat_map(u16::to_be_bytes);
        Self::Text([0xFE, 0xFF].into_iter().chain(units).collect())
    }

    /// Writes the object.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend(b"null"),
            Self::Bool(value) => out.extend(value.to_string().bytes()),
            Self::Number(digits) => out.extend(digits.bytes()),
            Self::Text(bytes) => write_text(bytes, out),
            Self::Name(name) => write_name(name, out),
            Self::Array(items) => {
                out.push(b'[');
                for (place, item) in items.iter().enumerate() {
                    if place > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Dict(dict) => dict.write(out),
            Self::Reference(to) => out.extend(format!("{} {} R", to.number, to.generation).bytes()),
        }
    }
}

impl Reference {
    /// Of generation 0.
    pub fn first(number: u32) -> Self {
        Self { number, generation: 0 }
    }
}

impl From<Reference> for Object {
    fn from(reference: Reference) -> Self {
        Self::Reference(reference)
    }
}

impl From<Dict> for Object {
    fn from(dict: Dict) -> Self {
        Self::Dict(dict)
    }
}

impl Dict {
    /// Every key and its value.
    pub fn entries(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(name, value)| (name.as_slice(), value))
    }

    /// The value of a key; of a key written twice the last, as other readers do.
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().rev().find(|(k, _)| k == key.as_bytes()).map(|(_, v)| v)
    }

    /// The dictionary with a key set.
    pub fn with(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.remove(key);
        self.0.push((key.as_bytes().to_vec(), value.into()));
        self
    }

    /// Adds a key behind the others.
    pub fn push(&mut self, key: &[u8], value: Object) {
        self.0.push((key.to_vec(), value));
    }

    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(k, _)| k != key.as_bytes());
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend(b"<<");
        for (key, value) in &self.0 {
            write_name(key, out);
            out.push(b' ');
            value.write(out);
        }
        out.extend(b">>");
    }
}

fn write_text(bytes: &[u8], out: &mut Vec<u8>) {
    if bytes.iter().all(|b| (0x20..0x7F).contains(b) && !b"()\\".contains(b)) {
        out.push(b'(');
        out.extend(bytes);
        out.push(b')');
    } else {
        out.push(b'<');
        out.extend(data_encoding::HEXUPPER.encode(bytes).bytes());
        out.push(b'>');
    }
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in name {
        if is_regular(*byte) && (0x21..0x7F).contains(byte) && *byte != b'#' {
            out.push(*byte);
        } else {
            out.extend(format!("#{byte:02X}").bytes());
        }
    }
}

/// Why bytes are no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// They end too early: more of the file may help.
    End,
    /// They are none.
    Bad,
    /// They are over a limit.
    Limit(&'static str),
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::End | Fault::Bad => Self::Damaged("an object of the PDF is not well formed"),
            Fault::Limit(what) => Self::Limit(what),
        }
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

/// Reads objects from bytes.
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    pub at: usize,
    /// Whether nothing follows the bytes.
    last: bool,
    elements: usize,
}

impl<'a> Parser<'a> {
    /// `last` says that nothing follows `bytes`.
    pub fn new(bytes: &'a [u8], last: bool) -> Self {
        Self { bytes, at: 0, last, elements: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn take(&mut self) -> Result<u8, Fault> {
        let byte = self.peek().ok_or(Fault::End)?;
        self.at += 1;
        Ok(byte)
    }

    /// Passes over white space and comments.
    pub fn skip_space(&mut self) {
        let mut comment = false;
        while let Some(byte) = self.peek() {
            match byte {
                b'\r' | b'\n' => comment = false,
                b'%' => comment = true,
                _ if comment || is_space(byte) => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    /// A run of regular characters.
    fn token(&mut self) -> Result<&'a [u8], Fault> {
        let rest = self.rest();
        let length = match rest.iter().position(|b| !is_regular(*b)) {
            Some(length) => length,
            None if self.last => rest.len(),
            None => return Err(Fault::End),
        };
        self.at += length;
        rest.get(..length).filter(|t| !t.is_empty()).ok_or(if length == rest.len() { Fault::End } else { Fault::Bad })
    }

    /// A word such as `obj`, exactly.
    pub fn keyword(&mut self, word: &str) -> Result<(), Fault> {
        self.skip_space();
        let rest = self.rest();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else if word.as_bytes().starts_with(rest) && !self.last {
            Err(Fault::End)
        } else {
            Err(Fault::Bad)
        }
    }

    /// An unsigned whole number.
    pub fn integer<T: std::str::FromStr>(&mut self) -> Result<T, Fault> {
        self.skip_space();
        let token = self.token()?;
        let digits = std::str::from_utf8(token).ok().filter(|t| t.bytes().all(|b| b.is_ascii_digit()));
        digits.and_then(|t| t.parse().ok()).ok_or(Fault::Bad)
    }

    /// An object, not deeper than the limit.
    pub fn object(&mut self) -> Result<Object, Fault> {
        self.nested(limits::PDF_DEPTH)
    }

    fn nested(&mut self, depth: u32) -> Result<Object, Fault> {
        self.elements += 1;
        if self.elements > limits::PDF_ELEMENTS {
            return Err(Fault::Limit("elements of a PDF object"));
        }
        let deeper = depth.checked_sub(1).ok_or(Fault::Limit("depth of a PDF object"))?;
        self.skip_space();
        match self.peek().ok_or(Fault::End)? {
            b'/' => Ok(Object::Name(self.name()?)),
            b'(' => Ok(Object::Text(self.literal()?)),
            b'[' => self.array(deeper),
            b'<' if self.rest().get(1) == Some(&b'<') => Ok(Object::Dict(self.dict(deeper)?)),
            b'<' if self.rest().len() < 2 => Err(Fault::End),
            b'<' => Ok(Object::Text(self.hex()?)),
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(),
            _ => match self.token()? {
                b"null" => Ok(Object::Null),
                b"true" => Ok(Object::Bool(true)),
                b"false" => Ok(Object::Bool(false)),
                _ => Err(Fault::Bad),
            },
        }
    }

    fn array(&mut self, depth: u32) -> Result<Object, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            if self.peek().ok_or(Fault::End)? == b']' {
                self.at += 1;
                return Ok(Object::Array(items));
            }
            items.push(self.nested(depth)?);
        }
    }

    fn dict(&mut self, depth: u32) -> Result<Dict, Fault> {
        self.at += 2;
        let mut dict = Dict::default();
        loop {
            self.skip_space();
            match self.peek().ok_or(Fault::End)? {
                b'>' => {
                    self.keyword(">>")?;
                    return Ok(dict);
                }
                b'/' => {
                    let key = self.name()?;
                    dict.0.push((key, self.nested(depth)?));
                }
                _ => return Err(Fault::Bad),
            }
        }
    }

    /// A number, or the reference that it begins.
    fn number(&mut self) -> Result<Object, Fault> {
        let token = std::str::from_utf8(self.token()?).map_err(|_| Fault::Bad)?;
        if !token.bytes().all(|b| b.is_ascii_digit() || b"+-.".contains(&b)) {
            return Err(Fault::Bad);
        }
        let behind = self.at;
        if let Ok(number) = token.parse() {
            match self.reference(number) {
                Ok(reference) => return Ok(Object::Reference(reference)),
                Err(Fault::End) if !self.last => return Err(Fault::End),
                Err(_) => self.at = behind,
            }
        }
        Ok(Object::Number(token.to_owned()))
    }

    fn reference(&mut self, number: u32) -> Result<Reference, Fault> {
        let generation = self.integer()?;
        self.skip_space();
        if self.token()? == b"R" { Ok(Reference { number, generation }) } else { Err(Fault::Bad) }
    }

    fn name(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let token = match self.peek() {
            Some(byte) if is_regular(byte) => self.token()?,
            Some(_) => &[],
            None => return Err(Fault::End),
        };
        let (mut name, mut bytes) = (Vec::with_capacity(token.len()), token.iter());
        while let Some(byte) = bytes.next() {
            let code = bytes.as_slice().get(..2).and_then(|c| std::str::from_utf8(c).ok());
            match code.filter(|_| *byte == b'#').and_then(|c| u8::from_str_radix(c, 16).ok()) {
                Some(code) => {
                    name.push(code);
                    bytes.nth(1);
                }
                None => name.push(*byte),
            }
        }
        Ok(name)
    }

    fn hex(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let mut digits = Vec::new();
        loop {
            match self.take()? {
                b'>' => break,
                byte if is_space(byte) => {}
                byte => digits.push(char::from(byte).to_digit(16).ok_or(Fault::Bad)? as u8),
            }
        }
        Ok(digits.chunks(2).map(|pair| pair.iter().fold(0, |n, d| n << 4 | d) << (4 * (2 - pair.len()))).collect())
    }

    fn literal(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let (mut text, mut open) = (Vec::new(), 1_u64);
        loop {
            let byte = self.take()?;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    text.extend(self.escape()?);
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(text);
            }
            text.push(byte);
        }
    }

    fn escape(&mut self) -> Result<Option<u8>, Fault> {
        Ok(match self.take()? {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                if self.peek().ok_or(Fault::End)? == b'\n' {
                    self.at += 1;
                }
                None
            }
            first @ b'0'..=b'7' => {
                let mut code = u32::from(first - b'0');
                for _ in 0..2 {
                    match self.peek().ok_or(Fault::End)? {
                        digit @ b'0'..=b'7' => code = code * 8 + u32::from(digit - b'0'),
                        _ => break,
                    }
                    self.at += 1;
                }
                Some(code as u8)
            }
            other => Some(other),
        })
    }
}
