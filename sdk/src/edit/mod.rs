//! 編集. A working copy in a private folder, the program people use, and a new version for each save. While it is open,
//! printing and copying are not enforced: that is said, and the working copy is gone afterwards, after a crash too.

mod copy;
mod usage;

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::{Parent, Standing};
use kakuzuke_core::id::DocumentId;
use kakuzuke_core::label::{Decided, Label, LabelDraft};
use kakuzuke_core::licence::{Right, Rights};
use kakuzuke_core::time::Timestamp;

pub(crate) use self::copy::WorkingCopy;
use crate::error::{Error, Result};
use crate::files::{Draft, Original, Replace, Traits};
use crate::messages;
use crate::options::{Contact, Editing, Opening, Protection};
use crate::reports::{EditEvent, Edited, Failure};
use crate::session::{Desk, Session};

/// How often a save is looked for.
const LOOK: Duration = Duration::from_millis(300);
/// A save that could not be protected is tried again after this.
const AGAIN: Duration = Duration::from_secs(15);
/// A launcher returns at once; the program it starts must have opened the copy by then.
const LAUNCH: Duration = Duration::from_secs(15);

impl Session {
    /// Opens a document in a program; each save becomes a new version under the same label and line.
    ///
    /// # Errors
    /// [`Code::Denied`] without the right to edit. A save that can't be protected is told through `tell` and tried
    /// again; when it still can't at the end, the working copy is kept and the error says why.
    pub fn edit(&self, path: &Path, editing: &Editing, tell: &mut dyn FnMut(EditEvent)) -> Result<Edited> {
        let desk = &self.0;
        desk.sweep_work()?;
        let wanted = Rights::VIEW.with(Right::Edit);
        let opening = Opening { purpose: editing.purpose.clone(), wanted, contact: Contact::Online };
        let document = self.open_document(path, &opening)?;
        let copy = WorkingCopy::make(desk, &document)?;
        let mut program = Program::start(editing, copy.path())?;
        tell(EditEvent::Started(copy.path().to_owned()));
        let mut version =
            Version { document: document.label().document, title: document.title().map(ToOwned::to_owned) };
        let mut edited = Edited { versions: Vec::new(), path: path.to_owned() };
        let mut saved = copy.last_save();
        let mut failed: Option<(Error, Instant)> = None;
        loop {
            let ended = program.has_ended(copy.folder())?;
            let now = copy.last_save();
            let written = now != saved && now.is_some_and(|save| ended || save.is_settled());
            let again = failed.as_ref().is_some_and(|(_, at)| ended || at.elapsed() >= AGAIN);
            if written || again {
                saved = now;
                failed = match self.save(path, &copy, &version) {
                    Ok(document) => {
                        version.document = document;
                        copy.note_protected()?;
                        edited.versions.push(document);
                        tell(EditEvent::Saved(document));
                        None
                    }
                    Err(error) => {
                        tell(EditEvent::SaveFailed(Failure::new(path.to_owned(), &error)));
                        Some((error, Instant::now()))
                    }
                };
            }
            if ended {
                break;
            }
            std::thread::sleep(LOOK);
        }
        if let Some((error, _)) = failed {
            copy.keep();
            return Err(error.at(path));
        }
        drop(copy);
        tell(EditEvent::Closed);
        Ok(edited)
    }

    /// Seals what the working copy holds as a child of the version it was made from, and puts it in its place. When
    /// another version lies there by now, nothing is overwritten.
    fn save(&self, path: &Path, copy: &WorkingCopy, version: &Version) -> Result<DocumentId> {
        let desk = &self.0;
        let held = Original::hold(path)?;
        let current = desk.find_protected(path)?;
        let section = current.head.section();
        if section.document() != version.document {
            return Err(Error::new(Code::Conflict, messages::EDITED_MEANWHILE).at(path));
        }
        let parent = Parent { document: section.document(), label_hash: current.head.label().hash() };
        let lineage = section.lineage();
        // The new version's label is decided by who saved it, and is the same in all else.
        let label = desk.redecide(section.label().to_draft(), desk.now()?)?;
        let staged = copy.stage()?;
        let work = desk.prepare_labelled(staged.path(), label)?;
        let ticket = desk.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?;
        let protection = Protection { title: version.title.clone(), ..Protection::default() };
        let standing = |document, origin| Standing::child(document, origin, lineage, parent);
        let protected = desk.encrypt(work, ticket, &protection, standing)?;
        place_across(&protected.path, path, &held, Replace::Always)?;
        Ok(protected.document)
    }
}

/// The version the working copy was made from, or last saved as.
struct Version {
    document: DocumentId,
    title: Option<String>,
}

/// Puts a file from the private folder in the place of the one held, or beside it, in one step and with its rights.
pub(crate) fn place_across(from: &Path, to: &Path, held: &Original, replace: Replace) -> Result<()> {
    let draft = Draft::beside(to)?;
    let mut source = File::open(from).map_err(|e| Error::io(from, e))?;
    let mut target = draft.file().try_clone().map_err(|e| Error::io(to, e))?;
    std::io::copy(&mut source, &mut target).map_err(|e| Error::io(to, e))?;
    Traits::of(held.file(), held.path())?.give_but_times(draft.file(), to)?;
    held.check_unchanged()?;
    draft.place(to, replace).map(drop)
}

impl Desk {
    fn redecide(&self, mut draft: LabelDraft, now: Timestamp) -> Result<Label> {
        let post = draft.decided.responsible().post.to_string();
        draft.decided = Decided::ByPerson(self.decider(Some(&post))?);
        draft.decided_at = now;
        draft.finish(self.taxonomy).map_err(|e| Error::new(e.code(), e.text()))
    }
}

/// What was started: the program itself, or something that hands the file to one and returns.
struct Program {
    child: Child,
    /// How long the program a launcher starts has to open the copy; none once it has, or when the program was named.
    launching_until: Option<Instant>,
}

impl Program {
    fn start(editing: &Editing, copy: &Path) -> Result<Self> {
        let (program, rest) = match editing.program.split_first() {
            Some((program, rest)) => (program.clone(), rest),
            None => ("xdg-open".into(), [].as_slice()),
        };
        let spawned = Command::new(program).args(rest).arg(copy).spawn();
        let child = spawned.map_err(|e| Error::new(Code::Io, messages::NO_PROGRAM).caused_by(e))?;
        let launching_until = editing.program.is_empty().then(|| Instant::now() + LAUNCH);
        Ok(Self { child, launching_until })
    }

    /// Whether it is over, and no program it may have handed the copy to still works on it.
    fn has_ended(&mut self, folder: &Path) -> Result<bool> {
        if self.child.try_wait().map_err(|e| Error::io(folder, e))?.is_none() {
            return Ok(false);
        }
        if usage::in_use(folder) {
            self.launching_until = None;
            return Ok(false);
        }
        Ok(self.launching_until.is_none_or(|until| Instant::now() >= until))
    }
}
