//! The label in a PDF: document information and XMP, written behind the end of the file (ISO 32000-2, 7.5.6), so that
//! every byte that was there stays, and signatures over them stay valid.

use std::io::Write;

use crate::error::{LabelError, ReadError};
use crate::label::{COVER_PROPERTY, LABEL_PROPERTY, MARKING_PROPERTY, StoredLabel};
use crate::limits;
use crate::source::{Source, copy_range};

use super::document::Document;
use super::object::{Dict, Object, Reference};
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
        return Err(LabelError::Refused("there are bytes before the PDF's header"));
    }
    let update = update(&file, label)?;
    copy_range(source, 0..file.size(), out).map_err(LabelError::Write)?;
    out.write_all(&update).map_err(LabelError::Write)
}

fn catalog(file: &Document<'_>) -> Result<(Reference, Dict), ReadError> {
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

/// The bytes that follow the document's end.
fn update(file: &Document<'_>, label: &StoredLabel) -> Result<Vec<u8>, LabelError> {
    let (root, catalog) = catalog(file)?;
    refuse_final(file, &catalog)?;
    let mut update = Update::new(file)?;
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
        update.put(reference, &information.into(), None);
        update.information = Some(reference.into());
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
        update.put(reference, &dict.into(), Some(&packet));
        if metadata.reference.is_none() {
            update.put(root, &catalog.with("Metadata", reference).into(), None);
        }
    }
    update.finish(file)
}

/// Refuses documents whose certification forbids every change (ISO 32000-2, 12.8.2.2, P of 1).
fn refuse_final(file: &Document<'_>, catalog: &Dict) -> Result<(), LabelError> {
    let Object::Dict(permissions) = file.value(catalog, "Perms")? else { return Ok(()) };
    let Object::Dict(signature) = file.value(&permissions, "DocMDP")? else { return Ok(()) };
    for reference in file.value(&signature, "Reference")?.as_array().unwrap_or_default() {
        let Object::Dict(reference) = file.resolve(reference)? else { continue };
        let Object::Dict(parameters) = file.value(&reference, "TransformParams")? else { continue };
        if file.value(&parameters, "P")?.as_u64() == Some(1) {
            return Err(LabelError::Refused("the PDF is certified against every change"));
        }
    }
    Ok(())
}

/// An incremental update being written.
struct Update {
    /// Offset of its first byte.
    start: u64,
    bytes: Vec<u8>,
    written: Vec<(Reference, u64)>,
    next: u32,
    information: Option<Object>,
}

impl Update {
    fn new(file: &Document<'_>) -> Result<Self, LabelError> {
        let next = file.next_number().ok_or(LabelError::Refused("the PDF has too many objects"))?;
        let information = file.trailer.get("Info").cloned();
        Ok(Self { start: file.size(), bytes: b"\n".to_vec(), written: Vec::new(), next, information })
    }

    fn number(&mut self) -> Result<Reference, LabelError> {
        if self.next >= limits::PDF_OBJECTS {
            return Err(LabelError::Refused("the PDF has too many objects"));
        }
        self.next += 1;
        Ok(Reference::first(self.next - 1))
    }

    fn put(&mut self, reference: Reference, object: &Object, data: Option<&[u8]>) {
        self.written.push((reference, self.start + self.bytes.len() as u64));
        self.bytes.extend(format!("{} {} obj\n", reference.number, reference.generation).bytes());
        object.write(&mut self.bytes);
        if let Some(data) = data {
            self.bytes.extend(b"\nstream\n");
            self.bytes.extend(data);
            self.bytes.extend(b"\nendstream");
        }
        self.bytes.extend(b"\nendobj\n");
    }

    /// Adds the cross-reference section, of the sort the document ends with.
    fn finish(mut self, file: &Document<'_>) -> Result<Vec<u8>, LabelError> {
        let mut trailer = Dict::default().with("Prev", Object::number(file.newest));
        for key in ["Root", "ID"] {
            if let Some(value) = file.trailer.get(key) {
                trailer = trailer.with(key, value.clone());
            }
        }
        if let Some(information) = self.information.take() {
            trailer = trailer.with("Info", information);
        }
        self.written.sort_unstable();
        let section = self.start + self.bytes.len() as u64;
        if file.streams {
            let own = self.number()?;
            self.written.push((own, section));
            self.finish_stream(own, trailer);
        } else {
            self.finish_table(trailer)?;
        }
        self.bytes.extend(format!("\nstartxref\n{section}\n%%EOF\n").bytes());
        Ok(self.bytes)
    }

    fn finish_table(&mut self, trailer: Dict) -> Result<(), LabelError> {
        let mut lines = String::from("xref\n");
        for (reference, offset) in &self.written {
            if *offset > 9_999_999_999 {
                return Err(LabelError::Refused("the PDF is too large for its cross-reference table"));
            }
            lines.push_str(&format!("{} 1\n{offset:010} {:05} n \n", reference.number, reference.generation));
        }
        self.bytes.extend(lines.bytes());
        self.bytes.extend(b"trailer\n");
        trailer.with("Size", Object::number(self.next.into())).write(&mut self.bytes);
        Ok(())
    }

    fn finish_stream(&mut self, own: Reference, trailer: Dict) {
        let (mut index, mut data) = (Vec::new(), Vec::new());
        for (reference, offset) in &self.written {
            index.extend([Object::number(reference.number.into()), Object::number(1)]);
            data.push(1);
            data.extend(offset.to_be_bytes());
            data.extend(reference.generation.to_be_bytes());
        }
        let dict = trailer
            .with("Type", Object::name("XRef"))
            .with("Size", Object::number(self.next.into()))
            .with("W", Object::Array([1, 8, 2].map(Object::number).to_vec()))
            .with("Index", Object::Array(index))
            .with("Length", Object::number(data.len() as u64));
        self.bytes.extend(format!("{} 0 obj\n", own.number).bytes());
        dict.write(&mut self.bytes);
        self.bytes.extend(b"\nstream\n");
        self.bytes.extend(data);
        self.bytes.extend(b"\nendstream\nendobj");
    }
}
