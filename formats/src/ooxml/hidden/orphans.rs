//! What nothing refers to any more once deleted text is gone: pictures, charts, addresses, footnotes.

use std::collections::HashSet;

use crate::error::ReadError;
use crate::hidden::{Act, scrub};
use crate::text::{Halt, Node, walk};

/// What a part refers to: relationships, footnotes and endnotes, by their ids.
#[derive(Default)]
pub(super) struct Mentions {
    pub links: HashSet<String>,
    footnotes: HashSet<String>,
    endnotes: HashSet<String>,
}

impl Mentions {
    /// Reads a part.
    pub fn of(part: &str) -> Result<Self, ReadError> {
        let mut mentions = Self::default();
        let done = walk(part, &mut |node| {
            if let Node::Start(tag) = node {
                // A drawing that a diagram was made into is named without a prefix ([MS-ODRAWXML] 2.7.1).
                mentions.links.extend(tag.prefixed());
                mentions.links.extend(tag.get("relId"));
                match tag.name {
                    "footnoteReference" => mentions.footnotes.extend(tag.get("id")),
                    "endnoteReference" => mentions.endnotes.extend(tag.get("id")),
                    _ => {}
                }
            }
            Ok(())
        });
        match done {
            Ok(()) | Err(Halt::Over) => Ok(mentions),
            Err(Halt::Read(e)) => Err(e),
        }
    }

    /// The notes it refers to, of the kind that `tail` leads to.
    pub fn notes(&self, tail: &str) -> &HashSet<String> {
        if tail == "footnotes" { &self.footnotes } else { &self.endnotes }
    }
}

/// The part of notes without those that `goes` names.
pub(super) fn drop_notes(part: &str, goes: &mut dyn FnMut(&str) -> bool) -> Result<String, ReadError> {
    scrub(part, &mut |tag, above| {
        let is_note = matches!(tag.local.as_str(), "footnote" | "endnote") && above.len() == 1;
        // Separators have a type (ISO/IEC 29500-1, 17.11.10).
        let is_usual = tag.get("type").is_none_or(|kind| kind == "normal");
        if is_note && is_usual && tag.get("id").is_some_and(&mut *goes) { Act::Drop } else { Act::Keep }
    })
}
