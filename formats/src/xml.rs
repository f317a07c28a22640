//! XML of package parts: no DTD, no entities but the five, bounded depth; edits are splices, so that the rest
//! of a part keeps its bytes.

use std::ops::Range;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::error::ReadError;
use crate::limits;

/// Writes words as XML text or attribute value.
pub(crate) fn escape(words: &str) -> String {
    // XML 1.0 has no place for these two.
    let words: String = words.chars().filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect();
    quick_xml::escape::escape(&*words).into_owned()
}

/// An element as it lies in a part.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    /// Namespace, empty for none.
    pub namespace: String,
    /// Name without prefix.
    pub name: String,
    /// Attributes: name as written, prefix included, and value.
    pub attributes: Vec<(String, String)>,
    /// Text directly in it and in elements below it.
    pub text: String,
    /// How many elements it lies in.
    pub depth: usize,
    /// From `<` to behind the `>` of its end.
    pub span: Range<usize>,
    /// Where its end tag begins; `None` for `<empty/>`.
    pub end_tag: Option<usize>,
}

impl Element {
    /// The value of an attribute, by its name as written.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value of an attribute, whatever its prefix.
    pub fn attribute_local(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n.rsplit(':').next() == Some(name)).map(|(_, v)| v.as_str())
    }
}

const BROKEN: ReadError = ReadError::Damaged("an XML part is not well formed");

/// A part's text: UTF-8, or UTF-16 with its mark. The mark goes, and with UTF-16 the declaration, because
/// what is written again is UTF-8.
pub(crate) fn decode(part: &[u8]) -> Result<String, ReadError> {
    let units = |from: fn([u8; 2]) -> u16| -> Vec<u16> {
        part.chunks_exact(2).skip(1).filter_map(|b| b.try_into().ok()).map(from).collect()
    };
    let wide = match part {
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes),
        _ => {
            let narrow = part.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(part);
            return std::str::from_utf8(narrow).map(str::to_owned).map_err(|_| BROKEN);
        }
    };
    let text = String::from_utf16(&wide).map_err(|_| BROKEN)?;
    match text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, body)) => Ok(body.to_owned()),
        None => Ok(text),
    }
}

/// A part's text as it is written in the place of `before`: in UTF-8, where a byte order mark stays.
pub(crate) fn encode(text: &str, before: &[u8]) -> Vec<u8> {
    let mark: &[u8] = if before.starts_with(b"\xEF\xBB\xBF") { b"\xEF\xBB\xBF" } else { b"" };
    [mark, text.as_bytes()].concat()
}

/// What becomes of a document type declaration. Entities are never looked up in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doctype {
    /// The part is refused: package parts have none.
    Refused,
    /// It is passed over, and what it would declare stays as it is written.
    Passed,
}

/// Refuses a document type declaration that declares something. One that only names its definition, as OpenOffice.org 1 and 2
/// wrote it into manifests, declares nothing here: nothing is ever fetched.
pub(crate) fn check_doctype(declared: &str) -> Result<(), ReadError> {
    if declared.contains('[') {
        return Err(ReadError::Damaged("an XML part has a document type declaration"));
    }
    Ok(())
}

/// Every element of a part down to `depth` (0: only the root), in the order of their start.
pub(crate) fn elements(part: &str, depth: usize) -> Result<Vec<Element>, ReadError> {
    elements_with(part, depth, Doctype::Refused)
}

/// As [`elements`], in files that may have a document type declaration.
pub(crate) fn elements_with(part: &str, depth: usize, doctype: Doctype) -> Result<Vec<Element>, ReadError> {
    let mut reader = NsReader::from_str(part);
    let (mut found, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut level = 0_u32;
    loop {
        let at = reader.buffer_position() as usize;
        let (resolved, event) = reader.read_resolved_event().map_err(|_| BROKEN)?;
        let namespace = match resolved {
            ResolveResult::Bound(n) => n.as_ref().to_owned(),
            _ => String::new(),
        };
        if found.len() > limits::XML_ELEMENTS {
            return Err(ReadError::Limit("elements of an XML part"));
        }
        match event {
            Event::Start(start) => {
                if level as usize <= depth {
                    open.push(found.len());
                    found.push(element(&start, namespace, level as usize, at, doctype)?);
                }
                level += 1;
                if level > limits::XML_DEPTH {
                    return Err(ReadError::Limit("depth of an XML part"));
                }
            }
            Event::Empty(start) => {
                if level as usize <= depth {
                    let mut empty = element(&start, namespace, level as usize, at, doctype)?;
                    empty.span.end = reader.buffer_position() as usize;
                    found.push(empty);
                }
            }
            Event::End(_) => {
                level = level.checked_sub(1).ok_or(BROKEN)?;
                if level as usize <= depth {
                    let ended = open.pop().and_then(|i| found.get_mut(i)).ok_or(BROKEN)?;
                    (ended.end_tag, ended.span.end) = (Some(at), reader.buffer_position() as usize);
                }
            }
            Event::Text(text) => {
                add_text(&mut found, &open, &text.xml10_content());
            }
            Event::CData(text) => {
                add_text(&mut found, &open, &text.xml10_content());
            }
            Event::GeneralRef(reference) => {
                let escaped = format!("&{};", &*reference);
                let words = unescape(&escaped, doctype)?;
                add_text(&mut found, &open, &words);
            }
            Event::DocType(_) if doctype == Doctype::Passed => {}
            Event::DocType(declared) => check_doctype(&declared)?,
            Event::Eof if level == 0 && !found.is_empty() => return Ok(found),
            Event::Eof => return Err(BROKEN),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn add_text(found: &mut [Element], open: &[usize], words: &str) {
    for i in open {
        if let Some(element) = found.get_mut(*i).filter(|e| e.depth > 0 && e.text.len() < limits::LABEL_TEXT * 2) {
            element.text.push_str(words);
        }
    }
}

fn unescape(words: &str, doctype: Doctype) -> Result<std::borrow::Cow<'_, str>, ReadError> {
    match quick_xml::escape::unescape(words) {
        Ok(plain) => Ok(plain),
        Err(_) if doctype == Doctype::Passed => Ok(words.into()),
        Err(_) => Err(BROKEN),
    }
}

fn element(
    start: &BytesStart<'_>,
    namespace: String,
    depth: usize,
    at: usize,
    doctype: Doctype,
) -> Result<Element, ReadError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        if attributes.len() >= limits::XML_ATTRIBUTES {
            return Err(ReadError::Limit("attributes of an XML element"));
        }
        let attribute = attribute.map_err(|_| BROKEN)?;
        let name = attribute.key.as_ref().to_owned();
        let value = unescape(&attribute.value, doctype)?.into_owned();
        attributes.push((name, value));
    }
    let name = start.local_name().as_ref().to_owned();
    Ok(Element { namespace, name, attributes, text: String::new(), depth, span: at..at, end_tag: None })
}

/// Where an attribute lies in a start tag.
pub(crate) struct Attribute {
    /// Name, value and the white space before them.
    pub whole: Range<usize>,
    /// The value between its quotes.
    pub value: Range<usize>,
}

/// Where an attribute of a well-formed start tag lies, by its name without prefix.
pub(crate) fn attribute(tag: &str, local: &str) -> Option<Attribute> {
    let mut at = tag.find(|c: char| c.is_whitespace())?;
    loop {
        let name = at + tag.get(at..)?.find(|c: char| !c.is_whitespace())?;
        let equals = name + tag.get(name..)?.find('=')?;
        let open = equals + tag.get(equals..)?.find(['"', '\''])?;
        let quote = tag.get(open..=open)?;
        let close = open + 1 + tag.get(open + 1..)?.find(quote)?;
        if tag.get(name..equals)?.trim_end().rsplit(':').next() == Some(local) {
            return Some(Attribute { whole: at..close + 1, value: open + 1..close });
        }
        at = close + 1;
    }
}

/// The part with `gone` taken out and `added` put before the end of `parent`, in which `gone` lies.
pub(crate) fn splice(part: &str, gone: &[Range<usize>], parent: &Element, added: &str) -> Option<String> {
    let mut text = String::with_capacity(part.len() + added.len());
    let mut at = 0;
    for range in gone {
        text.push_str(part.get(at..range.start)?);
        at = range.end;
    }
    if let Some(end) = parent.end_tag {
        text.push_str(part.get(at..end)?);
        text.push_str(added);
        at = end;
    } else {
        // `<empty …/>` is opened, with the name as written.
        let tag = part.get(parent.span.clone())?;
        let name = tag.get(1..)?.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next()?;
        let open = part.get(at..parent.span.end)?.strip_suffix("/>")?;
        text.push_str(&format!("{open}>{added}</{name}>"));
        at = parent.span.end;
    }
    text.push_str(part.get(at..)?);
    Some(text)
}
