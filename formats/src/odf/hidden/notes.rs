//! ノート. Notes are there for every slide; only those in which words stand, beside fields, are anybody's.

use std::collections::HashSet;

use super::super::mark::is_ours;
use crate::error::ReadError;
use crate::text::{Halt, Node, walk};

/// The slides, counted from 1, whose notes have words.
pub(super) fn written(part: &str) -> Result<HashSet<u32>, ReadError> {
    let mut found = HashSet::new();
    let (mut slide, mut is_notes, mut element) = (0_u32, false, String::new());
    let mut marking = 0_u32;
    let done = walk(part, &mut |node| {
        match node {
            // Our marking is nobody's note.
            Node::Start(tag) if marking > 0 || tag.get("name").is_some_and(|name| is_ours(&name)) => marking += 1,
            Node::End(_) if marking > 0 => marking -= 1,
            Node::Text(_) if marking > 0 => {}
            Node::Start(tag) => {
                match tag.name {
                    "page" => slide = slide.saturating_add(1),
                    "notes" => is_notes = true,
                    _ => {}
                }
                tag.name.clone_into(&mut element);
            }
            Node::End("notes") => is_notes = false,
            Node::End(_) => element.clear(),
            Node::Text(text) => {
                let is_written = is_notes && matches!(element.as_str(), "p" | "span" | "h" | "a" | "");
                if is_written && text.chars().any(|c| !c.is_whitespace()) {
                    found.insert(slide);
                }
            }
        }
        Ok(())
    });
    match done {
        Ok(()) | Err(Halt::Over) => Ok(found),
        Err(Halt::Read(e)) => Err(e),
    }
}
