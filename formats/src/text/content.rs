//! Files without a plugin that reads them: by their content, whatever they are called.

use kakuzuke_core::code::Text;
use kakuzuke_core::passage::{Part, Unit};

use super::html::{self, Markup};
use super::{Halt, Reading, archive, compound, encoding, lines, mail, rtf};
use crate::embed;
use crate::error::ReadError;
use crate::limits;
use crate::ole;
use crate::source::{Source, read_range};

/// Bytes at the start of a file that tell what it is.
const HEAD: u64 = 4096;

const PICTURES: &[&str] =
    &[".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".wdp", ".webp", ".ico"];

/// Whether a part's name is a picture's.
pub(crate) fn is_picture(lower: &str) -> bool {
    PICTURES.iter().any(|e| lower.ends_with(e)) && !lower.starts_with("docprops/thumbnail")
}

/// Reads the text of a file by its content.
pub(crate) fn content(source: &dyn Source, name: Option<&str>, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let size = source.size()?;
    let head = read_range(source, 0..size.min(HEAD))?;
    if size == 0 {
        return Ok(());
    }
    if embed::is_archive(&head) || head.starts_with(b"PK\x05\x06") {
        return archive::read(source, reading);
    }
    if let Some(why) = unreadable(&head) {
        reading.gap(Unit::Whole, Part::Body, why);
        return Ok(());
    }
    if head.starts_with(&ole::SIGNATURE) {
        if size > limits::TEXT_PART {
            return Err(ReadError::Limit("size of a compound file").into());
        }
        reading.charge(size)?;
        return compound::read(&read_range(source, 0..size)?, reading);
    }
    let length = size.min(limits::TEXT_PART);
    reading.charge(length)?;
    let bytes = read_range(source, 0..length)?;
    if length < size {
        reading.miss(Unit::Whole, Part::Body, "length of a text");
    }
    written(&bytes, &head, name, reading)
}

/// Reads what is written in characters, if it is.
fn written(bytes: &[u8], head: &[u8], name: Option<&str>, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let extension = name.and_then(|n| n.rsplit_once('.')).map_or(String::new(), |(_, e)| e.to_ascii_lowercase());
    if mail::begins(head) || extension == "eml" {
        return mail::read(bytes, reading);
    }
    if head.starts_with(b"{\\rtf") {
        return rtf::read(bytes, reading);
    }
    let Some(decoded) = encoding::decode(bytes, declared(head).as_deref()) else {
        reading.gap(Unit::Whole, Part::Body, unknown());
        return Ok(());
    };
    if decoded.is_damaged {
        reading.gap(Unit::Whole, Part::Body, undecodable());
    }
    let begin: String = decoded.text.trim_start().chars().take(1024).collect::<String>().to_ascii_lowercase();
    let is_html =
        begin.starts_with("<!doctype html") || begin.contains("<html") || matches!(&*extension, "html" | "htm");
    if is_html {
        html::read(&decoded.text, Markup::Html, reading)
    } else if begin.starts_with("<?xml") || begin.starts_with('<') && matches!(&*extension, "xml" | "svg" | "xsl") {
        html::read(&decoded.text, Markup::Xml, reading)
    } else if extension == "json" || begin.starts_with(['{', '[']) {
        lines::read_json(&decoded.text, reading)
    } else {
        lines::read(&decoded.text, reading)
    }
}

/// What a text says of its encoding near its start: `charset=…` of HTML, `encoding="…"` of XML.
pub(crate) fn declared(head: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(head.get(..1024).unwrap_or(head)).to_ascii_lowercase();
    let value = |key: &str| {
        let after = start.split_once(key)?.1.trim_start().trim_start_matches('=').trim_start();
        let label = after.trim_start_matches(['"', '\'']);
        Some(label.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect::<String>())
    };
    value("charset").or_else(|| value("encoding")).filter(|label| !label.is_empty())
}

/// First bytes of forms that hold text in a way that can't be read here, and what they are.
pub(crate) fn unreadable(head: &[u8]) -> Option<Text> {
    const PICTURES: &[&[u8]] =
        &[b"\x89PNG", b"\xFF\xD8\xFF", b"GIF8", b"II*\0", b"MM\0*", b"\xD7\xCD\xC6\x9A", b"\0\0\x01\0"];
    const ARCHIVES: &[&[u8]] = &[b"7z\xBC\xAF\x27\x1C", b"Rar!", b"\x1F\x8B", b"BZh", b"\xFD7zXZ", b"MSCF"];
    let is = |forms: &[&[u8]]| forms.iter().any(|form| head.starts_with(form));
    let lha = head.get(2..5) == Some(b"-lh") && head.get(6) == Some(&b'-');
    let webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    let emf = head.starts_with(b"\x01\0\0\0") && head.get(40..44) == Some(b" EMF");
    // Two letters alone may begin a text.
    let bmp = head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4]);
    if is(PICTURES) || webp || emf || bmp {
        return Some(picture());
    }
    if is(ARCHIVES) || lha || head.get(257..262) == Some(b"ustar") {
        return Some(packed());
    }
    let docuworks = head.starts_with(&[0x60, 0x0E, 0x82, 0x01]);
    docuworks.then(docuworks_words)
}

fn picture() -> Text {
    Text::fixed(
        "画像のため、書かれている文字を読めません。人が確認してください。",
        "A picture: what is written in it can't be read here. Somebody must look at it.",
    )
}

fn packed() -> Text {
    Text::fixed(
        "この形式の書庫は開けません。展開してから確認してください。",
        "Archives of this form can't be opened here. Unpack it first.",
    )
}

fn docuworks_words() -> Text {
    Text::fixed(
        "DocuWorks文書の本文は読めません。人が確認してください。",
        "The text of DocuWorks documents can't be read here. Somebody must look at it.",
    )
}

/// Some of the text is in no encoding known.
pub(super) fn undecodable() -> Text {
    Text::fixed(
        "文字コードを正しく判定できないため、読めない文字があります。",
        "Some characters can't be read: the encoding could not be told for certain.",
    )
}

/// The file is of no form known.
pub(super) fn unknown() -> Text {
    Text::fixed(
        "この形式のファイルの本文は読めません。人が確認してください。",
        "Files of this form can't be read here. Somebody must look at it.",
    )
}
