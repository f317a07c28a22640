//! 他の仕様. Elements and attributes of name spaces that no program of office documents shows (ISO/IEC 26300-3, 3.17).

use std::collections::HashSet;

use super::super::mark::OUR_SPACE;
use crate::hidden::{Act, Opened};

/// Name spaces of the standard, of what it builds on, and of the programs that write it.
const KNOWN: [&str; 8] = [
    "urn:oasis:names:tc:opendocument:xmlns:",
    "urn:org:documentfoundation:names:experimental:",
    "urn:openoffice:names:experimental:",
    "http://www.w3.org/",
    "http://openoffice.org/20",
    "http://purl.org/dc/elements/1.1/",
    "http://docs.oasis-open.org/",
    OUR_SPACE,
];

/// Prefixes that stand for name spaces nobody knows.
#[derive(Default)]
pub(super) struct Spaces {
    foreign: HashSet<String>,
}

impl Spaces {
    /// What becomes of an element for the name spaces it has.
    pub fn judge(&mut self, tag: &Opened) -> Option<Act> {
        for (name, space) in &tag.attributes {
            let Some(prefix) = name.strip_prefix("xmlns:").or((name == "xmlns").then_some("")) else { continue };
            if !KNOWN.iter().any(|known| space.starts_with(known)) {
                self.foreign.insert(prefix.to_owned());
            }
        }
        if self.foreign.is_empty() {
            return None;
        }
        let is_foreign = |name: &str| name.split_once(':').is_some_and(|(prefix, _)| self.foreign.contains(prefix));
        if is_foreign(&tag.qualified) || !tag.qualified.contains(':') && self.foreign.contains("") {
            return Some(Act::Drop);
        }
        if !tag.attributes.iter().any(|(name, _)| is_foreign(name)) {
            return None;
        }
        Some(Act::Rewrite(tag.attributes.iter().filter(|(name, _)| !is_foreign(name)).cloned().collect()))
    }
}
