//! 編集. A working copy in a private folder, the program people use, and a new version for each save. While it is open,
//! printing and copying are not enforced: that is said, and the working copy is gone afterwards, after a crash too.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, SystemTime};

use kakuzuke_core::code::Code;
use kakuzuke_core::envelope::{Parent, Standing};
use kakuzuke_core::id::DocumentId;
use kakuzuke_core::licence::{Right, Rights};
use rustix::fs::{FlockOperation, flock};

use crate::error::{Error, Result};
use crate::files::{Original, Traits};
use crate::messages;
use crate::open::Document;
use crate::options::{Contact, Editing, Opening, Protection};
use crate::profile::Folder;
use crate::reports::{EditEvent, Edited, Failure};
use crate::session::{Desk, Session};

const FOLDER: &str = "work";
/// How often a save is looked for.
const LOOK: Duration = Duration::from_millis(300);
/// A file that changed this lately may still be being written.
const SETTLED: Duration = Duration::from_millis(600);

impl Session {
    /// Opens a document in a program; each save becomes a new version under the same label and line.
    ///
    /// # Errors
    /// [`Code::Denied`] without the right to edit. A save that can't be protected is told through `tell`, and the
    /// working copy stays until it can.
    pub fn edit(&self, path: &Path, editing: &Editing, tell: &mut dyn FnMut(EditEvent)) -> Result<Edited> {
        let desk = &self.0;
        desk.sweep_work()?;
        let wanted = Rights::VIEW.with(Right::Edit);
        let opening = Opening { purpose: editing.purpose.clone(), wanted, contact: Contact::Online };
        let document = self.open_document(path, &opening)?;
        let copy = WorkingCopy::make(desk, &document)?;
        let mut child = start(editing, &copy.path)?;
        tell(EditEvent::Started(copy.path.clone()));
        let mut edited = Edited { versions: Vec::new(), path: path.to_owned() };
        let mut saved = modified(&copy.path);
        loop {
            let ended = child.try_wait().map_err(|e| Error::io(&copy.path, e))?.is_some();
            let now = modified(&copy.path);
            if now != saved && (ended || settled(now)) {
                match self.save(path, &copy.path) {
                    Ok(version) => {
                        saved = now;
                        edited.versions.push(version);
                        tell(EditEvent::Saved(version));
                    }
                    Err(error) => {
                        tell(EditEvent::SaveFailed(Failure::new(path.to_owned(), &error)));
                        if ended {
                            // Nothing that was written is thrown away.
                            copy.keep();
                            return Err(error.at(path));
                        }
                        saved = now;
                    }
                }
            }
            if ended {
                drop(copy);
                tell(EditEvent::Closed);
                return Ok(edited);
            }
            std::thread::sleep(LOOK);
        }
    }

    /// Seals what the working copy holds as a child of the version in `path`, and puts it there.
    fn save(&self, path: &Path, copy: &Path) -> Result<DocumentId> {
        let desk = &self.0;
        let current = desk.find_protected(path)?;
        let section = current.head.section();
        let parent = Parent { document: section.document(), label_hash: current.head.label().hash() };
        let (lineage, label) = (section.lineage(), section.label().clone());
        let now = desk.now()?;
        let name = original_name(copy);
        // What is sealed is a still copy of the working copy, in the same private folder.
        let staged = copy.with_file_name(format!("new-{name}"));
        std::fs::copy(copy, &staged).map_err(|e| Error::io(copy, e))?;
        // The new version's label is decided by who saved it, and is the same in all else.
        let label = desk.redecide(label.to_draft(), now)?;
        let work = desk.prepare_labelled(&staged, label)?;
        let ticket = desk.fresh_tickets(1)?.pop().ok_or_else(|| Error::of(Code::NoTicket))?;
        let protection = Protection { title: Some(name), ..Protection::default() };
        let standing = |document, origin| Standing::child(document, origin, lineage, parent);
        let protected = desk.encrypt(work, ticket, &protection, standing)?;
        // The protected version takes the old one's place; what it replaces is a protected file too.
        place_across(&protected.path, path)?;
        Ok(protected.document)
    }
}

/// Moves a protected file into another folder, in one step there.
fn place_across(from: &Path, to: &Path) -> Result<()> {
    let draft = crate::files::Draft::beside(to)?;
    let mut source = File::open(from).map_err(|e| Error::io(from, e))?;
    let mut target = draft.file().try_clone().map_err(|e| Error::io(to, e))?;
    std::io::copy(&mut source, &mut target).map_err(|e| Error::io(to, e))?;
    let held = Original::read(to)?;
    Traits::of(held.file(), to)?.give(draft.file(), to)?;
    draft.place(to, crate::files::Replace::Always)?;
    std::fs::remove_file(from).map_err(|e| Error::io(from, e))
}

impl Desk {
    /// Removes working copies whose program is gone.
    pub(crate) fn sweep_work(&self) -> Result<usize> {
        let folder = self.profile.folder().inner(FOLDER)?;
        let mut removed = 0;
        for entry in std::fs::read_dir(folder.path()).map_err(|e| Error::io(folder.path(), e))?.flatten() {
            let lock = entry.path().join("lock");
            let kept = entry.path().join("kept").exists();
            let Ok(file) = File::open(&lock) else { continue };
            if !kept && flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
                std::fs::remove_dir_all(entry.path()).map_err(|e| Error::io(&lock, e))?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn redecide(
        &self,
        mut draft: kakuzuke_core::label::LabelDraft,
        now: kakuzuke_core::time::Timestamp,
    ) -> Result<kakuzuke_core::label::Label> {
        let post = draft.decided.responsible().post.to_string();
        draft.decided = kakuzuke_core::label::Decided::ByPerson(self.decider(Some(&post))?);
        draft.decided_at = now;
        draft.finish(self.taxonomy).map_err(|e| Error::new(e.code(), e.text()))
    }
}

/// A plain copy in a folder of its own, locked while its program runs, removed when dropped.
struct WorkingCopy {
    folder: PathBuf,
    path: PathBuf,
    _lock: File,
    kept: std::cell::Cell<bool>,
}

impl WorkingCopy {
    fn make(desk: &Desk, document: &Document) -> Result<Self> {
        let name = data_encoding::HEXLOWER.encode(&crate::random::bytes::<8>()?);
        let folder = desk.profile.folder().inner(FOLDER)?.inner(&name)?;
        folder.write("lock", b"")?;
        let lock = File::open(folder.file("lock")).map_err(|e| Error::io(folder.path(), e))?;
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(|e| Error::io(folder.path(), e.into()))?;
        let copy = Self {
            path: folder.file(&shown_name(document)),
            folder: Folder::path(&folder).to_owned(),
            _lock: lock,
            kept: std::cell::Cell::new(false),
        };
        let mut options = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.write(true).create_new(true).open(&copy.path).map_err(|e| Error::io(&copy.path, e))?;
        document.fill(&file)?;
        file.sync_all().map_err(|e| Error::io(&copy.path, e))?;
        Ok(copy)
    }

    /// What could not be protected is kept for the next try.
    fn keep(&self) {
        self.kept.set(true);
        let _best_effort = std::fs::write(self.folder.join("kept"), b"");
    }
}

impl Drop for WorkingCopy {
    fn drop(&mut self) {
        if !self.kept.get() {
            let _swept_next_time = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn shown_name(document: &Document) -> String {
    let name: String =
        document.file_name().chars().map(|c| if c.is_control() || "/\\".contains(c) { '_' } else { c }).collect();
    if name.starts_with('.') || name == "lock" || name == "kept" { format!("_{name}") } else { name }
}

fn original_name(copy: &Path) -> String {
    crate::protect::file_name(copy)
}

fn start(editing: &Editing, copy: &Path) -> Result<Child> {
    let (program, rest) = match editing.program.split_first() {
        Some((program, rest)) => (program.clone(), rest),
        None => ("xdg-open".into(), [].as_slice()),
    };
    let spawned = Command::new(program).args(rest).arg(copy).spawn();
    spawned.map_err(|e| Error::new(Code::Io, messages::NO_PROGRAM).caused_by(e))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|found| found.modified()).ok()
}

fn settled(at: Option<SystemTime>) -> bool {
    at.and_then(|at| SystemTime::now().duration_since(at).ok()).is_some_and(|age| age >= SETTLED)
}
