//! The cover of OpenDocument kinds: the picture of the cover as the face of the embedded object, and the same words
//! as text on a page of their own; locked against editing.

use super::content;
use super::kinds::Family;
use super::{MANIFEST, MEDIA_TYPE};
use crate::cover::{Cover, Shape, words};
use crate::embed::Package;
use crate::error::WrapError;
use crate::kind::Kind;
use crate::label::COVER_PROPERTY;
use crate::xml::escape;
use crate::zip::Writer;

/// The object that holds the envelope, and its picture.
pub(super) const OBJECT: &str = "Object 1";
pub(super) const FACE: &str = "ObjectReplacements/Object 1";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMES: &str = "urn:oasis:names:tc:opendocument:xmlns";

pub(super) fn package(kind: Kind, family: Family, cover: &Cover) -> Result<Package, WrapError> {
    let shape = match family {
        Family::Slides | Family::Drawing => Shape::Slide,
        Family::Text | Family::Sheet => Shape::Portrait,
    };
    let mut parts = Writer::default();
    parts.store(MEDIA_TYPE, kind.media_type().as_bytes());
    parts.deflate(MANIFEST, manifest(kind).as_bytes())?;
    parts.deflate("meta.xml", metadata(cover).as_bytes())?;
    parts.deflate("settings.xml", settings().as_bytes())?;
    parts.deflate("styles.xml", format!("{HEAD}{}", content::styles(family)).as_bytes())?;
    parts.deflate("content.xml", format!("{HEAD}{}", content::content(family, cover)).as_bytes())?;
    parts.store(FACE, &cover.picture(shape)?);
    Ok(Package { kind, parts, object: OBJECT })
}

fn manifest(kind: Kind) -> String {
    let mut files = String::new();
    let listed = [
        ("/", kind.media_type()),
        ("meta.xml", "text/xml"),
        ("settings.xml", "text/xml"),
        ("styles.xml", "text/xml"),
        ("content.xml", "text/xml"),
        (FACE, "image/png"),
        (OBJECT, "application/vnd.sun.star.oleobject"),
    ];
    for (path, media) in listed {
        let version = if path == "/" { " manifest:version=\"1.3\"" } else { "" };
        files.push_str(&format!(
            "<manifest:file-entry manifest:full-path=\"{path}\"{version} manifest:media-type=\"{media}\"/>"
        ));
    }
    format!(
        "{HEAD}<manifest:manifest xmlns:manifest=\"{NAMES}:manifest:1.0\" manifest:version=\"1.3\">{files}</manifest:manifest>"
    )
}

fn metadata(cover: &Cover) -> String {
    format!(
        "{HEAD}<office:document-meta xmlns:office=\"{NAMES}:office:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:meta=\"{NAMES}:meta:1.0\" office:version=\"1.3\"><office:meta><dc:title>{} {}</dc:title><dc:description>{}</dc:description>\
         <dc:language>ja-JP</dc:language><meta:user-defined meta:name=\"{COVER_PROPERTY}\" \
         meta:value-type=\"string\">1</meta:user-defined></office:meta></office:document-meta>",
        words::TITLE.ja,
        words::TITLE.en,
        escape(&cover.plain().ja)
    )
}

/// Asks for the document to be opened for reading only.
fn settings() -> String {
    format!(
        "{HEAD}<office:document-settings xmlns:office=\"{NAMES}:office:1.0\" xmlns:config=\"{NAMES}:config:1.0\" \
         xmlns:ooo=\"http://openoffice.org/2004/office\" office:version=\"1.3\"><office:settings><config:config-item-set config:name=\"ooo:configuration-settings\">\
         <config:config-item config:name=\"LoadReadonly\" config:type=\"boolean\">true</config:config-item>\
         </config:config-item-set></office:settings></office:document-settings>"
    )
}
