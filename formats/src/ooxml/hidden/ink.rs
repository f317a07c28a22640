//! Text of a Word document in the colour of its ground, or too small to read: it is there, and nobody sees it.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::styles::Styles;
use crate::error::ReadError;
use crate::hidden::{Category, Ledger, Rgb};
use crate::text::{Halt, Node, Tag, walk};

/// Half points below which nobody reads.
const TINY: u32 = 4;

/// The colours of a highlighter (ISO/IEC 29500-1, 17.18.40).
fn highlight(name: &str) -> Option<Rgb> {
    Some(Rgb(match name {
        "black" => [0, 0, 0],
        "white" => [255, 255, 255],
        "blue" => [0, 0, 255],
        "cyan" => [0, 255, 255],
        "green" => [0, 255, 0],
        "magenta" => [255, 0, 255],
        "red" => [255, 0, 0],
        "yellow" => [255, 255, 0],
        "darkBlue" => [0, 0, 128],
        "darkCyan" => [0, 128, 128],
        "darkGreen" => [0, 128, 0],
        "darkMagenta" => [128, 0, 128],
        "darkRed" => [128, 0, 0],
        "darkYellow" => [128, 128, 0],
        "darkGray" => [128, 128, 128],
        "lightGray" => [192, 192, 192],
        _ => return None,
    }))
}

/// Formatting of text: what is not said is `None`.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    /// The colour; within it `None` for the one that programs choose by the ground.
    colour: Option<Option<Rgb>>,
    /// What it stands on; within it `None` for the page.
    ground: Option<Option<Rgb>>,
    highlight: Option<Option<Rgb>>,
    size: Option<u32>,
}

impl Look {
    /// Takes an element of formatting.
    pub fn take(&mut self, tag: &Tag<'_>) {
        let value = || tag.get("val").unwrap_or_default();
        match tag.name {
            "color" => self.colour = Some(Rgb::hex(&value())),
            "shd" => self.ground = Some(shading(tag)),
            "highlight" => self.highlight = Some(highlight(&value())),
            "sz" => self.size = value().parse().ok(),
            _ => {}
        }
    }

    /// This one, and what it does not say from another.
    pub fn over(&self, under: &Self) -> Self {
        Self {
            colour: self.colour.or(under.colour),
            ground: self.ground.or(under.ground),
            highlight: self.highlight.or(under.highlight),
            size: self.size.or(under.size),
        }
    }
}

/// The colour of a shading: of its pattern where that is all there is of it.
fn shading(tag: &Tag<'_>) -> Option<Rgb> {
    let name = if tag.get("val").as_deref() == Some("solid") { "color" } else { "fill" };
    tag.get(name).and_then(|value| Rgb::hex(&value))
}

/// A paragraph or a run that is open.
#[derive(Default)]
struct Open {
    look: Look,
    style: Option<Look>,
    has_text: bool,
}

/// Reads a part, run by run.
struct Reading<'s> {
    styles: &'s Styles,
    paragraphs: Vec<Open>,
    runs: Vec<Open>,
    is_text: bool,
    /// Grounds of the cells around; shapes and cells without one have a ground that is not known here.
    grounds: Vec<Option<Rgb>>,
    /// How many open elements are formatting of an earlier version.
    earlier: usize,
    is_cell: bool,
    found: [u64; 3],
}

/// Notes text that is not seen in a part.
pub(super) fn judge(part: &str, styles: &Styles, unit: &Unit, ledger: &mut Ledger) -> Result<(), ReadError> {
    const SORTS: [(Category, &str, &str); 3] = [
        (Category::Unseen, "白い文字", "white text"),
        (Category::Covered, "文字と同じ色の網かけ・蛍光ペン", "a highlight or shading in the colour of its text"),
        (Category::Unseen, "極端に小さい文字", "text too small to read"),
    ];
    let mut reading = Reading {
        styles,
        paragraphs: Vec::new(),
        runs: Vec::new(),
        is_text: false,
        grounds: Vec::new(),
        earlier: 0,
        is_cell: false,
        found: [0; 3],
    };
    let done = walk(part, &mut |node| {
        match node {
            Node::Start(tag) => reading.start(tag),
            Node::Text(words) if reading.is_text && !words.trim().is_empty() => {
                reading.runs.last_mut().into_iter().for_each(|run| run.has_text = true);
            }
            Node::Text(_) => {}
            Node::End(name) => reading.end(name),
        }
        Ok(())
    });
    for (count, (category, ja, en)) in reading.found.into_iter().zip(SORTS) {
        for _ in 0..count {
            ledger.kept(category, unit.clone(), &Text::fixed(ja, en));
        }
    }
    match done {
        Ok(()) | Err(Halt::Over) => Ok(()),
        Err(Halt::Read(e)) => Err(e),
    }
}

fn is_earlier(name: &str) -> bool {
    matches!(name, "rPrChange" | "pPrChange" | "tcPrChange")
}

impl Reading<'_> {
    fn start(&mut self, tag: &Tag<'_>) {
        if is_earlier(tag.name) {
            self.earlier += 1;
        }
        if self.earlier > 0 {
            return;
        }
        let style = || tag.get("val").map(|style| self.styles.look(&style));
        match tag.name {
            "p" => self.paragraphs.push(Open::default()),
            "r" => self.runs.push(Open::default()),
            "t" => self.is_text = true,
            "tc" | "txbxContent" => self.grounds.push(None),
            // On a page of another colour, which not every program shows.
            "background" => self.grounds.insert(0, None),
            "tcPr" => self.is_cell = true,
            "shd" if self.is_cell => {
                let ground = shading(tag);
                self.grounds.last_mut().into_iter().for_each(|last| *last = ground);
            }
            "pStyle" => {
                let style = style();
                self.paragraphs.last_mut().into_iter().for_each(|paragraph| paragraph.style.clone_from(&style));
            }
            "rStyle" => {
                let style = style();
                self.runs.last_mut().into_iter().for_each(|run| run.style.clone_from(&style));
            }
            _ => {
                if let Some(run) = self.runs.last_mut() {
                    run.look.take(tag);
                } else if tag.name == "shd" {
                    self.paragraphs.last_mut().into_iter().for_each(|paragraph| paragraph.look.take(tag));
                }
            }
        }
    }

    fn end(&mut self, name: &str) {
        if is_earlier(name) {
            self.earlier = self.earlier.saturating_sub(1);
        }
        match name {
            "p" => drop(self.paragraphs.pop()),
            "t" => self.is_text = false,
            "tc" | "txbxContent" => drop(self.grounds.pop()),
            "tcPr" => self.is_cell = false,
            "r" => {
                if let Some(run) = self.runs.pop().filter(|run| run.has_text) {
                    self.weigh(run);
                }
            }
            _ => {}
        }
    }

    /// Looks at a run that has text.
    fn weigh(&mut self, run: Open) {
        let paragraph = self.paragraphs.last();
        let around = paragraph.map(|paragraph| &paragraph.look);
        let style = paragraph.and_then(|paragraph| paragraph.style.as_ref()).unwrap_or(&self.styles.usual);
        let under = [run.style.as_ref(), around, Some(style)].into_iter().flatten();
        let look = under.fold(run.look, |look, under| look.over(under));
        let highlight = look.highlight.flatten();
        let own = highlight.or(look.ground.flatten());
        let ground = own.or_else(|| self.grounds.last().copied().unwrap_or(Some(Rgb::WHITE)));
        // On a dark shading programs choose white by themselves, on a highlight they do not.
        let colour = look.colour.flatten().or(highlight.map(|_| Rgb::BLACK));
        let mut hits = Vec::new();
        if let Some((colour, ground)) = colour.zip(ground).filter(|(colour, ground)| !colour.is_told_from(*ground)) {
            hits.push(usize::from([colour, ground].into_iter().all(|one| one.is_told_from(Rgb::WHITE))));
        }
        hits.extend(look.size.filter(|size| *size <= TINY).map(|_| 2));
        for at in hits {
            self.found.get_mut(at).into_iter().for_each(|count| *count += 1);
        }
    }
}
