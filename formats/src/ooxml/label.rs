//! 格付の記録. The label in the custom properties of a package (ISO/IEC 29500-1, 15.2.12.2 and 22.3): neither
//! signatures nor the document's own content are touched, and office suites keep these properties.

use std::io::Write;

use super::opc::{self, Opc, RELATIONSHIPS, Relation, TYPES};
use crate::error::{LabelError, ReadError};
use crate::label::{COVER_PROPERTY, StoredLabel};
use crate::xml::{self, Element};
use crate::zip::{self, Archive};

pub(super) const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.custom-properties+xml";
/// Class of properties that users add.
const FORMAT: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";
/// Namespaces of the part, and of the types of its values: transitional, and strict.
const TRANSITIONAL: [&str; 2] = [
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
];
const STRICT: [&str; 2] = [
    "http://purl.oclc.org/ooxml/officeDocument/customProperties",
    "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
];

/// The label in a package.
pub(super) fn read(archive: &Archive<'_>) -> Result<Option<StoredLabel>, LabelError> {
    let Some(package) = Opc::open(archive)? else { return Ok(None) };
    let Some(part) = package.target(Relation::Custom) else { return Ok(None) };
    let text = opc::read(archive, part)?;
    let elements = xml::elements(&text, 1)?;
    StoredLabel::from_properties(words(&elements))
}

/// Names and values of the part's properties.
pub(super) fn words(elements: &[Element]) -> impl Iterator<Item = (&str, &str)> {
    properties(elements).filter_map(|p| Some((p.attribute("name")?, p.text.as_str())))
}

/// Whether the package says that it is a cover of ours.
pub(super) fn is_cover(archive: &Archive<'_>) -> Result<bool, ReadError> {
    let Some(package) = Opc::open(archive)? else { return Ok(false) };
    let Some(part) = package.target(Relation::Custom) else { return Ok(false) };
    let elements = xml::elements(&opc::read(archive, part)?, 1)?;
    Ok(properties(&elements).any(|p| p.attribute("name") == Some(COVER_PROPERTY)))
}

/// The custom properties of a cover: the mark, and that the document is final, which asks programs to open it for
/// reading only.
pub(super) fn cover_properties() -> String {
    let [properties, values] = TRANSITIONAL;
    let mark = property(TRANSITIONAL, COVER_PROPERTY, "1", 2);
    format!(
        "<Properties xmlns=\"{properties}\">{mark}<property fmtid=\"{FORMAT}\" pid=\"3\" name=\"_MarkAsFinal\">\
         <vt:bool xmlns:vt=\"{values}\">true</vt:bool></property></Properties>"
    )
}

fn property(spaces: [&str; 2], name: &str, value: &str, pid: u32) -> String {
    let [properties, values] = spaces;
    // Namespaces are declared on the spot: a part's own prefixes may be anything.
    format!(
        "<property xmlns=\"{properties}\" fmtid=\"{FORMAT}\" pid=\"{pid}\" name=\"{name}\"><vt:lpwstr \
         xmlns:vt=\"{values}\">{}</vt:lpwstr></property>",
        xml::escape(value)
    )
}

fn properties(elements: &[Element]) -> impl Iterator<Item = &Element> {
    elements.iter().filter(|e| e.depth == 1 && e.name == "property")
}

/// Writes the package with `label` in place of an earlier one.
pub(super) fn write(archive: &Archive<'_>, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
    let package = Opc::open(archive)?.ok_or(ReadError::Damaged("an OOXML package without content types"))?;
    let broken = || LabelError::Read(ReadError::Damaged("a package's own parts are not in the expected form"));
    let mut parts = Vec::new();
    let (name, text) = match package.target(Relation::Custom) {
        Some(part) => (part.name.clone(), opc::read(archive, part)?),
        None => {
            let name = free_name(archive).ok_or_else(broken)?;
            let types = package.types_with(&name, CONTENT_TYPE).ok_or_else(broken)?;
            parts.push((TYPES.to_owned(), types.into_bytes()));
            let relationships = package.relationships_with(&name, Relation::Custom).ok_or_else(broken)?;
            parts.push((RELATIONSHIPS.to_owned(), relationships.into_bytes()));
            let [space, _] = if package.is_strict() { STRICT } else { TRANSITIONAL };
            let empty = format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Properties xmlns=\"{space}\"/>"
            );
            (name, empty)
        }
    };
    let text = exchange(&text, label)?.ok_or_else(broken)?;
    parts.push((name, text.into_bytes()));
    zip::rewrite(archive, &parts, out)
}

fn free_name(archive: &Archive<'_>) -> Option<String> {
    let mut names =
        std::iter::once("docProps/custom.xml".to_owned()).chain((1..100).map(|n| format!("docProps/custom{n}.xml")));
    names.find(|name| archive.find_part(name).is_none())
}

/// The part with our properties exchanged, the others' bytes as they were.
fn exchange(text: &str, label: &StoredLabel) -> Result<Option<String>, ReadError> {
    let elements = xml::elements(text, 1)?;
    let Some(root) = elements.first() else { return Ok(None) };
    let ours = |e: &&Element| e.attribute("name").is_some_and(StoredLabel::is_property);
    let gone: Vec<_> = properties(&elements).filter(ours).map(|e| e.span.clone()).collect();
    let theirs = properties(&elements).filter(|e| !ours(e));
    let last = theirs.filter_map(|e| e.attribute("pid")?.parse::<u32>().ok()).max().unwrap_or(1).max(1);
    let spaces = if root.namespace == STRICT[0] { STRICT } else { TRANSITIONAL };
    let mut added = String::new();
    for ((name, value), pid) in label.properties().into_iter().zip(last.saturating_add(1)..) {
        added.push_str(&property(spaces, &name, &value, pid));
    }
    Ok(xml::splice(text, &gone, root, &added))
}
