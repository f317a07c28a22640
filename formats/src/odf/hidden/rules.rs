//! 規則. What becomes of each element of a part.

use std::collections::HashSet;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::cells::{self, Begins, Grid, is_of_sheet};
use super::facts::Facts;
use super::files::{Files, path_of};
use super::styles::Styles;
use super::{fields, foreign, shapes};
use crate::hidden::{Act, Category, Frame, Ledger, Opened, holds_path, nearest};

/// One walk over a part.
pub(super) struct Rules<'r> {
    ledger: &'r mut Ledger,
    pub styles: &'r Styles,
    files: &'r Files,
    pub facts: &'r Facts,
    folder: &'r str,
    unit: Unit,
    slides: u32,
    /// Width and height of the page.
    pub page: Option<(f64, f64)>,
    grid: Grid,
    pub cells: u32,
    /// The cell of a chart that was emptied, by its depth.
    pub blank: Option<usize>,
    /// The hidden cell that is open and has no value, only words or shapes, by its depth.
    pub bare: Option<usize>,
    foreign: foreign::Spaces,
    /// Sheets that went.
    pub gone: HashSet<String>,
}

impl<'r> Rules<'r> {
    pub fn new(
        ledger: &'r mut Ledger,
        styles: &'r Styles,
        files: &'r Files,
        facts: &'r Facts,
        folder: &'r str,
    ) -> Self {
        Self {
            ledger,
            styles,
            files,
            facts,
            folder,
            unit: Unit::Whole,
            slides: 0,
            page: None,
            grid: Grid::default(),
            cells: 0,
            blank: None,
            bare: None,
            foreign: foreign::Spaces::default(),
            gone: HashSet::new(),
        }
    }

    /// Notes a finding; the answer is `act` where it is to go.
    pub fn goes(&mut self, category: Category, ja: &'static str, en: &'static str, act: Act) -> Act {
        if self.ledger.found(category, self.unit.clone(), &Text::fixed(ja, en)) { act } else { Act::Keep }
    }

    /// Notes what can't be taken out.
    pub fn tells(&mut self, category: Category, ja: &'static str, en: &'static str) {
        self.ledger.kept(category, self.unit.clone(), &Text::fixed(ja, en));
    }

    pub fn removes(&self, category: Category) -> bool {
        self.ledger.removes(category)
    }

    /// Whether formulas become their values, because what they read goes.
    pub fn makes_values(&self) -> bool {
        (self.facts.hides_cells && self.removes(Category::HiddenCells))
            || (self.facts.hides_sheets && self.removes(Category::HiddenSheets))
    }

    pub fn judge(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        let around = || above.iter().map(|frame| frame.local.as_str());
        let get = |name: &str| tag.get(name).map(str::to_owned);
        let of_sheet = is_of_sheet(&tag.local, around());
        let begins = Begins { name: &tag.local, get: &get, depth: above.len(), is_of_sheet: of_sheet };
        let is_hidden = self.grid.step(&begins, self.styles);
        if let Some(act) = self.foreign.judge(tag) {
            return self.goes(Category::CustomData, "他の仕様のデータ", "data in a form of its own", act);
        }
        match tag.local.as_str() {
            "table-cell" | "covered-table-cell" => return cells::cell(self, tag, above, is_hidden),
            _ if is_hidden && self.bare.is_some_and(|depth| depth + 1 == above.len()) => {
                let (ja, en) = ("非表示の行・列の値", "values in hidden rows and columns");
                return self.goes(Category::HiddenCells, ja, en, Act::Drop);
            }
            _ if is_hidden && self.removes(Category::HiddenCells) => return Act::Drop,
            _ if self.blank.is_some_and(|depth| depth < above.len()) => return Act::Drop,
            _ => self.blank = None,
        }
        let style = tag.get("style-name").unwrap_or_default();
        self.crop(tag, style);
        let special = shapes::judge(self, tag, above)
            .or_else(|| fields::judge(self, tag, above))
            .or_else(|| cells::beside(self, tag, above));
        special.unwrap_or_else(|| self.judge_words(tag, style, above))
    }

    fn judge_words(&mut self, tag: &Opened, style: &str, above: &[Frame]) -> Act {
        match tag.local.as_str() {
            "tracked-changes" if tag.is_empty => Act::Keep,
            "tracked-changes" => self.goes(Category::Changes, "変更履歴", "tracked changes", Act::Drop),
            "change" | "change-start" | "change-end" if self.removes(Category::Changes) => Act::Drop,
            "annotation" => self.goes(Category::Comments, "コメント", "comments", Act::Drop),
            "annotation-end" if self.removes(Category::Comments) => Act::Drop,
            "section" if tag.get("display") == Some("none") || tag.is("is-hidden") => {
                self.goes(Category::HiddenText, "非表示の範囲", "a hidden section", Act::Drop)
            }
            "span" if self.styles.hides("text", style) && !tag.is_empty => {
                self.goes(Category::HiddenText, "隠し文字", "hidden text", Act::Drop)
            }
            "p" | "h" if self.styles.hides("paragraph", style) && !tag.is_empty => {
                self.goes(Category::HiddenText, "隠し文字", "hidden text", Act::Drop)
            }
            "table" => self.table(tag, style, above),
            "table-column" if tag.get("visibility") == Some("collapse") && nearest(above, "spreadsheet").is_none() => {
                self.tells(
                    Category::HiddenCells,
                    "表の非表示の列（値があれば手で消してください）",
                    "a hidden column of a table; clear its values by hand",
                );
                Act::Keep
            }
            "show" if nearest(above, "settings").is_some() => {
                self.goes(Category::Properties, "目的別スライドショー", "custom shows", Act::Drop)
            }
            "page" => self.page(tag, style),
            "notes" if self.facts.notes.contains(&self.slides) => {
                self.goes(Category::Notes, "ノート", "notes", Act::Drop)
            }
            "object" | "object-ole" if self.is_object(tag) => {
                if self.removes(Category::Objects) {
                    Act::Drop
                } else {
                    Act::Keep
                }
            }
            "image"
                if self.removes(Category::Thumbnails)
                    && tag.get("href").is_some_and(|address| self.files.is_kept_picture(address)) =>
            {
                Act::Drop
            }
            "scripts" if tag.is_empty => Act::Keep,
            "event-listeners" => self.goes(Category::Macros, "マクロの呼出し", "calls of macros", Act::Drop),
            "script" if nearest(above, "body").is_some() => {
                self.goes(Category::Macros, "スクリプト", "a script", Act::Drop)
            }
            "section-source" | "table-source" | "dde-source" | "dde-connection-decls" => {
                self.goes(Category::Links, "外部への参照", "a reference to something outside", Act::Drop)
            }
            _ => self.links(tag),
        }
    }

    fn table(&mut self, tag: &Opened, style: &str, above: &[Frame]) -> Act {
        let name = tag.get("name").unwrap_or_default();
        let is_sheet = above.last().is_some_and(|frame| frame.local == "spreadsheet");
        // What Calc keeps of the sheets of other files.
        if is_sheet && holds_path(name) && name.contains('#') {
            let (ja, en) = ("他のファイルの値の控え", "values kept of another file");
            return self.goes(Category::Links, ja, en, Act::Drop);
        }
        if self.styles.is_away("table", style) {
            let act = self.goes(Category::HiddenSheets, "非表示のシート", "a hidden sheet", Act::Drop);
            if matches!(act, Act::Drop) {
                self.gone.insert(name.to_owned());
            }
            return act;
        }
        if is_sheet || nearest(above, "spreadsheet").is_some() && !name.is_empty() {
            self.unit = Unit::Cell { sheet: name.to_owned(), cell: String::new() };
        }
        Act::Keep
    }

    fn crop(&mut self, tag: &Opened, style: &str) {
        let is_cropped = ["graphic", "presentation"]
            .iter()
            .any(|family| self.styles.look(family, style).is_some_and(|look| look.is_cropped == Some(true)));
        if tag.local == "frame" && is_cropped {
            self.tells(Category::Cropped, "画像のトリミングで隠れた部分", "parts of a picture that are cropped");
        }
    }

    fn page(&mut self, tag: &Opened, style: &str) -> Act {
        self.slides = self.slides.saturating_add(1);
        self.unit = Unit::Slide(self.slides);
        self.page = self.facts.pages.get(tag.get("master-page-name").unwrap_or_default()).copied();
        if !self.styles.is_away("drawing-page", style) {
            return Act::Keep;
        }
        self.goes(Category::HiddenSlides, "非表示のスライド", "a hidden slide", Act::Drop)
    }

    /// Whether what an element names is an object with its own data.
    fn is_object(&self, tag: &Opened) -> bool {
        let Some(path) = tag.get("href").and_then(path_of) else { return false };
        let in_folder = if self.folder.is_empty() { path.clone() } else { format!("{}/{path}", self.folder) };
        self.files.is_object(&in_folder) || self.files.is_object(&path)
    }

    /// References to files beside the document.
    fn links(&mut self, tag: &Opened) -> Act {
        if tag.attributes.iter().any(|(name, _)| name.ends_with("rsid")) {
            let act = tag.without(|local, _| local.ends_with("rsid"));
            return self.goes(Category::History, "編集のたびの番号", "revision ids", act);
        }
        let Some(address) = tag.get("href") else { return Act::Keep };
        let lower = address.to_ascii_lowercase();
        let is_file =
            ["file:", "//", "../", "/", "\\\\"].iter().any(|begin| lower.starts_with(begin)) || holds_path(address);
        match tag.local.as_str() {
            "a" if is_file => self.goes(Category::Links, "ファイルへのリンク", "a link to a file", Act::Unwrap),
            "image" if is_file || lower.contains("://") => {
                self.goes(Category::Links, "リンクされた画像", "a linked picture", Act::Drop)
            }
            "object" | "object-ole" | "plugin" | "floating-frame" | "applet" if is_file || lower.contains("://") => {
                self.goes(Category::Links, "外部への参照", "a reference to something outside", Act::Drop)
            }
            _ if is_file => {
                let act = if tag.is_empty { Act::Drop } else { tag.without(|local, _| local == "href") };
                self.goes(Category::Links, "外部への参照", "a reference to something outside", act)
            }
            _ => Act::Keep,
        }
    }
}
