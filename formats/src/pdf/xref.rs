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
pub(super) struct Section {
    runs: Vec<Run>,
    /// Whether the runs lie in order and apart, so that one can be found without looking at all.
    is_sorted: bool,
    form: Form,
}

enum Form {
    Table,
    Stream { widths: [usize; 3], data: Vec<u8> },
}

/// A run of objects whose numbers follow each other.
#[derive(Clone, Copy)]
pub(super) struct Run {
    pub first: u64,
    pub count: u64,
    /// Offset of the first line of a table, or how many entries of the stream lie before.
    pub at: u64,
    /// Length of a line in bytes.
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
    fn new(runs: Vec<Run>, form: Form) -> Self {
        let follows = |pair: &[Run]| match pair {
            [one, other] => one.first.checked_add(one.count).is_some_and(|end| end <= other.first),
            _ => true,
        };
        let is_sorted = runs.windows(2).all(follows);
        Self { runs, is_sorted, form }
    }

    /// A table's section.
    pub fn from_table(runs: Vec<Run>) -> Self {
        Self::new(runs, Form::Table)
    }

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
        let mut at = 0_u64;
        let runs = index.into_iter().map(|(first, count)| {
            let run = Run { first, count, at, width: 0 };
            at = at.saturating_add(count);
            run
        });
        (widths.iter().sum::<usize>() > 0).then(|| Self::new(runs.collect(), Form::Stream { widths, data }))
    }

    /// The run an object is in, and its place there.
    fn find(&self, number: u32) -> Option<(Run, u64)> {
        let number = u64::from(number);
        let within = |run: &&Run| number.checked_sub(run.first).is_some_and(|place| place < run.count);
        let found = if self.is_sorted {
            let behind = self.runs.partition_point(|run| run.first <= number);
            behind.checked_sub(1).and_then(|place| self.runs.get(place)).filter(within)
        } else {
            self.runs.iter().find(within)
        };
        found.map(|run| (*run, number - run.first))
    }

    /// Whether the section is a table.
    pub fn is_table(&self) -> bool {
        matches!(self.form, Form::Table)
    }

    /// The offset of the line of an object in a table; `None` when it says nothing of it.
    pub fn line(&self, number: u32) -> Option<u64> {
        let (run, place) = self.find(number)?;
        run.at.checked_add(place.checked_mul(run.width)?)
    }

    /// The entry of an object in a stream; `None` when it says nothing of it.
    pub fn entry_in_stream(&self, number: u32) -> Option<Entry> {
        let Form::Stream { widths, data } = &self.form else { return None };
        let (run, place) = self.find(number)?;
        let width = widths.iter().sum::<usize>();
        let at = usize::try_from(run.at.checked_add(place)?).ok()?.checked_mul(width)?;
        entry(data.get(at..at.checked_add(width)?)?, *widths)
    }

    /// How many runs of objects the section speaks of.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// The numbers of all objects that the section speaks of; `None` when they are more than `most`.
    pub fn numbers(&self, most: usize) -> Option<Vec<u32>> {
        let mut numbers = Vec::new();
        for run in &self.runs {
            if run.count > (most - numbers.len()) as u64 {
                return None;
            }
            for number in run.first..run.first.checked_add(run.count)? {
                numbers.push(u32::try_from(number).ok()?);
            }
        }
        Some(numbers)
    }

    /// One more than the highest number of an object that the section speaks of.
    pub fn end(&self) -> u64 {
        self.runs.iter().map(|run| run.first.saturating_add(run.count)).max().unwrap_or(0)
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
