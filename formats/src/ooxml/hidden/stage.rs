//! What stands on a slide and is not seen there: beside it, or in the colour of its ground.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger, Rgb};
use crate::text::{Halt, Node, Tag, walk};

/// Width and height.
pub(super) type Size = (i64, i64);

/// The size of the slides (ISO/IEC 29500-1, 19.2.1.39).
pub(super) fn size(presentation: &str) -> Option<Size> {
    let mut size = None;
    // One that is broken is told when it is cleaned.
    let _ = walk(presentation, &mut |node| match node {
        Node::Start(tag) if tag.name == "sldSz" => {
            size = pair(tag, "cx", "cy");
            Err(Halt::Over)
        }
        _ => Ok(()),
    });
    size
}

fn pair(tag: &Tag<'_>, one: &str, other: &str) -> Option<(i64, i64)> {
    let number = |name| tag.get(name).and_then(|n| n.parse::<i64>().ok());
    number(one).zip(number(other))
}

/// A colour as it is written.
#[derive(Debug, Clone, PartialEq)]
enum Paint {
    Plain(Rgb),
    /// One of the theme, by its name there.
    Theme(String),
    /// Changed, or none that is known.
    Other,
}

impl Paint {
    fn of(tag: &Tag<'_>) -> Self {
        let value = tag.get("val").unwrap_or_default();
        match tag.name {
            "srgbClr" => Rgb::hex(&value).map_or(Self::Other, Self::Plain),
            "schemeClr" => Self::Theme(match value.as_str() {
                "bg1" => "lt1".to_owned(),
                "tx1" => "dk1".to_owned(),
                "bg2" => "lt2".to_owned(),
                "tx2" => "dk2".to_owned(),
                _ => value,
            }),
            _ => Self::Other,
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Plain(one), Self::Plain(other)) => !one.is_told_from(*other),
            (Self::Theme(one), Self::Theme(other)) => one == other,
            _ => false,
        }
    }
}

/// A shape that is open.
#[derive(Default)]
struct Shape {
    at: Option<(i64, i64)>,
    size: Option<Size>,
    fill: Option<Paint>,
    /// The colours that its text is written in.
    inks: Vec<Paint>,
    shows: bool,
}

#[derive(Default)]
struct Reading {
    path: Vec<String>,
    shapes: Vec<Shape>,
    /// The colour of the run, and whether it has words.
    ink: Option<Paint>,
    has_text: bool,
    stage: Option<Size>,
    beside: u64,
    alike: u64,
}

/// Notes what is not seen on a slide of this size.
pub(super) fn judge(slide: &str, stage: Option<Size>, unit: &Unit, ledger: &mut Ledger) -> Result<(), ReadError> {
    let mut reading = Reading { stage, ..Reading::default() };
    let done = walk(slide, &mut |node| {
        match node {
            Node::Start(tag) => reading.start(tag),
            Node::Text(words) => {
                let is_text = reading.path.last().is_some_and(|name| name == "t");
                reading.has_text |= is_text && !words.trim().is_empty();
            }
            Node::End(name) => reading.end(name),
        }
        Ok(())
    });
    for _ in 0..reading.beside {
        let what = Text::fixed("スライドの外に置かれた図形", "a shape beside the slide");
        ledger.kept(Category::Unseen, unit.clone(), &what);
    }
    for _ in 0..reading.alike {
        let what = Text::fixed("文字と同じ色の塗りつぶし", "a shape in the colour of its text");
        ledger.kept(Category::Covered, unit.clone(), &what);
    }
    match done {
        Ok(()) | Err(Halt::Over) => Ok(()),
        Err(Halt::Read(e)) => Err(e),
    }
}

fn is_shape(name: &str) -> bool {
    matches!(name, "sp" | "pic" | "graphicFrame" | "cxnSp" | "grpSp")
}

impl Reading {
    /// The names of the elements around, the nearest first.
    fn above(&self, back: usize) -> &str {
        self.path.iter().rev().nth(back).map_or("", String::as_str)
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if is_shape(tag.name) {
            self.shapes.push(Shape::default());
        }
        match (tag.name, self.above(0), self.above(1)) {
            ("off", "xfrm", _) => self.set(|shape| shape.at = shape.at.or(pair(tag, "x", "y"))),
            ("ext", "xfrm", _) => self.set(|shape| shape.size = shape.size.or(pair(tag, "cx", "cy"))),
            ("srgbClr" | "schemeClr" | "sysClr" | "prstClr", "solidFill", "spPr") => {
                self.set(|shape| shape.fill = Some(Paint::of(tag)));
            }
            ("srgbClr" | "schemeClr" | "sysClr" | "prstClr", "solidFill", "rPr") => self.ink = Some(Paint::of(tag)),
            // A change of the colour (20.1.2.3).
            (_, "srgbClr" | "schemeClr", "solidFill") if self.above(2) == "spPr" => {
                self.set(|shape| shape.fill = Some(Paint::Other));
            }
            (_, "srgbClr" | "schemeClr", "solidFill") if self.above(2) == "rPr" => self.ink = Some(Paint::Other),
            ("r", ..) => (self.ink, self.has_text) = (None, false),
            ("blip", ..) => self.set(|shape| shape.shows = true),
            _ => {}
        }
        self.path.push(tag.name.to_owned());
    }

    fn set(&mut self, set: impl FnOnce(&mut Shape)) {
        if let Some(shape) = self.shapes.last_mut() {
            set(shape);
        }
    }

    fn end(&mut self, name: &str) {
        self.path.pop();
        if name == "r" && self.has_text {
            let ink = self.ink.take();
            self.set(|shape| {
                shape.shows = true;
                shape.inks.extend(ink);
            });
            self.has_text = false;
        }
        if !is_shape(name) {
            return;
        }
        let Some(shape) = self.shapes.pop() else { return };
        let alike = |fill: &Paint| shape.inks.iter().any(|ink| ink.is_like(fill));
        self.alike += u64::from(shape.fill.as_ref().is_some_and(alike));
        match self.shapes.last_mut() {
            // Within a group places are the group's.
            Some(group) => group.shows |= shape.shows,
            None => self.beside += u64::from(shape.shows && self.is_beside(&shape)),
        }
    }

    fn is_beside(&self, shape: &Shape) -> bool {
        let Some(((x, y), (width, height))) = shape.at.zip(shape.size) else { return false };
        let Some((right, bottom)) = self.stage else { return false };
        x >= right || y >= bottom || x.saturating_add(width) <= 0 || y.saturating_add(height) <= 0
    }
}
