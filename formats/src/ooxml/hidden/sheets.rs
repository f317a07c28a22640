//! Sheets and slides: their places, which are hidden, and the text that goes with them.

use std::collections::HashSet;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::book::Book;
use super::graph::{Graph, Link};
use super::rules::Sheets;
use super::{Ids, Units};
use crate::error::ReadError;
use crate::hidden::{Act, Category, Changes, Ledger, nearest, scrub};
use crate::limits;
use crate::ooxml::kinds::Family;
use crate::text::{Halt, Node, walk};
use crate::xml::{self, Element};
use crate::zip::Archive;

/// The elements of the main part that list sheets or slides, in their order, and names.
fn main_part(family: Family, archive: &Archive<'_>, main: &str) -> Result<Vec<Element>, ReadError> {
    if family == Family::Word {
        return Ok(Vec::new());
    }
    let Some(entry) = archive.find(main) else { return Ok(Vec::new()) };
    let text = xml::decode(&archive.read(entry, limits::XML_PART)?)?;
    xml::elements(&text, 2)
}

fn listed(family: Family, elements: &[Element]) -> impl Iterator<Item = &Element> {
    let item = if family == Family::Sheet { "sheet" } else { "sldId" };
    elements.iter().filter(move |e| e.depth == 2 && e.name == item)
}

/// The id of the relationship, which is the one with a prefix (`r:id`).
fn relation(element: &Element) -> Option<&str> {
    element.attributes.iter().find(|(name, _)| name.contains(':') && name.ends_with(":id")).map(|(_, id)| id.as_str())
}

fn unit(family: Family, place: usize, element: &Element) -> Unit {
    match family {
        Family::Sheet => {
            Unit::Cell { sheet: element.attribute("name").unwrap_or_default().to_owned(), cell: String::new() }
        }
        _ => Unit::Slide(u32::try_from(place + 1).unwrap_or(u32::MAX)),
    }
}

/// The parts of sheets and slides by what they are.
pub(super) fn units(family: Family, archive: &Archive<'_>, graph: &Graph, main: &str) -> Result<Units, ReadError> {
    let mut units = Units::new();
    let elements = main_part(family, archive, main)?;
    for (place, element) in listed(family, &elements).enumerate() {
        if let Some(part) = relation(element).and_then(|id| graph.target(main, id)) {
            units.insert(part.to_owned(), unit(family, place, element));
        }
    }
    Ok(units)
}

/// Hidden sheets and slides.
pub(super) struct Hidden {
    /// The relationships of those that go.
    pub gone: Ids,
    /// Where the others are then.
    pub sheets: Sheets,
    /// What they are called.
    pub book: Book,
}

/// Notes hidden sheets and slides.
pub(super) fn hidden(
    family: Family,
    archive: &Archive<'_>,
    graph: &Graph,
    main: &str,
    ledger: &mut Ledger,
) -> Result<Hidden, ReadError> {
    let (mut gone, mut sheets, mut stay) = (Ids::new(), Sheets::default(), Vec::new());
    let mut book = Book::default();
    let elements = main_part(family, archive, main)?;
    for name in elements.iter().filter(|e| e.depth == 2 && e.name == "definedName") {
        name.attribute("name").into_iter().for_each(|name| book.add_name(name));
    }
    for (place, element) in listed(family, &elements).enumerate() {
        let Some(id) = relation(element) else { continue };
        let name = element.attribute("name").unwrap_or_default();
        let part = graph.target(main, id).and_then(|name| archive.find(name));
        let (is_hidden, category, what) = match family {
            Family::Sheet => match element.attribute("state") {
                Some("hidden") => (true, Category::HiddenSheets, Text::fixed("非表示のシート", "a hidden sheet")),
                Some("veryHidden") => (
                    true,
                    Category::HiddenSheets,
                    Text::fixed("画面から再表示できない非表示のシート", "a sheet hidden so that no menu shows it"),
                ),
                _ => (false, Category::HiddenSheets, Text::fixed("", "")),
            },
            _ => {
                let shown = part.is_none_or(|part| is_shown(archive, part));
                (!shown, Category::HiddenSlides, Text::fixed("非表示のスライド", "a hidden slide"))
            }
        };
        // A sheet of macros goes with the others, and is told with them.
        let is_macro = ledger.removes(Category::Macros) && part.is_some_and(|part| is_macro(graph, &part.name));
        if is_hidden && ledger.found(category, unit(family, place, element), &what) || is_macro {
            gone.insert((main.to_owned(), id.to_owned()));
            book.add_gone(name);
        } else {
            stay.push(place);
            book.add(name, part.filter(|_| !is_hidden).map(|part| part.name.clone()));
        }
    }
    if !gone.is_empty() {
        if stay.is_empty() {
            return Err(ReadError::Damaged("every sheet or slide is hidden"));
        }
        sheets.places = stay.into_iter().enumerate().map(|(new, old)| (old, new)).collect();
        sheets.slides_went = family == Family::Slides;
        sheets.are_values = family == Family::Sheet;
    }
    if family == Family::Sheet && ledger.removes(Category::HiddenCells) {
        sheets.are_values = true;
    }
    Ok(Hidden { gone, sheets, book })
}

/// Whether a sheet holds the macros of Excel 4.
fn is_macro(graph: &Graph, part: &str) -> bool {
    graph.to(part).any(|link| matches!(link.tail.as_str(), "xlMacrosheet" | "xlIntlMacrosheet"))
}

/// Whether a slide is shown: what its root says.
fn is_shown(archive: &Archive<'_>, part: &crate::zip::Entry) -> bool {
    let read = archive.read(part, limits::XML_PART).and_then(|bytes| xml::decode(&bytes));
    let elements = read.and_then(|text| xml::elements(&text, 0));
    let root = elements.ok().and_then(|e| e.into_iter().next());
    root.and_then(|root| root.attribute("show").map(crate::text::is_on)).unwrap_or(true)
}

/// Empties the shared strings that no cell has, if `goes` says so.
pub(super) fn drop_strings(
    archive: &Archive<'_>,
    graph: &Graph,
    main: &str,
    changes: &mut Changes,
    goes: &mut dyn FnMut() -> bool,
) -> Result<(), ReadError> {
    const SHEETS: [&str; 4] = ["worksheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"];
    let mut used = HashSet::new();
    for link in graph.links.iter().filter(|l| l.source == main && SHEETS.contains(&l.tail.as_str())) {
        let Some(text) = link.part().map(|name| changes.text(archive, name)).transpose()?.flatten() else { continue };
        collect(&text, &mut used)?;
    }
    let strings = graph.links.iter().find(|l| l.source == main && l.tail == "sharedStrings");
    let Some(name) = strings.and_then(Link::part) else { return Ok(()) };
    let Some(text) = changes.text(archive, name)? else { return Ok(()) };
    if !has_unused(&text, &used)? || !goes() {
        return Ok(());
    }
    let mut next = 0_usize;
    let cleaned = scrub(&text, &mut |tag, above| {
        if tag.local == "si" {
            next += 1;
            return Act::Keep;
        }
        let goes = nearest(above, "si").is_some() && !used.contains(&next.wrapping_sub(1));
        if goes { Act::Drop } else { Act::Keep }
    })?;
    changes.put(name, cleaned.into_bytes())
}

/// Whether a string says something and no cell has it.
fn has_unused(strings: &str, used: &HashSet<usize>) -> Result<bool, ReadError> {
    let (mut next, mut is_text) = (0_usize, false);
    let done = walk(strings, &mut |node| {
        match node {
            Node::Start(tag) => {
                next += usize::from(tag.name == "si");
                is_text = tag.name == "t";
            }
            Node::End(_) => is_text = false,
            Node::Text(words) if is_text && !words.trim().is_empty() && !used.contains(&next.wrapping_sub(1)) => {
                return Err(Halt::Over);
            }
            Node::Text(_) => {}
        }
        Ok(())
    });
    match done {
        Ok(()) => Ok(false),
        Err(Halt::Over) => Ok(true),
        Err(Halt::Read(e)) => Err(e),
    }
}

/// The numbers of the strings that a sheet's cells have.
fn collect(sheet: &str, used: &mut HashSet<usize>) -> Result<(), ReadError> {
    let (mut is_string, mut in_value) = (false, false);
    let done = walk(sheet, &mut |node| {
        match node {
            Node::Start(tag) if tag.name == "c" => is_string = tag.get("t").as_deref() == Some("s"),
            Node::Start(tag) => in_value = tag.name == "v",
            Node::End(_) => in_value = false,
            Node::Text(text) if is_string && in_value => used.extend(text.trim().parse::<usize>()),
            Node::Text(_) => {}
        }
        Ok(())
    });
    match done {
        Ok(()) | Err(Halt::Over) => Ok(()),
        Err(Halt::Read(e)) => Err(e),
    }
}
