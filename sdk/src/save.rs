//! 保存. What a program holds in memory becomes the next version of the document it opened, in its place and under its label; or a
//! document of its own, under a name that is free. Nothing of it lies anywhere in clear on the way.

use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::{Parent, Standing};
use kakuzuke_core::id::{DocumentId, LabelHash};
use kakuzuke_core::label::{Confidentiality, Label};
use kakuzuke_core::licence::Right;
use kakuzuke_formats::{Kind, State, detect};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::files::{Original, folder_of, sync_folder};
use crate::input::{Input, Taken};
use crate::marking::MarkState;
use crate::messages;
use crate::open::Document;
use crate::options::{Contact, Method, Protection};
use crate::place::{CARRIER, Target};
use crate::protect::file_name;
use crate::reports::Protected;
use crate::session::{Desk, Session};
use crate::work::{Mechanism, Stock, Work};

/// Where it is noted which versions are on their way to their place.
const FOLDER: &str = "saves";

impl Document {
    /// Seals content as the next version of this document, decided by who saves it, and puts it in the place the document was
    /// opened from. This one stays what it was: [`Self::reopen`] gives the new.
    ///
    /// # Errors
    /// [`Code::Denied`] without the right to edit, [`Code::Conflict`] when another version lies there by now,
    /// [`Code::Unsupported`] when it was not opened by its path, or the content is of another kind: then what lies there is
    /// as it was.
    pub fn save(&self, content: &Input) -> Result<Protected> {
        let Input::Path(path) = self.input() else {
            return Err(Error::new(Code::Unsupported, messages::NO_PLACE_TO_SAVE).at(self.path()));
        };
        // Asked anew: the version is saved under the label in force now, not under the one of when it was opened.
        if self.is_licensed() {
            self.renew()?;
        }
        self.may(Right::Edit, messages::NO_EDIT)?;
        self.desk().save_over(self, path, content).map_err(|e| e.at(path))
    }

    /// Opens what lies now where this document was opened from, in the same way; the server decides anew.
    ///
    /// # Errors
    /// As opening.
    pub fn reopen(&self) -> Result<Self> {
        let desk = self.shared_desk();
        let found = desk.find_in(self.input())?;
        Self::open(desk, found, self.opening()).map_err(|e| e.at(self.path()))
    }
}

impl Session {
    /// Protects, or labels, content that is nowhere in clear yet, under a name that must be free: the document's own for kinds
    /// with a cover, with `.kkz` behind it for others.
    ///
    /// # Errors
    /// As [`Session::protect`]; [`Code::Conflict`] when the name is taken. Then there is no file.
    pub fn protect_new(&self, content: &Input, path: &Path, protection: &Protection) -> Result<Protected> {
        let desk = &self.0;
        desk.refuse_own(folder_of(path))?;
        let label = desk.read_grading(&protection.grading, desk.now()?)?;
        if path.symlink_metadata().is_ok() {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(path));
        }
        let mut from = content.take()?;
        from.name = PathBuf::from(file_name(path));
        let kind = kind_of(&from, &file_name(path)).map_err(|e| e.at(path))?;
        let mechanism = mechanism(&label, protection.method).map_err(|e| e.at(path))?;
        let stock = Stock::New { path: path.to_owned(), from };
        let work =
            Work { stock, kind, label, mechanism, marked: None, marks: MarkState::Untouched, labelled_before: None };
        let work = desk.respect_label_in_clear(work)?;
        let work = desk.mark_work(work, &protection.marks)?;
        let ticket = desk.ticket_for(&work, protection.contact)?;
        desk.protect_prepared(work, ticket, protection).map_err(|e| e.at(path))
    }
}

fn mechanism(label: &Label, method: Method) -> Result<Mechanism> {
    match method {
        Method::Label if label.grades().c == Confidentiality::Three => {
            Err(Error::new(Code::Unsupported, messages::SECRET_IN_CLEAR))
        }
        Method::Label => Ok(Mechanism::Clear),
        Method::ByGrade if label.mechanism().encrypts() => Ok(Mechanism::Encrypt),
        Method::ByGrade => Ok(Mechanism::Clear),
    }
}

/// The kind of cover for content that was handed over.
fn kind_of(from: &Taken, name: &str) -> Result<Kind> {
    let found = detect(&from.bytes.reading(), Some(name)).map_err(|e| Error::of(Code::Io).caused_by(e))?;
    match found.state {
        State::Protected(_) => Err(Error::new(Code::AlreadyProtected, messages::SEALED_CONTENT)),
        State::Open | State::Locked(_) => Ok(found.kind.carrier()),
        _ => Ok(Kind::Opaque),
    }
}

/// A version that the server knows and that may not have come to its place.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Next {
    document: DocumentId,
    label_hash: LabelHash,
}

impl Desk {
    fn save_over(&self, document: &Document, path: &Path, content: &Input) -> Result<Protected> {
        let lying = self.find_protected(path)?.head;
        let own = document.label().document;
        if lying.section().document() != own {
            return Err(Error::new(Code::Conflict, messages::EDITED_MEANWHILE));
        }
        let parent = Parent { document: own, label_hash: lying.label().hash() };
        // A version that was registered and never came to its place stands between; it holds nothing this does not.
        let between = self.noted(&own)?;
        let saved = match (self.save_as_child(document, path, content, parent), between) {
            (Err(error), Some(between)) if error.code() == Code::Conflict => {
                self.save_as_child(document, path, content, between)
            }
            (outcome, _) => outcome,
        }?;
        self.profile.folder().inner(FOLDER)?.remove(&note(&own))?;
        sync_folder(path);
        Ok(saved)
    }

    fn save_as_child(&self, document: &Document, path: &Path, content: &Input, parent: Parent) -> Result<Protected> {
        let held = Original::hold(path)?;
        let lying = detect(held.file(), None).map_err(|e| Error::of(Code::Io).caused_by(e))?.kind.carrier();
        let mut from = content.take()?;
        from.name = PathBuf::from(document.file_name());
        let kind = kind_of(&from, document.file_name())?;
        let target = Target { path: path.to_owned(), kind: cover_of(kind, lying, from.size)? };
        let label = self.redecide(document.current_label().to_draft(), self.now()?)?;
        let (stock, marks) = (Stock::Over { held, from }, MarkState::Untouched);
        let work =
            Work { stock, kind, label, mechanism: Mechanism::Encrypt, marked: None, marks, labelled_before: None };
        let ticket = self.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?;
        let protection = Protection { title: document.title().map(ToOwned::to_owned), ..Protection::default() };
        let lineage = document.label().lineage;
        let standing = |id, origin| Standing::child(id, origin, lineage, parent);
        let sealed = self.seal_to((work, target), ticket, &protection, standing, path)?;
        let next = Next { document: sealed.document, label_hash: self.label_hash_of(&sealed)? };
        self.profile.folder().inner(FOLDER)?.write_json(&note(&document.label().document), &next)?;
        let answer = self.tell_or_keep(&sealed.document, sealed.told.clone(), Contact::Online)?;
        self.finish(sealed, answer)
    }

    fn noted(&self, document: &DocumentId) -> Result<Option<Parent>> {
        let folder = self.profile.folder().inner(FOLDER)?;
        if folder.find(&note(document))?.is_none() {
            return Ok(None);
        }
        let next: Next = folder.read_json(&note(document))?;
        Ok(Some(Parent { document: next.document, label_hash: next.label_hash }))
    }
}

fn note(document: &DocumentId) -> String {
    format!("{document}.json")
}

/// The cover a version gets: the one that lies there. A page in PDF covers everything.
fn cover_of(kind: Kind, lying: Kind, length: u64) -> Result<Kind> {
    let fits = lying == Kind::Opaque || lying == kind || lying == Kind::Pdf;
    if !fits {
        return Err(Error::new(Code::Unsupported, messages::OTHER_KIND));
    }
    if lying != Kind::Opaque && length > CARRIER {
        return Err(Error::of(Code::LimitExceeded));
    }
    Ok(lying)
}
