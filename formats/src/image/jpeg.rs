//! JPEG (ITU-T T.81): application segments and comments go, all but colour (JFIF, ICC, Adobe) and which side is up.

use super::found;
use crate::hidden::Ledger;

/// Name of a segment with an XMP packet (ISO 16684-3).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// The picture without what is to go; `None` when it is not well formed.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Option<Vec<u8>> {
    let mut out = vec![0xFF, 0xD8];
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        // Fill bytes.
        while *bytes.get(at + 1)? == 0xFF {
            at += 1;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xD9 => {
                out.extend([0xFF, 0xD9]);
                let behind = bytes.get(at + 2..)?;
                let is_data = behind.iter().any(|b| *b != 0);
                if is_data && !found(ledger, "画像の後ろのデータ", "data behind the picture") {
                    out.extend_from_slice(behind);
                }
                return Some(out);
            }
            0x01 | 0xD0..=0xD7 => {
                out.extend([0xFF, marker]);
                at += 2;
            }
            _ => {
                let end = at.checked_add(2)?.checked_add(length(bytes, at + 2)?)?;
                let segment = bytes.get(at..end)?;
                let body = segment.get(4..)?;
                if goes(marker, body, ledger) {
                    out.extend(orientation(marker, body));
                } else {
                    out.extend_from_slice(segment);
                }
                at = end;
                if marker == 0xDA {
                    let next = at + scan(bytes.get(at..)?);
                    out.extend_from_slice(bytes.get(at..next)?);
                    at = next;
                    // Cut short, as readers tolerate it.
                    if at >= bytes.len() {
                        return Some(out);
                    }
                }
            }
        }
    }
}

fn length(bytes: &[u8], at: usize) -> Option<usize> {
    let length = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    (length >= 2).then_some(length)
}

/// Length of the coded data before the next marker.
fn scan(bytes: &[u8]) -> usize {
    let marker = |pair: &[u8]| matches!(pair, [0xFF, code] if !matches!(code, 0 | 0xD0..=0xD7 | 0xFF));
    bytes.windows(2).position(marker).unwrap_or(bytes.len())
}

fn goes(marker: u8, body: &[u8], ledger: &mut Ledger) -> bool {
    match marker {
        0xE0 if body.starts_with(b"JFIF\0") && body.len() <= 14 => false,
        0xE0 => found(ledger, "縮小版の画像", "thumbnail"),
        0xE2 if body.starts_with(b"ICC_PROFILE\0") => false,
        0xEE if body.starts_with(b"Adobe") => false,
        // What is left of it says only which side is up.
        0xE1 if is_bare(body) => false,
        0xE1 if body.starts_with(b"Exif") => {
            found(ledger, "Exif情報（撮影日時・機種・位置など）", "Exif (time, camera, position)")
        }
        0xE1 => super::packet(ledger, body.strip_prefix(XMP).unwrap_or(body)),
        0xED => found(ledger, "IPTC・Photoshop情報", "IPTC and Photoshop data"),
        0xFE => found(ledger, "コメント", "comment"),
        0xE2..=0xEF => found(ledger, "その他のデータ", "other data"),
        _ => false,
    }
}

/// Exif with nothing but the orientation (tag 0x0112), big-endian.
fn bare(orientation: u8) -> [u8; 32] {
    let mut body = *b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    if let Some(place) = body.get_mut(25) {
        *place = orientation;
    }
    body
}

fn is_bare(body: &[u8]) -> bool {
    (2..=8).any(|o| body == bare(o))
}

/// The segment that stays of Exif: none where the picture lies upright.
fn orientation(marker: u8, body: &[u8]) -> Vec<u8> {
    let up = (marker == 0xE1).then(|| body.strip_prefix(b"Exif\0\0")).flatten().and_then(turned);
    match up {
        Some(up @ 2..=8) => [0xFF, 0xE1, 0, 34].into_iter().chain(bare(up)).collect(),
        _ => Vec::new(),
    }
}

/// Exif of a picture that is not JPEG, with nothing but the orientation; `None` where the picture lies upright.
pub(super) fn bare_tiff(tiff: &[u8]) -> Option<Vec<u8>> {
    let up = turned(tiff).filter(|up| (2..=8).contains(up))?;
    bare(up).strip_prefix(b"Exif\0\0").map(<[u8]>::to_vec)
}

/// Whether nothing but the orientation is in it.
pub(super) fn is_upright(tiff: &[u8]) -> bool {
    bare_tiff(tiff).is_some_and(|bare| bare == tiff)
}

/// The orientation in TIFF's first directory.
fn turned(tiff: &[u8]) -> Option<u8> {
    let is_little = tiff.starts_with(b"II");
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = tiff.get(at..at.checked_add(length)?)?;
        let join = |n: usize, b: &u8| n << 8 | usize::from(*b);
        Some(if is_little { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) })
    };
    let directory = number(4, 4)?;
    let count = number(directory, 2)?;
    (0..count.min(512)).find_map(|n| {
        let at = directory + 2 + n * 12;
        (number(at, 2)? == 0x0112).then(|| number(at + 8, 2)).flatten().and_then(|v| u8::try_from(v).ok())
    })
}
