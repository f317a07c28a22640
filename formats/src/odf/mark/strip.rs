//! 消去. Takes out of a part what is ours, also after another program saved it; what was there before comes back byte for
//! byte where nobody else changed it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use super::names::{self, is};
use super::part::{Edits, Part};
use super::{room, runs};
use crate::marking::MarkError;
use crate::xml::Element;

/// A part without what is ours.
pub(super) struct Stripped {
    pub text: String,
    /// Pages, or page styles, that showed it.
    pub places: u64,
}

/// Takes out what is ours.
pub(super) fn strip(text: &str, depth: usize) -> Result<Stripped, MarkError> {
    if !text.contains(names::PREFIX) {
        return Ok(Stripped { text: text.to_owned(), places: 0 });
    }
    let part = Part::read(text, depth)?;
    let mut strip = Strip { part: &part, edits: Edits::default(), gone: BTreeMap::new() };
    strip.objects();
    let blanks = strip.runs();
    let places = strip.places();
    strip.layouts(&blanks);
    strip.frames();
    strip.styles();
    strip.sections();
    strip.collapse();
    let text = strip.edits.apply(text)?;
    Ok(Stripped { text, places })
}

struct Strip<'s, 'p> {
    part: &'s Part<'p>,
    edits: Edits,
    /// Ranges that go, by their start.
    gone: BTreeMap<usize, usize>,
}

impl<'s> Strip<'s, '_> {
    fn drop(&mut self, span: &Range<usize>) {
        self.edits.remove(span.clone());
        self.gone.insert(span.start, span.end);
    }

    fn is_gone(&self, at: usize) -> bool {
        self.gone.contains_key(&at)
    }

    /// Whether an element holds nothing beside what goes.
    fn is_left_blank(&self, element: &Element) -> bool {
        let Some(inner) = self.part.inner(element) else { return true };
        let mut at = inner.start;
        for (start, end) in self.gone.range(inner.clone()) {
            if *start >= at && !self.part.text.get(at..*start).is_some_and(|left| left.trim().is_empty()) {
                return false;
            }
            at = at.max(*end);
        }
        at >= inner.end || self.part.text.get(at..inner.end).is_some_and(|left| left.trim().is_empty())
    }

    /// Frames and shapes with our names.
    fn objects(&mut self) {
        for object in self.part.elements.iter().filter(|e| names::is_object(e)) {
            self.drop(&object.span);
        }
    }

    /// Paragraphs made of our runs; by page style, how much room blank lines of ours took.
    fn runs(&mut self) -> HashMap<usize, i64> {
        let part = self.part;
        let (styles, mut blanks) = (runs::of(part), HashMap::new());
        let masters = part.elements.iter().enumerate().filter(|(_, e)| is(e, names::STYLE, "master-page"));
        for (master, _) in masters.filter(|_| !styles.is_empty()) {
            for (at, paragraph) in part.inside(master).filter(|(_, e)| is(e, names::TEXT, "p")) {
                let Some(steps) = runs::paragraph(part, at, &styles) else { continue };
                self.drop(&paragraph.span);
                let room = blanks.entry(master).or_insert(0);
                *room = steps.max(*room);
            }
        }
        blanks
    }

    fn places(&self) -> u64 {
        let is_place =
            |e: &&Element| (e.name == "page" && e.namespace == names::DRAW) || is(e, names::STYLE, "master-page");
        let places = self.part.elements.iter().filter(is_place);
        places.filter(|e| self.gone.range(e.span.clone()).next().is_some()).count() as u64
    }

    /// Page styles go back to the layout that ours was made from, or give back the room a blank line took.
    fn layouts(&mut self, blanks: &HashMap<usize, i64>) {
        let part = self.part;
        let mut moved = HashSet::new();
        for (at, master) in part.elements.iter().enumerate().filter(|(_, e)| is(e, names::STYLE, "master-page")) {
            let Some(layout) = part.attribute(master, "page-layout-name") else { continue };
            let name = master.attribute_local("page-layout-name").unwrap_or_default();
            if let Some(prefix) = names::LAYOUTS.iter().find(|prefix| name.starts_with(*prefix)) {
                if name.len() == prefix.len() {
                    self.edits.remove(layout.whole);
                } else {
                    self.edits.remove(layout.value.start..layout.value.start + prefix.len());
                }
            } else if let Some(steps) = blanks.get(&at).filter(|steps| **steps > 0)
                && moved.insert(name)
            {
                room::give_back(part, name, *steps, &mut self.edits);
            }
        }
    }

    /// Headers, regions and sections that we made.
    fn frames(&mut self) {
        let part = self.part;
        for (at, element) in part.elements.iter().enumerate().rev() {
            let is_header = element.namespace == names::STYLE && element.name.starts_with("header");
            if is_header && !names::has(element, "made", &part.elements) {
                self.saved_header(at, element);
            }
            // Sections wait for the styles in them.
            if element.depth < 2 || !names::has(element, "made", &part.elements) {
                continue;
            }
            let is_region = element.namespace == names::STYLE && element.name.starts_with("region-");
            if self.is_left_blank(element) {
                match element.attribute("kakuzuke:was") {
                    Some(was) => self.edits.replace(element.span.clone(), was),
                    None => self.drop(&element.span),
                }
            } else if is_region {
                self.unwrap(element);
            } else {
                self.forget(element);
            }
        }
    }

    /// A header of ours that another program has written anew is known by its one paragraph.
    fn saved_header(&mut self, at: usize, header: &Element) {
        let mut children = self.part.children(at).map(|(_, e)| e);
        let (Some(first), None) = (children.next(), children.next()) else { return };
        let is_ours = is(first, names::TEXT, "p") && first.attribute_local("style-name") == Some(names::HEADER);
        if is_ours && self.is_left_blank(first) {
            self.drop(&header.span);
        }
    }

    /// The tags go, what is in them stays.
    fn unwrap(&mut self, element: &Element) {
        if let Some(inner) = self.part.inner(element) {
            self.edits.remove(element.span.start..inner.start);
            self.edits.remove(inner.end..element.span.end);
        }
    }

    /// Our remarks on an element go.
    fn forget(&mut self, element: &Element) {
        for remark in ["made", "was", "opened", "kakuzuke"] {
            if let Some(attribute) = self.part.attribute(element, remark) {
                self.edits.remove(attribute.whole);
            }
        }
    }

    /// Styles and layouts of ours.
    fn styles(&mut self) {
        let part = self.part;
        let stays = part.elements.iter().any(|e| {
            let is_left = self.gone.range(..=e.span.start).next_back().is_none_or(|(_, end)| *end < e.span.end);
            is(e, names::TEXT, "p") && e.attribute_local("style-name") == Some(names::HEADER) && is_left
        });
        for style in part.elements.iter().filter(|e| e.depth == 2 && e.namespace == names::STYLE) {
            let name = style.attribute_local("name").unwrap_or_default();
            let is_style = matches!(style.name.as_str(), "style" | "page-layout");
            if is_style && name.starts_with(names::PREFIX) && !(stays && name == names::HEADER) {
                self.drop(&style.span);
            }
        }
    }

    /// Sections that were made for our styles.
    fn sections(&mut self) {
        let part = self.part;
        for section in part.elements.iter().filter(|e| e.depth == 1 && names::has(e, "made", &part.elements)) {
            if self.is_left_blank(section) {
                self.drop(&section.span);
            } else {
                self.forget(section);
            }
        }
    }

    /// Elements that were `<empty/>` are so again.
    fn collapse(&mut self) {
        let part: &'s Part<'_> = self.part;
        for (at, element) in part.elements.iter().enumerate().rev() {
            if !names::has(element, "opened", &part.elements) {
                continue;
            }
            let above = part.elements.get(..at).unwrap_or_default().iter().rev();
            let parent = above.filter(|e| e.depth + 1 == element.depth).find(|e| e.span.end >= element.span.end);
            if let Some(parent) = parent.filter(|_| self.is_gone(element.span.start))
                && let Some(inner) = part.inner(parent)
                && self.is_left_blank(parent)
            {
                self.edits.replace(inner.start - 1..parent.span.end, "/>");
            }
        }
    }
}
