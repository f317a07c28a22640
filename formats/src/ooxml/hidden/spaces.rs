//! 他の仕様. Elements and attributes of name spaces that no office program shows: they may stand anywhere, and programs pass over
//! them (ISO/IEC 29500-3, 9).

use crate::hidden::{Act, Opened};

/// Name spaces of the standard, of what it builds on, and of the programs that write it.
const KNOWN: [&str; 12] = [
    "http://schemas.openxmlformats.org/",
    "http://purl.oclc.org/ooxml/",
    "http://schemas.microsoft.com/",
    "urn:schemas-microsoft-com:",
    "http://www.w3.org/",
    "http://purl.org/dc/",
    "http://schemas.libreoffice.org/",
    "http://customooxmlschemas.google.com/",
    "http://schemas.apple.com/",
    "http://schemas.haansoft.com/",
    "http://www.wps.cn/officeDocument/",
    // Of signatures.
    "http://uri.etsi.org/",
];

/// A prefix that was given a meaning.
struct Meaning {
    prefix: String,
    is_foreign: bool,
    /// How many elements are around the one that gave it.
    depth: usize,
}

/// What prefixes mean where the reader is.
#[derive(Default)]
pub(super) struct Spaces {
    meanings: Vec<Meaning>,
    /// How many of those are foreign.
    foreign: usize,
}

impl Spaces {
    /// What becomes of an element with so many around it, for the name spaces it has.
    pub fn judge(&mut self, tag: &Opened, depth: usize) -> Option<Act> {
        while self.meanings.last().is_some_and(|meaning| meaning.depth >= depth) {
            self.foreign -= usize::from(self.meanings.pop().is_some_and(|meaning| meaning.is_foreign));
        }
        for (name, space) in &tag.attributes {
            let Some(prefix) = name.strip_prefix("xmlns:").or((name == "xmlns").then_some("")) else { continue };
            let is_foreign = !space.is_empty() && !KNOWN.iter().any(|known| space.starts_with(known));
            self.foreign += usize::from(is_foreign);
            self.meanings.push(Meaning { prefix: prefix.to_owned(), is_foreign, depth });
        }
        if self.foreign == 0 {
            return None;
        }
        if self.is_foreign(tag.qualified.split_once(':').map_or("", |(prefix, _)| prefix)) {
            return Some(Act::Drop);
        }
        // Attributes without a prefix are of their element.
        let is_lost =
            |name: &str| name.split_once(':').is_some_and(|(prefix, _)| prefix != "xmlns" && self.is_foreign(prefix));
        if !tag.attributes.iter().any(|(name, _)| is_lost(name)) {
            return None;
        }
        Some(Act::Rewrite(tag.attributes.iter().filter(|(name, _)| !is_lost(name)).cloned().collect()))
    }

    fn is_foreign(&self, prefix: &str) -> bool {
        self.meanings.iter().rev().find(|meaning| meaning.prefix == prefix).is_some_and(|meaning| meaning.is_foreign)
    }
}
