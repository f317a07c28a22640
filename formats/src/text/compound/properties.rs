//! 文書のプロパティ. Property sets ([MS-OLEPS]): the summary of a document, and the properties that users add.

use std::collections::HashMap;

use kakuzuke_core::passage::{Part, Unit};

use super::strings::{paged, wide};
use crate::error::ReadError;
use crate::label::StoredLabel;
use crate::text::{Halt, Reading};

const CUT: ReadError = ReadError::Damaged("a property set is cut off");
/// Properties of one set.
const MOST: u32 = 4_096;

/// Says every text of a property set stream.
pub(super) fn say(bytes: &[u8], reading: &mut Reading<'_>) -> Result<(), Halt> {
    if number(bytes, 0) & 0xFFFF != 0xFFFE {
        return Ok(());
    }
    for set in 0..number(bytes, 24).min(4) {
        let head = 28 + set as usize * 20;
        // User-defined properties have names of their own; the two sets before have well-known numbers.
        let is_summary = bytes.get(head..head + 4) == Some(&[0xE0, 0x85, 0x9F, 0xF2]);
        let start = number(bytes, head + 16) as usize;
        if let Some(set) = bytes.get(start..) {
            say_set(set, is_summary, reading)?;
        }
    }
    Ok(())
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at.saturating_add(4)).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn say_set(set: &[u8], is_summary: bool, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let entries: Vec<(u32, usize)> = (0..number(set, 4).min(MOST) as usize)
        .map(|i| (number(set, 8 + i * 8), number(set, 12 + i * 8) as usize))
        .collect();
    let place = |id: u32| entries.iter().find(|(own, _)| *own == id).map(|(_, at)| *at);
    let page = place(1).map_or(932, |at| number(set, at + 4) as u16);
    let names = place(0).map(|at| names(set, at, page)).unwrap_or_default();
    for (id, at) in entries.iter().filter(|(id, _)| *id > 1) {
        let name = names.get(id).cloned().unwrap_or_else(|| known(*id, is_summary));
        if StoredLabel::is_property(&name) {
            continue;
        }
        for words in values(set, *at, page)? {
            reading.say(Unit::Whole, Part::Property(name.clone()), &words)?;
        }
    }
    Ok(())
}

/// The names of user-defined properties.
fn names(set: &[u8], start: usize, page: u16) -> HashMap<u32, String> {
    let (mut names, mut at) = (HashMap::new(), start + 4);
    for _ in 0..number(set, start).min(MOST) {
        let (id, length) = (number(set, at), number(set, at + 4) as usize);
        let bytes = if page == 1200 { length.saturating_mul(2) } else { length };
        let Some(name) = at.checked_add(8).and_then(|from| set.get(from..from.checked_add(bytes)?)) else { break };
        let name = if page == 1200 { wide(name) } else { paged(name, page) };
        names.insert(id, name.trim_end_matches('\0').to_owned());
        at += 8 + if page == 1200 { bytes.next_multiple_of(4) } else { bytes };
    }
    names
}

/// The texts of a value: of a string, or a list of strings.
fn values(set: &[u8], at: usize, page: u16) -> Result<Vec<String>, Halt> {
    let (kind, mut at) = (number(set, at) & 0xFFFF, at + 4);
    let count = if kind & 0x1000 == 0 {
        1
    } else {
        at += 4;
        number(set, at - 4).min(MOST)
    };
    let mut words = Vec::new();
    for _ in 0..count {
        let length = number(set, at) as usize;
        let (bytes, is_wide) = match kind & 0xFFF {
            0x1E => (length, false),
            0x1F => (length.saturating_mul(2), true),
            _ => break,
        };
        let end = at.saturating_add(4).checked_add(bytes).ok_or(CUT)?;
        let text = set.get(at + 4..end).ok_or(CUT)?;
        words.push(if is_wide || page == 1200 {
            wide(text).trim_end_matches('\0').to_owned()
        } else {
            paged(text, page)
        });
        at = end.next_multiple_of(4);
        if !is_wide && kind & 0x1000 != 0 && count > 1 && number(set, at) as usize > set.len() {
            // Lists of narrow strings are not always padded.
            at = end;
        }
    }
    Ok(words)
}

/// Names of well-known properties ([MS-OSHARED] 2.3.3.2.1.1 and 2.3.3.2.2.1).
fn known(id: u32, is_summary: bool) -> String {
    let name = match (id, is_summary) {
        (2, true) => "title",
        (3, true) => "subject",
        (4, true) => "creator",
        (5, true) => "keywords",
        (6, true) => "description",
        (7, true) => "Template",
        (8, true) => "lastModifiedBy",
        (18, true) => "Application",
        (2, false) => "category",
        (14, false) => "Manager",
        (15, false) => "Company",
        (other, _) => return other.to_string(),
    };
    name.to_owned()
}
