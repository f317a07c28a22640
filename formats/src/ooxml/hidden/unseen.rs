//! What is on the page and still not seen: text as white as the paper or too small to read, parts of pictures behind a crop,
//! paths in descriptions and codes of fields.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use super::super::kinds::Family;
use super::rules::Rules;
use crate::hidden::{Act, Category, Frame, Ledger, Opened, nearest};

/// Half points, and hundredths of a point, below which nobody reads.
const TINY_WORD: u32 = 4;
const TINY_SLIDES: u32 = 200;

/// Judges what is so in any part.
pub(super) fn judge(rules: &mut Rules<'_>, tag: &Opened, above: &[Frame]) -> Option<Act> {
    match tag.local.as_str() {
        "srcRect" if crops(tag) => {
            let what = Text::fixed("画像のトリミングで隠れた部分", "parts of a picture that are cropped");
            rules.ledger.kept(Category::Cropped, rules.unit.clone(), &what);
            None
        }
        "cNvPr" | "docPr" if tag.get("descr").is_some_and(is_path) => {
            let act = tag.without(|local, value| local == "descr" && is_path(value));
            let goes = rules.found(
                Category::Links,
                "代替テキストに残った元ファイルのパス",
                "a file's path left as a description",
            );
            // What else is to be said of the shape is said later.
            (goes && !tag.is("hidden")).then_some(act)
        }
        "color" if rules.family == Family::Word && tag.get("val") == Some("FFFFFF") && is_run(above) => {
            note(rules, "白い文字", "white text")
        }
        "sz" if rules.family == Family::Word && is_run(above) => {
            let size = tag.get("val").and_then(|v| v.parse::<u32>().ok());
            size.filter(|size| *size <= TINY_WORD)
                .and_then(|_| note(rules, "極端に小さい文字", "text too small to read"))
        }
        "rPr" if rules.family == Family::Slides => {
            let size = tag.get("sz").and_then(|v| v.parse::<u32>().ok());
            size.filter(|size| *size <= TINY_SLIDES)
                .and_then(|_| note(rules, "極端に小さい文字", "text too small to read"))
        }
        _ => None,
    }
}

fn note(rules: &mut Rules<'_>, ja: &'static str, en: &'static str) -> Option<Act> {
    rules.ledger.kept(Category::Unseen, rules.unit.clone(), &Text::fixed(ja, en));
    None
}

/// Whether it is the formatting of a run on the bare page: in tables and shapes the ground may be dark.
fn is_run(above: &[Frame]) -> bool {
    let in_run = above.last().is_some_and(|f| f.local == "rPr") && nearest(above, "r").is_some();
    in_run && nearest(above, "tbl").is_none() && nearest(above, "txbxContent").is_none()
}

/// Whether more than a thousandth of a side is cut off (ISO/IEC 29500-1, 20.1.8.55).
fn crops(tag: &Opened) -> bool {
    ["l", "t", "r", "b"].iter().filter_map(|side| tag.get(side)).any(|cut| {
        let cut = cut
            .strip_suffix('%')
            .map_or_else(|| cut.parse::<f64>().ok(), |p| p.parse::<f64>().ok().map(|p| p * 1000.0));
        cut.is_some_and(|cut| cut > 100.0)
    })
}

/// Whether words are the place of a file: `C:\…`, `\\server\…`, `file:…`.
fn is_path(words: &str) -> bool {
    let bytes = words.trim_start().as_bytes();
    matches!(bytes, [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
        || bytes.starts_with(b"\\\\")
        || bytes.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"file:"))
}

/// A format whose every section is empty: `;;;`.
pub(super) fn shows_nothing(format: &str) -> bool {
    format.trim().len() >= 2 && format.trim().bytes().all(|b| b == b';')
}

/// Whether the code of a field names a file.
pub(super) fn names_files(code: &str) -> bool {
    const OUTSIDE: [&str; 7] = ["INCLUDETEXT", "INCLUDEPICTURE", "LINK", "DDE", "DDEAUTO", "DATABASE", "IMPORT"];
    let code = code.replace("&quot;", "\"").replace("&amp;", "&");
    let mut words = code.split_whitespace();
    let first = words.next().unwrap_or_default().to_ascii_uppercase();
    let named = words
        .any(|word| is_path(word.trim_matches('"').replace("\\\\", "\\").as_str()) || is_path(word.trim_matches('"')));
    OUTSIDE.contains(&first.as_str()) || first == "HYPERLINK" && named
}

/// Notes fields whose codes name files; the codes go with the other links.
pub(super) fn fields(part: &str, unit: &Unit, ledger: &mut Ledger) {
    for code in part.split("instrText").skip(1).step_by(2) {
        let code = code.split_once('>').map_or("", |(_, code)| code);
        if names_files(code.strip_suffix("</w:").unwrap_or(code)) {
            let what = Text::fixed("フィールドに残った外部への参照", "a field's reference to something outside");
            ledger.found(Category::Links, unit.clone(), &what);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_fields_are_told_from_words() {
        assert!(is_path("C:\\Users\\sato\\図.png") && is_path("\\\\server\\share") && is_path("file:///x"));
        assert!(!is_path("図１：組織図") && !is_path("https://example.go.jp"));
        assert!(names_files(" INCLUDEPICTURE \"x.png\" \\d") && names_files(" HYPERLINK \"C:\\\\a\\\\b.docx\" "));
        assert!(!names_files(" HYPERLINK \"https://example.go.jp\" ") && !names_files(" PAGE "));
        assert!(shows_nothing(";;;") && !shows_nothing("0;;") && !shows_nothing(";"));
    }
}
