//! What elements are hidden data, or must go because something else went.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::super::kinds::Family;
use super::book::{Book, Sight};
use super::cells::{Area, Place};
use super::spaces::Spaces;
use super::styles::Styles;
use super::unseen;
use crate::hidden::{Act, Category, Frame, Ledger, Opened, nearest};

/// What is known while a part is cleaned.
pub(super) struct Rules<'r> {
    pub family: Family,
    pub ledger: &'r mut Ledger,
    pub unit: Unit,
    /// Relationships of this part that went.
    pub dropped: HashSet<String>,
    /// New places of sheets, where some went.
    pub sheets: &'r Sheets,
    pub facts: Facts<'r>,
    pub place: Place,
    pub spaces: Spaces,
    /// Whether the shape that begins is hidden in the selection pane.
    pub is_in_pane: bool,
}

/// What was read of the document, and of this part, before.
pub(super) struct Facts<'f> {
    pub styles: &'f Styles,
    pub book: Rc<Book>,
    /// The hidden cells of the sheet that the part is, or belongs to.
    pub area: Option<Rc<Area>>,
    /// Copies of values whose cells are not seen, by the number of their element.
    pub copies: HashMap<usize, Sight>,
    /// Formats of cells in which nobody sees the text, by their number.
    pub faint: &'f HashMap<usize, Category>,
    /// Hidden shapes that only repeat a control which is shown, by their id.
    pub twins: HashSet<String>,
    /// Pieces of field codes that go, by the number of their element.
    pub codes: HashSet<usize>,
}

/// What became of sheets and slides.
#[derive(Default)]
pub(super) struct Sheets {
    /// New place by old place, where some went.
    pub places: HashMap<usize, usize>,
    /// Whether formulas become their values, because what they refer to went.
    pub are_values: bool,
    /// Whether slides went.
    pub slides_went: bool,
}

impl Rules<'_> {
    pub fn judge(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        if let Some(act) = self.spaces.judge(tag, above.len()) {
            let what = ("どのオフィスソフトのものでもない要素・属性", "elements and attributes of no office program");
            if self.found(Category::PrivateData, what.0, what.1) {
                return act;
            }
        }
        if let Some(act) = self.dangling(tag, above) {
            return act;
        }
        if let Some(act) = unseen::judge(self, tag) {
            return act;
        }
        if let Some(act) = unseen::pane(self, tag, above) {
            return act;
        }
        // 系列の絞り込み: what a chart does not draw is kept in an extension of its own ([MS-ODRAWXML] 2.24.3).
        if tag.local.starts_with("filtered") && above.first().is_some_and(|root| root.local == "chartSpace") {
            let what = ("グラフで非表示にした系列・項目", "series and items hidden in a chart");
            return self.goes(Category::HiddenText, what.0, what.1, Act::Doom("ext"));
        }
        match self.family {
            Family::Word => self.word(tag, above),
            Family::Sheet => self.sheet(tag, above),
            Family::Slides => self.slides(tag, above),
        }
    }

    pub(super) fn found(&mut self, category: Category, ja: &'static str, en: &'static str) -> bool {
        self.ledger.found(category, self.unit.clone(), &Text::fixed(ja, en))
    }

    /// `act` if the category goes.
    pub(super) fn goes(&mut self, category: Category, ja: &'static str, en: &'static str, act: Act) -> Act {
        if self.found(category, ja, en) { act } else { Act::Keep }
    }

    /// Elements that refer to a relationship that went.
    fn dangling(&self, tag: &Opened, above: &[Frame]) -> Option<Act> {
        if self.dropped.is_empty() {
            return None;
        }
        let is_lost = |name: &str, value: &str| name.contains(':') && self.dropped.contains(value);
        if !tag.attributes.iter().any(|(name, value)| is_lost(name, value)) {
            let lifts =
                tag.local == "pic" && nearest(above, "oleObj").is_some() && self.ledger.removes(Category::Objects);
            return lifts.then_some(Act::Lift("graphicFrame"));
        }
        Some(match tag.local.as_str() {
            "hyperlink" => Act::Unwrap,
            "blip" | "imagedata" | "fill" | "pageSetup" | "customSheetView" | "objectPr" | "controlPr" => {
                Act::Rewrite(tag.attributes.iter().filter(|(n, v)| !is_lost(n, v)).cloned().collect())
            }
            "oleObj" => Act::Doom("graphicFrame"),
            "oleObject" => Act::Doom("oleObjects"),
            "control" if nearest(above, "controls").is_some() => Act::Doom("controls"),
            "externalReference" => Act::Doom("externalReferences"),
            "custData" | "tags" => Act::Doom("custDataLst"),
            _ => Act::Drop,
        })
    }

    fn slides(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        const SHAPES: [&str; 5] = ["sp", "pic", "graphicFrame", "cxnSp", "grpSp"];
        match tag.local.as_str() {
            "cNvPr" if tag.is("hidden") => {
                let shape = above.iter().rev().find_map(|f| SHAPES.iter().copied().find(|s| *s == f.local));
                match shape {
                    Some(shape) => self.goes(Category::HiddenText, "非表示の図形", "a hidden shape", Act::Doom(shape)),
                    None => Act::Keep,
                }
            }
            "custShowLst" => self.goes(Category::Properties, "目的別スライドショー", "custom shows", Act::Drop),
            "custShow" if nearest(above, "showPr").is_some() && self.ledger.removes(Category::Properties) => Act::Drop,
            "sectionLst" if self.sheets.slides_went => Act::Doom("ext"),
            _ => Act::Keep,
        }
    }
}
