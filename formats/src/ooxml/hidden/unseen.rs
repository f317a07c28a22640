//! What is on the page and still not seen: text as white as the paper or too small to read, parts of pictures behind a crop,
//! paths in descriptions.

use kakuzuke_core::code::Text;

use super::super::kinds::Family;
use super::rules::Rules;
use crate::hidden::{Act, Category, Opened, is_path};

/// Hundredths of a point below which nobody reads.
const TINY_SLIDES: u32 = 200;

/// Judges what is so in any part.
pub(super) fn judge(rules: &mut Rules<'_>, tag: &Opened) -> Option<Act> {
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

/// Whether more than a thousandth of a side is cut off (ISO/IEC 29500-1, 20.1.8.55).
fn crops(tag: &Opened) -> bool {
    ["l", "t", "r", "b"].iter().filter_map(|side| tag.get(side)).any(|cut| {
        let cut = cut
            .strip_suffix('%')
            .map_or_else(|| cut.parse::<f64>().ok(), |p| p.parse::<f64>().ok().map(|p| p * 1000.0));
        cut.is_some_and(|cut| cut > 100.0)
    })
}

/// A format whose every section is empty: `;;;`.
pub(super) fn shows_nothing(format: &str) -> bool {
    format.trim().len() >= 2 && format.trim().bytes().all(|b| b == b';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_that_show_nothing_are_told() {
        assert!(shows_nothing(";;;") && !shows_nothing("0;;") && !shows_nothing(";"));
    }
}
