//! 電子署名. The place of a signature in a PDF (ISO 32000-2, 12.8): written behind the document's end with a hole in it, into
//! which whoever has the key puts a signature over all the rest. Nothing is seen of it on the pages.

use std::io;
use std::ops::Range;

use kakuzuke_core::code::Text;
use kakuzuke_core::time::Timestamp;

use super::document::Document;
use super::label::{catalog, refuse_final};
use super::object::{Dict, Object, Reference};
use super::update::Update;
use crate::error::LabelError;
use crate::limits;
use crate::source::Source;

/// What a signature says beside what it signs.
#[derive(Debug, Clone)]
pub struct SignaturePlace {
    /// Bytes that the signature takes, at most.
    pub room: usize,
    /// When it is signed.
    pub at: Timestamp,
    /// Whether the document may change afterwards.
    pub changes: Changes,
}

/// What may become of a signed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// What readers tell of as added later.
    Told,
    /// None: it is certified as final (12.8.2.2, P of 1).
    Forbidden,
}

/// A PDF with the place of a signature, and no signature yet.
pub struct Unsigned<'s> {
    source: &'s dyn Source,
    base: u64,
    update: Vec<u8>,
    /// Where the signature comes in the update, with its brackets.
    hole: Range<usize>,
}

/// Digits of an offset in a byte range.
const DIGITS: usize = 14;

impl<'s> Unsigned<'s> {
    /// Adds the place of a signature to a document.
    ///
    /// # Errors
    /// [`LabelError::Refused`] for documents that are certified already, or have no page to belong to.
    pub fn new(source: &'s dyn Source, place: &SignaturePlace) -> Result<Self, LabelError> {
        let file = Document::open(source)?;
        if file.trailer.get("Encrypt").is_some() {
            return Err(super::LOCKED);
        }
        let (root, catalog) = catalog(&file)?;
        refuse_final(&file, &catalog)?;
        let mut update = Vec::new();
        let mut writer = Update::begin(&file, &mut update)?;
        let signature = writer.number()?;
        let field = writer.number()?;
        let (page, dict) = first_page(&file, &catalog)?;
        writer.put(signature, &signature_dict(place).into(), None)?;
        writer.put(field, &widget(signature, page).into(), None)?;
        let mut annotations = file.value(&dict, "Annots")?.as_array().unwrap_or_default().to_vec();
        annotations.push(field.into());
        writer.put(page, &dict.with("Annots", Object::Array(annotations)).into(), None)?;
        let catalog = with_field(&file, catalog, field, &mut writer)?;
        let catalog = match place.changes {
            Changes::Told => catalog,
            Changes::Forbidden => catalog.with("Perms", Dict::default().with("DocMDP", signature)),
        };
        writer.put(root, &catalog.into(), None)?;
        writer.finish(&file)?;
        Self::with_hole(source, file.size(), update, place.room)
    }

    /// Finds the hole, and says where it is.
    fn with_hole(source: &'s dyn Source, base: u64, mut update: Vec<u8>, room: usize) -> Result<Self, LabelError> {
        const LOST: LabelError =
            LabelError::Refused(Text::fixed("署名の場所を書き込めません。", "the signature's place can't be written"));
        let find = |what: &[u8]| update.windows(what.len()).position(|w| w == what);
        let start = find(b"/Contents <").ok_or(LOST)? + 10;
        let hole = start..start + 2 + 2 * room;
        let range = find(b"/ByteRange [").ok_or(LOST)? + 12;
        let behind = base + hole.end as u64;
        let numbers = [0, base + hole.start as u64, behind, base + update.len() as u64 - behind];
        let written = numbers.map(|number| format!("{number:<DIGITS$}")).join(" ");
        update.get_mut(range..range + written.len()).ok_or(LOST)?.copy_from_slice(written.as_bytes());
        if update.get(hole.clone()).is_none_or(|bytes| !bytes.starts_with(b"<") || !bytes.ends_with(b">")) {
            return Err(LOST);
        }
        Ok(Self { source, base, update, hole })
    }

    /// Reads what is signed, from `at` on: everything but the hole; 0 at the end.
    ///
    /// # Errors
    /// When the document can't be read.
    pub fn read_signed(&self, at: u64, buf: &mut [u8]) -> io::Result<usize> {
        let (gap, length) = (self.hole.start, self.hole.len());
        if at < self.base {
            let left = usize::try_from(self.base - at).unwrap_or(usize::MAX).min(buf.len());
            return match self.source.read_at(at, buf.get_mut(..left).unwrap_or_default())? {
                0 if left > 0 => Err(io::ErrorKind::UnexpectedEof.into()),
                n => Ok(n),
            };
        }
        let within = usize::try_from(at - self.base).unwrap_or(usize::MAX);
        let piece =
            if within < gap { self.update.get(within..gap) } else { self.update.get(within.saturating_add(length)..) };
        let piece = piece.unwrap_or_default();
        let n = piece.len().min(buf.len());
        buf.iter_mut().zip(piece).for_each(|(to, from)| *to = *from);
        Ok(n)
    }

    /// What is to be written behind the document: with the signature in its place.
    ///
    /// # Errors
    /// [`LabelError::Refused`] when it is longer than announced.
    pub fn finish(mut self, signature: &[u8]) -> Result<Vec<u8>, LabelError> {
        const LONG: LabelError = LabelError::Refused(Text::fixed(
            "署名が用意した場所より長くなりました。",
            "the signature is longer than its place",
        ));
        let digits = data_encoding::HEXLOWER.encode(signature);
        let start = self.hole.start + 1;
        if digits.len() > self.hole.len() - 2 {
            return Err(LONG);
        }
        self.update.get_mut(start..start + digits.len()).ok_or(LONG)?.copy_from_slice(digits.as_bytes());
        Ok(self.update)
    }
}

fn signature_dict(place: &SignaturePlace) -> Dict {
    let (year, month, day, hour, minute, second) = place.at.japan();
    let time = format!("D:{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}+09'00'");
    let blank = || Object::Number(" ".repeat(DIGITS));
    let dict = Dict::default()
        .with("Type", Object::name("Sig"))
        .with("Filter", Object::name("Adobe.PPKLite"))
        .with("SubFilter", Object::name("ETSI.CAdES.detached"))
        .with("ByteRange", Object::Array((0..4).map(|_| blank()).collect()))
        // Bytes that are no text: written as digits.
        .with("Contents", Object::Text(vec![0; place.room]))
        .with("M", Object::words(&time));
    match place.changes {
        Changes::Told => dict,
        Changes::Forbidden => {
            let parameters = Dict::default()
                .with("Type", Object::name("TransformParams"))
                .with("P", Object::number(1))
                .with("V", Object::name("1.2"));
            let reference = Dict::default()
                .with("Type", Object::name("SigRef"))
                .with("TransformMethod", Object::name("DocMDP"))
                .with("TransformParams", parameters);
            dict.with("Reference", Object::Array(vec![reference.into()]))
        }
    }
}

/// The field, which is its own widget: hidden from nobody, and of no size (12.7.5.5).
fn widget(signature: Reference, page: Reference) -> Dict {
    let nothing = Object::Array((0..4).map(|_| Object::number(0)).collect());
    Dict::default()
        .with("Type", Object::name("Annot"))
        .with("Subtype", Object::name("Widget"))
        .with("FT", Object::name("Sig"))
        .with("T", Object::words("KakuzukePublication"))
        .with("V", signature)
        .with("F", Object::number(132))
        .with("Rect", nothing)
        .with("P", page)
}

/// The catalog with the field in its form.
fn with_field(file: &Document<'_>, catalog: Dict, field: Reference, writer: &mut Update) -> Result<Dict, LabelError> {
    let form = match file.value(&catalog, "AcroForm")? {
        Object::Dict(form) => form,
        _ => Dict::default(),
    };
    let mut fields = file.value(&form, "Fields")?.as_array().unwrap_or_default().to_vec();
    fields.push(field.into());
    let form = form.with("Fields", Object::Array(fields)).with("SigFlags", Object::number(3));
    match catalog.get("AcroForm").and_then(Object::as_reference) {
        Some(own) => {
            writer.put(own, &form.into(), None)?;
            Ok(catalog)
        }
        None => Ok(catalog.with("AcroForm", form)),
    }
}

/// The first page of the tree.
fn first_page(file: &Document<'_>, catalog: &Dict) -> Result<(Reference, Dict), LabelError> {
    const NONE: LabelError = LabelError::Refused(Text::fixed("PDFにページがありません。", "the PDF has no page"));
    let mut next = catalog.get("Pages").and_then(Object::as_reference).into_iter().collect::<Vec<_>>();
    for _ in 0..limits::PDF_NODES {
        let Some(reference) = next.pop() else { break };
        let Object::Dict(node) = file.get(reference)? else { continue };
        match file.value(&node, "Kids")? {
            Object::Array(kids) => next.extend(kids.iter().rev().filter_map(Object::as_reference)),
            _ => return Ok((reference, node)),
        }
    }
    Err(NONE)
}
