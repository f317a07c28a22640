//! スライド・図面. Markings on pages that hold drawings: the line in front of everything on the page itself, because pages can
//! hide what their master shows, and pictures can cover it; the watermark behind everything. On paper, notes and handouts
//! have pages of their own, marked through their masters.

use super::job::Job;
use super::names::{self, is};
use super::object::{self, Anchor, Styles};
use super::page::Paper;
use super::part::{Edits, End, Part};
use super::section;
use crate::marking::{MarkError, Marking};
use crate::xml::Element;

/// Puts the marking on every page of the content; sizes of pages come from the styles.
pub(super) fn mark(content: &str, styles: Option<&str>, marking: &Marking, job: &mut Job) -> Result<String, MarkError> {
    let part = Part::read(content, names::PAGES)?;
    let masters = styles.map(|text| Part::read(text, names::DEEP)).transpose()?;
    let mut edits = Edits::default();
    let mut made = Styles::default();
    let pages = part.elements.iter().enumerate().filter(|(_, e)| e.depth == 3 && is(e, names::DRAW, "page"));
    for (at, page) in pages {
        let paper = paper(masters.as_ref(), page.attribute_local("master-page-name"));
        let line = object::corner_line(marking.line(), &paper, &mut made);
        let across = marking.watermark().map(|words| object::across(words, &paper, Anchor::Page, &mut made));
        if page.end_tag.is_none() {
            let all: Vec<_> = across.into_iter().chain([line]).collect();
            edits.put(&part, page, End::Last, |opened| all.iter().map(|object| object.xml(opened)).collect())?;
        } else {
            if let Some(across) = across {
                match part.children(at).find(|(_, e)| !is_before(e)) {
                    Some((_, first)) => edits.insert(first.span.start, across.xml(false)),
                    None => edits.put(&part, page, End::Last, |opened| across.xml(opened))?,
                }
            }
            put_last(&part, at, &line, &mut edits)?;
        }
        job.place()?;
    }
    if job.marked.places == 0 {
        job.empty();
    }
    section::add(&part, "", &made.xml(), None, &mut edits)?;
    edits.apply(content)
}

/// Puts the line on the pages of notes and handouts.
pub(super) fn mark_paper(styles: &str, marking: &Marking) -> Result<String, MarkError> {
    let part = Part::read(styles, names::DEEP)?;
    let (mut edits, mut made) = (Edits::default(), Styles::default());
    let in_masters = |e: &Element| {
        (e.depth == 2 && is(e, names::STYLE, "handout-master")) || (e.depth == 3 && is(e, names::PRESENTATION, "notes"))
    };
    for (at, page) in part.elements.iter().enumerate().filter(|(_, e)| in_masters(e)) {
        let paper = Paper::of(&part, page.attribute_local("page-layout-name"));
        put_last(&part, at, &object::corner_line(marking.line(), &paper, &mut made), &mut edits)?;
    }
    section::add(&part, "", &made.xml(), None, &mut edits)?;
    edits.apply(styles)
}

/// Puts an object in front of everything on a page.
fn put_last(part: &Part<'_>, at: usize, line: &object::Object, edits: &mut Edits) -> Result<(), MarkError> {
    let Some(page) = part.elements.get(at) else { return Ok(()) };
    match part.children(at).find(|(_, e)| is_behind(e)) {
        Some((_, next)) => {
            edits.insert(next.span.start, line.xml(false));
            Ok(())
        }
        None => edits.put(part, page, End::Last, |opened| line.xml(opened)),
    }
}

/// What stands before the objects of a page (ISO/IEC 26300-3, 10.2.4).
fn is_before(element: &Element) -> bool {
    matches!(element.name.as_str(), "title" | "desc" | "layer-set" | "forms")
}

/// What stands behind the objects of a page.
fn is_behind(element: &Element) -> bool {
    let is_animation = element.namespace == "urn:oasis:names:tc:opendocument:xmlns:animation:1.0";
    is_animation
        || (element.namespace == names::PRESENTATION && matches!(element.name.as_str(), "notes" | "animations"))
}

fn paper(masters: Option<&Part<'_>>, master: Option<&str>) -> Paper {
    let Some(part) = masters else { return Paper::slide() };
    let all = section::masters(part);
    let named = all.iter().filter_map(|at| part.elements.get(*at)).find(|e| e.attribute_local("name") == master);
    match named.and_then(|e| e.attribute_local("page-layout-name")) {
        Some(layout) => Paper::of(part, Some(layout)),
        None => Paper::slide(),
    }
}
