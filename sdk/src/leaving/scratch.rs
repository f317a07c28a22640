//! 描くための場所. Where a document's plaintext lies while its pages are made: in memory where there is such a place, and gone with the
//! program; what a program left behind that was ended hard is cleared away by the next one.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::platform;

const PREFIX: &str = ".kakuzuke-print-";
/// Locked while somebody works in the folder.
const HELD: &str = "held";
/// A folder without a lock in it is not one that is just being made.
const OLD: Duration = Duration::from_secs(3600);

/// The folder, removed when dropped.
pub(crate) struct Scratch {
    /// Let go of before the folder goes.
    held: File,
    folder: TempDir,
    /// Whether it is memory that is no disk.
    pub in_memory: bool,
}

impl Scratch {
    /// A new one; those that are left of others are removed.
    pub fn make() -> io::Result<Self> {
        let (folder, in_memory) = platform::temporary(PREFIX)?;
        let held = platform::create_private(&folder.path().join(HELD))?;
        held.lock()?;
        if let Some(around) = folder.path().parent() {
            sweep(around)?;
        }
        Ok(Self { held, folder, in_memory })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Removes it now, and says when that fails.
    pub fn close(self) -> io::Result<()> {
        drop(self.held);
        self.folder.close()
    }
}

/// Removes what nobody works in any more.
fn sweep(around: &Path) -> io::Result<()> {
    for entry in fs::read_dir(around)?.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_ours && is_folder && platform::is_private(&entry.path()).unwrap_or(false) && is_left(&entry.path()) {
            // What can't be removed now is tried again by the next one.
            let _tried = fs::remove_dir_all(entry.path());
        }
    }
    Ok(())
}

fn is_left(folder: &Path) -> bool {
    match File::open(folder.join(HELD)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(e) if e.kind() == ErrorKind::NotFound => {
            let changed = fs::metadata(folder).and_then(|found| found.modified());
            changed.ok().and_then(|changed| changed.elapsed().ok()).is_some_and(|age| age > OLD)
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_was_left_goes_and_what_is_worked_in_stays() {
        let at_work = Scratch::make().unwrap();
        fs::write(at_work.path().join("document.docx"), b"secret").unwrap();
        // Of a program that was ended: its lock is nobody's.
        let left = platform::temporary(PREFIX).unwrap().0;
        fs::write(left.path().join(HELD), b"").unwrap();
        fs::write(left.path().join("document.docx"), b"secret").unwrap();
        // One that is just being made.
        let young = platform::temporary(PREFIX).unwrap().0;
        drop(Scratch::make().unwrap());
        assert!(!left.path().exists());
        assert!(at_work.path().join("document.docx").exists() && young.path().exists());
        let path = at_work.path().to_owned();
        at_work.close().unwrap();
        assert!(!path.exists());
    }
}
