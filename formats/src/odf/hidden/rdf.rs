//! RDF. Statements about the document (ISO/IEC 26300-2, 5): programs write that it has its parts, and others what they like.

use crate::text::{Node, walk};

/// The file in which they stand.
pub(super) const MANIFEST: &str = "manifest.rdf";
/// What programs write: after these beginnings, or alone.
const SPACE: &str = "http://docs.oasis-open.org/ns/office/1.2/meta/";
const USUAL: [&str; 9] = [
    "",
    "content.xml",
    "styles.xml",
    "odf#",
    "pkg#",
    "pkg#Document",
    "odf#ContentFile",
    "odf#StylesFile",
    "pkg#hasPart",
];
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// Whether the file says no more than that the document has its parts.
pub(super) fn is_plain(file: &[u8]) -> bool {
    let Ok(text) = crate::xml::decode(file) else { return false };
    let mut is_plain = true;
    let done = walk(&text, &mut |node| {
        match node {
            Node::Start(tag) => {
                is_plain &= matches!(
                    tag.name,
                    "RDF" | "Description" | "type" | "hasPart" | "Document" | "ContentFile" | "StylesFile"
                );
                is_plain &= tag
                    .attributes()
                    .all(|(_, value)| value == RDF || USUAL.contains(&value.strip_prefix(SPACE).unwrap_or(&value)));
            }
            Node::Text(words) => is_plain &= words.trim().is_empty(),
            Node::End(_) => {}
        }
        Ok(())
    });
    is_plain && done.is_ok()
}
