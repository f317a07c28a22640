//! JPEG (ISO/IEC 10918-1): the packet is an APP1 segment of its own (ISO 16684-3).

use std::ops::Range;

use kakuzuke_core::code::Text;

use super::scan::Scan;
use super::{Changes, Found};
use crate::error::{LabelError, ReadError};
use crate::source::Source;
use crate::splice::Splice;

const NAME: &[u8; 29] = b"http://ns.adobe.com/xap/1.0/\0";
const MULTI: &[u8; 4] = b"MPF\0";
/// Longest packet: what a segment's length leaves.
const LONGEST: usize = 65_535 - 2 - NAME.len();

struct Layout {
    /// The segment with the packet.
    segment: Option<Range<u64>>,
    /// Where a new one goes: behind JFIF and Exif, which want to be first.
    room: u64,
    /// Whether a table of further pictures, by offsets from itself, lies before the packet.
    is_multi_before: bool,
}

fn read(source: &dyn Source) -> Result<Layout, LabelError> {
    let mut scan = Scan::new(source, 2)?;
    let mut layout = Layout { segment: None, room: 2, is_multi_before: false };
    let (mut first, mut multi) = (true, false);
    loop {
        scan.count()?;
        let start = scan.at;
        let [0xFF, marker] = scan.take::<2>()? else {
            return Err(ReadError::Damaged("a JPEG's segments do not follow each other").into());
        };
        match marker {
            // Fill bytes.
            0xFF => {
                scan.at -= 1;
                continue;
            }
            0x01 | 0xD0..=0xD7 => continue,
            // The picture itself, or the end.
            0xDA | 0xD9 => return Ok(layout),
            _ => {}
        }
        let length = u64::from(u16::from_be_bytes(scan.peek::<2>()?));
        if length < 2 {
            return Err(ReadError::Damaged("a JPEG segment's length").into());
        }
        let data = length - 2;
        let begins = |scan: &mut Scan<'_>, at: u64| -> Result<[u8; 4], ReadError> {
            let back = scan.at;
            scan.at = at;
            let bytes = if data >= 4 { scan.peek::<4>() } else { Ok([0; 4]) };
            scan.at = back;
            bytes
        };
        let begin = begins(&mut scan, start + 4)?;
        multi |= marker == 0xE2 && &begin == MULTI;
        if marker == 0xE1 && data >= NAME.len() as u64 {
            scan.at = start + 4;
            let named = &scan.peek::<29>()? == NAME;
            scan.at = start + 2;
            if named {
                if layout.segment.replace(start..start + 2 + length).is_some() {
                    return Err(LabelError::Malformed("two XMP packets"));
                }
                layout.is_multi_before = multi;
            }
        }
        first &= marker == 0xE0 || marker == 0xE1 && &begin == b"Exif";
        scan.skip(length)?;
        if first {
            layout.room = scan.at;
        }
    }
}

/// The packet of a picture.
pub(super) fn packet(source: &dyn Source) -> Found {
    let Some(segment) = read(source)?.segment else { return Ok(None) };
    Ok(Some(Scan::new(source, 0)?.packet(segment.start + 4 + NAME.len() as u64..segment.end)?))
}

/// The changes that put a packet in.
pub(super) fn exchange(source: &dyn Source, packet: &[u8]) -> Changes {
    let layout = read(source)?;
    if packet.len() > LONGEST {
        return Err(LabelError::Refused(Text::fixed(
            "JPEGに書ける長さ（65,504バイト）を超えます。",
            "a JPEG segment holds at most 65,504 bytes of XMP",
        )));
    }
    if layout.is_multi_before {
        return Err(LabelError::Refused(Text::fixed(
            "複数の画像を含むJPEGのため、書き込むと後ろの画像の位置がずれます。",
            "the offsets of this JPEG's further pictures would no longer be right",
        )));
    }
    let at = layout.segment.unwrap_or(layout.room..layout.room);
    let length = (2 + NAME.len() + packet.len()) as u16;
    let segment = [&[0xFF, 0xE1], length.to_be_bytes().as_slice(), NAME, packet].concat();
    Ok(vec![Splice::replace(at, segment)])
}
