//! All objects of a PDF, without their streams' data.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::error::ReadError;
use crate::limits;
use crate::pdf::document::Document;
use crate::pdf::object::{Dict, Object, Reference};
use crate::pdf::xref::Entry;

/// An object of the document.
pub(super) struct Node {
    pub object: Object,
    pub data: Data,
}

/// A stream's data.
pub(super) enum Data {
    None,
    /// As they lie in the source.
    There(Range<u64>),
    /// Others in their place.
    Here(Vec<u8>),
}

/// The document's objects by number.
pub(super) struct Graph {
    pub nodes: BTreeMap<u32, Node>,
    broken: BTreeSet<u32>,
    /// Objects that went: references to them become null.
    pub banned: BTreeSet<u32>,
}

impl Graph {
    pub fn load(file: &Document<'_>) -> Result<Self, ReadError> {
        let end = file.next_number().ok_or(ReadError::Limit("objects of a PDF"))?;
        if u64::from(end).saturating_mul(file.section_count() as u64) > limits::PDF_LOOKUPS {
            return Err(ReadError::Limit("objects of a PDF"));
        }
        file.allow(limits::PDF_CLEANED);
        let (mut places, mut nodes, mut broken) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        for number in 1..end {
            match file.entry(number)? {
                Entry::Free => {}
                Entry::At(at, generation) => places.push((0, at, number, generation)),
                // One object stream after the other: each is decoded once.
                Entry::In(stream, place) => places.push((stream, place as u64, number, 0)),
            }
        }
        places.sort_unstable();
        for (_, _, number, generation) in places {
            match load(file, Reference { number, generation }) {
                Ok(node) => {
                    nodes.insert(number, node);
                }
                Err(ReadError::Damaged(_)) => {
                    broken.insert(number);
                }
                Err(e) => return Err(e),
            }
        }
        Ok(Self { nodes, broken, banned: BTreeSet::new() })
    }

    /// Numbers of all objects that a trailer leads to.
    pub fn reachable(&self, trailer: &Dict) -> BTreeSet<u32> {
        let (mut seen, mut next) = (BTreeSet::new(), Vec::new());
        for key in ["Root", "Info"] {
            if let Some(object) = trailer.get(key) {
                references(object, &mut next);
            }
        }
        while let Some(number) = next.pop() {
            if self.banned.contains(&number) || !seen.insert(number) {
                continue;
            }
            if let Some(node) = self.nodes.get(&number) {
                references(&node.object, &mut next);
            }
        }
        seen
    }

    /// How many objects nothing leads to, beside those of the file's own making.
    pub fn leftovers(&self, reached: &BTreeSet<u32>) -> usize {
        let is_own = |node: &Node| {
            let Object::Dict(dict) = &node.object else { return node.object == Object::Null };
            matches!(super::name(dict, "Type"), Some("XRef" | "ObjStm")) || dict.get("Linearized").is_some()
        };
        // The length of a stream is written in the stream again.
        let is_length = |node: &Node| matches!(node.object, Object::Number(_));
        self.nodes.iter().filter(|(n, node)| !reached.contains(n) && !is_own(node) && !is_length(node)).count()
    }

    /// Whether an object that is needed can't be read.
    pub fn is_broken(&self, number: u32) -> bool {
        self.broken.contains(&number)
    }

    pub fn dicts(&self) -> impl Iterator<Item = &Dict> {
        self.nodes.values().filter_map(|node| node.object.as_dict())
    }

    /// An object, followed if it is a reference.
    pub fn resolve<'g>(&'g self, object: &'g Object) -> &'g Object {
        let mut at = object;
        for _ in 0..8 {
            let Object::Reference(to) = at else { return at };
            match self.nodes.get(&to.number) {
                Some(node) => at = &node.object,
                None => return &Object::Null,
            }
        }
        &Object::Null
    }

    /// The value of a key, followed.
    pub fn value<'g>(&'g self, dict: &'g Dict, key: &str) -> &'g Object {
        dict.get(key).map_or(&Object::Null, |value| self.resolve(value))
    }
}

fn load(file: &Document<'_>, reference: Reference) -> Result<Node, ReadError> {
    let object = file.get(reference)?;
    // Also without a length: a stream that says none can't be copied, and must not be left out.
    let stream = if object.as_dict().is_some() { file.stream(reference)? } else { None };
    Ok(match stream {
        Some(stream) => Node { object: Object::Dict(stream.dict), data: Data::There(stream.data) },
        None => Node { object, data: Data::None },
    })
}

/// The numbers of the objects that an object names.
fn references(object: &Object, found: &mut Vec<u32>) {
    match object {
        Object::Reference(to) => found.push(to.number),
        Object::Array(items) => items.iter().for_each(|item| references(item, found)),
        Object::Dict(dict) => {
            let own = |(key, _): &(&[u8], &Object)| *key != b"Length";
            dict.entries().filter(own).for_each(|(_, value)| references(value, found));
        }
        _ => {}
    }
}
