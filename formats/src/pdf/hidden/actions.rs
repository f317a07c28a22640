//! 動作. What a PDF does beside being read (ISO 32000-2, 12.6): scripts and launching go, and links to files.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::edit::Editor;
use crate::hidden::Category;
use crate::pdf::object::{Dict, Object};

/// Actions that do something beside moving about in the document.
const ACTIONS: [&str; 9] =
    ["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToE", "Rendition", "Movie", "Sound", "RichMediaExecute"];

impl Editor<'_> {
    pub(super) fn actions(&mut self, dict: &mut Dict) {
        for key in ["A", "OpenAction", "Next", "PA", "AA"] {
            match self.graph.value(dict, key).clone() {
                Object::Dict(action) if self.is_to_go(key, &action) => self.ban(dict, key),
                Object::Array(actions) if key == "Next" => self.chain(dict, &actions),
                _ => {}
            }
        }
        // The tree of scripts that run when the document opens.
        if dict.get("JavaScript").is_some()
            && self.kind(dict, "S").is_none()
            && self.found(Category::Scripts, "文書を開くと動くスクリプト", "scripts that run on opening")
        {
            self.ban(dict, "JavaScript");
        }
        let base = match self.graph.value(dict, "URI") {
            Object::Dict(of_catalog) => self.graph.value(of_catalog, "Base").as_words(),
            _ => None,
        };
        let is_net = |base: &String| ["http:", "https:"].iter().any(|net| base.to_ascii_lowercase().starts_with(net));
        if base.is_some_and(|base| !is_net(&base))
            && self.found(Category::Links, "リンクの起点となるパス", "the path that links begin with")
        {
            self.ban(dict, "URI");
        }
    }

    /// Whether an action, or a set of them, is to go.
    fn is_to_go(&mut self, key: &str, action: &Dict) -> bool {
        if key == "AA" {
            return self.found(Category::Scripts, "自動動作", "automatic actions");
        }
        let kind = self.kind(action, "S").map(str::to_owned);
        match kind.as_deref() {
            Some(kind) if ACTIONS.contains(&kind) => {
                self.found(Category::Scripts, "スクリプト・起動動作", "a script or launching action")
            }
            Some("GoToR") => self.found(Category::Links, "ほかのファイルへのリンク", "a link to a file"),
            Some("Thread") if action.get("F").is_some() => {
                self.found(Category::Links, "ほかのファイルへのリンク", "a link to a file")
            }
            Some("URI") => {
                let address = self.graph.value(action, "URI").as_words().unwrap_or_default();
                address.to_ascii_lowercase().starts_with("file:")
                    && self.found(Category::Links, "ファイルへのリンク", "a link to a file")
            }
            _ => false,
        }
    }

    /// Actions that follow another (12.6.2), without those that are to go.
    fn chain(&mut self, dict: &mut Dict, actions: &[Object]) {
        let mut kept = Vec::new();
        for item in actions {
            let Object::Dict(action) = self.graph.resolve(item).clone() else { continue };
            if self.is_to_go("Next", &action) {
                self.graph.banned.extend(item.as_reference().map(|to| to.number));
            } else {
                kept.push(item.clone());
            }
        }
        if kept.len() < actions.len() {
            *dict = std::mem::take(dict).with("Next", Object::Array(kept));
        }
    }

    /// Pages that something leads to and that are not among the pages, such as templates of pages (12.7.7): readers do
    /// not show them.
    pub(super) fn stray_pages(&mut self, reached: &std::collections::BTreeSet<u32>) {
        // Where there is no tree of pages, others may find them otherwise.
        for number in reached.iter().filter(|_| !self.units.is_empty()) {
            let Some(dict) = self.graph.nodes.get(number).and_then(|node| node.object.as_dict()) else { continue };
            let is_page = matches!(self.kind(dict, "Type"), Some("Page" | "Template"))
                || dict.get("MediaBox").is_some() && dict.get("Contents").is_some();
            if !is_page || self.tree.contains(number) {
                continue;
            }
            let what = Text::fixed("ページの一覧にないページ", "a page that is not among the pages");
            if self.ledger.found(Category::Leftovers, Unit::Whole, &what) {
                self.graph.banned.insert(*number);
            }
        }
    }
}
