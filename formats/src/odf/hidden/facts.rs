//! 下調べ. What has to be known of a part before its first element is judged: which fields, controls and values are seen somewhere,
//! and which layers are off.

use std::collections::{HashMap, HashSet};

use super::cells::{Begins, Grid, is_of_sheet};
use super::styles::Styles;
use super::{Values, ink, notes, shapes};
use crate::error::ReadError;
use crate::hidden::Category;
use crate::text::{Halt, Node, Tag, walk};

/// What a part and those beside it say.
#[derive(Default)]
pub(super) struct Facts {
    /// Slides whose notes have words.
    pub notes: HashSet<u32>,
    /// Layers that are off.
    pub layers: HashSet<String>,
    /// User fields that are shown.
    pub fields: HashSet<String>,
    /// Controls that are drawn.
    pub controls: HashSet<String>,
    /// Validations of cells, headers and footers of slides that something uses.
    pub used: HashSet<String>,
    /// Values that only hidden cells and sheets have.
    pub hidden: Values,
    /// There are values in hidden cells, and in hidden sheets.
    pub hides_cells: bool,
    pub hides_sheets: bool,
    /// Cells, counted from 1, in which a chart repeats what the document hides.
    pub blank: HashMap<u32, Category>,
    /// An index shows its entries.
    pub has_index: bool,
    /// Width and height in points, by master page.
    pub pages: HashMap<String, (f64, f64)>,
}

impl Facts {
    /// `values` are those that the document hides, when this is an object in it.
    pub fn read(
        common: Option<&str>,
        settings: Option<&str>,
        part: &str,
        styles: &Styles,
        values: &Values,
    ) -> Result<Self, ReadError> {
        let mut facts = Self { notes: notes::written(part)?, ..Self::default() };
        if let Some(common) = common {
            facts.pages = shapes::pages(common)?;
            facts.layers = shapes::layers_off(common, settings)?;
        }
        let mut seeker = Seeker { facts, ..Seeker::new(styles, values) };
        read(part, &mut |node| seeker.take(node))?;
        let Seeker { mut facts, hidden, seen, .. } = seeker;
        facts.hidden = hidden.into_iter().filter(|(value, _)| !seen.contains(value)).collect();
        Ok(facts)
    }
}

/// Shows a part to `visit`.
pub(super) fn read(part: &str, visit: &mut dyn FnMut(Node<'_>)) -> Result<(), ReadError> {
    let done = walk(part, &mut |node| {
        visit(node);
        Ok(())
    });
    match done {
        Ok(()) | Err(Halt::Over) => Ok(()),
        Err(Halt::Read(e)) => Err(e),
    }
}

struct Seeker<'s> {
    facts: Facts,
    styles: &'s Styles,
    values: &'s Values,
    grid: Grid,
    open: Vec<String>,
    /// The hidden sheet that is open, by its depth.
    sheet: Option<usize>,
    cells: u32,
    /// The text of the cell that is open.
    cell: String,
    is_hidden: bool,
    hidden: Values,
    seen: HashSet<String>,
}

impl<'s> Seeker<'s> {
    fn new(styles: &'s Styles, values: &'s Values) -> Self {
        Self {
            facts: Facts::default(),
            styles,
            values,
            grid: Grid::default(),
            open: Vec::new(),
            sheet: None,
            cells: 0,
            cell: String::new(),
            is_hidden: false,
            hidden: Values::new(),
            seen: HashSet::new(),
        }
    }

    fn take(&mut self, node: Node<'_>) {
        match node {
            Node::Start(tag) => self.start(tag),
            Node::Text(words) => self.cell.push_str(words),
            Node::End(name) => {
                if matches!(name, "table-cell" | "covered-table-cell") {
                    let words = std::mem::take(&mut self.cell);
                    self.value(words.trim());
                }
                self.open.pop();
            }
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.names(tag);
        let get = |name: &str| tag.get(name);
        let of_sheet = is_of_sheet(tag.name, self.open.iter().map(String::as_str));
        let begins = Begins { name: tag.name, get: &get, depth: self.open.len(), is_of_sheet: of_sheet };
        let is_hidden = self.grid.step(&begins, self.styles);
        if self.sheet.is_some_and(|depth| depth >= self.open.len()) {
            self.sheet = None;
        }
        let is_away = tag.name == "table" && self.styles.is_away("table", &get("style-name").unwrap_or_default());
        if is_away && self.sheet.is_none() {
            self.sheet = Some(self.open.len());
        }
        if matches!(tag.name, "table-cell" | "covered-table-cell") {
            self.cells = self.cells.saturating_add(1);
            self.cell.clear();
            self.is_hidden = is_hidden || self.sheet.is_some();
            if let Some(value) = ["value", "string-value", "date-value"].iter().find_map(|name| get(name)) {
                self.value(&value);
            }
        }
        self.open.push(tag.name.to_owned());
    }

    /// A value stands in the cell that is open.
    fn value(&mut self, value: &str) {
        if value.is_empty() {
            return;
        }
        if let Some(category) = self.values.get(value).filter(|_| self.open.iter().any(|name| name == "chart")) {
            self.facts.blank.insert(self.cells, *category);
        }
        if self.is_hidden {
            let category = if self.sheet.is_some() { Category::HiddenSheets } else { Category::HiddenCells };
            self.hidden.insert(value.to_owned(), category);
            self.facts.hides_sheets |= self.sheet.is_some();
            self.facts.hides_cells |= self.sheet.is_none();
        } else {
            self.seen.insert(value.to_owned());
        }
    }

    /// Names by which one element uses another.
    fn names(&mut self, tag: &Tag<'_>) {
        let is_shown = tag.get("display").as_deref() != Some("none");
        match tag.name {
            "user-field-get" | "user-field-input" if is_shown => self.facts.fields.extend(tag.get("name")),
            "alphabetical-index" | "table-of-content" | "user-index" => self.facts.has_index = true,
            "control" => self.facts.controls.extend(tag.get("control")),
            "table-cell" | "covered-table-cell" => self.facts.used.extend(tag.get("content-validation-name")),
            "page" => {
                let names = ["use-header-name", "use-footer-name", "use-date-time-name"];
                self.facts.used.extend(names.iter().filter_map(|name| tag.get(name)));
            }
            _ => {}
        }
    }
}

/// A length in an attribute, in points.
pub(super) fn length(tag: &Tag<'_>, name: &str) -> Option<f64> {
    ink::points(&tag.get(name)?)
}
