//! SVG: the label is a `metadata` element of ours, first in the picture.

use std::ops::Range;

use kakuzuke_core::code::Text;

use super::Changes;
use crate::error::{LabelError, ReadError};
use crate::label::StoredLabel;
use crate::limits;
use crate::source::{Source, read_range};
use crate::splice::Splice;
use crate::xml::{self, Doctype, Element};
use crate::xmp::OURS;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Whether bytes begin as a picture of this form: `<svg` is the first element.
pub(super) fn begins(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut rest = text.trim_start_matches('\u{FEFF}').trim_start();
    loop {
        let end = match rest {
            r if r.starts_with("<!--") => "-->",
            r if r.starts_with("<?xml") => "?>",
            r if r.starts_with("<!DOCTYPE svg") => match (r.find('['), r.find('>')) {
                (Some(a), Some(b)) if a < b => "]>",
                _ => ">",
            },
            r => {
                let tag = r.strip_prefix('<').unwrap_or_default();
                let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
                return name.rsplit(':').next() == Some("svg");
            }
        };
        let Some((_, after)) = rest.split_once(end) else { return false };
        rest = after.trim_start();
    }
}

/// The picture's text, the offset at which it begins, and its outermost elements.
fn parse(source: &dyn Source) -> Result<(String, u64, Vec<Element>), LabelError> {
    let size = source.size().map_err(ReadError::from)?;
    if size > limits::XML_PART {
        return Err(ReadError::Limit("size of an SVG").into());
    }
    let bytes = read_range(source, 0..size).map_err(ReadError::from)?;
    let (text, offset) = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, 3),
        None => (bytes.as_slice(), 0),
    };
    let text = std::str::from_utf8(text).map_err(|_| {
        LabelError::Refused(Text::fixed("UTF-8でないSVGには書き込めません。", "an SVG that is not in UTF-8"))
    })?;
    let elements = xml::elements_with(text, 2, Doctype::Passed)?;
    Ok((text.to_owned(), offset, elements))
}

fn ours<'a>(elements: &'a [Element], name: &'a str) -> impl Iterator<Item = &'a Element> {
    elements.iter().filter(move |e| e.depth == 2 && e.namespace == OURS && e.name == name)
}

/// The label of a picture.
pub(super) fn read(source: &dyn Source) -> Result<Option<StoredLabel>, LabelError> {
    let (_, _, elements) = parse(source)?;
    let mut labels = ours(&elements, "label");
    let Some(label) = labels.next() else { return Ok(None) };
    if labels.next().is_some() {
        return Err(LabelError::Malformed("a property twice"));
    }
    let marking = ours(&elements, "marking").next().map_or("", |e| e.text.as_str());
    StoredLabel::from_text(&label.text, marking).map(Some)
}

/// The changes that put a label in.
pub(super) fn exchange(source: &dyn Source, label: &StoredLabel) -> Changes {
    let (text, offset, elements) = parse(source)?;
    let root = elements.first().ok_or(ReadError::Damaged("an SVG without an element"))?;
    let tag = text.get(root.span.start..).unwrap_or_default();
    let name: String = tag.chars().skip(1).take_while(|c| !c.is_whitespace() && !matches!(c, '>' | '/')).collect();
    let metadata = format!(
        "<metadata xmlns=\"{SVG}\" xmlns:kakuzuke=\"{OURS}\"><kakuzuke:label>{}</kakuzuke:label><kakuzuke:marking>{}\
         </kakuzuke:marking></metadata>",
        label.text(),
        xml::escape(label.marking())
    );
    let place = |at: usize| at as u64 + offset;
    let range = |r: &Range<usize>| place(r.start)..place(r.end);
    if root.end_tag.is_none() {
        // `<svg …/>` is opened.
        let end = root.span.end.saturating_sub(2);
        let opened = format!(">{metadata}</{name}>");
        return Ok(vec![Splice::replace(place(end)..place(root.span.end), opened.into_bytes())]);
    }
    let within = |outer: &Element, e: &Element| e.span.start > outer.span.start && e.span.end <= outer.span.end;
    let emptied = |m: &&Element| {
        let mut inside = elements.iter().filter(|e| within(m, e)).peekable();
        m.depth == 1 && m.name == "metadata" && inside.peek().is_some() && inside.all(|e| e.namespace == OURS)
    };
    let whole: Vec<&Element> = elements.iter().filter(emptied).collect();
    let loose = elements.iter().filter(|e| e.depth == 2 && e.namespace == OURS && !whole.iter().any(|m| within(m, e)));
    let mut changes: Vec<Splice> =
        whole.iter().copied().chain(loose).map(|e| Splice::replace(range(&e.span), Vec::new())).collect();
    let first = first_inside(&text, root).ok_or(ReadError::Damaged("an SVG's first element"))?;
    changes.push(Splice::insert(place(first), metadata.into_bytes()));
    Ok(changes)
}

/// Where the root's start tag ends; `>` may stand in attribute values.
fn first_inside(text: &str, root: &Element) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.get(root.span.clone())?.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            (None, b'>') => return Some(root.span.start + at + 1),
            _ => {}
        }
    }
    None
}
