//! A page's head, tag by tag, without decoding it: what stands in the file as ASCII is looked at, everything else is passed over.

use std::ops::Range;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};
use htmlize::unescape_attribute;

use crate::error::ReadError;
use crate::limits;
use crate::source::{Source, read_range};
use crate::text;

/// Elements that may stand in a head.
const OF_HEAD: &[&str] = &[
    "html", "head", "title", "meta", "link", "base", "style", "script", "noscript", "template", "basefont", "isindex",
];
/// Elements whose content is no markup.
const RAW: &[&str] = &["title", "style", "script", "template", "noscript"];
/// Stands for a character that is not ASCII.
const OTHER: u8 = 0xFF;

/// The start of a page.
pub(super) struct Page {
    pub bytes: Vec<u8>,
    encoding: &'static Encoding,
    /// One sign a unit: ASCII, or [`OTHER`].
    signs: Vec<u8>,
    /// Bytes before the first sign, and of one.
    base: usize,
    width: usize,
    tags: Vec<Tag>,
    /// Where the head ends, in signs.
    end: usize,
    /// Whether the file ends in the midst of something in its head.
    pub is_cut: bool,
}

/// A tag of the head, in signs.
struct Tag {
    at: Range<usize>,
    name: String,
    is_end: bool,
}

/// A `meta` element with a name.
pub(super) struct Meta {
    pub name: String,
    pub content: String,
    /// Where it stands in the file, in bytes.
    pub at: Range<u64>,
}

impl Page {
    pub fn read(source: &dyn Source) -> Result<Self, ReadError> {
        let size = source.size()?;
        let bytes = read_range(source, 0..size.min(limits::MARKUP_HEAD))?;
        let declared = text::declared(&bytes);
        let encoding =
            text::encoding_of(&bytes, declared.as_deref()).ok_or(ReadError::Damaged("a page that is no text"))?;
        let base = Encoding::for_bom(&bytes).map_or(0, |(_, length)| length);
        let width = if encoding == UTF_16LE || encoding == UTF_16BE { 2 } else { 1 };
        let signs = signs(bytes.get(base..).unwrap_or_default(), encoding);
        let mut page = Self { bytes, encoding, signs, base, width, tags: Vec::new(), end: 0, is_cut: false };
        page.walk();
        Ok(page)
    }

    /// Every named `meta` element of the head.
    pub fn metas(&self) -> Vec<Meta> {
        let metas = self.tags.iter().filter(|tag| tag.name == "meta" && !tag.is_end);
        metas.filter_map(|tag| self.meta(tag)).collect()
    }

    fn meta(&self, tag: &Tag) -> Option<Meta> {
        let attributes = self.attributes(tag);
        let value = |name: &str| {
            let (_, at) = attributes.iter().find(|(known, _)| known == name)?;
            Some(unescape_attribute(self.words(at.clone())).into_owned())
        };
        let at = self.offset(tag.at.start)..self.offset(tag.at.end);
        Some(Meta { name: value("name")?, content: value("content").unwrap_or_default(), at })
    }

    /// Where further elements of the head go, in bytes: at its end, so that what tells the encoding stays near the start.
    pub fn place(&self) -> u64 {
        let ours = |tag: &&Tag| self.meta(tag).is_some_and(|meta| crate::label::StoredLabel::is_property(&meta.name));
        let closing = self.tags.iter().find(|tag| tag.is_end && tag.name == "head").map(|tag| tag.at.start);
        let last = || self.tags.iter().rfind(|tag| !ours(tag)).map(|tag| tag.at.end);
        self.offset(closing.or_else(last).unwrap_or(self.end))
    }

    /// ASCII characters as the page has them.
    pub fn encode(&self, text: &str) -> Vec<u8> {
        if self.width == 1 {
            return text.as_bytes().to_vec();
        }
        let bytes = if self.encoding == UTF_16LE { u16::to_le_bytes } else { u16::to_be_bytes };
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn offset(&self, sign: usize) -> u64 {
        (self.base + sign * self.width) as u64
    }

    fn words(&self, at: Range<usize>) -> String {
        let bytes = self.bytes.get(self.base + at.start * self.width..self.base + at.end * self.width);
        self.encoding.decode_without_bom_handling(bytes.unwrap_or_default()).0.into_owned()
    }

    fn rest(&self, at: usize) -> &[u8] {
        self.signs.get(at..).unwrap_or_default()
    }

    /// Collects the tags of the head.
    fn walk(&mut self) {
        let mut at = 0;
        loop {
            let blank = self.rest(at).iter().take_while(|sign| sign.is_ascii_whitespace()).count();
            let rest = self.rest(at + blank);
            if rest.starts_with(b"<!--") {
                let Some(length) = find(rest, b"-->") else {
                    self.is_cut = true;
                    break;
                };
                at += blank + length + 3;
            } else if rest.starts_with(b"<!") || rest.starts_with(b"<?") {
                let length = end_of_tag(rest);
                self.is_cut |= rest.get(length - 1) != Some(&b'>');
                at += blank + length;
            } else if let Some(tag) = self.tag(at + blank) {
                let is_last = tag.is_end && tag.name == "head";
                let (name, end, is_raw) = (tag.name.clone(), tag.at.end, !tag.is_end && RAW.contains(&&*tag.name));
                self.tags.push(tag);
                at = if is_raw { self.skip(&name, end) } else { end };
                if is_last {
                    break;
                }
                continue;
            } else {
                break;
            }
            // What stands before the page's own elements.
            if self.tags.is_empty() {
                self.end = at;
            }
        }
        if self.end == 0 && self.tags.is_empty() {
            self.end = at.min(self.signs.len());
        }
    }

    /// The tag that begins here, if it is one that a head may have.
    fn tag(&self, at: usize) -> Option<Tag> {
        let inside = self.rest(at).strip_prefix(b"<")?;
        let is_end = inside.first() == Some(&b'/');
        let name = inside.get(usize::from(is_end)..)?;
        let name: Vec<u8> = name.iter().copied().take_while(u8::is_ascii_alphanumeric).collect();
        let name = String::from_utf8(name).ok()?.to_ascii_lowercase();
        let end = at + end_of_tag(self.rest(at));
        let is_whole = self.signs.get(end.checked_sub(1)?) == Some(&b'>');
        (is_whole && OF_HEAD.contains(&&*name)).then_some(Tag { at: at..end, name, is_end })
    }

    /// Behind the end tag of an element whose content is no markup.
    fn skip(&mut self, name: &str, from: usize) -> usize {
        let mut at = from;
        while let Some(next) = find(self.rest(at), b"</") {
            at += next;
            if let Some(tag) = self.tag(at).filter(|tag| tag.name == name) {
                let end = tag.at.end;
                self.tags.push(tag);
                return end;
            }
            at += 2;
        }
        self.is_cut = true;
        self.signs.len()
    }

    /// Names and places of the values of a tag's attributes, in signs.
    fn attributes(&self, tag: &Tag) -> Vec<(String, Range<usize>)> {
        let end = tag.at.end.saturating_sub(1);
        let sign = |at: usize| self.signs.get(at).copied().filter(|_| at < end);
        let run = |from: usize, fits: &dyn Fn(u8) -> bool| {
            let mut at = from;
            while sign(at).is_some_and(fits) {
                at += 1;
            }
            at
        };
        let blank = |s: u8| s.is_ascii_whitespace() || s == b'/';
        let mut at = run(tag.at.start + 1, &|s| s.is_ascii_alphanumeric());
        let mut found = Vec::new();
        while found.len() < limits::XML_ATTRIBUTES {
            let start = run(at, &blank);
            let stop = run(start, &|s| !blank(s) && s != b'=');
            let equals = run(stop, &|s| s.is_ascii_whitespace());
            let name = self.signs.get(start..stop).unwrap_or_default().to_ascii_lowercase();
            let name = String::from_utf8_lossy(&name).into_owned();
            if sign(equals) != Some(b'=') {
                if start == stop {
                    break;
                }
                at = stop;
                continue;
            }
            let value = run(equals + 1, &|s| s.is_ascii_whitespace());
            at = match sign(value) {
                Some(quote @ (b'"' | b'\'')) => {
                    let last = run(value + 1, &|s| s != quote);
                    found.push((name, value + 1..last));
                    last + 1
                }
                _ => {
                    let last = run(value, &|s| !s.is_ascii_whitespace());
                    found.push((name, value..last));
                    last
                }
            };
        }
        found
    }
}

/// One sign for each unit of a text.
fn signs(bytes: &[u8], encoding: &'static Encoding) -> Vec<u8> {
    let narrow = |unit: u16| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(OTHER);
    if encoding == UTF_16LE {
        return bytes.as_chunks().0.iter().map(|pair| narrow(u16::from_le_bytes(*pair))).collect();
    }
    if encoding == UTF_16BE {
        return bytes.as_chunks().0.iter().map(|pair| narrow(u16::from_be_bytes(*pair))).collect();
    }
    if encoding != ISO_2022_JP {
        return bytes.to_vec();
    }
    // Between escapes, bytes of ASCII stand for other characters (RFC 1468).
    let (mut signs, mut is_ascii, mut escape) = (Vec::with_capacity(bytes.len()), true, 0_u8);
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == 0x1B {
            is_ascii = matches!(bytes.get(at + 1..at + 3), Some([b'(', b'B' | b'J']));
            escape = 3;
        }
        signs.push(if escape > 0 || !is_ascii { OTHER } else { *byte });
        escape = escape.saturating_sub(1);
    }
    signs
}

fn find(signs: &[u8], wanted: &[u8]) -> Option<usize> {
    signs.windows(wanted.len()).position(|window| window == wanted)
}

/// Length of the tag at the start; `>` may stand in values.
fn end_of_tag(signs: &[u8]) -> usize {
    let mut quote = None;
    for (at, sign) in signs.iter().enumerate() {
        match (quote, sign) {
            (None, b'"' | b'\'') => quote = Some(*sign),
            (Some(open), close) if open == *close => quote = None,
            (None, b'>') => return at + 1,
            _ => {}
        }
    }
    signs.len()
}
