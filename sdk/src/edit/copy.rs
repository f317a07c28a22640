//! 作業用の写し. In clear, in a folder only this user can enter, gone when nobody works on it any more.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use kakuzuke_core::code::Code;
use rustix::fs::{FlockOperation, flock};

use crate::error::{Error, Result};
use crate::files::safe_name;
use crate::messages;
use crate::open::Document;
use crate::session::Desk;

const FOLDER: &str = "work";
const LOCK: &str = "lock";
const KEPT: &str = "kept";
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
pub(super) struct WorkingCopy {
    folder: PathBuf,
    path: PathBuf,
    _lock: File,
    kept: bool,
}

impl WorkingCopy {
    pub(super) fn make(desk: &Desk, document: &Document) -> Result<Self> {
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
        Ok(copy)
    }

    pub(super) fn path(&self) -> &Path {
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
    /// Copies of programs that ended badly, removed now.
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
                std::fs::remove_dir_all(entry.path()).map_err(|e| Error::io(&entry.path(), e))?;
                left.removed += 1;
            }
        }
        Ok(left)
    }
}
