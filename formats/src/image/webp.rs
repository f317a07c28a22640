//! WebP (RFC 9649): Exif, XMP and unknown chunks go, all but which side is up.

use super::{found, jpeg, packet};
use crate::hidden::Ledger;

/// Chunks without which the picture would look otherwise.
const SEEN: [&[u8; 4]; 8] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP", b"FRGM"];
/// Bits of the header that announce Exif and XMP.
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;

/// The picture without what is to go; `None` when it is not well formed.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Option<Vec<u8>> {
    let riff = 8_usize.checked_add(u32::from_le_bytes(bytes.get(4..8)?.try_into().ok()?) as usize)?;
    let end = riff.min(bytes.len());
    let (mut out, mut at) = (bytes.get(..12)?.to_vec(), 12);
    let mut header = None;
    while at + 8 <= end {
        let name: &[u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        let length = u32::from_le_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let body = bytes.get(at + 8..at.checked_add(8)?.checked_add(length)?)?;
        let next = (at + 8 + length + (length & 1)).min(end);
        let chunk = bytes.get(at..next)?;
        if name == b"VP8X" {
            header = Some(out.len() + 8);
        }
        let goes = match name {
            known if SEEN.contains(&known) => false,
            b"EXIF" if jpeg::is_upright(body) => false,
            b"EXIF" => found(ledger, "Exif情報（撮影日時・機種・位置など）", "Exif (time, camera, position)"),
            b"XMP " => packet(ledger, body),
            _ => found(ledger, "その他のデータ", "other data"),
        };
        if goes && name == b"EXIF" {
            out.extend(turned(body));
        } else if !goes {
            out.extend_from_slice(chunk);
        }
        at = next;
    }
    let size = u32::try_from(out.len() - 8).ok()?;
    out.get_mut(4..8)?.copy_from_slice(&size.to_le_bytes());
    announce(&mut out, header)?;
    let behind = bytes.get(end..)?;
    if behind.iter().any(|b| *b != 0) && !found(ledger, "画像の後ろのデータ", "data behind the picture") {
        out.extend_from_slice(behind);
    }
    Some(out)
}

/// The chunk that stays of Exif: none where the picture lies upright.
fn turned(body: &[u8]) -> Vec<u8> {
    let Some(bare) = jpeg::bare_tiff(body.strip_prefix(b"Exif\0\0").unwrap_or(body)) else { return Vec::new() };
    [b"EXIF".as_slice(), &(bare.len() as u32).to_le_bytes(), &bare].concat()
}

/// The header announces what is there.
fn announce(out: &mut [u8], header: Option<usize>) -> Option<()> {
    let Some(place) = header else { return Some(()) };
    let has = |name: &[u8; 4]| {
        let mut at = 12;
        while let Some(head) = out.get(at..at + 8) {
            if head.starts_with(name) {
                return true;
            }
            let length = head.get(4..).and_then(|l| l.try_into().ok()).map_or(0, u32::from_le_bytes) as usize;
            at += 8 + length + (length & 1);
        }
        false
    };
    let (exif, xmp) = (has(b"EXIF"), has(b"XMP "));
    let flags = out.get_mut(place)?;
    *flags &= !(EXIF | XMP);
    *flags |= if exif { EXIF } else { 0 } | if xmp { XMP } else { 0 };
    Some(())
}
