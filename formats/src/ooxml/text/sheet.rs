//! The text of workbooks (ISO/IEC 29500-1, 18): every cell with its sheet and place, and what hangs on the sheets.

use std::collections::HashMap;

use kakuzuke_core::passage::{Part, Unit};

use super::Package;
use crate::error::ReadError;
use crate::limits;
use crate::text::{Halt, Node, Reading, Tag, is_on, paragraphs, walk, without_codes};
use crate::zip::Entry;

/// A sheet of the book.
struct Sheet {
    name: String,
    part: String,
    is_hidden: bool,
}

/// Reads everything that is written in a workbook.
pub(super) fn read(package: &Package<'_>, main: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let sheets = sheets(package, main, reading)?;
    let mut strings = Vec::new();
    for entry in package.parts(&["sharedStrings"]) {
        let outcome = reading.markup(package.archive, entry).and_then(|text| shared(&text, &mut strings));
        reading.bear(Unit::Whole, Part::Body, outcome)?;
    }
    for sheet in &sheets {
        let unit = Unit::Cell { sheet: sheet.name.clone(), cell: String::new() };
        let part = if sheet.is_hidden { Part::Hidden } else { Part::Body };
        reading.say(unit.clone(), part.clone(), &sheet.name)?;
        let Some(entry) = package.find(&sheet.part) else {
            reading.miss(unit, part, "a sheet is missing");
            continue;
        };
        let outcome = reading.markup(package.archive, entry).and_then(|text| {
            let mut grid = Grid::new(sheet, &strings, reading);
            walk(&text, &mut |node| grid.take(node))
        });
        reading.bear(unit.clone(), part, outcome)?;
        beside(package, sheet, &entry.name, reading)?;
    }
    for entry in package.parts(&["pivotCacheDefinition", "pivotCacheRecords", "externalLink"]) {
        let outcome = kept(package, entry, reading);
        reading.bear(Unit::Whole, Part::Hidden, outcome)?;
    }
    for entry in package.parts(&["macrosheet", "intlmacrosheet"]) {
        if !sheets.iter().any(|s| s.part == entry.name) {
            reading.miss(Unit::Whole, Part::Hidden, "a macro sheet that the book does not list");
        }
    }
    Ok(())
}

/// Copies of cells that pivot tables and links to other books keep.
fn kept(package: &Package<'_>, entry: &Entry, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let text = reading.markup(package.archive, entry)?;
    let mut is_value = false;
    walk(&text, &mut |node| match node {
        Node::Start(tag) => {
            is_value = tag.name == "v";
            match tag.get("v").filter(|_| matches!(tag.name, "s" | "n" | "d")) {
                Some(words) => reading.say(Unit::Whole, Part::Hidden, &words),
                None => Ok(()),
            }
        }
        Node::Text(words) if is_value => reading.say(Unit::Whole, Part::Hidden, words),
        Node::Text(_) | Node::End(_) => Ok(()),
    })
}

/// The sheets of the book, and what its names stand for.
fn sheets(package: &Package<'_>, main: &str, reading: &mut Reading<'_>) -> Result<Vec<Sheet>, Halt> {
    let links = package.links(main, reading)?;
    let entry = package.find(main).ok_or(ReadError::Damaged("a workbook without its main part"))?;
    let text = reading.markup(package.archive, entry)?;
    let links: HashMap<&str, &str> = links.iter().map(|l| (l.id.as_str(), l.target.as_str())).collect();
    let (mut sheets, mut name) = (Vec::new(), None);
    walk(&text, &mut |node| {
        match node {
            Node::Start(tag) if tag.name == "sheet" => {
                let id = tag.get("id").unwrap_or_default();
                let part = links.get(id.as_str()).copied().unwrap_or_default().to_owned();
                let is_hidden = tag.get("state").is_some_and(|state| state != "visible");
                sheets.push(Sheet { name: tag.get("name").unwrap_or_default(), part, is_hidden });
            }
            Node::Start(tag) if tag.name == "definedName" => name = tag.get("name"),
            Node::Text(words) => {
                // A name for a place says nothing; one for words may.
                if let Some(name) = name.take().filter(|_| words.contains('"')) {
                    return reading.say(Unit::Whole, Part::Property(name), words);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(sheets)
}

/// Reads the table of strings; readings (furigana) are left out, they say the same again.
fn shared(text: &str, strings: &mut Vec<String>) -> Result<(), Halt> {
    let (mut string, mut is_text, mut reading) = (String::new(), false, 0_u32);
    walk(text, &mut |node| {
        match node {
            Node::Start(tag) => {
                is_text = tag.name == "t";
                reading += u32::from(tag.name == "rPh");
            }
            Node::Text(words) if is_text && reading == 0 => string.push_str(words),
            Node::Text(_) => {}
            Node::End(name) => {
                is_text = false;
                reading = reading.saturating_sub(u32::from(name == "rPh"));
                if name == "si" {
                    strings.push(std::mem::take(&mut string));
                }
            }
        }
        Ok(())
    })
}

/// Reads comments, shapes and charts of a sheet.
fn beside(package: &Package<'_>, sheet: &Sheet, part: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let unit = Unit::Cell { sheet: sheet.name.clone(), cell: String::new() };
    let shape = if sheet.is_hidden { Part::Hidden } else { Part::Shape };
    for link in package.links(part, reading)? {
        let Some(entry) = package.find(&link.target) else { continue };
        match link.kind.as_str() {
            "comments" | "threadedComment" => {
                let outcome = comments(package, entry, &sheet.name, reading);
                reading.bear(unit.clone(), Part::Comment, outcome)?;
            }
            "drawing" | "vmlDrawing" => {
                let outcome = drawing(package, entry, &unit, &shape, reading);
                reading.bear(unit.clone(), shape.clone(), outcome)?;
                for chart in package.links(&entry.name, reading)? {
                    let is_text = matches!(chart.kind.as_str(), "chart" | "chartEx" | "diagramData");
                    if let Some(entry) = package.find(&chart.target).filter(|_| is_text) {
                        package.shapes(entry, &unit, &shape, reading)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn drawing(
    package: &Package<'_>,
    entry: &Entry,
    unit: &Unit,
    part: &Part,
    reading: &mut Reading<'_>,
) -> Result<(), Halt> {
    let text = reading.markup(package.archive, entry)?;
    paragraphs(&text, &mut |said| reading.say(unit.clone(), part.clone(), said))?;
    walk(&text, &mut |node| {
        let Node::Start(tag) = node else { return Ok(()) };
        let names: &[&str] = match tag.name {
            "cNvPr" => &["title", "descr"],
            "textpath" => &["string"],
            _ => &[],
        };
        for words in names.iter().filter_map(|name| tag.get(name)) {
            reading.say(unit.clone(), part.clone(), &words)?;
        }
        Ok(())
    })
}

fn comments(package: &Package<'_>, entry: &Entry, sheet: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let text = reading.markup(package.archive, entry)?;
    let (mut cell, mut words, mut is_text) = (String::new(), String::new(), false);
    walk(&text, &mut |node| {
        match node {
            Node::Start(tag) => {
                is_text = matches!(tag.name, "t" | "text");
                if matches!(tag.name, "comment" | "threadedComment") {
                    cell = tag.get("ref").unwrap_or_default();
                }
            }
            Node::Text(said) if is_text => words.push_str(said),
            Node::Text(_) => {}
            Node::End(name) => {
                is_text = false;
                if matches!(name, "comment" | "threadedComment") {
                    let unit = Unit::Cell { sheet: sheet.to_owned(), cell: cell.clone() };
                    return reading.say(unit, Part::Comment, &std::mem::take(&mut words));
                }
            }
        }
        Ok(())
    })
}

/// The cells of a sheet, read from front to back.
struct Grid<'r, 'a, 's> {
    sheet: &'s Sheet,
    strings: &'s [String],
    reading: &'r mut Reading<'a>,
    hidden_columns: Vec<(u32, u32)>,
    row_is_hidden: bool,
    cell: String,
    kind: String,
    value: String,
    is_text: bool,
    readings: u32,
}

impl<'r, 'a, 's> Grid<'r, 'a, 's> {
    fn new(sheet: &'s Sheet, strings: &'s [String], reading: &'r mut Reading<'a>) -> Self {
        let (cell, kind, value) = (String::new(), String::new(), String::new());
        let hidden_columns = Vec::new();
        let (row_is_hidden, is_text, readings) = (false, false, 0);
        Self { sheet, strings, reading, hidden_columns, row_is_hidden, cell, kind, value, is_text, readings }
    }

    fn take(&mut self, node: Node<'_>) -> Result<(), Halt> {
        match node {
            Node::Start(tag) => self.start(tag),
            Node::Text(words) => {
                if self.is_text && self.readings == 0 {
                    self.value.push_str(words);
                }
            }
            Node::End(name) => return self.end(name),
        }
        Ok(())
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.is_text = matches!(tag.name, "v" | "t") || is_margin(tag.name);
        match tag.name {
            "col" if tag.is("hidden") && self.hidden_columns.len() < limits::TEXT_COLUMNS => {
                let number = |name| tag.get(name).and_then(|n| n.parse().ok()).unwrap_or(0);
                self.hidden_columns.push((number("min"), number("max")));
            }
            "row" => self.row_is_hidden = tag.get("hidden").is_some_and(|v| is_on(&v)),
            "c" => {
                self.cell = tag.get("r").unwrap_or_default();
                self.kind = tag.get("t").unwrap_or_default();
                self.value.clear();
            }
            "rPh" => self.readings += 1,
            name if is_margin(name) => self.value.clear(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<(), Halt> {
        self.is_text = false;
        match name {
            "rPh" => self.readings = self.readings.saturating_sub(1),
            "c" => return self.say_cell(),
            name if is_margin(name) => {
                let part = if name.ends_with("Header") { Part::Header } else { Part::Footer };
                let words = without_codes(&std::mem::take(&mut self.value));
                let unit = Unit::Cell { sheet: self.sheet.name.clone(), cell: String::new() };
                return self.reading.say(unit, part, &words);
            }
            _ => {}
        }
        Ok(())
    }

    fn say_cell(&mut self) -> Result<(), Halt> {
        let value = std::mem::take(&mut self.value);
        let words = if self.kind == "s" {
            let place = value.trim().parse().ok();
            match place.and_then(|place: usize| self.strings.get(place)) {
                Some(words) => words,
                None => {
                    let unit = Unit::Cell { sheet: self.sheet.name.clone(), cell: self.cell.clone() };
                    self.reading.miss(unit, Part::Body, "a cell's string is missing");
                    return Ok(());
                }
            }
        } else {
            &value
        };
        let column = column(&self.cell);
        let is_hidden = self.sheet.is_hidden
            || self.row_is_hidden
            || self.hidden_columns.iter().any(|(first, last)| (*first..=*last).contains(&column));
        let unit = Unit::Cell { sheet: self.sheet.name.clone(), cell: self.cell.clone() };
        self.reading.say(unit, if is_hidden { Part::Hidden } else { Part::Body }, words)
    }
}

/// Whether an element is a header or footer.
fn is_margin(name: &str) -> bool {
    matches!(name, "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter")
}

/// The number of a cell's column, from 1.
fn column(cell: &str) -> u32 {
    let letters = cell.bytes().take_while(u8::is_ascii_alphabetic).take(4);
    letters.fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
}
