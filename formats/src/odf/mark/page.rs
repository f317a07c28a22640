//! 紙面. How large a page is, and how large words may be on it. Everything in points.

use super::length::Length;
use super::names;
use super::part::Part;

/// A page: what it measures, and its margins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paper {
    pub width: f64,
    pub height: f64,
    pub top: f64,
    left: f64,
    right: f64,
}

/// A4 with margins of 2 cm: what programs take where a layout says nothing.
const A4: Paper = Paper { width: 595.3, height: 841.9, top: 56.7, left: 56.7, right: 56.7 };
/// What is taken for a page: 2 cm to 10 m.
const SIDES: std::ops::RangeInclusive<f64> = 56.0..=28_347.0;

impl Paper {
    /// A slide, 16:9: what is taken where no master says how large it is.
    pub fn slide() -> Self {
        Self { width: 793.7, height: 446.5, top: 0.0, left: 0.0, right: 0.0 }
    }

    /// The page of a layout, by its name; A4 where there is none.
    pub fn of(part: &Part<'_>, layout: Option<&str>) -> Self {
        let Some((_, properties)) = layout_of(part, layout).and_then(|at| properties(part, at)) else { return A4 };
        let read = |name: &str| properties.attribute_local(name).and_then(Length::read).map(|l| l.points());
        let side = |name: &str, usual: f64| read(name).filter(|side| SIDES.contains(side)).unwrap_or(usual);
        let margin = |name: &str, usual: f64| read(name).or_else(|| read("margin")).unwrap_or(usual);
        Self {
            width: side("page-width", A4.width),
            height: side("page-height", A4.height),
            top: margin("margin-top", A4.top),
            left: margin("margin-left", A4.left),
            right: margin("margin-right", A4.right),
        }
    }

    /// From the left margin to the right one.
    pub fn between(&self) -> f64 {
        (self.width - self.left - self.right).max(self.width / 4.0)
    }

    /// The shorter side.
    pub fn short(&self) -> f64 {
        self.width.min(self.height)
    }
}

/// The place of a page layout among the elements of the styles.
pub(super) fn layout_of(part: &Part<'_>, name: Option<&str>) -> Option<usize> {
    let is_it = |e: &crate::xml::Element| {
        names::is(e, names::STYLE, "page-layout") && e.depth == 2 && e.attribute_local("name") == name
    };
    name.and(part.elements.iter().position(is_it))
}

/// The properties of a layout.
pub(super) fn properties<'e>(part: &'e Part<'_>, layout: usize) -> Option<(usize, &'e crate::xml::Element)> {
    part.children(layout).find(|(_, e)| names::is(e, names::STYLE, "page-layout-properties"))
}

/// Words at a size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitted {
    /// In tenths of a point.
    pub tenths: u32,
    pub lines: u32,
}

impl Fitted {
    pub fn size(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }

    /// What the lines take in height, with the most that a Japanese font needs.
    pub fn height(self) -> f64 {
        self.size() * LEADING * f64::from(self.lines)
    }
}

/// The height of a line, in sizes of its font (Noto Sans CJK: 1.448).
pub(super) const LEADING: f64 = 1.45;
/// Fonts are not all as wide.
const SLACK: f64 = 1.02;

/// How wide words are, in sizes of their font.
pub(super) fn wide(words: &str) -> f64 {
    let is_half = |c: char| c.is_ascii() || ('\u{FF61}'..='\u{FF9F}').contains(&c);
    words.chars().map(|c| if is_half(c) { 0.56 } else { 1.0 }).sum::<f64>() * SLACK
}

/// The size between `least` and `most` at which words go into one line of `width`; at the least, into several.
pub(super) fn fit(words: &str, width: f64, least: f64, most: f64) -> Fitted {
    let ems = wide(words).max(1.0);
    let size = (width / ems).min(most).max(least);
    let tenths = ((size * 10.0).floor() as u32).max(10);
    let lines = (ems * f64::from(tenths) / 10.0 / width.max(1.0)).ceil().max(1.0);
    Fitted { tenths, lines: lines as u32 }
}
