//! GIF (89a): the packet is an application extension `XMP DataXMP`, read by its own rule (ISO 16684-3): the packet in
//! one piece, then 258 bytes that lead any reader of sub-blocks out of it.

use std::ops::Range;

use kakuzuke_core::code::Text;

use super::scan::{CUT, Scan};
use super::{Changes, Found};
use crate::error::{LabelError, ReadError};
use crate::source::Source;
use crate::splice::Splice;

/// Extension introducer, application label, length of the name, name.
const BEGIN: &[u8; 14] = b"\x21\xFF\x0BXMP DataXMP";
const TRAIL: u64 = 258;

struct Layout {
    /// The whole extension.
    extension: Option<Range<u64>>,
    /// Offset of the trailer, before which a new one goes.
    trailer: u64,
}

/// Length of a colour table, from the flags that announce it.
fn table(flags: u8) -> u64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

fn read(source: &dyn Source) -> Result<Layout, LabelError> {
    let mut scan = Scan::new(source, 10)?;
    let [flags] = scan.take::<1>()?;
    scan.skip(2 + table(flags))?;
    let mut layout = Layout { extension: None, trailer: 0 };
    loop {
        scan.count()?;
        let start = scan.at;
        match scan.take::<1>()? {
            [0x3B] => {
                layout.trailer = start;
                return Ok(layout);
            }
            [0x2C] => {
                let [.., flags] = scan.take::<9>()?;
                // The smallest code's size follows the table.
                scan.skip(table(flags) + 1)?;
            }
            [0x21] => {
                scan.skip(1)?;
            }
            _ => return Err(ReadError::Damaged("a GIF's blocks do not follow each other").into()),
        }
        let is_packet = scan.size() - start >= 14 && {
            let back = scan.at;
            scan.at = start;
            let found = &scan.peek::<14>()? == BEGIN;
            scan.at = back;
            found
        };
        loop {
            let [length] = scan.take::<1>()?;
            if length == 0 {
                break;
            }
            scan.skip(u64::from(length))?;
        }
        if is_packet && layout.extension.replace(start..scan.at).is_some() {
            return Err(LabelError::Malformed("two XMP packets"));
        }
    }
}

/// The packet of a picture.
pub(super) fn packet(source: &dyn Source) -> Found {
    let Some(extension) = read(source)?.extension else { return Ok(None) };
    let end = extension.end.checked_sub(TRAIL).filter(|end| *end >= extension.start + 14).ok_or(CUT)?;
    Ok(Some(Scan::new(source, 0)?.packet(extension.start + 14..end)?))
}

/// The changes that put a packet in.
pub(super) fn exchange(source: &dyn Source, packet: &[u8]) -> Changes {
    if packet.contains(&0) {
        return Err(LabelError::Refused(Text::fixed(
            "画像のXMPに書けない文字があります。",
            "the XMP packet has a zero byte",
        )));
    }
    let layout = read(source)?;
    let at = layout.extension.unwrap_or(layout.trailer..layout.trailer);
    let trail: Vec<u8> = std::iter::once(1).chain((0..=255).rev()).chain(std::iter::once(0)).collect();
    let extension = [BEGIN.as_slice(), packet, &trail].concat();
    // Version 87a knows no extensions.
    Ok(vec![Splice::replace(4..5, vec![b'9']), Splice::replace(at, extension)])
}
