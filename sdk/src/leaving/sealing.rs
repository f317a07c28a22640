//! 送る前の保護. A sealed copy of what lies in clear: read where it is, never written in clear anywhere else, open to its author
//! alone until the server has said who else.

use std::io::{Seek, SeekFrom};
use std::path::Path;

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::Standing;
use kakuzuke_core::label::{Decided, Label};
use kakuzuke_core::protocol::Readers;
use kakuzuke_formats::{Kind, WrapError};

use super::name_of;
use crate::error::{Error, Result};
use crate::files::Draft;
use crate::options::{Contact, Protection};
use crate::place::{CARRIER, Target};
use crate::protect::put_receipt;
use crate::session::Desk;

/// A sealed copy, and what the server is told of it.
pub(super) struct SealedCopy {
    pub(super) draft: Draft,
    pub(super) head: Vec<u8>,
    pub(super) name: String,
}

impl Desk {
    /// The label a document in clear lies under, decided by this officer for the copy that is sealed. Whoever decided the
    /// first one is asked about by the server.
    pub(super) fn taken_over(&self, label: &Label) -> Result<Label> {
        let post = label.decided().responsible().post.to_string();
        let own = label.decided().responsible().subject == self.info.subject;
        let mut draft = label.to_draft();
        draft.decided = Decided::ByPerson(self.decider(own.then_some(post.as_str()))?);
        draft.decided_at = self.now()?;
        draft.finish(self.taxonomy).map_err(|e| Error::new(e.code(), e.text()))
    }

    pub(super) fn seal_copy(&self, path: &Path, label: Label, place: &Path) -> Result<SealedCopy> {
        let work = self.prepare_labelled(path, label)?;
        let ticket = self.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?;
        let protection = Protection { readers: Some(Readers::default()), ..Protection::default() };
        // What has no cover of its own gets a page: an unknown type tells nobody the grade. Nor does a mail within a mail.
        let own_kind = !matches!(work.kind, Kind::Opaque | Kind::Eml) && work.length()? <= CARRIER;
        let kind = if own_kind { work.kind } else { Kind::Pdf };
        let name = if own_kind { name_of(path) } else { format!("{}.pdf", name_of(path)) };
        let target = Target { path: place.to_owned(), kind };
        let sealed = self.seal_to((work, target), ticket, &protection, Standing::first, place)?;
        let (document, told) = (sealed.document, sealed.told.clone());
        let (_, receipt) = self.tell_or_keep(&document, told, Contact::Online)?;
        let head = sealed.head.as_bytes().to_vec();
        if let Some(receipt) = receipt {
            put_receipt(sealed.envelope.file(), sealed.head.clone(), receipt.receipt.0, path)?;
        }
        let cover = self.cover(&sealed.label, if own_kind { kind } else { Kind::Opaque });
        let failed = |error: WrapError| match error {
            WrapError::Io(e) => Error::io(path, e),
            other => Error::of(Code::Unsupported).at(path).caused_by(other),
        };
        let mut source = sealed.envelope.file().try_clone().map_err(|e| Error::io(path, e))?;
        let length = source.seek(SeekFrom::End(0)).map_err(|e| Error::io(path, e))?;
        source.seek(SeekFrom::Start(0)).map_err(|e| Error::io(path, e))?;
        let carrier = self.covers.carrier(kind, &cover, length).map_err(failed)?;
        let draft = Draft::beside(place)?;
        draft.allocate(carrier.total_len())?;
        let mut out = draft.file().try_clone().map_err(|e| Error::io(path, e))?;
        carrier.write(&mut source, &mut out).map_err(failed)?;
        Ok(SealedCopy { draft, head, name })
    }
}
