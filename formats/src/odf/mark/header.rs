//! ヘッダー. The headers and footers of a page style, and where words can be put into them.

use super::names::{self, OURS, SPACES, is};
use super::part::Part;
use crate::xml::{Element, escape};

/// A header or footer, and what stands in its place on left and on first pages; only those that are shown.
pub(super) fn shown(part: &Part<'_>, master: usize, base: &str) -> Vec<usize> {
    all(part, master, base, |e| e.attribute_local("display") != Some("false"))
}

/// The same in texts: programs show a header or footer there whatever it says of itself, and only ask those of left and first
/// pages.
pub(super) fn standing(part: &Part<'_>, master: usize, base: &str) -> Vec<usize> {
    all(part, master, base, |e| e.name == base || e.attribute_local("display") != Some("false"))
}

fn all(part: &Part<'_>, master: usize, base: &str, is_shown: impl Fn(&Element) -> bool) -> Vec<usize> {
    let all: Vec<_> = part.children(master).filter(|(_, e)| e.name.starts_with(base) && is_shown(e)).collect();
    if !all.iter().any(|(_, e)| e.name == base) {
        return Vec::new();
    }
    let names = [base.to_owned(), format!("{base}-left"), format!("{base}-first")];
    all.into_iter().filter(|(_, e)| names.contains(&e.name)).map(|(at, _)| at).collect()
}

/// The header of a page style, shown or not.
pub(super) fn header(part: &Part<'_>, master: usize) -> Option<usize> {
    part.children(master).find(|(_, e)| is(e, names::STYLE, "header")).map(|(at, _)| at)
}

/// Whether anything stands in an element: words, fields, pictures.
pub(super) fn is_filled(part: &Part<'_>, at: usize) -> bool {
    let is_plain = |e: &Element| e.name.starts_with("region-") || matches!(e.name.as_str(), "p" | "h" | "span");
    part.elements.get(at).is_some_and(|e| !e.text.trim().is_empty()) || part.inside(at).any(|(_, e)| !is_plain(e))
}

/// Whether somebody wrote or drew something there, beside fields.
pub(super) fn is_written(part: &Part<'_>, at: usize) -> bool {
    let Some(inner) = part.elements.get(at).and_then(|e| part.inner(e)) else { return false };
    let is_plain = |e: &Element| {
        e.name.starts_with("region-") || matches!(e.name.as_str(), "p" | "h" | "span" | "s" | "tab" | "line-break")
    };
    if part.inside(at).any(|(_, e)| e.namespace == names::DRAW || e.name == "table") {
        return true;
    }
    // What is left without tags and without what fields say.
    let (mut done, mut is_tag, mut words) = (inner.start, false, String::new());
    let fields = part.inside(at).filter(|(_, e)| !is_plain(e)).map(|(_, e)| e.span.clone());
    for range in fields.chain(std::iter::once(inner.end..inner.end)) {
        for character in part.text.get(done..range.start).unwrap_or_default().chars() {
            match character {
                '<' => is_tag = true,
                '>' if is_tag => is_tag = false,
                other if !is_tag => words.push(other),
                _ => {}
            }
        }
        done = done.max(range.end);
    }
    !words.trim().is_empty()
}

/// Where other text than that of a header begins, and deleted text.
const ASIDE: [&str; 6] = ["tracked-changes", "annotation", "note", "frame", "custom-shape", "text-box"];

/// The paragraph of a header that objects can hang on: the first, outside of tables if there is one.
pub(super) fn paragraph<'e>(part: &'e Part<'_>, at: usize) -> Option<&'e Element> {
    let find = |avoided: &[&str]| {
        let mut behind = 0;
        part.inside(at).map(|(_, e)| e).find(|e| {
            if e.span.start < behind {
                return false;
            }
            if avoided.contains(&e.name.as_str()) {
                behind = e.span.end;
            }
            e.namespace == names::TEXT && matches!(e.name.as_str(), "p" | "h")
        })
    };
    let outside: Vec<&str> = ASIDE.into_iter().chain(["table"]).collect();
    find(&outside).or_else(|| find(&ASIDE))
}

/// A header of ours, in the place of one that showed nothing.
pub(super) fn made(held: &str, instead: Option<&str>, opened: bool) -> String {
    let mut remarks = super::object::remark(opened).replace(OURS, "");
    if let Some(was) = instead {
        let was = escape(was).replace('\n', "&#10;").replace('\t', "&#9;").replace('\r', "&#13;");
        remarks.push_str(&format!(" kakuzuke:was=\"{was}\""));
    }
    format!(
        "<style:header xmlns:style=\"{}\" {SPACES} {OURS} kakuzuke:made=\"1\"{remarks}>{held}</style:header>",
        names::STYLE
    )
}
