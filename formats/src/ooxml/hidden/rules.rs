//! What elements are hidden data, or must go because something else went.

use std::collections::{HashMap, HashSet};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::super::kinds::Family;
use super::cells::Cells;
use super::unseen;
use crate::hidden::{Act, Category, Frame, Ledger, Opened, nearest};

/// What is known while a part is cleaned.
pub(super) struct Rules<'r> {
    pub family: Family,
    pub ledger: &'r mut Ledger,
    pub unit: Unit,
    /// Relationships of this part that went.
    pub dropped: HashSet<String>,
    /// Styles whose text is not shown.
    pub styles: &'r HashSet<String>,
    /// New places of sheets, where some went.
    pub sheets: &'r Sheets,
    pub cells: Cells,
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

const CHANGES: [&str; 9] = [
    "rPrChange",
    "pPrChange",
    "sectPrChange",
    "tblPrChange",
    "tblPrExChange",
    "trPrChange",
    "tcPrChange",
    "tblGridChange",
    "numberingChange",
];

impl Rules<'_> {
    pub fn judge(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        if let Some(act) = self.dangling(tag, above) {
            return act;
        }
        if let Some(act) = unseen::judge(self, tag, above) {
            return act;
        }
        // 選択ウィンドウ: on slides it goes; elsewhere what holds it would be left without content.
        if matches!(tag.local.as_str(), "cNvPr" | "docPr") && tag.is("hidden") && !matches!(self.family, Family::Slides)
        {
            let what = Text::fixed("選択ウィンドウで非表示にした図形", "a shape hidden in the selection pane");
            self.ledger.kept(Category::HiddenText, self.unit.clone(), &what);
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
    fn goes(&mut self, category: Category, ja: &'static str, en: &'static str, act: Act) -> Act {
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

    fn word(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        const C: Category = Category::Changes;
        let parent = above.last().map(|f| f.local.as_str()).unwrap_or_default();
        match tag.local.as_str() {
            "ins" | "moveTo" if matches!(parent, "rPr" | "trPr" | "numPr") => {
                self.goes(C, "挿入された段落・行", "an inserted paragraph or row", Act::Drop)
            }
            "ins" | "moveTo" => self.goes(C, "挿入", "insertion", Act::Unwrap),
            "del" | "moveFrom" if parent == "trPr" => self.goes(C, "削除された行", "a deleted row", Act::Doom("tr")),
            "del" | "moveFrom" if parent == "rPr" => {
                self.goes(C, "削除された段落記号", "a deleted paragraph mark", Act::JudgeAbove("p", is_hollow))
            }
            "del" | "moveFrom" => self.goes(C, "削除された文", "deleted text", Act::Drop),
            "cellDel" => self.goes(C, "削除されたセル", "a deleted cell", Act::Doom("tc")),
            "cellIns" | "cellMerge" => self.goes(C, "セルの変更", "a changed cell", Act::Drop),
            name if CHANGES.contains(&name) => self.goes(C, "書式の変更", "changed formatting", Act::Drop),
            name if is_range(name) && self.ledger.removes(C) => Act::Drop,
            "commentRangeStart" | "commentRangeEnd" | "commentReference" | "annotationRef"
                if self.ledger.removes(Category::Comments) =>
            {
                Act::Drop
            }
            "vanish" if parent == "rPr" && is_on(tag) => match above.iter().rev().nth(1).map(|f| f.local.as_str()) {
                Some("r") => self.hide("r"),
                _ => Act::Keep,
            },
            "rStyle" if self.styles.contains(tag.get("val").unwrap_or_default()) => match nearest(above, "pPr") {
                None if nearest(above, "r").is_some() => self.hide("r"),
                _ => Act::Keep,
            },
            "pStyle" if self.styles.contains(tag.get("val").unwrap_or_default()) => match nearest(above, "p") {
                Some(_) => self.hide("p"),
                None => Act::Keep,
            },
            "rsids" => self.goes(Category::History, "編集のたびの番号", "revision ids", Act::Drop),
            "docId" if matches!(parent, "settings") => {
                self.goes(Category::History, "文書の通し番号", "the document's id", Act::Drop)
            }
            "docVars" => self.goes(Category::CustomData, "文書変数", "document variables", Act::Drop),
            "mailMerge" => self.goes(Category::Links, "差し込み印刷の接続先", "the source of a mail merge", Act::Drop),
            "smartTag" => self.goes(Category::CustomData, "スマートタグ", "smart tags", Act::Unwrap),
            "smartTagPr" | "customXmlPr" if self.ledger.removes(Category::CustomData) => Act::Drop,
            "customXml" if nearest(above, "body").is_some() => {
                self.goes(Category::CustomData, "カスタムXMLの要素", "custom XML elements", Act::Unwrap)
            }
            "instrText" if self.ledger.removes(Category::Links) => Act::DropIf(unseen::names_files),
            "dataBinding" if self.ledger.removes(Category::CustomData) => Act::Drop,
            _ if tag.attributes.iter().any(|(name, _)| is_rsid(name)) => {
                let act = tag.without(|local, _| local.starts_with("rsid"));
                self.goes(Category::History, "編集のたびの番号", "revision ids", act)
            }
            _ => Act::Keep,
        }
    }

    fn hide(&mut self, element: &'static str) -> Act {
        self.goes(Category::HiddenText, "隠し文字", "hidden text", Act::Doom(element))
    }

    fn sheet(&mut self, tag: &Opened, above: &[Frame]) -> Act {
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
            "numFmt" if tag.get("formatCode").is_some_and(unseen::shows_nothing) => {
                let what = Text::fixed("何も表示しない表示形式", "a number format that shows nothing");
                self.ledger.kept(Category::Unseen, self.unit.clone(), &what);
                Act::Keep
            }
            "revisionPtr" => self.goes(Category::History, "文書の通し番号", "the document's id", Act::Drop),
            "row" if nearest(above, "sheetData").is_some() => {
                self.cells.row(tag);
                Act::Keep
            }
            "col" if nearest(above, "cols").is_some() => {
                self.cells.column(tag);
                Act::Keep
            }
            "c" if nearest(above, "sheetData").is_some() && self.cells.is_hidden(tag) && !tag.is_empty => {
                self.goes(Category::HiddenCells, "非表示の行・列の値", "values in hidden rows and columns", Act::Drop)
            }
            "f" if nearest(above, "sheetData").is_some() => match self.sheets.are_values {
                true => Act::Drop,
                false if self.ledger.removes(Category::Links) => Act::DropIf(refers_outside),
                false => Act::Keep,
            },
            "definedName" if self.ledger.removes(Category::Links) && tag.get("localSheetId").is_none() => {
                Act::DropIf(refers_outside)
            }
            "definedName" => self.moved_name(tag),
            "workbookView" if !self.sheets.places.is_empty() => {
                tag.without(|local, _| matches!(local, "activeTab" | "firstSheet"))
            }
            "ClientData" if tag.get("ObjectType") == Some("Note") && self.ledger.removes(Category::Comments) => {
                Act::Doom("shape")
            }
            _ => Act::Keep,
        }
    }

    /// A name of one sheet keeps to that sheet.
    fn moved_name(&self, tag: &Opened) -> Act {
        if self.sheets.places.is_empty() {
            return Act::Keep;
        }
        let old = tag.get("localSheetId").and_then(|n| n.parse::<usize>().ok());
        let Some(new) = old.and_then(|old| self.sheets.places.get(&old)) else { return Act::Drop };
        let renumber = |(name, value): &(String, String)| {
            let value = if name == "localSheetId" { new.to_string() } else { value.clone() };
            (name.clone(), value)
        };
        Act::Rewrite(tag.attributes.iter().map(renumber).collect())
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

fn is_on(tag: &Opened) -> bool {
    tag.get("val").is_none_or(crate::text::is_on)
}

fn is_rsid(name: &str) -> bool {
    name.rsplit(':').next().is_some_and(|local| local.starts_with("rsid"))
}

/// Marks of where changes begin and end.
fn is_range(name: &str) -> bool {
    const BEGINS: [&str; 6] =
        ["moveFromRange", "moveToRange", "customXmlIns", "customXmlDel", "customXmlMoveFrom", "customXmlMoveTo"];
    BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// Whether nothing is left in a paragraph whose mark was deleted.
fn is_hollow(inner: &str) -> bool {
    const FULL: [&str; 11] = [
        "<w:t>",
        "<w:t ",
        "<w:drawing",
        "<w:pict",
        "<w:object",
        "<w:sym",
        "<m:oMath",
        "<w:sectPr",
        "<w:fldChar",
        "<w:br",
        "Reference ",
    ];
    !FULL.iter().any(|mark| inner.contains(mark))
}

/// Whether a formula refers to another workbook: `[1]表!A1`.
fn refers_outside(formula: &str) -> bool {
    formula.split('[').skip(1).any(|rest| {
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        digits > 0 && rest.chars().nth(digits) == Some(']')
    })
}
