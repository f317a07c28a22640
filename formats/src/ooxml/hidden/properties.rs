//! 文書のプロパティ: core, extended and custom ones (ISO/IEC 29500-2, 8; 29500-1, 15.2.12).

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger};
use crate::label::StoredLabel;
use crate::xml::{self, Element};

/// Whether sheets or slides went.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Went {
    None,
    Some,
}

/// Which part of properties.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    Core,
    Extended,
    Custom,
}

/// The part without what is to go; where sheets or slides went, without the list of their names.
pub(super) fn clean(part: &str, sort: Sort, went: Went, ledger: &mut Ledger) -> Result<String, ReadError> {
    let elements = xml::elements(part, 1)?;
    let mut gone = Vec::new();
    for element in elements.iter().filter(|e| e.depth == 1) {
        if went == Went::Some && matches!(element.name.as_str(), "TitlesOfParts" | "HeadingPairs") {
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
    let mut out = String::with_capacity(part.len());
    let mut at = 0;
    for range in gone {
        out.push_str(part.get(at..range.start).unwrap_or_default());
        at = range.end;
    }
    out.push_str(part.get(at..).unwrap_or_default());
    Ok(out)
}

fn core(element: &Element) -> Option<(Category, &str)> {
    let text = element.text.trim();
    let name = element.name.as_str();
    match name {
        _ if text.is_empty() => None,
        "creator" | "lastModifiedBy" => Some((Category::Authors, name)),
        "revision" if matches!(text, "0" | "1") => None,
        "revision" | "lastPrinted" => Some((Category::History, name)),
        "description" | "subject" | "keywords" | "category" | "contentStatus" | "identifier" | "version"
        | "contentType" => Some((Category::Properties, name)),
        _ => None,
    }
}

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
        _ => None,
    }
}

fn custom(element: &Element) -> Option<(Category, &str)> {
    let name = element.attribute("name").unwrap_or("?");
    let category = if StoredLabel::is_property(name) { Category::Label } else { Category::CustomData };
    Some((category, name))
}
