//! PNG (ISO/IEC 15948): chunks that decide how the picture looks stay.

use super::found;
use crate::hidden::Ledger;
use crate::zip::Fields;

/// Keyword of the chunk with an XMP packet (ISO 16684-3).
const XMP: &[u8] = b"XML:com.adobe.xmp\0";

/// Chunks without which the picture would look otherwise; and those of animations.
const SEEN: [&[u8; 4]; 21] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"hIST",
    b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI", b"oFFs",
];

/// The picture without what is to go; `None` when it is not well formed.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Option<Vec<u8>> {
    let (signature, mut rest) = bytes.split_at_checked(8)?;
    let mut out = signature.to_vec();
    loop {
        let mut fields = Fields(rest);
        let length = u32::from_be_bytes(fields.take(4)?.try_into().ok()?);
        let kind: &[u8; 4] = fields.take(4)?.try_into().ok()?;
        let (chunk, behind) = rest.split_at_checked(usize::try_from(length).ok()?.checked_add(12)?)?;
        let goes = match kind {
            known if SEEN.contains(&known) => false,
            b"iTXt" if chunk.get(8..).is_some_and(|data| data.starts_with(XMP)) => packet(chunk, ledger),
            b"tEXt" | b"zTXt" | b"iTXt" => found(ledger, "文字情報（コメント・XMPなど）", "text (comments, XMP)"),
            b"eXIf" => found(ledger, "Exif情報（撮影日時・機種・位置など）", "Exif (time, camera, position)"),
            b"tIME" => found(ledger, "更新日時", "time of change"),
            _ => found(ledger, "その他のデータ", "other data"),
        };
        if !goes {
            out.extend_from_slice(chunk);
        }
        rest = behind;
        if kind == b"IEND" {
            break;
        }
    }
    if !rest.is_empty() && !found(ledger, "画像の後ろのデータ", "data behind the picture") {
        out.extend_from_slice(rest);
    }
    Some(out)
}

/// Whether a chunk with an XMP packet goes; a packed one is not looked into.
fn packet(chunk: &[u8], ledger: &mut Ledger) -> bool {
    let text = chunk.get(8 + XMP.len()..chunk.len().saturating_sub(4)).unwrap_or_default();
    let packet = text.get(2..).and_then(|rest| rest.splitn(3, |b| *b == 0).nth(2)).unwrap_or_default();
    super::packet(ledger, packet)
}
