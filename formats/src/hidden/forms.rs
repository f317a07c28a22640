//! Two forms of one text, of which a reader sees one: whether the other says more.

use std::collections::HashSet;

/// Characters that are compared at a time: as many in a row stand in both forms of a text.
const WINDOW: usize = 6;

/// Whether either says something that the other does not; a form without letters is none.
pub(crate) fn differ(one: &[char], other: &[char]) -> bool {
    !(one.is_empty() || other.is_empty()) && (says_more(one, other) || says_more(other, one))
}

/// Whether one says something that the other does not.
pub(crate) fn says_more(one: &[char], other: &[char]) -> bool {
    let size = WINDOW.min(one.len());
    if size == 0 {
        return false;
    }
    let known: HashSet<&[char]> = other.windows(size).collect();
    one.windows(size).any(|window| !known.contains(window))
}
