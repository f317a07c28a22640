//! TIFF 6.0 and BigTIFF: fields that decide how the picture looks stay where they are; every byte that none of them leads
//! to is made zero, so that nothing stays of the others. No offset changes.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{found, packet};
use crate::hidden::{Category, Ledger};
use crate::limits;

/// Fields that decide how a picture looks (TIFF 6.0, its supplements, ICC).
const SEEN: &[u64] = &[
    254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 286, 287,
    290, 291, 292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 326, 327, 328, 330, 332, 334, 336,
    338, 339, 340, 341, 342, 343, 344, 345, 346, 347, 433, 512, 513, 514, 515, 517, 518, 519, 520, 521, 529, 530, 531,
    532, 559, 34_675, 37_439, 50_674,
];
/// The field that only raw photographs have (DNG): their data lie in ways not followed here.
const RAW: u64 = 50_706;
/// Fields of all directories of one file.
const FIELDS: usize = 1_000_000;
/// Directories of one file.
const DIRECTORIES: usize = 65_536;

#[derive(Clone, Copy)]
struct Order {
    is_big_endian: bool,
    is_wide: bool,
}

/// Lengths of an offset, of a directory's count, and of a field.
impl Order {
    fn lengths(self) -> (usize, usize, usize) {
        if self.is_wide { (8, 8, 20) } else { (4, 2, 12) }
    }

    fn number(self, bytes: &[u8]) -> u64 {
        let push = |n: u64, b: &u8| n << 8 | u64::from(*b);
        if self.is_big_endian { bytes.iter().fold(0, push) } else { bytes.iter().rev().fold(0, push) }
    }

    fn put(self, place: &mut [u8], number: u64) {
        let length = place.len();
        let bytes = number.to_le_bytes();
        place.iter_mut().zip(bytes.iter().take(length)).for_each(|(to, from)| *to = *from);
        if self.is_big_endian {
            place.reverse();
        }
    }
}

struct Walk<'b> {
    bytes: &'b [u8],
    order: Order,
    /// Ranges that are led to by what stays.
    kept: Vec<Range<usize>>,
    /// New bytes of directories.
    directories: BTreeMap<usize, Vec<u8>>,
    /// Fields of all directories so far.
    fields: usize,
}

/// The picture without what is to go; `None` when it is not well formed.
pub(super) fn clean(bytes: &[u8], ledger: &mut Ledger) -> Option<Vec<u8>> {
    let is_big_endian = bytes.starts_with(b"MM");
    let order = Order { is_big_endian, is_wide: bytes.get(2..4).is_some_and(|v| v.contains(&43)) };
    let head = if order.is_wide { 16 } else { 8 };
    let first = order.number(bytes.get(head - order.lengths().0..head)?);
    let mut walk = Walk { bytes, order, kept: Vec::new(), directories: BTreeMap::new(), fields: 0 };
    walk.kept.push(0..head);
    let mut next = vec![usize::try_from(first).ok()?];
    while let Some(at) = next.pop() {
        if at == 0 || walk.directories.contains_key(&at) {
            continue;
        }
        if walk.directories.len() >= DIRECTORIES {
            return None;
        }
        next.extend(walk.directory(at, ledger)?);
    }
    walk.write(ledger)
}

/// A field of a directory.
struct Field<'b> {
    tag: u64,
    raw: &'b [u8],
    /// The bytes of its values, and where they lie when that is elsewhere.
    value: &'b [u8],
    place: Option<Range<usize>>,
    size: usize,
}

impl<'b> Walk<'b> {
    fn field(&self, at: usize) -> Option<Field<'b>> {
        let (offset, _, length) = self.order.lengths();
        let raw = self.bytes.get(at..at.checked_add(length)?)?;
        let number = |range: Range<usize>| raw.get(range).map(|b| self.order.number(b));
        let (tag, kind, count) = (number(0..2)?, number(2..4)?, number(4..4 + offset)?);
        let size = match kind {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16 | 17 | 18 => 8,
            _ => 1,
        };
        let whole = usize::try_from(count).ok()?.checked_mul(size)?;
        if whole <= offset {
            return Some(Field { tag, raw, value: raw.get(4 + offset..4 + offset + whole)?, place: None, size });
        }
        let start = usize::try_from(number(4 + offset..4 + 2 * offset)?).ok()?;
        let place = start..start.checked_add(whole)?;
        // A field that leads nowhere is one that readers pass over.
        let value = self.bytes.get(place.clone()).unwrap_or_default();
        Some(Field { tag, raw, value, place: Some(place), size })
    }

    fn numbers(&self, field: &Field<'_>) -> Vec<u64> {
        field.value.chunks_exact(field.size).take(limits::IMAGE_PARTS as usize).map(|b| self.order.number(b)).collect()
    }

    /// Judges the fields of a directory; the directories it leads to.
    fn directory(&mut self, at: usize, ledger: &mut Ledger) -> Option<Vec<usize>> {
        let (offset, count, length) = self.order.lengths();
        let fields = usize::try_from(self.order.number(self.bytes.get(at..at.checked_add(count)?)?)).ok()?;
        self.fields += fields;
        if fields > 65_535 || self.fields > FIELDS || self.kept.len() as u64 > limits::IMAGE_PARTS {
            return None;
        }
        let (mut stay, mut all, mut next) = (Vec::new(), Vec::new(), Vec::new());
        for place in 0..fields {
            let field = self.field(at + count + place * length)?;
            if field.tag == RAW {
                return None;
            }
            if goes(&field, ledger) {
                continue;
            }
            self.kept.extend(field.place.clone());
            if matches!(field.tag, 330 | 34_665 | 34_853 | 40_965) {
                next.extend(self.numbers(&field).into_iter().filter_map(|n| usize::try_from(n).ok()));
            }
            stay.push(field.raw);
            all.push(field);
        }
        self.data(&all);
        let end = at + count + fields * length;
        let last = self.bytes.get(end..end.checked_add(offset)?)?;
        next.push(usize::try_from(self.order.number(last)).ok()?);
        let mut new = vec![0; count];
        self.order.put(&mut new, stay.len() as u64);
        new.extend(stay.concat());
        new.extend_from_slice(last);
        new.resize(end + offset - at, 0);
        self.directories.insert(at, new);
        Some(next)
    }

    /// The pixels: strips and tiles, and older ways of keeping JPEG data.
    fn data(&mut self, fields: &[Field<'_>]) {
        let get = |tag: u64| fields.iter().find(|f| f.tag == tag).map(|f| self.numbers(f)).unwrap_or_default();
        let mut found = Vec::new();
        for (offsets, lengths) in [(273, 279), (324, 325), (513, 514)] {
            let (offsets, lengths) = (get(offsets), get(lengths));
            for (place, start) in offsets.iter().enumerate() {
                // Where lengths are missing, up to the end.
                let length = lengths.get(place).copied().unwrap_or(u64::MAX);
                found.push((*start, length));
            }
        }
        for (tag, length) in [(519, 64), (520, 1_024), (521, 1_024)] {
            found.extend(get(tag).into_iter().map(|start| (start, length)));
        }
        let size = self.bytes.len();
        let range = |(start, length): (u64, u64)| {
            let start = usize::try_from(start).unwrap_or(size).min(size);
            start..usize::try_from(length).unwrap_or(size).saturating_add(start).min(size)
        };
        self.kept.extend(found.into_iter().map(range));
    }

    /// Everything that is led to, and zeros.
    fn write(mut self, ledger: &mut Ledger) -> Option<Vec<u8>> {
        for (at, directory) in &self.directories {
            self.kept.push(*at..at + directory.len());
        }
        self.kept.sort_by_key(|range| range.start);
        let (mut out, mut at) = (self.bytes.to_vec(), 0);
        let mut gaps = Vec::new();
        for range in &self.kept {
            if range.start > at {
                gaps.push(at..range.start.min(out.len()));
            }
            at = at.max(range.end);
        }
        gaps.push(at.min(out.len())..out.len());
        let changed =
            self.directories.iter().any(|(at, new)| self.bytes.get(*at..at + new.len()) != Some(new.as_slice()));
        let is_data = gaps.iter().any(|gap| out.get(gap.clone()).is_some_and(|bytes| bytes.iter().any(|b| *b != 0)));
        let goes = is_data
            && (changed || found(ledger, "どのフィールドからも参照されないデータ", "data that no field leads to"));
        if goes || changed {
            for gap in gaps {
                out.get_mut(gap)?.fill(0);
            }
        }
        for (at, directory) in self.directories {
            out.get_mut(at..at + directory.len())?.copy_from_slice(&directory);
        }
        Some(out)
    }
}

fn goes(field: &Field<'_>, ledger: &mut Ledger) -> bool {
    match field.tag {
        known if SEEN.contains(&known) => false,
        700 => packet(ledger, field.value),
        315 | 316 | 33_432 => {
            super::found_as(ledger, Category::Authors, "撮影者・機器・著作権者", "people and machines")
        }
        34_853 => found(ledger, "位置情報（GPS）", "position (GPS)"),
        34_665 | 40_965 => found(ledger, "Exif情報（撮影日時・機種など）", "Exif (time, camera)"),
        33_723 | 34_377 | 37_724 => found(ledger, "IPTC・Photoshop情報", "IPTC and Photoshop data"),
        269..=272 | 285 | 305 | 306 => found(ledger, "題名・説明・機種・日時など", "titles, camera, time"),
        _ => found(ledger, "その他のデータ", "other data"),
    }
}
