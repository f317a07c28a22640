//! Files whose plugin has no cleaning of its own: told by their content, whatever they are called.

use kakuzuke_core::code::Text;

use super::{Ledger, Out, SanitiseError, archive, compound, mail, markdown, markup, rtf, written};
use crate::embed;
use crate::error::ReadError;
use crate::image;
use crate::kind::Kind;
use crate::limits;
use crate::ole;
use crate::source::{Source, read_range};
use crate::text::{Decoded, begins_as_mail, declared, decode};

/// Bytes at the start of a file that tell what it is.
const HEAD: u64 = 4096;

/// Names of files that are nothing but text.
const TEXTS: [&str; 13] =
    ["txt", "csv", "tsv", "md", "json", "log", "text", "markdown", "yaml", "yml", "toml", "ini", "jsonl"];

/// What a file of characters is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Text,
    Markdown,
    Html,
    Svg,
    Xml,
}

/// Cleans a file by its content; what is not known is not inspected.
pub(crate) fn plain(
    source: &dyn Source,
    name: Option<&str>,
    ledger: &mut Ledger,
    out: Out<'_>,
) -> Result<(), SanitiseError> {
    let size = source.size().map_err(ReadError::from)?;
    let head = read_range(source, 0..size.min(HEAD)).map_err(ReadError::from)?;
    if size == 0 {
        return Ok(());
    }
    if embed::is_archive(&head) || head.starts_with(b"PK\x05\x06") {
        return archive::clean(source, ledger, out);
    }
    if size > limits::TEXT_PART {
        return unknown(ledger, out);
    }
    let bytes = read_range(source, 0..size).map_err(ReadError::from)?;
    let cleaned = if head.starts_with(&ole::SIGNATURE) {
        compound::clean(&bytes, ledger)?
    } else if head.starts_with(b"{\\rtf") {
        rtf::clean(&bytes, ledger)?
    } else if begins_as_mail(&head) || extension(name) == "eml" {
        mail::clean(&bytes, ledger)?
    } else {
        match characters(&bytes, &head, name, ledger)? {
            Some(cleaned) => cleaned,
            None => return unknown(ledger, out),
        }
    };
    match out {
        Some(out) => out.write_all(&cleaned).map_err(SanitiseError::Write),
        None => Ok(()),
    }
}

fn extension(name: Option<&str>) -> String {
    name.and_then(|n| n.rsplit_once('.')).map_or(String::new(), |(_, e)| e.to_ascii_lowercase())
}

/// A file of characters; `None` when it is none, or nobody knows what its characters mean.
fn characters(
    bytes: &[u8],
    head: &[u8],
    name: Option<&str>,
    ledger: &mut Ledger,
) -> Result<Option<Vec<u8>>, ReadError> {
    let (body, behind) = written::split_tail(bytes);
    let Some(decoded) = decode(body, declared(head).as_deref()) else { return Ok(None) };
    let extension = extension(name);
    let Some(sort) = sort(&decoded.text, head, &extension) else { return Ok(None) };
    if decoded.is_damaged {
        ledger.not_inspected(Text::fixed(
            "文字コードを正しく判定できないため、読めない文字があります",
            "some characters can't be read: the encoding could not be told for certain",
        ));
    }
    if sort == Sort::Xml && is_document(&decoded.text) {
        ledger.not_inspected(Text::fixed(
            "一つのXMLに書かれた文書（Flat ODF、Word 2003 XML等）の隠れた情報は調べられません。docx、odt等に変換してから公表してください",
            "a document written as one XML file (Flat ODF, Word 2003 XML and the like): hidden data in it can't be looked for; convert it to docx, odt … first",
        ));
    }
    let cleaned = match sort {
        Sort::Text => written::clean(&decoded.text, ledger),
        Sort::Markdown => markdown::clean(&decoded.text, ledger)?,
        Sort::Html | Sort::Svg | Sort::Xml => markup::clean(&decoded.text, sort, ledger)?,
    };
    let tail = written::tail(behind, ledger);
    if cleaned == decoded.text {
        return Ok(Some([body, tail].concat()));
    }
    let encoded = encode(&decoded, body, &cleaned)?;
    Ok(Some([encoded.as_slice(), tail].concat()))
}

/// Whether XML is a document of an office program as one file, by the names of its parts.
fn is_document(text: &str) -> bool {
    const NAMES: [&str; 7] = [
        "urn:oasis:names:tc:opendocument:xmlns:office:",
        "http://openoffice.org/2000/office",
        "http://schemas.microsoft.com/office/word/2003/",
        "http://schemas.microsoft.com/office/2006/xmlPackage",
        "urn:schemas-microsoft-com:office:",
        "http://schemas.openxmlformats.org/",
        "mso-application",
    ];
    let begin = text.char_indices().nth(65_536).map_or(text, |(end, _)| text.get(..end).unwrap_or(text));
    NAMES.iter().any(|name| begin.contains(name))
}

/// The cleaned text in the encoding it was in; only where that encoding gives back what was there.
fn encode(decoded: &Decoded, before: &[u8], cleaned: &str) -> Result<Vec<u8>, ReadError> {
    const LOST: ReadError = ReadError::Damaged("the text can't be written again in its own encoding");
    let again = decoded.encode(&decoded.text).filter(|again| again == before);
    again.and_then(|_| decoded.encode(cleaned)).ok_or(LOST)
}

fn sort(text: &str, head: &[u8], extension: &str) -> Option<Sort> {
    let begin: String = text.trim_start().chars().take(1024).collect::<String>().to_ascii_lowercase();
    if image::begins_svg(head) || extension == "svg" && begin.starts_with('<') {
        return Some(Sort::Svg);
    }
    let is_html = begin.starts_with("<!doctype html") || begin.contains("<html");
    match extension {
        "html" | "htm" | "xhtml" | "xht" => Some(Sort::Html),
        _ if is_html => Some(Sort::Html),
        "xml" | "xsl" | "xsd" => Some(Sort::Xml),
        _ if begin.starts_with("<?xml") => Some(Sort::Xml),
        "md" | "markdown" => Some(Sort::Markdown),
        known if TEXTS.contains(&known) => Some(Sort::Text),
        _ => None,
    }
}

/// Of everything else nothing can be said.
fn unknown(ledger: &mut Ledger, out: Out<'_>) -> Result<(), SanitiseError> {
    let kind = Kind::Opaque.name();
    ledger.not_inspected(Text::new(
        format!("{}：この形式の隠れた情報は調べられません", kind.ja),
        format!("{}: hidden data of this format can't be looked for", kind.en),
    ));
    match out {
        Some(_) => Err(SanitiseError::Refused("hidden data of this format can't be taken out")),
        None => Ok(()),
    }
}
