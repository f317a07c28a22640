//! The text of presentations (ISO/IEC 29500-1, 19): slides in their order, notes, comments, and what masters show.

use std::collections::{HashMap, HashSet};

use kakuzuke_core::passage::{Part, Unit};

use super::{Link, Package};
use crate::error::ReadError;
use crate::text::{Halt, Node, Reading, Tag, walk};
use crate::zip::Entry;

/// Reads everything that is written in a presentation.
pub(super) fn read(package: &Package<'_>, main: &str, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for entry in package.parts(&["slideMaster", "slideLayout", "notesMaster", "handoutMaster"]) {
        shapes(package, entry, &Scene { unit: Unit::Whole, part: Part::Header, is_master: true }, reading)?;
    }
    let mut number = 0;
    for name in order(package, main, reading)? {
        let Some(entry) = package.find(&name) else {
            reading.miss(Unit::Whole, Part::Body, "a slide is missing");
            continue;
        };
        number += 1;
        shapes(package, entry, &Scene { unit: Unit::Slide(number), part: Part::Body, is_master: false }, reading)?;
        for link in package.links(&entry.name, reading).unwrap_or_default() {
            beside(package, &link, number, reading)?;
        }
    }
    Ok(())
}

/// The parts of the slides in the order of the presentation, and those that it does not list after them.
fn order(package: &Package<'_>, main: &str, reading: &mut Reading<'_>) -> Result<Vec<String>, Halt> {
    let links = package.links(main, reading)?;
    let entry = package.find(main).ok_or(ReadError::Damaged("a presentation without its main part"))?;
    let text = reading.markup(package.archive, entry)?;
    let links: HashMap<&str, &str> = links.iter().map(|l| (l.id.as_str(), l.target.as_str())).collect();
    let (mut names, mut listed) = (Vec::new(), HashSet::new());
    walk(&text, &mut |node| {
        if let Node::Start(tag) = node
            && tag.name == "sldId"
            && let Some(id) = tag.attributes().filter(|(name, _)| name == "id").map(|(_, value)| value).last()
            && let Some(target) = links.get(id.as_str())
            && listed.insert(super::plain(target))
        {
            names.push((*target).to_owned());
        }
        Ok(())
    })?;
    for entry in package.parts(&["slide"]) {
        if listed.insert(super::plain(&entry.name)) {
            names.push(entry.name.clone());
        }
    }
    Ok(names)
}

/// Reads what hangs on a slide.
fn beside(package: &Package<'_>, link: &Link, number: u32, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let Some(entry) = package.find(&link.target) else { return Ok(()) };
    let unit = Unit::Slide(number);
    match link.kind.as_str() {
        "notesSlide" => shapes(package, entry, &Scene { unit, part: Part::Notes, is_master: false }, reading),
        "comments" => package.shapes(entry, &unit, &Part::Comment, reading),
        "chart" | "chartEx" | "diagramData" | "chartUserShapes" => package.shapes(entry, &unit, &Part::Shape, reading),
        _ => Ok(()),
    }
}

/// What a part shows.
struct Scene {
    unit: Unit,
    part: Part,
    /// Placeholders of masters show nothing themselves.
    is_master: bool,
}

fn shapes(package: &Package<'_>, entry: &Entry, scene: &Scene, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let outcome = reading.markup(package.archive, entry).and_then(|text| {
        let before = reading.so_far().0;
        let mut tree = Tree::new(scene, reading);
        walk(&text, &mut |node| tree.take(node))?;
        let has_pictures = tree.has_pictures;
        if has_pictures && reading.so_far().0 == before && scene.part == Part::Body {
            reading.only_pictures(scene.unit.clone());
        }
        Ok(())
    });
    reading.bear(scene.unit.clone(), scene.part.clone(), outcome)
}

/// A shape under way.
#[derive(Default, Clone)]
struct Shape {
    placeholder: Option<String>,
    is_hidden: bool,
    is_table: bool,
}

/// A tree of shapes, read from front to back.
struct Tree<'r, 'a, 's> {
    scene: &'s Scene,
    reading: &'r mut Reading<'a>,
    shapes: Vec<Shape>,
    paragraph: String,
    is_text: bool,
    is_hidden: bool,
    is_fallback: u32,
    has_pictures: bool,
}

impl<'r, 'a, 's> Tree<'r, 'a, 's> {
    fn new(scene: &'s Scene, reading: &'r mut Reading<'a>) -> Self {
        let (shapes, paragraph) = (Vec::new(), String::new());
        Self {
            scene,
            reading,
            shapes,
            paragraph,
            is_text: false,
            is_hidden: false,
            is_fallback: 0,
            has_pictures: false,
        }
    }

    fn take(&mut self, node: Node<'_>) -> Result<(), Halt> {
        match node {
            Node::Start(tag) => self.start(tag),
            Node::Text(words) => {
                if self.is_text {
                    self.paragraph.push_str(words);
                }
                Ok(())
            }
            Node::End(name) => self.end(name),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) -> Result<(), Halt> {
        self.is_text = tag.name == "t";
        self.has_pictures |= matches!(tag.name, "pic" | "blip");
        match tag.name {
            "sld" => self.is_hidden = tag.get("show").is_some_and(|show| matches!(show.as_str(), "0" | "false")),
            "sp" | "graphicFrame" | "pic" | "cxnSp" | "grpSp" => {
                let inherited = self.shapes.last().is_some_and(|s| s.is_hidden);
                self.shapes.push(Shape { is_hidden: inherited, ..Shape::default() });
            }
            "ph" => {
                let kind = tag.get("type").unwrap_or_default();
                if let Some(shape) = self.shapes.last_mut() {
                    shape.placeholder = Some(kind);
                }
            }
            "tbl" => {
                if let Some(shape) = self.shapes.last_mut() {
                    shape.is_table = true;
                }
            }
            "cNvPr" => {
                let is_hidden = tag.is("hidden");
                if let Some(shape) = self.shapes.last_mut() {
                    shape.is_hidden |= is_hidden;
                }
                let said = [tag.get("title"), tag.get("descr")];
                for words in said.into_iter().flatten() {
                    self.say(&words, Part::Shape)?;
                }
            }
            "br" => self.paragraph.push('\n'),
            "Fallback" => self.is_fallback += 1,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), Halt> {
        self.is_text = false;
        match name {
            "p" => {
                let paragraph = std::mem::take(&mut self.paragraph);
                let part = self.part();
                return self.say(&paragraph, part);
            }
            "sp" | "graphicFrame" | "pic" | "cxnSp" | "grpSp" => {
                self.shapes.pop();
            }
            "Fallback" => self.is_fallback = self.is_fallback.saturating_sub(1),
            _ => {}
        }
        Ok(())
    }

    /// What the text of the shape under way is.
    fn part(&self) -> Part {
        let Some(shape) = self.shapes.last() else { return self.scene.part.clone() };
        match (&self.scene.part, shape.placeholder.as_deref()) {
            (Part::Body, Some("ftr" | "dt" | "sldNum")) => Part::Footer,
            (Part::Body, Some("hdr")) => Part::Header,
            (Part::Body, None) if !shape.is_table => Part::Shape,
            (part, _) => part.clone(),
        }
    }

    fn say(&mut self, words: &str, part: Part) -> Result<(), Halt> {
        let shape = self.shapes.last();
        let is_prompt = self.scene.is_master && shape.is_some_and(|s| s.placeholder.is_some());
        if self.is_fallback > 0 || is_prompt {
            return Ok(());
        }
        let is_hidden = self.is_hidden || shape.is_some_and(|s| s.is_hidden);
        self.reading.say(self.scene.unit.clone(), if is_hidden { Part::Hidden } else { part }, words)
    }
}
