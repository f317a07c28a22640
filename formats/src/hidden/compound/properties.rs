//! Property sets ([MS-OLEPS]) without what tells of people and work; title, subject, program and dates stay.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::long;
use crate::hidden::{Category, Ledger};
use crate::label::StoredLabel;
use crate::text::decode_name;

/// Properties of one set.
const MOST: u32 = 4_096;
/// Format ids as they lie in a file: of the summary, the document's summary, and the properties users add.
const SUMMARY: [u8; 4] = [0xE0, 0x85, 0x9F, 0xF2];
const USERS: [u8; 4] = [0x05, 0xD5, 0xCD, 0xD5];

/// A set: its format, and its properties as they lie there.
struct Set<'b> {
    format: &'b [u8],
    properties: Vec<(u32, &'b [u8])>,
    has_changed: bool,
}

/// The stream without what is to go; `None` when it can't be read.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Option<Vec<u8>> {
    // Other streams have names that begin so, too.
    if bytes.get(..2) != Some(&[0xFE, 0xFF]) {
        return Some(bytes.to_vec());
    }
    let count = long(bytes, 24)?.min(4) as usize;
    let mut sets = Vec::new();
    for place in 0..count {
        let head = 28 + place * 20;
        let format = bytes.get(head..head + 16)?;
        let set = bytes.get(long(bytes, head + 16)? as usize..)?;
        let properties = split(set)?;
        let mut set = Set { format, properties, has_changed: false };
        judge(&mut set, ledger);
        sets.push(set);
    }
    if sets.iter().all(|set| !set.has_changed) {
        return Some(bytes.to_vec());
    }
    write(bytes.get(..24)?, &sets)
}

/// The properties of a set, each up to where the next begins.
fn split(set: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let (size, count) = (long(set, 0)? as usize, long(set, 4)?.min(MOST) as usize);
    let entries: Option<Vec<(u32, usize)>> =
        (0..count).map(|i| Some((long(set, 8 + i * 8)?, long(set, 12 + i * 8)? as usize))).collect();
    let entries = entries?;
    let mut starts: Vec<usize> = entries.iter().map(|(_, at)| *at).collect();
    starts.sort_unstable();
    let end = size.min(set.len());
    let until = |at: usize| {
        let next = starts.partition_point(|start| *start <= at);
        starts.get(next).copied().unwrap_or(end).max(at)
    };
    entries.iter().map(|(id, at)| Some((*id, set.get(*at..until(*at).min(set.len()))?))).collect()
}

fn judge(set: &mut Set<'_>, ledger: &mut Ledger) {
    let (is_summary, is_users) = (set.format.starts_with(&SUMMARY), set.format.starts_with(&USERS));
    let names = if is_users { names(&set.properties) } else { Vec::new() };
    let before = set.properties.len();
    set.properties.retain(|(id, value)| {
        let judged = match (is_users, is_summary) {
            (true, _) => users(*id, &names),
            (_, true) => summary(*id, value).map(|(category, name)| (category, name.to_owned())),
            _ => document(*id, value).map(|(category, name)| (category, name.to_owned())),
        };
        let Some((category, name)) = judged else { return true };
        let what = Text::new(format!("プロパティ「{name}」"), format!("property \"{name}\""));
        !ledger.found(category, Unit::Whole, &what)
    });
    set.has_changed = set.properties.len() != before;
    // Names of what went stand in the dictionary.
    if is_users && set.has_changed && set.properties.iter().all(|(id, _)| *id < 2 || *id >= 0x8000_0000) {
        set.properties.retain(|(id, _)| *id != 0);
    }
}

/// Whether a value says something: a text that is not empty, a number or time that is not zero.
fn says(value: &[u8]) -> bool {
    match long(value, 0).map(|kind| kind & 0xFFFF) {
        Some(0x1E | 0x1F) => value.get(8..).unwrap_or_default().iter().any(|b| !matches!(*b, 0 | b' ')),
        _ => value.get(4..).unwrap_or_default().iter().any(|b| *b != 0),
    }
}

/// [MS-OSHARED] 2.3.3.2.1.1.
fn summary(id: u32, value: &[u8]) -> Option<(Category, &'static str)> {
    if !says(value) {
        return None;
    }
    let is_first = value.get(8..10).is_some_and(|v| matches!(v, [b'0' | b'1', 0]));
    Some(match id {
        4 => (Category::Authors, "creator"),
        8 => (Category::Authors, "lastModifiedBy"),
        5 => (Category::Properties, "keywords"),
        6 => (Category::Properties, "description"),
        7 if !is_usual(value) => (Category::Links, "Template"),
        9 if !is_first => (Category::History, "revision"),
        10 => (Category::History, "TotalTime"),
        11 => (Category::History, "lastPrinted"),
        17 => (Category::Thumbnails, "thumbnail"),
        _ => return None,
    })
}

/// The template that every document has.
fn is_usual(value: &[u8]) -> bool {
    let name: Vec<u8> = value.iter().skip(8).copied().filter(|b| *b != 0).collect();
    name.starts_with(b"Normal")
}

/// [MS-OSHARED] 2.3.3.2.2.1.
fn document(id: u32, value: &[u8]) -> Option<(Category, &'static str)> {
    if !says(value) {
        return None;
    }
    Some(match id {
        14 => (Category::Authors, "Manager"),
        15 => (Category::Authors, "Company"),
        2 => (Category::Properties, "category"),
        21 => (Category::Links, "HLinks"),
        24 => (Category::Signatures, "DigSig"),
        _ => return None,
    })
}

fn users(id: u32, names: &[(u32, String)]) -> Option<(Category, String)> {
    if !(2..0x8000_0000).contains(&id) {
        return None;
    }
    let name = names.iter().find(|(own, _)| *own == id).map_or_else(|| id.to_string(), |(_, name)| name.clone());
    let category = if StoredLabel::is_property(&name) { Category::Label } else { Category::CustomData };
    Some((category, name))
}

/// The names of the properties that users add ([MS-OLEPS] 2.17).
fn names(properties: &[(u32, &[u8])]) -> Vec<(u32, String)> {
    let value = |wanted: u32| properties.iter().find(|(id, _)| *id == wanted).map(|(_, value)| *value);
    let page = value(1).and_then(|v| long(v, 4)).map_or(0, |page| page & 0xFFFF);
    let Some(dictionary) = value(0) else { return Vec::new() };
    let (mut found, mut at) = (Vec::new(), 4);
    for _ in 0..long(dictionary, 0).unwrap_or(0).min(MOST) {
        let Some((id, length)) = long(dictionary, at).zip(long(dictionary, at + 4)) else { break };
        let bytes = if page == 1200 { (length as usize).saturating_mul(2) } else { length as usize };
        let Some(name) = dictionary.get(at + 8..(at + 8).saturating_add(bytes)) else { break };
        let units =
            || name.chunks_exact(2).filter_map(|b| b.try_into().ok()).map(u16::from_le_bytes).collect::<Vec<u16>>();
        let name = if page == 1200 { String::from_utf16_lossy(&units()) } else { decode_name(name) };
        found.push((id, name.trim_end_matches('\0').to_owned()));
        at += 8 + if page == 1200 { bytes.next_multiple_of(4) } else { bytes };
    }
    found
}

fn write(head: &[u8], sets: &[Set<'_>]) -> Option<Vec<u8>> {
    let mut out = head.to_vec();
    out.extend(u32::try_from(sets.len()).ok()?.to_le_bytes());
    let mut start = 28 + sets.len() * 20;
    let mut bodies = Vec::new();
    for set in sets {
        out.extend_from_slice(set.format);
        out.extend(u32::try_from(start).ok()?.to_le_bytes());
        let body = body(&set.properties)?;
        start += body.len();
        bodies.push(body);
    }
    out.extend(bodies.concat());
    Some(out)
}

fn body(properties: &[(u32, &[u8])]) -> Option<Vec<u8>> {
    let (mut table, mut values) = (Vec::new(), Vec::new());
    for (id, value) in properties {
        table.extend(id.to_le_bytes());
        table.extend(u32::try_from(8 + properties.len() * 8 + values.len()).ok()?.to_le_bytes());
        values.extend_from_slice(value);
        values.resize(values.len().next_multiple_of(4), 0);
    }
    let size = u32::try_from(8 + table.len() + values.len()).ok()?;
    let count = u32::try_from(properties.len()).ok()?;
    Some([size.to_le_bytes().as_slice(), &count.to_le_bytes(), &table, &values].concat())
}
