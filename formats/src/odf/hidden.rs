//! 隠れた情報. What an OpenDocument package holds beside what is seen (ISO/IEC 26300-3).

use std::collections::{HashMap, HashSet};

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::columns::{self, Columns, times};
use super::mark::is_ours;
use super::{MANIFEST, MEDIA_TYPE, SIGNATURES};
use crate::error::ReadError;
use crate::hidden::{Act, Category, Changes, Frame, Ledger, Opened, Out, SanitiseError, nearest, scrub};
use crate::label::StoredLabel;
use crate::source::Source;
use crate::text::{Halt, Node, walk};
use crate::zip::Archive;

/// Objects that are drawn from what they hold: without it the page would look otherwise.
const DRAWN: [&str; 2] = ["application/vnd.oasis.opendocument.chart", "application/vnd.oasis.opendocument.formula"];

/// Finds hidden data, and writes the package without those that are to go.
pub(super) fn clean(source: &dyn Source, ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let archive = Archive::open(source)?;
    let mut changes = Changes::default();
    let media = media_types(&archive, &changes)?;
    files(&archive, &media, ledger, &mut changes);
    let mut styles = Styles::default();
    let names: Vec<&str> = archive.entries().iter().map(|e| e.name.as_str()).collect();
    // Styles of the document apply to its content, and those stand in a part of their own.
    for part in ["styles.xml", "content.xml"] {
        if let Some(text) = changes.text(&archive, part)? {
            styles.read(&text)?;
        }
    }
    for name in names.iter().filter(|name| is_markup(name)) {
        let Some(text) = changes.text(&archive, name)? else { continue };
        let cut = columns::cut(&text).unwrap_or_default();
        let part = cut.as_ref().unwrap_or(&text);
        let cleaned = match *name {
            "meta.xml" => scrub_words(part, &mut |name, named, text| metadata(name, named, text), ledger),
            "settings.xml" => scrub_words(part, &mut |name, named, text| setting(name, named, text), ledger),
            _ => {
                let mut rules = Rules {
                    ledger,
                    styles: &styles,
                    media: &media,
                    unit: Unit::Whole,
                    slides: 0,
                    row_is_hidden: false,
                    cell_is_hidden: false,
                    columns: Columns::default(),
                };
                scrub(part, &mut |tag, above| rules.judge(tag, above))
            }
        };
        match cleaned {
            Ok(cleaned) if cleaned != *part => changes.put(name, cleaned.into_bytes())?,
            Ok(_) => {}
            Err(ReadError::Damaged(why)) => {
                ledger.not_inspected(Text::new(format!("読めない部品：{name}"), format!("{name}: {why}")));
            }
            Err(e) => return Err(e.into()),
        }
    }
    changes.media(&archive, ledger)?;
    unlist(&archive, &mut changes)?;
    changes.write(&archive, out)
}

fn is_markup(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    matches!(file, "content.xml" | "styles.xml" | "meta.xml" | "settings.xml")
}

/// Media types by path.
fn media_types(archive: &Archive<'_>, changes: &Changes) -> Result<HashMap<String, String>, ReadError> {
    let mut found = HashMap::new();
    let Some(manifest) = changes.text(archive, MANIFEST)? else { return Ok(found) };
    scrub(&manifest, &mut |tag, _| {
        if let Some((path, media)) = tag.get("full-path").zip(tag.get("media-type")) {
            found.insert(path.trim_end_matches('/').to_owned(), media.to_owned());
        }
        Act::Keep
    })?;
    Ok(found)
}

/// Files that are hidden data as a whole.
fn files(archive: &Archive<'_>, media: &HashMap<String, String>, ledger: &mut Ledger, changes: &mut Changes) {
    for entry in archive.entries().iter().filter(|e| !e.name.ends_with('/')) {
        let name = entry.name.as_str();
        let first = name.split('/').next().unwrap_or_default();
        let (category, what) = match first {
            "Thumbnails" => (Category::Thumbnails, Text::fixed("縮小版の画像", "a thumbnail")),
            "Versions" | "VersionList.xml" => (Category::Revisions, Text::fixed("保存された版", "saved versions")),
            "Basic" | "Scripts" | "Dialogs" => (Category::Macros, Text::fixed("マクロ", "macros")),
            _ if name == SIGNATURES || name == "META-INF/macrosignatures.xml" => {
                (Category::Signatures, Text::fixed("電子署名", "digital signatures"))
            }
            _ if is_object(first, media) => {
                (Category::Objects, Text::fixed("埋込みオブジェクト", "an embedded object"))
            }
            "META-INF" | "Pictures" | "Configurations2" | "ObjectReplacements" | MEDIA_TYPE => continue,
            _ if media.contains_key(name) || is_markup(name) || matches!(name, "manifest.rdf" | "layout-cache") => {
                continue;
            }
            _ if media.contains_key(first) => continue,
            _ => (Category::Leftovers, Text::fixed("目録にないファイル", "a file that is not listed")),
        };
        if ledger.found(category, Unit::Whole, &what) {
            changes.remove(name);
        }
    }
}

/// Whether what lies at a path is an object that was embedded, with its own data.
fn is_object(path: &str, media: &HashMap<String, String>) -> bool {
    let Some(kind) = media.get(path) else { return false };
    let is_document = kind.starts_with("application/vnd.oasis.opendocument.") && !path.is_empty() && path != "/";
    kind == "application/vnd.sun.star.oleobject" || (is_document && !DRAWN.iter().any(|drawn| kind.starts_with(drawn)))
}

/// The manifest without what went.
fn unlist(archive: &Archive<'_>, changes: &mut Changes) -> Result<(), ReadError> {
    let Some(manifest) = changes.text(archive, MANIFEST)? else { return Ok(()) };
    let there = |path: &str| archive.entries().iter().any(|e| e.name.starts_with(path) && !changes.is_gone(&e.name));
    let cleaned = scrub(&manifest, &mut |tag, _| match tag.get("full-path") {
        Some(path) if path != "/" && !there(path) => Act::Drop,
        _ => Act::Keep,
    })?;
    if cleaned != manifest { changes.put(MANIFEST, cleaned.into_bytes()) } else { Ok(()) }
}

/// A part of names and values, without those that `judge` says are to go.
fn scrub_words(
    part: &str,
    judge: &mut dyn FnMut(&str, &str, &str) -> Option<Category>,
    ledger: &mut Ledger,
) -> Result<String, ReadError> {
    let elements = crate::xml::elements(part, 8)?;
    let mut gone: Vec<std::ops::Range<usize>> = Vec::new();
    for element in elements.iter().filter(|e| e.depth >= 2) {
        let named = element.attribute_local("name").or_else(|| element.attribute_local("href")).unwrap_or_default();
        let Some(category) = judge(&element.name, named, element.text.trim()) else { continue };
        let name = if element.name == "user-defined" || element.name == "config-item" { named } else { &element.name };
        let what = Text::new(format!("プロパティ「{name}」"), format!("property \"{name}\""));
        let inside = gone.last().is_some_and(|last| last.end > element.span.start);
        if !inside && ledger.found(category, Unit::Whole, &what) {
            gone.push(element.span.clone());
        }
    }
    let mut out = String::with_capacity(part.len());
    let mut at = 0;
    for range in gone {
        out.push_str(part.get(at..range.start).unwrap_or_default());
        at = range.end;
    }
    out.push_str(part.get(at..).unwrap_or_default());
    Ok(out)
}

fn metadata(name: &str, named: &str, text: &str) -> Option<Category> {
    match name {
        "user-defined" if StoredLabel::is_property(named) => Some(Category::Label),
        "user-defined" => Some(Category::CustomData),
        "template" | "hyperlink-behaviour" | "auto-reload" if !named.is_empty() => Some(Category::Links),
        _ if text.is_empty() => None,
        "initial-creator" | "creator" | "printed-by" => Some(Category::Authors),
        "editing-cycles" if matches!(text, "0" | "1") => None,
        "editing-duration" if !text.bytes().any(|b| matches!(b, b'1'..=b'9')) => None,
        "editing-cycles" | "editing-duration" | "print-date" => Some(Category::History),
        "description" | "subject" | "keyword" => Some(Category::Properties),
        _ => None,
    }
}

fn setting(name: &str, named: &str, text: &str) -> Option<Category> {
    if name != "config-item" || text.is_empty() || text == "0" || text == "false" {
        return None;
    }
    match named {
        "PrinterName" | "PrinterSetup" | "PrintFaxName" => Some(Category::Printer),
        "Rsid" | "RsidRoot" => Some(Category::History),
        "CurrentDatabaseDataSource" | "CurrentDatabaseCommand" | "EmbeddedDatabaseName" => Some(Category::Links),
        _ => None,
    }
}

/// Styles that hide what has them.
#[derive(Default)]
struct Styles {
    text: HashSet<String>,
    tables: HashSet<String>,
    pages: HashSet<String>,
    /// Text as white as paper or too small to read, and pictures that are cropped.
    unseen: HashSet<String>,
    cropped: HashSet<String>,
    /// Slides whose notes have words.
    notes: HashSet<u32>,
}

impl Styles {
    fn read(&mut self, part: &str) -> Result<(), ReadError> {
        let mut style = String::new();
        scrub(part, &mut |tag, _| {
            let into = match tag.local.as_str() {
                "style" => {
                    style = tag.get("name").unwrap_or_default().to_owned();
                    return Act::Keep;
                }
                "text-properties" if tag.get("display") == Some("none") => &mut self.text,
                "table-properties" if tag.get("display") == Some("false") => &mut self.tables,
                "drawing-page-properties" if tag.get("visibility") == Some("hidden") => &mut self.pages,
                "text-properties" if is_unseen(tag) => &mut self.unseen,
                "graphic-properties" if tag.get("clip").is_some_and(crops) => &mut self.cropped,
                _ => return Act::Keep,
            };
            into.insert(style.clone());
            Act::Keep
        })?;
        self.read_notes(part)
    }

    /// Notes in which words stand, beside fields.
    fn read_notes(&mut self, part: &str) -> Result<(), ReadError> {
        let (mut slide, mut is_notes, mut element) = (0_u32, false, String::new());
        let mut marking = 0_u32;
        let done = walk(part, &mut |node| {
            match node {
                // Our marking is nobody's note.
                Node::Start(tag) if marking > 0 || tag.get("name").is_some_and(|name| is_ours(&name)) => marking += 1,
                Node::End(_) if marking > 0 => marking -= 1,
                Node::Text(_) if marking > 0 => {}
                Node::Start(tag) => {
                    match tag.name {
                        "page" => slide = slide.saturating_add(1),
                        "notes" => is_notes = true,
                        _ => {}
                    }
                    tag.name.clone_into(&mut element);
                }
                Node::End("notes") => is_notes = false,
                Node::End(_) => element.clear(),
                Node::Text(text) => {
                    let is_written = is_notes && matches!(element.as_str(), "p" | "span" | "h" | "a" | "");
                    if is_written && text.chars().any(|c| !c.is_whitespace()) {
                        self.notes.insert(slide);
                    }
                }
            }
            Ok(())
        });
        match done {
            Ok(()) | Err(Halt::Over) => Ok(()),
            Err(Halt::Read(e)) => Err(e),
        }
    }
}

/// Whether what begins belongs to a sheet itself, not to a table in a cell or a drawing.
fn is_of_sheet(above: &[Frame]) -> bool {
    let tables = above.iter().filter(|frame| frame.local == "table").count();
    tables == 1 && nearest(above, "spreadsheet").is_some()
}

struct Rules<'r> {
    ledger: &'r mut Ledger,
    styles: &'r Styles,
    media: &'r HashMap<String, String>,
    unit: Unit,
    slides: u32,
    row_is_hidden: bool,
    cell_is_hidden: bool,
    columns: Columns,
}

impl Rules<'_> {
    fn goes(&mut self, category: Category, ja: &'static str, en: &'static str, act: Act) -> Act {
        if self.ledger.found(category, self.unit.clone(), &Text::fixed(ja, en)) { act } else { Act::Keep }
    }

    fn judge(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        let style = tag.get("style-name").unwrap_or_default();
        self.unseen(tag, style, above);
        match tag.local.as_str() {
            "tracked-changes" if tag.is_empty => Act::Keep,
            "tracked-changes" => self.goes(Category::Changes, "変更履歴", "tracked changes", Act::Drop),
            "change" | "change-start" | "change-end" if self.ledger.removes(Category::Changes) => Act::Drop,
            "annotation" => self.goes(Category::Comments, "コメント", "comments", Act::Drop),
            "annotation-end" if self.ledger.removes(Category::Comments) => Act::Drop,
            "hidden-text" => self.goes(Category::HiddenText, "隠し文字", "hidden text", Act::Drop),
            "hidden-paragraph" if tag.is("is-hidden") => {
                self.goes(Category::HiddenText, "非表示の段落", "a hidden paragraph", Act::Doom("p"))
            }
            "section" if tag.get("display") == Some("none") => {
                self.goes(Category::HiddenText, "非表示の範囲", "a hidden section", Act::Drop)
            }
            "span" | "p" | "h" if self.styles.text.contains(style) && !tag.is_empty => {
                self.goes(Category::HiddenText, "隠し文字", "hidden text", Act::Drop)
            }
            "table" if self.styles.tables.contains(style) => {
                self.goes(Category::HiddenSheets, "非表示のシート", "a hidden sheet", Act::Drop)
            }
            "table" => {
                if let Some(sheet) = tag.get("name").filter(|_| nearest(above, "spreadsheet").is_some()) {
                    self.unit = Unit::Cell { sheet: sheet.to_owned(), cell: String::new() };
                }
                if above.last().is_some_and(|frame| frame.local == "spreadsheet") {
                    self.columns = Columns::default();
                }
                Act::Keep
            }
            "table-row" => {
                self.row_is_hidden = matches!(tag.get("visibility"), Some("collapse" | "filter"));
                if is_of_sheet(above) {
                    self.columns.row();
                }
                Act::Keep
            }
            "table-cell" | "covered-table-cell" => self.cell(tag, above),
            _ if self.cell_is_hidden
                && nearest(above, "table-cell").is_some()
                && self.ledger.removes(Category::HiddenCells) =>
            {
                Act::Drop
            }
            "table-column" if is_of_sheet(above) => {
                let is_hidden = matches!(tag.get("visibility"), Some("collapse" | "filter"));
                self.columns.name(times(tag.get("number-columns-repeated")), is_hidden);
                Act::Keep
            }
            "table-column" if matches!(tag.get("visibility"), Some("collapse")) => {
                let what = Text::fixed(
                    "表の非表示の列（値があれば手で消してください）",
                    "a hidden column of a table; clear its values by hand",
                );
                self.ledger.kept(Category::HiddenCells, self.unit.clone(), &what);
                Act::Keep
            }
            "show" if nearest(above, "settings").is_some() => {
                self.goes(Category::Properties, "目的別スライドショー", "custom shows", Act::Drop)
            }
            "page" => self.page(style),
            "notes" => self.notes(),
            "object" | "object-ole" => self.object(tag),
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

    fn cell(&mut self, tag: &Opened, above: &[Frame]) -> Act {
        let mut is_hidden = self.row_is_hidden;
        if is_of_sheet(above) {
            let cells = self.columns.cells(times(tag.get("number-columns-repeated")));
            is_hidden |= self.columns.hide(&cells);
        }
        self.cell_is_hidden = is_hidden;
        if !is_hidden || (tag.get("value-type").is_none() && tag.get("formula").is_none()) {
            return Act::Keep;
        }
        // The cell stays in its place, empty: what is in it goes below.
        let act = tag.without(|local, _| !matches!(local, "style-name" | "number-columns-repeated"));
        self.goes(Category::HiddenCells, "非表示の行・列の値", "values in hidden rows and columns", act)
    }

    /// What is on the page and still not seen.
    fn unseen(&mut self, tag: &Opened, style: &str, above: &[Frame]) {
        let is_text = matches!(tag.local.as_str(), "span" | "p" | "h") && !tag.is_empty;
        // In tables and shapes the ground may be dark.
        let on_paper =
            nearest(above, "text").is_some() && nearest(above, "table").is_none() && nearest(above, "frame").is_none();
        let found = if is_text && on_paper && self.styles.unseen.contains(style) {
            (Category::Unseen, Text::fixed("白い文字・極端に小さい文字", "white text, or text too small to read"))
        } else if tag.local == "frame" && self.styles.cropped.contains(style) {
            (Category::Cropped, Text::fixed("画像のトリミングで隠れた部分", "parts of a picture that are cropped"))
        } else {
            return;
        };
        self.ledger.kept(found.0, self.unit.clone(), &found.1);
    }

    fn page(&mut self, style: &str) -> Act {
        self.slides = self.slides.saturating_add(1);
        self.unit = Unit::Slide(self.slides);
        if !self.styles.pages.contains(style) {
            return Act::Keep;
        }
        self.goes(Category::HiddenSlides, "非表示のスライド", "a hidden slide", Act::Drop)
    }

    /// Notes are there for every slide; only written ones are anybody's.
    fn notes(&mut self) -> Act {
        if !self.styles.notes.contains(&self.slides) {
            return Act::Keep;
        }
        self.goes(Category::Notes, "ノート", "notes", Act::Drop)
    }

    fn object(&mut self, tag: &Opened) -> Act {
        let path = tag.get("href").unwrap_or_default().trim_start_matches("./").trim_end_matches('/').to_owned();
        if is_object(&path, self.media) && self.ledger.removes(Category::Objects) { Act::Drop } else { Act::Keep }
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
            lower.starts_with("file:") || lower.starts_with("//") || lower.starts_with("../") || lower.starts_with('/');
        match tag.local.as_str() {
            "a" if is_file => self.goes(Category::Links, "ファイルへのリンク", "a link to a file", Act::Unwrap),
            "image" if is_file || lower.contains("://") => {
                self.goes(Category::Links, "リンクされた画像", "a linked picture", Act::Drop)
            }
            "object" | "plugin" | "floating-frame" | "applet" if is_file || lower.contains("://") => {
                self.goes(Category::Links, "外部への参照", "a reference to something outside", Act::Drop)
            }
            _ => Act::Keep,
        }
    }
}

fn is_unseen(tag: &Opened) -> bool {
    let points =
        tag.get("font-size").and_then(|size| size.strip_suffix("pt")).and_then(|size| size.parse::<f64>().ok());
    let is_white = tag.get("color").is_some_and(|color| color.eq_ignore_ascii_case("#ffffff"));
    // On a ground of its own it is seen.
    let on_ground = tag.get("background-color").is_some_and(|ground| ground != "transparent");
    is_white && !on_ground || points.is_some_and(|points| points <= 2.0)
}

/// `rect(0cm, 1cm, 0cm, 0cm)`: whether any side is cut off.
fn crops(clip: &str) -> bool {
    clip.strip_prefix("rect(").is_some_and(|sides| {
        let number =
            |side: &str| side.trim().trim_end_matches(|c: char| c.is_alphabetic() || c == ')').parse::<f64>().ok();
        sides.split(',').filter_map(number).any(|cut| cut > 0.01)
    })
}
