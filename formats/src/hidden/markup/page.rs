//! What elements and attributes of pages and drawings are hidden data.

use super::tokens::{Attribute, Token};
use super::{Sort, local};
use crate::hidden::Category;
use crate::label::StoredLabel;
use crate::xmp::OURS;

/// A judgement: which category, and what it is.
type Judged = (Category, &'static str, &'static str);

/// Prefixes of what drawing programs keep for themselves.
const EDITORS: &[&str] = &["sodipodi", "inkscape", "i", "x", "graph", "sketch", "serif", "figma", "bx", "vectornator"];

/// Whether a whole element is hidden data; `following` is what comes with and after its tag.
pub(super) fn element(name: &str, pairs: &[Attribute], following: &[Token<'_>]) -> Option<Judged> {
    let get = |wanted: &str| pairs.iter().find(|a| a.name == wanted).map(|a| a.value.trim());
    if let Some((prefix, _)) = name.split_once(':')
        && EDITORS.contains(&prefix)
    {
        return Some((Category::PrivateData, "作図ソフトの内部データ", "private data of a drawing program"));
    }
    match local(name) {
        "script" => Some((Category::Scripts, "スクリプト", "scripts")),
        "metadata" => Some(if following.iter().take(4).any(|t| t.raw.contains(OURS)) {
            (Category::Label, "格付の記録", "the stored label")
        } else {
            (Category::PictureData, "メタデータ", "metadata")
        }),
        "meta" => meta(get("name").or_else(|| get("property")), get("http-equiv")),
        "link" => link(&get("rel").unwrap_or_default().to_ascii_lowercase(), get("href").unwrap_or_default()),
        "base" if is_file(get("href").unwrap_or_default()) => {
            Some((Category::Links, "保存場所のパス", "the path it was saved at"))
        }
        "template" => Some((Category::HiddenText, "表示されないひな形", "a template that is not shown")),
        "noscript" | "noframes" | "noembed" | "annotation" | "annotation-xml" => Some((
            Category::HiddenText,
            "代わりに置かれ、表示されない要素",
            "elements in place of something, which are not shown",
        )),
        "desc" => Some((
            Category::PictureData,
            "図の説明（表示されません）",
            "descriptions in a drawing, which are not shown",
        )),
        "iframe" | "embed" | "applet" | "frame" => {
            let address = get("src").unwrap_or_default();
            frame(address)
        }
        // What word processors leave in pages: properties, authors and settings.
        "xml" if name == "xml" => {
            Some((Category::PrivateData, "ワープロの設定・作成者", "settings and authors of a word processor"))
        }
        _ => None,
    }
}

fn frame(address: &str) -> Option<Judged> {
    if is_file(address) {
        return Some((Category::Links, "ファイルへの参照", "a reference to a file"));
    }
    is_remote(address).then_some((Category::Remote, "外部のページ", "a page from elsewhere"))
}

fn meta(name: Option<&str>, equivalent: Option<&str>) -> Option<Judged> {
    if let Some(equivalent) = equivalent {
        let is_moving = equivalent.eq_ignore_ascii_case("refresh");
        return is_moving.then_some((Category::Scripts, "自動で移動する指定", "moving on by itself"));
    }
    if name.is_some_and(StoredLabel::is_property) {
        return Some((Category::Label, "格付の記録", "the stored label"));
    }
    let name = name?.to_ascii_lowercase();
    // What search engines and readers are to see.
    const MEANT: &[&str] = &[
        "description",
        "viewport",
        "robots",
        "googlebot",
        "theme-color",
        "color-scheme",
        "referrer",
        "format-detection",
        "application-name",
        "title",
        "dc.title",
        "dcterms.title",
        "dc.language",
        "dcterms.language",
    ];
    if MEANT.contains(&name.as_str()) || name.starts_with("og:") || name.starts_with("twitter:") {
        return None;
    }
    const PEOPLE: [&str; 8] =
        ["author", "creator", "changedby", "publisher", "owner", "contributor", "reply-to", "editor"];
    Some(if PEOPLE.iter().any(|word| name.contains(word)) {
        (Category::Authors, "作成者の記載", "an author")
    } else if matches!(name.as_str(), "generator" | "progid" | "originator" | "formatter") {
        (Category::PrivateData, "作成ソフトの記載", "the program it was made with")
    } else {
        (Category::Properties, "その他のmeta要素", "other meta elements")
    })
}

fn link(rel: &str, address: &str) -> Option<Judged> {
    match rel {
        "author" | "me" => Some((Category::Authors, "作成者の記載", "an author")),
        "file-list" | "edit-time-data" | "themedata" | "colorschememapping" | "ole-object-data" | "preview"
        | "original-file" => {
            Some((Category::PrivateData, "ワープロの付属ファイルへの参照", "files of a word processor"))
        }
        _ if is_file(address) => Some((Category::Links, "ファイルへの参照", "a reference to a file")),
        "stylesheet" | "preload" | "modulepreload" | "prefetch" | "dns-prefetch" | "preconnect" | "icon"
        | "shortcut icon" | "apple-touch-icon" | "manifest"
            if is_remote(address) =>
        {
            Some((Category::Remote, "外部から読み込む部品", "a part loaded from elsewhere"))
        }
        _ => None,
    }
}

/// Whether an attribute is hidden data.
pub(super) fn attribute(sort: Sort, element: &str, pair: &Attribute) -> Option<Judged> {
    let (name, value) = (pair.name.as_str(), pair.value.trim());
    if let Some((prefix, _)) = name.split_once(':')
        && EDITORS.contains(&prefix)
    {
        return Some((Category::PrivateData, "作図ソフトの内部データ", "private data of a drawing program"));
    }
    if name.starts_with("on") && name.len() > 3 && name.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some((Category::Scripts, "スクリプト", "scripts"));
    }
    if name.starts_with("data-") && (sort == Sort::Svg || is_editors(name)) {
        return Some((Category::PrivateData, "編集ソフトの内部データ", "private data of an editor"));
    }
    if !is_address(name) {
        return None;
    }
    let bare: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
    if bare.to_ascii_lowercase().starts_with("javascript:") || bare.to_ascii_lowercase().starts_with("vbscript:") {
        return Some((Category::Scripts, "スクリプト", "scripts"));
    }
    if is_file(value) {
        return Some((Category::Links, "ファイルへのリンク・パス", "a link to a file, or a path"));
    }
    // A link that readers follow themselves is meant to be there.
    let is_followed = matches!(local(element), "a" | "area" | "form" | "base" | "blockquote" | "q" | "link");
    (!is_followed && is_remote(value)).then_some((
        Category::Remote,
        "外部から読み込む画像・部品",
        "a picture or part loaded from elsewhere",
    ))
}

/// Attributes that editors in browsers and word processors leave behind.
fn is_editors(name: &str) -> bool {
    const BEGINS: [&str; 14] = [
        "data-mce",
        "data-cke",
        "data-ck",
        "data-pm",
        "data-gramm",
        "data-slate",
        "data-ogs",
        "data-contrast",
        "data-ccp",
        "data-author",
        "data-user",
        "data-reactroot",
        "data-lt-",
        "data-saferedirect",
    ];
    BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// Whether an attribute holds an address.
pub(super) fn is_address(name: &str) -> bool {
    matches!(
        local(name),
        "href"
            | "src"
            | "srcset"
            | "action"
            | "formaction"
            | "data"
            | "poster"
            | "background"
            | "cite"
            | "longdesc"
            | "codebase"
            | "classid"
            | "ping"
            | "manifest"
    )
}

fn is_remote(address: &str) -> bool {
    let lower = address.trim_start().to_ascii_lowercase();
    ["http://", "https://", "//", "ftp://"].iter().any(|begin| lower.starts_with(begin))
        || lower.contains(", http://")
        || lower.contains(", https://")
}

/// A place on somebody's disk or share: `file:`, `\\server`, `C:\`.
fn is_file(address: &str) -> bool {
    let address = address.trim();
    let drive = matches!(address.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    drive || address.starts_with("\\\\") || address.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("file:"))
}
