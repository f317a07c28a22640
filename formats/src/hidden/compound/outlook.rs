//! Outlook messages ([MS-OXMSG]): the way they took, blind copies, and what is attached.

use std::path::{Path, PathBuf};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::{Streams, long, nested};
use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::text::decode_name;

/// Properties that go, by their ids.
const GOES: &[(u16, Category, &str, &str)] = &[
    (0x007D, Category::MailRoute, "経由したサーバー・IPアドレス", "servers and addresses it went through"),
    (0x1035, Category::MailRoute, "メールの識別子", "ids of mails"),
    (0x1039, Category::MailRoute, "メールの識別子", "ids of mails"),
    (0x1042, Category::MailRoute, "メールの識別子", "ids of mails"),
    (0x0071, Category::MailRoute, "メールの識別子", "ids of mails"),
    (0x003F, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0040, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0043, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0044, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0051, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0075, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0076, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0077, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0078, Category::MailRoute, "受信者の情報", "who received it"),
    (0x0E28, Category::MailRoute, "送信に使ったアカウント", "the account it was sent from"),
    (0x0E29, Category::MailRoute, "送信に使ったアカウント", "the account it was sent from"),
    (0x0E02, Category::Bcc, "BCCの宛先", "blind copy addressees"),
    (0x3FF8, Category::Authors, "作成者", "the author"),
    (0x3FF9, Category::Authors, "作成者", "the author"),
    (0x3FFA, Category::Authors, "最終更新者", "who changed it last"),
    (0x3FFB, Category::Authors, "最終更新者", "who changed it last"),
];

const PROPERTIES: &str = "__properties_version1.0";
const BROKEN: ReadError = ReadError::Damaged("properties of an Outlook message");

/// Cleans the message in `folder`.
pub(super) fn clean(streams: &mut Streams, folder: &Path, depth: u32, ledger: &mut Ledger) -> Result<(), ReadError> {
    let deeper = depth.checked_sub(1).ok_or(ReadError::Limit("messages in one another"))?;
    let path = folder.join(PROPERTIES);
    let head = if folder == Path::new("/") { 32 } else { 24 };
    let mut properties = streams.held.get(&path).cloned().ok_or(BROKEN)?;
    let (mut kept, mut at) = (properties.get(..head).ok_or(BROKEN)?.to_vec(), head);
    while let Some(entry) = properties.get(at..at + 16) {
        at += 16;
        let id = entry.get(2..4).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes);
        let known = GOES.iter().find(|(own, ..)| *own == id);
        let says = |known: &&(u16, Category, &str, &str)| known.1 != Category::Bcc || is_said(streams, folder, id);
        if let Some((_, category, ja, en)) = known.filter(says)
            && ledger.found(*category, Unit::Whole, &Text::new((*ja).to_owned(), (*en).to_owned()))
        {
            for kind in ["001F", "001E", "0102"] {
                streams.remove(&folder.join(format!("__substg1.0_{id:04X}{kind}")));
            }
            continue;
        }
        kept.extend_from_slice(entry);
    }
    properties = kept;
    recipients(streams, folder, &mut properties, ledger);
    streams.put(&path, properties);
    body(streams, folder, ledger);
    attachments(streams, folder, deeper, ledger)
}

fn is_said(streams: &Streams, folder: &Path, id: u16) -> bool {
    ["001F", "001E"].iter().any(|kind| {
        let stream = streams.held.get(&folder.join(format!("__substg1.0_{id:04X}{kind}")));
        stream.is_some_and(|bytes| bytes.iter().any(|b| *b != 0))
    })
}

/// The storages directly in `folder` whose names begin so, in their order.
fn storages(streams: &Streams, folder: &Path, begin: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for path in streams.held.keys() {
        let Some(first) = path.strip_prefix(folder).ok().and_then(|inside| inside.components().next()) else {
            continue;
        };
        let inner = folder.join(first);
        if first.as_os_str().to_string_lossy().starts_with(begin) && found.last() != Some(&inner) && *path != inner {
            found.push(inner);
        }
    }
    found
}

/// A fixed property of a recipient or attachment.
fn fixed(streams: &Streams, folder: &Path, id: u16) -> Option<u32> {
    let properties = streams.held.get(&folder.join(PROPERTIES))?;
    let entry = properties.get(8..)?.chunks_exact(16).find(|entry| entry.get(2..4) == Some(&id.to_le_bytes()))?;
    long(entry, 8)
}

/// Those who got a blind copy go; the others are numbered anew.
fn recipients(streams: &mut Streams, folder: &Path, properties: &mut [u8], ledger: &mut Ledger) {
    let mut stay = Vec::new();
    let mut went = 0_u32;
    for storage in storages(streams, folder, "__recip_version1.0_") {
        let is_blind = fixed(streams, &storage, 0x0C15) == Some(3);
        if is_blind && ledger.found(Category::Bcc, Unit::Whole, &Text::fixed("BCCの宛先", "blind copy addressees")) {
            streams.remove(&storage);
            went += 1;
        } else {
            stay.push(storage);
        }
    }
    if went == 0 {
        return;
    }
    for (number, storage) in stay.iter().enumerate() {
        let name = folder.join(format!("__recip_version1.0_#{number:08X}"));
        if name != *storage {
            streams.renamed.insert(storage.clone(), name);
        }
    }
    // The next recipient's number, and how many there are.
    for place in [8, 16] {
        if let Some(field) = properties.get_mut(place..place + 4) {
            field.copy_from_slice(&u32::try_from(stay.len()).unwrap_or(u32::MAX).to_le_bytes());
        }
    }
}

/// The body as a page: cleaned as a page is.
fn body(streams: &mut Streams, folder: &Path, ledger: &mut Ledger) {
    let page = folder.join("__substg1.0_10130102");
    let packed = folder.join("__substg1.0_10090102");
    if let Some(bytes) = streams.held.get(&page).cloned()
        && let Some(cleaned) = nested(&bytes, "本文.html", ledger)
    {
        resize(streams, folder, 0x1013, cleaned.len());
        streams.put(&page, cleaned);
        // The same words lie packed beside it.
        drop_property(streams, folder, 0x1009);
        streams.remove(&packed);
    } else if let Some(bytes) = streams.held.get(&packed).cloned()
        && let Ok(text) = crate::text::unpack_rtf(&bytes)
        && let Some(cleaned) = nested(&text, "本文.rtf", ledger)
    {
        // As it is, not packed ([MS-OXRTFCP] 2.2.3.1).
        let length = cleaned.len() as u32;
        let head = [length.saturating_add(12).to_le_bytes(), length.to_le_bytes(), *b"MELA", [0; 4]].concat();
        let whole = [head, cleaned].concat();
        resize(streams, folder, 0x1009, whole.len());
        streams.put(&packed, whole);
    }
}

fn head_of(folder: &Path) -> usize {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.is_empty() {
        32
    } else if name.starts_with("__attach") || name.starts_with("__recip") {
        8
    } else {
        24
    }
}

/// Says how long a property is now.
fn resize(streams: &mut Streams, folder: &Path, id: u16, length: usize) {
    let path = folder.join(PROPERTIES);
    let Some(mut properties) = streams.held.get(&path).cloned() else { return };
    for entry in properties.get_mut(head_of(folder)..).unwrap_or_default().chunks_exact_mut(16) {
        if entry.get(2..4) == Some(&id.to_le_bytes())
            && let Some(size) = entry.get_mut(8..12)
        {
            size.copy_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        }
    }
    streams.put(&path, properties);
}

fn drop_property(streams: &mut Streams, folder: &Path, id: u16) {
    let path = folder.join(PROPERTIES);
    let Some(properties) = streams.held.get(&path) else { return };
    let (head, entries) = properties.split_at(head_of(folder).min(properties.len()));
    let stay = entries.chunks(16).filter(|entry| entry.get(2..4) != Some(&id.to_le_bytes())).flatten().copied();
    let whole = head.iter().copied().chain(stay).collect();
    streams.put(&path, whole);
}

fn attachments(streams: &mut Streams, folder: &Path, depth: u32, ledger: &mut Ledger) -> Result<(), ReadError> {
    for storage in storages(streams, folder, "__attach_version1.0_") {
        let name = ["3707001F", "3707001E", "3704001F", "3704001E", "3001001F", "3001001E"].iter().find_map(|tag| {
            let bytes = streams.held.get(&storage.join(format!("__substg1.0_{tag}")))?;
            let units =
                || bytes.chunks_exact(2).filter_map(|b| b.try_into().ok()).map(u16::from_le_bytes).collect::<Vec<_>>();
            let name = if tag.ends_with('F') { String::from_utf16_lossy(&units()) } else { decode_name(bytes) };
            Some(name.trim_end_matches('\0').to_owned()).filter(|name| !name.is_empty())
        });
        let name = name.unwrap_or_else(|| "添付".to_owned());
        let data = storage.join("__substg1.0_37010102");
        let inner = storage.join("__substg1.0_3701000D");
        if let Some(bytes) = streams.held.get(&data).cloned() {
            if let Some(cleaned) = nested(&bytes, &name, ledger) {
                resize(streams, &storage, 0x3701, cleaned.len());
                streams.put(&data, cleaned);
            }
        } else if streams.held.contains_key(&inner.join(PROPERTIES)) {
            ledger.enter(&name);
            let outcome = clean(streams, &inner, depth, ledger);
            ledger.leave();
            outcome?;
        } else {
            ledger.enter(&name);
            ledger.not_inspected(Text::fixed("埋込みオブジェクト", "an embedded object"));
            ledger.leave();
        }
    }
    Ok(())
}
