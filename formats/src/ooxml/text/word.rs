//! The text of Word documents (ISO/IEC 29500-1, 17): every paragraph, and what of it is shown, hidden or deleted.

use std::collections::HashSet;

use kakuzuke_core::passage::{Part, Unit};

use super::Package;
use crate::text::{Halt, Node, Reading, Tag, walk};

/// Parts with paragraphs, in the order they are read, and what they are.
const STORIES: &[(&str, Part)] = &[
    ("header", Part::Header),
    ("main", Part::Body),
    ("footer", Part::Footer),
    ("footnotes", Part::Footnote),
    ("endnotes", Part::Footnote),
    ("comments", Part::Comment),
    ("glossary", Part::Hidden), // building blocks
];

/// Parts that are only shapes.
const SHAPES: &[&str] = &["chart", "chartex", "chartshapes", "diagramData"];

/// Reads everything that is written in a document.
pub(super) fn read(package: &Package<'_>, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let hidden = hidden_styles(package, reading).unwrap_or_default();
    for (role, part) in STORIES {
        for entry in package.archive.entries().iter().filter(|e| package.role(&e.name) == *role) {
            let outcome = reading.markup(package.archive, entry).and_then(|text| {
                let mut story = Story::new(part, &hidden, reading);
                walk(&text, &mut |node| story.take(node))
            });
            reading.bear(Unit::Whole, part.clone(), outcome)?;
        }
    }
    for entry in package.parts(SHAPES) {
        package.shapes(entry, &Unit::Whole, &Part::Shape, reading)?;
    }
    Ok(())
}

/// Styles whose text is hidden.
fn hidden_styles(package: &Package<'_>, reading: &mut Reading<'_>) -> Result<HashSet<String>, Halt> {
    let mut hidden = HashSet::new();
    for entry in package.parts(&["styles"]) {
        let text = reading.markup(package.archive, entry)?;
        let mut style = String::new();
        walk(&text, &mut |node| {
            match node {
                Node::Start(tag) if tag.name == "style" => style = tag.get("styleId").unwrap_or_default(),
                Node::Start(tag) if tag.name == "vanish" && is_set(tag) => {
                    hidden.insert(style.clone());
                }
                _ => {}
            }
            Ok(())
        })?;
    }
    Ok(hidden)
}

/// Whether a property that is there is on.
fn is_set(tag: &Tag<'_>) -> bool {
    tag.get("val").is_none_or(|value| !matches!(value.as_str(), "0" | "false" | "off"))
}

/// A paragraph under way.
#[derive(Default)]
struct Paragraph {
    shown: String,
    hidden: String,
    deleted: String,
    /// Readings set above the words.
    above: String,
    is_hidden: bool,
    is_shape: bool,
}

/// One part, read from front to back.
struct Story<'r, 'a, 's> {
    part: &'s Part,
    hidden: &'s HashSet<String>,
    reading: &'r mut Reading<'a>,
    /// Names of the elements around, the nearest last.
    open: Vec<String>,
    paragraphs: Vec<Paragraph>,
    number: u32,
    /// How many elements deep in deleted text, readings above words, text boxes.
    deleted: u32,
    above: u32,
    shape: u32,
    run_is_hidden: bool,
    /// What stood in the first of several equal forms of a shape; the others are read for what they have beyond.
    choice: Option<HashSet<String>>,
    fallback: u32,
}

impl<'r, 'a, 's> Story<'r, 'a, 's> {
    fn new(part: &'s Part, hidden: &'s HashSet<String>, reading: &'r mut Reading<'a>) -> Self {
        let (open, paragraphs) = (Vec::new(), Vec::new());
        let (number, deleted, above, shape, fallback) = (0, 0, 0, 0, 0);
        let (run_is_hidden, choice) = (false, None);
        Self { part, hidden, reading, open, paragraphs, number, deleted, above, shape, run_is_hidden, choice, fallback }
    }

    fn take(&mut self, node: Node<'_>) -> Result<(), Halt> {
        match node {
            Node::Start(tag) => {
                let outcome = self.start(tag);
                self.open.push(tag.name.to_owned());
                outcome
            }
            Node::End(name) => {
                self.open.pop();
                self.end(name)
            }
            Node::Text(words) => {
                match self.open.last().map(String::as_str) {
                    Some("t") => self.add(words),
                    Some("delText") => self.paragraph().deleted.push_str(words),
                    // The code of a field: addresses of links, conditions.
                    Some("instrText" | "delInstrText") => self.paragraph().hidden.push_str(words),
                    _ => {}
                }
                Ok(())
            }
        }
    }

    /// The paragraph under way; text outside of any gets one.
    fn paragraph(&mut self) -> &mut Paragraph {
        if self.paragraphs.is_empty() {
            self.paragraphs.push(Paragraph::default());
        }
        let last = self.paragraphs.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "there is one, see above")]
        &mut self.paragraphs[last]
    }

    fn add(&mut self, words: &str) {
        let (deleted, above, hidden) = (self.deleted > 0, self.above > 0, self.run_is_hidden);
        let paragraph = self.paragraph();
        let to = if deleted {
            &mut paragraph.deleted
        } else if hidden || paragraph.is_hidden {
            &mut paragraph.hidden
        } else if above {
            &mut paragraph.above
        } else {
            &mut paragraph.shown
        };
        to.push_str(words);
    }

    fn start(&mut self, tag: &Tag<'_>) -> Result<(), Halt> {
        match tag.name {
            "p" => self.paragraphs.push(Paragraph { is_shape: self.shape > 0, ..Paragraph::default() }),
            "r" => self.run_is_hidden = false,
            "vanish" if self.is_in("rPr", "r") => self.run_is_hidden = is_set(tag),
            "rStyle" if self.is_in("rPr", "r") => {
                self.run_is_hidden |= tag.get("val").is_some_and(|style| self.hidden.contains(&style));
            }
            "pStyle" => {
                let hidden = tag.get("val").is_some_and(|style| self.hidden.contains(&style));
                self.paragraph().is_hidden = hidden;
            }
            "del" | "moveFrom" if self.open.last().is_none_or(|n| n != "rPr" && n != "trPr") => self.deleted += 1,
            "rt" => self.above += 1,
            "txbxContent" => self.shape += 1,
            "Choice" => self.choice = Some(HashSet::new()),
            "Fallback" => self.fallback += 1,
            "tab" | "ptab" if self.open.last().is_some_and(|n| n == "r") => self.add("\t"),
            "br" | "cr" => self.add("\n"),
            "noBreakHyphen" => self.add("-"),
            "fldSimple" => {
                let code = tag.get("instr").unwrap_or_default();
                self.paragraph().hidden.push_str(&code);
            }
            "textpath" => return self.say_shape(tag.get("string")),
            "docPr" => {
                self.say_shape(tag.get("title"))?;
                return self.say_shape(tag.get("descr"));
            }
            _ => {}
        }
        Ok(())
    }

    fn is_in(&self, parent: &str, around: &str) -> bool {
        let mut open = self.open.iter().rev();
        open.next().is_some_and(|n| n == parent) && open.next().is_some_and(|n| n == around)
    }

    fn end(&mut self, name: &str) -> Result<(), Halt> {
        match name {
            "p" => {
                let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
                return self.say(paragraph);
            }
            "r" => self.run_is_hidden = false,
            "del" | "moveFrom" if self.open.last().is_none_or(|n| n != "rPr" && n != "trPr") => {
                self.deleted = self.deleted.saturating_sub(1);
            }
            "rt" => self.above = self.above.saturating_sub(1),
            "txbxContent" => self.shape = self.shape.saturating_sub(1),
            "Fallback" => self.fallback = self.fallback.saturating_sub(1),
            "AlternateContent" => self.choice = None,
            _ => {}
        }
        Ok(())
    }

    fn say_shape(&mut self, words: Option<String>) -> Result<(), Halt> {
        let Some(words) = words else { return Ok(()) };
        self.say(Paragraph { shown: words, is_shape: true, ..Paragraph::default() })
    }

    fn say(&mut self, paragraph: Paragraph) -> Result<(), Halt> {
        if !paragraph.is_shape && *self.part == Part::Body {
            self.number = self.number.saturating_add(1);
        }
        let unit = if *self.part == Part::Body { Unit::Paragraph(self.number.max(1)) } else { Unit::Whole };
        let shown = if paragraph.is_shape && *self.part == Part::Body { Part::Shape } else { self.part.clone() };
        let said = [
            (shown.clone(), paragraph.shown),
            (shown, paragraph.above),
            (Part::Hidden, paragraph.hidden),
            (Part::Deleted, paragraph.deleted),
        ];
        for (part, text) in said {
            if text.is_empty() {
                continue;
            }
            if let Some(choice) = &mut self.choice {
                let is_new = choice.insert(text.clone());
                if self.fallback > 0 && !is_new {
                    continue;
                }
            }
            self.reading.say(unit.clone(), part, &text)?;
        }
        Ok(())
    }
}
