//! 属性と設定. What the metadata and the settings of a document say (ISO/IEC 26300-3, 4 and 3.10), and the places of files in words.

use std::collections::HashSet;
use std::ops::Range;

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::Unit;

use crate::error::ReadError;
use crate::hidden::{Category, Ledger, holds_path};
use crate::label::StoredLabel;
use crate::splice::without;
use crate::xml::Element;

/// Settings in words that tell nothing of anybody.
const PLAIN: [&str; 21] = [
    "ViewId",
    "PrinterIndependentLayout",
    "ActiveTable",
    "Language",
    "Country",
    "Variant",
    "BeginLine",
    "EndLine",
    "VisibleLayers",
    "PrintableLayers",
    "LockedLayers",
    "SnapLinesDrawing",
    "SnapLinesNotes",
    "SnapLinesHandout",
    "BitmapTableURL",
    "ColorTableURL",
    "DashTableURL",
    "HatchTableURL",
    "LineEndTableURL",
    "GradientTableURL",
    // A sheet as macros call it, by number.
    "CodeName",
];

/// A part of names and values, without those that `judge` says are to go.
fn scrub(
    part: &str,
    judge: &dyn Fn(&Element, &str, &str) -> Option<Category>,
    ledger: &mut Ledger,
) -> Result<String, ReadError> {
    let elements = crate::xml::elements(part, 8)?;
    let mut gone: Vec<Range<usize>> = Vec::new();
    for element in elements.iter().filter(|e| e.depth >= 2) {
        let named = element.attribute_local("name").or_else(|| element.attribute_local("href")).unwrap_or_default();
        let Some(category) = judge(element, named, element.text.trim()) else { continue };
        let name = if matches!(element.name.as_str(), "user-defined" | "config-item") { named } else { &element.name };
        let what = Text::new(format!("プロパティ「{name}」"), format!("property \"{name}\""));
        let inside = gone.last().is_some_and(|last| last.end > element.span.start);
        if !inside && ledger.found(category, Unit::Whole, &what) {
            gone.push(element.span.clone());
        }
    }
    Ok(without(part, gone))
}

/// `meta.xml` without what names people, tells of editing, or is not known.
pub(super) fn metadata(part: &str, ledger: &mut Ledger) -> Result<String, ReadError> {
    scrub(part, &judge_metadata, ledger)
}

fn judge_metadata(element: &Element, named: &str, text: &str) -> Option<Category> {
    match element.name.as_str() {
        "user-defined" if StoredLabel::is_property(named) => Some(Category::Label),
        "user-defined" => Some(Category::CustomData),
        "template" | "hyperlink-behaviour" | "auto-reload" if !named.is_empty() => Some(Category::Links),
        _ if text.is_empty() => None,
        "initial-creator" | "creator" | "printed-by" => Some(Category::Authors),
        "editing-cycles" if matches!(text, "0" | "1") => None,
        "editing-duration" if !text.bytes().any(|b| matches!(b, b'1'..=b'9')) => None,
        "editing-cycles" | "editing-duration" | "print-date" => Some(Category::History),
        "generator" | "title" | "creation-date" | "date" | "language" => None,
        // Subject, keywords, description; and what nobody knows.
        _ => Some(Category::Properties),
    }
}

/// `settings.xml` without printers, places of files, sheets that are gone, and words that are not known.
pub(super) fn settings(part: &str, sheets: &HashSet<String>, ledger: &mut Ledger) -> Result<String, ReadError> {
    scrub(part, &|element, named, text| judge_setting(element, named, text, sheets), ledger)
}

fn judge_setting(element: &Element, named: &str, text: &str, sheets: &HashSet<String>) -> Option<Category> {
    // What is remembered of the look of a sheet.
    if element.name == "config-item-map-entry" && sheets.contains(named)
        || named == "ActiveTable" && sheets.contains(text)
    {
        return Some(Category::HiddenSheets);
    }
    if element.name != "config-item" || text.is_empty() || matches!(text, "0" | "false") {
        return None;
    }
    let in_words = matches!(element.attribute_local("type"), None | Some("string" | "base64Binary"));
    match named {
        "PrinterName" | "PrinterSetup" | "PrintFaxName" => Some(Category::Printer),
        "Rsid" | "RsidRoot" => Some(Category::History),
        "CurrentDatabaseDataSource" | "CurrentDatabaseCommand" | "EmbeddedDatabaseName" => Some(Category::Links),
        _ if holds_path(text) => Some(Category::Links),
        // The fonts of a formula.
        _ if PLAIN.contains(&named) || named.contains("FontName") || !in_words || text == "true" => None,
        _ => Some(Category::PrivateData),
    }
}
