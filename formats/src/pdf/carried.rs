//! The envelope in a PDF: the one attached file, announced as encrypted payload of ours.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::ops::Range;

use flate2::read::ZlibDecoder;

use crate::error::{LocateError, ReadError};
use crate::limits;
use crate::place::{MAGIC, Place, Repacked, Route};
use crate::source::{Cursor, Source, Window};

use super::document::{Document, Stream, is_deflated};
use super::object::{Dict, Object, Reference};

/// Name of the attached file; the document's own name is in the envelope.
pub(super) const NAME: &str = "kakuzuke-envelope.kkz";
/// Subtype of the encrypted payload dictionary (ISO 32000-2, table 54).
pub(super) const SUBTYPE: &str = "Kakuzuke";

/// What a PDF carries.
pub(super) enum Carried {
    Nothing,
    /// The encrypted payload of another program.
    Foreign,
    Envelope(Place),
}

/// Whose payload an attached file is.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Payload {
    None,
    Foreign,
    Ours,
}

/// Looks for the envelope.
pub(super) fn find(source: &dyn Source, file: &Document<'_>) -> Result<Carried, LocateError> {
    let files = attached(file)?;
    match files.values().max() {
        Some(Payload::Ours) => {}
        Some(Payload::Foreign) => return Ok(Carried::Foreign),
        Some(Payload::None) | None => return Ok(Carried::Nothing),
    }
    let mut references = files.into_keys();
    let (Some(reference), None) = (references.next(), references.next()) else {
        return Err(LocateError::Ambiguous("other attached files beside the envelope"));
    };
    let stream = file.stream(reference)?.ok_or(ReadError::Damaged("the attached envelope is not there"))?;
    place(source, &stream).map(Carried::Envelope)
}

fn place(source: &dyn Source, stream: &Stream) -> Result<Place, LocateError> {
    const NOT_ONE: ReadError = ReadError::Damaged("the attached file is not an envelope");
    let range = stream.data.clone();
    let mut magic = [0; MAGIC.len()];
    if !is_deflated(&stream.dict)? {
        let length = (range.end - range.start).min(MAGIC.len() as u64);
        let start = crate::source::read_range(source, range.start..range.start + length).map_err(ReadError::from)?;
        return if start == MAGIC { Ok(Place::Range(range)) } else { Err(NOT_ONE.into()) };
    }
    if stream.dict.get("DecodeParms").is_some() {
        return Err(NOT_ONE.into());
    }
    let window = Window::new(source, range.clone());
    let mut data = ZlibDecoder::new(Cursor::new(&window)).take(limits::REPACKED_ENVELOPE + 1);
    data.read_exact(&mut magic).map_err(|_| NOT_ONE)?;
    if magic != MAGIC {
        return Err(NOT_ONE.into());
    }
    let rest = std::io::copy(&mut data, &mut std::io::sink()).map_err(|_| NOT_ONE)?;
    let len = rest + MAGIC.len() as u64;
    if len > limits::REPACKED_ENVELOPE {
        return Err(ReadError::Limit("size of an embedded envelope").into());
    }
    Ok(Place::Repacked(Repacked { len, route: Route::Deflated(range) }))
}

/// Copies a deflated envelope of `len` bytes to `out`.
pub(crate) fn extract(
    source: &dyn Source,
    range: &Range<u64>,
    len: u64,
    out: &mut dyn Write,
) -> Result<u64, LocateError> {
    const CHANGED: ReadError = ReadError::Damaged("the attached envelope can't be decoded");
    let window = Window::new(source, range.clone());
    let mut data = ZlibDecoder::new(Cursor::new(&window)).take(len);
    let mut buffer = vec![0_u8; 128 << 10];
    let mut done = 0;
    loop {
        let n = data.read(&mut buffer).map_err(|_| CHANGED)?;
        if n == 0 {
            return if done == len { Ok(done) } else { Err(CHANGED.into()) };
        }
        out.write_all(buffer.get(..n).unwrap_or_default()).map_err(LocateError::Write)?;
        done += n as u64;
    }
}

/// The streams of every attached file, by the associated files of the document and the tree of names.
fn attached(file: &Document<'_>) -> Result<BTreeMap<Reference, Payload>, ReadError> {
    let Object::Dict(catalog) = file.value(&file.trailer, "Root")? else {
        return Err(ReadError::Damaged("the PDF has no catalog"));
    };
    let mut files = Files::default();
    for spec in file.value(&catalog, "AF")?.as_array().unwrap_or_default() {
        files.add(file, spec)?;
    }
    let Object::Dict(names) = file.value(&catalog, "Names")? else { return Ok(files.found) };
    let (mut next, mut seen) = (names.get("EmbeddedFiles").cloned().into_iter().collect::<Vec<_>>(), BTreeSet::new());
    while let Some(node) = next.pop() {
        files.count(1)?;
        if node.as_reference().is_some_and(|reference| !seen.insert(reference)) {
            continue;
        }
        let Object::Dict(node) = file.resolve(&node)? else { continue };
        for pair in file.value(&node, "Names")?.as_array().unwrap_or_default().chunks(2) {
            if let Some(spec) = pair.get(1) {
                files.add(file, spec)?;
            }
        }
        if let Object::Array(kids) = file.value(&node, "Kids")? {
            files.count(kids.len())?;
            next.extend(kids);
        }
    }
    Ok(files.found)
}

/// The attached files found so far, and how many things were looked at for it.
#[derive(Default)]
struct Files {
    found: BTreeMap<Reference, Payload>,
    looked: usize,
}

impl Files {
    fn count(&mut self, things: usize) -> Result<(), ReadError> {
        self.looked = self.looked.saturating_add(things);
        if self.looked > limits::PDF_NODES { Err(ReadError::Limit("attached files of a PDF")) } else { Ok(()) }
    }

    /// Adds the stream of a file specification.
    fn add(&mut self, file: &Document<'_>, spec: &Object) -> Result<(), ReadError> {
        self.count(1)?;
        let Object::Dict(spec) = file.resolve(spec)? else { return Ok(()) };
        let Object::Dict(streams) = file.value(&spec, "EF")? else { return Ok(()) };
        let Some(stream) = ["F", "UF"].iter().find_map(|key| streams.get(key)?.as_reference()) else { return Ok(()) };
        let payload = payload(file, &spec)?;
        let kept = self.found.entry(stream).or_insert(payload);
        *kept = payload.max(*kept);
        Ok(())
    }
}

fn payload(file: &Document<'_>, spec: &Dict) -> Result<Payload, ReadError> {
    let Object::Dict(payload) = file.value(spec, "EP")? else { return Ok(Payload::None) };
    let ours = file.value(&payload, "Subtype")?.as_name() == Some(SUBTYPE.as_bytes());
    Ok(if ours { Payload::Ours } else { Payload::Foreign })
}
