//! The carrier: the cover page as krilla drew it, its catalog made one of a wrapper document, and the envelope as
//! the last object, so that every offset in the cross-reference table is known before the envelope is.

use crate::carrier::{Carrier, Encoding, Frame};
use crate::cover::Cover;
use crate::error::WrapError;
use crate::format::Template;
use crate::kind::Kind;
use crate::label::COVER_PROPERTY;

use super::carried::{NAME, SUBTYPE};
use super::document::Document;
use super::object::{Dict, Object, Reference};
use super::xref::Entry;

/// The longest envelope, in bytes: readers count offsets in signed 64-bit numbers.
const LARGEST: u64 = 1 << 60;

/// A cover page with everything but the envelope.
pub(super) struct Sheet {
    /// The file up to the object that is the envelope.
    head: Vec<u8>,
    /// Offset of each object, by number from 1 on; 0 for none.
    offsets: Vec<usize>,
    /// Root, Info and ID.
    trailer: Dict,
}

impl Sheet {
    /// Draws a cover.
    pub fn draw(cover: &Cover) -> Result<Self, WrapError> {
        Self::around(cover.page()?).ok_or(WrapError::Cover("the page can't be made a carrier"))
    }

    /// Takes a page apart and lays it out anew with the attachment announced.
    fn around(page: Vec<u8>) -> Option<Self> {
        let file = Document::open(&page).ok()?;
        let next = file.next_number()?;
        let root = file.trailer.get("Root")?.as_reference()?;
        let (info, spec, envelope) = (Reference::first(next), Reference::first(next + 1), Reference::first(next + 2));
        let mut found = Vec::new();
        for number in 1..next {
            if let Entry::At(at, _) = file.entry(number).ok()? {
                found.push((usize::try_from(at).ok()?, number));
            }
        }
        found.sort_unstable();
        let body = usize::try_from(file.newest).ok()?;
        let mut sheet = Self {
            head: page.get(..found.first()?.0)?.to_vec(),
            offsets: vec![0; next as usize - 1],
            trailer: Dict::default().with("Root", root).with("Info", info).with("ID", file.trailer.get("ID")?.clone()),
        };
        let old_info = file.trailer.get("Info").and_then(Object::as_reference);
        let ends = found.iter().skip(1).map(|(at, _)| *at).chain([body]);
        for ((at, number), end) in found.iter().zip(ends) {
            if *number != root.number && old_info.is_none_or(|old| old.number != *number) {
                *sheet.offsets.get_mut(*number as usize - 1)? = sheet.head.len();
                sheet.head.extend(page.get(*at..end)?);
            }
        }
        let Object::Dict(catalog) = file.get(root).ok()? else { return None };
        sheet.put(root, &announce(catalog, spec).into());
        sheet.put(info, &about().into());
        sheet.put(spec, &specification(envelope).into());
        Some(sheet)
    }

    fn put(&mut self, reference: Reference, object: &Object) {
        let place = reference.number as usize - 1;
        if self.offsets.len() <= place {
            self.offsets.resize(place + 1, 0);
        }
        if let Some(offset) = self.offsets.get_mut(place) {
            *offset = self.head.len();
        }
        self.head.extend(format!("{} 0 obj\n", reference.number).bytes());
        object.write(&mut self.head);
        self.head.extend(b"\nendobj\n");
    }
}

impl Template for Sheet {
    fn carrier(&self, envelope: u64) -> Result<Carrier, WrapError> {
        if envelope > LARGEST {
            return Err(WrapError::TooLarge { kind: Kind::Pdf, limit: LARGEST });
        }
        let mut prefix = self.head.clone();
        let number = self.offsets.len() + 1;
        let stream = Dict::default()
            .with("Type", Object::name("EmbeddedFile"))
            .with("Subtype", Object::name(Kind::Opaque.media_type()))
            .with("Params", Dict::default().with("Size", Object::number(envelope)))
            .with("Length", Object::number(envelope));
        prefix.extend(format!("{number} 0 obj\n").bytes());
        stream.write(&mut prefix);
        prefix.extend(b"\nstream\n");
        let mut suffix = b"\nendstream\nendobj\n".to_vec();
        let start = prefix.len() as u64 + envelope + suffix.len() as u64;
        let offsets = self.offsets.iter().copied().chain([self.head.len()]);
        suffix.extend(format!("xref\n0 {}\n0000000000 65535 f \n", number + 1).bytes());
        for offset in offsets {
            let used = if offset == 0 { ("65535", 'f') } else { ("00000", 'n') };
            suffix.extend(format!("{offset:010} {} {} \n", used.0, used.1).bytes());
        }
        suffix.extend(b"trailer\n");
        self.trailer.clone().with("Size", Object::number(number as u64 + 1)).write(&mut suffix);
        suffix.extend(format!("\nstartxref\n{start}\n%%EOF\n").bytes());
        Ok(Carrier { frame: Frame { prefix, suffix }, envelope, encoding: Encoding::AsIs, sums: None })
    }
}

/// The catalog of a wrapper document (ISO 32000-2, 7.6.7).
fn announce(catalog: Dict, spec: Reference) -> Dict {
    let files = Object::Array(vec![Object::words(NAME), spec.into()]);
    let collection = Dict::default()
        .with("Type", Object::name("Collection"))
        .with("D", Object::words(NAME))
        .with("View", Object::name("H"));
    catalog
        .with("Collection", collection)
        .with("AF", Object::Array(vec![spec.into()]))
        .with("Names", Dict::default().with("EmbeddedFiles", Dict::default().with("Names", files)))
}

fn specification(envelope: Reference) -> Dict {
    let payload = Dict::default()
        .with("Type", Object::name("EncryptedPayload"))
        .with("Subtype", Object::name(SUBTYPE))
        .with("Version", Object::words("1"));
    Dict::default()
        .with("Type", Object::name("Filespec"))
        .with("F", Object::words(NAME))
        .with("UF", Object::words(NAME))
        .with("Desc", Object::words("保護された文書 Protected document"))
        .with("AFRelationship", Object::name("EncryptedPayload"))
        .with("EP", payload)
        .with("EF", Dict::default().with("F", envelope).with("UF", envelope))
}

/// The document information: what the file is, and the mark of a cover.
fn about() -> Dict {
    Dict::default()
        .with("Title", Object::words("保護された文書 Protected Document"))
        .with("Creator", Object::words("Kakuzuke"))
        .with(COVER_PROPERTY, Object::words("1"))
}
