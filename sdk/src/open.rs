//! 開く. The story of opening, top to bottom: file → envelope → key server → content, read where it is wanted.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use kakuzuke_core::code::{Code, Text};
use kakuzuke_core::envelope::{
    Belief, HeadError, HeadState, OpenError, Opener, PayloadSuite, UnverifiedHead, VerifiedHead, read_core,
};
use kakuzuke_core::id::{DocumentId, LabelHash, RequestId};
use kakuzuke_core::label::Label;
use kakuzuke_core::licence::{Licence, Obligations, Right, Rights};
use kakuzuke_core::time::Timestamp;
use kakuzuke_core::trust::AsOf;

use crate::error::{Error, Result};
use crate::files::{Draft, Replace, sync_folder};
use crate::input::{Input, Reading};
use crate::labels::LabelView;
use crate::licence::Ask;
use crate::messages;
use crate::options::{Contact, Opening, Overwrite};
use crate::protect::transfer_error;
use crate::reports::LeaseInfo;
use crate::session::{Desk, Session};
use crate::slice::Slice;
use crate::terms::{Current, Terms};
use crate::transfer;

/// A document, open as far as the licence lets it. May be read from many threads at once.
pub struct Document {
    desk: Arc<Desk>,
    input: Input,
    opener: Opener<Slice>,
    opening: Opening,
    document: DocumentId,
    /// The server counts what is asked for under it as one opening.
    request: Option<RequestId>,
    /// The label when it was opened.
    opened_under: LabelHash,
    state: RwLock<Terms>,
}

/// A file found to be protected, its head verified, before any key is asked for.
pub(crate) struct Found {
    pub(crate) input: Input,
    pub(crate) slice: Slice,
    pub(crate) head: VerifiedHead,
    pub(crate) bytes: Vec<u8>,
}

impl Session {
    /// Opens a protected document: the server decides and records before it gives the key.
    ///
    /// # Errors
    /// [`Code::Denied`] with clauses and remedies, [`Code::NotAvailable`] when nothing more may be known,
    /// [`Code::Damaged`] and its like when the file is not as its author made it.
    pub fn open_document(&self, path: &Path, opening: &Opening) -> Result<Document> {
        self.open_input(&Input::Path(path.to_owned()), opening)
    }

    /// The same for a document that was handed over.
    ///
    /// # Errors
    /// As [`Self::open_document`].
    pub fn open_input(&self, input: &Input, opening: &Opening) -> Result<Document> {
        let found = self.0.find_in(input)?;
        Document::open(Arc::clone(&self.0), found, opening).map_err(|e| e.at(input.name()))
    }

    /// Takes a lease: the document opens without the server until it ends.
    ///
    /// # Errors
    /// As [`Self::open_document`].
    pub fn take_lease(&self, path: &Path, seconds: u32, purpose: &str) -> Result<LeaseInfo> {
        let desk = &self.0;
        let found = desk.find_protected(path)?;
        let opening = Opening { purpose: purpose.to_owned(), wanted: Rights::VIEW, contact: Contact::Online };
        // The rights the reader has anyway go with the lease; export only where it is granted.
        let export = Opening { wanted: Rights::VIEW.with(Right::Export), ..opening.clone() };
        let licence = match desk.licence_for(&found, &export, seconds.max(1)) {
            Err(error) if error.code() == Code::Denied => desk.licence_for(&found, &opening, seconds.max(1)),
            other => other,
        };
        let licence = licence.map_err(|e| e.at(path))?;
        let until = licence.offline_until.ok_or_else(|| Error::new(Code::Denied, messages::NO_LEASE_GIVEN).at(path))?;
        Ok(LeaseInfo { document: licence.document, title: licence.title, offline_until: until })
    }

    /// The leases at hand.
    ///
    /// # Errors
    /// When the profile can't be read.
    pub fn leases(&self) -> Result<Vec<LeaseInfo>> {
        self.0.list_leases()
    }
}

impl Desk {
    /// The envelope in a file, its head verified. A file of an authority not known here is not asked about anywhere.
    pub(crate) fn find_protected(&self, path: &Path) -> Result<Found> {
        self.find_in(&Input::Path(path.to_owned()))
    }

    /// The same of a document that was handed over.
    pub(crate) fn find_in(&self, input: &Input) -> Result<Found> {
        let taken = input.take()?;
        let (bytes, path) = (taken.bytes.reading(), input.name());
        let slice = Slice::find(bytes, path)?.ok_or_else(|| not_protected(bytes, path))?;
        let parsed = UnverifiedHead::read(self.provider, &slice).map_err(|e| refused(&e).at(path))?;
        if parsed.claims().origin() != self.profile.authority() {
            return Err(Error::of(Code::UnknownAuthority).at(path));
        }
        let length = u64::from(parsed.preamble().head_len());
        let bytes = slice.bytes(0..length).map_err(|e| Error::io(path, e))?;
        // The server vouches for what it has registered, also when the author's certificate has ended since.
        let at = AsOf::AtOrBefore(self.clock.now());
        let head = parsed.verify(self.provider, self.profile.anchors(), at).map_err(|e| refused_head(e).at(path))?;
        Ok(Found { input: input.clone(), slice, head, bytes })
    }

    pub(crate) fn licence_for(&self, found: &Found, opening: &Opening, offline_seconds: u32) -> Result<Licence> {
        self.licence_of(ask(found, opening, offline_seconds)?)
    }

    fn licence_of(&self, ask: Ask<'_>) -> Result<Licence> {
        let purpose = &ask.opening.purpose;
        let answer = self.ask_licences(vec![ask], purpose)?.pop();
        answer.unwrap_or_else(|| Err(Error::of(Code::Unready)))
    }
}

fn ask<'a>(found: &'a Found, opening: &'a Opening, offline_seconds: u32) -> Result<Ask<'a>> {
    let core = read_core(&found.slice, &found.head).map_err(|e| refused(&e))?;
    Ok(Ask { head: &found.bytes, core, opening, offline_seconds, request: None })
}

impl Document {
    /// Several at once: one request for all their licences. One answer each, in order.
    pub(crate) fn open_many(desk: &Arc<Desk>, found: Vec<Result<Found>>, opening: &Opening) -> Vec<Result<Self>> {
        let sealed = |found: &Found| found.head.section().payload_suite() != PayloadSuite::Clear;
        let online = opening.contact == Contact::Online;
        // A file that can't even be asked about is refused by itself, when it is opened below.
        let asks = found.iter().map(|found| {
            let found = found.as_ref().ok().filter(|found| online && sealed(found))?;
            ask(found, opening, 0).ok()
        });
        let asks: Vec<Option<Ask<'_>>> = asks.collect();
        let asked: Vec<bool> = asks.iter().map(Option::is_some).collect();
        let wanted: Vec<Ask<'_>> = asks.into_iter().flatten().collect();
        let count = wanted.len();
        let answers = if count == 0 { Ok(Vec::new()) } else { desk.ask_licences(wanted, &opening.purpose) };
        let mut answers = match answers {
            Ok(answers) => answers,
            Err(error) => (0..count).map(|_| Err(error.again())).collect(),
        }
        .into_iter();
        let each = found.into_iter().zip(asked).map(|(found, asked)| {
            let found = found?;
            let path = found.input.name().to_owned();
            let opened = if asked {
                let licence = answers.next().unwrap_or_else(|| Err(Error::of(Code::Unready)));
                licence.and_then(|l| Self::open_licensed(Arc::clone(desk), found, opening, Some(l)))
            } else {
                Self::open(Arc::clone(desk), found, opening)
            };
            opened.map_err(|error| error.at(&path))
        });
        each.collect()
    }

    pub(crate) fn open(desk: Arc<Desk>, found: Found, opening: &Opening) -> Result<Self> {
        let licence = match opening.contact {
            _ if found.head.section().payload_suite() == PayloadSuite::Clear => None,
            Contact::Online => Some(desk.licence_for(&found, opening, 0)?),
            Contact::Offline => Some(desk.lease(&found.head.section().document())?),
        };
        Self::open_licensed(desk, found, opening, licence)
    }

    /// With a licence at hand; none for a payload in clear.
    pub(crate) fn open_licensed(
        desk: Arc<Desk>,
        found: Found,
        opening: &Opening,
        licence: Option<Licence>,
    ) -> Result<Self> {
        let input = found.input;
        let rights = licence.as_ref().map_or_else(|| Right::ALL.iter().copied().collect(), |licence| licence.rights);
        if !opening.wanted.iter().all(|right| rights.allows(right)) {
            return Err(Error::new(Code::Denied, messages::NO_EXPORT));
        }
        let facts = match &licence {
            Some(licence) => desk.facts(licence, &found.head)?,
            None => None,
        };
        let belief = Belief { anchors: desk.profile.anchors(), at: AsOf::AtOrBefore(desk.clock.now()) };
        let section = facts.as_ref().map_or_else(|| found.head.section().clone(), |facts| facts.current.clone());
        let label_hash = facts.as_ref().map_or_else(|| found.head.label().hash(), |facts| facts.label_hash);
        let opener = match &facts {
            Some(facts) => Opener::open(desk.provider, found.slice, found.head, facts, belief),
            None => Opener::open_clear(desk.provider, found.slice, found.head, belief),
        };
        let opener = opener.map_err(|e| refused(&e))?;
        let label = Arc::new(Current::of(&section, label_hash));
        let terms = match &licence {
            Some(licence) => Terms::of(licence, opening.contact, label),
            None => Terms::clear(label),
        };
        Ok(Self {
            desk,
            input,
            opener,
            opening: opening.clone(),
            document: section.document(),
            request: licence.map(|licence| licence.request),
            opened_under: label_hash,
            state: RwLock::new(terms),
        })
    }

    /// Bytes of content.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.opener.len()
    }

    /// Reads content from `offset` on; gives the number of bytes, fewer than asked only at the end. Decrypts only what
    /// is asked for; what is given was found unaltered.
    ///
    /// # Errors
    /// When the content is not as its author made it, or the licence has ended and is not renewed.
    pub fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        self.stay_licensed()?;
        self.opener.read_at(offset, buf).map_err(|e| refused(&e).at(self.path()))
    }

    /// The content's media type.
    #[must_use]
    pub fn media_type(&self) -> &str {
        self.opener.metadata().media_type()
    }

    /// The original file's name. For showing; where to write is the caller's to say.
    #[must_use]
    pub fn file_name(&self) -> &str {
        self.opener.metadata().name()
    }

    /// 件名.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.opener.metadata().title()
    }

    /// 格付・取扱制限, current at the server when it was last asked.
    #[must_use]
    pub fn label(&self) -> LabelView {
        self.terms().label.view.clone()
    }

    /// The same, for what is made from it.
    pub(crate) fn current_label(&self) -> Label {
        self.terms().label.label.clone()
    }

    /// Its hash, by which what is made from it names it.
    pub(crate) fn label_hash(&self) -> LabelHash {
        self.terms().label.hash
    }

    /// Whose session it is open in.
    pub(crate) fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The same, to be kept.
    pub(crate) fn shared_desk(&self) -> Arc<Desk> {
        Arc::clone(&self.desk)
    }

    /// The file it was opened from, or the name it was handed over under.
    pub(crate) fn path(&self) -> &Path {
        self.input.name()
    }

    /// Where it was opened from.
    pub(crate) const fn input(&self) -> &Input {
        &self.input
    }

    /// How it was opened.
    pub(crate) const fn opening(&self) -> &Opening {
        &self.opening
    }

    /// What may be done now: nothing once the licence has ended, or a renewal was refused.
    #[must_use]
    pub fn rights(&self) -> Rights {
        let terms = self.terms();
        if self.desk.clock.now() < terms.until { terms.rights } else { Rights::NONE }
    }

    /// What must be done.
    #[must_use]
    pub fn obligations(&self) -> Obligations {
        self.terms().obligations
    }

    /// When the licence ends.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.terms().until
    }

    /// Until when it opens without the server, if it does.
    #[must_use]
    pub fn offline_until(&self) -> Option<Timestamp> {
        self.terms().offline_until
    }

    /// Index of the log entry that records this opening.
    #[must_use]
    pub fn audit_index(&self) -> u64 {
        self.terms().audit_index
    }

    /// Whether the author's signature covers the content; otherwise 改ざん検知なし.
    #[must_use]
    pub fn tamper_evident(&self) -> bool {
        self.opener.core().is_some()
    }

    /// Whether the label was changed since this file was written.
    #[must_use]
    pub fn newer_label(&self) -> bool {
        self.opener.head_state() == HeadState::Other || self.label_hash() != self.opened_under
    }

    /// Whether there is a licence to renew: what lies in clear needs none.
    pub(crate) const fn is_licensed(&self) -> bool {
        self.request.is_some()
    }

    /// Renews the licence: the server decides anew, and tells the label that is in force. It is the same opening.
    ///
    /// # Errors
    /// As opening. Refused, it gives no right any more and can't be read on; where the server can't be asked, what was licensed
    /// holds to its end.
    pub fn renew(&self) -> Result<()> {
        let renewed = self.renewed();
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        match renewed {
            Ok(terms) => *state = terms,
            Err(error) => {
                if matches!(error.code(), Code::Denied | Code::NotAvailable | Code::ApprovalPending | Code::NoLease) {
                    state.until = state.until.min(self.desk.clock.now());
                }
                return Err(error);
            }
        }
        Ok(())
    }

    fn renewed(&self) -> Result<Terms> {
        let known = self.terms().label;
        if self.opening.contact == Contact::Offline {
            return Ok(Terms::of(&self.desk.lease(&self.document)?, Contact::Offline, known));
        }
        let found = self.desk.find_in(&self.input)?;
        if found.head.section().document() != self.document {
            return Err(Error::new(Code::Conflict, messages::CHANGED_MEANWHILE).at(self.path()));
        }
        let ask = Ask { request: self.request, ..ask(&found, &self.opening, 0)? };
        let licence = self.desk.licence_of(ask)?;
        let label = match self.desk.facts(&licence, &found.head)? {
            Some(facts) if facts.label_hash != known.hash => Arc::new(Current::of(&facts.current, facts.label_hash)),
            _ => known,
        };
        Ok(Terms::of(&licence, Contact::Online, label))
    }

    /// Writes the content to a pipe, in order.
    ///
    /// # Errors
    /// [`Code::Denied`] without the right to export; otherwise as [`Self::read_at`]. What was written until then is
    /// content, but not all of it.
    pub fn write_to(&self, out: &mut dyn Write) -> Result<u64> {
        self.stay_licensed()?;
        self.may_export()?;
        transfer::open_stream(&self.opener, out).map_err(|e| transfer_error(self.path(), e))
    }

    /// Writes the content to a file, whole or not at all.
    ///
    /// # Errors
    /// As [`Self::write_to`]; then there is no file.
    pub fn export_to(&self, target: &Path, overwrite: Overwrite) -> Result<u64> {
        let bytes = self.export_named(target, overwrite)?;
        sync_folder(target);
        Ok(bytes)
    }

    /// The same, but the name is durable only once the caller has called [`sync_folder`].
    pub(crate) fn export_named(&self, target: &Path, overwrite: Overwrite) -> Result<u64> {
        self.stay_licensed()?;
        self.may_export()?;
        if let Ok(found) = target.symlink_metadata() {
            if !found.is_file() {
                return Err(Error::new(Code::Unsupported, messages::NOT_A_TARGET).at(target));
            }
            if overwrite == Overwrite::Refuse {
                return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(target));
            }
        }
        let draft = Draft::beside(target)?;
        draft.allocate(self.size())?;
        self.fill(draft.file())?;
        let replace = if overwrite == Overwrite::Replace { Replace::Always } else { Replace::Never };
        draft.rename(target, replace)?;
        Ok(self.size())
    }

    /// Opens all blocks into a file.
    pub(crate) fn fill(&self, file: &File) -> Result<()> {
        transfer::open_blocks(&self.opener, file, None).map_err(|e| transfer_error(self.path(), e))
    }

    fn may_export(&self) -> Result<()> {
        self.may(Right::Export, messages::NO_EXPORT)
    }

    /// That its words may be taken out of it, into what is protected as well.
    pub(crate) fn may_copy(&self) -> Result<()> {
        self.may(Right::Copy, messages::NO_COPY)
    }

    /// That the licence permits it; otherwise what is said.
    pub(crate) fn may(&self, right: Right, denied: Text) -> Result<()> {
        let permitted = self.rights().allows(right);
        if permitted { Ok(()) } else { Err(Error::new(Code::Denied, denied).at(self.path())) }
    }

    pub(crate) fn stay_licensed(&self) -> Result<()> {
        let terms = self.terms();
        let now = self.desk.clock.now();
        if now < terms.until {
            return Ok(());
        }
        self.renew().map_err(|error| match error.code() {
            Code::Unreachable => Error::new(Code::Denied, messages::LICENCE_ENDED).at(self.path()).caused_by(error),
            _ => error,
        })
    }

    fn terms(&self) -> Terms {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a refused envelope means to a person.
pub(crate) fn refused(error: &OpenError) -> Error {
    Error::of(error.code()).refused_as(error.id())
}

pub(crate) fn refused_head(error: HeadError) -> Error {
    Error::of(error.code()).refused_as(error.id())
}

/// Why there is no envelope in a file.
fn not_protected(bytes: Reading<'_>, path: &Path) -> Error {
    let state = kakuzuke_formats::detect(&bytes, None).map(|found| found.state);
    match state {
        Ok(kakuzuke_formats::State::LostEnvelope) => {
            Error::new(Code::Damaged, messages::COVER_WITHOUT_ENVELOPE).at(path)
        }
        Ok(kakuzuke_formats::State::Damaged(_)) => Error::of(Code::Damaged).at(path),
        _ => Error::of(Code::NotProtected).at(path),
    }
}
