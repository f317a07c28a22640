//! What is on the page and still not seen: text as white as the paper or too small to read, parts of pictures behind a crop,
//! paths in descriptions.

use kakuzuke_core::code::Text;

use super::super::kinds::Family;
use super::rules::Rules;
use crate::hidden::{Act, Category, Frame, Opened, is_path, nearest};

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

/// 選択ウィンドウ: a shape that it hides goes with what holds it. On slides see there.
pub(super) fn pane(rules: &mut Rules<'_>, tag: &Opened, above: &[Frame]) -> Option<Act> {
    match tag.local.as_str() {
        _ if rules.family == Family::Slides => return None,
        "docPr" if tag.is("hidden") => {}
        "cNvPr" => {
            rules.is_in_pane = tag.is("hidden");
            return None;
        }
        "compatExt" if tag.get("spid").is_some_and(|id| rules.facts.twins.contains(id)) => {
            rules.is_in_pane = false;
            return None;
        }
        // What follows the shape's name and its extensions.
        _ if rules.is_in_pane && nearest(above, "cNvPr").is_none() => rules.is_in_pane = false,
        _ => return None,
    }
    let (ja, en) = ("選択ウィンドウで非表示にした図形", "a shape hidden in the selection pane");
    let Some(holder) = holder(above) else {
        rules.ledger.kept(Category::HiddenText, rules.unit.clone(), &Text::fixed(ja, en));
        return None;
    };
    rules.found(Category::HiddenText, ja, en).then_some(Act::Doom(holder))
}

/// What holds a shape, by its name, and nothing but it.
fn holder(above: &[Frame]) -> Option<&'static str> {
    const HOLDERS: [&str; 6] =
        ["drawing", "twoCellAnchor", "oneCellAnchor", "absoluteAnchor", "relSizeAnchor", "absSizeAnchor"];
    const SHAPES: [&str; 5] = ["sp", "pic", "graphicFrame", "cxnSp", "grpSp"];
    let name = |back: usize| above.iter().rev().nth(back).map_or("", |frame| frame.local.as_str());
    // A shape in a group, which stays.
    if name(2) == "grpSp" {
        return SHAPES.into_iter().find(|shape| *shape == name(1));
    }
    // `drawing` > `anchor` > `docPr`, and an anchor > `sp` > `nvSpPr` > what stands beside `cNvPr`.
    let at = [1, 2].into_iter().find(|back| HOLDERS.contains(&name(*back)))?;
    match (name(at + 1), name(at + 2)) {
        ("Choice", "AlternateContent") => Some("AlternateContent"),
        ("Choice" | "Fallback", _) => None,
        _ => HOLDERS.into_iter().find(|holder| *holder == name(at)),
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
