//! 版. What was saved becomes a version of the document, in its place; what may not become one is protected beside it as
//! a document of its own. Nothing that was saved is lost, nothing of it stays in clear.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::{LicenceFacts, Parent, Standing, UnverifiedHead};
use kakuzuke_core::id::DocumentId;
use kakuzuke_core::label::{Decided, Inherited, Label, LabelDraft};
use kakuzuke_core::licence::{Right, Rights};
use kakuzuke_core::protocol::Readers;
use kakuzuke_core::time::Timestamp;

use super::copy::WorkingCopy;
use super::record::{Record, Version};
use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace, Traits, folder_of, sync_folder};
use crate::messages;
use crate::open::Found;
use crate::options::{Contact, Opening, Protection};
use crate::reports::{Failure, SavedEdit};
use crate::session::Desk;

/// Most documents beside one another that came from edits of the same.
const NAMES: u32 = 1000;

impl Desk {
    /// Seals what the copy holds as a child of the version it was made from, and puts it in its place. When another
    /// version lies there by now, nothing is overwritten.
    pub(super) fn save_version(&self, copy: &mut WorkingCopy) -> Result<DocumentId> {
        let path = copy.record().path();
        let mut held = Original::hold(&path)?;
        let found = self.find_protected(&path)?;
        let lying = found.head.section().document();
        if copy.record().next.is_some_and(|next| next.document == lying) {
            copy.advance()?;
        }
        let record = copy.record();
        if record.version.document != lying {
            return Err(Error::new(Code::Conflict, messages::EDITED_MEANWHILE).at(&path));
        }
        // 見直し meanwhile: what was edited stands under the label that lies there now.
        if record.version.label_hash != found.head.label().hash() {
            copy.take_label(found.head.section().label().to_draft(), found.head.label().hash())?;
        }
        let record = copy.record();
        // A version that was registered and never came to its place stands between; it holds nothing this does not.
        let (parent, between) = (record.version.as_parent(), record.next.map(|next| next.as_parent()));
        let saved = match (self.save_child(copy, &mut held, parent), between) {
            (Err(error), Some(between)) if error.code() == Code::Conflict => self.save_child(copy, &mut held, between),
            (outcome, _) => outcome,
        };
        match saved {
            Err(error) if error.code() == Code::Conflict && self.take_label_in_force(copy).unwrap_or(false) => {
                let parent = copy.record().version.as_parent();
                self.save_child(copy, &mut held, parent)
            }
            outcome => outcome,
        }
    }

    /// 見直し meanwhile of which the file here says nothing, another copy of it does: the server tells the label in force to who may
    /// still edit. Whether it is another one.
    fn take_label_in_force(&self, copy: &mut WorkingCopy) -> Result<bool> {
        let record = copy.record();
        let found = self.find_protected(&record.path())?;
        // Of the version that was edited: the label of another document is none of this one's.
        if found.head.section().document() != record.version.document {
            return Ok(false);
        }
        let Some(facts) = self.in_force(&found, record, Rights::VIEW.with(Right::Edit))? else { return Ok(false) };
        let other = facts.label_hash != record.version.label_hash;
        if other {
            copy.take_label(facts.current.label().to_draft(), facts.label_hash)?;
        }
        Ok(other)
    }

    fn in_force(&self, found: &Found, record: &Record, wanted: Rights) -> Result<Option<LicenceFacts>> {
        let purpose = record.purpose.clone().unwrap_or_default();
        let opening = Opening { purpose, wanted, contact: Contact::Online };
        let licence = self.licence_for(found, &opening, 0)?;
        self.facts(&licence, &found.head)
    }

    /// The label of what is set aside: the one it was edited under, and nothing less than what the document has by now, in what lies at
    /// its place and by the server, as far as that tells.
    fn label_aside(&self, copy: &WorkingCopy, contact: Contact) -> Result<Label> {
        let record = copy.record();
        let mut draft = record.label.clone();
        let raise = |draft, label: &Label, hash| {
            if hash == record.version.label_hash { draft } else { Inherited::of(label, hash).apply(draft) }
        };
        let lying = self.find_protected(&record.path()).ok();
        if let Some(found) = lying.filter(|found| found.head.section().lineage() == record.lineage) {
            draft = raise(draft, found.head.section().label(), found.head.label().hash());
            let told = (contact == Contact::Online).then(|| self.in_force(&found, record, Rights::VIEW));
            // Who may not even read it any more is not told; what is edited is kept all the same.
            if let Some(Ok(Some(facts))) = told {
                draft = raise(draft, facts.current.label(), facts.label_hash);
            }
        }
        self.redecide(draft, self.now()?)
    }

    fn save_child(&self, copy: &mut WorkingCopy, held: &mut Original, parent: Parent) -> Result<DocumentId> {
        let path = held.path().to_owned();
        let lost = || Error::new(Code::Conflict, messages::CHANGED_MEANWHILE).at(copy.path());
        let save = copy.last_save().ok_or_else(lost)?;
        let staged = copy.stage(copy.path(), &copy.record().name())?;
        // The new version's label is decided by who saved it, and is the same in all else.
        let label = self.redecide(copy.record().label.clone(), self.now()?)?;
        let work = self.prepare_labelled(staged.path(), label)?;
        let ticket = self.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?;
        let protection = Protection { title: copy.record().title.clone(), ..Protection::default() };
        let lineage = copy.record().lineage;
        let standing = |document, origin| Standing::child(document, origin, lineage, parent);
        let sealed = self.seal(work, ticket, &protection, standing)?;
        copy.note_next(Version { document: sealed.document, label_hash: self.label_hash_of(&sealed)?, save })?;
        let answer = self.tell_or_keep(&sealed.document, sealed.told.clone(), Contact::Online)?;
        let protected = self.finish(sealed, answer)?;
        place_across(&protected.path, &path, held, Replace::Always)?;
        copy.advance()?;
        Ok(protected.document)
    }

    pub(crate) fn label_hash_of(&self, sealed: &crate::protect::Sealed) -> Result<kakuzuke_core::id::LabelHash> {
        let head = UnverifiedHead::parse(self.provider, sealed.told.head.as_slice());
        Ok(head.map_err(crate::open::refused_head)?.label().hash())
    }

    /// The end of an edit, by whoever finishes it: everything in the copy is protected, in the document's place or
    /// beside it. Then, and only then, the copy may go.
    pub(super) fn settle(&self, copy: &mut WorkingCopy) -> Result<Vec<SavedEdit>> {
        let path = copy.record().path();
        let mut saved = Vec::new();
        if self.still_unsaved(copy) {
            saved.push(match self.save_version(copy) {
                Ok(document) => SavedEdit { path: path.clone(), edited: path.clone(), document, reason: None },
                Err(error) => {
                    let file = copy.path().to_owned();
                    let aside = self.set_aside(copy, &file, &name_of_edit(&copy.record().name(), 1));
                    let (at, document) = aside.map_err(|_| error.again().at(&path))?;
                    let reason = Some(Failure::new(path.clone(), &error));
                    SavedEdit { path: at, edited: path.clone(), document, reason }
                }
            });
            copy.mark_saved()?;
        }
        for other in copy.others() {
            let (at, document) = self.set_aside(copy, &other, other.file_name().unwrap_or_default())?;
            std::fs::remove_file(&other).map_err(|e| Error::io(&other, e))?;
            saved.push(SavedEdit { path: at, edited: path.clone(), document, reason: None });
        }
        Ok(saved)
    }

    /// A version may have come to its place without anybody noting it.
    fn still_unsaved(&self, copy: &mut WorkingCopy) -> bool {
        let next = copy.record().next.filter(|next| {
            let lying = self.find_protected(&copy.record().path());
            lying.is_ok_and(|found| found.head.section().document() == next.document)
        });
        copy.has_unsaved() && next.map(|next| next.save) != copy.last_save()
    }

    /// Protects a file of the copy as a document of its own, beside the one edited, for nobody but who edited it to read
    /// until they say otherwise. Registered now, or at the next contact.
    fn set_aside(&self, copy: &WorkingCopy, file: &Path, name: &OsStr) -> Result<(PathBuf, DocumentId)> {
        match self.set_aside_now(copy, file, name, Contact::Online) {
            Err(error) if error.code() != Code::AlreadyProtected => {
                self.set_aside_now(copy, file, name, Contact::Offline).map_err(|_| error)
            }
            outcome => outcome,
        }
    }

    fn set_aside_now(
        &self,
        copy: &WorkingCopy,
        file: &Path,
        name: &OsStr,
        contact: Contact,
    ) -> Result<(PathBuf, DocumentId)> {
        let staged = copy.stage(file, name)?;
        let label = self.label_aside(copy, contact)?;
        let work = self.prepare_labelled(staged.path(), label)?;
        let ticket = match contact {
            Contact::Online => self.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?,
            Contact::Offline => self.spend_ticket(&work.label)?,
        };
        let readers = Readers { subjects: vec![self.info.subject.clone()], units: Vec::new() };
        let protection = Protection {
            title: copy.record().title.clone().filter(|_| file == copy.path()),
            readers: Some(readers),
            contact,
            ..Protection::default()
        };
        let protected = self.encrypt(work, ticket, &protection, Standing::first)?;
        let target = copy.record().path();
        for number in 1..NAMES {
            let name = if number == 1 { name.to_owned() } else { name_of_edit(name, number) };
            let at = folder_of(&target).join(with_ending_of(&protected.path, name));
            match draft_of(&protected.path, &at)?.place(&at, Replace::Never) {
                Ok(_) => return Ok((at, protected.document)),
                Err(error) if error.code() == Code::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(&target))
    }

    pub(crate) fn redecide(&self, mut draft: LabelDraft, now: Timestamp) -> Result<Label> {
        let post = draft.decided.responsible().post.to_string();
        draft.decided = Decided::ByPerson(self.decider(Some(&post))?);
        draft.decided_at = now;
        draft.finish(self.taxonomy).map_err(|e| Error::new(e.code(), e.text()))
    }
}

/// Puts a file from the private folder in the place of the one held, or beside it, in one step and with its rights.
pub(crate) fn place_across(from: &Path, to: &Path, held: &mut Original, replace: Replace) -> Result<()> {
    let draft = draft_of(from, to)?;
    Traits::of(held.file(), held.path())?.give_but_times(&draft, to)?;
    if replace == Replace::Always {
        draft.replace(held)?;
        sync_folder(to);
        return Ok(());
    }
    held.check_unchanged()?;
    draft.place(to, replace).map(drop)
}

/// A protected file's bytes in a draft beside `to`; another file system may lie between.
fn draft_of(from: &Path, to: &Path) -> Result<Draft> {
    let draft = Draft::beside(to)?;
    let mut source = File::open(from).map_err(|e| Error::io(from, e))?;
    let mut target = draft.file().try_clone().map_err(|e| Error::io(to, e))?;
    std::io::copy(&mut source, &mut target).map_err(|e| Error::io(to, e))?;
    Ok(draft)
}

/// `name（編集分）.ext`, `name（編集分2）.ext`.
fn name_of_edit(name: &OsStr, number: u32) -> OsString {
    let path = Path::new(name);
    let mut new = path.file_stem().unwrap_or_default().to_owned();
    new.push(if number == 1 { "（編集分）".to_owned() } else { format!("（{number}）") });
    if let Some(extension) = path.extension() {
        new.push(".");
        new.push(extension);
    }
    new
}

/// A document without a cover got an ending of ours.
fn with_ending_of(protected: &Path, mut name: OsString) -> OsString {
    let bare = protected.extension().is_some_and(|extension| extension == crate::protect::ENVELOPE);
    if bare {
        name.push(".");
        name.push(crate::protect::ENVELOPE);
    }
    name
}
