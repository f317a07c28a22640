//! 注釈. Annotations (ISO 32000-2, 12.5): remarks go, what is drawn stays without who drew it and what it does not show.

use kakuzuke_core::code::Text;

use super::edit::Editor;
use super::graph::Graph;
use crate::hidden::Category;
use crate::pdf::object::{Dict, Object};

/// What becomes of an annotation.
enum Note {
    Stays,
    /// It is drawn on the page; who wrote it goes.
    Bare,
    Goes(Category, &'static str, &'static str),
}

const NOT_DONE: Text = Text::fixed(
    "実行されていない墨消しの指示。下の文字・画像はそのまま残っています",
    "a redaction that was not carried out: what lies under it is all there",
);

/// What of an annotation that is drawn is not drawn.
const BARE: [&str; 6] = ["T", "Subj", "NM", "Popup", "Contents", "RC"];
/// What of a link or field is not shown. The name of a field (T) is needed.
const BESIDE: [&str; 3] = ["Subj", "RC", "Contents"];

impl Editor<'_> {
    pub(super) fn annotations(&mut self, dict: &mut Dict) {
        let Object::Array(items) = self.graph.value(dict, "Annots").clone() else { return };
        let mut kept = Vec::new();
        for mut item in items {
            let (note, extra, kind) = match self.graph.resolve(&item) {
                Object::Dict(note) => {
                    (judge(self.graph, note), self.extra(note), self.kind(note, "Subtype").map(str::to_owned))
                }
                _ => (Note::Stays, Vec::new(), None),
            };
            let note = match (note, kind.as_deref()) {
                (_, Some("Redact")) => {
                    self.ledger.kept(Category::Covered, self.unit.clone(), &NOT_DONE);
                    Note::Bare
                }
                // Without it, words would be seen that its author meant to hide.
                (_, Some("Highlight" | "Underline" | "StrikeOut" | "Squiggly")) if self.shown.is_noted(&self.unit) => {
                    Note::Bare
                }
                (note, _) => note,
            };
            if matches!(self.graph.resolve(&item), Object::Dict(note) if is_unseen_field(self.graph, note)) {
                let what = Text::fixed("表示されない入力欄", "a form field that is not shown");
                self.ledger.kept(Category::HiddenText, self.unit.clone(), &what);
            }
            if matches!(note, Note::Bare) {
                item = self.at_rest(item);
            }
            match note {
                Note::Goes(category, ja, en) if self.found(category, ja, en) => {
                    if let Some(reference) = item.as_reference() {
                        self.graph.banned.insert(reference.number);
                    }
                }
                Note::Bare
                    if self.says_more("図形注釈の記入者・メモ", "writers and remarks of drawn annotations", &extra) =>
                {
                    kept.push(self.without(item, &extra));
                }
                Note::Stays if self.says_more("リンク・入力欄のメモ", "remarks of links and fields", &extra) =>
                {
                    kept.push(self.without(item, &extra));
                }
                _ => kept.push(item),
            }
        }
        *dict = std::mem::take(dict).with("Annots", Object::Array(kept));
    }

    fn says_more(&mut self, ja: &'static str, en: &'static str, extra: &[&str]) -> bool {
        !extra.is_empty() && self.found(Category::Comments, ja, en)
    }

    /// The keys of an annotation that say more than is drawn.
    fn extra(&self, note: &Dict) -> Vec<&'static str> {
        let kind = self.kind(note, "Subtype");
        let is_link = matches!(kind, Some("Link" | "Widget" | "PrinterMark" | "TrapNet"));
        let address = match self.graph.value(note, "A") {
            Object::Dict(action) => self.graph.value(action, "URI").as_words(),
            _ => None,
        };
        let is_shown = |key: &str| {
            let Some(words) = self.graph.value(note, key).as_words() else { return false };
            let is_drawn = is_link || kind == Some("FreeText") && key == "Contents";
            words.is_empty() || is_drawn && (address.as_ref() == Some(&words) || self.shown.says(&self.unit, &words))
        };
        // What a text box shows, as text with formats.
        let is_format = |key: &str| key == "RC" && kind == Some("FreeText") && is_shown("Contents");
        let keys = if is_link { BESIDE.as_slice() } else { BARE.as_slice() };
        keys.iter().copied().filter(|key| note.get(key).is_some() && !is_shown(key) && !is_format(key)).collect()
    }

    /// An annotation without these keys.
    fn without(&mut self, item: Object, keys: &[&str]) -> Object {
        self.changed(item, &|note| {
            let mut note = note.clone();
            keys.iter().for_each(|key| note.remove(key));
            note
        })
    }

    /// A drawn annotation without what it shows only under the pointer (12.5.5).
    fn at_rest(&mut self, item: Object) -> Object {
        let looks = match self.graph.resolve(&item) {
            Object::Dict(note) => self.graph.value(note, "AP").as_dict().cloned(),
            _ => None,
        };
        let Some(mut looks) = looks.filter(|looks| looks.get("R").is_some() || looks.get("D").is_some()) else {
            return item;
        };
        if !self.found(
            Category::Comments,
            "ポインターを当てたときだけの表示",
            "what annotations show only under the pointer",
        ) {
            return item;
        }
        looks.remove("R");
        looks.remove("D");
        self.changed(item, &|note| note.clone().with("AP", looks.clone()))
    }

    fn changed(&mut self, item: Object, strip: &dyn Fn(&Dict) -> Dict) -> Object {
        match &item {
            Object::Reference(to) => {
                if let Some(node) = self.graph.nodes.get_mut(&to.number)
                    && let Object::Dict(note) = &node.object
                {
                    node.object = strip(note).into();
                }
                item
            }
            Object::Dict(note) => strip(note).into(),
            _ => item,
        }
    }
}

/// Whether an annotation is not shown on the screen (12.5.3): Hidden, NoView.
fn is_unseen(graph: &Graph, note: &Dict) -> bool {
    graph.value(note, "F").as_u64().unwrap_or(0) & 0b10_0010 != 0
}

/// A field of a form that is not shown, and says something. An invisible signature says nothing.
fn is_unseen_field(graph: &Graph, note: &Dict) -> bool {
    let is = |key: &str, name: &str| graph.value(note, key).as_name() == Some(name.as_bytes());
    is("Subtype", "Widget") && is_unseen(graph, note) && !is("FT", "Sig")
}

fn judge(graph: &Graph, note: &Dict) -> Note {
    let kind = graph.value(note, "Subtype").as_name().and_then(|name| std::str::from_utf8(name).ok());
    match kind.unwrap_or_default() {
        "FileAttachment" => Note::Goes(Category::Attachments, "添付ファイル", "attached files"),
        "Screen" | "Movie" | "Sound" | "RichMedia" | "3D" => {
            Note::Goes(Category::Objects, "埋込みの動画・音声など", "embedded media")
        }
        "Text" | "Popup" | "Highlight" | "Underline" | "StrikeOut" | "Squiggly" | "Caret" => {
            Note::Goes(Category::Comments, "注釈", "an annotation")
        }
        "Link" | "Widget" | "PrinterMark" | "TrapNet" => Note::Stays,
        // Not shown on the page (12.5.3).
        _ if is_unseen(graph, note) => {
            Note::Goes(Category::Comments, "表示されない注釈", "an annotation that is not shown")
        }
        _ => Note::Bare,
    }
}
