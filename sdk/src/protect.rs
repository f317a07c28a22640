//! 保護. The story of protecting, top to bottom: document → format → envelope → key server → in its place.

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{
    FreshHead, LabelSection, Metadata, PayloadLength, Record, SealPlan, SealRequest, SealedEnd, Standing, TicketParts,
};
use kakuzuke_core::id::{AuthorityId, DocumentId};
use kakuzuke_core::label::{Axis, Label};
use kakuzuke_core::protocol::{Bytes, Registration, RegistrationReceipt};
use kakuzuke_formats::{Cover, Kind, State, WrapError, detect};

use crate::cancel::to_the_end;
use crate::error::{Error, Result};
use crate::files::{Draft, Original, sweep, sync_folder};
use crate::input::Reading;
use crate::labels::{LabelView, Place};
use crate::marking::MarkState;
use crate::messages;
use crate::options::{Contact, Method, Protection, Trailer};
use crate::place::{Target, finish_interrupted, put_in_place, target_of};
use crate::platform::Positional;
use crate::registration::registration;
use crate::reports::{Form, Protected, RegistrationState};
use crate::session::{Desk, Session};
use crate::tickets::OpenTicket;
use crate::transfer::{self, TransferError};
use crate::work::{Mechanism, Stock, Work};

/// The name ending of a bare envelope.
pub(crate) const ENVELOPE: &str = "kkz";
/// The name ending of a signature beside a native file.
pub(crate) const SIGNATURE: &str = "kkzsig";

impl Session {
    /// Protects a file in place: atomically, keeping times and permissions, leaving no plaintext behind.
    ///
    /// # Errors
    /// Then the file is as it was.
    pub fn protect(&self, path: &Path, protection: &Protection) -> Result<Protected> {
        let desk = &self.0;
        let work = desk.prepare(path, protection)?;
        let ticket = desk.ticket_for(&work, protection.contact)?;
        desk.protect_prepared(work, ticket, protection).map_err(|e| e.at(path))
    }

    /// Protects what comes out of a pipe into a bare envelope.
    ///
    /// # Errors
    /// What was written by then is no envelope.
    pub fn protect_stream(
        &self,
        name: &str,
        input: &mut dyn Read,
        output: &mut dyn Write,
        protection: &Protection,
    ) -> Result<Protected> {
        let label = self.0.read_grading(&protection.grading, self.0.now()?)?;
        self.seal_pipe(name, input, output, label, protection)
    }

    /// The same under a label at hand.
    pub(crate) fn seal_pipe(
        &self,
        name: &str,
        input: &mut dyn Read,
        output: &mut dyn Write,
        label: Label,
        protection: &Protection,
    ) -> Result<Protected> {
        let desk = &self.0;
        if !label.mechanism().encrypts() {
            return Err(Error::new(Code::Unsupported, messages::CLEAR_IN_A_PIPE));
        }
        let ticket = match protection.contact {
            Contact::Offline => desk.spend_ticket(&label)?,
            Contact::Online => desk.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?,
        };
        let sealing = Sealing { name, kind: Kind::Opaque, label, length: PayloadLength::Unknown, protection };
        let (document, plan) = desk.plan(sealing, ticket, Standing::first)?;
        let view = view_of(plan.section());
        output.write_all(plan.prefix()).map_err(|e| Error::io(Path::new(name), e))?;
        let head = plan.head().to_vec();
        let mut stream = plan.into_stream();
        let failed = |e| transfer_error(Path::new(name), e);
        let bytes = transfer::seal_stream(&mut stream, input, output).map_err(failed)?;
        // The last block and the trailer.
        let mut rest = Vec::new();
        let signatory = desk.profile.signatory(desk.provider);
        let end = stream
            .finish(&signatory, &mut crate::random::generator(), &mut rest)
            .map_err(|e| Error::of(e.code()).refused_as(e.id()))?;
        let title = protection.title.clone().unwrap_or_else(|| name.to_owned());
        let told = registration(&head, end.core(), Some(&title), protection.readers.as_ref());
        let state = desk.tell_or_keep(&document, told, protection.contact)?.0;
        output.write_all(&rest).and_then(|()| output.flush()).map_err(|e| Error::io(Path::new(name), e))?;
        Ok(Protected {
            original: PathBuf::from(name),
            path: PathBuf::from(name),
            form: Form::Envelope,
            document,
            lineage: view.lineage,
            label: view,
            bytes,
            tamper_evident: end.root().is_some(),
            not_inside: None,
            registration: state,
            marks: MarkState::Untouched,
        })
    }
}

/// A draft sealed beside its original, not yet in its place.
pub(crate) struct Sealed {
    work: Work,
    target: Target,
    pub(crate) document: DocumentId,
    view: LabelView,
    pub(crate) label: Label,
    pub(crate) head: FreshHead,
    pub(crate) envelope: Draft,
    pub(crate) told: Registration,
    tamper_evident: bool,
}

/// Whether the key server knows of a document, and what it answered.
pub(crate) type Told = (RegistrationState, Option<RegistrationReceipt>);

/// What is sealed.
struct Sealing<'a> {
    name: &'a str,
    kind: Kind,
    label: Label,
    length: PayloadLength,
    protection: &'a Protection,
}

impl Desk {
    /// Takes hold of a file and reads its label; refuses what can't or need not be protected.
    pub(crate) fn prepare(&self, path: &Path, protection: &Protection) -> Result<Work> {
        let now = self.now()?;
        let label = self.read_grading(&protection.grading, now)?;
        self.refuse_own(path)?;
        let work = match protection.method {
            Method::Label => self.prepare_label_only(path, label)?,
            Method::ByGrade => self.prepare_labelled(path, label)?,
        };
        let work = self.respect_label_in_clear(work)?;
        self.mark_work(work, &protection.marks)
    }

    /// A profile that protects its own keys opens nothing any more.
    pub(crate) fn refuse_own(&self, path: &Path) -> Result<()> {
        let own = self.profile.folder().path().canonicalize();
        let inside = own.is_ok_and(|own| path.canonicalize().is_ok_and(|path| path.starts_with(own)));
        if inside { Err(Error::new(Code::Unsupported, messages::OWN_PROFILE).at(path)) } else { Ok(()) }
    }

    pub(crate) fn prepare_labelled(&self, path: &Path, label: Label) -> Result<Work> {
        let mut original = Original::hold(path)?;
        let name = file_name(path);
        let detection = detect(original.file(), Some(&name)).map_err(|e| Error::of(Code::Io).at(path).caused_by(e))?;
        let kind = match detection.state {
            State::Protected(_) => {
                finish_interrupted(&mut original, path)?;
                return Err(Error::of(Code::AlreadyProtected).at(path));
            }
            State::Open | State::Locked(_) => detection.kind.carrier(),
            _ => Kind::Opaque,
        };
        let mechanism = if label.mechanism().encrypts() { Mechanism::Encrypt } else { Mechanism::Clear };
        let stock = Stock::InPlace(original);
        Ok(Work { stock, kind, label, mechanism, marked: None, marks: MarkState::Untouched, labelled_before: None })
    }

    /// Protects what was prepared, with the ticket the grade asks for.
    pub(crate) fn protect_prepared(
        &self,
        work: Work,
        ticket: Option<OpenTicket>,
        protection: &Protection,
    ) -> Result<Protected> {
        match (work.mechanism, ticket) {
            (Mechanism::Clear, _) => self.sign_in_clear(work),
            (Mechanism::Encrypt, Some(ticket)) => self.encrypt(work, ticket, protection, Standing::first),
            (Mechanism::Encrypt, None) => Err(Error::of(Code::NoTicket)),
        }
    }

    /// Seals, registers, wraps, and puts the result in the original's place. `standing` says where the document stands.
    pub(crate) fn encrypt(
        &self,
        work: Work,
        ticket: OpenTicket,
        protection: &Protection,
        standing: impl FnOnce(DocumentId, AuthorityId) -> Standing,
    ) -> Result<Protected> {
        sweep(crate::files::folder_of(work.path()));
        let sealed = self.seal(work, ticket, protection, standing)?;
        let answer = self.tell_or_keep(&sealed.document, sealed.told.clone(), protection.contact)?;
        let protected = self.finish(sealed, answer)?;
        sync_folder(&protected.path);
        Ok(protected)
    }

    /// Seals into a draft beside the original; nothing else is touched, and nobody has been told.
    pub(crate) fn seal(
        &self,
        work: Work,
        ticket: OpenTicket,
        protection: &Protection,
        standing: impl FnOnce(DocumentId, AuthorityId) -> Standing,
    ) -> Result<Sealed> {
        let target = target_of(work.path(), &work)?;
        let place = work.path().to_owned();
        self.seal_to((work, target), ticket, protection, standing, &place)
    }

    /// The same for another place: the draft lies beside that.
    pub(crate) fn seal_to(
        &self,
        (work, target): (Work, Target),
        ticket: OpenTicket,
        protection: &Protection,
        standing: impl FnOnce(DocumentId, AuthorityId) -> Standing,
        place: &Path,
    ) -> Result<Sealed> {
        let path = work.path();
        let name = work.name();
        let sealing = Sealing {
            name: &name,
            kind: work.kind,
            label: work.label.clone(),
            length: PayloadLength::Known(work.length()?),
            protection,
        };
        let (document, plan) = self.plan(sealing, ticket, standing)?;
        let view = view_of(plan.section());
        let label = plan.section().label().clone();
        let head = plan.fresh_head().clone();
        let envelope = Draft::beside(place)?;
        let end = self.seal_into(plan, work.content(), envelope.file(), path, protection)?;
        let title = protection.title.as_deref().unwrap_or(&name);
        let title = Some(title).filter(|title| !title.is_empty());
        let told = registration(head.as_bytes(), end.core(), title, protection.readers.as_ref());
        let told = Registration { labelled_before: work.labelled_before.clone().map(Bytes), ..told };
        let tamper_evident = end.root().is_some();
        Ok(Sealed { work, target, document, view, label, head, envelope, told, tamper_evident })
    }

    /// The key server knows, or will: the sealed file takes the original's place. Durable once the caller has called
    /// [`sync_folder`].
    pub(crate) fn finish(&self, sealed: Sealed, (state, receipt): Told) -> Result<Protected> {
        let Sealed { mut work, target, document, view, label, head, envelope, tamper_evident, told: _ } = sealed;
        let (path, bytes) = (work.path().to_owned(), work.length()?);
        if let Some(receipt) = receipt {
            put_receipt(envelope.file(), head, receipt.receipt.0, &path)?;
        }
        let placed = self.wrap(&work, envelope, &target, &label);
        let placed = placed.and_then(|draft| put_in_place(&mut work, draft, &target));
        if let Err(error) = placed {
            // Only while the plaintext is still there is the sealed document one that never came to be.
            if state == RegistrationState::Pending && work.check_unchanged().is_ok() {
                self.drop_registration(&document.to_string())?;
            }
            return Err(error);
        }
        Ok(Protected {
            original: path,
            path: target.path,
            form: if target.kind == Kind::Opaque { Form::Envelope } else { Form::Carrier },
            document,
            lineage: view.lineage,
            label: view,
            bytes,
            tamper_evident,
            not_inside: None,
            registration: state,
            marks: work.marks,
        })
    }

    fn plan(
        &self,
        sealing: Sealing<'_>,
        ticket: OpenTicket,
        standing: impl FnOnce(DocumentId, AuthorityId) -> Standing,
    ) -> Result<(DocumentId, SealPlan)> {
        let document = ticket.document;
        let media = if sealing.kind == Kind::Opaque { media_type(sealing.name) } else { sealing.kind.media_type() };
        let title = sealing.protection.title.as_deref();
        let metadata = Metadata::new(sealing.name, media, title).map_err(|e| Error::of(e.code()).refused_as(e.id()))?;
        let request = SealRequest {
            standing: standing(document, self.profile.authority()),
            label: sealing.label,
            metadata,
            length: signed_length(sealing.length, sealing.protection.trailer),
        };
        let parts = TicketParts::single(ticket.entry);
        let signatory = self.profile.signatory(self.provider);
        let plan = SealPlan::new(self.provider, request, &parts, &signatory, &mut crate::random::generator());
        Ok((document, plan.map_err(|e| Error::new(e.code(), messages::seal(e)).refused_as(e.id()))?))
    }

    fn seal_into(
        &self,
        plan: SealPlan,
        from: Reading<'_>,
        to: &File,
        path: &Path,
        protection: &Protection,
    ) -> Result<SealedEnd> {
        let failed = |e: TransferError| transfer_error(path, e);
        to.write_all_at(plan.prefix(), 0).map_err(|e| Error::io(path, e))?;
        let signatory = self.profile.signatory(self.provider);
        let sealer = match plan.into_blocks() {
            Ok(sealer) => sealer,
            Err(error) => return Err(Error::of(error.code()).refused_as(error.id())),
        };
        if let Some(length) = sealer.payload_end() {
            allocate(to, length, path)?;
        }
        let digests = transfer::seal_blocks(&sealer, from, to, protection.threads).map_err(failed)?;
        let end = sealer.finish(digests, &signatory, &mut crate::random::generator());
        let end = end.map_err(|e| Error::of(e.code()).refused_as(e.id()))?;
        to.write_all_at(end.bytes(), end.offset()).map_err(|e| Error::io(path, e))?;
        Ok(end)
    }

    /// Tells the server, or keeps what it must be told.
    pub(crate) fn tell_or_keep(&self, document: &DocumentId, told: Registration, contact: Contact) -> Result<Told> {
        if contact == Contact::Offline {
            self.keep_registration(&document.to_string(), &told)?;
            return Ok((RegistrationState::Pending, None));
        }
        // The server may know of it from here on, whatever becomes of the call.
        let answers = to_the_end(|| self.register(vec![told]))?;
        let answer = answers.into_iter().next().ok_or_else(|| Error::of(Code::Unready))?;
        Ok((RegistrationState::Registered, Some(answer?)))
    }

    /// The envelope in a file of the document's own kind, with a cover; or as it is.
    fn wrap(&self, work: &Work, envelope: Draft, target: &Target, label: &Label) -> Result<Draft> {
        if target.kind == Kind::Opaque {
            return Ok(envelope);
        }
        let path = work.path();
        let mut source = envelope.file().try_clone().map_err(|e| Error::io(path, e))?;
        let length = source.seek(SeekFrom::End(0)).map_err(|e| Error::io(path, e))?;
        source.seek(SeekFrom::Start(0)).map_err(|e| Error::io(path, e))?;
        let failed = |error: WrapError| match error {
            WrapError::Io(e) => Error::io(path, e),
            other => Error::of(Code::Unsupported).at(path).caused_by(other),
        };
        let shown = if work.kind == target.kind { work.kind } else { Kind::Opaque };
        let carrier = self.covers.carrier(target.kind, &self.cover(label, shown), length).map_err(failed)?;
        let draft = Draft::beside(path)?;
        draft.allocate(carrier.total_len())?;
        let mut out = draft.file().try_clone().map_err(|e| Error::io(path, e))?;
        carrier.write(&mut source, &mut out).map_err(failed)?;
        Ok(draft)
    }

    /// The cover page's words.
    pub(crate) fn cover(&self, label: &Label, kind: Kind) -> Cover {
        let grades = label.grades();
        let level = |axis| grades.level(axis);
        let (c, i, a) = (level(Axis::Confidentiality), level(Axis::Integrity), level(Axis::Availability));
        let en = format!("confidentiality {c}, integrity {i}, availability {a}");
        let restrictions = label.restrictions().iter().map(|r| Text::new(r.to_string(), self.taxonomy.meaning(r).en));
        let post = label.decided().responsible().post.to_string();
        let description = self.profile.description();
        Cover {
            organization: Text::new(description.name_ja, description.name_en),
            grades: Text::new(grades.printed(), en),
            restrictions: restrictions.collect(),
            decider: Text::new(post.clone(), post),
            handling: label.note().map(|note| Text::new(note.to_string(), note.to_string())).into_iter().collect(),
            opening: Vec::new(),
            kind,
        }
    }
}

/// Puts the receipt into the head, where there is room. Evidence is not signed: the label and the rest stay.
pub(crate) fn put_receipt(envelope: &File, head: FreshHead, receipt: Vec<u8>, path: &Path) -> Result<()> {
    match head.with_record(Record::receipt(receipt)) {
        Ok(bytes) => envelope.write_all_at(&bytes, 0).map_err(|e| Error::io(path, e)),
        // No room: the server has it all the same.
        Err(_) => Ok(()),
    }
}

/// The label as people see it.
pub(crate) fn view_of(section: &LabelSection) -> LabelView {
    let place = Place { document: section.document(), lineage: section.lineage(), revision: section.revision() };
    LabelView::new(place, section.label())
}

/// `name.ext.ending`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, ToOwned::to_owned);
    name.push(".");
    name.push(ending);
    path.with_file_name(name)
}

/// The file's name as text: what can't be shown is replaced, what stands for a path is not there.
pub(crate) fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.chars().map(|c| if c.is_control() || c == '/' || c == '\\' { '_' } else { c }).collect()
}

/// The media type of a name, for the few kinds that are common and have no cover.
fn media_type(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "txt" => "text/plain",
        "csv" => "text/csv",
        "json" => "application/json",
        "html" | "htm" => "text/html",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// Whether the content is to be signed whatever its size.
const fn signed_length(length: PayloadLength, trailer: Trailer) -> PayloadLength {
    match (length, trailer) {
        (PayloadLength::Known(length), Trailer::Always) => PayloadLength::Signed(length),
        (length, _) => length,
    }
}

fn allocate(to: &File, length: u64, path: &Path) -> Result<()> {
    crate::platform::allocate(to, length).map_err(|e| Error::io(path, e))
}

/// What a failed transfer means to a person.
pub(crate) fn transfer_error(path: &Path, error: TransferError) -> Error {
    match error {
        TransferError::Read(e) | TransferError::Write(e) => Error::io(path, e),
        TransferError::Seal(e) => Error::of(e.code()).refused_as(e.id()).at(path),
        TransferError::Open(e) => crate::open::refused(&e).at(path),
    }
}
