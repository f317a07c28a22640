//! What hangs on a PDF beside its pages: annotations, fields, bookmarks, attached files.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, Object, Stream, String as Words};
use kakuzuke_core::passage::{Part, Unit};

use super::bombs::Streams;
use super::font::Fonts;
use super::page::appearance;
use super::words_of;
use crate::error::ReadError;
use crate::limits;
use crate::text::{Halt, Reading};

/// Reads everything beside the pages.
pub(super) fn read(pdf: &Pdf, streams: Streams, reading: &mut Reading<'_>) -> Result<(), Halt> {
    for (number, page) in (1..).zip(pdf.pages().iter()).take(limits::PDF_PAGES) {
        let Some(annotations) = page.raw().get::<Array<'_>>("Annots") else { continue };
        let fonts = Fonts::new(streams);
        for annotation in annotations.iter::<Dict<'_>>().take(limits::PDF_NODES) {
            let outcome = annotate(&annotation, &fonts, number, reading);
            reading.bear(Unit::Page(number), Part::Comment, outcome)?;
        }
    }
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return Ok(()) };
    let mut left = limits::PDF_NODES;
    if let Some(form) = catalog.get::<Dict<'_>>("AcroForm") {
        if let Some(list) = form.get::<Array<'_>>("Fields") {
            for field in list.iter::<Dict<'_>>() {
                fields(&field, "", (streams, 0), &mut left, reading)?;
            }
        }
        xfa(&form, streams, reading)?;
    }
    metadata(&catalog, streams, reading)?;
    if let Some(first) = catalog.get::<Dict<'_>>("Outlines").and_then(|o| o.get::<Dict<'_>>("First")) {
        bookmarks(first, 0, &mut left, reading)?;
    }
    if let Some(tree) = catalog.get::<Dict<'_>>("Names").and_then(|n| n.get::<Dict<'_>>("EmbeddedFiles")) {
        attachments(&tree, (streams, 0), &mut left, reading)?;
    }
    Ok(())
}

fn string(dict: &Dict<'_>, key: &str) -> Option<String> {
    dict.get::<Words<'_>>(key).map(|words| words_of(words.as_bytes()))
}

fn annotate<'a>(note: &Dict<'a>, fonts: &Fonts<'a>, page: u32, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let unit = Unit::Page(page);
    let contents = string(note, "Contents");
    for key in ["T", "Subj"] {
        // The name of a field is said with its value.
        if let Some(words) = string(note, key).filter(|_| !note.contains_key("FT")) {
            reading.say(unit.clone(), Part::Comment, &words)?;
        }
    }
    if let Some(words) = &contents {
        reading.say(unit.clone(), Part::Comment, words)?;
    }
    if let Some(uri) = note.get::<Dict<'_>>("A").and_then(|action| string(&action, "URI")) {
        reading.say(unit.clone(), Part::Hidden, &uri)?;
    }
    if let Some(file) = note.get::<Dict<'_>>("FS") {
        attach(&file, fonts.streams, reading)?;
    }
    // What is drawn, where it says more than is written: stamps, captions of buttons, values of fields.
    let bare = |words: &str| words.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let known = bare(&[contents.unwrap_or_default(), string(note, "V").unwrap_or_default()].concat());
    let normal = note.get::<Dict<'_>>("AP").and_then(|ap| ap.get::<Stream<'_>>("N"));
    for line in normal.map(|stream| appearance(&stream, fonts, reading)).transpose()?.unwrap_or_default() {
        if !known.contains(&bare(&line)) {
            reading.say(unit.clone(), Part::Shape, &line)?;
        }
    }
    Ok(())
}

/// フォームの欄: names and values of fields, those below them too.
fn fields(
    field: &Dict<'_>,
    above: &str,
    at: (Streams, u32),
    left: &mut usize,
    reading: &mut Reading<'_>,
) -> Result<(), Halt> {
    *left = left.checked_sub(1).ok_or(ReadError::Limit("fields of a PDF"))?;
    let (streams, depth) = at;
    if depth > limits::PDF_DEPTH {
        return Err(ReadError::Limit("fields of a PDF in one another").into());
    }
    let own = string(field, "T").unwrap_or_default();
    let name = if above.is_empty() || own.is_empty() { format!("{above}{own}") } else { format!("{above}.{own}") };
    for key in ["V", "TU", "RV", "Opt"] {
        let words = match field.get::<Object<'_>>(key) {
            Some(Object::String(words)) => vec![words_of(words.as_bytes())],
            Some(Object::Array(list)) => {
                list.iter::<Words<'_>>().take(256).map(|words| words_of(words.as_bytes())).collect()
            }
            Some(Object::Stream(stream)) => vec![String::from_utf8_lossy(&streams.decode(&stream)?).into_owned()],
            _ => Vec::new(),
        };
        for words in words {
            reading.say(Unit::Whole, Part::Property(name.clone()), &words)?;
        }
    }
    if let Some(kids) = field.get::<Array<'_>>("Kids") {
        for kid in kids.iter::<Dict<'_>>() {
            fields(&kid, &name, (streams, depth + 1), left, reading)?;
        }
    }
    Ok(())
}

/// Forms in XML (XFA): what is written in their data.
fn xfa(form: &Dict<'_>, streams: Streams, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let parts: Vec<Stream<'_>> = match form.get::<Object<'_>>("XFA") {
        Some(Object::Stream(stream)) => vec![stream],
        Some(Object::Array(list)) => list.iter::<Stream<'_>>().take(64).collect(),
        _ => return Ok(()),
    };
    let mut whole = Vec::new();
    for part in parts {
        let data = streams.decode(&part)?;
        reading.charge(data.len() as u64)?;
        whole.extend_from_slice(&data);
    }
    let text = crate::xml::decode(&whole)?;
    crate::text::words(&text, &mut |element, named, words| {
        reading.say(Unit::Whole, Part::Property(named.unwrap_or(element).to_owned()), words)
    })
}

/// The metadata stream (XMP); our own label is no text.
fn metadata(catalog: &Dict<'_>, streams: Streams, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let Some(stream) = catalog.get::<Stream<'_>>("Metadata") else { return Ok(()) };
    let outcome = streams.decode(&stream).map_err(Halt::from).and_then(|data| {
        let text = crate::xml::decode(&data)?;
        crate::text::words(text.trim_matches(['\0', ' ', '\n', '\r']), &mut |element, _, words| {
            if matches!(element, "label" | "marking") {
                return Ok(());
            }
            reading.say(Unit::Whole, Part::Property(element.to_owned()), words)
        })
    });
    reading.bear(Unit::Whole, Part::Property("Metadata".to_owned()), outcome)
}

/// しおり.
fn bookmarks(first: Dict<'_>, depth: u32, left: &mut usize, reading: &mut Reading<'_>) -> Result<(), Halt> {
    if depth > limits::PDF_DEPTH {
        return Err(ReadError::Limit("bookmarks of a PDF in one another").into());
    }
    let mut next = Some(first);
    while let Some(item) = next {
        *left = left.checked_sub(1).ok_or(ReadError::Limit("bookmarks of a PDF"))?;
        if let Some(title) = string(&item, "Title") {
            reading.say(Unit::Whole, Part::Property("しおり".to_owned()), &title)?;
        }
        if let Some(below) = item.get::<Dict<'_>>("First") {
            bookmarks(below, depth + 1, left, reading)?;
        }
        next = item.get::<Dict<'_>>("Next");
    }
    Ok(())
}

/// 添付ファイル: the tree of attached files (ISO 32000-2, 7.11.4).
fn attachments(node: &Dict<'_>, at: (Streams, u32), left: &mut usize, reading: &mut Reading<'_>) -> Result<(), Halt> {
    *left = left.checked_sub(1).ok_or(ReadError::Limit("attached files of a PDF"))?;
    let (streams, depth) = at;
    if depth > limits::PDF_DEPTH {
        return Err(ReadError::Limit("attached files of a PDF").into());
    }
    if let Some(names) = node.get::<Array<'_>>("Names") {
        for file in names.iter::<Object<'_>>().take(limits::PDF_NODES).filter_map(Object::into_dict) {
            attach(&file, streams, reading)?;
        }
    }
    if let Some(kids) = node.get::<Array<'_>>("Kids") {
        for kid in kids.iter::<Dict<'_>>() {
            attachments(&kid, (streams, depth + 1), left, reading)?;
        }
    }
    Ok(())
}

fn attach(file: &Dict<'_>, streams: Streams, reading: &mut Reading<'_>) -> Result<(), Halt> {
    let name = string(file, "UF").or_else(|| string(file, "F")).unwrap_or_else(|| "添付".to_owned());
    if let Some(words) = string(file, "Desc") {
        reading.say(Unit::Whole, Part::Comment, &words)?;
    }
    let Some(held) = file.get::<Dict<'_>>("EF") else { return Ok(()) };
    let stream = ["UF", "F"].iter().find_map(|key| held.get::<Stream<'_>>(key));
    let stream = stream.ok_or(ReadError::Damaged("an attached file of the PDF is missing"))?;
    let data = streams.decode(&stream)?;
    reading.charge(data.len() as u64)?;
    reading.read_held(&name, &data)
}
