//! 見えない書き方. Words in the colour of what they stand on, or too small to read. What is told here stays: only the author
//! knows what was meant.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::columns::times;
use super::facts::read;
use super::grounds::{Grounds, bounds};
use super::ink::{Ground, Size};
use super::shapes::is_shape;
use super::styles::{Look, Styles};
use crate::error::ReadError;
use crate::hidden::{Category, Ledger, Rgb};
use crate::text::{Node, Tag};

/// Points below which nobody reads.
const TINY: f64 = 2.0;

/// What holds for the words in an element.
#[derive(Clone)]
struct Around {
    name: String,
    ink: Option<Option<Rgb>>,
    is_outlined: bool,
    is_clear: bool,
    size: Option<Size>,
    size_asian: Option<Size>,
    ground: Ground,
    /// Nobody's words: comments, what was deleted.
    is_aside: bool,
}

impl Around {
    /// What a style says of words.
    fn words(&mut self, look: &Look) {
        self.ink = look.ink.or(self.ink);
        self.is_outlined = look.is_outlined.unwrap_or(self.is_outlined);
        self.is_clear = look.is_clear.unwrap_or(self.is_clear);
        self.size = Size::over(look.size, self.size);
        self.size_asian = Size::over(look.size_asian, self.size_asian);
    }

    fn on(&mut self, ground: Option<Ground>) {
        if let Some(ground @ (Ground::Is(_) | Ground::Unknown)) = ground {
            self.ground = ground;
        }
    }

    /// Why these words are not seen.
    fn judge(&self, words: &str) -> Option<(&'static str, &'static str)> {
        let is_tiny = |size: Option<Size>| matches!(size, Some(Size::Points(points)) if points <= TINY);
        let is_wide = |c: char| !c.is_ascii() && !c.is_whitespace();
        if is_tiny(self.size) && words.chars().any(|c| c.is_ascii_alphanumeric())
            || is_tiny(self.size_asian) && words.chars().any(is_wide)
        {
            return Some(("極端に小さい文字", "text too small to read"));
        }
        if self.is_clear {
            return Some(("透明な文字", "text that is clear"));
        }
        let (Some(Some(ink)), Ground::Is(ground)) = (self.ink, self.ground) else { return None };
        let is_seen = self.is_outlined || ink.is_told_from(ground);
        (!is_seen).then_some(("地の色と同じ色の文字", "text in the colour of what it stands on"))
    }
}

/// Tells of words in a part that are not seen for how they are written.
pub(super) fn tell(common: Option<&str>, part: &str, styles: &Styles, ledger: &mut Ledger) -> Result<(), ReadError> {
    let mut walk = Walk {
        grounds: Grounds::read(common, part, styles)?,
        styles,
        ledger,
        open: Vec::new(),
        unit: Unit::Whole,
        slides: 0,
        columns: Vec::new(),
        column: 0,
        row: None,
    };
    read(part, &mut |node| walk.take(node))
}

struct Walk<'w> {
    grounds: Grounds,
    styles: &'w Styles,
    ledger: &'w mut Ledger,
    open: Vec<Around>,
    unit: Unit,
    slides: u32,
    /// Styles of cells by columns, each with the column behind its last.
    columns: Vec<(u32, String)>,
    column: u32,
    /// The style of cells in the row.
    row: Option<String>,
}

impl Walk<'_> {
    fn take(&mut self, node: Node<'_>) {
        match node {
            Node::Start(tag) => {
                let around = self.start(tag);
                self.open.push(around);
            }
            Node::End(_) => {
                self.open.pop();
            }
            Node::Text(words) => {
                let is_words = words.chars().any(|c| !c.is_whitespace());
                let Some(around) = self.open.last().filter(|around| is_words && !around.is_aside) else { return };
                if let Some((ja, en)) = around.judge(words) {
                    self.ledger.kept(Category::Unseen, self.unit.clone(), &Text::fixed(ja, en));
                }
            }
        }
    }

    fn root(&self) -> Around {
        let mut around = Around {
            name: String::new(),
            ink: None,
            is_outlined: false,
            is_clear: false,
            size: None,
            size_asian: None,
            ground: Ground::Unknown,
            is_aside: true,
        };
        around.words(&self.styles.words());
        around
    }

    fn start(&mut self, tag: &Tag<'_>) -> Around {
        let mut around = self.open.last().cloned().unwrap_or_else(|| self.root());
        tag.name.clone_into(&mut around.name);
        let style = tag.get("style-name").unwrap_or_default();
        match tag.name {
            "p" | "h" => {
                if let Some(look) = self.styles.look("paragraph", &style) {
                    around.words(look);
                    around.on(look.ground());
                    around.on(look.mark);
                }
            }
            "span" | "a" => {
                if let Some(look) = self.styles.look("text", &style) {
                    around.words(look);
                    around.on(look.mark);
                }
            }
            // The pages of text, and the sheets.
            "text" | "spreadsheet" if !around.name.is_empty() && self.is_in("body") => {
                around.ground = self.styles.paper;
                around.is_aside = false;
            }
            "header" | "footer" | "header-left" | "footer-left" | "header-first" | "footer-first" => {
                around.ground = self.styles.margin;
                around.is_aside = false;
            }
            "drawing" | "presentation" | "master-page" => around.is_aside = false,
            "page" => {
                self.slides = self.slides.saturating_add(1);
                self.unit = Unit::Slide(self.slides);
            }
            "annotation" | "tracked-changes" | "notes" | "forms" => around.is_aside = true,
            "table" | "table-row" | "section" => self.group(tag, &style, &mut around),
            "table-column" => {
                let end = self.columns.last().map_or(0, |(end, _)| *end);
                let many = times(tag.get("number-columns-repeated").as_deref());
                self.columns.push((end.saturating_add(many), tag.get("default-cell-style-name").unwrap_or_default()));
            }
            "table-cell" | "covered-table-cell" => self.cell(tag, style, &mut around),
            shape if is_shape(shape) && shape != "g" => self.shape(tag, &mut around),
            _ => {}
        }
        around
    }

    fn is_in(&self, name: &str) -> bool {
        self.open.iter().any(|around| around.name == name)
    }

    fn group(&mut self, tag: &Tag<'_>, style: &str, around: &mut Around) {
        around.on(self.styles.look(tag.name, style).and_then(Look::ground));
        match tag.name {
            "table" if self.open.last().is_some_and(|above| above.name == "spreadsheet") => {
                self.columns.clear();
                self.unit = Unit::Cell { sheet: tag.get("name").unwrap_or_default(), cell: String::new() };
            }
            // Its cells may have the looks of a template.
            "table" if self.is_in("page") => around.ground = Ground::Unknown,
            "table-row" => {
                self.column = 0;
                self.row = tag.get("default-cell-style-name");
            }
            _ => {}
        }
    }

    fn cell(&mut self, tag: &Tag<'_>, style: String, around: &mut Around) {
        let place = self.columns.partition_point(|(end, _)| *end <= self.column);
        let of_column = || self.columns.get(place).map(|(_, style)| style.clone());
        let style = Some(style).filter(|style| !style.is_empty()).or_else(|| self.row.clone()).or_else(of_column);
        self.column = self.column.saturating_add(times(tag.get("number-columns-repeated").as_deref()));
        if let Some(look) = self.styles.look("table-cell", &style.unwrap_or_default()) {
            around.words(look);
            around.on(look.ground());
        }
    }

    /// In shapes the ground is their own, or that of the page where it is known.
    fn shape(&mut self, tag: &Tag<'_>, around: &mut Around) {
        let is_on_page = self.is_in("page");
        around.ground = if is_on_page { self.grounds.of(self.slides, bounds(tag)) } else { Ground::Unknown };
        if let Some(look) = self.styles.of_shape(tag) {
            around.words(look);
            around.on(look.ground());
        }
    }
}
