//! 名前. What is ours is known by its name: names survive when another program saves the document.

use crate::xml::Element;

pub(super) const OFFICE: &str = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
pub(super) const STYLE: &str = "urn:oasis:names:tc:opendocument:xmlns:style:1.0";
pub(super) const TEXT: &str = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";
pub(super) const DRAW: &str = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0";
pub(super) const PRESENTATION: &str = "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0";

/// How deep page styles are read: headers have lists and tables in them.
pub(super) const DEEP: usize = 24;
/// How deep pages that hold drawings are read: a page, its objects, groups of them, their text.
pub(super) const PAGES: usize = 8;

/// Every namespace that what is put in needs, declared on the spot: the part's own prefixes may be anything.
pub(super) const SPACES: &str = "xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\"";
/// The same for styles.
pub(super) const STYLE_SPACES: &str = "xmlns:style=\"urn:oasis:names:tc:opendocument:xmlns:style:1.0\" \
    xmlns:fo=\"urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0\" \
    xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
    xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\"";
/// Our own, for what only we look at.
pub(super) const OURS: &str = "xmlns:kakuzuke=\"urn:kakuzuke:ns:1/\"";
/// The address of it.
pub(crate) const OUR_SPACE: &str = "urn:kakuzuke:ns:1/";

/// The frame with the line.
pub(super) const LINE: &str = "kakuzuke.marking";
/// The shape with the watermark.
pub(super) const WATERMARK: &str = "kakuzuke.watermark";
/// What every style of ours begins with.
pub(super) const PREFIX: &str = "kakuzuke.";
/// The style of the paragraph in a header that is only there for a marking.
pub(super) const HEADER: &str = "kakuzuke.header";
/// The font, for scripts that no Japanese text has, of a blank line of this many twentieths of an inch.
pub(super) const SPACE: &str = "kakuzuke.space.";
/// Page layouts made from others, whose name follows: with a header of ours, with room for the line in theirs.
pub(super) const LAYOUTS: [&str; 2] = ["kakuzuke.new.", "kakuzuke.room."];

/// Whether an element is of a name in a namespace.
pub(super) fn is(element: &Element, namespace: &str, name: &str) -> bool {
    element.name == name && element.namespace == namespace
}

/// Whether a drawing object is our line or our watermark; programs number objects of one name.
pub(crate) fn is_ours(name: &str) -> bool {
    is_named(name, LINE) || is_named(name, WATERMARK)
}

/// Whether a name is one of ours, with or without a number.
pub(super) fn is_named(name: &str, ours: &str) -> bool {
    name.strip_prefix(ours).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '.')))
}

/// Whether an element is a drawing object of ours.
pub(super) fn is_object(element: &Element) -> bool {
    element.namespace == DRAW && element.attribute_local("name").is_some_and(is_ours)
}

/// Whether a program of ours left this remark on an element.
pub(super) fn has(element: &Element, remark: &str, spaces: &[Element]) -> bool {
    // The prefix counts only where it means our namespace: declared on the element, or on the root.
    let declared = |e: &Element| e.attribute("xmlns:kakuzuke") == Some(OUR_SPACE);
    let named = match remark {
        "made" => "kakuzuke:made",
        "opened" => "kakuzuke:opened",
        _ => "kakuzuke:was",
    };
    element.attribute(named).is_some() && (declared(element) || spaces.first().is_some_and(declared))
}
