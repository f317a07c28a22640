//! What elements of a workbook are hidden data, or repeat what hidden cells hold.

use std::rc::Rc;

use kakuzuke_core::code::Text;

use super::book::Sight;
use super::rules::Rules;
use super::unseen;
use crate::hidden::{Act, Category, Frame, Opened, nearest};

impl Rules<'_> {
    pub(super) fn sheet(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        if let Some(act) = self.repeated(tag, above) {
            return act;
        }
        match tag.local.as_str() {
            "absPath" => {
                self.goes(Category::Links, "保存場所のパス", "the path it was saved at", Act::Doom("AlternateContent"))
            }
            "fileSharing" if tag.get("userName").is_some_and(|n| !n.is_empty()) => {
                let act = tag.without(|local, _| local == "userName");
                self.goes(Category::Authors, "利用者名", "a user's name", act)
            }
            "pivotCacheDefinition" if tag.get("refreshedBy").is_some_and(|n| !n.is_empty()) => {
                let act = tag.without(|local, _| local == "refreshedBy");
                self.goes(Category::Authors, "利用者名", "a user's name", act)
            }
            "customWorkbookViews" | "customSheetViews" => {
                self.goes(Category::Properties, "利用者ごとの表示", "views of single users", Act::Drop)
            }
            "webPublishItems" => self.goes(Category::Links, "保存場所のパス", "the path it was saved at", Act::Drop),
            "scenarios" => {
                self.goes(Category::CustomData, "シナリオ（What-If分析）の値", "values of scenarios", Act::Drop)
            }
            "xmlColumnPr" if self.ledger.removes(Category::CustomData) => Act::Drop,
            "table"
                if above.is_empty()
                    && tag.get("tableType") == Some("xml")
                    && self.ledger.removes(Category::CustomData) =>
            {
                tag.without(|local, _| local == "tableType")
            }
            "numFmt" if tag.get("formatCode").is_some_and(unseen::shows_nothing) => {
                let what = Text::fixed("何も表示しない表示形式", "a number format that shows nothing");
                self.ledger.kept(Category::Unseen, self.unit.clone(), &what);
                Act::Keep
            }
            "revisionPtr" => self.goes(Category::History, "文書の通し番号", "the document's id", Act::Drop),
            "f" if nearest(above, "sheetData").is_some() => match self.sheets.are_values {
                true => Act::Drop,
                false if self.ledger.removes(Category::Links) => Act::DropIf(refers_outside),
                false => Act::Keep,
            },
            "definedName" => self.name(tag),
            "workbookView" if !self.sheets.places.is_empty() => {
                tag.without(|local, _| matches!(local, "activeTab" | "firstSheet"))
            }
            "ClientData" if tag.get("ObjectType") == Some("Note") && self.ledger.removes(Category::Comments) => {
                Act::Doom("shape")
            }
            _ => self.cell(tag, above),
        }
    }

    /// Rows and their cells.
    fn cell(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        if !matches!(tag.local.as_str(), "row" | "c") || nearest(above, "sheetData").is_none() {
            return Act::Keep;
        }
        if let Some(area) = self.facts.area.clone() {
            if tag.local == "row" {
                self.place.row(tag, &area);
            } else if self.place.is_hidden(tag, &area) && !tag.is_empty {
                let what = ("非表示の行・列の値", "values in hidden rows and columns");
                return self.goes(Category::HiddenCells, what.0, what.1, Act::Drop);
            }
        }
        let format = tag.get("s").filter(|_| tag.local == "c" && !tag.is_empty).and_then(|s| s.parse::<usize>().ok());
        if let Some(category) = format.and_then(|format| self.facts.faint.get(&format)) {
            let what = Text::fixed("地と同じ色の文字のセル", "cells whose text has the colour of their ground");
            self.ledger.kept(*category, self.unit.clone(), &what);
        }
        Act::Keep
    }

    /// What repeats the values of hidden cells, or belongs to those alone.
    fn repeated(&mut self, tag: &Opened, above: &[Frame]) -> Option<Act> {
        const CELLS: Category = Category::HiddenCells;
        let local = tag.local.as_str();
        if let Some(sight) = self.facts.copies.get(&tag.number) {
            return Some(self.copied(*sight));
        }
        if nearest(above, "sharedItems").is_some() && tag.get("v").is_some_and(|v| !v.is_empty()) {
            let what = Text::fixed("ピボットテーブルの元データの値", "values of a pivot table's source data");
            self.ledger.kept(Category::CachedData, self.unit.clone(), &what);
            return None;
        }
        match local {
            // What is left without content would be no valid part.
            "hyperlinks" | "dataValidations" | "conditionalFormattings" | "tableParts" => {
                return Some(Act::DropIf(is_bare));
            }
            "ext" if self.facts.area.is_some() && tag.get("uri").is_some() => return Some(Act::DropIf(is_bare)),
            _ => {}
        }
        let area = self.facts.area.clone();
        let is_covered =
            |cells: Option<&str>| cells.zip(area.as_deref()).is_some_and(|(cells, area)| area.covers(cells));
        match local {
            "filterColumn" if area.is_some() && !tag.is_empty => {
                Some(self.goes(CELLS, "絞り込みの条件に残った値", "values in the criteria of a filter", Act::Drop))
            }
            "hyperlink" if is_covered(tag.get("ref")) => {
                Some(self.goes(CELLS, "非表示のセルのリンク", "links of hidden cells", Act::Drop))
            }
            "hyperlink" if tag.get("location").is_some_and(|place| self.facts.book.names_gone(place)) => {
                Some(Act::Drop)
            }
            "comment" | "threadedComment" if is_covered(tag.get("ref")) => {
                Some(self.goes(CELLS, "非表示のセルのコメント", "comments on hidden cells", Act::Drop))
            }
            "dataValidation" | "conditionalFormatting" if is_covered(tag.get("sqref")) => {
                Some(self.goes(CELLS, "非表示のセルの入力規則・条件付き書式", "rules for hidden cells", Act::Drop))
            }
            "dataValidation" | "conditionalFormatting" => self.ruled(),
            _ => None,
        }
    }

    /// A copy of values that a chart keeps.
    fn copied(&mut self, sight: Sight) -> Act {
        match sight {
            // It is made anew from the cells that are left.
            Sight::Cells => {
                let (ja, en) =
                    ("グラフが持つ、非表示の行・列の値の写し", "a chart's copy of values in hidden rows and columns");
                self.goes(Category::HiddenCells, ja, en, Act::Drop)
            }
            // Nothing else draws it.
            Sight::Sheet => {
                let what = Text::fixed(
                    "グラフが持つ、見えないシートの値の写し",
                    "a chart's copy of values of a sheet that is not seen",
                );
                self.ledger.kept(Category::CachedData, self.unit.clone(), &what);
                Act::Keep
            }
            Sight::Seen => Act::Keep,
        }
    }

    /// Rules for cells that stand in its content, or that refer to a sheet that goes.
    fn ruled(&self) -> Option<Act> {
        let (book, area) = (Rc::clone(&self.facts.book), self.facts.area.clone());
        let area = area.filter(|_| self.ledger.removes(Category::HiddenCells));
        if area.is_none() && !book.has_gone() {
            return None;
        }
        Some(Act::DropWhere(Rc::new(move |inner| {
            let cells = inner.rsplit_once("sqref>").and_then(|(before, _)| before.rsplit_once("</"));
            let cells = cells.and_then(|(before, _)| before.rsplit_once("sqref>")).map(|(_, cells)| cells);
            area.as_ref().zip(cells).is_some_and(|(area, cells)| area.covers(cells)) || book.names_gone(inner)
        })))
    }

    /// A name of the workbook: some are hidden, some refer to what goes.
    fn name(&mut self, tag: &Opened) -> Act {
        let is_hidden = tag.is("hidden") && tag.get("name").is_some_and(|name| !name.starts_with("_xl"));
        if is_hidden && self.found(Category::HiddenCells, "非表示の名前", "a hidden name") {
            return Act::Drop;
        }
        let Some(old) = tag.get("localSheetId") else {
            let (book, links) = (Rc::clone(&self.facts.book), self.ledger.removes(Category::Links));
            return Act::DropWhere(Rc::new(move |inner| links && refers_outside(inner) || book.names_gone(inner)));
        };
        if self.sheets.places.is_empty() {
            return Act::Keep;
        }
        // A name of one sheet keeps to that sheet.
        let old = old.parse::<usize>().ok();
        let Some(new) = old.and_then(|old| self.sheets.places.get(&old)) else { return Act::Drop };
        let renumber = |(name, value): &(String, String)| {
            let value = if name == "localSheetId" { new.to_string() } else { value.clone() };
            (name.clone(), value)
        };
        Act::Rewrite(tag.attributes.iter().map(renumber).collect())
    }
}

/// Whether no element is in it.
fn is_bare(inner: &str) -> bool {
    !inner.contains('<') && inner.trim().is_empty()
}

/// Whether a formula refers to another workbook: `[1]表!A1`.
fn refers_outside(formula: &str) -> bool {
    formula.split('[').skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        digits > 0 && rest.chars().nth(digits) == Some(']')
    })
}
