//! What dictionaries hold that no reader asks for, or only readers of screens: keys of other programs in the catalog, in
//! pages and pictures; words that stand for what is shown and are not shown.

use std::collections::BTreeSet;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::edit::Editor;
use super::graph::Graph;
use crate::hidden::Category;
use crate::pdf::object::{Dict, Object};

/// The keys of a catalog (ISO 32000-2, table 29).
const CATALOG: [&str; 33] = [
    "Type",
    "Version",
    "Extensions",
    "Pages",
    "PageLabels",
    "Names",
    "Dests",
    "ViewerPreferences",
    "PageLayout",
    "PageMode",
    "Outlines",
    "Threads",
    "OpenAction",
    "AA",
    "URI",
    "AcroForm",
    "Metadata",
    "StructTreeRoot",
    "MarkInfo",
    "Lang",
    "SpiderInfo",
    "OutputIntents",
    "PieceInfo",
    "OCProperties",
    "Perms",
    "Legal",
    "Requirements",
    "Collection",
    "NeedsRendering",
    "DSS",
    "AF",
    "DPartRoot",
    "JavaScript",
];

/// The keys of a page (table 31), and of one that is made anew from a template.
const PAGE: [&str; 36] = [
    "Type",
    "Parent",
    "Kids",
    "Count",
    "LastModified",
    "Resources",
    "MediaBox",
    "CropBox",
    "BleedBox",
    "TrimBox",
    "ArtBox",
    "BoxColorInfo",
    "Contents",
    "Rotate",
    "Group",
    "Thumb",
    "B",
    "Dur",
    "Trans",
    "Annots",
    "AA",
    "Metadata",
    "PieceInfo",
    "StructParents",
    "ID",
    "PZ",
    "SeparationInfo",
    "Tabs",
    "TemplateInstantiated",
    "PresSteps",
    "UserUnit",
    "VP",
    "AF",
    "OutputIntents",
    "DPart",
    // Where old programs put what belongs among the resources.
    "ProcSet",
];

impl Editor<'_> {
    /// Keys of an object that are not of PDF, and those that lead elsewhere.
    pub(super) fn own_keys(&mut self, number: u32, dict: &mut Dict) {
        let is_root =
            self.file.trailer.get("Root").and_then(Object::as_reference).is_some_and(|to| to.number == number);
        let known: &[&str] = if is_root {
            &CATALOG
        } else if self.tree.contains(&number) {
            &PAGE
        } else {
            &[]
        };
        let is_drawn = matches!(self.kind(dict, "Subtype"), Some("Form" | "Image"));
        let foreign: Vec<String> = dict
            .entries()
            // A number says nothing.
            .filter(|(_, value)| {
                !matches!(self.graph.resolve(value), Object::Number(_) | Object::Bool(_) | Object::Null)
            })
            .map(|(key, _)| String::from_utf8_lossy(key).into_owned())
            .filter(|key| match known {
                [] => is_drawn && key.starts_with("PTEX."),
                known => !known.contains(&key.as_str()),
            })
            .collect();
        if !foreign.is_empty() && self.found(Category::PrivateData, "PDFにない項目", "entries that are not of PDF")
        {
            foreign.iter().for_each(|key| dict.remove(key));
        }
        if is_root && dict.get("Threads").is_some() {
            let what = Text::fixed("記事のつながりとその情報", "article threads and what is said of them");
            if self.ledger.found(Category::Properties, Unit::Whole, &what) {
                dict.remove("Threads");
            }
        }
        if self.tree.contains(&number) && self.ledger.removes(Category::Properties) {
            dict.remove("B");
        }
        if !is_drawn {
            return;
        }
        if dict.get("Alternates").is_some()
            && self.found(Category::PictureData, "画像の別の版", "other versions of a picture")
        {
            dict.remove("Alternates");
        }
        if dict.get("OPI").is_some()
            && self.found(Category::Links, "画像ファイルへのパス", "the path of a picture's file")
        {
            dict.remove("OPI");
        }
    }

    /// Words that stand for what is shown (14.9.3 to 14.9.5): readers of screens and searches have them, the page has not.
    pub(super) fn structure(&mut self, dict: &mut Dict) {
        let is_element = self.kind(dict, "Type") == Some("StructElem")
            || dict.get("S").is_some()
                && dict.get("P").is_some()
                && (dict.get("K").is_some() || dict.get("Pg").is_some());
        if is_element {
            let page = dict.get("Pg").and_then(Object::as_reference).and_then(|page| self.units.get(&page.number));
            let unit = page.cloned().unwrap_or_default();
            let count = ["ActualText", "Alt", "E", "T"]
                .iter()
                .filter_map(|key| self.graph.value(dict, key).as_words())
                .filter(|words| !self.shown.says(&unit, words))
                .count();
            (0..count).for_each(|_| self.ledger.kept(Category::Unseen, unit.clone(), &INSTEAD));
        }
        let is_field = dict.get("FT").is_some() || self.kind(dict, "Subtype") == Some("Widget");
        if is_field
            && dict.get("TM").is_some()
            && self.found(Category::PrivateData, "書き出し用の欄名", "names of fields for export")
        {
            dict.remove("TM");
        }
    }

    /// Pictures that pages name and none draws.
    pub(super) fn undrawn_pictures(&mut self) {
        let mut named = BTreeSet::new();
        for number in &self.tree {
            let Some(page) = self.graph.nodes.get(number).and_then(|node| node.object.as_dict()) else { continue };
            pictures(self.graph, page, &mut named);
        }
        for _ in named.into_iter().filter(|number| self.shown.lacks_picture(*number)) {
            let what = Text::fixed("どのページにも描かれない画像", "a picture that no page draws");
            self.ledger.kept(Category::Unseen, Unit::Whole, &what);
        }
    }
}

/// What is said of words that stand for others.
pub(super) const INSTEAD: Text = Text::fixed(
    "ページに表示されない読み上げ用・代替の文字（Alt・ActualText）",
    "words for readers of screens that the page does not show (Alt, ActualText)",
);

/// The pictures that a page's own resources name.
fn pictures(graph: &Graph, page: &Dict, named: &mut BTreeSet<u32>) {
    let Object::Dict(resources) = graph.value(page, "Resources") else { return };
    let Object::Dict(drawn) = graph.value(resources, "XObject") else { return };
    for (_, object) in drawn.entries() {
        let is_picture = matches!(graph.resolve(object), Object::Dict(dict)
            if graph.value(dict, "Subtype").as_name() == Some(b"Image"));
        if let (true, Some(to)) = (is_picture, object.as_reference()) {
            named.insert(to.number);
        }
    }
}
