//! Which cells of a sheet are not shown, and whether a reference names them.

use std::ops::RangeInclusive;

use crate::error::ReadError;
use crate::hidden::Opened;
use crate::text::{Halt, Node, Tag, walk};

/// Columns and rows of a sheet (ISO/IEC 29500-1, 18.3.1.13 and 18.3.1.73, as programs have them).
const COLUMNS: u32 = 16_384;
const ROWS: u32 = 1_048_576;

type Span = RangeInclusive<u32>;

/// Cells between two corners, counted from one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Range {
    columns: Span,
    pub rows: Span,
}

impl Range {
    /// `B2`, `$B$2:$C$9`, `B:C`, `2:9`.
    pub fn of(reference: &str) -> Option<Self> {
        let (from, to) = reference.split_once(':').unwrap_or((reference, reference));
        let ((left, top), (right, bottom)) = (corner(from)?, corner(to)?);
        let span = |from: Option<u32>, to: Option<u32>, last: u32| from.unwrap_or(1)..=to.unwrap_or(last);
        Some(Self { columns: span(left, right, COLUMNS), rows: span(top, bottom, ROWS) })
    }
}

/// Column and row of a cell's name; one of them may be missing.
fn corner(name: &str) -> Option<(Option<u32>, Option<u32>)> {
    let name: String = name.trim().chars().filter(|c| *c != '$').collect();
    let digits = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
    let (letters, digits) = name.split_at(digits);
    let row = if digits.is_empty() { None } else { Some(digits.parse::<u32>().ok()?) };
    if letters.len() > 3 || letters.is_empty() && row.is_none() {
        return None;
    }
    Some((column_of(letters), row))
}

/// The cells of a sheet that are not shown: whole columns, whole rows.
#[derive(Debug, Default)]
pub(super) struct Area {
    columns: Vec<Span>,
    rows: Vec<Span>,
}

impl Area {
    /// Reads a sheet's part.
    pub fn read(sheet: &str) -> Result<Self, ReadError> {
        let mut reading = Reading::default();
        let done = walk(sheet, &mut |node| {
            if let Node::Start(tag) = node {
                reading.take(tag);
            }
            Ok(())
        });
        match done {
            Ok(()) | Err(Halt::Over) => Ok(reading.finish()),
            Err(Halt::Read(e)) => Err(e),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty() && self.rows.is_empty()
    }

    pub fn hides_column(&self, column: u32) -> bool {
        meets(&self.columns, &(column..=column))
    }

    pub fn hides_row(&self, row: u32) -> bool {
        meets(&self.rows, &(row..=row))
    }

    /// Whether a column of the range is hidden.
    pub fn meets_columns(&self, range: &Range) -> bool {
        meets(&self.columns, &range.columns)
    }

    /// Whether a cell of the range is hidden.
    pub fn meets(&self, range: &Range) -> bool {
        self.meets_columns(range) || meets(&self.rows, &range.rows)
    }

    /// Whether every cell of the ranges, with blanks between them, is hidden.
    pub fn covers(&self, ranges: &str) -> bool {
        let mut some = false;
        let all = ranges.split_whitespace().all(|range| {
            some = true;
            Range::of(range).is_some_and(|r| covers(&self.columns, &r.columns) || covers(&self.rows, &r.rows))
        });
        some && all
    }
}

/// Spans in order, none of which meets or touches another.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| !span.is_empty());
    spans.sort_by_key(|span| *span.start());
    let mut whole: Vec<Span> = Vec::new();
    for span in spans {
        match whole.last_mut() {
            Some(last) if *span.start() <= last.end().saturating_add(1) => {
                *last = *last.start()..=*last.end().max(span.end());
            }
            _ => whole.push(span),
        }
    }
    whole
}

/// What lies between spans that are merged.
fn between(spans: &[Span], last: u32) -> Vec<Span> {
    let (mut gaps, mut next) = (Vec::new(), 1);
    for span in spans {
        if *span.start() > next {
            gaps.push(next..=span.start() - 1);
        }
        next = span.end().saturating_add(1);
    }
    if next <= last {
        gaps.push(next..=last);
    }
    gaps
}

/// The first of merged spans that ends at `at` or later.
fn first_from(spans: &[Span], at: u32) -> Option<&Span> {
    spans.get(spans.partition_point(|span| *span.end() < at))
}

fn meets(spans: &[Span], wanted: &Span) -> bool {
    first_from(spans, *wanted.start()).is_some_and(|span| span.start() <= wanted.end())
}

fn covers(spans: &[Span], wanted: &Span) -> bool {
    let is_in = |span: &Span| span.start() <= wanted.start() && span.end() >= wanted.end();
    first_from(spans, *wanted.start()).is_some_and(is_in)
}

/// What a sheet says of its columns and rows.
#[derive(Default)]
struct Reading {
    area: Area,
    listed: Area,
    /// Whether columns and rows that it does not list are hidden.
    hides_columns: bool,
    hides_rows: bool,
    /// Whether rows whose height it does not say have none.
    flat_rows: bool,
    is_data: bool,
    row: u32,
}

impl Reading {
    fn take(&mut self, tag: &Tag<'_>) {
        let number = |name| tag.get(name).and_then(|n| n.parse::<u32>().ok());
        match tag.name {
            "sheetFormatPr" => {
                self.hides_columns = is_nothing(tag.get("defaultColWidth"));
                self.flat_rows = is_nothing(tag.get("defaultRowHeight"));
                self.hides_rows = tag.is("zeroHeight") || self.flat_rows;
            }
            "sheetData" => self.is_data = true,
            "col" if !self.is_data => {
                let Some((from, to)) = number("min").zip(number("max")) else { return };
                self.listed.columns.push(from..=to);
                if tag.is("hidden") || is_nothing(tag.get("width")) {
                    self.area.columns.push(from..=to);
                }
            }
            "row" if self.is_data => {
                self.row = number("r").unwrap_or(self.row.saturating_add(1));
                let height = tag.get("ht");
                add(&mut self.listed.rows, self.row);
                let is_flat = self.flat_rows && height.is_none();
                if tag.is("hidden") || is_nothing(height) || is_flat {
                    add(&mut self.area.rows, self.row);
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Area {
        if self.hides_columns {
            self.area.columns.extend(between(&merged(self.listed.columns), COLUMNS));
        }
        if self.hides_rows {
            self.area.rows.extend(between(&merged(self.listed.rows), ROWS));
        }
        Area { columns: merged(self.area.columns), rows: merged(self.area.rows) }
    }
}

/// A row more, in one span with the one before it.
fn add(rows: &mut Vec<Span>, row: u32) {
    match rows.last_mut() {
        Some(last) if last.end().checked_add(1) == Some(row) => *last = *last.start()..=row,
        _ => rows.push(row..=row),
    }
}

/// A row of no height, a column of no width: hidden as well.
fn is_nothing(measure: Option<String>) -> bool {
    measure.and_then(|measure| measure.trim().parse::<f64>().ok()).is_some_and(|measure| measure <= 0.0)
}

/// The column of a cell's name: `C5` is in the third.
fn column_of(name: &str) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0_u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    (number > 0).then_some(number)
}

/// Where in a sheet its reader is.
#[derive(Default)]
pub(super) struct Place {
    row: u32,
    row_is_hidden: bool,
    /// The column before the next cell, where cells do not say theirs.
    column: u32,
}

impl Place {
    pub fn row(&mut self, tag: &Opened, area: &Area) {
        self.row = tag.get("r").and_then(|n| n.parse().ok()).unwrap_or(self.row.saturating_add(1));
        self.row_is_hidden = area.hides_row(self.row) || tag.is("hidden");
        self.column = 0;
    }

    /// Whether a cell lies in a hidden row or column.
    pub fn is_hidden(&mut self, tag: &Opened, area: &Area) -> bool {
        self.column = tag.get("r").and_then(column_of).unwrap_or(self.column.saturating_add(1));
        self.row_is_hidden || area.hides_column(self.column)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn references_are_ranges() {
        assert_eq!(Range::of("$B$2:$C$9"), Some(Range { columns: 2..=3, rows: 2..=9 }));
        assert_eq!(Range::of("B:C"), Some(Range { columns: 2..=3, rows: 1..=ROWS }));
        assert_eq!(Range::of("2:9"), Some(Range { columns: 1..=COLUMNS, rows: 2..=9 }));
        assert_eq!((Range::of("名前"), Range::of("")), (None, None));
    }

    #[test]
    fn what_is_not_listed_may_be_hidden() {
        let sheet = |format: &str| {
            let cols = "<cols><col min=\"1\" max=\"2\" width=\"9\"/><col min=\"4\" max=\"4\" width=\"9\" hidden=\"1\"/></cols>";
            let rows = "<sheetData><row r=\"3\"/><row r=\"4\" ht=\"0\"/><row r=\"5\" hidden=\"1\"/></sheetData>";
            Area::read(&format!("<worksheet><sheetFormatPr {format}/>{cols}{rows}</worksheet>")).unwrap()
        };
        let usual = sheet("defaultRowHeight=\"15\"");
        assert_eq!((usual.columns.clone(), usual.rows.clone()), (vec![4..=4], vec![4..=5]));
        assert!(usual.covers("D1:D9 A4:C5") && !usual.covers("D1 C1") && !usual.covers(""));
        let narrow = sheet("defaultColWidth=\"0\" zeroHeight=\"1\"");
        assert_eq!(narrow.columns, [3..=COLUMNS]);
        assert_eq!(narrow.rows, [1..=2, 4..=ROWS]);
        assert_eq!(sheet("defaultRowHeight=\"0\"").rows, [1..=ROWS]);
    }
}
