//! 表示される文字. What the pages show, so that words that are kept beside them for machines and readers of screens are
//! told only where they say something else.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use kakuzuke_core::passage::Unit;

use crate::limits;

/// The words of each page, bare.
#[derive(Default)]
pub(super) struct Shown {
    pages: BTreeMap<u32, String>,
    /// Bytes that may still be searched.
    left: Cell<u64>,
    /// The pictures that were drawn, by the numbers of their objects; `None` where not all pages were looked at.
    drawn: Option<BTreeSet<u32>>,
    /// Pages on which words lie under annotations.
    noted: BTreeSet<u32>,
}

impl Shown {
    pub fn new(pages: Vec<(u32, String)>, drawn: Option<BTreeSet<u32>>, noted: BTreeSet<u32>) -> Self {
        let pages = pages.into_iter().map(|(page, words)| (page, bare(&words))).collect();
        Self { pages, left: Cell::new(limits::PDF_SEARCHED), drawn, noted }
    }

    /// Whether words lie under annotations of a page.
    pub fn is_noted(&self, unit: &Unit) -> bool {
        matches!(unit, Unit::Page(page) if self.noted.contains(page))
    }

    /// Whether so much was asked that the last answers are none.
    pub fn is_over(&self) -> bool {
        !self.pages.is_empty() && self.left.get() == 0
    }

    /// Whether it is known that no page draws the picture of this number.
    pub fn lacks_picture(&self, number: u32) -> bool {
        self.drawn.as_ref().is_some_and(|drawn| !drawn.contains(&number))
    }

    /// Whether words are shown where they belong to, or on any page if that is not known.
    pub fn says(&self, unit: &Unit, words: &str) -> bool {
        let words = bare(words);
        if words.is_empty() {
            return true;
        }
        let says = |text: &String| {
            let left = self.left.get().saturating_sub((text.len() + words.len()) as u64);
            self.left.set(left);
            left == 0 || text.contains(&words)
        };
        match unit {
            Unit::Page(page) => self.pages.get(page).is_some_and(says),
            _ => self.pages.values().any(says),
        }
    }
}

/// Letters and figures alone: how words are broken and set apart is no difference.
fn bare(words: &str) -> String {
    let mut bare = String::with_capacity(words.len());
    for character in words.chars() {
        match character {
            '\u{FB00}' => bare.push_str("ff"),
            '\u{FB01}' => bare.push_str("fi"),
            '\u{FB02}' => bare.push_str("fl"),
            '\u{FB03}' => bare.push_str("ffi"),
            '\u{FB04}' => bare.push_str("ffl"),
            // Wide forms of ASCII.
            '\u{FF01}'..='\u{FF5E}' => {
                let narrow = char::from_u32(u32::from(character) - 0xFEE0).filter(|c| c.is_alphanumeric());
                bare.extend(narrow.iter().flat_map(|c| c.to_lowercase()));
            }
            other if other.is_alphanumeric() => bare.extend(other.to_lowercase()),
            _ => {}
        }
    }
    bare
}
