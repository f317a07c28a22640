//! XML from front to back, for text: nothing of it is held.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Halt;
use crate::error::ReadError;
use crate::limits;
use crate::xml::check_doctype;

/// What comes next in a part.
pub(crate) enum Node<'a> {
    /// An element begins.
    Start(&'a Tag<'a>),
    /// The element of this name, without prefix, ends.
    End(&'a str),
    /// Text.
    Text(&'a str),
}

/// The start of an element.
pub(crate) struct Tag<'a> {
    /// Name without prefix.
    pub name: &'a str,
    start: &'a BytesStart<'a>,
}

impl Tag<'_> {
    /// The value of an attribute, whatever its prefix.
    pub fn get(&self, local: &str) -> Option<String> {
        self.attributes().find(|(name, _)| name == local).map(|(_, value)| value)
    }

    /// The attributes, by name without prefix.
    pub fn attributes(&self) -> impl Iterator<Item = (String, String)> {
        self.written().map(|(name, value)| (name.rsplit(':').next().unwrap_or_default().to_owned(), value))
    }

    /// The values of attributes that have a prefix, such as `r:id`.
    pub fn prefixed(&self) -> impl Iterator<Item = String> {
        self.written().filter(|(name, _)| name.contains(':') && !name.starts_with("xmlns:")).map(|(_, value)| value)
    }

    /// The attributes, by name as written.
    fn written(&self) -> impl Iterator<Item = (String, String)> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        attributes.take(limits::XML_ATTRIBUTES).filter_map(Result::ok).map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value)
                .map_or_else(|_| attribute.value.clone().into_owned(), std::borrow::Cow::into_owned);
            (attribute.key.as_ref().to_owned(), value)
        })
    }

    /// Whether the attribute `local` says yes, in any of the ways that office formats have for it.
    pub fn is(&self, local: &str) -> bool {
        self.get(local).is_some_and(|value| is_on(&value))
    }
}

/// Whether a value of an attribute means yes (ISO/IEC 29500-1, 22.9.2.7).
pub(crate) fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "on")
}

/// The text of a paragraph with the white space of its markup made one blank (ISO/IEC 26300-3, 6.1.2).
pub(crate) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' ' | '\t' | '\r' | '\n' if tidied.ends_with(' ') => {}
            ' ' | '\t' | '\r' | '\n' => tidied.push(' '),
            other => tidied.push(other),
        }
    }
    tidied
}

const BROKEN: ReadError = ReadError::Damaged("an XML part is not well formed");

/// Shows a part to `visit`, node by node.
pub(crate) fn walk(part: &str, visit: &mut dyn FnMut(Node<'_>) -> Result<(), Halt>) -> Result<(), Halt> {
    let mut reader = Reader::from_str(part);
    let mut level = 0_u32;
    loop {
        match reader.read_event().map_err(|_| BROKEN)? {
            Event::Start(start) => {
                level += 1;
                if level > limits::XML_DEPTH {
                    return Err(ReadError::Limit("depth of an XML part").into());
                }
                visit(Node::Start(&Tag { name: start.local_name().as_ref(), start: &start }))?;
            }
            Event::Empty(start) => {
                visit(Node::Start(&Tag { name: start.local_name().as_ref(), start: &start }))?;
                visit(Node::End(start.local_name().as_ref()))?;
            }
            Event::End(end) => {
                level = level.checked_sub(1).ok_or(BROKEN)?;
                visit(Node::End(end.local_name().as_ref()))?;
            }
            Event::Text(text) => visit(Node::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Node::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let words =
                    quick_xml::escape::unescape(&format!("&{};", &*reference)).map_err(|_| BROKEN)?.into_owned();
                visit(Node::Text(&words))?;
            }
            Event::DocType(declared) => check_doctype(&declared)?,
            Event::Eof if level == 0 => return Ok(()),
            Event::Eof => return Err(BROKEN.into()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}
