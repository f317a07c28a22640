//! Two forms of one text, of which a reader sees one: whether the other says more.

use std::cell::OnceCell;
use std::collections::HashSet;

/// Characters that are compared at a time: as many in a row stand in both forms of a text.
const WINDOW: usize = 6;

/// Whether either says something that the other does not; a form without letters is none.
pub(crate) fn differ(one: &[char], other: &[char]) -> bool {
    !(one.is_empty() || other.is_empty()) && (Said::of(other).lacks(one) || Said::of(one).lacks(other))
}

/// What one form says.
pub(crate) struct Said<'t> {
    text: &'t [char],
    /// What stands in a row, from one character to a window.
    rows: [OnceCell<HashSet<&'t [char]>>; WINDOW],
}

impl<'t> Said<'t> {
    pub fn of(text: &'t [char]) -> Self {
        Self { text, rows: Default::default() }
    }

    /// Whether a piece of the other form stands nowhere in this one.
    pub fn lacks(&self, piece: &[char]) -> bool {
        let size = WINDOW.min(piece.len());
        let Some(rows) = size.checked_sub(1).and_then(|at| self.rows.get(at)) else { return false };
        let known = rows.get_or_init(|| self.text.windows(size).collect());
        piece.windows(size).any(|row| !known.contains(row))
    }
}
