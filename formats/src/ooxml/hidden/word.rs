//! What elements of a Word document are hidden data.

use kakuzuke_core::code::Text;

use super::fields;
use super::rules::Rules;
use crate::hidden::{Act, Category, Frame, Opened, nearest};

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
    pub(super) fn word(&mut self, tag: &Opened, above: &[Frame]) -> Act {
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
            "rStyle" if self.facts.styles.hides(tag.get("val")) => match nearest(above, "pPr") {
                None if nearest(above, "r").is_some() => self.hide("r"),
                _ => Act::Keep,
            },
            "pStyle" if self.facts.styles.hides(tag.get("val")) => match nearest(above, "p") {
                Some(_) => self.hide("p"),
                None => Act::Keep,
            },
            "hidden" if parent == "trPr" && is_on(tag) => self.hide("tr"),
            "tblStyle" if self.facts.styles.hides(tag.get("val")) => {
                let what = Text::fixed("文字を隠す表のスタイル", "a table style that hides text");
                self.ledger.kept(Category::HiddenText, self.unit.clone(), &what);
                Act::Keep
            }
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
            "instrText" if self.facts.codes.contains(&tag.number) => Act::Drop,
            "fldSimple" => match tag.get("instr").and_then(fields::judge) {
                Some((category, ja, en)) => self.goes(category, ja, en, Act::Unwrap),
                None => Act::Keep,
            },
            "fldData" => self.goes(Category::PrivateData, "フィールドのデータ", "data of fields", Act::Drop),
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
