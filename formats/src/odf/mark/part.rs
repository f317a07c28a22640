//! 部品. A part of the package with its elements, and changes to it by ranges: what is not named keeps its bytes.

use std::cmp::Reverse;
use std::ops::Range;

use super::names;
use crate::error::ReadError;
use crate::marking::MarkError;
use crate::xml::{self, Attribute, Element};

const BROKEN: ReadError = ReadError::Damaged("an XML part is not well formed");

/// A part of the package.
pub(super) struct Part<'p> {
    pub text: &'p str,
    /// Down to the depth it was read with, in the order of their start.
    pub elements: Vec<Element>,
}

impl<'p> Part<'p> {
    pub fn read(text: &'p str, depth: usize) -> Result<Self, MarkError> {
        // What is added is UTF-8.
        let head = text.get(..text.find("?>").unwrap_or(0)).unwrap_or_default().to_ascii_lowercase();
        if head.contains("encoding=") && !head.contains("utf-8") {
            return Err(MarkError::Refused("a part of the package is written in another encoding than UTF-8"));
        }
        Ok(Self { text, elements: xml::elements(text, depth)? })
    }

    /// The elements in one, at any depth, with their places.
    pub fn inside(&self, at: usize) -> impl Iterator<Item = (usize, &Element)> {
        let end = self.elements.get(at).map_or(0, |e| e.span.end);
        self.elements.iter().enumerate().skip(at + 1).take_while(move |(_, e)| e.span.start < end)
    }

    /// The elements directly in one.
    pub fn children(&self, at: usize) -> impl Iterator<Item = (usize, &Element)> {
        let depth = self.elements.get(at).map_or(0, |e| e.depth + 1);
        self.inside(at).filter(move |(_, e)| e.depth == depth)
    }

    /// The first element of a name directly in the root.
    pub fn section(&self, name: &str) -> Option<(usize, &Element)> {
        self.children(0).find(|(_, e)| names::is(e, names::OFFICE, name))
    }

    /// What an element holds, between its tags; `None` for `<empty/>`.
    pub fn inner(&self, element: &Element) -> Option<Range<usize>> {
        Some(self.opened(element)?..element.end_tag?)
    }

    /// Whether an element holds nothing but white space.
    pub fn is_blank(&self, element: &Element) -> bool {
        self.inner(element).is_none_or(|inner| self.text.get(inner).is_none_or(|held| held.trim().is_empty()))
    }

    /// Behind the start tag of an element.
    pub fn opened(&self, element: &Element) -> Option<usize> {
        let tag = self.text.get(element.span.clone())?;
        let mut quote = None;
        for (at, byte) in tag.bytes().enumerate() {
            match (quote, byte) {
                (None, b'>') => return Some(element.span.start + at + 1),
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
        }
        None
    }

    /// The name of an element as it is written.
    pub fn qualified(&self, element: &Element) -> Option<&'p str> {
        self.text.get(element.span.start + 1..)?.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next()
    }

    /// Where an attribute lies, by its name without prefix.
    pub fn attribute(&self, element: &Element, local: &str) -> Option<Attribute> {
        let (start, end) = (element.span.start, self.opened(element)?);
        let found = xml::attribute(self.text.get(start..end)?, local)?;
        let moved = |range: Range<usize>| range.start + start..range.end + start;
        Some(Attribute { whole: moved(found.whole), value: moved(found.value) })
    }
}

/// What is put in, in front of everything or behind everything in an element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// Changes to a part.
#[derive(Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Other text in place of a range.
    pub fn replace(&mut self, at: Range<usize>, with: impl Into<String>) {
        self.0.push((at, with.into()));
    }

    /// Text between two characters.
    pub fn insert(&mut self, at: usize, with: impl Into<String>) {
        self.replace(at..at, with);
    }

    pub fn remove(&mut self, at: Range<usize>) {
        self.replace(at, String::new());
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These changes, too.
    pub fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Puts `make` into an element; it is told whether the element had to be opened for it.
    pub fn put(
        &mut self,
        part: &Part<'_>,
        parent: &Element,
        end: End,
        make: impl FnOnce(bool) -> String,
    ) -> Result<(), MarkError> {
        let opened = part.opened(parent).ok_or(BROKEN)?;
        match parent.end_tag {
            Some(closing) => self.insert(if end == End::First { opened } else { closing }, make(false)),
            None => {
                let name = part.qualified(parent).ok_or(BROKEN)?;
                let (at, closing) = (opened - 2..opened, format!("</{name}>"));
                // Opened by now for something else: there it goes, too.
                match self.0.iter_mut().find(|(other, _)| *other == at) {
                    Some((_, with)) if end == End::First => with.insert_str(1, &make(false)),
                    Some((_, with)) => with.insert_str(with.len().saturating_sub(closing.len()), &make(false)),
                    None => self.replace(at, format!(">{}{closing}", make(true))),
                }
            }
        }
        Ok(())
    }

    /// The part with the changes made.
    pub fn apply(self, text: &str) -> Result<String, MarkError> {
        self.apply_within(text, 0..text.len())
    }

    /// A range of the part with the changes made. A change within another's range is part of that.
    pub fn apply_within(mut self, text: &str, range: Range<usize>) -> Result<String, MarkError> {
        self.0.sort_by_key(|(at, _)| (at.start, !at.is_empty(), Reverse(at.end)));
        let (mut out, mut done) = (String::with_capacity(range.len()), range.start);
        for (at, with) in self.0 {
            if at.end <= done && at.start < done {
                continue;
            }
            out.push_str(text.get(done..at.start).ok_or(BROKEN)?);
            out.push_str(&with);
            done = at.end;
        }
        out.push_str(text.get(done..range.end).ok_or(BROKEN)?);
        Ok(out)
    }
}
