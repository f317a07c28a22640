//! 変更. Another label, 申請と許可, 利用停止, erasure of keys: asked of the server, and carried into the file where it shows.

use std::fs::OpenOptions;
use std::path::Path;

use kakuzuke_core::cbor;
use kakuzuke_core::code::Code;
use kakuzuke_core::cose::{Domain, UnverifiedSign1};
use kakuzuke_core::envelope::{ReadAt, Record, RevisionError, UnverifiedLabel};
use kakuzuke_core::id::DocumentId;
use kakuzuke_core::licence::Rights;
use kakuzuke_core::protocol::{
    ApprovalDecision, ApprovalKind, ApprovalRecord, ApprovalRequest, Bytes, DestroyRequest, DestructionCertificate,
    DocumentSummary, RelabelRequest, RevokeRequest, RevokeScope, StateChange, Zone, ZoneChange, paths,
};
use kakuzuke_core::trust::Service;
use kakuzuke_formats::{Kind, carrier};

use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace, Traits, sync_folder};
use crate::marking::MarkState;
use crate::messages;
use crate::open::{Found, refused_head};
use crate::options::{Application, Grading, Marks, Revocation, Show};
use crate::platform::Positional;
use crate::protect::view_of;
use crate::reports::{Changed, Destroyed, Relabelled};
use crate::session::{Desk, Session};

impl Session {
    /// 格付・取扱制限の見直し. The server has it first; then the file's head and cover say it too. What the pages inside show
    /// is changed only where `marks` ask for it: then the content is opened and sealed anew, by who may edit it. A label in
    /// clear is replaced together with the marking.
    ///
    /// # Errors
    /// [`Code::Conflict`] when the file's label is not the current one: open the newest copy.
    pub fn relabel(&self, path: &Path, grading: &Grading, reason: &str, marks: &Marks) -> Result<Relabelled> {
        let desk = &self.0;
        let now = desk.now()?;
        let mut held = Original::hold(path)?;
        let found = match desk.find_protected(path) {
            Err(error) if error.code() == Code::NotProtected && desk.is_labelled_in_clear(path) => {
                return self.relabel_in_clear(held, grading, marks);
            }
            found => found?,
        };
        let label = desk.read_grading(grading, now)?;
        if marks.show == Show::Label {
            return self.reseal(&mut held, found, label, reason, marks).map_err(|e| e.at(path));
        }
        let section = match found.head.section().revise(found.head.label().hash(), label.clone()) {
            Err(RevisionError::Mechanism) => {
                return self.reseal(&mut held, found, label, reason, marks).map_err(|e| e.at(path));
            }
            Err(other) => return Err(Error::of(other.code()).refused_as(other.id()).at(path)),
            Ok(section) => section,
        };
        let signatory = desk.profile.signatory(desk.provider);
        let next = section.sign(desk.provider, &signatory, &mut crate::random::generator());
        let next = next.map_err(|e| refused_head(e).at(path))?;
        let document = next.claims().document();
        let request = RelabelRequest { label_section: Bytes::from(next.as_bytes()), reason: reason.to_owned() };
        let change: StateChange = desk
            .server
            .post(desk.caller(), &document_path(&document, paths::RELABEL), &request)
            .map_err(|e| e.at(path))?;
        desk.rewrite_head(&mut held, found, &next, change.receipt.0, path)?;
        Ok(Relabelled {
            path: path.to_owned(),
            document,
            label: view_of(next.claims()),
            label_hash: Some(next.hash()),
            resealed: false,
            marks: MarkState::Untouched,
        })
    }

    /// 申請.
    ///
    /// # Errors
    /// When the server does not take it.
    pub fn request(&self, application: &Application) -> Result<ApprovalRecord> {
        let desk = &self.0;
        let document = match &application.path {
            Some(path) => Some(desk.find_protected(path)?.head.section().document()),
            None => None,
        };
        let proposed = match &application.proposed {
            Some(grading) => Some(desk.read_grading(grading, desk.now()?)?.header_line()),
            None => None,
        };
        let request = ApprovalRequest {
            kind: application.kind,
            document,
            rights: application.rights,
            reason: application.reason.clone(),
            until: application.until,
            proposed_label: proposed,
            zone: None,
            register: None,
        };
        desk.server.post(desk.caller(), paths::REQUESTS, &request)
    }

    /// 要管理対策区域: those in force.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub fn zones(&self) -> Result<Vec<Zone>> {
        self.0.server.get(self.0.caller(), paths::ZONES)
    }

    /// Applies for a change of the zones; a 統括 or 区域情報セキュリティ責任者 decides.
    ///
    /// # Errors
    /// When the change says nothing usable, or the server can't be asked.
    pub fn propose_zone(&self, change: ZoneChange, reason: &str) -> Result<ApprovalRecord> {
        let request = ApprovalRequest {
            kind: ApprovalKind::Zone,
            document: None,
            rights: Rights::NONE,
            reason: reason.to_owned(),
            until: None,
            proposed_label: None,
            zone: Some(change),
            register: None,
        };
        self.0.server.post(self.0.caller(), paths::REQUESTS, &request)
    }

    /// Own applications, and those that wait for a decision of this officer's.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub fn requests(&self) -> Result<Vec<ApprovalRecord>> {
        self.0.server.get(self.0.caller(), paths::REQUESTS)
    }

    /// 許可・不許可.
    ///
    /// # Errors
    /// When the decision is not this officer's to make.
    pub fn decide(&self, number: u64, decision: &ApprovalDecision) -> Result<ApprovalRecord> {
        let path = format!("{}/{number}/{}", paths::REQUESTS, paths::DECISION);
        self.0.server.post(self.0.caller(), &path, decision)
    }

    /// 利用停止, 閲覧権限の取消し, 失効.
    ///
    /// # Errors
    /// When it is not this officer's to do.
    pub fn revoke(&self, what: &Revocation, reason: &str) -> Result<Changed> {
        let desk = &self.0;
        let (place, scope) = match what {
            Revocation::Document(path) => (desk.document_at(path)?, Some(RevokeScope::Document)),
            Revocation::Resume(path) => (desk.document_at(path)?, Some(RevokeScope::Resume)),
            Revocation::Reader(path, reader) => (desk.document_at(path)?, Some(RevokeScope::Reader(reader.clone()))),
            Revocation::Subject(subject) => (format!("{}/{subject}/{}", paths::SUBJECTS, paths::REVOKE), None),
            Revocation::Device(device) => (format!("{}/{device}/{}", paths::DEVICES, paths::REVOKE), None),
        };
        let request = RevokeRequest { scope, reason: reason.to_owned() };
        let change: StateChange = desk.server.post(desk.caller(), &place, &request)?;
        Ok(changed(change))
    }

    /// 復号鍵の消去. The certificate is verified and written before this returns.
    ///
    /// # Errors
    /// When it is not this officer's to do, or retention forbids it.
    pub fn destroy(&self, path: &Path, reason: &str, certificate: &Path) -> Result<Destroyed> {
        let desk = &self.0;
        if certificate.symlink_metadata().is_ok() {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(certificate));
        }
        let document = desk.find_protected(path)?.head.section().document();
        let request = DestroyRequest { reason: reason.to_owned() };
        let change: StateChange = desk
            .server
            .post(desk.caller(), &document_path(&document, paths::DESTROY), &request)
            .map_err(|e| e.at(path))?;
        let signed = change.certificate.clone().ok_or_else(|| Error::of(Code::Unready))?;
        let said = desk.verify_certificate(signed.as_slice())?;
        let draft = Draft::beside(certificate)?;
        draft.file().write_all_at(signed.as_slice(), 0).map_err(|e| Error::io(certificate, e))?;
        draft.place(certificate, Replace::Never)?;
        Ok(Destroyed {
            change: changed(change),
            certificate: certificate.to_owned(),
            documents: said.documents,
            not_reached: said.not_reached,
            log_index: said.log_index,
        })
    }

    /// Documents by part of their 件名.
    ///
    /// # Errors
    /// When the server can't be asked.
    pub fn documents(&self, title: &str) -> Result<Vec<DocumentSummary>> {
        let path = format!("{}?title={}", paths::DOCUMENTS, percent_encoded(title));
        self.0.server.get(self.0.caller(), &path)
    }
}

fn changed(change: StateChange) -> Changed {
    Changed { online_until: change.online_until, offline_until: change.offline_until, findings: change.findings }
}

fn document_path(document: &DocumentId, last: &str) -> String {
    format!("{}/{document}/{last}", paths::DOCUMENTS)
}

/// Text for a query (RFC 3986): everything but unreserved characters as `%XX`.
fn percent_encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

impl Desk {
    /// 利用停止 of a document by its id.
    pub(crate) fn suspend(&self, document: &DocumentId, reason: &str) -> Result<()> {
        let request = RevokeRequest { scope: Some(RevokeScope::Document), reason: reason.to_owned() };
        let _change: StateChange =
            self.server.post(self.caller(), &document_path(document, paths::REVOKE), &request)?;
        Ok(())
    }

    fn document_at(&self, path: &Path) -> Result<String> {
        let document = self.find_protected(path)?.head.section().document();
        Ok(document_path(&document, paths::REVOKE))
    }

    fn verify_certificate(&self, signed: &[u8]) -> Result<DestructionCertificate> {
        let refused = || Error::new(Code::SignatureInvalid, messages::NOT_OUR_LICENCE);
        let signed = UnverifiedSign1::parse(signed, Domain::DESTRUCTION).map_err(|e| refused().caused_by(e))?;
        let (anchors, now) = (self.profile.anchors(), self.clock.now());
        let verified = anchors.verify_service(self.provider, &signed, Service::Licence, now);
        let (_, payload) = verified.map_err(|e| refused().caused_by(e))?;
        cbor::decode_strict(payload).map_err(|e| refused().caused_by(e))
    }

    /// The file says the new label: in its head, and on its cover. Replaced in one step, or left as it was; the server
    /// decides on the new one either way.
    fn rewrite_head(
        &self,
        held: &mut Original,
        found: Found,
        next: &UnverifiedLabel,
        receipt: Vec<u8>,
        path: &Path,
    ) -> Result<()> {
        let draft = found.head.edit().with_label(found.head.label(), next);
        let draft =
            draft.map_err(|e| Error::of(e.code()).refused_as(e.id()).at(path))?.with_record(Record::receipt(receipt));
        let Ok(head) = draft.overwrite(found.head.preamble()) else {
            let head = draft.rewrite().map_err(|e| refused_head(e).at(path))?;
            return self.rebuild(held, found, &head, next, path);
        };
        self.rebuild(held, found, &head, next, path)
    }

    /// The same envelope with another head, in a carrier with another cover.
    fn rebuild(
        &self,
        held: &mut Original,
        found: Found,
        head: &[u8],
        next: &UnverifiedLabel,
        path: &Path,
    ) -> Result<()> {
        let kind = kakuzuke_formats::detect(held.file(), None).map_or(Kind::Opaque, |found| found.kind);
        let envelope = Draft::beside(path)?;
        let length = found.slice.len().map_err(|e| Error::io(path, e))?;
        let old_head = u64::from(found.head.preamble().head_len());
        envelope.file().write_all_at(head, 0).map_err(|e| Error::io(path, e))?;
        copy(&found.slice, old_head..length, envelope.file(), head.len() as u64, path)?;
        let bare = found.slice.place().is_some_and(|place| place.start == 0 && place.end == held.size());
        let draft = if bare {
            envelope
        } else {
            let draft = Draft::beside(path)?;
            let total = length - old_head + head.len() as u64;
            let cover = self.cover(next.claims().label(), kind);
            let failed = |e| {
                Error::of(Code::Unsupported).at(path).caused_by(Box::new(e) as Box<dyn std::error::Error + Send + Sync>)
            };
            let carrier = carrier(kind, &cover, total).map_err(failed)?;
            let mut source = OpenOptions::new().read(true).open(envelope.path()).map_err(|e| Error::io(path, e))?;
            let mut out = draft.file().try_clone().map_err(|e| Error::io(path, e))?;
            carrier.write(&mut source, &mut out).map_err(failed)?;
            draft
        };
        Traits::of(held.file(), path)?.give(&draft, path)?;
        // It reads the file that goes.
        drop(found);
        draft.replace(held)?;
        sync_folder(path);
        Ok(())
    }
}

/// Copies part of an envelope into a file.
fn copy(
    from: &crate::slice::Slice,
    range: std::ops::Range<u64>,
    to: &std::fs::File,
    mut at: u64,
    path: &Path,
) -> Result<()> {
    let mut next = range.start;
    while next < range.end {
        let end = range.end.min(next + (1 << 20));
        let bytes = from.bytes(next..end).map_err(|e| Error::io(path, e))?;
        to.write_all_at(&bytes, at).map_err(|e| Error::io(path, e))?;
        at += bytes.len() as u64;
        next = end;
    }
    Ok(())
}
