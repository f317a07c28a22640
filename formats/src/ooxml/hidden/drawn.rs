//! What a slide, its layout or its master draws (ISO/IEC 29500-1, 19.3): shapes, their grounds, the colours of their words.

use std::collections::HashMap;

use crate::error::ReadError;
use crate::hidden::Rgb;
use crate::text::{Halt, Node, Tag, walk};

/// Width and height.
pub(super) type Size = (i64, i64);

/// Parts of a hundred thousand below which nobody sees a colour.
const FAINT: u32 = 5_000;

/// A colour as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Paint {
    Plain(Rgb),
    /// One of the theme, by the name that the master's map takes.
    Theme(String),
    /// None that is seen.
    Clear,
    /// Changed, or none that is known.
    Other,
}

impl Paint {
    /// The colour of an element; `None` where it is none.
    fn of(tag: &Tag<'_>) -> Option<Self> {
        let value = |name| tag.get(name).unwrap_or_default();
        let plain = |rgb: Option<Rgb>| rgb.map_or(Self::Other, Self::Plain);
        Some(match tag.name {
            "srgbClr" => plain(Rgb::hex(&value("val"))),
            "schemeClr" => Self::Theme(value("val")),
            "sysClr" => plain(Rgb::hex(&value("lastClr"))),
            "prstClr" => plain(match value("val").as_str() {
                "black" => Some(Rgb::BLACK),
                "white" => Some(Rgb::WHITE),
                _ => None,
            }),
            "scrgbClr" | "hslClr" => Self::Other,
            _ => return None,
        })
    }
}

/// What lies behind everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Ground {
    /// That of the layout or the master.
    #[default]
    Inherited,
    Is(Paint),
}

/// A shape, or a group of them.
#[derive(Debug, Default)]
pub(super) struct Shape {
    at: Option<(i64, i64)>,
    size: Option<Size>,
    /// The colour that fills it.
    pub fill: Option<Paint>,
    /// Whether something other than words is seen within it.
    pub is_filled: bool,
    /// Whether it takes its place and its look from the layout.
    pub is_placeholder: bool,
    /// The colours that its words are written in, where nothing else is behind them.
    pub inks: Vec<Paint>,
    /// Whether anything of it is seen.
    pub shows: bool,
}

impl Shape {
    /// Left, top, right and bottom, where they are written.
    pub fn area(&self) -> Option<(i64, i64, i64, i64)> {
        let ((x, y), (width, height)) = self.at.zip(self.size)?;
        Some((x, y, x.saturating_add(width), y.saturating_add(height)))
    }

    /// Whether it may lie on another; one whose place is not written may lie anywhere.
    pub fn may_touch(&self, other: &Self) -> bool {
        let Some((one, other)) = self.area().zip(other.area()) else { return true };
        one.0 < other.2 && other.0 < one.2 && one.1 < other.3 && other.1 < one.3
    }
}

/// All of it.
#[derive(Default)]
pub(super) struct Drawn {
    pub ground: Ground,
    pub shapes: Vec<Shape>,
    /// Which colour of the theme stands for which name (19.3.1.6).
    pub names: Option<HashMap<String, String>>,
    /// Words in the colour of their highlight or their own shape, one by one: colour and ground.
    pub pairs: Vec<(Paint, Paint)>,
}

/// Reads a part.
pub(super) fn read(part: &str) -> Result<Drawn, ReadError> {
    let mut reading = Reading::default();
    let done = walk(part, &mut |node| {
        match node {
            Node::Start(tag) => reading.start(tag),
            Node::Text(words) => {
                let is_text = reading.path.last().is_some_and(|name| name == "t");
                reading.run.has_text |= is_text && !words.trim().is_empty();
            }
            Node::End(name) => reading.end(name),
        }
        Ok(())
    });
    match done {
        Ok(()) | Err(Halt::Over) => Ok(reading.drawn),
        Err(Halt::Read(e)) => Err(e),
    }
}

/// A run of words.
#[derive(Default)]
struct Run {
    ink: Option<Paint>,
    highlight: Option<Paint>,
    is_outlined: bool,
    has_text: bool,
}

#[derive(Default)]
struct Reading {
    path: Vec<String>,
    open: Vec<Shape>,
    run: Run,
    drawn: Drawn,
}

fn is_shape(name: &str) -> bool {
    matches!(name, "sp" | "pic" | "graphicFrame" | "cxnSp" | "grpSp")
}

fn pair(tag: &Tag<'_>, one: &str, other: &str) -> Option<(i64, i64)> {
    let number = |name| tag.get(name).and_then(|n| n.parse::<i64>().ok());
    number(one).zip(number(other))
}

impl Reading {
    /// The names of the elements around, the nearest first.
    fn above(&self, back: usize) -> &str {
        self.path.iter().rev().nth(back).map_or("", String::as_str)
    }

    fn start(&mut self, tag: &Tag<'_>) {
        if is_shape(tag.name) {
            // Pictures and tables are seen whatever else they say.
            let is_filled = matches!(tag.name, "pic" | "graphicFrame");
            self.open.push(Shape { is_filled, ..Shape::default() });
        }
        if self.path.iter().any(|name| name == "bg") {
            self.ground(tag);
        } else if matches!(tag.name, "clrMap" | "overrideClrMapping") {
            const NAMES: [&str; 4] = ["bg1", "tx1", "bg2", "tx2"];
            let named = NAMES.iter().filter_map(|name| Some(((*name).to_owned(), tag.get(name)?)));
            self.drawn.names = Some(named.collect());
        } else if self.path.iter().any(|name| matches!(name.as_str(), "rPr")) {
            self.run(tag);
        } else {
            self.shape(tag);
        }
        self.path.push(tag.name.to_owned());
    }

    fn ground(&mut self, tag: &Tag<'_>) {
        let (above, beyond) = (self.above(0), self.above(1));
        let paint = match (tag.name, Paint::of(tag)) {
            // The first of a theme's grounds is one colour in every theme that Office makes (20.1.4.1.7).
            ("bgRef", _) => (tag.get("idx").as_deref() != Some("1001")).then_some(Paint::Other),
            (_, Some(paint)) if above == "bgRef" || (above, beyond) == ("solidFill", "bgPr") => {
                (self.drawn.ground == Ground::Inherited).then_some(paint)
            }
            // A change of the colour, a picture, a gradient.
            (name, None) if name != "bgPr" && name != "solidFill" && name != "effectLst" => Some(Paint::Other),
            _ => None,
        };
        if let Some(paint) = paint {
            self.drawn.ground = Ground::Is(paint);
        }
    }

    fn run(&mut self, tag: &Tag<'_>) {
        let (above, beyond) = (self.above(0), self.above(1));
        match (tag.name, Paint::of(tag), above, beyond) {
            ("noFill", _, "rPr", _) => self.run.ink = Some(Paint::Clear),
            ("gradFill" | "blipFill" | "pattFill" | "grpFill", _, "rPr", _) => self.run.ink = Some(Paint::Other),
            ("ln", _, "rPr", _) => self.run.is_outlined = true,
            (_, Some(paint), "solidFill", "rPr") => self.run.ink = Some(paint),
            (_, Some(paint), "highlight", _) => self.run.highlight = Some(paint),
            // Changes of the colour (20.1.2.3).
            (name, None, _, "solidFill") if self.above(2) == "rPr" => {
                let is_clear = name == "alpha" && number(tag).is_some_and(|share| share <= FAINT);
                self.run.ink = Some(if is_clear { Paint::Clear } else { Paint::Other });
            }
            (_, None, _, "highlight") => self.run.highlight = Some(Paint::Other),
            _ => {}
        }
    }

    fn shape(&mut self, tag: &Tag<'_>) {
        let (above, beyond, farther) = (self.above(0).to_owned(), self.above(1).to_owned(), self.above(2).to_owned());
        let is_of_shape = |name: &str| matches!(name, "spPr" | "grpSpPr");
        if matches!(tag.name, "r" | "fld") {
            self.run = Run::default();
        }
        let Some(shape) = self.open.last_mut() else { return };
        match (tag.name, above.as_str()) {
            ("off", "xfrm") => shape.at = shape.at.or(pair(tag, "x", "y")),
            ("ext", "xfrm") => shape.size = shape.size.or(pair(tag, "cx", "cy")),
            ("ph", _) => shape.is_placeholder = true,
            ("blip", _) => (shape.shows, shape.is_filled) = (true, true),
            ("solidFill" | "gradFill" | "blipFill" | "pattFill" | "grpFill", above) if is_of_shape(above) => {
                (shape.fill, shape.is_filled) = (Some(Paint::Other), true);
            }
            ("noFill", above) if is_of_shape(above) => (shape.fill, shape.is_filled) = (Some(Paint::Clear), false),
            // What the theme fills it with, where it does not say itself (20.1.4.2.10).
            ("fillRef", _) if shape.fill.is_none() => shape.is_filled |= tag.get("idx").is_none_or(|idx| idx != "0"),
            (_, "solidFill") if is_of_shape(&beyond) => shape.fill = Paint::of(tag),
            // A change of the colour.
            (_, "srgbClr" | "schemeClr" | "sysClr" | "prstClr") if beyond == "solidFill" && is_of_shape(&farther) => {
                shape.fill = Some(Paint::Other);
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.path.pop();
        if matches!(name, "r" | "fld") {
            self.end_run();
        }
        if !is_shape(name) {
            return;
        }
        let Some(mut shape) = self.open.pop() else { return };
        if let Some(fill) = &shape.fill {
            self.drawn.pairs.extend(shape.inks.iter().map(|ink| (ink.clone(), fill.clone())));
        }
        if shape.is_filled {
            shape.inks.clear();
        }
        match self.open.last_mut() {
            // Within a group places are the group's.
            Some(group) => {
                group.shows |= shape.shows;
                group.is_filled |= shape.is_filled;
                group.inks.append(&mut shape.inks);
            }
            None => self.drawn.shapes.push(shape),
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let Some(shape) = self.open.last_mut().filter(|_| run.has_text) else { return };
        shape.shows = true;
        match (run.ink, run.highlight) {
            _ if run.is_outlined => {}
            (Some(ink), Some(highlight)) => self.drawn.pairs.push((ink, highlight)),
            (Some(ink), None) => shape.inks.push(ink),
            (None, _) => {}
        }
    }
}

fn number(tag: &Tag<'_>) -> Option<u32> {
    tag.get("val")?.parse().ok()
}
