//! TIFF 6.0 and BigTIFF: the packet is the field 700 of the first directory. A directory that grows is written anew at
//! the end of the file, with the packet before it; every other byte stays where offsets point.

use std::ops::Range;

use kakuzuke_core::code::Text;

use super::scan::{CUT, Scan};
use super::{Changes, Found};
use crate::error::{LabelError, ReadError};
use crate::source::{Source, read_range};
use crate::splice::Splice;

const XMP: u16 = 700;

/// Byte order and width of a file's numbers.
#[derive(Clone, Copy)]
struct Order {
    is_big_endian: bool,
    is_wide: bool,
}

impl Order {
    fn number(self, bytes: &[u8]) -> u64 {
        let push = |n: u64, b: &u8| n << 8 | u64::from(*b);
        if self.is_big_endian { bytes.iter().fold(0, push) } else { bytes.iter().rev().fold(0, push) }
    }

    fn bytes(self, number: u64, length: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = number.to_le_bytes().into_iter().take(length).collect();
        if self.is_big_endian {
            bytes.reverse();
        }
        bytes
    }

    /// Length of an offset, of the count of a directory's fields, and of a field.
    fn lengths(self) -> (usize, usize, usize) {
        if self.is_wide { (8, 8, 20) } else { (4, 2, 12) }
    }
}

struct Layout {
    order: Order,
    /// Where the offset of the first directory stands.
    pointer: Range<u64>,
    directory: Range<u64>,
    fields: Vec<Vec<u8>>,
    next: Vec<u8>,
}

fn read(source: &dyn Source) -> Result<Layout, LabelError> {
    let mut scan = Scan::new(source, 0)?;
    let [mark, _, a, b] = scan.take::<4>()?;
    let is_big_endian = mark == b'M';
    let is_wide = (if is_big_endian { b } else { a }) == 43;
    let order = Order { is_big_endian, is_wide };
    let (offset, count, field) = order.lengths();
    let pointer = if is_wide { 8..16 } else { 4..8 };
    let start = order.number(&read_range(source, pointer.clone()).map_err(ReadError::from)?);
    let within = |range: Range<u64>| -> Result<Vec<u8>, ReadError> {
        if range.end > source.size()? { Err(CUT) } else { Ok(read_range(source, range)?) }
    };
    let from = start.checked_add(count as u64).ok_or(CUT)?;
    let fields = order.number(&within(start..from)?);
    if fields > 65_535 {
        return Err(ReadError::Limit("fields of a TIFF directory").into());
    }
    let until = from.checked_add(fields * field as u64).ok_or(CUT)?;
    let fields = within(from..until)?.chunks_exact(field).map(<[u8]>::to_vec).collect();
    let end = until.checked_add(offset as u64).ok_or(CUT)?;
    let next = within(until..end)?;
    Ok(Layout { order, pointer, directory: start..end, fields, next })
}

impl Layout {
    fn tag(&self, field: &[u8]) -> u64 {
        self.order.number(field.get(..2).unwrap_or_default())
    }

    /// The packet's bytes in the file; `None` when there is none, or one so short that it is none.
    fn packet(&self) -> Result<Option<Range<u64>>, LabelError> {
        let (offset, ..) = self.order.lengths();
        let mut found = self.fields.iter().filter(|f| self.tag(f) == u64::from(XMP));
        let Some(field) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(LabelError::Malformed("two XMP packets"));
        }
        let count = self.order.number(field.get(4..4 + offset).unwrap_or_default());
        let unit: u64 = if self.order.number(field.get(2..4).unwrap_or_default()) == 4 { 4 } else { 1 };
        let length = count.checked_mul(unit).ok_or(CUT)?;
        let start = self.order.number(field.get(4 + offset..).unwrap_or_default());
        if length <= offset as u64 {
            return Ok(None);
        }
        Ok(Some(start..start.checked_add(length).ok_or(CUT)?))
    }
}

/// The packet of a picture.
pub(super) fn packet(source: &dyn Source) -> Found {
    match read(source)?.packet()? {
        Some(range) if range.end > source.size().map_err(ReadError::from)? => Err(CUT.into()),
        Some(range) => Ok(Some(Scan::new(source, 0)?.packet(range)?)),
        None => Ok(None),
    }
}

/// The changes that put a packet in.
pub(super) fn exchange(source: &dyn Source, packet: &[u8]) -> Changes {
    let layout = read(source)?;
    let (order, size) = (layout.order, source.size().map_err(ReadError::from)?);
    let (offset, count, _) = order.lengths();
    // What an earlier label put at the end goes again.
    let ours = layout
        .packet()?
        .filter(|p| layout.directory.end == size && p.end.next_multiple_of(8) == layout.directory.start);
    let cut = ours.map_or(size, |p| p.start);
    let start = cut.next_multiple_of(8);
    let directory = (start + packet.len() as u64).next_multiple_of(8);
    let fields = layout.fields.iter().filter(|f| layout.tag(f) != u64::from(XMP)).cloned();
    let added = [
        order.bytes(u64::from(XMP), 2),
        order.bytes(1, 2),
        order.bytes(packet.len() as u64, offset),
        order.bytes(start, offset),
    ];
    let mut fields: Vec<Vec<u8>> = fields.chain([added.concat()]).collect();
    fields.sort_by_key(|f| layout.tag(f));
    let mut tail = vec![0; usize::try_from(start - cut).unwrap_or_default()];
    tail.extend_from_slice(packet);
    tail.resize(usize::try_from(directory - cut).map_err(|_| CUT)?, 0);
    tail.extend(order.bytes(fields.len() as u64, count));
    tail.extend(fields.concat());
    tail.extend(&layout.next);
    if !order.is_wide && u32::try_from(cut + tail.len() as u64).is_err() {
        return Err(LabelError::Refused(Text::fixed(
            "ファイルがこの形式の上限を超えてしまいます。",
            "the file would be too long for its format",
        )));
    }
    Ok(vec![Splice::replace(layout.pointer, order.bytes(directory, offset)), Splice::replace(cut..size, tail)])
}
