//! Which cells of a sheet are not shown.

use std::ops::RangeInclusive;

use crate::hidden::Opened;
use crate::limits;

/// Hidden rows and columns of the sheet being read.
#[derive(Default)]
pub(super) struct Cells {
    columns: Vec<RangeInclusive<u32>>,
    row_is_hidden: bool,
    /// The column before the next cell, where cells do not say theirs.
    column: u32,
}

impl Cells {
    pub fn row(&mut self, tag: &Opened) {
        self.row_is_hidden = tag.is("hidden") || is_nothing(tag.get("ht"));
        self.column = 0;
    }

    pub fn column(&mut self, tag: &Opened) {
        let number = |name| tag.get(name).and_then(|n| n.parse::<u32>().ok());
        if (tag.is("hidden") || is_nothing(tag.get("width")))
            && self.columns.len() < limits::XML_ATTRIBUTES
            && let Some((from, to)) = number("min").zip(number("max"))
        {
            self.columns.push(from..=to);
        }
    }

    /// Whether a cell lies in a hidden row or column.
    pub fn is_hidden(&mut self, tag: &Opened) -> bool {
        self.column = tag.get("r").and_then(column_of).unwrap_or(self.column.saturating_add(1));
        self.row_is_hidden || self.columns.iter().any(|range| range.contains(&self.column))
    }
}

/// A row of no height, a column of no width: hidden as well.
fn is_nothing(measure: Option<&str>) -> bool {
    measure.and_then(|measure| measure.trim().parse::<f64>().ok()).is_some_and(|measure| measure <= 0.0)
}

/// The column of a cell's name: `C5` is in the third.
fn column_of(name: &str) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.take(4).fold(0_u32, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    (number > 0).then_some(number)
}
