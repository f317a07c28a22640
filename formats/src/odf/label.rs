//! 格付の記録. The label in the user-defined metadata of a document (ISO/IEC 26300-3, 4.3.3).

use std::io::Write;

use super::MANIFEST;
use crate::error::{LabelError, ReadError};
use crate::foreign::{self, ForeignLabel};
use crate::label::{COVER_PROPERTY, StoredLabel};
use crate::limits;
use crate::xml::{self, Element};
use crate::zip::{self, Archive, Entry};

/// The part with the metadata.
const METADATA: &str = "meta.xml";
const META: &str = "urn:oasis:names:tc:opendocument:xmlns:meta:1.0";
const OFFICE: &str = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";

/// The label in a document.
pub(super) fn read(archive: &Archive<'_>) -> Result<Option<StoredLabel>, LabelError> {
    let Some(part) = archive.find(METADATA) else { return Ok(None) };
    let text = text(archive, part)?;
    let elements = xml::elements(&text, 2)?;
    let found = properties(&elements).filter_map(|p| Some((name(p)?, p.text.as_str())));
    StoredLabel::from_properties(found)
}

/// The labels of other schemes in a document.
pub(super) fn foreign(archive: &Archive<'_>) -> Result<Vec<ForeignLabel>, ReadError> {
    let Some(part) = archive.find(METADATA) else { return Ok(Vec::new()) };
    let elements = xml::elements(&text(archive, part)?, 2)?;
    Ok(foreign::of_words(properties(&elements).filter_map(|p| Some((name(p)?, p.text.as_str())))))
}

/// Whether the document says that it is a cover of ours.
pub(super) fn is_cover(archive: &Archive<'_>) -> Result<bool, ReadError> {
    let Some(part) = archive.find(METADATA) else { return Ok(false) };
    let elements = xml::elements(&text(archive, part)?, 2)?;
    Ok(properties(&elements).any(|p| name(p) == Some(COVER_PROPERTY)))
}

fn text(archive: &Archive<'_>, entry: &Entry) -> Result<String, ReadError> {
    xml::decode(&archive.read(entry, limits::XML_PART)?)
}

fn properties(elements: &[Element]) -> impl Iterator<Item = &Element> {
    elements.iter().filter(|e| e.depth == 2 && e.name == "user-defined" && e.namespace == META)
}

fn name(property: &Element) -> Option<&str> {
    property.attribute_local("name")
}

/// Writes the document with `label` in place of an earlier one.
pub(super) fn write(archive: &Archive<'_>, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
    let broken = || LabelError::Read(ReadError::Damaged("the document's metadata are not in the expected form"));
    let mut parts = Vec::new();
    let metadata = match archive.find(METADATA) {
        Some(part) => text(archive, part)?,
        None => {
            let manifest = archive.find(MANIFEST).ok_or_else(broken)?;
            let listed = listed(&text(archive, manifest)?)?.ok_or_else(broken)?;
            parts.push((MANIFEST.to_owned(), listed.into_bytes()));
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-meta xmlns:office=\"{OFFICE}\" \
                 office:version=\"1.3\"><office:meta/></office:document-meta>"
            )
        }
    };
    let text = exchange(&metadata, label)?.ok_or_else(broken)?;
    parts.push((METADATA.to_owned(), text.into_bytes()));
    zip::rewrite(archive, &parts, out)
}

/// The manifest with the metadata listed.
fn listed(manifest: &str) -> Result<Option<String>, ReadError> {
    let elements = xml::elements(manifest, 1)?;
    let Some(root) = elements.first() else { return Ok(None) };
    if elements.iter().any(|e| e.attribute_local("full-path") == Some(METADATA)) {
        return Ok(Some(manifest.to_owned()));
    }
    let added = format!(
        "<m:file-entry xmlns:m=\"{}\" m:full-path=\"{METADATA}\" m:media-type=\"text/xml\"/>",
        xml::escape(&root.namespace)
    );
    Ok(xml::splice(manifest, &[], root, &added))
}

/// The part with our properties exchanged, the others' bytes as they were.
fn exchange(text: &str, label: &StoredLabel) -> Result<Option<String>, ReadError> {
    let elements = xml::elements(text, 2)?;
    let meta = elements.iter().find(|e| e.depth == 1 && e.name == "meta" && e.namespace == OFFICE);
    let ours = |e: &&Element| name(e).is_some_and(StoredLabel::is_property);
    let gone: Vec<_> = properties(&elements).filter(ours).map(|e| e.span.clone()).collect();
    let mut added = String::new();
    for (name, value) in label.properties() {
        // Declared on the spot: the part's own prefixes may be anything.
        added.push_str(&format!(
            "<meta:user-defined xmlns:meta=\"{META}\" meta:name=\"{name}\" meta:value-type=\"string\">{}\
             </meta:user-defined>",
            xml::escape(&value)
        ));
    }
    match (meta, elements.first()) {
        (Some(meta), _) => Ok(xml::splice(text, &gone, meta, &added)),
        (None, Some(root)) => {
            let whole = format!("<office:meta xmlns:office=\"{OFFICE}\">{added}</office:meta>");
            Ok(xml::splice(text, &[], root, &whole))
        }
        (None, None) => Ok(None),
    }
}
