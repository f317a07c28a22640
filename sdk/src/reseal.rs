//! 保護のし直し. A label whose grade asks for another mechanism: the content is opened by who may edit it, sealed anew under
//! the new label, and put in the place of the old. What becomes 機密性1 leaves the envelope; what no longer is enters one.

use std::path::PathBuf;

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::{LabelSection, Parent, Standing};
use kakuzuke_core::label::Label;
use kakuzuke_core::licence::{Right, Rights};

use crate::edit::{PlainCopy, place_across};
use crate::error::{Error, Result};
use crate::files::{Original, Replace, sync_folder};
use crate::messages;
use crate::open::Found;
use crate::options::{Contact, Grading, Marks, Method, Opening, Protection};
use crate::protect::{ENVELOPE, SIGNATURE, beside};
use crate::reports::{Form, Protected, Relabelled};
use crate::session::{Desk, Session};
use crate::work::Mechanism;

impl Session {
    /// Seals an envelope's content anew under a label that asks for another mechanism.
    pub(crate) fn reseal(
        &self,
        held: &mut Original,
        found: Found,
        label: Label,
        reason: &str,
        marks: &Marks,
    ) -> Result<Relabelled> {
        let (desk, path) = (&self.0, held.path().to_owned());
        let Found { head, slice, .. } = found;
        // Nothing may read the file that goes when it goes.
        drop(slice);
        let leaves = label.mechanism().leaves_clear();
        let wanted = Rights::VIEW.with(Right::Edit).with(Right::Relabel);
        let wanted = if leaves { wanted.with(Right::Export) } else { wanted };
        let opening = Opening { purpose: reason.to_owned(), wanted, contact: Contact::Online };
        let document = self.open_document(&path, &opening)?;
        let copy = PlainCopy::make(desk, &document)?;
        let title = document.title().map(ToOwned::to_owned);
        drop(document);
        let work = desk.mark_work(desk.prepare_labelled(copy.path(), label)?, marks)?;
        let done = if leaves {
            let signed = desk.sign_in_clear(work)?;
            let placed = leave_envelope(held, &signed)?;
            // Copies of the old one say another grade: they open no more.
            desk.suspend(&head.section().document(), reason)?;
            if placed != path {
                held.check_unchanged()?;
                held.let_go();
                std::fs::remove_file(&path).map_err(|e| Error::io(&path, e))?;
                sync_folder(&path);
            }
            Protected { path: placed, ..signed }
        } else {
            let section = head.section();
            let parent = Parent { document: section.document(), label_hash: head.label().hash() };
            let lineage = section.lineage();
            let standing = |document, origin| Standing::child(document, origin, lineage, parent);
            let ticket = desk.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?;
            let protection = Protection { title, ..Protection::default() };
            let sealed = desk.encrypt(work, ticket, &protection, standing)?;
            place_across(&sealed.path, &path, held, Replace::Always)?;
            Protected { path, ..sealed }
        };
        drop(copy);
        Ok(relabelled(done, true))
    }

    /// 見直し of a label in clear. Sealed when the new grade asks for it, and its label in clear goes with it; else label,
    /// marking and signature are replaced, and the document stays the same one in its line.
    pub(crate) fn relabel_in_clear(&self, held: Original, grading: &Grading, marks: &Marks) -> Result<Relabelled> {
        let (desk, path) = (&self.0, held.path().to_owned());
        let (section, hash) = desk.verified_section_in_clear(&held, &path)?;
        drop(held);
        let method = if desk.stays_in_clear(&section, grading)? { Method::Label } else { Method::ByGrade };
        let protection = Protection { grading: grading.clone(), method, marks: *marks, ..Protection::default() };
        let work = desk.prepare(&path, &protection)?;
        if work.mechanism == Mechanism::Clear {
            let document = crate::tickets::new_document(desk.clock.now())?;
            let parent = Parent { document: section.document(), label_hash: hash };
            let standing = Standing::child(document, desk.profile.authority(), section.lineage(), parent);
            return desk.sign_in_clear_as(work, &standing, Replace::Always).map(|done| relabelled(done, false));
        }
        drop(work);
        let protected = self.protect(&path, &protection)?;
        let signature = beside(&path, SIGNATURE);
        match std::fs::remove_file(&signature) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Error::io(&signature, e)),
            _ => {}
        }
        Ok(relabelled(protected, true))
    }
}

impl Desk {
    /// 明示のみ stays 明示のみ, unless the grade goes up to where it may not, or was what asked for no encryption.
    fn stays_in_clear(&self, section: &LabelSection, grading: &Grading) -> Result<bool> {
        let label = self.read_grading(grading, self.now()?)?;
        let was_a_choice = section.label().mechanism().encrypts();
        Ok(was_a_choice && label.grades().c <= section.label().grades().c)
    }
}

/// Puts what was signed in clear where the envelope is: under its own name for a document with a cover, without the
/// ending of a bare one, whose name must be free.
fn leave_envelope(held: &mut Original, signed: &Protected) -> Result<PathBuf> {
    let path = held.path().to_owned();
    let bare = path.extension().is_some_and(|extension| extension == ENVELOPE);
    let (target, replace) =
        if bare { (path.with_extension(""), Replace::Never) } else { (path.clone(), Replace::Always) };
    let signature = beside(&target, SIGNATURE);
    for name in [Some(&target).filter(|_| bare), Some(&signature)].into_iter().flatten() {
        if name.symlink_metadata().is_ok() {
            return Err(Error::new(Code::Conflict, messages::NAME_TAKEN).at(name));
        }
    }
    if signed.form == Form::Detached {
        place_across(&beside(&signed.path, SIGNATURE), &signature, held, Replace::Never)?;
    }
    place_across(&signed.path, &target, held, replace)?;
    Ok(target)
}

fn relabelled(done: Protected, resealed: bool) -> Relabelled {
    let Protected { path, document, label, marks, .. } = done;
    Relabelled { path, document, label, label_hash: None, resealed, marks }
}
