//! GIF (89a): comments and what programs write beside the pictures go; animations stay.

use super::found;
use crate::hidden::Ledger;

/// The picture without what is to go; `None` when it is not well formed.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Option<Vec<u8>> {
    let flags = *bytes.get(10)?;
    let mut at = 13_usize.checked_add(table(flags))?;
    let mut out = bytes.get(..at)?.to_vec();
    loop {
        let start = at;
        let goes = match bytes.get(at).copied() {
            Some(0x3B) => {
                out.push(0x3B);
                let behind = bytes.get(at + 1..)?;
                let is_data = behind.iter().any(|b| *b != 0);
                if is_data && !found(ledger, "画像の後ろのデータ", "data behind the picture") {
                    out.extend_from_slice(behind);
                }
                return Some(out);
            }
            Some(0x2C) => {
                let flags = *bytes.get(at + 9)?;
                // The smallest code's size follows the table.
                at = blocks(bytes, at.checked_add(11 + table(flags))?)?;
                false
            }
            Some(0x21) => {
                let label = *bytes.get(at + 1)?;
                at = blocks(bytes, at + 2)?;
                judge(label, bytes.get(start..at)?, ledger)
            }
            // Cut short, as readers tolerate it.
            None => return Some(out),
            _ => return None,
        };
        if !goes {
            out.extend_from_slice(bytes.get(start..at)?);
        }
    }
}

/// Length of a colour table, from the flags that announce it.
fn table(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// The place behind a run of sub-blocks.
fn blocks(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at = at.checked_add(1 + length)?;
        if length == 0 {
            return Some(at);
        }
    }
}

fn judge(label: u8, extension: &[u8], ledger: &mut Ledger) -> bool {
    let name = extension.get(3..14).unwrap_or_default();
    match label {
        0xFE => found(ledger, "コメント", "comment"),
        0xFF if matches!(name, b"NETSCAPE2.0" | b"ANIMEXTS1.0" | b"ICCRGBG1012") => false,
        0xFF if name == b"XMP DataXMP" => {
            // Behind the packet lies what leads readers of sub-blocks out of it (ISO 16684-3).
            super::packet(ledger, extension.get(14..extension.len().saturating_sub(258)).unwrap_or_default())
        }
        0xFF => found(ledger, "その他のデータ", "other data"),
        _ => false,
    }
}
