//! 書式. What styles say of what has them, those they are based on included (ISO/IEC 26300-3, 16).

use std::collections::HashMap;

use super::ink::{Ground, Size, colour};
use crate::error::ReadError;
use crate::hidden::{Act, Frame, Opened, Rgb, scrub};
use crate::text::Tag;

/// What a style says; `None` where it says nothing.
#[derive(Clone, Default)]
pub(super) struct Look {
    /// Text that is not shown.
    pub is_hidden: Option<bool>,
    /// Sheets and slides that are not shown.
    pub is_away: Option<bool>,
    pub is_cropped: Option<bool>,
    /// Height of a row, width of a column, in points.
    pub extent: Option<f64>,
    /// Colour of the text; `Some(None)` is what the program takes for readable.
    pub ink: Option<Option<Rgb>>,
    /// Outlined and clear text.
    pub is_outlined: Option<bool>,
    pub is_clear: Option<bool>,
    /// Behind the words, and behind the whole paragraph, cell, shape.
    pub mark: Option<Ground>,
    pub ground: Option<Ground>,
    fill: Option<Fill>,
    fill_colour: Option<Rgb>,
    pub size: Option<Size>,
    pub size_asian: Option<Size>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fill {
    Nothing,
    Solid,
    Other,
}

impl Look {
    /// What it says, and where it says nothing, what `other` says.
    fn over(&self, other: &Self) -> Self {
        Self {
            is_hidden: self.is_hidden.or(other.is_hidden),
            is_away: self.is_away.or(other.is_away),
            is_cropped: self.is_cropped.or(other.is_cropped),
            extent: self.extent.or(other.extent),
            ink: self.ink.or(other.ink),
            is_outlined: self.is_outlined.or(other.is_outlined),
            is_clear: self.is_clear.or(other.is_clear),
            mark: self.mark.or(other.mark),
            ground: self.ground.or(other.ground),
            fill: self.fill.or(other.fill),
            fill_colour: self.fill_colour.or(other.fill_colour),
            size: Size::over(self.size, other.size),
            size_asian: Size::over(self.size_asian, other.size_asian),
        }
    }

    /// What lies behind the whole of it.
    pub fn ground(&self) -> Option<Ground> {
        match self.fill {
            Some(Fill::Nothing) => Some(Ground::Clear),
            Some(Fill::Solid) => self.fill_colour.map(Ground::Is).or(self.ground).or(Some(Ground::Unknown)),
            Some(Fill::Other) => Some(Ground::Unknown),
            None => self.ground,
        }
    }

    fn text(&mut self, tag: &Opened) {
        self.is_hidden = tag.get("display").map(|display| display == "none").or(self.is_hidden);
        self.ink = tag.get("color").and_then(colour).map(Some).or(self.ink);
        if tag.is("use-window-font-color") {
            self.ink = Some(None);
        }
        self.is_outlined = tag.get("text-outline").map(crate::text::is_on).or(self.is_outlined);
        // LibreOffice says the same of a colour that it chooses itself, and means nothing by it.
        if tag.get("color").is_some() && !tag.is("use-window-font-color") {
            self.is_clear = share(tag, "opacity").map(|share| share < 0.1).or(self.is_clear);
        }
        self.mark = tag.get("background-color").map(Ground::read).or(self.mark);
        let size = |name: &str| tag.get(name).and_then(Size::read);
        // Raised letters have a size of their own: `super 58%`.
        let raised = tag.get("text-position").and_then(|position| Size::read(position.split_whitespace().nth(1)?));
        self.size = Size::over(raised, size("font-size")).or(self.size);
        self.size_asian = Size::over(raised, size("font-size-asian")).or(self.size_asian);
    }

    fn whole(&mut self, tag: &Opened) {
        self.ground = tag.get("background-color").map(Ground::read).or(self.ground);
        self.fill = match tag.get("fill") {
            None => self.fill,
            Some("none") => Some(Fill::Nothing),
            Some("solid") => Some(Fill::Solid),
            Some(_) => Some(Fill::Other),
        };
        self.fill_colour = tag.get("fill-color").and_then(colour).or(self.fill_colour);
        if share(tag, "opacity").is_some_and(|share| share < 0.9) && self.fill != Some(Fill::Nothing) {
            self.fill = Some(Fill::Other);
        }
        self.is_cropped = tag.get("clip").map(super::shapes::crops).or(self.is_cropped);
        let extent = tag.get("row-height").or_else(|| tag.get("column-width"));
        self.extent = extent.and_then(super::ink::points).or(self.extent);
    }
}

/// A percentage in an attribute.
fn share(tag: &Opened, name: &str) -> Option<f64> {
    tag.get(name)?.trim().strip_suffix('%')?.parse::<f64>().ok().map(|percent| percent / 100.0)
}

struct Style {
    parent: Option<String>,
    look: Look,
}

/// Styles by family and name.
type Families<T> = HashMap<String, HashMap<String, T>>;

/// The styles that hold in a part.
pub(super) struct Styles {
    looks: Families<Look>,
    defaults: HashMap<String, Look>,
    /// What pages are drawn on, and their headers and footers; `Unknown` where they differ.
    pub paper: Ground,
    pub margin: Ground,
}

/// Styles that are based on one another, at most.
const DEPTH: usize = 32;

impl Styles {
    /// What holds in `part`: its own styles, and those that `common` has for the whole document.
    pub fn read(common: Option<&str>, part: &str) -> Result<Self, ReadError> {
        let mut read = Reader::default();
        if let Some(common) = common {
            read.part(common, Scope::Common)?;
        }
        read.part(part, Scope::Own)?;
        Ok(read.resolve())
    }

    /// The look of what is of a family and has a style.
    pub fn look(&self, family: &str, name: &str) -> Option<&Look> {
        let found = self.looks.get(family).and_then(|of| of.get(name));
        found.or_else(|| self.defaults.get(family).filter(|_| !is_of_words(family)))
    }

    /// The look of a shape.
    pub fn of_shape(&self, tag: &Tag<'_>) -> Option<&Look> {
        let style = tag.get("style-name").unwrap_or_default();
        let own = ["graphic", "presentation"].iter().find_map(|family| self.looks.get(*family)?.get(&style));
        own.or_else(|| self.look("graphic", ""))
    }

    /// What holds for words where no style says otherwise.
    pub fn words(&self) -> Look {
        self.defaults.get("paragraph").cloned().unwrap_or_default()
    }

    /// Whether text of this family and style is not shown.
    pub fn hides(&self, family: &str, name: &str) -> bool {
        self.look(family, name).is_some_and(|look| look.is_hidden == Some(true))
    }

    /// Whether sheets or slides of this style are not shown.
    pub fn is_away(&self, family: &str, name: &str) -> bool {
        self.look(family, name).is_some_and(|look| look.is_away == Some(true))
    }
}

/// Which styles of a part are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Those of the whole document.
    Common,
    /// All.
    Own,
}

#[derive(Default)]
struct Reader {
    styles: Families<Style>,
    defaults: HashMap<String, Look>,
    paper: Option<Ground>,
    /// Headers or footers have a ground of their own.
    has_bars: bool,
}

impl Reader {
    fn part(&mut self, part: &str, scope: Scope) -> Result<(), ReadError> {
        let (mut family, mut name, mut is_default) = (String::new(), String::new(), false);
        scrub(part, &mut |tag, above| {
            if scope == Scope::Common && above.iter().any(|frame| frame.local == "automatic-styles") {
                // The pages of the document are among the automatic styles.
                match tag.local.as_str() {
                    "page-layout-properties" => self.page(tag),
                    "header-footer-properties" => self.margin(tag),
                    _ => {}
                }
                return Act::Keep;
            }
            match tag.local.as_str() {
                "style" | "default-style" => {
                    tag.get("family").unwrap_or_default().clone_into(&mut family);
                    tag.get("name").unwrap_or_default().clone_into(&mut name);
                    is_default = tag.local == "default-style";
                    if !is_default {
                        let parent = tag.get("parent-style-name").map(str::to_owned);
                        let style = Style { parent, look: Look::default() };
                        self.styles.entry(family.clone()).or_default().insert(name.clone(), style);
                    }
                }
                "page-layout-properties" => self.page(tag),
                "header-footer-properties" => self.margin(tag),
                local if is_in_style(local, above) => {
                    let look = if is_default {
                        Some(self.defaults.entry(family.clone()).or_default())
                    } else {
                        self.styles.get_mut(&family).and_then(|of| of.get_mut(&name)).map(|style| &mut style.look)
                    };
                    if let Some(look) = look {
                        properties(look, tag);
                    }
                }
                _ => {}
            }
            Act::Keep
        })?;
        Ok(())
    }

    fn page(&mut self, tag: &Opened) {
        let mut look = Look::default();
        look.whole(tag);
        let paper = match look.ground() {
            None | Some(Ground::Clear) => Ground::Is(Rgb::WHITE),
            Some(other) => other,
        };
        self.paper = Some(match self.paper {
            Some(known) if known != paper => Ground::Unknown,
            _ => paper,
        });
    }

    fn margin(&mut self, tag: &Opened) {
        let mut look = Look::default();
        look.whole(tag);
        self.has_bars |= !matches!(look.ground(), None | Some(Ground::Clear));
    }

    fn resolve(self) -> Styles {
        let mut looks: Families<Look> = HashMap::new();
        for (family, styles) in &self.styles {
            let of = looks.entry(family.clone()).or_default();
            for (name, style) in styles {
                let (mut look, mut above) = (style.look.clone(), style.parent.as_deref());
                for _ in 0..DEPTH {
                    let Some(parent) = above.and_then(|name| styles.get(name)) else { break };
                    look = look.over(&parent.look);
                    above = parent.parent.as_deref();
                }
                if let Some(default) = self.defaults.get(family).filter(|_| !is_of_words(family)) {
                    look = look.over(default);
                }
                of.insert(name.clone(), look);
            }
        }
        let paper = self.paper.unwrap_or(Ground::Is(Rgb::WHITE));
        let margin = if self.has_bars { Ground::Unknown } else { paper };
        Styles { looks, defaults: self.defaults, paper, margin }
    }
}

/// What is said of words comes after what is said of the cell or shape around them, where it is only a default.
fn is_of_words(family: &str) -> bool {
    matches!(family, "paragraph" | "text")
}

/// Whether an element is among the properties of a style: those of lists and numbers are not.
fn is_in_style(local: &str, above: &[Frame]) -> bool {
    let mut around = above.iter().rev().map(|frame| frame.local.as_str());
    let is_properties = |local: &str| local.ends_with("-properties");
    let parent = around.next().unwrap_or_default();
    let of = if local == "background-image" && is_properties(parent) { around.next() } else { Some(parent) };
    (is_properties(local) || local == "background-image") && matches!(of, Some("style" | "default-style"))
}

fn properties(look: &mut Look, tag: &Opened) {
    match tag.local.as_str() {
        "text-properties" => look.text(tag),
        "background-image" if tag.get("href").is_some() || !tag.is_empty => look.ground = Some(Ground::Unknown),
        "background-image" => {}
        "table-properties" => {
            look.is_away = tag.get("display").map(|display| display == "false").or(look.is_away);
            look.whole(tag);
        }
        "drawing-page-properties" => {
            look.is_away = tag.get("visibility").map(|visibility| visibility == "hidden").or(look.is_away);
            look.whole(tag);
        }
        _ => look.whole(tag),
    }
}
