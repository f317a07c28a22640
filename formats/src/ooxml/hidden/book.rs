//! The sheets of a workbook: which cells of each are hidden, and where else the values of those stand.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::Units;
use super::cells::{Area, Range};
use super::graph::Graph;
use crate::error::ReadError;
use crate::text::{Halt, Node, walk};
use crate::xml;

/// Whether the cells of a reference are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sight {
    Seen,
    /// Some lie in hidden rows or columns.
    Cells,
    /// Some lie in a sheet that is hidden, or is not there any more.
    Sheet,
}

/// What is known of the sheets of a workbook.
#[derive(Default)]
pub(super) struct Book {
    /// Hidden cells, by the part of their sheet.
    areas: HashMap<String, Rc<Area>>,
    /// Sheets by name, in lower case: their part, if they are shown.
    sheets: HashMap<String, Option<String>>,
    /// Names of sheets that go, in lower case.
    gone: HashSet<String>,
    /// Names that the workbook gives to cells.
    names: HashSet<String>,
}

impl Book {
    /// Notes a sheet.
    pub fn add(&mut self, name: &str, part: Option<String>) {
        self.sheets.insert(name.to_lowercase(), part);
    }

    /// Notes a sheet that goes.
    pub fn add_gone(&mut self, name: &str) {
        self.gone.insert(name.to_lowercase());
        self.sheets.insert(name.to_lowercase(), None);
    }

    /// Notes a name of cells.
    pub fn add_name(&mut self, name: &str) {
        self.names.insert(name.to_lowercase());
    }

    /// Whether a title names no sheet and no cells of the workbook.
    pub fn is_stale(&self, title: &str) -> bool {
        let title = title.to_lowercase();
        let is_known = |name: &str| self.sheets.contains_key(name) || self.names.contains(name);
        !is_known(&title) && title.rsplit_once('!').is_none_or(|(sheet, _)| !is_known(&unquoted(sheet)))
    }

    /// Reads which cells of a sheet are hidden; one that can't be read is told when it is cleaned.
    pub fn read(&mut self, part: &str, text: &str) {
        let area = Area::read(text).unwrap_or_default();
        if !area.is_empty() {
            self.areas.insert(part.to_owned(), Rc::new(area));
        }
    }

    /// The hidden cells of the sheet that a part is, or belongs to.
    pub fn area(&self, graph: &Graph, part: &str) -> Option<Rc<Area>> {
        let known = || graph.to(part).find_map(|link| self.areas.get(&link.source));
        self.areas.get(part).or_else(known).cloned()
    }

    pub fn has_gone(&self) -> bool {
        !self.gone.is_empty()
    }

    /// Whether a formula, as it lies in a part, names a sheet that goes.
    pub fn names_gone(&self, formula: &str) -> bool {
        let plain = quick_xml::escape::unescape(formula).unwrap_or(formula.into());
        sheets_of(&plain).iter().any(|name| self.gone.contains(&name.to_lowercase()))
    }

    /// Whether what a reference names is seen: `'表 1'!$A$1:$B$2`, several with commas between them.
    pub fn sight(&self, reference: &str) -> Sight {
        let bare = reference.trim().trim_start_matches('(').trim_end_matches(')');
        outside_quotes(bare, ',').into_iter().map(|one| self.sight_of(one)).max().unwrap_or(Sight::Seen)
    }

    fn sight_of(&self, reference: &str) -> Sight {
        let Some((sheet, cells)) = reference.rsplit_once('!') else { return Sight::Seen };
        let sheet = unquoted(sheet);
        // Of another workbook, or a name.
        let (false, Some(range)) = (sheet.contains('['), Range::of(cells)) else { return Sight::Seen };
        match self.sheets.get(&sheet.to_lowercase()) {
            None | Some(None) => Sight::Sheet,
            Some(Some(part)) => match self.areas.get(part) {
                Some(area) if area.meets(&range) => Sight::Cells,
                _ => Sight::Seen,
            },
        }
    }

    /// Relationships of sheets that lead to values of their hidden cells, and what those are: links, and tables that name them.
    pub fn repeats(&self, graph: &Graph, read: Reader<'_>) -> Result<Vec<(String, String, Text)>, ReadError> {
        let of_links = Text::fixed("非表示のセルのリンク", "links of hidden cells");
        let of_tables = Text::fixed(
            "非表示の列の見出しを持つテーブル（範囲に戻ります）",
            "a table that has the headings of hidden columns (it becomes a range)",
        );
        let mut found = Vec::new();
        for (part, area) in &self.areas {
            if let Some(text) = read(part)? {
                found.extend(links_of(&text, area).into_iter().map(|id| (part.clone(), id, of_links.clone())));
            }
        }
        for link in graph.links.iter().filter(|link| link.tail == "table") {
            let (Some(area), Some(name)) = (self.areas.get(&link.source), link.part()) else { continue };
            if read(name)?.is_some_and(|table| names_hidden(&table, area)) {
                found.push((link.source.clone(), link.id.clone(), of_tables.clone()));
            }
        }
        Ok(found)
    }
}

/// Who gives the text of a part.
type Reader<'r> = &'r dyn Fn(&str) -> Result<Option<String>, ReadError>;

/// The relationships of links all of whose cells are hidden.
fn links_of(sheet: &str, area: &Area) -> Vec<String> {
    let mut ids = Vec::new();
    // One that is cut off is told when it is cleaned.
    let _ = walk(sheet, &mut |node| {
        if let Node::Start(tag) = node
            && tag.name == "hyperlink"
            && tag.get("ref").is_some_and(|cells| area.covers(&cells))
        {
            ids.extend(tag.get("id"));
        }
        Ok(())
    });
    ids
}

/// Whether a table has the headings or totals of hidden cells (ISO/IEC 29500-1, 18.5.1.2).
fn names_hidden(table: &str, area: &Area) -> bool {
    let Ok(elements) = xml::elements(table, 0) else { return false };
    let Some(root) = elements.first() else { return false };
    let Some(range) = root.attribute("ref").and_then(Range::of) else { return false };
    let count = |name, usual: u32| root.attribute(name).and_then(|n| n.parse().ok()).unwrap_or(usual);
    let (heads, totals) = (count("headerRowCount", 1), count("totalsRowCount", 0));
    let is_head = heads > 0 && area.hides_row(*range.rows.start());
    let is_total = totals > 0 && area.hides_row(*range.rows.end());
    area.meets_columns(&range) || is_head || is_total
}

/// Pieces between separators that are not in quotes.
fn outside_quotes(words: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    let pieces = words.split(|c| {
        is_quoted ^= c == '\'';
        c == separator && !is_quoted
    });
    pieces.collect()
}

fn unquoted(sheet: &str) -> String {
    let bare = sheet.trim();
    let inner = bare.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    inner.map_or_else(|| bare.trim_start_matches('=').to_owned(), |inner| inner.replace("''", "'"))
}

/// The names of sheets in a formula.
fn sheets_of(formula: &str) -> Vec<String> {
    let (mut names, mut name, mut characters) = (Vec::new(), String::new(), formula.chars().peekable());
    while let Some(character) = characters.next() {
        match character {
            '!' => names.push(std::mem::take(&mut name)),
            // What is quoted may hold the quote, twice.
            quote @ ('\'' | '"') => {
                name.clear();
                while let Some(inner) = characters.next() {
                    if inner == quote && characters.next_if_eq(&quote).is_none() {
                        break;
                    }
                    name.push(inner);
                }
            }
            inner if inner.is_alphanumeric() || matches!(inner, '_' | '.' | '\\') => name.push(inner),
            _ => name.clear(),
        }
    }
    names
}

/// The copies of values in a chart whose cells are not seen, by the number of their element.
pub(super) fn copies(chart: &str, book: &Book) -> Result<HashMap<usize, Sight>, ReadError> {
    let (mut copies, mut number, mut is_formula) = (HashMap::new(), 0_usize, false);
    let (mut formula, mut sight) = (String::new(), Sight::Seen);
    let done = walk(chart, &mut |node| {
        match node {
            Node::Start(tag) => {
                match tag.name {
                    "f" => (is_formula, formula, sight) = (true, String::new(), Sight::Seen),
                    "strCache" | "numCache" | "multiLvlStrCache" | "lvl" if sight != Sight::Seen => {
                        copies.insert(number, sight);
                    }
                    _ => {}
                }
                number += 1;
            }
            Node::Text(words) if is_formula => formula.push_str(words),
            Node::End("f") => (is_formula, sight) = (false, book.sight(&formula)),
            // What follows belongs to another reference.
            Node::End("strRef" | "numRef" | "multiLvlStrRef" | "strDim" | "numDim") => sight = Sight::Seen,
            _ => {}
        }
        Ok(())
    });
    match done {
        Ok(()) | Err(Halt::Over) => Ok(copies),
        Err(Halt::Read(e)) => Err(e),
    }
}

/// The unit of a part, or of the sheet or slide that leads to it.
pub(super) fn unit_of(units: &Units, graph: &Graph, part: &str) -> Unit {
    let known = || graph.to(part).find_map(|link| units.get(&link.source));
    units.get(part).or_else(known).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_seen_or_not() {
        let mut book = Book::default();
        book.add("表 1", Some("a".to_owned()));
        book.add("B", None);
        book.add_gone("O'Neil");
        book.read("a", "<worksheet><cols><col min=\"2\" max=\"2\" hidden=\"1\"/></cols><sheetData/></worksheet>");
        assert_eq!(book.sight("'表 1'!$A$1:$A$5"), Sight::Seen);
        assert_eq!(book.sight("('表 1'!$A$1,'表 1'!$B$9)"), Sight::Cells);
        assert_eq!(book.sight("b!$A$1"), Sight::Sheet);
        assert_eq!(book.sight("[1]B!$A$1"), Sight::Seen);
        assert_eq!(book.sight("B!名前"), Sight::Seen);
        assert!(book.names_gone("SUM('O''Neil'!A1,1)") && book.names_gone("&apos;o&apos;&apos;neil&apos;!A1"));
        assert!(!book.names_gone("SUM(B!A1)&\"O'Neil\"") && !book.names_gone("A1"));
    }
}
