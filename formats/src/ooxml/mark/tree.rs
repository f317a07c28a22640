//! The elements of a part that matter for a marking, and edits of them: what is not edited keeps its bytes.

use std::ops::Range;

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::error::ReadError;
use crate::limits;
use crate::xml::check_doctype;

const BROKEN: ReadError = ReadError::Damaged("an XML part is not well formed");

/// An element as it lies in a part.
pub(super) struct Node {
    /// Namespace, empty for none.
    pub namespace: String,
    /// Name without prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// Text directly in it.
    pub text: String,
    /// The nearest element around it that was asked for.
    pub parent: Option<usize>,
    /// From `<` to behind the `>` of its end.
    pub span: Range<usize>,
    /// Where what is in it begins.
    pub inner: usize,
    /// Where its end tag begins; `None` for `<empty/>`.
    pub end_tag: Option<usize>,
}

impl Node {
    /// The value of an attribute, whatever its prefix.
    pub fn get(&self, local: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n.rsplit(':').next() == Some(local)).map(|(_, v)| v.as_str())
    }

    /// The value of an attribute, by its name as written.
    pub fn written(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value of `r:id`, which is the one with a prefix.
    pub fn relation(&self) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n.ends_with(":id")).map(|(_, v)| v.as_str())
    }

    /// Whether a switch is on: there, and not said to be off (ISO/IEC 29500-1, 17.17.4).
    pub fn is_on(&self) -> bool {
        self.get("val").is_none_or(crate::text::is_on)
    }

    /// Whether it declares a namespace itself, as what is put in by us does.
    pub fn declares(&self) -> bool {
        self.attributes.iter().any(|(n, _)| n == "xmlns" || n.starts_with("xmlns:"))
    }
}

/// The elements of a part that `wanted` names (how deep they lie, and their name without prefix), in the order of their
/// start.
pub(super) fn nodes(part: &str, wanted: &dyn Fn(usize, &str) -> bool) -> Result<Vec<Node>, ReadError> {
    let mut reader = NsReader::from_str(part);
    // Open elements; those that were asked for with their place.
    let (mut found, mut open): (Vec<Node>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    let mut has_root = false;
    loop {
        let at = reader.buffer_position() as usize;
        let (resolved, event) = reader.read_resolved_event().map_err(|_| BROKEN)?;
        let namespace = match resolved {
            ResolveResult::Bound(n) => n.as_ref().to_owned(),
            _ => String::new(),
        };
        let now = reader.buffer_position() as usize;
        if found.len() > limits::XML_ELEMENTS || open.len() > limits::XML_DEPTH as usize {
            return Err(ReadError::Limit("elements of an XML part"));
        }
        has_root |= matches!(event, Event::Start(_) | Event::Empty(_));
        match event {
            Event::Start(start) => {
                let is_wanted = wanted(open.len(), start.local_name().as_ref());
                let parent = open.iter().rev().find_map(|place| *place);
                open.push(is_wanted.then_some(found.len()));
                if is_wanted {
                    found.push(node(&start, namespace, at..now, parent)?);
                }
            }
            Event::Empty(start) if wanted(open.len(), start.local_name().as_ref()) => {
                found.push(node(&start, namespace, at..now, open.iter().rev().find_map(|place| *place))?);
            }
            Event::End(_) => {
                if let Some(ended) = open.pop().ok_or(BROKEN)?.and_then(|place| found.get_mut(place)) {
                    (ended.end_tag, ended.span.end) = (Some(at), now);
                }
            }
            Event::Text(text) => add_text(&mut found, &open, &text.xml10_content()),
            Event::CData(text) => add_text(&mut found, &open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let escaped = format!("&{};", &*reference);
                add_text(&mut found, &open, &quick_xml::escape::unescape(&escaped).map_err(|_| BROKEN)?);
            }
            Event::DocType(declared) => check_doctype(&declared)?,
            Event::Eof if open.is_empty() && has_root => return Ok(found),
            Event::Eof => return Err(BROKEN),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn add_text(found: &mut [Node], open: &[Option<usize>], words: &str) {
    let innermost = open.last().copied().flatten().and_then(|place| found.get_mut(place));
    if let Some(node) = innermost.filter(|n| n.text.len() < limits::MARKED_TEXT) {
        node.text.push_str(words);
    }
}

fn node(
    start: &BytesStart<'_>,
    namespace: String,
    tag: Range<usize>,
    parent: Option<usize>,
) -> Result<Node, ReadError> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        if attributes.len() >= limits::XML_ATTRIBUTES {
            return Err(ReadError::Limit("attributes of an XML element"));
        }
        let attribute = attribute.map_err(|_| BROKEN)?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|_| BROKEN)?.into_owned();
        attributes.push((attribute.key.as_ref().to_owned(), value));
    }
    let (name, inner) = (start.local_name().as_ref().to_owned(), tag.end);
    Ok(Node { namespace, name, attributes, text: String::new(), parent, span: tag, inner, end_tag: None })
}

/// The elements directly in another: only what lies in it is looked at.
pub(super) fn children(nodes: &[Node], parent: usize) -> impl Iterator<Item = (usize, &Node)> {
    let end = nodes.get(parent).map_or(0, |n| n.span.end);
    let inside = nodes.iter().enumerate().skip(parent + 1).take_while(move |(_, n)| n.span.start < end);
    inside.filter(move |(_, n)| n.parent == Some(parent))
}

/// The elements around one, from the inside.
pub(super) fn above(nodes: &[Node], place: usize) -> impl Iterator<Item = (usize, &Node)> {
    let up = move |place: usize| nodes.get(place).and_then(|n| n.parent);
    std::iter::successors(up(place), move |place| up(*place)).filter_map(|place| Some((place, nodes.get(place)?)))
}

/// A part with pieces exchanged, cut out or put in.
pub(super) struct Draft<'t> {
    text: &'t str,
    edits: Vec<(Range<usize>, String)>,
}

impl<'t> Draft<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, edits: Vec::new() }
    }

    /// Other bytes in place of a range.
    pub fn replace(&mut self, range: Range<usize>, with: String) {
        self.edits.push((range, with));
    }

    /// Puts `added` at a place.
    pub fn insert(&mut self, at: usize, added: String) {
        self.edits.push((at..at, added));
    }

    /// Puts `added` first in an element.
    pub fn first(&mut self, node: &Node, added: &str) {
        match node.end_tag {
            Some(_) => self.insert(node.inner, added.to_owned()),
            None => self.open(node, added),
        }
    }

    /// Puts `added` last in an element.
    pub fn last(&mut self, node: &Node, added: &str) {
        match node.end_tag {
            Some(end) => self.insert(end, added.to_owned()),
            None => self.open(node, added),
        }
    }

    /// `<empty …/>` is opened, with the name as written.
    fn open(&mut self, node: &Node, added: &str) {
        let tag = self.text.get(node.span.clone()).unwrap_or_default();
        let name = tag.get(1..).and_then(|t| t.split(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).next());
        let slash = node.span.end.saturating_sub(2);
        self.edits.push((slash..node.span.end, format!(">{added}</{}>", name.unwrap_or_default())));
    }

    /// Takes elements out. What is left empty by that is written `<empty/>`, as it was before.
    pub fn cut(&mut self, nodes: &[Node], gone: impl IntoIterator<Item = usize>) {
        let mut gone: Vec<(Option<usize>, Range<usize>)> =
            gone.into_iter().filter_map(|place| nodes.get(place)).map(|n| (n.parent, n.span.clone())).collect();
        gone.sort_by_key(|(_, span)| (span.start, span.end));
        gone.dedup();
        // What lies in something that goes needs no cut of its own.
        let mut outer: Vec<(Option<usize>, Range<usize>)> = Vec::new();
        for (parent, span) in gone {
            match outer.last_mut() {
                Some((_, last)) if span.start < last.end => last.end = last.end.max(span.end),
                Some((beside, last)) if span.start == last.end && *beside == parent => last.end = span.end,
                _ => outer.push((parent, span)),
            }
        }
        for (parent, span) in outer {
            match parent.and_then(|place| nodes.get(place)) {
                Some(p) if p.inner == span.start && p.end_tag == Some(span.end) => {
                    self.edits.push((p.inner.saturating_sub(1)..p.span.end, "/>".to_owned()));
                }
                _ => self.edits.push((span, String::new())),
            }
        }
    }

    /// The part as it is now.
    pub fn finish(mut self) -> Result<String, ReadError> {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut at) = (String::with_capacity(self.text.len()), 0);
        for (range, with) in self.edits {
            text.push_str(self.text.get(at..range.start).ok_or(BROKEN)?);
            text.push_str(&with);
            at = range.end;
        }
        text.push_str(self.text.get(at..).ok_or(BROKEN)?);
        Ok(text)
    }
}
