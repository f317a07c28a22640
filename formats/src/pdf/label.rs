//! The label in a PDF: document information and XMP, written behind the end of the file (ISO 32000-2, 7.5.6), so that
//! every byte that was there stays, and signatures over them stay valid.

use std::io::Write;

use kakuzuke_core::code::Text;

use crate::error::{LabelError, ReadError};
use crate::foreign::{self, ForeignLabel};
use crate::label::{COVER_PROPERTY, LABEL_PROPERTY, MARKING_PROPERTY, StoredLabel};
use crate::limits;
use crate::source::{Source, copy_range};

use super::document::Document;
use super::object::{Dict, Object, Reference};
use super::update::Update;
use crate::xmp::Packet;

/// The label of a document; the two places must not contradict each other.
pub(super) fn read(file: &Document<'_>) -> Result<Option<StoredLabel>, LabelError> {
    let information = match information(file)?.get(LABEL_PROPERTY) {
        None => None,
        Some(label) => {
            let label = file.resolve(label)?.as_words().ok_or(LabelError::Malformed("not a string"))?;
            let marking = file.value(&information(file)?, MARKING_PROPERTY)?.as_words().unwrap_or_default();
            Some(StoredLabel::from_text(&label, &marking)?)
        }
    };
    let packet = packet(file)?.packet.map_or(Ok(None), |packet| packet.label())?;
    match (information, packet) {
        (Some(one), Some(other)) if one != other => Err(LabelError::Malformed("Info and XMP say different things")),
        (one, other) => Ok(one.or(other)),
    }
}

/// The labels of other schemes: in the document information, and in what XMP repeats of it.
pub(super) fn foreign(file: &Document<'_>) -> Result<Vec<ForeignLabel>, ReadError> {
    let mut words = Vec::new();
    for (name, value) in information(file)?.entries().take(limits::XML_ATTRIBUTES) {
        let value = file.resolve(value)?.as_words();
        words.extend(value.map(|value| (String::from_utf8_lossy(name).into_owned(), value)));
    }
    if let Some(packet) = packet(file)?.packet {
        words.extend(packet.words());
    }
    Ok(foreign::of_pairs(&words))
}

/// Whether a PDF bears the mark of our covers.
pub(super) fn is_cover(file: &Document<'_>) -> Result<bool, ReadError> {
    Ok(information(file)?.get(COVER_PROPERTY).is_some())
}

/// Writes the document with a label.
pub(super) fn write(source: &dyn Source, label: &StoredLabel, out: &mut dyn Write) -> Result<(), LabelError> {
    let file = Document::open(source)?;
    let mut head = [0; 5];
    source.read_exact_at(0, &mut head).map_err(ReadError::from)?;
    if head != *b"%PDF-" {
        return Err(LabelError::Refused(Text::fixed(
            "PDFの先頭に余分なデータがあるため、格付を書き込めません。",
            "there are bytes before the PDF's header",
        )));
    }
    let mut tail = Vec::new();
    update(&file, label, &mut tail)?;
    copy_range(source, 0..file.size(), out).map_err(LabelError::Write)?;
    out.write_all(&tail).map_err(LabelError::Write)
}

/// The catalog, and where it is.
pub(super) fn catalog(file: &Document<'_>) -> Result<(Reference, Dict), ReadError> {
    const NONE: ReadError = ReadError::Damaged("the PDF has no catalog");
    let root = file.trailer.get("Root").and_then(Object::as_reference).ok_or(NONE)?;
    match file.get(root)? {
        Object::Dict(catalog) => Ok((root, catalog)),
        _ => Err(NONE),
    }
}

fn information(file: &Document<'_>) -> Result<Dict, ReadError> {
    match file.value(&file.trailer, "Info")? {
        Object::Dict(information) => Ok(information),
        _ => Ok(Dict::default()),
    }
}

/// The metadata stream of a document.
struct Metadata {
    reference: Option<Reference>,
    dict: Dict,
    /// `None` when there is none, or none that is understood.
    packet: Option<Packet>,
}

fn packet(file: &Document<'_>) -> Result<Metadata, ReadError> {
    let nothing = Metadata { reference: None, dict: Dict::default(), packet: None };
    let Some(reference) = catalog(file)?.1.get("Metadata").and_then(Object::as_reference) else { return Ok(nothing) };
    let found = match file.stream(reference) {
        Ok(Some(stream)) => file.decode(&stream).map(|data| (stream.dict, data)),
        Ok(None) => return Ok(nothing),
        Err(e) => Err(e),
    };
    match found {
        Ok((dict, data)) => Ok(Metadata { reference: Some(reference), dict, packet: Packet::read(&data) }),
        Err(ReadError::Damaged(_)) => Ok(Metadata { reference: Some(reference), ..nothing }),
        Err(e) => Err(e),
    }
}

/// The part of PDF/A (ISO 19005) that the document says it keeps to.
pub(super) fn archival(file: &Document<'_>) -> Result<Option<u32>, ReadError> {
    Ok(packet(file)?.packet.as_ref().and_then(Packet::archival))
}

/// Writes the bytes that follow the document's end.
fn update(file: &Document<'_>, label: &StoredLabel, tail: &mut Vec<u8>) -> Result<(), LabelError> {
    let (root, catalog) = catalog(file)?;
    refuse_final(file, &catalog)?;
    let mut update = Update::begin(file, tail)?;
    let metadata = packet(file)?;
    let part = metadata.packet.as_ref().and_then(Packet::archival);
    // PDF/A-4 has no document information (ISO 19005-4, 6.1.3); the parts before want every XMP property explained
    // in the packet (ISO 19005-2, 6.6.2.3), which document information does without.
    if part.is_none_or(|part| part < 4) {
        let old = file.trailer.get("Info").and_then(Object::as_reference);
        let reference = old.map_or_else(|| update.number(), Ok)?;
        let information = information(file)?
            .with(MARKING_PROPERTY, Object::words(label.marking()))
            .with(LABEL_PROPERTY, Object::words(&label.text()));
        update.put(reference, &information.into(), None)?;
        update.set_information(reference);
    }
    let archival = part.is_some_and(|part| part < 4);
    let packet = match (metadata.packet, metadata.reference) {
        (Some(packet), _) if archival && packet.is_labelled() => Some(packet.with(None)?),
        (Some(packet), _) if !archival => Some(packet.with(Some(label))?),
        (None, None) => Packet::empty().map(|packet| packet.with(Some(label))).transpose()?,
        // What is not understood is left alone.
        _ => None,
    };
    if let Some(packet) = packet {
        let reference = metadata.reference.map_or_else(|| update.number(), Ok)?;
        let mut dict = metadata.dict;
        for key in ["Filter", "DecodeParms", "DL", "F", "FFilter", "FDecodeParms"] {
            dict.remove(key);
        }
        let dict = dict
            .with("Type", Object::name("Metadata"))
            .with("Subtype", Object::name("XML"))
            .with("Length", Object::number(packet.len() as u64));
        update.put(reference, &dict.into(), Some(&packet))?;
        if metadata.reference.is_none() {
            update.put(root, &catalog.with("Metadata", reference).into(), None)?;
        }
    }
    update.finish(file)
}

/// Refuses documents whose certification forbids every change (ISO 32000-2, 12.8.2.2, P of 1).
pub(super) fn refuse_final(file: &Document<'_>, catalog: &Dict) -> Result<(), LabelError> {
    let Object::Dict(permissions) = file.value(catalog, "Perms")? else { return Ok(()) };
    let Object::Dict(signature) = file.value(&permissions, "DocMDP")? else { return Ok(()) };
    for reference in file.value(&signature, "Reference")?.as_array().unwrap_or_default() {
        let Object::Dict(reference) = file.resolve(reference)? else { continue };
        let Object::Dict(parameters) = file.value(&reference, "TransformParams")? else { continue };
        if file.value(&parameters, "P")?.as_u64() == Some(1) {
            return Err(LabelError::Refused(Text::fixed(
                "一切の変更を認めない署名のあるPDFのため、格付を書き込めません。",
                "the PDF is certified against every change",
            )));
        }
    }
    Ok(())
}
