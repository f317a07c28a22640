//! 相互参照表. Where the objects of a PDF lie (ISO 32000-2, 7.5.4 and 7.5.8): looked up in the file, not loaded.

use super::object::{Dict, Object};

/// Where an object lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// Nowhere any more.
    Free,
    /// At this offset, with this generation.
    At(u64, u16),
    /// In the object stream of this number, at this place.
    In(u32, usize),
}

/// One section: a table, whose lines stay in the file, or a decoded stream.
pub(super) enum Section {
    Table(Vec<Lines>),
    Stream { widths: [usize; 3], index: Vec<(u64, u64)>, data: Vec<u8> },
}

/// A run of lines of a table.
pub(super) struct Lines {
    pub first: u64,
    pub count: u64,
    /// Offset of the first line, and length of one, in bytes.
    pub at: u64,
    pub width: u64,
}

/// The line of an object in a table: 10 digits, 5 digits, `n` or `f`.
pub(super) fn parse_line(line: &[u8]) -> Option<Entry> {
    let number = |digits: Option<&[u8]>| std::str::from_utf8(digits?).ok()?.trim().parse::<u64>().ok();
    let (offset, generation) = (number(line.get(..10))?, number(line.get(11..16))?);
    match line.get(17)? {
        // Offset 0 is the header's; writers that leave it mean a free entry.
        b'n' if offset > 0 => Some(Entry::At(offset, u16::try_from(generation).ok()?)),
        // Some writers give free entries the generation 65536.
        b'n' | b'f' => Some(Entry::Free),
        _ => None,
    }
}

impl Section {
    /// A cross-reference stream's section; `None` when its dictionary does not fit its data.
    pub fn from_stream(dict: &Dict, data: Vec<u8>) -> Option<Self> {
        let mut widths = [0; 3];
        let given = dict.get("W")?.as_array()?;
        if given.len() != widths.len() {
            return None;
        }
        for (width, given) in widths.iter_mut().zip(given) {
            *width = usize::try_from(given.as_u64()?).ok().filter(|w| *w <= 8)?;
        }
        let index = match dict.get("Index") {
            None => vec![(0, dict.get("Size")?.as_u64()?)],
            Some(index) => pairs(index.as_array()?)?,
        };
        (widths.iter().sum::<usize>() > 0).then_some(Self::Stream { widths, index, data })
    }

    /// The entry of an object in a stream; `None` when it says nothing of it.
    pub fn entry_in_stream(&self, number: u32) -> Option<Entry> {
        let Self::Stream { widths, index, data } = self else { return None };
        let number = u64::from(number);
        let mut before = 0_u64;
        for (first, count) in index {
            if let Some(place) = number.checked_sub(*first).filter(|place| place < count) {
                let width = widths.iter().sum::<usize>();
                let at = usize::try_from(before.checked_add(place)?).ok()?.checked_mul(width)?;
                return entry(data.get(at..at.checked_add(width)?)?, *widths);
            }
            before = before.checked_add(*count)?;
        }
        None
    }

    /// How many runs of objects the section speaks of.
    pub fn runs(&self) -> usize {
        match self {
            Self::Table(lines) => lines.len(),
            Self::Stream { index, .. } => index.len(),
        }
    }

    /// One more than the highest number of an object that the section speaks of.
    pub fn end(&self) -> u64 {
        let ends =
            |runs: &mut dyn Iterator<Item = (u64, u64)>| runs.map(|(first, count)| first.saturating_add(count)).max();
        match self {
            Self::Table(lines) => ends(&mut lines.iter().map(|l| (l.first, l.count))),
            Self::Stream { index, .. } => ends(&mut index.iter().copied()),
        }
        .unwrap_or(0)
    }
}

fn entry(record: &[u8], widths: [usize; 3]) -> Option<Entry> {
    let mut record = record.iter();
    let [kind, second, third] =
        widths.map(|width| record.by_ref().take(width).fold(0_u64, |n, b| n << 8 | u64::from(*b)));
    match (kind, widths) {
        (1, _) | (_, [0, ..]) => Some(Entry::At(second, u16::try_from(third).ok()?)),
        (0, _) => Some(Entry::Free),
        (2, _) => Some(Entry::In(u32::try_from(second).ok()?, usize::try_from(third).ok()?)),
        _ => None,
    }
}

fn pairs(numbers: &[Object]) -> Option<Vec<(u64, u64)>> {
    numbers.chunks(2).map(|pair| Some((pair.first()?.as_u64()?, pair.get(1)?.as_u64()?))).collect()
}
