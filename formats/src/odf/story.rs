//! One part of an OpenDocument package, read from front to back.

use std::collections::HashSet;

use kakuzuke_core::passage::{Part, Unit};

use super::mark::is_ours;
use crate::limits;
use crate::text::{Halt, Node, Reading, Tag, tidy};

/// Where the reader is, and what it goes back to.
#[derive(Clone)]
struct Place {
    part: Part,
    is_hidden: bool,
}

/// An element around.
struct Around {
    name: String,
    /// What held before it, when it changed that.
    before: Option<Place>,
}

/// A paragraph under way.
#[derive(Default)]
struct Paragraph {
    shown: String,
    hidden: String,
    above: String,
}

/// A part under way.
pub(super) struct Story<'r, 'a, 's> {
    hidden: &'s HashSet<String>,
    reading: &'r mut Reading<'a>,
    place: Place,
    around: Vec<Around>,
    paragraphs: Vec<Paragraph>,
    number: u32,
    slide: u32,
    sheet: Option<String>,
    row: u32,
    column: u32,
    more_rows: u32,
    more_columns: u32,
    hidden_columns: Vec<(u32, u32)>,
    columns: u32,
    hidden_spans: u32,
    aside: u32,
    skipped: u32,
    is_words: bool,
}

impl<'r, 'a, 's> Story<'r, 'a, 's> {
    pub fn new(hidden: &'s HashSet<String>, reading: &'r mut Reading<'a>) -> Self {
        Self {
            hidden,
            reading,
            place: Place { part: Part::Body, is_hidden: false },
            around: Vec::new(),
            paragraphs: Vec::new(),
            number: 0,
            slide: 0,
            sheet: None,
            row: 0,
            column: 0,
            more_rows: 0,
            more_columns: 0,
            hidden_columns: Vec::new(),
            columns: 0,
            hidden_spans: 0,
            aside: 0,
            skipped: 0,
            is_words: false,
        }
    }

    pub fn take(&mut self, node: Node<'_>) -> Result<(), Halt> {
        match node {
            Node::Start(tag) => {
                let before = self.place.clone();
                self.is_words = false;
                self.turn(tag);
                self.start(tag)?;
                let changed = before.part != self.place.part || before.is_hidden != self.place.is_hidden;
                self.around.push(Around { name: tag.name.to_owned(), before: changed.then_some(before) });
                Ok(())
            }
            Node::End(name) => self.end(name),
            Node::Text(words) => self.add(words),
        }
    }

    /// What kind of text an element holds.
    fn turn(&mut self, tag: &Tag<'_>) {
        let style = tag.get("style-name").unwrap_or_default();
        let part = match tag.name {
            "header" | "header-left" | "header-first" | "header-decl" => Part::Header,
            "footer" | "footer-left" | "footer-first" | "footer-decl" => Part::Footer,
            "annotation" => Part::Comment,
            "note" => Part::Footnote,
            "deletion" => Part::Deleted,
            "notes" => Part::Notes,
            // Our marking says what a header would.
            "frame" | "custom-shape" if tag.get("name").is_some_and(|name| is_ours(&name)) => Part::Header,
            // What masters show besides placeholders is on every page.
            "master-page" => Part::Header,
            "frame" | "custom-shape" | "rect" | "text-box" | "ellipse" | "polygon" | "line" | "connector"
            | "caption"
                if self.place.part == Part::Body && tag.get("class").is_none() =>
            {
                Part::Shape
            }
            _ => self.place.part.clone(),
        };
        let is_hidden = match tag.name {
            "hidden-text" | "hidden-paragraph" => true,
            "section" => matches!(tag.get("display").as_deref(), Some("none" | "condition")),
            "table-row" => matches!(tag.get("visibility").as_deref(), Some("collapse" | "filter")),
            "p" | "h" | "table" | "page" => self.hidden.contains(&style),
            _ => false,
        };
        self.place = Place { part, is_hidden: is_hidden || self.place.is_hidden };
    }

    fn start(&mut self, tag: &Tag<'_>) -> Result<(), Halt> {
        let times = |name| tag.get(name).and_then(|n| n.parse::<u32>().ok()).unwrap_or(1).max(1);
        match tag.name {
            "p" | "h" => self.paragraphs.push(Paragraph::default()),
            "span" => {
                // A hidden span stays hidden up to its end, with the spans in it.
                let is_hidden = tag.get("style-name").is_some_and(|style| self.hidden.contains(&style));
                if is_hidden || self.hidden_spans > 0 {
                    self.hidden_spans += 1;
                }
            }
            "s" => {
                let blanks = tag.get("c").and_then(|c| c.parse().ok()).unwrap_or(1_usize).min(256);
                self.push(&" ".repeat(blanks));
            }
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            "ruby-text" => self.aside += 1,
            "note-citation" => self.skipped += 1,
            "hidden-text" => self.say_attribute(tag, "string-value")?,
            // As fields of a paragraph, elements of these names are text like any other.
            "title" | "desc" | "header-decl" | "footer-decl" | "creator" | "date" | "creator-initials" => {
                let parent = self.around.last().map_or("", |a| a.name.as_str());
                self.is_words = !matches!(parent, "p" | "h" | "span" | "a");
            }
            "page" if !self.is_in("master-styles") => self.slide = self.slide.saturating_add(1),
            "table" if !self.is_in("table-cell") => {
                (self.row, self.column, self.columns) = (0, 0, 0);
                self.hidden_columns.clear();
                self.sheet = tag.get("name").filter(|_| self.is_in("spreadsheet"));
                if let Some(sheet) = self.sheet.clone() {
                    self.say(&sheet)?;
                }
            }
            "table-column" => {
                let many = times("number-columns-repeated");
                let first = self.columns.saturating_add(1);
                self.columns = self.columns.saturating_add(many);
                let is_hidden = matches!(tag.get("visibility").as_deref(), Some("collapse" | "filter"));
                if is_hidden && self.hidden_columns.len() < limits::TEXT_COLUMNS {
                    self.hidden_columns.push((first, self.columns));
                }
            }
            "table-row" if self.sheet.is_some() => {
                self.column = 0;
                self.row = self.row.saturating_add(1);
                self.more_rows = times("number-rows-repeated") - 1;
            }
            "table-cell" | "covered-table-cell" if self.sheet.is_some() => {
                self.column = self.column.saturating_add(1);
                self.more_columns = times("number-columns-repeated") - 1;
            }
            _ => {}
        }
        Ok(())
    }

    fn is_in(&self, name: &str) -> bool {
        self.around.iter().any(|a| a.name == name)
    }

    fn say_attribute(&mut self, tag: &Tag<'_>, name: &str) -> Result<(), Halt> {
        match tag.get(name) {
            Some(words) => self.say(&words),
            None => Ok(()),
        }
    }

    fn push(&mut self, words: &str) {
        let (hidden, aside) = (self.hidden_spans > 0, self.aside > 0);
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| self.skipped == 0) {
            let to = if hidden {
                &mut paragraph.hidden
            } else if aside {
                &mut paragraph.above
            } else {
                &mut paragraph.shown
            };
            to.push_str(words);
        }
    }

    fn add(&mut self, words: &str) -> Result<(), Halt> {
        if self.is_words {
            return self.say(words);
        }
        self.push(&tidy(words));
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Halt> {
        self.is_words = false;
        match name {
            "p" | "h" => {
                if let Some(paragraph) = self.paragraphs.pop() {
                    self.say_paragraph(&paragraph)?;
                }
            }
            "span" => self.hidden_spans = self.hidden_spans.saturating_sub(1),
            "ruby-text" => self.aside = self.aside.saturating_sub(1),
            "note-citation" => self.skipped = self.skipped.saturating_sub(1),
            // Repeated rows and cells are said once, at their first place.
            "table-row" => self.row = self.row.saturating_add(std::mem::take(&mut self.more_rows)),
            "table-cell" | "covered-table-cell" => {
                self.column = self.column.saturating_add(std::mem::take(&mut self.more_columns));
            }
            _ => {}
        }
        if let Some(Around { before: Some(before), .. }) = self.around.pop() {
            self.place = before;
        }
        Ok(())
    }

    fn say_paragraph(&mut self, paragraph: &Paragraph) -> Result<(), Halt> {
        if self.place.part == Part::Body {
            self.number = self.number.saturating_add(1);
        }
        self.say(&paragraph.shown)?;
        self.say(&paragraph.above)?;
        if paragraph.hidden.is_empty() {
            return Ok(());
        }
        let before = std::mem::replace(&mut self.place.is_hidden, true);
        let outcome = self.say(&paragraph.hidden);
        self.place.is_hidden = before;
        outcome
    }

    fn unit(&self) -> Unit {
        if let Some(sheet) = &self.sheet {
            let cell = if self.column == 0 { String::new() } else { format!("{}{}", letters(self.column), self.row) };
            return Unit::Cell { sheet: sheet.clone(), cell };
        }
        match (self.slide, &self.place.part) {
            (1.., _) => Unit::Slide(self.slide),
            (0, Part::Header | Part::Footer) => Unit::Whole,
            (0, _) if self.number == 0 => Unit::Whole,
            (0, _) => Unit::Paragraph(self.number),
        }
    }

    fn say(&mut self, words: &str) -> Result<(), Halt> {
        let in_hidden_column =
            self.sheet.is_some() && self.hidden_columns.iter().any(|(a, b)| (*a..=*b).contains(&self.column));
        let part = match &self.place.part {
            Part::Deleted | Part::Comment => self.place.part.clone(),
            _ if self.place.is_hidden || in_hidden_column => Part::Hidden,
            part => part.clone(),
        };
        self.reading.say(self.unit(), part, words)
    }
}

/// The name of a column: A, B, …, Z, AA, …
fn letters(mut column: u32) -> String {
    let mut name = Vec::new();
    while column > 0 {
        let digit = (column - 1) % 26;
        name.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        column = (column - 1) / 26;
    }
    name.iter().rev().collect()
}
