//! 作業用の写し. In clear, in a folder only this user can enter, gone when nobody works on it any more.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use kakuzuke_core::code::Code;
use rustix::fs::{FlockOperation, flock};

use super::usage;
use crate::error::{Error, Result};
use crate::files::safe_name;
use crate::messages;
use crate::open::Document;
use crate::session::Desk;

const FOLDER: &str = "work";
const LOCK: &str = "lock";
const KEPT: &str = "kept";
/// Names the save that is protected; another one than the copy's means that something would be lost.
const PROTECTED: &str = "protected";
/// A file that changed this lately may still be being written.
const SETTLED: Duration = Duration::from_millis(600);

/// What tells one save from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Save {
    at: SystemTime,
    length: u64,
}

impl Save {
    /// Whether the program has been done writing for a moment.
    pub(super) fn is_settled(self) -> bool {
        SystemTime::now().duration_since(self.at).map_or(true, |age| age >= SETTLED)
    }
}

/// A plain copy in a folder of its own, locked while its program runs, removed when dropped.
pub(crate) struct WorkingCopy {
    folder: PathBuf,
    path: PathBuf,
    _lock: File,
    kept: bool,
}

impl WorkingCopy {
    pub(crate) fn make(desk: &Desk, document: &Document) -> Result<Self> {
        let name = data_encoding::HEXLOWER.encode(&crate::random::bytes::<8>()?);
        let outer = desk.profile.folder().inner(FOLDER)?.inner(&name)?;
        outer.write(LOCK, b"")?;
        let lock = File::open(outer.file(LOCK)).map_err(|e| Error::io(outer.path(), e))?;
        let busy = |_| Error::new(Code::Conflict, messages::BUSY).at(outer.path());
        flock(&lock, FlockOperation::NonBlockingLockExclusive).map_err(busy)?;
        // The document lies one deeper: no name it has can be one of ours.
        let folder = outer.inner("document")?.path().to_owned();
        let name = safe_name(document.file_name()).unwrap_or_else(|| document.label().document.to_string());
        let copy = Self { path: folder.join(name), folder: outer.path().to_owned(), _lock: lock, kept: false };
        let file = std::fs::OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&copy.path);
        let file = file.map_err(|e| Error::io(&copy.path, e))?;
        document.fill(&file)?;
        file.sync_all().map_err(|e| Error::io(&copy.path, e))?;
        copy.note_protected()?;
        Ok(copy)
    }

    /// What the copy holds now is protected: whoever finds it after a crash may remove it.
    pub(super) fn note_protected(&self) -> Result<()> {
        let note = self.folder.join(PROTECTED);
        std::fs::write(&note, mark(&self.path)).map_err(|e| Error::io(&note, e))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Everything of it.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The last save, as far as it can be told; none while the file is being replaced.
    pub(super) fn last_save(&self) -> Option<Save> {
        let found = self.path.metadata().ok()?;
        Some(Save { at: found.modified().ok()?, length: found.len() })
    }

    /// A still copy of what was saved, under the document's name; sealed where it lies.
    pub(super) fn stage(&self) -> Result<Staged> {
        let folder = self.folder.join("sealing");
        let staged = Staged { path: folder.join(self.path.file_name().unwrap_or_default()), folder };
        let _left_by_an_earlier_try = std::fs::remove_dir_all(&staged.folder);
        std::fs::create_dir(&staged.folder).map_err(|e| Error::io(&staged.folder, e))?;
        std::fs::copy(&self.path, &staged.path).map_err(|e| Error::io(&self.path, e))?;
        Ok(staged)
    }

    /// What could not be protected is not thrown away. `doctor` tells of it until it is.
    pub(super) fn keep(mut self) {
        self.kept = true;
        let _the_lock_ends_with_us = std::fs::write(self.folder.join(KEPT), b"");
    }
}

impl Drop for WorkingCopy {
    fn drop(&mut self) {
        if !self.kept {
            let _swept_next_time = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// What tells the content of one save from another's after a crash.
fn mark(path: &Path) -> String {
    let found = path.metadata().ok();
    let at = found.as_ref().and_then(|found| found.modified().ok());
    let at = at.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{} {}", at.as_nanos(), found.map_or(0, |found| found.len()))
}

/// Whether a copy that was left holds a save nobody protected.
fn holds_unprotected(folder: &Path) -> bool {
    let Ok(known) = std::fs::read_to_string(folder.join(PROTECTED)) else { return false };
    let documents = std::fs::read_dir(folder.join("document")).into_iter().flatten().flatten();
    let own = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".~lock.");
    documents.filter(|entry| !own(&entry.file_name())).any(|entry| mark(&entry.path()) != known)
}

/// A save on its way into the envelope; gone when dropped.
pub(super) struct Staged {
    folder: PathBuf,
    path: PathBuf,
}

impl Staged {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        let _gone_with_the_copy = std::fs::remove_dir_all(&self.folder);
    }
}

/// What earlier edits left.
pub(crate) struct Left {
    /// Copies left by a crash that held nothing new, removed now.
    pub(crate) removed: usize,
    /// Copies that hold a save that could not be protected.
    pub(crate) unsaved: Vec<PathBuf>,
}

impl Desk {
    /// Removes working copies nobody works on; those with a save that could not be protected stay.
    pub(crate) fn sweep_work(&self) -> Result<Left> {
        let folder = self.profile.folder().inner(FOLDER)?;
        let mut left = Left { removed: 0, unsaved: Vec::new() };
        for entry in std::fs::read_dir(folder.path()).map_err(|e| Error::io(folder.path(), e))?.flatten() {
            if entry.path().join(KEPT).exists() {
                left.unsaved.push(entry.path());
                continue;
            }
            let Ok(lock) = File::open(entry.path().join(LOCK)) else { continue };
            if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
                // A program that outlived us may still save into it, or has: that is not thrown away.
                if usage::in_use(&entry.path()) {
                    continue;
                }
                if holds_unprotected(&entry.path()) {
                    std::fs::write(entry.path().join(KEPT), b"").map_err(|e| Error::io(&entry.path(), e))?;
                    left.unsaved.push(entry.path());
                    continue;
                }
                std::fs::remove_dir_all(entry.path()).map_err(|e| Error::io(&entry.path(), e))?;
                left.removed += 1;
            }
        }
        Ok(left)
    }
}
