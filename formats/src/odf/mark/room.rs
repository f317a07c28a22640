//! 余白. In a sheet the header has to grow for another line; the top margin shrinks as much, so that the cells stay where
//! they are.

use super::length::Length;
use super::names::{self, STYLE_SPACES, is};
use super::page::{layout_of, properties};
use super::part::{Edits, End, Part};
use crate::xml::Element;

/// How a sheet is scaled for printing; its header is scaled with it, its margins are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// In percent.
    Fixed(i64),
    /// To a number of pages: nobody knows beforehand.
    Fit,
}

impl Scale {
    pub fn percent(self) -> i64 {
        match self {
            Self::Fixed(percent) => percent,
            Self::Fit => 100,
        }
    }
}

/// How the pages of a layout are scaled.
pub(super) fn scale(part: &Part<'_>, layout: Option<usize>) -> Scale {
    let Some((_, page)) = layout.and_then(|at| properties(part, at)) else { return Scale::Fixed(100) };
    let is_fit = ["scale-to-pages", "scale-to-X", "scale-to-Y"]
        .iter()
        .any(|name| page.attribute_local(name).is_some_and(|pages| pages.trim() != "0"));
    if is_fit {
        return Scale::Fit;
    }
    let percent = page.attribute_local("scale-to").and_then(|s| s.trim().strip_suffix('%')?.parse().ok());
    Scale::Fixed(percent.filter(|percent| (10..=400).contains(percent)).unwrap_or(100))
}

/// The top margin of a layout; 2 cm, as programs take it, where it says nothing.
pub(super) fn top(part: &Part<'_>, layout: Option<usize>) -> Option<Length> {
    let page = layout.and_then(|at| properties(part, at)).map(|(_, page)| page);
    let written = page.and_then(|e| e.attribute_local("margin-top").or_else(|| e.attribute_local("margin")));
    Length::read(written.unwrap_or("2cm"))
}

/// What the header of a layout measures, with the distance to the cells, and that distance.
pub(super) fn header(part: &Part<'_>, layout: Option<usize>) -> Option<(Length, f64)> {
    let measures = header_properties(part, layout?)?;
    let height = measures.attribute_local("min-height").or_else(|| measures.attribute_local("height"))?;
    let distance = measures.attribute_local("margin-bottom").or_else(|| measures.attribute_local("margin"));
    Some((Length::read(height)?, distance.and_then(Length::read).map_or(0.0, |d| d.points())))
}

fn header_properties<'e>(part: &'e Part<'_>, layout: usize) -> Option<&'e Element> {
    let (header, _) = part.children(layout).find(|(_, e)| is(e, names::STYLE, "header-style"))?;
    part.children(header).map(|(_, e)| e).find(|e| is(e, names::STYLE, "header-footer-properties"))
}

/// A prefix of ours for properties of formatting: a part's own may be anything.
const FO: &str = "xmlns:kakuzuke-fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\"";

/// Makes the top margin smaller by twentieths of an inch; returned, too, for layouts that are not there.
pub(super) fn narrow(part: &Part<'_>, layout: Option<usize>, steps: i64, edits: &mut Edits) -> Option<String> {
    let margin = top(part, layout)?.moved(-steps, 100);
    let attribute = format!(" {FO} kakuzuke-fo:margin-top=\"{margin}\"");
    let made = format!("<style:page-layout-properties {STYLE_SPACES}{attribute}/>");
    let Some((at, element)) = layout.and_then(|at| Some((at, part.elements.get(at)?))) else { return Some(made) };
    let Some((_, page)) = properties(part, at) else {
        edits.put(part, element, End::First, |_| made.clone()).ok()?;
        return Some(made);
    };
    match part.attribute(page, "margin-top") {
        Some(attribute) => edits.replace(attribute.value, margin.to_string()),
        // Last, because a margin for all sides would come after it.
        None => edits.insert(part.opened(page)? - if page.end_tag.is_none() { 2 } else { 1 }, attribute),
    }
    Some(made)
}

/// Makes the header higher by twentieths of an inch on paper.
pub(super) fn heighten(part: &Part<'_>, layout: Option<usize>, steps: i64, edits: &mut Edits) -> Option<()> {
    let measures = header_properties(part, layout?)?;
    let name = if measures.attribute_local("min-height").is_some() { "min-height" } else { "height" };
    let height = Length::read(measures.attribute_local(name)?)?;
    let attribute = part.attribute(measures, name)?;
    edits.replace(attribute.value, height.moved(steps, scale(part, layout).percent()).to_string());
    Some(())
}

/// Undoes both in a layout that another program wrote anew.
pub(super) fn give_back(part: &Part<'_>, layout: &str, steps: i64, edits: &mut Edits) {
    let (layout, mut both) = (layout_of(part, Some(layout)), Edits::default());
    if narrow(part, layout, -steps, &mut both).is_some() && heighten(part, layout, -steps, &mut both).is_some() {
        edits.join(both);
    }
}
