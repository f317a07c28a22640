//! The groups at the head of an RTF file: where the users' properties are, or would be.

use std::ops::Range;

use crate::text::paged;

/// Groups of the header that need no star in front.
const TABLES: &[&str] = &["fonttbl", "filetbl", "colortbl", "stylesheet", "listtables", "revtbl", "info", "generator"];
/// Words with which the document's text begins. Between `\u` and the characters that stand for it nothing may come.
const BEGIN: &[&str] = &["pard", "par", "plain", "sectd", "trowd", "intbl", "line", "tab", "page", "u", "bin"];

/// The head of a file.
pub(super) struct Header {
    /// Code page of characters.
    page: u16,
    /// Where a group of properties may be put in.
    pub place: usize,
    /// The group of properties that is there, with its braces.
    pub properties: Option<Range<usize>>,
}

/// A property.
pub(super) struct Item {
    pub name: String,
    pub value: String,
    /// All that belongs to it.
    pub at: Range<usize>,
}

impl Header {
    /// Reads the head; `None` when it is none.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut at = 1;
        let (word, _) = control(bytes, &mut at)?;
        let mut header = Self { page: 1252, place: at, properties: None };
        let mut is_info = false;
        (word == "rtf").then_some(())?;
        loop {
            match bytes.get(at)? {
                b'{' => {
                    let end = end_of_group(bytes, at)?;
                    let (name, is_starred) = destination(bytes, at);
                    if name == "userprops" {
                        header.properties = header.properties.or(Some(at..end));
                    } else if !is_starred && !TABLES.contains(&&*name) {
                        break;
                    }
                    if !is_info {
                        header.place = end;
                    }
                    is_info |= name == "info";
                    at = end;
                }
                b'\\' => {
                    let Some((word, number)) = control(bytes, &mut at).filter(|(word, _)| !BEGIN.contains(&&**word))
                    else {
                        break;
                    };
                    if word == "ansicpg" {
                        header.page = number.and_then(|page| u16::try_from(page).ok()).unwrap_or(1252);
                    }
                    if !is_info {
                        header.place = at;
                    }
                }
                b'\r' | b'\n' => at += 1,
                _ => break,
            }
        }
        Some(header)
    }

    /// The properties that are there.
    pub fn items(&self, bytes: &[u8]) -> Vec<Item> {
        let Some(group) = &self.properties else { return Vec::new() };
        let mut items: Vec<Item> = Vec::new();
        let mut at = group.start + 1;
        let last = group.end.saturating_sub(1);
        while at < last {
            if bytes.get(at) != Some(&b'{') {
                at += 1;
                continue;
            }
            let Some(end) = end_of_group(bytes, at) else { break };
            let inside = at..end;
            match (&*destination(bytes, at).0, items.last_mut()) {
                ("propname", _) => {
                    let name = words(bytes, inside.clone(), self.page);
                    items.push(Item { name, value: String::new(), at: inside });
                }
                ("staticval", Some(item)) => {
                    item.value = words(bytes, inside, self.page);
                    item.at.end = end;
                }
                (_, Some(item)) => item.at.end = end,
                (_, None) => {}
            }
            at = end;
        }
        items
    }
}

/// The control word at a backslash, its number, and the blank behind it; `None` for a sign.
fn control(bytes: &[u8], at: &mut usize) -> Option<(String, Option<i64>)> {
    let rest = bytes.get(*at..)?.strip_prefix(b"\\")?;
    let word: Vec<u8> = rest.iter().copied().take(32).take_while(u8::is_ascii_alphabetic).collect();
    if word.is_empty() {
        return None;
    }
    let rest = rest.get(word.len()..)?;
    let sign = usize::from(rest.first() == Some(&b'-'));
    let digits = rest.iter().skip(sign).take(10).take_while(|byte| byte.is_ascii_digit()).count();
    let length = if digits == 0 { 0 } else { sign + digits };
    let number = std::str::from_utf8(rest.get(..length)?).ok()?.parse().ok();
    let blank = usize::from(rest.get(length) == Some(&b' '));
    *at += 1 + word.len() + length + blank;
    Some((String::from_utf8(word).ok()?, number))
}

/// The word that says what a group is, and whether a reader that does not know it passes it over.
fn destination(bytes: &[u8], group: usize) -> (String, bool) {
    let mut at = group + 1;
    let is_starred = bytes.get(at..at + 2) == Some(b"\\*");
    if is_starred {
        at += 2;
    }
    while matches!(bytes.get(at), Some(b'\r' | b'\n' | b' ')) {
        at += 1;
    }
    (control(bytes, &mut at).map_or_else(String::new, |(word, _)| word), is_starred)
}

/// Behind the brace that closes a group.
fn end_of_group(bytes: &[u8], group: usize) -> Option<usize> {
    let (mut at, mut depth) = (group, 0_u32);
    loop {
        match bytes.get(at)? {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'\\' => {
                let before = at;
                match control(bytes, &mut at) {
                    // Bytes that are no text.
                    Some((word, Some(length))) if word == "bin" => {
                        at = at.checked_add(usize::try_from(length).ok()?)?
                    }
                    Some(_) => {}
                    None => at = before + 2,
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// The words of a group.
fn words(bytes: &[u8], group: Range<usize>, page: u16) -> String {
    let inside = bytes.get(..group.end.saturating_sub(1)).unwrap_or_default();
    let mut at = group.start + 1;
    let (mut units, mut paged_bytes): (Vec<u16>, Vec<u8>) = (Vec::new(), Vec::new());
    let (mut skip, mut instead) = (0_i64, 1);
    let flush = |paged_bytes: &mut Vec<u8>, units: &mut Vec<u16>| {
        units.extend(paged(paged_bytes, page).encode_utf16());
        paged_bytes.clear();
    };
    let mut is_first = true;
    while let Some(byte) = inside.get(at) {
        let before = at;
        match byte {
            b'\\' => match control(inside, &mut at) {
                Some((word, number)) if word == "u" => {
                    flush(&mut paged_bytes, &mut units);
                    let unit = number.unwrap_or_default().rem_euclid(0x1_0000);
                    units.push(u16::try_from(unit).unwrap_or_default());
                    skip = instead;
                }
                // Characters that stand behind each `\\u` for readers that do not know it.
                Some((word, Some(number))) if word == "uc" => instead = number.clamp(0, 16),
                // The group's own word.
                Some(_) if is_first => is_first = false,
                Some(_) => {}
                None => {
                    let sign = inside.get(before + 1).copied().unwrap_or_default();
                    at = before + 2;
                    if sign == b'*' {
                        continue;
                    }
                    let mut taken = sign;
                    if sign == b'\'' {
                        let digits = inside.get(at..at + 2).and_then(|d| std::str::from_utf8(d).ok());
                        taken = digits.and_then(|d| u8::from_str_radix(d, 16).ok()).unwrap_or(b'?');
                        at += 2;
                    }
                    if skip > 0 { skip -= 1 } else { paged_bytes.push(taken) }
                }
            },
            b'\r' | b'\n' | b'{' | b'}' => at += 1,
            _ => {
                at += 1;
                if skip > 0 { skip -= 1 } else { paged_bytes.push(*byte) }
            }
        }
    }
    flush(&mut paged_bytes, &mut units);
    String::from_utf16_lossy(&units)
}
