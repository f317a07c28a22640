//! 文書のプロパティ: core, extended and custom ones (ISO/IEC 29500-2, 8; 29500-1, 15.2.12).

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger, is_path};
use crate::label::StoredLabel;
use crate::splice::without;
use crate::xml::{self, Element};

/// Whether sheets or slides went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Went {
    None,
    Some,
}

/// Which part of properties.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Core,
    Extended,
    Custom,
}

/// The part without what is to go; where sheets or slides went, without the list of their names. `stale` says whether a title is
/// of nothing that is in the document.
pub(super) fn clean(
    part: &str,
    sort: Sort,
    went: Went,
    stale: &dyn Fn(&str) -> bool,
    ledger: &mut Ledger,
) -> Result<String, ReadError> {
    // The titles are the texts of a vector (ISO/IEC 29500-1, 22.2.2.27).
    let elements = xml::elements(part, 3)?;
    let titles = elements.iter().filter(|e| sort == Sort::Extended && e.depth == 3 && e.name == "lpstr");
    let goes = titles.fold(went == Went::Some, |goes, title| goes | told(&title.text, stale, ledger));
    let mut gone = Vec::new();
    for element in elements.iter().filter(|e| e.depth == 1) {
        if goes && matches!(element.name.as_str(), "TitlesOfParts" | "HeadingPairs") {
            gone.push(element.span.clone());
            continue;
        }
        let judged = match sort {
            Sort::Core => core(element),
            Sort::Extended => extended(element),
            Sort::Custom => custom(element),
        };
        let Some((category, name)) = judged else { continue };
        let what = Text::new(format!("プロパティ「{name}」"), format!("property \"{name}\""));
        if ledger.found(category, Unit::Whole, &what) {
            gone.push(element.span.clone());
        }
    }
    Ok(without(part, gone))
}

/// Whether a title tells of what is not in the document, and is to go with the list of titles.
fn told(title: &str, stale: &dyn Fn(&str) -> bool, ledger: &mut Ledger) -> bool {
    if is_path(title) {
        let what = Text::fixed("題名の一覧に残ったファイルのパス", "a file's path in the list of titles");
        return ledger.found(Category::Links, Unit::Whole, &what);
    }
    let what =
        Text::fixed("題名の一覧に残った、今はないシートの名前", "names of sheets that are gone, in the list of titles");
    stale(title) && ledger.found(Category::Leftovers, Unit::Whole, &what)
}

fn core(element: &Element) -> Option<(Category, &str)> {
    let text = element.text.trim();
    let name = element.name.as_str();
    match name {
        _ if text.is_empty() => None,
        "creator" | "lastModifiedBy" => Some((Category::Authors, name)),
        "revision" if matches!(text, "0" | "1") => None,
        "revision" | "lastPrinted" => Some((Category::History, name)),
        "title" | "created" | "modified" | "language" => None,
        _ => Some((Category::Properties, name)),
    }
}

/// What stays of the extended properties: programs, numbers, and titles, which are judged one by one.
const PLAIN: [&str; 22] = [
    "Application",
    "AppVersion",
    "Characters",
    "CharactersWithSpaces",
    "DocSecurity",
    "HeadingPairs",
    "HiddenSlides",
    "HyperlinksChanged",
    "Lines",
    "LinksUpToDate",
    "MMClips",
    "Notes",
    "Pages",
    "Paragraphs",
    "PresentationFormat",
    "ScaleCrop",
    "SharedDoc",
    "Slides",
    "Template",
    "TitlesOfParts",
    "TotalTime",
    "Words",
];

fn extended(element: &Element) -> Option<(Category, &str)> {
    let text = element.text.trim();
    let name = element.name.as_str();
    match name {
        // The name says all of it: what is in it need not be text.
        "DigSig" => Some((Category::Signatures, name)),
        "HLinks" => Some((Category::Links, name)),
        _ if text.is_empty() => None,
        "Company" | "Manager" => Some((Category::Authors, name)),
        "TotalTime" if text == "0" => None,
        "TotalTime" => Some((Category::History, name)),
        "Template" if text.starts_with("Normal") || text == "Office Theme" => None,
        "Template" | "HyperlinkBase" => Some((Category::Links, name)),
        plain if PLAIN.contains(&plain) => None,
        _ => Some((Category::Properties, name)),
    }
}

fn custom(element: &Element) -> Option<(Category, &str)> {
    let name = element.attribute("name").unwrap_or("?");
    let category = if StoredLabel::is_property(name) { Category::Label } else { Category::CustomData };
    Some((category, name))
}
