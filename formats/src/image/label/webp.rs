//! WebP (RFC 9649): the packet is a chunk of its own; a simple file becomes an extended one, its picture as it was.

use std::ops::Range;

use kakuzuke_core::code::Text;

use super::scan::Scan;
use super::{Changes, Found};
use crate::error::{LabelError, ReadError};
use crate::source::Source;
use crate::splice::Splice;

/// Bit of the header that announces a packet, and the one that announces transparency.
const HAS_XMP: u8 = 0x04;
const HAS_ALPHA: u8 = 0x10;

struct Layout {
    /// End of the last chunk.
    end: u64,
    /// The chunk with the packet, padding included, and the length of its data.
    chunk: Option<(Range<u64>, u64)>,
    /// Name of the first chunk, and the first bytes of its data.
    first: ([u8; 4], [u8; 10]),
}

fn read(source: &dyn Source) -> Result<Layout, LabelError> {
    let mut scan = Scan::new(source, 4)?;
    let riff = 8 + u64::from(u32::from_le_bytes(scan.take::<4>()?));
    if riff > scan.size() {
        return Err(super::scan::CUT.into());
    }
    scan.at = 12;
    let [a, b, c, d, _, _, _, _, data @ ..] = scan.peek::<18>()?;
    let mut layout = Layout { end: 12, chunk: None, first: ([a, b, c, d], data) };
    while scan.at + 8 <= riff {
        scan.count()?;
        let start = scan.at;
        let [a, b, c, d, length @ ..] = scan.take::<8>()?;
        let length = u64::from(u32::from_le_bytes(length));
        scan.skip(length)?;
        // The last one's padding is sometimes missing.
        scan.at = (scan.at + (length & 1)).min(scan.size());
        if &[a, b, c, d] == b"XMP " && layout.chunk.replace((start..scan.at, length)).is_some() {
            return Err(LabelError::Malformed("two XMP packets"));
        }
        layout.end = scan.at;
    }
    Ok(layout)
}

/// The packet of a picture.
pub(super) fn packet(source: &dyn Source) -> Found {
    let Some((chunk, length)) = read(source)?.chunk else { return Ok(None) };
    Ok(Some(Scan::new(source, 0)?.packet(chunk.start + 8..chunk.start + 8 + length)?))
}

/// Header of an extended file around a simple one.
fn header(name: [u8; 4], data: [u8; 10]) -> Option<[u8; 10]> {
    let (width, height, alpha) = match (&name, data) {
        (b"VP8 ", [_, _, _, 0x9D, 0x01, 0x2A, w0, w1, h0, h1]) => {
            (u32::from(u16::from_le_bytes([w0, w1]) & 0x3FFF), u32::from(u16::from_le_bytes([h0, h1]) & 0x3FFF), false)
        }
        (b"VP8L", [0x2F, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([a, b, c, d]);
            ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1, bits & (1 << 28) != 0)
        }
        _ => return None,
    };
    let ([w0, w1, w2, _], [h0, h1, h2, _]) =
        (width.checked_sub(1)?.to_le_bytes(), height.checked_sub(1)?.to_le_bytes());
    let flags = HAS_XMP | if alpha { HAS_ALPHA } else { 0 };
    Some([flags, 0, 0, 0, w0, w1, w2, h0, h1, h2])
}

/// The changes that put a packet in.
pub(super) fn exchange(source: &dyn Source, packet: &[u8]) -> Changes {
    let layout = read(source)?;
    let too_long = || {
        LabelError::Refused(Text::fixed(
            "ファイルがこの形式の上限を超えてしまいます。",
            "the file would be too long for its format",
        ))
    };
    let length = u32::try_from(packet.len()).map_err(|_| too_long())?;
    let mut chunk = [b"XMP ".as_slice(), &length.to_le_bytes(), packet].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    let at = layout.chunk.map_or(layout.end..layout.end, |(range, _)| range);
    let mut total = layout.end - 8 - (at.end - at.start) + chunk.len() as u64;
    if at.start % 2 == 1 {
        return Err(ReadError::Damaged("a WebP's last chunk is not padded").into());
    }
    let mut changes = vec![Splice::replace(at, chunk)];
    let (name, data) = layout.first;
    if &name == b"VP8X" {
        let flags = data.first().copied().unwrap_or_default() | HAS_XMP;
        changes.push(Splice::replace(20..21, vec![flags]));
    } else {
        let header = header(name, data).ok_or(ReadError::Damaged("a WebP's first chunk"))?;
        let header = [b"VP8X".as_slice(), &10_u32.to_le_bytes(), &header].concat();
        total += header.len() as u64;
        changes.push(Splice::insert(12, header));
    }
    let total = u32::try_from(total).map_err(|_| too_long())?;
    changes.push(Splice::replace(4..8, total.to_le_bytes().to_vec()));
    Ok(changes)
}
