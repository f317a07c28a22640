//! 非表示の列. Which columns of a sheet are hidden, and repeated cells cut where a hidden column begins or ends, so that what is
//! seen and what is not stand in cells of their own (ISO/IEC 26300-3, 9.1.6).

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::cells::is_away;
use super::styles::Styles;
use crate::error::ReadError;
use crate::limits;
use crate::xml::{self, check_doctype};

/// Columns of one sheet, counted from 0; sheets are read from front to back.
#[derive(Default)]
pub(super) struct Columns {
    /// Runs of hidden ones, in order, none touching another.
    hidden: Vec<Range<u32>>,
    /// Columns that the sheet has named so far.
    named: u32,
    /// The next cell of the row.
    next: u32,
}

/// Columns and cells of a sheet that is larger than any program's.
const MOST: u32 = 1 << 20;

/// How often something is repeated.
pub(super) fn times(written: Option<&str>) -> u32 {
    written.and_then(|n| n.trim().parse().ok()).unwrap_or(1_u32).clamp(1, MOST)
}

impl Columns {
    /// The sheet names columns.
    pub fn name(&mut self, many: u32, is_hidden: bool) {
        let start = self.named;
        self.named = self.named.saturating_add(many);
        match self.hidden.last_mut().filter(|last| last.end == start) {
            Some(last) if is_hidden => last.end = self.named,
            _ if is_hidden => self.hidden.push(start..self.named),
            _ => {}
        }
    }

    /// A row begins.
    pub fn row(&mut self) {
        self.next = 0;
    }

    /// The columns of the next cells of the row.
    pub fn cells(&mut self, many: u32) -> Range<u32> {
        let start = self.next;
        self.next = self.next.saturating_add(many);
        start..self.next
    }

    /// The runs of hidden columns from the first that ends behind `column`.
    fn from(&self, column: u32) -> impl Iterator<Item = &Range<u32>> {
        self.hidden.iter().skip(self.hidden.partition_point(|run| run.end <= column))
    }

    /// Whether all of these columns are hidden.
    pub fn hide(&self, cells: &Range<u32>) -> bool {
        self.from(cells.start).next().is_some_and(|run| run.start <= cells.start && run.end >= cells.end)
    }

    /// Numbers of columns, by turns seen and hidden, when these are not all the same.
    fn cut(&self, cells: &Range<u32>) -> Vec<u32> {
        let (mut pieces, mut at) = (Vec::new(), cells.start);
        let edges = self.from(cells.start).flat_map(|run| [run.start, run.end]);
        for edge in edges.take_while(|edge| *edge < cells.end).filter(|edge| *edge > cells.start) {
            pieces.push(edge - at);
            at = edge;
        }
        if at > cells.start {
            pieces.push(cells.end - at);
        }
        pieces
    }
}

const BROKEN: ReadError = ReadError::Damaged("an XML part is not well formed");
/// The attribute that repeats a cell.
const REPEATED: &str = "number-columns-repeated";

/// A cell that is to be cut.
struct Cell {
    start: usize,
    /// Behind its start tag.
    inner: usize,
    depth: usize,
    pieces: Vec<u32>,
}

/// The part with cells cut; `None` when there are none to cut.
pub(super) fn cut(part: &str, styles: &Styles) -> Result<Option<String>, ReadError> {
    let mut reader = Reader::from_str(part);
    let mut cutter = Cutter {
        part,
        styles,
        columns: Columns::default(),
        open: Vec::new(),
        group: None,
        cell: None,
        out: String::new(),
        done: 0,
    };
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event().map_err(|_| BROKEN)?;
        let end = reader.buffer_position() as usize;
        match event {
            Event::Start(start) => {
                cutter.start(&start, at..end, Shape::Open)?;
                cutter.open.push(start.local_name().as_ref().to_owned());
                if cutter.open.len() > limits::XML_DEPTH as usize {
                    return Err(ReadError::Limit("depth of an XML part"));
                }
            }
            Event::Empty(start) => {
                cutter.start(&start, at..end, Shape::Empty)?;
                cutter.end(end)?;
            }
            Event::End(_) => {
                cutter.open.pop().ok_or(BROKEN)?;
                cutter.end(end)?;
            }
            Event::DocType(declared) => check_doctype(&declared)?,
            Event::Eof => return cutter.finish(),
            _ => {}
        }
    }
}

/// Whether something is in an element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Open,
    Empty,
}

struct Cutter<'p> {
    part: &'p str,
    styles: &'p Styles,
    columns: Columns,
    /// Names of the elements around, without prefix.
    open: Vec<String>,
    /// The collapsed group of columns that is open, by its depth.
    group: Option<usize>,
    cell: Option<Cell>,
    out: String,
    done: usize,
}

impl Cutter<'_> {
    fn start(&mut self, start: &BytesStart<'_>, tag: Range<usize>, shape: Shape) -> Result<(), ReadError> {
        // Tables in drawings and cells have columns of their own.
        let is_sheet = self.open.iter().filter(|name| *name == "table").count() < 2 && self.cell.is_none();
        let get = |name: &str| {
            let mut attributes = start.attributes();
            attributes.with_checks(false);
            let found = attributes.take(limits::XML_ATTRIBUTES).filter_map(Result::ok);
            found.into_iter().find(|a| a.key.local_name().as_ref() == name).map(|a| a.value.into_owned())
        };
        match start.local_name().as_ref() {
            "table" if self.open.last().is_some_and(|above| above == "spreadsheet") => {
                self.columns = Columns::default()
            }
            "table-column" if is_sheet => {
                let is_hidden = self.group.is_some_and(|depth| depth < self.open.len())
                    || is_away(&get, "table-column", self.styles);
                self.columns.name(times(get(REPEATED).as_deref()), is_hidden);
            }
            "table-column-group" if is_sheet && get("display").as_deref() == Some("false") => {
                self.group = self.group.filter(|depth| *depth < self.open.len()).or(Some(self.open.len()));
            }
            "table-row" if is_sheet => self.columns.row(),
            "table-cell" | "covered-table-cell" if is_sheet => {
                let cells = self.columns.cells(times(get(REPEATED).as_deref()));
                let pieces = if get("value-type").is_some() || shape == Shape::Open {
                    self.columns.cut(&cells)
                } else {
                    Vec::new()
                };
                if !pieces.is_empty() {
                    self.cell = Some(Cell { start: tag.start, inner: tag.end, depth: self.open.len(), pieces });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// An element ended at `end`; a cell that is to be cut is written as often as it has pieces.
    fn end(&mut self, end: usize) -> Result<(), ReadError> {
        let Some(cell) = self.cell.take_if(|cell| cell.depth == self.open.len()) else { return Ok(()) };
        self.out.push_str(self.part.get(self.done..cell.start).ok_or(BROKEN)?);
        let (tag, held) =
            (self.part.get(cell.start..cell.inner).ok_or(BROKEN)?, self.part.get(cell.inner..end).ok_or(BROKEN)?);
        let many = xml::attribute(tag, REPEATED).ok_or(BROKEN)?.value;
        let (before, after) = (tag.get(..many.start).ok_or(BROKEN)?, tag.get(many.end..).ok_or(BROKEN)?);
        for piece in cell.pieces {
            self.out.push_str(&format!("{before}{piece}{after}{held}"));
            if self.out.len() as u64 > limits::CLEANED_PART {
                return Err(ReadError::Limit("a part of a package that is cleaned"));
            }
        }
        self.done = end;
        Ok(())
    }

    fn finish(mut self) -> Result<Option<String>, ReadError> {
        if self.done == 0 {
            return Ok(None);
        }
        self.out.push_str(self.part.get(self.done..).ok_or(BROKEN)?);
        Ok(Some(self.out))
    }
}
