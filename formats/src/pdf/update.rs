//! 増分更新. Objects written behind the end of a PDF (ISO 32000-2, 7.5.6): every byte that was there stays. Nothing is
//! held but where the objects lie.

use std::io::Write;

use kakuzuke_core::code::Text;

use crate::error::LabelError;
use crate::limits;

use super::document::Document;
use super::object::{Dict, Object, Reference};

const MANY: LabelError =
    LabelError::Refused(Text::fixed("PDFのオブジェクトの数が上限に達しています。", "the PDF has too many objects"));

/// An incremental update being written.
pub(super) struct Update<'o> {
    out: &'o mut dyn Write,
    /// Offset of the next byte.
    at: u64,
    /// Every object, and its offset.
    written: Vec<(Reference, u64)>,
    next: u32,
    information: Option<Object>,
    own: Dict,
}

impl<'o> Update<'o> {
    /// Begins behind the end of `file`, which `out` has got or gets before.
    pub fn begin(file: &Document<'_>, out: &'o mut dyn Write) -> Result<Self, LabelError> {
        let next = file.next_number().ok_or(MANY)?;
        let information = file.trailer.get("Info").cloned();
        let mut update = Self { out, at: file.size(), written: Vec::new(), next, information, own: Dict::default() };
        update.write(b"\n")?;
        Ok(update)
    }

    /// The number of a new object.
    pub fn number(&mut self) -> Result<Reference, LabelError> {
        if self.next >= limits::PDF_OBJECTS {
            return Err(MANY);
        }
        self.next += 1;
        Ok(Reference::first(self.next - 1))
    }

    /// Writes an object; with data it is a stream, whose length the object says.
    pub fn put(&mut self, reference: Reference, object: &Object, data: Option<&[u8]>) -> Result<(), LabelError> {
        self.written.push((reference, self.at));
        let mut bytes = format!("{} {} obj\n", reference.number, reference.generation).into_bytes();
        object.write(&mut bytes);
        if let Some(data) = data {
            bytes.extend(b"\nstream\n");
            bytes.extend(data);
            bytes.extend(b"\nendstream");
        }
        bytes.extend(b"\nendobj\n");
        self.write(&bytes)
    }

    /// Writes a new object.
    pub fn add(&mut self, object: &Object, data: Option<&[u8]>) -> Result<Reference, LabelError> {
        let reference = self.number()?;
        self.put(reference, object, data)?;
        Ok(reference)
    }

    /// Another information dictionary from now on.
    pub fn set_information(&mut self, reference: Reference) {
        self.information = Some(reference.into());
    }

    /// A key of the trailer besides.
    pub fn say(&mut self, key: &str, value: Object) {
        self.own = std::mem::take(&mut self.own).with(key, value);
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), LabelError> {
        self.out.write_all(bytes).map_err(LabelError::Write)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Adds the cross-reference section, of the sort the document ends with.
    pub fn finish(mut self, file: &Document<'_>) -> Result<(), LabelError> {
        let mut trailer = std::mem::take(&mut self.own).with("Prev", Object::number(file.newest));
        for key in ["Root", "ID"] {
            if let Some(value) = file.trailer.get(key) {
                trailer = trailer.with(key, value.clone());
            }
        }
        if let Some(information) = self.information.take() {
            trailer = trailer.with("Info", information);
        }
        self.written.sort_unstable();
        let section = self.at;
        if file.streams {
            let own = self.number()?;
            self.written.push((own, section));
            self.finish_stream(own, trailer)?;
        } else {
            self.finish_table(trailer)?;
        }
        self.write(format!("\nstartxref\n{section}\n%%EOF\n").as_bytes())
    }

    /// Objects whose numbers follow each other.
    fn runs(&self) -> Vec<&[(Reference, u64)]> {
        self.written.chunk_by(|(one, _), (other, _)| one.number.checked_add(1) == Some(other.number)).collect()
    }

    fn finish_table(&mut self, trailer: Dict) -> Result<(), LabelError> {
        let mut lines = String::from("xref\n");
        for run in self.runs() {
            let Some(((first, _), count)) = run.first().zip(Some(run.len())) else { continue };
            lines.push_str(&format!("{} {count}\n", first.number));
            for (reference, offset) in run {
                if *offset > 9_999_999_999 {
                    return Err(LabelError::Refused(Text::fixed(
                        "PDFが大きすぎるため、格付を書き込めません。",
                        "the PDF is too large for its cross-reference table",
                    )));
                }
                lines.push_str(&format!("{offset:010} {:05} n \n", reference.generation));
            }
        }
        let mut bytes = lines.into_bytes();
        bytes.extend(b"trailer\n");
        trailer.with("Size", Object::number(self.next.into())).write(&mut bytes);
        self.write(&bytes)
    }

    fn finish_stream(&mut self, own: Reference, trailer: Dict) -> Result<(), LabelError> {
        let (mut index, mut data) = (Vec::new(), Vec::new());
        for run in self.runs() {
            let Some((first, _)) = run.first() else { continue };
            index.extend([Object::number(first.number.into()), Object::number(run.len() as u64)]);
            for (reference, offset) in run {
                data.push(1);
                data.extend(offset.to_be_bytes());
                data.extend(reference.generation.to_be_bytes());
            }
        }
        let dict = trailer
            .with("Type", Object::name("XRef"))
            .with("Size", Object::number(self.next.into()))
            .with("W", Object::Array([1, 8, 2].map(Object::number).to_vec()))
            .with("Index", Object::Array(index))
            .with("Length", Object::number(data.len() as u64));
        let mut bytes = format!("{} 0 obj\n", own.number).into_bytes();
        dict.write(&mut bytes);
        bytes.extend(b"\nstream\n");
        bytes.extend(data);
        bytes.extend(b"\nendstream\nendobj");
        self.write(&bytes)
    }
}
